//! A list as a calendar: a month by any open field of days or times; a card is moved by a form, or dragged.

use catalogue::{Field, FieldType, Kind, Value};
use crm::{
    permits::{ReadRecords, WriteRecords},
    records::Cell,
    views,
};
use jiff::{
    ToSpan,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use kernel::{Error, Result};

use super::{Shower, address::Address, base_of, cells::named, filter::Asked, href_of, seen::Seen};
use crate::{
    kit::{text::Text, who::Who},
    router::Web,
    views::calendar::{Calendar, Card, Day},
};

/// The cards of a day that are shown at once; the others unfold.
const SHOWN: usize = 4;

/// The weeks that a month touches.
pub(super) struct Month {
    /// Its first day.
    first: Date,
    /// The first day of its first week.
    from: Date,
    weeks: i32,
    zone: TimeZone,
}

impl Month {
    /// The month asked for, or this one. Error: invalid_input for one whose days cannot be written.
    fn of(asked: Option<Date>, today: Date, zone: TimeZone, week: Weekday) -> Result<Self> {
        let first = asked.unwrap_or(today).first_of_month();
        let before = i64::from(first.weekday().since(week));
        let out_of_range = |_| Error::invalid("/month", "out_of_range", "There is no calendar of that month.");
        let from = first.checked_sub(before.days()).map_err(out_of_range)?;
        let weeks = (i32::try_from(before).unwrap_or(0) + i32::from(first.days_in_month()) + 6) / 7;
        Ok(Self { first, from, weeks, zone })
    }
}

/// The weeks of the month that is asked for, each with what falls into it.
pub(super) async fn weeks(web: &Web, who: &Who, seen: &Seen, query: views::ListQuery, by: &str) -> Result<(Month, Vec<views::Week>)> {
    let (by, permit, zone) = (by.to_owned(), who.actor.permit::<ReadRecords>()?, who.clock(web).await?);
    let month = Month::of(seen.address.month, web.app.env().now().day_in(&zone), zone, who.text.first_of_week())?;
    let (from, weeks, zone) = (month.from, month.weeks, month.zone.clone());
    // A card has its name and its day: nothing else is opened.
    let query = views::ListQuery { columns: vec![by.clone()], ..query };
    let found = web.app.read(&who.actor, move |unit| views::calendar(unit, &permit, &query, &by, (from, weeks), &zone)).await?;
    Ok((month, found))
}

/// The calendar of what is seen.
pub(super) fn calendar(
    shower: &Shower,
    who: &Who,
    kind: &Kind,
    seen: &Seen,
    by: &str,
    (month, weeks): &(Month, Vec<views::Week>),
    moved: &str,
) -> Calendar {
    let (t, base, field) = (shower.t, base_of(&kind.key), kind.field(by));
    let to = |day: Option<Date>| Address { month: day, after: Vec::new(), ..seen.address.clone() }.href(&base);
    let beside = |months: i64| month.first.checked_add(months.months()).ok().map(|day| to(Some(day)));
    let may = field.is_some_and(|field| kind.writable().any(|one| one.key == field.key))
        && who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some());
    let today = shower.now.day_in(&month.zone);
    let mut days = Vec::new();
    for week in weeks {
        let mut cards: Vec<(Date, Card)> = week.rows.iter().filter_map(|row| card(shower, kind, by, row, &month.zone, moved)).collect();
        let until = if week.more { cards.last().map(|(day, _)| *day) } else { None };
        for at in 0..7 {
            let Ok(date) = week.first.checked_add(at.days()) else { break };
            let rest = cards.partition_point(|(day, _)| *day <= date);
            let mut of_day: Vec<Card> = cards.drain(..rest).map(|(_, card)| card).collect();
            let folded = of_day.split_off(of_day.len().min(SHOWN));
            // From the last record that was read on, a day may have more than is shown.
            let all = until.filter(|until| date >= *until).and_then(|_| all_of(seen, kind, by, date)).map(|address| address.href(&base));
            days.push(Day {
                iso: date.to_string(),
                number: date.day(),
                label: t.weekday(date),
                today: date == today,
                outside: date.first_of_month() != month.first,
                folded_label: t.count("calendar-more", folded.len()),
                cards: of_day,
                folded,
                all_href: all,
            });
        }
    }
    Calendar {
        label: t.with2("calendar-month", "month", t.get(&format!("month-long-{}", month.first.month())), "year", month.first.year()),
        earlier: beside(-1),
        later: beside(1),
        now: to(None),
        is_now: today.first_of_month() == month.first,
        weekdays: (0..7).map(|n| t.get(&format!("weekday-{}", t.first_of_week().wrapping_add(n).to_monday_one_offset()))).collect(),
        weeks: days.chunks(7).map(<[Day]>::to_vec).collect(),
        is_empty: weeks.iter().all(|week| week.rows.is_empty()),
        action: may.then(|| format!("{base}/move")),
        hidden: seen.address.pairs(),
        may_leave: field.is_some_and(|field| !field.required),
        title: title(t, field),
    }
}

