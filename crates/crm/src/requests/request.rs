//! A request from its receipt to its answer.

use catalogue::Class;
use kernel::{Code, Error, EventId, Instant, KeyId, OrderId, RecordId, RequestId, Result};
use rules::{deadlines::Deadlines, retention::Right};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{Event, Permit, Reach, Recorded, Release, Unit, permit::HandleRequests};
use vault::Context;

use super::{
    due::{dates, regime},
    recipients, sql,
};
use crate::records::{self, StoredRecord};

/// The longest reason or note, in characters.
const MAX_WORDS: usize = 10_000;

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It came in.
    Received,
    /// Identity is being settled.
    Identity,
    /// What it concerns is being gathered.
    Collecting,
    /// The answer is ready.
    Decided,
    /// Answered in full.
    Fulfilled,
    /// Refused, with reasons.
    Refused,
    /// Answered in part. An erasure stays open for what still has to go.
    Partly,
}

impl Standing {
    const ALL: [Self; 7] = [Self::Received, Self::Identity, Self::Collecting, Self::Decided, Self::Fulfilled, Self::Refused, Self::Partly];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Identity => "identity",
            Self::Collecting => "collecting",
            Self::Decided => "decided",
            Self::Fulfilled => "fulfilled",
            Self::Refused => "refused",
            Self::Partly => "partly",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word).ok_or_else(|| Error::internal("a request in an unknown state"))
    }
}

/// A request as it stands. Nothing in it names anybody.
#[derive(Clone, Debug)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Whose data it is about.
    pub person: RecordId,
    /// The regime its deadline comes from (`GDPR`, `CCPA`).
    pub law: String,
    /// The right: `access`, `erase`…
    pub right: String,
    /// When it came.
    pub received: Instant,
    /// The last day to answer, as its first moment (UTC).
    pub due: Instant,
    /// Whether identity is settled and a ground accepted.
    pub verified: bool,
    /// Where it stands.
    pub state: Standing,
    /// When it was closed.
    pub closed: Option<Instant>,
    /// The order by which an erasure was carried out.
    pub order: Option<OrderId>,
}

impl Request {
    /// Whether it asks for erasure.
    pub fn is_erasure(&self) -> bool {
        Right::parse(&self.right) == Some(Right::Erasure)
    }

    fn read(row: &Row) -> Result<Stored> {
        let request = Self {
            id: row.get(0)?,
            person: row.get(1)?,
            law: row.get(2)?,
            right: row.get(3)?,
            received: row.get(4)?,
            due: row.get(5)?,
            verified: row.get(6)?,
            state: Standing::parse(&row.get::<String>(7)?)?,
            closed: row.get(8)?,
            order: row.get(9)?,
        };
        Ok(Stored { request, key: row.get(10)?, sealed: row.get(11)? })
    }
}

/// A step of a request, from the trail.
#[derive(Clone, Debug)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// The event's name.
    pub what: String,
    /// Who, as the trail writes it.
    pub actor: String,
}

/// A request with its words.
#[derive(Clone, Debug)]
pub struct Whole {
    /// As it stands.
    pub request: Request,
    /// Why it was opened, in the words of who did.
    pub reason: String,
    /// What was noted at each step.
    pub notes: Vec<String>,
    /// What happened, the oldest first. Steps whose day's key is gone are left out.
    pub log: Vec<Step>,
    /// How its dates were counted.
    pub deadlines: Deadlines,
}

struct Stored {
    request: Request,
    key: KeyId,
    sealed: Vec<u8>,
}

/// The words of a request, under its own key, and the events that made it.
#[derive(Serialize, Deserialize)]
struct Words {
    reason: String,
    notes: Vec<String>,
    log: Vec<EventId>,
    /// What an erasure answered in part has still to come back to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    left: Vec<RecordId>,
}

fn context(key: KeyId, id: RequestId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "request" }
}

/// The one word a right is stored under. Error: invalid_input, with the rights there are.
fn right_word(asked: &str) -> Result<&'static str> {
    let asked = asked.trim().to_ascii_lowercase();
    Ok(match Right::parse(&asked) {
        Some(Right::Access) => "access",
        Some(Right::Know) => "know",
        Some(Right::Portability) => "port",
        Some(Right::Restriction) => "restrict",
        Some(Right::Rectification) => "rectify",
        Some(Right::Objection) => "object",
        Some(Right::Erasure) => "erase",
        Some(Right::Other) if asked.starts_with("opt") => "opt-out",
        Some(Right::Other) if asked.starts_with("adm") || asked.starts_with("auto") => "adm",
        _ => {
            let words = "Known rights: access, know, port, restrict, rectify, object, erase, opt-out, adm.";
            return Err(Error::invalid("/right", "unknown_right", words));
        }
    })
}

