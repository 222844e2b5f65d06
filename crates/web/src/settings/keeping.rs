//! How long a kind's records or a field's values are kept, chosen in the form that makes them.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use catalogue::Kind;
use crm::{
    permits::{Manage, ManageRules},
    retention::{self, Keeping},
};
use kernel::{Error, Result};

use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Choice,
        text::Text,
        who::Who,
    },
    retention::pages::span,
    router::Web,
    views::parts::{Control, Field},
};

/// The periods on offer; any other is a rule's next version.
const PERIODS: [&str; 9] = ["P6M", "P1Y", "P2Y", "P3Y", "P5Y", "P6Y", "P8Y", "P10Y", "P30Y"];
/// What a period may run from.
const FROM: [(&str, &str); 2] = [("last_activity", "keeping-from-last-activity"), ("created", "keeping-from-created")];
/// What may happen then.
const THEN: [(&str, &str); 3] =
    [("review", "keeping-then-review"), ("dispose", "keeping-then-dispose"), ("anonymise", "keeping-then-anonymise")];
/// The input of a kind's form that says how long.
pub(super) const KIND_INPUT: &str = "keep_for";
/// The input of a field's form.
pub(super) const FIELD_INPUT: &str = "values_for";
/// No rule of its own.
const NONE: &str = "none";

fn may(who: &Who) -> bool {
    who.actor.permit::<ManageRules>().is_ok()
}

fn periods(t: Text, none: &str, by_default: &str) -> Vec<Choice> {
    let none = Choice::new(NONE, t.get(none), by_default == NONE);
    std::iter::once(none).chain(PERIODS.map(|period| Choice::new(period, span(t, period, ""), period == by_default))).collect()
}

fn words(t: Text, all: &[(&str, &str)]) -> Vec<Choice> {
    all.iter().enumerate().map(|(n, (word, key))| Choice::new(*word, t.get(key), n == 0)).collect()
}

/// The inputs for a kind; none for those who may not rule.
pub(super) fn of_kind(t: Text, who: &Who) -> Vec<Field> {
    if !may(who) {
        return Vec::new();
    }
    vec![
        Field::new(KIND_INPUT, t.get("keeping-for"), Control::Choice(periods(t, "keeping-none", "P2Y")))
            .required()
            .help(t.get("keeping-help")),
        Field::new("keep_from", t.get("keeping-from"), Control::Choice(words(t, &FROM))).required(),
        Field::new("keep_then", t.get("keeping-then"), Control::Choice(words(t, &THEN))).required(),
    ]
}

/// The input for a field: its values may go before the record does.
pub(super) fn of_field(t: Text, who: &Who) -> Vec<Field> {
    if !may(who) {
        return Vec::new();
    }
    let control = Control::Choice(periods(t, "keeping-with-record", NONE));
    vec![Field::new(FIELD_INPUT, t.get("keeping-values-for"), control).required().help(t.get("keeping-field-help"))]
}

/// What was chosen in a form's input, under a name that says it. Error: invalid_input.
pub(super) fn chosen(t: Text, who: &Who, input: &str, of: &str, fields: &Fields) -> Result<Option<Keeping>> {
    let period = fields.get(input);
    if !may(who) || period.is_empty() || period == NONE {
        return Ok(None);
    }
    let one_of = |name: &str, known: &[&str], by_default: &str| {
        let given = Some(fields.get(name)).filter(|given| !given.is_empty()).unwrap_or(by_default);
        let unknown = || Error::invalid(format!("/{name}"), "unknown", t.get("choose-one"));
        known.iter().find(|known| **known == given).map(|known| (*known).to_owned()).ok_or_else(unknown)
    };
    let period = one_of(input, &PERIODS, NONE)?;
    // A field's values are counted from when the record was made, and go without a review: they are a part.
    let (from, then) =
        (one_of("keep_from", &FROM.map(|(word, _)| word), "created")?, one_of("keep_then", &THEN.map(|(word, _)| word), "dispose")?);
    Ok(Some(Keeping { name: format!("{of}: {}", span(t, &period, "")), period, from, then }))
}

/// Writes the rule, if one was chosen.
pub(super) async fn keep(web: &Web, who: &Who, kind: &str, field: Option<&str>, keeping: Option<Keeping>) -> Result<()> {
    let Some(keeping) = keeping else { return Ok(()) };
    let permit = who.actor.permit::<ManageRules>()?;
    let (kind, field) = (web.app.catalogue().need(kind)?, field.map(str::to_owned));
    web.app.write(&who.actor, move |unit| retention::keep(unit, &permit, &kind, field.as_deref(), &keeping)).await
}

/// The rules over a kind or its fields, by name; empty where nothing says how long.
pub(super) async fn rules(web: &Web, who: &Who, kind: &Kind) -> Result<Vec<String>> {
    let stored = web.app.read(&who.actor, |unit| {
        let rules = retention::rules(unit)?;
        unit.plain(rules)
    });
    let mut newest = std::collections::BTreeMap::new();
    for one in stored.await?.into_iter().filter(|one| one.active && one.rule.applies_to.kind.any.contains(&kind.key)) {
        let known = newest.get(&one.rule.id).is_some_and(|(version, _)| *version > one.rule.version);
        if !known {
            let name = one.rule.name.as_ref().unwrap_or(&one.rule.id).to_string();
            newest.insert(one.rule.id.clone(), (one.rule.version, name));
        }
    }
    Ok(newest.into_values().map(|(_, name)| name).collect())
}

/// The next version of the rule of a user's own kind.
pub(super) async fn again(State(web): State<Web>, who: Who, Path(key): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    who.actor.permit::<Manage>()?;
    let kind = web.catalogue(who.text).need(&key)?;
    if !kind.custom {
        return Err(Error::not_found("kind").into());
    }
    who.actor.permit::<ManageRules>()?;
    let keeping = chosen(who.text, &who, KIND_INPUT, &kind.plural, &fields)?;
    keep(&web, &who, &key, None, keeping).await?;
    Ok(Redirect::to(&format!("/settings/kinds/{key}?done=kept")).into_response())
}
