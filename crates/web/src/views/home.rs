//! Home: first steps, my tasks, what is due, where I was.

use askama::Template;

use super::parts::{Chip, Said};
use crate::kit::{layout::Shell, text::Text};

/// A first step.
#[derive(Clone, Debug)]
pub struct Step {
    /// `Import your people`.
    pub title: String,
    /// One line of why.
    pub note: String,
    /// Where it is done.
    pub href: String,
    /// It is done.
    pub done: bool,
}

/// A task of mine. Its tick posts to `{href}/done`.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
    /// What or whom it is about.
    pub about: String,
    /// When it is due.
    pub due: Option<Chip>,
}

/// Something of compliance with a date.
#[derive(Clone, Debug)]
pub struct Due {
    /// What and whose (`Access request R-12`).
    pub title: String,
    /// Its page.
    pub href: String,
    /// When.
    pub when: Chip,
}

/// A record opened lately.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Sprite icon of its kind.
    pub icon: String,
    /// When.
    pub when: String,
}

/// A figure at the head of the page.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What is counted.
    pub label: String,
    /// The number.
    pub value: String,
    /// A quiet word under it.
    pub note: Said,
    /// Where the number comes from.
    pub href: String,
}

/// The page after signing in.
#[derive(Clone, Debug, Template)]
#[template(path = "home.html")]
pub struct Home {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `Saturday 21 November 2026`, or as the language writes it.
    pub today: String,
    /// At most four figures.
    pub figures: Vec<Figure>,
    /// First steps; empty once all are done or put away.
    pub steps: Vec<Step>,
    /// My open tasks, the next due first.
    pub tasks: Vec<Task>,
    /// What falls due in compliance.
    pub due: Vec<Due>,
    /// Opened lately by me.
    pub recent: Vec<Recent>,
}

impl Home {
    fn steps_done(&self) -> usize {
        self.steps.iter().filter(|s| s.done).count()
    }
}
