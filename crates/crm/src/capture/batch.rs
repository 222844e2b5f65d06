//! Batches: one run of a capture or an import, its items, and what came of each.

use kernel::{BatchId, Error, Instant, KeyId, RecordId, Result};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{Actor, App, Event, Unit};
use vault::Context;

use super::sql;

/// What is kept of a run's container and settings, sealed: a file's name may tell of people.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The file's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Its size (bytes).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Keyed hash of its bytes, hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// The uploaded bytes while the run is not over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upload: Option<Upload>,
    /// The run's own settings, such as an import's mapping.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub settings: serde_json::Value,
}

/// Uploaded bytes as a sealed temporary blob. When the run ends, the blob and this key are gone.
#[derive(Clone, Serialize, Deserialize)]
pub struct Upload {
    /// Its name in the blob store.
    pub name: String,
    /// Its key, hexadecimal.
    pub key: String,
}

/// A run as stored.
pub struct Batch {
    /// Its id.
    pub id: BatchId,
    /// `capture` or `import`.
    pub what: String,
    /// The channel, or the kind of record.
    pub kind: String,
    /// `running`, `done` or `undone`.
    pub state: String,
    /// When it began.
    pub started: Instant,
    /// When it ended.
    pub finished: Option<Instant>,
    /// Who ran it.
    pub actor: String,
    /// Items seen, made, changed, there already, failed.
    pub counts: Counts,
    key: KeyId,
    sealed: Vec<u8>,
}

/// Items by what came of them.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All.
    pub seen: i64,
    /// Made a record.
    pub created: i64,
    /// Changed one.
    pub updated: i64,
    /// There already.
    pub duplicate: i64,
    /// Not accepted.
    pub failed: i64,
}

/// What came of one item.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its place in the run, from 1; negative for what an item made beside its own record.
    pub n: i64,
    /// `created`, `updated`, `duplicate`, `failed` or `beside`.
    pub outcome: &'static str,
    /// A stable word, without anything of the item.
    pub reason: String,
    /// The record made, changed or met.
    pub record: Option<RecordId>,
    /// Its version before and after.
    pub versions: (Option<i64>, Option<i64>),
    /// The item's own bytes, sealed under the record's key: they die with it.
    pub raw: Option<Vec<u8>>,
}

fn context(key: KeyId, id: BatchId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "batch" }
}

fn read(row: &Row) -> Result<Batch> {
    Ok(Batch {
        id: row.get(0)?,
        what: row.get(1)?,
        kind: row.get(2)?,
        state: row.get(3)?,
        started: row.get(4)?,
        finished: row.get(5)?,
        actor: row.get(6)?,
        counts: Counts { seen: row.get(7)?, created: row.get(8)?, updated: row.get(9)?, duplicate: row.get(10)?, failed: row.get(11)? },
        key: row.get(12)?,
        sealed: row.get(13)?,
    })
}

/// Begins a run. Event `capture.started` or `import.started`.
pub async fn open(app: &App, actor: &Actor, what: &'static str, kind: &str, details: Details) -> Result<BatchId> {
    let (kind, event) = (kind.to_owned(), if what == "import" { "import.started" } else { "capture.started" });
    app.write(actor, move |unit| {
        unit.witness(Event::new(event).word("kind", &kind))?;
        begin(unit, what, &kind, &details)
    })
    .await
}

/// Begins a run in a unit that has witnessed its event.
pub fn begin(unit: &mut Unit, what: &str, kind: &str, details: &Details) -> Result<BatchId> {
    let (id, key) = (BatchId::mint(unit.env()), unit.new_key("batch")?);
    let sealed = unit.seal(&context(key, id), &serde_json::to_vec(details).map_err(Error::internal)?)?;
    let actor = unit.actor().who.to_string();
    unit.run(sql::BATCH_INSERT, &args![id, what, kind, unit.now(), actor, key, sealed])?;
    Ok(id)
}

/// One run; `None` when there is none.
pub fn find(unit: &mut Unit, id: BatchId) -> Result<Option<Batch>> {
    unit.maybe(sql::BATCH_FIND, &args![id], read)
}

