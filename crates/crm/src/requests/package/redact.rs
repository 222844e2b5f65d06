//! Keeping other people's data out of a package: their names, addresses and numbers are replaced, counted, never told.
//!
//! Another person is known by being linked to one of the records, by being in the CRM under two adjacent capitalised words of a text,
//! or by standing among a message's participants; an e-mail address that is not the person's own is always another's.

use std::collections::BTreeSet;

use catalogue::{Value, person};

use crate::records::Record;

/// What stands where another person's data stood.
pub const ANOTHER: &str = "another person";

/// Who the person is, in every form they are written; and what is known of others.
#[derive(Clone, Default)]
pub struct Redactor {
    own_text: BTreeSet<String>,
    own_words: BTreeSet<String>,
    own_mail: BTreeSet<String>,
    own_digits: Vec<String>,
    needles: Vec<Needle>,
}

#[derive(Clone, PartialEq, Eq)]
enum Needle {
    /// Words, compared without case, any white space between.
    Text(Vec<char>),
    /// One word of a name, compared as written.
    Word(Vec<char>),
    /// The last digits of a telephone number, any separators between.
    Digits(Vec<char>),
}

/// How many digits from the end tell a telephone number.
const TELLING_DIGITS: usize = 8;

fn digits(text: &str) -> String {
    let all: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    all[all.len().saturating_sub(TELLING_DIGITS)..].iter().collect()
}

fn lower(text: &str) -> Vec<char> {
    text.trim().chars().map(low).collect()
}

fn low(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

impl Redactor {
    /// Redacts for this person, going by every version of their record.
    pub fn of(versions: &[&Record]) -> Self {
        let mut this = Self::default();
        for record in versions {
            for value in record.fields().values() {
                for text in texts(value) {
                    this.own_text.insert(vault::fold(&text));
                    this.own_mail.extend(vault::email(&text));
                }
            }
            for field in [person::NAME, person::GIVEN_NAME, person::FAMILY_NAME] {
                this.own_words.extend(record.text(field).map(vault::words).unwrap_or_default());
            }
            for value in record.get(person::PHONE).map(Value::each).unwrap_or_default() {
                this.own_digits.push(digits(&value.display()));
            }
        }
        this
    }

    /// Whether a text (a participant as a message writes it) is this person.
    pub fn is_own(&self, text: &str) -> bool {
        let folded = vault::fold(text);
        let number = digits(text);
        mails(text).iter().any(|(_, mail)| self.own_mail.contains(mail))
            || self.own_text.contains(&folded)
            || (number.len() >= 7 && !text.contains('@') && self.own_digits.contains(&number))
            || (!text.contains('@') && !folded.is_empty() && vault::words(text).iter().all(|word| self.own_words.contains(word)))
    }

    /// Whether all words of a name are this person's own.
    pub fn is_own_word(&self, folded: &str) -> bool {
        self.own_words.contains(folded)
    }

    /// Learns what another person of the CRM is called.
    pub fn learn(&mut self, other: &Record) {
        let fields = other.row.kind.fields.iter().filter(|f| f.is_sealed());
        for field in fields {
            let Some(value) = other.get(&field.key) else { continue };
            match field.key.as_str() {
                person::NAME | person::GIVEN_NAME | person::FAMILY_NAME => self.learn_name(&value.display()),
                person::PHONE => value.each().iter().for_each(|v| self.learn_number(&v.display())),
                // A country, language, source, position or opinion tells nobody apart.
                person::COUNTRY | person::LANGUAGE | person::SOURCE | person::JOB_TITLE | person::NOTE => {}
                person::ADDRESS => {
                    if let Value::Address(address) = value {
                        address.street.lines().for_each(|line| self.learn_text(line));
                    }
                }
                _ => value.each().iter().for_each(|v| self.learn_text(&v.display())),
            }
        }
    }

    /// Learns a participant as a message writes it: address and shown name.
    pub fn learn_participant(&mut self, text: &str) {
        if self.is_own(text) {
            return;
        }
        for (at, mail) in mails(text) {
            self.learn_text(&mail);
            let shown = text.get(..at).unwrap_or_default().trim_matches(|c: char| c.is_whitespace() || "\"'<>(),;".contains(c));
            if !shown.is_empty() {
                self.learn_name(shown);
            }
        }
        if !text.contains('@') {
            if text.chars().any(char::is_alphabetic) { self.learn_name(text) } else { self.learn_number(text) }
        }
    }

    /// Whether a record speaks of another person of the CRM; addresses of strangers do not count.
    pub fn knows_another(&self, record: &Record) -> bool {
        record.body.sealed.values().flat_map(texts).any(|text| self.text(&text, false).1 > 0)
    }

    fn learn_name(&mut self, name: &str) {
        if vault::words(name).iter().all(|word| self.own_words.contains(word)) {
            return;
        }
        self.learn_text(name);
        let words = name.split(|c: char| !c.is_alphabetic());
        for word in words.filter(|w| w.chars().count() >= 3 && w.starts_with(char::is_uppercase)) {
            if !self.own_words.contains(&vault::fold(word)) {
                self.push(Needle::Word(word.chars().collect()));
            }
        }
    }

    fn learn_text(&mut self, text: &str) {
        let folded = vault::fold(text);
        if folded.chars().count() >= 3 && !self.own_text.contains(&folded) {
            self.push(Needle::Text(lower(text)));
        }
    }

    fn learn_number(&mut self, number: &str) {
        let digits = digits(number);
        if digits.len() >= 6 && !self.own_digits.contains(&digits) {
            self.push(Needle::Digits(digits.chars().collect()));
        }
    }

    fn push(&mut self, needle: Needle) {
        if !self.needles.contains(&needle) {
            self.needles.push(needle);
        }
    }

    /// A text without other people, and how many places were taken out. `mails` says whether unknown addresses go as well.
    pub fn text(&self, text: &str, mails: bool) -> (String, usize) {
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let mut taken: Vec<(usize, usize)> = Vec::new();
        if mails {
            for (at, mail) in self::mails(text).into_iter().filter(|(_, mail)| !self.own_mail.contains(mail)) {
                let from = chars.partition_point(|(byte, _)| *byte < at);
                let len = chars.get(from..).unwrap_or_default().iter().take_while(|(_, c)| is_mail_char(*c) || *c == '@').count();
                let _ = mail;
                taken.push((from, from + len));
            }
        }
        for needle in &self.needles {
            let mut at = 0;
            while at < chars.len() {
                match needle.found(&chars, at) {
                    Some((from, to)) => {
                        taken.push((from, to));
                        at = to.max(at + 1);
                    }
                    None => at += 1,
                }
            }
        }
        if taken.is_empty() {
            return (text.to_owned(), 0);
        }
        taken.sort_unstable();
        let mut merged: Vec<(usize, usize)> = Vec::new();
        for (from, to) in taken {
            match merged.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => merged.push((from, to)),
            }
        }
        let byte = |at: usize| chars.get(at).map_or(text.len(), |(byte, _)| *byte);
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        for (from, to) in &merged {
            out.push_str(text.get(byte(at)..byte(*from)).unwrap_or_default());
            out.push('[');
            out.push_str(ANOTHER);
            out.push(']');
            at = *to;
        }
        out.push_str(text.get(byte(at)..).unwrap_or_default());
        (out, merged.len())
    }
}

