//! The statements of exports.

store::statements! {
    /// An export that was asked for; its order is sealed beside it.
    pub INSERT = "INSERT INTO artifact (id, kind, job, actor, blob_name, size, expires, request, vault_key, detail) \
        VALUES (?1, 'export', ?2, ?3, ?4, 0, ?5, NULL, ?6, ?7)";
    /// One export.
    pub FIND = "SELECT job, actor, blob_name, size, expires, vault_key, detail FROM artifact WHERE id = ?1 AND kind = 'export'";
    /// It is whole.
    pub READY = "UPDATE artifact SET size = ?2 WHERE id = ?1";
}
