//! Proposals, the clock and certificates over the API.

use std::time::Duration;

use crm::{
    disposal::{self, Cause},
    permits::{Dispose, ManageRules, WriteRecords},
    records, retention,
};
use http::{StatusCode, header};
use kernel::{OrderId, RecordId};
use serde_json::json;
use testkit::{TestApp, store_test};

use crate::records::tests::{Program, code};

/// A person whose note is to be reviewed after a year, and a task that is reviewed whole.
async fn due(app: &TestApp) -> (RecordId, RecordId) {
    let rules = [
        json!({"id": "lead", "version": 1, "kind": "min", "strength": "policy", "trigger": "created", "period": "P9Y", "citation": "Ours",
            "applies_to": {"kind": {"any": ["person"]}}}),
        json!({"id": "notes", "version": 3, "kind": "max", "strength": "policy", "trigger": "created", "period": "P1Y", "citation": "Our notes",
            "applies_to": {"kind": {"any": ["person"]}}, "fields": ["note"], "then": "review"}),
        json!({"id": "task", "version": 1, "kind": "min", "strength": "policy", "trigger": "created", "period": "P1Y", "citation": "Ours",
            "applies_to": {"kind": {"any": ["task"]}}, "then": "review"}),
    ];
    let (actor, permit) = (app.operator(), app.operator().permit::<ManageRules>().unwrap());
    for rule in rules {
        let permit = permit.clone();
        let add =
            move |unit: &mut crm::permits::Unit| retention::add_rule(unit, &permit, serde_json::from_value(rule.clone()).unwrap(), None);
        app.write(&actor, add).await.unwrap();
    }
    let person = made(app, "person", json!({"name": "Otto Mill", "note": "keeps bees"})).await;
    let task = made(app, "task", json!({"title": "Call Otto"})).await;
    app.settle().await.unwrap();
    (person, task)
}

