//! Rotating keys. Nothing else runs meanwhile on SQLite; on PostgreSQL other nodes over the same keyring go on and notice it, each at its next
//! unit.

use std::path::Path;

use kernel::{Code, Error, Instant, KeyId, Result};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{App, Event, Permit, Unit, permit::Keys, sql as setting};
use vault::{EpochId, Keyring, Provider};

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
    // From here on nobody wraps under an epoch before, and whoever did has committed.
    app.announce_keys().await?;
    let current = app.keyring().current();
    let keys = rewrap(app, current).await?;
    let mut keyring = app.reload_keyring()?;
    let old: Vec<EpochId> = keyring.epochs().into_iter().map(|(id, _)| id).filter(|id| *id != current).collect();
    for epoch in &old {
        keyring.destroy_epoch(*epoch)?;
    }
    app.replace_keyring(keyring)?;
    // The other nodes forget the destroyed epochs too.
    app.announce_keys().await?;
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
    app.announce_keys().await?;
    restore::index(app, permit).await?;
    let mut keyring = app.reload_keyring()?;
    keyring.drop_old_index_key();
    let generation = keyring.index_generation();
    app.replace_keyring(keyring)?;
    app.announce_keys().await?;
    let event = Event::new("key.rotated").word("key", "index").word("generation", generation.to_string());
    app.write(&permit.actor, move |unit| unit.witness(event.clone())).await?;
    Ok(generation)
}

/// The setting that remembers of which epoch the newest escrow copy is, and when it was made.
const ESCROW: &str = "keys.escrow";

/// The newest escrow copy that was made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escrow {
    /// The newest epoch it opens.
    pub epoch: u32,
    /// The index's generation it knows.
    pub index: u32,
    /// When it was made.
    pub at: Instant,
}

impl Escrow {
    /// Whether it opens everything there is, and nothing that was destroyed.
    pub fn is_current(&self, app: &App) -> bool {
        let keyring = app.keyring();
        self.epoch == keyring.current().0 && self.index == keyring.index_generation() && keyring.epochs().len() == 1
    }
}

/// The newest escrow copy that was made here, if one was. Nothing is opened.
pub fn escrow_of(unit: &mut Unit) -> Result<Option<Escrow>> {
    let text = unit.maybe(setting::SETTING, &args![ESCROW], |row| row.get::<String>(0))?;
    text.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
}

/// Writes the escrow copy: the keyring under a recovery key, in place of the copy that was there before. Whoever holds file and recovery key
/// opens every record, so it is made only when asked for, and its event stands in the trail before the file does. Event `key.escrowed`.
///
/// Errors: conflict where it would overwrite the keyring; those of writing the file.
pub async fn escrow(app: &App, permit: &Permit<Keys>, to: &Path, recovery: &dyn Provider) -> Result<Escrow> {
    let same = |path: &Path| std::fs::canonicalize(path).ok();
    if same(to).is_some_and(|there| same(app.keyring_path()) == Some(there)) {
        return Err(Error::new(Code::Conflict, "This is the keyring itself. Name another file, best on a medium that leaves the house."));
    }
    let keyring = app.reload_keyring()?;
    let made = Escrow { epoch: keyring.current().0, index: keyring.index_generation(), at: app.env().now() };
    let said = serde_json::to_string(&made).map_err(Error::internal)?;
    app.write(&permit.actor, move |unit| {
        unit.witness(Event::new("key.escrowed").word("epoch", made.epoch.to_string()))?;
        unit.run(setting::SETTING_SET, &args![ESCROW, said.as_str()]).map(drop)
    })
    .await?;
    keyring.save(to, recovery, app.env())?;
    // A copy that does not open is none.
    let read = Keyring::open(to, recovery)?;
    if read.signing_seed() != keyring.signing_seed() || read.epochs() != keyring.epochs() {
        return Err(Error::internal("the escrow copy does not read back as it was written"));
    }
    Ok(made)
}

/// Goes on with the keyring that was put back from its escrow copy: builds the index again and answers how many keys it opens.
/// Event `key.recovered`.
///
/// Error: conflict when keys are there that it does not open: the copy is of before the last rotation.
pub async fn recovered(app: &App, permit: &Permit<Keys>) -> Result<u64> {
    let counts =
        app.store().read(|tx| tx.vault().all(vault_sql::BY_EPOCH, &[], |row| Ok((row.get::<u32>(0)?, row.get::<u64>(1)?)))).await?;
    let known: Vec<u32> = app.keyring().epochs().into_iter().map(|(id, _)| id.0).collect();
    let (opens, lost): (Vec<_>, Vec<_>) = counts.into_iter().partition(|(epoch, _)| known.contains(epoch));
    let sum = |counts: &[(u32, u64)]| counts.iter().map(|(_, n)| n).sum::<u64>();
    if !lost.is_empty() {
        let words = format!(
            "This escrow copy is of before the last rotation: {} keys are wrapped under epochs that it does not hold. Use the newest copy.",
            sum(&lost)
        );
        return Err(Error::new(Code::Conflict, words));
    }
    let keys = sum(&opens);
    // Whatever was said of other keyrings: this one counts now. It may know an older key of the index than what stands there was built with.
    app.announce_keys().await?;
    restore::index(app, permit).await?;
    let event = Event::new("key.recovered")
        .word("epoch", app.keyring().current().0.to_string())
        .count("keys", usize::try_from(keys).unwrap_or(usize::MAX));
    app.write(&permit.actor, move |unit| unit.witness(event.clone())).await?;
    Ok(keys)
}
