//! Starting, sharing and ending.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot be set up has failed; one that cannot run says so")]

use std::{collections::BTreeSet, env, process::Command};

use testcluster::Cluster;

#[test]
fn a_server_of_ones_own_starts_and_is_gone_with_its_value() {
    let dir = tempfile::tempdir().unwrap();
    let cluster = match Cluster::start(dir.path()) {
        Ok(cluster) => cluster,
        Err(why) => return println!("not run: {why}"),
    };
    assert!(cluster.connection().contains(dir.path().to_str().unwrap()));
    let (socket, pid) = (dir.path().join(".s.PGSQL.5432"), dir.path().join("data/postmaster.pid"));
    assert!(socket.exists() && pid.exists());
    drop(cluster);
    assert!(!socket.exists() && !pid.exists());
    // Its folder is as good as before.
    drop(Cluster::start(dir.path()).unwrap());
}

#[test]
fn processes_that_start_at_once_share_one_server_and_no_schema() {
    let start = |_| Command::new(env::current_exe().unwrap()).args(["--exact", "joins", "--ignored", "--nocapture"]).output().unwrap();
    let said: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..6).map(|n| scope.spawn(move || start(n))).collect();
        running.into_iter().map(|one| String::from_utf8(one.join().unwrap().stdout).unwrap()).collect()
    });
    let lines = |word: &str| -> Vec<String> {
        said.iter().flat_map(|text| text.lines()).filter_map(|line| line.split_once(word).map(|(_, rest)| rest.to_owned())).collect()
    };
    if !lines("absent: ").is_empty() {
        return println!("not run: {:?}", lines("absent: ").first());
    }
    assert_eq!(lines("server: ").len(), 6, "{said:?}");
    assert_eq!(lines("server: ").into_iter().collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(lines("schema: ").into_iter().collect::<BTreeSet<_>>().len(), 12);
}

#[test]
#[ignore = "run by processes_that_start_at_once_share_one_server_and_no_schema, six at once"]
fn joins() {
    match Cluster::shared() {
        Ok(cluster) => {
            println!("\nserver: {}\nschema: {}\nschema: {}", cluster.connection(), cluster.fresh_schema(), cluster.fresh_schema());
        }
        Err(why) => println!("\nabsent: {why}"),
    }
}

#[test]
fn the_environments_server_comes_first() {
    for text in ["postgres://u@h/db", "postgres://u@h/db?connect_timeout=3", "host=/tmp user=u"] {
        let ran = Command::new(env::current_exe().unwrap())
            .args(["--exact", "joins", "--ignored", "--nocapture"])
            .env("PROBITY_TEST_PG", text)
            .output()
            .unwrap();
        let said = String::from_utf8(ran.stdout).unwrap();
        assert!(said.contains(&format!("server: {text}\n")), "{said}");
        let joint = if text.contains('?') {
            '&'
        } else if text.contains("://") {
            '?'
        } else {
            ' '
        };
        assert!(said.contains(&format!("schema: {text}{joint}schema=t")), "{said}");
    }
}
