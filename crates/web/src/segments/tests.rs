//! Segments and campaigns over HTTP: the API's promises, and what the pages do.

use std::time::Duration;

use crm::campaigns;
use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use testkit::store_test;

use crate::{
    identity::tests::{Browser, location, text},
    records::tests::{Program, code},
};

const ACCOUNT: &str = "address=desk%40ours.example&name=Desk&login=&password=Korrekt-Pferd-7&imap_host=localhost&imap_port=1&imap_tls=implicit\
    &smtp_host=localhost&smtp_port=1&smtp_tls=implicit&share=own&since=2026-11-01&folders=INBOX&sent=&aliases=&signature=&ca=&unchecked=true";

fn customers() -> Value {
    json!({"kind": "person", "name": "Customers", "filter": {"field": "relation", "op": "eq", "value": "customer"}})
}

async fn object(response: axum::response::Response) -> Value {
    serde_json::from_str(&text(response).await).unwrap()
}

store_test! {
    async fn a_segment_is_made_of_a_view_counted_and_read_by_pages_over_the_api(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write", "export"]).await;
        for (name, email) in [("Ada", json!(["ada@q.example"])), ("Bea", json!(["bea@q.example"])), ("Cis", json!([]))] {
            let mut fields = json!({"name": name, "relation": "customer"});
            if email != json!([]) {
                fields["email"] = email;
            }
            app.clock.advance(Duration::from_secs(1));
            assert_eq!(api.post("/people", &json!({"fields": fields})).await.status, StatusCode::CREATED);
        }
        let view = api.post("/views", &customers()).await.body["id"].clone();
        assert_eq!(code(&api.post("/segments", &json!({"view": "vie_none"})).await), "invalid_input");
        let made = api.with("idempotency-key", "s1").post("/segments", &json!({"view": view})).await;
        assert_eq!((made.status, &made.body["name"], &made.body["purpose"]), (StatusCode::CREATED, &json!("Customers"), &json!("sales")), "{}", made.body);
        let id = made.body["id"].as_str().unwrap().to_owned();
        assert_eq!(made.headers[header::LOCATION], format!("/api/v1/segments/{id}").as_str());
        assert_eq!(api.with("idempotency-key", "s1").post("/segments", &json!({"view": view})).await.body["id"], made.body["id"], "once");
        assert_eq!(api.post("/segments", &json!({"view": view})).await.body["errors"][0]["code"], "taken");
        let count = api.get(&format!("/segments/{id}/count")).await;
        assert_eq!(count.body, json!({"allowed": 2, "barred": {"no_email": 1}, "whole": true}));
        let first = api.get(&format!("/segments/{id}/members?limit=1")).await;
        let second = api.get(&format!("/segments/{id}/members?limit=1&cursor={}", first.body["next"].as_str().unwrap())).await;
        let names: Vec<&Value> = [&first, &second].iter().map(|page| &page.body["items"][0]["fields"]["name"]).collect();
        assert_eq!(names, [&json!("Ada"), &json!("Bea")]);
        assert_eq!(code(&api.get(&format!("/segments/{id}/members?cursor=x")).await), "not_found");
        // A program for another purpose sees that it is there, and nobody of it.
        let support = Program::new(&app, "support", &["read"]).await;
        assert_eq!(code(&support.get(&format!("/segments/{id}/count")).await), "forbidden");
        assert_eq!(api.post(&format!("/segments/{id}/export"), &json!({"format": "csv"})).await.status, StatusCode::ACCEPTED);
        let gone = api.raw(Method::DELETE, &format!("/segments/{id}"), "application/json", Vec::new()).await;
        assert_eq!(gone.status, StatusCode::NO_CONTENT);
        assert_eq!(code(&api.get(&format!("/segments/{id}")).await), "not_found");
    }

    async fn a_campaign_is_looked_at_confirmed_and_writes_to_everybody_once_on_pages_and_over_the_api(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        let page = text(browser.get("/segments").await).await;
        assert!(page.contains("You have no saved view of people yet") && !page.contains("mailform"), "{page}");
        let page = text(browser.get("/campaigns").await).await;
        assert!(page.contains("There is no segment") && page.contains("There is no template") && page.contains("You have no account"), "{page}");
        for (name, email) in [("Ada Quell", "ada@q.example"), ("Bea Zirkel", "bea@q.example")] {
            let fields = json!({"fields": {"name": name, "email": [email], "relation": "customer"}});
            app.clock.advance(Duration::from_secs(1));
            assert_eq!(browser.api(Method::POST, "/api/v1/people", &fields).await.status(), StatusCode::CREATED);
        }
        let view = object(browser.api(Method::POST, "/api/v1/views", &customers()).await).await["id"].as_str().unwrap().to_owned();
        let me = object(browser.get("/api/v1/me").await).await["purpose"].as_str().unwrap().to_owned();
        let wrong = browser.post("/segments", &format!("csrf={csrf}&view=x&purpose={me}")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let made = browser.post("/segments", &format!("csrf={csrf}&view={view}&purpose={me}")).await;
        assert_eq!(location(&made), "/segments?done=made");
        let other = browser.post("/segments", &format!("csrf={csrf}&view={view}&purpose=marketing")).await;
        assert_eq!(location(&other), "/segments?done=made", "the same view, for another purpose");
        let all = object(browser.get("/api/v1/segments").await).await;
        let id_for = |purpose: &str| all["items"].as_array().unwrap().iter().find(|one| one["purpose"] == purpose).unwrap()["id"].as_str().unwrap().to_owned();
        let segment = id_for(&me);
        let page = text(browser.get(&format!("/segments/{segment}")).await).await;
        assert!(page.contains("Ada Quell") && page.contains("May be reached") && page.contains("are numbers and not named"), "{page}");
        let page = text(browser.get(&format!("/segments/{}", id_for("marketing"))).await).await;
        assert!(page.contains("Switch to that purpose") && !page.contains("Ada Quell"), "{page}");

        browser.post("/settings/mail", &format!("csrf={csrf}&{ACCOUNT}")).await;
        browser.post("/mail/templates", &format!("csrf={csrf}&name=Spring&subject=News&text=Dear+%7B%7B+person.name+%7D%7D")).await;
        let page = text(browser.get("/campaigns").await).await;
        let picked = |prefix: &str| page.split(&format!("<option value=\"{prefix}_")).nth(1).and_then(|rest| rest.split('"').next()).map(|rest| format!("{prefix}_{rest}")).unwrap();
        let (account, template) = (picked("mac"), picked("tpl"));
        let form = format!("csrf={csrf}&segment={segment}&template={template}&account={account}");
        assert_eq!(browser.post("/campaigns", &format!("{form}&name=")).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let made = browser.post("/campaigns", &format!("{form}&name=Spring+news")).await;
        let here = location(&made);
        let id = here.strip_prefix("/campaigns/").unwrap().to_owned();
        let page = text(browser.get(&here).await).await;
        assert!(page.contains("Dear Ada Quell") && page.contains("ada@q.example") && page.contains("not begun"), "{page}");
        let page = text(browser.get(&format!("{here}/begin")).await).await;
        assert!(page.contains("Write 2 letters") && page.contains("Nothing has been written yet"), "{page}");
        assert_eq!(location(&browser.post(&format!("{here}/begin"), &format!("csrf={csrf}")).await), here);
        assert!(text(browser.get(&here).await).await.contains("letters are being written"));
        app.clock.advance(Duration::from_secs(1));
        app.work_off(&campaigns::handlers()).await.unwrap();
        let page = text(browser.get(&here).await).await;
        assert!(page.contains("Wait to be sent") && page.contains("done"), "{page}");
        let told = object(browser.get(&format!("/api/v1/campaigns/{id}")).await).await;
        assert_eq!((&told["state"], &told["outcome"]["waiting"], &told["name"]), (&json!("done"), &json!(2), &json!("Spring news")));
        let letters = object(browser.get("/api/v1/mail/letters").await).await;
        assert_eq!(letters["items"].as_array().unwrap().len(), 2);
        assert_eq!(browser.api(Method::POST, &format!("/api/v1/campaigns/{id}/begin"), &json!({})).await.status(), StatusCode::CONFLICT);
        assert_eq!(location(&browser.post(&format!("{here}/delete"), &format!("csrf={csrf}")).await), "/campaigns?done=deleted");
        assert_eq!(browser.get(&here).await.status(), StatusCode::NOT_FOUND);
    }
}
