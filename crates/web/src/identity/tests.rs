//! The door from outside: every route against strangers, forged forms and the wrong role.

use axum::{
    Router,
    body::{Body, to_bytes},
    response::Response,
};
use http::{Method, Request, StatusCode, header};
use kernel::Personal;
use serde_json::{Value, json};
use testkit::{TestApp, store_test};
use tower::ServiceExt as _;

use crate::router::{Access, Settings, TABLE, Web, router};

pub(crate) const PASSWORD: &str = "seven quiet herons by the mill";

/// The one address that takes a form without a token: a mail program sends it, and the address itself is the proof.
const WITHOUT_TOKEN: &str = "/p/unsubscribe/{token}";

/// Routes that anybody may come to. This list only shrinks.
const PUBLIC: &[&str] = &[
    "GET /assets/{*path}",
    "GET /setup",
    "POST /setup",
    "GET /sign-in",
    "POST /sign-in",
    // Whoever holds a letter may say that they want no more, without an account (RFC 8058).
    "GET /p/unsubscribe/{token}",
    "POST /p/unsubscribe/{token}",
    // The log is for everybody: whoever checks it needs no leave of ours.
    "GET /log/checkpoint",
    "GET /log/key",
    "GET /log/tile/{*path}",
    "GET /api/v1/log/checkpoint",
    "GET /api/v1/log/key",
    "GET /api/v1/log/tile/{*path}",
];

pub(crate) struct Browser {
    web: Web,
    router: Router,
    cookies: Vec<(String, String)>,
}

impl Browser {
    pub(crate) fn new(app: &TestApp) -> Self {
        let web = Web::new((**app).clone(), Settings::default());
        Self { router: router(web.clone()), web, cookies: Vec::new() }
    }

    pub(crate) async fn send(&mut self, request: Request<Body>) -> Response {
        let (mut parts, body) = request.into_parts();
        let line = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        if !line.is_empty() {
            parts.headers.insert(header::COOKIE, line.parse().unwrap());
        }
        let response = self.router.clone().oneshot(Request::from_parts(parts, body)).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(k, _)| k != name);
            self.cookies.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
        }
        response
    }

    pub(crate) async fn get(&mut self, path: &str) -> Response {
        self.send(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Response {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.header(header::ACCEPT, "text/html").body(Body::from(form.to_owned())).unwrap()).await
    }

    /// The token in the form of a page.
    pub(crate) async fn csrf(&mut self, path: &str) -> String {
        let page = text(self.get(path).await).await;
        page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    pub(crate) async fn set_up(app: &TestApp) -> Self {
        let mut browser = Self::new(app);
        let code = crm::identity::setup::begin(app).await.unwrap().unwrap();
        let csrf = browser.csrf("/setup").await;
        let form = format!("csrf={csrf}&code={}&name=Ada&email=ada@house.example&password={}", code.expose(), PASSWORD.replace(' ', "+"));
        let response = browser.post("/setup", &form).await;
        assert_eq!((response.status(), location(&response)), (StatusCode::SEE_OTHER, "/setup/place".to_owned()));
        browser
    }

    pub(crate) async fn sign_in(&mut self, email: &str, password: &str) {
        let csrf = self.csrf("/sign-in").await;
        let password: String = password.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let done = self.post("/sign-in", &format!("csrf={csrf}&email={email}&password={password}")).await;
        assert_eq!(done.status(), StatusCode::SEE_OTHER);
    }

    pub(crate) fn session_csrf(&self) -> String {
        let token = self.cookies.iter().find(|(name, _)| name == "probity_session").unwrap();
        crm::identity::session::csrf_of(&token.1).unwrap()
    }

    pub(crate) async fn api(&mut self, method: Method, path: &str, body: &Value) -> Response {
        let request = Request::builder().method(method).uri(path).header("x-csrf-token", self.session_csrf());
        self.send(request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())).unwrap()).await
    }
}

pub(crate) fn location(response: &Response) -> String {
    response.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
}

pub(crate) async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

async fn code(response: Response) -> String {
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
    let body: Value = serde_json::from_str(&text(response).await).unwrap();
    assert!(body["request_id"].is_string() && body["detail"].is_string() && body["status"].is_number());
    body["code"].as_str().unwrap().to_owned()
}

fn filled(path: &str) -> String {
    path.replace("{id}", "usr_00000000000000000000000001")
        .replace("{*path}", "missing.css")
        .replace("{kind}", "task")
        .replace("{entry}", "dis_00000000000000000000000001")
}

