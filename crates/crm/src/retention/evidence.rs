//! What an order to destroy remembers of its decision, so that whoever verifies it can decide again.
//!
//! It holds no customer's values: kinds, labels, days, rules. (`majority` is there only under a rule that runs from it.)

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use ledger::canonical::Value as Cbor;
use rules::{
    MonthDay, Period, parse_day,
    retention::{Clock, Decision, Facts, Hold, Outcome, Request, Right, Rule, Rulebook, Settings, Then, decide_family},
};

use super::{Case, Desk};

fn text(value: impl std::fmt::Display) -> Cbor {
    Cbor::Text(value.to_string())
}

fn maybe(value: Option<impl std::fmt::Display>) -> Cbor {
    value.map_or(Cbor::Null, text)
}

fn texts<'a>(values: impl IntoIterator<Item = &'a String>) -> Cbor {
    Cbor::Array(values.into_iter().map(text).collect())
}

fn map<const N: usize>(entries: [(&str, Cbor); N]) -> Cbor {
    Cbor::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// The rules, settings and the day that decided, once for an order: only rules that apply to one of its cases.
pub fn rules_to_cbor(desk: &Desk, cases: &[Case]) -> Cbor {
    let applies = |rule: &&Rule| cases.iter().any(|c| std::iter::once(&c.facts).chain(&c.kin).any(|facts| rule.applies_to.matches(facts)));
    let rules = desk.rulebook.rules().iter().filter(applies).filter_map(|rule| serde_json::to_string(rule).ok()).map(Cbor::Text).collect();
    map([
        ("today", text(desk.today)),
        ("trusted", Cbor::Bool(desk.clock == Clock::Trusted)),
        ("grace", text(desk.policy.grace)),
        ("cool_off", text(desk.policy.cool_off)),
        ("approvers", Cbor::Int(i64::try_from(desk.policy.approvers).unwrap_or(i64::MAX))),
        ("rules", Cbor::Array(rules)),
    ])
}

/// What was known about one record and what came out.
pub fn case_to_cbor(desk: &Desk, case: &Case, decision: &Decision) -> Cbor {
    let triggers: BTreeSet<&str> = desk.rulebook.rules().iter().filter_map(|rule| rule.trigger.as_deref()).collect();
    let holds = case.holds.iter().map(|h| map([("id", text(&h.id)), ("placed", text(h.placed)), ("released", maybe(h.released))]));
    let requests = case.requests.iter().map(|r| {
        let right = if r.right.freezes() { right_word(r.right) } else { "erasure" };
        map([("right", text(right)), ("received", text(r.received)), ("verified", Cbor::Bool(r.verified)), ("closed", maybe(r.closed))])
    });
    map([
        ("facts", facts_to_cbor(&case.facts, &triggers)),
        ("kin", Cbor::Array(case.kin.iter().map(|facts| facts_to_cbor(facts, &triggers)).collect())),
        ("holds", Cbor::Array(holds.collect())),
        ("requests", Cbor::Array(requests.collect())),
        ("outcome", text(decision.outcome)),
        ("earliest", maybe(decision.earliest)),
        ("latest", maybe(decision.latest)),
    ])
}

fn right_word(right: Right) -> &'static str {
    match right {
        Right::Access => "access",
        Right::Know => "know",
        Right::Portability => "portability",
        Right::Restriction => "restriction",
        Right::Rectification => "rectification",
        Right::Objection => "objection",
        Right::Erasure => "erasure",
        Right::Other => "appeal",
    }
}

fn facts_to_cbor(facts: &Facts, triggers: &BTreeSet<&str>) -> Cbor {
    let wanted = |name: &str| triggers.contains(name) || matches!(name, "created" | "captured");
    let events = facts.events.iter().filter(|(name, _)| wanted(name)).map(|(name, day)| (name.clone(), text(day)));
    map([
        ("kind", text(&facts.kind)),
        ("class", maybe(facts.class.as_ref())),
        ("jurisdiction", maybe(facts.jurisdiction.as_ref())),
        ("industry", maybe(facts.industry.as_ref())),
        ("tags", texts(&facts.tags)),
        ("law", maybe(facts.person_law.as_ref())),
        ("events", Cbor::Map(events.collect())),
        ("captured", maybe(facts.captured)),
        ("claimed", maybe(facts.claimed)),
        ("origin_evidence", Cbor::Bool(facts.origin_evidence)),
        (
            "fiscal_year_end",
            maybe(facts.fiscal_year_end.map(|end| end.on_or_after(Date::constant(2023, 1, 1)).strftime("%m-%d").to_string())),
        ),
        ("fields", texts(&facts.fields)),
    ])
}

/// Whether the facts and rules an order remembers allow what it ordered, with so many distinct people other than the one who ordered it
/// having approved: the verifier's question.
pub fn permits(order: &ledger::Order, approvers: usize) -> bool {
    let Cbor::Map(all) = &order.facts else { return false };
    let ground = all.get("ground").and_then(as_text).unwrap_or_default();
    let (Some(basis), Some(Cbor::Array(cases))) = (all.get("basis").and_then(Basis::read), all.get("cases")) else { return false };
    !cases.is_empty() && cases.iter().all(|case| basis.allows(case, &ground, &order.fields, approvers).unwrap_or(false))
}

struct Basis {
    today: Date,
    clock: Clock,
    settings: Settings,
    rulebook: Rulebook,
    approvers: usize,
}

