//! `probity bench` beside the bare build: the same program without audit and sealing (`vault::BARE`).
//!
//! Both builds share a target folder and everything of third parties in it: cargo hands the crates of the house alone to this program, which
//! adds `--cfg probity_bare`. Never a feature, which somebody could switch on.

use std::{
    env,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, ExitCode, ExitStatus},
};

/// Set where cargo calls this program as its compiler.
pub const WRAPS: &str = "PROBITY_XTASK_COMPILES_BARE";

/// Compiles one crate of the house as cargo asks for it, bare.
pub fn compile() -> ExitCode {
    let mut words = env::args_os().skip(1);
    let Some(compiler) = words.next() else { return ExitCode::FAILURE };
    end(Command::new(compiler).args(words).args(["--cfg", "probity_bare"]).status())
}

/// Builds both and measures them one after the other, on the same data set.
pub fn measure(root: &Path, arguments: &[&str]) -> ExitCode {
    let built = env::current_exe().and_then(|wrapper| {
        let bare = build(root, Some(wrapper)).and_then(|program| {
            let kept = program.with_file_name("probity-bare");
            fs::copy(&program, &kept).map(|_| kept)
        })?;
        Ok((bare, build(root, None)?))
    });
    match built {
        Ok((bare, program)) => end(Command::new(program).arg("bench").arg("--against").arg(bare).args(arguments).status()),
        Err(why) => {
            eprintln!("bench-bare: {why}");
            ExitCode::FAILURE
        }
    }
}

/// A release build; with a wrapper, the bare one. Answers where its program is.
fn build(root: &Path, wrapper: Option<PathBuf>) -> io::Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.args(["build", "--release", "--package", "probity"]).current_dir(root);
    if let Some(wrapper) = wrapper {
        command.env("RUSTC_WORKSPACE_WRAPPER", wrapper).env(WRAPS, "1");
    }
    if !command.status()?.success() {
        return Err(io::Error::other("the release build failed; what it said is above"));
    }
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    Ok(target.join("release").join("probity"))
}

fn end(status: io::Result<ExitStatus>) -> ExitCode {
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("bench-bare: {why}");
            ExitCode::FAILURE
        }
    }
}
