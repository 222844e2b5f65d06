//! What changed lately in the records that somebody owns.

use super::*;

/// The records of the actor's own that changed last, whatever their kind, each with its last change; at most `limit`. For each kind a seek
/// in an index by owner, never a scan. Its event `record.read` names every record and version it opened.
///
/// Error: unauthenticated for who is no member of staff.
pub fn mine(unit: &mut Unit, permit: &Permit<ReadRecords>, limit: usize) -> Result<Release<Vec<Entry>>> {
    let me = permit.actor.staff().ok_or_else(|| Error::new(Code::Unauthenticated, "Only a member of staff owns records."))?;
    let limit = limit.min(LIMIT_MAX);
    let catalogue = unit.app().catalogue();
    let mut newest: Vec<(Instant, RecordId)> = Vec::new();
    for kind in catalogue.kinds().filter(|kind| permit.over(&kind.key).is_some()) {
        // Some more than are shown: a few may be out of reach.
        let most = i64::try_from(limit * 2).unwrap_or(i64::MAX);
        newest.extend(unit.all(sql::NEWEST_OF_OWNER, &args![me, kind.key.as_str(), most], |row| Ok((row.get(0)?, row.get(1)?)))?);
    }
    newest.sort_unstable_by(|a, b| b.cmp(a));
    newest.truncate(limit * 2);
    let rows = records::find_many(unit, &newest.into_iter().map(|(_, id)| id).collect::<Vec<_>>())?;
    let mut rows: Vec<StoredRecord> = rows.into_iter().filter(|row| records::in_scope(permit, row)).collect();
    rows.sort_unstable_by_key(|row| std::cmp::Reverse((row.updated, row.id)));
    rows.truncate(limit);
    let told = |row: &StoredRecord| if row.version == 1 { "created" } else { "changed" };
    let lines: Vec<Line> = rows
        .iter()
        .map(|row| Line { at: row.updated, entry: *row.id.bytes(), record: row.id, what: format!("{}.{}", row.kind.key, told(row)) })
        .collect();
    let mut telling = Telling { permit, opened: HashMap::new(), named: BTreeSet::new(), fields: BTreeSet::new() };
    telling.opened.extend(records::open_all(unit, rows)?.into_iter().map(|record| (record.row.id, record)));
    let mut entries = Vec::with_capacity(lines.len());
    for line in lines {
        entries.extend(telling.entry(unit, line)?);
    }
    let event = Event::new("record.read").word("as", "own").fields(telling.fields).records(telling.named);
    unit.release(event, entries)
}
