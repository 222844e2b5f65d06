//! Forms come from our own pages: the browser says so (`Sec-Fetch-Site`, `Origin`), and the form carries a token that only they know.

use http::{HeaderMap, Method, header, request::Parts};
use kernel::{Code, Error, Result};

use super::who::Who;
use crate::router::Settings;

/// The name of the token's form field.
pub const FIELD: &str = "csrf";
/// The header in which a page's script sends the token to the API.
pub const HEADER: &str = "x-csrf-token";

/// Whether a method may change something (RFC 9110 §9.2.1 names those that may not).
pub fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses what another site's page sent with our visitor's cookies. Error: forbidden.
pub(super) fn same_origin(settings: &Settings, parts: &Parts) -> Result<()> {
    if !changes(&parts.method) {
        return Ok(());
    }
    let foreign = || Err(Error::new(Code::Forbidden, "This was sent from another site's page and not accepted. Do it here instead."));
    if let Some(site) = text(&parts.headers, "sec-fetch-site") {
        return if matches!(site, "same-origin" | "none") { Ok(()) } else { foreign() };
    }
    let Some(origin) = text(&parts.headers, header::ORIGIN.as_str()) else { return Ok(()) };
    let host = text(&parts.headers, header::HOST.as_str()).or(parts.uri.authority().map(|a| a.as_str()));
    let ours = settings.public_url.as_deref().is_some_and(|url| url.trim_end_matches('/') == origin);
    let same = origin.split_once("://").map(|(_, rest)| rest) == host && host.is_some();
    if ours || same { Ok(()) } else { foreign() }
}

/// Whether the token is the one of this visitor's or session's pages. Error: forbidden, saying to load the page again.
pub(super) fn check(who: &Who, given: Option<&str>) -> Result<()> {
    if given.is_some_and(|given| who.csrf_is(given)) {
        return Ok(());
    }
    Err(Error::new(Code::Forbidden, "This form is out of date. Load the page again and repeat the step; nothing was changed."))
}

pub(super) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
