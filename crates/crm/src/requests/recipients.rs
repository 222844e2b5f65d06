//! The register of recipients: to whom a person's data were disclosed, and whether each was told of an erasure, a correction or a
//! restriction (GDPR Art 19).
//!
//! An entry is under a key of its own: the recipient and what was disclosed, in words of ours and without the person's data, so that it
//! outlives them until the recipient was told. Telling is a task for somebody; its text names the request and the entry and nobody.

use kernel::{Code, Error, Instant, KeyId, RecordId, RequestId, Result};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{Event, Permit, Release, Unit, permit::HandleRequests};
use vault::Context;

use super::{
    request::{self, subject},
    sql,
};
use crate::records::{self, NewRecord, RecordPatch};

kernel::id!(
    /// An entry of the register.
    DisclosureId, "dis"
);
store::id_columns!(DisclosureId);

/// The most characters of each text of an entry.
const MAX_WORDS: usize = 1_000;
/// The most entries of one person.
const MOST: i64 = 500;

/// Where a recipient stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// They have the data; there is nothing to tell them.
    Holds,
    /// They are to be told.
    ToTell,
    /// They were told.
    Told,
    /// It is impossible, or takes effort out of proportion.
    Impossible,
}

impl Told {
    const ALL: [Self; 4] = [Self::Holds, Self::ToTell, Self::Told, Self::Impossible];

    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::ToTell => "to_tell",
            Self::Told => "told",
            Self::Impossible => "impossible",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|told| told.as_str() == word).ok_or_else(|| Error::internal("a recipient in an unknown state"))
    }
}

/// What was disclosed, to whom, for what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The recipient, and how they are reached.
    pub recipient: String,
    /// What they were given, in words without the person's data: "access package", "address and invoices".
    pub what: String,
    /// For what purpose and on which ground.
    pub purpose: String,
}

/// An entry of the register.
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// Its id.
    pub id: DisclosureId,
    /// Whose data it was.
    pub person: RecordId,
    /// When it was disclosed.
    pub at: Instant,
    /// What, to whom, for what.
    pub given: Given,
    /// Where the recipient stands.
    pub told: Told,
    /// The request of which they are or were to be told.
    pub request: Option<RequestId>,
    /// The task to tell them.
    pub task: Option<RecordId>,
    /// When they were told, or it was found impossible.
    pub answered: Option<Instant>,
    /// How, or why not.
    pub how: String,
}

#[derive(Serialize, Deserialize)]
struct Words {
    given: Given,
    #[serde(default)]
    how: String,
}

struct Stored {
    id: DisclosureId,
    person: RecordId,
    at: Instant,
    told: Told,
    request: Option<RequestId>,
    task: Option<RecordId>,
    answered: Option<Instant>,
    key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            person: row.get(1)?,
            at: row.get(2)?,
            told: Told::parse(&row.get::<String>(3)?)?,
            request: row.get(4)?,
            task: row.get(5)?,
            answered: row.get(6)?,
            key: row.get(7)?,
            sealed: row.get(8)?,
        })
    }

    fn open(self, unit: &mut Unit) -> Result<Disclosure> {
        let plain = unit.open(&context(self.key, self.id), &self.sealed)?.ok_or_else(|| Error::not_found("disclosure"))?;
        let Words { given, how } = serde_json::from_slice(&plain).map_err(Error::internal)?;
        let Self { id, person, at, told, request, task, answered, .. } = self;
        Ok(Disclosure { id, person, at, given, told, request, task, answered, how })
    }
}

fn context(key: KeyId, id: DisclosureId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "disclosure" }
}

fn words(pointer: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_WORDS {
        return Err(Error::invalid(pointer, "required", "Say it in a few words (at most 1,000 characters), without the person's data."));
    }
    Ok(text.to_owned())
}

/// Enters a disclosure of a person's data. Event `disclosure.recorded`.
///
/// Errors: forbidden; not_found; invalid_input for what is empty, or a day to come.
pub fn disclose(unit: &mut Unit, permit: &Permit<HandleRequests>, person: RecordId, given: &Given, at: Instant) -> Result<DisclosureId> {
    let row = subject(unit, permit, person)?;
    if at > unit.now() {
        return Err(Error::invalid("/at", "in_the_future", "A disclosure is entered once it happened."));
    }
    let given = Given {
        recipient: words("/recipient", &given.recipient)?,
        what: words("/what", &given.what)?,
        purpose: words("/purpose", &given.purpose)?,
    };
    let id = DisclosureId::mint(unit.env());
    unit.witness(Event::new("disclosure.recorded").word("disclosure", id.to_string()).records([(person, row.version)]))?;
    let key = unit.new_key("disclosure")?;
    let sealed = seal(unit, key, id, &Words { given, how: String::new() })?;
    let none = None::<i64>;
    let row = args![id, person, at, Told::Holds.as_str(), None::<RequestId>, None::<RecordId>, none, key, sealed];
    unit.insert_many(sql::DISCLOSURE_INSERT, 9, &row)?;
    Ok(id)
}

fn seal(unit: &mut Unit, key: KeyId, id: DisclosureId, words: &Words) -> Result<Vec<u8>> {
    unit.seal(&context(key, id), &serde_json::to_vec(words).map_err(Error::internal)?)
}

