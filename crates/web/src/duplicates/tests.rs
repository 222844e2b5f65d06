//! Duplicates over HTTP: the API's promises, and what the pages do.

use std::time::Duration;

use crm::duplicates;
use http::{StatusCode, header};
use serde_json::{Value, json};
use testkit::{TestApp, store_test};

use crate::{
    identity::tests::{Browser, location, text},
    records::tests::{Program, code},
};

async fn person(api: &Program, fields: Value) -> String {
    let made = api.post("/people", &json!({ "fields": fields })).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    made.body["id"].as_str().unwrap().to_owned()
}

async fn scanned(app: &TestApp) {
    app.clock.advance(Duration::from_secs(1));
    app.work_off(&duplicates::handlers()).await.unwrap();
}

store_test! {
    async fn duplicates_are_checked_scanned_listed_and_dismissed_over_the_api(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        let ada = person(&api, json!({"name": "Ada Quell", "email": ["ada@quell.example"]})).await;
        let found = api.post("/records/person/duplicates/check", &json!({"fields": {"email": ["ADA@quell.example"]}})).await;
        assert_eq!((found.status, &found.body["items"][0]["id"], &found.body["items"][0]["signs"]), (StatusCode::OK, &json!(ada), &json!(["same:email"])));
        let own = json!({"fields": {"email": ["ada@quell.example"]}, "own": ada});
        assert_eq!(api.post("/people/duplicates/check", &own).await.body["items"], json!([]));
        assert_eq!(code(&api.post("/people/duplicates/check", &json!({"fields": {"unicorn": 1}})).await), "invalid_input");
        let twin = person(&api, json!({"name": "A. Quell", "email": ["ada@quell.example"]})).await;
        assert_eq!(api.get("/duplicates/scan").await.body, json!({"seen": null, "job": null}));
        let begun = api.with("idempotency-key", "k1").post("/duplicates/scan", &json!({})).await;
        assert_eq!((begun.status, begun.headers[header::LOCATION].to_str().unwrap()), (StatusCode::ACCEPTED, "/api/v1/duplicates/scan"));
        assert_eq!(api.with("idempotency-key", "k1").post("/duplicates/scan", &json!({})).await.body["job"], begun.body["job"]);
        scanned(&app).await;
        let stands = api.get("/duplicates/scan").await;
        assert_eq!((&stands.body["job"]["state"], stands.body["seen"].is_string()), (&json!("done"), true));
        let list = api.get("/people/duplicates?limit=1").await;
        let pair = &list.body["items"][0];
        assert_eq!((pair["score"].as_i64().unwrap(), &pair["signs"]), (90, &json!(["same:email"])));
        let mut ids: Vec<&str> = pair["records"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        let mut both = vec![ada.as_str(), twin.as_str()];
        both.sort_unstable();
        assert_eq!(ids, both);
        let next = api.get(&format!("/people/duplicates?limit=1&cursor={}", list.body["next"].as_str().unwrap())).await;
        assert_eq!((&next.body["items"], &next.body["next"]), (&json!([]), &Value::Null));
        let address = format!("/duplicates/{}/dismiss", pair["id"].as_str().unwrap());
        let reader = Program::new(&app, "sales", &["read"]).await;
        assert_eq!(code(&reader.post(&address, &json!({})).await), "forbidden");
        assert_eq!(api.post(&address, &json!({})).await.body["state"], "dismissed");
        assert_eq!(api.get("/people/duplicates").await.body["items"], json!([]));
        assert_eq!(code(&api.post(&format!("/duplicates/dup_{}/dismiss", "0".repeat(26)), &json!({})).await), "not_found");
        assert_eq!(code(&api.get("/people/duplicates?cursor=x").await), "not_found");
    }

    async fn records_are_merged_under_both_versions_and_a_merge_is_taken_back_over_the_api(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        let ada = person(&api, json!({"name": "Ada Quell", "email": ["ada@quell.example"]})).await;
        let twin = person(&api, json!({"name": "A. Quell", "email": ["a@quell.example"], "job_title": "Clerk"})).await;
        let note = api.post("/records/note", &json!({"fields": {"title": "Call", "person": twin}})).await.body["id"].as_str().unwrap().to_owned();
        let address = format!("/people/{ada}/merge");
        let dry = api.post(&address, &json!({"other": twin, "dry_run": true, "choices": {"name": "survivor"}})).await;
        assert_eq!((dry.status, &dry.body["moves"]["records"], &dry.body["refusals"]), (StatusCode::OK, &json!({"note": 1}), &json!([])));
        let choice = |key: &str| dry.body["fields"].as_array().unwrap().iter().find(|field| field["field"] == key).unwrap()["choice"].clone();
        assert_eq!((choice("name"), choice("email"), choice("job_title")), (json!("survivor"), json!("both"), json!("other")));
        let asked = json!({"other": twin, "other_version": 1, "choices": {"name": "survivor"}});
        assert_eq!(code(&api.post(&address, &asked).await), "precondition_required");
        assert_eq!(code(&api.with("if-match", "\"v2\"").post(&address, &asked).await), "version_conflict");
        let at = api.with("if-match", "\"v1\"");
        assert_eq!(code(&at.post(&address, &json!({"other": twin})).await), "invalid_input");
        assert_eq!(code(&at.post(&address, &json!({"other": twin, "other_version": 7})).await), "version_conflict");
        let merged = at.post(&address, &asked).await;
        assert_eq!((merged.status, &merged.body["version"], &merged.body["job"]), (StatusCode::OK, &json!(2), &Value::Null), "{}", merged.body);

        let gone = api.get(&format!("/people/{twin}")).await;
        let problem = &gone.body["errors"][0];
        assert_eq!((gone.status, code(&gone), &problem["pointer"], &problem["code"], &problem["detail"]),
            (StatusCode::CONFLICT, "conflict", &json!("/merged_into"), &json!("merged"), &json!(ada)));
        assert_eq!(api.get(&format!("/people/{ada}")).await.body["fields"]["email"], json!(["ada@quell.example", "a@quell.example"]));
        assert_eq!(api.get(&format!("/records/note/{note}")).await.body["fields"]["person"], json!(ada));
        let people = api.get("/people").await;
        assert_eq!(people.body["items"].as_array().unwrap().len(), 1);

        let back = api.with("idempotency-key", "back").post(&format!("/people/{twin}/unmerge"), &json!({})).await;
        assert_eq!((back.status, &back.body["left"], &back.body["stuck"]), (StatusCode::OK, &json!([]), &json!(0)), "{}", back.body);
        let again = api.with("idempotency-key", "back").post(&format!("/people/{twin}/unmerge"), &json!({})).await;
        assert_eq!(again.body, back.body, "once");
        assert_eq!(code(&api.post(&format!("/people/{twin}/unmerge"), &json!({})).await), "conflict");
        assert_eq!(api.get(&format!("/people/{ada}")).await.body["fields"]["email"], json!(["ada@quell.example"]));
        assert_eq!(api.get(&format!("/records/note/{note}")).await.body["fields"]["person"], json!(twin));
    }

    async fn a_new_record_that_is_probably_there_comes_back_once_and_is_made_when_one_goes_on(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = ada.session_csrf();
        let first = ada.post("/people", &format!("csrf={csrf}&field.name=Karl+Quell&field.email=karl@quell.example")).await;
        assert_eq!(first.status(), StatusCode::SEE_OTHER);
        let id = location(&first).split(['/', '?']).find(|part| part.starts_with("rec_")).unwrap().to_owned();
        let form = format!("csrf={csrf}&field.name=K.+Quell&field.email=karl@quell.example");
        let warned = ada.post("/people", &form).await;
        assert_eq!(warned.status(), StatusCode::CONFLICT);
        let page = text(warned).await;
        assert!(page.contains("Karl Quell") && page.contains("same e-mail") && page.contains("Create anyway"), "{page}");
        assert!(page.contains(&format!("name=\"known\" value=\"{id}\"")));
        let made = ada.post("/people", &format!("{form}&known={id}")).await;
        assert_eq!(made.status(), StatusCode::SEE_OTHER, "whoever was told decides");
        let hint = text(ada.post("/duplicates/check?kind=person", &format!("csrf={csrf}&field.name=quell+karl&field.phone=")).await).await;
        assert!(hint.contains("Karl Quell") && hint.contains("same name") && !hint.contains("<html"), "{hint}");
        let none = text(ada.post("/duplicates/check?kind=person", &format!("csrf={csrf}&field.name=Somebody+Else")).await).await;
        assert_eq!(none.trim(), "");
        let own = text(ada.post(&format!("/duplicates/check?kind=person&own={id}"), &format!("csrf={csrf}&field.name=Karl+Quell")).await).await;
        assert!(!own.contains("Karl"), "{own}");
        assert_eq!(ada.post("/duplicates/check?kind=person", "field.name=Karl+Quell").await.status(), StatusCode::FORBIDDEN);
    }

    async fn a_pair_is_looked_for_merged_side_by_side_and_taken_back_on_pages(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = ada.session_csrf();
        let mut ids = Vec::new();
        for form in ["field.name=Karl+Quell&field.email=karl@quell.example&field.job_title=Clerk", "field.name=K.+Quell&field.email=karl@quell.example&field.job_title=Head&known="] {
            let known = ids.last().cloned().unwrap_or_default();
            let made = ada.post("/people", &format!("csrf={csrf}&{form}{known}")).await;
            ids.push(location(&made).split(['/', '?']).find(|part| part.starts_with("rec_")).unwrap().to_owned());
        }
        let [first, second] = ids.try_into().unwrap();
        assert!(text(ada.get("/duplicates").await).await.contains("Nobody has looked for duplicates yet"));
        assert_eq!(ada.post("/duplicates/scan", &format!("csrf={csrf}&kind=person&what=everything")).await.status(), StatusCode::SEE_OTHER);
        assert!(text(ada.get("/duplicates?kind=person").await).await.contains("Looking for duplicates"));
        scanned(&app).await;
        let page = text(ada.get("/duplicates?kind=person").await).await;
        assert!(page.contains("Karl Quell") && page.contains("K. Quell") && page.contains("almost certain") && page.contains("/duplicates/merge?survivor="), "{page}");
        let merge = format!("/duplicates/merge?survivor={first}&other={second}");
        let page = text(ada.get(&merge).await).await;
        assert!(page.contains("choice.job_title") && page.contains("Clerk") && page.contains("Head") && page.contains("Entries of the timeline") | page.contains("Nothing else points"), "{page}");
        let form = format!("csrf={csrf}&survivor={first}&other={second}&survivor_version=1&other_version=1&choice.job_title=other");
        let merged = ada.post("/duplicates/merge", &form).await;
        assert_eq!(location(&merged), format!("/people/{first}?merged={second}"));
        let page = text(ada.get(&location(&merged)).await).await;
        assert!(page.contains("Head") && page.contains("Merged into this record") && page.contains(&format!("/duplicates/merged/{second}")), "{page}");
        assert_eq!(location(&ada.get(&format!("/people/{second}")).await), format!("/duplicates/merged/{second}"));
        let page = text(ada.get(&format!("/duplicates/merged/{second}")).await).await;
        assert!(page.contains("This record was merged") && page.contains(&format!("/evidence/records/{second}")) && page.contains("K. Quell"), "{page}");
        assert!(ada.get(&format!("/evidence/records/{second}")).await.status().is_success());
        let back = ada.post(&format!("/duplicates/merged/{second}"), &format!("csrf={csrf}&version=1")).await;
        assert_eq!(location(&back), format!("/people/{second}?unmerged=1"));
        assert!(text(ada.get(&location(&back)).await).await.contains("The merge was taken back"));
        assert_eq!(ada.post("/duplicates/merge", &form).await.status(), StatusCode::PRECONDITION_FAILED, "what was looked at is old by now");
    }
}
