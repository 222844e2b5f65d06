//! A decision beside what its case expects.

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    day,
    parse::{Expected, ExpectedField},
};
use crate::retention::{Decision, Outcome};

/// One value that differs.
pub(super) struct Difference {
    pub key: String,
    pub expected: Value,
    pub got: Value,
}

/// Everything `expect` names that the decision does not have.
pub(super) fn differences(expect: &Expected, decision: &Decision) -> Vec<Difference> {
    let mut found = Vec::new();
    dates(&mut found, "", &expect.own, decision.outcome, decision.earliest, decision.latest);
    if let Some(fields) = &expect.fields {
        for (name, expected) in fields {
            match decision.fields.get(name) {
                Some(got) => dates(&mut found, &format!("fields.{name}."), expected, got.outcome, got.earliest, got.latest),
                None => found.push(Difference { key: format!("fields.{name}"), expected: json!("present"), got: Value::Null }),
            }
        }
        for name in decision.fields.keys().filter(|name| !fields.contains_key(*name)) {
            found.push(Difference { key: format!("fields.{name}"), expected: Value::Null, got: json!("present") });
        }
    }
    if let Some(flags) =
        expect.flags.as_ref().filter(|flags| !flags.iter().map(String::as_str).eq(decision.flags.iter().map(|f| f.as_str())))
    {
        let got = decision.flags.iter().map(|f| f.as_str()).collect();
        found.push(Difference { key: "flags".into(), expected: flags.iter().map(String::as_str).collect(), got });
    }
    found
}

fn dates(found: &mut Vec<Difference>, at: &str, expect: &ExpectedField, outcome: Outcome, earliest: Option<Date>, latest: Option<Date>) {
    let mut compare = |key: &str, expected: Option<Value>, got: Value| {
        if let Some(expected) = expected.filter(|e| *e != got) {
            found.push(Difference { key: format!("{at}{key}"), expected, got });
        }
    };
    compare("outcome", expect.outcome.map(|o| o.as_str().into()), outcome.as_str().into());
    compare("earliest", expect.earliest.map(day), day(earliest));
    compare("latest", expect.latest.map(day), day(latest));
}