async fn made(app: &TestApp, kind: &str, fields: serde_json::Value) -> RecordId {
    let described = app.catalogue().need(kind).unwrap();
    let fields = records::parse_fields(&described, fields.as_object().unwrap()).unwrap();
    let fields = fields.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
    let created = kernel::Instant::parse("2022-01-01T00:00:00Z");
    let new = records::NewRecord { created, ..records::NewRecord::new(kind, fields) };
    let permit = app.operator().permit::<WriteRecords>().unwrap();
    app.write(&app.operator(), move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

fn expiry(app: &TestApp) -> Cause {
    Cause::expiry(&app.operator().permit::<Dispose>().unwrap())
}

store_test! {
    async fn a_proposal_over_a_field_is_shown_with_its_rule_approved_once_and_its_certificate_fetched(app: TestApp) {
        let (person, _) = due(&app).await;
        let cause = expiry(&app);
        let order = app.write(&app.operator(), move |unit| disposal::propose_fields(unit, &cause, person, &["note".to_owned()], "nobody calls")).await.unwrap();
        let api = Program::new(&app, "administration", &["dispose"]).await;
        let list = api.get("/approvals?waits=me").await;
        assert_eq!((list.status, list.body["items"].as_array().unwrap().len()), (StatusCode::OK, 1), "{}", list.body);
        let item = &list.body["items"][0];
        assert_eq!((&item["fields"], &item["needed"], &item["may_approve"], &item["state"]), (&json!(["note"]), &json!(1), &json!(true), &json!("open")));
        assert_eq!((&item["sample"][0]["record"], &item["sample"][0]["goes"]), (&json!(person), &json!(true)));
        assert!(!list.body.to_string().contains("Otto") && !list.body.to_string().contains("bees"), "{}", list.body);
        let address = format!("/approvals/{order}");
        let one = api.get(&address).await.body;
        assert_eq!((&one["goes"], &one["planned"][0]["outcome"]), (&json!(1), &json!("erase_fields")));
        let rules = one["planned"][0]["rules"].as_array().unwrap();
        assert!(rules.iter().any(|rule| rule["rule"] == "notes" && rule["version"] == 3 && rule["citation"] == "Our notes"), "{rules:?}");

        assert_eq!(code(&api.post(&format!("{address}/approve"), &json!({"reason": " "})).await), "invalid_input");
        assert_eq!(code(&api.post(&format!("{address}/approve"), &json!({})).await), "invalid_input");
        let keyed = api.with("idempotency-key", "agree-1");
        for _ in 0..2 {
            let approved = keyed.post(&format!("{address}/approve"), &json!({"reason": "I looked"})).await;
            assert_eq!((approved.status, &approved.body["may_approve"]), (StatusCode::OK, &json!(false)), "{}", approved.body);
            assert_eq!(approved.body["approvals"].as_array().unwrap().len(), 1);
        }
        assert_eq!(code(&api.post(&format!("{address}/approve"), &json!({"reason": "again"})).await), "second_person_required");
        assert_eq!(code(&keyed.post(&format!("{address}/approve"), &json!({"reason": "another"})).await), "conflict");
        assert!(api.get("/approvals?waits=me").await.body["items"].as_array().unwrap().is_empty());

        assert_eq!(code(&api.get(&format!("/artifacts/{order}")).await), "not_found", "nothing is certified yet");
        let permit = app.operator().permit::<Dispose>().unwrap();
        app.write(&app.operator(), move |unit| disposal::order_proposed(unit, &permit, order)).await.unwrap();
        disposal::destroy(&app, &app.operator(), order).await.unwrap();
        assert_eq!(api.get(&address).await.body["state"], "ordered");
        assert_eq!(code(&api.post(&format!("{address}/reject"), &json!({"reason": "too late"})).await), "conflict");
        let artifacts = api.get("/artifacts").await.body;
        assert_eq!((&artifacts["items"][0]["id"], &artifacts["items"][0]["type"]), (&json!(order), &json!("certificate")), "{artifacts}");
        let fetched = api.get(&format!("/artifacts/{order}")).await;
        assert_eq!((fetched.status, fetched.headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "application/json"));
        let said = fetched.body;
        assert_eq!((&said["fields"], &said["records"], &said["cause"]), (&json!(["note"]), &json!([person]), &json!("expiry")));
        assert_eq!((said["approvals"].as_array().unwrap().len(), said["keys"].as_array().unwrap().len()), (1, 1));
        assert_eq!(said["decisions"][0]["outcome"], "PARTIAL");
        assert!(said["rules"].as_array().unwrap().iter().any(|rule| rule["id"] == "notes"), "{said}");
        for what in ["order", "certificate"] {
            assert!(said["ledger"][what]["leaf"].is_number() && said["ledger"][what]["path"].is_array(), "{what}: {said}");
        }
        assert!(!said.to_string().contains("Otto") && !said.to_string().contains("bees"));
    }

    async fn whoever_proposed_may_not_approve_and_whoever_may_not_dispose_sees_nothing(app: TestApp) {
        let (_, task) = due(&app).await;
        let api = Program::new(&app, "administration", &["dispose"]).await;
        let address = {
            let actor = crm::identity::apikey::actor_of_key(&app, &api.key).await.unwrap();
            let cause = Cause::expiry(&actor.permit::<Dispose>().unwrap());
            let order = app.write(&actor, move |unit| disposal::propose(unit, &cause, &[task], "over")).await.unwrap();
            format!("/approvals/{order}")
        };
        let other = Program::new(&app, "administration", &["dispose"]).await;
        assert_eq!(code(&other.post(&format!("{address}/approve"), &json!({"reason": "my other key"})).await), "second_person_required");
        assert_eq!(api.get(&address).await.body["may_approve"], json!(false));
        let rejected = api.post(&format!("{address}/reject"), &json!({"reason": "Still needed"})).await;
        assert_eq!((rejected.status, &rejected.body["state"], &rejected.body["ended"]["reason"]), (StatusCode::OK, &json!("withdrawn"), &json!("Still needed")));
        assert!(api.get("/approvals").await.body["items"].as_array().unwrap().is_empty());
        let sales = Program::new(&app, "sales", &["read", "write"]).await;
        for path in ["/approvals", &address, "/artifacts", "/retention/clock"] {
            assert_eq!(code(&sales.get(path).await), "forbidden", "{path}");
        }
        for path in [format!("{address}/approve"), format!("{address}/reject"), "/retention/clock".to_owned()] {
            assert_eq!(code(&sales.post(&path, &json!({"reason": "x"})).await), "forbidden", "{path}");
        }
        assert_eq!(code(&api.get("/approvals/dst_00000000000000000000000001").await), "not_found");
        assert_eq!(code(&api.post("/approvals/dst_1/approve", &json!({"reason": "x"})).await), "not_found");
        assert_eq!(code(&api.get("/approvals?cursor=x").await), "invalid_input");
        assert_eq!(code(&api.get("/approvals?waits=you").await), "invalid_input");
        assert_eq!(code(&api.get("/artifacts/rec_1").await), "forbidden", "packages are for those who handle requests");
    }

    async fn proposals_and_certificates_are_paged_by_cursor(app: TestApp) {
        let (_, task) = due(&app).await;
        let mut orders: Vec<OrderId> = Vec::new();
        for _ in 0..3 {
            let cause = expiry(&app);
            orders.push(app.write(&app.operator(), move |unit| disposal::propose(unit, &cause, &[task], "over")).await.unwrap());
        }
        let api = Program::new(&app, "administration", &["dispose"]).await;
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let page = api.get(&format!("/approvals?limit=1{next}")).await.body;
            seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
            let Some(cursor) = page["next"].as_str() else { break };
            next = format!("&cursor={cursor}");
        }
        // Made within one instant of the held clock: their ids say nothing of which came first.
        orders.sort_unstable();
        orders.reverse();
        assert_eq!(seen, orders.iter().map(ToString::to_string).collect::<Vec<_>>());
    }

    async fn a_leap_of_the_clock_is_confirmed_over_the_api_by_one_person_once_and_a_second_ends_it(app: TestApp) {
        let permit = app.operator().permit::<ManageRules>().unwrap();
        app.write(&app.operator(), move |unit| retention::adopt(unit, &permit, "DE", "trade")).await.unwrap();
        app.settle().await.unwrap();
        let api = Program::new(&app, "administration", &["rules"]).await;
        let calm = api.get("/retention/clock").await.body;
        assert_eq!((&calm["leapt"], &calm["missing"], &calm["from"]), (&json!(false), &json!(0), &json!(null)));
        assert_eq!(code(&api.post("/retention/clock", &json!({"reason": "my watch"})).await), "conflict");
        app.settle().await.unwrap();
        app.clock.let_go();
        app.clock.advance(Duration::from_secs(48 * 3600));
        // The first key's day is over.
        let api = Program::new(&app, "administration", &["rules"]).await;
        let leapt = api.get("/retention/clock").await.body;
        assert_eq!((&leapt["leapt"], &leapt["missing"], &leapt["may_confirm"]), (&json!(true), &json!(2), &json!(true)), "{leapt}");
        assert_eq!(code(&api.post("/retention/clock", &json!({"reason": ""})).await), "invalid_input");
        let keyed = api.with("idempotency-key", "clock-1");
        for _ in 0..2 {
            let once = keyed.post("/retention/clock", &json!({"reason": "my watch"})).await;
            assert_eq!((once.status, &once.body["missing"], &once.body["may_confirm"]), (StatusCode::OK, &json!(1), &json!(false)), "{}", once.body);
        }
        assert_eq!(code(&api.post("/retention/clock", &json!({"reason": "my other watch"})).await), "second_person_required");
        let permit = app.operator().permit::<ManageRules>().unwrap();
        app.write(&app.operator(), move |unit| retention::confirm_clock(unit, &permit, "the church's bell")).await.unwrap();
        assert_eq!(api.get("/retention/clock").await.body["leapt"], json!(false));
    }
}
