//! The body: which part is text, which is HTML, which is an attachment (RFC 2046), within bounds.

use std::borrow::Cow;

use super::{Attachment, MAX_DEPTH, MAX_NESTED, MAX_PARTS, Mail, Warnings, decode, header, html_to_text, read as read_message};
use crate::charset;

/// What may still be spent on one message and all it contains.
pub(crate) struct Budget {
    parts: usize,
}

impl Budget {
    pub fn new() -> Self {
        Self { parts: MAX_PARTS }
    }

    fn take(&mut self) -> bool {
        let left = self.parts > 0;
        self.parts = self.parts.saturating_sub(1);
        left
    }
}

/// What a body holds.
#[derive(Default)]
pub(crate) struct Content {
    pub text: String,
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub nested: Vec<Mail>,
}

/// A stretch of the text a reader sees, in one or both of its forms.
struct Segment {
    plain: Option<String>,
    html: Option<String>,
}

/// One MIME entity with the fields that say what it is.
struct Part<'a> {
    block: &'a header::Block<'a>,
    body: &'a [u8],
    kind: header::Typed,
    disposition: header::Typed,
    encoding: String,
}

struct Walk<'b> {
    budget: &'b mut Budget,
    nesting: usize,
    segments: Vec<Segment>,
    attachments: Vec<Attachment>,
    nested: Vec<Mail>,
    warnings: Warnings,
}

/// Reads the body of a message whose header block is known.
pub(crate) fn read(bytes: &[u8], block: &header::Block<'_>, nesting: usize, budget: &mut Budget, warnings: &mut Warnings) -> Content {
    let mut walk =
        Walk { budget, nesting, segments: Vec::new(), attachments: Vec::new(), nested: Vec::new(), warnings: Warnings::default() };
    walk.entity(bytes, block, "text/plain", 0);
    warnings.extend(&walk.warnings);
    let html: Vec<String> = walk.segments.iter().filter_map(|s| s.html.clone()).collect();
    let text: Vec<String> = walk
        .segments
        .into_iter()
        .map(|s| match (s.plain.filter(|t| !t.trim().is_empty()), s.html) {
            (Some(plain), _) => plain,
            (None, Some(html)) => html_to_text(&html),
            (None, None) => String::new(),
        })
        .filter(|t| !t.trim().is_empty())
        .collect();
    Content {
        text: text.join("\n\n"),
        html: Some(html.join("\n")).filter(|h| !h.trim().is_empty()),
        attachments: walk.attachments,
        nested: walk.nested,
    }
}