fn title(t: Text, field: Option<&Field>) -> String {
    t.with("calendar-by", "field", field.map_or("", |field| &field.label))
}

/// A card, and the day on which it stands.
fn card(shower: &Shower, kind: &Kind, by: &str, row: &views::ListRow, zone: &TimeZone, moved: &str) -> Option<(Date, Card)> {
    let Some(Cell::Shown(value)) = row.shown.cell(by) else { return None };
    let (day, clock, at) = match value {
        Value::Date(day) => (*day, String::new(), String::new()),
        Value::Time(at) => {
            let local = at.timestamp().to_zoned(zone.clone());
            (local.date(), format!("{:02}:{:02}", local.hour(), local.minute()), local.time().strftime(".%H:%M:%S").to_string())
        }
        _ => return None,
    };
    let id = row.shown.id;
    let card = Card {
        id: format!("{id}.{}{at}", row.shown.version),
        href: href_of(&kind.key, id),
        name: named(shower.t, &row.shown.title),
        clock,
        moved: id.to_string() == moved,
    };
    Some((day, card))
}

/// The list of one day.
fn all_of(seen: &Seen, kind: &Kind, by: &str, day: Date) -> Option<Address> {
    let asked = |op: &str, day: Date| Asked { field: by.to_owned(), op: op.to_owned(), value: day.to_string() };
    seen.narrowed(kind, vec![asked("ge", day), asked("lt", day.tomorrow().ok()?)])
}

/// What a field gets whose card is moved: the day that was written, else the one it was dropped on, at the time of day it had. No day takes
/// it away. `to` is `2026-11-05`, or `10:42:00.2026-11-05` of a time.
///
/// Error: invalid_input for what is no day.
pub(super) async fn day_of(web: &Web, who: &Who, field: &Field, to: &str, written: &str) -> Result<serde_json::Value> {
    let (clock, dropped) = match to.split_once('.') {
        Some((clock, day)) => (clock, day),
        None if to.contains(':') => (to, ""),
        None => ("", to),
    };
    let day = if written.is_empty() { dropped } else { written };
    if day.is_empty() {
        return Ok(serde_json::Value::Null);
    }
    let no_day = || Error::invalid("/to", "not_a_date", "Write a day as 2026-11-21.");
    let day: Date = day.parse().map_err(|_| no_day())?;
    if field.kind != FieldType::Datetime {
        return Ok(day.to_string().into());
    }
    let clock: Time = if clock.is_empty() { Time::midnight() } else { clock.parse().map_err(|_| no_day())? };
    let zone = who.clock(web).await?;
    let at = day.to_datetime(clock).to_zoned(zone).map_err(|_| no_day())?;
    Ok(at.timestamp().to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_month_has_the_weeks_that_it_touches_from_the_first_day_of_the_week_on() {
        for (asked, week, from, weeks) in [
            (date(2026, 11, 21), Weekday::Monday, date(2026, 10, 26), 6),
            (date(2026, 11, 21), Weekday::Sunday, date(2026, 11, 1), 5),
            (date(2027, 2, 1), Weekday::Monday, date(2027, 2, 1), 4),
            (date(2026, 12, 31), Weekday::Monday, date(2026, 11, 30), 5),
            (date(2026, 12, 31), Weekday::Saturday, date(2026, 11, 28), 5),
        ] {
            let month = Month::of(Some(asked), date(2020, 1, 1), TimeZone::UTC, week).unwrap();
            assert_eq!((month.from, month.weeks), (from, weeks), "{asked}");
        }
        assert_eq!(Month::of(None, date(2026, 11, 22), TimeZone::UTC, Weekday::Monday).unwrap().first, date(2026, 11, 1));
    }
}
