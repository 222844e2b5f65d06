//! Dates in tables: which order a column writes them in, and reading them so.

use jiff::civil::Date;

/// The order of day, month and year in a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateOrder {
    /// 31/12/2026
    Dmy,
    /// 12/31/2026
    Mdy,
    /// 2026-12-31
    Ymd,
}

/// The order found, and whether the samples leave no other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OrderFound {
    /// The order to read the column with.
    pub order: DateOrder,
    /// False when another order reads every sample as well; then a person should choose.
    pub certain: bool,
}

/// Finds the order that reads the most samples of a column; `None` when the samples are not dates.
///
/// Where day-month and month-day both fit, dots mean day first (as in German, Russian, Polish) and slashes or dashes
/// are not certain: day first is given, as most countries write.
pub fn date_order<S: AsRef<str>>(samples: &[S]) -> Option<OrderFound> {
    let filled: Vec<&str> = samples.iter().map(|s| s.as_ref().trim()).filter(|s| !s.is_empty()).take(10_000).collect();
    let score = |order| filled.iter().filter(|s| parse_date(s, order).is_some()).count();
    let (dmy, mdy, ymd) = (score(DateOrder::Dmy), score(DateOrder::Mdy), score(DateOrder::Ymd));
    let best = dmy.max(mdy).max(ymd);
    // A column of dates may hold some that are none; less than four fifths is no column of dates.
    if best == 0 || best * 5 < filled.len() * 4 {
        return None;
    }
    if ymd == best {
        return Some(OrderFound { order: DateOrder::Ymd, certain: dmy < best && mdy < best || filled.iter().all(|s| starts_with_year(s)) });
    }
    if dmy != mdy {
        return Some(OrderFound { order: if dmy > mdy { DateOrder::Dmy } else { DateOrder::Mdy }, certain: true });
    }
    let dots = filled.iter().all(|s| s.contains('.') || words(s).any(|w| month_by_name(w).is_some()));
    Some(OrderFound { order: DateOrder::Dmy, certain: dots })
}

fn starts_with_year(text: &str) -> bool {
    text.len() >= 4 && text.bytes().take(4).all(|b| b.is_ascii_digit())
}

