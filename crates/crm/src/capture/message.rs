//! One original, and the fields that a message record takes from it.

use std::collections::BTreeSet;

use catalogue::{Value, message};
use kernel::{Code, Instant, RecordId, UserId};
use parse::mail::{self, Attachment, Mail, Mailbox};

use super::Listed;
use crate::records::Fields;

/// The longest text kept as a field (characters); the original has all of it.
const MAX_TEXT: usize = 1_000_000;
/// The longest line (subject, participant).
const MAX_LINE: usize = 1_000;
/// How far from its capture a claimed date is believed (microseconds): seven days.
const BELIEVED: i64 = 7 * 24 * 3_600 * 1_000_000;

/// An original, read.
pub(super) struct Message {
    /// The original.
    pub bytes: Vec<u8>,
    /// Its SHA-256, hexadecimal.
    pub hash: String,
    mail: Mail,
}

/// What a run knows that decides on direction, assurance and dates.
pub(super) struct View<'a> {
    /// Own domains, lower case.
    pub own: &'a [String],
    /// When it is captured.
    pub now: Instant,
    /// Whether the caller vouches for the dates.
    pub origin_evidence: bool,
    /// The mailbox it came by, if it came by one.
    pub via: Option<&'a Via>,
}

/// The mailbox that messages come by.
#[derive(Clone, Debug, Default)]
pub struct Via {
    /// Its own addresses in normal form: what is from one of them goes out, whatever else is in it came in.
    pub addresses: Vec<String>,
    /// Whose its messages are.
    pub owner: Option<UserId>,
    /// Of which team.
    pub team: Option<[u8; 16]>,
    /// The case that they belong to, where that is known.
    pub case: Option<RecordId>,
}

/// A message as it is to be stored, its participants not yet resolved.
#[derive(Clone)]
pub(super) struct Read {
    /// The record's fields but for `participants`.
    pub fields: Fields,
    /// What it claims as its date.
    pub claimed: Option<Instant>,
    /// When it came into being, where the claim is believed.
    pub created: Option<Instant>,
    /// The participants' addresses in normal form, sender first.
    pub addresses: Vec<String>,
}

