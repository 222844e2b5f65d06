//! What browsers send: forms and uploads, bounded, in UTF-8 without NUL, and only from our own pages.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Multipart, Request},
};
use http::header;
use kernel::{Code, Error, Personal, Result};

use super::{
    csrf,
    error::{Refused, too_large},
    sink::{Sink, damaged},
    who::Who,
};
use crate::router::Web;

const FIELDS_MAX: usize = 1_000;
const TEXT_MAX: usize = 1 << 20;

/// The fields of a form, in the order they were sent.
#[derive(Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl Fields {
    /// The first value of a field; empty when it was not sent, as browsers leave out what is not filled.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The first value of a field, as personal data.
    pub fn personal(&self, name: &str) -> Personal<String> {
        Personal::new(self.get(name).to_owned())
    }

    /// Every value of a field, for boxes of which several may be ticked.
    pub fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Every field and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The same with one more.
    #[must_use]
    pub fn with(&self, name: &str, value: &str) -> Self {
        let more = std::iter::once((name.to_owned(), value.to_owned()));
        Self(self.0.iter().cloned().chain(more).collect())
    }

    fn add(&mut self, name: String, value: String) -> Result<()> {
        if self.0.len() >= FIELDS_MAX {
            return Err(Error::new(Code::TooLarge, "The form has more than 1,000 fields."));
        }
        if name.contains('\0') || value.contains('\0') {
            return Err(Error::new(Code::Malformed, "Text must not contain NUL characters; remove them and try again."));
        }
        self.0.push((name, value));
        Ok(())
    }
}

/// Reads `application/x-www-form-urlencoded` (WHATWG URL §5.1), strictly: what is not UTF-8 is refused, not replaced.
pub fn read(body: &[u8]) -> Result<Fields> {
    let mut fields = Fields::default();
    for pair in body.split(|b| *b == b'&').filter(|pair| !pair.is_empty()) {
        let at = pair.iter().position(|b| *b == b'=');
        let (name, value) = at.map_or((pair, &[][..]), |at| (&pair[..at], &pair[at + 1..]));
        fields.add(decoded(name)?, decoded(value)?)?;
    }
    Ok(fields)
}

fn decoded(text: &[u8]) -> Result<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match first {
            b'+' => out.push(b' '),
            b'%' => {
                let mut byte = [0];
                let digits = after.get(..2).filter(|d| hex::decode_to_slice(d, &mut byte).is_ok());
                if digits.is_none() {
                    return Err(Error::new(Code::Malformed, "The form is damaged: a percent sign without two hexadecimal digits."));
                }
                out.push(byte[0]);
                rest = &after[2..];
            }
            byte => out.push(*byte),
        }
    }
    String::from_utf8(out).map_err(|_| not_utf8())
}

fn not_utf8() -> Error {
    Error::new(Code::Malformed, "Text must be UTF-8. Load the page again and send it from there.")
}

/// A form that came from our own page: its `csrf` field is the one of this session or visitor.
#[derive(Debug)]
pub struct Form(pub Fields);

impl FromRequest<Web> for Form {
    type Rejection = Refused;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, web).await?;
        let kind = csrf::text(&parts.headers, header::CONTENT_TYPE.as_str()).unwrap_or_default().to_owned();
        if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            // Without its token it is refused for that, whatever else is wrong with it.
            csrf::check(&who, csrf::text(&parts.headers, csrf::HEADER))?;
            return Err(Refused(Error::new(Code::UnsupportedMedia, "Send the form as application/x-www-form-urlencoded.")));
        }
        let bytes = Bytes::from_request(Request::from_parts(parts, body), web).await.map_err(|_| too_large())?;
        let fields = read(&bytes)?;
        csrf::check(&who, Some(fields.get(csrf::FIELD)))?;
        Ok(Self(fields))
    }
}

