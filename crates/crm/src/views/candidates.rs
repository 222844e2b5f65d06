//! The records that satisfy a filter, whatever they may be used for.

use kernel::{RecordId, Result};
use serde::{Deserialize, Serialize};
use trail::{Permit, Unit, permit::ReadRecords};

use super::{Checked, ListQuery, checked, filter::Cond};
use crate::{
    records::{self, Record, StoredRecord},
    search::query::Query,
};

/// Where looking goes on: after a record's creation (microseconds since 1970), and the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Following(pub i64, pub RecordId);

/// Some records, none of them opened, and where to go on; `None` at the end.
pub(crate) struct Candidates {
    /// In the order of their creation.
    pub rows: Vec<StoredRecord>,
    /// Where the next look begins.
    pub next: Option<Following>,
    cond: Cond,
}

impl Candidates {
    /// Whether an opened record satisfies the filter: one that asks sealed fields is answered by tokens before, which may say too much.
    pub fn holds(&self, record: &Record) -> bool {
        !self.cond.asks_sealed() || self.cond.holds(record)
    }
}

/// Looks at the next `looked` records of a list's kind, in the order of their creation, and answers those within the permit's reach and class
/// that satisfy the filter, also those whose use its purpose does not allow: for whoever says how many there are of these, and opens none.
/// Merged ones are left out.
///
/// Errors: those of a list.
pub(crate) fn candidates(
    unit: &mut Unit,
    permit: &Permit<ReadRecords>,
    query: &ListQuery,
    after: Option<Following>,
    looked: i64,
) -> Result<Candidates> {
    let Checked { kind, scope, cond, .. } = checked(unit, permit, query)?;
    let engine = unit.dialect().engine();
    let mut stretch = Query::new("SELECT x.created AS k, x.id AS id FROM record x WHERE x.kind = ");
    stretch.bind(kind.key.as_str());
    if let Some(Following(created, id)) = after {
        stretch.add(" AND (x.created, x.id) > (").bind(created).add(", ").bind(id).add(")");
    }
    stretch.add(" ORDER BY x.created, x.id LIMIT ");
    let mut last = stretch.clone();
    last.add("1 OFFSET ").bind(looked - 1);
    stretch.bind(looked);
    let next = unit.maybe(last.text(), last.args(), |row| Ok(Following(row.get(0)?, row.get(1)?)))?;
    let mut q = Query::new("SELECT d.id FROM (");
    q.append(&stretch).add(") d CROSS JOIN record r WHERE r.id = d.id AND ").within(permit, scope).add(" AND ");
    cond.sql(engine, &mut q);
    q.add(" ORDER BY d.k, d.id");
    let ids = unit.all(q.text(), q.args(), |row| row.get::<RecordId>(0))?;
    let mut rows = records::find_many(unit, &ids)?;
    rows.retain(|row| row.facts.merged.is_none());
    rows.sort_by_key(|row| (row.created, row.id));
    Ok(Candidates { rows, next, cond })
}
