//! Pipelines at their pages: made and changed there, and at once on the board, in forms and in the API.

use std::collections::BTreeMap;

use crm::{
    permits::WriteRecords,
    records::{self, NewRecord},
};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::store_test;

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, location, text},
};

async fn deal(browser: &mut Browser, fields: Value) -> String {
    let answer = browser.api(Method::POST, "/api/v1/records/deal", &json!({ "fields": fields })).await;
    let status = answer.status();
    let body = text(answer).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let made: Value = serde_json::from_str(&body).unwrap();
    made["id"].as_str().unwrap().to_owned()
}

async fn fields(browser: &mut Browser, id: &str) -> Value {
    let shown: Value = serde_json::from_str(&text(browser.get(&format!("/api/v1/records/deal/{id}")).await).await).unwrap();
    shown["fields"].clone()
}

store_test! {
    async fn a_pipeline_made_at_its_page_is_at_once_a_board_and_an_administrators_to_change(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = ada.session_csrf();
        assert!(text(ada.get("/settings/sales").await).await.contains("Lead → Talk → Offer → Won → Lost"));
        assert_eq!(ada.post("/settings/sales", &format!("csrf={csrf}&label=")).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(location(&ada.post("/settings/sales", &format!("csrf={csrf}&label=Renewals")).await), "/settings/sales/pipelines/renewals?done=made");
        let href = "/settings/sales/pipelines/renewals";
        let page = text(ada.get(href).await).await;
        assert!(page.contains("renewals_new") && page.contains("value=\"In talks\""), "{page}");
        let rows = |percent: &str, more: &str| {
            let row = |key: &str, label: &str, percent: &str, outcome: &str, days: &str| {
                format!("&key={key}&stage_label={label}&probability={percent}&outcome={outcome}&rots_after={days}")
            };
            let rows = [row("renewals_new", "Due", percent, "open", "20"), row("renewals_in_talks", "Asked", "70", "open", ""),
                row("renewals_won", "Renewed", "100", "won", ""), row("renewals_lost", "Ended", "0", "lost", ""), row("", "Escalated", "20", "open", "5"), row("", "", "", "open", "")];
            format!("csrf={csrf}&label=Renewals&reason_needed=true{}{more}", rows.concat())
        };
        let refused = ada.post(href, &rows("170", "")).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(refused).await;
        assert!(page.contains("0 to 100") && page.contains("value=\"170\"") && page.contains("value=\"Escalated\""), "what was typed is kept");
        assert_eq!(location(&ada.post(href, &rows("40", "&move=1.up")).await), format!("{href}?moved=renewals_in_talks"));
        let page = text(ada.get(href).await).await;
        assert!(page.find("value=\"Asked\"") < page.find("value=\"Due\""), "moved up, and the rest saved with it");
        let known: Value = serde_json::from_str(&text(ada.get("/api/v1/kinds/deal").await).await).unwrap();
        let stages: Vec<&str> = known["pipelines"][1]["stages"].as_array().unwrap().iter().map(|s| s["label"].as_str().unwrap()).collect();
        assert_eq!(stages, ["Asked", "Due", "Renewed", "Ended", "Escalated"]);
        ada.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
        deal(&mut ada, json!({"name": "Alder", "stage": "renewals_new", "amount": {"minor": 10_000, "currency": "EUR"}})).await;
        let board = text(ada.get("/records/deal?as=board.stage.renewals").await).await;
        assert!(board.contains("Alder") && board.contains("40.00 EUR likely") && board.contains("Board: Renewals") && !board.contains(">Lead</h2>"), "{board}");
        assert!(!text(ada.get("/records/deal?as=board.stage").await).await.contains("Alder"));
        let mut grace = agent(&app, &mut ada).await;
        let theirs = grace.session_csrf();
        assert_eq!(grace.post(href, &format!("csrf={theirs}&label=Mine")).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(grace.get("/settings/sales").await.status(), StatusCode::FORBIDDEN);
    }

    async fn who_closes_a_deal_is_asked_why_from_the_houses_own_reasons(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = ada.session_csrf();
        let reasons = format!("csrf={csrf}&outcome=lost&key=lost_price&label=Far+too+dear&key=lost_silence&label=No+answer&retired=lost_silence&key=&label=Merged&key=&label=");
        assert_eq!(location(&ada.post("/settings/sales/reasons", &reasons).await), "/settings/sales?done=reasons");
        ada.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
        let id = deal(&mut ada, json!({"name": "Birch", "stage": "offer"})).await;
        let page = text(ada.get(&format!("/records/deal/{id}")).await).await;
        assert!(page.contains("class=\"now\" aria-current=\"step\"") && page.contains(&format!("value=\"{id}.1.lost\"")), "{page}");
        let href = format!("/records/deal/{id}");
        let form = format!("csrf={csrf}&as=board.stage.sales&return={href}&move={id}.1.lost");
        let asked = ada.post("/records/deal/move", &form).await;
        assert_eq!(asked.status(), StatusCode::OK);
        let page = text(asked).await;
        for words in ["Why was Birch lost?", "Far too dear", "Merged", "name=\"asked\""] {
            assert!(page.contains(words), "{words}");
        }
        assert!(!page.contains("No answer") && !page.contains("Fits best"), "neither what is retired nor what is for winning");
        assert_eq!(fields(&mut ada, &id).await["stage"], "offer", "nothing is closed by asking");
        let answer = format!("{form}&asked=yes&reason=lost_merged&words=They+were+bought.");
        assert_eq!(location(&ada.post("/records/deal/move", &answer).await), format!("{href}?saved=2"));
        let now = fields(&mut ada, &id).await;
        assert_eq!((&now["stage"], &now["close_reason"], &now["lost_reason"]), (&json!("lost"), &json!("lost_merged"), &json!("They were bought.")));
        assert!(text(ada.get(&href).await).await.contains("Lost on 21 Nov 2026: Merged"));
        let again = ada.post("/records/deal/move", &format!("csrf={csrf}&as=board.stage&move={id}.2.talk")).await;
        assert_eq!(location(&again), format!("/records/deal?as=board.stage&moved={id}"), "what is open again is not asked about");
        assert_eq!(fields(&mut ada, &id).await.get("close_reason"), None);
        let stale = ada.post("/records/deal/move", &format!("csrf={csrf}&as=board.stage&move={id}.2.offer")).await;
        assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
    }

    async fn rotting_deals_are_marked_on_the_board(app: TestApp) {
        let actor = app.acting("sales");
        let fields = BTreeMap::from([("name".to_owned(), catalogue::Value::Text("Old".into())), ("stage".to_owned(), catalogue::Value::Text("lead".into()))]);
        let (new, permit) = (NewRecord::new("deal", fields), actor.permit::<WriteRecords>().unwrap());
        app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap();
        app.clock.advance(std::time::Duration::from_secs((31 * 24 + 1) * 60 * 60));
        let mut ada = Browser::set_up(&app).await;
        let csrf = ada.session_csrf();
        ada.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
        deal(&mut ada, json!({"name": "New", "stage": "lead"})).await;
        let board = text(ada.get("/records/deal?as=board.stage").await).await;
        assert!(board.contains("31 days here"), "{board}");
        assert_eq!(board.matches("days here").count(), 1);
    }
}
