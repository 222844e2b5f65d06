//! Erasure as pages: the plan with what goes, stays and is held; then, by number and password, what came of it.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use crm::{
    disposal::Cause,
    permits::{HandleRequests, ReadRecords},
    records,
    requests::{
        Standing, Told,
        erasure::{self, Erased, Kept, Outcome as Fate},
    },
};
use http::StatusCode;
use kernel::{Code, Error, RecordId, RequestId, Result};

use super::pages::{found, read};
use crate::{
    approvals::pages as approvals,
    kit::{
        error::Refused,
        form::{Fields, Form},
        render::html,
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        erasure::{ErasurePlan, ErasureResult, Outcome, PlanLine},
        parts::Line,
    },
};

fn outcome(fate: Fate) -> Outcome {
    match fate {
        Fate::Erase | Fate::Redact => Outcome::Goes,
        Fate::Restrict | Fate::Keep => Outcome::Stays,
        Fate::Held => Outcome::Held,
    }
}

fn until(t: Text, fate: Fate, day: Option<jiff::civil::Date>) -> String {
    match day {
        _ if fate.goes() => t.get("erasure-at-once"),
        Some(day) => t.through(day),
        None => t.get("erasure-no-date"),
    }
}

/// The plan; nothing has gone.
pub(super) async fn plan(State(web): State<Web>, who: Who, Path(person): Path<String>) -> Result<Response, Refused> {
    let person = read::<RecordId>(&person, "person")?;
    Ok(Html(html(&plan_view(&web, &who, person).await?)?).into_response())
}

async fn plan_view(web: &Web, who: &Who, person: RecordId) -> Result<ErasurePlan> {
    let (t, address) = (who.text, format!("/people/{person}/erasure"));
    let plan = erasure::plan(&web.app, &who.actor, person).await?;
    let catalogue = web.catalogue(t);
    // One line for what is alike: a person may be in hundreds of messages.
    let mut alike: BTreeMap<(Fate, &str, &str, &str, String), Vec<&str>> = BTreeMap::new();
    for line in &plan.items {
        let key = (line.outcome, line.kind.as_str(), line.rule.as_str(), line.citation.as_str(), until(t, line.outcome, line.until));
        alike.entry(key).or_default().push(&line.title);
    }
    let lines = alike.into_iter().map(|((fate, kind, rule, citation, until), titles)| {
        let kind = catalogue.need(kind).map_or_else(|_| kind.to_owned(), |kind| kind.label.clone());
        let what = match titles.as_slice() {
            [only] if !only.is_empty() => format!("{kind}: {only}"),
            many => t.with2("erasure-line", "n", t.number(many.len() as u64), "kind", kind),
        };
        let rule = if fate == Fate::Redact { t.get("erasure-redacted") } else { rule.to_owned() };
        PlanLine { what, outcome: outcome(fate), rule, citation: citation.to_owned(), until }
    });
    let lines = lines.collect();
    let others = plan.items.iter().filter(|line| line.also_concerns > 0).count();
    let second = plan.items.iter().filter(|line| line.outcome.goes() && line.approvals > 0).count();
    let mut also = Vec::new();
    if others > 0 {
        also.push(t.count("erasure-others", others));
    }
    if second > 0 {
        also.push(t.count("erasure-second", second));
    }
    for entry in plan.recipients.iter().filter(|entry| matches!(entry.told, Told::Holds | Told::ToTell)) {
        also.push(t.with2("erasure-recipient", "recipient", entry.recipient.clone(), "what", entry.what.clone()));
    }
    also.push(t.get("erasure-suppressed"));
    let own = plan.items.iter().find(|line| line.record == person).map(|line| line.title.clone());
    Ok(ErasurePlan {
        t,
        shell: who.shell(web, &t.get("erasure-title"), "requests", &address).await?,
        subject: own.unwrap_or_else(|| t.get("request-person-gone")),
        back: plan.request.map_or_else(|| format!("/people/{person}"), |id| format!("/requests/{id}")),
        action: address,
        plan: plan.fingerprint,
        lines,
        count: plan.count as u64,
        also,
        expires: t.with("erasure-expires", "when", t.moment(plan.expires, &who.clock(web).await?)),
        problem: String::new(),
        second_person: false,
    })
}

