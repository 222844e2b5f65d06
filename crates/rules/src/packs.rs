//! The rule packs that ship: sourced templates, not legal advice. An administrator adopts, edits into new versions, or ignores them.

use std::{collections::BTreeMap, sync::LazyLock};

use jiff::civil::{Date, date};
use kernel::{Code, Error, Result};
use serde::Deserialize;

use crate::{
    Period,
    retention::{Kind, Rule, Strength, law},
};

macro_rules! shipped {
    ($($name:literal),* $(,)?) => { [$(($name, include_str!(concat!("../packs/", $name, ".toml"))),)*] };
}

const SHIPPED: [(&str, &str); 23] = shipped![
    "probity-defaults",
    "gdpr",
    "ccpa",
    "hipaa",
    "foia",
    "sox",
    "ferpa",
    "sec-finra",
    "fcc",
    "uk",
    "uk-therapy",
    "tsr",
    "can-spam",
    "pci-dss",
    "mifid",
    "aml-eu",
    "aml-us",
    "us-tax",
    "uk-companies",
    "hmrc",
    "de-hgb-ao",
    "coppa",
    "glba",
];

#[expect(clippy::expect_used, reason = "the shipped packs are constants; a test reads every one")]
static PACKS: LazyLock<Vec<Pack>> =
    LazyLock::new(|| SHIPPED.iter().map(|(_, text)| parse(text).expect("a shipped pack is valid")).collect());

/// The industries a pack may be for; `general` stands for any.
pub const INDUSTRIES: [&str; 9] = ["general", "trade", "finance", "health", "education", "telecom", "public", "children", "legal"];

/// Which of the two figures of a regime a rule is; never mixed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Figure {
    /// The period commonly advised to businesses (strength `policy`).
    Recommended,
    /// What the law or contract says.
    Statutory,
}

/// A rule as it ships: with the figure it is, when it was checked, and how a shortening treats existing records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackRule {
    /// The rule as the engine reads it.
    pub rule: Rule,
    /// Which of the regime's two figures it is.
    pub figure: Figure,
    /// When its citation was last checked.
    pub checked_on: Date,
    /// The transition provision of a law that shortens.
    pub transition: Option<String>,
    /// What an administrator should know before adopting it.
    pub note: Option<String>,
}

/// Rules of one regime that are adopted together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Its key.
    pub id: String,
    /// Counts up with every issue.
    pub version: u32,
    /// What people call it.
    pub title: String,
    /// Whom it is for and what it leaves open.
    pub note: String,
    /// The countries it is for (ISO codes; `EU`, `EEA` mean their members); empty: everywhere.
    pub countries: Vec<String>,
    /// The industries it is for; empty: every one.
    pub industries: Vec<String>,
    /// Its rules, in all their versions.
    pub rules: Vec<PackRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPack {
    id: String,
    version: u32,
    title: String,
    note: String,
    checked_on: String,
    #[serde(default)]
    countries: Vec<String>,
    #[serde(default)]
    industries: Vec<String>,
    #[serde(rename = "rule")]
    rules: Vec<toml::Table>,
}

/// Every pack that ships.
pub fn all() -> &'static [Pack] {
    &PACKS
}

/// The packs for a business of an industry in a country (ISO code, `US-CA` too); the defaults first, so that no built-in kind is without a rule.
pub fn adopt(country: &str, industry: &str) -> Vec<&'static Pack> {
    let country = country.trim().to_ascii_uppercase();
    let industry = industry.trim().to_ascii_lowercase();
    let here =
        |pack: &&Pack| pack.countries.is_empty() || pack.countries.iter().any(|c| law::contains(c, &country) || law::contains(&country, c));
    let ours = |pack: &&Pack| pack.industries.is_empty() || pack.industries.contains(&industry);
    all().iter().filter(here).filter(ours).collect()
}

