//! Segments and campaigns: one of them, with its people, its count or what came of it. Their lists are [`super::mail::MailPage`].

use askama::Template;

use super::parts::{Line, Paging, Progress, Tab};
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

/// Something that is done by a button that posts, or a link.
#[derive(Clone, Debug)]
pub struct Button {
    /// What it says.
    pub label: String,
    /// Where it posts or leads.
    pub href: String,
    /// It posts.
    pub posts: bool,
    /// It is the one that most come for.
    pub first: bool,
    /// It takes something away.
    pub grave: bool,
}

/// The letter as one person would get it.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Their address.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// A segment or a campaign.
#[derive(Clone, Debug, Template)]
#[template(path = "outreach/page.html")]
pub struct OutreachPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Heading.
    pub title: String,
    /// A line under it.
    pub lead: String,
    /// Segments and campaigns.
    pub tabs: Vec<Tab>,
    /// How far it is.
    pub progress: Option<Progress>,
    /// What has to be said first: why nobody is counted, why it stopped.
    pub problem: String,
    /// Facts.
    pub lines: Vec<Line>,
    /// What the numbers are of.
    pub counts_title: String,
    /// How many, of which the first stands out.
    pub counts: Vec<Line>,
    /// A note under the numbers.
    pub counts_note: String,
    /// What can be done.
    pub buttons: Vec<Button>,
    /// Where its people are taken out to a file, and as what.
    pub export: Option<(String, Vec<Choice>)>,
    /// The letter, as the first would get it.
    pub letter: Option<Letter>,
    /// Its people: name and address of their page.
    pub people: Option<Vec<(String, String)>>,
    /// The pages of them.
    pub paging: Paging,
    /// That reading this is recorded.
    pub recorded: String,
}
