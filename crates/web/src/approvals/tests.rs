//! What waits for a second person, through the pages.

use std::time::Duration;

use crm::{
    disposal,
    permits::{ManageRules, WriteRecords},
    records, retention,
};
use http::{Method, StatusCode};
use kernel::RecordId;
use serde_json::{Value, json};
use testkit::{TestApp, store_test};

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, PASSWORD, location, text},
};

/// A second administrator.
async fn second(app: &TestApp, admin: &mut Browser) -> Browser {
    let user = json!({"name": "Kenji Ito", "email": "kenji@house.example", "role": "admin"});
    let added: Value = serde_json::from_str(&text(admin.api(Method::POST, "/api/v1/users", &user).await).await).unwrap();
    let mut browser = Browser::new(app);
    let csrf = browser.csrf("/sign-in").await;
    let password = added["password"].as_str().unwrap();
    let form = format!("csrf={csrf}&next=%2F&email=kenji@house.example&password={password}");
    assert_eq!(browser.post("/sign-in", &form).await.status(), StatusCode::SEE_OTHER);
    browser
}

/// A person whose time is over under the shipped default: two years, then reviewed by people.
async fn reviewed_person(app: &TestApp) -> RecordId {
    let (actor, rules) = (app.operator(), app.operator().permit::<ManageRules>().unwrap());
    app.write(&actor, move |unit| retention::adopt(unit, &rules, "DE", "general").map(drop)).await.unwrap();
    let kind = app.catalogue().need("person").unwrap();
    let fields = records::parse_fields(&kind, json!({"name": "Otto Mill"}).as_object().unwrap()).unwrap();
    let fields: records::Fields = fields.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect();
    let permit = actor.permit::<WriteRecords>().unwrap();
    let created = Some(kernel::Instant::parse("2022-01-01T00:00:00Z").unwrap());
    let new = records::NewRecord { created, ..records::NewRecord::new("person", fields) };
    let id = app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap();
    app.settle().await.unwrap();
    app.clock.advance(Duration::from_secs(1));
    disposal::sweep(app, &actor).await.unwrap();
    id
}

store_test! {
    async fn what_is_reviewed_goes_when_a_second_person_approves_it_and_the_proposer_cannot(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let id = reviewed_person(&app).await;
        let mut kenji = second(&app, &mut ada).await;
        let page = text(ada.get("/retention").await).await;
        assert!(page.contains("Due, waiting for people") && page.contains("Otto Mill") && page.contains(&format!("value=\"{id}\"")), "{page}");
        let csrf = ada.session_csrf();
        let unsaid = ada.post("/retention/propose", &format!("csrf={csrf}&record={id}&reason=")).await;
        assert!(unsaid.status().is_client_error());
        let proposed = ada.post("/retention/propose", &format!("csrf={csrf}&record={id}&reason=Nobody+needs+it")).await;
        let address = location(&proposed).split('?').next().unwrap().to_owned();
        assert!(address.starts_with("/approvals/"), "{address}");
        let page = text(ada.get(&address).await).await;
        assert!(page.contains("Nobody needs it") && page.contains("You proposed it.") && page.contains("Person: Otto Mill") && !page.contains("Destroy now"), "{page}");
        let refused = ada.post(&format!("{address}/approve"), &format!("csrf={csrf}&reason=I+agree+with+myself")).await;
        assert!(refused.status().is_client_error());
        assert!(text(refused).await.contains("Another person must approve"));
        let list = text(kenji.get("/approvals").await).await;
        assert!(list.contains("Disposal of 1 record") && list.contains("proposed by Ada") && list.contains("0 of 1 approved"), "{list}");
        let other = format!("csrf={}&reason=Agreed", kenji.session_csrf());
        assert_eq!(location(&kenji.post(&format!("{address}/approve"), &other).await), format!("{address}?done=approved"));
        let page = text(ada.get(&address).await).await;
        assert!(page.contains("Kenji Ito") && page.contains("Destroy now") && page.contains("1 of 1 approved"), "{page}");
        let password = PASSWORD.replace(' ', "+");
        for form in [format!("count=7&password={password}"), "count=1&password=not+the+password".to_owned()] {
            let refused = ada.post(&format!("{address}/order"), &format!("csrf={csrf}&{form}")).await;
            assert!(refused.status().is_client_error() && text(refused).await.contains("role=\"alert\""));
        }
        let done = ada.post(&format!("{address}/order"), &format!("csrf={csrf}&count=1&password={password}")).await;
        assert!(location(&done).starts_with("/approvals?state=done"), "{}", text(done).await);
        let list = text(ada.get("/approvals?state=done").await).await;
        assert!(list.contains("certified"));
        let actor = app.operator();
        let gone = app.read(&actor, move |unit| { let row = records::find(unit, id)?; unit.plain(row.is_none_or(|r| !r.state.is_readable())) });
        assert!(gone.await.unwrap());
    }

    async fn a_proposal_is_taken_back_and_whoever_may_not_dispose_sees_none(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let id = reviewed_person(&app).await;
        let csrf = ada.session_csrf();
        let proposed = ada.post("/retention/propose", &format!("csrf={csrf}&record={id}&reason=Nobody+needs+it")).await;
        let address = location(&proposed).split('?').next().unwrap().to_owned();
        assert!(text(ada.get("/retention").await).await.contains(&format!("href=\"{address}\"")), "the queue says it was proposed");
        assert!(ada.post(&format!("{address}/withdraw"), &format!("csrf={csrf}")).await.status().is_client_error(), "a reason is due");
        assert_eq!(location(&ada.post(&format!("{address}/withdraw"), &format!("csrf={csrf}&reason=Still+needed")).await), "/approvals?done=withdrawn");
        assert!(text(ada.get("/approvals").await).await.contains("Nothing waits for a second person"));
        let mut grace = agent(&app, &mut ada).await;
        let form = format!("csrf={}&reason=Agreed", grace.session_csrf());
        assert_eq!(grace.get("/approvals").await.status(), StatusCode::FORBIDDEN);
        for act in ["approve", "withdraw", "order"] {
            assert_eq!(grace.post(&format!("{address}/{act}"), &form).await.status(), StatusCode::FORBIDDEN, "{act}");
        }
        assert!(!text(grace.get("/people").await).await.contains("/approvals"), "no entry that only refuses");
    }
}
