//! Teams, for programs.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use crm::{
    identity::{Team, TeamId, team},
    permits::Manage,
};
use http::{Method, StatusCode};
use kernel::{Code, Result, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::api::read;
use crate::{
    kit::{
        error::Refused,
        json::{Json, answer},
        who::Who,
    },
    openapi::{
        About, Doc,
        shared::{id, items, object, text},
    },
    router::{Access, Route, Web},
};

/// The routes of this file.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/teams", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/teams", Access::Key, || post(make)).doc(make_doc),
    Route::new(Method::PUT, "/api/v1/teams/{id}", Access::Key, || put(rename)).doc(rename_doc),
    Route::new(Method::DELETE, "/api/v1/teams/{id}", Access::Key, || delete(dissolve)).doc(dissolve_doc),
    Route::new(Method::PUT, "/api/v1/teams/{id}/members/{user}", Access::Key, || put(join)).doc(join_doc),
    Route::new(Method::DELETE, "/api/v1/teams/{id}/members/{user}", Access::Key, || delete(leave)).doc(leave_doc),
];

#[derive(Serialize)]
struct TeamOut {
    id: TeamId,
    name: String,
    members: Vec<UserId>,
}

impl From<Team> for TeamOut {
    fn from(team: Team) -> Self {
        Self { id: team.id, name: team.name, members: team.members }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TeamIn {
    name: String,
}

async fn list(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    let teams = web.app.read(&who.actor, move |unit| team::list(unit, &permit)).await?;
    answer(StatusCode::OK, &json!({ "items": teams.into_iter().map(TeamOut::from).collect::<Vec<_>>() }))
}

async fn make(State(web): State<Web>, who: Who, Json(new): Json<TeamIn>) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    let id = web.app.write(&who.actor, move |unit| team::make(unit, &permit, &new.name)).await?;
    answer(StatusCode::CREATED, &json!({ "id": id }))
}

async fn rename(State(web): State<Web>, who: Who, Path(id): Path<String>, Json(new): Json<TeamIn>) -> Result<Response, Refused> {
    let (permit, id) = (who.actor.permit::<Manage>()?, read::<TeamId>(&id, "team")?);
    web.app.write(&who.actor, move |unit| team::rename(unit, &permit, id, &new.name)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn dissolve(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (permit, id) = (who.actor.permit::<Manage>()?, read::<TeamId>(&id, "team")?);
    web.app.write(&who.actor, move |unit| team::dissolve(unit, &permit, id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn join(State(web): State<Web>, who: Who, Path((id, user)): Path<(String, String)>) -> Result<Response, Refused> {
    let (permit, id, user) = (who.actor.permit::<Manage>()?, read::<TeamId>(&id, "team")?, read::<UserId>(&user, "user")?);
    web.app.write(&who.actor, move |unit| team::join(unit, &permit, id, user)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn leave(State(web): State<Web>, who: Who, Path((id, user)): Path<(String, String)>) -> Result<Response, Refused> {
    let (permit, id, user) = (who.actor.permit::<Manage>()?, read::<TeamId>(&id, "team")?, read::<UserId>(&user, "user")?);
    web.app.write(&who.actor, move |unit| team::leave(unit, &permit, id, user)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn doc(name: &'static str, summary: &'static str) -> Doc {
    Doc::new(name, "identity", summary).needs("manage")
}

fn list_doc(_: &About) -> Doc {
    let members = json!({ "type": "array", "items": id("usr") });
    let team = object(&[("id", id("tem")), ("name", json!({ "type": "string" })), ("members", members)]);
    doc("list_teams", "List teams").answer(200, "Every team, by name.", items(&team))
}

fn make_doc(_: &About) -> Doc {
    doc("make_team", "Make a team")
        .body(object(&[("name", text(100))]))
        .answer(201, "Made.", object(&[("id", id("tem"))]))
        .refuses(&[Code::Duplicate, Code::StorageFull])
}

fn rename_doc(_: &About) -> Doc {
    let renamed = doc("rename_team", "Give a team another name").id("tem", "team").body(object(&[("name", text(100))]));
    renamed.empty(204, "Renamed.").refuses(&[Code::Duplicate, Code::StorageFull])
}

fn dissolve_doc(_: &About) -> Doc {
    let dissolved = doc("dissolve_team", "Dissolve a team").id("tem", "team");
    dissolved.more("Its members are in no team then.").empty(204, "Dissolved.").refuses(&[Code::StorageFull])
}

fn join_doc(_: &About) -> Doc {
    let joined = doc("join_team", "Put somebody into a team").id("tem", "team").path("user", "The user's id.", id("usr"));
    joined.more("Out of the one they were in.").empty(204, "They are in it.").refuses(&[Code::Conflict, Code::StorageFull])
}

fn leave_doc(_: &About) -> Doc {
    let left = doc("leave_team", "Take somebody out of a team").id("tem", "team").path("user", "The user's id.", id("usr"));
    left.empty(204, "They are in no team.").refuses(&[Code::Conflict, Code::StorageFull])
}
