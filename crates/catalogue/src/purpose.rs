//! What data may be used for. A record and a field carry a set of purposes; an actor acts for exactly one.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One purpose of use, in W3C DPV's terms.
#[derive(Debug, PartialEq, Eq)]
pub struct Purpose {
    /// Stable key.
    pub key: &'static str,
    /// Its place in a set of purposes (`record.usable`), 0 to 62.
    pub bit: u8,
    /// The purpose it is part of: whoever may act for a purpose may read what its ancestors may read.
    pub parent: Option<&'static str>,
    /// W3C Data Privacy Vocabulary term.
    pub dpv: &'static str,
    /// Whether a record is usable for it only after consent.
    pub needs_consent: bool,
    /// Whether somebody may object to it (GDPR Art 21): it rests on a legitimate interest or on consent, not on a contract or a duty.
    pub objectable: bool,
}

/// Direct marketing: what a newsletter, a campaign and following somebody across a web site are for.
pub const MARKETING: Purpose =
    Purpose { key: "marketing", bit: 4, parent: None, dpv: "dpv:DirectMarketing", needs_consent: true, objectable: true };

/// The shipped purposes.
pub const PURPOSES: &[Purpose] = &[
    Purpose { key: "administration", bit: 0, parent: None, dpv: "dpv:OrganisationGovernance", needs_consent: false, objectable: false },
    Purpose { key: "sales", bit: 1, parent: None, dpv: "dpv:CustomerManagement", needs_consent: false, objectable: true },
    Purpose { key: "support", bit: 2, parent: None, dpv: "dpv:CustomerCare", needs_consent: false, objectable: true },
    Purpose { key: "billing", bit: 3, parent: None, dpv: "dpv:PaymentManagement", needs_consent: false, objectable: false },
    MARKETING,
    Purpose { key: "legal", bit: 5, parent: None, dpv: "dpv:LegalCompliance", needs_consent: false, objectable: false },
];

impl Purpose {
    /// The purpose with this key.
    pub fn find(key: &str) -> Option<&'static Self> {
        PURPOSES.iter().find(|p| p.key == key)
    }

    /// Whether it is another purpose, or part of it.
    pub fn is_under(&self, other: &Self) -> bool {
        let mut at = Some(self);
        while let Some(purpose) = at {
            if purpose.key == other.key {
                return true;
            }
            at = purpose.parent.and_then(Self::find);
        }
        false
    }

    /// The purpose at this bit.
    pub fn at(bit: u8) -> Option<&'static Self> {
        PURPOSES.iter().find(|p| p.bit == bit)
    }
}

/// A set of purposes, one bit each, as stored in `record.usable`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Purposes(i64);

impl Purposes {
    /// No purpose at all.
    pub const NONE: Self = Self(0);

    /// From the stored number.
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits)
    }

    /// The stored number.
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// Every purpose that needs no consent: what a record is usable for from birth.
    pub fn without_consent() -> Self {
        PURPOSES.iter().filter(|p| !p.needs_consent).fold(Self::NONE, |set, p| set.with(p))
    }

    /// Every purpose.
    pub fn all() -> Self {
        PURPOSES.iter().fold(Self::NONE, Self::with)
    }

    /// Only this one.
    pub fn only(purpose: &Purpose) -> Self {
        Self::NONE.with(purpose)
    }

    /// This set and one more.
    #[must_use]
    pub fn with(self, purpose: &Purpose) -> Self {
        Self(self.0 | 1 << purpose.bit)
    }

    /// This set without one.
    #[must_use]
    pub fn without(self, purpose: &Purpose) -> Self {
        Self(self.0 & !(1 << purpose.bit))
    }

    /// Whether something with these purposes may be used by one who acts for `acting`: it names that purpose or an ancestor of it.
    pub fn serve(self, acting: &Purpose) -> bool {
        let mut at = Some(acting);
        while let Some(purpose) = at {
            if self.0 & (1 << purpose.bit) != 0 {
                return true;
            }
            at = purpose.parent.and_then(Purpose::find);
        }
        false
    }

    /// The purposes in the set, in order of their bits.
    pub fn iter(self) -> impl Iterator<Item = &'static Purpose> {
        PURPOSES.iter().filter(move |p| self.0 & (1 << p.bit) != 0)
    }
}

impl std::fmt::Debug for Purposes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(|p| p.key)).finish()
    }
}

impl Serialize for Purposes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter().map(|p| p.key))
    }
}

impl<'de> Deserialize<'de> for Purposes {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let keys = Vec::<String>::deserialize(d)?;
        keys.iter().try_fold(Self::NONE, |set, key| {
            let known = || PURPOSES.iter().map(|p| p.key).collect::<Vec<_>>().join(", ");
            Purpose::find(key)
                .map(|p| set.with(p))
                .ok_or_else(|| serde::de::Error::custom(format!("unknown purpose; known are {}", known())))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_distinct_and_fit_a_column() {
        let mut bits: Vec<_> = PURPOSES.iter().map(|p| p.bit).collect();
        bits.dedup();
        assert_eq!(bits.len(), PURPOSES.len());
        assert!(bits.iter().all(|b| *b < 63));
    }

    #[test]
    fn a_set_serves_its_own_purposes_and_no_other() {
        let (sales, marketing) = (Purpose::find("sales").unwrap(), Purpose::find("marketing").unwrap());
        assert!(Purposes::only(sales).serve(sales));
        assert!(!Purposes::only(sales).serve(marketing));
        assert!(!Purposes::without_consent().serve(marketing));
    }
}
