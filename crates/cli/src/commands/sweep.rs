//! `probity sweep`: the retention sweep, now.

use clap::Args;
use crm::disposal;
use kernel::Result;
use serde_json::json;

use crate::{commands::Here, output::Outcome};

/// The retention sweep now: decide what is to be decided, dispose of what is due and needs no human
#[derive(Args)]
#[command(after_help = "Example:\n  probity sweep --plan\n\nWith --plan nothing is changed.")]
pub struct Sweep {
    /// Say what it would come to, and change nothing
    #[arg(long)]
    plan: bool,
}

impl Sweep {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        let counts = if self.plan {
            disposal::preview(&app, &actor).await?
        } else {
            disposal::resume(&app, &actor).await?;
            disposal::sweep(&app, &actor).await?
        };
        if here.console.is_json() {
            let told = json!({
                "decided": counts.decided, "due": counts.due, "disposed": counts.disposed,
                "held": counts.held, "unclassified": counts.unclassified,
            });
            here.console.object(&told)?;
            return Ok(Outcome::Done);
        }
        let lines = [
            ("decided", counts.decided),
            ("due", counts.due),
            ("overdue", counts.overdue),
            ("for review", counts.review),
            ("disposed", counts.disposed),
            ("held", counts.held),
            ("restricted", counts.restricted),
            ("unclassified", counts.unclassified),
        ];
        for (name, count) in lines {
            here.console.line(format!("{name:13} {count}"))?;
        }
        if counts.suspended > 0 {
            here.console.alarm(format!("{} records were not decided: the clock is not believed", counts.suspended))?;
        }
        Ok(Outcome::Done)
    }
}
