//! Verification in the background, and what it found.

use std::sync::Arc;

use catalogue::Purpose;
use kernel::{Error, Instant, JobId, Result};
use ledger::Report;
use serde::Serialize;
use serde_json::json;
use store::args;
use trail::{Actor, App, Event, Handler, Handlers, Job, JobRow, Permit, Unit, permit::Audit};

use super::{Options, Progress, sql, verify};
use crate::retention;

/// The job that verifies the whole store.
pub const VERIFY: &str = "evidence.verify";
/// The setting that keeps the last report.
pub(super) const REPORT: &str = "evidence.report";
/// The most faults that are kept of a report.
const FAULTS: usize = 1_000;

/// Enqueues a verification of the whole store; while one waits or runs it is that one. Event `evidence.verification_asked`.
pub fn verify_later(unit: &mut Unit, _permit: &Permit<Audit>) -> Result<JobId> {
    unit.witness(Event::new("evidence.verification_asked"))?;
    unit.enqueue(Job::new(VERIFY, VERIFY, json!({})))
}

/// A report as it is kept: the keys of `probity verify --json`, and when.
#[derive(Serialize)]
struct Kept<'r> {
    at: Instant,
    #[serde(flatten)]
    report: &'r Report,
    faults_found: usize,
}

/// A report in the form in which it is kept; of very many faults only the first.
pub(super) fn kept(at: Instant, report: &Report) -> Result<String> {
    let found = report.faults.len();
    let mut report = report.clone();
    report.faults.truncate(FAULTS);
    serde_json::to_string(&Kept { at, report: &report, faults_found: found }).map_err(Error::internal)
}

/// What the last verification found, with the keys of `probity verify --json`, `at` and `faults_found`; at most a thousand of the faults
/// themselves. It names leaves, never records or values. Error: not_found while there was none.
pub async fn last_report(app: &App, _permit: &Permit<Audit>) -> Result<serde_json::Value> {
    let found = app.store().read(|tx| tx.maybe(sql::SETTING, &args![REPORT], |row| row.get::<String>(0))).await?;
    let text = found.ok_or_else(|| Error::not_found("verification"))?;
    serde_json::from_str(&text).map_err(Error::internal)
}

/// What runs the jobs of this slice.
pub fn handlers() -> Handlers {
    let run: Handler = Arc::new(|app, job| Box::pin(run(app, job)));
    Handlers::from([(VERIFY, run)])
}

async fn run(app: App, job: JobRow) -> Result<()> {
    let purpose = Purpose::find(&job.purpose).ok_or_else(|| Error::internal("a job of an unknown purpose"))?;
    let permit = Actor::system(purpose).permit::<Audit>()?;
    let (sender, mut receiver) = tokio::sync::watch::channel((0, 0));
    let progress: Progress = Arc::new(move |done, total| {
        sender.send_replace((done, total));
    });
    let int = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let options = Options { permits: Some(Arc::new(retention::permits)), ..Options::default() };
    let show = async {
        while receiver.changed().await.is_ok() {
            let (done, total) = *receiver.borrow_and_update();
            app.progress(job.id, "", int(done), int(total)).await?;
        }
        std::future::pending::<Result<()>>().await
    };
    tokio::select! {
        report = verify(&app, &permit, options, Some(progress)) => {
            let leaves = int(report?.leaves);
            app.progress(job.id, "", leaves, leaves).await
        }
        stopped = show => stopped,
    }
}
