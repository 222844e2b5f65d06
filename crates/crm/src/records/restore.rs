//! Going back to an earlier version: what it would change, and the new version that does.

use std::collections::BTreeMap;

use catalogue::Value;
use kernel::{Code, Error, RecordId, Result};
use trail::{Event, Permit, Unit, permit::WriteRecords};

use super::{Record, RecordPatch, amend, earlier, in_use, open};

/// What going back changes: the fields to set or empty, and those whose earlier value was destroyed, which stay as they are.
pub(crate) struct Back {
    pub fields: BTreeMap<String, Option<Value>>,
    pub lost: Vec<String>,
}

/// What it takes to make one version's fields those of another. What only the product writes stays.
pub(crate) fn back(from: &Record, to: &Record) -> Back {
    let mut back = Back { fields: BTreeMap::new(), lost: Vec::new() };
    for field in from.row.kind.fields.iter().filter(|field| !field.system && !field.retired) {
        let (now, then) = (from.get(&field.key), to.get(&field.key));
        if now == then {
            continue;
        }
        if then.is_none() && to.body.is_erased(&field.key) {
            back.lost.push(field.key.clone());
        } else {
            back.fields.insert(field.key.clone(), then.cloned());
        }
    }
    back
}

/// Makes a record's fields those of an earlier version again: a new version, nothing is forgotten. A field whose value of that version was
/// destroyed since stays as it is; so do the owner and what only the product writes. Answers the new version; the old one when nothing
/// changes. Undo is going back to the version before one's own. Event `record.updated` with the word `restored`.
///
/// Errors: not_found for the record or the version; version_conflict when `expected` is not the current version; restricted; invalid_input
/// when a link of that version points to what is gone.
pub fn restore(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RecordId, to: i64, expected: i64) -> Result<i64> {
    let row = in_use(unit, permit, id)?;
    if row.version != expected {
        let words = format!("Somebody changed this meanwhile: it is at version {} now. Load it again and look what changed.", row.version);
        return Err(Error::new(Code::VersionConflict, words));
    }
    if to < 1 || to >= expected {
        return Err(Error::not_found("version"));
    }
    let then = earlier(unit, row.clone(), to)?;
    let then = open(unit, then)?.ok_or_else(|| Error::not_found("version"))?;
    let now = open(unit, row)?.ok_or_else(|| Error::not_found("record"))?;
    let Back { fields, .. } = back(&now, &then);
    unit.witness(Event::new("record.updated").word("restored", to.to_string()).fields(fields.keys()).records([(id, expected), (id, to)]))?;
    amend(unit, id, Some(expected), RecordPatch { fields, owner: None })
}
