//! Whole tables from one store to another, whatever the engines, in portions of one snapshot.

use kernel::{Error, Result};
use store::{Cell, Column, Store, TableShape, Tx, Value, args};

/// Rebuilt, short-lived or the target's own: never copied.
const LEFT_OUT: &[&str] =
    &["schema_migration", "name_sort", "session", "idempotency", "query", "event_record", "standing", "backup_keyring", "backup_manifest"];
const PORTION: usize = 500;

/// Which of the two databases.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Data,
    Vault,
}

struct Any(Value);

impl Column for Any {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        Some(Self(match cell {
            Cell::Null => Value::Null,
            Cell::Bool(v) => Value::Bool(v),
            Cell::Int(v) => Value::Int(v),
            Cell::Real(v) => Value::Real(v),
            Cell::Text(v) => Value::Text(v.to_owned()),
            Cell::Blob(v) => Value::Blob(v.to_vec()),
            Cell::Ints(v) => Value::Ints(v),
        }))
    }
}

/// Copies every table of one side, as of one moment of the source.
pub(super) fn copy(from: &Store, to: &Store, side: Side) -> Result<()> {
    let to = to.clone();
    from.read_now(move |tx| {
        for table in tables(tx, side)? {
            one(tx, &to, side, &table)?;
        }
        Ok(())
    })
}

/// Empties every table of one side, but for those that a migration fills: what an interrupted restore left.
pub(super) fn clear(store: &Store, side: Side) -> Result<()> {
    store
        .write_now(move |tx| {
            let tables = if side == Side::Data { store::schema(tx)? } else { store::vault_schema(tx)? };
            let filled = |table: &str| matches!(table, "schema_migration" | "standing") || table.ends_with("_seq");
            for table in tables.iter().map(|shape| shape.table.as_str()).filter(|table| !filled(table)) {
                let statement = format!("DELETE FROM {table}");
                if side == Side::Data {
                    tx.run(&statement, &[])?
                } else {
                    tx.vault().run(&statement, &[])?
                };
            }
            // It is a restore that is still to be made.
            if side == Side::Data { tx.run(trail::sql::SETTING_SET, &args![trail::RESTORING, "1"]) } else { Ok(0) }
        })
        .map(drop)
}

fn tables(tx: &mut Tx, side: Side) -> Result<Vec<TableShape>> {
    let mut tables = if side == Side::Data { store::schema(tx)? } else { store::vault_schema(tx)? };
    tables.retain(|shape| !LEFT_OUT.contains(&shape.table.as_str()) && !shape.table.ends_with("_seq"));
    Ok(tables)
}

fn one(tx: &mut Tx, to: &Store, side: Side, shape: &TableShape) -> Result<()> {
    let columns: Vec<&str> = shape.columns.iter().map(|c| c.name.as_str()).collect();
    let list = columns.join(", ");
    let key = shape.primary_key.join(", ");
    let marks = (1..=shape.primary_key.len()).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let places: Vec<usize> = shape.primary_key.iter().filter_map(|k| columns.iter().position(|c| c == k)).collect();
    if places.is_empty() || places.len() != shape.primary_key.len() {
        return Err(Error::internal(format!("table {} has no primary key to copy it by", shape.table)));
    }
    let first = format!("SELECT {list} FROM {} ORDER BY {key} LIMIT {PORTION}", shape.table);
    let next = format!("SELECT {list} FROM {} WHERE ({key}) > ({marks}) ORDER BY {key} LIMIT {PORTION}", shape.table);
    let head = format!("INSERT INTO {} ({list}) VALUES", shape.table);
    let mut last: Vec<Value> = Vec::new();
    loop {
        let sql = if last.is_empty() { &first } else { &next };
        let read = |row: &store::Row| {
            let cells = shape.columns.iter().enumerate().map(|(n, column)| Ok(typed(row.get::<Any>(n)?.0, &column.kind)));
            cells.collect::<Result<Vec<Value>>>()
        };
        let rows = match side {
            Side::Data => tx.all(sql, &last, read)?,
            Side::Vault => tx.vault().all(sql, &last, read)?,
        };
        let Some(end) = rows.last() else { return Ok(()) };
        last = places.iter().filter_map(|place| end.get(*place).cloned()).collect();
        let done = rows.len() < PORTION;
        let (head, width, rows) = (head.clone(), columns.len(), rows.concat());
        to.write_now(move |tx| match side {
            Side::Data => tx.insert_many(&head, width, &rows),
            Side::Vault => tx.vault().insert_many(&head, width, &rows),
        })?;
        if done {
            return Ok(());
        }
    }
}

/// SQLite has no truth values of its own.
fn typed(value: Value, kind: &str) -> Value {
    match value {
        Value::Int(n) if kind == "boolean" => Value::Bool(n != 0),
        other => other,
    }
}
