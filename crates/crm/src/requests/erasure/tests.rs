//! The promises of erasure.

use std::time::Duration;

use catalogue::Purpose;
use jiff::civil::date;
use kernel::{Code, HoldId, Instant, RecordId};
use serde_json::json;
use testkit::{Engine, TestApp, store_test};
use trail::{
    Actor, Grant, Who,
    permit::{HandleRequests, Hold, ManageRules, WriteRecords},
};

use super::*;
use crate::{
    evidence, holds,
    records::{self, Facts, NewRecord, State},
    requests::{
        self, Standing,
        tests::{fields, made, made_as, planted},
    },
    retention,
};

async fn german_law(app: &TestApp) {
    let (actor, permit) = (app.operator(), app.operator().permit::<ManageRules>().unwrap());
    app.write(&actor, move |unit| retention::adopt(unit, &permit, "DE", "general").map(drop)).await.unwrap();
}

/// A business letter of a person, written in 2020: kept through 31 December 2026.
async fn letter_of(app: &TestApp, person: RecordId) -> RecordId {
    let facts = Facts { tags: vec!["class:commercial-letter".into()], ..Facts::default() };
    let fields = fields(app, "message", json!({"subject": "Quellenbrunn orders", "text": "Ten barrels.", "participants": [person]}));
    let created = Some(Instant::start_of(date(2020, 7, 1)));
    made_as(app, NewRecord { facts, created, ..NewRecord::new("message", fields) }).await
}

async fn held(app: &TestApp, record: RecordId) -> HoldId {
    let (actor, permit) = (app.operator(), app.operator().permit::<Hold>().unwrap());
    app.write(&actor, move |unit| holds::place(unit, &permit, &[record], "2026-014", "Litigation.")).await.unwrap()
}

async fn state(app: &TestApp, id: RecordId) -> State {
    app.read(&app.operator(), move |unit| {
        let state = records::find(unit, id)?.map_or(State::Gone, |row| row.state);
        unit.plain(state)
    })
    .await
    .unwrap()
}

async fn erased(app: &TestApp, person: RecordId) -> kernel::Result<Erased> {
    let actor = app.operator();
    let plan = plan(app, &actor, person).await?;
    execute(app, &actor, person, None, "Asked by letter.", &plan.fingerprint, plan.count).await
}

fn outcome(plan: &Plan, record: RecordId) -> &Line {
    plan.items.iter().find(|line| line.record == record).unwrap()
}

/// Every text and every byte of every table.
async fn columns_holding(app: &TestApp, needle: &'static str) -> Vec<String> {
    if app.engine == Engine::Sqlite {
        return app.bytes_found(needle.as_bytes());
    }
    let mut found = app.bytes_found(needle.as_bytes());
    let sql = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() \
        AND data_type IN ('text', 'bytea')";
    found.extend(
        app.store()
            .read(move |tx| {
                let columns = tx.all(sql, &[], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(2)?)))?;
                let mut found = Vec::new();
                for (table, column, kind) in columns {
                    let text = if kind == "bytea" { format!("encode(\"{column}\", 'escape')") } else { format!("\"{column}\"") };
                    let sql = format!("SELECT COUNT(*) FROM \"{table}\" WHERE {text} LIKE '%{needle}%'");
                    if tx.one(&sql, &[], |row| row.get::<i64>(0))? > 0 {
                        found.push(format!("{table}.{column}"));
                    }
                }
                Ok(found)
            })
            .await
            .unwrap(),
    );
    found
}

/// Saved views of a member of staff: their names and what they ask, as they see them.
async fn views_of(app: &TestApp, actor: &Actor) -> Vec<(String, serde_json::Value)> {
    let permit = actor.permit::<trail::permit::ReadRecords>().unwrap();
    let all = app.read(actor, move |unit| crate::views::all_saved(unit, &permit, None)).await.unwrap();
    all.into_iter().map(|view| (view.name.into_inner(), serde_json::to_value(view.look.filter).unwrap())).collect()
}

