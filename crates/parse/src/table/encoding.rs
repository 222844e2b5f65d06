//! How the text of a table is encoded: byte order mark, then evidence.

use encoding_rs::WINDOWS_1252;

/// The encoding of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8; a row that is not is read as Windows-1252 and warned about.
    Utf8,
    /// UTF-16, little end first.
    Utf16Le,
    /// UTF-16, big end first.
    Utf16Be,
    /// UTF-32, little end first.
    Utf32Le,
    /// UTF-32, big end first.
    Utf32Be,
    /// Windows-1252, which contains Latin-1.
    Windows1252,
}

impl Encoding {
    /// Its name as in a MIME charset label.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Utf32Le => "utf-32le",
            Self::Utf32Be => "utf-32be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// Bytes of a code unit.
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::Utf8 | Self::Windows1252 => 1,
            Self::Utf16Le | Self::Utf16Be => 2,
            Self::Utf32Le | Self::Utf32Be => 4,
        }
    }

    /// The code unit these bytes hold.
    pub(crate) fn unit(self, bytes: &[u8]) -> u32 {
        match (self, bytes) {
            (Self::Utf8 | Self::Windows1252, [a, ..]) => u32::from(*a),
            (Self::Utf16Le, [a, b, ..]) => u32::from(u16::from_le_bytes([*a, *b])),
            (Self::Utf16Be, [a, b, ..]) => u32::from(u16::from_be_bytes([*a, *b])),
            (Self::Utf32Le, [a, b, c, d, ..]) => u32::from_le_bytes([*a, *b, *c, *d]),
            (Self::Utf32Be, [a, b, c, d, ..]) => u32::from_be_bytes([*a, *b, *c, *d]),
            _ => 0xFFFD,
        }
    }

    /// The text of a row, and whether every byte of it had a meaning.
    pub(crate) fn text(self, bytes: &[u8]) -> (String, bool) {
        match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), true),
                Err(_) => (crate::charset::guess(bytes), false),
            },
            Self::Windows1252 => (WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(), true),
            Self::Utf16Le | Self::Utf16Be => {
                let units = bytes.chunks(2).map(|c| u16::try_from(self.unit(c)).unwrap_or(0xFFFD));
                let mut clean = bytes.len().is_multiple_of(2);
                let text = char::decode_utf16(units)
                    .map(|c| {
                        c.unwrap_or_else(|_| {
                            clean = false;
                            char::REPLACEMENT_CHARACTER
                        })
                    })
                    .collect();
                (text, clean)
            }
            Self::Utf32Le | Self::Utf32Be => {
                let mut clean = bytes.len().is_multiple_of(4);
                let text = bytes
                    .chunks(4)
                    .map(|c| {
                        char::from_u32(self.unit(c)).unwrap_or_else(|| {
                            clean = false;
                            char::REPLACEMENT_CHARACTER
                        })
                    })
                    .collect();
                (text, clean)
            }
        }
    }
}

/// The encoding of text that starts with `sample`, and the length of its byte order mark.
pub fn detect(sample: &[u8]) -> (Encoding, usize) {
    // UTF-32LE's mark starts with UTF-16LE's; some writers put UTF-16's mark, of either
    // order, before UTF-32.
    match sample {
        [0xFF, 0xFE, 0, 0, ..] => return (Encoding::Utf32Le, 4),
        [0, 0, 0xFE, 0xFF, ..] => return (Encoding::Utf32Be, 4),
        [0xFF, 0xFE, rest @ ..] => return (wide(rest).filter(|e| e.width() == 4).unwrap_or(Encoding::Utf16Le), 2),
        [0xFE, 0xFF, rest @ ..] => return (wide(rest).filter(|e| e.width() == 4).unwrap_or(Encoding::Utf16Be), 2),
        [0xEF, 0xBB, 0xBF, ..] => return (Encoding::Utf8, 3),
        _ => {}
    }
    if let Some(encoding) = wide(sample) {
        return (encoding, 0);
    }
    match std::str::from_utf8(sample) {
        Ok(_) => (Encoding::Utf8, 0),
        // The sample may end within a character.
        Err(e) if e.error_len().is_none() => (Encoding::Utf8, 0),
        // A few broken rows in a UTF-8 file are broken rows, not another encoding.
        Err(_) => {
            let mut good = 0usize;
            let mut bad = 0usize;
            for chunk in sample.utf8_chunks() {
                good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
                bad += usize::from(!chunk.invalid().is_empty());
            }
            (if good > bad * 8 { Encoding::Utf8 } else { Encoding::Windows1252 }, 0)
        }
    }
}

/// Without a mark, ASCII letters in wide encodings give away where the zero bytes stand.
fn wide(sample: &[u8]) -> Option<Encoding> {
    let head = sample.get(..sample.len().min(1024)).unwrap_or_default();
    let zeros = |step: usize, at: usize| {
        let all = head.iter().skip(at).step_by(step);
        let count = all.clone().count();
        count > 1 && all.filter(|b| **b == 0).count() * 10 > count * 7
    };
    if zeros(4, 1) && zeros(4, 2) && zeros(4, 3) != zeros(4, 0) {
        return Some(if zeros(4, 3) { Encoding::Utf32Le } else { Encoding::Utf32Be });
    }
    match (zeros(2, 0), zeros(2, 1)) {
        (false, true) => Some(Encoding::Utf16Le),
        (true, false) => Some(Encoding::Utf16Be),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, encoding: Encoding) -> Vec<u8> {
        match encoding {
            Encoding::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encoding::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Encoding::Utf32Le => text.chars().flat_map(|c| (c as u32).to_le_bytes()).collect(),
            Encoding::Utf32Be => text.chars().flat_map(|c| (c as u32).to_be_bytes()).collect(),
            _ => text.as_bytes().to_vec(),
        }
    }

    #[test]
    fn every_encoding_is_found_with_and_without_its_mark() {
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Utf32Le, Encoding::Utf32Be] {
            let plain = wide("name;city\nZoë;Köln\n", encoding);
            assert_eq!(detect(&plain), (encoding, 0));
            let mark = wide("\u{FEFF}", encoding);
            let marked = [mark.clone(), plain.clone()].concat();
            assert_eq!(detect(&marked), (encoding, mark.len()));
            assert_eq!(encoding.text(&plain), ("name;city\nZoë;Köln\n".to_owned(), true));
        }
        assert_eq!(detect(b"name;city\nZo\xEB;K\xF6ln\n"), (Encoding::Windows1252, 0));
        assert_eq!(Encoding::Windows1252.text(b"\x80 \xE9").0, "€ é");
    }
}