impl Needle {
    /// Where it stands at or around `at`, in characters.
    fn found(&self, chars: &[(usize, char)], at: usize) -> Option<(usize, usize)> {
        let get = |i: usize| chars.get(i).map(|(_, c)| *c);
        let joins = |i: Option<usize>| i.and_then(get).is_some_and(char::is_alphanumeric);
        match self {
            Self::Text(needle) | Self::Word(needle) => {
                let exact = matches!(self, Self::Word(_));
                let mut i = at;
                let mut rest = needle.iter().peekable();
                while let Some(wanted) = rest.next() {
                    let here = get(i)?;
                    if wanted.is_whitespace() {
                        if !here.is_whitespace() {
                            return None;
                        }
                        while get(i).is_some_and(char::is_whitespace) {
                            i += 1;
                        }
                        while rest.next_if(|c| c.is_whitespace()).is_some() {}
                        continue;
                    }
                    if (if exact { here } else { low(here) }) != *wanted {
                        return None;
                    }
                    i += 1;
                }
                let whole = !joins(at.checked_sub(1)) && !joins(Some(i));
                // Inside a longer word a name is nobody's, an address still is.
                (whole || needle.contains(&'@')).then_some((at, i))
            }
            Self::Digits(needle) => {
                let separator = |c: char| " -/().\u{a0}\u{202f}".contains(c);
                let mut i = at;
                for wanted in needle {
                    while i > at && get(i).is_some_and(separator) {
                        i += 1;
                    }
                    if get(i)? != *wanted {
                        return None;
                    }
                    i += 1;
                }
                if get(i).is_some_and(|c| c.is_ascii_digit()) {
                    return None;
                }
                let mut from = at;
                while from.checked_sub(1).and_then(get).is_some_and(|c| c.is_ascii_digit() || c == '+' || separator(c)) {
                    from -= 1;
                }
                while from < at && get(from).is_some_and(|c| c != '+' && c != '(' && separator(c)) {
                    from += 1;
                }
                Some((from, i))
            }
        }
    }
}

fn is_mail_char(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
}

/// The e-mail addresses in a text: where each begins (in bytes), and its normal form.
pub fn mails(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let from = text[..at].char_indices().rev().take_while(|(_, c)| is_mail_char(*c)).last().map_or(at, |(i, _)| i);
        let rest = &text[at + 1..];
        let to = rest.char_indices().find(|(_, c)| !(c.is_alphanumeric() || *c == '-' || *c == '.')).map_or(rest.len(), |(i, _)| i);
        let whole = text.get(from..at + 1 + to).unwrap_or_default();
        if let Some(mail) = vault::email(whole.trim_end_matches('.').trim_start_matches('\'')) {
            found.push((from, mail));
        }
    }
    found
}

/// Every text within a value.
pub fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Text(text) => vec![text.clone()],
        Value::List(values) => values.iter().flat_map(texts).collect(),
        Value::Address(address) => address.parts().into_iter().map(|(_, part)| part.to_owned()).filter(|part| !part.is_empty()).collect(),
        _ => Vec::new(),
    }
}
