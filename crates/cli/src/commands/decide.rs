//! `probity decide`: the retention engine over cases, as the product uses it.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use clap::Args;
use kernel::Result;
use rules::retention::cases;

use crate::{
    commands::Here,
    output::{Outcome, file_refused, lost},
};

/// Retention decisions over cases, one JSON decision a line
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity decide --cases cases.jsonl --check\n\nEach line of the file is one case: {\"case\": \"1\", \"now\": \"2026-11-21\", \"record\": {…}, \"rules\": […]}.\nExit code 1 when a case cannot be read, or with --check when a decision differs from what the case expects."
)]
pub struct Decide {
    /// One JSON case a line; `-` for standard input
    #[arg(long, value_name = "FILE")]
    cases: PathBuf,
    /// Compare with each case's `expect` and print every difference
    #[arg(long)]
    check: bool,
}

impl Decide {
    pub fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let input: Box<dyn BufRead> = if self.cases == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            let file = File::open(&self.cases).map_err(|cause| file_refused("read", &self.cases, cause))?;
            if file.metadata().is_ok_and(|m| m.is_dir()) {
                return Err(file_refused("read", &self.cases, io::ErrorKind::IsADirectory.into()));
            }
            let bar = here.console.progress_beside(file.metadata().map_or(0, |m| m.len()), "decide");
            Box::new(BufReader::new(bar.wrap_read(file)))
        };
        let summary = cases::run(input, here.console.out(), self.check).map_err(lost)?;
        let differences = if self.check { format!(", {} differences", summary.differences) } else { String::new() };
        here.console.flush()?;
        here.console.note(format!("{} cases, {} errors{differences}", summary.cases, summary.errors))?;
        Ok(if summary.is_clean() { Outcome::Done } else { Outcome::Failures })
    }
}
