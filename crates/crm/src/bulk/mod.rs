//! Bulk acts: many records changed by one decision. A set is chosen and frozen, what an act would do to it is weighed and shown by reason,
//! then it is done, in portions, each with its event and its leaves.
//!
//! What is to be done is sealed under a key of its own, for a value may be personal; set and act are forgotten after a week.

mod act;
pub mod sql;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use kernel::{Code, Error, Instant, JobId, KeyId, RecordId, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Row, args};
use trail::{
    Actor, App, Event, Handler, Handlers, Job, JobRow, Unit,
    permit::{Dispose, ReadRecords, WriteRecords},
};
use vault::{Context, Zeroizing};

use crate::{
    capture::batch::Acting,
    records,
    views::{self, ListQuery},
};
pub use act::{Act, Reason};

kernel::id!(
    /// A bulk act.
    BulkId, "blk"
);
store::id_columns!(BulkId);

/// The job that does a large one.
pub const JOB: &str = "bulk.run";
/// The most records of one set.
pub const MOST: usize = 10_000;
/// The most records that are named one by one.
pub const NAMED: usize = 1_000;
/// The most records that one act proposes for disposal.
pub const PROPOSED: usize = 1_000;
/// More than these are done by a job.
pub const AT_ONCE: usize = 1_000;
/// The records of one unit.
const PORTION: usize = 200;
/// How long a chosen set waits for its act, and a weighed act to be done: what was shown is still nearly true then.
const WAITS: Duration = Duration::from_secs(15 * 60);
/// How long what came of it is told.
const TOLD: Duration = Duration::from_secs(7 * 86_400);

/// Which records.
#[derive(Clone, Debug)]
pub enum Chosen {
    /// These.
    These(Vec<RecordId>),
    /// All of a list; its page is of no account.
    Matching(Box<ListQuery>),
}

/// How many for which reason.
pub type Counts = BTreeMap<Reason, usize>;

/// A bulk act as it stands.
#[derive(Clone, Debug)]
pub struct Bulk {
    /// Its id.
    pub id: BulkId,
    /// The kind's key.
    pub kind: String,
    /// `chosen`, `weighed`, `running` or `done`.
    pub state: String,
    /// How many records the set has.
    pub total: usize,
    /// How many were gone through.
    pub done: usize,
    /// What would become of them; while it runs and after, what did.
    pub counts: Counts,
    /// What is to be done, once it was said.
    pub act: Option<Act>,
    /// The job that does it, where it is large.
    pub job: Option<JobId>,
    /// Until when it can be begun, or what came of it is told.
    pub expires: Instant,
}

/// An act as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    act: Act,
    purpose: String,
    acting: Acting,
}

struct Stored {
    id: BulkId,
    kind: String,
    actor: String,
    state: String,
    expires: Instant,
    job: Option<JobId>,
    total: i64,
    place: i64,
    counts: String,
    key: KeyId,
    sealed: Option<Vec<u8>>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            actor: row.get(2)?,
            state: row.get(3)?,
            expires: row.get(4)?,
            job: row.get(5)?,
            total: row.get(6)?,
            place: row.get(7)?,
            counts: row.get(8)?,
            key: row.get(9)?,
            sealed: row.get(10)?,
        })
    }

    /// What is to be done, in the words of the one who said it: theirs to see, and no record's.
    fn kept(&self, unit: &mut Unit) -> Result<Option<Kept>> {
        let Some(sealed) = &self.sealed else { return Ok(None) };
        let context = context(self.key, self.id);
        let plain = unit.with_key(self.key, |key| vault::open(key, &context, sealed))?;
        plain.map(|plain| serde_json::from_slice(&plain).map_err(Error::internal)).transpose()
    }

    fn counts(&self) -> Result<Counts> {
        serde_json::from_str(&self.counts).map_err(Error::internal)
    }
}

fn context(key: KeyId, id: BulkId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "bulk" }
}

