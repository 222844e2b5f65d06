//! Consent, for programs: what holds for a person, what they said, and events of a web site.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::Response,
    routing::{get, post},
};
use catalogue::{PURPOSES, Purpose};
use crm::{
    capture::web_events::{self, EVENTS_MAX, REASONS, Seen, Whom},
    consent::{self, Act, CHANNELS, Entry, Said, Standing, notice::NoticeId},
    permits::{ReadRecords, WriteRecords},
    records,
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, Instant, RecordId, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, address::Asked, once},
    kit::{
        error::Refused,
        json::{self, answer},
    },
    openapi::{
        About, Doc,
        shared::{id as id_schema, id_or_null, object, text, time},
    },
    router::{Access, Route, Web},
};

/// The routes of consent.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/consents", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::POST, "/api/v1/consents", Access::Key, || post(enter)).doc(enter_doc),
    Route::new(Method::POST, "/api/v1/collect", Access::Key, || post(collect)).doc(collect_doc),
];

fn out(entry: &Entry) -> Json {
    json!({
        "id": entry.id, "person": entry.person, "purpose": entry.purpose.key, "act": entry.act.as_str(), "at": entry.at,
        "recorded": entry.recorded, "ends": entry.ends, "channel": entry.channel, "notice": entry.notice.map(|(id, _)| id),
        "notice_version": entry.notice.map(|(_, version)| version), "evidence": entry.evidence, "proven": entry.is_proven(),
    })
}

