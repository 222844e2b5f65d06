//! Records of every kind, for programs: one set of handlers, whatever the kind.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, patch, post},
};
use catalogue::{Kind, Value};
use crm::{
    permits::{ReadRecords, WriteRecords},
    records::{self, Detail, NewRecord, RecordPatch},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, RecordId, Result, UserId};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json, json};
use std::{collections::BTreeMap, sync::Arc};
use trail::Actor;

use super::{api_batch as batch, api_list as list, api_more as more};
use crate::{
    api::{Caller, Versions, address::Asked, condition, id, once, with_location, with_version},
    kit::{error::Refused, json, json::answer},
    openapi::{About, Doc, collection, fields::keep_to_schema},
    router::{Access, Route, Web},
};

/// The routes of records.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/{kind}", Access::Key, || get(list::list)).doc(list::list_doc),
    Route::new(Method::POST, "/api/v1/{kind}", Access::Key, || post(create)).body(BODY).doc(create_doc),
    Route::new(Method::POST, "/api/v1/{kind}/search", Access::Key, || post(list::search)).doc(list::search_doc),
    Route::new(Method::POST, "/api/v1/{kind}/batch", Access::Key, || post(batch::batch)).body(batch::BODY).doc(batch::doc),
    Route::new(Method::GET, "/api/v1/{kind}/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::PATCH, "/api/v1/{kind}/{id}", Access::Key, || patch(change)).body(BODY).doc(change_doc),
    Route::new(Method::GET, "/api/v1/{kind}/{id}/versions", Access::Key, || get(more::versions)),
    Route::new(Method::GET, "/api/v1/{kind}/{id}/versions/{version}", Access::Key, || get(more::version)),
    Route::new(Method::GET, "/api/v1/{kind}/{id}/retention", Access::Key, || get(more::retention)),
    Route::new(Method::GET, "/api/v1/{kind}/{id}/timeline", Access::Key, || get(more::timeline)),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}/timeline", Access::Key, || get(more::timeline)).doc(more::timeline_doc),
    Route::new(Method::GET, "/api/v1/records/{kind}", Access::Key, || get(list::list)),
    Route::new(Method::POST, "/api/v1/records/{kind}", Access::Key, || post(create)).body(BODY),
    Route::new(Method::POST, "/api/v1/records/{kind}/search", Access::Key, || post(list::search)),
    Route::new(Method::POST, "/api/v1/records/{kind}/batch", Access::Key, || post(batch::batch)).body(batch::BODY),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}", Access::Key, || get(show)),
    Route::new(Method::PATCH, "/api/v1/records/{kind}/{id}", Access::Key, || patch(change)).body(BODY),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}/versions", Access::Key, || get(more::versions)).doc(more::versions_doc),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}/versions/{version}", Access::Key, || get(more::version)).doc(more::version_doc),
    Route::new(Method::POST, "/api/v1/{kind}/{id}/versions/{version}/restore", Access::Key, || post(more::restore)),
    Route::new(Method::POST, "/api/v1/records/{kind}/{id}/versions/{version}/restore", Access::Key, || post(more::restore))
        .doc(more::restore_doc),
    Route::new(Method::GET, "/api/v1/{kind}/{id}/lines", Access::Key, || get(more::lines)),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}/lines", Access::Key, || get(more::lines)).doc(more::lines_doc),
    Route::new(Method::GET, "/api/v1/{kind}/{id}/purchases", Access::Key, || get(more::purchases)),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}/purchases", Access::Key, || get(more::purchases)).doc(more::purchases_doc),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}/retention", Access::Key, || get(more::retention)).doc(more::retention_doc),
];

/// A record's long texts may be a million characters of up to four bytes.
const BODY: usize = 8 << 20;

/// The kind that an address names: a built-in one by its collection (`/people`), any by its key under `/records/`.
pub fn kind_of(web: &Web, uri: &http::Uri, word: &str) -> Result<Arc<Kind>> {
    let catalogue = web.app.catalogue();
    let found = if uri.path().starts_with("/api/v1/records/") {
        catalogue.kind(word)
    } else {
        catalogue.by_path(word).filter(|kind| !kind.custom && kind.path == word)
    };
    found.cloned().ok_or_else(|| Error::new(Code::NotFound, "There is nothing at this address."))
}

/// Whether a record is of this kind and within the permit's scope. Errors: not_found; conflict for one merged into another.
macro_rules! need_of_kind {
    ($unit:expr, $permit:expr, $id:expr, $kind:expr) => {
        crm::records::find($unit, $id)?
            .filter(|row| row.kind.key == $kind)
            .ok_or_else(|| kernel::Error::not_found("record"))
            .and_then(|_| crm::records::in_use($unit, $permit, $id))
    };
}
pub(super) use need_of_kind;