/// The newest runs, `capture` or `import`. Nothing is opened.
pub fn newest(unit: &mut Unit, what: &str, limit: i64) -> Result<Vec<Batch>> {
    unit.all(sql::BATCHES, &args![what, limit], read)
}

/// A run's details, opened: they leave the unit only by a release, or stay with the job that works on them.
pub fn details(unit: &mut Unit, batch: &Batch) -> Result<Details> {
    let plain = unit.open(&context(batch.key, batch.id), &batch.sealed)?.ok_or_else(|| Error::not_found("import"))?;
    serde_json::from_slice(&plain).map_err(Error::internal)
}

/// Notes what came of items, in the unit that made their records.
pub fn note(unit: &mut Unit, batch: BatchId, items: &[Item]) -> Result<()> {
    let mut rows = Vec::with_capacity(items.len() * 8);
    let mut counts = Counts::default();
    for item in items {
        let (before, after) = item.versions;
        rows.extend(args![batch, item.n, item.outcome, item.reason.as_str(), item.record, before, after, item.raw.clone()]);
        counts.seen += i64::from(item.n > 0);
        match item.outcome {
            "created" => counts.created += 1,
            "updated" => counts.updated += 1,
            "duplicate" => counts.duplicate += 1,
            "failed" => counts.failed += 1,
            _ => {}
        }
    }
    unit.insert_many(sql::ITEM_INSERT, 8, &rows)?;
    unit.run(sql::BATCH_COUNT, &args![batch, counts.seen, counts.created, counts.updated, counts.duplicate, counts.failed]).map(drop)
}

/// How many items of a run are accounted for.
pub async fn items_done(app: &App, batch: BatchId) -> Result<i64> {
    app.store().read(move |tx| tx.one(sql::ITEM_LAST, &args![batch], |row| row.get(0))).await
}

/// An item as stored.
#[derive(Clone, Debug)]
pub struct StoredItem {
    /// As [`Item::n`].
    pub n: i64,
    /// As [`Item::outcome`].
    pub outcome: String,
    /// As [`Item::reason`].
    pub reason: String,
    /// As [`Item::record`].
    pub record: Option<RecordId>,
    /// As [`Item::versions`].
    pub versions: (Option<i64>, Option<i64>),
}

fn read_item(row: &Row) -> Result<StoredItem> {
    Ok(StoredItem { n: row.get(0)?, outcome: row.get(1)?, reason: row.get(2)?, record: row.get(3)?, versions: (row.get(4)?, row.get(5)?) })
}

/// Items of a run after `after`, in order.
pub fn items(unit: &mut Unit, batch: BatchId, after: i64, limit: i64) -> Result<Vec<StoredItem>> {
    unit.all(sql::ITEMS, &args![batch, after, limit], read_item)
}

/// Items of a run before `before` that made or changed a record, last first; what was made beside others comes last.
pub fn written(unit: &mut Unit, batch: BatchId, before: i64, limit: i64) -> Result<Vec<StoredItem>> {
    unit.all(sql::ITEMS_WRITTEN, &args![batch, before, limit], read_item)
}

/// Ends a run: its uploaded bytes and their key are gone. The event has its counts.
pub async fn finish(app: &App, actor: &Actor, id: BatchId, event: &'static str) -> Result<()> {
    let upload = app
        .write(actor, move |unit| {
            let batch = find(unit, id)?.ok_or_else(|| Error::not_found("import"))?;
            let count = |n: i64| usize::try_from(n).unwrap_or(0);
            let c = batch.counts;
            let event = Event::new(event).word("batch", id.to_string()).count("seen", count(c.seen)).count("created", count(c.created));
            unit.witness(event.count("updated", count(c.updated)).count("duplicate", count(c.duplicate)).count("failed", count(c.failed)))?;
            let mut details = details(unit, &batch)?;
            let upload = details.upload.take();
            let sealed = unit.seal(&context(batch.key, id), &serde_json::to_vec(&details).map_err(Error::internal)?)?;
            unit.run(sql::BATCH_DETAILS, &args![id, sealed])?;
            unit.run(sql::BATCH_END, &args![id, "done", unit.now()])?;
            Ok(upload)
        })
        .await?;
    match upload {
        Some(upload) => app.blobs().delete(&upload.name).await,
        None => Ok(()),
    }
}
