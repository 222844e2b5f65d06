//! The gate: what must hold before anything lands.
//!
//! `cargo xtask test` runs everything; `layers`, `migrations` and `deny` run one check alone.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool speaks on its standard streams")]

mod bare;
mod gate;
mod layers;
mod migrations;
mod paths;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

const USAGE: &str = "\
cargo xtask test [--only STEP[,STEP]] [--full] [--list]   the gate; last line: N passed, N failed
cargo xtask layers                                        who may depend on and name whom
cargo xtask migrations                                    every migration exists for both engines
cargo xtask bench-bare [ARGUMENTS]                        probity bench, this build beside one without audit and sealing
cargo xtask deny                                          bans, licences and sources of dependencies";

fn main() -> ExitCode {
    if std::env::var_os(bare::WRAPS).is_some() {
        return bare::compile();
    }
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let root = root();
    match words.as_slice() {
        ["test", rest @ ..] => gate::main(&root, rest),
        ["bench-bare", rest @ ..] => bare::measure(&root, rest),
        ["layers"] => verdict("layers", layers::check(&root)),
        ["migrations"] => verdict("migrations", migrations::check(&root)),
        ["deny"] => gate::main(&root, &["--only", "judges,deny"]),
        _ => {
            eprintln!("{USAGE}");
            ExitCode::from(2)
        }
    }
}

/// The workspace's root: where this crate's parent is, wherever the command was called from.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

fn verdict(check: &str, found: Result<Vec<String>, String>) -> ExitCode {
    match found {
        Ok(refusals) if refusals.is_empty() => {
            println!("{check}: nothing to refuse");
            ExitCode::SUCCESS
        }
        Ok(refusals) => {
            for refusal in &refusals {
                println!("{refusal}");
            }
            println!("{check}: {} refused", refusals.len());
            ExitCode::FAILURE
        }
        Err(why) => {
            eprintln!("{check}: {why}");
            ExitCode::FAILURE
        }
    }
}
