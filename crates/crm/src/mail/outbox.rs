//! The outbox: letters that wait, were sent, or were not sent and why. A letter is checked when it is put in and again when it is sent.

use std::{collections::HashSet, time::Duration};

use catalogue::{Purpose, Value, case, message, person};
use kernel::{Code, Error, Instant, KeyId, RecordId, Result, UserId};
use serde::Serialize;
use store::{Row, args};
use trail::{
    Actor, App, Event, Permit, Release, Unit,
    permit::{ReadRecords, WriteRecords},
};
use vault::Context;

use super::{
    AccountId, Draft, Fault, LetterId, account,
    letter::{Waiting, parts},
    sql,
};
use crate::{
    consent::{self, Bar},
    records,
};

/// How long a letter may lie unsent before it is dropped, in days: it is no record yet, and no rule says how long it is kept.
const UNSENT_DAYS: u64 = 30;
/// Letters that are looked at together.
const PORTION: i64 = 50;
/// How many letters a list shows.
const SHOWN: i64 = 200;
/// The most messages that a letter names as those before it.
const REFERENCES_MAX: usize = 50;

/// Why a letter is not sent though the servers would: the word, and what it says.
pub const RULES: &[(&str, &str)] = &[
    ("restricted", "A recipient's data are restricted: they are kept and not used. The letter was not sent."),
    (
        "purpose",
        "A recipient's data may not be used for the purpose acted for: they objected, or a restriction stands. The letter was not sent.",
    ),
    ("consent", "The purpose acted for needs the consent of every recipient, and of one there is none. The letter was not sent."),
    ("suppressed", "A recipient was erased and is not to be written to for this purpose. The letter was not sent."),
    ("unsubscribed", "A recipient said that they want no more letters like this. The letter was not sent."),
    ("sender", "Whoever wrote the letter may no longer write messages for this purpose. The letter was not sent."),
    ("account", "The account it was to be sent from is no longer theirs to use. The letter was not sent."),
    ("files", "A file that was to go with it is gone, out of reach or too large. The letter was not sent."),
];

/// What a rule's word says; empty for none.
pub fn rule_words(word: &str) -> &'static str {
    RULES.iter().find(|(known, _)| *known == word).map_or("", |(_, words)| words)
}

/// The rule's word for what bars somebody.
pub(crate) const fn rule_of(bar: Bar) -> &'static str {
    match bar {
        Bar::Restricted => "restricted",
        Bar::Objected => "purpose",
        Bar::Consent => "consent",
        Bar::Suppressed => "suppressed",
    }
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits to be sent, perhaps again.
    Queued,
    /// It is being sent.
    Sending,
    /// It was sent.
    Sent,
    /// A server refused it for good.
    Failed,
    /// A rule forbade it when it was to be sent.
    Refused,
    /// It was handed over, and nobody knows whether it was taken.
    Unknown,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Refused, Self::Unknown];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// From its word. Error: internal for one that no version knows.
    pub(crate) fn parse(word: &str) -> Result<Self> {
        // Being handed over is being sent, to everybody but the sender.
        let word = if word == "handing" { "sending" } else { word };
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or_else(|| Error::internal("a letter is in an unknown state"))
    }
}

/// A letter in somebody's outbox.
#[derive(Clone)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// From which account.
    pub account: AccountId,
    /// For which purpose.
    pub purpose: String,
    /// What became of it.
    pub state: State,
    /// Why: a word of [`Fault::CODES`] or [`RULES`].
    pub reason: Option<&'static str>,
    /// What the server said, on one line.
    pub said: String,
    /// When it was written.
    pub created: Instant,
    /// When it is tried next, while it waits.
    pub next: Option<Instant>,
    /// When it was sent.
    pub sent: Option<Instant>,
    /// The message it became.
    pub record: Option<RecordId>,
    /// To whom; empty once it is a record.
    pub to: Vec<String>,
    /// Its subject; empty once it is a record.
    pub subject: String,
}

