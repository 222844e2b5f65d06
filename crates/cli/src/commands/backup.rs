//! `probity backup`: data and vault, apart.

use std::path::PathBuf;

use clap::Args;
use crm::backup;
use kernel::Result;
use trail::permit;

use crate::{commands::Here, output::Outcome};

/// Back up the data into a folder and the vault into a file
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity backup --out /backup/2026-11-21 --vault-out /elsewhere/vault-2026-11-21\n\nKeep the vault's file elsewhere, and only the newest: an older one would open what was destroyed since. The root key is in neither; keep a copy of it too."
)]
pub struct Backup {
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The vault's file to make
    #[arg(long, value_name = "FILE")]
    vault_out: PathBuf,
}

impl Backup {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<permit::Keys>()?;
        let made = backup::make(&app, &permit, &here.path(&self.out), &here.path(&self.vault_out)).await?;
        if here.console.is_json() {
            here.console.object(&made)?;
            return Ok(Outcome::Done);
        }
        here.console.line(format!("{} records, {} blobs, ending with the checkpoint", made.records, made.blobs))?;
        made.checkpoint.lines().try_for_each(|line| here.console.line(format!("  {line}")))?;
        Ok(Outcome::Done)
    }
}
