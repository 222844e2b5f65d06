//! Search over all kinds.

use askama::Template;

use super::parts::{Chip, Paging, Tab};
use crate::kit::{layout::Shell, text::Text};

/// A record found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Sprite icon of its kind.
    pub icon: String,
    /// Its kind and a word more (`Person · Studio Lombardi`).
    pub note: String,
    /// Which field matched (`in Subject`).
    pub matched: String,
    /// Held, restricted.
    pub state: Option<Chip>,
}

/// What the search found. The words came by POST to `/search` and never stand in the address.
#[derive(Clone, Debug, Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The words.
    pub words: String,
    /// `24 found`.
    pub found: String,
    /// By kind.
    pub tabs: Vec<Tab>,
    /// What was found.
    pub hits: Vec<Hit>,
    /// Paging.
    pub paging: Paging,
    /// What this purpose cannot search (`Case notes are not searched: acting for Sales.`).
    pub withheld_note: Option<String>,
    /// What was recorded.
    pub recorded: String,
}
