//! `probity restore`: a backup into an empty installation.

use std::path::PathBuf;

use clap::Args;
use crm::backup;
use kernel::Result;
use serde_json::json;
use trail::permit;

use crate::{commands::Here, open, output::Outcome};

/// Restore a backup into an empty installation
#[derive(Args)]
#[command(
    after_help = "Example:\n  mkdir -m 700 /srv/restored && cp root.key /srv/restored/\n  probity restore --from /backup/2026-11-21 --vault /elsewhere/vault-newest --data /srv/restored\n\nThe root key is put in place first. Use the newest vault: what was destroyed since the data were copied stays destroyed.\nInto PostgreSQL: name the vault's database in probity.toml ([store] vault) or PROBITY_STORE__VAULT.\nExit code 1 when something was lost or could not be carried out again."
)]
pub struct Restore {
    /// The backup's folder
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// The vault's file, the newest there is
    #[arg(long, value_name = "FILE")]
    vault: String,
    /// Restore although the vault is older than the data: what was written between is lost
    #[arg(long)]
    accept_loss: bool,
}

impl Restore {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let config = open::for_restore(&here.settings)?;
        let permit = here.actor().permit::<permit::Keys>()?;
        let (from, vault) = (here.path(&self.from), here.path(self.vault.as_ref()));
        let (app, done) = backup::restore(&permit, &from, &vault, config, self.accept_loss, here.env.clone()).await?;
        app.close().await?;
        if here.console.is_json() {
            here.console.object(&json!({"records": done.records, "blobs": done.blobs, "checkpoint": done.checkpoint}))?;
            let beside = json!({
                "erased": done.erased, "lost": done.lost, "not_replayed": done.not_replayed, "new_origin": done.new_origin,
            });
            here.console.aside(&beside)?;
        } else {
            here.console.line(format!("{} records, {} blobs", done.records, done.blobs))?;
            here.console.line(format!("{} records destroyed since the data were copied did not come back", done.erased))?;
            if let Some(name) = &done.new_origin {
                here.console.line(format!("A longer ledger was known than was restored: it goes on under the name {name}"))?;
            }
            if done.lost > 0 {
                here.console.alarm(format!("{} records lost: the vault does not have their keys", done.lost))?;
            }
            if done.not_replayed > 0 {
                here.console.alarm(format!("{} entries of the vault's journal are not known to this version", done.not_replayed))?;
            }
        }
        Ok(if done.lost > 0 || done.not_replayed > 0 { Outcome::Failures } else { Outcome::Done })
    }
}
