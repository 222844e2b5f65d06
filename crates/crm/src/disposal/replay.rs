//! An order as the vault's journal remembers it, for a copy of the data that was made before: what was destroyed since stays destroyed, and the
//! verifier decides over the very order that was given, by its own facts.

use std::collections::BTreeMap;

use kernel::{Error, KeyId, OrderId, RecordId, RequestId, Result};
use ledger::{LeafKind, canonical::Value as Cbor};
use store::args;
use trail::{Draft, Unit};

use super::{Cause, Stage, order::withdraw, rest::Rest, sheet::Sheet, sql};
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
pub(super) fn entry(
    unit: &mut Unit,
    order: OrderId,
    cause: &Cause,
    request: Option<RequestId>,
    sheet: &Sheet,
    items: &[Item],
) -> Result<Cbor> {
    let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
    let item = |i: &Item| Cbor::Array(vec![bytes(i.record.bytes()), Cbor::Int(i.doc), bytes(i.key.bytes()), Cbor::Text(i.fields.clone())]);
    let mut rest = Vec::new();
    for item in items.iter().filter(|item| !item.is_whole()) {
        rest.push(Rest::of(unit, item.record)?.to_cbor());
    }
    Ok(Cbor::Map(BTreeMap::from([
        ("order".to_owned(), bytes(order.bytes())),
        ("cause".to_owned(), Cbor::Text(cause.text())),
        ("request".to_owned(), request.map_or(Cbor::Null, |request| bytes(request.bytes()))),
        ("body".to_owned(), Cbor::Bytes(sheet.encode())),
        ("items".to_owned(), Cbor::Array(items.iter().map(item).collect())),
        ("rest".to_owned(), Cbor::Array(rest)),
    ])))
}

struct Entry {
    order: OrderId,
    cause: String,
    request: Option<RequestId>,
    body: Vec<u8>,
    items: Vec<Item>,
    rest: Vec<Rest>,
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
    let (Cbor::Bytes(order), Cbor::Text(cause), Cbor::Bytes(body)) = (map.get("order")?, map.get("cause")?, map.get("body")?) else {
        return None;
    };
    let (Cbor::Array(items), Cbor::Array(rest)) = (map.get("items")?, map.get("rest")?) else { return None };
    Some(Entry {
        order: OrderId::from_slice(order)?,
        cause: cause.clone(),
        request,
        body: body.clone(),
        items: items.iter().map(item).collect::<Option<_>>()?,
        rest: rest.iter().map(Rest::from_cbor).collect::<Option<_>>()?,
    })
}

/// Gives an order of the journal again where the data do not know it, in a unit that has witnessed its event; [`super::resume`] carries it out.
/// Answers how many records it destroys whole. The keys are gone already, so it stands where they are.
pub(crate) fn replay(unit: &mut Unit, entry: &Cbor) -> Result<u64> {
    let entry = read(entry).ok_or_else(|| Error::internal("an order in the vault's journal does not read"))?;
    if unit.maybe(sql::ORDER_FIND, &args![entry.order], |_| Ok(()))?.is_some() {
        return Ok(0);
    }
    let ordered = Sheet::decode(&entry.body)?.order;
    let leaf = unit.leaf(Draft {
        kind: LeafKind::Order,
        about: RecordId::from_bytes(*entry.order.bytes()),
        version: 0,
        subjects: Vec::new(),
        payload: ordered.root()?,
        box_hash: ledger::sha256(&entry.body),
    })?;
    let fields = ledger::Order::from_fields(&ordered.fields)?.fields;
    let now = unit.now();
    unit.run(sql::ORDER_INSERT, &args![entry.order, now, Stage::Shredded.as_str(), entry.cause, entry.request, entry.body, leaf])?;
    let (mut whole, mut rest) = (0, entry.rest);
    for item in entry.items {
        // A record that was made after the copy is not in it.
        let Some(row) = records::find(unit, item.record)? else { continue };
        unit.insert_many(sql::ITEM_INSERT, 5, &args![entry.order, item.record, item.doc, item.key, item.fields.as_str()])?;
        if !row.state.is_readable() {
            continue;
        }
        if item.is_whole() {
            withdraw(unit, item.record)?;
            whole += 1;
        } else if row.key == item.key
            && let Some(at) = rest.iter().position(|rest| rest.record == item.record)
        {
            rest.swap_remove(at).put(unit, &row, &fields)?;
        }
    }
    unit.standing_moved()?;
    Ok(whole)
}
