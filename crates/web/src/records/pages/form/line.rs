//! The inputs of a line, where it stands among the others.

use catalogue::{Field, Kind, line};
use crm::{
    permits::WriteRecords,
    records::{self, NewRecord},
};
use kernel::{Code, Error, Problem, RecordId, Result};

use super::{Draft, Inputs, Standing, Typed, refusal, standing};
use crate::{
    kit::{form::Fields, who::Who},
    router::Web,
    views::parts,
};

/// What is asked of a line, in the order of writing.
const ASKED: [&str; 7] = [line::PRODUCT, line::TEXT, line::QUANTITY, line::UNIT, line::PRICE, line::DISCOUNT, line::TAX];

/// The kind of lines, with what is asked alone.
fn asked(web: &Web, who: &Who) -> Result<Kind> {
    let kind = web.catalogue(who.text).need(line::KIND)?;
    let fields: Vec<Field> = ASKED.iter().filter_map(|key| kind.field(key).cloned()).collect();
    Ok(Kind { fields, ..Kind::clone(&kind) })
}

/// The inputs of a line as it stands, or of a new one in this currency; as they were sent, with what is wrong, where they were refused.
/// Answers them, its version, and what is wrong with none of them.
pub(in super::super) async fn inputs(
    web: &Web,
    who: &Who,
    id: Option<RecordId>,
    currency: Option<&str>,
    sent: Option<(&Fields, &[Problem])>,
) -> Result<(Vec<parts::Field>, i64, String)> {
    let (kind, standing) = (asked(web, who)?, standing(web, who, id, Vec::new()).await?);
    let inputs = Inputs::of(&kind, who, &standing.shower, standing.shown.as_ref());
    let mut typed = match sent {
        Some((fields, _)) => Typed::read(fields),
        None => inputs.typed(),
    };
    if id.is_none() && sent.is_none() {
        typed.set(name(line::QUANTITY), "1".to_owned());
    }
    if let Some(currency) = currency.filter(|_| typed.get(&format!("{}_currency", name(line::PRICE))).is_empty()) {
        typed.set(format!("{}_currency", name(line::PRICE)), currency.to_owned());
    }
    let problems = sent.map_or(&[][..], |(_, problems)| problems);
    let mut all = Vec::with_capacity(ASKED.len());
    for field in inputs.fields() {
        let mut each = inputs.inputs(field, &typed);
        if let Some(input) = each.first_mut() {
            // What is left out comes from the product: one line of help for all of them stands above.
            input.help = String::new();
            match field.key.as_str() {
                line::DISCOUNT => input.label = format!("{} %", who.text.get("line-discount")),
                line::TAX => input.label = format!("{} %", who.text.get("line-tax")),
                _ => {}
            }
            input.problems.extend(problems.iter().filter(|p| p.pointer == format!("/{}", field.key)).map(|p| who.text.problem(p)));
        }
        all.append(&mut each);
    }
    let known = |p: &&Problem| ASKED.iter().any(|key| p.pointer == format!("/{key}"));
    let unplaced: Vec<String> = problems.iter().filter(|p| !known(p)).map(|p| who.text.problem(p)).collect();
    Ok((all, standing.shown.map_or(0, |shown| shown.version), unplaced.join(" ")))
}

fn name(key: &str) -> String {
    format!("field.{key}")
}

/// Writes a line as it was sent: a new one on this record, or the next version of one. Errors: invalid_input naming each field;
/// version_conflict; those of [`records::create`] and [`records::update`].
pub(in super::super) async fn save(web: &Web, who: &Who, on: (&str, RecordId), id: Option<RecordId>, fields: &Fields) -> Result<()> {
    let permit = who.actor.permit::<WriteRecords>()?;
    let (kind, standing): (Kind, Standing) = (asked(web, who)?, standing(web, who, id, Vec::new()).await?);
    permit.need(&kind)?;
    let draft = Draft::new(web, who, &kind, &standing, Typed::read(fields));
    let Some(shown) = standing.shown.as_ref() else {
        let values = draft.values().await?.map_err(refusal)?;
        let mut values: records::Fields = values.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect();
        values.insert(on.0.to_owned(), catalogue::Value::Link(on.1));
        let new = NewRecord::new(line::KIND, values);
        return web.app.write(&who.actor, move |unit| records::create(unit, &permit, new.clone())).await.map(drop);
    };
    let stands = shown.kind == line::KIND && shown.cell(on.0).map(records::Cell::to_json) == Some(on.1.to_string().into());
    if !stands {
        return Err(Error::not_found("line"));
    }
    let expected: i64 = fields.get("version").parse().map_err(|_| Error::invalid("/version", "required", "Load the page again."))?;
    if shown.version != expected {
        return Err(Error::new(Code::VersionConflict, who.text.get("line-changed-meanwhile")));
    }
    let (id, patch) = (shown.id, draft.patch(shown).await?);
    if patch.fields.is_empty() {
        return Ok(());
    }
    web.app.write(&who.actor, move |unit| records::update(unit, &permit, id, Some(expected), patch.clone())).await.map(drop)
}
