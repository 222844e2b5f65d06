//! Small secret files: made private, replaced whole, never half-written.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use kernel::{Code, Error, Result};
use zeroize::Zeroizing;

/// No secret file of ours comes near this; a larger one is not ours, and is not read into memory.
const LARGEST: u64 = 4 << 20;

/// Words of warning when others than the owner may read or write the file; `None` when it is private, absent or the system has no such modes.
pub fn exposed(path: &Path) -> Option<String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = path.metadata().ok()?.permissions().mode() & 0o777;
        (mode & 0o077 != 0).then(|| {
            format!(
                "{} can be reached by other accounts of this machine (mode {mode:03o}). Run: chmod 600 {}",
                path.display(),
                path.display()
            )
        })
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// Reads a small secret file; `None` when there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path, error)),
    };
    let size = file.metadata().map_err(|e| failed("read", path, e))?.len();
    if size > LARGEST {
        return Err(Error::new(
            Code::Malformed,
            format!("{} is far too large to be a key file or keyring; check the path.", path.display()),
        ));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1));
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|e| failed("read", path, e))?;
    if let Some(warning) = exposed(path) {
        tracing::warn!("{warning}");
    }
    Ok(Some(bytes))
}

/// Writes a new file, private to its owner and durable. Refuses one that is there.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = private().create_new(true).open(path).map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => Error::new(
            Code::Duplicate,
            format!("{} is there already and is not overwritten; move it away or choose another path.", path.display()),
        ),
        _ => failed("create", path, e),
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync_folder(path)).map_err(|e| failed("write", path, e))
}

/// Replaces a file whole: a reader, or a start after a crash, sees the old bytes or the new ones. The old bytes are then overwritten where
/// they lay, as far as the file system lets anyone do that (not on copy-on-write or flash: there the destroyed epoch's protection is the root key's).
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    // Through a symbolic link to the file itself, or the old bytes would stay behind the link.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let fresh = beside(&target);
    match std::fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed("clear away", &fresh, error)),
        _ => {}
    }
    create(&fresh, bytes)?;
    let old = OpenOptions::new().write(true).open(&target).ok();
    std::fs::rename(&fresh, &target).and_then(|()| sync_folder(&target)).map_err(|e| failed("replace", &target, e))?;
    if let Some(old) = old
        && let Err(error) = wipe(old)
    {
        tracing::warn!(%error, "the replaced bytes of {} could not be overwritten", target.display());
    }
    Ok(())
}

/// Where the next content of `path` is prepared. One left behind by a crash is worth nothing and is cleared by the next save.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

fn wipe(mut old: File) -> io::Result<()> {
    let meta = old.metadata()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if meta.nlink() > 0 {
            return Err(io::Error::other("the file has another name (a hard link); remove that copy, or destroyed epochs live on in it"));
        }
    }
    old.seek(SeekFrom::Start(0))?;
    io::copy(&mut io::repeat(0).take(meta.len()), &mut old)?;
    old.sync_all()
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// Makes the folder's entries durable, so that a rename survives a power cut.
fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn failed(verb: &str, path: &Path, error: io::Error) -> Error {
    let code = if error.kind() == io::ErrorKind::StorageFull { Code::StorageFull } else { Code::Unavailable };
    Error::new(
        code,
        format!("Could not {verb} {}: {}. Check that the folder exists and belongs to this account.", path.display(), error.kind()),
    )
    .because(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_secret_file_is_private_and_one_that_is_not_is_named() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        create(&path, b"x").unwrap();
        assert_eq!(exposed(&path), None);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(exposed(&path).unwrap().contains("chmod 600"));
    }

    #[test]
    fn a_file_that_is_there_is_not_created_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        create(&path, b"old").unwrap();
        assert_eq!(create(&path, b"new").unwrap_err().code(), Code::Duplicate);
        assert_eq!(read(&path).unwrap().unwrap().as_slice(), b"old");
    }

    #[cfg(unix)]
    #[test]
    fn replaced_bytes_are_overwritten_unless_another_name_keeps_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        create(&path, b"old bytes").unwrap();
        let mut held = File::open(&path).unwrap();
        replace(&path, b"new").unwrap();
        let mut seen = Vec::new();
        held.read_to_end(&mut seen).unwrap();
        assert_eq!(seen, [0; 9]);
        assert_eq!(read(&path).unwrap().unwrap().as_slice(), b"new");

        let link = folder.path().join("copy");
        std::fs::hard_link(&path, &link).unwrap();
        replace(&path, b"newer").unwrap();
        assert_eq!(std::fs::read(&link).unwrap(), b"new");
        assert_eq!(std::fs::read(&path).unwrap(), b"newer");
    }
}
