//! Search over blind tokens: by words, beginnings, names in any order, addresses and numbers.
//!
//! Tokens find candidates; each is opened and confirmed before anyone sees it, because a shortened hash may match by chance.

pub mod cursor;
mod person;
pub mod query;
pub mod sql;
mod stored;
mod terms;
#[cfg(test)]
mod tests;

use std::{cmp::Reverse, collections::BTreeSet, sync::Arc};

use catalogue::{Field, FieldType, Index, Kind, Purpose};
use kernel::{Error, Instant, RecordId, Result};
pub use person::person;
use query::Query;
use serde::Serialize;
pub use stored::{purge, recall, remember};
use terms::Asked;
pub use terms::gist;
use trail::{Event, Permit, Release, Scope, Unit, permit::ReadRecords};

use crate::records::{self, Cell, Detail, Fields, Record, index};

/// The most hits of one search.
pub const LIMIT_MAX: usize = 100;
/// What the palette suggests.
const SUGGESTED: usize = 8;
/// How many candidates are opened.
const OPENED: usize = 200;
/// How many documents the index names before the latest of them are taken.
const NAMED: usize = 2_000;

/// Regions whose way of writing telephone numbers is tried when a number comes without its country (ISO 3166-1 alpha-2).
const REGIONS: [&str; 40] = [
    "DE", "AT", "CH", "FR", "NL", "BE", "LU", "GB", "IE", "ES", "PT", "IT", "PL", "CZ", "SK", "HU", "SI", "HR", "RO", "BG", "GR", "DK",
    "SE", "NO", "FI", "EE", "LV", "LT", "US", "CA", "AU", "NZ", "JP", "SG", "IN", "BR", "MX", "ZA", "IL", "TR",
];

/// A record that a search found.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// The record.
    pub id: RecordId,
    /// Its kind's key.
    pub kind: String,
    /// Its version.
    pub version: i64,
    /// What names it, as far as it may be seen.
    pub title: String,
    /// The field that matched best.
    pub field: String,
    /// The place in that field, when it is not the title; masked where the field is.
    pub snippet: Option<String>,
    /// When it was last changed.
    pub updated: Instant,
}

/// Whether a permit's scope and purpose let a field be seen. What may not be seen may not be searched either: the answer would tell.
pub fn sees(scope: Scope, purpose: &Purpose, field: &Field) -> bool {
    field.class <= scope.class && field.purposes.serve(purpose)
}

/// Every form under which a field's value may be indexed by its whole: a telephone number without its country has one for each region.
pub fn forms(field: &Field, text: &str) -> Vec<String> {
    let mut forms = vec![index::exact_form(field, text, None)];
    if field.kind == FieldType::Phone {
        forms.extend(REGIONS.iter().filter_map(|region| vault::phone(text, Some(region))));
        forms.push(vault::fold(text));
        forms.sort_unstable();
        forms.dedup();
    }
    forms
}

/// Whether a field's values are indexed by their whole.
pub fn by_whole(field: &Field) -> bool {
    field.index == Index::Exact || (field.index != Index::None && matches!(field.kind, FieldType::Email | FieldType::Phone))
}

/// The kinds that are searched, each with how far the permit reaches and the fields it may search.
struct Ground {
    kinds: Vec<(Arc<Kind>, Scope)>,
}

impl Ground {
    fn of(unit: &Unit, permit: &Permit<ReadRecords>, wanted: &[String]) -> Result<Self> {
        let catalogue = unit.app().catalogue();
        let mut kinds = Vec::new();
        if wanted.is_empty() {
            kinds.extend(catalogue.kinds().filter_map(|kind| permit.over(&kind.key).map(|scope| (Arc::clone(kind), scope))));
        }
        for key in wanted {
            let kind = catalogue.need(key)?;
            let scope = permit.need(&kind)?;
            kinds.push((kind, scope));
        }
        Ok(Self { kinds })
    }

    fn fields(&self, purpose: &'static Purpose) -> impl Iterator<Item = (&Kind, &Field)> {
        self.kinds.iter().flat_map(move |(kind, scope)| {
            let seen = kind.fields.iter().filter(move |f| f.is_sealed() && f.index != Index::None && sees(*scope, purpose, f));
            seen.map(move |field| (kind.as_ref(), field))
        })
    }

    /// The latest records in scope that carry a token of every group.
    fn candidates(&self, unit: &mut Unit, permit: &Permit<ReadRecords>, groups: &[Vec<i64>], most: usize) -> Result<Vec<RecordId>> {
        if most == 0 || groups.is_empty() || groups.iter().any(Vec::is_empty) || self.kinds.is_empty() {
            return Ok(Vec::new());
        }
        // From the documents to the records: CROSS JOIN is, to SQLite, the order in which to go, and so is the limit to PostgreSQL.
        let mut q = Query::new("SELECT r.id FROM (");
        q.tokens(unit.dialect().engine(), groups, Some(NAMED)).add(") d CROSS JOIN record r WHERE r.doc = d.id AND (");
        for (n, (kind, scope)) in self.kinds.iter().enumerate() {
            // An expression has no index: nothing tempts SQLite away from the documents found.
            q.add(if n > 0 { " OR (" } else { "(" }).add("r.kind || '' = ").bind(kind.key.as_str()).add(" AND ");
            q.scope(permit, *scope).add(")");
        }
        q.add(") ORDER BY r.updated DESC, r.id DESC LIMIT ").bind(i64::try_from(most).unwrap_or(i64::MAX));
        unit.all(q.text(), q.args(), |row| row.get(0))
    }
}

