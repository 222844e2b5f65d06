//! The commands, one file each: parse, call the operation, print.

pub mod apikey;
pub mod audit;
pub mod backup;
pub mod capture;
pub mod clock;
pub mod deadline;
pub mod decide;
pub mod doctor;
pub mod erase;
pub mod evidence;
pub mod hold;
pub mod import;
pub mod init;
pub mod keys;
pub mod openapi;
pub mod package;
pub mod restore;
pub mod search;
pub mod serve;
pub mod show;
pub mod sweep;
pub mod user;
pub mod verify;
pub mod worker;

use std::path::{Path, PathBuf};

use catalogue::{PURPOSES, Purpose};
use crm::retention::{Policy, set_policy};
use kernel::{Code, Env, Error, Personal, Result};
use rules::Period;
use trail::{Actor, App, permit::ManageRules};
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
    /// The installation belongs to the process that runs this command for another.
    is_lent: bool,
    /// The folder that relative paths start from; empty for this process's own.
    folder: PathBuf,
}

impl<'a> Here<'a> {
    /// A place to run one command.
    pub const fn new(settings: Settings, env: Env, purpose: &'static Purpose, console: &'a mut Console) -> Self {
        Self { settings, env, purpose, console, opened: None, is_lent: false, folder: PathBuf::new() }
    }

    /// A place within the process that holds the installation, for another that asked from its own folder.
    pub fn within(app: App, settings: Settings, folder: PathBuf, purpose: &'static Purpose, console: &'a mut Console) -> Self {
        Self { settings, env: app.env().clone(), purpose, console, opened: Some(app), is_lent: true, folder }
    }

    /// A path as whoever typed it means it.
    pub fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    /// A secret that stands in a file, without the end of line that editors leave.
    pub fn secret(&self, path: &Path) -> Result<Personal<String>> {
        let path = self.path(path);
        let text = std::fs::read_to_string(&path).map(Zeroizing::new).map_err(|cause| file_refused("read", &path, cause))?;
        Ok(Personal::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Writes a new file for its owner alone; one that is there is not overwritten. Errors: duplicate, and those of the file system.
    pub fn write_new(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
        let path = self.path(path);
        let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        made.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all())).map_err(|cause| match cause.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Error::new(Code::Duplicate, format!("{} is there already; name another file.", path.display()))
            }
            _ => file_refused("written", &path, cause),
        })
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
        if let Some(app) = &self.opened {
            return Ok((app.clone(), None));
        }
        let (app, made) = open::or_make(&self.settings, &self.env)?;
        self.opened = Some(app.clone());
        Ok((app, made))
    }

    /// Closes what was opened.
    pub async fn close(&mut self) -> Result<()> {
        match self.opened.take() {
            Some(app) if !self.is_lent => app.close().await,
            _ => Ok(()),
        }
    }
}

/// Runs a command.
pub async fn run(command: Command, here: &mut Here<'_>) -> Result<Outcome> {
    match command {
        Command::Serve(serve) => serve.run(here).await,
        Command::Init(init) => init.run(here).await,
        Command::Decide(decide) => decide.run(here),
        Command::Deadline(deadline) => deadline.run(here),
        Command::Verify(verify) => verify.run(here).await,
        Command::Doctor(doctor) => doctor.run(here).await,
        Command::User(user) => user.run(here).await,
        Command::Apikey(apikey) => apikey.run(here).await,
        Command::Import(import) => import.run(here).await,
        Command::Capture(capture) => capture.run(here).await,
        Command::Search(search) => search.run(here).await,
        Command::Show(show) => show.run(here).await,
        Command::Hold(hold) => hold.run(here).await,
        Command::Package(package) => package.run(here).await,
        Command::Erase(erase) => erase.run(here).await,
        Command::OpenApi(openapi) => openapi.run(here),
        Command::Sweep(sweep) => sweep.run(here).await,
        Command::Evidence(evidence) => evidence.run(here).await,
        Command::Audit(audit) => audit.run(here).await,
        Command::Clock(clock) => clock.run(here).await,
        Command::Backup(backup) => backup.run(here).await,
        Command::Restore(restore) => restore.run(here).await,
        Command::Keys(keys) => keys.run(here).await,
        Command::Worker(worker) => worker.run(here).await,
        Command::Bench(bench) => bench.run(here).await,
    }
}

/// The purpose with this key. Error: invalid_input with those there are.
pub fn purpose(key: &str) -> Result<&'static Purpose> {
    Purpose::find(key).ok_or_else(|| {
        let known = PURPOSES.iter().map(|p| p.key).collect::<Vec<_>>().join(", ");
        Error::invalid("/purpose", "unknown", format!("There is no such purpose. Known: {known}."))
    })
}

/// Puts the periods that the configuration sets in force; those it leaves open stay as an administrator set them.
pub async fn set_periods(app: &App, settings: &Settings) -> Result<()> {
    let (grace, cool_off) = (settings.retention.grace_days.map(Period::days), settings.retention.cool_off_days.map(Period::days));
    let actor = Actor::operator(&PURPOSES[0]);
    let now = app.read(&actor, |unit| Policy::load(unit).and_then(|policy| unit.plain(policy))).await?;
    let wanted = Policy { grace: grace.unwrap_or(now.grace), cool_off: cool_off.unwrap_or(now.cool_off), ..now.clone() };
    if wanted == now {
        return Ok(());
    }
    let permit = actor.permit::<ManageRules>()?;
    app.write(&actor, move |unit| set_policy(unit, &permit, &wanted)).await
}
