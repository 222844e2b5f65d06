//! Whom records call: the promises of mentions, of tasks given away, of reminders.

use std::time::Duration;

use catalogue::{Purpose, Purposes};
use kernel::{Code, Personal, UserId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{
    Actor, Grant, Who,
    permit::{Manage, WriteRecords},
};

use super::*;
use crate::{
    identity::{Doorkeeper, NewStaff, setup, staff},
    notices::{self, Notice, Why},
};

/// Two who work here.
async fn two(app: &TestApp) -> (Actor, Actor) {
    let door = Doorkeeper::new();
    let word = |text: &str| Personal::new(text.to_owned());
    let code = setup::begin(app).await.unwrap().unwrap();
    let ada = door.set_up(app, None, code, (word("Ada"), word("ada@house.example")), word("seven quiet herons by the mill")).await.unwrap();
    let new =
        NewStaff { name: word("Grace"), email: word("grace@house.example"), role: "agent".into(), team: None, purposes: Purposes::all() };
    let hashed = door.hash(app, word("nine loud geese on a barge"), Vec::new()).await.unwrap();
    let operator = app.operator();
    let permit = operator.permit::<Manage>().unwrap();
    let grace = app.write(&operator, move |unit| staff::add(unit, &permit, &new, &hashed)).await.unwrap();
    (acting(ada), acting(grace))
}

fn acting(id: UserId) -> Actor {
    let grants = vec![Grant::everything("read"), Grant::everything("write")];
    Actor::new(Who::Staff(id), Purpose::find("sales").unwrap(), "page", grants)
}

async fn made(app: &TestApp, actor: &Actor, kind: &str, json: serde_json::Value, owner: Option<UserId>) -> Result<RecordId> {
    let parsed = parse_fields(&app.catalogue().need(kind).unwrap(), json.as_object().unwrap())?;
    let new = NewRecord { owner, ..NewRecord::new(kind, parsed.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect()) };
    let permit = actor.permit::<WriteRecords>()?;
    app.write(actor, move |unit| create(unit, &permit, new.clone())).await
}

async fn changed(app: &TestApp, actor: &Actor, id: RecordId, json: serde_json::Value, owner: Option<Option<UserId>>) -> Result<i64> {
    let kind = app
        .read(actor, move |unit| {
            let row = find(unit, id)?.unwrap();
            unit.plain(row.kind.key.clone())
        })
        .await?;
    let fields = parse_fields(&app.catalogue().need(&kind).unwrap(), json.as_object().unwrap())?;
    let permit = actor.permit::<WriteRecords>()?;
    app.clock.advance(Duration::from_secs(1));
    app.write(actor, move |unit| update(unit, &permit, id, None, RecordPatch { fields: fields.clone(), owner })).await
}

async fn told(app: &TestApp, actor: &Actor) -> Vec<(Why, RecordId)> {
    let all: Vec<Notice> = app.read(actor, |unit| notices::mine(unit, true, None, 50).and_then(|all| unit.plain(all))).await.unwrap();
    all.into_iter().map(|notice| (notice.why, notice.record)).collect()
}

store_test! {
    async fn a_note_tells_each_colleague_whom_it_mentions_once(app: TestApp) {
        let (ada, grace) = two(&app).await;
        let (her, me) = (grace.staff().unwrap(), ada.staff().unwrap());
        let note = made(&app, &ada, "note", json!({"title": "@Grace please look", "mentions": [her, me]}), None).await.unwrap();
        assert_eq!(told(&app, &grace).await, [(Why::Mention, note)]);
        assert_eq!(told(&app, &ada).await, [], "nobody is told that they mention themselves");
        changed(&app, &ada, note, json!({"text": "and answer"}), None).await.unwrap();
        assert_eq!(told(&app, &grace).await.len(), 1, "who was mentioned before is not told again");
        let plain = made(&app, &ada, "note", json!({"title": "Call"}), None).await.unwrap();
        changed(&app, &ada, plain, json!({"mentions": [her]}), None).await.unwrap();
        assert_eq!(told(&app, &grace).await, [(Why::Mention, plain), (Why::Mention, note)], "who is mentioned later is told then");
    }

    async fn who_does_not_work_here_cannot_be_mentioned_and_nothing_is_written(app: TestApp) {
        let (ada, _) = two(&app).await;
        for who in ["Grace", "usr_00000000000000000000000001"] {
            let refused = made(&app, &ada, "note", json!({"title": "Look", "mentions": [who]}), None).await.unwrap_err();
            assert_eq!((refused.code(), refused.problems()[0].pointer.as_str()), (Code::InvalidInput, "/mentions"));
        }
        let notes = app.store().read(|tx| tx.one("SELECT COUNT(*) FROM record", &[], |row| row.get::<i64>(0))).await.unwrap();
        assert_eq!(notes, 0);
    }

    async fn a_task_given_to_a_colleague_tells_them_and_one_of_ones_own_nobody(app: TestApp) {
        let (ada, grace) = two(&app).await;
        let her = grace.staff();
        let hers = made(&app, &ada, "task", json!({"title": "Send the offer"}), her).await.unwrap();
        let mine = made(&app, &ada, "task", json!({"title": "Call back"}), None).await.unwrap();
        assert_eq!((told(&app, &grace).await, told(&app, &ada).await), (vec![(Why::Assigned, hers)], vec![]));
        changed(&app, &ada, hers, json!({"title": "Send both offers"}), Some(her)).await.unwrap();
        assert_eq!(told(&app, &grace).await.len(), 1, "whose it is already is not told again");
        changed(&app, &ada, mine, json!({}), Some(her)).await.unwrap();
        assert_eq!(told(&app, &grace).await[0], (Why::Assigned, mine));
    }

    async fn a_task_reminds_its_owner_when_it_is_due_and_not_before(app: TestApp) {
        let (ada, _) = two(&app).await;
        let at = app.clock.now().plus(Duration::from_secs(3600));
        let task = made(&app, &ada, "task", json!({"title": "Call back", "remind": at}), None).await.unwrap();
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(told(&app, &ada).await, []);
        app.clock.advance(Duration::from_secs(3601));
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(told(&app, &ada).await, [(Why::Reminder, task)]);
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(told(&app, &ada).await.len(), 1);
    }

    async fn a_task_that_is_done_or_moved_reminds_nobody_at_its_old_time(app: TestApp) {
        let (ada, grace) = two(&app).await;
        let (soon, later) = (app.clock.now().plus(Duration::from_secs(3600)), app.clock.now().plus(Duration::from_secs(7200)));
        let done = made(&app, &ada, "task", json!({"title": "Done", "remind": soon}), None).await.unwrap();
        let moved = made(&app, &ada, "task", json!({"title": "Moved", "remind": soon}), None).await.unwrap();
        let given = made(&app, &ada, "task", json!({"title": "Given", "remind": soon}), None).await.unwrap();
        changed(&app, &ada, done, json!({"done": true}), None).await.unwrap();
        changed(&app, &ada, moved, json!({"remind": later}), None).await.unwrap();
        changed(&app, &ada, given, json!({}), Some(grace.staff())).await.unwrap();
        app.clock.advance(Duration::from_secs(3700));
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(told(&app, &ada).await, []);
        assert_eq!(told(&app, &grace).await, [(Why::Reminder, given), (Why::Assigned, given)], "the owner at that time is told");
        app.clock.advance(Duration::from_secs(3700));
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(told(&app, &ada).await, [(Why::Reminder, moved)]);
        changed(&app, &ada, done, json!({"done": false}), None).await.unwrap();
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(told(&app, &ada).await.len(), 2, "a task opened again after its time reminds at once");
    }

    async fn no_job_says_what_a_task_is_about(app: TestApp) {
        let (ada, _) = two(&app).await;
        let at = app.clock.now().plus(Duration::from_secs(60));
        made(&app, &ada, "task", json!({"title": "Ring Chiara Quellenbrunn", "remind": at}), None).await.unwrap();
        app.settle().await.unwrap();
        assert_eq!(app.bytes_found(b"Quellenbrunn"), Vec::<String>::new());
        let args = app.store().read(|tx| tx.one("SELECT args FROM job WHERE kind = ?1", &store::args![REMIND], |row| row.get::<String>(0))).await.unwrap();
        let keys: Vec<String> = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&args).unwrap().keys().cloned().collect();
        assert_eq!(keys, ["at", "record"]);
    }
}
