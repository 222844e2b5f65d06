//! The API of records: what it promises and what it refuses.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use crm::identity::{KeyScope, NewKey, apikey, setup};
use http::{HeaderMap, Method, Request, StatusCode, header};
use kernel::Personal;
use serde_json::{Value, json};
use std::time::Duration;
use testkit::{TestApp, store_test};
use tower::ServiceExt as _;

use crate::router::{Settings, Web, router};

/// A program with an API key for sales.
pub(crate) struct Program {
    router: Router,
    pub(crate) key: String,
    extra: Vec<(&'static str, String)>,
}

pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Program {
    pub(crate) async fn new(app: &TestApp, purpose: &str, privileges: &[&str]) -> Self {
        let web = Web::new((**app).clone(), Settings::default());
        if let Some(code) = setup::begin(app).await.unwrap() {
            let names = (Personal::new("Ada".to_owned()), Personal::new("ada@house.example".to_owned()));
            let password = Personal::new("seven quiet herons by the mill".to_owned());
            web.door.set_up(app, None, code, names, password).await.unwrap();
        }
        let operator = app.operator();
        let permit = operator.permit::<crm::permits::Manage>().unwrap();
        let owner = app.read(&operator, move |unit| crm::identity::staff::list(unit, &permit)).await.unwrap()[0].id;
        let scopes = privileges.iter().map(|p| KeyScope { privilege: (*p).to_owned(), kind: "*".to_owned() }).collect();
        let purpose = catalogue::Purpose::find(purpose).unwrap();
        let new = NewKey { label: "test".to_owned(), owner: Some(owner), purpose, scopes, valid: Duration::from_secs(86_400) };
        let permit = operator.permit::<crm::permits::Manage>().unwrap();
        let (_, key) = app.write(&operator, move |unit| apikey::make(unit, &permit, &new)).await.unwrap();
        Self { router: router(web), key, extra: Vec::new() }
    }

    pub(crate) fn with(&self, name: &'static str, value: &str) -> Self {
        Self { router: self.router.clone(), key: self.key.clone(), extra: vec![(name, value.to_owned())] }
    }

    pub(crate) async fn raw(&self, method: Method, path: &str, media: &str, body: Vec<u8>) -> Answer {
        let mut request =
            Request::builder().method(method).uri(format!("/api/v1{path}")).header(header::AUTHORIZATION, format!("Bearer {}", self.key));
        for (name, value) in &self.extra {
            request = request.header(*name, value);
        }
        let response =
            self.router.clone().oneshot(request.header(header::CONTENT_TYPE, media).body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, body: serde_json::from_slice(&bytes).unwrap_or_default() };
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
        if answer.status.is_client_error() || answer.status.is_server_error() {
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
            for key in ["code", "detail", "request_id", "title", "type"] {
                assert!(answer.body[key].is_string(), "{path}: {key}");
            }
            assert_eq!(answer.body["status"], answer.status.as_u16());
        }
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.raw(Method::GET, path, "application/json", Vec::new()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.raw(Method::POST, path, "application/json", body.to_string().into_bytes()).await
    }

    async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.raw(Method::PATCH, path, "application/json", body.to_string().into_bytes()).await
    }
}

pub(crate) fn code(answer: &Answer) -> &str {
    answer.body["code"].as_str().unwrap_or_default()
}

store_test! {
    async fn a_record_is_made_read_and_changed_under_its_version(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        let made = api.post("/people", &json!({"fields": {"name": "Ada Quell", "email": ["ada@quell.example"], "relation": "lead"}})).await;
        assert_eq!((made.status, made.headers[header::ETAG].to_str().unwrap()), (StatusCode::CREATED, "\"v1\""));
        let address = made.headers[header::LOCATION].to_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned();
        assert_eq!(address, format!("/people/{}", made.body["id"].as_str().unwrap()));
        assert_eq!(made.body["fields"]["email"], json!(["ada@quell.example"]));

        assert_eq!(api.with("if-none-match", "\"v1\"").get(&address).await.status, StatusCode::NOT_MODIFIED);
        let change = json!({"fields": {"relation": "customer"}});
        assert_eq!(code(&api.patch(&address, &change).await), "precondition_required");
        let changed = api.with("if-match", "\"v1\"").patch(&address, &change).await;
        assert_eq!((changed.status, &changed.body["version"], &changed.body["fields"]["relation"]), (StatusCode::OK, &json!(2), &json!("customer")));
        assert_eq!(code(&api.with("if-match", "\"v1\"").patch(&address, &json!({"fields": {"relation": "partner"}})).await), "version_conflict");
        assert_eq!(code(&api.with("if-match", "v1").patch(&address, &change).await), "malformed");

        let id = made.body["id"].as_str().unwrap();
        assert_eq!(api.get(&format!("/records/person/{id}")).await.body["version"], 2);
        assert_eq!(api.get(&format!("/companies/{id}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(api.get(&format!("{address}/versions")).await.body["items"].as_array().unwrap().len(), 2);
        assert_eq!(api.get(&format!("{address}/versions/1")).await.body["fields"]["relation"], "lead");
        assert!(api.get(&format!("{address}/retention")).await.body["line"].is_string());
        assert_eq!(api.get(&format!("{address}/timeline")).await.status, StatusCode::OK);
        let found = api.post("/search", &json!({"words": "quell"})).await;
        assert_eq!(found.body["items"][0]["id"], id);
    }

    async fn a_list_filters_open_fields_and_keeps_sealed_ones_out_of_addresses(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        for (name, relation) in [("Ada", "lead"), ("Ben", "lead"), ("Cleo", "customer")] {
            let made = api.post("/people", &json!({"fields": {"name": name, "email": [format!("{name}@x.example")], "relation": relation}})).await;
            assert_eq!(made.status, StatusCode::CREATED);
        }
        let titles = |answer: &Answer| -> Vec<String> {
            answer.body["items"].as_array().unwrap().iter().map(|i| i["title"].as_str().unwrap().to_owned()).collect()
        };
        let leads = api.get("/people?filter%5Brelation%5D%5Beq%5D=lead&sort=name").await;
        assert_eq!((leads.status, titles(&leads)), (StatusCode::OK, vec!["Ada".to_owned(), "Ben".to_owned()]));
        let first = api.get("/people?sort=name&limit=2").await;
        let next = api.get(&format!("/people?sort=name&limit=2&cursor={}", first.body["next"].as_str().unwrap())).await;
        assert_eq!(titles(&next), ["Cleo"]);
        let sealed = api.get("/people?filter[email][eq]=ben@x.example").await;
        assert_eq!((sealed.status, code(&sealed)), (StatusCode::BAD_REQUEST, "sealed_in_url"));
        let by_body = api.post("/people/search", &json!({"filter": {"field": "email", "op": "eq", "value": "BEN@x.example"}})).await;
        assert_eq!(titles(&by_body), ["Ben"]);
        for wrong in ["limit=0", "limit=x", "limit=1&limit=2", "colour=red", "filter[relation][is]=x", "sort=shoe", "filter[relation][eq]=foe"] {
            assert!(api.get(&format!("/people?{wrong}")).await.status.is_client_error(), "{wrong}");
        }
        assert_eq!(api.get("/people?cursor=nonsense").await.status, StatusCode::NOT_FOUND);
    }

    async fn a_batch_gives_each_row_its_own_result(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        let one = api.post("/people", &json!({"fields": {"name": "Zoe"}})).await.body["id"].clone();
        let row = |n: usize| match n % 4 {
            0 => json!({"op": "create", "fields": {"relation": "lead"}}),
            1 if n == 1 => json!({"op": "update", "id": one, "version": 1, "fields": {"job_title": "Clerk"}}),
            1 if n == 5 => json!({"op": "update", "id": one, "version": 7, "fields": {"job_title": "Chief"}}),
            _ => json!({"op": "create", "fields": {"name": format!("Person {n}")}}),
        };
        let rows: Vec<Value> = (0..1_200).map(row).collect();
        let sent = json!({"items": rows});
        let key = api.with("idempotency-key", "batch-1");
        let done = key.post("/people/batch", &sent).await;
        assert_eq!(done.status, StatusCode::OK);
        let items = done.body["items"].as_array().unwrap();
        assert_eq!((items.len(), &done.body["failed"], &done.body["succeeded"]), (1_200, &json!(301), &json!(899)));
        assert_eq!((&items[0]["status"], &items[0]["problem"]["errors"][0]["pointer"]), (&json!(422), &json!("/fields/name")));
        assert_eq!((&items[1]["status"], &items[1]["version"], &items[2]["status"]), (&json!(200), &json!(2), &json!(201)));
        assert_eq!(items[5]["problem"]["code"], "version_conflict");
        assert_eq!(key.post("/people/batch", &sent).await.body, done.body);
        assert_eq!(api.get("/people?limit=1").await.body["total"], 899);
        assert_eq!(code(&api.post("/people/batch", &json!({"items": []})).await), "invalid_input");
        assert_eq!(code(&api.post("/people/batch", &json!({"items": [{"op": "update", "fields": {}}]})).await), "invalid_input");
    }

    async fn a_repeated_request_makes_nothing_twice(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        let keyed = api.with("idempotency-key", "order-4711");
        let first = keyed.post("/people", &json!({"fields": {"name": "Ada"}})).await;
        let again = keyed.post("/people", &json!({"fields": {"name": "Ada"}})).await;
        assert_eq!((again.status, &again.body["id"]), (StatusCode::CREATED, &first.body["id"]));
        assert_eq!(api.get("/people").await.body["total"], 1);
        let other = keyed.post("/people", &json!({"fields": {"name": "Ben"}})).await;
        assert_eq!(code(&other), "conflict");
        assert_eq!(code(&api.with("idempotency-key", "two words").post("/people", &json!({"fields": {"name": "Ada"}})).await), "malformed");
        app.clock.advance(Duration::from_secs(25 * 3600));
        let later = Program::new(&app, "sales", &["read", "write"]).await;
        assert_ne!(later.with("idempotency-key", "order-4711").post("/people", &json!({"fields": {"name": "Ada"}})).await.body["id"], first.body["id"]);
    }

    async fn an_owner_works_here_or_the_record_is_not_made(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        let manager = Program::new(&app, "administration", &["manage"]).await;
        let ada = manager.get("/me").await.body["staff"].clone();
        let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
        let grace = manager.post("/users", &user).await.body["id"].as_str().unwrap().to_owned();
        let nobody = json!("usr_00000000000000000000000001");
        let of = |owner: &Value| json!({"fields": {"name": "Ada"}, "owner": owner});
        let refused = api.post("/people", &of(&nobody)).await;
        assert_eq!((code(&refused), &refused.body["errors"][0]["pointer"]), ("conflict", &json!("/owner")));
        assert!(refused.body["errors"][0]["detail"].as_str().unwrap().contains("no member of staff"));
        let made = api.post("/people", &of(&json!(grace))).await;
        assert_eq!((made.status, &made.body["owner"]), (StatusCode::CREATED, &json!(grace)));
        let address = format!("/people/{}", made.body["id"].as_str().unwrap());
        assert_eq!(code(&api.with("if-match", "*").patch(&address, &json!({"owner": nobody})).await), "conflict");
        assert_eq!(api.with("if-match", "*").patch(&address, &json!({"owner": ada})).await.body["owner"], ada);
        assert_eq!(manager.post(&format!("/users/{grace}/disable"), &json!({})).await.status, StatusCode::NO_CONTENT);
        assert_eq!(code(&api.with("if-match", "*").patch(&address, &json!({"owner": grace})).await), "conflict", "who left is given nothing");
        let row = |owner: &Value| json!({"op": "create", "owner": owner, "fields": {"name": "Ben"}});
        let batch = api.post("/people/batch", &json!({"items": [row(&nobody), row(&ada), row(&Value::Null)]})).await.body;
        assert_eq!(batch["items"][0]["problem"]["errors"][0]["pointer"], "/owner");
        assert_eq!((&batch["succeeded"], &batch["failed"]), (&json!(2), &json!(1)));
    }

    async fn a_record_stays_with_an_owner_who_left(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        let manager = Program::new(&app, "administration", &["manage"]).await;
        let user = json!({"name": "Grace Hopper", "email": "grace@house.example", "role": "agent"});
        let grace = manager.post("/users", &user).await.body["id"].as_str().unwrap().to_owned();
        let made = api.post("/people", &json!({"fields": {"name": "Ada"}, "owner": grace})).await;
        manager.post(&format!("/users/{grace}/disable"), &json!({})).await;
        let address = format!("/people/{}", made.body["id"].as_str().unwrap());
        let changed = api.with("if-match", "\"v1\"").patch(&address, &json!({"fields": {"name": "Ada Quell"}})).await;
        assert_eq!((changed.status, &changed.body["owner"]), (StatusCode::OK, &json!(grace)));
    }

    async fn a_kind_made_over_the_api_works_at_once(app: TestApp) {
        let manager = Program::new(&app, "administration", &["manage", "read", "write"]).await;
        let kind = json!({"key": "vessel", "label": "Vessel", "plural": "Vessels", "path": "vessels", "title": "name",
            "field": [{"key": "name", "label": "Name", "type": "text", "required": true}]});
        let keyed = manager.with("idempotency-key", "vessel-1");
        let made = keyed.post("/kinds", &kind).await;
        assert_eq!((made.status, &keyed.post("/kinds", &kind).await.body), (StatusCode::CREATED, &made.body));
        assert_eq!(code(&manager.post("/kinds", &kind).await), "duplicate");
        let made = manager.post("/records/vessel", &json!({"fields": {"name": "Ariadne"}})).await;
        assert_eq!(made.status, StatusCode::CREATED);
        assert!(manager.get("/openapi.json").await.body["paths"]["/records/vessel"].is_object());
        let sales = Program::new(&app, "sales", &["read"]).await;
        assert_eq!(code(&sales.post("/kinds", &kind).await), "forbidden");
        assert_eq!(code(&sales.post("/people", &json!({"fields": {"name": "Ada"}})).await), "forbidden");
    }

    async fn whatever_is_sent_is_answered_and_never_breaks(app: TestApp) {
        let api = Program::new(&app, "sales", &["read", "write"]).await;
        let long = "x".repeat(1_001);
        let bodies = [
            json!({}), json!({"fields": {}}), json!({"fields": []}), json!({"fields": {"name": 3}}), json!({"fields": {"name": "  "}}),
            json!({"fields": {"name": "Ada", "colour": 1}}), json!({"fields": {"name": "Ada"}, "more": 1}), json!({"fields": {"name": long}}),
            json!({"fields": {"name": "Ada", "email": "ada@x.example"}}), json!({"fields": {"name": "Ada", "last_contact": "2026-01-01T00:00:00Z"}}),
            json!({"fields": {"name": "Ada", "company": "rec_zzzzzzzzzzzzzzzzzzzzzzzzzz"}}), json!({"fields": {"name": "Ada", "birthday": "2026-02-30"}}),
            json!({"fields": {"name": "Ada", "address": {"planet": "Mars"}}}), json!({"fields": {"name": "Ada"}, "owner": "rec_x"}), json!("text"), json!(null),
        ];
        for body in bodies {
            let answer = api.post("/people", &body).await;
            assert!(matches!(answer.status.as_u16(), 400 | 422), "{body}: {}", answer.status);
        }
        let raws: [&[u8]; 6] = [b"", b"{", b"\xff\xfe", b"{\"fields\":{\"name\":\"a\\u0000\"}}", b"[[[[[[[", b"{\"fields\":{\"name\":1e999}}"];
        for raw in raws {
            assert!(matches!(api.raw(Method::POST, "/people", "application/json", raw.to_vec()).await.status.as_u16(), 400 | 422));
        }
        assert_eq!(code(&api.raw(Method::POST, "/people", "text/plain", b"{}".to_vec()).await), "unsupported_media_type");
        assert_eq!(code(&api.raw(Method::POST, "/people", "application/json", vec![b' '; 9 << 20]).await), "too_large");
        assert_eq!(code(&api.raw(Method::PUT, "/people", "application/json", Vec::new()).await), "method_not_allowed");
        for path in ["/nowhere", "/people/1", "/people/rec_%00", "/people/%ff", "/records/none", "/vessels", "/people/x/versions/0", "/jobs/job_1", "/requests/x", "/log/tile/9/9"] {
            let status = api.get(path).await.status.as_u16();
            assert!(matches!(status, 400 | 403 | 404), "{path}: {status}");
        }
        let dangling = json!({"fields": {"name": "Ada", "company": "rec_00000000000000000000000001"}});
        let refused = api.post("/people", &dangling).await;
        assert_eq!((code(&refused), &refused.body["errors"][0]["pointer"]), ("conflict", &json!("/fields/company")));
        assert_eq!(api.get("/people").await.body["total"], 0);
    }
}
