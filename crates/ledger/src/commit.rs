//! Salted commitments: what the ledger says about a value without saying the value.
//!
//! Once the salt is destroyed a commitment can no longer be tried against guesses: that is what makes erasure
//! possible under an append-only tree.

use std::collections::BTreeMap;

use aws_lc_rs::hmac;
use kernel::{Error, Result};

use crate::{Hash, ProofError, canonical, hash, leaf_hash, merkle_root, path_in, verify_inclusion};

/// 32 unpredictable bytes, kept sealed with what they hide.
pub type Salt = [u8; 32];

/// The domain of a commitment to an event's meta.
pub const META: &str = "probity/meta/1";
/// The domain of a commitment to one person concerned.
pub const SUBJECT: &str = "probity/subject/1";
/// The domain of a commitment to one field's value.
pub const FIELD: &str = "probity/field/1";
/// The reserved entry that commits a version to its predecessor's leaf.
pub const PREVIOUS: &str = "\0previous";

fn mac(key: &Salt, domain: &str, message: &[u8]) -> Hash {
    mac_under(&hmac::Key::new(hmac::HMAC_SHA256, key), domain, message)
}

fn mac_under(key: &hmac::Key, domain: &str, message: &[u8]) -> Hash {
    let mut context = hmac::Context::with_key(key);
    context.update(&prefix(domain.as_bytes()));
    context.update(domain.as_bytes());
    context.update(message);
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}

fn prefix(bytes: &[u8]) -> [u8; 8] {
    (bytes.len() as u64).to_be_bytes()
}

/// Commits to canonical bytes: `HMAC-SHA-256(salt, u64be(len(domain)) ‖ domain ‖ bytes)`.
pub fn commit(salt: &Salt, what: &str, canonical: &[u8]) -> Hash {
    mac(salt, what, canonical)
}

/// Commits to one field's value. The field's key is bound by [`FieldCommitments`], not here.
pub fn commit_field(salt: &Salt, value: &canonical::Value) -> Hash {
    commit(salt, FIELD, &canonical::encode(value))
}

/// Derives a salt from a secret seed and a label that is never used twice under it.
pub fn derive_salt(seed: &Salt, label: &[u8]) -> Salt {
    Seed::new(seed).salt(label)
}

/// A secret seed made ready for many salts.
pub struct Seed(hmac::Key);

impl Seed {
    /// Of these bytes.
    pub fn new(seed: &Salt) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, seed))
    }

    /// As [`derive_salt`].
    pub fn salt(&self, label: &[u8]) -> Salt {
        mac_under(&self.0, "probity/salt/1", label)
    }
}

/// The root over one commitment per person concerned; their order does not matter. Without any: [`ABSENT`](crate::ABSENT).
pub fn subjects_root(commitments: &[Hash]) -> Hash {
    if commitments.is_empty() {
        return hash::ABSENT;
    }
    let mut sorted = commitments.to_vec();
    sorted.sort_unstable();
    merkle_root(&sorted.iter().map(|commitment| leaf_hash(commitment)).collect::<Vec<_>>())
}

/// One link of a stream of read events: `SHA-256("probity/chain/1\0" ‖ previous ‖ u64be(seq) ‖ commitment)`.
/// A gap or an exchange changes every later link and so the stream's closing leaf.
pub fn chain(previous: &Hash, seq: u64, event_commitment: &Hash) -> Hash {
    hash::sha256_of(&[b"probity/chain/1\0", previous, &seq.to_be_bytes(), event_commitment])
}

/// One commitment per field of a version, by field key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldCommitments(BTreeMap<String, Hash>);

/// The proof that one field stands in a version's payload root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProof {
    /// Its place among the sorted entries.
    pub index: u64,
    /// How many entries there are.
    pub size: u64,
    /// The audit path.
    pub path: Vec<Hash>,
}

impl FieldProof {
    /// Verifies that `key` with this commitment stands in the payload with this root.
    pub fn verify(&self, key: &str, commitment: &Hash, root: &Hash) -> Result<(), ProofError> {
        verify_inclusion(&entry_hash(key, commitment), self.index, self.size, &self.path, root)
    }
}

impl FieldCommitments {
    /// Without any field.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a field's commitment. Error: invalid_input for a key that starts with NUL, which is reserved.
    pub fn insert(&mut self, key: impl Into<String>, commitment: Hash) -> Result<()> {
        let key = key.into();
        if key.starts_with('\0') {
            return Err(Error::invalid("", "reserved", "A field's key cannot start with a NUL character."));
        }
        self.0.insert(key, commitment);
        Ok(())
    }

    /// A field's commitment.
    pub fn get(&self, key: &str) -> Option<&Hash> {
        self.0.get(key)
    }

    /// Every key with its commitment, sorted by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Hash)> {
        self.0.iter().map(|(key, commitment)| (key.as_str(), commitment))
    }

    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The Merkle root over the sorted entries, without a predecessor.
    pub fn root(&self) -> Hash {
        payload_root(self, None)
    }

    /// Proves one field of the payload with this predecessor; `None` when there is no such field.
    pub fn prove(&self, key: &str, previous_leaf: Option<Hash>) -> Option<FieldProof> {
        let at = self.0.keys().position(|held| held == key)? + usize::from(previous_leaf.is_some());
        let hashes = self.entry_hashes(previous_leaf);
        Some(FieldProof { index: at as u64, size: hashes.len() as u64, path: path_in(&hashes, at) })
    }

    fn entry_hashes(&self, previous_leaf: Option<Hash>) -> Vec<Hash> {
        // NUL sorts before every permitted key, so the reserved entry always comes first.
        let previous = previous_leaf.iter().map(|leaf| entry_hash(PREVIOUS, leaf));
        previous.chain(self.0.iter().map(|(key, commitment)| entry_hash(key, commitment))).collect()
    }
}

fn entry_hash(key: &str, commitment: &Hash) -> Hash {
    leaf_hash(&[&prefix(key.as_bytes())[..], key.as_bytes(), commitment].concat())
}

/// The root of a version's payload: its fields and, in the reserved entry `"\0previous"`, its predecessor's leaf hash.
pub fn payload_root(fields: &FieldCommitments, previous_leaf: Option<Hash>) -> Hash {
    merkle_root(&fields.entry_hashes(previous_leaf))
}
