//! Longer prefixes where too many names begin alike, so that lists by name can order each bucket exactly.

use std::sync::Arc;

use kernel::{Error, RecordId, Result};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{Actor, App, Event, Handler, Handlers, Job, JobRow, Unit};

use super::sql;
use crate::records::{self, index};

/// The job's kind.
pub const JOB: &str = "views.lengthen";
/// The setting that bounds how long a prefix may grow (3 to 6): each letter more tells the database's thief a letter more.
const SETTING: &str = "sort_prefix_max";
const PORTION: i64 = 200;

#[derive(Serialize, Deserialize)]
struct Args {
    kind: String,
    bucket: usize,
}

/// What runs the jobs of lists.
pub fn handlers() -> Handlers {
    let handler: Handler = Arc::new(|app, job| Box::pin(lengthen(app, job)));
    [(JOB, handler)].into()
}

/// Has the crowded names of a kind lengthened in the background.
pub async fn lengthen_later(app: &App, actor: &Actor, kind: &str, bucket: usize) -> Result<()> {
    let args = serde_json::to_value(Args { kind: kind.to_owned(), bucket }).map_err(Error::internal)?;
    let (job, kind) = (Job::new(JOB, format!("{JOB}/{kind}"), args), kind.to_owned());
    app.write(actor, move |unit| {
        unit.witness(Event::new("names.crowded").word("kind", kind.as_str()))?;
        unit.enqueue(job.clone()).map(drop)
    })
    .await
}

/// The job: every bucket of more names than may be opened at once gets prefixes longer by one, until none is left or they are long enough.
async fn lengthen(app: App, job: JobRow) -> Result<()> {
    let Args { kind, bucket } = serde_json::from_value(job.args.clone()).map_err(Error::internal)?;
    let actor = Actor::system(&catalogue::PURPOSES[0]);
    let mut done = 0;
    for length in index::SORT_PREFIX..index::SORT_PREFIX_MAX {
        let of = kind.clone();
        let crowded = app.read(&actor, move |unit| {
            let max = longest(unit)?;
            let many = i64::try_from(bucket).unwrap_or(i64::MAX);
            let crowded =
                if length < max { unit.all(sql::CROWDED, &args![of.as_str(), many], |row| row.get::<String>(0))? } else { Vec::new() };
            unit.plain(crowded)
        });
        for prefix in crowded.await?.into_iter().filter(|p| p.chars().count() == length) {
            let mut after = Some(RecordId::from_bytes([0; 16]));
            while let Some(from) = after {
                let (of, behind) = (kind.clone(), prefix.clone());
                let (moved, next) = app.write(&actor, move |unit| portion(unit, &of, &behind, from)).await?;
                done += moved;
                after = next;
                app.progress(job.id, "", done, 0).await?;
            }
        }
    }
    Ok(())
}

fn longest(unit: &mut Unit) -> Result<usize> {
    let set = unit.maybe(trail::sql::SETTING, &args![SETTING], |row| row.get::<String>(0))?;
    let set = set.and_then(|text| text.parse().ok()).unwrap_or(index::SORT_PREFIX_MAX);
    Ok(set.clamp(index::SORT_PREFIX, index::SORT_PREFIX_MAX))
}

/// Moves some of a bucket behind prefixes longer by one. Answers how many moved and after which record to go on.
fn portion(unit: &mut Unit, kind: &str, prefix: &str, after: RecordId) -> Result<(i64, Option<RecordId>)> {
    let ids = unit.all(sql::BEHIND, &args![kind, prefix, after, PORTION], |row| row.get::<RecordId>(0))?;
    let Some(last) = ids.last().copied() else { return Ok((0, None)) };
    unit.witness(Event::new("names.ordered").word("kind", kind).count("records", ids.len()))?;
    let rows = records::find_many(unit, &ids)?;
    let mut moved = 0;
    for record in records::open_all(unit, rows)? {
        let longer = index::name_sort(&record.row.kind, &record.body.sealed, prefix.chars().count() + 1);
        if longer != prefix && longer.starts_with(prefix) {
            unit.run(records::sql::SORT_UPDATE, &args![record.row.id, longer])?;
            moved += 1;
        }
    }
    Ok((moved, Some(last)))
}
