//! Units of work.

use std::{
    future::Future,
    pin::pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    task::{Context, Waker},
};

use kernel::{Code, Error, Instant, RecordId, Result};
use store::{Store, Tx, Value, args};

use crate::on_both;

const INSERT: &str = "INSERT INTO item (id, text, flag) VALUES (?1, ?2, ?3)";
const KEY: &str = "INSERT INTO vault_key (id, body, parent) VALUES (?1, ?2, ?3)";

fn insert(tx: &mut Tx, id: i64) -> Result<()> {
    tx.run(INSERT, &args![id, format!("item {id}"), true]).map(drop)
}

fn count(store: &Store) -> (i64, i64) {
    store
        .read_now(|tx| {
            let items = tx.one("SELECT count(*) FROM item", &args![], |row| row.get(0))?;
            Ok((items, tx.vault().one("SELECT count(*) FROM vault_key", &args![], |row| row.get(0))?))
        })
        .unwrap()
}

#[test]
fn a_failing_unit_in_a_group_takes_nothing_else_with_it() {
    on_both(|store| {
        std::thread::scope(|scope| {
            for id in 0..60_i64 {
                let store = &store;
                scope.spawn(move || {
                    let unit = move |tx: &mut Tx| {
                        tx.vault().run(KEY, &args![id, b"k", None::<i64>])?;
                        insert(tx, id)?;
                        match id % 3 {
                            0 => Err(Error::new(Code::LegalHold, "no")),
                            _ => Ok(id),
                        }
                    };
                    let answer = if id % 2 == 0 { store.grouped_now(unit) } else { store.write_now(unit) };
                    if id % 3 == 0 {
                        assert_eq!(answer.unwrap_err().code(), Code::LegalHold);
                    } else {
                        assert_eq!(answer.unwrap(), id);
                    }
                });
            }
        });
        assert_eq!(count(&store), (40, 40));
    });
}

#[test]
fn a_duplicate_is_said_and_the_rest_of_its_group_is_kept() {
    on_both(|store| {
        store.grouped_now(|tx| insert(tx, 1)).unwrap();
        assert_eq!(store.grouped_now(|tx| insert(tx, 2).and_then(|()| insert(tx, 1))).unwrap_err().code(), Code::Duplicate);
        store.grouped_now(|tx| insert(tx, 3)).unwrap();
        assert_eq!(count(&store).0, 2);
    });
}

#[test]
fn a_unit_that_swallows_a_failed_statement_is_not_kept() {
    on_both(|store| {
        store.write_now(|tx| insert(tx, 1)).unwrap();
        let swallowed = store.write_now(|tx| {
            insert(tx, 2)?;
            drop(insert(tx, 1));
            Ok(())
        });
        assert_eq!(swallowed.unwrap_err().code(), Code::Internal);
        assert_eq!(count(&store).0, 1);
    });
}

#[test]
fn a_panic_in_a_unit_is_an_internal_error_and_the_store_goes_on() {
    on_both(|store| {
        let panicked = store.write_now(|tx| -> Result<()> {
            insert(tx, 1)?;
            panic!("on purpose");
        });
        assert_eq!(panicked.unwrap_err().code(), Code::Internal);
        assert!(store.read_now(|_| -> Result<()> { panic!("on purpose") }).is_err());
        store.write_now(|tx| insert(tx, 2)).unwrap();
        assert_eq!(count(&store).0, 1);
    });
}

// Deferred foreign keys fail at COMMIT and nowhere else: a fault in exactly the step that matters.

#[test]
fn the_vault_commits_before_the_data() {
    on_both(|store| {
        let data_fails = store.write_now(|tx| {
            tx.vault().run(KEY, &args![1, b"k", None::<i64>])?;
            insert(tx, 1)?;
            tx.run("INSERT INTO part (item, place) VALUES (?1, ?2)", &args![99, 1]).map(drop)
        });
        assert!(data_fails.is_err());
        assert_eq!(count(&store), (0, 1), "an orphan key, and no record");
        let vault_fails = store.write_now(|tx| {
            tx.vault().run(KEY, &args![2, b"k", 99])?;
            insert(tx, 2)
        });
        assert!(vault_fails.is_err());
        assert_eq!(count(&store), (0, 1), "no record without its key");
        store.write_now(|tx| insert(tx, 3)).unwrap();
    });
}

