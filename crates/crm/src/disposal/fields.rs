//! Destroying a part: some fields of a record, or one of several people in it.
//!
//! The record gets a new key; every kept version is sealed again without what goes (its values and their salts), the keys of its files are
//! wrapped again, and the old key is destroyed through an order like any other. Each version sealed again has a leaf of its own
//! (`records::reseal_leaf`).

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{FieldType, Value, person};
use kernel::{Error, KeyId, OrderId, RecordId, Result};
use store::args;
use trail::{Actor, App, Unit};

use super::{
    Cause, fate,
    order::{self, Item, NewOrder},
    sheet::Approval,
    sql,
};
use crate::{
    records::{self, Facts, Fields, Record, RecordPatch, StoredRecord, index},
    retention::{self, Desk},
    views,
};

/// What stands where a person's name or address stood in a text.
const REMOVED: &str = "[removed]";
/// Shorter words are no identifiers: they would take half a text with them.
const SHORTEST: usize = 3;

/// Step 1 for some fields of one record: every kept version is sealed again without them under a new key. The record stays in use.
/// Event `record.destroying`.
///
/// Errors: as [`super::order()`]; invalid_input for what is no field of its kind; conflict when nothing stands in them.
pub fn order_fields(unit: &mut Unit, cause: &Cause, id: RecordId, fields: &[String]) -> Result<OrderId> {
    let order = OrderId::mint(unit.env());
    order_fields_as(unit, order, cause, id, fields, Vec::new())?;
    Ok(order)
}

/// As [`order_fields`], for a proposal with its approvals.
pub(super) fn order_fields_as(
    unit: &mut Unit,
    order_id: OrderId,
    cause: &Cause,
    id: RecordId,
    fields: &[String],
    approvals: Vec<Approval>,
) -> Result<()> {
    let fields: BTreeSet<String> = fields.iter().cloned().collect();
    let desk = Desk::open(unit)?;
    let row = order::locked(unit, cause, id)?;
    ensure_known(&row.kind, &fields)?;
    let fields: Vec<String> = fields.into_iter().collect();
    let (case, decision) = fate::judge(unit, &desk, cause, &row)?;
    fate::ensure_fields(cause, &decision, &fields)?;
    order::ensure_approved(unit.actor(), &approvals, fate::approvals_needed(&desk, cause, &decision, &fields))?;
    let everything = retention::identifying(&row.kind).iter().all(|field| fields.contains(field));
    let fields = records::filled(unit, &row, fields)?;
    if fields.is_empty() {
        return Err(Error::new(kernel::Code::Conflict, "No version of the record has anything in these fields."));
    }
    let old = row.key;
    unit.witness(order::event(order_id, cause).fields(&fields).records([(id, row.version)]))?;
    let items = [Item { row, case, decision }];
    if everything && let Some(record) = records::open(unit, items[0].row.clone())? {
        views::forget(unit, order_id, &[record])?;
    }
    // Where nothing that identifies anybody is to stay, the originals do not stay either.
    let blobs = if everything { order::blobs_of(unit, id)?.into_iter().collect() } else { BTreeMap::new() };
    NewOrder { id: order_id, cause, items: &items, fields: &fields, blobs, suppress: BTreeSet::new(), approvals }.write(unit, &desk)?;
    let [Item { row, .. }] = items;
    let key = unit.new_key("record")?;
    reseal_current(unit, &row, key, &fields)?;
    reseal_earlier(unit, &row, key, &fields)?;
    if everything {
        anonymised(unit, &row, desk.today)?;
    } else {
        records::rewrap_blobs(unit, id, old, key)?;
    }
    unit.standing_moved()
}

/// Error: invalid_input for what is no field of a kind, and for no field at all.
pub(super) fn ensure_known(kind: &catalogue::Kind, fields: &BTreeSet<String>) -> Result<()> {
    if fields.is_empty() || fields.iter().any(|key| kind.field(key).is_none()) {
        return Err(Error::invalid("/fields", "unknown_field", "Name fields of the record's kind."));
    }
    Ok(())
}

/// Orders and carries out the destruction of some fields of a record.
pub async fn destroy_fields(app: &App, actor: &Actor, cause: &Cause, id: RecordId, fields: &[String]) -> Result<OrderId> {
    let (cause, fields) = (cause.clone(), fields.to_vec());
    let order = app.write(actor, move |unit| order_fields(unit, &cause, id, &fields)).await?;
    super::destroy(app, actor, order).await?;
    Ok(order)
}

