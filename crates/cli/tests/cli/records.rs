//! Records from capture to a hold.

use std::fs;

use tempfile::{TempDir, tempdir};

use crate::{code, err, object, out, probity, refusal};

const MAIL: &str = "From: Ada <ada@example.org>\r\nTo: Bob <bob@example.net>\r\nSubject: The engine\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n\r\nIt works.\r\n";

fn set_up() -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("ada.txt"), "a lantern over quiet water\n").unwrap();
    fs::create_dir(folder.path().join("mails")).unwrap();
    fs::write(folder.path().join("mails/1.eml"), MAIL).unwrap();
    let words = ["init", "--admin", "ada@example.org", "--password-file", "ada.txt", "--country", "DE", "--industry", "general", "--json"];
    let made = probity(folder.path(), &words);
    assert_eq!(code(&made), 0, "{}", err(&made));
    assert!(object(&made)["packs"].as_array().unwrap().iter().any(|p| p == "gdpr"), "{}", out(&made));
    folder
}

#[test]
fn a_mail_is_captured_once() {
    let folder = set_up();
    let capture = || probity(folder.path(), &["capture", "mails", "--channel", "email", "--json"]);
    let first = object(&capture());
    assert_eq!((&first["seen"], &first["captured"], &first["duplicate"]), (&1.into(), &1.into(), &0.into()));
    let second = object(&capture());
    assert_eq!((&second["captured"], &second["duplicate"]), (&0.into(), &1.into()));
}

#[test]
fn what_is_no_message_fails_by_name_and_exits_with_1() {
    let folder = set_up();
    fs::write(folder.path().join("mails/2.eml"), "nothing of a mail").unwrap();
    let done = probity(folder.path(), &["capture", "mails", "--channel", "email", "--dry-run", "--json"]);
    assert_eq!(code(&done), 1);
    let told = object(&done);
    assert_eq!(told["seen"], 2);
    assert_eq!(told["failed"][0]["reason"], "not_a_message");
    assert!(told["failed"][0]["item"].as_str().unwrap().ends_with("2.eml"));
}

#[test]
fn a_list_has_one_message_a_line_with_its_keys() {
    let folder = set_up();
    let done = probity(folder.path(), &["capture", "mails", "--channel", "email", "--dry-run", "--list"]);
    assert_eq!(code(&done), 0, "{}", err(&done));
    let message = object(&done);
    for key in ["native_id", "from", "to", "claimed_at", "subject", "text_chars", "attachments", "assurance", "warnings"] {
        assert!(message.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(message["subject"], "The engine");
}

#[test]
fn an_unknown_channel_or_path_is_refused() {
    let folder = set_up();
    assert_eq!(code(&probity(folder.path(), &["capture", "mails", "--channel", "pigeon"])), 2);
    assert_eq!(refusal(&probity(folder.path(), &["capture", "nowhere", "--channel", "email", "--json"]))["code"], "not_found");
}

#[test]
fn ids_of_another_kind_or_of_nothing_are_refused() {
    let folder = set_up();
    assert_eq!(refusal(&probity(folder.path(), &["show", "ada", "--json"]))["errors"][0]["pointer"], "/id");
    let absent = "rec_00000000000000000000000001";
    assert_eq!(refusal(&probity(folder.path(), &["show", absent, "--json"]))["code"], "not_found");
    let words = ["hold", "place", "--record", absent, "--matter", "m", "--reason", "r", "--json"];
    assert_eq!(refusal(&probity(folder.path(), &words))["code"], "not_found");
    assert_eq!(code(&probity(folder.path(), &["hold", "release", absent, "--reason", "r"])), 2);
}

#[test]
fn an_unknown_industry_or_country_makes_nothing() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("ada.txt"), "a lantern over quiet water\n").unwrap();
    let with = |country, industry| {
        let words =
            ["init", "--admin", "ada@example.org", "--password-file", "ada.txt", "--country", country, "--industry", industry, "--json"];
        refusal(&probity(folder.path(), &words))
    };
    assert!(with("DE", "pirate")["errors"][0]["detail"].as_str().unwrap().contains("general"));
    assert_eq!(with("Germany", "general")["errors"][0]["pointer"], "/country");
    assert!(!folder.path().join("probity-data").exists());
}

