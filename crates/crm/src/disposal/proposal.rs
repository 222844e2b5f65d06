//! Where people review: one proposes, others approve, each with a reason; then it is ordered.
//!
//! A proposal destroys nothing and withdraws nothing; it is decided again when it is ordered. The order has the proposal's id.

use std::collections::BTreeMap;

use kernel::{Code, Error, Instant, OrderId, RecordId, RequestId, Result};
use ledger::{
    LeafKind,
    canonical::{self, Value as Cbor},
};
use store::{Row, args};
use trail::{Draft, Event, Permit, Unit, permit::Dispose};

use super::{
    Cause, MOST, order,
    sheet::{Approval, Committed, approvals_from, approvals_to},
    sql,
};
use crate::records;

/// A proposal that waits.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Its id, and that of the order it becomes.
    pub id: OrderId,
    /// When it was made.
    pub at: Instant,
    /// Who made it.
    pub by: String,
    /// `erasure`, `expiry` or `undo`.
    pub cause: &'static str,
    /// The request it would carry out.
    pub request: Option<RequestId>,
    /// Why, in the words of who made it.
    pub reason: String,
    /// The records.
    pub records: Vec<RecordId>,
    /// Who approved, and when.
    pub approvals: Vec<(String, Instant)>,
}

struct Stored {
    id: OrderId,
    at: Instant,
    state: String,
    cause: Cause,
    by: String,
    reason: String,
    records: Vec<RecordId>,
    approvals: Vec<Approval>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        let body: Vec<u8> = row.get(4)?;
        let Cbor::Map(map) = canonical::decode(&body)? else { return Err(unreadable()) };
        let (Some(Cbor::Text(by)), Some(Cbor::Array(ids))) = (map.get("by"), map.get("records")) else { return Err(unreadable()) };
        let id = |id: &Cbor| if let Cbor::Bytes(bytes) = id { RecordId::from_slice(bytes) } else { None };
        Ok(Self {
            id: row.get(0)?,
            at: row.get(1)?,
            state: row.get(2)?,
            cause: Cause::parse(&row.get::<String>(3)?)?,
            by: by.clone(),
            reason: if let Some(Cbor::Text(reason)) = map.get("reason") { reason.clone() } else { String::new() },
            records: ids.iter().map(id).collect::<Option<_>>().ok_or_else(unreadable)?,
            approvals: map.get("approvals").and_then(approvals_from).ok_or_else(unreadable)?,
        })
    }

    fn body(&self) -> Vec<u8> {
        let ids = self.records.iter().map(|id| Cbor::Bytes(id.bytes().to_vec())).collect();
        canonical::encode(&Cbor::Map(BTreeMap::from([
            ("by".to_owned(), Cbor::Text(self.by.clone())),
            ("reason".to_owned(), Cbor::Text(self.reason.clone())),
            ("records".to_owned(), Cbor::Array(ids)),
            ("approvals".to_owned(), approvals_to(&self.approvals)),
        ])))
    }
}

fn unreadable() -> Error {
    Error::internal("a proposal does not read")
}

/// Proposes to destroy records that people are to review. Event `disposal.proposed`. Errors: not_found, too_large, invalid_input.
pub fn propose(unit: &mut Unit, cause: &Cause, ids: &[RecordId], reason: &str) -> Result<OrderId> {
    let reason = needed(reason)?;
    if ids.is_empty() || ids.len() > MOST {
        return Err(Error::new(Code::TooLarge, format!("Propose one to {MOST} records at once.")));
    }
    let id = OrderId::mint(unit.env());
    let mut named = Vec::with_capacity(ids.len());
    for record in ids {
        let row = records::find(unit, *record)?.filter(|row| row.state.is_readable()).ok_or_else(|| Error::not_found("record"))?;
        named.push((row.id, row.version));
    }
    unit.witness(Event::new("disposal.proposed").word("order", id.to_string()).word("reason", &reason).records(named))?;
    let (by, at) = (unit.actor().person(), unit.now());
    let proposal =
        Stored { id, at, state: "open".to_owned(), cause: cause.clone(), by, reason, records: ids.to_vec(), approvals: Vec::new() };
    unit.run(sql::PROPOSAL_INSERT, &args![id, at, cause.text(), proposal.body()])?;
    Ok(id)
}

