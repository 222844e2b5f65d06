//! Blind tokens: what the index tables hold instead of words. A pseudonymised index; it tells how often a word occurs, not which.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};

use aws_lc_rs::hmac;
use zeroize::{Zeroize, Zeroizing};

use crate::{key::keyed, text};

/// A key of the index with the keys of its fields, derived once each.
pub(crate) struct IndexKey {
    pub(crate) generation: u32,
    secret: Zeroizing<[u8; 32]>,
    fields: RwLock<HashMap<String, Arc<hmac::Key>>>,
}

impl IndexKey {
    pub(crate) fn new(generation: u32, mut secret: [u8; 32]) -> Self {
        let key = Self { generation, secret: Zeroizing::new(secret), fields: RwLock::default() };
        secret.zeroize();
        key
    }

    pub(crate) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }

    fn field(&self, field: &str) -> Arc<hmac::Key> {
        if let Some(key) = self.fields.read().unwrap_or_else(PoisonError::into_inner).get(field) {
            return Arc::clone(key);
        }
        let derived = Zeroizing::new(keyed(&self.secret, &[b"probity/token/1", field.as_bytes()]));
        let key = Arc::new(hmac::Key::new(hmac::HMAC_SHA256, derived.as_slice()));
        self.fields.write().unwrap_or_else(PoisonError::into_inner).entry(field.to_owned()).or_insert(key).clone()
    }
}

/// What a token stands for. Part of what is hashed, so a prefix never matches a whole word.
#[derive(Clone, Copy)]
enum Kind {
    Exact = 0,
    Word = 1,
    Prefix = 2,
}

/// Makes tokens: HMAC-SHA-256 under a key per field, cut to 63 bits so that they are never negative. A match is confirmed after opening.
#[derive(Clone, Copy)]
pub struct Tokens<'k> {
    index: &'k IndexKey,
    suppression: &'k IndexKey,
}

impl std::fmt::Debug for Tokens<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens")
    }
}

impl<'k> Tokens<'k> {
    pub(crate) const fn new(index: &'k IndexKey, suppression: &'k IndexKey) -> Self {
        Self { index, suppression }
    }

    /// The token of a whole value that the caller has normalised ([`crate::email`], [`crate::phone`], [`crate::fold`]).
    pub fn exact(&self, field: &str, normalised: &str) -> i64 {
        token(&self.index.field(field), Kind::Exact, normalised)
    }

    /// The tokens of a text's words, each once, in the words' order.
    pub fn words(&self, field: &str, text: &str) -> Vec<i64> {
        let key = self.index.field(field);
        text::words(text).iter().map(|word| token(&key, Kind::Word, word)).collect()
    }

    /// The token of one word of [`crate::words`].
    pub fn word(&self, field: &str, folded: &str) -> i64 {
        token(&self.index.field(field), Kind::Word, folded)
    }

    /// The tokens of the beginnings of a text's words, from `min` to `max` characters, each once. A word shorter than `min` has none;
    /// one of up to `max` characters is also a beginning of itself.
    pub fn prefixes(&self, field: &str, text: &str, min: usize, max: usize) -> Vec<i64> {
        let key = self.index.field(field);
        let mut seen = HashSet::new();
        for word in text::words(text) {
            let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).enumerate().take(max).skip(min.saturating_sub(1));
            seen.extend(ends.map(|(_, end)| word[..end].to_owned()).collect::<Vec<_>>());
        }
        let mut tokens: Vec<_> = seen.iter().map(|prefix| token(&key, Kind::Prefix, prefix)).collect();
        tokens.sort_unstable();
        tokens
    }

    /// The token of one folded beginning, to look for. It matches only lengths that were indexed: cut it to their `max`.
    pub fn prefix(&self, field: &str, folded_prefix: &str) -> i64 {
        token(&self.index.field(field), Kind::Prefix, folded_prefix)
    }

    /// The token of a normalised address on the suppression list, under a key of its own that index rotation leaves alone.
    pub fn suppression(&self, email_or_phone: &str) -> i64 {
        token(&self.suppression.field("suppression"), Kind::Exact, email_or_phone)
    }
}

fn token(key: &hmac::Key, kind: Kind, text: &str) -> i64 {
    let mut context = hmac::Context::with_key(key);
    context.update(&[kind as u8]);
    context.update(text.as_bytes());
    let mut head = [0; 8];
    head.copy_from_slice(&context.sign().as_ref()[..8]);
    i64::from_be_bytes(head) & i64::MAX
}

#[cfg(test)]
mod tests;
