//! One row to the fields of a record, or to the reason why not.

use std::{collections::BTreeMap, sync::Arc};

use catalogue::{Address, Field, FieldType, Kind, Value, person};
use kernel::{Instant, UserId};
use parse::date::{DateOrder, parse_date};
use serde_json::Value as Json;

use super::{
    country,
    mapping::{Lookup, Plan, Target},
};
use crate::records::{Fields, index};

/// A record that a link leads to, by one of its values.
#[derive(Clone)]
pub(super) struct Sought {
    /// How it is found.
    pub lookup: Arc<Lookup>,
    /// The value, in its one form.
    pub form: String,
}

/// A row, read.
#[derive(Clone)]
pub(super) struct Draft {
    /// The fields that its cells give.
    pub fields: Fields,
    /// Other records it names, by field (the company of a person).
    pub named: BTreeMap<String, String>,
    /// Records that links lead to, each by a value of its own.
    pub found: Vec<Sought>,
    /// Its e-mail addresses and telephone numbers in normal form.
    pub contacts: Vec<String>,
    /// Who is to own the record that it makes.
    pub owner: Option<UserId>,
    /// Whether its name was only taken from its address, so that it must not replace a better one.
    pub name_is_guess: bool,
}

/// Reads the cells of a row. The error is a list of `field:code` words, without anything of the row.
pub(super) fn read(kind: &Kind, plan: &Plan, cells: &[String]) -> Result<Draft, String> {
    let mut fields = Fields::new();
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut addresses: BTreeMap<&str, Address> = BTreeMap::new();
    let (mut named, mut parts, mut problems) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    let mut orders: BTreeMap<&str, DateOrder> = BTreeMap::new();
    let mut lookups: Vec<(&Arc<Lookup>, &str)> = Vec::new();
    let mut owner = None;
    for ((target, cell), values) in plan.targets.iter().zip(cells).zip(&plan.values) {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        let meant = if values.is_empty() { None } else { values.get(&vault::fold(cell)) };
        let cell = meant.map_or(cell, String::as_str);
        match target {
            Target::Skip => {}
            Target::Owner => match plan.colleagues.get(&vault::fold(cell)) {
                Some(Some(found)) => owner = Some(*found),
                Some(None) => problems.push("owner:several".to_owned()),
                None => problems.push(format!("owner:{}", crate::records::NOT_STAFF)),
            },
            Target::Field(key, order) => {
                texts.entry(key).or_default().push(cell);
                orders.insert(key, *order);
            }
            Target::Fraction(key) => match kind.field(key).map(|field| percent(field, cell)) {
                Some(Ok(Some(value))) => drop(fields.insert(key.clone(), value)),
                Some(Err(code)) => problems.push(format!("{key}:{code}")),
                Some(Ok(None)) | None => {}
            },
            Target::Part(key, part) => {
                let address = addresses.entry(key).or_default();
                let whole =
                    if *part == "street" && !address.street.is_empty() { format!("{}\n{cell}", address.street) } else { cell.to_owned() };
                address.set(part, &whole);
            }
            Target::Country => {
                if let Some(code) = country::code(cell) {
                    fields.insert(person::COUNTRY.to_owned(), Value::Text(code));
                }
                addresses.entry(person::ADDRESS).or_default().set("country", cell);
            }
            Target::Named(key) => drop(named.entry(key.clone()).or_insert_with(|| cell.to_owned())),
            Target::Found(lookup) => lookups.push((lookup, cell)),
            Target::NamePart(part) => drop(parts.insert(*part, cell)),
        }
    }
    for (key, cells) in texts {
        let Some(field) = kind.field(key) else { continue };
        let order = orders.get(key).copied().unwrap_or(DateOrder::Ymd);
        match joined(field, &cells, order, plan.currency.as_deref()) {
            Ok(Some(value)) => drop(fields.insert(key.to_owned(), value)),
            Ok(None) => {}
            Err(code) => problems.push(format!("{key}:{code}")),
        }
    }
    for (key, address) in addresses {
        let long = address.parts().into_iter().any(|(_, text)| text.chars().count() > 1_000 || text.contains('\0'));
        if long {
            problems.push(format!("{key}:too_long"));
        } else if address != Address::default() && kind.field(key).is_some() {
            fields.insert(key.to_owned(), Value::Address(address));
        }
    }
    if named.values().any(|name| name.chars().count() > 1_000 || name.contains('\0')) {
        problems.push("company:too_long".to_owned());
    }
    let name_is_guess = kind.is_person && name(&mut fields, &parts);
    let found = sought(&lookups, region(&fields));
    if problems.is_empty() && fields.is_empty() && named.is_empty() && found.is_empty() {
        problems.push("empty".to_owned());
    }
    if !problems.is_empty() {
        return Err(problems.join(" "));
    }
    let contacts = contacts(kind, &fields);
    Ok(Draft { fields, named, found, contacts, owner, name_is_guess })
}

