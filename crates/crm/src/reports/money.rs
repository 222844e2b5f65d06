//! Rates of exchange that people entered, with their day: what converts sums into the house's currency, and says by which rate.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Error, Instant, Result};
use serde_json::{Value as Json, json};
use store::args;
use trail::{Event, Permit, Release, Unit, permit::Manage};

use super::sql;
use crate::views::{Sums, even};

/// The setting that says in which currency the house counts.
const CURRENCY: &str = "reports.currency";
/// The most rates that are read.
const MOST: i64 = 2_000;
/// Billionths.
const NANO: i128 = 1_000_000_000;

/// A rate: what one unit of a currency is worth in the house's, from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// ISO 4217.
    pub currency: String,
    /// The day it is of.
    pub day: Date,
    /// Billionths of the house's currency for one of this.
    pub nano: i64,
}

/// The house's currency and its rates.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    /// ISO 4217; `None` while the house has named none.
    pub base: Option<String>,
    /// The rates, by currency, the latest first.
    pub all: Vec<Rate>,
}

/// A sum in the house's currency, with the rates by which it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Converted {
    /// ISO 4217.
    pub currency: String,
    /// Minor units.
    pub minor: i64,
}

impl Rates {
    /// Reads them.
    pub(super) fn load(unit: &mut Unit) -> Result<Self> {
        let base = unit.maybe(sql::SETTING_FIND, &args![CURRENCY], |row| row.get::<String>(0))?;
        let Some(base) = base else { return Ok(Self::default()) };
        let all = unit.all(sql::RATES, &args![base.as_str(), MOST], |row| {
            let day = Instant::from_micros(row.get(1)?).day();
            Ok(Rate { currency: row.get(0)?, day, nano: row.get(2)? })
        })?;
        Ok(Self { base: Some(base), all })
    }

    /// The rate of a currency on a day: the latest that is not of a later one.
    pub fn on(&self, currency: &str, day: Date) -> Option<&Rate> {
        self.all.iter().find(|rate| rate.currency == currency && rate.day <= day)
    }

    /// These sums in the house's currency, by the rates of a day; `None` where one is missing.
    pub fn convert(&self, sums: &Sums, day: Date) -> Option<Converted> {
        let base = self.base.as_ref()?;
        let mut whole = 0_i128;
        for (currency, minor) in sums.each() {
            if currency == base {
                whole += i128::from(minor);
                continue;
            }
            let rate = self.on(currency, day)?;
            let (of, to) = (catalogue::decimals(currency), catalogue::decimals(base));
            let (up, down) = (10_i128.pow(to), 10_i128.pow(of) * NANO);
            whole += even(i128::from(minor) * i128::from(rate.nano) * up, down);
        }
        let minor = i64::try_from(whole).unwrap_or(if whole < 0 { i64::MIN } else { i64::MAX });
        Some(Converted { currency: base.clone(), minor })
    }

    /// The rates of a day for these currencies.
    pub fn used<'r>(&'r self, currencies: impl Iterator<Item = &'r str>, day: Date) -> Vec<&'r Rate> {
        let mut used: BTreeMap<&str, &Rate> = BTreeMap::new();
        for currency in currencies {
            used.extend(self.on(currency, day).map(|rate| (currency, rate)));
        }
        used.into_values().collect()
    }

    /// As the API gives them.
    pub fn to_json(&self) -> Json {
        let rates: Vec<Json> = self.all.iter().map(Rate::to_json).collect();
        json!({ "currency": self.base, "rates": rates })
    }
}

impl Rate {
    /// As the API gives it.
    pub fn to_json(&self) -> Json {
        json!({ "currency": self.currency, "day": self.day.to_string(), "rate": self.text() })
    }

    /// As people write it: `0.92`.
    pub fn text(&self) -> String {
        let (whole, part) = (self.nano / 1_000_000_000, self.nano % 1_000_000_000);
        let text = format!("{whole}.{part:09}");
        let text = text.trim_end_matches('0');
        text.strip_suffix('.').unwrap_or(text).to_owned()
    }

    /// Reads a rate as people write it. Error: invalid_input at `/rate`.
    pub fn parse(text: &str) -> Result<i64> {
        let wrong = || Error::invalid("/rate", "not_a_rate", "Write what one of it is worth, such as 0.92, with at most nine decimals.");
        let text = text.trim();
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 6 || part.len() > 9 || !digits(whole) || !digits(part) {
            return Err(wrong());
        }
        let nano = format!("{whole}{part:0<9}").parse::<i64>().map_err(|_| wrong())?;
        if nano == 0 { Err(wrong()) } else { Ok(nano) }
    }
}

