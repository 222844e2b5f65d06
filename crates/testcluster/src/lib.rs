//! A PostgreSQL server of the tests' own: `initdb` in a short folder, a unix socket, a schema per test. Pure std.
//!
//! One server serves every test process of a machine user: each holds a shared lock while it lives, and the first one after all are gone
//! finds the server still running or starts a new one; a watcher process stops it once nobody holds the lock.

mod server;
mod shared;

use std::{
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use server::Server;

/// A running server.
pub struct Cluster {
    connection: String,
    /// Stopped with this value, when it was started for it.
    _server: Option<Server>,
}

impl Cluster {
    /// Starts a server of the caller's own in `dir` (a short path: a unix socket's name has at most 107 bytes). Dropping it stops the server and leaves the folder.
    ///
    /// # Errors
    /// One line: what is missing and how to install it.
    pub fn start(dir: &Path) -> Result<Self, String> {
        let server = Server::start(dir, true)?;
        Ok(Self { connection: server.connection(), _server: Some(server) })
    }

    /// The server that all test processes of this machine user share; the environment's `PROBITY_TEST_PG` (a connection text) comes first.
    ///
    /// # Errors
    /// One line: what is missing and how to install it.
    pub fn shared() -> Result<&'static Self, String> {
        static SHARED: OnceLock<Result<Cluster, String>> = OnceLock::new();
        let join = || match std::env::var("PROBITY_TEST_PG") {
            Ok(text) if !text.is_empty() => Ok(Self { connection: text, _server: None }),
            _ => shared::join().map(|connection| Self { connection, _server: None }),
        };
        SHARED.get_or_init(join).as_ref().map_err(Clone::clone)
    }

    /// A connection text for the server itself.
    pub fn connection(&self) -> &str {
        &self.connection
    }

    /// A connection text with a `schema=` that nobody else uses.
    pub fn fresh_schema(&self) -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let stamp = server::now_nanos();
        let joint = match self.connection.split_once("://") {
            Some((_, rest)) if rest.contains('?') => "&",
            Some(_) => "?",
            None => " ",
        };
        format!("{}{joint}schema=t{stamp:x}_{process}_{number}", self.connection)
    }
}
