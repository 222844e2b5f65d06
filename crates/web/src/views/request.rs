//! Requests of people about their data.

use askama::Template;

use super::parts::{Cell, Chip, Field, Line, Paging, Said, Tab};
use crate::kit::{layout::Shell, text::Text};

/// A request in the list.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// Its number.
    pub number: String,
    /// Its page.
    pub href: String,
    /// `Access`, `Erase`.
    pub right: String,
    /// Whose, as this reader may see it.
    pub person: Cell,
    /// When and how it came.
    pub received: String,
    /// Where it stands.
    pub state: Chip,
    /// When it is due: date, then distance.
    pub due: Chip,
}

/// All requests.
#[derive(Clone, Debug, Template)]
#[template(path = "requests/list.html")]
pub struct RequestList {
    /// Language.
    pub t: Text,
    /// Frame; `new_href` draws the button to record one.
    pub shell: Shell,
    /// Open, answered, all.
    pub tabs: Vec<Tab>,
    /// The requests, the next due first.
    pub rows: Vec<RequestRow>,
    /// Paging.
    pub paging: Paging,
    /// What was recorded.
    pub recorded: String,
}

/// Recording a request that came by letter, mail or telephone. Posts to `/requests`.
#[derive(Clone, Debug, Template)]
#[template(path = "requests/new.html")]
pub struct RequestNew {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Person, right, received, channel, regime, note.
    pub fields: Vec<Field>,
    /// What is wrong with the whole of it.
    pub problem: String,
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct LogLine {
    /// RFC 3339.
    pub iso: String,
    /// When.
    pub when: String,
    /// Who did what.
    pub said: Said,
}

/// A step of the status line.
#[derive(Clone, Debug)]
pub struct Stage {
    /// `Received`.
    pub label: String,
    /// `done`, `now` or `ahead`.
    pub state: &'static str,
}

/// A recipient of the person's data.
#[derive(Clone, Debug)]
pub struct RecipientRow {
    /// Who, and how they are reached.
    pub recipient: String,
    /// What they were given, for what, when.
    pub what: String,
    /// Whether they were told.
    pub state: Chip,
    /// How, or why not.
    pub how: String,
    /// Where it is stated that they were told (`outcome`, `how`), while they are to be.
    pub tell_action: Option<String>,
}

/// One request.
#[derive(Clone, Debug, Template)]
#[template(path = "requests/one.html")]
pub struct RequestPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Its address.
    pub href: String,
    /// `Erase · Daniel Reyes`.
    pub title: String,
    /// `received 2 Nov, portal`.
    pub note: String,
    /// Date, then distance.
    pub due: Chip,
    /// How the date was counted, step by step, with citations.
    pub counted: Vec<String>,
    /// Received, identity, collecting, decided, answered.
    pub stages: Vec<Stage>,
    /// `7 of 9 stores searched; 2 wait.`, when there is something to say.
    pub standing: Option<String>,
    /// Who was given the person's data.
    pub recipients: Vec<RecipientRow>,
    /// Where another one is entered (`recipient`, `what`, `purpose`).
    pub enter_action: Option<String>,
    /// Facts: regime, channel, identity, person.
    pub lines: Vec<Line>,
    /// The log, the newest first.
    pub log: Vec<LogLine>,
    /// The next act: label and where it leads (GET), green.
    pub next: Option<(String, String)>,
    /// Acts that post at once (`identity confirmed`): label and action.
    pub acts: Vec<(String, String)>,
    /// Where an extension posts (`reason`), if one is still possible, and what it does (`to 2 Feb 2027, Art 12(3)`).
    pub extend: Option<(String, String)>,
    /// Where a refusal posts (`code`, `reason`), with the reasons on offer.
    pub refuse: Option<(String, Vec<crate::kit::layout::Choice>)>,
    /// What was recorded.
    pub recorded: String,
}
