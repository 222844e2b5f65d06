//! The service clock of cases: what follows from their statuses, priority and messages is written with every version, and time itself is met
//! by jobs. Nothing is opened for it: it asks open fields of the versions that there are.

use std::sync::Arc;

use catalogue::{Kind, PURPOSES, Value, case, message};
use kernel::{Error, Instant, RecordId, Result};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{Actor, App, Event, Handler, Handlers, Job, JobRow, Permit, Release, Unit, permit::ReadRecords};

use super::{Cell, Detail, Fields, RecordPatch, State as Standing, StoredRecord, amend, cell, row, sql};
use crate::{
    notices::{self, Why},
    service::{self, Case, Clock, Set, Settled, State, Step, Targets},
};

/// The job that looks at a case when something of it falls due.
const TICK: &str = "case.clock";
/// Cases that are counted anew in one unit.
const PORTION: i64 = 100;

#[derive(Serialize, Deserialize)]
struct Args {
    record: RecordId,
    at: Instant,
}

/// What runs the jobs of clocks.
pub(super) fn handlers() -> Handlers {
    let tick: Handler = Arc::new(|app, job| Box::pin(tick(app, job)));
    let recount: Handler = Arc::new(|app, job| Box::pin(recount(app, job)));
    Handlers::from([(TICK, tick), (service::RECOUNT, recount)])
}

/// A case's clock and what it is counted by; `None` for other kinds, and for who may not see its status and priority.
pub fn clock(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId) -> Result<Release<Option<(Clock, Set)>>> {
    let row = super::in_use(unit, permit, id)?;
    let seen = |key: &str| match (row.kind.field(key), row.open.get(key)) {
        (Some(field), Some(value)) => matches!(cell(permit, &row, field, value, Detail::Whole), Cell::Shown(_)),
        (field, _) => field.is_some(),
    };
    if row.kind.key != case::KIND || ![case::STATUS, case::PRIORITY, case::SERVICE].into_iter().all(seen) {
        return unit.plain(None);
    }
    let set = service::now(unit)?;
    let asked = asked(unit, &row)?;
    let found = service::clock(&set.targets, &asked, unit.now()).map(|clock| (clock, set));
    unit.plain(found)
}

/// The targets that hold, asked for once in a unit and only where a case is written.
#[derive(Default)]
pub(super) struct Promised(Option<Arc<Targets>>);

impl Promised {
    fn of(&mut self, unit: &mut Unit) -> Result<Arc<Targets>> {
        if self.0.is_none() {
            self.0 = Some(Arc::new(service::now(unit)?.targets));
        }
        self.0.clone().ok_or_else(|| Error::internal("targets were not loaded"))
    }
}

/// Settles what the clock says of a new case, and answers the moments at which it is to be looked at again.
pub(super) fn begin(unit: &mut Unit, promised: &mut Promised, kind: &Kind, open: &mut Fields, made: Instant) -> Result<Vec<Instant>> {
    if !runs(kind) {
        return Ok(Vec::new());
    }
    let (targets, now) = (promised.of(unit)?, unit.now());
    let steps = vec![Step { at: made.min(now), status: word(open, case::STATUS) }];
    Ok(settle(&targets, open, Case { steps, priority: word(open, case::PRIORITY), ..Case::default() }, now))
}

/// As [`begin`], of a case that changes.
pub(super) fn go_on(unit: &mut Unit, row: &StoredRecord, fields: &mut Fields) -> Result<Vec<Instant>> {
    if !runs(&row.kind) {
        return Ok(Vec::new());
    }
    let (targets, now) = (service::now(unit)?.targets, unit.now());
    let mut case = asked(unit, row)?;
    case.steps.push(Step { at: now, status: word(fields, case::STATUS) });
    case.priority = word(fields, case::PRIORITY);
    case.replied = time(fields, case::REPLIED_AT);
    Ok(settle(&targets, fields, case, now))
}

fn runs(kind: &Kind) -> bool {
    kind.key == case::KIND && kind.field(case::SERVICE).is_some()
}

