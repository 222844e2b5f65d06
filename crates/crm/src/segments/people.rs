//! Whom a segment has: counted with the reasons of those whom it has not, yielded by pages, taken out as a file.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Value, person};
use kernel::{Code, Error, JobId, RecordId, Result};
use serde::{Deserialize, Serialize};
use trail::{Actor, App, Event, Permit, Release, Unit, permit::ReadRecords};

use super::{Segment, SegmentId, find};
use crate::{
    consent::{self, Bar},
    export::{self, Format, Order},
    records::{self, Detail, Record, Shown, StoredRecord},
    requests::ArtifactId,
    search::cursor::Binding,
    views::{self, Following},
};

/// The most people of a page.
pub const LIMIT_MAX: usize = 200;
/// The most people that are looked at to count a segment.
pub const MOST: usize = 100_000;
/// How many are looked at in one unit.
const LOOKED: i64 = 500;
/// How often one page looks on.
const LOOKS: usize = 20;

/// Why somebody who satisfies the condition is not among those whom a segment yields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// They objected, or another bar stands.
    Objected,
    /// The use of their data is restricted.
    Restricted,
    /// The purpose needs their consent, and there is none.
    Consent,
    /// Their address belongs to somebody who was erased.
    Suppressed,
    /// They have no e-mail address.
    NoEmail,
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Objected, Self::Restricted, Self::Consent, Self::Suppressed, Self::NoEmail];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Objected => "objected",
            Self::Restricted => "restricted",
            Self::Consent => "consent",
            Self::Suppressed => "suppressed",
            Self::NoEmail => "no_email",
        }
    }
}

impl From<Bar> for Why {
    fn from(bar: Bar) -> Self {
        match bar {
            Bar::Restricted => Self::Restricted,
            Bar::Objected => Self::Objected,
            Bar::Consent => Self::Consent,
            Bar::Suppressed => Self::Suppressed,
        }
    }
}

/// How many a segment has, and how many it has not, by reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those whom it yields.
    pub allowed: usize,
    /// The others, by reason.
    pub barred: BTreeMap<Why, usize>,
    /// Whether all were looked at; false where there are more than [`MOST`] people.
    pub whole: bool,
}

