//! Campaigns: one letter to everybody whom a segment yields, made of a template, from one account.
//!
//! Whom it may write to is asked of the segment for each portion, of each person in the unit that puts their letter into the outbox, and once
//! more when the letter is sent. A person stands in a campaign once: whatever ends a run, the next one goes on with the others.

mod run;
pub mod sql;
mod unsubscribe;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use catalogue::{Purpose, message, person};
use kernel::{Code, Error, Instant, JobId, KeyId, Personal, Result, UserId};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{
    Event, Job, Permit, Release, Unit,
    permit::{ReadRecords, WriteRecords},
};
use vault::Context;

use crate::{
    mail::{self, AccountId, State as Became, TemplateId, template},
    records::{self, Cell, Detail, Record},
    segments::{self, SegmentId, Why},
};
pub use run::{JOB, cancel, handlers};
pub use unsubscribe::{Reader, reader, unsubscribe};

kernel::id!(
    /// A campaign.
    CampaignId, "cam"
);
store::id_columns!(CampaignId);

/// The most characters of a name.
pub const NAME_MAX: usize = 80;

/// A campaign to be made.
#[derive(Clone, Debug)]
pub struct NewCampaign {
    /// What it is called.
    pub name: Personal<String>,
    /// To whom.
    pub segment: SegmentId,
    /// Which letter.
    pub template: TemplateId,
    /// From which account.
    pub account: AccountId,
}

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing was written yet.
    Draft,
    /// Letters are being written.
    Running,
    /// Everybody was gone through.
    Done,
    /// It was stopped; it can go on.
    Cancelled,
    /// It broke off, for a reason that its job names; it can go on.
    Failed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Draft, Self::Running, Self::Done, Self::Cancelled, Self::Failed];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or_else(|| Error::internal("a campaign in an unknown state"))
    }
}

/// A campaign.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// What it is called.
    pub name: Personal<String>,
    /// What it is for: as its segment.
    pub purpose: String,
    /// To whom.
    pub segment: SegmentId,
    /// Which letter.
    pub template: TemplateId,
    /// From which account.
    pub account: AccountId,
    /// Where it stands.
    pub state: State,
    /// The job that runs it, or ran it last.
    pub job: Option<JobId>,
    /// When it was made.
    pub created: Instant,
    /// When it began.
    pub begun: Option<Instant>,
    /// When it ended.
    pub ended: Option<Instant>,
    /// Its version.
    pub version: i64,
}

/// What came of a campaign so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Letters that were sent.
    pub sent: usize,
    /// Letters that wait to be sent.
    pub waiting: usize,
    /// Letters that a server refused, or of which nobody knows whether they were taken.
    pub failed: usize,
    /// Letters that somebody took out of the outbox, or that lay there too long.
    pub dropped: usize,
    /// People who got no letter, by reason: a word of [`SKIPS`].
    pub skipped: BTreeMap<String, usize>,
}

/// Why somebody got no letter: those of a segment, and these.
pub const SKIPS: &[&str] = &[
    "objected",
    "restricted",
    "consent",
    "suppressed",
    "no_email",
    // A field of the template has no value, or is withheld.
    "template",
    // They said no to direct marketing, by the link in an earlier letter or otherwise.
    "unsubscribed",
    // Another person here with the same address does not allow it, see the rules of the outbox.
    "purpose",
    // They were gone, or no longer of the segment.
    "gone",
    // What else forbade the letter when it was to be sent.
    "sender",
    "account",
    "files",
];

/// A letter as one person would get it.
#[derive(Clone)]
pub struct Preview {
    /// Their address.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// What a campaign keeps sealed.
#[derive(Serialize, Deserialize)]
struct Words {
    name: String,
}

#[derive(Clone)]
struct Stored {
    id: CampaignId,
    staff: UserId,
    purpose: String,
    segment: SegmentId,
    template: TemplateId,
    account: AccountId,
    state: State,
    job: Option<JobId>,
    place: String,
    barred: String,
    created: Instant,
    begun: Option<Instant>,
    ended: Option<Instant>,
    version: i64,
    key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            staff: row.get(1)?,
            purpose: row.get(2)?,
            segment: row.get(3)?,
            template: row.get(4)?,
            account: row.get(5)?,
            state: State::parse(&row.get::<String>(6)?)?,
            job: row.get(7)?,
            place: row.get(8)?,
            barred: row.get(9)?,
            created: row.get(10)?,
            begun: row.get(11)?,
            ended: row.get(12)?,
            version: row.get(13)?,
            key: row.get(14)?,
            sealed: row.get(15)?,
        })
    }

    /// Its name is its author's word and no record's, as that of a template is.
    fn shown(self, unit: &mut Unit) -> Result<Campaign> {
        let context = context(self.key, self.id);
        let plain = unit.with_key(self.key, |key| vault::open(key, &context, &self.sealed))?.ok_or_else(gone)?;
        let words: Words = serde_json::from_slice(&plain).map_err(Error::internal)?;
        Ok(Campaign {
            id: self.id,
            name: Personal::new(words.name),
            purpose: self.purpose,
            segment: self.segment,
            template: self.template,
            account: self.account,
            state: self.state,
            job: self.job,
            created: self.created,
            begun: self.begun,
            ended: self.ended,
            version: self.version,
        })
    }
}

