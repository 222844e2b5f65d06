//! What the engine answers: the outcome, its dates, its flags and its reasons.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::types::{Facts, Right, Rule, Strength, Then, words};
use crate::{Period, plus_days};

words! {
    /// What may, must or must not happen to the record, in the order in which the first that applies is taken.
    Outcome {
        /// The clock is not believed: nothing is destroyed, and restrictions stay as they stand.
        Suspend = "SUSPEND",
        /// A legal hold is active.
        Hold = "HOLD",
        /// It must not be stored: it goes now.
        Redact = "REDACT",
        /// An open request needs it to survive.
        Freeze = "FREEZE",
        /// A floor whose period has not begun.
        RetainOpen = "RETAIN_OPEN",
        /// No rule says anything: never deleted.
        Unclassified = "UNCLASSIFIED",
        /// A floor outlasts the ceiling: kept, readable for the legal purpose alone.
        Restrict = "RESTRICT",
        /// The floor has not passed.
        Retain = "RETAIN",
        /// It should have gone already; restricted meanwhile, and destroyable as DUE or DISPOSE was.
        Overdue = "OVERDUE",
        /// It may be destroyed on a decision; the sweep leaves it.
        May = "MAY",
        /// A verified erasure request is open and nothing stands in its way.
        Dispose = "DISPOSE",
        /// The floor has passed and nothing is in the way.
        Due = "DUE",
        /// Its fields differ; see `fields`.
        Partial = "PARTIAL",
    }
}

impl Outcome {
    /// Whether a sweep, erasure or approval may destroy it now (MAY only on somebody's decision; PARTIAL field by field).
    pub const fn is_destroyable(self) -> bool {
        matches!(self, Self::Due | Self::Overdue | Self::Dispose | Self::May | Self::Redact)
    }
}

words! {
    /// What a person should know beside the outcome.
    Flag {
        /// It counts from its capture, because its claimed date is more than seven days off.
        AnchoredOnCapture = "anchored_on_capture",
        /// A contract's floor gave way to a ceiling.
        ContractYields = "contract_yields",
        /// A foreign law alone keeps it: a human decides by the ceiling.
        Escalate = "escalate",
        /// A recommended period gave way to a ceiling.
        PolicyYields = "policy_yields",
        /// A prohibited field under hold: kept under its own key until counsel decides.
        Quarantine = "quarantine",
        /// Kept, but not used.
        Restricted = "restricted",
    }
}

/// The answer for one field of a PARTIAL record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldDecision {
    /// What may, must or must not happen to the field.
    pub outcome: Outcome,
    /// The first day it may be destroyed.
    pub earliest: Option<Date>,
    /// The last day it may be kept.
    pub latest: Option<Date>,
    /// What is to happen then.
    pub then: Then,
}

/// The answer, with everything needed to explain it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What may, must or must not happen.
    pub outcome: Outcome,
    /// The first day it may be destroyed.
    pub earliest: Option<Date>,
    /// The last day it may be kept.
    pub latest: Option<Date>,
    /// The last day of the longest floor that counts (none when PARTIAL).
    pub floor: Option<Date>,
    /// The earliest ceiling; when `escalate` is set, a human decides by this day (none when PARTIAL).
    pub ceiling: Option<Date>,
    /// What is to happen when it is due.
    pub then: Then,
    /// Field by field, where they differ.
    pub fields: BTreeMap<String, FieldDecision>,
    /// What a person should know beside the outcome.
    pub flags: BTreeSet<Flag>,
    /// Why, rule by rule.
    pub reasons: Vec<Reason>,
}

impl Decision {
    /// Whether the record may be used only for what keeps it; `None` under SUSPEND: leave it as it stands.
    pub fn restricts_use(&self) -> Option<bool> {
        let restricted = |outcome| matches!(outcome, Outcome::Restrict | Outcome::Overdue);
        match self.outcome {
            Outcome::Suspend => None,
            Outcome::Partial => Some(self.flags.contains(&Flag::Restricted)),
            outcome => Some(self.flags.contains(&Flag::Restricted) || restricted(outcome)),
        }
    }

    /// What counts as a deviation to be worked on: open for over two years, or personal data without a rule for over 30 days.
    pub fn deviation(&self, facts: &Facts, holds_personal_data: bool, now: Date) -> Option<Deviation> {
        let since = facts.captured.or_else(|| facts.events.get("captured").copied()).or_else(|| facts.events.get("created").copied())?;
        match self.outcome {
            Outcome::RetainOpen if now > Period::years(2).after(since) => Some(Deviation::OpenTooLong),
            Outcome::Unclassified if holds_personal_data && now > plus_days(since, 30) => Some(Deviation::WithoutRule),
            _ => None,
        }
    }
}

