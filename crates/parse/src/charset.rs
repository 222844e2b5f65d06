//! Bytes to text, by label when there is one, by evidence when there is none.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

/// Text read from bytes, and whether the label was known and every byte had a meaning.
pub struct Decoded {
    /// The text; U+FFFD stands where a byte had no meaning.
    pub text: String,
    /// False when the label was unknown or a byte sequence had no meaning in it.
    pub clean: bool,
}

/// Reads bytes under a MIME charset label (`utf-8`, `iso-8859-2`, `utf-7`); without a label, or with one nobody
/// knows, as UTF-8 if it is that and as Windows-1252 otherwise.
pub fn decode(label: Option<&str>, bytes: &[u8]) -> Decoded {
    let label = label.map(|l| l.trim().trim_matches(['"', '\'']));
    match label.filter(|l| !l.is_empty()) {
        None => Decoded { clean: std::str::from_utf8(bytes).is_ok(), text: guess(bytes) },
        // US-ASCII is a label of Windows-1252 by the WHATWG standard; unlabelled UTF-8 under it is far more common.
        Some(l) if l.eq_ignore_ascii_case("us-ascii") || l.eq_ignore_ascii_case("ascii") => {
            Decoded { clean: bytes.is_ascii(), text: guess(bytes) }
        }
        Some(l) if l.to_ascii_lowercase().ends_with("utf-7") => match charset_decoder(b"utf-7") {
            Some(decoder) => Decoded { text: crate::guarded(|| decoder(bytes)).unwrap_or_else(|| guess(bytes)), clean: true },
            None => Decoded { text: guess(bytes), clean: false },
        },
        Some(l) => match Encoding::for_label_no_replacement(l.as_bytes()) {
            Some(encoding) => {
                let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
                Decoded { text: text.into_owned(), clean: !had_errors }
            }
            None => Decoded { text: guess(bytes), clean: false },
        },
    }
}

/// UTF-8 when it is valid UTF-8, Windows-1252 otherwise (which gives every byte a meaning).
pub fn guess(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)) {
        Ok(text) => text.to_owned(),
        Err(_) if mostly_utf8(bytes) => UTF_8.decode_without_bom_handling(bytes).0.into_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// One broken sequence in a long UTF-8 text must not turn all its letters into mojibake: at most one bad byte in 64
/// multi-byte ones still counts as UTF-8.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad.saturating_mul(64)
}

/// The longest prefix of at most `max` bytes that ends between characters.
pub(crate) fn prefix(text: &str, max: usize) -> &str {
    text.get(..text.floor_char_boundary(max)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_decides_and_evidence_decides_without_one() {
        assert_eq!(decode(Some("ISO-8859-2"), b"\xB3").text, "ł");
        assert_eq!(decode(Some("utf-7"), b"A+AOk-").text, "Aé");
        assert_eq!(decode(None, "é".as_bytes()).text, "é");
        assert_eq!(decode(None, b"caf\xE9").text, "café");
        assert!(!decode(Some("x-nobody-knows"), b"abc").clean);
        assert_eq!(decode(Some("us-ascii"), "ü".as_bytes()).text, "ü");
    }

    #[test]
    fn one_broken_byte_does_not_spoil_a_long_utf8_text() {
        let mut bytes = "é".repeat(200).into_bytes();
        bytes.push(0xFF);
        assert!(guess(&bytes).starts_with("éé"));
    }

    #[test]
    fn a_prefix_never_splits_a_character() {
        assert_eq!(prefix("aé", 2), "a");
        assert_eq!(prefix("aé", 3), "aé");
    }
}
