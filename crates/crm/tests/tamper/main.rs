//! Tampering: every change of a store that the ledger covers is named by verification, on a fresh copy each; the untouched store is clean.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot be set up has failed")]

mod destruction;
mod log;
mod rows;
mod vault;

use std::{path::Path, sync::Arc};

use catalogue::Value as Field;
use crm::{
    consent::{
        self, Act, Said,
        notice::{self, Wording},
    },
    evidence::{Options, Subject, verify_subject},
    records::{self, Detail, NewRecord, RecordPatch},
    retention,
};
use kernel::{Instant, RecordId, Result};
use ledger::Report;
use serde_json::json;
use store::{Engine, Location, Place, Store, Tx, args};
use testkit::TestApp;
use trail::{
    DATA_MIGRATIONS, VAULT_MIGRATIONS,
    permit::{Manage, ReadRecords, WriteRecords},
};

type Change = fn(&mut Tx) -> Result<()>;

/// A change, what the fault that names it must say, and how it is made.
type Case = (&'static str, &'static str, Change);

async fn make(app: &TestApp, kind: &'static str, each: Vec<serde_json::Value>) -> Vec<RecordId> {
    make_on(app, kind, None, each).await
}

async fn make_on(app: &TestApp, kind: &'static str, created: Option<Instant>, each: Vec<serde_json::Value>) -> Vec<RecordId> {
    let described = app.catalogue().need(kind).unwrap();
    let new: Vec<NewRecord> = each
        .iter()
        .map(|json| {
            let parsed = records::parse_fields(&described, json.as_object().unwrap()).unwrap();
            let fields = parsed.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect();
            NewRecord { created, ..NewRecord::new(kind, fields) }
        })
        .collect();
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| {
        let _ = &permit;
        unit.witness(trail::Event::new("import.finished"))?;
        new.iter().map(|new| records::insert(unit, new.clone())).collect()
    })
    .await
    .unwrap()
}