/// The person a request is about, within the permit. Errors: forbidden, not_found.
pub(super) fn subject(unit: &mut Unit, permit: &Permit<HandleRequests>, person: RecordId) -> Result<StoredRecord> {
    let kind = unit.app().catalogue().need(catalogue::person::KIND)?;
    let scope = permit.need(&kind)?;
    if scope.reach != Reach::All || scope.class < Class::Sensitive {
        let words = "A person's request concerns all that is held about them. Ask for a role that may handle requests over every record.";
        return Err(Error::new(Code::Forbidden, words));
    }
    let row = records::find(unit, person)?.filter(|row| row.kind.is_person && row.state.is_readable());
    let row = row.ok_or_else(|| Error::not_found("person"))?;
    row.facts.merged.map_or(Ok(row), |into| Err(records::merged_into(into)))
}

/// Records that a person asked for something, and answers the request: the open one where there is one of this right.
///
/// From here retention looks at the person's records again: an access request freezes them, an erasure restricts what must stay.
/// Event `request.opened`. Errors: forbidden; not_found; invalid_input for an unknown right, an empty reason or a day to come.
pub fn open(
    unit: &mut Unit,
    permit: &Permit<HandleRequests>,
    person: RecordId,
    right: &str,
    reason: &str,
    received: Instant,
) -> Result<RequestId> {
    let right = right_word(right)?;
    let reason = words("/reason", reason)?;
    if received > unit.now() {
        return Err(Error::invalid("/received", "in_the_future", "A request cannot have come after today."));
    }
    let row = subject(unit, permit, person)?;
    // Two clerks at once: the second waits here and finds the first one's request.
    records::lock(unit, person)?;
    if let Some(open) = unit.maybe(sql::FIND_OPEN, &args![person, right], |row| row.get::<RequestId>(0))? {
        let (event, again) = (Event::new("request.repeated").word("request", open.to_string()), reason);
        step(unit, open, event, Some(again), |_| ())?;
        return Ok(open);
    }
    let law = regime(&row.law);
    let due = dates(unit, law, right, received.day())?.due;
    let id = RequestId::mint(unit.env());
    unit.witness(
        Event::new("request.opened").word("request", id.to_string()).word("right", right).word("law", law).records([(person, row.version)]),
    )?;
    let key = unit.new_key("request")?;
    let words = Words { reason, notes: Vec::new(), log: vec![unit.id()], left: Vec::new() };
    let sealed = unit.seal(&context(key, id), &serde_json::to_vec(&words).map_err(Error::internal)?)?;
    let row = args![
        id,
        person,
        law,
        right,
        received,
        Instant::start_of(due),
        false,
        Standing::Received.as_str(),
        None::<i64>,
        None::<OrderId>,
        key,
        sealed
    ];
    unit.insert_many(sql::INSERT, 12, &row)?;
    decide_now(unit, person)?;
    Ok(id)
}

fn words(pointer: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid(pointer, "required", "Say why, in a few words."));
    }
    if text.chars().count() > MAX_WORDS {
        return Err(Error::invalid(pointer, "too_long", "At most 10,000 characters."));
    }
    Ok(text.to_owned())
}

/// Sends retention to the records that concern a person.
fn decide_now(unit: &mut Unit, person: RecordId) -> Result<()> {
    let now = unit.now();
    unit.run(sql::DECIDE_NOW, &args![person, now])?;
    unit.standing_moved()
}

fn stored(unit: &mut Unit, id: RequestId) -> Result<Stored> {
    unit.maybe(sql::FIND, &args![id], Request::read)?.ok_or_else(|| Error::not_found("request"))
}

/// A request as it stands. Error: not_found.
pub fn find(unit: &mut Unit, id: RequestId) -> Result<Request> {
    stored(unit, id).map(|stored| stored.request)
}

/// Takes a request one step on, in a unit that has not witnessed yet: its event, its note, its new state.
fn step(unit: &mut Unit, id: RequestId, event: Event, note: Option<String>, change: impl FnOnce(&mut Request)) -> Result<()> {
    unit.witness(event)?;
    note_step(unit, id, note, change)
}

/// The same within an operation that witnesses an event of its own.
pub(super) fn note_step(unit: &mut Unit, id: RequestId, note: Option<String>, change: impl FnOnce(&mut Request)) -> Result<()> {
    keep_step(unit, id, note, None, change)
}