/// An ISO 4217 code. Error: invalid_input.
fn code(at: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Ok(text.to_ascii_uppercase());
    }
    Err(Error::invalid(format!("/{at}"), "not_a_currency", "Write a currency by its three letters, such as EUR (ISO 4217)."))
}

/// The house's currency and its rates.
pub fn rates(unit: &mut Unit) -> Result<Release<Rates>> {
    let rates = Rates::load(unit)?;
    unit.plain(rates)
}

/// Sets the house's currency: what sums are converted into. Rates stand for one such currency; those of another come back with it. Event
/// `rates.changed`.
///
/// Error: invalid_input.
pub fn set_currency(unit: &mut Unit, _permit: &Permit<Manage>, currency: &str) -> Result<()> {
    let currency = code("currency", currency)?;
    unit.witness(Event::new("rates.changed").word("currency", &currency))?;
    unit.run(sql::SETTING_PUT, &args![CURRENCY, currency]).map(drop)
}

/// Enters the rate of a day, or another for the same day. Event `rates.changed`.
///
/// Errors: invalid_input; conflict while the house has named no currency.
pub fn set_rate(unit: &mut Unit, permit: &Permit<Manage>, currency: &str, day: Date, rate: &str) -> Result<()> {
    let (base, currency) = known(unit, currency)?;
    let nano = Rate::parse(rate)?;
    unit.witness(Event::new("rates.changed").word("currency", &currency).word("day", day.to_string()).word("rate", rate.trim()))?;
    let (day, now, actor) = (Instant::start_of(day), unit.now(), permit.actor.who.to_string());
    unit.run(sql::RATE_PUT, &args![base, currency, day, nano, now, actor]).map(drop)
}

/// Takes back the rate of a day. Event `rates.changed`. Errors: those of [`set_rate`].
pub fn remove_rate(unit: &mut Unit, _permit: &Permit<Manage>, currency: &str, day: Date) -> Result<()> {
    let (base, currency) = known(unit, currency)?;
    unit.witness(Event::new("rates.changed").word("currency", &currency).word("day", day.to_string()).word("rate", "none"))?;
    unit.run(sql::RATE_DELETE, &args![base, currency, Instant::start_of(day)]).map(drop)
}

fn known(unit: &mut Unit, currency: &str) -> Result<(String, String)> {
    let currency = code("currency", currency)?;
    let base = unit.maybe(sql::SETTING_FIND, &args![CURRENCY], |row| row.get::<String>(0))?;
    let base = base.ok_or_else(|| Error::invalid("/currency", "no_base", "Say first in which currency the house counts."))?;
    if base == currency {
        return Err(Error::invalid("/currency", "same", "This is the currency in which the house counts. One of it is worth one."));
    }
    Ok((base, currency))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn rates() -> Rates {
        let rate = |currency: &str, day, nano| Rate { currency: currency.into(), day, nano };
        let all = vec![
            rate("JPY", date(2026, 1, 1), 6_100_000),
            rate("USD", date(2026, 11, 1), 920_000_000),
            rate("USD", date(2026, 1, 1), 900_000_000),
        ];
        Rates { base: Some("EUR".into()), all }
    }

    #[test]
    fn sums_are_converted_by_the_latest_rate_of_the_day_whatever_their_decimals() {
        let mut sums = Sums::default();
        for (currency, minor) in [("EUR", 100), ("USD", 10_000), ("JPY", 1_000)] {
            sums.add(currency, minor);
        }
        let of = |sums: &Sums, day| rates().convert(sums, day).map(|all| all.minor);
        let on = |day| of(&sums, day);
        assert_eq!(on(date(2026, 11, 21)), Some(100 + 9_200 + 610), "100 USD are 92 EUR, 1000 JPY are 6.10 EUR");
        assert_eq!(on(date(2026, 10, 31)), Some(100 + 9_000 + 610));
        assert_eq!(on(date(2025, 12, 31)), None, "there was no rate yet");
        sums.add("CHF", 1);
        assert_eq!(of(&sums, date(2026, 11, 21)), None, "what has no rate is never left out silently");
    }

    #[test]
    fn a_rate_reads_as_people_write_it() {
        assert_eq!(Rate::parse("0.92").unwrap(), 920_000_000);
        assert_eq!(Rate::parse("1").unwrap(), 1_000_000_000);
        for wrong in ["", "0", "-1", "1,2", "x", "1.0000000001", "1234567", ".5"] {
            assert!(Rate::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(rates().all.iter().map(Rate::text).collect::<Vec<_>>(), ["0.0061", "0.92", "0.9"]);
    }
}
