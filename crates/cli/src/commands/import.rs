//! `probity import`: rows to records.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use crm::import::{self, Mapping, MatchBy, Mode, Options, Source};
use kernel::{Code, Error, Result};

use crate::{
    commands::Here,
    output::{Outcome, file_refused},
};

/// CSV, XLSX or vCard rows to records
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity import customers.csv --kind person --match email --dry-run\n\nrows = created + updated + duplicate + failed. Exit code 1 when a row failed."
)]
pub struct Import {
    /// The file
    file: PathBuf,
    /// The kind of record that rows become
    #[arg(long)]
    kind: String,
    /// A JSON file saying which column goes where [default: as suggested from the headings]
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// By what a row and a record are recognised as the same [default: every row makes a record]
    #[arg(long = "match", value_name = "FIELD")]
    match_by: Option<By>,
    /// What rows may do
    #[arg(long, default_value = "both")]
    mode: May,
    /// Read and match everything, write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum By {
    /// An e-mail address
    Email,
    /// A telephone number
    Phone,
    /// The number another system gave it
    ExternalId,
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
        let mapping = self.mapping.as_ref().map(|path| read_mapping(&here.path(path))).transpose()?;
        let (app, actor) = (here.app()?, here.actor());
        let match_by = self.match_by.map(|by| match by {
            By::Email => MatchBy::Email,
            By::Phone => MatchBy::Phone,
            By::ExternalId => MatchBy::ExternalId,
        });
        let mode = match self.mode {
            May::Create => Mode::Create,
            May::Update => Mode::Update,
            May::Both => Mode::Both,
        };
        let options = Options { match_by, mode, dry_run: self.dry_run };
        let bar = here.console.counter("rows");
        let seen = bar.clone();
        let progress = move |report: &import::Report| seen.set_position(report.rows as u64);
        let source = Source::Path(here.path(&self.file));
        let report = import::run(&app, &actor, &self.kind, &source, mapping, options, progress).await?;
        bar.finish_and_clear();
        if here.console.is_json() {
            here.console.object(&report)?;
        } else {
            for failure in &report.failed {
                here.console.line(format!("failed: row {} ({})", failure.row, failure.reason))?;
            }
            let (created, updated, duplicate) = (report.created, report.updated, report.duplicate);
            let batch = report.batch.map_or_else(|| "nothing was written".to_owned(), |id| id.to_string());
            let failed = report.failed.len();
            here.console.line(format!(
                "{} rows: {created} created, {updated} updated, {duplicate} duplicate, {failed} failed ({batch})",
                report.rows
            ))?;
        }
        Ok(if report.failed.is_empty() { Outcome::Done } else { Outcome::Failures })
    }
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
