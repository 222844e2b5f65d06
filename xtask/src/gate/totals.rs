//! What test runners say at their end, as passed and failed.

/// cargo-nextest: `Summary [ 0.1s] 9 tests run: 7 passed (1 flaky), 1 failed, 1 timed out, 2 skipped`.
pub fn nextest(text: &str) -> Option<(u32, u32)> {
    let line = plain(text.lines().rfind(|line| line.contains(" tests run: ") || line.contains(" test run: "))?);
    let (_, counts) = line.split_once(" run: ")?;
    Some((before(counts, "passed"), before(counts, "failed") + before(counts, "timed out") + before(counts, "exec failed")))
}

/// cargo-nextest: the tests that failed first and held when run again, from `FLAKY 2/2 [   0.5s] probity-crm records::tests::one`.
pub fn unsteady(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .lines()
        .map(plain)
        .filter_map(|line| {
            let named = line.trim().strip_prefix("FLAKY ")?.split_once("] ")?.1.trim();
            // Newer releases count them: `(3/9) probity-crm …`.
            Some(named.strip_prefix('(').and_then(|rest| rest.split_once(") ")).map_or(named, |(_, name)| name).to_owned())
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// node's test runner: the files that its list of failing tests names, from `test at journeys/reports.mjs:24:1`, as `reports`.
pub fn failing_journeys(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .lines()
        .map(plain)
        .filter_map(|line| Some(line.trim().strip_prefix("test at journeys/")?.split_once(".mjs:")?.0.to_owned()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// libtest: the sum of all `test result: ok. 3 passed; 1 failed; …`.
pub fn libtest(text: &str) -> Option<(u32, u32)> {
    let mut lines = text.lines().filter(|line| line.starts_with("test result:")).peekable();
    lines.peek()?;
    Some(lines.fold((0, 0), |(passed, failed), line| (passed + before(line, "passed"), failed + before(line, "failed"))))
}

/// node's test runner: `ℹ pass 3`, `ℹ fail 1`, `ℹ cancelled 0` (spec reporter).
pub fn node(text: &str) -> Option<(u32, u32)> {
    let line = |word: &str| {
        text.lines().rev().find_map(|line| plain(line).trim_start_matches(['ℹ', '#', ' ']).strip_prefix(word)?.trim().parse::<u32>().ok())
    };
    Some((line("pass ")?, line("fail ")? + line("cancelled ").unwrap_or(0)))
}

/// Our own scripts: the last line `N passed, N failed`.
pub fn script(text: &str) -> Option<(u32, u32)> {
    text.lines().rev().find_map(|line| {
        let (passed, failed) = line.trim().split_once(", ")?;
        Some((passed.strip_suffix(" passed")?.parse().ok()?, failed.strip_suffix(" failed")?.parse().ok()?))
    })
}

/// The number that stands before `word`, or none.
fn before(text: &str, word: &str) -> u32 {
    let Some(at) = text.find(&format!(" {word}")) else { return 0 };
    text[..at].rsplit(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

/// Without the colours of a terminal.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c == '\u{1b}' {
            for c in chars.by_ref() {
                if c.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_is_read() {
        assert_eq!(
            nextest("x\n     Summary [   0.011s] 9 tests run: 7 passed (1 flaky, 1 slow), 1 failed, 1 timed out, 2 skipped\n"),
            Some((7, 2))
        );
        assert_eq!(nextest("     Summary [   0.011s] 1 test run: 1 passed, 0 skipped\nerror: no"), Some((1, 0)));
        assert_eq!(
            nextest(
                "\u{1b}[32;1m     Summary\u{1b}[0m [ 0.1s] \u{1b}[1m4\u{1b}[0m tests run: \u{1b}[1m4\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m"
            ),
            Some((4, 0))
        );
        assert_eq!(nextest("error: could not compile `probity`"), None);
    }

    #[test]
    fn tests_that_held_at_the_second_try_are_named() {
        let text = "  TRY 1 FAIL [   0.721s] probity-crm evidence::tests::one\n       FLAKY 2/2 [   0.5s] (3/9) probity-crm evidence::tests::one\n\
            \u{1b}[33m FLAKY 2/2\u{1b}[0m [   0.721s] (3/9) probity-crm evidence::tests::one\n";
        assert_eq!(unsteady(text), ["probity-crm evidence::tests::one"]);
        let text = "✖ failing tests:\n\ntest at journeys/reports.mjs:24:1\n✖ what\n\ntest at journeys/reports.mjs:40:1\ntest at journeys/lists.mjs:4:1\n";
        assert_eq!(failing_journeys(text), ["lists", "reports"]);
    }

    #[test]
    fn libtest_is_summed() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored\nx\ntest result: FAILED. 12 passed; 2 failed; 0 ignored\n";
        assert_eq!(libtest(text), Some((15, 2)));
        assert_eq!(libtest("error"), None);
    }

    #[test]
    fn node_is_read_with_what_it_cancelled() {
        assert_eq!(node("ℹ tests 5\nℹ suites 0\nℹ pass 3\nℹ fail 1\nℹ cancelled 1\nℹ skipped 0\n"), Some((3, 2)));
        assert_eq!(node("# pass 3\n# fail 0\n"), Some((3, 0)));
        assert_eq!(node("SyntaxError"), None);
    }

    #[test]
    fn a_script_is_read_by_its_last_count() {
        assert_eq!(script("1 passed, 1 failed\n12 passed, 0 failed\ndone\n"), Some((12, 0)));
        assert_eq!(script("many passed, 0 failed"), None);
    }
}