/// What a record is made with.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RecordIn {
    /// Its fields.
    pub fields: Map<String, Json>,
    /// Who is to own it.
    #[serde(default)]
    pub owner: Option<UserId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PatchIn {
    #[serde(default)]
    fields: Map<String, Json>,
    #[serde(default, deserialize_with = "given")]
    owner: Option<Option<UserId>>,
}

/// `null` is given; absent is not.
fn given<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Option<UserId>>, D::Error> {
    Option::deserialize(reader).map(Some)
}

/// Reads fields strictly; problems are named by their place in the body.
pub fn read_fields(kind: &Kind, mut fields: Map<String, Json>) -> Result<BTreeMap<String, Option<Value>>> {
    keep_to_schema(kind, &mut fields)?;
    records::parse_fields(kind, &fields).map_err(under_fields)
}

/// Problems that name a field stand under `/fields` in a body.
pub fn under_fields(error: Error) -> Error {
    let places: Vec<_> = error
        .problems()
        .iter()
        .map(|p| {
            let known = p.pointer.starts_with("/fields/") || p.code == records::NOT_STAFF;
            kernel::Problem { pointer: if known { p.pointer.clone() } else { format!("/fields{}", p.pointer) }, ..p.clone() }
        })
        .collect();
    // An id in good form of nothing that is there is refused for the state of things, not for what was written.
    let dangling =
        !places.is_empty() && places.iter().all(|p| matches!(p.code, "not_a_record" | records::NOT_STAFF | records::NOT_A_COLLEAGUE));
    match error.code() {
        Code::InvalidInput if dangling => Error::new(Code::Conflict, error.detail()).with_problems(places),
        Code::InvalidInput if !places.is_empty() => Error::new(Code::InvalidInput, error.detail()).with_problems(places),
        _ => error,
    }
}

/// A record to be made.
pub fn new_record(kind: &Kind, given: RecordIn) -> Result<NewRecord> {
    let fields = read_fields(kind, given.fields)?.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    Ok(NewRecord { owner: given.owner, ..NewRecord::new(&kind.key, fields) })
}

/// A record as its caller may see it, whole.
async fn seen(web: &Web, actor: &Actor, id: RecordId, detail: Detail) -> Result<records::Shown> {
    let permit = actor.permit::<ReadRecords>()?;
    web.app.read(actor, move |unit| records::show(unit, &permit, id, detail)).await
}

/// The record as an answer; to who may write but not read, no more than its id.
pub(super) async fn rendered(
    web: &Web,
    actor: &Actor,
    kind: &Kind,
    id: RecordId,
    version: i64,
    status: StatusCode,
) -> Result<Response, Refused> {
    let (body, version) = match seen(web, actor, id, Detail::Whole).await {
        Ok(shown) => (shown.to_json(), shown.version),
        Err(error) if matches!(error.code(), Code::Forbidden | Code::NotFound) => {
            (json!({ "id": id, "kind": kind.key, "version": version }), version)
        }
        Err(error) => return Err(error.into()),
    };
    Ok(with_version(answer(status, &body)?, version)?)
}

async fn create(
    State(web): State<Web>,
    caller: Caller,
    Path(word): Path<String>,
    uri: http::Uri,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<RecordIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let permit = caller.actor.permit::<WriteRecords>()?;
    let once = once::asked(&web, &caller, &headers, &kind.key, &given)?;
    let new = new_record(&kind, given)?.made_ready(&web.app, &caller.actor)?;
    let seeing = caller.actor.permit::<ReadRecords>().ok();
    let made = web.app.write(&caller.actor, move |unit| {
        let mut shown = None;
        let id = records::first(unit, once.as_ref(), 201, |unit| {
            let id = records::create(unit, &permit, new.clone())?;
            if let Some(seeing) = &seeing {
                shown = records::show_made(unit, seeing, id)?;
            }
            Ok(id)
        })?;
        Ok((id, shown))
    });
    let (id, shown) = made.await.map_err(under_fields)?;
    let response = match shown {
        // What was given is answered under the event of its making, without another.
        Some(shown) => with_version(answer(StatusCode::CREATED, &shown.to_json())?, shown.version)?,
        // Made by an earlier request with the same key, or out of sight.
        None => rendered(&web, &caller.actor, &kind, id, 1, StatusCode::CREATED).await?,
    };
    Ok(with_location(response, &format!("/api/v1{}/{id}", collection(&kind)))?)
}

fn create_doc(about: &About) -> Doc {
    let label = about.kind.map_or("record", |kind| &kind.label).to_lowercase();
    Doc::new(format!("create_{}", about.key()), "records", format!("Make a {label}"))
        .needs("write")
        .more("It belongs to whoever makes it unless another owner is named.")
        .once()
        .body(about.schema("In"))
        .answer(201, "Made, as far as you may see it.", about.schema(""))
        .with_header(201, "ETag")
        .with_header(201, "Location")
        .refuses(&[Code::NotFound, Code::Conflict, Code::StorageFull])
}

