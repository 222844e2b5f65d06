//! Files that were read and wait for their mapping.
//!
//! They are kept in memory alone: nothing of them is written before somebody says so, and a restart forgets them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crm::import::{Prepared, Source};
use kernel::{BatchId, Code, Error, Instant, Personal, Result};

/// How long a file waits.
const WAIT: Duration = Duration::from_secs(30 * 60);
/// How many bytes wait at once, of all users.
const MOST: usize = 128 << 20;

/// A file that waits.
#[derive(Clone)]
pub struct Waiting {
    /// The kind its rows become.
    pub kind: String,
    /// What it is called where it came from.
    pub name: Personal<String>,
    /// Its bytes.
    pub bytes: Arc<Vec<u8>>,
    /// What was found in it.
    pub prepared: Arc<Prepared>,
}

impl Waiting {
    /// As an import reads it.
    pub fn source(&self) -> Source {
        Source::Upload { name: self.name.clone(), bytes: Arc::clone(&self.bytes) }
    }
}

struct Kept {
    owner: String,
    since: Instant,
    file: Waiting,
}

/// The files that wait, each for whoever sent it: one for each user, for half an hour, 128 MB together.
#[derive(Default)]
pub struct Shelf(Mutex<HashMap<BatchId, Kept>>);

impl Shelf {
    /// Keeps a file; an earlier one of the same owner goes. Error: unavailable while too much waits.
    pub fn put(&self, id: BatchId, owner: String, now: Instant, file: Waiting) -> Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, k| k.owner != owner && now.since(k.since) < WAIT);
        let held: usize = kept.values().map(|k| k.file.bytes.len()).sum();
        if held + file.bytes.len() > MOST {
            return Err(Error::new(Code::Unavailable, "Many files wait to be imported just now. Try again in a few minutes."));
        }
        kept.insert(id, Kept { owner, since: now, file });
        Ok(())
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
