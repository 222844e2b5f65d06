//! A record's body: its fields as canonical bytes, its salts, and the commitments its leaf makes.

use std::collections::BTreeMap;

use catalogue::{Address, Kind, Value};
use kernel::{Env, Error, Instant, RecordId, Result};
use ledger::{FieldCommitments, Hash, Salt, canonical, canonical::Value as Cbor, commit_field, derive_salt, payload_root};

/// A record's fields by key.
pub type Fields = BTreeMap<String, Value>;

/// The entry of a payload that says of which kind the record is.
const KIND: &str = "@kind";

/// Where the salts of a version's commitments come from.
#[derive(Clone)]
enum Salts {
    /// All derived from one seed.
    Seed(Salt),
    /// Each kept by itself: some field was erased and its salt with it.
    Each(BTreeMap<String, Salt>),
}

/// What lies in a version's box: sealed fields, salts, and the commitments of erased fields.
#[derive(Clone)]
pub struct Body {
    /// The sealed fields.
    pub sealed: Fields,
    salts: Salts,
    erased: BTreeMap<String, Hash>,
}

impl Body {
    /// A fresh body with a fresh seed.
    pub fn new(sealed: Fields, env: &Env) -> Self {
        Self { sealed, salts: Salts::Seed(env.bytes()), erased: BTreeMap::new() }
    }

    /// The salt of one field's commitment; `None` when it was erased.
    pub fn salt(&self, field: &str) -> Option<Salt> {
        match &self.salts {
            Salts::Seed(seed) => Some(derive_salt(seed, field.as_bytes())),
            Salts::Each(salts) => salts.get(field).copied(),
        }
    }

    /// The commitments to every field of a version, open ones included.
    pub fn commitments(&self, kind: &str, open: &Fields) -> Result<FieldCommitments> {
        let mut all = FieldCommitments::new();
        let kind = Cbor::Text(kind.to_owned());
        let fields = self.sealed.iter().chain(open).map(|(key, value)| (key.as_str(), to_cbor(value)));
        for (key, value) in fields.chain([(KIND, kind)]) {
            let salt = self.salt(key).ok_or_else(|| Error::internal("a field without its salt"))?;
            all.insert(key, commit_field(&salt, &value))?;
        }
        for (key, hash) in &self.erased {
            all.insert(key.as_str(), *hash)?;
        }
        Ok(all)
    }

    /// The root of a version's payload.
    pub fn payload(&self, kind: &str, open: &Fields, previous: Option<Hash>) -> Result<Hash> {
        Ok(payload_root(&self.commitments(kind, open)?, previous))
    }

    /// Every field of a version with salt and canonical value, for a bundle; erased ones as their commitment.
    pub fn opened(&self, kind: &str, open: &Fields) -> Result<BTreeMap<String, ledger::Part>> {
        let kind = Cbor::Text(kind.to_owned());
        let fields = self.sealed.iter().chain(open).map(|(key, value)| (key.as_str(), to_cbor(value)));
        let mut parts = BTreeMap::new();
        for (key, value) in fields.chain([(KIND, kind)]) {
            let salt = self.salt(key).ok_or_else(|| Error::internal("a field without its salt"))?;
            parts.insert(key.to_owned(), ledger::Part::open(salt, &value));
        }
        for (key, hash) in &self.erased {
            parts.insert(key.clone(), ledger::Part::Withheld { commitment: *hash });
        }
        Ok(parts)
    }

