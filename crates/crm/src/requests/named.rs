//! Whose requests they are, for those who handle them.

use std::collections::BTreeMap;

use kernel::{RecordId, Result};
use trail::{Event, Permit, Release, Unit, permit::HandleRequests};

use crate::records;

/// The names of people whose requests are handled; who is gone or out of reach is left out. Event `record.listed`.
pub fn names(unit: &mut Unit, permit: &Permit<HandleRequests>, people: &[RecordId]) -> Result<Release<BTreeMap<RecordId, String>>> {
    let mut rows = Vec::with_capacity(people.len());
    for id in people {
        let found = records::find(unit, *id)?;
        rows.extend(found.filter(|row| row.state.is_readable() && records::in_scope(permit, row)));
    }
    if rows.is_empty() {
        return unit.plain(BTreeMap::new());
    }
    let opened = records::open_all(unit, rows)?;
    let named = opened.iter().map(|r| (r.row.id, r.row.version)).collect::<Vec<_>>();
    let titles = opened.iter().map(|r| (r.row.id, r.title())).collect();
    unit.release(Event::new("record.listed").fields(["name"]).records(named), titles)
}
