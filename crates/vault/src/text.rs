//! Folding text to what a searcher would type: no case, no accents, one form of every letter.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Longer words are cut here, in the index and in the query alike.
const WORD_CHARS: usize = 40;
/// More distinct words of one text are not indexed.
const WORDS_MAX: usize = 4_000;

/// Folds a text: compatibility forms resolved (NFKC), lower case, accents stripped, ligatures and barred letters spelt plainly
/// (ß ss, æ ae, ł l, ø o), Hebrew points and Arabic vowel signs dropped. Letters of their own keep their marks (й, ї, ў; が; Indic vowels).
/// Folding what is folded changes nothing.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase) {
        if dropped(c) && !letter_of_its_own(plain.chars().next_back(), c) {
            continue;
        }
        match spelt(c) {
            Some(letters) => plain.push_str(letters),
            None => plain.push(c),
        }
    }
    plain.nfc().collect()
}

/// The distinct folded words of a text in the order they first appear, at most 4,000 and each cut at 40 characters.
///
/// Words end where letters, digits and their marks end. Chinese, Japanese and Korean are not written with spaces between words that
/// could be relied on: there each character is a word, and each pair of neighbours is one too.
pub fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut found = Words::default();
    let mut word = String::new();
    let mut before: Option<char> = None;
    for c in folded.chars() {
        if found.order.len() >= WORDS_MAX {
            return found.order;
        }
        if is_cjk(c) {
            found.add(&mut word);
            found.add(&mut c.to_string());
            if let Some(before) = before {
                found.add(&mut [before, c].iter().collect());
            }
            before = Some(c);
            continue;
        }
        before = None;
        if c.is_alphanumeric() || is_combining_mark(c) {
            word.push(c);
        } else {
            found.add(&mut word);
        }
    }
    found.add(&mut word);
    found.order.truncate(WORDS_MAX);
    found.order
}

/// The first `chars` characters of the text as lists sort it: folded, letters and digits only, one space between words.
/// The beginning of a longer key is the shorter one, so ordering buckets and then their members gives the whole order.
pub fn name_sort(text: &str, chars: usize) -> String {
    let mut key = String::new();
    let mut gap = false;
    let mut count = 0;
    for c in fold(text).chars() {
        let kept = c.is_alphanumeric() || is_combining_mark(c);
        if kept {
            if gap && count > 0 && count < chars {
                key.push(' ');
                count += 1;
            }
            if count >= chars {
                break;
            }
            key.push(c);
            count += 1;
            gap = false;
        } else if !matches!(c, '\'' | '’' | 'ʼ' | '.') {
            gap = true;
        }
    }
    key
}

#[derive(Default)]
struct Words {
    order: Vec<String>,
    seen: HashSet<String>,
}

impl Words {
    fn add(&mut self, word: &mut String) {
        let word = std::mem::take(word);
        if word.is_empty() {
            return;
        }
        let word = match word.char_indices().nth(WORD_CHARS) {
            Some((end, _)) => word[..end].to_owned(),
            None => word,
        };
        if self.seen.insert(word.clone()) {
            self.order.push(word);
        }
    }
}

/// Accents, points, vowel signs and invisible joiners, which people leave out when they type.
fn dropped(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{487}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}'
        | '\u{711}' | '\u{730}'..='\u{74a}'
        | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// Cyrillic letters that Unicode takes apart but no reader does: й ў ї ѓ ќ. (ё is commonly written е, and folds to it.)
fn letter_of_its_own(base: Option<char>, mark: char) -> bool {
    matches!((base, mark), (Some('и' | 'у'), '\u{306}') | (Some('і'), '\u{308}') | (Some('г' | 'к'), '\u{301}'))
}

/// Letters without a decomposition that are commonly typed plainly.
fn spelt(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ø' => "o",
        'ł' | 'ƚ' => "l",
        'đ' | 'ð' | 'ɖ' => "d",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ĸ' => "k",
        'ı' => "i",
        'ƶ' => "z",
        'ƀ' => "b",
        'ς' => "σ",
        _ => return None,
    })
}

fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{3099}' | '\u{309a}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3105}'..='\u{312f}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests;
