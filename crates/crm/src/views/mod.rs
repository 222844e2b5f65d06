//! Lists: filter, sort, page.
//!
//! A list is opened row by row as the permit allows, and its event names every record it showed. Sealed fields are filtered by blind
//! tokens and confirmed after opening; a list by name orders small buckets exactly and says when it could not.

mod ask;
mod board;
#[cfg(test)]
mod board_tests;
mod calendar;
mod candidates;
#[cfg(test)]
mod calendar_tests;
mod filter;
mod heads;
mod lengthen;
mod page;
mod query;
mod saved;
pub mod sql;
mod sums;
mod whole;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use catalogue::{FieldType, Kind, Value};
use kernel::{Error, RecordId, Result};
use serde::Serialize;
use trail::{Actor, App, Event, Permit, Release, Scope, Unit, permit::ReadRecords};

use crate::{
    records::{self, Cell, Detail, Shown, index},
    search::{self, cursor::Binding},
};
pub use board::{Board, BoardColumn, ColumnsBy, board, is_of_columns};
pub use calendar::{WEEKS, Week, calendar, is_of_days};
pub(crate) use candidates::{Candidates, Following, candidates};
pub use heads::Added;
pub use lengthen::{handlers, lengthen_later};
pub use page::COUNTED;
pub use query::{Condition, Filter, LIMIT, LIMIT_MAX, ListQuery, Op, Sort};
pub use saved::{COLUMNS_MAX, Layout, Look, NAME_MAX, NewView, SavedView, ViewId, ViewPatch, all_saved, change, delete, save, saved};
pub(crate) use saved::{forget, seen};
pub use sums::{Sums, even};
pub(crate) use whole::frozen;
pub use whole::{Whole, whole};

/// The names of a bucket that are opened to be ordered exactly.
const BUCKET: usize = 500;
/// How often one page looks on for rows that stand the confirmation.
const LOOKS: usize = 40;

/// One page of a list.
#[derive(Clone, Debug)]
pub struct ListPage {
    /// The records, as far as they may be seen.
    pub rows: Vec<ListRow>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
    /// How many there are in all, on the first page and where that is cheap to say; 1,001 means more than 1,000.
    pub total: Option<i64>,
    /// Whether the order by name is exact; false where so many names begin alike that ties fall to the id.
    pub exact_order: bool,
    /// Whether longer prefixes would make it exact, see [`lengthen_later`].
    pub crowded: bool,
}

/// One record of a list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// The record as far as it may be seen.
    pub shown: Shown,
    /// What its shown link fields point to; absent where the actor may not see that.
    pub links: BTreeMap<RecordId, Linked>,
}

/// What a link points to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Linked {
    /// The record.
    pub id: RecordId,
    /// Its kind's key.
    pub kind: String,
    /// What names it, as far as it may be seen.
    pub title: String,
}

/// One page of a list, masked for pages or whole for programs. Its event `record.listed` names every record shown.
///
/// Errors: not_found for an unknown kind; forbidden; invalid_input; sealed_in_url; malformed for a cursor of another list.
pub fn list(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery, detail: Detail) -> Result<Release<ListPage>> {
    list_by(unit, permit, query, detail, BUCKET)
}

fn list_by(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery, detail: Detail, bucket: usize) -> Result<Release<ListPage>> {
    check_limit(query)?;
    let Checked { kind, scope, cond, order } = checked(unit, permit, query)?;
    let binding = Binding::new(unit, &(&query.kind, &query.filter, &query.sort))?;
    let start = query.cursor.as_ref().map(|cursor| binding.open::<page::Place>(unit, cursor)).transpose()?;
    let mut plan = page::Plan::new(unit, &kind, permit, scope, &cond, &order, query.sort.descending, bucket);
    let first = start.is_none();
    let walked = walk(unit, &mut plan, start, query.limit)?;
    let total = match &walked.more {
        _ if !first => None,
        None => Some(i64::try_from(walked.records.len()).unwrap_or(i64::MAX)),
        Some(_) => plan.total(unit)?,
    };
    let next = walked.more.map(|place| binding.seal(unit, &place)).transpose()?;

    let mut rows = Vec::with_capacity(walked.records.len());
    for (record, _) in &walked.records {
        let mut shown = records::shown(permit, record, detail);
        shown.cells.retain(|(key, _)| query.columns.is_empty() || *key == kind.title || query.columns.contains(key));
        rows.push(ListRow { shown, links: BTreeMap::new() });
    }
    let linked = link(unit, permit, &mut rows, detail)?;
    let fields: BTreeSet<&str> = rows.iter().flat_map(|row| row.shown.disclosed()).collect();
    let event = Event::new("record.listed")
        .word("kind", kind.key.as_str())
        .word("asked", query.filter.as_ref().map(asked).unwrap_or_default())
        .word("sort", query.sort.by.as_str())
        .fields(fields)
        .records(rows.iter().map(|row| (row.shown.id, row.shown.version)))
        .records(linked);
    let event = through(event, query);
    unit.release(event, ListPage { rows, next, total, exact_order: !walked.inexact, crowded: walked.crowded })
}

