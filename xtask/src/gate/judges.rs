//! Tools nobody here wrote, which must agree with ours.

use super::{Gate, Outcome, Tool, counted, totals};

/// Other people's verifier over our proofs, checkpoints and tiles.
pub fn foreign(gate: &mut Gate) -> Outcome {
    let script = gate.root.join("crates/ledger/tests/foreign/verify.py");
    if !script.is_file() {
        return Outcome::NotRun { why: "crates/ledger/tests/foreign/verify.py does not exist yet".to_owned(), excused: true };
    }
    let python = gate.judge("python");
    if !python.is_file() {
        return Outcome::NotRun { why: "target/judges is missing: cargo xtask test --only judges".to_owned(), excused: false };
    }
    let built = gate.tool("cargo", ["build", "--quiet", "--locked", "--workspace", "--example", "foreign"]).run();
    let proofs = gate.target.join("foreign");
    if !built.ok {
        return Outcome::Broken(built.last_words());
    }
    let written = Tool::new(gate.target.join("debug/examples/foreign"), [&proofs]).at(&gate.root).within(10).run();
    if !written.ok {
        return Outcome::Broken(written.last_words());
    }
    let ran = Tool::new(python, [&script, &proofs]).at(&gate.root).within(10).run();
    match totals::script(&ran.text) {
        None => super::held(&ran),
        totals => counted(&ran, totals),
    }
}

/// schemathesis over the whole API, from its own description, against the running server.
pub fn api(gate: &mut Gate) -> Outcome {
    let binary = match gate.binary() {
        Ok(binary) => binary,
        Err(why) => return Outcome::Broken(why),
    };
    for verb in ["serve", "openapi"] {
        match offers(gate, &binary, verb) {
            Ok(true) => {}
            Ok(false) => return Outcome::NotRun { why: format!("probity {verb} does not exist yet"), excused: true },
            Err(why) => return Outcome::Broken(why),
        }
    }
    let python = gate.judge("python");
    if !python.is_file() {
        return Outcome::NotRun { why: "target/judges is missing: cargo xtask test --only judges".to_owned(), excused: false };
    }
    let tool = Tool::new(python, ["tests/judges/api.py"]).at(&gate.root).env("PROBITY_BIN", binary).env("CARGO_TARGET_DIR", &gate.target);
    let tool = if gate.full { tool.env("PROBITY_FULL", "1") } else { tool };
    let ran = tool.within(30).run();
    counted(&ran, totals::script(&ran.text))
}

/// Whether `probity --help` lists `verb`. From then on, what hangs on that verb is a hard requirement.
pub fn offers(gate: &Gate, binary: &std::path::Path, verb: &str) -> Result<bool, String> {
    let ran = Tool::new(binary, ["--help"]).at(&gate.target).quiet().within(1).run();
    if !ran.ok {
        return Err(format!("probity --help fails: {}", ran.last_words()));
    }
    Ok(ran.text.lines().any(|line| line.split_whitespace().next() == Some(verb)))
}
