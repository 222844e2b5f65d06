//! What came of each item of a run: one row an item, written in the unit that made its record.

use kernel::{BatchId, RecordId, Result};
use store::{Row, args};
use trail::{App, Unit};

use super::{Counts, sql};

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

/// Items of a run after `after` that were not accepted, in order.
pub fn failed(unit: &mut Unit, batch: BatchId, after: i64, limit: i64) -> Result<Vec<StoredItem>> {
    unit.all(sql::ITEMS_FAILED, &args![batch, after, limit], read_item)
}

/// Items of a run before `before` that made or changed a record, last first; what was made beside others comes last.
pub fn written(unit: &mut Unit, batch: BatchId, before: i64, limit: i64) -> Result<Vec<StoredItem>> {
    unit.all(sql::ITEMS_WRITTEN, &args![batch, before, limit], read_item)
}
