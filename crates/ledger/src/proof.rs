//! Inclusion and consistency: proofs made from tiles, and their verification as RFC 9162 §2.1.3 and §2.1.4 write it.

use std::{cell::RefCell, collections::HashMap, fmt};

use kernel::{Code, Error, Result};

use crate::{
    Hash, TileReader, empty_root, merkle_root, node_hash,
    tile::{tile_path, tile_width},
};

/// Why a proof does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofError {
    /// The leaf's index is not below the tree's size.
    OutsideTree,
    /// The sizes cannot be compared: the old tree is empty or larger than the new one.
    Sizes,
    /// The proof has more or fewer hashes than its sizes need.
    Length,
    /// The hashes do not lead to the root.
    Root,
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutsideTree => "the leaf's index is not below the tree's size",
            Self::Sizes => "the old tree is empty or larger than the new one",
            Self::Length => "the proof has the wrong number of hashes",
            Self::Root => "the proof does not lead to the root",
        })
    }
}

impl std::error::Error for ProofError {}

impl From<ProofError> for Error {
    fn from(error: ProofError) -> Self {
        Self::new(Code::InvalidInput, format!("The ledger's proof does not hold: {error}.")).because(error)
    }
}

/// Verifies that a leaf stands at `index` in the tree of `size` leaves with this root (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutsideTree);
    }
    let (mut fn_, mut sn, mut r) = (index, size - 1, *leaf);
    for p in proof {
        if sn == 0 {
            return Err(ProofError::Length);
        }
        if fn_ & 1 == 1 || fn_ == sn {
            r = node_hash(p, &r);
            while fn_ & 1 == 0 && fn_ != 0 {
                fn_ >>= 1;
                sn >>= 1;
            }
        } else {
            r = node_hash(&r, p);
        }
        fn_ >>= 1;
        sn >>= 1;
    }
    match (sn, r == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Verifies that the tree of `new` leaves begins with the tree of `old` leaves (RFC 9162 §2.1.4.2).
/// An empty old tree is refused: everything extends nothing, so such a proof says nothing.
pub fn verify_consistency(old: u64, new: u64, proof: &[Hash], old_root: &Hash, new_root: &Hash) -> Result<(), ProofError> {
    if old == 0 || old > new {
        return Err(ProofError::Sizes);
    }
    if old == new {
        return match (proof.is_empty(), old_root == new_root) {
            (false, _) => Err(ProofError::Length),
            (true, false) => Err(ProofError::Root),
            (true, true) => Ok(()),
        };
    }
    let (first, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::Length)?;
        (first, rest)
    };
    if rest.is_empty() {
        return Err(ProofError::Length);
    }
    let (mut fn_, mut sn) = (old - 1, new - 1);
    let whole = fn_.trailing_ones();
    fn_ >>= whole;
    sn >>= whole;
    let (mut fr, mut sr) = (*first, *first);
    for c in rest {
        if sn == 0 {
            return Err(ProofError::Length);
        }
        if fn_ & 1 == 1 || fn_ == sn {
            fr = node_hash(c, &fr);
            sr = node_hash(c, &sr);
            while fn_ & 1 == 0 && fn_ != 0 {
                fn_ >>= 1;
                sn >>= 1;
            }
        } else {
            sr = node_hash(&sr, c);
        }
        fn_ >>= 1;
        sn >>= 1;
    }
    if sn != 0 {
        Err(ProofError::Length)
    } else if fr == *old_root && sr == *new_root {
        Ok(())
    } else {
        Err(ProofError::Root)
    }
}

/// The root of the first `size` leaves. Errors are the reader's.
pub fn root(reader: &dyn TileReader, size: u64) -> Result<Hash> {
    if size == 0 { Ok(empty_root()) } else { Tree::new(reader, size).range(0, size) }
}

