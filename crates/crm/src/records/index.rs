//! What is kept beside a record so that it can be found: blind tokens, facets, links, its place in lists by name.

use std::collections::BTreeSet;

use catalogue::{Field, FieldType, Index, Kind, Value};
use kernel::{Instant, RecordId};
use vault::Tokens;

use super::body::Fields;

/// How long a name's prefix is, at first, in lists by name.
pub const SORT_PREFIX: usize = 3;
/// How long the prefix of a crowded bucket may grow.
pub const SORT_PREFIX_MAX: usize = 6;
/// The shortest and longest beginning of a word that can be searched.
pub const PREFIX_MIN: usize = 2;
/// See [`PREFIX_MIN`].
pub const PREFIX_MAX: usize = 8;

/// The shortest beginning of a telephone number that can be searched: with its country, and as it is dialled within it.
pub const DIGITS_MIN: (usize, usize) = (4, 3);
/// The longest one that is indexed; more digits are confirmed after opening. A number has eleven such tokens at most.
pub const DIGITS_MAX: usize = 8;

/// The digits of a telephone number in the form it is looked up by: with its country, where that is known, and as it is dialled within it,
/// without a leading zero of the trunk.
pub fn phone_forms(form: &str) -> (Option<String>, String) {
    if let Some((whole, national)) = vault::phone_digits(form) {
        return (Some(whole), national);
    }
    let digits: String = form.chars().filter(char::is_ascii_digit).collect();
    (None, digits.strip_prefix('0').unwrap_or(&digits).to_owned())
}

/// A beginning of a number as it is indexed: `+` before those with a country, `=` before those without.
pub fn phone_head(with_country: bool, digits: &str) -> String {
    let head: String = digits.chars().take(DIGITS_MAX).collect();
    format!("{}{head}", if with_country { '+' } else { '=' })
}

fn phone_heads(form: &str) -> Vec<String> {
    let (whole, national) = phone_forms(form);
    let heads = |with_country: bool, digits: &str, least: usize| {
        let lengths = least..=digits.len().min(DIGITS_MAX);
        lengths.filter_map(|length| digits.get(..length).map(|head| phone_head(with_country, head))).collect::<Vec<_>>()
    };
    let mut all = heads(false, &national, DIGITS_MIN.1);
    all.extend(whole.iter().flat_map(|whole| heads(true, whole, DIGITS_MIN.0)));
    all
}

/// The name under which a field's tokens are keyed.
pub fn token_field(kind: &str, field: &str) -> String {
    format!("{kind}.{field}")
}

/// The one form in which a value is looked up by its whole: an e-mail or telephone number normalised, other text folded.
pub fn exact_form(field: &Field, text: &str, region: Option<&str>) -> String {
    let normal = match field.kind {
        FieldType::Email => vault::email(text),
        FieldType::Phone => vault::phone(text, region),
        _ => None,
    };
    normal.unwrap_or_else(|| vault::fold(text))
}

/// Every blind token of a record.
pub fn tokens(tokens: &Tokens, kind: &Kind, sealed: &Fields, region: Option<&str>) -> Vec<i64> {
    let mut all = BTreeSet::new();
    for (key, value) in sealed {
        let Some(field) = kind.field(key) else { continue };
        if field.index == Index::None {
            continue;
        }
        let name = token_field(&kind.key, key);
        for value in value.each() {
            let text = value.display();
            // Mail and telephone are found by their whole, whatever else their field's index says.
            if field.index == Index::Exact || matches!(field.kind, FieldType::Email | FieldType::Phone) {
                let form = exact_form(field, &text, region);
                all.insert(tokens.exact(&name, &form));
                if field.kind == FieldType::Phone {
                    all.extend(phone_heads(&form).iter().map(|head| tokens.prefix(&name, head)));
                }
            }
            if field.index >= Index::Word {
                all.extend(tokens.words(&name, &text));
            }
            if field.index == Index::Prefix {
                all.extend(tokens.prefixes(&name, &text, PREFIX_MIN, PREFIX_MAX));
            }
        }
    }
    all.into_iter().collect()
}

/// An open value as lists sort and filter by it: a number, a text; neither for links, lists and addresses.
pub fn facet(value: &Value) -> (Option<i64>, Option<String>) {
    match value {
        Value::Number(n) => (Some(*n), None),
        Value::Money { minor, currency } => (Some(*minor), Some(currency.clone())),
        Value::Date(day) => (Some(Instant::start_of(*day).micros()), None),
        Value::Time(at) => (Some(at.micros()), None),
        Value::Bool(b) => (Some(i64::from(*b)), None),
        Value::Text(text) => (None, Some(text.clone())),
        Value::Link(_) | Value::List(_) | Value::Address(_) => (None, None),
    }
}

/// A record's sortable and filterable open fields: name, number, text.
pub fn facets(kind: &Kind, open: &Fields) -> Vec<(String, Option<i64>, Option<String>)> {
    let rows = open.iter().map(|(key, value)| (token_field(&kind.key, key), facet(value)));
    rows.filter(|(_, (n, t))| n.is_some() || t.is_some()).map(|(field, (n, t))| (field, n, t)).collect()
}

/// Where a record's open link fields point to, by field.
pub fn links(open: &Fields) -> Vec<(String, RecordId)> {
    let mut links = Vec::new();
    for (key, value) in open {
        for value in value.each() {
            if let Value::Link(to) = value {
                links.push((key.clone(), *to));
            }
        }
    }
    links
}

/// The first `length` characters of a record's title as lists sort it; `usize::MAX` for all of them.
pub fn name_sort(kind: &Kind, sealed: &Fields, length: usize) -> String {
    sealed.get(&kind.title).map(|title| vault::name_sort(&title.display(), length)).unwrap_or_default()
}
