//! Mailboxes in one file (RFC 4155 and its relatives), message by message, with memory for one message at a time.
//!
//! A message starts at a *separator*: a line `From - …` or `From <address> <date>` that stands at the start of the file,
//! or is followed by a header field. A body line that merely starts with "From " is no separator: it has no date, or no
//! header follows. Where a message announces a `Content-Length` (mboxcl, mboxcl2) and a separator or the end of the file
//! stands exactly there, that length decides instead.
//!
//! The message is given back as it was before it was put into the mailbox: without the separator, without the blank
//! line after it, and with one `>` taken from every line `>From `, `>>From `, … (mboxrd; right for mboxo as well, save
//! for a line that was `>From ` before mboxo stored it, which no reader can tell). Nothing is un-quoted in messages that
//! `Content-Length` delimited. Line ends stay as they are.

use std::io::BufRead;

use kernel::{Code, Error, Result};

use crate::mail::{MAX_MESSAGE, header};

/// Bytes asked of the reader at a time.
const CHUNK: usize = 64 << 10;
/// A separator longer than this is none.
const MAX_SEPARATOR: usize = 512;

/// One message of a mailbox.
#[derive(Clone, PartialEq, Eq)]
pub struct Item {
    /// 1-based place in the mailbox.
    pub number: u64,
    /// Where its separator starts in the file (bytes).
    pub offset: u64,
    /// Length in the file, separator and closing blank line included (bytes).
    pub length: u64,
    /// The message as it was before it was stored in the mailbox.
    pub bytes: Vec<u8>,
    /// How many quoted `>From ` lines were un-quoted.
    pub unquoted: u32,
}

crate::opaque!(Item);

/// Whether a file that starts with these bytes is a mailbox: a separator, then a header field.
pub fn looks_like_mbox(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start);
    let blank = start.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let Some(line) = header::line_at(start, blank) else { return false };
    is_separator(line) && header::line_at(start, blank + line.len()).is_some_and(is_field)
}

/// The messages of a mailbox; a message that is too large is an error, and the next one follows.
pub struct Messages<R> {
    reader: R,
    buffer: Vec<u8>,
    /// What of the buffer has been used up.
    used: usize,
    /// Where the buffer starts in the file.
    base: u64,
    ended: bool,
    number: u64,
    failed: bool,
    limit: usize,
}

impl<R: BufRead> Messages<R> {
    /// Reads a mailbox; messages above [`MAX_MESSAGE`] are errors.
    pub fn new(reader: R) -> Self {
        Self::with_limit(reader, MAX_MESSAGE)
    }

    /// Reads a mailbox; messages larger than `limit` bytes are errors.
    pub fn with_limit(reader: R, limit: usize) -> Self {
        Self { reader, buffer: Vec::new(), used: 0, base: 0, ended: false, number: 0, failed: false, limit }
    }

