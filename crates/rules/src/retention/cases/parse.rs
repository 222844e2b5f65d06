//! A case as its line of JSON states it: unknown keys, other periods and impossible dates are faults that name their key.

use std::{collections::BTreeMap, collections::BTreeSet, fmt};

use jiff::civil::Date;
use serde_json::Value;

use super::strict::{Object, Strict};
use crate::{
    MonthDay, Period, parse_day,
    retention::{Anchor, AppliesTo, Clock, Facts, Hold, Kind, Outcome, Request, Right, Rule, Settings, Strength, Then},
};

const DAY: &str = "is not a day of the calendar: write YYYY-MM-DD";
const PERIOD: &str = "is not a period known here: write PnY, PnM, PnW or PnD";

/// What cannot be read, and where. Never says the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key's path (`rules[0].period`); empty for the line as a whole.
    pub key: String,
    /// What is wrong with it.
    pub what: String,
}

impl Fault {
    pub(super) fn new(key: impl Into<String>, what: impl Into<String>) -> Self {
        Self { key: key.into(), what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = if self.key.is_empty() { "" } else { " " };
        write!(f, "{}{space}{}", self.key, self.what)
    }
}

/// One case: a record with everything that bears on it.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name, text or number.
    pub name: Value,
    /// The day it is decided on.
    pub now: Date,
    /// What is known of the record.
    pub facts: Facts,
    /// The rules, all of which apply.
    pub rules: Vec<Rule>,
    /// The holds.
    pub holds: Vec<Hold>,
    /// The requests.
    pub requests: Vec<Request>,
    /// Grace and cool-off.
    pub settings: Settings,
    /// What is known of the clock.
    pub clock: Clock,
    /// What the answer should be.
    pub expect: Option<Expected>,
}

/// What an answer should be, as far as it is said.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Outcome and dates of the record.
    pub own: ExpectedField,
    /// Those of its fields: exactly these.
    pub fields: Option<BTreeMap<String, ExpectedField>>,
    /// Its flags: exactly these.
    pub flags: Option<BTreeSet<String>>,
}

/// Outcome and dates, each compared where it is said; a date said to be `null` is expected to be none.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExpectedField {
    /// The outcome.
    pub outcome: Option<Outcome>,
    /// The first day of destruction.
    pub earliest: Option<Option<Date>>,
    /// The last day of keeping.
    pub latest: Option<Option<Date>>,
}

/// Reads one case.
///
/// # Errors
/// The first fault found, with its key.
pub fn parse(line: &[u8]) -> Result<Case, Fault> {
    let Strict(value) = serde_json::from_slice(line).map_err(|e| Fault::new("", format!("is not JSON as it should be: {e}")))?;
    let mut case = Object::new("", value)?;
    let name = case.value("case").unwrap_or(Value::Null);
    if !matches!(name, Value::String(_) | Value::Number(_) | Value::Null) {
        return Err(Fault::new("case", "must be text or a number"));
    }
    let now = case.read("now", DAY, parse_day)?;
    let now = case.require("now", now)?;
    let record = case.value("record");
    let facts = facts(Object::new("record", case.require("record", record)?)?)?;
    let rules = case.list("rules", |path, item| rule(Object::new(path, item)?))?;
    let holds = case.list("holds", |path, item| hold(Object::new(path, item)?))?;
    let requests = case.list("requests", |path, item| request(Object::new(path, item)?))?;
    let settings = case.value("settings").map_or(Ok(Settings::default()), |v| settings(Object::new("settings", v)?))?;
    let clock = case.read("last_ledger_entry", DAY, parse_day)?.map_or(Clock::Trusted, Clock::LastLeaf);
    let expect = case.value("expect").map(|v| expected(Object::new("expect", v)?)).transpose()?;
    case.finish()?;
    Ok(Case { name, now, facts, rules, holds, requests, settings, clock, expect })
}

fn facts(mut o: Object) -> Result<Facts, Fault> {
    let events = match o.value("events") {
        None => BTreeMap::new(),
        Some(events) => Object::new("record.events", events)?
            .entries()
            .filter(|(_, _, day)| !day.is_null())
            .map(|(path, name, day)| Ok((name, day.as_str().and_then(parse_day).ok_or_else(|| Fault::new(path, DAY))?)))
            .collect::<Result<_, Fault>>()?,
    };
    let facts = Facts {
        kind: o.text("kind")?.unwrap_or_default(),
        class: o.text("class")?,
        jurisdiction: o.text("jurisdiction")?,
        industry: o.text("industry")?,
        tags: o.texts("tags")?,
        person_law: o.text("person_law")?,
        events,
        captured: o.read("captured", DAY, parse_day)?,
        claimed: o.read("claimed", DAY, parse_day)?,
        origin_evidence: origin_evidence(&mut o)?,
        fiscal_year_end: o.read("fiscal_year_end", "is not a day of the year: write MM-DD", MonthDay::parse)?,
        fields: o.texts("fields")?,
    };
    o.finish()?;
    Ok(facts)
}

/// True, or the evidence named in words.
fn origin_evidence(o: &mut Object) -> Result<bool, Fault> {
    match o.value("origin_evidence") {
        None => Ok(false),
        Some(Value::Bool(yes)) => Ok(yes),
        Some(Value::String(evidence)) => Ok(!evidence.is_empty()),
        Some(_) => Err(Fault::new(o.path("origin_evidence"), "must be true, false or the name of the evidence")),
    }
}

