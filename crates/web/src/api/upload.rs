//! A file with what is said about it: `multipart/form-data` (RFC 7578) from a program, read strictly.

use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use kernel::{Code, Error, Personal, Result};
use serde::de::DeserializeOwned;

use crate::{
    kit::{
        error::{Refused, too_large},
        json,
        sink::{Sink, damaged},
        who::Who,
    },
    router::Web,
};

/// The name of the part that is the file.
const FILE: &str = "file";
/// The largest part but the file, in bytes.
const TEXT_MAX: usize = 256 << 10;
/// The most parts.
const PARTS_MAX: usize = 20;

/// What was sent, its bytes where `B` says. An extractor.
#[derive(Debug)]
pub struct Upload<B = Personal<Vec<u8>>> {
    /// What the file is called where it came from.
    pub name: Personal<String>,
    /// The file.
    pub bytes: B,
    parts: Vec<(String, String)>,
}

impl<B: Sink> FromRequest<Web> for Upload<B> {
    type Rejection = Refused;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let actor = Who::from_request_parts(&mut parts, web).await?.actor;
        let multipart = Multipart::from_request(Request::from_parts(parts, body), web).await;
        let mut multipart =
            multipart.map_err(|_| Error::new(Code::UnsupportedMedia, "Send the file as multipart/form-data, in the part `file`."))?;
        let (mut file, mut parts) = (None, Vec::new());
        while let Some(part) = multipart.next_field().await.map_err(|error| damaged(&error))? {
            let name = part.name().unwrap_or_default().to_owned();
            let called = part.file_name().map(str::to_owned);
            let twice = parts.iter().any(|(other, _)| *other == name) || (name == FILE && file.is_some());
            if twice || parts.len() >= PARTS_MAX {
                return Err(Error::new(Code::Malformed, "A part of the form stands there twice, or there are too many.").into());
            }
            if name == FILE {
                let called = called.filter(|called| !called.is_empty()).unwrap_or_else(|| FILE.to_owned());
                file = Some((called, B::take(web, &actor, part).await?));
            } else {
                parts.push((name, text(&part.bytes().await.map_err(|error| damaged(&error))?)?));
            }
        }
        let (name, bytes) = file.ok_or_else(|| Error::invalid("/file", "required", "Send the file in the part `file`."))?;
        Ok(Self { name: Personal::new(name), bytes, parts })
    }
}

fn text(bytes: &[u8]) -> Result<String> {
    let text = if bytes.len() > TEXT_MAX { return Err(too_large()) } else { std::str::from_utf8(bytes) };
    let text = text.ok().filter(|text| !text.contains('\0'));
    text.map(str::to_owned).ok_or_else(|| Error::new(Code::Malformed, "A part beside the file is not clean UTF-8 text."))
}

impl<B> Upload<B> {
    /// Takes a part out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.parts.iter().position(|(key, _)| key == name)?;
        Some(self.parts.remove(at).1)
    }

    /// Takes out a part that is one of these words. Error: invalid_input.
    pub fn word<T: Copy>(&mut self, name: &str, words: &[(&str, T)]) -> Result<Option<T>> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let known = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        let refused = || {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            Error::invalid(format!("/{name}"), "not_an_option", format!("Choose one of: {}.", words.join(", ")))
        };
        known.map(Some).ok_or_else(refused)
    }

    /// Takes out a yes or no; no when it is absent. Error: invalid_input.
    pub fn flag(&mut self, name: &str) -> Result<bool> {
        Ok(self.word(name, &[("true", true), ("false", false)])?.unwrap_or(false))
    }

    /// Takes out a part that is JSON. Errors: those of [`json::read`], their places under the part's name.
    pub fn json<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let under = |error: Error| {
            let places =
                error.problems().iter().map(|p| kernel::Problem { pointer: format!("/{name}{}", p.pointer), ..p.clone() }).collect();
            Error::new(error.code(), error.detail()).with_problems(places)
        };
        json::read(text.as_bytes()).map(Some).map_err(under)
    }

    /// Refuses what nobody took, by its name. Error: invalid_input.
    pub fn end(&self) -> Result<()> {
        if self.parts.is_empty() {
            return Ok(());
        }
        // A part's name came from the sender: it is not repeated.
        Err(Error::new(
            Code::InvalidInput,
            "The form has a part that is unknown here. See /api/v1/openapi.json for what this address takes.",
        ))
    }
}
