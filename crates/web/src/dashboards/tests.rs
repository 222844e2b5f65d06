//! Dashboards at their pages and through the API: composed by forms, filled for whoever reads them.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{TestApp, store_test};

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, location, text},
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

async fn set_up(app: &TestApp) -> Browser {
    let mut ada = Browser::set_up(app).await;
    let csrf = ada.session_csrf();
    ada.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
    ada
}

// The clock stands at 21 November 2026.
store_test! {
    async fn a_dashboard_is_composed_by_forms_and_stands_on_the_desk(app: TestApp) {
        let mut ada = set_up(&app).await;
        let deal = json!({"fields": {"name": "Alder", "stage": "won", "amount": {"minor": 10_000, "currency": "EUR"}, "close_reason": "won_price"}});
        assert_eq!(ada.api(Method::POST, "/api/v1/records/deal", &deal).await.status(), StatusCode::CREATED);
        let csrf = ada.session_csrf();
        let unnamed = ada.post("/dashboards", &format!("csrf={csrf}&name=&shared=no")).await;
        assert_eq!(unnamed.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let made = ada.post("/dashboards", &format!("csrf={csrf}&name=Monday&shared=all")).await;
        let address = location(&made).split('?').next().unwrap().to_owned();
        let mut version = 1;
        for show in ["by_month", "win_rate", "forecast"] {
            let added = ada.post(&address, &format!("csrf={csrf}&version={version}&act=add&show={show}&period=this_year&view=&pipeline=")).await;
            assert_eq!(added.status(), StatusCode::SEE_OTHER, "{}", text(added).await);
            version += 1;
        }
        let found = page(&mut ada, &format!("{address}?compose=yes")).await;
        assert!(found.contains("Won and lost by month") && found.contains("100 %") && found.contains("tile-0-chart"), "{found}");
        ada.post(&address, &format!("csrf={csrf}&version={version}&act=up&tile=1")).await;
        let told = got(&mut ada, &format!("/api/v1{address}")).await;
        assert_eq!((&told["tiles"][0]["show"], &told["tiles"][1]["show"], &told["version"]), (&json!("win_rate"), &json!("by_month"), &json!(5)));
        let late = ada.post(&address, &format!("csrf={csrf}&version=2&act=remove&tile=0")).await;
        assert_eq!(late.status(), StatusCode::PRECONDITION_FAILED, "somebody else composed it meanwhile");
        ada.post(&address, &format!("csrf={csrf}&act=home")).await;
        assert!(page(&mut ada, "/").await.contains("Monday"));
        assert!(page(&mut ada, "/dashboards").await.contains("on Home"));
        let gone = ada.post(&address, &format!("csrf={csrf}&act=delete")).await;
        assert_eq!(location(&gone), "/dashboards?done=deleted");
        assert!(!page(&mut ada, "/").await.contains("Monday"));
    }

    async fn the_tiles_of_a_dashboard_are_told_to_each_reader_as_they_may_see_them(app: TestApp) {
        let mut ada = set_up(&app).await;
        let task = json!({"fields": {"title": "Call Birch", "priority": "high"}});
        assert_eq!(ada.api(Method::POST, "/api/v1/records/task", &task).await.status(), StatusCode::CREATED);
        let view = ada.api(Method::POST, "/api/v1/views", &json!({"kind": "task", "name": "Urgent", "shared": true})).await;
        let view: Value = serde_json::from_str(&text(view).await).unwrap();
        let tiles = json!([{"show": "view_count", "view": view["id"]}, {"show": "view_rows", "view": view["id"]}, {"show": "funnel"}, {"show": "sales", "period": "days30"}]);
        let made = ada.api(Method::POST, "/api/v1/dashboards", &json!({"name": "Mine", "shared": "all", "tiles": tiles})).await;
        assert_eq!(made.status(), StatusCode::CREATED);
        let made: Value = serde_json::from_str(&text(made).await).unwrap();
        let address = format!("/api/v1/dashboards/{}", made["id"].as_str().unwrap());
        let told = got(&mut ada, &format!("{address}/data")).await;
        assert_eq!((&told["tiles"][0]["data"]["total"], &told["tiles"][1]["data"]["items"][0]["title"]), (&json!(1), &json!("Call Birch")));
        assert_eq!((&told["tiles"][2]["data"]["deals"], &told["tiles"][3]["data"]["total"]["lines"]), (&json!(0), &json!(0)));
        assert!(page(&mut ada, &address.replace("/api/v1", "")).await.contains("Call Birch"));
        let wrong = ada.api(Method::POST, "/api/v1/dashboards", &json!({"name": "X", "shared": "no", "tiles": [{"show": "view_rows"}]})).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let mut grace = agent(&app, &mut ada).await;
        assert_eq!(grace.api(Method::DELETE, &address, &json!(null)).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(ada.api(Method::PUT, &address, &json!({"name": "Mine", "shared": "no", "tiles": []})).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(grace.get(&address).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(ada.api(Method::DELETE, &address, &json!(null)).await.status(), StatusCode::NO_CONTENT);
    }
}
