//! What saved views ask of somebody goes when that somebody goes.

use std::collections::BTreeSet;

use catalogue::{Field, FieldType, Kind, Value};
use kernel::{OrderId, Result};
use serde_json::Value as Json;
use store::args;
use trail::Unit;

use super::{Stored, Words, seal, sql, unlist};
use crate::{
    records::{self, Record, index},
    search,
    views::Filter,
};

/// Takes what names these records out of every saved view, whoever's it is, before their destruction: a condition on a record's id, on an
/// address or number of its own, on a person's whole name; and the name of a view that names them. What is left is sealed under a new key and
/// the old one destroyed; a view that asked nothing else is deleted, for without its condition it would show everything.
///
/// Part of the unit that writes the order.
pub(crate) fn forget(unit: &mut Unit, order: OrderId, gone: &[Record]) -> Result<()> {
    let stored = store::dialect::lock(unit.dialect(), sql::SAVED_ALL, &[], Stored::read)?;
    if stored.is_empty() {
        return Ok(());
    }
    let known: Vec<Known> = gone.iter().map(Known::of).collect();
    let catalogue = unit.app().catalogue();
    for stored in stored {
        // Its key is gone: so are its words.
        let Some(Words { mut name, mut look }) = stored.words(unit)? else { continue };
        let kind = catalogue.kind(&stored.kind).cloned();
        let called = known.iter().any(|one| one.is_named_by(&name));
        if called {
            name = kind.as_ref().map_or_else(|| stored.kind.clone(), |kind| kind.plural.clone());
        }
        let asked = look.filter.take();
        let (had, mut cut) = (asked.is_some(), false);
        look.filter = asked.and_then(|filter| left(filter, kind.as_deref(), &known, &mut cut));
        if !called && !cut {
            continue;
        }
        if had && look.filter.is_none() {
            unlist(unit, &stored)?;
        } else {
            let (key, now) = (unit.new_key("view")?, unit.now());
            let sealed = seal(unit, key, stored.id, &Words { name, look })?;
            unit.run(sql::SAVED_RESEAL, &args![stored.id, stored.version + 1, now, key, sealed])?;
        }
        unit.shred(stored.key, order.bytes())?;
    }
    Ok(())
}

/// The fewest characters by which an address or number is recognised within other words.
const SHORTEST: usize = 5;

/// By what a record is known.
struct Known {
    id: String,
    /// Addresses and numbers, as they are looked up by their whole.
    contacts: BTreeSet<String>,
    /// The words of a person's name.
    name: BTreeSet<String>,
}

impl Known {
    fn of(record: &Record) -> Self {
        let kind = &record.row.kind;
        let mut contacts = BTreeSet::new();
        for field in records::contact_fields(kind) {
            for value in record.get(&field.key).map(Value::each).unwrap_or_default() {
                let text = value.display();
                contacts.insert(index::exact_form(field, &text, records::region(&record.row.law)));
                contacts.insert(vault::fold(&text));
            }
        }
        let name = if kind.is_person { vault::words(&record.title()).into_iter().collect() } else { BTreeSet::new() };
        Self { id: record.row.id.to_string(), contacts, name }
    }

    fn is_named_by(&self, text: &str) -> bool {
        let words: BTreeSet<String> = vault::words(text).into_iter().collect();
        let folded = vault::fold(text);
        let holds = |contact: &String| contact.chars().count() >= SHORTEST && folded.contains(contact.as_str());
        (!self.name.is_empty() && self.name.is_subset(&words)) || self.contacts.iter().any(holds)
    }

    fn is_asked_by(&self, field: Option<&Field>, value: &Json) -> bool {
        let Some(text) = value.as_str() else { return false };
        let contact = |field: &Field| matches!(field.kind, FieldType::Email | FieldType::Phone);
        let forms = field.filter(|field| contact(field)).map(|field| search::forms(field, text)).unwrap_or_default();
        // An open field holds no name: a choice may be called as somebody is.
        let may_name = field.is_none_or(|field| field.is_sealed());
        text == self.id || forms.iter().any(|form| self.contacts.contains(form)) || (may_name && self.is_named_by(text))
    }
}

/// What is left of a filter without its conditions on those who go.
fn left(filter: Filter, kind: Option<&Kind>, known: &[Known], cut: &mut bool) -> Option<Filter> {
    let mut inside = |all: Vec<Filter>| {
        let empty = all.is_empty();
        let rest: Vec<Filter> = all.into_iter().filter_map(|one| left(one, kind, known, cut)).collect();
        (empty || !rest.is_empty()).then_some(rest)
    };
    match filter {
        Filter::All { all } => inside(all).map(|all| Filter::All { all }),
        Filter::Any { any } => inside(any).map(|any| Filter::Any { any }),
        Filter::One(mut one) => {
            let field = kind.and_then(|kind| kind.field(&one.field));
            let names = |value: &Json| known.iter().any(|known| known.is_asked_by(field, value));
            let stays = match &mut one.value {
                Json::Array(values) => {
                    let before = values.len();
                    values.retain(|value| !names(value));
                    *cut |= values.len() < before;
                    before == values.len() || !values.is_empty()
                }
                value => {
                    let named = names(value);
                    *cut |= named;
                    !named
                }
            };
            stays.then_some(Filter::One(one))
        }
    }
}
