//! Rotating keys. Nothing else runs meanwhile on SQLite; on PostgreSQL other nodes are stopped first.

use kernel::{KeyId, Result};
use serde::Serialize;
use store::{Engine, args};
use trail::{App, Event, Permit, permit::Keys};
use vault::EpochId;

use super::{restore, sql::vault_sql};

/// What was rotated.
#[derive(Clone, Debug, Serialize)]
pub struct Rotated {
    /// The epoch that wraps keys now.
    pub epoch: u32,
    /// How many keys were wrapped again.
    pub keys: u64,
    /// The epochs that were destroyed: older copies of the vault open nothing of theirs any more.
    pub destroyed: Vec<u32>,
}

/// Begins a new epoch, wraps every key again, then destroys the epochs before. Interrupted, it goes on when it is called again. Make a new
/// copy of the vault afterwards: older ones do not open. Event `key.rotated`.
pub async fn rotate(app: &App, permit: &Permit<Keys>) -> Result<Rotated> {
    let mut keyring = app.reload_keyring()?;
    if keyring.epochs().len() < 2 {
        keyring.add_epoch(app.env());
        app.replace_keyring(keyring)?;
    }
    let current = app.keyring().current();
    let mut keys = rewrap(app, current).await?;
    if app.store().engine() == Engine::Postgres {
        // A unit that had wrapped its key before the new epoch may have committed since.
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        keys += rewrap(app, current).await?;
    }
    let mut keyring = app.reload_keyring()?;
    let old: Vec<EpochId> = keyring.epochs().into_iter().map(|(id, _)| id).filter(|id| *id != current).collect();
    for epoch in &old {
        keyring.destroy_epoch(*epoch)?;
    }
    app.replace_keyring(keyring)?;
    let event = Event::new("key.rotated")
        .word("key", "epoch")
        .word("epoch", current.0.to_string())
        .count("keys", usize::try_from(keys).unwrap_or(usize::MAX));
    app.write(&permit.actor, move |unit| unit.witness(event.clone())).await?;
    Ok(Rotated { epoch: current.0, keys, destroyed: old.into_iter().map(|id| id.0).collect() })
}

async fn rewrap(app: &App, current: EpochId) -> Result<u64> {
    let mut done = 0;
    loop {
        let (keyring, env) = (app.keyring(), app.env().clone());
        let moved = app
            .store()
            .write(move |tx| {
                let rows = tx.vault().all(vault_sql::OTHER_EPOCH, &args![i64::from(current.0)], |row| {
                    Ok((row.get::<KeyId>(0)?, row.get::<u32>(1)?, row.get::<Vec<u8>>(2)?))
                })?;
                for (id, epoch, bytes) in &rows {
                    let key = keyring.unwrap(*id, EpochId(*epoch), bytes)?;
                    let wrapped = keyring.wrap(&key, *id, &env);
                    tx.vault().run(vault_sql::REWRAP, &args![*id, i64::from(wrapped.epoch.0), wrapped.bytes, i64::from(*epoch)])?;
                }
                Ok(rows.len() as u64)
            })
            .await?;
        if moved == 0 {
            return Ok(done);
        }
        done += moved;
    }
}

/// Begins a new key of the blind index, builds the index again, and destroys the old key: what is left of old tokens in logs and copies
/// means nothing from then on. Interrupted, it goes on when it is called again. Event `key.rotated`.
pub async fn rotate_index(app: &App, permit: &Permit<Keys>) -> Result<u32> {
    let mut keyring = app.reload_keyring()?;
    // A conflict here means that an earlier rotation was interrupted: it goes on with the key it made.
    if keyring.rotate_index_key(app.env()).is_ok() {
        app.replace_keyring(keyring)?;
    }
    restore::index(app, permit).await?;
    let mut keyring = app.reload_keyring()?;
    keyring.drop_old_index_key();
    let generation = keyring.index_generation();
    app.replace_keyring(keyring)?;
    let event = Event::new("key.rotated").word("key", "index").word("generation", generation.to_string());
    app.write(&permit.actor, move |unit| unit.witness(event.clone())).await?;
    Ok(generation)
}
