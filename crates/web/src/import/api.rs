//! Bringing files and messages in, for programs: sent, followed, told row by row, taken back.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use catalogue::Kind;
use crm::{
    capture::{
        self, Stored,
        batch::{self, Batch, StoredItem, Whole},
    },
    import::{self, Mapping, Mode, Options, Source},
    permits::Import,
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{BatchId, Code, Error, JobId, Result};
use serde_json::{Value as Json, json};
use trail::Actor;

use super::{
    api_doc as docs,
    report::{job, run_job},
};
use crate::{
    api::{Caller, address::Asked, begun, id, once, upload::Upload},
    kit::{error::Refused, json::answer},
    router::{Access, Route, Web},
};

/// The largest file, in bytes; larger ones go through the command line.
pub(super) const BODY: usize = 512 << 20;
/// The largest mailbox, in bytes: its messages are held in memory.
pub(super) const MAIL: u64 = 64 << 20;
/// A mailbox with the form around it, in bytes.
const MAIL_BODY: usize = MAIL as usize + (1 << 20);
/// The rows that a dry run tries.
pub(super) const TRIED: usize = 10_000;
/// Refused rows that an answer names; the others are told row by row.
pub(super) const FAILED: i64 = 1_000;
/// The most runs or rows of one answer.
pub(super) const LIMIT_MAX: usize = 500;
/// Runs or rows when nobody says otherwise.
pub(super) const LIMIT: usize = 100;

const IMPORT: &str = "import";
const CAPTURE: &str = "capture";
pub(super) const MODES: &[(&str, Mode)] = &[("create", Mode::Create), ("update", Mode::Update), ("both", Mode::Both)];

/// The routes of imports.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/imports", Access::Key, || get(imports)).doc(docs::imports),
    Route::new(Method::POST, "/api/v1/imports", Access::Key, || post(start_import)).body(BODY).doc(docs::start_import),
    Route::new(Method::POST, "/api/v1/imports/prepare", Access::Key, || post(prepare)).body(BODY).doc(docs::prepare),
    Route::new(Method::GET, "/api/v1/imports/{id}", Access::Key, || get(show_import)).doc(docs::show_import),
    Route::new(Method::GET, "/api/v1/imports/{id}/rows", Access::Key, || get(import_rows)).doc(docs::import_rows),
    Route::new(Method::POST, "/api/v1/imports/{id}/undo", Access::Key, || post(undo)).doc(docs::undo),
];

/// The routes of captures.
pub const CAPTURES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/captures", Access::Key, || get(captures)).doc(docs::captures),
    Route::new(Method::POST, "/api/v1/captures", Access::Key, || post(start_capture)).body(MAIL_BODY).doc(docs::start_capture),
    Route::new(Method::GET, "/api/v1/captures/{id}", Access::Key, || get(show_capture)).doc(docs::show_capture),
    Route::new(Method::GET, "/api/v1/captures/{id}/items", Access::Key, || get(capture_items)).doc(docs::capture_items),
];

/// Whether a file was sent whose bytes are worth reading. Error: invalid_input for an empty one.
fn sent(upload: &Upload<Arc<Stored>>) -> Result<capture::Sent> {
    if upload.bytes.size() == 0 {
        return Err(Error::invalid("/file", "empty", "The file is empty. Send one that is not."));
    }
    Ok(capture::Sent::new(upload.name.clone(), upload.bytes.clone()))
}

/// An answer, and the run that has taken the file over, if one has.
type Answered = (Response, Option<BatchId>);

/// Lets go of what was sent unless it is a run's own now: nothing refused is kept, nor what was sent a second time.
async fn settled(web: &Web, file: &Stored, answered: Result<Answered, Refused>) -> Result<Response, Refused> {
    if !matches!(&answered, Ok((_, Some(batch))) if *batch == file.id()) {
        file.delete(&web.app).await?;
    }
    answered.map(|(response, _)| response)
}

