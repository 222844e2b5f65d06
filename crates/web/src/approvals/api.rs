//! What waits for a second person, for programs: the same proposals as on the pages, approved or turned down by the person behind the key.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use crm::{
    disposal::{self, Fate, Planned, Weighed},
    permits::{Dispose, Unit},
    records,
    retention::Source,
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, OrderId, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use trail::Permit;

use crate::{
    api::{Caller, address::Asked, id, once},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{id as id_schema, id_or_null, key, object, sentence, time},
    },
    router::{Access, Route, Web},
};

/// The routes of approvals.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/approvals", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::GET, "/api/v1/approvals/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::POST, "/api/v1/approvals/{id}/approve", Access::Key, || post(approve)).doc(approve_doc),
    Route::new(Method::POST, "/api/v1/approvals/{id}/reject", Access::Key, || post(reject)).doc(reject_doc),
];

const LIMIT: usize = 20;
const LIMIT_MAX: usize = 100;
/// The longest reason.
const REASON: usize = 2_000;

fn doc(id: &'static str, summary: &'static str) -> Doc {
    Doc::new(id, "approvals", summary).needs("dispose")
}

fn head(weighed: &Weighed) -> Json {
    let proposal = &weighed.proposal;
    let approvals: Vec<Json> = proposal.approvals.iter().map(|(by, at)| json!({ "by": by, "at": at })).collect();
    json!({
        "id": proposal.id, "at": proposal.at, "state": proposal.state, "by": proposal.by, "cause": proposal.cause,
        "request": proposal.request, "reason": proposal.reason, "records": proposal.records.len(), "fields": proposal.fields,
        "needed": weighed.needed, "approvals": approvals, "may_approve": weighed.awaits_me,
        "ended": proposal.ended.as_ref().map(|(by, at, reason)| json!({ "by": by, "at": at, "reason": reason })),
    })
}

fn head_properties() -> Vec<(&'static str, Json)> {
    let text = json!({ "type": "string" });
    let approval = object(&[("by", text.clone()), ("at", time())]);
    let mut ended = object(&[("by", text.clone()), ("at", time()), ("reason", text.clone())]);
    ended["type"] = json!(["object", "null"]);
    ended["description"] = "Who turned it down or took it back.".into();
    vec![
        ("id", id_schema("dst")),
        ("at", time()),
        ("state", json!({ "enum": ["open", "ordered", "withdrawn"] })),
        ("by", text.clone()),
        ("cause", json!({ "enum": ["expiry", "erasure", "undo"] })),
        ("request", id_or_null("req")),
        ("reason", text),
        ("records", json!({ "type": "integer", "minimum": 1, "description": "How many records it is over." })),
        ("fields", json!({ "type": "array", "items": key(), "description": "The fields of the one record; empty for whole records." })),
        ("needed", json!({ "type": "integer", "minimum": 0, "description": "How many must approve, beside whoever carries it out." })),
        ("approvals", json!({ "type": "array", "items": approval })),
        ("may_approve", json!({ "type": "boolean", "description": "Whether the person behind this key may approve it." })),
        ("ended", ended),
    ]
}

/// What would become of one record, and the rules behind it: ids and dates, nothing of the record itself.
fn line(weighed: &Weighed, planned: &Planned) -> Json {
    let named = &weighed.proposal.fields;
    let concerns = |fields: &[String]| named.is_empty() || fields.is_empty() || fields.iter().any(|field| named.contains(field));
    let reasons = planned.decision.iter().flat_map(|decision| &decision.reasons).filter(|reason| concerns(&reason.fields));
    let rules = reasons.filter_map(|reason| match &reason.source {
        Source::Rule { id, version, citation, .. } => {
            Some(json!({ "rule": id, "version": version, "citation": citation, "effect": reason.effect, "date": reason.date }))
        }
        _ => None,
    });
    let (outcome, words, until) = match &planned.fate {
        Fate::Erase => ("erase", String::new(), None),
        Fate::EraseFields(_) => ("erase_fields", String::new(), None),
        Fate::Restrict(bar) => ("restrict", bar.rule.clone(), bar.until),
        Fate::Keep(bar) => ("keep", bar.rule.clone(), bar.until),
        Fate::Held => ("held", String::new(), None),
        Fate::Waits(words) => ("waits", (*words).to_owned(), None),
        Fate::Gone => ("gone", String::new(), None),
    };
    json!({
        "record": planned.record, "kind": planned.kind, "goes": planned.goes(named), "outcome": outcome, "why": words, "until": until,
        "rules": rules.collect::<Vec<_>>(),
    })
}

fn line_schema() -> Json {
    let text = json!({ "type": "string" });
    let day = json!({ "type": ["string", "null"], "format": "date" });
    let rule = object(&[
        ("rule", text.clone()),
        ("version", json!({ "type": "integer", "minimum": 0 })),
        ("citation", text.clone()),
        ("effect", json!({ "type": "string", "examples": ["floor"] })),
        ("date", day.clone()),
    ]);
    object(&[
        ("record", id_schema("rec")),
        ("kind", json!({ "$ref": "#/components/schemas/KindKey" })),
        ("goes", json!({ "type": "boolean", "description": "Whether all goes that is proposed." })),
        ("outcome", json!({ "enum": ["erase", "erase_fields", "restrict", "keep", "held", "waits", "gone"] })),
        ("why", text),
        ("until", day),
        ("rules", json!({ "type": "array", "items": rule })),
    ])
}

