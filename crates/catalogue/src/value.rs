//! A field's value: read from JSON with a problem that names what to do, written back as JSON, never printed by accident.

use std::fmt;

use jiff::civil::Date;
use kernel::{Instant, Problem, RecordId};
use serde_json::{Value as Json, json};

use crate::{Field, FieldType};

const MAX_TEXT: usize = 1_000;
const MAX_LONG_TEXT: usize = 1_000_000;
const MAX_MANY: usize = 100;

/// A value of a field. It may be personal, so `Debug` shows nothing of it; see [`Value::to_json`] for release.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, e-mail, phone, web address, choice.
    Text(String),
    /// A decimal in millionths.
    Number(i64),
    /// An amount in minor units of an ISO 4217 currency.
    Money {
        /// Minor units (cents).
        minor: i64,
        /// ISO 4217 code.
        currency: String,
    },
    /// A calendar day.
    Date(Date),
    /// A point in time.
    Time(Instant),
    /// Yes or no.
    Bool(bool),
    /// Another record.
    Link(RecordId),
    /// A postal address.
    Address(Address),
    /// Several values of one type.
    List(Vec<Value>),
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹value›")
    }
}

/// A postal address. Empty parts are absent.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Street and number, lines separated by a line feed.
    pub street: String,
    /// City.
    pub city: String,
    /// State or region.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Country, as written or ISO 3166-1 alpha-2.
    pub country: String,
}

impl Address {
    /// The parts with their keys, in the order of writing.
    pub fn parts(&self) -> [(&'static str, &str); 5] {
        [
            ("street", &self.street),
            ("city", &self.city),
            ("region", &self.region),
            ("postal_code", &self.postal_code),
            ("country", &self.country),
        ]
    }

    /// Sets one part by its key; false when there is no such part.
    pub fn set(&mut self, key: &str, text: &str) -> bool {
        let part = match key {
            "street" => &mut self.street,
            "city" => &mut self.city,
            "region" => &mut self.region,
            "postal_code" => &mut self.postal_code,
            "country" => &mut self.country,
            _ => return false,
        };
        text.clone_into(part);
        true
    }
}

fn problem(field: &Field, code: &'static str, detail: impl Into<String>) -> Problem {
    Problem { pointer: format!("/{}", field.key), code, detail: detail.into() }
}

impl Value {
    /// Reads a field's value from JSON. `null` and an empty text or list mean no value.
    pub fn parse(field: &Field, json: &Json) -> Result<Option<Self>, Problem> {
        if json.is_null() {
            return Ok(None);
        }
        if !field.many {
            return Self::parse_one(field, json);
        }
        let single = [json.clone()];
        let items = match json {
            Json::Array(items) => items.as_slice(),
            // One value where a list is expected is what forms and spreadsheets send.
            _ => &single,
        };
        if items.len() > MAX_MANY {
            return Err(problem(field, "too_many", format!("At most {MAX_MANY} values.")));
        }
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            if let Some(value) = Self::parse_one(field, item)?
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        Ok((!values.is_empty()).then_some(Self::List(values)))
    }

    fn parse_one(field: &Field, json: &Json) -> Result<Option<Self>, Problem> {
        let wrong = |detail: &str| problem(field, "wrong_type", detail);
        match field.kind {
            FieldType::Bool => match json {
                Json::Bool(b) => Ok(Some(Self::Bool(*b))),
                Json::String(s) if s.is_empty() => Ok(None),
                Json::String(s) if matches!(s.as_str(), "true" | "on" | "1" | "yes") => Ok(Some(Self::Bool(true))),
                Json::String(s) if matches!(s.as_str(), "false" | "off" | "0" | "no") => Ok(Some(Self::Bool(false))),
                _ => Err(wrong("Write true or false.")),
            },
            FieldType::Number => match json {
                Json::String(s) if s.trim().is_empty() => Ok(None),
                Json::Number(n) => decimal(&n.to_string()).map(|n| Some(Self::Number(n))).map_err(|d| problem(field, "not_a_number", d)),
                Json::String(s) => decimal(s.trim()).map(|n| Some(Self::Number(n))).map_err(|d| problem(field, "not_a_number", d)),
                _ => Err(wrong("Write a number.")),
            },
            FieldType::Money => parse_money(field, json),
            FieldType::Address => parse_address(field, json),
            _ => {
                let Json::String(text) = json else { return Err(wrong("Write a text.")) };
                parse_text(field, text)
            }
        }
    }

