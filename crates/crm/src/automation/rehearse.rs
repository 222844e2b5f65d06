//! Rehearsing a rule: what it would have done about what happened lately. Nothing is done.

use std::{collections::HashSet, time::Duration};

use jiff::ToSpan;
use kernel::{Error, Instant, RecordId, Result};
use serde::Serialize;
use store::args;
use trail::{
    Event, Permit, Release, Unit,
    permit::{ReadRecords, WriteRecords},
};

use super::{
    On, RuleId,
    follow::{Seen, facts},
    rule,
    run::{Weighed, asked, weigh},
    sql,
};
use crate::{
    records, retention,
    views::{self, Condition, Filter, ListQuery, Op},
};

/// How far back a rehearsal goes at most, in days.
pub const DAYS_MAX: i64 = 30;
/// How much of the ledger it looks through at most, and how much at once.
const LEAVES: i64 = 10_000;
const PORTION: i64 = 500;
/// How many records it names.
const NAMED: usize = 100;

/// A record that the rule would have acted on.
#[derive(Clone, Debug, Serialize)]
pub struct Hit {
    /// The record.
    pub record: RecordId,
    /// When the rule would have run.
    pub at: Instant,
}

/// What a rule would have done.
#[derive(Clone, Debug, Serialize)]
pub struct Rehearsal {
    /// How many events would have set it off.
    pub events: usize,
    /// How often it would have acted, as the records are now.
    pub acts: usize,
    /// The latest of them.
    pub hits: Vec<Hit>,
    /// Whether everything of these days was looked at; of a busy house only the latest is.
    pub whole: bool,
}

/// Looks through what happened in the last days, from one up to [`DAYS_MAX`], for what a rule would have acted on, as the records are now
/// and as far as the actor may see them. Event `rule.rehearsed`.
///
/// Errors: not_found; forbidden; invalid_input for the days.
pub fn rehearse(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RuleId, days: i64) -> Result<Release<Rehearsal>> {
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(Error::invalid("/days", "out_of_range", format!("Write a number of days, 1 to {DAYS_MAX}.")));
    }
    let rule = rule::one(unit, permit, id)?.rule;
    let reads = permit.actor.permit::<ReadRecords>()?;
    let (candidates, whole) = if rule.trigger.on == On::Date { by_date(unit, &reads, &rule, days)? } else { by_events(unit, &rule, days)? };
    let mut told = Rehearsal { events: candidates.len(), acts: 0, hits: Vec::new(), whole };
    let mut opened = Vec::new();
    for (record, version, at) in candidates {
        if let Weighed::Holds(row) = weigh(unit, &reads, &rule, record, version)? {
            told.acts += 1;
            if told.hits.len() < NAMED {
                told.hits.push(Hit { record, at });
            }
            opened.push((record, row.version));
        }
    }
    let mut fields = Vec::new();
    rule.filter.iter().for_each(|filter| asked(filter, &mut fields));
    opened.sort_unstable();
    opened.dedup();
    let event = Event::new("rule.rehearsed").word("rule", id.to_string()).count("acts", told.acts).fields(fields).records(opened);
    unit.release(event, told)
}

type Candidates = Vec<(RecordId, i64, Instant)>;

/// Newest first.
fn by_events(unit: &mut Unit, rule: &super::NewRule, days: i64) -> Result<(Candidates, bool)> {
    let since = unit.now().minus(Duration::from_secs(u64::try_from(days).unwrap_or(0) * 24 * 3_600));
    let head = unit.one(sql::HEAD, &[], |row| row.get::<i64>(0))?;
    let (mut found, mut seen, mut from) = (Vec::new(), HashSet::new(), head);
    while from > 0 && head - from < LEAVES {
        let start = (from - PORTION).max(0);
        let leaves = unit.all(sql::LEAVES, &args![start, from - start], Seen::read)?;
        let facts = facts(unit, &leaves)?;
        // The ledger's order is nearly that of time: what is an hour older than asked for ends the search.
        let past = facts.iter().any(|fact| fact.at.plus(Duration::from_secs(3_600)) < since);
        for fact in facts.into_iter().rev() {
            if fact.at >= since && rule::hears(&rule.trigger, &fact) && seen.insert((fact.cause, fact.record)) {
                found.push((fact.record, fact.version, fact.at));
            }
        }
        from = start;
        if past {
            return Ok((found, true));
        }
    }
    Ok((found, from == 0))
}

fn by_date(unit: &mut Unit, permit: &Permit<ReadRecords>, rule: &super::NewRule, days: i64) -> Result<(Candidates, bool)> {
    let Some(field) = rule.trigger.fields.first() else { return Ok((Vec::new(), true)) };
    let zone = retention::Policy::load(unit)?.zone();
    let last = unit.now().day_in(&zone).saturating_sub(rule.trigger.days.days());
    let first = last.saturating_sub((days - 1).days());
    let ends = [(Op::Ge, first), (Op::Le, last)].map(|(op, day)| Filter::One(Condition::new(field, op, day.to_string())));
    let query = ListQuery { filter: Some(Filter::All { all: ends.into() }), ..ListQuery::of(&rule.trigger.kind) };
    let (items, _) = views::frozen(unit, permit, &query, super::dates::MOST)?;
    let rows = records::find_many(unit, &items.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    let mut found = Vec::new();
    for row in rows {
        if let Some(catalogue::Value::Date(day)) = row.open.get(field) {
            found.push((row.id, row.version, Instant::start_of(day.saturating_add(rule.trigger.days.days()))));
        }
    }
    found.sort_by_key(|(id, _, at)| (std::cmp::Reverse(*at), *id));
    Ok((found, true))
}
