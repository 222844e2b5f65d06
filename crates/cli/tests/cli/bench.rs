//! `probity bench`: every figure is there, and nothing of it stays.

use std::fs;

use tempfile::tempdir;

use crate::{code, err, object, out, probity, refusal};

#[test]
fn the_benchmark_measures_everything_it_promises_checks_its_answers_and_leaves_nothing_behind() {
    let folder = tempdir().unwrap();
    let ran = probity(folder.path(), &["bench", "--people", "200", "--seconds", "0.1", "--json"]);
    assert_eq!(code(&ran), 0, "{} {}", out(&ran), err(&ran));
    let told = object(&ran);
    assert_eq!((&told["people"], &told["engine"]), (&200.into(), &"sqlite".into()));
    let rows = told["rows"].as_array().unwrap();
    let keys: Vec<&str> = rows.iter().map(|row| row["key"].as_str().unwrap()).collect();
    let promised = [
        "start_empty",
        "import",
        "import_memory",
        "capture",
        "list",
        "list_growth",
        "search",
        "search_growth",
        "prefix",
        "export",
        "timeline",
        "sweep",
        "verify_sealed",
        "verify_open",
        "bare",
        "bare_shared",
        "start",
        "memory_idle",
        "create",
        "read_8",
        "read_32",
        "read_more",
        "api_read_8",
        "api_read_32",
        "api_read_more",
        "page",
        "page_requests",
        "memory_serving",
        "package",
        "erasure_plan",
        "erasure",
        "append",
    ];
    assert_eq!(keys, promised);
    for row in rows {
        assert!(row["value"].as_f64().unwrap() > 0.0, "{row}");
        assert_eq!(row["must"].is_null(), row["reached"].is_null(), "{row}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "it is gone");
    assert_eq!(refusal(&probity(folder.path(), &["bench", "--people", "5", "--json"]))["errors"][0]["pointer"], "/people");
}
