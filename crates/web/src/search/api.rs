//! Search over every kind, for programs.

use axum::{extract::State, response::Response, routing::post};
use crm::{
    permits::ReadRecords,
    search::{self, LIMIT_MAX},
};
use http::{Method, StatusCode};
use kernel::Result;
use serde::Deserialize;
use serde_json::json;

use crate::{
    api::{Caller, address::Asked},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{id, items, object, text, time},
    },
    router::{Access, Route, Web},
};

const LIMIT: usize = 20;

/// The routes of search.
pub const ROUTES: &[Route] = &[Route::new(Method::POST, "/api/v1/search", Access::Key, || post(find)).doc(doc)];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SearchIn {
    words: String,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default, deserialize_with = "catalogue::whole_or_null")]
    limit: Option<usize>,
}

async fn find(State(web): State<Web>, caller: Caller, asked: Asked, json::Json(given): json::Json<SearchIn>) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    let limit = given.limit.unwrap_or(LIMIT);
    let hits = web.app.read(&caller.actor, move |unit| search::find(unit, &permit, &given.words, &given.kinds, limit)).await?;
    answer(StatusCode::OK, &json!({ "items": hits }))
}

fn doc(_: &About) -> Doc {
    let hit = object(&[
        ("id", id("rec")),
        ("kind", json!({ "type": "string" })),
        ("version", json!({ "type": "integer", "minimum": 1 })),
        ("title", json!({ "type": "string", "description": "As far as you may see it." })),
        ("field", json!({ "type": "string", "description": "The field that matched best." })),
        ("snippet", json!({ "type": ["string", "null"] })),
        ("updated", time()),
    ]);
    let body = object(&[
        ("words", text(500)),
        ("?kinds", json!({ "type": "array", "maxItems": 100, "items": { "$ref": "#/components/schemas/KindKey" } })),
        ("?limit", json!({ "type": ["integer", "null"], "minimum": 1, "maximum": LIMIT_MAX })),
    ]);
    Doc::new("search", "records", "Search in every kind")
        .needs("read")
        .more("Words in any order, their beginnings, or a whole e-mail address or telephone number, however it is written.")
        .body(body)
        .answer(200, "What was found, the best first.", items(&hit))
        .refuses(&[kernel::Code::NotFound])
}
