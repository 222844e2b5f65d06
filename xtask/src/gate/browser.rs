//! The journeys through the pages, in a real browser.

use std::fs;

use super::{Gate, Outcome, counted, judges::offers, run::find, totals};

/// Runs every file of tests/browser/journeys against `probity serve --demo`.
pub fn journeys(gate: &mut Gate) -> Outcome {
    let binary = match gate.binary() {
        Ok(binary) => binary,
        Err(why) => return Outcome::Broken(why),
    };
    match offers(gate, &binary, "serve") {
        Ok(true) => {}
        Ok(false) => return Outcome::NotRun { why: "probity serve does not exist yet".to_owned(), excused: true },
        Err(why) => return Outcome::Broken(why),
    }
    let (Some(_), Some(_), Some(chromium)) = (find("node"), find("npm"), find("chromium")) else {
        return Outcome::NotRun { why: "node, npm or chromium is missing: cargo xtask test --only needs".to_owned(), excused: false };
    };
    let folder = gate.root.join("tests/browser");
    let lock = fs::read_to_string(folder.join("package-lock.json")).unwrap_or_default();
    let mark = folder.join("node_modules/.lock");
    if fs::read_to_string(&mark).ok().as_ref() != Some(&lock) {
        let ran = gate.tool("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).at(&folder).within(5).run();
        if !ran.ok || fs::write(&mark, &lock).is_err() {
            return Outcome::NotRun { why: format!("npm ci: {}", ran.last_words()), excused: false };
        }
    }
    let journeys = |only: Option<&str>| {
        let tool = gate
            .tool("node", ["--test", "--test-reporter=spec", "all.test.mjs"])
            .at(&folder)
            .env("PROBITY_BIN", &binary)
            .env("PROBITY_CHROMIUM", &chromium)
            .env("PROBITY_SCREENSHOTS", gate.target.join("screenshots"))
            .within(15);
        if let Some(only) = only { tool.env("JOURNEY", only) } else { tool }.run()
    };
    let ran = journeys(None);
    let mut outcome = counted(&ran, totals::node(&ran.text));
    // A browser on a busy machine loses a key press now and then. A file that failed has one more try with a server of its own, and the summary
    // names it; a run that broke down as a whole, or fails in many places, has none.
    let failing = totals::failing_journeys(&ran.text);
    if let Outcome::Counted { passed, failed } = outcome
        && failed > 0
        && failed as usize == failing.len()
        && failing.len() <= 3
        && failing.iter().all(|name| journeys(Some(name)).ok)
    {
        outcome = Outcome::Counted { passed: passed + failed, failed: 0 };
        gate.unsteady.extend(failing.into_iter().map(|name| format!("journey {name}")));
    }
    outcome
}
