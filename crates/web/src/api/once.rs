//! `Idempotency-Key`: a request sent again is answered with what was made the first time.

use crm::records::{KEY_MAX, Once};
use http::HeaderMap;
use kernel::{Code, Error, Result};
use serde::Serialize;
use trail::{Actor, App};

/// The header.
pub const HEADER: &str = "idempotency-key";

/// The key that a request carries. Error: malformed when it is not 1 to 255 visible ASCII characters.
pub fn key(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(key) = super::header(headers, HEADER)? else { return Ok(None) };
    if (1..=KEY_MAX).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(Some(key.to_owned()));
    }
    Err(Error::new(Code::Malformed, "An Idempotency-Key has 1 to 255 visible ASCII characters without spaces."))
}

/// What is to be done once: a request for `what` with this body; `None` without a key.
pub fn once(app: &App, actor: &Actor, key: Option<&str>, what: &str, body: &impl Serialize) -> Result<Option<Once>> {
    let Some(key) = key else { return Ok(None) };
    let whole = serde_json::to_vec(&(what, body)).map_err(Error::internal)?;
    Ok(Some(Once::new(app, actor, key, &whole)))
}
