//! `probity bench`: how fast it is, as ratios in one run on one machine.
//!
//! Everything goes through the ordinary operations on an installation of its own, made with a fixed seed and removed at the end. Each figure
//! stands beside what it must reach and says whether it does; a figure that falls short is told, never a failure. Every answer is checked: a
//! wrong one ends the run.

mod data;
mod engine;
mod house;
mod http;
mod load;
mod rights;
mod served;
mod table;

use std::{path::PathBuf, process::Command, time::Duration};

use clap::Args;
use kernel::{Code, Error, Result};
use serde_json::Value;
use store::{args, bare::Bare};

use self::{
    engine::Engine,
    house::{House, wrong},
    load::{Load, clients},
    served::Served,
    table::{HEADINGS, Must, Row, Told},
};
use crate::{commands::Here, output::Outcome};

/// Clients at once, as the figures are set for.
const MANY: usize = 32;
/// And fewer, to see what more of them cost.
const FEW: usize = 8;
/// People made by the API during the run have numbers from here on.
const FRESH: usize = 5_000_000;
/// The most people of a data set.
const MOST: usize = 2_000_000;
/// People that are read over and over.
const READ: usize = 2_000;
/// Leaves appended to a ledger of their own.
const LEAVES: usize = 20_000;

const PEOPLE: &str = "SELECT count(*) FROM record WHERE kind = 'person'";

/// Measure this program on this machine
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity bench --people 10000\n  probity bench --people 100000 --json > figures.json\n  probity bench --database postgres://probity@db.internal/bench --vault postgres://probity@vault.internal/bench\n\nIt works in a folder of its own beside the data folder (the disk counts), and on PostgreSQL in schemas of its own; both are removed at the\nend. A database named with schema= must be empty there, and keeps what was made. Figures of a debug build say nothing.\nA figure that falls short is told and is no failure; a wrong answer ends the run with exit code 2."
)]
pub struct Bench {
    /// How many people the data set has; messages, tasks, deals and companies come with them
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    people: usize,
    /// How long each load goes on, in seconds
    #[arg(long, default_value_t = 3.0, value_name = "S")]
    seconds: f64,
    /// Another build of this program, to be run first with the same data set and shown beside this one
    #[arg(long, value_name = "PROGRAM")]
    against: Option<PathBuf>,
}