async fn list(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let most = asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let wrong = |at: &str, code, words: &str| Error::invalid(at, code, words);
    let mine = match asked.take("waits").as_deref() {
        None | Some("all") => false,
        Some("me") => true,
        Some(_) => return Err(wrong("/waits", "unknown", "Write `me` or `all`.").into()),
    };
    let before: Option<OrderId> = match asked.take("cursor").map(|cursor| cursor.parse()) {
        None => None,
        Some(Ok(before)) => Some(before),
        Some(Err(_)) => return Err(wrong("/cursor", "not_a_cursor", "Send `next` of the page before.").into()),
    };
    asked.end()?;
    let permit = caller.actor.permit::<Dispose>()?;
    let asked = disposal::Asked { before, most, mine };
    let page = web.app.read(&caller.actor, move |unit| disposal::weighed(unit, &permit, &asked)).await?;
    let item = |weighed: &Weighed| {
        let mut item = head(weighed);
        item["sample"] = weighed.planned.iter().map(|planned| line(weighed, planned)).collect();
        item
    };
    answer(StatusCode::OK, &json!({ "items": page.items.iter().map(item).collect::<Vec<_>>(), "next": page.next }))
}

fn list_doc(_: &About) -> Doc {
    let mut item = head_properties();
    item.push(("sample", json!({ "type": "array", "maxItems": 3, "items": line_schema() })));
    let page = object(&[("items", json!({ "type": "array", "items": object(&item) })), ("next", id_or_null("dst"))]);
    doc("list_approvals", "What waits for a second person")
        .more("With `waits=me` only what the person behind this key may approve; such a page may have fewer entries than its limit, and `next` says whether there are more.")
        .query("waits", "`me` or `all`.", json!({ "enum": ["me", "all"], "default": "all" }))
        .query("limit", "Proposals of the page.", json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT }))
        .query("cursor", "`next` of the page before.", id_schema("dst"))
        .answer(200, "The newest first, each with what would become of its first three records, decided now.", page)
}

async fn whole(web: &Web, caller: &Caller, id: OrderId) -> Result<Json> {
    let permit = caller.actor.permit::<Dispose>()?;
    let weighed = web.app.read(&caller.actor, move |unit| disposal::weigh(unit, &permit, id)).await?;
    let mut whole = head(&weighed);
    whole["goes"] = weighed.goes().into();
    whole["planned"] = weighed.planned.iter().map(|planned| line(&weighed, planned)).collect();
    Ok(whole)
}

fn whole_schema() -> Json {
    let mut all = head_properties();
    all.push((
        "goes",
        json!({ "type": "integer", "minimum": 0, "description": "How many of the records go, if it were carried out now." }),
    ));
    all.push(("planned", json!({ "type": "array", "items": line_schema(), "description": "Empty once it is ordered or ended." })));
    object(&all)
}

async fn show(State(web): State<Web>, caller: Caller, Path(proposal): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    caller.actor.permit::<Dispose>()?;
    answer(StatusCode::OK, &whole(&web, &caller, id(&proposal, "proposal")?).await?)
}

fn show_doc(_: &About) -> Doc {
    doc("show_approval", "Show a proposal")
        .id("dst", "proposal")
        .answer(200, "With what would become of each of its records, decided now.", whole_schema())
        .refuses(&[Code::Malformed, Code::InvalidInput])
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Said {
    reason: String,
}

/// Says yes or no to a proposal, with a reason.
#[expect(clippy::too_many_arguments, reason = "what axum gives to both handlers, and what they differ in")]
async fn speak(
    State(web): State<Web>,
    caller: Caller,
    Path(proposal): Path<String>,
    asked: Asked,
    headers: HeaderMap,
    given: Said,
    what: &'static str,
    say: fn(&mut Unit, &Permit<Dispose>, OrderId, &str) -> Result<()>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<Dispose>()?;
    let id: OrderId = id(&proposal, "proposal")?;
    let once = once::asked(&web, &caller, &headers, what, &(id, &given))?;
    let done = web.app.write(&caller.actor, move |unit| {
        records::first(unit, once.as_ref(), 200, |unit| say(unit, &permit, id, &given.reason).map(|()| id))
    });
    done.await?;
    answer(StatusCode::OK, &whole(&web, &caller, id).await?)
}

async fn approve(
    web: State<Web>,
    caller: Caller,
    proposal: Path<String>,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<Said>,
) -> Result<Response, Refused> {
    speak(web, caller, proposal, asked, headers, given, "approval.approve", disposal::approve).await
}

fn approve_doc(_: &About) -> Doc {
    doc("approve_approval", "Approve a proposal")
        .more("Neither who proposed it nor who approved before may. A program acts for the person who made its key. Nothing is destroyed by an approval: somebody carries it out on its page.")
        .id("dst", "proposal")
        .once()
        .body(object(&[("reason", sentence(REASON))]))
        .answer(200, "Approved.", whole_schema())
        .refuses(&[Code::Conflict, Code::SecondPersonRequired, Code::StorageFull])
}

async fn reject(
    web: State<Web>,
    caller: Caller,
    proposal: Path<String>,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<Said>,
) -> Result<Response, Refused> {
    speak(web, caller, proposal, asked, headers, given, "approval.reject", disposal::withdraw).await
}

fn reject_doc(_: &About) -> Doc {
    doc("reject_approval", "Turn a proposal down, or take it back")
        .more("Nothing is destroyed; it may be proposed again.")
        .id("dst", "proposal")
        .once()
        .body(object(&[("reason", sentence(REASON))]))
        .answer(200, "Ended.", whole_schema())
        .refuses(&[Code::Conflict, Code::StorageFull])
}
