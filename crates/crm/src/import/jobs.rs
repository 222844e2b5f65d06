//! Imports in the background: from an upload, and back again.

use std::sync::Arc;

use kernel::{BatchId, Error, JobId, Personal, Result};
use trail::{Actor, App, Handler, Handlers, JobRow};

use super::{Mapping, Options, Source, checked, planned, settings, undo, write};
use crate::{
    capture::batch::{self, Sent},
    records::Once,
};

/// The job that imports an upload.
pub const RUN: &str = "import.run";
/// The job that takes an import back.
pub const UNDO: &str = "import.undo";

/// Takes an uploaded file and imports it in the background. Event `import.started`.
///
/// Errors: those of [`super::run`] before its first row.
pub async fn start(
    app: &App,
    actor: &Actor,
    kind: &str,
    sent: &Sent,
    mapping: Option<Mapping>,
    options: Options,
) -> Result<(BatchId, JobId)> {
    let options = Options { dry_run: false, first: None, ..options };
    let kind = checked(app, actor, kind, &options)?;
    let (_, mapping) = planned(app, actor, Arc::clone(&kind), Source::of(app, sent), mapping).await?;
    let details = batch::Details { settings: settings(&mapping, &options)?, ..batch::Details::default() };
    batch::enqueue(app, actor, ("import", RUN), &kind.key, sent, details).await
}

/// Takes an import back in the background; what was asked before under the same key is not asked again. Event `import.undo_asked`.
///
/// Errors: forbidden; not_found; conflict while it still runs.
pub async fn undo_later(app: &App, actor: &Actor, id: BatchId, once: Option<Once>) -> Result<JobId> {
    undo::ready(app, actor, id).await?;
    batch::enqueue_again(app, actor, id, UNDO, once).await
}

/// The handlers of imports' jobs.
pub fn handlers() -> Handlers {
    let run: Handler = Arc::new(|app, job| Box::pin(run(app, job)));
    let back: Handler = Arc::new(|app, job| Box::pin(back(app, job)));
    Handlers::from([(RUN, run), (UNDO, back)])
}

async fn run(app: App, job: JobRow) -> Result<()> {
    let Some(taken) = batch::take_up(&app, &job).await? else { return Ok(()) };
    let (mapping, options): (Mapping, Options) = serde_json::from_value(taken.details.settings.clone()).map_err(Error::internal)?;
    let name = Personal::new(taken.details.file.clone().unwrap_or_default());
    let source = Source::of(&app, &Sent::new(name, taken.file));
    let kind = checked(&app, &taken.actor, &taken.batch.kind, &options)?;
    let (plan, _) = planned(&app, &taken.actor, Arc::clone(&kind), source.clone(), Some(mapping)).await?;
    let import = write::Run { kind, plan, options, batch: Some(taken.batch.id) };
    let (actor, batch) = (taken.actor, taken.batch);
    batch::watched(&app, &actor, &job, (batch.id, "import.finished"), batch.counts.seen, |told| {
        let (app, actor) = (&app, &actor);
        async move { write::go_on(app, actor, import, source, |report| told(report.rows)).await }
    })
    .await
}

async fn back(app: App, job: JobRow) -> Result<()> {
    let id = batch::batch_of(&job)?;
    let actor = batch::acting_for(&app, &job).await?;
    batch::watched(&app, &actor, &job, (id, "import.undone"), 0, |told| {
        let (app, actor) = (&app, &actor);
        async move { undo(app, actor, id, |done| told(done.restored + done.removed + done.kept.len())).await }
    })
    .await
}
