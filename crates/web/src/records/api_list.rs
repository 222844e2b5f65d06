//! Lists of records for programs: by an address that names open fields alone, or by a body that may name sealed ones.

use axum::{
    extract::{Path, State},
    response::Response,
};
use catalogue::{Field, FieldType, Index, Kind};
use crm::{
    records::Detail,
    views::{self, Condition, Filter, LIMIT, LIMIT_MAX, ListPage, ListQuery, Op, Sort},
};
use http::StatusCode;
use kernel::{Code, Error, Result};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::api::kind_of;
use crate::{
    api::{
        Caller,
        address::{Asked, cursor_gone},
    },
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{CURSOR_MAX, PLAIN, cursor, id, object},
    },
    router::Web,
};

/// `GET /people?filter[relation][eq]=lead&sort=-updated`.
pub async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(word): Path<String>,
    uri: http::Uri,
    mut asked: Asked,
) -> Result<Response, Refused> {
    let kind = kind_of(&web, &uri, &word)?;
    let mut query = ListQuery::of(&kind.key);
    query.limit = asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    query.cursor = asked.take("cursor");
    if let Some(sort) = asked.take("sort") {
        query.sort = sort_of(&sort);
    }
    if let Some(columns) = asked.take("fields") {
        query.columns = columns.split(',').map(str::to_owned).collect();
    }
    let mut all = Vec::new();
    for (name, value) in asked.rest() {
        let one = condition(&name, value)?;
        let is_number = kind.field(&one.field).is_some_and(|field| field.kind == FieldType::Number);
        if is_number && one.value.as_str().is_some_and(|text| !is_decimal(text)) {
            let words = "Write a number of at most nine digits before the point and six after it, such as 12.5.";
            return Err(Error::invalid(format!("/filter/{}", one.field), "not_a_number", words).into());
        }
        all.push(Filter::One(one));
    }
    query.filter = (!all.is_empty()).then_some(Filter::All { all });
    answered(&web, &caller, query).await
}

/// `filter[field][op]=value`. Error: invalid_input.
fn condition(name: &str, value: String) -> Result<Condition> {
    let unknown = || {
        let words = "The query of the address names something unknown here. Filters are written filter[field][op]=value.";
        Error::new(Code::InvalidInput, words)
    };
    let inside = name.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')).ok_or_else(unknown)?;
    let (field, op) = inside.split_once("][").ok_or_else(unknown)?;
    let op = Op::parse(op).ok_or_else(unknown)?;
    let value = match op {
        Op::In => Json::Array(value.split(',').map(Json::from).collect()),
        Op::IsEmpty | Op::NotEmpty if value == "true" || value.is_empty() => Json::Null,
        Op::IsEmpty | Op::NotEmpty => return Err(Error::invalid(format!("/filter/{field}"), "wrong_type", "Write true, or nothing.")),
        _ => Json::String(value),
    };
    Ok(Condition::new(field, op, value))
}

/// A number as an address writes it.
fn is_decimal(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits(whole.strip_prefix('-').unwrap_or(whole), 9) && digits(part, 6)
}

/// `-updated`: by the last change, the last first.
fn sort_of(text: &str) -> Sort {
    match text.strip_prefix('-') {
        Some(by) => Sort { by: by.to_owned(), descending: true },
        None => Sort { by: text.to_owned(), descending: false },
    }
}

/// What a search in one kind is asked by.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchIn {
    #[serde(default)]
    filter: Option<Map<String, Json>>,
    #[serde(default)]
    sort: Option<Map<String, Json>>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default, deserialize_with = "catalogue::whole_or_null")]
    limit: Option<usize>,
    #[serde(default)]
    cursor: Option<String>,
}

/// `POST /people/search`: what it asks for may be personal, so it comes in the body.
pub async fn search(
    State(web): State<Web>,
    caller: Caller,
    Path(word): Path<String>,
    uri: http::Uri,
    asked: Asked,
    json::Json(given): json::Json<SearchIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let query = ListQuery {
        filter: given.filter.map(filter_of).transpose()?,
        sort: given.sort.map(|sort| object_of(sort, "/sort")).transpose()?.unwrap_or_default(),
        columns: given.fields,
        limit: given.limit.unwrap_or(LIMIT),
        cursor: given.cursor,
        via_body: true,
        ..ListQuery::of(&kind.key)
    };
    answered(&web, &caller, query).await
}