    /// The value as JSON. It leaves the operation by this: only for what was released.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::String(text.clone()),
            Self::Number(n) => number_json(*n),
            Self::Money { minor, currency } => json!({"minor": minor, "currency": currency}),
            Self::Date(day) => Json::String(day.to_string()),
            Self::Time(at) => Json::String(at.to_string()),
            Self::Bool(b) => Json::Bool(*b),
            Self::Link(id) => Json::String(id.to_string()),
            Self::Address(a) => a.parts().into_iter().filter(|(_, t)| !t.is_empty()).map(|(k, t)| (k.to_owned(), Json::from(t))).collect(),
            Self::List(values) => Json::Array(values.iter().map(Self::to_json).collect()),
        }
    }

    /// The value as one line for people. It leaves the operation by this: only for what was released.
    pub fn display(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(n) => number_text(*n),
            Self::Money { minor, currency } => format!("{} {}", money_amount(*minor, currency), currency),
            Self::Date(day) => day.to_string(),
            Self::Time(at) => at.to_string(),
            Self::Bool(b) => if *b { "yes" } else { "no" }.to_owned(),
            Self::Link(id) => id.to_string(),
            Self::Address(a) => a.parts().into_iter().map(|(_, t)| t).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", "),
            Self::List(values) => values.iter().map(Self::display).collect::<Vec<_>>().join(", "),
        }
    }

    /// Each single value: itself, or the members of a list.
    pub fn each(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            one => std::slice::from_ref(one),
        }
    }

    /// The text inside, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn bounded(field: &Field, text: &str, limit: usize) -> Result<(), Problem> {
    if text.chars().count() > limit {
        return Err(problem(field, "too_long", format!("At most {limit} characters.")));
    }
    if text.contains('\0') {
        return Err(problem(field, "nul_character", "A NUL character cannot be stored; remove it."));
    }
    Ok(())
}

fn parse_text(field: &Field, text: &str) -> Result<Option<Value>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    bounded(field, text, if field.kind == FieldType::LongText { MAX_LONG_TEXT } else { MAX_TEXT })?;
    let value = match field.kind {
        FieldType::Date => Value::Date(text.parse().map_err(|_| problem(field, "not_a_date", "Write the date as 2026-11-21."))?),
        FieldType::Datetime => {
            Value::Time(Instant::parse(text).ok_or_else(|| problem(field, "not_a_time", "Write the time as 2026-11-21T10:42:07Z."))?)
        }
        FieldType::Link => Value::Link(text.parse().map_err(|e| problem(field, "not_a_record", format!("{e}")))?),
        FieldType::Select => {
            if !field.options.iter().any(|o| o.key == text) {
                let known = field.options.iter().map(|o| o.key.as_str()).collect::<Vec<_>>().join(", ");
                return Err(problem(field, "not_an_option", format!("Choose one of {known}.")));
            }
            Value::Text(text.to_owned())
        }
        FieldType::Email if !plausible_email(text) => {
            return Err(problem(field, "not_an_email", "Write an address like name@example.org."));
        }
        FieldType::Phone if !plausible_phone(text) => {
            return Err(problem(field, "not_a_phone", "Write a number with at least three digits, best with its country: +49 30 1234567."));
        }
        _ => Value::Text(text.to_owned()),
    };
    Ok(Some(value))
}

fn plausible_email(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && !domain.is_empty() && !text.chars().any(|c| c.is_whitespace() || c.is_control()) && text.len() <= 320
    })
}

fn plausible_phone(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    (3..=40).contains(&digits) && text.chars().count() <= 60
}

fn parse_money(field: &Field, json: &Json) -> Result<Option<Value>, Problem> {
    let wrong =
        || problem(field, "not_an_amount", "Write an amount as {\"minor\": 4850000, \"currency\": \"EUR\"} or as text: 48500.00 EUR.");
    match json {
        Json::Object(map) => {
            if map.keys().any(|k| k != "minor" && k != "currency") {
                return Err(wrong());
            }
            let minor = map.get("minor").and_then(Json::as_i64).ok_or_else(wrong)?;
            let currency = map.get("currency").and_then(Json::as_str).ok_or_else(wrong)?;
            Ok(Some(Value::Money { minor, currency: currency_code(currency).ok_or_else(wrong)? }))
        }
        Json::String(text) if text.trim().is_empty() => Ok(None),
        Json::String(text) => {
            let (amount, currency) = text.trim().rsplit_once(' ').ok_or_else(wrong)?;
            let currency = currency_code(currency).ok_or_else(wrong)?;
            let micros = decimal(amount.trim()).map_err(|d| problem(field, "not_an_amount", d))?;
            let unit = 10_i64.pow(6 - decimals(&currency));
            if micros % unit != 0 {
                return Err(problem(field, "too_precise", format!("{currency} has {} decimals.", decimals(&currency))));
            }
            Ok(Some(Value::Money { minor: micros / unit, currency }))
        }
        _ => Err(wrong()),
    }
}

