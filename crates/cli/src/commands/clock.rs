//! `probity clock`: whether the time is believed, and its confirmation.

use clap::Args;
use crm::retention;
use kernel::Result;
use serde_json::json;
use trail::permit::ManageRules;

use crate::{commands::Here, output::Outcome};

/// Whether the clock is believed; after a leap nothing is destroyed until two people confirm the time
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity clock --confirm \"compared with time.example.org\"\n\nYou count as the operator; the other person confirms on the page Retention."
)]
pub struct Clock {
    /// Confirm that the time is right, saying how you know
    #[arg(long, value_name = "REASON")]
    confirm: Option<String>,
}

impl Clock {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        app.settle().await?;
        if let Some(reason) = self.confirm {
            let permit = actor.permit::<ManageRules>()?;
            app.write(&actor, move |unit| retention::confirm_clock(unit, &permit, &reason)).await?;
        }
        let leap = app.read(&actor, |unit| {
            let leap = retention::leap(unit)?;
            unit.plain(leap)
        });
        let leap = leap.await?;
        if here.console.is_json() {
            let told = leap.as_ref().map(|leap| {
                json!({"from": leap.from.to_string(), "to": leap.to.to_string(), "confirmed": leap.confirmed, "missing": leap.missing()})
            });
            here.console.object(&json!({"now": app.env().now().to_string(), "trusted": leap.is_none(), "leap": told}))?;
            return Ok(if leap.is_none() { Outcome::Done } else { Outcome::Failures });
        }
        match leap {
            None => {
                here.console.line(format!("It is {}, and the ledger agrees.", app.env().now()))?;
                Ok(Outcome::Done)
            }
            Some(leap) => {
                here.console.alarm(words(&leap))?;
                Ok(Outcome::Failures)
            }
        }
    }
}

/// A leap in words, with what to do.
pub fn words(leap: &retention::Leap) -> String {
    format!(
        "The clock went from {} to {} without anything in between: nothing is destroyed until two people confirm the time ({} more). Run: probity clock --confirm REASON",
        leap.from,
        leap.to,
        leap.missing()
    )
}
