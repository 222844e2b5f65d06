//! The way out of a campaign's letters.

use askama::Template;

use crate::kit::{layout::Shell, text::Text};

/// Asks once, or says that it is done.
#[derive(Clone, Debug, Template)]
#[template(path = "unsubscribe.html")]
pub struct Unsubscribe {
    /// Language.
    pub t: Text,
    /// Frame (plain).
    pub shell: Shell,
    /// Where the button posts.
    pub action: String,
    /// They said so already.
    pub gone: bool,
}
