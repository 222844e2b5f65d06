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
    pub KEYS = "SELECT id, vault_key FROM record WHERE id > ?1 AND state <> 'gone' ORDER BY id LIMIT 500";
    /// The streams that the lost installation had open.
    pub STREAMS_CLOSE = "UPDATE stream SET closed = ?1, leafed = leafed - 1 WHERE closed IS NULL";
    /// Places in lists by name.
    pub SORT_CLEAR = "DELETE FROM name_sort";
    /// The sequencer's lease.
    pub LEASE_END = "UPDATE tree SET holder = '', lease_until = 0";
    /// The empty tree that a fresh installation begins with.
    pub TREE_CLEAR = "DELETE FROM tree";
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
        /// How many keys each epoch wraps.
        pub BY_EPOCH = "SELECT epoch, COUNT(*) FROM vault_key GROUP BY epoch ORDER BY epoch";
        /// The anchors of a longer tree.
        pub ANCHORS_CLEAR = "DELETE FROM journal WHERE what = 'checkpoint'";
        /// A key under its new epoch.
        pub REWRAP = "UPDATE vault_key SET epoch = ?2, bytes = ?3 WHERE id = ?1 AND epoch = ?4";
    }
}

/// What the vault's file of a backup has beside the vault's own tables. Not a [`store::statements!`]: no installation has this table, so they
/// cannot be prepared there.
pub const FILE_TABLE: &str =
    "CREATE TABLE backup_keyring (id BIGINT NOT NULL PRIMARY KEY, bytes BLOB NOT NULL, leaves BIGINT NOT NULL, manifest TEXT NOT NULL)";
/// See [`FILE_TABLE`].
pub const FILE_INSERT: &str = "INSERT INTO backup_keyring (id, bytes, leaves, manifest) VALUES (1, ?1, ?2, ?3)";
/// See [`FILE_TABLE`].
pub const FILE: &str = "SELECT bytes, leaves FROM backup_keyring WHERE id = 1";
