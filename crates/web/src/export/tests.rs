//! Exports from outside: a page and a program take out the same list, and nobody who may not.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use testkit::store_test;

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, location, text},
};

async fn people(browser: &mut Browser) {
    let csrf = browser.session_csrf();
    browser.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
    for (name, relation) in [("Chiara Lombardi", "customer"), ("Amara Okafor", "lead"), ("Zoë Reyes", "customer")] {
        let made = browser.api(Method::POST, "/api/v1/people", &json!({"fields": {"name": name, "relation": relation}})).await;
        assert_eq!(made.status(), StatusCode::CREATED);
    }
}

store_test! {
    async fn a_page_takes_out_exactly_its_list_and_a_program_the_same(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        people(&mut ada).await;
        let csrf = ada.session_csrf();
        let list = text(ada.get("/people?sort=name&field=relation&op=eq&value=customer").await).await;
        assert!(list.contains("action=\"/people/export\"") && list.contains("name=\"value\" value=\"customer\""), "the form carries the list");
        let form = format!("csrf={csrf}&sort=name&field=relation&op=eq&value=customer&format=csv&purpose=sales");
        let address = location(&ada.post("/people/export", &form).await);
        assert!(address.starts_with("/exports/art_"), "{address}");
        assert!(text(ada.get(&address).await).await.contains("data-job=\"running\""));
        assert_eq!(ada.post(&format!("{address}/download"), &format!("csrf={csrf}")).await.status(), StatusCode::NOT_FOUND, "not whole yet");
        app.clock.advance(std::time::Duration::from_secs(1));
        app.work_off(&crm::export::handlers()).await.unwrap();
        let page = text(ada.get(&address).await).await;
        assert!(page.contains("The file is ready") && page.contains("2 records"), "{page}");
        let file = ada.post(&format!("{address}/download"), &format!("csrf={csrf}")).await;
        assert_eq!(file.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert!(file.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().ends_with(".csv\""));
        let page_file = text(file).await;
        let lines: Vec<&str> = page_file.lines().map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(lines, ["\u{feff}Name", "Chiara Lombardi", "Zoë Reyes"]);
        let asked = json!({"filter": {"field": "relation", "op": "eq", "value": "customer"}, "sort": {"by": "name"}, "fields": ["relation"], "format": "csv"});
        let begun = ada.api(Method::POST, "/api/v1/people/exports", &asked).await;
        assert_eq!(begun.status(), StatusCode::ACCEPTED);
        let begun: Value = serde_json::from_str(&text(begun).await).unwrap();
        let export = format!("/api/v1/exports/{}", begun["export"].as_str().unwrap());
        app.clock.advance(std::time::Duration::from_secs(1));
        app.work_off(&crm::export::handlers()).await.unwrap();
        let standing: Value = serde_json::from_str(&text(ada.get(&export).await).await).unwrap();
        assert_eq!(standing["ready"], true);
        assert_eq!(text(ada.get(&format!("{export}/file")).await).await, "\u{feff}Name,Relation\r\nChiara Lombardi,Customer\r\nZoë Reyes,Customer\r\n");
    }

    async fn whoever_may_not_export_sees_no_form_and_is_refused_and_a_file_is_nobody_elses(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        people(&mut ada).await;
        let mut grace = agent(&app, &mut ada).await;
        let csrf = grace.session_csrf();
        grace.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
        let list = text(grace.get("/people").await).await;
        assert!(list.contains("Amara Okafor") && !list.contains("/people/export"));
        let form = format!("csrf={csrf}&format=csv&purpose=sales");
        assert_eq!(grace.post("/people/export", &form).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(grace.api(Method::POST, "/api/v1/people/exports", &json!({"format": "csv"})).await.status(), StatusCode::FORBIDDEN);
        let begun = ada.api(Method::POST, "/api/v1/people/exports", &json!({"format": "xlsx"})).await;
        let begun: Value = serde_json::from_str(&text(begun).await).unwrap();
        app.clock.advance(std::time::Duration::from_secs(1));
        app.work_off(&crm::export::handlers()).await.unwrap();
        let theirs = grace.get(&format!("/exports/{}", begun["export"].as_str().unwrap())).await;
        assert_eq!(theirs.status(), StatusCode::NOT_FOUND);
        for wrong in [json!({"format": "pdf"}), json!({"format": "csv", "fields": ["shoe"]}), json!({"format": "csv", "purpose": "fun"})] {
            assert_eq!(ada.api(Method::POST, "/api/v1/people/exports", &wrong).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        assert_eq!(ada.api(Method::POST, "/api/v1/records/deal/exports", &json!({"format": "vcard"})).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
