//! What a list's address and forms ask for, and the conditions it becomes.

use std::collections::BTreeMap;

use catalogue::{Field, FieldType, Index, Kind, Purpose};
use crm::permits::Scope;
use crm::{
    search,
    views::{Condition, Filter, Op},
};
use serde::{Deserialize, Serialize};

use crate::kit::{form::Fields, names::capital, text::Text};

/// One condition as a form sends it.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) field: String,
    pub(super) op: String,
    pub(super) value: String,
}

/// Conditions of which all or any must hold.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) any: bool,
    pub(super) conditions: Vec<Asked>,
}

/// What a form can ask: conditions, and groups of conditions beside them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, PartialEq, Eq)]
pub(super) struct Tree {
    pub(super) first: Group,
    pub(super) groups: Vec<Group>,
}

/// What was searched for in a list: kept sealed under an id, never in an address.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) kind: String,
    pub(super) words: String,
    /// `None`: what the view asks.
    pub(super) tree: Option<Tree>,
}

/// The conditions of a form in their groups, without those left empty. `in` says which group a condition stands in (0 is the first), and
/// `match=any:2` that any of group 2 is enough.
fn groups(fields: &Fields) -> BTreeMap<usize, Group> {
    let (ops, values) = (fields.all("op"), fields.all("value"));
    let at = fields.all("in").map(|n| n.parse().unwrap_or(0_usize)).chain(std::iter::repeat(0));
    let mut groups: BTreeMap<usize, Group> = BTreeMap::new();
    for (((field, op), value), at) in fields.all("field").zip(ops).zip(values).zip(at) {
        let value = value.trim();
        if !field.is_empty() && (!value.is_empty() || matches!(op, "is_empty" | "not_empty")) {
            let asked = Asked { field: field.to_owned(), op: op.to_owned(), value: value.to_owned() };
            groups.entry(at).or_default().conditions.push(asked);
        }
    }
    for at in fields.all("match").filter_map(|word| word.strip_prefix("any:")?.parse::<usize>().ok()) {
        if let Some(group) = groups.get_mut(&at) {
            group.any = true;
        } else if at == 0 {
            groups.insert(0, Group { any: true, conditions: Vec::new() });
        }
    }
    groups
}

impl Tree {
    /// These conditions, all of which must hold.
    pub(super) fn all(conditions: Vec<Asked>) -> Self {
        Self { first: Group { any: false, conditions }, groups: Vec::new() }
    }

    /// What a form or an address asks; nothing when it says nothing about it.
    pub(super) fn read(fields: &Fields) -> Option<Self> {
        if fields.get("filter") != "none" && fields.all("field").next().is_none() {
            return None;
        }
        let mut groups = groups(fields);
        let first = groups.remove(&0).unwrap_or_default();
        Some(Self { first, groups: groups.into_values().collect() }.tidy())
    }

    /// A group alone is no group.
    fn tidy(mut self) -> Self {
        if self.first.conditions.is_empty() && self.groups.len() == 1 {
            return Self { first: self.groups.remove(0), groups: Vec::new() };
        }
        if self.is_empty() { Self::default() } else { self }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.first.conditions.is_empty() && self.groups.is_empty()
    }

    /// How many parts it has: conditions, and groups as one each.
    pub(super) fn parts(&self) -> usize {
        self.first.conditions.len() + self.groups.len()
    }

    /// Without one of its parts.
    pub(super) fn without(mut self, part: usize) -> Self {
        let conditions = self.first.conditions.len();
        if part < conditions {
            self.first.conditions.remove(part);
        } else if part - conditions < self.groups.len() {
            self.groups.remove(part - conditions);
        }
        self.tidy()
    }

    /// These conditions besides; `None` where that says more than a form can.
    pub(super) fn and(mut self, more: Vec<Asked>) -> Option<Self> {
        if self.first.any && self.first.conditions.len() > 1 {
            if !self.groups.is_empty() {
                return None;
            }
            self.groups.push(std::mem::take(&mut self.first));
        }
        self.first.any = false;
        self.first.conditions.extend(more);
        Some(self)
    }

    fn each(&self) -> impl Iterator<Item = &Asked> {
        std::iter::once(&self.first).chain(&self.groups).flat_map(|group| &group.conditions)
    }

    /// Whether its values may stand in an address.
    pub(super) fn is_open(&self, kind: &Kind) -> bool {
        self.each().all(|asked| kind.field(&asked.field).is_none_or(|field| !field.is_sealed()))
    }