fn settle(targets: &Targets, fields: &mut Fields, asked: Case, now: Instant) -> Vec<Instant> {
    let clock = service::clock(targets, &asked, now);
    let mut put = |key: &str, value: Option<Value>| match value {
        Some(value) => drop(fields.insert(key.to_owned(), value)),
        None => drop(fields.remove(key)),
    };
    let found = clock.as_ref();
    let moment = |at: Option<Instant>| at.map(Value::Time);
    put(case::SERVICE, found.and_then(Clock::state).map(|state| Value::Text(state.as_str().to_owned())));
    put(case::SERVICE_DUE, moment(found.and_then(Clock::due)));
    put(case::REPLY_DUE, moment(found.and_then(|clock| clock.reply).and_then(|promise| promise.due)));
    put(case::SOLVE_DUE, moment(found.and_then(|clock| clock.solve).and_then(|promise| promise.due)));
    put(case::REPLIED_AT, moment(found.map_or(asked.replied, |clock| clock.replied)));
    put(case::SOLVED_AT, moment(found.and_then(|clock| clock.solved)));
    found.map(|clock| moments(clock, now)).unwrap_or_default()
}

/// When something of it falls due, or due soon.
fn moments(clock: &Clock, now: Instant) -> Vec<Instant> {
    let open = clock.promises().filter(|promise| promise.done.is_none());
    let mut all: Vec<Instant> = open.flat_map(|promise| [promise.soon, promise.due]).flatten().filter(|at| *at > now).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A case as its clock asks for it, with what was judged of it already.
fn asked(unit: &mut Unit, row: &StoredRecord) -> Result<Case> {
    let mut steps = unit.all(sql::VERSIONS_OPEN, &args![row.id], |found| {
        let open: serde_json::Value = serde_json::from_str(&found.get::<String>(1)?).map_err(Error::internal)?;
        let status = open.get(case::STATUS).and_then(|status| status.as_str()).unwrap_or_default().to_owned();
        Ok(Step { at: found.get(0)?, status })
    })?;
    steps.push(Step { at: row.updated, status: word(&row.open, case::STATUS) });
    if let Some(first) = steps.first_mut() {
        first.at = first.at.min(row.created);
    }
    let settled = |done: &str, due: &str| time(&row.open, done).map(|done| Settled { done, due: time(&row.open, due) });
    Ok(Case {
        steps,
        priority: word(&row.open, case::PRIORITY),
        replied: time(&row.open, case::REPLIED_AT),
        reply_settled: settled(case::REPLIED_AT, case::REPLY_DUE),
        solve_settled: settled(case::SOLVED_AT, case::SOLVE_DUE),
    })
}

fn word(fields: &Fields, key: &str) -> String {
    fields.get(key).and_then(Value::as_text).unwrap_or_default().to_owned()
}

fn time(fields: &Fields, key: &str) -> Option<Instant> {
    if let Some(Value::Time(at)) = fields.get(key) { Some(*at) } else { None }
}

/// Has a case looked at when something of it falls due.
pub(super) fn wake(unit: &mut Unit, id: RecordId, moments: &[Instant]) -> Result<()> {
    for at in moments {
        let args = serde_json::to_value(Args { record: id, at: *at }).map_err(Error::internal)?;
        unit.enqueue(Job::new(TICK, format!("{TICK}/{id}/{}", at.micros()), args).at(*at))?;
    }
    Ok(())
}

/// What a message means to the case that it belongs to: one that goes out answers it, one that comes in lets it go on.
pub(super) fn heard(unit: &mut Unit, kind: &Kind, open: &Fields, before: Option<&Fields>) -> Result<()> {
    if kind.key != message::KIND || before.is_some_and(|before| before.get(message::CASE) == open.get(message::CASE)) {
        return Ok(());
    }
    let Some(Value::Link(id)) = open.get(message::CASE) else { return Ok(()) };
    let Some(row) = row::find(unit, *id)?.filter(|row| row.state == Standing::Live && row.facts.merged.is_none() && runs(&row.kind)) else {
        return Ok(());
    };
    let at = time(open, message::CLAIMED_AT).unwrap_or_else(|| unit.now()).clamp(row.created.min(unit.now()), unit.now());
    let patch = |key: &str, value: Value| RecordPatch { fields: [(key.to_owned(), Some(value))].into(), owner: None };
    match word(open, message::DIRECTION).as_str() {
        "out" if time(&row.open, case::REPLIED_AT).is_none_or(|before| at < before) => {
            amend(unit, *id, None, patch(case::REPLIED_AT, Value::Time(at))).map(drop)
        }
        "in" => {
            let targets = service::now(unit)?.targets;
            match targets.resumes.filter(|_| targets.pauses.contains(&word(&row.open, case::STATUS))) {
                Some(status) => amend(unit, *id, None, patch(case::STATUS, Value::Text(status))).map(drop),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// The job: what the clock says now is written down, and whoever owns the case is told of what falls due now or soon. Event `case.clock`.
async fn tick(app: App, job: JobRow) -> Result<()> {
    let Args { record, at } = serde_json::from_value(job.args.clone()).map_err(Error::internal)?;
    app.write(&Actor::system(&PURPOSES[0]), move |unit| {
        let Some(row) = row::find(unit, record)?.filter(|row| row.state == Standing::Live && row.facts.merged.is_none()) else {
            return Ok(());
        };
        let (targets, asked) = (service::now(unit)?.targets, asked(unit, &row)?);
        let Some(clock) = service::clock(&targets, &asked, unit.now()) else { return Ok(()) };
        let open: Vec<_> = clock.promises().filter(|promise| promise.done.is_none()).collect();
        let why = if open.iter().any(|promise| promise.due == Some(at)) {
            Some(Why::Overdue)
        } else if open.iter().any(|promise| promise.soon == Some(at) && promise.state == State::Soon) {
            Some(Why::DueSoon)
        } else {
            None
        };
        let state = clock.state().map(State::as_str).unwrap_or_default();
        let moved = word(&row.open, case::SERVICE) != state;
        let told = match (why, row.owner) {
            // The job may run again after a crash.
            (Some(why), Some(owner)) => (!notices::told_since(unit, owner, why, record, at)?).then_some((why, owner)),
            _ => None,
        };
        if !moved && told.is_none() {
            return Ok(());
        }
        unit.witness(Event::new("case.clock").word("state", state).records([(record, row.version)]))?;
        if moved {
            amend(unit, record, Some(row.version), RecordPatch::default())?;
        }
        match told {
            Some((why, owner)) => notices::tell(unit, owner, why, record),
            None => Ok(()),
        }
    })
    .await
}

/// The job: open cases are counted by the targets that hold now. Event `case.recounted` for each portion.
async fn recount(app: App, job: JobRow) -> Result<()> {
    let actor = Actor::system(&PURPOSES[0]);
    let (mut after, mut done) = (job.cursor.parse().unwrap_or(RecordId::from_bytes([0; 16])), job.done);
    loop {
        let rows = app.read(&actor, move |unit| {
            let ids = unit.all(sql::OF_KIND, &args![case::KIND, after, PORTION], |row| row.get::<RecordId>(0))?;
            let rows = row::find_many(unit, &ids)?;
            let open = |row: &&StoredRecord| {
                row.state == Standing::Live && row.facts.merged.is_none() && time(&row.open, case::SOLVED_AT).is_none()
            };
            let open: Vec<RecordId> = rows.iter().filter(open).map(|row| row.id).collect();
            unit.plain((ids.last().copied(), ids.len(), open))
        });
        let (last, looked, open) = rows.await?;
        let Some(last) = last else { return Ok(()) };
        if !open.is_empty() {
            app.write(&actor, move |unit| {
                unit.witness(Event::new("case.recounted").count("cases", open.len()).records(open.iter().map(|id| (*id, 0))))?;
                for id in &open {
                    // Restricted or gone meanwhile: its clock no longer matters.
                    if row::find(unit, *id)?.is_some_and(|row| row.state == Standing::Live && row.facts.merged.is_none()) {
                        amend(unit, *id, None, RecordPatch::default())?;
                    }
                }
                Ok(())
            })
            .await?;
        }
        (after, done) = (last, done + i64::try_from(looked).unwrap_or(0));
        app.progress(job.id, &after.to_string(), done, done).await?;
    }
}
