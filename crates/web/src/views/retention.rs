//! Retention: the rules, the packs they came from, what they cover.

use askama::Template;

use super::{
    home::Figure,
    parts::{Cell, Chip, Line},
};
use crate::kit::{layout::Shell, text::Text};

/// A rule in force.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it applies to (`Invoices · Germany`).
    pub scope: String,
    /// `8 years from the end of the year`.
    pub period: String,
    /// `Keep at least`, `Keep at most`.
    pub effect: Chip,
    /// Statute or policy.
    pub citation: String,
    /// When somebody last checked it against the statute.
    pub checked: String,
    /// The pack it came with.
    pub pack: String,
}

/// A pack.
#[derive(Clone, Debug)]
pub struct Pack {
    /// Its name.
    pub name: String,
    /// Version, rules, checked on.
    pub note: String,
    /// Adopted, or newer available.
    pub state: Chip,
    /// Posts here to adopt (a plan first); `None` when there is nothing to adopt.
    pub adopt_action: Option<String>,
}

/// A record that is due and waits for people.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What the form sends.
    pub id: String,
    /// Its name, as this reader may see it.
    pub name: Cell,
    /// Its kind.
    pub kind: String,
    /// The fields that are due, where the rest of it is not.
    pub fields: String,
    /// `Due by 2 Dec 2026`.
    pub line: String,
    /// The rule behind it.
    pub why: String,
    /// It was proposed already, and where that is.
    pub proposed: Option<(Chip, String)>,
}

/// What is due and waits for people. Ticked ones are posted (`record`, `reason`) to `/retention/propose`.
#[derive(Clone, Debug)]
pub struct WaitingQueue {
    /// The first of them, the longest kept first.
    pub rows: Vec<Waiting>,
    /// How many of each kind.
    pub counts: String,
}

/// The clock leapt: nothing is destroyed until people confirm the time. The reason is posted to `/retention/clock`.
#[derive(Clone, Debug)]
pub struct Leapt {
    /// From when to when, and who confirmed.
    pub words: String,
    /// Whether this reader may confirm, and has not.
    pub may_confirm: bool,
}

/// The page of retention.
#[derive(Clone, Debug, Template)]
#[template(path = "retention.html")]
pub struct RetentionPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The clock leapt.
    pub leapt: Option<Leapt>,
    /// Records covered, due, held, without a rule.
    pub figures: Vec<Figure>,
    /// Covered records and all records, for the meter; no records, no meter.
    pub covered: (u64, u64),
    /// Kinds without a rule, each with where one is chosen.
    pub uncovered: Vec<(String, String)>,
    /// Rules that a statute asks for.
    pub statutory: Vec<Rule>,
    /// Rules that are good practice or own policy.
    pub recommended: Vec<Rule>,
    /// Packs.
    pub packs: Vec<Pack>,
    /// Grace and cool-off days, clock, last sweep.
    pub settings: Vec<Line>,
    /// Posts here to see what a sweep would find; `None` for whoever may not dispose.
    pub plan_action: Option<String>,
    /// The page before a sweep.
    pub sweep_href: Option<String>,
    /// What is due and waits for people; `None` for whoever may not dispose.
    pub queue: Option<WaitingQueue>,
}
