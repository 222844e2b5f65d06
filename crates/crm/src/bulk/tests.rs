//! The promises of bulk acts.

use std::time::Duration;

use catalogue::{Class, Purpose, Purposes, Value};
use kernel::UserId;
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{Grant, Reach, Who};

use super::*;
use crate::{
    holds,
    records::{NewRecord, RecordPatch, parse_fields},
    views::{Condition, Filter, Op},
};

fn member(app: &TestApp, privileges: &[&str], reach: Reach) -> Actor {
    let grant = |p: &&str| Grant { class: Class::Sensitive, reach, purposes: Purposes::all(), ..Grant::everything(p) };
    let mut grants: Vec<Grant> = privileges.iter().map(grant).collect();
    grants.iter_mut().filter(|grant| grant.privilege == "read").for_each(|grant| grant.reach = Reach::All);
    Actor::new(Who::Staff(UserId::mint(app.env())), Purpose::find("sales").unwrap(), "page", grants)
}

async fn made(app: &TestApp, actor: &Actor, kind: &str, json: serde_json::Value) -> RecordId {
    let described = app.catalogue().need(kind).unwrap();
    let fields = parse_fields(&described, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new(kind, fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn deals(app: &TestApp, actor: &Actor) -> Vec<RecordId> {
    let mut all = Vec::new();
    for (name, stage) in [("Alder", "lead"), ("Birch", "lead"), ("Cedar", "won")] {
        all.push(made(app, actor, "deal", json!({"name": name, "stage": stage})).await);
    }
    all
}

fn set(field: &str, value: serde_json::Value) -> Act {
    Act::Set { field: field.into(), value }
}

async fn value(app: &TestApp, id: RecordId, field: &'static str) -> Option<Value> {
    let actor = app.acting("sales");
    app.read(&actor, move |unit| {
        let permit = unit.actor().permit::<ReadRecords>()?;
        let record = records::need(unit, &permit, id)?;
        let value = record.get(field).cloned();
        unit.release(Event::new("record.read"), value)
    })
    .await
    .unwrap()
}

async fn now(app: &TestApp, actor: &Actor, id: BulkId) -> Bulk {
    app.read(actor, move |unit| {
        let found = find(unit, id)?;
        unit.plain(found)
    })
    .await
    .unwrap()
}

async fn events(app: &TestApp, name: &'static str) -> i64 {
    app.store().read(move |tx| tx.one("SELECT COUNT(*) FROM event WHERE name = ?1", &[name.into()], |row| row.get::<i64>(0))).await.unwrap()
}

fn counts(of: &[(Reason, usize)]) -> Counts {
    of.iter().copied().collect()
}

fn leads() -> Chosen {
    let filter = Some(Filter::One(Condition::new("stage", Op::Eq, "lead")));
    Chosen::Matching(Box::new(ListQuery { filter, ..ListQuery::of("deal") }))
}

store_test! {
    async fn a_set_is_frozen_weighed_and_changed_as_it_was_weighed(app: TestApp) {
        let sales = app.acting("sales");
        let all = deals(&app, &sales).await;
        let id = choose(&app, &sales, "deal", &Chosen::These(all.clone())).await.unwrap();
        let weighed = weigh(&app, &sales, id, &set("stage", json!("won"))).await.unwrap();
        assert_eq!(weighed, counts(&[(Reason::Change, 2), (Reason::Same, 1)]));
        assert_eq!(value(&app, all[0], "stage").await, Some(Value::Text("lead".into())), "weighing changes nothing");
        // Changed meanwhile, and made meanwhile.
        let permit = sales.permit::<WriteRecords>().unwrap();
        let (first, patch) = (all[0], RecordPatch { fields: [("probability".to_owned(), Some(Value::parse(app.catalogue().need("deal").unwrap().field("probability").unwrap(), &json!(5)).unwrap().unwrap()))].into(), owner: None });
        app.write(&sales, move |unit| records::update(unit, &permit, first, None, patch.clone())).await.unwrap();
        let late = made(&app, &sales, "deal", json!({"name": "Dogwood", "stage": "lead"})).await;
        let before = events(&app, "record.updated").await;
        assert!(run(&app, &sales, id).await.unwrap().is_none(), "a small set is changed at once");
        let done = now(&app, &sales, id).await;
        assert_eq!((done.state.as_str(), done.done, done.counts), ("done", 3, counts(&[(Reason::Change, 1), (Reason::Same, 1), (Reason::Changed, 1)])));
        assert_eq!(events(&app, "record.updated").await, before + 1, "one event a portion");
        assert_eq!(value(&app, all[1], "stage").await, Some(Value::Text("won".into())));
        assert_eq!(value(&app, late, "stage").await, Some(Value::Text("lead".into())));
        assert_eq!(run(&app, &sales, id).await.unwrap_err().code(), Code::Conflict, "once");
    }

    async fn all_that_match_are_those_that_matched_then(app: TestApp) {
        let sales = app.acting("sales");
        let all = deals(&app, &sales).await;
        let id = choose(&app, &sales, "deal", &leads()).await.unwrap();
        made(&app, &sales, "deal", json!({"name": "Elm", "stage": "lead"})).await;
        assert_eq!(now(&app, &sales, id).await.total, 2);
        weigh(&app, &sales, id, &set("stage", json!("lost"))).await.unwrap();
        run(&app, &sales, id).await.unwrap();
        assert_eq!(value(&app, all[1], "stage").await, Some(Value::Text("lost".into())));
        let none = Chosen::Matching(Box::new(ListQuery { filter: Some(Filter::One(Condition::new("stage", Op::Eq, "offer"))), ..ListQuery::of("deal") }));
        assert_eq!(choose(&app, &sales, "deal", &none).await.unwrap_err().code(), Code::InvalidInput);
    }

    async fn what_one_may_not_change_is_counted_and_left(app: TestApp) {
        let sales = app.acting("sales");
        let all = deals(&app, &sales).await;
        let mine = member(&app, &["read", "write"], Reach::Own);
        let own = made(&app, &mine, "deal", json!({"name": "Own", "stage": "lead"})).await;
        let id = choose(&app, &mine, "deal", &Chosen::These(vec![all[0], own, RecordId::mint(app.env())])).await.unwrap();
        let weighed = weigh(&app, &mine, id, &set("stage", json!("won"))).await.unwrap();
        assert_eq!(weighed, counts(&[(Reason::Change, 1), (Reason::OutOfReach, 1)]), "what is not there is not in the set");
        run(&app, &mine, id).await.unwrap();
        assert_eq!(value(&app, all[0], "stage").await, Some(Value::Text("lead".into())));
        assert_eq!(value(&app, own, "stage").await, Some(Value::Text("won".into())));
        let reader = member(&app, &["read"], Reach::All);
        assert_eq!(choose(&app, &reader, "deal", &leads()).await.unwrap_err().code(), Code::Forbidden);
        let theirs = choose(&app, &sales, "deal", &leads()).await.unwrap();
        assert_eq!(weigh(&app, &mine, theirs, &set("stage", json!("won"))).await.unwrap_err().code(), Code::NotFound, "a set is its chooser's");
        for (act, code) in [
            (set("unicorn", json!(1)), Code::InvalidInput),
            (set("stage", json!("unicorn")), Code::InvalidInput),
            (set("name", json!(null)), Code::InvalidInput),
            (Act::Add { field: "stage".into(), value: json!("won") }, Code::InvalidInput),
            (Act::Assign { owner: Some(UserId::mint(app.env())) }, Code::InvalidInput),
            (Act::ProposeDisposal { reason: " ".into() }, Code::InvalidInput),
        ] {
            assert_eq!(weigh(&app, &sales, theirs, &act).await.unwrap_err().code(), code, "{act:?}");
        }
        let person = made(&app, &sales, "person", json!({"name": "Ada"})).await;
        let people = choose(&app, &sales, "person", &Chosen::These(vec![person])).await.unwrap();
        assert_eq!(weigh(&app, &sales, people, &set("tax_id", json!("X1"))).await.unwrap_err().code(), Code::Forbidden, "not for sales");
        let propose = Act::ProposeDisposal { reason: "over".into() };
        let own = choose(&app, &mine, "deal", &leads()).await.unwrap();
        assert_eq!(weigh(&app, &mine, own, &propose).await.unwrap_err().code(), Code::Forbidden);
    }

    async fn one_of_several_values_is_added_and_removed_once_and_its_words_are_sealed(app: TestApp) {
        let sales = app.acting("sales");
        let ada = made(&app, &sales, "person", json!({"name": "Ada", "email": ["ada@one.example"]})).await;
        let bob = made(&app, &sales, "person", json!({"name": "Bob", "email": ["all@two.example"]})).await;
        let act = |more: bool| {
            let (field, value) = ("email".to_owned(), json!("all@two.example"));
            if more { Act::Add { field, value } } else { Act::Remove { field, value } }
        };
        for (more, changed) in [(true, 1), (false, 2)] {
            let id = choose(&app, &sales, "person", &Chosen::These(vec![ada, bob])).await.unwrap();
            assert_eq!(weigh(&app, &sales, id, &act(more)).await.unwrap(), counts(&[(Reason::Change, 2)]), "sealed values are not opened to look");
            assert!(app.bytes_found(b"all@two").is_empty());
            run(&app, &sales, id).await.unwrap();
            assert_eq!(now(&app, &sales, id).await.counts.get(&Reason::Change), Some(&changed));
        }
        assert_eq!(value(&app, bob, "email").await, None);
        assert_eq!(value(&app, ada, "email").await.unwrap().each().len(), 1);
    }

    async fn a_large_set_is_changed_by_a_job_that_can_be_cancelled_and_goes_on_where_it_stood(app: TestApp) {
        let sales = app.acting("sales");
        let permit = sales.permit::<WriteRecords>().unwrap();
        for portion in 0..6 {
            let kind = app.catalogue().need("task").unwrap();
            let rows: Vec<NewRecord> = (0..200).map(|n| {
                let fields = parse_fields(&kind, json!({"title": format!("Task {portion} {n}")}).as_object().unwrap()).unwrap();
                NewRecord::new("task", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect())
            }).collect();
            let permit = permit.clone();
            app.write(&sales, move |unit| records::create_many(unit, &permit, "task", rows.clone())).await.unwrap();
        }
        let id = choose(&app, &sales, "task", &Chosen::Matching(Box::new(ListQuery::of("task")))).await.unwrap();
        assert_eq!(weigh(&app, &sales, id, &set("done", json!(true))).await.unwrap(), counts(&[(Reason::Change, 1_200)]));
        let job = run(&app, &sales, id).await.unwrap().expect("a job");
        assert_eq!(now(&app, &sales, id).await.done, 0);
        app.clock.advance(Duration::from_secs(1));
        app.work_off(&handlers()).await.unwrap();
        let done = now(&app, &sales, id).await;
        assert_eq!((done.state.as_str(), done.counts, app.job(job).await.unwrap().unwrap().done), ("done", counts(&[(Reason::Change, 1_200)]), 1_200));
        let again = choose(&app, &sales, "task", &Chosen::Matching(Box::new(ListQuery::of("task")))).await.unwrap();
        weigh(&app, &sales, again, &set("done", json!(false))).await.unwrap();
        let job = run(&app, &sales, again).await.unwrap().unwrap();
        assert!(app.cancel_job(job).await.unwrap());
        app.work_off(&handlers()).await.unwrap();
        assert_eq!(now(&app, &sales, again).await.done, 0, "what is cancelled before it began changes nothing");
    }

    async fn a_proposal_names_only_what_may_go_and_says_what_is_held_and_kept(app: TestApp) {
        let operator = app.operator();
        let all = deals(&app, &operator).await;
        let (permit, held) = (operator.permit::<trail::permit::Hold>().unwrap(), all[0]);
        app.write(&operator, move |unit| holds::place(unit, &permit, &[held], "Matter 1", "counsel asks")).await.unwrap();
        let id = choose(&app, &operator, "deal", &Chosen::These(all.clone())).await.unwrap();
        let weighed = weigh(&app, &operator, id, &Act::ProposeDisposal { reason: "The relationships ended.".into() }).await.unwrap();
        assert_eq!((weighed.get(&Reason::Held), weighed.get(&Reason::Change)), (Some(&1), None), "nothing that no rule releases is proposed");
        assert_eq!(weighed.values().sum::<usize>(), 3);
        run(&app, &operator, id).await.unwrap();
        assert_eq!((now(&app, &operator, id).await.state.as_str(), events(&app, "disposal.proposed").await), ("done", 0));
    }

    async fn every_statement_of_bulk_acts_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }

    async fn what_nobody_began_in_time_is_forgotten_with_its_key(app: TestApp) {
        let sales = app.acting("sales");
        let all = deals(&app, &sales).await;
        let id = choose(&app, &sales, "deal", &Chosen::These(all)).await.unwrap();
        weigh(&app, &sales, id, &set("stage", json!("won"))).await.unwrap();
        assert_eq!(purge(&app, &app.operator()).await.unwrap(), 0);
        app.clock.advance(Duration::from_secs(16 * 60));
        assert_eq!(run(&app, &sales, id).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(purge(&app, &app.operator()).await.unwrap(), 1);
        let left = app.store().read(|tx| tx.one("SELECT COUNT(*) FROM bulk", &[], |row| row.get::<i64>(0))).await.unwrap();
        assert_eq!(left, 0);
    }
}
