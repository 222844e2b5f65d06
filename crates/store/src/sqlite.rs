//! SQLite underneath: opening, binding, errors.

use std::path::Path;

use kernel::{Code, Error, Result};
use rusqlite::{
    CachedStatement, Connection, ErrorCode, OpenFlags, ToSql,
    config::DbConfig,
    types::{ToSqlOutput, ValueRef},
};

use crate::{
    Value,
    value::{Cell, write_ints},
};

/// The page size of new databases, in bytes.
pub(crate) const PAGE_SIZE: u32 = 8192;

/// Opens (and for a writer creates) a database file of mode 0600.
pub(crate) fn connect(path: &Path, writer: bool) -> Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if writer {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let conn = Connection::open_with_flags(path, flags).map_err(error)?;
    conn.busy_timeout(std::time::Duration::from_secs(10)).map_err(error)?;
    conn.set_prepared_statement_cache_capacity(512);
    Ok(conn)
}

/// The settings of every connection. Separate from [`connect`], because a database of a newer version must stay untouched.
pub(crate) fn set_up(conn: &Connection, writer: bool) -> Result<()> {
    if writer {
        conn.execute_batch(&format!("PRAGMA page_size = {PAGE_SIZE}; PRAGMA journal_mode = WAL;")).map_err(error)?;
    }
    // With it no plan depends on the values bound, so that nothing is prepared again when they change.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(error)?;
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; \
         PRAGMA cache_size = -32768; PRAGMA mmap_size = 268435456; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 2000;",
    )
    .map_err(error)?;
    if !writer {
        conn.execute_batch("PRAGMA query_only = ON;").map_err(error)?;
    }
    Ok(())
}

/// Runs one prepared statement.
pub(crate) fn execute(conn: &Connection, sql: &str, args: &[Value]) -> Result<u64> {
    let mut statement = conn.prepare_cached(sql).map_err(error)?;
    bind(&mut statement, args)?;
    if statement.column_count() > 0 {
        let mut rows = statement.raw_query();
        let mut count = 0;
        while rows.next().map_err(error)?.is_some() {
            count += 1;
        }
        return Ok(count);
    }
    statement.raw_execute().map(|count| count as u64).map_err(error)
}

/// Runs one prepared statement, which answers no rows, once for each row of arguments.
pub(crate) fn execute_each(conn: &Connection, sql: &str, columns: usize, rows: &[Value]) -> Result<()> {
    let mut statement = conn.prepare_cached(sql).map_err(error)?;
    for row in rows.chunks_exact(columns) {
        bind(&mut statement, row)?;
        statement.raw_execute().map_err(error)?;
    }
    Ok(())
}

/// Binds every argument; their number must be the statement's.
pub(crate) fn bind(statement: &mut CachedStatement<'_>, args: &[Value]) -> Result<()> {
    if statement.parameter_count() != args.len() {
        return Err(Error::internal(format!("the statement takes {} arguments and got {}", statement.parameter_count(), args.len())));
    }
    for (index, value) in args.iter().enumerate() {
        statement.raw_bind_parameter(index + 1, value).map_err(error)?;
    }
    Ok(())
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Bool(v) => ToSqlOutput::Borrowed(ValueRef::Integer((*v).into())),
            Self::Int(v) => ToSqlOutput::Borrowed(ValueRef::Integer(*v)),
            Self::Real(v) => ToSqlOutput::Borrowed(ValueRef::Real(*v)),
            Self::Text(v) => ToSqlOutput::Borrowed(ValueRef::Text(v.as_bytes())),
            Self::Blob(v) => ToSqlOutput::Borrowed(ValueRef::Blob(v)),
            Self::Ints(v) => ToSqlOutput::Owned(rusqlite::types::Value::Text(write_ints(v))),
        })
    }
}

/// A column of a row; `None` when there is no such column or its text is not UTF-8.
pub(crate) fn cell<'a>(row: &'a rusqlite::Row<'_>, index: usize) -> Option<Cell<'a>> {
    Some(match row.get_ref(index).ok()? {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(v) => Cell::Int(v),
        ValueRef::Real(v) => Cell::Real(v),
        ValueRef::Text(v) => Cell::Text(std::str::from_utf8(v).ok()?),
        ValueRef::Blob(v) => Cell::Blob(v),
    })
}

/// The house's error for SQLite's.
pub(crate) fn error(cause: rusqlite::Error) -> Error {
    let (code, extended) = match &cause {
        rusqlite::Error::SqliteFailure(failure, _) => (failure.code, failure.extended_code),
        _ => return Error::internal(cause),
    };
    match code {
        ErrorCode::DiskFull => storage_full().because(cause),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Error::new(Code::Unavailable, "The database is busy with another task. Nothing was changed; try again.").because(cause)
        }
        ErrorCode::ConstraintViolation
            if extended == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE || extended == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
        {
            duplicate().because(cause)
        }
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure => {
            Error::new(Code::Unavailable, "The database file cannot be read or written. Check the disk and the data folder's permissions.")
                .because(cause)
        }
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => {
            Error::new(Code::Internal, "The database file is damaged or is not a database. Restore the newest backup.").because(cause)
        }
        _ => Error::internal(cause),
    }
}

pub(crate) fn storage_full() -> Error {
    Error::new(Code::StorageFull, "The disk of the database is full. Nothing was changed; free some space and try again.")
}

pub(crate) fn duplicate() -> Error {
    Error::new(Code::Duplicate, "One of these exists already; nothing was changed.")
}
