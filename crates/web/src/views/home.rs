//! Home: what waits for me, what is mine, where I was.

use super::dashboards::TileBox;
use askama::Template;

use super::{
    notices::Told,
    parts::{Chip, Said},
};
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

/// A sale of mine that is to close soon.
#[derive(Clone, Debug)]
pub struct Closing {
    /// Its name.
    pub title: String,
    /// Its page.
    pub href: String,
    /// With whom.
    pub about: String,
    /// How much.
    pub amount: String,
    /// Its stage.
    pub stage: Chip,
    /// When it is to close.
    pub when: Chip,
}

/// A person's request with its deadline.
#[derive(Clone, Debug)]
pub struct Due {
    /// What is asked for (`Access`).
    pub title: String,
    /// By whom.
    pub who: String,
    /// Its page.
    pub href: String,
    /// When.
    pub when: Chip,
}

/// Something that waits for the reader's approval.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// What would go, and how much.
    pub title: String,
    /// Its page.
    pub href: String,
    /// Who proposed it, when.
    pub note: String,
    /// How many approved.
    pub state: Chip,
}

/// A record opened lately, or one of mine that changed.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Sprite icon of its kind.
    pub icon: String,
    /// What changed and who did it; empty for one that was only opened.
    pub note: String,
    /// When, for machines (RFC 3339).
    pub iso: String,
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
    /// Time presses.
    pub presses: bool,
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
    /// What I was told of and have not read, the newest first.
    pub told: Vec<Told>,
    /// My open tasks, the next due first; `None` for whoever may not read tasks.
    pub tasks: Option<Vec<Task>>,
    /// My sales that are to close soon; `None` for whoever may not read them.
    pub closing: Option<Vec<Closing>>,
    /// My open cases with a target, the most pressing first; `None` where there is none.
    pub cases: Option<Vec<Task>>,
    /// Requests and their deadlines; `None` for whoever does not handle them.
    pub due: Option<Vec<Due>>,
    /// What waits for my approval; `None` for whoever approves nothing.
    pub waiting: Option<Vec<Waiting>>,
    /// Opened lately by me.
    pub recent: Vec<Recent>,
    /// Records of mine that changed lately.
    pub changed: Vec<Recent>,
    /// Where a task is written, and where all of mine stand.
    pub new_task: Option<String>,
    /// The list of my open tasks.
    pub all_tasks: String,
    /// The list of my open sales.
    pub all_deals: String,
    /// Where all of my cases are.
    pub all_cases: String,
    /// What opening this page recorded.
    pub recorded: String,
    /// The dashboard that stands on the desk, by its name; empty for none.
    pub board: String,
    /// Where it is.
    pub href: String,
    /// Its tiles.
    pub tiles: Vec<TileBox>,
    /// Never: a dashboard is composed on its own page.
    pub composing: bool,
    /// Of no use here.
    pub version: i64,
}

impl Home {
    fn steps_done(&self) -> usize {
        self.steps.iter().filter(|s| s.done).count()
    }
}
