//! What the query of an address says: every name known, none twice, nothing sealed.

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use kernel::{Code, Error, Result};

use crate::{kit::error::Refused, router::Web};

/// The names and values of a query, in their order. An extractor.
#[derive(Debug, Default)]
pub struct Asked(Vec<(String, String)>);

impl FromRequestParts<Web> for Asked {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Refused> {
        let unreadable = |words: &str| Refused(Error::new(Code::Malformed, words));
        let Query(pairs) =
            Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(|_| unreadable("The query of the address cannot be read."))?;
        for (n, (name, value)) in pairs.iter().enumerate() {
            if name.contains('\0') || value.contains('\0') {
                return Err(unreadable("The query of the address contains a NUL character."));
            }
            if pairs.iter().take(n).any(|(other, _)| other == name) {
                return Err(unreadable("A name stands twice in the query of the address."));
            }
        }
        Ok(Self(pairs))
    }
}

impl Asked {
    /// Takes a value out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(at).1)
    }

    /// Takes out a whole number between two others. Error: invalid_input.
    pub fn number(&mut self, name: &str, least: usize, most: usize) -> Result<Option<usize>> {
        let Some(text) = self.take(name) else { return Ok(None) };
        let number = text.parse::<usize>().ok().filter(|n| (least..=most).contains(n) && text.bytes().all(|b| b.is_ascii_digit()));
        let refused = || Error::invalid(format!("/{name}"), "out_of_range", format!("Write a whole number from {least} to {most}."));
        number.map(Some).ok_or_else(refused)
    }

    /// What is left, for those whose names hold more than a name.
    pub fn rest(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.0)
    }

    /// Refuses what nobody took. Error: invalid_input.
    pub fn end(self) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(Error::new(
            Code::InvalidInput,
            "The query of the address names something unknown here. See /api/v1/openapi.json for what this address takes.",
        ))
    }
}

/// A cursor in good form that opens nothing is a page that is not there, or no longer.
pub fn cursor_gone(given: bool, error: Error) -> Error {
    if given && error.code() == Code::Malformed { Error::new(Code::NotFound, error.detail()) } else { error }
}
