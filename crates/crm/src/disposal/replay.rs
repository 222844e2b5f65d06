//! An order as the vault's journal remembers it, for a copy of the data that was made before: what was destroyed since stays destroyed, and the
//! verifier decides over the very order that was given, by its own facts.

use std::collections::BTreeMap;

use kernel::{Error, KeyId, OrderId, RecordId, RequestId, Result};
use ledger::{LeafKind, canonical::Value as Cbor};
use store::args;
use trail::{Draft, Unit};

use super::{Cause, Stage, order::withdraw, sheet::Sheet, sql};
use crate::records;

/// A record of an order, as its row has it.
pub(super) struct Item {
    pub record: RecordId,
    pub doc: i64,
    pub key: KeyId,
    /// A JSON list; empty for the whole record.
    pub fields: String,
}

impl Item {
    pub fn read(row: &store::Row) -> Result<Self> {
        Ok(Self { record: row.get(0)?, fields: row.get(1)?, doc: row.get(2)?, key: row.get(3)? })
    }

    pub fn is_whole(&self) -> bool {
        self.fields == "[]"
    }
}

/// The journal's entry of an order.
pub(super) fn entry(order: OrderId, cause: &Cause, request: Option<RequestId>, sheet: &Sheet, items: &[Item]) -> Cbor {
    let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
    let item = |i: &Item| Cbor::Array(vec![bytes(i.record.bytes()), Cbor::Int(i.doc), bytes(i.key.bytes()), Cbor::Text(i.fields.clone())]);
    Cbor::Map(BTreeMap::from([
        ("order".to_owned(), bytes(order.bytes())),
        ("cause".to_owned(), Cbor::Text(cause.text())),
        ("request".to_owned(), request.map_or(Cbor::Null, |request| bytes(request.bytes()))),
        ("body".to_owned(), Cbor::Bytes(sheet.encode())),
        ("items".to_owned(), Cbor::Array(items.iter().map(item).collect())),
    ]))
}

struct Entry {
    order: OrderId,
    cause: String,
    request: Option<RequestId>,
    body: Vec<u8>,
    items: Vec<Item>,
}

fn read(entry: &Cbor) -> Option<Entry> {
    let Cbor::Map(map) = entry else { return None };
    let item = |item: &Cbor| match item {
        Cbor::Array(parts) => match parts.as_slice() {
            [Cbor::Bytes(record), Cbor::Int(doc), Cbor::Bytes(key), Cbor::Text(fields)] => {
                Some(Item { record: RecordId::from_slice(record)?, doc: *doc, key: KeyId::from_slice(key)?, fields: fields.clone() })
            }
            _ => None,
        },
        _ => None,
    };
    let request = match map.get("request")? {
        Cbor::Null => None,
        Cbor::Bytes(id) => Some(RequestId::from_slice(id)?),
        _ => return None,
    };
    match (map.get("order")?, map.get("cause")?, map.get("body")?, map.get("items")?) {
        (Cbor::Bytes(order), Cbor::Text(cause), Cbor::Bytes(body), Cbor::Array(items)) => Some(Entry {
            order: OrderId::from_slice(order)?,
            cause: cause.clone(),
            request,
            body: body.clone(),
            items: items.iter().map(item).collect::<Option<_>>()?,
        }),
        _ => None,
    }
}

/// Gives an order of the journal again where the data do not know it, in a unit that has witnessed its event; [`super::resume`] carries it out.
/// Answers how many records it destroys whole. The keys are gone already, so it stands where they are.
pub(crate) fn replay(unit: &mut Unit, entry: &Cbor) -> Result<u64> {
    let entry = read(entry).ok_or_else(|| Error::internal("an order in the vault's journal does not read"))?;
    if unit.maybe(sql::ORDER_FIND, &args![entry.order], |_| Ok(()))?.is_some() {
        return Ok(0);
    }
    let leaf = unit.leaf(Draft {
        kind: LeafKind::Order,
        about: RecordId::from_bytes(*entry.order.bytes()),
        version: 0,
        subjects: Vec::new(),
        payload: Sheet::decode(&entry.body)?.order.root()?,
        box_hash: ledger::sha256(&entry.body),
    })?;
    let now = unit.now();
    unit.run(sql::ORDER_INSERT, &args![entry.order, now, Stage::Shredded.as_str(), entry.cause, entry.request, entry.body, leaf])?;
    let mut whole = 0;
    for item in entry.items {
        // A record that was made after the copy is not in it.
        let Some(row) = records::find(unit, item.record)? else { continue };
        unit.insert_many(sql::ITEM_INSERT, 5, &args![entry.order, item.record, item.doc, item.key, item.fields.as_str()])?;
        if item.is_whole() && row.state.is_readable() {
            withdraw(unit, item.record)?;
            whole += 1;
        }
    }
    unit.standing_moved()?;
    Ok(whole)
}
