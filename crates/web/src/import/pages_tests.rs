//! The promises of these pages.

use axum::{body::Body, response::Response};
use crm::import;
use http::{Request, StatusCode, header};
use testkit::{TestApp, store_test};

use crate::{
    identity::tests::{Browser, location, text},
    requests::pages_tests::agent,
};

const PEOPLE: &str = "Name,Email,Country\nAda Quellenbrunn,ada@quelle.example,DE\nIda Bach,ida@bach.example,AT\nUwe Feld,no address,DE\n";

async fn send(browser: &mut Browser, kind: &str, name: &str, bytes: &[u8]) -> Response {
    let part = |name: &str, value: &str| format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let mut body = part("csrf", &browser.session_csrf()) + &part("kind", kind);
    body += &format!("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let body = [body.as_bytes(), bytes, b"\r\n--xx--\r\n"].concat();
    let request =
        Request::post("/import").header(header::CONTENT_TYPE, "multipart/form-data; boundary=xx").header(header::ACCEPT, "text/html");
    browser.send(request.body(Body::from(body)).unwrap()).await
}

pub(super) async fn work(app: &TestApp) -> usize {
    // The clock stands still, and stamps of one moment are told apart by microseconds.
    app.clock.advance(std::time::Duration::from_secs(1));
    let mut handlers = import::handlers();
    handlers.extend(crm::capture::handlers());
    app.work_off(&handlers).await.unwrap()
}

/// How many records are in use.
async fn live(app: &TestApp) -> i64 {
    app.store().read(|tx| tx.one("SELECT COUNT(*) FROM record WHERE state = 'live'", &[], |row| row.get(0))).await.unwrap()
}

store_test! {
    async fn a_sheet_of_three_goes_through_to_its_report_and_back(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        let page = text(browser.get("/import").await).await;
        assert!(page.contains("Companies") && page.contains("None yet."));
        let sent = send(&mut browser, "person", "fair.csv", PEOPLE.as_bytes()).await;
        let waiting = location(&sent);
        assert!(sent.status() == StatusCode::SEE_OTHER && waiting.starts_with("/import/"), "{waiting}");
        let page = text(browser.get(&waiting).await).await;
        assert!(page.contains("fair.csv") && page.contains("ida@bach.example") && page.contains("<option value=\"email\" selected>"), "{page}");
        let form = format!("csrf={csrf}&map.0=name&map.1=email&map.2=country&match_by=email&mode=both");
        let nowhere = browser.post(&waiting, &format!("csrf={csrf}&map.0=skip&map.1=skip&map.2=skip&match_by=email&mode=both&do=start")).await;
        assert_eq!(nowhere.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(browser.post(&waiting, &format!("{form}&do=preview")).await).await;
        assert!(page.contains("2 created") && page.contains("1 refused"), "{page}");
        assert_eq!(live(&app).await, 0, "a preview writes nothing");
        let started = browser.post(&waiting, &format!("{form}&do=start")).await;
        let run = location(&started);
        assert!(run.starts_with("/import/") && run != waiting, "{run}");
        assert_eq!(browser.get(&waiting).await.status(), StatusCode::NOT_FOUND, "what was started waits no longer");
        assert!(text(browser.get(&run).await).await.contains("data-job=\"running\""));
        assert_eq!(work(&app).await, 1);
        let page = text(browser.get(&run).await).await;
        assert!(page.contains("Finished") && page.contains("1 of 1 shown") && page.contains("Write the address like"), "{page}");
        assert!(!page.contains("no address"), "a report never shows what was refused");
        assert_eq!(live(&app).await, 2);
        assert!(text(browser.get("/import").await).await.contains("3 rows"));
        assert_eq!(location(&browser.post(&format!("{run}/undo"), &format!("csrf={csrf}")).await), run);
        assert!(text(browser.get(&run).await).await.contains("Taking it back"));
        assert_eq!(work(&app).await, 1);
        assert!(text(browser.get(&run).await).await.contains("Taken back"));
        assert_eq!(live(&app).await, 0);
    }

    async fn orders_go_to_their_customers_and_the_next_file_is_mapped_as_this_one(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        assert_eq!(browser.post("/people", &format!("csrf={csrf}&field.name=Ida&field.email=ida@bach.example")).await.status(), StatusCode::SEE_OTHER);
        let page = text(browser.get("/import?kind=order").await).await;
        assert!(page.contains("<option value=\"order\" selected>") && page.contains("<option value=\"task\">"), "{page}");
        let orders = b"Nr,Wann,Kunde\nA1,01/02/2026,ida@bach.example\nA2,03/04/2026,nobody@else.example\n";
        let waiting = location(&send(&mut browser, "order", "orders.csv", orders).await);
        let page = text(browser.get(&waiting).await).await;
        assert!(page.contains("Customer: E-mail") && !page.contains("Columns as you had them"), "{page}");
        let form = format!("csrf={csrf}&map.0=number&map.1=placed&dates.1=mdy&map.2=person.email&match_by=number&mode=both");
        let page = text(browser.post(&waiting, &format!("{form}&do=preview")).await).await;
        assert!(page.contains("1 created") && page.contains("There is no such record yet"), "{page}");
        let run = location(&browser.post(&waiting, &format!("{form}&do=start")).await);
        assert_eq!(work(&app).await, 1);
        assert!(text(browser.get(&run).await).await.contains("1 of 1 shown"));
        let waiting = location(&send(&mut browser, "order", "more.csv", orders).await);
        let page = text(browser.get(&waiting).await).await;
        assert!(page.contains("Columns as you had them") && page.contains("<option value=\"person.email\" selected>"), "{page}");
        assert!(page.contains("<option value=\"mdy\" selected>"), "{page}");
    }

    async fn a_preview_says_which_rows_look_like_somebody_they_are_not_matched_with(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        for form in ["field.name=Bach,+Ida&field.email=i.bach@other.example", "field.name=A.+Q.&field.email=ada@quelle.example"] {
            assert_eq!(browser.post("/people", &format!("csrf={csrf}&{form}")).await.status(), StatusCode::SEE_OTHER);
        }
        let waiting = location(&send(&mut browser, "person", "fair.csv", PEOPLE.as_bytes()).await);
        let form = format!("csrf={csrf}&map.0=name&map.1=email&map.2=country&mode=both&do=preview");
        let page = text(browser.post(&waiting, &format!("{form}&match_by=email")).await).await;
        assert!(page.contains("One of the first 1,000 rows looks like a record you have already") && page.contains("Rows: 3"), "{page}");
        let page = text(browser.post(&waiting, &format!("{form}&match_by=none")).await).await;
        assert!(page.contains("2 of the first 1,000 rows") && page.contains("Rows: 2, 3"), "{page}");
    }

    async fn a_message_is_captured_and_what_is_no_such_file_is_refused(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        for (kind, name, status) in [
            ("person", "face.png", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("message", "people.csv", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            ("person", "", StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ] {
            let refused = send(&mut browser, kind, name, PEOPLE.as_bytes()).await;
            assert_eq!(refused.status(), status, "{name}");
            assert!(text(refused).await.contains("role=\"alert\""));
        }
        assert!(app.blobs().list("uploads/").await.unwrap().is_empty(), "nothing refused is kept");
        let run = location(&send(&mut browser, "message", "one.eml", b"From: a@b.example\r\nSubject: x\r\n\r\ny\r\n").await);
        assert_eq!(work(&app).await, 1);
        assert!(text(browser.get(&run).await).await.contains("Finished"));
        assert_eq!(live(&app).await, 1);
    }

    async fn who_may_not_import_comes_to_none_of_it_and_a_file_waits_for_half_an_hour(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let waiting = location(&send(&mut browser, "person", "fair.csv", PEOPLE.as_bytes()).await);
        let mut other = agent(&app, &mut browser).await;
        assert_eq!(other.get("/import").await.status(), StatusCode::FORBIDDEN);
        assert_eq!(send(&mut other, "person", "fair.csv", PEOPLE.as_bytes()).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(other.get(&waiting).await.status(), StatusCode::FORBIDDEN);
        for _ in 0..4 {
            // Their session goes on, as they look at other pages meanwhile.
            assert_eq!(browser.get(&waiting).await.status(), StatusCode::OK);
            app.clock.advance(std::time::Duration::from_secs(8 * 60));
            assert_eq!(browser.get("/import").await.status(), StatusCode::OK);
        }
        let form = format!("csrf={}&map.0=name&do=start", browser.session_csrf());
        assert_eq!(browser.post(&waiting, &form).await.status(), StatusCode::NOT_FOUND, "after half an hour it is forgotten");
    }
}
