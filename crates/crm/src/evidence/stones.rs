//! By what the vault's keys went: an order, or an event that destroys the keys of what is no record.

use kernel::{OrderId, Result};
use store::{Tx, args};
use trail::{DESTROYS_KEYS, Unit};

use super::{sql, sql::vault_sql};

const PORTION: i64 = 500;

/// Whether there is such an event, and keys go by events of its name.
pub(super) fn destroys_keys(tx: &mut Tx, named: OrderId) -> Result<bool> {
    let name = tx.maybe(sql::EVENT_NAME, &args![named], |row| row.get::<String>(0))?;
    Ok(name.is_some_and(|name| DESTROYS_KEYS.contains(&name.as_str())))
}

/// After a restore of data older than the vault: tombstones of keys that went by an event which the data no longer have are given this unit's
/// event, which says that they were restored over. Orders come back from the vault's journal before.
pub(crate) fn adopt_tombstones(unit: &mut Unit) -> Result<()> {
    let by = *unit.id().bytes();
    let tx = unit.dialect();
    let mut after = OrderId::from_bytes([0; 16]);
    loop {
        let named = tx.vault().all(vault_sql::TOMBSTONES_NAME, &args![after, PORTION], |row| row.get::<OrderId>(0))?;
        let Some(last) = named.last() else { return Ok(()) };
        after = *last;
        for order in named {
            let is_order = tx.maybe(sql::ORDER_THERE, &args![order], |_| Ok(()))?.is_some();
            if !is_order && !destroys_keys(tx, order)? {
                tx.vault().run(vault_sql::TOMBSTONES_ADOPT, &args![order, by])?;
            }
        }
    }
}
