//! The records that links of rows lead to, found by an address or a number of theirs.

use std::collections::{BTreeMap, HashMap, HashSet};

use catalogue::{Kind, Value};
use kernel::{RecordId, Result};
use trail::{Permit, Unit, permit::Import};

use super::row::{Draft, Sought};
use crate::records::{self, Fields};

/// Kind, field and value of what is looked for.
type Wanted = (String, String, String);

/// What the links of one unit lead to.
pub(super) struct Links(HashMap<Wanted, HashSet<RecordId>>);

fn wanted(sought: &Sought) -> Wanted {
    (sought.lookup.kind.key.clone(), sought.lookup.by.key.clone(), sought.form.clone())
}

impl Links {
    /// Looks for all of them at once. What this permit does not reach is not there.
    pub fn look_up<'s>(unit: &mut Unit, permit: &Permit<Import>, all: impl Iterator<Item = &'s Sought>) -> Result<Self> {
        let mut by_field: BTreeMap<(&str, &str), (&Kind, HashSet<&String>)> = BTreeMap::new();
        for sought in all {
            let (kind, by) = (&sought.lookup.kind, &sought.lookup.by);
            by_field.entry((&kind.key, &by.key)).or_insert_with(|| (kind, HashSet::new())).1.insert(&sought.form);
        }
        let mut links = HashMap::new();
        for ((key, by), (kind, forms)) in by_field {
            let forms: Vec<String> = forms.into_iter().cloned().collect();
            for (form, record) in records::with_any(unit, kind, by, &forms)? {
                if records::in_scope(permit, &record.row) {
                    links.entry((key.to_owned(), by.to_owned(), form)).or_insert_with(HashSet::new).insert(record.row.id);
                }
            }
        }
        Ok(Self(links))
    }

    /// What a row's links lead to. A link to one record is found by whichever of its columns finds it, and they must not name two.
    /// The error is the reason why the row fails.
    pub fn resolve(&self, draft: &Draft) -> Result<Fields, String> {
        let mut links: BTreeMap<&str, Vec<RecordId>> = BTreeMap::new();
        let mut missing: BTreeMap<&str, bool> = BTreeMap::new();
        for sought in &draft.found {
            let link = &sought.lookup.link;
            let ids = self.0.get(&wanted(sought));
            if ids.is_some_and(|ids| ids.len() > 1) {
                return Err(format!("{}:ambiguous", link.key));
            }
            match ids.and_then(|ids| ids.iter().next()) {
                Some(id) => {
                    let found = links.entry(&link.key).or_default();
                    if !found.contains(id) {
                        found.push(*id);
                    }
                    if found.len() > 1 && !link.many {
                        return Err(format!("{}:ambiguous", link.key));
                    }
                }
                None => drop(missing.insert(&link.key, link.many)),
            }
        }
        // Of a link to several records each must be there; of a link to one, one of its columns must lead there.
        if let Some((key, _)) = missing.iter().find(|(key, many)| **many || !links.contains_key(**key)) {
            return Err(format!("{key}:not_found"));
        }
        let many = |key: &str| draft.found.iter().any(|sought| sought.lookup.link.key == key && sought.lookup.link.many);
        let value = |key: &str, ids: Vec<RecordId>| match ids.first() {
            Some(id) if !many(key) => Value::Link(*id),
            _ => Value::List(ids.into_iter().map(Value::Link).collect()),
        };
        Ok(links.into_iter().map(|(key, ids)| (key.to_owned(), value(key, ids))).collect())
    }
}
