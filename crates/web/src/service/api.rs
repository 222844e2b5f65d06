//! Service targets and clocks, for programs.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, put},
};
use crm::{
    permits::{Manage, ReadRecords},
    records,
    service::{self, Clock, Day, HOLIDAYS_MAX, Hours, MINUTES_MAX, Promise, Set, State as Stands, Target, Targets, WARN_MAX},
};
use http::{Method, StatusCode};
use kernel::{Code, Error, RecordId, Result};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, address::Asked, id},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{key, object, time},
    },
    router::{Access, Route, Web},
};

/// The routes of service targets.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/service-targets", Access::Key, || get(targets)).doc(targets_doc),
    Route::new(Method::PUT, "/api/v1/service-targets", Access::Key, || put(set)).doc(set_doc),
    Route::new(Method::GET, "/api/v1/cases/{id}/clock", Access::Key, || get(clock)).doc(clock_doc),
];

fn target_schema() -> Json {
    let minutes = json!({ "type": ["integer", "null"], "minimum": 1, "maximum": MINUTES_MAX, "description": "Minutes; `null` where nothing is promised." });
    object(&[
        ("reply", minutes.clone()),
        ("solve", minutes),
        ("around_the_clock", json!({ "type": "boolean", "description": "Counted day and night, not in working hours." })),
    ])
}

fn hours_schema() -> Json {
    let span = json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "examples": ["09:00-17:00"] });
    let days: Vec<(String, Json)> = Day::ALL.iter().map(|day| (format!("?{}", day.as_str()), span.clone())).collect();
    let days: Vec<(&str, Json)> = days.iter().map(|(name, schema)| (name.as_str(), schema.clone())).collect();
    let country = json!({ "type": ["string", "null"], "enum": service::countries().into_iter().map(Json::from).chain([Json::Null]).collect::<Vec<_>>(), "description": "Whose public holidays are free." });
    let day = json!({ "type": "string", "format": "date" });
    object(&[
        (
            "zone",
            json!({ "type": "string", "description": "A zone of the IANA database.", "examples": ["Europe/Berlin"], "maxLength": 100 }),
        ),
        ("week", object(&days)),
        ("country", country),
        (
            "holidays",
            json!({ "type": "array", "items": day, "maxItems": HOLIDAYS_MAX, "uniqueItems": true, "description": "Further days that are free." }),
        ),
    ])
}

fn schema(version: (&str, Json)) -> Json {
    let keys = json!({ "type": "array", "items": key(), "maxItems": 100, "uniqueItems": true });
    object(&[
        version,
        (
            "targets",
            json!({ "type": "object", "additionalProperties": target_schema(), "propertyNames": key(), "maxProperties": 100, "description": "By priority." }),
        ),
        ("usual", json!({ "type": "string", "maxLength": 40, "description": "The priority that a case without one counts as." })),
        ("hours", hours_schema()),
        ("pauses", keys.clone()),
        ("answers", keys.clone()),
        ("ends", keys),
        (
            "resumes",
            json!({ "type": ["string", "null"], "maxLength": 40, "description": "The status that a case which waits goes on in when the customer writes." }),
        ),
        (
            "warn",
            json!({ "type": "integer", "minimum": 0, "maximum": WARN_MAX, "description": "From how much of a target left it counts as due soon, in percent." }),
        ),
    ])
}

fn said(set: &Set) -> Result<Json> {
    let mut json = serde_json::to_value(&set.targets).map_err(Error::internal)?;
    json["version"] = set.version.into();
    Ok(json)
}

async fn targets(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let set = web.app.read(&caller.actor, service::targets).await?;
    answer(StatusCode::OK, &said(&set)?)
}

fn out() -> Json {
    schema(("version", json!({ "type": "integer", "minimum": 0, "description": "0 for those that ship." })))
}

