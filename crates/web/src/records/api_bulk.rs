//! One decision over many records, for programs: weighed first, then done.

use axum::{
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use catalogue::Kind;
use crm::{
    bulk::{self, Act, Bulk, BulkId, Chosen, NAMED, Reason},
    views::ListQuery,
};
use http::{Method, StatusCode};
use kernel::{Code, Error, RecordId, Result};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::{
    api::kind_of,
    api_list::{asked_by, filter_of, object_of},
};
use crate::{
    api::{Caller, address::Asked, id, with_location},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{id as id_schema, id_or_null, key, object, sentence, time},
    },
    router::{Access, Route, Web},
};

/// The routes of bulk acts.
pub const ROUTES: &[Route] = &[
    Route::new(Method::POST, "/api/v1/{kind}/bulk", Access::Key, || post(weigh)).doc(weigh_doc),
    Route::new(Method::POST, "/api/v1/records/{kind}/bulk", Access::Key, || post(weigh)),
    Route::new(Method::GET, "/api/v1/bulk/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::POST, "/api/v1/bulk/{id}/run", Access::Key, || post(run)).doc(run_doc),
];

/// What is to be done, to which: the records named one by one, or all that a search in the kind finds.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BulkIn {
    act: Map<String, Json>,
    #[serde(default)]
    ids: Option<Vec<RecordId>>,
    #[serde(default)]
    filter: Option<Map<String, Json>>,
}

async fn weigh(
    State(web): State<Web>,
    caller: Caller,
    Path(word): Path<String>,
    uri: http::Uri,
    asked: Asked,
    json::Json(given): json::Json<BulkIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let kind = kind_of(&web, &uri, &word)?;
    let act: Act = object_of(given.act, "/act")?;
    let chosen = match (given.ids, given.filter) {
        (Some(ids), None) => Chosen::These(ids),
        (None, filter) => {
            let filter = filter.map(filter_of).transpose()?;
            Chosen::Matching(Box::new(ListQuery { filter, via_body: true, ..ListQuery::of(&kind.key) }))
        }
        (Some(_), Some(_)) => {
            return Err(Error::invalid("/ids", "not_both", "Name the records, or filter them: not both.").into());
        }
    };
    let id = bulk::choose(&web.app, &caller.actor, &kind.key, &chosen).await?;
    bulk::weigh(&web.app, &caller.actor, id, &act).await?;
    Ok(with_location(answer(StatusCode::CREATED, &one(&web, &caller, id).await?)?, &format!("/api/v1/bulk/{id}"))?)
}

fn shown(bulk: &Bulk) -> Json {
    let counts: Map<String, Json> =
        Reason::ALL.iter().map(|r| (r.as_str().to_owned(), bulk.counts.get(r).copied().unwrap_or(0).into())).collect();
    let act = bulk.act.as_ref().map(|act| json!({ "do": act.word(), "field": act.field() }));
    json!({
        "id": bulk.id, "kind": bulk.kind, "state": bulk.state, "total": bulk.total, "done": bulk.done, "counts": counts, "act": act,
        "job": bulk.job, "expires": bulk.expires,
    })
}

fn schema() -> Json {
    let number = json!({ "type": "integer", "minimum": 0 });
    let counts: Vec<(&str, Json)> = Reason::ALL.iter().map(|reason| (reason.as_str(), number.clone())).collect();
    let mut counts = object(&counts);
    counts["description"] = "How many for which reason: before it is run, what would become of them; then, what did.".into();
    let word = json!({ "type": "string" });
    let act = json!({ "anyOf": [object(&[("do", word.clone()), ("field", json!({ "type": ["string", "null"] }))]), { "type": "null" }] });
    object(&[
        ("id", id_schema("blk")),
        ("kind", key()),
        ("state", json!({ "enum": ["chosen", "weighed", "running", "done"] })),
        ("total", number.clone()),
        ("done", number),
        ("counts", counts),
        ("act", act),
        ("job", id_or_null("job")),
        ("expires", time()),
    ])
}

fn act_schema(kind: Option<&Kind>) -> Json {
    let fields = |several: bool| -> Vec<&str> {
        let fields = kind.map(|kind| kind.writable().filter(|field| !several || field.many).map(|field| field.key.as_str()).collect());
        fields.unwrap_or_default()
    };
    let plain = json!({ "$ref": "#/components/schemas/Plain" });
    let mut acts = vec![
        object(&[("do", json!({ "const": "set" })), ("field", json!({ "enum": fields(false) })), ("value", plain.clone())]),
        object(&[("do", json!({ "const": "assign" })), ("owner", id_or_null("usr"))]),
        object(&[("do", json!({ "const": "propose_disposal" })), ("reason", sentence(1_000))]),
    ];
    let several = fields(true);
    if !several.is_empty() {
        acts.extend(
            ["add", "remove"]
                .map(|word| object(&[("do", json!({ "const": word })), ("field", json!({ "enum": several })), ("value", plain.clone())])),
        );
    }
    json!({ "anyOf": acts })
}

fn weigh_doc(about: &About) -> Doc {
    let plural = about.kind.map_or("records", |kind| &kind.plural).to_lowercase();
    let filter = asked_by(about).into_iter().find(|(name, _)| *name == "?filter").map(|(_, schema)| schema).unwrap_or_default();
    let ids = json!({ "type": ["array", "null"], "minItems": 1, "maxItems": NAMED, "items": id_schema("rec") });
    Doc::new(format!("bulk_{}", about.key()), "records", format!("Weigh one act over many {plural}"))
        .needs("write")
        .more(
            "Freezes the set (`ids`, or all that `filter` finds; without either all, at most 10,000) and answers what the act would do to it, \
             counted by reason. Nothing is changed before it is run, within 15 minutes. A proposal for disposal takes the privilege `dispose` \
             and at most 1,000 records.",
        )
        .body(object(&[("act", act_schema(about.kind)), ("?ids", ids), ("?filter", filter)]))
        .answer(201, "Weighed.", schema())
        .with_header(201, "Location")
        .refuses(&[Code::NotFound, Code::TooLarge, Code::Conflict, Code::StorageFull])
}

async fn one(web: &Web, caller: &Caller, id: BulkId) -> Result<Json> {
    let found = web.app.read(&caller.actor, move |unit| {
        let found = bulk::find(unit, id)?;
        unit.plain(found)
    });
    Ok(shown(&found.await?))
}

async fn show(State(web): State<Web>, caller: Caller, Path(set): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let id: BulkId = id(&set, "bulk act")?;
    answer(StatusCode::OK, &one(&web, &caller, id).await?)
}

fn show_doc(_: &About) -> Doc {
    Doc::new("show_bulk", "records", "How far a bulk act is").needs("read").id("blk", "bulk act").answer(200, "As it stands.", schema())
}

async fn run(State(web): State<Web>, caller: Caller, Path(set): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let id: BulkId = id(&set, "bulk act")?;
    bulk::run(&web.app, &caller.actor, id).await?;
    let body = one(&web, &caller, id).await?;
    let status = if body["state"] == "done" { StatusCode::OK } else { StatusCode::ACCEPTED };
    answer(status, &body)
}

fn run_doc(_: &About) -> Doc {
    Doc::new("run_bulk", "records", "Do what was weighed")
        .needs("write")
        .more("At once; more than 1,000 records by a job, which is followed and cancelled as every job. A record that changed since the set was frozen is left as it is, and counted.")
        .id("blk", "bulk act")
        .answer(200, "Done.", schema())
        .answer(202, "Begun: follow the job.", schema())
        .refuses(&[Code::Conflict, Code::StorageFull])
}
