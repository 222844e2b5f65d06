//! `probity erase`: a person's erasure, planned and executed.

use clap::Args;
use crm::requests::erasure;
use kernel::{Error, IdError, RequestId, Result};
use serde_json::json;

use crate::{commands::Here, output::Outcome};

/// Erase a person: first the plan, then its execution
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity erase --person ada@example.org --reason 'asked by letter' --plan\n  probity erase --person ada@example.org --reason 'asked by letter' --yes\n\nWithout --yes the plan is shown and nothing is changed. Where a second approval is required, --yes does not replace it.\nWithout --request a verified one is opened."
)]
pub struct Erase {
    /// The person's address or id
    #[arg(long, value_name = "EMAIL|ID")]
    person: String,
    /// Why; sealed with the request
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The request it answers
    #[arg(long, value_name = "ID")]
    request: Option<String>,
    /// Show the plan and change nothing
    #[arg(long, conflicts_with = "yes")]
    plan: bool,
    /// Execute the plan
    #[arg(long)]
    yes: bool,
}

impl Erase {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let wrong = |e: IdError| Error::invalid("/request", "not_an_id", format!("This is no request's id: {e}."));
        let request: Option<RequestId> = self.request.as_deref().map(|text| text.parse().map_err(wrong)).transpose()?;
        let (app, actor) = (here.app()?, here.actor());
        let person = crm::search::person(&app, &actor, self.person.clone().into()).await?;
        let plan = erasure::plan(&app, &actor, person).await?;
        if self.plan || !self.yes {
            return show(here, &plan, !self.plan);
        }
        let done = erasure::execute(&app, &actor, person, request, &self.reason, &plan.fingerprint, plan.count).await?;
        if here.console.is_json() {
            here.console.object(&done)?;
            return Ok(Outcome::Done);
        }
        here.console.line(format!(
            "{} erased, {} restricted, {} kept; request {}",
            done.erased,
            done.restricted,
            done.kept.len(),
            done.request
        ))?;
        for kept in &done.kept {
            let until = kept.until.map_or_else(|| "no day set".to_owned(), |day| format!("until {day}"));
            here.console.line(format!("{}  {}  {}  {until}  {}", kept.record, kept.outcome.as_str(), kept.rule, kept.citation))?;
        }
        if let Some(order) = done.certificate {
            here.console.line(format!("Its certificate is that of order {order}."))?;
        }
        Ok(Outcome::Done)
    }
}

fn show(here: &mut Here<'_>, plan: &erasure::Plan, unasked: bool) -> Result<Outcome> {
    if here.console.is_json() {
        here.console.object(&json!({"plan": plan}))?;
        return Ok(Outcome::Done);
    }
    let rows: Vec<Vec<String>> = plan
        .items
        .iter()
        .map(|line| {
            let until = line.until.map(|day| day.to_string()).unwrap_or_default();
            vec![
                line.record.to_string(),
                line.kind.clone(),
                line.outcome.as_str().to_owned(),
                until,
                line.rule.clone(),
                line.citation.clone(),
            ]
        })
        .collect();
    here.console.table(&["ID", "KIND", "OUTCOME", "UNTIL", "RULE", "CITATION"], &rows)?;
    here.console.line(format!("{} of {} would go.", plan.count, plan.items.len()))?;
    if unasked {
        here.console.line("Nothing was changed. To execute this plan, say it again with --yes.")?;
    }
    Ok(Outcome::Done)
}
