//! An access package: everything held about one person, as a file.

use askama::Template;

use super::parts::{Line, Progress};
use crate::kit::{layout::Shell, text::Text};

/// The package while it is made, and when it is ready.
#[derive(Clone, Debug, Template)]
#[template(path = "package.html")]
pub struct PackagePage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Whose.
    pub person: String,
    /// The person's page.
    pub person_href: String,
    /// How far it is.
    pub progress: Progress,
    /// What is in it, once it is ready: records, messages, files, views, disclosures.
    pub contents: Vec<Line>,
    /// What is not in it, and why (`Another person’s data, 3 places`; `1 privileged letter`).
    pub left_out: Vec<String>,
    /// Posts here to download: an event each time. `None` until it is ready or once it has expired.
    pub download_action: Option<String>,
    /// `1.2 MB · SHA-256 … · expires 28 Nov 2026`.
    pub note: String,
    /// Why it failed, and what to do.
    pub problem: String,
}
