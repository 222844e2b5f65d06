//! The shared corpus of worked cases, where it is present.

use std::{env, fs::File, io::BufReader, path::PathBuf};

use rules::retention::cases::run;

#[test]
fn every_case_of_the_corpus_is_decided_as_expected() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpus = env::var_os("PROBITY_CORPUS").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let Ok(file) = File::open(corpus.join("retention/cases.jsonl")) else {
        println!("corpus absent");
        return;
    };
    let mut output = Vec::new();
    let summary = run(BufReader::new(file), &mut output, true).expect("readable");
    let told = String::from_utf8(output).expect("text");
    let wrong: Vec<_> = told.lines().filter(|l| l.contains("\"difference\"") || l.contains("\"error\"")).collect();
    println!("{summary:?}");
    assert!(summary.is_clean(), "{}", wrong.join("\n"));
}
