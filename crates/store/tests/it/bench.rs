//! Group commit against the bare engine: `cargo test -p probity-store -- --ignored --nocapture bench`.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use kernel::Env;
use store::{Store, args};

use crate::{DATA, on_both};

const SQL: &str = "INSERT INTO item (id, flag, body) VALUES (?1, ?2, ?3)";

/// Runs `one` from 32 threads for three seconds; how often per second.
fn rate(one: impl Fn(i64) + Sync) -> f64 {
    let (env, next) = (Env::system(), AtomicI64::new(0));
    let started = env.monotonic();
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                while env.monotonic() - started < Duration::from_secs(3) {
                    one(next.fetch_add(1, Ordering::Relaxed));
                }
            });
        }
    });
    next.load(Ordering::Relaxed) as f64 / (env.monotonic() - started).as_secs_f64()
}

#[test]
#[ignore = "a measurement"]
fn bench_durable_inserts_of_a_kilobyte() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("bare.db");
    let open = || {
        let conn = rusqlite::Connection::open(&path).unwrap();
        conn.busy_timeout(Duration::from_secs(60)).unwrap();
        conn.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;").unwrap();
        conn
    };
    open().execute_batch(DATA[0].sqlite).unwrap();
    let pool: Vec<_> = (0..32).map(|_| std::sync::Mutex::new(open())).collect();
    let bare = rate(|id| {
        let conn = pool[id as usize % 32].lock().unwrap();
        conn.prepare_cached(SQL).unwrap().execute(rusqlite::params![id, true, vec![7_u8; 1000]]).unwrap();
    });
    println!("bare rusqlite, one commit each, 32 clients: {bare:.0}/s");
    on_both(|store: Store| {
        let write = rate(|id| drop(store.write_now(move |tx| tx.run(SQL, &args![id, true, vec![7_u8; 1000]])).unwrap()));
        let grouped = rate(|id| drop(store.grouped_now(move |tx| tx.run(SQL, &args![-1 - id, true, vec![7_u8; 1000]])).unwrap()));
        println!("{:?}: write {write:.0}/s, grouped {grouped:.0}/s", store.engine());
    });
}
