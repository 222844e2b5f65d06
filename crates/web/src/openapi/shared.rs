//! What many operations share: problems, ids, headers.

use catalogue::{
    Catalogue, Class, FieldType, Index, Mask, Outcome, PIPELINES_MAX, PURPOSES, Protection, REASONS_MAX, ROTS_MAX, STAGES_MAX,
};
use http::StatusCode;
use kernel::Code;
use serde_json::{Map, Value, json};

/// The pattern of text that has no NUL character: the whole of JSON's text that is taken.
pub const PLAIN: &str = "^[^\\u0000]*$";

/// The longest cursor.
pub const CURSOR_MAX: usize = 8_000;

/// The schema of a cursor in an address.
pub fn cursor() -> Value {
    json!({ "type": "string", "maxLength": CURSOR_MAX, "pattern": "^[A-Za-z0-9_-]+$" })
}

/// The schema of text without NUL characters.
pub fn plain_text() -> Value {
    json!({ "type": "string", "pattern": PLAIN })
}

/// The schema of an id with this prefix.
pub fn id(prefix: &str) -> Value {
    json!({ "type": "string", "pattern": format!("^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"), "examples": [format!("{prefix}_01kx2zq5d8e9ws7m4t6v0b3c1n")] })
}

/// The schema of an id that may be absent.
pub fn id_or_null(prefix: &str) -> Value {
    let mut schema = id(prefix);
    schema["type"] = json!(["string", "null"]);
    schema
}

/// The schema of a key of our own: lower case letters, digits and underscores.
pub fn key() -> Value {
    json!({ "type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$" })
}

/// The schema of a text of 1 to `most` characters.
pub fn text(most: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": PLAIN })
}

/// The schema of a text of at most so many characters, of which one is no space.
pub fn sentence(most: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": most, "pattern": "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$" })
}

/// The schema of a point in time.
pub fn time() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