/// What links lead to: one value of a link to one record, each value within a cell of a link to several.
fn sought(lookups: &[(&Arc<Lookup>, &str)], region: Option<&str>) -> Vec<Sought> {
    let mut all = Vec::new();
    for (lookup, cell) in lookups {
        let values = if lookup.link.many { split(&lookup.by, cell) } else { vec![*cell] };
        for value in values.into_iter().map(|value| value.strip_prefix("mailto:").unwrap_or(value)) {
            all.push(Sought { lookup: Arc::clone(lookup), form: index::exact_form(&lookup.by, value, region) });
        }
    }
    all
}

/// Fills in a person's name from its parts, or else from the address by which they are known. True when it is such a guess.
fn name(fields: &mut Fields, parts: &BTreeMap<&str, &str>) -> bool {
    if fields.contains_key(person::NAME) {
        return false;
    }
    let text = |key: &str| fields.get(key).and_then(Value::as_text);
    let words = [text(person::GIVEN_NAME), parts.get("middle_name").copied(), text(person::FAMILY_NAME), parts.get("suffix").copied()];
    let whole = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let guess = || fields.get(person::EMAIL).or_else(|| fields.get(person::PHONE)).and_then(|v| v.each().first()).map(Value::display);
    let (name, guessed) = if whole.is_empty() { (guess(), true) } else { (Some(whole), false) };
    match name {
        Some(name) => {
            fields.insert(person::NAME.to_owned(), Value::Text(name.chars().take(1_000).collect()));
            guessed
        }
        None => false,
    }
}

/// The e-mail addresses and telephone numbers of some fields in normal form.
fn contacts(kind: &Kind, fields: &Fields) -> Vec<String> {
    let region = region(fields);
    let mut found = Vec::new();
    for field in crate::records::contact_fields(kind) {
        for value in fields.get(&field.key).map(Value::each).unwrap_or_default() {
            found.push(index::exact_form(field, &value.display(), region));
        }
    }
    found
}

/// The country by which telephone numbers without one are read.
pub(super) fn region(fields: &Fields) -> Option<&str> {
    fields.get(person::COUNTRY)?.as_text()?.get(..2)
}

/// The cells of all columns of one field.
fn joined(field: &Field, cells: &[&str], order: DateOrder, currency: Option<&str>) -> Result<Option<Value>, &'static str> {
    if field.many {
        let mut all: Vec<Value> = Vec::new();
        for one in cells.iter().flat_map(|cell| split(field, cell)) {
            if let Some(value) = value(field, one, order, currency)? {
                for value in value.each() {
                    if !all.contains(value) {
                        all.push(value.clone());
                    }
                }
            }
        }
        return if all.len() > 100 { Err("too_many") } else { Ok((!all.is_empty()).then_some(Value::List(all))) };
    }
    if field.kind == FieldType::LongText {
        return value(field, &cells.join("\n\n"), order, currency);
    }
    cells.first().map_or(Ok(None), |cell| value(field, cell, order, currency))
}

