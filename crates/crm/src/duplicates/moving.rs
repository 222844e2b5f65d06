//! What a merge moves and what goes back: links of other records as versions of their own, entries of the timeline; a portion a unit.

use std::collections::BTreeMap;

use catalogue::Value;
use kernel::{Code, Instant, RecordId, Result};
use store::args;
use trail::Unit;

use super::{MergeId, sql};
use crate::records::{self, Record, RecordPatch};

/// The records whose links one unit moves.
pub(super) const LINKS: i64 = 100;
/// The entries of a timeline that one unit moves.
pub(super) const ENTRIES: i64 = 400;

/// From where to where.
#[derive(Clone, Copy)]
pub(super) struct Way {
    pub merge: MergeId,
    pub from: RecordId,
    pub to: RecordId,
}

/// What became of a record whose fields were to be as they were before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TakenBack {
    /// Fields that are as they were.
    pub restored: Vec<String>,
    /// Fields that were changed since, or whose earlier value was destroyed.
    pub left: Vec<String>,
}

/// Moves the next portion, in a unit that has witnessed its event; says whether that was all.
pub(super) fn on(unit: &mut Unit, way: Way) -> Result<bool> {
    let entries = unit.all(sql::ENTRIES, &args![way.from, way.to, ENTRIES], |row| Ok((row.get::<Instant>(0)?, row.get::<[u8; 16]>(1)?)))?;
    let mut notes = Vec::with_capacity(entries.len() * 3);
    for (at, entry) in &entries {
        unit.run(sql::ENTRY_MOVE, &args![way.from, way.to, *at, *entry])?;
        notes.extend(args![way.merge, *at, *entry]);
    }
    unit.insert_many(sql::ENTRY_NOTE, 3, &notes)?;
    let linking = unit.all(sql::LINKING, &args![way.from, way.merge, LINKS], |row| row.get::<RecordId>(0))?;
    for id in &linking {
        let (before, after) = point(unit, *id, way)?;
        unit.insert_many(sql::LINK_NOTE, 4, &args![way.merge, *id, before, after])?;
    }
    let full = |n: usize, most: i64| i64::try_from(n).is_ok_and(|n| n == most);
    Ok(!full(entries.len(), ENTRIES) && !full(linking.len(), LINKS))
}

/// Points a record's links elsewhere; answers its version before and after, the same when it cannot be.
fn point(unit: &mut Unit, id: RecordId, way: Way) -> Result<(i64, i64)> {
    let Some(row) = records::find(unit, id)? else { return Ok((0, 0)) };
    let before = row.version;
    let mut fields = BTreeMap::new();
    for (key, value) in &row.open {
        if let Some(moved) = pointed(value, way) {
            fields.insert(key.clone(), Some(moved));
        }
    }
    match records::amend(unit, id, None, RecordPatch { fields, owner: None }) {
        Ok(after) => Ok((before, after)),
        // It would not be whole today: it stays as it is, and so does what it points to.
        Err(error) if matches!(error.code(), Code::InvalidInput | Code::Conflict | Code::Restricted) => Ok((before, before)),
        Err(error) => Err(error),
    }
}

/// A value whose links point elsewhere, each once; nothing when none does.
fn pointed(value: &Value, way: Way) -> Option<Value> {
    match value {
        Value::Link(id) if *id == way.from => Some(Value::Link(way.to)),
        Value::List(all) if all.contains(&Value::Link(way.from)) => {
            let mut moved: Vec<Value> = Vec::with_capacity(all.len());
            for one in all {
                let one = if *one == Value::Link(way.from) { Value::Link(way.to) } else { one.clone() };
                if !moved.contains(&one) {
                    moved.push(one);
                }
            }
            Some(Value::List(moved))
        }
        _ => None,
    }
}

/// Takes the next portion back; says whether that was all, and how many records could not be pointed back.
pub(super) fn back(unit: &mut Unit, way: Way) -> Result<(bool, usize)> {
    let entries = unit.all(sql::ENTRIES_NOTED, &args![way.merge, ENTRIES], |row| Ok((row.get::<Instant>(0)?, row.get::<[u8; 16]>(1)?)))?;
    for (at, entry) in &entries {
        unit.run(sql::ENTRY_MOVE, &args![way.to, way.from, *at, *entry])?;
        unit.run(sql::ENTRY_FORGET, &args![way.merge, *at, *entry])?;
    }
    let read = |row: &store::Row| Ok((row.get::<RecordId>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?));
    let noted = unit.all(sql::LINKS_NOTED, &args![way.merge, LINKS], read)?;
    let mut left = 0;
    for (id, before, after) in &noted {
        left += usize::from(!take_back(unit, *id, *before, *after)?.left.is_empty());
        unit.run(sql::LINK_FORGET, &args![way.merge, *id])?;
    }
    let full = |n: usize, most: i64| i64::try_from(n).is_ok_and(|n| n == most);
    Ok((!full(entries.len(), ENTRIES) && !full(noted.len(), LINKS), left))
}

/// Makes what one version changed of a record undone, where it was not changed again since: a new version.
pub(super) fn take_back(unit: &mut Unit, id: RecordId, before: i64, after: i64) -> Result<TakenBack> {
    let mut taken = TakenBack::default();
    if before == after {
        return Ok(taken);
    }
    let Some(row) = records::find(unit, id)?.filter(|row| row.state.is_readable()) else { return Ok(taken) };
    let version = |unit: &mut Unit, n: i64| -> Result<Option<Record>> {
        if n == row.version {
            return records::open(unit, row.clone());
        }
        match records::earlier(unit, row.clone(), n) {
            Ok(earlier) => records::open(unit, earlier),
            Err(error) if error.code() == Code::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    };
    let (Some(then), Some(made), Some(now)) = (version(unit, before)?, version(unit, after)?, version(unit, row.version)?) else {
        return Ok(taken);
    };
    let mut patch = RecordPatch::default();
    for field in &row.kind.fields {
        let key = field.key.as_str();
        let (was, became, is) = (then.get(key), made.get(key), now.get(key));
        if was == became || is == was {
            continue;
        }
        if is == became && !(was.is_none() && then.body.is_erased(key)) {
            patch.fields.insert(field.key.clone(), was.cloned());
            taken.restored.push(field.key.clone());
        } else {
            taken.left.push(field.key.clone());
        }
    }
    match records::amend(unit, id, None, patch) {
        Ok(_) => {}
        Err(error) if matches!(error.code(), Code::InvalidInput | Code::Conflict | Code::Restricted) => {
            taken.left.append(&mut taken.restored);
        }
        Err(error) => return Err(error),
    }
    Ok(taken)
}