async fn show(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    mut asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let detail = match asked.take("detail").as_deref() {
        None | Some("whole") => Detail::Whole,
        Some("masked") => Detail::Masked,
        Some(_) => return Err(Error::invalid("/detail", "not_an_option", "Choose whole or masked.").into()),
    };
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let id: RecordId = id(&record, "record")?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    let key = kind.key.clone();
    if headers.contains_key("if-none-match") {
        let (key, check) = (key.clone(), permit.clone());
        let version = web.app.read(&caller.actor, move |unit| {
            let row = need_of_kind!(unit, &check, id, key)?;
            unit.plain(row.version)
        });
        let version = version.await?;
        let same = match condition(&headers, "if-none-match")? {
            Some(Versions::Any) => true,
            Some(Versions::These(these)) => these.contains(&version),
            None => false,
        };
        // What the caller has already is not shown again, and leaves no event of a reading.
        if same {
            return Ok(with_version(StatusCode::NOT_MODIFIED.into_response(), version)?);
        }
    }
    let shown = web.app.read(&caller.actor, move |unit| {
        need_of_kind!(unit, &permit, id, key)?;
        records::show(unit, &permit, id, detail)
    });
    let shown = shown.await?;
    Ok(with_version(answer(StatusCode::OK, &shown.to_json())?, shown.version)?)
}

fn show_doc(about: &About) -> Doc {
    let label = about.kind.map_or("record", |kind| &kind.label).to_lowercase();
    Doc::new(format!("show_{}", about.key()), "records", format!("Show a {label}"))
        .needs("read")
        .more("One that was merged into another answers 409: the problem at `/merged_into` has the id of that other one as its detail.")
        .id("rec", "record")
        .query("detail", "Whole values, or those with a mask masked.", json!({ "enum": ["whole", "masked"], "default": "whole" }))
        .header("If-None-Match", false, "The ETag you have.", tags())
        .answer(200, "The record.", about.schema(""))
        .with_header(200, "ETag")
        .empty(304, "It is still at this version.")
        .with_header(304, "ETag")
        // It was merged into another: the problem at `/merged_into` has that one's id as its detail.
        .refuses(&[Code::Conflict])
}

/// The schema of `If-Match` and `If-None-Match`.
pub(super) fn tags() -> Json {
    json!({ "type": "string", "minLength": 1, "pattern": "^(\\*|\"v[1-9][0-9]{0,17}\")$", "examples": ["\"v1\""] })
}

async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<PatchIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let id: RecordId = id(&record, "record")?;
    let permit = caller.actor.permit::<WriteRecords>()?;
    let expected = expected(&headers)?;
    let patch = RecordPatch { fields: read_fields(&kind, given.fields)?, owner: given.owner };
    let key = kind.key.clone();
    let version = web.app.write(&caller.actor, move |unit| {
        need_of_kind!(unit, &permit, id, key)?;
        records::update(unit, &permit, id, expected, patch.clone())
    });
    let version = version.await.map_err(under_fields)?;
    rendered(&web, &caller.actor, &kind, id, version, StatusCode::OK).await
}

/// The version that `If-Match` names; `None` for whichever it is. Errors: precondition_required, malformed.
pub(crate) fn expected(headers: &HeaderMap) -> Result<Option<i64>> {
    match condition(headers, "if-match")? {
        Some(Versions::Any) => Ok(None),
        Some(Versions::These(these)) => one_of(&these).map(Some),
        None => {
            let words = "Send the ETag of the version that you change, as If-Match: \"v3\", so that nobody's change is lost.";
            Err(Error::new(Code::PreconditionRequired, words))
        }
    }
}

fn one_of(versions: &[i64]) -> Result<i64> {
    match versions {
        [version] => Ok(*version),
        _ => Err(Error::new(Code::Malformed, "Name one version in If-Match.")),
    }
}

fn change_doc(about: &About) -> Doc {
    let label = about.kind.map_or("record", |kind| &kind.label).to_lowercase();
    Doc::new(format!("change_{}", about.key()), "records", format!("Change a {label}"))
        .needs("write")
        .more("Fields that are not named stay; `null` empties one.")
        .id("rec", "record")
        .header("If-Match", true, "The ETag of the version you change; `*` for whichever it is.", tags())
        .body(about.schema("Patch"))
        .answer(200, "Changed, as far as you may see it.", about.schema(""))
        .with_header(200, "ETag")
        .refuses(&[Code::VersionConflict, Code::PreconditionRequired, Code::Restricted, Code::Conflict, Code::StorageFull])
}
