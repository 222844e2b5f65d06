//! What the engine is told: the record's facts, the rules, the holds, the requests and the settings.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use kernel::Instant;
use serde::{Deserialize, Serialize};

use super::applies::AppliesTo;
use crate::{MonthDay, Period};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// The word it is written as.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $text,)* } }
            /// Reads the word; `None` when it is not one of them.
            pub fn parse(text: &str) -> Option<Self> { match text { $($text => Some(Self::$variant),)* _ => None } }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }
    };
}
pub(super) use words;

words! {
    /// What a rule does.
    Kind {
        /// A floor: keep at least until.
        Min = "min",
        /// A ceiling: keep no longer than.
        Max = "max",
        /// Must never be stored.
        Prohibit = "prohibit",
    }
}

words! {
    /// Where a rule's authority comes from. The first three bind; `policy` is ours to choose.
    Strength {
        /// A statute or regulation.
        Law = "law",
        /// Limitation of legal claims (GDPR Art 17(3)(e)).
        Claims = "claims",
        /// A contract; binds us, but is no ground to refuse erasure.
        Contract = "contract",
        /// A recommended period.
        Policy = "policy",
    }
}

words! {
    /// The day a period is counted from, given the trigger's day.
    Anchor {
        /// The trigger's own day.
        Day = "day",
        /// The 31 December on or after it.
        CalendarYearEnd = "calendar-year-end",
        /// The record's fiscal year end on or after it.
        FiscalYearEnd = "fiscal-year-end",
    }
}

words! {
    /// What is to happen when the period is over; sorted so that the most careful one wins a tie (`review` first).
    Then {
        /// People decide, as many as are set, each with a reason.
        Review = "review",
        /// Nothing has to happen; the record may be destroyed on a decision. Means nothing under a ceiling.
        Keep = "keep",
        /// The identifying fields are destroyed.
        Anonymise = "anonymise",
        /// It is destroyed.
        Dispose = "dispose",
    }
}

/// One version of one retention rule. Never edited: a change is a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The rule's key, the same for all its versions.
    pub id: Arc<str>,
    /// What people call it ("German business letter").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
    /// Counts up with every change.
    pub version: u32,
    /// The first day it is in force; absent: always was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Date>,
    /// Floor, ceiling or prohibition.
    pub kind: Kind,
    /// Where its authority comes from.
    pub strength: Strength,
    /// The legal order that obliges (`EU`, `DE`, `US-CA`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub obligation_law: Option<Arc<str>>,
    /// The fields it governs; empty: the whole record.
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    pub fields: Arc<[String]>,
    /// Which records it is for.
    #[serde(default)]
    pub applies_to: AppliesTo,
    /// The event the period runs from. A prohibition may have none; a floor or ceiling without one never starts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trigger: Option<Arc<str>>,
    /// How long; prohibitions need none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Period>,
    /// What the trigger's day is moved to first.
    #[serde(default = "day")]
    pub anchor: Anchor,
    /// The zone in which a day ends; whoever turns instants into the days of [`Facts`] applies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// What is to happen afterwards.
    #[serde(default = "dispose")]
    pub then: Then,
    /// What a lawyer would look up.
    #[serde(default)]
    pub citation: Arc<str>,
    /// Whether this version also replaces earlier ones for records that exist; laws that shorten must say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retroactive: Option<bool>,
}

fn day() -> Anchor {
    Anchor::Day
}

fn dispose() -> Then {
    Then::Dispose
}

/// What is known about the record, in days (the time zone was applied before).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The record's kind (`message`).
    pub kind: String,
    /// Its retention class (`commercial-letter`).
    pub class: Option<String>,
    /// Where it is kept for (`DE`, `US-CA`).
    pub jurisdiction: Option<String>,
    /// The business it belongs to (`finance`).
    pub industry: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The law of the person it is about; absent: every obligation counts as domestic.
    pub person_law: Option<String>,
    /// What happened to it, by name; events dated after `now` have not happened.
    pub events: BTreeMap<String, Date>,
    /// When it was captured here.
    pub captured: Option<Date>,
    /// The date it claims for itself (`Date:` of a mail).
    pub claimed: Option<Date>,
    /// Whether an import may assert the claimed date, because its origin was proven.
    pub origin_evidence: bool,
    /// The last day of its fiscal year; absent: 31 December.
    pub fiscal_year_end: Option<MonthDay>,
    /// The fields it has. Give them: where there are none they are those that rules name.
    pub fields: Vec<String>,
}

