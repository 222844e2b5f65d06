//! The description of the API (OpenAPI 3.1), built at run time from the table of routes and the catalogue as it is.

mod doc;
pub mod fields;
pub mod shared;
#[cfg(test)]
mod tests;

use axum::{extract::State, response::Response};
use catalogue::{Catalogue, Kind};
use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

pub use doc::{About, Doc, reference};

use crate::{
    kit::{error::Refused, json::answer},
    router::{Access, Route, TABLE, Web},
};

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// The routes of this file.
pub const ROUTES: &[Route] =
    &[Route::new(Method::GET, "/api/v1/openapi.json", Access::Key, || axum::routing::get(description)).doc(described)];

fn described(_: &About) -> Doc {
    Doc::new("describe", "about", "This description").answer(200, "OpenAPI 3.1.", json!({ "type": "object" }))
}

async fn description(State(web): State<Web>) -> Result<Response, Refused> {
    answer(StatusCode::OK, &document(&web.app.catalogue()))
}

/// The description of every route that the API has, with the records of this catalogue.
pub fn document(catalogue: &Catalogue) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in TABLE.iter().copied().flatten() {
        let Some(doc) = route.doc else { continue };
        let Some(path) = route.path.strip_prefix(BASE) else { continue };
        let abouts = match path.strip_prefix("/{kind}") {
            Some(rest) => {
                catalogue.kinds().map(|kind| (format!("{}{rest}", collection(kind)), About { catalogue, kind: Some(kind) })).collect()
            }
            None => vec![(path.replace("{*", "{"), About { catalogue, kind: None })],
        };
        for (path, about) in abouts {
            let operation = doc(&about).operation(route.access);
            let entry = paths.entry(path).or_insert_with(|| json!({}));
            entry[route.method.as_str().to_ascii_lowercase()] = operation;
        }
    }
    link(&mut paths);
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": "Probity",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
            "description": ABOUT,
        },
        "servers": [{ "url": BASE }],
        "security": [{ "key": [] }],
        "tags": TAGS.iter().map(|(name, description)| json!({ "name": name, "description": description })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "securitySchemes": {
                "key": { "type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer prb_…`. It acts for one purpose." },
            },
            "schemas": schemas(catalogue),
            "responses": shared::responses(),
            "headers": shared::headers(),
        },
    })
}

const ABOUT: &str = "A CRM of record. Every answer leaves its evidence: what is shown or changed here is in the audit trail under the key that asked.\n\n\
Each kind of record is described once, at its own address (`/people`; for a kind you made `/records/{key}`); every kind also answers at \
`/records/{key}`, and what is described under `/records/{kind}/{id}/…` also answers under `/people/{id}/…`.\n\n\
Bodies are strict JSON: unknown members, NUL characters and values out of bounds are refused, and nothing is half done. A refusal is a problem \
(RFC 9457) with a stable `code`, what to do about each `errors[].pointer`, and the `request_id` under which our log has the cause. Personal data \
never goes into an address: filter sealed fields by `POST …/search`. A value you may not see is `{\"withheld\": …}`, never silently absent. \
Requests are limited by key; 429 says when to come again.\n\n\
A page's script may use its session instead of a key; it then sends the page's token as `X-CSRF-Token`.";

const TAGS: &[(&str, &str)] = &[
    ("notices", "What you are told of: mentions, tasks given to you, reminders."),
    ("records", "What is held: people, companies, deals, messages and every other kind."),
    ("duplicates", "Records that look alike: found, dismissed, merged, and a merge taken back."),
    ("kinds", "What kinds of records there are, and their fields."),
    ("requests", "What people ask for by right: access, erasure."),
    ("evidence", "Who saw and changed what, and the log that proves it (C2SP tlog-tiles)."),
    ("bring", "Bringing in files and messages."),
    ("mail", "Accounts of mail, letters and their templates."),
    ("outreach", "Segments of people whom a purpose allows to be reached, and campaigns that write to them."),
    ("consent", "What people said about the use of their data, the texts they were shown, and what is kept of them by consent alone."),
    ("automation", "Rules that do something when something happened, and webhooks that tell other systems."),
    ("jobs", "What goes on in the background."),
    ("identity", "Who one is, users, API keys."),
    ("about", "The API itself."),
];

/// The address of a kind's collection, as described: `/people`, or `/records/key` for a kind that users made.
pub fn collection(kind: &Kind) -> String {
    if kind.custom { format!("/records/{}", kind.key) } else { format!("/{}", kind.path) }
}

/// What is made by one operation is read and changed by others.
fn link(paths: &mut Map<String, Value>) {
    let makers: Vec<String> =
        paths.iter().filter(|(_, ops)| ops["post"]["responses"]["201"].is_object()).map(|(path, _)| path.clone()).collect();
    for path in makers {
        let one = format!("{path}/{{id}}");
        let Some(reads) = paths.get(&one).and_then(|ops| ops["get"]["operationId"].as_str()).map(str::to_owned) else { continue };
        let made = &mut paths[&path]["post"]["responses"]["201"];
        made["links"] = json!({ "read": { "operationId": reads, "parameters": { "id": "$response.body#/id" } } });
    }
}

fn schemas(catalogue: &Catalogue) -> Map<String, Value> {
    let mut all = shared::schemas(catalogue);
    for kind in catalogue.kinds() {
        all.extend(fields::schemas(kind));
    }
    all
}
