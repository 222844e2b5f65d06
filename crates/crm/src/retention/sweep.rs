//! The sweep: decides again what is to be decided, writes the outcome onto the records, restricts and lifts, and says what is due.

use std::collections::BTreeMap;

use catalogue::{Kind, Purpose, Purposes};
use kernel::{Instant, RecordId, Result};
use rules::{
    plus_days,
    retention::{Decision, Flag, Outcome, Then},
};
use store::args;
use trail::{Event, Permit, Release, Unit, permit::Dispose};

use super::{Desk, explain::line_of, sql};
use crate::records::{self, State, StoredRecord};

/// How many records one unit decides.
pub const PORTION: usize = 200;
/// What nothing moves is looked at again after this many days.
const AGAIN_DAYS: i64 = 365;
/// A clock that is not believed, or an overdue record, is looked at again the next day.
const SOON_DAYS: i64 = 1;

/// What came out, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    /// Records decided.
    pub decided: usize,
    /// Of these: due or overdue, to be disposed or reviewed.
    pub due: usize,
    /// Of these: past their latest day.
    pub overdue: usize,
    /// Due or overdue, and waiting for people.
    pub review: usize,
    /// Due because a person asked for erasure.
    pub erasure: usize,
    /// Under a legal hold.
    pub held: usize,
    /// Without any rule.
    pub unclassified: usize,
    /// Restricted now.
    pub restricted: usize,
    /// Flagged for a human to decide.
    pub escalated: usize,
    /// Not decided because the clock is not believed.
    pub suspended: usize,
    /// Disposed of.
    pub disposed: usize,
}

impl Counts {
    /// Adds another portion's numbers.
    pub fn add(&mut self, other: &Self) {
        let pairs = [
            (&mut self.decided, other.decided),
            (&mut self.due, other.due),
            (&mut self.overdue, other.overdue),
            (&mut self.review, other.review),
            (&mut self.erasure, other.erasure),
            (&mut self.held, other.held),
            (&mut self.unclassified, other.unclassified),
            (&mut self.restricted, other.restricted),
            (&mut self.escalated, other.escalated),
            (&mut self.suspended, other.suspended),
            (&mut self.disposed, other.disposed),
        ];
        pairs.into_iter().for_each(|(sum, n)| *sum += n);
    }

    fn count(&mut self, row: &StoredRecord, decision: &Decision, waits: bool) {
        self.decided += 1;
        if is_anonymised(row, decision) {
            return;
        }
        let outcomes: Vec<Outcome> = if decision.outcome == Outcome::Partial {
            decision.fields.values().map(|f| f.outcome).collect()
        } else {
            vec![decision.outcome]
        };
        let any = |wanted: Outcome| usize::from(outcomes.contains(&wanted));
        let due = any(Outcome::Due).max(any(Outcome::Overdue));
        self.due += due;
        self.overdue += any(Outcome::Overdue);
        self.review += usize::from(waits);
        self.erasure += any(Outcome::Dispose);
        self.held += any(Outcome::Hold);
        self.unclassified += any(Outcome::Unclassified);
        self.suspended += any(Outcome::Suspend);
        self.restricted += usize::from(decision.restricts_use() == Some(true));
        self.escalated += usize::from(decision.flags.contains(&Flag::Escalate));
    }
}

/// What goes in one portion.
#[derive(Clone, Debug, Default)]
pub struct Portion {
    /// The numbers.
    pub counts: Counts,
    /// Whole records that go by themselves.
    pub goes: Vec<RecordId>,
    /// Fields that go by themselves.
    pub fields: Vec<(RecordId, Vec<String>)>,
    /// When it was decided; `None` in a preview.
    pub at: Option<Instant>,
    /// Where the next portion of a preview begins; `None` when this was the last.
    pub next: Option<(Instant, RecordId)>,
}

/// Whether its time has come: kept long enough, or never to have been stored.
const fn is_due(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Due | Outcome::Overdue | Outcome::Redact)
}

