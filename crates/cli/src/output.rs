//! What a command says: words and tables for people, JSON for machines.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use kernel::{Code, Error, Result};
use serde::Serialize;
use serde_json::{Value, json};

/// How a command ended, when it was not refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Done: exit 0.
    Done,
    /// Done, with failures that were told: exit 1.
    Failures,
}

/// The exit code of a usage error or a refusal.
pub const REFUSED: u8 = 2;

/// Where a command speaks: this terminal, or the one of another process of the same user.
pub struct Console {
    out: Box<dyn Write>,
    err: Box<dyn Write>,
    json: bool,
    terminal: bool,
    bars: bool,
}

impl Console {
    /// This process's own streams.
    pub fn own(json: bool) -> Self {
        let terminal = io::stdout().is_terminal();
        let bars = io::stderr().is_terminal();
        Self { out: Box::new(io::BufWriter::new(io::stdout())), err: Box::new(io::stderr()), json, terminal, bars }
    }

    /// Streams that lead elsewhere; `terminal` says whether a person reads them.
    pub fn elsewhere(out: Box<dyn Write>, err: Box<dyn Write>, json: bool, terminal: bool) -> Self {
        Self { out, err, json, terminal, bars: false }
    }

    /// Whether a person reads at a terminal.
    pub const fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Passes on what another process said, as it stands.
    pub fn pass_on(&mut self, is_error: bool, bytes: &[u8]) -> Result<()> {
        let stream = if is_error { &mut self.err } else { &mut self.out };
        stream.write_all(bytes).map_err(lost)
    }

    /// Whether a program reads.
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// Where results go, for what writes its own lines.
    pub fn out(&mut self) -> &mut dyn Write {
        &mut self.out
    }

    /// One JSON object on a line of its own.
    pub fn object(&mut self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(Error::internal)?;
        writeln!(self.out, "{text}").map_err(lost)
    }

    /// A line for people. Control characters, which a record could use to write over the terminal, are shown as spaces.
    pub fn line(&mut self, text: impl AsRef<str>) -> Result<()> {
        writeln!(self.out, "{}", tame(text.as_ref())).map_err(lost)
    }

    /// A line for people that they must not miss: red on a terminal.
    pub fn alarm(&mut self, text: impl AsRef<str>) -> Result<()> {
        let text = tame(text.as_ref());
        let line = if self.terminal { format!("\u{1b}[31m{text}\u{1b}[0m") } else { text };
        writeln!(self.out, "{line}").map_err(lost)
    }

    /// A remark beside the result, on standard error; none for programs.
    pub fn note(&mut self, text: impl AsRef<str>) -> Result<()> {
        if self.json { Ok(()) } else { writeln!(self.err, "{}", tame(text.as_ref())).map_err(lost) }
    }

    /// Columns under their headings, the last one as wide as it is.
    pub fn table(&mut self, headings: &[&str], rows: &[Vec<String>]) -> Result<()> {
        let mut widths: Vec<usize> = headings.iter().map(|h| h.chars().count()).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| tame(cell)).collect()).collect();
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count().min(48));
            }
        }
        let mut line = |cells: &mut dyn Iterator<Item = &str>| {
            let cells: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            writeln!(self.out, "{}", cells.join("  ").trim_end()).map_err(lost)
        };
        line(&mut headings.iter().copied())?;
        rows.iter().try_for_each(|row| line(&mut row.iter().map(String::as_str)))
    }

    /// Says why nothing more is done: `error: …` and one line a problem, or one JSON object, on standard error.
    pub fn error(&mut self, error: &Error) {
        let written = if self.json {
            let problems: Vec<Value> =
                error.problems().iter().map(|p| json!({"pointer": p.pointer, "code": p.code, "detail": p.detail})).collect();
            writeln!(self.err, "{}", json!({"error": {"code": error.code().as_str(), "detail": error.detail(), "errors": problems}}))
        } else {
            let mut text = format!("error: {}\n", tame(error.detail()));
            for problem in error.problems() {
                text.push_str(&format!("  at {}: {}\n", tame(&problem.pointer), tame(&problem.detail)));
            }
            self.err.write_all(text.as_bytes())
        };
        // Nobody is left to tell when standard error is closed.
        drop(written.and_then(|()| self.err.flush()));
    }

    /// A progress bar on a terminal; elsewhere nothing is drawn.
    pub fn progress(&self, total: u64, what: &'static str) -> ProgressBar {
        let target = if self.bars { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        bar(total, what, target)
    }

    /// A progress bar for a command that prints as it goes: drawn on a terminal while the results go elsewhere.
    pub fn progress_beside(&self, total: u64, what: &'static str) -> ProgressBar {
        let target = if self.bars && !self.terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        bar(total, what, target)
    }

    /// A running number on a terminal, where the end is not known; elsewhere nothing is drawn.
    pub fn counter(&self, what: &'static str) -> ProgressBar {
        let target = if self.bars { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target).with_message(what);
        match ProgressStyle::with_template("{spinner} {pos} {msg} {elapsed}") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        }
    }

    /// One JSON object beside the results, on standard error.
    pub fn aside(&mut self, value: &impl Serialize) -> Result<()> {
        let text = serde_json::to_string(value).map_err(Error::internal)?;
        writeln!(self.err, "{text}").map_err(lost)
    }

    /// Sends what waits on its way.
    pub fn flush(&mut self) -> Result<()> {
        self.out.flush().and_then(|()| self.err.flush()).map_err(lost)
    }
}

