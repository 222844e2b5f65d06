//! The only door to time and chance, so that a test, a demo and a replay can hold both still.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use crate::Instant;

trait Source: Send + Sync {
    fn now(&self) -> Instant;
    fn fill(&self, bytes: &mut [u8]);
    fn monotonic(&self) -> Duration;
    fn is_held(&self) -> bool;
}

/// Time and chance, handed to whoever needs them. Cheap to clone.
#[derive(Clone)]
pub struct Env(Arc<dyn Source>);

impl std::fmt::Debug for Env {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Env")
    }
}

impl Env {
    /// The machine's clock and the operating system's randomness.
    pub fn system() -> Self {
        Self(Arc::new(System { started: started() }))
    }

    /// The operating system's randomness under a clock that the caller moves (for demonstrations and tests of time).
    pub fn with_clock(start: Instant) -> (Self, FixedClock) {
        let clock = FixedClock::new(start);
        (Self(Arc::new(Clocked { clock: clock.clone() })), clock)
    }

    /// For tests only: a clock that the caller moves and bytes drawn from `seed`, the same in every run. Never for keys that protect anything.
    pub fn fixed(seed: u64, start: Instant) -> (Self, FixedClock) {
        let clock = FixedClock::new(start);
        (Self(Arc::new(Fixed { clock: clock.clone(), state: Mutex::new(seed) })), clock)
    }

    /// What time it is.
    pub fn now(&self) -> Instant {
        self.0.now()
    }

    /// Time since some fixed moment, which never goes backwards.
    pub fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    /// Whether the program itself moves this clock, so that none of its leaps is the machine's.
    pub fn is_held(&self) -> bool {
        self.0.is_held()
    }

    /// Fills `bytes` with unpredictable ones.
    pub fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }

    /// `N` unpredictable bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }

    /// A positive random 63-bit integer, for the token index's row number.
    pub fn doc(&self) -> i64 {
        i64::from_be_bytes(self.bytes()) & i64::MAX
    }

    /// The bytes of a UUIDv7 (RFC 9562) at the current time.
    pub fn uuid7(&self) -> [u8; 16] {
        let millis = u64::try_from(self.now().millis()).unwrap_or(0);
        *uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid().as_bytes()
    }
}

struct System {
    started: std::time::Instant,
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn started() -> std::time::Instant {
    std::time::Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "this is the door")]
fn system_now() -> Instant {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

fn system_fill(bytes: &mut [u8]) {
    // A machine without randomness must not go on: every key would be guessable.
    #[expect(
        clippy::expect_used,
        clippy::disallowed_methods,
        reason = "this is the door, and there is no safe way to go on without randomness"
    )]
    aws_lc_rs::rand::fill(bytes).expect("the operating system gives random bytes");
}

impl Source for System {
    fn now(&self) -> Instant {
        system_now()
    }
    fn fill(&self, bytes: &mut [u8]) {
        system_fill(bytes);
    }
    fn monotonic(&self) -> Duration {
        self.started.elapsed()
    }
    fn is_held(&self) -> bool {
        false
    }
}

/// The hand that moves a held clock.
#[derive(Clone)]
pub struct FixedClock(Arc<Hand>);

struct Hand {
    at: AtomicI64,
    held: AtomicBool,
}

impl FixedClock {
    fn new(start: Instant) -> Self {
        Self(Arc::new(Hand { at: AtomicI64::new(start.micros()), held: AtomicBool::new(true) }))
    }

    /// Sets the time.
    pub fn set(&self, at: Instant) {
        self.0.at.store(at.micros(), Ordering::SeqCst);
    }

    /// From here on it passes for the machine's own, whose leaps are suspicious.
    pub fn let_go(&self) {
        self.0.held.store(false, Ordering::SeqCst);
    }

    /// Moves the time forward.
    pub fn advance(&self, span: Duration) {
        self.set(self.now().plus(span));
    }

    /// The time it shows.
    pub fn now(&self) -> Instant {
        Instant::from_micros(self.0.at.load(Ordering::SeqCst))
    }
}

struct Clocked {
    clock: FixedClock,
}

impl Source for Clocked {
    fn now(&self) -> Instant {
        self.clock.now()
    }
    fn fill(&self, bytes: &mut [u8]) {
        system_fill(bytes);
    }
    fn monotonic(&self) -> Duration {
        self.clock.now().since(Instant::EPOCH)
    }
    fn is_held(&self) -> bool {
        self.clock.0.held.load(Ordering::SeqCst)
    }
}

struct Fixed {
    clock: FixedClock,
    state: Mutex<u64>,
}

impl Source for Fixed {
    fn now(&self) -> Instant {
        self.clock.now()
    }
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for chunk in bytes.chunks_mut(8) {
            // SplitMix64 (Steele, Lea, Flood 2014): small, well mixed, and only for tests.
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = *state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^= z >> 31;
            chunk.copy_from_slice(&z.to_le_bytes()[..chunk.len()]);
        }
    }
    fn monotonic(&self) -> Duration {
        self.clock.now().since(Instant::EPOCH)
    }
    fn is_held(&self) -> bool {
        self.clock.0.held.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_env_repeats_itself_and_stands_still() {
        let (a, clock) = Env::fixed(7, Instant::from_micros(1_000_000));
        let (b, _) = Env::fixed(7, Instant::from_micros(1_000_000));
        assert_eq!(a.bytes::<24>(), b.bytes::<24>());
        assert_eq!(a.now(), b.now());
        clock.advance(Duration::from_secs(1));
        assert_eq!(a.now(), Instant::from_micros(2_000_000));
    }

    #[test]
    fn the_system_env_does_not_repeat_itself() {
        assert_ne!(Env::system().bytes::<32>(), Env::system().bytes::<32>());
    }
}
