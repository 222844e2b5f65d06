//! The house's currency and its rates of exchange, for programs.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{delete, get, put},
};
use crm::{permits::Manage, reports};
use http::{Method, StatusCode};
use jiff::civil::Date;
use kernel::{Code, Error, Result};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, address::Asked},
    kit::{error::Refused, json, json::answer},
    openapi::{About, Doc, shared::object},
    router::{Access, Route, Web},
};

/// The routes of rates.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/rates", Access::Key, || get(all)).doc(all_doc),
    Route::new(Method::PUT, "/api/v1/rates", Access::Key, || put(currency)).doc(currency_doc),
    Route::new(Method::PUT, "/api/v1/rates/{currency}/{day}", Access::Key, || put(enter)).doc(enter_doc),
    Route::new(Method::DELETE, "/api/v1/rates/{currency}/{day}", Access::Key, || delete(remove)).doc(remove_doc),
];

fn code() -> Json {
    json!({ "type": "string", "pattern": "^[A-Z]{3}$", "examples": ["USD"] })
}

/// The schema of a rate.
pub(super) fn rate_schema() -> Json {
    object(&[("currency", code()), ("day", json!({ "type": "string", "format": "date" })), ("rate", json!({ "type": "string" }))])
}

fn schema() -> Json {
    object(&[
        ("currency", json!({ "type": ["string", "null"], "description": "The house's; `null` while it has named none." })),
        ("rates", json!({ "type": "array", "items": rate_schema() })),
    ])
}

async fn shown(web: &Web, caller: &Caller) -> Result<Response, Refused> {
    let rates = web.app.read(&caller.actor, reports::rates).await?;
    answer(StatusCode::OK, &rates.to_json())
}

async fn all(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    shown(&web, &caller).await
}

fn all_doc(_: &About) -> Doc {
    Doc::new("list_rates", "reports", "List the rates of exchange")
        .more("What one unit of a currency is worth in the house's, from a day on. Reports convert by the latest that is not later than their day, and name it.")
        .answer(200, "The house's currency and its rates.", schema())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CurrencyIn {
    currency: String,
}

async fn currency(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    json::Json(given): json::Json<CurrencyIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Manage>()?;
    web.app.write(&caller.actor, move |unit| reports::set_currency(unit, &permit, &given.currency)).await?;
    shown(&web, &caller).await
}

fn currency_doc(_: &About) -> Doc {
    Doc::new("set_house_currency", "reports", "Say in which currency the house counts")
        .needs("manage")
        .more("Rates stand for one such currency; those of another come back with it.")
        .body(object(&[("currency", code())]))
        .answer(200, "The house's currency and its rates.", schema())
        .refuses(&[Code::StorageFull])
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateIn {
    rate: String,
}

fn day_of(text: &str) -> Result<Date> {
    text.parse().ok().filter(|_| text.len() == 10).ok_or_else(|| Error::not_found("day"))
}

fn code_of(text: &str) -> Result<String> {
    let good = text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase());
    good.then(|| text.to_owned()).ok_or_else(|| Error::not_found("currency"))
}

async fn enter(
    State(web): State<Web>,
    caller: Caller,
    Path((currency, day)): Path<(String, String)>,
    asked: Asked,
    json::Json(given): json::Json<RateIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Manage>()?;
    let (currency, day) = (code_of(&currency)?, day_of(&day)?);
    web.app.write(&caller.actor, move |unit| reports::set_rate(unit, &permit, &currency, day, &given.rate)).await?;
    shown(&web, &caller).await
}

fn pathed(doc: Doc) -> Doc {
    doc.path("currency", "The currency (ISO 4217).", code()).path(
        "day",
        "From which day on.",
        json!({ "type": "string", "format": "date" }),
    )
}

fn enter_doc(_: &About) -> Doc {
    let rate = json!({ "type": "string", "pattern": "^[0-9]{1,6}([.][0-9]{1,9})?$", "examples": ["0.92"], "description": "What one of it is worth in the house's currency; more than nothing." });
    pathed(Doc::new("set_rate", "reports", "Enter a rate of exchange"))
        .needs("manage")
        .more("Another rate of the same day takes its place. The house names its currency first.")
        .body(object(&[("rate", rate)]))
        .answer(200, "The house's currency and its rates.", schema())
        .refuses(&[Code::StorageFull])
}

async fn remove(
    State(web): State<Web>,
    caller: Caller,
    Path((currency, day)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Manage>()?;
    let (currency, day) = (code_of(&currency)?, day_of(&day)?);
    web.app.write(&caller.actor, move |unit| reports::remove_rate(unit, &permit, &currency, day)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn remove_doc(_: &About) -> Doc {
    pathed(Doc::new("remove_rate", "reports", "Take back a rate of exchange"))
        .needs("manage")
        .empty(204, "There is no rate of that day.")
        .refuses(&[Code::InvalidInput, Code::StorageFull])
}
