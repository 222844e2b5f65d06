//! A bounded queue of units, and the unit on its way from caller to thread and back.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use kernel::{Code, Error, Result};

use crate::Tx;

/// More waiting units than this are turned away.
const LONGEST: usize = 10_000;

/// A unit of work whose answer type is known only to its caller.
pub(crate) trait Work: Send {
    /// Runs the closure (again, after a retry) and keeps its answer; whether it is `Ok`.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Replaces the answer by an error.
    fn fail(&mut self, error: Error);
    /// A copy of the error it holds, if it holds one.
    fn seen(&self) -> Option<Error>;
    /// Sends the answer to the caller.
    fn answer(self: Box<Self>);
}

/// A closure, its answer and the way back.
pub(crate) struct Task<T, F, R> {
    closure: F,
    kept: Result<T>,
    reply: R,
}

impl<T, F, R> Task<T, F, R> {
    pub(crate) fn new(closure: F, reply: R) -> Self {
        Self { closure, kept: Err(closed()), reply }
    }
}

impl<T: Send, F: Fn(&mut Tx) -> Result<T> + Send, R: FnOnce(Result<T>) + Send> Work for Task<T, F, R> {
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        // A panic's message may hold a value, so it is not carried on.
        let answer = catch_unwind(AssertUnwindSafe(|| (self.closure)(tx)));
        self.kept = answer.unwrap_or_else(|_| Err(Error::internal("a unit of work panicked")));
        if self.kept.is_ok() && tx.failed() {
            self.kept = Err(Error::internal("a statement failed earlier in this unit, which cannot be kept"));
        }
        self.kept.is_ok()
    }

    fn fail(&mut self, error: Error) {
        self.kept = Err(error);
    }

    fn seen(&self) -> Option<Error> {
        self.kept.as_ref().err().map(|error| Error::new(error.code(), error.detail()))
    }

    fn answer(self: Box<Self>) {
        (self.reply)(self.kept);
    }
}

/// Units waiting for a thread.
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    waiting: VecDeque<Box<dyn Work>>,
    closed: bool,
}

impl Queue {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::new(State { waiting: VecDeque::new(), closed: false }), changed: Condvar::new() }
    }

    /// Puts a unit in line. Refuses when the line is too long or the store is closed.
    pub(crate) fn push(&self, work: Box<dyn Work>) -> Result<()> {
        let mut state = self.lock();
        if state.closed {
            return Err(closed());
        }
        if state.waiting.len() >= LONGEST {
            return Err(Error::new(
                Code::Unavailable,
                "Too many tasks are waiting for the database. Nothing was changed; try again shortly.",
            ));
        }
        state.waiting.push_back(work);
        drop(state);
        self.changed.notify_one();
        Ok(())
    }

    /// The next unit, waiting for one; `None` once the store is closed and the line is empty.
    pub(crate) fn next(&self) -> Option<Box<dyn Work>> {
        let mut state = self.lock();
        loop {
            if let Some(work) = state.waiting.pop_front() {
                return Some(work);
            }
            if state.closed {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The next unit if one is waiting.
    pub(crate) fn another(&self) -> Option<Box<dyn Work>> {
        self.lock().waiting.pop_front()
    }

    /// Takes no more; what waits is still done.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn closed() -> Error {
    Error::new(Code::Unavailable, "The database is being closed. Nothing was changed; try again after the restart.")
}

/// The same error for every unit of a batch; its cause goes to the log once.
pub(crate) fn fail_all(batch: Vec<Box<dyn Work>>, error: &Error) {
    tracing::error!(units = batch.len(), cause = ?error, "a group commit failed; none of its units was kept");
    for mut work in batch {
        work.fail(Error::new(error.code(), error.detail()));
        work.answer();
    }
}