/// Whether the sweep may dispose of it: due, and no human is to look at it first.
fn goes_by_itself(kind: &Kind, decision: &Decision) -> bool {
    match decision.outcome {
        Outcome::Partial => !gone_fields(kind, decision).is_empty(),
        outcome => is_due(outcome) && matches!(decision.then, Then::Dispose | Then::Anonymise),
    }
}

/// What of a record is due and waits for people: `None` when nothing, no field when it is the whole record. A field in which nothing stands
/// waits for nobody.
fn waits_for_people(unit: &mut Unit, row: &StoredRecord, decision: &Decision) -> Result<Option<Vec<String>>> {
    let waits = |outcome, then| is_due(outcome) && matches!(then, Then::Review | Then::Keep);
    if decision.outcome != Outcome::Partial {
        return Ok(waits(decision.outcome, decision.then).then(Vec::new));
    }
    let asked = decision.fields.iter().filter(|(_, field)| waits(field.outcome, field.then)).map(|(key, _)| key.clone());
    let asked: Vec<String> = asked.collect();
    if asked.is_empty() {
        return Ok(None);
    }
    let filled = records::filled(unit, row, asked)?;
    Ok((!filled.is_empty()).then_some(filled))
}

/// The fields of a partial decision that go by themselves; of what is to be anonymised those that identify somebody.
fn gone_fields(kind: &Kind, decision: &Decision) -> Vec<String> {
    let identifying = identifying(kind);
    let goes = |key: &String, then| match then {
        Then::Dispose => true,
        Then::Anonymise => identifying.contains(key),
        Then::Review | Then::Keep => false,
    };
    let gone = decision.fields.iter().filter(|(key, field)| is_due(field.outcome) && goes(key, field.then));
    gone.map(|(key, _)| key.clone()).collect()
}

/// The fields of a kind that identify somebody: everything sealed (names, addresses and whatever was written freely), and the links to
/// people. What stays of an anonymised record are the numbers, days and stages that figures are made of.
pub fn identifying(kind: &Kind) -> Vec<String> {
    let links = |field: &catalogue::Field| field.links_to.as_deref() == Some(catalogue::person::KIND);
    kind.fields.iter().filter(|field| field.is_sealed() || links(field)).map(|field| field.key.clone()).collect()
}

/// Whether it is due and nothing is left to do: it was anonymised, as its rule asks.
fn is_anonymised(row: &StoredRecord, decision: &Decision) -> bool {
    row.facts.anonymised.is_some() && is_due(decision.outcome) && decision.then == Then::Anonymise
}

impl Portion {
    fn note(&mut self, row: &StoredRecord, decision: &Decision, waits: bool) {
        self.counts.count(row, decision, waits);
        if !goes_by_itself(&row.kind, decision) || is_anonymised(row, decision) {
            return;
        }
        match (decision.outcome, decision.then) {
            (Outcome::Partial, _) => self.fields.push((row.id, gone_fields(&row.kind, decision))),
            (_, Then::Anonymise) => self.fields.push((row.id, identifying(&row.kind))),
            _ => self.goes.push(row.id),
        }
    }
}

/// Decides the next portion of what is to be decided and writes the outcome. An empty one (nothing decided) ends the sweep.
/// `since` is the [`Portion::at`] of the sweep's first portion: what comes up again meanwhile is for the next sweep, so that one ends.
/// Event `retention.swept`.
pub fn portion(unit: &mut Unit, _permit: &Permit<Dispose>, since: Option<Instant>) -> Result<Portion> {
    let catalogue = unit.app().catalogue();
    let (now, most) = (unit.now(), PORTION as i64);
    let due = since.unwrap_or(now);
    let rows = store::dialect::claim(unit.dialect(), sql::DUE, &args![due, most], |row| StoredRecord::read(&catalogue, row))?;
    let mut portion = Portion { at: Some(now), ..Portion::default() };
    let desk = Desk::open(unit)?;
    let mut changes = Vec::with_capacity(rows.len());
    for (row, decision) in rows.iter().zip(desk.decide_each(unit, &rows)?) {
        let waits = waits_for_people(unit, row, &decision)?;
        portion.note(row, &decision, waits.is_some());
        changes.push(Change::new(&desk, row, &decision, waits)?);
    }
    let counts = &portion.counts;
    let event = Event::new("retention.swept").count("decided", counts.decided).count("due", counts.due).count("held", counts.held);
    unit.witness(event.count("unclassified", counts.unclassified).count("overdue", counts.overdue).records(moved(&rows, &changes)))?;
    let moves = changes.iter().any(|change| change.moved);
    for change in changes {
        unit.run(sql::DECIDED, &change.args)?;
    }
    if moves {
        unit.standing_moved()?;
    }
    Ok(portion)
}

