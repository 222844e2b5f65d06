//! Orders to destroy and their certificates, as the payload of their leaves: what a verifier without any store needs
//! to tell a lawful destruction from a loss.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Code, Error, Result};

use crate::{Hash, ProofError, canonical::Value, leaf_hash, merkle_root, path_in, verify_inclusion};

/// Why something was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// On a person's request.
    Erased,
    /// Because its retention period was over.
    Expired,
}

impl Outcome {
    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Erased => "erased",
            Self::Expired => "expired",
        }
    }
}

/// The leaves an order covers: the Merkle root over their hashes in the order's own order, and their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The root over `leaf_hash(covered leaf's hash)`.
    pub root: Hash,
    /// How many leaves are covered.
    pub count: u64,
}

impl Cover {
    /// Covers these leaf hashes.
    pub fn of(leaves: &[Hash]) -> Self {
        Self { root: merkle_root(&Self::entries(leaves)), count: leaves.len() as u64 }
    }

    /// The path that proves that the leaf at `position` is covered.
    pub fn prove(leaves: &[Hash], position: usize) -> Vec<Hash> {
        path_in(&Self::entries(leaves), position)
    }

    /// Verifies that `leaf` (its hash) is covered at `position`.
    pub fn verify(&self, leaf: &Hash, position: u64, path: &[Hash]) -> Result<(), ProofError> {
        verify_inclusion(&leaf_hash(leaf), position, self.count, path, &self.root)
    }

    fn entries(leaves: &[Hash]) -> Vec<Hash> {
        leaves.iter().map(|leaf| leaf_hash(leaf)).collect()
    }
}

/// An order to destroy. Its fields hold no customer value and are never sealed under a key that it destroys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its identifier, which its approvals name.
    pub id: Vec<u8>,
    /// Who ordered it.
    pub by: String,
    /// Why.
    pub outcome: Outcome,
    /// What it covers.
    pub cover: Cover,
    /// Which fields; empty for the whole record.
    pub fields: Vec<String>,
    /// The identifiers of the records, where the order names them.
    pub records: Vec<Vec<u8>>,
    /// The leaf hashes of the approvals.
    pub approvals: Vec<Hash>,
    /// The identifiers of the keys to destroy.
    pub keys: Vec<Vec<u8>>,
    /// The facts and rules that decided, to decide again.
    pub facts: Value,
}

/// One person's approval of an order, with a leaf of its own that stands before the order's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The identifier of the order.
    pub order: Vec<u8>,
    /// Who approved.
    pub by: String,
    /// What they approved. `None` in approvals that were given before it was said: they hold for whole records alone.
    pub scope: Option<Scope>,
}

/// What an approval is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The identifiers of the records.
    pub records: Vec<Vec<u8>>,
    /// Which fields; empty for the whole records.
    pub fields: Vec<String>,
}

impl Scope {
    /// Whether an order destroys nothing but this: its records, and no field beyond these.
    pub fn holds_for(&self, order: &Order) -> bool {
        let set = |records: &[Vec<u8>]| records.iter().cloned().collect::<BTreeSet<_>>();
        let fields = if self.fields.is_empty() || order.fields.is_empty() {
            self.fields.is_empty() && order.fields.is_empty()
        } else {
            order.fields.iter().all(|field| self.fields.contains(field))
        };
        fields && set(&self.records) == set(&order.records)
    }
}

/// The certificate that an order was carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The leaf hash of the order.
    pub order: Hash,
    /// The identifiers of the keys that were destroyed: those of the order.
    pub keys: Vec<Vec<u8>>,
}

/// How one leaf of a bundle is tied to its destruction.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destruction {
    /// The index of the order's leaf, an item of the same bundle.
    pub order: u64,
    /// The index of the certificate's leaf, an item of the same bundle.
    pub certificate: u64,
    /// The leaf's place in the order's cover.
    pub position: u64,
    /// The path from there to the cover's root.
    #[serde(with = "crate::wire::hashes")]
    pub path: Vec<Hash>,
}

fn bytes_list(items: impl IntoIterator<Item = Vec<u8>>) -> Value {
    Value::Array(items.into_iter().map(Value::Bytes).collect())
}

/// Reads the values of a payload by name, with one error for all that is wrong.
struct Fields<'a>(&'a BTreeMap<String, Value>, &'static str);

