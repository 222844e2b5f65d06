//! Two engines behind one door: transactions, statements, migrations, blobs.
//!
//! One SQL text serves SQLite and PostgreSQL: `?N` placeholders, portable types (`TEXT`, `BIGINT`, `BOOLEAN`, `BLOB`/`BYTEA`,
//! `DOUBLE PRECISION`). What truly differs is a named function in [`dialect`] or [`tokens`], nowhere else.

pub mod bare;
pub mod blobs;
pub mod dialect;
mod migrate;
mod numbered;
mod pg;
mod pg_worker;
mod place;
mod queue;
mod schema;
mod sqlite;
mod sqlite_worker;
mod store;
pub mod tokens;
mod tx;
mod value;

pub use blobs::Blobs;
pub use migrate::Migration;
pub use place::{Engine, Location, Place};
pub use schema::{ColumnShape, IndexShape, TableShape, schema, vault_schema};
pub use store::{Options, Store};
pub use tx::{IN_AT_ONCE, Tx, VaultTx, prepare_all};
#[doc(hidden)]
pub use value::list;
pub use value::{Cell, Column, Row, Value};
