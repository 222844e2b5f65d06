//! Proposals to destroy as pages: the list, one with what would go, approving it, taking it back, carrying it out.

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    disposal::{self, Cause, Fate, Planned, Proposal},
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
    Ok(Desk { proposals, names: Names::of(staff), needed: policy.approvers, zone: policy.zone(), now })
}

fn title(t: Text, cause: &str, records: usize) -> String {
    t.count(&format!("approvals-cause-{cause}"), records)
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
    let (t, desk) = (Text::english(), desk(&web, &who).await?);
    let carried_out = asked.state == "done";
    let waiting = desk.proposals.iter().map(|p| ProposalRow {
        title: title(t, p.cause, p.records.len()),
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
    let t = Text::english();
    let found = web.app.read(&who.actor, |unit| {
        let orders = disposal::orders(unit, ORDERS)?;
        unit.plain(orders)
    });
    let row = |order: &disposal::Listed| OrderRow {
        title: t.get(&format!("approvals-order-{}", order.cause)),
        number: order.id.to_string(),
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
    let (t, desk) = (Text::english(), desk(web, who).await?);
    let proposal = desk.proposals.iter().find(|p| p.id == id).ok_or_else(|| Error::not_found("proposal"))?;
    let (lines, goes) = lines(web, who, proposal).await?;
    let me = who.actor.staff().map_or_else(|| who.actor.who.to_string(), |id| id.to_string());
    let own = (proposal.by == me).then(|| t.get("approvals-own"));
    let before = proposal.approvals.iter().any(|(by, _)| *by == me).then(|| t.get("approvals-before"));
    let others = proposal.approvals.iter().filter(|(by, _)| *by != me).count();
    let title = title(t, proposal.cause, proposal.records.len());
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

/// What becomes of each record, decided now, and how many go.
async fn lines(web: &Web, who: &Who, proposal: &Proposal) -> Result<(Vec<PlanLine>, usize)> {
    let (t, ids, cause) = (Text::english(), proposal.records.clone(), cause(who, proposal)?);
    let permit = who.actor.permit::<ReadRecords>().ok();
    let read = web.app.read(&who.actor, move |unit: &mut Unit| {
        let planned = disposal::plan(unit, &cause, &ids)?;
        let shown = match &permit {
            Some(permit) => records::name(unit, permit, &ids)?,
            None => unit.plain(Vec::new())?,
        };
        Ok(shown.map(|shown| (planned, shown)))
    });
    let (planned, shown) = read.await?;
    let catalogue = web.app.catalogue();
    let goes = planned.iter().filter(|p| matches!(p.fate, Fate::Erase)).count();
    let line = |planned: &Planned| {
        let kind = catalogue.kind(&planned.kind).map_or_else(|| planned.kind.clone(), |kind| kind.label.clone());
        let named = shown.iter().find(|s| s.id == planned.record).map(|s| s.title.clone()).filter(|title| !title.is_empty());
        let what = named.map_or_else(|| kind.clone(), |name| format!("{kind}: {name}"));
        fate(t, what, planned)
    };
    Ok((planned.iter().map(line).collect(), goes))
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

/// The cause under which a proposal's records are judged while they are looked at.
fn cause(who: &Who, proposal: &Proposal) -> Result<Cause> {
    match (proposal.cause, who.actor.permit::<HandleRequests>()) {
        ("erasure", Ok(permit)) => proposal.request.map_or_else(
            || who.actor.permit::<Dispose>().map(|permit| Cause::expiry(&permit)),
            |request| Ok(Cause::erasure(&permit, request)),
        ),
        _ => who.actor.permit::<Dispose>().map(|permit| Cause::expiry(&permit)),
    }
}

async fn approve(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let (id, permit) = (read(&id)?, who.actor.permit::<Dispose>()?);
    let reason = fields.get("reason").to_owned();
    let done = web.app.write(&who.actor, move |unit| disposal::approve(unit, &permit, id, &reason)).await;
    after(&web, &who, id, done, &format!("/approvals/{id}?done=approved")).await
}

async fn withdraw(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let (id, permit) = (read(&id)?, who.actor.permit::<Dispose>()?);
    let done = web.app.write(&who.actor, move |unit| disposal::withdraw(unit, &permit, id)).await;
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
    let (t, desk) = (Text::english(), desk(web, who).await?);
    let proposal = desk.proposals.iter().find(|p| p.id == id).ok_or_else(|| Error::not_found("proposal"))?;
    let (_, goes) = lines(web, who, proposal).await?;
    if fields.get("count").trim().parse() != Ok(goes) {
        return Err(Error::invalid("/count", "not_the_number", t.get("confirm-not-the-number")));
    }
    web.door.confirm(&web.app, who.origin, session, fields.personal("password")).await?;
    web.app.write(&who.actor, move |unit| disposal::order_proposed(unit, &permit, id)).await?;
    disposal::destroy(&web.app, &who.actor, id).await?;
    if proposal.cause == "erasure" && who.actor.permit::<HandleRequests>().is_ok() {
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

/// Proposes records for disposal and answers where the proposal is.
pub(crate) async fn propose(web: &Web, who: &Who, cause: Cause, ids: Vec<RecordId>, reason: String) -> Result<Response> {
    let id = web.app.write(&who.actor, move |unit| disposal::propose(unit, &cause, &ids, &reason)).await?;
    Ok(Redirect::to(&format!("/approvals/{id}?done=proposed")).into_response())
}