/// The values within one cell of a field of many.
fn split<'c>(field: &Field, cell: &'c str) -> Vec<&'c str> {
    let at = |c: char| match field.kind {
        FieldType::Email => matches!(c, ';' | ',' | '\n' | '|') || c.is_whitespace(),
        FieldType::Phone => matches!(c, '\n' | '|') || c == ';' && !cell.contains(";ext"),
        _ => matches!(c, '\n' | ';' | '|'),
    };
    cell.split(at).map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// One value as a spreadsheet writes it. The error is the problem's code.
pub(super) fn value(field: &Field, text: &str, order: DateOrder, currency: Option<&str>) -> Result<Option<Value>, &'static str> {
    let text = text.trim();
    let json = match field.kind {
        FieldType::Date => return day(text, order).map(|d| Some(Value::Date(d))).ok_or("not_a_date"),
        FieldType::Datetime => {
            let at = Instant::parse(text).or_else(|| day(text, order).map(Instant::start_of));
            return at.map(|at| Some(Value::Time(at))).ok_or("not_a_time");
        }
        FieldType::Number => Json::String(number(text)),
        FieldType::Money => Json::String(amount(text, currency)),
        FieldType::Bool => Json::String(truth(text).unwrap_or(text).to_owned()),
        FieldType::Select => {
            let folded = vault::fold(text);
            let option = field.options.iter().find(|o| vault::fold(&o.key) == folded || vault::fold(&o.label) == folded);
            Json::String(option.map_or(text, |o| o.key.as_str()).to_owned())
        }
        // Some exports put `mailto:` before an address.
        FieldType::Email => Json::String(text.strip_prefix("mailto:").unwrap_or(text).to_owned()),
        _ => Json::String(text.to_owned()),
    };
    Value::parse(field, &json).map_err(|problem| problem.code)
}

/// A part of one as percent.
fn percent(field: &Field, text: &str) -> Result<Option<Value>, &'static str> {
    match value(field, text, DateOrder::Ymd, None)? {
        Some(Value::Number(n)) => n.checked_mul(100).map(|n| Some(Value::Number(n))).ok_or("out_of_range"),
        other => Ok(other),
    }
}

fn day(text: &str, order: DateOrder) -> Option<jiff::civil::Date> {
    parse_date(text, order)
}

/// A number with or without separators of thousands: the last of `.` and `,` is the decimal one when both stand, or when not exactly three
/// digits follow it.
fn number(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’' | '\u{a0}' | '\u{202f}')).collect();
    let last = text.rfind(['.', ',']);
    let Some(at) = last else { return text };
    let (mark, other) = if text[at..].starts_with('.') { ('.', ',') } else { (',', '.') };
    let digits = text.len() - at - 1;
    let decimal = text.matches(mark).count() == 1 && (text.contains(other) || digits != 3 || mark == '.' && !text.contains(','));
    let plain = |t: &str| t.replace([',', '.'], "");
    if decimal { format!("{}.{}", plain(&text[..at]), &text[at + 1..]) } else { plain(&text) }
}

fn amount(text: &str, currency: Option<&str>) -> String {
    let symbol = [("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("¥", "JPY")].into_iter().find(|(s, _)| text.contains(s));
    let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let code = if letters.len() == 3 { Some(letters.as_str()) } else { symbol.map(|(_, code)| code).or(currency) };
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '\'')).collect();
    format!("{} {}", number(&digits), code.unwrap_or_default())
}

fn truth(text: &str) -> Option<&'static str> {
    match vault::fold(text).as_str() {
        "true" | "yes" | "1" | "y" | "on" | "x" | "ja" | "oui" | "si" | "wahr" | "vrai" => Some("true"),
        "false" | "no" | "0" | "n" | "off" | "nein" | "non" | "nee" | "falsch" | "faux" => Some("false"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_spreadsheets_write_them() {
        for (written, wanted) in [
            ("1,234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1.234.567", "1234567"),
            ("12,5", "12.5"),
            ("1,234", "1234"),
            ("1.234", "1.234"),
            ("1 234", "1234"),
            ("-7", "-7"),
        ] {
            assert_eq!(number(written), wanted, "{written}");
        }
        assert_eq!(amount("€ 1.234,50", None), "1234.50 EUR");
        assert_eq!(amount("99", Some("CHF")), "99 CHF");
    }
}
