//! Running other people's programs: echo, keep, time out, stop.

use std::{
    ffi::OsString,
    io::{self, BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

/// Longer than any step may take on two busy cores.
const LIMIT: Duration = Duration::from_secs(40 * 60);

/// Characters of a program's last line that a summary repeats.
const LAST_WORDS: usize = 300;

/// A program to be called.
pub struct Tool {
    command: Command,
    shown: String,
    echo: bool,
    limit: Duration,
}

/// How a program ended, and all it said on either stream.
#[derive(Debug)]
pub struct Ran {
    pub ok: bool,
    pub text: String,
}

impl Ran {
    /// The last line that says anything, for a summary: its beginning, since a compiler's call that failed is repeated at great length.
    pub fn last_words(&self) -> String {
        let line = self.text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it said nothing");
        match line.char_indices().nth(LAST_WORDS) {
            Some((end, _)) => format!("{} …", &line[..end]),
            None => line.to_owned(),
        }
    }
}

impl Tool {
    pub fn new<S: Into<OsString>>(program: impl Into<OsString>, words: impl IntoIterator<Item = S>) -> Self {
        let program = program.into();
        let mut command = Command::new(&program);
        command.args(words.into_iter().map(Into::into)).stdin(Stdio::null());
        Self { command, shown: program.to_string_lossy().into_owned(), echo: true, limit: LIMIT }
    }

    pub fn at(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    pub fn arg(mut self, word: impl Into<OsString>) -> Self {
        self.command.arg(word.into());
        self
    }

    /// Keeps what the program says instead of passing it on.
    pub fn quiet(mut self) -> Self {
        self.echo = false;
        self
    }

    /// Ends the program after so long.
    pub fn within(mut self, minutes: u64) -> Self {
        self.limit = Duration::from_secs(minutes * 60);
        self
    }

    /// Runs to the end. A program that cannot be started has failed and says so.
    pub fn run(mut self) -> Ran {
        let began = super::clock();
        let (mut child, text) = match self.start() {
            Ok(started) => started,
            Err(cause) => return Ran { ok: false, text: format!("{} cannot be run: {cause}", self.shown) },
        };
        let (ok, late) = loop {
            match child.try_wait() {
                Ok(Some(status)) => break (status.success(), false),
                Ok(None) if began.elapsed() > self.limit => {
                    stop(&mut child);
                    break (false, true);
                }
                Ok(None) => thread::sleep(Duration::from_millis(20)),
                Err(_) => break (false, false),
            }
        };
        let mut text = text.all();
        if late {
            text.push_str(&format!("\n{} was ended after {} minutes\n", self.shown, self.limit.as_secs() / 60));
        }
        Ran { ok, text }
    }

    /// Starts a server; it ends when the value is dropped.
    pub fn serve(mut self) -> io::Result<Server> {
        self.echo = false;
        let (child, text) = self.start()?;
        Ok(Server { child, text })
    }

    fn start(&mut self) -> io::Result<(Child, Heard)> {
        let (reader, writer) = io::pipe()?;
        let child = self.command.stdout(writer.try_clone()?).stderr(writer).spawn()?;
        // The command keeps its ends of the pipe open until it is replaced, and the reader would wait for them.
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        let text = Arc::new(Mutex::new(String::new()));
        let (kept, echo) = (Arc::clone(&text), self.echo);
        let reading = thread::spawn(move || {
            let mut reader = BufReader::new(reader);
            let mut line = Vec::new();
            while reader.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                let said = String::from_utf8_lossy(&line);
                if echo {
                    print!("{said}");
                }
                kept.lock().unwrap_or_else(PoisonError::into_inner).push_str(&said);
                line.clear();
            }
        });
        Ok((child, Heard { text, reading }))
    }
}

/// What a program has said so far.
struct Heard {
    text: Arc<Mutex<String>>,
    reading: thread::JoinHandle<()>,
}

impl Heard {
    /// All of it, once the program has ended. Programs it left behind may hold the pipe open; they are not waited for.
    fn all(&self) -> String {
        for _ in 0..100 {
            if self.reading.is_finished() {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A running server, ended when dropped.
pub struct Server {
    child: Child,
    text: Heard,
}

impl Server {
    /// Waits until the port answers; gives up after `seconds`, or when the server has ended, with its last words.
    pub fn ready(&mut self, port: u16, seconds: u64) -> Result<(), String> {
        let began = super::clock();
        loop {
            if TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Duration::from_secs(1)).is_ok() {
                return Ok(());
            }
            let ended = self.child.try_wait().ok().flatten().is_some();
            if ended || began.elapsed() > Duration::from_secs(seconds) {
                return Err(Ran { ok: false, text: self.text.text.lock().unwrap_or_else(PoisonError::into_inner).clone() }.last_words());
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        stop(&mut self.child);
    }
}

/// Asks a program to end, and ends it if it has not within five seconds.
fn stop(child: &mut Child) {
    let asked =
        Command::new("kill").args(["-TERM", &child.id().to_string()]).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    for _ in 0..250 {
        if !asked || child.try_wait().ok().flatten().is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A port of the loopback address that nobody listens on.
pub fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Where the shell would find `program`.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_streams_and_the_exit_are_heard() {
        let ran = Tool::new("sh", ["-c", "echo one; echo two >&2; exit 3"]).quiet().run();
        assert!(!ran.ok && ran.text.contains("one") && ran.last_words() == "two");
        assert!(Tool::new("true", Vec::<String>::new()).quiet().run().ok);
    }

    #[test]
    fn last_words_that_run_on_are_cut() {
        let ran = Ran { ok: false, text: "é".repeat(1_000) };
        assert_eq!(ran.last_words().chars().count(), LAST_WORDS + 2);
    }

    #[test]
    fn a_program_that_is_not_there_has_failed_in_words() {
        let ran = Tool::new("no-such-program", Vec::<String>::new()).quiet().run();
        assert!(!ran.ok && ran.text.starts_with("no-such-program cannot be run"));
    }

    #[test]
    fn a_program_that_takes_too_long_is_ended_and_says_so() {
        let ran = Tool::new("sleep", ["600"]).quiet().within(0).run();
        assert!(!ran.ok && ran.last_words() == "sleep was ended after 0 minutes");
    }
}
