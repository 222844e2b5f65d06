//! What somebody opened lately, as the trail remembers it: no list of its own is kept of what people look at.

use std::collections::HashMap;

use kernel::{Code, Error, EventId, Instant, RecordId, Result};
use ledger::canonical::Value as Cbor;
use store::args;
use trail::{Event, Permit, Release, Unit, permit::ReadRecords};

use super::sql;
use crate::records::{self, Detail, SHOWN, Shown, StoredRecord};

/// The newest events of the actor's reading that are looked through.
const LOOKED_THROUGH: i64 = 60;

/// A record that the actor opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// When they last did.
    pub at: Instant,
    /// The record, by what names it.
    pub shown: Shown,
}

/// The records whose page the actor opened last, at most `limit`, those out of reach by now left out. Looks through a bounded number of
/// the actor's own events and opens no record but those it shows. Event `record.read`.
///
/// Error: unauthenticated for who is no member of staff.
pub fn lately(unit: &mut Unit, permit: &Permit<ReadRecords>, limit: usize) -> Result<Release<Vec<Opened>>> {
    let me = permit.actor.staff().ok_or_else(|| Error::new(Code::Unauthenticated, "Only a member of staff has pages of their own."))?;
    let events = unit.all(sql::READ_BY, &args![me.to_string(), LOOKED_THROUGH], |row| Ok((row.get(0)?, row.get::<Instant>(1)?)))?;
    let at: HashMap<EventId, Instant> = events.iter().copied().collect();
    let mut seen: Vec<(RecordId, Instant)> = Vec::new();
    for event in unit.recorded_all(&events.into_iter().map(|(id, _)| id).collect::<Vec<_>>())? {
        let shown = match event.detail().and_then(|detail| detail.get(SHOWN)) {
            Some(Cbor::Text(id)) => id.parse::<RecordId>().ok(),
            _ => None,
        };
        if let Some(id) = shown.filter(|id| seen.len() < limit * 2 && seen.iter().all(|(known, _)| known != id)) {
            seen.extend(at.get(&event.id).map(|at| (id, *at)));
        }
    }
    let at_of = |id: RecordId| seen.iter().find(|(known, _)| *known == id).map(|(_, at)| *at);
    let found = records::find_many(unit, &seen.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    let mut rows: Vec<StoredRecord> = found.into_iter().filter(|row| records::in_scope(permit, row)).collect();
    rows.sort_by_key(|row| std::cmp::Reverse(at_of(row.id)));
    rows.truncate(limit);
    let mut all = Vec::with_capacity(rows.len());
    for record in records::open_all(unit, rows)? {
        let mut shown = records::shown(permit, &record, Detail::Masked);
        shown.cells.retain(|(key, _)| *key == record.row.kind.title);
        all.extend(at_of(shown.id).map(|at| Opened { at, shown }));
    }
    let fields: std::collections::BTreeSet<String> = all.iter().flat_map(|one| one.shown.disclosed().map(str::to_owned)).collect();
    let event = Event::new("record.read").word("as", "lately").fields(fields).records(all.iter().map(|o| (o.shown.id, o.shown.version)));
    unit.release(event, all)
}
