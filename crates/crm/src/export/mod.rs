//! Taking a list out as a file: exactly what the list shows, for one purpose, in one event, by a job.
//!
//! The file is kept sealed under a key of its own for seven days, as an access package is, and dies with it.

mod file;
pub mod sql;
#[cfg(test)]
mod team_tests;
#[cfg(test)]
mod tests;

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use catalogue::Purpose;
use kernel::{Code, Error, Instant, JobId, KeyId, RecordId, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::args;
use trail::{
    Actor, App, Event, Handler, Handlers, Job, JobRow, Unit,
    permit::{Export, ReadRecords},
};
use vault::{Context, RecordKey, Zeroizing};

use crate::{
    capture::batch::Acting,
    requests::ArtifactId,
    views::{self, ListQuery},
};
pub use file::Format;
use file::Sheet;

/// The job that makes an export.
pub const JOB: &str = "export.run";
/// The most records of one export.
pub const MOST: usize = 100_000;
/// How long a file waits to be fetched.
const WAITS: Duration = Duration::from_secs(7 * 86_400);

/// What is to be taken out.
#[derive(Clone, Debug)]
pub struct Order {
    /// The list: its kind, filter, order and columns; its page is of no account.
    pub query: ListQuery,
    /// As what.
    pub format: Format,
    /// Whether masked fields come whole, as far as the right to export reaches their class.
    pub unmasked: bool,
    /// Of the list, these alone: those whom a segment yielded.
    pub only: Option<BTreeSet<RecordId>>,
}

/// An order as it is kept for its job.
#[derive(Serialize, Deserialize)]
struct Kept {
    query: ListQuery,
    via_body: bool,
    format: Format,
    unmasked: bool,
    #[serde(default)]
    only: Option<BTreeSet<RecordId>>,
    acting: Acting,
}

/// An export as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// The job that makes it.
    pub job: JobId,
    /// Its size in bytes; 0 while it is not whole.
    pub size: i64,
    /// When it is destroyed.
    pub expires: Instant,
}

struct Stored {
    job: JobId,
    actor: String,
    name: String,
    size: i64,
    expires: Instant,
    key: KeyId,
    detail: Option<Vec<u8>>,
}

fn context(key: KeyId, id: ArtifactId, purpose: &'static str) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose }
}

fn stored(unit: &mut Unit, id: ArtifactId) -> Result<Stored> {
    let now = unit.now();
    let found = unit.maybe(sql::FIND, &args![id], |row| {
        let (job, actor, name, size) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Stored { job, actor, name, size, expires: row.get(4)?, key: row.get(5)?, detail: row.get(6)? })
    })?;
    found.filter(|export| export.expires > now).ok_or_else(|| Error::not_found("export"))
}

/// Has a list taken out in the background, for the actor's purpose. Events `export.ordered` and, when it is done, one `record.exported`.
///
/// # Errors
/// `forbidden` without the rights to read and to export the kind; those of a list; `invalid_input` for cards of what is no person.
pub async fn start(app: &App, actor: &Actor, order: &Order) -> Result<(ArtifactId, JobId)> {
    let (read, export) = match (actor.permit::<ReadRecords>(), actor.permit::<Export>()) {
        (Ok(read), Ok(export)) => (read, export),
        (Err(error), _) | (_, Err(error)) => return Err(app.denied(actor, error).await),
    };
    let kind = app.catalogue().need(&order.query.kind)?;
    export.need(&kind)?;
    if order.format == Format::Vcard && !kind.is_person {
        return Err(Error::invalid("/format", "not_people", "Cards are made of people. Choose csv or xlsx."));
    }
    let query = order.query.clone();
    let total = app.read(actor, move |unit| {
        let total = views::count(unit, &read, &query)?;
        unit.plain(total)
    });
    let total = total.await?.and_then(|n| usize::try_from(n).ok()).filter(|n| *n <= views::COUNTED).unwrap_or(0);
    let kept = Kept {
        query: order.query.clone(),
        via_body: order.query.via_body,
        format: order.format,
        unmasked: order.unmasked,
        only: order.only.clone(),
        acting: Acting::of(actor),
    };
    let plain = Zeroizing::new(serde_json::to_vec(&kept).map_err(Error::internal)?);
    let (key_of_kind, format) = (kind.key.clone(), order.format.as_str());
    app.write(actor, move |unit| {
        unit.witness(Event::new("export.ordered").word("kind", key_of_kind.as_str()).word("format", format))?;
        let (id, key) = (ArtifactId::mint(unit.env()), unit.new_key("artifact")?);
        let detail = unit.seal(&context(key, id, "export-order"), &plain)?;
        let args = json!({ "export": id, "kind": key_of_kind, "format": format });
        let job = unit.enqueue(Job::new(JOB, format!("{JOB}/{id}"), args).total(total))?;
        let (who, name) = (unit.actor().who.to_string(), format!("artifacts/{}", hex::encode(id.bytes())));
        let expires = unit.now().plus(WAITS);
        unit.run(sql::INSERT, &args![id, job, who, name, expires, key, detail])?;
        Ok((id, job))
    })
    .await
}

/// How far an export of the actor's own is. Nothing is opened. Error: not_found when it is another's or past its seven days.
pub fn find(unit: &mut Unit, id: ArtifactId) -> Result<Standing> {
    let own = unit.actor().who.to_string();
    let export = stored(unit, id)?;
    if export.actor != own {
        return Err(Error::not_found("export"));
    }
    Ok(Standing { job: export.job, size: export.size, expires: export.expires })
}

