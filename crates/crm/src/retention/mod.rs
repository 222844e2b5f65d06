//! How long and why: facts, rules, decisions, the sweep.

use kernel::{Error, Result};
use rules::retention::Decision;
use trail::Unit;

use crate::records::StoredRecord;

/// A decision in words.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The retention line: "Keep through 31 Dec 2032: German business letter, HGB §257; then disposed".
    pub line: String,
    /// The reasons, a sentence each.
    pub reasons: Vec<String>,
    /// The decision.
    pub decision: Decision,
}

/// Decides now what pages show of a record.
pub fn decide(unit: &mut Unit, row: &StoredRecord) -> Result<Decision> {
    let _ = (unit, row);
    Err(Error::internal("not carried out yet"))
}
