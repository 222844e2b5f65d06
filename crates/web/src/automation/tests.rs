//! The pages and the API of automation: what they say, refuse and keep to themselves.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value as Json, json};
use testkit::{TestApp, store_test};

use crate::identity::tests::{Browser, location, text as marked};

/// A page's text without the marks around what is put into a sentence.
async fn text(response: axum::response::Response) -> String {
    marked(response).await.replace(['\u{2068}', '\u{2069}'], "")
}

/// Does what is due, once the ledger stands.
async fn turns(app: &TestApp) {
    for _ in 0..4 {
        app.clock.advance(Duration::from_secs(1));
        app.settle().await.unwrap();
        crm::automation::turn(app).await.unwrap();
    }
}

async fn json_of(response: axum::response::Response) -> Json {
    serde_json::from_str(&text(response).await).unwrap()
}

store_test! {
    async fn a_webhook_is_made_and_its_secret_shown_once(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        assert!(text(browser.get("/settings/webhooks").await).await.contains("There are no webhooks yet"));
        let form = |url: &str| format!("csrf={csrf}&name=Warehouse&url={url}&purpose=sales&events=record.created&kinds=deal&inside=true");
        let wrong = browser.post("/settings/webhooks", &form("nowhere")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(wrong).await.contains("value=\"nowhere\""), "what was typed stays");
        let made = text(browser.post("/settings/webhooks", &form("http%3A%2F%2F127.0.0.1%3A1%2Fhooks")).await).await;
        assert!(made.contains("whsec_") && made.contains("http://127.0.0.1:1/hooks"), "{made}");
        assert!(!text(browser.get("/settings/webhooks").await).await.contains("whsec_"));
        let listed = json_of(browser.get("/api/v1/webhooks").await).await;
        assert!(!listed.to_string().contains("whsec_"));
        let id = listed["items"][0]["id"].as_str().unwrap().to_owned();
        turns(&app).await;
        browser.api(Method::POST, "/api/v1/deals", &json!({"fields": {"name": "Pumps", "stage": "lead"}})).await;
        turns(&app).await;
        let log = text(browser.get(&format!("/settings/webhooks/{id}")).await).await;
        assert!(log.contains("record created") && log.contains("Nothing answers at this address") && !log.contains("Pumps"), "{log}");
        let told = json_of(browser.get(&format!("/api/v1/webhooks/{id}/deliveries")).await).await;
        assert_eq!((&told["items"][0]["state"], &told["items"][0]["reason"]), (&json!("queued"), &json!("refused")));
        let off = browser.post(&format!("/settings/webhooks/{id}/off"), &format!("csrf={csrf}")).await;
        assert_eq!(location(&off), "/settings/webhooks?done=off");
        let tried = browser.api(Method::POST, &format!("/api/v1/webhooks/{id}/test"), &json!({})).await;
        assert_eq!(tried.status(), StatusCode::CONFLICT);
        let changed = browser.api(Method::POST, &format!("/api/v1/webhooks/{id}/secret"), &json!({})).await;
        assert!(text(changed).await.contains("whsec_"));
        let deleted = browser.post(&format!("/settings/webhooks/{id}/delete"), &format!("csrf={csrf}")).await;
        assert_eq!(location(&deleted), "/settings/webhooks?done=deleted");
    }

    async fn a_rule_reads_as_a_sentence_is_tried_switched_on_and_tells_what_it_did(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        let page = text(browser.get("/settings/automation?kind=deal").await).await;
        assert!(page.contains("There are no rules yet") && page.contains("New rule: Deal"), "{page}");
        let form = |days: &str| format!(
            "csrf={csrf}&kind=deal&name=Won+deals&on=stage&changed=&stage=stage%3Dwon&date=&days=0&if_field=name&if_op=contains&if_value=pumps\
             &task=Send+the+contract&task_days={days}&task_owner=&notify=owner&set_field=&set_value=&assign="
        );
        let wrong = browser.post("/settings/automation", &form("soon")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(wrong).await.contains("value=\"Send the contract\""));
        let made = browser.post("/settings/automation", &form("3")).await;
        let place = location(&made).to_owned();
        let rule = place.split('?').next().unwrap().to_owned();
        let page = text(browser.get(&place).await).await;
        assert!(page.contains("When Stage of a record “Deal” becomes") && page.contains("if Name contains pumps"), "{page}");
        assert!(page.contains("add the task “Send the contract” for the record’s owner, due in 3 days; tell the record’s owner"), "{page}");
        let deal = json_of(browser.api(Method::POST, "/api/v1/deals", &json!({"fields": {"name": "Pumps", "stage": "won", "close_reason": "won_fit"}})).await).await;
        let deal = deal["id"].as_str().unwrap().to_owned();
        turns(&app).await;
        let tried = text(browser.post(&format!("{rule}/rehearse"), &format!("csrf={csrf}")).await).await;
        assert!(tried.contains("would have acted 1 times") && tried.contains(&deal), "{tried}");
        assert!(json_of(browser.get("/api/v1/tasks").await).await["items"].as_array().unwrap().is_empty(), "a dry run does nothing");
        let on = browser.post(&format!("{rule}/on"), &format!("csrf={csrf}")).await;
        assert_eq!(location(&on), format!("{rule}?done=on"));
        turns(&app).await;
        browser.api(Method::POST, "/api/v1/deals", &json!({"fields": {"name": "More pumps", "stage": "won", "close_reason": "won_fit"}})).await;
        turns(&app).await;
        let tasks = json_of(browser.get("/api/v1/tasks").await).await;
        assert_eq!(tasks["items"].as_array().unwrap().len(), 1);
        let page = text(browser.get(&rule).await).await;
        assert!(page.contains("actions done: 2") && !page.contains("More pumps"), "{page}");
        assert!(text(browser.get("/notices").await).await.contains("A rule tells you of"));
        let id = rule.rsplit('/').next().unwrap();
        let runs = json_of(browser.get(&format!("/api/v1/rules/{id}/runs")).await).await;
        assert_eq!(runs["items"][0]["state"], "done");
        let shown = json_of(browser.get(&format!("/api/v1/rules/{id}")).await).await;
        assert_eq!((&shown["on"], &shown["trigger"]["value"]), (&json!(true), &json!("won")));
        let gone = browser.post(&format!("{rule}/delete"), &format!("csrf={csrf}")).await;
        assert_eq!(location(&gone), "/settings/automation?done=deleted");
        assert_eq!(browser.get(&rule).await.status(), StatusCode::NOT_FOUND);
    }
}
