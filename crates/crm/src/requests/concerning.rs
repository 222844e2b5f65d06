//! What concerns a person.
//!
//! The rule: the person's own record; every record that links to the person (messages by their participants; notes, tasks, deals,
//! orders, cases, files, web events, kinds that users made) or that the person links to; the files of those messages, and the lines of those deals and orders. What merely
//! hangs on a deal of the person (a task about the deal) concerns the person when it links to the person as well.
//! Other people are never part of it. A company is not personal data, except a sole trader's: one tagged `sole_trader`.

use kernel::{Instant, RecordId, Result};
use store::args;
use trail::Unit;

use super::sql;
use crate::records::{Facts, State};

/// A record that concerns a person. Nothing in it is readable.
#[derive(Clone, Debug)]
pub struct Item {
    /// Which.
    pub id: RecordId,
    /// Its kind's key.
    pub kind: String,
    /// Its version.
    pub version: i64,
    /// Its state: live or restricted.
    pub state: State,
    /// When it came into being.
    pub created: Instant,
    /// When we received it.
    pub captured: Instant,
    /// Whether it is privileged: kept from packages.
    pub privileged: bool,
}

/// The tag of what a lawyer's privilege covers.
const PRIVILEGED: &str = "privileged";

/// What concerns a person, their own record first, then the oldest first. Destroyed records are not there any more.
pub fn concerning(unit: &mut Unit, person: RecordId) -> Result<Vec<Item>> {
    unit.all(sql::CONCERNING, &args![person], |row| {
        let facts: String = row.get(5)?;
        let facts: Facts = serde_json::from_str(&facts).map_err(kernel::Error::internal)?;
        Ok(Item {
            id: row.get(0)?,
            kind: row.get(1)?,
            version: row.get(2)?,
            state: State::parse(&row.get::<String>(3)?),
            created: row.get(4)?,
            captured: row.get(6)?,
            privileged: facts.tags.iter().any(|tag| tag == PRIVILEGED),
        })
    })
}
