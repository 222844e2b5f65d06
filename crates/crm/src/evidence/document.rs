//! Orders and certificates as stored: their fields and the salts of their commitments, readable without any key.

use std::collections::BTreeMap;

use ledger::{FieldCommitments, Hash, canonical, canonical::Value as Cbor, commit_field, derive_salt, payload_root};

/// The fields of a stored document. `None` when it does not read.
pub(super) fn fields_of(body: &[u8]) -> Option<BTreeMap<String, Cbor>> {
    parts(body).map(|(fields, _)| fields)
}

/// The payload root that a stored document leads to.
pub(super) fn payload_of(body: &[u8]) -> Option<Hash> {
    let (fields, seed) = parts(body)?;
    let mut commitments = FieldCommitments::new();
    for (key, value) in &fields {
        commitments.insert(key.as_str(), commit_field(&derive_salt(&seed, key.as_bytes()), value)).ok()?;
    }
    Some(payload_root(&commitments, None))
}

fn parts(body: &[u8]) -> Option<(BTreeMap<String, Cbor>, [u8; 32])> {
    let Cbor::Map(mut map) = canonical::decode(body).ok()? else { return None };
    let (Some(Cbor::Map(fields)), Some(Cbor::Bytes(seed))) = (map.remove("f"), map.remove("s")) else { return None };
    Some((fields, seed.try_into().ok()?))
}
