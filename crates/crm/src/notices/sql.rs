//! The statements of notices.

store::statements! {
    /// Somebody is told.
    pub INSERT = "INSERT INTO notice (staff, id, at, what, record, actor, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL)";
    /// Whether somebody was told of a record for a reason since a time.
    pub TOLD = "SELECT at FROM notice WHERE record = ?1 AND staff = ?2 AND what = ?3 AND at >= ?4 LIMIT 1";
    /// Somebody's, newest first.
    pub OF = "SELECT id, at, what, record, actor, seen FROM notice WHERE staff = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    /// Those not read yet, newest first.
    pub UNREAD = "SELECT id, at, what, record, actor, seen FROM notice WHERE staff = ?1 AND id < ?2 AND seen IS NULL ORDER BY id DESC LIMIT ?3";
    /// How many are not read, counted up to ?2.
    pub COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM notice WHERE staff = ?1 AND seen IS NULL LIMIT ?2) AS n";
    /// One is read.
    pub SEE = "UPDATE notice SET seen = ?3 WHERE staff = ?1 AND id = ?2 AND seen IS NULL";
    /// All up to one are read.
    pub SEE_UP_TO = "UPDATE notice SET seen = ?3 WHERE staff = ?1 AND id <= ?2 AND seen IS NULL";
    /// What was read long ago.
    pub FORGET = "DELETE FROM notice WHERE staff = ?1 AND seen < ?2";
}
