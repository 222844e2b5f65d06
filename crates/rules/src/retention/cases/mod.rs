//! The runner behind `probity decide --cases FILE [--check]`: one JSON case a line in, one JSON decision a line out.

mod check;
mod parse;
mod strict;

use std::io::{self, BufRead, Write};

use jiff::civil::Date;
use serde_json::{Map, Value, json};

pub use parse::{Case, Expected, ExpectedField, Fault, parse};

use super::{
    decide,
    decision::{Decision, Reason, Source},
};

/// What came of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Lines that held a case, readable or not.
    pub cases: u64,
    /// Values that differ from what `expect` names (with `check` only).
    pub differences: u64,
    /// Cases that could not be read.
    pub errors: u64,
}

impl Summary {
    /// Whether everything was read and nothing differed.
    pub const fn is_clean(&self) -> bool {
        self.differences == 0 && self.errors == 0
    }
}

/// Decides each case of `input`, writing one decision a line; empty lines are passed over.
///
/// A case that cannot be read becomes `{"line":n,"key":…,"error":…}` and the rest goes on. With `check`, each value that differs
/// from the case's `expect` follows its decision as `{"line":n,"case":…,"difference":key,"expected":…,"got":…}`.
///
/// # Errors
/// Only those of reading and writing.
pub fn run(mut input: impl BufRead, output: &mut dyn Write, check: bool) -> io::Result<Summary> {
    let mut summary = Summary::default();
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let text = line.strip_prefix("\u{feff}".as_bytes()).filter(|_| number == 1).unwrap_or(&line).trim_ascii();
        if text.is_empty() {
            continue;
        }
        summary.cases += 1;
        match parse(text) {
            Ok(case) => {
                let decision = case.decide();
                writeln!(output, "{}", render(&case.name, &decision))?;
                for difference in case.expect.iter().filter(|_| check).flat_map(|expect| check::differences(expect, &decision)) {
                    summary.differences += 1;
                    let told = json!({"line": number, "case": case.name, "difference": difference.key, "expected": difference.expected, "got": difference.got});
                    writeln!(output, "{told}")?;
                }
            }
            Err(fault) => {
                summary.errors += 1;
                writeln!(output, "{}", json!({"line": number, "key": fault.key, "error": format!("line {number}: {fault}")}))?;
            }
        }
    }
    Ok(summary)
}

impl Case {
    /// The engine's answer; all rules of a case apply.
    pub fn decide(&self) -> Decision {
        decide(&self.facts, &self.rules, &self.holds, &self.requests, &self.settings, self.now, self.clock)
    }
}

/// A decision as its JSON line.
pub fn render(case: &Value, decision: &Decision) -> Value {
    let mut out = Map::new();
    out.insert("case".into(), case.clone());
    out.insert("outcome".into(), decision.outcome.as_str().into());
    out.insert("earliest".into(), day(decision.earliest));
    out.insert("latest".into(), day(decision.latest));
    if !decision.fields.is_empty() {
        let field = |f: &super::FieldDecision| json!({"outcome": f.outcome.as_str(), "earliest": day(f.earliest), "latest": day(f.latest)});
        out.insert("fields".into(), decision.fields.iter().map(|(name, f)| (name.clone(), field(f))).collect::<Map<_, _>>().into());
    }
    out.insert("flags".into(), decision.flags.iter().map(|f| f.as_str()).collect());
    out.insert("reasons".into(), decision.reasons.iter().map(reason).collect());
    out.into()
}

fn day(date: Option<Date>) -> Value {
    date.map_or(Value::Null, |d| d.to_string().into())
}

fn reason(reason: &Reason) -> Value {
    let mut out = Map::new();
    match &reason.source {
        Source::Rule { id, version, citation, .. } => {
            out.insert("rule".into(), id.as_ref().into());
            out.insert("version".into(), (*version).into());
            out.insert("citation".into(), citation.as_ref().into());
        }
        Source::Hold(id) => drop(out.insert("hold".into(), id.as_str().into())),
        Source::CoolOff => drop(out.insert("rule".into(), "cool_off".into())),
        Source::Request(_) => drop(out.insert("rule".into(), "request".into())),
        Source::Capture => drop(out.insert("rule".into(), "capture".into())),
        Source::Clock => drop(out.insert("rule".into(), "clock".into())),
    }
    out.insert("effect".into(), reason.effect.as_str().into());
    out.insert("from".into(), day(reason.from));
    out.insert("date".into(), day(reason.date));
    if !reason.fields.is_empty() {
        out.insert("fields".into(), reason.fields.iter().map(String::as_str).collect());
    }
    out.insert("why".into(), reason.sentence().into());
    out.into()
}
