//! The vault's journal after a restore: what was destroyed or held since the data were copied stays so.

use kernel::{HoldId, KeyId, RecordId, Result};
use ledger::canonical::{self, Value as Cbor};
use store::args;
use trail::{Actor, App, Event, Unit, sql::vault_sql};

use super::{
    restore::{Restored, journal_of},
    sql,
};
use crate::{disposal, holds};

pub(super) async fn replay(app: &App, actor: &Actor, restored: &mut Restored) -> Result<()> {
    for (id, what, sealed) in journal_of(app).await? {
        if what == "checkpoint" {
            continue;
        }
        let plain = vault::open(&app.keyring().derived("journal"), &holds::journal_context(id), &sealed)?;
        let entry = canonical::decode(&plain)?;
        match app.write(actor, move |unit| entered(unit, &what, &entry)).await? {
            Some(destroyed) => restored.erased += destroyed,
            None => restored.not_replayed += 1,
        }
    }
    // Orders given again stand where their keys are gone; disposal carries them on as after any crash.
    disposal::resume(app, actor).await?;
    restored.lost = lost(app).await?;
    Ok(())
}

/// Carries one entry out where the data do not show it, and answers how many records it destroys. `None` when this version does not know
/// such entries.
fn entered(unit: &mut Unit, what: &str, entry: &Cbor) -> Result<Option<u64>> {
    unit.witness(Event::new("restore.replayed").word("entry", what))?;
    match (what, entry) {
        ("hold.placed", Cbor::Map(map)) => {
            let (Some(Cbor::Bytes(id)), Some(Cbor::Array(held))) = (map.get("hold"), map.get("records")) else { return Ok(None) };
            let Some(id) = HoldId::from_slice(id) else { return Ok(None) };
            let held: Vec<RecordId> =
                held.iter().filter_map(|r| if let Cbor::Bytes(r) = r { RecordId::from_slice(r) } else { None }).collect();
            holds::replay(unit, id, &held)?;
            Ok(Some(0))
        }
        ("order", entry) => disposal::replay(unit, entry).map(Some),
        _ => Ok(None),
    }
}

/// Records whose key the vault does not have and which no order destroyed whole.
async fn lost(app: &App) -> Result<u64> {
    let (mut after, mut lost) = (RecordId::from_bytes([0; 16]), 0);
    loop {
        let from = after;
        let found = app.store().read(move |tx| {
            let rows = tx.all(sql::KEYS, &args![from], |row| Ok((row.get::<RecordId>(0)?, row.get::<KeyId>(1)?)))?;
            let mut gone = 0;
            for (_, key) in &rows {
                gone += u64::from(tx.vault().maybe(vault_sql::KEY_FIND, &args![*key], |_| Ok(()))?.is_none());
            }
            Ok(rows.last().map(|(last, _)| (*last, gone)))
        });
        let Some((last, gone)) = found.await? else { return Ok(lost) };
        (after, lost) = (last, lost + gone);
    }
}