impl Walk<'_> {
    fn entity(&mut self, bytes: &[u8], block: &header::Block<'_>, default: &str, depth: usize) {
        let warnings = &mut self.warnings;
        let mut kind = block.first("content-type").map(|v| header::typed(v, warnings)).unwrap_or_default();
        if !kind.value.contains('/') {
            if !kind.value.is_empty() && kind.value != "text" {
                warnings.add("bad_content_type");
            }
            kind.value = default.to_owned();
        }
        let part = Part {
            block,
            body: bytes.get(block.body..).unwrap_or_default(),
            kind,
            disposition: block.first("content-disposition").map(|v| header::typed(v, warnings)).unwrap_or_default(),
            encoding: block
                .first("content-transfer-encoding")
                .map(|v| header::unfolded(v, warnings).to_ascii_lowercase())
                .unwrap_or_default(),
        };
        self.note_protection(&part);
        match part.kind.value.as_str() {
            kind if kind.starts_with("multipart/") => self.multipart(&part, depth),
            "message/rfc822" | "message/global" | "message/news" => self.message(&part),
            _ => self.leaf(&part, depth),
        }
    }

    fn note_protection(&mut self, part: &Part<'_>) {
        let smime = part.kind.param("smime-type").unwrap_or_default().to_ascii_lowercase();
        match part.kind.value.as_str() {
            "multipart/signed" | "application/pkcs7-signature" | "application/x-pkcs7-signature" | "application/pgp-signature" => {
                self.warnings.add("signed")
            }
            "multipart/encrypted" | "application/pgp-encrypted" => self.warnings.add("encrypted"),
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => {
                self.warnings.add(if smime.starts_with("signed") { "signed" } else { "encrypted" })
            }
            "application/ms-tnef" | "application/vnd.ms-tnef" => self.warnings.add("tnef_kept_whole"),
            _ => {}
        }
    }

    fn multipart(&mut self, part: &Part<'_>, depth: usize) {
        let boundary = part.kind.param("boundary").map(str::trim).filter(|b| !b.is_empty()).map(str::to_owned);
        let Some(boundary) = boundary else {
            self.warnings.add("multipart_without_boundary");
            return self.text(part, part.body);
        };
        if depth >= MAX_DEPTH {
            self.warnings.add("nested_too_deep");
            return self.attach(part, part.body.to_vec(), false);
        }
        // A multipart must not be encoded (RFC 2045 §6.4); some are.
        let mut body = Cow::Borrowed(part.body);
        let mut children = split(&body, boundary.as_bytes());
        if children.parts.is_empty() && matches!(part.encoding.as_str(), "base64" | "quoted-printable") {
            self.warnings.add("encoded_multipart");
            body = Cow::Owned(self.decoded(part));
            children = split(&body, boundary.as_bytes());
        }
        if children.parts.is_empty() {
            self.warnings.add("multipart_without_parts");
            return self.text(part, part.body);
        }
        if !children.closed {
            self.warnings.add("truncated_multipart");
        }
        let subtype = part.kind.value.trim_start_matches("multipart/");
        let default = if subtype == "digest" { "message/rfc822" } else { "text/plain" };
        let outer = std::mem::take(&mut self.segments);
        let mut groups: Vec<Vec<Segment>> = Vec::new();
        for (index, range) in children.parts.into_iter().enumerate() {
            if !self.budget.take() {
                self.warnings.add("too_many_parts");
                break;
            }
            let bytes = body.get(range).unwrap_or_default();
            let block = header::scan_part(bytes);
            self.warnings.extend(&block.warnings);
            if subtype == "related" && index > 0 && block.first("content-id").is_some() {
                self.related(bytes, &block, depth);
            } else {
                self.entity(bytes, &block, default, depth + 1);
            }
            groups.push(std::mem::take(&mut self.segments));
        }
        self.segments = outer;
        if subtype == "alternative" {
            self.segments.extend(alternative(groups));
        } else {
            self.segments.extend(groups.into_iter().flatten());
        }
    }

    /// A part that the main one refers to is no text of its own.
    fn related(&mut self, bytes: &[u8], block: &header::Block<'_>, depth: usize) {
        let kept = self.segments.len();
        self.entity(bytes, block, "text/plain", depth + 1);
        let texts: Vec<Segment> = self.segments.drain(kept..).collect();
        for segment in texts {
            let (content_type, content) = match (segment.html, segment.plain) {
                (Some(html), _) => ("text/html", html),
                (None, Some(plain)) => ("text/plain", plain),
                (None, None) => continue,
            };
            let content_id = block.first("content-id").and_then(|v| header::ids(v, &mut self.warnings).into_iter().next());
            self.attachments.push(Attachment {
                name: None,
                content_type: content_type.to_owned(),
                inline: true,
                content_id,
                bytes: content.into_bytes(),
                is_message: false,
            });
        }
    }

    fn message(&mut self, part: &Part<'_>) {
        let bytes = if matches!(part.encoding.as_str(), "base64" | "quoted-printable") { self.decoded(part) } else { part.body.to_vec() };
        if super::is_message(&bytes).is_err() {
            self.warnings.add("nested_is_no_message");
            return self.attach(part, bytes, false);
        }
        if self.nesting >= MAX_NESTED {
            self.warnings.add("nested_too_deep");
            return self.attach(part, bytes, true);
        }
        let mail = read_message(&bytes, self.nesting + 1, self.budget);
        for code in ["nested_too_deep", "too_many_parts", "encrypted"] {
            if mail.warnings.has(code) {
                self.warnings.add(code);
            }
        }
        self.attach(part, bytes, true);
        self.nested.push(mail);
    }

    fn leaf(&mut self, part: &Part<'_>, depth: usize) {
        let content = self.decoded(part);
        if content.starts_with(b"-----BEGIN PGP MESSAGE-----") {
            self.warnings.add("encrypted");
        }
        let attached = part.disposition.value == "attachment";
        let named = filename(part).is_some();
        let first = self.segments.is_empty() && self.attachments.is_empty();
        let readable = match part.kind.value.as_str() {
            "text/plain" | "text/html" | "text/enriched" | "text/richtext" | "text/markdown" | "text/x-markdown" | "text/watch-html" => {
                true
            }
            // The only part of a message is its text, whatever kind of text it is.
            kind => kind.starts_with("text/") && depth == 0,
        };
        if readable && !attached && (!named || first) {
            self.text(part, &content);
        } else {
            self.attach(part, content, false);
        }
    }

    fn text(&mut self, part: &Part<'_>, content: &[u8]) {
        let decoded = charset::decode(part.kind.param("charset"), content);
        if !decoded.clean {
            self.warnings.add("bad_charset");
        }
        let text = decoded.text.replace("\r\n", "\n").replace('\0', "");
        let segment = if part.kind.value == "text/html" {
            Segment { plain: None, html: Some(text) }
        } else {
            Segment { plain: Some(text), html: None }
        };
        self.segments.push(segment);
    }

    fn attach(&mut self, part: &Part<'_>, bytes: Vec<u8>, is_message: bool) {
        let content_id = part.block.first("content-id").and_then(|v| header::ids(v, &mut self.warnings).into_iter().next());
        let content_type = if part.kind.value.is_empty() { "application/octet-stream" } else { &part.kind.value };
        self.attachments.push(Attachment {
            name: filename(part),
            content_type: content_type.to_owned(),
            inline: part.disposition.value == "inline" || (part.disposition.value.is_empty() && content_id.is_some()),
            content_id,
            bytes,
            is_message,
        });
    }

    fn decoded(&mut self, part: &Part<'_>) -> Vec<u8> {
        let (bytes, clean) = match part.encoding.as_str() {
            "base64" => decode::base64(part.body),
            "quoted-printable" => decode::quoted_printable(part.body),
            "x-uuencode" | "uuencode" | "x-uue" => match decode::uuencode(part.body) {
                Some(bytes) => (bytes, true),
                None => (part.body.to_vec(), false),
            },
            "" | "7bit" | "8bit" | "binary" => (part.body.to_vec(), true),
            _ => {
                self.warnings.add("unknown_transfer_encoding");
                (part.body.to_vec(), true)
            }
        };
        if !clean {
            self.warnings.add("bad_transfer_encoding");
        }
        bytes
    }
}

