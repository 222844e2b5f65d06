//! The execution: what goes, goes by orders of [`crate::disposal`]; what stays is restricted where the law says so, and comes back by
//! itself when a hold or a floor lets it go.

use std::{collections::BTreeSet, time::Duration};

use catalogue::file;
use jiff::civil::Date;
use kernel::{Code, Error, Instant, OrderId, RecordId, RequestId, Result};
use serde::Serialize;
use serde_json::json;
use trail::{Actor, App, Event, Handler, Job, Permit, permit::HandleRequests};

use super::plan::{Line, Outcome, Plan, ensure_same, make};
use crate::{
    disposal::{self, Cause},
    records::{self, Once, State},
    requests::{
        Told,
        package::forget,
        recipients,
        request::{self, Request, Standing, end_erasure, open, verify_identity},
        sql,
    },
    retention,
};

/// The job that comes back to an erasure answered in part.
pub const JOB: &str = "requests.erasure";
/// When to look again at what no day lets go.
const AGAIN: Duration = Duration::from_secs(30 * 86_400);
const DAY: Duration = Duration::from_secs(86_400);

/// What stays, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Kept {
    /// The record.
    pub record: RecordId,
    /// `restrict`, `keep` or `held`; `erase` or `redact` for what waits for a second person.
    pub outcome: Outcome,
    /// The rule that keeps it.
    pub rule: String,
    /// What a lawyer would look up.
    pub citation: String,
    /// The last day it is kept through, when there is one.
    pub until: Option<Date>,
}

/// What came of an erasure.
#[derive(Clone, Debug, Serialize)]
pub struct Erased {
    /// Records destroyed, or the person taken out of them.
    pub erased: usize,
    /// Records restricted.
    pub restricted: usize,
    /// What stays, the restricted ones among it.
    pub kept: Vec<Kept>,
    /// Recipients of the person's data who are to be told of it, each by a task; the request is answered in part until they are.
    pub recipients: usize,
    /// The order whose certificate says so: that of the person's own record, else the last one.
    pub certificate: Option<OrderId>,
    /// Every order.
    pub orders: Vec<OrderId>,
    /// The request.
    pub request: RequestId,
    /// Where it stands now: fulfilled or partly.
    #[serde(skip)]
    pub standing: Standing,
}

/// Executes a plan: `fingerprint` is the plan's, `typed` the number of what goes. Without a request, the operator's act opens a verified
/// one, with its reason. Doing it again once it is done changes nothing.
///
/// Events `request.opened`, `record.destroying` (each order), `record.erased`. Errors: forbidden; not_found; conflict when anything
/// changed since the plan or the request is another person's, not verified, or asks for something else; invalid_input for another number.
pub async fn execute(
    app: &App,
    actor: &Actor,
    person: RecordId,
    named: Option<RequestId>,
    reason: &str,
    fingerprint: &str,
    typed: usize,
) -> Result<Erased> {
    ordered(app, actor, &Ordered { person, named, reason, fingerprint, typed, once: None }).await
}

/// As [`execute`] of a request's plan, and answered with the same words when it is sent again under the same key.
///
/// Errors: those of [`execute`]; conflict when the key was used for something else.
pub async fn execute_once(
    app: &App,
    actor: &Actor,
    (person, request): (RecordId, RequestId),
    (fingerprint, typed): (&str, usize),
    once: Option<Once>,
) -> Result<serde_json::Value> {
    if let Some(once) = once.clone() {
        let kept = app.read(actor, move |unit| {
            let kept = records::done_before(unit, &once)?;
            unit.plain(kept)
        });
        if let Some(kept) = kept.await? {
            return serde_json::from_str(&kept).map_err(Error::internal);
        }
    }
    let order = Ordered { person, named: Some(request), reason: "", fingerprint, typed, once };
    serde_json::to_value(ordered(app, actor, &order).await?).map_err(Error::internal)
}

/// What was ordered.
struct Ordered<'o> {
    person: RecordId,
    named: Option<RequestId>,
    reason: &'o str,
    fingerprint: &'o str,
    typed: usize,
    once: Option<Once>,
}

