//! Step 1: the order. Decided again under the records' locks; from here on nobody reads, holds or changes them.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{BlobId, Code, Error, Instant, KeyId, OrderId, RecordId, Result};
use ledger::{Cover, Hash, Leaf, LeafKind, canonical::Value as Cbor};
use rules::retention::Decision;
use store::args;
use trail::{Actor, Draft, Event, Unit};

use super::{
    Cause, Ground, MOST, Stage, fate,
    sheet::{Approval, Committed, Sheet},
    sql,
};
use crate::{
    records::{self, Record, StoredRecord, index},
    retention::{Case, Desk, case_to_cbor, rules_to_cbor},
    views,
};

/// A record that is decided and locked.
pub(super) struct Item {
    pub row: StoredRecord,
    pub case: Case,
    pub decision: Decision,
}

/// Step 1: decides again under the records' locks, withdraws them from sight and writes the order with its leaf. At most [`MOST`] records,
/// all or none. Event `record.destroying`; do not witness another one in this unit.
///
/// Errors: not_found; legal_hold; retention_floor with rule, citation and day; restricted; second_person_required where people review
/// (see [`super::propose`]); conflict when it was ordered before, or concerns other known people (see [`Cause::for_all`]); too_large.
pub fn order(unit: &mut Unit, cause: &Cause, ids: &[RecordId]) -> Result<OrderId> {
    let id = OrderId::mint(unit.env());
    order_as(unit, id, cause, ids, Vec::new())?;
    Ok(id)
}

/// As [`order`], for a proposal with its approvals.
pub(super) fn order_as(unit: &mut Unit, id: OrderId, cause: &Cause, ids: &[RecordId], approvals: Vec<Approval>) -> Result<()> {
    let desk = Desk::open(unit)?;
    let items = decided(unit, &desk, cause, ids)?;
    let needed = items.iter().map(|item| fate::approvals_needed(&desk, cause, &item.decision, &[])).max().unwrap_or(0);
    ensure_approved(unit.actor(), &approvals, needed)?;
    unit.witness(event(id, cause).records(items.iter().map(|item| (item.row.id, item.row.version))))?;
    let (mut suppress, mut blobs) = (BTreeSet::new(), BTreeMap::new());
    let records = records::open_all(unit, items.iter().map(|item| item.row.clone()).collect())?;
    for record in &records {
        remove_tokens(unit, record)?;
        if matches!(cause.0, Ground::Erasure { .. }) {
            suppress.extend(suppressed(unit, record));
        }
    }
    views::forget(unit, id, &records)?;
    for item in &items {
        blobs.extend(blobs_of(unit, item.row.id)?);
        withdraw(unit, item.row.id)?;
    }
    unit.standing_moved()?;
    // What a line stood on follows those that are left, unless it goes too.
    let bases: BTreeSet<RecordId> = items.iter().filter_map(|item| records::base_of(&item.row)).collect();
    let order = NewOrder { id, cause, items: &items, fields: &[], blobs, suppress, approvals };
    order.write(unit, &desk)?;
    records::follow(unit, bases)
}

pub(super) fn event(id: OrderId, cause: &Cause) -> Event {
    Event::new("record.destroying").word("order", id.to_string()).word("cause", cause.word())
}

/// Locks each record and decides it. The first that may not go refuses all.
fn decided(unit: &mut Unit, desk: &Desk, cause: &Cause, ids: &[RecordId]) -> Result<Vec<Item>> {
    // In the order of their ids, so that two who lock the same records wait for each other and never forever.
    let ids: BTreeSet<RecordId> = ids.iter().copied().collect();
    if ids.is_empty() {
        return Err(Error::invalid("/records", "required", "Name at least one record."));
    }
    if ids.len() > MOST {
        return Err(Error::new(Code::TooLarge, format!("One order destroys at most {MOST} records; make several.")));
    }
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        rows.push(locked(unit, cause, id)?);
    }
    let mut items = Vec::with_capacity(rows.len());
    let (judged, asker) = (fate::judge_each(unit, desk, cause, &rows)?, fate::asker(unit, cause)?);
    for (row, (case, decision)) in rows.into_iter().zip(judged) {
        if let Some(refusal) = fate::refusal(&fate::fate(cause, &decision)) {
            return Err(refusal);
        }
        let others = fate::others(cause, asker, &case).len();
        if others > 0 && !matches!(cause.0, Ground::Erasure { for_all: true, .. }) {
            let words = format!("It also concerns {others} other known people: redact it for this person, or choose to erase it for all.");
            return Err(Error::new(Code::Conflict, words));
        }
        items.push(Item { row, case, decision });
    }
    Ok(items)
}

