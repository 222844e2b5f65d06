//! The law and the house's promises as pure functions: retention decision, request deadlines, the state of consent, service targets.
//!
//! Nothing here reads a file, a clock or a database; nothing panics on any input. What is decided, and why, is returned as data.

mod calendar;
pub mod consent;
pub mod deadlines;
pub mod packs;
pub mod retention;
pub mod service;

pub use calendar::{MonthDay, Period, Unit, parse_day, plus_days};
