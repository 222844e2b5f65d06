//! The slices: every operation of the product, one folder each, in the order in which they may call each other.
//!
//! A slice holds its operations (`mod.rs` and what it splits into), its statements (`sql.rs`), its events (`events.rs`), its jobs and tests.
//! Whoever calls (page, API, command line, job) calls the same operation and leaves the same evidence.

/// The privileges that permits are made of, for those above who permit and call; and the unit, for a page that reads several things under
/// one event.
pub mod permits {
    pub use trail::{Reach, Unit, permit::*};
}

pub mod identity;
pub mod notices;
pub mod service;
pub mod records;
pub mod search;
pub mod views;
pub mod timeline;
pub mod holds;
pub mod retention;
pub mod disposal;
pub mod evidence;
pub mod consent;
pub mod capture;
pub mod import;
pub mod duplicates;
pub mod requests;
pub mod export;
pub mod bulk;
pub mod segments;
pub mod reports;
pub mod dashboards;
pub mod backup;
pub mod mail;
pub mod campaigns;
pub mod automation;
