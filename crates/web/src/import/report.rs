//! A run as it stands: at work, stopped, or over.

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use catalogue::{Kind, company, message};
use crm::{
    capture::{
        self,
        batch::{self, Batch},
    },
    import::{self, OWNER},
    permits::Import,
};
use kernel::{BatchId, Code, Error, JobId, Result};

use super::pages::read;
use crate::{
    kit::{error::Refused, form::Form, render::html, text::Text, who::Who},
    router::Web,
    views::{
        confirm::ConfirmPage,
        erasure::{Outcome, PlanLine},
        import::{FailedRow, ImportProgress, ImportReport},
        parts::{Chip, Line, Progress, Tone},
    },
};

/// Refused rows that a report shows.
const SHOWN: usize = 50;
/// Items of a page, and pages looked through for refused ones.
const PAGE: i64 = 500;
const PAGES: usize = 40;

/// A run that the actor may see. Errors: forbidden; not_found.
async fn found(web: &Web, who: &Who, id: BatchId) -> Result<Batch> {
    let permit = who.actor.permit::<Import>()?;
    let found = web.app.read(&who.actor, move |unit| {
        let found = batch::find(unit, id)?;
        unit.plain(found)
    });
    let run = found.await?.ok_or_else(|| Error::not_found("import"))?;
    permit.need(web.app.catalogue().need(run.kind_made())?.as_ref())?;
    Ok(run)
}

/// The newest of a run's jobs of one kind.
pub(super) async fn job(web: &Web, id: BatchId, kind: &'static str) -> Result<Option<Job>> {
    let id = id.to_string();
    let jobs = web.app.jobs(kind).await?;
    let found = jobs.into_iter().find(|job| job.args.get("batch").and_then(|v| v.as_str()) == Some(id.as_str()));
    Ok(found.map(|job| Job { id: job.id, state: job.state, done: count(job.done), total: count(job.total), error: job.error }))
}

/// What a page says of a job.
pub(super) struct Job {
    pub id: JobId,
    pub state: String,
    pub done: u64,
    pub total: u64,
    pub error: String,
}

pub(super) fn run_job(run: &Batch) -> &'static str {
    if run.what == "capture" { capture::jobs::RUN } else { import::jobs::RUN }
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// How far a run is, or what came of it.
pub(super) async fn page(web: &Web, who: &Who, id: BatchId) -> Result<Response> {
    let (t, address, run) = (who.text, format!("/import/{id}"), found(web, who, id).await?);
    let title = t.with("import-of", "day", t.day(run.started.day()));
    let shell = who.shell(web, &title, "people", &address).await?;
    let back = job(web, id, import::jobs::UNDO).await?;
    let goes_back = back.as_ref().is_some_and(|job| matches!(job.state.as_str(), "ready" | "running"));
    if run.state == "running" || goes_back {
        let job = if goes_back { back } else { job(web, id, run_job(&run)).await? };
        let state = job.as_ref().map_or("", |job| job.state.as_str());
        let running = matches!(state, "ready" | "running");
        let done = job.as_ref().map_or(0, |job| job.done);
        let words = match (&job, state) {
            (Some(job), "failed") => format!("{} {}", t.get("import-stopped"), job.error),
            (_, "cancelled") => t.get("import-cancelled"),
            _ => t.count("import-rows", done),
        };
        let progress = Progress {
            label: t.get(if goes_back { "import-goes-back" } else { "import-running" }),
            done,
            total: job.as_ref().map(|job| job.total).filter(|total| *total > 0),
            words,
            running,
            cancel_action: (running && !goes_back).then(|| format!("{address}/cancel")),
            cancel_note: if running && !goes_back { t.get("import-cancel-note") } else { String::new() },
            ..Progress::default()
        };
        return Ok(Html(html(&ImportProgress { t, shell, file: title, progress })?).into_response());
    }
    let failed = failed(web, who, &run).await?;
    let (c, is_import, undone) = (run.counts, run.what == "import", run.state == "undone");
    let line = |key: &str, n: i64| Line::text(t.get(key), t.number(count(n)));
    let view = ImportReport {
        t,
        shell,
        file: title,
        state: if undone { Chip::new(t.get("import-undone"), Tone::Plain) } else { Chip::new(t.get("import-finished"), Tone::Good) },
        lines: vec![
            line("import-created", c.created),
            line("import-updated", c.updated),
            line("import-same", c.duplicate),
            line("import-refused", c.failed),
        ],
        failed_note: t.with2("import-failed-shown", "shown", failed.len(), "all", t.number(count(c.failed))),
        failed,
        failed_action: None,
        records_href: match run.kind_made() {
            company::KIND => "/companies",
            message::KIND => "/records/message",
            _ => "/people",
        }
        .to_owned(),
        undo_href: (is_import && !undone).then(|| format!("{address}/undo")),
        undo_note: if is_import && !undone { t.get("import-undo-note") } else { String::new() },
    };
    Ok(Html(html(&view)?).into_response())
}

