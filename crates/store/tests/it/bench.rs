//! Durable inserts against the bare engines:
//! `cargo test --release -p probity-store --test it -- --ignored --nocapture bench`.

use std::{
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use kernel::Env;
use store::{Location, Options, Place, Store, args};

use crate::{DATA, VAULT, on_sqlite};

const CLIENTS: usize = 32;

/// Runs `one` from 32 threads, each with what `with` gives it, for three seconds; how often per second.
fn rate<T: Send>(first: i64, with: impl Fn() -> T, one: impl Fn(&mut T, i64) + Sync) -> f64 {
    let (env, next) = (Env::system(), AtomicI64::new(first));
    let clients: Vec<T> = (0..CLIENTS).map(|_| with()).collect();
    let started = env.monotonic();
    std::thread::scope(|scope| {
        for mut client in clients {
            let (env, next, one) = (&env, &next, &one);
            scope.spawn(move || {
                while env.monotonic().saturating_sub(started) < Duration::from_secs(3) {
                    one(&mut client, next.fetch_add(1, Ordering::Relaxed));
                }
            });
        }
    });
    (next.load(Ordering::Relaxed) - first) as f64 / env.monotonic().saturating_sub(started).as_secs_f64()
}

/// Through the store, in either way.
fn ours(location: &Location) {
    const SQL: &str = "INSERT INTO item (id, flag, body) VALUES (?1, ?2, ?3)";
    let store = Store::open(location, Options::default(), DATA, VAULT).unwrap();
    let write = rate(1, || (), |(), id| assert_eq!(store.write_now(move |tx| tx.run(SQL, &args![id, true, vec![7_u8; 1000]])).unwrap(), 1));
    let grouped =
        rate(1 << 40, || (), |(), id| assert_eq!(store.grouped_now(move |tx| tx.run(SQL, &args![id, true, vec![7_u8; 1000]])).unwrap(), 1));
    println!("{:?}, {CLIENTS} clients, 1 KB, through the store: write {write:.0}/s, grouped {grouped:.0}/s", store.engine());
}

fn bare_sqlite(dir: &Path) {
    let open = || {
        let conn = rusqlite::Connection::open(dir.join("bare.db")).unwrap();
        conn.busy_timeout(Duration::from_secs(60)).unwrap();
        conn.execute_batch("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;").unwrap();
        conn
    };
    open().execute_batch(DATA[0].sqlite).unwrap();
    let insert = |conn: &rusqlite::Connection, id: i64| {
        let sql = "INSERT INTO item (id, flag, body) VALUES (?1, ?2, ?3)";
        conn.prepare_cached(sql).unwrap().execute(rusqlite::params![id, true, vec![7_u8; 1000]]).unwrap();
    };
    let many = rate(1, open, |conn, id| insert(conn, id));
    let shared = Mutex::new(open());
    let one = rate(1 << 40, || (), |(), id| insert(&shared.lock().unwrap(), id));
    println!("bare rusqlite, {CLIENTS} clients, 1 KB, a commit each: a connection each {many:.0}/s, one behind a mutex {one:.0}/s");
}

fn bare_postgres(connection: &str) {
    let open = || postgres::Client::connect(connection, postgres::NoTls).unwrap();
    open().batch_execute(DATA[0].postgres).unwrap();
    let with = || {
        let mut client = open();
        let statement = client.prepare("INSERT INTO item (id, flag, body) VALUES ($1, $2, $3)").unwrap();
        (client, statement)
    };
    let bare = rate(1, with, |(client, insert), id| {
        client.execute(insert, &[&id, &true, &vec![7_u8; 1000]]).unwrap();
    });
    println!("bare postgres, {CLIENTS} clients with a connection each, 1 KB, a commit each, prepared: {bare:.0}/s");
}

#[test]
#[ignore = "a measurement"]
fn bench_durable_inserts_of_a_kilobyte() {
    let dir = tempfile::tempdir().unwrap();
    bare_sqlite(dir.path());
    ours(&on_sqlite(dir.path()));
    // A server of its own: the shared one does not wait for the disk.
    match testcluster::Cluster::start(&dir.path().join("pg")) {
        Ok(cluster) => {
            bare_postgres(cluster.connection());
            let [data, vault] = [(); 2].map(|()| Place::Postgres(cluster.fresh_schema()));
            ours(&Location { data, vault });
        }
        Err(why) => println!("not measured on PostgreSQL: {why}"),
    }
}
