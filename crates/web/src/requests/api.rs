//! People's requests for programs: opened, shown, answered with a package or an erasure.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use crm::{
    permits::HandleRequests,
    records,
    requests::{self, Request, erasure},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Instant, RecordId, RequestId, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, address::Asked, begun, begun_schema, id, once, with_location},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{id as id_schema, items, object, text, time},
    },
    router::{Access, Route, Web},
};

const LIST_MAX: usize = 500;
const RIGHTS: &[&str] = &["access", "know", "port", "restrict", "rectify", "object", "erase", "opt-out", "adm"];

/// The routes of requests.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/requests", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/requests", Access::Key, || post(open)).doc(open_doc),
    Route::new(Method::GET, "/api/v1/requests/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::POST, "/api/v1/requests/{id}/verify", Access::Key, || post(verify)).doc(verify_doc),
    Route::new(Method::POST, "/api/v1/requests/{id}/package", Access::Key, || post(package)).doc(package_doc),
    Route::new(Method::GET, "/api/v1/requests/{id}/plan", Access::Key, || get(plan)).doc(plan_doc),
    Route::new(Method::POST, "/api/v1/requests/{id}/erase", Access::Key, || post(erase)).doc(erase_doc),
];

fn request_json(request: &Request) -> Json {
    json!({
        "id": request.id, "person": request.person, "law": request.law, "right": request.right, "received": request.received,
        "due": request.due.day().to_string(), "verified": request.verified, "state": request.state.as_str(), "closed": request.closed,
    })
}

fn request_properties() -> Vec<(&'static str, Json)> {
    let mut closed = time();
    closed["type"] = json!(["string", "null"]);
    vec![
        ("id", id_schema("req")),
        ("person", id_schema("rec")),
        ("law", json!({ "type": "string" })),
        ("right", json!({ "type": "string" })),
        ("received", time()),
        ("due", json!({ "type": "string", "format": "date" })),
        ("verified", json!({ "type": "boolean" })),
        ("state", json!({ "type": "string" })),
        ("closed", closed),
    ]
}

fn doc(id: &'static str, summary: &'static str) -> Doc {
    Doc::new(id, "requests", summary).needs("requests")
}

async fn list(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let limit = asked.number("limit", 1, LIST_MAX)?.unwrap_or(50);
    asked.end()?;
    let permit = caller.actor.permit::<HandleRequests>()?;
    let all = web.app.read(&caller.actor, move |unit| requests::list(unit, &permit, limit)).await?;
    answer(StatusCode::OK, &json!({ "items": all.iter().map(request_json).collect::<Vec<_>>() }))
}

fn list_doc(_: &About) -> Doc {
    doc("list_requests", "List requests")
        .query("limit", "How many at most.", json!({ "type": "integer", "minimum": 1, "maximum": LIST_MAX, "default": 50 }))
        .answer(200, "Those due first.", items(&object(&request_properties())))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RequestIn {
    person: RecordId,
    right: String,
    reason: String,
    #[serde(default)]
    received: Option<Instant>,
}

async fn open(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<RequestIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<HandleRequests>()?;
    let once = once::asked(&web, &caller, &headers, "request", &given)?;
    let made = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 201, |unit| {
            let received = given.received.unwrap_or_else(|| unit.now());
            requests::open(unit, &permit, given.person, &given.right, &given.reason, received)
        })
    });
    let id = made.await?;
    let whole = whole(&web, &caller, id).await?;
    Ok(with_location(answer(StatusCode::CREATED, &whole)?, &format!("/api/v1/requests/{id}"))?)
}

fn open_doc(_: &About) -> Doc {
    let body =
        object(&[("person", id_schema("rec")), ("right", json!({ "enum": RIGHTS })), ("reason", text(1_000)), ("?received", time())]);
    doc("open_request", "Record a person's request")
        .more("Where one of this right is open, that one is answered with.")
        .once()
        .body(body)
        .answer(201, "Open.", whole_schema())
        .with_header(201, "Location")
        .refuses(&[Code::NotFound, Code::Conflict, Code::StorageFull])
}

async fn whole(web: &Web, caller: &Caller, id: RequestId) -> Result<Json> {
    let permit = caller.actor.permit::<HandleRequests>()?;
    let found = web.app.read(&caller.actor, move |unit| {
        let (whole, ready) = (requests::show(unit, &permit, id)?, requests::ready(unit, id)?);
        Ok(whole.map(|whole| (whole, ready)))
    });
    let (whole, ready) = found.await?;
    let mut body = request_json(&whole.request);
    body["package"] = ready.map_or(Json::Null, |r| json!({ "artifact": r.id, "bytes": r.size, "expires": r.expires }));
    body["reason"] = whole.reason.into();
    body["notes"] = whole.notes.into();
    body["log"] = whole.log.iter().map(|step| json!({ "at": step.at, "what": step.what, "actor": step.actor })).collect();
    Ok(body)
}