fn context(key: KeyId, id: CampaignId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "campaign" }
}

fn gone() -> Error {
    Error::not_found("campaign")
}

fn event(name: &'static str, id: CampaignId) -> Event {
    Event::new(name).word("campaign", id.to_string())
}

fn me(unit: &Unit) -> Result<UserId> {
    let nobody = || Error::new(Code::Forbidden, "A campaign belongs to a member of staff. Sign in, or use the key of one.");
    unit.actor().staff().ok_or_else(nobody)
}

fn stored(unit: &mut Unit, id: CampaignId) -> Result<Stored> {
    let me = unit.actor().staff();
    unit.maybe(sql::FIND, &args![id], Stored::read)?.filter(|found| Some(found.staff) == me).ok_or_else(gone)
}

fn locked(unit: &mut Unit, id: CampaignId) -> Result<Stored> {
    let me = unit.actor().staff();
    let found = store::dialect::lock(unit.dialect(), sql::FIND, &args![id], Stored::read)?.into_iter().next();
    found.filter(|found| Some(found.staff) == me).ok_or_else(gone)
}

/// What a campaign is made of, if all of it is the actor's to use for the purpose they act for; its name.
fn checked(unit: &mut Unit, permit: &Permit<WriteRecords>, new: &NewCampaign) -> Result<String> {
    permit.need(unit.app().catalogue().need(message::KIND)?.as_ref())?;
    let name = new.name.expose().trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "required", format!("Name the campaign, in at most {NAME_MAX} characters.")));
    }
    let unknown = |pointer: &'static str| move |_| Error::invalid(pointer, "unknown", "There is no such one that you may use.");
    let segment = segments::find(unit, new.segment).map_err(unknown("/segment"))?;
    if segment.purpose.key != unit.actor().purpose.key {
        let words = format!("The segment is for the purpose {}. Switch to it to write to its people.", segment.purpose.key);
        return Err(Error::new(Code::Forbidden, words));
    }
    template::visible(unit, new.template).map_err(unknown("/template"))?;
    mail::usable(unit, new.account).map_err(unknown("/account"))?;
    Ok(name)
}

/// Makes a campaign, for the purpose of its segment, for which the actor must act. Event `campaign.made`.
///
/// Errors: forbidden; invalid_input naming what is not there or not theirs to use.
pub fn make(unit: &mut Unit, permit: &Permit<WriteRecords>, new: &NewCampaign) -> Result<CampaignId> {
    let (me, name) = (me(unit)?, checked(unit, permit, new)?);
    let (id, now, purpose) = (CampaignId::mint(unit.env()), unit.now(), unit.actor().purpose.key);
    unit.witness(event("campaign.made", id).word("segment", new.segment.to_string()))?;
    let key = unit.new_key("campaign")?;
    let sealed = unit.seal(&context(key, id), &serde_json::to_vec(&Words { name }).map_err(Error::internal)?)?;
    unit.run(sql::INSERT, &args![id, me, purpose, new.segment, new.template, new.account, now, key, sealed])?;
    Ok(id)
}

/// Changes a campaign that has not begun. Event `campaign.changed`. Errors: those of [`make`]; not_found; conflict when it has begun.
pub fn change(unit: &mut Unit, permit: &Permit<WriteRecords>, id: CampaignId, new: &NewCampaign) -> Result<()> {
    let found = locked(unit, id)?;
    let name = checked(unit, permit, new)?;
    if found.state != State::Draft || found.purpose != unit.actor().purpose.key {
        return Err(Error::new(Code::Conflict, "The campaign has begun, or is for another purpose: make another one."));
    }
    unit.witness(event("campaign.changed", id).word("segment", new.segment.to_string()))?;
    let sealed = unit.seal(&context(found.key, id), &serde_json::to_vec(&Words { name }).map_err(Error::internal)?)?;
    unit.run(sql::UPDATE, &args![id, new.segment, new.template, new.account, sealed]).map(drop)
}

/// Deletes a campaign with its name; the letters that it wrote stay what they are. Event `campaign.deleted`.
///
/// Errors: not_found; conflict while it runs.
pub fn delete(unit: &mut Unit, id: CampaignId) -> Result<()> {
    let found = locked(unit, id)?;
    if found.state == State::Running {
        return Err(Error::new(Code::Conflict, "The campaign is running. Stop it first."));
    }
    unit.witness(event("campaign.deleted", id))?;
    unit.run(sql::PEOPLE_DELETE, &args![id])?;
    unit.run(sql::DELETE, &args![id])?;
    unit.shred_by_event(found.key)
}

