//! The pages of a list: which records come next, by keyset, in scope, confirmed.

use std::collections::HashMap;

use catalogue::{Field, FieldType, Kind};
use kernel::{Error, RecordId, Result};
use serde::{Deserialize, Serialize};
use trail::{Permit, Scope, Unit, permit::ReadRecords};

use super::{
    filter::Cond,
    heads::{Begin, Heads, Key, Sorted, Walk},
    query::Sort,
};
use crate::records::{self, Record, index};

/// How far a total is counted.
pub const COUNTED: usize = 1_000;

/// How many times the wanted names are looked at first.
const FIRST: usize = 2;

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
    /// The index that has this order.
    pub fn sorted(&self) -> Sorted<'_> {
        match self {
            Self::Time(column) => Sorted::Time(column),
            Self::Facet(name, text) => Sorted::Facet(name, *text),
            Self::Name => Sorted::Name,
        }
    }

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
            "updated" => Ok((Self::Time("x.updated"), None)),
            "created" => Ok((Self::Time("x.created"), None)),
            "captured" => Ok((Self::Time("x.captured"), None)),
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
    /// Under which condition.
    pub cond: &'a Cond,
    /// In which order.
    pub order: &'a Order,
    /// Whether the last comes first.
    pub descending: bool,
    /// The names of a bucket that are opened to be ordered.
    pub bucket: usize,
    /// How its records are found.
    pub walk: Walk<'a>,
}

/// Goes on after the last that was looked at.
fn place_of(key: Key, id: RecordId) -> Place {
    match key {
        Key::Number(n) => Place::Number(n, id),
        Key::Text(text) => Place::Choice(text, id),
    }
}

impl<'a> Plan<'a> {
    /// A list from its beginning.
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
    ) -> Self {
        let walk = Walk::new(unit, &kind.key, permit, scope, cond.conjuncts(), descending);
        Self { kind, cond, order, descending, bucket, walk }
    }

    /// How many there are, up to one more than [`COUNTED`]; `None` where counting would look at too many rows or would count what is not
    /// confirmed.
    pub fn total(&self, unit: &mut Unit) -> Result<Option<i64>> {
        if self.cond.asks_sealed() { Ok(None) } else { self.walk.total(unit, COUNTED) }
    }

    /// The next records, about `want` of them.
    pub fn next(&mut self, unit: &mut Unit, place: Option<Place>, want: usize) -> Result<Batch> {
        match self.order {
            Order::Name => self.next_by_name(unit, place, want),
            Order::Time(_) => {
                let heads = self.walk.heads(unit, self.order.sorted(), after(place), want, None)?;
                in_order(unit, heads, None, place_of)
            }
            Order::Facet(name, _) => match place {
                Some(Place::Rest(after)) => self.rest(unit, name, after, want),
                place => {
                    let heads = self.walk.heads(unit, self.order.sorted(), after(place), want, None)?;
                    in_order(unit, heads, Some(Place::Rest(None)), place_of)
                }
            },
        }
    }

    /// Those without a value of the sorted field, the last changed first.
    fn rest(&mut self, unit: &mut Unit, name: &str, after: Option<(i64, RecordId)>, want: usize) -> Result<Batch> {
        let from = after.map_or(Begin::Start, |(updated, id)| Begin::After(Key::Number(updated), id));
        let heads = self.walk.rest(unit, name, from, want)?;
        in_order(unit, heads, None, |key, id| match key {
            Key::Number(updated) => Place::Rest(Some((updated, id))),
            Key::Text(_) => Place::Rest(None),
        })
    }

    fn next_by_name(&mut self, unit: &mut Unit, place: Option<Place>, want: usize) -> Result<Batch> {
        let from = match &place {
            Some(Place::Name(prefix, _)) => Begin::At(Key::Text(prefix.clone())),
            Some(Place::Crowd(prefix, id)) => Begin::After(Key::Text(prefix.clone()), *id),
            _ => Begin::Start,
        };
        // As many more as a bucket may hold: one that begins among the wanted and is cut off by this limit is too large. Most pages end
        // with a bucket that is whole among far fewer.
        let whole = want + self.bucket;
        let mut most = (want * FIRST).min(whole);
        let mut looked = self.walk.heads(unit, Sorted::Name, from, most, None)?;
        if most < whole
            && looked.found.len() == most
            && in_whole_buckets(&looked.found, place.as_ref()) < want
            && let Some((key, id)) = looked.more.take()
        {
            let rest = self.walk.heads(unit, Sorted::Name, Begin::After(key, id), whole - most, None)?;
            looked.found.extend(rest.found);
            (looked.more, most) = (rest.more, whole);
        }
        let Heads { found, more } = looked;
        let heads: Vec<(String, RecordId)> =
            found.into_iter().filter_map(|(key, id)| if let Key::Text(prefix) = key { Some((prefix, id)) } else { None }).collect();
        // Too much was looked at: what was found of the bucket that it ended in is not the whole of it.
        let gave_up = more.clone().filter(|_| heads.len() < most);
        if let Some((Key::Text(prefix), id)) = &gave_up
            && heads.first().is_none_or(|(first, _)| first == prefix)
        {
            // Nor will the next look see the whole of it.
            let mut batch = Batch::default();
            let some = heads.into_iter().take(want).map(|(prefix, id)| (id, Place::Crowd(prefix, id))).collect::<Vec<_>>();
            let last = if some.len() == want { some.last().map_or(*id, |(id, _)| *id) } else { *id };
            batch.records = opened(unit, some)?;
            batch.more = Some(Place::Crowd(prefix.clone(), last));
            batch.inexact = true;
            return Ok(batch);
        }
        // Where looking gave up in a later bucket, all those found are whole.
        let later = gave_up.filter(|(at, _)| !matches!((at, heads.last()), (Key::Text(at), Some((last, _))) if at == last));
        let cut = more.is_some() && later.is_none();
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
        if let (None, Some((Key::Text(at), _))) = (&batch.more, later) {
            batch.more = Some(Place::Name(at, None));
        }
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
}

