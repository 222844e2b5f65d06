//! New and edit, for any kind.

use askama::Template;

use super::{duplicates::AlikeBox, parts::Field};
use crate::kit::{layout::Shell, text::Text};

/// Inputs that belong together.
#[derive(Clone, Debug)]
pub struct FieldGroup {
    /// Their heading; empty for the first.
    pub title: String,
    /// The inputs.
    pub fields: Vec<Field>,
}

/// The form of a record. Posts every field by its `name`, and `version` when editing, to `action`.
///
/// In a conflict the form comes back with the reader's input, the new `version`, and [`Field::theirs`] on every field that differs.
#[derive(Clone, Debug, Template)]
#[template(path = "edit.html")]
pub struct RecordForm {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `New person`, `Edit Chiara Lombardi`.
    pub title: String,
    /// Where it posts.
    pub action: String,
    /// Where Cancel leads.
    pub back: String,
    /// The one field it edits; empty for a form of all.
    pub field: String,
    /// The version this form was made from; empty for a new record.
    pub version: String,
    /// The inputs.
    pub groups: Vec<FieldGroup>,
    /// How many problems there are, said above the form; the problems stand at their fields.
    pub wrong: usize,
    /// Whether it carries files.
    pub uploads: bool,
    /// What is wrong with the whole of it.
    pub problem: String,
    /// `K. Ito changed this at 10:41.` when somebody else saved meanwhile.
    pub conflict: Option<String>,
    /// Where it is told whom the record looks like; nothing where no duplicates are looked for.
    pub alike: Option<AlikeBox>,
    /// What saving records (`Saving writes version 4; version 3 stays readable in the history.`).
    pub note: String,
    /// Fields this purpose may not see, which saving leaves as they are.
    pub withheld_note: Option<String>,
}

impl RecordForm {
    /// Whether it comes back because the record is probably there already.
    fn is_warned(&self) -> bool {
        self.alike.as_ref().is_some_and(|alike| !alike.found.is_empty())
    }
}

/// The form of one field, to stand in the field's place (`GET {href}/edit?field=…`, `POST {href}/field`, with `accept: text/html; fragment`).
#[derive(Clone, Debug, Template)]
#[template(path = "parts/inline.html")]
pub struct InlineForm {
    /// Language.
    pub t: Text,
    /// The form.
    pub form: RecordForm,
}
