//! What somebody is told of, for programs that act for them.

use axum::{
    extract::State,
    response::Response,
    routing::{get, post},
};
use crm::notices::{self, LIMIT_MAX, Notice, Which};
use http::{Method, StatusCode};
use kernel::{Code, Error, NoticeId};
use serde::Deserialize;
use serde_json::json;

use crate::{
    api::{Caller, address::Asked},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{id, id_or_null, object, time},
    },
    router::{Access, Route, Web},
};

/// The routes of notices.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/notices", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/notices/seen", Access::Key, || post(seen)).doc(seen_doc),
];

const LIMIT: usize = 50;

async fn list(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let limit = asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let before = asked.take("cursor").map(|cursor| cursor.parse::<NoticeId>());
    let before = before.transpose().map_err(|_| Error::invalid("/cursor", "not_a_cursor", "Send `next` of the page before."))?;
    let unread = match asked.take("unread").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Error::invalid("/unread", "not_an_option", "Write true or false.").into()),
    };
    asked.end()?;
    let all: Vec<Notice> =
        web.app.read(&caller.actor, move |unit| notices::mine(unit, unread, before, limit).and_then(|all| unit.plain(all))).await?;
    let next = all.last().filter(|_| all.len() == limit).map(|last| last.id);
    answer(StatusCode::OK, &json!({ "items": all, "next": next }))
}

fn list_doc(_: &About) -> Doc {
    let mut seen = time();
    seen["type"] = json!(["string", "null"]);
    let item = object(&[
        ("id", id("ntc")),
        ("at", time()),
        (
            "why",
            json!({ "enum": ["mention", "assigned", "reminder", "mail", "rule", "stopped", "webhook"], "description": "A note mentions you, a task was given to you, a task of yours is due, an account of mail of yours cannot be fetched, a rule tells you of the record, a rule of yours was stopped, a webhook of yours was switched off (of an account, a stopped rule and a webhook, `record` holds the bytes of their id)." }),
        ),
        ("record", id("rec")),
        ("actor", json!({ "type": "string", "description": "Who caused it." })),
        ("seen", seen),
    ]);
    let page = object(&[("items", json!({ "type": "array", "items": item })), ("next", id_or_null("ntc"))]);
    Doc::new("list_notices", "notices", "List what you are told of")
        .more("Ids alone: what a record says is read at its own address, as far as you may.")
        .query("unread", "Only what was not read.", json!({ "type": "boolean", "default": false }))
        .query("limit", "Notices of the page.", json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT }))
        .query("cursor", "`next` of the page before.", id("ntc"))
        .answer(200, "The newest first.", page)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeenIn {
    #[serde(default)]
    ids: Option<Vec<NoticeId>>,
    #[serde(default)]
    up_to: Option<NoticeId>,
}

async fn seen(State(web): State<Web>, caller: Caller, asked: Asked, json::Json(given): json::Json<SeenIn>) -> Result<Response, Refused> {
    asked.end()?;
    let which = match (given.ids, given.up_to) {
        (Some(ids), None) => Which::These(ids),
        (None, Some(id)) => Which::UpTo(id),
        _ => return Err(Error::new(Code::InvalidInput, "Name the notices in `ids`, or the newest of them in `up_to`.").into()),
    };
    let seen = web.app.write(&caller.actor, move |unit| notices::see(unit, &which)).await?;
    answer(StatusCode::OK, &json!({ "seen": seen }))
}

fn seen_doc(_: &About) -> Doc {
    let these = object(&[("ids", json!({ "type": "array", "items": id("ntc"), "maxItems": LIMIT_MAX }))]);
    let up_to = object(&[("up_to", id("ntc"))]);
    Doc::new("see_notices", "notices", "Mark what you were told of as read")
        .more("Either by name, or one and all before it. Notices of others are left alone, as if they were not there.")
        .body(json!({ "oneOf": [these, up_to] }))
        .answer(200, "How many had not been read.", object(&[("seen", json!({ "type": "integer", "minimum": 0 }))]))
}
