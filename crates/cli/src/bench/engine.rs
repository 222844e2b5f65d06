//! What is measured through the operations themselves, without HTTP.

use std::{sync::Arc, time::Duration};

use catalogue::Value;
use crm::{
    capture, disposal, evidence, export, import,
    permits::{Audit, ReadRecords, WriteRecords},
    records::{self, Cell, Detail, Fields, NewRecord},
    search, timeline,
    views::{self, Condition, ListQuery, Op, Sort},
};
use kernel::{Env, RecordId, Result};
use ledger::LeafKind;
use tokio::runtime::Handle;
use trail::{App, Draft, Event};

use super::{
    data,
    house::{House, operator, seller, wrong},
    load::{Load, clients, cpu, forget_peak, memory, rate},
};
use crate::commands::worker::handlers;

/// Rows of one unit.
const ROWS: usize = 200;
/// Rounds of a second at least, so that a percentile says something where each takes long.
const ROUNDS: f64 = 20.0;

/// An open installation, measured.
pub struct Engine<'a> {
    pub app: &'a App,
    pub env: &'a Env,
    /// How long each work goes on.
    pub span: Duration,
}

/// What an import came to.
pub struct Imported {
    pub per_second: f64,
    /// The highest memory of the process meanwhile, in megabytes.
    pub peak: Option<f64>,
}

