//! Who holds the root key: here, a passphrase or a key file. Others (transit services, KMS, HSM) live in crates of their own.

use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use kernel::{Code, Env, Error, Result};
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    disk, keyed,
    sealing::{NONCE, decrypt, encrypt},
};

/// Seals and opens the keyring under a root key that it alone knows.
pub trait Provider: Send + Sync {
    /// Seals the keyring's content.
    ///
    /// # Errors
    /// When the root key cannot be reached.
    fn seal_root(&self, env: &Env, plain: &[u8]) -> Result<Vec<u8>>;

    /// Opens what it sealed.
    ///
    /// # Errors
    /// `forbidden` when it was sealed under another root key, `malformed` when it was changed.
    fn open_root(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>>;

    /// What it is and where its key is kept, for messages; never the key.
    fn describe(&self) -> String;
}

/// A root key from a passphrase (Argon2id) or from a file with 32 random bytes.
pub struct FileProvider(Root);

enum Root {
    Passphrase(Zeroizing<String>),
    KeyFile { path: PathBuf, key: Zeroizing<[u8; 32]> },
}

const PASSPHRASE: u8 = 1;
const KEY_FILE: u8 = 2;
const SALT: usize = 16;
const CHECK: usize = 8;
/// Argon2id costs of a new seal: 64 MiB, three passes, one lane (RFC 9106 §4, second recommendation, with one lane).
const COST: [u32; 3] = [64 * 1024, 3, 1];
/// What a stored seal may ask for at most, so that a forged file cannot exhaust the machine: 1 GiB, 16 passes, 16 lanes.
const COST_MAX: [u32; 3] = [1024 * 1024, 16, 16];
const SHORTEST: usize = 12;
const HEADER: &str = "# Probity key file: opens the keyring and through it every record. Keep a copy apart from this machine and from its backups; without it nothing can be read again.";

impl FileProvider {
    /// A passphrase; the end of line that a file leaves is cut off, and the text is taken in Unicode form NFC.
    ///
    /// # Errors
    /// `invalid_input` when it has fewer than 12 characters.
    pub fn passphrase(text: &str) -> Result<Self> {
        let text = Zeroizing::new(text.trim_end_matches(['\r', '\n']).nfc().collect::<String>());
        if text.chars().count() < SHORTEST {
            return Err(Error::invalid(
                "/keys/passphrase_file",
                "too_short",
                format!("The passphrase needs at least {SHORTEST} characters."),
            ));
        }
        Ok(Self(Root::Passphrase(text)))
    }

    /// A key file: 32 bytes as hexadecimal or base64 text; lines that start with `#` are comments.
    ///
    /// # Errors
    /// `not_found` when there is no such file, `malformed` when it holds anything else.
    pub fn key_file(path: &Path) -> Result<Self> {
        let bytes = disk::read(path)?.ok_or_else(|| {
            Error::new(
                Code::NotFound,
                format!(
                    "There is no key file at {}. Put it back from its copy, or correct the path in [keys]; none is made up.",
                    path.display()
                ),
            )
        })?;
        let key = parse_key(&bytes).ok_or_else(|| {
            Error::new(
                Code::Malformed,
                format!("{} is not a key file: it must hold 32 random bytes as 64 hexadecimal digits or as base64.", path.display()),
            )
        })?;
        Ok(Self(Root::KeyFile { path: path.to_owned(), key }))
    }

    /// Makes a key file with a fresh random key, private to its owner and durable.
    ///
    /// # Errors
    /// `duplicate` when the file is there: it is never overwritten.
    pub fn create_key_file(path: &Path, env: &Env) -> Result<Self> {
        let key = Zeroizing::new(env.bytes::<32>());
        let digits = Zeroizing::new(hex::encode(key.as_slice()));
        disk::create(path, Zeroizing::new(format!("{HEADER}\n{}\n", digits.as_str())).as_bytes())?;
        Ok(Self(Root::KeyFile { path: path.to_owned(), key }))
    }

    fn kind(&self) -> u8 {
        match self.0 {
            Root::Passphrase(_) => PASSPHRASE,
            Root::KeyFile { .. } => KEY_FILE,
        }
    }

