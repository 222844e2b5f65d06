//! What somebody is told of.

use askama::Template;

use super::parts::{Paging, Said, Tab};
use crate::kit::{layout::Shell, text::Text};

/// Something somebody is told of.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its id, which marks it as read.
    pub id: String,
    /// Sprite icon.
    pub icon: String,
    /// What happened, with a link to it.
    pub said: Said,
    /// RFC 3339.
    pub iso: String,
    /// `today 10:42`.
    pub when: String,
    /// It was not read yet.
    pub unread: bool,
}

/// The page of what somebody is told of.
#[derive(Clone, Debug, Template)]
#[template(path = "notices/list.html")]
pub struct NoticesPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// All, and those not read.
    pub tabs: Vec<Tab>,
    /// The newest, up to which all are marked as read; `None` when nothing is unread here.
    pub newest: Option<String>,
    /// The newest first.
    pub told: Vec<Told>,
    /// Older and newer.
    pub paging: Paging,
    /// What opening this page recorded.
    pub recorded: String,
    /// Only those not read are shown.
    pub only_unread: bool,
}
