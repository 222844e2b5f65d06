//! A user's own field moves into the box or out of it: what is written from now on at once, what is there already record by record in the
//! background. No value changes, and no version: every version that held one is sealed again, with a leaf that says so.

use std::sync::Arc;

use catalogue::{Kind, PURPOSES, Protection};
use kernel::{Error, JobId, RecordId, Result};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{Actor, App, Event, Handler, Job, JobRow, Unit, permit::Manage};

use super::{
    body::Fields,
    index, kinds,
    reseal::{put_resealed, reseal_leaf},
    row::{self, Record, StoredRecord},
    sql,
    write::{find_by, region},
};

/// The kind of the job that seals again.
pub const RESEAL: &str = "records.reseal";
/// Records that are looked at in one unit.
const PORTION: i64 = 40;

#[derive(Serialize, Deserialize)]
struct Args {
    record_kind: String,
}

/// Seals a field of a user's own, or opens it, and has its values sealed again; answers the job, or nothing where it is protected so
/// already. Event `catalogue.changed`, then `records.resealed` for each portion.
///
/// Errors: forbidden; not_found; invalid_input for what stays as it is; conflict when somebody else changed the catalogue meanwhile.
pub async fn protect(app: &App, actor: &Actor, kind: &str, field: &str, protection: Protection) -> Result<Option<JobId>> {
    let permit = actor.permit::<Manage>()?;
    let (kind, field) = (kind.to_owned(), field.to_owned());
    let job = app.write(&permit.actor, move |unit| {
        let Some(next) = unit.app().catalogue().protecting(&kind, &field, protection)? else { return Ok(None) };
        let word = if protection == Protection::Sealed { "sealed" } else { "open" };
        let event = Event::new("catalogue.changed").word("field", field.as_str()).word("protection", word);
        kinds::keep(unit, event, next.version(), next.need(&kind)?.as_ref())?;
        let args = serde_json::to_value(Args { record_kind: kind.clone() }).map_err(Error::internal)?;
        // One job for each change: one that runs already is past the records it has looked at.
        unit.enqueue(Job::new(RESEAL, format!("{RESEAL}/{kind}/{}", next.version()), args)).map(Some)
    });
    let job = job.await?;
    app.reload_catalogue().await?;
    Ok(job)
}

/// What runs the job.
pub(super) fn handler() -> Handler {
    Arc::new(|app, job| Box::pin(work(app, job)))
}

async fn work(app: App, job: JobRow) -> Result<()> {
    let Args { record_kind } = serde_json::from_value(job.args.clone()).map_err(Error::internal)?;
    let actor = Actor::system(&PURPOSES[0]);
    let of = record_kind.clone();
    let total = app.read(&actor, move |unit| {
        let total = unit.one(sql::OF_KIND_COUNT, &args![of.as_str()], |row| row.get::<i64>(0))?;
        unit.plain(total)
    });
    let (total, mut done) = (total.await?, job.done);
    let mut after = job.cursor.parse().unwrap_or(RecordId::from_bytes([0; 16]));
    loop {
        let of = record_kind.clone();
        let ids = app.read(&actor, move |unit| {
            let ids = unit.all(sql::OF_KIND, &args![of.as_str(), after, PORTION], |row| row.get::<RecordId>(0))?;
            unit.plain(ids)
        });
        let ids = ids.await?;
        let Some(last) = ids.last().copied() else { break };
        done += i64::try_from(ids.len()).unwrap_or(0);
        app.write(&actor, move |unit| portion(unit, &ids)).await?;
        after = last;
        app.progress(job.id, &after.to_string(), done, total.max(done)).await?;
    }
    Ok(())
}

/// A version with a field on the wrong side.
struct Astray {
    record: Record,
    current: bool,
}

fn portion(unit: &mut Unit, ids: &[RecordId]) -> Result<()> {
    let mut found = Vec::new();
    for id in ids {
        let Some(row) = row::lock(unit, *id)?.filter(|row| row.state.is_readable()) else { continue };
        for (version, _) in super::versions(unit, *id)? {
            let earlier = super::earlier(unit, row.clone(), version)?;
            found.extend(astray(unit, earlier, false)?);
        }
        found.extend(astray(unit, row, true)?);
    }
    let about = found.iter().map(|one| (one.record.row.id, one.record.row.version));
    unit.witness(Event::new("records.resealed").count("looked_at", ids.len()).records(about))?;
    found.into_iter().try_for_each(|one| turn(unit, one))
}

fn astray(unit: &mut Unit, row: StoredRecord, current: bool) -> Result<Option<Astray>> {
    if row.sealed.is_empty() {
        return Ok(None);
    }
    let Some(record) = row::open(unit, row)? else { return Ok(None) };
    let kind = &record.row.kind;
    let wrong = |fields: &Fields, sealed: bool| fields.keys().any(|key| kind.field(key).is_some_and(|field| field.is_sealed() != sealed));
    let is_astray = wrong(&record.body.sealed, true) || wrong(&record.row.open, false);
    Ok(is_astray.then_some(Astray { record, current }))
}

/// Seals one version again, under the key it has.
fn turn(unit: &mut Unit, Astray { record, current }: Astray) -> Result<()> {
    let (row, kind) = (&record.row, Arc::clone(&record.row.kind));
    let (sealed, open) = sides(&kind, record.fields());
    let body = record.body.holding(sealed);
    let boxed = unit.seal(&row.context(), &body.encode())?;
    reseal_leaf(unit, row, &body, &open, &boxed)?;
    put_resealed(unit, row, current, row.key, &open, &boxed)?;
    if !current {
        return Ok(());
    }
    let (old, new) = {
        let keyring = unit.app().keyring();
        let tokens = |sealed: &Fields| index::tokens(&keyring.tokens(), &kind, sealed, region(&row.law));
        (tokens(&record.body.sealed), tokens(&body.sealed))
    };
    // What was merged into another record is found by nothing.
    if row.facts.merged.is_none() {
        store::tokens::remove(unit.dialect(), row.doc, &old)?;
        store::tokens::put(unit.dialect(), row.doc, &new)?;
    }
    find_by(unit, &kind, row.id, &open)
}

/// Fields by the side they belong on; what the kind does not describe stays in the box.
fn sides(kind: &Kind, fields: Fields) -> (Fields, Fields) {
    fields.into_iter().partition(|(key, _)| kind.field(key).is_none_or(catalogue::Field::is_sealed))
}