/// A file that came with a form.
#[derive(Debug)]
pub struct File<B = Personal<Vec<u8>>> {
    /// The name of its input.
    pub field: String,
    /// What it is called where it came from; may name people.
    pub name: Personal<String>,
    /// Its bytes.
    pub bytes: B,
}

/// A form with files, from our own page. The token must stand before the first file, so that nothing of a stranger's is kept. Where the bytes go
/// is said by `B`.
#[derive(Debug)]
pub struct Upload<B = Personal<Vec<u8>>> {
    /// Its text fields.
    pub fields: Fields,
    /// Its files.
    pub files: Vec<File<B>>,
}

impl<B: Sink> FromRequest<Web> for Upload<B> {
    type Rejection = Refused;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Refused> {
        let (mut parts, body) = request.into_parts();
        let who = Who::from_request_parts(&mut parts, web).await?;
        let header = csrf::text(&parts.headers, csrf::HEADER).map(str::to_owned);
        let multipart = Multipart::from_request(Request::from_parts(parts, body), web).await;
        let Ok(mut multipart) = multipart else {
            csrf::check(&who, header.as_deref())?;
            return Err(Refused(Error::new(Code::UnsupportedMedia, "Send the form as multipart/form-data.")));
        };
        let mut upload = Self { fields: Fields::default(), files: Vec::new() };
        while let Some(part) = multipart.next_field().await.map_err(|e| damaged(&e))? {
            let field = part.name().unwrap_or_default().to_owned();
            let name = part.file_name().map(str::to_owned);
            if let Some(name) = name {
                csrf::check(&who, Some(upload.fields.get(csrf::FIELD)))?;
                let bytes = B::take(web, &who.actor, part).await?;
                // A file input left empty sends a file without a name and without bytes.
                if !(name.is_empty() && bytes.is_empty()) {
                    upload.files.push(File { field, name: Personal::new(name), bytes });
                }
            } else {
                let bytes = part.bytes().await.map_err(|e| damaged(&e))?;
                if bytes.len() > TEXT_MAX {
                    return Err(Refused(too_large()));
                }
                upload.fields.add(field, String::from_utf8(bytes.to_vec()).map_err(|_| not_utf8())?)?;
            }
        }
        csrf::check(&who, Some(upload.fields.get(csrf::FIELD)))?;
        Ok(upload)
    }
}

/// A form from our own page that may carry files: either kind of form, read as what it is.
#[derive(Debug)]
pub struct Sent(pub Upload);

impl FromRequest<Web> for Sent {
    type Rejection = Refused;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Refused> {
        let kind = csrf::text(request.headers(), header::CONTENT_TYPE.as_str()).unwrap_or_default();
        if kind.trim_start().to_ascii_lowercase().starts_with("multipart/") {
            return Upload::from_request(request, web).await.map(Self);
        }
        let Form(fields) = Form::from_request(request, web).await?;
        Ok(Self(Upload { fields, files: Vec::new() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_as_sent() {
        let fields = read(b"name=Ada+Lovelace&tick=a&tick=b&empty=&gr%C3%B6%C3%9Fe=%26").unwrap();
        assert_eq!((fields.get("name"), fields.get("empty"), fields.get("größe"), fields.get("absent")), ("Ada Lovelace", "", "&", ""));
        assert_eq!(fields.all("tick").collect::<Vec<_>>(), ["a", "b"]);
        assert!(!format!("{fields:?}").contains("Ada"));
    }

    #[test]
    fn what_is_not_clean_text_is_refused_and_not_mended() {
        for body in [&b"a=%FF"[..], b"a=%00", b"a=%4", b"a=%zz", b"%C3=a", b"a=\xff", b"%+1=a"] {
            assert_eq!(read(body).unwrap_err().code(), Code::Malformed, "{body:?}");
        }
        assert_eq!(read("a=b&".repeat(1_001).as_bytes()).unwrap_err().code(), Code::TooLarge);
    }
}
