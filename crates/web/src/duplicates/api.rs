//! Duplicates for programs: who looks like a record to be made, the pairs there are, merging and taking a merge back.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use crm::{
    duplicates::{self, Alike, Choice, DuplicateId, Preview, Refusal},
    permits::{ReadRecords, WriteRecords},
    records::{self, Detail},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Error, RecordId, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::api_doc as doc;
use crate::{
    api::{
        Caller,
        address::{Asked, cursor_gone},
        begun, id, once,
    },
    kit::{error::Refused, json, json::answer},
    records::api::{expected, kind_of, read_fields, under_fields},
    router::{Access, Route, Web},
};

/// The routes of this file. What is described under `/records/{kind}` answers under `/people` too.
pub const ROUTES: &[Route] = &[
    Route::new(Method::POST, "/api/v1/{kind}/duplicates/check", Access::Key, || post(check)),
    Route::new(Method::POST, "/api/v1/records/{kind}/duplicates/check", Access::Key, || post(check)).doc(doc::check),
    Route::new(Method::GET, "/api/v1/{kind}/duplicates", Access::Key, || get(list)),
    Route::new(Method::GET, "/api/v1/records/{kind}/duplicates", Access::Key, || get(list)).doc(doc::list),
    Route::new(Method::GET, "/api/v1/duplicates/scan", Access::Key, || get(scanned)).doc(doc::scanned),
    Route::new(Method::POST, "/api/v1/duplicates/scan", Access::Key, || post(scan)).doc(doc::scan),
    Route::new(Method::POST, "/api/v1/duplicates/{id}/dismiss", Access::Key, || post(dismiss)).doc(doc::dismiss),
    Route::new(Method::POST, "/api/v1/{kind}/{id}/merge", Access::Key, || post(merge)),
    Route::new(Method::POST, "/api/v1/records/{kind}/{id}/merge", Access::Key, || post(merge)).doc(doc::merge),
    Route::new(Method::POST, "/api/v1/{kind}/{id}/unmerge", Access::Key, || post(unmerge)),
    Route::new(Method::POST, "/api/v1/records/{kind}/{id}/unmerge", Access::Key, || post(unmerge)).doc(doc::unmerge),
];

/// Pairs of a page, where no other number is asked for.
pub(super) const LIMIT: usize = 25;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckIn {
    fields: Map<String, Json>,
    #[serde(default)]
    own: Option<RecordId>,
}

async fn check(
    State(web): State<Web>,
    caller: Caller,
    Path(word): Path<String>,
    uri: http::Uri,
    asked: Asked,
    json::Json(given): json::Json<CheckIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    let fields: records::Fields = read_fields(&kind, given.fields)?.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    let (key, own) = (kind.key.clone(), given.own);
    let found = web.app.read(&caller.actor, move |unit| duplicates::check(unit, &permit, &key, &fields, own)).await?;
    let items: Vec<Json> = found.iter().map(alike).collect();
    answer(StatusCode::OK, &json!({ "items": items }))
}

fn alike(found: &Alike) -> Json {
    let Alike { shown, likeness } = found;
    let signs: Vec<&str> = likeness.signs.iter().map(|sign| sign.code.as_str()).collect();
    json!({ "id": shown.id, "version": shown.version, "title": shown.title, "score": likeness.score(), "signs": signs })
}

async fn list(
    State(web): State<Web>,
    caller: Caller,
    Path(word): Path<String>,
    uri: http::Uri,
    mut asked: Asked,
) -> Result<Response, Refused> {
    let limit = asked.number("limit", 1, duplicates::LIMIT_MAX)?.unwrap_or(LIMIT);
    let cursor = asked.take("cursor");
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    let (key, given) = (kind.key.clone(), cursor.is_some());
    let page = web.app.read(&caller.actor, move |unit| duplicates::list(unit, &permit, &key, cursor.as_deref(), limit));
    let page = page.await.map_err(|error| cursor_gone(given, error))?;
    let one = |shown: &records::Shown| json!({ "id": shown.id, "version": shown.version, "title": shown.title });
    let items: Vec<Json> = page
        .pairs
        .iter()
        .map(|pair| {
            let records = [one(&pair.records.0), one(&pair.records.1)];
            json!({ "id": pair.id, "score": pair.score, "signs": pair.signs, "found": pair.found, "records": records })
        })
        .collect();
    answer(StatusCode::OK, &json!({ "items": items, "next": page.next }))
}

async fn scanned(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    caller.actor.permit::<ReadRecords>()?;
    let duplicates::Scanned { seen, job } = duplicates::scanned(&web.app, &caller.actor).await?;
    let job = job.map(|job| json!({ "id": job.id, "state": job.state, "done": job.done, "total": job.total, "finished": job.finished }));
    answer(StatusCode::OK, &json!({ "seen": seen, "job": job }))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ScanIn {
    #[serde(default)]
    everything: bool,
}

async fn scan(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<ScanIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<WriteRecords>()?;
    let once = once::asked(&web, &caller, &headers, "duplicates.scan", &given)?;
    let job = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 202, |unit| duplicates::ask(unit, &permit, given.everything))
    });
    begun(job.await?, json!({}), "/api/v1/duplicates/scan")
}

