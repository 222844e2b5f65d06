//! The token index against a naive model, and what is left of a removed document.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    pin::pin,
    sync::{Mutex, mpsc},
    task::{Context, Waker},
};

use kernel::{Code, Error};
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

/// Well mixed numbers, as keyed hashes are: 35 tokens of a document, two of which it shares with a neighbour.
fn carried(doc: i64) -> Vec<i64> {
    let token = |n: i64| {
        let n = (n + 1).wrapping_mul(0x1e37_79b9_7f4a_7c15);
        (n ^ ((n as u64) >> 29) as i64).wrapping_mul(0x3f58_476d_1ce4_e5b9).rotate_left(23)
    };
    (0..35).map(|n| token(if n < 2 { -1 - doc / 2 * 10 - n } else { doc * 100 + n })).collect()
}

/// Every run of `length` hexadecimal digits of these documents' tokens.
fn runs(docs: impl Iterator<Item = i64>, length: usize) -> BTreeSet<Vec<u8>> {
    let words = docs.flat_map(carried).map(|token| format!("{token:016x}"));
    words.flat_map(|word| word.as_bytes().windows(length).map(<[u8]>::to_vec).collect::<Vec<_>>()).collect()
}

/// How many runs of `length` digits that only removed documents had are in any file of the folder: databases, logs, all.
fn left(dir: &Path, removed: &[i64], length: usize) -> usize {
    let there: Vec<Vec<u8>> = fs::read_dir(dir).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    let there: BTreeSet<&[u8]> =
        there.iter().flat_map(|bytes| bytes.windows(length)).filter(|run| run.iter().all(u8::is_ascii_hexdigit)).collect();
    let kept = runs((0..DOCS).filter(|doc| !removed.contains(doc)), length);
    runs(removed.iter().copied(), length).iter().filter(|run| !kept.contains(*run) && there.contains(run.as_slice())).count()
}

const DOCS: i64 = 200;

#[test]
fn a_removed_document_leaves_no_token_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&on_sqlite(dir.path()), SMALL, DATA, VAULT).unwrap();
    for group in 0..DOCS / 10 {
        let docs: Vec<_> = (group * 10..group * 10 + 10).map(|doc| (doc, carried(doc))).collect();
        store.write_now(move |tx| tokens::put_many(tx, &docs)).unwrap();
    }
    // Half of it merged, half in the segments of single commits.
    store.write_now(tokens::rebuild).unwrap();
    assert!(left(dir.path(), &[77], 8) > 200, "the search for leftovers finds what is there");
    // Whole tokens, and any eight digits of one in a row: FTS5 writes only what a token does not share with the one before it.
    let gone = |removed: &[i64]| {
        assert!(dialect::wal_checkpoint_truncate(&store).unwrap());
        for length in [16, 12, 8] {
            assert_eq!(left(dir.path(), removed, length), 0, "{length} digits, after {removed:?}");
        }
    };
    let mut removed = Vec::new();
    for doc in [77, 0, 199, 78] {
        store.write_now(move |tx| tokens::remove(tx, doc, &carried(doc))).unwrap();
        removed.push(doc);
        gone(&removed);
    }
    // Indexed and removed again at once, before anything was merged.
    store.write_now(|tx| tokens::put(tx, 77, &carried(77))).unwrap();
    store.write_now(|tx| tokens::remove(tx, 77, &carried(77))).unwrap();
    gone(&removed);
    store.write_now(|tx| tokens::put(tx, 77, &carried(77)).and_then(|()| tokens::remove(tx, 77, &carried(77)))).unwrap();
    gone(&removed);
    // The rest is still found, each by its own, and a shared token finds the one that stayed.
    for doc in (0..DOCS).filter(|doc| !removed.contains(doc)) {
        let own = carried(doc)[2..].iter().map(|token| vec![*token]).collect::<Vec<_>>();
        assert_eq!(store.read_now(move |tx| tokens::find(tx, &own, 5)).unwrap(), [doc]);
    }
    assert_eq!(store.read_now(|tx| tokens::find(tx, &[vec![carried(76)[0]]], 5)).unwrap(), [76]);
    let all: Vec<_> = (0..DOCS).collect();
    for doc in all.iter().copied().filter(|doc| !removed.contains(doc)) {
        store.write_now(move |tx| tokens::remove(tx, doc, &carried(doc))).unwrap();
    }
    gone(&all);
    // With nothing kept, six digits say it as well; shorter runs occur by chance, in the migrations' hashes for one.
    assert_eq!(left(dir.path(), &all, 6), 0);
}

/// What a unit of a group does to the index, and whether it fails at its end.
#[derive(Clone, Debug)]
struct InGroup {
    steps: Vec<Step>,
    fails: bool,
}

fn in_group() -> impl Strategy<Value = InGroup> {
    (prop::collection::vec(step(), 0..5), prop::bool::weighted(0.3)).prop_map(|(steps, fails)| InGroup { steps, fails })
}

/// A step with what the model says of it: the old tokens of a document, the documents to be found.
#[derive(Clone)]
enum Told {
    Put(i64, Option<Vec<i64>>, Vec<i64>),
    Remove(i64, Vec<i64>),
    Find(Vec<Vec<i64>>, BTreeSet<i64>),
}

fn fitting(model: &BTreeMap<i64, Vec<i64>>, groups: &[Vec<i64>]) -> BTreeSet<i64> {
    let fits = |tokens: &Vec<i64>| !groups.is_empty() && groups.iter().all(|group| group.iter().any(|token| tokens.contains(token)));
    model.iter().filter(|(_, tokens)| fits(tokens)).map(|(doc, _)| *doc).collect()
}

