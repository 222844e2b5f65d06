//! The statements of backup and restore.

store::statements! {
    /// What a backup holds.
    pub COUNTS = "SELECT (SELECT COUNT(*) FROM record), (SELECT size FROM tree WHERE id = 1)";
    /// Whether anything is there.
    pub ANYTHING = "SELECT (SELECT COUNT(*) FROM record) + (SELECT COUNT(*) FROM event) + (SELECT COUNT(*) FROM leaf) + (SELECT COUNT(*) FROM staff)";
    /// Blobs by name.
    pub BLOBS = "SELECT id, name FROM blob WHERE id > ?1 ORDER BY id LIMIT 500";
    /// A portion of records to index again.
    pub RECORDS = "SELECT id FROM record WHERE id > ?1 AND state IN ('live', 'restricted') ORDER BY id LIMIT 100";
    /// A portion of records with their keys.
    pub KEYS = "SELECT id, doc, vault_key FROM record WHERE id > ?1 AND state <> 'gone' ORDER BY id LIMIT 500";
    /// The leaves of a record, oldest first.
    pub LEAVES = "SELECT version, hash, data FROM leaf WHERE record = ?1 ORDER BY idx";
    /// Whether an order is known.
    pub ORDER_KNOWN = "SELECT state FROM destroy_order WHERE id = ?1";
    /// Whether a hold is known.
    pub HOLD_KNOWN = "SELECT released FROM hold WHERE id = ?1";
    /// The streams that the lost installation had open.
    pub STREAMS_CLOSE = "UPDATE stream SET closed = ?1, leafed = leafed - 1 WHERE closed IS NULL";
    /// Places in lists by name.
    pub SORT_CLEAR = "DELETE FROM name_sort";
    /// The sequencer's lease.
    pub LEASE_END = "UPDATE tree SET holder = '', lease_until = 0";
    /// Jobs that were running.
    pub JOBS_READY = "UPDATE job SET state = 'ready', lease_until = 0 WHERE state = 'running'";
}

/// The statements on the vault.
pub mod vault_sql {
    store::statements! {
        /// Whether anything is there.
        pub ANYTHING = "SELECT (SELECT COUNT(*) FROM vault_key) + (SELECT COUNT(*) FROM tombstone) + (SELECT COUNT(*) FROM journal)";
        /// Keys wrapped by another epoch than this.
        pub OTHER_EPOCH = "SELECT id, epoch, bytes FROM vault_key WHERE epoch <> ?1 ORDER BY id LIMIT 500";
        /// A key under its new epoch.
        pub REWRAP = "UPDATE vault_key SET epoch = ?2, bytes = ?3 WHERE id = ?1 AND epoch = ?4";
    }
}
