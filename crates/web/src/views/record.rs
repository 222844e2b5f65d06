//! The page of one record of any kind.

use askama::Template;

use super::lines::LinesBox;
use super::parts::{Cell, Chip, Field, Line, Paging, Said, Tab, Tone};
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

/// A fact of the record.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The field's key; Reveal posts it as `field`.
    pub key: String,
    /// Its label.
    pub label: String,
    /// Its value as this reader may see it.
    pub value: Cell,
    /// The reader may reveal it: the form posts `field` (and `reason`) to `{href}/reveal`.
    pub reveal: bool,
    /// Revealing asks for a reason.
    pub reason_needed: bool,
    /// Just revealed: masked again after a minute, when the tab hides, on leaving.
    pub revealed: bool,
    /// The reader may edit it where it stands: its pencil leads to `{href}/edit?field=…`.
    pub edit: bool,
}

impl Fact {
    /// A fact that shows as it is.
    pub fn new(key: impl Into<String>, label: impl Into<String>, value: Cell) -> Self {
        Self { key: key.into(), label: label.into(), value, reveal: false, reason_needed: false, revealed: false, edit: false }
    }

    /// A fact that may be edited where it stands.
    #[must_use]
    pub fn editable(mut self, edit: bool) -> Self {
        self.edit = edit;
        self
    }

    /// A masked fact that may be revealed.
    #[must_use]
    pub fn revealable(mut self, reason_needed: bool) -> Self {
        self.reveal = true;
        self.reason_needed = reason_needed;
        self
    }
}

/// A stage of a pipeline, as a step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its label.
    pub label: String,
    /// What is posted as `move` to go there; `None` for where it stands and for whoever may not move it.
    pub value: Option<String>,
    /// `done`, `now`, `ahead`, or the end (`won`, `lost`) it is.
    pub state: &'static str,
}

/// The stages of the pipeline that a record is in.
#[derive(Clone, Debug)]
pub struct StageBar {
    /// Where a step posts to.
    pub action: String,
    /// What is posted with it.
    pub hidden: Vec<(&'static str, String)>,
    /// The pipeline's name.
    pub pipeline: String,
    /// The stages on the way.
    pub steps: Vec<Step>,
    /// The ends.
    pub ends: Vec<Step>,
    /// Since when it stands there, or when and why it came to its end.
    pub note: String,
    /// It stands there longer than it should.
    pub rots: Option<Chip>,
}

/// A promise of a case's clock.
#[derive(Clone, Debug)]
pub struct ClockLine {
    /// `First answer`.
    pub label: String,
    /// How it stands.
    pub state: Chip,
    /// `1 h 20 min left, due today 16:30`.
    pub said: String,
    /// `40 min of 2 h used`.
    pub used: String,
    /// How much of it is used.
    pub percent: u8,
}

/// A time in one status.
#[derive(Clone, Debug)]
pub struct ClockStretch {
    /// RFC 3339.
    pub iso: String,
    /// From when.
    pub from: String,
    /// The status.
    pub status: String,
    /// What was counted, or that it stood still.
    pub counted: String,
}

/// The service clock of a case.
#[derive(Clone, Debug)]
pub struct ClockPanel {
    /// How it stands on the whole.
    pub state: Chip,
    /// Its promises.
    pub lines: Vec<ClockLine>,
    /// Which targets, and why these.
    pub why: String,
    /// How time is counted.
    pub hours: String,
    /// What ran and stood still.
    pub stretches: Vec<ClockStretch>,
    /// Where targets are set, for whoever may.
    pub settings_href: Option<String>,
}

/// Facts that belong together.
#[derive(Clone, Debug)]
pub struct FactGroup {
    /// Their heading.
    pub title: String,
    /// Those with a value.
    pub facts: Vec<Fact>,
    /// Those without, folded behind "Show 28 empty".
    pub empty: Vec<Fact>,
}

/// Records linked to this one.
#[derive(Clone, Debug)]
pub struct Related {
    /// `Deals`, `Company`.
    pub title: String,
    /// What they come to; empty where that is nothing.
    pub note: String,
    /// Figures: what, and how much.
    pub figures: Vec<(String, String)>,
    /// The linked records.
    pub items: Vec<RelatedItem>,
    /// Where all of them are.
    pub all_href: Option<String>,
}

/// A linked record.
#[derive(Clone, Debug)]
pub struct RelatedItem {
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// A quiet word (`€ 48,500`, `Owner`).
    pub note: String,
    /// Steps of its select field in order: label, and whether it is behind, at or ahead of (`done`, `now`, `ahead`).
    pub steps: Vec<(String, &'static str)>,
}

/// An entry of the timeline.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Sprite icon.
    pub icon: String,
    /// What happened.
    pub said: Said,
    /// RFC 3339.
    pub iso: String,
    /// `today 10:42`.
    pub when: String,
    /// The beginning of a message or note.
    pub body: String,
    /// What is proved of it, and its files.
    pub proofs: Vec<Chip>,
    /// How many like it are folded behind this one.
    pub folded: Option<String>,
    /// A task's tick, for whoever may press it.
    pub tick: Option<Tick>,
}

/// A task's tick.
#[derive(Clone, Debug)]
pub struct Tick {
    /// Where it posts (`done`, `return`).
    pub action: String,
    /// It is done; pressing opens it again.
    pub done: bool,
    /// What pressing does, with the task's name.
    pub label: String,
}

/// What is written from a record's page: one text, and what it is to be.
#[derive(Clone, Debug)]
pub struct Composer {
    /// Where it posts.
    pub action: String,
    /// Note, task, comment, as far as they may be written.
    pub kinds: Vec<Choice>,
    /// The text; its first line becomes the title.
    pub text: String,
    /// What is wrong with the text.
    pub problems: Vec<String>,
    /// Inputs of a note alone.
    pub note: Vec<Field>,
    /// Inputs of a task alone.
    pub task: Vec<Field>,
    /// Colleagues to be told of a note or comment.
    pub colleagues: Vec<Choice>,
    /// It was refused and stands here with what was typed.
    pub refused: bool,
}

impl Composer {
    fn ticked(&self) -> bool {
        self.colleagues.iter().any(|one| one.selected)
    }
}

/// A day (or month) of the timeline.
#[derive(Clone, Debug)]
pub struct Day {
    /// `Today`, `November 2026`.
    pub label: String,
    /// Its entries, the newest first.
    pub entries: Vec<Entry>,
}

/// One reason to keep (or to destroy), as decided.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The rule's name.
    pub rule: String,
    /// Its version.
    pub version: String,
    /// Statute or policy.
    pub citation: String,
    /// What started the clock, and when.
    pub trigger: String,
    /// What it says (`Keep through 31 Dec 2032`).
    pub effect: String,
    /// It decided.
    pub decides: bool,
}

