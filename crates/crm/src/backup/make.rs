//! Making a backup, and verifying one.

use std::path::{Path, PathBuf};

use kernel::{Code, Error, Result};
use ledger::Report;
use serde::Serialize;
use store::{Blobs, Location, Options as StoreOptions, Place, Store, args};
use trail::{App, DATA_MIGRATIONS, Event, Permit, VAULT_MIGRATIONS, permit::Keys};

use super::sql::{FILE, FILE_INSERT, FILE_TABLE};
use super::{
    FORMAT, Manifest, Part, files, manifest, private_file, private_folder, signed_by, sql,
    table::{self, Side},
};
use crate::evidence::{self, Options, Subject};

/// What was backed up.
#[derive(Clone, Debug, Serialize)]
pub struct Made {
    /// How many records.
    pub records: u64,
    /// How many blobs.
    pub blobs: u64,
    /// The checkpoint that the data end with.
    pub checkpoint: String,
}

/// A folder of work that is removed at the end, whatever happens.
pub(super) struct Work(PathBuf);

impl Work {
    /// In a folder; where that cannot be written, in the system's folder for temporary files, for this user alone.
    #[expect(clippy::disallowed_methods, reason = "a folder within it that nobody else opens, where the backup's own cannot be written")]
    pub fn beside(dir: &Path, env: &kernel::Env) -> Result<Self> {
        Self::within(dir, env).or_else(|_| Self::within(&std::env::temp_dir(), env))
    }

    fn within(dir: &Path, app_env: &kernel::Env) -> Result<Self> {
        let path = dir.join(format!(".work-{}", hex::encode(app_env.bytes::<8>())));
        private_folder(&path)?;
        Ok(Self(path))
    }

    pub fn location(&self) -> Location {
        Location { data: Place::Sqlite(self.0.join("data.db")), vault: Place::Sqlite(self.0.join("vault.db")) }
    }

