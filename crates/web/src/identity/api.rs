//! Who one is, users and API keys, for programs.

use std::time::Duration;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{delete, get, post, put},
};
use catalogue::{Purpose, Purposes};
use crm::identity::{ApiKey, KeyScope, Member, NewKey, NewStaff, apikey, staff};
use crm::permits::Manage;
use http::{Method, StatusCode};
use kernel::{ApiKeyId, Error, Instant, Personal, Result, UserId};
use serde::{Deserialize, Serialize};

use super::api_doc;
use crate::{
    kit::{
        error::Refused,
        json::{Json, answer},
        who::Who,
    },
    router::{Access, Route, Web},
};

/// The routes of this file.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/me", Access::Key, || get(me)).doc(api_doc::me),
    Route::new(Method::GET, "/api/v1/users", Access::Key, || get(users)).doc(api_doc::users),
    Route::new(Method::POST, "/api/v1/users", Access::Key, || post(add_user)).doc(api_doc::add_user),
    Route::new(Method::POST, "/api/v1/users/{id}/disable", Access::Key, || post(disable_user)).doc(api_doc::disable_user),
    Route::new(Method::POST, "/api/v1/users/{id}/enable", Access::Key, || post(enable_user)).doc(api_doc::enable_user),
    Route::new(Method::PUT, "/api/v1/users/{id}/role", Access::Key, || put(change_role)).doc(api_doc::change_role),
    Route::new(Method::GET, "/api/v1/api-keys", Access::Key, || get(keys)).doc(api_doc::keys),
    Route::new(Method::POST, "/api/v1/api-keys", Access::Key, || post(make_key)).doc(api_doc::make_key),
    Route::new(Method::DELETE, "/api/v1/api-keys/{id}", Access::Key, || delete(revoke_key)).doc(api_doc::revoke_key),
];

#[derive(Serialize)]
struct MeOut {
    actor: String,
    staff: Option<UserId>,
    purpose: &'static str,
    privileges: Vec<String>,
    csrf: Option<String>,
}

/// Who one is and what one may do; nothing sealed is opened for it.
async fn me(who: Who) -> Result<Response, Refused> {
    let mut privileges: Vec<String> =
        who.actor.grants().iter().filter(|g| g.purposes.serve(who.actor.purpose)).map(|g| g.privilege.clone()).collect();
    privileges.sort_unstable();
    privileges.dedup();
    let csrf = who.session.is_some().then(|| who.csrf());
    let out = MeOut { actor: who.actor.who.to_string(), staff: who.actor.staff(), purpose: who.actor.purpose.key, privileges, csrf };
    answer(StatusCode::OK, &out)
}

#[derive(Serialize)]
struct List<T> {
    items: Vec<T>,
}

#[derive(Serialize)]
struct UserOut {
    id: UserId,
    name: String,
    email: String,
    role: String,
    purposes: Purposes,
    active: bool,
    created: Instant,
}

impl From<Member> for UserOut {
    fn from(m: Member) -> Self {
        // Released with its event by the operation.
        Self {
            id: m.id,
            name: m.name.into_inner(),
            email: m.email.into_inner(),
            role: m.role,
            purposes: m.purposes,
            active: m.active,
            created: m.created,
        }
    }
}