/// Step 1 for one of several people in a record: a new version without their link and without the words they are known by; what earlier
/// versions held of the fields that changed goes, and the originals and attachments with it. Event `record.destroying`.
///
/// Errors: as [`super::order()`]; restricted for a restricted record; conflict when the person is not in it.
pub fn order_redaction(unit: &mut Unit, cause: &Cause, id: RecordId, who: RecordId) -> Result<OrderId> {
    let desk = Desk::open(unit)?;
    let row = order::locked(unit, cause, id)?;
    let (case, decision) = fate::judge(unit, &desk, cause, &row)?;
    if let Some(refusal) = fate::refusal(&fate::fate(cause, &decision)) {
        return Err(refusal);
    }
    order::ensure_approved(unit.actor(), &[], fate::approvals_needed(&desk, cause, &decision, &[]))?;
    let record = records::open(unit, row.clone())?.ok_or_else(|| Error::not_found("record"))?;
    let mut same = records::family(unit, who)?;
    same.push(who);
    let rows = records::find_many(unit, &same)?.into_iter().filter(|row| row.state.is_readable()).collect();
    let known = identifiers(&records::open_all(unit, rows)?);
    let patch = without_person(&record, who, &known);
    let fields: Vec<String> = patch.keys().cloned().collect();
    if fields.is_empty() {
        return Err(Error::new(kernel::Code::Conflict, "This person is not in the record."));
    }
    let order_id = OrderId::mint(unit.env());
    unit.witness(order::event(order_id, cause).word("redacts", who.to_string()).fields(&fields).records([(id, row.version)]))?;
    let blobs = order::blobs_of(unit, id)?.into_iter().collect();
    let items = [Item { row, case, decision }];
    NewOrder { id: order_id, cause, items: &items, fields: &fields, blobs, suppress: BTreeSet::new(), approvals: Vec::new() }
        .write(unit, &desk)?;
    records::amend(unit, id, None, RecordPatch { fields: patch, owner: None })?;
    let current = records::find(unit, id)?.ok_or_else(|| Error::not_found("record"))?;
    let key = unit.new_key("record")?;
    reseal_current(unit, &current, key, &[])?;
    reseal_earlier(unit, &current, key, &fields)?;
    unit.run(sql::TIMELINE_DELETE_OF, &args![who, id])?;
    records::release_blobs(unit, id)?;
    unit.standing_moved()?;
    Ok(order_id)
}

/// Orders and carries out the redaction of one person in a record that concerns others too.
pub async fn redact_person(app: &App, actor: &Actor, cause: &Cause, id: RecordId, who: RecordId) -> Result<OrderId> {
    let cause = cause.clone();
    let order = app.write(actor, move |unit| order_redaction(unit, &cause, id, who)).await?;
    super::destroy(app, actor, order).await?;
    Ok(order)
}

/// Seals a version again without some fields and adds the leaf that says so. Answers its open fields and its box.
fn reseal(unit: &mut Unit, row: &StoredRecord, key: KeyId, fields: &[String]) -> Result<Option<(Record, Fields, Vec<u8>)>> {
    let Some(record) = records::open(unit, row.clone())? else { return Ok(None) };
    let body = record.body.without(&row.kind.key, &row.open, fields)?;
    let open: Fields = row.open.iter().filter(|(name, _)| !fields.contains(name)).map(|(k, v)| (k.clone(), v.clone())).collect();
    let boxed = unit.seal(&records::box_context(key, row.id, row.version), &body.encode())?;
    records::reseal_leaf(unit, row, &body, &open, &boxed)?;
    Ok(Some((Record { row: row.clone(), body }, open, boxed)))
}

/// The current version, with everything by which it is found.
fn reseal_current(unit: &mut Unit, row: &StoredRecord, key: KeyId, fields: &[String]) -> Result<()> {
    let id = row.id;
    let before = records::open(unit, row.clone())?.ok_or_else(|| Error::not_found("record"))?;
    let Some((after, open, boxed)) = reseal(unit, row, key, fields)? else { return Ok(()) };
    records::put_resealed(unit, row, true, key, &open, &boxed)?;
    if fields.is_empty() {
        return Ok(());
    }
    order::remove_tokens(unit, &before)?;
    if row.facts.merged.is_none() {
        let tokens = index::tokens(&unit.app().keyring().tokens(), &row.kind, &after.body.sealed, records::region(&row.law));
        store::tokens::put(unit.dialect(), row.doc, &tokens)?;
    }
    if fields.contains(&row.kind.title) {
        unit.run(records::sql::SORT_UPDATE, &args![id, ""])?;
    }
    records::find_by(unit, &row.kind, id, &open)
}

