//! Batches: one run of a capture or an import, its items, and what came of each.

mod outcomes;
mod stored;

use std::{fmt, future::Future, str::FromStr, sync::Arc};

use catalogue::{Purpose, message};
use kernel::{BatchId, Code, Error, IdError, Instant, JobId, KeyId, Personal, Result, UserId};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{Actor, App, Event, Grant, Job, JobRow, Permit, Release, Unit, Who, permit::Import};
use vault::Context;

use super::sql;
use crate::records::{self, Once};

pub use stored::{Stored, Storing};

pub use outcomes::{Item, StoredItem, failed, items, items_done, note, written};

/// What is kept of a run's container and settings, sealed: a file's name may tell of people.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The file's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its size (bytes).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Keyed hash of its bytes, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The uploaded bytes while the run is not over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload: Option<Upload>,
    /// For whom a job works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acting: Option<Acting>,
    /// The run's own settings, such as an import's mapping.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub settings: serde_json::Value,
    /// What came of taking it back.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub undone: serde_json::Value,
}

/// Uploaded bytes as a sealed temporary blob of the run. When the run ends, the blob and this key are gone.
#[derive(Clone, Serialize, Deserialize)]
pub struct Upload {
    /// Its key, hexadecimal.
    pub key: String,
}

/// For whom a job works: what they were granted when they asked for it, and no more.
#[derive(Clone, Serialize, Deserialize)]
pub struct Acting {
    staff: Option<UserId>,
    team: Option<[u8; 16]>,
    is_operator: bool,
    grants: Vec<Grant>,
}

impl Acting {
    /// For an actor.
    pub(crate) fn of(actor: &Actor) -> Self {
        let is_operator = actor.who == Who::Operator;
        Self { staff: actor.staff(), team: actor.team, is_operator, grants: actor.grants().to_vec() }
    }

    /// The actor, for a purpose.
    pub(crate) fn actor(&self, purpose: &str) -> Result<Actor> {
        let purpose = Purpose::find(purpose).ok_or_else(|| Error::internal("a job for an unknown purpose"))?;
        let who = match self.staff {
            Some(id) => Who::Staff(id),
            None if self.is_operator => Who::Operator,
            None => Who::System,
        };
        let mut actor = Actor::new(who, purpose, "job", self.grants.clone());
        actor.team = self.team;
        Ok(actor)
    }
}

/// A file that was sent.
#[derive(Clone)]
pub struct Sent {
    /// What it is called where it came from; may name people.
    pub name: Personal<String>,
    /// Its bytes, sealed.
    pub file: Arc<Stored>,
    /// That it is to be done once, when the sender said so.
    pub once: Option<Once>,
}

impl Sent {
    /// A file as sent.
    pub fn new(name: Personal<String>, file: Arc<Stored>) -> Self {
        Self { name, file, once: None }
    }
}

/// A run and its job, as kept of a request that is done once.
struct Begun(BatchId, JobId);

impl fmt::Display for Begun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.1)
    }
}

impl FromStr for Begun {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (batch, job) = text.split_once(' ').unwrap_or((text, ""));
        Ok(Self(batch.parse()?, job.parse()?))
    }
}

