//! What programs send: strict JSON, bounded in size and depth, and refused in words that never repeat a value.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use kernel::{Code, Error, Result};
use serde::{Serialize, de::DeserializeOwned};

use super::error::{Refused, too_large};
use crate::router::Web;

/// Deeper nesting than this describes nothing here.
const DEPTH_MAX: usize = 32;

/// A JSON body (RFC 8259) as `T`, which must be `#[serde(deny_unknown_fields)]`.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Web> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Refused> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
            return Err(Refused(Error::new(Code::UnsupportedMedia, "Send the body as application/json.")));
        }
        let bytes = Bytes::from_request(request, web).await.map_err(|_| too_large())?;
        Ok(Self(read(&bytes)?))
    }
}

/// Reads JSON. Errors: malformed (not JSON, not UTF-8, too deep, NUL), invalid_input with the place and what is expected there.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let malformed = |words: String| Error::new(Code::Malformed, words);
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("The body is not UTF-8.".to_owned()))?;
    if depth(bytes) > DEPTH_MAX {
        return Err(malformed("The body is nested deeper than 32 levels.".to_owned()));
    }
    if has_nul(text) {
        return Err(malformed("Text must not contain NUL characters; remove them and try again.".to_owned()));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| refused(&error))?;
    reader.end().map_err(|_| malformed("There is something after the end of the JSON value.".to_owned()))?;
    // serde also takes a list of its members for an object; a list without names says nothing to whoever reads it later.
    if text.trim_start().starts_with('[') {
        return Err(Error::invalid("", "type", "Expected an object."));
    }
    Ok(value)
}

fn refused(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let inner = error.inner();
    if !inner.is_data() {
        return Error::new(Code::Malformed, format!("The body is not JSON: see line {}, column {}.", inner.line(), inner.column()));
    }
    let words = inner.to_string();
    let quoted = words.split('`').nth(1).filter(|name| is_key(name)).unwrap_or_default();
    let at = pointer(error.path());
    if words.starts_with("unknown field") {
        // The path may already end with the field's name.
        let at = if at.ends_with(&format!("/{quoted}")) { at } else { format!("{at}/{quoted}") };
        return Error::invalid(at, "unknown", "There is no such field here. Leave it out or correct its name.");
    }
    if words.starts_with("missing field") {
        return Error::invalid(format!("{at}/{quoted}"), "required", "This field is required.");
    }
    if words.starts_with("duplicate field") {
        return Error::invalid(at, "duplicate", "This field stands here twice.");
    }
    // What serde found may be a value; what it expected is ours.
    let expected = words.rsplit_once("expected ").map(|(_, rest)| rest.split(" at line").next().unwrap_or(rest));
    let detail = expected.map_or_else(|| "This value is not acceptable here.".to_owned(), |e| format!("Expected {e}."));
    Error::invalid(at, "type", detail)
}

fn is_key(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// RFC 6901. A segment that is no key of ours came from the sender and is left out.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |out, segment| match segment {
        Segment::Seq { index } => format!("{out}/{index}"),
        Segment::Map { key } | Segment::Enum { variant: key } if is_key(key) => format!("{out}/{key}"),
        _ => out,
    })
}

/// How deep arrays and objects nest, outside of strings.
fn depth(bytes: &[u8]) -> usize {
    let (mut now, mut most, mut text, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => text = !text,
            b'[' | b'{' if !text => {
                now += 1;
                most = most.max(now);
            }
            b']' | b'}' if !text => now = now.saturating_sub(1),
            _ => {}
        }
    }
    most
}

/// A NUL can only come written as `\u0000` (raw control characters are no JSON); `\\u0000` is a backslash and letters.
fn has_nul(text: &str) -> bool {
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let after = &rest[at + 1..];
        if after.starts_with("u0000") {
            return true;
        }
        let mut chars = after.chars();
        chars.next();
        rest = chars.as_str();
    }
    false
}

/// A JSON answer.
pub fn answer(status: StatusCode, body: &impl Serialize) -> Result<Response, Refused> {
    let text = serde_json::to_string(body).map_err(Error::internal)?;
    Ok((status, [(header::CONTENT_TYPE, "application/json")], text).into_response())
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Thing {
        name: String,
        #[serde(default)]
        parts: Vec<Part>,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Part {
        count: u8,
    }

    fn problem(body: &str) -> (Code, String, &'static str) {
        let error = read::<Thing>(body.as_bytes()).unwrap_err();
        let at = error.problems().first();
        (error.code(), at.map(|p| p.pointer.clone()).unwrap_or_default(), at.map_or("", |p| p.code))
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let invalid = Code::InvalidInput;
        assert_eq!(problem(r#"{"name":"a","colour":1}"#), (invalid, "/colour".into(), "unknown"));
        assert_eq!(problem(r#"{"parts":[]}"#), (invalid, "/name".into(), "required"));
        assert_eq!(problem(r#"{"name":"a","parts":[{"count":1},{"count":"x"}]}"#), (invalid, "/parts/1/count".into(), "type"));
        assert_eq!(problem(r#"{"name":"a","parts":[{"count":300}]}"#), (invalid, "/parts/0/count".into(), "type"));
        assert_eq!(problem(r#"{"name":"a","name":"b"}"#).2, "duplicate");
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point_and_no_other_may() {
        #[derive(Deserialize, Debug)]
        #[serde(deny_unknown_fields)]
        struct Of {
            #[serde(deserialize_with = "catalogue::whole")]
            count: u16,
        }
        assert_eq!(read::<Of>(br#"{"count":69.0}"#).unwrap().count, 69);
        assert_eq!(read::<Of>(br#"{"count":7}"#).unwrap().count, 7);
        for wrong in ["69.5", "-1", "70000", "1e300", "\"7\"", "null", "true"] {
            let error = read::<Of>(format!(r#"{{"count":{wrong}}}"#).as_bytes()).unwrap_err();
            assert_eq!((error.code(), error.problems()[0].pointer.as_str()), (Code::InvalidInput, "/count"), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let deep = format!(r#"{{"name":{}{}}}"#, "[".repeat(40), "]".repeat(40));
        for body in ["", "{", "nul", r#"{"name":"a"} x"#, r#"{"name":"\u0000"}"#, r#"{"name":"\\\u0000"}"#, &deep, &"[".repeat(100_000)] {
            assert_eq!(problem(body).0, Code::Malformed, "{}", &body[..body.len().min(40)]);
        }
        assert_eq!(read::<Thing>(b"{\"name\":\"\xff\"}").unwrap_err().code(), Code::Malformed);
        assert_eq!(read::<Thing>(br#"{"name":"\\u0000 [[["}"#).unwrap().name, r"\u0000 [[[");
    }

    #[test]
    fn a_refusal_never_repeats_a_value() {
        for body in
            [r#"{"name":"a","parts":"ada@house.example"}"#, r#"{"name":"a","Ada Lovelace":1}"#, r#"{"name":{"ada@house.example":1}}"#]
        {
            let error = read::<Thing>(body.as_bytes()).unwrap_err();
            assert!(!format!("{error:?}").to_lowercase().contains("ada"), "{error:?}");
        }
    }
}