impl Message {
    /// Reads an original. The error is a stable word.
    pub fn read(bytes: Vec<u8>) -> Result<Self, &'static str> {
        let mail = mail::parse(&bytes).map_err(|error| match error.code() {
            Code::TooLarge => "too_large",
            Code::UnsupportedMedia => "format_unsupported",
            _ if mail::is_message(&bytes).is_err() => "not_a_message",
            _ => "malformed",
        })?;
        let hash = hex::encode(ledger::sha256(&bytes));
        Ok(Self { bytes, hash, mail })
    }

    /// Its attachments.
    pub fn attachments(&self) -> &[Attachment] {
        &self.mail.attachments
    }

    /// The fields and dates of its record.
    pub fn view(&self, view: &View) -> Read {
        let mail = &self.mail;
        let claimed = mail.claimed_at.map(|moment| moment.at);
        let believed = claimed.filter(|at| {
            let off = view.now.micros().saturating_sub(at.micros());
            off >= 0 && (off <= BELIEVED || view.origin_evidence)
        });
        let mut warnings: Vec<String> = mail.warnings.codes().iter().map(|code| (*code).to_owned()).collect();
        if claimed.is_some() && believed.is_none() {
            warnings.push("claimed_date_not_believed".to_owned());
        }
        let (text, cut) = bounded(&mail.text, MAX_TEXT);
        if cut {
            warnings.push("text_truncated".to_owned());
        }
        let mut fields = Fields::new();
        let mut put = |key: &str, value: Option<Value>| drop(value.map(|value| fields.insert(key.to_owned(), value)));
        put(message::SUBJECT, mail.subject.as_deref().and_then(line));
        put(message::CHANNEL, line("email"));
        put(message::DIRECTION, line(view.via.map_or_else(|| self.direction(view.own), |via| self.direction_in(via))));
        put(message::FROM, line(&mail.from.iter().map(shown).collect::<Vec<_>>().join(", ")));
        put(message::TO, lines(mail.to.iter().map(shown)));
        put(message::CC, lines(mail.cc.iter().chain(&mail.bcc).map(shown)));
        put(message::TEXT, (!text.trim().is_empty()).then_some(Value::Text(text)));
        put(message::CLAIMED_AT, claimed.map(Value::Time));
        put(message::RECEIVED_AT, mail.received.first().map(|moment| Value::Time(moment.at)));
        put(message::NATIVE_ID, mail.message_id.as_deref().and_then(line));
        put(message::THREAD, self.thread().and_then(line));
        put(message::SOURCE, line(if view.via.is_some() { "mailbox" } else { "file" }));
        put(message::ASSURANCE, line(self.assurance(view.own)));
        put(message::WARNINGS, lines(warnings.into_iter()));
        let headers: String = mail.headers.iter().map(|h| format!("{}: {}\n", h.name, h.value)).collect();
        put(message::HEADERS, Some(bounded(&headers, MAX_TEXT).0).filter(|t| !t.is_empty()).map(Value::Text));
        put(message::ORIGINAL, line(&self.hash));
        Read { fields, claimed, created: believed, addresses: self.addresses() }
    }

    /// The first message of its conversation, as far as it says.
    fn thread(&self) -> Option<&str> {
        let mail = &self.mail;
        mail.references.first().or_else(|| mail.in_reply_to.first()).or(mail.message_id.as_ref()).map(String::as_str)
    }

    fn direction(&self, own: &[String]) -> &'static str {
        let ours = |boxes: &[Mailbox]| {
            boxes.iter().filter_map(|m| m.address.as_deref()).any(|a| is_own(a.rsplit_once('@').map_or("", |p| p.1), own))
        };
        if ours(&self.mail.from) {
            "out"
        } else if ours(&self.mail.to) || ours(&self.mail.cc) || ours(&self.mail.bcc) {
            "in"
        } else {
            "unknown"
        }
    }

    fn direction_in(&self, via: &Via) -> &'static str {
        let mut from = self.mail.from.iter().filter_map(|m| vault::email(m.address.as_deref()?));
        if from.any(|address| via.addresses.contains(&address)) { "out" } else { "in" }
    }

    /// Only results that the own border wrote on top mean anything (RFC 8601 §5).
    fn assurance(&self, own: &[String]) -> &'static str {
        let passed = self.mail.authenticity.results.first().is_some_and(|results| {
            let (server, rest) = results.split_once(';').unwrap_or((results, ""));
            let server = server.split_whitespace().next().unwrap_or("");
            is_own(server, own)
                && rest.split(';').any(|r| ["dkim=pass", "spf=pass", "dmarc=pass"].iter().any(|p| r.trim_start().starts_with(p)))
        });
        if passed { "transport" } else { "low" }
    }

    fn addresses(&self) -> Vec<String> {
        let mail = &self.mail;
        let all = mail.from.iter().chain(&mail.sender).chain(&mail.reply_to).chain(&mail.to).chain(&mail.cc).chain(&mail.bcc);
        let mut seen = BTreeSet::new();
        all.filter_map(|m| vault::email(m.address.as_deref()?)).filter(|a| seen.insert(a.clone())).collect()
    }

    /// As `--list` prints it.
    pub fn listed(&self, read: &Read) -> Listed {
        let mail = &self.mail;
        let texts = |key: &str| read.fields.get(key).map(|v| v.each().iter().map(Value::display).collect()).unwrap_or_default();
        Listed {
            native_id: mail.message_id.clone(),
            from: read.fields.get(message::FROM).map(Value::display),
            to: texts(message::TO),
            claimed_at: read.claimed.map(|at| at.to_string()),
            subject: mail.subject.clone(),
            text_chars: mail.text.chars().count(),
            attachments: mail.attachments.len(),
            assurance: if read.fields.get(message::ASSURANCE).and_then(Value::as_text) == Some("transport") { "transport" } else { "low" },
            warnings: texts(message::WARNINGS),
        }
    }
}

fn is_own(domain: &str, own: &[String]) -> bool {
    let domain = domain.trim().to_ascii_lowercase();
    own.iter().any(|ours| domain == *ours || domain.strip_suffix(ours.as_str()).is_some_and(|rest| rest.ends_with('.')))
}

fn shown(mailbox: &Mailbox) -> String {
    match (&mailbox.name, &mailbox.address) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => String::new(),
    }
}

/// A text without NUL characters and at most `limit` characters long, and whether it was cut.
pub(crate) fn bounded(text: &str, limit: usize) -> (String, bool) {
    let end = text.char_indices().nth(limit).map(|(at, _)| at);
    (text[..end.unwrap_or(text.len())].replace('\0', "\u{fffd}"), end.is_some())
}

/// One line as a value; `None` when it is empty.
pub(super) fn line(text: &str) -> Option<Value> {
    let text = bounded(text.trim(), MAX_LINE).0;
    (!text.is_empty()).then_some(Value::Text(text))
}

fn lines(texts: impl Iterator<Item = String>) -> Option<Value> {
    let values: Vec<Value> = texts.filter_map(|text| line(&text)).collect();
    (!values.is_empty()).then_some(Value::List(values))
}