/// A letter as stored.
#[derive(Clone)]
pub(super) struct Stored {
    pub id: LetterId,
    pub account: AccountId,
    pub staff: UserId,
    pub purpose: String,
    pub state: String,
    reason: String,
    created: Instant,
    pub next: Instant,
    pub tries: i64,
    sent: Option<Instant>,
    pub record: Option<RecordId>,
    pub key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    pub fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            account: row.get(1)?,
            staff: row.get(2)?,
            purpose: row.get(3)?,
            state: row.get(4)?,
            reason: row.get(5)?,
            created: row.get(6)?,
            next: row.get(7)?,
            tries: row.get(8)?,
            sent: row.get(9)?,
            record: row.get(10)?,
            key: row.get(11)?,
            sealed: row.get(12)?,
        })
    }

    pub fn is_on_its_way(&self) -> bool {
        matches!(self.state.as_str(), "sending" | "handing") || (self.state == "sent" && self.record.is_none())
    }

    fn context(&self) -> Context<'static> {
        context(self.key, self.id)
    }

    pub fn waiting(&self, unit: &mut Unit) -> Result<Waiting> {
        let plain = unit.open(&self.context(), &self.sealed)?.ok_or_else(|| Error::not_found("letter"))?;
        serde_json::from_slice(&plain).map_err(Error::internal)
    }

    pub fn seal(&self, unit: &mut Unit, waiting: &Waiting) -> Result<Vec<u8>> {
        seal(unit, self.key, self.id, waiting)
    }

    fn shown(self, waiting: Option<Waiting>) -> Result<Letter> {
        let known = |word: &str| Fault::known(word).or_else(|| RULES.iter().find(|(rule, _)| *rule == word).map(|(rule, _)| *rule));
        let state = State::parse(&self.state)?;
        let to = waiting.iter().flat_map(|letter| letter.to.iter().chain(&letter.cc).chain(&letter.bcc)).map(|one| one.shown()).collect();
        let (subject, said) = waiting.map(|letter| (letter.subject, letter.said)).unwrap_or_default();
        Ok(Letter {
            id: self.id,
            account: self.account,
            purpose: self.purpose,
            state,
            reason: known(&self.reason),
            said,
            created: self.created,
            next: (state == State::Queued).then_some(self.next),
            sent: self.sent,
            record: self.record,
            to,
            subject,
        })
    }
}

fn context(key: KeyId, id: LetterId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "letter" }
}

fn seal(unit: &mut Unit, key: KeyId, id: LetterId, waiting: &Waiting) -> Result<Vec<u8>> {
    unit.seal(&context(key, id), &serde_json::to_vec(waiting).map_err(Error::internal)?)
}

pub(super) fn find(unit: &mut Unit, id: LetterId) -> Result<Option<Stored>> {
    unit.maybe(sql::LETTER_FIND, &args![id], Stored::read)
}

/// Records and their versions, as an event names them.
pub(super) type Named = Vec<(RecordId, i64)>;

impl Waiting {
    /// Whether it may be sent for a purpose, see [`standing`].
    pub(super) fn standing(&self, unit: &mut Unit, purpose: &Purpose) -> Result<(Option<&'static str>, Named)> {
        standing(unit, purpose, &self.recipients(), self.unsubscribe.is_some())
    }
}

