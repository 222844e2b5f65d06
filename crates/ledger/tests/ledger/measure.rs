use std::hint::black_box;

use kernel::{Env, Instant};
use ledger::*;

/// Run with `cargo test --release -p probity-ledger measure -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a promise"]
fn measure_appending_and_verifying() {
    const LEAVES: u64 = 1_000_000;
    let clock = Env::system();
    let (env, _) = Env::fixed(1, Instant::EPOCH);
    let mut leaf =
        Leaf { kind: LeafKind::Record, at: 0, meta: env.bytes(), subjects: env.bytes(), payload: env.bytes(), box_hash: env.bytes() };
    let mut tiles = MemoryTiles::new();
    let mut frontier = Frontier::new();

    let start = clock.monotonic();
    for at in 0..LEAVES {
        leaf.at = at.cast_signed();
        black_box(frontier.push(leaf.hash()).unwrap());
        if at % 1000 == 0 {
            black_box(frontier.root());
        }
    }
    let append = clock.monotonic() - start;

    for at in 0..LEAVES {
        leaf.at = at.cast_signed();
        tiles.push(leaf.hash()).unwrap();
    }
    let head = tiles.root();
    let start = clock.monotonic();
    let proofs: Vec<_> = (0..20_000u64).map(|n| n * 49).map(|index| (index, inclusion_proof(&tiles, index, LEAVES).unwrap())).collect();
    let make = clock.monotonic() - start;
    let start = clock.monotonic();
    for (index, proof) in &proofs {
        leaf.at = index.cast_signed();
        verify_inclusion(&leaf.hash(), *index, LEAVES, proof, &head).unwrap();
    }
    let verify = clock.monotonic() - start;
    let stored = vec![7u8; 1024];
    let start = clock.monotonic();
    for at in 0..200_000 {
        leaf.at = at;
        black_box((frontier.push(Leaf::decode(&leaf.encode()).unwrap().hash()).unwrap(), sha256(&stored)));
    }
    let sealed = clock.monotonic() - start;
    println!("appended (leaf hash, frontier, a root per 1,000): {:.0} leaves/s", LEAVES as f64 / append.as_secs_f64());
    println!("inclusion proofs made: {:.0}/s", proofs.len() as f64 / make.as_secs_f64());
    println!("inclusion proofs verified in a tree of {LEAVES}: {:.0}/s", proofs.len() as f64 / verify.as_secs_f64());
    println!("tree and 1 KiB box recomputed (SEALED): {:.0} leaves/s", 200_000.0 / sealed.as_secs_f64());
}
