//! The statements of lists; what a list asks itself is built in [`super::page`].

store::statements! {
    /// The prefixes of a kind that more names than ?2 share.
    pub CROWDED = "SELECT prefix FROM name_sort WHERE kind = ?1 GROUP BY prefix HAVING COUNT(*) > ?2 ORDER BY prefix";
    /// Some records behind a prefix, after one.
    pub BEHIND = "SELECT record FROM name_sort WHERE kind = ?1 AND prefix = ?2 AND record > ?3 ORDER BY record LIMIT ?4";
}
