//! Contacts in vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), card by card.
//!
//! Lines are unfolded and decoded as bytes first, as vCard 2.1 names a charset per property. A broken card is an error
//! of that card only.

mod contact;
mod line;

use std::io::BufRead;

use kernel::{Code, Error, Result};

/// A card larger than this is refused (bytes); photographs are part of it.
pub const MAX_CARD: usize = 16 << 20;
/// Properties of a card after this many are not read.
pub const MAX_PROPERTIES: usize = 5_000;

/// A value with what it is for: `work`, `home`, `cell`, `fax`, `pref`, in lower case and in the order written.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Typed {
    /// The value as written.
    pub value: String,
    /// TYPE parameters, and a label given by an Apple group (`item1.X-ABLabel`).
    pub types: Vec<String>,
}

/// A postal address (RFC 6350 §6.3.1).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Post office box.
    pub po_box: String,
    /// Apartment, floor, building.
    pub extended: String,
    /// Street and number.
    pub street: String,
    /// City.
    pub locality: String,
    /// State or province.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// Country, as a name.
    pub country: String,
    /// TYPE parameters.
    pub types: Vec<String>,
}

/// The parts of a name (RFC 6350 §6.2.2).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// Family names.
    pub family: String,
    /// Given names.
    pub given: String,
    /// Additional names.
    pub additional: String,
    /// Honorific prefixes.
    pub prefix: String,
    /// Honorific suffixes.
    pub suffix: String,
}

/// One contact.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// `2.1`, `3.0`, `4.0`, or empty when the card names none.
    pub version: String,
    /// N.
    pub name: Name,
    /// FN; made of the parts of the name when the card has none.
    pub formatted_name: String,
    /// NICKNAME.
    pub nicknames: Vec<String>,
    /// ORG, first component.
    pub organization: String,
    /// ORG, the components after the first.
    pub units: Vec<String>,
    /// TITLE (or ROLE when there is no TITLE).
    pub title: String,
    /// EMAIL.
    pub emails: Vec<Typed>,
    /// TEL.
    pub phones: Vec<Typed>,
    /// ADR.
    pub addresses: Vec<Address>,
    /// URL.
    pub urls: Vec<Typed>,
    /// BDAY as written.
    pub birthday: Option<String>,
    /// NOTE, several joined by an empty line.
    pub note: String,
    /// UID.
    pub uid: Option<String>,
    /// CATEGORIES.
    pub categories: Vec<String>,
    /// PHOTO, when its bytes are in the card: media type and bytes.
    pub photo: Option<(String, Vec<u8>)>,
    /// All other properties: name in upper case, value decoded.
    pub other: Vec<(String, String)>,
    /// The card's own bytes.
    pub raw: Vec<u8>,
    /// Stable words: `bad_charset`, `no_version`, `no_name`, `bad_base64`, `malformed_line`, `too_many_properties`, `agent_kept_as_text`, `not_closed`.
    pub warnings: Vec<&'static str>,
}

crate::opaque!(Typed, Address, Name, Contact);

/// Whether a file that starts with these bytes holds vCards.
pub fn looks_like_vcard(start: &[u8]) -> bool {
    let head = start.get(..start.len().min(4096)).unwrap_or_default();
    let narrow: Vec<u8> = if head.contains(&0) { head.iter().copied().filter(|b| *b != 0).collect() } else { head.to_vec() };
    let text = narrow.trim_ascii_start();
    let text = text
        .strip_prefix(b"\xEF\xBB\xBF")
        .or_else(|| text.strip_prefix(b"\xFF\xFE"))
        .or_else(|| text.strip_prefix(b"\xFE\xFF"))
        .unwrap_or(text);
    text.trim_ascii_start().get(..11).is_some_and(|b| b.eq_ignore_ascii_case(b"BEGIN:VCARD"))
}