impl Engine<'_> {
    /// Imports people, mapped, matched, indexed and sealed.
    pub async fn import(&self, house: &House, people: std::ops::Range<usize>) -> Result<Imported> {
        let (path, count) = (house.path("people.csv"), people.len());
        data::csv(&path, people)?;
        let options = import::Options { match_by: Some("email".to_owned()), ..import::Options::default() };
        forget_peak();
        let start = self.env.monotonic();
        let report = import::run(self.app, &operator(), "person", &import::Source::Path(path), None, options, |_| {}).await?;
        let took = self.env.monotonic().saturating_sub(start);
        if report.created != count || !report.failed.is_empty() {
            return Err(wrong(format!("of {count} rows {} became people", report.created)));
        }
        Ok(Imported { per_second: rate(count, took), peak: memory("self", "VmHWM") })
    }

    /// Captures mails, a message each; so many a second of processor time.
    pub async fn capture(&self, house: &House, count: usize) -> Result<f64> {
        let path = house.path("mails.mbox");
        data::mailbox(&path, count)?;
        let start = cpu();
        let report =
            capture::run(self.app, &operator(), capture::Source::Paths(vec![path]), "email", capture::Options::default(), |_| {}).await?;
        let took = cpu().saturating_sub(start);
        if report.captured != count {
            return Err(wrong(format!("of {count} mails {} became messages", report.captured)));
        }
        Ok(rate(count, took))
    }

    /// Makes records of a kind.
    pub async fn make(&self, kind: &'static str, count: usize, fields: impl Fn(usize) -> Fields) -> Result<()> {
        let actor = operator();
        let permit = actor.permit::<WriteRecords>()?;
        let all: Vec<NewRecord> = (0..count).map(|n| NewRecord::new(kind, fields(n))).collect();
        for rows in all.chunks(ROWS) {
            let (permit, rows) = (permit.clone(), rows.to_vec());
            let made = self.app.write(&actor, move |unit| records::create_many(unit, &permit, kind, rows.clone())).await?;
            made.into_iter().try_for_each(|one| one.map(drop))?;
        }
        Ok(())
    }

    /// One person, and notes about them.
    pub async fn dossier(&self, notes: usize) -> Result<RecordId> {
        let actor = operator();
        let permit = actor.permit::<WriteRecords>()?;
        let fields = [("name".to_owned(), Value::Text("Theodora Longlife".to_owned()))].into();
        let new = NewRecord::new("person", fields);
        let person = self.app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await?;
        self.make("note", notes, |n| note(person, n)).await?;
        Ok(person)
    }

    /// People by id and name, up to so many.
    pub async fn people(&self, most: usize) -> Result<Vec<(RecordId, String)>> {
        let (actor, mut found, mut cursor) = (seller()?, Vec::new(), None);
        while found.len() < most {
            let query =
                ListQuery { limit: views::LIMIT_MAX, cursor: cursor.take(), filter: Some(any_relation()), ..ListQuery::of("person") };
            let page = views::serve(self.app, &actor, query, Detail::Whole).await?;
            found.extend(page.rows.into_iter().map(|row| (row.shown.id, row.shown.title)));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        found.truncate(most);
        Ok(found)
    }

    /// One after the other until the time is over; each by a round's number.
    async fn rounds<T: Future<Output = Result<()>>>(&self, one: impl Fn(usize) -> T) -> Result<Load> {
        // What was written before has its place in the tree, and what a first page reads into memory is no part of the rest.
        self.app.settle().await?;
        one(0).await?;
        let (mut times, start) = (Vec::new(), self.env.monotonic());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small number")]
        let least = (self.span.as_secs_f64() * ROUNDS).ceil() as usize;
        while times.len() < least || self.env.monotonic().saturating_sub(start) < self.span {
            let begun = self.env.monotonic();
            one(times.len() + 1).await?;
            times.push(self.env.monotonic().saturating_sub(begun));
        }
        Ok(Load::new(times, self.env.monotonic().saturating_sub(start)))
    }

    /// Takes a list out as CSV, of some twenty thousand records and no more than one export may have: how many, and the seconds from the order
    /// until the file is there.
    pub async fn export(&self, people: usize) -> Result<(usize, f64)> {
        let actor = operator();
        let of = |relations: &[&str]| Some(Condition::new("relation", Op::In, relations.to_vec()).into());
        let (kind, filter, least) = match people {
            ..=20_000 => ("person", of(&data::RELATIONS), people),
            20_001..=400_000 => ("person", of(&data::RELATIONS[..1]), people / data::RELATIONS.len()),
            _ => ("deal", None, people / 20),
        };
        let query = ListQuery { filter, ..ListQuery::of(kind) };
        let order = export::Order { query, format: export::Format::Csv, unmasked: false, only: None };
        let start = self.env.monotonic();
        let (id, _) = export::start(self.app, &actor, &order).await?;
        self.app.work_off(&handlers()).await?;
        let took = self.env.monotonic().saturating_sub(start).as_secs_f64();
        let file = export::fetch(self.app, &actor, id).await?;
        let rows = file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count().saturating_sub(1);
        if rows < least { Err(wrong(format!("{rows} records are in an export of at least {least}"))) } else { Ok((rows, took)) }
    }

    /// The first fifty of one relation, by name or the last changed. The first such list has the names put in order in the background:
    /// that is done before.
    pub async fn list(&self, people: usize) -> Result<Load> {
        let actor = &seller()?;
        let by_name = Sort { by: "name".to_owned(), descending: false };
        views::serve(self.app, actor, ListQuery { sort: by_name, ..ListQuery::of("person") }, Detail::Masked).await?;
        self.app.work_off(&handlers()).await?;
        self.rounds(|round| async move {
            let asked = data::RELATIONS[round % data::RELATIONS.len()];
            let sort = Sort { by: ["name", "updated"][round / 4 % 2].to_owned(), descending: false };
            let query = ListQuery { filter: Some(Condition::new("relation", Op::Eq, asked).into()), sort, ..ListQuery::of("person") };
            let page = views::serve(self.app, actor, query, Detail::Masked).await?;
            let fits =
                |row: &views::ListRow| row.shown.cell("relation").is_some_and(|cell| *cell == Cell::Shown(Value::Text(asked.to_owned())));
            let least = (people / data::RELATIONS.len()).min(views::LIMIT);
            if page.rows.len() >= least && page.rows.iter().all(fits) { Ok(()) } else { Err(wrong("a filtered list")) }
        })
        .await
    }

    /// A person by the word that is theirs, or by its beginning.
    pub async fn search(&self, people: usize, letters: usize) -> Result<Load> {
        let actor = &seller()?;
        let permit = &actor.permit::<ReadRecords>()?;
        self.rounds(|round| async move {
            let name = data::name(round * 7919 % people);
            let word: String = name.rsplit(' ').next().unwrap_or_default().chars().take(letters).collect();
            let permit = permit.clone();
            let hits = self.app.read(actor, move |unit| search::find(unit, &permit, &word, &[], search::LIMIT_MAX)).await?;
            // Where a beginning is of many, the one need not be among those shown.
            if hits.iter().any(|hit| hit.title == name) || hits.len() == search::LIMIT_MAX { Ok(()) } else { Err(wrong("a search")) }
        })
        .await
    }

    /// The newest fifty entries of a person's timeline.
    pub async fn timeline(&self, person: RecordId, entries: usize) -> Result<Load> {
        let actor = &seller()?;
        let permit = &actor.permit::<ReadRecords>()?;
        self.rounds(|_| async move {
            let permit = permit.clone();
            let page = self.app.read(actor, move |unit| timeline::of(unit, &permit, person, &[], timeline::Start::Newest, 50)).await?;
            if page.entries.len() >= entries.min(50) { Ok(()) } else { Err(wrong("a timeline")) }
        })
        .await
    }

    /// So many clients open people, each read recorded before it is answered.
    pub fn read(&self, count: usize, known: &[(RecordId, String)]) -> Result<Load> {
        let (runtime, actor) = (Handle::current(), seller()?);
        let permit = actor.permit::<ReadRecords>()?;
        clients(
            self.env,
            count,
            self.span,
            |_| Ok(()),
            |(), number, n| {
                let (id, name) = &known[(number + n * count) * 7919 % known.len()];
                let (permit, id) = (permit.clone(), *id);
                let shown = runtime.block_on(self.app.read(&actor, move |unit| records::show(unit, &permit, id, Detail::Whole)))?;
                if shown.title == *name { Ok(()) } else { Err(wrong("another person was read")) }
            },
        )
    }

    /// Decides over everything that is to be decided; decisions a second of processor time, and how many.
    pub async fn sweep(&self, least: usize) -> Result<(f64, usize)> {
        let start = cpu();
        let counts = disposal::preview(self.app, &operator()).await?;
        let took = cpu().saturating_sub(start);
        if counts.decided >= least {
            Ok((rate(counts.decided, took), counts.decided))
        } else {
            Err(wrong("the sweep decided over too few"))
        }
    }

    /// Verifies everything; leaves a second of processor time, and how many.
    pub async fn verify(&self, sealed: bool) -> Result<(f64, usize)> {
        let permit = operator().permit::<Audit>()?;
        let options = evidence::Options { sealed, permits: Some(Arc::new(crm::retention::permits)), ..evidence::Options::default() };
        self.app.settle().await?;
        let start = cpu();
        let report = evidence::verify(self.app, &permit, options, None).await?;
        let took = cpu().saturating_sub(start);
        if !report.faults.is_empty() {
            return Err(wrong(format!("verify found {} faults", report.faults.len())));
        }
        let leaves = usize::try_from(report.leaves).unwrap_or(usize::MAX);
        Ok((rate(leaves, took), leaves))
    }

    /// Appends leaves in units of [`ROWS`] and places them in the tree; so many a second. They are about nothing: for a house that nobody verifies.
    pub async fn append(&self, count: usize) -> Result<f64> {
        let (actor, start) = (operator(), self.env.monotonic());
        let before = evidence::tree_size(self.app).await?;
        for _ in 0..count / ROWS {
            self.app
                .write(&actor, |unit| {
                    unit.witness(Event::new("record.created").count("records", ROWS))?;
                    for n in 0..ROWS {
                        let about = RecordId::mint(unit.env());
                        let (payload, box_hash) = (ledger::sha256(about.bytes()), ledger::sha256(&n.to_be_bytes()));
                        unit.leaf(Draft { kind: LeafKind::Record, about, version: 1, subjects: Vec::new(), payload, box_hash })?;
                    }
                    Ok(())
                })
                .await?;
        }
        self.app.settle().await?;
        let took = self.env.monotonic().saturating_sub(start);
        let placed = evidence::tree_size(self.app).await?.saturating_sub(before);
        let count = count / ROWS * ROWS;
        if placed >= count as u64 { Ok(rate(count, took)) } else { Err(wrong(format!("of {count} leaves {placed} are in the tree"))) }
    }
}

fn any_relation() -> views::Filter {
    Condition::new("relation", Op::In, data::RELATIONS.map(serde_json::Value::from).to_vec()).into()
}

/// A note about a person.
fn note(person: RecordId, n: usize) -> Fields {
    let text = |text: String| Value::Text(text);
    [
        ("title".to_owned(), text(format!("Call {n}"))),
        ("text".to_owned(), text(format!("We spoke for the {n}th time. {}", "Nothing new. ".repeat(10)))),
        ("person".to_owned(), Value::Link(person)),
    ]
    .into()
}

/// A task or a deal about a person.
pub fn about(title: &str, person: RecordId, n: usize) -> Fields {
    [(title.to_owned(), Value::Text(format!("Offer {n}"))), ("person".to_owned(), Value::Link(person))].into()
}
