//! `Idempotency-Key`: a request sent again is answered with what was made the first time.

use crm::records::{KEY_MAX, Once};
use http::HeaderMap;
use kernel::{Code, Error, Result};
use serde::Serialize;

use super::Caller;
use crate::router::Web;

/// The header.
pub const HEADER: &str = "idempotency-key";

/// The key that a request carries. Error: malformed when it is not 1 to 255 visible ASCII characters.
fn key(headers: &HeaderMap) -> Result<Option<&str>> {
    let Some(key) = super::header(headers, HEADER)? else { return Ok(None) };
    if (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(Some(key));
    }
    Err(Error::new(Code::Malformed, "An Idempotency-Key has 1 to 255 visible ASCII characters without spaces."))
}

/// What is to be done once: a request for `what` with this body; `None` without a key. Error: malformed for what is no key.
pub fn asked(web: &Web, caller: &Caller, headers: &HeaderMap, what: &str, body: &impl Serialize) -> Result<Option<Once>> {
    let Some(key) = key(headers)? else { return Ok(None) };
    let whole = serde_json::to_vec(&(what, body)).map_err(Error::internal)?;
    Ok(Some(Once::new(&web.app, &caller.actor, key, &whole)))
}

/// As [`asked`], of a request that brings a file along.
pub fn asked_with(web: &Web, caller: &Caller, headers: &HeaderMap, what: &str, body: &impl Serialize, file: &[u8]) -> Result<Option<Once>> {
    let Some(key) = key(headers)? else { return Ok(None) };
    let mut whole = serde_json::to_vec(&(what, body, file.len())).map_err(Error::internal)?;
    whole.extend_from_slice(file);
    Ok(Some(Once::new(&web.app, &caller.actor, key, &whole)))
}
