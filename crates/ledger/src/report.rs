//! What a verification found.

use serde::Serialize;

use crate::LeafKind;

/// What is known of one leaf's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The body is present, was opened and matches.
    Open,
    /// The stored box matches; it was not opened.
    Sealed,
    /// Destroyed on a person's request, with order, approvals and certificate in the tree.
    Erased,
    /// Destroyed because its time was over, with order and certificate in the tree.
    Expired,
    /// Neither present nor lawfully destroyed: a fault.
    Missing,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The index of the leaf; `None` when it concerns the whole.
    pub leaf: Option<u64>,
    /// What, in words without any content.
    pub what: String,
}

/// The outcome of a verification, as `probity verify --json` prints it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many leaves were looked at.
    pub leaves: u64,
    /// Present, opened, matching.
    pub open: u64,
    /// Present and matching, not opened.
    pub sealed: u64,
    /// Destroyed on request, with order and certificate.
    pub erased: u64,
    /// Destroyed when due, with order and certificate.
    pub expired: u64,
    /// Neither there nor lawfully gone.
    pub missing: u64,
    /// Everything that is wrong. Empty means the verification succeeded.
    pub faults: Vec<Fault>,
    /// The checkpoint that it was verified against, as the signed note; `None` when none could be trusted.
    pub checkpoint: Option<String>,
    /// The witnesses, of those the caller knows, that cosigned the checkpoint.
    pub witnesses: Vec<String>,
    /// Whether no anchor outside the operator vouches for the checkpoint: say so in red, never plain success.
    pub unanchored: bool,
}

impl Report {
    /// Without findings and without an anchor.
    pub fn new() -> Self {
        Self { unanchored: true, ..Self::default() }
    }

    /// Notes a fault.
    pub fn fault(&mut self, leaf: impl Into<Option<u64>>, what: impl Into<String>) {
        self.faults.push(Fault { leaf: leaf.into(), what: what.into() });
    }

    /// Adds the counts and faults of another part of the same verification.
    pub fn add(&mut self, part: Self) {
        self.leaves += part.leaves;
        self.open += part.open;
        self.sealed += part.sealed;
        self.erased += part.erased;
        self.expired += part.expired;
        self.missing += part.missing;
        self.faults.extend(part.faults);
    }

    /// Counts one leaf's verdict; a missing body is a fault as well.
    pub fn count(&mut self, leaf: u64, verdict: Verdict) {
        self.leaves += 1;
        let counter = match verdict {
            Verdict::Open => &mut self.open,
            Verdict::Sealed => &mut self.sealed,
            Verdict::Erased => &mut self.erased,
            Verdict::Expired => &mut self.expired,
            Verdict::Missing => &mut self.missing,
        };
        *counter += 1;
        if verdict == Verdict::Missing {
            self.fault(leaf, "the body is missing, and no order with its certificate explains it");
        }
    }

    /// Whether nothing is wrong. An unanchored success is still unanchored.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }
}

impl LeafKind {
    /// Whether it orders a destruction.
    pub const fn is_order(self) -> bool {
        matches!(self, Self::Order | Self::DayOrder)
    }
}
