//! What a list's address and forms ask for, and the conditions it becomes.

use catalogue::{Field, FieldType, Index, Kind, Purpose};
use crm::permits::Scope;
use crm::{
    search,
    views::{Condition, Filter, ListQuery, Op, Sort},
};
use kernel::{Error, QueryId, Result};
use serde::{Deserialize, Serialize};

use crate::kit::{form::Fields, text::Text};

/// One condition as a form sends it.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) field: String,
    pub(super) op: String,
    pub(super) value: String,
}

/// What was searched for in a list: kept sealed under an id, never in an address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) kind: String,
    pub(super) words: String,
    pub(super) conditions: Vec<Asked>,
}

/// A list's address.
#[derive(Clone, Debug, Default)]
pub(super) struct Address {
    pub(super) sort: String,
    pub(super) conditions: Vec<Asked>,
    pub(super) query: Option<QueryId>,
    /// The cursors of the pages before and of this one.
    pub(super) after: Vec<String>,
    /// How many there are in all, as the first page counted.
    pub(super) of: String,
}

/// The most pages that "Previous" remembers.
const BACK: usize = 20;

/// The conditions of a form, without those left empty.
pub(super) fn conditions(fields: &Fields) -> Vec<Asked> {
    let (ops, values) = (fields.all("op"), fields.all("value"));
    let all = fields.all("field").zip(ops).zip(values).map(|((field, op), value)| Asked {
        field: field.to_owned(),
        op: op.to_owned(),
        value: value.trim().to_owned(),
    });
    all.filter(|c| !c.field.is_empty() && (!c.value.is_empty() || matches!(c.op.as_str(), "is_empty" | "not_empty"))).collect()
}

impl Address {
    pub(super) fn read(fields: &Fields) -> Result<Self> {
        let query = match fields.get("query") {
            "" => None,
            id => Some(id.parse().map_err(|_| Error::not_found("search; search again"))?),
        };
        let after = fields.all("after").map(str::to_owned).collect::<Vec<_>>();
        Ok(Self {
            sort: fields.get("sort").to_owned(),
            conditions: conditions(fields),
            query,
            after,
            of: fields.get("of").chars().filter(char::is_ascii_digit).take(9).collect(),
        })
    }

    /// The order it asks for.
    pub(super) fn order(&self) -> Sort {
        match (self.sort.strip_prefix('-'), self.sort.as_str()) {
            (None, "") => Sort::default(),
            (Some(by), _) => Sort { by: by.to_owned(), descending: true },
            (None, by) => Sort { by: by.to_owned(), descending: false },
        }
    }

