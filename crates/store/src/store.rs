//! The store: queues, threads and the way in.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
};

use kernel::{Code, Env, Error, Result};
use rustix::fs::{FlockOperation, flock};

use crate::{
    Engine, Location, Migration, Place, Tx, migrate,
    pg::{self, Line},
    pg_worker::{self, Lines},
    place::{Address, address},
    queue::{Queue, Task, Work, closed},
    sqlite,
    sqlite_worker::{self, Pair},
};

/// How many threads, each with connections of its own.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Reading threads.
    pub readers: usize,
    /// Writing threads; SQLite has one whatever this says.
    pub writers: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, writers: 4 }
    }
}

/// Both databases of one organisation. Cheap to clone; the last clone to go closes it.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    location: Location,
    engine: Engine,
    writes: Arc<Queue>,
    reads: Arc<Queue>,
    groups: Arc<Queue>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held while the process has the data folder; let go at the end, whoever still has a clone.
    locks: Mutex<Vec<File>>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({:?})", self.0.location.data)
    }
}

impl Store {
    /// Opens both databases, creates what is missing and applies missing migrations, the vault's first.
    ///
    /// # Errors
    /// `conflict` when another process holds the folder, when a database was made by a newer version (which then stays untouched) or with
    /// another history; `unavailable` when it cannot be reached; `invalid_input` when the location makes no sense.
    pub fn open(location: &Location, options: Options, data: &'static [Migration], vault: &'static [Migration]) -> Result<Self> {
        if location.data == location.vault {
            return Err(Error::new(Code::InvalidInput, "The vault must be a database of its own, not the data's."));
        }
        // On a thread of its own, because the PostgreSQL client brings a runtime, which may not start inside another.
        let location = location.clone();
        let opening = thread::spawn(move || match (&location.data, &location.vault) {
            (Place::Sqlite(d), Place::Sqlite(v)) => open_sqlite(&location, [d, v], options, [data, vault]),
            (Place::Postgres(d), Place::Postgres(v)) => open_postgres(&location, [d, v], options, [data, vault]),
            _ => Err(Error::new(Code::InvalidInput, "Data and vault must be on the same engine.")),
        });
        opening.join().map_err(|_| Error::internal("opening the store panicked"))?
    }

    /// Which engine is underneath.
    pub fn engine(&self) -> Engine {
        self.0.engine
    }

    /// Where its databases are.
    pub fn location(&self) -> &Location {
        &self.0.location
    }

    /// Runs `f` in one writing transaction. It answers once the commit is durable; `f` may run again after a conflict, so it has no effects outside.
    pub async fn write<T: Send + 'static>(&self, f: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        later(&self.0.writes, f).await
    }

    /// Runs `f` on one snapshot, without writing.
    pub async fn read<T: Send + 'static>(&self, f: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        later(&self.0.reads, f).await
    }

    /// Runs `f` on the committer, of which each node has one: many units share a commit, each is durable before its answer.
    pub async fn grouped<T: Send + 'static>(&self, f: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        later(&self.0.groups, f).await
    }

    /// [`Store::write`] for callers that are not async.
    pub fn write_now<T: Send + 'static>(&self, f: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        now(&self.0.writes, f)
    }

    /// [`Store::read`] for callers that are not async.
    pub fn read_now<T: Send + 'static>(&self, f: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        now(&self.0.reads, f)
    }

    /// [`Store::grouped`] for callers that are not async.
    pub fn grouped_now<T: Send + 'static>(&self, f: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
        now(&self.0.groups, f)
    }

    /// Takes no more units, finishes those that wait and ends the threads. Other clones then answer `unavailable`.
    pub fn close(self) {
        self.0.end();
    }
}

impl Inner {
    fn end(&self) {
        for queue in [&self.reads, &self.groups, &self.writes] {
            queue.close();
        }
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for handle in threads {
            // The last clone may go inside a closure, on one of these threads, which cannot wait for itself.
            if handle.thread().id() != thread::current().id() && handle.join().is_err() {
                tracing::error!("a database thread panicked");
            }
        }
        self.locks.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.end();
    }
}

async fn later<T: Send + 'static>(queue: &Queue, f: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
    let (reply, answer) = tokio::sync::oneshot::channel();
    // A caller that no longer waits is not an error.
    queue.push(Box::new(Task::new(f, move |kept| drop(reply.send(kept)))))?;
    answer.await.unwrap_or_else(|_| Err(closed()))
}

fn now<T: Send + 'static>(queue: &Queue, f: impl Fn(&mut Tx) -> Result<T> + Send + 'static) -> Result<T> {
    let (reply, answer) = mpsc::sync_channel(1);
    let work: Box<dyn Work> = Box::new(Task::new(f, move |kept| drop(reply.send(kept))));
    queue.push(work)?;
    answer.recv().unwrap_or_else(|_| Err(closed()))
}

