//! What people said about the use of their data: every entry by its event, every event by its entry, and what holds by what was said.

use std::collections::{BTreeMap, HashMap};

use catalogue::{PURPOSES, Purpose, Purposes};
use kernel::{EventId, Instant, KeyId, RecordId, Result, encode_id};
use ledger::{Report, canonical::Value as Cbor};
use rules::consent::{Act, Statement, standing};
use store::{Row, Tx, args};
use trail::Recorded;

use super::{
    Subject,
    bodies::{open_event, unwrap},
    portion::{EventRow, wrapped_keys},
};
use crate::evidence::sql;

const PORTION: i64 = 500;

/// An entry: what its event must say of it, word by word.
struct Entry {
    person: RecordId,
    id: [u8; 16],
    unit: EventId,
    act: String,
    said: BTreeMap<&'static str, Option<String>>,
}

impl Entry {
    fn read(row: &Row) -> Result<Self> {
        let id: [u8; 16] = row.get(1)?;
        let said = BTreeMap::from([
            ("consent", Some(encode_id("con", &id))),
            ("of", Some(row.get(2)?)),
            ("at", Some(row.get::<Instant>(4)?.to_string())),
            ("ends", row.get::<Option<Instant>>(5)?.map(|at| at.to_string())),
            ("channel", Some(row.get(6)?)),
            ("notice", row.get::<Option<[u8; 16]>>(7)?.map(|id| encode_id("pno", &id))),
            ("notice_version", row.get::<Option<i64>>(8)?.map(|n| n.to_string())),
            ("evidence", row.get::<Option<RecordId>>(9)?.map(|id| id.to_string())),
        ]);
        Ok(Self { person: row.get(0)?, id, unit: row.get(10)?, act: row.get(3)?, said })
    }

    /// Whether an event says all this, and nothing else of it.
    fn is_of(&self, event: &Recorded) -> bool {
        let named = event.records.iter().any(|(id, _)| *id == self.person);
        let Some(detail) = event.detail() else { return false };
        let says = |key: &str| match detail.get(key) {
            Some(Cbor::Text(text)) => Some(text.clone()),
            Some(Cbor::Int(n)) => Some(n.to_string()),
            _ => None,
        };
        named && event.text("name") == format!("consent.{}", self.act) && self.said.iter().all(|(key, said)| says(key) == *said)
    }
}

pub(super) fn check(subject: &Subject, report: &mut Report) -> Result<()> {
    entries(subject, report)?;
    for event in subject.store.read_now(|tx| tx.all(sql::CONSENTS_LOST, &[], |row| row.get::<EventId>(0)))? {
        report.fault(None, format!("event {event} says what somebody allowed or refused, and its entry is not there: it was deleted"));
    }
    standings(subject, report)
}

fn entries(subject: &Subject, report: &mut Report) -> Result<()> {
    let mut after = (RecordId::from_bytes([0; 16]), [0; 16]);
    loop {
        let (person, id) = after;
        let with_keys = subject.keyring.is_some();
        let (found, events, keys) = subject.store.read_now(move |tx| {
            let found = tx.all(sql::CONSENTS, &args![person, id, PORTION], Entry::read)?;
            let events = events_of(tx, &found)?;
            let wanted: Vec<KeyId> = events.values().map(|event| event.key).collect();
            let keys = if with_keys { wrapped_keys(tx, &wanted)? } else { HashMap::new() };
            Ok((found, events, keys))
        })?;
        let Some(last) = found.last() else { return Ok(()) };
        after = (last.person, last.id);
        for entry in &found {
            let name = format!("{} of {}", encode_id("con", &entry.id), entry.person);
            let Some(event) = events.get(&entry.unit) else {
                report.fault(None, format!("{name}: no event witnesses this entry: it was put there by hand"));
                continue;
            };
            let Some(keyring) = &subject.keyring else { continue };
            // The day's events may have been forgotten since, lawfully.
            let Some(key) = keys.get(&event.key).and_then(|wrapped| unwrap(keyring, event.key, wrapped)) else { continue };
            let recorded = open_event(&key, event, report, None);
            if recorded.is_some_and(|recorded| !entry.is_of(&recorded)) {
                let what = "the entry is not what its event says was said: purpose, act, time, notice or person were changed";
                report.fault(None, format!("{name}: {what}"));
            }
        }
    }
}

fn events_of(tx: &mut Tx, entries: &[Entry]) -> Result<HashMap<EventId, EventRow>> {
    let mut found = HashMap::with_capacity(entries.len());
    for entry in entries {
        let event = tx.maybe(sql::EVENT_ROW, &args![entry.unit], |row| {
            Ok(EventRow { id: row.get(0)?, at: row.get(1)?, name: row.get(2)?, actor: row.get(3)?, key: row.get(4)?, sealed: row.get(5)? })
        })?;
        found.extend(event.map(|event| (event.id, event)));
    }
    Ok(found)
}

/// What people in use may be used for follows from what they said.
fn standings(subject: &Subject, report: &mut Report) -> Result<()> {
    let asked: Vec<&'static Purpose> = PURPOSES.iter().filter(|one| one.needs_consent || one.objectable).collect();
    for kind in subject.catalogue.kinds().filter(|kind| kind.is_person) {
        let mut after = RecordId::from_bytes([0; 16]);
        loop {
            let (from, key) = (after, kind.key.clone());
            let (people, said) = subject.store.read_now(move |tx| {
                let people: Vec<(RecordId, i64)> =
                    tx.all(sql::USABLE, &args![from, key.as_str(), PORTION], |row| Ok((row.get(0)?, row.get(1)?)))?;
                let Some((to, _)) = people.last() else { return Ok((people, HashMap::new())) };
                let mut said = HashMap::<RecordId, Vec<Statement>>::new();
                for (id, statement) in tx.all(sql::CONSENTS_OF_SPAN, &args![from, *to, from, *to], statement)? {
                    said.entry(id).or_default().extend(statement);
                }
                Ok((people, said))
            })?;
            let Some((last, _)) = people.last() else { break };
            after = *last;
            for (id, usable) in &people {
                let (usable, said) = (Purposes::from_bits(*usable), said.get(id).map_or(&[][..], Vec::as_slice));
                for purpose in &asked {
                    // At the end of time: whatever is given for a time has ended, and may be open or closed today.
                    let holds = standing(said, purpose, Instant::from_micros(i64::MAX));
                    let ending = holds.by.is_some_and(|(act, _)| act == Act::Expired);
                    if !ending && usable.serve(purpose) != holds.allowed {
                        let words =
                            if holds.allowed { "closed, and nothing they said closes it" } else { "open, and nothing they said opens it" };
                        report.fault(None, format!("record {id}: its use for {} is {words}", purpose.key));
                    }
                }
            }
        }
    }
    Ok(())
}

fn statement(row: &Row) -> Result<(RecordId, Option<Statement>)> {
    let (purpose, act) = (Purpose::find(&row.get::<String>(1)?), Act::parse(&row.get::<String>(2)?));
    let (at, until, proven) = (row.get(3)?, row.get(4)?, row.get::<Option<[u8; 16]>>(5)?.is_some());
    Ok((row.get(0)?, purpose.zip(act).map(|(purpose, act)| Statement { purpose, act, at, until, proven })))
}
