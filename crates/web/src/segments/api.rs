//! Segments, for programs.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use crm::{
    export::Format,
    permits::ReadRecords,
    records::{Detail, Shown},
    segments::{self, LIMIT_MAX, Segment, SegmentId, Why},
    views::{LIMIT, ViewId},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    api::{
        Caller,
        address::{Asked, cursor_gone},
        begun, begun_schema, id, once, with_location,
    },
    kit::{
        error::Refused,
        json::{self, answer},
    },
    openapi::{
        About, Doc,
        shared::{cursor, id as id_schema, items, object, plain_text, time},
    },
    router::{Access, Route, Web},
};

/// The routes of segments.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/segments", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/segments", Access::Key, || post(make)).doc(make_doc),
    Route::new(Method::GET, "/api/v1/segments/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::PUT, "/api/v1/segments/{id}", Access::Key, || put(change)).doc(change_doc),
    Route::new(Method::DELETE, "/api/v1/segments/{id}", Access::Key, || axum::routing::delete(delete)).doc(delete_doc),
    Route::new(Method::GET, "/api/v1/segments/{id}/count", Access::Key, || get(count)).doc(count_doc),
    Route::new(Method::GET, "/api/v1/segments/{id}/members", Access::Key, || get(members)).doc(members_doc),
    Route::new(Method::POST, "/api/v1/segments/{id}/export", Access::Key, || post(export)).doc(export_doc),
];

fn out(one: &Segment) -> Json {
    json!({
        "id": one.id, "view": one.view, "name": one.name.expose(), "purpose": one.purpose.key, "usable": one.usable, "own": one.own,
        "shared": one.shared, "created": one.created, "version": one.version,
    })
}

