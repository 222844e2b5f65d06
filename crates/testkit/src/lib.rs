//! Both databases and a held clock for story tests. Development only.
//!
//! A story is written once with [`store_test!`] and runs on SQLite and on PostgreSQL.
#![allow(clippy::expect_used, clippy::missing_panics_doc, reason = "a test that cannot be set up has failed")]

use std::{future::Future, ops::Deref, path::Path, sync::Arc};

use catalogue::Purpose;
use kernel::{Env, FixedClock, Instant};
pub use store::Engine;
use store::{Location, Options, Place};
use tempfile::TempDir;
use trail::{Actor, App, Config};
use vault::{FileProvider, Keyring};

/// An installation of its own in a temporary folder, with a clock that only the test moves.
pub struct TestApp {
    app: App,
    /// The clock. It starts at 2026-11-21T12:00:00Z.
    pub clock: FixedClock,
    /// Which engine it runs on.
    pub engine: Engine,
    env: Env,
    location: Location,
    folder: TempDir,
}

impl TestApp {
    /// A fresh installation. Panics with one line on how to install PostgreSQL when there is none.
    pub fn fresh(engine: Engine) -> Self {
        let start = Instant::parse("2026-11-21T12:00:00Z").expect("a time");
        let (env, clock) = Env::with_clock(start);
        let folder = tempfile::Builder::new().prefix("probity-test-").tempdir().expect("a temporary folder");
        let location = match engine {
            Engine::Sqlite => {
                Location { data: Place::Sqlite(folder.path().join("data.db")), vault: Place::Sqlite(folder.path().join("vault.db")) }
            }
            Engine::Postgres => {
                let cluster = testcluster::Cluster::shared().unwrap_or_else(|hint| panic!("{hint}"));
                Location { data: Place::Postgres(cluster.fresh_schema()), vault: Place::Postgres(cluster.fresh_schema()) }
            }
        };
        FileProvider::create_key_file(&folder.path().join("root.key"), &env).expect("a key file");
        let provider = provider(folder.path());
        Keyring::create(&folder.path().join("keyring"), &provider, &env).expect("a keyring");
        let app = open(folder.path(), &location, &env);
        Self { app, clock, engine, env, location, folder }
    }

    /// The installation's folder: keyring, blobs, published log and, on SQLite, the databases.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the databases are.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// The local operator, for administration.
    pub fn operator(&self) -> Actor {
        self.acting("administration")
    }

    /// The local operator, for a purpose.
    pub fn acting(&self, purpose: &str) -> Actor {
        Actor::operator(Purpose::find(purpose).expect("a purpose"))
    }

    /// Closes the installation and opens it again, as a restart does.
    pub async fn restarted(self) -> Self {
        self.app.close().await.expect("closes");
        let app = open(self.folder.path(), &self.location, &self.env);
        Self { app, ..self }
    }

    /// Another node over the same databases and keyring. PostgreSQL only: SQLite's folder has one process.
    pub fn another_node(&self) -> App {
        open(self.folder.path(), &self.location, &self.env)
    }

    /// Another node with a keyring of its own, copied now.
    pub fn another_node_with_its_own_keyring(&self) -> App {
        let copy = self.folder.path().join("keyring-of-another-node");
        std::fs::copy(self.folder.path().join("keyring"), &copy).expect("a copy of the keyring");
        App::open(Config { keyring: copy, ..config(self.folder.path(), &self.location) }, self.env.clone()).expect("the node opens")
    }

    /// Whether any file of the folder holds these bytes (SQLite: databases, logs, blobs, everything).
    pub fn bytes_found(&self, needle: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        search(self.folder.path(), needle, &mut found);
        found
    }
}

/// The provider of the key file in an installation's folder.
pub fn provider(folder: &Path) -> FileProvider {
    FileProvider::key_file(&folder.join("root.key")).expect("the key file reads")
}

fn open(folder: &Path, location: &Location, env: &Env) -> App {
    App::open(config(folder, location), env.clone()).expect("the installation opens")
}

fn config(folder: &Path, location: &Location) -> Config {
    Config {
        location: location.clone(),
        options: Options { readers: 2, writers: 2 },
        blobs: folder.join("blobs").display().to_string(),
        keyring: folder.join("keyring"),
        provider: Arc::new(provider(folder)),
        origin: "test.example/log".to_owned(),
        public_url: Some("https://crm.test.example/".to_owned()),
        log: Some(folder.join("log")),
    }
}

fn search(folder: &Path, needle: &[u8], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            search(&path, needle, found);
        } else if std::fs::read(&path).is_ok_and(|bytes| bytes.windows(needle.len()).any(|w| w == needle)) {
            found.push(path.display().to_string());
        }
    }
}

impl Deref for TestApp {
    type Target = App;
    fn deref(&self) -> &App {
        &self.app
    }
}

/// Runs a story on one engine.
pub fn run<F: Future<Output = ()>>(engine: Engine, story: impl FnOnce(TestApp) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(story(TestApp::fresh(engine)));
}

/// A story that runs on SQLite and on PostgreSQL:
/// `store_test! { async fn a_hold_blocks_disposal(app: TestApp) { … } }`
#[macro_export]
macro_rules! store_test {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: TestApp) $body:block)+) => {
        $($(#[$meta])* mod $name {
            #[allow(unused_imports, reason = "a story takes what it needs")]
            use super::*;
            async fn story($app: $crate::TestApp) $body
            #[test]
            fn sqlite() { $crate::run($crate::Engine::Sqlite, story); }
            #[test]
            fn postgres() { $crate::run($crate::Engine::Postgres, story); }
        })+
    };
}
