//! What waits for a second person.

use askama::Template;

use super::{
    erasure::{Outcome, PlanLine},
    parts::{Chip, Line, Tab},
};
use crate::kit::{layout::Shell, text::Text};

/// A proposal in the list.
#[derive(Clone, Debug)]
pub struct ProposalRow {
    /// `Disposal of 3 records`.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Who proposed it, and when.
    pub note: String,
    /// Why.
    pub reason: String,
    /// How far it is.
    pub state: Chip,
}

/// A decision that was carried out.
#[derive(Clone, Debug)]
pub struct OrderRow {
    /// `Disposal`.
    pub title: String,
    /// Its number.
    pub number: String,
    /// Where its certificate is fetched, once there is one.
    pub certificate: Option<String>,
    /// When.
    pub when: String,
    /// How far it is.
    pub state: Chip,
}

/// What waits for a second person, and what was carried out.
#[derive(Clone, Debug, Template)]
#[template(path = "approvals/list.html")]
pub struct Approvals {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Waiting, carried out.
    pub tabs: Vec<Tab>,
    /// What waits; nothing on the other tab.
    pub waiting: Vec<ProposalRow>,
    /// What was carried out; `None` on the first tab.
    pub done: Option<Vec<OrderRow>>,
}

/// One proposal: what would go and what stays, who approved, and the acts.
#[derive(Clone, Debug, Template)]
#[template(path = "approvals/one.html")]
pub struct ApprovalPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `Disposal of 3 records`.
    pub title: String,
    /// Who proposed it, and when.
    pub note: String,
    /// Its address.
    pub href: String,
    /// Why it was proposed.
    pub reason: String,
    /// How far it is.
    pub state: Chip,
    /// What becomes of each record, decided now.
    pub lines: Vec<PlanLine>,
    /// Who approved.
    pub approvals: Vec<Line>,
    /// Why this reader may not approve (`You proposed this.`); otherwise the form to approve stands there.
    pub may_not: Option<String>,
    /// How many items go, once enough people approved: the number to type.
    pub count: Option<u64>,
    /// Wrong number, wrong password, no reason.
    pub problem: String,
    /// What was recorded.
    pub recorded: String,
}

impl ApprovalPage {
    fn groups(&self) -> [(&'static str, &'static str, Vec<&PlanLine>); 2] {
        let (goes, stays) = self.lines.iter().partition(|line| line.outcome == Outcome::Goes);
        [("goes", "confirm-goes", goes), ("stays", "confirm-stays", stays)]
    }
}
