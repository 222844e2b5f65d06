//! What the stories of holds, retention and disposal begin with.

use jiff::civil::Date;
use kernel::{Instant, RecordId, RequestId, UserId};
use serde_json::json;
use store::args;
use testkit::TestApp;
use trail::{Actor, Event, Unit, Who, permit::ManageRules, permit::WriteRecords};

use crate::{
    records::{self, Facts, Fields, NewRecord, RecordPatch, State, StoredRecord},
    retention,
};

/// A member of staff with every grant.
pub(crate) fn staff(n: u8) -> Actor {
    Actor::new(Who::Staff(UserId::from_bytes([n; 16])), retention::administration(), "page", trail::permit::every_grant())
}

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn fields(app: &TestApp, kind: &str, json: serde_json::Value) -> Fields {
    let kind = app.catalogue().need(kind).unwrap();
    let mut fields = Fields::new();
    for (key, value) in json.as_object().unwrap() {
        let field = kind.field(key).unwrap();
        fields.insert(key.clone(), catalogue::Value::parse(field, value).unwrap().unwrap());
    }
    fields
}

/// Makes a record that came into being on a day.
pub(crate) async fn made_on(app: &TestApp, kind: &str, created: &str, json: serde_json::Value) -> RecordId {
    let created = Some(Instant::start_of(date(created)));
    made(app, NewRecord { created, ..NewRecord::new(kind, fields(app, kind, json)) }).await
}

pub(crate) async fn made(app: &TestApp, new: NewRecord) -> RecordId {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

pub(crate) fn tagged(tags: &[&str]) -> Facts {
    Facts { tags: tags.iter().map(ToString::to_string).collect(), ..Facts::default() }
}

pub(crate) async fn changed(app: &TestApp, id: RecordId, field: &str, text: &str) {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    let value = catalogue::Value::Text(text.to_owned());
    let patch = RecordPatch { fields: [(field.to_owned(), Some(value))].into(), owner: None };
    app.write(&actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await.unwrap();
}

/// A rule of ours: kind of record, `min` or `max`, strength, trigger, period, what then.
pub(crate) async fn rule(app: &TestApp, id: &str, over: serde_json::Value) {
    let mut body = json!({"id": id, "version": 1, "kind": "min", "strength": "policy", "trigger": "created", "citation": "Ours"});
    for (key, value) in over.as_object().unwrap() {
        body[key] = value.clone();
    }
    let rule: rules::retention::Rule = serde_json::from_value(body).unwrap();
    let actor = app.operator();
    let permit = actor.permit::<ManageRules>().unwrap();
    app.write(&actor, move |unit| retention::add_rule(unit, &permit, rule.clone(), None)).await.unwrap();
}

pub(crate) fn over(kind: &str) -> serde_json::Value {
    json!({"kind": {"any": [kind]}})
}

/// Lets the ledger's head reach the clock, as a running installation's does every day.
pub(crate) async fn settled(app: &TestApp) {
    app.write(&app.operator(), |unit| unit.witness(Event::new("test.settled"))).await.unwrap();
    app.settle().await.unwrap();
}

/// Moves the clock to a day and lets the ledger follow.
pub(crate) async fn on(app: &TestApp, when: &str) {
    app.clock.set(Instant::parse(&format!("{when}T12:00:00Z")).unwrap());
    settled(app).await;
}

pub(crate) async fn row(app: &TestApp, id: RecordId) -> StoredRecord {
    app.read(&app.operator(), move |unit| {
        let row = records::find(unit, id)?.unwrap();
        unit.plain(row)
    })
    .await
    .unwrap()
}

pub(crate) async fn state(app: &TestApp, id: RecordId) -> State {
    row(app, id).await.state
}

pub(crate) fn insert_request(unit: &mut Unit, id: RequestId, person: RecordId, right: &str, received: Instant) -> kernel::Result<()> {
    unit.witness(Event::new("test.requested"))?;
    let key = unit.new_key("request")?;
    let sql = "INSERT INTO request (id, person, law, kind, received, due, verified, state, closed, destroy_order, vault_key, sealed) \
        VALUES (?1, ?2, 'EU', ?3, ?4, ?4, ?5, 'decided', NULL, NULL, ?6, ?7)";
    unit.run(sql, &args![id, person, right, received, true, key, Vec::<u8>::new()])?;
    unit.run("UPDATE record SET decide_after = ?1", &args![unit.now()]).map(drop)
}

/// A verified, open request of a person, received now.
pub(crate) async fn requested(app: &TestApp, person: RecordId, right: &'static str) -> RequestId {
    let id = RequestId::mint(app.env());
    let received = app.env().now();
    app.write(&app.operator(), move |unit| insert_request(unit, id, person, right, received)).await.unwrap();
    id
}

pub(crate) async fn closed(app: &TestApp, id: RequestId) {
    app.write(&app.operator(), move |unit| {
        unit.witness(Event::new("test.closed"))?;
        unit.run("UPDATE request SET closed = ?2 WHERE id = ?1", &args![id, unit.now()])?;
        unit.run("UPDATE record SET decide_after = ?1", &args![unit.now()])
    })
    .await
    .unwrap();
}
