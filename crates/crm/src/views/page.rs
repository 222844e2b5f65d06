//! The pages of a list: which records come next, by keyset, in scope, confirmed.

use std::collections::HashMap;

use catalogue::{Field, FieldType, Kind};
use kernel::{Error, RecordId, Result};
use serde::{Deserialize, Serialize};
use trail::{Permit, Scope, Unit, permit::ReadRecords};

use super::{filter::Cond, query::Sort};
use crate::{
    records::{self, Record, index},
    search::query::Query,
};

/// How many rows a condition's index may name for the list to begin from them.
const FEW: i64 = 2_000;
/// How far a total is counted.
const COUNTED: i64 = 10_001;

/// The order of a list, checked.
pub enum Order {
    /// By a time of the record.
    Time(&'static str),
    /// By an open field: its name among the facets, and whether it is a text.
    Facet(String, bool),
    /// By the sealed title.
    Name,
}

impl Order {
    /// Checks a sort. Error: invalid_input.
    pub fn of(kind: &Kind, sort: &Sort) -> Result<(Self, Option<Field>)> {
        if let Some(field) = kind.field(&sort.by) {
            let order = match field.kind {
                _ if field.is_sealed() && field.key == kind.title => Self::Name,
                _ if field.is_sealed() || field.many || field.kind == FieldType::Link => {
                    let words = format!("A list is sorted by its times, its open fields or its title, not by {}.", field.label);
                    return Err(Error::invalid("/sort/by", "not_sortable", words));
                }
                kind_of => Self::Facet(index::token_field(&kind.key, &field.key), kind_of == FieldType::Select),
            };
            return Ok((order, Some(field.clone())));
        }
        match sort.by.as_str() {
            "updated" => Ok((Self::Time("r.updated"), None)),
            "created" => Ok((Self::Time("r.created"), None)),
            "captured" => Ok((Self::Time("r.captured"), None)),
            _ => Err(Error::invalid("/sort/by", "unknown_field", format!("The kind {} has no such field.", kind.label))),
        }
    }
}

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// After a number or a time.
    Number(i64, RecordId),
    /// After a choice.
    Choice(String, RecordId),
    /// Among the records without a value of the sorted field, which come last, by their last change.
    Rest(Option<(i64, RecordId)>),
    /// At a bucket of names: after a name in it, or at its beginning.
    Name(String, Option<(String, RecordId)>),
    /// In a bucket too large to be ordered exactly: after a record.
    Crowd(String, RecordId),
}

/// What one look found.
#[derive(Default)]
pub struct Batch {
    /// Opened records in order, each with the place after it.
    pub records: Vec<(Record, Place)>,
    /// Where to go on; `None` at the end.
    pub more: Option<Place>,
    /// Whether some of them stand by their id where their names should decide.
    pub inexact: bool,
    /// Whether longer prefixes would put that right.
    pub crowded: bool,
}

