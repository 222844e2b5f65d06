//! Erasure (and other destruction): the plan, then what came of it.

use askama::Template;

use super::parts::Line;
use crate::kit::{layout::Shell, text::Text};

/// What happens to a datum.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is erased.
    Goes,
    /// It stays, restricted, until a date.
    Stays,
    /// A hold keeps it; decided again later.
    Held,
}

impl Outcome {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Goes => "goes",
            Self::Stays => "stays",
            Self::Held => "held",
        }
    }
}

/// A line of the plan.
#[derive(Clone, Debug)]
pub struct PlanLine {
    /// What (`Profile, notes`, `3 letters`).
    pub what: String,
    /// What happens to it.
    pub outcome: Outcome,
    /// Rule or reason.
    pub rule: String,
    /// `HGB §257, GDPR Art 17(3)(b)`.
    pub citation: String,
    /// `at once`, `31 Dec 2032`, `no date`.
    pub until: String,
}

/// The plan. Nothing has gone yet. Posts `count`, `password`, `plan` to `action`.
#[derive(Clone, Debug, Template)]
#[template(path = "erasure/plan.html")]
pub struct ErasurePlan {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Whose, or what of.
    pub subject: String,
    /// Where the safe button leads.
    pub back: String,
    /// Where it posts.
    pub action: String,
    /// The plan's identity: any change meanwhile makes it void.
    pub plan: String,
    /// The lines.
    pub lines: Vec<PlanLine>,
    /// How many items go: the number to type.
    pub count: u64,
    /// What else happens or stays (`Recipients to tell: 2`, `A suppression entry stays`).
    pub also: Vec<String>,
    /// `This plan is good until 22:19, or until anything in it changes.`
    pub expires: String,
    /// Wrong count, wrong password, expired plan.
    pub problem: String,
    /// A second person must agree: the button asks instead of erasing.
    pub second_person: bool,
}

impl ErasurePlan {
    fn of(&self, outcome: Outcome) -> Vec<&PlanLine> {
        self.lines.iter().filter(|l| l.outcome == outcome).collect()
    }

    fn groups(&self) -> [(Outcome, &'static str, &'static str, Vec<&PlanLine>); 3] {
        [
            (Outcome::Goes, "erasure-goes", "erasure-goes-note", self.of(Outcome::Goes)),
            (Outcome::Stays, "erasure-stays", "erasure-stays-note", self.of(Outcome::Stays)),
            (Outcome::Held, "erasure-held", "erasure-held-note", self.of(Outcome::Held)),
        ]
    }
}

/// What came of it.
#[derive(Clone, Debug, Template)]
#[template(path = "erasure/result.html")]
pub struct ErasureResult {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `212 items erased; 3 letters kept, locked, through 31 Dec 2032 (HGB §257).`
    pub summary: String,
    /// Everything is done (`false`: partly, and `summary` says what is left).
    pub complete: bool,
    /// `Unreadable in every data copy now; in old key copies from 28 Nov.`
    pub copies: String,
    /// Certificate: number, method, time, leaf.
    pub certificate: Vec<Line>,
    /// Where the certificate is downloaded, as a file that verifies offline; empty where it is not offered.
    pub download: String,
    /// What stays, and until when.
    pub stays: Vec<PlanLine>,
    /// Where what a second person must approve is proposed to them, and how many items that are.
    pub propose: Option<(String, usize)>,
    /// Where to go on.
    pub back: String,
}
