//! The binary `probity`: wires the house together, parses arguments, prints.

mod args;
mod bench;
mod commands;
mod config;
mod demo;
mod open;
mod output;
mod remote;

use std::{
    ffi::OsString,
    io::{IsTerminal, Write},
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
};

use clap::{Parser, error::ErrorKind};
use kernel::{Code, Env, Error, Result};
use serde_json::json;
use tracing_subscriber::filter::LevelFilter;

use crate::{
    args::{Beside, Cli, Command},
    commands::Here,
    config::{Format, Settings},
    output::{Console, Outcome, REFUSED},
};

/// A tenth faster than the system's under many threads: docs/decisions/0008-allocator.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    panic::set_hook(Box::new(|fault| {
        // Where, never what: a panic's message may carry what it was about.
        let place = fault.location().map_or_else(|| "an unknown place".to_owned(), |at| format!("{}:{}", at.file(), at.line()));
        let words = format!(
            "error: probity met a fault of its own at {place}; what was acknowledged is kept. Please report this line with the version ({}) and the command.\n",
            env!("CARGO_PKG_VERSION")
        );
        // Nobody is left to tell when standard error is closed.
        drop(std::io::stderr().write_all(words.as_bytes()));
    }));
    let words: Vec<OsString> = std::env::args_os().collect();
    ExitCode::from(panic::catch_unwind(AssertUnwindSafe(|| run(&words))).unwrap_or(REFUSED))
}

fn run(words: &[OsString]) -> u8 {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, words.iter().any(|w| w == "--json")),
    };
    let mut console = Console::own(cli.place.json);
    match start(cli, words, &mut console) {
        Ok(Ended::Here(outcome)) => output::conclude(Ok(outcome), &mut console),
        Ok(Ended::There(code)) => code,
        Err(error) => output::conclude(Err(error), &mut console),
    }
}

/// Where a command ran, and how it ended.
enum Ended {
    /// In this process.
    Here(Outcome),
    /// In the one that holds the data folder, which said everything already.
    There(u8),
}

fn start(mut cli: Cli, words: &[OsString], console: &mut Console) -> Result<Ended> {
    if cli.command.has_vault_file() {
        cli.place.vault = None;
    }
    let settings = cli.place.settings()?;
    let purpose = cli.place.acting_for()?;
    log(&settings, &cli.command);
    if cli.command.beside() != Beside::Free && open::is_local(&settings) {
        let texts: Option<Vec<String>> = words.iter().skip(1).map(|w| w.to_str().map(str::to_owned)).collect();
        let texts = texts.ok_or_else(|| Error::new(Code::InvalidInput, "The command line is not UTF-8 text."))?;
        if let Some(code) = remote::forward(&open::places(&settings).socket, texts, console)? {
            console.flush()?;
            return Ok(Ended::There(code));
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::internal)?;
    let mut here = Here::new(settings, Env::system(), purpose, console);
    runtime.block_on(async {
        let done = commands::run(cli.command, &mut here).await;
        let closed = here.close().await;
        done.and_then(|outcome| closed.map(|()| Ended::Here(outcome)))
    })
}

/// Logs to standard error. A command that ends by itself keeps to warnings unless more was asked for.
fn log(settings: &Settings, command: &Command) {
    let set = settings.log.level.as_str();
    let level = if set == "info" && !command.is_lasting() { "warn" } else { set };
    let level: LevelFilter = level.parse().unwrap_or(LevelFilter::WARN);
    let subscriber =
        tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    // A second subscriber in one process is refused, and there is none before this one.
    drop(match settings.log.format {
        Format::Json => subscriber.json().try_init(),
        Format::Text => subscriber.with_target(false).try_init(),
    });
}

/// Help and usage, as clap words them.
fn usage(error: &clap::Error, is_json: bool) -> u8 {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let written = if is_json && !asked {
        let text = error.render().to_string();
        let detail = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let told = json!({"error": {"code": "usage", "detail": detail, "errors": []}});
        std::io::stderr().write_all(format!("{told}\n").as_bytes())
    } else {
        error.print()
    };
    // Nobody is left to tell when the stream is closed.
    drop(written);
    if asked { 0 } else { REFUSED }
}
