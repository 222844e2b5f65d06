//! Evidence: recomputing everything, bundles, who saw a record, the auditor's answer, the log as it is served.

mod anchor;
mod bundle;
mod certificate;
mod document;
mod jobs;
mod lately;
mod log;
mod seen;
pub mod sql;
mod stones;
#[cfg(test)]
mod tests;
mod verify;

pub(crate) use anchor::FORMER;
pub use anchor::{anchor, former_origins};
pub use bundle::bundle;
pub use certificate::{certificate, may_see_certificates};
pub use jobs::{VERIFY, handlers, last_report, verify_later};
pub use lately::{Opened, lately};
pub use log::{TreeState, Verified, checkpoint, prove_inclusion, tile, tree_size, tree_state};
pub use seen::{Look, MOST, PAGE_MAX, Page, Question, Seen, answer, by_actor, index, index_lags, indexed, latest, looked, page, seen};
pub(crate) use stones::adopt_tombstones;
pub use verify::{Options, Permits, Progress, Subject, verify, verify_subject};
