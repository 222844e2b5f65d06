//! Home: what somebody finds there is theirs, and nobody finds what they may not see.

use http::{Method, StatusCode};
use jiff::ToSpan as _;
use serde_json::{Value, json};
use testkit::store_test;

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, text},
};

async fn made(browser: &mut Browser, kind: &str, fields: Value) -> String {
    let answer = browser.api(Method::POST, &format!("/api/v1/{kind}"), &json!({ "fields": fields })).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    let made: Value = serde_json::from_str(&text(answer).await).unwrap();
    made["id"].as_str().unwrap().to_owned()
}

async fn acting(browser: &mut Browser, purpose: &str) {
    let csrf = browser.session_csrf();
    browser.post("/purpose", &format!("csrf={csrf}&purpose={purpose}&return=/")).await;
}

store_test! {
    async fn a_fresh_house_says_what_to_do_and_a_busy_one_shows_what_waits_for_whom(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        acting(&mut ada, "sales").await;
        let fresh = text(ada.get("/").await).await;
        for words in ["No open tasks of yours", "Write a task", "Nothing opened yet", "Nothing waits for you", "No open request"] {
            assert!(fresh.contains(words), "{words}");
        }
        let today = app.clock.now().day();
        let day = |days: i64| today.saturating_add(days.days()).to_string();
        let person = made(&mut ada, "people", json!({"name": "Chiara Lombardi"})).await;
        made(&mut ada, "records/task", json!({"title": "Send the offer", "due": day(-2), "person": person})).await;
        made(&mut ada, "records/task", json!({"title": "Done already", "due": day(-1), "done": true})).await;
        made(&mut ada, "records/deal", json!({"name": "Showroom Milano", "stage": "offer", "expected_close": day(9), "amount": {"minor": 4_850_000, "currency": "EUR"}})).await;
        made(&mut ada, "records/deal", json!({"name": "Won long ago", "stage": "won", "expected_close": day(3)})).await;
        made(&mut ada, "records/deal", json!({"name": "Next year", "stage": "lead", "expected_close": day(200)})).await;
        ada.get(&format!("/people/{person}")).await;
        let ask = json!({"person": person, "right": "access", "reason": "By letter."});
        assert_eq!(ada.api(Method::POST, "/api/v1/requests", &ask).await.status(), StatusCode::CREATED);
        let home = text(ada.get("/").await).await;
        let part = |id: &str| home.split(&format!("aria-labelledby=\"{id}\"")).nth(1).unwrap().split("</section>").next().unwrap().to_owned();
        let tasks = part("tasks");
        assert!(tasks.contains("Send the offer") && tasks.contains("2 days late") && tasks.contains("Chiara Lombardi"), "{tasks}");
        assert!(!tasks.contains("Done already"));
        let closing = part("closing");
        assert!(closing.contains("Showroom Milano") && closing.contains("48,500.00 EUR") && closing.contains("9 days left"), "{closing}");
        assert!(!closing.contains("Won long ago") && !closing.contains("Next year"));
        assert!(part("recent").contains("Chiara Lombardi"));
        assert!(part("changed").contains("Won long ago"));
        assert!(part("due").contains("Access") && part("due").contains("Chiara Lombardi"));
        assert!(home.contains("recorded as one event"));
        // An agent handles no requests, approves nothing, owns none of it and never opened a record.
        let mut grace = agent(&app, &mut ada).await;
        acting(&mut grace, "sales").await;
        let hers = text(grace.get("/").await).await;
        for words in ["Send the offer", "Showroom Milano", "id=\"due\"", "id=\"waiting\""] {
            assert!(!hers.contains(words), "{words}");
        }
        assert!(hers.contains("Nothing opened yet"));
    }

    async fn opening_home_leaves_one_event_beside_that_of_its_first_steps(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        acting(&mut ada, "sales").await;
        made(&mut ada, "people", json!({"name": "Chiara Lombardi"})).await;
        made(&mut ada, "records/task", json!({"title": "Send the offer"})).await;
        let count = || app.store().read(|tx| tx.one("SELECT COUNT(*) FROM event WHERE name LIKE 'record.%'", &[], |row| row.get::<i64>(0)));
        let before = count().await.unwrap();
        ada.get("/").await;
        assert_eq!(count().await.unwrap() - before, 2, "whoever manages the house is also asked whether anybody is there yet");
        let mut grace = agent(&app, &mut ada).await;
        acting(&mut grace, "sales").await;
        let before = count().await.unwrap();
        grace.get("/").await;
        assert_eq!(count().await.unwrap() - before, 1);
    }
}
