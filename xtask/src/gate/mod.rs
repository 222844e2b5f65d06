//! The one gate: every step runs, each prints its seconds, the last line is `N passed, N failed`.

mod browser;
mod disk;
mod judges;
mod needs;
mod plain;
mod run;
mod suites;
mod totals;

use std::{
    env,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use serde_json::Value;

use run::{Ran, Tool};

/// How a step ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A check without tests of its own: counts as one.
    Held,
    /// A check that did not hold, and why: counts as one.
    Broken(String),
    /// A suite's own count.
    Counted { passed: u32, failed: u32 },
    /// What could not be run, and why. Under `CI=true` that fails, unless it is `excused`.
    NotRun { why: String, excused: bool },
}

/// What a step does.
type Act = fn(&mut Gate) -> Outcome;

/// The steps, cheap ones first: what fails, fails early. The second text is what `--list` says.
const STEPS: [(&str, &str, Act); 14] = [
    ("needs", "what the steps need of the system; installs it on Debian as root", needs::system),
    ("fetch", "every dependency of the lock file, which nothing may change", plain::fetch),
    ("rustfmt", "cargo fmt --check", plain::rustfmt),
    ("layers", "who may depend on and name whom", plain::layers),
    ("migrations", "every migration exists for both engines", plain::migrations),
    ("judges", "tests/judges/requirements.txt into target/judges", needs::judges),
    ("deny", "cargo-deny: bans, licences, sources", plain::deny),
    ("clippy", "cargo clippy, warnings are errors", plain::clippy),
    ("build", "the workspace, its tests included", plain::build),
    ("tests", "unit and story tests on SQLite, PostgreSQL and S3", suites::rust),
    ("doctests", "the examples in docstrings", suites::doctests),
    ("foreign", "other people's verifier agrees with our proofs", judges::foreign),
    ("api", "schemathesis against the running server", judges::api),
    ("browser", "the journeys in Chromium", browser::journeys),
];

/// What the steps share.
pub struct Gate {
    root: PathBuf,
    target: PathBuf,
    ci: bool,
    full: bool,
    /// Things outside the steps' count that could not be run and do not fail, told in the summary.
    notes: Vec<String>,
    /// Tests that failed and then held when run again: no failure, and never unsaid, since each of them is a fault of the test or of the product.
    unsteady: Vec<String>,
}

/// Runs the gate with the words after `test`.
pub fn main(root: &Path, words: &[&str]) -> ExitCode {
    let mut full = false;
    let mut only: Option<Vec<&str>> = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--full" => full = true,
            "--list" => {
                for (name, what, _) in STEPS {
                    println!("{name:<11} {what}");
                }
                return ExitCode::SUCCESS;
            }
            "--only" => only = words.next().map(|names| names.split(',').collect()),
            other => return usage(&format!("{other} is no option of `test`")),
        }
    }
    if let Some(unknown) = only.iter().flatten().find(|name| !STEPS.iter().any(|(step, ..)| step == *name)) {
        return usage(&format!("{unknown} is no step; `cargo xtask test --list` names them"));
    }
    let ci = env::var("CI").is_ok_and(|value| value == "true");
    let target = match target(root) {
        Ok(target) => target,
        Err(why) => return usage(&why),
    };
    let mut gate = Gate { root: root.to_path_buf(), target, ci, full, notes: Vec::new(), unsteady: Vec::new() };
    let began = clock();
    let mut results = Vec::new();
    for (name, _, act) in STEPS {
        if only.as_ref().is_some_and(|only| !only.contains(&name)) {
            continue;
        }
        println!("== {name} …");
        let began = clock();
        let outcome = act(&mut gate);
        println!("== {name} {} in {} s", told(&outcome), began.elapsed().as_secs());
        results.push((name, outcome, began.elapsed()));
    }
    summary(&gate, &results, began.elapsed())
}

fn usage(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::from(2)
}

/// Prints every step's line, then what was not run, then the count.
fn summary(gate: &Gate, results: &[(&str, Outcome, Duration)], took: Duration) -> ExitCode {
    println!("\n== summary, {} s", took.as_secs());
    for (name, outcome, took) in results {
        println!("{name:<11} {:>5} s  {}", took.as_secs(), told(outcome));
    }
    for test in &gate.unsteady {
        println!("held only at the second try: {test}");
    }
    for note in &gate.notes {
        println!("not run: {note}");
    }
    if let Some(left) = disk::left(&gate.target).filter(|left| *left < disk::SCARCE) {
        println!("the disk is short: {}, which alone can make a build or a test fail", disk::told(left));
    }
    for (name, outcome, _) in results {
        if let Outcome::NotRun { why, .. } = outcome {
            println!("not run: {name}: {why}");
        }
    }
    let (passed, failed) = count(results.iter().map(|(_, outcome, _)| outcome), gate.ci);
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Held => "holds".to_owned(),
        Outcome::Broken(why) => format!("FAILED: {why}"),
        Outcome::Counted { passed, failed: 0 } => format!("{passed} passed"),
        Outcome::Counted { passed, failed } => format!("FAILED: {passed} passed, {failed} failed"),
        Outcome::NotRun { why, .. } => format!("not run: {why}"),
    }
}

