//! The checker's promises, refusal beside success, on trees made for them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::*;

/// A folder of files below cargo's folder for tests, gone when dropped.
pub struct Tree(PathBuf);

impl Tree {
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../target/xtask-tests/{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder.canonicalize().unwrap())
    }

    pub fn root(&self) -> &Path {
        &self.0
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn house(name: &str, needs: &[(&str, bool)]) -> House {
    House { name: name.to_owned(), folder: PathBuf::new(), needs: needs.iter().map(|(name, dev)| ((*name).to_owned(), *dev)).collect() }
}

fn refused_dependencies(name: &str, needs: &[(&str, bool)]) -> Vec<String> {
    let mut refusals = Vec::new();
    dependencies(&house(name, needs), &mut refusals);
    refusals
}

fn refused_names(name: &str, needs: &[(&str, bool)], text: &str) -> Vec<String> {
    let mut refusals = Vec::new();
    names(&house(name, needs), "f.rs", text, &mut refusals);
    refusals
}

fn refused_order(inside: &str, text: &str) -> Vec<String> {
    let mut refusals = Vec::new();
    order(Path::new(inside), "f.rs", text, &mut refusals);
    refusals
}

#[test]
fn a_dependency_inside_the_plan_passes_and_one_outside_is_refused() {
    assert_eq!(refused_dependencies("trail", &[("kernel", false), ("vault", false)]), Vec::<String>::new());
    assert_eq!(
        refused_dependencies("store", &[("kernel", false), ("vault", false)]),
        ["store → vault: not in the plan (store may depend on: kernel)"]
    );
    assert_eq!(refused_dependencies("kernel", &[("ledger", false)]), ["kernel → ledger: not in the plan (kernel may depend on: nothing)"]);
    assert_eq!(refused_dependencies("web", &[("store", false)]).len(), 1);
}

#[test]
fn the_testkit_serves_development_only() {
    assert_eq!(refused_dependencies("crm", &[("testkit", true)]), Vec::<String>::new());
    assert_eq!(refused_dependencies("testkit", &[("testcluster", false)]), Vec::<String>::new());
    for name in ["cli", "crm", "web", "trail"] {
        assert_eq!(refused_dependencies(name, &[("testkit", false), ("testcluster", false)]).len(), 2, "{name}");
    }
}

#[test]
fn a_crate_that_the_plan_does_not_know_is_refused() {
    assert_eq!(refused_dependencies("utils", &[]).len(), 1);
}

#[test]
fn only_crm_calls_parse() {
    let text = "fn f() { parse::mail::read() }";
    assert_eq!(refused_names("crm", &[("parse", false)], text), Vec::<String>::new());
    assert_eq!(refused_names("cli", &[("parse", false)], text), ["f.rs:1: only crm calls parse"]);
    // A module of its own that happens to be named so is no dependency.
    assert_eq!(refused_names("ledger", &[("kernel", false)], text), Vec::<String>::new());
}

#[test]
fn web_names_three_things_of_trail_and_no_more() {
    let needs = [("trail", false)];
    assert_eq!(refused_names("web", &needs, "use trail::{Actor, App, Permit}; // trail::Unit"), Vec::<String>::new());
    assert_eq!(
        refused_names("web", &needs, "fn f(u: &mut trail::Unit) {}"),
        ["f.rs:1: web may name App, Actor, Permit of trail, not Unit"]
    );
    for text in ["use trail::*;", "use trail as t;", "use trail::{self, App};", "use trail::event::Event;"] {
        assert_eq!(refused_names("web", &needs, text).len(), 1, "{text}");
    }
    assert_eq!(refused_names("crm", &needs, "use trail::Unit;"), Vec::<String>::new());
}

#[test]
fn a_slice_calls_only_those_before_it() {
    assert_eq!(refused_order("disposal/mod.rs", "use crate::{records, holds::Hold}; use crate::disposal::sql;"), Vec::<String>::new());
    assert_eq!(
        refused_order("records/sql.rs", "use crate::{identity,\n  watch::Alarm};"),
        ["f.rs:2: records may not call watch, which comes after it"]
    );
    assert_eq!(refused_order("records/mod.rs", "fn f() { crate::disposal::destroy() }").len(), 1);
    assert_eq!(refused_order("holds.rs", "use crate::retention;").len(), 1);
}

#[test]
fn super_is_followed_up_to_the_crates_root_and_no_further() {
    assert_eq!(refused_order("records/mod.rs", "use super::watch::Alarm;").len(), 1);
    assert_eq!(refused_order("records/sql.rs", "use super::super::watch::Alarm;").len(), 1);
    // Here `super` is the slice itself, whose own module is called so.
    assert_eq!(refused_order("records/sql.rs", "use super::import::Row;"), Vec::<String>::new());
}

#[test]
fn tests_of_a_slice_may_look_ahead_and_the_root_is_free() {
    assert_eq!(refused_order("records/tests.rs", "use crate::watch;"), Vec::<String>::new());
    assert_eq!(refused_order("lib.rs", "pub mod watch; use crate::watch::All;"), Vec::<String>::new());
}

#[test]
fn a_folder_that_is_no_slice_is_refused() {
    assert_eq!(refused_order("common/mod.rs", ""), ["f.rs: common is not a slice in the order of xtask/src/layers.rs"]);
}

#[test]
fn a_whole_tree_is_judged_from_its_metadata() {
    let tree = Tree::new("layers");
    tree.write("crates/crm/src/identity/mod.rs", "use crate::records::find;");
    tree.write("crates/crm/src/records/mod.rs", "use crate::identity::User;");
    tree.write("crates/web/src/lib.rs", "use trail::App;");
    let manifest = |name: &str| tree.root().join(format!("crates/{name}/Cargo.toml")).display().to_string();
    let metadata = serde_json::json!({ "packages": [
        { "name": "probity-crm", "manifest_path": manifest("crm"), "dependencies": [
            { "name": "probity-trail", "kind": null, "path": "x" }, { "name": "serde", "kind": null }, { "name": "probity-testkit", "kind": "dev", "path": "x" } ] },
        { "name": "probity-web", "manifest_path": manifest("web"), "dependencies": [
            { "name": "probity-trail", "kind": null, "path": "x" }, { "name": "probity-vault", "kind": "build", "path": "x" } ] },
    ]});
    let told = judge(&metadata.to_string(), tree.root()).unwrap();
    assert_eq!(
        told,
        [
            "crates/crm/src/identity/mod.rs:1: identity may not call records, which comes after it",
            "web → vault: not in the plan (web may depend on: kernel, catalogue, crm, assets, trail)",
        ]
    );
}

#[test]
fn metadata_that_is_no_json_is_an_error_in_words() {
    assert!(judge("no", Path::new(".")).unwrap_err().starts_with("cargo metadata:"));
}