/// Decides these records now and writes the outcome, in a unit that has witnessed its event; those that are gone are left out.
pub fn settle(unit: &mut Unit, ids: &[RecordId]) -> Result<()> {
    let desk = Desk::open(unit)?;
    for id in ids {
        let Some(row) = records::lock(unit, *id)?.filter(|row| row.state.is_readable()) else { continue };
        let decision = desk.decide(unit, &row)?;
        let waits = waits_for_people(unit, &row, &decision)?;
        let change = Change::new(&desk, &row, &decision, waits)?;
        unit.run(sql::DECIDED, &change.args)?;
    }
    unit.standing_moved()
}

fn moved(rows: &[StoredRecord], changes: &[Change]) -> Vec<(RecordId, i64)> {
    rows.iter().zip(changes).filter(|(_, change)| change.moved).map(|(row, _)| (row.id, row.version)).collect()
}

/// What the next portion after a place would come to; changes nothing. Event `retention.previewed`.
pub fn preview(unit: &mut Unit, _permit: &Permit<Dispose>, after: Option<(Instant, RecordId)>) -> Result<Release<Portion>> {
    let catalogue = unit.app().catalogue();
    let (at, id) = after.unwrap_or((Instant::from_micros(i64::MIN), RecordId::from_bytes([0; 16])));
    let rows = unit.all(sql::DUE_AFTER, &args![unit.now(), at, id, PORTION as i64], |row| StoredRecord::read(&catalogue, row))?;
    let mut portion =
        Portion { next: rows.last().filter(|_| rows.len() == PORTION).map(|row| (row.decide_after, row.id)), ..Portion::default() };
    let desk = Desk::open(unit)?;
    for (row, decision) in rows.iter().zip(desk.decide_each(unit, &rows)?) {
        let waits = waits_for_people(unit, row, &decision)?.is_some();
        portion.note(row, &decision, waits);
    }
    let event = Event::new("retention.previewed").count("decided", portion.counts.decided).count("due", portion.counts.due);
    unit.release(event, portion)
}

/// What one record becomes: state, use, dates.
struct Change {
    args: Vec<store::Value>,
    moved: bool,
}

impl Change {
    fn new(desk: &Desk, row: &StoredRecord, decision: &Decision, waits: Option<Vec<String>>) -> Result<Self> {
        let (mut state, mut usable, mut facts) = (row.state, row.usable, row.facts.clone());
        facts.review = waits.unwrap_or_default();
        // Nothing is left in an anonymised record that its lateness could hurt.
        let restricts = if is_anonymised(row, decision) { Some(false) } else { decision.restricts_use() };
        match restricts {
            Some(true) if state == State::Live => {
                facts.unrestricted = Some(usable.bits());
                // What was merged into another is used for nothing, restricted or not.
                (state, usable) = (State::Restricted, if facts.merged.is_some() { usable } else { restricted_use() });
            }
            Some(false) if state == State::Restricted => {
                usable = facts.unrestricted.take().map_or_else(Purposes::without_consent, Purposes::from_bits);
                state = State::Live;
            }
            _ => {}
        }
        let fields_end = || decision.fields.values().filter_map(|field| field.earliest).max();
        let free_since = || if decision.outcome.is_destroyable() { decision.earliest } else { None };
        let before = |day| plus_days(day, -1);
        let kept = decision.floor.or_else(|| free_since().or_else(fields_end).map(before)).map(|day| desk.start_of(day));
        let text = facts.text()?;
        let moved = state != row.state;
        Ok(Self { args: args![row.id, state.as_str(), usable.bits(), text, kept, next_look(desk, decision, row)].to_vec(), moved })
    }
}

