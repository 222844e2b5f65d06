//! The scan over what there is: record by record in the order of their last change, a portion a unit, going on where it was killed.

use std::sync::Arc;

use kernel::{Error, Instant, JobId, RecordId, Result};
use serde_json::json;
use store::args;
use trail::{Actor, App, Event, Handler, Handlers, Job, JobRow, Permit, Unit, permit::WriteRecords};

use super::{find, merge, pairs, signs, sql};
use crate::{
    capture::batch,
    records::{self, StoredRecord},
};

/// The job that looks for duplicates.
pub const JOB: &str = "duplicates.scan";
/// The records of one unit.
const PORTION: i64 = 50;
/// The setting that says until when all records were looked at.
const SEEN: &str = "duplicates.seen";

/// When the last scan began that went through, and the job of the newest one.
#[derive(Clone, Debug)]
pub struct Scanned {
    /// All that was changed before was looked at.
    pub seen: Option<Instant>,
    /// The newest job, with how far it is.
    pub job: Option<JobRow>,
}

/// How the scan stands.
pub async fn scanned(app: &App, actor: &Actor) -> Result<Scanned> {
    let seen = app.read(actor, |unit| {
        let seen = last(unit)?;
        unit.plain(seen)
    });
    let seen = seen.await?;
    Ok(Scanned { seen, job: app.jobs(JOB).await?.into_iter().max_by_key(|job| job.created) })
}

fn last(unit: &mut Unit) -> Result<Option<Instant>> {
    let text = unit.maybe(records::sql::SETTING_FIND, &args![SEEN], |row| row.get::<String>(0))?;
    Ok(text.and_then(|text| text.parse().ok()).map(Instant::from_micros))
}

/// Looks for duplicates in the background: among what is new or changed since the last time, or among everything. While one is going on,
/// it is that one. Event `duplicates.asked`. Error: forbidden.
pub fn ask(unit: &mut Unit, _permit: &Permit<WriteRecords>, everything: bool) -> Result<JobId> {
    let since = if everything { None } else { last(unit)? };
    let since = since.map_or(0, Instant::micros);
    let mut total = 0;
    for kind in kinds(unit) {
        total += unit.one(sql::COUNT, &args![kind.as_str(), since], |row| row.get::<i64>(0))?;
    }
    let word = if everything { "everything" } else { "changed" };
    unit.witness(Event::new("duplicates.asked").word("what", word).count("records", usize::try_from(total).unwrap_or_default()))?;
    if let Some(going_on) = unit.maybe(sql::SCANNING, &[], |row| row.get(0))? {
        return Ok(going_on);
    }
    let began = unit.now().micros();
    unit.enqueue(Job::new(JOB, JOB, json!({ "since": since, "began": began })).total(usize::try_from(total).unwrap_or_default()))
}

/// Looks among what is new or changed, where somebody has had all looked through once. Says whether it was asked for.
///
/// Errors: those of [`ask`].
pub async fn keep_up(app: &App, actor: &Actor) -> Result<bool> {
    let permit = actor.permit::<WriteRecords>()?;
    if scanned(app, actor).await?.seen.is_none() {
        return Ok(false);
    }
    app.write(actor, move |unit| ask(unit, &permit, false)).await.map(|_| true)
}

/// Looks among what an import brought, as soon as it is over and where somebody has had all looked through once. Run it by the minute.
/// Says whether it was asked for.
///
/// Errors: those of [`ask`].
pub async fn after_import(app: &App, actor: &Actor) -> Result<bool> {
    let Some(seen) = scanned(app, actor).await?.seen else { return Ok(false) };
    let brought = app.read(actor, move |unit| {
        let brought = batch::import_ended(unit, seen)?;
        unit.plain(brought)
    });
    Ok(brought.await? && keep_up(app, actor).await?)
}

fn kinds(unit: &Unit) -> Vec<String> {
    unit.app().catalogue().kinds().filter(|kind| signs::is_looked_for(kind)).map(|kind| kind.key.clone()).collect()
}

