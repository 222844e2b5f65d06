//! The promises of these pages.

use std::collections::HashMap;

use axum::body::to_bytes;
use catalogue::Value;
use crm::{permits::WriteRecords, records, requests};
use http::{Method, StatusCode};
use kernel::RecordId;
use serde_json::json;
use testkit::{TestApp, store_test};

use crate::identity::tests::{Browser, PASSWORD, location, text};

async fn ada(app: &TestApp) -> RecordId {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    let kind = app.catalogue().need("person").unwrap();
    let given = json!({"name": "Ada Quellenbrunn", "email": ["ada@quelle.example"], "country": "DE"});
    let read =
        |(key, value): (&String, &serde_json::Value)| Value::parse(kind.field(key).unwrap(), value).unwrap().map(|v| (key.clone(), v));
    let fields: records::Fields = given.as_object().unwrap().iter().filter_map(read).collect();
    app.write(&actor, move |unit| records::create(unit, &permit, records::NewRecord::new("person", fields.clone()))).await.unwrap()
}

/// The value of a hidden input.
fn hidden(page: &str, name: &str) -> String {
    page.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// Somebody who may write records, and nothing of requests.
pub(crate) async fn agent(app: &TestApp, admin: &mut Browser) -> Browser {
    let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
    let added: serde_json::Value = serde_json::from_str(&text(admin.api(Method::POST, "/api/v1/users", &user).await).await).unwrap();
    let mut browser = Browser::new(app);
    let csrf = browser.csrf("/sign-in").await;
    let password = added["password"].as_str().unwrap().replace(' ', "+");
    let form = format!("csrf={csrf}&next=%2F&email=grace@house.example&password={password}");
    assert_eq!(browser.post("/sign-in", &form).await.status(), StatusCode::SEE_OTHER);
    browser
}

store_test! {
    async fn a_package_is_ordered_made_and_fetched_and_only_by_who_may(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let person = ada(&app).await;
        let csrf = browser.session_csrf();
        let mut other = agent(&app, &mut browser).await;
        let form = format!("csrf={}", other.session_csrf());
        assert_eq!(other.post(&format!("/people/{person}/package"), &form).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(other.get("/requests").await.status(), StatusCode::FORBIDDEN);
        let ordered = browser.post(&format!("/people/{person}/package"), &format!("csrf={csrf}")).await;
        let address = location(&ordered);
        assert!(ordered.status() == StatusCode::SEE_OTHER && address.ends_with("/package"), "{address}");
        let page = text(browser.get(&address).await).await;
        assert!(page.contains("data-job=\"running\"") && page.contains("Ada Quellenbrunn") && !page.contains("/download"));
        let handlers = HashMap::from([(requests::PACKAGE_JOB, requests::package_handler())]);
        // Stamps of one moment are told apart by microseconds: the clock stands still, so a job made now is due a little later.
        app.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(app.work_off(&handlers).await.unwrap(), 1);
        let page = text(browser.get(&address).await).await;
        assert!(page.contains("data-job=\"ended\"") && page.contains("Download the package"), "{page}");
        let file = browser.post(&format!("{address}/download"), &format!("csrf={csrf}")).await;
        assert_eq!(file.headers()["content-type"], "application/zip");
        assert!(to_bytes(file.into_body(), 1 << 24).await.unwrap().starts_with(b"PK"));
        let list = text(browser.get("/requests").await).await;
        assert!(list.contains("Ada Quellenbrunn") && list.contains("Access"));
        assert!(text(browser.get(address.trim_end_matches("/package")).await).await.contains("Settled on sight"));
    }

    async fn an_erasure_takes_its_number_and_the_password_or_nothing_goes(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let person = ada(&app).await;
        let (csrf, address) = (browser.session_csrf(), format!("/people/{person}/erasure"));
        let page = text(browser.get(&address).await).await;
        assert!(page.contains("Ada Quellenbrunn") && page.contains("nothing has gone yet"), "{page}");
        let (plan, count) = (hidden(&page, "plan"), page.split("data-confirm=\"").nth(1).unwrap().split('"').next().unwrap().to_owned());
        let password = PASSWORD.replace(' ', "+");
        for (count, password) in [("99", password.as_str()), (count.as_str(), "wrong+password+here"), ("many", password.as_str())] {
            let form = format!("csrf={csrf}&plan={plan}&count={count}&password={password}");
            let refused = browser.post(&address, &form).await;
            assert!(refused.status().is_client_error());
            assert!(text(refused).await.contains("role=\"alert\""));
        }
        let actor = app.operator();
        let there = app.read(&actor, move |unit| { let row = records::find(unit, person)?; unit.plain(row.is_some_and(|r| r.state.is_readable())) });
        assert!(there.await.unwrap(), "refused three times, and nothing is gone");
        let mut other = agent(&app, &mut browser).await;
        assert_eq!(other.get(&address).await.status(), StatusCode::FORBIDDEN);
        let page = text(browser.get(&address).await).await;
        let form = format!("csrf={csrf}&plan={}&count={count}&password={password}", hidden(&page, "plan"));
        let done = browser.post(&address, &form).await;
        assert_eq!(done.status(), StatusCode::OK);
        let page = text(done).await;
        assert!(page.contains("Certificate of destruction") && !page.contains("Quellenbrunn"), "{page}");
    }

    async fn a_request_is_recorded_settled_and_refused_with_its_ground(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let person = ada(&app).await;
        let csrf = browser.session_csrf();
        assert!(text(browser.get(&format!("/requests/new?person={person}")).await).await.contains("Ada Quellenbrunn"));
        let day = app.env().now().day();
        let wrong = browser.post("/requests", &format!("csrf={csrf}&person=nobody&right=access&received={day}&reason=By+letter")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(wrong).await.contains("By letter"), "what was typed is kept");
        let opened = browser.post("/requests", &format!("csrf={csrf}&person_id={person}&right=object&received={day}&reason=By+letter")).await;
        let address = location(&opened);
        assert!(text(browser.get(&address).await).await.contains("Identity settled"));
        assert_eq!(location(&browser.post(&format!("{address}/verify"), &format!("csrf={csrf}")).await), address);
        let unsaid = browser.post(&format!("{address}/refuse"), &format!("csrf={csrf}&code=excessive&reason=")).await;
        assert!(unsaid.status().is_client_error());
        assert_eq!(location(&browser.post(&format!("{address}/refuse"), &format!("csrf={csrf}&code=excessive&reason=Tenth+time")).await), address);
        assert!(text(browser.get("/requests?state=closed").await).await.contains("Refused"));
    }

    async fn a_recipient_is_entered_on_the_request_and_told_there_once_the_erasure_is_done(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let person = ada(&app).await;
        let csrf = browser.session_csrf();
        let form = format!("csrf={csrf}&person_id={person}&right=erase&reason=By+letter&received=2026-11-20");
        let address = location(&browser.post("/requests", &form).await);
        assert!(text(browser.get(&address).await).await.contains("Nobody is entered."));
        let refused = browser.post(&format!("{address}/recipients"), &format!("csrf={csrf}&recipient=&what=x&purpose=y")).await;
        assert!(refused.status().is_client_error());
        let given = format!("csrf={csrf}&recipient=Nordwind+Tax&what=invoices&purpose=tax+advice");
        assert_eq!(location(&browser.post(&format!("{address}/recipients"), &given).await), format!("{address}#recipients"));
        let page = text(browser.get(&address).await).await;
        assert!(page.contains("Nordwind Tax") && page.contains("has the data") && !page.contains("They were told"), "{page}");
        browser.post(&format!("{address}/verify"), &format!("csrf={csrf}")).await;
        let page = text(browser.get(&format!("/people/{person}/erasure")).await).await;
        assert!(page.contains("Nordwind Tax was given this person’s data (invoices)"), "{page}");
        let (plan, count) = (hidden(&page, "plan"), page.split("data-confirm=\"").nth(1).unwrap().split('"').next().unwrap().to_owned());
        let form = format!("csrf={csrf}&plan={plan}&count={count}&password={}", PASSWORD.replace(' ', "+"));
        assert_eq!(browser.post(&format!("/people/{person}/erasure"), &form).await.status(), StatusCode::OK);
        let page = text(browser.get(&address).await).await;
        assert!(page.contains("Recipients are still to be told") && page.contains("to be told") && page.contains("They were told"), "{page}");
        let tell = page.split(&format!("action=\"{address}/recipients/")).nth(1).unwrap().split('"').next().unwrap().to_owned();
        let mut other = agent(&app, &mut browser).await;
        let said = |csrf: &str| format!("csrf={csrf}&outcome=told&how=by+mail");
        let tell = format!("{address}/recipients/{tell}");
        assert_eq!(other.post(&tell, &said(&other.session_csrf())).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(location(&browser.post(&tell, &said(&csrf)).await), format!("{address}#recipients"));
        let page = text(browser.get(&address).await).await;
        assert!(page.contains("by mail") && !page.contains("Recipients are still to be told"), "{page}");
    }
}
