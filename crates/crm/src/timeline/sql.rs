//! The statements of timelines; which entries come next is built in [`super`].

store::statements! {
    /// The version that a record got at a time, among its earlier ones.
    pub VERSION_AT = "SELECT version FROM record_version WHERE record = ?1 AND updated = ?2";
    /// Who made a version of a record: the actor of the event behind its leaf, wherever the leaf is by now.
    pub MADE_BY = "SELECT e.actor FROM event e JOIN leaf l ON l.unit = e.id WHERE l.record = ?1 AND l.version = ?2 \
        UNION ALL SELECT e.actor FROM event e JOIN leaf_pending p ON p.unit = e.id WHERE p.record = ?3 AND p.version = ?4";
}
