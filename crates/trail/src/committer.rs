//! One committer a node: read events become durable in groups, numbered densely and chained, before anything read is shown.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    },
    thread::JoinHandle,
};

use kernel::{Code, Env, Error, EventId, Result};
use ledger::{chain, commit, commit::META};
use store::{Store, Tx, Value, args};
use tokio::sync::oneshot;

use crate::{
    app::DayKey,
    event::whole,
    sql,
    unit::{Disclosure, seal_event},
};

/// How many disclosures may wait before more are refused.
const QUEUE: usize = 4096;
/// How many become durable at once.
const GROUP: usize = 256;

struct Waiting {
    event: Disclosure,
    day_key: Arc<DayKey>,
    answer: oneshot::Sender<Result<bool>>,
}

pub(crate) struct Committer {
    queue: Mutex<Option<SyncSender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    stream: EventId,
}

impl Committer {
    pub fn start(store: Store, env: Env) -> Result<Self> {
        let stream = EventId::mint(&env);
        let now = env.now();
        store.write_now(move |tx| tx.run(sql::STREAM_OPEN, &args![stream, now, ledger::ABSENT]))?;
        let (queue, waiting) = sync_channel(QUEUE);
        let thread = std::thread::Builder::new().name("committer".into()).spawn(move || work(&store, &env, stream, &waiting));
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread.map_err(Error::internal)?)), stream })
    }

    /// Waits until the event is durable; false when its records lost their standing since they were read: then nothing is recorded, and
    /// nothing may be shown. Errors: unavailable when too many wait.
    pub async fn commit(&self, event: Disclosure, day_key: Arc<DayKey>) -> Result<bool> {
        let (answer, outcome) = oneshot::channel();
        let busy = || Error::new(Code::Unavailable, "Too many reads wait to be recorded; nothing was shown. Try again.");
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner).clone().ok_or_else(busy)?;
        queue.try_send(Waiting { event, day_key, answer }).map_err(|e| match e {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => busy(),
        })?;
        outcome.await.map_err(|_| busy())?
    }

    /// Ends the thread after what waits, and names its stream.
    pub fn stop(&self) -> EventId {
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A thread that panicked has already refused everything it held.
            let _ = thread.join();
        }
        self.stream
    }
}

impl Drop for Committer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn work(store: &Store, env: &Env, stream: EventId, waiting: &Receiver<Waiting>) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        group.extend(waiting.try_iter().take(GROUP - 1));
        let (events, answers): (Vec<_>, Vec<_>) = group.into_iter().map(|w| ((w.event, w.day_key), w.answer)).unzip();
        let env = env.clone();
        let outcome = store.grouped_now(move |tx| append(tx, &env, stream, &events));
        match outcome {
            Ok(outcomes) => {
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    // A reader that went away does not mind.
                    let _ = answer.send(Ok(outcome));
                }
            }
            Err(error) => {
                tracing::error!(code = error.code().as_str(), ?error, "read events could not be recorded");
                for answer in answers {
                    let _ = answer.send(Err(Error::new(error.code(), "The read could not be recorded, so nothing was shown. Try again.")));
                }
            }
        }
    }
}

/// Appends events to the stream; false for those whose records lost their standing since they were read.
fn append(tx: &mut Tx, env: &Env, stream: EventId, events: &[(Disclosure, Arc<DayKey>)]) -> Result<Vec<bool>> {
    let (mut seq, mut link, standing) =
        tx.one(sql::STREAM_FIND, &args![stream], |row| Ok((row.get::<i64>(0)?, row.get::<[u8; 32]>(1)?, row.get::<i64>(2)?)))?;
    let (mut rows, mut outcomes) = (Vec::with_capacity(events.len() * 9), Vec::with_capacity(events.len()));
    for (event, day_key) in events {
        let allowed = event.standing == standing || still_stands(tx, event)?;
        outcomes.push(allowed);
        if !allowed {
            continue;
        }
        seq += 1;
        let meta = ledger::canonical::encode(&whole(&event.header, &event.records));
        link = chain(&link, u64::try_from(seq).unwrap_or(0), &commit(&event.salt, META, &meta));
        let sealed = seal_event(day_key, event.id, &event.header, &event.salt, &event.records, env);
        rows.extend(args![event.id, event.at, event.name, event.actor.as_str(), stream, seq, link, day_key.id, sealed] as [Value; 9]);
    }
    if !rows.is_empty() {
        tx.insert_many(sql::EVENT_INSERT, 9, &rows)?;
        tx.send(sql::STREAM_MOVE, &args![stream, seq, link])?;
    }
    Ok(outcomes)
}

fn still_stands(tx: &mut Tx, event: &Disclosure) -> Result<bool> {
    for (record, _) in &event.records {
        let row = tx.maybe(sql::RECORD_STANDING, &args![*record], |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)))?;
        let stands = row.is_some_and(|(state, usable)| matches!(state.as_str(), "live" | "restricted") && usable & event.purpose_bit != 0);
        if !stands {
            return Ok(false);
        }
    }
    Ok(true)
}
