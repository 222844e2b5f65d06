//! Service targets and clocks at their pages and through the API.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{TestApp, store_test};

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, text},
};

async fn page(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    let status = answer.status();
    let page = text(answer).await;
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    page
}

async fn got(browser: &mut Browser, path: &str) -> Value {
    serde_json::from_str(&page(browser, path).await).unwrap()
}

async fn made(browser: &mut Browser, kind: &str, fields: Value) -> String {
    let answer = browser.api(Method::POST, &format!("/api/v1/records/{kind}"), &json!({ "fields": fields })).await;
    let status = answer.status();
    let body = text(answer).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    serde_json::from_str::<Value>(&body).unwrap()["id"].as_str().unwrap().to_owned()
}

async fn set_up(app: &TestApp) -> Browser {
    let mut ada = Browser::set_up(app).await;
    let csrf = ada.session_csrf();
    ada.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
    ada
}

store_test! {
    async fn targets_are_read_changed_and_refused_at_the_api(app: TestApp) {
        let mut ada = set_up(&app).await;
        let mut shipped = got(&mut ada, "/api/v1/service-targets").await;
        assert_eq!((&shipped["version"], &shipped["targets"]["urgent"]["reply"], &shipped["hours"]["week"]["friday"]), (&json!(0), &json!(60), &json!("09:00-17:00")));
        shipped["targets"]["urgent"]["reply"] = json!(30);
        shipped["hours"]["holidays"] = json!(["2026-12-24"]);
        let answer = ada.api(Method::PUT, "/api/v1/service-targets", &shipped).await;
        assert_eq!(answer.status(), StatusCode::OK, "{}", text(answer).await);
        let set = got(&mut ada, "/api/v1/service-targets").await;
        assert_eq!((&set["version"], &set["targets"]["urgent"]["reply"]), (&json!(1), &json!(30)));
        assert_eq!(ada.api(Method::PUT, "/api/v1/service-targets", &shipped).await.status(), StatusCode::PRECONDITION_FAILED, "it was version 0 that was changed");
        let mut wrong = set.clone();
        wrong["ends"] = json!(["unicorn"]);
        let refused = ada.api(Method::PUT, "/api/v1/service-targets", &wrong).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(refused).await.contains("/ends"));
        wrong["what"] = json!(1);
        assert_eq!(ada.api(Method::PUT, "/api/v1/service-targets", &wrong).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let mut grace = agent(&app, &mut ada).await;
        assert_eq!(grace.api(Method::PUT, "/api/v1/service-targets", &set).await.status(), StatusCode::FORBIDDEN);
    }

    async fn a_case_shows_its_clock_and_home_what_presses(app: TestApp) {
        let mut ada = set_up(&app).await;
        let id = made(&mut ada, "case", json!({"title": "It burns", "status": "new", "priority": "urgent"})).await;
        let clock = got(&mut ada, &format!("/api/v1/cases/{id}/clock")).await;
        assert_eq!((&clock["state"], &clock["reply"]["allowed_minutes"], &clock["stretches"][0]["runs"]), (&json!("on_time"), &json!(60), &json!(true)));
        let shown = page(&mut ada, &format!("/records/case/{id}")).await;
        for words in ["Service target", "First answer", "Priority Urgent: a first answer within 1 h, a solution within 8 h.", "Counted in working hours", "/settings/service"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert!(page(&mut ada, "/").await.contains("My cases due"));
        let answer = ada.api(Method::POST, "/api/v1/cases/search", &json!({"filter": {"field": "service", "op": "in", "value": ["on_time"]}, "sort": {"by": "service_due"}})).await;
        assert!(text(answer).await.contains(&id), "lists filter and sort by it");
        let person = made(&mut ada, "person", json!({"name": "Bob"})).await;
        assert_eq!(ada.get(&format!("/api/v1/cases/{person}/clock")).await.status(), StatusCode::NOT_FOUND);
        let report = got(&mut ada, "/api/v1/reports/service?by=owner").await;
        assert_eq!((&report["total"]["cases"], &report["total"]["reply"]["open"]), (&json!(1), &json!(1)));
        assert!(page(&mut ada, "/reports/service").await.contains("Answered in time"));
    }

    async fn what_a_customer_bought_stands_on_their_page_and_at_the_api(app: TestApp) {
        let mut ada = set_up(&app).await;
        let person = made(&mut ada, "person", json!({"name": "Bob"})).await;
        for (n, placed) in [(1, "2026-01-05"), (2, "2026-03-01")] {
            made(&mut ada, "order", json!({"number": format!("O-{n}"), "total": {"minor": 12_345 * n, "currency": "EUR"}, "placed": placed, "person": person})).await;
        }
        let bought = got(&mut ada, &format!("/api/v1/people/{person}/purchases")).await;
        assert_eq!((&bought["orders"], &bought["total"][0]["minor"], &bought["first"], &bought["latest"][0]["title"]), (&json!(2), &json!(37_035), &json!("2026-01-05"), &json!("O-2")));
        let shown = page(&mut ada, &format!("/people/{person}")).await;
        for words in ["Purchases", "370.35 EUR", "185.18 EUR", "O-2"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        let case = made(&mut ada, "case", json!({"title": "It burns"})).await;
        assert_eq!(ada.get(&format!("/api/v1/cases/{case}/purchases")).await.status(), StatusCode::NOT_FOUND);
    }

    async fn targets_that_cannot_be_are_refused_at_the_page_with_what_was_typed(app: TestApp) {
        let mut ada = set_up(&app).await;
        let csrf = ada.session_csrf();
        let form = format!("csrf={csrf}&version=0&reply_urgent=later&solve_urgent=8:00&usual=urgent&zone=Europe/Berlin&day_monday=09:00-17:00&warn=25&ends=solved");
        let answer = ada.post("/settings/service", &form).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let shown = text(answer).await;
        assert!(shown.contains("value=\"later\"") && shown.contains("such as 1:30"), "{shown}");
        let answer = ada.post("/settings/service", &form.replace("later", "0:45")).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert!(page(&mut ada, "/settings/service?done=saved").await.contains("value=\"0:45\""));
        let mut grace = agent(&app, &mut ada).await;
        assert_eq!(grace.get("/settings/service").await.status(), StatusCode::FORBIDDEN);
    }
}
