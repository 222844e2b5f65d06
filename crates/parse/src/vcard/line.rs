//! Content lines: unfolding, parameters, encodings.

use crate::{charset, mail::decode};

/// One property.
pub(super) struct Property {
    /// `item1` in `item1.EMAIL`, in lower case.
    pub group: Option<String>,
    /// In upper case.
    pub name: String,
    /// (name in upper case, value); a bare `HOME` of vCard 2.1 is `TYPE=HOME`.
    pub params: Vec<(String, String)>,
    /// Transfer encoding undone, charset not yet read.
    pub value: Vec<u8>,
    pub base64: bool,
    /// False when its base64 was broken.
    pub clean: bool,
}

impl Property {
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value as text, escapes still in it.
    pub fn text(&self) -> charset::Decoded {
        charset::decode(self.param("CHARSET"), &self.value)
    }

    /// TYPE values in lower case, without the ones that only describe a mechanism.
    pub fn types(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for (name, value) in &self.params {
            let word = if name == "TYPE" {
                value.as_str()
            } else if name == "PREF" {
                "pref"
            } else {
                continue;
            };
            for word in word.split(',') {
                let word = word.trim().to_lowercase();
                if !word.is_empty() && word != "internet" && !out.contains(&word) {
                    out.push(word);
                }
            }
        }
        out
    }
}

/// The logical lines of a card: folded ones joined (RFC 6350 §3.2), soft line breaks of quoted-printable kept within.
pub(super) fn logical(raw: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut soft = false;
    let mut base64 = false;
    // Files of classic Mac OS end their lines with a bare CR.
    let mac = !raw.contains(&b'\n');
    for line in raw.split(|b| *b == b'\n' || (mac && *b == b'\r')) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let folded = line.starts_with(b" ") || line.starts_with(b"\t");
        match lines.last_mut() {
            Some(last) if soft => last.extend_from_slice(line),
            Some(last) if folded => last.extend_from_slice(line.get(1..).unwrap_or_default()),
            // Some writers of 2.1 do not indent the lines of a picture; they end with a blank line.
            Some(last) if base64 && !line.is_empty() && !line.contains(&b':') && !line.contains(&b';') => last.extend_from_slice(line),
            _ => {
                lines.push(line.to_vec());
                base64 = head(line).is_some_and(|h| says(h, b"ENCODING=B") || says(h, b";BASE64"));
            }
        }
        let quoted = lines.last().is_some_and(|l| head(l).is_some_and(|h| says(h, b"QUOTED-PRINTABLE")));
        soft = quoted && lines.last().is_some_and(|l| l.ends_with(b"="));
        if soft && let Some(last) = lines.last_mut() {
            last.extend_from_slice(b"\r\n");
        }
    }
    lines
}

fn head(line: &[u8]) -> Option<&[u8]> {
    line.get(..colon(line)?)
}

fn says(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len()).any(|w| w.eq_ignore_ascii_case(word))
}

/// The colon that ends the parameters; colons in quoted parameter values do not. Only the head of a line is looked at.
fn colon(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    let end = line.iter().take(4096).position(|b| {
        quoted ^= *b == b'"';
        *b == b':' && !quoted
    });
    // A quote that is never closed is no quote.
    end.or_else(|| line.iter().take(4096).position(|b| *b == b':'))
}

/// Reads one logical line; `None` when it is no property.
pub(super) fn property(line: &[u8]) -> Option<Property> {
    let at = colon(line)?;
    let head = charset::guess(line.get(..at)?);
    let value = line.get(at + 1..)?;
    let mut words = params(&head).into_iter();
    let full = words.next()?.trim().to_owned();
    let (group, name) = match full.rsplit_once('.') {
        Some((group, name)) => (Some(group.to_lowercase()), name),
        None => (None, full.as_str()),
    };
    if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') {
        return None;
    }
    let name = name.to_ascii_uppercase();
    let params: Vec<(String, String)> = words
        .take(100)
        .map(|word| match word.split_once('=') {
            Some((key, value)) => (key.trim().to_uppercase(), unquoted(value.trim())),
            None => bare(word.trim()),
        })
        .collect();
    let encoding = params.iter().find(|(n, _)| n == "ENCODING").map(|(_, v)| v.to_ascii_lowercase()).unwrap_or_default();
    let (base64, (value, clean)) = match encoding.as_str() {
        "b" | "base64" => (true, decode::base64(value)),
        "quoted-printable" => (false, decode::quoted_printable(value)),
        _ => (false, (value.to_vec(), true)),
    };
    Some(Property { group, name, params, value, base64, clean })
}

/// Splits at semicolons that stand in no quotes.
fn params(head: &str) -> Vec<String> {
    let balanced = head.matches('"').count().is_multiple_of(2);
    let mut out = vec![String::new()];
    let mut quoted = false;
    for c in head.chars() {
        quoted ^= c == '"' && balanced;
        if c == ';' && !quoted {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out
}

/// RFC 6868: `^n`, `^'`, `^^`.
fn unquoted(value: &str) -> String {
    value.replace('"', "").replace("^n", "\n").replace("^'", "\"").replace("^^", "^")
}

/// vCard 2.1 writes `HOME`, `QUOTED-PRINTABLE`, `BASE64` without saying of what.
fn bare(word: &str) -> (String, String) {
    let upper = word.to_uppercase();
    match upper.as_str() {
        "QUOTED-PRINTABLE" | "BASE64" | "8BIT" | "7BIT" => ("ENCODING".to_owned(), upper),
        "INLINE" | "URL" | "CONTENT-ID" | "CID" => ("VALUE".to_owned(), upper),
        _ => ("TYPE".to_owned(), word.to_owned()),
    }
}

/// Splits a value at an unescaped separator and resolves the escapes of its parts (`\,` `\;` `\n` `\\`).
pub(super) fn split(value: &str, separator: char) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c == separator {
            out.push(String::new());
            continue;
        }
        let Some(last) = out.last_mut() else { break };
        if c != '\\' {
            last.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => last.push('\n'),
            Some(escaped @ (',' | ';' | '\\' | ':')) => last.push(escaped),
            // A backslash before anything else is a backslash (Windows paths in 2.1).
            Some(other) => last.extend(['\\', other]),
            None => last.push('\\'),
        }
    }
    out
}

/// A value that is one text.
pub(super) fn text(value: &str) -> String {
    split(value, '\u{0}').concat().replace("\r\n", "\n").trim().to_owned()
}
