//! Captures in the background, from an upload.

use std::sync::Arc;

use kernel::{BatchId, Error, JobId, Personal, Result};
use trail::{Actor, App, Handler, Handlers, JobRow, permit::Import};

use super::{Options, Sent, Source, batch, check_channel, go_on};

/// The job that captures an upload.
pub const RUN: &str = "capture.run";

/// Takes an uploaded file (a message or a mailbox) and captures it in the background. Event `capture.started`.
///
/// Errors: forbidden; invalid_input for an unknown channel; those of the stores.
pub async fn start(app: &App, actor: &Actor, sent: &Sent, channel: &str, options: Options) -> Result<(BatchId, JobId)> {
    actor.permit::<Import>()?.need(app.catalogue().need(catalogue::message::KIND)?.as_ref())?;
    check_channel(app, channel)?;
    let settings = serde_json::to_value(Options { dry_run: false, list: false, ..options }).map_err(Error::internal)?;
    let details = batch::Details { settings, ..batch::Details::default() };
    batch::enqueue(app, actor, ("capture", RUN), channel, sent, details).await
}

/// The handlers of captures' jobs.
pub fn handlers() -> Handlers {
    let run: Handler = Arc::new(|app, job| Box::pin(run(app, job)));
    Handlers::from([(RUN, run)])
}

async fn run(app: App, job: JobRow) -> Result<()> {
    let Some(taken) = batch::take_up(&app, &job).await? else { return Ok(()) };
    let options: Options = serde_json::from_value(taken.details.settings.clone()).map_err(Error::internal)?;
    let bytes = Arc::new(taken.file.bytes(&app).await?);
    let source = Source::Upload { name: Personal::new(taken.details.file.clone().unwrap_or_default()), bytes };
    let (actor, batch) = (taken.actor, taken.batch);
    batch::watched(&app, &actor, &job, (batch.id, "capture.finished"), batch.counts.seen, |told| {
        let (app, actor, batch, options) = (&app, &actor, &batch, &options);
        async move { go_on(app, actor, source, &batch.kind, options, Some(batch.id), |report| told(report.seen)).await }
    })
    .await
}