/// The schema of an object of exactly these properties; those without `?` before their name are required.
pub fn object(properties: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = properties.iter().filter(|(name, _)| !name.starts_with('?')).map(|(name, _)| *name).collect();
    let properties: Map<String, Value> =
        properties.iter().map(|(name, schema)| (name.trim_start_matches('?').to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

/// The schema of a list under `items`.
pub fn items(of: &Value) -> Value {
    object(&[("items", json!({ "type": "array", "items": of }))])
}

/// The name of the shared response of a status.
pub fn response_name(status: u16) -> String {
    let words = StatusCode::from_u16(status).ok().and_then(|s| s.canonical_reason()).unwrap_or("Error");
    words.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// One response for each status that a refusal may have.
pub fn responses() -> Map<String, Value> {
    let mut all = Map::new();
    for code in Code::ALL {
        let codes: Vec<&str> = Code::ALL.iter().filter(|c| c.status() == code.status()).map(|c| c.as_str()).collect();
        let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/RequestId" } });
        match code {
            Code::RateLimited | Code::Unavailable => headers["Retry-After"] = json!({ "$ref": "#/components/headers/Retry-After" }),
            Code::Unauthenticated => headers["WWW-Authenticate"] = json!({ "$ref": "#/components/headers/WWW-Authenticate" }),
            _ => {}
        }
        let response = json!({
            "description": format!("Refused: {}.", codes.join(", ")),
            "headers": headers,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        });
        all.insert(response_name(code.status()), response);
    }
    all
}

/// The headers that answers carry.
pub fn headers() -> Value {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    json!({
        "RequestId": { "description": "What our log knows this request by.", "required": true, "schema": { "type": "string", "pattern": "^[0-9a-z]{4}-[0-9a-z]{4}$" } },
        "ETag": { "description": "The version, for If-Match and If-None-Match.", "required": true, "schema": { "type": "string", "pattern": "^\"v[1-9][0-9]*\"$" } },
        "Content-Disposition": { "description": "The name to save it under (RFC 6266).", "required": true, "schema": { "type": "string", "pattern": "^attachment; filename=" } },
        "Location": { "description": "The address of what was made.", "required": true, "schema": { "type": "string" } },
        "Retry-After": { "description": "Seconds to wait.", "required": true, "schema": { "type": "string", "pattern": "^[0-9]+$" } },
        "WWW-Authenticate": text("How to say who you are."),
    })
}

/// The schemas that do not depend on a kind.
pub fn schemas(catalogue: &Catalogue) -> Map<String, Value> {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let place = object(&[
        ("pointer", json!({ "type": "string", "description": "Where (RFC 6901)." })),
        ("code", json!({ "type": "string" })),
        ("detail", json!({ "type": "string", "description": "What to do." })),
    ]);
    let problem = object(&[
        ("type", json!({ "type": "string" })),
        ("title", json!({ "type": "string" })),
        ("status", json!({ "type": "integer" })),
        ("code", json!({ "enum": codes })),
        ("detail", json!({ "type": "string" })),
        ("errors", json!({ "type": "array", "items": place })),
        ("request_id", json!({ "type": "string" })),
    ]);
    let itself = json!({ "$ref": "#/components/schemas/Plain" });
    let plain = json!({ "description": "Any JSON without NUL characters.", "anyOf": [
        { "type": ["null", "boolean", "number"] }, plain_text(), { "type": "array", "items": itself },
        { "type": "object", "propertyNames": plain_text(), "additionalProperties": itself },
    ] });
    let withheld = object(&[("withheld", json!({ "enum": ["purpose", "class"], "description": "Why the value is not shown." }))]);
    let masked = object(&[("masked", json!({ "type": "string", "description": "What may be seen of it." }))]);
    let purposes: Vec<&str> = PURPOSES.iter().map(|p| p.key).collect();
    let keys: Vec<&str> = catalogue.kinds().map(|kind| kind.key.as_str()).collect();
    let Value::Object(all) = json!({
        "Problem": problem,
        "Plain": plain,
        "Withheld": withheld,
        "Masked": masked,
        "Purpose": { "enum": purposes },
        "KindKey": { "enum": keys, "description": "A kind's key." },
        "Kind": kind(false),
        "KindIn": kind(true),
    }) else {
        return Map::new();
    };
    all
}

/// A kind, as given or (with defaults left out) as taken.
fn kind(taken: bool) -> Value {
    let name = json!({ "type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$" });
    let choice = object(&[("key", key()), ("label", name.clone())]);
    let class: Vec<&str> = Class::ALL.iter().map(|c| c.as_str()).collect();
    let types: Vec<&str> = FieldType::ALL.iter().map(|t| t.as_str()).collect();
    let protections = words(&[Protection::Sealed, Protection::Open]);
    let indexes = words(&[Index::None, Index::Exact, Index::Word, Index::Prefix]);
    let masks = words(&[Mask::None, Mask::Email, Mask::LastFour, Mask::Full]);
    let flag = json!({ "type": "boolean" });
    let field = object(&[
        ("key", key()),
        ("label", name.clone()),
        ("type", json!({ "enum": types })),
        ("?many", flag.clone()),
        ("?protection", json!({ "enum": protections })),
        ("?category", json!({ "type": "string", "maxLength": 80, "pattern": PLAIN, "description": "W3C DPV personal data category." })),
        ("?class", json!({ "enum": class })),
        ("?purposes", json!({ "type": "array", "items": { "$ref": "#/components/schemas/Purpose" } })),
        ("?index", json!({ "enum": indexes })),
        ("?mask", json!({ "enum": masks })),
        ("?options", json!({ "type": "array", "items": choice })),
        ("?links_to", json!({ "type": ["string", "null"] })),
        ("?required", flag.clone()),
        ("?listed", flag.clone()),
        ("?system", flag.clone()),
        ("?retired", flag.clone()),
    ]);
    let mut properties = vec![
        ("key", key()),
        ("label", name.clone()),
        ("plural", name.clone()),
        ("path", key()),
        ("title", key()),
        ("?is_person", flag.clone()),
        ("?field", json!({ "type": "array", "maxItems": 300, "items": field })),
    ];
    properties.extend(pipelines(&name));
    if !taken {
        properties.push(("?custom", flag));
    }
    object(&properties)
}

/// The pipelines of a kind and why its records are won or lost. A record's stage says which pipeline it is in.
fn pipelines(name: &Value) -> [(&'static str, Value); 3] {
    let flag = json!({ "type": "boolean" });
    let outcomes = words(&Outcome::ALL);
    let stage = object(&[
        ("key", key()),
        ("label", name.clone()),
        (
            "?probability",
            json!({ "type": "integer", "minimum": 0, "maximum": 100, "description": "How likely it is to be won, in percent." }),
        ),
        ("?outcome", json!({ "enum": outcomes })),
        (
            "?rots_after",
            json!({ "type": ["integer", "null"], "minimum": 1, "maximum": ROTS_MAX, "description": "The days in it after which a record rots." }),
        ),
        ("?retired", flag.clone()),
    ]);
    let pipeline = object(&[
        ("key", key()),
        ("label", name.clone()),
        (
            "stages",
            json!({ "type": "array", "maxItems": STAGES_MAX, "items": stage, "description": "In their order. A key is unique among all pipelines." }),
        ),
        ("?reason_needed", json!({ "type": "boolean", "description": "Whether nothing is closed in it without a reason." })),
        ("?retired", flag.clone()),
    ]);
    let reason = object(&[
        ("key", key()),
        ("label", name.clone()),
        ("outcome", json!({ "enum": [Outcome::Won.as_str(), Outcome::Lost.as_str()] })),
        ("?retired", flag),
    ]);
    let kept = "Left out, they stay as they are.";
    let consents: Vec<&str> = PURPOSES.iter().filter(|one| one.needs_consent).map(|one| one.key).collect();
    let consent = "The purpose to which the people it is about must have consented, or no record of it is kept.";
    [
        ("?consent", json!({ "enum": consents, "description": consent })),
        ("?pipelines", json!({ "type": "array", "maxItems": PIPELINES_MAX, "items": pipeline, "description": kept })),
        ("?reasons", json!({ "type": "array", "maxItems": REASONS_MAX, "items": reason, "description": kept })),
    ]
}

/// The words that values of an enumeration are written as in JSON.
fn words<T: serde::Serialize>(values: &[T]) -> Vec<Value> {
    values.iter().map(|value| serde_json::to_value(value).unwrap_or_default()).collect()
}