/// Where a scan stands: the kind, and the last record looked at.
#[derive(Clone, Debug)]
struct Place {
    kind: String,
    at: i64,
    id: RecordId,
}

impl Place {
    fn text(&self) -> String {
        format!("{} {} {}", self.kind, self.at, self.id)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        Some(Self { kind: parts.next()?.to_owned(), at: parts.next()?.parse().ok()?, id: parts.next()?.parse().ok()? })
    }
}

/// The handlers of this slice's jobs.
pub fn handlers() -> Handlers {
    let scan: Handler = Arc::new(|app, job| Box::pin(work(app, job)));
    let moving: Handler = Arc::new(|app, job| Box::pin(merge::work(app, job)));
    Handlers::from([(JOB, scan), (merge::JOB, moving)])
}

async fn work(app: App, job: JobRow) -> Result<()> {
    let number = |key: &str| job.args.get(key).and_then(serde_json::Value::as_i64).unwrap_or_default();
    let (since, began) = (number("since"), number("began"));
    let purpose = catalogue::Purpose::find(&job.purpose).ok_or_else(|| Error::internal("a job for an unknown purpose"))?;
    let actor = Actor::system(purpose);
    let mut place = Place::parse(&job.cursor);
    let mut done = job.done;
    loop {
        let from = place.clone();
        let next = app.write(&actor, move |unit| portion(unit, from.as_ref(), since)).await?;
        let Some((to, looked)) = next else { break };
        done += looked;
        app.progress(job.id, &to.text(), done, job.total.max(done)).await?;
        place = Some(to);
    }
    app.write(&actor, move |unit| {
        unit.witness(Event::new("duplicates.finished"))?;
        unit.run(records::sql::SETTING_PUT, &args![SEEN, began.to_string()]).map(drop)
    })
    .await?;
    app.progress(job.id, "", done, done).await
}

/// Looks at the next records; answers the last place and how many there were, nothing when all were looked at.
fn portion(unit: &mut Unit, from: Option<&Place>, since: i64) -> Result<Option<(Place, i64)>> {
    let catalogue = unit.app().catalogue();
    let start = |kind: String| Place { kind, at: since - 1, id: RecordId::from_bytes([0xff; 16]) };
    let all = kinds(unit);
    // A kind that is gone meanwhile gives way to the next.
    let waiting = all.iter().filter(|kind| from.is_none_or(|from| **kind >= from.kind)).cloned().collect::<std::collections::BTreeSet<_>>();
    for kind in waiting {
        let place = from.filter(|from| from.kind == kind).cloned().unwrap_or_else(|| start(kind.clone()));
        let rows = unit.all(sql::NEXT, &args![kind.as_str(), place.at, place.id, PORTION], |row| StoredRecord::read(&catalogue, row))?;
        let Some(last) = rows.last() else { continue };
        let to = Place { kind, at: last.updated.micros(), id: last.id };
        let looked = i64::try_from(rows.len()).unwrap_or_default();
        look(unit, rows)?;
        return Ok(Some((to, looked)));
    }
    unit.witness(Event::new("duplicates.scanned").count("records", 0))?;
    Ok(None)
}

fn look(unit: &mut Unit, rows: Vec<StoredRecord>) -> Result<()> {
    let count = rows.len();
    let rows = rows.into_iter().filter(|row| row.facts.merged.is_none()).collect();
    let opened = records::open_all(unit, rows)?;
    let found = match opened.first() {
        Some(first) => find::alike_each(unit, &Arc::clone(&first.row.kind), &opened)?,
        None => Vec::new(),
    };
    let alike = found.iter().map(Vec::len).sum();
    unit.witness(Event::new("duplicates.scanned").count("records", count).count("compared", alike))?;
    for (record, all) in opened.iter().zip(&found) {
        pairs::note(unit, &record.row, all)?;
    }
    Ok(())
}