fn bar(total: u64, what: &'static str, target: ProgressDrawTarget) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), target).with_message(what);
    match ProgressStyle::with_template("{msg} {bar:40} {pos}/{len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// Says how a command ended, and with which exit code.
pub fn conclude(done: Result<Outcome>, console: &mut Console) -> u8 {
    match done.and_then(|outcome| console.flush().map(|()| outcome)) {
        Ok(Outcome::Done) => 0,
        Ok(Outcome::Failures) => 1,
        Err(error) if reader_left(&error) => 0,
        Err(error) => {
            // What was already said comes before the error; if that cannot be written, the error still can.
            drop(console.flush());
            console.error(&error);
            match error.cause() {
                // Whoever runs a command is the administrator, and the log is where the cause of our own faults stands.
                Some(cause) if error.code() == Code::Internal => tracing::error!(%cause, "the cause"),
                Some(cause) => tracing::debug!(%cause, "refused"),
                None => {}
            }
            REFUSED
        }
    }
}

/// Whether the reader went away (`probity … | head`), which is no failure worth a word. Another pipe that broke is one: a command that was
/// handed to a process which then ended was not done.
fn reader_left(error: &Error) -> bool {
    error.cause().and_then(|c| c.downcast_ref::<Unwritten>()).is_some_and(|Unwritten(c)| c.kind() == io::ErrorKind::BrokenPipe)
}

/// Why output could not be written.
#[derive(Debug)]
struct Unwritten(io::Error);

impl std::fmt::Display for Unwritten {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unwritten {}

/// The house's error when output cannot be written.
pub fn lost(cause: io::Error) -> Error {
    Error::new(Code::Unavailable, format!("The output cannot be written ({}).", cause.kind())).because(Unwritten(cause))
}

/// A file that cannot be read or written, named with what the system says.
pub fn file_refused(doing: &str, path: &std::path::Path, cause: io::Error) -> Error {
    let code = match cause.kind() {
        io::ErrorKind::NotFound => Code::NotFound,
        io::ErrorKind::StorageFull => Code::StorageFull,
        _ => Code::InvalidInput,
    };
    Error::new(code, format!("{} cannot be {doing} ({}).", path.display(), cause.kind())).because(cause)
}

fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use std::io;

    use kernel::{Code, Error};

    use super::{Console, REFUSED, conclude, lost, tame};

    #[test]
    fn a_reader_who_left_is_no_failure_and_a_process_that_ended_before_it_answered_is_one() {
        let ended = |error: Error| conclude(Err(error), &mut Console::elsewhere(Box::new(io::sink()), Box::new(io::sink()), false, false));
        let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert_eq!(ended(lost(broken())), 0);
        assert_eq!(ended(lost(io::ErrorKind::StorageFull.into())), REFUSED);
        assert_eq!(ended(Error::new(Code::Unavailable, "It ended before it answered.").because(broken())), REFUSED);
    }

    #[test]
    fn a_record_cannot_drive_the_terminal() {
        assert_eq!(tame("a\u{1b}[2Jb\u{7}\u{9b}31m\tc"), "a [2Jb  31m\tc");
    }
}
