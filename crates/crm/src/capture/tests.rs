//! The promises of capture.

use std::sync::Arc;

use catalogue::message;
use kernel::RecordId;
use serde_json::json;
use store::args;
use testkit::{TestApp, store_test};
use trail::permit::{ReadRecords, WriteRecords};

use super::*;
use crate::records::{self, Detail, NewRecord, Shown};

const MAIL: &str = "From: Ada Quellenbrunn <Ada@Quellenbrunn.example>\r\nTo: desk@ours.example\r\nSubject: Offer 17\r\n\
    Date: Fri, 20 Nov 2026 10:00:00 +0100\r\nMessage-ID: <17@quellenbrunn.example>\r\nReferences: <1@ours.example> <9@ours.example>\r\n\
    MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease send the Zirkelkasten.\r\n\
    --b\r\nContent-Type: application/pdf; name=plan.pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\n%PDF-Geheimplan\r\n--b--\r\n";

async fn captured(app: &TestApp, name: &str, bytes: &[u8], options: Options) -> Report {
    let source = Source::Upload { name: Personal::new(name.to_owned()), bytes: Arc::new(bytes.to_vec()) };
    let report = run(app, &app.operator(), source, "email", options, |_| ()).await.unwrap();
    assert!(report.reconciles());
    report
}

async fn all_of(app: &TestApp, kind: &'static str) -> Vec<Shown> {
    let permit = app.operator().permit::<ReadRecords>().unwrap();
    let ids = app
        .store()
        .read(move |tx| tx.all("SELECT id FROM record WHERE kind = ?1 ORDER BY id", &args![kind], |row| row.get::<RecordId>(0)))
        .await
        .unwrap();
    let mut all = Vec::new();
    for id in ids {
        let permit = permit.clone();
        all.push(app.read(&app.operator(), move |unit| records::show(unit, &permit, id, Detail::Whole)).await.unwrap());
    }
    all
}

