//! `probity keys`: the epochs that wrap records' keys, and the key of the index.

use clap::{Args, Subcommand};
use crm::backup::keys;
use kernel::Result;
use serde_json::json;
use trail::permit;

use crate::{commands::Here, output::Outcome};

/// Epochs of the vault: which there are, and rotating them
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity keys status\n  probity keys rotate && probity backup --out /backup/today --vault-out /elsewhere/vault-today\n\nStop serve and worker first."
)]
pub struct Keys {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Which epochs there are, and which generation of the index
    #[command(after_help = "Example:\n  probity keys status --json")]
    Status,
    /// Begin a new epoch, wrap every key again and destroy the epochs before
    #[command(
        after_help = "Example:\n  probity keys rotate\n\nMake a new backup afterwards: copies of the vault made before open nothing any more. Interrupted, it goes on when it is said again."
    )]
    Rotate,
    /// Begin a new key of the search index and build the index again
    #[command(after_help = "Example:\n  probity keys rotate-index\n\nInterrupted, it goes on when it is said again.")]
    RotateIndex,
}

impl Keys {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<permit::Keys>()?;
        match self.act {
            Act::Status => {
                let keyring = app.keyring();
                let (current, generation) = (keyring.current().0, keyring.index_generation());
                let epochs = keyring.epochs();
                if here.console.is_json() {
                    let listed: Vec<_> = epochs.iter().map(|(id, at)| json!({"epoch": id.0, "since": at.to_string()})).collect();
                    here.console.object(&json!({"epoch": current, "epochs": listed, "index": generation}))?;
                } else {
                    for (id, at) in &epochs {
                        let is_current =
                            if id.0 == current { ", wraps keys now" } else { ", not yet destroyed: say `probity keys rotate` again" };
                        here.console.line(format!("epoch {} since {at}{is_current}", id.0))?;
                    }
                    here.console.line(format!("index generation {generation}"))?;
                }
            }
            Act::Rotate => {
                let done = keys::rotate(&app, &permit).await?;
                if here.console.is_json() {
                    here.console.object(&done)?;
                } else {
                    here.console.line(format!(
                        "epoch {} wraps {} keys now; {} before it destroyed",
                        done.epoch,
                        done.keys,
                        done.destroyed.len()
                    ))?;
                    here.console.line("Make a new backup: the copies of the vault made before open nothing any more.")?;
                }
            }
            Act::RotateIndex => {
                let generation = keys::rotate_index(&app, &permit).await?;
                if here.console.is_json() {
                    here.console.object(&json!({"index": generation}))?;
                } else {
                    here.console.line(format!("index generation {generation}"))?;
                }
            }
        }
        Ok(Outcome::Done)
    }
}
