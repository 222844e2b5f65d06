//! Blobs sealed in chunks of 64 KiB by the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015):
//! each chunk's nonce is a random prefix, a counter and a flag on the last, so that cutting, reordering and appending all fail.

use std::io::{self, Read, Write};

use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use kernel::{Env, Error, Result};
use zeroize::Zeroizing;

use crate::{
    Context, RecordKey,
    sealing::{NONCE, TAG, decrypt, encrypt},
};

const FORMAT: u8 = 2;
const PREFIX: usize = NONCE - 5;
const HEAD: usize = 1 + PREFIX;
const CHUNK: usize = 64 * 1024;

struct Chunks {
    cipher: XChaCha20Poly1305,
    aad: Vec<u8>,
    prefix: [u8; PREFIX],
    counter: u32,
}

impl Chunks {
    fn new(key: &RecordKey, ctx: &Context<'_>, prefix: [u8; PREFIX]) -> Self {
        Self { cipher: XChaCha20Poly1305::new(key.expose().into()), aad: ctx.associated(FORMAT), prefix, counter: 0 }
    }

    /// The nonce of the next chunk; `None` past 2³² chunks (256 TiB), where nonces would repeat.
    fn nonce(&mut self, last: bool) -> Option<[u8; NONCE]> {
        let mut nonce = [0; NONCE];
        nonce[..PREFIX].copy_from_slice(&self.prefix);
        nonce[PREFIX..NONCE - 1].copy_from_slice(&self.counter.to_be_bytes());
        nonce[NONCE - 1] = u8::from(last);
        self.counter = self.counter.checked_add(1)?;
        Some(nonce)
    }

    fn seal(&mut self, chunk: &mut [u8], last: bool) -> Option<[u8; TAG]> {
        let nonce = self.nonce(last)?;
        Some(encrypt(&self.cipher, &nonce, &self.aad, chunk))
    }

    fn open(&mut self, sealed: &[u8], last: bool) -> Option<Zeroizing<Vec<u8>>> {
        let nonce = self.nonce(last)?;
        decrypt(&self.cipher, &nonce, &self.aad, sealed)
    }
}

/// Seals a blob held in memory: format byte 2, nonce prefix, then chunks with their tags.
pub fn seal_blob(key: &RecordKey, ctx: &Context<'_>, plain: &[u8], env: &Env) -> Vec<u8> {
    let mut chunks = Chunks::new(key, ctx, env.bytes());
    let count = plain.len().div_ceil(CHUNK).max(1);
    let mut out = Vec::with_capacity(HEAD + plain.len() + count * TAG);
    out.push(FORMAT);
    out.extend_from_slice(&chunks.prefix);
    for index in 0..count {
        let from = index * CHUNK;
        let start = out.len();
        out.extend_from_slice(&plain[from..plain.len().min(from + CHUNK)]);
        #[expect(clippy::expect_used, reason = "2³² chunks are 256 TiB, which no buffer in memory reaches")]
        let tag = chunks.seal(&mut out[start..], index + 1 == count).expect("fewer than 2³² chunks");
        out.extend_from_slice(&tag);
    }
    out
}

/// Opens what [`seal_blob`] or [`SealWriter`] made under the same key and context; all of it or nothing.
///
/// # Errors
/// `internal` when anything was changed, cut, reordered or appended.
pub fn open_blob(key: &RecordKey, ctx: &Context<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let fail = || Error::internal("a sealed blob does not open: it was changed, cut, extended or sealed under another key");
    let (head, mut rest) = sealed.split_at_checked(HEAD).ok_or_else(fail)?;
    if head[0] != FORMAT {
        return Err(fail());
    }
    let mut chunks = Chunks::new(key, ctx, head[1..].try_into().map_err(|_| fail())?);
    let mut plain = Zeroizing::new(Vec::with_capacity(rest.len()));
    loop {
        let (chunk, after) = rest.split_at(rest.len().min(CHUNK + TAG));
        plain.extend_from_slice(&chunks.open(chunk, after.is_empty()).ok_or_else(fail)?);
        if after.is_empty() {
            return Ok(plain);
        }
        rest = after;
    }
}

