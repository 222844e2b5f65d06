//! Tree hashing of RFC 6962 §2.1 and RFC 9162 §2.1.1: SHA-256 with one prefix byte for leaves and one for nodes.

use aws_lc_rs::digest::{self, SHA256};

/// A SHA-256 value: of a leaf, a node, a root, a commitment or a stored box.
pub type Hash = [u8; 32];

/// What a leaf carries where it commits to nothing (no subject, no body).
pub const ABSENT: Hash = [0; 32];

fn digest_of(parts: &[&[u8]]) -> Hash {
    let mut context = digest::Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.finish().as_ref());
    out
}

/// SHA-256 of bytes, without a tree prefix: of a stored box, of a file.
pub fn sha256(data: &[u8]) -> Hash {
    digest_of(&[data])
}

pub(crate) fn sha256_of(parts: &[&[u8]]) -> Hash {
    digest_of(parts)
}

/// The hash of one entry: `SHA-256(0x00 ‖ data)` (RFC 6962 §2.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    digest_of(&[&[0], data])
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)` (RFC 6962 §2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut block = [1; 65];
    block[1..33].copy_from_slice(left);
    block[33..].copy_from_slice(right);
    sha256(&block)
}

/// The root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// The Merkle Tree Hash over leaf hashes, in their order (RFC 6962 §2.1).
pub fn merkle_root(leaf_hashes: &[Hash]) -> Hash {
    if leaf_hashes.is_empty() {
        return empty_root();
    }
    // Pairing level by level and carrying an odd last node up unchanged gives the tree of RFC 6962:
    // splitting at the largest power of two leaves exactly those nodes unpaired.
    let mut level = leaf_hashes.to_vec();
    while level.len() > 1 {
        level = level.chunks(2).map(|pair| if let [left, right] = pair { node_hash(left, right) } else { pair[0] }).collect();
    }
    level[0]
}
