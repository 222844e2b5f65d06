//! The promises of the service clock.

use std::time::Duration;

use catalogue::{Purpose, Value};
use kernel::{Code, RecordId, UserId};
use serde_json::{Value as Json, json};
use testkit::{TestApp, store_test};
use trail::{
    Actor, Grant, Who,
    permit::{Manage, ReadRecords, WriteRecords},
};

use super::{Fields, NewRecord, RecordPatch, StoredRecord, clock, create, find, handlers, parse_fields, update};
use crate::service::{self, State, Targets};

const HOUR: u64 = 3_600;

/// Somebody who answers cases.
fn ada(app: &TestApp) -> Actor {
    let grants = vec![Grant::everything("read"), Grant::everything("write")];
    Actor::new(Who::Staff(UserId::mint(app.env())), Purpose::find("support").unwrap(), "page", grants)
}

async fn made(app: &TestApp, actor: &Actor, kind: &str, json: Json, more: &[(&str, Value)]) -> RecordId {
    let described = app.catalogue().need(kind).unwrap();
    let fields = parse_fields(&described, json.as_object().unwrap()).unwrap().into_iter().filter_map(|(k, v)| v.map(|v| (k, v)));
    let fields: Fields = fields.chain(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone()))).collect();
    let (new, permit) = (NewRecord::new(kind, fields), actor.permit::<WriteRecords>().unwrap());
    app.write(actor, move |unit| create(unit, &permit, new.clone())).await.unwrap()
}

async fn set(app: &TestApp, actor: &Actor, id: RecordId, json: Json) {
    let kind = app.catalogue().need("case").unwrap();
    let patch = RecordPatch { fields: parse_fields(&kind, json.as_object().unwrap()).unwrap(), owner: None };
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(actor, move |unit| update(unit, &permit, id, None, patch.clone())).await.unwrap();
}

async fn row(app: &TestApp, id: RecordId) -> StoredRecord {
    let operator = app.operator();
    let found = app.read(&operator, move |unit| {
        let row = find(unit, id)?.unwrap();
        unit.plain(row)
    });
    found.await.unwrap()
}

async fn word(app: &TestApp, id: RecordId, key: &str) -> Option<String> {
    row(app, id).await.open.get(key).map(Value::display)
}

/// Day and night, so that a test need not know which day it is.
fn always() -> Targets {
    let mut targets = Targets::default();
    targets.targets.values_mut().for_each(|target| target.around_the_clock = true);
    targets
}

async fn promise(app: &TestApp, targets: Targets) -> kernel::Result<i64> {
    let operator = app.operator();
    let permit = operator.permit::<Manage>().unwrap();
    app.write(&operator, move |unit| service::set(unit, &permit, None, &targets)).await
}

async fn told(app: &TestApp, id: RecordId) -> Vec<String> {
    let read = move |tx: &mut store::Tx<'_>| {
        tx.all("SELECT what FROM notice WHERE record = ?1 ORDER BY at, what", &[id.into()], |row| row.get::<String>(0))
    };
    app.store().read(read).await.unwrap()
}