store_test! {
    async fn every_route_denies_a_stranger_but_those_that_are_listed(app: TestApp) {
        let mut stranger = Browser::new(&app);
        let mut open = Vec::new();
        for route in TABLE.iter().copied().flatten() {
            let plain = Request::builder().method(route.method.clone()).uri(filled(route.path)).body(Body::empty()).unwrap();
            let response = stranger.send(plain).await;
            if route.access == Access::Public {
                open.push(format!("{} {}", route.method, route.path));
            } else {
                assert_eq!(code(response).await, "unauthenticated", "{} {}", route.method, route.path);
            }
        }
        assert_eq!(open, PUBLIC);
    }

    async fn every_form_without_its_token_is_refused_and_so_is_another_sites_page(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        for route in TABLE.iter().copied().flatten().filter(|r| !matches!(r.method, Method::GET) && r.path != WITHOUT_TOKEN) {
            let bare = Request::builder().method(route.method.clone()).uri(filled(route.path));
            let bare = bare.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from("csrf=guess")).unwrap();
            assert_eq!(code(browser.send(bare).await).await, "forbidden", "{} {}", route.method, route.path);
            let good = format!("csrf={}", browser.session_csrf());
            let foreign = Request::builder().method(route.method.clone()).uri(filled(route.path)).header("sec-fetch-site", "cross-site");
            let foreign = foreign.header("x-csrf-token", browser.session_csrf()).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            assert_eq!(code(browser.send(foreign.body(Body::from(good)).unwrap()).await).await, "forbidden", "{} {}", route.method, route.path);
        }
    }

    async fn the_first_minute_goes_from_setup_through_signing_out_to_signing_in(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let csrf = browser.session_csrf();
        let first = browser.cookies.clone();
        let out = browser.post("/sign-out", &format!("csrf={csrf}")).await;
        assert_eq!((out.status(), location(&out)), (StatusCode::SEE_OTHER, "/sign-in".to_owned()));
        browser.cookies = first;
        assert_eq!(browser.get("/sign-in").await.status(), StatusCode::OK, "the old cookie opens nothing");
        let csrf = browser.csrf("/sign-in?next=/people").await;
        let wrong = browser.post("/sign-in", &format!("csrf={csrf}&email=ada@house.example&password=wrong")).await;
        assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
        assert!(text(wrong).await.contains("E-mail and password do not match."));
        let form = format!("csrf={csrf}&next=%2Fpeople&email=ada@house.example&password={}", PASSWORD.replace(' ', "+"));
        let right = browser.post("/sign-in", &form).await;
        let cookie = right.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
        assert!(cookie.starts_with("probity_session=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        assert_eq!((right.status(), location(&right)), (StatusCode::SEE_OTHER, "/people".to_owned()));
        let csrf = browser.session_csrf();
        let switched = browser.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/people")).await;
        assert_eq!((switched.status(), location(&switched)), (StatusCode::SEE_OTHER, "/people".to_owned()));
        let me: Value = serde_json::from_str(&text(browser.get("/api/v1/me").await).await).unwrap();
        assert_eq!((me["purpose"].as_str(), me["csrf"].as_str()), (Some("sales"), Some(csrf.as_str())));
    }

    async fn a_refused_setup_keeps_what_was_typed_but_never_the_password(app: TestApp) {
        let mut browser = Browser::new(&app);
        let code = crm::identity::setup::begin(&app).await.unwrap().unwrap();
        assert_eq!(location(&browser.get("/sign-in").await), "/setup");
        let csrf = browser.csrf("/setup").await;
        let form = format!("csrf={csrf}&code={}&name=Ada&email=ada@house.example&password=short-one", code.expose());
        let again = browser.post("/setup", &form).await;
        assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(again).await;
        assert!(page.contains("ada@house.example") && page.contains("at least 12 characters") && !page.contains("short-one"));
    }

    async fn users_and_keys_are_managed_by_programs_within_their_grants(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
        let added = browser.api(Method::POST, "/api/v1/users", &user).await;
        assert_eq!(added.status(), StatusCode::CREATED);
        let added: Value = serde_json::from_str(&text(added).await).unwrap();
        assert_eq!(code(browser.api(Method::POST, "/api/v1/users", &user).await).await, "duplicate");
        let wrong = json!({"name": "G", "email": "g@house.example", "role": "agent", "admin": true});
        assert_eq!(code(browser.api(Method::POST, "/api/v1/users", &wrong).await).await, "invalid_input");
        let key = json!({"label": "sync", "purpose": "sales", "scopes": [{"privilege": "read", "kind": "*"}], "days": 30});
        let made: Value = serde_json::from_str(&text(browser.api(Method::POST, "/api/v1/api-keys", &key).await).await).unwrap();
        let bearer = |path: &str| Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", made["key"].as_str().unwrap())).body(Body::empty()).unwrap();
        let mut program = Browser { cookies: Vec::new(), router: browser.router.clone(), web: browser.web.clone() };
        let me: Value = serde_json::from_str(&text(program.send(bearer("/api/v1/me")).await).await).unwrap();
        assert_eq!((me["purpose"].as_str(), me["privileges"].clone()), (Some("sales"), json!(["read"])));
        assert_eq!(code(program.send(bearer("/api/v1/users")).await).await, "forbidden");
        let denied = app.store().read(|tx| tx.one("SELECT COUNT(*) FROM event WHERE name = 'permit.denied'", &[], |r| r.get::<i64>(0))).await;
        assert_eq!(denied.unwrap(), 1, "a refusal of somebody known is an event");
        let users: Value = serde_json::from_str(&text(browser.get("/api/v1/users").await).await).unwrap();
        assert_eq!(users["items"].as_array().unwrap().len(), 2);
        let id = added["id"].as_str().unwrap();
        assert_eq!(browser.api(Method::POST, &format!("/api/v1/users/{id}/disable"), &json!({})).await.status(), StatusCode::NO_CONTENT);
        let grace = Personal::new("grace@house.example".to_owned());
        let password = Personal::new(added["password"].as_str().unwrap().to_owned());
        assert!(browser.web.door.sign_in(&app, None, &grace, password, None).await.is_err());
        let path = format!("/api/v1/api-keys/{}", made["id"].as_str().unwrap());
        assert_eq!(browser.api(Method::DELETE, &path, &json!({})).await.status(), StatusCode::NO_CONTENT);
        assert_eq!(code(program.send(bearer("/api/v1/me")).await).await, "unauthenticated");
        app.clock.advance(std::time::Duration::from_secs(6 * 60));
        assert_eq!(code(browser.api(Method::POST, "/api/v1/api-keys", &key).await).await, "forbidden", "a new key needs a fresh password");
    }

    async fn every_refusal_of_a_request_is_a_problem_with_its_status_and_headers(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let token = browser.session_csrf();
        let mut send = async |method: Method, path: &str, kind: &str, body: Vec<u8>| {
            let request = Request::builder().method(method).uri(path).header("x-csrf-token", &token).header(header::CONTENT_TYPE, kind);
            let response = browser.send(request.body(Body::from(body)).unwrap()).await;
            for name in ["content-security-policy", "x-content-type-options", "referrer-policy", "x-request-id", "cross-origin-opener-policy"] {
                assert!(response.headers().contains_key(name), "{name}");
            }
            (response.status().as_u16(), code(response).await)
        };
        let users = "/api/v1/users";
        assert_eq!(send(Method::POST, users, "text/plain", b"{}".to_vec()).await, (415, "unsupported_media_type".into()));
        assert_eq!(send(Method::POST, users, "application/json", b"{".to_vec()).await, (400, "malformed".into()));
        assert_eq!(send(Method::POST, users, "application/json", vec![b' '; (1 << 20) + 1]).await, (413, "too_large".into()));
        assert_eq!(send(Method::PUT, users, "application/json", Vec::new()).await, (405, "method_not_allowed".into()));
        assert_eq!(send(Method::GET, "/api/v1/nothing", "text/plain", Vec::new()).await, (404, "not_found".into()));
        assert_eq!(send(Method::DELETE, "/api/v1/api-keys/nonsense", "text/plain", Vec::new()).await, (404, "not_found".into()));
        assert_eq!(send(Method::GET, "/api/v1/api-keys/%FF", "text/plain", Vec::new()).await.0, 405);
    }

    async fn a_person_is_shown_a_page_and_led_to_the_way_in(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let lost = browser.get("/nowhere").await;
        assert_eq!(lost.status(), StatusCode::NOT_FOUND);
        let page = text(lost).await;
        assert!(page.contains("<html") && page.contains("not_found"));
        let css = browser.get(assets::url("app.css")).await;
        assert_eq!((css.status(), css.headers()[header::CACHE_CONTROL].to_str().unwrap()), (StatusCode::OK, assets::CACHE_CONTROL));
    }
}
