//! What only SQLite has: a file, a lock, a disk.

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use kernel::Code;
use store::{Migration, Store, args, dialect};

use crate::{DATA, SMALL, VAULT, on_both, on_postgres, on_sqlite};

static NEWER: &[Migration] = &[
    DATA[0],
    DATA[1],
    Migration { number: 3, name: "later", sqlite: "CREATE TABLE later (id BIGINT);", postgres: "CREATE TABLE later (id BIGINT);" },
];
static CHANGED: &[Migration] =
    &[Migration { sqlite: "CREATE TABLE item (id TEXT);", postgres: "CREATE TABLE item (id TEXT);", ..DATA[0] }, DATA[1], NEWER[2]];
static GAP: &[Migration] = &[DATA[0], Migration { number: 3, ..DATA[1] }];
static TWIN: &[Migration] = &[DATA[0], Migration { number: 1, ..DATA[1] }];
static OTHER_VAULT: &[Migration] = &[
    VAULT[0],
    Migration { number: 2, name: "other", sqlite: "CREATE TABLE other (id BIGINT);", postgres: "CREATE TABLE other (id BIGINT);" },
];
static BROKEN: &[Migration] = &[
    DATA[0],
    DATA[1],
    Migration {
        number: 3,
        name: "broken",
        sqlite: "CREATE TABLE half (id BIGINT); SELEKT;",
        postgres: "CREATE TABLE half (id BIGINT); SELEKT;",
    },
];

#[test]
fn a_newer_database_and_a_changed_history_are_refused_and_left_untouched() {
    let dir = tempfile::tempdir().unwrap();
    for location in [Some(on_sqlite(dir.path())), on_postgres()].into_iter().flatten() {
        Store::open(&location, SMALL, NEWER, VAULT).unwrap().close();
        let bytes = || ["data.db", "vault.db"].map(|name| fs::read(dir.path().join(name)).unwrap());
        let before = bytes();
        for (data, words) in [(DATA, "newer version"), (CHANGED, "Migration 1 of the database is not the one")] {
            // The vault has a step to take, and is not to take it when the data refuses.
            let refused = Store::open(&location, SMALL, data, OTHER_VAULT).unwrap_err();
            assert_eq!(refused.code(), Code::Conflict);
            assert!(refused.detail().contains(words), "{refused}");
        }
        assert!(bytes() == before, "a refused database is not touched");
        let store = Store::open(&location, SMALL, NEWER, VAULT).unwrap();
        let tables = store.read_now(|tx| Ok((store::schema(tx)?.len(), store::vault_schema(tx)?.len()))).unwrap();
        assert_eq!(tables, (4, 2));
        store.close();
    }
}

#[test]
fn migrations_with_a_gap_or_a_number_twice_are_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    for location in [Some(on_sqlite(dir.path())), on_postgres()].into_iter().flatten() {
        for (wrong, words) in [(GAP, "migration 3 (tokens) stands where number 2"), (TWIN, "migration 1 (tokens) stands where number 2")] {
            let refused = Store::open(&location, SMALL, wrong, VAULT).unwrap_err();
            assert_eq!(refused.code(), Code::Internal);
            assert!(format!("{refused:?}").contains(words), "{refused:?}");
        }
        let store = Store::open(&location, SMALL, DATA, VAULT).unwrap();
        assert_eq!(store.read_now(|tx| Ok(store::schema(tx)?.len())).unwrap(), 3);
    }
}

#[test]
fn a_clone_that_is_left_does_not_hold_the_folder_after_closing() {
    let dir = tempfile::tempdir().unwrap();
    let location = on_sqlite(dir.path());
    let first = Store::open(&location, SMALL, DATA, VAULT).unwrap();
    let left = first.clone();
    first.close();
    let second = Store::open(&location, SMALL, DATA, VAULT).unwrap();
    assert_eq!(left.read_now(|_| Ok(())).unwrap_err().code(), Code::Unavailable);
    second.read_now(|_| Ok(())).unwrap();
}

#[test]
fn a_migration_that_fails_leaves_the_database_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    for location in [Some(on_sqlite(dir.path())), on_postgres()].into_iter().flatten() {
        let failed = Store::open(&location, SMALL, BROKEN, VAULT).unwrap_err();
        assert!(failed.detail().contains("Migration 3 (broken)"), "{failed}");
        let store = Store::open(&location, SMALL, DATA, VAULT).unwrap();
        assert!(store.read_now(|tx| tx.run("SELECT id FROM half", &args![])).is_err());
    }
}