/// A legal hold on the record: active from `placed` until the day before `released`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Which hold.
    pub id: String,
    /// Its first day.
    pub placed: Date,
    /// The day it no longer binds.
    pub released: Option<Date>,
}

/// What a person asked for, as far as retention is concerned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Right {
    /// GDPR Art 15.
    Access,
    /// CCPA 1798.110.
    Know,
    /// GDPR Art 20.
    Portability,
    /// GDPR Art 18.
    Restriction,
    /// GDPR Art 16, CCPA 1798.106.
    Rectification,
    /// GDPR Art 21.
    Objection,
    /// GDPR Art 17, CCPA 1798.105.
    Erasure,
    /// A right that does not touch retention (opt-out, limit, appeal, review of automated decisions).
    Other,
}

impl Right {
    /// Reads the words of GDPR and CCPA requests; `None` for words that name no right.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "access" => Self::Access,
            "know" => Self::Know,
            "port" | "portability" => Self::Portability,
            "restrict" | "restriction" => Self::Restriction,
            "rectify" | "rectification" | "correct" | "correction" => Self::Rectification,
            "object" | "objection" => Self::Objection,
            "erase" | "erasure" | "delete" | "deletion" => Self::Erasure,
            "adm" | "automated_decision" | "opt-out" | "opt_out" | "limit" | "appeal" | "complaint" | "withdraw" | "withdraw_consent" => {
                Self::Other
            }
            _ => return None,
        })
    }

    /// Whether an open request freezes the record (it must survive until answered).
    pub const fn freezes(self) -> bool {
        !matches!(self, Self::Erasure | Self::Other)
    }

    /// Whether an open request also restricts use.
    pub const fn restricts(self) -> bool {
        matches!(self, Self::Restriction | Self::Rectification | Self::Objection)
    }
}

/// A person's request concerning the record; open when received and not yet closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// What was asked.
    pub right: Right,
    /// The day it came.
    pub received: Date,
    /// Identity settled and a ground accepted.
    pub verified: bool,
    /// The day it was closed; that day it is open no more.
    pub closed: Option<Date>,
}

/// The installation's own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// `G`: grace to carry a disposal out.
    pub grace: Period,
    /// `C`: cool-off after the last hold ends.
    pub cool_off: Period,
}

impl Default for Settings {
    fn default() -> Self {
        Self { grace: Period::days(30), cool_off: Period::days(30) }
    }
}

/// Whether the clock may be believed enough to destroy by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// It agrees with the ledger and with monotonic time, or a witness, a TSA or two people confirmed it.
    Trusted,
    /// The day of the last ledger entry is all that is known; the engine compares it with `now`.
    LastLeaf(Date),
    /// It stands behind the last ledger entry.
    Behind,
    /// It leapt more than 24 hours ahead of the last ledger entry.
    Ahead,
    /// It disagrees with monotonic time.
    Disagrees,
}

impl Clock {
    /// Compares the clock with the last ledger entry (5 s of tolerance behind, 24 h ahead) and with monotonic time.
    pub fn judge(now: Instant, last_leaf: Option<Instant>, monotonic_agrees: bool) -> Self {
        const TOLERATED_BEHIND: std::time::Duration = std::time::Duration::from_secs(5);
        const TOLERATED_AHEAD: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
        match last_leaf {
            Some(leaf) if leaf.since(now) > TOLERATED_BEHIND => Self::Behind,
            Some(leaf) if now.since(leaf) > TOLERATED_AHEAD => Self::Ahead,
            _ if !monotonic_agrees => Self::Disagrees,
            _ => Self::Trusted,
        }
    }
}
