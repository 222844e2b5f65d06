//! Personal data that cannot print, log or serialise itself.

use std::fmt;

use zeroize::Zeroize;

/// A value about a person. It has no `Display` and no `Serialize`; `Debug` shows `‹personal›`.
/// It leaves an operation only through the unit's `release`, whose event names it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Looks at the value inside an operation (to sort, match, index, verify). What it shows must not leave without a release.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Takes the value out. For the releasing edge and for sealing.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// Applies `f` and keeps the result personal.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Personal<U> {
        Personal(f(self.0))
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹personal›")
    }
}

impl<T: Zeroize> Zeroize for Personal<T> {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use super::Personal;

    #[test]
    fn a_personal_value_does_not_print_itself() {
        assert_eq!(format!("{:?}", Personal::new("Ada Lovelace")), "‹personal›");
    }
}
