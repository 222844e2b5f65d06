//! Duplicates: recognised while somebody types, found over all there is, dismissed or merged, and a merge taken back.
//!
//! What is kept of a pair are ids, signs and a score. A merge destroys nothing: one record goes out of use with its key, its versions and
//! their leaves, what pointed to it points to the other, and all of it goes back when the merge is taken back.

mod find;
mod merge;
mod moving;
mod pairs;
mod scan;
mod signs;
mod sql;
#[cfg(test)]
mod tests;
mod weigh;

pub use find::{Alike, NAMED, check, check_rows};
pub use merge::{Asked, Back, Merged, MergedInto, merge, merged_into, parts, unmerge};
pub use pairs::{LIMIT_MAX, Listed, Page, dismiss, list};
pub use scan::{JOB, Scanned, after_import, ask, handlers, keep_up, scanned};
pub use signs::{LIKELY, Likeness, Sign, is_looked_for, telling_fields};
pub use weigh::{Choice, FieldChoice, Moves, Preview, Refusal, preview};

kernel::id!(
    /// A pair of records that look alike.
    DuplicateId, "dup"
);
kernel::id!(
    /// A merge of one record into another.
    MergeId, "mrg"
);
store::id_columns!(DuplicateId, MergeId);
