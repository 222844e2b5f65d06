//! Sealing a version again: what a destruction of fields left of it, or the same fields with one of them on the other side of the box.
//!
//! Each version sealed again has a leaf of its own: its payload is the version's fields as before (those that were destroyed as bare
//! commitments, no predecessor) and a field `leaf`, the hash of the version's own leaf, under the salt of [`reseal_salt`].

use kernel::{KeyId, Result};
use ledger::{Hash, LeafKind, Salt, canonical::Value as Cbor, commit_field, derive_salt, payload_root};
use store::args;
use trail::{Draft, Unit};

use super::{
    body::{Body, Fields, open_text},
    row::StoredRecord,
    sql,
};

/// The salt under which a re-seal's leaf names the leaf it re-seals: that is no secret, so the salt is none.
pub fn reseal_salt(leaf: &Hash) -> Salt {
    derive_salt(leaf, b"probity/reseal/1")
}

/// The leaf of a version that was sealed again, in the box that it has now.
pub fn reseal_leaf(unit: &mut Unit, row: &StoredRecord, body: &Body, open: &Fields, boxed: &[u8]) -> Result<()> {
    let mut commitments = body.commitments(&row.kind.key, open)?;
    commitments.insert("leaf", commit_field(&reseal_salt(&row.leaf), &Cbor::Bytes(row.leaf.to_vec())))?;
    let payload = payload_root(&commitments, None);
    let box_hash = vault::box_hash(boxed);
    unit.leaf(Draft { kind: LeafKind::Reseal, about: row.id, version: row.version, subjects: Vec::new(), payload, box_hash }).map(drop)
}

/// Puts a version's new box and open fields in the place of those it had.
pub fn put_resealed(unit: &mut Unit, row: &StoredRecord, current: bool, key: KeyId, open: &Fields, boxed: &[u8]) -> Result<()> {
    let statement = if current { sql::RESEAL } else { sql::RESEAL_VERSION };
    unit.run(statement, &args![row.id, row.version, key, open_text(open), boxed]).map(drop)
}
