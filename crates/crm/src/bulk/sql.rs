//! The statements of bulk acts.

store::statements! {
    /// A frozen set.
    pub INSERT = "INSERT INTO bulk (id, kind, actor, state, expires, job, total, place, counts, items, vault_key, sealed) \
        VALUES (?1, ?2, ?3, 'chosen', ?4, NULL, ?5, 0, '{}', ?6, ?7, NULL)";
    /// One, without its set.
    pub FIND = "SELECT id, kind, actor, state, expires, job, total, place, counts, vault_key, sealed FROM bulk WHERE id = ?1";
    /// Its set.
    pub ITEMS = "SELECT items FROM bulk WHERE id = ?1";
    /// What is to be done, and what would come of it.
    pub WEIGHED = "UPDATE bulk SET state = 'weighed', expires = ?2, counts = ?3, sealed = ?4 WHERE id = ?1";
    /// It begins.
    pub BEGIN = "UPDATE bulk SET state = 'running', expires = ?2, job = ?3, counts = '{}' WHERE id = ?1";
    /// How far it is.
    pub PLACE = "UPDATE bulk SET state = ?2, place = ?3, counts = ?4 WHERE id = ?1";
    /// Those whose time is over.
    pub EXPIRED = "SELECT id, vault_key FROM bulk WHERE expires <= ?1 ORDER BY expires LIMIT 100";
    /// Forgets one.
    pub DELETE = "DELETE FROM bulk WHERE id = ?1";
}
