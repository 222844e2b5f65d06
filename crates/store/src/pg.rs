//! PostgreSQL underneath: one connection with its prepared statements, binding, errors.

use std::{collections::HashMap, fmt};

use kernel::{Code, Error, Result};
use postgres::{
    Client, NoTls, Statement,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut},
};

use crate::{
    Value,
    numbered::numbered,
    place::Address,
    sqlite::{duplicate, storage_full},
    value::{Cell, write_ints},
};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 1000;

/// What went wrong on a line since its unit began.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    None,
    /// The server asks for the unit to be run again (40001, 40P01, 55P03, a stale plan).
    Again,
    /// The connection is gone.
    Broken,
}

/// One connection that is opened when needed and opened again after it broke.
pub(crate) struct Line {
    address: Address,
    client: Option<Client>,
    statements: HashMap<String, Statement>,
    pub(crate) trouble: Trouble,
}

impl Line {
    pub(crate) fn new(address: Address) -> Self {
        Self { address, client: None, statements: HashMap::new(), trouble: Trouble::None }
    }

    fn client(&mut self) -> Result<&mut Client> {
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.statements.clear();
            self.client = None;
            self.client = Some(self.connect()?);
        }
        self.client.as_mut().ok_or_else(unreachable_server)
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        let mut client = self.address.config.connect(NoTls).map_err(error)?;
        let mut settings = String::from("SET lock_timeout = '10s'; SET client_min_messages = warning;");
        if let Some(schema) = &self.address.schema {
            // The name was checked when the address was read: letters, digits, underscores.
            settings.push_str(&format!(" SET search_path = {schema};"));
        }
        client.batch_execute(&settings).map_err(error)?;
        Ok(client)
    }

    /// Creates the schema of the address when there is one.
    pub(crate) fn create_schema(&mut self) -> Result<()> {
        match self.address.schema.clone() {
            Some(schema) => self.batch(&format!("CREATE SCHEMA IF NOT EXISTS {schema}")),
            None => Ok(()),
        }
    }

    /// Runs SQL text without arguments.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        let done = self.client()?.batch_execute(sql);
        done.map_err(|e| self.note(e))
    }

    /// Ends a transaction that may already be gone with its connection.
    pub(crate) fn roll_back(&mut self) {
        let ended = self.client.as_mut().is_none_or(|client| client.batch_execute("ROLLBACK").is_ok());
        if !ended {
            self.client = None;
            self.statements.clear();
        }
    }

    /// Prepares a statement, or finds it prepared.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<Statement> {
        self.client()?;
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let prepared = self.client()?.prepare(&numbered(sql));
        let statement = prepared.map_err(|e| self.note(e))?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        let params = params(&statement, args)?;
        let done = self.client()?.execute(&statement, &params);
        done.map_err(|e| self.note(e))
    }

    pub(crate) fn query(&mut self, sql: &str, args: &[Value]) -> Result<Vec<postgres::Row>> {
        let statement = self.prepare(sql)?;
        let params = params(&statement, args)?;
        let rows = self.client()?.query(&statement, &params);
        rows.map_err(|e| self.note(e))
    }

    fn note(&mut self, cause: postgres::Error) -> Error {
        if cause.is_closed() || self.client.as_ref().is_none_or(Client::is_closed) {
            self.trouble = Trouble::Broken;
            self.client = None;
            self.statements.clear();
            return unreachable_server().because(Cause::from(&cause));
        }
        match cause.code() {
            Some(state) if again(state) => self.trouble = Trouble::Again,
            Some(state) if *state == SqlState::FEATURE_NOT_SUPPORTED => {
                // "cached plan must not change result type": a migration of another node changed a table.
                self.statements.clear();
                self.trouble = Trouble::Again;
            }
            _ => {}
        }
        error(cause)
    }
}

fn again(state: &SqlState) -> bool {
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE].contains(state)
}

fn params<'a>(statement: &Statement, args: &'a [Value]) -> Result<Vec<&'a (dyn ToSql + Sync)>> {
    if statement.params().len() != args.len() {
        return Err(Error::internal(format!("the statement takes {} arguments and got {}", statement.params().len(), args.len())));
    }
    Ok(args.iter().map(|value| value as &(dyn ToSql + Sync)).collect())
}

type Fault = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Bool(v) if *ty == Type::BOOL => v.to_sql(ty, out),
            Self::Bool(v) => Self::Int((*v).into()).to_sql(ty, out),
            Self::Int(v) => match *ty {
                Type::INT8 => v.to_sql(ty, out),
                Type::INT4 => i32::try_from(*v)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*v)?.to_sql(ty, out),
                Type::FLOAT8 => (*v as f64).to_sql(ty, out),
                Type::BOOL if *v == 0 || *v == 1 => (*v == 1).to_sql(ty, out),
                _ => Err(mismatch("an integer", ty)),
            },
            Self::Real(v) => match *ty {
                Type::FLOAT8 => v.to_sql(ty, out),
                Type::FLOAT4 => (*v as f32).to_sql(ty, out),
                _ => Err(mismatch("a double", ty)),
            },
            Self::Text(v) if <&str as ToSql>::accepts(ty) => v.as_str().to_sql(ty, out),
            Self::Text(_) => Err(mismatch("text", ty)),
            Self::Blob(v) if *ty == Type::BYTEA => v.as_slice().to_sql(ty, out),
            Self::Blob(_) => Err(mismatch("bytes", ty)),
            Self::Ints(v) if *ty == Type::INT8_ARRAY => v.to_sql(ty, out),
            Self::Ints(v) if <&str as ToSql>::accepts(ty) => write_ints(v).to_sql(ty, out),
            Self::Ints(_) => Err(mismatch("a list of integers", ty)),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

