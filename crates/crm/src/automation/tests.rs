//! The promises of automation, with a server whose signatures' check nobody here wrote.

use std::time::Duration;

use catalogue::Purpose;
use kernel::{Code, Personal, RecordId, UserId};
use serde_json::{Value as Json, json};
use testkit::{TestApp, store_test};
use trail::{
    Who,
    permit::{Manage, ReadRecords, WriteRecords},
};

use super::{testing::Server, *};
use crate::{
    consent::{self, Act, Said},
    holds::testing::fields,
    identity::{Doorkeeper, setup, staff},
    notices::{self, Why},
    records::{self, Detail, NewRecord, RecordPatch},
    requests::erasure,
};

const HOUR: Duration = Duration::from_secs(3_600);

fn word(text: &str) -> Personal<String> {
    Personal::new(text.to_owned())
}

/// The clock of a judge is a real one: so is that of a house whose messages it judges.
fn at_real_time(app: &TestApp) {
    app.clock.set(kernel::Env::system().now());
}

/// The administrator of a house that was just set up, acting for sales.
async fn kim(app: &TestApp) -> Actor {
    let code = setup::begin(app).await.unwrap().unwrap();
    let id = Doorkeeper::new()
        .set_up(app, None, code, (word("Kim"), word("kim@house.example")), word("seven quiet herons by the mill"))
        .await
        .unwrap();
    acting(app, id).await
}

async fn acting(app: &TestApp, id: UserId) -> Actor {
    let sales = Purpose::find("sales").unwrap();
    app.read(&app.operator(), move |unit| staff::acting(unit, id, sales).and_then(|actor| unit.plain(actor))).await.unwrap().unwrap()
}

