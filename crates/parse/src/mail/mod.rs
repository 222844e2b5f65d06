//! One e-mail message (RFC 5322, MIME RFC 2045–2047, 2231): what it says, with what was odd about it.

mod authenticity;
mod body;
mod date;
pub(crate) mod decode;
mod detect;
pub(crate) mod header;
mod text;

pub use authenticity::{Authenticity, Signature};
pub use date::parse_date;
pub use detect::{Reason, is_message, unsupported_format};
pub use text::{html_to_text, preview};

use kernel::{Code, Error, Instant, Result};

/// A message larger than this is refused (bytes).
pub const MAX_MESSAGE: usize = 192 << 20;
/// Parts after this many, nested messages included, are not read.
pub const MAX_PARTS: usize = 2_000;
/// Multiparts deeper than this are kept as one attachment.
pub const MAX_DEPTH: usize = 32;
/// Messages nested deeper than this are kept as attachments and not read.
pub const MAX_NESTED: usize = 8;

/// Stable words for what was odd in a message; each stands once, in the order found.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Warnings(Vec<&'static str>);

impl Warnings {
    pub(crate) fn add(&mut self, code: &'static str) {
        if !self.0.contains(&code) {
            self.0.push(code);
        }
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        other.0.iter().for_each(|code| self.add(code));
    }

    /// The codes.
    pub fn codes(&self) -> &[&'static str] {
        &self.0
    }

    /// Whether this code is among them.
    pub fn has(&self, code: &str) -> bool {
        self.0.contains(&code)
    }
}

/// A participant as the message shows them; nothing is resolved or normalised.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    /// The display name, decoded.
    pub name: Option<String>,
    /// The address as written.
    pub address: Option<String>,
}

/// A moment as the message claims it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The point in time.
    pub at: Instant,
    /// Minutes east of UTC as written; `None` when the zone was `-0000`, missing or unknown (then read as UTC).
    pub offset_minutes: Option<i16>,
}

/// A header field, unfolded and decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct Header {
    /// As written.
    pub name: String,
    /// Unfolded, encoded words decoded.
    pub value: String,
}

/// A part that is not body text.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The file name, without any path; `None` when the part names none.
    pub name: Option<String>,
    /// `image/png`; `application/octet-stream` when none is given.
    pub content_type: String,
    /// Meant to show within the text.
    pub inline: bool,
    /// Content-ID without its brackets.
    pub content_id: Option<String>,
    /// The content, transfer encoding undone; for a nested message the exact bytes of that message.
    pub bytes: Vec<u8>,
    /// A nested message (`message/rfc822`); `Mail::nested` holds them read, in the same order.
    pub is_message: bool,
}

/// What a message says.
#[derive(Clone, PartialEq, Default)]
pub struct Mail {
    /// Message-ID without its brackets.
    pub message_id: Option<String>,
    /// Other identities: (header name in lower case, value), such as `resent-message-id` or `x-gm-msgid`.
    pub native_ids: Vec<(String, String)>,
    /// In-Reply-To.
    pub in_reply_to: Vec<String>,
    /// References, oldest first.
    pub references: Vec<String>,
    /// Decoded; `None` when there is no Subject header.
    pub subject: Option<String>,
    /// From.
    pub from: Vec<Mailbox>,
    /// Sender.
    pub sender: Option<Mailbox>,
    /// Reply-To.
    pub reply_to: Vec<Mailbox>,
    /// To.
    pub to: Vec<Mailbox>,
    /// Cc.
    pub cc: Vec<Mailbox>,
    /// Bcc.
    pub bcc: Vec<Mailbox>,
    /// The Date header.
    pub claimed_at: Option<Moment>,
    /// The times of the Received headers that have a readable one, topmost (latest) first.
    pub received: Vec<Moment>,
    /// List-Id, without its brackets.
    pub list_id: Option<String>,
    /// The text a reader sees; derived from the HTML where there is nothing else.
    pub text: String,
    /// The HTML as sent, not made safe.
    pub html: Option<String>,
    /// All parts that are not body text.
    pub attachments: Vec<Attachment>,
    /// Nested messages, read.
    pub nested: Vec<Self>,
    /// All header fields in order.
    pub headers: Vec<Header>,
    /// What the headers say about authenticity; nothing is verified here.
    pub authenticity: Authenticity,
    /// What was odd.
    pub warnings: Warnings,
}

crate::opaque!(Mailbox, Header, Attachment, Mail);

/// Reads a message. Whatever has a header block gives a `Mail`; what is broken in it is in `warnings`.
///
/// # Errors
/// `too_large` above [`MAX_MESSAGE`]; `unsupported_media_type` for a container that is not read yet; `malformed` when
/// it has none of From, Date, Received, Message-ID and Subject.
pub fn parse(bytes: &[u8]) -> Result<Mail> {
    if bytes.len() > MAX_MESSAGE {
        return Err(Error::new(Code::TooLarge, format!("The message is larger than {} MiB; it was not read.", MAX_MESSAGE >> 20)));
    }
    match is_message(bytes) {
        Ok(()) => {}
        Err(Reason::NotAMessage) => {
            return Err(Error::new(
                Code::Malformed,
                "This is not an e-mail message: it has no From, Date, Received, Message-ID or Subject header at its start.",
            ));
        }
        Err(Reason::FormatUnsupported(format)) => {
            return Err(Error::new(Code::UnsupportedMedia, format!("This file is a container that is not read yet: {format}.")));
        }
    }
    let mut budget = body::Budget::new();
    crate::guarded(|| read(bytes, 0, &mut budget))
        .ok_or_else(|| Error::new(Code::Malformed, "The message could not be read; its original is unharmed."))
}

