//! Who saw or changed a record, what somebody did, and the auditor's answer as one signed file.
//!
//! An index of events by record is built asynchronously, portion after portion in the order of the events' ids, up to a mark in the settings;
//! what came after the mark is scanned. Event ids carry their time.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    time::Duration,
};

use kernel::{Error, EventId, Instant, RecordId, Result};
use ledger::canonical::Value as Cbor;
use serde::{Deserialize, Serialize};
use store::{Row, Value, args};
use trail::{App, Event, Permit, Recorded, Release, Unit, permit::Audit};

use super::sql;
use crate::search::cursor::Binding;

/// The setting with the id of the newest event that the index covers, as hexadecimal digits.
const MARK: &str = "evidence.index";
/// Events younger than this (milliseconds) are left for the next run: a unit that began before may still commit.
const SETTLING: i64 = 60_000;
const PORTION: i64 = 300;
/// The most events that one answer lists.
pub const MOST: usize = 10_000;
/// The most events of one page.
pub const PAGE_MAX: usize = 500;
/// One event as the audit shows it. It holds no customer's values.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// The event.
    pub event: EventId,
    /// When.
    pub at: Instant,
    /// What happened.
    pub name: String,
    /// Who did it.
    pub actor: String,
    /// For which purpose.
    pub purpose: String,
    /// Through which door.
    pub door: String,
    /// The fields that were shown, changed or searched.
    pub fields: Vec<String>,
    /// The records it names, with versions.
    pub records: Vec<(RecordId, i64)>,
    /// Further words and counts of the event.
    pub detail: BTreeMap<String, serde_json::Value>,
}

impl From<Recorded> for Seen {
    fn from(event: Recorded) -> Self {
        let text = |key: &str| event.text(key).to_owned();
        let detail = event.detail().into_iter().flatten().filter_map(|(key, value)| match value {
            Cbor::Text(word) => Some((key.clone(), serde_json::Value::from(word.as_str()))),
            Cbor::Int(n) => Some((key.clone(), serde_json::Value::from(*n))),
            _ => None,
        });
        Self {
            event: event.id,
            at: event.at(),
            name: text("name"),
            actor: text("actor"),
            purpose: text("purpose"),
            door: text("door"),
            fields: event.fields().into_iter().map(str::to_owned).collect(),
            detail: detail.collect(),
            records: event.records,
        }
    }
}

/// What an auditor asks about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Who saw or changed this record, and every export that contained it.
    Record(RecordId),
    /// What this actor did, as events name it.
    Actor(String),
    /// Who was shown this record.
    Shown(RecordId),
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(id) => write!(f, "record {id}"),
            Self::Actor(actor) => write!(f, "actor {actor}"),
            Self::Shown(id) => write!(f, "shown {id}"),
        }
    }
}

impl Question {
    /// The event of asking it.
    fn named(&self, event: Event) -> Event {
        match self {
            Self::Record(id) | Self::Shown(id) => event.records([(*id, 0)]),
            Self::Actor(actor) => event.word("of", actor.as_str()),
        }
    }
}

/// Who saw or changed a record since a time, oldest first, at most [`MOST`]. Event `audit.read`.
pub fn seen(unit: &mut Unit, _permit: &Permit<Audit>, record: RecordId, since: Instant) -> Result<Release<Vec<Seen>>> {
    let found = all(unit, &Question::Record(record), since)?;
    unit.release(Event::new("audit.read").count("events", found.len()).records([(record, 0)]), found)
}

/// Somebody who looked at a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// When they looked last.
    pub at: Instant,
    /// Who, as events name them.
    pub actor: String,
    /// For which purpose.
    pub purpose: String,
    /// How, as the event is named.
    pub name: String,
}

