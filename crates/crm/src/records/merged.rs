//! Records that were merged into another.
//!
//! Such a record is used by nobody: no list, search, timeline or export has it, nothing new points to it, nobody changes it. It is kept all
//! the same, under its own key and its own retention decision, with its versions and their leaves: in what concerns a person, in backups
//! and in what is verified it stands like any other. Where it went is one of its facts, which its leaf commits to.

use std::collections::HashMap;

use catalogue::Purposes;
use kernel::{Code, Error, RecordId, Result};
use store::args;
use trail::{Permit, Privilege, Unit};

use super::{
    Facts, Record, StoredRecord, index,
    making::name_place,
    row,
    show::{in_scope, within},
    sql,
    write::{is_lengthened, reclassify, region},
};

/// What is wrong with a record that was merged into another: the problem's `detail` is that other's id.
pub const MERGED: &str = "merged";

/// A record was merged: where its data are now.
pub fn merged_into(into: RecordId) -> Error {
    let words = "This record was merged into another one. Use that one: its id stands under /merged_into.";
    Error::new(Code::Conflict, words).at("/merged_into", MERGED, into.to_string())
}

/// A record within a permit's scope. Errors: conflict with the problem [`MERGED`] when it was merged into one that is; not_found.
pub fn in_use<P: Privilege>(unit: &mut Unit, permit: &Permit<P>, id: RecordId) -> Result<StoredRecord> {
    let found = row::find(unit, id)?;
    if let Some(into) = found.as_ref().and_then(|row| row.facts.merged)
        && row::find(unit, into)?.is_some_and(|row| in_scope(permit, &row))
    {
        return Err(merged_into(into));
    }
    found.filter(|row| in_scope(permit, row)).ok_or_else(|| Error::not_found("record"))
}

/// Whether a permit reaches a record that was merged, but for what it may be used for: by its kind, class, owner and team, and the record
/// that it was merged into.
pub fn was_within<P: Privilege>(unit: &mut Unit, permit: &Permit<P>, row: &StoredRecord) -> Result<bool> {
    let Some(into) = row.facts.merged.filter(|_| within(permit, row)) else { return Ok(false) };
    Ok(row::find(unit, into)?.is_some_and(|row| in_scope(permit, &row)))
}

/// What was merged into a record, directly or by way of others: with it, all that is held as one person or thing.
pub fn family(unit: &mut Unit, id: RecordId) -> Result<Vec<RecordId>> {
    unit.all(sql::MERGED_INTO, &args![id], |row| row.get(0))
}

/// Which of these records were merged, and where each is now.
pub fn now_into(unit: &mut Unit, ids: &[RecordId]) -> Result<HashMap<RecordId, RecordId>> {
    Ok(unit.all_in(sql::MERGED_64, ids, &[], |row| Ok((row.get(0)?, row.get(1)?)))?.into_iter().collect())
}

/// Takes a record out of use because it is merged into another, in a unit that has witnessed its event; one that was merged already goes
/// where what it was merged into goes. Answers its new version.
pub fn go_into(unit: &mut Unit, record: &Record, into: RecordId) -> Result<i64> {
    let row = &record.row;
    let version = reclassify(unit, row.id, &Facts { merged: Some(into), ..row.facts.clone() })?;
    if row.facts.merged.is_none() {
        let tokens = index::tokens(&unit.app().keyring().tokens(), &row.kind, &record.body.sealed, region(&row.law));
        store::tokens::remove(unit.dialect(), row.doc, &tokens)?;
        unit.run(sql::SORT_GONE, &args![row.id])?;
        unit.run(sql::USABLE, &args![row.id, Purposes::NONE.bits()])?;
    }
    Ok(version)
}

/// Brings a merged record back into use, for these purposes, in a unit that has witnessed its event. Answers its new version.
pub fn come_back(unit: &mut Unit, record: &Record, usable: Purposes) -> Result<i64> {
    let row = &record.row;
    let version = reclassify(unit, row.id, &Facts { merged: None, ..row.facts.clone() })?;
    let tokens = index::tokens(&unit.app().keyring().tokens(), &row.kind, &record.body.sealed, region(&row.law));
    store::tokens::put(unit.dialect(), row.doc, &tokens)?;
    let prefix = name_place(&row.kind, &record.body.sealed, |prefix| is_lengthened(unit, &row.kind.key, prefix))?;
    unit.insert_many(sql::SORT_INSERT, 3, &args![row.id, row.kind.key.as_str(), prefix])?;
    unit.run(sql::USABLE, &args![row.id, usable.bits()])?;
    Ok(version)
}
