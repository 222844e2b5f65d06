//! What the columns of a table mean: header words of many systems and languages to our fields.
//!
//! The words are data: `synonyms.csv` beside this file, one line per field, `kind,field,words`, words between `|`.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What the rows of a table are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Kind {
    /// People.
    Person,
    /// Companies.
    Company,
    /// Deals.
    Deal,
    /// Tasks.
    Task,
    /// Notes, calls and meetings.
    Note,
    /// Orders.
    Order,
    /// Cases.
    Case,
}

impl Kind {
    /// The kind with this key, if there are words for it.
    pub fn of(key: &str) -> Option<Self> {
        Some(match key {
            "person" => Self::Person,
            "company" => Self::Company,
            "deal" => Self::Deal,
            "task" => Self::Task,
            "note" => Self::Note,
            "order" => Self::Order,
            "case" => Self::Case,
            _ => return None,
        })
    }
}

/// What a column seems to hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Suggestion {
    /// The field's key: `email`, `given_name`; or what a link leads to, by what it is found by: `person.email`. Several columns may name the same one (`E-mail 1`, `E-mail 2`).
    pub field: &'static str,
    /// 100: the header is a known word for it; 80: known but for a number, a prefix or a suffix (`property_`, `Work …`);
    /// 50: it only contains such a word.
    pub confidence: u8,
}

static WORDS: &str = include_str!("synonyms.csv");

type Index = HashMap<(Kind, String), &'static str>;

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index::new();
    for (kind, field, words) in entries() {
        for word in words.split('|').chain([field]) {
            index.entry((kind, folded(word))).or_insert(field);
        }
    }
    index
});

fn entries() -> impl Iterator<Item = (Kind, &'static str, &'static str)> {
    WORDS.lines().filter(|l| !l.starts_with('#')).filter_map(|l| {
        let mut parts = l.splitn(3, ',');
        Some((Kind::of(parts.next()?)?, parts.next()?, parts.next()?))
    })
}

/// Every field there is for a kind, in the order of the data.
pub fn fields(kind: Kind) -> Vec<&'static str> {
    entries().filter(|(k, _, _)| *k == kind).map(|(_, field, _)| field).collect()
}

/// What each column seems to hold; `None` where nothing fits.
pub fn suggest(headers: &[String], kind: Kind) -> Vec<Option<Suggestion>> {
    headers.iter().map(|h| suggestion(h, kind)).collect()
}

fn suggestion(header: &str, kind: Kind) -> Option<Suggestion> {
    let header = crate::charset::prefix(header, 200);
    let found = |word: &str, confidence| INDEX.get(&(kind, word.to_owned())).map(|field| Suggestion { field, confidence });
    let whole = folded(header);
    if whole.is_empty() {
        return None;
    }
    if let Some(exact) = found(&whole, 100) {
        return Some(exact);
    }
    let words = words(header);
    let joined = |words: &[String]| words.concat();
    let mut rest: &[String] = &words;
    // Numbers, and what says whose or which of several it is, do not change what it is.
    while let Some((_, start)) = rest.split_last().filter(|(last, _)| is_number(last) || SUFFIXES.contains(&last.as_str())) {
        rest = start;
        if let Some(s) = found(&joined(rest), 80) {
            return Some(s);
        }
    }
    while let Some((_, tail)) = rest.split_first().filter(|(first, _)| PREFIXES.contains(&first.as_str())) {
        rest = tail;
        if let Some(s) = found(&joined(rest), 80) {
            return Some(s);
        }
    }
    let without: Vec<String> = words.iter().filter(|w| !is_number(w)).cloned().collect();
    if without.len() < words.len()
        && let Some(s) = found(&joined(&without), 80)
    {
        return Some(s);
    }
    // A known phrase at the end (`Customer E-mail`), or else at the start (`Email opt`) of the header.
    for length in (1..words.len()).rev() {
        let tail = joined(words.get(words.len() - length..).unwrap_or_default());
        if WEAK.contains(&tail.as_str()) {
            continue;
        }
        if let Some(s) = found(&tail, 50).filter(|_| tail.chars().count() > 2) {
            return Some(s);
        }
    }
    None
}

/// Words that mean something alone but nothing at the end of a longer header (`Last Contact`, `Account Type`, `Deal Name`).
const WEAK: &[&str] = &[
    "name",
    "id",
    "title",
    "status",
    "source",
    "owner",
    "type",
    "contact",
    "state",
    "number",
    "date",
    "code",
    "role",
    "nom",
    "nome",
    "nombre",
    "naam",
    "notes",
    "note",
    "tags",
    "comments",
    "description",
    "language",
    "company",
    "account",
];

const PREFIXES: &[&str] = &[
    "property",
    "person",
    "contact",
    "lead",
    "primary",
    "main",
    "work",
    "home",
    "other",
    "business",
    "private",
    "mailing",
    "billing",
    "personal",
    "customer",
    "kunde",
    "kontakt",
    "account",
    "company",
    "organization",
    "organisation",
];

const SUFFIXES: &[&str] = &["value", "work", "home", "other", "primary", "main", "private", "business", "personal", "c", "standard"];

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit())
}

/// The header's words: split at everything that is no letter or digit, at camelCase and between letters and digits.
fn words(header: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous: Option<char> = None;
    for c in header.chars() {
        let parts = previous.is_some_and(|p| {
            (p.is_lowercase() && c.is_uppercase()) || (p.is_alphabetic() && c.is_ascii_digit()) || (p.is_ascii_digit() && c.is_alphabetic())
        });
        if (parts || !c.is_alphanumeric()) && !word.is_empty() {
            out.push(folded(&std::mem::take(&mut word)));
        }
        if c.is_alphanumeric() {
            word.push(c);
        }
        previous = Some(c);
    }
    if !word.is_empty() {
        out.push(folded(&word));
    }
    // `E-mail` is one word.
    let mut at = 0;
    while at + 1 < out.len() {
        if out.get(at).is_some_and(|w| w == "e") && out.get(at + 1).is_some_and(|w| w.starts_with("mail")) {
            out.remove(at);
            if let Some(mail) = out.get_mut(at) {
                mail.insert(0, 'e');
            }
        }
        at += 1;
    }
    out
}

/// Lower case without accents, blanks and signs: what two ways to write one header have in common.
fn folded(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ß' { 's' } else { c })
        .filter(|c| c.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests;
