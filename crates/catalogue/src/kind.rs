//! Kinds, and the catalogue that holds them all.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{Code, Error, Problem, Result};
use serde::{Deserialize, Serialize};

use crate::{CloseReason, Field, FieldType, Index, Pipeline, Protection, Purpose, handles::person};

/// A kind of record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Stable key (`person`).
    pub key: String,
    /// What one of them is called.
    pub label: String,
    /// What several are called.
    pub plural: String,
    /// Its collection in addresses (`people`).
    pub path: String,
    /// The field that names a record of this kind in lists and links.
    pub title: String,
    /// Whether a record of it is about one person, whose rights it carries.
    #[serde(default)]
    pub is_person: bool,
    /// Whether users made it.
    #[serde(default)]
    pub custom: bool,
    /// The purpose to which the people it is about must have consented, or no record of it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<String>,
    /// Its fields, in the order of forms.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// The ways its records go, stage by stage; none for most kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pipelines: Vec<Pipeline>,
    /// Why its records are won or lost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<CloseReason>,
}

/// A kind as a user describes it: its fields come on their own or with it.
pub type KindIn = Kind;

impl Kind {
    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == key)
    }

    /// The fields that forms and imports may write.
    pub fn writable(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|f| !f.retired && !f.system)
    }

    /// Checks that the kind can be used safely: keys, title, options, links, and that nothing is open which must be sealed.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        let mut say = |pointer: String, code, detail: &str| problems.push(Problem { pointer, code, detail: detail.to_owned() });
        if !is_key(&self.key) {
            say("/key".into(), "not_a_key", "A key has 1 to 40 lower case letters, digits and underscores, and starts with a letter.");
        }
        if !is_key(&self.path) {
            say("/path".into(), "not_a_key", "An address has 1 to 40 lower case letters, digits and underscores.");
        }
        for (pointer, text) in [("/label", &self.label), ("/plural", &self.plural)] {
            if text.trim().is_empty() || text.chars().count() > 80 {
                say(pointer.into(), "required", "Give it a name of at most 80 characters.");
            }
        }
        if self.field(&self.title).is_none() {
            say("/title".into(), "unknown_field", "The title must be one of the kind's fields.");
        }
        if self.fields.len() > 300 {
            say("/field".into(), "too_many", "A kind has at most 300 fields.");
        }
        for (i, field) in self.fields.iter().enumerate() {
            let at = |part: &str| format!("/field/{i}/{part}");
            if !is_key(&field.key) || self.fields.iter().filter(|f| f.key == field.key).count() > 1 {
                say(at("key"), "not_a_key", "A key is unique and has 1 to 40 lower case letters, digits and underscores.");
            }
            if field.label.trim().is_empty() || field.label.chars().count() > 80 {
                say(at("label"), "required", "Give it a name of at most 80 characters.");
            }
            if field.protection == Protection::Open && !field.kind.may_be_open() {
                say(at("protection"), "must_be_sealed", "Free text and contact data are always sealed.");
            }
            if field.protection == Protection::Open && field.class > crate::Class::Personal {
                say(at("protection"), "must_be_sealed", "Sensitive and special category data are always sealed.");
            }
            if field.kind == FieldType::Select && (field.options.is_empty() || field.options.iter().any(|o| !is_key(&o.key))) {
                say(at("options"), "required", "A choice needs options, each with a key of lower case letters, digits and underscores.");
            }
            if (field.kind == FieldType::Link) != field.links_to.is_some() {
                say(at("links_to"), "required", "A link, and only a link, names the kind it points to.");
            }
            if field.index >= Index::Word
                && !matches!(field.kind, FieldType::Text | FieldType::LongText | FieldType::Address | FieldType::Url | FieldType::Email)
            {
                say(at("index"), "not_searchable", "Only text can be searched by its words.");
            }
        }
        if let Some(purpose) = &self.consent {
            if !Purpose::find(purpose).is_some_and(|purpose| purpose.needs_consent) {
                say("/consent".into(), "unknown", "Name a purpose that needs consent, or leave it out.");
            }
            if !self.fields.iter().any(|field| field.links_to.as_deref() == Some(person::KIND)) {
                say("/consent".into(), "nobody", "Nobody can consent to it: no field of this kind links to a person.");
            }
        }
        problems.extend(self.check_pipelines());
        refused(problems)
    }
}