async fn person(app: &TestApp, email: &str) -> RecordId {
    let permit = app.operator().permit::<WriteRecords>().unwrap();
    let kind = app.catalogue().need("person").unwrap();
    let json = json!({"name": "Ada", "email": [email]});
    let fields =
        records::parse_fields(&kind, json.as_object().unwrap()).unwrap().into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect();
    let new = NewRecord::new("person", fields);
    app.write(&app.operator(), move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

fn text(shown: &Shown, key: &str) -> serde_json::Value {
    shown.cell(key).map(records::Cell::to_json).unwrap_or_default()
}

store_test! {
    async fn a_mail_becomes_a_message_of_the_person_who_wrote_it_and_its_original_is_given_back(app: TestApp) {
        let ada = person(&app, "ada@quellenbrunn.example").await;
        let report = captured(&app, "17.eml", MAIL.as_bytes(), Options::default()).await;
        assert_eq!((report.seen, report.captured), (1, 1));
        let messages = all_of(&app, "message").await;
        let one = &messages[0];
        assert_eq!(text(one, message::SUBJECT), json!("Offer 17"));
        assert_eq!(text(one, message::PARTICIPANTS), json!([ada]));
        assert_eq!(text(one, message::THREAD), json!("1@ours.example"));
        assert_eq!(text(one, message::ASSURANCE), json!("low"));
        assert_eq!(one.created.to_string(), "2026-11-20T09:00:00.000000Z");
        let files = all_of(&app, "file").await;
        assert_eq!(text(&files[0], "name"), json!("plan.pdf"));
        assert_eq!((text(&files[0], "message"), text(&files[0], "person")), (json!(one.id), json!(ada)));
        let permit = app.operator().permit::<ReadRecords>().unwrap();
        for (id, wanted) in [(one.id, MAIL.as_bytes()), (files[0].id, &b"%PDF-Geheimplan"[..])] {
            let blobs = app.read(&app.operator(), move |unit| { let blobs = records::blobs_of(unit, id)?; unit.plain(blobs) }).await.unwrap();
            let plain = records::read_blob(&app, &permit, id, blobs[0].id).await.unwrap();
            assert_eq!(plain.as_slice(), wanted);
        }
        let timeline = app.store().read(move |tx| tx.all("SELECT what FROM timeline WHERE subject = ?1 ORDER BY what", &args![ada], |row| row.get::<String>(0))).await.unwrap();
        assert_eq!(timeline, ["file.created", "message.created", "person.created"]);
        app.settle().await.unwrap();
        for word in ["Zirkelkasten", "Geheimplan", "Quellenbrunn", "quellenbrunn", "plan.pdf", "Offer 17"] {
            assert_eq!(app.bytes_found(word.as_bytes()), Vec::<String>::new(), "{word}");
        }
    }

    async fn the_same_original_is_a_duplicate_in_one_run_and_in_the_next(app: TestApp) {
        let mbox = format!("From - \n{MAIL}\nFrom - \n{MAIL}\nFrom - \n{}\n", MAIL.replace("Offer 17", "Offer 18"));
        let first = captured(&app, "box", mbox.as_bytes(), Options::default()).await;
        assert_eq!((first.seen, first.captured, first.duplicate), (3, 2, 1));
        let again = captured(&app, "box", mbox.as_bytes(), Options::default()).await;
        assert_eq!((again.captured, again.duplicate), (0, 3));
        assert_eq!(all_of(&app, "message").await.len(), 2);
        // Equal attachments lie in the store once.
        assert_eq!(app.blobs().list("blobs/").await.unwrap().len(), 3);
    }

    async fn what_is_no_message_fails_with_its_reason_and_a_dry_run_writes_nothing(app: TestApp) {
        for (bytes, reason) in [(&b"PK\x03\x04rest"[..], "format_unsupported"), (b"\n\nhello there", "not_a_message"), (b"", "not_a_message")] {
            let report = captured(&app, "thing", bytes, Options::default()).await;
            assert_eq!(report.failed, [Failure { item: "thing".into(), reason: reason.into() }]);
        }
        let dry = captured(&app, "17.eml", MAIL.as_bytes(), Options { dry_run: true, list: true, ..Options::default() }).await;
        assert_eq!((dry.captured, dry.list[0].attachments, dry.list[0].native_id.as_deref()), (1, 1, Some("17@quellenbrunn.example")));
        assert!(all_of(&app, "message").await.is_empty());
        let source = Source::Upload { name: Personal::new("a".into()), bytes: Arc::new(Vec::new()) };
        assert_eq!(run(&app, &app.operator(), source.clone(), "smoke", Options::default(), |_| ()).await.err().unwrap().code(), Code::InvalidInput);
        let other = run(&app, &app.operator(), source, "slack", Options::default(), |_| ()).await.unwrap();
        assert_eq!(other.failed[0].reason, "format_unsupported");
    }

    async fn a_sender_cannot_choose_when_retention_begins(app: TestApp) {
        let old = MAIL.replace("20 Nov 2026", "20 Nov 1996");
        captured(&app, "old.eml", old.as_bytes(), Options::default()).await;
        let shown = &all_of(&app, "message").await[0];
        assert_eq!(shown.created, shown.captured);
        assert_eq!(text(shown, message::WARNINGS), json!(["claimed_date_not_believed"]));
        // Records sort by the moment of their making, and the clock stands still on its own.
        app.clock.advance(std::time::Duration::from_secs(1));
        let archived = captured(&app, "older.eml", old.replace("Offer", "Order").as_bytes(), Options { origin_evidence: true, ..Options::default() }).await;
        assert_eq!(archived.captured, 1);
        assert_eq!(all_of(&app, "message").await[1].created.to_string(), "1996-11-20T09:00:00.000000Z");
    }

    async fn a_suppressed_address_is_kept_in_the_message_and_links_to_nobody(app: TestApp) {
        person(&app, "ada@quellenbrunn.example").await;
        let hash = app.keyring().tokens().suppression("ada@quellenbrunn.example").to_be_bytes();
        app.store().write(move |tx| tx.run("INSERT INTO suppression (hash, at, destroy_order) VALUES (?1, 0, ?2)", &args![hash, [0_u8; 16]])).await.unwrap();
        captured(&app, "17.eml", MAIL.as_bytes(), Options::default()).await;
        let shown = &all_of(&app, "message").await[0];
        assert_eq!(text(shown, message::PARTICIPANTS), json!(null));
        assert_eq!(text(shown, message::FROM), json!("Ada Quellenbrunn <Ada@Quellenbrunn.example>"));
    }

    async fn files_that_nothing_refers_to_are_swept_after_a_day_and_no_others(app: TestApp) {
        captured(&app, "17.eml", MAIL.as_bytes(), Options::default()).await;
        let lost = records::store_blob(&app, b"never attached").await.unwrap();
        drop(lost);
        assert_eq!(records::sweep_blobs(&app, &app.operator()).await.unwrap(), 0);
        app.clock.advance(std::time::Duration::from_secs(25 * 3600));
        assert_eq!(records::sweep_blobs(&app, &app.operator()).await.unwrap(), 1);
        assert_eq!(app.blobs().list("blobs/").await.unwrap().len(), 2);
    }

    async fn a_record_without_its_key_gives_no_blob_and_lets_go_of_its_files(app: TestApp) {
        captured(&app, "17.eml", MAIL.as_bytes(), Options::default()).await;
        let id = all_of(&app, "file").await[0].id;
        let free = app.write(&app.operator(), move |unit| {
            unit.witness(trail::Event::new("record.disposed"))?;
            records::release_blobs(unit, id)
        }).await.unwrap();
        assert_eq!(free.len(), 1);
        let left = app.read(&app.operator(), move |unit| { let blobs = records::blobs_of(unit, id)?; unit.plain(blobs) }).await.unwrap();
        assert!(left.is_empty());
    }
}

/// Counts over the shared corpus: no crash, no loss.
#[test]
fn every_file_of_the_corpus_is_accounted_for() {
    let folder = std::env::var("PROBITY_CORPUS")
        .map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from)
        .join("email");
    if !folder.is_dir() {
        println!("corpus absent");
        return;
    }
    testkit::run(testkit::Engine::Sqlite, |app| async move {
        let report = run(&app, &app.operator(), Source::Paths(vec![folder]), "email", Options::default(), |_| ()).await.unwrap();
        let mut reasons = std::collections::BTreeMap::<&str, usize>::new();
        report.failed.iter().for_each(|f| *reasons.entry(&f.reason).or_default() += 1);
        println!("seen {} captured {} duplicate {} failed {reasons:?}", report.seen, report.captured, report.duplicate);
        assert!(report.reconciles());
        assert!(reasons.keys().all(|r| ["not_a_message", "format_unsupported"].contains(r)), "{reasons:?}");
        assert_eq!(all_of(&app, "message").await.len(), report.captured);
    });
}
