//! Dashboards, for programs.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use crm::{
    dashboards::{self, Counted, Dashboard, DashboardId, NAME_MAX, NewDashboard, Shared, Show, Span, TILES_MAX, Tile},
    permits::ReadRecords,
    records::Shown,
    reports::{self, By, ForecastAsk, FunnelAsk, ResultsAsk, SalesAsk, Sold},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Personal, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use trail::Actor;

use crate::{
    api::{Caller, address::Asked, id, once, with_location},
    kit::{
        error::Refused,
        json::{self, answer},
    },
    openapi::{
        About, Doc,
        shared::{id as id_schema, items, key, object, plain_text, time},
    },
    reports::api as told,
    router::{Access, Route, Web},
};

/// The routes of dashboards.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/dashboards", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/dashboards", Access::Key, || post(make)).doc(make_doc),
    Route::new(Method::GET, "/api/v1/dashboards/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::PUT, "/api/v1/dashboards/{id}", Access::Key, || put(change)).doc(change_doc),
    Route::new(Method::DELETE, "/api/v1/dashboards/{id}", Access::Key, || axum::routing::delete(delete)).doc(delete_doc),
    Route::new(Method::GET, "/api/v1/dashboards/{id}/data", Access::Key, || get(data)).doc(data_doc),
];