/// A list ready to be walked.
pub struct Plan<'a> {
    /// Of which kind.
    pub kind: &'a Kind,
    /// Who may.
    pub permit: &'a Permit<ReadRecords>,
    /// How far.
    pub scope: Scope,
    /// Under which condition.
    pub cond: &'a Cond,
    /// In which order.
    pub order: &'a Order,
    /// Whether the last comes first.
    pub descending: bool,
    /// The names of a bucket that are opened to be ordered.
    pub bucket: usize,
    /// The condition whose index the list begins from, because it names few rows.
    driver: Option<usize>,
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl<'a> Plan<'a> {
    /// Looks which condition names few rows.
    #[expect(clippy::too_many_arguments, reason = "each is one property of the list; a builder would hide which are missing")]
    pub fn new(
        unit: &mut Unit,
        kind: &'a Kind,
        permit: &'a Permit<ReadRecords>,
        scope: Scope,
        cond: &'a Cond,
        order: &'a Order,
        descending: bool,
        bucket: usize,
    ) -> Result<Self> {
        let mut plan = Self { kind, permit, scope, cond, order, descending, bucket, driver: None };
        let mut least = FEW + 1;
        for (n, one) in cond.conjuncts().into_iter().enumerate() {
            let engine = unit.dialect().engine();
            let Some(driver) = one.driver(engine, &kind.key) else { continue };
            let mut q = Query::new("SELECT COUNT(*) FROM (SELECT 1 FROM record r WHERE ");
            q.append(&driver).add(" LIMIT ").bind(least).add(") few");
            let found: i64 = unit.one(q.text(), q.args(), |row| row.get(0))?;
            if found < least {
                (least, plan.driver) = (found, Some(n));
            }
        }
        Ok(plan)
    }

    /// Adds what every row must satisfy.
    fn conditions(&self, unit: &mut Unit, q: &mut Query) {
        let engine = unit.dialect().engine();
        let conjuncts = self.cond.conjuncts();
        if let Some(driver) = self.driver.and_then(|n| conjuncts.get(n)).and_then(|c| c.driver(engine, &self.kind.key)) {
            q.append(&driver);
            // The kind must not tempt SQLite away from the few rows: an expression has no index.
            q.add(" AND r.kind || '' = ").bind(self.kind.key.as_str());
        } else if matches!(self.order, Order::Time(_)) {
            q.add("r.kind = ").bind(self.kind.key.as_str());
        } else {
            q.add("r.kind || '' = ").bind(self.kind.key.as_str());
        }
        q.add(" AND ").scope(self.permit, self.scope);
        for (n, cond) in conjuncts.into_iter().enumerate() {
            if self.driver != Some(n) {
                q.add(" AND ");
                cond.sql(engine, q);
            }
        }
    }

    /// How many there are, up to [`COUNTED`]; `None` where counting would look at too many rows or would count what is not confirmed.
    pub fn total(&self, unit: &mut Unit) -> Result<Option<i64>> {
        if self.cond.asks_sealed() || (self.driver.is_none() && self.cond.conjuncts().len() > 1) {
            return Ok(None);
        }
        let mut q = Query::new("SELECT COUNT(*) FROM (SELECT 1 FROM record r WHERE ");
        let by_time = Self { order: &Order::Time("r.updated"), ..*self };
        by_time.conditions(unit, &mut q);
        q.add(" LIMIT ").bind(COUNTED).add(") counted");
        unit.one(q.text(), q.args(), |row| row.get(0)).map(Some)
    }

    /// The next records, about `want` of them.
    pub fn next(&self, unit: &mut Unit, place: Option<Place>, want: usize) -> Result<Batch> {
        match self.order {
            Order::Name => self.next_by_name(unit, place, want),
            Order::Time(column) => self.next_by_time(unit, column, place, want),
            Order::Facet(name, text) => match place {
                Some(Place::Rest(after)) => self.rest(unit, name, after, want),
                place => self.next_by_facet(unit, name, *text, place, want),
            },
        }
    }

    fn beyond(&self) -> &'static str {
        if self.descending { " < (" } else { " > (" }
    }

    fn way(&self) -> &'static str {
        if self.descending { " DESC" } else { "" }
    }

    fn next_by_time(&self, unit: &mut Unit, column: &'static str, place: Option<Place>, want: usize) -> Result<Batch> {
        let mut q = Query::new("SELECT r.id, ");
        q.add(column).add(" FROM record r WHERE ");
        self.conditions(unit, &mut q);
        if let Some(Place::Number(n, id)) = place {
            q.add(" AND (").add(column).add(", r.id)").add(self.beyond()).bind(n).add(", ").bind(id).add(")");
        }
        q.add(" ORDER BY ").add(column).add(self.way()).add(", r.id").add(self.way()).add(" LIMIT ").bind(count(want));
        let heads = unit.all(q.text(), q.args(), |row| {
            let id = row.get(0)?;
            Ok((id, Place::Number(row.get(1)?, id)))
        })?;
        let more = if heads.len() < want { None } else { heads.last().map(|(_, place)| place.clone()) };
        Ok(Batch { records: opened(unit, heads)?, more, ..Batch::default() })
    }

    fn next_by_facet(&self, unit: &mut Unit, name: &str, text: bool, place: Option<Place>, want: usize) -> Result<Batch> {
        let column = if text { "s.t" } else { "s.n" };
        let mut q = Query::new("SELECT r.id, ");
        // CROSS JOIN is, to SQLite, the order in which to go.
        q.add(column).add(if self.driver.is_some() {
            " FROM record r CROSS JOIN record_facet s"
        } else {
            " FROM record_facet s CROSS JOIN record r"
        });
        q.add(" WHERE s.record = r.id AND s.field = ").bind(name).add(" AND ").add(column).add(" IS NOT NULL AND ");
        self.conditions(unit, &mut q);
        match place {
            Some(Place::Number(n, id)) => {
                q.add(" AND (").add(column).add(", s.record)").add(self.beyond()).bind(n).add(", ").bind(id).add(")");
            }
            Some(Place::Choice(t, id)) => {
                q.add(" AND (").add(column).add(", s.record)").add(self.beyond()).bind(t).add(", ").bind(id).add(")");
            }
            _ => {}
        }
        q.add(" ORDER BY ").add(column).add(self.way()).add(", s.record").add(self.way()).add(" LIMIT ").bind(count(want));
        let heads = unit.all(q.text(), q.args(), |row| {
            let id = row.get(0)?;
            Ok((id, if text { Place::Choice(row.get(1)?, id) } else { Place::Number(row.get(1)?, id) }))
        })?;
        let more = if heads.len() < want { Some(Place::Rest(None)) } else { heads.last().map(|(_, place)| place.clone()) };
        Ok(Batch { records: opened(unit, heads)?, more, ..Batch::default() })
    }

    /// Those without a value of the sorted field.
    fn rest(&self, unit: &mut Unit, name: &str, after: Option<(i64, RecordId)>, want: usize) -> Result<Batch> {
        let mut q = Query::new("SELECT r.id, r.updated FROM record r WHERE ");
        let by_time = Self { order: &Order::Time("r.updated"), ..*self };
        by_time.conditions(unit, &mut q);
        q.add(" AND NOT EXISTS (SELECT 1 FROM record_facet s WHERE s.record = r.id AND s.field = ").bind(name).add(")");
        if let Some((updated, id)) = after {
            q.add(" AND (r.updated, r.id) < (").bind(updated).add(", ").bind(id).add(")");
        }
        q.add(" ORDER BY r.updated DESC, r.id DESC LIMIT ").bind(count(want));
        let heads = unit.all(q.text(), q.args(), |row| {
            let id = row.get(0)?;
            Ok((id, Place::Rest(Some((row.get(1)?, id)))))
        })?;
        let more = if heads.len() < want { None } else { heads.last().map(|(_, place)| place.clone()) };
        Ok(Batch { records: opened(unit, heads)?, more, ..Batch::default() })
    }

    fn next_by_name(&self, unit: &mut Unit, place: Option<Place>, want: usize) -> Result<Batch> {
        // As many more as a bucket may hold: one that begins among the wanted and is cut off by this limit is too large.
        let most = want + self.bucket;
        let heads = self.name_heads(unit, place.as_ref(), most)?;
        let cut = heads.len() >= most;
        let groups: Vec<&[(String, RecordId)]> = heads.chunk_by(|a, b| a.0 == b.0).collect();
        let (mut batch, mut small, mut taken) = (Batch::default(), Vec::new(), 0);
        for (n, group) in groups.iter().enumerate() {
            let Some((prefix, first)) = group.first() else { continue };
            let in_crowd = n == 0 && matches!(&place, Some(Place::Crowd(at, _)) if at == prefix);
            if taken >= want {
                batch.more = Some(Place::Name(prefix.clone(), None));
                break;
            }
            if in_crowd || group.len() > self.bucket {
                self.flush(unit, &mut batch, &mut small, place.as_ref())?;
                let some: Vec<_> = group.iter().take(want - taken).map(|(p, id)| (*id, Place::Crowd(p.clone(), *id))).collect();
                let last = some.last().map_or(*first, |(id, _)| *id);
                let whole = some.len() == group.len() && !(cut && n + 1 == groups.len());
                taken += some.len();
                batch.records.extend(opened(unit, some)?);
                self.judge_crowd(unit, prefix, &mut batch)?;
                batch.more = if whole { None } else { Some(Place::Crowd(prefix.clone(), last)) };
                if !whole {
                    break;
                }
                continue;
            }
            if cut && n + 1 == groups.len() {
                // Perhaps not all of it: the next look begins with it.
                batch.more = Some(Place::Name(prefix.clone(), None));
                break;
            }
            let skipped = n == 0 && matches!(&place, Some(Place::Name(at, Some(_))) if at == prefix);
            taken += if skipped { 0 } else { group.len() };
            small.extend(group.iter().cloned());
        }
        self.flush(unit, &mut batch, &mut small, place.as_ref())?;
        Ok(batch)
    }

    /// Opens the names of small buckets and orders them exactly.
    fn flush(&self, unit: &mut Unit, batch: &mut Batch, small: &mut Vec<(String, RecordId)>, place: Option<&Place>) -> Result<()> {
        let heads = std::mem::take(small);
        let prefixes: HashMap<RecordId, String> = heads.iter().map(|(prefix, id)| (*id, prefix.clone())).collect();
        let mut named: Vec<(String, Record)> = opened(unit, heads.into_iter().map(|(_, id)| (id, ())).collect())?
            .into_iter()
            .map(|(record, ())| (index::name_sort(self.kind, &record.body.sealed, usize::MAX), record))
            .collect();
        let key =
            |(name, record): &(String, Record)| (prefixes.get(&record.row.id).cloned().unwrap_or_default(), name.clone(), record.row.id);
        named.sort_by_cached_key(key);
        if self.descending {
            named.reverse();
        }
        for one in named {
            let (prefix, name, id) = key(&one);
            let before = match place {
                Some(Place::Name(at, Some((last, last_id)))) if *at == prefix => {
                    let (this, last) = ((&name, &id), (last, last_id));
                    if self.descending { this >= last } else { this <= last }
                }
                _ => false,
            };
            if !before {
                batch.records.push((one.1, Place::Name(prefix, Some((name, id)))));
            }
        }
        Ok(())
    }

    fn judge_crowd(&self, unit: &mut Unit, prefix: &str, batch: &mut Batch) -> Result<()> {
        let length = prefix.chars().count();
        // Names no longer than their prefix are all the same: their ids are their exact order.
        let same = length < index::SORT_PREFIX || records::is_lengthened(unit, &self.kind.key, prefix)?;
        batch.inexact |= !same;
        batch.crowded |= !same && length < index::SORT_PREFIX_MAX;
        Ok(())
    }

    fn name_heads(&self, unit: &mut Unit, place: Option<&Place>, most: usize) -> Result<Vec<(String, RecordId)>> {
        let mut q = Query::new("SELECT s.prefix, s.record FROM ");
        q.add(if self.driver.is_some() { "record r CROSS JOIN name_sort s" } else { "name_sort s CROSS JOIN record r" });
        q.add(" WHERE s.record = r.id AND s.kind = ").bind(self.kind.key.as_str()).add(" AND ");
        self.conditions(unit, &mut q);
        match place {
            Some(Place::Name(prefix, _)) => {
                q.add(" AND s.prefix ").add(if self.descending { "<= " } else { ">= " }).bind(prefix.as_str());
            }
            Some(Place::Crowd(prefix, id)) => {
                q.add(" AND (s.prefix, s.record)").add(self.beyond()).bind(prefix.as_str()).add(", ").bind(*id).add(")");
            }
            _ => {}
        }
        q.add(" ORDER BY s.prefix").add(self.way()).add(", s.record").add(self.way()).add(" LIMIT ").bind(count(most));
        unit.all(q.text(), q.args(), |row| Ok((row.get(0)?, row.get(1)?)))
    }
}

/// Opens records in the order of their heads; those destroyed meanwhile are left out.
pub fn opened<T>(unit: &mut Unit, heads: Vec<(RecordId, T)>) -> Result<Vec<(Record, T)>> {
    let ids: Vec<RecordId> = heads.iter().map(|(id, _)| *id).collect();
    let rows = records::find_many(unit, &ids)?;
    let mut by_id: HashMap<RecordId, Record> = records::open_all(unit, rows)?.into_iter().map(|r| (r.row.id, r)).collect();
    Ok(heads.into_iter().filter_map(|(id, with)| by_id.remove(&id).map(|record| (record, with))).collect())
}