/// What shows a record to somebody. Writing it, deciding on it and auditing it are not looking at it.
const LOOKS: [&str; 9] = [
    "record.read",
    "record.listed",
    "record.searched",
    "record.revealed",
    "request.read",
    "erasure.planned",
    "package.collected",
    "package.fetched",
    "evidence.exported",
];
/// How many of a record's newest events, and of those not indexed yet, a look back opens: a page waits for it.
const BACK: i64 = 60;
const TAIL: i64 = 300;

/// Who looked at a record last, newest first, each once for each purpose, at most `most`: among its newest events. [`seen`] has them all.
/// Event `audit.read`.
pub fn looked(unit: &mut Unit, _permit: &Permit<Audit>, record: RecordId, most: usize) -> Result<Release<Vec<Look>>> {
    let mut ids = unit.all(sql::EVENTS_OF_RECORD_LATEST, &args![record, BACK], |row| row.get::<EventId>(0))?;
    let after = mark(unit)?;
    ids.extend(unit.all(sql::EVENTS_AFTER_LATEST, &args![after, TAIL], |row| row.get::<EventId>(0))?);
    let mut found = opened(unit, ids)?;
    found.retain(|event| {
        LOOKS.contains(&event.name.as_str()) && event.actor != "system" && event.records.iter().any(|(id, _)| *id == record)
    });
    found.sort_by_key(|event| std::cmp::Reverse((event.at, event.event)));
    let mut looks: Vec<Look> = Vec::new();
    for Seen { at, actor, purpose, name, .. } in found {
        if looks.len() == most {
            break;
        }
        if !looks.iter().any(|look| look.actor == actor && look.purpose == purpose) {
            looks.push(Look { at, actor, purpose, name });
        }
    }
    unit.release(Event::new("audit.read").count("events", looks.len()).records([(record, 0)]), looks)
}

/// Whether so many events wait for the index that pages would notice.
pub async fn index_lags(app: &App) -> Result<bool> {
    let until = settled(app);
    let waiting = app.store().read(move |tx| {
        let text = tx.maybe(sql::SETTING, &args![MARK], |row| row.get::<String>(0))?;
        tx.all(sql::EVENTS_BETWEEN, &args![marked(text), until, TAIL / 3], |row| row.get::<EventId>(0))
    });
    Ok(i64::try_from(waiting.await?.len()).unwrap_or(0) >= TAIL / 3)
}

/// What an actor did since a time, oldest first, at most [`MOST`]. Event `audit.read`.
pub fn by_actor(unit: &mut Unit, _permit: &Permit<Audit>, actor: &str, since: Instant) -> Result<Release<Vec<Seen>>> {
    let found = all(unit, &Question::Actor(actor.to_owned()), since)?;
    unit.release(Event::new("audit.read").count("events", found.len()).word("of", actor), found)
}

/// The newest events, newest first, at most 100. Event `audit.read`.
pub fn latest(unit: &mut Unit, _permit: &Permit<Audit>, most: usize) -> Result<Release<Vec<Seen>>> {
    let most = i64::try_from(most.min(100)).unwrap_or(0);
    let ids = unit.all(sql::EVENTS_LATEST, &args![most], |row| row.get::<EventId>(0))?;
    let found = opened(unit, ids)?;
    unit.release(Event::new("audit.read").count("events", found.len()), found)
}

/// An event's place in the order in which answers list them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Place(Instant, EventId);

impl Place {
    /// The place before everything since a time.
    fn before(since: Instant) -> Self {
        Self(since.minus(Duration::from_micros(1)), EventId::from_bytes([0xff; 16]))
    }
}