#[test]
fn a_live_store_verifies_open_and_sealed() {
    let folder = set_up();
    assert_eq!(code(&probity(folder.path(), &["capture", "mails", "--channel", "email"])), 0);
    let sound = probity(folder.path(), &["verify", "--json"]);
    assert_eq!(code(&sound), 0, "{}", out(&sound));
    let report = object(&sound);
    assert!(report["open"].as_u64().unwrap() > 0);
    assert_eq!((&report["missing"], &report["unanchored"]), (&0.into(), &true.into()));
    let sealed = object(&probity(folder.path(), &["verify", "--sealed", "--json"]));
    assert!(sealed["sealed"].as_u64().unwrap() > 0 && sealed["leaves"].as_u64() >= report["leaves"].as_u64());
}

#[test]
fn a_package_of_nobody_is_refused_and_makes_no_file() {
    let folder = set_up();
    let nobody = probity(folder.path(), &["package", "--person", "nobody@example.org", "--out", "x.zip", "--json"]);
    assert_eq!(refusal(&nobody)["code"], "not_found");
    let request = probity(folder.path(), &["package", "--person", "nobody@example.org", "--request", "7", "--out", "x.zip", "--json"]);
    assert_eq!(refusal(&request)["errors"][0]["pointer"], "/request");
    assert!(!folder.path().join("x.zip").exists());
}

#[test]
fn a_sweep_is_planned_without_a_change_and_then_done() {
    let folder = set_up();
    assert_eq!(code(&probity(folder.path(), &["capture", "mails", "--channel", "email"])), 0);
    let sweep = |words: &[&str]| object(&probity(folder.path(), &[&["sweep", "--json"], words].concat()));
    let planned = sweep(&["--plan"]);
    assert_eq!(planned["disposed"], 0);
    let swept = sweep(&[]);
    assert_eq!(swept["decided"], planned["decided"]);
    let keys: Vec<_> = swept.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["decided", "disposed", "due", "held", "unclassified"]);
}

#[test]
fn a_captured_mail_is_found_and_shown_with_its_retention_line() {
    let folder = set_up();
    assert_eq!(code(&probity(folder.path(), &["capture", "mails", "--channel", "email"])), 0);
    let found = probity(folder.path(), &["search", "engine", "--kind", "message", "--json"]);
    assert_eq!(code(&found), 0, "{}", err(&found));
    let hit = object(&found);
    assert_eq!(hit["kind"], "message");
    let id = hit["id"].as_str().unwrap();
    let shown = object(&probity(folder.path(), &["show", id, "--json"]));
    assert_eq!(shown["id"], id);
    assert!(!shown["retention"]["line"].as_str().unwrap().is_empty());
    assert!(shown["retention"]["outcome"].is_string());
    let held = probity(folder.path(), &["hold", "place", "--record", id, "--matter", "4 O 17/26", "--reason", "claim", "--json"]);
    assert_eq!(code(&held), 0, "{}", err(&held));
    assert_eq!(object(&probity(folder.path(), &["show", id, "--json"]))["retention"]["outcome"], "HOLD");
    let hold = object(&held)["hold"].as_str().unwrap().to_owned();
    let released = probity(folder.path(), &["hold", "release", &hold, "--reason", "settled", "--json"]);
    assert_eq!(refusal(&released)["code"], "second_person_required", "whoever placed it does not release it while another may");
    assert_eq!(refusal(&probity(folder.path(), &["search", "engine", "--kind", "dragon", "--json"]))["code"], "not_found");
}

#[test]
fn rows_become_people_who_get_their_package_once() {
    let folder = set_up();
    fs::write(folder.path().join("people.csv"), "Name,Email\nAda Lovelace,ada@example.org\nGrace Hopper,no address\n").unwrap();
    let import = || probity(folder.path(), &["import", "people.csv", "--kind", "person", "--match", "email", "--json"]);
    let first = import();
    assert_eq!(code(&first), 1, "one row fails: {} {}", out(&first), err(&first));
    let told = object(&first);
    assert_eq!((&told["rows"], &told["created"]), (&2.into(), &1.into()));
    assert_eq!(told["failed"][0]["row"], 3);
    assert_eq!(object(&import())["created"], 0);
    let package = || probity(folder.path(), &["package", "--person", "Ada@Example.org", "--out", "ada.zip", "--json"]);
    let made = package();
    assert_eq!(code(&made), 0, "{}", err(&made));
    assert_eq!(object(&made)["bytes"], fs::metadata(folder.path().join("ada.zip")).unwrap().len());
    assert_eq!(refusal(&package())["code"], "duplicate");
    assert_eq!(code(&probity(folder.path(), &["verify"])), 0);
}
