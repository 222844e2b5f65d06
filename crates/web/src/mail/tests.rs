//! The pages and the API of mail, without servers: what they say, refuse and keep to themselves.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;
use testkit::store_test;

use crate::identity::tests::{Browser, location, text};

const ACCOUNT: &str = "address=desk%40ours.example&name=Desk&login=&password=Korrekt-Pferd-7&imap_host=localhost&imap_port=1&imap_tls=implicit\
    &smtp_host=localhost&smtp_port=1&smtp_tls=implicit&share=own&since=2026-11-01&folders=INBOX&sent=&aliases=&signature=&ca=";

store_test! {
    async fn an_account_is_tried_before_it_is_saved_and_its_password_is_shown_nowhere(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        assert!(text(browser.get("/settings/mail").await).await.contains("There are no accounts yet"));
        let tried = browser.post("/settings/mail", &format!("csrf={csrf}&{ACCOUNT}")).await;
        assert_eq!(tried.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(tried).await;
        assert!(page.contains("Nothing answers at this port") && page.contains("value=\"desk@ours.example\""), "{page}");
        assert!(!page.contains("Korrekt-Pferd"), "a password is never given back");
        let saved = browser.post("/settings/mail", &format!("csrf={csrf}&{ACCOUNT}&unchecked=true")).await;
        assert_eq!(location(&saved), "/settings/mail?done=saved");
        let page = text(browser.get("/settings/mail").await).await;
        assert!(page.contains("desk@ours.example") && page.contains("not fetched yet") && !page.contains("Korrekt-Pferd"), "{page}");
        app.clock.advance(Duration::from_secs(1));
        crm::mail::turn(&app).await.unwrap();
        let page = text(browser.get("/settings/mail").await).await;
        assert!(page.contains("fails") && page.contains("Nothing answers at this port"), "{page}");
        let listed = text(browser.get("/api/v1/mail/accounts").await).await;
        assert!(listed.contains("\"code\":\"refused\"") && !listed.contains("Korrekt-Pferd"), "{listed}");
        let href = page.split("/settings/mail?edit=").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let edit = text(browser.get(&format!("/settings/mail?edit={href}")).await).await;
        assert!(edit.contains("Change account") && !edit.contains("Korrekt-Pferd"));
        let asked = browser.post(&format!("/settings/mail/{href}/fetch"), &format!("csrf={csrf}")).await;
        assert_eq!(location(&asked), "/settings/mail?done=asked");
        let deleted = browser.post(&format!("/settings/mail/{href}/delete"), &format!("csrf={csrf}")).await;
        assert_eq!(location(&deleted), "/settings/mail?done=deleted");
    }

    async fn a_letter_is_written_from_a_persons_page_waits_in_the_outbox_and_fails_with_its_words(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        let page = text(browser.get("/mail/new").await).await;
        assert!(page.contains("You have no account to write from yet") && !page.contains("mailform"), "{page}");
        browser.post("/settings/mail", &format!("csrf={csrf}&{ACCOUNT}&unchecked=true")).await;
        let made = browser.api(Method::POST, "/api/v1/people", &json!({"fields": {"name": "Ada Quellenbrunn", "email": ["ada@quellenbrunn.example"]}})).await;
        let ada: serde_json::Value = serde_json::from_str(&text(made).await).unwrap();
        let ada = ada["id"].as_str().unwrap().to_owned();
        let record = text(browser.get(&format!("/people/{ada}")).await).await;
        assert!(record.contains(&format!("/mail/new?record={ada}")) && record.contains("Write e-mail"), "{record}");
        let template = browser.post("/mail/templates", &format!("csrf={csrf}&name=Hello&subject=For+%7B%7B+person.name+%7D%7D&text=Dear+%7B%7B+person.name+%7D%7D")).await;
        assert_eq!(location(&template), "/mail/templates");
        let page = text(browser.get("/mail/templates").await).await;
        let template = page.split("/mail/templates?edit=").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let page = text(browser.get(&format!("/mail/new?record={ada}&template={template}")).await).await;
        assert!(page.contains("value=\"ada@quellenbrunn.example\"") && page.contains("For Ada Quellenbrunn") && page.contains("Dear Ada Quellenbrunn"), "{page}");
        let account = page.split("<option value=\"mac_").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let letter = |to: &str| format!("csrf={csrf}&record={ada}&account=mac_{account}&to={to}&subject=Offer&text=Good+day");
        let wrong = browser.post("/mail/new", &letter("nobody")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(wrong).await;
        assert!(page.contains("value=\"nobody\"") && page.contains("Good day"), "what was typed stays: {page}");
        let sent = browser.post("/mail/new", &letter("ada%40quellenbrunn.example")).await;
        assert_eq!(location(&sent), "/mail?done=queued");
        app.clock.advance(Duration::from_secs(1));
        crm::mail::turn(&app).await.unwrap();
        let page = text(browser.get("/mail").await).await;
        assert!(page.contains("Offer") && page.contains("waits") && page.contains("Nothing answers at this port"), "{page}");
        let letters: serde_json::Value = serde_json::from_str(&text(browser.get("/api/v1/mail/letters").await).await).unwrap();
        assert_eq!((&letters["items"][0]["state"], &letters["items"][0]["reason"]["code"]), (&json!("queued"), &json!("refused")));
        let id = letters["items"][0]["id"].as_str().unwrap();
        let dropped = browser.post(&format!("/mail/letters/{id}/drop"), &format!("csrf={csrf}")).await;
        assert_eq!(location(&dropped), "/mail");
        assert!(text(browser.get("/mail").await).await.contains("Nothing was written yet"));
    }
}
