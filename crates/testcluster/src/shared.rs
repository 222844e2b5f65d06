//! One server for all test processes of a machine user.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use crate::server::{Server, connection, programs, ready};

/// Held shared by every process that uses the server, until it ends.
static HELD: OnceLock<File> = OnceLock::new();

/// Joins the shared server, starting it when there is none, and answers how to reach it.
pub(crate) fn join() -> Result<String, String> {
    let bin = programs()?;
    let us = fs::metadata("/proc/self").map_err(|e| format!("cannot tell who runs the tests: {e}"))?.uid();
    // Short, because a unix socket's name has at most 107 bytes.
    let dir = PathBuf::from(format!("/tmp/probity-test-{us}"));
    fs::create_dir_all(&dir).map_err(|e| format!("cannot make {}: {e}", dir.display()))?;
    let users = open(&dir.join("users.lock"))?;
    users.lock_shared().map_err(|e| format!("cannot join the test server: {e}"))?;
    // One at a time looks and starts.
    let starting = open(&dir.join("start.lock"))?;
    starting.lock().map_err(|e| format!("cannot wait for the test server: {e}"))?;
    if !ready(&bin, &dir) {
        let pid = dir.join("data/postmaster.pid");
        // A server that was killed leaves its file; one that answers no longer is not waited for.
        if pid.exists() && !alive(&pid) {
            drop(fs::remove_file(&pid));
        }
        let server = Server::start(&dir, true)?;
        watch(&dir)?;
        // It outlives this process on purpose; the watcher ends it.
        std::mem::forget(server);
    }
    drop(HELD.set(users));
    Ok(connection(&dir))
}

fn open(path: &Path) -> Result<File, String> {
    let file = OpenOptions::new().create(true).write(true).truncate(false).open(path);
    file.map_err(|e| format!("cannot open {}: {e}", path.display()))
}

fn alive(pid: &Path) -> bool {
    let text = fs::read_to_string(pid).unwrap_or_default();
    text.lines().next().is_some_and(|number| PathBuf::from(format!("/proc/{number}")).exists())
}

/// A small shell process that waits until nobody uses the server (with a pause, so that the next test binary finds it warm) and stops it.
fn watch(dir: &Path) -> Result<(), String> {
    // `flock` gets the lock exclusively only when every test process has ended; SIGINT is PostgreSQL's fast shutdown.
    const SCRIPT: &str = "while :; do sleep 30; flock -n \"$1/users.lock\" sh -c 'p=$(head -n1 \"$1/data/postmaster.pid\") && kill -INT \"$p\"; \
        i=0; while [ -e \"$1/data/postmaster.pid\" ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done' sh \"$1\" && exit 0; done";
    let mut watcher = Command::new("sh");
    watcher.args(["-c", SCRIPT, "sh"]).arg(dir).current_dir("/");
    watcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    watcher.spawn().map(drop).map_err(|e| format!("cannot start the server's watcher: {e}"))
}
