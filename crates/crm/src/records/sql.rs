//! The statements of records.

store::statements! {
    /// A fresh record.
    pub INSERT = "INSERT INTO record (id, doc, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, \
        kept_until, law, facts, vault_key, leaf, open, sealed) VALUES";
    /// One record.
    pub FIND = "SELECT id, doc, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, kept_until, law, \
        facts, vault_key, leaf, open, sealed FROM record WHERE id = ?1";
    /// The record with this row number of the token index.
    pub FIND_BY_DOC = "SELECT id, doc, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, kept_until, law, \
        facts, vault_key, leaf, open, sealed FROM record WHERE doc = ?1";
    /// A record's next version.
    pub UPDATE = "UPDATE record SET owner = ?2, version = ?3, updated = ?4, decide_after = ?4, law = ?5, facts = ?6, leaf = ?7, open = ?8, sealed = ?9 WHERE id = ?1";
    /// The version that a record had.
    pub VERSION_KEEP = "INSERT INTO record_version (record, version, updated, vault_key, leaf, open, sealed) \
        SELECT id, version, updated, vault_key, leaf, open, sealed FROM record WHERE id = ?1";
    /// Earlier versions, newest first.
    pub VERSIONS = "SELECT version, updated, vault_key, leaf, open, sealed FROM record_version WHERE record = ?1 ORDER BY version DESC";
    /// One earlier version.
    pub VERSION_FIND = "SELECT version, updated, vault_key, leaf, open, sealed FROM record_version WHERE record = ?1 AND version = ?2";
    /// Sortable and filterable open fields.
    pub FACET_INSERT = "INSERT INTO record_facet (record, field, n, t) VALUES";
    /// All of a record's.
    pub FACET_DELETE = "DELETE FROM record_facet WHERE record = ?1";
    /// Links from a record.
    pub LINK_INSERT = "INSERT INTO link (from_id, role, to_id) VALUES";
    /// All links from a record.
    pub LINK_DELETE = "DELETE FROM link WHERE from_id = ?1";
    /// Where a record points to.
    pub LINKS_FROM = "SELECT role, to_id FROM link WHERE from_id = ?1 ORDER BY role, to_id";
    /// What points to a record.
    pub LINKS_TO = "SELECT role, from_id FROM link WHERE to_id = ?1 ORDER BY role, from_id";
    /// The place of a record in lists by name.
    pub SORT_INSERT = "INSERT INTO name_sort (record, kind, prefix) VALUES";
    /// Its new place.
    pub SORT_UPDATE = "UPDATE name_sort SET prefix = ?2 WHERE record = ?1";
    /// An entry of somebody's timeline.
    pub TIMELINE_INSERT = "INSERT INTO timeline (subject, at, entry, record, what) VALUES";
    /// Whether a record exists, of which kind, under which key and law.
    pub HEAD = "SELECT kind, vault_key, law, state FROM record WHERE id = ?1";
}
