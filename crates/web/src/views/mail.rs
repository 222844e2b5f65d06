//! Mail: outbox, writing, templates, accounts; and automation: rules, webhooks, what they did. One page in many states.

use askama::Template;

use super::parts::{Chip, Field, Tab};
use crate::kit::{layout::Shell, text::Text};

/// Something that can be done with a row, by a form that posts.
#[derive(Clone, Debug)]
pub struct Act {
    /// What the button says.
    pub label: String,
    /// Where it posts to.
    pub action: String,
    /// It takes something away.
    pub grave: bool,
}

/// A letter, a template, an account.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is called.
    pub title: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Its state.
    pub chips: Vec<Chip>,
    /// What is to be known of it, a sentence each.
    pub lines: Vec<String>,
    /// What somebody else's server said.
    pub said: Option<String>,
    /// What can be done with it.
    pub acts: Vec<Act>,
}

/// The form of a page.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its heading.
    pub title: String,
    /// Where it posts to.
    pub action: String,
    /// What goes with it unseen: name and value.
    pub hidden: Vec<(String, String)>,
    /// Its inputs.
    pub fields: Vec<Field>,
    /// Inputs that are rarely needed, folded.
    pub more: Vec<Field>,
    /// What its button says.
    pub button: String,
    /// A second button: its words and name.
    pub second: Option<(String, String)>,
    /// What stands under it.
    pub note: String,
}

/// A small form that asks the page again, with another choice.
#[derive(Clone, Debug)]
pub struct Pick {
    /// Where it goes.
    pub action: String,
    /// What goes with it unseen.
    pub hidden: Vec<(String, String)>,
    /// Its one input.
    pub field: Field,
    /// What its button says.
    pub button: String,
}

/// A page of mail or automation.
#[derive(Clone, Debug, Template)]
#[template(path = "mail/page.html")]
pub struct MailPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Heading.
    pub title: String,
    /// What the page is for.
    pub lead: String,
    /// The pages of mail.
    pub tabs: Vec<Tab>,
    /// A secret, shown this once.
    pub once: Option<String>,
    /// What there is.
    pub rows: Vec<Row>,
    /// What is said where there is nothing; empty for a page without a list.
    pub empty: String,
    /// A choice before the form.
    pub pick: Option<Pick>,
    /// The form.
    pub form: Option<Form>,
}

impl Form {
    /// Whether what is folded holds something wrong.
    fn opened(&self) -> bool {
        self.more.iter().any(Field::wrong)
    }
}