async fn ordered(app: &App, actor: &Actor, order: &Ordered<'_>) -> Result<Erased> {
    let Ordered { person, named, reason, fingerprint, typed, .. } = *order;
    let permit = match actor.permit::<HandleRequests>() {
        Ok(permit) => permit,
        Err(error) => return Err(app.denied(actor, error).await),
    };
    if let Some(id) = named {
        let request = app.read(actor, move |unit| {
            let found = request::find(unit, id)?;
            unit.plain(found)
        });
        let request = request.await?;
        if request.person == person && request.is_erasure() && request.state == Standing::Fulfilled {
            return Ok(done_before(&request));
        }
        answerable(&request, person)?;
    }
    let plan = planned(app, actor, &permit, person).await?;
    ensure_same(app, &plan, fingerprint, typed)?;
    let request = match named {
        Some(request) => request,
        None => requested(app, actor, &permit, person, reason).await?,
    };
    carry_out(app, actor, &permit, (person, request), order.once.clone()).await
}

fn done_before(request: &Request) -> Erased {
    let certificate = request.order;
    Erased {
        erased: 0,
        restricted: 0,
        kept: Vec::new(),
        recipients: 0,
        certificate,
        orders: certificate.into_iter().collect(),
        request: request.id,
        standing: Standing::Fulfilled,
    }
}

fn answerable(request: &Request, person: RecordId) -> Result<()> {
    let refuse = |words: &str| Err(Error::new(Code::Conflict, words));
    if request.person != person {
        return refuse("This request is about another person.");
    }
    if !request.is_erasure() {
        return refuse("This request does not ask for erasure.");
    }
    if request.closed.is_some() {
        return refuse("This request was answered and closed. Open a new one.");
    }
    if !request.verified {
        return refuse("Settle the person's identity first: nobody else may have their data erased.");
    }
    Ok(())
}

async fn planned(app: &App, actor: &Actor, permit: &Permit<HandleRequests>, person: RecordId) -> Result<Plan> {
    let permit = permit.clone();
    app.read(actor, move |unit| {
        let plan = make(unit, &permit, person)?;
        let records: Vec<_> = plan.items.iter().map(|line| (line.record, line.version)).collect();
        unit.release(Event::new("erasure.planned").count("goes", plan.count).records(records), plan)
    })
    .await
}

/// The open request of the person, or a new one by the operator's act.
async fn requested(app: &App, actor: &Actor, permit: &Permit<HandleRequests>, person: RecordId, reason: &str) -> Result<RequestId> {
    let found = app
        .read(actor, move |unit| {
            let all = request::of_person(unit, person)?;
            unit.plain(all.into_iter().find(|r| r.closed.is_none() && r.is_erasure()))
        })
        .await?;
    let id = match found {
        Some(request) if request.verified => return Ok(request.id),
        Some(request) => request.id,
        None => {
            let (permit, reason) = (permit.clone(), reason.to_owned());
            app.write(actor, move |unit| open(unit, &permit, person, "erase", &reason, unit.now())).await?
        }
    };
    let permit = permit.clone();
    app.write(actor, move |unit| verify_identity(unit, &permit, id, "Settled by whoever carried the erasure out.")).await?;
    Ok(id)
}

