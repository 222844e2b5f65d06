//! One server for all test processes of a machine user.

use std::{
    fs::{self, File, OpenOptions},
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    thread,
    time::Duration,
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
    if answers(&bin, &dir) {
        // Somebody may have ended the watcher and left the server.
        if open(&dir.join("watch.lock"))?.try_lock().is_ok() {
            watch(&dir)?;
        }
    } else {
        // Nothing of an earlier server is worth keeping: its schemas belong to tests that are over, its version may be another.
        if dir.join("data").exists() {
            fs::remove_dir_all(dir.join("data")).map_err(|e| format!("cannot clear {}: {e}", dir.display()))?;
        }
        // What it holds need not outlive a power cut.
        let server = Server::start(&dir, false)?;
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

/// Whether a server answers; waits while one is still starting or stopping.
fn answers(bin: &Path, dir: &Path) -> bool {
    for _ in 0..600 {
        if ready(bin, dir) {
            return true;
        }
        if !alive(&dir.join("data/postmaster.pid")) {
            return false;
        }
        thread::sleep(Duration::from_millis(100));
    }
    false
}

/// Whether the process of this file is a PostgreSQL that runs; a server that was killed leaves its file, and its number to others.
fn alive(pid: &Path) -> bool {
    let text = fs::read_to_string(pid).unwrap_or_default();
    let name = text.lines().next().and_then(|number| fs::read_to_string(format!("/proc/{number}/comm")).ok());
    name.is_some_and(|name| name.trim_end() == "postgres")
}

/// A small shell process that waits until nobody uses the server (with a pause, so that the next test binary finds it warm) and stops it.
/// It holds `watch.lock` for as long as it lives, so that a server without a watcher is noticed.
fn watch(dir: &Path) -> Result<(), String> {
    // `flock` gets the lock of the users exclusively only when every test process has ended; SIGINT is PostgreSQL's fast shutdown.
    const SCRIPT: &str = "exec 9>\"$1/watch.lock\"; flock -w 10 9 || exit 0; \
        while :; do sleep 30 9>&-; flock -n \"$1/users.lock\" sh -c 'p=$(head -n1 \"$1/data/postmaster.pid\") && kill -INT \"$p\"; \
        i=0; while [ -e \"$1/data/postmaster.pid\" ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done' sh \"$1\" && exit 0; done";
    let mut watcher = Command::new("sh");
    watcher.args(["-c", SCRIPT, "sh"]).arg(dir).current_dir("/");
    watcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    watcher.spawn().map(drop).map_err(|e| format!("cannot start the server's watcher: {e}"))
}
