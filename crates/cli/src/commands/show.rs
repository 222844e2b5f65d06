//! `probity show`: one record opened, with its retention line.

use clap::Args;
use crm::{
    records::{self, Cell, Detail},
    retention,
};
use kernel::{Error, IdError, RecordId, Result};
use rules::retention::cases;
use serde_json::Value;
use trail::permit::ReadRecords;

use crate::{commands::Here, output::Outcome};

/// One record opened, with its retention line
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity show rec_06f1rt3vf5v2ka1z9y8w7v6t5s --purpose sales --json\n\nWhat does not serve the purpose is shown as withheld."
)]
pub struct Show {
    /// The record's id
    id: String,
}

impl Show {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let id = record_id(&self.id)?;
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<ReadRecords>()?;
        let reading = permit.clone();
        let shown = app.read(&actor, move |unit| records::show(unit, &reading, id, Detail::Whole)).await?;
        let explained = app.read(&actor, move |unit| retention::explain(unit, &permit, id)).await?;
        if here.console.is_json() {
            let mut decided = cases::render(&Value::Null, &explained.decision);
            if let Value::Object(keys) = &mut decided {
                keys.remove("case");
                keys.insert("line".to_owned(), explained.line.into());
            }
            let mut told = shown.to_json();
            if let Value::Object(keys) = &mut told {
                keys.insert("retention".to_owned(), decided);
            }
            here.console.object(&told)?;
            return Ok(Outcome::Done);
        }
        here.console.line(format!("{} ({}, version {}, {})", shown.title, shown.kind, shown.version, shown.state.as_str()))?;
        here.console.line(explained.line)?;
        for (key, cell) in &shown.cells {
            let value = match cell {
                Cell::Shown(value) => value.display(),
                Cell::Masked(mask) => mask.clone(),
                Cell::WithheldPurpose => "(withheld: it does not serve this purpose)".to_owned(),
                Cell::WithheldClass => "(withheld: its class is above yours)".to_owned(),
            };
            here.console.line(format!("  {key:16} {value}"))?;
        }
        for reason in &explained.reasons {
            here.console.line(format!("  because {reason}"))?;
        }
        Ok(Outcome::Done)
    }
}

/// Reads a record's id. Error: invalid_input.
pub fn record_id(text: &str) -> Result<RecordId> {
    text.parse().map_err(|e: IdError| Error::invalid("/id", "not_an_id", format!("This is no record's id: {e}.")))
}
