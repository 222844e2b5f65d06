//! What a power cut may not do: `serve` is killed again and again under load and started again without hand work. Every acknowledged write
//! is there, every other one whole or absent, every answer that was received has its event, and `verify` finds no fault.
//!
//! A killed process loses what it holds, not what the system holds for it: that a commit waits for the disk is shown elsewhere (store).
//! `PROBITY_CRASH_CYCLES` says how often, `PROBITY_CRASH_SEED` repeats the throws of a run (not the machine's own timing).

#![expect(clippy::print_stdout, reason = "what a run came to, and how to repeat one that failed")]

mod dice;
mod hand;
mod known;
mod load;

use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::{TempDir, tempdir};

use self::{
    dice::Dice,
    hand::Running,
    known::{Found, Known, Loose, Received},
    load::Program,
};
use crate::{
    code, err, out,
    server::{Caller, Server},
};

const PROGRAMS: usize = 4;
const PAGE: usize = 200;
/// After so many kills the audit is asked and everything verified; and at the end.
const ROUND: usize = 5;
/// So many kills share a key: the audit lists ten thousand events of one.
const KEY: usize = 10;
/// Within this, a server that is ready has answered the first call.
const FIRST: Duration = Duration::from_secs(20);

/// An installation and the place of its databases.
pub struct House {
    folder: TempDir,
    place: Vec<String>,
}

impl House {
    fn new(place: Vec<String>) -> Self {
        let house = Self { folder: tempdir().unwrap(), place };
        fs::write(house.folder.path().join("ada.txt"), "a lantern over quiet water\n").unwrap();
        house.told(&["init", "--admin", "office@example.net", "--password-file", "ada.txt", "--country", "DE", "--industry", "general"]);
        house
    }

    /// A new key for programs: its id, under which the audit knows what was done with it, and itself.
    fn key(&self, name: &str) -> (String, String) {
        let scopes = ["--scope", "read:*", "--scope", "write:*", "--scope", "requests:*"];
        let made = self.told(&[&["apikey", "new", "--name", name, "--acts-for", "sales"][..], &scopes].concat());
        (made["id"].as_str().unwrap().to_owned(), made["key"].as_str().unwrap().to_owned())
    }

    fn start(&self) -> Server {
        let place: Vec<&str> = self.place.iter().map(String::as_str).collect();
        Server::start_with(self.folder.path(), &place)
    }

    /// `probity` with these words, to be run in its folder.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_probity"));
        for (name, _) in env::vars().filter(|(name, _)| name.starts_with("PROBITY_")) {
            command.env_remove(name);
        }
        command.args(words).arg("--json").args(&self.place).current_dir(self.folder.path());
        command
    }

    /// The lines of JSON that a command prints, which must end well.
    fn lines(&self, words: &[&str]) -> Vec<Value> {
        let output = self.command(words).output().unwrap();
        assert_eq!(code(&output), 0, "{words:?}: {} {}", out(&output), err(&output));
        out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn told(&self, words: &[&str]) -> Value {
        self.lines(words).pop().unwrap()
    }

    fn verify(&self) {
        let report = self.told(&["verify"]);
        assert!(report["faults"].as_array().unwrap().is_empty() && report["missing"] == 0, "{report}");
    }
}

/// What is wrong with these records, each asked for by itself.
fn judge_each<'k>(caller: &mut Caller, known: impl Iterator<Item = &'k Known>) -> Vec<String> {
    known
        .filter_map(|one| {
            let answer = caller.get(&format!("/{}/{}", one.path, one.id)).unwrap();
            match answer.status {
                200 => one.judge(Some(&Found::read(one.path, &answer.body))),
                404 => one.judge(None),
                status => Some(format!("/{}/{}: {status} {}", one.path, one.id, answer.body)),
            }
        })
        .collect()
}

/// Everything that is there, by its kind and id.
fn everything(caller: &mut Caller) -> HashMap<&'static str, BTreeMap<String, Found>> {
    let mut all: HashMap<&'static str, BTreeMap<String, Found>> = HashMap::new();
    for path in ["people", "companies", "messages"] {
        let (there, mut cursor) = (all.entry(path).or_default(), String::new());
        loop {
            let page = caller.get(&format!("/{path}?limit={PAGE}&sort=created{cursor}")).unwrap();
            assert_eq!(page.status, 200, "{}", page.body);
            for one in page.body["items"].as_array().unwrap() {
                there.insert(one["id"].as_str().unwrap().to_owned(), Found::read(path, one));
            }
            let Some(next) = page.body["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
    }
    all
}

/// Says how to repeat a run that fails.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if thread::panicking() {
            println!("PROBITY_CRASH_SEED={}", self.0);
        }
    }
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number")))
}

