//! Kinds, fields, classes, purposes and masks: the description of all data. Pure.
//!
//! Built-in kinds are the TOML files in `kinds/`; kinds and fields that users make have the same shape and are laid over them.
//! Everything generic (forms, lists, API, import, package, erasure) asks here and nowhere else.

mod builtin;
mod field;
mod handles;
mod kind;
mod mask;
mod pipeline;
mod purpose;
mod value;
mod whole;

pub use builtin::builtin;
pub use field::{Choice, Class, Field, FieldType, Index, Protection};
pub use handles::{case, company, deal, file, line, message, note, order, person, product, task, web_event};
pub use kind::{Catalogue, Kind, KindIn};
pub use mask::{EIGHT_DOTS, Mask};
pub use pipeline::{CloseReason, Outcome, PIPELINES_MAX, Pipeline, REASONS_MAX, ROTS_MAX, STAGES_MAX, Stage};
pub use purpose::{MARKETING, PURPOSES, Purpose, Purposes};
pub use value::{Address, Value, decimals};
pub use whole::{whole, whole_or_null};
