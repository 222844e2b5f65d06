//! The way out of a campaign's letters, for whoever holds one: a page with one button, and the one click that mail programs make
//! (RFC 8058). No account, no cookie, no question.

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use crm::campaigns;
use http::Method;

use crate::{
    kit::{error::Refused, render::html, who::Who},
    router::{Access, Route, Web},
    views::consent::Unsubscribe,
};

/// The routes of this file. What posts here is a mail program without a cookie: the address itself is the proof.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/p/unsubscribe/{token}", Access::Public, || get(ask)).body(4 << 10),
    Route::new(Method::POST, "/p/unsubscribe/{token}", Access::Public, || post(leave)).body(4 << 10),
];

async fn ask(State(web): State<Web>, who: Who, Path(token): Path<String>) -> Result<Response, Refused> {
    let reader = campaigns::reader(&web.app, &token).await?;
    shown(&web, &who, &token, reader.gone).await
}

async fn leave(State(web): State<Web>, who: Who, Path(token): Path<String>) -> Result<Response, Refused> {
    campaigns::unsubscribe(&web.app, &token).await?;
    shown(&web, &who, &token, true).await
}

async fn shown(web: &Web, who: &Who, token: &str, gone: bool) -> Result<Response, Refused> {
    let t = who.text;
    let mut shell = who.shell(web, &t.get("unsubscribe-title"), "", "/p/unsubscribe").await?;
    shell.csrf = String::new();
    let view = Unsubscribe { t, shell, action: format!("/p/unsubscribe/{token}"), gone };
    Ok(Html(html(&view)?).into_response())
}
