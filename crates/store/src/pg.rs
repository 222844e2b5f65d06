//! PostgreSQL underneath: one connection with its prepared statements, binding, errors.
//!
//! What needs no answer (the beginning of a transaction, inserts) waits and is sent together with the next statement that does: a unit costs
//! as many round trips as it asks questions, and one for its commit. Rows that units of one commit insert into the same table go together.

use std::{
    collections::HashMap,
    fmt,
    future::{Future, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
};

use kernel::{Code, Error, Result};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::{
    Client, NoTls, Statement,
    error::SqlState,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut},
};

use crate::{
    Value,
    numbered::numbered,
    place::Address,
    sqlite::{duplicate, storage_full},
    tx::{asks, many},
    value::{Cell, write_ints},
};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 1000;

/// How a session is set. Every statement of ours reads a few rows by an index, as on SQLite, whose only join is a loop over indexes. After bulk
/// work the server has no statistics yet, and then takes a scan or a hash of a whole table for cheaper, or compiles a plan for longer than it
/// runs: it is told not to. Where no index fits, it scans all the same.
const SETTINGS: &str = "SET lock_timeout = '10s'; SET client_min_messages = warning; SET jit = off; SET enable_seqscan = off; \
    SET enable_hashjoin = off; SET enable_mergejoin = off; SET max_parallel_workers_per_gather = 0; SET random_page_cost = 1.1;";

/// What went wrong on a line since its unit began.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Trouble {
    None,
    /// The server asks for the unit to be run again (40001, 40P01, 55P03, a stale plan).
    Again,
    /// The connection is gone.
    Broken,
}

/// What drives the connections of one thread.
pub(crate) fn runtime() -> Result<Arc<Runtime>> {
    Builder::new_current_thread().enable_all().build().map(Arc::new).map_err(Error::internal)
}

/// One connection that is opened when needed and opened again after it broke.
pub(crate) struct Line {
    address: Address,
    runtime: Arc<Runtime>,
    client: Option<Client>,
    statements: HashMap<String, Statement>,
    waiting: Vec<Step>,
    rows: Vec<Rows>,
    /// What was asked ahead, once it is answered.
    ahead: Option<Vec<tokio_postgres::Row>>,
    read_only: bool,
    pub(crate) trouble: Trouble,
}

/// Rows that wait to be inserted with one head.
struct Rows {
    head: String,
    columns: usize,
    values: Vec<Value>,
}

/// The largest number of rows in one multi-row statement.
const ROWS_AT_ONCE: usize = 64;
/// Below PostgreSQL's 65,535 parameters.
const PARAMETERS_AT_ONCE: usize = 30_000;

/// Something to be sent.
enum Step {
    Text(String),
    Prepared(Statement, Vec<Value>),
    Asked(Statement, Vec<Value>),
}

impl Line {
    pub(crate) fn new(address: Address, runtime: &Arc<Runtime>) -> Self {
        let runtime = Arc::clone(runtime);
        Self {
            address,
            runtime,
            client: None,
            statements: HashMap::new(),
            waiting: Vec::new(),
            rows: Vec::new(),
            ahead: None,
            read_only: false,
            trouble: Trouble::None,
        }
    }

    /// The same for a thread that only reads: its sessions refuse to write.
    pub(crate) fn reading(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// The connection. After it broke in a unit there is none until the next unit begins: what came before is lost with it.
    fn client(&mut self) -> Result<&Client> {
        if self.trouble == Trouble::Broken {
            return Err(unreachable_server());
        }
        if self.client.as_ref().is_none_or(Client::is_closed) {
            self.drop_client();
            self.client = Some(self.connect()?);
        }
        self.client.as_ref().ok_or_else(unreachable_server)
    }

    fn drop_client(&mut self) {
        self.statements.clear();
        self.client = None;
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        let mut settings = String::from(SETTINGS);
        if self.read_only {
            settings.push_str(" SET default_transaction_read_only = on;");
        }
        if let Some(schema) = &self.address.schema {
            // The name was checked when the address was read: letters, digits, underscores.
            settings.push_str(&format!(" SET search_path = {schema};"));
        }
        let opened = self.runtime.block_on(async {
            let (client, connection) = self.address.config.connect(NoTls).await?;
            // Its end shows in every statement after it.
            tokio::spawn(async move { drop(connection.await) });
            client.batch_execute(&settings).await.map(|()| client)
        });
        opened.map_err(error)
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
        self.rows_to_steps()?;
        self.later(sql);
        self.flush()
    }

    /// Has SQL text without arguments sent with whatever is sent next.
    pub(crate) fn later(&mut self, sql: &str) {
        self.waiting.push(Step::Text(sql.to_owned()));
    }

    /// Has rows inserted before anything that could tell whether they are there; those of other units of the same commit join them. If that fails,
    /// whatever is sent with them fails.
    pub(crate) fn insert_later(&mut self, head: &str, columns: usize, values: &[Value]) {
        match self.rows.iter_mut().find(|rows| rows.head == head && rows.columns == columns) {
            Some(rows) => rows.values.extend_from_slice(values),
            None => self.rows.push(Rows { head: head.to_owned(), columns, values: values.to_vec() }),
        }
    }

    /// Turns the rows that wait into statements that wait.
    fn rows_to_steps(&mut self) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        self.steps(rows)
    }

