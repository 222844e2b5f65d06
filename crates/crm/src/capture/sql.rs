//! The statements of captures, and of the batches that imports share with them.

store::statements! {
    /// A fresh batch.
    pub BATCH_INSERT = "INSERT INTO batch (id, what, kind, state, started, finished, actor, seen, created, updated, duplicate, failed, vault_key, sealed) \
        VALUES (?1, ?2, ?3, 'running', ?4, NULL, ?5, 0, 0, 0, 0, 0, ?6, ?7)";
    /// One batch.
    pub BATCH_FIND = "SELECT id, what, kind, state, started, finished, actor, seen, created, updated, duplicate, failed, vault_key, sealed FROM batch WHERE id = ?1";
    /// The newest batches of one sort.
    pub BATCHES = "SELECT id, what, kind, state, started, finished, actor, seen, created, updated, duplicate, failed, vault_key, sealed FROM batch \
        WHERE what = ?1 ORDER BY id DESC LIMIT ?2";
    /// The newest runs over one kind.
    pub BATCHES_OF = "SELECT id, what, kind, state, started, finished, actor, seen, created, updated, duplicate, failed, vault_key, sealed FROM batch \
        WHERE what = ?1 AND kind = ?2 ORDER BY id DESC LIMIT ?3";
    /// More of it was done.
    pub BATCH_COUNT = "UPDATE batch SET seen = seen + ?2, created = created + ?3, updated = updated + ?4, duplicate = duplicate + ?5, failed = failed + ?6 WHERE id = ?1";
    /// Its end.
    pub BATCH_END = "UPDATE batch SET state = ?2, finished = ?3 WHERE id = ?1";
    /// Whether an import that made or changed records ended after a moment.
    pub BATCH_ENDED = "SELECT 1 FROM batch WHERE what = 'import' AND finished > ?1 AND created + updated > 0 LIMIT 1";
    /// Its details.
    pub BATCH_DETAILS = "UPDATE batch SET sealed = ?2 WHERE id = ?1";
    /// What came of items.
    pub ITEM_INSERT = "INSERT INTO batch_item (batch, n, outcome, reason, record, before, after, raw) VALUES";
    /// The last item that is accounted for.
    pub ITEM_LAST = "SELECT COALESCE(MAX(n), 0) FROM batch_item WHERE batch = ?1";
    /// Items, in order.
    pub ITEMS = "SELECT n, outcome, reason, record, before, after FROM batch_item WHERE batch = ?1 AND n > ?2 ORDER BY n LIMIT ?3";
    /// Items that were not accepted, in order.
    pub ITEMS_FAILED = "SELECT n, outcome, reason, record, before, after FROM batch_item WHERE batch = ?1 AND n > ?2 AND outcome = 'failed' ORDER BY n LIMIT ?3";
    /// Items that made or changed a record, last first.
    pub ITEMS_WRITTEN = "SELECT n, outcome, reason, record, before, after FROM batch_item WHERE batch = ?1 AND n < ?2 \
        AND outcome IN ('created', 'updated', 'beside') ORDER BY n DESC LIMIT ?3";
    /// A setting.
    pub SETTING = "SELECT value FROM setting WHERE name = ?1";
}
