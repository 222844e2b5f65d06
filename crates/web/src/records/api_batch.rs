//! Many records in one request, each row with a result of its own.

use axum::{
    extract::{Path, State},
    response::Response,
};
use catalogue::Kind;
use crm::{
    permits::WriteRecords,
    records::{self, Change, Once, RecordPatch},
};
use http::{HeaderMap, StatusCode};
use kernel::{Code, Error, RecordId, Result, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use trail::{Actor, Permit};

use super::api::{RecordIn, kind_of, new_record, read_fields, under_fields};
use crate::{
    api::{Caller, address::Asked, once},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc, reference,
        shared::{id, object, plain_text},
    },
    router::Web,
};

/// The most rows of one request.
const ROWS: usize = 5_000;
/// The largest body.
pub const BODY: usize = 32 << 20;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BatchIn {
    items: Vec<Row>,
}

#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Row {
    op: RowOp,
    #[serde(default)]
    id: Option<RecordId>,
    #[serde(default, deserialize_with = "catalogue::whole_or_null")]
    version: Option<i64>,
    #[serde(default)]
    owner: Option<UserId>,
    fields: Map<String, Json>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum RowOp {
    Create,
    Update,
}

/// What came of a row, as answered and as kept for a repetition: ids and words of our own.
type Outcome = Json;

/// `POST /people/batch`.
pub async fn batch(
    State(web): State<Web>,
    caller: Caller,
    Path(word): Path<String>,
    uri: http::Uri,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<BatchIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let permit = caller.actor.permit::<WriteRecords>()?;
    if given.items.is_empty() || given.items.len() > ROWS {
        return Err(Error::invalid("/items", "out_of_range", format!("A batch has 1 to {ROWS} rows.")).into());
    }
    check_rows(&given.items)?;
    let whole = once::asked(&web, &caller, &headers, &kind.key, &given)?;
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(given.items.len());
    for (n, rows) in given.items.chunks(records::ROWS).enumerate() {
        let part = whole.as_ref().map(|whole| whole.part(n));
        outcomes.extend(portion(&web, &caller.actor, &permit, &kind, rows, part).await?);
    }
    let failed = outcomes.iter().filter(|o| o.get("problem").is_some()).count();
    answer(StatusCode::OK, &json!({ "items": outcomes, "succeeded": given.items.len() - failed, "failed": failed }))
}

/// An update says what it updates; a creation does not.
fn check_rows(rows: &[Row]) -> Result<()> {
    for (n, row) in rows.iter().enumerate() {
        let wrong = match row.op {
            RowOp::Create if row.id.is_some() || row.version.is_some() => Some(("id", "A row that creates has no id and no version.")),
            RowOp::Update if row.id.is_none() => Some(("id", "A row that updates needs the record's id.")),
            RowOp::Update if row.version.is_none_or(|v| v < 1) => Some(("version", "A row that updates needs the version it changes.")),
            _ => None,
        };
        if let Some((place, words)) = wrong {
            return Err(Error::invalid(format!("/items/{n}/{place}"), "required", words));
        }
    }
    Ok(())
}

enum Ready {
    New(Box<records::NewRecord>),
    Change(Change),
    Refused(Error),
}

fn read(kind: &Kind, row: &Row) -> Ready {
    let ready = match (row.op, row.id) {
        (RowOp::Update, Some(id)) => read_fields(kind, row.fields.clone())
            .map(|fields| Ready::Change(Change { id, expected: row.version, patch: RecordPatch { fields, owner: row.owner.map(Some) } })),
        _ => new_record(kind, RecordIn { fields: row.fields.clone(), owner: row.owner }).map(|new| Ready::New(Box::new(new))),
    };
    ready.unwrap_or_else(Ready::Refused)
}

