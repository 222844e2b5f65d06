//! A saved view as it is kept: its row, and the box with its words.

use kernel::{Error, Instant, KeyId, Result, UserId};
use serde::{Deserialize, Serialize};
use store::Row;
use trail::Unit;
use vault::Context;

use super::{Look, ViewId};

/// The most bytes of a view.
const LARGEST: usize = 64 * 1024;

#[derive(Serialize, Deserialize)]
pub(super) struct Words {
    pub name: String,
    pub look: Look,
}

pub(super) struct Stored {
    pub id: ViewId,
    pub kind: String,
    pub staff: UserId,
    pub shared: bool,
    pub version: i64,
    pub updated: Instant,
    pub key: KeyId,
    pub sealed: Vec<u8>,
}

impl Stored {
    pub fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            kind: row.get(1)?,
            staff: row.get(2)?,
            shared: row.get(3)?,
            version: row.get(4)?,
            updated: row.get(5)?,
            key: row.get(6)?,
            sealed: row.get(7)?,
        })
    }

    /// The words of a view are its author's and no record's: the list that it shows names it in its event.
    pub fn words(&self, unit: &mut Unit) -> Result<Option<Words>> {
        let context = context(self.key, self.id);
        let plain = unit.with_key(self.key, |key| vault::open(key, &context, &self.sealed))?;
        plain.map(|plain| serde_json::from_slice(&plain).map_err(Error::internal)).transpose()
    }
}

pub(super) fn context(key: KeyId, id: ViewId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "view" }
}

pub(super) fn seal(unit: &mut Unit, key: KeyId, id: ViewId, words: &Words) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(words).map_err(Error::internal)?;
    if plain.len() > LARGEST {
        return Err(Error::invalid("/filter", "too_long", "The view is too long; ask for less at once."));
    }
    unit.seal(&context(key, id), &plain)
}
