//! Which column goes into which field: suggested from the header, changed by a person, kept as JSON.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use catalogue::{Catalogue, Field, FieldType, Kind, company, person};
use kernel::{Code, Error, Problem, Result, UserId};
use parse::{date::DateOrder, headers};
use serde::{Deserialize, Serialize};

use super::{match_fields, row};

/// What a column goes into when it goes nowhere.
pub const SKIP: &str = "skip";
/// What a column goes into that names who is to own a record, by the name or address of a member of staff.
pub const OWNER: &str = "owner";
/// Below this, a suggestion is only made for columns whose values prove it.
const SURE: u8 = 80;
/// Parts of a name that have no field of their own.
const NAME_PARTS: [&str; 2] = ["middle_name", "suffix"];
/// Parts of an address, as the second half of a target (`address.city`).
const ADDRESS_PARTS: [&str; 5] = ["street", "city", "region", "postal_code", "country"];

/// The second half of a target for a number of percent that is written as a part of one.
pub(super) const FRACTION: &str = "fraction";

/// A mapping, as `--mapping` reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// Column → `owner` (a member of staff by name or address, of records that are made: one that is changed keeps its own), field key, `address.city` and its like, `discount.fraction` and its like (a number of percent that the file writes as a part of
    /// one: 0.15), `person.email` and its like (the record that a link leads to, by what it is found by),
    /// `middle_name` or `suffix`, or `skip`. A column that is not named is skipped.
    pub columns: BTreeMap<String, String>,
    /// Column of dates → `dmy`, `mdy` or `ymd`; without it the order is told from the first rows.
    pub dates: BTreeMap<String, String>,
    /// Column → its words → the key of the choice that each means: what an export calls *Closed Won* may be ours as `won`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Field key → value for every record that is made (never for one that is changed), such as `relation` or `source`; `currency` is for
    /// amounts without one.
    pub constants: BTreeMap<String, String>,
}

/// Where a cell goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A field, read as its type says; dates in this order.
    Field(String, DateOrder),
    /// A part of an address field.
    Part(String, &'static str),
    /// A number of percent, written as a part of one.
    Fraction(String),
    /// The field that law is told by, and the address beside it.
    Country,
    /// A record of another kind, by its name.
    Named(String),
    /// The record that a link leads to, found by the value of one of its own fields.
    Found(Arc<Lookup>),
    /// A part of the name alone.
    NamePart(&'static str),
    /// Who is to own it.
    Owner,
    /// Nowhere.
    Skip,
}

/// How the record that a link leads to is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lookup {
    /// The link.
    pub link: Field,
    /// What it leads to.
    pub kind: Arc<Kind>,
    /// The field that the value stands in there.
    pub by: Field,
}

/// A mapping made ready for one file: a target for each column, constants as values.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub targets: Vec<Target>,
    pub constants: BTreeMap<String, catalogue::Value>,
    pub currency: Option<String>,
    /// For each column, what its words mean: the folded word, the key of the choice.
    pub values: Vec<HashMap<String, String>>,
    /// Who works here, where a column says who is to own a record.
    pub colleagues: Arc<Colleagues>,
}

/// Who works here, by folded name and address; nobody for a word that is of several.
pub(super) type Colleagues = HashMap<String, Option<UserId>>;

impl Plan {
    /// Whether a column says who is to own a record.
    pub fn names_owners(&self) -> bool {
        self.targets.contains(&Target::Owner)
    }

    /// Whether nothing is taken from any column.
    fn is_empty(&self) -> bool {
        self.targets.iter().all(|t| matches!(t, Target::Skip | Target::Owner))
    }
}

