//! Clients that work at once, and what it took.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use kernel::{Env, Error, Result};
use rustix::time::{ClockId, clock_gettime};
use serde_json::Value;

use super::table::Row;

/// What a load came to.
pub struct Load {
    /// How often it was done, by all clients.
    pub count: usize,
    elapsed: Duration,
    /// How long each took, sorted.
    times: Vec<Duration>,
}

impl Load {
    pub fn new(mut times: Vec<Duration>, elapsed: Duration) -> Self {
        times.sort_unstable();
        Self { count: times.len(), elapsed, times }
    }

    pub fn per_second(&self) -> f64 {
        rate(self.count, self.elapsed)
    }

    /// The time that so many of a hundred did not exceed, in milliseconds.
    pub fn at(&self, percent: usize) -> f64 {
        let place = (self.times.len() * percent / 100).min(self.times.len().saturating_sub(1));
        self.times.get(place).map_or(0.0, |time| millis(*time))
    }

    /// A row with the percentiles and the count.
    pub fn tell(&self, row: Row) -> Row {
        [50, 95, 99].iter().fold(row.with("count", self.count), |row, p| row.with(&format!("p{p}"), hundredths(self.at(*p))))
    }
}

fn hundredths(value: f64) -> Value {
    ((value * 100.0).round() / 100.0).into()
}

pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// So many in such a time, a second.
#[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
pub fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64().max(1e-9)
}

/// `one` over and over by so many clients at once, each with what `client` makes it, for a time. The first fault ends all.
pub fn clients<C>(
    env: &Env,
    count: usize,
    span: Duration,
    client: impl Fn(usize) -> Result<C> + Sync,
    one: impl Fn(&mut C, usize, usize) -> Result<()> + Sync,
) -> Result<Load> {
    let ended = AtomicBool::new(false);
    let barrier = std::sync::Barrier::new(count + 1);
    let (times, elapsed) = std::thread::scope(|scope| {
        let running: Vec<_> = (0..count)
            .map(|number| {
                let (ended, barrier, client, one) = (&ended, &barrier, &client, &one);
                scope.spawn(move || {
                    let made = client(number);
                    barrier.wait();
                    let mut made = made?;
                    let mut times = Vec::new();
                    while !ended.load(Ordering::Relaxed) {
                        let start = env.monotonic();
                        one(&mut made, number, times.len()).inspect_err(|_| ended.store(true, Ordering::Relaxed))?;
                        times.push(env.monotonic().saturating_sub(start));
                    }
                    Ok(times)
                })
            })
            .collect();
        barrier.wait();
        let start = env.monotonic();
        while env.monotonic().saturating_sub(start) < span && !ended.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        ended.store(true, Ordering::Relaxed);
        let all: Result<Vec<Vec<Duration>>> =
            running.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(Error::internal("a client panicked")))).collect();
        (all, env.monotonic().saturating_sub(start))
    });
    Ok(Load::new(times?.concat(), elapsed))
}

/// The processor time that this process has used, of all its threads.
pub fn cpu() -> Duration {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(u64::try_from(now.tv_sec).unwrap_or(0), u32::try_from(now.tv_nsec).unwrap_or(0))
}

/// The processor time that a process has used, in the system's ticks (hundredths of a second); nothing where the system does not tell.
pub fn ticks(process: &str) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold blanks. User and system time are the 14th and 15th words, see proc(5).
    let mut words = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    Some(words.next()?.parse::<u64>().ok()? + words.next()?.parse::<u64>().ok()?)
}

/// A process's memory in megabytes, now (`VmRSS`) or at its highest (`VmHWM`); nothing where the system does not tell.
pub fn memory(process: &str, key: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok().map(|kib| kib * 1024.0 / 1e6)
}

/// Lets the highest memory be counted from now on, where the system can.
pub fn forget_peak() {
    // Where it cannot, the figure is that of the whole run, which is higher.
    drop(std::fs::write("/proc/self/clear_refs", "5"));
}