/// How many records a list has, without opening one; `None` where that is not cheap to say. Errors: those of [`list`].
pub fn count(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery) -> Result<Option<i64>> {
    let Checked { kind, scope, cond, .. } = checked(unit, permit, query)?;
    let order = page::Order::Time("x.updated");
    page::Plan::new(unit, &kind, permit, scope, &cond, &order, false, BUCKET).total(unit)
}

/// The sums of open fields of numbers or amounts over all that a list has, each by currency (`None` for a number, in millionths); nothing
/// where more than [`COUNTED`] records would have to be counted, or sealed fields are asked about. Opens no record.
///
/// Errors: those of [`list`].
pub fn added(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery, fields: &[String]) -> Result<Vec<(String, Added)>> {
    let Checked { kind, scope, cond, .. } = checked(unit, permit, query)?;
    let purpose = permit.actor.purpose;
    let summed = fields.iter().filter_map(|key| kind.field(key)).filter(|field| is_summed(field) && search::sees(scope, purpose, field));
    let keys: Vec<String> = summed.map(|field| field.key.clone()).collect();
    if keys.is_empty() || cond.asks_sealed() {
        return Ok(Vec::new());
    }
    let order = page::Order::Time("x.updated");
    let plan = page::Plan::new(unit, &kind, permit, scope, &cond, &order, false, BUCKET);
    let most = i64::try_from(COUNTED).unwrap_or(i64::MAX);
    if plan.total(unit)?.is_none_or(|n| n > most) {
        return Ok(Vec::new());
    }
    keys.into_iter().map(|key| Ok((key.clone(), plan.walk.added(unit, COUNTED, &index::token_field(&kind.key, &key))?))).collect()
}

/// Whether a field's values can be added up by the database: numbers and amounts, open, one of each.
fn is_summed(field: &catalogue::Field) -> bool {
    matches!(field.kind, FieldType::Number | FieldType::Money) && !field.is_sealed() && !field.many && !field.retired
}

/// A list that may be asked for.
struct Checked {
    kind: Arc<Kind>,
    scope: Scope,
    cond: filter::Cond,
    order: page::Order,
}

fn checked(unit: &mut Unit, permit: &Permit<ReadRecords>, query: &ListQuery) -> Result<Checked> {
    let kind = unit.app().catalogue().need(&query.kind)?;
    let scope = permit.need(&kind)?;
    check_columns(&kind, query)?;
    let (keyring, purpose) = (unit.app().keyring(), permit.actor.purpose);
    let mut check = filter::Check { kind: &kind, scope, purpose, via_body: query.via_body, tokens: keyring.tokens(), met: 0 };
    let cond = query.filter.as_ref().map_or_else(|| Ok(filter::Cond::All(Vec::new())), |f| check.filter(f, 0))?;
    let (order, sorted) = page::Order::of(&kind, &query.sort)?;
    sorted.iter().try_for_each(|field| check.may_ask(field))?;
    Ok(Checked { kind, scope, cond, order })
}

/// Whether an opened record satisfies a filter, asked as a list of its kind would be: nobody asks about what they may not see.
///
/// Errors: those of [`list`] for the filter.
pub(crate) fn holds(unit: &mut Unit, permit: &Permit<ReadRecords>, filter: &Filter, record: &records::Record) -> Result<bool> {
    check_filter(unit, permit, &record.row.kind.key, filter).map(|cond| cond.holds(record))
}