fn currency_code(text: &str) -> Option<String> {
    (text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
}

/// Decimals of a currency's minor unit (ISO 4217), at most three here.
pub fn decimals(currency: &str) -> u32 {
    match currency {
        "JPY" | "KRW" | "VND" | "CLP" | "ISK" | "UGX" | "XAF" | "XOF" | "XPF" | "PYG" | "RWF" | "KMF" | "GNF" | "DJF" | "BIF" | "VUV" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

fn money_amount(minor: i64, currency: &str) -> String {
    let places = decimals(currency);
    let unit = 10_u64.pow(places);
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part:0width$}", width = places as usize) }
}

fn parse_address(field: &Field, json: &Json) -> Result<Option<Value>, Problem> {
    let mut address = Address::default();
    match json {
        Json::Object(map) => {
            for (key, part) in map {
                let Json::String(text) = part else { return Err(problem(field, "wrong_type", "Each part of an address is a text.")) };
                bounded(field, text, MAX_TEXT)?;
                if !address.set(key, text.trim()) {
                    return Err(problem(field, "unknown_part", "An address has street, city, region, postal_code and country."));
                }
            }
        }
        Json::String(text) => {
            bounded(field, text, MAX_TEXT)?;
            text.trim().clone_into(&mut address.street);
        }
        _ => return Err(problem(field, "wrong_type", "Write an address as an object or a text.")),
    }
    Ok((address != Address::default()).then_some(Value::Address(address)))
}

/// Reads a decimal with at most six decimals into millionths; refuses what does not fit, in words.
fn decimal(text: &str) -> Result<i64, String> {
    let refuse = || "Write a number such as 1234.5, without separators for thousands.".to_owned();
    if text.len() > 40 {
        return Err("The number is longer than 40 digits.".to_owned());
    }
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |t| (true, t));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
        return Err(refuse());
    }
    let part = part.trim_end_matches('0');
    if part.len() > 6 {
        return Err("At most six decimals.".to_owned());
    }
    let too_large = || "The number must lie between -9,223,372,036,854 and 9,223,372,036,854.".to_owned();
    let whole: i64 = whole.parse().map_err(|_| too_large())?;
    let micros: i64 = format!("{part:0<6}").parse().map_err(|_| refuse())?;
    let n = whole.checked_mul(1_000_000).and_then(|n| n.checked_add(micros)).ok_or_else(too_large)?;
    Ok(if negative { -n } else { n })
}

fn number_text(micros: i64) -> String {
    let (sign, n) = (if micros < 0 { "-" } else { "" }, micros.unsigned_abs());
    let text = format!("{sign}{}.{:06}", n / 1_000_000, n % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A JSON number where a reader's floating point keeps it exactly, its text otherwise.
fn number_json(micros: i64) -> Json {
    if micros % 1_000_000 == 0 {
        return Json::from(micros / 1_000_000);
    }
    let text = number_text(micros);
    let exact = text.parse::<f64>().ok().filter(|f| f.to_string() == text).and_then(serde_json::Number::from_f64);
    exact.map_or(Json::String(text), Json::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use proptest::prelude::*;

    fn field(kind: FieldType) -> Field {
        let mut field = builtin().kind("person").unwrap().field("name").unwrap().clone();
        field.kind = kind;
        field
    }

    #[test]
    fn amounts_are_read_in_minor_units() {
        let money = field(FieldType::Money);
        assert_eq!(Value::parse(&money, &json!("48500.50 EUR")), Ok(Some(Value::Money { minor: 4_850_050, currency: "EUR".into() })));
        assert_eq!(Value::parse(&money, &json!("100 jpy")), Ok(Some(Value::Money { minor: 100, currency: "JPY".into() })));
        assert_eq!(Value::parse(&money, &json!("1.005 EUR")).unwrap_err().code, "too_precise");
        assert_eq!(Value::Money { minor: -5, currency: "EUR".into() }.display(), "-0.05 EUR");
    }

    #[test]
    fn absurd_numbers_are_refused_in_words() {
        let number = field(FieldType::Number);
        assert_eq!(Value::parse(&number, &json!("9".repeat(1_000_000))).unwrap_err().code, "not_a_number");
        assert_eq!(Value::parse(&number, &json!(1e300)).unwrap_err().code, "not_a_number");
        assert_eq!(Value::parse(&number, &json!("-12.5")), Ok(Some(Value::Number(-12_500_000))));
    }

    #[test]
    fn nul_is_refused_and_emptiness_is_no_value() {
        let text = field(FieldType::Text);
        assert_eq!(Value::parse(&text, &json!("a\u{0}b")).unwrap_err().code, "nul_character");
        assert_eq!(Value::parse(&text, &json!("  ")), Ok(None));
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,200}", t in 0usize..13) {
            let _ = Value::parse(&field(FieldType::ALL[t]), &Json::String(text));
        }

        #[test]
        fn what_is_read_is_written_back_equal(n in -9_000_000_000_000i64..9_000_000_000_000, part in 0i64..1_000_000) {
            let number = field(FieldType::Number);
            let text = format!("{n}.{part:06}");
            let value = Value::parse(&number, &Json::String(text)).unwrap().unwrap();
            for written in [Json::String(value.display()), value.to_json()] {
                let read = Value::parse(&number, &written).unwrap();
                prop_assert_eq!(Some(&value), read.as_ref());
            }
        }
    }
}
