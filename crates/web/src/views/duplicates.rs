//! Records that look alike: while one is written, in pairs, merged.

use askama::Template;

use super::parts::{Cell, Chip, Line, Paging, Progress, Tab};
use crate::kit::{layout::Shell, text::Text};

/// A record that looks like the one being written.
#[derive(Clone, Debug)]
pub struct AlikeLine {
    /// What names it.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Its id: sent along, it says that it was seen.
    pub id: String,
    /// By what (`same e-mail, same name`).
    pub why: String,
}

/// Where a form tells whom its record looks like.
#[derive(Clone, Debug)]
pub struct AlikeBox {
    /// Where a script asks while somebody types.
    pub check: String,
    /// The fields whose change is worth asking, with spaces between.
    pub fields: String,
    /// Who was found.
    pub found: Vec<AlikeLine>,
}

/// Who looks like it, to stand in the form's place for it.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/alike.html")]
pub struct AlikeFound {
    /// Language.
    pub t: Text,
    /// Who was found.
    pub found: Vec<AlikeLine>,
}

/// Two records that look alike.
#[derive(Clone, Debug)]
pub struct PairRow {
    /// The pair's number, for what its forms post.
    pub id: String,
    /// Both: what names each and its page.
    pub records: [(String, String); 2],
    /// By what.
    pub why: String,
    /// How likely, in words.
    pub likely: Chip,
    /// Where they are merged.
    pub merge: String,
}

/// Pairs that hang together.
#[derive(Clone, Debug)]
pub struct PairGroup {
    /// How many records it has.
    pub records: usize,
    /// Its pairs.
    pub pairs: Vec<PairRow>,
}

/// The pairs of a kind.
#[derive(Clone, Debug, Template)]
#[template(path = "duplicates/list.html")]
pub struct Duplicates {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The kinds.
    pub tabs: Vec<Tab>,
    /// The kind's key.
    pub kind: String,
    /// When duplicates were last looked for.
    pub seen: String,
    /// The scan, while it is going on or when it failed.
    pub progress: Option<Progress>,
    /// What was found.
    pub groups: Vec<PairGroup>,
    /// Whether the reader may merge and dismiss.
    pub may: bool,
    /// The next page.
    pub paging: Paging,
    /// What was recorded.
    pub recorded: String,
}

/// A field of two records, and which value survives.
#[derive(Clone, Debug)]
pub struct MergeField {
    /// Its key.
    pub key: String,
    /// Its label.
    pub label: String,
    /// The survivor's value.
    pub survivor: Cell,
    /// The other's.
    pub other: Cell,
    /// `survivor`, `other` or `both`.
    pub choice: &'static str,
    /// Whether there is something to choose.
    pub choose: bool,
    /// Whether both can be kept.
    pub several: bool,
    /// What is decided where nothing is chosen.
    pub note: String,
}

impl MergeField {
    fn is(&self, choice: &str) -> bool {
        self.choice == choice
    }
}

/// Both records of a merge side by side.
#[derive(Clone, Debug, Template)]
#[template(path = "duplicates/merge.html")]
pub struct MergePage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `Merge Ada Quell and A. Quell`.
    pub title: String,
    /// The survivor: name, page, id, version, a quiet line.
    pub survivor: MergeSide,
    /// The other.
    pub other: MergeSide,
    /// The page with the two the other way round.
    pub swap: String,
    /// Where one came from.
    pub back: String,
    /// The fields that differ.
    pub differ: Vec<MergeField>,
    /// How many are the same in both.
    pub same: usize,
    /// What moves: what, how many.
    pub moves: Vec<Line>,
    /// What stays where it is, and why.
    pub stays: Vec<Line>,
    /// What forbids it, in words: what, what to do.
    pub refusals: Vec<(String, String)>,
    /// What was recorded.
    pub recorded: String,
}

/// One of the two.
#[derive(Clone, Debug)]
pub struct MergeSide {
    /// What names it.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Its id.
    pub id: String,
    /// The version that is shown.
    pub version: i64,
    /// `Version 3, saved today 10:42`.
    pub note: String,
}

/// The page of a record that was merged into another.
#[derive(Clone, Debug, Template)]
#[template(path = "duplicates/merged.html")]
pub struct MergedPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// What names the survivor, and its page.
    pub survivor: (String, String),
    /// When and by whom.
    pub note: String,
    /// Where it is taken back; nothing for those who may not.
    pub action: Option<String>,
    /// Whether something is still on its way.
    pub moving: bool,
    /// Its history and its proof, for those who may audit.
    pub evidence: Option<String>,
    /// What was recorded.
    pub recorded: String,
}
