//! Kinds and their fields, for programs.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post, put},
};
use catalogue::{Kind, Protection};
use crm::{
    permits::Manage,
    records::{self, kinds},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, Result};
use serde::Deserialize;
use serde_json::json;

use crate::{
    api::{Caller, address::Asked, begun, begun_schema, once, with_location},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{key, object},
    },
    router::{Access, Route, Web},
};

/// The routes of kinds.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/kinds", Access::Key, || get(all)).doc(all_doc),
    Route::new(Method::POST, "/api/v1/kinds", Access::Key, || post(add)).doc(add_doc),
    Route::new(Method::GET, "/api/v1/kinds/{key}", Access::Key, || get(one)).doc(one_doc),
    Route::new(Method::PUT, "/api/v1/kinds/{key}", Access::Key, || put(replace)).doc(replace_doc),
    Route::new(Method::PUT, "/api/v1/kinds/{key}/fields/{field}/protection", Access::Key, || put(protect)).doc(protect_doc),
];

fn kind_schema() -> serde_json::Value {
    json!({ "$ref": "#/components/schemas/Kind" })
}

async fn all(State(web): State<Web>, _caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let catalogue = web.app.catalogue();
    let kinds: Vec<&Kind> = catalogue.kinds().map(AsRef::as_ref).collect();
    answer(StatusCode::OK, &json!({ "version": catalogue.version(), "items": kinds }))
}

fn all_doc(_: &About) -> Doc {
    let body = object(&[("version", json!({ "type": "integer" })), ("items", json!({ "type": "array", "items": kind_schema() }))]);
    Doc::new("list_kinds", "kinds", "List the kinds").answer(200, "Every kind, and the version of the catalogue.", body)
}

async fn one(State(web): State<Web>, _caller: Caller, Path(key): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    answer(StatusCode::OK, web.app.catalogue().need(&key)?.as_ref())
}

fn one_doc(_: &About) -> Doc {
    Doc::new("show_kind", "kinds", "Show a kind").path("key", "The kind's key.", key()).answer(200, "The kind.", kind_schema())
}

async fn add(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(kind): json::Json<Kind>,
) -> Result<Response, Refused> {
    asked.end()?;
    caller.actor.permit::<Manage>()?;
    let once = once::asked(&web, &caller, &headers, "kind", &kind)?;
    let (key, catalogue) = (kind.key.clone(), kinds::make(&web.app, &caller.actor, kind, once).await?);
    let made = answer(StatusCode::CREATED, catalogue.need(&key)?.as_ref())?;
    Ok(with_location(made, &format!("/api/v1/kinds/{key}"))?)
}

const RULES: &str = "Keys are unique and stay; the title is one of the fields; free text and contact data are sealed; fields are retired, never removed; a type does not change.";

fn add_doc(_: &About) -> Doc {
    Doc::new("add_kind", "kinds", "Make a kind")
        .needs("manage")
        .more(RULES)
        .once()
        .body(json!({ "$ref": "#/components/schemas/KindIn" }))
        .answer(201, "Made; it works everywhere at once.", kind_schema())
        .with_header(201, "Location")
        .refuses(&[Code::Duplicate, Code::StorageFull])
}

async fn replace(
    State(web): State<Web>,
    caller: Caller,
    Path(key): Path<String>,
    asked: Asked,
    json::Json(kind): json::Json<Kind>,
) -> Result<Response, Refused> {
    asked.end()?;
    caller.actor.permit::<Manage>()?;
    let known = web.app.catalogue().need(&key)?;
    if kind.key != known.key {
        return Err(Error::invalid("/key", "changed", "A kind's key never changes. Write the key of the address.").into());
    }
    if kind.path != known.path {
        return Err(Error::invalid("/path", "changed", "A kind's address never changes.").into());
    }
    let catalogue = kinds::define(&web.app, &caller.actor, kind).await?;
    answer(StatusCode::OK, catalogue.need(&key)?.as_ref())
}

fn replace_doc(_: &About) -> Doc {
    Doc::new("replace_kind", "kinds", "Give a kind further or retired fields")
        .needs("manage")
        .more(RULES)
        .path("key", "The kind's key.", key())
        .body(json!({ "$ref": "#/components/schemas/KindIn" }))
        .answer(200, "As it is now.", kind_schema())
        .refuses(&[Code::Conflict, Code::StorageFull])
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Side {
    protection: Protection,
}

async fn protect(
    State(web): State<Web>,
    caller: Caller,
    Path((key, field)): Path<(String, String)>,
    asked: Asked,
    json::Json(side): json::Json<Side>,
) -> Result<Response, Refused> {
    asked.end()?;
    match records::protect(&web.app, &caller.actor, &key, &field, side.protection).await? {
        Some(job) => begun(job, json!({}), &format!("/api/v1/jobs/{job}")),
        None => answer(StatusCode::OK, &json!({ "job": null })),
    }
}

fn protect_doc(_: &About) -> Doc {
    let side = json!({ "enum": ["sealed", "open"] });
    Doc::new("protect_field", "kinds", "Seal a field of your own, or open it")
        .needs("manage")
        .more(
            "What is written from now on is protected so at once; a job seals again what is there, every version of it, without making a \
            version. Free text, contact data, sensitive classes and titles are always sealed, links always open, and the fields that ship \
            stay as they are.",
        )
        .path("key", "The kind's key.", key())
        .path("field", "The field's key.", key())
        .body(object(&[("protection", side)]))
        .answer(200, "It is protected so already.", object(&[("job", json!({ "type": "null" }))]))
        .answer(202, "A job seals what is there.", begun_schema(&[]))
        .with_header(202, "Location")
        .refuses(&[Code::Conflict, Code::StorageFull])
}
