//! The last days at the demonstration's desks: tasks for today, deals about to close, what colleagues changed, what everybody opened, and
//! something that waits for a second person. Without them the first page that somebody sees would be empty.

use std::time::Duration;

use catalogue::{Purpose, Value, deal, person, task};
use crm::{
    disposal::{self, Cause},
    records::{self, Detail, NewRecord, RecordPatch, parse_fields},
    retention,
    views::{self, Condition, Filter, ListQuery, Op, Sort},
};
use jiff::ToSpan as _;
use kernel::{Error, FixedClock, Instant, RecordId, Result, UserId};
use serde_json::json;
use trail::{
    Actor, App, Who,
    permit::{Dispose, ReadRecords, WriteRecords, every_grant},
};

const HOUR: u64 = 3_600;
/// How long before now the last days begin.
pub(super) const LAST_DAYS: Duration = Duration::from_secs(75 * HOUR);

/// What is to be done, and in how many days.
const TASKS: [(&str, i64, &str); 4] = [
    ("Send the revised offer", -1, "high"),
    ("Call about the delivery date", 0, "normal"),
    ("Prepare the visit: samples in oak and ash", 2, "normal"),
    ("Ask for references", 6, "low"),
];
/// Sales about to close: name, days, amount in cents.
const DEALS: [(&str, i64, i64); 3] =
    [("Showroom, second floor", 6, 4_850_000), ("Service contract 2027", 15, 1_260_000), ("Replacement of the old presses", 27, 9_400_000)];
/// The most of the queue that is proposed, and what stays in it.
const PROPOSED: usize = 2;
const LEFT: usize = 6;

fn at_desk(id: UserId) -> Result<Actor> {
    let sales = Purpose::find("sales").ok_or_else(|| Error::internal("no purpose for selling"))?;
    Ok(Actor::new(Who::Staff(id), sales, "page", every_grant()))
}

/// Lives through the last three days, up to a few hours before `today`.
pub async fn lay_on_desks(app: &App, clock: &FixedClock, today: Instant, staff: &[UserId]) -> Result<()> {
    let ago = |hours: u64, minutes: u64| today.minus(Duration::from_secs(hours * HOUR + minutes * 60));
    let mut desks = Vec::new();
    for (n, id) in staff.iter().enumerate() {
        let (actor, n) = (at_desk(*id)?, n as u64);
        clock.set(ago(70, 50).plus(Duration::from_secs(n * 900)));
        desks.push((plan_days(app, &actor, today).await?, actor));
    }
    // Everybody's deals are moved on by the colleague beside them.
    for (n, (deals, _)) in desks.iter().enumerate() {
        let Some((_, colleague)) = desks.get((n + 1) % desks.len()) else { continue };
        for (at, (id, stage)) in deals.iter().zip(["offer", "talk"]).enumerate() {
            clock.set(ago(26 - 20 * at as u64, 50 - n as u64));
            move_on(app, colleague, *id, stage).await?;
        }
    }
    for (n, (_, actor)) in desks.iter().enumerate() {
        let people = mine(app, actor, person::KIND, 5).await?;
        for (at, id) in people.into_iter().enumerate() {
            clock.set(ago(5 - at as u64, 40 - n as u64));
            let permit = actor.permit::<ReadRecords>()?;
            app.read(actor, move |unit| records::show(unit, &permit, id, Detail::Masked)).await?;
        }
    }
    Ok(())
}

/// Somebody writes down what they are going to do; answers their deals.
async fn plan_days(app: &App, actor: &Actor, today: Instant) -> Result<Vec<RecordId>> {
    let contacts = mine(app, actor, person::KIND, 8).await?;
    let contact = |n: usize| contacts.get(n % contacts.len().max(1)).copied();
    let day = |days: i64| today.day().saturating_add(days.days()).to_string();
    for (n, (title, days, priority)) in TASKS.into_iter().enumerate() {
        make(app, actor, task::KIND, json!({"title": title, "due": day(days), "done": false, "priority": priority, "person": contact(n)}))
            .await?;
    }
    let mut deals = Vec::new();
    for (n, (name, days, minor)) in DEALS.into_iter().enumerate() {
        let fields = json!({"name": name, "stage": "lead", "expected_close": day(days), "amount": {"minor": minor, "currency": "EUR"},
            "person": contact(n + 3), "probability": 40});
        deals.push(make(app, actor, deal::KIND, fields).await?);
    }
    Ok(deals)
}

async fn make(app: &App, actor: &Actor, kind: &'static str, fields: serde_json::Value) -> Result<RecordId> {
    let permit = actor.permit::<WriteRecords>()?;
    let described = app.catalogue().need(kind)?;
    let fields = parse_fields(&described, fields.as_object().unwrap_or(&serde_json::Map::new()))?;
    let new = NewRecord::new(kind, fields.into_iter().filter_map(|(key, value)| value.map(|value| (key, value))).collect());
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await
}

async fn move_on(app: &App, actor: &Actor, id: RecordId, stage: &'static str) -> Result<()> {
    let permit = actor.permit::<WriteRecords>()?;
    let patch = RecordPatch { fields: [(deal::STAGE.to_owned(), Some(Value::Text(stage.to_owned())))].into(), owner: None };
    app.write(actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await.map(drop)
}

/// Some records of somebody's own, the newest first.
async fn mine(app: &App, actor: &Actor, kind: &'static str, most: usize) -> Result<Vec<RecordId>> {
    let (permit, me) = (actor.permit::<ReadRecords>()?, actor.staff().map(|id| id.to_string()).unwrap_or_default());
    let query = ListQuery {
        filter: Some(Filter::One(Condition::new("owner", Op::Eq, me))),
        sort: Sort { by: "created".to_owned(), descending: true },
        limit: most,
        ..ListQuery::of(kind)
    };
    let page = app.read(actor, move |unit| views::list(unit, &permit, &query, Detail::Masked)).await?;
    Ok(page.rows.iter().map(|row| row.shown.id).collect())
}

/// Two records that wait for people are proposed for disposal, so that somebody has to agree.
pub async fn propose(app: &App, operator: &Actor) -> Result<()> {
    let permit = operator.permit::<Dispose>()?;
    let queue = {
        let permit = permit.clone();
        app.read(operator, move |unit| retention::waiting(unit, &permit, LEFT + PROPOSED)).await?
    };
    let ids: Vec<RecordId> = queue.first.iter().skip(LEFT).map(|one| one.record).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let cause = Cause::expiry(&permit);
    app.write(operator, move |unit| disposal::propose(unit, &cause, &ids, "Looked over: the relationship ended and nothing is open."))
        .await
        .map(drop)
}