fn targets_doc(_: &About) -> Doc {
    Doc::new("show_service_targets", "records", "Show what is promised for cases")
        .more("By priority, how long a first answer and a solution may take; when people work; in which statuses the clock stands still, a first answer is marked, and a case is solved.")
        .answer(200, "The targets that hold.", out())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetsIn {
    #[serde(default)]
    version: Option<i64>,
    targets: BTreeMap<String, Target>,
    usual: String,
    hours: Hours,
    pauses: BTreeSet<String>,
    answers: BTreeSet<String>,
    ends: BTreeSet<String>,
    resumes: Option<String>,
    warn: u8,
}

async fn set(State(web): State<Web>, caller: Caller, asked: Asked, json::Json(new): json::Json<TargetsIn>) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Manage>()?;
    let TargetsIn { version, targets, usual, hours, pauses, answers, ends, resumes, warn } = new;
    let targets = Targets { targets, usual, hours, pauses, answers, ends, resumes, warn };
    web.app.write(&caller.actor, move |unit| service::set(unit, &permit, version, &targets)).await?;
    let set = web.app.read(&caller.actor, service::targets).await?;
    answer(StatusCode::OK, &said(&set)?)
}

fn set_doc(_: &About) -> Doc {
    let version = json!({ "type": ["integer", "null"], "minimum": 0, "description": "The version that was changed: another one that holds meanwhile refuses." });
    Doc::new("set_service_targets", "records", "Set what is promised for cases")
        .needs("manage")
        .more("All of it at once; the version before is kept. Open cases are counted anew by a job; promises that were judged stay as they were judged.")
        .body(schema(("?version", version)))
        .answer(200, "The targets that hold now.", out())
        .refuses(&[Code::VersionConflict, Code::StorageFull])
}

fn promise(promise: &Promise) -> Json {
    json!({
        "state": promise.state.as_str(), "allowed_minutes": promise.allowed, "used_seconds": promise.used, "left_seconds": promise.left(),
        "due": promise.due, "soon": promise.soon, "done": promise.done,
    })
}

fn told(clock: &Clock, set: &Set) -> Json {
    let stretches: Vec<Json> = clock
        .stretches
        .iter()
        .map(|one| json!({ "from": one.from, "to": one.to, "status": one.status, "runs": one.runs, "counted_seconds": one.counted }))
        .collect();
    json!({
        "state": clock.state().map(Stands::as_str), "due": clock.due(), "priority": clock.priority, "targets_version": set.version,
        "around_the_clock": clock.target.around_the_clock, "reply": clock.reply.as_ref().map(promise), "solve": clock.solve.as_ref().map(promise),
        "stretches": stretches,
    })
}

async fn clock(State(web): State<Web>, caller: Caller, Path(case): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let id: RecordId = id(&case, "record")?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    let found = web.app.read(&caller.actor, move |unit| records::clock(unit, &permit, id)).await?;
    let (found, set) = found.ok_or_else(|| Error::not_found("clock"))?;
    answer(StatusCode::OK, &told(&found, &set))
}

fn clock_doc(_: &About) -> Doc {
    let maybe = || json!({ "type": ["string", "null"], "format": "date-time" });
    let states: Vec<&str> = Stands::ALL.iter().map(|state| state.as_str()).collect();
    let seconds = || json!({ "type": "integer" });
    let promise = object(&[
        ("state", json!({ "enum": states })),
        ("allowed_minutes", seconds()),
        ("used_seconds", seconds()),
        ("left_seconds", json!({ "type": "integer", "description": "Less than nothing once it is used up." })),
        ("due", maybe()),
        ("soon", maybe()),
        ("done", maybe()),
    ]);
    let promise = json!({ "anyOf": [promise, { "type": "null" }] });
    let stretch = object(&[
        ("from", time()),
        ("to", maybe()),
        ("status", json!({ "type": "string" })),
        ("runs", json!({ "type": "boolean" })),
        ("counted_seconds", seconds()),
    ]);
    let mut or_null: Vec<Json> = states.iter().map(|state| json!(state)).collect();
    or_null.push(Json::Null);
    let schema = object(&[
        ("state", json!({ "enum": or_null })),
        ("due", maybe()),
        ("priority", key()),
        ("targets_version", seconds()),
        ("around_the_clock", json!({ "type": "boolean" })),
        ("reply", promise.clone()),
        ("solve", promise),
        ("stretches", json!({ "type": "array", "items": stretch })),
    ]);
    Doc::new("show_case_clock", "records", "Show the service clock of a case")
        .needs("read")
        .more("What was promised for its priority, how much of it is used and left, and what ran and stood still; worked out now. A time that stands still has no due date.")
        .id("rec", "record")
        .answer(200, "The clock now.", schema)
        .refuses(&[Code::Conflict])
}
