//! One decision over many records, from outside: by forms alone, and by program.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::store_test;

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, location, text},
};

async fn deals(browser: &mut Browser) -> Vec<String> {
    let csrf = browser.session_csrf();
    browser.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
    let mut ids = Vec::new();
    for (name, stage) in [("Alder", "lead"), ("Birch", "lead"), ("Cedar", "won")] {
        let made = browser.api(Method::POST, "/api/v1/deals", &json!({"fields": {"name": name, "stage": stage}})).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let made: Value = serde_json::from_str(&text(made).await).unwrap();
        ids.push(made["id"].as_str().unwrap().to_owned());
    }
    ids
}

async fn stages(browser: &mut Browser) -> Vec<String> {
    let list: Value = serde_json::from_str(&text(browser.get("/api/v1/deals?sort=name").await).await).unwrap();
    list["items"].as_array().unwrap().iter().map(|item| item["fields"]["stage"].as_str().unwrap_or_default().to_owned()).collect()
}

store_test! {
    async fn rows_are_chosen_previewed_and_changed_by_forms_alone(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let ids = deals(&mut ada).await;
        let csrf = ada.session_csrf();
        let list = text(ada.get("/records/deal").await).await;
        assert!(list.contains(&format!("form=\"bulk\" name=\"chosen\" value=\"{}\"", ids[0])) && list.contains("All 3 that match…"));
        assert_eq!(ada.post("/records/deal/bulk", &format!("csrf={csrf}")).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "nothing was ticked");
        let to = location(&ada.post("/records/deal/bulk", &format!("csrf={csrf}&chosen={}&chosen={}", ids[0], ids[2])).await);
        assert!(to.starts_with("/bulk/blk_"), "{to}");
        let page = text(ada.get(&to).await).await;
        assert!(page.contains("2 chosen of deals") && page.contains("Give them an owner") && page.contains("Stage") && !page.contains("field.stage"));
        assert!(text(ada.get(&format!("{to}?again=1&field=stage")).await).await.contains("name=\"field.stage\""));
        let refused = ada.post(&format!("{to}/weigh"), &format!("csrf={csrf}&act=set&field=amount&field.amount=much&field.amount_currency=EUR")).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(refused).await.contains("notice wrong"));
        assert_eq!(location(&ada.post(&format!("{to}/weigh"), &format!("csrf={csrf}&act=set&field=stage&field.stage=won")).await), to);
        let page = text(ada.get(&to).await).await;
        assert!(page.contains("Stage becomes Won") && page.contains("Will change") && page.contains("So already") && page.contains("Change the one record"));
        assert_eq!(stages(&mut ada).await, ["lead", "lead", "won"], "a preview changes nothing");
        assert_eq!(location(&ada.post(&format!("{to}/run"), &format!("csrf={csrf}")).await), to);
        let page = text(ada.get(&to).await).await;
        assert!(page.contains("What came of it") && page.contains("Changed") && !page.contains("Change the one record"));
        assert_eq!(stages(&mut ada).await, ["won", "lead", "won"]);
        // All that match, of a filtered list, to somebody.
        let to = location(&ada.post("/records/deal/bulk", &format!("csrf={csrf}&field=stage&op=eq&value=won&all=true")).await);
        let me: Value = serde_json::from_str(&text(ada.get("/api/v1/me").await).await).unwrap();
        ada.post(&format!("{to}/weigh"), &format!("csrf={csrf}&act=assign&owner={}", me["staff"].as_str().unwrap())).await;
        let page = text(ada.get(&to).await).await;
        assert!(page.contains("2 chosen of deals") && page.contains("Ada becomes the owner") && page.contains("So already"));
        ada.post(&format!("{to}/weigh"), &format!("csrf={csrf}&act=assign&owner=")).await;
        ada.post(&format!("{to}/run"), &format!("csrf={csrf}")).await;
        assert!(text(ada.get("/records/deal?field=owner&op=is_empty&value=").await).await.contains("2 · 2 shown"));
    }

    async fn whoever_may_change_nothing_sees_no_boxes_and_is_refused(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let ids = deals(&mut ada).await;
        let mut grace = agent(&app, &mut ada).await;
        let csrf = grace.session_csrf();
        grace.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
        // An agent changes what is theirs or their team's: these are Ada's.
        let to = location(&grace.post("/records/deal/bulk", &format!("csrf={csrf}&chosen={}", ids[0])).await);
        grace.post(&format!("{to}/weigh"), &format!("csrf={csrf}&act=set&field=stage&field.stage=won")).await;
        let page = text(grace.get(&to).await).await;
        assert!(page.contains("not yours to change") && !page.contains("/run\""), "{page}");
        assert!(!page.contains("Propose them for disposal"));
        let refused = grace.post(&format!("{to}/weigh"), &format!("csrf={csrf}&act=propose&reason=over")).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert_eq!(ada.get(&to).await.status(), StatusCode::NOT_FOUND, "a set is its chooser's");
    }

    async fn a_program_weighs_then_runs(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let ids = deals(&mut ada).await;
        let act = json!({"do": "set", "field": "stage", "value": "lost"});
        let asked = json!({"act": act, "filter": {"field": "stage", "op": "eq", "value": "lead"}});
        let weighed = ada.api(Method::POST, "/api/v1/records/deal/bulk", &asked).await;
        assert_eq!(weighed.status(), StatusCode::CREATED);
        let path = location(&weighed);
        let weighed: Value = serde_json::from_str(&text(weighed).await).unwrap();
        assert_eq!((&weighed["state"], &weighed["total"], &weighed["counts"]["change"], &weighed["act"]), (&json!("weighed"), &json!(2), &json!(2), &json!({"do": "set", "field": "stage"})));
        let done = ada.api(Method::POST, &format!("{path}/run"), &json!(null)).await;
        assert_eq!(done.status(), StatusCode::OK);
        let done: Value = serde_json::from_str(&text(done).await).unwrap();
        assert_eq!((&done["state"], &done["done"], &done["counts"]["change"]), (&json!("done"), &json!(2), &json!(2)));
        assert_eq!(stages(&mut ada).await, ["lost", "lost", "won"]);
        assert_eq!(ada.api(Method::POST, &format!("{path}/run"), &json!(null)).await.status(), StatusCode::CONFLICT);
        for bad in [json!({"act": act, "ids": [ids[0]], "filter": null, "more": 1}), json!({"act": {"do": "set", "field": "stage"}, "ids": [ids[0]]}),
            json!({"act": {"do": "fly"}}), json!({"act": act, "ids": []}), json!({"act": act, "ids": ["x"]}),
            json!({"act": act, "ids": [ids[0]], "filter": {"field": "stage", "op": "eq", "value": "won"}})] {
            assert_eq!(ada.api(Method::POST, "/api/v1/deals/bulk", &bad).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }
    }
}
