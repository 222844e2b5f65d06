//! Messages that come one at a time, by a mailbox: the same road as files, one message in memory.

use kernel::{BatchId, RecordId, Result};
use trail::{Actor, App, permit::Import};

use super::{
    Options, Via, batch,
    items::Item,
    message::Message,
    write::{Outcome, Writer},
};

/// What came of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// It is this record now.
    Captured(RecordId),
    /// It was this record already.
    Duplicate(RecordId),
    /// It could not be kept, and why.
    Failed(String),
}

/// A run that is open for messages. Nothing is written before the first one comes.
pub struct Intake {
    app: App,
    actor: Actor,
    via: Via,
    open: Option<(BatchId, Writer)>,
    n: i64,
}

impl Intake {
    /// For messages of a mailbox. Error: forbidden.
    pub fn new(app: &App, actor: &Actor, via: Via) -> Result<Self> {
        actor.permit::<Import>()?.need(app.catalogue().need(catalogue::message::KIND)?.as_ref())?;
        Ok(Self { app: app.clone(), actor: actor.clone(), via, open: None, n: 0 })
    }

    /// Takes a message, or the stable word for why there is none. Events `capture.started` with the first, `record.created` with each.
    ///
    /// Errors: those of the stores. What was captured before stays.
    pub async fn take(&mut self, original: Result<Vec<u8>, &'static str>) -> Result<Came> {
        let (_, writer) = match self.open.take() {
            Some(open) => self.open.insert(open),
            None => {
                let batch = batch::open(&self.app, &self.actor, "capture", "email", batch::Details::default()).await?;
                let writer = Writer::start(&self.app, &self.actor, Some(batch), Options::default()).await?;
                self.open.insert((batch, writer.via(self.via.clone())))
            }
        };
        self.n += 1;
        let item = Item { n: self.n, label: String::new(), read: original.and_then(Message::read) };
        Ok(match writer.one(item).await? {
            Ok(Outcome::Captured(record)) => Came::Captured(record),
            Ok(Outcome::Duplicate(record)) => Came::Duplicate(record),
            Err(reason) => Came::Failed(reason),
        })
    }

    /// Ends the run. Event `capture.finished`, if a message came.
    pub async fn close(self) -> Result<()> {
        match self.open {
            Some((batch, _)) => batch::finish(&self.app, &self.actor, batch, "capture.finished").await,
            None => Ok(()),
        }
    }
}