/// Approves a proposal, with a leaf of its own. Event `disposal.approved`.
///
/// Errors: not_found; conflict when it is ordered already; second_person_required for the one who proposed, or approved before.
pub fn approve(unit: &mut Unit, permit: &Permit<Dispose>, id: OrderId, reason: &str) -> Result<()> {
    let reason = needed(reason)?;
    let mut proposal = open(unit, id)?;
    let by = permit.actor.person();
    if by == proposal.by || proposal.approvals.iter().any(|approval| approval.by == by) {
        return Err(Error::new(
            Code::SecondPersonRequired,
            "Another person must approve: neither who proposed it, nor who approved before.",
        ));
    }
    unit.witness(Event::new("disposal.approved").word("order", id.to_string()).word("reason", reason))?;
    let mut fields = ledger::Approval { order: id.bytes().to_vec(), by: by.clone() }.to_fields();
    fields.insert("at".to_owned(), Cbor::Int(unit.now().micros()));
    let said = Committed { fields, seed: unit.env().bytes() };
    let leaf = unit.leaf(Draft {
        kind: LeafKind::Approval,
        about: RecordId::from_bytes(*id.bytes()),
        version: 0,
        subjects: Vec::new(),
        payload: said.root()?,
        box_hash: ledger::ABSENT,
    })?;
    proposal.approvals.push(Approval { by, at: unit.now(), leaf, said });
    unit.run(sql::PROPOSAL_UPDATE, &args![id, "open", proposal.body()]).map(drop)
}

/// Orders a proposal that enough people approved: step 1, as [`super::order()`], with its errors. Then call [`super::destroy`].
pub fn order_proposed(unit: &mut Unit, _permit: &Permit<Dispose>, id: OrderId) -> Result<()> {
    let proposal = open(unit, id)?;
    let body = proposal.body();
    order::order_as(unit, id, &proposal.cause, &proposal.records, proposal.approvals)?;
    unit.run(sql::PROPOSAL_UPDATE, &args![id, "ordered", body]).map(drop)
}

/// Takes a proposal back. Event `disposal.withdrawn`. Errors: not_found; conflict when it is ordered already.
pub fn withdraw(unit: &mut Unit, _permit: &Permit<Dispose>, id: OrderId) -> Result<()> {
    let proposal = open(unit, id)?;
    unit.witness(Event::new("disposal.withdrawn").word("order", id.to_string()))?;
    unit.run(sql::PROPOSAL_UPDATE, &args![id, "withdrawn", proposal.body()]).map(drop)
}

/// The proposals that wait for approvals or for being ordered, the newest first. Nothing is opened.
pub fn proposals(unit: &mut Unit, _permit: &Permit<Dispose>) -> Result<Vec<Proposal>> {
    let stored = unit.all(sql::PROPOSALS, &[], Stored::read)?;
    let list = stored.into_iter().map(|p| Proposal {
        id: p.id,
        at: p.at,
        by: p.by,
        reason: p.reason,
        request: p.cause.request(),
        cause: p.cause.word(),
        records: p.records,
        approvals: p.approvals.into_iter().map(|approval| (approval.by, approval.at)).collect(),
    });
    Ok(list.collect())
}

fn open(unit: &mut Unit, id: OrderId) -> Result<Stored> {
    let found = store::dialect::lock(unit.dialect(), sql::PROPOSAL_FIND, &args![id], Stored::read)?.into_iter().next();
    let proposal = found.ok_or_else(|| Error::not_found("proposal"))?;
    if proposal.state != "open" {
        return Err(Error::new(Code::Conflict, "This proposal was ordered or taken back before."));
    }
    Ok(proposal)
}

fn needed(reason: &str) -> Result<String> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 2000 {
        return Err(Error::invalid(
            "/reason",
            "required",
            "Give a reason in a few words (at most 2000 characters), without anybody's data.",
        ));
    }
    Ok(reason.to_owned())
}

/// An order, as lists show it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id.
    pub id: OrderId,
    /// When it was ordered.
    pub at: Instant,
    /// `ordered`, `shredded`, `emptied` or `certified`.
    pub state: String,
    /// `erasure`, `expiry` or `undo`.
    pub cause: &'static str,
    /// The request it carries out.
    pub request: Option<RequestId>,
    /// When it was certified.
    pub certified: Option<Instant>,
}

/// The newest orders. Nothing is opened.
pub fn orders(unit: &mut Unit, most: usize) -> Result<Vec<Listed>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    unit.all(sql::ORDERS, &args![most], |row| {
        let cause = Cause::parse(&row.get::<String>(3)?)?.word();
        Ok(Listed { id: row.get(0)?, at: row.get(1)?, state: row.get(2)?, cause, request: row.get(4)?, certified: row.get(5)? })
    })
}
