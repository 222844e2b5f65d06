//! How a report reads: along an index, some hundred records a unit, only what the permit reaches and only open fields. Nothing is opened.

use std::collections::HashMap;

use catalogue::{Kind, Outcome, Value, deal};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Code, Error, Instant, RecordId, Result, UserId};
use store::args;
use trail::{Actor, App, Permit, Scope, Unit, permit::ReadRecords};

use super::sql;
use crate::{
    records::{self, StoredRecord, index},
    search,
};

/// The records that a report looks at, at most.
pub const MOST: usize = 50_000;
/// The records of one unit.
const PORTION: usize = 500;

/// Which records a report looks at.
#[derive(Clone, Debug)]
pub(super) enum Span {
    /// Those whose numbered field lies from the first up to, without, the second.
    Number(&'static str, i64, i64),
    /// Those with this choice.
    Choice(&'static str, String),
    /// Those that came into being from the first up to, without, the second.
    Created(i64, i64),
}

#[derive(Clone, Copy)]
struct Place(i64, [u8; 16]);

impl Span {
    fn start(&self) -> Place {
        match self {
            Self::Number(_, from, _) | Self::Created(from, _) => Place(*from, [0; 16]),
            Self::Choice(..) => Place(0, [0; 16]),
        }
    }

    fn stretch(&self, unit: &mut Unit, kind: &str, Place(n, id): Place) -> Result<Vec<(i64, RecordId)>> {
        let most = i64::try_from(PORTION).unwrap_or(i64::MAX);
        match self {
            Self::Number(field, _, to) => {
                let field = index::token_field(kind, field);
                unit.all(sql::BY_NUMBER, &args![field, n, id, *to, most], |row| Ok((row.get(0)?, row.get(1)?)))
            }
            Self::Choice(field, key) => {
                let field = index::token_field(kind, field);
                unit.all(sql::BY_CHOICE, &args![field, key.as_str(), id, most], |row| Ok((0, row.get(0)?)))
            }
            Self::Created(_, to) => unit.all(sql::BY_CREATED, &args![kind, n, id, *to, most], |row| Ok((row.get(0)?, row.get(1)?))),
        }
    }
}

/// Reads the records of a span that the permit reaches, each as `of` sees it; `left` counts down how many a report may still look at.
///
/// Errors: forbidden; too_large beyond [`MOST`].
pub(super) async fn rows<T: Send + 'static>(
    app: &App,
    actor: &Actor,
    kind: &Kind,
    span: Span,
    left: &mut usize,
    of: impl Fn(&StoredRecord) -> Option<T> + Clone + Send + 'static,
) -> Result<Vec<T>> {
    let permit = actor.permit::<ReadRecords>()?;
    permit.need(kind)?;
    let (mut all, mut place) = (Vec::new(), span.start());
    loop {
        let (permit, key, span, of, at) = (permit.clone(), kind.key.clone(), span.clone(), of.clone(), place);
        let read = move |unit: &mut Unit| {
            let heads = span.stretch(unit, &key, at)?;
            let ids: Vec<RecordId> = heads.iter().map(|(_, id)| *id).collect();
            let rows = records::find_many(unit, &ids)?;
            let found: Vec<T> = rows.iter().filter(|row| row.kind.key == key && records::in_scope(&permit, row)).filter_map(&of).collect();
            unit.plain((found, heads.last().map(|(n, id)| Place(*n, *id.bytes())), heads.len()))
        };
        let (found, last, looked) = app.read(actor, read).await?;
        all.extend(found);
        *left = left.checked_sub(looked).ok_or_else(too_many)?;
        match last.filter(|_| looked == PORTION) {
            Some(last) => place = last,
            None => return Ok(all),
        }
    }
}

pub(super) fn too_many() -> Error {
    let words = format!("This report would look at more than {MOST} records. Choose a shorter time, or one pipeline.");
    Error::new(Code::TooLarge, words)
}

/// A deal as a report sees it.
#[derive(Clone, Debug)]
pub(super) struct Deal {
    pub id: RecordId,
    pub owner: Option<UserId>,
    /// The day on which it came into being.
    pub created: Date,
    pub version: i64,
    pub stage: String,
    pub outcome: Outcome,
    pub pipeline: String,
    /// Currency and minor units; `None` without one, and where the reader may not see amounts.
    pub amount: Option<(String, i64)>,
    /// In millionths of a percent.
    pub likely: i64,
    pub expected: Option<Date>,
    pub closed: Option<Date>,
    pub reason: Option<String>,
    /// The company, else the person, that it is with.
    pub customer: Option<RecordId>,
}

/// What a reader may see of deals.
#[derive(Clone, Copy)]
pub(super) struct Sight {
    scope: Scope,
    purpose: &'static catalogue::Purpose,
}

impl Sight {
    /// Error: forbidden where stages may not be seen: then there is nothing to report.
    pub fn of(permit: &Permit<ReadRecords>, kind: &Kind) -> Result<Self> {
        let sight = Self { scope: permit.need(kind)?, purpose: permit.actor.purpose };
        if sight.sees(kind, deal::STAGE) {
            return Ok(sight);
        }
        let words = format!("Acting for {} you may not see the stages of deals, of which this report is made.", permit.actor.purpose.key);
        Err(Error::new(Code::Forbidden, words))
    }

