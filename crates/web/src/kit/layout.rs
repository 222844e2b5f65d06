//! The shell around every page: rail, bar, notices, theme.

use std::borrow::Cow;

use super::{
    icons::{Icon, icon},
    text::Text,
};

/// Light, dark, or as the device says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// The word in the cookie and in the form: `auto`, `light`, `dark`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads what [`Theme::as_str`] wrote; anything else is `Auto`.
    pub fn parse(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

/// Something to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// Chosen now.
    pub selected: bool,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>, selected: bool) -> Self {
        Self { value: value.into(), label: label.into(), selected }
    }
}

/// Who is signed in, and for which purpose they act.
#[derive(Clone, Debug, Default)]
pub struct Who {
    /// Display name.
    pub name: String,
    /// One or two letters.
    pub initials: String,
    /// The acting purpose's label, always in the bar.
    pub purpose: String,
    /// The purposes this user was granted (value = purpose key); the acting one is selected.
    pub purposes: Vec<Choice>,
}

/// An entry of the rail.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// Stable name (`people`), to find, count or hide the entry.
    pub key: Cow<'static, str>,
    /// Where it leads.
    pub href: Cow<'static, str>,
    /// Its label.
    pub label: String,
    /// Name in the sprite.
    pub icon: &'static str,
    /// The page belongs to it.
    pub current: bool,
    /// A number beside the label.
    pub count: Option<String>,
    /// What the number counts, for screen readers (`open`, `unread`).
    pub count_of: String,
    /// Time is running on what is counted.
    pub due: bool,
    /// Stands in the bar at the foot of a phone (at most four do); the others stand under "More".
    pub small: bool,
}

/// How a notice is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoticeKind {
    /// Something was done.
    Done,
    /// Something to know.
    Note,
    /// Something was refused or failed.
    Wrong,
}

/// One line above the heading: what just happened.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How it is meant.
    pub kind: NoticeKind,
    /// The words.
    pub text: String,
    /// A link to go on with (look at it): label and address.
    pub link: Option<(String, String)>,
    /// How it is taken back.
    pub undo: Option<Undo>,
}

/// An act taken back by a form: the version it made, and where one comes back to.
#[derive(Clone, Debug)]
pub struct Undo {
    /// Where the form posts.
    pub action: String,
    /// The version to take back.
    pub version: i64,
    /// The page to come back to.
    pub back: String,
}

impl Notice {
    /// Something was done.
    pub fn done(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Done, text: text.into(), link: None, undo: None }
    }

    /// Something to know.
    pub fn note(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Note, text: text.into(), link: None, undo: None }
    }

    /// Something was refused or failed.
    pub fn wrong(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Wrong, text: text.into(), link: None, undo: None }
    }

    /// With a link to go on.
    #[must_use]
    pub fn linked(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((label.into(), href.into()));
        self
    }

    /// With an Undo.
    #[must_use]
    pub fn undone_by(mut self, action: impl Into<String>, version: i64, back: impl Into<String>) -> Self {
        self.undo = Some(Undo { action: action.into(), version, back: back.into() });
        self
    }

    /// The style's word.
    pub const fn class(&self) -> &'static str {
        match self.kind {
            NoticeKind::Done => "done",
            NoticeKind::Note => "note",
            NoticeKind::Wrong => "wrong",
        }
    }
}

/// What surrounds a page. Every view has one, as `shell`, beside its `t`.
#[derive(Clone, Debug)]
pub struct Shell {
    /// The page's title, without the product's name. Never personal data that the page would not show anyway.
    pub title: String,
    /// The session's token, a hidden field `csrf` in every form.
    pub csrf: String,
    /// Who is signed in; `None` draws the plain frame of set-up and sign-in.
    pub who: Option<Who>,
    /// Entries of the day's work.
    pub work: Vec<NavItem>,
    /// Entries of compliance.
    pub compliance: Vec<NavItem>,
    /// Entries of administration.
    pub administration: Vec<NavItem>,
    /// Theme, from the cookie `theme`.
    pub theme: Theme,
    /// Single-key shortcuts are on (cookie `keys`, on unless `off`).
    pub single_keys: bool,
    /// The page's own address, for the forms that return here (theme, purpose). A path of ours without personal data.
    pub address: String,
    /// What just happened.
    pub notices: Vec<Notice>,
    /// How much one was told of and has not read; shown on the bell.
    pub unread: i64,
    /// Address of "new", for the key `n`.
    pub new_href: Option<String>,
    /// Address of "edit", for the key `e`.
    pub edit_href: Option<String>,
}

