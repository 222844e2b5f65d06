//! Whole numbers as JSON Schema has them.

use serde::{Deserialize, Deserializer, de::Error as _};

/// A whole number as JSON Schema has it: `69.0` is one too. For `#[serde(deserialize_with)]`.
pub fn whole<'de, D: Deserializer<'de>, T: TryFrom<i64>>(reader: D) -> Result<T, D::Error> {
    number(&serde_json::Number::deserialize(reader)?).ok_or_else(|| D::Error::custom("expected a whole number within its bounds"))
}

/// As [`whole`], or null.
pub fn whole_or_null<'de, D: Deserializer<'de>, T: TryFrom<i64>>(reader: D) -> Result<Option<T>, D::Error> {
    let Some(given) = Option::<serde_json::Number>::deserialize(reader)? else { return Ok(None) };
    number(&given).map(Some).ok_or_else(|| D::Error::custom("expected a whole number within its bounds"))
}

fn number<T: TryFrom<i64>>(given: &serde_json::Number) -> Option<T> {
    /// Beyond this a floating-point number is not one whole number (RFC 8259 §6).
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let float = |n: f64| (n.fract() == 0.0 && n.abs() < EXACT).then_some(n as i64);
    given.as_i64().or_else(|| given.as_f64().and_then(float)).and_then(|n| T::try_from(n).ok())
}