fn out(one: &Dashboard) -> Json {
    json!({
        "id": one.id, "name": one.name.expose(), "shared": one.shared, "tiles": one.tiles, "own": one.own, "home": one.home,
        "version": one.version, "updated": one.updated,
    })
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct DashboardIn {
    name: String,
    shared: Shared,
    tiles: Vec<Tile>,
}

impl DashboardIn {
    fn given(&self) -> NewDashboard {
        NewDashboard { name: Personal::new(self.name.clone()), shared: self.shared, tiles: self.tiles.clone() }
    }
}

async fn list(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let all = web.app.read(&caller.actor, dashboards::list).await?;
    answer(StatusCode::OK, &json!({ "items": all.iter().map(out).collect::<Vec<_>>() }))
}

async fn make(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<DashboardIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let (permit, new) = (caller.actor.permit::<ReadRecords>()?, given.given());
    let once = once::asked(&web, &caller, &headers, "dashboard", &given)?;
    let made = web
        .app
        .write(&caller.actor, move |unit| crm::records::first(unit, once.as_ref(), 201, |unit| dashboards::make(unit, &permit, &new)));
    let id = made.await?;
    let made = web.app.read(&caller.actor, move |unit| dashboards::one(unit, id)).await?;
    Ok(with_location(answer(StatusCode::CREATED, &out(&made))?, &format!("/api/v1/dashboards/{id}"))?)
}

async fn show(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let of: DashboardId = id(&of, "dashboard")?;
    answer(StatusCode::OK, &out(&web.app.read(&caller.actor, move |unit| dashboards::one(unit, of)).await?))
}

async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    asked: Asked,
    json::Json(given): json::Json<DashboardIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let (of, permit, new): (DashboardId, _, _) = (id(&of, "dashboard")?, caller.actor.permit::<ReadRecords>()?, given.given());
    web.app.write(&caller.actor, move |unit| dashboards::change(unit, &permit, of, None, &new)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let of: DashboardId = id(&of, "dashboard")?;
    web.app.write(&caller.actor, move |unit| dashboards::delete(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn data(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let of: DashboardId = id(&of, "dashboard")?;
    let one = web.app.read(&caller.actor, move |unit| dashboards::one(unit, of)).await?;
    let mut tiles = Vec::with_capacity(one.tiles.len());
    for tile in &one.tiles {
        let (data, error) = match tile_data(&web, &caller.actor, tile).await {
            Ok(data) => (data, Json::Null),
            Err(error) if error.code() == Code::Internal => return Err(error.into()),
            Err(error) => (Json::Null, json!({ "code": error.code().as_str(), "detail": error.detail() })),
        };
        tiles.push(json!({ "tile": tile, "data": data, "error": error }));
    }
    answer(StatusCode::OK, &json!({ "tiles": tiles }))
}

/// What a tile shows: what its report answers, or what its view has.
async fn tile_data(web: &Web, actor: &Actor, tile: &Tile) -> Result<Json> {
    if let Some(view) = tile.view {
        let permit = actor.permit::<ReadRecords>()?;
        if tile.show == Show::ViewRows {
            let (_, page) = web.app.read(actor, move |unit| dashboards::first_rows(unit, &permit, view)).await?;
            let rows: Vec<Json> = page.rows.iter().map(|row| Shown::to_json(&row.shown)).collect();
            return Ok(json!({ "items": rows, "total": page.total }));
        }
        let Counted { total, sums, .. } = web.app.read(actor, move |unit| dashboards::counted(unit, &permit, view)).await?;
        let of = |(currency, n): &(Option<String>, i64)| match currency {
            Some(currency) => json!({ "currency": currency, "minor": n }),
            None => catalogue::Value::Number(*n).to_json(),
        };
        let sums: serde_json::Map<String, Json> = sums.iter().map(|(key, sums)| (key.clone(), sums.iter().map(of).collect())).collect();
        return Ok(json!({ "total": total, "sums": if tile.show == Show::ViewSums { json!(sums) } else { Json::Null } }));
    }
    let today = reports::today(&web.app, actor).await?;
    let (period, pipeline) = (tile.period.unwrap_or(Span::Months12).seen_from(today), tile.pipeline.clone());
    let by = match tile.show {
        Show::ByOwner => By::Owner,
        Show::ByReason => By::Reason,
        _ => By::Month,
    };
    match tile.show {
        Show::Forecast => told::forecast_told(web, actor, &ForecastAsk { pipeline, owner: None, months: 6 }).await,
        Show::Funnel => told::funnel_told(web, actor, &FunnelAsk { pipeline, period }).await,
        Show::Activity => told::activity_told(web, actor, period).await,
        Show::Cohorts => told::cohorts_told(web, actor).await,
        Show::Sales => told::sales_told(web, actor, &SalesAsk { period, of: Sold::Orders }).await,
        _ => told::results_told(web, actor, &ResultsAsk { by, pipeline, period }).await,
    }
}

fn doc(name: &'static str, summary: &'static str) -> Doc {
    Doc::new(name, "reports", summary).needs("read")
}

fn words<T: Serialize>(all: &[T]) -> Json {
    json!({ "enum": all })
}

fn tile_schema() -> Json {
    object(&[
        ("show", words(Show::ALL)),
        ("?period", json!({ "enum": Span::ALL, "description": "Counted from the day it is looked at; `months12` when left out." })),
        ("?pipeline", key()),
        ("?view", id_schema("vie")),
    ])
}

fn tiles_schema() -> Json {
    json!({ "type": "array", "maxItems": TILES_MAX, "items": tile_schema() })
}

fn name_schema() -> Json {
    json!({ "type": "string", "minLength": 1, "maxLength": NAME_MAX, "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*$" })
}

fn schema() -> Json {
    let flag = json!({ "type": "boolean" });
    object(&[
        ("id", id_schema("das")),
        ("name", plain_text()),
        ("shared", words(Shared::ALL)),
        ("tiles", tiles_schema()),
        ("own", flag.clone()),
        ("home", flag),
        ("version", json!({ "type": "integer", "minimum": 1 })),
        ("updated", time()),
    ])
}

fn body() -> Json {
    object(&[("name", name_schema()), ("shared", words(Shared::ALL)), ("tiles", tiles_schema())])
}

fn list_doc(_: &About) -> Doc {
    doc("list_dashboards", "List dashboards").answer(200, "Your own and those shared with you, by name.", items(&schema()))
}

fn make_doc(_: &About) -> Doc {
    doc("make_dashboard", "Make a dashboard")
        .more("A tile shows one of the reports or a saved view. It holds no figures: they are made for whoever reads it.")
        .once()
        .body(body())
        .answer(201, "Made.", schema())
        .with_header(201, "Location")
        .refuses(&[Code::InvalidInput, Code::Conflict, Code::StorageFull])
}

fn show_doc(_: &About) -> Doc {
    doc("show_dashboard", "Show a dashboard").id("das", "dashboard").answer(200, "The dashboard.", schema())
}

fn change_doc(_: &About) -> Doc {
    let changed = doc("change_dashboard", "Compose a dashboard anew").id("das", "dashboard").body(body());
    changed.empty(204, "Changed.").refuses(&[Code::InvalidInput, Code::StorageFull])
}

fn delete_doc(_: &About) -> Doc {
    doc("delete_dashboard", "Delete a dashboard")
        .id("das", "dashboard")
        .empty(204, "Deleted; no view and no record goes.")
        .refuses(&[Code::StorageFull])
}

fn data_doc(_: &About) -> Doc {
    let error = object(&[("code", json!({ "type": "string" })), ("detail", json!({ "type": "string" }))]);
    let tile = object(&[
        ("tile", tile_schema()),
        (
            "data",
            json!({ "type": ["object", "null"], "description": "What the report answers; of a view its `total` and `sums`, or its first `items`." }),
        ),
        ("error", json!({ "anyOf": [error, { "type": "null" }], "description": "Why there is nothing to see for you." })),
    ]);
    doc("show_dashboard_data", "What the tiles of a dashboard show")
        .more("Each tile is asked of its report or list with your permits and for your purpose, each under its own event. A tile that you may not see \
            says so and stops no other.")
        .id("das", "dashboard")
        .answer(200, "Tile by tile, in their order.", object(&[("tiles", json!({ "type": "array", "items": tile }))]))
}
