//! Rules and webhooks, for programs.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use catalogue::Purpose;
use crm::{
    automation::{self, Action, DeliveryId, Hears, NewEndpoint, NewRule, RuleId, RunId, Trigger, WebhookId},
    permits::{Manage, WriteRecords},
};
use http::{Method, StatusCode};
use kernel::{Error, Instant};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::api_doc as doc;
use crate::{
    api::{Caller, address::Asked, id},
    kit::{
        error::Refused,
        json::{self, answer},
    },
    records::api_list::filter_of,
    router::{Access, Route, Web},
};

/// The routes of automation.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/webhooks", Access::Key, || get(hooks)).doc(doc::hooks),
    Route::new(Method::POST, "/api/v1/webhooks", Access::Key, || post(make)).doc(doc::make),
    Route::new(Method::GET, "/api/v1/webhooks/{id}", Access::Key, || get(hook)).doc(doc::hook),
    Route::new(Method::PUT, "/api/v1/webhooks/{id}", Access::Key, || axum::routing::put(change)).doc(doc::change),
    Route::new(Method::DELETE, "/api/v1/webhooks/{id}", Access::Key, || axum::routing::delete(delete)).doc(doc::delete),
    Route::new(Method::POST, "/api/v1/webhooks/{id}/secret", Access::Key, || post(rotate)).doc(doc::rotate),
    Route::new(Method::POST, "/api/v1/webhooks/{id}/switch", Access::Key, || post(switch)).doc(doc::switch),
    Route::new(Method::POST, "/api/v1/webhooks/{id}/test", Access::Key, || post(ping)).doc(doc::ping),
    Route::new(Method::POST, "/api/v1/webhooks/{id}/replay", Access::Key, || post(replay_span)).doc(doc::replay_span),
    Route::new(Method::GET, "/api/v1/webhooks/{id}/deliveries", Access::Key, || get(deliveries)).doc(doc::deliveries),
    Route::new(Method::POST, "/api/v1/webhooks/{id}/deliveries/{delivery}/replay", Access::Key, || post(replay)).doc(doc::replay),
    Route::new(Method::GET, "/api/v1/rules", Access::Key, || get(rules)).doc(doc::rules),
    Route::new(Method::POST, "/api/v1/rules", Access::Key, || post(make_rule)).doc(doc::make_rule),
    Route::new(Method::GET, "/api/v1/rules/{id}", Access::Key, || get(rule)).doc(doc::rule),
    Route::new(Method::PUT, "/api/v1/rules/{id}", Access::Key, || axum::routing::put(change_rule)).doc(doc::change_rule),
    Route::new(Method::DELETE, "/api/v1/rules/{id}", Access::Key, || axum::routing::delete(delete_rule)).doc(doc::delete_rule),
    Route::new(Method::POST, "/api/v1/rules/{id}/switch", Access::Key, || post(switch_rule)).doc(doc::switch_rule),
    Route::new(Method::POST, "/api/v1/rules/{id}/rehearse", Access::Key, || post(rehearse)).doc(doc::rehearse),
    Route::new(Method::GET, "/api/v1/rules/{id}/runs", Access::Key, || get(runs)).doc(doc::runs),
];

/// The rows of a page when nobody says otherwise, and at most.
pub(super) const LIMIT: usize = 50;
pub(super) const LIMIT_MAX: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HookIn {
    name: String,
    url: String,
    #[serde(default)]
    inside: bool,
    purpose: String,
    events: Vec<String>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    values: Vec<String>,
}