    fn steps(&mut self, rows: Vec<Rows>) -> Result<()> {
        for Rows { head, columns, values } in rows {
            let most = (PARAMETERS_AT_ONCE / columns).clamp(1, ROWS_AT_ONCE);
            let mut rest = values;
            while !rest.is_empty() {
                let left = rest.len() / columns;
                // Few distinct statement texts, so that each stays prepared: full chunks, then powers of two.
                let count = if left >= most { most } else { 1 << left.ilog2() };
                let later = rest.split_off(count * columns);
                self.step(&many(&head, columns, count), std::mem::replace(&mut rest, later))?;
            }
        }
        Ok(())
    }

    /// Before a statement: of the rows that wait those of the tables that it names, or, where it changes or locks something, all of them.
    fn settle(&mut self, sql: &str) -> Result<()> {
        if !asks(sql) {
            return self.rows_to_steps();
        }
        let named = |rows: &Rows| rows.head.split_whitespace().nth(2).is_none_or(|table| sql.contains(table));
        let (now, later) = std::mem::take(&mut self.rows).into_iter().partition(named);
        self.rows = later;
        self.steps(now)
    }

    /// Has a statement sent with whatever is sent next; if it fails, that fails.
    pub(crate) fn execute_later(&mut self, sql: &str, args: Vec<Value>) -> Result<()> {
        self.rows_to_steps()?;
        self.step(sql, args)
    }

    /// Has a question sent with whatever is sent next. One at a time; its rows are there for [`Line::answer_ahead`].
    pub(crate) fn ask_ahead(&mut self, sql: &str, args: &[Value]) -> Result<()> {
        self.settle(sql)?;
        let statement = self.prepare(sql)?;
        fits(&statement, args)?;
        self.ahead = None;
        self.waiting.push(Step::Asked(statement, args.to_vec()));
        Ok(())
    }

    /// The rows of what was asked ahead.
    pub(crate) fn answer_ahead(&mut self) -> Result<Vec<tokio_postgres::Row>> {
        if self.ahead.is_none() {
            self.flush()?;
        }
        self.ahead.take().ok_or_else(|| Error::internal("nothing was asked ahead"))
    }

    fn step(&mut self, sql: &str, args: Vec<Value>) -> Result<()> {
        let statement = self.prepare(sql)?;
        fits(&statement, &args)?;
        self.waiting.push(Step::Prepared(statement, args));
        Ok(())
    }

    /// Sends what waits.
    pub(crate) fn flush(&mut self) -> Result<()> {
        self.rows_to_steps()?;
        if self.waiting.is_empty() { Ok(()) } else { self.exchange(async |_| Ok(())) }
    }

    /// Sends what waits on two lines of one thread at the same time.
    pub(crate) fn flush_both(one: &mut Self, two: &mut Self) -> Result<()> {
        one.rows_to_steps()?;
        two.rows_to_steps()?;
        one.client()?;
        two.client()?;
        let runtime = Arc::clone(&one.runtime);
        let (first, second) = (std::mem::take(&mut one.waiting), std::mem::take(&mut two.waiting));
        let Some((here, there)) = one.client.as_ref().zip(two.client.as_ref()) else { return Err(unreachable_server()) };
        let (first, second) =
            runtime.block_on(async { tokio::join!(together(here, &first, async { Ok(()) }), together(there, &second, async { Ok(()) })) });
        let (first, second) = (first.map_err(|e| one.note(e)), second.map_err(|e| two.note(e)));
        one.keep(first?.1);
        two.keep(second?.1);
        Ok(())
    }

    fn forget(&mut self) {
        self.waiting.clear();
        self.rows.clear();
        self.ahead = None;
    }

    /// Ends a transaction that may already be gone with its connection.
    pub(crate) fn roll_back(&mut self) {
        self.forget();
        let ended = match &self.client {
            Some(client) => self.runtime.block_on(client.batch_execute("ROLLBACK")).is_ok(),
            None => true,
        };
        if !ended {
            self.drop_client();
        }
    }

    /// Ends a transaction that only read, when the next one begins.
    pub(crate) fn roll_back_later(&mut self) {
        self.forget();
        self.later("ROLLBACK");
    }

