//! The engine's two doors: [`decide`] for rules at hand, [`Rulebook`] for many records under the same rules.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{
    decision::{Decision, FieldDecision, Flag, Outcome},
    standing::Standing,
    types::{Clock, Facts, Hold, Request, Rule, Settings, Then},
    verdict::{Bound, Verdict, weigh},
    versions,
};

/// Decides whether, from when and until when a record may be destroyed, and because of what.
///
/// Pure and total: the order of rules, holds and requests does not matter, and no input makes it panic. `rules` may hold
/// every version of every rule; those for other records, not yet in force or superseded are left out here.
pub fn decide(
    facts: &Facts,
    rules: &[Rule],
    holds: &[Hold],
    requests: &[Request],
    settings: &Settings,
    now: Date,
    clock: Clock,
) -> Decision {
    let mut sorted: Vec<&Rule> = rules.iter().collect();
    sorted.sort_by(|a, b| versions::order(a, b));
    decide_sorted(facts, &sorted, holds, requests, settings, now, clock)
}

/// Rules put in order once, for deciding many records.
#[derive(Clone, Debug, Default)]
pub struct Rulebook(Vec<Rule>);

impl Rulebook {
    /// Takes every version of every rule.
    pub fn new(mut rules: Vec<Rule>) -> Self {
        rules.sort_by(versions::order);
        Self(rules)
    }

    /// The rules, with the versions of one rule side by side.
    pub fn rules(&self) -> &[Rule] {
        &self.0
    }

    /// As [`decide`].
    pub fn decide(&self, facts: &Facts, holds: &[Hold], requests: &[Request], settings: &Settings, now: Date, clock: Clock) -> Decision {
        let sorted: Vec<&Rule> = self.0.iter().collect();
        decide_sorted(facts, &sorted, holds, requests, settings, now, clock)
    }
}

fn decide_sorted(
    facts: &Facts,
    sorted: &[&Rule],
    holds: &[Hold],
    requests: &[Request],
    settings: &Settings,
    now: Date,
    clock: Clock,
) -> Decision {
    let standing = Standing::new(facts, holds, requests, *settings, now, clock);
    conclude(&standing, &bound(&standing, sorted), holds, requests)
}

/// The rules that bind the record, with their dates.
pub(super) fn bound<'a>(standing: &Standing, sorted: &[&'a Rule]) -> Vec<Bound<'a>> {
    let mut bound = Vec::with_capacity(sorted.len().min(16));
    versions::binding(sorted, standing.base(), standing.now, |rule| {
        if rule.applies_to.matches(standing.facts) {
            bound.push(Bound::new(rule, standing));
        }
    });
    bound
}

/// Weighs the whole record, or each of its fields where rules name any.
pub(super) fn conclude(standing: &Standing, bound: &[Bound], holds: &[Hold], requests: &[Request]) -> Decision {
    let mut flags = BTreeSet::new();
    if standing.anchored {
        flags.insert(Flag::AnchoredOnCapture);
    }
    let mut reasons = standing.reasons(holds, requests);
    reasons.reserve_exact(bound.len());
    let scoped = bound.iter().any(|b| !b.rule.fields.is_empty() && !b.inherited);
    let fields: BTreeSet<&str> = if !scoped {
        BTreeSet::new()
    } else if standing.facts.fields.is_empty() {
        bound.iter().filter(|b| !b.inherited).flat_map(|b| b.rule.fields.iter()).map(String::as_str).collect()
    } else {
        standing.facts.fields.iter().map(String::as_str).collect()
    };
    let verdicts: Vec<(&str, Verdict)> =
        fields.into_iter().map(|field| (field, weigh(standing, bound, Some(field), &mut flags, &mut reasons))).collect();
    let agreed = match verdicts.split_first() {
        None => Some(weigh(standing, bound, None, &mut flags, &mut reasons)),
        Some(((_, first), rest)) if rest.iter().all(|(_, v)| v.dates() == first.dates()) => {
            // where fields that end alike end differently, the most careful end is the record's
            let then = verdicts.iter().map(|(_, v)| v.then).min().unwrap_or(first.then);
            Some(Verdict { then, ..*first })
        }
        Some(_) => None,
    };
    match agreed {
        Some(Verdict { outcome, earliest, latest, floor, ceiling, then }) => {
            Decision { outcome, earliest, latest, floor, ceiling, then, fields: BTreeMap::new(), flags, reasons }
        }
        None => Decision {
            outcome: Outcome::Partial,
            earliest: None,
            latest: None,
            floor: None,
            ceiling: None,
            then: Then::Dispose,
            fields: verdicts.into_iter().map(|(field, v)| (field.to_owned(), field_decision(&v))).collect(),
            flags,
            reasons,
        },
    }
}

fn field_decision(verdict: &Verdict) -> FieldDecision {
    FieldDecision { outcome: verdict.outcome, earliest: verdict.earliest, latest: verdict.latest, then: verdict.then }
}
