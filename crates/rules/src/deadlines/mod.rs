//! Deadlines of people's requests and of breach notices: the table of regimes and the calendar arithmetic.
//!
//! The rows are data with a checked-on date ([`CHECKED_ON`]), not law.

pub mod holidays;

use jiff::civil::Date;
use kernel::{Code, Error, Result};

use crate::{Period, Unit, plus_days};

const TABLE: &str = include_str!("../../data/deadlines.csv");
/// When the rows were last checked; a sourced template, not legal advice.
pub const CHECKED_ON: &str = "2026-11-21";

/// Words of the rights that "all rights" means.
const RIGHTS: [&str; 8] = ["access", "rectify", "erase", "restrict", "port", "object", "adm", "opt-out"];

/// The dates of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// The regime, as the table writes it.
    pub regime: &'static str,
    /// The right, as the table writes it.
    pub right: &'static str,
    /// The last day to answer.
    pub due: Date,
    /// The last day once extended, counted from receipt.
    pub extended: Option<Date>,
    /// The last day to acknowledge receipt.
    pub acknowledge: Option<Date>,
    /// For a deadline in hours, counted from the hour of awareness: how many. `due` is then the day of the last hour.
    pub hours: Option<u32>,
    /// At once: `due` is the day of receipt.
    pub without_undue_delay: bool,
    /// What stops the clock (`identity`, `identity+clarification`).
    pub pause: Option<&'static str>,
    /// The period to decide on, or to file, an appeal, as the table writes it.
    pub appeal: Option<&'static str>,
    /// What a lawyer would look up.
    pub citation: &'static str,
}

/// Where and how days are counted.
#[derive(Clone, Copy)]
pub struct Calendar<'a> {
    /// The controller's country (ISO code): EU deadlines do not end on its public holidays.
    pub country: Option<&'a str>,
    /// Further holidays that are set; business days skip them, and EU deadlines do not end on them.
    pub holidays: &'a dyn Fn(Date) -> bool,
    /// Whether UK deadlines move off weekends and holidays as EU ones do.
    pub uk_moves: bool,
}

struct Row {
    regimes: &'static str,
    rights: &'static str,
    deadline: &'static str,
    unit: &'static str,
    extension: &'static str,
    ack: &'static str,
    pause: &'static str,
    appeal: &'static str,
    citation: &'static str,
}

/// The dates of a request under a regime, received on a day.
///
/// A month is a month (31 January + 1 month is the last of February), counted from receipt; an EU deadline that ends on a
/// weekend or public holiday moves to the next working day (Reg. 1182/71 Art 3(4)); hours and US rows never move.
///
/// # Errors
/// `invalid_input` for a regime or right the table does not have, with a list of those it has.
pub fn deadline(regime: &str, right: &str, received: Date, calendar: &Calendar) -> Result<Deadlines> {
    let (regime, rows) = find_regime(regime)?;
    let (right, row) = find_right(&rows, right)?;
    let moves = is_eea_regime(regime) || (regime == "UK" && calendar.uk_moves);
    let ends =
        |periods: &[&str]| end(received, periods, calendar).map(|day| if moves { next_working_day(day, regime, calendar) } else { day });
    let hours = row.deadline.strip_prefix("PT").and_then(|t| t.strip_suffix('H')).and_then(|t| t.parse::<u32>().ok());
    let without_undue_delay = row.unit == "undue-delay";
    let due = match hours {
        Some(hours) => Some(plus_days(received, i64::from(hours).div_euclid(24))),
        None if without_undue_delay => Some(received),
        None => ends(&[row.deadline]),
    };
    let given = |text: &'static str| Some(text).filter(|t| !t.is_empty());
    Ok(Deadlines {
        regime,
        right,
        due: due.ok_or_else(|| Error::new(Code::Internal, "A row of the table of deadlines cannot be read."))?,
        extended: given(row.extension).and_then(|extension| ends(&[row.deadline, extension])),
        acknowledge: given(row.ack).and_then(|ack| ends(&[ack])),
        hours,
        without_undue_delay,
        pause: given(row.pause).filter(|p| *p != "none"),
        appeal: given(row.appeal),
        citation: row.citation,
    })
}

/// Every regime of the table with its rights, for lists and errors.
pub fn known() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut known: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in rows() {
        for regime in row.regimes.split('|') {
            let at = known.iter().position(|(r, _)| *r == regime).unwrap_or_else(|| {
                known.push((regime, Vec::new()));
                known.len() - 1
            });
            if let Some((_, rights)) = known.get_mut(at) {
                rights.extend(row.rights.split('|'));
            }
        }
    }
    known
}

fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().skip(1).filter_map(|line| {
        let mut cell = line.splitn(9, ',');
        let mut next = || cell.next();
        Some(Row {
            regimes: next()?,
            rights: next()?,
            deadline: next()?,
            unit: next()?,
            extension: next()?,
            ack: next()?,
            pause: next()?,
            appeal: next()?,
            citation: next()?,
        })
    })
}

