//! One record merged into another, and the merge taken back.

use std::collections::BTreeMap;

use catalogue::Purposes;
use kernel::{Code, Error, Instant, JobId, RecordId, Result};
use serde_json::json;
use store::{Row, args};
use trail::{
    Actor, App, Event, Job, JobRow, Permit, Unit,
    permit::{ReadRecords, WriteRecords},
};

use super::{
    MergeId,
    moving::{self, Way},
    sql,
    weigh::{Choice, refusals, two},
};
use crate::{
    consent,
    records::{self, State, StoredRecord},
};

/// The job that moves the rest of a large merge, or takes it back.
pub const JOB: &str = "duplicates.move";
/// A merge whose links and entries are on their way.
const MOVING: &str = "moving";
/// One that is done.
const DONE: &str = "merged";
/// One that is taken back, and whose links and entries are on their way.
const RETURNING: &str = "returning";
/// One that was taken back.
const UNDONE: &str = "undone";

/// What is to be merged.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The record that survives.
    pub survivor: RecordId,
    /// The record that is merged away.
    pub other: RecordId,
    /// Whose value of a field survives, where it is not the safe way.
    pub choices: BTreeMap<String, Choice>,
    /// The versions that the choice was made on; nothing for whichever they are.
    pub versions: (Option<i64>, Option<i64>),
}

/// What came of a merge.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The merge.
    pub id: MergeId,
    /// The surviving record's version.
    pub version: i64,
    /// The job that moves what one unit does not.
    pub job: Option<JobId>,
}

/// What came of taking a merge back.
#[derive(Clone, Debug)]
pub struct Back {
    /// The record that is back.
    pub other: RecordId,
    /// The record it had been merged into.
    pub survivor: RecordId,
    /// The survivor's fields that are as they were.
    pub restored: Vec<String>,
    /// Those that were changed since, or whose earlier value was destroyed, and stay as they are.
    pub left: Vec<String>,
    /// How many other records could not be pointed back, of those that were tried at once.
    pub stuck: usize,
    /// The job that takes the rest back.
    pub job: Option<JobId>,
}

/// A merge that stands.
#[derive(Clone, Debug)]
pub struct MergedInto {
    /// The merge.
    pub id: MergeId,
    /// The kind's key.
    pub kind: String,
    /// The record that survived.
    pub survivor: RecordId,
    /// The record that was merged away.
    pub other: RecordId,
    /// Where it is now: the survivor was merged itself where this is another.
    pub root: RecordId,
    /// When.
    pub at: Instant,
    /// By whom.
    pub actor: String,
    /// Whether its links and entries are still on their way.
    pub moving: bool,
    before: i64,
    after: i64,
    usable: Purposes,
    state: String,
}

impl MergedInto {
    fn read(row: &Row) -> Result<Self> {
        let state: String = row.get(7)?;
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            survivor: row.get(2)?,
            other: row.get(3)?,
            root: row.get(4)?,
            at: row.get(5)?,
            actor: row.get(6)?,
            moving: state == MOVING || state == RETURNING,
            before: row.get(8)?,
            after: row.get(9)?,
            usable: Purposes::from_bits(row.get(10)?),
            state,
        })
    }

    fn way(&self) -> Way {
        Way { merge: self.id, from: self.other, to: self.survivor }
    }
}

fn lock_both(unit: &mut Unit, a: RecordId, b: RecordId) -> Result<()> {
    // In the order of their ids, so that two who merge the same wait for each other and never forever.
    for id in [a.min(b), a.max(b)] {
        records::lock(unit, id)?;
    }
    Ok(())
}

fn ensure_version(row: &StoredRecord, expected: Option<i64>) -> Result<()> {
    if expected.is_none_or(|version| version == row.version) {
        return Ok(());
    }
    let words =
        format!("Somebody changed {} meanwhile: it is at version {} now. Look at both again and repeat the merge.", row.id, row.version);
    Err(Error::new(Code::VersionConflict, words))
}

