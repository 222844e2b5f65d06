//! The versions of one record and what each changed, as one who may read it sees it.

use kernel::{Code, Error, Instant, RecordId, Result};
use store::args;
use trail::{Event, Permit, Release, Unit, permit::ReadRecords};

use super::sql;
use crate::records::{self, Cell, Detail, Record, StoredRecord};

/// One version.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its number.
    pub version: i64,
    /// When it was made.
    pub at: Instant,
    /// Who made it: an id, `operator` or `system`.
    pub actor: Option<String>,
    /// What it changed, in the order of the kind's fields. `None` when the version, or the one before it, was destroyed.
    pub changes: Option<Vec<Changed>>,
}

/// A field that a version changed. What is masked or withheld is so here as everywhere: that it changed is told, its values are not.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The field's key.
    pub field: String,
    /// Before, if it had a value.
    pub before: Option<Cell>,
    /// After, if it has one.
    pub after: Option<Cell>,
}

/// The versions of a record, newest first, from the one below `below`; at most `most`. Event `record.read`, with every version it opened.
///
/// Errors: not_found when the record is not in the permit's scope.
pub fn history(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId, below: Option<i64>, most: usize) -> Result<Release<Vec<Step>>> {
    let row = records::find(unit, id)?.filter(|row| records::in_scope(permit, row)).ok_or_else(|| Error::not_found("record"))?;
    let earlier = records::versions(unit, id)?;
    let all = [(row.version, row.updated)].into_iter().chain(earlier).filter(|(version, _)| below.is_none_or(|below| *version < below));
    let all: Vec<(i64, Instant)> = all.take(most).collect();
    let (mut steps, mut opened) = (Vec::with_capacity(all.len()), Vec::new());
    let mut after = match all.first() {
        Some((version, _)) => version_of(unit, &row, *version, &mut opened)?,
        None => None,
    };
    for (version, at) in all {
        let before = if version > 1 { version_of(unit, &row, version - 1, &mut opened)? } else { None };
        let changes = match (&before, &after) {
            (Some(before), Some(after)) => Some(differences(permit, Some(before), after)),
            (None, Some(after)) if version == 1 => Some(differences(permit, None, after)),
            _ => None,
        };
        let actor = unit.maybe(sql::MADE_BY, &args![id, version, id, version], |row| row.get::<String>(0))?;
        steps.push(Step { version, at, actor, changes });
        after = before;
    }
    let shown = |cell: &Option<Cell>| matches!(cell, Some(Cell::Shown(_)));
    let changes = steps.iter().flat_map(|step| step.changes.iter().flatten());
    let fields: std::collections::BTreeSet<&str> =
        changes.filter(|c| shown(&c.before) || shown(&c.after)).map(|c| c.field.as_str()).collect();
    let event = Event::new("record.read").word("as", "history").fields(fields).records(opened.into_iter().map(|version| (id, version)));
    unit.release(event, steps)
}

/// One version, opened. `None` when it was destroyed.
fn version_of(unit: &mut Unit, row: &StoredRecord, version: i64, opened: &mut Vec<i64>) -> Result<Option<Record>> {
    let stored = if version == row.version {
        row.clone()
    } else {
        match records::earlier(unit, row.clone(), version) {
            Ok(earlier) => earlier,
            Err(error) if error.code() == Code::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
    };
    let record = records::open(unit, stored)?;
    opened.extend(record.iter().map(|_| version));
    Ok(record)
}

fn differences(permit: &Permit<ReadRecords>, before: Option<&Record>, after: &Record) -> Vec<Changed> {
    let row = &after.row;
    let mut changes = Vec::new();
    for field in &row.kind.fields {
        let (old, new) = (before.and_then(|record| record.get(&field.key)), after.get(&field.key));
        if old == new {
            continue;
        }
        let seen = |value: Option<&catalogue::Value>| value.map(|value| records::cell(permit, row, field, value, Detail::Masked));
        changes.push(Changed { field: field.key.clone(), before: seen(old), after: seen(new) });
    }
    changes
}

/// What going back to an earlier version would change.
#[derive(Clone, Debug)]
pub struct WayBack {
    /// The version that would be gone back to.
    pub to: i64,
    /// The record's version now.
    pub from: i64,
    /// The fields that would change, in the order of the kind's fields: `before` is now, `after` what was then.
    pub changes: Vec<Changed>,
    /// The keys of those whose value of that version was destroyed: they stay as they are.
    pub lost: Vec<String>,
}

/// What [`records::restore`] would change. Event `record.read`, with both versions.
///
/// Errors: not_found when the record is not in the permit's scope, or the version is not there, is the current one, or was destroyed.
pub fn way_back(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId, to: i64) -> Result<Release<WayBack>> {
    let row = records::find(unit, id)?.filter(|row| records::in_scope(permit, row)).ok_or_else(|| Error::not_found("record"))?;
    if to < 1 || to >= row.version {
        return Err(Error::not_found("version"));
    }
    let mut opened = Vec::new();
    let then = version_of(unit, &row, to, &mut opened)?.ok_or_else(|| Error::not_found("version"))?;
    let now = version_of(unit, &row, row.version, &mut opened)?.ok_or_else(|| Error::not_found("record"))?;
    let back = records::back(&now, &then);
    let mut changes = differences(permit, Some(&now), &then);
    changes.retain(|change| back.fields.contains_key(&change.field));
    let shown = |cell: &Option<Cell>| matches!(cell, Some(Cell::Shown(_)));
    let fields: std::collections::BTreeSet<&str> =
        changes.iter().filter(|c| shown(&c.before) || shown(&c.after)).map(|c| c.field.as_str()).collect();
    let event = Event::new("record.read").word("as", "way_back").fields(fields).records(opened.into_iter().map(|version| (id, version)));
    unit.release(event, WayBack { to, from: row.version, changes, lost: back.lost })
}
