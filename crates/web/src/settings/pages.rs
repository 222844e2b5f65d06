//! Settings as pages: API keys, purposes.

use std::time::Duration;

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{PURPOSES, Purpose};
use crm::{
    identity::{ApiKey, KeyScope, NewKey, apikey},
    permits::Manage,
};
use http::{Method, StatusCode};
use jiff::tz::TimeZone;
use kernel::{ApiKeyId, Code, Error, Personal, Result};

use super::ending;
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::{Choice, Shell},
        names::capital,
        render::html,
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        parts::{Chip, Control, Field, Tone},
        settings::{KeyRow, PurposeRow, SettingsKeys, SettingsPurposes},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/keys", Access::Staff, || get(keys)),
    Route::new(Method::POST, "/settings/keys", Access::Staff, || post(make_key)),
    Route::new(Method::GET, "/settings/keys/{id}/revoke", Access::Staff, || get(ending::key)),
    Route::new(Method::POST, "/settings/keys/{id}/revoke", Access::Staff, || post(revoke_key)),
    Route::new(Method::GET, "/settings/purposes", Access::Staff, || get(purposes)),
];

pub(super) fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T> {
    text.parse().map_err(|_| Error::not_found(what))
}

pub(crate) async fn shell(web: &Web, who: &Who, address: &str) -> Result<Shell> {
    who.shell(web, &who.text.get("settings-title"), "settings", address).await
}

/// What gives somebody access takes the password again.
pub(super) async fn confirmed(web: &Web, who: &Who, password: Personal<String>) -> Result<()> {
    let session = who.signed_in()?;
    let done = web.door.confirm(&web.app, who.origin, session, password).await;
    done.map_err(|error| if error.code() == Code::Unauthenticated { Error::invalid("/password", "wrong", error.detail()) } else { error })
}

pub(super) fn password_field(t: Text) -> Field {
    Field::new("password", t.get("settings-password"), Control::Secret).required().autocomplete("current-password")
}

/// The inputs again, with what was typed and what is wrong beside each; never a password.
pub(super) fn again(inputs: &mut [Field], fields: &Fields, error: &Error) {
    for field in inputs {
        let chosen: Vec<&str> = fields.all(&field.name).collect();
        match &mut field.control {
            Control::Secret => {}
            Control::Choice(choices) | Control::Choices(choices) => {
                choices.iter_mut().for_each(|c| c.selected = chosen.contains(&c.value.as_str()));
            }
            _ => field.value = fields.get(&field.name).to_owned(),
        }
        let about = error.problems().iter().filter(|p| p.pointer.trim_start_matches('/').split('/').next() == Some(&field.name));
        field.problems.extend(about.map(|p| p.detail.clone()));
    }
}

async fn keys(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    Ok(Html(html(&keys_view(&web, &who).await?)?).into_response())
}

async fn keys_view(web: &Web, who: &Who) -> Result<SettingsKeys> {
    let (t, permit) = (who.text, who.actor.permit::<Manage>()?);
    let keys = web.app.read(&who.actor, move |unit| apikey::list(unit, &permit)).await?;
    let (now, zone) = (web.app.env().now(), who.clock(web).await?);
    let purposes = PURPOSES.iter().map(|p| Choice::new(p.key, t.purpose(p.key), p.key == "sales")).collect();
    let privileges = ["read", "write", "export", "import", "requests"].map(|p| Choice::new(p, t.privilege(p), p == "read"));
    Ok(SettingsKeys {
        t,
        shell: shell(web, who, "/settings/keys").await?,
        keys: keys.into_iter().map(|key| key_row(t, &zone, now, key)).collect(),
        fields: vec![
            Field::new("label", t.get("user-name"), Control::Text).required().help(t.get("key-label-help")),
            Field::new("purpose", t.get("key-purpose"), Control::Choice(purposes)).required(),
            Field::new("scopes", t.get("key-scopes"), Control::Choices(privileges.into())).required(),
            Field::new("expires", t.get("key-days"), Control::Number { step: "1".into() }).required().value("90"),
            password_field(t),
        ],
        secret_once: None,
    })
}

fn key_row(t: Text, zone: &TimeZone, now: kernel::Instant, key: ApiKey) -> KeyRow {
    let active = key.revoked.is_none() && key.expires > now;
    let scopes: Vec<String> = key.scopes.iter().map(|g| g.privilege.clone()).collect();
    KeyRow {
        prefix: key.beginning(),
        note: format!("{}: {}", t.purpose(&key.purpose), scopes.join(", ")),
        used: t.with("key-until", "when", t.moment(key.expires, zone)),
        state: if active { Chip::new(t.get("user-active"), Tone::Good) } else { Chip::new(t.get("key-ended"), Tone::Plain) },
        revoke_href: active.then(|| format!("/settings/keys/{}/revoke", key.id)),
        name: key.label,
    }
}

async fn make_key(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    match made(&web, &who, &fields).await {
        Ok(secret) => {
            let mut view = keys_view(&web, &who).await?;
            view.secret_once = Some(secret);
            Ok(Html(html(&view)?).into_response())
        }
        Err(error) if error.code() == Code::InvalidInput => {
            let mut view = keys_view(&web, &who).await?;
            again(&mut view.fields, &fields, &error);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn made(web: &Web, who: &Who, fields: &Fields) -> Result<String> {
    let permit = who.actor.permit::<Manage>()?;
    confirmed(web, who, fields.personal("password")).await?;
    let purpose = Purpose::find(fields.get("purpose"));
    let purpose = purpose.ok_or_else(|| Error::invalid("/purpose", "unknown", "Choose a purpose of this installation."))?;
    let days = fields.get("expires").trim().parse::<u16>();
    let days = days.map_err(|_| Error::invalid("/expires", "range", "Write a number of days, 1 to 366."))?;
    let scopes = fields.all("scopes").map(|p| KeyScope { privilege: p.to_owned(), kind: "*".to_owned() }).collect();
    let valid = Duration::from_secs(u64::from(days) * 24 * 60 * 60);
    let new = NewKey { label: fields.get("label").to_owned(), owner: None, purpose, scopes, valid };
    let (_, secret) = web.app.write(&who.actor, move |unit| apikey::make(unit, &permit, &new)).await?;
    Ok(secret)
}

async fn revoke_key(State(web): State<Web>, who: Who, Path(key): Path<String>, _form: Form) -> Result<Response, Refused> {
    let (permit, key) = (who.actor.permit::<Manage>()?, id::<ApiKeyId>(&key, "API key")?);
    web.app.write(&who.actor, move |unit| apikey::revoke(unit, &permit, key)).await?;
    Ok(Redirect::to("/settings/keys").into_response())
}

async fn purposes(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    who.actor.permit::<Manage>()?;
    let t = who.text;
    let rows = PURPOSES.iter().map(|p| PurposeRow {
        label: t.purpose(p.key),
        key: p.key.to_owned(),
        basis: p.dpv.to_owned(),
        consent: p.needs_consent.then(|| Chip::new(t.get("purpose-consent"), Tone::Time)),
        note: p.parent.map_or_else(String::new, capital),
    });
    let rows = rows.collect();
    Ok(Html(html(&SettingsPurposes { t, shell: shell(&web, &who, "/settings/purposes").await?, purposes: rows })?).into_response())
}
