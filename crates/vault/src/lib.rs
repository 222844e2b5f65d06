//! Keys, envelopes, sealing, blind tokens, key providers.
//!
//! One record, one key: a [`RecordKey`] seals a record's boxes and is itself kept wrapped by an epoch key of the [`Keyring`].
//! Destroying the wrapped key makes every copy of the record unreadable at once; destroying the epoch does the same to old
//! copies of the wrapped key. This crate is pure cryptography and the keyring's file; the rows of wrapped keys belong to `trail`.

mod address;
mod blob;
mod disk;
mod key;
mod keyring;
mod provider;
mod sealing;
mod text;
mod tokens;

pub use address::{email, phone, phone_digits};
pub use blob::{OpenReader, SealWriter, open_blob, seal_blob};
pub use disk::exposed;
pub use key::{RecordKey, keyed};
pub use keyring::{EpochId, Keyring, Wrapped};
pub use provider::{FileProvider, Provider};
pub use sealing::{BARE, Context, box_hash, open, seal};
pub use text::{fold, name_sort, words};
pub use tokens::Tokens;
pub use zeroize::Zeroizing;
