//! `probity verify`: recomputes everything, offline.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use crm::{
    backup,
    evidence::{self, Options, Progress},
    retention,
};
use kernel::Result;
use ledger::{Bundle, Report, Verifier};
use trail::permit::Audit;

use crate::{
    commands::Here,
    open,
    output::{Console, Outcome, file_refused},
};

/// Recompute everything: the live store, a bundle, or a backup
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity verify --data /srv/probity\n  probity verify --bundle ada.bundle --key 'crm.example.com/log+1a2b3c4d+AQ…'\n  probity verify --backup /backup/2026-11-21 --vault /elsewhere/vault-2026-11-21\n\nFor a bundle without --key its own key is used: then it is shown that the bundle agrees with itself, not who made it.\nFor a backup without --vault the boxes stay closed: their hashes are compared. With it the root key of this installation opens them.\nExit code 1 on any fault."
)]
pub struct Verify {
    /// A bundle to verify offline, instead of the live store
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// A backup's folder to verify offline, instead of the live store
    #[arg(long, value_name = "DIR", conflicts_with = "bundle")]
    backup: Option<PathBuf>,
    /// With --backup: the vault's file, made with it or later
    #[arg(long, value_name = "FILE")]
    vault: Option<String>,
    /// Verifier key of a log you trust, `name+hash+base64`; may stand several times
    #[arg(long, value_name = "VKEY", requires = "bundle")]
    key: Vec<String>,
    /// Leave the boxes closed: their hashes are compared, their content is not
    #[arg(long, conflicts_with = "bundle")]
    sealed: bool,
    /// A signed checkpoint kept outside, which the store must be consistent with
    #[arg(long, value_name = "FILE", conflicts_with = "bundle")]
    checkpoint: Option<PathBuf>,
}

impl Verify {
    /// Whether it needs no installation.
    pub const fn is_offline(&self) -> bool {
        self.bundle.is_some() || self.backup.is_some()
    }

    /// Whether it verifies a backup.
    pub const fn has_backup(&self) -> bool {
        self.backup.is_some()
    }

    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let report = match &self.bundle {
            Some(path) => {
                let bytes = std::fs::read(path).map_err(|cause| file_refused("read", path, cause))?;
                let keys = trusted(&self.key, &here.settings.ledger.witnesses, &bytes)?;
                ledger::verify_bundle_with(&bytes, keys.as_deref(), Some(&retention::permits))
            }
            None => match &self.backup {
                Some(dir) => self.copy(here, dir).await?,
                None => self.live(here).await?,
            },
        };
        print(&report, here.console)?;
        Ok(if report.is_clean() { Outcome::Done } else { Outcome::Failures })
    }

    async fn live(&self, here: &mut Here<'_>) -> Result<Report> {
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<Audit>()?;
        let options = self.options(here)?;
        let bar = here.console.progress(0, "leaves");
        let shown = bar.clone();
        let progress: Progress = Arc::new(move |done, total| {
            shown.set_length(total);
            shown.set_position(done);
        });
        let report = evidence::verify(&app, &permit, options, Some(progress)).await?;
        bar.finish_and_clear();
        Ok(report)
    }

    async fn copy(&self, here: &Here<'_>, dir: &Path) -> Result<Report> {
        let (dir, options) = (here.path(dir), self.options(here)?);
        let Some(vault) = &self.vault else { return backup::verify(&dir, None, options, &here.env).await };
        let (vault, provider) = (here.path(vault.as_ref()), open::provider(&here.settings)?);
        backup::verify(&dir, Some((&vault, &provider)), options, &here.env).await
    }

    fn options(&self, here: &Here<'_>) -> Result<Options> {
        let read = |path: &PathBuf| {
            let path = here.path(path);
            std::fs::read_to_string(&path).map_err(|cause| file_refused("read", &path, cause))
        };
        Ok(Options {
            sealed: self.sealed,
            checkpoint: self.checkpoint.as_ref().map(read).transpose()?,
            witnesses: here.settings.ledger.witnesses.iter().map(|w| Verifier::parse(w)).collect::<Result<_>>()?,
            permits: Some(Arc::new(retention::permits)),
        })
    }
}

/// The keys that count: those given, or else the bundle's own, and the configured witnesses. `None` when nothing is configured.
fn trusted(given: &[String], witnesses: &[String], bundle: &[u8]) -> Result<Option<Vec<Verifier>>> {
    if given.is_empty() && witnesses.is_empty() {
        return Ok(None);
    }
    let mut keys = given.iter().map(|k| Verifier::parse(k)).collect::<Result<Vec<_>>>()?;
    if given.is_empty() {
        // An unreadable bundle is the report's to tell.
        keys.extend(Bundle::from_bytes(bundle).ok().and_then(|b| Verifier::parse(&b.vkey).ok()));
    }
    keys.extend(witnesses.iter().map(|w| Verifier::parse(w)).collect::<Result<Vec<_>>>()?);
    Ok(Some(keys))
}

/// Says what a verification found.
pub fn print(report: &Report, console: &mut Console) -> Result<()> {
    if console.is_json() {
        return console.object(report);
    }
    let counts = [
        ("leaves", report.leaves),
        ("open", report.open),
        ("sealed", report.sealed),
        ("erased", report.erased),
        ("expired", report.expired),
        ("missing", report.missing),
    ];
    for (name, count) in counts {
        console.line(format!("{name:10} {count}"))?;
    }
    if !report.witnesses.is_empty() {
        console.line(format!("{:10} {}", "witnesses", report.witnesses.join(", ")))?;
    }
    if let Some(note) = &report.checkpoint {
        console.line("checkpoint")?;
        note.lines().try_for_each(|line| console.line(format!("  {line}")))?;
    }
    for fault in &report.faults {
        let place = fault.leaf.map_or_else(String::new, |leaf| format!(" (leaf {leaf})"));
        console.alarm(format!("fault: {}{place}", fault.what))?;
    }
    if report.unanchored {
        console.alarm("unanchored: nobody but the operator vouches for this checkpoint; a log cut short would not show")?;
    }
    if report.is_clean() { console.line("no faults") } else { console.alarm(format!("{} faults", report.faults.len())) }
}
