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

/// Refuses a newer SQLite database and one with another history, writing nothing.
pub(crate) fn check_sqlite(conn: &Connection, migrations: &[Migration]) -> Result<()> {
    check(
        &mut Side::begun(Link::Sqlite(conn)),
        migrations,
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'",
    )
}

/// Refuses a newer PostgreSQL database and one with another history, writing nothing.
pub(crate) fn check_postgres(line: &mut Line, migrations: &[Migration]) -> Result<()> {
    check(&mut Side::begun(Link::Postgres(line)), migrations, "SELECT 1 WHERE to_regclass('schema_migration') IS NOT NULL")
}

fn check(side: &mut Side<'_>, migrations: &[Migration], there: &str) -> Result<()> {
    in_sequence(migrations)?;
    let mut found = false;
    side.each(there, &[], &mut |_| {
        found = true;
        Ok(false)
    })?;
    if found { pending(side, migrations).map(drop) } else { Ok(()) }
}

/// The program's own list must count 1, 2, 3, …: a gap or a twin is a mistake of a merge, found at the first start.
fn in_sequence(migrations: &[Migration]) -> Result<()> {
    for (wanted, migration) in (1..).zip(migrations) {
        if migration.number != wanted {
            let words = format!("migration {} ({}) stands where number {wanted} belongs", migration.number, migration.name);
            return Err(Error::internal(words));
        }
    }
    Ok(())
}

/// Brings an SQLite database up to date.
pub(crate) fn sqlite(conn: &Connection, migrations: &[Migration], env: &Env) -> Result<()> {
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
    loop {
        line.batch("BEGIN")?;
        // The schema under the lock as well: `IF NOT EXISTS` does not keep two sessions from colliding.
        let step = line
            .batch(LOCK)
            .and_then(|()| line.create_schema())
            .and_then(|()| step(&mut Side::begun(Link::Postgres(line)), migrations, env));
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
