//! `probity package`: what is held about a person, for that person.

use std::path::PathBuf;

use clap::Args;
use crm::requests::{self, Target};
use kernel::{Error, IdError, RequestId, Result};
use serde_json::json;

use crate::{commands::Here, output::Outcome};

/// Access package: everything held about one person, other people taken out
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity package --person ada@example.org --out ada.zip\n\nWithout --request a verified one is opened, which ends with the package."
)]
pub struct Package {
    /// The person's address or id
    #[arg(long, value_name = "EMAIL|ID")]
    person: String,
    /// The ZIP file to make; one that is there is not overwritten
    #[arg(long, value_name = "F.zip")]
    out: PathBuf,
    /// The request it answers
    #[arg(long, value_name = "ID")]
    request: Option<String>,
}

impl Package {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let wrong = |e: IdError| Error::invalid("/request", "not_an_id", format!("This is no request's id: {e}."));
        let request: Option<RequestId> = self.request.as_deref().map(|text| text.parse().map_err(wrong)).transpose()?;
        let (app, actor) = (here.app()?, here.actor());
        let person = crm::search::person(&app, &actor, self.person.clone().into()).await?;
        let target = Target::File(here.path(&self.out));
        let made = requests::package(&app, &actor, person, request, &target).await?;
        if here.console.is_json() {
            let told = json!({"records": made.records, "messages": made.messages, "files": made.files, "bytes": made.bytes});
            here.console.object(&told)?;
        } else {
            here.console.line(format!(
                "{}: {} records, {} of them messages, {} files, {} bytes; request {}",
                self.out.display(),
                made.records,
                made.messages,
                made.files,
                made.bytes,
                made.request
            ))?;
        }
        Ok(Outcome::Done)
    }
}
