//! The promises of a field that changes sides.

use catalogue::{Class, Field, FieldType, Index, Kind, Protection, Purposes, Value};
use kernel::{Code, RecordId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::{Audit, WriteRecords};

use super::{made, seen};
use crate::{
    evidence::{self, Options},
    records::{Detail, RESEAL, RecordPatch, handlers, kinds, protect, update, with_value},
};

/// People get a day that nobody would write by chance, open.
async fn with_day(app: &TestApp) {
    let kind = Kind::clone(app.catalogue().need("person").unwrap().as_ref());
    let field = Field {
        key: "joined".into(),
        label: "Joined".into(),
        kind: FieldType::Date,
        many: false,
        protection: Protection::Open,
        category: String::new(),
        class: Class::Personal,
        purposes: Purposes::all(),
        index: Index::None,
        mask: catalogue::Mask::None,
        options: Vec::new(),
        links_to: None,
        required: false,
        listed: false,
        retired: false,
        system: false,
    };
    let fields = kind.fields.iter().cloned().chain([field]).collect();
    kinds::define(app, &app.operator(), Kind { fields, ..kind }).await.unwrap();
}

async fn joined(app: &TestApp, id: RecordId, day: &str) {
    let (actor, day) = (app.operator(), Value::Date(day.parse().unwrap()));
    let permit = actor.permit::<WriteRecords>().unwrap();
    let patch = RecordPatch { fields: [("joined".to_owned(), Some(day))].into(), owner: None };
    app.write(&actor, move |unit| update(unit, &permit, id, None, patch.clone())).await.unwrap();
}

async fn turned(app: &TestApp, to: Protection) {
    protect(app, &app.operator(), "person", "joined", to).await.unwrap().expect("a job");
    worked_off(app).await;
}

async fn worked_off(app: &TestApp) {
    // Each unit is later than the one before it, while the tests' clock stands.
    app.clock.advance(std::time::Duration::from_secs(1));
    app.work_off(&handlers()).await.unwrap();
    assert!(app.jobs(RESEAL).await.unwrap().iter().all(|job| job.state == "done"));
}

/// In how many rows of versions a text stands readable.
async fn readable(app: &TestApp, text: &'static str) -> usize {
    let read = move |tx: &mut store::Tx| {
        let all = "SELECT open FROM record UNION ALL SELECT open FROM record_version";
        tx.all(all, &[], |row| row.get::<String>(0))
    };
    app.store().read(read).await.unwrap().iter().filter(|open| open.contains(text)).count()
}

async fn found(app: &TestApp, day: &str) -> usize {
    let (actor, day) = (app.operator(), day.to_owned());
    let ask = move |unit: &mut trail::Unit| {
        let kind = unit.app().catalogue().need("person")?;
        let found = with_value(unit, &kind, "joined", &day, None)?.len();
        unit.release(trail::Event::new("record.read"), found)
    };
    app.read(&actor, ask).await.unwrap()
}

/// How many leaves are about versions of records.
async fn leaves(app: &TestApp) -> i64 {
    app.store()
        .read(|tx| tx.one("SELECT COUNT(*) FROM leaf WHERE record IN (SELECT id FROM record)", &[], |row| row.get::<i64>(0)))
        .await
        .unwrap()
}

async fn faults(app: &TestApp) -> Vec<ledger::Fault> {
    let permit = app.operator().permit::<Audit>().unwrap();
    evidence::verify(app, &permit, Options::default(), None).await.unwrap().faults
}

store_test! {
    async fn a_field_that_is_sealed_leaves_no_version_readable_and_proves_itself_as_before(app: TestApp) {
        with_day(&app).await;
        let actor = app.operator();
        let ada = made(&app, &actor, "person", json!({"name": "Ada", "joined": "1815-12-10"})).await;
        let bob = made(&app, &actor, "person", json!({"name": "Bob"})).await;
        joined(&app, ada, "1852-11-27").await;
        assert_eq!((readable(&app, "1815-12-10").await, readable(&app, "1852-11-27").await), (1, 1));
        let before = seen(&app, &actor, ada, Detail::Whole).await.unwrap();

        turned(&app, Protection::Sealed).await;
        assert_eq!((readable(&app, "1815-12-10").await, readable(&app, "1852-11-27").await), (0, 0));
        let after = seen(&app, &actor, ada, Detail::Whole).await.unwrap();
        assert_eq!((after.version, after.updated), (before.version, before.updated), "no version was made");
        assert_eq!(after.cell("joined").unwrap().to_json(), json!("1852-11-27"));
        assert_eq!((found(&app, "1852-11-27").await, found(&app, "1815-12-10").await), (1, 0), "it is found by its whole");
        joined(&app, bob, "1999-09-09").await;
        assert_eq!(readable(&app, "1999-09-09").await, 0, "what is written from now on is sealed");
        assert_eq!(faults(&app).await, []);

        turned(&app, Protection::Open).await;
        assert_eq!((readable(&app, "1815-12-10").await, readable(&app, "1852-11-27").await), (1, 1));
        assert_eq!(found(&app, "1852-11-27").await, 0, "its tokens went");
        assert_eq!(seen(&app, &actor, ada, Detail::Whole).await.unwrap().to_json(), before.to_json());
        assert_eq!(faults(&app).await, []);
    }

    async fn a_field_changes_sides_again_while_the_first_job_waits_and_after_it_was_cut_off(app: TestApp) {
        with_day(&app).await;
        let actor = app.operator();
        for n in 0..95 {
            made(&app, &actor, "person", json!({"name": format!("P{n}"), "joined": "1815-12-10"})).await;
        }
        for to in [Protection::Sealed, Protection::Open, Protection::Sealed] {
            protect(&app, &actor, "person", "joined", to).await.unwrap().expect("a job");
        }
        worked_off(&app).await;
        assert_eq!(readable(&app, "1815-12-10").await, 0);
        // A job that died before it could say that it is done looks at everything once more, and changes nothing.
        app.settle().await.unwrap();
        let before = leaves(&app).await;
        app.write(&actor, |unit| {
            unit.witness(trail::Event::new("catalogue.changed"))?;
            unit.enqueue(trail::Job::new(RESEAL, "again", json!({"record_kind": "person"}))).map(drop)
        }).await.unwrap();
        worked_off(&app).await;
        app.settle().await.unwrap();
        assert_eq!(leaves(&app).await, before);
        assert_eq!(faults(&app).await, []);
    }

    async fn a_box_that_lacks_a_field_without_an_order_is_named(app: TestApp) {
        with_day(&app).await;
        let actor = app.operator();
        let ada = made(&app, &actor, "person", json!({"name": "Ada", "joined": "1815-12-10"})).await;
        // Whoever holds the keys seals it again without a field, and even has the leaf for it.
        app.write(&actor, move |unit| {
            unit.witness(trail::Event::new("records.resealed").records([(ada, 1)]))?;
            let row = crate::records::lock(unit, ada)?.unwrap();
            let record = crate::records::open(unit, row.clone())?.unwrap();
            let body = record.body.without(&row.kind.key, &row.open, &["joined".to_owned()])?;
            let open = row.open.iter().filter(|(key, _)| *key != "joined").map(|(k, v)| (k.clone(), v.clone())).collect();
            let boxed = unit.seal(&row.context(), &body.encode())?;
            crate::records::reseal_leaf(unit, &row, &body, &open, &boxed)?;
            crate::records::put_resealed(unit, &row, true, row.key, &open, &boxed)
        }).await.unwrap();
        let faults = faults(&app).await;
        assert!(faults.iter().any(|fault| fault.what.contains("no order to destroy them is known")), "{faults:?}");
    }

    async fn who_may_not_manage_and_what_must_stay_is_refused_and_nothing_changes(app: TestApp) {
        with_day(&app).await;
        let version = app.catalogue().version();
        let clerk = app.acting("sales");
        let narrow = trail::Actor::new(clerk.who, clerk.purpose, "test", vec![trail::Grant::everything("read")]);
        assert_eq!(protect(&app, &narrow, "person", "joined", Protection::Sealed).await.unwrap_err().code(), Code::Forbidden);
        let (own, none) = (Code::InvalidInput, Code::NotFound);
        for (field, to, code) in [("name", Protection::Open, own), ("company", Protection::Sealed, own), ("nothing", Protection::Open, none)] {
            assert_eq!(protect(&app, &app.operator(), "person", field, to).await.unwrap_err().code(), code, "{field}");
        }
        assert_eq!(app.catalogue().version(), version);
    }
}