/// A page of events.
#[derive(Clone, Debug)]
pub struct Page {
    /// Oldest first.
    pub events: Vec<Seen>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

/// The events that fit a question within a time, oldest first, at most `limit` (1 to [`PAGE_MAX`]) at once. A page may have fewer: events
/// whose day's key was destroyed stay closed. Event `audit.read`.
///
/// Errors: invalid_input for another limit; malformed for another question's cursor.
pub fn page(
    unit: &mut Unit,
    _permit: &Permit<Audit>,
    question: &Question,
    (since, until): (Instant, Option<Instant>),
    cursor: Option<&str>,
    limit: usize,
) -> Result<Release<Page>> {
    if limit == 0 || limit > PAGE_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A page has 1 to {PAGE_MAX} events.")));
    }
    let binding = Binding::new(unit, &("audit", question.to_string(), since, until))?;
    let after = cursor.map(|cursor| binding.open::<Place>(unit, cursor)).transpose()?.unwrap_or_else(|| Place::before(since));
    let mut found = places(unit, question, after, until, limit + 1)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let last = found.last().map(|(place, _)| *place);
    let next = if more { last.map(|place| binding.seal(unit, &place)).transpose()? } else { None };
    let mut events = of_places(unit, found)?;
    if matches!(question, Question::Shown(_)) {
        events.retain(|event| LOOKS.contains(&event.name.as_str()));
    }
    unit.release(question.named(Event::new("audit.read").count("events", events.len())), Page { events, next })
}

/// The events that the index knows to name some of these records, and the newest event that it covers: what came after may name them too.
pub fn indexed(unit: &mut Unit, records: &[RecordId]) -> Result<(BTreeSet<EventId>, EventId)> {
    let known = unit.all_in(sql::EVENTS_OF_RECORDS, records, &[], |row| row.get(0))?;
    Ok((known.into_iter().collect(), mark(unit)?))
}

/// All events that fit a question since a time, at most [`MOST`].
fn all(unit: &mut Unit, question: &Question, since: Instant) -> Result<Vec<Seen>> {
    let found = places(unit, question, Place::before(since), None, MOST)?;
    of_places(unit, found)
}

/// The places of events after one, with what was opened on the way to them.
fn places(unit: &mut Unit, question: &Question, after: Place, until: Option<Instant>, most: usize) -> Result<Vec<(Place, Option<Seen>)>> {
    let until = until.unwrap_or(Instant::from_micros(i64::MAX));
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let place = |row: &Row| Ok((Place(row.get(0)?, row.get(1)?), None));
    let record = match question {
        Question::Actor(actor) => {
            return unit.all(sql::EVENTS_OF_ACTOR, &args![actor.as_str(), after.0, after.1, until, limit], place);
        }
        Question::Record(record) | Question::Shown(record) => *record,
    };
    let mut found = unit.all(sql::EVENTS_OF_RECORD, &args![record, after.0, after.1, until, limit], place)?;
    let mut mark = mark(unit)?;
    loop {
        let tail = unit.all(sql::EVENTS_AFTER, &args![mark, PORTION], |row| row.get::<EventId>(0))?;
        let Some(last) = tail.last() else { break };
        mark = *last;
        let tail = opened(unit, tail)?.into_iter().map(|event| (Place(event.at, event.event), Some(event)));
        let concerns = |event: &Seen| event.records.iter().any(|(id, _)| *id == record);
        found.extend(tail.filter(|(place, event)| *place > after && place.0 < until && event.as_ref().is_some_and(concerns)));
    }
    found.sort_by_key(|(place, _)| *place);
    found.dedup_by_key(|(place, _)| *place);
    found.truncate(most);
    Ok(found)
}

fn of_places(unit: &mut Unit, places: Vec<(Place, Option<Seen>)>) -> Result<Vec<Seen>> {
    let closed = places.iter().filter(|(_, event)| event.is_none()).map(|(place, _)| place.1).collect();
    let mut opened = opened(unit, closed)?.into_iter().peekable();
    let mut events = Vec::with_capacity(places.len());
    for (place, event) in places {
        events.extend(event.or_else(|| opened.next_if(|event| event.event == place.1)));
    }
    Ok(events)
}

/// Events whose day's key was destroyed stay closed and are left out.
fn opened(unit: &mut Unit, ids: Vec<EventId>) -> Result<Vec<Seen>> {
    let found: Vec<Seen> = unit.recorded_all(&ids)?.into_iter().map(Seen::from).collect();
    unit.note_opened(found.len());
    Ok(found)
}

