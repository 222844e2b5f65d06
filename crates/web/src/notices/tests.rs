//! What somebody is told of, from outside.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::store_test;

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, location, text},
};

async fn acting(browser: &mut Browser, purpose: &str) {
    let csrf = browser.session_csrf();
    browser.post("/purpose", &format!("csrf={csrf}&purpose={purpose}&return=/")).await;
}

async fn api(browser: &mut Browser, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let answer = browser.api(method, path, body).await;
    let status = answer.status();
    (status, serde_json::from_str(&text(answer).await).unwrap_or_default())
}

async fn send(browser: &mut Browser, path: &str, form: &str) -> (StatusCode, String, String) {
    let csrf = browser.session_csrf();
    let answer = browser.post(path, &format!("csrf={csrf}&{form}")).await;
    let (status, to) = (answer.status(), location(&answer));
    (status, to, text(answer).await)
}

store_test! {
    async fn who_is_mentioned_finds_it_on_the_bell_the_page_the_desk_and_by_api(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        acting(&mut ada, "sales").await;
        let mut grace = agent(&app, &mut ada).await;
        acting(&mut grace, "sales").await;
        let (_, chiara) = api(&mut ada, Method::POST, "/api/v1/people", &json!({"fields": {"name": "Chiara Lombardi"}})).await;
        let person = chiara["id"].as_str().unwrap().to_owned();
        assert!(text(grace.get("/notices").await).await.contains("Nothing yet"));
        let (status, to, _) = send(&mut ada, &format!("/people/{person}/log"), "as=comment&text=%40Grace+Hopper%2C+please+call+her").await;
        assert_eq!((status, to), (StatusCode::SEE_OTHER, format!("/people/{person}?logged=comment#time")));
        let page = text(grace.get("/notices").await).await;
        for words in ["Notifications, 1 not read", "mentioned you in", "please call her", "Chiara Lombardi", &format!("/people/{person}#time"), "Mark all as read"] {
            assert!(page.contains(words), "{words}");
        }
        let desk = text(grace.get("/").await).await;
        assert!(desk.contains("For me") && desk.contains("please call her"));
        assert!(!text(ada.get("/").await).await.contains("For me"), "who wrote it is not told");
        let (status, told) = api(&mut grace, Method::GET, "/api/v1/notices?unread=true", &Value::Null).await;
        assert_eq!((status, told["items"].as_array().unwrap().len(), &told["items"][0]["why"], &told["next"]), (StatusCode::OK, 1, &json!("mention"), &Value::Null));
        let id = told["items"][0]["id"].as_str().unwrap().to_owned();
        let (_, stolen) = api(&mut ada, Method::POST, "/api/v1/notices/seen", &json!({"ids": [id]})).await;
        assert_eq!(stolen["seen"], 0, "nobody marks what others were told");
        let (status, to, _) = send(&mut grace, "/notices/seen", &format!("id={id}&return=/notices")).await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/notices"));
        let page = text(grace.get("/notices").await).await;
        assert!(page.contains("aria-label=\"Notifications\"") && page.contains("please call her") && !page.contains("Mark all as read"));
        assert!(text(grace.get("/notices?show=unread").await).await.contains("You have read everything"));
        assert!(!text(grace.get("/").await).await.contains("For me"));
        for body in [json!({}), json!({"ids": [], "up_to": id}), json!({"up_to": "rec_1"})] {
            let (status, _) = api(&mut grace, Method::POST, "/api/v1/notices/seen", &body).await;
            assert!(status.is_client_error(), "{body}");
        }
        for path in ["/api/v1/notices?limit=0", "/api/v1/notices?cursor=x", "/api/v1/notices?unread=maybe", "/api/v1/notices?whose=all"] {
            assert!(api(&mut grace, Method::GET, path, &Value::Null).await.0.is_client_error(), "{path}");
        }
    }

    async fn what_a_purpose_does_not_serve_is_told_without_a_word_of_it(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        acting(&mut ada, "sales").await;
        let mut grace = agent(&app, &mut ada).await;
        acting(&mut grace, "sales").await;
        let (_, users) = api(&mut ada, Method::GET, "/api/v1/users", &Value::Null).await;
        let hers = users["items"].as_array().unwrap().iter().find(|user| user["name"] == "Grace Hopper").unwrap()["id"].clone();
        let fields = json!({"title": "Ask about the allergy", "mentions": [hers]});
        let (status, _) = api(&mut ada, Method::POST, "/api/v1/notes", &json!({"fields": fields})).await;
        assert_eq!(status, StatusCode::CREATED, "a note made by a program tells as well");
        assert!(text(grace.get("/notices").await).await.contains("allergy"));
        acting(&mut grace, "marketing").await;
        let page = text(grace.get("/notices").await).await;
        assert!(!page.contains("allergy") && page.contains("may not see, acting for"), "{page}");
        let (status, refused) = api(&mut ada, Method::POST, "/api/v1/notes", &json!({"fields": {"title": "x", "mentions": ["usr_00000000000000000000000001"]}})).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (StatusCode::CONFLICT, &json!("/fields/mentions")));
    }
}