fn told(model: &mut BTreeMap<i64, Vec<i64>>, unit: &InGroup) -> Vec<Told> {
    let mut after = model.clone();
    let mut told = Vec::new();
    for step in unit.steps.iter().cloned() {
        match step {
            Step::Put(doc, new) => {
                let old = after.insert(doc, new.clone());
                told.push(Told::Put(doc, old, new));
            }
            Step::Remove(doc) => told.extend(after.remove(&doc).map(|old| Told::Remove(doc, old))),
            Step::Find(groups) => {
                let found = fitting(&after, &groups);
                told.push(Told::Find(groups, found));
            }
        }
    }
    if !unit.fails {
        *model = after;
    }
    told
}

fn done(tx: &mut store::Tx, told: &[Told]) -> kernel::Result<()> {
    for step in told {
        match step {
            Told::Put(doc, old, new) => {
                if let Some(old) = old {
                    tokens::remove(tx, *doc, old)?;
                }
                tokens::put(tx, *doc, new)?;
            }
            Told::Remove(doc, old) => tokens::remove(tx, *doc, old)?,
            Told::Find(groups, wanted) => {
                let found: BTreeSet<i64> = tokens::find(tx, groups, 100)?.into_iter().collect();
                let (text, args) = tokens::subquery(tx.engine(), groups, Some(100), 1);
                let text = text.replace("FROM record", "FROM (SELECT 1 AS doc) empty");
                let under: BTreeSet<i64> = tx.all(&text, &args, |row| row.get(0))?.into_iter().collect();
                if found != *wanted || under != *wanted {
                    return Err(Error::internal(format!("{groups:?} found {found:?} and {under:?}, not {wanted:?}")));
                }
            }
        }
    }
    Ok(())
}

/// Units that wait together, so that they share a commit.
fn in_one_group(store: &Store, units: Vec<(Vec<Told>, bool)>) {
    let (entered, started) = mpsc::channel();
    let (go, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let mut busy = pin!(store.grouped(move |_| {
        // It may run again, when another unit of its group failed: then nobody waits for it any more.
        let _ = entered.send(());
        let _ = gate.lock().unwrap().recv();
        Ok(())
    }));
    let mut once = Context::from_waker(Waker::noop());
    assert!(busy.as_mut().poll(&mut once).is_pending());
    started.recv().unwrap();
    let mut waiting = Vec::new();
    for (told, fails) in units {
        let mut unit = Box::pin(store.grouped(move |tx| {
            done(tx, &told)?;
            if fails { Err(Error::new(Code::LegalHold, "no")) } else { Ok(()) }
        }));
        assert!(unit.as_mut().poll(&mut once).is_pending());
        waiting.push((unit, fails));
    }
    drop(go);
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        busy.await.unwrap();
        for (unit, fails) in waiting {
            let answer = unit.await;
            assert_eq!(answer.as_ref().err().map(Error::code), fails.then_some(Code::LegalHold), "{answer:?}");
        }
    });
}

#[test]
fn a_later_unit_of_a_group_finds_what_an_earlier_one_indexed_and_nothing_of_one_that_failed() {
    on_both(|store| {
        let mut runner =
            proptest::test_runner::TestRunner::new(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() });
        runner
            .run(&prop::collection::vec(in_group(), 1..8), |units| {
                store.write_now(tokens::clear).unwrap();
                let mut model = BTreeMap::new();
                let told = units.iter().map(|unit| (told(&mut model, unit), unit.fails)).collect();
                in_one_group(&store, told);
                for token in [0, 1, 2, 3, 4, 5, -1, i64::MIN, i64::MAX] {
                    let found: BTreeSet<i64> =
                        store.read_now(move |tx| tokens::find(tx, &[vec![token]], 100)).unwrap().into_iter().collect();
                    assert_eq!(found, fitting(&model, &[vec![token]]), "{token}");
                }
                Ok(())
            })
            .unwrap();
    });
}

#[test]
fn what_a_group_indexed_and_took_out_again_leaves_no_token_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&on_sqlite(dir.path()), SMALL, DATA, VAULT).unwrap();
    let put = |doc: i64| Told::Put(doc, None, carried(doc));
    let look = |doc: i64| Told::Find(vec![vec![carried(doc)[5]]], [doc].into());
    let gone = |doc: i64| Told::Remove(doc, carried(doc));
    in_one_group(
        &store,
        vec![
            (vec![put(9), put(1), put(5)], false),
            // Written out by a look inside a unit that fails, and so not kept.
            (vec![put(7), look(7), look(1)], true),
            (vec![gone(1)], false),
            (vec![look(5), gone(5)], false),
        ],
    );
    assert!(dialect::wal_checkpoint_truncate(&store).unwrap());
    let there: Vec<Vec<u8>> = fs::read_dir(dir.path()).unwrap().map(|entry| fs::read(entry.unwrap().path()).unwrap()).collect();
    let there: BTreeSet<&[u8]> =
        there.iter().flat_map(|bytes| bytes.windows(10)).filter(|run| run.iter().all(u8::is_ascii_hexdigit)).collect();
    let is_there = |run: &[u8]| there.contains(run);
    let kept = runs([9].into_iter(), 10);
    assert!(kept.iter().any(|run| is_there(run)), "the search for leftovers finds what is there");
    assert!(runs([1, 5, 7].into_iter(), 10).iter().all(|run| kept.contains(run) || !is_there(run)));
    assert_eq!(store.read_now(|tx| tokens::find(tx, &[vec![carried(9)[5]]], 5)).unwrap(), [9]);
}
