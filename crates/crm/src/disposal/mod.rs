//! The only door that destroys.
//!
//! Sweep, erasure and undo come through here: [`plan`] says what would happen, [`order()`] decides again under the records' locks and orders,
//! [`destroy`] carries the order out (keys, then bodies, then the certificate), [`resume`] completes what a crash interrupted.
//! Whatever instant a kill comes at: no certificate exists while anything is readable, nothing is destroyed without its order, and no key
//! is gone without its tombstone.

mod carry;
mod fate;
mod fields;
mod order;
mod proposal;
mod replay;
mod rest;
mod sheet;
pub(crate) mod sql;
mod steps;
mod sweep;
#[cfg(test)]
mod review_tests;
#[cfg(test)]
mod tests;
mod weigh;

use jiff::civil::Date;
use kernel::{BatchId, Error, RecordId, RequestId, Result};
use rules::retention::Decision;
use store::args;
use trail::{
    Permit, Unit,
    permit::{Dispose, HandleRequests, Import},
};

pub(crate) use carry::{carry_out, carry_out_each, unless_refused};
pub use fate::{approvals_needed, fate as fate_of, plan};
pub use fields::{destroy_fields, order_fields, order_redaction, redact_person};
pub use order::order;
pub use proposal::{
    Certified, Listed, Proposal, approve, certificates, order_proposed, orders, proposals, propose, propose_fields, withdraw,
};
pub(crate) use replay::replay;
pub use steps::{Stage, destroy, resume};
pub use sweep::{preview, sweep};
pub use weigh::{Asked, Page, Weighed, weigh, weighed};

/// The most records in one order.
pub const MOST: usize = 100;

/// Why something is destroyed; made only from the permit that it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause(Ground);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Ground {
    Erasure { request: RequestId, for_all: bool },
    Expiry,
    Undo(BatchId),
}

impl Cause {
    /// A person's accepted request for erasure.
    pub fn erasure(_: &Permit<HandleRequests>, request: RequestId) -> Self {
        Self(Ground::Erasure { request, for_all: false })
    }

    /// The same, and staff chose to erase what concerns other known people too for all of them.
    #[must_use]
    pub fn for_all(self) -> Self {
        match self.0 {
            Ground::Erasure { request, .. } => Self(Ground::Erasure { request, for_all: true }),
            other => Self(other),
        }
    }

    /// The retention period is over.
    pub fn expiry(_: &Permit<Dispose>) -> Self {
        Self(Ground::Expiry)
    }

    /// An import is taken back. Law, claims, contracts, holds and requests bind it; our own recommendations do not.
    pub fn undo(_: &Permit<Import>, batch: BatchId) -> Self {
        Self(Ground::Undo(batch))
    }

    /// `erasure`, `expiry` or `undo`.
    pub fn word(&self) -> &'static str {
        match self.0 {
            Ground::Erasure { .. } => "erasure",
            Ground::Expiry => "expiry",
            Ground::Undo(_) => "undo",
        }
    }

    /// The request it carries out.
    fn request(&self) -> Option<RequestId> {
        match self.0 {
            Ground::Erasure { request, .. } => Some(request),
            Ground::Expiry | Ground::Undo(_) => None,
        }
    }

    /// As stored with an order.
    fn text(&self) -> String {
        match &self.0 {
            Ground::Erasure { request, for_all: false } => format!("erasure {request}"),
            Ground::Erasure { request, for_all: true } => format!("erasure-for-all {request}"),
            Ground::Expiry => "expiry".to_owned(),
            Ground::Undo(batch) => format!("undo {batch}"),
        }
    }

    fn parse(text: &str) -> Result<Self> {
        let unknown = || Error::internal("an order of an unknown cause");
        let request = |id: &str| id.parse().map_err(|_| unknown());
        Ok(Self(match text.split_once(' ') {
            Some(("erasure", id)) => Ground::Erasure { request: request(id)?, for_all: false },
            Some(("erasure-for-all", id)) => Ground::Erasure { request: request(id)?, for_all: true },
            Some(("undo", id)) => Ground::Undo(id.parse().map_err(|_| unknown())?),
            None if text == "expiry" => Ground::Expiry,
            _ => return Err(unknown()),
        }))
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

impl Fate {
    /// The fields that go where not the whole record does.
    pub fn fields(&self) -> &[String] {
        if let Self::EraseFields(fields) = self { fields } else { &[] }
    }
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
    /// How many people other than the one who orders must approve first.
    pub approvals: usize,
    /// The known people it also concerns, beside the one who asks.
    pub others: Vec<RecordId>,
    /// The decision behind it; absent for what is gone.
    pub decision: Option<Decision>,
}

impl Planned {
    /// Whether all goes that is asked for: these fields, or with none named the whole record.
    pub fn goes(&self, fields: &[String]) -> bool {
        match &self.fate {
            Fate::Erase => true,
            Fate::EraseFields(gone) => !fields.is_empty() && fields.iter().all(|field| gone.contains(field)),
            _ => false,
        }
    }
}

/// Whether an address was erased on a person's request, so that it does not come back by an import. `normal` is the normalised form
/// ([`crate::records::index::exact_form`]). A keyed, truncated hash: ask a person before refusing anything on it.
pub fn is_suppressed(unit: &mut Unit, normal: &str) -> Result<bool> {
    let token = unit.app().keyring().tokens().suppression(normal);
    Ok(unit.maybe(sql::SUPPRESSED, &args![token.to_be_bytes()], |_| Ok(()))?.is_some())
}
