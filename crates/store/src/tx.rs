//! One transaction over the data database, with the vault database beside it.

use std::fmt::Write as _;

use kernel::{Error, Result};

use crate::{
    Engine, Row, Value, pg, sqlite,
    tokens::Waiting,
    value::{Source, check},
};

/// One unit of work. Nothing in it lasts until the whole closure has answered `Ok` and both databases have committed, vault first.
///
/// A statement that fails ends the unit on both engines (PostgreSQL aborts the transaction): a closure that swallows such an error
/// and answers `Ok` gets an internal error and nothing of it is kept. Ask first (`maybe`) or use `ON CONFLICT` instead.
pub struct Tx<'a> {
    pub(crate) data: Side<'a>,
    pub(crate) vault: Side<'a>,
    /// What SQLite is asked only when the answer is wanted.
    pub(crate) ahead: Option<(&'static str, Vec<Value>)>,
}

/// The vault database of the same unit.
pub struct VaultTx<'a>(&'a mut (dyn Statements + 'a));

/// One connection inside a transaction.
pub(crate) struct Side<'a> {
    link: Link<'a>,
    /// What opens the transaction on first use; `None` once it is open.
    opening: Option<&'static str>,
    failed: bool,
    /// Whether a statement ran that may have changed something.
    wrote: bool,
    /// Where SQLite's writer keeps back what is to go into the token index.
    index: Option<&'a mut Waiting>,
}

pub(crate) enum Link<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a mut pg::Line),
}

/// The object-safe heart of both transaction types.
pub(crate) trait Statements {
    fn engine(&self) -> Engine;
    fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64>;
    fn send(&mut self, sql: &str, args: &[Value]) -> Result<()>;
    fn insert_rows(&mut self, head: &str, columns: usize, rows: &[Value]) -> Result<()>;
    fn each(&mut self, sql: &str, args: &[Value], f: &mut dyn FnMut(&Row) -> Result<bool>) -> Result<()>;
    fn prepare(&mut self, sql: &str) -> Result<()>;
    fn batch(&mut self, sql: &str) -> Result<()>;
}

impl<'a> Side<'a> {
    pub(crate) const fn begun(link: Link<'a>) -> Self {
        Self { link, opening: None, failed: false, wrote: false, index: None }
    }

    /// With what the units of its group do to the token index.
    pub(crate) const fn keeping(self, index: &'a mut Waiting) -> Self {
        Self { index: Some(index), ..self }
    }

    pub(crate) const fn lazy(link: Link<'a>, opening: &'static str) -> Self {
        Self { link, opening: Some(opening), failed: false, wrote: false, index: None }
    }

    /// Whether its transaction has been opened.
    pub(crate) const fn used(&self) -> bool {
        self.opening.is_none()
    }

    fn open(&mut self) -> Result<()> {
        // An empty one: each statement by itself.
        if let Some(sql) = self.opening.filter(|sql| !sql.is_empty()) {
            let opened = match &mut self.link {
                Link::Sqlite(conn) => conn.execute_batch(sql).map_err(sqlite::error),
                Link::Postgres(line) => {
                    line.later(sql);
                    Ok(())
                }
            };
            self.failed |= opened.is_err();
            opened?;
            self.opening = None;
        }
        Ok(())
    }

    /// Opened, and with the token index as the units so far left it where the statement names it.
    fn ready(&mut self, sql: &str) -> Result<()> {
        self.open()?;
        if let (Link::Sqlite(conn), Some(waiting)) = (&self.link, self.index.as_deref_mut()) {
            let written = waiting.write_for(sql, conn);
            self.failed |= written.is_err();
            written?;
        }
        Ok(())
    }
}