    pub(super) fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        if self.is_empty() {
            pairs.push(("filter", "none".to_owned()));
        }
        for (at, group) in std::iter::once(&self.first).chain(&self.groups).enumerate() {
            pairs.extend(group.any.then(|| ("match", format!("any:{at}"))));
            for asked in &group.conditions {
                pairs.extend([("field", asked.field.clone()), ("op", asked.op.clone()), ("value", asked.value.clone())]);
                pairs.extend((!self.groups.is_empty()).then(|| ("in", at.to_string())));
            }
        }
        pairs
    }

    /// What it asks.
    pub(super) fn filter(&self, t: Text, kind: &Kind) -> Option<Filter> {
        let ones = |group: &Group| group.conditions.iter().map(|asked| Filter::One(condition(t, kind, asked))).collect::<Vec<_>>();
        let joined = |any: bool, all: Vec<Filter>| if any { Filter::Any { any: all } } else { Filter::All { all } };
        let mut all = ones(&self.first);
        all.extend(self.groups.iter().map(|group| joined(group.any, ones(group))));
        (!all.is_empty()).then(|| joined(self.first.any, all))
    }

    /// A filter as a form shows it; `None` where it says more than a form can.
    pub(super) fn of(filter: Option<&Filter>) -> Option<Self> {
        let one = |filter: &Filter| if let Filter::One(one) = filter { asked_of(one) } else { None };
        let (any, all) = match filter {
            None => return Some(Self::default()),
            Some(Filter::One(one)) => return Some(Self::all(vec![asked_of(one)?])),
            Some(Filter::All { all }) => (false, all),
            Some(Filter::Any { any }) => (true, any),
        };
        let mut tree = Self { first: Group { any, conditions: Vec::new() }, groups: Vec::new() };
        for inside in all {
            let (any, all) = match inside {
                Filter::One(one) => {
                    tree.first.conditions.push(asked_of(one)?);
                    continue;
                }
                Filter::All { all } => (false, all),
                Filter::Any { any } => (true, any),
            };
            tree.groups.push(Group { any, conditions: all.iter().map(one).collect::<Option<_>>()? });
        }
        (!all.is_empty() && tree.groups.iter().all(|group| !group.conditions.is_empty())).then_some(tree)
    }
}

/// A condition as a form writes it; `None` for a value that is no text, number or list of them.
fn asked_of(one: &Condition) -> Option<Asked> {
    use serde_json::Value as Json;
    let plain = |json: &Json| match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(yes.to_string()),
        _ => None,
    };
    let value = match &one.value {
        Json::Null => String::new(),
        Json::Array(all) => all.iter().map(|json| plain(json).filter(|text| !text.contains(','))).collect::<Option<Vec<_>>>()?.join(", "),
        json => plain(json)?,
    };
    Some(Asked { field: one.field.clone(), op: one.op.as_str().to_owned(), value })
}

/// What a tree and words looked for come to.
pub(super) fn filter(kind: &Kind, scope: Scope, purpose: &Purpose, tree: Option<Filter>, words: &str) -> Option<Filter> {
    let words = words.trim();
    if words.is_empty() {
        return tree;
    }
    Some(Filter::All { all: tree.into_iter().chain([searched(kind, scope, purpose, words)]).collect() })
}

/// The columns beside the name, when nobody chose others.
pub(super) fn columns(kind: &Kind) -> impl Iterator<Item = &Field> {
    kind.fields.iter().filter(|f| f.listed && !f.retired && f.key != kind.title)
}

