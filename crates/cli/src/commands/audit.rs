//! `probity audit`: who saw or changed what.

use std::path::PathBuf;

use clap::Args;
use crm::evidence::{self, Question};
use kernel::{Error, Instant, Result};
use trail::permit;

use crate::{
    commands::{Here, show::record_id},
    output::Outcome,
};

/// Who saw or changed a record, or what somebody did
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity audit --record rec_06f1rt3vf5v2ka1z9y8w7v6t5s --since 2026-01-01\n  probity audit --actor operator --out answer.note\n\nWith --out the answer is a file signed with the ledger's key; without it the events are listed, oldest first. To ask leaves an event too."
)]
pub struct Audit {
    /// Who saw or changed this record
    #[arg(long, value_name = "ID", required_unless_present = "actor", conflicts_with = "actor")]
    record: Option<String>,
    /// What they did: `operator`, `system`, `visitor`, or the id of a member of staff or of an API key
    #[arg(long, value_name = "A")]
    actor: Option<String>,
    /// From this day on (UTC)
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// The file for the signed answer; one that is there is not overwritten
    #[arg(long, value_name = "F")]
    out: Option<PathBuf>,
}

impl Audit {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let wrong = || Error::invalid("/since", "not_a_date", "Write the day as 2026-11-21; it must be one that exists.");
        let since = match &self.since {
            Some(text) => Instant::start_of(rules::parse_day(text).ok_or_else(wrong)?),
            None => Instant::from_micros(0),
        };
        let question = match (&self.record, self.actor) {
            (Some(id), _) => Question::Record(record_id(id)?),
            (None, Some(actor)) => Question::Actor(actor),
            (None, None) => return Err(Error::invalid("/record", "missing", "Name a record with --record or somebody with --actor.")),
        };
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<permit::Audit>()?;
        if let Some(path) = &self.out {
            let answer = evidence::answer(&app, &permit, question, since).await?;
            here.write_new(path, answer.as_bytes())?;
            here.console.note(format!("{}: {} bytes, signed by {}", path.display(), answer.len(), app.signer().name()))?;
            return Ok(Outcome::Done);
        }
        let found = app
            .read(&actor, move |unit| match &question {
                Question::Record(id) | Question::Shown(id) => evidence::seen(unit, &permit, *id, since),
                Question::Actor(who) => evidence::by_actor(unit, &permit, who, since),
            })
            .await?;
        if here.console.is_json() {
            found.iter().try_for_each(|event| here.console.object(event))?;
        } else {
            let rows: Vec<Vec<String>> = found
                .iter()
                .map(|e| vec![e.at.to_string(), e.name.clone(), e.actor.clone(), e.purpose.clone(), e.door.clone(), e.fields.join(", ")])
                .collect();
            here.console.table(&["AT", "EVENT", "ACTOR", "PURPOSE", "DOOR", "FIELDS"], &rows)?;
        }
        if found.len() >= evidence::MOST {
            here.console.note(format!("Only the oldest {} are listed; ask for less with --since.", evidence::MOST))?;
        }
        Ok(Outcome::Done)
    }
}
