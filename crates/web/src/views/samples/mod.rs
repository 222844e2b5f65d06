//! Samples of every view, as pages: rendered by tests, and written by `cargo run -p probity-web --example samples -- OUTDIR` to be looked at.

mod compliance;
mod duplicates;
mod evidence;
mod forms;
mod imports;
mod mail;
mod outreach;
mod messages;
mod records;
mod reports;
mod settings;
mod start;

use askama::Template;
use kernel::Result;

use crate::kit::{
    layout::{Choice, Shell, Who},
    render::html,
    text::Text,
};

/// A rendered sample.
#[derive(Debug)]
pub struct Sample {
    /// Name of the file it is written to, without its ending.
    pub name: &'static str,
    /// Its HTML.
    pub html: String,
    /// Only a part of a page.
    pub fragment: bool,
}

/// The samples as they are gathered.
#[derive(Default)]
pub(super) struct Gathered(Vec<Sample>);

impl Gathered {
    fn page(&mut self, name: &'static str, view: &impl Template) -> Result<()> {
        self.0.push(Sample { name, html: html(view)?, fragment: false });
        Ok(())
    }

    fn fragment(&mut self, name: &'static str, view: &impl Template) -> Result<()> {
        self.0.push(Sample { name, html: html(view)?, fragment: true });
        Ok(())
    }
}

/// Every view in its states.
///
/// # Errors
/// `internal` when a template does not render.
pub fn samples() -> Result<Vec<Sample>> {
    let mut gathered = Gathered::default();
    start::gather(&mut gathered)?;
    records::gather(&mut gathered)?;
    forms::gather(&mut gathered)?;
    messages::gather(&mut gathered)?;
    mail::gather(&mut gathered)?;
    outreach::gather(&mut gathered)?;
    imports::gather(&mut gathered)?;
    compliance::gather(&mut gathered)?;
    duplicates::gather(&mut gathered)?;
    evidence::gather(&mut gathered)?;
    settings::gather(&mut gathered)?;
    reports::gather(&mut gathered)?;
    Ok(gathered.0)
}

fn t() -> Text {
    Text::english()
}

fn shell(title: &str, here: &str) -> Shell {
    let who = Who {
        name: "Mara Keller".into(),
        initials: "MK".into(),
        purpose: "Sales".into(),
        purposes: vec![
            Choice::new("sales", "Sales", true),
            Choice::new("support", "Support", false),
            Choice::new("administration", "Administration", false),
        ],
    };
    Shell::new(t(), title, here, "sample-token", who).counted("tasks", "7", "open", false).counted("requests", "2", "open", true)
}