fn mark(unit: &mut Unit) -> Result<EventId> {
    let text = unit.maybe(sql::SETTING, &args![MARK], |row| row.get::<String>(0))?;
    Ok(marked(text))
}

fn marked(text: Option<String>) -> EventId {
    let id = text.and_then(|text| hex::decode(text).ok()).and_then(|bytes| EventId::from_slice(&bytes));
    id.unwrap_or(EventId::from_bytes([0; 16]))
}

/// The first event id that is too young for the index.
fn settled(app: &App) -> EventId {
    let until = app.env().now().millis() - SETTLING;
    let mut end = [0u8; 16];
    end[..6].copy_from_slice(&until.max(0).to_be_bytes()[2..]);
    EventId::from_bytes(end)
}

/// Brings the index of events by record up to date; answers how many events it took in. Job `evidence.index`. Event `index.extended`.
pub async fn index(app: &App, permit: &Permit<Audit>) -> Result<usize> {
    let end = settled(app);
    let mut done = 0;
    loop {
        let taken = app.write(&permit.actor, move |unit| extend(unit, end)).await?;
        done += taken;
        if i64::try_from(taken).unwrap_or(0) < PORTION {
            return Ok(done);
        }
    }
}

fn extend(unit: &mut Unit, end: EventId) -> Result<usize> {
    let after = mark(unit)?;
    let ids = unit.all(sql::EVENTS_BETWEEN, &args![after, end, PORTION], |row| row.get::<EventId>(0))?;
    unit.witness(Event::new("index.extended").count("events", ids.len()))?;
    let Some(last) = ids.last().copied() else { return Ok(0) };
    let mut rows: BTreeSet<(RecordId, i64, EventId)> = BTreeSet::new();
    let count = ids.len();
    for event in opened(unit, ids)? {
        rows.extend(event.records.iter().map(|(record, _)| (*record, event.at.micros(), event.event)));
    }
    // In the order of the index, so that a run touches few of its pages.
    for (record, at, event) in rows {
        unit.run(sql::EVENT_RECORD_INSERT, &[Value::from(record), Value::from(at), Value::from(event)])?;
    }
    unit.run(trail::sql::SETTING_SET, &args![MARK, hex::encode(last.bytes())])?;
    Ok(count)
}

#[derive(Serialize)]
struct Answer<'a> {
    format: &'static str,
    question: String,
    since: String,
    answered: String,
    origin: &'a str,
    checkpoint: String,
    leaves: u64,
    complete: bool,
    statement: &'static str,
    events: Vec<Seen>,
}

/// The auditor's answer: every event that fits, under the ledger's newest checkpoint, as JSON signed with the ledger's key (a note: text, empty
/// line, signature). Event `audit.exported`.
pub async fn answer(app: &App, permit: &Permit<Audit>, question: Question, since: Instant) -> Result<String> {
    app.settle().await?;
    let asked = question.clone();
    let events = app
        .read(&permit.actor, move |unit| {
            let found = all(unit, &asked, since)?;
            let event = asked.named(Event::new("audit.exported").count("events", found.len()));
            unit.release(event, found)
        })
        .await?;
    let checkpoint = super::checkpoint(app).await?;
    let answer = Answer {
        format: "probity-audit/1",
        question: question.to_string(),
        since: since.to_string(),
        answered: app.env().now().to_string(),
        origin: app.signer().name(),
        leaves: super::tree_size(app).await?,
        checkpoint,
        complete: events.len() < MOST,
        statement: "These are all events of the store that fit the question, as far as their days' keys are kept. That nothing more exists is the \
            operator's signed word; it can be checked against the whole store with `probity verify`. Values were encrypted at rest: each event \
            names fields, never their content.",
        events,
    };
    let text = serde_json::to_string_pretty(&answer).map_err(Error::internal)? + "\n";
    app.signer().sign_note(&text)
}