/// Begins a run over a file that was sent, which becomes its own, and enqueues its job in one unit. Event `import.started` or `capture.started`.
/// What was done before under the same key is not done again: that run is answered.
///
/// Errors: those of the stores; conflict when the key was used for another file.
pub async fn enqueue(
    app: &App,
    actor: &Actor,
    (what, job): (&'static str, &'static str),
    kind: &str,
    sent: &Sent,
    details: Details,
) -> Result<(BatchId, JobId)> {
    if let Some(once) = sent.once.clone() {
        let found = app.read(actor, move |unit| {
            let found = records::done_before(unit, &once)?;
            unit.plain(found)
        });
        if let Some(Begun(batch, job)) = found.await?.map(|ids| ids.parse().map_err(Error::internal)).transpose()? {
            return Ok((batch, job));
        }
    }
    let id = sent.file.id();
    let details = Details {
        file: Some(sent.name.expose().clone()),
        size: Some(sent.file.size()),
        hash: Some(hex::encode(sent.file.hash())),
        upload: Some(Upload { key: sent.file.key() }),
        acting: Some(Acting::of(actor)),
        ..details
    };
    let (kind, job) = (kind.to_owned(), Job::new(job, format!("{job}/{id}"), serde_json::json!({ "batch": id })));
    let once = sent.once.clone();
    let begun = app.write(actor, move |unit| {
        // Who did it meanwhile is met by the key's row: then nothing of this unit stays, and the file is swept.
        records::first(unit, once.as_ref(), 202, |unit| {
            unit.witness(Event::new(started(what)).word("kind", &kind).word("batch", id.to_string()))?;
            if find(unit, id)?.is_some() {
                return Err(Error::new(Code::Conflict, "This file is at work already. Look under earlier imports."));
            }
            begin(unit, id, what, &kind, &details)?;
            unit.enqueue(job.clone()).map(|job| Begun(id, job))
        })
    });
    let Begun(batch, job) = begun.await?;
    Ok((batch, job))
}

/// A run as its job takes it up.
pub struct Taken {
    /// The run.
    pub batch: Batch,
    /// Its details.
    pub details: Details,
    /// For whom.
    pub actor: Actor,
    /// The file that was sent.
    pub file: Arc<Stored>,
}

/// Takes up a run from its job. `None` when it is over already. Event `batch.resumed`, as its settings are opened.
pub async fn take_up(app: &App, job: &JobRow) -> Result<Option<Taken>> {
    let id = batch_of(job)?;
    let (batch, details) = opened(app, job, id).await?;
    let (Some(upload), Some(acting)) = (&details.upload, &details.acting) else { return Ok(None) };
    if batch.state != "running" {
        return Ok(None);
    }
    let file = Arc::new(Stored::again(id, &upload.key, details.size.unwrap_or_default())?);
    let actor = acting.actor(&job.purpose)?;
    Ok(Some(Taken { batch, details, actor, file }))
}

/// Enqueues another job for a run that is over, for whom it works kept anew. Event `import.undo_asked`.
pub async fn enqueue_again(app: &App, actor: &Actor, id: BatchId, job: &'static str, once: Option<Once>) -> Result<JobId> {
    let (acting, job) = (Acting::of(actor), Job::new(job, format!("{job}/{id}"), serde_json::json!({ "batch": id })));
    app.write(actor, move |unit| {
        records::first(unit, once.as_ref(), 202, |unit| {
            unit.witness(Event::new("import.undo_asked").word("batch", id.to_string()))?;
            let batch = find(unit, id)?.ok_or_else(|| Error::not_found("import"))?;
            let details = Details { acting: Some(acting.clone()), ..details(unit, &batch)? };
            put_details(unit, &batch, &details)?;
            unit.enqueue(job.clone())
        })
    })
    .await
}

/// For whom a job works. Event `batch.resumed`.
pub async fn acting_for(app: &App, job: &JobRow) -> Result<Actor> {
    let id = batch_of(job)?;
    let details = opened(app, job, id).await?.1;
    details.acting.ok_or_else(|| Error::internal("a job for nobody"))?.actor(&job.purpose)
}

async fn opened(app: &App, job: &JobRow, id: BatchId) -> Result<(Batch, Details)> {
    let purpose = Purpose::find(&job.purpose).ok_or_else(|| Error::internal("a job for an unknown purpose"))?;
    app.read(&Actor::system(purpose), move |unit| {
        let batch = find(unit, id)?.ok_or_else(|| Error::not_found("import"))?;
        let details = details(unit, &batch)?;
        unit.release(Event::new("batch.resumed").word("batch", id.to_string()), (batch, details))
    })
    .await
}

/// Whether an import that made or changed records ended after a moment.
pub fn import_ended(unit: &mut Unit, after: Instant) -> Result<bool> {
    Ok(unit.maybe(sql::BATCH_ENDED, &args![after], |_| Ok(()))?.is_some())
}

/// Tells how much is done, from inside a run.
pub type Told = Box<dyn Fn(usize) + Send + Sync>;

