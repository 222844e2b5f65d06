//! A captured message: parsed, original, headers, authenticity.

use askama::Template;

use super::{
    parts::{Chip, Line},
    record::Keeping,
};
use crate::kit::{layout::Shell, text::Text};

/// A participant.
#[derive(Clone, Debug)]
pub struct Party {
    /// `From`, `To`, `Cc`.
    pub role: String,
    /// Name as written.
    pub name: String,
    /// Address, or its mask.
    pub address: String,
    /// The person's page, when they are known.
    pub href: Option<String>,
}

/// A file of the message.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// File name as sent.
    pub name: String,
    /// `PDF · 212 KB`.
    pub note: String,
    /// Its page.
    pub href: String,
    /// Something to know (`looks like a program`).
    pub warning: Option<Chip>,
}

/// One check of authenticity.
#[derive(Clone, Debug)]
pub struct Check {
    /// `DKIM passed`, with its tone.
    pub result: Chip,
    /// What it means in a sentence (`lombardi.example signed the subject, the date and the whole body.`).
    pub means: String,
    /// Technical lines (selector, algorithm, digest).
    pub lines: Vec<Line>,
}

/// What the current tab shows.
#[derive(Clone, Debug)]
pub enum Shown {
    /// The parsed body.
    Parsed {
        /// Plain text, shown as it is; links in it are not made live.
        text: String,
        /// Address of the sandboxed HTML body, if the message has one.
        frame: Option<String>,
        /// `2 remote images blocked`.
        blocked: Option<String>,
    },
    /// The original bytes as text (the first part of a long one).
    Original {
        /// The text.
        text: String,
        /// `4.2 KB, SHA-256 …`.
        note: String,
        /// Where the file is downloaded.
        download: String,
    },
    /// Header fields in their order, unfolded.
    Headers(Vec<(String, String)>),
    /// What is proved, and what is not.
    Authenticity {
        /// Checks.
        checks: Vec<Check>,
        /// What is not proved (`The sender’s clock.`).
        not_proved: Vec<String>,
        /// Address of the evidence of this message.
        evidence_href: String,
    },
}

/// The page of a message; `tab=` is `parsed`, `original`, `headers` or `authenticity`.
#[derive(Clone, Debug, Template)]
#[template(path = "message.html")]
pub struct MessagePage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Its address without a query.
    pub href: String,
    /// Subject.
    pub subject: String,
    /// `E-mail · today 10:42`.
    pub note: String,
    /// Whether it is genuine, in the ledger, held.
    pub states: Vec<Chip>,
    /// Where an answer is written, for who may write one.
    pub reply: Option<String>,
    /// Who wrote to whom.
    pub parties: Vec<Party>,
    /// The tab.
    pub shown: Shown,
    /// Its files.
    pub attachments: Vec<Attachment>,
    /// When and how it was captured.
    pub lines: Vec<Line>,
    /// Why it may be kept.
    pub keeping: Keeping,
    /// Other messages of the thread: subject, note, address.
    pub thread: Vec<(String, String, String)>,
    /// `Opening this page was recorded.`
    pub recorded: String,
}

impl MessagePage {
    fn tab(&self) -> &'static str {
        match self.shown {
            Shown::Parsed { .. } => "parsed",
            Shown::Original { .. } => "original",
            Shown::Headers(_) => "headers",
            Shown::Authenticity { .. } => "authenticity",
        }
    }
}
