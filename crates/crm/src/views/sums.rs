//! Amounts added up: each currency by itself, for amounts of different currencies have no sum.

use std::collections::BTreeMap;

/// Parts of a whole percent that a likelihood is counted in.
const PARTS: i128 = 100 * 1_000_000;

/// Sums by currency, in minor units. What is added is exact; what is read out stops at the largest amount there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<String, i128>);

impl Sums {
    /// Adds an amount.
    pub fn add(&mut self, currency: &str, minor: i64) {
        *self.0.entry(currency.to_owned()).or_default() += i128::from(minor);
    }

    /// Adds an amount as far as it is likely: in millionths of a percent, 100 % at most. Halves of a minor unit go to the even side.
    pub fn add_likely(&mut self, currency: &str, minor: i64, likely: i64) {
        let part = i128::from(minor) * i128::from(likely.clamp(0, 100_000_000));
        *self.0.entry(currency.to_owned()).or_default() += even(part, PARTS);
    }

    /// Adds all of another.
    pub fn add_all(&mut self, other: &Self) {
        for (currency, minor) in &other.0 {
            *self.0.entry(currency.clone()).or_default() += minor;
        }
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sums by currency.
    pub fn each(&self) -> impl Iterator<Item = (&str, i64)> {
        self.0.iter().map(|(currency, minor)| (currency.as_str(), clamped(*minor)))
    }

    /// The sum of one currency.
    pub fn of(&self, currency: &str) -> i64 {
        self.0.get(currency).copied().map_or(0, clamped)
    }
}

fn clamped(minor: i128) -> i64 {
    i64::try_from(minor).unwrap_or(if minor < 0 { i64::MIN } else { i64::MAX })
}

/// A quotient, rounded to the nearest whole number and to the even one between two.
pub fn even(n: i128, by: i128) -> i128 {
    let (whole, rest) = (n.div_euclid(by), n.rem_euclid(by));
    match (rest * 2).cmp(&by) {
        std::cmp::Ordering::Less => whole,
        std::cmp::Ordering::Greater => whole + 1,
        std::cmp::Ordering::Equal => whole + whole.rem_euclid(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_never_mixed_and_likely_amounts_round_to_the_even_side() {
        let mut sums = Sums::default();
        sums.add("EUR", 100);
        sums.add("USD", 7);
        sums.add_likely("EUR", 5, 50_000_000);
        sums.add_likely("EUR", 7, 50_000_000);
        sums.add_likely("EUR", 1_000, 12_500_000);
        assert_eq!(sums.each().collect::<Vec<_>>(), [("EUR", 100 + 2 + 4 + 125), ("USD", 7)]);
    }

    #[test]
    fn the_largest_amounts_are_added_without_a_fault() {
        let mut sums = Sums::default();
        for _ in 0..3 {
            sums.add("JPY", i64::MAX);
            sums.add_likely("KRW", i64::MIN, i64::MAX);
        }
        assert_eq!((sums.of("JPY"), sums.of("KRW"), sums.of("EUR")), (i64::MAX, i64::MIN, 0));
    }
}