fn mismatch(what: &str, ty: &Type) -> Fault {
    format!("{what} does not fit a parameter of type {ty}").into()
}

/// A column of a row; `None` when there is no such column or its type is not one that is read here.
pub(crate) fn cell(row: &postgres::Row, index: usize) -> Option<Cell<'_>> {
    row.try_get::<_, Cell<'_>>(index).ok()
}

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        Ok(match *ty {
            Type::BOOL => Cell::Bool(bool::from_sql(ty, raw)?),
            Type::INT8 => Cell::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Cell::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Cell::Int(i16::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Cell::Real(f64::from_sql(ty, raw)?),
            Type::FLOAT4 => Cell::Real(f32::from_sql(ty, raw)?.into()),
            Type::BYTEA => Cell::Blob(raw),
            Type::INT8_ARRAY => Cell::Ints(Vec::from_sql(ty, raw)?),
            Type::NUMERIC => Cell::Int(whole(raw).ok_or("a numeric that is not a whole 64-bit number")?),
            _ if <&str as FromSql>::accepts(ty) => Cell::Text(<&str>::from_sql(ty, raw)?),
            _ => return Err(format!("type {ty} is not read here").into()),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Fault> {
        Ok(Cell::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A whole `NUMERIC` (what `SUM` over `BIGINT` gives) in the wire's form: digits in base 10,000 after count, weight, sign and scale.
fn whole(raw: &[u8]) -> Option<i64> {
    let short = |at: usize| raw.get(at..at + 2)?.try_into().ok().map(i16::from_be_bytes);
    let (count, weight, sign) = (short(0)?, short(2)?, short(4)?);
    let mut value: i128 = 0;
    for place in 0..=weight {
        if place > 5 {
            return None;
        }
        let digit = if place < count { short(8 + 2 * usize::try_from(place).ok()?)? } else { 0 };
        value = value * 10_000 + i128::from(digit);
    }
    if count > weight + 1 || (sign != 0 && sign != 0x4000) {
        return None;
    }
    i64::try_from(if sign == 0 { value } else { -value }).ok()
}

/// What PostgreSQL said, without the texts in which it repeats values.
#[derive(Debug)]
struct Cause {
    state: String,
    what: String,
}

impl From<&postgres::Error> for Cause {
    fn from(error: &postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            // Connection, encoding and protocol errors: written by this side, from types and states.
            let source = std::error::Error::source(error).map(|s| format!(": {s}")).unwrap_or_default();
            return Self { state: "client".into(), what: format!("{error}{source}") };
        };
        let state = db.code().code().to_owned();
        let named = [("table", db.table()), ("column", db.column()), ("constraint", db.constraint())];
        let mut what: Vec<String> = named.iter().filter_map(|(label, name)| name.map(|n| format!("{label} {n}"))).collect();
        // Data exceptions (22) and integrity violations (23) quote values in their message; the others name objects.
        if !state.starts_with("22") && !state.starts_with("23") {
            what.push(db.message().to_owned());
        }
        Self { state, what: what.join(", ") }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "postgres {}: {}", self.state, self.what)
    }
}

impl std::error::Error for Cause {}

fn unreachable_server() -> Error {
    Error::new(Code::Unavailable, "The database server cannot be reached. Check that PostgreSQL runs and try again.")
}

/// The house's error for PostgreSQL's.
pub(crate) fn error(cause: postgres::Error) -> Error {
    let kept = Cause::from(&cause);
    let Some(state) = cause.code() else {
        let ours = cause.is_closed() || std::error::Error::source(&cause).is_some_and(|s| s.is::<std::io::Error>());
        return if ours { unreachable_server().because(kept) } else { Error::internal(kept) };
    };
    if *state == SqlState::DISK_FULL {
        storage_full().because(kept)
    } else if *state == SqlState::UNIQUE_VIOLATION {
        duplicate().because(kept)
    } else if again(state) {
        Error::new(Code::Unavailable, "The database is busy with another task. Nothing was changed; try again.").because(kept)
    } else if ["08", "53", "57", "28", "3D"].iter().any(|class| state.code().starts_with(class)) {
        Error::new(Code::Unavailable, "The database server refuses to work for us now. Its log and ours say why.").because(kept)
    } else {
        Error::internal(kept)
    }
}
