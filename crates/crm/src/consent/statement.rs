//! What people said about the use of their data: entered, folded, and put into force in the same unit.

use catalogue::{PURPOSES, Purpose, Purposes};
use kernel::{Error, Instant, RecordId, Result};
use rules::consent::{self as law, Act, Standing, Statement};
use store::{Row, args};
use trail::{
    Actor, App, Event, Permit, Release, Unit,
    permit::{ReadRecords, WriteRecords},
};

use super::{
    notice::{self, NoticeId},
    sql,
};
use crate::records;

kernel::id!(
    /// Something that somebody said about the use of their data.
    ConsentId, "con"
);
store::id_columns!(ConsentId);

/// The ways in which people answer.
pub const CHANNELS: [&str; 9] = ["web_form", "email", "phone", "sms", "chat", "in_person", "paper", "unsubscribe", "signal"];
/// How far a clock may be ahead.
const AHEAD: std::time::Duration = std::time::Duration::from_secs(300);
/// People who are looked at in one unit.
const PORTION: i64 = 200;

/// What somebody said, to be entered.
#[derive(Clone, Debug)]
pub struct Said {
    /// About which purpose.
    pub purpose: &'static Purpose,
    /// What.
    pub act: Act,
    /// When they said it; now, where nothing is said.
    pub at: Option<Instant>,
    /// Until when a consent was given.
    pub ends: Option<Instant>,
    /// How: a word of [`CHANNELS`].
    pub channel: String,
    /// The notice they were shown, and its version: the newest, where nothing is said.
    pub notice: Option<(NoticeId, Option<i64>)>,
    /// The record that shows it: a message, a scanned form, a note of a call.
    pub evidence: Option<RecordId>,
}

/// An entry, as it stands.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: ConsentId,
    /// Whose.
    pub person: RecordId,
    /// About which purpose.
    pub purpose: &'static Purpose,
    /// What.
    pub act: Act,
    /// When it was said.
    pub at: Instant,
    /// When it was entered.
    pub recorded: Instant,
    /// Until when it was given.
    pub ends: Option<Instant>,
    /// How.
    pub channel: String,
    /// The notice they were shown, and its version.
    pub notice: Option<(NoticeId, i64)>,
    /// The record that shows it.
    pub evidence: Option<RecordId>,
    /// The unit that entered it.
    pub unit: kernel::EventId,
}

impl Entry {
    fn read(row: &Row) -> Result<Self> {
        let unknown = || Error::internal("a consent in unknown words");
        let notice = row.get::<Option<NoticeId>>(8)?.zip(row.get::<Option<i64>>(9)?);
        Ok(Self {
            person: row.get(0)?,
            id: row.get(1)?,
            purpose: Purpose::find(&row.get::<String>(2)?).ok_or_else(unknown)?,
            act: Act::parse(&row.get::<String>(3)?).ok_or_else(unknown)?,
            at: row.get(4)?,
            recorded: row.get(5)?,
            ends: row.get(6)?,
            channel: row.get(7)?,
            notice,
            evidence: row.get(10)?,
            unit: row.get(11)?,
        })
    }

    /// Whether the text they were shown, its time and the way are known. A consent that is not proven opens nothing.
    pub fn is_proven(&self) -> bool {
        self.notice.is_some()
    }

    fn statement(&self) -> Statement {
        Statement { purpose: self.purpose, act: self.act, at: self.at, until: self.ends, proven: self.is_proven() }
    }
}

