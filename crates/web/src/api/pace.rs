//! How often one caller may call: a bucket that fills with time (token bucket), one for each key or member of staff.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use kernel::{Code, Error, Result};

/// Calls that may come at once.
const DEPTH: f64 = 1_000.0;
/// Calls that may come every second in the long run.
const A_SECOND: f64 = 200.0;
/// Callers remembered; those whose bucket is full are forgotten first.
const CALLERS: usize = 10_000;

/// The buckets of every caller. One for the process.
#[derive(Default)]
pub struct Pace(Mutex<HashMap<String, Bucket>>);

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Duration,
}

impl Bucket {
    fn filled(self, now: Duration) -> Self {
        let since = now.saturating_sub(self.at).as_secs_f64();
        Self { left: (self.left + since * A_SECOND).min(DEPTH), at: now }
    }
}

impl Pace {
    /// Takes one call out of a caller's bucket at `now` (time since some fixed moment). Error: rate_limited when it is empty.
    pub fn take(&self, caller: &str, now: Duration) -> Result<()> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= CALLERS && !buckets.contains_key(caller) {
            buckets.retain(|_, bucket| bucket.filled(now).left < DEPTH);
        }
        let known = buckets.get(caller).map_or(Bucket { left: DEPTH, at: now }, |bucket| bucket.filled(now));
        let enough = known.left >= 1.0;
        buckets.insert(caller.to_owned(), Bucket { left: if enough { known.left - 1.0 } else { known.left }, at: now });
        if enough {
            return Ok(());
        }
        Err(Error::new(Code::RateLimited, "Too many requests with this key. Wait a few seconds, then go on at 200 a second at most."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_that_calls_too_often_waits_and_others_do_not() {
        let (pace, start) = (Pace::default(), Duration::from_secs(5));
        for _ in 0..1_000 {
            pace.take("key_a", start).unwrap();
        }
        assert_eq!(pace.take("key_a", start).unwrap_err().code(), Code::RateLimited);
        pace.take("key_b", start).unwrap();
        pace.take("key_a", start + Duration::from_millis(6)).unwrap();
        assert_eq!(pace.take("key_a", start + Duration::from_millis(6)).unwrap_err().code(), Code::RateLimited);
    }
}
