//! Deliveries: one message to one endpoint, tried until it is taken. What it says is read for each try, and kept nowhere.

use std::time::Duration;

use catalogue::Purpose;
use kernel::{Env, Error, EventId, Instant, RecordId, Result};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use store::{Row, args};
use tokio::task::JoinSet;
use trail::{
    Actor, App, Event, Permit, Release, Unit,
    permit::{HandleRequests, Hold, Manage, ReadRecords},
};

use super::{
    AT_ONCE, DeliveryId, LEASE, WebhookId,
    http::{Answer, Target},
    sign, sql, system,
    webhook::{self, Inside, Stored},
};
use crate::{
    identity::staff,
    records::{self, Cell, Detail, State},
};

/// The waits between tries, in seconds, as Standard Webhooks proposes: ten tries in some three days.
const WAITS: [u64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
/// An endpoint that took nothing for so long is switched off: five days.
const PATIENCE: Duration = Duration::from_secs(5 * 24 * 3_600);
/// What is sent to try an endpoint.
const TEST: &str = "webhook.test";
/// What a rule sends.
pub(super) const FIRED: &str = "rule.fired";
/// The most of one page.
const PAGE_MAX: usize = 200;

/// Why a delivery was not taken, or not sent: the word, and what it says.
pub const REASONS: &[(&str, &str)] = &[
    ("name_not_found", "No computer has this name."),
    ("refused", "Nothing answers at this address."),
    ("timeout", "The server does not answer in time."),
    ("tls", "No encrypted connection came about, or the certificate is not to be trusted."),
    ("plain_refused", "Without encryption only servers of one's own network are sent to."),
    ("address_inside", "The name leads into one's own network, and that is not allowed for this webhook."),
    ("closed", "The connection broke off."),
    ("protocol", "The server does not answer by HTTP."),
    ("redirect", "The server sends elsewhere; that is not followed."),
    ("status", "The server did not take it."),
    ("gone", "The server says that this webhook is no longer wanted."),
    ("off", "The webhook is switched off."),
    ("owner", "Whoever answers for the webhook may no longer read this for its purpose."),
    ("erased", "The record is gone; nothing of it was sent."),
    ("restricted", "The record is restricted; nothing of it was sent."),
    ("purpose", "The record may not be used for the webhook's purpose; nothing of it was sent."),
    ("scope", "The record is out of reach for whoever answers for the webhook; nothing of it was sent."),
];

/// A message to an endpoint, without what it says.
#[derive(Clone, Debug, Serialize)]
pub struct Delivery {
    /// Its id: the `webhook-id` of its message, the same for every try.
    pub id: DeliveryId,
    /// Of what it tells.
    #[serde(rename = "type")]
    pub what: String,
    /// The event of the trail behind it.
    pub event: EventId,
    /// Of which record.
    pub record: Option<RecordId>,
    /// When that happened.
    pub at: Instant,
    /// `queued`, `delivered`, `failed` or `dropped`.
    pub state: String,
    /// Why not, a word of [`REASONS`]; empty for none.
    pub reason: String,
    /// What the server answered.
    pub status: Option<i64>,
    /// How often it was tried.
    pub tries: i64,
    /// When it is tried next, while it waits.
    pub next: Option<Instant>,
    /// When it ended.
    pub done: Option<Instant>,
    #[serde(skip)]
    hook: WebhookId,
    #[serde(skip)]
    fields: Vec<String>,
}

fn read(row: &Row) -> Result<Delivery> {
    let (state, next): (String, Instant) = (row.get(7)?, row.get(11)?);
    Ok(Delivery {
        id: row.get(0)?,
        hook: row.get(1)?,
        what: row.get(2)?,
        event: row.get(3)?,
        record: Some(row.get::<RecordId>(4)?).filter(|id| *id.bytes() != [0; 16]),
        fields: serde_json::from_str(&row.get::<String>(5)?).map_err(Error::internal)?,
        at: row.get(6)?,
        next: (state == "queued").then_some(next),
        state,
        reason: row.get(8)?,
        status: row.get(9)?,
        tries: row.get(10)?,
        done: row.get(12)?,
    })
}

/// An endpoint's deliveries, newest first, from the one before `before`. Errors: not_found; invalid_input for the limit.
pub fn deliveries(
    unit: &mut Unit,
    _permit: &Permit<Manage>,
    of: WebhookId,
    before: Option<DeliveryId>,
    limit: usize,
) -> Result<Vec<Delivery>> {
    if limit == 0 || limit > PAGE_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A page has 1 to {PAGE_MAX} deliveries.")));
    }
    webhook::find(unit, of)?.ok_or_else(|| Error::not_found("webhook"))?;
    let before = before.unwrap_or(DeliveryId::from_bytes([0xff; 16]));
    unit.all(sql::DELIVERIES_OF, &args![of, before, i64::try_from(limit).unwrap_or(i64::MAX)], read)
}

