//! Sending a letter: taken, checked, handed over, kept. Between these steps a process may end; what stands in the row says what then holds.

use std::time::Duration;

use catalogue::{Purpose, Value, file, message};
use kernel::{Code, Error, RecordId, Result};
use store::args;
use trail::{
    Actor, App, Event,
    permit::{ReadRecords, WriteRecords},
};

use super::{
    Fault, LetterId, Settings,
    account::{self, Inside},
    imap::Imap,
    letter::{Enclosed, FILES_BYTES, Waiting, message},
    outbox::{self, Stored},
    smtp::{Handed, Smtp},
    sql,
};
use crate::{
    capture::{Came, Intake, Via},
    identity::staff,
    records::{self, RecordPatch},
};

/// How long a process may be silent about a letter before another takes it for dead.
const LEASE: Duration = Duration::from_secs(300);
/// How often a passing fault is tried again: some two days.
const TRIES: i64 = 12;
/// The first wait after a passing fault; doubled each time, up to six hours.
const WAIT: u64 = 60;
const WAIT_MAX: u64 = 6 * 3_600;

/// Goes on with a letter from wherever it stands.
pub(super) async fn one(app: &App, id: LetterId) -> Result<()> {
    let system = system();
    let found = app.read(&system, move |unit| outbox::find(unit, id).and_then(|found| unit.plain(found))).await?;
    let Some(letter) = found.filter(|letter| letter.next <= app.env().now()) else { return Ok(()) };
    match letter.state.as_str() {
        "queued" => send(app, letter).await,
        // Its process ended before anything was handed over.
        "sending" => settle(app, &letter, "sending", Ends::Again("closed")).await,
        // Its process ended after.
        "handing" => settle(app, &letter, "handing", Ends::Unknown).await,
        "sent" => keep(app, &letter).await,
        _ => Ok(()),
    }
}

fn system() -> Actor {
    Actor::system(&catalogue::PURPOSES[0])
}

