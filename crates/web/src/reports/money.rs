//! The one currency that a page's figures are in: as people chose it, else the house's where every rate is known.

use std::collections::BTreeSet;

use catalogue::{Value, decimals};
use crm::{
    reports::{Rates, Run},
    views::Sums,
};
use jiff::civil::Date;

use crate::{
    kit::{form::Fields, text::Text},
    views::parts::{Cell, Said, Tab},
};

/// What stands in an address for all currencies converted.
const ALL: &str = "all";

/// How a page shows sums.
pub(super) struct Money<'r> {
    t: Text,
    rates: &'r Rates,
    today: Date,
    /// Every currency there is.
    pub(super) there: BTreeSet<String>,
    /// The one that is shown; `None` for all of them, converted.
    one: Option<String>,
    can: bool,
}

impl<'r> Money<'r> {
    /// What is asked for, of the currencies that these sums have.
    pub(super) fn of<T>(t: Text, run: &'r Run<T>, sums: &[&Sums], asked: &str) -> Self {
        let mut all = Sums::default();
        sums.iter().for_each(|one| all.add_all(one));
        let there: BTreeSet<String> = all.each().map(|(currency, _)| currency.to_owned()).collect();
        let can = run.rates.convert(&all, run.today).is_some();
        let first = || run.rates.base.clone().filter(|base| there.contains(base)).or_else(|| there.first().cloned());
        let one = match asked {
            ALL if can => None,
            asked if there.contains(asked) => Some(asked.to_owned()),
            _ if there.len() > 1 && can => None,
            _ => first(),
        };
        Self { t, rates: &run.rates, today: run.today, there, one, can }
    }

    /// Its code, for the axis of a chart.
    pub(super) fn currency(&self) -> &str {
        self.one.as_deref().or(self.rates.base.as_deref()).unwrap_or_default()
    }

    /// A sum's value in minor units.
    pub(super) fn value(&self, sums: &Sums) -> i64 {
        match &self.one {
            Some(one) => sums.of(one),
            None => self.rates.convert(sums, self.today).map_or(0, |all| all.minor),
        }
    }

    /// A sum in words.
    pub(super) fn words(&self, sums: &Sums) -> String {
        if self.there.is_empty() {
            return "–".to_owned();
        }
        self.t.decimal(&Value::Money { minor: self.value(sums), currency: self.currency().to_owned() }.display())
    }

    /// A sum as a cell.
    pub(super) fn cell(&self, sums: &Sums) -> Cell {
        if sums.is_empty() { Cell::Empty } else { Cell::Number(self.words(sums)) }
    }

    /// A value of an axis: `1.2M`, `340k`, `12`.
    pub(super) fn scale(&self, minor: i64) -> String {
        self.t.decimal(&compact(minor / 10_i64.pow(decimals(self.currency()))))
    }

    /// The currencies to choose from, each a tab; nothing where there is no choice.
    pub(super) fn tabs(&self, href: &str, asked: &Fields) -> Vec<Tab> {
        if self.there.len() < 2 {
            return Vec::new();
        }
        let pairs: Vec<String> = asked
            .iter()
            .filter(|(name, value)| *name != "currency" && !value.is_empty())
            .map(|(name, value)| format!("{}={}", name, crate::records::pages::encode(value)))
            .collect();
        let to = |currency: &str| {
            let pairs = pairs.iter().cloned().chain([format!("currency={currency}")]).collect::<Vec<_>>();
            format!("{href}?{}", pairs.join("&"))
        };
        let base = self.rates.base.as_deref().filter(|_| self.can);
        let all = base.map(|base| Tab::new(self.t.with("report-all-in", "currency", base), to(ALL), self.one.is_none()));
        let each = self.there.iter().map(|one| Tab::new(one, to(one), self.one.as_ref() == Some(one)));
        all.into_iter().chain(each).collect()
    }

    /// By which rates sums were converted, or which currencies are not in them.
    pub(super) fn notes(&self, may_enter: bool) -> Vec<Said> {
        let mut notes = Vec::new();
        match &self.one {
            None => {
                let used = self.rates.used(self.there.iter().map(String::as_str), self.today);
                let each = used.iter().map(|rate| {
                    let args = [
                        ("currency", rate.currency.clone()),
                        ("rate", rate.text()),
                        ("base", self.currency().to_owned()),
                        ("day", self.t.day(rate.day)),
                    ];
                    self.t.with_all("report-rate", &args)
                });
                let each: Vec<String> = each.collect();
                if !each.is_empty() {
                    notes.push(Said::new().say(self.t.with("report-converted", "rates", each.join("; "))));
                }
            }
            Some(one) if self.there.len() > 1 => {
                let others: Vec<&str> = self.there.iter().filter(|other| *other != one).map(String::as_str).collect();
                let said = Said::new().say(self.t.with2("report-not-in", "one", one, "others", others.join(", ")));
                let said =
                    if !self.can && may_enter { said.say(" ").link(self.t.get("report-enter-rates"), "/settings/rates") } else { said };
                notes.push(said);
            }
            Some(_) => {}
        }
        notes
    }
}

/// A number as an axis has room for it.
pub(super) fn compact(n: i64) -> String {
    for (unit, sign) in [(1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k")] {
        if n.abs() >= unit {
            let tenths = n / (unit / 10);
            let (whole, part) = (tenths / 10, (tenths % 10).abs());
            return if part == 0 { format!("{whole}{sign}") } else { format!("{whole}.{part}{sign}") };
        }
    }
    n.to_string()
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn an_axis_reads_in_few_letters() {
        let read: Vec<String> = [0, 950, 1_000, 2_500, 340_000, 1_200_000, 7_000_000_000].map(compact).into();
        assert_eq!(read, ["0", "950", "1k", "2.5k", "340k", "1.2M", "7B"]);
    }
}
