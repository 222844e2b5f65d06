//! The commands, one file each: parse, call the operation, print.

pub mod apikey;
pub mod deadline;
pub mod decide;
pub mod doctor;
pub mod init;
pub mod user;
pub mod verify;

use std::path::Path;

use catalogue::{PURPOSES, Purpose};
use kernel::{Env, Error, Personal, Result};
use trail::{Actor, App};
use vault::Zeroizing;

use crate::{
    args::Command,
    config::Settings,
    open,
    output::{Console, Outcome, file_refused},
};

/// Where a command runs: under which settings, and to whom it speaks.
pub struct Here<'a> {
    /// The settings that apply.
    pub settings: Settings,
    /// Time and chance.
    pub env: Env,
    /// What it is done for.
    purpose: &'static Purpose,
    /// Where it speaks.
    pub console: &'a mut Console,
    opened: Option<App>,
}

impl<'a> Here<'a> {
    /// A place to run one command.
    pub const fn new(settings: Settings, env: Env, purpose: &'static Purpose, console: &'a mut Console) -> Self {
        Self { settings, env, purpose, console, opened: None }
    }

    /// The local operator, for the purpose that was given.
    pub fn actor(&self) -> Actor {
        Actor::operator(self.purpose)
    }

    /// The installation. Errors: not_found when there is none, and those of opening it.
    pub fn app(&mut self) -> Result<App> {
        if let Some(app) = &self.opened {
            return Ok(app.clone());
        }
        let app = open::existing(&self.settings, &self.env)?;
        self.opened = Some(app.clone());
        Ok(app)
    }

    /// Opens the installation, making it where there is none; says what was made.
    pub fn make(&mut self) -> Result<(App, Option<open::Made>)> {
        let (app, made) = open::or_make(&self.settings, &self.env)?;
        self.opened = Some(app.clone());
        Ok((app, made))
    }

    /// Closes what was opened.
    pub async fn close(&mut self) -> Result<()> {
        match self.opened.take() {
            Some(app) => app.close().await,
            None => Ok(()),
        }
    }
}

impl Command {
    /// Whether it runs until it is stopped.
    pub const fn is_lasting(&self) -> bool {
        match self {
            Self::Init(_) | Self::Decide(_) | Self::Deadline(_) | Self::Verify(_) | Self::Doctor(_) | Self::User(_) | Self::Apikey(_) => {
                false
            }
        }
    }
}

/// Runs a command.
pub async fn run(command: Command, here: &mut Here<'_>) -> Result<Outcome> {
    match command {
        Command::Init(init) => init.run(here).await,
        Command::Decide(decide) => decide.run(here),
        Command::Deadline(deadline) => deadline.run(here),
        Command::Verify(verify) => verify.run(here),
        Command::Doctor(doctor) => doctor.run(here).await,
        Command::User(user) => user.run(here).await,
        Command::Apikey(apikey) => apikey.run(here).await,
    }
}

/// The purpose with this key. Error: invalid_input with those there are.
pub fn purpose(key: &str) -> Result<&'static Purpose> {
    Purpose::find(key).ok_or_else(|| {
        let known = PURPOSES.iter().map(|p| p.key).collect::<Vec<_>>().join(", ");
        Error::invalid("/purpose", "unknown", format!("There is no such purpose. Known: {known}."))
    })
}

/// A secret that stands in a file, without the end of line that editors leave.
pub fn secret(path: &Path) -> Result<Personal<String>> {
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|cause| file_refused("read", path, cause))?;
    Ok(Personal::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}
