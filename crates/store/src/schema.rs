//! A portable description of a database's tables, so that a test can compare the engines.

use kernel::Result;

use crate::{
    Engine, Row, Tx, Value, args,
    tx::{Side, Statements},
};

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableShape {
    /// Its name.
    pub table: String,
    /// Its columns by name.
    pub columns: Vec<ColumnShape>,
    /// Its primary key's columns, in order.
    pub primary_key: Vec<String>,
    /// Its other indexes, by columns.
    pub indexes: Vec<IndexShape>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ColumnShape {
    /// Its name.
    pub name: String,
    /// `bigint`, `text`, `boolean`, `bytes` or `double`; an engine's own word where it is none of them.
    pub kind: String,
    /// Whether it may be NULL.
    pub nullable: bool,
}

/// One index beside the primary key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IndexShape {
    /// Its columns in order; an expression shows as empty.
    pub columns: Vec<String>,
    /// Whether it admits each value once.
    pub unique: bool,
    /// Whether it covers only some rows.
    pub partial: bool,
}

/// The tables of the data database, without the token index (a named difference) and the engine's own.
pub fn schema(tx: &mut Tx) -> Result<Vec<TableShape>> {
    shapes(&mut tx.data)
}

/// The tables of the vault.
pub fn vault_schema(tx: &mut Tx) -> Result<Vec<TableShape>> {
    shapes(&mut tx.vault)
}

fn shapes(side: &mut Side<'_>) -> Result<Vec<TableShape>> {
    let engine = side.engine();
    let names = strings(
        side,
        match engine {
            Engine::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
            Engine::Postgres => {
                "SELECT relname::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY 1"
            }
        },
        &[],
    )?;
    let own = |name: &String| name != "token_index" && !name.starts_with("token_index_");
    let mut tables = Vec::new();
    for table in names.into_iter().filter(own) {
        tables.push(match engine {
            Engine::Sqlite => on_sqlite(side, table)?,
            Engine::Postgres => on_postgres(side, table)?,
        });
    }
    tables.sort_by(|a, b| a.table.cmp(&b.table));
    Ok(tables)
}

fn on_sqlite(side: &mut Side<'_>, table: String) -> Result<TableShape> {
    let mut columns =
        rows(side, "SELECT name, type, \"notnull\" = 0 AND pk = 0 FROM pragma_table_info(?1)", &args![table.as_str()], column)?;
    columns.sort();
    let primary_key = strings(side, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", &args![table.as_str()])?;
    let listed = "SELECT name, \"unique\", partial FROM pragma_index_list(?1) WHERE origin <> 'pk'";
    let named = rows(side, listed, &args![table.as_str()], |row| Ok((row.get::<String>(0)?, row.get(1)?, row.get(2)?)))?;
    let mut indexes = Vec::new();
    for (name, unique, partial) in named {
        let columns = strings(side, "SELECT coalesce(name, '') FROM pragma_index_info(?1) ORDER BY seqno", &args![name])?;
        indexes.push(IndexShape { columns, unique, partial });
    }
    indexes.sort();
    Ok(TableShape { table, columns, primary_key, indexes })
}

fn on_postgres(side: &mut Side<'_>, table: String) -> Result<TableShape> {
    const KEYS: &str = "SELECT coalesce(a.attname::text, '') FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
        CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place) \
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number > 0 \
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relname::text = ?1";
    let sql = "SELECT column_name::text, data_type::text, is_nullable = 'YES' FROM information_schema.columns \
        WHERE table_schema = current_schema() AND table_name::text = ?1";
    let mut columns = rows(side, sql, &args![table.as_str()], column)?;
    columns.sort();
    let primary_key = strings(side, &format!("{KEYS} AND i.indisprimary ORDER BY k.place"), &args![table.as_str()])?;
    let listed = "SELECT i.indexrelid::int8, i.indisunique, i.indpred IS NOT NULL FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relname::text = ?1 AND NOT i.indisprimary";
    let named = rows(side, listed, &args![table.as_str()], |row| Ok((row.get::<i64>(0)?, row.get(1)?, row.get(2)?)))?;
    let mut indexes = Vec::new();
    for (id, unique, partial) in named {
        let columns = strings(side, &format!("{KEYS} AND i.indexrelid::int8 = ?2 ORDER BY k.place"), &args![table.as_str(), id])?;
        indexes.push(IndexShape { columns, unique, partial });
    }
    indexes.sort();
    Ok(TableShape { table, columns, primary_key, indexes })
}

fn column(row: &Row) -> Result<ColumnShape> {
    let word = row.get::<String>(1)?.to_ascii_lowercase();
    let kind = match word.as_str() {
        "integer" | "int" | "bigint" | "int8" => "bigint",
        "text" | "character varying" => "text",
        "boolean" | "bool" => "boolean",
        "blob" | "bytea" => "bytes",
        "real" | "double precision" | "double" => "double",
        other => other,
    };
    Ok(ColumnShape { name: row.get(0)?, kind: kind.to_owned(), nullable: row.get(2)? })
}

fn rows<T>(side: &mut Side<'_>, sql: &str, args: &[Value], mut f: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>> {
    let mut found = Vec::new();
    side.each(sql, args, &mut |row| {
        found.push(f(row)?);
        Ok(true)
    })?;
    Ok(found)
}

fn strings(side: &mut Side<'_>, sql: &str, args: &[Value]) -> Result<Vec<String>> {
    rows(side, sql, args, |row| row.get(0))
}
