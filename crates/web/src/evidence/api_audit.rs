//! Who saw and changed what, verification and bundles, for programs.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use crm::{
    evidence::{self, PAGE_MAX, Question},
    permits::Audit,
    records,
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, Instant, RecordId, Result};
use serde_json::json;

use crate::{
    api::{
        Caller,
        address::{Asked, cursor_gone},
        begun, begun_schema, file, id, once,
    },
    kit::{error::Refused, json::answer},
    openapi::{
        About, Doc,
        fields::{is_date, is_time},
        shared::{cursor, id as id_schema, object, time},
    },
    records::api::kind_of,
    router::{Access, Route, Web},
};

/// The routes of this file.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/audit", Access::Key, || get(audit)).doc(audit_doc),
    Route::new(Method::GET, "/api/v1/audit/signed", Access::Key, || get(signed)).doc(signed_doc),
    Route::new(Method::GET, "/api/v1/verify", Access::Key, || get(verified)).doc(verified_doc),
    Route::new(Method::POST, "/api/v1/verify", Access::Key, || post(verify)).doc(verify_doc),
    Route::new(Method::GET, "/api/v1/{kind}/{id}/seen", Access::Key, || get(seen)),
    Route::new(Method::GET, "/api/v1/{kind}/{id}/evidence", Access::Key, || get(bundle)),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}/seen", Access::Key, || get(seen)).doc(seen_doc),
    Route::new(Method::GET, "/api/v1/records/{kind}/{id}/evidence", Access::Key, || get(bundle)).doc(bundle_doc),
];

/// Events of a page when nobody says otherwise.
const LIMIT: usize = 100;
const NOTE: &str = "text/plain; charset=utf-8";
const ZIP: &str = "application/zip";

fn doc(id: &'static str, summary: &'static str) -> Doc {
    Doc::new(id, "evidence", summary).needs("audit")
}

/// A record's number, or an actor's word; exactly one of them.
fn question(asked: &mut Asked) -> Result<Question> {
    match (asked.take("record"), asked.take("actor")) {
        (Some(record), None) => {
            let wrong = |_| Error::invalid("/record", "not_an_id", "Write the record's id, as rec_….");
            record.parse().map(Question::Record).map_err(wrong)
        }
        (None, Some(actor)) if is_actor(&actor) => Ok(Question::Actor(actor)),
        (None, Some(_)) => {
            Err(Error::invalid("/actor", "not_an_actor", "Write operator, system, visitor, or the id of a member of staff or an API key."))
        }
        _ => Err(Error::invalid("/record", "required", "Name a record with record=, or somebody with actor=, and not both.")),
    }
}

/// How events name who acted.
fn is_actor(text: &str) -> bool {
    matches!(text, "operator" | "system" | "visitor") || text.parse::<kernel::UserId>().is_ok() || text.parse::<kernel::ApiKeyId>().is_ok()
}

/// A day (its beginning, UTC) or a time.
fn moment(asked: &mut Asked, name: &str) -> Result<Option<Instant>> {
    let Some(text) = asked.take(name) else { return Ok(None) };
    let day = text.parse().ok().filter(|_| is_date(&text)).map(Instant::start_of);
    let found = day.or_else(|| Instant::parse(&text).filter(|_| is_time(&text)));
    let wrong = || Error::invalid(format!("/{name}"), "not_a_time", "Write a day as 2026-11-21 or a time as 2026-11-21T10:42:07Z.");
    found.map(Some).ok_or_else(wrong)
}

/// A page of what was asked, as the rest of the address bounds it.
async fn paged(web: &Web, caller: &Caller, question: Question, mut asked: Asked) -> Result<Response, Refused> {
    let permit = caller.actor.permit::<Audit>()?;
    let (since, until) = (moment(&mut asked, "since")?.unwrap_or(Instant::EPOCH), moment(&mut asked, "until")?);
    let (limit, cursor) = (asked.number("limit", 1, PAGE_MAX)?.unwrap_or(LIMIT), asked.take("cursor"));
    asked.end()?;
    let given = cursor.is_some();
    let page = web.app.read(&caller.actor, move |unit| evidence::page(unit, &permit, &question, (since, until), cursor.as_deref(), limit));
    let page = page.await.map_err(|error| cursor_gone(given, error))?;
    answer(StatusCode::OK, &json!({ "items": page.events, "next": page.next }))
}

