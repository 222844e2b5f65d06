//! The body of an order: what its leaf commits to, and what is needed to carry it out and to prove it.
//!
//! Canonical CBOR, open (no customer's values): `f` the payload's fields ([`ledger::Order::to_fields`] and ours), `s` the seed of their salts
//! (`ledger::derive_salt(seed, key)`), `leaves` what the cover covers, in its order, as `[record, version, leaf hash]`; `approvals`, each
//! with `f` and `s` of its own leaf; `blobs` and `suppress` for the steps to come. A certificate's body has `f` and `s` alone.

use std::collections::BTreeMap;

use kernel::{BlobId, Error, Instant, RecordId, Result};
use ledger::{
    FieldCommitments, Hash, Salt,
    canonical::{self, Value as Cbor},
    commit_field, derive_salt, payload_root,
};

/// Fields with the seed of their salts.
#[derive(Clone, Debug)]
pub(crate) struct Committed {
    pub fields: BTreeMap<String, Cbor>,
    pub seed: Salt,
}

impl Committed {
    /// The root that a leaf's payload is.
    pub fn root(&self) -> Result<Hash> {
        let mut commitments = FieldCommitments::new();
        for (key, value) in &self.fields {
            commitments.insert(key.as_str(), commit_field(&derive_salt(&self.seed, key.as_bytes()), value))?;
        }
        Ok(payload_root(&commitments, None))
    }

    pub fn to_map(&self) -> BTreeMap<String, Cbor> {
        BTreeMap::from([("f".to_owned(), Cbor::Map(self.fields.clone())), ("s".to_owned(), Cbor::Bytes(self.seed.to_vec()))])
    }

    pub fn from_map(map: &BTreeMap<String, Cbor>) -> Option<Self> {
        match (map.get("f"), map.get("s")) {
            (Some(Cbor::Map(fields)), Some(Cbor::Bytes(seed))) => {
                Some(Self { fields: fields.clone(), seed: seed.as_slice().try_into().ok()? })
            }
            _ => None,
        }
    }
}

/// One person's approval.
#[derive(Clone, Debug)]
pub(crate) struct Approval {
    pub by: String,
    pub at: Instant,
    pub leaf: Hash,
    pub said: Committed,
}

/// An order's body.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    pub order: Committed,
    pub approvals: Vec<Approval>,
    pub leaves: Vec<(RecordId, i64, Hash)>,
    pub blobs: Vec<(BlobId, String)>,
    pub suppress: Vec<i64>,
}

impl Sheet {
    pub fn encode(&self) -> Vec<u8> {
        let bytes = |b: &[u8]| Cbor::Bytes(b.to_vec());
        let text = |t: &str| Cbor::Text(t.to_owned());
        let leaves = self.leaves.iter().map(|(id, version, hash)| Cbor::Array(vec![bytes(id.bytes()), Cbor::Int(*version), bytes(hash)]));
        let blobs = self.blobs.iter().map(|(id, name)| Cbor::Array(vec![bytes(id.bytes()), text(name)]));
        let mut map = self.order.to_map();
        map.insert("approvals".to_owned(), approvals_to(&self.approvals));
        map.insert("leaves".to_owned(), Cbor::Array(leaves.collect()));
        map.insert("blobs".to_owned(), Cbor::Array(blobs.collect()));
        map.insert("suppress".to_owned(), Cbor::Array(self.suppress.iter().map(|token| Cbor::Int(*token)).collect()));
        canonical::encode(&Cbor::Map(map))
    }

    pub fn decode(body: &[u8]) -> Result<Self> {
        let Cbor::Map(map) = canonical::decode(body)? else { return Err(unreadable()) };
        Self::read(&map).ok_or_else(unreadable)
    }

    fn read(map: &BTreeMap<String, Cbor>) -> Option<Self> {
        let approvals = approvals_from(map.get("approvals")?)?;
        let leaves = list(map.get("leaves")?, |entry| match entry {
            Cbor::Array(parts) => match parts.as_slice() {
                [Cbor::Bytes(id), Cbor::Int(version), Cbor::Bytes(hash)] => {
                    Some((RecordId::from_slice(id)?, *version, hash.as_slice().try_into().ok()?))
                }
                _ => None,
            },
            _ => None,
        })?;
        let blobs = list(map.get("blobs")?, |entry| match entry {
            Cbor::Array(parts) => match parts.as_slice() {
                [Cbor::Bytes(id), Cbor::Text(name)] => Some((BlobId::from_slice(id)?, name.clone())),
                _ => None,
            },
            _ => None,
        })?;
        let suppress = list(map.get("suppress")?, |entry| if let Cbor::Int(token) = entry { Some(*token) } else { None })?;
        Some(Self { order: Committed::from_map(map)?, approvals, leaves, blobs, suppress })
    }
}

/// Approvals as canonical values.
pub(crate) fn approvals_to(approvals: &[Approval]) -> Cbor {
    let one = |approval: &Approval| {
        let mut map = approval.said.to_map();
        map.insert("by".to_owned(), Cbor::Text(approval.by.clone()));
        map.insert("at".to_owned(), Cbor::Int(approval.at.micros()));
        map.insert("leaf".to_owned(), Cbor::Bytes(approval.leaf.to_vec()));
        Cbor::Map(map)
    };
    Cbor::Array(approvals.iter().map(one).collect())
}

/// Reads what [`approvals_to`] wrote.
pub(crate) fn approvals_from(value: &Cbor) -> Option<Vec<Approval>> {
    list(value, |entry| {
        let Cbor::Map(entry) = entry else { return None };
        let (Cbor::Text(by), Cbor::Int(at), Cbor::Bytes(leaf)) = (entry.get("by")?, entry.get("at")?, entry.get("leaf")?) else {
            return None;
        };
        let said = Committed::from_map(entry)?;
        Some(Approval { by: by.clone(), at: Instant::from_micros(*at), leaf: leaf.as_slice().try_into().ok()?, said })
    })
}

fn list<T>(value: &Cbor, read: impl Fn(&Cbor) -> Option<T>) -> Option<Vec<T>> {
    if let Cbor::Array(values) = value { values.iter().map(read).collect() } else { None }
}

fn unreadable() -> Error {
    Error::internal("the body of an order does not read")
}