async fn users(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    let members = web.app.read(&who.actor, move |unit| staff::list(unit, &permit)).await?;
    answer(StatusCode::OK, &List { items: members.into_iter().map(UserOut::from).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UserIn {
    name: String,
    email: String,
    role: String,
    #[serde(default = "Purposes::all")]
    purposes: Purposes,
}

#[derive(Serialize)]
struct Added {
    id: UserId,
    /// Shown once: to be handed over, and changed.
    password: String,
}

async fn add_user(State(web): State<Web>, who: Who, Json(user): Json<UserIn>) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    confirmed(&web, &who)?;
    let password = crm::identity::password::generate(web.app.env());
    let hashed = web.door.hash(&web.app, password.clone(), Vec::new()).await?;
    let new =
        NewStaff { name: Personal::new(user.name), email: Personal::new(user.email), role: user.role, team: None, purposes: user.purposes };
    let id = web.app.write(&who.actor, move |unit| staff::add(unit, &permit, &new, &hashed)).await?;
    answer(StatusCode::CREATED, &Added { id, password: password.into_inner() })
}

async fn disable_user(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (permit, id) = (who.actor.permit::<Manage>()?, read::<UserId>(&id, "user")?);
    web.app.write(&who.actor, move |unit| staff::disable(unit, &permit, id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn enable_user(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (permit, id) = (who.actor.permit::<Manage>()?, read::<UserId>(&id, "user")?);
    confirmed(&web, &who)?;
    web.app.write(&who.actor, move |unit| staff::enable(unit, &permit, id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleIn {
    role: String,
    purposes: Purposes,
}

async fn change_role(State(web): State<Web>, who: Who, Path(id): Path<String>, Json(new): Json<RoleIn>) -> Result<Response, Refused> {
    let (permit, id) = (who.actor.permit::<Manage>()?, read::<UserId>(&id, "user")?);
    confirmed(&web, &who)?;
    web.app.write(&who.actor, move |unit| staff::change_role(unit, &permit, id, &new.role, new.purposes)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Serialize)]
struct KeyOut {
    id: ApiKeyId,
    beginning: String,
    staff: UserId,
    label: String,
    purpose: String,
    scopes: Vec<KeyScope>,
    created: Instant,
    expires: Instant,
    revoked: Option<Instant>,
}

impl From<ApiKey> for KeyOut {
    fn from(key: ApiKey) -> Self {
        let beginning = key.beginning();
        let scopes = key.scopes.into_iter().map(|g| KeyScope { privilege: g.privilege, kind: g.kind }).collect();
        Self {
            id: key.id,
            beginning,
            staff: key.staff,
            label: key.label,
            purpose: key.purpose,
            scopes,
            created: key.created,
            expires: key.expires,
            revoked: key.revoked,
        }
    }
}

async fn keys(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    let keys = web.app.read(&who.actor, move |unit| apikey::list(unit, &permit)).await?;
    answer(StatusCode::OK, &List { items: keys.into_iter().map(KeyOut::from).collect() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyIn {
    label: String,
    purpose: String,
    scopes: Vec<KeyScope>,
    /// Days it is good for, 1 to 366.
    #[serde(deserialize_with = "catalogue::whole")]
    days: u16,
}

#[derive(Serialize)]
struct Made {
    id: ApiKeyId,
    /// Shown once.
    key: String,
}

async fn make_key(State(web): State<Web>, who: Who, Json(key): Json<KeyIn>) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    confirmed(&web, &who)?;
    let purpose =
        Purpose::find(&key.purpose).ok_or_else(|| Error::invalid("/purpose", "unknown", "Choose a purpose of this installation."))?;
    let valid = Duration::from_secs(u64::from(key.days) * 24 * 60 * 60);
    let new = NewKey { label: key.label, owner: None, purpose, scopes: key.scopes, valid };
    let (id, key) = web.app.write(&who.actor, move |unit| apikey::make(unit, &permit, &new)).await?;
    answer(StatusCode::CREATED, &Made { id, key })
}

async fn revoke_key(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (permit, id) = (who.actor.permit::<Manage>()?, read::<ApiKeyId>(&id, "API key")?);
    web.app.write(&who.actor, move |unit| apikey::revoke(unit, &permit, id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What gives somebody access needs a fresh password from a person at a browser. A key has none to give; its maker chose its scope.
fn confirmed(web: &Web, who: &Who) -> Result<()> {
    who.session.as_ref().map_or(Ok(()), |session| session.need_confirmed(web.app.env().now()))
}

/// An id in an address. What is none is not found, as what is not there.
pub(super) fn read<T: std::str::FromStr>(text: &str, what: &str) -> Result<T> {
    text.parse().map_err(|_| Error::not_found(what))
}
