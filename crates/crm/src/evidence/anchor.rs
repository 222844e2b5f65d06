//! The newest checkpoint in the vault's journal, and the names the ledger has had.

use kernel::{Error, Result};
use ledger::{Signer, Verifier};
use store::{Store, args};
use trail::{App, sql::vault_sql as journal};

use super::{sql, sql::vault_sql};
use crate::holds::journal_context;

/// The setting with the origins before the present one: a JSON list of names.
pub(crate) const FORMER: &str = "ledger.former";

/// Enters the newest checkpoint into the vault's journal, in place of the one before: whoever cuts off the data's tail must have the vault
/// as well. Backups do so; between them a job may.
pub async fn anchor(app: &App) -> Result<()> {
    let Some(note) = app.store().read(|tx| tx.maybe(sql::CHECKPOINT_LAST, &[], |row| row.get::<String>(0))).await? else { return Ok(()) };
    let (id, now) = (app.env().uuid7(), app.env().now());
    let sealed = vault::seal(&app.keyring().derived("journal"), &journal_context(id), note.as_bytes(), app.env());
    app.store()
        .write(move |tx| {
            let mut vault = tx.vault();
            vault.run(journal::JOURNAL_INSERT, &args![id, now, "checkpoint", &sealed])?;
            vault.run(vault_sql::ANCHORS_DELETE, &args![id])
        })
        .await
        .map(drop)
}

/// The keys of the ledger under the names it had before. Without the seed there are none to be made.
pub fn former_origins(store: &Store, seed: Option<&[u8; 32]>) -> Result<Vec<Verifier>> {
    let Some(seed) = seed else { return Ok(Vec::new()) };
    let text = store.read_now(|tx| tx.maybe(sql::SETTING, &args![FORMER], |row| row.get::<String>(0)))?;
    let names: Vec<String> = text.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text)).map_err(Error::internal)?;
    names.into_iter().map(|name| Ok(Signer::new(name, *seed)?.verifier())).collect()
}
