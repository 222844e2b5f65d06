//! The page of a refusal or failure: what failed, what was kept, what to do.

use askama::Template;

use crate::kit::{layout::Shell, text::Text};

/// An error in words.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What failed (`Not saved`, `There is no such page`).
    pub title: String,
    /// The rule or reason, in words (the error's `detail`).
    pub detail: String,
    /// What is wrong where: place and remedy.
    pub problems: Vec<(String, String)>,
    /// What was kept (`Nothing was changed.`).
    pub kept: String,
    /// What to do: label and address; the first is the main one.
    pub todo: Vec<(String, String)>,
    /// The stable code (`legal_hold`).
    pub code: String,
    /// The request's reference (`7F3K-22`).
    pub reference: String,
}

/// The page of a failure inside the frame.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The failure.
    pub failure: Failure,
}

/// The page of a failure when nobody is signed in.
#[derive(Clone, Debug, Template)]
#[template(path = "error_plain.html")]
pub struct PlainErrorPage {
    /// Language.
    pub t: Text,
    /// Frame (plain).
    pub shell: Shell,
    /// The failure.
    pub failure: Failure,
}