store_test! {
    async fn a_case_says_by_when_and_time_itself_is_written_down_and_told(app: TestApp) {
        promise(&app, always()).await.unwrap();
        let ada = ada(&app);
        let id = made(&app, &ada, "case", json!({"title": "It burns", "status": "new", "priority": "urgent"}), &[]).await;
        assert_eq!(word(&app, id, "service").await.as_deref(), Some("on_time"));
        let begun = row(&app, id).await.created;
        assert_eq!(row(&app, id).await.open.get("service_due"), Some(&Value::Time(begun.plus(Duration::from_secs(HOUR)))));
        app.clock.advance(Duration::from_secs(46 * 60));
        app.work_off(&handlers()).await.unwrap();
        assert_eq!((word(&app, id, "service").await.as_deref(), told(&app, id).await), (Some("soon"), vec!["due_soon".to_owned()]));
        app.clock.advance(Duration::from_secs(15 * 60));
        app.work_off(&handlers()).await.unwrap();
        assert_eq!((word(&app, id, "service").await.as_deref(), told(&app, id).await), (Some("overdue"), vec!["due_soon".to_owned(), "overdue".to_owned()]));
        let before = row(&app, id).await.version;
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(row(&app, id).await.version, before, "what stands is not written again");
    }

    async fn it_stands_still_while_one_waits_and_a_message_from_the_customer_lets_it_go_on(app: TestApp) {
        promise(&app, always()).await.unwrap();
        let ada = ada(&app);
        let id = made(&app, &ada, "case", json!({"title": "It burns", "status": "open", "priority": "high"}), &[]).await;
        app.clock.advance(Duration::from_secs(HOUR));
        set(&app, &ada, id, json!({"status": "waiting"})).await;
        assert_eq!((word(&app, id, "service").await.as_deref(), word(&app, id, "service_due").await), (Some("paused"), None));
        assert!(word(&app, id, "replied_at").await.is_some(), "waiting for the customer says that one answered");
        app.clock.advance(Duration::from_secs(100 * HOUR));
        app.work_off(&handlers()).await.unwrap();
        assert_eq!((word(&app, id, "service").await.as_deref(), told(&app, id).await), (Some("paused"), Vec::new()));
        let linked = [("direction", Value::Text("in".into())), ("case", Value::Link(id))];
        made(&app, &ada, "message", json!({"subject": "Re: It burns"}), &linked).await;
        assert_eq!((word(&app, id, "status").await.as_deref(), word(&app, id, "service").await.as_deref()), (Some("open"), Some("on_time")));
        let row = row(&app, id).await;
        let Some(Value::Time(due)) = row.open.get("service_due") else { panic!("it is due") };
        let left = due.since(row.updated).as_secs();
        assert!((15 * HOUR - 2..=15 * HOUR).contains(&left), "one of sixteen hours is used: {left} s are left");
    }

    async fn a_message_that_goes_out_answers_and_closing_ends_it(app: TestApp) {
        promise(&app, always()).await.unwrap();
        let ada = ada(&app);
        let id = made(&app, &ada, "case", json!({"title": "It burns", "status": "new", "priority": "urgent"}), &[]).await;
        app.clock.advance(Duration::from_secs(HOUR / 2));
        let out = [("direction", Value::Text("out".into())), ("case", Value::Link(id))];
        made(&app, &ada, "message", json!({"subject": "Re: It burns"}), &out).await;
        let answered = word(&app, id, "replied_at").await;
        assert!(answered.is_some());
        app.clock.advance(Duration::from_secs(HOUR));
        made(&app, &ada, "message", json!({"subject": "Re: It burns"}), &out).await;
        assert_eq!(word(&app, id, "replied_at").await, answered, "the first answer is the first");
        set(&app, &ada, id, json!({"status": "solved"})).await;
        assert_eq!(word(&app, id, "service").await.as_deref(), Some("met"));
        app.clock.advance(Duration::from_secs(1_000 * HOUR));
        app.work_off(&handlers()).await.unwrap();
        assert_eq!((word(&app, id, "service").await.as_deref(), told(&app, id).await), (Some("met"), Vec::new()));
        set(&app, &ada, id, json!({"status": "open"})).await;
        assert_eq!((word(&app, id, "service").await.as_deref(), word(&app, id, "solved_at").await), (Some("on_time"), None), "opened again it goes on where it stood");
    }

    async fn other_targets_count_open_cases_anew_and_leave_what_was_judged(app: TestApp) {
        promise(&app, always()).await.unwrap();
        let ada = ada(&app);
        let open = made(&app, &ada, "case", json!({"title": "It burns", "status": "new", "priority": "urgent"}), &[]).await;
        let solved = made(&app, &ada, "case", json!({"title": "It burnt", "status": "new", "priority": "urgent"}), &[]).await;
        app.clock.advance(Duration::from_secs(HOUR / 2));
        set(&app, &ada, solved, json!({"status": "solved"})).await;
        let mut stricter = always();
        stricter.targets.get_mut("urgent").unwrap().reply = Some(10);
        assert_eq!(promise(&app, stricter.clone()).await.unwrap(), 2);
        assert_eq!(promise(&app, stricter).await.unwrap(), 2, "the same again is no new version");
        app.clock.advance(Duration::from_secs(1));
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(word(&app, open, "service").await.as_deref(), Some("overdue"));
        set(&app, &ada, solved, json!({"title": "It burnt down"})).await;
        assert_eq!(word(&app, solved, "service").await.as_deref(), Some("met"));
    }

    async fn what_cannot_be_promised_is_refused_with_every_reason_and_nothing_changes(app: TestApp) {
        let mut wrong = always();
        wrong.targets.get_mut("urgent").unwrap().reply = Some(0);
        wrong.targets.insert("unicorn".into(), wrong.targets["low"]);
        wrong.ends.clear();
        wrong.hours.zone = "Mars/Olympus".into();
        wrong.hours.country = Some("XX".into());
        wrong.warn = 91;
        let refused = promise(&app, wrong).await.unwrap_err();
        let pointers: Vec<&str> = refused.problems().iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(pointers, ["/targets/unicorn", "/targets/urgent/reply", "/ends", "/warn", "/hours/zone", "/hours/country"]);
        let operator = app.operator();
        let permit = operator.permit::<Manage>().unwrap();
        let stale = app.write(&operator, move |unit| service::set(unit, &permit, Some(7), &always())).await.unwrap_err();
        assert_eq!(stale.code(), Code::VersionConflict);
        assert!(ada(&app).permit::<Manage>().is_err(), "who may not administer promises nothing");
    }

    async fn the_clock_of_a_case_is_shown_with_what_it_is_made_of(app: TestApp) {
        promise(&app, always()).await.unwrap();
        let ada = ada(&app);
        let id = made(&app, &ada, "case", json!({"title": "It burns", "status": "open"}), &[]).await;
        app.clock.advance(Duration::from_secs(HOUR));
        set(&app, &ada, id, json!({"status": "waiting"})).await;
        let permit = ada.permit::<ReadRecords>().unwrap();
        let (found, set) = app.read(&ada, move |unit| clock(unit, &permit, id)).await.unwrap().unwrap();
        assert_eq!((found.priority.as_str(), found.state(), set.version), ("normal", Some(State::Paused), 1));
        assert_eq!(found.stretches.iter().map(|stretch| (stretch.status.as_str(), (stretch.counted + 1) / 3_600)).collect::<Vec<_>>(), [("open", 1), ("waiting", 0)]);
        let person = made(&app, &ada, "person", json!({"name": "Bob"}), &[]).await;
        let permit = ada.permit::<ReadRecords>().unwrap();
        assert!(app.read(&ada, move |unit| clock(unit, &permit, person)).await.unwrap().is_none());
    }

    async fn every_statement_of_service_targets_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, service::sql::ALL)).await.unwrap();
    }
}
