//! The weighing itself: floors against ceilings, for one field or for the whole record.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    decision::{Effect, Flag, Outcome, Reason},
    law,
    standing::Standing,
    types::{Kind, Rule, Strength, Then},
};
use crate::plus_days;

/// A rule that binds the record, with the dates it has there.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a> {
    pub rule: &'a Rule,
    /// The anchored day of its trigger; `None` while that has not happened.
    pub start: Option<Date>,
    /// The last day of a floor, the day of a ceiling.
    pub date: Option<Date>,
    /// Brought in by another member of the record's family.
    pub inherited: bool,
}

impl<'a> Bound<'a> {
    pub fn new(rule: &'a Rule, standing: &Standing) -> Self {
        let start = standing.start(rule);
        // a floor or ceiling without a period says nothing yet: it stays open
        let date = start.zip(rule.period).map(|(start, period)| period.after(start));
        Self { rule, start, date, inherited: false }
    }

    pub fn governs(&self, field: Option<&str>) -> bool {
        self.inherited || self.rule.fields.is_empty() || field.is_some_and(|field| self.rule.fields.iter().any(|f| f == field))
    }

    fn prohibits(&self) -> bool {
        self.rule.kind == Kind::Prohibit && (self.rule.trigger.is_none() || self.start.is_some())
    }
}

/// The answer for one field, or for the whole record.
pub(super) struct Verdict {
    pub outcome: Outcome,
    pub earliest: Option<Date>,
    pub latest: Option<Date>,
    pub floor: Option<Date>,
    pub ceiling: Option<Date>,
    pub then: Then,
}

impl Verdict {
    const fn undated(outcome: Outcome) -> Self {
        Self { outcome, earliest: None, latest: None, floor: None, ceiling: None, then: Then::Dispose }
    }

    pub fn dates(&self) -> (Outcome, Option<Date>, Option<Date>) {
        (self.outcome, self.earliest, self.latest)
    }
}

/// Decides over the rules that govern; adds flags, and the reasons that are not among `reasons` yet.
pub(super) fn weigh(s: &Standing, rules: &[Bound], field: Option<&str>, flags: &mut BTreeSet<Flag>, reasons: &mut Vec<Reason>) -> Verdict {
    let governing = || rules.iter().filter(move |b| b.governs(field));
    let of = |kind| governing().filter(move |b| b.rule.kind == kind);
    let mut yielding = false;

    let verdict = if s.suspended {
        Verdict::undated(Outcome::Suspend)
    } else if s.held {
        if s.erasure.is_some() || s.restricting {
            flags.insert(Flag::Restricted);
        }
        if governing().any(Bound::prohibits) {
            flags.insert(Flag::Quarantine);
        }
        Verdict::undated(Outcome::Hold)
    } else if governing().any(Bound::prohibits) {
        if s.restricting {
            flags.insert(Flag::Restricted);
        }
        let then = governing().filter(|b| b.prohibits()).map(|b| b.rule.then).min().unwrap_or(Then::Dispose);
        Verdict { earliest: Some(s.now), latest: Some(s.now), then, ..Verdict::undated(Outcome::Redact) }
    } else if s.freezing {
        if s.restricting {
            flags.insert(Flag::Restricted);
        }
        Verdict::undated(Outcome::Freeze)
    } else {
        let ceiling = of(Kind::Max).filter_map(|b| b.date).chain(s.erasure).min();
        let mut open = of(Kind::Min).filter(|b| b.date.is_none()).peekable();
        if open.peek().is_some() && (ceiling.is_none() || open.any(|b| b.rule.strength != Strength::Policy)) {
            if s.erasure.is_some() || ceiling.is_some_and(|c| s.now > c) {
                flags.insert(Flag::Restricted);
            }
            Verdict { ceiling, ..Verdict::undated(Outcome::RetainOpen) }
        } else if s.erasure.is_none() && of(Kind::Min).chain(of(Kind::Max)).next().is_none() {
            Verdict::undated(Outcome::Unclassified)
        } else {
            yielding = true;
            dated(s, || of(Kind::Min), || of(Kind::Max), ceiling, flags)
        }
    };
    explain(s, field, governing(), if yielding { verdict.ceiling } else { None }, reasons);
    verdict
}

/// Whether a triggered floor gives way. An erasure takes every recommended or contractual one, whatever its date:
/// a recommended period never justifies refusing it, and GDPR Art 17(3) knows no contract.
fn gives_way(s: &Standing, floor: &Bound, ceiling: Option<Date>) -> bool {
    matches!(floor.rule.strength, Strength::Policy | Strength::Contract)
        && floor.date.is_some_and(|through| ceiling.is_some_and(|c| s.erasure.is_some() || through > c))
}

