//! Consent from outside: by forms alone, by program, and by whoever holds a letter.

use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use testkit::store_test;

use crate::identity::tests::{Browser, location, text};

async fn told(browser: &mut Browser, method: Method, path: &str, body: &Value) -> (StatusCode, Value) {
    let response = browser.api(method, path, body).await;
    let status = response.status();
    (status, serde_json::from_str(&text(response).await).unwrap_or_default())
}

async fn person(browser: &mut Browser) -> String {
    let made = json!({"fields": {"name": "Ada Quellenbrunn", "email": ["ada@q.example"]}});
    let (status, made) = told(browser, Method::POST, "/api/v1/people", &made).await;
    assert_eq!(status, StatusCode::CREATED);
    made["id"].as_str().unwrap().to_owned()
}

async fn sales(browser: &mut Browser) -> String {
    let csrf = browser.session_csrf();
    browser.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
    csrf
}

async fn standing(browser: &mut Browser, person: &str) -> Value {
    let held: Value = serde_json::from_str(&text(browser.get(&format!("/api/v1/consents?person={person}")).await).await).unwrap();
    held
}

store_test! {
    async fn a_consent_is_entered_with_the_words_that_were_shown_by_forms_alone(app: TestApp) {
        let mut kim = Browser::set_up(&app).await;
        let csrf = sales(&mut kim).await;
        let ada = person(&mut kim).await;
        let page = text(kim.get("/settings/privacy-notices").await).await;
        assert!(page.contains("no consent can be proven"));
        let bad = kim.post("/settings/privacy-notices", &format!("csrf={csrf}&purpose=marketing&language=English&title=News&text=Once+a+month")).await;
        assert_eq!(bad.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(bad).await.contains("Once a month"), "what was typed stays");
        let made = kim.post("/settings/privacy-notices", &format!("csrf={csrf}&purpose=marketing&language=en&title=News&text=Once+a+month")).await;
        assert_eq!(location(&made), "/settings/privacy-notices?done=saved");
        let page = text(kim.get(&format!("/consents/{ada}")).await).await;
        let notice = page.split("value=\"pno_").nth(1).unwrap().split('"').next().unwrap();
        assert!(page.contains("Needs consent, and none was given."));
        let form = format!("csrf={csrf}&purpose=marketing&act=given&channel=phone&notice=pno_{notice}");
        assert_eq!(location(&kim.post(&format!("/consents/{ada}"), &form).await), format!("/consents/{ada}?done=entered"));
        let page = text(kim.get(&format!("/consents/{ada}")).await).await;
        assert!(page.contains("by telephone") && page.contains("Was shown") && page.contains("consented"));
        assert_eq!(standing(&mut kim, &ada).await["items"][0]["proven"], true);
        let record = text(kim.get(&format!("/people/{ada}")).await).await;
        assert!(record.contains(&format!("/consents/{ada}")) && record.contains("with consent"));
        let wrong = kim.post(&format!("/consents/{ada}"), &format!("csrf={csrf}&purpose=sales&act=withdrawn&channel=phone")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        // They object to the very purpose acted for: out of sight from then on, and the page says so.
        let closed = text(kim.post(&format!("/consents/{ada}"), &format!("csrf={csrf}&purpose=sales&act=objected&channel=phone")).await).await;
        assert!(closed.contains("you no longer see this person"));
        assert_eq!(kim.get(&format!("/people/{ada}")).await.status(), StatusCode::NOT_FOUND);
    }

    async fn a_program_enters_what_was_said_once_and_reads_what_holds(app: TestApp) {
        let mut kim = Browser::set_up(&app).await;
        sales(&mut kim).await;
        let ada = person(&mut kim).await;
        let (status, notice) =
            told(&mut kim, Method::POST, "/api/v1/privacy-notices", &json!({"purpose": "marketing", "language": "en", "title": "News", "text": "Once a month"})).await;
        assert_eq!((status, &notice["version"]), (StatusCode::CREATED, &json!(1)));
        let given = json!({"person": ada, "purpose": "marketing", "act": "given", "channel": "web_form", "notice": notice["id"]});
        let (status, entered) = told(&mut kim, Method::POST, "/api/v1/consents", &given).await;
        assert!(status == StatusCode::CREATED && entered["id"].as_str().unwrap().starts_with("con_"));
        let held = standing(&mut kim, &ada).await;
        let marketing = held["standing"].as_array().unwrap().iter().find(|one| one["purpose"] == "marketing").unwrap();
        assert_eq!((&marketing["allowed"], &marketing["by"]), (&json!(true), &json!("given")));
        let visit = |gpc: bool| json!({"events": [{"name": "Opened prices", "url": "https://shop.example/prices", "email": "ada@q.example", "gpc": gpc}, {"name": "x", "email": "nobody@q.example"}]});
        let (_, kept) = told(&mut kim, Method::POST, "/api/v1/collect", &visit(false)).await;
        assert_eq!((&kept["kept"], &kept["refused"]), (&json!(1), &json!({"no_consent": 1})));
        let (_, kept) = told(&mut kim, Method::POST, "/api/v1/collect", &visit(true)).await;
        assert_eq!((&kept["kept"], &kept["refused"]), (&json!(0), &json!({"gpc": 1, "no_consent": 1})));
        assert_eq!(standing(&mut kim, &ada).await["items"][0]["channel"], "signal");
        let (status, refused) = told(&mut kim, Method::POST, "/api/v1/collect", &json!({"events": [{"name": "x"}]})).await;
        assert_eq!((status, &refused["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/events/0/person")));
        let (status, _) = told(&mut kim, Method::POST, "/api/v1/consents", &json!({"person": ada, "purpose": "marketing", "act": "expired", "channel": "phone"})).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn an_address_that_is_not_ours_takes_nobody_out(app: TestApp) {
        let mut stranger = Browser::new(&app);
        let page = stranger.get("/p/unsubscribe/AAAA").await;
        assert_eq!(page.status(), StatusCode::NOT_FOUND);
        let click = Request::post("/p/unsubscribe/AAAA").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let click = stranger.send(click.body("List-Unsubscribe=One-Click".into()).unwrap()).await;
        assert_eq!(click.status(), StatusCode::NOT_FOUND);
    }
}