    /// The root key for a seal with these Argon2id costs and salt; a key file's key needs neither.
    fn root(&self, cost: [u32; 3], salt: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
        match &self.0 {
            Root::KeyFile { key, .. } => Ok(key.clone()),
            Root::Passphrase(text) => {
                let params = Params::new(cost[0], cost[1], cost[2], Some(32)).map_err(|_| damaged())?;
                let mut key = Zeroizing::new([0; 32]);
                Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                    .hash_password_into(text.as_bytes(), salt, key.as_mut_slice())
                    .map_err(|_| damaged())?;
                Ok(key)
            }
        }
    }
}

impl Provider for FileProvider {
    fn seal_root(&self, env: &Env, plain: &[u8]) -> Result<Vec<u8>> {
        let salt: [u8; SALT] = env.bytes();
        let root = self.root(COST, &salt)?;
        let mut out = vec![self.kind()];
        out.extend(COST.iter().flat_map(|n| n.to_be_bytes()));
        out.extend_from_slice(&salt);
        out.extend_from_slice(&check(&root));
        let nonce: [u8; NONCE] = env.bytes();
        let mut text = Zeroizing::new(plain.to_vec());
        let tag = encrypt(&cipher(&root), &nonce, &out, &mut text);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(&text);
        out.extend_from_slice(&tag);
        Ok(out)
    }

    fn open_root(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (head, rest) = sealed.split_at_checked(13 + SALT + CHECK).ok_or_else(damaged)?;
        let (nonce, text) = rest.split_at_checked(NONCE).ok_or_else(damaged)?;
        let nonce: &[u8; NONCE] = nonce.try_into().map_err(|_| damaged())?;
        let mut cost = [0; 3];
        for (n, bytes) in cost.iter_mut().zip(head[1..13].chunks_exact(4)) {
            *n = u32::from_be_bytes(bytes.try_into().map_err(|_| damaged())?);
        }
        if cost.iter().zip(COST_MAX).any(|(n, max)| *n > max) {
            return Err(damaged());
        }
        if head[0] != self.kind() {
            let made = match head[0] {
                PASSPHRASE => "a passphrase",
                KEY_FILE => "a key file",
                _ => return Err(damaged()),
            };
            return Err(Error::new(Code::Forbidden, format!("It is sealed under {made}, but {} was given.", self.describe())));
        }
        let root = self.root(cost, &head[13..13 + SALT])?;
        if !bool::from(check(&root).ct_eq(&head[13 + SALT..])) {
            return Err(Error::new(
                Code::Forbidden,
                format!("It does not open with {}: this is not the root key that sealed it.", self.describe()),
            ));
        }
        decrypt(&cipher(&root), nonce, head, text).ok_or_else(damaged)
    }

    fn describe(&self) -> String {
        match &self.0 {
            Root::Passphrase(_) => "the passphrase".to_owned(),
            Root::KeyFile { path, .. } => format!("the key file {}", path.display()),
        }
    }
}

impl std::fmt::Debug for FileProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileProvider")
    }
}

/// Tells a wrong root key from a damaged file. It helps a guesser no more than the seal's own tag does.
fn check(root: &[u8; 32]) -> [u8; CHECK] {
    let mut out = [0; CHECK];
    out.copy_from_slice(&keyed(root, &[b"probity/root-check/1"])[..CHECK]);
    out
}

fn cipher(root: &[u8; 32]) -> XChaCha20Poly1305 {
    let key = Zeroizing::new(keyed(root, &[b"probity/root-seal/1"]));
    XChaCha20Poly1305::new((&*key).into())
}

fn damaged() -> Error {
    Error::new(Code::Malformed, "The sealed keyring is damaged.")
}

fn parse_key(bytes: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let line = lines.next()?;
    if lines.next().is_some() {
        return None;
    }
    let mut key = Zeroizing::new([0; 32]);
    if hex::decode_to_slice(line, key.as_mut_slice()).is_err() {
        let mut decoded = STANDARD.decode(line).ok()?;
        let fits = decoded.len() == 32;
        if fits {
            key.copy_from_slice(&decoded);
        }
        decoded.zeroize();
        if !fits {
            return None;
        }
    }
    // Zeros and the like are a placeholder that somebody forgot to replace, not a key.
    (!key.iter().all(|b| *b == key[0])).then_some(key)
}

#[cfg(test)]
mod tests;
