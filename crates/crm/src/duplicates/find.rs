//! Who looks like somebody: before a record is written, and record by record over all there are.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Field, Kind};
use kernel::{RecordId, Result};
use trail::{
    Event, Permit, Release, Unit,
    permit::{Import, ReadRecords},
};

use super::signs::{self, Likeness};
use crate::{
    records::{self, Detail, Fields, Record, Shown},
    search,
};

/// How many records one value may have before it tells nobody apart: a switchboard's number.
const CROWD: usize = 12;
/// How many of one name are opened.
const NAMESAKES: usize = 50;
/// The most that are named before a record is written.
pub const NAMED: usize = 5;

/// A record that looks like what somebody writes.
#[derive(Clone, Debug)]
pub struct Alike {
    /// The record, by what names it.
    pub shown: Shown,
    /// By which signs.
    pub likeness: Likeness,
}

/// The records that look like these fields, the likeliest first; all that are found are opened. `own` is the record's own row number.
pub(super) fn alike(
    unit: &mut Unit,
    kind: &Kind,
    (fields, region): (&Fields, Option<&str>),
    own: Option<i64>,
    sees: &dyn Fn(&Field) -> bool,
) -> Result<Vec<(Record, Likeness)>> {
    let (same, named) = signs::tokens(unit, kind, fields, region, sees);
    let mut docs: BTreeSet<i64> = BTreeSet::new();
    if !same.is_empty() {
        let found = store::tokens::find(unit.dialect(), std::slice::from_ref(&same), CROWD * 2)?;
        if found.len() > CROWD {
            // Too many at once: each value by itself, without those that many have.
            for token in same {
                let found = store::tokens::find(unit.dialect(), &[vec![token]], CROWD + 1)?;
                docs.extend(found.iter().filter(|_| found.len() <= CROWD));
            }
        } else {
            docs.extend(found);
        }
    }
    docs.extend(store::tokens::find(unit.dialect(), &named, NAMESAKES)?);
    let mut rows = Vec::new();
    for doc in docs.into_iter().filter(|doc| Some(*doc) != own) {
        let row = records::find_by_doc(unit, doc)?;
        rows.extend(row.filter(|row| row.kind.key == kind.key && row.state.is_readable() && row.facts.merged.is_none()));
    }
    let mut found = Vec::new();
    for record in records::open_all(unit, rows)? {
        let other = record.fields();
        let likeness = signs::likeness(kind, (fields, region), (&other, records::region(&record.row.law)), sees);
        if likeness.score() > 0 {
            found.push((record, likeness));
        }
    }
    found.sort_by_key(|(record, likeness)| (std::cmp::Reverse(likeness.score()), record.row.id));
    Ok(found)
}

/// Who looks like the record that somebody writes, in the permit's scope and by fields it may see: at most [`NAMED`], by what names them.
/// `own` is the record itself where it is being changed. Event `record.searched`, which names the fields and whom was shown.
///
/// Errors: forbidden; not_found for an unknown kind.
pub fn check(
    unit: &mut Unit,
    permit: &Permit<ReadRecords>,
    kind: &str,
    fields: &Fields,
    own: Option<RecordId>,
) -> Result<Release<Vec<Alike>>> {
    let kind = unit.app().catalogue().need(kind)?;
    let scope = permit.need(&kind)?;
    if !signs::is_looked_for(&kind) || fields.is_empty() {
        return unit.plain(Vec::new());
    }
    let purpose = permit.actor.purpose;
    let sees = move |field: &Field| search::sees(scope, purpose, field);
    let own = match own {
        Some(own) => records::find(unit, own)?.map(|row| row.doc),
        None => None,
    };
    let region = signs::region_of(fields);
    let mut found = alike(unit, &kind, (fields, region.as_deref()), own, &sees)?;
    found.retain(|(record, _)| records::in_scope(permit, &record.row));
    found.truncate(NAMED);
    let searched: Vec<&str> = signs::whole(&kind).map(|field| field.key.as_str()).chain([kind.title.as_str()]).collect();
    let event = Event::new("record.searched")
        .word("as", "duplicates")
        .word("kind", kind.key.as_str())
        .fields(searched)
        .records(found.iter().map(|(record, _)| (record.row.id, record.row.version)));
    let all = found.into_iter().map(|(record, likeness)| {
        let mut shown = records::shown(permit, &record, Detail::Masked);
        shown.cells.retain(|(key, _)| *key == kind.title || kind.field(key).is_some_and(|field| !field.is_sealed()));
        Alike { shown, likeness }
    });
    let all = all.collect();
    unit.release(event, all)
}

/// Which rows of a file look like records in scope, or like an earlier row: a row's number, its strongest sign and how many look like it.
/// Nothing of them is shown. Event `record.searched`.
///
/// Errors: forbidden; not_found for an unknown kind.
pub fn check_rows(
    unit: &mut Unit,
    permit: &Permit<Import>,
    kind: &str,
    rows: &[(usize, Fields)],
) -> Result<Release<BTreeMap<usize, String>>> {
    let kind = unit.app().catalogue().need(kind)?;
    let mut seen = BTreeMap::new();
    let mut records = Vec::new();
    if signs::is_looked_for(&kind) {
        for (number, fields) in rows {
            let region = signs::region_of(fields);
            let mut found = alike(unit, &kind, (fields, region.as_deref()), None, &|_| true)?;
            found.retain(|(record, _)| records::in_scope(permit, &record.row));
            records.extend(found.iter().map(|(record, _)| (record.row.id, record.row.version)));
            if let Some(sign) = found.first().and_then(|(_, likeness)| likeness.signs.first()) {
                seen.insert(*number, sign.code.clone());
            }
        }
    }
    records.sort_unstable();
    records.dedup();
    let event = Event::new("record.searched").word("as", "duplicates").word("kind", kind.key.as_str()).count("rows", rows.len());
    unit.release(event.records(records), seen)
}
