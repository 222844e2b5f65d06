//! What can be worked out of a new record before its unit, by a thread that has the time which the one writer has not: its tokens, and its
//! sealed box under a key drawn for it. The unit takes them only where everything they were made of still holds.

use std::{fmt, sync::Arc};

use catalogue::{Class, Field, Kind};
use kernel::{Instant, KeyId, RecordId, Result, UserId};
use ledger::{FieldCommitments, Hash};
use trail::App;
use vault::{Keyring, RecordKey};

use super::{
    Facts, Fields,
    body::{Attested, Body},
    index,
    row::box_context,
};

/// Who is to own a new record.
pub type Owner = (Option<UserId>, Option<[u8; 16]>);

/// A new record as far as it is known before its unit.
#[derive(Clone)]
pub struct Ahead {
    keyring: Arc<Keyring>,
    region: Option<String>,
    tokens: Vec<i64>,
    boxed: Option<Arc<Boxed>>,
}

/// A new record's box, and what it was made of.
pub(super) struct Boxed {
    pub id: RecordId,
    pub key: KeyId,
    pub created: Instant,
    drawn: RecordKey,
    owner: Owner,
    law: String,
    body: Body,
    commitments: FieldCommitments,
    bytes: Vec<u8>,
}

impl fmt::Debug for Ahead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ahead")
    }
}

impl Ahead {
    /// The tokens of these fields, with the keys as they are now and numbers without a country read as of this region.
    pub fn tokens(keyring: Arc<Keyring>, kind: &Kind, fields: &Fields, region: Option<&str>) -> Self {
        let tokens = index::tokens(&keyring.tokens(), kind, &sealed_of(kind, fields), region);
        Self { keyring, region: region.map(str::to_owned), tokens, boxed: None }
    }

    /// The tokens and the box of a record of these fields that comes into being now, under this legal order (empty where it is not known).
    pub fn record(app: &App, kind: &Kind, fields: &Fields, law: &str, owner: Owner) -> Result<Self> {
        let tokens = Self::tokens(app.keyring(), kind, fields, super::region(law));
        if trail::BARE {
            return Ok(tokens);
        }
        let env = app.env();
        let (id, key, drawn, created) = (RecordId::mint(env), KeyId::mint(env), RecordKey::random(env), env.now());
        let facts = Facts::default();
        let attested = Attested { created, owner: owner.0, team: owner.1, law, class: Class::Personal, facts: &facts };
        let body = Body::new(sealed_of(kind, fields), env).attesting(&attested);
        let commitments = body.commitments_but_open(&kind.key)?;
        let bytes = vault::seal(&drawn, &box_context(key, id, 1), &body.encode(), env);
        let boxed = Boxed { id, key, created, drawn, owner, law: law.to_owned(), body, commitments, bytes };
        Ok(Self { boxed: Some(Arc::new(boxed)), ..tokens })
    }

    /// The tokens, if they are still what they would be: the keys were not turned meanwhile, nor is it about another country after all.
    pub fn good(&self, keyring: &Arc<Keyring>, region: Option<&str>) -> Option<&[i64]> {
        (Arc::ptr_eq(&self.keyring, keyring) && self.region.as_deref() == region).then_some(&self.tokens)
    }

    /// Whether it was made of these sealed fields.
    pub(super) fn is_of(&self, sealed: &Fields) -> bool {
        self.boxed.as_ref().is_none_or(|boxed| boxed.body.sealed == *sealed)
    }

    /// The box, if this is so too; [`Ahead::is_of`] the record it must be. Its facts must be none, its class the usual one, and it comes into being now.
    pub(super) fn boxed(&self, law: &str, owner: Owner) -> Option<&Arc<Boxed>> {
        self.boxed.as_ref().filter(|boxed| boxed.law == law && boxed.owner == owner)
    }
}

impl Boxed {
    /// The key it was sealed under, for the vault.
    pub fn drawn(&self) -> RecordKey {
        self.drawn.clone()
    }

    /// The payload's root and the box, of a record with these open fields.
    pub fn finish(&self, open: &Fields) -> Result<(Hash, Vec<u8>)> {
        Ok((self.body.payload_over(self.commitments.clone(), open)?, self.bytes.clone()))
    }
}

fn sealed_of(kind: &Kind, fields: &Fields) -> Fields {
    let sealed = fields.iter().filter(|(key, _)| kind.field(key).is_some_and(Field::is_sealed));
    sealed.map(|(key, value)| (key.clone(), value.clone())).collect()
}
