//! Rules that wait for a day: looked at once a day for each, the days that were missed as well.

use jiff::{ToSpan, civil::Date};
use kernel::{Error, EventId, RecordId, Result};
use store::args;
use trail::{App, Event, permit::ReadRecords};

use super::{NewRule, On, RuleId, RunId, rule, sql, system};
use crate::{
    identity::staff,
    retention,
    views::{self, Condition, Filter, ListQuery, Op},
};

/// The most records that one day of one rule acts on.
pub(super) const MOST: usize = 2_000;
/// The most days that are made up for after the house was closed.
const MISSED: i64 = 31;

/// How far a rule's days were looked at.
pub(super) fn cursor(of: RuleId) -> String {
    format!("date/{of}")
}

fn number(day: Date) -> i64 {
    kernel::Instant::start_of(day).micros().div_euclid(86_400_000_000)
}

/// Notes runs for the records whose day came, for each rule that waits for one. Run it by the hour; a day is looked at once. Answers how many
/// rules it looked at.
pub async fn dates(app: &App) -> Result<usize> {
    let system = system();
    let waiting = app.read(&system, |unit| {
        let mut waiting = Vec::new();
        for id in unit.all(sql::RULES_ON, &[], |row| row.get::<RuleId>(0))? {
            let Some(stored) = rule::find(unit, id)? else { continue };
            let rule = stored.rule(unit)?;
            if rule.trigger.on == On::Date {
                let looked = unit.maybe(sql::CURSOR, &args![cursor(id)], |row| row.get::<i64>(0))?;
                waiting.push((id, rule, staff::acting(unit, stored.staff, rule::purpose(&stored)?)?, looked));
            }
        }
        let zone = retention::Policy::load(unit)?.zone();
        let today = unit.now().day_in(&zone);
        unit.plain((waiting, today))
    });
    let (waiting, today) = waiting.await?;
    let mut count = 0;
    for (id, rule, actor, looked) in waiting {
        let last = number(today);
        if looked.is_some_and(|looked| looked >= last) {
            continue;
        }
        count += 1;
        let from = looked.map_or(last, |looked| (looked + 1).max(last - MISSED));
        if let Some(actor) = actor
            && let Ok(permit) = actor.permit::<ReadRecords>()
        {
            for back in (0..=last - from).rev() {
                let day = today.saturating_sub(back.days());
                let (query, permit) = (of_day(&rule, day), permit.clone());
                let items = app.read(&actor, move |unit| {
                    let (items, asked) = views::frozen(unit, &permit, &query, MOST)?;
                    let event = Event::new("rule.looked").word("rule", id.to_string()).word("asked", asked).records(items.clone());
                    unit.release(event, items)
                });
                match items.await {
                    Ok(items) => note(app, id, day, items).await?,
                    Err(error) => tracing::warn!(rule = %id, %error, "a rule could not look for its day"),
                }
            }
        }
        app.store()
            .write(move |tx| {
                tx.run(sql::CURSOR_CLEAR, &args![cursor(id)])?;
                tx.run(sql::CURSOR_START, &args![cursor(id), last])
            })
            .await?;
    }
    Ok(count)
}

/// The records whose field holds the day that a rule waits for today.
fn of_day(rule: &NewRule, today: Date) -> ListQuery {
    let day = today.saturating_sub(rule.trigger.days.days());
    let field = rule.trigger.fields.first().map_or("", String::as_str);
    ListQuery { filter: Some(Filter::One(Condition::new(field, Op::Eq, day.to_string()))), ..ListQuery::of(&rule.trigger.kind) }
}

async fn note(app: &App, id: RuleId, day: Date, items: Vec<(RecordId, i64)>) -> Result<()> {
    let env = app.env().clone();
    for portion in items.chunks(500) {
        let (portion, env) = (portion.to_vec(), env.clone());
        app.store()
            .write(move |tx| {
                let now = env.now();
                for (record, version) in &portion {
                    let run = RunId::mint(&env);
                    let row = args![run, id, cause(id, *record, day)?, *record, *version, now, 0, "queued", "", None::<i64>];
                    tx.run(sql::RUN_INSERT, &row)?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(())
}

/// What stands for the event of a day: the same for the same rule, record and day.
fn cause(rule: RuleId, record: RecordId, day: Date) -> Result<EventId> {
    let hash = ledger::sha256(format!("{rule}/{record}/{day}").as_bytes());
    hash.get(..16).and_then(EventId::from_slice).ok_or_else(|| Error::internal("a hash is too short"))
}