/// Merges a record into another: the survivor gets the chosen values, what pointed to the other points to it, and the other goes out of use:
/// kept, proved and erased like any record, and brought back by [`unmerge`]. Nothing is destroyed. What one unit does not move, a job does.
///
/// Event `record.merged`, whose leaves stand by both records. Errors: not_found; conflict for one that was merged, or whose person has an
/// open request; version_conflict; legal_hold; restricted; forbidden; invalid_input.
pub fn merge(unit: &mut Unit, permit: &Permit<WriteRecords>, asked: &Asked) -> Result<Merged> {
    lock_both(unit, asked.survivor, asked.other)?;
    let both = two(unit, permit, asked.survivor, asked.other)?;
    ensure_version(&both.survivor.row, asked.versions.0)?;
    ensure_version(&both.other.row, asked.versions.1)?;
    if let Some(refusal) = refusals(unit, [&both.survivor.row, &both.other.row])?.first() {
        return Err(refusal.error());
    }
    let choices = both.decide(permit, &asked.choices)?;
    let patch = both.patch(&choices);
    let (survivor, other) = (&both.survivor.row, &both.other.row);
    let id = MergeId::mint(unit.env());
    let event = Event::new("record.merged").word("merge", id.to_string()).word("survivor", survivor.id.to_string());
    let event = event.word("other", other.id.to_string()).fields(patch.fields.keys());
    unit.witness(event.records([(survivor.id, survivor.version), (other.id, other.version)]))?;
    let family = records::family(unit, other.id)?;
    let (before, usable) = (survivor.version, other.usable);
    let after = records::amend(unit, survivor.id, None, patch)?;
    records::go_into(unit, &both.other, survivor.id)?;
    follow(unit, &family, survivor.id)?;
    let who = unit.actor().who.to_string();
    let now = unit.now();
    let row = args![
        id,
        both.kind.key.as_str(),
        survivor.id,
        other.id,
        survivor.id,
        now,
        who,
        MOVING,
        before,
        after,
        usable.bits(),
        None::<Instant>
    ];
    unit.insert_many(sql::MERGED_INSERT, 12, &row)?;
    unit.run(sql::PAIRS_AWAY, &args![other.id])?;
    // What both said stands together from here.
    consent::restand(unit, survivor.id)?;
    unit.standing_moved()?;
    let way = Way { merge: id, from: other.id, to: survivor.id };
    let job = if moving::on(unit, way)? {
        unit.run(sql::MERGED_STATE, &args![id, DONE])?;
        None
    } else {
        Some(unit.enqueue(Job::new(JOB, format!("{JOB}/{id}"), json!({ "merge": id })))?)
    };
    Ok(Merged { id, version: after, job })
}

/// What was merged before goes along: it is where its survivor is.
fn follow(unit: &mut Unit, family: &[RecordId], into: RecordId) -> Result<()> {
    for id in family {
        let Some(row) = records::find(unit, *id)? else { continue };
        if row.state.is_readable()
            && let Some(record) = records::open(unit, row)?
        {
            records::go_into(unit, &record, into)?;
        }
        unit.run(sql::MERGED_ROOT, &args![*id, into])?;
    }
    Ok(())
}

/// Takes a merge back: the other record is in use again, what was moved goes back to it, and the survivor's fields are as they were where
/// nobody changed them since. Event `record.unmerged`, whose leaves stand by both records.
///
/// Errors: not_found; conflict when it was not merged, is still being moved, or its survivor was merged itself; restricted.
pub fn unmerge(unit: &mut Unit, permit: &Permit<WriteRecords>, other: RecordId) -> Result<Back> {
    let gone = || Error::not_found("record");
    let row = records::find(unit, other)?.ok_or_else(gone)?;
    if row.facts.merged.is_none() {
        records::in_use(unit, permit, other)?;
        return Err(Error::new(Code::Conflict, "This record is not merged into another one; there is nothing to take back."));
    }
    if !records::was_within(unit, permit, &row)? {
        return Err(gone());
    }
    let merge = unit.maybe(sql::MERGED_BY_OTHER, &args![other], MergedInto::read)?.ok_or_else(gone)?;
    if merge.moving {
        return Err(Error::new(Code::Conflict, "Its links are still being moved by a job. Take the merge back when that is over."));
    }
    if merge.root != merge.survivor {
        let words = "The record it was merged into was merged itself. Take that merge back first.";
        return Err(Error::new(Code::Conflict, words).at("/merged_into", records::MERGED, merge.survivor.to_string()));
    }
    lock_both(unit, merge.survivor, other)?;
    let survivor = records::in_use(unit, permit, merge.survivor)?;
    let row = records::find(unit, other)?.filter(|row| row.state.is_readable()).ok_or_else(gone)?;
    if row.state == State::Restricted || survivor.state == State::Restricted {
        return Err(Error::new(
            Code::Restricted,
            "One of the two is restricted: kept for legal reasons and not changed. Nothing was taken back.",
        ));
    }
    let event = Event::new("record.unmerged").word("merge", merge.id.to_string()).word("survivor", merge.survivor.to_string());
    let event = event.word("other", other.to_string());
    unit.witness(event.records([(survivor.id, survivor.version), (other, row.version)]))?;
    unit.run(sql::MERGED_UNDONE, &args![merge.id, RETURNING, unit.now()])?;
    let record = records::open(unit, row)?.ok_or_else(gone)?;
    records::come_back(unit, &record, merge.usable)?;
    let family = below(unit, other)?;
    follow(unit, &family, other)?;
    let taken = moving::take_back(unit, merge.survivor, merge.before, merge.after)?;
    unit.run(sql::PAIRS_BACK, &args![other])?;
    consent::restand(unit, other)?;
    consent::restand(unit, merge.survivor)?;
    unit.standing_moved()?;
    let (done, stuck) = moving::back(unit, merge.way())?;
    let job = if done {
        unit.run(sql::MERGED_STATE, &args![merge.id, UNDONE])?;
        None
    } else {
        Some(unit.enqueue(Job::new(JOB, format!("{JOB}/{}", merge.id), json!({ "merge": merge.id })))?)
    };
    Ok(Back { other, survivor: merge.survivor, restored: taken.restored, left: taken.left, stuck, job })
}