/// What holds for one person.
#[derive(Clone, Debug)]
pub struct Held {
    /// Of every purpose somebody is asked about, in the order of purposes.
    pub standing: Vec<(&'static Purpose, Standing)>,
    /// What they said, the last entered first; of records that were merged into theirs too.
    pub entries: Vec<Entry>,
}

/// What was said by or for a person, of all the records that are held as theirs.
pub fn statements_of(unit: &mut Unit, person: RecordId) -> Result<Vec<Entry>> {
    let mut all = unit.all(sql::OF, &args![person], Entry::read)?;
    for id in records::family(unit, person)? {
        all.extend(unit.all(sql::OF, &args![id], Entry::read)?);
    }
    all.sort_by_key(|entry| std::cmp::Reverse((entry.recorded, entry.id)));
    Ok(all)
}

fn folded(entries: &[Entry]) -> Vec<Statement> {
    entries.iter().map(Entry::statement).collect()
}

/// Whether a purpose is one that people are asked about.
pub fn is_asked(purpose: &Purpose) -> bool {
    purpose.needs_consent || purpose.objectable
}

/// What holds for a person now, and what they said. Event `consent.read`.
///
/// Error: not_found, also for a record that is no person's.
pub fn held(unit: &mut Unit, permit: &Permit<ReadRecords>, person: RecordId) -> Result<Release<Held>> {
    let row = records::in_use(unit, permit, person)?;
    if !row.kind.is_person {
        return Err(Error::not_found("person"));
    }
    let entries = statements_of(unit, person)?;
    let (all, now) = (folded(&entries), unit.now());
    let standing = PURPOSES.iter().filter(|one| is_asked(one)).map(|one| (one, law::standing(&all, one, now))).collect();
    let event = Event::new("consent.read").count("entries", entries.len()).records([(person, row.version)]);
    unit.release(event, Held { standing, entries })
}

/// Whether somebody said no to a purpose: not that they never said anything.
pub fn objects(unit: &mut Unit, person: RecordId, purpose: &'static Purpose) -> Result<bool> {
    let all = folded(&statements_of(unit, person)?);
    let standing = law::standing(&all, purpose, unit.now());
    Ok(standing.by.is_some_and(|(act, _)| act.bars()))
}

fn not_a_person() -> Error {
    Error::invalid("/person", "not_a_person", "Only people consent or object. Name the record of a person.")
}

/// Enters what somebody said, and puts it into force in this unit: what was opened is open, what was closed is closed, at once. A no
/// also closes what was kept on the strength of the consent it takes back. Event `consent.given`, `.withdrawn`, `.objected` and so on.
///
/// A consent without the notice that was shown is entered, is not proven, and opens nothing (GDPR Art 7(1)).
///
/// Errors: forbidden; not_found; invalid_input naming the part.
pub fn record(unit: &mut Unit, permit: &Permit<WriteRecords>, person: RecordId, said: &Said) -> Result<ConsentId> {
    let row = records::in_use(unit, permit, person)?;
    permit.need(&row.kind)?;
    if !row.kind.is_person {
        return Err(not_a_person());
    }
    let reads = permit.actor.permit::<ReadRecords>()?;
    let (now, notice) = (unit.now(), shown(unit, said)?);
    allowed(said, now)?;
    if let Some(evidence) = said.evidence {
        let wrong = || Error::invalid("/evidence", "not_a_record", "There is no such record, or you may not read it.");
        records::in_use(unit, &reads, evidence).map_err(|_| wrong())?;
    }
    enter(unit, &row, said, notice)
}

/// Enters a no that somebody said themselves, by a link or a signal of theirs: whoever may be told no need not ask who says it.
/// Errors: not_found.
pub fn turn_away(unit: &mut Unit, person: RecordId, purpose: &'static Purpose, channel: &str) -> Result<ConsentId> {
    let gone = || Error::not_found("record");
    let mut row = records::find(unit, person)?.filter(|row| row.state.is_readable()).ok_or_else(gone)?;
    if let Some(into) = row.facts.merged {
        row = records::find(unit, into)?.filter(|row| row.state.is_readable()).ok_or_else(gone)?;
    }
    let all = folded(&statements_of(unit, row.id)?);
    let consented = law::standing(&all, purpose, unit.now()).by.is_some_and(|(act, _)| act == Act::Given);
    let act = if consented { Act::Withdrawn } else { Act::Objected };
    let said = Said { purpose, act, at: None, ends: None, channel: channel.to_owned(), notice: None, evidence: None };
    enter(unit, &row, &said, None)
}

/// Enters the no of somebody whose browser says so by Global Privacy Control; where it is known already, nothing is added.
/// Errors: not_found.
pub fn signalled(unit: &mut Unit, person: RecordId) -> Result<()> {
    let purpose = super::marketing();
    if objects(unit, person, purpose)? { Ok(()) } else { turn_away(unit, person, purpose, "signal").map(drop) }
}

fn allowed(said: &Said, now: Instant) -> Result<()> {
    let Said { purpose, act, .. } = said;
    let invalid = |pointer: &str, code, words: String| Err(Error::invalid(pointer, code, words));
    match act {
        Act::Expired => return invalid("/act", "not_said", "Time ends a consent, nobody says so. Enter a withdrawal.".to_owned()),
        Act::Objected | Act::Lifted if !purpose.objectable => {
            let words = format!("Use for {} rests on a contract or a legal duty: nobody can object to it (GDPR Art 21).", purpose.key);
            return invalid("/act", "not_objectable", words);
        }
        Act::Requested | Act::Given | Act::Refused | Act::Withdrawn if !purpose.needs_consent => {
            let words = format!("Use for {} does not rest on consent. Enter an objection, where there is one.", purpose.key);
            return invalid("/act", "needs_no_consent", words);
        }
        _ => {}
    }
    let at = said.at.unwrap_or(now);
    if at > now.plus(AHEAD) {
        return invalid("/at", "in_the_future", "Nobody has said this yet: the time is in the future.".to_owned());
    }
    if said.ends.is_some() && *act != Act::Given {
        return invalid("/ends", "not_a_consent", "Only a consent is given for a time.".to_owned());
    }
    if said.ends.is_some_and(|ends| ends <= at) {
        return invalid("/ends", "before_it_began", "The consent would end before it was given.".to_owned());
    }
    if !CHANNELS.contains(&said.channel.as_str()) {
        return invalid("/channel", "unknown", format!("Say how they said it: {}.", CHANNELS.join(", ")));
    }
    Ok(())
}

fn shown(unit: &mut Unit, said: &Said) -> Result<Option<notice::Notice>> {
    let Some((id, version)) = said.notice else { return Ok(None) };
    let unknown = || Error::invalid("/notice", "unknown", "There is no such notice, or no such version of it.");
    let found = match version {
        Some(version) => notice::at_version(unit, id, version)?,
        None => notice::latest(unit, id).ok(),
    };
    let found = found.ok_or_else(unknown)?;
    if found.purpose.key != said.purpose.key {
        let words = format!("This notice asks about {}, and they answered about {}.", found.purpose.key, said.purpose.key);
        return Err(Error::invalid("/notice", "other_purpose", words));
    }
    Ok(Some(found))
}

fn event_name(act: Act) -> &'static str {
    match act {
        Act::Requested => "consent.requested",
        Act::Given => "consent.given",
        Act::Refused => "consent.refused",
        Act::Withdrawn => "consent.withdrawn",
        Act::Expired => "consent.expired",
        Act::Objected => "consent.objected",
        Act::Lifted => "consent.lifted",
    }
}

