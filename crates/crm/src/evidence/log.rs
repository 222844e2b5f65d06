//! The log as it is served over HTTP: checkpoint, tiles, proofs (C2SP tlog-tiles). Nothing in it is secret.

use kernel::{Error, Instant, Result};
use ledger::{Frontier, Hash, TileReader};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{App, StoredTiles};

use super::sql;

/// The newest signed checkpoint. Error: not_found while nothing was ever written.
pub async fn checkpoint(app: &App) -> Result<String> {
    let note = app.store().read(|tx| tx.maybe(sql::CHECKPOINT_LAST, &[], |row| row.get::<String>(0))).await?;
    note.ok_or_else(|| Error::not_found("checkpoint"))
}

/// The setting that keeps what the last verification found.
pub(super) const VERIFIED: &str = "evidence.verified";

/// What the last verification of this installation found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// When it ended.
    pub at: Instant,
    /// How many leaves it looked at.
    pub leaves: u64,
    /// How many faults it found.
    pub faults: usize,
    /// Whether no witness known to it vouched for the checkpoint.
    pub unanchored: bool,
}

/// The tree as it stands now.
#[derive(Clone, Debug)]
pub struct TreeState {
    /// How many leaves it has.
    pub size: u64,
    /// How many leaves wait for their place.
    pub pending: u64,
    /// When the newest head was signed; the beginning of time while there is none.
    pub signed: Instant,
    /// What the last verification found, if there was one.
    pub verified: Option<Verified>,
}

/// The tree as it stands, and what the last verification of it found.
pub async fn tree_state(app: &App) -> Result<TreeState> {
    app.store()
        .read(|tx| {
            let (size, signed) = tx.one(sql::HEAD, &[], |row| Ok((row.get::<u64>(0)?, row.get::<Instant>(3)?)))?;
            let pending = tx.one(sql::PENDING_COUNT, &[], |row| row.get::<u64>(0))?;
            let verified = tx.maybe(sql::SETTING, &args![VERIFIED], |row| row.get::<String>(0))?;
            let verified = verified.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()?;
            Ok(TreeState { size, pending, signed, verified })
        })
        .await
}

/// How many leaves the tree has.
pub async fn tree_size(app: &App) -> Result<u64> {
    app.store().read(|tx| tx.one(sql::HEAD, &[], |row| row.get::<u64>(0))).await
}

/// The bytes of a tile: its first `width` (1 to 256) hashes. Error: not_found beyond the tree.
pub async fn tile(app: &App, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
    if width == 0 || width > ledger::TILE_WIDTH {
        return Err(Error::not_found("tile"));
    }
    let hashes = app.store().read(move |tx| StoredTiles::new(tx)?.tile(level, index, width)).await?;
    Ok(hashes.get(..usize::from(width)).ok_or_else(|| Error::not_found("tile"))?.concat())
}

/// The audit path of the leaf at `index` in the tree as it is now, with the tree's size and root. Error: not_found beyond the tree.
pub async fn prove_inclusion(app: &App, index: u64) -> Result<(u64, Hash, Vec<Hash>)> {
    app.store()
        .read(move |tx| {
            let frontier = Frontier::from_bytes(&tx.one(sql::HEAD, &[], |row| row.get::<Vec<u8>>(2))?)?;
            if index >= frontier.size() {
                return Err(Error::not_found("leaf"));
            }
            let proof = ledger::inclusion_proof(&StoredTiles::new(tx)?, index, frontier.size())?;
            Ok((frontier.size(), frontier.root(), proof))
        })
        .await
}
