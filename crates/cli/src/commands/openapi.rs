//! `probity openapi`: the description of the API.

use clap::Args;
use kernel::Result;

use crate::{commands::Here, open, output::Outcome};

/// The API's description (OpenAPI), with the kinds of this installation where there is one
#[derive(Args)]
#[command(after_help = "Example:\n  probity openapi > openapi.json")]
pub struct OpenApi {}

impl OpenApi {
    pub fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let kinds = if open::exists(&here.settings) { here.app()?.catalogue() } else { catalogue::builtin() };
        here.console.object(&web::openapi::document(&kinds))?;
        Ok(Outcome::Done)
    }
}
