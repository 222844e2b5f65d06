//! Legal orders by code: which contains which, and which are domestic to a person.

/// The 27 Member States.
pub const MEMBER_STATES: [&str; 27] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL",
    "PT", "RO", "SE", "SI", "SK",
];

/// Whether the law (or a part of its country, as `DE-BY`) is EU or EEA law.
pub fn is_eea(law: &str) -> bool {
    let country = country(law);
    matches!(country, "EU" | "EEA" | "IS" | "LI" | "NO") || MEMBER_STATES.contains(&country)
}

/// Whether `outer` is `inner` or contains it: `US` contains `US-CA`, `EU` a Member State, `EEA` the EU and IS, LI, NO.
pub fn contains(outer: &str, inner: &str) -> bool {
    let (outer_country, inner_country) = (country(outer), country(inner));
    match (part(outer), outer_country) {
        (None, "EU") => inner_country == "EU" || MEMBER_STATES.contains(&inner_country),
        (None, "EEA") => is_eea(inner),
        (None, _) => outer_country == inner_country,
        (Some(region), _) => outer_country == inner_country && part(inner).is_some_and(|p| p == region || within(p, region)),
    }
}

/// Whether an obligation under `law` is domestic for a person under `person` (GDPR Art 17(3)(b)); an absent law is.
pub fn is_domestic(law: Option<&str>, person: Option<&str>) -> bool {
    let (Some(law), Some(person)) = (law.filter(|l| !l.is_empty()), person.filter(|p| !p.is_empty())) else { return true };
    contains(law, person) || (is_eea(person) && is_eea(law))
}

/// The country of a code, with the synonyms resolved (`GB` is `UK`, `EL` is `GR`).
pub fn country(code: &str) -> &str {
    match code.split('-').next().unwrap_or(code) {
        "GB" => "UK",
        "EL" => "GR",
        other => other,
    }
}

fn part(code: &str) -> Option<&str> {
    code.split_once('-').map(|(_, part)| part)
}

fn within(inner: &str, outer: &str) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_contains_its_parts_and_not_the_reverse() {
        assert!(is_domestic(Some("US"), Some("US-CA")));
        assert!(!is_domestic(Some("US-CA"), Some("US")));
        assert!(!is_domestic(Some("US-CA"), Some("US-NY")));
        assert!(!is_domestic(Some("US-C"), Some("US-CA")));
        assert!(is_domestic(Some("GB"), Some("UK")));
        assert!(is_domestic(Some("UK"), Some("GB-SCT")));
    }

    #[test]
    fn any_eea_law_is_domestic_to_a_person_of_the_eea() {
        for person in MEMBER_STATES.into_iter().chain(["IS", "LI", "NO", "DE-BY"]) {
            for law in ["EU", "EEA", "FR", "NO", "DE-BE", person] {
                assert!(is_domestic(Some(law), Some(person)), "{law} for {person}");
            }
            assert!(!is_domestic(Some("US"), Some(person)));
            assert!(!is_domestic(Some("UK"), Some(person)));
            assert!(!is_domestic(Some("CH"), Some(person)));
        }
        assert!(!is_domestic(Some("EU"), Some("UK")));
        assert!(!is_domestic(Some("EU"), Some("CH")));
    }

    #[test]
    fn an_absent_law_is_domestic() {
        assert!(is_domestic(None, Some("DE")));
        assert!(is_domestic(Some("US"), None));
        assert!(is_domestic(None, None));
    }
}