fn keep_step(
    unit: &mut Unit,
    id: RequestId,
    note: Option<String>,
    left: Option<Vec<RecordId>>,
    change: impl FnOnce(&mut Request),
) -> Result<()> {
    let Stored { mut request, key, sealed } = stored(unit, id)?;
    let plain = unit.open(&context(key, id), &sealed)?.ok_or_else(|| Error::not_found("request"))?;
    let mut words: Words = serde_json::from_slice(&plain).map_err(Error::internal)?;
    words.notes.extend(note);
    words.log.push(unit.id());
    words.left = left.unwrap_or(words.left);
    change(&mut request);
    let sealed = unit.seal(&context(key, id), &serde_json::to_vec(&words).map_err(Error::internal)?)?;
    let Request { due, verified, state, closed, order, .. } = request;
    unit.run(sql::UPDATE, &args![id, due, verified, state.as_str(), closed, order, sealed]).map(drop)
}

fn still_open(unit: &mut Unit, permit: &Permit<HandleRequests>, id: RequestId) -> Result<Request> {
    let request = find(unit, id)?;
    let kind = unit.app().catalogue().need(catalogue::person::KIND)?;
    permit.need(&kind)?;
    if request.closed.is_some() {
        return Err(Error::new(Code::Conflict, "This request was answered and closed. Open a new one."));
    }
    Ok(request)
}

/// Says that identity is settled and a ground accepted, and how. Event `request.verified`.
///
/// Errors: not_found; conflict when it is closed; invalid_input without a word on how.
pub fn verify_identity(unit: &mut Unit, permit: &Permit<HandleRequests>, id: RequestId, how: &str) -> Result<()> {
    let (request, how) = (still_open(unit, permit, id)?, words("/how", how)?);
    step(unit, id, Event::new("request.verified").word("request", id.to_string()), Some(how), |request| {
        request.verified = true;
        request.state = Standing::Collecting;
    })?;
    decide_now(unit, request.person)
}

/// Extends the deadline as far as the regime allows. Event `request.extended`. Errors: conflict where it allows none, or it is closed.
pub fn extend(unit: &mut Unit, permit: &Permit<HandleRequests>, id: RequestId, why: &str) -> Result<Instant> {
    let (request, why) = (still_open(unit, permit, id)?, words("/reason", why)?);
    let dates = dates(unit, &request.law, &request.right, request.received.day())?;
    let extended = dates.extended.map(Instant::start_of).filter(|day| *day > request.due);
    let due = extended.ok_or_else(|| Error::new(Code::Conflict, "This deadline cannot be extended further."))?;
    step(unit, id, Event::new("request.extended").word("request", id.to_string()), Some(why), |request| request.due = due)?;
    Ok(due)
}

/// Closes a request with its outcome. An erasure answered in part stays open for what still has to go. Event `request.closed`.
///
/// Errors: not_found; conflict when it is closed already; invalid_input for an outcome that is none, or a refusal without its reason.
pub fn close(unit: &mut Unit, permit: &Permit<HandleRequests>, id: RequestId, outcome: Standing, note: &str) -> Result<()> {
    let request = still_open(unit, permit, id)?;
    if !matches!(outcome, Standing::Fulfilled | Standing::Refused | Standing::Partly) {
        return Err(Error::invalid("/outcome", "not_an_outcome", "A request ends fulfilled, refused or partly."));
    }
    let note = if note.trim().is_empty() && outcome == Standing::Fulfilled { None } else { Some(words("/note", note)?) };
    let event = Event::new("request.closed").word("request", id.to_string()).word("outcome", outcome.as_str());
    unit.witness(event)?;
    // Of a correction and a restriction, as of an erasure, every recipient is told (GDPR Art 19); until then it is answered in part.
    let about = match Right::parse(&request.right) {
        Some(Right::Rectification) => Some("a correction"),
        Some(Right::Restriction) => Some("a restriction"),
        _ => None,
    };
    if let Some(what) = about.filter(|_| outcome != Standing::Refused) {
        recipients::to_be_told(unit, request.person, id, what)?;
        if recipients::waiting(unit, id)? > 0 {
            note_step(unit, id, note, |request| request.state = Standing::Partly)?;
            return decide_now(unit, request.person);
        }
    }
    end(unit, id, outcome, note)?;
    decide_now(unit, request.person)
}

