//! Records of every kind: created, read, changed, with versions and links.
//!
//! People, companies, deals, messages and the kinds users make are all handled here and only here; what a kind is, the catalogue says.

mod ahead;
pub mod blob;
mod body;
mod calls;
mod clock;
#[cfg(test)]
mod clock_tests;
#[cfg(test)]
mod calls_tests;
pub mod files;
pub mod index;
pub mod kinds;
mod lines;
mod making;
mod many;
mod matching;
mod merged;
mod once;
mod protect;
mod reseal;
mod restore;
mod row;
mod show;
pub mod sql;
mod staged;
mod standing;
#[cfg(test)]
mod staged_tests;
#[cfg(test)]
mod tests;
mod write;

use std::collections::{HashMap, HashSet};

use kernel::{Error, RecordId, Result};
use store::args;
use trail::{
    Event, Handlers, Permit, Reach, Release, Unit,
    permit::{ReadRecords, WriteRecords},
};

pub use ahead::{Ahead, Owner};
pub use blob::{
    BlobRef, Uploaded, attach, blob_key, blobs_of, blobs_of_each, fetch_blob, read_blob, release_blobs, rewrap_blobs, store_blob,
    store_blob_anew, sweep_blobs,
};

pub use body::{Attested, Body, Fields, open_fields, open_text, to_cbor};
pub use calls::{NOT_A_COLLEAGUE, REMIND};
pub use clock::clock;
pub(crate) use lines::follow;
pub use lines::{LINES_MAX, Lines, Worth, base_of, followed_by, lines, lines_of, shift};
pub use making::Making;
pub use many::{Change, ROWS, create_many, update_many};
pub use matching::with_any;
pub use merged::{MERGED, come_back, family, go_into, in_use, merged_into, now_into, was_within};
pub use once::{KEY_MAX, Once, done_before, first, keep};
pub use protect::{RESEAL, protect};
pub use reseal::{put_resealed, reseal_leaf, reseal_salt};
pub(crate) use restore::back;
pub use restore::restore;
pub use row::{Facts, Record, State, StoredRecord, box_context, find, find_by_doc, find_many, lock, open, open_all};
pub use show::{Cell, Detail, SHOWN, Shown, cell, in_scope, name, need, reveal, show, show_made, shown};
pub use standing::{NO_CONSENT, close_kept_by_consent, stand};
pub use write::{
    NOT_STAFF, NewRecord, OWNER, RecordPatch, amend, contact_fields, enter, find_by, insert, is_lengthened, law_of, parse_fields,
    reclassify, region, with_value,
};

/// What runs the jobs of records.
pub fn handlers() -> Handlers {
    let mut handlers = clock::handlers();
    handlers.extend([(REMIND, calls::handler()), (RESEAL, protect::handler())]);
    handlers
}

/// Makes a record. Its owner is the actor unless another is named. Event `record.created`.
///
/// Errors: forbidden; invalid_input naming each field.
pub fn create(unit: &mut Unit, permit: &Permit<WriteRecords>, new: NewRecord) -> Result<RecordId> {
    let kind = unit.app().catalogue().need(&new.kind)?;
    permit.need(&kind)?;
    unit.witness(Event::new("record.created").fields(new.fields.keys()))?;
    let owner = new.owner.or(permit.actor.staff());
    let id = insert(unit, NewRecord { owner, team: new.team.or(permit.actor.team), ..new })?;
    calls::assigned(unit, &kind, id, owner, None)?;
    Ok(id)
}

/// Changes a record and answers its new version. Event `record.updated`.
///
/// Errors: not_found when it is not in the permit's scope; version_conflict; restricted; invalid_input naming each field.
pub fn update(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RecordId, expected: Option<i64>, patch: RecordPatch) -> Result<i64> {
    let row = in_use(unit, permit, id)?;
    unit.witness(Event::new("record.updated").fields(patch.fields.keys()).records([(id, row.version)]))?;
    let owner = patch.owner;
    let version = amend(unit, id, expected, patch)?;
    if let Some(owner) = owner {
        calls::assigned(unit, &row.kind, id, owner, row.owner)?;
    }
    Ok(version)
}

/// Whether a permit reaches every record of a kind, so that lists need no look at the owner.
pub fn reaches_all(permit: &Permit<ReadRecords>, kind: &str) -> bool {
    permit.over(kind).is_some_and(|scope| scope.reach == Reach::All)
}

