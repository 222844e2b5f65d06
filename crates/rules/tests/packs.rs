//! The shipped packs: sourced, validated, chosen by country and industry.

use std::collections::BTreeMap;

use jiff::civil::date;
use rules::{
    packs::{self, Figure, INDUSTRIES, adopt},
    retention::{Clock, Facts, Outcome, Rule, Settings, Strength, decide, law::MEMBER_STATES},
};

const KINDS: [&str; 10] = ["person", "company", "deal", "task", "note", "message", "file", "order", "case", "web_event"];

fn ids(country: &str, industry: &str) -> Vec<&'static str> {
    adopt(country, industry).iter().map(|p| p.id.as_str()).collect()
}

fn rules_of(country: &str, industry: &str) -> Vec<Rule> {
    adopt(country, industry).iter().flat_map(|p| &p.rules).map(|r| r.rule.clone()).collect()
}

#[test]
fn every_shipped_pack_is_valid_and_every_rule_has_its_citation() {
    assert_eq!(packs::all().len(), 23);
    for pack in packs::all() {
        assert_eq!(packs::validate(pack).map_err(|e| e.to_string()), Ok(()), "{}", pack.id);
        assert!(pack.note.contains("not legal advice"), "{}", pack.id);
        assert!(pack.industries.iter().all(|i| INDUSTRIES.contains(&i.as_str())), "{}", pack.id);
        for entry in &pack.rules {
            assert!(!entry.rule.citation.is_empty(), "{}", entry.rule.id);
            assert_eq!(entry.checked_on, date(2026, 11, 21));
            assert_eq!(entry.figure == Figure::Recommended, entry.rule.strength == Strength::Policy, "{}", entry.rule.id);
        }
    }
}

#[test]
fn no_two_packs_share_a_rule() {
    let mut owner = BTreeMap::new();
    for pack in packs::all() {
        for entry in &pack.rules {
            assert_eq!(*owner.entry(entry.rule.id.clone()).or_insert(&pack.id), &pack.id, "{}", entry.rule.id);
        }
    }
}

#[test]
fn after_adoption_anywhere_every_built_in_kind_has_a_rule() {
    let countries = MEMBER_STATES.into_iter().chain(["UK", "GB", "US", "US-CA", "CH", "JP", "BR", "nowhere"]);
    for country in countries {
        for industry in INDUSTRIES {
            let rules = rules_of(country, industry);
            for kind in KINDS {
                let events = [("created", date(2026, 1, 1)), ("last_activity", date(2026, 1, 1))];
                let facts = Facts {
                    kind: kind.into(),
                    events: events.map(|(k, v)| (k.to_owned(), v)).into_iter().collect(),
                    fields: vec!["text".into()],
                    ..Facts::default()
                };
                let decision = decide(&facts, &rules, &[], &[], &Settings::default(), date(2026, 11, 21), Clock::Trusted);
                assert_eq!(decision.outcome, Outcome::Retain, "{kind} in {country}, {industry}");
            }
        }
    }
}

#[test]
fn packs_are_chosen_by_country_and_industry() {
    assert_eq!(ids("DE", "general"), ["probity-defaults", "gdpr", "pci-dss", "de-hgb-ao"]);
    assert!(ids("FR", "finance").contains(&"aml-eu") && !ids("FR", "finance").contains(&"de-hgb-ao"));
    assert!(ids("NO", "general").contains(&"gdpr"));
    assert_eq!(ids("GB", "health"), ids("UK", "health"));
    assert!(ids("UK", "health").contains(&"uk-therapy") && !ids("UK", "health").contains(&"gdpr"));
    assert!(ids("US", "finance").contains(&"sec-finra") && !ids("US", "trade").contains(&"sec-finra"));
    assert!(ids("US-CA", "general").contains(&"ccpa"));
    assert_eq!(ids("JP", "general"), ["probity-defaults", "pci-dss"]);
}

#[test]
fn the_anti_money_laundering_regulation_takes_over_on_its_day() {
    let rules = rules_of("DE", "finance");
    let events = [("created", date(2015, 1, 1)), ("relationship_ended", date(2022, 9, 30))];
    let facts = Facts {
        kind: "file".into(),
        class: Some("aml-file".into()),
        person_law: Some("DE".into()),
        fields: vec!["text".into()],
        events: events.map(|(k, v)| (k.to_owned(), v)).into_iter().collect(),
        ..Facts::default()
    };
    for (now, law) in [(date(2027, 7, 9), "2015/849"), (date(2027, 7, 10), "2024/1624")] {
        let decision = decide(&facts, &rules, &[], &[], &Settings::default(), now, Clock::Trusted);
        assert_eq!(
            (decision.outcome, decision.earliest, decision.latest),
            (Outcome::Retain, Some(date(2027, 10, 1)), Some(date(2027, 10, 30)))
        );
        let ceilings: Vec<_> = decision.reasons.iter().map(ToString::to_string).filter(|r| r.contains("ends it on")).collect();
        assert!(ceilings.len() == 1 && ceilings[0].contains(law), "{ceilings:?}");
    }
}

const HEAD: &str = "id = \"x\"\nversion = 1\ntitle = \"x\"\nnote = \"x\"\nchecked_on = \"2026-11-21\"\n";

fn refusal(rules: &str) -> Option<&'static str> {
    packs::parse(&format!("{HEAD}{rules}")).err().map(|e| e.problems().first().map_or("unreadable", |p| p.code))
}

fn law(version: u32, period: &str, more: &str) -> String {
    format!(
        "[[rule]]\nid = \"a\"\nversion = {version}\nfigure = \"statutory\"\nkind = \"min\"\nstrength = \"law\"\ncitation = \"c\"\ntrigger = \"created\"\n\
         period = \"{period}\"\neffective_from = \"200{version}-01-01\"\n{more}\n"
    )
}

#[test]
fn a_law_that_shortens_must_state_its_transition() {
    assert_eq!(refusal(&(law(1, "P6Y", "") + &law(2, "P8Y", ""))), None);
    assert_eq!(refusal(&(law(1, "P6Y", "") + &law(2, "P5Y", ""))), Some("transition_required"));
    assert_eq!(refusal(&(law(1, "P6Y", "") + &law(2, "P5Y", "retroactive = true"))), Some("transition_required"));
    assert_eq!(refusal(&(law(1, "P6Y", "") + &law(2, "P5Y", "retroactive = false\ntransition = \"Art 9\""))), None);
    assert_eq!(refusal(&(law(1, "P6Y", "") + &law(1, "P6Y", ""))), Some("duplicate"));
}

#[test]
fn a_rule_without_citation_or_of_mixed_figures_is_refused() {
    assert_eq!(refusal(&law(1, "P6Y", "").replace("citation = \"c\"\n", "")), Some("citation_required"));
    assert_eq!(refusal(&law(1, "P6Y", "").replace("statutory", "recommended")), Some("figures_mixed"));
    assert_eq!(refusal(&law(1, "P6Y", "").replace("period = \"P6Y\"\n", "")), Some("required"));
    assert_eq!(
        refusal(&law(1, "P6Y", "").replace("\"min\"", "\"max\"").replace("kind", "then = \"keep\"\nkind")),
        Some("keep_under_ceiling")
    );
    assert_eq!(refusal(&law(1, "P6Y", "surprise = 1")), Some("unreadable"));
    assert_eq!(refusal(&law(1, "P1Y6M", "")), Some("unreadable"));
}