/// Carries out what may go now, restricts what must stay, and says what came of it.
async fn carry_out(
    app: &App,
    actor: &Actor,
    permit: &Permit<HandleRequests>,
    (person, request): (RecordId, RequestId),
    once: Option<Once>,
) -> Result<Erased> {
    let cause = Cause::erasure(permit, request);
    let plan = planned(app, actor, permit, person).await?;
    let (mut orders, mut parts) = (Vec::new(), BTreeSet::new());
    let goes = |line: &&Line| line.outcome.goes() && line.record != person;
    let (alone, shared): (Vec<&Line>, Vec<&Line>) = plan.items.iter().filter(goes).partition(|line| line.is_alone());
    // While the person's own record is there, it is known by which words they are named in what others keep.
    for line in shared.iter().filter(|line| line.kind == file::KIND).chain(shared.iter().filter(|line| line.kind != file::KIND)) {
        if let Some(order) = one(app, actor, &cause, line, person).await? {
            orders.push(order);
            parts.insert(line.record);
        }
    }
    // Files before their messages: a family that lost its message would be decided differently.
    for is_file in [true, false] {
        let ids: Vec<RecordId> = alone.iter().filter(|line| (line.kind == file::KIND) == is_file).map(|line| line.record).collect();
        for chunk in ids.chunks(disposal::MOST) {
            orders.extend(disposal::carry_out_each(app, actor, &cause, chunk).await?.orders);
        }
    }
    let mut certificate = None;
    if let Some(own) = plan.items.iter().find(|line| line.record == person && line.outcome.goes()) {
        certificate = if own.is_alone() {
            disposal::unless_refused(disposal::carry_out(app, actor, &cause, vec![person]).await)?
        } else {
            one(app, actor, &cause, own, person).await?
        };
        if certificate.is_some() && !own.is_alone() {
            parts.insert(person);
        }
        orders.extend(certificate);
    }
    forget(app, actor, person).await?;
    finish(app, actor, &plan, request, Done { certificate, orders, parts, once }).await
}

impl Line {
    /// Whether the whole record goes, and it concerns nobody else.
    fn is_alone(&self) -> bool {
        self.outcome == Outcome::Erase && self.also_concerns == 0 && self.fields.is_empty()
    }
}

/// Destroys fields, an attachment for all, or takes the person out of what concerns others too.
async fn one(app: &App, actor: &Actor, cause: &Cause, line: &Line, person: RecordId) -> Result<Option<OrderId>> {
    let done = if !line.fields.is_empty() {
        disposal::destroy_fields(app, actor, cause, line.record, &line.fields).await
    } else if line.kind == file::KIND {
        disposal::carry_out(app, actor, &cause.clone().for_all(), vec![line.record]).await
    } else {
        disposal::redact_person(app, actor, cause, line.record, person).await
    };
    disposal::unless_refused(done)
}

/// What was carried out.
struct Done {
    certificate: Option<OrderId>,
    orders: Vec<OrderId>,
    /// Records that lost a part, not the whole.
    parts: BTreeSet<RecordId>,
    /// The key under which it is answered again.
    once: Option<Once>,
}

/// What came of it: restricted, counted, said; the request ended, or set to come back.
async fn finish(app: &App, actor: &Actor, plan: &Plan, request: RequestId, done: Done) -> Result<Erased> {
    let Done { certificate, orders, parts, once } = done;
    let (lines, certificate, person) = (plan.items.clone(), certificate.or(orders.last().copied()), plan.person);
    app.write(actor, move |unit| {
        let (mut erased, mut stays) = (Vec::new(), Vec::new());
        for line in &lines {
            let is_here = records::find(unit, line.record)?.is_some_and(|row| row.state.is_readable());
            let lost_part = parts.contains(&line.record);
            if !is_here || lost_part {
                erased.push((line.record, line.version));
            }
            // What lost fields still has others of the person's; what was redacted has nothing left of them.
            if is_here && (!lost_part || !line.fields.is_empty()) {
                stays.push(line);
            }
        }
        unit.witness(Event::new("record.erased").word("request", request.to_string()).records(erased.iter().copied()))?;
        retention::settle(unit, &stays.iter().map(|line| line.record).collect::<Vec<_>>())?;
        let (mut restricted, mut kept) = (0, Vec::with_capacity(stays.len()));
        for line in stays {
            let state = records::find(unit, line.record)?.map_or(State::Gone, |row| row.state);
            restricted += usize::from(state == State::Restricted);
            kept.push(kept_line(line, parts.contains(&line.record)));
        }
        if !erased.is_empty() {
            recipients::to_be_told(unit, person, request, "an erasure")?;
        }
        let to_tell = recipients::waiting(unit, request)?;
        end_erasure(unit, request, kept.iter().map(|k| k.record).collect(), to_tell, certificate)?;
        if let Some(at) = next_look(unit.now(), &kept) {
            let key = format!("{JOB}:{request}:{}", at.day());
            unit.enqueue(Job::new(JOB, key, json!({ "person": person, "request": request })).at(at))?;
        }
        let standing = if kept.is_empty() && to_tell == 0 { Standing::Fulfilled } else { Standing::Partly };
        let orders = orders.clone();
        let erased = Erased { erased: erased.len(), restricted, kept, recipients: to_tell, certificate, orders, request, standing };
        if let Some(once) = &once {
            records::keep(unit, once, 200, &serde_json::to_string(&erased).map_err(Error::internal)?)?;
        }
        Ok(erased)
    })
    .await
}

