//! Tampering: every change of a store that the ledger covers is named by verification, on a fresh copy each; the untouched store is clean.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that cannot be set up has failed")]

use std::path::Path;

use catalogue::Value as Field;
use crm::{
    evidence::{Options, Subject, verify_subject},
    records::{self, Detail, NewRecord, RecordPatch},
};
use kernel::{RecordId, Result};
use ledger::Report;
use serde_json::json;
use store::{Engine, Location, Place, Store, Tx, args};
use testkit::TestApp;
use trail::{
    DATA_MIGRATIONS, VAULT_MIGRATIONS,
    permit::{ReadRecords, WriteRecords},
};

type Change = fn(&mut Tx) -> Result<()>;

async fn make(app: &TestApp, kind: &'static str, each: Vec<serde_json::Value>) -> Vec<RecordId> {
    let described = app.catalogue().need(kind).unwrap();
    let new: Vec<NewRecord> = each
        .iter()
        .map(|json| {
            let parsed = records::parse_fields(&described, json.as_object().unwrap()).unwrap();
            NewRecord::new(kind, parsed.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect())
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
    app.settle().await.unwrap();
    app
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

const ADA: &str = "id = (SELECT id FROM record WHERE version = 4)";
const OLD: &str = "version = 2 AND record = (SELECT id FROM record WHERE version = 4)";
const PERSON: &str = "id = (SELECT id FROM record WHERE kind = 'person' AND version = 1 ORDER BY id LIMIT 1)";
const NOTE: &str = "id = (SELECT id FROM record WHERE kind = 'note' ORDER BY id LIMIT 1)";
const PLAIN_EVENT: &str = "id = (SELECT id FROM event WHERE stream IS NULL ORDER BY id LIMIT 1)";
const READ_3: &str = "seq = 3 AND stream = (SELECT id FROM stream WHERE seq = 8)";

/// Each change, and what the fault that names it must say.
const CHANGES: &[(&str, &str, Change)] = &[
    // record
    ("a record's box is changed", "the stored box is not the one", |tx| flip(tx, "record", "sealed", ADA)),
    ("a record's box is emptied", "its body is not there", |tx| {
        done(tx.run(&format!("UPDATE record SET sealed = ?1 WHERE {ADA}"), &args![Vec::<u8>::new()]))
    }),
    ("two records' boxes are exchanged", "the stored box is not the one", |tx| swap(tx, "record", "id", "sealed", "kind = 'note'")),
    ("an open field is changed", "its kind, open fields", |tx| {
        run(tx, &format!("UPDATE record SET open = replace(open, 'lead', 'customer') WHERE {ADA}"))
    }),
    ("an open field is added", "its kind, open fields", |tx| {
        run(tx, &format!("UPDATE record SET open = replace(open, '}}', ',\"zzz\":1}}') WHERE {ADA}"))
    }),
    ("the open fields do not read", "its kind, open fields", |tx| run(tx, &format!("UPDATE record SET open = 'x' WHERE {ADA}"))),
    ("a record becomes one of another kind", "its kind, open fields", |tx| {
        run(tx, &format!("UPDATE record SET kind = 'task' WHERE {NOTE}"))
    }),
    ("a record becomes one of no kind", "its kind", |tx| run(tx, &format!("UPDATE record SET kind = 'nothing' WHERE {NOTE}"))),
    ("a record gets another owner", "the column owner", |tx| {
        done(tx.run(&format!("UPDATE record SET owner = ?1 WHERE {ADA}"), &args![[7u8; 16]]))
    }),
    ("a record gets another team", "the column team", |tx| {
        done(tx.run(&format!("UPDATE record SET team = ?1 WHERE {ADA}"), &args![[7u8; 16]]))
    }),
    ("a record gets another legal order", "the column law", |tx| run(tx, &format!("UPDATE record SET law = 'US' WHERE {ADA}"))),
    ("a record's creation is backdated", "the column created", |tx| {
        run(tx, &format!("UPDATE record SET created = created - 1 WHERE {ADA}"))
    }),
    ("a record's capture is backdated", "the time of its capture", |tx| {
        run(tx, &format!("UPDATE record SET captured = captured - 1 WHERE {ADA}"))
    }),
    ("a version is backdated", "the time of version 4", |tx| run(tx, &format!("UPDATE record SET updated = updated - 1 WHERE {ADA}"))),
    ("a record's version is set back", "the row is at version 3", |tx| run(tx, &format!("UPDATE record SET version = 3 WHERE {ADA}"))),
    ("a record's version is set forward", "the row is at version 5", |tx| run(tx, &format!("UPDATE record SET version = 5 WHERE {ADA}"))),
    ("a record names another leaf", "names another leaf", |tx| flip(tx, "record", "leaf", ADA)),
    ("a record names another's key", "does not open as this version", |tx| {
        run(tx, &format!("UPDATE record SET vault_key = (SELECT vault_key FROM record WHERE {PERSON}) WHERE {ADA}"))
    }),
    ("a record names no key of the vault", "its key is not in the vault", |tx| {
        done(tx.run(&format!("UPDATE record SET vault_key = ?1 WHERE {ADA}"), &args![[9u8; 16]]))
    }),
    ("a record's state is made up", "its state is none", |tx| run(tx, &format!("UPDATE record SET state = 'hidden' WHERE {ADA}"))),
    ("a record is deleted", "its body is not there", |tx| run(tx, &format!("DELETE FROM record WHERE {PERSON}"))),
    ("a record is put there by hand", "no leaf witnesses it", |tx| {
        done(tx.run(
            &format!(
                "INSERT INTO record SELECT ?1, ?2, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, \
                 kept_until, law, facts, vault_key, leaf, open, sealed FROM record WHERE {PERSON}"
            ),
            &args![[5u8; 16], 5_i64],
        ))
    }),
    ("a record gets another id", "its body is not there", |tx| {
        done(tx.run(&format!("UPDATE record SET id = ?1 WHERE {PERSON}"), &args![[5u8; 16]]))
    }),
    ("an old row is put back", "the row is at version 2", |tx| {
        run(
            tx,
            &format!(
                "UPDATE record SET (version, updated, vault_key, leaf, open, sealed) = (SELECT v.version, v.updated, v.vault_key, v.leaf, v.open, v.sealed \
                 FROM record_version v WHERE v.record = record.id AND v.version = 2) WHERE {ADA}"
            ),
        )?;
        run(tx, "DELETE FROM record_version WHERE version >= 2")
    }),
    // record_version
    ("an earlier version's box is changed", "the stored box is not the one", |tx| flip(tx, "record_version", "sealed", OLD)),
    ("an earlier version's open fields are changed", "its kind, open fields", |tx| {
        run(tx, &format!("UPDATE record_version SET open = '{{}}' WHERE {OLD}"))
    }),
    ("an earlier version is backdated", "the time of the version", |tx| {
        run(tx, &format!("UPDATE record_version SET updated = updated - 1 WHERE {OLD}"))
    }),
    ("an earlier version names another leaf", "names no leaf of that version", |tx| flip(tx, "record_version", "leaf", OLD)),
    ("an earlier version names another key", "its key is not in the vault", |tx| {
        done(tx.run(&format!("UPDATE record_version SET vault_key = ?1 WHERE {OLD}"), &args![[9u8; 16]]))
    }),
    ("an earlier version is deleted", "its body is not there", |tx| run(tx, &format!("DELETE FROM record_version WHERE {OLD}"))),
    ("an earlier version is moved to another record", "its body is not there", |tx| {
        run(tx, &format!("UPDATE record_version SET record = (SELECT id FROM record WHERE {PERSON}) WHERE {OLD}"))
    }),
    ("an earlier version is put there by hand", "an earlier version 9 is stored", |tx| {
        run(
            tx,
            &format!("INSERT INTO record_version SELECT record, 9, updated, vault_key, leaf, open, sealed FROM record_version WHERE {OLD}"),
        )
    }),
    ("two versions are exchanged", "the stored box is not the one", |tx| {
        run(tx, "UPDATE record_version SET version = 90 WHERE version = 1")?;
        run(tx, "UPDATE record_version SET version = 1 WHERE version = 2")?;
        run(tx, "UPDATE record_version SET version = 2 WHERE version = 90")
    }),
    ("versions of a record that is not there", "the record is not there", |tx| {
        done(tx.run(&format!("UPDATE record_version SET record = ?1 WHERE {OLD}"), &args![[3u8; 16]]))
    }),
    // what lists sort and filter by
    ("a facet is changed", "its facets", |tx| {
        run(tx, "UPDATE record_facet SET t = 'customer' WHERE record = (SELECT id FROM record WHERE version = 4) AND t = 'lead'")
    }),
    ("a facet is deleted", "its facets", |tx| run(tx, "DELETE FROM record_facet WHERE record = (SELECT id FROM record WHERE version = 4)")),
    ("a link is deleted", "its links", |tx| run(tx, "DELETE FROM link WHERE from_id = (SELECT id FROM record WHERE version = 4)")),
    ("a link is put there by hand", "its links", |tx| {
        run(tx, &format!("INSERT INTO link SELECT id, 'friend', id FROM record WHERE {ADA}"))
    }),
    // event
    ("an event's box is changed", "the stored events of the batch", |tx| flip(tx, "event", "sealed", PLAIN_EVENT)),
    ("an event is deleted", "is not there", |tx| run(tx, &format!("DELETE FROM event WHERE {PLAIN_EVENT}"))),
    ("an event is given to another actor", "its columns", |tx| run(tx, &format!("UPDATE event SET actor = 'system' WHERE {PLAIN_EVENT}"))),
    ("an event is renamed", "its columns", |tx| run(tx, &format!("UPDATE event SET name = 'record.read' WHERE {PLAIN_EVENT}"))),
    ("an event is backdated", "its columns", |tx| run(tx, &format!("UPDATE event SET at = at - 1 WHERE {PLAIN_EVENT}"))),
    ("an event names another day's key", "the key of its day", |tx| {
        done(tx.run(&format!("UPDATE event SET day_key = ?1 WHERE {PLAIN_EVENT}"), &args![[9u8; 16]]))
    }),
    ("an event is put there by hand", "no leaf witnesses it", |tx| {
        done(tx.run(
            &format!("INSERT INTO event SELECT ?1, at, name, actor, stream, seq, chain, day_key, sealed FROM event WHERE {PLAIN_EVENT}"),
            &args![[4u8; 16]],
        ))
    }),
    ("two events' boxes are exchanged", "does not open as this event", |tx| swap(tx, "event", "id", "sealed", "stream IS NULL")),
    // streams of read events
    ("a read event in the middle is changed", "does not open as this event", |tx| flip(tx, "event", "sealed", READ_3)),
    ("a read event in the middle is deleted", "has no event 3", |tx| run(tx, &format!("DELETE FROM event WHERE {READ_3}"))),
    ("a read event is given to another actor", "its columns", |tx| run(tx, &format!("UPDATE event SET actor = 'system' WHERE {READ_3}"))),
    ("a read event is backdated", "its columns", |tx| run(tx, &format!("UPDATE event SET at = at - 1 WHERE {READ_3}"))),
    ("a read event's link is changed", "does not chain", |tx| flip(tx, "event", "chain", READ_3)),
    ("a read event loses its place", "has no event 3", |tx| run(tx, &format!("UPDATE event SET stream = NULL, seq = NULL WHERE {READ_3}"))),
    ("two read events are reordered", "does not chain", |tx| {
        run(tx, "UPDATE event SET seq = 90 WHERE seq = 3 AND stream = (SELECT id FROM stream WHERE seq = 8)")?;
        run(tx, "UPDATE event SET seq = 3 WHERE seq = 4 AND stream = (SELECT id FROM stream WHERE seq = 8)")?;
        run(tx, "UPDATE event SET seq = 4 WHERE seq = 90")
    }),
    ("the last read event is deleted", "its last read events were deleted", |tx| run(tx, "DELETE FROM event WHERE seq = 8")),
    ("the last read event is deleted, and the stream says so", "its end was cut off", |tx| {
        run(tx, "DELETE FROM event WHERE seq = 8")?;
        run(
            tx,
            "UPDATE stream SET chain = (SELECT chain FROM event WHERE seq = 7 AND stream = stream.id), seq = 7, leafed = 7 WHERE seq = 8",
        )
    }),
    ("a read event is appended by hand", "has events after its end", |tx| {
        done(tx.run(
            &format!("INSERT INTO event SELECT ?1, at, name, actor, stream, 9, chain, day_key, sealed FROM event WHERE {READ_3}"),
            &args![[4u8; 16]],
        ))
    }),
    ("a stream's end is changed", "not the one stored with the stream", |tx| flip(tx, "stream", "chain", "seq = 8")),
    ("a stream is deleted", "it was deleted", |tx| run(tx, "DELETE FROM stream WHERE seq = 8")),
    ("a stream opens later than it did", "its row was changed", |tx| {
        run(tx, "UPDATE stream SET opened = opened + 86400000000 WHERE seq = 8")
    }),
    ("a stream and all its events are deleted", "the stream they cover is not there", |tx| {
        run(tx, "DELETE FROM event WHERE stream = (SELECT id FROM stream WHERE seq = 8)")?;
        run(tx, "DELETE FROM stream WHERE seq = 8")
    }),
    // leaf
    ("a leaf is changed", "do not lead to the root", |tx| flip(tx, "leaf", "data", "idx = 3")),
    ("a leaf is changed with its hash", "does not follow from the leaves", |tx| {
        flip(tx, "leaf", "data", "idx = 3")?;
        let data: Vec<u8> = tx.one("SELECT data FROM leaf WHERE idx = 3", &[], |row| row.get(0))?;
        done(tx.run("UPDATE leaf SET hash = ?1 WHERE idx = 3", &args![ledger::leaf_hash(&data)]))
    }),
    ("a leaf's hash is changed", "not the hash of its data", |tx| flip(tx, "leaf", "hash", "idx = 3")),
    ("a leaf is deleted", "no leaf at this index", |tx| run(tx, "DELETE FROM leaf WHERE idx = 3")),
    ("the last leaf is deleted", "no leaf at this index", |tx| run(tx, "DELETE FROM leaf WHERE idx = (SELECT MAX(idx) FROM leaf)")),
    ("two leaves are exchanged", "do not lead to the root", |tx| {
        run(tx, "UPDATE leaf SET idx = 100000 WHERE idx = 3")?;
        run(tx, "UPDATE leaf SET idx = 3 WHERE idx = 4")?;
        run(tx, "UPDATE leaf SET idx = 4 WHERE idx = 100000")
    }),
    ("a leaf is put after the end by hand", "put there by hand", |tx| {
        run(tx, "INSERT INTO leaf SELECT idx + 100000, hash, data, unit, record, version FROM leaf WHERE idx = 3")
    }),
    ("a leaf names another record", "its body is not there", |tx| {
        done(tx.run("UPDATE leaf SET record = ?1 WHERE idx = 0", &args![[6u8; 16]]))
    }),
    ("a leaf names another version", "its body is not there", |tx| run(tx, "UPDATE leaf SET version = 7 WHERE idx = 0")),
    ("a leaf names another event", "that the leaf belongs to is not there", |tx| {
        done(tx.run("UPDATE leaf SET unit = ?1 WHERE idx = 0", &args![[6u8; 16]]))
    }),
    ("a stream's leaf names another link", "names link 90", |tx| {
        run(tx, "UPDATE leaf SET version = 90 WHERE record = (SELECT id FROM stream WHERE seq = 8) AND version = 8")
    }),
    // tile, tree, checkpoint
    ("a tile is changed", "does not follow from the leaves", |tx| flip(tx, "tile", "hashes", "level = 0 AND idx = 0")),
    ("a tile is deleted", "tile/0/000 is not there", |tx| run(tx, "DELETE FROM tile WHERE level = 0")),
    ("a tile is put there by hand", "full tiles are stored", |tx| {
        run(tx, "INSERT INTO tile SELECT 3, 0, hashes FROM tile WHERE level = 0")
    }),
    ("the head's root is changed", "head as stored", |tx| flip(tx, "tree", "root", "id = 1")),
    ("the head's edge is changed", "head as stored", |tx| flip(tx, "tree", "frontier", "id = 1")),
    ("the head is backdated", "head bears another time", |tx| run(tx, "UPDATE tree SET at = at - 1")),
    ("the head is deleted", "head is not there", |tx| run(tx, "DELETE FROM tree")),
    ("a checkpoint is deleted", "it was deleted", |tx| run(tx, "DELETE FROM checkpoint WHERE size = (SELECT MIN(size) FROM checkpoint)")),
    ("the last checkpoint is deleted", "it was deleted", |tx| {
        run(tx, "DELETE FROM checkpoint WHERE size = (SELECT MAX(size) FROM checkpoint)")
    }),
    ("a checkpoint's note is changed", "not signed by this ledger's key", |tx| {
        run(
            tx,
            "UPDATE checkpoint SET note = replace(note, 'test.example', 'Test.example') WHERE size = (SELECT MIN(size) FROM checkpoint)",
        )
    }),
    ("a checkpoint is exchanged for another", "is that of size", |tx| {
        run(
            tx,
            "UPDATE checkpoint SET note = (SELECT c.note FROM checkpoint c ORDER BY c.size DESC LIMIT 1) WHERE size = (SELECT MIN(size) FROM checkpoint)",
        )
    }),
    ("a checkpoint is backdated", "bears another time", |tx| {
        run(tx, "UPDATE checkpoint SET at = at - 1 WHERE size = (SELECT MIN(size) FROM checkpoint)")
    }),
    ("a checkpoint is put there by hand", "stand outside the ledger's head", |tx| {
        run(tx, "INSERT INTO checkpoint SELECT 1000000, at, note FROM checkpoint WHERE size = (SELECT MIN(size) FROM checkpoint)")
    }),
    ("the tail is cut off consistently", "its tail was cut off", cut_off),
    // vault
    ("a key is deleted from the vault", "its key is not in the vault", |tx| {
        let key: Vec<u8> = tx.one(&format!("SELECT vault_key FROM record WHERE {ADA}"), &[], |row| row.get(0))?;
        done(tx.vault().run("DELETE FROM vault_key WHERE id = ?1", &args![key]))
    }),
    ("a key in the vault is changed", "the vault's row does not open", |tx| {
        let key: Vec<u8> = tx.one(&format!("SELECT vault_key FROM record WHERE {ADA}"), &[], |row| row.get(0))?;
        done(tx.vault().run("UPDATE vault_key SET bytes = ?2 WHERE id = ?1", &args![key, vec![1u8; 72]]))
    }),
    ("the key of a day is deleted", "the key of its day", |tx| {
        let key: Vec<u8> = tx.one("SELECT vault_key FROM day_key LIMIT 1", &[], |row| row.get(0))?;
        done(tx.vault().run("DELETE FROM vault_key WHERE id = ?1", &args![key]))
    }),
    ("a tombstone is put there by hand", "names an order that is not there", |tx| {
        done(tx.vault().run("INSERT INTO tombstone (id, at, destroy_order) VALUES (?1, ?2, ?3)", &args![[1u8; 16], 1_i64, [2u8; 16]]))
    }),
    ("a living key gets a tombstone", "has a tombstone and is there", |tx| {
        let key: Vec<u8> = tx.one(&format!("SELECT vault_key FROM record WHERE {ADA}"), &[], |row| row.get(0))?;
        done(tx.vault().run("INSERT INTO tombstone (id, at, destroy_order) VALUES (?1, ?2, ?3)", &args![key, 1_i64, [2u8; 16]]))
    }),
    // orders
    ("an order is put there by hand", "no leaf witnesses it", |tx| {
        done(tx.run(
            "INSERT INTO destroy_order (id, at, state, cause, request, body, leaf) VALUES (?1, 1, 'certified', 'expiry', NULL, ?2, ?3)",
            &args![[2u8; 16], vec![0u8; 8], [3u8; 32]],
        ))
    }),
    ("a certificate is put there by hand", "no leaf witnesses it", |tx| {
        done(tx.run(
            "INSERT INTO certificate (destroy_order, at, body, leaf) VALUES (?1, 1, ?2, ?3)",
            &args![[2u8; 16], vec![0u8; 8], [3u8; 32]],
        ))
    }),
    ("a record is removed as if it had been destroyed", "its body is not there", |tx| {
        done(tx.run(&format!("UPDATE record SET state = 'gone', sealed = ?1, open = '{{}}' WHERE {PERSON}"), &args![Vec::<u8>::new()]))
    }),
];

/// Takes the newest drain away with everything that belongs to it: rows, tree, checkpoints agree with each other afterwards.
fn cut_off(tx: &mut Tx) -> Result<()> {
    let sizes: Vec<u64> = tx.all("SELECT size FROM checkpoint ORDER BY size DESC LIMIT 2", &[], |row| row.get(0))?;
    let (now, before) = (sizes[0], i64::try_from(sizes[1]).unwrap());
    assert!(now > sizes[1]);
    let hashes: Vec<[u8; 32]> = tx.all("SELECT hash FROM leaf WHERE idx < ?1 ORDER BY idx", &args![before], |row| row.get(0))?;
    let mut frontier = ledger::Frontier::new();
    for hash in hashes {
        frontier.push(hash)?;
    }
    run(
        tx,
        "UPDATE record SET version = 1, leaf = (SELECT leaf FROM record_version v WHERE v.record = record.id), open = (SELECT open FROM record_version v WHERE v.record = record.id), \
        sealed = (SELECT sealed FROM record_version v WHERE v.record = record.id), updated = (SELECT updated FROM record_version v WHERE v.record = record.id) WHERE version = 2",
    )?;
    run(tx, "DELETE FROM record_version WHERE record IN (SELECT id FROM record WHERE version = 1)")?;
    done(tx.run("DELETE FROM event WHERE id IN (SELECT unit FROM leaf WHERE idx >= ?1)", &args![before]))?;
    done(tx.run("DELETE FROM leaf WHERE idx >= ?1", &args![before]))?;
    done(tx.run("DELETE FROM checkpoint WHERE size > ?1", &args![before]))?;
    let at: i64 = tx.one("SELECT at FROM checkpoint WHERE size = ?1", &args![before], |row| row.get(0))?;
    done(tx.run("UPDATE tree SET size = ?1, root = ?2, frontier = ?3, at = ?4", &args![before, frontier.root(), frontier.to_bytes(), at]))
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

#[test]
fn every_change_of_a_sqlite_store_is_named_and_the_untouched_store_is_clean() {
    runtime().block_on(async {
        let app = filled(TestApp::fresh(Engine::Sqlite), 260).await;
        store::dialect::wal_checkpoint_truncate(app.store()).unwrap();
        let clean = verify_subject(Subject::live(&app), Options::default(), None).await.unwrap();
        assert_eq!(clean.faults, []);
        assert_eq!(clean.open, clean.leaves);
        let mut missed = Vec::new();
        for (name, expected, change) in CHANGES {
            let folder = tempfile::tempdir().unwrap();
            copy(app.folder(), folder.path());
            let location =
                Location { data: Place::Sqlite(folder.path().join("data.db")), vault: Place::Sqlite(folder.path().join("vault.db")) };
            let options = store::Options { readers: 1, writers: 1 };
            let store = Store::open(&location, options, DATA_MIGRATIONS, VAULT_MIGRATIONS).unwrap();
            store.write(change).await.unwrap();
            let report = verify_subject(subject(&app, store, folder.path()), Options::default(), None).await.unwrap();
            if !named(&report, expected) {
                missed.push(format!("{name} ({expected}): {:?}", report.faults.iter().take(5).collect::<Vec<_>>()));
            }
        }
        assert!(missed.is_empty(), "{} of {} not named:\n{}", missed.len(), CHANGES.len(), missed.join("\n"));
        assert!(CHANGES.len() >= 60);
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
        for (name, expected, change) in CHANGES.iter().filter(|(name, ..)| some.contains(name)) {
            let app = filled(TestApp::fresh(Engine::Postgres), 0).await;
            let clean = verify_subject(Subject::live(&app), Options::default(), None).await.unwrap();
            assert_eq!(clean.faults, []);
            app.store().write(change).await.unwrap();
            let report = verify_subject(Subject::live(&app), Options::default(), None).await.unwrap();
            assert!(named(&report, expected), "{name}: {:?}", report.faults);
        }
    });
}
