//! The only door that destroys.
//!
//! Sweep, erasure and undo come through here: [`plan`] says what would happen, [`order()`] decides again under the records' locks and orders,
//! [`destroy`] carries the order out (keys, then bodies, then the certificate), [`resume`] completes what a crash interrupted.

use jiff::civil::Date;
use kernel::{BatchId, Error, OrderId, RecordId, RequestId, Result};
use rules::retention::Decision;
use trail::{
    Actor, App, Permit, Unit,
    permit::{Dispose, HandleRequests, Import},
};

/// Why something is destroyed; made only from the permit that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause(pub(crate) Ground);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ground {
    Erasure(RequestId),
    Expiry,
    Undo(BatchId),
}

impl Cause {
    /// A person's accepted request for erasure.
    pub fn erasure(_: &Permit<HandleRequests>, request: RequestId) -> Self {
        Self(Ground::Erasure(request))
    }

    /// The retention period is over.
    pub fn expiry(_: &Permit<Dispose>) -> Self {
        Self(Ground::Expiry)
    }

    /// An import is taken back.
    pub fn undo(_: &Permit<Import>, batch: BatchId) -> Self {
        Self(Ground::Undo(batch))
    }
}

/// A rule that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// What people call the rule.
    pub rule: String,
    /// What a lawyer would look up.
    pub citation: String,
    /// The last day it keeps the record; absent while its period has not begun.
    pub until: Option<Date>,
}

/// What would become of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is destroyed.
    Erase,
    /// These fields are destroyed, the rest stays.
    EraseFields(Vec<String>),
    /// It is kept, readable for the legal purpose alone.
    Restrict(Bar),
    /// It is kept.
    Keep(Bar),
    /// A legal hold keeps it.
    Held,
    /// An open request, the clock, or the absence of any rule keeps it; in words.
    Waits(&'static str),
    /// It was destroyed already, or its destruction was ordered.
    Gone,
}

/// What would become of one record, and why.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The record.
    pub record: RecordId,
    /// Its kind's key.
    pub kind: String,
    /// What would become of it.
    pub fate: Fate,
    /// How many approvals by others it needs first.
    pub approvals: usize,
    /// The known people it also concerns, beside the one who asks.
    pub others: Vec<RecordId>,
    /// The decision behind it; absent for what is gone.
    pub decision: Option<Decision>,
}

/// The most records in one order.
pub const MOST: usize = 100;

/// What would become of these records, decided now. Changes nothing; opens nothing unless a rule runs from a birthday.
pub fn plan(unit: &mut Unit, cause: &Cause, records: &[RecordId]) -> Result<Vec<Planned>> {
    let _ = (unit, cause, records);
    Err(Error::internal("not carried out yet"))
}

/// Step 1: decides again under the records' locks, withdraws them from sight and writes the order with its leaf. At most [`MOST`] records,
/// all or none. Event `record.destroying`; do not witness another one in this unit.
///
/// Errors: legal_hold, retention_floor, restricted, second_person_required, not_found.
pub fn order(unit: &mut Unit, cause: &Cause, records: &[RecordId]) -> Result<OrderId> {
    let _ = (unit, cause, records);
    Err(Error::internal("not carried out yet"))
}

/// Step 1 for some fields of one record: every kept version is sealed again without them under a new key. Event `record.destroying`.
pub fn order_fields(unit: &mut Unit, cause: &Cause, record: RecordId, fields: &[String]) -> Result<OrderId> {
    let _ = (unit, cause, record, fields);
    Err(Error::internal("not carried out yet"))
}

/// Step 1 for one of several people in a record: their link, entry and known identifiers go, and with them the text and the originals.
pub fn order_redaction(unit: &mut Unit, cause: &Cause, record: RecordId, person: RecordId) -> Result<OrderId> {
    let _ = (unit, cause, record, person);
    Err(Error::internal("not carried out yet"))
}

/// Steps 2 and 3: destroys the keys, removes the bodies, certifies. Idempotent; may be called again at any time.
pub async fn destroy(app: &App, actor: &Actor, order: OrderId) -> Result<()> {
    let _ = (app, actor, order);
    Err(Error::internal("not carried out yet"))
}

/// Completes the orders that a crash interrupted; answers how many. Call it when the installation starts.
pub async fn resume(app: &App, actor: &Actor) -> Result<usize> {
    let _ = (app, actor);
    Err(Error::internal("not carried out yet"))
}
