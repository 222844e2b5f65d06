//! The store's promises, each on both engines where both have it.
#![expect(missing_docs, reason = "tests")]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot be set up has failed; one that cannot run says so")]

mod bench;
mod blobs;
mod postgres;
mod sqlite;
mod tokens;
mod units;

use std::path::Path;

use store::{Engine, Location, Migration, Options, Place, Store};

pub const DATA: &[Migration] = &[
    Migration {
        number: 1,
        name: "items",
        sqlite: "CREATE TABLE item (id BIGINT PRIMARY KEY NOT NULL, text TEXT, flag BOOLEAN NOT NULL, body BLOB, amount DOUBLE PRECISION);\n\
            CREATE UNIQUE INDEX item_text ON item (text);\n\
            CREATE TABLE part (item BIGINT NOT NULL REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED, place BIGINT NOT NULL, PRIMARY KEY (item, place));",
        postgres: "CREATE TABLE item (id BIGINT PRIMARY KEY NOT NULL, text TEXT, flag BOOLEAN NOT NULL, body BYTEA, amount DOUBLE PRECISION);\n\
            CREATE UNIQUE INDEX item_text ON item (text);\n\
            CREATE TABLE part (item BIGINT NOT NULL REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED, place BIGINT NOT NULL, PRIMARY KEY (item, place));",
    },
    Migration { number: 2, name: "tokens", sqlite: store::tokens::MIGRATION_SQLITE, postgres: store::tokens::MIGRATION_POSTGRES },
];

pub const VAULT: &[Migration] = &[Migration {
    number: 1,
    name: "keys",
    sqlite: "CREATE TABLE vault_key (id BIGINT PRIMARY KEY NOT NULL, body BLOB NOT NULL, parent BIGINT REFERENCES vault_key (id) DEFERRABLE INITIALLY DEFERRED);",
    postgres: "CREATE TABLE vault_key (id BIGINT PRIMARY KEY NOT NULL, body BYTEA NOT NULL, parent BIGINT REFERENCES vault_key (id) DEFERRABLE INITIALLY DEFERRED);",
}];

pub const SMALL: Options = Options { readers: 2, writers: 4 };

pub fn on_sqlite(dir: &Path) -> Location {
    Location { data: Place::Sqlite(dir.join("data.db")), vault: Place::Sqlite(dir.join("vault.db")) }
}

pub fn on_postgres() -> Option<Location> {
    match testcluster::Cluster::shared() {
        Ok(cluster) => Some(Location { data: Place::Postgres(cluster.fresh_schema()), vault: Place::Postgres(cluster.fresh_schema()) }),
        Err(why) => {
            println!("not run on PostgreSQL: {why}");
            None
        }
    }
}

/// Runs a promise on both engines, on fresh databases.
pub fn on_both(promise: impl Fn(Store)) {
    let dir = tempfile::tempdir().unwrap();
    promise(Store::open(&on_sqlite(dir.path()), SMALL, DATA, VAULT).unwrap());
    if let Some(location) = on_postgres() {
        promise(Store::open(&location, SMALL, DATA, VAULT).unwrap());
    }
}

#[test]
fn the_twin_schemas_are_equal() {
    let shapes = std::sync::Mutex::new(Vec::new());
    on_both(|store| {
        let shape = store.read_now(|tx| Ok((store::schema(tx)?, store::vault_schema(tx)?))).unwrap();
        assert_eq!(shape.0.iter().map(|t| t.table.as_str()).collect::<Vec<_>>(), ["item", "part", "schema_migration"]);
        assert_eq!(shape.0[1].primary_key, ["item", "place"]);
        shapes.lock().unwrap().push(shape);
    });
    let shapes = shapes.into_inner().unwrap();
    assert!(shapes.windows(2).all(|pair| pair[0] == pair[1]), "{shapes:#?}");
}

#[test]
fn the_engine_is_the_one_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Store::open(&on_sqlite(dir.path()), SMALL, DATA, VAULT).unwrap().engine(), Engine::Sqlite);
}
