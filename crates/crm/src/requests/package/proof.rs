//! The evidence of a package: the leaves of the person's record and messages with their proofs, other people's fields withheld.

use std::collections::{BTreeSet, HashMap};

use catalogue::{message, person};
use kernel::{Error, RecordId, Result};
use ledger::{Bundle, Hash, Item, Leaf, LeafKind, Payload};
use serde::Serialize;
use store::args;
use trail::{StoredTiles, Unit};

use crate::{
    records::{self, Record},
    requests::sql,
};

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

/// The versions of a record, opened, the oldest first.
pub fn all_versions(unit: &mut Unit, id: RecordId) -> Result<Vec<Record>> {
    let Some(current) = records::find(unit, id)?.filter(|row| row.state.is_readable()) else { return Ok(Vec::new()) };
    let mut rows = vec![current.clone()];
    for (version, _) in records::versions(unit, id)? {
        rows.push(records::earlier(unit, current.clone(), version)?);
    }
    let mut opened = records::open_all(unit, rows)?;
    opened.sort_by_key(|record| record.row.version);
    Ok(opened)
}

/// Proves the versions of these records under the newest checkpoint.
pub fn prove(unit: &mut Unit, of: &[RecordId], withheld: &Withheld) -> Result<(Bundle, Vec<Proof>)> {
    let verifier = unit.app().verifier();
    let note = unit.one(sql::CHECKPOINT, &[], |row| row.get::<String>(0))?;
    let (head, _) = ledger::open(&note, std::slice::from_ref(&verifier))?;
    let mut bundle = Bundle::under(&head.origin, &verifier.vkey(), &note);
    let mut proofs = Vec::new();
    for id in of {
        for (index, leaf, payload, version) in payloads(unit, *id, withheld)? {
            let tiles = StoredTiles::new(unit.dialect())?;
            let mut item = Item::proven(&leaf, index, head.size, &tiles)?;
            item.payload = Some(payload);
            proofs.push(Proof {
                record: *id,
                version,
                index,
                leaf: hex::encode(leaf.hash()),
                path: item.proof.iter().map(hex::encode).collect(),
            });
            bundle.items.push(item);
        }
    }
    bundle.items.sort_by_key(|item| item.index);
    Ok((bundle, proofs))
}

fn payloads(unit: &mut Unit, id: RecordId, withheld: &Withheld) -> Result<Vec<(u64, Leaf, Payload, i64)>> {
    let mut leaves: HashMap<i64, (u64, Leaf)> = HashMap::new();
    for (index, data, version) in
        unit.all(sql::LEAVES, &args![id], |row| Ok((row.get::<u64>(0)?, row.get::<Vec<u8>>(1)?, row.get::<i64>(2)?)))?
    {
        let leaf = Leaf::decode(&data).map_err(Error::internal)?;
        if leaf.kind == LeafKind::Record {
            leaves.insert(version, (index, leaf));
        }
    }
    let none = BTreeSet::new();
    let mut found = Vec::new();
    for record in all_versions(unit, id)? {
        let version = record.row.version;
        let Some((index, leaf)) = leaves.get(&version) else { continue };
        let previous: Option<Hash> = leaves.get(&(version - 1)).map(|(_, leaf)| leaf.hash());
        let hidden = withheld.get(&(id, version)).unwrap_or(&none);
        let mut fields = record.body.opened(&record.row.kind.key, &record.row.open)?;
        for (key, part) in &mut fields {
            if hidden.contains(key) {
                *part = ledger::Part::Withheld { commitment: part.commitment(ledger::commit::FIELD) };
            }
        }
        found.push((*index, *leaf, Payload { fields, previous }, version));
    }
    Ok(found)
}
