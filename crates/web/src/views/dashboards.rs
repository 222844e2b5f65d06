//! A dashboard: its tiles, and the forms by which it is composed.

use askama::Template;

use super::{
    parts::{Field, Grid},
    reports::Figure,
};
use crate::kit::{chart::Chart, layout::Shell, text::Text};

/// A tile.
#[derive(Clone, Debug, Default)]
pub struct TileBox {
    /// Its place, from 0.
    pub n: usize,
    /// Its heading.
    pub title: String,
    /// Of which time and pipeline, or of which kind.
    pub note: String,
    /// Where all of it is.
    pub href: Option<String>,
    /// Why it shows nothing.
    pub problem: Option<String>,
    /// Numbers.
    pub figures: Vec<Figure>,
    /// Its chart.
    pub chart: Option<Chart>,
    /// The table behind the chart.
    pub grid: Option<Grid>,
    /// A table that is shown itself.
    pub rows: Option<Grid>,
}

/// A dashboard.
#[derive(Clone, Debug, Template)]
#[template(path = "dashboards/page.html")]
pub struct DashboardPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Its name.
    pub name: String,
    /// Whose it is and who sees it.
    pub subtitle: String,
    /// Its address: everything posts there.
    pub href: String,
    /// Its version.
    pub version: i64,
    /// Its tiles.
    pub tiles: Vec<TileBox>,
    /// Whether whoever reads it composes it now.
    pub composing: bool,
    /// Whether they may.
    pub own: bool,
    /// Whether it stands on their desk.
    pub home: bool,
    /// The inputs of another tile, where there is room.
    pub add: Vec<Field>,
    /// Name and sharing.
    pub fields: Vec<Field>,
    /// What is wrong with none of the inputs.
    pub problem: String,
    /// What was recorded.
    pub recorded: String,
}
