//! The company that a row names: found by its name, or made.

use std::collections::{BTreeMap, HashMap};

use catalogue::{Kind, Value, company};
use kernel::{RecordId, Result};
use trail::Unit;

use crate::records::{self, NewRecord, index};

/// Names so common that more of them are not opened to compare.
const COMPARED: usize = 200;

/// Companies by their folded name, as known in one run.
pub(super) type Known = HashMap<String, RecordId>;

/// The company of this name; `None` when there is none yet.
pub(super) fn find(unit: &mut Unit, name: &str) -> Result<Option<RecordId>> {
    let kind = unit.app().catalogue().need(company::KIND)?;
    let field = index::token_field(company::KIND, company::NAME);
    let groups: Vec<Vec<i64>> = {
        let keyring = unit.app().keyring();
        keyring.tokens().words(&field, name).into_iter().map(|token| vec![token]).collect()
    };
    let mut rows = Vec::new();
    for doc in store::tokens::find(unit.dialect(), &groups, COMPARED)? {
        rows.extend(records::find_by_doc(unit, doc)?.filter(|r| r.kind.key == kind.key && r.state == records::State::Live));
    }
    let wanted = vault::fold(name);
    let mut same: Vec<RecordId> = Vec::new();
    for record in records::open_all(unit, rows)? {
        if record.text(company::NAME).is_some_and(|n| vault::fold(n.trim()) == wanted) {
            same.push(record.row.id);
        }
    }
    // Of several the oldest, so that two runs choose alike.
    Ok(same.into_iter().min())
}

/// The companies that a row names, by field; those that were made for it are added to `made`.
pub(super) fn resolve(
    unit: &mut Unit,
    named: &BTreeMap<String, String>,
    known: &Known,
    fresh: &mut Known,
    made: &mut Vec<RecordId>,
) -> Result<BTreeMap<String, RecordId>> {
    let mut links = BTreeMap::new();
    for (key, name) in named {
        let folded = vault::fold(name.trim());
        let id = match known.get(&folded).or_else(|| fresh.get(&folded)) {
            Some(id) => *id,
            None => {
                let id = match find(unit, name)? {
                    Some(id) => id,
                    None => {
                        let id = make(unit, name)?;
                        made.push(id);
                        id
                    }
                };
                fresh.insert(folded, id);
                id
            }
        };
        links.insert(key.clone(), id);
    }
    Ok(links)
}

fn make(unit: &mut Unit, name: &str) -> Result<RecordId> {
    let fields = [(company::NAME.to_owned(), Value::Text(name.to_owned()))].into();
    let owner = unit.actor().staff();
    records::insert(unit, NewRecord { owner, team: unit.actor().team, ..NewRecord::new(company::KIND, fields) })
}

/// Whether rows of this kind can name companies at all.
pub(super) fn is_named_by(kind: &Kind) -> bool {
    kind.fields.iter().any(|f| f.links_to.as_deref() == Some(company::KIND))
}