    pub fn open(&self) -> Result<Store> {
        Store::open(&self.location(), StoreOptions { readers: 1, writers: 1 }, DATA_MIGRATIONS, VAULT_MIGRATIONS)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What stays behind is an unfinished copy in a folder that says so.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Backs up: first the data with blobs into the new folder `dir`, then the vault into the new file `vault_out`. Event `backup.made`.
///
/// Errors: conflict when the folder holds a backup or the vault's file is there; storage_full, unavailable of the file system.
pub async fn make(app: &App, permit: &Permit<Keys>, dir: &Path, vault_out: &Path) -> Result<Made> {
    if dir.join("manifest").exists() || dir.join("data.db").exists() {
        return Err(Error::new(Code::Conflict, "That folder holds a backup already; name another one."));
    }
    if vault_out.exists() {
        return Err(Error::new(Code::Conflict, "The vault's file exists already; name another one, and keep only the newest."));
    }
    std::fs::create_dir_all(dir).map_err(|e| files(&e))?;
    app.settle().await?;
    let (from, to, env) = (app.store().clone(), dir.to_owned(), app.env().clone());
    let data = tokio::task::spawn_blocking(move || data_out(&from, &to, &env)).await.map_err(Error::internal)??;
    let blobs = blobs_out(app, &data.0, dir).await?;
    let ((_, part), records, leaves, checkpoint) = (data.0, data.1, data.2, data.3);
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        made: app.env().now().to_string(),
        origin: app.signer().name().to_owned(),
        vkey: app.verifier().vkey(),
        records,
        leaves,
        checkpoint: checkpoint.clone(),
        data: part,
        blobs,
    };
    let text = serde_json::to_string_pretty(&manifest).map_err(Error::internal)? + "\n";
    let note = app.signer().sign_note(&text)?;
    std::fs::write(dir.join("manifest"), &note).map_err(|e| files(&e))?;
    let made = Made { records, blobs: manifest.blobs.len() as u64, checkpoint };
    let event =
        Event::new("backup.made").count("records", usize::try_from(records).unwrap_or(usize::MAX)).count("blobs", manifest.blobs.len());
    // Before the vault is copied, so that its journal knows of everything the data have.
    app.write(&permit.actor, move |unit| unit.witness(event.clone())).await?;
    app.settle().await?;
    evidence::anchor(app).await?;
    vault_out_file(app, dir, vault_out, &note).await?;
    super::manifest(dir)?;
    Ok(made)
}

type DataOut = ((Vec<String>, Part), u64, u64, String);

fn data_out(from: &Store, dir: &Path, env: &kernel::Env) -> Result<DataOut> {
    let work = Work::beside(dir, env)?;
    let copy = work.open()?;
    table::copy(from, &copy, Side::Data)?;
    let (records, leaves) = copy.read_now(|tx| tx.one(sql::COUNTS, &[], |row| Ok((row.get(0)?, row.get(1)?))))?;
    let checkpoint = copy.read_now(|tx| tx.maybe(evidence::sql::CHECKPOINT_LAST, &[], |row| row.get::<String>(0)))?.unwrap_or_default();
    let mut names = Vec::new();
    let mut after = [0u8; 16];
    loop {
        let portion =
            copy.read_now(move |tx| tx.all(sql::BLOBS, &args![after], |row| Ok((row.get::<[u8; 16]>(0)?, row.get::<String>(1)?))))?;
        let Some((last, _)) = portion.last() else { break };
        after = *last;
        names.extend(portion.into_iter().map(|(_, name)| name));
    }
    let to = dir.join("data.db");
    store::dialect::backup(&copy, store::dialect::Which::Data, &to)?;
    copy.close();
    Ok(((names, Part::of("data.db", &to)?), records, leaves, checkpoint))
}

async fn blobs_out(app: &App, (names, _): &(Vec<String>, Part), dir: &Path) -> Result<Vec<Part>> {
    let mut parts = Vec::with_capacity(names.len());
    let to = Blobs::open(&dir.display().to_string())?;
    let mut names = names.clone();
    names.sort_unstable();
    names.dedup();
    for name in names {
        match app.blobs().get(&name).await {
            Ok(bytes) => {
                parts.push(Part { name: name.clone(), size: bytes.len() as u64, sha256: hex::encode(ledger::sha256(&bytes)) });
                to.put(&name, bytes).await?;
            }
            // Removed with its last record since the copy was made: nothing refers to it in the vault either.
            Err(error) if error.code() == Code::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(parts)
}

async fn vault_out_file(app: &App, dir: &Path, vault_out: &Path, note: &str) -> Result<()> {
    let keyring = std::fs::read(app.keyring_path()).map_err(|e| files(&e))?;
    let size = evidence::tree_size(app).await?;
    let (from, env, dir, to, note) = (app.store().clone(), app.env().clone(), dir.to_owned(), vault_out.to_owned(), note.to_owned());
    let copied = tokio::task::spawn_blocking(move || {
        let work = Work::beside(&dir, &env)?;
        let copy = work.open()?;
        table::copy(&from, &copy, Side::Vault)?;
        copy.write_now(move |tx| {
            let mut vault = tx.vault();
            vault.run(FILE_TABLE, &[])?;
            vault.run(FILE_INSERT, &args![&keyring, i64::try_from(size).unwrap_or(i64::MAX), note.as_str()])
        })?;
        let done = store::dialect::backup(&copy, store::dialect::Which::Vault, &to);
        copy.close();
        done
    });
    copied.await.map_err(Error::internal)?
}

/// A backup opened in a folder of work: its databases, and what the vault's file says. Dropping it removes the copy.
pub(super) struct Opened {
    pub store: Store,
    /// The keyring's file and how many leaves the ledger had when the vault was copied; `None` without a vault.
    pub vault: Option<(Vec<u8>, u64)>,
    pub work: Work,
}

/// Opens copies of a backup's files; the backup itself is not touched.
pub(super) fn open(dir: &Path, vault: Option<&Path>, work_in: &Path, env: &kernel::Env) -> Result<Opened> {
    let work = Work::beside(work_in, env)?;
    std::fs::copy(dir.join("data.db"), work.path().join("data.db")).map_err(|e| files(&e))?;
    if let Some(vault) = vault {
        std::fs::copy(vault, work.path().join("vault.db"))
            .map_err(|e| Error::new(Code::NotFound, "The vault's file cannot be read.").because(e))?;
    }
    // The token index was left out; its migration is not run again, and nothing asks for it.
    let store = work.open()?;
    let vault = match vault {
        None => None,
        Some(_) => {
            let found = store.read_now(|tx| tx.vault().maybe(FILE, &[], |row| Ok((row.get(0)?, row.get(1)?))));
            Some(found.ok().flatten().ok_or_else(|| Error::new(Code::Malformed, "That is not the vault's file of a backup."))?)
        }
    };
    Ok(Opened { store, vault, work })
}

/// Verifies a backup in its folder: every part against the manifest, then everything as in a running store. With the vault's file and what
/// opens its keyring the boxes are opened, without them they stay sealed.
///
/// Errors: malformed when a part is not as the manifest says; forbidden when another root key sealed the keyring.
pub async fn verify(dir: &Path, vault: Option<(&Path, &dyn vault::Provider)>, options: Options, env: &kernel::Env) -> Result<Report> {
    let (manifest, note) = manifest(dir)?;
    let opened = open(dir, vault.map(|(path, _)| path), dir, env)?;
    let mut keyring = None;
    let mut verifiers = vec![ledger::Verifier::parse(&manifest.vkey)?];
    if let (Some((_, provider)), Some((bytes, _))) = (vault, &opened.vault) {
        let path = opened.work.path().join("keyring");
        private_file(&path, bytes)?;
        let opened = vault::Keyring::open(&path, provider)?;
        signed_by(&note, &manifest, &opened)?;
        verifiers = vec![ledger::Signer::new(&manifest.origin, *opened.signing_seed())?.verifier()];
        keyring = Some(std::sync::Arc::new(opened));
    } else if note.verify(&verifiers).is_ok_and(|keys| keys.is_empty()) {
        return Err(Error::new(Code::Malformed, "The backup's manifest is not signed by the key it names."));
    }
    let seed = keyring.as_ref().map(|keyring| keyring.signing_seed());
    verifiers.extend(evidence::former_origins(&opened.store, seed.as_deref())?);
    let catalogue = std::sync::Arc::new(opened.store.read_now(trail::load_catalogue)?);
    let checkpoint = options.checkpoint.clone().or_else(|| Some(manifest.checkpoint.clone()).filter(|note| !note.is_empty()));
    let outside = options.checkpoint.is_some();
    let subject =
        Subject { store: opened.store.clone(), keyring, verifiers, log: None, catalogue, vault: opened.vault.is_some(), older_copy: true };
    let mut report = evidence::verify_subject(subject, Options { checkpoint, ..options }, None).await?;
    // The manifest's own checkpoint is the operator's word, not an anchor.
    report.unanchored = report.witnesses.is_empty() && !outside;
    opened.store.close();
    Ok(report)
}