impl<'a> Fields<'a> {
    fn fail(&self, key: &str) -> Error {
        Error::new(Code::Malformed, format!("{} in the ledger is not readable: its {key} is absent or not as expected.", self.1))
    }
    fn get<T>(&self, key: &str, read: impl FnOnce(&'a Value) -> Option<T>) -> Result<T> {
        self.0.get(key).and_then(read).ok_or_else(|| self.fail(key))
    }
    fn list<T>(&self, key: &str, read: impl Fn(&'a Value) -> Option<T>) -> Result<Vec<T>> {
        self.get(key, |value| if let Value::Array(values) = value { values.iter().map(read).collect() } else { None })
    }
}

fn bytes(value: &Value) -> Option<Vec<u8>> {
    if let Value::Bytes(bytes) = value { Some(bytes.clone()) } else { None }
}

fn hash(value: &Value) -> Option<Hash> {
    bytes(value)?.try_into().ok()
}

fn text(value: &Value) -> Option<String> {
    if let Value::Text(text) = value { Some(text.clone()) } else { None }
}

impl Order {
    /// The fields of the order's payload, each to be committed to like a record's; the writer may add further ones.
    pub fn to_fields(&self) -> BTreeMap<String, Value> {
        let mut fields = BTreeMap::from([
            ("order".to_owned(), Value::Bytes(self.id.clone())),
            ("by".to_owned(), Value::Text(self.by.clone())),
            ("outcome".to_owned(), Value::Text(self.outcome.as_str().to_owned())),
            ("cover".to_owned(), Value::Bytes(self.cover.root.to_vec())),
            ("count".to_owned(), Value::Int(i64::try_from(self.cover.count).unwrap_or(i64::MAX))),
            ("fields".to_owned(), Value::Array(self.fields.iter().cloned().map(Value::Text).collect())),
            ("approvals".to_owned(), bytes_list(self.approvals.iter().map(|hash| hash.to_vec()))),
            ("keys".to_owned(), bytes_list(self.keys.iter().cloned())),
            ("facts".to_owned(), self.facts.clone()),
        ]);
        if !self.records.is_empty() {
            fields.insert("records".to_owned(), bytes_list(self.records.iter().cloned()));
        }
        fields
    }

    /// Reads the fields of an order's payload. Error: malformed.
    pub fn from_fields(fields: &BTreeMap<String, Value>) -> Result<Self> {
        let fields = Fields(fields, "An order");
        Ok(Self {
            id: fields.get("order", bytes)?,
            by: fields.get("by", text)?,
            outcome: fields.get("outcome", |value| {
                [Outcome::Erased, Outcome::Expired].into_iter().find(|o| text(value).as_deref() == Some(o.as_str()))
            })?,
            cover: Cover {
                root: fields.get("cover", hash)?,
                count: fields.get("count", |value| if let Value::Int(n) = value { u64::try_from(*n).ok() } else { None })?,
            },
            fields: fields.list("fields", text)?,
            records: if fields.0.contains_key("records") { fields.list("records", bytes)? } else { Vec::new() },
            approvals: fields.list("approvals", hash)?,
            keys: fields.list("keys", bytes)?,
            facts: fields.get("facts", |value| Some(value.clone()))?,
        })
    }
}

impl Order {
    /// How many distinct people other than the one who ordered it approved; an error when an approval is that of another order, or of other
    /// records or fields. That each approval's leaf stands before the order's is for the caller to know.
    pub fn approvers<'a>(&self, approvals: impl IntoIterator<Item = &'a Approval>) -> Result<usize, &'static str> {
        let mut people = BTreeSet::new();
        for approval in approvals {
            if approval.order != self.id {
                return Err("an approval of its destruction is that of another order");
            }
            if !approval.scope.as_ref().map_or(self.fields.is_empty(), |scope| scope.holds_for(self)) {
                return Err("an approval of its destruction is for other records or fields");
            }
            people.insert(approval.by.as_str());
        }
        people.remove(self.by.as_str());
        Ok(people.len())
    }
}

impl Approval {
    /// The fields of the approval's payload; the writer may add further ones (when, why).
    pub fn to_fields(&self) -> BTreeMap<String, Value> {
        let mut fields =
            BTreeMap::from([("order".to_owned(), Value::Bytes(self.order.clone())), ("by".to_owned(), Value::Text(self.by.clone()))]);
        if let Some(Scope { records, fields: named }) = &self.scope {
            fields.insert("records".to_owned(), bytes_list(records.iter().cloned()));
            fields.insert("fields".to_owned(), Value::Array(named.iter().cloned().map(Value::Text).collect()));
        }
        fields
    }

    /// Reads the fields of an approval's payload. Error: malformed.
    pub fn from_fields(fields: &BTreeMap<String, Value>) -> Result<Self> {
        let fields = Fields(fields, "An approval");
        let scope = match fields.0.contains_key("records") || fields.0.contains_key("fields") {
            true => Some(Scope { records: fields.list("records", bytes)?, fields: fields.list("fields", text)? }),
            false => None,
        };
        Ok(Self { order: fields.get("order", bytes)?, by: fields.get("by", text)?, scope })
    }
}

impl Certificate {
    /// The fields of the certificate's payload; the writer may add further ones (method, copies covered, dates).
    pub fn to_fields(&self) -> BTreeMap<String, Value> {
        BTreeMap::from([
            ("order".to_owned(), Value::Bytes(self.order.to_vec())),
            ("keys".to_owned(), bytes_list(self.keys.iter().cloned())),
        ])
    }

    /// Reads the fields of a certificate's payload. Error: malformed.
    pub fn from_fields(fields: &BTreeMap<String, Value>) -> Result<Self> {
        let fields = Fields(fields, "A certificate");
        Ok(Self { order: fields.get("order", hash)?, keys: fields.list("keys", bytes)? })
    }
}
