//! One decision over many records: what is to be done, what would come of it, how far it is, what came of it.

use askama::Template;

use super::parts::{Chip, Field, Progress};
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

/// The bar over a list with which its rows are chosen. Posts `chosen` for each ticked row, or `all`, and what the list is asked by.
#[derive(Clone, Debug)]
pub struct BulkBar {
    /// Where it posts.
    pub action: String,
    /// What the list is asked by.
    pub hidden: Vec<(&'static str, String)>,
    /// `All 1,204 that match…`.
    pub all_label: String,
}

/// What may be done to a set.
#[derive(Clone, Debug)]
pub struct ActForms {
    /// The fields that can be set; empty where this reader may not change the kind.
    pub fields: Vec<Choice>,
    /// The inputs of the chosen field.
    pub inputs: Vec<Field>,
    /// Its key; empty while none is chosen.
    pub field: String,
    /// It has several values: one is added or removed.
    pub several: bool,
    /// Who may own them.
    pub owners: Vec<Choice>,
    /// This reader may propose them for disposal.
    pub may_propose: bool,
}

/// How many for one reason.
#[derive(Clone, Debug)]
pub struct CountLine {
    /// `Will change`, `Held: a legal hold keeps them`.
    pub label: Chip,
    /// How many.
    pub count: String,
}

/// The page of a bulk act. Posts the act to `{href}/weigh`, then to `{href}/run`.
#[derive(Clone, Debug, Template)]
#[template(path = "bulk.html")]
pub struct BulkPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `37 people chosen`.
    pub title: String,
    /// The list.
    pub back: String,
    /// Its own address.
    pub href: String,
    /// The forms of what may be done, until it is said.
    pub acts: Option<ActForms>,
    /// What is to be done, in words.
    pub act: String,
    /// What would come of it, or came of it.
    pub counts: Vec<CountLine>,
    /// Heading of the counts.
    pub counts_title: String,
    /// The button that does it.
    pub run_label: Option<String>,
    /// How far it is, while it goes on.
    pub progress: Option<Progress>,
    /// `Good until 22:19`, `Each changed record has a new version`.
    pub note: String,
    /// Where to go on, after a proposal.
    pub next: Option<(String, String)>,
    /// Why it was refused.
    pub problem: String,
}
