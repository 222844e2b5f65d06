//! People's requests over the API: a package ordered and fetched, an erasure answered again.

use std::{collections::HashMap, time::Duration};

use crm::requests;
use http::{StatusCode, header};
use serde_json::json;
use testkit::store_test;

use crate::records::tests::{Program, code};

async fn person(api: &Program) -> String {
    let made = api.post("/people", &json!({"fields": {"name": "Ada Quell", "email": ["ada@quell.example"]}})).await;
    made.body["id"].as_str().unwrap_or_else(|| panic!("{}", made.body)).to_owned()
}

/// A verified request of a right; its address.
async fn request(api: &Program, person: &str, right: &str) -> String {
    let opened = api.post("/requests", &json!({"person": person, "right": right, "reason": "By letter."})).await;
    let address = opened.headers[header::LOCATION].to_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    let keyed = api.with("idempotency-key", &format!("{right}-verified"));
    for _ in 0..2 {
        let verified = keyed.post(&format!("{address}/verify"), &json!({"how": "Called back."})).await;
        assert_eq!((verified.status, &verified.body["verified"]), (StatusCode::OK, &json!(true)));
    }
    assert_eq!(api.get(&address).await.body["log"].as_array().unwrap().iter().filter(|step| step["what"] == "request.verified").count(), 1);
    address
}

store_test! {
    async fn a_package_is_ordered_once_found_at_its_request_and_fetched_by_whoever_had_it_made(app: TestApp) {
        let api = Program::new(&app, "administration", &["read", "write", "requests"]).await;
        let address = request(&api, &person(&api).await, "access").await;
        let keyed = api.with("idempotency-key", "package-1");
        let ordered = keyed.post(&format!("{address}/package"), &json!({})).await;
        assert_eq!(ordered.status, StatusCode::ACCEPTED, "{}", ordered.body);
        assert!(api.get(&address).await.body["package"].is_null());
        app.clock.advance(Duration::from_secs(1));
        app.work_off(&HashMap::from([(requests::PACKAGE_JOB, requests::package_handler())])).await.unwrap();
        assert_eq!(keyed.post(&format!("{address}/package"), &json!({})).await.body, ordered.body, "it is not made again");
        let package = api.get(&address).await.body["package"].clone();
        let artifact = format!("/artifacts/{}", package["artifact"].as_str().unwrap());
        let fetched = api.get(&artifact).await;
        assert_eq!((fetched.status, fetched.headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "application/zip"));
        assert!(fetched.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment; filename=\"package-art_"));
        let other = Program::new(&app, "administration", &["requests"]).await;
        assert_eq!(code(&other.get(&artifact).await), "not_found", "another key's package");
        let sales = Program::new(&app, "sales", &["read"]).await;
        assert_eq!(code(&sales.get(&artifact).await), "forbidden");
        assert_eq!(code(&api.get("/artifacts/art_1").await), "not_found");
    }

    async fn an_erasure_sent_again_under_its_key_is_answered_with_the_same_words(app: TestApp) {
        let api = Program::new(&app, "administration", &["read", "write", "requests"]).await;
        let id = person(&api).await;
        let address = request(&api, &id, "erase").await;
        let plan = api.get(&format!("{address}/plan")).await.body;
        let order = json!({"fingerprint": plan["fingerprint"], "count": plan["count"]});
        let keyed = api.with("idempotency-key", "erase-1");
        let done = keyed.post(&format!("{address}/erase"), &order).await;
        assert_eq!((done.status, &done.body["erased"]), (StatusCode::OK, &json!(1)), "{}", done.body);
        assert_eq!(keyed.post(&format!("{address}/erase"), &order).await.body, done.body);
        assert_eq!(api.get(&format!("/people/{id}")).await.status, StatusCode::NOT_FOUND);
        let other = keyed.post(&format!("{address}/erase"), &json!({"fingerprint": "x", "count": 7})).await;
        assert_eq!(code(&other), "conflict");
    }

    async fn a_recipient_is_entered_once_named_by_the_plan_and_told_of_the_erasure(app: TestApp) {
        let api = Program::new(&app, "administration", &["read", "write", "requests"]).await;
        let id = person(&api).await;
        let given = json!({"person": id, "recipient": "Nordwind Tax, Kiel", "what": "invoices", "purpose": "tax advice"});
        let keyed = api.with("idempotency-key", "given-1");
        let entered = keyed.post("/disclosures", &given).await;
        assert_eq!((entered.status, &entered.body["state"]), (StatusCode::CREATED, &json!("holds")), "{}", entered.body);
        assert_eq!(keyed.post("/disclosures", &given).await.body, entered.body);
        assert_eq!(code(&api.post("/disclosures", &json!({"person": id, "recipient": " ", "what": "x", "purpose": "y"})).await), "invalid_input");
        let entry = format!("/disclosures/{}/told", entered.body["id"].as_str().unwrap());
        assert_eq!(code(&api.post(&entry, &json!({"told": true, "how": "by mail"})).await), "conflict", "there is nothing to tell");
        let address = request(&api, &id, "erase").await;
        let plan = api.get(&format!("{address}/plan")).await.body;
        assert_eq!(plan["recipients"][0]["recipient"], "Nordwind Tax, Kiel");
        let done = api.post(&format!("{address}/erase"), &json!({"fingerprint": plan["fingerprint"], "count": plan["count"]})).await;
        assert_eq!((done.status, &done.body["recipients"]), (StatusCode::OK, &json!(1)), "{}", done.body);
        assert_eq!(api.get(&address).await.body["state"], "partly");
        assert_eq!(code(&api.post(&entry, &json!({"told": true, "how": ""})).await), "invalid_input");
        let told = api.post(&entry, &json!({"told": true, "how": "by mail"})).await;
        assert_eq!((told.status, &told.body["state"], &told.body["how"]), (StatusCode::OK, &json!("told"), &json!("by mail")));
        assert_eq!(api.get(&address).await.body["state"], "fulfilled");
        assert_eq!(api.get(&format!("/disclosures?person={id}")).await.body["items"].as_array().unwrap().len(), 1);
        assert_eq!(code(&api.get("/disclosures").await), "invalid_input");
        let sales = Program::new(&app, "sales", &["read", "write"]).await;
        assert_eq!(code(&sales.get(&format!("/disclosures?person={id}")).await), "forbidden");
        assert_eq!(code(&sales.post(&entry, &json!({"told": true, "how": "x"})).await), "forbidden");
    }
}
