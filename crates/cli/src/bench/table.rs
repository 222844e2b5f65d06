//! What was measured, beside what must be reached.

use serde::Serialize;
use serde_json::{Map, Value, json};

/// What must be reached (docs/guide/benchmarks.md).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Must {
    /// The figure itself, at least.
    AtLeast(f64),
    /// The figure itself, at most.
    AtMost(f64),
    /// So many times the baseline, at least.
    Times(f64),
    /// Nothing is set: the figure explains another.
    Nothing,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub struct Row {
    /// A stable word.
    pub key: &'static str,
    /// What was done, in words.
    pub work: String,
    pub value: f64,
    pub unit: &'static str,
    /// What the same run measured of what it is compared with.
    pub baseline: Option<f64>,
    pub must: Must,
    /// Further figures: percentiles, counts.
    pub detail: Map<String, Value>,
}

impl Row {
    pub fn new(key: &'static str, work: impl Into<String>, value: f64, unit: &'static str, must: Must) -> Self {
        Self { key, work: work.into(), value, unit, baseline: None, must, detail: Map::new() }
    }

    /// Beside what it is compared with.
    #[must_use]
    pub fn against(self, baseline: f64) -> Self {
        Self { baseline: Some(baseline), ..self }
    }

    /// With a further figure.
    #[must_use]
    pub fn with(mut self, name: &str, figure: impl Into<Value>) -> Self {
        self.detail.insert(name.to_owned(), figure.into());
        self
    }

    fn ratio(&self) -> Option<f64> {
        self.baseline.filter(|base| *base > 0.0).map(|base| self.value / base)
    }

    /// Whether it reaches what it must; nothing where nothing is set.
    pub fn reached(&self) -> Option<bool> {
        match self.must {
            Must::AtLeast(least) => Some(self.value >= least),
            Must::AtMost(most) => Some(self.value <= most),
            Must::Times(least) => Some(self.ratio().is_some_and(|ratio| ratio >= least)),
            Must::Nothing => None,
        }
    }

    /// As a program reads it.
    pub fn to_json(&self) -> Value {
        json!({
            "key": self.key, "work": self.work, "value": short(self.value), "unit": self.unit, "baseline": self.baseline.map(short),
            "ratio": self.ratio().map(short), "must": self.wanted(), "reached": self.reached(), "detail": self.detail,
        })
    }

    fn wanted(&self) -> Option<String> {
        match self.must {
            Must::AtLeast(least) => Some(format!(">= {} {}", figure(least), self.unit)),
            Must::AtMost(most) => Some(format!("<= {} {}", figure(most), self.unit)),
            Must::Times(least) => Some(format!(">= {least} x")),
            Must::Nothing => None,
        }
    }

    /// As a person reads it: what was done, the figure, what it is compared with, what must be, the verdict.
    pub fn cells(&self) -> Vec<String> {
        let ratio = self.ratio().map_or_else(String::new, |ratio| format!("{ratio:.2} x of {}", figure(self.baseline.unwrap_or(0.0))));
        let verdict = match self.reached() {
            Some(true) => "reached",
            Some(false) => "FALLS SHORT",
            None => "",
        };
        let percentiles: Vec<String> =
            ["p50", "p95", "p99"].iter().filter_map(|p| Some(format!("{p} {}", figure(self.detail.get(*p)?.as_f64()?)))).collect();
        let value = format!("{} {}", figure(self.value), self.unit);
        vec![self.work.clone(), value, percentiles.join(" "), ratio, self.wanted().unwrap_or_default(), verdict.to_owned()]
    }
}

/// The headings over [`Row::cells`].
pub const HEADINGS: [&str; 6] = ["WORK", "FIGURE", "ms", "AGAINST", "MUST", ""];

/// With three digits that count.
pub fn figure(value: f64) -> String {
    match value.abs() {
        at if at >= 100.0 || at == 0.0 => format!("{value:.0}"),
        at if at >= 10.0 => format!("{value:.1}"),
        at if at >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn short(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// Everything that was measured.
#[derive(Serialize)]
pub struct Told {
    pub version: &'static str,
    /// `release`, `debug` or `bare` (audit and sealing off).
    pub build: &'static str,
    pub engine: &'static str,
    pub cores: usize,
    pub people: usize,
    pub seconds: f64,
    pub rows: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Value>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_reaches_what_it_must_or_falls_short_and_says_which() {
        let row = |value, must| Row::new("x", "work", value, "ms", must);
        assert_eq!((row(5.0, Must::AtMost(5.0)).reached(), row(5.1, Must::AtMost(5.0)).reached()), (Some(true), Some(false)));
        assert_eq!((row(5.0, Must::AtLeast(5.0)).reached(), row(4.9, Must::AtLeast(5.0)).reached()), (Some(true), Some(false)));
        let times = |value| row(value, Must::Times(1.5)).against(100.0);
        assert_eq!((times(150.0).reached(), times(149.0).reached()), (Some(true), Some(false)));
        assert_eq!(row(150.0, Must::Times(1.5)).reached(), Some(false), "without a baseline nothing is reached");
        assert_eq!(row(1.0, Must::Nothing).reached(), None);
        assert_eq!(times(149.0).cells(), ["work", "149 ms", "", "1.49 x of 100", ">= 1.5 x", "FALLS SHORT"]);
        assert_eq!((figure(0.1234), figure(12.34), figure(1234.5)), ("0.123".to_owned(), "12.3".to_owned(), "1234".to_owned()));
    }
}
