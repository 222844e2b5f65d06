//! What happened, who did it, to which records, for which purpose: one event an operation.

use std::collections::BTreeMap;

use kernel::{EventId, Instant, KeyId, RecordId};
use ledger::{Salt, canonical::Value};

use vault::RecordKey;

use crate::Actor;

/// An event in the making. It never holds a customer's values: ids, versions, field keys, counts and words of our own.
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) name: &'static str,
    detail: BTreeMap<String, Value>,
    pub(crate) records: Vec<(RecordId, i64)>,
}

impl Event {
    /// An event with a name of the form `noun.past`.
    pub fn new(name: &'static str) -> Self {
        Self { name, detail: BTreeMap::new(), records: Vec::new() }
    }

    /// Adds a word of our own: an outcome, a rule's name, an identifier, a state.
    #[must_use]
    pub fn word(mut self, key: &str, word: impl Into<String>) -> Self {
        self.detail.insert(key.to_owned(), Value::Text(word.into()));
        self
    }

    /// Adds a count.
    #[must_use]
    pub fn count(mut self, key: &str, n: usize) -> Self {
        self.detail.insert(key.to_owned(), Value::Int(i64::try_from(n).unwrap_or(i64::MAX)));
        self
    }

    /// Names the fields that were shown, changed or searched.
    #[must_use]
    pub fn fields<S: AsRef<str>>(mut self, keys: impl IntoIterator<Item = S>) -> Self {
        let keys = keys.into_iter().map(|k| Value::Text(k.as_ref().to_owned())).collect();
        self.detail.insert("fields".to_owned(), Value::Array(keys));
        self
    }

    /// Names records and the versions that were shown or concerned. (A changed record is named by its leaf.)
    #[must_use]
    pub fn records(mut self, records: impl IntoIterator<Item = (RecordId, i64)>) -> Self {
        self.records.extend(records);
        self
    }

    /// The header that every commitment to this event covers.
    pub(crate) fn header(&self, id: EventId, at: Instant, actor: &Actor) -> Value {
        let text = |s: String| Value::Text(s);
        let mut map = BTreeMap::from([
            ("id".to_owned(), Value::Bytes(id.bytes().to_vec())),
            ("at".to_owned(), Value::Int(at.micros())),
            ("name".to_owned(), text(self.name.to_owned())),
            ("actor".to_owned(), text(actor.who.to_string())),
            ("purpose".to_owned(), text(actor.purpose.key.to_owned())),
            ("door".to_owned(), text(actor.door.to_owned())),
            ("detail".to_owned(), Value::Map(self.detail.clone())),
        ]);
        if let Some(session) = actor.session {
            map.insert("session".to_owned(), Value::Bytes(session.bytes().to_vec()));
        }
        if let Some(run) = actor.run {
            map.insert("run".to_owned(), Value::Bytes(run.to_vec()));
        }
        Value::Map(map)
    }
}

/// Puts the details of another event of the same unit into a header: lists are united, the higher count stands, words stay as they were.
pub(crate) fn join(header: &mut Value, other: Value) {
    let detail = |header: Value| if let Value::Map(mut map) = header { map.remove("detail") } else { None };
    let Some(Value::Map(more)) = detail(other) else { return };
    let Value::Map(header) = header else { return };
    let Some(Value::Map(mine)) = header.get_mut("detail") else { return };
    for (key, value) in more {
        match (mine.get_mut(&key), value) {
            (Some(Value::Array(mine)), Value::Array(more)) => {
                for value in more {
                    if !mine.contains(&value) {
                        mine.push(value);
                    }
                }
            }
            (Some(Value::Int(mine)), Value::Int(more)) => *mine = more.max(*mine),
            (Some(_), _) => {}
            (None, value) => drop(mine.insert(key, value)),
        }
    }
}

/// The list of records of an event, as committed and stored.
pub(crate) fn record_list(records: &[(RecordId, i64)]) -> Value {
    Value::Array(records.iter().map(|(id, v)| Value::Array(vec![Value::Bytes(id.bytes().to_vec()), Value::Int(*v)])).collect())
}

/// What the commitment of an event without record leaves covers: header and records.
pub fn whole(header: &Value, records: &[(RecordId, i64)]) -> Value {
    Value::Map(BTreeMap::from([("event".to_owned(), header.clone()), ("records".to_owned(), record_list(records))]))
}