fn stands((purpose, standing): &(&'static Purpose, Standing)) -> Json {
    let by = standing.by.map(|(act, _)| act.as_str());
    json!({
        "purpose": purpose.key, "needs_consent": purpose.needs_consent, "allowed": standing.allowed, "by": by,
        "since": standing.by.map(|(_, at)| at),
    })
}

async fn show(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let person = asked.take("person").ok_or_else(|| Error::invalid("/person", "required", "Name the person with person=rec_…."))?;
    let person: RecordId = person.parse().map_err(|_| Error::invalid("/person", "not_an_id", "Write the person's id, as rec_…."))?;
    asked.end()?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    let held = web.app.read(&caller.actor, move |unit| consent::held(unit, &permit, person)).await?;
    let (standing, items): (Vec<Json>, Vec<Json>) = (held.standing.iter().map(stands).collect(), held.entries.iter().map(out).collect());
    answer(StatusCode::OK, &json!({ "standing": standing, "items": items }))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ConsentIn {
    person: RecordId,
    purpose: String,
    act: String,
    channel: String,
    #[serde(default)]
    at: Option<Instant>,
    #[serde(default)]
    ends: Option<Instant>,
    #[serde(default)]
    notice: Option<NoticeId>,
    #[serde(default)]
    notice_version: Option<i64>,
    #[serde(default)]
    evidence: Option<RecordId>,
}

impl ConsentIn {
    fn said(&self) -> Result<Said> {
        let unknown = |pointer: &str, words: &str| Error::invalid(pointer, "unknown", words);
        if self.notice.is_none() && self.notice_version.is_some() {
            return Err(Error::invalid("/notice", "required", "Name the notice whose version it is."));
        }
        Ok(Said {
            purpose: Purpose::find(&self.purpose).ok_or_else(|| unknown("/purpose", "There is no such purpose."))?,
            act: Act::parse(&self.act)
                .ok_or_else(|| unknown("/act", "Say what they said: given, withdrawn, objected, lifted, refused, requested."))?,
            at: self.at,
            ends: self.ends,
            channel: self.channel.clone(),
            notice: self.notice.map(|id| (id, self.notice_version)),
            evidence: self.evidence,
        })
    }
}

async fn enter(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<ConsentIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let (said, person, permit) = (given.said()?, given.person, caller.actor.permit::<WriteRecords>()?);
    let once = once::asked(&web, &caller, &headers, "consent", &given)?;
    let entered = web
        .app
        .write(&caller.actor, move |unit| records::first(unit, once.as_ref(), 201, |unit| consent::record(unit, &permit, person, &said)));
    let id = entered.await?;
    // They may be out of reach from this moment, for the very purpose the key acts for: the id is all there is to answer.
    answer(StatusCode::CREATED, &json!({ "id": id }))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct EventIn {
    name: String,
    #[serde(default)]
    at: Option<Instant>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    referrer: Option<String>,
    #[serde(default)]
    person: Option<RecordId>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    gpc: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct EventsIn {
    events: Vec<EventIn>,
}

fn seen(at: usize, event: EventIn) -> Result<Seen> {
    let EventIn { name, at: when, url, referrer, person, email, gpc } = event;
    let who = match (person, email) {
        (Some(person), None) => Whom::Person(person),
        (None, Some(email)) => Whom::Email(email),
        _ => {
            let words = "Say who it was: by the id of their record under person, or by their address under email.";
            return Err(Error::invalid(format!("/events/{at}/person"), "required", words));
        }
    };
    Ok(Seen { name, at: when, url, referrer, who, gpc })
}

async fn collect(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    json::Json(given): json::Json<EventsIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<WriteRecords>()?;
    let seen = given.events.into_iter().enumerate().map(|(at, event)| seen(at, event)).collect::<Result<Vec<_>>>()?;
    let fates = web_events::collect(&web.app, &permit, seen).await?;
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    fates.iter().filter_map(|fate| fate.err()).for_each(|why| *refused.entry(why).or_default() += 1);
    let items: Vec<Json> = fates.iter().map(|fate| json!({ "id": fate.ok(), "reason": fate.err() })).collect();
    let kept = fates.iter().filter(|fate| fate.is_ok()).count();
    answer(StatusCode::OK, &json!({ "seen": fates.len(), "kept": kept, "refused": refused, "items": items }))
}

pub(super) fn doc(name: &'static str, summary: &'static str) -> Doc {
    Doc::new(name, "consent", summary)
}

fn acts() -> Vec<&'static str> {
    Act::ALL.iter().map(|act| act.as_str()).collect()
}

pub(super) fn asked_purposes() -> Json {
    let keys: Vec<&str> = PURPOSES.iter().filter(|one| consent::is_asked(one)).map(|one| one.key).collect();
    json!({ "enum": keys })
}

fn or_null(mut schema: Json) -> Json {
    schema["type"] = json!([schema["type"], "null"]);
    schema
}

fn show_doc(_: &About) -> Doc {
    let standing = object(&[
        ("purpose", asked_purposes()),
        ("needs_consent", json!({ "type": "boolean" })),
        ("allowed", json!({ "type": "boolean", "description": "Whether their data may be used for it now." })),
        ("by", json!({ "enum": acts().into_iter().map(Json::from).chain([Json::Null]).collect::<Vec<_>>() })),
        ("since", or_null(time())),
    ]);
    let entry = object(&[
        ("id", id_schema("con")),
        ("person", id_schema("rec")),
        ("purpose", asked_purposes()),
        ("act", json!({ "enum": acts() })),
        ("at", time()),
        ("recorded", time()),
        ("ends", or_null(time())),
        ("channel", json!({ "enum": CHANNELS })),
        ("notice", id_or_null("pno")),
        ("notice_version", json!({ "type": ["integer", "null"], "minimum": 1 })),
        ("evidence", id_or_null("rec")),
        ("proven", json!({ "type": "boolean", "description": "Whether the words they were shown are known." })),
    ]);
    let list = |of: Json| json!({ "type": "array", "items": of });
    doc("show_consents", "What a person allowed")
        .more("What holds for each purpose now, and what they said, the last entered first; of records that were merged into theirs too.")
        .needs("read")
        .needed("person", "Whose.", id_schema("rec"))
        .answer(200, "What holds, and what was said.", object(&[("standing", list(standing)), ("items", list(entry))]))
        .refuses(&[Code::Conflict, Code::NotFound])
}

fn enter_doc(_: &About) -> Doc {
    let acts: Vec<&str> = acts().into_iter().filter(|act| *act != "expired").collect();
    let body = object(&[
        ("person", id_schema("rec")),
        ("purpose", asked_purposes()),
        (
            "act",
            json!({ "enum": acts, "description": "Consent where the purpose needs it: requested, given, refused, withdrawn; objected and lifted elsewhere too." }),
        ),
        ("channel", json!({ "enum": CHANNELS })),
        ("?at", or_null(time())),
        ("?ends", or_null(time())),
        (
            "?notice",
            json!({ "type": ["string", "null"], "description": "What they were shown. A consent without it is kept, is not proven, and opens nothing." }),
        ),
        ("?notice_version", json!({ "type": ["integer", "null"], "minimum": 1, "description": "The newest, where it is left out." })),
        ("?evidence", id_or_null("rec")),
    ]);
    doc("enter_consent", "Enter what a person said")
        .more("It is in force when it is answered: what it closes is closed for every read, list, export and letter from then on.")
        .needs("write")
        .once()
        .body(body)
        .answer(201, "Entered.", object(&[("id", id_schema("con"))]))
        .refuses(&[Code::NotFound, Code::Conflict, Code::StorageFull])
}

fn collect_doc(_: &About) -> Doc {
    let event = object(&[
        ("name", text(200)),
        ("?at", or_null(time())),
        ("?url", or_null(text(2_000))),
        ("?referrer", or_null(text(2_000))),
        ("?person", id_or_null("rec")),
        ("?email", or_null(text(320))),
        (
            "?gpc",
            json!({ "type": "boolean", "description": "Whether the browser sent Sec-GPC: 1. Its person says no to marketing by it, from then on." }),
        ),
    ]);
    let n = json!({ "type": "integer", "minimum": 0 });
    let reasons: Vec<(String, Json)> = REASONS.iter().map(|why| (format!("?{why}"), n.clone())).collect();
    let reasons: Vec<(&str, Json)> = reasons.iter().map(|(key, n)| (key.as_str(), n.clone())).collect();
    let fate = object(&[("id", id_or_null("rec")), ("reason", json!({ "enum": [REASONS[0], REASONS[1], REASONS[2], null] }))]);
    let told = object(&[
        ("seen", n.clone()),
        ("kept", n),
        ("refused", object(&reasons)),
        ("items", json!({ "type": "array", "items": fate, "description": "In the order they were sent." })),
    ]);
    doc("collect_web_events", "Take in what people did on a web site")
        .more("Kept of those who consented to marketing, and of nobody else. Say who it was by person or by email.")
        .needs("write")
        .body(object(&[("events", json!({ "type": "array", "items": event, "minItems": 1, "maxItems": EVENTS_MAX }))]))
        .answer(200, "What became of each.", told)
        .refuses(&[Code::Conflict, Code::StorageFull])
}