/// Why this record may be kept.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// Plain, Time (falls due soon) or Held.
    pub tone: Tone,
    /// `Keep through 31 Dec 2032`.
    pub line: String,
    /// The deciding reason in a sentence.
    pub note: String,
    /// All reasons, behind "Why?".
    pub reasons: Vec<Reason>,
    /// Further lines (messages 6 years, holds none).
    pub lines: Vec<Line>,
}

/// A purpose this person's data may (or may not) be used for.
#[derive(Clone, Debug)]
pub struct Use {
    /// Purpose and its standing.
    pub purpose: Chip,
    /// Basis and date.
    pub note: String,
}

/// Someone who looked.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Letters.
    pub initials: String,
    /// Name.
    pub name: String,
    /// `yesterday, for Support`.
    pub note: String,
}

/// What a person may ask for, from here.
#[derive(Clone, Debug)]
pub struct Rights {
    /// Posts and leads to the package's progress; `None` when this user may not.
    pub package_action: Option<String>,
    /// Leads (GET) to the plan, which destroys nothing.
    pub erasure_href: Option<String>,
    /// Open requests of this person.
    pub requests: Vec<RelatedItem>,
}

/// The page of one record.
#[derive(Clone, Debug, Template)]
#[template(path = "record.html")]
pub struct RecordPage {
    /// Language.
    pub t: Text,
    /// Frame; `edit_href` draws the Edit buttons.
    pub shell: Shell,
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// One or two letters; empty shows `icon`.
    pub initials: String,
    /// Sprite icon of the kind.
    pub icon: String,
    /// `Owner at Studio Lombardi · Lead · with M. Keller`.
    pub subtitle: Said,
    /// Held, restricted, erased.
    pub states: Vec<Chip>,
    /// The stages of its pipeline, for what goes through one.
    pub stages: Option<StageBar>,
    /// Its lines, for what has them.
    pub lines: Option<LinesBox>,
    /// Its service clock, for cases.
    pub clock: Option<ClockPanel>,
    /// Forms beside the heading: label and address they lead to.
    pub actions: Vec<(String, String)>,
    /// `Opening this page was recorded.`
    pub recorded: String,
    /// What names it, where the reader may edit that.
    pub title: Option<Fact>,
    /// Facts.
    pub groups: Vec<FactGroup>,
    /// Fields withheld from this purpose, in a sentence.
    pub withheld_note: Option<String>,
    /// Linked records.
    pub related: Vec<Related>,
    /// Where files are put beside it, if this user may.
    pub attach: Option<String>,
    /// Where something is written down, if this user may.
    pub composer: Option<Composer>,
    /// Filters of the timeline.
    pub tabs: Vec<Tab>,
    /// The filter chosen, as the address has it; empty for all.
    pub show: String,
    /// The day that the timeline was asked for; empty for now.
    pub day: String,
    /// The timeline, the newest first.
    pub days: Vec<Day>,
    /// Older and newer.
    pub paging: Paging,
    /// Why it may be kept.
    pub keeping: Keeping,
    /// What it may be used for; empty for kinds that are about nobody.
    pub uses: Vec<Use>,
    /// Where it stands what they said about it.
    pub uses_href: Option<String>,
    /// Who looked last.
    pub seen: Vec<Seen>,
    /// Where all who looked are listed (`All 14`): label and address.
    pub seen_all: Option<(String, String)>,
    /// A person's rights; `None` for other kinds.
    pub rights: Option<Rights>,
    /// Its version, when it was saved, and the way to the others.
    pub version: Said,
    /// Where its evidence is, for those who may audit.
    pub evidence_href: Option<String>,
}

