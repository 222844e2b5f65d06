//! Import as pages: the file, its columns, how far it is, what came of it.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{file, message, person};
use crm::{
    capture::{self, Stored, batch},
    permits::Import,
};
use http::{Method, StatusCode};
use kernel::{BatchId, Code, Error, Result};
use serde::Deserialize;

use super::{
    api::{BODY, looked_at, small_enough},
    mapping, report,
    shelf::Waiting,
};
use crate::{
    kit::{error::Refused, form::Upload, layout::Choice, render::html, who::Who},
    router::{Access, Route, Web},
    views::{
        import::{ImportUpload, PastImport},
        parts::{Chip, Tone},
    },
};

/// Earlier imports that are shown.
const PAST: i64 = 20;

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/import", Access::Staff, || get(first)),
    Route::new(Method::POST, "/import", Access::Staff, || post(upload)).body(BODY),
    Route::new(Method::GET, "/import/{id}", Access::Staff, || get(one)),
    Route::new(Method::POST, "/import/{id}", Access::Staff, || post(mapping::decide)),
    Route::new(Method::POST, "/import/{id}/cancel", Access::Staff, || post(report::cancel)),
    Route::new(Method::GET, "/import/{id}/undo", Access::Staff, || get(report::before_undo)),
    Route::new(Method::POST, "/import/{id}/undo", Access::Staff, || post(report::undo)),
];

pub(super) fn read(id: &str) -> Result<BatchId> {
    id.parse().map_err(|_| Error::not_found("import"))
}

/// The kind may be chosen in the address: lists lead here with their own.
async fn first(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let view = upload_view(&web, &who, asked.kind.as_deref().unwrap_or(person::KIND)).await?;
    Ok(Html(html(&view)?).into_response())
}

#[derive(Deserialize)]
struct Asked {
    kind: Option<String>,
}

/// The kinds whose records come from files, with what they are called: every kind that this user may import. Messages come as mail; what is
/// beside a record comes with it.
fn kinds(web: &Web, who: &Who) -> Result<Vec<(String, String)>> {
    let (permit, t) = (who.actor.permit::<Import>()?, who.text);
    let catalogue = web.catalogue(t);
    let may = catalogue.kinds().filter(|kind| kind.key != file::KIND && permit.over(&kind.key).is_some());
    Ok(may.map(|kind| (kind.key.clone(), if kind.key == message::KIND { t.get("import-mail") } else { kind.plural.clone() })).collect())
}

async fn upload_view(web: &Web, who: &Who, chosen: &str) -> Result<ImportUpload> {
    let (t, permit, now) = (who.text, who.actor.permit::<Import>()?, web.app.env().now());
    let kinds = kinds(web, who)?;
    let runs = web.app.read(&who.actor, move |unit| {
        let mut runs = batch::newest(unit, "import", PAST)?;
        runs.extend(batch::newest(unit, "capture", PAST)?);
        runs.sort_by_key(|run| std::cmp::Reverse(run.started));
        unit.plain(runs)
    });
    let (runs, zone) = (runs.await?, who.clock(web).await?);
    let past = runs.iter().filter(|run| permit.over(run.kind_made()).is_some()).map(|run| PastImport {
        name: kinds.iter().find(|(kind, _)| kind == run.kind_made()).map_or_else(|| t.get("import-other"), |(_, name)| name.clone()),
        href: format!("/import/{}", run.id),
        note: t.when(run.started, now, &zone),
        state: match run.state.as_str() {
            "running" => Chip::new(t.get("import-running"), Tone::Time),
            "undone" => Chip::new(t.get("import-undone"), Tone::Plain),
            _ => Chip::new(t.count("import-rows", run.counts.seen), Tone::Good),
        },
    });
    Ok(ImportUpload {
        t,
        shell: who.shell(web, &t.get("import-title"), "people", "/import").await?,
        kinds: kinds.iter().map(|(kind, name)| Choice::new(kind.clone(), name.clone(), kind == chosen)).collect(),
        problem: String::new(),
        limit: t.with("import-up-to", "size", t.size(BODY as u64)),
        past: past.collect(),
    })
}

async fn upload(State(web): State<Web>, who: Who, upload: Upload<Arc<Stored>>) -> Result<Response, Refused> {
    let chosen = upload.fields.get("kind").to_owned();
    let files: Vec<Arc<Stored>> = upload.files.iter().map(|file| Arc::clone(&file.bytes)).collect();
    let read = uploaded(&web, &who, upload).await;
    if read.is_err() {
        // Nothing refused is kept.
        for file in files {
            file.delete(&web.app).await?;
        }
    }
    match read {
        Ok(id) => Ok(Redirect::to(&format!("/import/{id}")).into_response()),
        Err(error) if matches!(error.code(), Code::InvalidInput | Code::Malformed | Code::UnsupportedMedia | Code::TooLarge) => {
            let mut view = upload_view(&web, &who, &chosen).await?;
            error.detail().clone_into(&mut view.problem);
            let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok((status, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn uploaded(web: &Web, who: &Who, upload: Upload<Arc<Stored>>) -> Result<BatchId> {
    let permit = who.actor.permit::<Import>()?;
    let kind = web.catalogue(who.text).need(upload.fields.get("kind"))?;
    permit.need(&kind)?;
    let file = upload.files.into_iter().find(|f| f.field == "file");
    let file = file.ok_or_else(|| Error::invalid("/file", "required", "Choose a file."))?;
    let ending = file.name.expose().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let is_mail = kind.key == message::KIND;
    let known: &[&str] = if is_mail { &["eml", "mbox"] } else { &["csv", "tsv", "txt", "xlsx", "vcf"] };
    if !known.contains(&ending.as_str()) {
        let words = if is_mail { "Choose a message (.eml) or a mailbox (.mbox)." } else { "Choose a CSV, Excel (.xlsx) or vCard file." };
        return Err(Error::new(Code::UnsupportedMedia, format!("This kind of file is not read here. {words}")));
    }
    let sent = capture::Sent::new(file.name, file.bytes);
    if is_mail {
        small_enough(&sent)?;
        return Ok(capture::start(&web.app, &who.actor, &sent, "email", capture::Options::default()).await?.0);
    }
    let (prepared, remembered) = looked_at(web, &who.actor, &kind, &sent).await?;
    let waiting = Waiting { kind: kind.key.clone(), sent, prepared: Arc::new(prepared), remembered: remembered.map(Arc::new) };
    let id = BatchId::mint(web.app.env());
    for over in web.shelf.put(id, who.actor.who.to_string(), web.app.env().now(), waiting) {
        over.file.delete(&web.app).await?;
    }
    Ok(id)
}

/// The mapping of a file that waits, else the run as it stands.
async fn one(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    who.actor.permit::<Import>()?;
    let id = read(&id)?;
    match web.shelf.get(id, &who.actor.who.to_string(), web.app.env().now()) {
        Some(file) => Ok(mapping::page(&web, &who, id, &file).await?),
        None => Ok(report::page(&web, &who, id).await?),
    }
}
