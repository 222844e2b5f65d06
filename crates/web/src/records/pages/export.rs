//! A list taken out as a file: ordered beside the list, made by a job, fetched by the one who ordered it.

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use catalogue::{Kind, Purpose};
use crm::{
    export::{self, Format, Order, Standing},
    permits::{Export, ReadRecords},
    requests::ArtifactId,
    views::ListQuery,
};
use http::Method;
use kernel::{Code, Error, Result};

use super::{At, address::Address, base_of, redirect, seen::seen};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Choice,
        render::html,
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        export::{ExportForm, ExportPage},
        parts::{Line, Progress},
    },
};

/// The routes of an export that was ordered.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/exports/{id}", Access::Staff, || get(page)),
    Route::new(Method::POST, "/exports/{id}/cancel", Access::Staff, || post(cancel)),
    Route::new(Method::POST, "/exports/{id}/download", Access::Staff, || post(download)),
];

/// The form beside a list, for whoever may export its kind for at least one purpose.
pub(super) fn form(t: Text, who: &Who, kind: &Kind, address: &Address) -> Option<ExportForm> {
    let may = |purpose: &&'static Purpose| {
        let actor = who.actor.acting_for(purpose);
        let reads = actor.permit::<ReadRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some());
        reads && actor.permit::<Export>().is_ok_and(|permit| permit.over(&kind.key).is_some())
    };
    let purposes: Vec<&'static Purpose> = who.session.iter().flat_map(|session| session.purposes.iter()).filter(may).collect();
    if purposes.is_empty() {
        return None;
    }
    let formats = Format::ALL.into_iter().filter(|format| *format != Format::Vcard || kind.is_person);
    Some(ExportForm {
        action: format!("{}/export", base_of(&kind.key)),
        hidden: address.pairs(),
        formats: formats.map(|f| Choice::new(f.as_str(), t.get(&format!("export-as-{}", f.as_str())), f == Format::Csv)).collect(),
        purposes: purposes.iter().map(|p| Choice::new(p.key, t.purpose(p.key), p.key == who.actor.purpose.key)).collect(),
    })
}

/// Orders the list as it stands.
pub(super) async fn order(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let id = ordered(&web, &who, &kind, &fields).await?;
    Ok(redirect(&format!("/exports/{id}")))
}

async fn ordered(web: &Web, who: &Who, kind: &Kind, fields: &Fields) -> Result<ArtifactId> {
    let purpose = who.signed_in()?.purposes.iter().find(|purpose| purpose.key == fields.get("purpose"));
    let purpose = purpose.ok_or_else(|| Error::invalid("/purpose", "unknown", "Choose one of the purposes that you may act for."))?;
    let format = Format::parse(fields.get("format"));
    let format = format.ok_or_else(|| Error::invalid("/format", "unknown", "Choose one of the formats."))?;
    let actor = who.actor.acting_for(purpose);
    let query = ListQuery { cursor: None, ..seen(web, who, kind, fields).await?.query(kind, &actor)? };
    let order = Order { query, format, unmasked: fields.get("unmasked") == "true", only: None };
    Ok(export::start(&web.app, &actor, &order).await?.0)
}

fn read(id: &str) -> Result<ArtifactId> {
    id.parse().map_err(|_| Error::not_found("export"))
}

async fn standing(web: &Web, who: &Who, id: ArtifactId) -> Result<Standing> {
    web.app
        .read(&who.actor, move |unit| {
            let standing = export::find(unit, id)?;
            unit.plain(standing)
        })
        .await
}

async fn page(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (t, id) = (who.text, read(&id)?);
    let standing = standing(&web, &who, id).await?;
    let job = web.app.job(standing.job).await?.ok_or_else(|| Error::not_found("export"))?;
    let word = |key: &str| job.args.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
    let kind = web.catalogue(t).need(&word("kind"))?;
    let ready = standing.size > 0;
    let running = matches!(job.state.as_str(), "ready" | "running");
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let address = format!("/exports/{id}");
    let format = t.get(&format!("export-as-{}", word("format")));
    let problem = match job.state.as_str() {
        "failed" => format!("{} {}", t.get("export-stopped"), job.error),
        "cancelled" => t.get("export-cancelled"),
        _ => String::new(),
    };
    let view = ExportPage {
        t,
        shell: who.shell(&web, &t.with("export-title", "kind", t.within(&kind.plural)), super::rail_of(&kind.key), &address).await?,
        title: t.with("export-title", "kind", t.within(&kind.plural)),
        back: base_of(&kind.key),
        progress: Progress {
            label: t.get(if ready { "export-made" } else { "export-making" }),
            done: count(job.done),
            total: Some(count(job.total)).filter(|total| *total > 0),
            words: t.count("export-rows", count(job.done)),
            running,
            cancel_action: running.then(|| format!("{address}/cancel")),
            cancel_note: if running { t.get("export-cancel-note") } else { String::new() },
            ..Progress::default()
        },
        lines: vec![
            Line::text(t.get("export-format"), format),
            Line::text(t.get("export-purpose"), t.purpose(&job.purpose)),
            Line::text(t.get("export-asked"), t.day(job.created.day())),
        ],
        download_action: ready.then(|| format!("{address}/download")),
        note: t.with2("export-note", "size", t.size(count(standing.size)), "day", t.day(standing.expires.day())),
        problem,
    };
    Ok(Html(html(&view)?).into_response())
}

async fn cancel(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let id = read(&id)?;
    let standing = standing(&web, &who, id).await?;
    if !web.app.cancel_job(standing.job).await? {
        return Err(Error::new(Code::Conflict, "The export is over; there is nothing to cancel.").into());
    }
    Ok(redirect(&format!("/exports/{id}")))
}

/// The file. Its event is durable before the first byte.
async fn download(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let id = read(&id)?;
    crate::export::api::sent(&web, &who.actor, id).await.map_err(Refused::from)
}
