//! The evidence of one record as a bundle that is verified without any store: every version with its proof, its order and certificate if any.

use std::collections::BTreeMap;

use kernel::{Error, EventId, OrderId, RecordId, Result};
use ledger::{Bundle, Cover, Destruction, Hash, Item, Leaf, LeafKind, Part, Payload, Stored, canonical::Value as Cbor, derive_salt};
use store::args;
use trail::{App, Event, Permit, Privilege, Release, StoredTiles, Unit};

use super::{document, sql};
use crate::records::{self, Cell, Detail, Record};

struct Row {
    idx: u64,
    hash: Hash,
    leaf: Leaf,
    unit: EventId,
    about: RecordId,
    version: i64,
}

/// Everything the ledger says of one record, as far as the permit lets its fields be seen; the others are withheld, and proved all the same.
/// Event `evidence.exported`. Error: not_found when there is no such record in the permit's scope.
pub async fn bundle<P: Privilege + Clone>(app: &App, permit: &Permit<P>, record: RecordId) -> Result<Vec<u8>> {
    app.settle().await?;
    let (asked, permit) = (permit.actor.clone(), permit.clone());
    app.read(&asked, move |unit| gather(unit, &permit, record)).await
}

fn gather<P: Privilege>(unit: &mut Unit, permit: &Permit<P>, id: RecordId) -> Result<Release<Vec<u8>>> {
    let current = records::find(unit, id)?.filter(|row| permit.over(&row.kind.key).is_some()).ok_or_else(|| Error::not_found("record"))?;
    if current.state.is_readable() && !records::in_scope(permit, &current) && !records::was_within(unit, permit, &current)? {
        return Err(Error::not_found("record"));
    }
    let newest = current.version;
    let mut rows = leaves_of(unit, id)?;
    let mut documents: BTreeMap<u64, Payload> = BTreeMap::new();
    let mut links: BTreeMap<u64, Destruction> = BTreeMap::new();
    for order in unit.all(sql::ORDERS_OF_RECORD, &args![id], |row| row.get::<OrderId>(0))? {
        destroyed(unit, order, &mut rows, &mut documents, &mut links)?;
    }
    rows.sort_by_key(|row| row.idx);
    let mut shown = std::collections::BTreeSet::new();
    let mut items = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut item = shell(row);
        if let Some(recorded) = unit.recorded(row.unit)? {
            let salt = trail::event::about_salt(&recorded.salt, row.about, row.version);
            item.meta = Some(Part::open(salt, &trail::event::about(&recorded.header, row.about, row.version)));
        }
        item.payload = documents.remove(&row.idx);
        item.destruction = links.remove(&row.idx);
        if matches!(row.leaf.kind, LeafKind::Record | LeafKind::Reseal) {
            body(unit, permit, &current, row, &rows, &mut item, &mut shown)?;
        }
        items.push(item);
    }
    let (size, note) = unit.one(sql::NEWEST, &[], |row| Ok((row.get::<u64>(0)?, row.get::<String>(1)?)))?;
    items.retain(|item| item.index < size);
    let app = unit.app();
    let tiles = StoredTiles::new(unit.dialect())?;
    for item in &mut items {
        item.proof = ledger::inclusion_proof(&tiles, item.index, size)?;
    }
    let mut bundle = Bundle::under(app.signer().name(), &app.verifier().vkey(), &note);
    bundle.items = items;
    let event = Event::new("evidence.exported").fields(shown).records([(id, newest)]);
    unit.release(event, bundle.to_bytes()?)
}

fn shell(row: &Row) -> Item {
    Item {
        index: row.idx,
        leaf: row.leaf.encode().to_vec(),
        proof: Vec::new(),
        meta: None,
        subjects: Vec::new(),
        payload: None,
        stored: Stored::Nothing,
        destruction: None,
    }
}

fn leaves_of(unit: &mut Unit, about: RecordId) -> Result<Vec<Row>> {
    unit.all(sql::LEAVES_ABOUT, &args![about], |row| {
        Ok(Row {
            idx: row.get(0)?,
            hash: row.get(1)?,
            leaf: Leaf::decode(&row.get::<Vec<u8>>(2)?)?,
            unit: row.get(3)?,
            about,
            version: row.get(4)?,
        })
    })
}

