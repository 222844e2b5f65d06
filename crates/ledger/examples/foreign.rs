//! Writes 1,000 proofs, signed checkpoints and the tiles of a tree into a folder, for another implementation to judge
//! (`tests/foreign/verify.py`).

use std::{error::Error, fs, path::Path};

use kernel::{Env, Instant};
use ledger::{
    ABSENT, Bundle, Checkpoint, Frontier, Hash, Item, Leaf, LeafKind, MemoryTiles, Signer, Tile, TileReader, consistency_proof, cosign,
    inclusion_proof, leaf_hash, root, sign, tile_path, tile_width,
};
use serde_json::{Value, json};

const SIZE: u64 = 66_000;

fn hexes(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(hex::encode).collect()
}

fn write_tile(folder: &Path, tile: &Tile) -> Result<(), Box<dyn Error>> {
    let path = folder.join(tile.path());
    fs::create_dir_all(path.parent().ok_or("a tile has a folder")?)?;
    Ok(fs::write(path, tile.to_bytes())?)
}

/// The same case with something wrong: the verifier must refuse it.
fn spoiled(case: &Value, env: &Env) -> Value {
    let mut case = case.clone();
    case["holds"] = false.into();
    let path = case["path"].as_array().map_or(0, Vec::len);
    let pick = usize::try_from(env.doc()).unwrap_or(0);
    if path > 0 && pick % 2 == 0 {
        case["path"][pick % path] = hex::encode(env.bytes::<32>()).into();
    } else {
        case["root"] = hex::encode(env.bytes::<32>()).into();
    }
    case
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("name the folder to write to")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let (env, _) = Env::fixed(6962, Instant::EPOCH);
    let (mut tiles, mut frontier) = (MemoryTiles::new(), Frontier::new());
    for n in 0..SIZE {
        let leaf = leaf_hash(&n.to_be_bytes());
        tiles.push(leaf)?;
        frontier.push(leaf)?.iter().try_for_each(|tile| write_tile(folder, tile))?;
    }
    frontier.partial_tiles().iter().try_for_each(|tile| write_tile(folder, tile))?;

    let below = |limit: u64| env.doc().unsigned_abs() % limit;
    let mut proofs = Vec::new();
    while proofs.len() < 1000 {
        let size = if proofs.len() % 2 == 0 { 1 + below(600) } else { 1 + below(SIZE) };
        let head = hex::encode(root(&tiles, size)?);
        let case = if proofs.len() % 5 < 3 {
            let index = below(size);
            let path = hexes(&inclusion_proof(&tiles, index, size)?);
            json!({"kind": "inclusion", "leaf": hex::encode(leaf_hash(&index.to_be_bytes())), "index": index, "size": size, "root": head, "path": path, "holds": true})
        } else {
            let old = 1 + below(size);
            let path = hexes(&consistency_proof(&tiles, old, size)?);
            json!({"kind": "consistency", "old": old, "old_root": hex::encode(root(&tiles, old)?), "size": size, "root": head, "path": path, "holds": true})
        };
        proofs.push(case);
    }
    let refused: Vec<_> = proofs.iter().step_by(5).chain(proofs.iter().skip(3).step_by(5)).map(|case| spoiled(case, &env)).collect();

    let (log, witness) = (Signer::new("log.example/crm", env.bytes())?, Signer::new("witness.example/w1", env.bytes())?);
    let mut notes = Vec::new();
    for size in [0, 1, 255, 256, 257, 65_536, SIZE] {
        let head = Checkpoint { origin: "log.example/crm".to_owned(), size, root: root(&tiles, size)?, extensions: Vec::new() };
        let note = cosign(&sign(&head, &log)?, &witness, 1_795_000_000 + size)?;
        notes.push(json!({"note": note, "size": size, "root": hex::encode(head.root), "holds": true}));
        notes.push(json!({"note": note.replacen('\n', "x\n", 1), "size": size, "root": hex::encode(head.root), "holds": false}));
    }
    // The reader's own answer at the edge is what was written to the folder.
    let (level, index) = (0, SIZE / 256);
    let edge = Tile { level, index, hashes: tiles.tile(level, index, tile_width(level, index, SIZE))? };
    let out = json!({
        "proofs": proofs, "refused": refused, "notes": notes,
        "log": log.verifier().vkey(), "witness": witness.witness_verifier().vkey(),
        "tree": {"size": SIZE, "root": hex::encode(tiles.root()), "edge": tile_path(level, index, edge.width())},
    });
    // A bundle, for any ZIP tool, over a small tree of its own.
    let mut own = MemoryTiles::new();
    let leaves: Vec<_> = (0..20)
        .map(|at| Leaf { kind: LeafKind::Event, at, meta: env.bytes(), subjects: ABSENT, payload: ABSENT, box_hash: ABSENT })
        .collect();
    leaves.iter().try_for_each(|leaf| own.push(leaf.hash()))?;
    let head = Checkpoint { origin: "log.example/crm".to_owned(), size: own.size(), root: own.root(), extensions: Vec::new() };
    let mut bundle = Bundle::new(&head, &log)?;
    for (index, leaf) in (0..).zip(&leaves) {
        bundle.items.push(Item::proven(leaf, index, own.size(), &own)?);
    }
    bundle.attach("note é.txt", b"beside the evidence".to_vec());
    fs::write(folder.join("bundle.zip"), bundle.to_bytes()?)?;
    fs::write(folder.join("proofs.json"), serde_json::to_vec(&out)?)?;
    Ok(())
}
