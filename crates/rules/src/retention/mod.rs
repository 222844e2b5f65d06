//! Retention: may, must or must not this record (or which of its fields) be destroyed, from when, until when, and because of what?
//!
//! [`decide`] is a pure function over days. Readings chosen where the design leaves room:
//! - An "open erasure" is a verified one everywhere: what a stranger writes neither restricts, nor unclassifies, nor destroys.
//! - SUSPEND answers nothing else; restrictions stay as they stand until the clock is confirmed.
//! - Only `policy` and `contract` floors yield; the cool-off, like `law` and `claims`, does not (beyond a ceiling: RESTRICT).
//! - A cool-off that passed still dates what follows (`earliest`, and `latest` where no later ceiling is set), but it is no floor
//!   in the sense of MAY: a hold that once was does not make due what no rule makes due.
//! - Floors are dropped only once the record has got past RETAIN_OPEN; an untriggered `policy` floor beside a ceiling is ignored.
//! - `keep` whose floor passed gives MAY without `latest`; under a ceiling it means `dispose`.
//! - A restricting request (restriction, rectification, objection) flags `restricted` under HOLD and REDACT too.
//! - OVERDUE and RESTRICT imply restricted use and carry no `restricted` flag for it.

mod applies;
pub mod cases;
mod decision;
mod engine;
mod family;
pub mod law;
mod standing;
mod types;
mod verdict;
mod versions;

pub use applies::{AppliesTo, Lists};
pub use decision::{Decision, Deviation, Effect, FieldDecision, Flag, Outcome, Reason, Source};
pub use engine::{Rulebook, decide};
pub use family::decide_family;
pub use types::{Anchor, Clock, Facts, Hold, Kind, Request, Right, Rule, Settings, Strength, Then};
