//! Lists taken out as files: ordered, followed, fetched.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use catalogue::Purpose;
use crm::{
    export::{self, Format, Order},
    permits::Export,
    requests::ArtifactId,
    views::ListQuery,
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Result};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use trail::Actor;

use crate::{
    api::{Caller, address::Asked, begun, begun_schema, file, id},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{id as id_schema, object, time},
    },
    records::{
        api::kind_of,
        api_list::{asked_by, filter_of, object_of},
    },
    router::{Access, Route, Web},
};

/// The routes of exports.
pub const ROUTES: &[Route] = &[
    Route::new(Method::POST, "/api/v1/{kind}/exports", Access::Key, || post(start)).doc(start_doc),
    Route::new(Method::POST, "/api/v1/records/{kind}/exports", Access::Key, || post(start)),
    Route::new(Method::GET, "/api/v1/exports/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::GET, "/api/v1/exports/{id}/file", Access::Key, || get(fetch)).doc(fetch_doc),
];

/// What is to be taken out: what a search in the kind is asked by, and as what.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExportIn {
    #[serde(default)]
    filter: Option<Map<String, Json>>,
    #[serde(default)]
    sort: Option<Map<String, Json>>,
    #[serde(default)]
    fields: Vec<String>,
    format: String,
    #[serde(default)]
    purpose: Option<String>,
    #[serde(default)]
    unmasked: bool,
}

async fn start(
    State(web): State<Web>,
    caller: Caller,
    Path(word): Path<String>,
    uri: http::Uri,
    asked: Asked,
    json::Json(given): json::Json<ExportIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let actor = acting(&caller.actor, given.purpose.as_deref())?;
    let format = Format::parse(&given.format);
    let format = format.ok_or_else(|| Error::invalid("/format", "unknown", "Choose csv, xlsx or vcard."))?;
    let query = ListQuery {
        filter: given.filter.map(filter_of).transpose()?,
        sort: given.sort.map(|sort| object_of(sort, "/sort")).transpose()?.unwrap_or_default(),
        columns: given.fields,
        via_body: true,
        ..ListQuery::of(&kind.key)
    };
    let (export, job) = export::start(&web.app, &actor, &Order { query, format, unmasked: given.unmasked, only: None }).await?;
    begun(job, json!({ "export": export }), &format!("/api/v1/exports/{export}"))
}

/// The caller, for the purpose that the export names. A key acts for its own alone.
fn acting(actor: &Actor, purpose: Option<&str>) -> Result<Actor> {
    let Some(key) = purpose else { return Ok(actor.clone()) };
    let unknown = || Error::invalid("/purpose", "unknown", "Choose a purpose of this installation.");
    let purpose = Purpose::find(key).ok_or_else(unknown)?;
    if actor.session.is_none() && purpose.key != actor.purpose.key {
        return Err(Error::new(Code::Forbidden, "A key acts for its own purpose alone. Leave the purpose out, or use another key."));
    }
    Ok(actor.acting_for(purpose))
}

fn start_doc(about: &About) -> Doc {
    let plural = about.kind.map_or("records", |kind| &kind.plural).to_lowercase();
    let formats: &[&str] = if about.kind.is_some_and(|kind| kind.is_person) { &["csv", "xlsx", "vcard"] } else { &["csv", "xlsx"] };
    let mut body = asked_by(about).to_vec();
    body.extend([
        ("format", json!({ "enum": formats })),
        ("?purpose", json!({ "anyOf": [{ "$ref": "#/components/schemas/Purpose" }, { "type": "null" }] })),
        ("?unmasked", json!({ "type": "boolean", "default": false })),
    ]);
    Doc::new(format!("export_{}", about.key()), "records", format!("Take a list of {plural} out as a file"))
        .needs("export")
        .more(
            "Exactly what the list shows, at most 100,000 records, by a job; one event names every record. In CSV a cell that begins with \
             = + - @, a tab or a carriage return gets an apostrophe before it. Masked fields stay masked unless `unmasked` asks for them and \
             the right to export reaches their class. A key acts for its own purpose alone.",
        )
        .body(object(&body))
        .answer(202, "Begun: follow the job, then fetch the file.", begun_schema(&[("export", id_schema("art"))]))
        .refuses(&[Code::NotFound, Code::StorageFull])
}

async fn show(State(web): State<Web>, caller: Caller, Path(export): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    caller.actor.permit::<Export>()?;
    let id: ArtifactId = id(&export, "export")?;
    let found = web.app.read(&caller.actor, move |unit| {
        let standing = export::find(unit, id)?;
        unit.plain(standing)
    });
    let found = found.await?;
    let body = json!({ "id": id, "job": found.job, "ready": found.size > 0, "bytes": found.size, "expires": found.expires });
    answer(StatusCode::OK, &body)
}

fn show_doc(_: &About) -> Doc {
    let body = object(&[
        ("id", id_schema("art")),
        ("job", id_schema("job")),
        ("ready", json!({ "type": "boolean" })),
        ("bytes", json!({ "type": "integer", "minimum": 0 })),
        ("expires", time()),
    ]);
    Doc::new("show_export", "jobs", "How far an export is").needs("export").id("art", "export").answer(200, "As it stands.", body)
}

async fn fetch(State(web): State<Web>, caller: Caller, Path(export): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    Ok(sent(&web, &caller.actor, id(&export, "export")?).await?)
}

/// The file as an answer. Its event is durable before the first byte.
pub(crate) async fn sent(web: &Web, actor: &Actor, id: ArtifactId) -> Result<Response> {
    let bytes = export::fetch(&web.app, actor, id).await?;
    let standing = web.app.read(actor, move |unit| {
        let standing = export::find(unit, id)?;
        unit.plain(standing)
    });
    let job = web.app.job(standing.await?.job).await?;
    let word = |key: &str| job.as_ref().and_then(|job| job.args.get(key)).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let (media, end) = Format::parse(&word("format")).unwrap_or(Format::Csv).media();
    file(media, &format!("{}-{}.{end}", word("kind"), web.app.env().now().day()), bytes.to_vec())
}

fn fetch_doc(_: &About) -> Doc {
    Doc::new("fetch_export", "jobs", "Fetch an export's file")
        .needs("export")
        .more("It is there for whoever ordered it, for seven days. Each fetching is an event.")
        .id("art", "export")
        .files(&Format::ALL.map(|format| format.media().0), "The file, as the format that was ordered.")
}
