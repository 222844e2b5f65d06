//! The blind token index: which documents carry which keyed hashes. A named difference of the dialects.
//!
//! SQLite keeps it in a contentless FTS5 table (few pages touched per document), whose rows are deleted by naming the exact old tokens;
//! PostgreSQL in a `bigint[]` column with a GIN index. Tokens are keyed hashes, nothing readable.
//!
//! FTS5 writes out what it holds at every savepoint, at every look and before every row number smaller than the last. So on SQLite what the
//! units of a group index and take out is kept back, and written in the order of row numbers before the group's commit or before the next look.

use std::fmt::Write as _;

use kernel::Result;
use rusqlite::Connection;

use crate::{Engine, Tx, Value, args, sqlite};

/// Creates the index on SQLite. `contentless_delete` stays off: with it the tokens of deleted rows stay in the file.
pub const MIGRATION_SQLITE: &str = "CREATE VIRTUAL TABLE token_index USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii');\n\
    INSERT INTO token_index(token_index, rank) VALUES('secure-delete', 1);";

/// Creates the index on PostgreSQL. What was added lately waits in a list that every search reads whole, so the list is kept short (in kB).
pub const MIGRATION_POSTGRES: &str = "CREATE TABLE token_index (doc BIGINT PRIMARY KEY, tokens BIGINT[] NOT NULL);\n\
    CREATE INDEX token_index_tokens ON token_index USING GIN (tokens) WITH (fastupdate = on, gin_pending_list_limit = 256);";

const PUT_SQLITE: &str = "INSERT INTO token_index (rowid, tokens) VALUES (?1, ?2)";
const REMOVE_SQLITE: &str = "INSERT INTO token_index (token_index, rowid, tokens) VALUES ('delete', ?1, ?2)";
const PUT_POSTGRES: &str = "INSERT INTO token_index (doc, tokens) VALUES";

/// What the units of one group do to the index, in their order.
#[derive(Default)]
pub(crate) struct Waiting {
    steps: Vec<Step>,
    /// So many of them are written, in the transaction as it stands now.
    written: usize,
    /// So many there were when the unit at work began, none of them written.
    before: usize,
}

struct Step {
    doc: i64,
    words: String,
    removes: bool,
}

impl Waiting {
    /// A unit begins.
    pub(crate) fn begin(&mut self) {
        // What earlier units had written stays written, whatever becomes of this one.
        self.steps.drain(..self.written);
        self.written = 0;
        self.before = self.steps.len();
    }

    /// The unit is undone, and with it what was written meanwhile, of earlier units as well: that waits again.
    pub(crate) fn undo(&mut self) {
        self.steps.truncate(self.before);
        self.written = 0;
    }

    /// Writes what waits before a statement that looks at the index.
    pub(crate) fn write_for(&mut self, sql: &str, conn: &Connection) -> Result<()> {
        if self.written < self.steps.len() && sql.contains("token_index") { self.write(conn) } else { Ok(()) }
    }

    /// Writes what waits.
    pub(crate) fn write(&mut self, conn: &Connection) -> Result<()> {
        let mut steps: Vec<&Step> = self.steps.iter().skip(self.written).collect();
        // Stable: of one document in the order of the units.
        steps.sort_by_key(|step| step.doc);
        for step in steps {
            let sql = if step.removes { REMOVE_SQLITE } else { PUT_SQLITE };
            let mut statement = conn.prepare_cached(sql).map_err(sqlite::error)?;
            statement.execute((step.doc, &step.words)).map_err(sqlite::error)?;
        }
        self.written = self.steps.len();
        Ok(())
    }

    fn push(&mut self, doc: i64, tokens: &[i64], removes: bool) {
        self.steps.push(Step { doc, words: words(tokens), removes });
    }
}

/// Indexes one document that is not in the index yet. `doc` is its random positive number; double tokens count once.
pub fn put(tx: &mut Tx, doc: i64, tokens: &[i64]) -> Result<()> {
    put_many(tx, &[(doc, tokens)])
}

/// Indexes many documents, none of which is in the index yet.
pub fn put_many<T: AsRef<[i64]>>(tx: &mut Tx, docs: &[(i64, T)]) -> Result<()> {
    // A document without tokens has no row: the engines agree that nothing finds it.
    let docs = docs.iter().map(|(doc, tokens)| (*doc, distinct(tokens.as_ref()))).filter(|(_, tokens)| !tokens.is_empty());
    match tx.engine() {
        Engine::Sqlite => {
            let waiting = tx.waiting()?;
            docs.for_each(|(doc, tokens)| waiting.push(doc, &tokens, false));
            Ok(())
        }
        Engine::Postgres => {
            let rows: Vec<Value> = docs.flat_map(|(doc, tokens)| [Value::Int(doc), Value::Ints(tokens)]).collect();
            tx.insert_many(PUT_POSTGRES, 2, &rows)
        }
    }
}

/// Takes a document out. `old_tokens` must be exactly those it was indexed with: SQLite finds them by nothing else.
/// What the index file keeps of them ends with the next checkpoint (`dialect::wal_checkpoint_truncate`).
pub fn remove(tx: &mut Tx, doc: i64, old_tokens: &[i64]) -> Result<()> {
    let tokens = distinct(old_tokens);
    if tokens.is_empty() {
        return Ok(());
    }
    match tx.engine() {
        Engine::Sqlite => {
            tx.waiting()?.push(doc, &tokens, true);
            Ok(())
        }
        Engine::Postgres => tx.run("DELETE FROM token_index WHERE doc = ?1", &args![doc]).map(drop),
    }
}