async fn list(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let all = web.app.read(&caller.actor, segments::list).await?;
    answer(StatusCode::OK, &json!({ "items": all.iter().map(out).collect::<Vec<_>>() }))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SegmentIn {
    view: String,
}

impl SegmentIn {
    fn view(&self) -> kernel::Result<ViewId> {
        self.view.parse().map_err(|_| Error::invalid("/view", "unknown", "Write the id of a saved view of people, as vie_…."))
    }
}

async fn make(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<SegmentIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let (view, purpose) = (given.view()?, caller.actor.purpose);
    let once = once::asked(&web, &caller, &headers, "segment", &given)?;
    let made =
        web.app.write(&caller.actor, move |unit| crm::records::first(unit, once.as_ref(), 201, |unit| segments::make(unit, view, purpose)));
    let id = made.await?;
    let made = web.app.read(&caller.actor, move |unit| segments::one(unit, id)).await?;
    Ok(with_location(answer(StatusCode::CREATED, &out(&made))?, &format!("/api/v1/segments/{id}"))?)
}

async fn show(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let of: SegmentId = id(&of, "segment")?;
    answer(StatusCode::OK, &out(&web.app.read(&caller.actor, move |unit| segments::one(unit, of)).await?))
}

async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    asked: Asked,
    json::Json(given): json::Json<SegmentIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let (of, view): (SegmentId, _) = (id(&of, "segment")?, given.view()?);
    web.app.write(&caller.actor, move |unit| segments::change(unit, of, view)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let of: SegmentId = id(&of, "segment")?;
    web.app.write(&caller.actor, move |unit| segments::delete(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn count(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let counts = segments::count(&web.app, &caller.actor, id(&of, "segment")?).await?;
    let barred: serde_json::Map<String, Json> = counts.barred.iter().map(|(why, n)| (why.as_str().to_owned(), json!(n))).collect();
    answer(StatusCode::OK, &json!({ "allowed": counts.allowed, "barred": barred, "whole": counts.whole }))
}

async fn members(State(web): State<Web>, caller: Caller, Path(of): Path<String>, mut asked: Asked) -> Result<Response, Refused> {
    let (cursor, limit) = (asked.take("cursor"), asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT));
    asked.end()?;
    let (of, permit) = (id::<SegmentId>(&of, "segment")?, caller.actor.permit::<ReadRecords>()?);
    let begun = cursor.is_some();
    let page = web.app.read(&caller.actor, move |unit| segments::members(unit, &permit, of, cursor.as_deref(), limit, Detail::Whole));
    let page = page.await.map_err(|error| cursor_gone(begun, error))?;
    answer(StatusCode::OK, &json!({ "items": page.people.iter().map(Shown::to_json).collect::<Vec<_>>(), "next": page.next }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExportIn {
    format: String,
}

async fn export(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    asked: Asked,
    json::Json(given): json::Json<ExportIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let of: SegmentId = id(&of, "segment")?;
    let format = Format::parse(&given.format);
    let format = format.ok_or_else(|| Error::invalid("/format", "unknown", "Choose csv, xlsx or vcard."))?;
    let (export, job) = segments::export(&web.app, &caller.actor, of, format).await?;
    begun(job, json!({ "export": export }), &format!("/api/v1/exports/{export}"))
}

fn doc(name: &'static str, summary: &'static str) -> Doc {
    Doc::new(name, "outreach", summary).needs("read")
}

fn schema() -> Json {
    let flag = json!({ "type": "boolean" });
    object(&[
        ("id", id_schema("seg")),
        ("view", id_schema("vie")),
        ("name", plain_text()),
        ("purpose", json!({ "$ref": "#/components/schemas/Purpose" })),
        ("usable", json!({ "type": "boolean", "description": "Whether its view asks nothing that is gone or withheld from you." })),
        ("own", flag.clone()),
        ("shared", flag),
        ("created", time()),
        ("version", json!({ "type": "integer", "minimum": 1 })),
    ])
}

fn body() -> Json {
    object(&[("view", id_schema("vie"))])
}

fn list_doc(_: &About) -> Doc {
    doc("list_segments", "List segments").answer(200, "Those of your own views and of the shared ones, by name.", items(&schema()))
}

fn make_doc(_: &About) -> Doc {
    doc("make_segment", "Make a segment")
        .more("A saved view of people, for the purpose that the key acts for: whom that purpose lets be used at the moment of asking.")
        .once()
        .body(body())
        .answer(201, "Made.", schema())
        .with_header(201, "Location")
        .refuses(&[Code::StorageFull])
}

fn show_doc(_: &About) -> Doc {
    doc("show_segment", "Show a segment").id("seg", "segment").answer(200, "The segment.", schema())
}

fn change_doc(_: &About) -> Doc {
    let changed = doc("change_segment", "Give a segment another view").id("seg", "segment").body(body());
    changed.empty(204, "Changed; what it is for stays.").refuses(&[Code::StorageFull])
}

fn delete_doc(_: &About) -> Doc {
    doc("delete_segment", "Delete a segment").id("seg", "segment").empty(204, "Deleted; its view stays.").refuses(&[Code::StorageFull])
}

fn count_doc(_: &About) -> Doc {
    let n = json!({ "type": "integer", "minimum": 0 });
    let whys: Vec<(String, Json)> = Why::ALL.iter().map(|why| (format!("?{}", why.as_str()), n.clone())).collect();
    let whys: Vec<(&str, Json)> = whys.iter().map(|(key, n)| (key.as_str(), n.clone())).collect();
    let counts = object(&[
        ("allowed", n),
        ("barred", object(&whys)),
        ("whole", json!({ "type": "boolean", "description": "Whether everybody was looked at; false beyond 100,000 people." })),
    ]);
    doc("count_segment", "Count a segment")
        .more("How many people it yields now, and how many not, by reason; nobody is named, and no record is opened of those whom the purpose does not allow.")
        .id("seg", "segment")
        .answer(200, "The numbers.", counts)
        .refuses(&[Code::Conflict])
}

fn members_doc(_: &About) -> Doc {
    let page = object(&[
        ("items", json!({ "type": "array", "items": { "type": "object" } })),
        ("next", json!({ "anyOf": [cursor(), { "type": "null" }] })),
    ]);
    doc("list_segment_members", "List the people of a segment")
        .more("Those whom its purpose lets be used now, as records; the event names each.")
        .id("seg", "segment")
        .query("cursor", "Where the page before ended.", cursor())
        .query("limit", "How many.", json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT }))
        .answer(200, "A page.", page)
        .refuses(&[Code::Conflict])
}

fn export_doc(_: &About) -> Doc {
    doc("export_segment", "Take the people of a segment out as a file")
        .needs("export")
        .more("Those whom its purpose lets be used; whoever is no longer usable when the file is written is not in it.")
        .id("seg", "segment")
        .body(object(&[("format", json!({ "enum": ["csv", "xlsx", "vcard"] }))]))
        .answer(202, "Begun: follow the job, then fetch the file.", begun_schema(&[("export", id_schema("art"))]))
        .refuses(&[Code::Conflict, Code::TooLarge, Code::StorageFull])
}
