//! The statements of timelines; which entries come next is built in [`super`].

store::statements! {
    /// The records of a kind that somebody owns, the last changed first.
    pub NEWEST_OF_OWNER = "SELECT updated, id FROM record WHERE owner = ?1 AND kind = ?2 AND state IN ('live', 'restricted') \
        ORDER BY updated DESC, id DESC LIMIT ?3";
    /// The version that a record got at a time, among its earlier ones.
    pub VERSION_AT = "SELECT version FROM record_version WHERE record = ?1 AND updated = ?2";
    /// Who made a version of a record: the actor of the event behind its leaf, wherever the leaf is by now.
    pub MADE_BY = "SELECT e.actor FROM event e JOIN leaf l ON l.unit = e.id WHERE l.record = ?1 AND l.version = ?2 \
        UNION ALL SELECT e.actor FROM event e JOIN leaf_pending p ON p.unit = e.id WHERE p.record = ?3 AND p.version = ?4";
}
