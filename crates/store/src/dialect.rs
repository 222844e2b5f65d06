//! What truly differs between the engines, each as a named function. The token index has a module of its own: [`crate::tokens`].

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use kernel::{Code, Error, Result};
use rusqlite::backup::Backup;

use crate::{Engine, Place, Row, Store, Tx, Value, blobs::sync_folder, sqlite};

/// Runs a `SELECT` whose rows this transaction then owns, leaving out rows that another one owns (job claims, leases).
/// On SQLite, whose one writer owns everything, it is the plain `SELECT`.
pub fn claim<T>(tx: &mut Tx, sql: &str, args: &[Value], f: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>> {
    locking(tx, sql, " FOR UPDATE SKIP LOCKED", args, f)
}

/// Runs a `SELECT` whose rows this transaction then owns, waiting for others to let them go (the ledger's head, a record to be destroyed).
pub fn lock<T>(tx: &mut Tx, sql: &str, args: &[Value], f: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>> {
    locking(tx, sql, " FOR UPDATE", args, f)
}

fn locking<T>(tx: &mut Tx, sql: &str, clause: &str, args: &[Value], f: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>> {
    match tx.engine() {
        Engine::Sqlite => tx.all(sql, args, f),
        Engine::Postgres => tx.all(&format!("{sql}{clause}"), args, f),
    }
}

/// Goes on beside others that do the same, and not beside one that is [`alone`], until this transaction ends. On SQLite, whose one process
/// owns everything, there is nobody to wait for.
pub fn beside(tx: &mut Tx, what: i64) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.send("SELECT pg_advisory_xact_lock_shared(?1)", &[Value::Int(what)]),
    }
}

/// Waits until nobody is [`beside`] any more, and keeps others from it until this transaction ends.
pub fn alone(tx: &mut Tx, what: i64) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.send("SELECT pg_advisory_xact_lock(?1)", &[Value::Int(what)]),
    }
}

/// Bytes the data database takes, without its log.
pub fn size(tx: &mut Tx) -> Result<u64> {
    match tx.engine() {
        Engine::Sqlite => {
            let pages: u64 = tx.one("PRAGMA page_count", &[], |row| row.get(0))?;
            Ok(pages * page_size(tx)?)
        }
        Engine::Postgres => tx.one("SELECT pg_database_size(current_database())", &[], |row| row.get(0)),
    }
}

/// Bytes per page of the data database.
pub fn page_size(tx: &mut Tx) -> Result<u64> {
    match tx.engine() {
        Engine::Sqlite => tx.one("PRAGMA page_size", &[], |row| row.get(0)),
        Engine::Postgres => {
            let text: String = tx.one("SELECT current_setting('block_size')", &[], |row| row.get(0))?;
            text.parse().map_err(Error::internal)
        }
    }
}

/// How long emptying a log waits for readers each time, holding writers up meanwhile, and between the times.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(100);
/// How often it is tried: beside another checkpoint SQLite says busy at once, without waiting for it.
const ATTEMPTS: usize = 50;

/// Moves SQLite's write-ahead logs into both databases and empties them, so that nothing deleted stays behind in a log.
/// Answers whether they are empty now: a reader on an old snapshot keeps them. On PostgreSQL there is nothing of this kind; `true`.
/// Blocks; call it from a thread that may wait (up to 10 s for readers).
pub fn wal_checkpoint_truncate(store: &Store) -> Result<bool> {
    let mut empty = true;
    for path in files(store) {
        let conn = sqlite::connect(&path, false)?;
        conn.busy_timeout(PATIENCE).map_err(sqlite::error)?;
        let mut busy = true;
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                std::thread::sleep(PATIENCE);
            }
            busy = conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)).map_err(sqlite::error)? != 0;
            if !busy {
                break;
            }
        }
        empty &= !busy;
    }
    Ok(empty)
}

/// Gives free pages of both SQLite databases back to the file system. PostgreSQL does this by itself. Blocks writers meanwhile.
pub fn vacuum(store: &Store) -> Result<()> {
    for path in files(store) {
        let conn = sqlite::connect(&path, false)?;
        sqlite::set_up(&conn, true)?;
        conn.execute_batch("VACUUM").map_err(sqlite::error)?;
    }
    Ok(())
}

/// Which of the two databases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// Records, events, ledger.
    Data,
    /// Keys.
    Vault,
}

/// Copies one SQLite database, as of one moment, into a new file of mode 0600 without the token index (it is rebuilt after a restore).
/// Writing goes on meanwhile. The copy is durable when this answers.
///
/// # Errors
/// `conflict` when the file exists already, or on PostgreSQL, whose own tools do this.
pub fn backup(store: &Store, which: Which, to: &Path) -> Result<()> {
    let place = match which {
        Which::Data => &store.location().data,
        Which::Vault => &store.location().vault,
    };
    let Place::Sqlite(from) = place else {
        return Err(Error::new(
            Code::Conflict,
            "A PostgreSQL database is backed up with its own tools: pg_dump, or pg_basebackup with WAL archiving.",
        ));
    };
    let file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(to).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::AlreadyExists => Error::new(Code::Conflict, "The backup file exists already; name another one.").because(cause),
        _ => Error::new(Code::Unavailable, "The backup file cannot be made there.").because(cause),
    })?;
    let done = copy(from, to).and_then(|()| {
        file.sync_all()
            .and_then(|()| sync_folder(to))
            .map_err(|cause| Error::new(Code::Unavailable, "The backup cannot be made durable.").because(cause))
    });
    if done.is_err() {
        // Half a backup is worse than none; the first error matters more than this one's.
        drop(fs::remove_file(to));
    }
    done
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let source = sqlite::connect(from, false)?;
    let mut target = sqlite::connect(to, false)?;
    // All pages in one step: one snapshot, and no restart whenever somebody writes.
    Backup::new(&source, &mut target).and_then(|backup| backup.step(-1)).map_err(sqlite::error)?;
    target
        .execute_batch(
            "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; DROP TABLE IF EXISTS token_index; VACUUM;",
        )
        .map_err(sqlite::error)?;
    let verdict: String = target.query_row("PRAGMA quick_check", [], |row| row.get(0)).map_err(sqlite::error)?;
    if verdict == "ok" { Ok(()) } else { Err(Error::internal("the copy of the database does not pass its check")) }
}

fn files(store: &Store) -> Vec<PathBuf> {
    let location = store.location();
    [&location.vault, &location.data]
        .into_iter()
        .filter_map(|place| match place {
            Place::Sqlite(path) => Some(path.clone()),
            Place::Postgres(_) => None,
        })
        .collect()
}