/// Sends an endpoint a message that tells of nothing, to try it. Event `webhook.tried`. Errors: not_found; conflict while it is off.
pub fn ping(unit: &mut Unit, permit: &Permit<Manage>, of: WebhookId) -> Result<DeliveryId> {
    if !webhook::one(unit, permit, of)?.on {
        return Err(Error::new(kernel::Code::Conflict, "The webhook is off. Switch it on first."));
    }
    let (id, now, cause) = (DeliveryId::mint(unit.env()), unit.now(), unit.id());
    unit.witness(Event::new("webhook.tried").word("webhook", of.to_string()).word("delivery", id.to_string()))?;
    unit.run(sql::DELIVERY_INSERT, &args![id, of, TEST, cause, [0_u8; 16], "[]", now, now])?;
    Ok(id)
}

/// Makes a delivery once more, under its id. What it says is read anew. Event `webhook.replayed`.
///
/// Errors: not_found; conflict while it waits anyway, or the endpoint is off.
pub fn replay(unit: &mut Unit, permit: &Permit<Manage>, of: WebhookId, id: DeliveryId) -> Result<()> {
    let listens = webhook::one(unit, permit, of)?.on;
    let found = unit.maybe(sql::DELIVERY_FIND, &args![id], read)?.filter(|found| found.hook == of);
    let (found, now) = (found.ok_or_else(|| Error::not_found("delivery"))?, unit.now());
    if !listens || found.state == "queued" {
        return Err(Error::new(kernel::Code::Conflict, "It waits to be sent already, or the webhook is off."));
    }
    unit.witness(Event::new("webhook.replayed").word("webhook", of.to_string()).word("delivery", id.to_string()).count("deliveries", 1))?;
    unit.run(sql::DELIVERY_AGAIN, &args![id, now]).map(drop)
}

/// Makes every delivery once more that ended and tells of something from `from` up to, without, `to`; answers how many.
/// Event `webhook.replayed` for every five hundred. Errors: as [`replay`]; invalid_input for a span that ends before it begins.
pub async fn replay_span(app: &App, actor: &Actor, of: WebhookId, from: Instant, to: Instant) -> Result<usize> {
    if to <= from {
        return Err(Error::invalid("/to", "out_of_range", "The time ends before it begins."));
    }
    let (mut after, mut count) = (DeliveryId::from_bytes([0; 16]), 0);
    loop {
        let permit = actor.permit::<Manage>()?;
        let portion = app
            .write(actor, move |unit| {
                if !webhook::one(unit, &permit, of)?.on {
                    return Err(Error::new(kernel::Code::Conflict, "The webhook is off. Switch it on first."));
                }
                let ids = unit.all(sql::DELIVERIES_SPAN, &args![of, after, from, to], |row| row.get::<DeliveryId>(0))?;
                let now = unit.now();
                unit.witness(Event::new("webhook.replayed").word("webhook", of.to_string()).count("deliveries", ids.len()))?;
                for id in &ids {
                    unit.run(sql::DELIVERY_AGAIN, &args![*id, now])?;
                }
                Ok(ids)
            })
            .await?;
        let Some(last) = portion.last() else { return Ok(count) };
        (after, count) = (*last, count + portion.len());
    }
}

/// Makes what is due, side by side: a server that answers slowly keeps no other waiting.
pub(super) async fn due(app: &App) -> Result<usize> {
    let now = app.env().now();
    let ids = app.store().read(move |tx| tx.all(sql::DELIVERIES_DUE, &args![now, AT_ONCE], |row| row.get::<DeliveryId>(0))).await?;
    let mut tasks = JoinSet::new();
    for id in &ids {
        let (app, id) = (app.clone(), *id);
        tasks.spawn(async move { one(&app, id).await });
    }
    while let Some(done) = tasks.join_next().await {
        // A fault of ours with one of them stops no other; its lease ends, and it is met again.
        if let Err(error) = done.map_err(Error::internal).flatten() {
            tracing::error!(%error, "a delivery met a fault and waits for its lease to end");
        }
    }
    Ok(ids.len())
}

/// A message, ready to be sent.
struct Ready {
    body: Vec<u8>,
    inside: Inside,
}