/// Erases what the plan says, when the number and the password are right; else the plan as it is now, and nothing is gone.
pub(super) async fn execute(State(web): State<Web>, who: Who, Path(person): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let person = read::<RecordId>(&person, "person")?;
    match carried_out(&web, &who, person, &fields).await {
        Ok(erased) => Ok(Html(html(&result_view(&web, &who, &erased).await?)?).into_response()),
        Err(error) if is_mistake(error.code()) => {
            let mut view = plan_view(&web, &who, person).await?;
            view.problem = error.problems().first().map_or_else(|| error.detail().to_owned(), |p| p.detail.clone());
            let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok((status, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn is_mistake(code: Code) -> bool {
    matches!(code, Code::InvalidInput | Code::Conflict | Code::Unauthenticated | Code::RateLimited)
}

async fn carried_out(web: &Web, who: &Who, person: RecordId, fields: &Fields) -> Result<Erased> {
    // Who may not handle requests is refused before their password is looked at.
    who.actor.permit::<HandleRequests>()?;
    let session = who.signed_in()?;
    let typed = fields.get("count").trim().parse::<usize>();
    let typed = typed.map_err(|_| Error::invalid("/count", "not_the_number", "Type the number of items that go. Nothing was erased."))?;
    web.door.confirm(&web.app, who.origin, session, fields.personal("password")).await?;
    let reason = who.text.get("erasure-reason");
    erasure::execute(&web.app, &who.actor, person, None, &reason, fields.get("plan"), typed).await
}

async fn result_view(web: &Web, who: &Who, erased: &Erased) -> Result<ErasureResult> {
    let (t, href) = (who.text, format!("/requests/{}", erased.request));
    let titles = titles(web, who, &erased.kept).await?;
    let waiting = erased.kept.iter().filter(|kept| kept.outcome.goes() && titles.contains_key(&kept.record)).count();
    let counts = [("erased", erased.erased), ("restricted", erased.restricted), ("kept", erased.kept.len())];
    let counts = counts.map(|(key, n)| (key, t.number(n as u64)));
    let mut certificate = Vec::new();
    if let Some(order) = erased.certificate {
        certificate.push(Line::text(t.get("erasure-number"), order.to_string()));
    }
    certificate.push(Line::text(t.get("erasure-time"), t.moment(web.app.env().now(), &who.clock(web).await?)));
    certificate.push(Line::text(t.get("erasure-request"), erased.request.to_string()));
    Ok(ErasureResult {
        t,
        shell: who.shell(web, &t.get("erasure-title"), "requests", &href).await?,
        summary: t.with_all("erasure-summary", &counts),
        complete: erased.standing == Standing::Fulfilled,
        copies: t.get("erasure-copies"),
        certificate,
        download: erased.certificate.map_or_else(String::new, |order| format!("/approvals/{order}/certificate")),
        stays: erased.kept.iter().map(|kept| stays(t, web, kept, &titles)).collect(),
        propose: (waiting > 0).then(|| (format!("{href}/propose"), waiting)),
        back: href,
    })
}

/// What stays, by what it is called; by its kind where this reader may not read it.
fn stays(t: Text, web: &Web, kept: &Kept, titles: &Titles) -> PlanLine {
    let Kept { record, outcome: fate, rule, citation, until: day } = kept;
    let until = day.map_or_else(|| t.get("erasure-no-date"), |day| t.through(day));
    let what = titles.get(record).map(|(kind, title)| {
        let kind = web.catalogue(t).kind(kind).map_or_else(|| kind.clone(), |kind| kind.label.clone());
        if title.is_empty() { kind } else { format!("{kind}: {title}") }
    });
    let what = what.unwrap_or_else(|| t.get("erasure-unread"));
    PlanLine { what, outcome: outcome(*fate), rule: rule.clone(), citation: citation.clone(), until }
}

/// Kinds and titles of records.
type Titles = BTreeMap<RecordId, (String, String)>;

async fn titles(web: &Web, who: &Who, kept: &[Kept]) -> Result<Titles> {
    let ids: Vec<RecordId> = kept.iter().map(|kept| kept.record).collect();
    let Ok(permit) = who.actor.permit::<ReadRecords>() else { return Ok(Titles::new()) };
    let shown = web.app.read(&who.actor, move |unit| records::name(unit, &permit, &ids)).await?;
    Ok(shown.into_iter().map(|s| (s.id, (s.kind, s.title))).collect())
}

/// Proposes to those who may dispose what of an erasure a rule sets for review.
pub(super) async fn propose(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let id = read::<RequestId>(&id, "request")?;
    let (permit, request) = (who.actor.permit::<HandleRequests>()?, found(&web, &who, id).await?);
    let plan = erasure::plan(&web.app, &who.actor, request.person).await?;
    let waits = plan.items.iter().filter(|line| line.outcome.goes() && line.approvals > 0);
    let chosen = waits.map(|line| (line.record, line.fields.clone())).collect();
    let reason = who.text.get("erasure-propose-reason");
    Ok(approvals::propose_each(&web, &who, Cause::erasure(&permit, id), chosen, reason).await?)
}
