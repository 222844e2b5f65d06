//! The statements of segments.

store::statements! {
    /// A fresh segment.
    pub INSERT = "INSERT INTO segment (id, list_view, staff, purpose, created, version) VALUES (?1, ?2, ?3, ?4, ?5, 1)";
    /// One segment whose view is there.
    pub FIND = "SELECT s.id, s.list_view, s.purpose, s.created, s.version FROM segment s JOIN list_view v ON v.id = s.list_view WHERE s.id = ?1";
    /// Those whose view is somebody's own or shared.
    pub VISIBLE = "SELECT s.id, s.list_view, s.purpose, s.created, s.version FROM segment s JOIN list_view v ON v.id = s.list_view \
        WHERE v.staff = ?1 OR v.shared ORDER BY s.created, s.id";
    /// Whether a view is one for a purpose already.
    pub SAME = "SELECT id FROM segment WHERE list_view = ?1 AND purpose = ?2";
    /// Another view.
    pub UPDATE = "UPDATE segment SET list_view = ?2, version = version + 1 WHERE id = ?1";
    /// It goes.
    pub DELETE = "DELETE FROM segment WHERE id = ?1";
    /// Those whose view went.
    pub DELETE_LEFT = "DELETE FROM segment WHERE NOT EXISTS (SELECT 1 FROM list_view v WHERE v.id = segment.list_view)";
}
