//! Evidence: recomputing everything, bundles, who saw a record, the auditor's answer, the log as it is served.

mod document;
mod log;
pub mod sql;
#[cfg(test)]
mod tests;
mod verify;

pub use log::{checkpoint, prove_inclusion, tile, tree_size};
pub use verify::{Options, Permits, Progress, Subject, verify, verify_subject};
