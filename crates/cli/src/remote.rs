//! Commands beside a running `serve` or `worker`: on SQLite one process holds the data folder, and runs the others' command lines.
//!
//! A local socket, for the same user alone (folder 0700, socket 0600, and the peer's user is checked). The asking process sends its words and
//! its folder as one line of JSON; what comes back are frames: a kind (`o`ut, `e`rr, e`x`it), a length and bytes.

use std::{
    fs::{self, Permissions},
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use clap::Parser;
use kernel::{Code, Error, Result};
use serde::{Deserialize, Serialize};
use tokio::{net::UnixListener, runtime::Handle, sync::Semaphore, task::JoinHandle};
use trail::App;

use crate::{
    args::{Beside, Cli},
    commands::{self, Here},
    config::Settings,
    output::{Console, Outcome, conclude},
};

/// What a request may hold at most, in bytes.
const LARGEST: u64 = 1 << 20;
/// What one frame holds at most, in bytes.
const FRAME: usize = 1 << 16;
/// Command lines that run at once; more are told to come back.
const AT_ONCE: usize = 8;
/// How long a request may take to arrive.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the asking process sends.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// Its words, without the program's name.
    words: Vec<String>,
    /// The folder that relative paths start from.
    folder: PathBuf,
    /// Whether a person reads at a terminal.
    terminal: bool,
}

/// Lets the process that listens on a socket run a command line. `None` when nobody listens there.
pub fn forward(socket: &Path, words: Vec<String>, console: &mut Console) -> Result<Option<u8>> {
    let mut stream = match UnixStream::connect(socket) {
        Ok(stream) => stream,
        // A socket that was left behind, or none: whoever holds the lock is told of later.
        Err(_) => return Ok(None),
    };
    let lost = |cause: io::Error| {
        let words = "The process that holds the data folder ended before it answered. Look at its log, and whether the command was done.";
        Error::new(Code::Unavailable, words).because(cause)
    };
    let folder = std::env::current_dir().map_err(|cause| crate::output::file_refused("read", Path::new("."), cause))?;
    let mut line = serde_json::to_vec(&Request { words, folder, terminal: console.is_terminal() }).map_err(Error::internal)?;
    line.push(b'\n');
    stream.write_all(&line).map_err(lost)?;
    let mut bytes = Vec::new();
    loop {
        let mut head = [0; 5];
        stream.read_exact(&mut head).map_err(lost)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        if length > FRAME {
            return Err(Error::new(
                Code::Malformed,
                "The process that holds the data folder answers in another way than this version knows.",
            ));
        }
        bytes.resize(length, 0);
        stream.read_exact(&mut bytes).map_err(lost)?;
        match head[0] {
            b'x' => return Ok(bytes.first().copied()),
            kind => console.pass_on(kind == b'e', &bytes)?,
        }
    }
}

/// The socket of a running process. Dropped, nobody can ask any more, and the socket is gone.
pub struct Door {
    path: PathBuf,
    listening: JoinHandle<()>,
    turns: Arc<Semaphore>,
}

impl Door {
    /// Begins to listen. The caller holds the data folder, so a socket that is there was left behind.
    pub fn open(path: PathBuf, app: &App, settings: &Settings) -> Result<Self> {
        let refused = |cause: io::Error| {
            let words = format!("The socket {} for other commands cannot be made ({}).", path.display(), cause.kind());
            Error::new(Code::Unavailable, words).because(cause)
        };
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(refused(cause)),
            _ => {}
        }
        let listener = UnixListener::bind(&path).map_err(refused)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600)).map_err(refused)?;
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let listening = tokio::spawn(listen(listener, app.clone(), settings.clone(), Arc::clone(&turns)));
        Ok(Self { path, listening, turns })
    }

    /// Takes no more command lines and waits for those that run.
    pub async fn close(self) {
        self.listening.abort();
        let all = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
        // The semaphore is never closed.
        drop(self.turns.acquire_many(all).await);
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.listening.abort();
        // Left behind, it would only be refused and replaced.
        drop(fs::remove_file(&self.path));
    }
}

async fn listen(listener: UnixListener, app: App, settings: Settings, turns: Arc<Semaphore>) {
    let own = rustix::process::geteuid().as_raw();
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(cause) => {
                tracing::warn!(%cause, "a command could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if stream.peer_cred().map(|peer| peer.uid()).ok() != Some(own) {
            tracing::warn!("a command of another user was refused");
            continue;
        }
        let Ok(stream) = stream.into_std() else { continue };
        let (app, settings, turn) = (app.clone(), settings.clone(), Arc::clone(&turns).try_acquire_owned());
        let handle = Handle::current();
        // A thread of its own: a command writes as it goes, and may wait for its reader.
        let started = thread::Builder::new().name("command".into()).spawn(move || {
            let answered = stream.set_nonblocking(false).and_then(|()| match turn {
                Ok(turn) => {
                    let answered = answer(&stream, &handle, app, settings);
                    drop(turn);
                    answered
                }
                Err(_) => refuse(&stream, "Too many commands run at once in the process that holds the data folder; try again."),
            });
            if let Err(cause) = answered {
                tracing::info!(%cause, "a command lost its reader");
            }
        });
        if let Err(cause) = started {
            tracing::warn!(%cause, "a command could not be started");
        }
    }
}

fn answer(stream: &UnixStream, handle: &Handle, app: App, settings: Settings) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut line = Vec::new();
    BufReader::new(stream.take(LARGEST)).read_until(b'\n', &mut line)?;
    let Ok(request) = serde_json::from_slice::<Request>(&line) else { return refuse(stream, "The command line cannot be read.") };
    let words = std::iter::once("probity".to_owned()).chain(request.words);
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => {
            frame(stream, b'e', error.render().to_string().as_bytes())?;
            return frame(stream, b'x', &[crate::output::REFUSED]);
        }
    };
    let out = Frames { stream: stream.try_clone()?, kind: b'o', waiting: Vec::new() };
    let err = Frames { stream: stream.try_clone()?, kind: b'e', waiting: Vec::new() };
    let mut console = Console::elsewhere(Box::new(out), Box::new(err), cli.place.json, request.terminal);
    let done = run(cli, request.folder, handle, app, settings, &mut console);
    let code = conclude(done, &mut console);
    frame(stream, b'x', &[code])
}

fn run(cli: Cli, folder: PathBuf, handle: &Handle, app: App, settings: Settings, console: &mut Console) -> Result<Outcome> {
    if cli.command.beside() == Beside::Refused {
        let words = "This needs the data folder for itself. Stop the process that holds it (probity serve or worker) and try again.";
        return Err(Error::new(Code::Conflict, words));
    }
    let purpose = cli.place.acting_for()?;
    let mut here = Here::within(app, settings, folder, purpose, console);
    handle.block_on(commands::run(cli.command, &mut here))
}

fn refuse(stream: &UnixStream, words: &str) -> io::Result<()> {
    frame(stream, b'e', format!("error: {words}\n").as_bytes())?;
    frame(stream, b'x', &[crate::output::REFUSED])
}

fn frame(mut stream: &UnixStream, kind: u8, bytes: &[u8]) -> io::Result<()> {
    for part in bytes.chunks(FRAME) {
        let length = u32::try_from(part.len()).map_err(io::Error::other)?;
        stream.write_all(&[&[kind][..], &length.to_be_bytes(), part].concat())?;
    }
    Ok(())
}

/// One of the asking process's streams.
struct Frames {
    stream: UnixStream,
    kind: u8,
    waiting: Vec<u8>,
}

impl Write for Frames {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= FRAME {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        frame(&self.stream, self.kind, &waiting)
    }
}