/// What the meta of a record's leaf covers: the header, and which version of which record.
pub fn about(header: &Value, record: RecordId, version: i64) -> Value {
    Value::Map(BTreeMap::from([
        ("event".to_owned(), header.clone()),
        ("record".to_owned(), Value::Bytes(record.bytes().to_vec())),
        ("version".to_owned(), Value::Int(version)),
    ]))
}

/// The salt of a record leaf's meta, derived from the event's.
pub fn about_salt(salt: &Salt, record: RecordId, version: i64) -> Salt {
    let mut label = record.bytes().to_vec();
    label.extend(version.to_be_bytes());
    ledger::derive_salt(salt, &label)
}

/// An event as read back from the trail.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Its id.
    pub id: EventId,
    /// The header all commitments cover.
    pub header: Value,
    /// Its salt.
    pub salt: Salt,
    /// The records it names, with versions.
    pub records: Vec<(RecordId, i64)>,
}

/// Opens a stored event, for verification. `None` when it does not open under this key as this event.
pub fn open(key: &RecordKey, key_id: KeyId, id: EventId, sealed: &[u8]) -> Option<Recorded> {
    let plain = vault::open(key, &crate::unit::event_context(key_id, id), sealed).ok()?;
    Recorded::decode(id, &plain)
}

impl Recorded {
    pub(crate) fn encode(header: &Value, salt: &Salt, records: &[(RecordId, i64)]) -> Vec<u8> {
        ledger::canonical::encode(&Value::Map(BTreeMap::from([
            ("header".to_owned(), header.clone()),
            ("salt".to_owned(), Value::Bytes(salt.to_vec())),
            ("records".to_owned(), record_list(records)),
        ])))
    }

    pub(crate) fn decode(id: EventId, bytes: &[u8]) -> Option<Self> {
        let Value::Map(mut map) = ledger::canonical::decode(bytes).ok()? else { return None };
        let header = map.remove("header")?;
        let Value::Bytes(salt) = map.remove("salt")? else { return None };
        let Value::Array(list) = map.remove("records")? else { return None };
        let records = list.iter().map(|item| match item {
            Value::Array(pair) => match pair.as_slice() {
                [Value::Bytes(id), Value::Int(version)] => Some((RecordId::from_slice(id)?, *version)),
                _ => None,
            },
            _ => None,
        });
        Some(Self { id, header, salt: salt.try_into().ok()?, records: records.collect::<Option<_>>()? })
    }

    fn entry(&self, key: &str) -> Option<&Value> {
        if let Value::Map(map) = &self.header { map.get(key) } else { None }
    }

    /// A text of the header (`name`, `actor`, `purpose`, `door`).
    pub fn text(&self, key: &str) -> &str {
        if let Some(Value::Text(text)) = self.entry(key) { text } else { "" }
    }

    /// The run of a rule that did it.
    pub fn run(&self) -> Option<[u8; 16]> {
        if let Some(Value::Bytes(run)) = self.entry("run") { run.as_slice().try_into().ok() } else { None }
    }

    /// When it happened.
    pub fn at(&self) -> Instant {
        if let Some(Value::Int(at)) = self.entry("at") { Instant::from_micros(*at) } else { Instant::EPOCH }
    }

    /// The words, counts and field keys it holds.
    pub fn detail(&self) -> Option<&BTreeMap<String, Value>> {
        if let Some(Value::Map(map)) = self.entry("detail") { Some(map) } else { None }
    }

    /// The fields it names.
    pub fn fields(&self) -> Vec<&str> {
        match self.detail().and_then(|d| d.get("fields")) {
            Some(Value::Array(keys)) => keys.iter().filter_map(|k| if let Value::Text(k) = k { Some(k.as_str()) } else { None }).collect(),
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use catalogue::PURPOSES;
    use kernel::Env;

    use super::*;

    #[test]
    fn an_event_reads_back_as_recorded() {
        let env = Env::system();
        let (id, record) = (EventId::mint(&env), RecordId::mint(&env));
        let event = Event::new("record.read").fields(["name", "email"]).records([(record, 3)]).word("list", "people");
        let header = event.header(id, env.now(), &Actor::operator(&PURPOSES[0]));
        let bytes = Recorded::encode(&header, &[7; 32], &event.records);
        let back = Recorded::decode(id, &bytes).unwrap();
        assert_eq!((back.text("name"), back.fields(), back.records.clone()), ("record.read", vec!["name", "email"], vec![(record, 3)]));
        assert_eq!(whole(&back.header, &back.records), whole(&header, &event.records));
    }
}
