//! A list as a calendar: week by week, by an open field of days or times.

use catalogue::FieldType;
use jiff::{ToSpan, civil::Date, tz::TimeZone};

use super::*;

/// The most weeks of a calendar: a month touches six.
pub const WEEKS: i32 = 6;

/// What falls into seven days.
#[derive(Clone, Debug)]
pub struct Week {
    /// The first of them.
    pub first: Date,
    /// The first records, by the field, at most [`LIMIT_MAX`].
    pub rows: Vec<ListRow>,
    /// Whether there are more.
    pub more: bool,
}

/// Whether a calendar can be made by a field.
pub fn is_of_days(field: &catalogue::Field) -> bool {
    matches!(field.kind, FieldType::Date | FieldType::Datetime) && !field.is_sealed() && !field.many && !field.retired
}

/// What of a list falls into the weeks from a day on; the days of times are those of `zone`. Its one event `record.listed` names every record
/// shown.
///
/// Errors: those of [`list`]; invalid_input when the field has no days, and for more than [`WEEKS`].
pub fn calendar(
    unit: &mut Unit,
    permit: &Permit<ReadRecords>,
    query: &ListQuery,
    by: &str,
    (first, weeks): (Date, i32),
    zone: &TimeZone,
) -> Result<Release<Vec<Week>>> {
    let Checked { kind, .. } = checked(unit, permit, query)?;
    let field = kind.field(by).filter(|field| is_of_days(field));
    let field = field.ok_or_else(|| Error::invalid("/by", "no_days", "A calendar is made by an open field with one day or time."))?;
    if !(1..=WEEKS).contains(&weeks) {
        return Err(Error::invalid("/weeks", "out_of_range", format!("A calendar has 1 to {WEEKS} weeks.")));
    }
    let mut released: Option<Release<Vec<Week>>> = None;
    for week in 0..weeks {
        let out_of_range = |_| Error::invalid("/first", "out_of_range", "There is no calendar of those days.");
        let from = first.checked_add((7 * week).days()).map_err(out_of_range)?;
        let to = from.checked_add(7.days()).map_err(out_of_range)?;
        let edge = |op: Op, day: Date| Ok::<_, Error>(Filter::One(Condition::new(by, op, start_of(field, day, zone)?)));
        let all = query.filter.iter().cloned().chain([edge(Op::Ge, from)?, edge(Op::Lt, to)?]).collect();
        let sort = Sort { by: by.to_owned(), descending: false };
        let asked = ListQuery { filter: Some(Filter::All { all }), sort, limit: LIMIT_MAX, cursor: None, ..query.clone() };
        let page = list(unit, permit, &asked, Detail::Masked)?;
        let page = page.map(|page| vec![Week { first: from, more: page.next.is_some(), rows: page.rows }]);
        released = Some(match released {
            None => page,
            Some(before) => before.and(page).map(|(mut all, more)| {
                all.extend(more);
                all
            }),
        });
    }
    released.ok_or_else(|| Error::internal("a calendar without a week"))
}

/// Where a day begins, as a condition on the field says it.
fn start_of(field: &catalogue::Field, day: Date, zone: &TimeZone) -> Result<String> {
    if field.kind == FieldType::Date {
        return Ok(day.to_string());
    }
    let start = day.to_zoned(zone.clone()).map_err(Error::internal)?;
    Ok(start.timestamp().to_string())
}
