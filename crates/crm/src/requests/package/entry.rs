//! One record of a package: every field of every version that concerns the person, other people taken out.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{FieldType, Kind, Value, message, person};
use kernel::{Instant, RecordId};
use serde::Serialize;

use super::redact::{ANOTHER, Redactor, texts};
use crate::records::{Fields, Record};

/// A record as the package tells it.
#[derive(Clone, Serialize)]
pub struct Entry {
    /// Its number.
    pub record: RecordId,
    /// Its kind's key.
    pub kind: String,
    /// What its kind is called.
    pub kind_label: String,
    /// `live` or `restricted`.
    pub state: &'static str,
    /// When it came into being.
    pub created: Instant,
    /// When we received it.
    pub captured: Instant,
    /// When it was last changed.
    pub updated: Instant,
    /// How long it is kept and why, in words.
    pub retention: String,
    /// What it may be used for: our key and the DPV term.
    pub purposes: Vec<Purpose>,
    /// Where it came from, when that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why it is not here; then its fields and versions are empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<&'static str>,
    /// Its versions, the current one first.
    pub versions: Vec<Version>,
    /// Its original and attachments.
    pub files: Vec<FileEntry>,
    /// In how many places another person's data was taken out.
    pub another_person: usize,
}

/// A purpose of use.
#[derive(Clone, Serialize)]
pub struct Purpose {
    /// Our key.
    pub purpose: &'static str,
    /// W3C Data Privacy Vocabulary.
    pub dpv: &'static str,
}

/// A version of a record.
#[derive(Clone, Serialize)]
pub struct Version {
    /// Its number.
    pub version: i64,
    /// When it was made.
    pub at: Instant,
    /// Its fields by key.
    pub fields: BTreeMap<String, FieldEntry>,
}

/// A field of a version.
#[derive(Clone, Serialize)]
pub struct FieldEntry {
    /// What it is called.
    pub label: String,
    /// W3C DPV category of personal data; empty for what is none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// Its value.
    pub value: serde_json::Value,
}

/// An original or attachment.
#[derive(Clone, Serialize)]
pub struct FileEntry {
    /// `original` or what else it is to the record.
    pub role: String,
    /// Where it lies in the package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Why it is not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<&'static str>,
}

/// Another person's data is in it, and it cannot be taken out (GDPR Art 15(4)).
pub const OTHERS_RIGHTS: &str = "another_person";
/// A lawyer's privilege covers it.
pub const PRIVILEGED: &str = "privileged";

/// A version with its other people taken out, and which fields lost something.
pub struct Told {
    /// The version.
    pub version: Version,
    /// The fields that lost something.
    pub withheld: BTreeSet<String>,
    /// In how many places.
    pub places: usize,
    /// Whether the record is also about another known person.
    pub is_shared: bool,
}

/// The participants of a message, as written.
pub fn participants(fields: &Fields) -> Vec<String> {
    [message::FROM, message::TO, message::CC].iter().filter_map(|key| fields.get(*key)).flat_map(texts).collect()
}

/// Tells a version of a record that concerns a person, who may have several records merged into one.
pub fn tell(record: &Record, subject: &[RecordId], redactor: &Redactor) -> Told {
    let kind = &record.row.kind;
    let fields = record.fields();
    let mut redactor = redactor.clone();
    if kind.key == message::KIND {
        participants(&fields).iter().for_each(|text| redactor.learn_participant(text));
    }
    let is_own = subject.contains(&record.row.id);
    let version = Version { version: record.row.version, at: record.row.updated, fields: BTreeMap::new() };
    let mut told = Told { version, withheld: BTreeSet::new(), places: 0, is_shared: false };
    for (key, value) in &fields {
        let Some(field) = kind.field(key) else { continue };
        // On their own record only free text can speak of others; a link to another person is theirs to hide on any.
        let plain = is_own && field.kind != FieldType::LongText;
        let mut places = 0;
        let to_people = field.links_to.as_deref() == Some(person::KIND);
        let json = if to_people {
            links(value, subject, &mut places)
        } else if plain {
            value.to_json()
        } else if kind.key == message::KIND && [message::FROM, message::TO, message::CC].contains(&key.as_str()) {
            entries(value, &redactor, &mut places)
        } else {
            redacted(value, &redactor, !is_number(kind, key), &mut places)
        };
        told.is_shared |= to_people && places > 0;
        if places > 0 {
            told.withheld.insert(key.clone());
            told.places += places;
        }
        let entry = FieldEntry { label: field.label.clone(), category: field.category.clone(), value: json };
        told.version.fields.insert(key.clone(), entry);
    }
    told
}

/// A message's own numbers look like addresses and are none.
fn is_number(kind: &Kind, key: &str) -> bool {
    kind.key == message::KIND && [message::NATIVE_ID, message::THREAD].contains(&key)
}

fn links(value: &Value, subject: &[RecordId], places: &mut usize) -> serde_json::Value {
    let shown = value.each().iter().map(|one| match one {
        Value::Link(to) if subject.contains(to) => one.to_json(),
        _ => {
            *places += 1;
            ANOTHER.into()
        }
    });
    if matches!(value, Value::List(_)) { shown.collect() } else { shown.collect::<Vec<_>>().pop().unwrap_or_default() }
}

fn entries(value: &Value, redactor: &Redactor, places: &mut usize) -> serde_json::Value {
    let shown = value.each().iter().map(|one| {
        let text = one.display();
        if redactor.is_own(&text) {
            return text.into();
        }
        *places += 1;
        ANOTHER.into()
    });
    if matches!(value, Value::List(_)) { shown.collect() } else { shown.collect::<Vec<_>>().pop().unwrap_or_default() }
}

fn redacted(value: &Value, redactor: &Redactor, mails: bool, places: &mut usize) -> serde_json::Value {
    match value {
        Value::Text(text) => {
            let (text, n) = redactor.text(text, mails);
            *places += n;
            text.into()
        }
        Value::List(values) => values.iter().map(|value| redacted(value, redactor, mails, places)).collect(),
        other => other.to_json(),
    }
}
