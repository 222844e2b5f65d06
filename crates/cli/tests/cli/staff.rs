//! Set-up, staff and API keys without a browser.

use std::{fs, path::Path};

use tempfile::{TempDir, tempdir};

use crate::{code, err, object, out, probity, refusal};

/// An installation with one administrator.
fn set_up() -> TempDir {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("ada.txt"), "a lantern over quiet water\n").unwrap();
    let made = probity(folder.path(), &["init", "--admin", "ada@example.org", "--password-file", "ada.txt", "--json"]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    assert_eq!(object(&made)["admin"], "ada@example.org");
    folder
}

fn members(folder: &Path) -> Vec<serde_json::Value> {
    out(&probity(folder, &["user", "list", "--json"])).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn init_makes_the_administrator_once() {
    let folder = set_up();
    let members = members(folder.path());
    assert_eq!(members.len(), 1);
    assert_eq!((&members[0]["email"], &members[0]["role"]), (&"ada@example.org".into(), &"admin".into()));
    let again = probity(folder.path(), &["init", "--admin", "eve@example.org", "--password-file", "ada.txt", "--json"]);
    assert_eq!(refusal(&again)["code"], "conflict");
}

#[test]
fn a_weak_password_or_no_address_makes_nothing() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("weak"), "password1234").unwrap();
    fs::write(folder.path().join("fine"), "a lantern over quiet water").unwrap();
    let weak = probity(folder.path(), &["init", "--admin", "ada@example.org", "--password-file", "weak", "--json"]);
    assert_eq!(refusal(&weak)["errors"][0]["pointer"], "/password");
    let nobody = probity(folder.path(), &["init", "--admin", "ada", "--password-file", "fine", "--json"]);
    assert_eq!(refusal(&nobody)["errors"][0]["pointer"], "/admin");
    assert!(!folder.path().join("probity-data").exists());
}

#[test]
fn an_installation_made_without_an_administrator_gets_one_later() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("ada.txt"), "a lantern over quiet water\n").unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    assert_eq!(code(&probity(folder.path(), &["init", "--admin", "ada@example.org", "--password-file", "ada.txt"])), 0);
    assert_eq!(members(folder.path()).len(), 1);
}

#[test]
fn staff_come_and_go_and_the_last_administrator_stays() {
    let folder = set_up();
    let add = |email, role| {
        let words = ["user", "add", email, "--name", "Grace Hopper", "--role", role, "--password-file", "ada.txt", "--json"];
        probity(folder.path(), &words)
    };
    let added = add("grace@example.org", "agent");
    assert_eq!(code(&added), 0, "{}", err(&added));
    assert_eq!(refusal(&add("grace@example.org", "agent"))["code"], "duplicate");
    assert_eq!(refusal(&add("alan@example.org", "emperor"))["errors"][0]["pointer"], "/role");
    assert_eq!(code(&probity(folder.path(), &["user", "disable", "grace@example.org"])), 0);
    assert_eq!(members(folder.path())[1]["state"], "disabled");
    assert_eq!(refusal(&probity(folder.path(), &["user", "disable", "ada@example.org", "--json"]))["code"], "conflict");
    assert_eq!(refusal(&probity(folder.path(), &["user", "disable", "nobody@example.org", "--json"]))["code"], "not_found");
}

#[test]
fn a_key_is_shown_once_and_revoked_once() {
    let folder = set_up();
    let made = object(&probity(folder.path(), &["apikey", "new", "--name", "web shop", "--json"]));
    let key = made["key"].as_str().unwrap();
    assert!(key.starts_with("prb_"), "{made}");
    let id = made["id"].as_str().unwrap();
    assert_eq!(code(&probity(folder.path(), &["apikey", "revoke", id])), 0);
    assert_eq!(refusal(&probity(folder.path(), &["apikey", "revoke", id, "--json"]))["code"], "not_found");
    // `prb_`, the key's number, the secret: whose own digits may hold an underscore.
    let secret = key.splitn(3, '_').last().unwrap().as_bytes();
    assert!(secret.len() >= 40);
    for name in ["data.db", "data.db-wal", "vault.db"] {
        let bytes = fs::read(folder.path().join("probity-data").join(name)).unwrap_or_default();
        assert!(!bytes.windows(secret.len()).any(|w| w == secret), "{name} holds the key");
    }
}

#[test]
fn a_key_with_unreadable_scope_purpose_or_owner_is_refused() {
    let folder = set_up();
    let with = |extra: &[&str]| {
        let words = [&["apikey", "new", "--name", "x", "--json"], extra].concat();
        refusal(&probity(folder.path(), &words))
    };
    assert_eq!(with(&["--scope", "read"])["errors"][0]["pointer"], "/scope");
    assert!(with(&["--acts-for", "fun"])["errors"][0]["detail"].as_str().unwrap().contains("sales"));
    assert_eq!(with(&["--owner", "nobody@example.org"])["code"], "not_found");
    assert_eq!(with(&["--days", "4000"])["errors"][0]["pointer"], "/expires");
}

#[test]
fn an_unknown_purpose_is_refused_with_those_there_are() {
    let folder = set_up();
    let refused = refusal(&probity(folder.path(), &["user", "list", "--purpose", "fun", "--json"]));
    assert!(refused["errors"][0]["detail"].as_str().unwrap().contains("legal"));
}
