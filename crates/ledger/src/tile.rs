//! Tiles of C2SP tlog-tiles: 256 consecutive hashes of one level, eight tree levels apart.

use std::collections::BTreeMap;

use kernel::{Code, Error, Result};

use crate::{Frontier, Hash};

/// Hashes in a full tile.
pub const TILE_WIDTH: u16 = 256;

/// One tile: full, or partial at the right edge of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// 0 for leaf hashes; each level above holds one hash per full tile below.
    pub level: u8,
    /// Which tile of its level, from 0.
    pub index: u64,
    /// Its hashes, 1 to 256.
    pub hashes: Vec<Hash>,
}

impl Tile {
    /// How many hashes it has.
    pub fn width(&self) -> u16 {
        u16::try_from(self.hashes.len()).unwrap_or(TILE_WIDTH)
    }

    /// Its address under the log's prefix.
    pub fn path(&self) -> String {
        tile_path(self.level, self.index, self.width())
    }

    /// Its bytes as served: the hashes, one after the other.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.hashes.concat()
    }

    /// Reads served bytes; `None` when they are not 1 to 256 whole hashes.
    pub fn hashes_from_bytes(bytes: &[u8]) -> Option<Vec<Hash>> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        (rest.is_empty() && (1..=usize::from(TILE_WIDTH)).contains(&hashes.len())).then(|| hashes.to_vec())
    }
}

/// Where tiles come from.
pub trait TileReader {
    /// The first `width` (1 to 256) hashes of a tile. A reader may answer with more when a wider or the full tile
    /// has replaced the partial one; fewer is an error.
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>>;
}

/// The address of a tile: `tile/0/x001/x234/067` when full, with `.p/<width>` when partial (C2SP tlog-tiles).
pub fn tile_path(level: u8, index: u64, width: u16) -> String {
    let mut elements = format!("{:03}", index % 1000);
    let mut rest = index / 1000;
    while rest > 0 {
        elements = format!("x{:03}/{elements}", rest % 1000);
        rest /= 1000;
    }
    if width >= TILE_WIDTH { format!("tile/{level}/{elements}") } else { format!("tile/{level}/{elements}.p/{width}") }
}

/// How wide a tile is in a tree of `size` leaves: 256 when full, 0 when it does not exist.
pub fn tile_width(level: u8, index: u64, size: u64) -> u16 {
    let hashes = size.checked_shr(8 * u32::from(level)).unwrap_or(0);
    let before = index.saturating_mul(u64::from(TILE_WIDTH));
    u16::try_from(hashes.saturating_sub(before).min(u64::from(TILE_WIDTH))).unwrap_or(TILE_WIDTH)
}

/// A tree kept in memory, for verification and for tests.
#[derive(Clone, Debug, Default)]
pub struct MemoryTiles {
    frontier: Frontier,
    full: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl MemoryTiles {
    /// A tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends one leaf hash. Errors as [`Frontier::push`].
    pub fn push(&mut self, leaf: Hash) -> Result<()> {
        for tile in self.frontier.push(leaf)? {
            self.full.insert((tile.level, tile.index), tile.hashes);
        }
        Ok(())
    }

    /// How many leaves it has.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Its root.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }
}

impl TileReader for MemoryTiles {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>> {
        let hashes = self.full.get(&(level, index)).map(Vec::as_slice).or_else(|| self.frontier.edge(level, index));
        match hashes.and_then(|hashes| hashes.get(..usize::from(width))) {
            Some(hashes) => Ok(hashes.to_vec()),
            None => Err(Error::new(Code::NotFound, format!("The tree has no {}.", tile_path(level, index, width)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tile_addresses_are_those_of_the_specification() {
        assert_eq!(tile_path(0, 1_234_067, 8), "tile/0/x001/x234/067.p/8");
        assert_eq!(tile_path(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(tile_path(3, 0, 256), "tile/3/000");
        assert_eq!(tile_path(1, 1000, 1), "tile/1/x001/000.p/1");
    }

    #[test]
    fn a_tree_of_70000_has_the_tiles_the_specification_counts() {
        assert_eq!(tile_width(0, 272, 70_000), 256);
        assert_eq!(tile_width(0, 273, 70_000), 112);
        assert_eq!(tile_width(0, 274, 70_000), 0);
        assert_eq!(tile_width(1, 0, 70_000), 256);
        assert_eq!(tile_width(1, 1, 70_000), 17);
        assert_eq!(tile_width(2, 0, 70_000), 1);
        assert_eq!((tile_width(0, 0, 256), tile_width(1, 0, 256)), (256, 1));
        assert_eq!(tile_width(200, u64::MAX, u64::MAX), 0);
    }

    #[test]
    fn served_bytes_that_are_not_whole_hashes_are_refused() {
        assert!(Tile::hashes_from_bytes(&[]).is_none());
        assert!(Tile::hashes_from_bytes(&[0; 33]).is_none());
        assert!(Tile::hashes_from_bytes(&[0; 257 * 32]).is_none());
        assert_eq!(Tile::hashes_from_bytes(&[7; 64]), Some(vec![[7; 32]; 2]));
    }
}