/// How a page is asked for and what it looks like.
fn paged_doc(doc: Doc) -> Doc {
    let moment = json!({ "type": "string", "anyOf": [{ "format": "date" }, { "format": "date-time" }] });
    let text = json!({ "type": "string" });
    let named = json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": ["string", "integer"] } });
    let event = object(&[
        ("event", id_schema("evt")),
        ("at", time()),
        ("name", json!({ "type": "string", "examples": ["record.read"] })),
        ("actor", text.clone()),
        ("purpose", text.clone()),
        ("door", text.clone()),
        ("fields", json!({ "type": "array", "items": text, "description": "The fields that were shown, changed or searched." })),
        ("records", json!({ "type": "array", "items": named, "description": "The records it names, each with its version." })),
        ("detail", json!({ "type": "object", "additionalProperties": { "type": ["string", "integer"] } })),
    ]);
    let next = json!({ "type": ["string", "null"], "description": "The cursor of the next page." });
    let page = object(&[("items", json!({ "type": "array", "items": event })), ("next", next)]);
    doc.query("since", "From this day (UTC) or time on.", moment.clone())
        .query("until", "Up to, without, this day or time.", moment)
        .query("limit", "Events of the page.", json!({ "type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": LIMIT }))
        .query("cursor", "`next` of the page before.", cursor())
        .answer(200, "The oldest first. Events name fields, never values.", page)
        .refuses(&[Code::NotFound])
}

fn asked_doc(doc: Doc) -> Doc {
    let actor = json!({ "type": "string", "pattern": "^(operator|system|visitor|(usr|key)_[0-7][0-9a-hjkmnp-tv-z]{25})$" });
    doc.query("record", "Who saw or changed this record.", id_schema("rec")).query(
        "actor",
        "What they did: `operator`, `system`, `visitor`, or the id of a member of staff or an API key.",
        actor,
    )
}

async fn audit(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    caller.actor.permit::<Audit>()?;
    let question = question(&mut asked)?;
    paged(&web, &caller, question, asked).await
}

fn audit_doc(_: &About) -> Doc {
    let doc = doc("audit", "Who saw or changed what").more("Name either `record` or `actor`. To ask leaves an event too.");
    paged_doc(asked_doc(doc))
}

async fn signed(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let permit = caller.actor.permit::<Audit>()?;
    let question = question(&mut asked)?;
    let since = moment(&mut asked, "since")?.unwrap_or(Instant::EPOCH);
    asked.end()?;
    let note = evidence::answer(&web.app, &permit, question, since).await?;
    Ok(file(NOTE, "audit.note", note.into_bytes())?)
}

fn signed_doc(_: &About) -> Doc {
    let since = json!({ "type": "string", "anyOf": [{ "format": "date" }, { "format": "date-time" }] });
    asked_doc(doc("audit_signed", "The auditor's answer, signed"))
        .more("Name either `record` or `actor`. At most 10,000 events as JSON under the newest checkpoint, signed with the ledger's key; what `probity audit --out` writes.")
        .query("since", "From this day (UTC) or time on.", since)
        .file("text/plain", "A signed note (C2SP signed-note).")
}

async fn verified(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Audit>()?;
    answer(StatusCode::OK, &evidence::last_report(&web.app, &permit).await?)
}

