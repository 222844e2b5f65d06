//! Campaigns, for programs.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use crm::{
    campaigns::{self, Campaign, CampaignId, NAME_MAX, NewCampaign, Outcome, SKIPS, State as Stands},
    permits::{ReadRecords, Unit, WriteRecords},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, Personal};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, address::Asked, begun, begun_schema, id, once, with_location},
    kit::{
        error::Refused,
        json::{self, answer},
    },
    openapi::{
        About, Doc,
        shared::{id as id_schema, id_or_null, items, object, plain_text, sentence, time},
    },
    router::{Access, Route, Web},
};

/// The routes of campaigns.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/campaigns", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/campaigns", Access::Key, || post(make)).doc(make_doc),
    Route::new(Method::GET, "/api/v1/campaigns/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::PUT, "/api/v1/campaigns/{id}", Access::Key, || put(change)).doc(change_doc),
    Route::new(Method::DELETE, "/api/v1/campaigns/{id}", Access::Key, || axum::routing::delete(delete)).doc(delete_doc),
    Route::new(Method::GET, "/api/v1/campaigns/{id}/preview", Access::Key, || get(preview)).doc(preview_doc),
    Route::new(Method::POST, "/api/v1/campaigns/{id}/begin", Access::Key, || post(begin)).doc(begin_doc),
    Route::new(Method::POST, "/api/v1/campaigns/{id}/cancel", Access::Key, || post(cancel)).doc(cancel_doc),
];

fn out(one: &Campaign) -> Json {
    json!({
        "id": one.id, "name": one.name.expose(), "purpose": one.purpose, "segment": one.segment, "template": one.template,
        "account": one.account, "state": one.state, "job": one.job, "created": one.created, "begun": one.begun, "ended": one.ended,
        "version": one.version,
    })
}

fn with_outcome(one: &Campaign, outcome: &Outcome) -> Json {
    let mut body = out(one);
    body["outcome"] = json!({
        "sent": outcome.sent, "waiting": outcome.waiting, "failed": outcome.failed, "dropped": outcome.dropped, "skipped": outcome.skipped,
    });
    body
}

