//! The header block: where it ends, its fields in order, and what their values say (RFC 5322 §2.2, RFC 2047).

use std::borrow::Cow;

use mail_parser::{HeaderValue, parsers::MessageStream};

use super::{Mailbox, Warnings};
use crate::{charset, guarded};

/// A header block larger than this is read up to here.
pub(crate) const MAX_BLOCK: usize = 1 << 20;
/// Fields after this many are not read.
pub(crate) const MAX_FIELDS: usize = 2_000;
/// A single value is read up to here.
const MAX_VALUE: usize = 256 << 10;
/// Values of Content-Type and its like are read up to here: their parameters are merged in quadratic time.
const MAX_STRUCTURED: usize = 16 << 10;

/// One field as it stands in the bytes.
pub(crate) struct Field<'a> {
    pub name: &'a str,
    /// After the colon, still folded and encoded.
    pub value: &'a [u8],
}

/// The header block of an entity.
pub(crate) struct Block<'a> {
    pub fields: Vec<Field<'a>>,
    /// Where the body starts.
    pub body: usize,
    /// What was odd about it.
    pub warnings: Warnings,
}

impl<'a> Block<'a> {
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field<'a>> {
        self.fields.iter().filter(move |f| f.name.eq_ignore_ascii_case(name))
    }

    pub fn first(&self, name: &str) -> Option<&[u8]> {
        self.fields.iter().find(|f| f.name.eq_ignore_ascii_case(name)).map(|f| f.value)
    }
}

/// Reads the header block of a message or a MIME part. A byte order mark, blank lines and an mbox `From ` line before
/// it are skipped; a line that is no field ends it, unless known fields follow at once.
pub(crate) fn scan(bytes: &[u8]) -> Block<'_> {
    let mut warnings = Warnings::default();
    let mut at = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    while let Some(line) = line_at(bytes, at).filter(|l| trimmed(l).is_empty()) {
        warnings.add("blank_lines_before_header");
        at += line.len();
    }
    if let Some(line) = line_at(bytes, at).filter(|l| l.starts_with(b"From ") || l.starts_with(b">From ")) {
        at += line.len();
    }
    scan_from(bytes, at, warnings)
}

/// As [`scan`], for a MIME part: a blank first line means that it has no fields.
pub(crate) fn scan_part(bytes: &[u8]) -> Block<'_> {
    scan_from(bytes, 0, Warnings::default())
}

fn scan_from<'a>(bytes: &'a [u8], start: usize, mut warnings: Warnings) -> Block<'a> {
    let mut fields: Vec<Field<'a>> = Vec::new();
    let mut at = start;
    // The start of the value of the field being read.
    let mut open: Option<(&'a str, usize)> = None;
    let push = |open: &mut Option<(&'a str, usize)>, end: usize, fields: &mut Vec<Field<'a>>| {
        if let Some((name, from)) = open.take()
            && fields.len() < MAX_FIELDS
        {
            fields.push(Field { name, value: bytes.get(from..end).unwrap_or_default() });
        }
    };
    while let Some(line) = line_at(bytes, at) {
        if at.saturating_sub(start) > MAX_BLOCK {
            warnings.add("header_too_large");
            push(&mut open, at, &mut fields);
            // The body starts at the blank line, wherever that is.
            let body = skip_to_blank(bytes, at);
            return Block { fields, body, warnings };
        }
        let text = trimmed(line);
        if text.is_empty() && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            push(&mut open, at, &mut fields);
            return Block { fields, body: at + line.len(), warnings };
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if open.is_none() && !text.is_empty() {
                warnings.add("malformed_header_line");
            }
        } else if let Some((name, colon)) = field_name(line) {
            push(&mut open, at, &mut fields);
            if fields.len() >= MAX_FIELDS {
                warnings.add("too_many_headers");
            }
            open = Some((name, at + colon + 1));
        } else {
            push(&mut open, at, &mut fields);
            warnings.add("malformed_header_line");
            if !known_field_follows(bytes, at + line.len()) || fields.is_empty() {
                warnings.add("no_blank_line_after_header");
                return Block { fields, body: at, warnings };
            }
        }
        at += line.len();
    }
    push(&mut open, bytes.len(), &mut fields);
    Block { fields, body: bytes.len(), warnings }
}

fn skip_to_blank(bytes: &[u8], mut at: usize) -> usize {
    while let Some(line) = line_at(bytes, at) {
        at += line.len();
        if trimmed(line).is_empty() {
            return at;
        }
    }
    bytes.len()
}

/// The line that starts at `at`, with its LF.
pub(crate) fn line_at(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let rest = bytes.get(at..).filter(|r| !r.is_empty())?;
    rest.get(..rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |p| p + 1))
}

/// Files of classic Mac OS end their lines with a bare CR; they are read with LF in its place.
pub(crate) fn with_line_feeds(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.contains(&b'\r') && !bytes.contains(&b'\n') {
        Cow::Owned(bytes.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect())
    } else {
        Cow::Borrowed(bytes)
    }
}

pub(crate) fn trimmed(line: &[u8]) -> &[u8] {
    line.trim_ascii_end()
}

