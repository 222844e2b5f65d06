//! Automation: rules that do something when something happened, and webhooks that tell other systems of it.
//!
//! - What happened is read from the ledger, in its order, by a cursor of its own ([`follow`]): every change of a record, hold or request
//!   stands there with its event, and nothing earlier has to know of this slice. A place of the ledger is passed in the same transaction
//!   that notes what is to be done about it, once for each endpoint or rule, event and record.
//! - Neither notes hold a value. What a rule asks and an endpoint is told is read when it is done, as whoever made the endpoint or switched
//!   the rule on may see it then, for the one purpose they did it for.
//! - A rule acts by the operations that a page calls, as that person, with the run named in every event.
//!
//! [`turn`] does what is due; it runs beside the jobs, in any number of processes.

mod dates;
mod deliver;
mod follow;
mod http;
mod rehearse;
mod rule;
mod run;
mod sign;
pub mod sql;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod webhook;

use std::time::Duration;

use kernel::{Code, Result};
use store::args;
use trail::{Actor, App};

pub use dates::dates;
pub use deliver::{Delivery, REASONS, deliveries, ping, replay, replay_span};
pub use follow::EVENTS;
pub use rehearse::{DAYS_MAX, Hit, Rehearsal, rehearse};
pub use rule::{
    ACTIONS_MAX, Action, Listed, NewRule, On, Trigger, change as change_rule, delete as delete_rule, list as rules, make as make_rule,
    one as rule, switch as switch_rule,
};
pub use run::{RUN_REASONS, Run, runs};
pub use webhook::{Endpoint, Hears, NewEndpoint, change, delete, list, make, one, rotate, switch};

kernel::id!(
    /// An endpoint that is told.
    WebhookId, "whk"
);
kernel::id!(
    /// Something that an endpoint is told; the `webhook-id` of its message.
    DeliveryId, "msg"
);
kernel::id!(
    /// A rule.
    RuleId, "aru"
);
kernel::id!(
    /// One run of a rule.
    RunId, "run"
);
store::id_columns!(WebhookId, DeliveryId, RuleId, RunId);

/// How many of each sort one turn takes.
const AT_ONCE: i64 = 20;
/// How long a process may be silent about what it does before another takes it for dead.
const LEASE: Duration = Duration::from_secs(120);
/// How long deliveries and runs are remembered once they ended: 30 days.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 3_600);

fn system() -> Actor {
    Actor::system(&catalogue::PURPOSES[0])
}

/// Follows the ledger, runs rules and makes deliveries that are due; answers how much there was. Faults of servers are kept with their
/// delivery and end nothing.
///
/// Errors: those of the stores.
pub async fn turn(app: &App) -> Result<usize> {
    // What stops one of them stops neither the others nor the jobs beside them; it is told and met again.
    let told = |did: Result<usize>, what: &'static str| match did {
        Err(error) if error.code() != Code::Unavailable => {
            tracing::error!(%error, what, "automation met a fault and goes on");
            Ok(0)
        }
        did => did,
    };
    let followed = told(follow::follow(app).await, "following the ledger")?;
    let ran = told(run::due(app).await, "runs of rules")?;
    Ok(followed + ran + told(deliver::due(app).await, "deliveries")?)
}

/// Forgets deliveries and runs that ended thirty days ago. Run it by the hour.
pub async fn forget(app: &App) -> Result<()> {
    let before = app.env().now().minus(REMEMBERED);
    for statement in [sql::DELIVERIES_FORGET, sql::RUNS_FORGET] {
        while app.store().write(move |tx| tx.run(statement, &args![before])).await? > 0 {}
    }
    Ok(())
}
