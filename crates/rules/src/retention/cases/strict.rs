//! Strict JSON: an object may not name a key twice, and every key must be taken by somebody.

use std::fmt;

use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use super::parse::Fault;

/// A JSON value in which no object names a key twice.
pub(super) struct Strict(pub Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = Strict;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, v: bool) -> Result<Strict, E> {
        Ok(Strict(v.into()))
    }

    fn visit_i64<E>(self, v: i64) -> Result<Strict, E> {
        Ok(Strict(v.into()))
    }

    fn visit_u64<E>(self, v: u64) -> Result<Strict, E> {
        Ok(Strict(v.into()))
    }

    fn visit_f64<E>(self, v: f64) -> Result<Strict, E> {
        Ok(Strict(v.into()))
    }

    fn visit_str<E>(self, v: &str) -> Result<Strict, E> {
        Ok(Strict(v.into()))
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict(Value::Null))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Strict, A::Error> {
        let mut items = Vec::new();
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Strict(items.into()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
        let mut object = Map::new();
        while let Some((key, Strict(value))) = map.next_entry::<String, Strict>()? {
            if object.contains_key(&key) {
                return Err(de::Error::custom(format!("the key {key} is there twice")));
            }
            object.insert(key, value);
        }
        Ok(Strict(object.into()))
    }
}

/// An object being read: keys are taken one by one, and [`Self::finish`] refuses what nobody took. `null` is as good as absent.
pub(super) struct Object {
    path: String,
    map: Map<String, Value>,
}

impl Object {
    pub fn new(path: impl Into<String>, value: Value) -> Result<Self, Fault> {
        let path = path.into();
        match value {
            Value::Object(map) => Ok(Self { path, map }),
            _ => Err(Fault::new(path, "must be an object")),
        }
    }

    pub fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub fn value(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key).filter(|v| !v.is_null())
    }

    /// As [`Self::value`], telling `null` from absent.
    pub fn given(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key)
    }

    /// A value read from text by `read`; `what` says what it should have been.
    pub fn read<T>(&mut self, key: &str, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Fault> {
        match self.value(key) {
            None => Ok(None),
            Some(value) => value.as_str().and_then(read).map(Some).ok_or_else(|| Fault::new(self.path(key), what)),
        }
    }

    pub fn text(&mut self, key: &str) -> Result<Option<String>, Fault> {
        self.read(key, "must be text", |t| Some(t.to_owned()))
    }

    pub fn bool(&mut self, key: &str) -> Result<Option<bool>, Fault> {
        match self.value(key) {
            None => Ok(None),
            Some(Value::Bool(yes)) => Ok(Some(yes)),
            Some(_) => Err(Fault::new(self.path(key), "must be true or false")),
        }
    }

    pub fn list<T>(&mut self, key: &str, mut read: impl FnMut(String, Value) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
        match self.value(key) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                items.into_iter().enumerate().map(|(i, item)| read(format!("{}[{i}]", self.path(key)), item)).collect()
            }
            Some(_) => Err(Fault::new(self.path(key), "must be a list")),
        }
    }

    pub fn texts(&mut self, key: &str) -> Result<Vec<String>, Fault> {
        self.list(key, |path, item| item.as_str().map(str::to_owned).ok_or_else(|| Fault::new(path, "must be text")))
    }

    pub fn require<T>(&self, key: &str, value: Option<T>) -> Result<T, Fault> {
        value.ok_or_else(|| Fault::new(self.path(key), "is missing"))
    }

    pub fn entries(self) -> impl Iterator<Item = (String, String, Value)> {
        let path = self.path;
        self.map.into_iter().map(move |(key, value)| (format!("{path}.{key}"), key, value))
    }

    pub fn finish(self) -> Result<(), Fault> {
        match self.map.keys().next() {
            None => Ok(()),
            Some(key) => Err(Fault::new(self.path(key), "is not a key that is known here")),
        }
    }
}
