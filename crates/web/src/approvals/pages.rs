//! Proposals to destroy as pages: the list, one with what would go, approving it, taking it back, carrying it out.

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::Kind;
use crm::{
    disposal::{self, Cause, Fate, Planned, Proposal, Weighed},
    evidence,
    identity::staff,
    permits::{Dispose, HandleRequests, ReadRecords, Unit},
    records,
    requests::erasure,
    retention::{self, Policy},
};
use http::{Method, StatusCode};
use jiff::tz::TimeZone;
use kernel::{Code, Error, Instant, OrderId, RecordId, Result};
use serde::Deserialize;

use crate::{
    api::file,
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Notice,
        names::Names,
        render::html,
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        approval::{ApprovalPage, Approvals, OrderRow, ProposalRow},
        erasure::{Outcome, PlanLine},
        parts::{Chip, Line, Tab, Tone},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/approvals", Access::Staff, || get(list)),
    Route::new(Method::GET, "/approvals/{id}", Access::Staff, || get(one)),
    Route::new(Method::GET, "/approvals/{id}/certificate", Access::Staff, || get(certificate)),
    Route::new(Method::POST, "/approvals/{id}/approve", Access::Staff, || post(approve)),
    Route::new(Method::POST, "/approvals/{id}/withdraw", Access::Staff, || post(withdraw)),
    Route::new(Method::POST, "/approvals/{id}/order", Access::Staff, || post(order)),
];

/// Orders that the list of what was carried out shows.
const ORDERS: usize = 100;

fn read(id: &str) -> Result<OrderId> {
    id.parse().map_err(|_| Error::not_found("proposal"))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    state: String,
    done: String,
}

/// Everything these pages show of what waits.
struct Desk {
    proposals: Vec<Proposal>,
    names: Names,
    needed: usize,
    zone: TimeZone,
    now: Instant,
}

async fn desk(web: &Web, who: &Who) -> Result<Desk> {
    let permit = who.actor.permit::<Dispose>()?;
    let read = web.app.read(&who.actor, move |unit: &mut Unit| {
        let (proposals, policy) = (disposal::proposals(unit, &permit)?, Policy::load(unit)?);
        let aside = unit.plain((proposals, policy))?;
        Ok(staff::directory(unit, &permit)?.and(aside))
    });
    let (staff, (proposals, policy)) = read.await?;
    let now = web.app.env().now();
    Ok(Desk { proposals, names: Names::of(staff), needed: policy.approvers, zone: who.zone(policy.zone()), now })
}

/// `Disposal of 3 records`, or `Disposal of 2 fields of a record`.
pub(crate) fn title(t: Text, proposal: &Proposal) -> String {
    let fields = if proposal.fields.is_empty() { "" } else { "-fields" };
    let count = if proposal.fields.is_empty() { proposal.records.len() } else { proposal.fields.len() };
    t.count(&format!("approvals-cause-{}{fields}", proposal.cause), count)
}

impl Desk {
    fn state(&self, t: Text, proposal: &Proposal) -> Chip {
        let done = proposal.approvals.len();
        let tone = if done >= self.needed { Tone::Good } else { Tone::Time };
        Chip::new(t.with2("approvals-state", "done", done, "needed", self.needed), tone)
    }

    fn proposed(&self, t: Text, proposal: &Proposal) -> String {
        let when = t.when(proposal.at, self.now, &self.zone);
        t.with2("approvals-proposed", "name", self.names.who(t, &proposal.by), "when", when)
    }
}