fn find_regime(asked: &str) -> Result<(&'static str, Vec<Row>)> {
    let wanted = asked.trim().to_ascii_lowercase();
    let wanted = match wanted.strip_prefix("us-").unwrap_or(&wanted) {
        "gb" | "uk gdpr" | "uk-gdpr" => "uk",
        "eu" | "eu gdpr" => "gdpr",
        "cpra" | "ca" => "ccpa",
        "qc" | "law25" => "qc law25",
        other => other,
    };
    let known = known();
    let Some((regime, _)) = known.iter().find(|(r, _)| r.eq_ignore_ascii_case(wanted)) else {
        let list: Vec<_> = known.iter().map(|(r, _)| *r).collect();
        return Err(Error::invalid("/regime", "unknown_regime", format!("This regime is not in the table. Known: {}.", list.join(", "))));
    };
    Ok((regime, rows().filter(|row| row.regimes.split('|').any(|r| r == *regime)).collect()))
}

fn find_right<'r>(rows: &'r [Row], asked: &str) -> Result<(&'static str, &'r Row)> {
    let wanted = asked.trim().to_ascii_lowercase().replace('_', " ");
    let all = || rows.iter().flat_map(|row| row.rights.split('|').map(move |right| (right, row)));
    let same = |word: &str| all().find(|(right, _)| right.eq_ignore_ascii_case(word));
    let begins = |word: &str| {
        let begins = |right: &str| right.to_ascii_lowercase().strip_prefix(word).is_some_and(|rest| rest.starts_with(' '));
        let mut hits = all().filter(|(right, _)| begins(right));
        hits.next().filter(|_| hits.next().is_none() && !word.is_empty())
    };
    let synonyms = synonyms(&wanted);
    let found = same(&wanted)
        .or_else(|| synonyms.iter().find_map(|word| same(word)))
        .or_else(|| begins(&wanted))
        .or_else(|| same("all rights").filter(|_| synonyms.iter().any(|word| RIGHTS.contains(word))));
    found.ok_or_else(|| {
        let list: Vec<_> = all().map(|(right, _)| right).collect();
        Error::invalid("/right", "unknown_right", format!("This regime has no deadline for this right. Known: {}.", list.join(", ")))
    })
}

/// What else a right is called, in the regimes' own words.
fn synonyms(right: &str) -> &'static [&'static str] {
    match right {
        "access" | "know" => &["access", "know"],
        "erase" | "erasure" | "delete" | "deletion" => &["erase", "delete"],
        "rectify" | "rectification" | "correct" | "correction" | "amend" => &["rectify", "correct", "amend"],
        "port" | "portability" => &["port"],
        "restrict" | "restriction" => &["restrict"],
        "object" | "objection" => &["object"],
        "adm" | "automated decision" | "automated decisions" => &["adm"],
        "opt-out" | "opt out" => &["opt-out", "opt-out sale/share incl gpc"],
        _ => &[],
    }
}

fn is_eea_regime(regime: &str) -> bool {
    regime == "GDPR"
}

/// The last day of periods that follow one another; those of one unit are added up first, so that month ends stay month ends.
fn end(received: Date, periods: &[&str], calendar: &Calendar) -> Option<Date> {
    if let Some(days) = periods.iter().map(|p| p.strip_suffix("BD")?.strip_prefix('P')?.parse::<u32>().ok()).collect::<Option<Vec<_>>>() {
        return Some(business_days(received, days.into_iter().fold(0, u32::saturating_add), calendar));
    }
    let periods = periods.iter().map(|p| Period::parse(p)).collect::<Option<Vec<_>>>()?;
    let unit = periods.first().map_or(Unit::Days, |p| p.unit);
    if periods.iter().all(|p| p.unit == unit) {
        let count = periods.iter().fold(0, |sum: u32, p| sum.saturating_add(p.count));
        return Some(Period { count, unit }.after(received));
    }
    Some(periods.into_iter().fold(received, |day, period| period.after(day)))
}

fn business_days(received: Date, count: u32, calendar: &Calendar) -> Date {
    let (mut day, mut left) = (received, count);
    while left > 0 && day < Date::MAX {
        day = plus_days(day, 1);
        if !holidays::is_weekend(day) && !(calendar.holidays)(day) {
            left -= 1;
        }
    }
    day
}

/// The day itself or the first after it that is no Saturday, Sunday or public holiday of the controller's country.
fn next_working_day(from: Date, regime: &str, calendar: &Calendar) -> Date {
    let country = calendar.country.or((regime == "UK").then_some("UK"));
    let is_free =
        |day| holidays::is_weekend(day) || (calendar.holidays)(day) || country.is_some_and(|c| holidays::is_public_holiday(c, day));
    let mut day = from;
    // nobody is free for a year; the bound keeps an absurd set of holidays from looping
    for _ in 0..366 {
        if !is_free(day) {
            return day;
        }
        day = plus_days(day, 1);
    }
    from
}
