//! The promises of requests and packages.

use std::io::Read;

use catalogue::Value;
use kernel::{Code, Instant, RecordId, RequestId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{
    Actor,
    permit::{HandleRequests, ReadRecords, WriteRecords},
};

use super::*;
use crate::records::{self, Fields, NewRecord};

pub(super) fn fields(app: &TestApp, kind: &str, json: serde_json::Value) -> Fields {
    let kind = app.catalogue().need(kind).unwrap();
    let json = json.as_object().unwrap();
    let read = |(key, value): (&String, &serde_json::Value)| {
        let value = Value::parse(kind.field(key).unwrap(), value).unwrap();
        value.map(|v| (key.clone(), v))
    };
    json.iter().filter_map(read).collect()
}

pub(super) async fn made(app: &TestApp, kind: &str, json: serde_json::Value) -> RecordId {
    made_as(app, NewRecord::new(kind, fields(app, kind, json))).await
}

pub(super) async fn made_as(app: &TestApp, new: NewRecord) -> RecordId {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn asked(app: &TestApp, person: RecordId, right: &'static str, day: &str) -> kernel::Result<RequestId> {
    let actor = app.operator();
    let permit = actor.permit::<HandleRequests>().unwrap();
    let received = Instant::start_of(day.parse().unwrap());
    app.write(&actor, move |unit| open(unit, &permit, person, right, "By letter.", received)).await
}

async fn standing(app: &TestApp, id: RequestId) -> Request {
    app.read(&app.operator(), move |unit| {
        let found = find(unit, id)?;
        unit.plain(found)
    })
    .await
    .unwrap()
}

/// Ada, who wrote with Bob Widerhall about Carla Nebenan; every value of Ada's holds `quelle`, every value of others `fremd` or their names.
pub(super) struct Story {
    pub ada: RecordId,
    pub bob: RecordId,
    pub letter: RecordId,
    pub shared: RecordId,
    pub attachment: RecordId,
}

pub(super) async fn planted(app: &TestApp) -> Story {
    let ada = made(
        app,
        "person",
        json!({"name": "Ada Quellenbrunn", "email": ["ada@quelle.example"], "phone": ["+49 30 11223344"],
        "country": "DE", "note": "Recommended by Carla Nebenan (carla@fremd.example)."}),
    )
    .await;
    let bob = made(
        app,
        "person",
        json!({"name": "Bob Widerhall", "email": ["bob@fremd.example"], "phone": ["+49 40 55667788"], "birthday": "1971-03-04"}),
    )
    .await;
    made(app, "person", json!({"name": "Carla Nebenan", "email": ["carla@fremd.example"]})).await;
    made(app, "note", json!({"title": "Call with Ada", "person": ada, "text": "Spoke about the quelle offer. Carla\nNebenan may know more; Bob Widerhall is on 040 / 5566-7788."})).await;
    let letter = made(
        app,
        "message",
        json!({"subject": "Only quelle", "channel": "email", "from": "Ada <ada@quelle.example>", "to": ["office@house.example"],
        "text": "My quelle words.", "participants": [ada]}),
    )
    .await;
    let shared = made(
        app,
        "message",
        json!({"subject": "Both quelle", "channel": "email", "from": "Bob Widerhall <bob@fremd.example>",
        "to": ["Ada Quellenbrunn <ada@quelle.example>"], "text": "Dear Ada, quelle regards, Bob", "participants": [ada, bob]}),
    )
    .await;
    let attachment = made(app, "file", json!({"name": "quelle plan.txt", "message": letter})).await;
    for (record, bytes) in [
        (letter, "From: ada@quelle.example\n\nMy quelle words."),
        (shared, "From: bob@fremd.example\n\nDear Ada"),
        (attachment, "the quelle plan"),
    ] {
        let uploaded = records::store_blob(app, bytes.as_bytes()).await.unwrap();
        app.write(&app.operator(), move |unit| {
            unit.witness(trail::Event::new("file.attached").records([(record, 1)]))?;
            records::attach(unit, record, &uploaded, "original").map(drop)
        })
        .await
        .unwrap();
    }
    Story { ada, bob, letter, shared, attachment }
}

fn unpacked(bytes: &[u8]) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut files = std::collections::BTreeMap::new();
    for n in 0..zip.len() {
        let mut file = zip.by_index(n).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        files.insert(file.name().unwrap().into_owned(), bytes);
    }
    files
}

async fn packed(app: &TestApp, person: RecordId) -> (Package, std::collections::BTreeMap<String, Vec<u8>>) {
    let path = app.folder().join("package.zip");
    let done = package(app, &app.operator(), person, None, &Target::File(path.clone())).await.unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(bytes.len() as u64, done.bytes);
    std::fs::remove_file(path).unwrap();
    (done, unpacked(&bytes))
}

store_test! {
    async fn the_open_requests_alone_are_listed_the_next_due_first(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        let bob = made(&app, "person", json!({"name": "Bob"})).await;
        let late = asked(&app, ada, "erase", "2026-10-20").await.unwrap();
        let soon = asked(&app, bob, "access", "2026-10-02").await.unwrap();
        let (actor, closed) = (app.operator(), asked(&app, ada, "access", "2026-09-02").await.unwrap());
        let permit = actor.permit::<HandleRequests>().unwrap();
        let ends = permit.clone();
        app.write(&actor, move |unit| close(unit, &ends, closed, Standing::Refused, "Excessive.")).await.unwrap();
        let listed = async |limit: usize| {
            let permit = permit.clone();
            let found = app.read(&actor, move |unit| {
                let found = waiting(unit, &permit, limit)?;
                unit.plain(found)
            });
            found.await.unwrap().into_iter().map(|request| request.id).collect::<Vec<_>>()
        };
        assert_eq!((listed(8).await, listed(1).await), (vec![soon, late], vec![soon]));
    }

    async fn a_request_is_due_by_the_law_of_the_person(app: TestApp) {
        // GDPR: a month, Sat 12 Dec moves to Mon 14 Dec (Reg. 1182/71); CCPA 45 days; PIPEDA 30; UK a month, which does not move; Iowa 90.
        for (law, day, regime, due) in [
            (Some("DE"), "2026-11-12", "GDPR", "2026-12-14"),
            (None, "2026-11-12", "GDPR", "2026-12-14"),
            (Some("US-CA"), "2026-11-12", "CCPA", "2026-12-27"),
            (Some("CA"), "2026-11-12", "PIPEDA", "2026-12-12"),
            (Some("GB"), "2026-11-12", "UK", "2026-12-12"),
            (Some("US-IA"), "2026-11-12", "IA", "2027-02-10"),
        ] {
            let person = made(&app, "person", json!({"name": "Ada", "country": law})).await;
            let request = standing(&app, asked(&app, person, "access", day).await.unwrap()).await;
            assert_eq!((request.law.as_str(), request.due.day().to_string().as_str()), (regime, due), "{law:?}");
        }
    }

    async fn a_request_runs_its_course_and_says_who_did_what(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        let (actor, permit) = (app.operator(), app.operator().permit::<HandleRequests>().unwrap());
        let id = asked(&app, ada, "access", "2026-11-20").await.unwrap();
        assert_eq!(asked(&app, ada, "access", "2026-11-21").await.unwrap(), id, "one open request of a right");
        assert_ne!(asked(&app, ada, "erase", "2026-11-21").await.unwrap(), id);
        let p = permit.clone();
        app.write(&actor, move |unit| verify_identity(unit, &p, id, "Called back.")).await.unwrap();
        assert!(standing(&app, id).await.verified);
        let p = permit.clone();
        app.write(&actor, move |unit| close(unit, &p, id, Standing::Refused, "Manifestly unfounded, Art 12(5).")).await.unwrap();
        let p = permit.clone();
        let whole = app.read(&actor, move |unit| show(unit, &p, id)).await.unwrap();
        assert_eq!(whole.reason, "By letter.");
        assert_eq!(whole.log.iter().map(|s| s.what.as_str()).collect::<Vec<_>>(), ["request.opened", "request.repeated", "request.verified", "request.closed"]);
        assert_eq!(whole.request.state, Standing::Refused);
        let p = permit.clone();
        let again = app.write(&actor, move |unit| close(unit, &p, id, Standing::Fulfilled, "")).await.unwrap_err();
        assert_eq!(again.code(), Code::Conflict);
        let open_first = app.read(&actor, move |unit| list(unit, &permit, 10)).await.unwrap();
        assert!(open_first[0].closed.is_none() && open_first[1].closed.is_some());
        app.settle().await.unwrap();
        assert!(app.bytes_found(b"By letter.").is_empty());
    }

    async fn a_request_that_cannot_be_is_refused_in_words(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        assert_eq!(asked(&app, ada, "fly", "2026-11-20").await.unwrap_err().problems()[0].code, "unknown_right");
        assert_eq!(asked(&app, ada, "access", "2026-11-25").await.unwrap_err().problems()[0].code, "in_the_future");
        let firm = made(&app, "company", json!({"name": "Nordwind"})).await;
        assert_eq!(asked(&app, firm, "access", "2026-11-20").await.unwrap_err().code(), Code::NotFound);
    }

    async fn what_concerns_a_person_is_what_links_to_them_and_the_files_of_their_messages(app: TestApp) {
        let firm = made(&app, "company", json!({"name": "Nordwind"})).await;
        let trader = made_as(&app, NewRecord { facts: records::Facts { tags: vec!["sole_trader".into()], ..Default::default() },
            ..NewRecord::new("company", fields(&app, "company", json!({"name": "Ada's Garden"}))) }).await;
        let ada = made(&app, "person", json!({"name": "Ada", "company": firm})).await;
        let eve = made(&app, "person", json!({"name": "Eve", "company": trader})).await;
        let deal = made(&app, "deal", json!({"name": "Garden", "person": ada, "company": firm})).await;
        made(&app, "task", json!({"title": "About the deal", "deal": deal})).await;
        let mail = made(&app, "message", json!({"subject": "Hi", "participants": [ada, eve]})).await;
        let file = made(&app, "file", json!({"name": "plan.pdf", "message": mail})).await;
        for (person, expected) in [(ada, vec![ada, deal, mail, file]), (eve, vec![eve, trader, mail, file])] {
            let mut found = app.read(&app.operator(), move |unit| { let items = concerning(unit, person)?; unit.plain(items) }).await.unwrap();
            assert_eq!(found[0].id, person);
            found.sort_by_key(|item| item.id);
            let mut expected = expected;
            expected.sort_unstable();
            assert_eq!(found.iter().map(|i| i.id).collect::<Vec<_>>(), expected);
        }
    }

    async fn a_package_holds_all_that_is_the_persons_and_nothing_of_anybody_else(app: TestApp) {
        let story = planted(&app).await;
        let read = app.acting("sales").permit::<ReadRecords>().unwrap();
        app.read(&app.acting("sales"), move |unit| records::show(unit, &read, story.ada, records::Detail::Whole)).await.unwrap();
        let (done, files) = packed(&app, story.ada).await;
        assert_eq!((done.records, done.messages, done.files), (5, 2, 2));
        let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
        for own in ["Ada Quellenbrunn", "ada@quelle.example", "+49 30 11223344", "Only quelle", "My quelle words.", "Both quelle", "quelle regards", "quelle plan.txt", "quelle offer"] {
            assert!(text("package.json").contains(own), "{own} in JSON");
            assert!(text("index.html").contains(&own.replace('\'', "&#39;")), "{own} in HTML");
        }
        let original = |record: RecordId| files.iter().find(|(name, _)| name.starts_with(&format!("originals/{record}/"))).map(|(_, bytes)| bytes.as_slice());
        assert_eq!(original(story.letter), Some(b"From: ada@quelle.example\n\nMy quelle words.".as_slice()));
        assert_eq!(original(story.attachment), Some(b"the quelle plan".as_slice()));
        assert_eq!(original(story.shared), None, "Bob cannot be taken out of it");
        for (name, bytes) in &files {
            // Long enough that no hash contains them by chance.
            for other in ["fremd", "Bob", "Widerhall", "Carla", "Nebenan", "55667788", "1971-03", &story.bob.to_string(), "office@house"] {
                let inside = if name == "evidence.bundle" { unpacked(bytes).remove("bundle.json").unwrap() } else { bytes.clone() };
                // The person's own sent letter keeps its bytes, the house's address in them.
                let inside = String::from_utf8_lossy(&inside).into_owned();
                assert!(!inside.contains(other), "{other} in {name}");
                assert!(!inside.contains(&hex::encode(other)), "{other} as hex in {name}");
            }
        }
        let document: serde_json::Value = serde_json::from_str(&text("package.json")).unwrap();
        assert!(document["another_person"].as_u64().unwrap() >= 8);
        assert!(text("index.html").contains("Another person’s data"));
        let reads = document["history"]["consultations"].as_array().unwrap();
        assert!(reads.iter().any(|act| act["purpose"] == "sales" && act["role"] == "operator of the installation"), "{reads:?}");
        assert!(document["left_out"].to_string().contains("another_person"));
    }

    async fn the_manifest_lists_every_file_and_the_bundle_verifies_offline(app: TestApp) {
        let story = planted(&app).await;
        let permit = app.operator().permit::<WriteRecords>().unwrap();
        let patch = records::RecordPatch { fields: [("job_title".to_owned(), Some(Value::Text("Quelle keeper".into())))].into(), owner: None };
        app.write(&app.operator(), move |unit| records::update(unit, &permit, story.ada, Some(1), patch.clone())).await.unwrap();
        let (_, files) = packed(&app, story.ada).await;
        let manifest: serde_json::Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
        let listed = manifest["files"].as_array().unwrap();
        assert_eq!(listed.len() + 1, files.len());
        for file in listed {
            let bytes = &files[file["name"].as_str().unwrap()];
            assert_eq!(file["sha256"], hex::encode(ledger::sha256(bytes)));
            assert_eq!(file["size"], bytes.len());
        }
        let report = ledger::verify_bundle(&files["evidence.bundle"], Some(&[app.verifier()]));
        assert_eq!(report.faults, []);
        assert_eq!((report.leaves, report.open), (4, 4), "two versions of Ada, two messages");
        assert_eq!(manifest["proofs"].as_array().unwrap().len(), 4);
        let mut forged = files["evidence.bundle"].clone();
        let at = forged.len() / 3;
        forged[at] ^= 1;
        assert!(!ledger::verify_bundle(&forged, Some(&[app.verifier()])).faults.is_empty());
    }

    async fn a_package_is_for_those_who_may_and_whose_request_is_verified(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        let stranger = Actor::new(trail::Who::Operator, catalogue::Purpose::find("sales").unwrap(), "cli", vec![trail::Grant::everything("read")]);
        let path = app.folder().join("p.zip");
        let refused = package(&app, &stranger, ada, None, &Target::File(path.clone())).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        let unverified = asked(&app, ada, "access", "2026-11-20").await.unwrap();
        let refused = package(&app, &app.operator(), ada, Some(unverified), &Target::File(path.clone())).await.unwrap_err();
        assert_eq!(refused.code(), Code::Conflict);
        assert!(!path.exists());
        std::fs::write(&path, "mine").unwrap();
        let refused = package(&app, &app.operator(), ada, None, &Target::File(path.clone())).await.unwrap_err();
        assert_eq!(refused.code(), Code::Duplicate);
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
    }

    async fn privileged_records_are_withheld_and_said_to_be(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        let tagged = records::Facts { tags: vec!["privileged".into()], ..Default::default() };
        made_as(&app, NewRecord { facts: tagged, ..NewRecord::new("note", fields(&app, "note", json!({"title": "Counsel", "text": "Geheimrat", "person": ada}))) }).await;
        let (_, files) = packed(&app, ada).await;
        let json = String::from_utf8(files["package.json"].clone()).unwrap();
        assert!(!json.contains("Geheimrat") && json.contains("privileged"));
    }

    async fn a_stored_package_is_sealed_fetched_by_its_maker_and_dies_after_seven_days(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada Quellenbrunn"})).await;
        let request = asked(&app, ada, "access", "2026-11-20").await.unwrap();
        let (actor, permit) = (app.operator(), app.operator().permit::<HandleRequests>().unwrap());
        let p = permit.clone();
        app.write(&actor, move |unit| verify_identity(unit, &p, request, "Called back.")).await.unwrap();
        let job = app.write(&actor, move |unit| order_package(unit, &permit, ada, request)).await.unwrap();
        app.clock.advance(std::time::Duration::from_secs(1));
        app.work_off(&[(PACKAGE_JOB, package_handler())].into()).await.unwrap();
        let row = app.job(job).await.unwrap().unwrap();
        assert_eq!((row.state.as_str(), row.done, row.error.as_str()), ("done", 1, ""));
        assert_eq!(standing(&app, request).await.state, Standing::Decided);
        let id = app.store().read(|tx| tx.one("SELECT id FROM artifact", &[], |row| row.get::<ArtifactId>(0))).await.unwrap();
        let files = unpacked(&fetch(&app, &actor, id).await.unwrap());
        assert!(files.contains_key("index.html"));
        assert!(app.bytes_found(b"Quellenbrunn").is_empty());
        let other = Actor::new(trail::Who::Staff(kernel::UserId::mint(app.env())), actor.purpose, "page", trail::permit::every_grant());
        assert_eq!(fetch(&app, &other, id).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(expire(&app, &actor).await.unwrap(), 0);
        app.clock.advance(std::time::Duration::from_secs(7 * 86_400 + 1));
        assert_eq!(fetch(&app, &actor, id).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(expire(&app, &actor).await.unwrap(), 1);
        assert!(app.blobs().list("artifacts/").await.unwrap().is_empty());
    }
}
