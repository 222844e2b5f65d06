//! Import as pages: the file, its columns, how far it is, what came of it.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{company, message, person};
use crm::{
    capture::{self, batch},
    import,
    permits::Import,
};
use http::{Method, StatusCode};
use kernel::{BatchId, Code, Error, Result};

use super::{mapping, report, shelf::Waiting};
use crate::{
    kit::{error::Refused, form::Upload, layout::Choice, render::html, who::Who},
    router::{Access, Route, Web},
    views::{
        import::{ImportUpload, PastImport},
        parts::{Chip, Tone},
    },
};

/// The largest file a browser may send, in bytes; larger ones go through the command line.
const BODY: usize = 32 << 20;
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

async fn first(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let view = upload_view(&web, &who, person::KIND).await?;
    Ok(Html(html(&view)?).into_response())
}

async fn upload_view(web: &Web, who: &Who, chosen: &str) -> Result<ImportUpload> {
    let (t, permit, now) = (who.text, who.actor.permit::<Import>()?, web.app.env().now());
    let words = [(person::KIND, "import-people"), (company::KIND, "import-companies"), (message::KIND, "import-mail")];
    let kinds = words.iter().filter(|(kind, _)| permit.over(kind).is_some());
    let runs = web.app.read(&who.actor, move |unit| {
        let mut runs = batch::newest(unit, "import", PAST)?;
        runs.extend(batch::newest(unit, "capture", PAST)?);
        runs.sort_by_key(|run| std::cmp::Reverse(run.started));
        unit.plain(runs)
    });
    let (runs, zone) = (runs.await?, who.clock(web).await?);
    let past = runs.iter().filter(|run| permit.over(run.kind_made()).is_some()).map(|run| PastImport {
        name: t.get(words.iter().find(|(kind, _)| *kind == run.kind_made()).map_or("import-other", |(_, word)| *word)),
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
        kinds: kinds.map(|(kind, word)| Choice::new(*kind, t.get(word), *kind == chosen)).collect(),
        problem: String::new(),
        limit: t.with("import-up-to", "size", t.size(BODY as u64)),
        past: past.collect(),
    })
}

async fn upload(State(web): State<Web>, who: Who, upload: Upload) -> Result<Response, Refused> {
    let chosen = upload.fields.get("kind").to_owned();
    match uploaded(&web, &who, upload).await {
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

async fn uploaded(web: &Web, who: &Who, upload: Upload) -> Result<BatchId> {
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
    let bytes = Arc::new(file.bytes.into_inner());
    if is_mail {
        let options = capture::Options::default();
        return Ok(capture::start(&web.app, &who.actor, &capture::Sent::new(file.name, bytes), "email", options).await?.0);
    }
    let source = import::Source::Upload { name: file.name.clone(), bytes: Arc::clone(&bytes) };
    let (looked_at, key) = (Arc::clone(&kind), kind.key.clone());
    let prepared = tokio::task::spawn_blocking(move || import::prepare(&looked_at, &source)).await.map_err(Error::internal)??;
    let waiting = Waiting { kind: key, name: file.name, bytes, prepared: Arc::new(prepared) };
    let id = BatchId::mint(web.app.env());
    web.shelf.put(id, who.actor.who.to_string(), web.app.env().now(), waiting)?;
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
