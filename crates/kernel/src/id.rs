//! Identifiers: one type each, UUIDv7 inside, Crockford base32 with a prefix outside.

use std::fmt;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a text is not an identifier of the expected type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected an identifier that starts with {}_ and has 26 letters or digits after it", self.prefix)
    }
}

impl std::error::Error for IdError {}

/// Writes 16 bytes as `prefix_` and 26 Crockford base32 characters (lower case), which sort as the bytes do.
pub fn encode(prefix: &str, bytes: &[u8; 16]) -> String {
    let mut n = u128::from_be_bytes(*bytes);
    let mut out = [b'0'; 26];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET[(n & 31) as usize];
        n >>= 5;
    }
    let mut text = String::with_capacity(prefix.len() + 27);
    text.push_str(prefix);
    text.push('_');
    text.extend(out.iter().map(|b| *b as char));
    text
}

/// Reads what [`encode`] wrote. Refuses another prefix, another length, other characters and values above 128 bits.
pub fn decode(prefix: &'static str, text: &str) -> Result<[u8; 16], IdError> {
    let fail = IdError { prefix };
    let digits = text.strip_prefix(prefix).and_then(|t| t.strip_prefix('_')).ok_or(fail)?;
    if digits.len() != 26 || digits.as_bytes()[0] > b'7' {
        return Err(fail);
    }
    let mut n: u128 = 0;
    for byte in digits.bytes() {
        let value = ALPHABET.iter().position(|a| *a == byte).ok_or(fail)?;
        n = (n << 5) | value as u128;
    }
    Ok(n.to_be_bytes())
}

/// Declares an identifier type. `id!(/// doc RecordId, "rec");`
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $name:ident, $prefix:literal) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// What stands before the underscore in its written form.
            pub const PREFIX: &'static str = $prefix;
            /// Mints a new identifier: a UUIDv7 from `env`'s clock and chance, so identifiers sort by their making.
            pub fn mint(env: &$crate::Env) -> Self { Self(env.uuid7()) }
            /// The identifier with these bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self { Self(bytes) }
            /// Its sixteen bytes, as stored.
            pub const fn bytes(&self) -> &[u8; 16] { &self.0 }
            /// The identifier in a stored column; `None` when it is not 16 bytes long.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> { bytes.try_into().ok().map(Self) }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&$crate::encode_id(Self::PREFIX, &self.0))
            }
        }
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { ::std::fmt::Display::fmt(self, f) }
        }
        impl ::std::str::FromStr for $name {
            type Err = $crate::IdError;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                $crate::decode_id(Self::PREFIX, text).map(Self)
            }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> ::std::result::Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> ::std::result::Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use crate::{Env, RecordId, UserId};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_id_reads_back_as_written(bytes: [u8; 16]) {
            let id = RecordId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<RecordId>().ok(), Some(id));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".{0,60}") { let _ = text.parse::<RecordId>(); }

        #[test]
        fn written_ids_sort_as_their_bytes(a: [u8; 16], b: [u8; 16]) {
            prop_assert_eq!(a.cmp(&b), RecordId::from_bytes(a).to_string().cmp(&RecordId::from_bytes(b).to_string()));
        }
    }

    #[test]
    fn an_id_of_another_type_is_refused() {
        let id = RecordId::mint(&Env::system());
        assert!(id.to_string().parse::<UserId>().is_err());
        assert!(id.to_string().to_uppercase().parse::<RecordId>().is_err());
    }
}
