//! A list as a calendar.

/// A card.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its id and version, with a dot between; of a time also its time of day.
    pub id: String,
    /// Its page.
    pub href: String,
    /// What names it.
    pub name: String,
    /// Its time of day (`10:42`); empty for a whole day.
    pub clock: String,
    /// It was moved just now: the focus returns to it.
    pub moved: bool,
}

/// A day.
#[derive(Clone, Debug)]
pub struct Day {
    /// `2026-11-21`.
    pub iso: String,
    /// Its number in the month.
    pub number: i8,
    /// `Sat 21 Nov 2026`.
    pub label: String,
    /// It is today.
    pub today: bool,
    /// It is of the month before or after.
    pub outside: bool,
    /// The first cards.
    pub cards: Vec<Card>,
    /// The others.
    pub folded: Vec<Card>,
    /// `3 more`.
    pub folded_label: String,
    /// The list of the day, where there may be more than was read.
    pub all_href: Option<String>,
}

/// A month. Its forms post `move` (what [`Card::id`] says, and perhaps the day with a dot between), `to` (a day) and what the list is asked by.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// `November 2026`.
    pub label: String,
    /// The month before.
    pub earlier: Option<String>,
    /// The month after.
    pub later: Option<String>,
    /// The month that it is now.
    pub now: String,
    /// It is this one.
    pub is_now: bool,
    /// The days of the week, short.
    pub weekdays: Vec<String>,
    /// Its weeks, of seven days each.
    pub weeks: Vec<Vec<Day>>,
    /// Nothing stands in it.
    pub is_empty: bool,
    /// Where moves post to; `None` for whoever may change nothing.
    pub action: Option<String>,
    /// What the list is asked by.
    pub hidden: Vec<(&'static str, String)>,
    /// A card may be left without a day.
    pub may_leave: bool,
    /// What it is made by (`By due`).
    pub title: String,
}
