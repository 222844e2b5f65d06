//! The timeline of a person, a company or anything else: what happened around it, newest first.
//!
//! The table holds no text: titles and excerpts come from the records themselves, opened once each and named in the event.

mod history;
mod mine;
pub mod sql;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};

use catalogue::{FieldType, Kind, Value, note, task};
pub use history::{Changed, Step, WayBack, history, way_back};
use kernel::{Code, Error, Instant, RecordId, Result, UserId};
pub use mine::mine;
use serde::{Deserialize, Serialize, Serializer};
use store::args;
use trail::{Event, Permit, Release, Unit, permit::ReadRecords};

use crate::{
    records::{self, Cell, Detail, Fields, Record, StoredRecord},
    search::{cursor::Binding, gist, query::Query},
};

/// The most entries of one page.
pub const LIMIT_MAX: usize = 200;
/// How often one page looks on when entries may not be seen.
const LOOKS: usize = 20;

/// One page of a timeline.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// Its entries, newest first.
    pub entries: Vec<Entry>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
    /// How many entries between these are not shown: their records do not serve the acting purpose or are out of reach.
    pub withheld: usize,
}

/// One entry.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// When it happened.
    pub at: Instant,
    /// What, as `note.created`.
    pub what: String,
    /// The record it is about.
    pub record: RecordId,
    /// The record's kind.
    pub kind: String,
    /// The version it is about.
    pub version: i64,
    /// What names the record, as far as it may be seen.
    pub title: String,
    /// The beginning of its long text, where it has one that may be seen.
    pub excerpt: Option<String>,
    /// The labels of the fields that a change changed.
    pub changed: Vec<String>,
    /// Who did it, as the trail says: an id, `operator` or `system`.
    pub actor: Option<String>,
    /// Who owns the record now.
    pub owner: Option<UserId>,
    /// How the record stands now: a task's day, time and whether it is done, a note's type.
    #[serde(serialize_with = "as_json")]
    pub standing: Vec<(String, Cell)>,
}

/// What begins the word of an entry for what a person said about the use of their data: `consent.given.marketing`.
pub const SAID: &str = "consent.";

/// The fields of [`Entry::standing`], by kind.
const STANDING: [(&str, &[&str]); 2] = [(task::KIND, &[task::DUE, task::DUE_AT, task::DONE]), (note::KIND, &[note::TYPE])];

fn as_json<S: Serializer>(standing: &[(String, Cell)], to: S) -> std::result::Result<S::Ok, S::Error> {
    to.collect_map(standing.iter().map(|(key, cell)| (key, cell.to_json())))
}

impl Entry {
    /// How the record stands in a field now, if it has it and it may be seen.
    pub fn stands(&self, field: &str) -> Option<&Value> {
        self.standing.iter().find_map(|(key, cell)| match cell {
            Cell::Shown(value) if key == field => Some(value),
            _ => None,
        })
    }
}

/// Where a page ended.
/// Where a page of a timeline begins.
#[derive(Clone, Copy, Debug)]
pub enum Start<'c> {
    /// At the newest entry.
    Newest,
    /// Where another page ended, by its cursor.
    After(&'c str),
    /// At the newest entry before a moment.
    Before(Instant),
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Place(i64, [u8; 16]);

struct Line {
    at: Instant,
    entry: [u8; 16],
    record: RecordId,
    what: String,
}

/// What happened around a record, newest first; a company's timeline has its people's entries too. No kinds: all of them.
/// Its event `record.read` names every record it opened.
///
/// Errors: not_found when the record is not in the permit's scope, or a kind is unknown; malformed for another timeline's cursor.
pub fn of(
    unit: &mut Unit,
    permit: &Permit<ReadRecords>,
    subject: RecordId,
    kinds: &[String],
    start: Start<'_>,
    limit: usize,
) -> Result<Release<Page>> {
    if limit == 0 || limit > LIMIT_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A page has 1 to {LIMIT_MAX} entries.")));
    }
    records::find(unit, subject)?.filter(|row| records::in_scope(permit, row)).ok_or_else(|| Error::not_found("record"))?;
    for kind in kinds {
        unit.app().catalogue().need(kind)?;
    }
    let binding = Binding::new(unit, &("timeline", subject, kinds))?;
    let mut place = match start {
        Start::Newest => None,
        Start::After(cursor) => Some(binding.open::<Place>(unit, cursor)?),
        // The least entry of that moment: whatever is before it.
        Start::Before(moment) => Some(Place(moment.micros(), [0; 16])),
    };

    let (mut lines, mut rows, mut withheld, mut ended) = (Vec::new(), HashMap::new(), 0, false);
    for _ in 0..LOOKS {
        let wanted = limit - lines.len();
        let some = next(unit, subject, kinds, place, wanted)?;
        ended = some.len() < wanted;
        place = some.last().map(|line| Place(line.at.micros(), line.entry)).or(place);
        let ids: BTreeSet<RecordId> = some.iter().map(|line| line.record).filter(|id| !rows.contains_key(id)).collect();
        let found = records::find_many(unit, &ids.into_iter().collect::<Vec<_>>())?;
        rows.extend(found.into_iter().filter(|row| records::in_scope(permit, row)).map(|row| (row.id, row)));
        let (shown, hidden): (Vec<Line>, Vec<Line>) = some.into_iter().partition(|line| rows.contains_key(&line.record));
        withheld += hidden.len();
        lines.extend(shown);
        if ended || lines.len() == limit {
            break;
        }
    }
    let next = if ended { None } else { place.map(|place| binding.seal(unit, &place)).transpose()? };
    let mut telling = Telling { permit, opened: HashMap::new(), named: BTreeSet::new(), fields: BTreeSet::new() };
    let current = records::open_all(unit, rows.into_values().collect())?;
    telling.opened.extend(current.into_iter().map(|record| (record.row.id, record)));
    let mut entries = Vec::with_capacity(lines.len());
    for line in lines {
        entries.extend(telling.entry(unit, line)?);
    }
    let event = Event::new("record.read").word("as", "timeline").fields(telling.fields).records(telling.named);
    unit.release(event, Page { entries, next, withheld })
}

