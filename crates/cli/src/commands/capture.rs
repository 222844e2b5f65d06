//! `probity capture`: originals to message records.

use std::path::PathBuf;

use clap::Args;
use crm::capture::{self, Options, Source};
use kernel::Result;
use serde_json::json;

use crate::{commands::Here, output::Outcome};

/// Originals to message records: a file, an mbox or a folder
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity capture ~/archive.mbox ~/mails/ --channel email\n\nEvery regular file is an item, every message of an mbox is one. seen = captured + duplicate + failed.\nExit code 1 when an item failed."
)]
pub struct Capture {
    /// Files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Where they come from: email, slack, whatsapp, sms, telegram, signal, discord, teams, meta, webchat, voice, calendar
    #[arg(long)]
    channel: String,
    /// Read everything, write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one message a line, in JSON; the numbers go to standard error
    #[arg(long)]
    list: bool,
    /// The messages' own dates are known to be true (an archive): retention may run from them
    #[arg(long)]
    origin_evidence: bool,
}

impl Capture {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        let paths = self.paths.iter().map(|path| here.path(path)).collect();
        let options = Options { dry_run: self.dry_run, list: self.list, origin_evidence: self.origin_evidence };
        let bar = here.console.counter("captured");
        let seen = bar.clone();
        let progress = move |report: &capture::Report| seen.set_position(report.seen as u64);
        let report = capture::run(&app, &actor, Source::Paths(paths), &self.channel, options, progress).await?;
        bar.finish_and_clear();
        let told = json!({"seen": report.seen, "captured": report.captured, "duplicate": report.duplicate, "failed": report.failed});
        if self.list {
            for message in &report.list {
                here.console.object(message)?;
            }
            here.console.flush()?;
            here.console.aside(&told)?;
        } else if here.console.is_json() {
            here.console.object(&told)?;
        } else {
            for failure in &report.failed {
                here.console.line(format!("failed: {} ({})", failure.item, failure.reason))?;
            }
            let (seen, captured, duplicate, failed) = (report.seen, report.captured, report.duplicate, report.failed.len());
            here.console.line(format!("{seen} seen, {captured} captured, {duplicate} duplicate, {failed} failed"))?;
        }
        Ok(if report.failed.is_empty() { Outcome::Done } else { Outcome::Failures })
    }
}