fn kept_line(line: &Line, lost_part: bool) -> Kept {
    let Line { record, outcome, rule, citation, until, approvals, .. } = line.clone();
    let (outcome, rule) = match outcome {
        _ if lost_part => (Outcome::Keep, "A part of it must be kept".to_owned()),
        _ if outcome.goes() && approvals > 0 => (outcome, "A second person must approve it".to_owned()),
        // The last look under the lock said no.
        _ if outcome.goes() => (outcome, "Something changed meanwhile".to_owned()),
        _ => (outcome, rule),
    };
    Kept { record, outcome, rule, citation, until }
}

/// The day after the first floor ends; tomorrow for what only waits; in thirty days at the latest.
fn next_look(now: Instant, kept: &[Kept]) -> Option<Instant> {
    let waits = kept.iter().any(|k| k.outcome != Outcome::Held && k.until.is_none());
    let ends = kept.iter().filter_map(|k| k.until).map(|day| Instant::start_of(day).plus(DAY)).filter(|at| *at > now);
    let latest = now.plus(if waits { DAY } else { AGAIN });
    (!kept.is_empty()).then(|| ends.fold(latest, Instant::min))
}

/// Goes on with every erasure answered in part, as far as holds and floors have let go; answers how many went on.
pub async fn go_on(app: &App, actor: &Actor) -> Result<usize> {
    let permit = actor.permit::<HandleRequests>()?;
    let open = app
        .read(actor, |unit| {
            let ids = unit.all(sql::PARTLY, &[], |row| row.get::<RequestId>(0))?;
            let found = ids.into_iter().map(|id| request::find(unit, id)).collect::<Result<Vec<_>>>()?;
            unit.plain(found)
        })
        .await?;
    let mut went = 0;
    for request in open {
        went += usize::from(one_on(app, actor, &permit, &request).await?);
    }
    Ok(went)
}

async fn one_on(app: &App, actor: &Actor, permit: &Permit<HandleRequests>, request: &Request) -> Result<bool> {
    let plan = planned(app, actor, permit, request.person).await?;
    // Nothing may go, or all is gone and it waits for recipients to be told.
    if plan.count == 0 && (!plan.items.is_empty() || plan.recipients.iter().any(|recipient| recipient.told == Told::ToTell)) {
        return Ok(false);
    }
    carry_out(app, actor, permit, (request.person, request.id), None).await.map(|_| true)
}

/// What runs the job that comes back.
pub fn handler() -> Handler {
    std::sync::Arc::new(|app, row| {
        Box::pin(async move {
            let id = row.args.get("request").and_then(serde_json::Value::as_str).and_then(|text| text.parse::<RequestId>().ok());
            let id = id.ok_or_else(|| Error::internal("an erasure without its request"))?;
            let purpose = catalogue::Purpose::find(&row.purpose).ok_or_else(|| Error::internal("a job of an unknown purpose"))?;
            let actor = Actor::system(purpose);
            let request = app.read(&actor, move |unit| {
                let found = request::find(unit, id)?;
                unit.plain(found)
            });
            let request = request.await?;
            if request.closed.is_some() || request.state != Standing::Partly {
                return Ok(());
            }
            let permit = actor.permit::<HandleRequests>()?;
            // Carried out even where nothing goes today: it sets the next day to look.
            carry_out(&app, &actor, &permit, (request.person, request.id), None).await.map(drop)
        })
    })
}
