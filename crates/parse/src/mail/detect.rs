//! Is this file a message at all?

use super::header;

/// Why a file is not read as a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// It has none of From, Date, Received, Message-ID and Subject.
    NotAMessage,
    /// It may hold messages, in a format that is not read yet; the format's name.
    FormatUnsupported(&'static str),
}

impl Reason {
    /// The stable word for reports: `not_a_message` or `format_unsupported`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAMessage => "not_a_message",
            Self::FormatUnsupported(_) => "format_unsupported",
        }
    }
}

/// Magic numbers at the start of containers that may hold mail and are not read (MS-CFB, MS-PST, MS-OXTNEF, APPNOTE, …).
const CONTAINERS: &[(&[u8], &str)] = &[
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "Outlook message or other compound file"),
    (b"!BDN", "Outlook data file (PST, OST)"),
    (b"\x78\x9F\x3E\x22", "TNEF (winmail.dat)"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"PK\x05\x06", "ZIP archive"),
    (b"PK\x07\x08", "ZIP archive"),
    (b"\x1F\x8B", "gzip archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xFD7zXZ\x00", "xz archive"),
    (b"\x28\xB5\x2F\xFD", "zstd archive"),
    (b"7z\xBC\xAF\x27\x1C", "7-Zip archive"),
    (b"Rar!\x1A\x07", "RAR archive"),
    (b"\xCF\xAD\x12\xFE", "Outlook Express folder (DBX)"),
];

/// The container format these bytes start with, if it is one that may hold messages and is not read yet.
pub fn unsupported_format(bytes: &[u8]) -> Option<&'static str> {
    if bytes.get(257..262) == Some(b"ustar") {
        return Some("tar archive");
    }
    CONTAINERS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| *name)
}

/// Whether the bytes are one message: a header block at the start with From, Date, Received, Message-ID or Subject.
///
/// # Errors
/// [`Reason::FormatUnsupported`] for containers known by their magic number, [`Reason::NotAMessage`] for all else.
pub fn is_message(bytes: &[u8]) -> Result<(), Reason> {
    if let Some(format) = unsupported_format(bytes) {
        return Err(Reason::FormatUnsupported(format));
    }
    let bytes = header::with_line_feeds(bytes);
    let block = header::scan(&bytes);
    let known = block
        .fields
        .iter()
        .any(|f| ["from", "date", "received", "message-id", "subject"].iter().any(|name| f.name.eq_ignore_ascii_case(name)));
    if known { Ok(()) } else { Err(Reason::NotAMessage) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_the_five_makes_a_message() {
        assert_eq!(is_message(b"Subject: hi\r\n\r\nx"), Ok(()));
        assert_eq!(is_message(b"From a@b Mon Oct  7 12:06:28 2002\nReceived: x\n\n"), Ok(()));
        assert_eq!(is_message(b"\xEF\xBB\xBFdate: Mon, 7 Oct 2002 12:06:28 +0000"), Ok(()));
    }

    #[test]
    fn a_file_without_one_is_no_message() {
        for bytes in [&b""[..], b"hello", b"{\"From\": 1}", b"X-Note: 1\n\nSubject: in the body", b"some text\nSubject: too late\n\n"] {
            assert_eq!(is_message(bytes).map_err(Reason::as_str), Err("not_a_message"));
        }
    }

    #[test]
    fn formats_not_built_yet_are_named() {
        for bytes in [&b"PK\x03\x04zip"[..], b"!BDNpst", b"\x78\x9F\x3E\x22", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"] {
            assert_eq!(is_message(bytes).map_err(Reason::as_str), Err("format_unsupported"));
        }
    }
}
