//! The Rust tests, with a PostgreSQL cluster and an S3 server that live as long as they do.

use std::{env, path::PathBuf};

use super::{
    Gate, Outcome, counted,
    run::{Server, Tool, find, free_port},
    totals,
};

/// Unit and story tests. Without a database or an object store the rest still runs, and what is missing fails in CI.
pub fn rust(gate: &mut Gate) -> Outcome {
    let corpus = env::var_os("PROBITY_CORPUS").map_or_else(|| gate.root.join("../shared/data"), PathBuf::from);
    let corpus = corpus.canonicalize().unwrap_or(corpus);
    if !corpus.is_dir() {
        gate.notes.push("the suites over the shared corpus: corpus absent".to_owned());
    }
    let nextest = find("cargo-nextest").is_some();
    let tool = if nextest {
        let words = [
            "nextest",
            "run",
            "--locked",
            "--workspace",
            "--no-fail-fast",
            "--cargo-quiet",
            "--show-progress",
            "none",
            "--status-level",
            "fail",
            "--profile",
            "gate",
        ];
        gate.tool("cargo", words).arg("--final-status-level").arg("flaky")
    } else {
        gate.tool("cargo", ["test", "--quiet", "--locked", "--workspace", "--all-targets", "--no-fail-fast"])
    };
    let mut tool = tool.env("PROBITY_CORPUS", corpus);
    if gate.full {
        tool = tool
            .env("PROBITY_FULL", "1")
            .env("PROPTEST_CASES", "2048")
            .env("PROBITY_FUZZ_CASES", "20000")
            .env("PROBITY_CRASH_CYCLES", "200");
    }
    let mut missing = Vec::new();
    // Held by this value's lock for as long as the gate lives.
    match testcluster::Cluster::shared() {
        Ok(cluster) => tool = tool.env("PROBITY_TEST_PG", cluster.connection()),
        Err(why) => missing.push(format!("the tests on PostgreSQL: {why}")),
    }
    let objects = s3(gate);
    match &objects {
        Ok((_, address)) => tool = tool.env("PROBITY_TEST_S3", address),
        Err(why) => missing.push(format!("the tests on S3: {why}")),
    }
    let ran = tool.run();
    gate.unsteady.extend(totals::unsteady(&ran.text));
    let outcome = counted(&ran, if nextest { totals::nextest(&ran.text) } else { totals::libtest(&ran.text) });
    // An engine that is not there must not look like one that passed.
    match outcome {
        Outcome::Counted { passed, failed } if gate.ci => {
            let lacking = u32::try_from(missing.len()).unwrap_or(u32::MAX);
            gate.notes.append(&mut missing);
            Outcome::Counted { passed, failed: failed.saturating_add(lacking) }
        }
        other => {
            gate.notes.append(&mut missing);
            other
        }
    }
}

/// The examples in docstrings, which nextest does not run. A workspace without any is no failure.
pub fn doctests(gate: &mut Gate) -> Outcome {
    let ran = gate.tool("cargo", ["test", "--quiet", "--locked", "--workspace", "--doc", "--no-fail-fast"]).quiet().run();
    if !ran.ok {
        println!("{}", ran.text);
    }
    match totals::libtest(&ran.text) {
        Some((0, 0)) if ran.ok => Outcome::Held,
        totals => counted(&ran, totals),
    }
}

/// An S3 server on the loopback address, and its URL.
fn s3(gate: &Gate) -> Result<(Server, String), String> {
    let port = free_port().map_err(|cause| cause.to_string())?;
    let tool = Tool::new(gate.judge("moto_server"), ["-H", "127.0.0.1", "-p", &port.to_string()]).at(&gate.target);
    let mut server = tool.serve().map_err(|cause| format!("moto_server cannot be run: {cause}"))?;
    server.ready(port, 60)?;
    Ok((server, format!("http://127.0.0.1:{port}")))
}