#[test]
fn a_read_cannot_write() {
    on_both(|store| {
        assert!(store.read_now(|tx| insert(tx, 1)).is_err());
        assert!(store.read_now(|tx| tx.vault().run(KEY, &args![1, b"k", None::<i64>])).is_err());
        assert_eq!(count(&store), (0, 0));
    });
}

#[test]
fn values_come_back_as_they_went_in() {
    on_both(|store| {
        store
            .write_now(|tx| {
                let id = RecordId::from_bytes([7; 16]);
                let sql = "INSERT INTO item (id, text, flag, body, amount) VALUES (?1, ?2, ?3, ?4, ?5)";
                tx.run(sql, &args![Instant::from_micros(i64::MAX), "zażółć ' \"", false, id, 0.1])?;
                tx.run(sql, &args![i64::MIN, None::<String>, true, Vec::<u8>::new(), None::<f64>])?;
                let row = tx.one("SELECT id, text, flag, body, amount FROM item WHERE body = ?1", &args![id], |row| {
                    Ok((row.get::<Instant>(0)?, row.get::<String>(1)?, row.get::<bool>(2)?, row.get::<RecordId>(3)?, row.get::<f64>(4)?))
                })?;
                assert_eq!(row, (Instant::from_micros(i64::MAX), "zażółć ' \"".to_owned(), false, id, 0.1));
                let row = tx.one("SELECT id, text, flag, body, amount FROM item WHERE id = ?1", &args![i64::MIN], |row| {
                    assert!(row.get::<String>(1).is_err(), "NULL is not a text");
                    assert!(row.get::<i64>(9).is_err(), "there is no such column");
                    assert!(row.get::<[u8; 32]>(3).is_err(), "nor 32 bytes");
                    Ok((
                        row.get::<i64>(0)?,
                        row.get::<Option<String>>(1)?,
                        row.get::<bool>(2)?,
                        row.get::<Vec<u8>>(3)?,
                        row.get::<Option<f64>>(4)?,
                    ))
                })?;
                assert_eq!(row, (i64::MIN, None, true, Vec::new(), None));
                let sum: i64 = tx.one("SELECT sum(id) FROM item WHERE id < 0", &args![], |row| row.get(0))?;
                assert_eq!(sum, i64::MIN);
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn text_with_a_nul_and_a_wrong_number_of_arguments_are_refused() {
    on_both(|store| {
        assert_eq!(store.write_now(|tx| tx.run(INSERT, &args![1, "a\0b", true])).unwrap_err().code(), Code::InvalidInput);
        assert_eq!(store.write_now(|tx| tx.run(INSERT, &args![1, "a"])).unwrap_err().code(), Code::Internal);
        assert_eq!(store.write_now(|tx| tx.run("SELEKT", &args![])).unwrap_err().code(), Code::Internal);
    });
}

#[test]
fn an_error_never_repeats_a_value() {
    on_both(|store| {
        store.write_now(|tx| tx.run(INSERT, &args![1, "ada@example.org", true])).unwrap();
        let twice = store.write_now(|tx| tx.run(INSERT, &args![2, "ada@example.org", true])).unwrap_err();
        assert!(!format!("{twice:?}").contains("ada"), "{twice:?}");
    });
}

#[test]
fn many_rows_go_in_at_once_and_one_or_none_come_out() {
    on_both(|store| {
        let found = store.write_now(|tx| {
            let rows: Vec<Value> =
                (0..1003_i64).flat_map(|id| [Value::from(id), format!("t{id}").into(), Value::from(id % 2 == 0)]).collect();
            tx.insert_many("INSERT INTO item (id, text, flag) VALUES", 3, &rows)?;
            assert_eq!(tx.one("SELECT COUNT(*) FROM item", &args![], |row| row.get::<i64>(0))?, 1003);
            assert!(tx.insert_many("INSERT INTO item (id, text, flag) VALUES", 3, &rows[..4]).is_err());
            let evens = tx.all("SELECT id FROM item WHERE flag = TRUE ORDER BY id", &args![], |row| row.get::<i64>(0))?;
            assert_eq!(evens.len(), 502);
            let gone = tx.all("DELETE FROM item WHERE id < ?1 RETURNING id", &args![5], |row| row.get::<i64>(0))?;
            assert_eq!(gone.len(), 5);
            assert_eq!(tx.maybe("SELECT id FROM item WHERE id = ?1", &args![1], |row| row.get::<i64>(0))?, None);
            assert!(tx.one("SELECT id FROM item WHERE id = ?1", &args![1], |row| row.get::<i64>(0)).is_err());
            tx.one("SELECT count(*) FROM item", &args![], |row| row.get::<i64>(0))
        });
        assert_eq!(found.unwrap(), 998);
    });
}

#[test]
fn what_waits_at_closing_is_done_and_what_comes_later_is_turned_away() {
    on_both(|store| {
        let done = Arc::new(AtomicUsize::new(0));
        let other = store.clone();
        std::thread::scope(|scope| {
            for id in 0..20 {
                let (store, done) = (store.clone(), done.clone());
                scope.spawn(move || {
                    if store.write_now(move |tx| insert(tx, id)).is_ok() {
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        store.close();
        assert_eq!(done.load(Ordering::SeqCst), 20);
        assert_eq!(other.write_now(|tx| insert(tx, 99)).unwrap_err().code(), Code::Unavailable);
    });
}

#[test]
fn a_statement_that_does_not_prepare_is_named() {
    store::statements! {
        GOOD = "SELECT id FROM item WHERE id = ?1";
        BAD = "SELECT nothing FROM item";
    }
    on_both(|store| {
        store.read_now(|tx| store::prepare_all(tx, false, &[("GOOD", GOOD)])).unwrap();
        let error = store.read_now(|tx| store::prepare_all(tx, false, ALL)).unwrap_err();
        assert!(format!("{error:?}").contains("statement BAD"), "{error:?} {BAD}");
    });
}

#[test]
fn ten_thousand_units_wait_the_next_is_turned_away_and_none_that_waited_is_lost() {
    on_both(|store| {
        let (entered, started) = mpsc::channel();
        let (go, gate) = mpsc::channel::<()>();
        let gate = Mutex::new(gate);
        // One unit keeps the committer busy, so that whatever comes now has to wait.
        let mut busy = pin!(store.grouped(move |_| {
            entered.send(()).map_err(Error::internal)?;
            gate.lock().unwrap().recv().map_err(Error::internal)
        }));
        let mut once = Context::from_waker(Waker::noop());
        assert!(busy.as_mut().poll(&mut once).is_pending());
        started.recv().unwrap();
        let mut waiting: Vec<_> = (0..10_000_usize).map(|n| Box::pin(store.grouped(move |_| Ok(n)))).collect();
        assert!(waiting.iter_mut().all(|unit| unit.as_mut().poll(&mut once).is_pending()));
        let refused = store.grouped_now(|_| Ok(())).unwrap_err();
        assert_eq!(refused.code(), Code::Unavailable);
        assert!(refused.detail().contains("Too many"), "{refused}");
        store.read_now(|_| Ok(())).unwrap();
        go.send(()).unwrap();
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
            busy.await.unwrap();
            for (n, unit) in waiting.into_iter().enumerate() {
                assert_eq!(unit.await.unwrap(), n);
            }
        });
        store.grouped_now(|_| Ok(())).unwrap();
    });
}
