//! The statements of service targets.

store::statements! {
    /// What is in force.
    pub LATEST = "SELECT version, at, actor, body FROM service_target ORDER BY version DESC LIMIT 1";
    /// What was in force, the latest first.
    pub SET_BEFORE = "SELECT version, at, actor, body FROM service_target ORDER BY version DESC LIMIT ?1";
    /// From now on this.
    pub INSERT = "INSERT INTO service_target (version, at, actor, body) VALUES (?1, ?2, ?3, ?4)";
    /// A setting.
    pub SETTING_FIND = "SELECT value FROM setting WHERE name = ?1";
}