async fn list(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let (t, desk) = (who.text, desk(&web, &who).await?);
    let carried_out = asked.state == "done";
    let waiting = desk.proposals.iter().map(|p| ProposalRow {
        title: title(t, p),
        href: format!("/approvals/{}", p.id),
        note: desk.proposed(t, p),
        reason: p.reason.clone(),
        state: desk.state(t, p),
    });
    let done = if carried_out { Some(orders(&web, &who, &desk).await?) } else { None };
    let mut shell = who.shell(&web, &t.get("approvals-title"), "approvals", "/approvals").await?;
    match asked.done.as_str() {
        "withdrawn" => shell.notices.push(Notice::done(t.get("approvals-withdrawn-done"))),
        id if id.parse::<OrderId>().is_ok() => shell.notices.push(Notice::done(t.with("approvals-destroyed", "number", id))),
        _ => {}
    }
    let tabs = vec![
        Tab::new(t.get("approvals-tab-waiting"), "/approvals", !carried_out),
        Tab::new(t.get("approvals-tab-done"), "/approvals?state=done", carried_out),
    ];
    Ok(Html(html(&Approvals { t, shell, tabs, waiting: waiting.collect(), done })?).into_response())
}

async fn orders(web: &Web, who: &Who, desk: &Desk) -> Result<Vec<OrderRow>> {
    let t = who.text;
    let found = web.app.read(&who.actor, |unit| {
        let orders = disposal::orders(unit, ORDERS)?;
        unit.plain(orders)
    });
    let row = |order: &disposal::Listed| OrderRow {
        title: t.get(&format!("approvals-order-{}", order.cause)),
        number: order.id.to_string(),
        certificate: order.certified.map(|_| format!("/approvals/{}/certificate", order.id)),
        when: t.when(order.at, desk.now, &desk.zone),
        state: match order.certified {
            Some(_) => Chip::new(t.get("approvals-certified"), Tone::Good),
            None => Chip::new(t.get("approvals-under-way"), Tone::Time),
        },
    };
    Ok(found.await?.iter().map(row).collect())
}

async fn one(State(web): State<Web>, who: Who, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = page(&web, &who, read(&id)?).await?;
    let t = view.t;
    match asked.done.as_str() {
        "proposed" => view.shell.notices.push(Notice::done(t.get("approvals-proposed-done"))),
        "approved" => view.shell.notices.push(Notice::done(t.get("approvals-approved-done"))),
        _ => {}
    }
    Ok(Html(html(&view)?).into_response())
}

async fn page(web: &Web, who: &Who, id: OrderId) -> Result<ApprovalPage> {
    let (t, desk) = (who.text, desk(web, who).await?);
    let (weighed, lines) = weighed(web, who, id).await?;
    let (proposal, goes) = (&weighed.proposal, weighed.goes());
    let me = who.actor.staff().map_or_else(|| who.actor.who.to_string(), |id| id.to_string());
    let own = (proposal.by == me).then(|| t.get("approvals-own"));
    let before = proposal.approvals.iter().any(|(by, _)| *by == me).then(|| t.get("approvals-before"));
    let others = proposal.approvals.iter().filter(|(by, _)| *by != me).count();
    let title = title(t, proposal);
    let href = format!("/approvals/{id}");
    Ok(ApprovalPage {
        t,
        shell: who.shell(web, &title, "approvals", &href).await?,
        title,
        note: desk.proposed(t, proposal),
        href,
        reason: proposal.reason.clone(),
        state: desk.state(t, proposal),
        lines,
        approvals: proposal.approvals.iter().map(|(by, at)| Line::text(desk.names.who(t, by), t.when(*at, desk.now, &desk.zone))).collect(),
        may_not: own.or(before),
        // Whoever carries it out is none of those who approved: as many others must have agreed.
        count: (others >= desk.needed && goes == proposal.records.len()).then_some(goes as u64),
        problem: String::new(),
        recorded: t.get("record-recorded"),
    })
}

