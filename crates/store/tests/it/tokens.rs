//! The token index against a naive model, and what is left of a removed document.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use proptest::prelude::*;
use store::{Store, dialect, tokens};

use crate::{DATA, SMALL, VAULT, on_both, on_sqlite};

#[derive(Clone, Debug)]
enum Step {
    Put(i64, Vec<i64>),
    Remove(i64),
    Find(Vec<Vec<i64>>),
}

fn token() -> impl Strategy<Value = i64> {
    prop_oneof![0..6_i64, Just(-1), Just(i64::MIN), Just(i64::MAX)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..12_i64, prop::collection::vec(token(), 0..6)).prop_map(|(doc, tokens)| Step::Put(doc, tokens)),
        (0..12_i64).prop_map(Step::Remove),
        prop::collection::vec(prop::collection::vec(token(), 0..3), 0..3).prop_map(Step::Find),
    ]
}

fn agrees(store: &Store, steps: &[Step]) {
    let mut model: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    store.write_now(tokens::clear).unwrap();
    for step in steps.iter().cloned() {
        match step {
            Step::Put(doc, new) => {
                let old = model.insert(doc, new.clone());
                let put = move |tx: &mut store::Tx| {
                    if let Some(old) = &old {
                        tokens::remove(tx, doc, old)?;
                    }
                    tokens::put(tx, doc, &new)
                };
                store.write_now(put).unwrap();
            }
            Step::Remove(doc) => {
                if let Some(old) = model.remove(&doc) {
                    store.write_now(move |tx| tokens::remove(tx, doc, &old)).unwrap();
                }
            }
            Step::Find(groups) => {
                let fits =
                    |tokens: &Vec<i64>| !groups.is_empty() && groups.iter().all(|group| group.iter().any(|token| tokens.contains(token)));
                let wanted: BTreeSet<i64> = model.iter().filter(|(_, tokens)| fits(tokens)).map(|(doc, _)| *doc).collect();
                let asked = groups.clone();
                let found = store.read_now(move |tx| tokens::find(tx, &asked, 100)).unwrap();
                assert_eq!(found.len(), wanted.len());
                assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), wanted, "{groups:?}");
            }
        }
    }
}

#[test]
fn the_index_finds_what_a_naive_search_finds() {
    on_both(|store| {
        let mut runner =
            proptest::test_runner::TestRunner::new(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() });
        runner
            .run(&prop::collection::vec(step(), 1..25), |steps| {
                agrees(&store, &steps);
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn many_documents_go_in_at_once_and_survive_a_merge() {
    on_both(|store| {
        let docs: Vec<(i64, Vec<i64>)> = (0..300).map(|doc| (doc, vec![doc % 7, 1000 + doc])).collect();
        store.write_now(move |tx| tokens::put_many(tx, &docs).and_then(|()| tokens::rebuild(tx))).unwrap();
        assert_eq!(store.read_now(|tx| tokens::find(tx, &[vec![3], vec![1003, 1010, 1004]], 10)).unwrap().len(), 2);
        assert_eq!(store.read_now(|tx| tokens::find(tx, &[vec![3]], 5)).unwrap().len(), 5);
    });
}

#[test]
fn a_removed_document_leaves_no_token_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&on_sqlite(dir.path()), SMALL, DATA, VAULT).unwrap();
    // Well mixed numbers, as keyed hashes are.
    let token = |n: i64| n.wrapping_mul(0x1e37_79b9_7f4a_7c15).rotate_left(23);
    let carried = move |doc: i64| (0..35).map(|n| token(doc * 100 + n)).collect::<Vec<_>>();
    for group in 0..20 {
        store
            .write_now(move |tx| tokens::put_many(tx, &(group * 10..group * 10 + 10).map(|doc| (doc, carried(doc))).collect::<Vec<_>>()))
            .unwrap();
    }
    let left = || {
        let mut found = 0;
        for entry in fs::read_dir(dir.path()).unwrap() {
            let bytes = fs::read(entry.unwrap().path()).unwrap();
            for token in carried(77) {
                // FTS5 stores what a token shares with its neighbour once; the second half alone would still betray it.
                let word = format!("{token:016x}");
                found += usize::from(bytes.windows(8).any(|w| w == &word.as_bytes()[8..]));
            }
        }
        found
    };
    assert!(left() >= 35, "the search for leftovers finds what is there");
    store.write_now(move |tx| tokens::remove(tx, 77, &carried(77))).unwrap();
    assert!(dialect::wal_checkpoint_truncate(&store).unwrap());
    assert_eq!(left(), 0);
    assert_eq!(store.read_now(move |tx| tokens::find(tx, &[carried(78)], 5)).unwrap(), [78]);
}