/// Begins a campaign, or lets one go on that was stopped or broke off: those whom it went through are not written to again. Event
/// `campaign.begun`.
///
/// Errors: forbidden; not_found; conflict when it runs or everybody was gone through.
pub fn begin(unit: &mut Unit, permit: &Permit<WriteRecords>, id: CampaignId) -> Result<JobId> {
    permit.need(unit.app().catalogue().need(message::KIND)?.as_ref())?;
    let found = locked(unit, id)?;
    if matches!(found.state, State::Running | State::Done) {
        return Err(Error::new(Code::Conflict, "The campaign was begun already."));
    }
    if found.purpose != unit.actor().purpose.key {
        let words = format!("The campaign is for the purpose {}. Switch to it to begin.", found.purpose);
        return Err(Error::new(Code::Forbidden, words));
    }
    let now = unit.now();
    unit.witness(event("campaign.begun", id).word("was", found.state.as_str()))?;
    let job = unit.enqueue(Job::new(JOB, format!("{JOB}/{id}"), serde_json::json!({ "campaign": id })))?;
    unit.run(sql::BEGIN, &args![id, job, now])?;
    Ok(job)
}

/// One campaign of the actor's own. Error: not_found.
pub fn one(unit: &mut Unit, id: CampaignId) -> Result<Release<Campaign>> {
    let found = stored(unit, id)?.shown(unit)?;
    unit.plain(found)
}

/// The actor's own campaigns, newest first. Error: forbidden for who is no member of staff.
pub fn list(unit: &mut Unit) -> Result<Release<Vec<Campaign>>> {
    let me = me(unit)?;
    let found = unit.all(sql::OF, &args![me], Stored::read)?;
    let all = found.into_iter().map(|one| one.shown(unit)).collect::<Result<Vec<_>>>()?;
    unit.plain(all)
}

/// What came of a campaign so far: numbers alone. Error: not_found.
pub fn outcome(unit: &mut Unit, id: CampaignId) -> Result<Outcome> {
    let found = stored(unit, id)?;
    let mut outcome = Outcome::default();
    let barred: BTreeMap<Why, usize> = serde_json::from_str(&found.barred).map_err(Error::internal)?;
    for (why, n) in barred {
        *outcome.skipped.entry(why.as_str().to_owned()).or_default() += n;
    }
    let rows = unit.all(sql::RESULT, &args![id], |row| {
        Ok((
            row.get::<String>(0)?,
            row.get::<String>(1)?,
            row.get::<Option<String>>(2)?,
            row.get::<Option<String>>(3)?,
            usize::try_from(row.get::<i64>(4)?).unwrap_or_default(),
        ))
    })?;
    for (state, reason, letter, why, n) in rows {
        match (state.as_str(), letter) {
            ("skipped", _) => *outcome.skipped.entry(reason).or_default() += n,
            (_, None) => outcome.dropped += n,
            (_, Some(letter)) => match Became::parse(&letter)? {
                Became::Sent => outcome.sent += n,
                Became::Queued | Became::Sending => outcome.waiting += n,
                Became::Failed | Became::Unknown => outcome.failed += n,
                Became::Refused => *outcome.skipped.entry(why.unwrap_or_default()).or_default() += n,
            },
        }
    }
    Ok(outcome)
}

/// The letter as the first person would get it whom the segment yields now; nothing where it yields nobody. Event `record.read`.
///
/// Errors: not_found; invalid_input for what the template cannot say of them; those of a segment.
pub fn preview(unit: &mut Unit, permit: &Permit<ReadRecords>, id: CampaignId) -> Result<Release<Option<Preview>>> {
    let found = stored(unit, id)?;
    let segment = segments::find(unit, found.segment)?;
    let words = template::visible(unit, found.template)?;
    let mut after = None;
    let first = loop {
        let some = segments::portion(unit, permit, &segment, after)?;
        match (some.people.into_iter().next(), some.next) {
            (Some(first), _) => break Some(first),
            (None, None) => break None,
            (None, next) => after = next,
        }
    };
    let Some(record) = first else {
        return unit.release(event("campaign.previewed", id), None);
    };
    let one_click = unsubscribe::address(unit, id, record.row.id)?;
    let filled = template::filled(permit, &words, &record, one_click.as_deref())?;
    let text = unsubscribe::under(filled.text, one_click.as_deref());
    let to = address(permit, &record).unwrap_or_default();
    let fields = filled.fields.iter().map(String::as_str).chain([person::EMAIL]);
    let read = event("record.read", id).fields(fields).records([(record.row.id, record.row.version)]);
    unit.release(read, Some(Preview { to, subject: filled.subject, text }))
}

/// The address by which somebody is written to, as the permit lets it be seen.
fn address(permit: &Permit<ReadRecords>, record: &Record) -> Option<String> {
    match records::shown(permit, record, Detail::Whole).cell(person::EMAIL) {
        Some(Cell::Shown(value)) => value.each().first().map(catalogue::Value::display),
        _ => None,
    }
}

/// The purpose of a campaign. Error: internal for one that no version knows.
fn purpose_of(found: &Stored) -> Result<&'static Purpose> {
    Purpose::find(&found.purpose).ok_or_else(|| Error::internal("a campaign for an unknown purpose"))
}