fn refused(problems: Vec<Problem>) -> Result<()> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::new(Code::InvalidInput, "The kind cannot be used as described; nothing was changed.").with_problems(problems))
    }
}

/// Whether a text may be a key: it appears in addresses, JSON and the database, and never changes.
pub(crate) fn is_key(text: &str) -> bool {
    text.len() <= 40
        && text.bytes().next().is_some_and(|b| b.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Every kind there is, at one version.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    version: i64,
    kinds: BTreeMap<String, Arc<Kind>>,
}

impl Catalogue {
    /// A catalogue of these kinds. Refuses unsafe kinds, doubled keys or paths, and links to kinds that do not exist.
    pub fn new(version: i64, kinds: Vec<Kind>) -> Result<Self> {
        let mut all = BTreeMap::new();
        for kind in kinds {
            let kind = kind.with_choices();
            kind.check()?;
            let (key, path) = (kind.key.clone(), kind.path.clone());
            if all.values().any(|k: &Arc<Kind>| k.path == path) || all.insert(key, Arc::new(kind)).is_some() {
                return Err(Error::invalid("/key", "duplicate", "There is a kind with this key or address already."));
            }
        }
        for kind in all.values() {
            for field in &kind.fields {
                if field.links_to.as_ref().is_some_and(|to| !all.contains_key(to)) {
                    return Err(Error::invalid(
                        format!("/field/{}", field.key),
                        "unknown_kind",
                        "The link points to a kind that does not exist.",
                    ));
                }
            }
        }
        Ok(Self { version, kinds: all })
    }

    /// Its version: every write checks that it was made against the current one.
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The kind with this key.
    pub fn kind(&self, key: &str) -> Option<&Arc<Kind>> {
        self.kinds.get(key)
    }

    /// The kind with this key, or a clear refusal.
    pub fn need(&self, key: &str) -> Result<Arc<Kind>> {
        self.kind(key).cloned().ok_or_else(|| Error::not_found("kind"))
    }

    /// The kind whose collection has this path, or this key.
    pub fn by_path(&self, path: &str) -> Option<&Arc<Kind>> {
        self.kinds.values().find(|k| k.path == path).or_else(|| self.kind(path))
    }

    /// Every kind, by key.
    pub fn kinds(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.kinds.values()
    }

    /// This catalogue with one kind added or replaced, at the next version. Keys, types and paths of existing fields stay: a change of
    /// type is another operation, and removal retires.
    pub fn with(&self, kind: Kind) -> Result<Self> {
        let mut kind = kind;
        if let Some(old) = self.kind(&kind.key) {
            // Whoever does not speak of them leaves them as they are.
            if kind.pipelines.is_empty() {
                kind.pipelines.clone_from(&old.pipelines);
            }
            if kind.reasons.is_empty() {
                kind.reasons.clone_from(&old.reasons);
            }
            kind.consent = kind.consent.or_else(|| old.consent.clone());
            refused(old.check_kept(&kind))?;
            for field in &old.fields {
                match kind.field(&field.key) {
                    None => {
                        return Err(Error::invalid(
                            format!("/field/{}", field.key),
                            "removed",
                            "A field is retired, never removed: old records hold it.",
                        ));
                    }
                    Some(new) if (new.kind, new.many, new.protection) != (field.kind, field.many, field.protection) => {
                        return Err(Error::invalid(
                            format!("/field/{}", field.key),
                            "changed",
                            "A field's type does not change. Its protection changes by an operation of its own, which seals what is there again.",
                        ));
                    }
                    Some(_) => {}
                }
            }
        }
        self.replacing(kind)
    }
}

impl Catalogue {
    /// This catalogue with a kind in the place of the one with its key, if there is one, at the next version.
    fn replacing(&self, kind: Kind) -> Result<Self> {
        let mut kinds: Vec<Kind> = self.kinds.values().filter(|k| k.key != kind.key).map(|k| Kind::clone(k)).collect();
        kinds.push(kind);
        Self::new(self.version + 1, kinds)
    }

    /// This catalogue with a user's own field on the other side of the box, at the next version; `None` when it is there already. What is
    /// sealed from now on stays findable by its whole.
    ///
    /// Errors: not_found; invalid_input for a field of Probity's own, for a link, and for what must be sealed.
    pub fn protecting(&self, kind: &str, field: &str, protection: Protection) -> Result<Option<Self>> {
        let mut kind = Kind::clone(self.need(kind)?.as_ref());
        let shipped = crate::builtin().kind(&kind.key).is_some_and(|kind| kind.field(field).is_some());
        let title = kind.title == field;
        let own = kind.fields.iter_mut().find(|f| f.key == field).ok_or_else(|| Error::not_found("field"))?;
        if own.protection == protection {
            return Ok(None);
        }
        let refusal = if shipped {
            Some("Probity's own fields stay as they ship: lists, pipelines and deadlines rest on them. Add a field of your own instead.")
        } else if own.kind == FieldType::Link || title {
            Some("A link is always open, since lists and timelines follow it, and a title always sealed.")
        } else {
            None
        };
        if let Some(why) = refusal {
            return Err(Error::invalid("/protection", "fixed", why));
        }
        own.protection = protection;
        if protection == Protection::Sealed && own.index == Index::None && own.kind != FieldType::Bool {
            own.index = Index::Exact;
        }
        if let Err(error) = kind.check() {
            let why = error.problems().first().map_or_else(|| error.detail().to_owned(), |problem| problem.detail.clone());
            return Err(Error::invalid("/protection", "must_be_sealed", why));
        }
        self.replacing(kind).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Class, FieldType, Protection, builtin};

    #[test]
    fn a_field_of_ones_own_changes_sides_and_nothing_else_does() {
        let mut kind = person();
        let own = |key: &str, of: FieldType| {
            let field = kind.field("job_title").unwrap().clone();
            crate::Field { key: key.into(), kind: of, index: crate::Index::None, ..field }
        };
        let fields = [own("shoe_size", FieldType::Number), own("motto", FieldType::Text)];
        kind.fields.extend(fields);
        let catalogue = builtin().with(kind).unwrap();
        let turned = |field: &str, to| catalogue.protecting("person", field, to);
        assert!(turned("shoe_size", Protection::Sealed).unwrap().is_none(), "it is sealed already");
        let open = turned("shoe_size", Protection::Open).unwrap().unwrap();
        assert_eq!(open.version(), catalogue.version() + 1);
        let again = open.protecting("person", "shoe_size", Protection::Sealed).unwrap().unwrap();
        let field = again.kind("person").unwrap().field("shoe_size").unwrap().clone();
        assert_eq!((field.protection, field.index), (Protection::Sealed, crate::Index::Exact));
        for (field, code) in [("motto", "must_be_sealed"), ("job_title", "fixed"), ("company", "fixed")] {
            let to = if field == "company" { Protection::Sealed } else { Protection::Open };
            assert_eq!(turned(field, to).unwrap_err().problems()[0].code, code, "{field}");
        }
        assert!(turned("nothing", Protection::Open).is_err());
    }

    fn person() -> crate::Kind {
        crate::Kind::clone(builtin().kind("person").unwrap())
    }

    #[test]
    fn free_text_cannot_be_opened() {
        let mut kind = person();
        let name = kind.fields.iter_mut().find(|f| f.key == "name").unwrap();
        name.protection = Protection::Open;
        assert!(kind.check().unwrap_err().problems().iter().any(|p| p.code == "must_be_sealed"));
    }

    #[test]
    fn a_field_is_never_removed_or_turned() {
        let catalogue = builtin();
        let mut kind = person();
        kind.fields.pop();
        assert_eq!(catalogue.with(kind).unwrap_err().problems()[0].code, "removed");
        let mut kind = person();
        kind.fields[0].kind = FieldType::Number;
        assert!(catalogue.with(kind).is_err());
    }

    #[test]
    fn a_field_added_makes_the_next_version() {
        let catalogue = builtin();
        let mut kind = person();
        let mut field = kind.field("job_title").unwrap().clone();
        field.key = "shoe_size".into();
        field.class = Class::Special;
        kind.fields.push(field);
        let next = catalogue.with(kind).unwrap();
        assert_eq!(next.version(), catalogue.version() + 1);
        assert!(next.kind("person").unwrap().field("shoe_size").is_some());
    }
}