async fn created(app: &TestApp, actor: &Actor, kind: &str, json: Json) -> RecordId {
    let (permit, new) = (actor.permit::<WriteRecords>().unwrap(), NewRecord::new(kind, fields(app, kind, json)));
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn changed(app: &TestApp, actor: &Actor, id: RecordId, kind: &str, json: Json) {
    let permit = actor.permit::<WriteRecords>().unwrap();
    let fields = fields(app, kind, json).into_iter().map(|(key, value)| (key, Some(value))).collect();
    let patch = RecordPatch { fields, owner: None };
    app.write(actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await.unwrap();
}

async fn value(app: &TestApp, id: RecordId, field: &str) -> Json {
    let permit = app.operator().permit::<ReadRecords>().unwrap();
    let shown = app.read(&app.operator(), move |unit| records::show(unit, &permit, id, Detail::Whole)).await.unwrap();
    shown.cell(field).map(records::Cell::to_json).unwrap_or_default()
}

/// Does everything that is due now, once the ledger stands.
async fn turns(app: &TestApp) {
    app.clock.advance(Duration::from_millis(10));
    loop {
        app.settle().await.unwrap();
        let head = || app.store().read(|tx| tx.one(sql::HEAD, &[], |row| row.get::<i64>(0)));
        let before = head().await.unwrap();
        let did = turn(app).await.unwrap();
        app.settle().await.unwrap();
        if did == 0 && head().await.unwrap() == before {
            return;
        }
    }
}

fn endpoint(url: &str, events: &[&str]) -> NewEndpoint {
    let hears = Hears { events: events.iter().map(ToString::to_string).collect(), ..Hears::default() };
    NewEndpoint { name: "Warehouse".into(), url: url.into(), inside: true, purpose: Purpose::find("sales").unwrap(), hears }
}

async fn listening(app: &TestApp, actor: &Actor, new: NewEndpoint) -> Result<(WebhookId, String)> {
    let permit = actor.permit::<Manage>()?;
    let made = app.write(actor, move |unit| make(unit, &permit, &new)).await;
    turns(app).await;
    app.clock.advance(Duration::from_millis(10));
    made
}

async fn log(app: &TestApp, actor: &Actor, of: WebhookId) -> Vec<Delivery> {
    let permit = actor.permit::<Manage>().unwrap();
    app.read(actor, move |unit| deliveries(unit, &permit, of, None, 200).and_then(|all| unit.plain(all))).await.unwrap()
}

async fn shown(app: &TestApp, actor: &Actor, of: WebhookId) -> Endpoint {
    let permit = actor.permit::<Manage>().unwrap();
    app.read(actor, move |unit| one(unit, &permit, of).and_then(|one| unit.plain(one))).await.unwrap()
}

async fn ruled(app: &TestApp, actor: &Actor, new: Json) -> RuleId {
    let (permit, new) = (actor.permit::<WriteRecords>().unwrap(), serde_json::from_value::<NewRule>(new).unwrap());
    let writes = permit.clone();
    let id = app.write(actor, move |unit| make_rule(unit, &writes, &new)).await.unwrap();
    app.write(actor, move |unit| switch_rule(unit, &permit, id, true)).await.unwrap();
    turns(app).await;
    app.clock.advance(Duration::from_millis(10));
    id
}

async fn ran(app: &TestApp, actor: &Actor, of: RuleId) -> Vec<Run> {
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.read(actor, move |unit| runs(unit, &permit, of, None, 200).and_then(|all| unit.plain(all))).await.unwrap()
}

async fn tasks(app: &TestApp, actor: &Actor) -> Vec<crate::views::ListRow> {
    let (permit, query) = (actor.permit::<ReadRecords>().unwrap(), crate::views::ListQuery::of("task"));
    app.read(actor, move |unit| crate::views::list(unit, &permit, &query, Detail::Whole)).await.unwrap().rows
}

async fn told(app: &TestApp, id: UserId) -> Vec<notices::Notice> {
    let actor = acting(app, id).await;
    app.read(&actor, |unit| notices::mine(unit, false, None, 50).and_then(|all| unit.plain(all))).await.unwrap()
}

fn body(message: &Json) -> Json {
    serde_json::from_str(message["body"].as_str().unwrap()).unwrap()
}

store_test! {
    async fn a_message_is_signed_tried_again_under_its_id_and_taken_and_says_no_value(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        created(&app, &kim, "person", json!({"name": "Before Anybodylistened"})).await;
        let (hook, secret) = listening(&app, &kim, endpoint(&server.url("/fail/1"), &["record.created", "record.updated"])).await.unwrap();
        let ada = created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn", "email": ["ada@quellenbrunn.example"]})).await;
        turns(&app).await;
        let first = log(&app, &kim, hook).await;
        assert_eq!((first.len(), first[0].state.as_str(), first[0].reason.as_str(), first[0].status, first[0].tries), (1, "queued", "status", Some(503), 1));
        let wait = first[0].next.unwrap().since(app.clock.now());
        assert!(wait > Duration::from_secs(4) && wait <= Duration::from_secs(6), "{wait:?}");
        app.clock.advance(Duration::from_secs(7));
        turns(&app).await;
        let done = log(&app, &kim, hook).await;
        assert_eq!((done[0].state.as_str(), done[0].status, done[0].tries), ("delivered", Some(204), 2));
        turns(&app).await;
        let came = server.came(&secret);
        assert_eq!(came.len(), 2, "taken once, it is not sent again");
        for message in &came {
            assert_eq!(message["signed"], true, "{message}");
            assert_eq!(message["headers"]["webhook-id"], done[0].id.to_string());
        }
        let said = body(&came[1]);
        assert_eq!(said["type"], "record.created");
        assert_eq!((&said["data"]["id"], &said["data"]["kind"]), (&json!(ada), &json!("person")));
        assert_eq!(said["data"]["fields"], json!(["email", "name"]));
        assert!(!came[1]["body"].as_str().unwrap().contains("Quellenbrunn"));
        // Another secret: for a day both sign.
        let permit = kim.permit::<Manage>().unwrap();
        let fresh = app.write(&kim, move |unit| rotate(unit, &permit, hook)).await.unwrap();
        changed(&app, &kim, ada, "person", json!({"name": "Ada Neuenbrunn"})).await;
        turns(&app).await;
        assert_eq!(body(&server.came(&fresh)[2])["data"]["fields"], json!(["name"]));
        assert!(server.came(&fresh)[2]["signed"] == true && server.came(&secret)[2]["signed"] == true);
        assert!(server.came("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")[2]["signed"] == false);
    }

    async fn a_process_that_ends_between_sending_and_noting_sends_again_under_the_same_id(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        let (hook, secret) = listening(&app, &kim, endpoint(&server.url("/ok"), &["record.created"])).await.unwrap();
        created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn"})).await;
        turns(&app).await;
        let id = log(&app, &kim, hook).await[0].id;
        // As it stood before the answer was noted: taken by a process whose lease goes on.
        let until = app.clock.now().plus(LEASE);
        app.store()
            .write(move |tx| tx.run("UPDATE webhook_delivery SET state = 'queued', next_at = ?2, done = NULL WHERE id = ?1", &args![id, until]))
            .await
            .unwrap();
        turns(&app).await;
        assert_eq!(server.came(&secret).len(), 1, "its lease still goes on");
        app.clock.advance(LEASE);
        turns(&app).await;
        let came = server.came(&secret);
        assert_eq!(came.len(), 2);
        assert_eq!(came[0]["headers"]["webhook-id"], came[1]["headers"]["webhook-id"]);
        assert_eq!(log(&app, &kim, hook).await.len(), 1);
    }

    async fn values_go_by_choice_and_only_those_that_the_purpose_may_see(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        let mut new = endpoint(&server.url("/ok"), &["record.created", "record.updated"]);
        new.hears.kinds = vec!["deal".into()];
        new.hears.fields = vec!["stage".into()];
        new.hears.values = vec!["stage".into(), "name".into()];
        let (_, secret) = listening(&app, &kim, new).await.unwrap();
        let deal = created(&app, &kim, "deal", json!({"name": "Pumps", "stage": "lead"})).await;
        created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn"})).await;
        changed(&app, &kim, deal, "deal", json!({"note": "Of no concern"})).await;
        changed(&app, &kim, deal, "deal", json!({"stage": "won", "close_reason": "won_fit"})).await;
        turns(&app).await;
        let came: Vec<Json> = server.came(&secret).iter().map(body).collect();
        assert_eq!(came.len(), 2, "of its kind, and of a change that touches its fields: {came:?}");
        let won = came.iter().find(|said| said["type"] == "record.updated").unwrap();
        assert_eq!(won["data"]["values"], json!({"name": "Pumps", "stage": "won"}));
        assert!(!won.to_string().contains("Of no concern"));
    }

    async fn of_an_erased_record_its_id_is_told_and_what_waited_says_nothing(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        let (hook, secret) = listening(&app, &kim, endpoint(&server.url("/ok"), &["record.created", "record.erased", "request.opened"])).await.unwrap();
        let ada = created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn", "email": ["ada@quellenbrunn.example"]})).await;
        let erasing = app.operator();
        let plan = erasure::plan(&app, &erasing, ada).await.unwrap();
        erasure::execute(&app, &erasing, ada, None, "Asked by letter.", &plan.fingerprint, plan.count).await.unwrap();
        turns(&app).await;
        let came: Vec<Json> = server.came(&secret).iter().map(body).collect();
        assert_eq!(came.iter().map(|said| said["type"].as_str().unwrap()).collect::<Vec<_>>(), ["record.erased"], "{came:?}");
        assert_eq!(came[0]["data"], json!({"id": ada}));
        let kept = log(&app, &kim, hook).await;
        let waited = kept.iter().find(|one| one.what == "record.created").unwrap();
        assert_eq!((waited.state.as_str(), waited.reason.as_str(), waited.tries), ("dropped", "erased", 1));
    }

    async fn an_endpoint_that_is_gone_is_switched_off_and_its_owner_told(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        let (gone, _) = listening(&app, &kim, endpoint(&server.url("/gone"), &["record.created"])).await.unwrap();
        let (moved, _) = listening(&app, &kim, endpoint(&server.url("/redirect"), &["record.created"])).await.unwrap();
        created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn"})).await;
        turns(&app).await;
        assert_eq!((shown(&app, &kim, gone).await.on, shown(&app, &kim, gone).await.reason.as_str()), (false, "gone"));
        assert_eq!((log(&app, &kim, moved).await[0].reason.as_str(), log(&app, &kim, moved).await[0].status), ("redirect", Some(302)));
        assert_eq!(server.came("whsec_AAAA").iter().filter(|one| one["path"] == "/ok/elsewhere").count(), 0, "it is not followed");
        let notices = told(&app, kim.staff().unwrap()).await;
        assert!(notices.iter().any(|one| one.why == Why::Webhook && one.record.bytes() == gone.bytes()));
        // The other one goes on until it failed for days.
        for _ in 0..9 {
            app.clock.advance(30 * HOUR);
            turns(&app).await;
        }
        assert_eq!((shown(&app, &kim, moved).await.on, shown(&app, &kim, moved).await.reason.as_str()), (false, "failing"));
        let last = &log(&app, &kim, moved).await[0];
        assert!(last.state == "failed" || last.state == "dropped", "{last:?}");
    }

    async fn ones_own_network_is_not_sent_to_unless_allowed_whatever_its_name(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        let outside = |url: &str| NewEndpoint { inside: false, ..endpoint(url, &["record.created"]) };
        let refused = listening(&app, &kim, outside(&server.url("/ok"))).await.unwrap_err();
        assert_eq!(refused.problems()[0].code, "https_required");
        let (hook, secret) = listening(&app, &kim, outside(&format!("https://localhost:{}/ok", server.port()))).await.unwrap();
        created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn"})).await;
        turns(&app).await;
        assert_eq!(log(&app, &kim, hook).await[0].reason, "address_inside");
        assert!(server.came(&secret).is_empty());
    }

    async fn what_ended_is_made_once_more_alone_or_for_a_span_of_time(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        let (hook, secret) = listening(&app, &kim, endpoint(&server.url("/ok"), &["record.created"])).await.unwrap();
        let from = app.clock.now();
        for name in ["Ada", "Bea", "Cleo"] {
            created(&app, &kim, "person", json!({"name": name})).await;
        }
        turns(&app).await;
        let id = log(&app, &kim, hook).await[0].id;
        let permit = kim.permit::<Manage>().unwrap();
        app.write(&kim, move |unit| replay(unit, &permit, hook, id)).await.unwrap();
        let permit = kim.permit::<Manage>().unwrap();
        let again = app.write(&kim, move |unit| replay(unit, &permit, hook, id)).await.unwrap_err();
        assert_eq!(again.code(), Code::Conflict, "it waits already");
        turns(&app).await;
        assert_eq!(server.came(&secret).len(), 4);
        let to = app.clock.now().plus(HOUR);
        assert_eq!(replay_span(&app, &kim, hook, from, to).await.unwrap(), 3);
        assert_eq!(replay_span(&app, &kim, hook, to, from).await.unwrap_err().code(), Code::InvalidInput);
        turns(&app).await;
        let came = server.came(&secret);
        let ids: std::collections::BTreeSet<&str> = came.iter().filter_map(|one| one["headers"]["webhook-id"].as_str()).collect();
        assert_eq!((came.len(), ids.len()), (7, 3));
        app.clock.advance(31 * 24 * HOUR);
        forget(&app).await.unwrap();
        assert!(log(&app, &kim, hook).await.is_empty(), "the log is forgotten after thirty days");
    }

    async fn a_webhook_is_told_no_more_than_whoever_made_it_may_see(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        let operator = app.operator();
        assert_eq!(listening(&app, &operator, endpoint(&server.url("/ok"), &["record.created"])).await.unwrap_err().code(), Code::Forbidden);
        let wrong = |hears: Hears| NewEndpoint { hears, ..endpoint(&server.url("/ok"), &["record.created"]) };
        for (hears, pointer) in [
            (Hears::default(), "/events"),
            (Hears { events: vec!["record.sold".into()], ..Hears::default() }, "/events"),
            (Hears { events: vec!["record.created".into()], kinds: vec!["unicorn".into()], ..Hears::default() }, "/kinds"),
            (Hears { events: vec!["record.created".into()], values: vec!["horn".into()], ..Hears::default() }, "/values"),
        ] {
            assert_eq!(listening(&app, &kim, wrong(hears)).await.unwrap_err().problems()[0].pointer, pointer);
        }
        let (hook, secret) = listening(&app, &kim, endpoint(&server.url("/ok"), &["record.created"])).await.unwrap();
        created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn"})).await;
        let id = kim.staff().unwrap();
        app.store().write(move |tx| tx.run("UPDATE staff SET state = 'disabled' WHERE id = ?1", &args![id])).await.unwrap();
        turns(&app).await;
        assert_eq!(log(&app, &kim, hook).await[0].reason, "owner");
        assert!(server.came(&secret).is_empty());
    }

    async fn a_deal_that_comes_to_a_stage_gets_its_task_and_its_owner_is_told_once(app: TestApp) {
        let kim = kim(&app).await;
        let me = kim.staff().unwrap();
        let rule = ruled(&app, &kim, json!({
            "name": "Won deals", "trigger": {"kind": "deal", "on": "stage", "fields": ["stage"], "value": "won"},
            "filter": {"field": "name", "op": "contains", "value": "pumps"},
            "actions": [{"do": "task", "title": "Send the contract", "days": 3}, {"do": "set", "field": "note", "value": "Won!"}, {"do": "notify"}],
        })).await;
        let deal = created(&app, &kim, "deal", json!({"name": "Pumps", "stage": "lead"})).await;
        let other = created(&app, &kim, "deal", json!({"name": "Valves", "stage": "won", "close_reason": "won_fit"})).await;
        changed(&app, &kim, deal, "deal", json!({"note": "Not yet"})).await;
        turns(&app).await;
        changed(&app, &kim, deal, "deal", json!({"stage": "won", "close_reason": "won_fit"})).await;
        changed(&app, &kim, deal, "deal", json!({"amount": "5.00 EUR"})).await;
        turns(&app).await;
        let all = ran(&app, &kim, rule).await;
        let of = |id: RecordId, state: &str| all.iter().filter(|run| run.record == id && run.state == state).count();
        assert_eq!(of(deal, "done"), 1, "{all:?}");
        let skipped = all.iter().find(|run| run.record == other).unwrap();
        assert_eq!((skipped.state.as_str(), skipped.reason.as_str()), ("skipped", "condition"));
        assert_eq!(value(&app, deal, "note").await, "Won!");
        let made = tasks(&app, &kim).await;
        assert_eq!(made.len(), 1, "once, not for each change after");
        assert_eq!(made[0].shown.title, "Send the contract");
        assert_eq!(made[0].shown.cell("due").map(records::Cell::to_json), Some(json!("2026-11-24")));
        assert_eq!(made[0].shown.cell("deal").map(records::Cell::to_json), Some(json!(deal)));
        assert_eq!(told(&app, me).await.iter().filter(|one| one.why == Why::Rule && one.record == deal).count(), 1);
    }

    async fn a_rule_hears_nothing_from_before_it_was_switched_on_and_runs_once_for_an_event(app: TestApp) {
        let kim = kim(&app).await;
        let before = created(&app, &kim, "person", json!({"name": "Before"})).await;
        let rule = ruled(&app, &kim, json!({
            "name": "Greet", "trigger": {"kind": "person", "on": "created"}, "actions": [{"do": "task", "title": "Greet them", "days": 0}],
        })).await;
        let after = created(&app, &kim, "person", json!({"name": "After"})).await;
        turns(&app).await;
        // The ledger is followed once more, as after a restore of the cursor alone.
        app.store().write(|tx| tx.run("UPDATE automation_cursor SET idx = 0", &[])).await.unwrap();
        turns(&app).await;
        let all = ran(&app, &kim, rule).await;
        assert_eq!(all.iter().map(|run| (run.record, run.state.as_str())).collect::<Vec<_>>(), [(after, "done")]);
        assert_ne!(before, after);
        assert_eq!(tasks(&app, &kim).await.len(), 1);
        let permit = kim.permit::<WriteRecords>().unwrap();
        app.write(&kim, move |unit| switch_rule(unit, &permit, rule, false)).await.unwrap();
        created(&app, &kim, "person", json!({"name": "Later"})).await;
        turns(&app).await;
        assert_eq!(ran(&app, &kim, rule).await.len(), 1, "switched off, it hears nothing");
    }

    async fn rules_that_set_off_one_another_come_to_an_end_that_the_log_tells(app: TestApp) {
        let kim = kim(&app).await;
        let flip = |to: &str, when: &str| json!({
            "name": "Flip", "trigger": {"kind": "task", "on": "changed", "fields": ["priority"]},
            "filter": {"field": "priority", "op": "eq", "value": when}, "actions": [{"do": "set", "field": "priority", "value": to}],
        });
        let up = ruled(&app, &kim, flip("high", "low")).await;
        let down = ruled(&app, &kim, flip("low", "high")).await;
        let task = created(&app, &kim, "task", json!({"title": "Swing"})).await;
        changed(&app, &kim, task, "task", json!({"priority": "low"})).await;
        turns(&app).await;
        let mut all = ran(&app, &kim, up).await;
        all.extend(ran(&app, &kim, down).await);
        assert!(all.iter().any(|run| run.reason == "loop" && run.state == "failed"), "{all:?}");
        // Each change sets off both, and each asks what is so at its own moment: at most both act at every depth, 0 to 4.
        let done = all.iter().filter(|run| run.state == "done").count();
        assert!((5..=31).contains(&done), "{done}");
    }

    async fn a_rule_does_no_more_than_whoever_switched_it_on_may_and_stops_when_it_fails_again_and_again(app: TestApp) {
        let kim = kim(&app).await;
        let me = kim.staff().unwrap();
        let rule = ruled(&app, &kim, json!({
            "name": "Mark", "trigger": {"kind": "person", "on": "created"}, "actions": [{"do": "set", "field": "note", "value": "New"}],
        })).await;
        let state = |state: &'static str| app.store().write(move |tx| tx.run("UPDATE staff SET state = ?2 WHERE id = ?1", &args![me, state]));
        state("disabled").await.unwrap();
        let ada = created(&app, &app.operator(), "person", json!({"name": "Ada"})).await;
        turns(&app).await;
        let first = &ran(&app, &kim, rule).await[0];
        assert_eq!((first.state.as_str(), first.reason.as_str(), first.actions), ("failed", "owner", 0));
        assert_eq!(value(&app, ada, "note").await, Json::Null);
        for n in 0..9 {
            created(&app, &app.operator(), "person", json!({"name": format!("Bea {n}")})).await;
        }
        turns(&app).await;
        state("active").await.unwrap();
        let permit = kim.permit::<WriteRecords>().unwrap();
        let stopped = app.read(&kim, move |unit| super::rule(unit, &permit, rule).and_then(|one| unit.plain(one))).await.unwrap();
        assert_eq!((stopped.on, stopped.reason.as_str()), (false, "failing"));
        assert!(told(&app, me).await.iter().any(|one| one.why == Why::Stopped && one.record.bytes() == rule.bytes()));
        created(&app, &app.operator(), "person", json!({"name": "Cleo"})).await;
        turns(&app).await;
        assert_eq!(ran(&app, &kim, rule).await.len(), 10);
    }

    async fn a_rule_says_why_it_left_an_erased_record_alone_and_its_acts_name_their_run(app: TestApp) {
        let kim = kim(&app).await;
        let rule = ruled(&app, &kim, json!({
            "name": "Mark", "trigger": {"kind": "person", "on": "created"}, "actions": [{"do": "set", "field": "note", "value": "New"}],
        })).await;
        let ada = created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn", "email": ["ada@quellenbrunn.example"]})).await;
        let erasing = app.operator();
        let plan = erasure::plan(&app, &erasing, ada).await.unwrap();
        erasure::execute(&app, &erasing, ada, None, "Asked by letter.", &plan.fingerprint, plan.count).await.unwrap();
        let bea = created(&app, &kim, "person", json!({"name": "Bea"})).await;
        turns(&app).await;
        let all = ran(&app, &kim, rule).await;
        let of = |id: RecordId| all.iter().find(|run| run.record == id).unwrap();
        assert_eq!((of(ada).state.as_str(), of(ada).reason.as_str()), ("failed", "erased"));
        assert_eq!(of(bea).state, "done");
        let (run, system) = (of(bea).id, app.operator());
        let named = app
            .read(&system, move |unit| {
                let units = unit.all("SELECT unit FROM leaf WHERE record = ?1 AND version = 2", &args![bea], |row| row.get(0))?;
                let events = unit.recorded_all(&units)?;
                unit.plain(events.iter().map(|event| (event.run(), event.text("door").to_owned(), event.text("actor").to_owned())).collect::<Vec<_>>())
            })
            .await
            .unwrap();
        assert_eq!(named, [(Some(*run.bytes()), "rule".to_owned(), kim.who.to_string())]);
    }

    async fn who_consents_and_who_takes_it_back_sets_rules_off_and_endpoints_are_told_even_of_those_they_may_no_longer_use(app: TestApp) {
        let Some(mut server) = Server::start() else { return };
        at_real_time(&app);
        let kim = kim(&app).await;
        let ended = NewEndpoint { purpose: &catalogue::MARKETING, ..endpoint(&server.url("/ok"), &["consent.given", "consent.ended"]) };
        let (_, secret) = listening(&app, &kim, ended).await.unwrap();
        let rule = ruled(&app, &kim, json!({
            "name": "Sorry", "trigger": {"kind": "person", "on": "consent_ended", "fields": ["marketing"]},
            "actions": [{"do": "task", "title": "Take them off the printed list", "days": 1}],
        })).await;
        let ada = created(&app, &kim, "person", json!({"name": "Ada Quellenbrunn"})).await;
        for (act, purpose) in [(Act::Objected, "support"), (Act::Objected, "marketing")] {
            let (permit, purpose) = (kim.permit::<WriteRecords>().unwrap(), Purpose::find(purpose).unwrap());
            let said = Said { purpose, act, at: None, ends: None, channel: "phone".into(), notice: None, evidence: None };
            app.write(&kim, move |unit| consent::record(unit, &permit, ada, &said)).await.unwrap();
            turns(&app).await;
        }
        assert_eq!(tasks(&app, &kim).await.len(), 1, "of the one purpose it names");
        assert_eq!(ran(&app, &kim, rule).await.len(), 1);
        let came: Vec<Json> = server.came(&secret).iter().map(body).collect();
        let mut told: Vec<Json> = came.iter().map(|said| said["data"].clone()).collect();
        told.sort_by_key(ToString::to_string);
        assert_eq!(told, [json!({"id": ada, "purpose": "marketing"}), json!({"id": ada, "purpose": "support"})]);
        let wrong: NewRule = serde_json::from_value(json!({
            "name": "Deals", "trigger": {"kind": "deal", "on": "consent_given"}, "actions": [{"do": "notify"}],
        })).unwrap();
        let permit = kim.permit::<WriteRecords>().unwrap();
        let refused = app.write(&kim, move |unit| make_rule(unit, &permit, &wrong)).await.unwrap_err();
        assert_eq!(refused.problems()[0].pointer, "/trigger/kind");
    }

    async fn a_rehearsal_says_what_would_have_been_done_and_does_nothing(app: TestApp) {
        let kim = kim(&app).await;
        let won = created(&app, &kim, "deal", json!({"name": "Pumps", "stage": "lead"})).await;
        created(&app, &kim, "deal", json!({"name": "Valves", "stage": "lead"})).await;
        changed(&app, &kim, won, "deal", json!({"stage": "won", "close_reason": "won_fit"})).await;
        let (permit, new) = (kim.permit::<WriteRecords>().unwrap(), json!({
            "name": "Won", "trigger": {"kind": "deal", "on": "stage", "fields": ["stage"], "value": "won"},
            "actions": [{"do": "task", "title": "Send the contract", "days": 3}],
        }));
        let (writes, new) = (permit.clone(), serde_json::from_value::<NewRule>(new).unwrap());
        let rule = app.write(&kim, move |unit| make_rule(unit, &writes, &new)).await.unwrap();
        app.settle().await.unwrap();
        let again = permit.clone();
        let told = app.read(&kim, move |unit| rehearse(unit, &again, rule, 7)).await.unwrap();
        assert_eq!((told.acts, told.whole, told.hits[0].record), (1, true, won));
        assert!(told.events >= 1);
        let refused = app.read(&kim, move |unit| rehearse(unit, &permit, rule, 0)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidInput);
        turns(&app).await;
        assert!(tasks(&app, &kim).await.is_empty() && ran(&app, &kim, rule).await.is_empty());
    }

    async fn a_rule_that_waits_for_a_day_runs_on_it_once_for_each_record(app: TestApp) {
        let kim = kim(&app).await;
        let rule = ruled(&app, &kim, json!({
            "name": "Before it closes", "trigger": {"kind": "deal", "on": "date", "fields": ["expected_close"], "days": -2},
            "actions": [{"do": "task", "title": "Call them", "days": 0}],
        })).await;
        let soon = created(&app, &kim, "deal", json!({"name": "Pumps", "stage": "lead", "expected_close": "2026-11-23"})).await;
        let later = created(&app, &kim, "deal", json!({"name": "Valves", "stage": "lead", "expected_close": "2026-11-26"})).await;
        for _ in 0..3 {
            dates(&app).await.unwrap();
            turns(&app).await;
        }
        assert_eq!(ran(&app, &kim, rule).await.iter().map(|run| (run.record, run.state.as_str())).collect::<Vec<_>>(), [(soon, "done")]);
        // The house was closed for some days: what was due meanwhile is made up for.
        app.clock.advance(5 * 24 * HOUR);
        dates(&app).await.unwrap();
        turns(&app).await;
        assert_eq!(ran(&app, &kim, rule).await.iter().map(|run| run.record).collect::<Vec<_>>(), [later, soon]);
    }

    async fn a_rule_that_does_not_fit_the_catalogue_is_refused_with_its_place(app: TestApp) {
        let kim = kim(&app).await;
        let notify = json!([{"do": "notify"}]);
        for (trigger, actions, pointer) in [
            (json!({"kind": "unicorn", "on": "created"}), notify.clone(), "/trigger/kind"),
            (json!({"kind": "deal", "on": "stage", "fields": ["stage"], "value": "sold"}), notify.clone(), "/trigger/value"),
            (json!({"kind": "deal", "on": "stage", "fields": ["name"], "value": "won"}), notify.clone(), "/trigger/fields"),
            (json!({"kind": "deal", "on": "date", "fields": ["stage"]}), notify.clone(), "/trigger/fields"),
            (json!({"kind": "deal", "on": "request_opened"}), notify.clone(), "/trigger/kind"),
            (json!({"kind": "deal", "on": "created"}), json!([]), "/actions"),
            (json!({"kind": "deal", "on": "created"}), json!([{"do": "set", "field": "stage", "value": "sold"}]), "/actions/0/stage"),
            (json!({"kind": "deal", "on": "created"}), json!([{"do": "task", "title": " ", "days": 1}]), "/actions/0/title"),
            (json!({"kind": "deal", "on": "created"}), json!([{"do": "assign", "owner": UserId::from_bytes([9; 16])}]), "/actions/0/owner"),
        ] {
            let new: NewRule = serde_json::from_value(json!({"name": "Wrong", "trigger": trigger, "actions": actions})).unwrap();
            let permit = kim.permit::<WriteRecords>().unwrap();
            let refused = app.write(&kim, move |unit| make_rule(unit, &permit, &new)).await.unwrap_err();
            assert_eq!(refused.problems().first().map(|problem| problem.pointer.as_str()), Some(pointer));
        }
        let named: NewRule = serde_json::from_value(json!({
            "name": "Named", "trigger": {"kind": "person", "on": "created"},
            "filter": {"field": "email", "op": "eq", "value": "ada@quellenbrunn.example"}, "actions": notify,
        })).unwrap();
        let permit = kim.permit::<WriteRecords>().unwrap();
        let refused = app.write(&kim, move |unit| make_rule(unit, &permit, &named)).await.unwrap_err();
        assert_eq!(refused.problems()[0].code, "sealed", "a rule outlives whom it would name");
        let nobody = Actor::new(Who::System, kim.purpose, "job", trail::permit::every_grant());
        let permit = nobody.permit::<WriteRecords>().unwrap();
        let new: NewRule = serde_json::from_value(json!({"name": "N", "trigger": {"kind": "deal", "on": "created"}, "actions": notify})).unwrap();
        assert_eq!(app.write(&nobody, move |unit| make_rule(unit, &permit, &new)).await.unwrap_err().code(), Code::Forbidden);
    }
}