/// Reads an object; what is wrong with it is named by its place alone.
pub(crate) fn object_of<T: serde::de::DeserializeOwned>(map: Map<String, Json>, place: &str) -> Result<T> {
    serde_json::from_value(Json::Object(map))
        .map_err(|_| Error::invalid(place, "wrong_type", "This is not of the form that the description asks for."))
}

/// Reads a filter of which every condition is an object: serde would take a list of its members as well.
pub(crate) fn filter_of(map: Map<String, Json>) -> Result<Filter> {
    let mut waiting: Vec<&Map<String, Json>> = vec![&map];
    while let Some(one) = waiting.pop() {
        for inside in ["all", "any"].iter().filter_map(|word| one.get(*word)?.as_array()).flatten() {
            waiting.push(inside.as_object().ok_or_else(|| Error::invalid("/filter", "wrong_type", "Each condition is an object."))?);
        }
    }
    object_of(map, "/filter")
}

async fn answered(web: &Web, caller: &Caller, query: ListQuery) -> Result<Response, Refused> {
    let given = query.cursor.is_some();
    let page = views::serve(&web.app, &caller.actor, query, Detail::Whole).await.map_err(|error| cursor_gone(given, error))?;
    answer(StatusCode::OK, &body(page))
}

fn body(page: ListPage) -> Json {
    let items = page.rows.into_iter().map(|row| {
        let mut item = row.shown.to_json();
        let links: Map<String, Json> =
            row.links.into_values().map(|to| (to.id.to_string(), json!({ "id": to.id, "kind": to.kind, "title": to.title }))).collect();
        item["links"] = links.into();
        item
    });
    json!({ "items": items.collect::<Vec<_>>(), "next": page.next, "total": page.total, "exact_order": page.exact_order })
}

/// How `list` is described.
pub fn list_doc(about: &About) -> Doc {
    let plural = about.kind.map_or("records", |kind| &kind.plural).to_lowercase();
    let mut doc = Doc::new(format!("list_{}", about.key()), "records", format!("List {plural}"))
        .needs("read")
        .more("Filters on open fields: `filter[field][op]=value`. All of them must hold. A sealed field in the address is refused (`sealed_in_url`); use search.")
        .query("limit", "Rows of the page.", json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT }))
        .query("cursor", "`next` of the page before.", cursor());
    if let Some(kind) = about.kind {
        doc =
            doc.query("sort", "What to sort by; `-` before it for the last first.", json!({ "enum": sorts(kind), "default": "-updated" }));
        for (name, schema) in filters(kind) {
            doc = doc.query(&name, "", schema);
        }
    }
    doc.answer(200, "A page.", about.schema("List")).refuses(&[Code::SealedInUrl, Code::NotFound])
}

fn sorts(kind: &Kind) -> Vec<String> {
    let sortable = |f: &&Field| if f.is_sealed() { f.key == kind.title } else { !f.many && f.kind != FieldType::Link };
    let fields = kind.fields.iter().filter(sortable).map(|f| f.key.clone());
    let keys = ["updated", "created", "captured"].into_iter().map(str::to_owned).chain(fields);
    keys.flat_map(|key| [key.clone(), format!("-{key}")]).collect()
}

/// The filters that an address may name: for each open field its plain ones.
fn filters(kind: &Kind) -> Vec<(String, Json)> {
    let mut all =
        vec![("filter[state][eq]".to_owned(), json!({ "enum": ["live", "restricted"] })), ("filter[owner][eq]".to_owned(), id("usr"))];
    let day_or_time = json!({ "type": "string", "anyOf": [{ "format": "date" }, { "format": "date-time" }] });
    for name in ["created", "updated", "kept_until"] {
        all.extend(["ge", "lt"].map(|op| (format!("filter[{name}][{op}]"), day_or_time.clone())));
    }
    for field in kind.fields.iter().filter(|f| !f.is_sealed() && !f.many) {
        let (ops, schema): (&[&str], Json) = match field.kind {
            FieldType::Select => (&["eq", "ne"], json!({ "enum": field.options.iter().map(|o| o.key.as_str()).collect::<Vec<_>>() })),
            FieldType::Link => (&["eq"], id("rec")),
            FieldType::Bool => (&["eq"], json!({ "type": "boolean" })),
            FieldType::Number => {
                (&["eq", "ge", "lt"], json!({ "type": "string", "pattern": "^-?[0-9]{1,9}(\\.[0-9]{1,6})?$", "examples": ["12.5"] }))
            }
            FieldType::Money => (&["ge", "lt"], json!({ "type": "string", "pattern": "^[0-9]{1,9} [A-Z]{3}$", "examples": ["48500 EUR"] })),
            FieldType::Date => (&["eq", "ge", "lt"], json!({ "type": "string", "format": "date" })),
            FieldType::Datetime => (&["ge", "lt"], day_or_time.clone()),
            _ => continue,
        };
        all.extend(ops.iter().map(|op| (format!("filter[{}][{op}]", field.key), schema.clone())));
    }
    all
}