fn count(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

fn gone() -> Error {
    Error::not_found("bulk act; choose the records again")
}

fn stored(unit: &mut Unit, id: BulkId) -> Result<Stored> {
    let (own, now) = (unit.actor().who.to_string(), unit.now());
    let found = unit.maybe(sql::FIND, &args![id], Stored::read)?;
    found.filter(|bulk| bulk.actor == own && bulk.expires > now).ok_or_else(gone)
}

/// Ids and versions, as they are stored.
fn encoded(items: &[(RecordId, i64)]) -> Vec<u8> {
    items.iter().flat_map(|(id, version)| id.bytes().iter().copied().chain(version.to_be_bytes())).collect()
}

fn decoded(bytes: &[u8]) -> Result<Vec<(RecordId, i64)>> {
    let one = |chunk: &[u8]| {
        let (id, version) = chunk.split_at_checked(16)?;
        Some((RecordId::from_slice(id)?, i64::from_be_bytes(version.try_into().ok()?)))
    };
    bytes.chunks(24).map(one).collect::<Option<_>>().ok_or_else(|| Error::internal("a set of records does not read"))
}

/// Freezes a set: what comes to match later is not in it. Events `bulk.counted`, when a list was walked, and `bulk.chosen`.
///
/// Errors: forbidden without the right to change records of the kind or to propose them for disposal; those of a list; too_large beyond
/// [`MOST`]; invalid_input for an empty set.
pub async fn choose(app: &App, actor: &Actor, kind: &str, chosen: &Chosen) -> Result<BulkId> {
    let kind = app.catalogue().need(kind)?;
    let read = actor.permit::<ReadRecords>()?;
    if actor.permit::<Dispose>().is_err() {
        let may = actor.permit::<WriteRecords>().and_then(|permit| permit.need(&kind).map(drop));
        if let Err(error) = may {
            return Err(app.denied(actor, error).await);
        }
    }
    let key_of_kind = kind.key.clone();
    let items: Vec<(RecordId, i64)> = match chosen.clone() {
        Chosen::These(ids) => {
            if ids.len() > NAMED {
                return Err(Error::new(Code::TooLarge, format!("Name at most {NAMED} records one by one; choose all that match instead.")));
            }
            app.read(actor, move |unit| {
                let rows = records::find_many(unit, &ids)?;
                let rows = rows.into_iter().filter(|row| row.kind.key == key_of_kind && records::in_scope(&read, row));
                let mut items: Vec<(RecordId, i64)> = rows.map(|row| (row.id, row.version)).collect();
                items.sort_unstable();
                items.dedup();
                unit.plain(items)
            })
            .await?
        }
        Chosen::Matching(query) => {
            app.read(actor, move |unit| {
                let (items, asked) = views::frozen(unit, &read, &query, MOST)?;
                let event =
                    Event::new("bulk.counted").word("kind", key_of_kind.as_str()).word("asked", asked).count("records", items.len());
                unit.release(views::through(event, &query), items)
            })
            .await?
        }
    };
    if items.is_empty() {
        return Err(Error::invalid("/ids", "required", "Choose at least one record."));
    }
    let key_of_kind = kind.key.clone();
    app.write(actor, move |unit| {
        let id = BulkId::mint(unit.env());
        unit.witness(
            Event::new("bulk.chosen").word("bulk", id.to_string()).word("kind", key_of_kind.as_str()).count("records", items.len()),
        )?;
        let key = unit.new_key("bulk")?;
        let (who, expires) = (unit.actor().who.to_string(), unit.now().plus(WAITS));
        let total = i64::try_from(items.len()).unwrap_or(i64::MAX);
        unit.run(sql::INSERT, &args![id, key_of_kind.as_str(), who, expires, total, encoded(&items), key])?;
        Ok(id)
    })
    .await
}

/// Weighs what an act would do to a set: how many it changes and how many not, by reason. Nothing is changed, and no sealed field opened: those
/// that have a sealed value already are found when it is done. Events `bulk.weighed`, and `disposal.planned` for a proposal.
///
/// Errors: not_found for another's or an expired set; conflict when it was begun; forbidden and invalid_input of the act.
pub async fn weigh(app: &App, actor: &Actor, id: BulkId, act: &Act) -> Result<Counts> {
    let asked = act.clone();
    let counts = app.read(actor, move |unit| {
        let bulk = stored(unit, id)?;
        waiting(&bulk)?;
        let checked = act::Checked::of(unit, &bulk.kind, &asked)?;
        let items = decoded(&unit.one(sql::ITEMS, &args![id], |row| row.get::<Vec<u8>>(0))?)?;
        checked.weigh(unit, &items)
    });
    let counts: Counts = counts.await?;
    let kept = Kept { act: act.clone(), purpose: actor.purpose.key.to_owned(), acting: Acting::of(actor) };
    let plain = Zeroizing::new(serde_json::to_vec(&kept).map_err(Error::internal)?);
    let (text, word) = (serde_json::to_string(&counts).map_err(Error::internal)?, act.word());
    app.write(actor, move |unit| {
        let bulk = stored(unit, id)?;
        waiting(&bulk)?;
        unit.witness(Event::new("bulk.weighed").word("bulk", id.to_string()).word("act", word).count("records", count(bulk.total)))?;
        let sealed = unit.seal(&context(bulk.key, id), &plain)?;
        let expires = unit.now().plus(WAITS);
        unit.run(sql::WEIGHED, &args![id, expires, text.as_str(), sealed]).map(drop)
    })
    .await?;
    Ok(counts)
}

fn waiting(bulk: &Stored) -> Result<()> {
    match bulk.state.as_str() {
        "chosen" | "weighed" => Ok(()),
        _ => Err(Error::new(Code::Conflict, "This was begun already. Choose the records again for another act.")),
    }
}

/// A bulk act of the actor's own. Error: not_found when it is another's or its time is over.
pub fn find(unit: &mut Unit, id: BulkId) -> Result<Bulk> {
    let bulk = stored(unit, id)?;
    let act = bulk.kept(unit)?.map(|kept| kept.act);
    let counts = bulk.counts()?;
    let Stored { kind, state, expires, job, total, place, .. } = bulk;
    Ok(Bulk { id, kind, state, total: count(total), done: count(place), counts, act, job, expires })
}

/// Does what was weighed: at once, or more than [`AT_ONCE`] by a job. A record that changed since the set was frozen is left as it is and
/// counted. One that broke off goes on. Event `bulk.begun`, and `record.updated` or `disposal.proposed` for each portion.
///
/// Errors: not_found; conflict when nothing was weighed, or it is done or going on.
pub async fn run(app: &App, actor: &Actor, id: BulkId) -> Result<Option<JobId>> {
    let purpose = actor.purpose.key;
    let begun = app.write(actor, move |unit| {
        let bulk = stored(unit, id)?;
        let kept = bulk.kept(unit)?.ok_or_else(nothing_weighed)?;
        let broke_off = bulk.state == "running" && bulk.job.is_none();
        if bulk.state != "weighed" && !broke_off {
            return Err(nothing_weighed());
        }
        if kept.purpose != purpose {
            let words = format!("This was weighed for {}. Switch the purpose back, or weigh it again.", kept.purpose);
            return Err(Error::new(Code::Conflict, words));
        }
        if broke_off {
            unit.witness(Event::new("bulk.begun").word("bulk", id.to_string()).word("again", "yes"))?;
            return Ok(None);
        }
        unit.witness(
            Event::new("bulk.begun").word("bulk", id.to_string()).word("act", kept.act.word()).count("records", count(bulk.total)),
        )?;
        let large = count(bulk.total) > AT_ONCE;
        let args = json!({ "bulk": id, "kind": bulk.kind });
        let job = if large { Some(unit.enqueue(Job::new(JOB, format!("{JOB}/{id}"), args).total(count(bulk.total)))?) } else { None };
        let expires = unit.now().plus(TOLD);
        unit.run(sql::BEGIN, &args![id, expires, job])?;
        Ok(job)
    });
    let job = begun.await?;
    if job.is_none() {
        while portion(app, actor, id).await?.is_some() {}
    }
    Ok(job)
}

fn nothing_weighed() -> Error {
    Error::new(Code::Conflict, "There is nothing weighed that could be done: say what is to be done, and look at what would come of it.")
}

/// Does the next portion; answers how far it is, nothing when it was the last.
async fn portion(app: &App, actor: &Actor, id: BulkId) -> Result<Option<(i64, i64)>> {
    app.write(actor, move |unit| {
        let found = store::dialect::lock(unit.dialect(), sql::FIND, &args![id], Stored::read)?.into_iter().next();
        let bulk = found.ok_or_else(gone)?;
        if bulk.state != "running" {
            return Ok(None);
        }
        let kept = bulk.kept(unit)?.ok_or_else(gone)?;
        let checked = act::Checked::of(unit, &bulk.kind, &kept.act)?;
        let items = decoded(&unit.one(sql::ITEMS, &args![id], |row| row.get::<Vec<u8>>(0))?)?;
        let rest = items.get(count(bulk.place)..).unwrap_or_default();
        let some = &rest[..rest.len().min(checked.portion())];
        let mut counts = bulk.counts()?;
        for reason in checked.carry_out(unit, id, some)? {
            *counts.entry(reason).or_default() += 1;
        }
        let place = bulk.place + i64::try_from(some.len()).unwrap_or_default();
        let state = if some.len() == rest.len() { "done" } else { "running" };
        let counts = serde_json::to_string(&counts).map_err(Error::internal)?;
        unit.run(sql::PLACE, &args![id, state, place, counts])?;
        Ok((state == "running").then_some((place, bulk.total)))
    })
    .await
}

/// The handlers of bulk acts' jobs.
pub fn handlers() -> Handlers {
    let run: Handler = Arc::new(|app, job| Box::pin(work(app, job)));
    Handlers::from([(JOB, run)])
}

async fn work(app: App, job: JobRow) -> Result<()> {
    let id = job.args.get("bulk").and_then(|id| id.as_str()).and_then(|id| id.parse::<BulkId>().ok());
    let id = id.ok_or_else(|| Error::internal("a job without its bulk act"))?;
    let purpose = catalogue::Purpose::find(&job.purpose).ok_or_else(|| Error::internal("a job for an unknown purpose"))?;
    let system = Actor::system(purpose);
    let acting = app.read(&system, move |unit| {
        let bulk = unit.maybe(sql::FIND, &args![id], Stored::read)?.ok_or_else(gone)?;
        let kept = bulk.kept(unit)?.ok_or_else(gone)?;
        unit.plain(kept.acting)
    });
    let actor = acting.await?.actor(&job.purpose)?;
    while let Some((done, total)) = portion(&app, &actor, id).await? {
        app.progress(job.id, "", done, total).await?;
    }
    app.progress(job.id, "", job.total, job.total).await
}

/// Forgets what nobody began in time, and what was told long enough, with its key. Event `bulk.forgotten`, when there is any.
pub async fn purge(app: &App, actor: &Actor) -> Result<usize> {
    let now = app.env().now();
    let due = move |unit: &mut Unit| unit.all(sql::EXPIRED, &args![now], |row| Ok((row.get::<BulkId>(0)?, row.get::<KeyId>(1)?)));
    let any = app.read(actor, move |unit| {
        let any = !due(unit)?.is_empty();
        unit.plain(any)
    });
    if !any.await? {
        return Ok(0);
    }
    app.write(actor, move |unit| {
        let all = due(unit)?;
        unit.witness(Event::new("bulk.forgotten").count("acts", all.len()))?;
        for (id, key) in &all {
            unit.shred_by_event(*key)?;
            unit.run(sql::DELETE, &args![*id])?;
        }
        Ok(all.len())
    })
    .await
}
