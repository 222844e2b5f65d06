//! The law as pure functions: retention decision, request deadlines and the state of consent.
//!
//! Nothing here reads a file, a clock or a database; nothing panics on any input. What is decided, and why, is returned as data.

mod calendar;
pub mod consent;
pub mod deadlines;
pub mod packs;
pub mod retention;

pub use calendar::{MonthDay, Period, Unit, parse_day, plus_days};