fn enter(unit: &mut Unit, row: &records::StoredRecord, said: &Said, notice: Option<notice::Notice>) -> Result<ConsentId> {
    let (id, now, event) = (ConsentId::mint(unit.env()), unit.now(), unit.id());
    let at = said.at.unwrap_or(now).min(now);
    let name = event_name(said.act);
    let mut told = Event::new(name).word("consent", id.to_string()).word("of", said.purpose.key).word("channel", said.channel.as_str());
    told = told.word("at", at.to_string()).records([(row.id, row.version)].into_iter().chain(said.evidence.map(|id| (id, 0))));
    if let Some(ends) = said.ends {
        told = told.word("ends", ends.to_string());
    }
    if let Some(evidence) = said.evidence {
        told = told.word("evidence", evidence.to_string());
    }
    if let Some(notice) = &notice {
        told = told.word("notice", notice.id.to_string()).word("text", notice.hash_text());
        told = told.count("notice_version", usize::try_from(notice.version).unwrap_or_default());
    }
    unit.witness(told)?;
    let notice = notice.map(|notice| (notice.id, notice.version));
    let row_of = args![
        row.id,
        id,
        said.purpose.key,
        said.act.as_str(),
        at,
        now,
        said.ends,
        said.channel.as_str(),
        notice.map(|(id, _)| id),
        notice.map(|(_, version)| version),
        said.evidence,
        event
    ];
    unit.run(sql::INSERT, &row_of)?;
    records::enter(unit, [row.id], now, row.id, &format!("{name}.{}", said.purpose.key))?;
    restand(unit, row.id)?;
    Ok(id)
}

/// Puts what a person said into `record.usable`: of them, and, where it says no, of what is kept about them by consent alone. In a unit that
/// has witnessed its event. A merge and its way back call it too: the statements of both stand together, in the order of their time.
pub fn restand(unit: &mut Unit, person: RecordId) -> Result<()> {
    let row = records::lock(unit, person)?.filter(|row| row.state.is_readable() && row.facts.merged.is_none());
    let Some(row) = row else { return Ok(()) };
    let (all, now) = (folded(&statements_of(unit, person)?), unit.now());
    let before = row.usable_in_use();
    let mut usable = before;
    for purpose in PURPOSES.iter().filter(|one| is_asked(one)) {
        let standing = law::standing(&all, purpose, now);
        usable = if standing.allowed { usable.with(purpose) } else { usable.without(purpose) };
        if standing.by.is_some_and(|(act, _)| act.bars()) {
            for id in records::family(unit, person)?.into_iter().chain([person]) {
                records::close_kept_by_consent(unit, id, purpose)?;
            }
        }
    }
    if usable != before {
        records::stand(unit, &row, usable)?;
    }
    unit.standing_moved()
}

/// Closes what consents opened whose time is over; run it by the hour. Event `consent.expired` for each person. Answers how many.
pub async fn expire(app: &App, actor: &Actor) -> Result<usize> {
    let mut ended = 0;
    for purpose in PURPOSES.iter().filter(|one| one.needs_consent) {
        let mut after = RecordId::from_bytes([0; 16]);
        loop {
            let due = app.read(actor, move |unit| {
                let bit = Purposes::only(purpose).bits();
                let due: Vec<RecordId> = unit.all(sql::ENDED, &args![unit.now(), purpose.key, bit, after, PORTION], |row| row.get(0))?;
                // Some of them consented anew meanwhile.
                let mut over = Vec::new();
                for person in &due {
                    let all = folded(&statements_of(unit, *person)?);
                    if !law::standing(&all, purpose, unit.now()).allowed {
                        over.push(*person);
                    }
                }
                unit.plain((due.last().copied(), over))
            });
            let (last, over) = due.await?;
            let Some(last) = last else { break };
            after = last;
            for person in over {
                app.write(actor, move |unit| {
                    unit.witness(Event::new("consent.expired").word("of", purpose.key).records([(person, 0)]))?;
                    restand(unit, person)
                })
                .await?;
                ended += 1;
            }
        }
    }
    Ok(ended)
}
