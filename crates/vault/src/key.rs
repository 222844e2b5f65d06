//! The key of one record, and the keyed hash that everything else derives with.

use aws_lc_rs::hmac;
use kernel::Env;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The key of one record, one blob or one day of events: 256 random bits. Wiped from memory when dropped; never prints itself.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct RecordKey([u8; 32]);

impl RecordKey {
    /// A fresh key.
    pub fn random(env: &Env) -> Self {
        Self(env.bytes())
    }

    /// The key with these bytes, such as a blob's key that was sealed under a record's; `None` unless there are exactly 32.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes, for sealing this key under another or for deriving salts from it with [`keyed`]. Never store them in the clear.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for RecordKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordKey")
    }
}

/// HMAC-SHA-256 (RFC 2104) over `parts`, each preceded by its length (64 bits, big-endian), so that no two lists of parts collide.
/// For salts, commitments and derived keys: put a purpose of your own first (`b"probity/leaf/1"`).
pub fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    keyed_with(&hmac::Key::new(hmac::HMAC_SHA256, key), parts)
}

pub(crate) fn keyed_with(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut out = [0; 32];
    out.copy_from_slice(context.sign().as_ref());
    out
}
