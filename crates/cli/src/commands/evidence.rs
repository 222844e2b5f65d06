//! `probity evidence`: one record's evidence, to verify offline.

use std::path::PathBuf;

use clap::Args;
use crm::evidence;
use kernel::Result;
use serde_json::json;
use trail::permit;

use crate::{
    commands::{Here, show::record_id},
    output::Outcome,
};

/// Bundle of a record's evidence, verified without any store
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity evidence --record rec_06f1rt3vf5v2ka1z9y8w7v6t5s --out order.bundle\n  probity verify --bundle order.bundle"
)]
pub struct Evidence {
    /// The record's id
    #[arg(long, value_name = "ID")]
    record: String,
    /// The file to make; one that is there is not overwritten
    #[arg(long, value_name = "F")]
    out: PathBuf,
}

impl Evidence {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let record = record_id(&self.record)?;
        let (app, actor) = (here.app()?, here.actor());
        let bundle = evidence::bundle(&app, &actor.permit::<permit::Audit>()?, record).await?;
        here.write_new(&self.out, &bundle)?;
        if here.console.is_json() {
            here.console.object(&json!({"record": record, "bytes": bundle.len()}))?;
        } else {
            here.console.line(format!("{}: {} bytes", self.out.display(), bundle.len()))?;
        }
        Ok(Outcome::Done)
    }
}