    /// This list from its first page, in another order or with other conditions.
    pub(super) fn href(&self, base: &str, sort: &str, conditions: &[Asked]) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        pairs.extend((!sort.is_empty()).then(|| ("sort", sort.to_owned())));
        for c in conditions {
            pairs.extend([("field", c.field.clone()), ("op", c.op.clone()), ("value", c.value.clone())]);
        }
        pairs.extend(self.query.map(|id| ("query", id.to_string())));
        address(base, &pairs)
    }

    /// Another page of it: the cursors up to there.
    pub(super) fn page(&self, base: &str, after: &[String], of: &str) -> String {
        let start = self.href(base, &self.sort, &self.conditions);
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

/// The query of a list: conditions of the address and of the kept search together.
pub(super) fn query(kind: &Kind, scope: Scope, purpose: &Purpose, address: &Address, kept: Option<&Kept>) -> ListQuery {
    let conditions = address.conditions.iter().chain(kept.map(|k| k.conditions.as_slice()).unwrap_or_default());
    let mut all: Vec<Filter> = conditions.map(|c| Filter::One(condition(kind, c))).collect();
    let words = kept.map(|k| k.words.trim()).unwrap_or_default();
    if !words.is_empty() {
        all.push(searched(kind, scope, purpose, words));
    }
    ListQuery {
        filter: (!all.is_empty()).then_some(Filter::All { all }),
        sort: address.order(),
        columns: columns(kind).map(|f| f.key.clone()).collect(),
        cursor: address.after.last().cloned(),
        via_body: kept.is_some(),
        ..ListQuery::of(&kind.key)
    }
}

/// The columns beside the name.
pub(super) fn columns(kind: &Kind) -> impl Iterator<Item = &Field> {
    kind.fields.iter().filter(|f| f.listed && !f.retired && f.key != kind.title)
}

fn condition(kind: &Kind, asked: &Asked) -> Condition {
    let op = Op::parse(&asked.op).unwrap_or(Op::Eq);
    let value = match kind.field(&asked.field) {
        // People write the label that they read.
        Some(field) if field.kind == FieldType::Select => {
            let same = |text: &str| text.to_lowercase() == asked.value.to_lowercase();
            field.options.iter().find(|o| same(&o.label) || same(&o.key)).map_or_else(|| asked.value.clone(), |o| o.key.clone())
        }
        _ => asked.value.clone(),
    };
    let value = if matches!(op, Op::IsEmpty | Op::NotEmpty) { serde_json::Value::Null } else { value.into() };
    Condition::new(&asked.field, op, value)
}

/// Words looked for in a list: every word in the title, or the whole of an address or number.
fn searched(kind: &Kind, scope: Scope, purpose: &Purpose, words: &str) -> Filter {
    let mut any = Vec::new();
    let seen = |field: &&Field| field.is_sealed() && search::sees(scope, purpose, field);
    if let Some(title) = kind.field(&kind.title).filter(seen) {
        let one = |word: &str| {
            let op = if title.index == Index::Prefix && word.chars().count() > 1 { Op::Starts } else { Op::Contains };
            Filter::One(Condition::new(&title.key, op, word))
        };
        let all: Vec<Filter> = words.split_whitespace().take(8).map(one).collect();
        any.push(Filter::All { all });
    }
    let digits = words.chars().filter(char::is_ascii_digit).count();
    for field in kind.fields.iter().filter(|f| search::by_whole(f)).filter(seen) {
        let fits = match field.kind {
            FieldType::Email => words.contains('@'),
            FieldType::Phone => digits >= 5,
            FieldType::Text => digits > 0 && !words.contains(' '),
            _ => false,
        };
        if fits {
            any.push(Filter::One(Condition::new(&field.key, Op::Eq, words)));
        }
    }
    Filter::Any { any }
}

/// What an address can be filtered by: open fields and the record's own times and state.
pub(super) fn open_fields(kind: &Kind) -> Vec<(String, String)> {
    let fields = kind.fields.iter().filter(|f| !f.is_sealed() && !f.retired && !f.many && f.kind != FieldType::Link);
    let own = [("created", "Created"), ("updated", "Changed"), ("kept_until", "Kept until"), ("state", "State")];
    let own = own.into_iter().filter(|(key, _)| kind.field(key).is_none()).map(|(key, label)| (key.to_owned(), label.to_owned()));
    fields.map(|f| (f.key.clone(), f.label.clone())).chain(own).collect()
}

/// What a form can ask for of sealed fields.
pub(super) fn sealed_fields(kind: &Kind, scope: Scope, purpose: &Purpose) -> Vec<(String, String)> {
    let sealed = kind.fields.iter().filter(|f| f.is_sealed() && !f.retired && f.index != Index::None && search::sees(scope, purpose, f));
    sealed.map(|f| (f.key.clone(), f.label.clone())).collect()
}

/// A condition in words: `Relation is Customer`.
pub(super) fn in_words(t: Text, kind: &Kind, asked: &Asked) -> String {
    let field = kind.field(&asked.field);
    let own = open_fields(kind).into_iter().find(|(key, _)| *key == asked.field).map(|(_, label)| label);
    let label = field.map(|f| f.label.clone()).or(own).unwrap_or_else(|| asked.field.clone());
    let options = field.map(|f| f.options.as_slice()).unwrap_or_default();
    let value = options.iter().find(|o| o.key == asked.value).map_or_else(|| asked.value.clone(), |o| o.label.clone());
    // An identifier says nothing to a reader.
    let value = if value.len() == 30 && value.as_bytes().get(3) == Some(&b'_') { t.get("filter-chosen") } else { value };
    format!("{label} {} {value}", t.get(&format!("op-{}", asked.op.replace('_', "-")))).trim_end().to_owned()
}
