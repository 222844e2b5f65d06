//! `probity worker`: background jobs apart from `serve`.

use std::time::Duration;

use clap::Args;
use crm::{
    automation, bulk, campaigns, capture, disposal, duplicates, evidence, export, import, mail, records, requests, retention, views,
};
use kernel::{Code, Error, Result};
use tokio::signal::unix::{Signal, SignalKind, signal};
use trail::{App, Handlers};

use crate::{
    commands::{Here, set_periods},
    open,
    output::Outcome,
    remote::Door,
};

/// How long a worker that found nothing to do waits.
const PAUSE: Duration = Duration::from_secs(1);

/// Run background jobs, apart from `serve`
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity worker --database postgres://probity@db.internal/probity --vault postgres://probity@vault.internal/vault\n\nIt ends on SIGTERM or SIGINT, after the job it is doing."
)]
pub struct Worker {}

impl Worker {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let app = here.app()?;
        let mut stop = Stop::listen()?;
        let handlers = handlers();
        disposal::resume(&app, &here.actor()).await?;
        set_periods(&app, &here.settings).await?;
        let door =
            open::is_local(&here.settings).then(|| Door::open(open::places(&here.settings).socket, &app, &here.settings)).transpose()?;
        here.console.note("Working. It ends on SIGTERM or SIGINT, after the job it is doing.")?;
        here.console.flush()?;
        tokio::select! {
            worked = work(&app, &handlers) => worked?,
            () = stop.asked() => {}
        }
        if let Some(door) = door {
            door.close().await;
        }
        Ok(Outcome::Done)
    }
}

/// What runs the jobs of every slice.
pub fn handlers() -> Handlers {
    let mut handlers = retention::handlers();
    handlers.extend(views::handlers());
    handlers.extend(records::handlers());
    handlers.extend(capture::jobs::handlers());
    handlers.extend(import::jobs::handlers());
    handlers.extend(export::handlers());
    handlers.extend(bulk::handlers());
    handlers.extend(campaigns::handlers());
    handlers.extend(duplicates::handlers());
    handlers.extend(evidence::handlers());
    handlers.insert(requests::erasure::JOB, requests::erasure::handler());
    handlers.insert(requests::PACKAGE_JOB, requests::package_handler());
    handlers
}

/// Works off due jobs, and beside them what mail and automation have to do, until it is dropped: a server that answers slowly keeps no job waiting.
pub async fn work(app: &App, handlers: &Handlers) -> Result<()> {
    let (jobs, letters) = (again_and_again(|| app.work_off(handlers)), again_and_again(|| mail::turn(app)));
    tokio::try_join!(jobs, letters, again_and_again(|| automation::turn(app))).map(drop)
}

async fn again_and_again<F: Future<Output = Result<usize>>>(turn: impl Fn() -> F) -> Result<()> {
    loop {
        match turn().await {
            Ok(0) => tokio::time::sleep(PAUSE).await,
            Ok(_) => {}
            Err(error) if error.code() == Code::Unavailable => {
                tracing::warn!(%error, "jobs wait");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Hears when somebody asks the process to end; from its making on, the process no longer ends by itself.
pub struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    /// Begins to listen for SIGTERM and SIGINT.
    pub fn listen() -> Result<Self> {
        let listen = |kind| signal(kind).map_err(Error::internal);
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Answers once somebody asked.
    pub async fn asked(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