/// A recipient was told, or cannot be; with the last one, what waited for nothing else ends. In a unit that witnessed its event.
pub(super) fn recipient_told(unit: &mut Unit, id: RequestId, note: String, is_last: bool) -> Result<()> {
    let Stored { request, key, sealed } = stored(unit, id)?;
    let plain = unit.open(&context(key, id), &sealed)?.ok_or_else(|| Error::not_found("request"))?;
    let words: Words = serde_json::from_slice(&plain).map_err(Error::internal)?;
    let ends = is_last && words.left.is_empty() && request.closed.is_none() && request.state == Standing::Partly;
    let now = unit.now();
    note_step(unit, id, Some(note), |request| {
        if ends {
            request.state = Standing::Fulfilled;
            request.closed = Some(now);
        }
    })?;
    if ends { decide_now(unit, request.person) } else { Ok(()) }
}

/// Ends a request in a unit that witnessed its own event.
pub(super) fn end(unit: &mut Unit, id: RequestId, outcome: Standing, note: Option<String>) -> Result<()> {
    let now = unit.now();
    note_step(unit, id, note, |request| {
        request.state = outcome;
        request.closed = if outcome == Standing::Partly && request.is_erasure() { None } else { Some(now) };
    })
}

/// What came of an erasure: done, or in part with what is left to come back to, or with recipients to be told.
pub(super) fn end_erasure(unit: &mut Unit, id: RequestId, left: Vec<RecordId>, to_tell: usize, order: Option<OrderId>) -> Result<()> {
    let now = unit.now();
    let done = left.is_empty() && to_tell == 0;
    keep_step(unit, id, None, Some(left), |request| {
        request.state = if done { Standing::Fulfilled } else { Standing::Partly };
        request.closed = done.then_some(now);
        request.order = order.or(request.order);
    })
}

/// A person's open erasure, and what it has still to come back to.
pub(super) fn open_erasure(unit: &mut Unit, person: RecordId) -> Result<Option<(Request, Vec<RecordId>)>> {
    let Some(id) = unit.maybe(sql::FIND_OPEN, &args![person, "erase"], |row| row.get::<RequestId>(0))? else { return Ok(None) };
    let Stored { request, key, sealed } = stored(unit, id)?;
    let plain = unit.open(&context(key, id), &sealed)?.ok_or_else(|| Error::not_found("request"))?;
    let words: Words = serde_json::from_slice(&plain).map_err(Error::internal)?;
    Ok(Some((request, words.left)))
}

/// Requests: open ones first, the next due first; at most `limit`.
pub fn list(unit: &mut Unit, permit: &Permit<HandleRequests>, limit: usize) -> Result<Release<Vec<Request>>> {
    let kind = unit.app().catalogue().need(catalogue::person::KIND)?;
    permit.need(&kind)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = unit.all(sql::LIST, &args![limit], |row| Request::read(row).map(|stored| stored.request))?;
    unit.plain(rows)
}

/// The open requests alone, the next due first; at most `limit`. Nothing is opened. Error: forbidden.
pub fn waiting(unit: &mut Unit, permit: &Permit<HandleRequests>, limit: usize) -> Result<Vec<Request>> {
    let kind = unit.app().catalogue().need(catalogue::person::KIND)?;
    permit.need(&kind)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    unit.all(sql::WAITING, &args![limit], |row| Request::read(row).map(|stored| stored.request))
}

/// A person's requests, the newest first.
pub fn of_person(unit: &mut Unit, person: RecordId) -> Result<Vec<Request>> {
    unit.all(sql::OF_PERSON, &args![person], |row| Request::read(row).map(|stored| stored.request))
}

/// A request with its words and its log. Event `request.read`. Errors: forbidden, not_found.
pub fn show(unit: &mut Unit, permit: &Permit<HandleRequests>, id: RequestId) -> Result<Release<Whole>> {
    let kind = unit.app().catalogue().need(catalogue::person::KIND)?;
    permit.need(&kind)?;
    let Stored { request, key, sealed } = stored(unit, id)?;
    let plain = unit.open(&context(key, id), &sealed)?.ok_or_else(|| Error::not_found("request"))?;
    let words: Words = serde_json::from_slice(&plain).map_err(Error::internal)?;
    let step = |event: Recorded| Step { at: event.at(), what: event.text("name").to_owned(), actor: event.text("actor").to_owned() };
    let log = unit.recorded_all(&words.log)?.into_iter().map(step).collect();
    let deadlines = dates(unit, &request.law, &request.right, request.received.day())?;
    let whole = Whole { request, reason: words.reason, notes: words.notes, log, deadlines };
    unit.release(Event::new("request.read").word("request", id.to_string()), whole)
}
