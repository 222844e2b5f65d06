//! Dates in headers (RFC 5322 §3.3 and §4.3), and the ways they are got wrong.

use jiff::civil;
use kernel::Instant;

use super::Moment;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Reads a date as mail headers write it: `Fri, 21 Nov 1997 09:55:06 -0600`, obsolete zones and two-digit years
/// included, as well as `asctime` order, ISO 8601 and missing seconds. `None` when it names no real moment.
pub fn parse_date(text: &str) -> Option<Moment> {
    let text = without_comments(crate::charset::prefix(text, 200));
    if let Some(moment) = iso(text.trim()) {
        return Some(moment);
    }
    let mut day = None;
    let mut month = None;
    let mut year = None;
    let mut time = None;
    let mut zone = None;
    for word in text.split([' ', ',', '\t']).flat_map(split_dashes).filter(|w| !w.is_empty()) {
        let lower = word.to_ascii_lowercase();
        if word.contains(':') && time.is_none() {
            let (clock, rest) = split_zone(word);
            time = Some(clock_time(clock)?);
            zone = zone.or_else(|| offset(rest));
        } else if zone.is_none() && (word.starts_with(['+', '-']) || (time.is_some() && year.is_some() && offset(word).is_some())) {
            zone = offset(word);
        } else if let Ok(number) = word.parse::<u16>() {
            if word.len() >= 3 || day.is_some() {
                year = year.or(Some(full_year(number, word.len())));
            } else {
                day = Some(number);
            }
        } else if month.is_none() && lower.is_ascii() && lower.len() >= 3 {
            month = MONTHS.iter().position(|m| lower.starts_with(m)).and_then(|m| i8::try_from(m + 1).ok()).or(month);
            if month.is_none() && time.is_some() {
                zone = zone.or_else(|| offset(word));
            }
        } else if time.is_some() {
            zone = zone.or_else(|| offset(word));
        }
    }
    let date = civil::Date::new(i16::try_from(year?).ok()?, month?, i8::try_from(day?).ok()?).ok()?;
    moment(date, time?, zone.flatten())
}

/// Obsolete syntax allows comments anywhere (RFC 5322 §4.3); zone names often stand in one.
fn without_comments(text: &str) -> String {
    let mut depth = 0usize;
    text.chars()
        .filter(|c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect()
}

/// `07-Oct-2002` is three words; `-0700` is one.
fn split_dashes(word: &str) -> Vec<&str> {
    let inner = word.get(1..).is_some_and(|rest| rest.contains('-')) && !word.contains(':') && word.chars().any(char::is_alphabetic);
    if inner && word.starts_with(|c: char| c.is_ascii_digit()) { word.split('-').collect() } else { vec![word] }
}

/// `12:06:28+0200` is a time and a zone.
fn split_zone(word: &str) -> (&str, &str) {
    word.find(['+', '-']).map_or((word, ""), |at| word.split_at(at))
}

/// RFC 5322 §4.3: 00–49 are 2000–2049, 50–99 and three digits are counted from 1900.
fn full_year(number: u16, digits: usize) -> u16 {
    match (digits, number) {
        (..=2, 0..=49) => number + 2000,
        (..=3, _) => number.saturating_add(1900),
        _ => number,
    }
}

fn clock_time(text: &str) -> Option<civil::Time> {
    let mut parts = text.split([':', '.']);
    let hour = parts.next()?.parse::<i8>().ok()?;
    let minute = parts.next()?.parse::<i8>().ok()?;
    let second = parts.next().map_or(Some(0), |s| s.parse::<i8>().ok())?;
    // A leap second is the last moment of its minute.
    civil::Time::new(hour, minute, if second == 60 { 59 } else { second }, 0).ok()
}

/// Minutes east of UTC. The outer `None`: no zone at all; the inner: `-0000` or a name that means nothing certain.
fn offset(word: &str) -> Option<Option<i16>> {
    if let Some(digits) = word.strip_prefix(['+', '-']) {
        let digits: String = digits.chars().filter(|c| *c != ':').collect();
        if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Some(None);
        }
        let number = digits.parse::<i16>().ok()?;
        let minutes = (number / 100) * 60 + number % 100;
        let negative = word.starts_with('-');
        return Some(match minutes {
            0 if negative => None,
            m if number % 100 > 59 || m > 15 * 60 => None,
            m => Some(if negative { -m } else { m }),
        });
    }
    let hours = match word.to_ascii_uppercase().as_str() {
        "UT" | "UTC" | "GMT" | "Z" => 0,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        // In common use though not in the RFC.
        "CET" | "MET" | "BST" => 1,
        "CEST" | "EET" => 2,
        // RFC 5322 §4.3: other names are to be taken as -0000.
        other if !other.is_empty() && other.len() <= 5 && other.bytes().all(|b| b.is_ascii_uppercase()) => return Some(None),
        _ => return None,
    };
    Some(Some(hours * 60))
}

