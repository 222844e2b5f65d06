//! Pairs that look alike: kept by ids and signs alone, shown to whoever may see both, dismissed for good.

use catalogue::{Field, Kind};
use kernel::{Code, Error, Instant, RecordId, Result};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{
    Event, Permit, Release, Unit,
    permit::{ReadRecords, WriteRecords},
};

use super::{
    DuplicateId,
    signs::{self, LIKELY, Likeness},
    sql,
};
use crate::{
    records::{self, Shown, StoredRecord},
    search::{self, cursor::Binding},
};

/// The most pairs of a page.
pub const LIMIT_MAX: usize = 100;
/// How often one page looks on when pairs may not be seen.
const LOOKS: usize = 20;

/// A pair as stored.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub id: DuplicateId,
    pub a: RecordId,
    pub b: RecordId,
    pub versions: (i64, i64),
    pub score: i64,
    pub signs: String,
    pub state: String,
    pub found: Instant,
}

impl Pair {
    pub fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            a: row.get(2)?,
            b: row.get(3)?,
            versions: (row.get(4)?, row.get(5)?),
            score: row.get(6)?,
            signs: row.get(7)?,
            state: row.get(8)?,
            found: row.get(9)?,
        })
    }
}

/// A pair as it is shown: both records by what names them.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The pair.
    pub id: DuplicateId,
    /// How much they look alike, of a hundred.
    pub score: i64,
    /// By which signs, the strongest first: `same:email`, `name_company`.
    pub signs: Vec<String>,
    /// When it was found.
    pub found: Instant,
    /// The two.
    pub records: (Shown, Shown),
}

/// One page of pairs.
#[derive(Clone, Debug)]
pub struct Page {
    /// The likeliest first.
    pub pairs: Vec<Listed>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Place(i64, DuplicateId);

/// Whether a permit lets a sign be told: not that of a field that may not be seen.
fn told(kind: &Kind, code: &str, sees: impl Fn(&Field) -> bool) -> bool {
    let seen = |key: &str| kind.field(key).is_some_and(&sees);
    match code.strip_prefix("same:").or_else(|| code.strip_prefix("name_")) {
        Some(key) => seen(key) && (code.starts_with("same:") || seen(&kind.title)),
        None => seen(&kind.title),
    }
}

/// The open pairs of a kind that the permit reaches, the likeliest first. Event `record.read`, which names every record shown.
///
/// Errors: forbidden; not_found for an unknown kind; invalid_input; malformed for another list's cursor.
pub fn list(unit: &mut Unit, permit: &Permit<ReadRecords>, kind: &str, before: Option<&str>, limit: usize) -> Result<Release<Page>> {
    if limit == 0 || limit > LIMIT_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A page has 1 to {LIMIT_MAX} pairs.")));
    }
    let kind = unit.app().catalogue().need(kind)?;
    let scope = permit.need(&kind)?;
    let purpose = permit.actor.purpose;
    let binding = Binding::new(unit, &("duplicates", &kind.key))?;
    let mut place = before.map(|cursor| binding.open::<Place>(unit, cursor)).transpose()?;
    let (mut kept, mut ended): (Vec<(Pair, Vec<String>)>, bool) = (Vec::new(), false);
    for _ in 0..LOOKS {
        let wanted = limit - kept.len();
        let Place(score, id) = place.unwrap_or(Place(i64::MAX, DuplicateId::from_bytes([0xff; 16])));
        let some = unit.all(sql::PAIRS, &args![kind.key.as_str(), score, id, i64::try_from(wanted).unwrap_or(i64::MAX)], Pair::read)?;
        ended = some.len() < wanted;
        place = some.last().map(|pair| Place(pair.score, pair.id)).or(place);
        let ids: Vec<RecordId> = some.iter().flat_map(|pair| [pair.a, pair.b]).collect();
        let rows = records::find_many(unit, &ids)?;
        let here = |id: RecordId| rows.iter().any(|row| row.id == id && records::in_scope(permit, row));
        for pair in some {
            let codes = pair.signs.split(' ').filter(|code| told(&kind, code, |field| search::sees(scope, purpose, field)));
            let codes: Vec<String> = codes.map(str::to_owned).collect();
            if here(pair.a) && here(pair.b) && !codes.is_empty() {
                kept.push((pair, codes));
            }
        }
        if ended || kept.len() == limit {
            break;
        }
    }
    let next = if ended { None } else { place.map(|place| binding.seal(unit, &place)).transpose()? };
    let ids: Vec<RecordId> = kept.iter().flat_map(|(pair, _)| [pair.a, pair.b]).collect();
    let named = records::name(unit, permit, &ids)?;
    Ok(named.map(|named| {
        let of = |id: RecordId| named.iter().find(|shown| shown.id == id).cloned();
        let pairs = kept
            .into_iter()
            .filter_map(|(Pair { id, a, b, score, found, .. }, signs)| Some(Listed { id, score, signs, found, records: (of(a)?, of(b)?) }));
        Page { pairs: pairs.collect(), next }
    }))
}

