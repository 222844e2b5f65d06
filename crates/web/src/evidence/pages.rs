//! Evidence as pages: the tree, verifying it, the events of a record and its bundle.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    evidence::{self, Options, Seen, Verified},
    identity::staff,
    permits::{Audit, Unit},
    records, retention, search,
};
use http::{Method, StatusCode, header};
use jiff::tz::TimeZone;
use kernel::{Code, Error, Instant, RecordId, Result};

use crate::{
    kit::{error::Refused, form::Form, names::Names, render::html, text::Text, who::Who},
    records::pages::href_of,
    router::{Access, Route, Web},
    views::{
        evidence::{Anchor, EventRow, EvidencePage, RecordEvidence, Verdict, VerifyPage},
        parts::{Cell, Chip, Line, Paging, Said, Tone},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/evidence", Access::Staff, || get(overview)),
    Route::new(Method::POST, "/evidence/verify", Access::Staff, || post(verify)),
    Route::new(Method::POST, "/evidence/find", Access::Staff, || post(find)),
    Route::new(Method::GET, "/evidence/records/{id}", Access::Staff, || get(record)),
    Route::new(Method::POST, "/evidence/records/{id}/bundle", Access::Staff, || post(bundle)),
];

/// Leaves that can be verified within the time that a request has.
const DIRECT: u64 = 200_000;
/// The newest events on the overview.
const LATEST: usize = 20;
/// Events of a record on its page; the command line lists them all.
const SHOWN: usize = 500;
/// Fields of an event that its row names.
const FIELDS: usize = 6;
/// Faults that a page lists.
const FAULTS: usize = 50;

fn id_of(text: &str) -> Result<RecordId> {
    text.parse().map_err(|_| Error::not_found("record"))
}

async fn overview(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let view = overview_view(&web, &who).await?;
    Ok(Html(html(&view)?).into_response())
}

async fn overview_view(web: &Web, who: &Who) -> Result<EvidencePage> {
    let (t, permit) = (who.text, who.actor.permit::<Audit>()?);
    let state = evidence::tree_state(&web.app).await?;
    let note = match evidence::checkpoint(&web.app).await {
        Ok(note) => Some(note),
        Err(error) if error.code() == Code::NotFound => None,
        Err(error) => return Err(error),
    };
    let read = move |unit: &mut Unit| Ok(evidence::latest(unit, &permit, LATEST)?.and(staff::directory(unit, &permit)?));
    let (latest, staff) = web.app.read(&who.actor, read).await?;
    let (now, names, zone) = (web.app.env().now(), Names::of(staff), who.clock(web).await?);
    let anchored = state.verified.as_ref().filter(|found| !found.unanchored);
    let anchors = anchored.map(|found| Anchor {
        name: t.get("evidence-witnesses"),
        note: t.with2("evidence-anchored", "leaves", t.number(found.leaves), "when", t.when(found.at, now, &zone)),
        state: Chip::new(t.get("evidence-agrees"), Tone::Good),
    });
    let signed = note.as_ref().map_or_else(|| t.get("evidence-never"), |_| t.when(state.signed, now, &zone));
    let vkey = t.with("evidence-vkey", "key", web.app.verifier().vkey());
    Ok(EvidencePage {
        t,
        shell: who.shell(web, &t.get("evidence-title"), "evidence", "/evidence").await?,
        size: t.number(state.size),
        pending: t.number(state.pending),
        signed,
        checkpoint: note.map_or_else(|| t.get("evidence-never"), |note| format!("{note}\n{vkey}\n")),
        checkpoint_href: "/log/checkpoint".into(),
        unanchored: anchored.is_none().then(|| t.get("evidence-unanchored")),
        anchors: anchors.into_iter().collect(),
        verify_action: "/evidence/verify".into(),
        progress: None,
        verdict: state.verified.map(|found| last(t, &zone, &found, now)),
        find: String::new(),
        find_problem: String::new(),
        events: latest.iter().map(|event| row(web, t, &zone, &names, event, now)).collect(),
    })
}

/// What the last verification found, as far as it is kept.
fn last(t: Text, zone: &TimeZone, found: &Verified, now: Instant) -> Verdict {
    let good = found.faults == 0;
    Verdict {
        good,
        headline: headline(t, found.leaves, found.faults),
        checks: vec![
            Line::text(t.get("evidence-leaves"), t.number(found.leaves)),
            Line::new(t.get("evidence-faults"), Cell::Chip(number_chip(t, found.faults))),
            Line::new(t.get("evidence-anchors"), Cell::Chip(anchor_chip(t, found.unanchored))),
        ],
        not_proved: if found.unanchored { vec![t.get("evidence-no-anchor-note")] } else { Vec::new() },
        note: t.with("evidence-verified-at", "when", t.when(found.at, now, zone)),
    }
}

fn headline(t: Text, leaves: u64, faults: usize) -> String {
    if faults == 0 { t.count("evidence-good", leaves) } else { t.count("evidence-bad", faults) }
}

fn number_chip(t: Text, faults: usize) -> Chip {
    let faults = u64::try_from(faults).unwrap_or(u64::MAX);
    Chip::new(t.number(faults), if faults == 0 { Tone::Good } else { Tone::Held })
}

fn anchor_chip(t: Text, unanchored: bool) -> Chip {
    if unanchored { Chip::new(t.get("evidence-nobody"), Tone::Held) } else { Chip::new(t.get("evidence-agrees"), Tone::Good) }
}

/// An event as a row. It names fields and records, never values.
fn row(web: &Web, t: Text, zone: &TimeZone, names: &Names, event: &Seen, now: Instant) -> EventRow {
    let door = format!("door-{}", event.door);
    let mut said = Said::new().strong(names.who(t, &event.actor)).say(format!(" {}", t.did(&event.name)));
    if !event.records.is_empty() {
        said = said.say(format!(" · {}", t.count("evidence-records", event.records.len())));
    }
    let of = event.records.first().map(|(id, _)| format!("/evidence/records/{id}"));
    let leaf = if event.at.plus(std::time::Duration::from_secs(10)) < now { "evidence-in-tree" } else { "evidence-waits" };
    EventRow {
        iso: event.at.to_string(),
        when: t.when(event.at, now, zone),
        name: event.name.clone(),
        said,
        fields: fields(web, t, &event.fields),
        purpose: t.purpose(&event.purpose),
        door: if t.has(&door) { t.get(&door) } else { event.door.clone() },
        leaf: Chip::new(t.get(leaf), Tone::Plain),
        href: of,
    }
}

/// Fields by their labels: the first of them, and how many more.
fn fields(web: &Web, t: Text, keys: &[String]) -> String {
    let catalogue = web.catalogue(t);
    let label = |key: &String| {
        let known = catalogue.kinds().find_map(|kind| kind.field(key));
        known.map_or_else(|| key.clone(), |field| field.label.clone())
    };
    let mut labels: Vec<String> = keys.iter().map(label).collect();
    let more = labels.len().saturating_sub(FIELDS);
    labels.truncate(FIELDS);
    if more > 0 {
        labels.push(t.count("evidence-more-fields", more));
    }
    labels.join(", ")
}

async fn verify(State(web): State<Web>, who: Who, _form: Form) -> Result<Response, Refused> {
    let (t, permit) = (who.text, who.actor.permit::<Audit>()?);
    if evidence::tree_size(&web.app).await? > DIRECT {
        return Err(Error::new(Code::TooLarge, t.get("evidence-too-large")).into());
    }
    let options = Options { permits: Some(Arc::new(retention::permits)), ..Options::default() };
    let report = evidence::verify(&web.app, &permit, options, None).await?;
    let counted = [
        ("evidence-open", report.open),
        ("evidence-sealed", report.sealed),
        ("evidence-erased", report.erased),
        ("evidence-expired", report.expired),
    ];
    let mut checks = vec![Line::text(t.get("evidence-leaves"), t.number(report.leaves))];
    checks.extend(counted.map(|(key, n)| Line::text(t.get(key), t.number(n))));
    checks.push(Line::new(t.get("evidence-faults"), Cell::Chip(number_chip(t, report.faults.len()))));
    checks.push(Line::new(t.get("evidence-anchors"), Cell::Chip(anchor_chip(t, report.unanchored))));
    checks.extend(report.faults.iter().take(FAULTS).map(|fault| {
        let place = fault.leaf.map_or_else(|| t.get("evidence-fault"), |leaf| t.with("evidence-fault-at", "leaf", t.number(leaf)));
        Line::new(place, Cell::Chip(Chip::new(fault.what.clone(), Tone::Held)))
    }));
    let (now, zone) = (web.app.env().now(), who.clock(&web).await?);
    let view = VerifyPage {
        t,
        shell: who.shell(&web, &t.get("evidence-verified-title"), "evidence", "/evidence").await?,
        title: t.get("evidence-verified-title"),
        verdict: Verdict {
            good: report.is_clean(),
            headline: headline(t, report.leaves, report.faults.len()),
            checks,
            not_proved: if report.unanchored { vec![t.get("evidence-no-anchor-note")] } else { Vec::new() },
            note: t.with("evidence-verified-at", "when", t.when(now, now, &zone)),
        },
        command: "probity verify".into(),
        back: "/evidence".into(),
    };
    Ok(Html(html(&view)?).into_response())
}

async fn find(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    who.actor.permit::<Audit>()?;
    let asked = fields.get("find").trim();
    match sought(&web, &who, asked).await {
        Ok(id) => Ok(Redirect::to(&format!("/evidence/records/{id}")).into_response()),
        Err(error) if matches!(error.code(), Code::NotFound | Code::InvalidInput | Code::Conflict) => {
            let mut view = overview_view(&web, &who).await?;
            asked.clone_into(&mut view.find);
            view.find_problem = view.t.get("evidence-find-help");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The record meant: by its id, or a person by the e-mail address.
async fn sought(web: &Web, who: &Who, asked: &str) -> Result<RecordId> {
    if let Ok(id) = asked.parse::<RecordId>() {
        kind_of(web, who, id).await?;
        return Ok(id);
    }
    if !asked.contains('@') {
        return Err(Error::not_found("record"));
    }
    // Whoever may not read people may not learn from here whether an address is known.
    search::person(&web.app, &who.actor, asked.to_owned().into()).await
}

/// A record's kind, and whether it can still be read.
async fn kind_of(web: &Web, who: &Who, id: RecordId) -> Result<(String, String, bool)> {
    let found = web.app.read(&who.actor, move |unit| {
        let row = records::find(unit, id)?.ok_or_else(|| Error::not_found("record"))?;
        unit.plain((row.kind.key.clone(), row.kind.label.clone(), row.state.is_readable()))
    });
    found.await
}

async fn record(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (t, id, permit) = (who.text, id_of(&id)?, who.actor.permit::<Audit>()?);
    let (kind, label, readable) = kind_of(&web, &who, id).await?;
    let read = move |unit: &mut Unit| Ok(evidence::seen(unit, &permit, id, Instant::EPOCH)?.and(staff::directory(unit, &permit)?));
    let (seen, staff) = web.app.read(&who.actor, read).await?;
    let (now, names, zone) = (web.app.env().now(), Names::of(staff), who.clock(&web).await?);
    let address = format!("/evidence/records/{id}");
    let count = |name: &str| seen.iter().filter(|event| event.name == name).count();
    let view = RecordEvidence {
        t,
        shell: who.shell(&web, &t.get("evidence-title"), "evidence", &address).await?,
        name: label.to_string(),
        record_href: readable.then(|| href_of(&kind, id)),
        id: id.to_string(),
        proved: Vec::new(),
        not_proved: vec![t.get("evidence-bundle-proves")],
        lines: vec![
            Line::text(t.get("events-title"), t.number(u64::try_from(seen.len()).unwrap_or(u64::MAX))),
            Line::text(t.get("evidence-exports"), t.number(u64::try_from(count("evidence.exported")).unwrap_or(u64::MAX))),
        ],
        events: seen.iter().rev().take(SHOWN).map(|event| row(&web, t, &zone, &names, event, now)).collect(),
        paging: Paging::default(),
        bundle_action: format!("{address}/bundle"),
    };
    Ok(Html(html(&view)?).into_response())
}

/// The bundle. Its event is durable before the first byte.
async fn bundle(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let (id, permit) = (id_of(&id)?, who.actor.permit::<Audit>()?);
    let bytes = evidence::bundle(&web.app, &permit, id).await?;
    let named = format!("attachment; filename=\"evidence-{id}.zip\"");
    let headers = [(header::CONTENT_TYPE, "application/zip".to_owned()), (header::CONTENT_DISPOSITION, named)];
    Ok((StatusCode::OK, headers, bytes).into_response())
}
