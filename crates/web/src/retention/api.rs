//! A leap of the clock, for programs: whether one stands, and the confirmation of it by the person behind the key.

use axum::{extract::State, response::Response, routing::get};
use crm::{
    permits::{Audit, Dispose, ManageRules},
    records, retention,
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, address::Asked, once},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{object, sentence, time},
    },
    router::{Access, Route, Web},
};

/// The routes of this file.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/retention/clock", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::POST, "/api/v1/retention/clock", Access::Key, || axum::routing::post(confirm)).doc(confirm_doc),
];

async fn clock(web: &Web, caller: &Caller) -> Result<Json> {
    let found = web.app.read(&caller.actor, |unit| {
        let leap = retention::leap(unit)?;
        unit.plain(leap)
    });
    let leap = found.await?;
    let me = caller.actor.person();
    let may = |leap: &retention::Leap| caller.actor.permit::<ManageRules>().is_ok() && !leap.confirmed.contains(&me);
    Ok(json!({
        "leapt": leap.is_some(),
        "from": leap.as_ref().map(|leap| leap.from),
        "to": leap.as_ref().map(|leap| leap.to),
        "confirmed": leap.as_ref().map_or_else(Vec::new, |leap| leap.confirmed.clone()),
        "missing": leap.as_ref().map_or(0, retention::Leap::missing),
        "may_confirm": leap.as_ref().is_some_and(may),
    }))
}

fn schema() -> Json {
    let mut moment = time();
    moment["type"] = json!(["string", "null"]);
    object(&[
        ("leapt", json!({ "type": "boolean", "description": "Whether a leap stands: nothing is destroyed meanwhile." })),
        ("from", moment.clone()),
        ("to", moment),
        ("confirmed", json!({ "type": "array", "items": { "type": "string" }, "description": "Who confirmed the time so far." })),
        ("missing", json!({ "type": "integer", "minimum": 0, "description": "How many more people are needed." })),
        ("may_confirm", json!({ "type": "boolean", "description": "Whether the person behind this key may confirm it." })),
    ])
}

async fn show(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    if caller.actor.permit::<ManageRules>().is_err() && caller.actor.permit::<Audit>().is_err() {
        caller.actor.permit::<Dispose>()?;
    }
    answer(StatusCode::OK, &clock(&web, &caller).await?)
}

fn show_doc(_: &About) -> Doc {
    Doc::new("show_clock", "retention", "Whether the clock is believed")
        .more("For whoever holds `rules`, `dispose` or `audit`.")
        .answer(200, "The leap that stands, if one does.", schema())
        .refuses(&[Code::Malformed, Code::InvalidInput])
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Said {
    reason: String,
}

async fn confirm(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<Said>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<ManageRules>()?;
    let once = once::asked(&web, &caller, &headers, "clock.confirm", &given)?;
    web.app.settle().await?;
    let confirmed = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 200, |unit| retention::confirm_clock(unit, &permit, &given.reason))
    });
    confirmed.await?;
    answer(StatusCode::OK, &clock(&web, &caller).await?)
}

fn confirm_doc(_: &About) -> Doc {
    Doc::new("confirm_clock", "retention", "Confirm that the clock is right")
        .more("Two people must, each once; with the second one everything is decided again and destruction goes on. A program acts for the person who made its key.")
        .needs("rules")
        .once()
        .body(object(&[("reason", sentence(500))]))
        .answer(200, "Confirmed.", schema())
        .refuses(&[Code::Conflict, Code::SecondPersonRequired, Code::StorageFull])
}
