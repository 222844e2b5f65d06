//! When people work: days, hours, a zone, holidays; and how long it is between two moments by that.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{
    civil::{Date, Weekday},
    tz::TimeZone,
};
use kernel::Instant;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{deadlines::holidays, plus_days};

/// The days that are looked at before it is said that nobody ever works: ten years.
const DAYS_MAX: i64 = 3_660;

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Day {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Day {
    /// The week, Monday first (ISO 8601).
    pub const ALL: [Self; 7] = [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Tuesday => "tuesday",
            Self::Wednesday => "wednesday",
            Self::Thursday => "thursday",
            Self::Friday => "friday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    fn of(day: Date) -> Self {
        match day.weekday() {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// The working hours of a day, in minutes since midnight: from the first up to, without, the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    from: u16,
    to: u16,
}

impl Span {
    /// From nine to five.
    pub const USUAL: Self = Self { from: 540, to: 1_020 };

    /// Reads `09:00-17:30`; midnight at the end is `24:00`. `None` for anything else, and where nothing lies between.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, to) = text.split_once('-')?;
        let (from, to) = (minutes(from)?, minutes(to)?);
        (from < to).then_some(Self { from, to })
    }
}

fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.trim().split_once(':')?;
    let number = |text: &str| (text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse::<u16>().ok()).flatten();
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= 1_440).then_some(all)
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from / 60, self.from % 60, self.to / 60, self.to % 60)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(d)?).ok_or_else(|| de::Error::custom("write the hours as 09:00-17:00"))
    }
}

/// When people work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// The time zone (IANA name).
    pub zone: String,
    /// The hours of each day; a day that is not named is free.
    pub week: BTreeMap<Day, Span>,
    /// The country whose public holidays are free (ISO code), where they are known.
    pub country: Option<String>,
    /// Further days that are free.
    pub holidays: BTreeSet<Date>,
}

impl Default for Hours {
    fn default() -> Self {
        let week = Day::ALL.into_iter().take(5).map(|day| (day, Span::USUAL)).collect();
        Self { zone: "UTC".to_owned(), week, country: None, holidays: BTreeSet::new() }
    }
}

/// What time counts.
#[derive(Debug)]
pub struct Calendar<'a> {
    hours: &'a Hours,
    zone: TimeZone,
    always: bool,
}

impl<'a> Calendar<'a> {
    /// Working hours, or day and night. A zone that is not known counts as UTC.
    pub fn new(hours: &'a Hours, always: bool) -> Self {
        Self { hours, zone: TimeZone::get(&hours.zone).unwrap_or(TimeZone::UTC), always }
    }

    /// The working time of a day: from and to, in microseconds since 1970.
    fn window(&self, day: Date) -> Option<(i64, i64)> {
        let span = self.hours.week.get(&Day::of(day))?;
        let free = self.hours.holidays.contains(&day)
            || self.hours.country.as_deref().is_some_and(|country| holidays::is_public_holiday(country, day));
        if free {
            return None;
        }
        // An hour that the clocks skip, or have twice, is taken as zones do: what passes is what counts.
        let at = |minutes: u16| {
            let (day, minutes) = if minutes == 1_440 { (plus_days(day, 1), 0) } else { (day, minutes) };
            let (hour, minute) = (i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?);
            day.at(hour, minute, 0, 0).to_zoned(self.zone.clone()).ok().map(|at| at.timestamp().as_microsecond())
        };
        Some((at(span.from)?, at(span.to)?)).filter(|(from, to)| from < to)
    }

    /// How much counts between two moments, in microseconds; nothing when the second is not later.
    pub fn counted(&self, from: Instant, to: Instant) -> i64 {
        let (from_at, to_at) = (from.micros(), to.micros());
        if to_at <= from_at {
            return 0;
        }
        if self.always {
            return to_at.saturating_sub(from_at);
        }
        let (mut day, last, mut sum) = (from.day_in(&self.zone), to.day_in(&self.zone), 0_i64);
        for _ in 0..=DAYS_MAX {
            if let Some((opens, closes)) = self.window(day) {
                sum += (closes.min(to_at) - opens.max(from_at)).max(0);
            }
            if day >= last {
                break;
            }
            day = plus_days(day, 1);
        }
        sum
    }

    /// The moment at which so many microseconds have counted since another; `None` where that is not within ten years.
    pub fn after(&self, from: Instant, micros: i64) -> Option<Instant> {
        let from_at = from.micros();
        if self.always {
            return from_at.checked_add(micros).map(Instant::from_micros);
        }
        let (mut day, mut left) = (from.day_in(&self.zone), micros);
        for _ in 0..=DAYS_MAX {
            if let Some((opens, closes)) = self.window(day) {
                let opens = opens.max(from_at);
                let has = (closes - opens).max(0);
                if has >= left {
                    return Some(Instant::from_micros(opens + left));
                }
                left -= has;
            }
            day = plus_days(day, 1);
        }
        None
    }
}
