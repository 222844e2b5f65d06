//! The statements of imports; those of their batches are in [`crate::capture::sql`].

store::statements! {
    /// An import that was taken back.
    pub BATCH_UNDONE = "UPDATE batch SET state = 'undone' WHERE id = ?1";
    /// Whether a readable record points to this one.
    pub LINKED_FROM_ELSEWHERE = "SELECT 1 FROM link l JOIN record r ON r.id = l.from_id WHERE l.to_id = ?1 AND r.state IN ('live', 'restricted') LIMIT 1";
    /// Events after one, in order.
    pub EVENTS_AFTER = "SELECT id, name FROM event WHERE id > ?1 ORDER BY id LIMIT ?2";
}
