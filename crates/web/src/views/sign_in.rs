//! Signing in.

use askama::Template;

use crate::kit::{layout::Shell, text::Text};

/// The sign-in page. Posts `email`, `password`, `next` to `/sign-in`.
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignIn {
    /// Language.
    pub t: Text,
    /// Frame (plain).
    pub shell: Shell,
    /// The organisation's name, above the form.
    pub organisation: String,
    /// The e-mail as typed.
    pub email: String,
    /// What went wrong: "E-mail and password don’t match.", or the lock-out with its end. Empty at first.
    pub problem: String,
    /// Locked out: the form is shown but cannot be sent until the time in `problem`.
    pub locked: bool,
    /// The session ended while working: says that the text is kept.
    pub expired: bool,
    /// Where to go on: a path of ours.
    pub next: String,
}