fn taken(what: &str, (batch, job): (BatchId, JobId)) -> Result<Answered, Refused> {
    Ok((begun(job, json!({ "batch": batch }), &format!("/api/v1/{what}s/{batch}"))?, Some(batch)))
}

/// Whether a mailbox may be captured from here. Error: too_large.
pub(super) fn small_enough(sent: &capture::Sent) -> Result<()> {
    if sent.file.size() > MAIL {
        return Err(Error::new(
            Code::TooLarge,
            "A mailbox of more than 64 MB is captured with the command `probity capture`, or in parts.",
        ));
    }
    Ok(())
}

/// What a file holds and how its columns would be mapped, with what was chosen for them before. Nothing is kept.
async fn prepare(State(web): State<Web>, caller: Caller, asked: Asked, upload: Upload<Arc<Stored>>) -> Result<Response, Refused> {
    let file = Arc::clone(&upload.bytes);
    let answered = prepared(&web, &caller, asked, upload).await;
    settled(&web, &file, answered).await
}

async fn prepared(web: &Web, caller: &Caller, asked: Asked, mut upload: Upload<Arc<Stored>>) -> Result<Answered, Refused> {
    asked.end()?;
    let kind = kind(web, caller, &mut upload)?;
    upload.end()?;
    let (mut prepared, remembered) = looked_at(web, &caller.actor, &kind, &sent(&upload)?).await?;
    if let Some(remembered) = &remembered {
        prepared.mapping = remembered.mapping.clone();
        for column in &mut prepared.columns {
            if let Some(target) = prepared.mapping.columns.get(&column.name) {
                column.target.clone_from(target);
            }
        }
    }
    let mut body = serde_json::to_value(&prepared).map_err(Error::internal)?;
    body["remembered"] = remembered.map_or(Json::Null, |remembered| json!({ "when": remembered.when }));
    Ok((answer(StatusCode::OK, &body)?, None))
}

/// What a sent file holds, and what was chosen for its columns before.
pub(super) async fn looked_at(
    web: &Web,
    actor: &Actor,
    kind: &Arc<Kind>,
    sent: &capture::Sent,
) -> Result<(import::Prepared, Option<import::Remembered>)> {
    let (source, looked_at, catalogue) = (Source::of(&web.app, sent), Arc::clone(kind), web.app.catalogue());
    let work = tokio::task::spawn_blocking(move || import::prepare(&catalogue, &looked_at, &source));
    let prepared = work.await.map_err(Error::internal)??;
    let remembered = import::remembered(&web.app, actor, &kind.key, &prepared).await?;
    Ok((prepared, remembered))
}

/// The kind that rows become, when the caller may import it.
fn kind(web: &Web, caller: &Caller, upload: &mut Upload<Arc<Stored>>) -> Result<Arc<Kind>> {
    let permit = caller.actor.permit::<Import>()?;
    let key = upload.take("kind").ok_or_else(|| Error::invalid("/kind", "required", "Say what kind of record the rows become."))?;
    let known = web.app.catalogue().kind(&key).cloned();
    let known = known.ok_or_else(|| Error::invalid("/kind", "unknown_kind", "There is no such kind. See /api/v1/kinds."))?;
    permit.need(&known)?;
    Ok(known)
}

async fn start_import(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    upload: Upload<Arc<Stored>>,
) -> Result<Response, Refused> {
    let file = Arc::clone(&upload.bytes);
    let answered = import_sent(&web, &caller, asked, &headers, upload).await;
    settled(&web, &file, answered).await
}