/// The rows of one unit of creations and one of changes; their outcomes in the order of the rows.
async fn portion(
    web: &Web,
    actor: &Actor,
    permit: &Permit<WriteRecords>,
    kind: &Kind,
    rows: &[Row],
    once: Option<Once>,
) -> Result<Vec<Outcome>> {
    let (mut outcomes, mut makes, mut changes) = (vec![Json::Null; rows.len()], Vec::new(), Vec::new());
    for (n, row) in rows.iter().enumerate() {
        match read(kind, row) {
            Ready::New(new) => makes.push((n, *new)),
            Ready::Change(change) => changes.push((n, change)),
            Ready::Refused(error) => outcomes[n] = refusal(error),
        }
    }
    let (made_at, news): (Vec<usize>, Vec<_>) = makes.into_iter().unzip();
    let (changed_at, changes): (Vec<usize>, Vec<_>) = changes.into_iter().unzip();
    if !news.is_empty() {
        let (key, permit, once) = (kind.key.clone(), permit.clone(), once.as_ref().map(|once| once.part(0)));
        let made = web.app.write(actor, move |unit| {
            records::first(unit, once.as_ref(), 200, |unit| {
                let results = records::create_many(unit, &permit, &key, news.clone())?;
                kept(results.into_iter().map(|r| r.map_or_else(refusal, |id| json!({ "status": 201, "id": id, "version": 1 }))))
            })
        });
        place(&mut outcomes, &made_at, &made.await?)?;
    }
    if !changes.is_empty() {
        let (key, permit, once) = (kind.key.clone(), permit.clone(), once.as_ref().map(|once| once.part(1)));
        let changed = web.app.write(actor, move |unit| {
            records::first(unit, once.as_ref(), 200, |unit| {
                let ids: Vec<RecordId> = changes.iter().map(|c| c.id).collect();
                let results = records::update_many(unit, &permit, &key, changes.clone())?;
                let done = |(result, id): (Result<i64>, &RecordId)| {
                    result.map_or_else(refusal, |version| json!({ "status": 200, "id": id, "version": version }))
                };
                kept(results.into_iter().zip(&ids).map(done))
            })
        });
        place(&mut outcomes, &changed_at, &changed.await?)?;
    }
    Ok(outcomes)
}

/// Outcomes as they are kept for a repetition.
fn kept(outcomes: impl Iterator<Item = Outcome>) -> Result<String> {
    serde_json::to_string(&outcomes.collect::<Vec<_>>()).map_err(Error::internal)
}

fn place(outcomes: &mut [Outcome], at: &[usize], text: &str) -> Result<()> {
    let kept: Vec<Outcome> = serde_json::from_str(text).map_err(Error::internal)?;
    for (n, outcome) in at.iter().zip(kept) {
        if let Some(slot) = outcomes.get_mut(*n) {
            *slot = outcome;
        }
    }
    Ok(())
}

/// A row's refusal: what a refused request says, without its reference.
fn refusal(error: Error) -> Outcome {
    let error = under_fields(error);
    let problems: Vec<Json> =
        error.problems().iter().map(|p| json!({ "pointer": p.pointer, "code": p.code, "detail": p.detail })).collect();
    json!({ "status": error.code().status(), "problem": { "code": error.code().as_str(), "detail": error.detail(), "errors": problems } })
}

/// How it is described.
pub fn doc(about: &About) -> Doc {
    let plural = about.kind.map_or("records", |kind| &kind.plural).to_lowercase();
    let fields = json!({
        "type": "object", "propertyNames": plain_text(), "additionalProperties": reference("Plain"),
        "description": "As for one record; what is wrong with a row is its result and stops no other.",
    });
    let version = json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000_000 });
    let owner = ("?owner", crate::openapi::shared::id_or_null("usr"));
    let row = json!({ "anyOf": [
        object(&[("op", json!({ "const": "create" })), owner.clone(), ("fields", fields.clone())]),
        object(&[("op", json!({ "const": "update" })), ("id", id("rec")), ("version", version.clone()), owner, ("fields", fields)]),
    ] });
    let place =
        object(&[("pointer", json!({ "type": "string" })), ("code", json!({ "type": "string" })), ("detail", json!({ "type": "string" }))]);
    let problem = object(&[
        ("code", json!({ "type": "string" })),
        ("detail", json!({ "type": "string" })),
        ("errors", json!({ "type": "array", "items": place })),
    ]);
    let outcome = object(&[("status", json!({ "type": "integer" })), ("?id", id("rec")), ("?version", version), ("?problem", problem)]);
    let count = json!({ "type": "integer", "minimum": 0 });
    Doc::new(format!("batch_{}", about.key()), "records", format!("Make and change many {plural}"))
        .needs("write")
        .more(format!("Up to {ROWS} rows. Within each two hundred rows creations come before changes. Each row has a result, in the order of the rows."))
        .once()
        .body(object(&[("items", json!({ "type": "array", "minItems": 1, "maxItems": ROWS, "items": row }))]))
        .answer(200, "A result for each row.", object(&[("items", json!({ "type": "array", "items": outcome })), ("succeeded", count.clone()), ("failed", count)]))
        .refuses(&[Code::NotFound, Code::StorageFull])
}
