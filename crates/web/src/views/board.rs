//! A list as a board.

use askama::Template;

use super::parts::{Cell, Chip, Field};
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

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
    /// It stands there longer than it should.
    pub rots: Option<Chip>,
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
    /// How it leaves a card (`open`, `won`, `lost`); empty where it is no stage.
    pub outcome: &'static str,
    /// How many it has.
    pub count: String,
    /// What they come to, by currency.
    pub sums: Vec<String>,
    /// What of that is likely, in words.
    pub likely: Option<String>,
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
    /// What all of its open columns come to and what of that is likely, in words.
    pub summary: Option<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Where a card may be moved to.
    pub to: Vec<Choice>,
}

/// What is asked before a record is won or lost.
#[derive(Clone, Debug, Template)]
#[template(path = "closing.html")]
pub struct Closing {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// What is asked (`Why was Showroom Milano lost?`).
    pub title: String,
    /// What the answer is for.
    pub note: String,
    /// Where it posts to.
    pub action: String,
    /// What the move was asked by.
    pub hidden: Vec<(String, String)>,
    /// The reason, and more in words.
    pub fields: Vec<Field>,
    /// Where it leads without an answer.
    pub back: String,
    /// What the button says (`Lost`).
    pub label: String,
}
