//! Which records a rule is for.

use serde::{Deserialize, Serialize};

use super::{law, types::Facts};

/// A predicate over a record's kind, class, jurisdiction, industry and tags; the empty one matches every record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AppliesTo {
    /// Over the record's kind.
    #[serde(default, skip_serializing_if = "Lists::is_empty")]
    pub kind: Lists,
    /// Over its retention class.
    #[serde(default, skip_serializing_if = "Lists::is_empty")]
    pub class: Lists,
    /// Over its jurisdiction; a listed law matches what it contains (`EU` matches `DE`, `US` matches `US-CA`).
    #[serde(default, skip_serializing_if = "Lists::is_empty")]
    pub jurisdiction: Lists,
    /// Over its industry.
    #[serde(default, skip_serializing_if = "Lists::is_empty")]
    pub industry: Lists,
    /// Over its tags.
    #[serde(default, skip_serializing_if = "Lists::is_empty")]
    pub tags: Lists,
}

/// At least one of `any` (where there are some), every one of `all`, not one of `none`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lists {
    /// At least one of these, if any are listed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<String>,
    /// Each of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<String>,
    /// None of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<String>,
}

impl Lists {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.any.is_empty() && self.all.is_empty() && self.none.is_empty()
    }

    fn matches(&self, has: impl Fn(&str) -> bool) -> bool {
        (self.any.is_empty() || self.any.iter().any(|v| has(v))) && self.all.iter().all(|v| has(v)) && !self.none.iter().any(|v| has(v))
    }
}

impl AppliesTo {
    /// Whether the rule is for this record.
    pub fn matches(&self, facts: &Facts) -> bool {
        self.kind.matches(|v| facts.kind == v)
            && self.class.matches(|v| facts.class.as_deref() == Some(v))
            && self.jurisdiction.matches(|v| facts.jurisdiction.as_deref().is_some_and(|j| law::contains(v, j)))
            && self.industry.matches(|v| facts.industry.as_deref() == Some(v))
            && self.tags.matches(|v| facts.tags.iter().any(|t| t == v))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(any: &[&str], all: &[&str], none: &[&str]) -> Lists {
        let own = |v: &[&str]| v.iter().map(ToString::to_string).collect();
        Lists { any: own(any), all: own(all), none: own(none) }
    }

    #[test]
    fn any_all_and_none_are_what_they_say() {
        let facts =
            Facts { kind: "message".into(), tags: vec!["a".into(), "b".into()], jurisdiction: Some("US-CA".into()), ..Facts::default() };
        let with = |tags| AppliesTo { tags, ..AppliesTo::default() }.matches(&facts);
        assert!(with(list(&["x", "a"], &["a", "b"], &["c"])));
        assert!(!with(list(&["x"], &[], &[])));
        assert!(!with(list(&[], &["a", "c"], &[])));
        assert!(!with(list(&[], &[], &["b"])));
        assert!(AppliesTo::default().matches(&facts));
        assert!(AppliesTo { jurisdiction: list(&["US"], &[], &[]), ..AppliesTo::default() }.matches(&facts));
        assert!(!AppliesTo { class: list(&["letter"], &[], &[]), ..AppliesTo::default() }.matches(&facts));
        assert!(AppliesTo { class: list(&[], &[], &["letter"]), ..AppliesTo::default() }.matches(&facts));
    }
}
