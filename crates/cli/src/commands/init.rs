//! `probity init`: an installation without a browser.

use clap::Args;
use kernel::{Code, Error, Result};
use serde_json::json;

use crate::{commands::Here, open, output::Outcome};

/// Make an installation: data folder, key file, keyring, databases
#[derive(Args)]
#[command(after_help = "Example:\n  probity init --data /srv/probity")]
pub struct Init {}

impl Init {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let data = here.settings.store.data.display().to_string();
        if open::exists(&here.settings) {
            return Err(Error::new(Code::Duplicate, format!("There is an installation in {data} already; nothing was changed.")));
        }
        let (app, made) = here.make()?;
        app.settle().await?;
        if here.console.is_json() {
            here.console.object(&json!({"admin": null, "packs": []}))?;
            return Ok(Outcome::Done);
        }
        here.console.line(format!("Made an installation in {data}."))?;
        if let Some(path) = made.and_then(|made| made.key_file) {
            here.console.line(format!(
                "Its key file is {}. Copy it now to a safe place apart from this machine and its backups: without it nothing can be read again.",
                path.display()
            ))?;
        }
        here.console.line(format!("The ledger's verifier key, for auditors and witnesses: {}", app.verifier().vkey()))?;
        Ok(Outcome::Done)
    }
}