async fn change(app: &TestApp, id: RecordId, title: &str) {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    let patch = RecordPatch { fields: [("job_title".to_owned(), Some(Field::Text(title.to_owned())))].into(), owner: None };
    app.write(&actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await.unwrap();
}

async fn read(app: &TestApp, id: RecordId) {
    let actor = app.acting("sales");
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(&actor, move |unit| records::show(unit, &permit, id, Detail::Whole)).await.unwrap();
}

/// People, changes, reads in a closed and an open stream, more leaves than a tile holds, several drains.
async fn filled(app: TestApp, many: usize) -> TestApp {
    let tick = |app: &TestApp| app.clock.advance(std::time::Duration::from_secs(7));
    let firm = make(&app, "company", vec![json!({"name": "Nordwind"})]).await[0];
    let ada = make(&app, "person", vec![json!({"name": "Ada", "email": ["ada@b.example"], "company": firm, "relation": "lead"})]).await[0];
    let bob = make(&app, "person", vec![json!({"name": "Bob", "company": firm, "relation": "lead"})]).await[0];
    make(&app, "note", vec![json!({"title": "Call", "person": ada}), json!({"title": "Letter", "person": bob})]).await;
    tick(&app);
    for title in ["Clerk", "Director", "Owner"] {
        change(&app, ada, title).await;
        read(&app, ada).await;
    }
    read(&app, bob).await;
    app.settle().await.unwrap();
    tick(&app);
    let app = app.restarted().await;
    tick(&app);
    for batch in 0..many / 20 {
        make(&app, "person", (0..20).map(|n| json!({"name": format!("Person {batch} {n}"), "relation": "lead"})).collect()).await;
    }
    app.settle().await.unwrap();
    tick(&app);
    for _ in 0..4 {
        read(&app, bob).await;
        read(&app, ada).await;
    }
    app.settle().await.unwrap();
    tick(&app);
    change(&app, bob, "Smith").await;
    consents(&app, ada).await;
    app.settle().await.unwrap();
    app
}

/// Ada consents to a newsletter, having read what it is.
async fn consents(app: &TestApp, ada: RecordId) {
    let actor = app.operator();
    let (manage, permit) = (actor.permit::<Manage>().unwrap(), actor.permit::<WriteRecords>().unwrap());
    let words = Wording { title: "News".into(), text: "Once a month.".into() };
    let notice = app.write(&actor, move |unit| notice::make(unit, &manage, &catalogue::MARKETING, "en", &words)).await.unwrap();
    let said = Said {
        purpose: &catalogue::MARKETING,
        act: Act::Given,
        at: None,
        ends: None,
        channel: "paper".into(),
        notice: Some((notice, None)),
        evidence: None,
    };
    app.write(&actor, move |unit| consent::record(unit, &permit, ada, &said)).await.unwrap();
}

/// Changes one byte in the middle of a column of the one row that fits.
fn flip(tx: &mut Tx, table: &str, column: &str, fits: &str) -> Result<()> {
    let mut bytes: Vec<u8> = tx.one(&format!("SELECT {column} FROM {table} WHERE {fits}"), &[], |row| row.get(0))?;
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    done(tx.run(&format!("UPDATE {table} SET {column} = ?1 WHERE {fits}"), &args![bytes]))
}

fn done(count: Result<u64>) -> Result<()> {
    assert!(count? > 0, "the change touches nothing");
    Ok(())
}

fn run(tx: &mut Tx, sql: &str) -> Result<()> {
    done(tx.run(sql, &[]))
}

/// Exchanges a column of two rows.
fn swap(tx: &mut Tx, table: &str, key: &str, column: &str, fits: &str) -> Result<()> {
    let rows: Vec<(Vec<u8>, Vec<u8>)> =
        tx.all(&format!("SELECT {key}, {column} FROM {table} WHERE {fits} ORDER BY {key} LIMIT 2"), &[], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let sql = format!("UPDATE {table} SET {column} = ?1 WHERE {key} = ?2");
    done(tx.run(&sql, &args![&rows[0].1, &rows[1].0]))?;
    done(tx.run(&sql, &args![&rows[1].1, &rows[0].0]))
}

fn named(report: &Report, expected: &str) -> bool {
    report.faults.iter().any(|fault| fault.what.contains(expected))
}

fn subject(app: &TestApp, store: Store, folder: &Path) -> Subject {
    Subject { store, log: Some(folder.join("log")), ..Subject::live(app) }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn options() -> Options {
    Options { permits: Some(Arc::new(retention::permits)), ..Options::default() }
}

/// Makes each change to a fresh copy of an untouched SQLite store, which is clean, and answers those that verification does not name.
async fn unnamed(app: &TestApp, cases: impl IntoIterator<Item = &'static Case>) -> Vec<String> {
    store::dialect::wal_checkpoint_truncate(app.store()).unwrap();
    let clean = verify_subject(Subject::live(app), options(), None).await.unwrap();
    assert_eq!((clean.faults, clean.missing), (vec![], 0));
    let mut missed = Vec::new();
    for (name, expected, change) in cases {
        let folder = tempfile::tempdir().unwrap();
        copy(app.folder(), folder.path());
        let location =
            Location { data: Place::Sqlite(folder.path().join("data.db")), vault: Place::Sqlite(folder.path().join("vault.db")) };
        let store = Store::open(&location, store::Options { readers: 1, writers: 1 }, DATA_MIGRATIONS, VAULT_MIGRATIONS).unwrap();
        store.write(change).await.unwrap();
        let report = verify_subject(subject(app, store, folder.path()), options(), None).await.unwrap();
        if !named(&report, expected) {
            missed.push(format!("{name} ({expected}): {:?}", report.faults.iter().take(5).collect::<Vec<_>>()));
        }
    }
    missed
}

#[test]
fn every_change_of_a_sqlite_store_is_named_and_the_untouched_store_is_clean() {
    runtime().block_on(async {
        let app = filled(TestApp::fresh(Engine::Sqlite), 260).await;
        let missed = unnamed(&app, rows::CHANGES.iter().chain(log::CHANGES).chain(vault::CHANGES)).await;
        assert!(missed.is_empty(), "{} not named:\n{}", missed.len(), missed.join("\n"));
        assert!(rows::CHANGES.len() + log::CHANGES.len() + vault::CHANGES.len() >= 90);
    });
}

#[test]
fn every_change_of_what_was_destroyed_and_of_the_papers_on_it_is_named() {
    runtime().block_on(async {
        let app = destruction::story(TestApp::fresh(Engine::Sqlite)).await;
        let missed = unnamed(&app, destruction::CHANGES).await;
        assert!(missed.is_empty(), "{} of {} not named:\n{}", missed.len(), destruction::CHANGES.len(), missed.join("\n"));
    });
}

#[test]
fn changes_of_published_files_are_named() {
    runtime().block_on(async {
        let app = filled(TestApp::fresh(Engine::Sqlite), 260).await;
        let log = app.folder().join("log");
        let tile = log.join("tile/0/000");
        let bytes = std::fs::read(&tile).unwrap();
        let faults = |report: Report| report.faults.into_iter().map(|f| f.what).collect::<Vec<_>>().join("\n");
        std::fs::write(&tile, vec![0u8; bytes.len()]).unwrap();
        let report = verify_subject(Subject::live(&app), Options::default(), None).await.unwrap();
        assert!(faults(report).contains("the published tile/0/000 does not follow"));
        std::fs::write(&tile, bytes).unwrap();
        let note = std::fs::read_to_string(log.join("checkpoint")).unwrap();
        std::fs::write(log.join("checkpoint"), note.replace("test.example", "other.example")).unwrap();
        let report = verify_subject(Subject::live(&app), Options::default(), None).await.unwrap();
        assert!(faults(report).contains("the published checkpoint is not signed"));
        std::fs::remove_file(log.join("checkpoint")).unwrap();
        let report = verify_subject(Subject::live(&app), Options::default(), None).await.unwrap();
        assert!(faults(report).contains("the published checkpoint is not there"));
    });
}

#[test]
fn changes_of_a_postgres_store_are_named() {
    runtime().block_on(async {
        let some = [
            "a record's box is changed",
            "a record gets another owner",
            "an earlier version is deleted",
            "a read event in the middle is deleted",
            "a leaf is deleted",
            "the tail is cut off consistently",
        ];
        for (name, expected, change) in rows::CHANGES.iter().chain(log::CHANGES).filter(|(name, ..)| some.contains(name)) {
            let app = filled(TestApp::fresh(Engine::Postgres), 0).await;
            let clean = verify_subject(Subject::live(&app), Options::default(), None).await.unwrap();
            assert_eq!(clean.faults, []);
            app.store().write(change).await.unwrap();
            let report = verify_subject(Subject::live(&app), Options::default(), None).await.unwrap();
            assert!(named(&report, expected), "{name}: {:?}", report.faults);
        }
    });
}