    /// This body without some fields: their values and salts are gone, their commitments stay so that the rest can still be proved.
    pub fn without(&self, kind: &str, open: &Fields, fields: &[String]) -> Result<Self> {
        let commitments = self.commitments(kind, open)?;
        let mut salts = BTreeMap::new();
        for (key, _) in commitments.iter() {
            if !fields.iter().any(|f| f == key)
                && let Some(salt) = self.salt(key)
            {
                salts.insert(key.to_owned(), salt);
            }
        }
        let mut erased = self.erased.clone();
        for field in fields {
            if let Some(hash) = commitments.get(field) {
                erased.insert(field.clone(), *hash);
            }
        }
        let sealed = self.sealed.iter().filter(|(key, _)| !fields.contains(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        Ok(Self { sealed, salts: Salts::Each(salts), erased })
    }

    /// Its bytes, to be sealed.
    pub fn encode(&self) -> Vec<u8> {
        let fields = self.sealed.iter().map(|(key, value)| (key.clone(), to_cbor(value))).collect();
        let mut map = BTreeMap::from([("f".to_owned(), Cbor::Map(fields))]);
        let bytes =
            |hashes: &BTreeMap<String, [u8; 32]>| Cbor::Map(hashes.iter().map(|(k, h)| (k.clone(), Cbor::Bytes(h.to_vec()))).collect());
        match &self.salts {
            Salts::Seed(seed) => map.insert("s".to_owned(), Cbor::Bytes(seed.to_vec())),
            Salts::Each(salts) => map.insert("t".to_owned(), bytes(salts)),
        };
        if !self.erased.is_empty() {
            map.insert("x".to_owned(), bytes(&self.erased));
        }
        canonical::encode(&Cbor::Map(map))
    }

    /// Reads what [`Body::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let unreadable = || Error::internal("a record's body does not read");
        let Cbor::Map(mut map) = canonical::decode(bytes)? else { return Err(unreadable()) };
        let Some(Cbor::Map(fields)) = map.remove("f") else { return Err(unreadable()) };
        let sealed = fields.into_iter().map(|(key, value)| from_cbor(value).map(|v| (key, v))).collect::<Option<Fields>>();
        let salts = match (map.remove("s"), map.remove("t")) {
            (Some(Cbor::Bytes(seed)), None) => Salts::Seed(seed.try_into().map_err(|_| unreadable())?),
            (None, Some(each)) => Salts::Each(hashes(each).ok_or_else(unreadable)?),
            _ => return Err(unreadable()),
        };
        let erased = map.remove("x").map_or(Some(BTreeMap::new()), hashes).ok_or_else(unreadable)?;
        Ok(Self { sealed: sealed.ok_or_else(unreadable)?, salts, erased })
    }
}

fn hashes(value: Cbor) -> Option<BTreeMap<String, [u8; 32]>> {
    let Cbor::Map(map) = value else { return None };
    map.into_iter().map(|(key, value)| if let Cbor::Bytes(b) = value { Some((key, b.try_into().ok()?)) } else { None }).collect()
}

/// A value as canonical CBOR: what is sealed and what is committed to. Types that CBOR would confuse carry a tag.
pub fn to_cbor(value: &Value) -> Cbor {
    let tagged = |tag: &str, rest: Vec<Cbor>| Cbor::Array(std::iter::once(Cbor::Text(tag.to_owned())).chain(rest).collect());
    match value {
        Value::Text(text) => Cbor::Text(text.clone()),
        Value::Bool(b) => Cbor::Bool(*b),
        Value::Link(id) => Cbor::Bytes(id.bytes().to_vec()),
        Value::Number(n) => tagged("n", vec![Cbor::Int(*n)]),
        Value::Money { minor, currency } => tagged("m", vec![Cbor::Int(*minor), Cbor::Text(currency.clone())]),
        Value::Date(day) => tagged("d", vec![Cbor::Text(day.to_string())]),
        Value::Time(at) => tagged("t", vec![Cbor::Int(at.micros())]),
        Value::List(values) => tagged("l", values.iter().map(to_cbor).collect()),
        Value::Address(address) => {
            let parts = address.parts().into_iter().filter(|(_, text)| !text.is_empty());
            Cbor::Map(parts.map(|(key, text)| (key.to_owned(), Cbor::Text(text.to_owned()))).collect())
        }
    }
}

fn from_cbor(value: Cbor) -> Option<Value> {
    Some(match value {
        Cbor::Text(text) => Value::Text(text),
        Cbor::Bool(b) => Value::Bool(b),
        Cbor::Bytes(id) => Value::Link(RecordId::from_slice(&id)?),
        Cbor::Map(parts) => {
            let mut address = Address::default();
            for (key, part) in parts {
                let Cbor::Text(text) = part else { return None };
                address.set(&key, &text);
            }
            Value::Address(address)
        }
        Cbor::Array(items) => {
            let mut items = items.into_iter();
            let Cbor::Text(tag) = items.next()? else { return None };
            match (tag.as_str(), items.next(), items.next()) {
                ("n", Some(Cbor::Int(n)), None) => Value::Number(n),
                ("t", Some(Cbor::Int(at)), None) => Value::Time(Instant::from_micros(at)),
                ("d", Some(Cbor::Text(day)), None) => Value::Date(day.parse().ok()?),
                ("m", Some(Cbor::Int(minor)), Some(Cbor::Text(currency))) => Value::Money { minor, currency },
                ("l", first, second) => Value::List(first.into_iter().chain(second).chain(items).map(from_cbor).collect::<Option<_>>()?),
                _ => return None,
            }
        }
        Cbor::Null | Cbor::Int(_) => return None,
    })
}

/// Open fields as the text of their column.
pub fn open_text(open: &Fields) -> String {
    let map: serde_json::Map<_, _> = open.iter().map(|(key, value)| (key.clone(), value.to_json())).collect();
    serde_json::Value::Object(map).to_string()
}

/// Reads the text of the open column. Fields that the kind no longer describes are left out.
pub fn open_fields(kind: &Kind, text: &str) -> Result<Fields> {
    let map: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).map_err(Error::internal)?;
    let mut open = Fields::new();
    for (key, json) in map {
        if let Some(field) = kind.field(&key)
            && let Ok(Some(value)) = Value::parse(field, &json)
        {
            open.insert(key, value);
        }
    }
    Ok(open)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_value() -> impl Strategy<Value = Value> {
        let one = prop_oneof![
            ".{0,40}".prop_map(Value::Text),
            any::<i64>().prop_map(Value::Number),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|at| Value::Time(Instant::from_micros(at))),
            (any::<i64>(), "[A-Z]{3}").prop_map(|(minor, currency)| Value::Money { minor, currency }),
            any::<[u8; 16]>().prop_map(|id| Value::Link(RecordId::from_bytes(id))),
        ];
        prop_oneof![one.clone(), proptest::collection::vec(one, 1..4).prop_map(Value::List)]
    }

    proptest! {
        #[test]
        fn a_body_reads_back_as_written(fields in proptest::collection::btree_map("[a-z]{1,8}", any_value(), 0..6)) {
            let body = Body::new(fields.clone(), &Env::system());
            let back = Body::decode(&body.encode()).unwrap();
            prop_assert_eq!(&back.sealed, &fields);
            prop_assert_eq!(back.payload("person", &Fields::new(), None).unwrap(), body.payload("person", &Fields::new(), None).unwrap());
        }

        #[test]
        fn a_body_without_a_field_still_proves_the_rest(fields in proptest::collection::btree_map("[a-z]{1,8}", any_value(), 1..6), at: prop::sample::Index) {
            let body = Body::new(fields.clone(), &Env::system());
            let gone = at.get(&fields.keys().cloned().collect::<Vec<_>>()).clone();
            let rest = Body::decode(&body.without("person", &Fields::new(), std::slice::from_ref(&gone)).unwrap().encode()).unwrap();
            prop_assert!(!rest.sealed.contains_key(&gone));
            prop_assert!(rest.salt(&gone).is_none());
            prop_assert_eq!(rest.payload("person", &Fields::new(), None).unwrap(), body.payload("person", &Fields::new(), None).unwrap());
        }

        #[test]
        fn any_bytes_are_a_body_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) { let _ = Body::decode(&bytes); }
    }
}
