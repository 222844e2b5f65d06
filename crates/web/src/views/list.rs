//! The list of any kind.

use askama::Template;

use super::{
    export::ExportForm,
    parts::{Cell, Chip, Paging, Tab},
};
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

/// How a column is sorted now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Sorted {
    /// Not.
    #[default]
    No,
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Sorted {
    /// The value of `aria-sort`.
    pub const fn aria(self) -> &'static str {
        match self {
            Self::No => "none",
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}

/// A column beside the name.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its field's label.
    pub label: String,
    /// Where sorting by it leads (the other direction when it is sorted now); `None` for a field one cannot sort by.
    pub sort_href: Option<String>,
    /// How it is sorted.
    pub sorted: Sorted,
    /// Figures stand at the end.
    pub numeric: bool,
}

/// A record of the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its page.
    pub href: String,
    /// Its name or title; withheld and erased ones say so instead.
    pub name: String,
    /// One or two letters; empty shows the kind's icon instead.
    pub initials: String,
    /// A second line on small screens (company, subject).
    pub second: String,
    /// One cell for each column.
    pub cells: Vec<Cell>,
    /// How long it is kept (`through 31 Dec 2032`, chip `held`, chip `due in 9 days`).
    pub kept: Cell,
}

/// One condition of the filter form.
#[derive(Clone, Debug)]
pub struct Condition {
    /// Fields to choose from, one selected.
    pub fields: Vec<Choice>,
    /// Comparisons, one selected.
    pub ops: Vec<Choice>,
    /// The value.
    pub value: String,
}

/// What the list has to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Showing {
    /// Rows.
    Rows,
    /// There is none yet: what belongs here, in a sentence.
    NoneYet(String),
    /// The filter or search leaves none: the filter in words.
    FilteredOut(String),
    /// The acting purpose may not list this kind: which one may.
    Withheld(String),
}

/// A list of records of one kind. Filters on open fields are a GET form to `base` (`field`, `op`, `value`, repeated);
/// those on sealed fields and the search post to `{base}/search` (`q`, `field`, `op`, `value`) and come back under an opaque `?query=`.
#[derive(Clone, Debug, Template)]
#[template(path = "list.html")]
pub struct List {
    /// Language.
    pub t: Text,
    /// Frame; `new_href` draws the New button.
    pub shell: Shell,
    /// The kind's plural (`People`).
    pub title: String,
    /// Label of the New button (`New person`).
    pub new_label: String,
    /// Sprite icon of the kind.
    pub icon: String,
    /// The list's address without a query (`/people`).
    pub base: String,
    /// How many match (`1,204,331`), or `more than 1,000`.
    pub total: String,
    /// Heading of the name column (`Name`, `Subject`).
    pub name_column: Column,
    /// The columns beside it.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What there is to show.
    pub showing: Showing,
    /// Saved or usual views.
    pub tabs: Vec<Tab>,
    /// Conditions on open fields as set now, and one empty one more.
    pub open_conditions: Vec<Condition>,
    /// The condition on a sealed field, empty at first; `None` where the kind has none to filter by.
    pub sealed_condition: Option<Condition>,
    /// How many conditions are set.
    pub filters_set: usize,
    /// The conditions in words, each with the address that leaves it out.
    pub set: Vec<(String, String)>,
    /// The search as typed (shown only when this user typed it: it came by POST).
    pub search: String,
    /// Where Import leads, if this user may.
    pub import_href: Option<String>,
    /// The form that takes the list out, if this user may.
    pub export: Option<ExportForm>,
    /// Keyset paging.
    pub paging: Paging,
    /// The order is only nearly by this field (long runs of one prefix): the list says so.
    pub order_note: Option<String>,
    /// Fields left out for this purpose (`Health notes are withheld: acting for Sales.`).
    pub withheld_note: Option<String>,
    /// What was recorded (`Opening this page was recorded as one event naming these 9 people.`).
    pub recorded: String,
}

/// Retention at a glance, for [`Row::kept`].
impl Row {
    /// Held: no word of the matter.
    pub fn held(t: Text) -> Cell {
        Cell::Chip(Chip::new(t.get("kept-held"), super::parts::Tone::Held))
    }
}
