//! Small parts that many pages share. Those that stand alone render themselves: `{{ chip }}`, `{{ cell }}`, `{{ said }}`.
#![expect(unused_qualifications, reason = "askama writes them for an enum")]

use askama::{Template, filters::HtmlSafe};

use crate::kit::{layout::Choice, text::Text};

/// What a colour means: green proved or safe, amber time, red held or refused, dashed restricted, everything else neutral.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// No meaning.
    #[default]
    Plain,
    /// Proved, or safe to press.
    Good,
    /// Time is running.
    Time,
    /// Held, refused, destructive or broken.
    Held,
    /// Restricted: kept, not used.
    Limited,
}

impl Tone {
    /// The style's word.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Time => "time",
            Self::Held => "held",
            Self::Limited => "limited",
        }
    }
}

/// A short state in a pill.
#[derive(Clone, Debug, Template, PartialEq, Eq)]
#[template(path = "parts/chip.html")]
pub struct Chip {
    /// The words; they say it all, the colour only repeats it.
    pub text: String,
    /// The colour.
    pub tone: Tone,
}

impl HtmlSafe for Chip {}

impl Chip {
    /// A chip.
    pub fn new(text: impl Into<String>, tone: Tone) -> Self {
        Self { text: text.into(), tone }
    }

    fn dotted(&self) -> bool {
        matches!(self.tone, Tone::Good | Tone::Time | Tone::Held)
    }
}

/// A value as a reader may see it: in a list's cell or beside a fact's label.
#[derive(Clone, Debug, Template, PartialEq, Eq)]
#[template(path = "parts/cell.html")]
pub enum Cell {
    /// Nothing is there.
    Empty,
    /// Words of any direction (names, addresses).
    Text(String),
    /// A number, an amount: set in tabular figures, at the end of its cell.
    Number(String),
    /// A date or moment: machine form (RFC 3339) and shown form.
    Time {
        /// `2026-11-21` or RFC 3339.
        iso: String,
        /// What is shown.
        shown: String,
    },
    /// Something that leads somewhere of ours.
    Link {
        /// Label.
        text: String,
        /// Path.
        href: String,
    },
    /// A value behind its mask (`+39 ••• 4417`; a wholly hidden one is always eight dots). The record page adds Reveal beside it.
    Mask(String),
    /// Not for this purpose or class: says which, never silently empty (`withheld: needs Support`).
    Withheld(String),
    /// A state.
    Chip(Chip),
    /// Several of a set.
    Chips(Vec<Chip>),
    /// Several values of a field, each shown as one.
    Each(Vec<Cell>),
}

impl HtmlSafe for Cell {}

impl Cell {
    /// Eight dots.
    pub fn hidden() -> Self {
        Self::Mask("••••••••".into())
    }

    /// Withheld because the acting purpose may not read it; `needed` is the label of one that may.
    pub fn withheld_purpose(t: Text, needed: &str) -> Self {
        Self::Withheld(t.with("withheld-purpose", "purpose", needed))
    }

    /// Withheld because the grant does not reach the field's class.
    pub fn withheld_class(t: Text, class: &str) -> Self {
        Self::Withheld(t.with("withheld-class", "class", class))
    }

    /// Whether it stands at the end of its column.
    pub fn at_end(&self) -> bool {
        matches!(self, Self::Number(_))
    }
}

/// A piece of a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// Where they lead.
    pub href: Option<String>,
    /// A name or the point of the sentence.
    pub strong: bool,
}

/// A sentence with names and links in it.
#[derive(Clone, Debug, Default, Template, PartialEq, Eq)]
#[template(path = "parts/said.html")]
pub struct Said {
    /// Its pieces, in order, joined without spaces.
    pub pieces: Vec<Piece>,
}

impl HtmlSafe for Said {}

impl Said {
    /// An empty sentence, to be continued.
    pub fn new() -> Self {
        Self::default()
    }

    /// Continues with plain words.
    #[must_use]
    pub fn say(mut self, text: impl Into<String>) -> Self {
        self.pieces.push(Piece { text: text.into(), ..Piece::default() });
        self
    }

    /// Continues with a name or the point of the sentence.
    #[must_use]
    pub fn strong(mut self, text: impl Into<String>) -> Self {
        self.pieces.push(Piece { text: text.into(), strong: true, ..Piece::default() });
        self
    }

    /// Continues with a link.
    #[must_use]
    pub fn link(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.pieces.push(Piece { text: text.into(), href: Some(href.into()), strong: false });
        self
    }
}

/// One of several views of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Label.
    pub label: String,
    /// Address.
    pub href: String,
    /// The one shown.
    pub current: bool,
}

impl Tab {
    /// A tab.
    pub fn new(label: impl Into<String>, href: impl Into<String>, current: bool) -> Self {
        Self { label: label.into(), href: href.into(), current }
    }
}

/// A line of label and value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: Cell,
}

impl Line {
    /// A line.
    pub fn new(label: impl Into<String>, value: Cell) -> Self {
        Self { label: label.into(), value }
    }

    /// A line with words as its value.
    pub fn text(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(label, Cell::Text(value.into()))
    }
}

