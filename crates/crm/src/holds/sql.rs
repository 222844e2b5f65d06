//! The statements of holds.

store::statements! {
    /// A fresh hold.
    pub INSERT = "INSERT INTO hold (id, placed, placed_by, released, released_by, vault_key, sealed) VALUES (?1, ?2, ?3, NULL, NULL, ?4, ?5)";
    /// The records it holds.
    pub RECORD_INSERT = "INSERT INTO hold_record (record, hold) VALUES";
    /// One hold.
    pub FIND = "SELECT id, placed, placed_by, released, released_by, vault_key, sealed FROM hold WHERE id = ?1";
    /// The newest holds.
    pub LIST = "SELECT id, placed, placed_by, released, released_by, vault_key, sealed FROM hold ORDER BY placed DESC, id DESC LIMIT 500";
    /// Ends a hold.
    pub RELEASE = "UPDATE hold SET released = ?2, released_by = ?3, vault_key = ?4, sealed = ?5 WHERE id = ?1 AND released IS NULL";
    /// The holds that up to 64 records are or were under.
    pub OF_RECORDS = store::in_64!("SELECT r.record, h.id, h.placed, h.released FROM hold_record r JOIN hold h ON h.id = r.hold WHERE r.record IN (", ") ORDER BY r.record, h.id");
    /// How many records a hold has.
    pub COUNT = "SELECT COUNT(*) FROM hold_record WHERE hold = ?1";
    /// Which records a hold has.
    pub RECORDS = "SELECT record FROM hold_record WHERE hold = ?1 ORDER BY record";
    /// Whether a record is under this hold.
    pub HAS = "SELECT 1 FROM hold_record WHERE record = ?1 AND hold = ?2";
    /// Its records are decided again.
    pub DECIDE_HELD = "UPDATE record SET decide_after = ?2 WHERE id IN (SELECT record FROM hold_record WHERE hold = ?1) AND state IN ('live', 'restricted')";
    /// A record is decided again.
    pub DECIDE = "UPDATE record SET decide_after = ?2 WHERE id = ?1";
    /// The staff who are active, with what their role grants.
    pub STAFF = "SELECT s.id, r.grants FROM staff s JOIN role r ON r.name = s.role WHERE s.state = 'active'";
}