impl Shell {
    /// The frame for someone signed in; `here` is the rail entry the page belongs to (`people`, `evidence`, …, or empty).
    pub fn new(t: Text, title: impl Into<String>, here: &str, csrf: impl Into<String>, who: Who) -> Self {
        let item = |key: &'static str, href: &'static str, icon, label: String, small| NavItem {
            current: key == here,
            key: key.into(),
            href: href.into(),
            label,
            icon,
            count: None,
            count_of: String::new(),
            due: false,
            small,
        };
        Self {
            who: Some(who),
            work: vec![
                item("home", "/", "home", t.get("nav-home"), true),
                item("people", "/people", "person", t.get("nav-people"), true),
                item("companies", "/companies", "company", t.get("nav-companies"), false),
                item("deals", "/records/deal", "deal", t.get("nav-deals"), false),
                item("messages", "/records/message", "message", t.get("nav-messages"), true),
                item("tasks", "/records/task", "task", t.get("nav-tasks"), true),
                item("cases", "/records/case", "case", t.get("nav-cases"), false),
                item("orders", "/records/order", "order", t.get("nav-orders"), false),
                item("products", "/records/product", "order", t.get("nav-products"), false),
                item("campaigns", "/campaigns", "message", t.get("nav-campaigns"), false),
                item("reports", "/reports", "chart", t.get("nav-reports"), false),
            ],
            compliance: vec![
                item("requests", "/requests", "request", t.get("nav-requests"), false),
                item("retention", "/retention", "clock", t.get("nav-retention"), false),
                item("approvals", "/approvals", "check", t.get("nav-approvals"), false),
                item("evidence", "/evidence", "seal", t.get("nav-evidence"), false),
            ],
            administration: vec![item("settings", "/settings", "settings", t.get("nav-settings"), false)],
            ..Self::plain(title, csrf)
        }
    }

    /// The plain frame before anyone is signed in.
    pub fn plain(title: impl Into<String>, csrf: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            csrf: csrf.into(),
            who: None,
            work: Vec::new(),
            compliance: Vec::new(),
            administration: Vec::new(),
            theme: Theme::Auto,
            single_keys: true,
            address: "/".into(),
            notices: Vec::new(),
            unread: 0,
            new_href: None,
            edit_href: None,
        }
    }

    /// Puts a number beside a rail entry: the entry's key, the shown number, what it counts (`open`), and whether time is running on it.
    #[must_use]
    pub fn counted(mut self, key: &str, count: impl Into<String>, of: impl Into<String>, due: bool) -> Self {
        let (count, of) = (count.into(), of.into());
        for item in self.work.iter_mut().chain(&mut self.compliance).filter(|i| i.key == key) {
            item.count = Some(count.clone());
            item.count_of.clone_from(&of);
            item.due = due;
        }
        self
    }

    /// Adds an entry for a kind that the house made, by its key.
    pub fn add_kind(&mut self, key: &str, plural: &str, here: &str) {
        self.work.push(NavItem {
            key: key.to_owned().into(),
            href: format!("/records/{key}").into(),
            label: plural.to_owned(),
            icon: "note",
            current: key == here,
            count: None,
            count_of: String::new(),
            due: false,
            small: false,
        });
    }

    /// Leaves out a rail entry this user has no grant for.
    pub fn hide(&mut self, key: &str) {
        for group in [&mut self.work, &mut self.compliance, &mut self.administration] {
            group.retain(|i| i.key != key);
        }
    }

    /// With the page's own address (for the theme and purpose forms).
    #[must_use]
    pub fn at(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// An icon of the sprite, for templates.
    pub fn icon<'a>(&self, name: &'a str) -> Icon<'a> {
        icon(name)
    }

    /// The address of an asset, for templates.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    /// The number on the bell (`3`, `99+`).
    pub fn bell(&self) -> String {
        if self.unread > 99 { "99+".to_owned() } else { self.unread.to_string() }
    }

    /// Whether an entry under "More" is the current one.
    pub fn more_is_current(&self) -> bool {
        self.work.iter().filter(|i| !i.small).chain(&self.compliance).chain(&self.administration).any(|i| i.current)
    }
}