/// Reads a message at a depth of nesting, within what is left of the budget of parts.
pub(crate) fn read(bytes: &[u8], depth: usize, budget: &mut body::Budget) -> Mail {
    let lines = header::with_line_feeds(bytes);
    let block = header::scan(&lines);
    let mut warnings = block.warnings.clone();
    note_odd_bytes(bytes, &mut warnings);

    let mut mail = Mail { headers: headers(&block, &mut warnings), ..Mail::default() };
    envelope(&block, &mut mail, &mut warnings);
    mail.authenticity = authenticity::hints(&mail.headers);

    let content = body::read(&lines, &block, depth, budget, &mut warnings);
    mail.text = content.text;
    mail.html = content.html;
    mail.attachments = content.attachments;
    mail.nested = content.nested;
    mail.warnings = warnings;
    mail
}

fn headers(block: &header::Block<'_>, warnings: &mut Warnings) -> Vec<Header> {
    block.fields.iter().map(|f| Header { name: f.name.to_owned(), value: header::text(f.value, warnings) }).collect()
}

fn envelope(block: &header::Block<'_>, mail: &mut Mail, warnings: &mut Warnings) {
    // RFC 5322 §3.6: at most one of each.
    for name in ["from", "date", "message-id", "subject", "sender", "reply-to", "to", "cc", "in-reply-to", "references", "content-type"] {
        if block.all(name).count() > 1 {
            warnings.add("duplicate_header");
        }
    }
    let mut list = |name: &str| -> Vec<Mailbox> { block.all(name).flat_map(|f| header::mailboxes(f.value, warnings)).collect() };
    mail.from = list("from");
    mail.sender = list("sender").into_iter().next();
    mail.reply_to = list("reply-to");
    mail.to = list("to");
    mail.cc = list("cc");
    mail.bcc = list("bcc");
    if mail.from.is_empty() {
        warnings.add("no_from");
    }

    mail.message_id = block.first("message-id").and_then(|v| {
        header::ids(v, warnings).into_iter().next().or_else(|| Some(header::unfolded(v, warnings)).filter(|t| !t.is_empty()))
    });
    if mail.message_id.is_none() {
        warnings.add("no_message_id");
    }
    mail.in_reply_to = block.first("in-reply-to").map(|v| header::ids(v, warnings)).unwrap_or_default();
    mail.references = block.first("references").map(|v| header::ids(v, warnings)).unwrap_or_default();
    mail.native_ids = native_ids(block, warnings);
    mail.subject = block.first("subject").map(|v| header::text(v, warnings));
    mail.list_id = block.first("list-id").map(|v| header::text(v, warnings)).map(|t| match (t.rfind('<'), t.rfind('>')) {
        (Some(open), Some(close)) if open < close => t.get(open + 1..close).unwrap_or_default().trim().to_owned(),
        _ => t,
    });

    match block.first("date").map(|v| header::unfolded(v, warnings)) {
        None => warnings.add("no_date"),
        Some(text) => match parse_date(&text) {
            None => warnings.add("bad_date"),
            Some(moment) => {
                // E-mail is younger than 1970; a date after 2100 is a broken clock or a lie.
                if moment.at < Instant::EPOCH || moment.at.day().year() > 2100 {
                    warnings.add("implausible_date");
                }
                mail.claimed_at = Some(moment);
            }
        },
    }
    mail.received = block
        .all("received")
        .filter_map(|f| {
            let text = header::unfolded(f.value, warnings);
            // RFC 5321 §4.4: the time stands after the last semicolon.
            text.rsplit_once(';').and_then(|(_, time)| parse_date(time))
        })
        .collect();
}

/// Headers that give a message an identity of its own in some system.
const NATIVE: &[&str] = &[
    "resent-message-id",
    "x-gm-msgid",
    "x-gm-thrid",
    "x-uidl",
    "thread-index",
    "x-ms-exchange-organization-network-message-id",
    "x-universally-unique-identifier",
    "x-google-original-message-id",
    "original-message-id",
    "x-ms-journal-report",
];

fn native_ids(block: &header::Block<'_>, warnings: &mut Warnings) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in NATIVE {
        for field in block.all(name) {
            let value = header::unfolded(field.value, warnings);
            if !value.is_empty() {
                found.push(((*name).to_owned(), value.trim_matches(['<', '>']).to_owned()));
            }
        }
    }
    found
}

/// Bytes that RFC 5322 does not allow: NUL, CR without LF, LF without CR where other lines have both.
fn note_odd_bytes(bytes: &[u8], warnings: &mut Warnings) {
    let (mut crlf, mut lf, mut cr, mut previous) = (false, false, false, 0u8);
    for byte in bytes {
        match byte {
            0 => warnings.add("nul_bytes"),
            b'\n' if previous == b'\r' => crlf = true,
            b'\n' => lf = true,
            _ => cr |= previous == b'\r',
        }
        previous = *byte;
    }
    if lf && crlf {
        warnings.add("mixed_line_ends");
    }
    if cr || previous == b'\r' {
        warnings.add("bare_cr");
    }
}

#[cfg(test)]
mod tests;
