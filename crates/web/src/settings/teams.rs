//! Teams at a page: made, named, filled, dissolved.

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    identity::{Member, TeamId, staff, team},
    permits::{Manage, Unit},
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Problem, Result, UserId};
use serde::Deserialize;

use super::pages::{id, shell};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::{Choice, Notice},
        names::initials,
        render::html,
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        parts::{Control, Field},
        settings::{SettingsTeams, TeamMember, TeamRow},
    },
};

/// The routes of this page.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/teams", Access::Staff, || get(page)),
    Route::new(Method::POST, "/settings/teams", Access::Staff, || post(make)),
    Route::new(Method::POST, "/settings/teams/{team}/name", Access::Staff, || post(rename)),
    Route::new(Method::POST, "/settings/teams/{team}/join", Access::Staff, || post(join)),
    Route::new(Method::POST, "/settings/teams/{team}/leave", Access::Staff, || post(leave)),
    Route::new(Method::POST, "/settings/teams/{team}/dissolve", Access::Staff, || post(dissolve)),
];

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    done: String,
}

async fn page(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = view(&web, &who).await?;
    if ["made", "renamed", "joined", "left", "dissolved"].contains(&asked.done.as_str()) {
        view.shell.notices.push(Notice::done(view.t.get(&format!("team-done-{}", asked.done))));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn view(web: &Web, who: &Who) -> Result<SettingsTeams> {
    let (t, permit) = (who.text, who.actor.permit::<Manage>()?);
    let read = move |unit: &mut Unit| {
        let teams = team::list(unit, &permit)?;
        Ok(staff::list(unit, &permit)?.and(teams))
    };
    let (members, teams) = web.app.read(&who.actor, read).await?;
    let row = |one: team::Team| {
        let inside = |member: &&Member| member.team == Some(*one.id.bytes());
        let outside = members.iter().filter(|member| member.active && !inside(member));
        let others: Vec<Choice> = outside.map(|m| Choice::new(m.id.to_string(), m.name.expose().clone(), false)).collect();
        TeamRow {
            href: format!("/settings/teams/{}", one.id),
            count: t.count("teams-member-count", one.members.len()),
            members: members.iter().filter(inside).map(member).collect(),
            name_field: name(format!("name_{}", one.id), one.name.clone(), t),
            add: (!others.is_empty()).then(|| {
                Field::new(format!("user_{}", one.id), t.get("team-member-choose"), Control::Choice(others))
                    .required()
                    .help(t.get("team-member-choose-help"))
            }),
            name: one.name,
        }
    };
    Ok(SettingsTeams {
        t,
        shell: shell(web, who, "/settings/teams").await?,
        teams: teams.into_iter().map(row).collect(),
        fields: vec![name("name".to_owned(), String::new(), t)],
    })
}

fn name(of: String, value: String, t: Text) -> Field {
    Field::new(of, t.get("teams-name"), Control::Text).required().value(value).help(t.get("teams-name-help"))
}

fn member(of: &Member) -> TeamMember {
    let name = of.name.expose().clone();
    TeamMember { id: of.id.to_string(), href: format!("/settings/users/{}", of.id), initials: initials(&name), name }
}

fn done(word: &str) -> Response {
    Redirect::to(&format!("/settings/teams?done={word}")).into_response()
}

async fn make(State(web): State<Web>, who: Who, Form(given): Form) -> Result<Response, Refused> {
    let (permit, name) = (who.actor.permit::<Manage>()?, given.get("name").to_owned());
    let made = web.app.write(&who.actor, move |unit| team::make(unit, &permit, &name)).await;
    match made {
        Ok(_) => Ok(done("made")),
        Err(error) => again(&web, &who, None, &given, error).await,
    }
}

async fn rename(State(web): State<Web>, who: Who, Path(team): Path<String>, Form(given): Form) -> Result<Response, Refused> {
    let (permit, team, name) = (who.actor.permit::<Manage>()?, id::<TeamId>(&team, "team")?, given.get(&format!("name_{team}")).to_owned());
    match web.app.write(&who.actor, move |unit| team::rename(unit, &permit, team, &name)).await {
        Ok(()) => Ok(done("renamed")),
        Err(error) => again(&web, &who, Some(team), &given, error).await,
    }
}

/// The page again, with what was typed and what is wrong beside the name.
async fn again(web: &Web, who: &Who, team: Option<TeamId>, given: &Fields, error: Error) -> Result<Response, Refused> {
    if !matches!(error.code(), Code::InvalidInput | Code::Duplicate) {
        return Err(error.into());
    }
    let mut view = view(web, who).await?;
    let (t, own) = (view.t, team.map(|team| format!("/settings/teams/{team}")));
    let field = match &own {
        Some(href) => view.teams.iter_mut().find(|row| row.href == *href).map(|row| &mut row.name_field),
        None => view.fields.first_mut(),
    };
    if let Some(field) = field {
        given.get(&field.name).clone_into(&mut field.value);
        let told = |problem: &Problem| if error.code() == Code::Duplicate { t.get("team-known") } else { t.problem(problem) };
        field.problems.extend(error.problems().iter().map(told));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
}

async fn join(State(web): State<Web>, who: Who, Path(team): Path<String>, Form(given): Form) -> Result<Response, Refused> {
    let (permit, team, user) = whom(&who, &team, given.get(&format!("user_{team}")))?;
    web.app.write(&who.actor, move |unit| team::join(unit, &permit, team, user)).await?;
    Ok(done("joined"))
}

async fn leave(State(web): State<Web>, who: Who, Path(team): Path<String>, Form(given): Form) -> Result<Response, Refused> {
    let (permit, team, user) = whom(&who, &team, given.get("user"))?;
    web.app.write(&who.actor, move |unit| team::leave(unit, &permit, team, user)).await?;
    Ok(done("left"))
}

fn whom(who: &Who, team: &str, user: &str) -> Result<(trail::Permit<Manage>, TeamId, UserId)> {
    Ok((who.actor.permit::<Manage>()?, id::<TeamId>(team, "team")?, id::<UserId>(user, "user")?))
}

async fn dissolve(State(web): State<Web>, who: Who, Path(team): Path<String>, _form: Form) -> Result<Response, Refused> {
    let (permit, team) = (who.actor.permit::<Manage>()?, id::<TeamId>(&team, "team")?);
    web.app.write(&who.actor, move |unit| team::dissolve(unit, &permit, team)).await?;
    Ok(done("dissolved"))
}