/// Every recipient of a person's data, the oldest first; also of one who is gone. Event `disclosure.listed`. Error: forbidden.
pub fn recipients(unit: &mut Unit, permit: &Permit<HandleRequests>, person: RecordId) -> Result<Release<Vec<Disclosure>>> {
    let kind = unit.app().catalogue().need(catalogue::person::KIND)?;
    permit.need(&kind)?;
    let all = of_person(unit, person)?;
    let event = Event::new("disclosure.listed").count("disclosures", all.len()).word("person", person.to_string());
    unit.release(event, all)
}

/// One entry of the register. Event `disclosure.listed`. Errors: forbidden, not_found.
pub fn recipient(unit: &mut Unit, permit: &Permit<HandleRequests>, id: DisclosureId) -> Result<Release<Disclosure>> {
    let kind = unit.app().catalogue().need(catalogue::person::KIND)?;
    permit.need(&kind)?;
    let stored = unit.maybe(sql::DISCLOSURE_FIND, &args![id], Stored::read)?.ok_or_else(|| Error::not_found("disclosure"))?;
    let entry = stored.open(unit)?;
    unit.release(Event::new("disclosure.listed").count("disclosures", 1), entry)
}

/// The same inside an operation that has an event of its own.
pub(super) fn of_person(unit: &mut Unit, person: RecordId) -> Result<Vec<Disclosure>> {
    let stored = unit.all(sql::DISCLOSURES_OF, &args![person, MOST], Stored::read)?;
    stored.into_iter().map(|stored| stored.open(unit)).collect()
}

/// Sets every recipient who still holds a person's data to be told of a request, each with a task, in a unit that witnessed its event.
pub(super) fn to_be_told(unit: &mut Unit, person: RecordId, request: RequestId, what: &str) -> Result<()> {
    for stored in unit.all(sql::DISCLOSURES_OF, &args![person, MOST], Stored::read)? {
        if stored.told != Told::Holds {
            continue;
        }
        let catalogue = unit.app().catalogue();
        let title = format!("Tell a recipient of {what} (GDPR Art. 19): request {request}, entry {}", stored.id);
        let task = match catalogue.kind(TASK) {
            Some(kind) => {
                let fields = serde_json::Map::from_iter([("title".to_owned(), title.into())]);
                let fields = records::parse_fields(kind, &fields)?.into_iter().filter_map(|(key, value)| Some((key, value?)));
                let owner = unit.actor().staff();
                Some(records::insert(unit, NewRecord { owner, ..NewRecord::new(TASK, fields.collect()) })?)
            }
            None => None,
        };
        unit.run(sql::DISCLOSURE_UPDATE, &args![stored.id, Told::ToTell.as_str(), request, task, None::<i64>, stored.sealed])?;
    }
    Ok(())
}

const TASK: &str = "task";

/// How many recipients are still to be told of a request.
pub(super) fn waiting(unit: &mut Unit, request: RequestId) -> Result<usize> {
    let n = unit.one(sql::DISCLOSURES_WAITING, &args![request], |row| row.get::<i64>(0))?;
    Ok(usize::try_from(n).unwrap_or_default())
}

/// States that a recipient was told, and how; or that it is impossible, and why. With the last one the request that waited for it ends.
/// Event `recipient.told`.
///
/// Errors: forbidden; not_found; conflict when they are not to be told, or were; invalid_input without a word.
pub fn tell(unit: &mut Unit, permit: &Permit<HandleRequests>, id: DisclosureId, told: bool, how: &str) -> Result<()> {
    let kind = unit.app().catalogue().need(catalogue::person::KIND)?;
    permit.need(&kind)?;
    let how = words("/how", how)?;
    let found = store::dialect::lock(unit.dialect(), sql::DISCLOSURE_FIND, &args![id], Stored::read)?.into_iter().next();
    let stored = found.ok_or_else(|| Error::not_found("disclosure"))?;
    let (Told::ToTell, Some(request)) = (stored.told, stored.request) else {
        return Err(Error::new(Code::Conflict, "This recipient is not to be told of anything, or was told before."));
    };
    let (state, now) = (if told { Told::Told } else { Told::Impossible }, unit.now());
    let outcome = state.as_str();
    unit.witness(
        Event::new("recipient.told").word("disclosure", id.to_string()).word("request", request.to_string()).word("outcome", outcome),
    )?;
    let plain = unit.open(&context(stored.key, id), &stored.sealed)?.ok_or_else(|| Error::not_found("disclosure"))?;
    let mut kept: Words = serde_json::from_slice(&plain).map_err(Error::internal)?;
    let note = format!("Recipient of {id}: {outcome}. {how}");
    kept.how = how;
    let sealed = seal(unit, stored.key, id, &kept)?;
    unit.run(sql::DISCLOSURE_UPDATE, &args![id, outcome, request, stored.task, now, sealed])?;
    if let Some(task) = stored.task
        && let Some(row) = records::find(unit, task)?.filter(|row| row.state.is_readable() && row.kind.key == TASK)
    {
        let done = RecordPatch { fields: [("done".to_owned(), Some(catalogue::Value::Bool(true)))].into(), owner: None };
        records::amend(unit, row.id, None, done)?;
    }
    let is_last = waiting(unit, request)? == 0;
    request::recipient_told(unit, request, note, is_last)
}
