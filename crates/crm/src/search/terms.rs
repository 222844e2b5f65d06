//! What somebody looks for: its words and whole values, as tokens, as a judgement over an opened record, as an excerpt.

use catalogue::{Field, FieldType, Index, Kind, Value};
use kernel::{Error, Result};
use vault::Tokens;

use super::{by_whole, forms};
use crate::records::{Record, index, region};

/// More words than this are not looked for.
const TERMS: usize = 10;
/// Longer texts are not looked for.
const LONGEST: usize = 500;
/// The letters of an excerpt.
const EXCERPT: usize = 140;

/// One thing that must occur: a word or its beginning, or an address with the words it consists of.
struct Term {
    words: Vec<String>,
    email: Option<String>,
}

/// What somebody looks for.
pub struct Asked {
    text: String,
    terms: Vec<Term>,
    number: bool,
    /// The beginnings of telephone numbers that it may be: whether with the country, and the digits.
    heads: Vec<(bool, String)>,
}

/// How well a record matches: better ones are greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Rank {
    whole: bool,
    exact: usize,
    in_title: usize,
}

/// A record that matches.
pub struct Judged {
    /// How well.
    pub rank: Rank,
    /// In which field best.
    pub field: String,
}

impl Asked {
    /// Reads what was written. Error: invalid_input when there is no word in it, or too many letters.
    pub fn read(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(Error::invalid("/words", "too_long", format!("Look for at most {LONGEST} letters.")));
        }
        let mut terms = Vec::new();
        for chunk in text.split_whitespace() {
            let (words, email) = (vault::words(chunk), vault::email(chunk));
            if email.is_some() {
                terms.push(Term { words, email });
            } else {
                terms.extend(words.into_iter().map(|word| Term { words: vec![word], email: None }));
            }
        }
        terms.truncate(TERMS);
        if terms.is_empty() {
            return Err(Error::invalid("/words", "no_words", "Write at least one letter or digit."));
        }
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let number = digits >= 5 && !text.chars().any(char::is_alphabetic);
        Ok(Self { text: text.to_owned(), terms, number, heads: heads(text) })
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    fn forms(&self, field: &Field) -> Vec<String> {
        let apt = match field.kind {
            FieldType::Phone => self.number,
            FieldType::Email => self.text.contains('@'),
            _ => true,
        };
        if apt && by_whole(field) { forms(field, &self.text) } else { Vec::new() }
    }

