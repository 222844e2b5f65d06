//! By which signs two records look like the same person, company or thing, and how much.

use std::collections::BTreeSet;

use catalogue::{Field, FieldType, Index, Kind, Value, company, person};

use crate::records::{self, Fields, index};

/// From this score on a pair is worth a look; a person's name alone is not.
pub const LIKELY: i64 = 50;
/// What a further sign adds, and what the same name does: a number that several have says little of those called otherwise.
const MORE: i64 = 4;
/// See [`MORE`].
const NAMED_TOO: i64 = 20;
/// What a firm's name says of its form and nothing of itself.
const FORMS: [&str; 34] = [
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "mbh",
    "co",
    "se",
    "ltd",
    "limited",
    "plc",
    "llc",
    "llp",
    "inc",
    "corp",
    "corporation",
    "company",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "aps",
    "sl",
    "slu",
    "pty",
    "kft",
    "sro",
];

/// One sign: its stable code and how much it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sign {
    /// `same:` and a field's key, or `name`, `name_company`, `name_birthday`, `name_address`.
    pub code: String,
    /// Of a hundred.
    pub weight: i64,
}

/// How much two records look alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Likeness {
    /// The signs, the strongest first.
    pub signs: Vec<Sign>,
}

impl Likeness {
    /// Of a hundred: the strongest sign and a little for each other one.
    pub fn score(&self) -> i64 {
        let more = |sign: &Sign| if sign.code.starts_with("name") { NAMED_TOO } else { MORE };
        let more: i64 = self.signs.iter().skip(1).map(more).sum();
        self.signs.first().map_or(0, |first| (first.weight + more).min(100))
    }