async fn failed(web: &Web, who: &Who, run: &Batch) -> Result<Vec<FailedRow>> {
    let wanted = usize::try_from(run.counts.failed).unwrap_or(0).min(SHOWN);
    let (kind, id) = (web.catalogue(who.text).need(run.kind_made())?, run.id);
    let (mut rows, mut after) = (Vec::new(), 0);
    for _ in 0..PAGES {
        if rows.len() >= wanted {
            break;
        }
        let page = web.app.read(&who.actor, move |unit| {
            let page = batch::items(unit, id, after, PAGE)?;
            unit.plain(page)
        });
        let page = page.await?;
        let Some(last) = page.last() else { break };
        after = last.n;
        let refused = page.iter().filter(|item| item.outcome == "failed");
        rows.extend(refused.map(|item| failed_row(who.text, &kind, item.n.to_string(), &item.reason)));
    }
    rows.truncate(SHOWN);
    Ok(rows)
}

/// What a column's target is called.
fn column(t: Text, kind: &Kind, key: &str) -> String {
    if key == OWNER && kind.field(OWNER).is_none() { t.get("report-owner") } else { field_label(kind, key) }
}

/// What a field is called.
pub(super) fn field_label(kind: &Kind, key: &str) -> String {
    kind.field(key).map_or_else(|| key.to_owned(), |field| field.label.clone())
}

/// A refused row in words; `reason` is a stable word, or `field:word`.
pub(super) fn failed_row(t: Text, kind: &Kind, row: String, reason: &str) -> FailedRow {
    let first = reason.split([';', ',']).next().unwrap_or_default();
    let (column, word) = first.split_once(':').map_or((String::new(), first), |(key, word)| (column(t, kind, key), word));
    let why = match word {
        "required" => t.get("import-why-required"),
        "not_an_email" => t.get("import-why-email"),
        "not_a_phone" => t.get("import-why-phone"),
        "not_a_date" => t.get("import-why-date"),
        "suppressed" => t.get("import-why-suppressed"),
        "ambiguous" => t.get("import-why-ambiguous"),
        "no_match" => t.get("import-why-no-match"),
        "not_found" => t.get("import-why-not-found"),
        "not_staff" => t.get("import-why-not-staff"),
        "no_consent" => t.get("import-why-no-consent"),
        other => other.replace('_', " "),
    };
    FailedRow { row, column, why }
}

/// Stops a run; what was imported stays.
pub(super) async fn cancel(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let run = found(&web, &who, read(&id)?).await?;
    let job = job(&web, run.id, run_job(&run)).await?.ok_or_else(|| Error::not_found("job"))?;
    if !web.app.cancel_job(job.id).await? {
        return Err(Error::new(Code::Conflict, "The import is over; there is nothing to cancel.").into());
    }
    Ok(Redirect::to(&format!("/import/{}", run.id)).into_response())
}

/// Before an import is taken back: what goes and what stays.
pub(super) async fn before_undo(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (t, run) = (who.text, found(&web, &who, read(&id)?).await?);
    if run.what != "import" || run.state == "undone" {
        return Err(
            Error::new(Code::Conflict, "This import was taken back before, or it is a capture, which is kept as it arrived.").into()
        );
    }
    let address = format!("/import/{}/undo", run.id);
    let line = |outcome, what: String, rule: &str| PlanLine {
        what,
        outcome,
        rule: t.get(rule),
        citation: String::new(),
        until: if outcome == Outcome::Goes { t.get("confirm-at-once") } else { String::new() },
    };
    let view = ConfirmPage {
        t,
        shell: who.shell(&web, &t.get("import-undo"), "people", &address).await?,
        title: t.get("import-undo"),
        note: t.with("import-of", "day", t.day(run.started.day())),
        lines: vec![
            line(Outcome::Goes, t.count("undo-created", run.counts.created), "undo-created-note"),
            line(Outcome::Goes, t.count("undo-updated", run.counts.updated), "undo-updated-note"),
            line(Outcome::Stays, t.get("undo-used"), "undo-used-note"),
            line(Outcome::Stays, t.get("undo-trail"), "undo-trail-note"),
        ],
        back: format!("/import/{}", run.id),
        action: address,
        count: None,
        password: false,
        fields: Vec::new(),
        label: t.get("import-undo"),
        problem: String::new(),
    };
    Ok(Html(html(&view)?).into_response())
}

/// Takes an import back in the background.
pub(super) async fn undo(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let id = read(&id)?;
    import::undo_later(&web.app, &who.actor, id, None).await?;
    Ok(Redirect::to(&format!("/import/{id}")).into_response())
}