    /// The tokens of records that have the whole text as a value.
    pub fn whole<'f>(&self, fields: impl Iterator<Item = (&'f Kind, &'f Field)>, tokens: Tokens) -> Vec<i64> {
        let mut group = Vec::new();
        for (kind, field) in fields {
            let name = index::token_field(&kind.key, &field.key);
            group.extend(self.forms(field).iter().map(|form| tokens.exact(&name, form)));
            if field.kind == FieldType::Phone && field.index != Index::None {
                group.extend(self.heads.iter().map(|(country, digits)| tokens.prefix(&name, &index::phone_head(*country, digits))));
            }
        }
        group
    }

    /// For each term the tokens of records that have it somewhere.
    pub fn groups<'f>(&self, fields: impl Iterator<Item = (&'f Kind, &'f Field)>, tokens: Tokens) -> Vec<Vec<i64>> {
        let mut groups = vec![Vec::new(); self.terms.len()];
        for (kind, field) in fields {
            let name = index::token_field(&kind.key, &field.key);
            for (group, term) in groups.iter_mut().zip(&self.terms) {
                if let Some(email) = term.email.as_ref().filter(|_| by_whole(field)) {
                    group.push(tokens.exact(&name, email));
                }
                // Of an address that stands in a text, its longest word finds it; the others are confirmed.
                let Some(word) = term.words.iter().max_by_key(|w| w.len()) else { continue };
                if field.index >= Index::Word {
                    group.push(tokens.word(&name, word));
                }
                if field.index == Index::Prefix && term.email.is_none() && word.chars().count() >= index::PREFIX_MIN {
                    let head: String = word.chars().take(index::PREFIX_MAX).collect();
                    group.push(tokens.prefix(&name, &head));
                }
            }
        }
        groups
    }

    /// Whether and how well an opened record matches, looking only at fields that may be seen.
    pub fn judge(&self, record: &Record, sees: impl Fn(&Field) -> bool) -> Option<Judged> {
        let (kind, law) = (&record.row.kind, region(&record.row.law));
        let mut rank = Rank::default();
        let mut best: Option<(usize, usize, String)> = None;
        let mut begun_number = false;
        // For each term: found at all, found exactly, found in the title.
        let mut found = vec![(false, false, false); self.terms.len()];
        for field in kind.fields.iter().filter(|f| f.is_sealed() && f.index != Index::None && sees(f)) {
            let Some(value) = record.get(&field.key) else { continue };
            let (title, wanted) = (field.key == kind.title, self.forms(field));
            let (mut here, mut exactly) = (0, 0);
            for value in value.each() {
                let text = value.display();
                let form = index::exact_form(field, &text, law);
                if wanted.contains(&form) {
                    rank.whole = true;
                    exactly += self.terms.len() + 1;
                }
                if field.kind == FieldType::Phone && self.begins(&form) {
                    begun_number = true;
                    here += 1;
                }
                let words = if field.index >= Index::Word { vault::words(&text) } else { Vec::new() };
                for (term, found) in self.terms.iter().zip(&mut found) {
                    let address = by_whole(field) && term.email.as_ref() == Some(&form);
                    let exact = address || (!words.is_empty() && term.words.iter().all(|word| words.contains(word)));
                    let begins = || field.index == Index::Prefix && term.words.iter().all(|word| begun(&words, word));
                    if exact || begins() {
                        here += 1;
                        exactly += usize::from(exact);
                        *found = (true, found.1 || exact, found.2 || title);
                    }
                }
            }
            if here + exactly > 0 {
                let this = (exactly, here + usize::from(title), field.key.clone());
                best = best.filter(|b| (b.0, b.1) >= (this.0, this.1)).or(Some(this));
            }
        }
        let all = rank.whole || begun_number || found.iter().all(|(there, ..)| *there);
        rank.exact = found.iter().filter(|(_, exact, _)| *exact).count();
        rank.in_title = found.iter().filter(|(.., title)| *title).count();
        best.filter(|_| all).map(|(_, _, field)| Judged { rank, field })
    }

    /// Whether a telephone number begins like this.
    fn begins(&self, form: &str) -> bool {
        if self.heads.is_empty() {
            return false;
        }
        let (whole, national) = index::phone_forms(form);
        self.heads.iter().any(|(country, head)| {
            if *country { whole.as_ref().is_some_and(|whole| whole.starts_with(head)) } else { national.starts_with(head) }
        })
    }

    /// A short piece of a text around the first thing that was looked for.
    pub fn excerpt(&self, text: &str) -> String {
        let chunks: Vec<&str> = text.split_whitespace().collect();
        let wanted = |chunk: &&str| {
            let words = vault::words(chunk);
            self.terms.iter().any(|term| term.words.iter().any(|word| begun(&words, word)))
        };
        let start = chunks.iter().position(wanted).unwrap_or_default().saturating_sub(5);
        short(&chunks[start..].join(" "), EXCERPT, start > 0)
    }
}

/// The beginnings of telephone numbers that a text may be: `0301`, `+49 30 1`, `0049 301`, `49301`, `(212) 5`; none for anything else.
fn heads(text: &str) -> Vec<(bool, String)> {
    let plain = text.replace("(0)", "");
    let written = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')' | '/' | '.' | '\u{a0}');
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    if !plain.chars().all(written) || !(4..=15).contains(&digits.len()) {
        return Vec::new();
    }
    let all = match (plain.trim_start().starts_with('+'), digits.strip_prefix("00"), digits.strip_prefix('0')) {
        (true, ..) => vec![(true, digits)],
        (_, Some(abroad), _) => vec![(true, abroad.to_owned())],
        // Some countries keep the zero when they are called from abroad.
        (_, _, Some(within)) => vec![(false, within.to_owned()), (false, digits.clone())],
        _ => vec![(true, digits.clone()), (false, digits)],
    };
    let least = |country: bool| if country { index::DIGITS_MIN.0 } else { index::DIGITS_MIN.1 };
    all.into_iter().filter(|(country, head)| head.len() >= least(*country)).collect()
}

fn begun(words: &[String], beginning: &str) -> bool {
    words.iter().any(|word| word.starts_with(beginning))
}

/// A text cut to some letters, with an ellipsis where something is left out.
pub fn short(text: &str, most: usize, cut_before: bool) -> String {
    let mut short: String = if cut_before { "… ".to_owned() } else { String::new() };
    short.extend(text.chars().take(most));
    if text.chars().count() > most {
        short.push('…');
    }
    short
}

/// The text of a value on one line, cut to a length that a list shows.
pub fn gist(value: &Value) -> String {
    short(&value.display().split_whitespace().take(60).collect::<Vec<_>>().join(" "), EXCERPT, false)
}