/// One page of those whom a segment yields.
#[derive(Clone, Debug)]
pub struct Page {
    /// In the order in which their records were made.
    pub people: Vec<Shown>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

/// What one look at a segment found.
#[derive(Default)]
pub(crate) struct Portion {
    /// Whom it yields, opened.
    pub people: Vec<Record>,
    /// How many of the others, by reason.
    pub barred: BTreeMap<Why, usize>,
    /// Where to go on.
    pub next: Option<Following>,
}

/// Somebody's standing with a segment at this moment.
pub(crate) enum Standing {
    /// It yields them.
    Allowed(Box<Record>),
    /// It does not.
    Barred(Why),
    /// They are gone, out of reach, or satisfy its condition no longer.
    Gone,
}

/// The address by which somebody is written to: their first.
fn address(record: &Record) -> Option<String> {
    record.get(person::EMAIL).and_then(|value| value.each().first().map(Value::display))
}

/// Of some candidates, none of them opened, those whom the segment yields; the others counted.
fn judged(
    unit: &mut Unit,
    segment: &Segment,
    found: &views::Candidates,
    rows: Vec<StoredRecord>,
    barred: &mut BTreeMap<Why, usize>,
) -> Result<Vec<Record>> {
    let mut open = Vec::with_capacity(rows.len());
    for row in rows {
        match consent::bar(&row, segment.purpose) {
            Some(bar) => *barred.entry(bar.into()).or_default() += 1,
            None => open.push(row),
        }
    }
    let mut order: Vec<RecordId> = open.iter().map(|row| row.id).collect();
    let mut people = records::open_all(unit, open)?;
    people.retain(|record| found.holds(record));
    let addresses: Vec<String> = people.iter().filter_map(address).collect();
    let suppressed = consent::barred(unit, segment.purpose, &addresses)?;
    people.retain(|record| {
        let why = match address(record) {
            None => Why::NoEmail,
            Some(address) if suppressed.contains(&address) => Why::Suppressed,
            Some(_) => return true,
        };
        *barred.entry(why).or_default() += 1;
        false
    });
    let mut by_id: BTreeMap<RecordId, Record> = people.into_iter().map(|record| (record.row.id, record)).collect();
    order.retain(|id| by_id.contains_key(id));
    Ok(order.into_iter().filter_map(|id| by_id.remove(&id)).collect())
}

/// The next look at a segment. Errors: those of a list; forbidden for another purpose; conflict for a view that asks what is gone.
pub(crate) fn portion(unit: &mut Unit, permit: &Permit<ReadRecords>, segment: &Segment, after: Option<Following>) -> Result<Portion> {
    segment.ensure(permit)?;
    let mut found = views::candidates(unit, permit, &segment.query(), after, LOOKED)?;
    let rows = std::mem::take(&mut found.rows);
    let mut barred = BTreeMap::new();
    let people = judged(unit, segment, &found, rows, &mut barred)?;
    Ok(Portion { people, barred, next: found.next })
}

/// How one person stands with a segment now, for whoever is about to write to them.
pub(crate) fn one_of(unit: &mut Unit, permit: &Permit<ReadRecords>, segment: &Segment, id: RecordId) -> Result<Standing> {
    segment.ensure(permit)?;
    let Some(row) = records::find(unit, id)? else { return Ok(Standing::Gone) };
    // The same question, asked from just before them, of one.
    let before = RecordId::from_bytes(u128::from_be_bytes(*id.bytes()).saturating_sub(1).to_be_bytes());
    let mut found = views::candidates(unit, permit, &segment.query(), Some(Following(row.created.micros(), before)), 1)?;
    let mut rows = std::mem::take(&mut found.rows);
    rows.retain(|row| row.id == id);
    if rows.is_empty() {
        return Ok(Standing::Gone);
    }
    let mut barred = BTreeMap::new();
    let people = judged(unit, segment, &found, rows, &mut barred)?;
    Ok(match (people.into_iter().next(), barred.into_keys().next()) {
        (Some(record), _) => Standing::Allowed(Box::new(record)),
        (None, Some(why)) => Standing::Barred(why),
        (None, None) => Standing::Gone,
    })
}

/// Walks a segment and hands over what each look found, until there is no more or `most` were looked at; answers whether all were. Each look
/// is a unit of its own with its event.
async fn walked(
    app: &App,
    actor: &Actor,
    id: SegmentId,
    event: &'static str,
    mut take: impl FnMut(Vec<RecordId>, BTreeMap<Why, usize>),
) -> Result<bool> {
    let permit = actor.permit::<ReadRecords>()?;
    let (mut after, mut looked) = (None, 0);
    loop {
        let permit = permit.clone();
        let (people, barred, next) = app
            .read(actor, move |unit| {
                let segment = find(unit, id)?;
                let found = portion(unit, &permit, &segment, after)?;
                let people: Vec<RecordId> = found.people.iter().map(|record| record.row.id).collect();
                let barred: usize = found.barred.values().sum();
                let event = Event::new(event).word("segment", id.to_string()).count("allowed", people.len()).count("barred", barred);
                unit.release(event, (people, found.barred, found.next))
            })
            .await?;
        take(people, barred);
        looked += usize::try_from(LOOKED).unwrap_or_default();
        match next {
            None => return Ok(true),
            Some(_) if looked >= MOST => return Ok(false),
            next => after = next,
        }
    }
}

/// How many people a segment yields now, and how many it does not, by reason. Nobody is named. Event `segment.counted` for each five hundred
/// that were looked at.
///
/// Errors: not_found; forbidden for who does not act for its purpose; conflict for a view that asks what is gone.
pub async fn count(app: &App, actor: &Actor, id: SegmentId) -> Result<Counts> {
    let mut counts = Counts::default();
    let whole = walked(app, actor, id, "segment.counted", |people, barred| {
        counts.allowed += people.len();
        for (why, n) in barred {
            *counts.barred.entry(why).or_default() += n;
        }
    });
    counts.whole = whole.await?;
    Ok(counts)
}

/// A page of the people whom a segment yields now, each as far as the permit lets them be seen. Event `record.listed`, which names every one.
///
/// Errors: those of [`count`]; invalid_input for the limit; malformed for another list's cursor.
pub fn members(
    unit: &mut Unit,
    permit: &Permit<ReadRecords>,
    id: SegmentId,
    cursor: Option<&str>,
    limit: usize,
    detail: Detail,
) -> Result<Release<Page>> {
    if limit == 0 || limit > LIMIT_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A page has 1 to {LIMIT_MAX} people.")));
    }
    let segment = find(unit, id)?;
    let binding = Binding::new(unit, &("segment", id.to_string()))?;
    let mut place = cursor.map(|cursor| binding.open::<Following>(unit, cursor)).transpose()?;
    let mut people: Vec<Record> = Vec::new();
    for _ in 0..LOOKS {
        let found = portion(unit, permit, &segment, place)?;
        people.extend(found.people);
        place = found.next;
        if people.len() > limit {
            people.truncate(limit);
            place = people.last().map(|record| Following(record.row.created.micros(), record.row.id));
            break;
        }
        if place.is_none() {
            break;
        }
    }
    let next = place.map(|place| binding.seal(unit, &place)).transpose()?;
    let shown: Vec<Shown> = people.iter().map(|record| records::shown(permit, record, detail)).collect();
    let fields: BTreeSet<&str> = shown.iter().flat_map(Shown::disclosed).collect();
    let event = Event::new("record.listed")
        .word("kind", person::KIND)
        .word("segment", id.to_string())
        .fields(fields)
        .records(shown.iter().map(|one| (one.id, one.version)));
    unit.release(event, Page { people: shown, next })
}

/// Has the people whom a segment yields now taken out as a file, for its purpose. Whoever is no longer usable when the file is written is not
/// in it. Events `segment.walked`, and those of [`export::start`].
///
/// Errors: those of [`count`] and of an export; too_large beyond [`export::MOST`].
pub async fn export(app: &App, actor: &Actor, id: SegmentId, format: Format) -> Result<(ArtifactId, JobId)> {
    let mut only = BTreeSet::new();
    let whole = walked(app, actor, id, "segment.walked", |people, _| only.extend(people)).await?;
    if !whole || only.len() > export::MOST {
        let words = format!("An export has at most {} records. Narrow the segment's view.", export::MOST);
        return Err(Error::new(Code::TooLarge, words));
    }
    let segment = app.read(actor, move |unit| super::one(unit, id)).await?;
    export::start(app, actor, &Order { query: segment.query(), format, unmasked: false, only: Some(only) }).await
}
