//! How hashes and bytes are written in a bundle's JSON: hashes in lower-case hex, bytes in base64.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A hash in hex.
#[derive(Clone, Copy)]
pub(crate) struct Hex(pub [u8; 32]);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let mut out = [0; 32];
        hex::decode_to_slice(String::deserialize(d)?, &mut out).map_err(|_| D::Error::custom("expected 64 hex digits"))?;
        Ok(Self(out))
    }
}

/// One hash.
pub(crate) mod hash {
    use super::*;
    pub(crate) fn serialize<S: Serializer>(hash: &[u8; 32], s: S) -> Result<S::Ok, S::Error> {
        Hex(*hash).serialize(s)
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<[u8; 32], D::Error> {
        Hex::deserialize(d).map(|hex| hex.0)
    }
}

/// A hash that may be absent.
pub(crate) mod maybe_hash {
    use super::*;
    pub(crate) fn serialize<S: Serializer>(hash: &Option<[u8; 32]>, s: S) -> Result<S::Ok, S::Error> {
        hash.map(Hex).serialize(s)
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<[u8; 32]>, D::Error> {
        Option::<Hex>::deserialize(d).map(|hex| hex.map(|hex| hex.0))
    }
}

/// Hashes in order.
pub(crate) mod hashes {
    use super::*;
    pub(crate) fn serialize<S: Serializer>(hashes: &[[u8; 32]], s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(hashes.iter().copied().map(Hex))
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<[u8; 32]>, D::Error> {
        Vec::<Hex>::deserialize(d).map(|hashes| hashes.into_iter().map(|hex| hex.0).collect())
    }
}

/// Bytes of any length.
pub(crate) mod bytes {
    use super::*;
    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&STANDARD.encode(bytes))
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(d)?).map_err(|_| D::Error::custom("expected base64"))
    }
}