/// Runs a job's work while its progress is shown and a cancellation ends it; what was done until then stays, and the run is over.
pub async fn watched<T, F: Future<Output = Result<T>>>(
    app: &App,
    actor: &Actor,
    job: &JobRow,
    (id, finished): (BatchId, &'static str),
    already: i64,
    work: impl FnOnce(Told) -> F,
) -> Result<()> {
    let (sender, mut receiver) = tokio::sync::watch::channel(0_usize);
    let last = receiver.clone();
    let work = work(Box::new(move |done| {
        sender.send_replace(done);
    }));
    let total = job.total;
    let sum = |done: usize| already.saturating_add(i64::try_from(done).unwrap_or(i64::MAX));
    let show = async {
        while receiver.changed().await.is_ok() {
            let done = sum(*receiver.borrow_and_update());
            if let Err(error) = app.progress(job.id, "", done, total).await {
                return error;
            }
        }
        std::future::pending().await
    };
    tokio::select! {
        done = work => {
            done?;
            let done = sum(*last.borrow());
            app.progress(job.id, "", done, total).await
        }
        stopped = show => {
            if stopped.code() == Code::Conflict {
                finish(app, actor, id, finished).await?;
            }
            Err(stopped)
        }
    }
}

/// The run that a job is for.
pub fn batch_of(job: &JobRow) -> Result<BatchId> {
    job.args
        .get("batch")
        .and_then(|id| id.as_str())
        .and_then(|id| id.parse().ok())
        .ok_or_else(|| Error::internal("a job without its import"))
}

fn started(what: &str) -> &'static str {
    if what == "import" { "import.started" } else { "capture.started" }
}

/// A run as stored.
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// `capture` or `import`.
    pub what: String,
    /// The channel, or the kind of record.
    pub kind: String,
    /// `running`, `done` or `undone`.
    pub state: String,
    /// When it began.
    pub started: Instant,
    /// When it ended.
    pub finished: Option<Instant>,
    /// Who ran it.
    pub actor: String,
    /// Items seen, made, changed, there already, failed.
    pub counts: Counts,
    key: KeyId,
    sealed: Vec<u8>,
}

impl Batch {
    /// The kind of record that it makes.
    pub fn kind_made(&self) -> &str {
        if self.what == "capture" { message::KIND } else { &self.kind }
    }
}

/// Items by what came of them.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All.
    pub seen: i64,
    /// Made a record.
    pub created: i64,
    /// Changed one.
    pub updated: i64,
    /// There already.
    pub duplicate: i64,
    /// Not accepted.
    pub failed: i64,
}

fn context(key: KeyId, id: BatchId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "batch" }
}

fn read(row: &Row) -> Result<Batch> {
    Ok(Batch {
        id: row.get(0)?,
        what: row.get(1)?,
        kind: row.get(2)?,
        state: row.get(3)?,
        started: row.get(4)?,
        finished: row.get(5)?,
        actor: row.get(6)?,
        counts: Counts { seen: row.get(7)?, created: row.get(8)?, updated: row.get(9)?, duplicate: row.get(10)?, failed: row.get(11)? },
        key: row.get(12)?,
        sealed: row.get(13)?,
    })
}

/// Begins a run. Event `capture.started` or `import.started`.
pub async fn open(app: &App, actor: &Actor, what: &'static str, kind: &str, details: Details) -> Result<BatchId> {
    let (id, kind) = (BatchId::mint(app.env()), kind.to_owned());
    app.write(actor, move |unit| {
        unit.witness(Event::new(started(what)).word("kind", &kind).word("batch", id.to_string()))?;
        begin(unit, id, what, &kind, &details)
    })
    .await?;
    Ok(id)
}

fn begin(unit: &mut Unit, id: BatchId, what: &str, kind: &str, details: &Details) -> Result<()> {
    let key = unit.new_key("batch")?;
    let sealed = unit.seal(&context(key, id), &serde_json::to_vec(details).map_err(Error::internal)?)?;
    let actor = unit.actor().who.to_string();
    unit.run(sql::BATCH_INSERT, &args![id, what, kind, unit.now(), actor, key, sealed]).map(drop)
}

