//! A letter, and the message (RFC 5322, MIME) that is made of it: the same bytes whenever it is made.

use kernel::{Error, RecordId, Result};
use mail_builder::{
    MessageBuilder,
    headers::{
        address::{Address, EmailAddress},
        content_type::ContentType,
        date::Date,
        message_id::MessageId,
        raw::Raw,
    },
    mime::MimePart,
};
use serde::{Deserialize, Serialize};

use super::{AccountId, Settings};

/// The most recipients of a letter.
pub(super) const RECIPIENTS_MAX: usize = 100;
/// The most files of a letter, and their size together (bytes).
pub(super) const FILES_MAX: usize = 20;
pub(super) const FILES_BYTES: usize = 20 << 20;
const SUBJECT_MAX: usize = 500;
const TEXT_MAX: usize = 200_000;

/// A letter as somebody writes it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// From which account.
    pub account: Option<AccountId>,
    /// Recipients, as `name@example.org` or `Name <name@example.org>`.
    pub to: Vec<String>,
    /// Recipients who get a copy.
    pub cc: Vec<String>,
    /// Recipients whom the others do not see.
    pub bcc: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
    /// Records of files that go with it.
    pub files: Vec<RecordId>,
    /// The message that it answers.
    pub reply_to: Option<RecordId>,
    /// The case that it belongs to; where none is named, that of the message it answers.
    pub case: Option<RecordId>,
}

/// A name and an address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// The name, perhaps empty.
    pub name: String,
    /// The address in its one form.
    pub address: String,
}

impl Mailbox {
    /// From `name@example.org` or `Name <name@example.org>`; `None` when it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"').trim(), address),
            None => ("", text),
        };
        let address = vault::email(address)?;
        // What would end a line or an address of the envelope early.
        let odd = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | ';' | '(' | ')' | '\\');
        let fits = !address.contains(odd) && !name.contains(char::is_control) && name.chars().count() <= 200;
        fits.then(|| Self { name: name.to_owned(), address })
    }

    /// As it is written.
    pub fn shown(&self) -> String {
        if self.name.is_empty() { self.address.clone() } else { format!("{} <{}>", self.name, self.address) }
    }

    fn header(&self) -> Address<'_> {
        let name = Some(self.name.as_str()).filter(|name| !name.is_empty());
        Address::Address(EmailAddress { name: name.map(Into::into), email: self.address.as_str().into() })
    }
}

/// A letter as it waits, sealed.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub to: Vec<Mailbox>,
    pub cc: Vec<Mailbox>,
    pub bcc: Vec<Mailbox>,
    pub subject: String,
    pub text: String,
    pub files: Vec<RecordId>,
    pub message_id: String,
    /// The messages before it in the conversation, oldest first.
    pub references: Vec<String>,
    /// Seconds since 1970.
    pub date: i64,
    /// What the server said of it.
    pub said: String,
    /// The address to which somebody writes who wants no more letters like this.
    #[serde(default)]
    pub unsubscribe: Option<String>,
    /// Where one click does the same (RFC 8058), where the house is reached from outside.
    #[serde(default)]
    pub one_click: Option<String>,
    /// The case that the message will belong to.
    #[serde(default)]
    pub case: Option<RecordId>,
}

impl Waiting {
    /// Everybody it goes to, each once.
    pub fn recipients(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for one in self.to.iter().chain(&self.cc).chain(&self.bcc) {
            if !all.contains(&one.address) {
                all.push(one.address.clone());
            }
        }
        all
    }
}

/// A file that goes with a letter.
#[derive(Clone)]
pub(super) struct Enclosed {
    pub name: String,
    pub content_type: String,
    pub bytes: Vec<u8>,
}

/// What a draft says, each part in its form. Error: invalid_input naming each part.
pub(super) fn parts(draft: &Draft) -> Result<[Vec<Mailbox>; 3]> {
    let read = |texts: &[String], pointer: &'static str| -> Result<Vec<Mailbox>> {
        let texts = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
        let words = "Write each recipient as name@example.org or Name <name@example.org>.";
        texts.map(|text| Mailbox::parse(text).ok_or_else(|| Error::invalid(pointer, "not_an_email", words))).collect()
    };
    let all = [read(&draft.to, "/to")?, read(&draft.cc, "/cc")?, read(&draft.bcc, "/bcc")?];
    let count: usize = all.iter().map(Vec::len).sum();
    if count == 0 {
        return Err(Error::invalid("/to", "required", "Name at least one recipient."));
    }
    if count > RECIPIENTS_MAX {
        return Err(Error::invalid("/to", "too_many", format!("A letter goes to at most {RECIPIENTS_MAX} recipients.")));
    }
    if draft.subject.chars().count() > SUBJECT_MAX || draft.subject.contains(char::is_control) {
        return Err(Error::invalid("/subject", "too_long", format!("A subject has at most {SUBJECT_MAX} characters on one line.")));
    }
    if draft.text.trim().is_empty() {
        return Err(Error::invalid("/text", "required", "Write a text."));
    }
    if draft.text.chars().count() > TEXT_MAX || draft.text.contains('\0') {
        return Err(Error::invalid("/text", "too_long", format!("A text has at most {TEXT_MAX} characters.")));
    }
    if draft.files.len() > FILES_MAX {
        return Err(Error::invalid("/files", "too_many", format!("At most {FILES_MAX} files go with a letter.")));
    }
    Ok(all)
}

