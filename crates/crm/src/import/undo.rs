//! Taking an import back, updates included.
//!
//! Last row first. A changed record gets its earlier values as a new version, field by field: what somebody changed since stays as it is.
//! A record that the import made goes through the one door that destroys, and only
//!
//! - when its retention has it go anyway (due, overdue, to be disposed of, free to go), or
//! - as a mistaken import: less than 24 hours old, changed by nobody since, opened by nobody since, held by no hold, asked for by no
//!   request, and kept by nothing but our own recommendations. (Seeing its name in a list is not opening it: that is how the mistake is
//!   noticed.)
//!
//! The rest stays, each with its reason. Companies made beside a row go when nothing else points to them. An undo may be run again.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use catalogue::{Value, deal};
use kernel::{BatchId, Code, Error, EventId, Instant, RecordId, Result};
use serde::Serialize;
use store::args;
use trail::{Actor, App, Event, Permit, Unit, permit::Import};

use super::sql;
use crate::{
    capture::batch::{self, StoredItem},
    disposal::{self, Cause, Fate},
    records::{self, RecordPatch, State},
};

/// How long an import may be taken back as a mistake.
const MISTAKE: Duration = Duration::from_secs(24 * 3_600);
/// Items of a page, and records of an order.
const PAGE: i64 = 50;
/// Events looked through in one unit.
const EVENTS: i64 = 500;

/// The most records that stay of which the run keeps the reasons.
const TOLD: usize = 1_000;

/// A record that stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Which.
    pub record: RecordId,
    /// Why: `changed_since`, `read`, `older_than_a_day`, `in_use`, `restricted`, `legal_hold`, `retention_floor`, or `waits` (an open
    /// request, or a clock in doubt).
    pub reason: &'static str,
}

/// What came of an undo.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Undone {
    /// Records whose earlier values are back.
    pub restored: usize,
    /// Records destroyed.
    pub removed: usize,
    /// Records that stay as they are.
    pub kept: Vec<Kept>,
}

/// Takes an import back. `progress` is told after each page.
///
/// Events: `record.updated` and `record.destroying` as it goes, `import.undone` at the end.
/// Errors: forbidden; not_found; conflict while the import still runs; those of the stores and of [`disposal::destroy`] (run it again).
pub async fn undo(app: &App, actor: &Actor, id: BatchId, progress: impl Fn(&Undone) + Send + Sync) -> Result<Undone> {
    let (permit, started) = ready(app, actor, id).await?;
    let is_fresh = app.env().now().since(started) < MISTAKE;
    let read = if is_fresh { read_since(app, actor, started).await? } else { HashSet::new() };
    let mut run = Run { app, actor, permit, batch: id, is_fresh, read, ours: HashMap::new(), done: Undone::default() };
    let mut before = i64::MAX;
    loop {
        let page = app
            .read(actor, move |unit| {
                let items = batch::written(unit, id, before, PAGE)?;
                unit.plain(items)
            })
            .await?;
        let Some(last) = page.last() else { break };
        before = last.n;
        run.page(&page).await?;
        progress(&run.done);
    }
    let done = run.done;
    let (restored, removed, kept) = (done.restored, done.removed, done.kept.len());
    let shown = Undone { kept: done.kept.iter().take(TOLD).cloned().collect(), restored, removed };
    let shown = serde_json::to_value(&shown).map_err(Error::internal)?;
    app.write(actor, move |unit| {
        let event = Event::new("import.undone").word("batch", id.to_string());
        unit.witness(event.count("restored", restored).count("removed", removed).count("kept", kept))?;
        batch::note_undone(unit, id, &shown)?;
        unit.run(sql::BATCH_UNDONE, &args![id])
    })
    .await?;
    Ok(done)
}

/// The permit to undo an import that is over, and when it began.
pub(super) async fn ready(app: &App, actor: &Actor, id: BatchId) -> Result<(Permit<Import>, Instant)> {
    let permit = actor.permit::<Import>()?;
    let found = app
        .read(actor, move |unit| {
            let found = batch::find(unit, id)?.filter(|b| b.what == "import");
            unit.plain(found.map(|b| (b.kind, b.state, b.started)))
        })
        .await?;
    let (kind, state, started) = found.ok_or_else(|| Error::not_found("import"))?;
    permit.need(app.catalogue().need(&kind)?.as_ref())?;
    if state == "running" {
        return Err(Error::new(Code::Conflict, "The import is still running. Let it end, or cancel it, and undo it then."));
    }
    Ok((permit, started))
}

