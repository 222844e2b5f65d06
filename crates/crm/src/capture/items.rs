//! The items of a source, read and parsed on a thread of their own, a group at a time.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{BufReader, Cursor, Read},
    path::{Path, PathBuf},
};

use kernel::{Code, Error, Result};
use parse::{mail, mbox};
use tokio::sync::mpsc;

use super::{Source, message::Message};

/// The most items of a group: one unit.
const GROUP_ITEMS: usize = 50;
/// A group ends when its originals exceed this (bytes).
const GROUP_BYTES: usize = 16 << 20;
/// What is looked at to tell a mailbox from a message (bytes).
const START: u64 = 4 << 10;

/// One item.
pub(super) struct Item {
    /// Its place in the run, from 1.
    pub n: i64,
    /// What it is called in the report.
    pub label: String,
    /// The message, or why there is none.
    pub read: Result<Message, &'static str>,
}

/// Starts reading; groups come in order. Items up to `skip` are passed over.
///
/// Error: not_found for a path that is not there.
pub(super) fn groups(source: Source, is_email: bool, skip: i64) -> Result<mpsc::Receiver<Result<Vec<Item>>>> {
    let files = match &source {
        Source::Paths(paths) => walk(paths)?,
        Source::Upload { .. } => VecDeque::new(),
    };
    let (sender, receiver) = mpsc::channel(1);
    tokio::task::spawn_blocking(move || {
        let mut out = Sender { sender, group: Vec::new(), bytes: 0, n: 0, skip, is_email };
        // A closed channel means that nobody wants the rest.
        let _ = match source {
            Source::Upload { name, bytes } => out.bytes(name.expose(), &bytes),
            Source::Paths(_) => files.iter().try_for_each(|path| out.file(path)),
        };
        out.send();
    });
    Ok(receiver)
}

/// Every regular file below the paths, folders in the order of their names; links are followed only where the caller names one.
fn walk(paths: &[PathBuf]) -> Result<VecDeque<PathBuf>> {
    let mut files = VecDeque::new();
    for path in paths {
        let found = fs::metadata(path)
            .map_err(|cause| Error::new(Code::NotFound, format!("{} is not there or may not be read.", path.display())).because(cause))?;
        if found.is_dir() { folder(path, &mut files) } else { files.push_back(path.clone()) }
    }
    Ok(files)
}

fn folder(path: &Path, files: &mut VecDeque<PathBuf>) {
    // A folder that cannot be read becomes an item that fails: nothing vanishes.
    let Ok(entries) = fs::read_dir(path) else { return files.push_back(path.to_owned()) };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => folder(&entry.path(), files),
            Ok(kind) if kind.is_file() => files.push_back(entry.path()),
            _ => {}
        }
    }
}

struct Sender {
    sender: mpsc::Sender<Result<Vec<Item>>>,
    group: Vec<Item>,
    bytes: usize,
    n: i64,
    skip: i64,
    is_email: bool,
}

impl Sender {
    fn file(&mut self, path: &Path) -> Option<()> {
        let label = path.display().to_string();
        if !self.is_email {
            return self.item(label, || Err("format_unsupported"));
        }
        let Ok(mut file) = File::open(path) else { return self.item(label, || Err("unreadable")) };
        let mut start = Vec::new();
        if file.by_ref().take(START).read_to_end(&mut start).is_err() {
            return self.item(label, || Err("unreadable"));
        }
        if mbox::looks_like_mbox(&start) {
            return self.mailbox(&label, BufReader::new(Cursor::new(start).chain(file)));
        }
        if mail::unsupported_format(&start).is_some() {
            return self.item(label, || Err("format_unsupported"));
        }
        let mut bytes = start;
        match file.take(mail::MAX_MESSAGE as u64 + 1).read_to_end(&mut bytes) {
            Ok(_) => self.item(label, || Message::read(bytes)),
            Err(_) => self.item(label, || Err("unreadable")),
        }
    }

    fn bytes(&mut self, name: &str, bytes: &[u8]) -> Option<()> {
        if !self.is_email {
            return self.item(name.to_owned(), || Err("format_unsupported"));
        }
        if mbox::looks_like_mbox(bytes) {
            return self.mailbox(name, bytes);
        }
        self.item(name.to_owned(), || Message::read(bytes.to_vec()))
    }

    fn mailbox(&mut self, label: &str, reader: impl std::io::BufRead) -> Option<()> {
        for (number, message) in mbox::Messages::new(reader).enumerate() {
            self.item(format!("{label}#{}", number + 1), || match message {
                Ok(item) => Message::read(item.bytes),
                Err(error) if error.code() == Code::TooLarge => Err("too_large"),
                Err(_) => Err("unreadable"),
            })?;
        }
        Some(())
    }

    fn item(&mut self, label: String, read: impl FnOnce() -> Result<Message, &'static str>) -> Option<()> {
        self.n += 1;
        if self.n <= self.skip {
            return Some(());
        }
        let read = read();
        self.bytes += read.as_ref().map_or(0, |message| message.bytes.len());
        self.group.push(Item { n: self.n, label, read });
        if self.group.len() >= GROUP_ITEMS || self.bytes >= GROUP_BYTES { self.send() } else { Some(()) }
    }

    fn send(&mut self) -> Option<()> {
        if self.group.is_empty() {
            return Some(());
        }
        self.bytes = 0;
        self.sender.blocking_send(Ok(std::mem::take(&mut self.group))).ok()
    }
}