/// What was merged into a record, directly or by way of others, as the merges themselves say.
fn below(unit: &mut Unit, id: RecordId) -> Result<Vec<RecordId>> {
    let (mut all, mut at) = (Vec::new(), vec![id]);
    while let Some(id) = at.pop() {
        let merges = unit.all(sql::MERGED_BY_SURVIVOR, &args![id], MergedInto::read)?;
        for merge in merges {
            all.push(merge.other);
            at.push(merge.other);
        }
    }
    Ok(all)
}

/// What was merged into a record itself, the newest first, for those who may read it.
pub fn parts(unit: &mut Unit, permit: &Permit<ReadRecords>, survivor: RecordId) -> Result<Vec<MergedInto>> {
    let in_scope = records::find(unit, survivor)?.is_some_and(|row| records::in_scope(permit, &row));
    if in_scope { unit.all(sql::MERGED_BY_SURVIVOR, &args![survivor], MergedInto::read) } else { Ok(Vec::new()) }
}

/// Where a record went. Error: not_found when it was not merged, or is out of the permit's scope.
pub fn merged_into(unit: &mut Unit, permit: &Permit<ReadRecords>, other: RecordId) -> Result<MergedInto> {
    let gone = || Error::not_found("merged record");
    let row = records::find(unit, other)?.ok_or_else(gone)?;
    if !records::was_within(unit, permit, &row)? {
        return Err(gone());
    }
    unit.maybe(sql::MERGED_BY_OTHER, &args![other], MergedInto::read)?.ok_or_else(gone)
}

/// Moves the rest of a merge, or takes it back. Event `record.updated` for each portion.
pub(super) async fn work(app: App, job: JobRow) -> Result<()> {
    let id = job.args.get("merge").and_then(|id| id.as_str()).and_then(|id| id.parse::<MergeId>().ok());
    let id = id.ok_or_else(|| Error::internal("a job without its merge"))?;
    let purpose = catalogue::Purpose::find(&job.purpose).ok_or_else(|| Error::internal("a job for an unknown purpose"))?;
    let actor = Actor::system(purpose);
    let mut done = job.done;
    loop {
        let more = app
            .write(&actor, move |unit| {
                let found = store::dialect::lock(unit.dialect(), sql::MERGED_FIND, &args![id], MergedInto::read)?.into_iter().next();
                let merge = found.ok_or_else(|| Error::not_found("merge"))?;
                unit.witness(Event::new("record.updated").word("merge", id.to_string()).word("state", merge.state.as_str()))?;
                let (all, next) = match merge.state.as_str() {
                    MOVING => (moving::on(unit, merge.way())?, DONE),
                    RETURNING => (moving::back(unit, merge.way())?.0, UNDONE),
                    _ => return Ok(false),
                };
                if all {
                    unit.run(sql::MERGED_STATE, &args![id, next])?;
                }
                Ok(!all)
            })
            .await?;
        if !more {
            return app.progress(job.id, "", done, done).await;
        }
        done += 1;
        app.progress(job.id, "", done, 0).await?;
    }
}
