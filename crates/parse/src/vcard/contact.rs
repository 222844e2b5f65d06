//! From properties to a contact.

use super::line::{self, Property};
use super::{Address, Contact, MAX_PROPERTIES, Name, Typed};
use crate::mail::decode;

/// Reads one card; `None` when nothing in it says anything about a contact.
pub(super) fn read(raw: Vec<u8>, closed: bool) -> Option<Contact> {
    let mut contact = Contact::default();
    if !closed {
        warn(&mut contact, "not_closed");
    }
    let mut labels: Vec<(String, String)> = Vec::new();
    let mut grouped: Vec<(String, &'static str, usize)> = Vec::new();
    let mut depth = 0;
    let mut said = 0usize;
    for (index, bytes) in line::logical(&raw).iter().enumerate() {
        if index > MAX_PROPERTIES {
            warn(&mut contact, "too_many_properties");
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let Some(property) = line::property(bytes) else {
            warn(&mut contact, "malformed_line");
            continue;
        };
        match property.name.as_str() {
            "BEGIN" => depth += 1,
            "END" => depth -= 1,
            // The lines of an embedded card (AGENT in 2.1) are not this contact's own.
            _ if depth > 1 => warn(&mut contact, "agent_kept_as_text"),
            _ => {
                if let Some(group) = &property.group {
                    match property.name.as_str() {
                        "EMAIL" => grouped.push((group.clone(), "EMAIL", contact.emails.len())),
                        "TEL" => grouped.push((group.clone(), "TEL", contact.phones.len())),
                        "URL" => grouped.push((group.clone(), "URL", contact.urls.len())),
                        "ADR" => grouped.push((group.clone(), "ADR", contact.addresses.len())),
                        "X-ABLABEL" => labels.push((group.clone(), apple_label(&property.text().text))),
                        _ => {}
                    }
                }
                said += usize::from(take(&mut contact, &property));
            }
        }
    }
    for (group, label) in labels.into_iter().filter(|(_, l)| !l.is_empty()) {
        for (_, name, index) in grouped.iter().filter(|(g, _, _)| *g == group) {
            let types = match *name {
                "EMAIL" => contact.emails.get_mut(*index).map(|t| &mut t.types),
                "TEL" => contact.phones.get_mut(*index).map(|t| &mut t.types),
                "URL" => contact.urls.get_mut(*index).map(|t| &mut t.types),
                _ => contact.addresses.get_mut(*index).map(|t| &mut t.types),
            };
            if let Some(types) = types {
                types.push(label.clone());
            }
        }
    }
    if said == 0 {
        return None;
    }
    if contact.version.is_empty() {
        warn(&mut contact, "no_version");
    }
    if contact.formatted_name.is_empty() {
        let n = &contact.name;
        let parts = [&n.prefix, &n.given, &n.additional, &n.family, &n.suffix];
        let whole = parts.into_iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        if whole.is_empty() {
            warn(&mut contact, "no_name");
        }
        contact.formatted_name = whole;
    }
    contact.raw = raw;
    Some(contact)
}

fn warn(contact: &mut Contact, code: &'static str) {
    if !contact.warnings.contains(&code) {
        contact.warnings.push(code);
    }
}

/// `_$!<Work>!$_` is Apple's way to write a label of its own.
fn apple_label(text: &str) -> String {
    line::text(text).trim_start_matches("_$!<").trim_end_matches(">!$_").to_lowercase()
}

/// Takes a property in; true when it says something about the contact.
fn take(contact: &mut Contact, property: &Property) -> bool {
    if !property.clean {
        warn(contact, "bad_base64");
    }
    if property.name == "PHOTO"
        && let Some(photo) = photo(property)
    {
        contact.photo = contact.photo.take().or(Some(photo));
        return true;
    }
    if property.base64 {
        // Keys, logos, sounds: kept in the card's own bytes, named here.
        contact.other.push((property.name.clone(), String::new()));
        return false;
    }
    let decoded = property.text();
    if !decoded.clean {
        warn(contact, "bad_charset");
    }
    let value = decoded.text.as_str();
    let text = line::text(value);
    if text.trim_matches([';', ',', ' ']).is_empty() {
        return false;
    }
    let typed = || Typed { value: text.clone(), types: property.types() };
    match property.name.as_str() {
        "VERSION" => {
            contact.version = text;
            return false;
        }
        "N" => {
            let mut parts = components(value);
            contact.name =
                Name { family: parts.next(), given: parts.next(), additional: parts.next(), prefix: parts.next(), suffix: parts.next() };
        }
        "FN" if contact.formatted_name.is_empty() => contact.formatted_name = text,
        "NICKNAME" => contact.nicknames.extend(list(value)),
        "ORG" if contact.organization.is_empty() => {
            let mut parts = line::split(value, ';').into_iter().map(|p| p.trim().to_owned());
            contact.organization = parts.next().unwrap_or_default();
            contact.units = parts.filter(|p| !p.is_empty()).collect();
        }
        "TITLE" => contact.title = text,
        "ROLE" if contact.title.is_empty() => contact.title = text,
        "EMAIL" => {
            let mut email = typed();
            email.value = without_scheme(&email.value, "mailto:");
            contact.emails.push(email);
        }
        "TEL" => {
            let mut phone = typed();
            phone.value = without_scheme(&phone.value, "tel:");
            contact.phones.push(phone);
        }
        "ADR" => {
            let mut parts = components(value);
            contact.addresses.push(Address {
                po_box: parts.next(),
                extended: parts.next(),
                street: parts.next(),
                locality: parts.next(),
                region: parts.next(),
                postal_code: parts.next(),
                country: parts.next(),
                types: property.types(),
            });
        }
        "URL" => contact.urls.push(typed()),
        "BDAY" if contact.birthday.is_none() => contact.birthday = Some(text),
        "NOTE" => {
            if !contact.note.is_empty() {
                contact.note.push_str("\n\n");
            }
            contact.note.push_str(&text);
        }
        "UID" if contact.uid.is_none() => contact.uid = Some(text),
        "CATEGORIES" | "CATEGORY" => contact.categories.extend(list(value)),
        "PRODID" | "REV" | "X-ABLABEL" => {
            contact.other.push((property.name.clone(), text));
            return false;
        }
        "AGENT" => {
            warn(contact, "agent_kept_as_text");
            contact.other.push((property.name.clone(), text));
        }
        _ => contact.other.push((property.name.clone(), text)),
    }
    true
}

fn without_scheme(value: &str, scheme: &str) -> String {
    match value.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => value.get(scheme.len()..).unwrap_or_default().to_owned(),
        _ => value.to_owned(),
    }
}

/// Components between semicolons; a missing one is empty.
struct Components(std::vec::IntoIter<String>);

impl Components {
    fn next(&mut self) -> String {
        self.0.next().unwrap_or_default().replace("\r\n", "\n").trim().to_owned()
    }
}

fn components(value: &str) -> Components {
    Components(line::split(value, ';').into_iter())
}

fn list(value: &str) -> impl Iterator<Item = String> {
    line::split(value, ',').into_iter().map(|v| v.trim().to_owned()).filter(|v| !v.is_empty())
}

/// The picture, when it is in the card: base64 (2.1, 3.0) or a `data:` URI (4.0, RFC 2397).
fn photo(property: &Property) -> Option<(String, Vec<u8>)> {
    let bytes = if property.base64 {
        property.value.clone()
    } else {
        let text = property.value.trim_ascii();
        let at = text.get(..text.len().min(200))?.iter().position(|b| *b == b',')?;
        let head = text.get(..at)?.to_ascii_lowercase();
        if !head.starts_with(b"data:") || !head.ends_with(b";base64") {
            return None;
        }
        decode::base64(text.get(at + 1..)?).0
    };
    (!bytes.is_empty()).then(|| (media_type(&bytes).unwrap_or("application/octet-stream").to_owned(), bytes))
}

/// By its first bytes: what the card claims is often wrong.
fn media_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'B', b'M', ..] => Some("image/bmp"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some("image/tiff"),
        _ => None,
    }
}