/// A field that a version changed.
#[derive(Clone, Debug)]
pub struct ChangeRow {
    /// The field's label.
    pub label: String,
    /// Before.
    pub before: Cell,
    /// After.
    pub after: Cell,
}

/// A version of a record.
#[derive(Clone, Debug)]
pub struct VersionRow {
    /// Its number.
    pub number: i64,
    /// It is the one in use.
    pub current: bool,
    /// Where it is looked at before it is restored, for whoever may.
    pub restore: Option<String>,
    /// RFC 3339.
    pub iso: String,
    /// When it was saved.
    pub when: String,
    /// Who saved it.
    pub who: String,
    /// What it changed; nothing when it, or the one before, was destroyed.
    pub changes: Option<Vec<ChangeRow>>,
}

/// The versions of a record and what each changed.
#[derive(Clone, Debug, Template)]
#[template(path = "history.html")]
pub struct HistoryPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The record's name.
    pub name: String,
    /// The record's page.
    pub href: String,
    /// The newest first.
    pub versions: Vec<VersionRow>,
    /// Older and newer.
    pub paging: Paging,
    /// What was recorded.
    pub recorded: String,
}

/// What restoring a version would change, before it does.
#[derive(Clone, Debug, Template)]
#[template(path = "restore.html")]
pub struct RestorePage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// `Version 2 of Chiara Lombardi`.
    pub title: String,
    /// Where Restore posts.
    pub action: String,
    /// All versions.
    pub back: String,
    /// The version now; another one refuses.
    pub version: i64,
    /// What changes: before is now, after is then.
    pub changes: Vec<ChangeRow>,
    /// Labels of the fields whose value of that version was destroyed.
    pub lost: String,
    /// What saving records.
    pub note: String,
    /// What was recorded.
    pub recorded: String,
}

/// What saving one field answers to a script: the field as it stands now, what was done and its Undo.
#[derive(Clone, Debug, Template)]
#[template(path = "parts/saved.html")]
pub struct SavedFact {
    /// Language.
    pub t: Text,
    /// Frame; its notices become toasts.
    pub shell: Shell,
    /// The record's page.
    pub href: String,
    /// The field.
    pub fact: Fact,
    /// The record's version, when it was saved, and the way to the others.
    pub version: Said,
}

/// What Reveal answers to a script: the value alone, to stand where the mask stood (`POST {href}/reveal` with `accept: text/html; fragment`).
#[derive(Clone, Debug, Template)]
#[template(path = "parts/revealed.html")]
pub struct Revealed {
    /// Language.
    pub t: Text,
    /// The value.
    pub value: String,
}