/// Notes that nothing in a record identifies anybody any more; the timelines of others forget it.
pub(super) fn anonymised(unit: &mut Unit, row: &StoredRecord, today: jiff::civil::Date) -> Result<()> {
    let facts = Facts { anonymised: Some(today), ..row.facts.clone() };
    unit.run(sql::ANONYMISED, &args![row.id, facts.text()?])?;
    unit.run(sql::TIMELINE_DELETE, &args![row.id])?;
    records::release_blobs(unit, row.id).map(drop)
}

fn reseal_earlier(unit: &mut Unit, current: &StoredRecord, key: KeyId, fields: &[String]) -> Result<()> {
    for (version, _) in records::versions(unit, current.id)? {
        let row = records::earlier(unit, current.clone(), version)?;
        if let Some((_, open, boxed)) = reseal(unit, &row, key, fields)? {
            records::put_resealed(unit, &row, false, key, &open, &boxed)?;
        }
    }
    Ok(())
}

/// The words a person is known by, as this record and those merged into it have them: names, addresses, numbers; the longest first, so that
/// no part of one is left.
fn identifiers(person: &[Record]) -> Vec<String> {
    let mut known = BTreeSet::new();
    for (person, field) in person.iter().flat_map(|person| person.row.kind.fields.iter().map(move |field| (person, field))) {
        let contact = matches!(field.kind, FieldType::Email | FieldType::Phone);
        let name = matches!(field.key.as_str(), person::NAME | person::GIVEN_NAME | person::FAMILY_NAME);
        if !contact && !name {
            continue;
        }
        for value in person.get(&field.key).map(Value::each).unwrap_or_default() {
            let text = value.display();
            if name {
                known.extend(text.split_whitespace().map(str::to_owned));
            }
            if contact {
                known.insert(index::exact_form(field, &text, records::region(&person.row.law)));
            }
            known.insert(text);
        }
    }
    let mut known: Vec<String> = known.into_iter().filter(|word| word.chars().count() >= SHORTEST).collect();
    known.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    known
}

/// The changes that take a person out of a record; empty when they are not in it.
fn without_person(record: &Record, who: RecordId, known: &[String]) -> BTreeMap<String, Option<Value>> {
    let mut patch = BTreeMap::new();
    for (key, value) in record.fields() {
        let Some(rest) = strip(&value, who, known) else { continue };
        patch.insert(key, rest);
    }
    if patch.is_empty() {
        return patch;
    }
    // They describe the original, which goes: its headers and its hash would tell of the person.
    for key in [catalogue::message::HEADERS, catalogue::message::ORIGINAL] {
        if record.get(key).is_some() {
            patch.insert(key.to_owned(), None);
        }
    }
    patch
}

/// A value without a person; `None` when they are not in it.
fn strip(value: &Value, who: RecordId, known: &[String]) -> Option<Option<Value>> {
    match value {
        Value::Link(id) => (*id == who).then_some(None),
        Value::Text(text) => remove_words(text, known).map(|text| Some(Value::Text(text))),
        Value::List(values) => {
            let stripped: Vec<_> = values.iter().map(|value| strip(value, who, known)).collect();
            if stripped.iter().all(Option::is_none) {
                return None;
            }
            let rest: Vec<Value> =
                values.iter().zip(stripped).filter_map(|(value, stripped)| stripped.unwrap_or_else(|| Some(value.clone()))).collect();
            Some(if rest.is_empty() { None } else { Some(Value::List(rest)) })
        }
        Value::Address(_) | Value::Number(_) | Value::Bool(_) | Value::Money { .. } | Value::Date(_) | Value::Time(_) => None,
    }
}

/// A text without these words, whatever their case; `None` when it has none of them.
fn remove_words(text: &str, known: &[String]) -> Option<String> {
    let mut out = text.to_owned();
    for word in known {
        out = remove_word(&out, word);
    }
    (out != text).then_some(out)
}

fn remove_word(text: &str, word: &str) -> String {
    let wanted: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(first) = rest.chars().next() {
        let at_start = !out.chars().next_back().is_some_and(char::is_alphanumeric);
        match end_of(rest, &wanted).filter(|_| at_start) {
            Some(end) => {
                out.push_str(REMOVED);
                rest = &rest[end..];
            }
            None => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    out
}

/// Where a word ends that the text begins with, if it is a whole word there.
fn end_of(text: &str, wanted: &[char]) -> Option<usize> {
    let (mut left, mut end) = (wanted, 0);
    for c in text.chars() {
        if left.is_empty() {
            break;
        }
        for lower in c.to_lowercase() {
            left = left.strip_prefix(&[lower])?;
        }
        end += c.len_utf8();
    }
    let whole = !text[end..].chars().next().is_some_and(char::is_alphanumeric);
    (left.is_empty() && whole).then_some(end)
}
