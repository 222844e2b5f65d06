//! The evidence of a package: the leaves of the person's record and messages with their proofs, other people's fields withheld.

use std::collections::{BTreeSet, HashMap};

use catalogue::{message, person};
use kernel::{Error, RecordId, Result};
use ledger::{Bundle, Hash, Item, Leaf, LeafKind, Payload};
use serde::Serialize;
use trail::{StoredTiles, Unit};

use crate::{records, requests::sql};

/// Records whose versions are opened at once.
const AT_ONCE: usize = 200;

/// Fields that must not be shown, by record and version.
pub type Withheld = HashMap<(RecordId, i64), BTreeSet<String>>;

/// Where a version stands in the ledger, for the manifest.
#[derive(Clone, Debug, Serialize)]
pub struct Proof {
    /// The record.
    pub record: RecordId,
    /// Its version.
    pub version: i64,
    /// The leaf's index.
    pub index: u64,
    /// The leaf's hash.
    pub leaf: String,
    /// The audit path to the checkpoint's root (RFC 6962), from the leaf up.
    pub path: Vec<String>,
}

/// The kinds whose evidence goes with a package.
pub fn is_proved(kind: &str) -> bool {
    kind == person::KIND || kind == message::KIND
}

/// Proves the versions of these records under the newest checkpoint.
pub fn prove(unit: &mut Unit, of: &[RecordId], withheld: &Withheld) -> Result<(Bundle, Vec<Proof>)> {
    let verifier = unit.app().verifier();
    let note = unit.one(sql::CHECKPOINT, &[], |row| row.get::<String>(0))?;
    let (head, _) = ledger::open(&note, std::slice::from_ref(&verifier))?;
    let mut bundle = Bundle::under(&head.origin, &verifier.vkey(), &note);
    let mut proofs = Vec::new();
    for portion in of.chunks(AT_ONCE) {
        for Placed { record, version, index, leaf, payload } in payloads(unit, portion, withheld)? {
            let tiles = StoredTiles::new(unit.dialect())?;
            let mut item = Item::proven(&leaf, index, head.size, &tiles)?;
            item.payload = Some(payload);
            let path = item.proof.iter().map(hex::encode).collect();
            proofs.push(Proof { record, version, index, leaf: hex::encode(leaf.hash()), path });
            bundle.items.push(item);
        }
    }
    bundle.items.sort_by_key(|item| item.index);
    Ok((bundle, proofs))
}

/// A version with its place in the ledger and what its leaf commits to.
struct Placed {
    record: RecordId,
    version: i64,
    index: u64,
    leaf: Leaf,
    payload: Payload,
}

fn payloads(unit: &mut Unit, ids: &[RecordId], withheld: &Withheld) -> Result<Vec<Placed>> {
    let mut leaves: HashMap<(RecordId, i64), (u64, Leaf)> = HashMap::new();
    for (id, index, data, version) in
        unit.all_in(sql::LEAVES_64, ids, &[], |row| Ok((row.get::<RecordId>(0)?, row.get::<u64>(1)?, row.get::<Vec<u8>>(2)?, row.get(3)?)))?
    {
        let leaf = Leaf::decode(&data).map_err(Error::internal)?;
        if leaf.kind == LeafKind::Record {
            leaves.insert((id, version), (index, leaf));
        }
    }
    let (none, mut found, mut opened) = (BTreeSet::new(), Vec::new(), records::all_versions(unit, ids)?);
    for record in ids.iter().filter_map(|id| opened.remove(id)).flatten() {
        let (id, version) = (record.row.id, record.row.version);
        let Some((index, leaf)) = leaves.get(&(id, version)) else { continue };
        let previous: Option<Hash> = leaves.get(&(id, version - 1)).map(|(_, leaf)| leaf.hash());
        let hidden = withheld.get(&(id, version)).unwrap_or(&none);
        let mut fields = record.body.opened(&record.row.kind.key, &record.row.open)?;
        for (key, part) in &mut fields {
            if hidden.contains(key) {
                *part = ledger::Part::Withheld { commitment: part.commitment(ledger::commit::FIELD) };
            }
        }
        found.push(Placed { record: id, version, index: *index, leaf: *leaf, payload: Payload { fields, previous } });
    }
    Ok(found)
}