/// Documents that carry, for every group, at least one of its tokens; at most `limit`, in no particular order.
/// No groups, or an empty one, find nothing.
pub fn find(tx: &mut Tx, groups: &[Vec<i64>], limit: usize) -> Result<Vec<i64>> {
    if groups.is_empty() || groups.iter().any(Vec::is_empty) {
        return Ok(Vec::new());
    }
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    match tx.engine() {
        Engine::Sqlite => {
            let sql = "SELECT rowid FROM token_index WHERE token_index MATCH ?1 LIMIT ?2";
            tx.all(sql, &args![query(groups), limit], |row| row.get(0))
        }
        Engine::Postgres => {
            let mut sql = String::from("SELECT doc FROM token_index WHERE ");
            let mut args: Vec<Value> = Vec::with_capacity(groups.len() + 1);
            for group in groups {
                let and = if args.is_empty() { "" } else { " AND " };
                args.push(Value::Ints(distinct(group)));
                // Writing to a String cannot fail.
                let _ = write!(sql, "{and}tokens && ?{}", args.len());
            }
            args.push(Value::Int(limit));
            let _ = write!(sql, " LIMIT ?{}", args.len());
            tx.all(&sql, &args, |row| row.get(0))
        }
    }
}

/// The same documents as [`find`] as a statement to stand in another, in its column `id`: its text, in which parameters begin at `?first`, and
/// its arguments. At most `limit` documents, in no particular order; `None` for all of them. No groups, or an empty one, find nothing.
pub fn subquery(engine: Engine, groups: &[Vec<i64>], limit: Option<usize>, first: usize) -> (String, Vec<Value>) {
    if groups.is_empty() || groups.iter().any(Vec::is_empty) {
        return ("SELECT doc AS id FROM record WHERE 1 = 0".to_owned(), Vec::new());
    }
    let (mut sql, mut args) = match engine {
        Engine::Sqlite => {
            (format!("SELECT rowid AS id FROM token_index WHERE token_index MATCH ?{first}"), vec![Value::Text(query(groups))])
        }
        Engine::Postgres => {
            let each = (first..).take(groups.len()).map(|n| format!("tokens && ?{n}")).collect::<Vec<_>>().join(" AND ");
            (format!("SELECT doc AS id FROM token_index WHERE {each}"), groups.iter().map(|group| Value::Ints(distinct(group))).collect())
        }
    };
    if let Some(limit) = limit {
        // Writing to a String cannot fail.
        let _ = write!(sql, " LIMIT ?{}", first + args.len());
        args.push(Value::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
    }
    (sql, args)
}

/// Whether one document, the value of the column `doc`, is among those of [`find`]: a condition, in which parameters begin at `?first`, and
/// its arguments. It reads what is kept of that document, however many others carry the same tokens.
pub fn probe(engine: Engine, groups: &[Vec<i64>], doc: &str, first: usize) -> (String, Vec<Value>) {
    if groups.is_empty() || groups.iter().any(Vec::is_empty) {
        return ("1 = 0".to_owned(), Vec::new());
    }
    match engine {
        Engine::Sqlite => {
            let sql = format!("EXISTS (SELECT 1 FROM token_index WHERE token_index MATCH ?{first} AND token_index.rowid = {doc})");
            (sql, vec![Value::Text(query(groups))])
        }
        Engine::Postgres => {
            let each = (first..).take(groups.len()).map(|n| format!("x.tokens && ?{n}")).collect::<Vec<_>>().join(" AND ");
            // OFFSET: a subquery of its own for each document, never a join with all that carry a token.
            let sql = format!("EXISTS (SELECT 1 FROM token_index x WHERE x.doc = {doc} AND {each} OFFSET 0)");
            (sql, groups.iter().map(|group| Value::Ints(distinct(group))).collect())
        }
    }
}

/// Empties the index, to build it again (key rotation, restore).
pub fn clear(tx: &mut Tx) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => tx.run("INSERT INTO token_index(token_index) VALUES('delete-all')", &[]),
        Engine::Postgres => tx.run("DELETE FROM token_index", &[]),
    }
    .map(drop)
}

/// Merges what inserts left scattered (SQLite's segments, PostgreSQL's pending list), after bulk work.
pub fn rebuild(tx: &mut Tx) -> Result<()> {
    match tx.engine() {
        Engine::Sqlite => tx.run("INSERT INTO token_index(token_index) VALUES('optimize')", &[]).map(drop),
        Engine::Postgres => tx.one("SELECT gin_clean_pending_list('token_index_tokens')", &[], |_| Ok(())),
    }
}

fn distinct(tokens: &[i64]) -> Vec<i64> {
    let mut tokens = tokens.to_vec();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// Sixteen lower-case hexadecimal digits each: one word to FTS5.
fn words(tokens: &[i64]) -> String {
    let mut words = String::with_capacity(tokens.len() * 17);
    for token in tokens {
        let space = if words.is_empty() { "" } else { " " };
        // Writing to a String cannot fail.
        let _ = write!(words, "{space}{token:016x}");
    }
    words
}

fn query(groups: &[Vec<i64>]) -> String {
    let any = |group: &Vec<i64>| {
        let words: Vec<_> = distinct(group).iter().map(|token| format!("\"{token:016x}\"")).collect();
        format!("({})", words.join(" OR "))
    };
    groups.iter().map(any).collect::<Vec<_>>().join(" AND ")
}