/// What was acknowledged, received and asked so far.
#[derive(Default)]
struct Past {
    known: Vec<Vec<Known>>,
    loose: Vec<Loose>,
    /// Received with the key in use.
    received: Vec<Received>,
    answers: usize,
    reads: usize,
}

/// Load on a server until it is killed, in the middle of whatever it does.
fn cut(house: &House, server: Server, key: &str, word: &str, dice: &mut Dice, past: &mut Past) {
    let (running, answers, address, after) = (Running::default(), AtomicUsize::new(0), server.address().to_owned(), dice.millis(50, 400));
    thread::scope(|scope| {
        let start = |(n, known): (usize, Vec<Known>)| {
            let program = Program::new(Dice::new(dice.throw()), format!("{word}p{n}"), known);
            let (address, answers) = (&address, &answers);
            scope.spawn(move || program.run(address, key, answers))
        };
        let programs: Vec<_> = std::mem::take(&mut past.known).into_iter().enumerate().map(start).collect();
        // Every second time the programs have the machine for themselves.
        let (running, thrown, idle) = (&running, Dice::new(dice.throw()), dice.below(2) == 0);
        let hand = scope.spawn(move || if idle { Vec::new() } else { hand::work(house, running, thrown, word) });
        let mut waited = Duration::ZERO;
        while answers.load(Ordering::Relaxed) == 0 && waited < FIRST {
            thread::sleep(Duration::from_millis(5));
            waited += Duration::from_millis(5);
        }
        thread::sleep(after);
        server.kill();
        running.kill();
        for program in programs {
            let program = program.join().unwrap();
            past.received.extend(program.received);
            past.loose.extend(program.loose);
            past.known.push(program.known);
        }
        past.loose.extend(hand.join().unwrap());
    });
    past.answers += answers.into_inner();
}

/// Kills and starts again, and again.
fn ordeal(place: Vec<String>) {
    let cycles = usize::try_from(number("PROBITY_CRASH_CYCLES").unwrap_or(30)).unwrap();
    let seed = Seed(number("PROBITY_CRASH_SEED").unwrap_or_else(Dice::fresh_seed));
    let (mut dice, house) = (Dice::new(seed.0), House::new(place));
    let (_, judge) = house.key("judge");
    let (mut id, mut key) = (String::new(), String::new());
    let mut past = Past { known: (0..PROGRAMS).map(|_| Vec::new()).collect(), ..Past::default() };
    let mut server = house.start();
    for cycle in 0..cycles {
        if cycle % KEY == 0 {
            (id, key) = house.key("programs");
        }
        cut(&house, server, &key, &format!("c{cycle}"), &mut dice, &mut past);
        server = house.start();
        let mut caller = Caller::connect(server.address(), &judge).unwrap();
        // Those made last; the rest at the end.
        let wrong = judge_each(&mut caller, past.known.iter().flat_map(|of_one| of_one.iter().rev().take(5)));
        assert!(wrong.is_empty(), "after kill {cycle}: {wrong:#?}");
        if (cycle + 1) % ROUND == 0 || cycle + 1 == cycles {
            let wrong = known::unrecorded(&past.received, &house.lines(&["audit", "--actor", &id]));
            assert!(wrong.is_empty(), "after kill {cycle}: {wrong:#?}");
            house.verify();
        }
        if (cycle + 1) % KEY == 0 || cycle + 1 == cycles {
            past.reads += std::mem::take(&mut past.received).len();
        }
    }
    let mut caller = Caller::connect(server.address(), &judge).unwrap();
    let known: Vec<Known> = past.known.into_iter().flatten().collect();
    let wrong = known::judge_all(&known, &past.loose, &everything(&mut caller));
    assert!(wrong.is_empty(), "{wrong:#?}");
    drop(caller);
    assert_eq!(server.end().0, Some(0));
    house.verify();
    let (answers, reads, records) = (past.answers, past.reads, known.len());
    let unanswered =
        past.loose.iter().filter(|group| !group.acknowledged).count() + known.iter().filter(|one| one.perhaps.is_some()).count();
    println!(
        "{cycles} kills: {answers} answers, {reads} of them showed records; {records} records acknowledged; {unanswered} writes unanswered"
    );
    assert!(answers >= cycles && unanswered > 0, "there was no load");
}

#[test]
fn killed_under_load_on_sqlite_it_loses_nothing_acknowledged_and_shows_nothing_unrecorded() {
    ordeal(Vec::new());
}

#[test]
fn killed_under_load_on_postgresql_it_loses_nothing_acknowledged_and_shows_nothing_unrecorded() {
    let cluster = testcluster::Cluster::shared().unwrap_or_else(|hint| panic!("{hint}"));
    let place = ["--database".to_owned(), cluster.fresh_schema(), "--vault".to_owned(), cluster.fresh_schema()];
    ordeal(place.into());
}
