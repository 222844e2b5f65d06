//! Names of what is built in: kinds, fields, choices, purposes, roles. What users named themselves is shown as they named it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use catalogue::{Catalogue, Kind};
use crm::identity::Language;

use super::Text;

/// What a message's key is made of in place of a name's underscores.
fn key(parts: &[&str]) -> String {
    parts.join("-").replace('_', "-")
}

/// The installation's own catalogue, and the same in a language.
type Said = (Arc<Catalogue>, Arc<Catalogue>);

/// Catalogues that were translated, by language: each as long as the installation's own is the one it was made from.
#[derive(Default)]
pub struct Catalogues(Mutex<HashMap<Language, Said>>);

impl Catalogues {
    /// The catalogue `own` in a language.
    pub fn get(&self, t: Text, own: &Arc<Catalogue>) -> Arc<Catalogue> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, said)) = all.get(&t.language).filter(|(from, _)| Arc::ptr_eq(from, own)) {
            return Arc::clone(said);
        }
        let said = t.catalogue(own);
        all.insert(t.language, (Arc::clone(own), Arc::clone(&said)));
        said
    }
}

/// What a name is sorted by: without case and without the marks of Latin letters (`Österreich` stands at O).
pub fn sorting(name: &str) -> String {
    name.to_lowercase().chars().map(bare).collect()
}

const fn bare(letter: char) -> char {
    match letter {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' => 'o',
        'ù'..='ü' => 'u',
        other => other,
    }
}

impl Text {
    /// The catalogue with the names of what is built in, in this language. For showing alone: a kind that is changed and stored is
    /// taken from the installation's own.
    pub fn catalogue(&self, own: &Arc<Catalogue>) -> Arc<Catalogue> {
        if self.language == Language::En {
            return Arc::clone(own);
        }
        let kinds = own.kinds().map(|kind| self.kind(kind)).collect();
        // Keys, addresses and links are those of the installation's own, which was accepted.
        Catalogue::new(own.version(), kinds).map_or_else(|_| Arc::clone(own), Arc::new)
    }

    fn kind(&self, own: &Kind) -> Kind {
        let mut kind = own.clone();
        let known = catalogue::builtin();
        let Some(built_in) = known.kind(&own.key).filter(|_| !own.custom) else { return kind };
        kind.label = self.label(&key(&["kind", &own.key]), &own.label);
        kind.plural = self.label(&key(&["kinds", &own.key]), &own.plural);
        // What is built in and was not renamed; a field's choices are made of these.
        for pipeline in &mut kind.pipelines {
            let Some(known) = built_in.pipeline(&pipeline.key) else { continue };
            if pipeline.label == known.label {
                pipeline.label = self.label(&key(&["choice", &own.key, "pipeline", &pipeline.key]), &pipeline.label);
            }
            for stage in pipeline.stages.iter_mut().filter(|s| known.stage(&s.key).is_some_and(|known| known.label == s.label)) {
                stage.label = self.label(&key(&["choice", &own.key, "stage", &stage.key]), &stage.label);
            }
        }
        for reason in &mut kind.reasons {
            if built_in.reasons.iter().any(|known| known.key == reason.key && known.label == reason.label) {
                reason.label = self.label(&key(&["choice", &own.key, "close_reason", &reason.key]), &reason.label);
            }
        }
        for field in &mut kind.fields {
            // A field that the house added keeps the name that the house gave it.
            if built_in.field(&field.key).is_none() {
                continue;
            }
            let made = !own.pipelines.is_empty() && [catalogue::deal::STAGE, catalogue::deal::CLOSE_REASON].contains(&field.key.as_str());
            for option in field.options.iter_mut().filter(|_| !made) {
                option.label = self.label(&key(&["choice", &own.key, &field.key, &option.key]), &option.label);
            }
            field.label = self.label(&key(&["field-of", &own.key, &field.key]), &field.label);
        }
        kind
    }

    /// Fields of a kind that a timeline names by their own labels, by those of this language.
    pub fn fields(&self, kind: &str, labels: &[String]) -> String {
        let known = catalogue::builtin();
        let said = |label: &String| {
            let field = known.kind(kind).and_then(|kind| kind.fields.iter().find(|field| field.label == *label));
            field.map_or_else(|| label.clone(), |field| self.label(&key(&["field-of", kind, &field.key]), label))
        };
        labels.iter().map(said).collect::<Vec<_>>().join(", ")
    }

    /// A purpose's name (`Sales`); the purpose as it is written where it has none.
    pub fn purpose(&self, purpose: &str) -> String {
        self.named("purpose", purpose)
    }

    /// A role's name; a role that the house made as it is written.
    pub fn role(&self, role: &str) -> String {
        self.named("role", role)
    }

    /// A class of data, by its word.
    pub fn class(&self, class: &str) -> String {
        self.named("class", class)
    }

    /// A privilege of a key or a role, by its word.
    pub fn privilege(&self, privilege: &str) -> String {
        self.named("privilege", privilege)
    }

    /// A country by its code (ISO 3166-1); the code where there is no name.
    pub fn country(&self, code: &str) -> String {
        self.label(&format!("country-{code}"), code)
    }

    fn named(&self, what: &str, word: &str) -> String {
        self.label(&key(&[what, word]), &crate::kit::names::capital(word))
    }

    fn label(&self, key: &str, own: &str) -> String {
        if self.has(key) { self.get(key) } else { own.to_owned() }
    }

    /// A name of a kind inside a sentence: `new person`. German writes its nouns with a capital there too.
    pub fn within(&self, name: &str) -> String {
        if self.language == Language::De { name.to_owned() } else { name.to_lowercase() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_in_has_its_catalogues_name_in_english() {
        let t = Text::english();
        for kind in catalogue::builtin().kinds() {
            let said = |parts: &[&str], own: &str| assert_eq!(t.get(&key(parts)), own, "kinds.ftl");
            said(&["kind", &kind.key], &kind.label);
            said(&["kinds", &kind.key], &kind.plural);
            for field in &kind.fields {
                said(&["field-of", &kind.key, &field.key], &field.label);
                for option in &field.options {
                    said(&["choice", &kind.key, &field.key, &option.key], &option.label);
                }
            }
        }
    }

    #[test]
    fn a_built_in_name_is_translated_and_what_a_house_named_is_left() {
        let own = catalogue::builtin();
        let mut person = Kind::clone(own.need("person").unwrap().as_ref());
        let mut field = person.field("note").unwrap().clone();
        field.key = "shoe_size".into();
        field.label = "Shoe size".into();
        person.fields.push(field);
        let own = Arc::new(own.with(person).unwrap());
        let german = Text::of(Language::De).catalogue(&own);
        let person = german.need("person").unwrap();
        assert_eq!(person.label, "Person");
        assert_eq!(person.plural, "Personen");
        assert_eq!(person.field("phone").unwrap().label, "Telefon");
        assert_eq!(person.field("shoe_size").unwrap().label, "Shoe size");
        assert_eq!(german.version(), own.version());
        let named = Text::of(Language::De).fields("deal", &["Stage".to_owned(), "Shoe size".to_owned()]);
        assert_eq!(named, "Phase, Shoe size");
    }

    #[test]
    fn nouns_keep_their_capital_in_german_sentences() {
        assert_eq!(Text::of(Language::De).within("Person"), "Person");
        assert_eq!(Text::english().within("Person"), "person");
    }
}