async fn dismiss(
    State(web): State<Web>,
    caller: Caller,
    Path(pair): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    asked.end()?;
    let id: DuplicateId = id(&pair, "pair of duplicates")?;
    let permit = caller.actor.permit::<WriteRecords>()?;
    let once = once::asked(&web, &caller, &headers, "duplicates.dismiss", &pair)?;
    let done = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 200, |unit| {
            duplicates::dismiss(unit, &permit, id)?;
            Ok(id)
        })
    });
    answer(StatusCode::OK, &json!({ "id": done.await?, "state": "dismissed" }))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct MergeIn {
    other: RecordId,
    #[serde(default, deserialize_with = "catalogue::whole_or_null")]
    other_version: Option<i64>,
    #[serde(default)]
    choices: BTreeMap<String, Choice>,
    #[serde(default)]
    dry_run: bool,
}

async fn merge(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<MergeIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let survivor: RecordId = id(&record, "record")?;
    let writes = caller.actor.permit::<WriteRecords>()?;
    writes.need(&kind)?;
    let key = kind.key.clone();
    if given.dry_run {
        let reads = caller.actor.permit::<ReadRecords>()?;
        let weighed = web.app.read(&caller.actor, move |unit| {
            of_kind(unit, survivor, &key)?;
            duplicates::preview(unit, (&reads, &writes), (survivor, given.other), &given.choices, Detail::Whole)
        });
        return answer(StatusCode::OK, &preview(&weighed.await?));
    }
    let Some(other_version) = given.other_version else {
        return Err(Error::invalid("/other_version", "required", "Name the version of the other record that you looked at.").into());
    };
    let version = expected(&headers)?;
    let once = once::asked(&web, &caller, &headers, "duplicates.merge", &(&record, &given))?;
    let merged = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 200, |unit| {
            of_kind(unit, survivor, &key)?;
            let asked = duplicates::Asked {
                survivor,
                other: given.other,
                choices: given.choices.clone(),
                versions: (version, Some(other_version)),
            };
            let done = duplicates::merge(unit, &writes, &asked)?;
            Ok(json!({ "merge": done.id, "survivor": survivor, "other": given.other, "version": done.version, "job": done.job })
                .to_string())
        })
    });
    let merged = merged.await.map_err(under_choices)?;
    answer(StatusCode::OK, &serde_json::from_str::<Json>(&merged).map_err(Error::internal)?)
}

/// What is wrong with the values that survive is said of the choices.
fn under_choices(error: Error) -> Error {
    let known =
        error.problems().iter().all(|p| p.pointer.starts_with("/choices") || matches!(p.pointer.as_str(), "/other" | "/merged_into"));
    if known { error } else { under_fields(error) }
}

/// Error: not_found for a record of another kind, as the address names none of it.
fn of_kind(unit: &mut crm::permits::Unit, id: RecordId, kind: &str) -> Result<()> {
    records::find(unit, id)?.filter(|row| row.kind.key == kind).map(drop).ok_or_else(|| Error::not_found("record"))
}

fn preview(weighed: &Preview) -> Json {
    let fields: Vec<Json> = weighed
        .fields
        .iter()
        .map(|field| {
            json!({
                "field": field.key, "choice": field.choice.as_str(), "same": field.same, "may_choose": field.may_choose, "several": field.several,
            })
        })
        .collect();
    let refusals: Vec<Json> = weighed.refusals.iter().map(refusal).collect();
    json!({
        "survivor": weighed.survivor.to_json(), "other": weighed.other.to_json(), "fields": fields, "refusals": refusals,
        "moves": { "records": weighed.moves.records, "stays": weighed.moves.stays, "entries": weighed.moves.entries },
    })
}

fn refusal(refusal: &Refusal) -> Json {
    let (hold, matter, request, right) = match refusal {
        Refusal::Held(_, hold, matter) => (Some(*hold), matter.clone(), None, None),
        Refusal::Restricted(_) => (None, None, None, None),
        Refusal::Requested(_, request, right) => (None, None, Some(*request), Some(right.clone())),
    };
    json!({ "record": refusal.record(), "code": refusal.word(), "hold": hold, "matter": matter, "request": request, "right": right })
}

async fn unmerge(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let other: RecordId = id(&record, "record")?;
    let permit = caller.actor.permit::<WriteRecords>()?;
    let once = once::asked(&web, &caller, &headers, "duplicates.unmerge", &record)?;
    let back = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 200, |unit| {
            of_kind(unit, other, &kind.key)?;
            let back = duplicates::unmerge(unit, &permit, other)?;
            let body = json!({
                "other": back.other, "survivor": back.survivor, "restored": back.restored, "left": back.left, "stuck": back.stuck, "job": back.job,
            });
            Ok(body.to_string())
        })
    });
    answer(StatusCode::OK, &serde_json::from_str::<Json>(&back.await?).map_err(Error::internal)?)
}
