//! `probity hold`: legal holds.

use clap::{Args, Subcommand};
use crm::holds;
use kernel::{Error, HoldId, IdError, Result};
use serde_json::json;
use trail::permit;

use crate::{
    commands::{Here, show::record_id},
    output::Outcome,
};

/// Place or release legal holds
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity hold place --record rec_06f1rt3vf5v2ka1z9y8w7v6t5s --matter '4 O 17/26' --reason 'claim received'"
)]
pub struct Hold {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Keep records whatever else would end them
    #[command(
        after_help = "Example:\n  probity hold place --record rec_06f1rt3vf5v2ka1z9y8w7v6t5s --matter '4 O 17/26' --reason 'claim received'"
    )]
    Place {
        /// A record's id; may stand several times
        #[arg(long, value_name = "ID", required = true)]
        record: Vec<String>,
        /// The matter it is for; sealed
        #[arg(long)]
        matter: String,
        /// Why; sealed
        #[arg(long)]
        reason: String,
    },
    /// End a hold; nothing is deleted by it: after the cool-off its records are decided again
    #[command(after_help = "Example:\n  probity hold release hld_06f1rt3vf5v2ka1z9y8w7v6t5s --reason 'settled'")]
    Release {
        /// The hold's id
        id: String,
        /// Why; sealed
        #[arg(long)]
        reason: String,
    },
}

impl Hold {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<permit::Hold>()?;
        let (id, done, records) = match self.act {
            Act::Place { record, matter, reason } => {
                let ids = record.iter().map(|text| record_id(text)).collect::<Result<Vec<_>>>()?;
                let count = ids.len();
                (app.write(&actor, move |unit| holds::place(unit, &permit, &ids, &matter, &reason)).await?, "placed", Some(count))
            }
            Act::Release { id, reason } => {
                let id: HoldId =
                    id.parse().map_err(|e: IdError| Error::invalid("/id", "not_an_id", format!("This is no hold's id: {e}.")))?;
                app.write(&actor, move |unit| holds::release(unit, &permit, id, &reason)).await?;
                (id, "released", None)
            }
        };
        if here.console.is_json() {
            here.console.object(&json!({"hold": id, "done": done, "records": records}))?;
        } else {
            here.console.line(format!("{id} {done}"))?;
        }
        Ok(Outcome::Done)
    }
}
