//! `probity doctor`: what is wrong with this installation, in words.

use std::{os::unix::fs::PermissionsExt, path::Path};

use clap::Args;
use crm::{backup::keys, retention};
use kernel::Result;
use serde::Serialize;

use crate::{
    commands::{Here, clock},
    config::{Provider, Settings},
    open,
    output::Outcome,
};

/// What is wrong with this installation, in words
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity doctor --data /srv/probity\n\nExit code 1 when something endangers the records or their evidence."
)]
pub struct Doctor {}

/// How bad it is.
#[derive(Serialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// Records, keys or evidence are in danger.
    Red,
    /// Worth knowing; fine for trying out.
    Amber,
}

/// One thing that is not as it should be, and what to do.
#[derive(Serialize)]
struct Finding {
    level: Level,
    what: String,
}

impl Doctor {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let app = here.app()?;
        app.settle().await?;
        let mut findings = examine(&here.settings);
        let actor = here.actor();
        let leap = app.read(&actor, |unit| {
            let leap = retention::leap(unit)?;
            unit.plain(leap)
        });
        findings.extend(leap.await?.map(|leap| Finding { level: Level::Red, what: clock::words(&leap) }));
        let escrow = app.read(&actor, |unit| {
            let escrow = keys::escrow_of(unit)?;
            unit.plain(escrow)
        });
        findings.extend(escrow.await?.filter(|made| !made.is_current(&app)).map(|made| Finding {
            level: Level::Red,
            what: format!(
                "The escrow copy of {} is of before a rotation: it opens nothing new, and what was destroyed lives on in it. Write it again with probity keys escrow.",
                made.at
            ),
        }));
        let is_red = findings.iter().any(|f| f.level == Level::Red);
        if here.console.is_json() {
            here.console.object(&serde_json::json!({"findings": findings}))?;
        } else if findings.is_empty() {
            here.console.line("Nothing is wrong.")?;
        } else {
            for finding in &findings {
                match finding.level {
                    Level::Red => here.console.alarm(format!("red    {}", finding.what))?,
                    Level::Amber => here.console.line(format!("amber  {}", finding.what))?,
                }
            }
        }
        Ok(if is_red { Outcome::Failures } else { Outcome::Done })
    }
}

fn examine(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |level, what: String| findings.push(Finding { level, what });
    let places = open::places(settings);
    if settings.keys.provider == Provider::File {
        if let Some(words) = vault::exposed(&places.key_file) {
            find(Level::Red, words);
        }
        if places.key_file.starts_with(&places.data) {
            find(
                Level::Amber,
                format!(
                    "The key file {} lies in the data folder: whoever copies the folder has the key with the data. Move it elsewhere and name it in [keys] file; a copy must exist apart from this machine.",
                    places.key_file.display()
                ),
            );
        }
    }
    if let Some(words) = vault::exposed(&places.keyring) {
        find(Level::Red, words);
    }
    if let Some(mode) = mode(&places.data).filter(|mode| mode & 0o077 != 0) {
        find(Level::Red, format!("Other accounts can look into {} (mode {mode:03o}). Run: chmod 700 {0}", places.data.display()));
    }
    if is_same_cluster(settings) {
        find(
            Level::Red,
            "Data and vault are on the same PostgreSQL server: its write-ahead log keeps keys that were destroyed. Put the vault on a server of its own."
                .to_owned(),
        );
    }
    if settings.ledger.witnesses.is_empty() {
        find(
            Level::Amber,
            "No witness is named in [ledger] witnesses: nobody outside vouches for the log, so verification says unanchored.".to_owned(),
        );
    }
    if settings.ledger.tsa_url.is_some() {
        find(Level::Amber, "[ledger] tsa_url is set, but this version does not ask for time-stamps yet.".to_owned());
    }
    let is_https = settings.server.public_url.as_deref().is_some_and(|url| url.starts_with("https://"));
    if !settings.server.listen.ip().is_loopback() && !is_https {
        let words = "The server listens on an outside address without TLS before it. Let a proxy speak TLS and set [server] public_url to its https address.";
        find(Level::Red, words.to_owned());
    }
    if is_https && settings.server.trusted_proxies.is_empty() {
        let words = "A proxy stands in front, but [server] trusted_proxies is empty: every visitor seems to come from the proxy, also to the limits on signing in.";
        find(Level::Amber, words.to_owned());
    }
    findings
}

fn mode(path: &Path) -> Option<u32> {
    path.metadata().ok().map(|m| m.permissions().mode() & 0o777)
}

/// Whether both PostgreSQL databases are named with the same host.
fn is_same_cluster(settings: &Settings) -> bool {
    let server = |text: &str| {
        let rest = text.split_once("://")?.1.split(['/', '?']).next()?;
        rest.rsplit('@').next().map(str::to_owned)
    };
    match (&settings.store.database, &settings.store.vault) {
        (Some(data), Some(vault)) => server(data).is_some_and(|host| server(vault) == Some(host)),
        _ => false,
    }
}
