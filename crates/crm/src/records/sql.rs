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
    /// Up to 64 records; a place that is not needed repeats an id.
    pub FIND_64 = store::in_64!("SELECT id, doc, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, kept_until, law, \
        facts, vault_key, leaf, open, sealed FROM record WHERE id IN (", ")");
    /// Which of up to 64 records are readable.
    pub READABLE = store::in_64!("SELECT id FROM record WHERE id IN (", ") AND state IN ('live', 'restricted')");
    /// Where up to 64 records point to, as the role ?65.
    pub LINKS_FROM_EACH = store::in_64!("SELECT from_id, to_id FROM link WHERE from_id IN (", ") AND role = ?65 ORDER BY from_id, to_id");
    /// What points to up to 64 records, as the role ?65.
    pub LINKS_TO_EACH = store::in_64!("SELECT to_id, from_id FROM link WHERE to_id IN (", ") AND role = ?65 ORDER BY to_id, from_id");
    /// What stands on up to 64 deals and orders: their lines.
    pub LINES_64 = store::in_64!("SELECT l.to_id, l.from_id FROM link l JOIN record r ON r.id = l.from_id WHERE l.to_id IN (",
        ") AND l.role IN ('deal', 'order') AND r.kind = 'line' AND r.state IN ('live', 'restricted') AND r.usable <> 0 ORDER BY l.to_id, l.from_id");
    /// A record's next version.
    pub UPDATE = "UPDATE record SET owner = ?2, version = ?3, updated = ?4, decide_after = ?4, law = ?5, facts = ?6, leaf = ?7, open = ?8, sealed = ?9 WHERE id = ?1";
    /// The version that a record had.
    pub VERSION_KEEP = "INSERT INTO record_version (record, version, updated, vault_key, leaf, open, sealed) \
        SELECT id, version, updated, vault_key, leaf, open, sealed FROM record WHERE id = ?1";
    /// Earlier versions, newest first.
    pub VERSIONS = "SELECT version, updated, vault_key, leaf, open, sealed FROM record_version WHERE record = ?1 ORDER BY version DESC";
    /// Earlier versions of up to 64 records, newest first.
    pub VERSIONS_64 = store::in_64!("SELECT record, version, updated, vault_key, leaf, open, sealed FROM record_version WHERE record IN (",
        ") ORDER BY record, version DESC");
    /// When each earlier version was made, and its open fields, the oldest first.
    pub VERSIONS_OPEN = "SELECT updated, open FROM record_version WHERE record = ?1 ORDER BY version";
    /// One earlier version.
    pub VERSION_FIND = "SELECT version, updated, vault_key, leaf, open, sealed FROM record_version WHERE record = ?1 AND version = ?2";
    /// A record whose current version was sealed again.
    pub RESEAL = "UPDATE record SET vault_key = ?3, open = ?4, sealed = ?5 WHERE id = ?1 AND version = ?2";
    /// An earlier version likewise.
    pub RESEAL_VERSION = "UPDATE record_version SET vault_key = ?3, open = ?4, sealed = ?5 WHERE record = ?1 AND version = ?2";
    /// How many records there are of a kind.
    pub OF_KIND_COUNT = "SELECT COUNT(*) FROM record WHERE kind = ?1";
    /// The records of a kind, by id.
    pub OF_KIND = "SELECT id FROM record WHERE kind = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
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
    /// The latest that point to a record, apart from what its timeline tells of.
    pub RELATED = "SELECT DISTINCT l.from_id FROM link l JOIN record r ON r.id = l.from_id WHERE l.to_id = ?1 \
        AND r.kind NOT IN ('message', 'note', 'file', 'web_event', 'line') AND r.state IN ('live', 'restricted') AND r.usable <> 0 ORDER BY l.from_id DESC LIMIT ?2";
    /// The place of a record in lists by name.
    pub SORT_INSERT = "INSERT INTO name_sort (record, kind, prefix) VALUES";
    /// Its new place.
    pub SORT_UPDATE = "UPDATE name_sort SET prefix = ?2 WHERE record = ?1";
    /// Whether some record of a kind stands behind a longer prefix than ?2 that begins with it: that bucket was lengthened.
    pub SORT_LONGER = "SELECT prefix FROM name_sort WHERE kind = ?1 AND prefix > ?2 AND prefix < ?3 ORDER BY prefix LIMIT 1";
    /// An entry of somebody's timeline.
    pub TIMELINE_INSERT = "INSERT INTO timeline (subject, at, entry, record, what) VALUES";
    /// Whether a record exists, of which kind, under which key and law.
    pub HEAD = "SELECT kind, vault_key, law, state, facts FROM record WHERE id = ?1";
    /// What was merged into a record, and into what was merged into it.
    pub MERGED_INTO = "SELECT other FROM merged WHERE root = ?1 AND undone IS NULL ORDER BY other";
    /// Which of up to 64 records were merged, and where they are now.
    pub MERGED_64 = store::in_64!("SELECT other, root FROM merged WHERE other IN (", ") AND undone IS NULL");
    /// What a record may be used for.
    pub USABLE = "UPDATE record SET usable = ?2 WHERE id = ?1";
    /// What retention and others noted of a record without making a version.
    pub FACTS_NOTE = "UPDATE record SET facts = ?2 WHERE id = ?1";
    /// Closes what is kept about somebody, of one kind, for the purposes outside a set.
    pub USABLE_ABOUT = "UPDATE record SET usable = usable & ?3 WHERE kind = ?2 AND id IN (SELECT from_id FROM link WHERE to_id = ?1)";
    /// Restricted records of a kind about somebody.
    pub RESTRICTED_ABOUT = "SELECT r.id FROM link l JOIN record r ON r.id = l.from_id WHERE l.to_id = ?1 AND r.kind = ?2 AND r.state = 'restricted'";
    /// Its place in lists by name is given up.
    pub SORT_GONE = "DELETE FROM name_sort WHERE record = ?1";
    /// A blob with equal bytes that a readable record refers to.
    pub BLOB_SHARED = "SELECT b.id, b.name, b.size FROM blob b JOIN blob_ref f ON f.blob = b.id JOIN record r ON r.id = f.record \
        WHERE b.share = ?1 AND r.state IN ('live', 'restricted') LIMIT 1";
    /// A fresh blob.
    pub BLOB_INSERT = "INSERT INTO blob (id, name, size, share, created) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING";
    /// A reference to a blob.
    pub BLOB_REF_INSERT = "INSERT INTO blob_ref (record, blob, role, wrapped) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (record, blob) DO NOTHING";
    /// A reference under the record's new key.
    pub BLOB_REF_UPDATE = "UPDATE blob_ref SET wrapped = ?3 WHERE record = ?1 AND blob = ?2";
    /// A blob's wrapped keys under the readable records that refer to it.
    pub BLOB_REFS = "SELECT r.vault_key, f.wrapped FROM blob b JOIN blob_ref f ON f.blob = b.id JOIN record r ON r.id = f.record \
        WHERE b.id = ?1 AND r.state IN ('live', 'restricted') LIMIT 5";
    /// The blobs that a record refers to.
    pub BLOBS_OF = "SELECT b.id, b.name, b.size, f.role FROM blob_ref f JOIN blob b ON b.id = f.blob WHERE f.record = ?1 ORDER BY f.role, b.id";
    /// The blobs that up to 64 records refer to.
    pub BLOBS_64 = store::in_64!("SELECT b.id, b.name, b.size, f.role, f.record FROM blob_ref f JOIN blob b ON b.id = f.blob WHERE f.record IN (",
        ") ORDER BY f.record, f.role, b.id");
    /// One of them, with its wrapped key.
    pub BLOB_OF = "SELECT b.id, b.name, b.size, f.role, f.wrapped FROM blob_ref f JOIN blob b ON b.id = f.blob WHERE f.record = ?1 AND f.blob = ?2";
    /// The wrapped keys of a record's blobs.
    pub BLOB_WRAPS = "SELECT blob, wrapped FROM blob_ref WHERE record = ?1";
    /// All references of a record.
    pub BLOB_REFS_DELETE = "DELETE FROM blob_ref WHERE record = ?1";
    /// A blob that nothing refers to.
    pub BLOB_DELETE = "DELETE FROM blob WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM blob_ref WHERE blob = ?1)";
    /// The names of all blobs.
    pub BLOB_NAMES = "SELECT name FROM blob";
    /// Runs that are not over.
    pub BATCHES_RUNNING = "SELECT id FROM batch WHERE state = 'running'";
    /// A setting.
    pub SETTING_FIND = "SELECT value FROM setting WHERE name = ?1";
    /// A setting's new value.
    pub SETTING_PUT = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    /// What a request with this key and body was answered with.
    pub ONCE_FIND = "SELECT body, ids FROM idempotency WHERE hash = ?1 AND expires > ?2";
    /// Keeps it. A row past its time gives way.
    pub ONCE_KEEP = "INSERT INTO idempotency (hash, body, status, ids, expires) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (hash) DO NOTHING";
    /// Forgets those past their time.
    pub ONCE_SWEEP = "DELETE FROM idempotency WHERE expires <= ?1";
    /// Forgets one past its time.
    pub ONCE_FORGET = "DELETE FROM idempotency WHERE hash = ?1 AND expires <= ?2";
}