/// Whether these addresses may be written to for a purpose: the first rule that forbids it, and the people here whom they belong to.
///
/// An address is a person's when their record has it; where several have it, each must be usable. A purpose that needs consent needs it of
/// every recipient, so an address that is nobody's here may not be written to for it.
///
/// A letter of a campaign is direct marketing whatever its purpose: nobody gets one who said no to that (GDPR Art 21(2) and (3)).
fn standing(unit: &mut Unit, purpose: &Purpose, addresses: &[String], is_campaign: bool) -> Result<(Option<&'static str>, Named)> {
    let kind = unit.app().catalogue().need(person::KIND)?;
    let found = records::with_any(unit, &kind, person::EMAIL, addresses)?;
    let people: Vec<(RecordId, i64)> = found.iter().map(|(_, record)| (record.row.id, record.row.version)).collect();
    if let Some(bar) = found.iter().find_map(|(_, record)| consent::bar(&record.row, purpose)) {
        return Ok((Some(rule_of(bar)), people));
    }
    if is_campaign {
        for (person, _) in &people {
            if consent::objects(unit, *person, consent::marketing())? {
                return Ok((Some("unsubscribed"), people));
            }
        }
    }
    if !consent::barred(unit, purpose, addresses)?.is_empty() {
        return Ok((Some(rule_of(Bar::Suppressed)), people));
    }
    if purpose.needs_consent {
        let known: HashSet<&str> = found.iter().map(|(address, _)| address.as_str()).collect();
        if addresses.iter().any(|address| !known.contains(address.as_str())) {
            return Ok((Some("consent"), people));
        }
    }
    Ok((None, people))
}

/// Puts a letter into the outbox; it is sent as soon as somebody is free. Event `mail.queued`.
///
/// Errors: forbidden; not_found for an account, message or file that is not the actor's to use; invalid_input; conflict, with the rule,
/// where a recipient may not be written to for the purpose acted for.
pub fn queue(unit: &mut Unit, permit: &Permit<WriteRecords>, draft: &Draft) -> Result<LetterId> {
    put(unit, permit, draft, None)
}

/// A campaign that a letter is of.
pub(crate) struct OfCampaign<'c> {
    /// Its id, for the event.
    pub campaign: &'c str,
    /// Where one click says that its reader wants no more of them.
    pub one_click: Option<String>,
}

/// As [`queue`], for a letter of a campaign: its event names the campaign, and its header says how to get no more of them (RFC 2369 §3.2,
/// RFC 8058).
pub(crate) fn put(unit: &mut Unit, permit: &Permit<WriteRecords>, draft: &Draft, campaign: Option<&OfCampaign<'_>>) -> Result<LetterId> {
    permit.need(unit.app().catalogue().need(message::KIND)?.as_ref())?;
    let [to, cc, bcc] = parts(draft)?;
    let actor = permit.actor.clone();
    let staff = actor
        .staff()
        .ok_or_else(|| Error::new(Code::Forbidden, "Only a member of staff writes letters. Sign in, or use the key of one."))?;
    let account = draft.account.ok_or_else(|| Error::invalid("/account", "required", "Choose the account to write from."))?;
    let from = account::find(unit, account)?.filter(|from| from.is_usable(&actor)).ok_or_else(|| Error::not_found("account"))?;
    let settings = from.inside(unit)?.settings;
    let reads = actor.permit::<ReadRecords>()?;
    let answered = draft.reply_to.map(|answered| records::need(unit, &reads, answered)).transpose()?;
    let references = answered.as_ref().map(references).unwrap_or_default();
    let of_answered = answered.as_ref().and_then(|answered| answered.get(message::CASE)).and_then(|link| match link {
        Value::Link(case) => Some(*case),
        _ => None,
    });
    if let Some(case) = draft.case
        && records::need(unit, &reads, case)?.row.kind.key != case::KIND
    {
        return Err(Error::invalid("/case", "not_a_case", "Name a case."));
    }
    for file in &draft.files {
        if records::need(unit, &reads, *file)?.row.kind.key != catalogue::file::KIND {
            return Err(Error::invalid("/files", "not_a_file", "Name records of files."));
        }
    }
    let (id, now) = (LetterId::mint(unit.env()), unit.now());
    let text = draft.text.replace("\r\n", "\n").trim_end().to_owned();
    let text = if settings.signature.trim().is_empty() { text } else { format!("{text}\n\n-- \n{}", settings.signature.trim_end()) };
    let waiting = Waiting {
        to,
        cc,
        bcc,
        subject: draft.subject.trim().to_owned(),
        text,
        files: draft.files.clone(),
        message_id: format!("{id}@{}", settings.domain()),
        references,
        date: now.micros().div_euclid(1_000_000),
        said: String::new(),
        unsubscribe: campaign.map(|_| settings.address.clone()),
        one_click: campaign.and_then(|campaign| campaign.one_click.clone()),
        case: draft.case.or(of_answered),
    };
    let (rule, people) = waiting.standing(unit, actor.purpose)?;
    if let Some(rule) = rule {
        return Err(Error::new(Code::Conflict, rule_words(rule)).at("/to", rule, rule_words(rule)));
    }
    let read = draft.reply_to.iter().chain(&draft.case).chain(&draft.files).map(|id| (*id, 0));
    let event = Event::new("mail.queued").word("letter", id.to_string()).word("account", account.to_string());
    let event = campaign.into_iter().fold(event, |event, campaign| event.word("campaign", campaign.campaign));
    unit.witness(event.records(people.into_iter().chain(read)))?;
    let key = unit.new_key("letter")?;
    let sealed = seal(unit, key, id, &waiting)?;
    unit.run(sql::LETTER_INSERT, &args![id, account, staff, actor.purpose.key, now, key, sealed])?;
    Ok(id)
}

