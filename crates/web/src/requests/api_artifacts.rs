//! What was made and may be fetched: access packages and certificates of destruction, for programs.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::get,
};
use crm::{
    evidence,
    permits::HandleRequests,
    requests::{self, Artifact, ArtifactId},
};
use http::{Method, StatusCode};
use kernel::{Error, OrderId, Result};
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, address::Asked, file, id},
    kit::{error::Refused, json::answer},
    openapi::{
        About, Doc,
        shared::{object, time},
    },
    router::{Access, Route, Web},
};

/// The routes of artifacts.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/artifacts", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::GET, "/api/v1/artifacts/{id}", Access::Key, || get(artifact)).doc(artifact_doc),
];

const ZIP: &str = "application/zip";
const LIMIT: usize = 50;
const LIMIT_MAX: usize = 500;

/// The schema of an artifact's id: a package's, or that of the order which a certificate certifies.
fn id_schema() -> Json {
    json!({ "type": "string", "pattern": "^(art|dst)_[0-7][0-9a-hjkmnp-tv-z]{25}$", "examples": ["dst_01kx2zq5d8e9ws7m4t6v0b3c1n"] })
}

fn name(artifact: &Artifact) -> String {
    match artifact {
        Artifact::Package { id, .. } => id.to_string(),
        Artifact::Certificate(certified) => certified.id.to_string(),
    }
}

fn shown(artifact: &Artifact) -> Json {
    let id = name(artifact);
    match artifact {
        Artifact::Package { bytes, expires, request, .. } => {
            json!({ "id": id, "type": "package", "request": request, "bytes": bytes, "expires": expires })
        }
        Artifact::Certificate(certified) => {
            json!({ "id": id, "type": "certificate", "request": certified.request, "at": certified.at, "cause": certified.cause })
        }
    }
}

async fn list(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let most = asked.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let before = match asked.take("cursor") {
        None => None,
        Some(cursor) => {
            let place = cursor.parse::<OrderId>().map(|id| *id.bytes()).or_else(|_| cursor.parse::<ArtifactId>().map(|id| *id.bytes()));
            Some(place.map_err(|_| Error::invalid("/cursor", "not_a_cursor", "Send `next` of the page before."))?)
        }
    };
    asked.end()?;
    let all = web.app.read(&caller.actor, move |unit| requests::artifacts(unit, before, most)).await?;
    let next = all.last().filter(|_| all.len() == most).map(name);
    answer(StatusCode::OK, &json!({ "items": all.iter().map(shown).collect::<Vec<_>>(), "next": next }))
}

fn list_doc(_: &About) -> Doc {
    let mut request = crate::openapi::shared::id("req");
    request["type"] = json!(["string", "null"]);
    let item = object(&[
        ("id", id_schema()),
        ("type", json!({ "enum": ["package", "certificate"] })),
        ("request", request),
        ("?bytes", json!({ "type": "integer", "minimum": 1, "description": "A package's size." })),
        ("?expires", time()),
        ("?at", time()),
        ("?cause", json!({ "enum": ["expiry", "erasure", "undo"], "description": "Why what a certificate certifies was destroyed." })),
    ]);
    let mut next = id_schema();
    next["type"] = json!(["string", "null"]);
    let page = object(&[("items", json!({ "type": "array", "items": item })), ("next", next)]);
    Doc::new("list_artifacts", "requests", "What may be fetched")
        .more("Access packages that you had made and certificates of destruction, the newest first. For whoever holds `requests`, `dispose` or `audit`; packages for `requests` alone.")
        .query("limit", "How many at most.", json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT }))
        .query("cursor", "`next` of the page before.", id_schema())
        .answer(200, "A page of them.", page)
}

/// A finished package, or a certificate. Its event is durable before the first byte.
async fn artifact(State(web): State<Web>, caller: Caller, Path(artifact): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    evidence::may_see_certificates(&caller.actor)?;
    if let Ok(order) = artifact.parse::<OrderId>() {
        return answer(StatusCode::OK, &evidence::certificate(&web.app, &caller.actor, order).await?);
    }
    caller.actor.permit::<HandleRequests>()?;
    let id: ArtifactId = id(&artifact, "artifact")?;
    let bytes = requests::fetch(&web.app, &caller.actor, id).await?;
    Ok(file(ZIP, &format!("package-{id}.zip"), bytes.to_vec())?)
}

fn artifact_doc(_: &About) -> Doc {
    let certificate = json!({
        "type": "object",
        "required": ["format", "id", "cause", "outcome", "ordered", "ordered_by", "certified", "records", "fields", "decisions", "rules",
            "approvals", "method", "copies", "unreadable_from", "keys", "ledger"],
    });
    Doc::new("fetch_artifact", "requests", "Fetch a package or a certificate of destruction")
        .more("A package is there for whoever had it made, for seven days, as a ZIP; a certificate stays, as JSON with its proofs. Each fetching is an event. For whoever holds `requests`, `dispose` or `audit`; packages for `requests` alone.")
        .path("id", "The artifact's id.", id_schema())
        .file(ZIP, "The package.")
        .also(200, "application/json", certificate)
        .refuses(&[kernel::Code::Malformed, kernel::Code::InvalidInput])
}
