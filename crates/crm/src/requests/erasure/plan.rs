//! The plan: for each datum what becomes of it, by which rule, until when. Making it changes nothing.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use jiff::civil::Date;
use kernel::{Code, Error, Instant, RecordId, RequestId, Result};
use rules::retention::{Request as Asked, Right};
use serde::{Serialize, Serializer};
use trail::{Actor, App, Event, Permit, Unit, permit::HandleRequests};

use crate::{
    disposal::{self, Cause, Fate},
    records::{self, StoredRecord},
    requests::{
        Disclosure, DisclosureId, Told,
        concerning::concerning,
        recipients,
        request::{self, subject},
    },
    retention::{Case, Desk, Shared},
};

/// How long a plan may be executed.
const HOLDS_FOR: Duration = Duration::from_secs(15 * 60);

/// What becomes of a datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is destroyed.
    Erase,
    /// The person is taken out of it; it stays for the others it concerns.
    Redact,
    /// It stays, readable for the legal purpose alone (GDPR Art 17(3), 18).
    Restrict,
    /// It stays.
    Keep,
    /// A legal hold keeps it.
    Held,
}

impl Outcome {
    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Erase => "erase",
            Self::Redact => "redact",
            Self::Restrict => "restrict",
            Self::Keep => "keep",
            Self::Held => "held",
        }
    }

    /// Whether something of it goes.
    pub const fn goes(self) -> bool {
        matches!(self, Self::Erase | Self::Redact)
    }
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

/// A line of the plan. Its title names somebody, so it does not print itself.
#[derive(Clone, Serialize)]
pub struct Line {
    /// The record.
    pub record: RecordId,
    /// Its kind's key.
    pub kind: String,
    /// What names it.
    pub title: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The rule that decides.
    pub rule: String,
    /// What a lawyer would look up.
    pub citation: String,
    /// The last day it is kept through, when there is one.
    pub until: Option<Date>,
    /// How many other known people it concerns.
    pub also_concerns: usize,
    /// Fields that go while the rest stays.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// How many others must approve first: propose it ([`crate::disposal::propose`]) where that is not 0.
    pub approvals: usize,
    #[serde(skip)]
    pub(super) version: i64,
}

/// A recipient of the person's data.
#[derive(Clone, Serialize)]
pub struct Recipient {
    /// The entry of the register.
    pub disclosure: DisclosureId,
    /// Who, and how they are reached.
    pub recipient: String,
    /// What they were given.
    pub what: String,
    /// When.
    pub at: Instant,
    /// Where they stand.
    pub told: Told,
}

/// What an erasure would come to.
#[derive(Clone, Serialize)]
pub struct Plan {
    /// The person.
    pub person: RecordId,
    /// The request it is for, when there is one.
    pub request: Option<RequestId>,
    /// Every datum that concerns the person.
    pub items: Vec<Line>,
    /// Who was given the person's data, and is told of the erasure once it is carried out.
    pub recipients: Vec<Recipient>,
    /// How many of each outcome.
    pub counts: BTreeMap<&'static str, usize>,
    /// How many go: the number to type.
    pub count: usize,
    /// Until when it may be executed, unless anything changes before.
    pub expires: Instant,
    /// What stands for this plan: any change in it makes another.
    pub fingerprint: String,
}

impl From<Disclosure> for Recipient {
    fn from(entry: Disclosure) -> Self {
        Self { disclosure: entry.id, recipient: entry.given.recipient, what: entry.given.what, at: entry.at, told: entry.told }
    }
}

/// Plans a person's erasure. Nothing changes; without an open request it is planned as if a verified one had come today.
///
/// Event `erasure.planned`. Errors: forbidden; not_found.
pub async fn plan(app: &App, actor: &Actor, person: RecordId) -> Result<Plan> {
    let permit = match actor.permit::<HandleRequests>() {
        Ok(permit) => permit,
        Err(error) => return Err(app.denied(actor, error).await),
    };
    app.read(actor, move |unit| {
        let plan = make(unit, &permit, person)?;
        let event = Event::new("erasure.planned").count("items", plan.items.len()).count("goes", plan.count);
        let records: Vec<_> = plan.items.iter().map(|line| (line.record, line.version)).collect();
        unit.release(event.records(records), plan)
    })
    .await
}

/// Makes the plan inside a unit.
pub(super) fn make(unit: &mut Unit, permit: &Permit<HandleRequests>, person: RecordId) -> Result<Plan> {
    let open = request::open_erasure(unit, person)?;
    let ids: Vec<RecordId> = concerning(unit, person)?.iter().map(|item| item.id).collect();
    let mut rows = in_order(records::find_many(unit, &ids)?, &ids);
    // What was kept when the rest went has lost its link to the person, who may be gone: the request remembers it.
    for left in open.iter().flat_map(|(_, left)| left) {
        if rows.iter().all(|row| row.id != *left) {
            rows.extend(records::find(unit, *left)?.filter(|row| row.state.is_readable()));
        }
    }
    let recipients: Vec<Recipient> = recipients::of_person(unit, person)?.into_iter().map(Recipient::from).collect();
    let waits = open.is_some() && recipients.iter().any(|recipient| recipient.told == Told::ToTell);
    if open.as_ref().is_none_or(|(_, left)| left.is_empty()) && !waits {
        subject(unit, permit, person)?;
    }
    let request = open.map(|(request, _)| request);
    let verified = request.as_ref().is_some_and(|r| r.verified);
    let cause = Cause::erasure(permit, request.as_ref().map_or_else(|| RequestId::mint(unit.env()), |r| r.id));
    let desk = Desk::open(unit)?;
    let mut items = Vec::with_capacity(rows.len());
    for (row, case) in rows.iter().zip(desk.cases(unit, &rows, Shared::AsOne)?) {
        items.push(line(&desk, &cause, row, case, person, verified));
    }
    let titles: BTreeMap<RecordId, String> = records::open_all(unit, rows)?.iter().map(|r| (r.row.id, r.title())).collect();
    for item in &mut items {
        item.title = titles.get(&item.record).cloned().unwrap_or_default();
    }
    let mut counts = BTreeMap::new();
    items.iter().for_each(|item| *counts.entry(item.outcome.as_str()).or_insert(0) += 1);
    let count = items.iter().filter(|item| item.outcome.goes()).count();
    let made = unit.now();
    let fingerprint = fingerprint(unit.app(), person, made, &items);
    Ok(Plan { person, request: request.map(|r| r.id), items, recipients, counts, count, expires: made.plus(HOLDS_FOR), fingerprint })
}

