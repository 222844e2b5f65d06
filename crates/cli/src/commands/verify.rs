//! `probity verify`: recomputes everything, offline.

use std::path::PathBuf;

use clap::Args;
use kernel::Result;
use ledger::{Bundle, Report, Verifier};

use crate::{
    commands::Here,
    output::{Console, Outcome, file_refused},
};

/// Recompute the evidence of a bundle, offline
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity verify --bundle ada.bundle --key 'crm.example.com/log+1a2b3c4d+AQ…'\n\nWithout --key the bundle's own key is used: then it is shown that the bundle agrees with itself, not who made it.\nExit code 1 on any fault."
)]
pub struct Verify {
    /// A bundle that `probity evidence` or somebody else made
    #[arg(long, value_name = "FILE")]
    bundle: PathBuf,
    /// Verifier key of a log you trust, `name+hash+base64`; may stand several times
    #[arg(long, value_name = "VKEY")]
    key: Vec<String>,
}

impl Verify {
    pub fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let bytes = std::fs::read(&self.bundle).map_err(|cause| file_refused("read", &self.bundle, cause))?;
        let keys = trusted(&self.key, &here.settings.ledger.witnesses, &bytes)?;
        let report = ledger::verify_bundle(&bytes, keys.as_deref());
        print(&report, here.console)?;
        Ok(if report.is_clean() { Outcome::Done } else { Outcome::Failures })
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
