//! From the first import to a restored backup, through the binary alone.

use std::{fs, path::Path};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use crate::{code, err, object, out, probity, refusal};

const MAIL: &str = "From: Grace <grace@example.org>\r\nTo: Office <office@example.net>\r\nSubject: The compiler\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <7@example.org>\r\n\r\nIt compiles.\r\n";

fn set_up() -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("ada.txt"), "a lantern over quiet water\n").unwrap();
    let words = ["init", "--admin", "office@example.net", "--password-file", "ada.txt", "--country", "DE", "--industry", "general"];
    done(folder.path(), &words);
    folder
}

/// What a command that must succeed prints.
fn done(folder: &Path, words: &[&str]) -> String {
    let output = probity(folder, words);
    assert_eq!(code(&output), 0, "{words:?}: {} {}", out(&output), err(&output));
    out(&output)
}

fn told(folder: &Path, words: &[&str]) -> Value {
    let text = done(folder, &[words, &["--json"]].concat());
    serde_json::from_str(text.trim()).unwrap_or_else(|e| panic!("{words:?}: {e}: {text}"))
}

fn import(folder: &Path, file: &str, rows: &str) -> Value {
    fs::write(folder.join(file), rows).unwrap();
    told(folder, &["import", file, "--kind", "person", "--match", "email"])
}

