//! Legal holds.

use kernel::{Error, HoldId, RecordId, Result};
use trail::{Permit, Unit, permit::Hold};

/// Places a hold on records. Event `hold.placed`.
pub fn place(unit: &mut Unit, permit: &Permit<Hold>, records: &[RecordId], matter: &str, reason: &str) -> Result<HoldId> {
    let _ = (unit, permit, records, matter, reason);
    Err(Error::internal("not carried out yet"))
}

/// Releases a hold; deletes nothing: its records are decided again after the cool-off. Event `hold.released`.
pub fn release(unit: &mut Unit, permit: &Permit<Hold>, id: HoldId, reason: &str) -> Result<()> {
    let _ = (unit, permit, id, reason);
    Err(Error::internal("not carried out yet"))
}