/// Makes a mapping ready. Errors: invalid_input naming each column, field, order and constant that does not fit.
pub(super) fn plan(catalogue: &Catalogue, kind: &Kind, header: &[String], mapping: &Mapping, samples: &[Vec<String>]) -> Result<Plan> {
    let mut problems = Vec::new();
    let mut say = |pointer: String, code: &'static str, detail: &str| problems.push(Problem { pointer, code, detail: detail.to_owned() });
    for column in mapping.columns.keys().chain(mapping.dates.keys()).chain(mapping.values.keys()) {
        if !header.contains(column) {
            say(format!("/columns/{column}"), "unknown_column", "The file has no column of this name.");
        }
    }
    let mut targets = Vec::with_capacity(header.len());
    for (index, column) in header.iter().enumerate() {
        let word = mapping.columns.get(column).map_or(SKIP, String::as_str);
        let order = match mapping.dates.get(column).map(|o| order(o)) {
            Some(Some(order)) => Some(order),
            Some(None) => {
                say(format!("/dates/{column}"), "not_an_order", "Write dmy, mdy or ymd.");
                None
            }
            None => None,
        };
        let order = order.or_else(|| parse::date::date_order(samples.get(index)?).map(|f| f.order)).unwrap_or(DateOrder::Ymd);
        match target(catalogue, kind, word, order) {
            Some(target) => targets.push(target),
            None => say(format!("/columns/{column}"), "unknown_field", "There is no such field that an import may write."),
        }
    }
    let mut values = Vec::with_capacity(header.len());
    for column in header {
        let field = mapping.columns.get(column).and_then(|key| kind.field(key));
        let mut meant = HashMap::new();
        for (word, key) in mapping.values.get(column).into_iter().flatten() {
            if field.is_some_and(|field| field.options.iter().any(|option| option.key == *key)) {
                meant.insert(vault::fold(word), key.clone());
            } else {
                say(format!("/values/{column}"), "unknown_choice", "The column goes into no field that has this choice.");
            }
        }
        values.push(meant);
    }
    let mut constants = BTreeMap::new();
    let mut currency = None;
    for (key, text) in &mapping.constants {
        if key == "currency" {
            currency = Some(text.clone());
            continue;
        }
        match kind.writable().find(|f| f.key == *key).map(|field| row::value(field, text, DateOrder::Ymd, None)) {
            Some(Ok(Some(value))) => drop(constants.insert(key.clone(), value)),
            Some(Ok(None)) => {}
            Some(Err(code)) => say(format!("/constants/{key}"), code, "The value does not fit the field."),
            None => say(format!("/constants/{key}"), "unknown_field", "There is no such field that an import may write."),
        }
    }
    let plan = Plan { targets, constants, currency, values, colleagues: Arc::default() };
    if plan.is_empty() {
        say("/columns".to_owned(), "required", "No column goes into a field. Map at least one.");
    }
    if problems.is_empty() {
        return Ok(plan);
    }
    Err(Error::new(Code::InvalidInput, "The mapping does not fit the file; nothing was imported.").with_problems(problems))
}

fn order(word: &str) -> Option<DateOrder> {
    match word {
        "dmy" => Some(DateOrder::Dmy),
        "mdy" => Some(DateOrder::Mdy),
        "ymd" => Some(DateOrder::Ymd),
        _ => None,
    }
}

pub(super) const fn order_word(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Dmy => "dmy",
        DateOrder::Mdy => "mdy",
        DateOrder::Ymd => "ymd",
    }
}

pub(super) fn target(catalogue: &Catalogue, kind: &Kind, word: &str, order: DateOrder) -> Option<Target> {
    if word == SKIP || word.is_empty() {
        return Some(Target::Skip);
    }
    if word == OWNER && kind.field(OWNER).is_none() {
        return Some(Target::Owner);
    }
    if kind.is_person
        && let Some(part) = NAME_PARTS.into_iter().find(|p| *p == word)
    {
        return Some(Target::NamePart(part));
    }
    let writable = |key: &str| kind.writable().find(|f| f.key == key);
    if let Some((key, part)) = word.split_once('.') {
        let field = writable(key)?;
        return match field.kind {
            FieldType::Address => ADDRESS_PARTS.into_iter().find(|p| *p == part).map(|part| Target::Part(key.to_owned(), part)),
            FieldType::Number => (part == FRACTION && !field.many).then(|| Target::Fraction(key.to_owned())),
            FieldType::Link => {
                let kind = catalogue.kind(field.links_to.as_deref()?)?;
                let by = match_fields(kind).into_iter().find(|f| f.key == part)?.clone();
                Some(Target::Found(Arc::new(Lookup { link: field.clone(), kind: Arc::clone(kind), by })))
            }
            _ => None,
        };
    }
    let field = writable(word)?;
    if word == person::COUNTRY && (kind.is_person || kind.key == company::KIND) {
        return Some(Target::Country);
    }
    if field.kind == FieldType::Link {
        return (field.links_to.as_deref() == Some(company::KIND)).then(|| Target::Named(word.to_owned()));
    }
    Some(Target::Field(word.to_owned(), order))
}

