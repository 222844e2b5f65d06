//! The way in, the way out, and what the bar switches.

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::Purpose;
use crm::identity::{session, setup};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use kernel::{Code, Error, Result};
use serde::Deserialize;
use trail::Actor;

use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Theme,
        render::html,
        who::{Who, no_session_cookie, session_cookie, session_token},
    },
    router::{Access, Route, Web},
    views::{setup::SetupYou, sign_in::SignIn},
};

/// The routes of this file.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/assets/{*path}", Access::Public, || get(asset)),
    Route::new(Method::GET, "/setup", Access::Public, || get(setup_form)),
    Route::new(Method::POST, "/setup", Access::Public, || post(set_up)),
    Route::new(Method::GET, "/sign-in", Access::Public, || get(sign_in_form)),
    Route::new(Method::POST, "/sign-in", Access::Public, || post(sign_in)),
    Route::new(Method::POST, "/sign-out", Access::Staff, || post(sign_out)),
    Route::new(Method::POST, "/purpose", Access::Staff, || post(switch_purpose)),
    Route::new(Method::POST, "/preferences", Access::Staff, || post(preferences)),
];

/// An asset under its content-hashed address, compressed for who takes it so.
async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Refused> {
    let asset = assets::get(&path).ok_or_else(|| Error::not_found("file"))?;
    let gzip = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == asset.etag.as_bytes());
    let caching = [(header::CACHE_CONTROL, assets::CACHE_CONTROL), (header::ETAG, asset.etag), (header::VARY, "accept-encoding")];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    let kind = [(header::CONTENT_TYPE, asset.content_type)];
    Ok(if gzip {
        (caching, kind, [(header::CONTENT_ENCODING, "gzip")], asset.gzip).into_response()
    } else {
        (caching, kind, asset.bytes).into_response()
    })
}

/// A page, with cookies to set along.
fn page(status: StatusCode, body: String, cookie: Option<String>) -> Result<Response> {
    with_cookie((status, Html(body)).into_response(), cookie)
}

fn with_cookie(mut response: Response, cookie: Option<String>) -> Result<Response> {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(Error::internal)?);
    }
    Ok(response)
}

/// A path of ours to go on to; the start for anything else, so that no link leads from here to another site.
pub(crate) fn ours(path: &str) -> &str {
    let plain = path.len() <= 512 && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    let local = path.starts_with('/') && !path.starts_with("//");
    if plain && local { path } else { "/" }
}

async fn needs_setup(web: &Web) -> Result<bool> {
    web.app
        .read(&Actor::visitor(), |unit| {
            let needed = setup::needed(unit)?;
            unit.plain(needed)
        })
        .await
}

async fn setup_form(State(web): State<Web>, mut who: Who) -> Result<Response, Refused> {
    if !needs_setup(&web).await? {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let cookie = who.greet(&web);
    let view = setup_view(&web, &who).await?;
    Ok(page(StatusCode::OK, html(&view)?, cookie)?)
}

async fn setup_view(web: &Web, who: &Who) -> Result<SetupYou> {
    let t = who.text;
    Ok(SetupYou::new(t, who.shell(web, &t.get("setup-you-title"), "", "/setup").await?))
}

async fn set_up(State(web): State<Web>, who: Who, headers: HeaderMap, Form(fields): Form) -> Result<Response, Refused> {
    let [code, name, email, password] = ["code", "name", "email", "password"].map(|field| fields.personal(field));
    let made = web.door.set_up(&web.app, who.origin, code, (name, email.clone()), password.clone()).await;
    if let Err(error) = made {
        return Ok(setup_again(&web, &who, &fields, error).await?);
    }
    let old = session_token(&web.settings, &headers);
    let opened = web.door.sign_in(&web.app, who.origin, &email, password, old.as_ref().map(|o| o.expose().as_str())).await?;
    Ok(with_cookie(Redirect::to("/setup/place").into_response(), Some(session_cookie(&web.settings, &opened.token)))?)
}

/// The form again, with what was typed and what is wrong beside each input.
async fn setup_again(web: &Web, who: &Who, fields: &Fields, error: Error) -> Result<Response> {
    if !matches!(error.code(), Code::InvalidInput | Code::Forbidden | Code::RateLimited) {
        return Err(error);
    }
    let mut view = setup_view(web, who).await?;
    for field in &mut view.fields {
        // A password is never sent back.
        if field.name != "password" {
            fields.get(&field.name).clone_into(&mut field.value);
        }
        let about = error.problems().iter().filter(|p| p.pointer.trim_start_matches('/') == field.name);
        field.problems.extend(about.map(|p| who.text.problem(p)));
        if error.problems().is_empty() && field.name == "code" {
            field.problems.push(error.detail().to_owned());
        }
    }
    let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::BAD_REQUEST);
    page(status, html(&view)?, None)
}

