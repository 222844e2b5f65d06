//! Sealed boxes: XChaCha20-Poly1305 under a record's key, bound to where they stand.

use aws_lc_rs::digest;
use chacha20poly1305::{AeadInPlace, KeyInit, Tag, XChaCha20Poly1305, XNonce};
use kernel::{Env, Error, KeyId, Result};
use zeroize::Zeroizing;

use crate::RecordKey;

/// Whether this is the bare build, in which nothing is sealed and nothing is witnessed: the same path to measure against, made by
/// `cargo xtask bench-bare` and of no other use. It opens nothing but the installations that `probity bench` makes for itself.
pub const BARE: bool = cfg!(probity_bare);

pub(crate) const NONCE: usize = 24;
pub(crate) const TAG: usize = 16;
const FORMAT: u8 = 1;
const HEAD: usize = 1 + NONCE;

/// Where a box stands. All of it is authenticated, so a box does not open in another row, version or role.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The key that seals it.
    pub key: KeyId,
    /// The bytes of the identifier of what it belongs to: a record, an event, a user.
    pub subject: [u8; 16],
    /// The version of the subject; 0 where there are no versions.
    pub version: i64,
    /// What the box is for (`body`, `salts`, `blob-key`).
    pub purpose: &'a str,
}

impl Context<'_> {
    pub(crate) fn associated(&self, format: u8) -> Vec<u8> {
        let mut out = Vec::with_capacity(49 + self.purpose.len());
        out.push(format);
        out.extend_from_slice(self.key.bytes());
        out.extend_from_slice(&self.subject);
        out.extend_from_slice(&self.version.to_be_bytes());
        out.extend_from_slice(&(self.purpose.len() as u64).to_be_bytes());
        out.extend_from_slice(self.purpose.as_bytes());
        out
    }
}

/// Seals `plain` under the record's key: format byte 1, random 192-bit nonce, ciphertext, 128-bit tag (draft-irtf-cfrg-xchacha-03).
pub fn seal(key: &RecordKey, ctx: &Context<'_>, plain: &[u8], env: &Env) -> Vec<u8> {
    let nonce: [u8; NONCE] = env.bytes();
    // The exact capacity up front: a reallocation would leave plaintext behind in freed memory.
    let mut out = Vec::with_capacity(HEAD + plain.len() + TAG);
    out.push(FORMAT);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    let tag = encrypt(&cipher, &nonce, &ctx.associated(FORMAT), &mut out[HEAD..]);
    out.extend_from_slice(&tag);
    out
}

/// Opens what [`seal`] made under the same key and context.
///
/// # Errors
/// `internal` when the box is not one, was changed, or stands where it does not belong. Nothing of the content is told.
pub fn open(key: &RecordKey, ctx: &Context<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let fail = || Error::internal("a sealed box does not open: it was changed, moved or sealed under another key");
    let (head, rest) = sealed.split_at_checked(HEAD).ok_or_else(fail)?;
    let nonce: &[u8; NONCE] = head[1..].try_into().map_err(|_| fail())?;
    if head[0] != FORMAT {
        return Err(fail());
    }
    let cipher = XChaCha20Poly1305::new(key.expose().into());
    decrypt(&cipher, nonce, &ctx.associated(FORMAT), rest).ok_or_else(fail)
}

/// SHA-256 of a sealed box as stored; a leaf commits to it.
pub fn box_hash(sealed: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    if BARE {
        return out;
    }
    out.copy_from_slice(digest::digest(&digest::SHA256, sealed).as_ref());
    out
}

/// Encrypts `buffer` where it lies and returns the tag. The bare build, which measures what sealing costs, leaves it as it is.
#[expect(clippy::expect_used, reason = "fails only above 256 GiB, which no buffer in memory reaches")]
pub(crate) fn encrypt(cipher: &XChaCha20Poly1305, nonce: &[u8; NONCE], aad: &[u8], buffer: &mut [u8]) -> [u8; TAG] {
    if BARE {
        return [0; TAG];
    }
    cipher.encrypt_in_place_detached(XNonce::from_slice(nonce), aad, buffer).expect("shorter than 256 GiB").into()
}

/// Opens ciphertext followed by its tag; `None` when it does not authenticate.
pub(crate) fn decrypt(cipher: &XChaCha20Poly1305, nonce: &[u8; NONCE], aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (text, tag) = sealed.split_at_checked(sealed.len().checked_sub(TAG)?)?;
    let mut plain = Zeroizing::new(text.to_vec());
    if BARE {
        return Some(plain);
    }
    cipher.decrypt_in_place_detached(XNonce::from_slice(nonce), aad, &mut plain, Tag::from_slice(tag)).ok()?;
    Some(plain)
}

#[cfg(test)]
mod tests;
