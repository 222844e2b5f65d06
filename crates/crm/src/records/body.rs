//! A record's body: its fields as canonical bytes, its salts, and the commitments its leaf makes.

use std::collections::BTreeMap;

use catalogue::{Address, Class, Kind, Value};
use kernel::{Env, Error, Instant, RecordId, Result, UserId};
use ledger::{FieldCommitments, Hash, Salt, Seed, canonical, canonical::Value as Cbor, commit_field, derive_salt, payload_root};

use super::Facts;

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
    attested: BTreeMap<String, Cbor>,
}

/// Columns of a record that its payload commits to beside its fields: a row changed by hand no longer matches them.
#[derive(Clone, Copy, Debug)]
pub struct Attested<'a> {
    /// When it came into being.
    pub created: Instant,
    /// Who owns it.
    pub owner: Option<UserId>,
    /// Whose team it belongs to.
    pub team: Option<[u8; 16]>,
    /// The legal order.
    pub law: &'a str,
    /// Its class.
    pub class: Class,
    /// What retention was told of it.
    pub facts: &'a Facts,
}

impl Attested<'_> {
    fn entries(&self) -> BTreeMap<String, Cbor> {
        let bytes = |bytes: Option<[u8; 16]>| bytes.map_or(Cbor::Null, |b| Cbor::Bytes(b.to_vec()));
        BTreeMap::from([
            ("@created".to_owned(), Cbor::Int(self.created.micros())),
            ("@owner".to_owned(), bytes(self.owner.map(|id| *id.bytes()))),
            ("@team".to_owned(), bytes(self.team)),
            ("@law".to_owned(), Cbor::Text(self.law.to_owned())),
            ("@class".to_owned(), Cbor::Int(self.class.level())),
            ("@facts".to_owned(), Cbor::Text(self.facts.attested())),
        ])
    }
}

impl Body {
    /// A fresh body with a fresh seed.
    pub fn new(sealed: Fields, env: &Env) -> Self {
        Self { sealed, salts: Salts::Seed(env.bytes()), erased: BTreeMap::new(), attested: BTreeMap::new() }
    }

    /// This body, committing to columns of its record as well.
    #[must_use]
    pub fn attesting(mut self, columns: &Attested<'_>) -> Self {
        self.attested = columns.entries();
        self
    }

    /// The names of the attested columns that a row no longer agrees with.
    pub fn disagrees(&self, columns: &Attested<'_>) -> Vec<String> {
        let now = columns.entries();
        self.attested.iter().filter(|(key, value)| now.get(*key) != Some(value)).map(|(key, _)| key.clone()).collect()
    }

    fn committed(&self, kind: &str, open: &Fields) -> BTreeMap<String, Cbor> {
        let fields = self.sealed.iter().chain(open).map(|(key, value)| (key.clone(), to_cbor(value)));
        let attested = self.attested.iter().map(|(key, value)| (key.clone(), value.clone()));
        fields.chain(attested).chain([(KIND.to_owned(), Cbor::Text(kind.to_owned()))]).collect()
    }

    /// Whether a field's value was destroyed: its commitment alone is left.
    pub fn is_erased(&self, field: &str) -> bool {
        self.erased.contains_key(field)
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
        self.commit(&mut all, self.committed(kind, open))?;
        for (key, hash) in &self.erased {
            all.insert(key.as_str(), *hash)?;
        }
        Ok(all)
    }

    /// The commitments of a fresh body to everything but the open fields.
    pub(super) fn commitments_but_open(&self, kind: &str) -> Result<FieldCommitments> {
        self.commitments(kind, &Fields::new())
    }

    /// The root of a first version's payload, from the commitments to everything but these open fields.
    pub(super) fn payload_over(&self, mut all: FieldCommitments, open: &Fields) -> Result<Hash> {
        self.commit(&mut all, open.iter().map(|(key, value)| (key.clone(), to_cbor(value))))?;
        Ok(payload_root(&all, None))
    }

    fn commit(&self, all: &mut FieldCommitments, entries: impl IntoIterator<Item = (String, Cbor)>) -> Result<()> {
        let seed = if let Salts::Seed(seed) = &self.salts { Some(Seed::new(seed)) } else { None };
        for (key, value) in entries {
            let salt = seed.as_ref().map(|seed| seed.salt(key.as_bytes())).or_else(|| self.salt(&key));
            let salt = salt.ok_or_else(|| Error::internal("a field without its salt"))?;
            all.insert(key, commit_field(&salt, &value))?;
        }
        Ok(())
    }

