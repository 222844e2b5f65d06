//! Where errors meet HTTP: problem details (RFC 9457) for programs, a page for people, the cause for the log, the denial for the trail.

use std::{any::Any, sync::Arc, time::Duration};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use kernel::{Code, Env, Error};
use serde_json::json;

use super::{
    layout::Shell,
    render::{PAGE_HEADERS, html},
    text::Text,
    who::{Seen, Who, spoken},
};
use crate::{
    router::Web,
    views::error::{ErrorPage, Failure, PlainErrorPage},
};

/// No request may take longer; long work is a job.
const LONGEST: Duration = Duration::from_secs(60);

/// A refusal on its way out of a handler: `Result<_, Refused>` and `?`. What it looks like is decided at the edge, by [`finish`].
#[derive(Debug)]
pub struct Refused(pub Error);

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

#[derive(Clone)]
struct Carried(Arc<Error>);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = status(self.0.code()).into_response();
        response.extensions_mut().insert(Carried(Arc::new(self.0)));
        response
    }
}

fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A reference that people can read out: `7f3k-22ab`.
fn reference(env: &Env) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bytes: [u8; 8] = env.bytes();
    let letter = |b: &u8| char::from(ALPHABET[usize::from(b & 31)]);
    let (a, b) = bytes.split_at(4);
    format!("{}-{}", a.iter().map(letter).collect::<String>(), b.iter().map(letter).collect::<String>())
}

/// The outermost layer: gives the request its reference, turns refusals into answers, records denials, sets the headers of every answer.
pub async fn finish(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let id = reference(web.app.env());
    let seen = Seen::default();
    request.extensions_mut().insert(seen.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let text = spoken(&web.settings, request.headers());
    let wants_page = !is_api(&path) && accepts_html(&request);
    let mut response = next.run(request).await;
    if let Some(error) = refusal(&response) {
        let error = recorded(&web, seen.get(), error).await;
        log(&id, &method, &path, &error);
        let answer = if wants_page { page(&web, text, seen.get(), &error, &id).await } else { problem(&error, &id) };
        // Cookies and the like that the handler set go along.
        let mut answer = answer;
        for (name, value) in response.headers() {
            if *name == header::SET_COOKIE || *name == header::ALLOW {
                answer.headers_mut().append(name, value.clone());
            }
        }
        response = answer;
    }
    let headers = response.headers_mut();
    for (name, value) in PAGE_HEADERS {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    }
    if web.settings.https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000; includeSubDomains"));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert("x-request-id", id);
    }
    response
}

fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

fn accepts_html(request: &Request) -> bool {
    request.headers().get(header::ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// What was refused, whether by us or by a layer that answers with a bare status.
fn refusal(response: &Response) -> Option<Arc<Error>> {
    if let Some(carried) = response.extensions().get::<Carried>() {
        return Some(Arc::clone(&carried.0));
    }
    let status = response.status();
    let ours = response.headers().contains_key(header::CONTENT_TYPE) && !plain_text(response);
    if ours || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    let error = match status {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::new(Code::UnsupportedMedia, "This content type is not read here."),
        StatusCode::NOT_FOUND => Error::new(Code::NotFound, "There is nothing at this address."),
        StatusCode::METHOD_NOT_ALLOWED => Error::new(Code::MethodNotAllowed, "This address does not answer to that method."),
        status if status.is_client_error() => Error::new(Code::Malformed, "The request is not readable as what it should be."),
        _ => Error::internal(format!("a layer answered {status}")),
    };
    Some(Arc::new(error))
}

fn plain_text(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"text/plain"))
}

pub(crate) fn too_large() -> Error {
    Error::new(Code::TooLarge, "This is larger than is taken here. Send it in smaller parts.")
}

/// Who was refused what they have no right to is an event of its own. Strangers are counted by the doorkeeper instead.
async fn recorded(web: &Web, who: Option<Who>, error: Arc<Error>) -> Arc<Error> {
    let Some(who) = who.filter(|who| error.code() == Code::Forbidden && who.known()) else { return error };
    let told = Error::new(error.code(), error.detail()).with_problems(error.problems().to_vec());
    Arc::new(web.app.denied(&who.actor, told).await)
}

fn log(id: &str, method: &http::Method, path: &str, error: &Error) {
    let code = error.code().as_str();
    match error.cause() {
        Some(cause) => tracing::error!(request_id = id, %method, path, code, cause = %cause, "request failed"),
        None => tracing::debug!(request_id = id, %method, path, code, "request refused"),
    }
}

fn problem(error: &Error, id: &str) -> Response {
    let status = status(error.code());
    let problems = error.problems().iter().map(|p| json!({"pointer": p.pointer, "code": p.code, "detail": p.detail}));
    let body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "code": error.code().as_str(),
        "detail": error.detail(),
        "errors": problems.collect::<Vec<_>>(),
        "request_id": id,
    });
    let mut response = (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
    match error.code() {
        Code::Unauthenticated => response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
        Code::Unavailable | Code::RateLimited => response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5")),
        _ => None,
    };
    response
}

async fn page(web: &Web, text: Text, who: Option<Who>, error: &Error, id: &str) -> Response {
    let t = who.as_ref().map_or(text, |who| who.text);
    let title = t.get(title(error.code()));
    let (todo, href) = if error.code() == Code::Unauthenticated { ("sign-in", "/sign-in") } else { ("error-to-start", "/") };
    let failure = Failure {
        title: title.clone(),
        detail: error.detail().to_owned(),
        problems: error.problems().iter().map(|p| (p.pointer.clone(), t.problem(p))).collect(),
        kept: t.get("error-kept"),
        todo: vec![(t.get(todo), href.to_owned())],
        code: error.code().as_str().to_owned(),
        reference: id.to_owned(),
    };
    let framed = match who.filter(|who| who.session.is_some()) {
        Some(who) => who.shell(web, &title, "", "/").await.ok(),
        None => None,
    };
    let body = match framed {
        Some(shell) => html(&ErrorPage { t, shell, failure }),
        None => html(&PlainErrorPage { t, shell: Shell::plain(title, ""), failure }),
    };
    match body {
        Ok(body) => (status(error.code()), axum::response::Html(body)).into_response(),
        Err(_) => problem(error, id),
    }
}

/// The message that says what kind of refusal it is.
const fn title(code: Code) -> &'static str {
    match code {
        Code::NotFound => "error-not-found",
        Code::Unauthenticated => "error-unauthenticated",
        Code::Forbidden => "error-forbidden",
        Code::InvalidInput | Code::Malformed | Code::SealedInUrl | Code::UnsupportedMedia | Code::TooLarge => "error-invalid",
        Code::RateLimited | Code::Unavailable => "error-not-now",
        Code::LegalHold | Code::RetentionFloor | Code::Restricted | Code::SecondPersonRequired | Code::Conflict | Code::Duplicate => {
            "error-refused"
        }
        Code::VersionConflict | Code::PreconditionRequired => "error-changed-meanwhile",
        Code::MethodNotAllowed => "error-method",
        Code::StorageFull | Code::Internal => "error-internal",
    }
}

/// Ends what takes longer than a minute.
pub async fn in_time(request: Request, next: Next) -> Response {
    let late = || Refused(Error::new(Code::Unavailable, "This took too long and was given up. Try again, or ask for less at once."));
    tokio::time::timeout(LONGEST, next.run(request)).await.unwrap_or_else(|_| late().into_response())
}

/// A panic is our own fault; the answer says no more.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic.downcast_ref::<&str>().map(|s| (*s).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
    Refused(Error::internal(format!("panicked: {}", words.unwrap_or_default()))).into_response()
}
