//! Worked cases written from the design's text: one line a case, decided and compared as `decide --check` does.

#![expect(clippy::expect_used, reason = "a test may stop where it stands")]

use rules::retention::cases::{Summary, run};

/// `now` is 2026-11-21. `record` is without braces; rules are `id kind strength law trigger period [then]`, words apart.
fn case(record: &str, rules: &[&str], more: &str, expect: &str) -> String {
    let rule = |text: &&str| {
        if text.starts_with('{') {
            return (*text).to_owned();
        }
        let w: Vec<_> = text.split(' ').collect();
        let then = w.get(6).unwrap_or(&"dispose");
        format!(
            r#"{{"id":"{}","version":1,"kind":"{}","strength":"{}","obligation_law":"{}","trigger":"{}","period":"{}","then":"{then}"}}"#,
            w[0], w[1], w[2], w[3], w[4], w[5]
        )
    };
    let rules: Vec<_> = rules.iter().map(rule).collect();
    let comma = if more.is_empty() { "" } else { "," };
    format!(
        r#"{{"case":"x","now":"2026-11-21","record":{{"kind":"message",{record}}},"rules":[{}]{comma}{more},"expect":{expect}}}"#,
        rules.join(",")
    )
}

fn told(input: &str, check: bool) -> (Summary, String) {
    let mut output = Vec::new();
    let summary = run(input.as_bytes(), &mut output, check).expect("readable");
    (summary, String::from_utf8(output).expect("text"))
}

#[track_caller]
fn holds(record: &str, rules: &[&str], more: &str, expect: &str) {
    let (summary, output) = told(&case(record, rules, more, expect), true);
    assert!(summary.is_clean() && summary.cases == 1, "{output}");
}

const ERASE: &str = r#""requests":[{"right":"erase","received":"2026-11-01","verified":true}]"#;
const LAW3: &str = "law3 min law US created P3Y";