async fn import_sent(
    web: &Web,
    caller: &Caller,
    asked: Asked,
    headers: &HeaderMap,
    mut upload: Upload<Arc<Stored>>,
) -> Result<Answered, Refused> {
    asked.end()?;
    let kind = kind(web, caller, &mut upload)?.key.clone();
    let (match_by, mode) = (upload.take("match"), upload.word("mode", MODES)?.unwrap_or_default());
    let dry_run = upload.flag("dry_run")?;
    let options = Options { match_by, mode, dry_run, first: dry_run.then_some(TRIED) };
    let mapping: Option<Mapping> = upload.json("mapping")?;
    upload.end()?;
    let mut sent = sent(&upload)?;
    if options.dry_run {
        let report = import::run(&web.app, &caller.actor, &kind, &Source::of(&web.app, &sent), mapping, options, |_| ()).await?;
        return Ok((answer(StatusCode::OK, &report)?, None));
    }
    let said = (&kind, &mapping, &options, sent.name.expose(), sent.file.size());
    sent.once = once::asked_with(web, caller, headers, "import", &said, &sent.file.hash())?;
    taken(IMPORT, import::start(&web.app, &caller.actor, &kind, &sent, mapping, options).await?)
}

async fn start_capture(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    upload: Upload<Arc<Stored>>,
) -> Result<Response, Refused> {
    let file = Arc::clone(&upload.bytes);
    let answered = capture_sent(&web, &caller, asked, &headers, upload).await;
    settled(&web, &file, answered).await
}

async fn capture_sent(
    web: &Web,
    caller: &Caller,
    asked: Asked,
    headers: &HeaderMap,
    mut upload: Upload<Arc<Stored>>,
) -> Result<Answered, Refused> {
    asked.end()?;
    caller.actor.permit::<Import>()?;
    let channel = upload.take("channel").unwrap_or_else(|| "email".to_owned());
    let options = capture::Options { origin_evidence: upload.flag("origin_evidence")?, ..capture::Options::default() };
    upload.end()?;
    let mut sent = sent(&upload)?;
    small_enough(&sent)?;
    let said = (&channel, options.origin_evidence, sent.name.expose(), sent.file.size());
    sent.once = once::asked_with(web, caller, headers, "capture", &said, &sent.file.hash())?;
    taken(CAPTURE, capture::start(&web.app, &caller.actor, &sent, &channel, options).await?)
}

async fn imports(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    list(&web, &caller, asked, IMPORT).await
}

async fn captures(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    list(&web, &caller, asked, CAPTURE).await
}

/// The newest runs of the kinds that one may import.
async fn list(web: &Web, caller: &Caller, mut asked: Asked, what: &'static str) -> Result<Response, Refused> {
    let permit = caller.actor.permit::<Import>()?;
    let limit = int(asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT));
    asked.end()?;
    let runs = web.app.read(&caller.actor, move |unit| {
        let runs = batch::newest(unit, what, limit)?;
        unit.plain(runs)
    });
    let runs = runs.await?;
    let mine = runs.iter().filter(|run| permit.over(run.kind_made()).is_some());
    answer(StatusCode::OK, &json!({ "items": mine.map(summary).collect::<Vec<_>>() }))
}

