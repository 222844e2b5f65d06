//! The binary from outside: what it prints, how it exits, what it refuses.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up has failed")]

mod bench;
mod configuration;
mod crash;
mod installation;
mod pure;
mod records;
mod server;
mod serving;
mod staff;
mod whole;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

/// Runs `probity` in a folder, with an environment that sets nothing of ours.
fn probity(folder: &Path, words: &[&str]) -> Output {
    probity_with(folder, words, &[])
}

fn probity_with(folder: &Path, words: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("PROBITY_")) {
        command.env_remove(name);
    }
    command.args(words).envs(environment.iter().copied()).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

/// The one JSON object on standard output.
fn object(output: &Output) -> serde_json::Value {
    serde_json::from_str(out(output).trim()).unwrap_or_else(|e| panic!("{e}: {} {}", out(output), err(output)))
}

/// The refusal on standard error, as programs read it.
fn refusal(output: &Output) -> serde_json::Value {
    assert_eq!(code(output), 2, "{} {}", out(output), err(output));
    let told: serde_json::Value = serde_json::from_str(err(output).trim()).unwrap_or_else(|e| panic!("{e}: {}", err(output)));
    told["error"].clone()
}