/// Seals what is written to it and passes it on. [`SealWriter::finish`] must be called: without it the blob has no end and does not open.
pub struct SealWriter<W: Write> {
    inner: W,
    chunks: Chunks,
    buffer: Zeroizing<Vec<u8>>,
}

impl<W: Write> SealWriter<W> {
    /// Starts a blob.
    ///
    /// # Errors
    /// Those of the inner writer.
    pub fn new(mut inner: W, key: &RecordKey, ctx: &Context<'_>, env: &Env) -> io::Result<Self> {
        let chunks = Chunks::new(key, ctx, env.bytes());
        inner.write_all(&[FORMAT])?;
        inner.write_all(&chunks.prefix)?;
        Ok(Self { inner, chunks, buffer: Zeroizing::new(Vec::with_capacity(CHUNK)) })
    }

    /// Writes the last chunk and hands the inner writer back, not flushed.
    ///
    /// # Errors
    /// Those of the inner writer.
    pub fn finish(mut self) -> io::Result<W> {
        self.pass_on(true)?;
        Ok(self.inner)
    }

    fn pass_on(&mut self, last: bool) -> io::Result<()> {
        let tag = self.chunks.seal(&mut self.buffer, last).ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.inner.write_all(&self.buffer)?;
        self.inner.write_all(&tag)?;
        self.buffer.clear();
        Ok(())
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        // A full chunk waits until more arrives: only then is it known not to be the last.
        if self.buffer.len() == CHUNK && !data.is_empty() {
            self.pass_on(false)?;
        }
        let taken = data.len().min(CHUNK - self.buffer.len());
        self.buffer.extend_from_slice(&data[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Opens a sealed blob chunk by chunk. Every byte it gives is authentic, but only the end of reading without an error says that the blob is whole.
pub struct OpenReader<R: Read> {
    inner: R,
    chunks: Chunks,
    sealed: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    given: usize,
    done: bool,
}

impl<R: Read> OpenReader<R> {
    /// Starts to read a blob.
    ///
    /// # Errors
    /// Those of the inner reader; `InvalidData` when it is not a sealed blob.
    pub fn new(mut inner: R, key: &RecordKey, ctx: &Context<'_>) -> io::Result<Self> {
        let mut head = [0; HEAD];
        inner.read_exact(&mut head)?;
        let prefix = head[1..].try_into().map_err(|_| damaged())?;
        if head[0] != FORMAT {
            return Err(damaged());
        }
        let sealed = Vec::with_capacity(CHUNK + TAG + 1);
        Ok(Self { inner, chunks: Chunks::new(key, ctx, prefix), sealed, plain: Zeroizing::default(), given: 0, done: false })
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        // One byte ahead tells whether this chunk is the last.
        let wanted = CHUNK + TAG + 1 - self.sealed.len();
        self.inner.by_ref().take(wanted as u64).read_to_end(&mut self.sealed)?;
        let last = self.sealed.len() <= CHUNK + TAG;
        let end = self.sealed.len().min(CHUNK + TAG);
        self.plain = self.chunks.open(&self.sealed[..end], last).ok_or_else(damaged)?;
        self.sealed.drain(..end);
        self.given = 0;
        self.done = last;
        Ok(())
    }
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.plain.len() && !self.done && !out.is_empty() {
            self.next_chunk()?;
        }
        let taken = out.len().min(self.plain.len() - self.given);
        out[..taken].copy_from_slice(&self.plain[self.given..self.given + taken]);
        self.given += taken;
        Ok(taken)
    }
}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a sealed blob does not open: it was changed, cut, extended or sealed under another key")
}

#[cfg(test)]
mod tests;
