//! `probity keys`: the epochs that wrap records' keys, the key of the index, and the escrow copy of the keyring.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use crm::backup::keys;
use kernel::{Code, Error, Result};
use serde_json::json;
use trail::permit;
use vault::{FileProvider, Keyring, Zeroizing};

use crate::{
    commands::Here,
    open,
    output::{Outcome, file_refused},
};

/// Epochs of the vault: which there are, rotating them, and their escrow copy
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity keys status\n  probity keys rotate && probity backup --out /backup/today --vault-out /elsewhere/vault-today\n\nOn SQLite stop serve and worker first. On PostgreSQL the other nodes notice a rotation, each at its next act, where they share the keyring's file."
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
    /// Write a copy of the keyring that a recovery passphrase opens
    #[command(
        after_help = "Example:\n  probity keys escrow --to /media/safe/keyring.escrow --passphrase-file /media/safe/recovery.txt\n\nWhoever holds the copy and the passphrase opens every record: keep them apart, offline. There is one copy, of the newest epoch: write it again to the same file after each rotation, for an older one keeps what was destroyed."
    )]
    Escrow {
        /// The file; what was there before is overwritten
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
        /// The recovery passphrase: at least 12 characters in a file
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
    },
    /// Put the keyring back from its escrow copy
    #[command(
        after_help = "Example:\n  probity keys recover --from /media/safe/keyring.escrow --passphrase-file /media/safe/recovery.txt\n\nFor an installation whose keyring or root key was lost. A keyring that is there is never overwritten; a key file is made where there is none."
    )]
    Recover {
        /// The escrow copy
        #[arg(long, value_name = "FILE")]
        from: PathBuf,
        /// The recovery passphrase it was written with
        #[arg(long, value_name = "FILE")]
        passphrase_file: PathBuf,
    },
}

impl Keys {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        if let Act::Recover { from, passphrase_file } = &self.act {
            return recover(here, from, passphrase_file).await;
        }
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<permit::Keys>()?;
        match self.act {
            Act::Recover { .. } => {}
            Act::Escrow { to, passphrase_file } => {
                let made = keys::escrow(&app, &permit, &here.path(&to), &recovery_key(&here.path(&passphrase_file))?).await?;
                if here.console.is_json() {
                    here.console.object(&made)?;
                } else {
                    here.console.line(format!("{} opens epoch {} with the recovery passphrase", to.display(), made.epoch))?;
                    here.console.line("Keep file and passphrase apart and offline; write it again after each rotation.")?;
                }
            }
            Act::Status => {
                let keyring = app.keyring();
                let (current, generation) = (keyring.current().0, keyring.index_generation());
                let epochs = keyring.epochs();
                let escrow = app.read(&actor, |unit| {
                    let escrow = keys::escrow_of(unit)?;
                    unit.plain(escrow)
                });
                let escrow = escrow.await?;
                if here.console.is_json() {
                    let listed: Vec<_> = epochs.iter().map(|(id, at)| json!({"epoch": id.0, "since": at.to_string()})).collect();
                    here.console.object(&json!({"epoch": current, "epochs": listed, "index": generation, "escrow": escrow}))?;
                } else {
                    for (id, at) in &epochs {
                        let is_current =
                            if id.0 == current { ", wraps keys now" } else { ", not yet destroyed: say `probity keys rotate` again" };
                        here.console.line(format!("epoch {} since {at}{is_current}", id.0))?;
                    }
                    here.console.line(format!("index generation {generation}"))?;
                    here.console.line(match escrow {
                        None => "no escrow copy was made".to_owned(),
                        Some(made) if made.is_current(&app) => format!("escrow copy of {}", made.at),
                        Some(made) => format!("escrow copy of {}, of before a rotation: write it again", made.at),
                    })?;
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
                    here.console
                        .line("Make a new backup, and the escrow copy again if there is one: those made before open nothing any more.")?;
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

/// The key that a recovery passphrase is.
fn recovery_key(path: &Path) -> Result<FileProvider> {
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|cause| file_refused("read", path, cause))?;
    FileProvider::passphrase(&text)
}

/// Puts the keyring back under this installation's root key, opens the installation with it, and says so in the trail. What it does not open
/// leaves the keyring as absent as it was.
async fn recover(here: &mut Here<'_>, from: &Path, passphrase_file: &Path) -> Result<Outcome> {
    let permit = here.actor().permit::<permit::Keys>()?;
    let (places, env) = (open::places(&here.settings), here.env.clone());
    if places.keyring.exists() {
        let words = format!("There is a keyring at {}. Move it away first, if it does not open.", places.keyring.display());
        return Err(Error::new(Code::Conflict, words));
    }
    let keyring = Keyring::open(&here.path(from), &recovery_key(&here.path(passphrase_file))?)?;
    let (root, fresh) = open::root_key(&here.settings, &env)?;
    keyring.save(&places.keyring, &root, &env)?;
    let done = match here.app() {
        Ok(app) => keys::recovered(&app, &permit).await,
        Err(error) => Err(error),
    };
    let opened = match done {
        Ok(opened) => opened,
        Err(error) => {
            std::fs::remove_file(&places.keyring).map_err(|cause| file_refused("removed", &places.keyring, cause))?;
            return Err(error);
        }
    };
    if here.console.is_json() {
        here.console.object(&json!({"epoch": keyring.current().0, "keys": opened}))?;
    } else {
        here.console.line(format!("the keyring is back: it opens {opened} keys"))?;
        if let Some(path) = fresh {
            here.console.line(format!("A new root key was made: {}. Keep a copy of it apart from this machine.", path.display()))?;
        }
    }
    Ok(Outcome::Done)
}
