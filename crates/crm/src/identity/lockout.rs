//! How wrong tries slow the next one down, and how they are counted without a row each.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    time::Duration,
};

use kernel::{Code, Error, Instant, UserId};

/// Wrong tries at one account before the first wait.
const FREE_TRIES: i64 = 4;
/// Wrong tries from one origin before the first wait: an office behind one address mistypes more often than a person.
const FREE_TRIES_OF_ORIGIN: i64 = 29;
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Quiet for this long, an origin or an unknown account starts afresh.
const FORGET: Duration = Duration::from_secs(60 * 60);
const REMEMBERED: usize = 10_000;
/// How many attacked accounts one event names.
const NAMED: usize = 8;

/// The wait after the `failed`th wrong try at an account in a row: none up to the fourth, 1 s after the fifth, doubling up to 15 minutes.
pub(super) fn wait(failed: i64) -> Duration {
    beyond(failed - FREE_TRIES)
}

fn beyond(over: i64) -> Duration {
    match over {
        ..=0 => Duration::ZERO,
        1..=10 => Duration::from_secs(1 << (over - 1)),
        _ => LONGEST,
    }
}

/// Told to whoever must wait; the same for an account that exists and one that does not.
pub(super) fn too_often(until: Instant, now: Instant) -> Error {
    let seconds = until.since(now).as_secs() + 1;
    let (n, unit) = if seconds > 90 { (seconds.div_ceil(60), "minutes") } else { (seconds, "seconds") };
    Error::new(Code::RateLimited, format!("Too many wrong tries. Wait {n} {unit}, then try again."))
}

/// Wrong tries of what has no row: origins, and addresses nobody signs in with. Forgets the quiet ones; bounded.
pub(super) struct Tries<K> {
    map: HashMap<K, (i64, Instant)>,
    free: i64,
}

impl<K: std::hash::Hash + Eq> Tries<K> {
    pub(super) fn of_accounts() -> Self {
        Self { map: HashMap::new(), free: FREE_TRIES }
    }

    pub(super) fn of_origins() -> Self {
        Self { map: HashMap::new(), free: FREE_TRIES_OF_ORIGIN }
    }

    /// Until when `key` must wait, if it must.
    pub(super) fn until(&self, key: &K, now: Instant) -> Option<Instant> {
        let (failed, last) = self.map.get(key)?;
        let until = last.plus(beyond(failed - self.free));
        (until > now).then_some(until)
    }

    /// One more wrong try.
    pub(super) fn failed(&mut self, key: K, now: Instant) {
        if self.map.len() >= REMEMBERED {
            self.map.retain(|_, (_, last)| now.since(*last) < FORGET);
        }
        if self.map.len() >= REMEMBERED {
            // A flood of new keys: let go of those with the fewest tries, which wait for nothing yet.
            let free = self.free;
            self.map.retain(|_, (failed, _)| *failed > free);
        }
        if self.map.len() >= REMEMBERED && !self.map.contains_key(&key) {
            return;
        }
        let entry = self.map.entry(key).or_insert((0, now));
        let quiet = now.since(entry.1) >= FORGET;
        *entry = (if quiet { 1 } else { entry.0 + 1 }, now);
    }
}

/// The refusals of one minute, told in one event.
#[derive(Default)]
pub(super) struct Refusals {
    since: Option<Instant>,
    reasons: BTreeMap<&'static str, usize>,
    origins: HashSet<String>,
    users: BTreeSet<[u8; 16]>,
}

impl Refusals {
    pub(super) fn add(&mut self, reason: &'static str, origin: &str, user: Option<UserId>, now: Instant) {
        self.since.get_or_insert(now);
        *self.reasons.entry(reason).or_default() += 1;
        if self.origins.len() < REMEMBERED {
            self.origins.insert(origin.to_owned());
        }
        if let Some(user) = user.filter(|_| self.users.len() < NAMED) {
            self.users.insert(*user.bytes());
        }
    }

    /// Takes them out once their minute is over (or at once, when the house closes).
    pub(super) fn take(&mut self, now: Instant, at_once: bool) -> Option<Self> {
        let since = self.since?;
        (at_once || now.since(since) >= Duration::from_secs(60)).then(|| std::mem::take(self))
    }

    pub(super) fn tries(&self) -> usize {
        self.reasons.values().sum()
    }

    pub(super) fn origins(&self) -> usize {
        self.origins.len()
    }

    pub(super) fn reasons(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.reasons.iter().map(|(reason, n)| (*reason, *n))
    }

    pub(super) fn users(&self) -> impl Iterator<Item = UserId> {
        self.users.iter().map(|bytes| UserId::from_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_wrong_try_waits_a_second_and_each_further_one_twice_as_long_up_to_fifteen_minutes() {
        let waits: Vec<u64> = (1..=16).map(|n| wait(n).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait(i64::MAX), LONGEST);
    }

    #[test]
    fn tries_are_forgotten_after_an_hour_of_quiet_and_never_more_than_bounded() {
        let mut tries = Tries::of_accounts();
        let start = Instant::from_micros(0);
        for _ in 0..6 {
            tries.failed(0, start);
        }
        assert!(tries.until(&0, start).is_some());
        for key in 1..=(REMEMBERED * 2) {
            tries.failed(key, start);
        }
        assert!(tries.map.len() <= REMEMBERED);
        assert!(tries.until(&0, start).is_some(), "a flood does not free the one who must wait");
        let later = start.plus(FORGET);
        tries.failed(0, later);
        assert_eq!(tries.until(&0, later), None);
    }
}
