//! Cursors: where a page ended, sealed, so that an address tells nothing and nobody turns one into another.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Code, Error, Instant, KeyId, Result};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use trail::Unit;
use vault::Context;

/// How long a cursor lives.
const LIFE: Duration = Duration::from_secs(24 * 3600);
/// Longer texts are no cursors.
const LONGEST: usize = 8_000;

#[derive(Serialize, Deserialize)]
struct Sealed<T> {
    expires: Instant,
    place: T,
}

/// What a cursor is bound to: the question, who asks and for which purpose.
pub struct Binding([u8; 16]);

impl Binding {
    /// Binds to a question of this unit's actor.
    pub fn new(unit: &Unit, question: &impl Serialize) -> Result<Self> {
        let actor = unit.actor();
        let whole = serde_json::to_vec(&(actor.who.to_string(), actor.purpose.key, question)).map_err(Error::internal)?;
        let hash = ledger::sha256(&whole);
        let mut head = [0; 16];
        head.copy_from_slice(&hash[..16]);
        Ok(Self(head))
    }

    fn context(&self) -> Context<'static> {
        Context { key: KeyId::from_bytes([0; 16]), subject: self.0, version: 0, purpose: "cursor" }
    }

    /// Seals a place into a cursor.
    pub fn seal(&self, unit: &Unit, place: &impl Serialize) -> Result<String> {
        let plain = serde_json::to_vec(&Sealed { expires: unit.now().plus(LIFE), place }).map_err(Error::internal)?;
        let key = unit.app().keyring().derived("cursor");
        Ok(URL_SAFE_NO_PAD.encode(vault::seal(&key, &self.context(), &plain, unit.env())))
    }

    /// Opens a cursor. Error: malformed when it is not one, is not of this question, actor and purpose, or has expired.
    pub fn open<T: DeserializeOwned>(&self, unit: &Unit, cursor: &str) -> Result<T> {
        let refuse = |words: &str| Error::new(Code::Malformed, format!("{words} Begin again without a cursor."));
        let foreign = || refuse("This cursor belongs to another list, actor or purpose, or was changed.");
        let bytes = if cursor.len() <= LONGEST { URL_SAFE_NO_PAD.decode(cursor).ok() } else { None };
        let key = unit.app().keyring().derived("cursor");
        let plain = bytes.and_then(|bytes| vault::open(&key, &self.context(), &bytes).ok()).ok_or_else(foreign)?;
        let Sealed { expires, place } = serde_json::from_slice(&plain).map_err(|_| foreign())?;
        if expires < unit.now() { Err(refuse("This cursor has expired.")) } else { Ok(place) }
    }
}
