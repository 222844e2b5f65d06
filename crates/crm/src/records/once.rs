//! A request sent twice with the same key is done once: the second time it is answered with the ids of the first.

use std::{str::FromStr, time::Duration};

use kernel::{Code, Error, Result};
use store::args;
use trail::{Actor, App, Unit};

use super::sql;

/// How long a key is remembered.
pub const REMEMBERED: Duration = Duration::from_secs(24 * 3600);
/// The longest key.
pub const KEY_MAX: usize = 255;

/// One thing to be done once: who asks, under which key, for what. Only keyed hashes of it are kept.
#[derive(Clone)]
pub struct Once {
    hash: [u8; 32],
    body: [u8; 32],
}

impl Once {
    /// What an actor asks for under a key of their own; `body` is all that was asked for.
    pub fn new(app: &App, actor: &Actor, key: &str, body: &[u8]) -> Self {
        let secret = app.keyring().derived("idempotency");
        let who = actor.who.to_string();
        let hash = vault::keyed(secret.expose(), &[b"key", who.as_bytes(), key.as_bytes()]);
        Self { hash, body: vault::keyed(secret.expose(), &[b"body", body]) }
    }

    /// One part of a request that takes several units.
    #[must_use]
    pub fn part(&self, n: usize) -> Self {
        let part = u64::try_from(n).unwrap_or(u64::MAX).to_be_bytes();
        Self { hash: vault::keyed(&self.hash, &[b"part", &part]), body: self.body }
    }
}

/// What was kept when this was done before. Error: conflict when the key was used for something else.
pub fn done_before(unit: &mut Unit, once: &Once) -> Result<Option<String>> {
    let now = unit.now();
    let found = unit.maybe(sql::ONCE_FIND, &args![once.hash, now], |row| Ok((row.get::<[u8; 32]>(0)?, row.get::<String>(1)?)))?;
    match found {
        Some((body, _)) if body != once.body => {
            Err(Error::new(Code::Conflict, "This Idempotency-Key was used for another request within 24 hours. Send a fresh key."))
        }
        Some((_, ids)) => Ok(Some(ids)),
        None => Ok(None),
    }
}

/// Keeps what a repetition is to be answered with, in the unit that does it: ids and words of our own, never personal data.
///
/// Error: conflict when the same request is being done at this moment.
pub fn keep(unit: &mut Unit, once: &Once, status: u16, ids: &str) -> Result<()> {
    let now = unit.now();
    unit.run(sql::ONCE_FORGET, &args![once.hash, now])?;
    // One in 64 sweeps for the others.
    if unit.env().bytes::<1>()[0] < 4 {
        unit.run(sql::ONCE_SWEEP, &args![now])?;
    }
    let row = args![once.hash, once.body, i64::from(status), ids, now.plus(REMEMBERED)];
    if unit.run(sql::ONCE_KEEP, &row)? == 0 {
        return Err(Error::new(Code::Conflict, "The same request is being done at this moment. Send it again in a second."));
    }
    Ok(())
}

/// Does something once in its unit: what was done before under the same key is answered with its id, without doing it again.
///
/// Errors: those of `act`, [`done_before`] and [`keep`].
pub fn first<T: FromStr + ToString>(
    unit: &mut Unit,
    once: Option<&Once>,
    status: u16,
    act: impl FnOnce(&mut Unit) -> Result<T>,
) -> Result<T> {
    let Some(once) = once else { return act(unit) };
    if let Some(ids) = done_before(unit, once)? {
        return ids.parse().map_err(|_| Error::internal("what was kept of a request does not read"));
    }
    let made = act(unit)?;
    keep(unit, once, status, &made.to_string())?;
    Ok(made)
}
