//! Who looks like somebody: before a record is written, and record by record over all there are.

use std::collections::{BTreeSet, HashMap};

use catalogue::{Field, Kind};
use kernel::{RecordId, Result};
use trail::{
    Event, Permit, Release, Unit,
    permit::{Import, ReadRecords},
};

use super::signs::{self, Likeness};
use crate::{
    records::{self, Detail, Fields, Record, Shown, StoredRecord},
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
    let mut docs: BTreeSet<i64> = by_values(unit, &same)?.into_iter().collect();
    docs.extend(store::tokens::find(unit.dialect(), &named, NAMESAKES)?);
    let mut rows = Vec::new();
    for doc in docs.into_iter().filter(|doc| Some(*doc) != own) {
        rows.extend(records::find_by_doc(unit, doc)?.filter(|row| is_candidate(kind, row)));
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

/// The records that look like each of these, which are of one kind: as [`alike`], with one look into the index for all their values. A person's
/// name is looked for only where something else could make it likely.
pub(super) fn alike_each(unit: &mut Unit, kind: &Kind, portion: &[Record]) -> Result<Vec<Vec<(StoredRecord, Likeness)>>> {
    let everything = |_: &Field| true;
    let telling = |unit: &Unit, record: &Record| {
        let fields = record.fields();
        let (same, named) = signs::tokens(unit, kind, &fields, records::region(&record.row.law), &everything);
        (same, named, signs::name_words(kind, &fields), fields)
    };
    let mut told: Vec<_> = portion.iter().map(|record| telling(unit, record)).collect();
    let wanted: BTreeSet<i64> = told.iter().flat_map(|(same, ..)| same.iter().copied()).collect();
    let most = portion.len() * (CROWD + 1);
    let mut docs: BTreeSet<i64> = BTreeSet::new();
    if !wanted.is_empty() {
        docs.extend(store::tokens::find(unit.dialect(), &[wanted.into_iter().collect()], most)?);
    }
    if docs.len() >= most {
        // A value that a crowd has is among them: one by one, without it.
        docs.clear();
        for (same, ..) in &told {
            docs.extend(by_values(unit, same)?);
        }
    }
    for (_, named, ..) in told.iter().filter(|(.., fields)| signs::names_tell(kind, fields)) {
        docs.extend(store::tokens::find(unit.dialect(), named, NAMESAKES)?);
    }
    let mut rows = Vec::new();
    for doc in docs.into_iter().filter(|doc| portion.iter().all(|record| record.row.doc != *doc)) {
        rows.extend(records::find_by_doc(unit, doc)?.filter(|row| is_candidate(kind, row)));
    }
    let more = records::open_all(unit, rows)?;
    told.extend(more.iter().map(|record| telling(unit, record)));
    let all: Vec<&Record> = portion.iter().chain(&more).collect();
    let mut by_value: HashMap<i64, Vec<usize>> = HashMap::new();
    let mut by_name: HashMap<&BTreeSet<String>, Vec<usize>> = HashMap::new();
    for (at, (same, _, name, _)) in told.iter().enumerate() {
        same.iter().for_each(|token| by_value.entry(*token).or_default().push(at));
        by_name.entry(name).or_default().push(at);
    }
    let mut found = Vec::with_capacity(portion.len());
    for (at, (same, _, name, fields)) in told.iter().enumerate().take(portion.len()) {
        let few = |most: usize| move |all: &&Vec<usize>| all.len() <= most + 1;
        let values = same.iter().filter_map(|token| by_value.get(token)).filter(few(CROWD)).flatten();
        let names = by_name.get(name).filter(|_| !name.is_empty()).filter(few(NAMESAKES)).into_iter().flatten();
        let others: BTreeSet<usize> = values.chain(names).copied().filter(|other| *other != at).collect();
        let own = (fields, records::region(&all[at].row.law));
        let judged = others.into_iter().map(|other| {
            let likeness = signs::likeness(kind, own, (&told[other].3, records::region(&all[other].row.law)), &everything);
            (all[other].row.clone(), likeness)
        });
        found.push(judged.filter(|(_, likeness)| likeness.score() > 0).collect());
    }
    Ok(found)
}

/// The documents that have one of these values, without those of a value that a crowd has.
fn by_values(unit: &mut Unit, same: &[i64]) -> Result<Vec<i64>> {
    if same.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::tokens::find(unit.dialect(), &[same.to_vec()], CROWD * 2)?;
    if found.len() <= CROWD {
        return Ok(found);
    }
    let mut docs = Vec::new();
    for token in same {
        let found = store::tokens::find(unit.dialect(), &[vec![*token]], CROWD + 1)?;
        docs.extend(found.iter().filter(|_| found.len() <= CROWD));
    }
    Ok(docs)
}

fn is_candidate(kind: &Kind, row: &StoredRecord) -> bool {
    row.kind.key == kind.key && row.state.is_readable() && row.facts.merged.is_none()
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

/// Which rows of a file look like records in scope that they are not matched with: the rows' numbers. `matched` is the field that an import
/// matches rows by; what is the same by it is no surprise. Nothing of the records is shown. Event `record.searched`.
///
/// Errors: forbidden; not_found for an unknown kind.
pub fn check_rows(
    unit: &mut Unit,
    permit: &Permit<Import>,
    kind: &str,
    matched: Option<&str>,
    rows: &[(u64, Fields)],
) -> Result<Release<Vec<u64>>> {
    let kind = unit.app().catalogue().need(kind)?;
    let scope = permit.need(&kind)?;
    let purpose = permit.actor.purpose;
    let sees = move |field: &Field| search::sees(scope, purpose, field);
    let matched = matched.map(|field| format!("same:{field}"));
    let (mut alike_rows, mut records) = (Vec::new(), BTreeSet::new());
    for (number, fields) in rows.iter().filter(|_| signs::is_looked_for(&kind)) {
        let region = signs::region_of(fields);
        let mut found = alike(unit, &kind, (fields, region.as_deref()), None, &sees)?;
        found.retain(|(record, _)| records::in_scope(permit, &record.row));
        records.extend(found.iter().map(|(record, _)| (record.row.id, record.row.version)));
        let is_matched = |likeness: &Likeness| likeness.signs.iter().any(|sign| Some(&sign.code) == matched.as_ref());
        if !found.is_empty() && !found.iter().any(|(_, likeness)| is_matched(likeness)) {
            alike_rows.push(*number);
        }
    }
    let event = Event::new("record.searched").word("as", "duplicates").word("kind", kind.key.as_str()).count("rows", rows.len());
    unit.release(event.records(records), alike_rows)
}
