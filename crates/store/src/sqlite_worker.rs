//! SQLite's threads: one writer with group commit, several readers.

use std::time::Duration;

use kernel::{Env, Error, Result};
use rusqlite::Connection;

use crate::{
    Tx,
    queue::{Queue, Work, fail_all},
    sqlite::error,
    tokens::Waiting,
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

/// Takes units in groups until the store closes: one commit (vault first) for all of a group.
pub(crate) fn write(pair: &Pair, queue: &Queue, env: &Env) {
    while let Some(first) = queue.next() {
        group(pair, queue, env, first);
    }
}

/// Without savepoints, the common case: with one, SQLite copies each page before the unit first changes it.
fn group(pair: &Pair, queue: &Queue, env: &Env, first: Box<dyn Work>) {
    if let Err(error) = pair.data.execute_batch("BEGIN IMMEDIATE").map_err(error) {
        return fail_all(vec![first], &error);
    }
    let started = env.monotonic();
    let (mut batch, mut index, mut next) = (Vec::new(), Waiting::default(), Some(first));
    while let Some(mut work) = next.take() {
        match plain(pair, work.as_mut(), &mut index) {
            Ok(Ending::Kept) => batch.push(work),
            Ok(Ending::Untouched) => work.answer(),
            Ok(Ending::Spoilt) => {
                // It goes, and takes with it what the others had done: all of those again, each behind a savepoint.
                roll_back(pair);
                work.answer();
                return again(pair, batch);
            }
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
    end(pair, batch, &mut index);
}

/// The units of a group that another one spoilt.
fn again(pair: &Pair, batch: Vec<Box<dyn Work>>) {
    if batch.is_empty() {
        return;
    }
    if let Err(error) = pair.data.execute_batch("BEGIN IMMEDIATE").map_err(error) {
        return fail_all(batch, &error);
    }
    let (mut kept, mut index, mut rest) = (Vec::with_capacity(batch.len()), Waiting::default(), batch.into_iter());
    while let Some(mut work) = rest.next() {
        match guarded(pair, work.as_mut(), &mut index) {
            Ok(true) => kept.push(work),
            Ok(false) => work.answer(),
            Err(error) => {
                kept.push(work);
                kept.extend(rest);
                roll_back(pair);
                return fail_all(kept, &error);
            }
        }
    }
    end(pair, kept, &mut index);
}

/// Commits a group and answers.
fn end(pair: &Pair, batch: Vec<Box<dyn Work>>, index: &mut Waiting) {
    match index.write(&pair.data).and_then(|()| commit(pair)) {
        Ok(()) => batch.into_iter().for_each(Work::answer),
        Err(error) => {
            roll_back(pair);
            fail_all(batch, &error);
        }
    }
}

/// How a unit without a savepoint ended.
enum Ending {
    /// What it did is to be kept.
    Kept,
    /// It failed before it wrote anything.
    Untouched,
    /// It failed, and part of what it did is there.
    Spoilt,
}

/// One closure in the transaction of its group. `Err`: the batch is lost.
fn plain(pair: &Pair, work: &mut dyn Work, index: &mut Waiting) -> Result<Ending> {
    index.begin();
    let vault_begun = !pair.vault.is_autocommit();
    let vault = Link::Sqlite(&pair.vault);
    let vault = if vault_begun { Side::begun(vault) } else { Side::lazy(vault, "BEGIN IMMEDIATE") };
    let mut tx = Tx { data: Side::begun(Link::Sqlite(&pair.data)).keeping(index), vault, ahead: None };
    let kept = work.run(&mut tx);
    let (wrote, vault_used) = (tx.wrote(), tx.vault.used());
    if pair.data.is_autocommit() || (pair.vault.is_autocommit() && vault_used) {
        return Err(lost(work));
    }
    Ok(match (kept, wrote) {
        (true, _) => Ending::Kept,
        (false, false) => Ending::Untouched,
        (false, true) => Ending::Spoilt,
    })
}

/// One closure inside its savepoints. `Ok(false)`: it failed and left nothing behind. `Err`: the batch is lost.
fn guarded(pair: &Pair, work: &mut dyn Work, index: &mut Waiting) -> Result<bool> {
    index.begin();
    pair.data.execute_batch("SAVEPOINT unit").map_err(error)?;
    let vault_begun = !pair.vault.is_autocommit();
    let opening = if vault_begun { "SAVEPOINT unit" } else { "BEGIN IMMEDIATE; SAVEPOINT unit" };
    let data = Side::begun(Link::Sqlite(&pair.data)).keeping(index);
    let mut tx = Tx { data, vault: Side::lazy(Link::Sqlite(&pair.vault), opening), ahead: None };
    let kept = work.run(&mut tx);
    let vault_used = tx.vault.used();
    if pair.data.is_autocommit() || (pair.vault.is_autocommit() && (vault_used || vault_begun)) {
        return Err(lost(work));
    }
    let end = if kept { "RELEASE unit" } else { "ROLLBACK TO unit; RELEASE unit" };
    pair.data.execute_batch(end).map_err(error)?;
    if vault_used {
        pair.vault.execute_batch(end).map_err(error)?;
    }
    if !kept {
        index.undo();
    }
    Ok(kept)
}

/// Why the engine ended a transaction under a closure: what the closure saw, if it answered an error.
fn lost(work: &mut dyn Work) -> Error {
    work.seen().unwrap_or_else(|| Error::internal("the engine ended the transaction of a batch"))
}

/// Vault first: a key without a record is harmless, a record without a key is lost.
fn commit(pair: &Pair) -> Result<()> {
    if !pair.vault.is_autocommit() {
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
                work.run(&mut Tx {
                    data: Side::begun(Link::Sqlite(&pair.data)),
                    vault: Side::lazy(Link::Sqlite(&pair.vault), "BEGIN"),
                    ahead: None,
                });
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