/// A version's box and, where its key is there, what is in it.
fn body<P: Privilege>(
    unit: &mut Unit,
    permit: &Permit<P>,
    current: &records::StoredRecord,
    row: &Row,
    rows: &[Row],
    item: &mut Item,
    shown: &mut std::collections::BTreeSet<String>,
) -> Result<()> {
    let stored =
        if row.version == current.version { Some(current.clone()) } else { records::earlier(unit, current.clone(), row.version).ok() };
    let Some(stored) = stored.filter(|stored| !stored.sealed.is_empty()) else { return Ok(()) };
    let reseal = rows.iter().rev().find(|r| r.leaf.kind == LeafKind::Reseal && r.version == row.version);
    let newest = reseal.is_none_or(|newest| newest.idx == row.idx);
    if row.leaf.kind == LeafKind::Record || newest {
        let resealed = reseal.filter(|_| row.leaf.kind == LeafKind::Record).map(|r| r.idx);
        item.stored = Stored::Sealed { bytes: stored.sealed.clone(), resealed };
    }
    let Some(Record { row: stored, body }) = records::open(unit, stored)? else { return Ok(()) };
    let mut fields = body.opened(&stored.kind.key, &stored.open)?;
    let record = Record { row: stored, body };
    for (key, part) in &mut fields {
        let Some(field) = record.row.kind.field(key) else { continue };
        let visible =
            record.get(key).is_some_and(|value| matches!(records::cell(permit, &record.row, field, value, Detail::Whole), Cell::Shown(_)));
        if visible {
            shown.insert(key.clone());
        } else {
            *part = Part::Withheld { commitment: part.commitment(ledger::commit::FIELD) };
        }
    }
    let before = rows.iter().find(|r| r.leaf.kind == LeafKind::Record && r.version == row.version - 1).map(|r| r.hash);
    let own = rows.iter().find(|r| r.leaf.kind == LeafKind::Record && r.version == row.version).map(|r| r.hash);
    let payload = match (row.leaf.kind, own) {
        (LeafKind::Reseal, Some(own)) => {
            fields.insert("leaf".to_owned(), Part::open(records::reseal_salt(&own), &Cbor::Bytes(own.to_vec())));
            Payload { fields, previous: None }
        }
        _ => Payload { fields, previous: before },
    };
    // An earlier re-seal had other fields than the box that is there now.
    if payload.root()? == row.leaf.payload {
        item.payload = Some(payload);
    }
    Ok(())
}

/// The order, its approvals and certificate, and how each covered leaf of the record is tied to them.
fn destroyed(
    unit: &mut Unit,
    order: OrderId,
    rows: &mut Vec<Row>,
    documents: &mut BTreeMap<u64, Payload>,
    links: &mut BTreeMap<u64, Destruction>,
) -> Result<()> {
    let about = RecordId::from_bytes(*order.bytes());
    let bodies = unit.maybe(sql::ORDER, &args![order], |row| Ok((row.get::<Vec<u8>>(1)?, row.get::<Option<Vec<u8>>>(3)?)))?;
    let Some((order_body, Some(certificate_body))) = bodies else { return Ok(()) };
    let own = leaves_of(unit, about)?;
    let place = |kind: LeafKind| own.iter().find(|row| row.leaf.kind == kind).map(|row| row.idx);
    let (Some(ordered), Some(certified)) = (place(LeafKind::Order), place(LeafKind::Certificate)) else { return Ok(()) };
    documents.extend(shown_document(&order_body).map(|payload| (ordered, payload)));
    documents.extend(shown_document(&certificate_body).map(|payload| (certified, payload)));
    for (hash, said) in document::approvals(&order_body) {
        if let Some(row) = own.iter().find(|row| row.hash == hash) {
            documents.extend(shown_document(&said).map(|payload| (row.idx, payload)));
        }
    }
    let covered: Vec<Hash> = document::covered(&order_body).unwrap_or_default().into_iter().map(|(_, _, hash)| hash).collect();
    for row in rows.iter() {
        if let Some(position) = covered.iter().position(|hash| *hash == row.hash) {
            let path = Cover::prove(&covered, position);
            links.insert(row.idx, Destruction { order: ordered, certificate: certified, position: position as u64, path });
        }
    }
    rows.extend(own);
    Ok(())
}

fn shown_document(body: &[u8]) -> Option<Payload> {
    let (fields, seed) = document::parts(body)?;
    let fields = fields.into_iter().map(|(key, value)| {
        let part = Part::open(derive_salt(&seed, key.as_bytes()), &value);
        (key, part)
    });
    Some(Payload { fields: fields.collect(), previous: None })
}
