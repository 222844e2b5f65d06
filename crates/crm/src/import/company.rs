//! The company that a row names: found by its name, or made.

use std::collections::{BTreeMap, HashMap};

use catalogue::{Kind, Value, company};
use kernel::{RecordId, Result};
use trail::Unit;

use crate::records::{self, Making, NewRecord, index};

/// Names so common that more of them are not opened to compare.
const COMPARED: usize = 200;

/// Companies by their folded name, as known in one run.
pub(super) type Known = HashMap<String, RecordId>;

/// The company of this name; `None` when there is none yet.
fn find(unit: &mut Unit, name: &str) -> Result<Option<RecordId>> {
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

/// The companies of one unit.
pub(super) struct Companies<'k> {
    known: &'k Known,
    /// Found or made in this unit.
    pub fresh: Known,
    /// Made since they were last told of.
    pub made: Vec<RecordId>,
}

impl<'k> Companies<'k> {
    /// Looks for the companies of these names that are not known yet.
    pub fn look_up<'n>(unit: &mut Unit, known: &'k Known, names: impl Iterator<Item = &'n String>) -> Result<Self> {
        let mut new: BTreeMap<String, &String> = names.map(|name| (vault::fold(name.trim()), name)).collect();
        new.retain(|folded, _| !known.contains_key(folded));
        let mut fresh = Known::new();
        for (folded, name) in new {
            if let Some(id) = find(unit, name)? {
                fresh.insert(folded, id);
            }
        }
        Ok(Self { known, fresh, made: Vec::new() })
    }

    /// The companies that a row names, by field; those that there are not yet are made.
    pub fn resolve(
        &mut self,
        unit: &mut Unit,
        making: &mut Making,
        named: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, RecordId>> {
        let mut links = BTreeMap::new();
        for (key, name) in named {
            let folded = vault::fold(name.trim());
            let id = match self.known.get(&folded).or_else(|| self.fresh.get(&folded)) {
                Some(id) => *id,
                None => {
                    let fields = [(company::NAME.to_owned(), Value::Text(name.to_owned()))].into();
                    let (owner, team) = (unit.actor().staff(), unit.actor().team);
                    let id = making.add(unit, NewRecord { owner, team, ..NewRecord::new(company::KIND, fields) })?;
                    self.made.push(id);
                    self.fresh.insert(folded, id);
                    id
                }
            };
            links.insert(key.clone(), id);
        }
        Ok(links)
    }
}

/// Whether rows of this kind can name companies at all.
pub(super) fn is_named_by(kind: &Kind) -> bool {
    kind.fields.iter().any(|f| f.links_to.as_deref() == Some(company::KIND))
}