/// Passed and failed over all steps: suites count their tests, a check counts one, what was not run counts as failed where nothing excuses it in CI.
fn count<'a>(outcomes: impl Iterator<Item = &'a Outcome>, ci: bool) -> (u32, u32) {
    outcomes.fold((0, 0), |(passed, failed), outcome| match outcome {
        Outcome::Held => (passed + 1, failed),
        Outcome::Broken(_) => (passed, failed + 1),
        Outcome::Counted { passed: p, failed: f } => (passed + p, failed + f),
        Outcome::NotRun { excused, .. } => (passed, failed + u32::from(ci && !excused)),
    })
}

#[expect(clippy::disallowed_methods, reason = "the gate measures itself; kernel::Env belongs to the product")]
fn clock() -> Instant {
    Instant::now()
}

/// Where cargo builds, whatever the environment and the configuration say.
fn target(root: &Path) -> Result<PathBuf, String> {
    let ran = Tool::new("cargo", ["metadata", "--format-version", "1", "--no-deps"]).at(root).quiet().run();
    let line = ran.text.lines().find(|line| line.starts_with('{')).unwrap_or_default();
    let told: Value = serde_json::from_str(line).map_err(|_| format!("cargo metadata: {}", ran.last_words()))?;
    told["target_directory"].as_str().map(PathBuf::from).ok_or_else(|| "cargo metadata names no target directory".to_owned())
}

impl Gate {
    /// A tool called in the workspace's root. What a second build would be quicker by is not kept in CI, where there is none: it takes as much
    /// disk again as the build itself.
    fn tool<const N: usize>(&self, program: &str, words: [&str; N]) -> Tool {
        let tool = Tool::new(program, words).at(&self.root);
        if self.ci { tool.env("CARGO_INCREMENTAL", "0") } else { tool }
    }

    /// The product's binary, built if need be.
    fn binary(&self) -> Result<PathBuf, String> {
        let ran = self.tool("cargo", ["build", "--quiet", "--locked", "--workspace", "--bins"]).run();
        let binary = self.target.join("debug/probity");
        if ran.ok && binary.is_file() { Ok(binary) } else { Err(format!("the binary does not build: {}", ran.last_words())) }
    }

    /// A program of the judges' Python environment.
    fn judge(&self, program: &str) -> PathBuf {
        self.target.join("judges/bin").join(program)
    }
}

/// A check's outcome from its run.
fn held(ran: &Ran) -> Outcome {
    if ran.ok { Outcome::Held } else { Outcome::Broken(ran.last_words()) }
}

/// A suite's outcome: what it counted, and never a success that its exit code denies or that ran nothing.
fn counted(ran: &Ran, totals: Option<(u32, u32)>) -> Outcome {
    match totals {
        Some((passed, 0)) if !ran.ok => {
            println!("the suite counts no failure, but it ended so: {}", ran.last_words());
            Outcome::Counted { passed, failed: 1 }
        }
        Some((0, 0)) => Outcome::Broken("no test ran".to_owned()),
        Some((passed, failed)) => Outcome::Counted { passed, failed },
        None => Outcome::Broken(ran.last_words()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(ok: bool) -> Ran {
        Ran { ok, text: "a\nlast words\n".to_owned() }
    }

    #[test]
    fn a_suite_counts_its_tests_and_a_check_counts_one() {
        let outcomes = [Outcome::Held, Outcome::Counted { passed: 7, failed: 2 }, Outcome::Broken(String::new())];
        assert_eq!(count(outcomes.iter(), true), (8, 3));
    }

    #[test]
    fn what_was_not_run_fails_in_ci_alone_and_never_when_excused() {
        let due = [Outcome::NotRun { why: String::new(), excused: false }];
        let excused = [Outcome::NotRun { why: String::new(), excused: true }];
        assert_eq!((count(due.iter(), true), count(due.iter(), false), count(excused.iter(), true)), ((0, 1), (0, 0), (0, 0)));
    }

    #[test]
    fn a_suite_that_fails_without_a_count_or_runs_nothing_is_no_success() {
        assert_eq!(counted(&ran(true), Some((3, 0))), Outcome::Counted { passed: 3, failed: 0 });
        assert_eq!(counted(&ran(false), Some((3, 0))), Outcome::Counted { passed: 3, failed: 1 });
        assert_eq!(counted(&ran(false), None), Outcome::Broken("last words".to_owned()));
        assert_eq!(counted(&ran(true), Some((0, 0))), Outcome::Broken("no test ran".to_owned()));
    }
}
