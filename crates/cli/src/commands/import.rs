//! `probity import`: rows to records.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use crm::import::{self, Mapping, Mode, Options, Source};
use kernel::{BatchId, Code, Error, IdError, Result};

use crate::{
    commands::Here,
    output::{Outcome, file_refused},
};

/// CSV, XLSX or vCard rows to records
#[derive(Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Example:\n  probity import customers.csv --kind person --match email --dry-run\n  probity import undo bat_06f1rt3vf5v2ka1z9y8w7v6t5s\n\nrows = created + updated + duplicate + failed. Exit code 1 when a row failed."
)]
pub struct Import {
    #[command(subcommand)]
    act: Option<Act>,
    /// The file
    #[arg(required = true)]
    file: Option<PathBuf>,
    /// The kind of record that rows become
    #[arg(long, required = true)]
    kind: Option<String>,
    /// A JSON file saying which column goes where [default: as suggested from the headings]
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// The field by which a row and a record are recognised as the same, such as email, phone, external_id or an order's number [default: every
    /// row makes a record]
    #[arg(long = "match", value_name = "FIELD")]
    match_by: Option<String>,
    /// What rows may do
    #[arg(long, default_value = "both")]
    mode: May,
    /// Read and match everything, write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Subcommand)]
enum Act {
    /// Take an import back, updates included
    #[command(
        after_help = "Example:\n  probity import undo bat_06f1rt3vf5v2ka1z9y8w7v6t5s\n\nRecords that were changed or read since, are older than a day or must be kept stay, each with its reason. Exit code 1 when a record stays."
    )]
    Undo {
        /// The batch's id, as the import told it
        batch: String,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum May {
    /// Make records only
    Create,
    /// Change records only
    Update,
    /// Change the record that matches, make one where none does
    Both,
}

impl Import {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        if let Some(Act::Undo { batch }) = &self.act {
            return undo(here, batch).await;
        }
        let (Some(file), Some(kind)) = (&self.file, &self.kind) else {
            return Err(Error::invalid("/file", "missing", "Name the file, and with --kind the kind of record that its rows become."));
        };
        let mapping = self.mapping.as_ref().map(|path| read_mapping(&here.path(path))).transpose()?;
        let (app, actor) = (here.app()?, here.actor());
        let mode = match self.mode {
            May::Create => Mode::Create,
            May::Update => Mode::Update,
            May::Both => Mode::Both,
        };
        let options = Options { match_by: self.match_by, mode, dry_run: self.dry_run, first: None };
        let bar = here.console.counter("rows");
        let seen = bar.clone();
        let progress = move |report: &import::Report| seen.set_position(report.rows as u64);
        let source = Source::Path(here.path(file));
        let report = import::run(&app, &actor, kind, &source, mapping, options, progress).await?;
        bar.finish_and_clear();
        if here.console.is_json() {
            here.console.object(&report)?;
        } else {
            for failure in &report.failed {
                here.console.line(format!("failed: row {} ({})", failure.row, failure.reason))?;
            }
            let (created, updated, duplicate) = (report.created, report.updated, report.duplicate);
            let batch = report.batch.map_or_else(|| "nothing was written".to_owned(), |id| id.to_string());
            let failed = report.failures;
            if failed > report.failed.len() {
                here.console.line(format!("… and {} more rows failed", failed - report.failed.len()))?;
            }
            here.console.line(format!(
                "{} rows: {created} created, {updated} updated, {duplicate} duplicate, {failed} failed ({batch})",
                report.rows
            ))?;
        }
        Ok(if report.failures == 0 { Outcome::Done } else { Outcome::Failures })
    }
}

async fn undo(here: &mut Here<'_>, batch: &str) -> Result<Outcome> {
    let wrong = |e: IdError| Error::invalid("/batch", "not_an_id", format!("This is no batch's id: {e}."));
    let id: BatchId = batch.parse().map_err(wrong)?;
    let (app, actor) = (here.app()?, here.actor());
    let bar = here.console.counter("records");
    let seen = bar.clone();
    let progress = move |done: &import::Undone| seen.set_position((done.restored + done.removed + done.kept.len()) as u64);
    let done = import::undo(&app, &actor, id, progress).await?;
    bar.finish_and_clear();
    if here.console.is_json() {
        here.console.object(&done)?;
    } else {
        for kept in &done.kept {
            here.console.line(format!("kept: {} ({})", kept.record, kept.reason))?;
        }
        here.console.line(format!("{} restored, {} removed, {} kept", done.restored, done.removed, done.kept.len()))?;
    }
    Ok(if done.kept.is_empty() { Outcome::Done } else { Outcome::Failures })
}

fn read_mapping(path: &std::path::Path) -> Result<Mapping> {
    let text = std::fs::read_to_string(path).map_err(|cause| file_refused("read", path, cause))?;
    serde_json::from_str(&text).map_err(|e| {
        let words = format!(
            "{}, line {}: this is not a mapping in JSON, such as {{\"columns\": {{\"E-Mail\": \"email\"}}}}.",
            path.display(),
            e.line()
        );
        Error::new(Code::Malformed, words)
    })
}
