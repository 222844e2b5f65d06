//! The keyring's file: a line that says what it is, the sealed content, and a checksum that tells damage from a wrong key.

use std::path::Path;

use kernel::{Code, Env, Error, Instant, Result};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Epoch, EpochId, Keyring};
use crate::{Provider, box_hash, tokens::IndexKey};

const MAGIC: &[u8] = b"probity keyring 1\n";
const SUM: usize = 32;

/// The content as it is sealed (canonical enough: one writer, one reader).
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Content {
    next_epoch: u32,
    /// Number, start in microseconds, key.
    epochs: Vec<(u32, i64, [u8; 32])>,
    /// Generation, key.
    index: Vec<(u32, [u8; 32])>,
    suppression: [u8; 32],
    signing: [u8; 32],
    service: [u8; 32],
}

pub(super) fn write(keyring: &Keyring, provider: &dyn Provider, env: &Env) -> Result<Vec<u8>> {
    let content = Content {
        next_epoch: keyring.next_epoch,
        epochs: keyring.epochs.iter().map(|e| (e.id.0, e.started.micros(), e.key)).collect(),
        index: keyring.index.iter().map(|k| (k.generation, *k.secret())).collect(),
        suppression: *keyring.suppression.secret(),
        signing: *keyring.signing,
        service: *keyring.service,
    };
    // Room for everything at once: a reallocation would leave keys behind in freed memory. An epoch takes at most 85 bytes.
    let mut plain = Zeroizing::new(Vec::with_capacity(1024 + 128 * content.epochs.len()));
    ciborium::into_writer(&content, &mut *plain).map_err(Error::internal)?;
    let mut out = [MAGIC, &provider.seal_root(env, &plain)?].concat();
    let sum = box_hash(&out);
    out.extend_from_slice(&sum);
    Ok(out)
}

pub(super) fn read(path: &Path, bytes: &[u8], provider: &dyn Provider) -> Result<Keyring> {
    let damaged = || {
        Error::new(
            Code::Malformed,
            format!("The keyring at {} is damaged or not a keyring. Put it back from its escrow copy.", path.display()),
        )
    };
    let (body, sum) = bytes.split_at_checked(bytes.len().saturating_sub(SUM)).ok_or_else(damaged)?;
    let sealed = body.strip_prefix(MAGIC).ok_or_else(damaged)?;
    if box_hash(body).as_slice() != sum {
        return Err(damaged());
    }
    let plain = provider.open_root(sealed).map_err(|error| match error.code() {
        Code::Malformed => damaged(),
        code => Error::new(code, format!("The keyring at {} stays closed. {}", path.display(), error.detail())),
    })?;
    let content: Content = ciborium::from_reader(plain.as_slice()).map_err(|_| damaged())?;
    let numbered = content.epochs.is_sorted_by(|a, b| a.0 < b.0) && content.epochs.last().is_some_and(|e| e.0 < content.next_epoch);
    if !numbered || content.index.is_empty() || !content.index.is_sorted_by(|a, b| a.0 < b.0) {
        return Err(damaged());
    }
    Ok(Keyring {
        epochs: content.epochs.iter().map(|(id, started, key)| Epoch::new(EpochId(*id), Instant::from_micros(*started), *key)).collect(),
        next_epoch: content.next_epoch,
        index: content.index.iter().map(|(generation, key)| IndexKey::new(*generation, *key)).collect(),
        suppression: IndexKey::new(0, content.suppression),
        signing: Zeroizing::new(content.signing),
        service: Zeroizing::new(content.service),
    })
}