/// The messages before an answer, oldest first (RFC 5322 §3.6.4): those before the answered one, and it.
fn references(answered: &records::Record) -> Vec<String> {
    let header = |name: &str| {
        let lines = answered.text(message::HEADERS).unwrap_or_default().lines();
        let found = lines.filter_map(|line| line.split_once(':')).find(|(key, _)| key.eq_ignore_ascii_case(name));
        let words = found.map(|(_, value)| value.split_whitespace()).into_iter().flatten();
        words.filter_map(|word| word.strip_prefix('<')?.strip_suffix('>')).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut before = header("References");
    if before.is_empty() {
        before = header("In-Reply-To").into_iter().take(1).collect();
    }
    before.extend(answered.text(message::NATIVE_ID).map(str::to_owned));
    before.retain(|id| id.is_ascii() && !id.contains(|c: char| c.is_control() || c == '<' || c == '>'));
    if before.len() > REFERENCES_MAX {
        // The first names the conversation, the latest say where in it.
        before.drain(1..before.len() - REFERENCES_MAX + 1);
    }
    before
}

/// The actor's own letters, newest first. Event `mail.outbox_read`. Errors: forbidden for who is no member of staff.
pub fn letters(unit: &mut Unit) -> Result<Release<Vec<Letter>>> {
    let me = unit.actor().staff().ok_or_else(|| Error::new(Code::Forbidden, "An outbox belongs to a member of staff."))?;
    let mut shown = Vec::new();
    for stored in unit.all(sql::LETTERS_OF, &args![me, SHOWN], Stored::read)? {
        let waiting = if stored.record.is_some() { None } else { Some(stored.waiting(unit)?) };
        shown.push(stored.shown(waiting)?);
    }
    let event = Event::new("mail.outbox_read").count("letters", shown.len());
    if shown.iter().all(|letter| letter.record.is_some()) { unit.plain(shown) } else { unit.release(event, shown) }
}

fn own(unit: &mut Unit, id: LetterId, wanted: &[&str]) -> Result<Stored> {
    let me = unit.actor().staff();
    let found = store::dialect::lock(unit.dialect(), sql::LETTER_FIND, &args![id], Stored::read)?;
    let found = found.into_iter().next().filter(|letter| Some(letter.staff) == me).ok_or_else(|| Error::not_found("letter"))?;
    if !wanted.contains(&found.state.as_str()) {
        return Err(Error::new(Code::Conflict, "The letter is in another state by now. Load the outbox again."));
    }
    Ok(found)
}

/// Sends a letter again that failed, was refused, or is unknown. It is checked again. Event `mail.queued`.
///
/// Errors: not_found; conflict in another state.
pub fn send_again(unit: &mut Unit, id: LetterId) -> Result<()> {
    let letter = own(unit, id, &["failed", "refused", "unknown"])?;
    let now = unit.now();
    unit.witness(Event::new("mail.queued").word("letter", id.to_string()).word("was", letter.state.as_str()))?;
    unit.run(sql::LETTER_STATE, &args![id, letter.state, "queued", "", now]).map(drop)
}

/// Says of an unknown letter that it was sent: it becomes a record. Event `mail.sent`. Errors: not_found; conflict in another state.
pub fn was_sent(unit: &mut Unit, id: LetterId) -> Result<()> {
    let letter = own(unit, id, &["unknown"])?;
    let now = unit.now();
    unit.witness(Event::new("mail.sent").word("letter", id.to_string()).word("known_by", "sender"))?;
    unit.run(sql::LETTER_SENT, &args![id, letter.state, now, now]).map(drop)
}

/// Drops a letter that is not sent, and destroys its key; of one that was sent only the row goes. Event `mail.dropped`.
///
/// Errors: not_found; conflict while it is being sent.
pub fn drop_letter(unit: &mut Unit, id: LetterId) -> Result<()> {
    let letter = own(unit, id, &["queued", "failed", "refused", "unknown", "sent"])?;
    if letter.is_on_its_way() {
        return Err(Error::new(Code::Conflict, "The letter was just sent and is being kept. Try again in a minute."));
    }
    unit.witness(Event::new("mail.dropped").word("letter", id.to_string()).word("was", letter.state.as_str()))?;
    unit.run(sql::LETTER_DELETE, &args![id])?;
    if letter.record.is_none() { unit.shred_by_event(letter.key) } else { Ok(()) }
}

/// Drops letters that nobody sent for thirty days, and those to somebody who was erased since: their words are about them. Run it by the hour.
/// Event `mail.dropped` for each.
pub async fn forget(app: &App, actor: &Actor) -> Result<usize> {
    let (mut after, mut dropped) = (LetterId::from_bytes([0; 16]), 0);
    loop {
        let portion = app.read(actor, move |unit| {
            let portion = unit.all(sql::LETTERS_IDLE, &args![after, PORTION], Stored::read)?;
            let oldest = unit.now().minus(Duration::from_secs(UNSENT_DAYS * 24 * 3_600));
            let last = portion.last().map(|letter| letter.id);
            let mut due = Vec::new();
            for letter in portion {
                let why = if letter.created < oldest {
                    Some("expired")
                } else {
                    let recipients = letter.waiting(unit)?.recipients();
                    (!consent::suppressed(unit, &recipients)?.is_empty()).then_some("erased")
                };
                due.extend(why.map(|why| (letter.id, why)));
            }
            match last {
                Some(_) => unit.release(Event::new("mail.outbox_read").word("why", "forgetting"), (last, due)),
                None => unit.plain((last, due)),
            }
        });
        let (last, due) = portion.await?;
        let Some(last) = last else { return Ok(dropped) };
        for (id, why) in due {
            dropped += usize::from(app.write(actor, move |unit| forget_one(unit, id, why)).await?);
        }
        after = last;
    }
}

fn forget_one(unit: &mut Unit, id: LetterId, why: &'static str) -> Result<bool> {
    unit.witness(Event::new("mail.dropped").word("letter", id.to_string()).word("why", why))?;
    let letter = store::dialect::lock(unit.dialect(), sql::LETTER_FIND, &args![id], Stored::read)?.into_iter().next();
    // It may be on its way by now.
    let idle = |letter: &Stored| letter.record.is_none() && matches!(letter.state.as_str(), "queued" | "failed" | "refused" | "unknown");
    let Some(letter) = letter.filter(idle) else { return Ok(false) };
    unit.run(sql::LETTER_DELETE, &args![id])?;
    unit.shred_by_event(letter.key)?;
    Ok(true)
}