/// Whether a filter may be asked of a kind. Errors: those of [`list`].
pub(crate) fn check_filter(unit: &mut Unit, permit: &Permit<ReadRecords>, kind: &str, filter: &Filter) -> Result<filter::Cond> {
    let query = ListQuery { filter: Some(filter.clone()), via_body: true, ..ListQuery::of(kind) };
    checked(unit, permit, &query).map(|checked| checked.cond)
}

fn check_limit(query: &ListQuery) -> Result<()> {
    if query.limit == 0 || query.limit > LIMIT_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A page has 1 to {LIMIT_MAX} rows.")));
    }
    Ok(())
}

fn check_columns(kind: &Kind, query: &ListQuery) -> Result<()> {
    match query.columns.iter().find(|key| kind.field(key).is_none()) {
        Some(_) => Err(Error::invalid("/columns", "unknown_field", format!("The kind {} has no such field.", kind.label))),
        None => Ok(()),
    }
}

/// Looks on until the page is full, the list ends, or enough was looked at.
fn walk(unit: &mut Unit, plan: &mut page::Plan, start: Option<page::Place>, limit: usize) -> Result<page::Batch> {
    let confirm = plan.cond.asks_sealed();
    let (mut page, mut place) = (page::Batch::default(), start);
    for _ in 0..LOOKS {
        let mut batch = plan.next(unit, place, limit + 1 - page.records.len())?;
        batch.records.retain(|(record, _)| !confirm || plan.cond.holds(record));
        page.records.append(&mut batch.records);
        page.inexact |= batch.inexact;
        page.crowded |= batch.crowded;
        page.more = batch.more;
        if page.records.len() > limit {
            page.records.truncate(limit);
            page.more = page.records.last().map(|(_, place)| place.clone());
            break;
        }
        match &page.more {
            Some(more) if !plan.walk.is_spent() => place = Some(more.clone()),
            _ => break,
        }
    }
    Ok(page)
}

/// Names what the shown links point to, opened in one go; answers the opened records for the event.
fn link(unit: &mut Unit, permit: &Permit<ReadRecords>, rows: &mut [ListRow], detail: Detail) -> Result<Vec<(RecordId, i64)>> {
    let links_of = |shown: &Shown| {
        let values = shown.cells.iter().filter_map(|(_, cell)| if let Cell::Shown(value) = cell { Some(value) } else { None });
        let links = values.flat_map(Value::each).filter_map(|v| if let Value::Link(to) = v { Some(*to) } else { None });
        links.collect::<Vec<RecordId>>()
    };
    let wanted: BTreeSet<RecordId> = rows.iter().flat_map(|row| links_of(&row.shown)).collect();
    let mut found = records::find_many(unit, &wanted.into_iter().collect::<Vec<_>>())?;
    found.retain(|row| records::in_scope(permit, row));
    let mut linked = BTreeMap::new();
    for record in records::open_all(unit, found)? {
        let shown = records::shown(permit, &record, detail);
        linked.insert(shown.id, (shown.version, Linked { id: shown.id, kind: shown.kind, title: shown.title }));
    }
    for row in rows {
        row.links = links_of(&row.shown).into_iter().filter_map(|id| linked.get(&id).map(|(_, to)| (id, to.clone()))).collect();
    }
    Ok(linked.into_iter().map(|(id, (version, _))| (id, version)).collect())
}

/// Names the saved view that a list was asked through.
pub(crate) fn through(event: Event, query: &ListQuery) -> Event {
    match query.view {
        Some(view) => event.word("view", view.to_string()),
        None => event,
    }
}

/// Which fields were asked about and how, without the words asked for.
fn asked(filter: &Filter) -> String {
    match filter {
        Filter::All { all } | Filter::Any { any: all } => all.iter().map(asked).collect::<Vec<_>>().join(", "),
        Filter::One(one) => format!("{} {}", one.field, one.op.as_str()),
    }
}

/// One page of a list for whoever serves it; crowded names get longer prefixes in the background. Errors: those of [`list`].
pub async fn serve(app: &App, actor: &Actor, query: ListQuery, detail: Detail) -> Result<ListPage> {
    let permit = actor.permit::<ReadRecords>()?;
    let kind = query.kind.clone();
    let page = app.read(actor, move |unit| list(unit, &permit, &query, detail)).await?;
    if page.crowded {
        lengthen_later(app, actor, &kind, BUCKET).await?;
    }
    Ok(page)
}
