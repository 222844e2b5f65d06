//! A file as it was sent, until its run is over: sealed in pieces under a key of its own, so that none is ever whole in memory.
//!
//! The key is in memory alone until a run takes the file up; what was sent and never used is unreadable from the next start on, and swept away
//! after a day.

use std::{
    fmt,
    io::{self, BufRead, Read},
    sync::Arc,
};

use kernel::{BatchId, Error, KeyId, Personal, Result};
use tokio::runtime::Handle;
use trail::App;
use vault::{Context, RecordKey};

use crate::records::blob::UPLOADS;

/// Bytes of a piece.
const PIECE: usize = 4 << 20;

/// A file that was sent and is sealed in the blob store.
pub struct Stored {
    id: BatchId,
    key: RecordKey,
    size: u64,
    hash: [u8; 32],
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Stored({})", self.id)
    }
}

/// Where a piece lies. The sweep knows the run by what stands before the point.
fn name(id: BatchId, piece: u64) -> String {
    format!("{UPLOADS}{id}.{piece}")
}

/// What a piece is bound to: its file and its place in it.
fn context(id: BatchId, piece: u64) -> Context<'static> {
    Context {
        key: KeyId::from_bytes(*id.bytes()),
        subject: *id.bytes(),
        version: i64::try_from(piece).unwrap_or(i64::MAX),
        purpose: "upload",
    }
}

/// How many pieces a file of this size has.
fn pieces(size: u64) -> u64 {
    size.div_ceil(PIECE as u64)
}

/// A file as it arrives.
pub struct Storing {
    app: App,
    stored: Stored,
    piece: Vec<u8>,
    pieces: u64,
}

impl Storing {
    /// Nothing has arrived yet.
    pub fn begin(app: &App) -> Self {
        let stored = Stored { id: BatchId::mint(app.env()), key: RecordKey::random(app.env()), size: 0, hash: [0; 32] };
        Self { app: app.clone(), stored, piece: Vec::new(), pieces: 0 }
    }

    /// Takes what comes next. Errors: those of the blob store.
    pub async fn push(&mut self, mut bytes: &[u8]) -> Result<()> {
        self.stored.size += bytes.len() as u64;
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = later;
            if self.piece.len() == PIECE {
                self.flush().await?;
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<()> {
        let (id, piece) = (self.stored.id, Personal::new(std::mem::take(&mut self.piece)));
        let chained = [self.stored.hash.as_slice(), piece.expose()].concat();
        self.stored.hash = self.app.keyring().blob_sharing_hash(&chained);
        let sealed = vault::seal_blob(&self.stored.key, &context(id, self.pieces), piece.expose(), self.app.env());
        self.app.blobs().put(&name(id, self.pieces), sealed).await?;
        self.pieces += 1;
        Ok(())
    }

    /// All has arrived. Errors: those of the blob store.
    pub async fn end(mut self) -> Result<Stored> {
        if !self.piece.is_empty() {
            self.flush().await?;
        }
        Ok(self.stored)
    }
}

impl Stored {
    /// Stores bytes that are in memory.
    pub async fn of(app: &App, bytes: &[u8]) -> Result<Self> {
        let mut intake = Storing::begin(app);
        intake.push(bytes).await?;
        intake.end().await
    }

    /// As its run remembers it: its id, its key in hexadecimal and its size.
    pub(super) fn again(id: BatchId, key: &str, size: u64) -> Result<Self> {
        let key = hex::decode(key).ok().and_then(|key| RecordKey::from_slice(&key));
        let key = key.ok_or_else(|| Error::internal("an upload's key is no key"))?;
        Ok(Self { id, key, size, hash: [0; 32] })
    }

    /// The run that it becomes.
    pub fn id(&self) -> BatchId {
        self.id
    }

    pub(super) fn key(&self) -> String {
        hex::encode(self.key.expose())
    }

    /// Its size, in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The keyed hash of its content: of each piece together with that of the pieces before it.
    pub fn hash(&self) -> [u8; 32] {
        self.hash
    }

    async fn piece(&self, app: &App, piece: u64) -> Result<Personal<Vec<u8>>> {
        let sealed = app.blobs().get(&name(self.id, piece)).await?;
        Ok(Personal::new(vault::open_blob(&self.key, &context(self.id, piece), &sealed)?.to_vec()))
    }

    /// All of it. Errors: those of the blob store; internal when a piece was changed or is missing.
    pub async fn bytes(&self, app: &App) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        for piece in 0..pieces(self.size) {
            all.extend_from_slice(self.piece(app, piece).await?.expose());
        }
        Ok(all)
    }

    /// Reads it piece by piece, from a thread that may wait (inside `spawn_blocking`).
    pub fn reader(self: &Arc<Self>, app: &App) -> impl BufRead + Send + use<> {
        Reader { app: app.clone(), file: Arc::clone(self), next: 0, piece: Personal::new(Vec::new()), at: 0, runtime: Handle::current() }
    }

    /// Removes it.
    pub async fn delete(&self, app: &App) -> Result<()> {
        for piece in 0..pieces(self.size) {
            app.blobs().delete(&name(self.id, piece)).await?;
        }
        Ok(())
    }
}

struct Reader {
    app: App,
    file: Arc<Stored>,
    next: u64,
    piece: Personal<Vec<u8>>,
    at: usize,
    runtime: Handle,
}

impl BufRead for Reader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.piece.expose().len() && self.next < pieces(self.file.size) {
            self.piece = self.runtime.block_on(self.file.piece(&self.app, self.next)).map_err(io::Error::other)?;
            self.next += 1;
            self.at = 0;
        }
        Ok(self.piece.expose().get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = (self.at + amount).min(self.piece.expose().len());
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}
