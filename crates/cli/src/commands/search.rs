//! `probity search`: what the search box does.

use clap::Args;
use crm::search;
use kernel::Result;
use serde_json::json;
use trail::permit::ReadRecords;

use crate::{commands::Here, output::Outcome};

/// Find records by words in any order, their beginnings, a whole address or number
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity search lovelace --kind person --limit 10 --purpose sales --json\n\nOnly fields that serve the purpose are searched."
)]
pub struct Search {
    /// What to look for
    #[arg(required = true, value_name = "WORDS")]
    words: Vec<String>,
    /// The kind of record; may stand several times [default: every kind]
    #[arg(long)]
    kind: Vec<String>,
    /// How many at most
    #[arg(long, default_value_t = 20)]
    limit: usize,
}

impl Search {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<ReadRecords>()?;
        let words = self.words.join(" ");
        let hits = app.read(&actor, move |unit| search::find(unit, &permit, &words, &self.kind, self.limit)).await?;
        if here.console.is_json() {
            for hit in hits {
                here.console.object(&json!({"id": hit.id, "kind": hit.kind, "title": hit.title}))?;
            }
            return Ok(Outcome::Done);
        }
        if hits.is_empty() {
            here.console.note("Nothing was found for this purpose.")?;
            return Ok(Outcome::Done);
        }
        let rows: Vec<Vec<String>> = hits.into_iter().map(|hit| vec![hit.id.to_string(), hit.kind, hit.title]).collect();
        here.console.table(&["ID", "KIND", "TITLE"], &rows)?;
        Ok(Outcome::Done)
    }
}