/// Finds records by words in any order, by their beginnings, or by a whole address or number, however it is written. No kinds: all
/// that the permit reaches. Its event `record.searched` names the fields searched and the records shown, never the words.
///
/// Errors: invalid_input when there is nothing to look for; not_found for an unknown kind; forbidden.
pub fn find(unit: &mut Unit, permit: &Permit<ReadRecords>, words: &str, kinds: &[String], limit: usize) -> Result<Release<Vec<Hit>>> {
    if limit == 0 || limit > LIMIT_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A search shows 1 to {LIMIT_MAX} records.")));
    }
    let ground = Ground::of(unit, permit, kinds)?;
    let asked = Asked::read(words)?;
    let purpose = permit.actor.purpose;
    let keyring = unit.app().keyring();
    let (whole, every, best) = {
        let (fields, tokens) = (|| ground.fields(purpose), keyring.tokens());
        let titles = || fields().filter(|(kind, field)| field.key == kind.title);
        (asked.whole(fields(), tokens), asked.groups(fields(), tokens), asked.groups(titles(), tokens))
    };
    // Whole values first, then names, then everything: what ranks highest is among those opened even where much is found.
    let mut ids = ground.candidates(unit, permit, &[whole], OPENED)?;
    for groups in [best, every] {
        let more = ground.candidates(unit, permit, &groups, OPENED)?;
        let known: BTreeSet<RecordId> = ids.iter().copied().collect();
        ids.extend(more.into_iter().filter(|id| !known.contains(id)));
    }
    ids.truncate(OPENED);
    let rows = records::find_many(unit, &ids)?;
    let rows = rows.into_iter().filter(|row| records::in_scope(permit, row)).collect();
    let mut found = Vec::new();
    for record in records::open_all(unit, rows)? {
        let scope = permit.need(&record.row.kind)?;
        if let Some(judged) = asked.judge(&record, |field| sees(scope, purpose, field)) {
            found.push((judged, record));
        }
    }
    found.sort_by_key(|(judged, record)| Reverse((judged.rank, record.row.updated, record.row.id)));
    found.truncate(limit);
    let hits: Vec<Hit> = found.iter().map(|(judged, record)| hit(permit, &asked, record, &judged.field)).collect();
    let searched: BTreeSet<String> = ground.fields(purpose).map(|(kind, field)| index::token_field(&kind.key, &field.key)).collect();
    let event = Event::new("record.searched")
        .word("shown", "title, matched field")
        .count("words", asked.len())
        .fields(searched)
        .records(hits.iter().map(|hit| (hit.id, hit.version)));
    unit.release(event, hits)
}

fn hit(permit: &Permit<ReadRecords>, asked: &Asked, record: &Record, field: &str) -> Hit {
    let row = &record.row;
    let shown = records::shown(permit, record, Detail::Masked);
    let snippet = match shown.cell(field) {
        _ if field == row.kind.title => None,
        Some(Cell::Shown(value)) => Some(asked.excerpt(&value.display())),
        Some(Cell::Masked(mask)) => Some(mask.clone()),
        Some(Cell::WithheldPurpose | Cell::WithheldClass) | None => None,
    };
    Hit {
        id: row.id,
        kind: row.kind.key.clone(),
        version: row.version,
        title: shown.title,
        field: field.to_owned(),
        snippet,
        updated: row.updated,
    }
}

/// What is suggested while somebody writes: at most eight hits of these kinds, of all kinds where none is named. Nothing for less than two
/// letters.
pub fn suggest(unit: &mut Unit, permit: &Permit<ReadRecords>, words: &str, kinds: &[String]) -> Result<Release<Vec<Hit>>> {
    if vault::words(words).iter().all(|word| word.chars().count() < index::PREFIX_MIN) {
        return unit.plain(Vec::new());
    }
    find(unit, permit, words, kinds, SUGGESTED)
}

/// The records in scope with the same e-mail address or telephone number as these fields: perhaps the same person or company.
/// Event `record.searched`.
pub fn duplicates(unit: &mut Unit, permit: &Permit<ReadRecords>, kind: &str, fields: &Fields) -> Result<Release<Vec<RecordId>>> {
    let kind = unit.app().catalogue().need(kind)?;
    let scope = permit.need(&kind)?;
    let law = fields.get(catalogue::person::COUNTRY).and_then(|v| v.as_text()).map(str::to_ascii_uppercase).unwrap_or_default();
    let (mut found, mut searched) = (BTreeSet::new(), BTreeSet::new());
    for field in records::contact_fields(&kind).filter(|field| sees(scope, permit.actor.purpose, field)) {
        for value in fields.get(&field.key).map(catalogue::Value::each).unwrap_or_default() {
            searched.insert(field.key.clone());
            let same = records::with_value(unit, &kind, &field.key, &value.display(), records::region(&law))?;
            found.extend(same.iter().filter(|r| records::in_scope(permit, &r.row)).map(|r| (r.row.id, r.row.version)));
        }
    }
    let event = Event::new("record.searched").word("kind", kind.key.as_str()).fields(searched).records(found.iter().copied());
    unit.release(event, found.into_iter().map(|(id, _)| id).collect())
}
