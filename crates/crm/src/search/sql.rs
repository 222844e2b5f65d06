//! The statements of stored searches; what a search asks itself is built with [`super::query`].

store::statements! {
    /// A search kept for a while.
    pub QUERY_INSERT = "INSERT INTO query (id, staff, expires, sealed) VALUES (?1, ?2, ?3, ?4)";
    /// One, while it lasts, of whoever kept it.
    pub QUERY_FIND = "SELECT sealed FROM query WHERE id = ?1 AND staff = ?2 AND expires > ?3";
    /// Whether any has expired.
    pub QUERY_EXPIRED = "SELECT COUNT(*) FROM query WHERE expires <= ?1";
    /// Forgets the expired.
    pub QUERY_PURGE = "DELETE FROM query WHERE expires <= ?1";
}
