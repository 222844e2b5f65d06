//! Calendar arithmetic on whole days: periods of one unit, month ends clamped, the ends of time saturating.

use std::fmt;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The unit of a [`Period`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Unit {
    /// Calendar years (not 365 days).
    Years,
    /// Calendar months.
    Months,
    /// Weeks of seven days.
    Weeks,
    /// Days.
    Days,
}

/// An ISO 8601 calendar period of one unit: `PnY`, `PnM`, `PnW` or `PnD`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Period {
    /// How many.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Period {
    /// `count` days.
    pub const fn days(count: u32) -> Self {
        Self { count, unit: Unit::Days }
    }

    /// `count` calendar months.
    pub const fn months(count: u32) -> Self {
        Self { count, unit: Unit::Months }
    }

    /// `count` calendar years.
    pub const fn years(count: u32) -> Self {
        Self { count, unit: Unit::Years }
    }

    /// Reads `P7Y`, `P18M`, `P4W`, `P30D`; `None` for anything else (mixed units, times, signs, fractions).
    /// A count too large to matter is cut at the largest one, which already lies beyond the end of time.
    pub fn parse(text: &str) -> Option<Self> {
        let mut chars = text.strip_prefix('P')?.chars();
        let unit = match chars.next_back()? {
            'Y' => Unit::Years,
            'M' => Unit::Months,
            'W' => Unit::Weeks,
            'D' => Unit::Days,
            _ => return None,
        };
        let digits = chars.as_str();
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Self { count: digits.parse().unwrap_or(u32::MAX), unit })
    }

    /// The day this period after `day`, clamped to the month's end; saturates at the last day of year 9999.
    pub fn after(self, day: Date) -> Date {
        let count = i64::from(self.count);
        match self.unit {
            Unit::Years => plus_months(day, count * 12),
            Unit::Months => plus_months(day, count),
            Unit::Weeks => plus_days(day, count * 7),
            Unit::Days => plus_days(day, count),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Years => 'Y',
            Unit::Months => 'M',
            Unit::Weeks => 'W',
            Unit::Days => 'D',
        };
        write!(f, "P{}{unit}", self.count)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("write the period as PnY, PnM, PnW or PnD"))
    }
}

/// A day of the year without its year, as a fiscal year's end (`03-31`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// 31 December: the fiscal year of whoever states no other.
    pub const YEAR_END: Self = Self { month: 12, day: 31 };

    /// Reads `MM-DD`; 29 February is allowed and means the last of February. `None` for impossible days.
    pub fn parse(text: &str) -> Option<Self> {
        // any leap year will do to tell possible days from impossible ones
        let day = (text.len() == 5).then(|| parse_day(&format!("2000-{text}"))).flatten()?;
        Some(Self { month: day.month(), day: day.day() })
    }

    /// Its next occurrence on or after `from`.
    pub fn on_or_after(self, from: Date) -> Date {
        let this_year = self.in_year(from.year());
        if this_year >= from { this_year } else { self.in_year(from.year().saturating_add(1)) }
    }

    fn in_year(self, year: i16) -> Date {
        let Ok(first) = Date::new(year, self.month, 1) else { return Date::MAX };
        Date::new(year, self.month, self.day.min(first.days_in_month())).unwrap_or(Date::MAX)
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl Serialize for MonthDay {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("write the day of the year as MM-DD"))
    }
}

/// Reads `YYYY-MM-DD` and nothing else; `None` for other forms and for days no calendar has.
pub fn parse_day(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10 && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    Date::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?).ok()
}

/// `days` later (earlier when negative); saturates at the ends of the calendar.
pub fn plus_days(day: Date, days: i64) -> Date {
    let end = if days < 0 { Date::MIN } else { Date::MAX };
    Span::new().try_days(days).map_or(end, |span| day.saturating_add(span))
}

fn plus_months(day: Date, months: i64) -> Date {
    let index = i64::from(day.year()) * 12 + i64::from(day.month() - 1) + months;
    let (Ok(year), Ok(month)) = (i16::try_from(index.div_euclid(12)), i8::try_from(index.rem_euclid(12) + 1)) else { return Date::MAX };
    let Ok(first) = Date::new(year, month, 1) else { return Date::MAX };
    Date::new(year, month, day.day().min(first.days_in_month())).unwrap_or(Date::MAX)
}

/// How many days apart two days are, whichever is first.
pub(crate) fn days_apart(a: Date, b: Date) -> i64 {
    a.duration_until(b).as_hours().abs() / 24
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_a_month_and_ends_with_its_last_day() {
        assert_eq!(Period::months(1).after(date(2026, 1, 31)), date(2026, 2, 28));
        assert_eq!(Period::months(1).after(date(2028, 1, 31)), date(2028, 2, 29));
        assert_eq!(Period::years(7).after(date(2020, 2, 29)), date(2027, 2, 28));
        assert_eq!(Period::years(4).after(date(2020, 2, 29)), date(2024, 2, 29));
        assert_eq!(Period::months(18).after(date(2025, 8, 31)), date(2027, 2, 28));
    }

    #[test]
    fn absurd_periods_end_at_the_end_of_time() {
        let absurd = Period::parse("P99999999999999Y").expect("a period");
        assert_eq!(absurd.after(date(2026, 11, 21)), Date::MAX);
        assert_eq!(Period { count: u32::MAX, unit: Unit::Weeks }.after(Date::MAX), Date::MAX);
        assert_eq!(Period { count: u32::MAX, unit: Unit::Days }.after(Date::MIN), Date::MAX);
        assert_eq!(plus_days(Date::MAX, 1), Date::MAX);
    }

    #[test]
    fn only_one_unit_makes_a_period() {
        for bad in ["", "P", "PY", "P1", "1Y", "P1Y6M", "PT72H", "P-1D", "P+1D", "P1.5Y", "p1y", "P 1D", "P1D ", "P１D", "P1é"] {
            assert_eq!(Period::parse(bad), None, "{bad}");
        }
        assert_eq!(Period::parse("P0D"), Some(Period::days(0)));
        assert_eq!(Period::parse("P18M").map(|p| p.to_string()).as_deref(), Some("P18M"));
    }

    #[test]
    fn days_that_no_calendar_has_are_refused() {
        for bad in ["2026-02-30", "2026-13-01", "2026-00-10", "20261121", "2026-11-21T00:00", "26-11-21", "+026-01-01", "2023-02-29"] {
            assert_eq!(parse_day(bad), None, "{bad}");
        }
        assert_eq!(parse_day("2024-02-29"), Some(date(2024, 2, 29)));
        assert_eq!(MonthDay::parse("02-30"), None);
    }

    #[test]
    fn a_fiscal_year_ends_next_on_or_after_the_day() {
        let march = MonthDay::parse("03-31").expect("a day");
        assert_eq!(march.on_or_after(date(2021, 5, 10)), date(2022, 3, 31));
        assert_eq!(march.on_or_after(date(2022, 3, 31)), date(2022, 3, 31));
        let leap = MonthDay::parse("02-29").expect("a day");
        assert_eq!(leap.on_or_after(date(2023, 1, 1)), date(2023, 2, 28));
        assert_eq!(leap.on_or_after(date(2024, 2, 29)), date(2024, 2, 29));
    }
}
