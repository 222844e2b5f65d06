//! Hostile input to plain structures: mail, mbox, vCard, CSV and XLSX.
//!
//! Everything here is deterministic and bounded, never panics, and does no I/O but through the readers it is given.
//! Errors and warnings are stable words; they never carry a value from the input. Parsing is a derived view of bytes
//! that were stored before: it may be rerun at any time and gives the same answer.

pub mod charset;
pub mod date;
pub mod headers;
pub mod mail;
pub mod mbox;
pub mod table;
pub mod vcard;

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs third-party parsing code; a panic in it (a bug there) becomes `None` instead of taking the process along.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Gives a type that holds personal data a `Debug` that shows none of it.
macro_rules! opaque {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(‹personal›)"))
            }
        }
    )+};
}
pub(crate) use opaque;