    /// What a reader may see of records of another kind.
    pub fn listing(permit: &Permit<ReadRecords>, kind: &Kind) -> Result<Self> {
        Ok(Self { scope: permit.need(kind)?, purpose: permit.actor.purpose })
    }

    /// Whether a field may be seen.
    pub fn sees(&self, kind: &Kind, key: &str) -> bool {
        kind.field(key).is_some_and(|field| !field.is_sealed() && search::sees(self.scope, self.purpose, field))
    }

    /// A record's field, where it may be seen.
    pub fn get<'r>(&self, row: &'r StoredRecord, key: &str) -> Option<&'r Value> {
        row.open.get(key).filter(|_| self.sees(&row.kind, key))
    }

    /// A record as a deal; `None` for one that is in no stage.
    pub fn deal(&self, row: &StoredRecord, zone: &TimeZone) -> Option<Deal> {
        let kind = &row.kind;
        let (pipeline, stage) = kind.stage(self.get(row, deal::STAGE)?.as_text()?)?;
        let day = |key: &str| if let Some(Value::Date(day)) = self.get(row, key) { Some(*day) } else { None };
        let link = |key: &str| if let Some(Value::Link(to)) = self.get(row, key) { Some(*to) } else { None };
        let likely = match self.get(row, deal::PROBABILITY) {
            Some(Value::Number(own)) if !stage.is_closed() => (*own).clamp(0, 100_000_000),
            _ => i64::from(stage.likely()) * 1_000_000,
        };
        Some(Deal {
            id: row.id,
            owner: row.owner,
            created: row.created.day_in(zone),
            version: row.version,
            stage: stage.key.clone(),
            outcome: stage.outcome,
            pipeline: pipeline.key.clone(),
            amount: match self.get(row, deal::AMOUNT) {
                Some(Value::Money { minor, currency }) => Some((currency.clone(), *minor)),
                _ => None,
            },
            likely,
            expected: day(deal::EXPECTED_CLOSE),
            closed: day(deal::CLOSED),
            reason: self.get(row, deal::CLOSE_REASON).and_then(Value::as_text).map(str::to_owned),
            customer: link(deal::COMPANY).or_else(|| link(deal::PERSON)),
        })
    }
}

/// The stages in which these records stood before, by record. Asked of versions: what a version said goes when the version goes.
pub(super) async fn stood(app: &App, actor: &Actor, ids: Vec<RecordId>) -> Result<HashMap<RecordId, Vec<String>>> {
    let mut all: HashMap<RecordId, Vec<String>> = HashMap::new();
    for some in ids.chunks(PORTION) {
        let some = some.to_vec();
        let read = move |unit: &mut Unit| {
            let rows = unit.all_in(sql::EARLIER_64, &some, &[], |row| Ok((row.get::<RecordId>(0)?, row.get::<String>(1)?)))?;
            unit.plain(rows)
        };
        for (id, open) in app.read(actor, read).await? {
            let open: serde_json::Value = serde_json::from_str(&open).map_err(Error::internal)?;
            if let Some(stage) = open.get(deal::STAGE).and_then(|stage| stage.as_str()) {
                all.entry(id).or_default().push(stage.to_owned());
            }
        }
    }
    Ok(all)
}

/// The moment at which a day begins by the clock of a zone.
pub(super) fn begins(day: Date, zone: &TimeZone) -> i64 {
    day.to_zoned(zone.clone()).map_or_else(|_| Instant::start_of(day).micros(), |at| at.timestamp().as_microsecond())
}
