//! Where people review: one proposes, others approve, each with a reason; then it is ordered.
//!
//! A proposal destroys nothing and withdraws nothing; it is decided again when it is ordered. The order has the proposal's id. It is over
//! whole records, or over some fields of one; what exactly was approved stands in the leaf of each approval.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Code, Error, Instant, OrderId, RecordId, RequestId, Result};
use ledger::{
    LeafKind,
    canonical::{self, Value as Cbor},
};
use store::{Row, args};
use trail::{Draft, Event, Permit, Unit, permit::Dispose};

use super::{
    Cause, MOST, fields, order,
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
    /// `open`, `ordered` or `withdrawn`.
    pub state: String,
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
    /// The fields of the one record; empty for whole records.
    pub fields: Vec<String>,
    /// Who approved, and when.
    pub approvals: Vec<(String, Instant)>,
    /// Who took it back or turned it down, when and why.
    pub ended: Option<(String, Instant, String)>,
}

pub(super) struct Stored {
    pub id: OrderId,
    pub at: Instant,
    pub state: String,
    pub cause: Cause,
    pub by: String,
    pub reason: String,
    pub records: Vec<RecordId>,
    pub fields: Vec<String>,
    pub approvals: Vec<Approval>,
    pub ended: Option<(String, Instant, String)>,
}

impl Stored {
    pub fn read(row: &Row) -> Result<Self> {
        let body: Vec<u8> = row.get(4)?;
        let Cbor::Map(map) = canonical::decode(&body)? else { return Err(unreadable()) };
        let (Some(Cbor::Text(by)), Some(Cbor::Array(ids))) = (map.get("by"), map.get("records")) else { return Err(unreadable()) };
        let id = |id: &Cbor| if let Cbor::Bytes(bytes) = id { RecordId::from_slice(bytes) } else { None };
        let word = |word: &Cbor| if let Cbor::Text(word) = word { Some(word.clone()) } else { None };
        let ended = |parts: &Cbor| match parts {
            Cbor::Array(parts) => match parts.as_slice() {
                [Cbor::Text(by), Cbor::Int(at), Cbor::Text(why)] => Some((by.clone(), Instant::from_micros(*at), why.clone())),
                _ => None,
            },
            _ => None,
        };
        // Of before there were proposals over fields.
        let fields = map
            .get("fields")
            .map_or(Some(Vec::new()), |fields| if let Cbor::Array(fields) = fields { fields.iter().map(word).collect() } else { None });
        Ok(Self {
            id: row.get(0)?,
            at: row.get(1)?,
            state: row.get(2)?,
            cause: Cause::parse(&row.get::<String>(3)?)?,
            by: by.clone(),
            reason: map.get("reason").and_then(word).unwrap_or_default(),
            records: ids.iter().map(id).collect::<Option<_>>().ok_or_else(unreadable)?,
            fields: fields.ok_or_else(unreadable)?,
            approvals: map.get("approvals").and_then(approvals_from).ok_or_else(unreadable)?,
            ended: map.get("ended").and_then(ended),
        })
    }

    fn body(&self) -> Vec<u8> {
        let ids = self.records.iter().map(|id| Cbor::Bytes(id.bytes().to_vec())).collect();
        let mut map = BTreeMap::from([
            ("by".to_owned(), Cbor::Text(self.by.clone())),
            ("reason".to_owned(), Cbor::Text(self.reason.clone())),
            ("records".to_owned(), Cbor::Array(ids)),
            ("fields".to_owned(), Cbor::Array(self.fields.iter().cloned().map(Cbor::Text).collect())),
            ("approvals".to_owned(), approvals_to(&self.approvals)),
        ]);
        if let Some((by, at, why)) = &self.ended {
            map.insert("ended".to_owned(), Cbor::Array(vec![Cbor::Text(by.clone()), Cbor::Int(at.micros()), Cbor::Text(why.clone())]));
        }
        canonical::encode(&Cbor::Map(map))
    }

    /// Whether this person may approve it: neither who proposed it, nor who approved before.
    pub fn awaits(&self, person: &str) -> bool {
        self.state == "open" && self.by != person && self.approvals.iter().all(|approval| approval.by != person)
    }

    /// What an approval of it is for.
    fn scope(&self) -> ledger::Scope {
        ledger::Scope { records: self.records.iter().map(|id| id.bytes().to_vec()).collect(), fields: self.fields.clone() }
    }

    pub fn shown(self) -> Proposal {
        Proposal {
            id: self.id,
            at: self.at,
            state: self.state,
            by: self.by,
            reason: self.reason,
            request: self.cause.request(),
            cause: self.cause.word(),
            records: self.records,
            fields: self.fields,
            approvals: self.approvals.into_iter().map(|approval| (approval.by, approval.at)).collect(),
            ended: self.ended,
        }
    }
}

fn unreadable() -> Error {
    Error::internal("a proposal does not read")
}

/// Proposes to destroy records that people are to review. Event `disposal.proposed`. Errors: not_found, too_large, invalid_input.
pub fn propose(unit: &mut Unit, cause: &Cause, ids: &[RecordId], reason: &str) -> Result<OrderId> {
    proposed(unit, cause, ids, Vec::new(), reason)
}