fn id_of(folder: &Path, word: &str) -> String {
    told(folder, &["search", word, "--kind", "person"])["id"].as_str().unwrap().to_owned()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn a_backup_restored_after_an_erasure_gives_everybody_back_but_the_erased() {
    let folder = set_up();
    let at = folder.path();
    let people = "Name,Email\nAda Lovelace,ada@example.org\nGrace Hopper,grace@example.org\nEmmy Noether,emmy@example.org\n";
    assert_eq!(import(at, "people.csv", people)["created"], 3);
    fs::write(at.join("1.eml"), MAIL).unwrap();
    assert_eq!(told(at, &["capture", "1.eml", "--channel", "email"])["captured"], 1);
    let (ada, grace) = (id_of(at, "Lovelace"), id_of(at, "Hopper"));
    assert!(told(at, &["package", "--person", "grace@example.org", "--out", "grace.zip"])["records"].as_u64().unwrap() >= 1);

    let made = told(at, &["backup", "--out", "b1", "--vault-out", "v1"]);
    assert_eq!(keys(&made), ["blobs", "checkpoint", "records"]);
    let again = probity(at, &["backup", "--out", "b1", "--vault-out", "v9", "--json"]);
    assert_eq!(refusal(&again)["code"], "conflict");
    let erased = told(at, &["erase", "--person", &ada, "--reason", "asked by letter", "--yes"]);
    assert!(erased["erased"].as_u64().unwrap() > 0, "{erased}");
    let report = told(at, &["verify"]);
    assert!(report["faults"].as_array().unwrap().is_empty() && report["erased"].as_u64().unwrap() > 0, "{report}");
    told(at, &["backup", "--out", "b2", "--vault-out", "v2"]);
    let sealed = told(at, &["verify", "--backup", "b1"]);
    assert!(sealed["sealed"].as_u64().unwrap() > 0 && sealed["open"] == 0, "{sealed}");
    assert!(told(at, &["verify", "--backup", "b2", "--vault", "v2"])["open"].as_u64().unwrap() > 0);

    fs::create_dir(at.join("new")).unwrap();
    let without_key = probity(at, &["restore", "--from", "b1", "--vault", "v2", "--data", "new", "--json"]);
    assert_eq!(code(&without_key), 2, "the root key is in no backup");
    fs::copy(at.join("probity-data/root.key"), at.join("new/root.key")).unwrap();
    let restored = told(at, &["restore", "--from", "b1", "--vault", "v2", "--data", "new"]);
    assert_eq!(keys(&restored), ["blobs", "checkpoint", "records"]);
    assert_eq!(restored["records"], made["records"]);
    let gone = probity(at, &["show", &ada, "--data", "new", "--json"]);
    assert_eq!(refusal(&gone)["code"], "not_found");
    assert_eq!(told(at, &["show", &grace, "--data", "new"])["id"], *grace);
    let report = told(at, &["verify", "--data", "new"]);
    assert!(report["faults"].as_array().unwrap().is_empty(), "{report}");
    assert!(report["erased"].as_u64().unwrap() > 0 && report["missing"] == 0 && report["open"].as_u64().unwrap() > 0, "{report}");
    let sealed = told(at, &["verify", "--backup", "b2"]);
    assert!(sealed["missing"] == 0 && sealed["erased"].as_u64().unwrap() > 0, "{sealed}");
    let onto = probity(at, &["restore", "--from", "b2", "--vault", "v2", "--data", "probity-data", "--json"]);
    assert_eq!(refusal(&onto)["code"], "conflict", "what is there is not overwritten");
}

#[test]
fn a_bundle_of_evidence_verifies_without_a_store_and_the_audit_knows_of_it() {
    let folder = set_up();
    let at = folder.path();
    import(at, "people.csv", "Name,Email\nAda Lovelace,ada@example.org\n");
    let ada = id_of(at, "Lovelace");
    told(at, &["evidence", "--record", &ada, "--out", "ada.bundle"]);
    let twice = probity(at, &["evidence", "--record", &ada, "--out", "ada.bundle", "--json"]);
    assert_eq!(refusal(&twice)["code"], "duplicate");
    let elsewhere = tempdir().unwrap();
    fs::copy(at.join("ada.bundle"), elsewhere.path().join("ada.bundle")).unwrap();
    let report = told(elsewhere.path(), &["verify", "--bundle", "ada.bundle"]);
    assert!(report["faults"].as_array().unwrap().is_empty() && report["open"].as_u64().unwrap() > 0, "{report}");

    let lines = done(at, &["audit", "--record", &ada, "--json"]);
    let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(events.iter().any(|e| e["name"] == "evidence.exported" && e["actor"] == "operator"), "{lines}");
    assert!(done(at, &["audit", "--actor", "operator"]).contains("audit.read"), "to ask leaves an event too");
    done(at, &["audit", "--record", &ada, "--since", "2020-01-01", "--out", "answer.note"]);
    assert!(fs::read_to_string(at.join("answer.note")).unwrap().contains("probity-audit/1"));
    assert_eq!(code(&probity(at, &["audit"])), 2);
    let wrong = probity(at, &["audit", "--actor", "operator", "--since", "yesterday", "--json"]);
    assert_eq!(refusal(&wrong)["errors"][0]["pointer"], "/since");
}

#[test]
fn rotated_keys_leave_everything_readable_and_verified() {
    let folder = set_up();
    let at = folder.path();
    import(at, "people.csv", "Name,Email\nAda Lovelace,ada@example.org\n");
    let before = told(at, &["keys", "status"])["epoch"].as_u64().unwrap();
    let rotated = told(at, &["keys", "rotate"]);
    assert_eq!((rotated["epoch"].as_u64().unwrap(), &rotated["destroyed"][0]), (before + 1, &before.into()));
    assert_eq!(told(at, &["keys", "status"])["epochs"].as_array().unwrap().len(), 1);
    told(at, &["keys", "rotate-index"]);
    assert!(id_of(at, "Lovelace").starts_with("rec_"), "the index was built again");
    assert!(told(at, &["verify"])["faults"].as_array().unwrap().is_empty());
}

#[test]
fn a_lost_keyring_comes_back_from_its_escrow_copy_and_from_no_other() {
    let folder = set_up();
    let at = folder.path();
    import(at, "people.csv", "Name,Email\nAda Lovelace,ada@example.org\n");
    assert!(told(at, &["keys", "status"])["escrow"].is_null(), "it is made only when asked for");
    fs::write(at.join("recovery.txt"), "nine herons by the old mill\n").unwrap();
    fs::write(at.join("short.txt"), "short\n").unwrap();
    let escrow = ["keys", "escrow", "--to", "keyring.escrow", "--passphrase-file"];
    assert_eq!(code(&probity(at, &[&escrow[..], &["short.txt"]].concat())), 2);
    told(at, &[&escrow[..], &["recovery.txt"]].concat());
    fs::copy(at.join("keyring.escrow"), at.join("of-before")).unwrap();
    told(at, &["keys", "rotate"]);
    assert_eq!(code(&probity(at, &["doctor"])), 1, "an escrow copy of before a rotation keeps what was destroyed");
    assert_eq!(told(at, &[&escrow[..], &["recovery.txt"]].concat())["epoch"], 2);
    assert!(done(at, &["audit", "--actor", "operator"]).contains("key.escrowed"));
    let recover =
        |from: &str, passphrase: &str| probity(at, &["keys", "recover", "--from", from, "--passphrase-file", passphrase, "--json"]);
    assert_eq!(refusal(&recover("keyring.escrow", "recovery.txt"))["code"], "conflict", "a keyring is there");

    let data = at.join("probity-data");
    fs::remove_file(data.join("keyring")).unwrap();
    fs::remove_file(data.join("root.key")).unwrap();
    fs::write(at.join("wrong.txt"), "ten herons by the old mill\n").unwrap();
    assert_eq!(refusal(&recover("keyring.escrow", "wrong.txt"))["code"], "forbidden");
    assert_eq!(refusal(&recover("of-before", "recovery.txt"))["code"], "conflict", "it opens none of the keys");
    assert!(!data.join("keyring").exists());
    let back = recover("keyring.escrow", "recovery.txt");
    assert_eq!(code(&back), 0, "{}", err(&back));
    assert!(id_of(at, "Lovelace").starts_with("rec_"));
    assert!(told(at, &["verify"])["faults"].as_array().unwrap().is_empty());
    assert!(done(at, &["audit", "--actor", "operator"]).contains("key.recovered"));
}

#[test]
fn an_import_is_taken_back() {
    let folder = set_up();
    let at = folder.path();
    import(at, "first.csv", "Name,Email\nAda Lovelace,ada@example.org\n");
    let second = import(at, "second.csv", "Name,Email\nGrace Hopper,grace@example.org\nEmmy Noether,emmy@example.org\n");
    let undone = told(at, &["import", "undo", second["batch"].as_str().unwrap()]);
    assert_eq!(keys(&undone), ["kept", "removed", "restored"]);
    assert_eq!((&undone["removed"], undone["kept"].as_array().unwrap().len()), (&2.into(), 0));
    assert_eq!(done(at, &["search", "Hopper", "--kind", "person", "--json"]), "");
    id_of(at, "Lovelace");
    assert_eq!(refusal(&probity(at, &["import", "undo", "7", "--json"]))["errors"][0]["pointer"], "/batch");
    assert_eq!(code(&probity(at, &["import", "first.csv"])), 2, "the kind is named");
    assert!(object(&probity(at, &["verify", "--json"]))["faults"].as_array().unwrap().is_empty());
}
