//! The keyring: the few keys that open all others, in one overwritable file outside the vault and every backup's history.

mod file;

use std::path::Path;

use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use kernel::{Code, Env, Error, Instant, KeyId, Result};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    Provider, RecordKey, Tokens, disk, keyed,
    sealing::{NONCE, decrypt, encrypt},
    tokens::IndexKey,
};

/// The number of an epoch, counted from 1 and never used again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EpochId(pub u32);

/// A record's key as the vault's row keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// The epoch whose key wraps it.
    pub epoch: EpochId,
    /// Nonce, ciphertext and tag: 72 bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wrapped").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}

/// The keyring, opened in memory; wiped when dropped, and it never prints itself.
///
/// It holds the epoch keys that wrap records' keys, the key of the blind index, the suppression list's key, the seed of the ledger's
/// Ed25519 signing key, and one secret from which keys of the service derive.
/// A change in memory is durable only after [`Keyring::save`].
pub struct Keyring {
    epochs: Vec<Epoch>,
    next_epoch: u32,
    index: Vec<IndexKey>,
    suppression: IndexKey,
    signing: Zeroizing<[u8; 32]>,
    service: Zeroizing<[u8; 32]>,
}

#[derive(Zeroize, ZeroizeOnDrop)]
struct Epoch {
    #[zeroize(skip)]
    id: EpochId,
    #[zeroize(skip)]
    started: Instant,
    key: [u8; 32],
    /// Derived from `key`: what wraps records' keys.
    wrap: [u8; 32],
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keyring")
    }
}

impl Keyring {
    /// Makes a keyring with fresh keys and its first epoch, and writes its file.
    ///
    /// # Errors
    /// `duplicate` when the file is there: a keyring is never overwritten by a new one.
    pub fn create(path: &Path, provider: &dyn Provider, env: &Env) -> Result<Self> {
        let mut keyring = Self {
            epochs: Vec::new(),
            next_epoch: 1,
            index: vec![IndexKey::new(1, env.bytes())],
            suppression: IndexKey::new(0, env.bytes()),
            signing: Zeroizing::new(env.bytes()),
            service: Zeroizing::new(env.bytes()),
        };
        keyring.add_epoch(env);
        disk::create(path, &file::write(&keyring, provider, env)?)?;
        Ok(keyring)
    }

    /// Opens the keyring's file. There is no default key: without the file, or with another root key, nothing opens.
    ///
    /// # Errors
    /// `not_found` when there is no file, `forbidden` when another root key sealed it, `malformed` when it is damaged.
    pub fn open(path: &Path, provider: &dyn Provider) -> Result<Self> {
        let bytes = disk::read(path)?.ok_or_else(|| {
            Error::new(
                Code::NotFound,
                format!(
                    "There is no keyring at {}. Put it back from its escrow copy or correct [keys] keyring; a new one would open none of the records that exist.",
                    path.display()
                ),
            )
        })?;
        file::read(path, &bytes, provider)
    }

    /// Replaces the file whole: after a crash it holds the keys from before or from now, never something between.
    /// The old bytes are overwritten as far as the file system allows, so that a destroyed epoch does not live on in them.
    ///
    /// # Errors
    /// When the file cannot be written; then the old one stands.
    pub fn save(&self, path: &Path, provider: &dyn Provider, env: &Env) -> Result<()> {
        disk::replace(path, &file::write(self, provider, env)?)
    }

    /// The epoch that wraps new keys.
    pub fn current(&self) -> EpochId {
        self.epochs.last().map_or(EpochId(0), |e| e.id)
    }

    /// Every epoch that is not destroyed, oldest first, with when it began.
    pub fn epochs(&self) -> Vec<(EpochId, Instant)> {
        self.epochs.iter().map(|e| (e.id, e.started)).collect()
    }

    /// Begins an epoch; it becomes the current one. Save before wrapping under it.
    pub fn add_epoch(&mut self, env: &Env) -> EpochId {
        let id = EpochId(self.next_epoch);
        self.next_epoch += 1;
        self.epochs.push(Epoch::new(id, env.now(), env.bytes()));
        id
    }

    /// Destroys an epoch's key: whatever is still wrapped by it is gone for good once saved. A destroyed one stays destroyed (no error).
    ///
    /// # Errors
    /// `conflict` for the current epoch, `not_found` for one that never was.
    pub fn destroy_epoch(&mut self, id: EpochId) -> Result<()> {
        if id == self.current() {
            return Err(Error::new(
                Code::Conflict,
                "The current epoch cannot be destroyed; begin a new one and wrap the keys again first.",
            ));
        }
        if id.0 == 0 || id.0 >= self.next_epoch {
            return Err(Error::new(Code::NotFound, "There was never such an epoch."));
        }
        self.epochs.retain(|e| e.id != id);
        Ok(())
    }