/// How a try ends, other than by sending.
enum Ends {
    /// Tried again later, for this fault.
    Again(&'static str),
    /// A server refused it.
    Failed(&'static str),
    /// A rule forbade it.
    Refused(&'static str),
    /// Nobody knows.
    Unknown,
}

async fn settle(app: &App, letter: &Stored, from: &'static str, ends: Ends) -> Result<()> {
    settle_saying(app, letter, from, ends, String::new()).await
}

async fn settle_saying(app: &App, letter: &Stored, from: &'static str, ends: Ends, said: String) -> Result<()> {
    let now = app.env().now();
    let (event, state, reason, next) = match ends {
        Ends::Again(reason) if letter.tries < TRIES => {
            let wait = WAIT.saturating_mul(1 << u32::try_from(letter.tries.clamp(0, 20)).unwrap_or(0)).min(WAIT_MAX);
            ("mail.delayed", "queued", reason, now.plus(Duration::from_secs(wait)))
        }
        Ends::Again(reason) | Ends::Failed(reason) => ("mail.failed", "failed", reason, now),
        Ends::Refused(reason) => ("mail.refused", "refused", reason, now),
        Ends::Unknown => ("mail.unknown", "unknown", "closed", now),
    };
    let letter = letter.clone();
    app.write(&system(), move |unit| {
        unit.witness(Event::new(event).word("letter", letter.id.to_string()).word("reason", reason))?;
        if unit.run(sql::LETTER_STATE, &args![letter.id, from, state, reason, next])? == 0 {
            return Ok(());
        }
        let mut waiting = letter.waiting(unit)?;
        waiting.said.clone_from(&said);
        let sealed = letter.seal(unit, &waiting)?;
        unit.run(sql::LETTER_BOX, &args![letter.id, sealed]).map(drop)
    })
    .await
}

/// What a letter is sent with.
struct Ready {
    waiting: Waiting,
    inside: Inside,
}

async fn send(app: &App, mut letter: Stored) -> Result<()> {
    let purpose = Purpose::find(&letter.purpose).ok_or_else(|| Error::internal("a letter for an unknown purpose"))?;
    let staff = letter.staff;
    let actor = app.read(&system(), move |unit| staff::acting(unit, staff, purpose).and_then(|actor| unit.plain(actor))).await?;
    let Some(actor) = actor else { return settle(app, &letter, "queued", Ends::Refused("sender")).await };
    let ready = match take(app, &actor, &letter).await {
        Ok(Ok(ready)) => ready,
        Ok(Err(rule)) => return settle(app, &letter, "sending", Ends::Refused(rule)).await,
        // Another process has it.
        Err(error) if error.code() == Code::Conflict => return Ok(()),
        Err(error) => return Err(error),
    };
    letter.tries += 1;
    let files = match enclosed(app, &actor, &ready.waiting.files).await {
        Ok(files) => files,
        Err(error) if matches!(error.code(), Code::NotFound | Code::TooLarge | Code::Forbidden | Code::Restricted) => {
            return settle(app, &letter, "sending", Ends::Refused("files")).await;
        }
        Err(error) => return Err(error),
    };
    let bytes = message(&ready.waiting, &ready.inside.settings, &files, false)?;
    match hand_over(app, &letter, &ready, &bytes).await {
        Err(fault) => {
            let ends = if fault.passing { Ends::Again(fault.code) } else { Ends::Failed(fault.code) };
            settle_saying(app, &letter, "sending", ends, fault.said).await
        }
        Ok(Handed::Refused(fault)) => {
            let ends = if fault.passing { Ends::Again(fault.code) } else { Ends::Failed(fault.code) };
            settle_saying(app, &letter, "handing", ends, fault.said).await
        }
        Ok(Handed::Unknown) => settle(app, &letter, "handing", Ends::Unknown).await,
        Ok(Handed::Taken) => {
            let (id, now) = (letter.id, app.env().now());
            app.write(&actor, move |unit| {
                unit.witness(Event::new("mail.sent").word("letter", id.to_string()).word("known_by", "server"))?;
                unit.run(sql::LETTER_SENT, &args![id, "handing", now, now]).map(drop)
            })
            .await?;
            keep(app, &letter).await
        }
    }
}

/// Takes the letter for this process and checks it, in one unit: what was withdrawn a moment ago counts. Answers the rule that forbids it.
async fn take(app: &App, actor: &Actor, letter: &Stored) -> Result<Result<Ready, &'static str>> {
    let (letter, purpose) = (letter.clone(), actor.purpose);
    app.write(actor, move |unit| {
        let now = unit.now();
        if unit.run(sql::LETTER_TAKE, &args![letter.id, now, now.plus(LEASE)])? == 0 {
            return Err(Error::new(Code::Conflict, "Another process sends the letter."));
        }
        let event = Event::new("mail.sending").word("letter", letter.id.to_string());
        let kind = unit.app().catalogue().need(message::KIND)?;
        let may = unit.actor().permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some());
        let from = account::find(unit, letter.account)?.filter(|from| from.is_usable(unit.actor()));
        let (rule, from) = match from {
            _ if !may => (Some("sender"), None),
            None => (Some("account"), None),
            from => (None, from),
        };
        let Some(from) = from else {
            unit.witness(event)?;
            return Ok(Err(rule.unwrap_or("account")));
        };
        let waiting = letter.waiting(unit)?;
        let (rule, people) = waiting.standing(unit, purpose)?;
        unit.witness(event.records(people))?;
        match rule {
            Some(rule) => Ok(Err(rule)),
            None => Ok(Ok(Ready { waiting, inside: from.inside(unit)? })),
        }
    })
    .await
}

/// The files that go with a letter, as the sender may read them.
async fn enclosed(app: &App, actor: &Actor, files: &[RecordId]) -> Result<Vec<Enclosed>> {
    let mut found = Vec::new();
    if files.is_empty() {
        return Ok(found);
    }
    let (permit, mut size) = (actor.permit::<ReadRecords>()?, 0);
    for id in files {
        let (id, reads) = (*id, permit.clone());
        let (name, content_type, blob) = app
            .read(actor, move |unit| {
                let record = records::need(unit, &reads, id)?;
                let blob = records::blobs_of(unit, id)?.into_iter().find(|blob| blob.role == "content");
                let text = |field: &str, or: &str| record.text(field).unwrap_or(or).to_owned();
                let told = (text(file::NAME, "file"), text(file::CONTENT_TYPE, "application/octet-stream"), blob);
                let event = Event::new("record.read").fields([file::NAME, file::CONTENT_TYPE]).records([(id, record.row.version)]);
                unit.release(event, told)
            })
            .await?;
        let blob = blob.ok_or_else(|| Error::not_found("file"))?;
        let bytes = records::read_blob(app, &permit, id, blob.id).await?.to_vec();
        size += bytes.len();
        if size > FILES_BYTES {
            return Err(Error::new(Code::TooLarge, "The files are larger than 20 MiB together."));
        }
        // A content type is a header of the message; what does not look like one is not taken over.
        let good = content_type.split('/').count() == 2 && content_type.chars().all(|c| c.is_ascii_alphanumeric() || "/.+-_".contains(c));
        let multipart = content_type.starts_with("multipart/") || content_type.starts_with("message/");
        let content_type = if good && !multipart { content_type } else { "application/octet-stream".to_owned() };
        found.push(Enclosed { name: name.replace(char::is_control, " "), content_type, bytes });
    }
    Ok(found)
}

async fn hand_over(app: &App, letter: &Stored, ready: &Ready, bytes: &[u8]) -> Result<Handed, Fault> {
    let settings = &ready.inside.settings;
    let mut smtp = Smtp::open(&settings.smtp, &settings.ca, settings.domain(), settings.login(), &ready.inside.password).await?;
    smtp.envelope(&settings.address, &ready.waiting.recipients(), bytes.len()).await?;
    // From here on a process that ends leaves a letter of which nobody knows. A count, not a decision: its evidence is what follows.
    let (id, next) = (letter.id, app.env().now().plus(LEASE));
    let marked = app.store().write(move |tx| tx.run(sql::LETTER_STATE, &args![id, "sending", "handing", "", next])).await;
    if marked.ok() != Some(1) {
        return Err(Fault::passing("closed"));
    }
    let handed = smtp.hand(bytes).await;
    smtp.close().await;
    Ok(handed)
}

/// What was sent becomes a record, then the box loses its key, and the server gets its copy.
async fn keep(app: &App, letter: &Stored) -> Result<()> {
    let stored = letter.clone();
    let purpose = Purpose::find(&letter.purpose).ok_or_else(|| Error::internal("a letter for an unknown purpose"))?;
    let (ready, from, actor) = app
        .write(&system(), move |unit| {
            unit.witness(Event::new("mail.keeping").word("letter", stored.id.to_string()))?;
            let from = account::find(unit, stored.account)?.ok_or_else(|| Error::not_found("account"))?;
            let inside = from.inside(unit)?;
            let actor = staff::acting(unit, stored.staff, purpose)?;
            Ok((Ready { waiting: stored.waiting(unit)?, inside }, from, actor))
        })
        .await?;
    // Whoever has left meanwhile wrote it all the same.
    let reader = actor.unwrap_or_else(system);
    let files = match enclosed(app, &reader, &ready.waiting.files).await {
        Ok(files) => files,
        Err(error) if error.code() == Code::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    let copy = message(&ready.waiting, &ready.inside.settings, &files, true)?;
    let case = standing_case(app, ready.waiting.case).await?;
    let via = Via { addresses: ready.inside.settings.own(), owner: from.staff.or(Some(letter.staff)), team: from.team, case };
    let mut intake = Intake::new(app, &system(), via)?;
    let came = intake.take(Ok(copy.clone())).await;
    intake.close().await?;
    let (record, is_known) = match came? {
        Came::Captured(record) => (record, false),
        Came::Duplicate(record) => (record, true),
        Came::Failed(_) => return Err(Error::internal("a letter that was sent could not be kept")),
    };
    let (letter, known) = (letter.clone(), is_known);
    app.write(&system(), move |unit| {
        unit.witness(Event::new("mail.captured").word("letter", letter.id.to_string()).records([(record, 1)]))?;
        unit.run(sql::LETTER_RECORD, &args![letter.id, record, Vec::<u8>::new()])?;
        // The server's copy was there first: it is told of its case here.
        if let Some(case) = case.filter(|_| known)
            && records::find(unit, record)?.is_some_and(|row| row.state == records::State::Live && !row.open.contains_key(message::CASE))
        {
            let fields = [(message::CASE.to_owned(), Some(Value::Link(case)))].into();
            records::amend(unit, record, None, RecordPatch { fields, owner: None })?;
        }
        unit.shred_by_event(letter.key)
    })
    .await?;
    if let Err(fault) = file_copy(&ready.inside.settings, &ready.inside.password, &ready.waiting.message_id, &copy).await {
        tracing::warn!(code = fault.code, "a sent message was not filed on its server");
    }
    Ok(())
}

/// The case that a letter belongs to, if it still stands.
async fn standing_case(app: &App, case: Option<RecordId>) -> Result<Option<RecordId>> {
    let Some(id) = case else { return Ok(None) };
    app.read(&system(), move |unit| {
        let stands = records::find(unit, id)?.is_some_and(|row| row.state.is_readable() && row.facts.merged.is_none());
        unit.plain(stands.then_some(id))
    })
    .await
}

/// Files the message in the folder for what was sent, unless the server did.
async fn file_copy(settings: &Settings, password: &str, message_id: &str, copy: &[u8]) -> Result<(), Fault> {
    let mut imap = Imap::open(&settings.imap, &settings.ca, settings.login(), password).await?;
    let sent = match settings.sent.as_str() {
        "" => imap.folders().await?.into_iter().find(|(_, is_sent)| *is_sent).map(|(name, _)| name),
        name => Some(name.to_owned()),
    };
    if let Some(sent) = sent {
        imap.examine(&sent).await?;
        if !imap.has(message_id).await? {
            imap.append(&sent, copy).await?;
        }
    }
    imap.close().await;
    Ok(())
}