struct Run<'a> {
    app: &'a App,
    actor: &'a Actor,
    permit: Permit<Import>,
    batch: BatchId,
    is_fresh: bool,
    read: HashSet<RecordId>,
    /// The version that the import or this undo left a record at.
    ours: HashMap<RecordId, i64>,
    done: Undone,
}

impl Run<'_> {
    async fn page(&mut self, page: &[StoredItem]) -> Result<()> {
        let (mut made, mut beside) = (Vec::new(), Vec::new());
        for item in page {
            let Some(record) = item.record else { continue };
            if item.outcome == "updated" {
                // What was made on this page waits, so that a record is restored before it is judged.
                self.restore(record, item.versions).await?;
            } else if item.outcome == "created" {
                made.push(record);
            } else {
                beside.push(record);
            }
        }
        self.remove(&made).await?;
        // Nothing of this page points to them any more.
        self.remove(&beside).await
    }

    async fn restore(&mut self, id: RecordId, versions: (Option<i64>, Option<i64>)) -> Result<()> {
        let (Some(before), Some(after)) = versions else { return Ok(()) };
        let (batch, permit) = (self.batch, self.permit.clone());
        let restored = self
            .app
            .write(self.actor, move |unit| {
                unit.witness(Event::new("record.updated").word("undo", batch.to_string()).records([(id, after)]))?;
                restore(unit, &permit, id, before, after)
            })
            .await?;
        match restored {
            Restored::Back { from, to } => {
                if from == self.ours.get(&id).copied().unwrap_or(after) {
                    self.ours.insert(id, to);
                }
                self.done.restored += 1;
            }
            Restored::Already => {}
            Restored::Kept(reason) => self.done.kept.push(Kept { record: id, reason }),
        }
        Ok(())
    }

    async fn remove(&mut self, made: &[RecordId]) -> Result<()> {
        if made.is_empty() {
            return Ok(());
        }
        let cause = Cause::undo(&self.permit, self.batch);
        let (ids, asked) = (made.to_vec(), cause.clone());
        let planned = self
            .app
            .read(self.actor, move |unit| {
                let mut planned = Vec::with_capacity(ids.len());
                for plan in disposal::plan(unit, &asked, &ids)? {
                    let version = records::find(unit, plan.record)?.map_or(0, |row| row.version);
                    let used = unit.maybe(sql::LINKED_FROM_ELSEWHERE, &args![plan.record], |_| Ok(()))?.is_some();
                    planned.push((plan, version, used));
                }
                let event = Event::new("disposal.planned").word("cause", "undo").count("records", planned.len());
                unit.release(event, planned)
            })
            .await?;
        let mut goes = Vec::new();
        for (plan, version, used) in planned {
            let id = plan.record;
            let due = plan.decision.as_ref().is_some_and(|d| d.outcome.is_destroyable());
            let reason = match plan.fate {
                Fate::Gone => continue,
                Fate::Held => Some("legal_hold"),
                Fate::Keep(_) | Fate::Restrict(_) | Fate::EraseFields(_) => Some("retention_floor"),
                Fate::Waits(_) => Some("waits"),
                Fate::Erase if used => Some("in_use"),
                Fate::Erase if due => None,
                Fate::Erase if version != self.ours.get(&id).copied().unwrap_or(1) => Some("changed_since"),
                Fate::Erase if !self.is_fresh => Some("older_than_a_day"),
                Fate::Erase if self.read.contains(&id) => Some("read"),
                Fate::Erase => None,
            };
            match reason {
                Some(reason) => self.done.kept.push(Kept { record: id, reason }),
                None => goes.push(id),
            }
        }
        self.destroy(&cause, &goes).await
    }

    async fn destroy(&mut self, cause: &Cause, goes: &[RecordId]) -> Result<()> {
        if goes.is_empty() {
            return Ok(());
        }
        let (ids, ordered) = (goes.to_vec(), cause.clone());
        match self.app.write(self.actor, move |unit| disposal::order(unit, &ordered, &ids)).await {
            Ok(order) => {
                disposal::destroy(self.app, self.actor, order).await?;
                self.done.removed += goes.len();
                Ok(())
            }
            // Something changed since it was planned: each is judged alone.
            Err(error) if refused(error.code()).is_some() && goes.len() > 1 => {
                for id in goes {
                    Box::pin(self.destroy(cause, &[*id])).await?;
                }
                Ok(())
            }
            Err(error) => match (refused(error.code()), goes) {
                (Some(reason), [record]) => {
                    self.done.kept.push(Kept { record: *record, reason });
                    Ok(())
                }
                _ => Err(error),
            },
        }
    }
}

