//! Backup and restore, key rotation.
//!
//! One format for both engines: the data and the vault, each as one SQLite file, so that a store moves between engines by its backup.
//! Index tables (tokens, `name_sort`) are left out and rebuilt; sessions, cursors and idempotency records as well.
//!
//! - `DIR/data.db`, `DIR/blobs/…` and `DIR/manifest`: signed by the ledger's key, with the size and SHA-256 of each part and the checkpoint;
//! - the vault's file: wrapped keys, tombstones, the sealed journal, and the keyring's file as sealed by the root key, which is never copied.
//!   Only the newest one is kept, elsewhere: an older one would open what was destroyed since, until its epoch ends.

pub mod keys;
mod make;
mod replay;
mod restore;
pub mod sql;
mod table;
#[cfg(test)]
mod tests;

use std::path::Path;

use kernel::{Code, Error, Result};
use serde::{Deserialize, Serialize};

pub use make::{Made, make, verify};
pub use restore::{Restored, restore};

/// What a manifest says it is.
const FORMAT: &str = "probity-backup/1";

/// What a backup consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    format: String,
    /// When it was made, RFC 3339.
    made: String,
    /// The ledger's origin.
    origin: String,
    /// The ledger's verifier key.
    vkey: String,
    records: u64,
    /// How many leaves the data had.
    leaves: u64,
    /// The newest checkpoint in the data.
    checkpoint: String,
    data: Part,
    blobs: Vec<Part>,
}

/// One file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Part {
    name: String,
    size: u64,
    sha256: String,
}

impl Part {
    fn of(name: &str, path: &Path) -> Result<Self> {
        let mut file = std::fs::File::open(path).map_err(|e| files(&e))?;
        let mut hash = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
        let (mut buffer, mut size) = (vec![0; 1 << 16], 0);
        loop {
            let n = std::io::Read::read(&mut file, &mut buffer).map_err(|e| files(&e))?;
            if n == 0 {
                break;
            }
            hash.update(buffer.get(..n).unwrap_or_default());
            size += n as u64;
        }
        Ok(Self { name: name.to_owned(), size, sha256: hex::encode(hash.finish()) })
    }
}

/// Reads a backup's manifest and checks every part. The signature is checked by who knows the key.
fn manifest(dir: &Path) -> Result<(Manifest, ledger::note::Note)> {
    let text = std::fs::read_to_string(dir.join("manifest"))
        .map_err(|e| Error::new(Code::NotFound, "There is no backup in that folder: it has no manifest.").because(e))?;
    let note = ledger::note::Note::parse(&text)?;
    let manifest: Manifest =
        serde_json::from_str(&note.text).map_err(|e| Error::new(Code::Malformed, "The backup's manifest does not read.").because(e))?;
    if manifest.format != FORMAT {
        return Err(Error::new(Code::Malformed, "The backup is of a format not known here."));
    }
    for part in std::iter::once(&manifest.data).chain(&manifest.blobs) {
        let safe = part.name.split('/').all(|p| !p.is_empty() && !p.starts_with('.'));
        if !safe || Part::of(&part.name, &dir.join(&part.name)).ok().as_ref() != Some(part) {
            let words =
                format!("The backup is damaged: {} is absent or not as its manifest says.", if safe { &part.name } else { "a part" });
            return Err(Error::new(Code::Malformed, words));
        }
    }
    Ok((manifest, note))
}

fn signed_by(note: &ledger::note::Note, manifest: &Manifest, keyring: &vault::Keyring) -> Result<()> {
    let signer = ledger::Signer::new(&manifest.origin, *keyring.signing_seed())?;
    match note.verify(&[signer.verifier()]) {
        Ok(keys) if !keys.is_empty() => Ok(()),
        _ => Err(Error::new(Code::Malformed, "The backup's manifest is not signed by this installation's key, or was changed.")),
    }
}

/// Writes a fresh file that only its owner reads.
fn private_file(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::{io::Write as _, os::unix::fs::OpenOptionsExt as _};
    let made = std::fs::OpenOptions::new().create_new(true).write(true).mode(0o600).open(path);
    let written = made.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|e| files(&e))
}

/// Makes a folder that only its owner opens.
fn private_folder(path: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| files(&e))
}

fn files(error: &std::io::Error) -> Error {
    let code = if error.kind() == std::io::ErrorKind::StorageFull { Code::StorageFull } else { Code::Unavailable };
    Error::new(code, format!("A file of the backup cannot be read or written ({}).", error.kind()))
}
