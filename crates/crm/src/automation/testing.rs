//! A real server for the stories of webhooks: see tests/webhooks/server.py.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::Value as Json;

/// A running server; it ends with it.
pub struct Server {
    child: Child,
    asks: Option<ChildStdin>,
    tells: BufReader<ChildStdout>,
    port: u16,
}

impl Server {
    /// Starts it. `None`, with a line that says so, where what it needs is not installed; that is a failure under CI.
    pub fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = std::env::var_os("PROBITY_JUDGES").map_or_else(|| root.join("target/judges"), PathBuf::from).join("bin/python");
        if !python.is_file() || !Command::new(&python).args(["-c", "import standardwebhooks"]).status().is_ok_and(|done| done.success()) {
            assert!(std::env::var_os("CI").is_none(), "target/judges with standardwebhooks is missing: run cargo xtask test");
            eprintln!("standardwebhooks absent: the story is not run");
            return None;
        }
        let mut child =
            Command::new(python).arg(root.join("tests/webhooks/server.py")).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (asks, mut tells) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut line = String::new();
        tells.read_line(&mut line).unwrap();
        Some(Self { child, asks, tells, port: line.trim().parse().expect("the server tells its port") })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What came so far, each with `signed`: whether the other team's library finds it signed with this secret.
    pub fn came(&mut self, secret: &str) -> Vec<Json> {
        let asks = self.asks.as_mut().unwrap();
        writeln!(asks, "{secret}").unwrap();
        asks.flush().unwrap();
        let mut line = String::new();
        self.tells.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its input ends, and it with it.
        drop(self.asks.take());
        let _ = self.child.wait();
    }
}