/// Reads and validates a pack.
///
/// # Errors
/// `invalid_input`, naming the rule: a binding rule without citation; a figure of the wrong strength; a floor or ceiling without
/// trigger or period; a version twice; `keep` on a ceiling; a law that shortens without `retroactive` and `transition`.
pub fn parse(text: &str) -> Result<Pack> {
    let raw: RawPack =
        toml::from_str(text).map_err(|e| Error::new(Code::InvalidInput, format!("The rule pack cannot be read: {}", e.message())))?;
    let checked_on = crate::parse_day(&raw.checked_on).ok_or_else(|| refused(&raw.id, "not_a_date", "checked_on must be YYYY-MM-DD."))?;
    let rules = raw.rules.into_iter().map(|table| rule(table, checked_on)).collect::<Result<Vec<_>>>()?;
    let pack = Pack {
        id: raw.id,
        version: raw.version,
        title: raw.title,
        note: raw.note,
        countries: raw.countries,
        industries: raw.industries,
        rules,
    };
    validate(&pack)?;
    Ok(pack)
}

fn rule(mut table: toml::Table, checked_on: Date) -> Result<PackRule> {
    let unreadable = |e: toml::de::Error| Error::new(Code::InvalidInput, format!("A rule of the pack cannot be read: {}", e.message()));
    let mut text = |key: &str| table.remove(key).map(|v| v.try_into::<String>()).transpose().map_err(unreadable);
    let (transition, note, own_check) = (text("transition")?, text("note")?, text("checked_on")?);
    let figure = table.remove("figure").ok_or_else(|| refused("rule", "required", "figure must be recommended or statutory."))?;
    Ok(PackRule {
        figure: figure.try_into().map_err(unreadable)?,
        checked_on: own_check.and_then(|d| crate::parse_day(&d)).unwrap_or(checked_on),
        transition,
        note,
        rule: toml::Value::Table(table).try_into().map_err(unreadable)?,
    })
}

fn refused(place: &str, code: &'static str, detail: &str) -> Error {
    Error::invalid(format!("/{place}"), code, detail)
}

/// What the law of retention asks of rules before they may be adopted.
///
/// # Errors
/// As [`parse`].
pub fn validate(pack: &Pack) -> Result<()> {
    let mut lines: BTreeMap<(&str, Kind), Vec<&PackRule>> = BTreeMap::new();
    for entry in &pack.rules {
        let Rule { id, kind, strength, .. } = &entry.rule;
        if *strength != Strength::Policy && entry.rule.citation.trim().is_empty() {
            return Err(refused(id, "citation_required", "A rule that binds needs the citation a lawyer would look up."));
        }
        if (entry.figure == Figure::Recommended) != (*strength == Strength::Policy) {
            return Err(refused(id, "figures_mixed", "A recommended figure has strength policy, a statutory one law, claims or contract."));
        }
        if *kind != Kind::Prohibit && (entry.rule.trigger.is_none() || entry.rule.period.is_none()) {
            return Err(refused(id, "required", "A floor or ceiling needs a trigger and a period."));
        }
        if *kind == Kind::Max && entry.rule.then == crate::retention::Then::Keep {
            return Err(refused(id, "keep_under_ceiling", "keep is invalid with a ceiling."));
        }
        lines.entry((id, *kind)).or_default().push(entry);
    }
    for ((id, _), mut versions) in lines {
        versions.sort_by_key(|e| (e.rule.effective_from, e.rule.version));
        for pair in versions.windows(2) {
            let [before, after] = pair else { continue };
            if before.rule.version == after.rule.version {
                return Err(refused(id, "duplicate", "The same version of this rule is there twice."));
            }
            let unsaid = after.rule.retroactive.is_none() || after.transition.as_deref().is_none_or(|t| t.trim().is_empty());
            if after.rule.strength == Strength::Law && is_shorter(&after.rule, &before.rule) && unsaid {
                return Err(refused(
                    id,
                    "transition_required",
                    "A law that shortens must state retroactive, and its transition provision.",
                ));
            }
        }
    }
    Ok(())
}

/// Whether a version can end earlier than the one before it, on any of a few telling days or by another trigger or anchor.
fn is_shorter(after: &Rule, before: &Rule) -> bool {
    let ends = |rule: &Rule, day| rule.period.unwrap_or(Period::days(0)).after(day);
    let shorter = [date(2023, 1, 31), date(2024, 2, 29), date(2025, 7, 1)].into_iter().any(|day| ends(after, day) < ends(before, day));
    shorter || after.trigger != before.trigger || (after.anchor != before.anchor && after.anchor == crate::retention::Anchor::Day)
}
