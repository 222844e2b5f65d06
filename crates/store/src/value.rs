//! What goes into a statement and what comes out of a row, the same for both engines.

use kernel::{Code, Error, Instant, Result};

/// One argument of a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL NULL of any type.
    Null,
    /// A truth value; stored as 0 or 1 on SQLite.
    Bool(bool),
    /// A whole number; refused when the column is narrower and it does not fit.
    Int(i64),
    /// A double.
    Real(f64),
    /// Text without NUL characters (PostgreSQL cannot store them, so neither engine is given any).
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// A list of numbers: `BIGINT[]` on PostgreSQL, a JSON array in text on SQLite.
    Ints(Vec<i64>),
}

macro_rules! from {
    ($($type:ty => |$v:ident| $to:expr;)*) => {
        $(impl From<$type> for Value { fn from($v: $type) -> Self { $to } })*
    };
}

from! {
    bool => |v| Self::Bool(v);
    i64 => |v| Self::Int(v);
    i32 => |v| Self::Int(v.into());
    u32 => |v| Self::Int(v.into());
    u16 => |v| Self::Int(v.into());
    u8 => |v| Self::Int(v.into());
    f64 => |v| Self::Real(v);
    &str => |v| Self::Text(v.to_owned());
    String => |v| Self::Text(v);
    &String => |v| Self::Text(v.clone());
    std::borrow::Cow<'_, str> => |v| Self::Text(v.into_owned());
    &[u8] => |v| Self::Blob(v.to_vec());
    Vec<u8> => |v| Self::Blob(v);
    &Vec<u8> => |v| Self::Blob(v.clone());
    Vec<i64> => |v| Self::Ints(v);
    &[i64] => |v| Self::Ints(v.to_vec());
    Instant => |v| Self::Int(v.micros());
    &Instant => |v| Self::Int(v.micros());
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<const N: usize> From<&[u8; N]> for Value {
    fn from(bytes: &[u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A stored value on its way out of a row, before it has a Rust type.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    /// NULL.
    Null,
    /// A truth value (PostgreSQL only; SQLite gives 0 or 1).
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A double.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
    /// A list of numbers (PostgreSQL only).
    Ints(Vec<i64>),
}

/// A type that a column can be read as.
pub trait Column: Sized {
    /// Reads a cell; `None` when it holds something else.
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! column {
    ($($type:ty => $($pattern:pat => $value:expr),+;)*) => {
        $(impl Column for $type {
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                match cell { $($pattern => $value,)+ _ => None }
            }
        })*
    };
}

column! {
    bool => Cell::Bool(v) => Some(v), Cell::Int(v @ 0..=1) => Some(v == 1);
    i64 => Cell::Int(v) => Some(v);
    i32 => Cell::Int(v) => v.try_into().ok();
    u64 => Cell::Int(v) => v.try_into().ok();
    u32 => Cell::Int(v) => v.try_into().ok();
    u16 => Cell::Int(v) => v.try_into().ok();
    u8 => Cell::Int(v) => v.try_into().ok();
    f64 => Cell::Real(v) => Some(v), Cell::Int(v) => Some(v as Self);
    String => Cell::Text(v) => Some(v.to_owned());
    Vec<u8> => Cell::Blob(v) => Some(v.to_vec());
    Vec<i64> => Cell::Ints(v) => Some(v), Cell::Text(v) => read_ints(v);
    Instant => Cell::Int(v) => Some(Self::from_micros(v));
}

impl<const N: usize> Column for [u8; N] {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Blob(v) => v.try_into().ok(),
            _ => None,
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            other => T::from_cell(other).map(Some),
        }
    }
}

/// Lets identifier types (`kernel::id!`) be arguments and columns: `store::id_columns!(StepId);`
#[macro_export]
macro_rules! id_columns {
    ($($type:ty),* $(,)?) => {
        $(
            impl From<$type> for $crate::Value {
                fn from(id: $type) -> Self { $crate::Value::Blob(id.bytes().to_vec()) }
            }
            impl From<&$type> for $crate::Value {
                fn from(id: &$type) -> Self { $crate::Value::Blob(id.bytes().to_vec()) }
            }
            impl $crate::Column for $type {
                fn from_cell(cell: $crate::Cell<'_>) -> ::std::option::Option<Self> {
                    match cell { $crate::Cell::Blob(bytes) => <$type>::from_slice(bytes), _ => None }
                }
            }
        )*
    };
}

id_columns!(
    kernel::RecordId,
    kernel::EventId,
    kernel::UserId,
    kernel::SessionId,
    kernel::ApiKeyId,
    kernel::KeyId,
    kernel::JobId,
    kernel::HoldId,
    kernel::RequestId,
    kernel::BatchId,
    kernel::OrderId,
    kernel::BlobId,
    kernel::NoticeId,
    kernel::QueryId,
);

/// Arguments of a statement: `tx.run(SQL, &args![id, now, "x"])`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { $crate::list([$($crate::Value::from($value)),*]) };
}

/// The values as given; gives [`args!`] its type when it is empty.
#[doc(hidden)]
pub const fn list<const N: usize>(values: [Value; N]) -> [Value; N] {
    values
}

/// One row of a result.
pub struct Row<'a>(pub(crate) Source<'a>);

pub(crate) enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

impl Row<'_> {
    /// Column `index` (from 0) as `T`. Another type in the column, a NULL where none is expected or a missing column is our own fault.
    pub fn get<T: Column>(&self, index: usize) -> Result<T> {
        let cell = match &self.0 {
            Source::Sqlite(row) => crate::sqlite::cell(row, index),
            Source::Postgres(row) => crate::pg::cell(row, index),
        };
        let what = std::any::type_name::<T>();
        let cell =
            cell.ok_or_else(|| Error::internal(format!("column {index} is missing or of a type that is not read here (wanted {what})")))?;
        let found = kind_of(&cell);
        T::from_cell(cell).ok_or_else(|| Error::internal(format!("column {index} holds {found}, which is not a {what}")))
    }
}

fn kind_of(cell: &Cell<'_>) -> &'static str {
    match cell {
        Cell::Null => "NULL",
        Cell::Bool(_) => "a boolean",
        Cell::Int(_) => "an integer",
        Cell::Real(_) => "a double",
        Cell::Text(_) => "text",
        Cell::Blob(_) => "bytes",
        Cell::Ints(_) => "a list of integers",
    }
}

/// Refuses what only one of the engines could store.
pub(crate) fn check(args: &[Value]) -> Result<()> {
    let nul = args.iter().any(|value| matches!(value, Value::Text(text) if text.contains('\0')));
    if nul {
        return Err(Error::new(Code::InvalidInput, "Text must not contain NUL characters; remove them and try again."));
    }
    Ok(())
}

/// A list of numbers as a JSON array.
pub(crate) fn write_ints(values: &[i64]) -> String {
    let mut text = String::with_capacity(2 + values.len() * 8);
    text.push('[');
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(&value.to_string());
    }
    text.push(']');
    text
}

fn read_ints(text: &str) -> Option<Vec<i64>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    if inner.is_empty() {
        return Some(Vec::new());
    }
    inner.split(',').map(|part| part.trim().parse().ok()).collect()
}
