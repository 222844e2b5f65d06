//! Country names to the codes that law is told by.
//!
//! The names are data: `countries.csv` beside this file.

use std::{collections::HashMap, sync::LazyLock};

static TABLE: &str = include_str!("countries.csv");

static CODES: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let mut codes = HashMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.splitn(3, ',');
        let (Some(two), Some(three), Some(names)) = (parts.next(), parts.next(), parts.next()) else { continue };
        for word in names.split('|').chain([two, three]) {
            codes.entry(plain(word)).or_insert(two);
        }
    }
    codes
});

/// The ISO 3166-1 alpha-2 code of a country as written: its code, its three-letter code, or its name in English, German, French, Spanish,
/// Italian or Dutch. A legal order of a part (`US-CA`) stays as it is. `None` when it is none of these.
pub fn code(written: &str) -> Option<String> {
    let written = written.trim();
    if written.len() > 80 {
        return None;
    }
    if let Some((country, part)) = written.split_once('-') {
        let known = country.len() == 2 && (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if known && CODES.get(&plain(country)).is_some_and(|c| c.eq_ignore_ascii_case(country)) {
            return Some(written.to_ascii_uppercase());
        }
    }
    CODES.get(&plain(written)).map(|code| (*code).to_owned())
}

/// Folded, letters only.
fn plain(text: &str) -> String {
    vault::fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_known_by_code_and_by_name_in_six_languages() {
        for germany in ["DE", "deu", "Germany", "Deutschland", "Allemagne", "Alemania", "GERMANIA", " Duitsland "] {
            assert_eq!(code(germany).as_deref(), Some("DE"), "{germany}");
        }
        for (written, wanted) in
            [("U.S.A.", "US"), ("EE. UU.", "US"), ("Österreich", "AT"), ("us-ca", "US-CA"), ("UK", "GB"), ("Côte d’Ivoire", "CI")]
        {
            assert_eq!(code(written).as_deref(), Some(wanted), "{written}");
        }
    }

    #[test]
    fn what_is_no_country_has_no_code() {
        for nowhere in ["", "Atlantis", "XX", "-", "California", "XX-CA", "Germany-ish"] {
            assert_eq!(code(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn the_table_has_every_code_once() {
        let codes: Vec<&str> = TABLE.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split(',').next()).collect();
        let mut distinct = codes.clone();
        distinct.dedup();
        assert_eq!((codes.len(), distinct.len()), (249, 249));
    }
}
