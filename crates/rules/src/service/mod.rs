//! Service targets: how long a first answer and a solution may take, counted in working hours, paused while one waits for the customer.
//!
//! [`clock`] works out of a case's steps, the targets and a moment what is due when, what ran and what stood still. Nothing is counted down:
//! the same steps give the same clock, so that a change of priority, a pause or a case that is opened again needs no bookkeeping.

mod hours;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use kernel::Instant;
use serde::{Deserialize, Serialize};

pub use hours::{Calendar, Day, Hours, Span};

/// The longest target: ten years, in minutes.
pub const MINUTES_MAX: u32 = 5_256_000;
/// The most holidays that are set by hand.
pub const HOLIDAYS_MAX: usize = 500;
/// Microseconds of a minute.
const MINUTE: i64 = 60_000_000;

/// What is promised for cases of one priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Minutes to the first answer; `None` where none is promised.
    pub reply: Option<u32>,
    /// Minutes to the solution; likewise.
    pub solve: Option<u32>,
    /// Whether they are counted day and night, instead of in working hours.
    pub around_the_clock: bool,
}

/// What is promised, and how it is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// By priority.
    pub targets: BTreeMap<String, Target>,
    /// The priority that a case without one counts as.
    pub usual: String,
    /// When people work.
    pub hours: Hours,
    /// Statuses in which the clock stands still: one waits for the customer.
    pub pauses: BTreeSet<String>,
    /// Statuses that mark a first answer, beside a message that goes out.
    pub answers: BTreeSet<String>,
    /// Statuses in which a case is solved.
    pub ends: BTreeSet<String>,
    /// The status that a case which waits goes on in when the customer writes; `None` where people move it themselves.
    pub resumes: Option<String>,
    /// From how much of a target left it counts as due soon, in percent; 0 for never.
    pub warn: u8,
}

impl Default for Targets {
    /// Four priorities, from an hour and a working day to two and ten working days, in a week of five days from nine to five.
    fn default() -> Self {
        let target = |reply, solve| Target { reply: Some(reply), solve: Some(solve), around_the_clock: false };
        let set = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        let targets =
            [("urgent", target(60, 480)), ("high", target(240, 960)), ("normal", target(480, 2_400)), ("low", target(960, 4_800))];
        Self {
            targets: targets.into_iter().map(|(key, target)| (key.to_owned(), target)).collect(),
            usual: "normal".to_owned(),
            hours: Hours::default(),
            pauses: set(&["waiting"]),
            answers: set(&["waiting", "solved", "closed"]),
            ends: set(&["solved", "closed"]),
            resumes: Some("open".to_owned()),
            warn: 25,
        }
    }
}

/// A status that a case came into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// The status; empty for none.
    pub status: String,
}

/// What was decided before: a promise that was settled keeps the date that it was settled by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// When it was kept, or too late.
    pub done: Instant,
    /// By when it was to be.
    pub due: Option<Instant>,
}

/// A case, as far as its clock asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// Its statuses, the first from its beginning on, in their order.
    pub steps: Vec<Step>,
    /// Its priority now; empty for none.
    pub priority: String,
    /// When a message first went out for it.
    pub replied: Option<Instant>,
    /// Its first answer, once it was judged.
    pub reply_settled: Option<Settled>,
    /// Its solution, once it was judged.
    pub solve_settled: Option<Settled>,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is time.
    OnTime,
    /// Little of it is left.
    Soon,
    /// It is past.
    Overdue,
    /// One waits for the customer.
    Paused,
    /// It was kept.
    Met,
    /// It came too late.
    Missed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [Self::OnTime, Self::Soon, Self::Overdue, Self::Paused, Self::Met, Self::Missed];

    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OnTime => "on_time",
            Self::Soon => "soon",
            Self::Overdue => "overdue",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::Missed => "missed",
        }
    }

    /// The worse it is, the higher; what is done comes last.
    const fn pressing(self) -> u8 {
        match self {
            Self::Overdue => 4,
            Self::Soon => 3,
            Self::OnTime => 2,
            Self::Paused => 1,
            Self::Met | Self::Missed => 0,
        }
    }
}

/// A promise and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promise {
    /// How many minutes it has.
    pub allowed: u32,
    /// How much of them is used, in whole seconds.
    pub used: i64,
    /// By when it is due; `None` while it stands still, and where nobody ever works.
    pub due: Option<Instant>,
    /// When it begins to be due soon.
    pub soon: Option<Instant>,
    /// When it was done.
    pub done: Option<Instant>,
    /// How it stands.
    pub state: State,
}

impl Promise {
    /// How much is left, in whole seconds; less than nothing once it is used up.
    pub const fn left(&self) -> i64 {
        self.allowed as i64 * 60 - self.used
    }
}

/// A time in one status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// From when.
    pub from: Instant,
    /// Until when; `None` for the one that lasts.
    pub to: Option<Instant>,
    /// The status.
    pub status: String,
    /// Whether the clock ran.
    pub runs: bool,
    /// What it counted, in whole seconds.
    pub counted: i64,
}

/// A case's clock at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The priority it counts as.
    pub priority: String,
    /// What is promised for it.
    pub target: Target,
    /// The first answer, where one is promised.
    pub reply: Option<Promise>,
    /// The solution, where one is promised.
    pub solve: Option<Promise>,
    /// When it was first answered, promised or not.
    pub replied: Option<Instant>,
    /// Since when it is solved.
    pub solved: Option<Instant>,
    /// What ran and what stood still.
    pub stretches: Vec<Stretch>,
}

