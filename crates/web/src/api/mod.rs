//! What every handler of the API shares: who calls, how often, what an address says, what is done once.

pub mod address;
pub mod once;
pub mod pace;
pub mod upload;

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use kernel::{Code, Error, JobId, Result};
use serde_json::Value as Json;
use trail::Actor;

use crate::{
    kit::{error::Refused, json::answer, who::Who},
    openapi::shared,
    router::Web,
};

/// Who calls, known and not too often. An extractor.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
}

impl FromRequestParts<Web> for Caller {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refused> {
        let who = Who::from_request_parts(parts, web).await?;
        if !who.known() {
            return Err(Refused(Error::new(Code::Unauthenticated, "Sign in, or send an API key as: Authorization: Bearer prb_…")));
        }
        web.pace.take(&who.actor.who.to_string(), web.app.env().monotonic())?;
        Ok(Self { actor: who.actor })
    }
}

/// The answer that a job was begun: what else there is to say, and the job's own address.
pub fn begun(job: JobId, mut body: Json, address: &str) -> Result<Response, Refused> {
    body["job"] = job.to_string().into();
    Ok(with_location(answer(StatusCode::ACCEPTED, &body)?, address)?)
}

/// The schema of an answer of [`begun`].
pub fn begun_schema(more: &[(&str, Json)]) -> Json {
    let mut all = more.to_vec();
    all.push(("job", shared::id("job")));
    shared::object(&all)
}

/// A file as an answer: to be saved under a name of ours, never shown by a browser.
pub fn file(media: &'static str, name: &str, bytes: Vec<u8>) -> Result<Response> {
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(Error::internal)?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, HeaderValue::from_static(media)), (header::CONTENT_DISPOSITION, named)], bytes)
        .into_response())
}

/// An id in an address. What is none is not found, as what is not there.
pub fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T> {
    text.parse().map_err(|_| Error::not_found(what))
}

/// A header's text. Error: malformed when it is not ASCII or stands twice.
pub fn header<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>> {
    let mut all = headers.get_all(name).iter();
    let first = all.next().map(|value| value.to_str().map_err(|_| malformed(name))).transpose()?;
    if all.next().is_some() { Err(malformed(name)) } else { Ok(first) }
}

fn malformed(name: &str) -> Error {
    Error::new(Code::Malformed, format!("The header {name} cannot be read. Send it once, in plain ASCII."))
}

/// The versions that a condition names (RFC 9110 §13.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Versions {
    /// Whichever it is: `*`.
    Any,
    /// One of these.
    These(Vec<i64>),
}

/// The condition in a header such as `If-Match: "v3"`. Error: malformed.
pub fn condition(headers: &HeaderMap, name: &str) -> Result<Option<Versions>> {
    let Some(text) = header(headers, name)? else { return Ok(None) };
    if text.trim() == "*" {
        return Ok(Some(Versions::Any));
    }
    let version = |tag: &str| {
        let tag = tag.trim();
        let digits = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix("\"v")?.strip_suffix('"')?;
        digits.parse::<i64>().ok().filter(|n| *n > 0 && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0'))
    };
    let all = text.split(',').map(version).collect::<Option<Vec<_>>>();
    let words = || Error::new(Code::Malformed, format!("Write {name} as the ETag that you were given: {name}: \"v3\"."));
    all.map(|all| Some(Versions::These(all))).ok_or_else(words)
}

/// The answer with the version of what it shows.
pub fn with_version(mut response: Response, version: i64) -> Result<Response> {
    let tag = HeaderValue::from_str(&format!("\"v{version}\"")).map_err(Error::internal)?;
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

/// The answer with the address of what was made.
pub fn with_location(mut response: Response, address: &str) -> Result<Response> {
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_str(address).map_err(Error::internal)?);
    Ok(response)
}
