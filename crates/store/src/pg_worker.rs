//! PostgreSQL's threads: writers and readers with a connection pair each, and one committer that groups.

use std::time::Duration;

use kernel::{Code, Env, Error, Result};

use crate::{
    Tx,
    pg::{Line, Trouble},
    queue::{Queue, Work, fail_all},
    sqlite_worker::{BATCH, UNITS_PER_COMMIT},
    tx::{Link, Side},
};

/// How often a unit runs before a conflict is answered to its caller.
const TRIES: u32 = 5;

/// Reads see one snapshot, as on SQLite.
const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Writes serialise on row locks and version columns.
const WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED";

/// A data and a vault connection.
pub(crate) struct Lines {
    pub(crate) data: Line,
    pub(crate) vault: Line,
}

impl Lines {
    /// Begins a transaction, with its first statement.
    fn begin(&mut self, how: &str) {
        self.calm();
        self.data.later(how);
    }

    fn calm(&mut self) {
        self.data.trouble = Trouble::None;
        self.vault.trouble = Trouble::None;
    }

    fn tx(&mut self, how: &'static str) -> Tx<'_> {
        Tx { data: Side::begun(Link::Postgres(&mut self.data)), vault: Side::lazy(Link::Postgres(&mut self.vault), how), ahead: None }
    }

    /// Ends a reading transaction: with the next one, when that follows at once.
    fn let_go(&mut self, vault_used: bool, follows: bool) {
        if !follows {
            return self.roll_back(vault_used);
        }
        if vault_used {
            self.vault.roll_back_later();
        }
        self.data.roll_back_later();
    }

    fn roll_back(&mut self, vault_used: bool) {
        if vault_used {
            self.vault.roll_back();
        }
        self.data.roll_back();
    }

    /// Whether running the unit again may help. Only asked before anything was committed.
    fn again(&self) -> bool {
        self.data.trouble != Trouble::None || self.vault.trouble != Trouble::None
    }

    /// Vault first: a key without a record is harmless, a record without a key is lost.
    fn commit(&mut self, vault_used: bool) -> Result<(), Ending> {
        if vault_used {
            // What waits on both, at the same time: the vault commits only when everything of the data was taken.
            Line::flush_both(&mut self.data, &mut self.vault).map_err(|error| Ending { again: self.again(), error })?;
        }
        if vault_used && let Err(error) = self.vault.batch("COMMIT") {
            let again = self.vault.trouble == Trouble::Again;
            return Err(Ending { again, error: unknown(error, self.vault.trouble) });
        }
        self.data.batch("COMMIT").map_err(|error| {
            // With the vault committed, running the closure again would meet its own keys.
            let again = self.data.trouble == Trouble::Again && !vault_used;
            Ending { again, error: unknown(error, self.data.trouble) }
        })
    }
}

/// A commit that did not end well.
struct Ending {
    again: bool,
    error: Error,
}

fn unknown(error: Error, trouble: Trouble) -> Error {
    match trouble {
        Trouble::Broken => {
            let words =
                "The connection to the database broke while it was saving. It may have been saved or not: look before you try again.";
            Error::new(Code::Unavailable, words).because(format!("{error:?}"))
        }
        _ => error,
    }
}

fn pause(attempt: u32) {
    std::thread::sleep(Duration::from_millis(u64::from(4 * attempt * attempt)));
}

/// Writes units until the store closes: those that wait at the same time share a commit. Where one of them or the commit fails, each is done again
/// in a transaction of its own.
pub(crate) fn write(lines: &mut Lines, queue: &Queue, env: &Env) {
    while let Some(first) = queue.next() {
        let mut batch = vec![first];
        let ending = plain(lines, &mut batch, joining(queue, env));
        end_of(ending, lines, batch);
    }
}

/// More units for a commit, while it is young.
fn joining<'a>(queue: &'a Queue, env: &'a Env) -> impl FnMut() -> Option<Box<dyn Work>> + 'a {
    let started = env.monotonic();
    move || (env.monotonic().saturating_sub(started) < BATCH).then(|| queue.another()).flatten()
}

fn end_of(ending: Round, lines: &mut Lines, batch: Vec<Box<dyn Work>>) {
    match ending {
        Round::Done => batch.into_iter().for_each(Work::answer),
        Round::Lost(error) => fail_all(batch, &error),
        Round::Again => batch.into_iter().for_each(|mut work| {
            one(lines, work.as_mut());
            work.answer();
        }),
    }
}

/// Runs one unit, which was tried before, in a transaction of its own, again where the server asks for it.
fn one(lines: &mut Lines, work: &mut dyn Work) {
    for attempt in 2..=TRIES {
        lines.begin(WRITE);
        let mut tx = lines.tx(WRITE);
        let kept = work.run(&mut tx);
        let vault_used = tx.vault.used();
        let again = if kept {
            match lines.commit(vault_used) {
                Ok(()) => return,
                Err(ending) => {
                    work.fail(ending.error);
                    ending.again
                }
            }
        } else {
            lines.again()
        };
        lines.roll_back(vault_used);
        if !again {
            return;
        }
        pause(attempt - 1);
    }
}

/// Answers reading units until the store closes.
pub(crate) fn read(lines: &mut Lines, queue: &Queue) {
    let mut next = queue.next();
    while let Some(mut work) = next.take() {
        let mut vault_used = false;
        for attempt in 1..=TRIES {
            lines.begin(READ);
            // Each look into the vault is one statement and needs no snapshot: what was shredded meanwhile is gone.
            let mut tx = lines.tx("");
            let kept = work.run(&mut tx);
            vault_used = tx.vault.used();
            if kept || !lines.again() {
                break;
            }
            lines.roll_back(vault_used);
            pause(attempt);
        }
        // What was read is answered before its transaction is cleared away.
        work.answer();
        next = queue.another();
        lines.let_go(vault_used, next.is_some());
        next = next.or_else(|| queue.next());
    }
}

/// The committer: many units, one commit.
pub(crate) fn group(lines: &mut Lines, queue: &Queue, env: &Env) {
    while let Some(first) = queue.next() {
        let mut batch = vec![first];
        let mut ending = plain(lines, &mut batch, joining(queue, env));
        // A unit failed and took the transaction with it: all of them again, each behind a savepoint.
        for attempt in 1..=TRIES {
            match &ending {
                Round::Done | Round::Lost(_) => break,
                Round::Again => pause(attempt - 1),
            }
            ending = guarded(lines, &mut batch);
        }
        end_of(ending, lines, batch);
    }
}

/// How one try at a batch ended.
enum Round {
    Done,
    Again,
    Lost(Error),
}

/// Without savepoints, the common case; takes more units while there are any.
fn plain(lines: &mut Lines, batch: &mut Vec<Box<dyn Work>>, mut more: impl FnMut() -> Option<Box<dyn Work>>) -> Round {
    lines.begin(WRITE);
    let mut tx = lines.tx(WRITE);
    let (mut at, mut kept) = (0, true);
    while at < batch.len() {
        tx.next_unit();
        // A refusal that changed nothing leaves the others whole.
        kept = batch[at].run(&mut tx) || (!tx.wrote() && !tx.failed());
        at += 1;
        if !kept {
            break;
        }
        if at == batch.len()
            && at < UNITS_PER_COMMIT
            && let Some(work) = more()
        {
            batch.push(work);
        }
    }
    let vault_used = tx.vault.used();
    let flushed = match kept {
        // Without keys there is one commit, which goes with what waits; where the server refuses any of it, it keeps nothing.
        true if !vault_used => match lines.data.batch("COMMIT") {
            Ok(()) => return Round::Done,
            Err(error) if lines.data.trouble == Trouble::Broken => {
                lines.roll_back(false);
                return Round::Lost(unknown(error, Trouble::Broken));
            }
            Err(error) => Err(error),
        },
        true => tx.flush(),
        false => Ok(()),
    };
    if kept && flushed.is_ok() {
        return end(lines, vault_used);
    }
    let again = lines.again();
    lines.roll_back(vault_used);
    match batch.as_mut_slice() {
        // Alone, and nobody else's conflict: that is its answer.
        [work] if !again => {
            if let Err(error) = flushed {
                work.fail(error);
            }
            Round::Done
        }
        _ => Round::Again,
    }
}

/// With a savepoint each: a failing unit leaves the others whole.
fn guarded(lines: &mut Lines, batch: &mut [Box<dyn Work>]) -> Round {
    lines.begin(WRITE);
    let mut vault_begun = false;
    for work in batch.iter_mut() {
        let fenced = fence(lines, work.as_mut(), &mut vault_begun);
        if fenced.is_err() || lines.again() {
            lines.roll_back(vault_begun);
            return Round::Again;
        }
    }
    end(lines, vault_begun)
}

fn fence(lines: &mut Lines, work: &mut dyn Work, vault_begun: &mut bool) -> Result<()> {
    lines.data.batch("SAVEPOINT unit")?;
    let opening = if *vault_begun { "SAVEPOINT unit" } else { "BEGIN ISOLATION LEVEL READ COMMITTED; SAVEPOINT unit" };
    let mut tx = lines.tx(opening);
    let mut kept = work.run(&mut tx);
    if kept && let Err(error) = tx.flush() {
        work.fail(error);
        kept = false;
    }
    let vault_used = tx.vault.used();
    *vault_begun |= vault_used;
    let finish = if kept { "RELEASE SAVEPOINT unit" } else { "ROLLBACK TO SAVEPOINT unit; RELEASE SAVEPOINT unit" };
    if vault_used {
        lines.vault.batch(finish)?;
    }
    lines.data.batch(finish)
}

fn end(lines: &mut Lines, vault_used: bool) -> Round {
    match lines.commit(vault_used) {
        Ok(()) => Round::Done,
        Err(ending) => {
            lines.roll_back(vault_used);
            if ending.again { Round::Again } else { Round::Lost(ending.error) }
        }
    }
}