/// An open proposal with what becomes of each of its records, decided now. Error: not_found.
async fn weighed(web: &Web, who: &Who, id: OrderId) -> Result<(Weighed, Vec<PlanLine>)> {
    let (t, disposes) = (who.text, who.actor.permit::<Dispose>()?);
    let reads = who.actor.permit::<ReadRecords>().ok();
    let read = web.app.read(&who.actor, move |unit: &mut Unit| {
        let weighed = disposal::weigh(unit, &disposes, id)?;
        let (mut ids, mut open) = (Vec::new(), false);
        let weighed = weighed.map(|one| {
            (ids, open) = (one.planned.iter().map(|planned| planned.record).collect(), one.proposal.state == "open");
            one
        });
        if !open {
            return Err(Error::not_found("proposal"));
        }
        Ok(match &reads {
            Some(permit) => weighed.and(records::name(unit, permit, &ids)?),
            None => weighed.map(|weighed| (weighed, Vec::new())),
        })
    });
    let (weighed, shown) = read.await?;
    let catalogue = web.catalogue(t);
    let line = |planned: &Planned| {
        let kind = catalogue.kind(&planned.kind);
        let label = kind.map_or_else(|| planned.kind.clone(), |kind| kind.label.clone());
        let named = shown.iter().find(|s| s.id == planned.record).map(|s| s.title.clone()).filter(|title| !title.is_empty());
        let whole = named.map_or_else(|| label.clone(), |name| format!("{label}: {name}"));
        let what = match weighed.proposal.fields.as_slice() {
            [] => whole,
            fields => t.with2("approvals-fields", "record", whole, "fields", field_labels(kind.map(|kind| &**kind), fields)),
        };
        fate(t, what, planned)
    };
    let lines = weighed.planned.iter().map(line).collect();
    Ok((weighed, lines))
}

/// What people call these fields.
pub(crate) fn field_labels(kind: Option<&Kind>, fields: &[String]) -> String {
    let label = |key: &String| kind.and_then(|kind| kind.field(key)).map_or_else(|| key.clone(), |field| field.label.clone());
    fields.iter().map(label).collect::<Vec<_>>().join(", ")
}

/// A record's fate as a line of a plan.
pub(crate) fn fate(t: Text, what: String, planned: &Planned) -> PlanLine {
    let why = planned.decision.as_ref().map(retention::line).unwrap_or_default();
    let (outcome, rule, citation, until) = match &planned.fate {
        Fate::Erase | Fate::EraseFields(_) => (Outcome::Goes, why, String::new(), t.get("confirm-at-once")),
        Fate::Restrict(bar) | Fate::Keep(bar) => {
            let until = bar.until.map_or_else(|| t.get("erasure-no-date"), |day| t.through(day));
            (Outcome::Stays, bar.rule.clone(), bar.citation.clone(), until)
        }
        Fate::Held => (Outcome::Held, t.get("reason-hold"), String::new(), t.get("erasure-no-date")),
        Fate::Waits(words) => (Outcome::Stays, (*words).to_owned(), String::new(), String::new()),
        Fate::Gone => (Outcome::Stays, t.get("approvals-gone"), String::new(), String::new()),
    };
    PlanLine { what, outcome, rule, citation, until }
}

/// The certificate of what was carried out, as a file.
async fn certificate(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let id = id.parse::<OrderId>().map_err(|_| Error::not_found("certificate"))?;
    let certificate = evidence::certificate(&web.app, &who.actor, id).await?;
    let bytes = serde_json::to_vec_pretty(&certificate).map_err(Error::internal)?;
    Ok(file("application/json", &format!("certificate-{id}.json"), bytes)?)
}

async fn approve(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let (id, permit) = (read(&id)?, who.actor.permit::<Dispose>()?);
    let reason = fields.get("reason").to_owned();
    let done = web.app.write(&who.actor, move |unit| disposal::approve(unit, &permit, id, &reason)).await;
    after(&web, &who, id, done, &format!("/approvals/{id}?done=approved")).await
}

async fn withdraw(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let (id, permit) = (read(&id)?, who.actor.permit::<Dispose>()?);
    let reason = fields.get("reason").to_owned();
    let done = web.app.write(&who.actor, move |unit| disposal::withdraw(unit, &permit, id, &reason)).await;
    after(&web, &who, id, done, "/approvals?done=withdrawn").await
}

