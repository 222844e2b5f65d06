//! Reports at their pages and through the API: what they count, for whom, in which currency, and that each run is told.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::{TestApp, store_test};

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, location, text},
};

async fn deal(browser: &mut Browser, fields: Value) {
    let answer = browser.api(Method::POST, "/api/v1/records/deal", &json!({ "fields": fields })).await;
    let status = answer.status();
    assert_eq!(status, StatusCode::CREATED, "{}", text(answer).await);
}

async fn page(browser: &mut Browser, path: &str) -> String {
    let answer = browser.get(path).await;
    let status = answer.status();
    let page = text(answer).await;
    assert_eq!(status, StatusCode::OK, "{path}: {page}");
    page
}

async fn got(browser: &mut Browser, path: &str) -> Value {
    serde_json::from_str(&page(browser, path).await).unwrap()
}

fn eur(minor: i64) -> Value {
    json!({"minor": minor, "currency": "EUR"})
}

async fn set_up(app: &TestApp) -> Browser {
    let mut ada = Browser::set_up(app).await;
    let csrf = ada.session_csrf();
    ada.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
    ada
}

// The clock stands at 21 November 2026.
store_test! {
    async fn every_report_opens_empty_and_says_what_makes_it(app: TestApp) {
        let mut ada = set_up(&app).await;
        assert_eq!(location(&ada.get("/reports").await), "/reports/forecast");
        for (report, words) in [("forecast", "No deal is open"), ("funnel", "No deal came into"), ("results", "No deal was won or lost"), ("activity", "Nothing was written"), ("cohorts", "Nobody bought")] {
            let found = page(&mut ada, &format!("/reports/{report}")).await;
            assert!(found.contains(words) && found.contains("recorded as one event") && found.contains("data-nav=\"reports\""), "{report}: {found}");
        }
    }

    async fn the_forecast_shows_months_owners_and_what_is_past_its_date(app: TestApp) {
        let mut ada = set_up(&app).await;
        deal(&mut ada, json!({"name": "Alder", "stage": "offer", "amount": eur(1_000_000), "expected_close": "2026-12-05"})).await;
        deal(&mut ada, json!({"name": "Birch & <Sons>", "stage": "lead", "amount": eur(50_000), "expected_close": "2026-11-20"})).await;
        deal(&mut ada, json!({"name": "Cedar", "stage": "won", "amount": eur(70_000), "closed": "2026-11-02"})).await;
        let found = page(&mut ada, "/reports/forecast").await;
        for words in ["10,000.00 EUR", "6,000.00 EUR", "700.00 EUR", "Past their date", "Birch &#38; &#60;Sons&#62;", "1 day late", "Dec 2026", "role=\"img\"", "<desc"] {
            assert!(found.contains(words), "{words}: {found}");
        }
        assert!(!found.contains("layouts currencies"), "one currency is no choice");
        let told = got(&mut ada, "/api/v1/reports/forecast?months=2").await;
        assert_eq!(told["months"].as_array().unwrap().len(), 2);
        assert_eq!((&told["months"][1]["likely"]["by_currency"], &told["overdue"]["open"], &told["past_their_date"][0]["title"]), (&json!([{"currency": "EUR", "minor": 600_000}]), &json!(1), &json!("Birch & <Sons>")));
        for wrong in ["months=25", "owner=me", "pipeline=unicorn", "what=else"] {
            assert_eq!(ada.get(&format!("/api/v1/reports/forecast?{wrong}")).await.status(), StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
    }

    async fn currencies_stand_side_by_side_until_their_rates_are_known(app: TestApp) {
        let mut ada = set_up(&app).await;
        let csrf = ada.session_csrf();
        deal(&mut ada, json!({"name": "Alder", "stage": "offer", "amount": eur(10_000), "expected_close": "2026-12-05"})).await;
        deal(&mut ada, json!({"name": "Birch", "stage": "offer", "amount": {"minor": 10_000, "currency": "USD"}, "expected_close": "2026-12-05"})).await;
        let found = page(&mut ada, "/reports/forecast").await;
        assert!(found.contains("Sums are in EUR. Not in them: USD.") && found.contains("100.00 EUR") && !found.contains("200.00"), "{found}");
        assert!(page(&mut ada, "/reports/forecast?currency=USD").await.contains("100.00 USD"));
        ada.post("/purpose", &format!("csrf={csrf}&purpose=administration&return=/")).await;
        let wrong = ada.post("/settings/rates/currency", &format!("csrf={csrf}&currency=Euro")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(location(&ada.post("/settings/rates/currency", &format!("csrf={csrf}&currency=eur")).await), "/settings/rates?done=saved");
        let wrong = ada.post("/settings/rates", &format!("csrf={csrf}&of=EUR&day=2026-11-01&rate=x")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(wrong).await.contains("value=\"x\""), "what was typed is kept");
        assert_eq!(location(&ada.post("/settings/rates", &format!("csrf={csrf}&of=usd&day=2026-11-01&rate=0.92")).await), "/settings/rates?done=saved");
        ada.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
        let found = page(&mut ada, "/reports/forecast").await;
        assert!(found.contains("192.00 EUR") && found.contains("1 USD = 0.92 EUR (rate of 1 Nov 2026)"), "{found}");
        let told = got(&mut ada, "/api/v1/reports/forecast").await;
        assert_eq!((&told["total"]["amount"]["converted"], &told["rates"][0]["rate"]), (&json!({"currency": "EUR", "minor": 19_200}), &json!("0.92")));
        let mut grace = agent(&app, &mut ada).await;
        let put = grace.api(Method::PUT, "/api/v1/rates/USD/2026-11-20", &json!({"rate": "0.95"})).await;
        assert_eq!(put.status(), StatusCode::FORBIDDEN);
        assert_eq!(grace.get("/settings/rates").await.status(), StatusCode::FORBIDDEN);
        ada.post("/purpose", &format!("csrf={csrf}&purpose=administration&return=/")).await;
        assert_eq!(ada.api(Method::PUT, "/api/v1/rates/USD/2026-11-20", &json!({"rate": "0.95"})).await.status(), StatusCode::OK);
        assert_eq!(ada.api(Method::DELETE, "/api/v1/rates/USD/2026-11-20", &json!(null)).await.status(), StatusCode::NO_CONTENT);
    }

    async fn funnel_results_and_activity_say_the_same_by_page_and_by_api(app: TestApp) {
        let mut ada = set_up(&app).await;
        deal(&mut ada, json!({"name": "Alder", "stage": "lead"})).await;
        deal(&mut ada, json!({"name": "Birch", "stage": "won", "amount": eur(10_000), "close_reason": "won_price"})).await;
        deal(&mut ada, json!({"name": "Cedar", "stage": "lost", "close_reason": "lost_silence"})).await;
        let funnel = page(&mut ada, "/reports/funnel").await;
        assert!(funnel.contains("33.3 %") && funnel.contains("most after Lead: 1"), "{funnel}");
        assert_eq!(got(&mut ada, "/api/v1/reports/funnel").await["steps"][0]["reached"], 3);
        let results = page(&mut ada, "/reports/results?by=reason").await;
        assert!(results.contains("Price (won)") && results.contains("No answer (lost)") && results.contains("50 %"), "{results}");
        assert_eq!(got(&mut ada, "/api/v1/reports/results?by=pipeline").await["total"]["win_rate"], 500);
        assert_eq!(ada.get("/api/v1/reports/results?by=unicorn").await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let wrong = page(&mut ada, "/reports/results?from=2026-12-01&to=2026-11-01").await;
        assert!(wrong.contains("The first day is after the last."));
        let note = json!({"fields": {"title": "Spoke", "type": "call"}});
        assert_eq!(ada.api(Method::POST, "/api/v1/records/note", &note).await.status(), StatusCode::CREATED);
        assert!(page(&mut ada, "/reports/activity").await.contains("Ada"));
        assert_eq!(got(&mut ada, "/api/v1/reports/activity").await["owners"][0]["call"], 1);
        assert_eq!(got(&mut ada, "/api/v1/reports/cohorts").await["of_nobody"], 1);
    }

    async fn lines_are_written_on_a_page_and_told_with_their_sums(app: TestApp) {
        let mut ada = set_up(&app).await;
        let made = async |ada: &mut Browser, path: &str, fields: Value| -> String {
            let answer = ada.api(Method::POST, path, &json!({ "fields": fields })).await;
            assert_eq!(answer.status(), StatusCode::CREATED);
            let body: Value = serde_json::from_str(&text(answer).await).unwrap();
            body["id"].as_str().unwrap().to_owned()
        };
        made(&mut ada, "/api/v1/products", json!({"name": "Chai", "price": eur(1_800), "tax": 7})).await;
        let order = made(&mut ada, "/api/v1/orders", json!({"number": "A-1", "placed": "2026-11-20"})).await;
        let (csrf, at) = (ada.session_csrf(), format!("/records/order/{order}"));
        let sent = |rest: &str| format!("csrf={csrf}&field.discount=&field.tax=&field.unit=&{rest}");
        let added = ada.post(&format!("{at}/lines"), &sent("field.product=Chai&field.product_id=&field.text=&field.quantity=12&field.price=&field.price_currency=EUR")).await;
        assert_eq!(location(&added), format!("{at}#lines"));
        let other = sent("field.product=&field.product_id=&field.text=Box&field.quantity=1&field.price=1&field.price_currency=USD");
        let refused = ada.post(&format!("{at}/lines"), &other).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let again = text(refused).await;
        assert!(again.contains("The other lines are in EUR") && again.contains("value=\"Box\""), "{again}");
        let told = got(&mut ada, &format!("/api/v1/orders/{order}/lines")).await;
        assert_eq!((&told["sum"], &told["followed"]), (&json!({"currency": "EUR", "net": 21_600, "tax": 1_512, "gross": 23_112}), &json!(true)));
        let line = told["items"][0]["id"].as_str().unwrap().to_owned();
        assert!(page(&mut ada, &at).await.contains("231.12 EUR"));
        assert_eq!(ada.api(Method::POST, "/api/v1/lines", &json!({"fields": {"text": "Of nothing", "price": eur(1)}})).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(ada.get(&format!("/api/v1/products/{order}/lines")).await.status(), StatusCode::NOT_FOUND);
        let sales = page(&mut ada, "/reports/sales").await;
        assert!(sales.contains("216.00 EUR") && sales.contains("Chai"), "{sales}");
        assert_eq!(got(&mut ada, "/api/v1/reports/sales").await["products"][0]["quantity"], 12);
        let removed = ada.post(&format!("{at}/lines"), &format!("csrf={csrf}&line={line}&act=remove")).await;
        assert!(page(&mut ada, location(&removed).split('#').next().unwrap()).await.contains("The line was removed"));
        assert_eq!(got(&mut ada, &format!("/api/v1/orders/{order}/lines")).await["sum"], json!(null));
    }
}