/// The cards of a file.
pub struct Cards<R> {
    reader: R,
    number: u64,
    failed: bool,
    /// A `BEGIN:VCARD` met before the card before it was closed.
    pending: Option<Vec<u8>>,
    /// Set at the start for UTF-16, which is turned into UTF-8 line by line.
    wide: Option<bool>,
}

impl<R: BufRead> Cards<R> {
    /// Reads cards; what stands between them is left out.
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0, failed: false, pending: None, wide: None }
    }

    /// One line with its end, at most `MAX_CARD` bytes of it; empty at the end of the file.
    fn line(&mut self) -> std::io::Result<Vec<u8>> {
        if self.wide.is_none() {
            let start = self.reader.fill_buf()?;
            self.wide = Some(start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF"));
            if self.wide == Some(true) {
                return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "UTF-16"));
            }
        }
        let mut out = Vec::new();
        loop {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            if chunk.is_empty() {
                return Ok(out);
            }
            let end = chunk.iter().position(|b| *b == b'\n').map(|p| p + 1);
            let take = end.unwrap_or(chunk.len());
            if out.len() <= MAX_CARD {
                out.extend_from_slice(chunk.get(..take).unwrap_or_default());
            }
            self.reader.consume(take);
            if end.is_some() {
                return Ok(out);
            }
        }
    }

    /// The bytes of the next card and whether it was closed.
    fn card(&mut self) -> std::io::Result<Option<(Vec<u8>, bool)>> {
        let mut raw = match self.pending.take() {
            Some(first) => first,
            None => loop {
                let line = self.line()?;
                if line.is_empty() {
                    return Ok(None);
                }
                if marks(&line, b"BEGIN:VCARD") {
                    break line;
                }
            },
        };
        // An embedded AGENT card (2.1) opens another one within.
        let mut open = 1;
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(Some((raw, false)));
            }
            if marks(&line, b"BEGIN:VCARD") {
                let agent = raw
                    .trim_ascii_end()
                    .rsplit(|b| *b == b'\n')
                    .next()
                    .is_some_and(|l| l.get(..5).is_some_and(|a| a.eq_ignore_ascii_case(b"AGENT")));
                if open == 1 && !agent {
                    self.pending = Some(line);
                    return Ok(Some((raw, false)));
                }
                open += 1;
            }
            let ends = marks(&line, b"END:VCARD");
            if raw.len() <= MAX_CARD {
                raw.extend_from_slice(&line);
            }
            if ends {
                open -= 1;
                if open == 0 {
                    return Ok(Some((raw, true)));
                }
            }
        }
    }
}

impl<R: BufRead> Iterator for Cards<R> {
    type Item = Result<Contact>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        match self.card() {
            Ok(None) => None,
            Ok(Some((raw, closed))) => {
                self.number += 1;
                if raw.len() > MAX_CARD {
                    let words = format!("Card {} is larger than {} MiB; it was not read.", self.number, MAX_CARD >> 20);
                    return Some(Err(Error::new(Code::TooLarge, words)));
                }
                Some(contact::read(raw, closed).ok_or_else(|| {
                    Error::new(
                        Code::Malformed,
                        format!("Card {} has no readable property such as a name, an e-mail address or a telephone number.", self.number),
                    )
                }))
            }
            Err(cause) => {
                self.failed = true;
                if self.wide == Some(true) {
                    return Some(Err(Error::new(
                        Code::UnsupportedMedia,
                        "The vCard file is written in UTF-16. Save it as UTF-8 and try again.",
                    )));
                }
                Some(Err(Error::new(Code::Unavailable, "The vCard file could not be read to its end. Try again.").because(cause)))
            }
        }
    }
}

fn marks(line: &[u8], mark: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line).trim_ascii();
    // A blank may stand around the colon in cards of old telephones.
    line.len() <= mark.len() + 4 && line.iter().filter(|b| **b != b' ').map(u8::to_ascii_uppercase).eq(mark.iter().copied())
}

#[cfg(test)]
mod tests;