/// The field name of a line and where its colon stands (RFC 5322 §3.6.8; blanks before the colon are obsolete syntax).
fn field_name(line: &[u8]) -> Option<(&str, usize)> {
    let colon = line.iter().take(256).position(|b| *b == b':')?;
    let name = line.get(..colon)?.trim_ascii_end();
    if name.is_empty() || !name.iter().all(|b| (33..=126).contains(b)) {
        return None;
    }
    Some((std::str::from_utf8(name).ok()?, colon))
}

const KNOWN: &[&str] = &[
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "received",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "return-path",
    "sender",
    "reply-to",
    "references",
    "in-reply-to",
    "delivered-to",
    "content-disposition",
    "x-mailer",
];

/// Whether a well-known field stands among the next few lines, before a blank one.
fn known_field_follows(bytes: &[u8], mut at: usize) -> bool {
    for _ in 0..8 {
        let Some(line) = line_at(bytes, at) else { return false };
        if trimmed(line).is_empty() {
            return false;
        }
        if let Some((name, _)) = field_name(line)
            && KNOWN.iter().any(|k| name.eq_ignore_ascii_case(k))
        {
            return true;
        }
        at += line.len();
    }
    false
}

/// The value as bytes that mail-parser can read: bounded, valid UTF-8, ended by a line end.
fn prepared(value: &[u8], max: usize, warnings: &mut Warnings) -> String {
    let cut = if value.len() > max {
        warnings.add("header_truncated");
        value.get(..max).unwrap_or(value)
    } else {
        value
    };
    let mut text = match std::str::from_utf8(cut) {
        Ok(text) => text.to_owned(),
        Err(_) => {
            warnings.add("raw_8bit_header");
            charset::guess(cut)
        }
    };
    text = text.trim_end().to_owned();
    text.push_str("\r\n");
    text
}

/// Unstructured text, unfolded and decoded.
pub(crate) fn text(value: &[u8], warnings: &mut Warnings) -> String {
    let prepared = prepared(value, MAX_VALUE, warnings);
    let read = guarded(|| match MessageStream::new(prepared.as_bytes()).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    });
    clean(&read.unwrap_or_else(|| prepared.trim().to_owned()))
}

/// Without control characters, which have no place in a line of text.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\t' || c == '\n' || c == '\r' { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}

/// The value unfolded, nothing decoded.
pub(crate) fn unfolded(value: &[u8], warnings: &mut Warnings) -> String {
    clean(&prepared(value, MAX_VALUE, warnings))
}

/// A list of mailboxes, groups flattened.
pub(crate) fn mailboxes(value: &[u8], warnings: &mut Warnings) -> Vec<Mailbox> {
    let prepared = prepared(value, MAX_VALUE, warnings);
    let read = guarded(|| match MessageStream::new(prepared.as_bytes()).parse_address() {
        HeaderValue::Address(list) => list
            .iter()
            .map(|a| Mailbox {
                name: a.name.as_deref().map(clean).filter(|n| !n.is_empty()),
                address: a.address.as_deref().map(clean).filter(|n| !n.is_empty()),
            })
            .filter(|m| m.name.is_some() || m.address.is_some())
            .collect(),
        _ => Vec::new(),
    });
    read.unwrap_or_default()
}

/// The ids in Message-ID, In-Reply-To, References, Content-ID: what stands between `<` and `>`, or the bare words.
pub(crate) fn ids(value: &[u8], warnings: &mut Warnings) -> Vec<String> {
    let text = unfolded(value, warnings);
    let mut found: Vec<String> = Vec::new();
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once('<') {
        let Some((id, tail)) = after.split_once('>') else { break };
        let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
        if !id.is_empty() && found.len() < 1000 {
            found.push(id);
        }
        rest = tail;
    }
    if found.is_empty() {
        found.extend(text.split_whitespace().map(|w| w.trim_matches(['<', '>']).to_owned()).filter(|w| w.contains('@')).take(1000));
    }
    found
}

/// Content-Type or Content-Disposition: the value and its parameters, in lower case and decoded (RFC 2231).
#[derive(Default)]
pub(crate) struct Typed {
    /// `text/plain`, `attachment`.
    pub value: String,
    pub params: Vec<(String, String)>,
}

impl Typed {
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }
}

/// Reads Content-Type or Content-Disposition.
pub(crate) fn typed(value: &[u8], warnings: &mut Warnings) -> Typed {
    let prepared = prepared(value, MAX_STRUCTURED, warnings);
    let read = guarded(|| match MessageStream::new(prepared.as_bytes()).parse_content_type() {
        HeaderValue::ContentType(c) => Typed {
            value: match c.subtype() {
                Some(sub) => format!("{}/{}", c.ctype(), sub).to_ascii_lowercase(),
                None => c.ctype().to_ascii_lowercase(),
            },
            params: c.attributes().unwrap_or_default().iter().map(|a| (a.name.to_ascii_lowercase(), clean(&a.value))).collect(),
        },
        _ => Typed::default(),
    });
    read.unwrap_or_default()
}