#[derive(Deserialize, Default)]
struct Entry {
    #[serde(default)]
    next: String,
    #[serde(default)]
    expired: String,
}

async fn sign_in_form(State(web): State<Web>, mut who: Who, entry: Result<Query<Entry>, QueryRejection>) -> Result<Response, Refused> {
    let entry = entry.map_or_else(|_| Entry::default(), |Query(entry)| entry);
    if who.session.is_some() {
        return Ok(Redirect::to(ours(&entry.next)).into_response());
    }
    if needs_setup(&web).await? {
        return Ok(Redirect::to("/setup").into_response());
    }
    let cookie = who.greet(&web);
    let mut view = sign_in_view(&web, &who, &entry.next).await?;
    view.expired = !entry.expired.is_empty();
    Ok(page(StatusCode::OK, html(&view)?, cookie)?)
}

async fn sign_in_view(web: &Web, who: &Who, next: &str) -> Result<SignIn> {
    let t = who.text;
    Ok(SignIn {
        t,
        shell: who.shell(web, &t.get("sign-in-title"), "", "/sign-in").await?,
        organisation: String::new(),
        email: String::new(),
        problem: String::new(),
        locked: false,
        expired: false,
        next: ours(next).to_owned(),
    })
}

async fn sign_in(State(web): State<Web>, who: Who, headers: HeaderMap, Form(fields): Form) -> Result<Response, Refused> {
    let old = session_token(&web.settings, &headers);
    let (email, password) = (fields.personal("email"), fields.personal("password"));
    let opened = web.door.sign_in(&web.app, who.origin, &email, password, old.as_ref().map(|o| o.expose().as_str())).await;
    match opened {
        Ok(opened) => {
            let next = Redirect::to(ours(fields.get("next"))).into_response();
            Ok(with_cookie(next, Some(session_cookie(&web.settings, &opened.token)))?)
        }
        Err(error) if matches!(error.code(), Code::Unauthenticated | Code::RateLimited) => {
            let mut view = sign_in_view(&web, &who, fields.get("next")).await?;
            fields.get("email").clone_into(&mut view.email);
            error.detail().clone_into(&mut view.problem);
            view.locked = error.code() == Code::RateLimited;
            let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::UNAUTHORIZED);
            Ok(page(status, html(&view)?, None)?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn sign_out(State(web): State<Web>, who: Who, _form: Form) -> Result<Response, Refused> {
    let session = who.signed_in()?;
    web.app.write(&who.actor, session::close).await?;
    web.door.forget(session.id);
    Ok(with_cookie(Redirect::to("/sign-in").into_response(), Some(no_session_cookie(&web.settings)))?)
}

async fn switch_purpose(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let purpose = Purpose::find(fields.get("purpose"));
    let purpose = purpose.ok_or_else(|| Error::invalid("/purpose", "unknown", "Choose one of your own purposes."))?;
    web.app.write(&who.actor, move |unit| session::switch_purpose(unit, purpose)).await?;
    Ok(Redirect::to(ours(fields.get("return"))).into_response())
}

/// Appearance and single keys: cookies of this browser, nothing about anybody.
async fn preferences(State(web): State<Web>, Form(fields): Form) -> Result<Response, Refused> {
    let secure = if web.settings.https() { "; Secure" } else { "" };
    let keep = |name: &str, value: &str| format!("{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}");
    let mut response = Redirect::to(ours(fields.get("return"))).into_response();
    if !fields.get("theme").is_empty() {
        response = with_cookie(response, Some(keep("theme", Theme::parse(fields.get("theme")).as_str())))?;
    }
    if !fields.get("keys").is_empty() {
        response = with_cookie(response, Some(keep("keys", if fields.get("keys") == "off" { "off" } else { "on" })))?;
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::ours;

    #[test]
    fn nothing_leads_from_here_to_another_site() {
        assert_eq!(ours("/people?sort=name"), "/people?sort=name");
        for path in ["", "people", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "javascript:alert(1)"] {
            assert_eq!(ours(path), "/", "{path}");
        }
    }
}