store_test! {
    async fn what_saved_views_ask_of_the_erased_goes_with_them_and_what_they_ask_of_others_stays(app: TestApp) {
        use crate::views::{Look, NewView, save};
        let story = planted(&app).await;
        let staff = Actor::new(Who::Staff(kernel::UserId::mint(app.env())), Purpose::find("sales").unwrap(), "page", vec![Grant::everything("read")]);
        let one = |field: &str, op: &str, value: serde_json::Value| json!({"field": field, "op": op, "value": value});
        let bob = one("email", "eq", json!("bob@fremd.example"));
        let leads = one("relation", "eq", json!("lead"));
        let phone = one("phone", "in", json!(["030 11223344", "+49 40 55667788"]));
        let rest = one("phone", "in", json!(["+49 40 55667788"]));
        for (name, kind, filter) in [
            ("a", "person", json!({"all": [one("email", "eq", json!("Ada@Quelle.example")), leads]})),
            ("b", "person", one("name", "contains", json!("quellenbrunn, ADA"))),
            ("c", "person", json!({"any": [phone, {"all": [bob]}]})),
            ("d", "note", one("person", "eq", json!(story.ada))),
            ("e", "person", one("name", "contains", json!("ada"))),
            ("f", "person", bob.clone()),
            ("g Ada Quellenbrunn's", "person", leads.clone()),
        ] {
            let permit = staff.permit::<trail::permit::ReadRecords>().unwrap();
            let look = Look { filter: Some(serde_json::from_value(filter).unwrap()), ..Look::default() };
            let new = NewView { kind: kind.into(), name: kernel::Personal::new(name.into()), look, shared: false, first_for_me: false, first_for_all: false };
            app.write(&staff, move |unit| save(unit, &permit, &new)).await.unwrap();
        }
        let keys = async || app.store().read(|tx| tx.all("SELECT vault_key FROM list_view ORDER BY id", &[], |row| row.get::<Vec<u8>>(0))).await.unwrap();
        let before = keys().await;
        erased(&app, story.ada).await.unwrap();
        let left = views_of(&app, &staff).await;
        let expected = [
            ("a", json!({"all": [leads.clone()]})),
            ("c", json!({"any": [rest, {"all": [bob.clone()]}]})),
            ("e", one("name", "contains", json!("ada"))),
            ("f", bob),
            ("People", leads),
        ];
        assert_eq!(left, expected.map(|(name, filter)| (name.to_owned(), filter)));
        let kept = keys().await.into_iter().filter(|key| before.contains(key)).count();
        assert_eq!(kept, 2, "what was sealed anew has another key, and the old one is destroyed");
        let report = evidence::verify(&app, &app.operator().permit::<trail::permit::Audit>().unwrap(), evidence::Options::default(), None).await.unwrap();
        assert_eq!(report.faults, vec![]);
    }

    async fn who_is_held_on_consent_alone_is_erased_and_nothing_of_them_is_left(app: TestApp) {
        let story = planted(&app).await;
        let actor = app.operator();
        // A package made before is a copy, and goes as well.
        requests::package(&app, &actor, story.ada, None, &requests::Target::Store).await.unwrap();
        let plan = plan(&app, &actor, story.ada).await.unwrap();
        assert_eq!(outcome(&plan, story.ada).outcome, Outcome::Erase);
        assert_eq!(outcome(&plan, story.letter).outcome, Outcome::Erase);
        let shared = outcome(&plan, story.shared);
        assert_eq!((shared.outcome, shared.also_concerns), (Outcome::Redact, 1));
        assert_eq!((plan.count, plan.counts["erase"], plan.counts["redact"]), (5, 4, 1));
        let done = execute(&app, &actor, story.ada, None, "Asked by letter.", &plan.fingerprint, plan.count).await.unwrap();
        assert_eq!((done.erased, done.restricted, done.kept.len(), done.standing), (5, 0, 0, Standing::Fulfilled));
        let audit = actor.permit::<trail::permit::Audit>().unwrap();
        let options = evidence::Options { permits: Some(std::sync::Arc::new(retention::permits)), ..evidence::Options::default() };
        let report = evidence::verify(&app, &audit, options, None).await.unwrap();
        assert_eq!(report.faults, vec![], "the package's key went by an event that verifies");
        for record in [story.ada, story.letter, story.attachment] {
            assert!(!state(&app, record).await.is_readable());
        }
        assert_eq!((state(&app, story.bob).await, state(&app, story.shared).await), (State::Live, State::Live));
        let permit = app.operator().permit::<trail::permit::ReadRecords>().unwrap();
        let shown = app.read(&actor, move |unit| records::show(unit, &permit, story.shared, records::Detail::Whole)).await.unwrap();
        let shown: String = shown.cells.iter().map(|(_, cell)| cell.to_json().to_string()).collect();
        assert!(shown.contains("bob@fremd.example") && !shown.contains("Ada") && !shown.contains("ada@quelle.example"), "Bob keeps what is his");
        app.settle().await.unwrap();
        for own in ["Quellenbrunn", "quellenbrunn", "ada@quelle.example", "11223344", "My quelle words", "the quelle plan"] {
            assert_eq!(columns_holding(&app, own).await, Vec::<String>::new(), "{own}");
        }
        let left = app.store().read(|tx| tx.one("SELECT (SELECT COUNT(*) FROM artifact), (SELECT COUNT(*) FROM suppression), (SELECT COUNT(*) FROM blob_ref)", &[],
            |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?)))).await.unwrap();
        assert_eq!(left, (0, 2, 0), "no package, mail and telephone suppressed, no original readable");
        assert!(app.blobs().list("artifacts/").await.unwrap().is_empty());
        let again = execute(&app, &actor, story.ada, Some(done.request), "", "", 0).await.unwrap();
        assert_eq!((again.erased, again.certificate), (0, done.certificate));
    }

    async fn a_german_business_letter_is_restricted_and_goes_by_itself_when_its_time_is_over(app: TestApp) {
        german_law(&app).await;
        let ada = made(&app, "person", json!({"name": "Ada Quellenbrunn", "country": "DE"})).await;
        let letter = letter_of(&app, ada).await;
        let actor = app.operator();
        let plan = plan(&app, &actor, ada).await.unwrap();
        let line = outcome(&plan, letter);
        assert_eq!((line.outcome, line.until), (Outcome::Restrict, Some(date(2026, 12, 31))));
        assert!(line.citation.contains("HGB §257"), "{}", line.citation);
        assert_eq!((state(&app, letter).await, plan.count), (State::Live, 1), "a plan changes nothing");
        let done = erased(&app, ada).await.unwrap();
        assert_eq!((done.erased, done.restricted, done.standing), (1, 1, Standing::Partly));
        assert_eq!((done.kept[0].record, done.kept[0].until), (letter, Some(date(2026, 12, 31))));
        assert_eq!(state(&app, letter).await, State::Restricted);
        assert_eq!(go_on(&app, &actor).await.unwrap(), 0, "not yet");
        // Day by day, as the ledger moves: a clock that leaps is not believed.
        while app.clock.now() < Instant::parse("2027-01-01T12:00:00Z").unwrap() {
            assert_eq!(state(&app, letter).await, State::Restricted, "{}", app.clock.now());
            app.clock.advance(Duration::from_secs(23 * 3600));
            app.write(&actor, |unit| unit.witness(trail::Event::new("day.begun"))).await.unwrap();
            app.settle().await.unwrap();
            app.work_off(&[(JOB, handler())].into()).await.unwrap();
        }
        let request = done.request;
        let standing = app.read(&actor, move |unit| { let found = requests::find(unit, request)?; unit.plain(found) }).await.unwrap();
        assert_eq!((state(&app, letter).await.is_readable(), standing.state), (false, Standing::Fulfilled));
    }

    async fn what_is_held_stays_and_comes_back_when_the_hold_is_over(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada Quellenbrunn"})).await;
        let note = made(&app, "note", json!({"title": "Call", "person": ada})).await;
        held(&app, note).await;
        let plan = plan(&app, &app.operator(), ada).await.unwrap();
        assert_eq!((outcome(&plan, note).outcome, outcome(&plan, ada).outcome), (Outcome::Held, Outcome::Erase));
        let done = erased(&app, ada).await.unwrap();
        assert_eq!((done.erased, done.kept.len(), done.kept[0].outcome), (1, 1, Outcome::Held));
        assert!(state(&app, note).await.is_readable());
    }

    async fn a_changed_plan_a_wrong_count_and_an_old_plan_are_refused(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        let actor = app.operator();
        let shown = plan(&app, &actor, ada).await.unwrap();
        let wrong = execute(&app, &actor, ada, None, "Asked.", &shown.fingerprint, 7).await.unwrap_err();
        assert_eq!(wrong.code(), Code::InvalidInput);
        made(&app, "note", json!({"title": "New", "person": ada})).await;
        let changed = execute(&app, &actor, ada, None, "Asked.", &shown.fingerprint, shown.count).await.unwrap_err();
        assert_eq!(changed.code(), Code::Conflict);
        let shown = plan(&app, &actor, ada).await.unwrap();
        app.clock.advance(Duration::from_secs(16 * 60));
        let old = execute(&app, &actor, ada, None, "Asked.", &shown.fingerprint, shown.count).await.unwrap_err();
        assert_eq!(old.code(), Code::Conflict);
        let (_, hash) = shown.fingerprint.split_once('-').unwrap();
        let young = format!("{}-{hash}", app.clock.now().micros());
        assert_eq!(execute(&app, &actor, ada, None, "Asked.", &young, shown.count).await.unwrap_err().code(), Code::Conflict);
        assert_eq!(state(&app, ada).await, State::Live);
        assert!(erased(&app, ada).await.is_ok());
    }

    async fn only_who_may_and_only_a_verified_request_erases(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        let stranger = Actor::new(Who::Operator, Purpose::find("sales").unwrap(), "cli", vec![Grant::everything("read")]);
        assert_eq!(plan(&app, &stranger, ada).await.err().unwrap().code(), Code::Forbidden);
        let actor = app.operator();
        let shown = plan(&app, &actor, ada).await.unwrap();
        assert_eq!(execute(&app, &stranger, ada, None, "x", &shown.fingerprint, 1).await.unwrap_err().code(), Code::Forbidden);
        let permit = actor.permit::<HandleRequests>().unwrap();
        let request = app.write(&actor, move |unit| requests::open(unit, &permit, ada, "erase", "By mail.", unit.now())).await.unwrap();
        let shown = plan(&app, &actor, ada).await.unwrap();
        let refused = execute(&app, &actor, ada, Some(request), "x", &shown.fingerprint, shown.count).await.unwrap_err();
        assert_eq!(refused.code(), Code::Conflict);
        assert_eq!(state(&app, ada).await, State::Live);
    }

    async fn an_open_access_request_is_answered_first(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        let (actor, permit) = (app.operator(), app.operator().permit::<HandleRequests>().unwrap());
        app.write(&actor, move |unit| requests::open(unit, &permit, ada, "access", "By mail.", unit.now())).await.unwrap();
        let plan = plan(&app, &actor, ada).await.unwrap();
        assert_eq!((plan.count, outcome(&plan, ada).outcome), (0, Outcome::Keep));
    }

    async fn a_changed_record_is_erased_with_all_its_versions(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada", "note": "Altwasser"})).await;
        let (actor, permit) = (app.operator(), app.operator().permit::<WriteRecords>().unwrap());
        let patch = records::RecordPatch { fields: [("note".to_owned(), None)].into(), owner: None };
        app.write(&actor, move |unit| records::update(unit, &permit, ada, Some(1), patch.clone())).await.unwrap();
        erased(&app, ada).await.unwrap();
        let boxes = app.store().read(|tx| tx.one("SELECT COUNT(*) FROM record_version WHERE LENGTH(sealed) > 0", &[], |row| row.get::<i64>(0))).await.unwrap();
        assert_eq!(boxes, 0);
        let audit = actor.permit::<trail::permit::Audit>().unwrap();
        let options = evidence::Options { permits: Some(std::sync::Arc::new(retention::permits)), ..Default::default() };
        let report = evidence::verify(&app, &audit, options, None).await.unwrap();
        assert_eq!((report.faults, report.erased), (vec![], 2), "both versions, proved lawfully gone");
    }
}