    /// Wraps a record's key under the current epoch, bound to its row's id.
    pub fn wrap(&self, key: &RecordKey, id: KeyId, env: &Env) -> Wrapped {
        #[expect(
            clippy::expect_used,
            reason = "made with an epoch, refused on reading without one, and the current one is never destroyed"
        )]
        let epoch = self.epochs.last().expect("a keyring has an epoch");
        let nonce: [u8; NONCE] = env.bytes();
        let mut text = Zeroizing::new(*key.expose());
        let tag = encrypt(&epoch.cipher(), &nonce, &wrap_associated(epoch.id, id), text.as_mut_slice());
        Wrapped { epoch: epoch.id, bytes: [nonce.as_slice(), text.as_slice(), &tag].concat() }
    }

    /// Opens a wrapped key.
    ///
    /// # Errors
    /// `not_found` when the epoch is destroyed and the key with it; `internal` when the row was changed or belongs to another key.
    pub fn unwrap(&self, id: KeyId, epoch: EpochId, bytes: &[u8]) -> Result<RecordKey> {
        let fail = || Error::internal("vault row does not open");
        let epoch = self.epoch(epoch)?;
        let (nonce, text) = bytes.split_at_checked(NONCE).ok_or_else(fail)?;
        let nonce: &[u8; NONCE] = nonce.try_into().map_err(|_| fail())?;
        let plain = decrypt(&epoch.cipher(), nonce, &wrap_associated(epoch.id, id), text).ok_or_else(fail)?;
        RecordKey::from_slice(&plain).ok_or_else(fail)
    }

    /// The key under which an epoch's searched words are sealed; it dies with the epoch.
    ///
    /// # Errors
    /// `not_found` when the epoch is destroyed.
    pub fn words_key(&self, epoch: EpochId) -> Result<RecordKey> {
        let key = Zeroizing::new(keyed(&self.epoch(epoch)?.key, &[b"probity/words/1"]));
        RecordKey::from_slice(key.as_slice()).ok_or_else(|| Error::internal("a derived key has 32 bytes"))
    }

    /// The seed of the ledger's Ed25519 key (RFC 8032).
    pub fn signing_seed(&self) -> Zeroizing<[u8; 32]> {
        self.signing.clone()
    }

    /// A key of the service itself for `purpose` (sealed cursors, keyed request hashes). Lives as long as the keyring: nothing that
    /// must become unreadable by shredding belongs under it.
    pub fn derived(&self, purpose: &str) -> RecordKey {
        let key = Zeroizing::new(keyed(&self.service, &[b"probity/service/1", purpose.as_bytes()]));
        #[expect(clippy::expect_used, reason = "HMAC-SHA-256 gives 32 bytes")]
        RecordKey::from_slice(key.as_slice()).expect("32 bytes")
    }

    /// The keyed hash by which equal blobs are found without telling anyone outside what they contain.
    pub fn blob_sharing_hash(&self, plain: &[u8]) -> [u8; 32] {
        keyed(self.derived("blob-sharing").expose(), &[plain])
    }

    /// Blind tokens under the newest index key.
    pub fn tokens(&self) -> Tokens<'_> {
        #[expect(clippy::expect_used, reason = "made with an index key, refused on reading without one, and the newest is never dropped")]
        Tokens::new(self.index.last().expect("a keyring has an index key"), &self.suppression)
    }

    /// Blind tokens under the index key of a generation that is still kept, to take old tokens out of the index.
    pub fn tokens_of(&self, generation: u32) -> Option<Tokens<'_>> {
        self.index.iter().find(|k| k.generation == generation).map(|k| Tokens::new(k, &self.suppression))
    }

    /// The generation of the newest index key, counted from 1.
    pub fn index_generation(&self) -> u32 {
        self.index.last().map_or(0, |k| k.generation)
    }

    /// Begins a new generation of the index key and keeps the old one until the index is rebuilt. Returns the new generation.
    ///
    /// # Errors
    /// `conflict` while an earlier rotation is not finished.
    pub fn rotate_index_key(&mut self, env: &Env) -> Result<u32> {
        if self.index.len() > 1 {
            return Err(Error::new(
                Code::Conflict,
                "The index key is being rotated already; let the rebuilding of the index finish first.",
            ));
        }
        let generation = self.index_generation() + 1;
        self.index.push(IndexKey::new(generation, env.bytes()));
        Ok(generation)
    }

    /// Destroys the index keys before the newest: the index is rebuilt, and the residue of old tokens means nothing from here on.
    pub fn drop_old_index_key(&mut self) {
        let newest = self.index_generation();
        self.index.retain(|k| k.generation == newest);
    }

    fn epoch(&self, id: EpochId) -> Result<&Epoch> {
        let gone = || Error::new(Code::NotFound, "The key is destroyed: its epoch has ended, and nothing sealed under it can be read.");
        self.epochs.iter().find(|e| e.id == id).ok_or_else(gone)
    }
}

impl Epoch {
    fn new(id: EpochId, started: Instant, key: [u8; 32]) -> Self {
        Self { id, started, key, wrap: keyed(&key, &[b"probity/epoch-wrap/1"]) }
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&self.wrap).into())
    }
}

fn wrap_associated(epoch: EpochId, id: KeyId) -> Vec<u8> {
    [b"probity/wrap/1".as_slice(), &epoch.0.to_be_bytes(), id.bytes()].concat()
}

#[cfg(test)]
mod tests;
