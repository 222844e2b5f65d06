//! A captured file.

use askama::Template;

use super::{
    parts::{Chip, Line},
    record::{Keeping, RelatedItem},
};
use crate::kit::{layout::Shell, text::Text};

/// The page of a file: what it is, where it came from, its safe preview, download.
#[derive(Clone, Debug, Template)]
#[template(path = "file.html")]
pub struct FilePage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// File name.
    pub name: String,
    /// `PDF · 212 KB · today 10:42`.
    pub note: String,
    /// Bytes match, held, dangerous type.
    pub states: Vec<Chip>,
    /// Posts here to download: a download is an event, so it is no link.
    pub download_action: String,
    /// Text of a text file; shown as it is.
    pub preview: Option<String>,
    /// Where its picture is, if it is one.
    pub picture: Option<String>,
    /// Where it is, if it is a PDF.
    pub pdf: Option<String>,
    /// Type, size, digest, captured, from.
    pub lines: Vec<Line>,
    /// Records that refer to it.
    pub used_by: Vec<RelatedItem>,
    /// Why it may be kept.
    pub keeping: Keeping,
    /// Where its evidence is.
    pub evidence_href: String,
    /// `Opening this page was recorded.`
    pub recorded: String,
}
