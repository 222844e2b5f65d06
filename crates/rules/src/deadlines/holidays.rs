//! Public holidays of the 27 Member States and the United Kingdom (England and Wales), from a compact table.

use jiff::civil::{Date, Weekday};

use crate::{plus_days, retention::law};

const TABLE: &str = include_str!("../../data/holidays.txt");

/// Whether the table knows a country's public holidays.
pub fn knows(country: &str) -> bool {
    rules_of(country).is_some()
}

/// The countries of the table, by their codes in it.
pub fn countries() -> Vec<&'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' ').map(|(key, _)| key)).collect()
}

/// Whether a day is a public holiday of a country (ISO code; `UK` and `EL` are understood); `false` for countries not in the table.
pub fn is_public_holiday(country: &str, day: Date) -> bool {
    let Some(rules) = rules_of(country) else { return false };
    let rules: Vec<&str> = rules.split_whitespace().collect();
    let moved = rules.contains(&"moved");
    // a moved day may come over the turn of the year
    [day.year(), day.year().saturating_sub(1)].into_iter().any(|year| {
        let mut days: Vec<(Date, bool)> =
            rules.iter().filter_map(|rule| Some((on(rule, year)?, rule.len() == 5 && !rule.contains('.')))).collect();
        days.sort_unstable();
        let mut taken: Vec<Date> = days.iter().map(|(d, _)| *d).collect();
        if moved {
            for (fixed, _) in days.iter().filter(|(d, is_fixed)| *is_fixed && is_weekend(*d)) {
                let mut next = *fixed;
                while next < Date::MAX && (is_weekend(next) || taken.contains(&next)) {
                    next = plus_days(next, 1);
                }
                taken.push(next);
            }
        }
        taken.contains(&day)
    })
}

/// Saturday or Sunday.
pub fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn rules_of(country: &str) -> Option<&'static str> {
    let upper = country.to_ascii_uppercase();
    let code = law::country(&upper);
    TABLE
        .lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| line.split_once(' ').filter(|(key, _)| *key == code).map(|(_, rules)| rules))
}

/// The day a rule of the table gives in a year.
fn on(rule: &str, year: i16) -> Option<Date> {
    if let Some(offset) = rule.strip_prefix('E') {
        return Some(plus_days(easter(year)?, offset.parse().ok()?));
    }
    if let Some(offset) = rule.strip_prefix('O') {
        return Some(plus_days(orthodox_easter(year)?, offset.parse().ok()?));
    }
    if let Some((from, weekday)) = rule.split_once('>') {
        return on_or_after(on(from, year)?, weekday.parse().ok()?);
    }
    if let Some((month, rest)) = rule.split_once('.') {
        let (nth, weekday) = rest.split_once('.')?;
        let first = Date::new(year, month.parse().ok()?, 1).ok()?;
        let weekday = Weekday::from_monday_one_offset(weekday.parse().ok()?).ok()?;
        return first.nth_weekday_of_month(if nth == "L" { -1 } else { nth.parse().ok()? }, weekday).ok();
    }
    let (month, day) = rule.split_once('-')?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

fn on_or_after(day: Date, weekday: i8) -> Option<Date> {
    let ahead = (weekday - day.weekday().to_monday_one_offset()).rem_euclid(7);
    Some(plus_days(day, ahead.into()))
}

/// Easter Sunday of the Gregorian calendar (Butcher's computus).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    Date::new(year, i8::try_from(sum / 31).ok()?, i8::try_from(sum % 31 + 1).ok()?).ok()
}

/// Easter Sunday of the Julian calendar (Meeus), as a Gregorian day.
fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let d = (19 * (y % 19) + 15) % 30;
    let e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7;
    let sum = d + e + 114;
    let julian = Date::new(year, i8::try_from(sum / 31).ok()?, i8::try_from(sum % 31 + 1).ok()?).ok()?;
    Some(plus_days(julian, i64::from(y / 100 - y / 400 - 2)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::retention::law::MEMBER_STATES;

    #[test]
    fn easter_falls_where_the_churches_say() {
        for (day, orthodox) in
            [(date(2024, 3, 31), date(2024, 5, 5)), (date(2025, 4, 20), date(2025, 4, 20)), (date(2026, 4, 5), date(2026, 4, 12))]
        {
            assert_eq!((easter(day.year()), orthodox_easter(day.year())), (Some(day), Some(orthodox)));
        }
        assert_eq!(easter(2038), Some(date(2038, 4, 25)));
    }

    #[test]
    fn every_member_state_and_the_united_kingdom_are_known_with_every_rule_readable() {
        for country in MEMBER_STATES.into_iter().chain(["UK", "GB", "EL", "de"]) {
            let rules = rules_of(country).unwrap_or_else(|| panic!("{country} is missing"));
            for rule in rules.split_whitespace().filter(|r| *r != "moved") {
                assert!(on(rule, 2027).is_some(), "{country} {rule}");
            }
            assert!(is_public_holiday(country, date(2026, 1, 1)), "{country}");
        }
        assert!(!knows("US"));
        assert!(!is_public_holiday("US", date(2026, 1, 1)));
    }

    #[test]
    fn holidays_are_those_of_the_country() {
        assert!(is_public_holiday("DE", date(2026, 10, 3)));
        assert!(!is_public_holiday("FR", date(2026, 10, 3)));
        assert!(is_public_holiday("GR", date(2026, 4, 10)));
        assert!(is_public_holiday("UK", date(2026, 8, 31)));
        assert!(is_public_holiday("IE", date(2026, 2, 2)));
        assert!(is_public_holiday("SE", date(2026, 6, 19)));
    }

    #[test]
    fn british_holidays_on_a_weekend_move_on() {
        // 2027: 25 December is a Saturday, 26 a Sunday; 1 January 2028 is a Saturday
        for day in [date(2027, 12, 27), date(2027, 12, 28), date(2028, 1, 3)] {
            assert!(is_public_holiday("UK", day), "{day}");
        }
        assert!(!is_public_holiday("DE", date(2027, 12, 27)));
    }
}