async fn one(app: &App, id: DeliveryId) -> Result<()> {
    let now = app.env().now();
    let taken = app.store().write(move |tx| tx.run(sql::DELIVERY_TAKE, &args![id, now, now.plus(LEASE)])).await?;
    if taken == 0 {
        return Ok(());
    }
    let system = system();
    let found = app.read(&system, move |unit| {
        let Some(delivery) = unit.maybe(sql::DELIVERY_FIND, &args![id], read)? else { return unit.plain(None) };
        let Some(hook) = webhook::find(unit, delivery.hook)? else { return unit.plain(None) };
        let actor = match Purpose::find(&hook.purpose) {
            Some(purpose) => staff::acting(unit, hook.staff, purpose)?,
            None => None,
        };
        unit.plain(Some((delivery, hook.state == "on", actor)))
    });
    let Some((delivery, listens, actor)) = found.await? else { return Ok(()) };
    let ready = match actor {
        _ if !listens => Err("off"),
        None => Err("owner"),
        Some(actor) => {
            let of = delivery.clone();
            app.read(&actor, move |unit| message(unit, &of)).await?
        }
    };
    match ready {
        Err(reason) => ended(app, &delivery, "dropped", reason, None).await,
        Ok(ready) => {
            let answer = sent(app, &delivery, ready).await;
            settle(app, &delivery, answer).await
        }
    }
}

/// What it says now, and to whom; or why it says nothing. Event `webhook.sending`, naming the recipient and the fields whose values go.
fn message(unit: &mut Unit, delivery: &Delivery) -> Result<Release<std::result::Result<Ready, &'static str>>> {
    let Some(hook) = webhook::find(unit, delivery.hook)? else { return unit.plain(Err("off")) };
    let data = match data(unit, &hook, delivery)? {
        Ok(data) => data,
        Err(reason) => return unit.plain(Err(reason)),
    };
    let inside = hook.inside(unit)?;
    let told = json!({ "type": delivery.what, "timestamp": delivery.at, "data": data.json });
    let body = serde_json::to_vec(&told).map_err(Error::internal)?;
    let host = Target::read(&inside.url, inside.inside)?.host().to_owned();
    let event = Event::new("webhook.sending")
        .word("webhook", hook.id.to_string())
        .word("recipient", host)
        .word("delivery", delivery.id.to_string())
        .fields(&data.values)
        .records(data.record);
    unit.release(event, Ok(Ready { body, inside }))
}

struct Data {
    json: Json,
    values: Vec<String>,
    record: Option<(RecordId, i64)>,
}

fn data(unit: &mut Unit, hook: &Stored, delivery: &Delivery) -> Result<std::result::Result<Data, &'static str>> {
    let Some(id) = delivery.record else { return Ok(Ok(Data { json: json!({}), values: Vec::new(), record: None })) };
    let Ok(permit) = unit.actor().permit::<ReadRecords>() else { return Ok(Err("owner")) };
    let Some(row) = records::find(unit, id)? else { return Ok(Err("erased")) };
    let Some(scope) = permit.over(&row.kind.key) else { return Ok(Err("owner")) };
    if delivery.what == "record.erased" {
        // Whoever holds a copy has to learn that theirs must go. The id is all there is to say.
        return Ok(Ok(Data { json: json!({ "id": id }), values: Vec::new(), record: Some((id, row.version)) }));
    }
    if delivery.what == "consent.ended" {
        // So does whoever writes to them by what they once allowed: to be told of it needs no consent.
        let json = json!({ "id": id, "purpose": delivery.fields.first() });
        return Ok(Ok(Data { json, values: Vec::new(), record: Some((id, row.version)) }));
    }
    let right = match delivery.what.split('.').next() {
        Some("hold") => unit.actor().permit::<Hold>().is_ok(),
        Some("request") => unit.actor().permit::<HandleRequests>().is_ok(),
        _ => true,
    };
    if !right {
        return Ok(Err("owner"));
    }
    if let Some(reason) = refused(&permit, &row) {
        return Ok(Err(reason));
    }
    if delivery.what == "consent.given" {
        let json = json!({ "id": id, "purpose": delivery.fields.first() });
        return Ok(Ok(Data { json, values: Vec::new(), record: Some((id, row.version)) }));
    }
    let sees = |key: &str| row.kind.field(key).is_some_and(|f| f.class <= scope.class && f.purposes.serve(permit.actor.purpose));
    let fields: Vec<&String> = delivery.fields.iter().filter(|key| sees(key)).collect();
    let mut json = json!({ "id": id, "kind": row.kind.key, "version": row.version, "fields": fields });
    if delivery.what == FIRED {
        json["run"] = super::RunId::from_bytes(*delivery.event.bytes()).to_string().into();
    }
    let (mut values, mut given) = (Vec::new(), Map::new());
    let record = (id, row.version);
    if !hook.hears.values.is_empty() {
        let Some(opened) = records::open(unit, row)? else { return Ok(Err("erased")) };
        for (key, cell) in records::shown(&permit, &opened, Detail::Whole).cells {
            if hook.hears.values.contains(&key) {
                given.insert(key.clone(), cell.to_json());
                values.extend(matches!(cell, Cell::Shown(_)).then_some(key));
            }
        }
        json["values"] = Json::Object(given);
    }
    Ok(Ok(Data { json, values, record: Some(record) }))
}