    /// The root of a version's payload.
    pub fn payload(&self, kind: &str, open: &Fields, previous: Option<Hash>) -> Result<Hash> {
        if trail::BARE {
            return Ok(ledger::ABSENT);
        }
        Ok(payload_root(&self.commitments(kind, open)?, previous))
    }

    /// Every field of a version with salt and canonical value, for a bundle; erased ones as their commitment.
    pub fn opened(&self, kind: &str, open: &Fields) -> Result<BTreeMap<String, ledger::Part>> {
        let mut parts = BTreeMap::new();
        for (key, value) in self.committed(kind, open) {
            let salt = self.salt(&key).ok_or_else(|| Error::internal("a field without its salt"))?;
            parts.insert(key, ledger::Part::open(salt, &value));
        }
        for (key, hash) in &self.erased {
            parts.insert(key.clone(), ledger::Part::Withheld { commitment: *hash });
        }
        Ok(parts)
    }

    /// This body without some fields: their values and salts are gone, their commitments stay so that the rest can still be proved.
    pub fn without(&self, kind: &str, open: &Fields, fields: &[String]) -> Result<Self> {
        let commitments = self.commitments(kind, open)?;
        let gone = |key: &str| {
            fields.iter().any(|field| field == key) || (key == "@law" && fields.iter().any(|field| field == catalogue::person::COUNTRY))
        };
        let mut salts = BTreeMap::new();
        for (key, _) in commitments.iter() {
            if !gone(key)
                && let Some(salt) = self.salt(key)
            {
                salts.insert(key.to_owned(), salt);
            }
        }
        let mut erased = self.erased.clone();
        for (key, hash) in commitments.iter().filter(|(key, _)| gone(key)) {
            erased.insert(key.to_owned(), *hash);
        }
        // The legal order follows from the country: who erases one erases the other.
        let attested = self.attested.iter().filter(|(key, _)| !gone(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let sealed = self.sealed.iter().filter(|(key, _)| !fields.contains(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        Ok(Self { sealed, salts: Salts::Each(salts), erased, attested })
    }

    /// This body with other fields in it, under the same salts: what it commits to, with the open fields beside it, stays the same.
    #[must_use]
    pub(super) fn holding(&self, sealed: Fields) -> Self {
        Self { sealed, ..self.clone() }
    }

    /// Whether it keeps bare commitments of fields that were destroyed.
    pub fn has_erased(&self) -> bool {
        !self.erased.is_empty()
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
        if !self.attested.is_empty() {
            map.insert("a".to_owned(), Cbor::Map(self.attested.clone()));
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
        let attested = match map.remove("a") {
            None => BTreeMap::new(),
            Some(Cbor::Map(entries)) => entries,
            Some(_) => return Err(unreadable()),
        };
        Ok(Self { sealed: sealed.ok_or_else(unreadable)?, salts, erased, attested })
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
        fn a_body_proves_the_columns_it_attests_and_names_those_that_changed(created: i64, owner: [u8; 16], law in "[A-Z]{0,2}") {
            let facts = Facts::default();
            let (created, owner) = (Instant::from_micros(created), Some(UserId::from_bytes(owner)));
            let columns = Attested { created, owner, team: None, law: &law, class: Class::Personal, facts: &facts };
            let body = Body::new(Fields::new(), &Env::system()).attesting(&columns);
            let back = Body::decode(&body.encode()).unwrap();
            prop_assert_eq!(back.payload("person", &Fields::new(), None).unwrap(), body.payload("person", &Fields::new(), None).unwrap());
            prop_assert!(back.disagrees(&columns).is_empty());
            prop_assert_eq!(back.disagrees(&Attested { owner: None, ..columns }), vec!["@owner".to_owned()]);
            prop_assert_eq!(back.disagrees(&Attested { law: "XX-1", ..columns }), vec!["@law".to_owned()]);
            let unlabelled = Facts { tags: vec!["class:commercial-letter".to_owned()], ..Facts::default() };
            prop_assert_eq!(back.disagrees(&Attested { facts: &unlabelled, ..columns }), vec!["@facts".to_owned()]);
            prop_assert_eq!(back.disagrees(&Attested { class: Class::Public, ..columns }), vec!["@class".to_owned()]);
            let swept = Facts { unrestricted: Some(3), anonymised: Some(jiff::civil::date(2026, 1, 1)), review: vec!["note".to_owned()], ..Facts::default() };
            prop_assert_eq!(back.disagrees(&Attested { facts: &swept, ..columns }), Vec::<String>::new());
        }

        #[test]
        fn any_bytes_are_a_body_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) { let _ = Body::decode(&bytes); }
    }
}
