//! First run: you, country and industry, start.

use askama::Template;

use super::parts::Field;
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

/// Step 1: who administers this house. Posts `name`, `email`, `password`, `code` to `/setup`.
#[derive(Clone, Debug, Template)]
#[template(path = "setup/you.html")]
pub struct SetupYou {
    /// Language.
    pub t: Text,
    /// Frame (plain).
    pub shell: Shell,
    /// The inputs: name, e-mail, password (Secret), one-time code from the terminal.
    pub fields: Vec<Field>,
}

impl SetupYou {
    /// The empty form; add values and problems to its fields by name.
    pub fn new(t: Text, shell: Shell) -> Self {
        use super::parts::Control;
        let fields = vec![
            Field::new("code", t.get("setup-code"), Control::Text).required().help(t.get("setup-code-help")),
            Field::new("name", t.get("setup-name"), Control::Text).required().autocomplete("name"),
            Field::new("email", t.get("setup-email"), Control::Email).required().autocomplete("username"),
            Field::new("password", t.get("setup-password"), Control::Secret)
                .required()
                .autocomplete("new-password")
                .help(t.get("setup-password-help")),
        ];
        Self { t, shell, fields }
    }
}

/// A rule pack that a country and an industry adopt.
#[derive(Clone, Debug)]
pub struct PackPreview {
    /// `Germany, commerce`.
    pub name: String,
    /// Version, checked-on date.
    pub note: String,
    /// Its rules, as they will be adopted.
    pub rules: Vec<PackRule>,
}

/// One rule of a pack.
#[derive(Clone, Debug)]
pub struct PackRule {
    /// What it keeps (`Invoices and their letters`).
    pub what: String,
    /// How long (`8 years from the end of the year`).
    pub period: String,
    /// `HGB §257(4)`.
    pub citation: String,
    /// Required by statute (true) or recommended practice (false).
    pub statutory: bool,
}

/// Step 2: country and industry. `GET /setup/place?country=&industry=` previews, `POST /setup/place` adopts.
#[derive(Clone, Debug, Template)]
#[template(path = "setup/place.html")]
pub struct SetupPlace {
    /// Language.
    pub t: Text,
    /// Frame (plain).
    pub shell: Shell,
    /// Countries.
    pub countries: Vec<Choice>,
    /// Industries.
    pub industries: Vec<Choice>,
    /// What would be adopted; empty before a choice was made.
    pub packs: Vec<PackPreview>,
}

/// Step 3: how to begin. Posts `start=import|demo|empty` to `/setup/start`.
#[derive(Clone, Debug, Template)]
#[template(path = "setup/start.html")]
pub struct SetupStart {
    /// Language.
    pub t: Text,
    /// Frame (plain).
    pub shell: Shell,
    /// What was adopted in step 2 (`Germany, commerce: 9 rules`).
    pub adopted: String,
    /// Demo data is on offer (only into an empty store).
    pub demo: bool,
}