fn next(unit: &mut Unit, subject: RecordId, kinds: &[String], place: Option<Place>, most: usize) -> Result<Vec<Line>> {
    let mut q = Query::new("SELECT at, entry, record, what FROM timeline WHERE subject = ");
    q.bind(subject);
    if let Some(Place(at, entry)) = place {
        q.add(" AND (at, entry) < (").bind(at).add(", ").bind(entry).add(")");
    }
    for (n, kind) in kinds.iter().enumerate() {
        // What happens to a kind is named `kind.…`, and the slash is the letter after the dot.
        q.add(if n == 0 { " AND (" } else { " OR " });
        q.add("(what >= ").bind(format!("{kind}.")).add(" AND what < ").bind(format!("{kind}/")).add(")");
    }
    q.add(if kinds.is_empty() { "" } else { ")" });
    q.add(" ORDER BY at DESC, entry DESC LIMIT ").bind(i64::try_from(most).unwrap_or(i64::MAX));
    unit.all(q.text(), q.args(), |row| Ok(Line { at: row.get(0)?, entry: row.get(1)?, record: row.get(2)?, what: row.get(3)? }))
}

/// Tells entries from opened records and notes what was named.
struct Telling<'p> {
    permit: &'p Permit<ReadRecords>,
    opened: HashMap<RecordId, Record>,
    named: BTreeSet<(RecordId, i64)>,
    fields: BTreeSet<String>,
}

impl Telling<'_> {
    /// One entry; none when its record was destroyed meanwhile.
    fn entry(&mut self, unit: &mut Unit, line: Line) -> Result<Option<Entry>> {
        let Line { at, record: id, what, .. } = line;
        let Some(record) = self.opened.get(&id).cloned() else { return Ok(None) };
        let shown = records::shown(self.permit, &record, Detail::Masked);
        let kind = &record.row.kind;
        let long = kind.fields.iter().filter(|field| field.kind == FieldType::LongText);
        let text = long.filter_map(|field| match shown.cell(&field.key) {
            Some(Cell::Shown(value)) => Some((field.key.clone(), gist(value))),
            _ => None,
        });
        let (excerpt_of, excerpt) = text.take(1).unzip::<_, _, Vec<String>, Vec<String>>();
        if matches!(shown.cell(&kind.title), Some(Cell::Shown(_))) {
            self.fields.insert(kind.title.clone());
        }
        self.fields.extend(excerpt_of);
        let wanted = STANDING.iter().find(|(of, _)| *of == kind.key).map_or(&[][..], |(_, fields)| *fields);
        let standing: Vec<_> = wanted.iter().filter_map(|key| shown.cell(key).map(|cell| ((*key).to_owned(), cell.clone()))).collect();
        self.fields.extend(standing.iter().map(|(key, _)| key.clone()));
        self.named.insert((id, record.row.version));
        let (version, changed) = if what.ends_with(".changed") {
            self.changed(unit, &record, at)?
        } else if what.ends_with(".created") {
            (1, Vec::new())
        } else {
            (record.row.version, Vec::new())
        };
        // What somebody said themselves made no version.
        let made = !what.starts_with(SAID);
        let actor = if made { unit.maybe(sql::MADE_BY, &args![id, version, id, version], |row| row.get::<String>(0))? } else { None };
        let (kind, excerpt, owner) = (kind.key.clone(), excerpt.into_iter().next(), record.row.owner);
        Ok(Some(Entry { at, what, record: id, kind, version, title: shown.title, excerpt, changed, actor, owner, standing }))
    }

    /// Which version a change made, and the labels of the fields in which it differs from the one before. Both are opened.
    fn changed(&mut self, unit: &mut Unit, current: &Record, at: Instant) -> Result<(i64, Vec<String>)> {
        let row = &current.row;
        let version =
            if row.updated == at { Some(row.version) } else { unit.maybe(sql::VERSION_AT, &args![row.id, at], |row| row.get::<i64>(0))? };
        let Some(version) = version else { return Ok((row.version, Vec::new())) };
        let after = self.version(unit, row, current, version)?;
        let before = if version > 1 { self.version(unit, row, current, version - 1)? } else { None };
        let (Some(before), Some(after)) = (before, after) else { return Ok((version, Vec::new())) };
        Ok((version, differing(&row.kind, &before, &after)))
    }

    fn version(&mut self, unit: &mut Unit, row: &StoredRecord, current: &Record, version: i64) -> Result<Option<Fields>> {
        if version == row.version {
            return Ok(Some(current.fields()));
        }
        let earlier = match records::earlier(unit, row.clone(), version) {
            Ok(earlier) => earlier,
            // An erasure may have taken earlier versions away.
            Err(error) if error.code() == Code::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let opened = records::open(unit, earlier)?;
        if opened.is_some() {
            self.named.insert((row.id, version));
        }
        Ok(opened.map(|record| record.fields()))
    }
}

fn differing(kind: &Kind, before: &Fields, after: &Fields) -> Vec<String> {
    let differs = kind.fields.iter().filter(|field| before.get(&field.key) != after.get(&field.key));
    differs.map(|field| field.label.clone()).collect()
}
