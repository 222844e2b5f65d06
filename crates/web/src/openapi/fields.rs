//! Fields of records: their schemas, and the check that a body keeps to them. The two stand together so that neither promises more.

use catalogue::{Field, FieldType, Kind};
use kernel::{Code, Error, Instant, Problem, Result};
use serde_json::{Map, Value, json};

use super::{
    doc::reference,
    shared::{PLAIN, id, id_or_null, object, time},
};

const LINE_MAX: usize = 1_000;
const TEXT_MAX: usize = 1_000_000;
const EMAIL_MAX: usize = 320;
const PHONE_MAX: usize = 60;
const MANY_MAX: usize = 100;
/// Whole numbers that every reader of JSON keeps exactly (RFC 8259 §6).
const EXACT: i64 = 9_007_199_254_740_991;
/// The largest number that fits in millionths.
const NUMBER_MAX: i64 = 9_223_372_036_853;
const SOME_TEXT: &str = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$";
const PHONE: &str = "^[^\\u0000]*[0-9][^\\u0000]*[0-9][^\\u0000]*[0-9][^\\u0000]*$";
const PARTS: [&str; 5] = ["street", "city", "region", "postal_code", "country"];

/// The name of a kind's schemas: `web_event` is `WebEvent`.
pub fn type_name(key: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
    };
    key.split('_').map(capital).collect()
}

/// A kind's schemas: what a record is made with, changed by, and shown as.
pub fn schemas(kind: &Kind) -> Map<String, Value> {
    let name = type_name(&kind.key);
    let fields = |what: &str| reference(&format!("{name}{what}"));
    let described = |mut schema: Value, field: &Field| {
        schema["title"] = field.label.clone().into();
        schema
    };
    let writable = |filled: bool| -> Value {
        let properties: Map<_, _> = kind.writable().map(|f| (f.key.clone(), described(taken(f), f))).collect();
        let required: Vec<&str> = kind.writable().filter(|f| filled && f.required).map(|f| f.key.as_str()).collect();
        json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
    };
    let shown: Map<_, _> = kind
        .fields
        .iter()
        .map(|field| {
            let mut schema = described(json!({ "anyOf": [given(field), reference("Withheld"), reference("Masked")] }), field);
            if field.system || field.retired {
                schema["readOnly"] = true.into();
            }
            (field.key.clone(), schema)
        })
        .collect();
    let owner = ("?owner", id_or_null("usr"));
    let version = json!({ "type": "integer", "minimum": 1 });
    let record = object(&[
        ("id", id("rec")),
        ("kind", json!({ "const": kind.key })),
        ("version", version),
        ("?state", json!({ "enum": ["live", "restricted"] })),
        owner.clone(),
        ("?title", json!({ "type": "string", "description": "What names it, as far as you may see it." })),
        ("?created", time()),
        ("?captured", time()),
        ("?updated", time()),
        (
            "?kept_until",
            json!({ "type": ["string", "null"], "format": "date", "description": "The last day it is kept through, as last decided." }),
        ),
        ("?usable_for", json!({ "type": "array", "items": reference("Purpose") })),
        ("?fields", fields("Fields")),
    ]);
    let linked = object(&[("id", id("rec")), ("kind", json!({ "type": "string" })), ("title", json!({ "type": "string" }))]);
    let row = {
        let mut row = record.clone();
        row["properties"]["links"] =
            json!({ "type": "object", "description": "What its links point to, by id.", "additionalProperties": linked });
        row
    };
    let list = object(&[
        ("items", json!({ "type": "array", "items": row })),
        ("next", json!({ "type": ["string", "null"], "description": "The cursor of the next page." })),
        (
            "total",
            json!({ "type": ["integer", "null"], "description": "How many there are, on the first page; 1001 means more than 1000, null that it was not counted." }),
        ),
        ("exact_order", json!({ "type": "boolean", "description": "False where so many names begin alike that ties fall to the id." })),
    ]);
    [
        (format!("{name}FieldsIn"), writable(true)),
        (format!("{name}FieldsPatch"), writable(false)),
        (format!("{name}Fields"), json!({ "type": "object", "properties": shown, "additionalProperties": false })),
        (format!("{name}In"), object(&[("fields", fields("FieldsIn")), owner.clone()])),
        (format!("{name}Patch"), object(&[("?fields", fields("FieldsPatch")), owner])),
        (name.clone(), record),
        (format!("{name}List"), list),
    ]
    .into_iter()
    .collect()
}

/// The schema of a field as it is taken.
fn taken(field: &Field) -> Value {
    let one = one(field);
    if field.many {
        return json!({ "type": ["array", "null"], "items": one, "maxItems": MANY_MAX });
    }
    if field.required {
        let mut schema = one;
        if schema["pattern"] == PLAIN {
            schema["pattern"] = SOME_TEXT.into();
        }
        return schema;
    }
    nullable(one)
}

fn nullable(mut schema: Value) -> Value {
    if let Some(options) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        options.push(Value::Null);
    } else if let Some(kind) = schema.get("type").cloned() {
        schema["type"] = json!([kind, "null"]);
    }
    schema
}

