//! A decision in words: the line on every record's page, and its reasons.

use jiff::civil::Date;
use rules::retention::{Decision, Effect, Flag, Outcome, Reason, Source, Then};

use crate::records::StoredRecord;

/// A decision in words.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The retention line: "Keep through 31 Dec 2032: German business letter, HGB §257; then disposed".
    pub line: String,
    /// The reasons, a sentence each.
    pub reasons: Vec<String>,
    /// The decision.
    pub decision: Decision,
}

impl Explained {
    /// Puts the decision on a record into words.
    pub fn new(row: &StoredRecord, decision: Decision) -> Self {
        let anonymised = |on: Date| format!("Anonymised on {}: nothing in it identifies anybody any more", day(on));
        let line = row.facts.anonymised.map_or_else(|| line(&decision), anonymised);
        Self { line, reasons: decision.reasons.iter().map(Reason::sentence).collect(), decision }
    }
}

/// The rule that decides: what sets the floor, an open floor, else the ceiling or the prohibition.
pub fn deciding(decision: &Decision) -> Option<&Reason> {
    let of = |effect: Effect| decision.reasons.iter().filter(move |reason| reason.effect == effect);
    let rule = |reason: &&Reason| matches!(reason.source, Source::Rule { .. });
    let floor = || {
        let day = decision.floor.or_else(|| of(Effect::Floor).filter_map(|reason| reason.date).max());
        of(Effect::Floor).filter(|reason| reason.date == day).max_by_key(|reason| rule(reason))
    };
    match decision.outcome {
        Outcome::RetainOpen => of(Effect::OpenFloor).next(),
        Outcome::Redact => of(Effect::Prohibits).next(),
        Outcome::Dispose => floor().or_else(|| of(Effect::Ceiling).min_by_key(|reason| reason.date)),
        _ => floor().or_else(|| of(Effect::Ceiling).min_by_key(|reason| reason.date)).or_else(|| of(Effect::OpenFloor).next()),
    }
}

/// A day as people write it.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// The rule behind a reason: its name and its citation.
fn because(reason: Option<&Reason>) -> String {
    match reason.map(|reason| &reason.source) {
        Some(Source::Rule { id, name, citation, .. }) => {
            let name = name.as_ref().unwrap_or(id);
            if citation.is_empty() { name.to_string() } else { format!("{name}, {citation}") }
        }
        Some(Source::CoolOff) => "the cool-off after its last legal hold".to_owned(),
        Some(Source::Request(_)) => "the person asked for its erasure".to_owned(),
        Some(Source::Hold(_)) => "a legal hold".to_owned(),
        Some(Source::Capture | Source::Clock) | None => "our settings".to_owned(),
    }
}

fn afterwards(then: Then) -> &'static str {
    match then {
        Then::Dispose => "then disposed",
        Then::Review => "then reviewed by people",
        Then::Anonymise => "then anonymised",
        Then::Keep => "then kept until somebody decides",
    }
}

/// The line of these fields of a record, of which the rest is decided otherwise: the rule over them, not that of the whole.
pub(super) fn line_of(decision: &Decision, fields: &[String]) -> String {
    let Some(one) = fields.iter().find_map(|key| decision.fields.get(key)) else { return line(decision) };
    let concerns = |reason: &&Reason| reason.fields.is_empty() || reason.fields.iter().any(|field| fields.contains(field));
    let ends = |reason: &&Reason| matches!(reason.effect, Effect::Ceiling | Effect::Prohibits | Effect::Floor);
    // What is about the fields alone before what is about the whole record.
    let reason = decision.reasons.iter().filter(concerns).filter(ends).min_by_key(|reason| (reason.fields.is_empty(), reason.date));
    let (why, then) = (because(reason), afterwards(one.then));
    let on = |date: Option<Date>| date.map_or_else(|| "a day not known yet".to_owned(), day);
    match one.outcome {
        Outcome::Redact => format!("Must not be stored: {why}; {then}"),
        Outcome::Overdue => format!("Overdue since {}: {why}; {then}", on(one.latest)),
        _ => format!("Due by {}: {why}; {then}", on(one.latest)),
    }
}

/// The retention line of a decision.
pub fn line(decision: &Decision) -> String {
    let why = because(deciding(decision));
    let then = afterwards(decision.then);
    let on = |date: Option<Date>| date.map_or_else(|| "a day not known yet".to_owned(), day);
    match decision.outcome {
        Outcome::Retain => format!("Keep through {}: {why}; {then}", on(decision.floor)),
        Outcome::Restrict => {
            let human = if decision.flags.contains(&Flag::Escalate) { "; a human decides whether foreign law may keep it" } else { "" };
            format!("Restricted, kept through {} for legal purposes alone: {why}; {then}{human}", on(decision.floor))
        }
        Outcome::RetainOpen => format!("Keep: {why}; its period has not begun"),
        Outcome::Hold => "Held: a legal hold keeps it until it is released".to_owned(),
        Outcome::Freeze => "Kept until an open request of the person is answered".to_owned(),
        Outcome::Unclassified => "No retention rule applies: never destroyed, and to be classified".to_owned(),
        Outcome::Redact => format!("Must not be stored: {why}"),
        Outcome::Suspend => "Nothing is destroyed until the clock is confirmed".to_owned(),
        Outcome::Overdue => format!("Overdue since {}: {why}; {then}", on(decision.latest)),
        Outcome::Dispose => format!("To be erased by {}: the person asked for it", on(decision.latest)),
        Outcome::Due => format!("Due by {}: {why}; {then}", on(decision.latest)),
        Outcome::May => match decision.latest {
            Some(latest) => format!("May be destroyed on a decision; gone by {}: {why}", day(latest)),
            None => "May be destroyed on a decision; no rule asks for it".to_owned(),
        },
        Outcome::Partial => {
            let ends = decision.fields.values().filter_map(|field| field.latest).max();
            format!("Its fields end at different times, the last by {}", on(ends))
        }
    }
}
