//! Settings as pages: the people who work here.

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{PURPOSES, Purpose, Purposes};
use crm::{
    identity::{Member, NewStaff, password, role, staff},
    permits::{Manage, Unit},
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Personal, Result, UserId};
use serde::Deserialize;

use super::{
    ending,
    pages::{again, confirmed, id, password_field, shell},
};
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
        parts::{Chip, Control, Field, Line, Tone},
        settings::{SettingsUser, SettingsUsers, UserRow},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/users", Access::Staff, || get(users)),
    Route::new(Method::POST, "/settings/users", Access::Staff, || post(add_user)),
    Route::new(Method::GET, "/settings/users/{id}", Access::Staff, || get(user)),
    Route::new(Method::POST, "/settings/users/{id}/role", Access::Staff, || post(change_role)),
    Route::new(Method::GET, "/settings/users/{id}/disable", Access::Staff, || get(ending::user)),
    Route::new(Method::POST, "/settings/users/{id}/disable", Access::Staff, || post(disable_user)),
    Route::new(Method::POST, "/settings/users/{id}/enable", Access::Staff, || post(enable_user)),
];

async fn users(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    Ok(Html(html(&users_view(&web, &who).await?)?).into_response())
}

async fn users_view(web: &Web, who: &Who) -> Result<SettingsUsers> {
    let (t, permit) = (who.text, who.actor.permit::<Manage>()?);
    let members = web.app.read(&who.actor, move |unit| staff::list(unit, &permit)).await?;
    let roles = web.app.read(&who.actor, |unit| {
        let roles = unit_roles(unit)?;
        unit.plain(roles)
    });
    let roles = roles.await?.into_iter().map(|name| Choice::new(name.clone(), t.role(&name), name == role::AGENT)).collect();
    let purposes = PURPOSES.iter().map(|p| Choice::new(p.key, t.purpose(p.key), true)).collect();
    Ok(SettingsUsers {
        t,
        shell: shell(web, who, "/settings/users").await?,
        users: members.into_iter().map(|member| user_row(t, who, member)).collect(),
        fields: vec![
            Field::new("name", t.get("user-name"), Control::Text).required(),
            Field::new("email", t.get("setup-email"), Control::Email).required(),
            Field::new("role", t.get("user-role"), Control::Choice(roles)).required(),
            Field::new("purposes", t.get("user-purposes"), Control::Choices(purposes)).required(),
            password_field(t),
        ],
        code_once: None,
    })
}

fn user_row(t: Text, who: &Who, member: Member) -> UserRow {
    let name = member.name.into_inner();
    UserRow {
        href: format!("/settings/users/{}", member.id),
        initials: initials(&name),
        name,
        email: member.email.into_inner(),
        role: t.role(&member.role),
        purposes: member.purposes.iter().map(|p| Chip::new(t.purpose(p.key), Tone::Plain)).collect(),
        seen: t.day(member.created.day()),
        state: state_chip(t, member.active),
        own: who.actor.staff() == Some(member.id),
    }
}

fn chosen(fields: &Fields) -> Purposes {
    fields.all("purposes").filter_map(Purpose::find).fold(Purposes::NONE, Purposes::with)
}

async fn add_user(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let mut view = match added(&web, &who, &fields).await {
        Ok(code) => {
            let mut view = users_view(&web, &who).await?;
            view.code_once = Some((fields.get("name").to_owned(), code));
            return Ok(Html(html(&view)?).into_response());
        }
        Err(error) if matches!(error.code(), Code::InvalidInput | Code::Duplicate) => {
            let mut view = users_view(&web, &who).await?;
            again(&mut view.fields, &fields, &error);
            if let (true, Some(email)) = (error.problems().is_empty(), view.fields.get_mut(1)) {
                email.problems.push(error.detail().to_owned());
            }
            view
        }
        Err(error) => return Err(error.into()),
    };
    view.code_once = None;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
}

/// Adds somebody and answers the password to hand over, shown this once.
async fn added(web: &Web, who: &Who, fields: &Fields) -> Result<String> {
    let permit = who.actor.permit::<Manage>()?;
    confirmed(web, who, fields.personal("password")).await?;
    let first = password::generate(web.app.env());
    let hashed = web.door.hash(&web.app, first.clone(), Vec::new()).await?;
    let new = NewStaff {
        name: fields.personal("name"),
        email: fields.personal("email"),
        role: fields.get("role").to_owned(),
        team: None,
        purposes: chosen(fields),
    };
    web.app.write(&who.actor, move |unit| staff::add(unit, &permit, &new, &hashed)).await?;
    Ok(Personal::into_inner(first))
}

async fn disable_user(State(web): State<Web>, who: Who, Path(user): Path<String>, _form: Form) -> Result<Response, Refused> {
    let (permit, user) = (who.actor.permit::<Manage>()?, id::<UserId>(&user, "user")?);
    web.app.write(&who.actor, move |unit| staff::disable(unit, &permit, user)).await?;
    Ok(Redirect::to("/settings/users").into_response())
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    done: String,
}

