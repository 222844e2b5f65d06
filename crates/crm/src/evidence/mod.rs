//! Evidence: recomputing everything, bundles, who saw a record, the auditor's answer, the log as it is served.

mod anchor;
mod document;
mod log;
pub mod sql;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use anchor::FORMER;
pub use anchor::{anchor, former_origins};
pub use log::{checkpoint, prove_inclusion, tile, tree_size};
pub(crate) use verify::journal_context;
pub use verify::{Options, Permits, Progress, Subject, verify, verify_subject};