impl Statements for Side<'_> {
    fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::Postgres(_) => Engine::Postgres,
        }
    }

    fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        check(args)?;
        self.ready(sql)?;
        self.wrote = true;
        let done = match &mut self.link {
            Link::Sqlite(conn) => sqlite::execute(conn, sql, args),
            Link::Postgres(line) => line.execute(sql, args),
        };
        self.failed |= done.is_err();
        done
    }

    fn send(&mut self, sql: &str, args: &[Value]) -> Result<()> {
        check(args)?;
        self.ready(sql)?;
        self.wrote = true;
        let done = match &mut self.link {
            Link::Sqlite(conn) => sqlite::execute(conn, sql, args).map(drop),
            Link::Postgres(line) => line.execute_later(sql, args.to_vec()),
        };
        self.failed |= done.is_err();
        done
    }

    fn insert_rows(&mut self, head: &str, columns: usize, rows: &[Value]) -> Result<()> {
        check(rows)?;
        self.ready(head)?;
        self.wrote = true;
        let done = match &mut self.link {
            // One row a statement: SQLite opens a savepoint for a statement of several rows, and with it FTS5 writes out what it holds.
            Link::Sqlite(conn) => sqlite::execute_each(conn, &many(head, columns, 1), columns, rows),
            Link::Postgres(line) => {
                line.insert_later(head, columns, rows);
                Ok(())
            }
        };
        self.failed |= done.is_err();
        done
    }

    fn each(&mut self, sql: &str, args: &[Value], f: &mut dyn FnMut(&Row) -> Result<bool>) -> Result<()> {
        check(args)?;
        self.ready(sql)?;
        self.wrote |= !reads(sql);
        match &mut self.link {
            Link::Sqlite(conn) => {
                let failed = &mut self.failed;
                let mut lost = |cause: Error| {
                    *failed = true;
                    cause
                };
                let mut statement = conn.prepare_cached(sql).map_err(sqlite::error).map_err(&mut lost)?;
                sqlite::bind(&mut statement, args).map_err(&mut lost)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next().map_err(sqlite::error).map_err(&mut lost)? {
                    if !f(&Row(Source::Sqlite(row)))? {
                        break;
                    }
                }
                Ok(())
            }
            Link::Postgres(line) => {
                let rows = line.query(sql, args);
                self.failed |= rows.is_err();
                for row in &rows? {
                    if !f(&Row(Source::Postgres(row)))? {
                        break;
                    }
                }
                Ok(())
            }
        }
    }

    fn prepare(&mut self, sql: &str) -> Result<()> {
        self.open()?;
        let done = match &mut self.link {
            Link::Sqlite(conn) => conn.prepare(sql).map(drop).map_err(sqlite::error),
            Link::Postgres(line) => line.prepare(sql).map(drop),
        };
        self.failed |= done.is_err();
        done
    }

    fn batch(&mut self, sql: &str) -> Result<()> {
        self.ready(sql)?;
        self.wrote = true;
        let done = match &mut self.link {
            Link::Sqlite(conn) => conn.execute_batch(sql).map_err(sqlite::error),
            Link::Postgres(line) => line.batch(sql),
        };
        self.failed |= done.is_err();
        done
    }
}

macro_rules! methods {
    ($type:ident, $self:ident => $side:expr) => {
        impl $type<'_> {
            /// Runs a statement; answers how many rows it touched.
            pub fn run(&mut $self, sql: &str, args: &[Value]) -> Result<u64> {
                $side.execute(sql, args)
            }

            /// Runs a statement of which nothing must be known but that it did not fail.
            /// On PostgreSQL a failure may show only at the next statement or at the commit; it ends the unit all the same.
            pub fn send(&mut $self, sql: &str, args: &[Value]) -> Result<()> {
                $side.send(sql, args)
            }

            /// Every row, through `f`. Also for `… RETURNING`.
            pub fn all<T>(&mut $self, sql: &str, args: &[Value], mut f: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>> {
                let mut found = Vec::new();
                $side.each(sql, args, &mut |row| {
                    found.push(f(row)?);
                    Ok(true)
                })?;
                Ok(found)
            }

            /// The first row, or none. Not for `… RETURNING` of several rows: use `all`, which runs to the end.
            pub fn maybe<T>(&mut $self, sql: &str, args: &[Value], mut f: impl FnMut(&Row) -> Result<T>) -> Result<Option<T>> {
                let mut found = None;
                $side.each(sql, args, &mut |row| {
                    if found.is_none() {
                        found = Some(f(row)?);
                    }
                    // Runs to the end where a row changes something; a plain SELECT stops at once.
                    Ok(!reads(sql))
                })?;
                Ok(found)
            }

            /// The first row; an internal error when there is none.
            pub fn one<T>(&mut $self, sql: &str, args: &[Value], f: impl FnMut(&Row) -> Result<T>) -> Result<T> {
                $self.maybe(sql, args, f)?.ok_or_else(|| Error::internal(format!("no row where one must be: {sql}")))
            }

            /// Inserts many rows: `sql_head` is `INSERT INTO t (a, b) VALUES`, `rows` the values row after row, `columns` to each.
            /// On PostgreSQL a failure may show only at the next statement or at the commit; it ends the unit all the same.
            pub fn insert_many(&mut $self, sql_head: &str, columns: usize, rows: &[Value]) -> Result<()> {
                if columns == 0 || rows.len() % columns != 0 {
                    return Err(Error::internal(format!("{} values do not fill rows of {columns}: {sql_head}", rows.len())));
                }
                $side.insert_rows(sql_head, columns, rows)
            }

            /// The engine underneath, for the named functions of `dialect` only.
            pub fn engine(&$self) -> Engine {
                $side.engine()
            }
        }
    };
}

methods!(Tx, self => self.data);
methods!(VaultTx, self => self.0);

