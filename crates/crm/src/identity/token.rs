//! Secrets that are shown once and kept only as a hash.

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::Env;
use subtle::ConstantTimeEq;
use vault::Zeroizing;

/// 256 bits of chance. Its written form is 43 characters of base64url (RFC 4648 §5).
pub(super) struct Secret(Zeroizing<[u8; 32]>);

impl Secret {
    pub(super) fn random(env: &Env) -> Self {
        Self(Zeroizing::new(env.bytes()))
    }

    /// Reads the written form; `None` for anything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        if text.len() != 43 {
            return None;
        }
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        bytes.as_slice().try_into().ok().map(|b| Self(Zeroizing::new(b)))
    }

    pub(super) fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_slice())
    }

    /// What the database keeps. One pass of SHA-256 is enough for 256 random bits: there is nothing to guess.
    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_slice())
    }

    /// Another secret that only the holder of this one can know.
    pub(super) fn derived(&self, what: &[u8]) -> Self {
        Self(Zeroizing::new(vault::keyed(&self.0, &[b"probity/session/1", what])))
    }
}

pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// Equality in constant time.
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