/// Locks one record that may be ordered away for a cause.
pub(super) fn locked(unit: &mut Unit, cause: &Cause, id: RecordId) -> Result<StoredRecord> {
    let row = records::lock(unit, id)?.ok_or_else(|| Error::not_found("record"))?;
    if !row.state.is_readable() {
        return Err(Error::new(Code::Conflict, "Its destruction was ordered before."));
    }
    if let Ground::Undo(batch) = &cause.0
        && unit.maybe(sql::BATCH_MADE, &args![*batch, id], |_| Ok(()))?.is_none()
    {
        return Err(Error::not_found("record of this import"));
    }
    Ok(row)
}

/// Enough distinct people, none of them the one who orders.
pub(super) fn ensure_approved(actor: &Actor, approvals: &[Approval], needed: usize) -> Result<()> {
    let me = actor.person();
    let distinct: BTreeSet<&str> = approvals.iter().map(|approval| approval.by.as_str()).filter(|by| *by != me).collect();
    if distinct.len() < needed {
        let missing = needed - distinct.len();
        let words = format!("A review is set for this: propose it, and let {missing} more of those who may dispose approve it.");
        return Err(Error::new(Code::SecondPersonRequired, words));
    }
    Ok(())
}

/// Takes a record out of the token index, which finds its tokens by nothing but themselves.
pub(super) fn remove_tokens(unit: &mut Unit, record: &Record) -> Result<()> {
    let row = &record.row;
    // What was merged into another is found by nothing.
    if row.facts.merged.is_some() {
        return Ok(());
    }
    let tokens = index::tokens(&unit.app().keyring().tokens(), &row.kind, &record.body.sealed, records::region(&row.law));
    store::tokens::remove(unit.dialect(), row.doc, &tokens)
}

/// The keyed hashes by which a person's addresses are recognised if they come back.
fn suppressed(unit: &Unit, record: &Record) -> Vec<i64> {
    let row = &record.row;
    let mut tokens = Vec::new();
    if !row.kind.is_person {
        return tokens;
    }
    let keyring = unit.app().keyring();
    for field in records::contact_fields(&row.kind) {
        for value in record.get(&field.key).map(catalogue::Value::each).unwrap_or_default() {
            tokens.push(keyring.tokens().suppression(&index::exact_form(field, &value.display(), records::region(&row.law))));
        }
    }
    tokens
}

/// Nobody reads, finds, holds or changes it from here.
pub(super) fn withdraw(unit: &mut Unit, id: RecordId) -> Result<()> {
    unit.run(records::sql::FACET_DELETE, &args![id])?;
    unit.run(sql::SORT_DELETE, &args![id])?;
    unit.run(records::sql::LINK_DELETE, &args![id])?;
    unit.run(sql::TIMELINE_DELETE, &args![id])?;
    unit.run(sql::NOTICE_DELETE, &args![id])?;
    unit.run(sql::PAIRS_DELETE, &args![id])?;
    unit.run(sql::DESTROYING, &args![id, Instant::from_micros(i64::MAX)]).map(drop)
}