fn rule(mut o: Object) -> Result<Rule, Fault> {
    let id = o.text("id")?;
    let kind = o.read("kind", "must be min, max or prohibit", Kind::parse)?;
    let kind = o.require("kind", kind)?;
    let strength = o.read("strength", "must be law, claims, contract or policy", Strength::parse)?;
    let trigger = o.text("trigger")?;
    let period = o.read("period", PERIOD, Period::parse)?;
    if kind != Kind::Prohibit {
        o.require("trigger", trigger.as_ref())?;
        o.require("period", period)?;
    }
    // only of a floor does the strength matter
    let strength = if kind == Kind::Min { o.require("strength", strength)? } else { strength.unwrap_or(Strength::Policy) };
    let version = match o.value("version") {
        None => 1,
        Some(v) => v.as_u64().and_then(|v| u32::try_from(v).ok()).ok_or_else(|| Fault::new(o.path("version"), "must be a whole number"))?,
    };
    // all rules of a case apply, whatever this says
    o.value("applies_to");
    let rule = Rule {
        id: o.require("id", id)?.into(),
        name: None,
        version,
        effective_from: o.read("effective_from", DAY, parse_day)?,
        kind,
        strength,
        obligation_law: o.text("obligation_law")?.map(Into::into),
        fields: o.texts("fields")?.into(),
        applies_to: AppliesTo::default(),
        trigger: trigger.map(Into::into),
        period,
        anchor: o.read("anchor", "must be day, calendar-year-end or fiscal-year-end", Anchor::parse)?.unwrap_or(Anchor::Day),
        time_zone: o.text("time_zone")?,
        then: o.read("then", "must be dispose, review, anonymise or keep", Then::parse)?.unwrap_or(Then::Dispose),
        citation: o.text("citation")?.unwrap_or_default().into(),
        retroactive: o.bool("retroactive")?,
    };
    o.finish()?;
    Ok(rule)
}

fn hold(mut o: Object) -> Result<Hold, Fault> {
    let placed = o.read("placed", DAY, parse_day)?;
    let hold =
        Hold { id: o.text("id")?.unwrap_or_default(), placed: o.require("placed", placed)?, released: o.read("released", DAY, parse_day)? };
    o.finish()?;
    Ok(hold)
}

fn request(mut o: Object) -> Result<Request, Fault> {
    let right = o.read("right", "is not a right known here", Right::parse)?;
    let received = o.read("received", DAY, parse_day)?;
    let request = Request {
        right: o.require("right", right)?,
        received: o.require("received", received)?,
        verified: o.bool("verified")?.unwrap_or(false),
        closed: o.read("closed", DAY, parse_day)?,
    };
    o.finish()?;
    Ok(request)
}

fn settings(mut o: Object) -> Result<Settings, Fault> {
    let default = Settings::default();
    let settings = Settings {
        grace: days(&mut o, "grace")?.unwrap_or(default.grace),
        cool_off: days(&mut o, "cool_off")?.unwrap_or(default.cool_off),
    };
    o.finish()?;
    Ok(settings)
}

/// A number of days, or a period.
fn days(o: &mut Object, key: &str) -> Result<Option<Period>, Fault> {
    let what = "must be a number of days or a period PnY, PnM, PnW or PnD";
    let Some(value) = o.value(key) else { return Ok(None) };
    let period = match value {
        Value::Number(n) => n.as_u64().map(|n| Period::days(n.try_into().unwrap_or(u32::MAX))),
        Value::String(text) => Period::parse(&text),
        _ => None,
    };
    period.map(Some).ok_or_else(|| Fault::new(o.path(key), what))
}

fn expected(mut o: Object) -> Result<Expected, Fault> {
    let own = expected_field(&mut o)?;
    let fields = match o.value("fields") {
        None => None,
        Some(fields) => {
            let one = |(path, name, value): (String, String, Value)| {
                let mut field = Object::new(path, value)?;
                let expected = expected_field(&mut field)?;
                field.finish()?;
                Ok((name, expected))
            };
            Some(Object::new("expect.fields", fields)?.entries().map(one).collect::<Result<_, Fault>>()?)
        }
    };
    let flags = match o.value("flags") {
        None => None,
        Some(flags) => {
            let read = |path: String, v: Value| v.as_str().map(str::to_owned).ok_or_else(|| Fault::new(path, "must be text"));
            Some(Object::new("expect", serde_json::json!({ "flags": flags }))?.list("flags", read)?.into_iter().collect())
        }
    };
    o.finish()?;
    Ok(Expected { own, fields, flags })
}

fn expected_field(o: &mut Object) -> Result<ExpectedField, Fault> {
    let outcome = o.read("outcome", "is not an outcome", Outcome::parse)?;
    Ok(ExpectedField { outcome, earliest: expected_day(o, "earliest")?, latest: expected_day(o, "latest")? })
}

fn expected_day(o: &mut Object, key: &str) -> Result<Option<Option<Date>>, Fault> {
    match o.given(key) {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(value) => value.as_str().and_then(parse_day).map(|d| Some(Some(d))).ok_or_else(|| Fault::new(o.path(key), DAY)),
    }
}