fn refused(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::LegalHold => "legal_hold",
        Code::RetentionFloor => "retention_floor",
        Code::Restricted | Code::SecondPersonRequired => "waits",
        Code::Conflict => "changed_since",
        _ => return None,
    })
}

enum Restored {
    Back { from: i64, to: i64 },
    Already,
    Kept(&'static str),
}

/// Gives a record the values it had before, where they are still those that the import wrote.
fn restore(unit: &mut Unit, permit: &Permit<Import>, id: RecordId, before: i64, after: i64) -> Result<Restored> {
    let Some(row) = records::lock(unit, id)? else { return Ok(Restored::Already) };
    if !row.state.is_readable() {
        return Ok(Restored::Already);
    }
    if row.state == State::Restricted || !records::in_scope(permit, &row) {
        return Ok(Restored::Kept("restricted"));
    }
    let mut at = |version: i64| -> Result<Option<records::Fields>> {
        let found = if row.version == version { row.clone() } else { records::earlier(unit, row.clone(), version)? };
        Ok(records::open(unit, found)?.map(|record| record.fields()))
    };
    let (Some(old), Some(new), Some(now)) = (at(before)?, at(after)?, at(row.version)?) else { return Ok(Restored::Kept("changed_since")) };
    let (mut fields, mut is_back) = (std::collections::BTreeMap::<String, Option<Value>>::new(), true);
    for key in old.keys().chain(new.keys()).collect::<HashSet<_>>() {
        if old.get(key) != new.get(key) && now.get(key) != old.get(key) {
            is_back = false;
            if now.get(key) == new.get(key) {
                fields.insert(key.clone(), old.get(key).cloned());
            }
        }
    }
    if is_back {
        return Ok(Restored::Already);
    }
    if let Some(amount) = records::followed_by(&row.kind).filter(|_| now.get(deal::BY_LINES) == Some(&Value::Bool(true))) {
        // It follows the lines meanwhile.
        fields.remove(amount);
    }
    if fields.is_empty() {
        return Ok(Restored::Kept("changed_since"));
    }
    let to = records::amend(unit, id, None, RecordPatch { fields, owner: None })?;
    Ok(Restored::Back { from: row.version, to })
}

/// The records that somebody opened, revealed or took out since a time.
async fn read_since(app: &App, actor: &Actor, since: Instant) -> Result<HashSet<RecordId>> {
    // Events sort by their making: a UUIDv7 begins with its milliseconds.
    let mut start = [0; 16];
    start[..6].copy_from_slice(&since.millis().to_be_bytes()[2..]);
    let mut after = EventId::from_bytes(start);
    let mut seen = HashSet::new();
    loop {
        let (found, last) = app
            .read(actor, move |unit| {
                let events =
                    unit.all(sql::EVENTS_AFTER, &args![after, EVENTS], |row| Ok((row.get::<EventId>(0)?, row.get::<String>(1)?)))?;
                let last = events.last().map(|(id, _)| *id);
                let looks = |name: &str| matches!(name, "record.read" | "record.revealed" | "record.exported" | "package.made");
                let looks: Vec<EventId> = events.into_iter().filter(|(_, name)| looks(name)).map(|(id, _)| id).collect();
                let recorded = unit.recorded_all(&looks)?;
                let records: Vec<RecordId> = recorded.into_iter().flat_map(|event| event.records).map(|(record, _)| record).collect();
                unit.plain((records, last))
            })
            .await?;
        seen.extend(found);
        match last {
            Some(last) => after = last,
            None => return Ok(seen),
        }
    }
}