/// A state that is allowed for a while only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deviation {
    /// RETAIN_OPEN for more than two years.
    OpenTooLong,
    /// UNCLASSIFIED for more than 30 days with personal data.
    WithoutRule,
}

/// What a reason comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A rule's version.
    Rule {
        /// Its key.
        id: Arc<str>,
        /// What people call it.
        name: Option<Arc<str>>,
        /// Which version.
        version: u32,
        /// What a lawyer would look up.
        citation: Arc<str>,
        /// Where its authority comes from.
        strength: Strength,
    },
    /// A legal hold.
    Hold(String),
    /// The cool-off after the last hold.
    CoolOff,
    /// A person's request.
    Request(Right),
    /// How the record was captured.
    Capture,
    /// The clock and the ledger.
    Clock,
}

words! {
    /// What a reason does to the decision.
    Effect {
        /// Keeps it through a day.
        Floor = "floor",
        /// A floor that has given way to a ceiling or an erasure.
        Yields = "yields",
        /// A floor whose trigger has not happened.
        OpenFloor = "open_floor",
        /// Ends it on a day.
        Ceiling = "ceiling",
        /// A ceiling whose trigger has not happened.
        OpenCeiling = "open_ceiling",
        /// Must never be stored.
        Prohibits = "prohibits",
        /// A prohibition whose trigger has not happened.
        OpenProhibition = "open_prohibition",
        /// Keeps it for a matter.
        Holds = "holds",
        /// Keeps it until a request is answered.
        Freezes = "freezes",
        /// Its date counts from capture.
        Anchors = "anchors",
        /// No destruction until the clock is confirmed.
        Suspends = "suspends",
    }
}

/// One reason for a decision, with the dates computed from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What it comes from.
    pub source: Source,
    /// What it does.
    pub effect: Effect,
    /// The day its period runs from, as anchored.
    pub from: Option<Date>,
    /// The last day of a floor, the day of a ceiling.
    pub date: Option<Date>,
    /// The fields it governs; empty: the whole record.
    pub fields: Arc<[String]>,
}

impl Reason {
    pub(super) fn of_rule(rule: &Rule, effect: Effect, from: Option<Date>, date: Option<Date>) -> Self {
        let source = Source::Rule {
            id: rule.id.clone(),
            name: rule.name.clone(),
            version: rule.version,
            citation: rule.citation.clone(),
            strength: rule.strength,
        };
        Self { source, effect, from, date, fields: rule.fields.clone() }
    }

    pub(super) fn other(source: Source, effect: Effect, from: Option<Date>, date: Option<Date>) -> Self {
        Self { source, effect, from, date, fields: Arc::default() }
    }

    /// The reason as an English sentence.
    pub fn sentence(&self) -> String {
        let who = match &self.source {
            Source::Rule { id, name, version, citation, strength } => {
                let citation = if citation.is_empty() || citation == id { String::new() } else { format!(", {citation}") };
                format!("{} (version {version}, {strength}{citation})", name.as_ref().unwrap_or(id))
            }
            Source::Hold(id) => format!("Legal hold {id}"),
            Source::CoolOff => "The cool-off after the last legal hold".into(),
            Source::Request(Right::Erasure) => "The open, verified erasure request".into(),
            Source::Request(_) => "An open request of the person".into(),
            Source::Capture => "The claimed date is more than seven days from the capture".into(),
            Source::Clock => "The clock and the ledger disagree".into(),
        };
        let day = self.date.map_or_else(|| "an unknown day".into(), |d| d.to_string());
        let what = match self.effect {
            Effect::Floor => format!("keeps it through {day}"),
            Effect::Yields => format!("would keep it through {day}, and gives way"),
            Effect::OpenFloor => "keeps it; its period has not begun".into(),
            Effect::Ceiling => format!("ends it on {day} at the latest"),
            Effect::OpenCeiling => "will end it; its period has not begun".into(),
            Effect::Prohibits => "forbids storing it".into(),
            Effect::OpenProhibition => "will forbid storing it; its trigger has not happened".into(),
            Effect::Holds => "keeps it until released".into(),
            Effect::Freezes => "keeps it until answered".into(),
            Effect::Anchors => format!("so it counts from {day}"),
            Effect::Suspends => "so nothing is destroyed until a witness, a time stamp or two people confirm the time".into(),
        };
        let fields = if self.fields.is_empty() { String::new() } else { format!(" [{}]", self.fields.join(", ")) };
        format!("{who} {what}{fields}.")
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence())
    }
}