impl Bench {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        if !(100..=MOST).contains(&self.people) {
            return Err(Error::invalid("/people", "out_of_range", format!("Take 100 to {MOST} people.")));
        }
        if !(0.05..=600.0).contains(&self.seconds) {
            return Err(Error::invalid("/seconds", "out_of_range", "Take 0.05 to 600 seconds."));
        }
        let against = self.against.as_ref().map(|program| self.other(here, &here.path(program))).transpose()?;
        let rows = self.measure(here).await?;
        let told = Told {
            version: env!("CARGO_PKG_VERSION"),
            build: if cfg!(debug_assertions) { "debug" } else { "release" },
            engine: if here.settings.store.database.is_some() { "postgresql" } else { "sqlite" },
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            people: self.people,
            seconds: self.seconds,
            rows: rows.iter().map(Row::to_json).collect(),
            against,
        };
        self.tell(here, &rows, &told)?;
        Ok(Outcome::Done)
    }

    /// The table of another build.
    fn other(&self, here: &mut Here<'_>, program: &std::path::Path) -> Result<Value> {
        here.console.note(format!("First {} …", program.display()))?;
        let mut command = Command::new(program);
        command.args(["bench", "--json", "--people", &self.people.to_string(), "--seconds", &self.seconds.to_string()]).arg("--data");
        command.arg(here.path(&here.settings.store.data));
        command.envs(here.settings.store.database.iter().map(|text| ("PROBITY_STORE__DATABASE", text)));
        command.envs(here.settings.store.vault.iter().map(|text| ("PROBITY_STORE__VAULT", text)));
        let refused =
            || Error::new(Code::InvalidInput, format!("{} gave no figures; run its `bench` by itself to see why.", program.display()));
        let output = command.output().map_err(|cause| refused().because(cause))?;
        serde_json::from_slice(&output.stdout).ok().filter(|_| output.status.success()).ok_or_else(refused)
    }

    fn tell(&self, here: &mut Here<'_>, rows: &[Row], told: &Told) -> Result<()> {
        if here.console.is_json() {
            return here.console.object(told);
        }
        let (mut headings, mut lines) = (HEADINGS.to_vec(), rows.iter().map(Row::cells).collect::<Vec<_>>());
        if let Some(other) = &told.against {
            headings.insert(2, "THE OTHER");
            let theirs = |key: &str| other["rows"].as_array()?.iter().find(|row| row["key"] == key)?["value"].as_f64();
            for (row, line) in rows.iter().zip(&mut lines) {
                line.insert(2, theirs(row.key).map(table::figure).unwrap_or_default());
            }
        }
        let Told { version, build, engine, cores, people, .. } = told;
        here.console.line(format!("probity {version} ({build}), {engine}, {people} people, {cores} cores"))?;
        here.console.table(&headings, &lines)?;
        if cfg!(debug_assertions) {
            here.console.alarm("This is a debug build: its figures say nothing of a release.")?;
        }
        Ok(())
    }

    async fn measure(&self, here: &mut Here<'_>) -> Result<Vec<Row>> {
        let house = House::new(here, "main")?;
        let (mut rows, span, env) = (Vec::new(), Duration::from_secs_f64(self.seconds), house.env.clone());
        let (password, keys) = house.make().await?;
        say(here, "starting on nothing")?;
        let served = tokio::task::block_in_place(|| Served::start(&house))?;
        rows.push(Row::new("start_empty", "start to first page, empty", served.first_page, "ms", Must::AtMost(300.0)));
        served.end()?;

        let app = house.open()?;
        let engine = Engine { app: &app, env: &env, span };
        let known = self.fill(here, &house, &engine, &mut rows).await?;
        let dossier = self.ask(here, &engine, &mut rows).await?;
        say(here, "reading, without HTTP")?;
        let inside = tokio::task::block_in_place(|| Ok::<_, Error>([engine.read(FEW, &known)?, engine.read(MANY, &known)?]))?;
        let before = count(&engine).await?;
        app.close().await?;

        say(here, "the bare engine, and the API under many clients")?;
        let known: Vec<(String, String)> = known.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
        let made = tokio::task::block_in_place(|| self.serve(&house, &password, &keys, &known, &inside, &mut rows))?;

        let app = house.open()?;
        let engine = Engine { app: &app, env: &env, span };
        let after = count(&engine).await?;
        if after != before + i64::try_from(made).unwrap_or(i64::MAX) {
            return Err(wrong(format!("{made} people were acknowledged, {} are there", after - before)));
        }
        if trail::BARE {
            app.close().await?;
            return Ok(rows);
        }
        say(here, "a package and an erasure")?;
        rights::measure(&engine, &house, dossier, self.notes(), &mut rows).await?;
        engine.verify(false).await?;
        app.close().await?;
        self.append(here, &mut rows).await?;
        Ok(rows)
    }

    /// Notes about the one person who has many.
    const fn notes(&self) -> usize {
        let share = self.people / 10;
        if share > 10_000 { 10_000 } else { share }
    }

    /// Makes the data set; a tenth of it first, to see what the rest makes slower.
    async fn fill(
        &self,
        here: &mut Here<'_>,
        house: &House,
        engine: &Engine<'_>,
        rows: &mut Vec<Row>,
    ) -> Result<Vec<(kernel::RecordId, String)>> {
        let (people, tenth) = (self.people, self.people / 10);
        say(here, "importing people")?;
        let first = engine.import(house, 0..tenth).await?;
        let (list, search) = (engine.list(tenth).await?, engine.search(tenth, 8).await?);
        let rest = engine.import(house, tenth..people).await?;
        let row = Row::new("import", "import CSV, mapped, matched, indexed, sealed", rest.per_second, "rows/s", Must::AtLeast(5_000.0));
        rows.push(row.with("rows", people - tenth));
        if let (Some(first), Some(peak)) = (first.peak, rest.peak) {
            // Flat: what nine times the rows take more is the engine's caches, not the rows.
            let row = Row::new("import_memory", "highest memory of an import", peak, "MB", Must::AtMost(first.max(100.0) * 1.5));
            rows.push(row.with("of_the_first_tenth", first.round()));
        }
        let known = engine.people(READ).await?;
        let someone = known.first().map(|(id, _)| *id).ok_or_else(|| wrong("nobody is there"))?;
        engine.make("task", people / 20, |n| engine::about("title", someone, n)).await?;
        engine.make("deal", people / 20, |n| engine::about("name", known[n % known.len()].0, n)).await?;
        say(here, "capturing mails")?;
        let mails = tenth.max(20);
        let rate = engine.capture(house, mails).await?;
        rows.push(
            Row::new("capture", "capture mail: parse, seal, index, leaf", rate, "/s/core", Must::AtLeast(1_500.0)).with("messages", mails),
        );
        say(here, "lists and searches")?;
        let listed = engine.list(people).await?;
        rows.push(listed.tell(Row::new("list", "list 50, filtered and sorted: p95", listed.at(95), "ms", Must::AtMost(50.0))));
        rows.push(growth("list_growth", "  p99 with ten times the people", &list, &listed));
        let found = engine.search(people, 8).await?;
        rows.push(found.tell(Row::new("search", "search a word: p95", found.at(95), "ms", Must::AtMost(50.0))));
        rows.push(growth("search_growth", "  p99 with ten times the people", &search, &found));
        let begun = engine.search(people, 4).await?;
        rows.push(begun.tell(Row::new("prefix", "search a beginning: p95", begun.at(95), "ms", Must::AtMost(50.0))));
        let (taken_out, took) = engine.export(people).await?;
        // The bound is for 20,000 rows; what is fixed is small beside them.
        let most = 2.0 * (taken_out as f64 / 20_000.0).max(0.5);
        let work = format!("export {taken_out} rows as CSV");
        rows.push(Row::new("export", work, took, "s", Must::AtMost(most)).with("rows", taken_out));
        Ok(known)
    }

    /// Timeline, sweep and verification; answers the person with many records.
    async fn ask(&self, here: &mut Here<'_>, engine: &Engine<'_>, rows: &mut Vec<Row>) -> Result<kernel::RecordId> {
        let dossier = engine.dossier(self.notes()).await?;
        let told = engine.timeline(dossier, self.notes()).await?;
        rows.push(told.tell(Row::new("timeline", "timeline, the newest 50: p95", told.at(95), "ms", Must::AtMost(50.0))));
        say(here, "the retention sweep")?;
        let (rate, decided) = engine.sweep(self.people).await?;
        rows.push(Row::new("sweep", "retention sweep: decide", rate, "/s/core", Must::AtLeast(200_000.0)).with("decided", decided));
        if trail::BARE {
            return Ok(dossier);
        }
        say(here, "verification")?;
        let (rate, leaves) = engine.verify(true).await?;
        rows.push(
            Row::new("verify_sealed", "verify, boxes closed", rate, "leaves/s/core", Must::AtLeast(500_000.0)).with("leaves", leaves),
        );
        let (rate, leaves) = engine.verify(false).await?;
        rows.push(Row::new("verify_open", "verify, boxes opened", rate, "leaves/s/core", Must::Nothing).with("leaves", leaves));
        Ok(dossier)
    }

    /// The bare engine beside the API and the reads without it; answers how many people were made.
    fn serve(
        &self,
        house: &House,
        password: &str,
        keys: &[String],
        known: &[(String, String)],
        inside: &[Load; 2],
        rows: &mut Vec<Row>,
    ) -> Result<usize> {
        let (env, span) = (&house.env, Duration::from_secs_f64(self.seconds));
        let (create, read) = if house.settings.store.database.is_some() { (0.25, 0.8) } else { (1.5, 3.0) };
        let Baseline { apart, together } = self.bare(house)?;
        let row = Row::new("bare", "the bare engine: a row as long as the request", apart.per_second(), "/s", Must::Nothing);
        rows.push(apart.tell(row));
        let base = apart.per_second();
        if let Some(together) = together {
            let row = Row::new("bare_shared", "  through one connection that all share", together.per_second(), "/s", Must::Nothing);
            rows.push(together.tell(row));
        }
        let served = Served::start(house)?;
        rows.push(Row::new("start", "start to first page, filled", served.first_page, "ms", Must::AtMost(300.0)));
        served.settle();
        rows.extend(served.memory().map(|mb| Row::new("memory_idle", "memory, idle", mb, "MB", Must::AtMost(60.0))));
        let made = served.create(env, keys, MANY, span, FRESH)?;
        rows.push(
            made.tell(Row::new("create", "create person, API, 32 clients", made.per_second(), "/s", Must::Times(create)).against(base)),
        );
        let [few, many] = inside;
        for (key, work, load, must) in
            [("read_8", "read person, 8 clients", few, Must::Nothing), ("read_32", "read person, 32 clients", many, Must::Times(read))]
        {
            rows.push(load.tell(Row::new(key, work, load.per_second(), "/s", must).against(base)));
        }
        rows.push(more("read_more", few, many));
        let [few, many] = [served.read(env, keys, FEW, span, known)?, served.read(env, keys, MANY, span, known)?];
        rows.push(few.tell(Row::new("api_read_8", "read person, API, 8 clients", few.per_second(), "/s", Must::Nothing).against(base)));
        rows.push(
            many.tell(Row::new("api_read_32", "read person, API, 32 clients", many.per_second(), "/s", Must::Times(read)).against(base)),
        );
        rows.push(more("api_read_more", &few, &many));
        let (bytes, requests) = served.page(password)?;
        #[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
        rows.push(Row::new("page", "the People page, compressed", bytes as f64 / 1e3, "kB", Must::AtMost(60.0)));
        #[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
        rows.push(Row::new("page_requests", "  its requests", requests as f64, "", Must::AtMost(6.0)));
        rows.extend(served.memory().map(|mb| Row::new("memory_serving", "memory, after all that", mb, "MB", Must::AtMost(300.0))));
        served.end()?;
        Ok(made.count)
    }

    /// As many durable inserts as the bare engine takes from the same clients, a connection each; on SQLite, also through one that they
    /// share, one after the other.
    fn bare(&self, house: &House) -> Result<Baseline> {
        let (env, span, place) = (&house.env, Duration::from_secs_f64(self.seconds), house.bare());
        let body = data::person(FRESH).to_string().into_bytes();
        Bare::make(&place)?;
        let id = |start: usize, number: usize, n: usize| i64::try_from(start + n * MANY + number).unwrap_or(i64::MAX);
        let apart = clients(env, MANY, span, |_| Bare::open(&place), |bare, number, n| bare.insert(id(0, number, n), &body))?;
        let together = if house.settings.store.database.is_none() {
            let shared = std::sync::Mutex::new(Bare::open(&place)?);
            let insert = |_: &mut (), number, n| {
                shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(id(1 << 40, number, n), &body)
            };
            Some(clients(env, MANY, span, |_| Ok(()), insert)?)
        } else {
            None
        };
        let done = apart.count + together.as_ref().map_or(0, |load| load.count);
        if Bare::open(&place)?.count()? == i64::try_from(done).unwrap_or(i64::MAX) {
            Ok(Baseline { apart, together })
        } else {
            Err(wrong("the bare engine's count"))
        }
    }

    /// A ledger of its own, of leaves about nothing.
    async fn append(&self, here: &mut Here<'_>, rows: &mut Vec<Row>) -> Result<()> {
        say(here, "the ledger")?;
        let house = House::new(here, "ledger")?;
        let (app, env) = (house.empty()?, house.env.clone());
        let count = LEAVES.min(self.people.max(1_000));
        let engine = Engine { app: &app, env: &env, span: Duration::ZERO };
        let rate = engine.append(count).await?;
        app.close().await?;
        let must = if here.settings.store.database.is_some() { 10_000.0 } else { 20_000.0 };
        rows.push(
            Row::new("append", "ledger: append in batches, place, sign", rate, "leaves/s", Must::AtLeast(must)).with("leaves", count),
        );
        Ok(())
    }
}

/// What the bare engine does.
struct Baseline {
    /// With a connection for each client: what the API and the reads are held against.
    apart: Load,
    /// Through one connection that all share, on SQLite.
    together: Option<Load>,
}

fn say(here: &mut Here<'_>, what: &str) -> Result<()> {
    here.console.note(format!("Measuring {what} …"))
}

async fn count(engine: &Engine<'_>) -> Result<i64> {
    engine.app.store().read(|tx| tx.one(PEOPLE, &args![], |row| row.get(0))).await
}

/// How much slower the slowest of a hundred is.
fn growth(key: &'static str, work: &str, before: &Load, after: &Load) -> Row {
    Row::new(key, work, after.at(99) / before.at(99).max(1e-3), "x", Must::AtMost(1.5))
        .with("before", before.at(99))
        .with("after", after.at(99))
}

/// What four times the clients bring. A tenth less is within what two runs differ by.
fn more(key: &'static str, few: &Load, many: &Load) -> Row {
    Row::new(key, "  32 clients against 8", many.per_second() / few.per_second().max(1e-9), "x", Must::AtLeast(0.9))
}