#[test]
fn a_second_holder_of_the_folder_is_refused_until_the_first_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let location = on_sqlite(dir.path());
    let first = Store::open(&location, SMALL, DATA, VAULT).unwrap();
    assert_eq!(Store::open(&location, SMALL, DATA, VAULT).unwrap_err().code(), Code::Conflict);
    // Another process sees the lock as well.
    if let Ok(status) = Command::new("flock").arg("-n").arg(dir.path().join("data.db.lock")).arg("true").status() {
        assert!(!status.success());
    }
    first.close();
    Store::open(&location, SMALL, DATA, VAULT).unwrap();
}

#[test]
fn files_are_private_and_the_log_is_empty_after_closing() {
    let dir = tempfile::tempdir().unwrap();
    let location = on_sqlite(&dir.path().join("deep/er"));
    let store = Store::open(&location, SMALL, DATA, VAULT).unwrap();
    store.write_now(|tx| tx.run("INSERT INTO item (id, flag) VALUES (?1, ?2)", &args![1, true])).unwrap();
    for name in ["data.db", "data.db-wal", "vault.db", "data.db.lock"] {
        let mode = fs::metadata(dir.path().join("deep/er").join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(dir.path().join("deep")).unwrap().permissions().mode() & 0o777, 0o700);
    store.close();
    assert!(fs::metadata(dir.path().join("deep/er/data.db-wal")).map_or(0, |m| m.len()) == 0);
}

#[test]
fn a_backup_is_whole_private_and_without_tokens() {
    on_both(|store| {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("copy.db");
        store
            .write_now(|tx| {
                tx.run("INSERT INTO item (id, flag) VALUES (?1, ?2)", &args![1, true])?;
                store::tokens::put(tx, 1, &[0x1122_3344_5566_7788])
            })
            .unwrap();
        let done = dialect::backup(&store, dialect::Which::Data, &to);
        if store.engine() == store::Engine::Postgres {
            assert_eq!(done.unwrap_err().code(), Code::Conflict);
            return;
        }
        done.unwrap();
        assert_eq!(dialect::backup(&store, dialect::Which::Data, &to).unwrap_err().code(), Code::Conflict);
        let bytes = fs::read(&to).unwrap();
        assert!(!bytes.windows(16).any(|w| w == b"1122334455667788"));
        let copy = rusqlite::Connection::open(&to).unwrap();
        assert_eq!(copy.query_row("SELECT count(*) FROM item", [], |row| row.get::<_, i64>(0)).unwrap(), 1);
        dialect::vacuum(&store).unwrap();
        assert!(store.read_now(dialect::size).unwrap() > 0);
        assert_eq!(store.read_now(dialect::page_size).unwrap(), 8192);
    });
}

/// Unmounts however the test ends.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.0).status());
    }
}

#[test]
fn a_full_disk_is_said_and_nothing_acknowledged_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=3m", "tmpfs"]).arg(dir.path()).output();
    if !mount.is_ok_and(|done| done.status.success()) {
        println!("not run: a small tmpfs cannot be mounted here");
        return;
    }
    let mounted = Mounted(dir.path());
    let location = on_sqlite(dir.path());
    let store = Store::open(&location, SMALL, DATA, VAULT).unwrap();
    let mut kept = 0_i64;
    let refused = loop {
        match store
            .write_now(move |tx| tx.run("INSERT INTO item (id, flag, body) VALUES (?1, ?2, ?3)", &args![kept, true, vec![7_u8; 20_000]]))
        {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 1000, "the disk never filled");
    };
    assert_eq!(refused.code(), Code::StorageFull, "{refused:?}");
    assert!(kept > 10);
    let all = |store: &Store| {
        let ids = store.read_now(|tx| tx.all("SELECT id FROM item ORDER BY id", &args![], |row| row.get::<i64>(0))).unwrap();
        assert_eq!(ids, (0..kept).collect::<Vec<_>>());
    };
    all(&store);
    // Somebody makes room: the same store works on, without a restart.
    let more = Command::new("mount").args(["-o", "remount,size=16m"]).arg(dir.path()).status().unwrap();
    assert!(more.success());
    store.write_now(|tx| tx.run("INSERT INTO item (id, flag) VALUES (?1, ?2)", &args![-1, true])).unwrap();
    store.write_now(|tx| tx.run("DELETE FROM item WHERE id = ?1", &args![-1])).unwrap();
    drop(store);
    let store = Store::open(&location, SMALL, DATA, VAULT).unwrap();
    all(&store);
    drop(store);
    drop(mounted);
}
