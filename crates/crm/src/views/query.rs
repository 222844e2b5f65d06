//! What a list is asked for, as it comes in: nothing of it is trusted before [`super::filter`] has checked it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::saved::ViewId;

/// The most rows of one page.
pub const LIMIT_MAX: usize = 200;
/// The rows of a page when nobody says otherwise.
pub const LIMIT: usize = 50;

/// A list of records of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// The kind's key.
    pub kind: String,
    /// What the records must satisfy; nothing for all.
    #[serde(default)]
    pub filter: Option<Filter>,
    /// Their order; the last changed first when nothing is said.
    #[serde(default)]
    pub sort: Sort,
    /// The fields to show; all of them when empty. The title is always shown.
    #[serde(default)]
    pub columns: Vec<String>,
    /// How many rows, from 1 to [`LIMIT_MAX`].
    #[serde(default = "limit")]
    pub limit: usize,
    /// Where the page before ended.
    #[serde(default, skip_serializing)]
    pub cursor: Option<String>,
    /// Whether it came in a body, not in an address: only then may it name sealed values. The edge says so, never the request.
    #[serde(skip)]
    pub via_body: bool,
    /// The saved view that it is asked through, for its event. It decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<ViewId>,
}

const fn limit() -> usize {
    LIMIT
}

impl ListQuery {
    /// The first page of all records of a kind, the last changed first.
    pub fn of(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            filter: None,
            sort: Sort::default(),
            columns: Vec::new(),
            limit: LIMIT,
            cursor: None,
            via_body: false,
            view: None,
        }
    }
}

/// The order of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// `updated`, `created`, `captured`, an open field, or the kind's title.
    pub by: String,
    /// Whether the last comes first. Records without a value come last either way.
    #[serde(default)]
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: "updated".to_owned(), descending: true }
    }
}

/// A condition, or several of which all or any must hold.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Filter {
    /// All must hold.
    All {
        /// The conditions.
        all: Vec<Filter>,
    },
    /// At least one must hold.
    Any {
        /// The conditions.
        any: Vec<Filter>,
    },
    /// One condition.
    One(Condition),
}

/// One condition on a field, or on `owner`, `state`, `created`, `updated`, `captured` or `kept_until`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The field's key.
    pub field: String,
    /// What is asked of it.
    pub op: Op,
    /// The value asked for; a list for `in`; nothing for `is_empty` and `not_empty`.
    #[serde(default)]
    pub value: serde_json::Value,
}

/// A condition's value may be personal: only its field and operator print.
impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ‹value›", self.field, self.op.as_str())
    }
}

impl Condition {
    /// A condition.
    pub fn new(field: &str, op: Op, value: impl Into<serde_json::Value>) -> Self {
        Self { field: field.to_owned(), op, value: value.into() }
    }
}

impl From<Condition> for Filter {
    fn from(one: Condition) -> Self {
        Self::One(one)
    }
}

macro_rules! ops {
    ($($(#[$meta:meta])* $name:ident = $word:literal;)*) => {
        /// What a condition asks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Op { $($(#[$meta])* #[serde(rename = $word)] $name,)* }

        impl Op {
            /// Every operator.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// Its stable word.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $word,)* } }
            /// From its stable word.
            pub fn parse(word: &str) -> Option<Self> { Self::ALL.iter().copied().find(|op| op.as_str() == word) }
        }
    };
}

ops! {
    /// Has this value. Of a sealed field: its whole value, however it is written.
    Eq = "eq";
    /// Has another value or none.
    Ne = "ne";
    /// Is before or less.
    Lt = "lt";
    /// Is not after or more.
    Le = "le";
    /// Is after or more.
    Gt = "gt";
    /// Is not before or less.
    Ge = "ge";
    /// Has one of these values.
    In = "in";
    /// Has no value.
    IsEmpty = "is_empty";
    /// Has a value.
    NotEmpty = "not_empty";
    /// Of a sealed text: holds all these words.
    Contains = "contains";
    /// Of a sealed text: one of its words begins like this.
    Starts = "starts";
}
