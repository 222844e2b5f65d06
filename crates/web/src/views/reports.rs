//! Reports: a form of what is asked, figures, charts, and the tables that they are drawn from.

use askama::Template;

use super::parts::{Cell, Field, Grid, Said, Tab};
use crate::kit::{chart::Chart, layout::Shell, text::Text};

/// A number that says it all.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What it is.
    pub label: String,
    /// It.
    pub value: String,
    /// What it is made of.
    pub note: String,
}

/// A part of a report: a heading, a chart where there is one, a table.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its id on the page.
    pub id: &'static str,
    /// Its heading.
    pub title: String,
    /// What it counts, in a sentence.
    pub note: String,
    /// Its chart.
    pub chart: Option<Chart>,
    /// Its table.
    pub grid: Option<Grid>,
}

/// A report.
#[derive(Clone, Debug, Template)]
#[template(path = "report.html")]
pub struct ReportPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Its heading.
    pub title: String,
    /// What it is about, in a sentence.
    pub subtitle: String,
    /// All reports.
    pub tabs: Vec<Tab>,
    /// Where the form asks.
    pub action: String,
    /// What may be asked.
    pub fields: Vec<Field>,
    /// What is asked beside the form.
    pub hidden: Vec<(&'static str, String)>,
    /// The currencies to choose from; empty where there is one.
    pub currencies: Vec<Tab>,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The parts.
    pub parts: Vec<Part>,
    /// Nothing was found: what to do.
    pub empty: Option<String>,
    /// By which rates, what is missing, what was recorded.
    pub notes: Vec<Said>,
}

/// A table of plain cells.
pub fn grid(caption: impl Into<String>, columns: &[String], rows: Vec<Vec<Cell>>) -> Grid {
    Grid { caption: caption.into(), columns: columns.to_vec(), rows }
}
