//! Nothing is disclosed or changed without its evidence: the installation, who acts, permits, units, events, the ledger's sequencer.

mod actor;
mod app;
mod committer;
pub mod event;
mod job;
mod nodes;
pub mod permit;
mod sequencer;
pub mod sql;
mod unit;

pub use actor::{Actor, Grant, Reach, Who};
pub use app::{App, Config, DATA_MIGRATIONS, ORIGIN, RESTORING, VAULT_MIGRATIONS, load_catalogue};
pub use event::{Event, Recorded};
pub use job::{Handler, Handlers, Job, JobRow};
pub use nodes::KEYS_NOW;
pub use permit::{Permit, Privilege, Scope};
pub use sequencer::{CLOCK_LEAPT, StoredTiles, boxes_hash, stream_name};
pub use unit::{DESTROYS_KEYS, Draft, Release, Unit, subject_salt};
pub use vault::BARE;
