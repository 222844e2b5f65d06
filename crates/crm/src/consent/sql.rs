//! The statements of consent.

store::statements! {
    /// Whether an address is suppressed.
    pub SUPPRESSED = "SELECT hash FROM suppression WHERE hash IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// Whether anything is suppressed.
    pub SUPPRESSED_ANY = "SELECT 1 FROM suppression LIMIT 1";
}