/// How many there are in the buckets that no limit cut off, without the one that the last page ended in.
fn in_whole_buckets(found: &[(Key, RecordId)], place: Option<&Place>) -> usize {
    let begun = |key: &Key| matches!((key, place), (Key::Text(at), Some(Place::Name(last, Some(_)) | Place::Crowd(last, _))) if at == last);
    let buckets: Vec<&[(Key, RecordId)]> = found.chunk_by(|a, b| a.0 == b.0).collect();
    let whole = buckets.iter().rev().skip(1).filter(|bucket| bucket.first().is_some_and(|(key, _)| !begun(key)));
    whole.map(|bucket| bucket.len()).sum()
}

/// Where a list by time or by an open field goes on.
fn after(place: Option<Place>) -> Begin {
    match place {
        Some(Place::Number(n, id)) => Begin::After(Key::Number(n), id),
        Some(Place::Choice(text, id)) => Begin::After(Key::Text(text), id),
        _ => Begin::Start,
    }
}

/// Opens what was found; `then` is where to go on when the order ends.
fn in_order(unit: &mut Unit, heads: Heads, then: Option<Place>, place: impl Fn(Key, RecordId) -> Place) -> Result<Batch> {
    let more = heads.more.map(|(key, id)| place(key, id)).or(then);
    let found = heads.found.into_iter().map(|(key, id)| (id, place(key, id))).collect();
    Ok(Batch { records: opened(unit, found)?, more, ..Batch::default() })
}

/// Opens records in the order of their heads; those destroyed meanwhile are left out.
pub fn opened<T>(unit: &mut Unit, heads: Vec<(RecordId, T)>) -> Result<Vec<(Record, T)>> {
    let ids: Vec<RecordId> = heads.iter().map(|(id, _)| *id).collect();
    let rows = records::find_many(unit, &ids)?;
    let mut by_id: HashMap<RecordId, Record> = records::open_all(unit, rows)?.into_iter().map(|r| (r.row.id, r)).collect();
    Ok(heads.into_iter().filter_map(|(id, with)| by_id.remove(&id).map(|record| (record, with))).collect())
}
