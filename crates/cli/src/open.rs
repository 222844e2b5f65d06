//! From settings to an open installation: where things are, who opens the keyring, and what to do when it does not open.

use std::{
    fs::{self, OpenOptions},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use kernel::{Code, Env, Error, Result};
use rustix::fs::{FlockOperation, flock};
use store::{Location, Options, Place, Store, args};
use trail::{App, Config};
use vault::{FileProvider, Keyring};

use crate::{config, config::Settings, output::file_refused};

/// Whether a database holds an installation's history.
const HISTORY: &str = "SELECT at FROM event LIMIT 1";

/// What the names of the installations contain that `probity bench` makes for itself.
pub const MEASURED: &str = ".bench-";

/// What was made for a new installation, to be told to whoever made it.
pub struct Made {
    /// The fresh key file; `None` when a passphrase or an existing key file is used.
    pub key_file: Option<PathBuf>,
}

/// Where an installation's parts are.
pub struct Places {
    /// The data folder.
    pub data: PathBuf,
    /// The key file.
    pub key_file: PathBuf,
    /// The keyring.
    pub keyring: PathBuf,
    /// The socket on which a running `serve` takes commands.
    pub socket: PathBuf,
}

/// Where the parts are under these settings.
pub fn places(settings: &Settings) -> Places {
    let data = settings.store.data.clone();
    Places {
        key_file: settings.keys.file.clone().unwrap_or_else(|| data.join("root.key")),
        keyring: settings.keys.keyring.clone().unwrap_or_else(|| data.join("keyring")),
        socket: data.join("probity.sock"),
        data,
    }
}

/// Opens an installation that is there. Errors: not_found with what to do when there is none, conflict when another process holds it, the
/// keyring's and the store's.
pub fn existing(settings: &Settings, env: &Env) -> Result<App> {
    let places = places(settings);
    let absent = match location(settings)?.data {
        Place::Sqlite(path) => !path.exists(),
        Place::Postgres(_) => !places.keyring.exists(),
    };
    if absent {
        let words = format!(
            "There is no installation in {}. Make one with `probity init`, or name its folder with --data (or [store] data in probity.toml).",
            places.data.display()
        );
        return Err(Error::new(Code::NotFound, words));
    }
    open(settings, env, provider(settings)?)
}

/// Opens an installation, making it first where there is none. Never makes new keys for data that exist.
pub fn or_make(settings: &Settings, env: &Env) -> Result<(App, Option<Made>)> {
    let places = places(settings);
    if places.keyring.exists() {
        return Ok((open(settings, env, provider(settings)?)?, None));
    }
    make_folder(&places.data)?;
    refuse_history(settings)?;
    let fresh = settings.keys.provider == config::Provider::File && !places.key_file.exists();
    let provider = if fresh { FileProvider::create_key_file(&places.key_file, env)? } else { provider(settings)? };
    Keyring::create(&places.keyring, &provider, env)?;
    let app = open(settings, env, provider)?;
    Ok((app, Some(Made { key_file: fresh.then_some(places.key_file) })))
}

/// What opens the keyring; a key file is made where one is meant and none is there. Answers where, if it was made.
pub fn root_key(settings: &Settings, env: &Env) -> Result<(FileProvider, Option<PathBuf>)> {
    let path = places(settings).key_file;
    if settings.keys.provider == config::Provider::File && !path.exists() {
        return Ok((FileProvider::create_key_file(&path, env)?, Some(path)));
    }
    Ok((provider(settings)?, None))
}

/// Whether there is an installation.
pub fn exists(settings: &Settings) -> bool {
    places(settings).keyring.exists()
}

/// Whether the data are in SQLite: then one process holds the folder, and others go through its socket.
pub const fn is_local(settings: &Settings) -> bool {
    settings.store.database.is_none()
}

/// Where the databases are. Error: invalid_input when only one of two PostgreSQL databases is named.
pub fn location(settings: &Settings) -> Result<Location> {
    let data = &settings.store.data;
    match (&settings.store.database, &settings.store.vault) {
        (None, None) => Ok(Location { data: Place::Sqlite(data.join("data.db")), vault: Place::Sqlite(data.join("vault.db")) }),
        (Some(database), Some(vault)) => Ok(Location { data: Place::Postgres(database.clone()), vault: Place::Postgres(vault.clone()) }),
        (Some(_), None) => Err(Error::invalid(
            "/store/vault",
            "missing",
            "With a PostgreSQL database the vault needs one of its own, best on another server: set --vault or [store] vault.",
        )),
        (None, Some(_)) => Err(Error::invalid(
            "/store/database",
            "missing",
            "A PostgreSQL vault needs a PostgreSQL database beside it: set --database or [store] database, or leave --vault out.",
        )),
    }
}

/// What opens the keyring. Errors: not_found without the key file, invalid_input of a passphrase's file.
pub fn provider(settings: &Settings) -> Result<FileProvider> {
    match settings.keys.provider {
        config::Provider::File => FileProvider::key_file(&places(settings).key_file),
        config::Provider::Passphrase => {
            let missing = || {
                Error::invalid(
                    "/keys/passphrase_file",
                    "missing",
                    "The provider `passphrase` needs [keys] passphrase_file: a file that holds it.",
                )
            };
            let path = settings.keys.passphrase_file.as_ref().ok_or_else(missing)?;
            let text = fs::read_to_string(path).map(vault::Zeroizing::new).map_err(|cause| file_refused("read", path, cause))?;
            FileProvider::passphrase(&text)
        }
    }
}

/// Where a backup is restored to: the data folder, made where there is none, under the root key that sealed the backup's keyring.
///
/// Errors: conflict when another process holds the folder, those of [`provider`].
pub fn for_restore(settings: &Settings) -> Result<Config> {
    let places = places(settings);
    make_folder(&places.data)?;
    if is_taken(settings) {
        return Err(taken(&places.data, &places.socket));
    }
    configured(settings, provider(settings)?)
}

fn open(settings: &Settings, env: &Env, provider: FileProvider) -> Result<App> {
    let places = places(settings);
    let config = configured(settings, provider)?;
    App::open(config, env.clone()).map_err(|error| if is_taken(settings) { taken(&places.data, &places.socket) } else { error })
}

fn configured(settings: &Settings, provider: FileProvider) -> Result<Config> {
    let places = places(settings);
    if trail::BARE && !places.data.to_string_lossy().contains(MEASURED) {
        let words = "This build seals nothing and keeps no record of what it does: it is there to be measured and opens no installation.";
        return Err(Error::new(Code::Conflict, words));
    }
    let blobs = settings.store.blobs.clone().unwrap_or_else(|| places.data.join("blobs").display().to_string());
    Ok(Config {
        location: location(settings)?,
        options: Options::default(),
        blobs,
        keyring: places.keyring,
        provider: Arc::new(provider),
        origin: settings.ledger.origin.clone(),
        public_url: settings.server.public_url.clone(),
        log: Some(places.data.join("log")),
    })
}

/// The refusal beside a process that holds the data folder.
fn taken(data: &Path, socket: &Path) -> Error {
    let words = format!(
        "Another process holds the data folder {} and takes no commands at {}. Stop that process, or wait until it is done, and try again.",
        data.display(),
        socket.display()
    );
    Error::new(Code::Conflict, words)
}

/// Whether another process has the lock beside the database.
fn is_taken(settings: &Settings) -> bool {
    if !is_local(settings) {
        return false;
    }
    let lock = settings.store.data.join("data.db.lock");
    let Ok(file) = OpenOptions::new().write(true).open(lock) else { return false };
    flock(&file, FlockOperation::NonBlockingLockExclusive) == Err(rustix::io::Errno::WOULDBLOCK)
}

/// Makes the data folder, for its owner alone.
fn make_folder(data: &Path) -> Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(|cause| file_refused("made", data, cause))
}

/// Refuses to make keys where data are that they would not open.
fn refuse_history(settings: &Settings) -> Result<()> {
    let location = location(settings)?;
    let has_history = match &location.data {
        Place::Sqlite(path) => path.exists(),
        Place::Postgres(_) => {
            let store = Store::open(&location, Options { readers: 1, writers: 1 }, trail::DATA_MIGRATIONS, trail::VAULT_MIGRATIONS)?;
            let found = store.read_now(|tx| tx.maybe(HISTORY, &args![], |row| row.get::<i64>(0)))?;
            store.close();
            found.is_some()
        }
    };
    if has_history {
        let words = format!(
            "There are data, but no keyring at {}. Put the keyring and its key file back from their copies or correct [keys]; new keys would open none of the records that exist.",
            places(settings).keyring.display()
        );
        return Err(Error::new(Code::Conflict, words));
    }
    Ok(())
}
