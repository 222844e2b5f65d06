//! What only PostgreSQL has: conflicts between writers, connections that break.

use std::sync::{
    Arc, Barrier,
    atomic::{AtomicUsize, Ordering},
};

use kernel::Code;
use store::{Store, args, dialect};

use crate::{DATA, SMALL, VAULT, on_postgres};

fn store() -> Option<Store> {
    let store = Store::open(&on_postgres()?, SMALL, DATA, VAULT).unwrap();
    store
        .write_now(|tx| {
            let insert = "INSERT INTO item (id, flag, amount) VALUES (?1, ?2, ?3)";
            tx.run(insert, &args![1, true, 0.0]).and_then(|_| tx.run(insert, &args![2, true, 0.0]))
        })
        .unwrap();
    Some(store)
}

#[test]
fn units_that_deadlock_run_again_and_both_are_kept() {
    let Some(store) = store() else { return };
    let (barrier, runs) = (Arc::new(Barrier::new(2)), Arc::new(AtomicUsize::new(0)));
    std::thread::scope(|scope| {
        for order in [[1, 2], [2, 1]] {
            let (store, barrier, runs) = (&store, barrier.clone(), runs.clone());
            scope.spawn(move || {
                let first = AtomicUsize::new(0);
                let unit = move |tx: &mut store::Tx| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    for id in order {
                        tx.run("UPDATE item SET amount = amount + 1 WHERE id = ?1", &args![id])?;
                        if first.fetch_add(1, Ordering::SeqCst) == 0 {
                            barrier.wait();
                        }
                    }
                    Ok(())
                };
                store.write_now(unit).unwrap();
            });
        }
    });
    let sum: f64 = store.read_now(|tx| tx.one("SELECT sum(amount) FROM item", &args![], |row| row.get(0))).unwrap();
    assert_eq!(sum, 4.0);
    assert!(runs.load(Ordering::SeqCst) >= 3, "one of them had to run again");
}

#[test]
fn a_conflict_that_never_ends_is_answered_after_five_runs() {
    let Some(store) = store() else { return };
    let runs = Arc::new(AtomicUsize::new(0));
    let seen = runs.clone();
    let answer = store.write_now(move |tx| {
        seen.fetch_add(1, Ordering::SeqCst);
        tx.run("DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$", &args![])
    });
    assert_eq!(answer.unwrap_err().code(), Code::Unavailable);
    assert_eq!(runs.load(Ordering::SeqCst), 5);
}

#[test]
fn a_broken_connection_is_made_again() {
    let Some(store) = store() else { return };
    let killed = store.write_now(|tx| tx.run("SELECT pg_terminate_backend(pg_backend_pid())", &args![]));
    assert_eq!(killed.unwrap_err().code(), Code::Unavailable);
    for id in 10..20 {
        store.write_now(move |tx| tx.run("INSERT INTO item (id, flag) VALUES (?1, ?2)", &args![id, true])).unwrap();
    }
}

#[test]
fn a_row_that_one_worker_claimed_is_not_claimed_by_another() {
    let Some(store) = store() else { return };
    let claim = "SELECT id FROM item ORDER BY id LIMIT 1";
    let other = store.clone();
    let pair = store.write_now(move |tx| {
        let mine = dialect::claim(tx, claim, &args![], |row| row.get::<i64>(0))?;
        let theirs = other.write_now(move |tx| dialect::claim(tx, claim, &args![], |row| row.get::<i64>(0)))?;
        Ok((mine, theirs))
    });
    assert_eq!(pair.unwrap(), (vec![1], vec![2]));
}

#[test]
fn nodes_that_start_together_migrate_once() {
    let Some(location) = on_postgres() else { return };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| Store::open(&location, SMALL, DATA, VAULT).unwrap());
        }
    });
}

#[test]
fn a_refused_unit_among_others_is_answered_with_its_refusal_and_the_others_are_kept() {
    let Some(store) = store() else { return };
    // Whatever shares a commit with whatever else: every answer is its own, and what was answered Ok is there.
    std::thread::scope(|scope| {
        for id in 100..164_i64 {
            let store = &store;
            scope.spawn(move || {
                let answer = store.write_now(move |tx| {
                    let seen = tx.maybe("SELECT id FROM item WHERE id = ?1", &args![id % 50], |row| row.get::<i64>(0))?;
                    match id % 4 {
                        // Refused before and after it inserted, and by the database itself.
                        0 => Err(kernel::Error::new(Code::LegalHold, "no")),
                        1 => tx
                            .insert_many("INSERT INTO item (id, flag) VALUES", 2, &args![id, true])
                            .and_then(|()| Err(kernel::Error::new(Code::LegalHold, "no"))),
                        2 => tx.insert_many("INSERT INTO item (id, flag) VALUES", 2, &args![1, true]).map(|()| seen),
                        _ => tx.insert_many("INSERT INTO item (id, flag) VALUES", 2, &args![id, true]).map(|()| seen),
                    }
                });
                match id % 4 {
                    0 | 1 => assert_eq!(answer.unwrap_err().code(), Code::LegalHold),
                    2 => assert_eq!(answer.unwrap_err().code(), Code::Duplicate),
                    _ => drop(answer.unwrap()),
                }
            });
        }
    });
    let kept: i64 = store.read_now(|tx| tx.one("SELECT count(*) FROM item WHERE id >= 100", &args![], |row| row.get(0))).unwrap();
    assert_eq!(kept, 16);
}

#[test]
fn a_unit_sees_its_own_rows_and_all_that_others_changed_before_it_changes_anything() {
    let Some(store) = store() else { return };
    // Of what only comes: the rows from 1,000 on also go, while others count.
    let (insert, count) = ("INSERT INTO item (id, flag) VALUES", "SELECT count(*) FROM item WHERE id BETWEEN 100 AND 999");
    std::thread::scope(|scope| {
        for id in 100..140_i64 {
            let store = &store;
            scope.spawn(move || {
                store
                    .write_now(move |tx| {
                        let before: i64 = tx.one(count, &args![], |row| row.get(0))?;
                        tx.insert_many(insert, 2, &args![id, true])?;
                        let after: i64 = tx.one(count, &args![], |row| row.get(0))?;
                        let mine = tx.maybe("SELECT 1 FROM item WHERE id = ?1", &args![id], |_| Ok(()))?;
                        assert!(after > before && mine.is_some(), "its own row is among what it sees");
                        Ok(())
                    })
                    .unwrap();
                // A change reaches the rows that wait in the same commit: none is left behind.
                store.write_now(move |tx| tx.insert_many(insert, 2, &args![id + 1000, true])).unwrap();
                assert_eq!(store.write_now(move |tx| tx.run("DELETE FROM item WHERE id = ?1", &args![id + 1000])).unwrap(), 1);
            });
        }
    });
    let kept: i64 = store.read_now(move |tx| tx.one(count, &args![], |row| row.get(0))).unwrap();
    assert_eq!(kept, 40);
}
