//! The promises of backup, restore and key rotation.

use std::sync::Arc;

use kernel::{Code, Personal, RecordId};
use serde_json::json;
use store::{Location, Options as StoreOptions};
use testkit::{Engine, TestApp, store_test};
use trail::{
    App, Config,
    permit::{Audit, Keys, ReadRecords, WriteRecords},
};

use super::*;
use crate::{
    disposal,
    evidence::{self, Options},
    holds::testing::{changed, made_on, over, rule, settled},
    records::{self, Detail, NewRecord},
    requests, retention, views,
};

async fn person(app: &App, actor: &trail::Actor, name: &str) -> RecordId {
    let kind = app.catalogue().need("person").unwrap();
    let json = json!({ "name": name, "email": [format!("{}@b.example", name.to_lowercase())] });
    let parsed = records::parse_fields(&kind, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new("person", parsed.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn title(app: &App, actor: &trail::Actor, id: RecordId) -> Result<String> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(actor, move |unit| records::show(unit, &permit, id, Detail::Whole)).await.map(|shown| shown.title)
}

/// Erases a person on their request, as anybody would: plan, then execution.
async fn erased(app: &App, actor: &trail::Actor, id: RecordId) {
    let plan = requests::erasure::plan(app, actor, id).await.unwrap();
    requests::erasure::execute(app, actor, id, None, "asked by letter", &plan.fingerprint, plan.count).await.unwrap();
}

/// An empty place in a folder of the installation's, under the same root key.
fn place(app: &TestApp, name: &str, location: Option<Location>) -> Config {
    let folder = app.folder().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let sqlite = |file: &str| store::Place::Sqlite(folder.join(file));
    Config {
        location: location.unwrap_or_else(|| Location { data: sqlite("data.db"), vault: sqlite("vault.db") }),
        options: StoreOptions { readers: 2, writers: 2 },
        blobs: folder.join("blobs").display().to_string(),
        keyring: folder.join("keyring"),
        provider: Arc::new(testkit::provider(app.folder())),
        origin: "test.example/log".to_owned(),
        log: Some(folder.join("log")),
        public_url: None,
    }
}

/// On the engine the backup came from.
fn on_the_same_engine(app: &TestApp, name: &str) -> Config {
    let postgres = (app.engine == Engine::Postgres).then(|| TestApp::fresh(Engine::Postgres).location().clone());
    place(app, name, postgres)
}

/// On SQLite whatever the engine was: a backup moves between engines.
fn on_sqlite(app: &TestApp, name: &str) -> Config {
    place(app, name, None)
}

/// Orders are decided again by their own facts.
fn decided() -> Options {
    Options { permits: Some(Arc::new(retention::permits)), ..Options::default() }
}

async fn verified(app: &App, actor: &trail::Actor) -> ledger::Report {
    evidence::verify(app, &actor.permit::<Audit>().unwrap(), decided(), None).await.unwrap()
}

store_test! {
    async fn a_backup_verifies_and_restores_and_a_person_erased_since_does_not_come_back(app: TestApp) {
        let actor = app.operator();
        let permit = actor.permit::<Keys>().unwrap();
        let (ada, bob) = (person(&app, &actor, "Ada").await, person(&app, &actor, "Bob").await);
        let (dir, old, newest) = (app.folder().join("b"), app.folder().join("v1"), app.folder().join("v2"));
        let staff = trail::Actor::new(trail::Who::Staff(kernel::UserId::mint(app.env())), actor.purpose, "page", vec![trail::Grant::everything("read")]);
        let reads = staff.permit::<ReadRecords>().unwrap();
        let new = views::NewView { kind: "person".into(), name: Personal::new("All".into()), look: views::Look::default(), shared: false, first_for_me: false, first_for_all: false };
        let mine = reads.clone();
        let view = app.write(&staff, move |unit| views::save(unit, &mine, &new)).await.unwrap();
        let made = make(&app, &permit, &dir, &old).await.unwrap();
        assert_eq!(made.records, 2);
        let provider = testkit::provider(app.folder());
        let open = verify(&dir, Some((&old, &provider)), Options::default(), app.env()).await.unwrap();
        assert_eq!((open.faults.clone(), open.open), (vec![], open.leaves));
        let sealed = verify(&dir, None, Options::default(), app.env()).await.unwrap();
        assert_eq!((sealed.faults.clone(), sealed.sealed), (vec![], sealed.leaves));
        erased(&app, &actor, ada).await;
        app.write(&staff, move |unit| views::delete(unit, &reads, view)).await.unwrap();
        assert_eq!(verified(&app, &actor).await.faults, vec![], "a view's key went by an event and no order");
        let after = app.folder().join("b2");
        make(&app, &permit, &after, &newest).await.unwrap();
        // The tombstones are in the vault; without it order and certificate explain what is gone.
        let sealed = verify(&after, None, decided(), app.env()).await.unwrap();
        assert_eq!((sealed.faults.clone(), sealed.missing, sealed.erased), (vec![], 0, 1));

        let config = on_sqlite(&app, "restored");
        let (back, restored) = restore(&permit, &dir, &newest, config, false, app.env().clone()).await.unwrap();
        assert_eq!((restored.records, restored.erased, restored.lost), (2, 1, 0));
        assert!(restored.new_origin.is_some());
        assert_eq!(title(&back, &actor, ada).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(title(&back, &actor, bob).await.unwrap(), "Bob");
        let report = verified(&back, &actor).await;
        assert_eq!((report.faults.clone(), report.erased, report.missing), (vec![], 1, 0));
        let suppressed = back.read(&actor, |unit| { let known = disposal::is_suppressed(unit, "ada@b.example")?; unit.plain(known) }).await.unwrap();
        assert!(suppressed, "an address that was erased is still refused");
        let kind = back.catalogue().need("person").unwrap();
        let found = back.read(&actor, move |unit| {
            let found = records::with_value(unit, &kind, "email", "bob@b.example", None)?.len();
            unit.release(trail::Event::new("record.searched"), found)
        }).await.unwrap();
        assert_eq!(found, 1);
        back.close().await.unwrap();
    }

    async fn a_restore_refuses_what_is_not_empty_and_a_vault_older_than_the_data(app: TestApp) {
        let actor = app.operator();
        let permit = actor.permit::<Keys>().unwrap();
        person(&app, &actor, "Ada").await;
        let (first, old) = (app.folder().join("b1"), app.folder().join("v1"));
        make(&app, &permit, &first, &old).await.unwrap();
        let bob = person(&app, &actor, "Bob").await;
        let (second, newest) = (app.folder().join("b2"), app.folder().join("v2"));
        make(&app, &permit, &second, &newest).await.unwrap();
        assert_eq!(make(&app, &permit, &second, &app.folder().join("v3")).await.unwrap_err().code(), Code::Conflict);

        let refused = restore(&permit, &second, &old, on_sqlite(&app, "r1"), false, app.env().clone()).await.err().unwrap();
        assert_eq!(refused.code(), Code::Conflict);
        let (back, restored) = restore(&permit, &second, &old, on_sqlite(&app, "r2"), true, app.env().clone()).await.unwrap();
        assert_eq!(restored.lost, 1);
        let report = verified(&back, &actor).await;
        assert!(report.missing >= 1 && report.faults.iter().any(|f| f.what.contains(&bob.to_string())), "{report:?}");
        back.close().await.unwrap();
        let refused = restore(&permit, &second, &newest, on_sqlite(&app, "r2"), false, app.env().clone()).await.err().unwrap();
        assert_eq!(refused.code(), Code::Conflict);

        let data = second.join("data.db");
        let mut bytes = std::fs::read(&data).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&data, bytes).unwrap();
        let refused = restore(&permit, &second, &newest, on_sqlite(&app, "r3"), false, app.env().clone()).await.err().unwrap();
        assert_eq!(refused.code(), Code::Malformed);
    }

    async fn a_backup_restores_onto_the_engine_it_came_from(app: TestApp) {
        let actor = app.operator();
        let permit = actor.permit::<Keys>().unwrap();
        let ada = person(&app, &actor, "Ada").await;
        let (dir, vault) = (app.folder().join("b"), app.folder().join("v"));
        make(&app, &permit, &dir, &vault).await.unwrap();
        let config = on_the_same_engine(&app, "again");
        let (back, restored) = restore(&permit, &dir, &vault, config, false, app.env().clone()).await.unwrap();
        assert_eq!(title(&back, &actor, ada).await.unwrap(), "Ada");
        // What was written after the data were copied, the backup's own event, is known to be lost: a new name.
        assert!(restored.new_origin.is_some());
        assert_eq!(verified(&back, &actor).await.faults, []);
        back.close().await.unwrap();
    }

    // evidence.md: a field is destroyed through the same order; what is left of the record outlives a restore.
    async fn a_field_destroyed_since_does_not_come_back_and_the_rest_of_the_record_does(app: TestApp) {
        let actor = app.operator();
        let permit = actor.permit::<Keys>().unwrap();
        rule(&app, "lead", json!({"applies_to": over("person"), "period": "P7Y"})).await;
        rule(&app, "notes", json!({"kind": "max", "applies_to": over("person"), "fields": ["note"], "period": "P1Y"})).await;
        let ada = made_on(&app, "person", "2022-01-01", json!({"name": "Ada", "note": "likes Quellenbrunn", "relation": "lead"})).await;
        changed(&app, ada, "job_title", "Clerk").await;
        let bytes = b"a picture of Quellenbrunn".to_vec();
        let uploaded = records::store_blob(&app, &bytes).await.unwrap();
        let blob = app.write(&actor, move |unit| {
            unit.witness(trail::Event::new("test.attached"))?;
            records::attach(unit, ada, &uploaded, "picture")
        }).await.unwrap();
        settled(&app).await;
        let (dir, old, newest) = (app.folder().join("b"), app.folder().join("v1"), app.folder().join("v2"));
        make(&app, &permit, &dir, &old).await.unwrap();
        assert_eq!(disposal::sweep(&app, &actor).await.unwrap().disposed, 1);
        make(&app, &permit, &app.folder().join("b2"), &newest).await.unwrap();

        let (back, restored) = restore(&permit, &dir, &newest, on_the_same_engine(&app, "restored"), false, app.env().clone()).await.unwrap();
        assert_eq!((restored.erased, restored.lost, restored.not_replayed), (0, 0, 0));
        let read = actor.permit::<ReadRecords>().unwrap();
        let (now, first) = (read.clone(), read.clone());
        let shown = back.read(&actor, move |unit| records::show(unit, &now, ada, Detail::Whole)).await.unwrap();
        assert_eq!((shown.title.as_str(), shown.cell("note")), ("Ada", None));
        assert_eq!(shown.cell("job_title").unwrap().to_json(), json!("Clerk"));
        let shown = back.read(&actor, move |unit| records::show_version(unit, &first, ada, 1, Detail::Whole)).await.unwrap();
        assert_eq!((shown.title.as_str(), shown.cell("note")), ("Ada", None));
        assert_eq!(records::read_blob(&back, &read, ada, blob).await.unwrap().to_vec(), bytes);
        let report = verified(&back, &actor).await;
        assert_eq!((report.faults.clone(), report.missing), (vec![], 0));
        back.close().await.unwrap();
    }

    async fn an_interrupted_restore_is_opened_by_nobody_and_begins_anew(app: TestApp) {
        let actor = app.operator();
        let permit = actor.permit::<Keys>().unwrap();
        let ada = person(&app, &actor, "Ada").await;
        let (dir, vault) = (app.folder().join("b"), app.folder().join("v"));
        make(&app, &permit, &dir, &vault).await.unwrap();
        let config = on_the_same_engine(&app, "half");
        std::fs::write(app.folder().join("half/in-the-way"), b"a file").unwrap();
        let stuck = Config { blobs: app.folder().join("half/in-the-way").display().to_string(), ..config.clone() };
        restore(&permit, &dir, &vault, stuck, false, app.env().clone()).await.err().unwrap();
        let refused = App::open(config.clone(), app.env().clone()).err().unwrap();
        assert_eq!(refused.code(), Code::Conflict);
        assert!(refused.detail().contains("probity restore"));
        let (back, restored) = restore(&permit, &dir, &vault, config.clone(), false, app.env().clone()).await.unwrap();
        assert_eq!((restored.records, restored.lost), (1, 0));
        assert_eq!(title(&back, &actor, ada).await.unwrap(), "Ada");
        assert_eq!(verified(&back, &actor).await.faults, []);
        back.close().await.unwrap();
        App::open(config, app.env().clone()).unwrap().close().await.unwrap();
    }

    async fn rotated_keys_open_what_was_sealed_and_the_old_epoch_is_gone(app: TestApp) {
        let actor = app.operator();
        let permit = actor.permit::<Keys>().unwrap();
        let ada = person(&app, &actor, "Ada").await;
        let rotated = keys::rotate(&app, &permit).await.unwrap();
        assert_eq!(rotated.destroyed, [1]);
        assert!(rotated.keys >= 2);
        assert_eq!(app.keyring().epochs().len(), 1);
        assert_eq!(title(&app, &actor, ada).await.unwrap(), "Ada");
        assert_eq!(keys::rotate_index(&app, &permit).await.unwrap(), 2);
        let kind = app.catalogue().need("person").unwrap();
        let found = app.read(&actor, move |unit| {
            let found = records::with_value(unit, &kind, "email", "ada@b.example", None)?.len();
            unit.release(trail::Event::new("record.searched"), found)
        }).await.unwrap();
        assert_eq!(found, 1);
        assert_eq!(verified(&app, &actor).await.faults, []);
    }

    // evidence.md: rotation destroys the epoch before; no node goes on under it, whichever rotated.
    async fn a_node_notices_that_another_rotated_and_writes_reads_and_searches_under_the_keys_that_count(app: TestApp) {
        if app.engine == Engine::Sqlite {
            return; // One process holds the folder.
        }
        let actor = app.operator();
        let permit = actor.permit::<Keys>().unwrap();
        let ada = person(&app, &actor, "Ada").await;
        let other = app.another_node();
        let apart = app.another_node_with_its_own_keyring();
        assert_eq!(title(&other, &actor, ada).await.unwrap(), "Ada");
        keys::rotate(&app, &permit).await.unwrap();
        let bob = person(&other, &actor, "Bob").await;
        assert_eq!(other.keyring().epochs().into_iter().map(|(id, _)| id.0).collect::<Vec<_>>(), [2], "it forgot the destroyed epoch");
        assert_eq!((title(&other, &actor, ada).await.unwrap(), title(&app, &actor, bob).await.unwrap()), ("Ada".to_owned(), "Bob".to_owned()));
        keys::rotate_index(&app, &permit).await.unwrap();
        let eve = person(&other, &actor, "Eve").await;
        for node in [&*app, &other] {
            for (email, id) in [("ada@b.example", ada), ("bob@b.example", bob), ("eve@b.example", eve)] {
                assert_eq!(found(node, &actor, email).await.unwrap(), [id], "{email}");
            }
        }
        // A node with a keyring of its own, of before, is refused in words and writes nothing.
        let refused = found(&apart, &actor, "ada@b.example").await.unwrap_err();
        assert_eq!(refused.code(), Code::Unavailable);
        assert!(refused.detail().contains("rotated on another node"), "{}", refused.detail());
        let kind = app.catalogue().need("person").unwrap();
        let write = actor.permit::<WriteRecords>().unwrap();
        let json = json!({"name": "Mallory"});
        let fields = records::parse_fields(&kind, json.as_object().unwrap()).unwrap();
        let new = NewRecord::new("person", fields.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect());
        let refused = apart.write(&actor, move |unit| records::create(unit, &write, new.clone())).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unavailable);
        std::fs::copy(app.keyring_path(), apart.keyring_path()).unwrap();
        assert_eq!(found(&apart, &actor, "eve@b.example").await.unwrap(), [eve], "with the keyring in its place it goes on");
        assert_eq!(verified(&app, &actor).await.faults, []);
    }

    async fn units_under_way_while_another_node_rotates_lose_nothing(app: TestApp) {
        if app.engine == Engine::Sqlite {
            return;
        }
        let actor = app.operator();
        let permit = actor.permit::<Keys>().unwrap();
        let other = app.another_node();
        let writer = {
            let (other, actor) = (other.clone(), actor.clone());
            tokio::spawn(async move {
                let mut made = Vec::new();
                for n in 0..40 {
                    made.push((format!("Person{n}"), person(&other, &actor, &format!("Person{n}")).await));
                }
                made
            })
        };
        for _ in 0..3 {
            keys::rotate(&app, &permit).await.unwrap();
        }
        for (name, id) in writer.await.unwrap() {
            assert_eq!(title(&app, &actor, id).await.unwrap(), name);
        }
    }
}

async fn found(app: &App, actor: &trail::Actor, email: &str) -> Result<Vec<RecordId>> {
    let (kind, email) = (app.catalogue().need("person").unwrap(), email.to_owned());
    app.read(actor, move |unit| {
        let found: Vec<RecordId> =
            records::with_value(unit, &kind, "email", &email, None)?.into_iter().map(|record| record.row.id).collect();
        unit.release(trail::Event::new("record.searched"), found)
    })
    .await
}