/// How `search` is described.
/// What a list of a kind is asked by, as the description has it: filter, sort, fields.
pub(crate) fn asked_by(about: &About) -> [(&'static str, Json); 3] {
    let (mut fields, mut sorted) = (vec!["owner", "state", "created", "updated", "captured", "kept_until"], Vec::new());
    if let Some(kind) = about.kind {
        fields.extend(kind.fields.iter().filter(|f| !f.is_sealed() || f.index != Index::None).map(|f| f.key.as_str()));
        sorted = sorts(kind).into_iter().filter(|by| !by.starts_with('-')).collect();
    }
    let ops: Vec<&str> = Op::ALL.iter().map(|op| op.as_str()).collect();
    let value = json!({ "anyOf": [
        { "type": ["string", "null"], "maxLength": 1_000, "pattern": PLAIN }, { "type": "boolean" }, { "type": "number" },
        { "type": "array", "minItems": 1, "maxItems": 100, "items": { "type": "string", "maxLength": 1_000, "pattern": PLAIN } },
        object(&[("minor", json!({ "type": "integer" })), ("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" }))]),
    ] });
    let condition = object(&[("field", json!({ "enum": fields })), ("op", json!({ "enum": ops })), ("?value", value)]);
    let conditions = json!({ "type": "array", "maxItems": 50, "items": condition });
    let filter = json!({
        "anyOf": [condition, object(&[("all", conditions.clone())]), object(&[("any", conditions)]), { "type": "null" }],
        "description": "One condition, or several of which `all` or `any` must hold (nested at most five deep). Sealed fields know eq and in, and by their index contains and starts.",
    });
    let sort = object(&[("by", json!({ "enum": sorted })), ("?descending", json!({ "type": "boolean" }))]);
    let columns: Vec<&str> = about.kind.map(|kind| kind.fields.iter().map(|f| f.key.as_str()).collect()).unwrap_or_default();
    [
        ("?filter", filter),
        ("?sort", json!({ "anyOf": [sort, { "type": "null" }] })),
        ("?fields", json!({ "type": "array", "items": { "enum": columns }, "description": "The fields to show; all when empty." })),
    ]
}

/// The description of a search in one kind.
pub fn search_doc(about: &About) -> Doc {
    let plural = about.kind.map_or("records", |kind| &kind.plural).to_lowercase();
    let mut body = asked_by(about).to_vec();
    body.extend([
        ("?limit", json!({ "type": ["integer", "null"], "minimum": 1, "maximum": LIMIT_MAX })),
        ("?cursor", json!({ "type": ["string", "null"], "maxLength": CURSOR_MAX, "pattern": "^[A-Za-z0-9_-]*$" })),
    ]);
    let body = object(&body);
    Doc::new(format!("search_{}", about.key()), "records", format!("Search {plural}"))
        .needs("read")
        .more("Sealed fields may be asked for: nothing of it stands in an address or a log. What a field can be asked depends on its type and index; what it cannot is refused by name.")
        .body(body)
        .answer(200, "A page.", about.schema("List"))
        .refuses(&[Code::NotFound])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_read_from_its_name() {
        let one = condition("filter[stage][in]", "won,lost".into()).unwrap();
        assert_eq!((one.field.as_str(), one.op, one.value), ("stage", Op::In, json!(["won", "lost"])));
        for name in ["filter", "filter[stage]", "filter[stage][is]", "filter[stage][eq", "stage"] {
            assert_eq!(condition(name, String::new()).unwrap_err().code(), Code::InvalidInput);
        }
    }
}
