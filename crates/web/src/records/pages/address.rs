//! The address of a list: what it says, and how it is written.

use crm::views::{Layout, Sort, ViewId};
use jiff::civil::Date;
use kernel::{Error, QueryId, Result};

use super::filter::Tree;
use crate::kit::form::Fields;

/// Which saved view an address names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Through {
    /// None: the one that the list opens with, if it asks for nothing else.
    #[default]
    Unsaid,
    /// None on purpose.
    All,
    /// This one.
    Saved(ViewId),
}

/// A list's address. What it does not say, its view does.
#[derive(Clone, Debug, Default)]
pub(super) struct Address {
    pub(super) through: Through,
    pub(super) sort: Option<String>,
    pub(super) columns: Option<Vec<String>>,
    pub(super) tree: Option<Tree>,
    pub(super) query: Option<QueryId>,
    pub(super) layout: Option<Layout>,
    /// The first day of the month that a calendar shows.
    pub(super) month: Option<Date>,
    /// The cursors of the pages before and of this one.
    pub(super) after: Vec<String>,
    /// How many there are in all, as the first page counted.
    pub(super) of: String,
}

/// The most pages that "Previous" remembers.
const BACK: usize = 20;

impl Address {
    pub(super) fn read(fields: &Fields) -> Result<Self> {
        let query = match fields.get("query") {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::not_found("search; search again"))?),
        };
        let through = match fields.get("view") {
            "" => Through::Unsaid,
            "all" => Through::All,
            id => Through::Saved(id.parse().map_err(|_| Error::not_found("view"))?),
        };
        let some = |name: &str| Some(fields.get(name)).filter(|text| !text.is_empty());
        Ok(Self {
            through,
            sort: some("sort").map(str::to_owned),
            columns: some("columns").map(|keys| keys.split(',').map(str::to_owned).collect()),
            tree: Tree::read(fields),
            query,
            layout: Layout::parse(fields.get("as")),
            month: some("month").and_then(|text| format!("{text}-01").parse().ok()),
            after: fields.all("after").map(str::to_owned).collect(),
            of: fields.get("of").chars().filter(char::is_ascii_digit).take(9).collect(),
        })
    }

    /// Whether it asks for anything that its view does not.
    pub(super) const fn asks(&self) -> bool {
        self.sort.is_some() || self.columns.is_some() || self.tree.is_some() || self.query.is_some() || self.layout.is_some()
    }

    /// The order it asks for.
    pub(super) fn order(&self) -> Option<Sort> {
        let sort = self.sort.as_deref()?;
        Some(match sort.strip_prefix('-') {
            Some(by) => Sort { by: by.to_owned(), descending: true },
            None => Sort { by: sort.to_owned(), descending: false },
        })
    }

    /// What it says, as the names and values of a form.
    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        match self.through {
            Through::Unsaid => {}
            Through::All => pairs.push(("view", "all".to_owned())),
            Through::Saved(id) => pairs.push(("view", id.to_string())),
        }
        pairs.extend(self.sort.clone().map(|sort| ("sort", sort)));
        pairs.extend(self.columns.as_ref().map(|keys| ("columns", keys.join(","))));
        pairs.extend(self.tree.iter().flat_map(Tree::pairs));
        pairs.extend(self.query.map(|id| ("query", id.to_string())));
        pairs.extend(self.layout.as_ref().map(|layout| ("as", layout.word())));
        pairs.extend(self.month.map(|day| ("month", day.strftime("%Y-%m").to_string())));
        pairs
    }

    /// This list from its first page.
    pub(super) fn href(&self, base: &str) -> String {
        address(base, &self.pairs())
    }

    /// Another page of it: the cursors up to there.
    pub(super) fn page(&self, base: &str, after: &[String], of: &str) -> String {
        let start = self.href(base);
        let mut pairs: Vec<(&str, String)> = after.iter().rev().take(BACK).rev().map(|c| ("after", c.clone())).collect();
        if !after.is_empty() && !of.is_empty() {
            pairs.push(("of", of.to_owned()));
        }
        let more = address("", &pairs);
        match more.strip_prefix('?') {
            Some(more) if start.contains('?') => format!("{start}&{more}"),
            _ => start + &more,
        }
    }
}

fn address(base: &str, pairs: &[(&str, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key}={}", encode(value))).collect();
    if pairs.is_empty() { base.to_owned() } else { format!("{base}?{}", pairs.join("&")) }
}

/// A value as it may stand in an address (RFC 3986 §2.3).
pub(crate) fn encode(text: &str) -> String {
    let letter = |b: u8| if b.is_ascii_alphanumeric() || b"-_.~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(letter).collect()
}
