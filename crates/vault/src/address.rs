//! Normal forms of the addresses by which people are found.

use phonenumber::{Mode, country};
use unicode_normalization::UnicodeNormalization;

/// The normal form of an e-mail address: trimmed, lower case, the domain in its ASCII form (UTS 46, RFC 5891); `None` when it is not an
/// address that mail reaches over the internet (RFC 5321 dot-string local part, RFC 6531 letters allowed, a domain of two labels or more).
///
/// The local part is lowered although RFC 5321 lets a host tell cases apart: hardly one does, and people do not write it alike.
pub fn email(text: &str) -> Option<String> {
    let (local, domain) = text.trim().rsplit_once('@')?;
    let local: String = local.to_lowercase().nfc().collect();
    if local.is_empty() || local.len() > 64 || local.split('.').any(str::is_empty) || !local.chars().all(local_char) {
        return None;
    }
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if domain.len() > 1_000 {
        return None;
    }
    let domain = idna::domain_to_ascii(domain).ok()?;
    let labels = domain.split('.').count();
    (labels >= 2 && domain.len() <= 253 && domain.split('.').all(is_label)).then(|| format!("{local}@{domain}"))
}

fn local_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) || (!c.is_ascii() && !c.is_whitespace() && !c.is_control())
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// The normal form of a telephone number, E.164 (`+4930123456`); `None` when it cannot be one. A number written without its country is
/// read as one of `region` (ISO 3166-1 alpha-2, any case); without a region only international ones are read. An extension is left off.
pub fn phone(text: &str, region: Option<&str>) -> Option<String> {
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if text.len() > 64 || !(5..=24).contains(&digits) || text.contains('@') {
        return None;
    }
    let region = region.and_then(|r| r.to_ascii_uppercase().parse::<country::Id>().ok());
    let number = phonenumber::parse(region, text).ok()?;
    let normal = number.format().mode(Mode::E164).to_string();
    // ITU-T E.164 allows 15 digits; nothing dialled from abroad has fewer than 7.
    let digits = normal.strip_prefix('+')?;
    let plausible = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    // A few texts are read once and never again: only a form that reads back as itself can be looked up by.
    let again = || phonenumber::parse(None, &normal).is_ok_and(|number| number.format().mode(Mode::E164).to_string() == normal);
    (plausible && again()).then_some(normal)
}

/// The digits of a number in normal form, and those of them that are dialled within its country; the first without the plus sign.
pub fn phone_digits(normal: &str) -> Option<(String, String)> {
    let number = phonenumber::parse(None, normal).ok()?;
    let whole = normal.strip_prefix('+')?.to_owned();
    let national = whole.strip_prefix(&number.code().value().to_string())?.to_owned();
    Some((whole, national))
}

#[cfg(test)]
mod tests;
