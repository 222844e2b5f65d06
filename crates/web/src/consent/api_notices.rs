//! The texts people are shown before they answer, for programs.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post, put},
};
use catalogue::Purpose;
use crm::{
    consent::notice::{self, Notice, NoticeId, TEXT_MAX, TITLE_MAX, Wording},
    permits::Manage,
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::api::{asked_purposes, doc};
use crate::{
    api::{Caller, address::Asked, id, once, with_location},
    kit::{
        error::Refused,
        json::{self, answer},
    },
    openapi::{
        About, Doc,
        shared::{id as id_schema, items, object, plain_text, sentence, time},
    },
    router::{Access, Route, Web},
};

/// The routes of notices.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/privacy-notices", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/privacy-notices", Access::Key, || post(make)).doc(make_doc),
    Route::new(Method::GET, "/api/v1/privacy-notices/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::PUT, "/api/v1/privacy-notices/{id}", Access::Key, || put(change)).doc(change_doc),
];

fn out(one: &Notice) -> Json {
    json!({
        "id": one.id, "version": one.version, "purpose": one.purpose.key, "language": one.language, "title": one.title, "text": one.text,
        "sha256": one.hash_text(), "at": one.at,
    })
}

async fn list(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let all = web.app.read(&caller.actor, notice::list).await?;
    answer(StatusCode::OK, &json!({ "items": all.iter().map(out).collect::<Vec<_>>() }))
}

async fn show(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let of: NoticeId = id(&of, "notice")?;
    let all = web.app.read(&caller.actor, move |unit| notice::versions(unit, of)).await?;
    answer(StatusCode::OK, &json!({ "items": all.iter().map(out).collect::<Vec<_>>() }))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct NoticeIn {
    purpose: String,
    language: String,
    title: String,
    text: String,
}

async fn make(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<NoticeIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Manage>()?;
    let once = once::asked(&web, &caller, &headers, "privacy_notice", &given)?;
    let purpose = Purpose::find(&given.purpose).ok_or_else(|| Error::invalid("/purpose", "unknown", "There is no such purpose."))?;
    let wording = Wording { title: given.title, text: given.text };
    let language = given.language;
    let made = web.app.write(&caller.actor, move |unit| {
        crm::records::first(unit, once.as_ref(), 201, |unit| notice::make(unit, &permit, purpose, &language, &wording))
    });
    let id = made.await?;
    let all = web.app.read(&caller.actor, move |unit| notice::versions(unit, id)).await?;
    let last = all.first().ok_or_else(|| Error::not_found("notice"))?;
    Ok(with_location(answer(StatusCode::CREATED, &out(last))?, &format!("/api/v1/privacy-notices/{id}"))?)
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct WordingIn {
    title: String,
    text: String,
}

async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    asked: Asked,
    json::Json(given): json::Json<WordingIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let (of, permit): (NoticeId, _) = (id(&of, "notice")?, caller.actor.permit::<Manage>()?);
    let wording = Wording { title: given.title, text: given.text };
    let version = web.app.write(&caller.actor, move |unit| notice::change(unit, &permit, of, &wording)).await?;
    answer(StatusCode::OK, &json!({ "version": version }))
}

fn schema() -> Json {
    object(&[
        ("id", id_schema("pno")),
        ("version", json!({ "type": "integer", "minimum": 1 })),
        ("purpose", asked_purposes()),
        ("language", plain_text()),
        ("title", plain_text()),
        ("text", plain_text()),
        ("sha256", json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })),
        ("at", time()),
    ])
}

fn wording() -> [(&'static str, Json); 2] {
    [("title", sentence(TITLE_MAX)), ("text", sentence(TEXT_MAX))]
}

fn list_doc(_: &About) -> Doc {
    doc("list_privacy_notices", "List the texts people are shown").answer(200, "Each as it is now.", items(&schema()))
}

fn show_doc(_: &About) -> Doc {
    doc("show_privacy_notice", "Every version of a text").id("pno", "notice").answer(200, "The newest first.", items(&schema()))
}

fn make_doc(_: &About) -> Doc {
    let language = json!({ "type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,4}){0,2}$", "maxLength": 12, "description": "A language tag (BCP 47)." });
    let all = [("purpose", asked_purposes()), ("language", language)].into_iter().chain(wording()).collect::<Vec<_>>();
    doc("make_privacy_notice", "Make a text that people are shown")
        .needs("manage")
        .once()
        .body(object(&all))
        .answer(201, "Made, as version 1.", schema())
        .with_header(201, "Location")
        .refuses(&[Code::Conflict, Code::StorageFull])
}

fn change_doc(_: &About) -> Doc {
    doc("change_privacy_notice", "Make the next version of a text")
        .more("Whoever answered an earlier version answered that one. The same words again make no version.")
        .needs("manage")
        .id("pno", "notice")
        .body(object(&wording()))
        .answer(200, "Its newest version.", object(&[("version", json!({ "type": "integer", "minimum": 1 }))]))
        .refuses(&[Code::StorageFull])
}
