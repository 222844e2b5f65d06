//! Real servers for the stories of mail: see tests/mail/servers.py.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value as Json;

/// A running pair of servers; they end with it.
pub struct Servers {
    child: Child,
    told: Json,
}

impl Servers {
    /// Starts them. `None`, with a line that says so, where they are not installed; that is a failure under CI.
    pub fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = std::env::var_os("PROBITY_JUDGES").map_or_else(|| root.join("target/judges"), PathBuf::from).join("bin/python");
        let dovecot = ["/usr/sbin/dovecot", "/usr/bin/dovecot"].iter().any(|file| Path::new(file).is_file());
        let smtp = python.is_file() && Command::new(&python).args(["-c", "import aiosmtpd"]).status().is_ok_and(|done| done.success());
        if !dovecot || !smtp {
            assert!(std::env::var_os("CI").is_none(), "dovecot-imapd or target/judges with aiosmtpd is missing: run cargo xtask test");
            eprintln!("mail servers absent: the story is not run");
            return None;
        }
        let mut child = Command::new(python)
            .arg(root.join("tests/mail/servers.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(Self { child, told: serde_json::from_str(&line).expect("the servers tell where they are") })
    }

    pub fn port(&self, name: &str) -> u16 {
        self.told[name].as_u64().and_then(|port| port.try_into().ok()).unwrap()
    }

    pub fn text(&self, name: &str) -> String {
        self.told[name].as_str().unwrap().to_owned()
    }

    fn folder(&self, of: &str) -> PathBuf {
        Path::new(self.told["folder"].as_str().unwrap()).join("mail").join(of)
    }

    /// Puts a message into somebody's mailbox, as a delivery does.
    pub fn deliver(&self, to: &str, message: &str) {
        static N: AtomicU32 = AtomicU32::new(0);
        let name = format!("{}.{}.test", 1_790_000_000 + N.load(Ordering::Relaxed), N.fetch_add(1, Ordering::Relaxed));
        let part = self.folder(to).join("tmp").join(&name);
        fs::write(&part, message).unwrap();
        fs::rename(part, self.folder(to).join("new").join(name)).unwrap();
    }

    /// Every message of somebody's mailbox, as it lies there.
    pub fn read(&self, of: &str, folder: &str) -> Vec<String> {
        let place = if folder == "INBOX" { self.folder(of) } else { self.folder(of).join(format!(".{folder}")) };
        let mut files: Vec<PathBuf> = ["new", "cur"]
            .iter()
            .flat_map(|part| fs::read_dir(place.join(part)).into_iter().flatten().flatten().map(|entry| entry.path()))
            .collect();
        files.sort();
        files.iter().map(|file| String::from_utf8_lossy(&fs::read(file).unwrap()).replace("\r\n", "\n")).collect()
    }

    /// Has the server number somebody's messages anew.
    pub fn renumber(&self, of: &str) {
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        for entry in fs::read_dir(self.folder(of)).unwrap().flatten() {
            let name = entry.file_name();
            if name.to_string_lossy().starts_with("dovecot") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // Its input ends: it goes, and takes the other server along.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
