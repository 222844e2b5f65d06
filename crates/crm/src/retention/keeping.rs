//! How long a kind's records, or a field's values, are kept: chosen where they are made, written as a rule of our own like any other.

use std::sync::Arc;

use catalogue::Kind;
use kernel::{Error, Result};
use rules::{
    Period,
    retention::{Anchor, AppliesTo, Kind as Does, Lists, Rule, Strength, Then},
};
use store::args;
use trail::{Permit, Unit, permit::ManageRules};

use super::{rulebook::add_rule, sql};

/// What was chosen.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// What the rule is called ("Site visits: two years after the last activity").
    pub name: String,
    /// How long, as ISO 8601 (`P2Y`).
    pub period: String,
    /// What it runs from: `created` or `last_activity`.
    pub from: String,
    /// What happens then: `review`, `dispose` or `anonymise`.
    pub then: String,
}

/// The key of our own rule for a kind, or for a field of it.
pub fn own_rule(kind: &str, field: Option<&str>) -> String {
    field.map_or_else(|| format!("own-{kind}"), |field| format!("own-{kind}-{field}"))
}

/// Keeps the records of a kind so long and then no longer without a decision: a recommended floor of our own, or its next version. For a field,
/// a ceiling on its values, which go alone. Event `retention.changed`.
///
/// Errors: not_found for no field of the kind; invalid_input for what is no period, event or ending.
pub fn keep(unit: &mut Unit, permit: &Permit<ManageRules>, kind: &Kind, field: Option<&str>, keeping: &Keeping) -> Result<()> {
    if field.is_some_and(|field| kind.field(field).is_none()) {
        return Err(Error::not_found("field"));
    }
    let id = own_rule(&kind.key, field);
    let versions = unit.all(sql::RULE_VERSIONS, &args![id.as_str()], |row| row.get::<String>(0))?;
    let versions = versions.iter().map(|body| serde_json::from_str::<Rule>(body).map_err(Error::internal)).collect::<Result<Vec<_>>>()?;
    let wrong = |at: &str, what: &str| Error::invalid(format!("/{at}"), "unknown", what.to_owned());
    let period =
        Period::parse(&keeping.period).ok_or_else(|| wrong("keep_for", "Choose how long: P2Y for two years, P6M for six months."))?;
    if !["created", "last_activity"].contains(&keeping.from.as_str()) {
        return Err(wrong("keep_from", "Choose what it runs from: created, or last_activity."));
    }
    let then = Then::parse(&keeping.then).filter(|then| *then != Then::Keep);
    let rule = Rule {
        id: Arc::from(id),
        name: Some(Arc::from(keeping.name.as_str())),
        version: versions.iter().map(|rule| rule.version).max().unwrap_or(0) + 1,
        effective_from: None,
        kind: if field.is_some() { Does::Max } else { Does::Min },
        strength: Strength::Policy,
        obligation_law: None,
        fields: field.map(str::to_owned).into_iter().collect(),
        applies_to: AppliesTo { kind: Lists { any: vec![kind.key.clone()], ..Lists::default() }, ..AppliesTo::default() },
        trigger: Some(Arc::from(keeping.from.as_str())),
        period: Some(period),
        anchor: Anchor::Day,
        time_zone: None,
        then: then.ok_or_else(|| wrong("keep_then", "Choose what happens then: review, dispose or anonymise."))?,
        citation: Arc::from("Our own choice: storage limitation, GDPR Art 5(1)(e)"),
        retroactive: Some(true),
    };
    add_rule(unit, permit, rule, None)
}
