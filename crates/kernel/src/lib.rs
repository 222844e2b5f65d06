//! The words every other crate speaks: identifiers, time and chance, personal data that cannot print itself, errors.
//!
//! Nothing here knows a database, a record or a rule. See `docs/decisions/` for why each type exists.

mod env;
mod error;
mod id;
mod instant;
mod personal;

pub use env::{Env, FixedClock};
pub use error::{Code, Error, Problem, Result};
pub use id::{IdError, decode as decode_id, encode as encode_id};
pub use instant::Instant;
pub use personal::Personal;
#[doc(hidden)]
pub use uuid as __uuid;

id!(
    /// One record of any kind: a person, a message, a deal.
    RecordId, "rec"
);
id!(
    /// One event of the audit trail.
    EventId, "evt"
);
id!(
    /// A member of staff who can sign in.
    UserId, "usr"
);
id!(
    /// A signed-in browser.
    SessionId, "ses"
);
id!(
    /// An API key.
    ApiKeyId, "key"
);
id!(
    /// A key in the vault: of a record, a blob, a day of events, a user.
    KeyId, "vlt"
);
id!(
    /// One background job.
    JobId, "job"
);
id!(
    /// A legal hold.
    HoldId, "hld"
);
id!(
    /// A data subject's request.
    RequestId, "req"
);
id!(
    /// One run of an import or a capture.
    BatchId, "bat"
);
id!(
    /// An order to destroy, and the certificate that follows it.
    OrderId, "dst"
);
id!(
    /// A stored blob's own identity; its address in the blob store is a hash.
    BlobId, "blb"
);
id!(
    /// Something that a member of staff is told of.
    NoticeId, "ntc"
);
id!(
    /// A stored search, opaque and expiring, so that no personal data enters a URL.
    QueryId, "qry"
);