/// Carries it out, when the number and the password are right and enough others approved.
async fn order(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let id = read(&id)?;
    let done = carried_out(&web, &who, id, &fields).await;
    after(&web, &who, id, done, &format!("/approvals?state=done&done={id}")).await
}

async fn carried_out(web: &Web, who: &Who, id: OrderId, fields: &Fields) -> Result<()> {
    let (permit, session) = (who.actor.permit::<Dispose>()?, who.signed_in()?);
    let (weighed, _) = weighed(web, who, id).await?;
    if fields.get("count").trim().parse() != Ok(weighed.goes()) {
        return Err(Error::invalid("/count", "not_the_number", who.text.get("confirm-not-the-number")));
    }
    web.door.confirm(&web.app, who.origin, session, fields.personal("password")).await?;
    web.app.write(&who.actor, move |unit| disposal::order_proposed(unit, &permit, id)).await?;
    disposal::destroy(&web.app, &who.actor, id).await?;
    if weighed.proposal.cause == "erasure" && who.actor.permit::<HandleRequests>().is_ok() {
        // What the person's request still waited for may be done now, and its answer with it.
        erasure::go_on(&web.app, &who.actor).await?;
    }
    Ok(())
}

/// On to the next page; or the proposal again, with what was refused in words, and nothing changed.
async fn after(web: &Web, who: &Who, id: OrderId, done: Result<()>, next: &str) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(Redirect::to(next).into_response()),
        Err(error) if is_mistake(error.code()) => {
            let mut view = page(web, who, id).await?;
            view.problem = error.problems().first().map_or_else(|| error.detail().to_owned(), |p| p.detail.clone());
            let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok((status, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn is_mistake(code: Code) -> bool {
    use Code::{Conflict, InvalidInput, LegalHold, RateLimited, Restricted, RetentionFloor, SecondPersonRequired, Unauthenticated};
    matches!(code, InvalidInput | Conflict | Unauthenticated | RateLimited | SecondPersonRequired | LegalHold | RetentionFloor | Restricted)
}

/// A record to be proposed: whole, or by some of its fields.
pub(crate) type Chosen = (RecordId, Vec<String>);

/// Proposes records for disposal, those of which only fields are due each by itself, and answers where the proposal is.
pub(crate) async fn propose_each(web: &Web, who: &Who, cause: Cause, chosen: Vec<Chosen>, reason: String) -> Result<Response> {
    let (whole, parts): (Vec<Chosen>, Vec<Chosen>) = chosen.into_iter().partition(|(_, fields)| fields.is_empty());
    let several = parts.len() + usize::from(!whole.is_empty()) > 1;
    let mut last = None;
    for (id, fields) in parts {
        let (cause, reason) = (cause.clone(), reason.clone());
        last = Some(web.app.write(&who.actor, move |unit| disposal::propose_fields(unit, &cause, id, &fields, &reason)).await?);
    }
    match last {
        Some(_) if several && whole.is_empty() => Ok(Redirect::to("/approvals").into_response()),
        Some(id) if whole.is_empty() => Ok(Redirect::to(&format!("/approvals/{id}?done=proposed")).into_response()),
        _ => {
            let to = propose(web, who, cause, whole.into_iter().map(|(id, _)| id).collect(), reason).await?;
            Ok(if several { Redirect::to("/approvals").into_response() } else { to })
        }
    }
}

/// Proposes records for disposal and answers where the proposal is.
async fn propose(web: &Web, who: &Who, cause: Cause, ids: Vec<RecordId>, reason: String) -> Result<Response> {
    let id = web.app.write(&who.actor, move |unit| disposal::propose(unit, &cause, &ids, &reason)).await?;
    Ok(Redirect::to(&format!("/approvals/{id}?done=proposed")).into_response())
}
