//! Other people's vectors. Absent in a plain checkout: then each test says so and passes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use ledger::*;
use serde_json::Value;

fn corpus(part: &str) -> Option<PathBuf> {
    let base = std::env::var_os("PROBITY_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from)
        .join("standards")
        .join(part);
    if base.exists() {
        return Some(base);
    }
    println!("corpus absent");
    None
}

fn json_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            json_files(&path, out);
        } else if path.extension().is_some_and(|end| end == "json") {
            out.push(path);
        }
    }
}

/// A hash of a vector; `None` when it is not 32 bytes, which no proof of ours can even hold.
fn hash(value: &Value) -> Option<Hash> {
    STANDARD.decode(value.as_str()?).ok()?.try_into().ok()
}

/// A root of a consistency vector. Some vectors write words such as "don't care 1" and only compare them: those stand
/// here as their SHA-256, which keeps equal ones equal and different ones different.
fn root_of(value: &Value) -> Hash {
    hash(value).unwrap_or_else(|| sha256(value.as_str().unwrap_or_default().as_bytes()))
}

fn holds(case: &Value) -> bool {
    let proof: Option<Vec<Hash>> = case["proof"].as_array().map_or(Some(Vec::new()), |list| list.iter().map(hash).collect());
    let Some(proof) = proof else { return false };
    let size = |name: &str| case[name].as_u64().unwrap();
    if case.get("leafIdx").is_some() {
        let (Some(leaf), Some(root)) = (hash(&case["leafHash"]), hash(&case["root"])) else { return false };
        verify_inclusion(&leaf, size("leafIdx"), size("treeSize"), &proof, &root).is_ok()
    } else {
        verify_consistency(size("size1"), size("size2"), &proof, &root_of(&case["root1"]), &root_of(&case["root2"])).is_ok()
    }
}

#[test]
fn every_published_merkle_vector_is_judged_as_expected() {
    let Some(base) = corpus("merkle") else { return };
    let mut files = Vec::new();
    json_files(&base, &mut files);
    let (mut accepted, mut refused) = (0, 0);
    for file in files {
        let case: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        let expected = !case["wantErr"].as_bool().unwrap();
        assert_eq!(holds(&case), expected, "{} ({})", file.display(), case["desc"]);
        if expected { accepted += 1 } else { refused += 1 }
    }
    assert_eq!((accepted, refused), (10, 145));
}

/// The public key of the test log.
const TESTDATA: &str = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

#[test]
fn checkpoints_of_another_log_are_verified_and_recomputed_from_its_tiles_and_entries() {
    let Some(base) = corpus("tlog-tessera") else { return };
    let key = [Verifier::parse(TESTDATA).unwrap()];
    let mut older: Vec<Checkpoint> = Vec::new();
    for size in 0..=15u64 {
        let note = fs::read_to_string(base.join(format!("checkpoint.{size}"))).unwrap();
        let (checkpoint, _) = open(&note, &key).unwrap();
        assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/log/testdata", size));
        assert!(open(&note.replacen("testdata\n", "testdata2\n", 1), &key).is_err());
        let mut tiles = MemoryTiles::new();
        if size > 0 {
            let tile = fs::read(base.join(tile_path(0, 0, tile_width(0, 0, size)))).unwrap();
            let hashes = Tile::hashes_from_bytes(&tile).unwrap();
            hashes.iter().for_each(|hash| tiles.push(*hash).unwrap());
            let entries = fs::read(base.join(tile_path(0, 0, tile_width(0, 0, size)).replace("tile/0", "tile/entries"))).unwrap();
            assert_eq!(entries_of(&entries).iter().map(|entry| leaf_hash(entry)).collect::<Vec<_>>(), hashes);
        }
        assert_eq!(root(&tiles, size).unwrap(), checkpoint.root);
        for before in older.iter().filter(|before| before.size > 0) {
            let proof = consistency_proof(&tiles, before.size, size).unwrap();
            verify_consistency(before.size, size, &proof, &before.root, &checkpoint.root).unwrap();
        }
        older.push(checkpoint);
    }
}

fn entries_of(mut bundle: &[u8]) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk::<2>() {
        let (entry, rest) = rest.split_at(usize::from(u16::from_be_bytes(*length)));
        out.push(entry.to_vec());
        bundle = rest;
    }
    out
}

#[test]
fn the_examples_of_the_c2sp_specifications_are_read() {
    let Some(base) = corpus("c2sp") else { return };
    let fences = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(base.join(name)).unwrap();
        text.split("```\n").skip(1).step_by(2).map(str::to_owned).collect()
    };
    let text = fs::read_to_string(base.join("signed-note.md")).unwrap();
    let vkey = text.lines().map(str::trim).find(|line| line.starts_with("example.com/foo+")).unwrap();
    let key = Verifier::parse(vkey).unwrap();
    assert_eq!(key.vkey(), vkey);
    let example = fences("signed-note.md").into_iter().find(|note| note.starts_with("This is an example")).unwrap();
    let note = note::Note::parse(&example).unwrap();
    assert_eq!(note.verify(std::slice::from_ref(&key)).unwrap()[0].name, "example.com/foo");
    let changed = note::Note::parse(&example.replacen("example", "examplf", 1)).unwrap();
    assert!(changed.verify(&[key]).is_err());

    // A text with an empty line inside: the last empty line separates.
    let poem = fences("signed-note.md").into_iter().find(|note| note.starts_with("Ognuno")).unwrap();
    assert!(note::Note::parse(&poem).unwrap().text.ends_with("subito sera.\n"));
    for name in ["tlog-checkpoint.md", "tlog-cosignature.md"] {
        let example = fences(name).into_iter().find(|note| note.starts_with("example.com/behind-the-sofa")).unwrap();
        assert_eq!(Checkpoint::parse(&note::Note::parse(&example).unwrap().text).unwrap().size, 20_852_163);
    }
}

#[test]
fn ed25519_agrees_with_every_wycheproof_vector() {
    let Some(base) = corpus("wycheproof") else { return };
    let vectors: Value = serde_json::from_slice(&fs::read(base.join("ed25519_test.json")).unwrap()).unwrap();
    let unhex = |value: &Value| hex::decode(value.as_str().unwrap()).unwrap();
    let mut seen = 0;
    for group in vectors["testGroups"].as_array().unwrap() {
        let public: [u8; 32] = unhex(&group["publicKey"]["pk"]).try_into().unwrap();
        for case in group["tests"].as_array().unwrap() {
            let valid = note::ed25519_verifies(&public, &unhex(&case["msg"]), &unhex(&case["sig"]));
            assert_eq!(valid, case["result"] == "valid", "case {}", case["tcId"]);
            seen += 1;
        }
    }
    assert_eq!(seen, vectors["numberOfTests"]);
}