fn open_sqlite(location: &Location, paths: [&PathBuf; 2], options: Options, migrations: [&[Migration]; 2]) -> Result<Store> {
    let mut locks = Vec::new();
    for path in paths {
        locks.push(hold(path)?);
    }
    let env = door();
    // Both are looked at before either is changed; then the vault first, so that no data waits for keys that cannot be kept.
    let mut steps = Vec::new();
    for side in [1, 0] {
        make(paths[side])?;
        let conn = sqlite::connect(paths[side], true)?;
        migrate::check_sqlite(&conn, migrations[side])?;
        steps.push((conn, migrations[side]));
    }
    for (conn, migrations) in steps {
        migrate::sqlite(&conn, migrations, &env)?;
    }
    let pair = |writer| -> Result<Pair> {
        let open = |path: &Path| {
            let conn = sqlite::connect(path, writer)?;
            sqlite::set_up(&conn, writer).map(|()| conn)
        };
        Ok(Pair { data: open(paths[0])?, vault: open(paths[1])? })
    };
    let (writes, reads) = (Arc::new(Queue::new()), Arc::new(Queue::new()));
    let mut threads = Vec::new();
    for number in 0..options.readers.max(1) {
        let (pair, queue) = (pair(false)?, reads.clone());
        threads.push(start(format!("read-{number}"), move || sqlite_worker::read(&pair, &queue))?);
    }
    let (pair, queue) = (pair(true)?, writes.clone());
    threads.push(start("write".into(), move || {
        sqlite_worker::write(&pair, &queue, &env);
        sqlite_worker::checkpoint(&pair);
    })?);
    let inner = Inner {
        location: location.clone(),
        engine: Engine::Sqlite,
        groups: writes.clone(),
        writes,
        reads,
        threads: Mutex::new(threads),
        locks: Mutex::new(locks),
    };
    Ok(Store(Arc::new(inner)))
}

fn open_postgres(location: &Location, texts: [&String; 2], options: Options, migrations: [&[Migration]; 2]) -> Result<Store> {
    let addresses: [Address; 2] = [address(texts[0])?, address(texts[1])?];
    let env = door();
    // As on SQLite: looked at first, then the vault before the data.
    let mut steps = Vec::new();
    let runtime = pg::runtime()?;
    for side in [1, 0] {
        let mut line = Line::new(addresses[side].clone(), &runtime);
        migrate::check_postgres(&mut line, migrations[side])?;
        steps.push((line, migrations[side]));
    }
    for (mut line, migrations) in steps {
        migrate::postgres(&mut line, migrations, &env)?;
    }
    let lines = || {
        let runtime = pg::runtime()?;
        let [data, vault] = addresses.clone().map(|address| Line::new(address, &runtime));
        Ok::<_, Error>(Lines { data, vault })
    };
    let [writes, reads, groups] = [(); 3].map(|()| Arc::new(Queue::new()));
    let mut threads = Vec::new();
    for number in 0..options.readers.max(1) {
        let (Lines { data, vault }, queue) = (lines()?, reads.clone());
        let mut lines = Lines { data: data.reading(), vault: vault.reading() };
        threads.push(start(format!("read-{number}"), move || pg_worker::read(&mut lines, &queue))?);
    }
    for number in 0..options.writers.max(1) {
        let (mut lines, queue, env) = (lines()?, writes.clone(), env.clone());
        threads.push(start(format!("write-{number}"), move || pg_worker::write(&mut lines, &queue, &env))?);
    }
    let (mut lines, queue) = (lines()?, groups.clone());
    threads.push(start("commit".into(), move || pg_worker::group(&mut lines, &queue, &env))?);
    let threads = Mutex::new(threads);
    Ok(Store(Arc::new(Inner {
        location: location.clone(),
        engine: Engine::Postgres,
        writes,
        reads,
        groups,
        threads,
        locks: Mutex::default(),
    })))
}

/// The machine's clock: for the age of a batch and the date of a migration, neither of which any rule depends on.
fn door() -> Env {
    Env::system()
}

fn start(name: String, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    thread::Builder::new().name(name).spawn(run).map_err(|cause| refused("A database thread cannot be started", cause))
}

/// Creates the file (0600) and its folder (0700) where they are missing.
fn make(path: &Path) -> Result<()> {
    let made = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
    let file = made.map_err(|cause| refused("The database file cannot be opened", cause))?;
    file.set_permissions(fs::Permissions::from_mode(0o600)).map_err(|cause| refused("The database file's permissions cannot be set", cause))
}

/// Takes the lock of a database for this process; it ends with the file.
fn hold(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
        made.map_err(|cause| refused("The data folder cannot be made", cause))?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = OpenOptions::new().create(true).write(true).truncate(false).mode(0o600).open(name);
    let file = file.map_err(|cause| refused("The lock file beside the database cannot be opened", cause))?;
    flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|cause| {
        let words = "Another process holds this data folder. Stop it, or ask it to do the work.";
        Error::new(Code::Conflict, words).because(io::Error::from(cause))
    })?;
    Ok(file)
}

fn refused(what: &str, cause: io::Error) -> Error {
    let code = if cause.kind() == io::ErrorKind::StorageFull { Code::StorageFull } else { Code::Unavailable };
    Error::new(code, format!("{what} ({}).", cause.kind())).because(cause)
}