async fn user(State(web): State<Web>, who: Who, Path(user): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = user_view(&web, &who, id::<UserId>(&user, "user")?).await?;
    if matches!(asked.done.as_str(), "role" | "enabled") {
        view.shell.notices.push(Notice::done(view.t.get(&format!("user-done-{}", asked.done))));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn user_view(web: &Web, who: &Who, user: UserId) -> Result<SettingsUser> {
    let (t, permit) = (who.text, who.actor.permit::<Manage>()?);
    let read = web.app.read(&who.actor, move |unit| {
        let roles = unit_roles(unit)?;
        let roles = unit.plain(roles)?;
        Ok(staff::show(unit, &permit, user)?.and(roles))
    });
    let (member, roles) = read.await?;
    let href = format!("/settings/users/{user}");
    let own = who.actor.staff() == Some(user);
    let roles = roles.into_iter().map(|name| Choice::new(name.clone(), t.role(&name), name == member.role)).collect();
    let purposes = PURPOSES.iter().map(|p| Choice::new(p.key, t.purpose(p.key), member.purposes.serve(p))).collect();
    let role_note = |key: &str| {
        let own = format!("role-note-{key}");
        if t.has(&own) { t.get(&own) } else { String::new() }
    };
    let name = member.name.into_inner();
    Ok(SettingsUser {
        t,
        shell: shell(web, who, &href).await?,
        initials: initials(&name),
        name,
        email: member.email.into_inner(),
        state: state_chip(t, member.active),
        active: member.active,
        own,
        lines: vec![
            Line::text(t.get("user-role"), t.role(&member.role)),
            Line::text(t.get("user-may"), role_note(&member.role)),
            Line::text(t.get("user-seen"), t.day(member.created.day())),
        ],
        role_fields: vec![
            Field::new("role", t.get("user-role"), Control::Choice(roles)).required().help(t.get("user-role-help")),
            Field::new("purposes", t.get("user-purposes"), Control::Choices(purposes)).required(),
            password_field(t),
        ],
        enable_fields: vec![Field { name: "enable_password".into(), ..password_field(t) }],
        href,
    })
}

fn unit_roles(unit: &mut Unit) -> Result<Vec<String>> {
    Ok(role::list(unit)?.into_iter().map(|(name, _)| name).collect())
}

fn state_chip(t: Text, active: bool) -> Chip {
    if active { Chip::new(t.get("user-active"), Tone::Good) } else { Chip::new(t.get("user-disabled"), Tone::Plain) }
}

/// The page again where what was typed is wrong, or the house refuses; other refusals go on.
async fn user_again(web: &Web, who: &Who, user: UserId, fields: &Fields, error: Error, of_role: bool) -> Result<Response, Refused> {
    let status = match error.code() {
        Code::InvalidInput => StatusCode::UNPROCESSABLE_ENTITY,
        Code::Conflict => StatusCode::CONFLICT,
        _ => return Err(error.into()),
    };
    let mut view = user_view(web, who, user).await?;
    again(if of_role { &mut view.role_fields } else { &mut view.enable_fields }, fields, &error);
    let inputs = if of_role { &view.role_fields } else { &view.enable_fields };
    if inputs.iter().all(|field| field.problems.is_empty()) {
        view.shell.notices.push(Notice::wrong(error.detail().to_owned()));
    }
    Ok((status, Html(html(&view)?)).into_response())
}

async fn change_role(State(web): State<Web>, who: Who, Path(user): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let (permit, user) = (who.actor.permit::<Manage>()?, id::<UserId>(&user, "user")?);
    let (role, purposes) = (fields.get("role").to_owned(), chosen(&fields));
    let done = async {
        confirmed(&web, &who, fields.personal("password")).await?;
        web.app.write(&who.actor, move |unit| staff::change_role(unit, &permit, user, &role, purposes)).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/settings/users/{user}?done=role")).into_response()),
        Err(error) => user_again(&web, &who, user, &fields, error, true).await,
    }
}

/// Gives access back: with the password again, as everything that gives access.
async fn enable_user(State(web): State<Web>, who: Who, Path(user): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let (permit, user) = (who.actor.permit::<Manage>()?, id::<UserId>(&user, "user")?);
    let done = async {
        let confirmed = confirmed(&web, &who, fields.personal("enable_password")).await;
        confirmed.map_err(|error| match error.code() {
            Code::InvalidInput => Error::invalid("/enable_password", "wrong", error.detail()),
            _ => error,
        })?;
        web.app.write(&who.actor, move |unit| staff::enable(unit, &permit, user)).await
    };
    match done.await {
        Ok(()) => Ok(Redirect::to(&format!("/settings/users/{user}?done=enabled")).into_response()),
        Err(error) => user_again(&web, &who, user, &fields, error, false).await,
    }
}
