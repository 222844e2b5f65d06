//! What ends something: a page that says what goes and what stays, before anything goes.

use askama::Template;

use super::{
    erasure::{Outcome, PlanLine},
    parts::Field,
};
use crate::kit::{layout::Shell, text::Text};

/// The page before an act that ends something. Nothing has happened yet. Posts `count`, `password` and `fields` to `action`.
#[derive(Clone, Debug, Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `Disable Mara Lindqvist`.
    pub title: String,
    /// Who or what it is about, in a line.
    pub note: String,
    /// What goes, what stays, what is held.
    pub lines: Vec<PlanLine>,
    /// Where the safe button leads.
    pub back: String,
    /// Where it posts.
    pub action: String,
    /// The number to type, where one is asked for.
    pub count: Option<u64>,
    /// The password is asked for again.
    pub password: bool,
    /// Further inputs (a reason).
    pub fields: Vec<Field>,
    /// The button that does it.
    pub label: String,
    /// Wrong number, wrong password.
    pub problem: String,
}

impl ConfirmPage {
    fn groups(&self) -> [(Outcome, &'static str, Vec<&PlanLine>); 3] {
        let of = |outcome| self.lines.iter().filter(|line| line.outcome == outcome).collect();
        [
            (Outcome::Goes, "confirm-goes", of(Outcome::Goes)),
            (Outcome::Stays, "confirm-stays", of(Outcome::Stays)),
            (Outcome::Held, "erasure-held", of(Outcome::Held)),
        ]
    }
}