fn dated<'r, F, C>(s: &Standing, mins: impl Fn() -> F, maxs: impl Fn() -> C, ceiling: Option<Date>, flags: &mut BTreeSet<Flag>) -> Verdict
where
    F: Iterator<Item = &'r Bound<'r>>,
    C: Iterator<Item = &'r Bound<'r>>,
{
    for floor in mins().filter(|b| gives_way(s, b, ceiling)) {
        flags.insert(if floor.rule.strength == Strength::Policy { Flag::PolicyYields } else { Flag::ContractYields });
    }
    let kept = || mins().filter(|b| b.date.is_some() && !gives_way(s, b, ceiling));
    let by_rules = kept().filter_map(|b| b.date).max();
    let floor = by_rules.max(s.cool_off);

    // the rule that sets the floor, else the one that sets the ceiling; the most careful wins a tie
    let then = match by_rules {
        Some(_) => kept().filter(|b| b.date == by_rules).map(|b| b.rule.then).min(),
        None => maxs().filter(|b| b.date.is_some() && b.date == ceiling).map(|b| b.rule.then).min(),
    };
    let keeps = then == Some(Then::Keep) && ceiling.is_none();
    let then = then.filter(|t| *t != Then::Keep || keeps).unwrap_or(Then::Dispose);

    let grace = |day| s.settings.grace.after(day);
    let passed = floor.is_none_or(|f| s.now > f);
    let latest = match (floor, ceiling) {
        // nothing asks for its end: it was to be kept, or only a hold that is over ever dated it
        _ if passed && ceiling.is_none() && (keeps || by_rules.is_none()) => None,
        (Some(f), Some(c)) if f < c => Some(c),
        (Some(f), _) => Some(grace(f)),
        (None, c) => c,
    };
    let outcome = match floor {
        Some(f) if s.now <= f && ceiling.is_some_and(|c| f > c) => Outcome::Restrict,
        Some(f) if s.now <= f => Outcome::Retain,
        _ if latest.is_some_and(|l| s.now > l) => Outcome::Overdue,
        _ if s.erasure.is_none() && (by_rules.is_none() || keeps) && latest.is_none_or(|l| l > grace(s.now)) => Outcome::May,
        _ if s.erasure.is_some() => Outcome::Dispose,
        _ => Outcome::Due,
    };
    if outcome == Outcome::Restrict && is_foreign_alone(s, mins()) {
        flags.insert(Flag::Escalate);
    }
    // MAY without a rule's floor: the cool-off that once was does not date it either
    let earliest = if outcome == Outcome::May { by_rules } else { floor };
    Verdict { outcome, earliest: Some(earliest.map_or(s.now, |f| plus_days(f, 1))), latest, floor, ceiling, then }
}

/// Whether a foreign law's floor outlasts every domestic floor of law or claims.
fn is_foreign_alone<'r>(s: &Standing, mins: impl Iterator<Item = &'r Bound<'r>>) -> bool {
    let (mut foreign, mut domestic) = (None, None);
    for floor in mins {
        let is_domestic = law::is_domestic(floor.rule.obligation_law.as_deref(), s.facts.person_law.as_deref());
        match floor.rule.strength {
            Strength::Law | Strength::Claims if is_domestic => domestic = domestic.max(floor.date),
            Strength::Law => foreign = foreign.max(floor.date),
            _ => {}
        }
    }
    foreign > domestic
}

/// Adds each governing rule as a reason, once.
fn explain<'r>(
    s: &Standing,
    field: Option<&str>,
    governing: impl Iterator<Item = &'r Bound<'r>>,
    ceiling: Option<Date>,
    reasons: &mut Vec<Reason>,
) {
    for bound in governing {
        let effect = match (bound.rule.kind, bound.date) {
            (Kind::Min, None) => Effect::OpenFloor,
            (Kind::Min, Some(_)) if gives_way(s, bound, ceiling) => Effect::Yields,
            (Kind::Min, Some(_)) => Effect::Floor,
            (Kind::Max, None) => Effect::OpenCeiling,
            (Kind::Max, Some(_)) => Effect::Ceiling,
            (Kind::Prohibit, _) if bound.prohibits() => Effect::Prohibits,
            (Kind::Prohibit, _) => Effect::OpenProhibition,
        };
        let date = bound.date.filter(|_| bound.rule.kind != Kind::Prohibit);
        let reason = Reason::of_rule(bound.rule, effect, bound.start, date);
        // only where a record is weighed field by field can a rule come twice
        if field.is_none() || !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
}