/// What was found, in the order in which it was asked for.
fn in_order(mut rows: Vec<StoredRecord>, ids: &[RecordId]) -> Vec<StoredRecord> {
    let place: HashMap<RecordId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    rows.sort_by_key(|row| place.get(&row.id).copied());
    rows
}

fn line(desk: &Desk, cause: &Cause, row: &StoredRecord, mut case: Case, person: RecordId, verified: bool) -> Line {
    if !verified {
        case.requests.push(Asked { right: Right::Erasure, received: desk.today, verified: true, closed: None });
    }
    let decision = desk.conclude(&case);
    let fate = disposal::fate_of(cause, &decision);
    let others = case.people.iter().filter(|id| **id != person).count();
    let mut line = Line {
        record: row.id,
        kind: row.kind.key.clone(),
        title: String::new(),
        outcome: Outcome::Keep,
        rule: "The person's request".to_owned(),
        citation: "GDPR Art 17(1)".to_owned(),
        until: None,
        also_concerns: others,
        fields: Vec::new(),
        approvals: disposal::approvals_needed(desk, cause, &decision, fate.fields()),
        version: row.version,
    };
    let bar = |line: &mut Line, outcome, bar: disposal::Bar| {
        (line.outcome, line.rule, line.citation, line.until) = (outcome, bar.rule, bar.citation, bar.until);
    };
    let says = |line: &mut Line, outcome, words: &str| {
        (line.outcome, line.rule, line.citation) = (outcome, words.to_owned(), String::new());
    };
    match fate {
        // An attachment cannot have one of several people taken out: it goes, as the message's original does.
        Fate::Erase => line.outcome = if others > 0 && row.kind.key != catalogue::file::KIND { Outcome::Redact } else { Outcome::Erase },
        Fate::EraseFields(fields) => (line.outcome, line.fields) = (Outcome::Redact, fields),
        Fate::Restrict(by) => bar(&mut line, Outcome::Restrict, by),
        Fate::Keep(by) => bar(&mut line, Outcome::Keep, by),
        Fate::Held => says(&mut line, Outcome::Held, "A legal hold"),
        Fate::Waits(words) => says(&mut line, Outcome::Keep, words),
        Fate::Gone => says(&mut line, Outcome::Keep, "Its destruction was ordered before."),
    }
    line
}

/// When a plan was made, and a keyed hash over what it says: nobody can make one up, or make an old one young.
fn fingerprint(app: &App, person: RecordId, made: Instant, items: &[Line]) -> String {
    let mut said = Vec::new();
    for item in items {
        said.extend(item.record.bytes());
        said.extend(item.version.to_be_bytes());
        said.extend(item.outcome.as_str().as_bytes());
        said.extend((item.also_concerns as u64).to_be_bytes());
        said.extend(item.fields.join(",").as_bytes());
        said.push(0);
    }
    let key = app.keyring().derived("erasure plan");
    let hash = vault::keyed(key.expose(), &[b"probity/erasure-plan/1", person.bytes(), &made.micros().to_be_bytes(), &said]);
    format!("{}-{}", made.micros(), hex::encode(hash))
}

/// Checks that a plan is the one that was shown, not older than fifteen minutes, and that its count was typed.
/// Errors: conflict, invalid_input.
pub(super) fn ensure_same(app: &App, now: &Plan, shown: &str, typed: usize) -> Result<()> {
    let stale = || {
        Error::new(
            Code::Conflict,
            "Something changed since this plan was made, or it is older than 15 minutes. Nothing was erased; plan again.",
        )
    };
    let made = shown.split_once('-').and_then(|(made, _)| made.parse().ok()).map(Instant::from_micros).ok_or_else(stale)?;
    let today = app.env().now();
    // The clocks of two nodes may differ by a little, and a held one stands still while units count on.
    if made.plus(HOLDS_FOR) < today || made > today.plus(Duration::from_secs(5)) {
        return Err(stale());
    }
    let expected = fingerprint(app, now.person, made, &now.items);
    if !subtle::ConstantTimeEq::ct_eq(expected.as_bytes(), shown.as_bytes()).unwrap_u8().eq(&1) {
        return Err(stale());
    }
    if typed != now.count {
        let words = format!("Type {} to erase {}. Nothing was erased.", now.count, now.count);
        return Err(Error::invalid("/count", "not_the_count", words));
    }
    Ok(())
}
