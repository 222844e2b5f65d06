//! SQLite's threads: one writer with group commit, several readers.

use std::time::Duration;

use kernel::{Env, Error, Result};
use rusqlite::Connection;

use crate::{
    Tx,
    queue::{Queue, Work, fail_all},
    sqlite::error,
    tx::{Link, Side},
};

/// The most units in one commit.
pub(crate) const UNITS_PER_COMMIT: usize = 256;
/// No unit joins a batch that is older.
pub(crate) const BATCH: Duration = Duration::from_millis(20);

/// A data and a vault connection.
pub(crate) struct Pair {
    pub(crate) data: Connection,
    pub(crate) vault: Connection,
}

/// Takes units in groups until the store closes: a savepoint each, one commit (vault first) for all.
pub(crate) fn write(pair: &Pair, queue: &Queue, env: &Env) {
    while let Some(first) = queue.next() {
        group(pair, queue, env, first);
    }
}

fn group(pair: &Pair, queue: &Queue, env: &Env, first: Box<dyn Work>) {
    if let Err(error) = pair.data.execute_batch("BEGIN IMMEDIATE").map_err(error) {
        return fail_all(vec![first], &error);
    }
    let started = env.monotonic();
    let (mut batch, mut vault_begun, mut next) = (Vec::new(), false, Some(first));
    while let Some(mut work) = next.take() {
        match unit(pair, work.as_mut(), &mut vault_begun) {
            Ok(true) => batch.push(work),
            Ok(false) => work.answer(),
            Err(error) => {
                // The engine gave up the whole transaction (disk full, I/O error): nobody's work is in it any more.
                batch.push(work);
                roll_back(pair);
                return fail_all(batch, &error);
            }
        }
        if batch.len() < UNITS_PER_COMMIT && env.monotonic().saturating_sub(started) < BATCH {
            next = queue.another();
        }
    }
    match commit(pair, vault_begun) {
        Ok(()) => batch.into_iter().for_each(Work::answer),
        Err(error) => {
            roll_back(pair);
            fail_all(batch, &error);
        }
    }
}

/// One closure inside its savepoints. `Ok(false)`: it failed and left nothing behind. `Err`: the batch is lost.
fn unit(pair: &Pair, work: &mut dyn Work, vault_begun: &mut bool) -> Result<bool> {
    pair.data.execute_batch("SAVEPOINT unit").map_err(error)?;
    let opening = if *vault_begun { "SAVEPOINT unit" } else { "BEGIN IMMEDIATE; SAVEPOINT unit" };
    let mut tx = Tx { data: Side::begun(Link::Sqlite(&pair.data)), vault: Side::lazy(Link::Sqlite(&pair.vault), opening) };
    let kept = work.run(&mut tx);
    let vault_used = tx.vault.used();
    if pair.data.is_autocommit() || (pair.vault.is_autocommit() && (vault_used || *vault_begun)) {
        return Err(lost(work));
    }
    // `BEGIN IMMEDIATE` may have worked where the savepoint after it did not.
    *vault_begun |= !pair.vault.is_autocommit();
    let end = if kept { "RELEASE unit" } else { "ROLLBACK TO unit; RELEASE unit" };
    pair.data.execute_batch(end).map_err(error)?;
    if vault_used {
        pair.vault.execute_batch(end).map_err(error)?;
    }
    Ok(kept)
}

/// Why the engine ended a transaction under a closure: what the closure saw, if it answered an error.
fn lost(work: &mut dyn Work) -> Error {
    work.seen().unwrap_or_else(|| Error::internal("the engine ended the transaction of a batch"))
}

/// Vault first: a key without a record is harmless, a record without a key is lost.
fn commit(pair: &Pair, vault_begun: bool) -> Result<()> {
    if vault_begun {
        pair.vault.execute_batch("COMMIT").map_err(error)?;
    }
    pair.data.execute_batch("COMMIT").map_err(error)
}

fn roll_back(pair: &Pair) {
    for conn in [&pair.vault, &pair.data] {
        if !conn.is_autocommit()
            && let Err(cause) = conn.execute_batch("ROLLBACK")
        {
            tracing::error!(%cause, "a rollback failed");
        }
    }
}

/// Answers reading units, each on one snapshot, until the store closes.
pub(crate) fn read(pair: &Pair, queue: &Queue) {
    while let Some(mut work) = queue.next() {
        match pair.data.execute_batch("BEGIN").map_err(error) {
            Ok(()) => {
                work.run(&mut Tx { data: Side::begun(Link::Sqlite(&pair.data)), vault: Side::lazy(Link::Sqlite(&pair.vault), "BEGIN") });
                roll_back(pair);
            }
            Err(error) => work.fail(error),
        }
        work.answer();
    }
}

/// Moves the write-ahead logs into the databases and empties them, at the end.
pub(crate) fn checkpoint(pair: &Pair) {
    for conn in [&pair.vault, &pair.data] {
        if let Err(cause) = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())) {
            tracing::warn!(%cause, "the last checkpoint was not taken; the next start does it");
        }
    }
}