impl Basis {
    fn read(value: &Cbor) -> Option<Self> {
        let Cbor::Map(all) = value else { return None };
        let period = |key: &str| Period::parse(&all.get(key).and_then(as_text)?);
        let Some(Cbor::Array(rules)) = all.get("rules") else { return None };
        let rules = rules.iter().map(|rule| serde_json::from_str(&as_text(rule)?).ok()).collect::<Option<Vec<Rule>>>()?;
        Some(Self {
            today: all.get("today").and_then(as_day)?,
            clock: if all.get("trusted") == Some(&Cbor::Bool(true)) { Clock::Trusted } else { Clock::Disagrees },
            settings: Settings { grace: period("grace")?, cool_off: period("cool_off")? },
            rulebook: Rulebook::new(rules),
            approvers: if let Some(Cbor::Int(n)) = all.get("approvers") { usize::try_from(*n).ok()? } else { return None },
        })
    }

    fn allows(&self, case: &Cbor, ground: &str, fields: &[String], approvers: usize) -> Option<bool> {
        let Cbor::Map(all) = case else { return None };
        let own = facts_from_cbor(all.get("facts")?)?;
        let kin = list(all.get("kin")?, facts_from_cbor)?;
        let holds = list(all.get("holds")?, |h| {
            let Cbor::Map(h) = h else { return None };
            Some(Hold { id: as_text(h.get("id")?)?, placed: as_day(h.get("placed")?)?, released: h.get("released").and_then(as_day) })
        })?;
        let requests = list(all.get("requests")?, |r| {
            let Cbor::Map(r) = r else { return None };
            Some(Request {
                right: Right::parse(&as_text(r.get("right")?)?)?,
                received: as_day(r.get("received")?)?,
                verified: r.get("verified") == Some(&Cbor::Bool(true)),
                closed: r.get("closed").and_then(as_day),
            })
        })?;
        let decision = if kin.is_empty() {
            self.rulebook.decide(&own, &holds, &requests, &self.settings, self.today, self.clock)
        } else {
            let members: Vec<Facts> = std::iter::once(own).chain(kin).collect();
            let decided = decide_family(&members, self.rulebook.rules(), &holds, &requests, &self.settings, self.today, self.clock);
            decided.into_iter().next()?
        };
        let is_undo = ground == "undo";
        let enough = is_undo || !asks_review(&decision, fields) || approvers >= self.approvers;
        Some(enough && allowed(&decision, is_undo, fields))
    }
}

/// Whether a decision lets a record (or, where some are named, these fields of it) be destroyed. Taking an import back is bound by law,
/// claims, contracts, holds and requests, and not by what we only recommend to ourselves.
pub fn allowed(decision: &Decision, is_undo: bool, fields: &[String]) -> bool {
    let undone = |outcome: Outcome| {
        is_undo && (outcome == Outcome::Unclassified || (matches!(outcome, Outcome::Retain | Outcome::RetainOpen) && !binds(decision)))
    };
    let free = |outcome: Outcome| outcome.is_destroyable() || undone(outcome);
    if decision.outcome != Outcome::Partial {
        return free(decision.outcome);
    }
    if fields.is_empty() {
        return decision.fields.values().all(|field| free(field.outcome));
    }
    fields.iter().all(|key| decision.fields.get(key).is_some_and(|field| free(field.outcome)))
}

/// Whether people are to look at it (or, where some are named, at these fields of it) before it goes.
pub fn asks_review(decision: &Decision, fields: &[String]) -> bool {
    let reviewed =
        |outcome, then| matches!(outcome, Outcome::Due | Outcome::Overdue | Outcome::Dispose | Outcome::Redact) && then == Then::Review;
    match decision.outcome {
        Outcome::Partial => {
            let goes = |key: &String| fields.is_empty() || fields.contains(key);
            decision.fields.iter().any(|(key, field)| goes(key) && reviewed(field.outcome, field.then))
        }
        outcome => reviewed(outcome, decision.then),
    }
}

/// Whether anything but a recommendation keeps the record.
pub fn binds(decision: &Decision) -> bool {
    use rules::retention::{Effect, Source, Strength};
    decision.reasons.iter().any(|reason| {
        let keeps = matches!(reason.effect, Effect::Floor | Effect::OpenFloor | Effect::Holds | Effect::Freezes);
        keeps && !matches!(reason.source, Source::Rule { strength: Strength::Policy, .. })
    })
}

fn as_text(value: &Cbor) -> Option<String> {
    if let Cbor::Text(text) = value { Some(text.clone()) } else { None }
}

fn as_day(value: &Cbor) -> Option<Date> {
    parse_day(&as_text(value)?)
}

fn list<T>(value: &Cbor, read: impl Fn(&Cbor) -> Option<T>) -> Option<Vec<T>> {
    if let Cbor::Array(values) = value { values.iter().map(read).collect() } else { None }
}

fn facts_from_cbor(value: &Cbor) -> Option<Facts> {
    let Cbor::Map(all) = value else { return None };
    let word = |key: &str| all.get(key).and_then(as_text);
    let Some(Cbor::Map(events)) = all.get("events") else { return None };
    let events = events.iter().map(|(name, day)| Some((name.clone(), as_day(day)?))).collect::<Option<BTreeMap<_, _>>>()?;
    Some(Facts {
        kind: word("kind")?,
        class: word("class"),
        jurisdiction: word("jurisdiction"),
        industry: word("industry"),
        tags: list(all.get("tags")?, as_text)?,
        person_law: word("law"),
        events,
        captured: all.get("captured").and_then(as_day),
        claimed: all.get("claimed").and_then(as_day),
        origin_evidence: all.get("origin_evidence") == Some(&Cbor::Bool(true)),
        fiscal_year_end: word("fiscal_year_end").as_deref().and_then(MonthDay::parse),
        fields: list(all.get("fields")?, as_text)?,
    })
}