/// The schema of one value as it is taken.
fn one(field: &Field) -> Value {
    let line = |most: usize, pattern: &str| json!({ "type": "string", "maxLength": most, "pattern": pattern });
    match field.kind {
        FieldType::Text | FieldType::Url => line(LINE_MAX, PLAIN),
        FieldType::LongText => line(TEXT_MAX, PLAIN),
        FieldType::Number => json!({
            "type": "number", "minimum": -NUMBER_MAX, "maximum": NUMBER_MAX, "description": "Kept to six decimals."
        }),
        FieldType::Money => object(&[
            ("minor", json!({ "type": "integer", "minimum": -EXACT, "maximum": EXACT, "description": "Minor units: cents." })),
            ("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217." })),
        ]),
        FieldType::Date => json!({ "type": "string", "format": "date" }),
        FieldType::Datetime => time(),
        FieldType::Select => json!({ "enum": field.options.iter().map(|o| o.key.as_str()).collect::<Vec<_>>() }),
        FieldType::Link => {
            let mut schema = id("rec");
            schema["description"] = format!("A record of the kind {}.", field.links_to.as_deref().unwrap_or_default()).into();
            schema
        }
        FieldType::Email => json!({ "type": "string", "format": "email", "maxLength": EMAIL_MAX }),
        FieldType::Phone => line(PHONE_MAX, PHONE),
        FieldType::Address => {
            let properties: Map<_, _> = PARTS.iter().map(|part| ((*part).to_owned(), line(LINE_MAX, PLAIN))).collect();
            json!({ "type": "object", "properties": properties, "additionalProperties": false })
        }
        FieldType::Bool => json!({ "type": "boolean" }),
    }
}

/// The schema of a field as it is given: without bounds, for what came in by other ways than this.
fn given(field: &Field) -> Value {
    let one = match field.kind {
        FieldType::Text | FieldType::LongText | FieldType::Url | FieldType::Email | FieldType::Phone | FieldType::Select => {
            json!({ "type": "string" })
        }
        FieldType::Number => {
            json!({ "type": ["number", "string"], "description": "A text where a floating-point number would not keep it." })
        }
        FieldType::Money => object(&[("minor", json!({ "type": "integer" })), ("currency", json!({ "type": "string" }))]),
        FieldType::Link => id("rec"),
        FieldType::Date | FieldType::Datetime | FieldType::Address | FieldType::Bool => one(field),
    };
    if field.many { json!({ "type": "array", "items": one }) } else { one }
}

/// Keeps a body to the schema above, before the catalogue reads it: the catalogue also takes what forms and spreadsheets send.
/// Errors: invalid_input naming each field.
pub fn keep_to_schema(kind: &Kind, fields: &mut Map<String, Value>) -> Result<()> {
    let mut problems = Vec::new();
    for (key, value) in fields.iter_mut() {
        let Some(field) = kind.field(key) else { continue };
        let kept = match value {
            Value::Null => !field.required,
            Value::Array(values) if field.many => values.len() <= MANY_MAX && values.iter_mut().all(|value| fits(field, value)),
            value => !field.many && fits(field, value),
        };
        if !kept {
            let detail = "This value is not of the form that the description of this field asks for.".to_owned();
            problems.push(Problem { pointer: format!("/fields/{key}"), code: "wrong_type", detail });
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::new(Code::InvalidInput, "Some fields cannot be accepted; nothing was changed.").with_problems(problems))
    }
}

/// Whether one value is of its field's form; a number is rounded to the six decimals that are kept.
fn fits(field: &Field, value: &mut Value) -> bool {
    let text = |value: &Value, most: usize| value.as_str().is_some_and(|text| text.chars().count() <= most);
    match field.kind {
        FieldType::Number => match value.as_f64() {
            Some(n) if n.abs() <= NUMBER_MAX as f64 => {
                if !value.is_i64() {
                    *value = Value::String(format!("{n:.6}"));
                }
                true
            }
            _ => false,
        },
        FieldType::Money => value.as_object_mut().is_some_and(|money| {
            let whole = money.get("minor").and_then(Value::as_f64).filter(|n| n.fract() == 0.0 && n.abs() <= EXACT as f64);
            let code = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
            let currency = money.get("currency").and_then(Value::as_str).is_some_and(code);
            if let Some(minor) = whole {
                // 4850.0 is a whole number too (JSON Schema).
                money.insert("minor".to_owned(), Value::from(minor as i64));
            }
            money.len() == 2 && whole.is_some() && currency
        }),
        FieldType::Date => value.as_str().is_some_and(is_date),
        FieldType::Datetime => value.as_str().is_some_and(is_time),
        FieldType::Bool => value.is_boolean(),
        FieldType::Select => value.as_str().is_some_and(|text| field.options.iter().any(|o| o.key == text)),
        FieldType::Link => value.as_str().is_some_and(|text| text.parse::<kernel::RecordId>().is_ok()),
        FieldType::Email => text(value, EMAIL_MAX),
        FieldType::Phone => text(value, PHONE_MAX),
        FieldType::LongText => text(value, TEXT_MAX),
        FieldType::Text | FieldType::Url => {
            text(value, LINE_MAX) && (!field.required || value.as_str().is_some_and(|t| !t.trim().is_empty()))
        }
        FieldType::Address => {
            value.as_object().is_some_and(|parts| parts.iter().all(|(part, value)| PARTS.contains(&part.as_str()) && text(value, LINE_MAX)))
        }
    }
}

/// RFC 3339 `full-date`.
pub fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// RFC 3339 `date-time`.
pub fn is_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    let zoned =
        text.ends_with(['Z', 'z']) || (text.len() > 6 && matches!(bytes[bytes.len() - 6], b'+' | b'-') && bytes[bytes.len() - 3] == b':');
    zoned && text.len() >= 20 && matches!(bytes[10], b'T' | b't') && Instant::parse(text).is_some()
}
