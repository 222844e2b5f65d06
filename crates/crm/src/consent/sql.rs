//! The statements of consent.

store::statements! {
    /// Which of these addresses are suppressed.
    pub SUPPRESSED = "SELECT hash FROM suppression WHERE hash IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// Whether anything is suppressed.
    pub SUPPRESSED_ANY = "SELECT 1 FROM suppression LIMIT 1";
    /// Enters what somebody said.
    pub INSERT = "INSERT INTO consent (person, id, purpose, act, at, recorded, ends, channel, notice, notice_version, evidence, unit) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    /// What somebody said, the last entered first.
    pub OF = "SELECT person, id, purpose, act, at, recorded, ends, channel, notice, notice_version, evidence, unit FROM consent \
        WHERE person = ?1 ORDER BY id DESC";
    /// People whose consent was given for a time that is over, and who are still usable for its purpose, after one of them.
    pub ENDED = "SELECT DISTINCT c.person FROM consent c JOIN record r ON r.id = c.person WHERE c.ends IS NOT NULL AND c.ends <= ?1 \
        AND c.purpose = ?2 AND (r.usable & ?3) <> 0 AND c.person > ?4 ORDER BY c.person LIMIT ?5";
    /// Enters a version of a notice.
    pub NOTICE_INSERT = "INSERT INTO privacy_notice (id, version, purpose, language, title, text, hash, at) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// A version of a notice.
    pub NOTICE_VERSION = "SELECT id, version, purpose, language, title, text, hash, at FROM privacy_notice WHERE id = ?1 AND version = ?2";
    /// The versions of a notice, the newest first.
    pub NOTICE_VERSIONS = "SELECT id, version, purpose, language, title, text, hash, at FROM privacy_notice \
        WHERE id = ?1 ORDER BY version DESC";
    /// Every notice as it is now.
    pub NOTICES = "SELECT id, version, purpose, language, title, text, hash, at FROM privacy_notice n \
        WHERE version = (SELECT MAX(version) FROM privacy_notice m WHERE m.id = n.id) ORDER BY purpose, language, id";
    /// How many notices there are.
    pub NOTICES_COUNT = "SELECT COUNT(*) FROM privacy_notice WHERE version = 1";
}
