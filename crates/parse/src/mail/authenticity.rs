//! What the headers claim about authenticity. Nothing is verified here; verification is another crate's work.

use super::Header;

/// A DKIM-Signature as announced (RFC 6376 §3.5).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// `d=`, the signing domain.
    pub domain: String,
    /// `s=`, the selector.
    pub selector: String,
}

/// Hints on authenticity, as found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Authenticity {
    /// Authentication-Results (RFC 8601), unfolded, topmost first. Only those of the own border mean anything.
    pub results: Vec<String>,
    /// The DKIM signatures.
    pub dkim: Vec<Signature>,
    /// How many ARC sets there are (RFC 8617), counted by ARC-Seal.
    pub arc_sets: usize,
}

pub(super) fn hints(headers: &[Header]) -> Authenticity {
    let mut found = Authenticity::default();
    for header in headers {
        if header.name.eq_ignore_ascii_case("authentication-results") {
            found.results.push(header.value.clone());
        } else if header.name.eq_ignore_ascii_case("dkim-signature") {
            found.dkim.push(Signature { domain: tag(&header.value, "d"), selector: tag(&header.value, "s") });
        } else if header.name.eq_ignore_ascii_case("arc-seal") {
            found.arc_sets += 1;
        }
    }
    found
}

/// The value of one tag of a tag list (RFC 6376 §3.2); blanks within are folding.
fn tag(list: &str, name: &str) -> String {
    list.split(';')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.chars().filter(|c| !c.is_whitespace()).collect())
        .unwrap_or_default()
}
