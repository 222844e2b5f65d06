//! The lines of a deal or an order.

use super::parts::{Cell, Field};

/// The inputs of a line.
#[derive(Clone, Debug)]
pub struct LineForm {
    /// The inputs.
    pub fields: Vec<Field>,
    /// The version that was read; 0 of a new line.
    pub version: i64,
    /// What is wrong with none of them.
    pub problem: String,
}

/// A line.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// What names it, for the buttons.
    pub name: String,
    /// What is sold, leading to its product.
    pub text: Cell,
    /// How much.
    pub quantity: Cell,
    /// Of what unit; empty without.
    pub unit: String,
    /// Of one.
    pub price: Cell,
    /// In percent.
    pub discount: Cell,
    /// In percent.
    pub tax: Cell,
    /// What it comes to.
    pub net: Cell,
    /// Where it is edited.
    pub edit: String,
    /// It is edited here and now.
    pub form: Option<LineForm>,
    /// Nothing stands above it.
    pub first: bool,
    /// Nothing stands below it.
    pub last: bool,
}

/// Whether an amount follows the lines.
#[derive(Clone, Debug)]
pub struct Follow {
    /// In words.
    pub said: String,
    /// How that is switched: what is posted as `act`, and its label.
    pub act: Option<(&'static str, String)>,
}

/// The lines of a record.
#[derive(Clone, Debug)]
pub struct LinesBox {
    /// Where everything posts.
    pub action: String,
    /// Where editing leads back to.
    pub back: String,
    /// The lines.
    pub rows: Vec<LineRow>,
    /// What they come to, each with its label.
    pub sums: Vec<(String, String)>,
    /// The inputs of a new line, for whoever may add one.
    pub add: Option<LineForm>,
    /// Whether the amount follows.
    pub follow: Option<Follow>,
    /// Whether the reader may change lines.
    pub may: bool,
}