impl Tx<'_> {
    /// The vault database in the same unit; its transaction opens on the first statement.
    pub fn vault(&mut self) -> VaultTx<'_> {
        VaultTx(&mut self.vault)
    }

    /// Another unit goes to work in the same transaction.
    pub(crate) const fn next_unit(&mut self) {
        self.data.wrote = false;
        self.vault.wrote = false;
    }

    /// What waits to be written into SQLite's token index. Error: internal, in a unit that only reads.
    pub(crate) fn waiting(&mut self) -> Result<&mut Waiting> {
        self.data.wrote = true;
        self.data.index.as_deref_mut().ok_or_else(|| Error::internal("a unit that reads tried to write the token index"))
    }

    /// Asks something whose answer is wanted later in this unit, by [`Tx::answer_ahead`]: on PostgreSQL it travels with the next statement.
    /// One question at a time.
    pub fn ask_ahead(&mut self, sql: &'static str, args: &[Value]) -> Result<()> {
        check(args)?;
        match &mut self.data.link {
            Link::Sqlite(_) => self.ahead = Some((sql, args.to_vec())),
            Link::Postgres(line) => {
                let asked = line.ask_ahead(sql, args);
                self.data.failed |= asked.is_err();
                asked?;
            }
        }
        Ok(())
    }

    /// The first row of what was asked ahead. Error: internal when there is none, or when nothing was asked.
    pub fn answer_ahead<T>(&mut self, f: impl FnOnce(&Row) -> Result<T>) -> Result<T> {
        let none = || Error::internal("no answer to what was asked ahead");
        if let Link::Postgres(line) = &mut self.data.link {
            let rows = line.answer_ahead();
            self.data.failed |= rows.is_err();
            return f(&Row(Source::Postgres(rows?.first().ok_or_else(none)?)));
        }
        let (sql, args) = self.ahead.take().ok_or_else(none)?;
        let (mut f, mut answer) = (Some(f), None);
        self.data.each(sql, &args, &mut |row| {
            answer = f.take().map(|f| f(row)).transpose()?.or(answer.take());
            Ok(false)
        })?;
        answer.ok_or_else(none)
    }

    /// Has what waits to be sent to PostgreSQL sent, so that a failure shows now.
    pub(crate) fn flush(&mut self) -> Result<()> {
        let vault_used = self.vault.used();
        match (&mut self.data.link, &mut self.vault.link) {
            (Link::Postgres(data), Link::Postgres(vault)) if vault_used => pg::Line::flush_both(data, vault),
            (Link::Postgres(data), _) => data.flush(),
            _ => Ok(()),
        }
    }

    /// Whether a statement ran that may have changed something.
    pub(crate) const fn wrote(&self) -> bool {
        self.data.wrote || self.vault.wrote
    }

    /// Whether a statement failed, so that the unit can no longer be kept.
    pub(crate) const fn failed(&self) -> bool {
        self.data.failed || self.vault.failed
    }
}

/// Whether a statement is a question that changes and locks nothing.
pub(crate) fn asks(sql: &str) -> bool {
    reads(sql) && !sql.contains(" FOR UPDATE")
}

fn reads(sql: &str) -> bool {
    sql.trim_start().get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
}

pub(crate) fn many(head: &str, columns: usize, rows: usize) -> String {
    let mut sql = String::with_capacity(head.len() + rows * columns * 6);
    sql.push_str(head);
    for row in 0..rows {
        sql.push_str(if row == 0 { " (" } else { ", (" });
        for column in 0..columns {
            let comma = if column == 0 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(sql, "{comma}?{}", row * columns + column + 1);
        }
        sql.push(')');
    }
    sql
}

/// Prepares every statement; the error names the one that fails. For the test that each is valid on both engines.
pub fn prepare_all(tx: &mut Tx, on_vault: bool, statements: &[(&str, &str)]) -> Result<()> {
    for (name, sql) in statements {
        let side = if on_vault { &mut tx.vault } else { &mut tx.data };
        side.prepare(sql).map_err(|error| Error::internal(format!("statement {name} is refused: {error:?}")))?;
    }
    Ok(())
}

/// How many a statement made with [`in_64`] asks for at once.
pub const IN_AT_ONCE: usize = 64;

/// A statement over up to 64 values, with their places between two texts: `in_64!("SELECT a FROM t WHERE id IN (", ")")`. Further arguments
/// begin at `?65`. See `Unit::all_in`.
#[macro_export]
macro_rules! in_64 {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ",
            "?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51, ?52, ",
            "?53, ?54, ?55, ?56, ?57, ?58, ?59, ?60, ?61, ?62, ?63, ?64",
            $after
        )
    };
}

/// Names SQL statements: `statements! { /// doc` newline `pub INSERT = "…"; }` gives constants and `ALL`, so that a test can prepare each on both engines.
#[macro_export]
macro_rules! statements {
    ($($(#[$meta:meta])* $vis:vis $name:ident = $sql:expr;)*) => {
        $($(#[$meta])* $vis const $name: &str = $sql;)*
        /// Every statement by name.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $name)),*];
    };
}
