//! Many records made or changed in one unit, each row with a result of its own: one bad row stops no other.

use kernel::{Code, Error, RecordId, Result};
use trail::{Event, Permit, Unit, permit::WriteRecords};

use super::{Making, NewRecord, RecordPatch, amend, find, in_scope};

/// The most rows of one unit.
pub const ROWS: usize = 200;

/// A change to one record of many.
#[derive(Clone, Debug)]
pub struct Change {
    /// Which.
    pub id: RecordId,
    /// The version it must be at; `None` for whichever it is.
    pub expected: Option<i64>,
    /// What changes.
    pub patch: RecordPatch,
}

/// Makes records, at most [`ROWS`]. Event `record.created`. Errors: forbidden; too_large; a row's own error is its result.
pub fn create_many(unit: &mut Unit, permit: &Permit<WriteRecords>, kind: &str, rows: Vec<NewRecord>) -> Result<Vec<Result<RecordId>>> {
    let described = unit.app().catalogue().need(kind)?;
    permit.need(&described)?;
    bounded(rows.len())?;
    let fields: std::collections::BTreeSet<String> = rows.iter().flat_map(|row| row.fields.keys().cloned()).collect();
    unit.witness(Event::new("record.created").word("kind", kind).fields(fields).count("rows", rows.len()))?;
    let (mut making, mut results) = (Making::default(), Vec::with_capacity(rows.len()));
    for new in rows {
        let owner = new.owner.or(permit.actor.staff());
        let new = NewRecord { kind: kind.to_owned(), owner, team: new.team.or(permit.actor.team), ..new };
        results.push(settled(making.add(unit, new))?);
    }
    making.write(unit)?;
    Ok(results)
}

/// Changes records of one kind, at most [`ROWS`], in this order. Event `record.updated`. Errors: forbidden; too_large; a row's own error is its result.
pub fn update_many(unit: &mut Unit, permit: &Permit<WriteRecords>, kind: &str, rows: Vec<Change>) -> Result<Vec<Result<i64>>> {
    let described = unit.app().catalogue().need(kind)?;
    permit.need(&described)?;
    bounded(rows.len())?;
    let fields: std::collections::BTreeSet<String> = rows.iter().flat_map(|row| row.patch.fields.keys().cloned()).collect();
    unit.witness(Event::new("record.updated").word("kind", kind).fields(fields).count("rows", rows.len()))?;
    let mut results = Vec::with_capacity(rows.len());
    for Change { id, expected, patch } in rows {
        let known = find(unit, id)?.is_some_and(|row| row.kind.key == kind && in_scope(permit, &row));
        let result = if known { amend(unit, id, expected, patch) } else { Err(Error::not_found("record")) };
        results.push(settled(result)?);
    }
    Ok(results)
}

fn bounded(rows: usize) -> Result<()> {
    if rows > ROWS { Err(Error::new(Code::TooLarge, format!("At most {ROWS} records in one unit."))) } else { Ok(()) }
}

/// A row's refusal is its result; [`Making::add`] and [`amend`] refuse before they write anything. Whatever else fails ends the unit.
fn settled<T>(result: Result<T>) -> Result<Result<T>> {
    match result {
        Err(error) if matches!(error.code(), Code::Internal | Code::Unavailable | Code::StorageFull) => Err(error),
        other => Ok(other),
    }
}