/// Why a record may not be told of, or acted on, in a word.
pub(super) fn refused<P: trail::Privilege>(permit: &Permit<P>, row: &records::StoredRecord) -> Option<&'static str> {
    if records::in_scope(permit, row) {
        return None;
    }
    Some(match row.state {
        State::Destroying | State::Gone => "erased",
        State::Restricted => "restricted",
        State::Live if !row.usable.serve(permit.actor.purpose) => "purpose",
        State::Live => "scope",
    })
}

async fn sent(app: &App, delivery: &Delivery, ready: Ready) -> Answer {
    let Ready { body, inside } = ready;
    let target = Target::read(&inside.url, inside.inside).map_err(|_| "protocol")?;
    let (id, now) = (delivery.id.to_string(), app.env().now());
    let at = now.micros().div_euclid(1_000_000);
    let signature = sign::signatures(&inside.secrets, now, &id, at, &body);
    let headers = [("webhook-id", id), ("webhook-timestamp", at.to_string()), ("webhook-signature", signature)];
    target.post(&headers, body, inside.inside).await
}

/// When the next try is, after so many: nothing when that was the last. Up to a fifth is added by chance, so that many do not come together.
fn next_try(env: &Env, tries: i64) -> Option<Duration> {
    let wait = *WAITS.get(usize::try_from(tries).unwrap_or(0).saturating_sub(1))?;
    let [chance] = env.bytes::<1>();
    Some(Duration::from_millis(wait * 1_000 + wait * 200 * u64::from(chance) / 255))
}

async fn settle(app: &App, delivery: &Delivery, answer: Answer) -> Result<()> {
    let reason = match answer {
        Ok(200..=299) => {
            let (now, hook) = (app.env().now(), delivery.hook);
            app.store().write(move |tx| tx.run(sql::HOOK_TOOK, &args![hook, now])).await?;
            return ended(app, delivery, "delivered", "", answer.ok()).await;
        }
        Ok(410) => "gone",
        Ok(300..=399) => "redirect",
        Ok(_) => "status",
        Err(reason) => reason,
    };
    let (now, hook) = (app.env().now(), delivery.hook);
    app.store().write(move |tx| tx.run(sql::HOOK_FAILED, &args![hook, now])).await?;
    let next = if reason == "gone" { None } else { next_try(app.env(), delivery.tries) };
    match next {
        Some(wait) => {
            let (id, status) = (delivery.id, answer.ok().map(i64::from));
            let row = args![id, "queued", reason, status, now.plus(wait), None::<Instant>];
            app.store().write(move |tx| tx.run(sql::DELIVERY_END, &row)).await?;
        }
        None => ended(app, delivery, "failed", reason, answer.ok()).await?,
    }
    let failing =
        app.read(&system(), move |unit| webhook::find(unit, hook).and_then(|hook| unit.plain(hook.and_then(|h| h.failing_since)))).await?;
    let given_up = if reason == "gone" { Some("gone") } else { failing.filter(|since| now.since(*since) >= PATIENCE).map(|_| "failing") };
    match given_up {
        Some(why) => app.write(&system(), move |unit| webhook::give_up(unit, hook, why)).await,
        None => Ok(()),
    }
}

async fn ended(app: &App, delivery: &Delivery, state: &'static str, reason: &'static str, status: Option<u16>) -> Result<()> {
    let (id, now) = (delivery.id, app.env().now());
    let row = args![id, state, reason, status.map(i64::from), now, now];
    app.store().write(move |tx| tx.run(sql::DELIVERY_END, &row)).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_lie_as_far_apart_as_standard_webhooks_proposes_and_a_fifth_at_most_is_chance() {
        let (env, _) = Env::fixed(3, Instant::EPOCH);
        let least = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        for (tries, least) in (1..).zip(least) {
            for _ in 0..50 {
                let wait = next_try(&env, tries).unwrap();
                assert!(wait >= Duration::from_secs(least) && wait <= Duration::from_millis(least * 1_200), "{tries}: {wait:?}");
            }
        }
        assert_eq!(next_try(&env, 10), None);
        assert!(least.iter().sum::<u64>() > 3 * 24 * 3_600, "the tries go on for three days");
    }
}