    /// The codes with spaces between, as stored.
    pub fn codes(&self) -> String {
        self.signs.iter().map(|sign| sign.code.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Whether duplicates of a kind are looked for: of people, companies, and kinds with a field that is found by its whole; of what came in
/// as it is (messages, files, web events) there are none.
pub fn is_looked_for(kind: &Kind) -> bool {
    !matches!(kind.key.as_str(), "message" | "file" | "web_event" | "note" | "task" | "line")
        && (is_named(kind) || whole(kind).next().is_some())
}

/// Whether records of a kind are recognised by their name as well.
fn is_named(kind: &Kind) -> bool {
    kind.is_person || kind.key == company::KIND
}

/// The fields whose same value says that two are the same: addresses, numbers, what is found by its whole; not where many are alike.
pub fn whole(kind: &Kind) -> impl Iterator<Item = &Field> {
    kind.fields.iter().filter(|field| {
        let contact = matches!(field.kind, FieldType::Email | FieldType::Phone);
        let exact = field.index == Index::Exact && matches!(field.kind, FieldType::Text | FieldType::Url);
        field.is_sealed() && !field.retired && field.key != person::COUNTRY && ((contact && field.index != Index::None) || exact)
    })
}

fn weight(field: &Field) -> i64 {
    match (field.kind, field.key.as_str()) {
        (FieldType::Email, _) => 90,
        (FieldType::Phone, _) => 55,
        (_, "tax_id" | "vat_id") => 95,
        // Every source counts its records from one: the same number alone says that two come from two of them.
        (_, person::EXTERNAL_ID) => 45,
        (_, "domain") => 75,
        _ => 80,
    }
}

/// The forms under which a field's values are the same.
pub fn forms(field: &Field, fields: &Fields, region: Option<&str>) -> BTreeSet<String> {
    let values = fields.get(&field.key).map(Value::each).unwrap_or_default();
    values.iter().map(|value| index::exact_form(field, &value.display(), region)).filter(|form| !form.is_empty()).collect()
}

/// The words of a name, folded, in no order; a company's without what says its form.
pub fn name_words(kind: &Kind, fields: &Fields) -> BTreeSet<String> {
    if !is_named(kind) {
        return BTreeSet::new();
    }
    let words: BTreeSet<String> =
        fields.get(&kind.title).map(|name| vault::words(&name.display()).into_iter().collect()).unwrap_or_default();
    let telling: BTreeSet<String> = words.iter().filter(|word| kind.is_person || !FORMS.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { words } else { telling }
}

/// Whether the same name could be likely: a person's where something else stands beside it, anything else's by itself.
pub fn names_tell(kind: &Kind, fields: &Fields) -> bool {
    !kind.is_person || [person::COMPANY, person::BIRTHDAY, person::ADDRESS].iter().any(|key| fields.contains_key(*key))
}

fn places(fields: &Fields) -> BTreeSet<(String, String)> {
    let all = fields.get(person::ADDRESS).map(Value::each).unwrap_or_default();
    let one = |value: &Value| {
        let Value::Address(address) = value else { return None };
        let place =
            (vault::fold(&address.street), vault::fold(if address.postal_code.is_empty() { &address.city } else { &address.postal_code }));
        (!place.0.is_empty() && !place.1.is_empty()).then_some(place)
    };
    all.iter().filter_map(one).collect()
}

/// By which signs two records look alike, as far as these fields may be looked at.
pub fn likeness(kind: &Kind, a: (&Fields, Option<&str>), b: (&Fields, Option<&str>), sees: &dyn Fn(&Field) -> bool) -> Likeness {
    let mut signs = Vec::new();
    for field in whole(kind).filter(|field| sees(field)) {
        if !forms(field, a.0, a.1).is_disjoint(&forms(field, b.0, b.1)) {
            signs.push(Sign { code: format!("same:{}", field.key), weight: weight(field) });
        }
    }
    let seen = |key: &str| kind.field(key).is_some_and(sees);
    let (name, other) = (name_words(kind, a.0), name_words(kind, b.0));
    if seen(&kind.title) && !name.is_empty() && name == other {
        let same = |key: &str| seen(key) && a.0.get(key).is_some_and(|value| b.0.get(key) == Some(value));
        let before = signs.len();
        let mut sign = |code: &str, weight| signs.push(Sign { code: code.to_owned(), weight });
        if kind.is_person && same(person::COMPANY) {
            sign("name_company", 80);
        }
        if kind.is_person && same(person::BIRTHDAY) {
            sign("name_birthday", 90);
        }
        if seen(person::ADDRESS) && !places(a.0).is_disjoint(&places(b.0)) {
            sign("name_address", 80);
        }
        if signs.len() == before {
            let weight = if kind.is_person { 40 } else { 60 };
            signs.push(Sign { code: "name".to_owned(), weight });
        }
    }
    signs.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.code.cmp(&b.code)));
    Likeness { signs }
}

/// Everything of a record that signs are seen in: where it is the same in two versions, nothing changed that matters.
pub fn telling(kind: &Kind, fields: &Fields) -> Fields {
    let keys = telling_fields(kind);
    fields.iter().filter(|(key, _)| keys.contains(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The keys of all those fields.
pub fn telling_fields(kind: &Kind) -> Vec<String> {
    let matters = |key: &str| {
        key == kind.title
            || whole(kind).any(|field| field.key == key)
            || [person::COMPANY, person::BIRTHDAY, person::ADDRESS].contains(&key)
    };
    kind.fields.iter().filter(|field| matters(&field.key)).map(|field| field.key.clone()).collect()
}

/// The tokens by which those are found that may look like a record: of the same whole values, and of the same name.
pub fn tokens(
    unit: &trail::Unit,
    kind: &Kind,
    fields: &Fields,
    region: Option<&str>,
    sees: &dyn Fn(&Field) -> bool,
) -> (Vec<i64>, Vec<Vec<i64>>) {
    let keyring = unit.app().keyring();
    let tokens = keyring.tokens();
    let mut same = Vec::new();
    for field in whole(kind).filter(|field| sees(field)) {
        let name = index::token_field(&kind.key, &field.key);
        same.extend(forms(field, fields, region).iter().map(|form| tokens.exact(&name, form)));
    }
    let title = kind.field(&kind.title).filter(|title| title.index >= Index::Word && sees(title));
    let named = title.map(|title| {
        let name = index::token_field(&kind.key, &title.key);
        name_words(kind, fields).iter().map(|word| vec![tokens.word(&name, word)]).collect()
    });
    (same, named.unwrap_or_default())
}

/// The legal order that tells how a record's numbers without a country are read.
pub fn region_of(fields: &Fields) -> Option<String> {
    records::law_of(fields).as_deref().and_then(records::region).map(str::to_owned)
}