pub(super) fn blobs_of(unit: &mut Unit, record: RecordId) -> Result<Vec<(BlobId, String)>> {
    unit.all(sql::BLOBS, &args![record], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The leaves that are about these records, their versions and re-seals, as they stand or will stand in the tree: a verifier without this
/// order's body finds the same list by the records alone.
fn leaves_of(unit: &mut Unit, items: &[Item]) -> Result<Vec<(RecordId, i64, Hash)>> {
    let mut leaves = Vec::new();
    for (waits, statement) in [(false, sql::LEAVES), (true, sql::LEAVES_PENDING)] {
        for Item { row: StoredRecord { id, .. }, .. } in items {
            let rows = unit.all(statement, &args![*id], |row| {
                let place = (waits, row.get::<i64>(3)?, row.get::<[u8; 16]>(4)?, row.get::<i64>(5)?);
                Ok((place, row.get::<i64>(0)?, row.get::<Hash>(1)?, row.get::<Vec<u8>>(2)?))
            })?;
            for (place, version, hash, data) in rows {
                if matches!(Leaf::decode(&data)?.kind, LeafKind::Record | LeafKind::Reseal) {
                    leaves.push((place, (*id, version, hash)));
                }
            }
        }
    }
    leaves.sort_unstable_by_key(|(place, _)| *place);
    Ok(leaves.into_iter().map(|(_, leaf)| leaf).collect())
}

fn keys_of(unit: &mut Unit, row: &StoredRecord) -> Result<BTreeSet<KeyId>> {
    let mut keys: BTreeSet<KeyId> = unit.all(sql::VERSION_KEYS, &args![row.id], |row| row.get(0))?.into_iter().collect();
    keys.insert(row.key);
    Ok(keys)
}

/// An order about to be written, in a unit that has witnessed its event.
pub(super) struct NewOrder<'a> {
    pub id: OrderId,
    pub cause: &'a Cause,
    pub items: &'a [Item],
    pub fields: &'a [String],
    pub blobs: BTreeMap<BlobId, String>,
    pub suppress: BTreeSet<i64>,
    pub approvals: Vec<Approval>,
}

impl NewOrder<'_> {
    /// Writes the order, its items and its leaf: before any leaf of what replaces the records, which it does not cover.
    pub(super) fn write(self, unit: &mut Unit, desk: &Desk) -> Result<()> {
        let (leaves, mut keys) = (leaves_of(unit, self.items)?, BTreeSet::new());
        for item in self.items {
            keys.extend(keys_of(unit, &item.row)?);
        }
        let cases: Vec<Case> = self.items.iter().map(|item| item.case.clone()).collect();
        let decided = self.items.iter().map(|item| case_to_cbor(desk, &item.case, &item.decision)).collect();
        let facts = Cbor::Map(BTreeMap::from([
            ("ground".to_owned(), Cbor::Text(self.cause.word().to_owned())),
            ("basis".to_owned(), rules_to_cbor(desk, &cases)),
            ("cases".to_owned(), Cbor::Array(decided)),
        ]));
        let hashes: Vec<Hash> = leaves.iter().map(|(_, _, hash)| *hash).collect();
        let order = ledger::Order {
            id: self.id.bytes().to_vec(),
            by: unit.actor().person(),
            outcome: if matches!(self.cause.0, Ground::Erasure { .. }) { ledger::Outcome::Erased } else { ledger::Outcome::Expired },
            cover: Cover::of(&hashes),
            fields: self.fields.to_vec(),
            records: self.items.iter().map(|item| item.row.id.bytes().to_vec()).collect(),
            approvals: self.approvals.iter().map(|approval| approval.leaf).collect(),
            keys: keys.iter().map(|key| key.bytes().to_vec()).collect(),
            facts,
        };
        let committed = Committed { fields: order.to_fields(), seed: unit.env().bytes() };
        let sheet = Sheet {
            order: committed,
            approvals: self.approvals,
            leaves,
            blobs: self.blobs.into_iter().collect(),
            suppress: self.suppress.into_iter().collect(),
        };
        let body = sheet.encode();
        let leaf = unit.leaf(Draft {
            kind: LeafKind::Order,
            about: RecordId::from_bytes(*self.id.bytes()),
            version: 0,
            subjects: Vec::new(),
            payload: sheet.order.root()?,
            box_hash: ledger::sha256(&body),
        })?;
        let request = if let Ground::Erasure { request, .. } = &self.cause.0 { Some(*request) } else { None };
        unit.run(sql::ORDER_INSERT, &args![self.id, unit.now(), Stage::Ordered.as_str(), self.cause.text(), request, body, leaf])?;
        let which = serde_json::to_string(self.fields).map_err(Error::internal)?;
        let rows: Vec<_> =
            self.items.iter().flat_map(|item| args![self.id, item.row.id, item.row.doc, item.row.key, which.as_str()]).collect();
        unit.insert_many(sql::ITEM_INSERT, 5, &rows)
    }
}