fn verified_doc(_: &About) -> Doc {
    let count = json!({ "type": "integer", "minimum": 0 });
    let fault = object(&[("leaf", json!({ "type": ["integer", "null"] })), ("what", json!({ "type": "string" }))]);
    let mut all = vec![("at", time())];
    all.extend(["leaves", "open", "sealed", "erased", "expired", "missing"].map(|name| (name, count.clone())));
    all.extend([
        (
            "faults",
            json!({ "type": "array", "items": fault, "description": "Empty when everything is as it was recorded; at most 1,000." }),
        ),
        ("checkpoint", json!({ "type": ["string", "null"], "description": "The signed checkpoint it was verified against." })),
        ("witnesses", json!({ "type": "array", "items": { "type": "string" } })),
        ("unanchored", json!({ "type": "boolean", "description": "Nobody but the operator vouches for the checkpoint." })),
        ("faults_found", count),
    ]);
    doc("show_verification", "What the last verification found").answer(200, "Its report.", object(&all)).refuses(&[
        Code::NotFound,
        Code::Malformed,
        Code::InvalidInput,
    ])
}

async fn verify(State(web): State<Web>, caller: Caller, asked: Asked, headers: HeaderMap) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Audit>()?;
    let once = once::asked(&web, &caller, &headers, "verify", &())?;
    let ordered =
        web.app.write(&caller.actor, move |unit| records::first(unit, once.as_ref(), 202, |unit| evidence::verify_later(unit, &permit)));
    let job = ordered.await?;
    begun(job, json!({}), &format!("/api/v1/jobs/{job}"))
}

fn verify_doc(_: &About) -> Doc {
    doc("verify", "Verify the whole store")
        .more("A job recomputes every leaf, box and order. Its progress is in leaves; what it found is at `GET /verify`.")
        .once()
        .answer(202, "A job does it.", begun_schema(&[]))
        .with_header(202, "Location")
        .refuses(&[Code::Malformed, Code::InvalidInput, Code::StorageFull])
}

/// A record of this kind, whatever became of it, that the permit reaches. Error: not_found.
async fn of_kind(web: &Web, caller: &Caller, uri: &http::Uri, word: &str, record: &str) -> Result<RecordId> {
    let (kind, id): (_, RecordId) = (kind_of(web, uri, word)?, id(record, "record")?);
    let permit = caller.actor.permit::<Audit>()?;
    permit.need(&kind)?;
    let found = web.app.read(&caller.actor, move |unit| {
        let found = records::find(unit, id)?.filter(|row| row.kind.key == kind.key);
        unit.plain(found.is_some())
    });
    if found.await? { Ok(id) } else { Err(Error::not_found("record")) }
}

async fn seen(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
) -> Result<Response, Refused> {
    caller.actor.permit::<Audit>()?;
    let id = of_kind(&web, &caller, &uri, &word, &record).await?;
    paged(&web, &caller, Question::Shown(id), asked).await
}

fn about_one(id: &'static str, summary: &'static str) -> Doc {
    doc(id, summary).path("kind", "The kind's key.", json!({ "$ref": "#/components/schemas/KindKey" })).id("rec", "record")
}

fn seen_doc(_: &About) -> Doc {
    paged_doc(about_one("list_seen", "Who was shown a record"))
        .more("Every event by which something of it was opened for somebody or left the house: pages, lists, searches, files, packages. A page may have fewer events than its limit; `next` says whether there are more.")
}

async fn bundle(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Audit>()?;
    let id = of_kind(&web, &caller, &uri, &word, &record).await?;
    let bytes = evidence::bundle(&web.app, &permit, id).await?;
    Ok(file(ZIP, &format!("evidence-{id}.zip"), bytes)?)
}

fn bundle_doc(_: &About) -> Doc {
    about_one("fetch_evidence", "A record's evidence, to verify offline")
        .more("Every version with its proof, and of a destroyed record its order and certificate. `probity verify --bundle` needs nothing else.")
        .file(ZIP, "The bundle.")
        .refuses(&[Code::Malformed, Code::InvalidInput])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_actor_is_named_as_events_name_them() {
        for good in ["operator", "system", "visitor", "usr_00000000000000000000000001", "key_00000000000000000000000001"] {
            assert!(is_actor(good), "{good}");
        }
        for wrong in ["", "ada", "rec_00000000000000000000000001", "usr_", "operator "] {
            assert!(!is_actor(wrong), "{wrong}");
        }
    }
}
