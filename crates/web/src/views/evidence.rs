//! Evidence: the tree, its checkpoints, the events of a record, what verifying found.

use askama::Template;

use super::parts::{Chip, Line, Paging, Progress, Said};
use crate::kit::{layout::Shell, text::Text};

/// What verifying found.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Everything agrees.
    pub good: bool,
    /// `All 8,204,117 events are in the tree as they were recorded.`
    pub headline: String,
    /// Each check with its result.
    pub checks: Vec<Line>,
    /// What this does not prove.
    pub not_proved: Vec<String>,
    /// When, and how long it took.
    pub note: String,
}

/// An outside anchor of a checkpoint.
#[derive(Clone, Debug)]
pub struct Anchor {
    /// Witness or time-stamp authority.
    pub name: String,
    /// What it covers and since when.
    pub note: String,
    /// Its state; Held when it disagrees or is missing.
    pub state: Chip,
}

/// The page of evidence.
#[derive(Clone, Debug, Template)]
#[template(path = "evidence/overview.html")]
pub struct EvidencePage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// How many leaves the tree has.
    pub size: String,
    /// Leaves waiting for the sequencer.
    pub pending: String,
    /// When the last checkpoint was signed.
    pub signed: String,
    /// The checkpoint as text (C2SP tlog-checkpoint).
    pub checkpoint: String,
    /// Where the checkpoint is downloaded.
    pub checkpoint_href: String,
    /// Anchors; empty shows that nothing outside this house vouches for it, in red.
    pub anchors: Vec<Anchor>,
    /// Since when the tree is not anchored (`Nothing outside this house has seen events since 19 Nov.`); shown in red.
    pub unanchored: Option<String>,
    /// Posts here to verify everything now.
    pub verify_action: String,
    /// A verification at work.
    pub progress: Option<Progress>,
    /// What the last verification found.
    pub verdict: Option<Verdict>,
    /// What was typed into "find the events of a record" (posts `find` to `/evidence/find`), with its problem.
    pub find: String,
    /// What was wrong with it.
    pub find_problem: String,
    /// The latest events.
    pub events: Vec<EventRow>,
}

/// An event.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// RFC 3339.
    pub iso: String,
    /// When.
    pub when: String,
    /// `record.revealed`.
    pub name: String,
    /// Who did what, in a sentence.
    pub said: Said,
    /// The fields it names.
    pub fields: String,
    /// Through which door (`at a page`).
    pub door: String,
    /// The purpose it was done for.
    pub purpose: String,
    /// Its leaf, or that it waits.
    pub leaf: Chip,
    /// The events of the record it names first.
    pub href: Option<String>,
}

/// All events of one record.
#[derive(Clone, Debug, Template)]
#[template(path = "evidence/record.html")]
pub struct RecordEvidence {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The record's name; of an erased one, its certificate's number.
    pub name: String,
    /// Its page, if it still has one.
    pub record_href: Option<String>,
    /// Its identity, as in exports.
    pub id: String,
    /// What is proved of it (`bytes match`, `in the ledger`, `2 witnesses`).
    pub proved: Vec<Chip>,
    /// What is not proved.
    pub not_proved: Vec<String>,
    /// Versions, views, exports, certificates.
    pub lines: Vec<Line>,
    /// The events, the newest first.
    pub events: Vec<EventRow>,
    /// Paging.
    pub paging: Paging,
    /// Posts here to download the bundle that verifies offline.
    pub bundle_action: String,
}

/// What verifying a bundle, a record or everything found, as a page of its own.
#[derive(Clone, Debug, Template)]
#[template(path = "evidence/verified.html")]
pub struct VerifyPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// What was verified.
    pub title: String,
    /// What was found.
    pub verdict: Verdict,
    /// The command that checks the same offline.
    pub command: String,
    /// Where to go on.
    pub back: String,
}