    /// Reads more; false at the end of the file.
    fn more(&mut self) -> std::io::Result<bool> {
        while !self.ended {
            let chunk = match self.reader.fill_buf() {
                Ok(chunk) => chunk,
                Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            let take = chunk.len().min(CHUNK);
            self.ended = take == 0;
            self.buffer.extend_from_slice(chunk.get(..take).unwrap_or_default());
            self.reader.consume(take);
            if take > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The end of the line that starts at `at`, in the buffer; reads as far as needed. `None` at the end of the file.
    fn line_end(&mut self, at: usize) -> std::io::Result<Option<usize>> {
        let mut seen = at;
        loop {
            if let Some(found) = self.buffer.get(seen..).and_then(|b| b.iter().position(|b| *b == b'\n')) {
                return Ok(Some(seen + found + 1));
            }
            seen = self.buffer.len();
            // A line longer than a message may be is cut here; it is part of something that is refused anyway.
            if seen.saturating_sub(at) > self.limit || !self.more()? {
                return Ok((seen > at).then_some(seen));
            }
        }
    }

    /// Whether a separator with a header field behind it stands at `at`; gives the end of the separator.
    fn separator_at(&mut self, at: usize) -> std::io::Result<Option<usize>> {
        let Some(end) = self.line_end(at)? else { return Ok(None) };
        if !is_separator(self.buffer.get(at..end).unwrap_or_default()) {
            return Ok(None);
        }
        let Some(next) = self.line_end(end)? else { return Ok(None) };
        Ok(is_field(self.buffer.get(end..next).unwrap_or_default()).then_some(end))
    }

    fn read(&mut self) -> std::io::Result<Option<Result<Item>>> {
        self.base += self.used as u64;
        self.buffer.drain(..self.used);
        self.used = 0;
        let mut start = 0;
        if self.number == 0 {
            start = self.preamble()?;
        }
        let Some(first) = self.line_end(start)? else { return Ok(None) };
        self.number += 1;
        let head = if is_separator(self.buffer.get(start..first).unwrap_or_default()) { first } else { start };

        if let Some(end) = self.announced_end(head)? {
            let bytes = without_closing_blank(self.buffer.get(head..end).unwrap_or_default()).to_vec();
            let after = self.skip_blank(end)?;
            return Ok(Some(Ok(self.item(start, after, bytes, 0))));
        }

        let mut at = head;
        let mut too_large = false;
        while let Some(end) = self.line_end(at)? {
            if at > head && self.separator_at(at)?.is_some() {
                break;
            }
            at = end;
            if at - head > self.limit {
                // Forget what was read; only the place of the next separator matters now.
                too_large = true;
                self.base += (at - head) as u64;
                self.buffer.drain(head..at);
                at = head;
                if self.separator_at(at)?.is_some() {
                    break;
                }
            }
        }
        self.used = at;
        if too_large {
            let words = format!("Message {} of the mailbox is larger than {} bytes; it was not read.", self.number, self.limit);
            return Ok(Some(Err(Error::new(Code::TooLarge, words))));
        }
        let (bytes, unquoted) = unquote(without_closing_blank(self.buffer.get(head..at).unwrap_or_default()));
        Ok(Some(Ok(self.item(start, at, bytes, unquoted))))
    }

    fn item(&mut self, start: usize, end: usize, bytes: Vec<u8>, unquoted: u32) -> Item {
        self.used = end;
        Item { number: self.number, offset: self.base + start as u64, length: (end - start) as u64, bytes, unquoted }
    }

    /// Skips a byte order mark and blank lines before the first separator.
    fn preamble(&mut self) -> std::io::Result<usize> {
        self.line_end(0)?;
        let mark = if self.buffer.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        self.skip_blank(mark)
    }

    fn skip_blank(&mut self, mut at: usize) -> std::io::Result<usize> {
        while let Some(end) = self.line_end(at)? {
            if !self.buffer.get(at..end).unwrap_or_default().trim_ascii().is_empty() {
                break;
            }
            at = end;
        }
        Ok(at)
    }

    /// Where the message ends by its Content-Length, if a separator or the end of the file confirms it.
    fn announced_end(&mut self, head: usize) -> std::io::Result<Option<usize>> {
        let mut at = head;
        let mut length: Option<usize> = None;
        loop {
            let Some(end) = self.line_end(at)? else { return Ok(None) };
            let line = self.buffer.get(at..end).unwrap_or_default();
            at = end;
            if line.trim_ascii().is_empty() {
                break;
            }
            if at - head > header::MAX_BLOCK {
                return Ok(None);
            }
            if let Some((name, value)) = line.split_at_checked(15)
                && name.eq_ignore_ascii_case(b"content-length:")
            {
                length = std::str::from_utf8(value).ok().and_then(|v| v.trim().parse().ok());
            }
        }
        let Some(end) = length.filter(|l| *l <= self.limit).and_then(|l| at.checked_add(l)) else { return Ok(None) };
        while self.buffer.len() < end {
            if !self.more()? {
                return Ok(None);
            }
        }
        // The length must end at a line end, or the next separator is a line of this body.
        if end > at && self.buffer.get(end - 1) != Some(&b'\n') {
            let Some(rest) = self.line_end(end)? else { return Ok(Some(end)) };
            if !self.buffer.get(end..rest).unwrap_or_default().trim_ascii().is_empty() {
                return Ok(None);
            }
        }
        let next = self.skip_blank(end)?;
        let confirmed = self.line_end(next)?.is_none() || self.separator_at(next)?.is_some();
        Ok(confirmed.then_some(end))
    }
}

impl<R: BufRead> Iterator for Messages<R> {
    type Item = Result<Item>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        match self.read() {
            Ok(item) => item,
            Err(cause) => {
                self.failed = true;
                Some(Err(Error::new(Code::Unavailable, "The mailbox could not be read to its end. Try again.").because(cause)))
            }
        }
    }
}

/// `From - …`, or `From <address> … hh:mm … yyyy …`.
fn is_separator(line: &[u8]) -> bool {
    if line.len() > MAX_SEPARATOR {
        return false;
    }
    let Some(rest) = line.strip_prefix(b"From ").and_then(|r| std::str::from_utf8(r).ok()).map(str::trim) else { return false };
    if rest == "-" || rest.starts_with("- ") {
        return true;
    }
    let clock = |w: &str| w.len() >= 4 && w.contains(':') && w.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let year = |w: &str| w.len() == 4 && (w.starts_with("19") || w.starts_with("20")) && w.bytes().all(|b| b.is_ascii_digit());
    rest.split_whitespace().any(clock) && rest.split_whitespace().any(year)
}

/// A header field, or the quoted separator that some mailers put before one.
fn is_field(line: &[u8]) -> bool {
    if line.starts_with(b">From ") {
        return true;
    }
    let Some(colon) = line.iter().take(128).position(|b| *b == b':') else { return false };
    colon > 0 && line.iter().take(colon).all(|b| (33..=126).contains(b))
}

/// The blank line that a mailbox puts after a message is not part of it.
fn without_closing_blank(bytes: &[u8]) -> &[u8] {
    for blank in [&b"\n\r\n"[..], b"\n\n"] {
        if bytes.ends_with(blank) {
            return bytes.get(..bytes.len() - blank.len() + 1).unwrap_or(bytes);
        }
    }
    bytes
}

fn unquote(bytes: &[u8]) -> (Vec<u8>, u32) {
    let mut out = Vec::with_capacity(bytes.len());
    let mut count = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let quotes = line.iter().take_while(|b| **b == b'>').count();
        // The first line may be a quoted separator of an earlier mailbox; as a header line it stays what it was.
        if quotes > 0 && !out.is_empty() && line.get(quotes..).is_some_and(|l| l.starts_with(b"From ")) {
            out.extend_from_slice(line.get(1..).unwrap_or_default());
            count += 1;
        } else {
            out.extend_from_slice(line);
        }
    }
    (out, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<Item> {
        Messages::new(bytes).map(|m| m.unwrap()).collect()
    }

    #[test]
    fn messages_come_out_as_they_went_in() {
        let mbox = b"From a@b.c Mon Oct  7 12:06:28 2002\nSubject: 1\n\n>From here\n>>From there\nFrom Russia with love\n\nFrom - \nSubject: 2\n\nx\n";
        let items = read(mbox);
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].bytes, b"Subject: 1\n\nFrom here\n>From there\nFrom Russia with love\n");
        assert_eq!((items[0].unquoted, items[0].offset), (2, 0));
        assert_eq!(items[1].bytes, b"Subject: 2\n\nx\n");
        assert_eq!(items[1].offset + items[1].length, mbox.len() as u64);
    }