/// What kind of control an input needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// `type=email`.
    Email,
    /// `type=tel`.
    Phone,
    /// `type=url`.
    Url,
    /// A number, with its step (`1`, `0.01`, `any`).
    Number {
        /// Step of the value.
        step: String,
    },
    /// A number as its reader writes it, with their decimal mark.
    Decimal,
    /// An amount: the number under `name`, the currency under `name_currency`.
    Money {
        /// The currencies on offer.
        currencies: Vec<Choice>,
    },
    /// `type=date`, value `2026-11-21`.
    Date,
    /// `type=time`, value `10:42`.
    Time,
    /// `type=datetime-local`, value `2026-11-21T10:42`.
    Moment,
    /// Yes or no; the value `true` is ticked. An unticked box sends nothing.
    Tick,
    /// One of several.
    Choice(Vec<Choice>),
    /// Any of several (the name comes once for each ticked).
    Choices(Vec<Choice>),
    /// Other records: the value is their ids; typing names instead lets the server look them up.
    Reference(Refers),
    /// A password or key: never shown again, `autocomplete` says which.
    Secret,
    /// A sealed value this reader may not see: typing replaces it, leaving it empty keeps it.
    Replace,
}

/// Which records a field names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refers {
    /// What the reader sees for the value; several stand one a line.
    pub shown: String,
    /// The kind of record that is meant.
    pub kind: String,
    /// Whether there may be several; the value is then their ids, with spaces between.
    pub many: bool,
    /// Whether a file may be sent instead, as `name_file`.
    pub upload: bool,
}

impl Refers {
    /// One record of a kind.
    pub fn one(kind: &str, shown: impl Into<String>) -> Self {
        Self { shown: shown.into(), kind: kind.to_owned(), ..Self::default() }
    }
}

/// One input with its label, help, problems and, in a conflict, the other version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The form's name for it (`field.email`), also its element id.
    pub name: String,
    /// Label.
    pub label: String,
    /// Control.
    pub control: Control,
    /// What stands in it now: the reader's own input after a refusal.
    pub value: String,
    /// One line of help.
    pub help: String,
    /// Must be filled.
    pub required: bool,
    /// What is wrong, what to do; without the value.
    pub problems: Vec<String>,
    /// `autocomplete` token (`email`, `name`, `new-password`), or empty for `off`.
    pub autocomplete: String,
    /// In a conflict: the value somebody else has saved meanwhile, as shown.
    pub theirs: Option<String>,
}

impl Field {
    /// An empty input.
    pub fn new(name: impl Into<String>, label: impl Into<String>, control: Control) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            control,
            value: String::new(),
            help: String::new(),
            required: false,
            problems: Vec::new(),
            autocomplete: String::new(),
            theirs: None,
        }
    }

    /// With a value.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// That must be filled.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// With an `autocomplete` token.
    #[must_use]
    pub fn autocomplete(mut self, token: impl Into<String>) -> Self {
        self.autocomplete = token.into();
        self
    }

    /// With something wrong.
    #[must_use]
    pub fn problem(mut self, problem: impl Into<String>) -> Self {
        self.problems.push(problem.into());
        self
    }

    /// With the other version of a conflict.
    #[must_use]
    pub fn theirs(mut self, theirs: impl Into<String>) -> Self {
        self.theirs = Some(theirs.into());
        self
    }

    pub(super) fn ticked(&self) -> bool {
        self.value == "true"
    }

    /// Whether the form that holds it has to carry files.
    pub fn uploads(&self) -> bool {
        matches!(&self.control, Control::Reference(refers) if refers.upload)
    }

    pub(super) fn described(&self) -> bool {
        !self.help.is_empty() || !self.problems.is_empty()
    }

    pub(super) fn wrong(&self) -> bool {
        !self.problems.is_empty()
    }

    pub(super) const fn kind(&self) -> &'static str {
        match self.control {
            Control::Email => "email",
            Control::Phone => "tel",
            Control::Url => "url",
            Control::Date => "date",
            Control::Time => "time",
            Control::Moment => "datetime-local",
            _ => "text",
        }
    }

    pub(super) fn autofill(&self) -> &str {
        if self.autocomplete.is_empty() { "off" } else { &self.autocomplete }
    }
}

/// Long work as it stands. The page of it is fetched again every second while it runs; without scripts, a link looks again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// What is being done (`Importing trade-fair.csv`).
    pub label: String,
    /// Done so far.
    pub done: u64,
    /// Of how many; `None` while it is unknown.
    pub total: Option<u64>,
    /// `412,000 of 1,204,331 · 210,400 a second · 4 s left`.
    pub words: String,
    /// Counts so far (`created 288`).
    pub counts: Vec<String>,
    /// It is still going.
    pub running: bool,
    /// Where Cancel posts to, while it can be cancelled.
    pub cancel_action: Option<String>,
    /// What Cancel leaves behind (`Rows already imported stay; you can undo them afterwards.`).
    pub cancel_note: String,
}

impl Progress {
    pub(super) fn percent(&self) -> u64 {
        match self.total {
            Some(total) if total > 0 => (self.done.min(total) as u128 * 100 / u128::from(total)) as u64,
            _ => 0,
        }
    }

    pub(super) fn quarter(&self) -> u64 {
        self.percent() / 25 * 25
    }
}

/// A table of plain cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// What it shows (for screen readers).
    pub caption: String,
    /// Column headings.
    pub columns: Vec<String>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

/// The links of keyset paging.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// The page before, if any.
    pub previous: Option<String>,
    /// The page after, if any.
    pub next: Option<String>,
}

impl Paging {
    pub(super) fn any(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }
}