fn condition(t: Text, kind: &Kind, asked: &Asked) -> Condition {
    let op = Op::parse(&asked.op).unwrap_or(Op::Eq);
    let written = |text: &str| match kind.field(&asked.field) {
        // People write the label that they read.
        Some(field) if field.kind == FieldType::Select => {
            let same = |option: &str| option.to_lowercase() == text.to_lowercase();
            field.options.iter().find(|o| same(&o.label) || same(&o.key)).map_or_else(|| text.to_owned(), |o| o.key.clone())
        }
        Some(field) if field.kind == FieldType::Number => t.plain_number(text),
        Some(field) if field.kind == FieldType::Money => t.plain_amount(text),
        Some(field) if field.kind == FieldType::Date => t.plain_day(text),
        _ => text.to_owned(),
    };
    let value: serde_json::Value = match op {
        Op::IsEmpty | Op::NotEmpty => serde_json::Value::Null,
        Op::In => asked.value.split(',').map(str::trim).filter(|text| !text.is_empty()).map(written).collect(),
        _ => written(&asked.value).into(),
    };
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
pub(super) fn open_fields(t: Text, kind: &Kind) -> Vec<(String, String)> {
    let fields = kind.fields.iter().filter(|f| !f.is_sealed() && !f.retired && !f.many && f.kind != FieldType::Link);
    let own =
        [("created", "filter-created"), ("updated", "filter-updated"), ("kept_until", "filter-kept-until"), ("state", "filter-state")];
    let own = own.into_iter().filter(|(key, _)| kind.field(key).is_none()).map(|(key, label)| (key.to_owned(), t.get(label)));
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
    let own = open_fields(t, kind).into_iter().find(|(key, _)| *key == asked.field).map(|(_, label)| label);
    let label = field.map(|f| f.label.clone()).or(own).unwrap_or_else(|| capital(&asked.field));
    let options = field.map(|f| f.options.as_slice()).unwrap_or_default();
    let value = |value: &str| match options.iter().find(|o| o.key == value) {
        Some(option) => option.label.clone(),
        // An identifier says nothing to a reader.
        None if value.len() == 30 && value.as_bytes().get(3) == Some(&b'_') => t.get("filter-chosen"),
        None => value.to_owned(),
    };
    let value = if asked.op == "in" {
        asked.value.split(',').map(|one| value(one.trim())).collect::<Vec<_>>().join(", ")
    } else {
        value(&asked.value)
    };
    format!("{label} {} {value}", t.get(&format!("op-{}", asked.op.replace('_', "-")))).trim_end().to_owned()
}

/// Conditions in words, joined by what joins them.
pub(super) fn group_in_words(t: Text, kind: &Kind, group: &Group) -> String {
    joined(t, group.any, group.conditions.iter().map(|asked| in_words(t, kind, asked)).collect())
}

fn joined(t: Text, any: bool, all: Vec<String>) -> String {
    all.join(&format!(" {} ", t.get(if any { "filter-or" } else { "filter-and" })))
}

/// A whole filter in words, however deep.
pub(super) fn filter_in_words(t: Text, kind: &Kind, filter: &Filter) -> String {
    let inside = |filter: &Filter| match filter {
        Filter::One(_) => filter_in_words(t, kind, filter),
        _ => format!("({})", filter_in_words(t, kind, filter)),
    };
    match filter {
        Filter::All { all } => joined(t, false, all.iter().map(inside).collect()),
        Filter::Any { any } => joined(t, true, any.iter().map(inside).collect()),
        Filter::One(one) => {
            let bare = Asked { field: one.field.clone(), op: one.op.as_str().to_owned(), value: "…".to_owned() };
            in_words(t, kind, &asked_of(one).unwrap_or(bare))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::form::read;
    use crate::records::pages::address::Address;

    fn tree(form: &str) -> Option<Tree> {
        Tree::read(&read(form.as_bytes()).unwrap())
    }

    #[test]
    fn a_form_reads_as_groups_and_stands_so_in_an_address() {
        let asked = tree("match=all:0&match=any:2&field=stage&op=eq&value=won&in=0&field=amount&op=ge&value=5&in=2&field=&op=eq&value=&in=2&field=stage&op=is_empty&value=&in=2").unwrap();
        assert_eq!((asked.first.any, asked.first.conditions.len(), asked.groups.len(), asked.parts()), (false, 1, 1, 2));
        assert!(asked.groups[0].any && asked.groups[0].conditions.len() == 2);
        let address = Address { tree: Some(asked.clone()), ..Address::default() }.href("");
        assert_eq!(tree(address.strip_prefix('?').unwrap()).unwrap(), asked);
        let kind = catalogue::builtin().need("deal").unwrap();
        let filter = asked.filter(Text::english(), &kind).unwrap();
        assert_eq!(Tree::of(Some(&filter)).unwrap(), asked, "and comes back from the filter it becomes");
        assert_eq!(asked.without(0).first.conditions.len(), 2, "a group alone is no group");
    }

    #[test]
    fn a_condition_besides_narrows_what_was_asked_or_says_that_a_form_cannot() {
        let kind = catalogue::builtin().need("deal").unwrap();
        let won = || vec![Asked { field: "stage".into(), op: "eq".into(), value: "won".into() }];
        let words = |tree: Tree| filter_in_words(Text::english(), &kind, &tree.filter(Text::english(), &kind).unwrap());
        assert_eq!(words(Tree::default().and(won()).unwrap()), "Stage is Won");
        let either = tree("match=any:0&field=amount&op=is_empty&value=&in=0&field=probability&op=ge&value=50&in=0").unwrap();
        assert_eq!(words(either.clone().and(won()).unwrap()), "Stage is Won and (Amount is empty or Probability is at least 50)");
        let nested = Tree { groups: vec![either.first.clone()], ..either };
        assert_eq!(nested.and(won()), None);
    }

    #[test]
    fn a_form_that_clears_says_so_and_one_that_says_nothing_leaves_it_to_the_view() {
        assert_eq!(tree("sort=name"), None);
        assert_eq!(tree("filter=none"), Some(Tree::default()));
        assert_eq!(tree("field=&op=eq&value=&in=0"), Some(Tree::default()));
        assert_eq!(Address { tree: Some(Tree::default()), ..Address::default() }.href("/people"), "/people?filter=none");
    }

    #[test]
    fn what_a_form_cannot_show_is_said_in_words() {
        let t = Text::english();
        let kind = catalogue::builtin().need("deal").unwrap();
        let filter: Filter = serde_json::from_value(serde_json::json!({"any": [{"field": "stage", "op": "eq", "value": "won"},
            {"all": [{"field": "stage", "op": "eq", "value": "lead"}, {"any": [{"field": "probability", "op": "gt", "value": 50}, {"field": "amount", "op": "is_empty"}]}]}]})).unwrap();
        assert_eq!(Tree::of(Some(&filter)), None);
        assert_eq!(
            filter_in_words(t, &kind, &filter),
            "Stage is Won or (Stage is Lead and (Probability is after or above 50 or Amount is empty))"
        );
    }
}
