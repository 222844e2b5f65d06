//! The blind token index: which documents carry which keyed hashes. A named difference of the dialects.
//!
//! SQLite keeps it in a contentless FTS5 table (few pages touched per document), whose rows are deleted by naming the exact old tokens;
//! PostgreSQL in a `bigint[]` column with a GIN index. Tokens are keyed hashes, nothing readable.

use std::fmt::Write as _;

use kernel::Result;

use crate::{Engine, Tx, Value, args};

/// Creates the index on SQLite. `contentless_delete` stays off: with it the tokens of deleted rows stay in the file.
pub const MIGRATION_SQLITE: &str = "CREATE VIRTUAL TABLE token_index USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii');\n\
    INSERT INTO token_index(token_index, rank) VALUES('secure-delete', 1);";

/// Creates the index on PostgreSQL.
pub const MIGRATION_POSTGRES: &str = "CREATE TABLE token_index (doc BIGINT PRIMARY KEY, tokens BIGINT[] NOT NULL);\n\
    CREATE INDEX token_index_tokens ON token_index USING GIN (tokens) WITH (fastupdate = on);";

const PUT_SQLITE: &str = "INSERT INTO token_index (rowid, tokens) VALUES";
const PUT_POSTGRES: &str = "INSERT INTO token_index (doc, tokens) VALUES";

/// Indexes one document that is not in the index yet. `doc` is its random positive number; double tokens count once.
pub fn put(tx: &mut Tx, doc: i64, tokens: &[i64]) -> Result<()> {
    put_many(tx, &[(doc, tokens)])
}

/// Indexes many documents, none of which is in the index yet.
pub fn put_many<T: AsRef<[i64]>>(tx: &mut Tx, docs: &[(i64, T)]) -> Result<()> {
    let mut rows = Vec::with_capacity(docs.len() * 2);
    // In ascending order: before a smaller row number than the last, FTS5 writes out all that it holds.
    let mut docs: Vec<_> = docs.iter().map(|(doc, tokens)| (*doc, tokens.as_ref())).collect();
    docs.sort_unstable_by_key(|(doc, _)| *doc);
    for (doc, tokens) in docs {
        let tokens = distinct(tokens);
        // A document without tokens has no row: the engines agree that nothing finds it.
        if tokens.is_empty() {
            continue;
        }
        rows.push(Value::Int(doc));
        rows.push(match tx.engine() {
            Engine::Sqlite => Value::Text(words(&tokens)),
            Engine::Postgres => Value::Ints(tokens),
        });
    }
    let head = match tx.engine() {
        Engine::Sqlite => PUT_SQLITE,
        Engine::Postgres => PUT_POSTGRES,
    };
    tx.insert_many(head, 2, &rows)
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
            tx.run("INSERT INTO token_index(token_index, rowid, tokens) VALUES('delete', ?1, ?2)", &args![doc, words(&tokens)])
        }
        Engine::Postgres => tx.run("DELETE FROM token_index WHERE doc = ?1", &args![doc]),
    }
    .map(drop)
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

/// The same documents as [`find`] as a subquery to stand after `doc IN`: its text, in which parameters begin at `?first`, and its arguments.
/// At most `limit` documents, in no particular order; `None` for all of them. No groups, or an empty one, find nothing.
pub fn subquery(engine: Engine, groups: &[Vec<i64>], limit: Option<usize>, first: usize) -> (String, Vec<Value>) {
    if groups.is_empty() || groups.iter().any(Vec::is_empty) {
        return ("(SELECT doc FROM record WHERE 1 = 0)".to_owned(), Vec::new());
    }
    let (mut sql, mut args) = match engine {
        Engine::Sqlite => (format!("(SELECT rowid FROM token_index WHERE token_index MATCH ?{first}"), vec![Value::Text(query(groups))]),
        Engine::Postgres => {
            let each = (first..).take(groups.len()).map(|n| format!("tokens && ?{n}")).collect::<Vec<_>>().join(" AND ");
            (format!("(SELECT doc FROM token_index WHERE {each}"), groups.iter().map(|group| Value::Ints(distinct(group))).collect())
        }
    };
    if let Some(limit) = limit {
        // Writing to a String cannot fail.
        let _ = write!(sql, " LIMIT ?{}", first + args.len());
        args.push(Value::Int(i64::try_from(limit).unwrap_or(i64::MAX)));
    }
    sql.push(')');
    (sql, args)
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
    tokens.iter().map(|token| format!("{token:016x}")).collect::<Vec<_>>().join(" ")
}

fn query(groups: &[Vec<i64>]) -> String {
    let any = |group: &Vec<i64>| {
        let words: Vec<_> = distinct(group).iter().map(|token| format!("\"{token:016x}\"")).collect();
        format!("({})", words.join(" OR "))
    };
    groups.iter().map(any).collect::<Vec<_>>().join(" AND ")
}