/// What a restricted record may be used for.
fn restricted_use() -> Purposes {
    ["legal", "administration"].into_iter().filter_map(Purpose::find).fold(Purposes::NONE, Purposes::with)
}

/// The next day on which the outcome can change by time alone.
fn next_look(desk: &Desk, decision: &Decision, row: &StoredRecord) -> Instant {
    let today = desk.today;
    let goes_on = decision.outcome == Outcome::Overdue || goes_by_itself(&row.kind, decision);
    if decision.outcome == Outcome::Suspend || (goes_on && !is_anonymised(row, decision)) {
        return desk.start_of(plus_days(today, SOON_DAYS));
    }
    let after = |day| plus_days(day, 1);
    let mut days = vec![plus_days(today, AGAIN_DAYS)];
    days.extend(decision.earliest);
    days.extend(decision.latest.map(after));
    days.extend(decision.floor.map(after));
    days.extend(decision.ceiling.map(after));
    for field in decision.fields.values() {
        days.extend(field.earliest);
        days.extend(field.latest.map(after));
    }
    for reason in &decision.reasons {
        days.extend(reason.date.map(after));
        // An unverified request freezes for thirty days.
        days.extend(reason.from.map(|from| plus_days(from, 31)));
    }
    days.extend(row.facts.events.values().copied());
    days.extend(desk.rulebook.rules().iter().filter_map(|rule| rule.effective_from));
    // MAY becomes DUE when its latest day comes within the grace.
    days.extend(decision.latest.map(|latest| {
        let grace = desk.settings().grace.after(today).duration_since(today).as_hours() / 24;
        plus_days(latest, -grace)
    }));
    let next = days.into_iter().filter(|day| *day > today).min().unwrap_or_else(|| after(today));
    desk.start_of(next)
}

/// A record that waits for people.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The record.
    pub record: RecordId,
    /// Its kind's key.
    pub kind: String,
    /// The fields that wait, where the rest of it does not.
    pub fields: Vec<String>,
    /// The retention line.
    pub line: String,
    /// The decision.
    pub decision: Decision,
}

/// What is due and waits for people.
#[derive(Clone, Debug)]
pub struct Queue {
    /// How many there are of each kind, of the 500 kept longest.
    pub counts: BTreeMap<String, usize>,
    /// The first of them.
    pub first: Vec<Waiting>,
}

/// The queue of what is due and waits for people: counts by kind and the first `most` of them, the longest kept first.
/// Event `retention.listed`.
pub fn waiting(unit: &mut Unit, _permit: &Permit<Dispose>, most: usize) -> Result<Release<Queue>> {
    let catalogue = unit.app().catalogue();
    let rows = unit.all(sql::PAST, &args![unit.now(), 500_i64], |row| StoredRecord::read(&catalogue, row))?;
    let desk = Desk::open(unit)?;
    let (mut counts, mut first) = (BTreeMap::new(), Vec::new());
    for (row, decision) in rows.iter().zip(desk.decide_each(unit, &rows)?) {
        if let Some(fields) = waits_for_people(unit, row, &decision)? {
            *counts.entry(row.kind.key.clone()).or_insert(0) += 1;
            if first.len() < most {
                first.push(Waiting { record: row.id, kind: row.kind.key.clone(), line: line_of(&decision, &fields), fields, decision });
            }
        }
    }
    let event = Event::new("retention.listed").count("records", first.len());
    unit.release(event, Queue { counts, first })
}
