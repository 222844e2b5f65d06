//! The statements of dashboards.

store::statements! {
    /// A fresh dashboard.
    pub INSERT = "INSERT INTO dashboard (id, staff, team, shared, version, updated, vault_key, sealed) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, ?7)";
    /// One dashboard.
    pub FIND = "SELECT id, staff, team, shared, version, updated, vault_key, sealed FROM dashboard WHERE id = ?1";
    /// Those that somebody may see: their own, those of their team, those of everybody.
    pub VISIBLE = "SELECT id, staff, team, shared, version, updated, vault_key, sealed FROM dashboard \
        WHERE staff = ?1 OR shared = 'all' OR (shared = 'team' AND team = ?2) ORDER BY updated DESC, id LIMIT ?3";
    /// How many somebody has.
    pub COUNT = "SELECT COUNT(*) FROM dashboard WHERE staff = ?1";
    /// Its next version.
    pub UPDATE = "UPDATE dashboard SET team = ?2, shared = ?3, version = ?4, updated = ?5, sealed = ?6 WHERE id = ?1";
    /// It goes.
    pub DELETE = "DELETE FROM dashboard WHERE id = ?1";
    /// Which stands on somebody's desk.
    pub HOME = "SELECT dashboard FROM dashboard_home WHERE staff = ?1";
    /// This one does.
    pub HOME_SET = "INSERT INTO dashboard_home (staff, dashboard) VALUES (?1, ?2) ON CONFLICT (staff) DO UPDATE SET dashboard = excluded.dashboard";
    /// None does.
    pub HOME_UNSET = "DELETE FROM dashboard_home WHERE staff = ?1";
    /// It stands on nobody's.
    pub HOME_GONE = "DELETE FROM dashboard_home WHERE dashboard = ?1";
}
