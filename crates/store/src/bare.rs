//! The engine without the house: what a durable insert of one row costs, for `probity bench` to measure against. It keeps nothing of the product.

use std::{path::Path, sync::Arc};

use kernel::{Error, Result};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, Statement};

use crate::{
    Engine, Place,
    pg::{self, Line},
    place::address,
    sqlite,
};

const MAKE_SQLITE: &str = "CREATE TABLE bare_row (id INTEGER PRIMARY KEY, body BLOB NOT NULL)";
const MAKE_POSTGRES: &str = "CREATE TABLE bare_row (id BIGINT PRIMARY KEY, body BYTEA NOT NULL)";
const INSERT_SQLITE: &str = "INSERT INTO bare_row (id, body) VALUES (?1, ?2)";
const INSERT_POSTGRES: &str = "INSERT INTO bare_row (id, body) VALUES ($1, $2)";
const COUNT: &str = "SELECT count(*) FROM bare_row";

/// One connection to a table of its own.
pub struct Bare(Inner);

enum Inner {
    Sqlite(rusqlite::Connection),
    Postgres(Arc<Runtime>, Box<Client>, Statement),
}

impl Bare {
    /// Makes the table. On PostgreSQL in the schema that the place names, which must be there. Error: the engine's, when it has the table already.
    pub fn make(place: &Place) -> Result<()> {
        match place {
            Place::Sqlite(path) => sqlite_connection(path)?.execute_batch(MAKE_SQLITE).map_err(sqlite::error),
            Place::Postgres(text) => Line::new(address(text)?, &pg::runtime()?).batch(MAKE_POSTGRES),
        }
    }

    /// A connection with the settings that the store gives its own; every insert waits for the disk. Not to be called on a thread of an
    /// asynchronous runtime: the PostgreSQL client brings one.
    pub fn open(place: &Place) -> Result<Self> {
        match place {
            Place::Sqlite(path) => sqlite_connection(path).map(|conn| Self(Inner::Sqlite(conn))),
            Place::Postgres(text) => {
                let runtime = pg::runtime()?;
                let client = Line::new(address(text)?, &runtime).connect()?;
                let insert = runtime.block_on(client.prepare(INSERT_POSTGRES)).map_err(pg::error)?;
                Ok(Self(Inner::Postgres(runtime, Box::new(client), insert)))
            }
        }
    }

    /// Which engine it is.
    pub const fn engine(&self) -> Engine {
        match self.0 {
            Inner::Sqlite(_) => Engine::Sqlite,
            Inner::Postgres(..) => Engine::Postgres,
        }
    }

    /// Inserts a row and waits until it is durable.
    pub fn insert(&mut self, id: i64, body: &[u8]) -> Result<()> {
        match &mut self.0 {
            Inner::Sqlite(conn) => {
                let mut insert = conn.prepare_cached(INSERT_SQLITE).map_err(sqlite::error)?;
                insert.execute((id, body)).map(drop).map_err(sqlite::error)
            }
            Inner::Postgres(runtime, client, insert) => {
                runtime.block_on(client.execute(&*insert, &[&id, &body])).map(drop).map_err(pg::error)
            }
        }
    }

    /// How many rows there are.
    pub fn count(&mut self) -> Result<i64> {
        match &mut self.0 {
            Inner::Sqlite(conn) => conn.query_row(COUNT, [], |row| row.get(0)).map_err(sqlite::error),
            Inner::Postgres(runtime, client, _) => {
                let row = runtime.block_on(client.query_one(COUNT, &[])).map_err(pg::error)?;
                row.try_get(0).map_err(Error::internal)
            }
        }
    }

    /// Drops the schema that a place names, with everything in it. Nothing where it names none.
    pub fn drop_schema(place: &Place) -> Result<()> {
        let Place::Postgres(text) = place else { return Ok(()) };
        let address = address(text)?;
        // The name was checked when the address was read.
        let Some(schema) = address.schema.clone() else { return Ok(()) };
        Line::new(address, &pg::runtime()?).batch(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE"))
    }
}

fn sqlite_connection(path: &Path) -> Result<rusqlite::Connection> {
    let conn = sqlite::connect(path, true)?;
    sqlite::set_up(&conn, true)?;
    conn.busy_timeout(std::time::Duration::from_secs(60)).map_err(sqlite::error)?;
    Ok(conn)
}