fn int(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// What the columns of a run say.
fn summary(run: &Batch) -> Json {
    let c = run.counts;
    let mut body = json!({
        "batch": run.id, "state": run.state, "started": run.started, "finished": run.finished, "actor": run.actor,
        "duplicate": c.duplicate, "failures": c.failed,
    });
    if run.what == CAPTURE {
        (body["channel"], body["seen"], body["captured"]) = (run.kind.as_str().into(), c.seen.into(), c.created.into());
    } else {
        (body["kind"], body["rows"]) = (run.kind.as_str().into(), c.seen.into());
        (body["created"], body["updated"]) = (c.created.into(), c.updated.into());
    }
    body
}

async fn show_import(State(web): State<Web>, caller: Caller, Path(run): Path<String>, asked: Asked) -> Result<Response, Refused> {
    show(&web, &caller, &run, asked, IMPORT).await
}

async fn show_capture(State(web): State<Web>, caller: Caller, Path(run): Path<String>, asked: Asked) -> Result<Response, Refused> {
    show(&web, &caller, &run, asked, CAPTURE).await
}

/// A run as it stands: its counts, its job, its refused rows, and what came of taking it back.
async fn show(web: &Web, caller: &Caller, run: &str, asked: Asked, what: &'static str) -> Result<Response, Refused> {
    asked.end()?;
    let (batch, permit): (BatchId, _) = (id(run, what)?, caller.actor.permit::<Import>()?);
    let found = web.app.read(&caller.actor, move |unit| {
        let (whole, failed) = (batch::show(unit, &permit, what, batch)?, batch::failed(unit, batch, 0, FAILED)?);
        Ok(whole.map(|whole| (whole, failed)))
    });
    let (Whole { batch: run, file, undone }, failed) = found.await?;
    let goes_back = job(web, batch, import::jobs::UNDO).await?;
    let at_work = if goes_back.is_some() { goes_back } else { job(web, batch, run_job(&run)).await? };
    let mut body = summary(&run);
    body["file"] = file.into();
    body["failed"] = failed.iter().map(|item| refused(what, item)).collect();
    body["job"] = at_work
        .map_or(Json::Null, |job| json!({ "id": job.id, "state": job.state, "done": job.done, "total": job.total, "error": job.error }));
    if what == IMPORT {
        body["undo"] = undone;
    }
    answer(StatusCode::OK, &body)
}

/// What was not accepted, and why.
fn refused(what: &str, item: &StoredItem) -> Json {
    if what == CAPTURE { json!({ "item": item.n, "reason": item.reason }) } else { json!({ "row": item.n, "reason": item.reason }) }
}

async fn import_rows(State(web): State<Web>, caller: Caller, Path(run): Path<String>, asked: Asked) -> Result<Response, Refused> {
    rows(&web, &caller, &run, asked, IMPORT).await
}

async fn capture_items(State(web): State<Web>, caller: Caller, Path(run): Path<String>, asked: Asked) -> Result<Response, Refused> {
    rows(&web, &caller, &run, asked, CAPTURE).await
}

/// What came of each row or item, in their order.
async fn rows(web: &Web, caller: &Caller, run: &str, mut asked: Asked, what: &'static str) -> Result<Response, Refused> {
    let limit = asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let after = asked.number("after", 0, 1_000_000_000)?.unwrap_or(0);
    asked.end()?;
    let (batch, permit): (BatchId, _) = (id(run, what)?, caller.actor.permit::<Import>()?);
    let found = web.app.read(&caller.actor, move |unit| {
        let whole = batch::show(unit, &permit, what, batch)?;
        let items = batch::items(unit, batch, int(after), int(limit) + 1)?;
        Ok(whole.map(|_| items))
    });
    let mut found = found.await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|item| item.n);
    let items: Vec<Json> = found.iter().map(|item| told(what, item)).collect();
    answer(StatusCode::OK, &json!({ "items": items, "next": next }))
}

fn told(what: &str, item: &StoredItem) -> Json {
    let mut body = refused(what, item);
    // A captured item makes a record and never changes one.
    let outcome = if what == CAPTURE && item.outcome == "created" { "captured" } else { &item.outcome };
    (body["outcome"], body["record"], body["version"]) = (outcome.into(), json!(item.record), json!(item.versions.1));
    body
}

async fn undo(
    State(web): State<Web>,
    caller: Caller,
    Path(run): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    asked.end()?;
    caller.actor.permit::<Import>()?;
    let batch: BatchId = id(&run, IMPORT)?;
    let once = once::asked(&web, &caller, &headers, "import.undo", &batch)?;
    let job = import::undo_later(&web.app, &caller.actor, batch, once).await?;
    begun(job, json!({ "batch": batch }), &format!("/api/v1/imports/{batch}"))
}

/// How imports are refused beyond what their doors imply.
pub(super) const REFUSALS: &[Code] = &[Code::Malformed, Code::InvalidInput, Code::TooLarge, Code::UnsupportedMedia, Code::StorageFull];
