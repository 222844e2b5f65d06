//! Settings as pages: a kind made at a page works everywhere at once; nobody's access ends without being told what ends.

use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::store_test;

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, PASSWORD, location, text},
};

store_test! {
    async fn a_kind_made_at_a_page_has_its_list_form_and_search_at_once(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        let unnamed = browser.post("/settings/kinds", &format!("csrf={csrf}&label=%3F%3F&plural=Things&title=Name")).await;
        assert_eq!(unnamed.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(unnamed).await;
        assert!(page.contains("at least one letter") && page.contains("value=\"Things\""), "what was typed is kept");
        let form = format!("csrf={csrf}&label=Site+visit&plural=Site+visits&title=Place&about=person&about=company");
        assert_eq!(location(&browser.post("/settings/kinds", &form).await), "/settings/kinds/site_visit?done=made");
        assert!(text(browser.post("/settings/kinds", &form).await).await.contains("of this name already"));
        let fields = "/settings/kinds/site_visit/fields";
        let purposes = "purposes=administration&purposes=sales";
        let stage = format!("csrf={csrf}&label=Stage&type=select&options=Planned%0AMade&class=internal&{purposes}&more=listed&more=open");
        assert_eq!(location(&browser.post(fields, &stage).await), "/settings/kinds/site_visit?done=field");
        let open_text = format!("csrf={csrf}&label=Report&type=long_text&class=personal&{purposes}&more=open");
        let refused = browser.post(fields, &open_text).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(refused).await.contains("always sealed"));
        let report = format!("csrf={csrf}&label=Report&type=long_text&options=&links_to=&class=personal&{purposes}&more=search");
        assert_eq!(location(&browser.post(fields, &report).await), "/settings/kinds/site_visit?done=field");
        let page = text(browser.get("/settings/kinds/site_visit").await).await;
        assert!(page.contains("Stage") && page.contains("beginnings of words") && page.contains("its words"), "{page}");
        assert!(page.contains("data-nav=\"site_visit\""), "the rail has it");
        let list = text(browser.get("/records/site_visit").await).await;
        assert!(list.contains("Site visits") && list.contains("aria-current=\"page\""));
        let new = text(browser.get("/records/site_visit/new").await).await;
        assert!(new.contains("field.stage") && new.contains("field.report") && new.contains("field.person"));
        let made = browser.post("/records/site_visit", &format!("csrf={csrf}&field.name=Milano+showroom&field.stage=planned&field.report=Needs+a+ramp")).await;
        assert!(location(&made).starts_with("/records/site_visit/rec_"), "{}", text(made).await);
        let found = browser.post("/search", &format!("csrf={csrf}&q=showroom")).await;
        assert!(text(browser.get(&location(&found)).await).await.contains("Milano showroom"));
        let retired = browser.post("/settings/kinds/site_visit/fields/report/retire", &format!("csrf={csrf}")).await;
        assert_eq!(location(&retired), "/settings/kinds/site_visit?done=retired");
        assert!(!text(browser.get("/records/site_visit/new").await).await.contains("field.report"));
        let title = browser.post("/settings/kinds/site_visit/fields/name/retire", &format!("csrf={csrf}")).await;
        assert_eq!(title.status(), StatusCode::NOT_FOUND, "what names a record stays");
        let mut grace = agent(&app, &mut browser).await;
        let form = format!("csrf={}&label=Mine&plural=Mine&title=Name", grace.session_csrf());
        assert_eq!(grace.post("/settings/kinds", &form).await.status(), StatusCode::FORBIDDEN);
    }

    async fn the_houses_numbers_are_set_and_a_wrong_one_keeps_what_was_typed(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        assert!(text(browser.get("/settings").await).await.contains("Time zone"));
        let wrong = format!("csrf={csrf}&time_zone=Europe%2FNowhere&fiscal_year_end=12-31&grace=14&cool_off=30&approvers=2");
        let refused = browser.post("/settings", &wrong).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(refused).await;
        assert!(page.contains("Europe/Nowhere") && page.contains("IANA"));
        assert_eq!(location(&browser.post("/settings", &wrong.replace("Nowhere", "Berlin")).await), "/settings?saved=1");
        let page = text(browser.get("/settings").await).await;
        assert!(page.contains("value=\"Europe/Berlin\"") && page.contains("value=\"14\"") && page.contains("value=\"2\""));
    }

    async fn before_access_ends_a_page_says_what_goes_and_what_stays(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
        let added: Value = serde_json::from_str(&text(browser.api(Method::POST, "/api/v1/users", &user).await).await).unwrap();
        let address = format!("/settings/users/{}/disable", added["id"].as_str().unwrap());
        assert!(text(browser.get(address.trim_end_matches("/disable")).await).await.contains(&format!("href=\"{address}\"")));
        let page = text(browser.get(&address).await).await;
        for words in ["Disable Grace Hopper", "nothing has happened yet", "Goes", "Stays", "Back, change nothing", "API keys"] {
            assert!(page.contains(words), "{words}");
        }
        let page = text(browser.get("/settings/users").await).await;
        assert!(page.contains(&format!("href=\"{}\"", address.trim_end_matches("/disable"))));
        let done = browser.post(&address, &format!("csrf={}", browser.session_csrf())).await;
        assert_eq!(location(&done), "/settings/users");
        assert!(text(browser.get("/settings/users").await).await.contains("disabled"));
        // Access comes back with the password again, and not twice.
        let enable = address.replace("/disable", "/enable");
        let csrf = browser.session_csrf();
        let wrong = browser.post(&enable, &format!("csrf={csrf}&enable_password=not+mine+at+all")).await;
        assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let right = format!("csrf={csrf}&enable_password={}", PASSWORD.replace(' ', "+"));
        let back = location(&browser.post(&enable, &right).await);
        assert!(back.ends_with("?done=enabled"), "{back}");
        assert!(text(browser.get(&back).await).await.contains("Access given back"));
        assert_eq!(browser.post(&enable, &right).await.status(), StatusCode::CONFLICT);
        assert_eq!(browser.get("/settings/users/usr_00000000000000000000000001/disable").await.status(), StatusCode::NOT_FOUND);
    }

    async fn a_role_is_changed_at_a_page_and_by_a_program_but_never_ones_own_and_never_the_last_administrators(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        let me: Value = serde_json::from_str(&text(browser.get("/api/v1/me").await).await).unwrap();
        let me = me["staff"].as_str().unwrap().to_owned();
        let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
        let added: Value = serde_json::from_str(&text(browser.api(Method::POST, "/api/v1/users", &user).await).await).unwrap();
        let grace = added["id"].as_str().unwrap().to_owned();
        let form = |role: &str, rest: &str| format!("csrf={csrf}&role={role}&purposes=sales&password={}{rest}", PASSWORD.replace(' ', "+"));
        let at = |user: &str| format!("/settings/users/{user}/role");
        let done = location(&browser.post(&at(&grace), &form("manager", "&purposes=support")).await);
        assert_eq!(done, format!("/settings/users/{grace}?done=role"));
        let page = text(browser.get(&done).await).await;
        assert!(page.contains("Role changed") && page.contains("value=\"manager\" selected"), "{page}");
        let unknown = browser.post(&at(&grace), &form("emperor", "")).await;
        assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert!(text(unknown).await.contains("one of the roles"));
        let unproved = browser.post(&at(&grace), &format!("csrf={csrf}&role=admin&purposes=sales&password=guess")).await;
        assert_eq!(unproved.status(), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(browser.post(&at(&me), &form("agent", "")).await.status(), StatusCode::FORBIDDEN);
        let own = text(browser.get(&format!("/settings/users/{me}")).await).await;
        assert!(own.contains("Nobody changes their own role") && !own.contains("name=\"role\""));
        // A program: the same operation, the same refusals.
        let new = json!({"role": "auditor", "purposes": ["legal"]});
        let role = |user: &str| format!("/api/v1/users/{user}/role");
        assert_eq!(browser.api(Method::PUT, &role(&grace), &new).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(browser.api(Method::PUT, &role(&me), &new).await.status(), StatusCode::FORBIDDEN);
        let nowhere = json!({"role": "agent", "purposes": ["legal"]});
        assert_eq!(browser.api(Method::PUT, &role(&grace), &nowhere).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let nobody = "usr_00000000000000000000000001";
        assert_eq!(browser.api(Method::PUT, &role(nobody), &new).await.status(), StatusCode::NOT_FOUND);
        let shut_out = browser.post(&format!("/settings/users/{me}/disable"), &format!("csrf={csrf}")).await;
        assert_eq!(shut_out.status(), StatusCode::CONFLICT, "the last administrator stays");
    }
}