fn whole_schema() -> Json {
    let step = object(&[("at", time()), ("what", json!({ "type": "string" })), ("actor", json!({ "type": "string" }))]);
    let mut all = request_properties();
    all.push(("reason", json!({ "type": "string" })));
    all.push(("notes", json!({ "type": "array", "items": { "type": "string" } })));
    all.push(("log", json!({ "type": "array", "items": step })));
    let count = json!({ "type": "integer", "minimum": 0 });
    let mut package = object(&[("artifact", id_schema("art")), ("bytes", count), ("expires", time())]);
    package["type"] = json!(["object", "null"]);
    package["description"] = "The newest package that waits for you; fetch it under `/artifacts/{id}`.".into();
    all.push(("package", package));
    object(&all)
}

async fn show(State(web): State<Web>, caller: Caller, Path(request): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    answer(StatusCode::OK, &whole(&web, &caller, id(&request, "request")?).await?)
}

fn show_doc(_: &About) -> Doc {
    doc("show_request", "Show a request").id("req", "request").answer(200, "With its words and its steps.", whole_schema())
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct VerifyIn {
    how: String,
}

async fn verify(
    State(web): State<Web>,
    caller: Caller,
    Path(request): Path<String>,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<VerifyIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let id: RequestId = id(&request, "request")?;
    let permit = caller.actor.permit::<HandleRequests>()?;
    let once = once::asked(&web, &caller, &headers, "request.verify", &(id, &given))?;
    let verified = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 200, |unit| requests::verify_identity(unit, &permit, id, &given.how).map(|()| id))
    });
    verified.await?;
    answer(StatusCode::OK, &whole(&web, &caller, id).await?)
}

fn verify_doc(_: &About) -> Doc {
    doc("verify_request", "Note that it is who they say they are")
        .id("req", "request")
        .once()
        .body(object(&[("how", text(1_000))]))
        .answer(200, "Verified.", whole_schema())
        .refuses(&[Code::Conflict, Code::StorageFull])
}

/// The person whose request it is.
async fn person_of(web: &Web, caller: &Caller, id: RequestId) -> Result<RecordId> {
    caller.actor.permit::<HandleRequests>()?;
    let found = web.app.read(&caller.actor, move |unit| {
        let found = requests::find(unit, id)?;
        unit.plain(found.person)
    });
    found.await
}

async fn package(
    State(web): State<Web>,
    caller: Caller,
    Path(request): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    asked.end()?;
    let id: RequestId = id(&request, "request")?;
    let permit = caller.actor.permit::<HandleRequests>()?;
    let person = person_of(&web, &caller, id).await?;
    let once = once::asked(&web, &caller, &headers, "request.package", &id)?;
    let ordered = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 202, |unit| requests::order_package(unit, &permit, person, id))
    });
    let job = ordered.await?;
    begun(job, json!({}), &format!("/api/v1/jobs/{job}"))
}

fn package_doc(_: &About) -> Doc {
    doc("order_package", "Have the access package made")
        .more("When the job is done, `package` of the request says where it is fetched.")
        .id("req", "request")
        .once()
        .answer(202, "A job makes it.", begun_schema(&[]))
        .with_header(202, "Location")
        .refuses(&[Code::Conflict, Code::StorageFull])
}

async fn plan(State(web): State<Web>, caller: Caller, Path(request): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let id: RequestId = id(&request, "request")?;
    let person = person_of(&web, &caller, id).await?;
    answer(StatusCode::OK, &erasure::plan(&web.app, &caller.actor, person).await?)
}

fn plan_doc(_: &About) -> Doc {
    doc("plan_erasure", "What an erasure would come to")
        .more("Nothing changes. Execute it within a quarter of an hour with its `fingerprint` and its `count`.")
        .id("req", "request")
        .answer(
            200,
            "What becomes of each record, by which rule, until when.",
            json!({ "type": "object", "required": ["items", "counts", "count", "fingerprint", "expires"] }),
        )
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct EraseIn {
    fingerprint: String,
    #[serde(deserialize_with = "catalogue::whole")]
    count: usize,
}

async fn erase(
    State(web): State<Web>,
    caller: Caller,
    Path(request): Path<String>,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<EraseIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let id: RequestId = id(&request, "request")?;
    let person = person_of(&web, &caller, id).await?;
    let once = once::asked(&web, &caller, &headers, "request.erase", &(id, &given))?;
    let plan = (given.fingerprint.as_str(), given.count);
    answer(StatusCode::OK, &erasure::execute_once(&web.app, &caller.actor, (person, id), plan, once).await?)
}

fn erase_doc(_: &About) -> Doc {
    doc("execute_erasure", "Erase as planned")
        .more("What a hold or the law keeps is restricted or kept and named; `certificate` proves the rest gone.")
        .id("req", "request")
        .once()
        .body(object(&[("fingerprint", text(200)), ("count", json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000_000 }))]))
        .answer(200, "Done.", json!({ "type": "object", "required": ["erased", "restricted", "kept", "certificate", "request"] }))
        .refuses(&[Code::Conflict, Code::LegalHold, Code::StorageFull])
}