async fn list(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let all = web.app.read(&caller.actor, campaigns::list).await?;
    answer(StatusCode::OK, &json!({ "items": all.iter().map(out).collect::<Vec<_>>() }))
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CampaignIn {
    name: String,
    segment: String,
    template: String,
    account: String,
}

impl CampaignIn {
    fn read(self) -> kernel::Result<NewCampaign> {
        let unknown = |pointer: &'static str| Error::invalid(pointer, "unknown", "Write the id of one that you may use.");
        Ok(NewCampaign {
            segment: self.segment.parse().map_err(|_| unknown("/segment"))?,
            template: self.template.parse().map_err(|_| unknown("/template"))?,
            account: self.account.parse().map_err(|_| unknown("/account"))?,
            name: Personal::new(self.name),
        })
    }
}

async fn make(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<CampaignIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let once = once::asked(&web, &caller, &headers, "campaign", &given)?;
    let (new, permit) = (given.read()?, caller.actor.permit::<WriteRecords>()?);
    let made = web
        .app
        .write(&caller.actor, move |unit| crm::records::first(unit, once.as_ref(), 201, |unit| campaigns::make(unit, &permit, &new)));
    let id = made.await?;
    let body = told(&web, &caller, id).await?;
    Ok(with_location(answer(StatusCode::CREATED, &body)?, &format!("/api/v1/campaigns/{id}"))?)
}

async fn told(web: &Web, caller: &Caller, id: CampaignId) -> kernel::Result<Json> {
    let read = move |unit: &mut Unit| {
        let outcome = campaigns::outcome(unit, id)?;
        Ok(campaigns::one(unit, id)?.map(|one| with_outcome(&one, &outcome)))
    };
    web.app.read(&caller.actor, read).await
}

async fn show(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    answer(StatusCode::OK, &told(&web, &caller, id(&of, "campaign")?).await?)
}

async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    asked: Asked,
    json::Json(given): json::Json<CampaignIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let (of, new, permit) = (id::<CampaignId>(&of, "campaign")?, given.read()?, caller.actor.permit::<WriteRecords>()?);
    web.app.write(&caller.actor, move |unit| campaigns::change(unit, &permit, of, &new)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let of: CampaignId = id(&of, "campaign")?;
    web.app.write(&caller.actor, move |unit| campaigns::delete(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn preview(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let (of, permit) = (id::<CampaignId>(&of, "campaign")?, caller.actor.permit::<ReadRecords>()?);
    let found = web.app.read(&caller.actor, move |unit| campaigns::preview(unit, &permit, of)).await?;
    let letter = found.map(|one| json!({ "to": one.to, "subject": one.subject, "text": one.text }));
    answer(StatusCode::OK, &json!({ "letter": letter }))
}

async fn begin(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let (of, permit) = (id::<CampaignId>(&of, "campaign")?, caller.actor.permit::<WriteRecords>()?);
    let job = web.app.write(&caller.actor, move |unit| campaigns::begin(unit, &permit, of)).await?;
    begun(job, json!({}), &format!("/api/v1/campaigns/{of}"))
}

async fn cancel(State(web): State<Web>, caller: Caller, Path(of): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    campaigns::cancel(&web.app, &caller.actor, id(&of, "campaign")?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn doc(name: &'static str, summary: &'static str) -> Doc {
    Doc::new(name, "outreach", summary)
}

fn facts() -> Vec<(&'static str, Json)> {
    let mut maybe = time();
    maybe["type"] = json!(["string", "null"]);
    vec![
        ("id", id_schema("cam")),
        ("name", plain_text()),
        ("purpose", json!({ "$ref": "#/components/schemas/Purpose" })),
        ("segment", id_schema("seg")),
        ("template", id_schema("tpl")),
        ("account", id_schema("mac")),
        ("state", json!({ "enum": Stands::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>() })),
        ("job", id_or_null("job")),
        ("created", time()),
        ("begun", maybe.clone()),
        ("ended", maybe),
        ("version", json!({ "type": "integer", "minimum": 1 })),
    ]
}

fn schema() -> Json {
    let n = json!({ "type": "integer", "minimum": 0 });
    let skips: Vec<(String, Json)> = SKIPS.iter().map(|why| (format!("?{why}"), n.clone())).collect();
    let skips: Vec<(&str, Json)> = skips.iter().map(|(key, n)| (key.as_str(), n.clone())).collect();
    let outcome =
        object(&[("sent", n.clone()), ("waiting", n.clone()), ("failed", n.clone()), ("dropped", n), ("skipped", object(&skips))]);
    let mut all = facts();
    all.push(("outcome", outcome));
    object(&all)
}

fn body() -> Json {
    object(&[("name", sentence(NAME_MAX)), ("segment", id_schema("seg")), ("template", id_schema("tpl")), ("account", id_schema("mac"))])
}

fn list_doc(_: &About) -> Doc {
    doc("list_campaigns", "List your campaigns").answer(200, "The newest first.", items(&object(&facts())))
}

fn make_doc(_: &About) -> Doc {
    doc("make_campaign", "Make a campaign")
        .needs("write")
        .more("One letter to everybody whom a segment yields, for the segment's purpose, which must be the key's. Nothing is written yet.")
        .once()
        .body(body())
        .answer(201, "Made.", schema())
        .with_header(201, "Location")
        .refuses(&[Code::StorageFull])
}

fn show_doc(_: &About) -> Doc {
    doc("show_campaign", "Show a campaign").id("cam", "campaign").answer(200, "The campaign, and what came of it so far.", schema())
}

fn change_doc(_: &About) -> Doc {
    let changed = doc("change_campaign", "Change a campaign that has not begun").needs("write").id("cam", "campaign").body(body());
    changed.empty(204, "Changed.").refuses(&[Code::Conflict, Code::StorageFull])
}

fn delete_doc(_: &About) -> Doc {
    let deleted = doc("delete_campaign", "Delete a campaign that does not run").id("cam", "campaign");
    deleted.empty(204, "Deleted; its letters stay.").refuses(&[Code::Conflict, Code::StorageFull])
}

fn preview_doc(_: &About) -> Doc {
    let letter = object(&[("to", plain_text()), ("subject", plain_text()), ("text", plain_text())]);
    doc("preview_campaign", "The letter as the first person would get it")
        .needs("read")
        .id("cam", "campaign")
        .answer(
            200,
            "The letter; null where the segment yields nobody.",
            object(&[("letter", json!({ "anyOf": [letter, { "type": "null" }] }))]),
        )
        .refuses(&[Code::Conflict, Code::InvalidInput])
}

fn begin_doc(_: &About) -> Doc {
    doc("begin_campaign", "Begin a campaign, or let it go on")
        .needs("write")
        .more("Each person is checked again when their letter is put into the outbox, and once more when it is sent. Nobody gets two letters of one campaign, whatever ends a run.")
        .id("cam", "campaign")
        .answer(202, "Begun: follow the job.", begun_schema(&[]))
        .refuses(&[Code::Conflict, Code::StorageFull])
}

fn cancel_doc(_: &About) -> Doc {
    doc("cancel_campaign", "Stop a campaign that runs")
        .id("cam", "campaign")
        .empty(204, "Stopped. Letters in the outbox stay there.")
        .refuses(&[Code::Conflict, Code::StorageFull])
}
