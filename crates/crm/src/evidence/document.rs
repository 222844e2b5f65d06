//! Orders and certificates as stored: their fields and the salts of their commitments, readable without any key.

use std::collections::BTreeMap;

use ledger::{FieldCommitments, Hash, Scope, canonical, canonical::Value as Cbor, commit_field, derive_salt, payload_root};

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

/// The leaf hashes that a stored order covers, in the cover's order, each with its record and version.
pub(super) fn covered(body: &[u8]) -> Option<Vec<([u8; 16], i64, Hash)>> {
    let Cbor::Map(mut map) = canonical::decode(body).ok()? else { return None };
    let Some(Cbor::Array(leaves)) = map.remove("leaves") else { return None };
    let each = leaves.into_iter().map(|entry| match entry {
        Cbor::Array(parts) => match parts.as_slice() {
            [Cbor::Bytes(id), Cbor::Int(version), Cbor::Bytes(hash)] => {
                Some((id.as_slice().try_into().ok()?, *version, hash.as_slice().try_into().ok()?))
            }
            _ => None,
        },
        _ => None,
    });
    each.collect()
}

/// The approvals kept with a stored order: leaf hash and what the leaf's payload commits to, as a document of its own.
pub(super) fn approvals(body: &[u8]) -> Vec<(Hash, Vec<u8>)> {
    let Ok(Cbor::Map(mut map)) = canonical::decode(body) else { return Vec::new() };
    let Some(Cbor::Array(list)) = map.remove("approvals") else { return Vec::new() };
    let each = list.into_iter().filter_map(|entry| {
        let Cbor::Map(entry) = entry else { return None };
        let Some(Cbor::Bytes(leaf)) = entry.get("leaf") else { return None };
        let leaf: Hash = leaf.as_slice().try_into().ok()?;
        Some((leaf, canonical::encode(&Cbor::Map(entry))))
    });
    each.collect()
}

/// What a stored proposal is over: its records and, where not they go whole, their fields.
pub(super) fn scope(proposal: &[u8]) -> Option<Scope> {
    let Cbor::Map(map) = canonical::decode(proposal).ok()? else { return None };
    let list = |key: &str| if let Some(Cbor::Array(list)) = map.get(key) { list.as_slice() } else { &[] };
    let bytes = |id: &Cbor| if let Cbor::Bytes(id) = id { Some(id.clone()) } else { None };
    let word = |field: &Cbor| if let Cbor::Text(field) = field { Some(field.clone()) } else { None };
    Some(Scope {
        records: list("records").iter().map(bytes).collect::<Option<_>>()?,
        fields: list("fields").iter().map(word).collect::<Option<_>>()?,
    })
}

/// The fields of a stored document and the seed of their salts.
pub(super) fn parts(body: &[u8]) -> Option<(BTreeMap<String, Cbor>, [u8; 32])> {
    let Cbor::Map(mut map) = canonical::decode(body).ok()? else { return None };
    let (Some(Cbor::Map(fields)), Some(Cbor::Bytes(seed))) = (map.remove("f"), map.remove("s")) else { return None };
    Some((fields, seed.try_into().ok()?))
}
