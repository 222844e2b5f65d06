//! Finding, making, starting and stopping a server.

use std::{
    ffi::OsStr,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::Duration,
};

/// A server process and its folder.
pub(crate) struct Server {
    child: Child,
    dir: PathBuf,
    user: String,
}

/// The port names the socket file; there is no TCP.
const PORT: u16 = 5432;

impl Server {
    /// Starts a server in `dir`, making its cluster first when there is none. `fsync`: whether commits wait for the disk.
    pub(crate) fn start(dir: &Path, fsync: bool) -> Result<Self, String> {
        let bin = programs()?;
        fs::create_dir_all(dir).map_err(|e| format!("cannot make {}: {e}", dir.display()))?;
        let user = owner(dir)?;
        let data = dir.join("data");
        if !data.join("PG_VERSION").exists() {
            let mut init = as_user(&user, bin.join("initdb"));
            init.arg("-D").arg(&data).args(["-U", "probity", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
            run(&mut init, "initdb")?;
        }
        let log = fs::File::create(dir.join("log")).map_err(|e| format!("cannot make the server's log: {e}"))?;
        let errors = log.try_clone().map_err(|e| format!("cannot use the server's log: {e}"))?;
        let fsync = if fsync { "on" } else { "off" };
        let mut postgres = as_user(&user, bin.join("postgres"));
        postgres.arg("-D").arg(&data).arg("-k").arg(dir).args(["-p", &PORT.to_string(), "-c", "listen_addresses="]);
        for setting in ["max_connections=500", "shared_buffers=128MB", "max_wal_size=512MB", &format!("fsync={fsync}")] {
            postgres.args(["-c", setting]);
        }
        postgres.stdin(Stdio::null()).stdout(log).stderr(errors);
        let child = postgres.spawn().map_err(|e| format!("cannot start postgres: {e}"))?;
        let mut server = Self { child, dir: dir.to_owned(), user };
        server.wait(&bin)?;
        Ok(server)
    }

    /// How to reach it.
    pub(crate) fn connection(&self) -> String {
        connection(&self.dir)
    }

    fn wait(&mut self, bin: &Path) -> Result<(), String> {
        for _ in 0..600 {
            if let Ok(Some(status)) = self.child.try_wait() {
                let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
                return Err(format!("postgres ended at once ({status}): {}", log.lines().last().unwrap_or("no log")));
            }
            if ready(bin, &self.dir) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        Err("postgres was not ready after a minute".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&self.dir, &self.user);
        // It ended or it never will; nothing is left to do with either.
        drop(self.child.wait());
    }
}

/// The connection text of the server in `dir`.
pub(crate) fn connection(dir: &Path) -> String {
    format!("host={} port={PORT} user=probity dbname=postgres", dir.display())
}

/// Whether a server in `dir` answers.
pub(crate) fn ready(bin: &Path, dir: &Path) -> bool {
    let mut ask = Command::new(bin.join("pg_isready"));
    ask.arg("-q").arg("-h").arg(dir).args(["-p", &PORT.to_string(), "-U", "probity", "-d", "postgres"]);
    ask.status().is_ok_and(|status| status.success())
}

/// Asks the server in `dir` to end and waits for it.
fn stop(dir: &Path, user: &str) {
    if let Ok(bin) = programs() {
        let mut stop = as_user(user, bin.join("pg_ctl"));
        stop.arg("-D").arg(dir.join("data")).args(["-m", "fast", "-w", "-s", "stop"]);
        drop(stop.stdout(Stdio::null()).stderr(Stdio::null()).status());
    }
}

/// The folder of `initdb` and `postgres`: the newest of Debian's, or what the PATH has.
pub(crate) fn programs() -> Result<PathBuf, String> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, bin)| bin.join("initdb").exists())
        .collect();
    found.sort();
    let on_path = || {
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
    };
    found.pop().map(|(_, bin)| bin).or_else(on_path).ok_or_else(|| "PostgreSQL is not installed: apt-get install postgresql".to_owned())
}

/// Who runs the server: this user, or, as PostgreSQL refuses root, `postgres` or `nobody`, who then owns the folder.
pub(crate) fn owner(dir: &Path) -> Result<String, String> {
    let us = fs::metadata("/proc/self").map_err(|e| format!("cannot tell who runs the tests: {e}"))?.uid();
    if us != 0 {
        return Ok(String::new());
    }
    let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let user = ["postgres", "nobody"].into_iter().find(|name| known.lines().any(|line| line.starts_with(&format!("{name}:"))));
    let user = user.ok_or("tests run as root and there is no user postgres or nobody to run the server")?;
    run(Command::new("chown").arg("-R").arg(user).arg(dir), "chown")?;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o755)).map_err(|e| format!("cannot open the folder to {user}: {e}"))?;
    Ok(user.to_owned())
}

/// A command run by `user` (empty: by us).
fn as_user(user: &str, program: impl AsRef<OsStr>) -> Command {
    static WAY: OnceLock<usize> = OnceLock::new();
    if user.is_empty() {
        return Command::new(program);
    }
    // The first that this machine has and that may do it; the first at all where none does, so that its error is the one shown.
    let works = |way: &usize| way_to(*way, user, "true").stdin(Stdio::null()).output().is_ok_and(|done| done.status.success());
    way_to(*WAY.get_or_init(|| (0..WAYS).find(works).unwrap_or(0)), user, program)
}

/// How many ways [`way_to`] knows.
const WAYS: usize = 3;

/// One way in which root runs a program as `user`: `setpriv` and `runuser` of util-linux, `su` of everybody.
fn way_to(way: usize, user: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(["setpriv", "runuser", "su"][way]);
    match way {
        0 => command.args(["--reuid", user, "--regid", &group(user), "--clear-groups", "--"]),
        1 => command.args(["-u", user, "--"]),
        _ => command.args(["-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", user]),
    };
    // A folder that the user may stand in.
    command.arg(program).current_dir("/");
    command
}

fn group(user: &str) -> String {
    let known = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let line = known.lines().find(|line| line.starts_with(&format!("{user}:")));
    line.and_then(|line| line.split(':').nth(3)).unwrap_or("65534").to_owned()
}

fn run(command: &mut Command, what: &str) -> Result<(), String> {
    let done = command.stdin(Stdio::null()).output().map_err(|e| format!("cannot run {what}: {e}"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(format!("{what} failed: {}", said.lines().last().unwrap_or("without a word")))
}

/// Nanoseconds of the wall clock, for names that no earlier run has used.
#[expect(clippy::disallowed_methods, reason = "names of test schemas; nothing of the product is here")]
pub(crate) fn now_nanos() -> u128 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_nanos()
}

#[cfg(test)]
mod tests {
    use super::{WAYS, owner, way_to};

    #[test]
    fn every_way_of_dropping_privileges_passes_arguments_on_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let user = owner(dir.path()).unwrap();
        if user.is_empty() {
            println!("not run: the tests are not root's");
            return;
        }
        for way in 0..WAYS {
            let Ok(ran) = way_to(way, &user, "sh").args(["-c", "id -un; printf '%s|' \"$@\"", "sh", "-D", "a b", "$x"]).output() else {
                println!("way {way} is not on this machine");
                continue;
            };
            assert_eq!(String::from_utf8_lossy(&ran.stdout), format!("{user}\n-D|a b|$x|"), "way {way}");
        }
    }
}