    #[test]
    fn content_length_protects_a_body_that_looks_like_a_mailbox() {
        let body = "From - \nSubject: inside\n\n>From kept\n";
        let mbox = format!("From - \r\nSubject: 1\r\nContent-Length: {}\r\n\r\n{body}\nFrom - \nSubject: 2\n\n", body.len());
        let items = read(mbox.as_bytes());
        assert_eq!(items.len(), 2);
        assert!(items[0].bytes.ends_with(b">From kept\n"));
        // A length that nothing confirms is not believed.
        let lie = "From - \nSubject: 1\nContent-Length: 3\n\nabcdef\n\nFrom - \nSubject: 2\n\n";
        assert_eq!(read(lie.as_bytes())[0].bytes, b"Subject: 1\nContent-Length: 3\n\nabcdef\n");
    }

    #[test]
    fn crlf_mailboxes_keep_their_line_ends() {
        let items =
            read(b"From x@y Tue Mar 04 03:33:20 2003\r\nTo: a\r\n\r\nhi\r\n\r\nFrom x@y Tue Mar 04 03:33:20 2003\r\nTo: b\r\n\r\nho\r\n");
        assert_eq!(items[0].bytes, b"To: a\r\n\r\nhi\r\n");
        assert_eq!(items[1].bytes, b"To: b\r\n\r\nho\r\n");
    }

    #[test]
    fn a_message_that_is_too_large_is_refused_and_the_next_one_is_read() {
        let mbox = format!("From - \nSubject: 1\n\n{}\nFrom - \nSubject: 2\n\nsmall\n", "long line\n".repeat(500));
        let all: Vec<_> = Messages::with_limit(mbox.as_bytes(), 1000).collect();
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].as_ref().unwrap_err().code(), Code::TooLarge);
        let second = all[1].as_ref().unwrap();
        assert_eq!(second.bytes, b"Subject: 2\n\nsmall\n");
        assert_eq!(second.offset + second.length, mbox.len() as u64);
    }

    #[test]
    fn only_mailboxes_look_like_one() {
        assert!(looks_like_mbox(b"From - \nSubject: x\n"));
        assert!(looks_like_mbox(b"\xEF\xBB\xBFFrom a@b Mon Oct  7 12:06:28 2002\r\nReturn-Path: <a@b>\r\n"));
        assert!(!looks_like_mbox(b"From: a@b\nSubject: x\n"));
        assert!(!looks_like_mbox(b"From Russia with love\nSubject: x\n"));
        assert!(!looks_like_mbox(b""));
    }
}
