//! The register of recipients, for programs: to whom a person's data were disclosed, and whether they were told (GDPR Art 19).

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use crm::{
    permits::HandleRequests,
    records,
    requests::{self, Disclosure, DisclosureId, Given},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, Instant, RecordId, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, address::Asked, id, once},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{id as id_schema, id_or_null, items, object, sentence, time},
    },
    router::{Access, Route, Web},
};

/// The routes of the register.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/disclosures", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/disclosures", Access::Key, || post(enter)).doc(enter_doc),
    Route::new(Method::POST, "/api/v1/disclosures/{id}/told", Access::Key, || post(told)).doc(told_doc),
];

/// The longest text of an entry.
const WORDS: usize = 1_000;

fn doc(id: &'static str, summary: &'static str) -> Doc {
    Doc::new(id, "requests", summary).needs("requests")
}

fn shown(entry: &Disclosure) -> Json {
    json!({
        "id": entry.id, "person": entry.person, "at": entry.at, "recipient": entry.given.recipient, "what": entry.given.what,
        "purpose": entry.given.purpose, "state": entry.told, "request": entry.request, "task": entry.task,
        "answered": entry.answered, "how": entry.how,
    })
}

fn schema() -> Json {
    let text = json!({ "type": "string" });
    let mut answered = time();
    answered["type"] = json!(["string", "null"]);
    object(&[
        ("id", id_schema("dis")),
        ("person", id_schema("rec")),
        ("at", time()),
        ("recipient", text.clone()),
        ("what", text.clone()),
        ("purpose", text.clone()),
        ("state", json!({ "enum": ["holds", "to_tell", "told", "impossible"] })),
        ("request", id_or_null("req")),
        ("task", id_or_null("rec")),
        ("answered", answered),
        ("how", text),
    ])
}

async fn list(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let person = asked.take("person").ok_or_else(|| Error::invalid("/person", "required", "Name the person with person=rec_…."))?;
    let person: RecordId = person.parse().map_err(|_| Error::invalid("/person", "not_an_id", "Write the person's id, as rec_…."))?;
    asked.end()?;
    let permit = caller.actor.permit::<HandleRequests>()?;
    let all = web.app.read(&caller.actor, move |unit| requests::recipients(unit, &permit, person)).await?;
    answer(StatusCode::OK, &json!({ "items": all.iter().map(shown).collect::<Vec<_>>() }))
}

fn list_doc(_: &About) -> Doc {
    doc("list_disclosures", "To whom a person's data were disclosed")
        .needed("person", "Whose data; also of somebody who was erased.", id_schema("rec"))
        .answer(200, "The oldest first.", items(&schema()))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct DisclosureIn {
    person: RecordId,
    recipient: String,
    what: String,
    purpose: String,
    #[serde(default)]
    at: Option<Instant>,
}

async fn enter(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<DisclosureIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<HandleRequests>()?;
    let once = once::asked(&web, &caller, &headers, "disclosure", &given)?;
    let entered = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 201, |unit| {
            let DisclosureIn { person, recipient, what, purpose, at } = &given;
            let said = Given { recipient: recipient.clone(), what: what.clone(), purpose: purpose.clone() };
            requests::disclose(unit, &permit, *person, &said, at.unwrap_or_else(|| unit.now()))
        })
    });
    let id = entered.await?;
    answer(StatusCode::CREATED, &one(&web, &caller, id).await?)
}

async fn one(web: &Web, caller: &Caller, id: DisclosureId) -> Result<Json> {
    let permit = caller.actor.permit::<HandleRequests>()?;
    Ok(shown(&web.app.read(&caller.actor, move |unit| requests::recipient(unit, &permit, id)).await?))
}

fn enter_doc(_: &About) -> Doc {
    let body = object(&[
        ("person", id_schema("rec")),
        ("recipient", sentence(WORDS)),
        ("what", sentence(WORDS)),
        ("purpose", sentence(WORDS)),
        ("?at", time()),
    ]);
    doc("enter_disclosure", "Enter that a person's data were disclosed")
        .more("Say what was given in words, without the person's data: the entry outlives them until the recipient was told.")
        .once()
        .body(body)
        .answer(201, "Entered.", schema())
        .refuses(&[Code::NotFound, Code::Conflict, Code::StorageFull])
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ToldIn {
    told: bool,
    how: String,
}

async fn told(
    State(web): State<Web>,
    caller: Caller,
    Path(entry): Path<String>,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<ToldIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<HandleRequests>()?;
    let id: DisclosureId = id(&entry, "disclosure")?;
    let once = once::asked(&web, &caller, &headers, "disclosure.told", &(id.to_string(), &given))?;
    let done = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 200, |unit| requests::tell(unit, &permit, id, given.told, &given.how).map(|()| id))
    });
    done.await?;
    answer(StatusCode::OK, &one(&web, &caller, id).await?)
}

fn told_doc(_: &About) -> Doc {
    doc("tell_recipient", "State that a recipient was told, or cannot be")
        .more("Of an erasure, a correction or a restriction. With the last one the request that waited for it ends.")
        .id("dis", "entry")
        .once()
        .body(object(&[("told", json!({ "type": "boolean", "description": "False: it is impossible." })), ("how", sentence(WORDS))]))
        .answer(200, "Noted.", schema())
        .refuses(&[Code::Conflict, Code::StorageFull])
}