/// Proposes to destroy some fields of one record; the rest stays. Event `disposal.proposed`.
///
/// Errors: not_found; invalid_input for what is no field of its kind.
pub fn propose_fields(unit: &mut Unit, cause: &Cause, id: RecordId, fields: &[String], reason: &str) -> Result<OrderId> {
    let fields: BTreeSet<String> = fields.iter().cloned().collect();
    let kind = records::find(unit, id)?.ok_or_else(|| Error::not_found("record"))?.kind;
    fields::ensure_known(&kind, &fields)?;
    proposed(unit, cause, &[id], fields.into_iter().collect(), reason)
}

fn proposed(unit: &mut Unit, cause: &Cause, ids: &[RecordId], fields: Vec<String>, reason: &str) -> Result<OrderId> {
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
    let event = Event::new("disposal.proposed").word("order", id.to_string()).word("reason", &reason).fields(&fields);
    unit.witness(event.records(named))?;
    let proposal = Stored {
        id,
        at: unit.now(),
        state: "open".to_owned(),
        cause: cause.clone(),
        by: unit.actor().person(),
        reason,
        records: ids.to_vec(),
        fields,
        approvals: Vec::new(),
        ended: None,
    };
    unit.run(sql::PROPOSAL_INSERT, &args![id, proposal.at, cause.text(), proposal.body()])?;
    Ok(id)
}

/// Approves a proposal, with a leaf of its own. Event `disposal.approved`.
///
/// Errors: not_found; conflict when it is ordered already; second_person_required for the one who proposed, or approved before.
pub fn approve(unit: &mut Unit, permit: &Permit<Dispose>, id: OrderId, reason: &str) -> Result<()> {
    let reason = needed(reason)?;
    let mut proposal = open(unit, id)?;
    let by = permit.actor.person();
    if !proposal.awaits(&by) {
        return Err(Error::new(
            Code::SecondPersonRequired,
            "Another person must approve: neither who proposed it, nor who approved before.",
        ));
    }
    unit.witness(Event::new("disposal.approved").word("order", id.to_string()).word("reason", reason).fields(&proposal.fields))?;
    let mut fields = ledger::Approval { order: id.bytes().to_vec(), by: by.clone(), scope: Some(proposal.scope()) }.to_fields();
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

/// Orders a proposal that enough people approved: step 1, as [`super::order()`] or [`super::order_fields`], with their errors. Then call
/// [`super::destroy`]. Error besides: conflict when what was approved is not what the proposal says now.
pub fn order_proposed(unit: &mut Unit, _permit: &Permit<Dispose>, id: OrderId) -> Result<()> {
    let proposal = open(unit, id)?;
    let (body, scope) = (proposal.body(), proposal.scope());
    let said = |approval: &Approval| ledger::Approval::from_fields(&approval.said.fields).ok();
    // Approvals of before they said what they are for hold for whole records.
    let fits = |approval: &Approval| {
        said(approval).is_some_and(|said| {
            said.order == id.bytes() && said.by == approval.by && said.scope.map_or(scope.fields.is_empty(), |said| said == scope)
        })
    };
    if !proposal.approvals.iter().all(fits) {
        return Err(Error::new(Code::Conflict, "Its approvals are for something else than it says. Take it back and propose it anew."));
    }
    match (proposal.fields.as_slice(), proposal.records.as_slice()) {
        ([], records) => order::order_as(unit, id, &proposal.cause, records, proposal.approvals)?,
        (some, [record]) => fields::order_fields_as(unit, id, &proposal.cause, *record, some, proposal.approvals)?,
        _ => return Err(unreadable()),
    }
    unit.run(sql::PROPOSAL_UPDATE, &args![id, "ordered", body]).map(drop)
}

/// Takes a proposal back, or turns it down, with a reason. Event `disposal.withdrawn`.
///
/// Errors: not_found; conflict when it is ordered already; invalid_input without a reason.
pub fn withdraw(unit: &mut Unit, permit: &Permit<Dispose>, id: OrderId, reason: &str) -> Result<()> {
    let reason = needed(reason)?;
    let mut proposal = open(unit, id)?;
    unit.witness(Event::new("disposal.withdrawn").word("order", id.to_string()).word("reason", &reason))?;
    proposal.ended = Some((permit.actor.person(), unit.now(), reason));
    unit.run(sql::PROPOSAL_UPDATE, &args![id, "withdrawn", proposal.body()]).map(drop)
}

/// The proposals that wait for approvals or for being ordered, the newest first. Nothing is opened.
pub fn proposals(unit: &mut Unit, _permit: &Permit<Dispose>) -> Result<Vec<Proposal>> {
    Ok(unit.all(sql::PROPOSALS, &[], Stored::read)?.into_iter().map(Stored::shown).collect())
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

/// A certificate of destruction, as lists show it.
#[derive(Clone, Debug)]
pub struct Certified {
    /// The order it certifies.
    pub id: OrderId,
    /// When it was certified.
    pub at: Instant,
    /// `erasure`, `expiry` or `undo`.
    pub cause: &'static str,
    /// The request that was carried out.
    pub request: Option<RequestId>,
}

/// Certificates before one, the newest first. Nothing is opened.
pub fn certificates(unit: &mut Unit, before: OrderId, most: usize) -> Result<Vec<Certified>> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    unit.all(sql::CERTIFICATES_BEFORE, &args![before, most], |row| {
        let cause = Cause::parse(&row.get::<String>(2)?)?.word();
        Ok(Certified { id: row.get(0)?, at: row.get(1)?, cause, request: row.get(3)? })
    })
}
