//! The statements of lists; what a list asks itself is built in [`super::page`].

store::statements! {
    /// The prefixes of a kind that more names than ?2 share.
    pub CROWDED = "SELECT prefix FROM name_sort WHERE kind = ?1 GROUP BY prefix HAVING COUNT(*) > ?2 ORDER BY prefix";
    /// Some records behind a prefix, after one.
    pub BEHIND = "SELECT record FROM name_sort WHERE kind = ?1 AND prefix = ?2 AND record > ?3 ORDER BY record LIMIT ?4";
    /// A saved view.
    pub SAVED_FIND = "SELECT id, kind, staff, shared, version, updated, vault_key, sealed FROM list_view WHERE id = ?1";
    /// Every saved view, in the order in which they are locked.
    pub SAVED_ALL = "SELECT id, kind, staff, shared, version, updated, vault_key, sealed FROM list_view ORDER BY id";
    /// Somebody's own views; of one kind, or of all when ?2 is empty.
    pub SAVED_OWN = "SELECT id, kind, staff, shared, version, updated, vault_key, sealed FROM list_view \
        WHERE staff = ?1 AND (?2 = '' OR kind = ?2) ORDER BY id LIMIT ?3";
    /// The views that others share; of one kind, or of all when ?2 is empty.
    pub SAVED_SHARED = "SELECT id, kind, staff, shared, version, updated, vault_key, sealed FROM list_view \
        WHERE shared AND staff <> ?1 AND (?2 = '' OR kind = ?2) ORDER BY id LIMIT ?3";
    /// How many views somebody has of a kind.
    pub SAVED_COUNT = "SELECT COUNT(*) FROM list_view WHERE staff = ?1 AND kind = ?2";
    /// Saves a view.
    pub SAVED_INSERT = "INSERT INTO list_view (id, kind, staff, shared, version, updated, vault_key, sealed) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// Changes one.
    pub SAVED_UPDATE = "UPDATE list_view SET shared = ?2, version = ?3, updated = ?4, sealed = ?5 WHERE id = ?1";
    /// Seals one again under another key.
    pub SAVED_RESEAL = "UPDATE list_view SET version = ?2, updated = ?3, vault_key = ?4, sealed = ?5 WHERE id = ?1";
    /// Deletes one.
    pub SAVED_DELETE = "DELETE FROM list_view WHERE id = ?1";
    /// What opens first: of somebody, and of everybody.
    pub DEFAULTS = "SELECT holder, kind, list_view FROM list_default WHERE holder IN (?1, ?2)";
    /// Sets what opens first.
    pub DEFAULT_SET = "INSERT INTO list_default (holder, kind, list_view) VALUES (?1, ?2, ?3) \
        ON CONFLICT (holder, kind) DO UPDATE SET list_view = excluded.list_view";
    /// A view opens first for its holder no longer.
    pub DEFAULT_UNSET = "DELETE FROM list_default WHERE holder = ?1 AND list_view = ?2";
    /// Nor for anybody but one.
    pub DEFAULT_UNSET_OTHERS = "DELETE FROM list_default WHERE list_view = ?1 AND holder <> ?2";
    /// Nor for anybody.
    pub DEFAULT_UNSET_ALL = "DELETE FROM list_default WHERE list_view = ?1";
}
