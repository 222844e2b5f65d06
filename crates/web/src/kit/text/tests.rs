//! What every language promises: the same messages as English, with the same variables and its own plural forms.

use std::collections::{BTreeMap, BTreeSet};

use crm::identity::Language;
use fluent_bundle::FluentResource;

use super::{Text, files};

/// Of one message: its whole text, the lines below its key among it.
fn messages(language: Language) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (slice, source) in files(language) {
        let mut current: Option<(String, String)> = None;
        for line in source.lines().chain(["end = "]) {
            let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
            match (starts.then(|| line.split_once(" =")).flatten(), &mut current) {
                (Some((key, value)), before) => {
                    if let Some((key, text)) = before.take() {
                        assert!(all.insert(key.clone(), text).is_none(), "{}: {key} is said twice ({slice})", language.code());
                    }
                    current = Some((key.to_owned(), value.to_owned()));
                }
                (None, Some((_, text))) if line.starts_with([' ', '}']) => *text = format!("{text}\n{line}"),
                _ => {}
            }
        }
    }
    all
}

/// The variables of a message, as `name`.
fn variables(text: &str) -> BTreeSet<&str> {
    text.split('$').skip(1).filter_map(|rest| rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next()).collect()
}

/// The plural forms that a message chooses from by `$count`.
fn forms(text: &str) -> BTreeSet<&str> {
    if !text.contains("$count ->") {
        return BTreeSet::new();
    }
    let names = text.lines().filter_map(|line| line.trim().trim_start_matches('*').strip_prefix('['));
    names.filter_map(|rest| rest.split(']').next()).filter(|name| name.parse::<u64>().is_err()).collect()
}

#[test]
fn every_language_file_is_well_formed_and_no_key_is_said_twice() {
    for language in Language::ALL {
        for (slice, source) in files(language) {
            let read = FluentResource::try_new((*source).to_owned());
            let wrong = read.err().map(|(_, errors)| format!("{errors:?}"));
            assert_eq!(wrong, None, "{}/{slice}.ftl does not parse", language.code());
        }
        messages(language);
    }
}

#[test]
fn every_language_says_exactly_what_english_says_with_the_same_variables() {
    let english = messages(Language::En);
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let own = messages(language);
        let code = language.code();
        wrong.extend(english.keys().filter(|key| !own.contains_key(*key)).map(|key| format!("{code}: {key} is missing")));
        wrong.extend(own.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("{code}: {key} is in no English file")));
        for (key, text) in &own {
            let Some(original) = english.get(key) else { continue };
            let (mut mine, mut theirs) = (variables(text), variables(original));
            // Which form a count takes is each language's own affair, and a day's pattern takes what it needs of the day.
            mine.remove("count");
            theirs.remove("count");
            let pattern = ["date-day", "date-short"].contains(&key.as_str());
            if pattern {
                theirs.extend(["d", "m", "y", "month"]);
            }
            if if pattern { !mine.is_subset(&theirs) } else { mine != theirs } {
                wrong.push(format!("{code}: {key} has {mine:?} where English has {theirs:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_count_has_the_plural_forms_of_its_language() {
    // CLDR 46, cardinal forms for whole numbers; French and Spanish have `many` for round millions, which may fall to `other`.
    let mut wrong = Vec::new();
    for language in Language::ALL {
        for (key, text) in messages(language) {
            let forms = forms(&text);
            if forms.is_empty() {
                continue;
            }
            let good = match language {
                Language::Zh => forms == BTreeSet::from(["other"]),
                Language::En | Language::De => forms == BTreeSet::from(["one", "other"]),
                Language::Fr | Language::Es => {
                    forms.contains("one") && forms.contains("other") && forms.iter().all(|f| ["one", "many", "other"].contains(f))
                }
            };
            if !good {
                wrong.push(format!("{}: {key} has {forms:?}", language.code()));
            }
            // Nought is singular in French: a form that writes 1 would say 1 of nothing.
            let one = text.lines().find(|line| line.trim_start().starts_with("[one]")).unwrap_or_default();
            if language == Language::Fr && one.contains(" 1 ") {
                wrong.push(format!("fr: {key} writes 1 in a form that 0 takes as well"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_message_is_said_in_the_language_and_a_missing_one_shows_its_key() {
    assert_eq!(Text::of(Language::De).get("nav-people"), "Personen");
    assert_eq!(Text::of(Language::Fr).get("nav-people"), "Personnes");
    assert_eq!(Text::of(Language::Es).get("nav-people"), "Personas");
    assert_eq!(Text::of(Language::Zh).get("nav-people"), "联系人");
    assert_eq!(Text::english().get("no-such-key"), "no-such-key");
}

#[test]
fn sizes_and_counts_read_as_people_write_them() {
    let t = Text::english();
    assert_eq!(t.number(1_204_331), "1,204,331");
    assert_eq!(t.size(812), "812 B");
    assert_eq!(t.size(4_213_000), "4.2 MB");
    assert_eq!(Text::of(Language::De).size(4_213_000), "4,2 MB");
    assert_eq!(Text::of(Language::De).count("date-left", 1), "noch 1 Tag");
    assert_eq!(Text::of(Language::Zh).count("date-left", 1), "还剩 1 天");
}