/// Reads one date in a given order, whatever stands between its parts; a time after it is left out. A date that starts
/// with a four-digit year is read as year-month-day in any order. Two-digit years: 00–49 are 2000–2049, 50–99 are
/// 1950–1999. `None` when it is no date of the calendar.
pub fn parse_date(text: &str, order: DateOrder) -> Option<Date> {
    let text = crate::charset::prefix(text.trim(), 64);
    // ISO 8601 puts a `T` between date and time.
    let text = if starts_with_year(text) { text.split('T').next().unwrap_or_default() } else { text };
    let day_part = text.split(' ').next().unwrap_or_default();
    // `20261231`, as vCard and SAP write it.
    if day_part.len() == 8 && day_part.bytes().all(|b| b.is_ascii_digit()) {
        return date(day_part.get(..4)?.parse().ok()?, day_part.get(4..6)?.parse().ok()?, day_part.get(6..)?.parse().ok()?);
    }
    let mut numbers: Vec<(i16, usize)> = Vec::new();
    let mut named: Option<(i16, usize)> = None;
    for word in words(text) {
        if numbers.len() + usize::from(named.is_some()) == 3 {
            break;
        }
        if let Ok(number) = word.parse::<i16>() {
            numbers.push((number, word.len()));
        } else if let Some(month) = month_by_name(word) {
            named = named.or(Some((month, numbers.len())));
        } else if word.chars().any(|c| c.is_ascii_digit()) && !word.ends_with(['t', 'd', 'h', 'r', 'e', 'o', 'º']) {
            return None;
        } else if let Ok(number) = word.trim_end_matches(|c: char| !c.is_ascii_digit()).parse::<i16>() {
            numbers.push((number, 1));
        }
    }
    if let (Some((month, _)), [(a, a_len), (b, b_len)]) = (named, numbers.as_slice()) {
        return if *a_len == 4 { date(*a, month, *b) } else { date(year(*b, *b_len)?, month, *a) };
    }
    if named.is_some() {
        return None;
    }
    let [(a, a_len), (b, b_len), (c, c_len)] = numbers.as_slice() else { return None };
    match order {
        _ if *a_len == 4 => date(*a, *b, *c),
        DateOrder::Ymd if *a_len == 2 && *b_len <= 2 && *c_len <= 2 => date(year(*a, *a_len)?, *b, *c),
        DateOrder::Dmy => date(year(*c, *c_len)?, *b, *a),
        DateOrder::Mdy => date(year(*c, *c_len)?, *a, *b),
        DateOrder::Ymd => None,
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok().filter(|d| (1000..=2999).contains(&d.year()))
}

fn year(number: i16, digits: usize) -> Option<i16> {
    match (digits, number) {
        (2, 0..=49) => Some(number + 2000),
        (2, 50..=99) => Some(number + 1900),
        (4, _) => Some(number),
        _ => None,
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != 'º' || matches!(c, '年' | '月' | '日' | '년' | '월' | '일'))
        .filter(|w| !w.is_empty() && !matches!(*w, "de" | "del" | "di" | "le" | "den"))
}

/// Month names of eight languages by their beginning; Chinese, Japanese and Korean write numbers.
fn month_by_name(word: &str) -> Option<i16> {
    const NAMES: [&[&str]; 12] = [
        &["jan", "ene", "gen", "janv", "jän"],
        &["feb", "fév", "fev", "févr"],
        &["mar", "mär", "mrz", "mrt", "maa", "mars"],
        &["apr", "avr", "abr"],
        &["may", "mai", "mei", "mag", "maj"],
        &["jun", "giu", "juin"],
        &["jul", "lug", "juil"],
        &["aug", "aoû", "aou", "ago"],
        &["sep", "set"],
        &["oct", "okt", "ott", "out"],
        &["nov"],
        &["dec", "déc", "dez", "dic"],
    ];
    let lower = word.to_lowercase();
    if lower.chars().count() < 3 || lower.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    NAMES.iter().position(|names| names.iter().any(|n| lower.starts_with(n))).and_then(|m| i16::try_from(m + 1).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_above_twelve_decides_the_order() {
        assert_eq!(date_order(&["03/04/2026", "25/04/2026"]), Some(OrderFound { order: DateOrder::Dmy, certain: true }));
        assert_eq!(date_order(&["03/04/2026", "04/25/2026"]), Some(OrderFound { order: DateOrder::Mdy, certain: true }));
        assert_eq!(date_order(&["2026-04-25", "2026-04-03 10:00:00"]), Some(OrderFound { order: DateOrder::Ymd, certain: true }));
        assert_eq!(date_order(&["03.04.2026"]), Some(OrderFound { order: DateOrder::Dmy, certain: true }));
    }

    #[test]
    fn a_column_that_decides_nothing_says_so() {
        assert_eq!(date_order(&["03/04/2026", "05/06/2026"]), Some(OrderFound { order: DateOrder::Dmy, certain: false }));
        assert_eq!(date_order(&["hello", "world"]), None);
        assert_eq!(date_order::<&str>(&[]), None);
    }

    #[test]
    fn dates_are_read_in_their_order() {
        let d = |y, m, day| Some(jiff::civil::date(y, m, day));
        assert_eq!(parse_date("3/4/2026", DateOrder::Dmy), d(2026, 4, 3));
        assert_eq!(parse_date("3/4/2026", DateOrder::Mdy), d(2026, 3, 4));
        assert_eq!(parse_date("2026-04-03T10:00:00Z", DateOrder::Dmy), d(2026, 4, 3));
        assert_eq!(parse_date("3. April 2026", DateOrder::Mdy), d(2026, 4, 3));
        assert_eq!(parse_date("April 3rd, 2026", DateOrder::Dmy), d(2026, 4, 3));
        assert_eq!(parse_date("3 août 1999", DateOrder::Dmy), d(1999, 8, 3));
        assert_eq!(parse_date("2026年4月3日", DateOrder::Ymd), d(2026, 4, 3));
        assert_eq!(parse_date("19220310", DateOrder::Dmy), d(1922, 3, 10));
        assert_eq!(parse_date("03.04.99", DateOrder::Dmy), d(1999, 4, 3));
        assert_eq!(parse_date("31/02/2026", DateOrder::Dmy), None);
        assert_eq!(parse_date("12/31/2026", DateOrder::Dmy), None);
    }
}
