//! The description says what there is, and no more.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{BASE, document};
use crate::router::TABLE;

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(to)) = map.get("$ref") {
                found.insert(to.clone());
            }
            map.values().for_each(|v| references(v, found));
        }
        Value::Array(all) => all.iter().for_each(|v| references(v, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document(&catalogue::builtin());
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for to in found {
        assert!(document.pointer(to.strip_prefix('#').unwrap()).is_some(), "{to}");
    }
}

#[test]
fn every_address_of_the_api_is_described_or_is_another_of_one_that_is() {
    for route in TABLE.iter().copied().flatten().filter(|r| r.path.starts_with(BASE)) {
        let twin = match route.path.strip_prefix("/api/v1/records/{kind}") {
            Some(rest) => format!("/api/v1/{{kind}}{rest}"),
            None => route.path.replacen("/api/v1/{kind}", "/api/v1/records/{kind}", 1),
        };
        let described = |path: &str| TABLE.iter().copied().flatten().any(|r| r.path == path && r.method == route.method && r.doc.is_some());
        assert!(described(route.path) || described(&twin), "{} {}", route.method, route.path);
    }
}

#[test]
fn ids_of_operations_are_distinct_and_parameters_are_those_of_the_path() {
    let document = document(&catalogue::builtin());
    let mut ids = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for operation in operations.as_object().unwrap().values() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{path}");
            let in_path: BTreeSet<&str> = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
            let named = operation["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "path");
            assert_eq!(named.map(|p| p["name"].as_str().unwrap()).collect::<BTreeSet<_>>(), in_path, "{path}");
        }
    }
    assert!(ids.contains("create_person") && ids.contains("list_company"));
}