    /// Prepares a statement, or finds it prepared.
    pub(crate) fn prepare(&mut self, sql: &str) -> Result<Statement> {
        self.client()?;
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let text = numbered(sql);
        let statement = self.exchange(async |client: &Client| client.prepare(&text).await)?;
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn execute(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        self.settle(sql)?;
        let statement = self.prepare(sql)?;
        fits(&statement, args)?;
        self.exchange(async |client: &Client| client.execute(&statement, &params(args)).await)
    }

    pub(crate) fn query(&mut self, sql: &str, args: &[Value]) -> Result<Vec<tokio_postgres::Row>> {
        self.settle(sql)?;
        let statement = self.prepare(sql)?;
        fits(&statement, args)?;
        self.exchange(async |client: &Client| client.query(&statement, &params(args)).await)
    }

    /// Sends what waits and then `last`, without waiting in between. The first that fails is the error.
    fn exchange<T>(&mut self, last: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>) -> Result<T> {
        self.client()?;
        let steps = std::mem::take(&mut self.waiting);
        let Some(client) = &self.client else { return Err(unreachable_server()) };
        let done = self.runtime.block_on(together(client, &steps, last(client)));
        let (answer, ahead) = done.map_err(|e| self.note(e))?;
        self.keep(ahead);
        Ok(answer)
    }

    fn keep(&mut self, ahead: Option<Vec<tokio_postgres::Row>>) {
        self.ahead = ahead.or_else(|| self.ahead.take());
    }

    fn note(&mut self, cause: tokio_postgres::Error) -> Error {
        // 57P01 to 57P03: the server ends this session.
        let ended = cause.code().is_some_and(|state| state.code().starts_with("57P0"));
        if ended || cause.is_closed() || self.client.as_ref().is_none_or(Client::is_closed) {
            self.trouble = Trouble::Broken;
            self.drop_client();
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

/// Steps and then `last` on one connection, each sent before the one before it is answered; with its answer the rows of a step that asked.
/// Futures send their message when they are first polled, which happens in this order.
async fn together<T>(
    client: &Client,
    steps: &[Step],
    last: impl Future<Output = Result<T, tokio_postgres::Error>>,
) -> Result<(T, Option<Vec<tokio_postgres::Row>>), tokio_postgres::Error> {
    let mut sent: Vec<_> = steps.iter().map(|step| (Box::pin(send(client, step)), None)).collect();
    let (mut last, mut answer) = (pin!(last), None);
    let answer = poll_fn(|context| {
        for (step, done) in sent.iter_mut().filter(|(_, done)| done.is_none()) {
            if let Poll::Ready(outcome) = step.as_mut().poll(context) {
                *done = Some(outcome);
            }
        }
        if answer.is_none()
            && let Poll::Ready(outcome) = last.as_mut().poll(context)
        {
            answer = Some(outcome);
        }
        let over = sent.iter().all(|(_, done)| done.is_some());
        answer.take_if(|_| over).map_or(Poll::Pending, Poll::Ready)
    })
    .await;
    let mut asked = None;
    for done in sent.into_iter().filter_map(|(_, done)| done) {
        asked = done?.or(asked);
    }
    answer.map(|answer| (answer, asked))
}

async fn send(client: &Client, step: &Step) -> Result<Option<Vec<tokio_postgres::Row>>, tokio_postgres::Error> {
    match step {
        Step::Text(sql) => client.batch_execute(sql).await.map(|()| None),
        Step::Prepared(statement, args) => client.execute(statement, &params(args)).await.map(|_| None),
        Step::Asked(statement, args) => client.query(statement, &params(args)).await.map(Some),
    }
}

fn again(state: &SqlState) -> bool {
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::LOCK_NOT_AVAILABLE].contains(state)
}

fn fits(statement: &Statement, args: &[Value]) -> Result<()> {
    let wanted = statement.params().len();
    if wanted == args.len() {
        Ok(())
    } else {
        Err(Error::internal(format!("the statement takes {wanted} arguments and got {}", args.len())))
    }
}

fn params(args: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    args.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
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

    tokio_postgres::types::to_sql_checked!();
}

fn mismatch(what: &str, ty: &Type) -> Fault {
    format!("{what} does not fit a parameter of type {ty}").into()
}

/// A column of a row; `None` when there is no such column or its type is not one that is read here.
pub(crate) fn cell(row: &tokio_postgres::Row, index: usize) -> Option<Cell<'_>> {
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

impl From<&tokio_postgres::Error> for Cause {
    fn from(error: &tokio_postgres::Error) -> Self {
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
pub(crate) fn error(cause: tokio_postgres::Error) -> Error {
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