/// The message, byte for byte the same each time. The copy that is kept and filed names hidden recipients, the one that is sent does not.
pub(super) fn message(letter: &Waiting, from: &Settings, files: &[Enclosed], copy: bool) -> Result<Vec<u8>> {
    let sender = Mailbox { name: from.name.clone(), address: from.address.clone() };
    let mut message = MessageBuilder::new()
        .from(sender.header())
        .date(Date::new(letter.date))
        .message_id(MessageId::new(letter.message_id.as_str()))
        .subject(letter.subject.as_str());
    if let Some(address) = &letter.unsubscribe {
        // RFC 2369 §3.2; RFC 8058 §3.1 wants the address of the one click beside it, and this word with it.
        let mailto = format!("<mailto:{address}?subject=unsubscribe>");
        message = match &letter.one_click {
            Some(link) => message
                .header("List-Unsubscribe", Raw::new(format!("<{link}>, {mailto}")))
                .header("List-Unsubscribe-Post", Raw::new("List-Unsubscribe=One-Click")),
            None => message.header("List-Unsubscribe", Raw::new(mailto)),
        };
    }
    if !letter.to.is_empty() {
        message = message.to(list(&letter.to));
    }
    if !letter.cc.is_empty() {
        message = message.cc(list(&letter.cc));
    }
    if copy && !letter.bcc.is_empty() {
        message = message.bcc(list(&letter.bcc));
    }
    if let Some(last) = letter.references.last() {
        message = message.in_reply_to(MessageId::new(last.as_str()));
        message = message.references(MessageId::new_list(letter.references.iter().map(String::as_str)));
    }
    // Boundaries come from the letter's own id: its message is the same after a crash.
    let boundary = |n: u8| format!("=_{n}_{}", letter.message_id.split('@').next().unwrap_or_default());
    let text = letter.text.replace("\r\n", "\n");
    let both = MimePart::new(
        ContentType::new("multipart/alternative").attribute("boundary", boundary(1)),
        vec![MimePart::new("text/plain", text.clone()), MimePart::new("text/html", html(&text))],
    );
    let body = if files.is_empty() {
        both
    } else {
        let enclosed =
            files.iter().map(|file| MimePart::new(file.content_type.as_str(), file.bytes.as_slice()).attachment(file.name.as_str()));
        let all = std::iter::once(both).chain(enclosed).collect::<Vec<_>>();
        MimePart::new(ContentType::new("multipart/mixed").attribute("boundary", boundary(2)), all)
    };
    message.body(body).write_to_vec().map_err(Error::internal)
}

fn list(all: &[Mailbox]) -> Address<'_> {
    Address::new_list(all.iter().map(Mailbox::header).collect())
}

/// The text as HTML: paragraphs and line breaks, nothing else.
fn html(text: &str) -> String {
    let safe = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let paragraphs: Vec<String> =
        safe.trim_end().split("\n\n").map(|part| format!("<p>{}</p>", part.trim_matches('\n').replace('\n', "<br>\n"))).collect();
    format!("<!doctype html>\n<html><body>\n{}\n</body></html>\n", paragraphs.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_carry_a_second_one_or_a_header() {
        for bad in
            ["a@b.example>\r\nBcc: <c@d.example", "a@b.example, c@d.example", "<>", "nobody", "a b@c.example", "A\r\nX: y <a@b.example>"]
        {
            assert!(Mailbox::parse(bad).is_none(), "{bad:?}");
        }
        let ada = Mailbox::parse("\"Ada L.\" <Ada@Example.org>").unwrap();
        assert_eq!((ada.name.as_str(), ada.shown().as_str()), ("Ada L.", "Ada L. <ada@example.org>"));
    }

    #[test]
    fn markup_in_a_text_stays_text() {
        assert!(html("a <b>\n\nc & d").contains("<p>a &lt;b&gt;</p>\n<p>c &amp; d</p>"));
    }
}
