//! Taking a list out: the form beside it, and the page of what was ordered.

use askama::Template;

use super::parts::{Line, Progress};
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

/// The form beside a list. It posts what the list's address says, the format and the purpose to `action`.
#[derive(Clone, Debug)]
pub struct ExportForm {
    /// Where it posts.
    pub action: String,
    /// What the list is asked by.
    pub hidden: Vec<(&'static str, String)>,
    /// As what.
    pub formats: Vec<Choice>,
    /// For what.
    pub purposes: Vec<Choice>,
}

/// An export that was ordered.
#[derive(Clone, Debug, Template)]
#[template(path = "export.html")]
pub struct ExportPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `Export of people`.
    pub title: String,
    /// The list.
    pub back: String,
    /// How far it is.
    pub progress: Progress,
    /// Format, purpose, when.
    pub lines: Vec<Line>,
    /// Where the file is fetched, once it is whole.
    pub download_action: Option<String>,
    /// Size and last day.
    pub note: String,
    /// Why it stopped.
    pub problem: String,
}