/// The file, for the one who had it made. Event `export.fetched`, durable before the bytes.
///
/// Errors: forbidden; not_found when it is another's, not whole yet, or past its seven days.
pub async fn fetch(app: &App, actor: &Actor, id: ArtifactId) -> Result<Zeroizing<Vec<u8>>> {
    if let Err(error) = actor.permit::<Export>() {
        return Err(app.denied(actor, error).await);
    }
    let (name, key, record_key) = app
        .read(actor, move |unit| {
            let standing = find(unit, id)?;
            let export = stored(unit, id)?;
            let found = unit.with_key(export.key, |key| Ok(key.clone()))?.filter(|_| standing.size > 0);
            let found = found.ok_or_else(|| Error::not_found("export"))?;
            unit.release(Event::new("export.fetched").word("export", id.to_string()), (export.name, export.key, found))
        })
        .await?;
    let sealed = app.blobs().get(&name).await?;
    vault::open_blob(&record_key, &context(key, id, "export"), &sealed)
}

/// The handlers of exports' jobs.
pub fn handlers() -> Handlers {
    let run: Handler = Arc::new(|app, job| Box::pin(run(app, job)));
    Handlers::from([(JOB, run)])
}

/// What a job works with.
struct Taken {
    kept: Kept,
    name: String,
    key: KeyId,
    record_key: RecordKey,
}

async fn run(app: App, job: JobRow) -> Result<()> {
    let id = job.args.get("export").and_then(|id| id.as_str()).and_then(|id| id.parse::<ArtifactId>().ok());
    let id = id.ok_or_else(|| Error::internal("a job without its export"))?;
    let purpose = Purpose::find(&job.purpose).ok_or_else(|| Error::internal("a job for an unknown purpose"))?;
    let system = Actor::system(purpose);
    let taken = app.read(&system, move |unit| {
        let export = stored(unit, id)?;
        let gone = || Error::not_found("export");
        let plain = unit.open(&context(export.key, id, "export-order"), &export.detail.ok_or_else(gone)?)?.ok_or_else(gone)?;
        let kept: Kept = serde_json::from_slice(&plain).map_err(Error::internal)?;
        let record_key = unit.with_key(export.key, |key| Ok(key.clone()))?.ok_or_else(gone)?;
        unit.release(
            Event::new("export.resumed").word("export", id.to_string()),
            Taken { kept, name: export.name, key: export.key, record_key },
        )
    });
    let Taken { kept, name, key, record_key } = taken.await?;
    let actor = kept.acting.actor(&job.purpose)?;
    let (bytes, rows) = written(&app, &actor, id, &kept, &job).await?;
    let sealed = vault::seal_blob(&record_key, &context(key, id, "export"), &bytes, app.env());
    app.blobs().put(&name, sealed).await?;
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    // Bookkeeping of the job, as its state is: what was disclosed stands in the event that let it out.
    app.store().write(move |tx| tx.run(sql::READY, &args![id, size])).await?;
    app.progress(job.id, "", rows, rows).await
}

/// Writes the file in one reading, so that it shows one moment and leaves one event; tells how far it is and stops when it is cancelled.
async fn written(app: &App, actor: &Actor, id: ArtifactId, kept: &Kept, job: &JobRow) -> Result<(Zeroizing<Vec<u8>>, i64)> {
    let (read, export) = (actor.permit::<ReadRecords>()?, actor.permit::<Export>()?);
    let kind = app.catalogue().need(&kept.query.kind)?;
    let class = export.need(&kind)?.class;
    let query = ListQuery { via_body: kept.via_body, cursor: None, ..kept.query.clone() };
    let (format, whole_up_to, purpose, only) = (kept.format, kept.unmasked.then_some(class), actor.purpose.key, kept.only.clone());
    let (sender, mut receiver) = tokio::sync::watch::channel(0_usize);
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = Arc::clone(&stop);
    let work = app.read(actor, move |unit| {
        let mut sheet = Sheet::new(&kind, &query, format)?;
        let whole = views::whole(unit, &read, &query, whole_up_to, only.as_ref(), MOST, &mut |rows| {
            if stopped.load(Ordering::Relaxed) {
                return Err(Error::new(Code::Conflict, "The export was cancelled. Nothing was taken out."));
            }
            sheet.add(rows)?;
            sender.send_replace(sheet.rows());
            Ok(())
        })?;
        let event = Event::new("record.exported")
            .word("kind", kind.key.as_str())
            .word("format", format.as_str())
            .word("acting_for", purpose)
            .word("asked", whole.asked)
            .word("export", id.to_string())
            .count("records", sheet.rows())
            .fields(whole.fields)
            .records(whole.records);
        let event = views::through(event, &query);
        let rows = i64::try_from(sheet.rows()).unwrap_or(i64::MAX);
        unit.release(event, (sheet.finish(unit.now())?, rows))
    });
    let total = job.total;
    let show = async {
        while receiver.changed().await.is_ok() {
            let done = i64::try_from(*receiver.borrow_and_update()).unwrap_or(i64::MAX);
            if let Err(error) = app.progress(job.id, "", done, total.max(done)).await {
                stop.store(true, Ordering::Relaxed);
                return error;
            }
        }
        std::future::pending().await
    };
    tokio::pin!(work);
    tokio::select! {
        done = &mut work => done,
        // The reading sees the flag at its next rows; until it has ended, nothing of it is let out.
        stopped = show => { work.await?; Err(stopped) }
    }
}