impl HookIn {
    fn read(self) -> kernel::Result<NewEndpoint> {
        let purpose = Purpose::find(&self.purpose);
        let purpose = purpose.ok_or_else(|| Error::invalid("/purpose", "unknown", "Name a purpose of this installation."))?;
        let hears = Hears { events: self.events, kinds: self.kinds, fields: self.fields, values: self.values };
        Ok(NewEndpoint { name: self.name, url: self.url, inside: self.inside, purpose, hears })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SwitchIn {
    on: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpanIn {
    from: String,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DaysIn {
    days: i64,
}

fn hook_out(one: &automation::Endpoint) -> kernel::Result<Json> {
    let mut out = serde_json::to_value(one).map_err(Error::internal)?;
    // What it hears stands beside the rest, as it is given.
    if let (Some(out), Ok(Json::Object(hears))) = (out.as_object_mut(), serde_json::to_value(&one.hears)) {
        out.remove("hears");
        out.extend(hears);
    }
    Ok(out)
}

async fn hooks(State(web): State<Web>, caller: Caller) -> Result<Response, Refused> {
    let permit = caller.actor.permit::<Manage>()?;
    let all = web.app.read(&caller.actor, move |unit| automation::list(unit, &permit).and_then(|all| unit.plain(all))).await?;
    let items = all.iter().map(hook_out).collect::<kernel::Result<Vec<_>>>()?;
    answer(StatusCode::OK, &json!({ "items": items }))
}

async fn hook(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    let one = web.app.read(&caller.actor, move |unit| automation::one(unit, &permit, of).and_then(|one| unit.plain(one))).await?;
    answer(StatusCode::OK, &hook_out(&one)?)
}

async fn make(State(web): State<Web>, caller: Caller, json::Json(new): json::Json<HookIn>) -> Result<Response, Refused> {
    let (permit, new) = (caller.actor.permit::<Manage>()?, new.read()?);
    let (made, secret) = web.app.write(&caller.actor, move |unit| automation::make(unit, &permit, &new)).await?;
    answer(StatusCode::CREATED, &json!({ "id": made, "secret": secret }))
}

async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(new): json::Json<HookIn>,
) -> Result<Response, Refused> {
    let (permit, of, new) = (caller.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?, new.read()?);
    web.app.write(&caller.actor, move |unit| automation::change(unit, &permit, of, &new)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    web.app.write(&caller.actor, move |unit| automation::delete(unit, &permit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn rotate(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    let secret = web.app.write(&caller.actor, move |unit| automation::rotate(unit, &permit, of)).await?;
    answer(StatusCode::OK, &json!({ "secret": secret }))
}

async fn switch(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(to): json::Json<SwitchIn>,
) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    web.app.write(&caller.actor, move |unit| automation::switch(unit, &permit, of, to.on)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn ping(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    let sent = web.app.write(&caller.actor, move |unit| automation::ping(unit, &permit, of)).await?;
    answer(StatusCode::ACCEPTED, &json!({ "delivery": sent }))
}

async fn replay(State(web): State<Web>, caller: Caller, Path((of, delivery)): Path<(String, String)>) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    let delivery: DeliveryId = id(&delivery, "delivery")?;
    web.app.write(&caller.actor, move |unit| automation::replay(unit, &permit, of, delivery)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn replay_span(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(span): json::Json<SpanIn>,
) -> Result<Response, Refused> {
    let of: WebhookId = id(&of, "webhook")?;
    let time = |pointer: &str, text: &str| {
        Instant::parse(text).ok_or_else(|| Error::invalid(pointer, "not_a_time", "Write the time as 2026-11-21T10:00:00Z."))
    };
    let count = automation::replay_span(&web.app, &caller.actor, of, time("/from", &span.from)?, time("/to", &span.to)?).await?;
    answer(StatusCode::OK, &json!({ "deliveries": count }))
}

fn before<T: std::str::FromStr>(asked: &mut Asked) -> kernel::Result<Option<T>> {
    let cursor = asked.take("cursor").map(|cursor| cursor.parse::<T>()).transpose();
    cursor.map_err(|_| Error::invalid("/cursor", "not_a_cursor", "Send `next` of the page before."))
}

/// A page of a log: what there is, and the id of the last, where there may be more.
fn log<T: Serialize, I: Serialize>(all: &[T], limit: usize, last: impl Fn(&T) -> I) -> Result<Response, Refused> {
    let next = all.last().filter(|_| all.len() == limit).map(last);
    answer(StatusCode::OK, &json!({ "items": all, "next": next }))
}

async fn deliveries(State(web): State<Web>, caller: Caller, Path(of): Path<String>, mut asked: Asked) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    let limit = asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let before = before::<DeliveryId>(&mut asked)?;
    asked.end()?;
    let read =
        move |unit: &mut crm::permits::Unit| automation::deliveries(unit, &permit, of, before, limit).and_then(|all| unit.plain(all));
    log(&web.app.read(&caller.actor, read).await?, limit, |one| one.id)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleIn {
    name: String,
    trigger: Trigger,
    #[serde(default)]
    filter: Option<Map<String, Json>>,
    actions: Vec<Action>,
}

impl RuleIn {
    fn read(self) -> kernel::Result<NewRule> {
        Ok(NewRule { name: self.name, trigger: self.trigger, filter: self.filter.map(filter_of).transpose()?, actions: self.actions })
    }
}

async fn rules(State(web): State<Web>, caller: Caller) -> Result<Response, Refused> {
    let permit = caller.actor.permit::<WriteRecords>()?;
    let all = web.app.read(&caller.actor, move |unit| automation::rules(unit, &permit).and_then(|all| unit.plain(all))).await?;
    answer(StatusCode::OK, &json!({ "items": all }))
}

async fn rule(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<WriteRecords>()?, id::<RuleId>(&of, "rule")?);
    let one = web.app.read(&caller.actor, move |unit| automation::rule(unit, &permit, of).and_then(|one| unit.plain(one))).await?;
    answer(StatusCode::OK, &one)
}

async fn make_rule(State(web): State<Web>, caller: Caller, json::Json(new): json::Json<RuleIn>) -> Result<Response, Refused> {
    let (permit, new) = (caller.actor.permit::<WriteRecords>()?, new.read()?);
    let made = web.app.write(&caller.actor, move |unit| automation::make_rule(unit, &permit, &new)).await?;
    answer(StatusCode::CREATED, &json!({ "id": made }))
}

async fn change_rule(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(new): json::Json<RuleIn>,
) -> Result<Response, Refused> {
    let (permit, of, new) = (caller.actor.permit::<WriteRecords>()?, id::<RuleId>(&of, "rule")?, new.read()?);
    web.app.write(&caller.actor, move |unit| automation::change_rule(unit, &permit, of, &new)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete_rule(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<WriteRecords>()?, id::<RuleId>(&of, "rule")?);
    web.app.write(&caller.actor, move |unit| automation::delete_rule(unit, &permit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn switch_rule(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(to): json::Json<SwitchIn>,
) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<WriteRecords>()?, id::<RuleId>(&of, "rule")?);
    web.app.write(&caller.actor, move |unit| automation::switch_rule(unit, &permit, of, to.on)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn rehearse(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(asked): json::Json<DaysIn>,
) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<WriteRecords>()?, id::<RuleId>(&of, "rule")?);
    let told = web.app.read(&caller.actor, move |unit| automation::rehearse(unit, &permit, of, asked.days)).await?;
    answer(StatusCode::OK, &told)
}

async fn runs(State(web): State<Web>, caller: Caller, Path(of): Path<String>, mut asked: Asked) -> Result<Response, Refused> {
    let (permit, of) = (caller.actor.permit::<WriteRecords>()?, id::<RuleId>(&of, "rule")?);
    let limit = asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let before = before::<RunId>(&mut asked)?;
    asked.end()?;
    let read = move |unit: &mut crm::permits::Unit| automation::runs(unit, &permit, of, before, limit).and_then(|all| unit.plain(all));
    log(&web.app.read(&caller.actor, read).await?, limit, |one| one.id)
}
