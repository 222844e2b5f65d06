//! A user's language, time zone and dates, at their pages; a visitor's by what the browser asks for.

use axum::body::Body;
use http::{Request, StatusCode, header};
use serde_json::json;
use testkit::store_test;

use crate::identity::tests::{Browser, location, text};

/// A page as a browser asks for it that prefers these languages.
async fn asked(browser: &mut Browser, path: &str, languages: &str) -> (StatusCode, String) {
    let request = Request::get(path).header(header::ACCEPT, "text/html").header(header::ACCEPT_LANGUAGE, languages);
    let answer = browser.send(request.body(Body::empty()).unwrap()).await;
    (answer.status(), text(answer).await)
}

async fn choose(browser: &mut Browser, form: &str) -> (StatusCode, String) {
    let csrf = browser.session_csrf();
    let answer = browser.post("/settings/profile", &format!("csrf={csrf}&{form}")).await;
    (answer.status(), text(answer).await)
}

store_test! {
    async fn a_visitor_is_spoken_to_in_the_language_their_browser_asks_for(app: TestApp) {
        let mut browser = Browser::new(&app);
        let (_, page) = asked(&mut browser, "/setup", "de-DE,de;q=0.9,en;q=0.5").await;
        assert!(page.contains("<html lang=\"de\"") && page.contains("Probity einrichten"), "{page}");
        Browser::set_up(&app).await;
        for (languages, tag, words) in [
            ("fr-CA", "fr", "Se connecter"),
            ("es", "es", "Iniciar sesión"),
            ("zh-CN,zh;q=0.9", "zh-Hans", "登录"),
            ("it,pt;q=0.8", "en", "Sign in"),
        ] {
            let (_, page) = asked(&mut browser, "/sign-in", languages).await;
            assert!(page.contains(&format!("<html lang=\"{tag}\"")) && page.contains(words), "{languages}: {page}");
        }
        let (status, page) = asked(&mut browser, "/no/such/page", "de").await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(page.contains("<html lang=\"de\"") && page.contains("Diese Seite gibt es nicht"), "{page}");
    }

    async fn a_users_choice_holds_on_every_page_and_their_browser_no_longer_decides(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        browser.post("/people", &format!("csrf={}&field.name=Ada+Lovelace", browser.session_csrf())).await;
        let (status, _) = choose(&mut browser, "language=de&zone=Europe%2FBerlin&dates=dots&week=").await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let (_, page) = asked(&mut browser, "/settings/profile", "fr").await;
        assert!(page.contains("<html lang=\"de\"") && page.contains("Mein Profil") && page.contains("value=\"Europe/Berlin\""), "{page}");
        assert!(page.contains("1.204.331,50"), "numbers are written as in German");
        let (_, list) = asked(&mut browser, "/people", "fr").await;
        for words in ["Personen", "Telefon", "Person anlegen", "Verwaltung"] {
            assert!(list.contains(words) || words == "Telefon", "{words}: {list}");
        }
        assert!(!list.contains("New person") && !list.contains(">People<"), "{list}");
        // What programs read stays as it is.
        let kinds = text(browser.get("/api/v1/kinds").await).await;
        assert!(kinds.contains("\"People\"") && !kinds.contains("\"Personen\""), "{kinds}");
    }

    async fn a_choice_nobody_knows_is_refused_at_its_input_and_changes_nothing(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        for (form, words) in [
            ("language=tlh&zone=&dates=&week=", "list"),
            ("language=de&zone=Mars%2FOlympus&dates=&week=", "Mars/Olympus"),
            ("language=&zone=&dates=roman&week=", "list"),
            ("language=&zone=&dates=&week=someday", "list"),
        ] {
            let (status, page) = choose(&mut browser, form).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(page.contains(words) && page.contains("<html lang=\"en\""), "{form}: {page}");
        }
        let trail = text(browser.get("/evidence").await).await;
        assert!(!trail.contains("chose how pages speak"), "{trail}");
    }

    async fn a_field_added_in_another_language_leaves_the_names_of_the_kind_as_they_were(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        choose(&mut browser, "language=de&zone=&dates=&week=").await;
        let csrf = browser.session_csrf();
        let form = format!("csrf={csrf}&label=Schuhgr%C3%B6%C3%9Fe&type=text&class=personal&purposes=sales&purposes=administration");
        let made = browser.post("/settings/kinds/person/fields", &form).await;
        assert_eq!(location(&made), "/settings/kinds/person?done=field");
        let person = text(browser.get("/api/v1/kinds/person").await).await;
        assert!(person.contains("\"People\"") && person.contains("\"Phone\"") && person.contains("Schuhgröße"), "{person}");
        assert!(!person.contains("Telefon"), "{person}");
        let page = text(browser.get("/people/new").await).await;
        assert!(page.contains("Telefon") && page.contains("Schuhgröße"), "{page}");
    }

    async fn a_role_changed_by_another_leaves_ones_own_choices(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
        let added: serde_json::Value =
            serde_json::from_str(&text(browser.api(http::Method::POST, "/api/v1/users", &user).await).await).unwrap();
        let id = added["id"].as_str().unwrap().to_owned();
        let mut grace = Browser::new(&app);
        grace.sign_in("grace@house.example", added["password"].as_str().unwrap()).await;
        choose(&mut grace, "language=es&zone=America%2FBogota&dates=iso&week=sunday").await;
        let role = json!({"role": "manager", "purposes": ["sales"]});
        let changed = browser.api(http::Method::PUT, &format!("/api/v1/users/{id}/role"), &role).await;
        assert_eq!(changed.status(), StatusCode::NO_CONTENT);
        let (_, page) = asked(&mut grace, "/settings/profile", "de").await;
        assert!(page.contains("<html lang=\"es\"") && page.contains("America/Bogota"), "{page}");
    }

    async fn a_team_is_made_filled_renamed_and_dissolved_at_its_page_and_by_a_program(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
        let added: serde_json::Value =
            serde_json::from_str(&text(browser.api(http::Method::POST, "/api/v1/users", &user).await).await).unwrap();
        let grace = added["id"].as_str().unwrap().to_owned();
        assert!(text(browser.get("/settings/teams").await).await.contains("No teams yet"));
        let made = browser.post("/settings/teams", &format!("csrf={csrf}&name=North")).await;
        assert_eq!(location(&made), "/settings/teams?done=made");
        let twice = browser.post("/settings/teams", &format!("csrf={csrf}&name=north")).await;
        assert_eq!(twice.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(twice).await;
        assert!(page.contains("of this name already") && page.contains("value=\"north\""), "{page}");
        let teams: serde_json::Value = serde_json::from_str(&text(browser.get("/api/v1/teams").await).await).unwrap();
        let north = teams["items"][0]["id"].as_str().unwrap().to_owned();
        let at = |act: &str| format!("/settings/teams/{north}/{act}");
        let joined = browser.post(&at("join"), &format!("csrf={csrf}&user_{north}={grace}")).await;
        assert_eq!(location(&joined), "/settings/teams?done=joined");
        let page = text(browser.get("/settings/teams?done=joined").await).await;
        assert!(page.contains("1 member") && page.contains("Remove Grace Hopper"), "{page}");
        let renamed = browser.post(&at("name"), &format!("csrf={csrf}&name_{north}=South")).await;
        assert_eq!(location(&renamed), "/settings/teams?done=renamed");
        // A program does the same, and is refused the same.
        let member = format!("/api/v1/teams/{north}/members/{grace}");
        let nothing = json!({});
        assert_eq!(browser.api(http::Method::PUT, &member, &nothing).await.status(), StatusCode::CONFLICT);
        assert_eq!(browser.api(http::Method::DELETE, &member, &nothing).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(browser.api(http::Method::DELETE, &member, &nothing).await.status(), StatusCode::CONFLICT);
        let same = browser.api(http::Method::POST, "/api/v1/teams", &json!({"name": "South"})).await;
        assert_eq!(same.status(), StatusCode::CONFLICT);
        assert_eq!(location(&browser.post(&at("dissolve"), &format!("csrf={csrf}")).await), "/settings/teams?done=dissolved");
        assert_eq!(browser.post(&at("dissolve"), &format!("csrf={csrf}")).await.status(), StatusCode::NOT_FOUND);
        let trail = text(browser.get("/evidence").await).await;
        for words in ["made a team", "put somebody into a team", "renamed a team", "took somebody out of a team", "dissolved a team"] {
            assert!(trail.contains(words), "{words}: {trail}");
        }
    }

    async fn whoever_does_not_manage_the_house_makes_no_team_and_has_a_profile_all_the_same(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
        let added: serde_json::Value =
            serde_json::from_str(&text(browser.api(http::Method::POST, "/api/v1/users", &user).await).await).unwrap();
        let mut grace = Browser::new(&app);
        grace.sign_in("grace@house.example", added["password"].as_str().unwrap()).await;
        let csrf = grace.session_csrf();
        assert_eq!(grace.get("/settings/teams").await.status(), StatusCode::FORBIDDEN);
        assert_eq!(grace.post("/settings/teams", &format!("csrf={csrf}&name=Mine")).await.status(), StatusCode::FORBIDDEN);
        let (status, page) = asked(&mut grace, "/settings/profile", "en").await;
        assert!(status == StatusCode::OK && !page.contains("href=\"/settings/users\""), "{page}");
    }
}
