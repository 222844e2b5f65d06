//! The command line as clap reads it.

use std::path::PathBuf;

use catalogue::Purpose;
use clap::{Args, Parser, Subcommand};
use kernel::{Code, Error, Result};

use crate::{
    bench,
    commands::{
        apikey, audit, backup, capture, clock, deadline, decide, doctor, erase, evidence, hold, import, init, keys, openapi, package,
        purpose, restore, search, serve, show, sweep, user, verify, worker,
    },
    config::{Settings, Values},
};

/// The CRM of record: what you know about people, kept as long as law and purpose say, provably authentic, and destroyed without residue.
#[derive(Parser)]
#[command(
    name = "probity",
    version,
    arg_required_else_help = true,
    after_help = "Example:\n  probity deadline --regime GDPR --right access --received 2026-11-21 --country DE\n\nEvery command has its own --help with an example.\nExit codes: 0 done, 1 done with failures (told), 2 usage or refused."
)]
pub struct Cli {
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub command: Command,
}

/// Where the installation is, and how the answer is written.
#[derive(Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Place {
    /// Answer in JSON, for programs
    #[arg(long, global = true)]
    pub json: bool,
    /// What it is done for: administration, sales, support, billing, marketing or legal
    #[arg(long, global = true, default_value = "administration")]
    pub purpose: String,
    /// Configuration [default: ./probity.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Data folder [default: ./probity-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL database, `postgres://user@host/name`, instead of SQLite in the data folder
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// PostgreSQL database of the vault, best on another server
    #[arg(long, global = true, value_name = "URL")]
    pub vault: Option<String>,
    /// Where originals are kept: a folder or `s3://bucket/prefix`
    #[arg(long, global = true, value_name = "PLACE")]
    pub blobs: Option<String>,
}

/// What to do.
#[derive(Subcommand)]
pub enum Command {
    Serve(serve::Serve),
    Init(init::Init),
    Decide(decide::Decide),
    Deadline(deadline::Deadline),
    Verify(verify::Verify),
    Doctor(doctor::Doctor),
    User(user::User),
    Apikey(apikey::ApiKey),
    Import(import::Import),
    Capture(capture::Capture),
    Search(search::Search),
    Show(show::Show),
    Hold(hold::Hold),
    Package(package::Package),
    Erase(erase::Erase),
    #[command(name = "openapi")]
    OpenApi(openapi::OpenApi),
    Sweep(sweep::Sweep),
    Evidence(evidence::Evidence),
    Audit(audit::Audit),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Keys(keys::Keys),
    Clock(clock::Clock),
    Worker(worker::Worker),
    Bench(bench::Bench),
}

/// How a command goes beside a process that holds the data folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beside {
    /// It needs no installation.
    Free,
    /// That process runs it.
    Through,
    /// It needs the folder for itself.
    Refused,
}

impl Command {
    /// How it goes beside a process that holds the data folder.
    pub const fn beside(&self) -> Beside {
        match self {
            Self::Decide(_) | Self::Deadline(_) | Self::Bench(_) => Beside::Free,
            Self::Verify(verify) if verify.is_offline() => Beside::Free,
            Self::Verify(_)
            | Self::Package(_)
            | Self::Erase(_)
            | Self::OpenApi(_)
            | Self::Sweep(_)
            | Self::Import(_)
            | Self::Search(_)
            | Self::Init(_)
            | Self::Doctor(_)
            | Self::User(_)
            | Self::Apikey(_)
            | Self::Capture(_)
            | Self::Show(_)
            | Self::Hold(_)
            | Self::Evidence(_)
            | Self::Audit(_)
            | Self::Clock(_)
            | Self::Backup(_) => Beside::Through,
            Self::Restore(_) | Self::Keys(_) | Self::Serve(_) | Self::Worker(_) => Beside::Refused,
        }
    }

    /// Whether its `--vault` is the vault's file of a backup, not the place of a database.
    pub const fn has_vault_file(&self) -> bool {
        match self {
            Self::Restore(_) => true,
            Self::Verify(verify) => verify.has_backup(),
            _ => false,
        }
    }

    /// Whether it runs until it is stopped.
    pub const fn is_lasting(&self) -> bool {
        matches!(self, Self::Serve(_) | Self::Worker(_))
    }
}

impl Place {
    /// The purpose acted for. Error: invalid_input.
    pub fn acting_for(&self) -> Result<&'static Purpose> {
        purpose(&self.purpose)
    }

    /// The settings under these flags, the environment and the file. Errors name the key and where it was set.
    pub fn settings(&self) -> Result<Settings> {
        let mut values = Values::default();
        let usual = PathBuf::from("probity.toml");
        match &self.config {
            Some(path) => values.add_file(path)?,
            None if usual.exists() => values.add_file(&usual)?,
            None => {}
        }
        values.add_environment(std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))))?;
        let text = |path: &PathBuf| {
            let words = "The path of --data is not UTF-8 text, which the configuration needs; use another folder.";
            path.to_str().map(str::to_owned).ok_or_else(|| Error::new(Code::InvalidInput, words))
        };
        let flags = [
            ("data", self.data.as_ref().map(text).transpose()?),
            ("database", self.database.clone()),
            ("vault", self.vault.clone()),
            ("blobs", self.blobs.clone()),
        ];
        for (key, value) in flags {
            if let Some(value) = value {
                values.set("store", key, value, format!("the flag --{key}"));
            }
        }
        Settings::from_values(&values)
    }
}
