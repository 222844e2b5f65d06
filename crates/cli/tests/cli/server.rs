//! A running `serve` and whoever talks to it.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// Within this it is ready, on a busy machine and after whatever happened before.
const READY: Duration = Duration::from_secs(30);
/// Longer than any answer takes; who waits so long has found a fault.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that ends with the test.
pub struct Server {
    child: Child,
    out: BufReader<ChildStdout>,
    /// What it said up to and with the line that it is ready.
    pub said: Vec<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    pub fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[])
    }

    pub fn start_with(folder: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
        let command =
            command.args(["serve", "--listen", "127.0.0.1:0"]).args(more).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        // Who never gets ready is ended, and the reading below with it.
        let (ready, waiting) = channel::<()>();
        let pid = Pid::from_child(&child);
        let watch = thread::spawn(move || {
            if waiting.recv_timeout(READY) == Err(RecvTimeoutError::Timeout) {
                // It may have ended by itself.
                let _ = kill_process(pid, Signal::KILL);
            }
        });
        let mut said = Vec::new();
        while said.last().is_none_or(|line: &String| !line.starts_with("Probity is ready at ")) {
            let mut line = String::new();
            assert!(out.read_line(&mut line).unwrap() > 0, "it ended, or was not ready within {READY:?}: {said:?}");
            said.push(line.trim_end().to_owned());
        }
        drop(ready);
        watch.join().unwrap();
        Self { child, out, said }
    }

    pub fn address(&self) -> &str {
        self.said.last().unwrap().strip_prefix("Probity is ready at http://").unwrap()
    }

    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address()).unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    /// Asks it to end; answers its exit code and what it said after it was ready.
    pub fn end(mut self) -> (Option<i32>, String) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        let status = self.child.wait().unwrap();
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        (status.code(), rest)
    }

    /// Ends it as a power cut does, wherever it is.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A program that calls the API over one connection.
pub struct Caller {
    stream: BufReader<TcpStream>,
    host: String,
    key: String,
}

/// What a call was answered with, whole.
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Caller {
    pub fn connect(address: &str, key: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(stream), host: address.to_owned(), key: key.to_owned() })
    }

    /// Calls `/api/v1` and waits for the whole answer; an error means that nothing is known of what came of it.
    pub fn call(&mut self, method: &str, path: &str, version: Option<i64>, body: Option<&Value>) -> io::Result<Answer> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let condition = version.map_or_else(String::new, |version| format!("If-Match: \"v{version}\"\r\n"));
        let (host, key, length) = (&self.host, &self.key, body.len());
        let request = format!(
            "{method} /api/v1{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n{condition}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let head = self.line()?;
        let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        let mut length = 0;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", digits)) => length = digits.parse().map_err(|_| io::ErrorKind::InvalidData)?,
                None if line.is_empty() => break,
                _ => {}
            }
        }
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_default() })
    }

    pub fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.call("GET", path, None, None)
    }

    pub fn post(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        self.call("POST", path, None, Some(body))
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }
}