fn is(outcome: &str, earliest: &str, latest: &str, flags: &str) -> String {
    let day = |d: &str| if d == "-" { "null".to_owned() } else { format!("\"{d}\"") };
    let flags: Vec<_> = flags.split_whitespace().map(|f| format!("\"{f}\"")).collect();
    format!(r#"{{"outcome":"{outcome}","earliest":{},"latest":{},"flags":[{}]}}"#, day(earliest), day(latest), flags.join(","))
}

#[test]
fn floors_and_grace() {
    let r = r#""person_law":"US","events":{"created":"2022-06-15"}"#;
    holds(r, &[LAW3], "", &is("OVERDUE", "2025-06-16", "2025-07-15", ""));
    holds(r, &[LAW3, "rec7 min policy US created P7Y"], "", &is("RETAIN", "2029-06-16", "2029-07-15", ""));
    holds(r, &[LAW3, "rec7 min policy US created P7Y"], ERASE, &is("DISPOSE", "2025-06-16", "2026-12-01", "policy_yields"));
    // the floor's own day is still kept, the last day of grace still in time
    holds(r#""events":{"created":"2023-11-21"}"#, &[LAW3], "", &is("RETAIN", "2026-11-22", "2026-12-21", ""));
    holds(r#""events":{"created":"2023-10-22"}"#, &[LAW3], "", &is("DUE", "2026-10-23", "2026-11-21", ""));
    holds(r#""events":{"created":"2020-02-29"}"#, &["a min law US created P7Y"], "", &is("RETAIN", "2027-03-01", "2027-03-30", ""));
}

#[test]
fn an_unverified_or_closed_or_future_erasure_changes_nothing() {
    let r = r#""person_law":"US","events":{"created":"2022-06-15"}"#;
    for request in [
        r#"{"right":"erase","received":"2026-11-01","verified":false}"#,
        r#"{"right":"erase","received":"2026-11-01","verified":true,"closed":"2026-11-21"}"#,
        r#"{"right":"erase","received":"2026-11-22","verified":true}"#,
        r#"{"right":"opt-out","received":"2026-11-01","verified":true}"#,
    ] {
        let more = format!(r#""requests":[{request}]"#);
        holds(r, &[LAW3, "rec7 min policy US created P7Y"], &more, &is("RETAIN", "2029-06-16", "2029-07-15", ""));
        holds(r, &[], &more, &is("UNCLASSIFIED", "-", "-", ""));
    }
}

#[test]
fn an_erasure_alone_is_a_ceiling_everywhere() {
    let r = r#""events":{"created":"2022-06-15"}"#;
    holds(r, &[], ERASE, &is("DISPOSE", "2026-11-21", "2026-12-01", ""));
    let late = r#""requests":[{"right":"delete","received":"2026-08-31","verified":true}]"#;
    holds(r, &[], late, &is("OVERDUE", "2026-11-21", "2026-09-30", ""));
    // whatever their date, recommended and contractual periods yield to it
    holds(
        r,
        &["p min policy US created P1Y", "c min contract US created P53M"],
        ERASE,
        &is("DISPOSE", "2026-11-21", "2026-12-01", "contract_yields policy_yields"),
    );
}

#[test]
fn law_beyond_the_ceiling_restricts_and_equality_retains() {
    let r = r#""person_law":"DE","events":{"created":"2022-05-01","purpose_ended":"2026-10-01"}"#;
    holds(r, &["fr min law FR created P10Y"], ERASE, &is("RESTRICT", "2032-05-02", "2032-05-31", ""));
    holds(r, &["us min law US created P10Y"], ERASE, &is("RESTRICT", "2032-05-02", "2032-05-31", "escalate"));
    holds(r, &["us min law US created P10Y", "de min claims DE created P10Y"], ERASE, &is("RESTRICT", "2032-05-02", "2032-05-31", ""));
    holds(
        r,
        &["us min law US created P10Y", "de min claims DE created P9Y"],
        ERASE,
        &is("RESTRICT", "2032-05-02", "2032-05-31", "escalate"),
    );
    holds(r, &["us min claims US created P10Y"], ERASE, &is("RESTRICT", "2032-05-02", "2032-05-31", ""));
    // at once, though the ceiling is still to come
    holds(r, &["a min law DE created P10Y", "b max law EU created P6Y"], "", &is("RESTRICT", "2032-05-02", "2032-05-31", ""));
    holds(r, &["a min law DE created P6Y", "b max law EU created P6Y"], "", &is("RETAIN", "2028-05-02", "2028-05-31", ""));
    holds(r#""events":{"created":"2022-05-01"}"#, &["us min law US created P10Y"], ERASE, &is("RESTRICT", "2032-05-02", "2032-05-31", ""));
}

#[test]
fn a_ceiling_beats_what_is_recommended_or_agreed_one_by_one() {
    let r = r#""events":{"created":"2024-09-01","purpose_ended":"2025-11-30"}"#;
    let max = "m max law EU purpose_ended P1Y";
    holds(r, &["p min policy US created P7Y", max], "", &is("DUE", "2026-11-21", "2026-11-30", "policy_yields"));
    holds(
        r,
        &["p min policy US created P7Y", "q min policy US created P2Y", max],
        "",
        &is("DUE", "2026-09-02", "2026-11-30", "policy_yields"),
    );
    holds(r, &["c min contract US created P7Y", max], "", &is("DUE", "2026-11-21", "2026-11-30", "contract_yields"));
    // an untriggered recommendation beside a ceiling says nothing; without one it keeps
    holds(r, &["p min policy US account_closed P7Y", max], "", &is("DUE", "2026-11-21", "2026-11-30", ""));
    holds(r, &["p min policy US account_closed P7Y"], "", &is("RETAIN_OPEN", "-", "-", ""));
    holds(r, &["p min policy US account_closed P7Y", "m max law EU superseded P1Y"], "", &is("RETAIN_OPEN", "-", "-", ""));
}

#[test]
fn what_binds_and_has_not_begun_keeps_it_open() {
    let r = r#""events":{"created":"2020-01-01","consent_ended":"2027-01-01","purpose_ended":"2026-01-01"}"#;
    for strength in ["law", "claims", "contract"] {
        let rule = format!("a min {strength} US consent_ended P5Y");
        holds(r, &[&rule], "", &is("RETAIN_OPEN", "-", "-", ""));
        holds(r, &[&rule], ERASE, &is("RETAIN_OPEN", "-", "-", "restricted"));
        holds(r, &[&rule, "m max law US purpose_ended P30D"], "", &is("RETAIN_OPEN", "-", "-", "restricted"));
        holds(r, &[&rule, "m max law US purpose_ended P9Y"], "", &is("RETAIN_OPEN", "-", "-", ""));
    }
}

#[test]
fn what_only_may_go_is_left_by_the_sweep() {
    let r = r#""events":{"created":"2024-01-01","last_used":"2026-11-20"}"#;
    holds(r, &["m max policy US last_used P2Y"], "", &is("MAY", "2026-11-21", "2028-11-20", ""));
    holds(r, &["m max policy US last_used P31D"], "", &is("DUE", "2026-11-21", "2026-12-21", ""));
    holds(r, &["m max policy US last_used P32D"], "", &is("MAY", "2026-11-21", "2026-12-22", ""));
    holds(r, &["m max law EU consent_withdrawn P30D"], "", &is("MAY", "2026-11-21", "-", ""));
    holds(r, &["m max policy US last_used P2Y"], ERASE, &is("DISPOSE", "2026-11-21", "2026-12-01", ""));
    holds(r, &["k min policy US created P1Y keep"], "", &is("MAY", "2025-01-02", "-", ""));
    // keep means nothing under a ceiling
    holds(r, &["k min law US created P1Y keep", "m max law US last_used P1D"], "", &is("DUE", "2025-01-02", "2026-11-21", ""));
}

#[test]
fn holds_come_first_and_cool_off() {
    let r = r#""events":{"created":"2019-01-01"}"#;
    let held = |h: &str| format!(r#""holds":[{{"id":"m","placed":"2025-01-01","released":{h}}}]"#);
    holds(r, &[LAW3], &held("null"), &is("HOLD", "-", "-", ""));
    holds(r, &[LAW3], &held(r#""2026-11-22""#), &is("HOLD", "-", "-", ""));
    holds(r, &[LAW3], &held(r#""2026-11-21""#), &is("RETAIN", "2026-12-22", "2027-01-20", ""));
    holds(r, &[LAW3], &held(r#""2026-10-01""#), &is("DUE", "2026-11-01", "2026-11-30", ""));
    holds(r, &[], &held(r#""2026-11-20""#), &is("UNCLASSIFIED", "-", "-", ""));
    holds(r, &[LAW3], &format!("{},{ERASE}", held("null")), &is("HOLD", "-", "-", "restricted"));
    // nothing shortens the cool-off, an erasure neither
    holds(r, &[LAW3], &format!("{},{ERASE}", held(r#""2026-11-20""#)), &is("RESTRICT", "2026-12-21", "2027-01-19", ""));
    // a hold that once was makes nothing due that no rule makes due
    holds(r, &["m max law EU consent_withdrawn P30D"], &held(r#""2026-01-01""#), &is("MAY", "2026-11-21", "-", ""));
    let future = r#""holds":[{"id":"m","placed":"2026-11-22"}],"settings":{"grace":60,"cool_off":"P2M"}"#;
    holds(r, &[LAW3], future, &is("OVERDUE", "2022-01-02", "2022-03-02", ""));
}

#[test]
fn prohibited_fields_go_now_or_are_quarantined() {
    let r = r#""events":{"created":"2026-11-20"},"fields":["code","text"]"#;
    let pci = r#"{"id":"pci","kind":"prohibit","strength":"law","fields":["code"]}"#;
    let expect = r#"{"outcome":"PARTIAL","earliest":null,"latest":null,"flags":[],"fields":{"code":{"outcome":"REDACT","earliest":"2026-11-21","latest":"2026-11-21"},"text":{"outcome":"RETAIN","earliest":"2029-11-21","latest":"2029-12-20"}}}"#;
    holds(r, &[LAW3, pci], "", expect);
    holds(r, &[LAW3, pci], r#""holds":[{"id":"m","placed":"2025-01-01"}]"#, &is("HOLD", "-", "-", "quarantine"));
    let later = r#"{"id":"pci","kind":"prohibit","fields":["code"],"trigger":"authorised"}"#;
    holds(r, &[LAW3, later], "", &is("RETAIN", "2029-11-21", "2029-12-20", ""));
}

#[test]
fn requests_freeze_until_closed() {
    let r = r#""events":{"created":"2019-01-01"}"#;
    let asked = |right: &str, received: &str, verified: bool| {
        format!(r#""requests":[{{"right":"{right}","received":"{received}","verified":{verified}}}]"#)
    };
    for right in ["access", "know", "portability"] {
        holds(r, &[LAW3], &asked(right, "2026-01-01", true), &is("FREEZE", "-", "-", ""));
    }
    for right in ["restriction", "restrict", "rectification", "correction", "objection"] {
        holds(r, &[LAW3], &asked(right, "2026-01-01", true), &is("FREEZE", "-", "-", "restricted"));
    }
    holds(r, &[LAW3], &asked("access", "2026-10-22", false), &is("FREEZE", "-", "-", ""));
    holds(r, &[LAW3], &asked("access", "2026-10-21", false), &is("OVERDUE", "2022-01-02", "2022-01-31", ""));
    holds(r, &["a min law US account_closed P1Y"], &asked("access", "2026-11-01", true), &is("FREEZE", "-", "-", ""));
}

#[test]
fn versions_bind_from_capture_on() {
    let v = |version: u32, period: &str, from: &str, more: &str| {
        format!(
            r#"{{"id":"p","version":{version},"kind":"min","strength":"policy","trigger":"created","period":"{period}","effective_from":"{from}"{more}}}"#
        )
    };
    let r = r#""events":{"created":"2024-08-01"}"#;
    let (first, longer, shorter) = (v(1, "P3Y", "2020-01-01", ""), v(2, "P7Y", "2025-01-01", ""), v(3, "P1Y", "2026-01-01", ""));
    holds(r, &[&first, &longer], "", &is("RETAIN", "2031-08-02", "2031-08-31", ""));
    holds(r, &[&first, &longer, &shorter], "", &is("RETAIN", "2031-08-02", "2031-08-31", ""));
    holds(r, &[&first, &shorter.replace("}", r#","retroactive":true}"#)], "", &is("OVERDUE", "2025-08-02", "2025-08-31", ""));
    // not yet in force
    holds(r, &[&first, &v(2, "P7Y", "2026-11-22", "")], "", &is("RETAIN", "2027-08-02", "2027-08-31", ""));
    // a record captured under the shorter version never knew the longer one
    holds(
        r#""events":{"created":"2024-08-01"},"captured":"2026-02-01""#,
        &[&first, &longer, &shorter],
        "",
        &is("OVERDUE", "2025-08-02", "2025-08-31", ""),
    );
    let max = |text: String| text.replace("\"min\"", "\"max\"");
    holds(r, &[&max(first), &max(longer), &max(shorter)], "", &is("OVERDUE", "2026-11-21", "2025-08-01", ""));
}

#[test]
fn a_sender_cannot_shorten_retention() {
    let claimed = |claimed: &str, more: &str| format!(r#""captured":"2026-11-01","claimed":"{claimed}"{more}"#);
    let anchored = is("RETAIN", "2029-11-02", "2029-12-01", "anchored_on_capture");
    holds(&claimed("2001-01-01", ""), &[LAW3], "", &anchored);
    holds(&claimed("2026-11-09", ""), &[LAW3], "", &anchored);
    holds(&claimed("2026-10-25", ""), &[LAW3], "", &is("RETAIN", "2029-10-26", "2029-11-24", ""));
    holds(&claimed("2023-11-10", r#","origin_evidence":true"#), &[LAW3], "", &is("DUE", "2026-11-11", "2026-12-10", ""));
    holds(&claimed("2001-01-01", r#","events":{"created":"2023-11-10"}"#), &[LAW3], "", &is("DUE", "2026-11-11", "2026-12-10", ""));
}

#[test]
fn a_clock_that_is_not_believed_destroys_nothing() {
    let r = r#""events":{"created":"2019-01-01"}"#;
    let leaf = |day: &str| format!(r#""last_ledger_entry":"{day}""#);
    for day in ["2026-11-23", "2026-11-22", "2026-11-19"] {
        holds(r, &[LAW3], &leaf(day), &is("SUSPEND", "-", "-", ""));
    }
    for day in ["2026-11-21", "2026-11-20"] {
        holds(r, &[LAW3], &leaf(day), &is("OVERDUE", "2022-01-02", "2022-01-31", ""));
    }
    holds(r, &[LAW3], &format!(r#"{},"holds":[{{"id":"m","placed":"2025-01-01"}}]"#, leaf("2026-11-23")), &is("SUSPEND", "-", "-", ""));
}

#[test]
fn fields_that_end_alike_are_no_partial_record() {
    let scoped = |id: &str, field: &str| {
        format!(r#"{{"id":"{id}","kind":"min","strength":"law","trigger":"created","period":"P5Y","fields":["{field}"]}}"#)
    };
    let (a, b) = (scoped("a", "x"), scoped("b", "y"));
    let r = r#""events":{"created":"2024-01-01"}"#;
    holds(r, &[&a, &b], "", &is("RETAIN", "2029-01-02", "2029-01-31", ""));
    holds(&format!(r#"{r},"fields":["x","y"]"#), &[&a, &b], "", &is("RETAIN", "2029-01-02", "2029-01-31", ""));
    let expect = r#"{"outcome":"PARTIAL","fields":{"x":{"outcome":"RETAIN"},"y":{"outcome":"UNCLASSIFIED","earliest":null}}}"#;
    holds(&format!(r#"{r},"fields":["x","y"]"#), &[&a], "", expect);
}

#[test]
fn a_fault_names_its_line_and_key_and_the_rest_goes_on() {
    let good = case(r#""events":{"created":"2022-06-15"}"#, &[LAW3], "", r#"{"outcome":"OVERDUE"}"#);
    let faults = [
        (good.replace("P3Y", "P1Y6M"), "rules[0].period"),
        (good.replace("2022-06-15", "2022-02-30"), "record.events.created"),
        (good.replace("\"kind\":\"message\"", "\"kind\":\"message\",\"colour\":\"red\""), "record.colour"),
        (good.replace("\"strength\"", "\"force\""), "rules[0].strength"),
        (good.replace("\"min\"", "\"minimum\""), "rules[0].kind"),
        (good.replace("\"case\":\"x\"", "\"case\":\"x\",\"extra\":1"), "extra"),
        (good.replace("OVERDUE", "LATE"), "expect.outcome"),
        (good.replace("\"now\":\"2026-11-21\",", ""), "now"),
        (good.replace("\"case\":\"x\"", "\"case\":\"x\",\"case\":\"y\""), ""),
        ("not json".to_owned(), ""),
        ("[]".to_owned(), ""),
    ];
    for (bad, key) in faults {
        let (summary, output) = told(&format!("{good}\n\n{bad}\n{good}\n"), true);
        assert_eq!(summary, Summary { cases: 3, differences: 0, errors: 1 }, "{output}");
        let lines: Vec<serde_json::Value> = output.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
        assert_eq!((lines[1]["line"].as_u64(), lines[1]["key"].as_str()), (Some(3), Some(key)));
        assert!(lines[1]["error"].as_str().is_some_and(|e| e.contains("line 3") && e.contains(key)));
        assert_eq!(lines[2]["outcome"], "OVERDUE");
    }
}

#[test]
fn check_prints_each_difference_and_without_it_none() {
    let wrong = case(r#""events":{"created":"2022-06-15"}"#, &[LAW3], "", &is("RETAIN", "2025-06-16", "-", "restricted"));
    let (summary, output) = told(&wrong, true);
    assert_eq!(summary.differences, 3);
    assert!(
        output.contains(r#""difference":"outcome""#)
            && output.contains(r#""difference":"latest""#)
            && output.contains(r#""difference":"flags""#)
    );
    let (summary, output) = told(&wrong, false);
    assert!(summary.is_clean() && output.lines().count() == 1);
    let decision: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    assert_eq!(decision["reasons"][0]["rule"], "law3");
    assert_eq!(decision["reasons"][0]["date"], "2025-06-15");
    assert!(decision.get("fields").is_none());
}
