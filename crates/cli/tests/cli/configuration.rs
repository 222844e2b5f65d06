//! The configuration from outside.

use tempfile::tempdir;

use crate::{code, err, probity, probity_with, refusal};

#[test]
fn an_unknown_key_refuses_to_start_and_names_key_file_and_nearest() {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("probity.toml"), "[store]\ndatta = \"x\"\n").unwrap();
    let refused = probity(folder.path(), &["init"]);
    assert_eq!(code(&refused), 2);
    let words = err(&refused);
    assert!(words.contains("datta") && words.contains("probity.toml") && words.contains("nearest there is: data"), "{words}");
    assert!(!folder.path().join("probity-data").exists(), "nothing was started");
}

#[test]
fn the_environment_places_the_data_and_a_flag_wins_over_it() {
    let folder = tempdir().unwrap();
    let environment = [("PROBITY_STORE__DATA", "from-environment")];
    assert_eq!(code(&probity_with(folder.path(), &["init"], &environment)), 0);
    assert!(folder.path().join("from-environment/data.db").exists());
    assert_eq!(code(&probity_with(folder.path(), &["init", "--data", "from-flag"], &environment)), 0);
    assert!(folder.path().join("from-flag/data.db").exists());
}

#[test]
fn a_postgresql_database_without_a_vault_of_its_own_is_refused() {
    let folder = tempdir().unwrap();
    let refused = refusal(&probity(folder.path(), &["init", "--database", "postgres://nobody@localhost/x", "--json"]));
    assert_eq!(refused["errors"][0]["pointer"], "/store/vault");
}
