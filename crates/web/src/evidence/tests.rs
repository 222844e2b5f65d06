//! Evidence as pages, for those who may see it and for those who may not.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use testkit::{TestApp, store_test};

use crate::identity::tests::{Browser, location, text};

/// Somebody who sells: signed in with a password of their own.
pub(crate) async fn agent(app: &TestApp, admin: &mut Browser) -> Browser {
    let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
    let added = admin.api(Method::POST, "/api/v1/users", &user).await;
    assert_eq!(added.status(), StatusCode::CREATED);
    let added: Value = serde_json::from_str(&text(added).await).unwrap();
    let mut agent = Browser::new(app);
    let csrf = agent.csrf("/sign-in").await;
    let password = added["password"].as_str().unwrap();
    let response = agent.post("/sign-in", &format!("csrf={csrf}&email=grace@house.example&password={password}")).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    agent
}

store_test! {
    async fn the_tree_is_shown_with_its_key_and_said_to_be_unanchored_until_a_witness_vouches(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        app.settle().await.unwrap();
        let page = text(browser.get("/evidence").await).await;
        let vkey = app.verifier().vkey().replace('+', "&#43;");
        assert!(page.contains(&vkey) || page.contains(&app.verifier().vkey()), "the key that checkpoints verify with");
        assert!(page.contains("notice wrong") && page.contains("Nothing outside this house vouches"));
        assert!(page.contains(app.signer().name()));
    }

    async fn verifying_from_the_page_tells_what_was_found_and_the_overview_remembers_it(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let form = format!("csrf={}", browser.session_csrf());
        let response = browser.post("/evidence/verify", &form).await;
        assert_eq!(response.status(), StatusCode::OK);
        let page = text(response).await;
        assert!(page.contains("as they were recorded") && page.contains("verdict good") && page.contains("probity verify"));
        assert!(page.contains("nobody"), "an unanchored success says so");
        let page = text(browser.get("/evidence").await).await;
        assert!(page.contains("as they were recorded") && page.contains("Verified today"));
    }

    async fn a_records_events_are_found_by_its_number_or_a_persons_address_and_its_bundle_is_taken(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let person = json!({"fields": {"name": "Chiara Lombardi", "email": ["chiara@example.org"], "relation": "lead"}});
        let made = browser.api(Method::POST, "/api/v1/people", &person).await;
        let made: Value = serde_json::from_str(&text(made).await).unwrap();
        let id = made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let csrf = browser.session_csrf();
        for words in [id.as_str(), "chiara%40example.org"] {
            let found = browser.post("/evidence/find", &format!("csrf={csrf}&find={words}")).await;
            assert_eq!((found.status(), location(&found)), (StatusCode::SEE_OTHER, format!("/evidence/records/{id}")));
        }
        let unknown = browser.post("/evidence/find", &format!("csrf={csrf}&find=nobody%40example.org")).await;
        assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(unknown).await.contains("No such record."));
        let page = text(browser.get(&format!("/evidence/records/{id}")).await).await;
        assert!(page.contains("record.created") && page.contains(&id) && !page.contains("Chiara"), "events name no values");
        let taken = browser.post(&format!("/evidence/records/{id}/bundle"), &format!("csrf={csrf}")).await;
        assert_eq!(taken.headers()[header::CONTENT_TYPE], "application/zip");
        assert!(taken.headers()[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
        let bytes = axum::body::to_bytes(taken.into_body(), 1 << 22).await.unwrap();
        assert!(bytes.starts_with(b"PK"));
    }

    async fn whoever_may_not_audit_is_refused_every_page_of_evidence(app: TestApp) {
        let mut admin = Browser::set_up(&app).await;
        let mut agent = agent(&app, &mut admin).await;
        let form = format!("csrf={}&find=rec_00000000000000000000000001", agent.session_csrf());
        assert_eq!(agent.get("/evidence").await.status(), StatusCode::FORBIDDEN);
        assert_eq!(agent.get("/evidence/records/rec_00000000000000000000000001").await.status(), StatusCode::FORBIDDEN);
        for path in ["/evidence/verify", "/evidence/find", "/evidence/records/rec_00000000000000000000000001/bundle"] {
            assert_eq!(agent.post(path, &form).await.status(), StatusCode::FORBIDDEN, "{path}");
        }
    }
}
