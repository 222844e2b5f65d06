//! Commands that need no installation.

use tempfile::tempdir;

use crate::{code, err, object, out, probity, refusal};

/// The names of the commands that `--help` lists.
fn commands() -> Vec<String> {
    let folder = tempdir().unwrap();
    let help = out(&probity(folder.path(), &["--help"]));
    let list = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let names = list.lines().filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn the_help_of_every_command_has_an_example() {
    let folder = tempdir().unwrap();
    let commands = commands();
    assert!(commands.len() >= 4, "{commands:?}");
    for name in commands {
        let help = probity(folder.path(), &[&name, "--help"]);
        assert_eq!(code(&help), 0);
        assert!(out(&help).contains("Example:") && out(&help).contains(&format!("probity {name}")), "{name} --help has no example");
    }
}

#[test]
fn a_misspelt_command_is_a_usage_error_with_the_right_one() {
    let folder = tempdir().unwrap();
    let refused = probity(folder.path(), &["decid"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("decide"));
    assert_eq!(refusal(&probity(folder.path(), &["decid", "--json"]))["code"], "usage");
}

const CASE: &str = r#"{"case": "a", "now": "2026-11-21", "record": {"kind": "note", "events": {"created": "2020-01-01"}}, "rules": [{"id": "r", "version": 1, "kind": "min", "strength": "law", "obligation_law": "DE", "trigger": "created", "period": "P10Y", "anchor": "day", "then": "dispose", "citation": "c"}], "expect": {"outcome": "RETAIN", "earliest": "2030-01-02"}}"#;

#[test]
fn decisions_that_are_as_expected_exit_with_0() {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("cases.jsonl"), format!("{CASE}\n\n{CASE}\n")).unwrap();
    let done = probity(folder.path(), &["decide", "--cases", "cases.jsonl", "--check"]);
    assert_eq!(code(&done), 0, "{} {}", out(&done), err(&done));
    let lines: Vec<serde_json::Value> = out(&done).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["case"], &lines[0]["outcome"]), (&"a".into(), &"RETAIN".into()));
    assert!(err(&done).contains("0 differences"));
}

#[test]
fn a_decision_that_differs_is_printed_and_exits_with_1() {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("cases.jsonl"), CASE.replace("\"RETAIN\"", "\"DUE\"")).unwrap();
    let checked = probity(folder.path(), &["decide", "--cases", "cases.jsonl", "--check"]);
    assert_eq!(code(&checked), 1);
    let told: serde_json::Value = serde_json::from_str(out(&checked).lines().nth(1).unwrap()).unwrap();
    assert_eq!((&told["expected"], &told["got"]), (&"DUE".into(), &"RETAIN".into()));
    assert_eq!(code(&probity(folder.path(), &["decide", "--cases", "cases.jsonl"])), 0, "without --check nothing is compared");
}

#[test]
fn a_case_that_cannot_be_read_names_its_line_and_the_rest_goes_on() {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("cases.jsonl"), format!("{{\"case\": \"x\", \"nwo\": 1}}\n{CASE}\n")).unwrap();
    let done = probity(folder.path(), &["decide", "--cases", "cases.jsonl"]);
    assert_eq!(code(&done), 1);
    let lines: Vec<serde_json::Value> = out(&done).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines[0]["line"], 1);
    assert_eq!(lines[1]["outcome"], "RETAIN");
}

#[test]
fn a_file_of_cases_that_is_not_there_is_named() {
    let folder = tempdir().unwrap();
    let refused = probity(folder.path(), &["decide", "--cases", "nowhere.jsonl"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).starts_with("error: nowhere.jsonl cannot be read"), "{}", err(&refused));
    assert_eq!(code(&probity(folder.path(), &["decide", "--cases", "."])), 2);
}

#[test]
fn a_month_from_the_last_of_january_ends_with_february() {
    // Regulation 1182/71 Art 3(2)(c): no such day in the last month, so the period ends with that month's last day.
    let folder = tempdir().unwrap();
    let words = ["deadline", "--regime", "GDPR", "--right", "access", "--received", "2028-01-31", "--json"];
    let dates = object(&probity(folder.path(), &words));
    assert_eq!(dates["due"], "2028-02-29");
    assert_eq!(dates["extended"], "2028-05-01", "three months end on 30 April 2028, a Sunday; 1 May is a Monday and no country is named");
    assert_eq!(dates["acknowledge"], serde_json::Value::Null);
    assert!(dates["citation"].as_str().unwrap().contains("12(3)"));
    let keys: Vec<_> = dates.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["acknowledge", "citation", "due", "extended"]);
}

#[test]
fn a_public_holiday_of_the_country_moves_the_day() {
    let folder = tempdir().unwrap();
    let words = ["deadline", "--regime", "GDPR", "--right", "erase", "--received", "2026-09-03", "--country", "de", "--json"];
    // 3 October is the Day of German Unity, in 2026 a Saturday; the next working day is Monday the 5th.
    assert_eq!(object(&probity(folder.path(), &words))["due"], "2026-10-05");
}

#[test]
fn an_unknown_regime_right_date_or_country_is_refused_with_what_there_is() {
    let folder = tempdir().unwrap();
    let with = |regime, right, received, country| {
        let words = ["deadline", "--regime", regime, "--right", right, "--received", received, "--country", country, "--json"];
        refusal(&probity(folder.path(), &words))
    };
    assert!(with("GPDR", "access", "2026-01-01", "DE")["errors"][0]["detail"].as_str().unwrap().contains("GDPR"));
    assert_eq!(with("GDPR", "acess", "2026-01-01", "DE")["errors"][0]["pointer"], "/right");
    assert_eq!(with("GDPR", "access", "2026-02-30", "DE")["errors"][0]["pointer"], "/received");
    assert_eq!(with("GDPR", "access", "2026-01-01", "Germany")["errors"][0]["pointer"], "/country");
}

#[test]
fn what_is_no_bundle_is_a_fault_and_exits_with_1() {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("x.bundle"), b"not a bundle").unwrap();
    let judged = probity(folder.path(), &["verify", "--bundle", "x.bundle", "--json"]);
    assert_eq!(code(&judged), 1);
    let report = object(&judged);
    assert_eq!(report["leaves"], 0);
    assert_eq!(report["unanchored"], true);
    assert!(!report["faults"].as_array().unwrap().is_empty());
    assert_eq!(code(&probity(folder.path(), &["verify", "--bundle", "nowhere"])), 2);
}

#[test]
fn a_reader_that_leaves_is_no_fault() {
    use std::process::{Command, Stdio};
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("cases.jsonl"), format!("{CASE}\n").repeat(3000)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
    command.args(["decide", "--cases", "cases.jsonl"]).current_dir(folder.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(err(&ended).is_empty(), "{}", err(&ended));
    assert_eq!(code(&ended), 0);
}
