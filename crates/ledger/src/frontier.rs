//! The right edge of a growing tree: all that is needed to append and to sign the next head.

use kernel::{Code, Error, Result};

use crate::{
    Hash, TILE_WIDTH, Tile, TileReader, empty_root, merkle_root, node_hash,
    tile::{tile_path, tile_width},
};

const VERSION: u8 = 1;
const WIDTH: usize = TILE_WIDTH as usize;

/// The size of a tree and its partial tiles, one per level, at most eight.
///
/// [`push`](Self::push) hands out each tile when it becomes full, [`partial_tiles`](Self::partial_tiles) those to
/// publish with the next checkpoint. Appending costs one leaf and, amortised, one node hash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    edge: Vec<Vec<Hash>>,
}

impl Frontier {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves the tree has, and so the index of the next one.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash and returns the tiles it completed, lowest level first (mostly none).
    /// Error: the tree is full at 2⁶⁴−1 leaves.
    pub fn push(&mut self, leaf: Hash) -> Result<Vec<Tile>> {
        let size = self.size.checked_add(1).ok_or_else(|| Error::new(Code::TooLarge, "The ledger's tree is full; begin a new origin."))?;
        let (mut done, mut hash, mut level) = (Vec::new(), leaf, 0);
        loop {
            if self.edge.len() == level {
                self.edge.push(Vec::new());
            }
            let row = &mut self.edge[level];
            row.push(hash);
            if row.len() < WIDTH {
                break;
            }
            let hashes = std::mem::take(row);
            hash = merkle_root(&hashes);
            let depth = u8::try_from(level).unwrap_or(u8::MAX);
            let through = size.checked_shr(8 * (u32::from(depth) + 1)).unwrap_or(0);
            done.push(Tile { level: depth, index: through.saturating_sub(1), hashes });
            level += 1;
        }
        self.size = size;
        Ok(done)
    }

    /// The partial tiles at the right edge, lowest level first: to publish with a checkpoint at this size.
    pub fn partial_tiles(&self) -> Vec<Tile> {
        let rows = self.edge.iter().zip(0u8..).filter(|(hashes, _)| !hashes.is_empty());
        rows.map(|(hashes, level)| Tile { level, index: self.partial_index(level), hashes: hashes.clone() }).collect()
    }

    pub(crate) fn edge(&self, level: u8, index: u64) -> Option<&[Hash]> {
        let row = self.edge.get(usize::from(level))?;
        (index == self.partial_index(level)).then_some(row.as_slice())
    }

    fn partial_index(&self, level: u8) -> u64 {
        self.size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0)
    }

    /// The root of the tree at this size.
    pub fn root(&self) -> Hash {
        let mut right: Option<Hash> = None;
        for row in &self.edge {
            // Peaks of this row from the right: each set bit of its length is one complete subtree.
            let mut end = row.len();
            while end > 0 {
                let span = end & end.wrapping_neg();
                let peak = merkle_root(&row[end - span..end]);
                right = Some(right.map_or(peak, |right| node_hash(&peak, &right)));
                end -= span;
            }
        }
        right.unwrap_or_else(empty_root)
    }

    /// The frontier of a stored tree of `size` leaves, read from its right-edge tiles. Errors are the reader's.
    pub fn resume(reader: &dyn TileReader, size: u64) -> Result<Self> {
        let mut edge = Vec::new();
        for level in 0u8..8 {
            if size.checked_shr(8 * u32::from(level)).unwrap_or(0) == 0 {
                break;
            }
            let index = size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0);
            let width = tile_width(level, index, size);
            let mut row = if width == 0 { Vec::new() } else { reader.tile(level, index, width)? };
            if row.len() < usize::from(width) {
                return Err(Error::new(Code::Malformed, format!("{} is shorter than the tree needs.", tile_path(level, index, width))));
            }
            row.truncate(usize::from(width));
            edge.push(row);
        }
        Ok(Self { size, edge })
    }

    /// Its bytes: version, size, then the hashes of each level's partial tile (their number follows from the size).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend(self.size.to_be_bytes());
        out.extend(self.edge.iter().flatten().flatten());
        out
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; compare its [`root`](Self::root) with the stored head's before use. Error: malformed, when version or length do not fit.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let fail = || Error::new(Code::Malformed, "The stored edge of the ledger's tree is not readable; rebuild it from the leaves.");
        let (head, rest) = bytes.split_at_checked(9).ok_or_else(fail)?;
        let size = u64::from_be_bytes(head[1..].try_into().map_err(|_| fail())?);
        let (hashes, odd) = rest.as_chunks::<32>();
        if head[0] != VERSION || !odd.is_empty() {
            return Err(fail());
        }
        let (mut edge, mut left) = (Vec::new(), hashes);
        let mut level = size;
        while level > 0 {
            let (row, more) = left.split_at_checked(usize::try_from(level % u64::from(TILE_WIDTH)).unwrap_or(0)).ok_or_else(fail)?;
            edge.push(row.to_vec());
            left = more;
            level /= u64::from(TILE_WIDTH);
        }
        if left.is_empty() { Ok(Self { size, edge }) } else { Err(fail()) }
    }
}
