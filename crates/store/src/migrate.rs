//! Migrations: numbered, each in one transaction, their text remembered so that changed history is refused.

use aws_lc_rs::digest::{SHA256, digest};
use kernel::{Code, Env, Error, Result};
use rusqlite::Connection;

use crate::{
    Engine, args,
    pg::Line,
    sqlite,
    tx::{Link, Side, Statements},
};

/// One step of a database's schema, once per engine under one number.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3, … without gaps.
    pub number: u32,
    /// What it does, in a few words.
    pub name: &'static str,
    /// Its text for SQLite; may hold several statements.
    pub sqlite: &'static str,
    /// Its text for PostgreSQL.
    pub postgres: &'static str,
}

const RECORDED: &str = "SELECT number, hash FROM schema_migration ORDER BY number";
const RECORD: &str = "INSERT INTO schema_migration (number, name, hash, applied) VALUES (?1, ?2, ?3, ?4)";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_migration \
    (number BIGINT PRIMARY KEY NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, applied BIGINT NOT NULL)";

/// Any number that other programs are unlikely to lock: the letters of the house.
const LOCK: &str = "SELECT pg_advisory_xact_lock(8101821989105)";

/// Brings an SQLite database up to date. Nothing is written where the database is newer or its history differs.
pub(crate) fn sqlite(conn: &Connection, migrations: &[Migration], env: &Env) -> Result<()> {
    let there: i64 = conn
        .query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'", [], |row| row.get(0))
        .map_err(sqlite::error)?;
    if there > 0 {
        pending(&mut Side::begun(Link::Sqlite(conn)), migrations)?;
    }
    sqlite::set_up(conn, true)?;
    loop {
        conn.execute_batch("BEGIN IMMEDIATE").map_err(sqlite::error)?;
        let step = step(&mut Side::begun(Link::Sqlite(conn)), migrations, env);
        let end = if step.is_ok() { "COMMIT" } else { "ROLLBACK" };
        conn.execute_batch(end).map_err(sqlite::error)?;
        if !step? {
            return Ok(());
        }
    }
}

/// Brings a PostgreSQL database up to date; several nodes may start at once.
pub(crate) fn postgres(line: &mut Line, migrations: &[Migration], env: &Env) -> Result<()> {
    line.create_schema()?;
    loop {
        line.batch("BEGIN")?;
        let step = line.batch(LOCK).and_then(|()| step(&mut Side::begun(Link::Postgres(line)), migrations, env));
        match &step {
            Ok(_) => line.batch("COMMIT")?,
            Err(_) => line.roll_back(),
        }
        if !step? {
            return Ok(());
        }
    }
}

/// Applies the next migration, if one is missing.
fn step(side: &mut Side<'_>, migrations: &[Migration], env: &Env) -> Result<bool> {
    side.batch(TABLE)?;
    let Some(next) = pending(side, migrations)? else { return Ok(false) };
    side.batch(text(side.engine(), next)).map_err(|error| {
        Error::new(error.code(), format!("Migration {} ({}) failed; the database is as it was before it.", next.number, next.name))
            .because(error)
    })?;
    side.execute(RECORD, &args![i64::from(next.number), next.name, hash(side.engine(), next), env.now()])?;
    Ok(true)
}

/// The first migration that is not recorded; refuses a newer database and a changed history.
fn pending<'m>(side: &mut Side<'_>, migrations: &'m [Migration]) -> Result<Option<&'m Migration>> {
    let mut recorded: Vec<(u32, String)> = Vec::new();
    side.each(RECORDED, &[], &mut |row| {
        recorded.push((row.get(0)?, row.get(1)?));
        Ok(true)
    })?;
    if let Some((newest, _)) = recorded.last()
        && migrations.last().is_none_or(|known| known.number < *newest)
    {
        let words = format!(
            "The database was made by a newer version (schema {newest}); this program does not know it. Install that version or restore a backup."
        );
        return Err(Error::new(Code::Conflict, words));
    }
    for (migration, (number, known)) in migrations.iter().zip(&recorded) {
        if migration.number != *number || hash(side.engine(), migration) != *known {
            let words =
                format!("Migration {number} of the database is not the one this program knows. Use the version that made the database.");
            return Err(Error::new(Code::Conflict, words));
        }
    }
    Ok(migrations.get(recorded.len()))
}

const fn text(engine: Engine, migration: &Migration) -> &'static str {
    match engine {
        Engine::Sqlite => migration.sqlite,
        Engine::Postgres => migration.postgres,
    }
}

fn hash(engine: Engine, migration: &Migration) -> String {
    hex::encode(digest(&SHA256, text(engine, migration).as_bytes()))
}