/// The audit path of the leaf at `index` in the tree of `size` leaves (RFC 9162 §2.1.3.1), leaf end first.
/// Errors: invalid_input when the leaf is outside; else the reader's.
pub fn inclusion_proof(reader: &dyn TileReader, index: u64, size: u64) -> Result<Vec<Hash>> {
    if index >= size {
        return Err(ProofError::OutsideTree.into());
    }
    let tree = Tree::new(reader, size);
    let (mut start, mut end, mut path) = (0, size, Vec::new());
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(tree.range(middle, end)?);
            end = middle;
        } else {
            path.push(tree.range(start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `new` leaves begins with that of `old` leaves (RFC 9162 §2.1.4.1).
/// Errors: invalid_input when `old` is 0 or above `new`; else the reader's.
pub fn consistency_proof(reader: &dyn TileReader, old: u64, new: u64) -> Result<Vec<Hash>> {
    if old == 0 || old > new {
        return Err(ProofError::Sizes.into());
    }
    let tree = Tree::new(reader, new);
    let (mut start, mut end, mut path) = (0, new, Vec::new());
    while old != end {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(tree.range(middle, end)?);
            end = middle;
        } else {
            path.push(tree.range(start, middle)?);
            start = middle;
        }
    }
    // The verifier knows the old root itself, so it is left out when the old tree is one complete subtree.
    if start > 0 {
        path.push(tree.range(start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// The audit path within a short list of leaf hashes held in memory; empty when `index` is outside.
pub fn path_in(leaf_hashes: &[Hash], index: usize) -> Vec<Hash> {
    let (mut rest, mut index, mut path) = (leaf_hashes, index, Vec::new());
    if index >= rest.len() {
        return path;
    }
    while rest.len() > 1 {
        let middle = rest.len().next_power_of_two() / 2;
        let (left, right) = rest.split_at(middle);
        if index < middle {
            path.push(merkle_root(right));
            rest = left;
        } else {
            path.push(merkle_root(left));
            rest = right;
            index -= middle;
        }
    }
    path.reverse();
    path
}

/// The largest power of two below `n`, for `n` above 1.
fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// Hashes of ranges of a tree, each tile read at most once.
struct Tree<'a> {
    reader: &'a dyn TileReader,
    size: u64,
    seen: RefCell<HashMap<(u8, u64), Vec<Hash>>>,
}

impl<'a> Tree<'a> {
    fn new(reader: &'a dyn TileReader, size: u64) -> Self {
        Self { reader, size, seen: RefCell::default() }
    }

    /// The Merkle Tree Hash of leaves `start..end`, where `start` is a multiple of the power of two at or above the length.
    fn range(&self, start: u64, end: u64) -> Result<Hash> {
        let (mut end, mut right) = (end, None::<Hash>);
        while end > start {
            let span = 1u64 << (end - start).trailing_zeros();
            end -= span;
            let peak = self.node(span.trailing_zeros(), end)?;
            right = Some(right.map_or(peak, |right| node_hash(&peak, &right)));
        }
        Ok(right.unwrap_or_else(empty_root))
    }

    /// The node over the complete subtree of `2^height` leaves that begins at leaf `start`.
    fn node(&self, height: u32, start: u64) -> Result<Hash> {
        let (level, within) = (height / 8, height % 8);
        let first = start >> (8 * level);
        let (index, offset) = (first >> 8, usize::try_from(first & 255).unwrap_or(0));
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        let mut seen = self.seen.borrow_mut();
        let hashes = match seen.entry((level, index)) {
            std::collections::hash_map::Entry::Occupied(held) => held.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => {
                let width = tile_width(level, index, self.size);
                let hashes = self.reader.tile(level, index, width)?;
                if hashes.len() < usize::from(width) {
                    return Err(Error::new(Code::Malformed, format!("{} is shorter than the tree needs.", tile_path(level, index, width))));
                }
                free.insert(hashes)
            }
        };
        let nodes = hashes.get(offset..offset + (1 << within)).ok_or_else(|| Error::internal("a node outside its tile"))?;
        Ok(merkle_root(nodes))
    }
}