/// Of alternatives a reader sees one: the first plain text and the richest (last) HTML are two forms of it (RFC 2046 §5.1.4).
fn alternative(groups: Vec<Vec<Segment>>) -> Option<Segment> {
    let join = |group: &Vec<Segment>, pick: fn(&Segment) -> Option<&String>| -> Option<String> {
        let texts: Vec<&str> = group.iter().filter_map(pick).map(String::as_str).collect();
        Some(texts.join("\n")).filter(|t| !t.trim().is_empty())
    };
    let plain = groups.iter().find_map(|g| join(g, |s| s.plain.as_ref()));
    let html = groups.iter().rev().find_map(|g| join(g, |s| s.html.as_ref()));
    (plain.is_some() || html.is_some()).then_some(Segment { plain, html })
}

/// The file name a part gives itself, without any path.
fn filename(part: &Part<'_>) -> Option<String> {
    let name = part.disposition.param("filename").or_else(|| part.kind.param("name"))?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let safe: String = last.chars().filter(|c| !c.is_control()).take(255).collect();
    (!safe.is_empty() && safe != "." && safe != "..").then_some(safe)
}

struct Children {
    parts: Vec<std::ops::Range<usize>>,
    closed: bool,
}

/// The ranges between boundary lines; the line end before a boundary belongs to it (RFC 2046 §5.1.1).
fn split(body: &[u8], boundary: &[u8]) -> Children {
    let mut parts = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    while let Some(line) = header::line_at(body, at) {
        let start = at;
        at += line.len();
        let Some(rest) = line.strip_prefix(b"--").and_then(|l| l.strip_prefix(boundary)) else { continue };
        let rest = rest.trim_ascii();
        if !(rest.is_empty() || rest == b"--") {
            continue;
        }
        if let Some(from) = open.take() {
            let end =
                body.get(from..start).map_or(from, |b| from + b.strip_suffix(b"\r\n").or_else(|| b.strip_suffix(b"\n")).unwrap_or(b).len());
            parts.push(from..end);
        }
        if rest == b"--" {
            return Children { parts, closed: true };
        }
        open = Some(at);
        if parts.len() > MAX_PARTS {
            break;
        }
    }
    if let Some(from) = open {
        parts.push(from..body.len());
    }
    Children { parts, closed: false }
}
