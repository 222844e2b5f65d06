//! The list of any kind.

use askama::Template;

use super::{
    board::{self, Board},
    bulk::BulkBar,
    calendar::Calendar,
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
    /// Its id.
    pub id: String,
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

/// Rows under a heading.
#[derive(Clone, Debug)]
pub struct RowGroup {
    /// The heading: label, count, sums.
    pub head: board::Column,
    /// The first rows.
    pub rows: Vec<Row>,
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

/// Conditions of which all or any must hold.
#[derive(Clone, Debug)]
pub struct ConditionGroup {
    /// Its number among the groups; 0 is the first.
    pub number: usize,
    /// Whether one of them is enough.
    pub any: bool,
    /// Its conditions, and room for more.
    pub rows: Vec<Condition>,
}

/// The form of conditions. It posts `field`, `op`, `value` and `in` (the group) of each row, and `match` (`all:0`, `any:1`) of each group.
#[derive(Clone, Debug)]
pub struct FilterForm {
    /// What else the list is asked by.
    pub hidden: Vec<(&'static str, String)>,
    /// The groups; the first is that of the list itself.
    pub groups: Vec<ConditionGroup>,
    /// Room for one more.
    pub fresh: ConditionGroup,
    /// That the conditions now set say more than this form can.
    pub note: Option<String>,
}

/// A condition in words, or a group of them.
#[derive(Clone, Debug)]
pub struct SetPart {
    /// `Relation is Customer`.
    pub words: String,
    /// Whether it can be left out by itself.
    pub removable: bool,
}

/// A field that may be a column.
#[derive(Clone, Debug, Default)]
pub struct ColumnChoice {
    /// Its key.
    pub key: String,
    /// Its label.
    pub label: String,
    /// It is one.
    pub chosen: bool,
    /// It can stand earlier.
    pub earlier: bool,
    /// It can stand later.
    pub later: bool,
    /// It was moved just now: the focus returns to it.
    pub moved: bool,
}

/// The form of columns. Posts `column` for each ticked one, in order, and `earlier` or `later` with the one to move.
#[derive(Clone, Debug)]
pub struct ColumnMenu {
    /// Where it posts.
    pub action: String,
    /// What else the list is asked by.
    pub hidden: Vec<(&'static str, String)>,
    /// The columns in their order, then the other fields.
    pub columns: Vec<ColumnChoice>,
    /// It stays open while columns are moved.
    pub open: bool,
}

/// A saved view to go to.
#[derive(Clone, Debug)]
pub struct ViewLink {
    /// Its name.
    pub label: String,
    /// Its address; `None` where the acting purpose may not ask what it asks.
    pub href: Option<String>,
    /// `shared · opens first`.
    pub note: String,
    /// The one shown.
    pub current: bool,
}

/// Saved views: to go to, and to save what is shown as one. Posts `name`, `shared`, `first_for_me`, `first_for_all` and `act`.
#[derive(Clone, Debug)]
pub struct ViewMenu {
    /// The name of the view shown, or `Views`.
    pub label: String,
    /// What is shown is not what was saved.
    pub changed: bool,
    /// Every view.
    pub links: Vec<ViewLink>,
    /// Where it posts.
    pub action: String,
    /// What the list is asked by.
    pub hidden: Vec<(&'static str, String)>,
    /// The name of the view shown.
    pub name: String,
    /// A view is shown.
    pub saved: bool,
    /// This reader may change it.
    pub may_change: bool,
    /// This reader may delete it.
    pub may_delete: bool,
    /// This reader may share views.
    pub may_share: bool,
    /// It is shared.
    pub shared: bool,
    /// The list opens with it, for this reader.
    pub first_for_me: bool,
    /// The list opens with it, for everybody.
    pub first_for_all: bool,
    /// What is listed (`People`).
    pub title: String,
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

/// A list of records of one kind. Conditions and the search post to `{base}/search`; what is open comes back in the address
/// (`field`, `op`, `value`, repeated), what is sealed under an opaque `?query=`.
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
    /// The form of conditions; `None` where nothing is listed at all.
    pub filter: Option<FilterForm>,
    /// The form of columns.
    pub columns_menu: Option<ColumnMenu>,
    /// The saved views, for whoever can have some.
    pub views: Option<ViewMenu>,
    /// Table, groups, board, calendar.
    pub layouts: Vec<Tab>,
    /// The board, instead of rows.
    pub board: Option<Board>,
    /// The calendar, instead of rows.
    pub calendar: Option<Calendar>,
    /// Rows under headings, instead of rows.
    pub groups: Vec<RowGroup>,
    /// The sums of each column over the whole list (`48,500.00 EUR`); empty where none are told.
    pub sums: Vec<Vec<String>>,
    /// The bar that chooses rows, for whoever may do something with many of them.
    pub bulk: Option<BulkBar>,
    /// The conditions in words.
    pub set: Vec<SetPart>,
    /// Any of them is enough.
    pub set_any: bool,
    /// What the list is asked by.
    pub hidden: Vec<(&'static str, String)>,
    /// The list without conditions and words.
    pub clear_href: String,
    /// The search as typed (shown only when this user typed it: it came by POST).
    pub search: String,
    /// Where Import leads, if this user may.
    pub import_href: Option<String>,
    /// Where duplicates of these records are looked for.
    pub duplicates_href: Option<String>,
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