/// An earlier or the current version of a record, as the permit lets it be seen. Event `record.read`.
pub fn show_version(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId, version: i64, detail: Detail) -> Result<Release<Shown>> {
    let current = in_use(unit, permit, id)?;
    let row = if current.version == version { current } else { earlier(unit, current, version)? };
    let record = open(unit, row)?.ok_or_else(|| Error::not_found("version"))?;
    let shown = shown(permit, &record, detail);
    let event = Event::new("record.read").fields(shown.disclosed()).records([(id, version)]);
    unit.release(event, shown)
}

/// An earlier version as a stored record: the current row with the earlier version's columns.
pub fn earlier(unit: &mut Unit, current: StoredRecord, version: i64) -> Result<StoredRecord> {
    let kind = std::sync::Arc::clone(&current.kind);
    let found = unit.maybe(sql::VERSION_FIND, &args![current.id, version], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, open_fields(&kind, &row.get::<String>(4)?)?, row.get(5)?))
    })?;
    let (version, updated, key, leaf, open, sealed) = found.ok_or_else(|| Error::not_found("version"))?;
    Ok(StoredRecord { version, updated, key, leaf, open, sealed, ..current })
}

/// Every kept version of these records, opened with one look into the vault, each record's oldest first. Those that are gone are left out.
pub fn all_versions(unit: &mut Unit, ids: &[RecordId]) -> Result<HashMap<RecordId, Vec<Record>>> {
    let mut current: HashMap<RecordId, StoredRecord> = find_many(unit, ids)?.into_iter().map(|row| (row.id, row)).collect();
    current.retain(|_, row| row.state.is_readable());
    let mut rows = unit.all_in(sql::VERSIONS_64, ids, &[], |row| {
        let Some(now) = current.get(&row.get::<RecordId>(0)?) else { return Ok(None) };
        let open = open_fields(&now.kind, &row.get::<String>(5)?)?;
        let (version, updated, key, leaf, sealed) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(6)?);
        Ok(Some(StoredRecord { version, updated, key, leaf, open, sealed, ..now.clone() }))
    })?;
    rows.extend(current.into_values().map(Some));
    let mut found: HashMap<RecordId, Vec<Record>> = HashMap::new();
    for record in open_all(unit, rows.into_iter().flatten().collect())? {
        found.entry(record.row.id).or_default().push(record);
    }
    found.values_mut().for_each(|versions| versions.sort_by_key(|record| record.row.version));
    Ok(found)
}

/// Those of the fields that some kept version of the record has a value of.
pub fn filled(unit: &mut Unit, row: &StoredRecord, mut fields: Vec<String>) -> Result<Vec<String>> {
    let versions = all_versions(unit, &[row.id])?.remove(&row.id).unwrap_or_default();
    fields.retain(|field| versions.iter().any(|version| version.get(field).is_some()));
    Ok(fields)
}

/// The numbers and times of a record's earlier versions, newest first. Nothing is opened.
pub fn versions(unit: &mut Unit, id: RecordId) -> Result<Vec<(i64, kernel::Instant)>> {
    unit.all(sql::VERSIONS, &args![id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Where a record points to: field and record.
pub fn links_from(unit: &mut Unit, id: RecordId) -> Result<Vec<(String, RecordId)>> {
    unit.all(sql::LINKS_FROM, &args![id], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Where these records point to in one role: pairs of a record and what it points to.
pub fn links_from_each(unit: &mut Unit, ids: &[RecordId], role: &str) -> Result<Vec<(RecordId, RecordId)>> {
    unit.all_in(sql::LINKS_FROM_EACH, ids, &args![role], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What points to these records in one role: pairs of a record and what points to it.
pub fn links_to_each(unit: &mut Unit, ids: &[RecordId], role: &str) -> Result<Vec<(RecordId, RecordId)>> {
    unit.all_in(sql::LINKS_TO_EACH, ids, &args![role], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Which of these records are readable.
pub fn readable(unit: &mut Unit, ids: &[RecordId]) -> Result<HashSet<RecordId>> {
    unit.all_in(sql::READABLE, ids, &[], |row| row.get(0)).map(HashSet::from_iter)
}

/// The latest records that point to a record, apart from messages, notes, files and web events, which its timeline tells of; at most `most`.
pub fn related(unit: &mut Unit, id: RecordId, most: usize) -> Result<Vec<RecordId>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    unit.all(sql::RELATED, &args![id, most], |row| row.get(0))
}

/// What points to a record: field and record.
pub fn links_to(unit: &mut Unit, id: RecordId) -> Result<Vec<(String, RecordId)>> {
    unit.all(sql::LINKS_TO, &args![id], |row| Ok((row.get(0)?, row.get(1)?)))
}
