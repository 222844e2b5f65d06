//! The log as anyone may read it (C2SP tlog-tiles, tlog-checkpoint): nothing in it is secret, and nothing in it names anybody.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use crm::evidence;
use http::{Method, StatusCode, header};
use kernel::{Code, Error, Result};
use serde_json::json;

use crate::{
    api::address::Asked,
    kit::error::Refused,
    openapi::{About, Doc},
    router::{Access, Route, Web},
};

/// The routes of the log.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/log/checkpoint", Access::Public, || get(checkpoint)),
    Route::new(Method::GET, "/log/key", Access::Public, || get(key)),
    Route::new(Method::GET, "/log/tile/{*path}", Access::Public, || get(tile)),
    Route::new(Method::GET, "/api/v1/log/checkpoint", Access::Public, || get(checkpoint)).doc(checkpoint_doc),
    Route::new(Method::GET, "/api/v1/log/key", Access::Public, || get(key)).doc(key_doc),
    Route::new(Method::GET, "/api/v1/log/tile/{*path}", Access::Public, || get(tile)).doc(tile_doc),
];

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

async fn checkpoint(State(web): State<Web>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let note = evidence::checkpoint(&web.app).await?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "no-cache")], note).into_response())
}

fn checkpoint_doc(_: &About) -> Doc {
    Doc::new("show_checkpoint", "evidence", "The newest signed checkpoint")
        .more("Also at `/log/checkpoint`, outside of this API.")
        .media(200, "A signed note (C2SP tlog-checkpoint).", "text/plain", json!({ "type": "string" }))
        .refuses(&[Code::NotFound, Code::Malformed, Code::InvalidInput])
}

async fn key(State(web): State<Web>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, TEXT)], format!("{}\n", web.app.verifier().vkey())).into_response())
}

fn key_doc(_: &About) -> Doc {
    Doc::new("show_log_key", "evidence", "The key that checkpoints verify with")
        .media(200, "A verifier key (C2SP signed-note).", "text/plain", json!({ "type": "string" }))
        .refuses(&[Code::Malformed, Code::InvalidInput])
}

/// A tile's address: `0/x001/x234/067` or, of a partial one, `0/000.p/5`.
fn place(path: &str) -> Option<(u8, u64, u16)> {
    let (path, width) = match path.split_once(".p/") {
        Some((path, width)) => (path, number(width, 3).filter(|w| (1..=255).contains(w))?),
        None => (path, 256),
    };
    let (level, groups) = path.split_once('/')?;
    let level = number(level, 2).filter(|level| *level <= 63)?;
    let groups: Vec<&str> = groups.split('/').collect();
    if groups.len() > 6 {
        return None;
    }
    let mut index = 0_u64;
    for (n, group) in groups.iter().enumerate() {
        let digits = if n + 1 < groups.len() { group.strip_prefix('x')? } else { group };
        index = index.checked_mul(1000)?.checked_add(number(digits, 3).filter(|_| digits.len() == 3)?)?;
    }
    Some((u8::try_from(level).ok()?, index, u16::try_from(width).ok()?))
}

fn number(digits: &str, most: usize) -> Option<u64> {
    ((1..=most).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse().ok()).flatten()
}

async fn tile(State(web): State<Web>, Path(path): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let (level, index, width) = place(&path).ok_or_else(|| Error::not_found("tile"))?;
    let bytes = evidence::tile(&web.app, level, index, width).await?;
    // A whole tile never changes again.
    let caching = if width == 256 { "public, max-age=31536000, immutable" } else { "no-cache" };
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, BYTES), (header::CACHE_CONTROL, caching)], bytes).into_response())
}

fn tile_doc(_: &About) -> Doc {
    let address =
        json!({ "type": "string", "pattern": "^[0-9]{1,2}/(x[0-9]{3}/){0,5}[0-9]{3}(\\.p/[1-9][0-9]{0,2})?$", "examples": ["0/000.p/1"] });
    Doc::new("show_tile", "evidence", "A tile of the log")
        .more("Also at `/log/tile/…`, outside of this API. The address is that of C2SP tlog-tiles and holds slashes.")
        .path("path", "Level and index, and the width of a partial tile.", address)
        .media(200, "Its hashes, 32 bytes each.", BYTES, json!({ "type": "string", "format": "binary" }))
        .refuses(&[Code::Malformed, Code::InvalidInput])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_found_at_the_address_that_c2sp_gives_it() {
        assert_eq!(place("0/x001/x234/067"), Some((0, 1_234_067, 256)));
        assert_eq!(place("1/000.p/5"), Some((1, 0, 5)));
        for wrong in [
            "",
            "0",
            "0/",
            "0/1",
            "0/x001",
            "0/001/002",
            "0/000.p/0",
            "0/000.p/256",
            "64/000",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
            "../0",
        ] {
            assert_eq!(place(wrong), None, "{wrong}");
        }
    }
}
