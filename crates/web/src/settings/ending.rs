//! The pages before somebody's access ends: what goes, what stays.

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
};
use crm::{
    identity::{apikey, staff},
    permits::Manage,
};
use kernel::{ApiKeyId, Error, UserId};

use super::pages::{id, shell};
use crate::{
    kit::{error::Refused, render::html, text::Text, who::Who},
    router::Web,
    views::{
        confirm::ConfirmPage,
        erasure::{Outcome, PlanLine},
    },
};

fn line(t: Text, outcome: Outcome, what: &str, rule: &str) -> PlanLine {
    let until = if outcome == Outcome::Goes { t.get("confirm-at-once") } else { String::new() };
    PlanLine { what: t.get(what), outcome, rule: t.get(rule), citation: String::new(), until }
}

/// Before a member of staff is disabled.
pub(super) async fn user(State(web): State<Web>, who: Who, Path(user): Path<String>) -> Result<Response, Refused> {
    let (t, permit, user) = (who.text, who.actor.permit::<Manage>()?, id::<UserId>(&user, "user")?);
    let member = web.app.read(&who.actor, move |unit| staff::show(unit, &permit, user)).await?;
    let name = member.name.into_inner();
    let address = format!("/settings/users/{user}/disable");
    let view = ConfirmPage {
        t,
        shell: shell(&web, &who, &address).await?,
        title: t.with("user-disable-title", "name", &name),
        note: format!("{} · {}", t.role(&member.role), member.email.into_inner()),
        lines: vec![
            line(t, Outcome::Goes, "user-disable-sign-in", "user-disable-sign-in-note"),
            line(t, Outcome::Goes, "user-disable-keys", "user-disable-keys-note"),
            line(t, Outcome::Stays, "user-disable-done", "user-disable-done-note"),
            line(t, Outcome::Stays, "user-disable-records", "user-disable-records-note"),
        ],
        back: format!("/settings/users/{user}"),
        action: address,
        count: None,
        password: false,
        fields: Vec::new(),
        label: t.get("user-disable"),
        problem: String::new(),
    };
    Ok(Html(html(&view)?).into_response())
}

/// Before an API key is revoked.
pub(super) async fn key(State(web): State<Web>, who: Who, Path(key): Path<String>) -> Result<Response, Refused> {
    let (t, permit, key) = (who.text, who.actor.permit::<Manage>()?, id::<ApiKeyId>(&key, "API key")?);
    let keys = web.app.read(&who.actor, move |unit| apikey::list(unit, &permit)).await?;
    let found = keys.into_iter().find(|one| one.id == key).ok_or_else(|| Error::not_found("API key"))?;
    let address = format!("/settings/keys/{key}/revoke");
    let view = ConfirmPage {
        t,
        shell: shell(&web, &who, &address).await?,
        title: t.with("key-revoke-title", "name", &found.label),
        note: found.beginning(),
        lines: vec![
            line(t, Outcome::Goes, "key-revoke-access", "key-revoke-access-note"),
            line(t, Outcome::Stays, "key-revoke-done", "key-revoke-done-note"),
        ],
        back: "/settings/keys".into(),
        action: address,
        count: None,
        password: false,
        fields: Vec::new(),
        label: t.get("key-revoke"),
        problem: String::new(),
    };
    Ok(Html(html(&view)?).into_response())
}