/// The pair, if both its records are in a permit's scope. Error: not_found.
fn within(unit: &mut Unit, permit: &Permit<WriteRecords>, id: DuplicateId) -> Result<(Pair, StoredRecord, StoredRecord)> {
    let gone = || Error::not_found("pair of duplicates");
    let pair = unit.maybe(sql::PAIR_FIND, &args![id], Pair::read)?.ok_or_else(gone)?;
    let mut of =
        |id: RecordId| -> Result<StoredRecord> { records::find(unit, id)?.filter(|row| records::in_scope(permit, row)).ok_or_else(gone) };
    let (a, b) = (of(pair.a)?, of(pair.b)?);
    Ok((pair, a, b))
}

/// Says that two are not the same: they are not shown again until what they look alike by changes in one of them. Event
/// `duplicate.dismissed`. Errors: not_found; conflict when it is not open.
pub fn dismiss(unit: &mut Unit, permit: &Permit<WriteRecords>, id: DuplicateId) -> Result<()> {
    let (pair, a, b) = within(unit, permit, id)?;
    if pair.state == "merged" {
        return Err(Error::new(Code::Conflict, "One of them was merged into another record meanwhile."));
    }
    let event = Event::new("duplicate.dismissed").word("pair", id.to_string()).records([(a.id, a.version), (b.id, b.version)]);
    unit.witness(event)?;
    let who = unit.actor().who.to_string();
    unit.run(sql::PAIR_UPDATE, &args![id, a.version, b.version, pair.score, pair.signs, "dismissed", who]).map(drop)
}

/// Writes what was found of a record, in a unit that has witnessed its event: new pairs, those that still look alike, those that do not
/// any more. What people dismissed stays so while neither changed in what matters. Answers how many new ones there are.
pub(super) fn note(unit: &mut Unit, row: &StoredRecord, found: &[(StoredRecord, Likeness)]) -> Result<usize> {
    let (system, now) = (unit.actor().who.to_string(), unit.now());
    let known = unit.all(sql::PAIRS_OF, &args![row.id], Pair::read)?;
    let mut fresh = Vec::new();
    for (other, likeness) in found.iter().filter(|(_, likeness)| likeness.score() >= LIKELY) {
        let (a, b) = if row.id < other.id { (row, other) } else { (other, row) };
        let (score, codes) = (likeness.score(), likeness.codes());
        match known.iter().find(|pair| pair.a == a.id && pair.b == b.id) {
            None => fresh.extend(args![
                DuplicateId::mint(unit.env()),
                row.kind.key.as_str(),
                a.id,
                b.id,
                a.version,
                b.version,
                score,
                codes,
                "open",
                now,
                system.as_str()
            ]),
            Some(pair) if pair.state == "dismissed" => {
                if pair.versions == (a.version, b.version) {
                    continue;
                }
                let changed = changed_since(unit, a, pair.versions.0)? || changed_since(unit, b, pair.versions.1)?;
                let state = if changed { "open" } else { "dismissed" };
                unit.run(sql::PAIR_UPDATE, &args![pair.id, a.version, b.version, score, codes, state, system.as_str()])?;
            }
            Some(pair) if pair.state == "open" => {
                unit.run(sql::PAIR_UPDATE, &args![pair.id, a.version, b.version, score, codes, "open", system.as_str()])?;
            }
            Some(_) => {}
        }
    }
    let still = |pair: &Pair| {
        let other = if pair.a == row.id { pair.b } else { pair.a };
        found.iter().any(|(row, likeness)| row.id == other && likeness.score() >= LIKELY)
    };
    for pair in known.iter().filter(|pair| pair.state == "open" && !still(pair)) {
        unit.run(sql::PAIR_DELETE, &args![pair.id])?;
    }
    let made = fresh.len() / 11;
    unit.insert_many(sql::PAIR_INSERT, 11, &fresh)?;
    Ok(made)
}

/// Whether a record changed, since a version, in what it looks like others by. A version that is not there any more is a change.
fn changed_since(unit: &mut Unit, row: &StoredRecord, version: i64) -> Result<bool> {
    if row.version == version {
        return Ok(false);
    }
    let earlier = match records::earlier(unit, row.clone(), version) {
        Ok(earlier) => earlier,
        Err(error) if error.code() == Code::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    let (then, now) = (records::open(unit, earlier)?, records::open(unit, row.clone())?);
    let of = |record: Option<records::Record>| record.map(|record| signs::telling(&record.row.kind, &record.fields()));
    Ok(of(then) != of(now))
}