impl Clock {
    /// The promises that there are.
    pub fn promises(&self) -> impl Iterator<Item = &Promise> {
        self.reply.iter().chain(&self.solve)
    }

    /// How the case stands on the whole: the most pressing of what is open, else whether all was kept. `None` where nothing is promised.
    pub fn state(&self) -> Option<State> {
        let open = self.promises().filter(|promise| promise.done.is_none());
        if let Some(state) = open.map(|promise| promise.state).max_by_key(|state| state.pressing()) {
            return Some(state);
        }
        let missed = self.promises().any(|promise| promise.state == State::Missed);
        self.promises().next().map(|_| if missed { State::Missed } else { State::Met })
    }

    /// What is due next.
    pub fn due(&self) -> Option<Instant> {
        self.promises().filter(|promise| promise.done.is_none()).filter_map(|promise| promise.due).min()
    }

    /// When its state changes next if nothing happens.
    pub fn next(&self, now: Instant) -> Option<Instant> {
        let open = self.promises().filter(|promise| promise.done.is_none());
        open.flat_map(|promise| [promise.soon, promise.due]).flatten().filter(|at| *at > now).min()
    }
}

/// A case's clock at a moment; `None` where nothing is promised for its priority.
pub fn clock(targets: &Targets, case: &Case, now: Instant) -> Option<Clock> {
    let known = Some(&case.priority).filter(|key| targets.targets.contains_key(*key)).unwrap_or(&targets.usual);
    let target = *targets.targets.get(known)?;
    let calendar = Calendar::new(&targets.hours, target.around_the_clock);
    let mut steps = case.steps.clone();
    steps.sort_by_key(|step| step.at);
    let ends = |step: &Step| targets.ends.contains(&step.status);
    let mut stretches: Vec<Stretch> = Vec::new();
    for (n, step) in steps.iter().enumerate() {
        let to = steps.get(n + 1).map(|next| next.at);
        let runs = !ends(step) && !targets.pauses.contains(&step.status);
        match stretches.last_mut() {
            Some(last) if last.status == step.status => last.to = to,
            _ => stretches.push(Stretch { from: step.at, to, status: step.status.clone(), runs, counted: 0 }),
        }
    }
    for stretch in stretches.iter_mut().filter(|stretch| stretch.runs) {
        stretch.counted = calendar.counted(stretch.from, stretch.to.unwrap_or(now)) / 1_000_000;
    }
    let answered = steps.iter().find(|step| targets.answers.contains(&step.status) || ends(step)).map(|step| step.at);
    let begun = steps.first().map(|step| step.at);
    let replied = [answered, case.replied.max(begun.filter(|_| case.replied.is_some()))].into_iter().flatten().min();
    let solved = stretches.last().filter(|last| targets.ends.contains(&last.status)).map(|last| last.from);
    let counting = Counting { calendar: &calendar, stretches: &stretches, warn: targets.warn, now };
    Some(Clock {
        priority: known.clone(),
        target,
        reply: target.reply.map(|minutes| counting.promise(minutes, replied, case.reply_settled)),
        solve: target.solve.map(|minutes| counting.promise(minutes, solved, case.solve_settled)),
        replied,
        solved,
        stretches,
    })
}

struct Counting<'a> {
    calendar: &'a Calendar<'a>,
    stretches: &'a [Stretch],
    warn: u8,
    now: Instant,
}

impl Counting<'_> {
    fn promise(&self, minutes: u32, done: Option<Instant>, settled: Option<Settled>) -> Promise {
        let allowed = i64::from(minutes) * MINUTE;
        let mut due = self.reached(allowed, done);
        // What was judged once stays as it was judged, whatever targets and holidays say since.
        if let Some(settled) = settled.filter(|settled| Some(settled.done) == done) {
            due = settled.due;
        }
        let warned = allowed - allowed / 100 * i64::from(self.warn.min(100));
        let soon = if self.warn == 0 || done.is_some() { None } else { self.reached(warned, None) };
        let until = done.unwrap_or(self.now).min(self.now);
        let runs = self.stretches.iter().filter(|stretch| stretch.runs && stretch.from <= until);
        let used: i64 = runs.map(|stretch| self.calendar.counted(stretch.from, stretch.to.unwrap_or(until).min(until))).sum();
        let state = match done {
            Some(done) if due.is_none_or(|due| done <= due) => State::Met,
            Some(_) => State::Missed,
            None if due.is_some_and(|due| due <= self.now) => State::Overdue,
            None if self.stretches.last().is_some_and(|last| !last.runs) => State::Paused,
            None if soon.is_some_and(|soon| soon <= self.now) => State::Soon,
            None => State::OnTime,
        };
        Promise { allowed: minutes, used: used / 1_000_000, due, soon, done, state }
    }

    /// When so much is used up: of what ran until it was done as if it had run on, or as it runs now.
    fn reached(&self, micros: i64, done: Option<Instant>) -> Option<Instant> {
        let runs: Vec<&Stretch> =
            self.stretches.iter().filter(|stretch| stretch.runs && done.is_none_or(|done| stretch.from <= done)).collect();
        let mut left = micros;
        for (n, stretch) in runs.iter().enumerate() {
            let last = n + 1 == runs.len();
            let to = stretch.to.filter(|to| !(last && done.is_some_and(|done| done <= *to)));
            let has = to.map(|to| self.calendar.counted(stretch.from, to));
            match has {
                Some(has) if has < left => left -= has,
                _ => return self.calendar.after(stretch.from, left),
            }
        }
        None
    }
}