/// One run; `None` when there is none.
pub fn find(unit: &mut Unit, id: BatchId) -> Result<Option<Batch>> {
    unit.maybe(sql::BATCH_FIND, &args![id], read)
}

/// The newest runs, `capture` or `import`. Nothing is opened.
pub fn newest(unit: &mut Unit, what: &str, limit: i64) -> Result<Vec<Batch>> {
    unit.all(sql::BATCHES, &args![what, limit], read)
}

/// The newest runs over one kind or channel. Nothing is opened.
pub fn newest_of(unit: &mut Unit, what: &str, kind: &str, limit: i64) -> Result<Vec<Batch>> {
    unit.all(sql::BATCHES_OF, &args![what, kind, limit], read)
}

/// A run's details, opened: they leave the unit only by a release, or stay with the job that works on them.
pub fn details(unit: &mut Unit, batch: &Batch) -> Result<Details> {
    let plain = unit.open(&context(batch.key, batch.id), &batch.sealed)?.ok_or_else(|| Error::not_found("import"))?;
    serde_json::from_slice(&plain).map_err(Error::internal)
}

/// A run as it is told to whoever may import what it makes.
pub struct Whole {
    /// The run.
    pub batch: Batch,
    /// What its file was called.
    pub file: Option<String>,
    /// What came of taking it back, as [`crate::import::Undone`] writes it; null while it was not.
    pub undone: serde_json::Value,
}

/// A run, `capture` or `import`, with what is sealed of it. Event `batch.read`.
///
/// Errors: not_found; forbidden when its kind is not one the permit reaches.
pub fn show(unit: &mut Unit, permit: &Permit<Import>, what: &str, id: BatchId) -> Result<Release<Whole>> {
    let batch = find(unit, id)?.filter(|batch| batch.what == what).ok_or_else(|| Error::not_found(what_word(what)))?;
    permit.need(unit.app().catalogue().need(batch.kind_made())?.as_ref())?;
    let details = details(unit, &batch)?;
    unit.release(Event::new("batch.read").word("batch", id.to_string()), Whole { batch, file: details.file, undone: details.undone })
}

fn what_word(what: &str) -> &'static str {
    if what == "import" { "import" } else { "capture" }
}

/// Notes what came of taking a run back, in the unit that ends it.
pub(crate) fn note_undone(unit: &mut Unit, id: BatchId, undone: &serde_json::Value) -> Result<()> {
    let batch = find(unit, id)?.ok_or_else(|| Error::not_found("import"))?;
    let details = Details { undone: undone.clone(), ..details(unit, &batch)? };
    put_details(unit, &batch, &details)
}

fn put_details(unit: &mut Unit, batch: &Batch, details: &Details) -> Result<()> {
    let sealed = unit.seal(&context(batch.key, batch.id), &serde_json::to_vec(details).map_err(Error::internal)?)?;
    unit.run(sql::BATCH_DETAILS, &args![batch.id, sealed]).map(drop)
}

/// Ends a run: its uploaded bytes and their key are gone. The event has its counts.
pub async fn finish(app: &App, actor: &Actor, id: BatchId, event: &'static str) -> Result<()> {
    let upload = app
        .write(actor, move |unit| {
            let batch = find(unit, id)?.ok_or_else(|| Error::not_found("import"))?;
            let count = |n: i64| usize::try_from(n).unwrap_or(0);
            let c = batch.counts;
            let event = Event::new(event).word("batch", id.to_string()).count("seen", count(c.seen)).count("created", count(c.created));
            unit.witness(event.count("updated", count(c.updated)).count("duplicate", count(c.duplicate)).count("failed", count(c.failed)))?;
            let mut details = details(unit, &batch)?;
            let upload =
                details.upload.take().map(|upload| Stored::again(id, &upload.key, details.size.unwrap_or_default())).transpose()?;
            details.acting = None;
            put_details(unit, &batch, &details)?;
            unit.run(sql::BATCH_END, &args![id, "done", unit.now()])?;
            Ok(upload.map(Arc::new))
        })
        .await?;
    match upload {
        Some(file) => file.delete(app).await,
        None => Ok(()),
    }
}
