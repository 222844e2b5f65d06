//! Files that were read and wait for their mapping.
//!
//! Their bytes are sealed under keys that are in memory alone: a restart forgets them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crm::{
    capture::Sent,
    import::{Prepared, Remembered},
};
use kernel::{BatchId, Instant};

/// How long a file waits.
const WAIT: Duration = Duration::from_secs(30 * 60);

/// A file that waits.
#[derive(Clone)]
pub struct Waiting {
    /// The kind its rows become.
    pub kind: String,
    /// The file, its name and its bytes.
    pub sent: Sent,
    /// What was found in it.
    pub prepared: Arc<Prepared>,
    /// What was chosen for such columns before.
    pub remembered: Option<Arc<Remembered>>,
}

struct Kept {
    owner: String,
    since: Instant,
    file: Waiting,
}

/// The files that wait, each for whoever sent it: one for each user, for half an hour.
#[derive(Default)]
pub struct Shelf(Mutex<HashMap<BatchId, Kept>>);

impl Shelf {
    /// Keeps a file; answers those that no longer wait, an earlier one of the same owner among them: their bytes may go.
    pub fn put(&self, id: BatchId, owner: String, now: Instant, file: Waiting) -> Vec<Sent> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = kept.extract_if(|_, k| k.owner == owner || now.since(k.since) >= WAIT).map(|(_, k)| k.file.sent).collect();
        kept.insert(id, Kept { owner, since: now, file });
        over
    }

    /// The owner's file, while it waits.
    pub fn get(&self, id: BatchId, owner: &str, now: Instant) -> Option<Waiting> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&id).filter(|k| k.owner == owner && now.since(k.since) < WAIT).map(|k| k.file.clone())
    }

    /// Forgets a file.
    pub fn forget(&self, id: BatchId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}
