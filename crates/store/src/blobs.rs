//! Blobs: sealed bytes under a name, in a folder or an S3-compatible store.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use kernel::{Code, Error, Result};
use object_store::{ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, path::Path as Key};

/// A place for blobs. Cheap to clone.
#[derive(Clone)]
pub struct Blobs(Place);

#[derive(Clone)]
enum Place {
    Folder(Arc<PathBuf>),
    Bucket { store: Arc<dyn ObjectStore>, prefix: Key },
}

/// Distinguishes temporary files of one process.
static NEXT: AtomicU64 = AtomicU64::new(0);

impl Blobs {
    /// Opens a folder (made with mode 0700 when absent), or `s3://bucket/prefix` with endpoint, region and keys from the `AWS_*` environment.
    pub fn open(spec: &str) -> Result<Self> {
        let Some(address) = spec.strip_prefix("s3://") else {
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(spec);
            made.map_err(|cause| disk("The blob folder cannot be made.", cause))?;
            return Ok(Self(Place::Folder(Arc::new(PathBuf::from(spec)))));
        };
        let (bucket, prefix) = address.split_once('/').unwrap_or((address, ""));
        if bucket.is_empty() {
            return Err(Error::new(Code::InvalidInput, "The blob store's address names no bucket: s3://bucket/prefix."));
        }
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build();
        let store = store.map_err(|cause| {
            Error::new(Code::InvalidInput, "The blob store s3://… cannot be set up; check the AWS_* environment.").because(cause)
        })?;
        Ok(Self(Place::Bucket { store: Arc::new(store), prefix: Key::from(prefix) }))
    }

    /// Keeps `bytes` under `name`, replacing what was there, whole or not at all; durable when it answers.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<()> {
        checked(name)?;
        match &self.0 {
            Place::Folder(root) => on_disk(root, name, move |path| write(path, &bytes)).await,
            Place::Bucket { store, prefix } => store.put(&key(prefix, name), PutPayload::from(bytes)).await.map(drop).map_err(remote),
        }
    }

    /// The bytes under `name`; `not_found` when there are none.
    pub async fn get(&self, name: &str) -> Result<Vec<u8>> {
        checked(name)?;
        match &self.0 {
            Place::Folder(root) => on_disk(root, name, |path| fs::read(path)).await,
            Place::Bucket { store, prefix } => {
                let found = store.get(&key(prefix, name)).await.map_err(remote)?;
                found.bytes().await.map(|bytes| bytes.to_vec()).map_err(remote)
            }
        }
    }

    /// Removes `name`; already gone is fine.
    pub async fn delete(&self, name: &str) -> Result<()> {
        checked(name)?;
        let done = match &self.0 {
            Place::Folder(root) => on_disk(root, name, |path| fs::remove_file(path).and_then(|()| sync_folder(path))).await,
            Place::Bucket { store, prefix } => store.delete(&key(prefix, name)).await.map_err(remote),
        };
        match done {
            Err(error) if error.code() == Code::NotFound => Ok(()),
            other => other,
        }
    }

    /// Whether something is kept under `name`.
    pub async fn exists(&self, name: &str) -> Result<bool> {
        checked(name)?;
        let found = match &self.0 {
            Place::Folder(root) => on_disk(root, name, |path| fs::metadata(path).map(drop)).await,
            Place::Bucket { store, prefix } => store.head(&key(prefix, name)).await.map(drop).map_err(remote),
        };
        match found {
            Ok(()) => Ok(true),
            Err(error) if error.code() == Code::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Every name that begins with `prefix`, in order.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>> {
        let mut names = match &self.0 {
            Place::Folder(root) => {
                let root = root.clone();
                blocking(move || {
                    let mut names = Vec::new();
                    walk(&root, String::new(), &mut names).map(|()| names)
                })
                .await?
            }
            Place::Bucket { store, prefix: root } => {
                let mut names = Vec::new();
                let mut below = vec![root.clone()];
                while let Some(folder) = below.pop() {
                    let listed = store.list_with_delimiter(Some(&folder)).await.map_err(remote)?;
                    below.extend(listed.common_prefixes);
                    let own = |object: object_store::ObjectMeta| {
                        Some(object.location.prefix_match(root)?.map(|p| p.as_ref().to_owned()).collect::<Vec<_>>().join("/"))
                    };
                    names.extend(listed.objects.into_iter().filter_map(own));
                }
                names
            }
        };
        names.retain(|name| name.starts_with(prefix));
        names.sort_unstable();
        Ok(names)
    }
}

/// Names are letters, digits, `.`, `_`, `-` and `/` between parts; no part begins with a dot, so no name leaves the folder or meets a temporary file.
fn checked(name: &str) -> Result<()> {
    let part =
        |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    if name.len() <= 512 && name.split('/').all(part) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidInput, "A blob's name is made of letters, digits, dots, dashes and slashes between its parts."))
}

fn key(prefix: &Key, name: &str) -> Key {
    Key::from(format!("{prefix}/{name}"))
}

async fn on_disk<T: Send + 'static>(root: &Arc<PathBuf>, name: &str, f: impl FnOnce(&Path) -> io::Result<T> + Send + 'static) -> Result<T> {
    let path = root.join(name);
    blocking(move || f(&path)).await
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(f).await {
        Ok(done) => done.map_err(|cause| disk("The blob folder cannot be read or written.", cause)),
        Err(cause) => Err(Error::internal(cause)),
    }
}

/// Temporary file, fsync, rename, fsync of the folder: after a crash the old or the new blob is there, never a part.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(path);
    make_folders(folder)?;
    let temporary = folder.join(format!(".{}.{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    let written = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    if written.is_err() {
        // The first error matters more than a left-over file's.
        drop(fs::remove_file(&temporary));
    }
    written.and_then(|()| sync_folder(path))
}

/// Makes missing folders, each durable in its parent.
fn make_folders(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        make_folders(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists => Err(cause),
        _ => sync_folder(folder),
    }
}

/// Makes the name `of` durable in its folder.
pub(crate) fn sync_folder(of: &Path) -> io::Result<()> {
    match of.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

fn walk(folder: &Path, prefix: String, names: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let file = entry.file_name();
        let Some(name) = file.to_str().filter(|name| !name.starts_with('.')) else { continue };
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

fn disk(words: &str, cause: io::Error) -> Error {
    match cause.kind() {
        io::ErrorKind::NotFound => Error::not_found("blob").because(cause),
        io::ErrorKind::StorageFull => {
            Error::new(Code::StorageFull, "The disk of the blob folder is full; free some space and try again.").because(cause)
        }
        _ => Error::new(Code::Unavailable, words).because(cause),
    }
}

fn remote(cause: object_store::Error) -> Error {
    match cause {
        object_store::Error::NotFound { .. } => Error::not_found("blob").because(cause),
        _ => Error::new(Code::Unavailable, "The blob store cannot be reached or refuses; try again.").because(cause),
    }
}
