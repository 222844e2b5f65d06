//! Capture: originals to message records.
//!
//! Every regular file is an item, every message of a mailbox file is one; each keeps its own bytes as a sealed blob before anything of it
//! is read, and the containers keep nothing. What is parsed is a derived view. Always: seen = captured + duplicate + failed.
//!
//! - An item whose original was captured before, byte for byte, is a duplicate, also within one run.
//! - People are recognised by their e-mail addresses. An address on the suppression list is kept in the message, but links to nobody.
//! - A date that the message claims counts as its creation within seven days of capture, or when the caller asserts origin evidence (an
//!   archive of old mail); else capture counts and the message is flagged. A date in the future is never believed.
//! - `direction` is told from the setting `own_domains` (a JSON list of domains); without it, it is unknown.
//! - `assurance` is `transport` when the topmost Authentication-Results stems from an own domain and reports a pass, otherwise `low`:
//!   nothing is verified against DNS here.
//! - A person's `last_contact` is not written: it would make a version, a leaf and a timeline entry of the person for every batch of mail.
//!   Their timeline has the date.
//!
//! A run is a row of `batch` with one `batch_item` for each item. It goes on after its last item when it is run again.

pub mod batch;
mod intake;
mod items;
pub mod jobs;
mod message;
pub mod sql;
#[cfg(test)]
mod tests;
pub mod web_events;
#[cfg(test)]
mod web_events_tests;
mod write;

use std::path::PathBuf;

use kernel::{BatchId, Code, Error, Personal, Result};
use serde::{Deserialize, Serialize};
use trail::{Actor, App, permit::Import};

pub use batch::{Sent, Stored, Storing};
pub use intake::{Came, Intake};
pub use jobs::{handlers, start};
pub use message::Via;

/// What is captured.
#[derive(Clone)]
pub enum Source {
    /// Files and folders; of folders every regular file, in the order of their names.
    Paths(Vec<PathBuf>),
    /// One uploaded file.
    Upload {
        /// The name it came with.
        name: Personal<String>,
        /// Its bytes.
        bytes: std::sync::Arc<Vec<u8>>,
    },
}

/// How to capture.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Read everything, write nothing.
    pub dry_run: bool,
    /// Report each message, see [`Listed`].
    pub list: bool,
    /// The caller asserts that the messages' own dates are true (an archive), so that retention may start from them.
    pub origin_evidence: bool,
}

/// Why an item was not captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The file, with `#3` for the third message of a mailbox.
    pub item: String,
    /// A stable word: `not_a_message`, `format_unsupported`, `too_large`, `malformed`, `unreadable`, or an error's code.
    pub reason: String,
}

/// One message as `--list` prints it. It shows the caller's own input, nothing that was stored.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// Message-ID without its brackets.
    pub native_id: Option<String>,
    /// As shown.
    pub from: Option<String>,
    /// As shown.
    pub to: Vec<String>,
    /// The date in the message, RFC 3339 UTC.
    pub claimed_at: Option<String>,
    /// Decoded.
    pub subject: Option<String>,
    /// Characters of text.
    pub text_chars: usize,
    /// Number of attachments.
    pub attachments: usize,
    /// `low` or `transport`.
    pub assurance: &'static str,
    /// Stable words.
    pub warnings: Vec<String>,
}

/// What came of a run. `seen` = `captured` + `duplicate` + `failed`.
#[derive(Clone, Default, Serialize)]
pub struct Report {
    /// The run; none when it was dry.
    pub batch: Option<BatchId>,
    /// Items looked at.
    pub seen: usize,
    /// Messages made.
    pub captured: usize,
    /// Items whose original was there already.
    pub duplicate: usize,
    /// Items that are no message, or could not be read.
    pub failed: Vec<Failure>,
    /// Each message, when asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<Listed>,
}

impl Report {
    /// Whether everything seen is accounted for.
    pub fn reconciles(&self) -> bool {
        self.seen == self.captured + self.duplicate + self.failed.len()
    }
}

/// What a captured mail says, read from its original: whether it is HTML, and the text. For a page that shows it in a sandbox.
///
/// Errors: those of reading a mail that is too large or none.
pub fn body(original: &[u8]) -> Result<(bool, String)> {
    let mail = parse::mail::parse(original)?;
    Ok(mail.html.map_or((false, mail.text), |html| (true, html)))
}

/// Captures everything of a source. `progress` is told after each unit what was done so far.
///
/// Events: `capture.started`, `record.created` per unit of at most 50 items, `capture.finished`.
/// Errors: forbidden; not_found for a path that is not there; those of the stores. What was captured before an error stays.
pub async fn run(
    app: &App,
    actor: &Actor,
    source: Source,
    channel: &str,
    options: Options,
    progress: impl Fn(&Report) + Send + Sync,
) -> Result<Report> {
    actor.permit::<Import>()?.need(app.catalogue().need(catalogue::message::KIND)?.as_ref())?;
    check_channel(app, channel)?;
    let batch = if options.dry_run { None } else { Some(batch::open(app, actor, "capture", channel, batch::Details::default()).await?) };
    go_on(app, actor, source, channel, &options, batch, progress).await
}

/// Goes on with a run where it stopped; items that are accounted for are passed over (and not reported again).
pub(crate) async fn go_on(
    app: &App,
    actor: &Actor,
    source: Source,
    channel: &str,
    options: &Options,
    batch: Option<BatchId>,
    progress: impl Fn(&Report) + Send + Sync,
) -> Result<Report> {
    let skip = match batch {
        Some(batch) => batch::items_done(app, batch).await?,
        None => 0,
    };
    let mut report = Report { batch, ..Report::default() };
    let mut writer = write::Writer::start(app, actor, batch, options.clone()).await?;
    let mut groups = items::groups(source, channel == "email", skip)?;
    while let Some(group) = groups.recv().await {
        writer.group(group?, &mut report).await?;
        progress(&report);
    }
    if let Some(batch) = batch {
        batch::finish(app, actor, batch, "capture.finished").await?;
    }
    Ok(report)
}

fn check_channel(app: &App, channel: &str) -> Result<()> {
    let kind = app.catalogue().need(catalogue::message::KIND)?;
    let known = kind.field(catalogue::message::CHANNEL).is_some_and(|f| f.options.iter().any(|o| o.key == channel));
    if known {
        return Ok(());
    }
    Err(Error::new(
        Code::InvalidInput,
        "There is no such channel. Known are email, slack, whatsapp, sms, telegram, signal, discord, teams, meta, webchat, voice, calendar.",
    ))
}
