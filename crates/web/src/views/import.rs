//! Import: upload, mapping with a dry run, progress, report.

use askama::Template;

use super::parts::{Chip, Field, Grid, Line, Progress};
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

/// An earlier import.
#[derive(Clone, Debug)]
pub struct PastImport {
    /// File name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// When and by whom.
    pub note: String,
    /// How it ended.
    pub state: Chip,
}

/// Step 1. Posts `kind` and `file` (multipart) to `/import`.
#[derive(Clone, Debug, Template)]
#[template(path = "import/upload.html")]
pub struct ImportUpload {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Kinds one can import.
    pub kinds: Vec<Choice>,
    /// What was wrong with the file.
    pub problem: String,
    /// `up to 512 MB`.
    pub limit: String,
    /// Earlier imports, the newest first.
    pub past: Vec<PastImport>,
}

/// A column of the file.
#[derive(Clone, Debug)]
pub struct SourceColumn {
    /// Its position: the select is named `map.{index}`.
    pub index: usize,
    /// Its heading in the file.
    pub name: String,
    /// Its first values.
    pub first: Vec<String>,
    /// Where it goes: fields of the kind, and "Skip"; one selected.
    pub targets: Vec<Choice>,
    /// In which order its dates are read; empty where the file tells.
    pub dates: Vec<Choice>,
    /// `12 cannot be read as a phone number`; empty when all is well.
    pub problem: String,
    /// A quiet word (`free text, sealed`).
    pub note: String,
}

/// Step 2. Posts `map.N`, `match_by`, `mode`, basis fields and `do=preview|start` to `action`.
#[derive(Clone, Debug, Template)]
#[template(path = "import/mapping.html")]
pub struct ImportMapping {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// File name.
    pub file: String,
    /// When such columns were imported before, in words; empty when never.
    pub remembered: String,
    /// `750,000 rows · UTF-8, “;”`.
    pub note: String,
    /// Where it posts.
    pub action: String,
    /// The columns.
    pub columns: Vec<SourceColumn>,
    /// By what existing records are found.
    pub match_by: Vec<Choice>,
    /// `create`, `update`, `both`.
    pub modes: Vec<Choice>,
    /// Lawful basis, source, notice.
    pub basis: Vec<Field>,
    /// What is wrong with the whole of it.
    pub problem: String,
    /// The dry run, once asked for.
    pub preview: Option<DryRun>,
}

/// What the import would do; nothing has changed yet.
#[derive(Clone, Debug)]
pub struct DryRun {
    /// `48 would be created`, `1 updated`, `1 refused`.
    pub counts: Vec<Chip>,
    /// Which rows look like records that are there already; empty when none does.
    pub alike: String,
    /// That only so many rows were tried; empty when all were.
    pub tried: String,
    /// The first rows as they would be.
    pub rows: Grid,
}

/// Step 3: the import at work (the page is fetched again while `progress.running`).
#[derive(Clone, Debug, Template)]
#[template(path = "import/progress.html")]
pub struct ImportProgress {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// File name.
    pub file: String,
    /// How far it is.
    pub progress: Progress,
}

/// A row that was refused.
#[derive(Clone, Debug)]
pub struct FailedRow {
    /// Its number in the file.
    pub row: String,
    /// The column.
    pub column: String,
    /// What to do; never the value.
    pub why: String,
}

/// Step 4: what came of it.
#[derive(Clone, Debug, Template)]
#[template(path = "import/report.html")]
pub struct ImportReport {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// File name.
    pub file: String,
    /// How it ended (`Finished`, `Partly done: cancelled at row 4,000`).
    pub state: Chip,
    /// Created, updated, unchanged, refused.
    pub lines: Vec<Line>,
    /// The refused rows, the first of them.
    pub failed: Vec<FailedRow>,
    /// `3 of 120 shown`, when there are more.
    pub failed_note: String,
    /// Posts here to download all refused rows with their reasons.
    pub failed_action: Option<String>,
    /// Where the new records are listed.
    pub records_href: String,
    /// Undo: where its plan is (it says what goes and what stays first).
    pub undo_href: Option<String>,
    /// Why it can no longer be undone.
    pub undo_note: String,
}