/// What a header's column seems to go into, with the confidence in per cent, for every column in order.
pub(super) fn suggest(catalogue: &Catalogue, kind: &Kind, header: &[String], samples: &[Vec<String>]) -> Vec<(String, u8)> {
    let known = headers::Kind::of(&kind.key).map_or_else(|| vec![None; header.len()], |known| headers::suggest(header, known));
    let mut taken: Vec<(String, u8)> = Vec::with_capacity(header.len());
    for (index, column) in header.iter().enumerate() {
        let found = known.get(index).copied().flatten().map(|s| (field_of(kind, s.field), s.confidence)).or_else(|| by_label(kind, column));
        let none: &[String] = &[];
        let sample = samples.get(index).map_or(none, Vec::as_slice);
        let fits = found.filter(|(word, confidence)| {
            target(catalogue, kind, word, DateOrder::Ymd).is_some() && proved(kind, word, sample, *confidence)
        });
        taken.push(fits.unwrap_or_else(|| (SKIP.to_owned(), 0)));
    }
    // Of several columns for a field of one value only the surest, and of equals the first, is taken.
    for index in 0..taken.len() {
        let (word, confidence) = taken[index].clone();
        let many = kind.field(&word).is_some_and(|f| f.many || f.kind == FieldType::LongText);
        let better = |(at, (other, c)): (usize, &(String, u8))| *other == word && (*c > confidence || *c == confidence && at < index);
        if word != SKIP && !many && taken.iter().enumerate().any(better) {
            taken[index] = (SKIP.to_owned(), 0);
        }
    }
    taken
}

/// The target of a word of the header tables; what has no field is skipped.
fn field_of(kind: &Kind, word: &str) -> String {
    match word {
        "mobile" => "phone".to_owned(),
        "street" | "city" | "region" | "postal_code" => format!("address.{word}"),
        _ if NAME_PARTS.contains(&word) && kind.is_person => word.to_owned(),
        _ if kind.field(word.split('.').next().unwrap_or_default()).is_some() => word.to_owned(),
        _ => SKIP.to_owned(),
    }
}

fn by_label(kind: &Kind, column: &str) -> Option<(String, u8)> {
    let plain = |text: &str| vault::fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let wanted = plain(column);
    kind.writable().find(|f| plain(&f.key) == wanted || plain(&f.label) == wanted).map(|f| (f.key.clone(), 100))
}

/// Whether the first values agree: at least half of them read as the field's type. A weak suggestion needs values that do.
fn proved(kind: &Kind, word: &str, samples: &[String], confidence: u8) -> bool {
    let filled: Vec<&String> = samples.iter().filter(|s| !s.trim().is_empty()).collect();
    let Some(field) = kind.field(word) else { return confidence >= SURE };
    if field.kind == FieldType::Link {
        return confidence >= SURE && field.links_to.as_deref() == Some(company::KIND);
    }
    let checkable = matches!(
        field.kind,
        FieldType::Email | FieldType::Phone | FieldType::Date | FieldType::Number | FieldType::Money | FieldType::Select
    );
    if filled.is_empty() || !checkable {
        return confidence >= SURE;
    }
    let order = parse::date::date_order(&filled).map_or(DateOrder::Ymd, |f| f.order);
    let good = filled.iter().filter(|s| row::value(field, s, order, None).is_ok()).count();
    good * 2 >= filled.len()
}
