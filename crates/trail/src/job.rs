//! Jobs: sentences about later. Enqueued in their cause's transaction, done at least once.

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc, time::Duration};

use kernel::{Code, Error, Instant, JobId, Result};
use store::{Row, Tx, args};

use crate::{App, sql};

const LEASE: Duration = Duration::from_secs(120);
const TRIES: i64 = 8;

/// A job to enqueue: ids in its arguments, never personal data.
#[derive(Clone, Debug)]
pub struct Job {
    pub(crate) kind: &'static str,
    pub(crate) unique_key: String,
    pub(crate) args: serde_json::Value,
    pub(crate) run_at: Option<Instant>,
    pub(crate) total: i64,
}

impl Job {
    /// A job of a kind; while one with the same unique key is ready or running, no second one is made.
    pub fn new(kind: &'static str, unique_key: impl Into<String>, args: serde_json::Value) -> Self {
        Self { kind, unique_key: unique_key.into(), args, run_at: None, total: 0 }
    }

    /// Not before this time.
    #[must_use]
    pub fn at(mut self, at: Instant) -> Self {
        self.run_at = Some(at);
        self
    }

    /// How much there is to do.
    #[must_use]
    pub fn total(mut self, total: usize) -> Self {
        self.total = i64::try_from(total).unwrap_or(i64::MAX);
        self
    }
}

/// A job as stored.
#[derive(Clone, Debug, serde::Serialize)]
pub struct JobRow {
    /// Its id.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Its arguments: ids.
    pub args: serde_json::Value,
    /// `ready`, `running`, `done`, `failed` or `cancelled`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Where it goes on.
    pub cursor: String,
    /// How much is done.
    pub done: i64,
    /// Of how much; 0 when not known.
    pub total: i64,
    /// Who caused it.
    pub actor: String,
    /// For which purpose.
    pub purpose: String,
    /// Why it failed, in words without personal data.
    pub error: String,
    /// When it was made.
    pub created: Instant,
    /// When it ended.
    pub finished: Option<Instant>,
}

fn read(row: &Row) -> Result<JobRow> {
    let args: String = row.get(2)?;
    Ok(JobRow {
        id: row.get(0)?,
        kind: row.get(1)?,
        args: serde_json::from_str(&args).unwrap_or_default(),
        state: row.get(3)?,
        attempts: row.get(4)?,
        cursor: row.get(5)?,
        done: row.get(6)?,
        total: row.get(7)?,
        actor: row.get(8)?,
        purpose: row.get(9)?,
        error: row.get(10)?,
        created: row.get(11)?,
        finished: row.get(12)?,
    })
}

/// What runs a job of one kind.
pub type Handler = Arc<dyn Fn(App, JobRow) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// The handlers by kind.
pub type Handlers = HashMap<&'static str, Handler>;

impl App {
    /// One job.
    pub async fn job(&self, id: JobId) -> Result<Option<JobRow>> {
        self.store().read(move |tx| tx.maybe(sql::JOB_FIND, &args![id], read)).await
    }

    /// The newest jobs of a kind.
    pub async fn jobs(&self, kind: &'static str) -> Result<Vec<JobRow>> {
        self.store().read(move |tx| tx.all(sql::JOBS_OF, &args![kind], read)).await
    }

    /// Reports progress, extends the lease, and says whether the job is still wanted.
    pub async fn progress(&self, id: JobId, cursor: &str, done: i64, total: i64) -> Result<()> {
        let (cursor, lease) = (cursor.to_owned(), self.env().now().plus(LEASE));
        let wanted = self.store().write(move |tx| tx.run(sql::JOB_PROGRESS, &args![id, cursor.as_str(), done, total, lease])).await?;
        if wanted == 0 {
            Err(Error::new(Code::Conflict, "The job was cancelled. What was done stays; nothing more is done."))
        } else {
            Ok(())
        }
    }

    /// Cancels a job that is not over. Says whether there was one.
    pub async fn cancel_job(&self, id: JobId) -> Result<bool> {
        let now = self.env().now();
        Ok(self.store().write(move |tx| tx.run(sql::JOB_CANCEL, &args![id, now])).await? > 0)
    }

    /// Runs due jobs until none is left; returns how many ran.
    pub async fn work_off(&self, handlers: &Handlers) -> Result<usize> {
        let mut ran = 0;
        while let Some(job) = self.claim().await? {
            self.run_job(handlers, job).await?;
            ran += 1;
        }
        Ok(ran)
    }

    async fn claim(&self) -> Result<Option<JobRow>> {
        let (now, lease) = (self.env().now(), self.env().now().plus(LEASE));
        let claimed = self.store().write(move |tx| claim(tx, now, lease)).await?;
        match claimed {
            Some(id) => self.job(id).await,
            None => Ok(None),
        }
    }

    async fn run_job(&self, handlers: &Handlers, job: JobRow) -> Result<()> {
        let (id, kind, attempts) = (job.id, job.kind.clone(), job.attempts);
        let outcome = match handlers.get(job.kind.as_str()) {
            Some(handler) => handler(self.clone(), job).await,
            None => Err(Error::new(Code::Conflict, "No part of this version knows this kind of job.")),
        };
        let now = self.env().now();
        self.store()
            .write(move |tx| {
                let state = tx.maybe(sql::JOB_STATE, &args![id], |row| row.get::<String>(0))?;
                if state.as_deref() == Some("cancelled") {
                    return Ok(0);
                }
                match &outcome {
                    Ok(()) => tx.run(sql::JOB_END, &args![id, "done", "", now]),
                    Err(error) if again(error.code()) && attempts < TRIES => {
                        let wait = Duration::from_secs(60 << (attempts - 1).clamp(0, 10));
                        tx.run(sql::JOB_AGAIN, &args![id, error.to_string(), now.plus(wait)])
                    }
                    Err(error) => tx.run(sql::JOB_END, &args![id, "failed", error.to_string(), now]),
                }
            })
            .await?;
        tracing::info!(job = %id, kind, "job ran");
        Ok(())
    }
}

fn claim(tx: &mut Tx, now: Instant, lease: Instant) -> Result<Option<JobId>> {
    let due = store::dialect::claim(tx, sql::JOB_DUE, &args![now], |row| row.get::<JobId>(0))?;
    let Some(id) = due.first().copied() else { return Ok(None) };
    tx.run(sql::JOB_CLAIM, &args![id, lease])?;
    Ok(Some(id))
}

/// Whether trying again later can help.
fn again(code: Code) -> bool {
    matches!(code, Code::Unavailable | Code::Internal | Code::StorageFull | Code::RateLimited)
}
