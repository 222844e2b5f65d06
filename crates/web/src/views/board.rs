//! A list as a board.

use super::parts::Cell;
use crate::kit::layout::Choice;

/// A card.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its id and version, with a dot between.
    pub id: String,
    /// Its page.
    pub href: String,
    /// What names it.
    pub name: String,
    /// It was moved just now: the focus returns to it.
    pub moved: bool,
    /// What else is shown of it.
    pub cells: Vec<Cell>,
}

/// A column of cards.
#[derive(Clone, Debug)]
pub struct Column {
    /// What a card gets that is moved here; empty for none.
    pub key: String,
    /// Its label.
    pub label: String,
    /// How many it has.
    pub count: String,
    /// What they come to, by currency.
    pub sums: Vec<String>,
    /// The first cards.
    pub cards: Vec<Card>,
    /// The list of all of them, when there are more.
    pub all_href: Option<String>,
}

/// A board. Its buttons post `move` (id, version and column with dots between) and what the list is asked by.
#[derive(Clone, Debug)]
pub struct Board {
    /// Where moves post to; `None` for whoever may change nothing.
    pub action: Option<String>,
    /// What the list is asked by.
    pub hidden: Vec<(&'static str, String)>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Where a card may be moved to.
    pub to: Vec<Choice>,
}