/// ISO 8601, with `T` or a blank, with or without zone.
fn iso(text: &str) -> Option<Moment> {
    if text.len() < 16 || !text.starts_with(|c: char| c.is_ascii_digit()) || text.as_bytes().get(4) != Some(&b'-') {
        return None;
    }
    let date = text.get(..10)?.parse::<civil::Date>().ok()?;
    let rest = text.get(11..)?.trim();
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(rest.len());
    let time = clock_time(rest.get(..end)?)?;
    moment(date, time, offset(rest.get(end..)?.trim()).flatten())
}

fn moment(date: civil::Date, time: civil::Time, offset_minutes: Option<i16>) -> Option<Moment> {
    let micros = date.to_datetime(time).to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_microsecond();
    let shift = i64::from(offset_minutes.unwrap_or(0)).checked_mul(60_000_000)?;
    Some(Moment { at: Instant::from_micros(micros.checked_sub(shift)?), offset_minutes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<(String, Option<i16>)> {
        parse_date(text).map(|m| (m.at.to_string().replace(".000000", ""), m.offset_minutes))
    }

    #[test]
    fn dates_of_the_standard_are_read() {
        // RFC 5322 appendix A.1.1, A.5, A.6.2
        assert_eq!(at("Fri, 21 Nov 1997 09:55:06 -0600"), Some(("1997-11-21T15:55:06Z".into(), Some(-360))));
        assert_eq!(
            at("Thu,\r\n      13\r\n        Feb\r\n          1969\r\n      23:32\r\n               -0330 (Newfoundland Time)"
                .replace("\r\n", "")
                .as_str()),
            Some(("1969-02-14T03:02:00Z".into(), Some(-210)))
        );
        assert_eq!(at("21 Nov 97 09:55:06 GMT"), Some(("1997-11-21T09:55:06Z".into(), Some(0))));
        assert_eq!(at("21 Nov 97 09:55:06 -0000"), Some(("1997-11-21T09:55:06Z".into(), None)));
    }

    #[test]
    fn dates_got_wrong_in_common_ways_are_read() {
        assert_eq!(at("Mon Oct  7 12:06:28 2002"), Some(("2002-10-07T12:06:28Z".into(), None)));
        assert_eq!(at("Mon Oct  7 12:06:28 PDT 2002"), Some(("2002-10-07T19:06:28Z".into(), Some(-420))));
        assert_eq!(at("07-Oct-2002 12:06:28 +0200"), Some(("2002-10-07T10:06:28Z".into(), Some(120))));
        assert_eq!(at("2002-10-07 12:06:28"), Some(("2002-10-07T12:06:28Z".into(), None)));
        assert_eq!(at("2002-10-07T12:06:28+02:00"), Some(("2002-10-07T10:06:28Z".into(), Some(120))));
        assert_eq!(at("Sat, 31 Dec 2016 23:59:60 +0000"), Some(("2016-12-31T23:59:59Z".into(), Some(0))));
    }

    #[test]
    fn what_names_no_moment_is_refused() {
        for text in [
            "",
            "yesterday",
            "32 Nov 1997 09:55:06 +0000",
            "30 Feb 2001 00:00:00 +0000",
            "1 Jan 2001 25:00:00 +0000",
            "1 Jan 99999 00:00:00 +0000",
            "::::",
            "- - -",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
