//! Many records found by value at once: what import and capture recognise people and duplicates by.

use std::collections::HashSet;

use catalogue::Kind;
use kernel::Result;
use trail::Unit;

use super::{Record, index, row};

/// How many values are looked up in one statement.
const AT_ONCE: usize = 100;
/// How many records a statement may find.
const FOUND: usize = 2_000;

/// The readable records of a kind whose field has one of these values, each with the value it was found by. Values are given in their
/// one form ([`index::exact_form`]) and confirmed after opening; a record that has several of them stands several times.
pub fn with_any(unit: &mut Unit, kind: &Kind, field: &str, forms: &[String]) -> Result<Vec<(String, Record)>> {
    let Some(field) = kind.field(field) else { return Ok(Vec::new()) };
    let name = index::token_field(&kind.key, &field.key);
    let tokens: Vec<i64> = {
        let keyring = unit.app().keyring();
        forms.iter().map(|form| keyring.tokens().exact(&name, form)).collect()
    };
    let mut docs = HashSet::new();
    for chunk in tokens.chunks(AT_ONCE) {
        docs.extend(store::tokens::find(unit.dialect(), &[chunk.to_vec()], FOUND)?);
    }
    let mut rows = Vec::new();
    for doc in docs {
        rows.extend(row::find_by_doc(unit, doc)?.filter(|r| r.kind.key == kind.key && r.state.is_readable() && r.facts.merged.is_none()));
    }
    let wanted: HashSet<&str> = forms.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for record in row::open_all(unit, rows)? {
        let region = record.row.law.get(..2);
        let values = record.get(&field.key).map(|value| value.each().to_vec()).unwrap_or_default();
        let forms: HashSet<String> = values.iter().map(|value| index::exact_form(field, &value.display(), region)).collect();
        found.extend(forms.into_iter().filter(|form| wanted.contains(form.as_str())).map(|form| (form, record.clone())));
    }
    Ok(found)
}
