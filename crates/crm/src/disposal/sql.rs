//! The statements of disposal.

store::statements! {
    /// Withdraws a record from sight: its destruction was ordered.
    pub DESTROYING = "UPDATE record SET state = 'destroying', usable = 0, decide_after = ?2 WHERE id = ?1";
    /// What it looked like.
    pub PAIRS_DELETE = "DELETE FROM duplicate WHERE a = ?1 OR b = ?1";
    /// Its place in lists by name.
    pub SORT_DELETE = "DELETE FROM name_sort WHERE record = ?1";
    /// Its timeline, and its entries in those of others.
    pub TIMELINE_DELETE = "DELETE FROM timeline WHERE subject = ?1 OR record = ?1";
    /// What people were told of it.
    pub NOTICE_DELETE = "DELETE FROM notice WHERE record = ?1";
    /// One subject's entries about a record.
    pub TIMELINE_DELETE_OF = "DELETE FROM timeline WHERE subject = ?1 AND record = ?2";
    /// The keys of a record's earlier versions.
    pub VERSION_KEYS = "SELECT DISTINCT vault_key FROM record_version WHERE record = ?1";
    /// The leaves about a record that stand in the tree.
    pub LEAVES = "SELECT version, hash, data, idx, unit, 0 FROM leaf WHERE record = ?1 ORDER BY idx";
    /// Those that wait for their place.
    pub LEAVES_PENDING = "SELECT version, hash, data, at, unit, n FROM leaf_pending WHERE record = ?1 ORDER BY at, unit, n";
    /// A fresh order.
    pub ORDER_INSERT = "INSERT INTO destroy_order (id, at, state, cause, request, body, leaf) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    /// A fresh proposal.
    pub PROPOSAL_INSERT = "INSERT INTO proposal (id, at, state, cause, body) VALUES (?1, ?2, 'open', ?3, ?4)";
    /// It is approved, ordered or taken back.
    pub PROPOSAL_UPDATE = "UPDATE proposal SET state = ?2, body = ?3 WHERE id = ?1";
    /// One proposal.
    pub PROPOSAL_FIND = "SELECT id, at, state, cause, body FROM proposal WHERE id = ?1";
    /// The proposals that wait for approvals or for being ordered.
    pub PROPOSALS = "SELECT id, at, state, cause, body FROM proposal WHERE state = 'open' ORDER BY id DESC LIMIT 500";
    /// Those before one of them.
    pub PROPOSALS_BEFORE = "SELECT id, at, state, cause, body FROM proposal WHERE state = 'open' AND id < ?1 ORDER BY id DESC LIMIT ?2";
    /// An order's next state.
    pub ORDER_STATE = "UPDATE destroy_order SET state = ?2 WHERE id = ?1";
    /// One order.
    pub ORDER_FIND = "SELECT id, at, state, cause, request, body, leaf FROM destroy_order WHERE id = ?1";
    /// Orders that are not carried out.
    pub ORDERS_OPEN = "SELECT id FROM destroy_order WHERE state IN ('ordered', 'shredded', 'emptied') ORDER BY id LIMIT 1000";
    /// The newest orders.
    pub ORDERS = "SELECT o.id, o.at, o.state, o.cause, o.request, c.at FROM destroy_order o LEFT JOIN certificate c ON c.destroy_order = o.id \
        ORDER BY o.id DESC LIMIT ?1";
    /// What an order covers.
    pub ITEM_INSERT = "INSERT INTO destroy_item (destroy_order, record, doc, vault_key, fields) VALUES";
    /// See [`ITEM_INSERT`].
    pub ITEMS = "SELECT record, fields, doc, vault_key FROM destroy_item WHERE destroy_order = ?1 ORDER BY record";
    /// A record without anything in it.
    pub EMPTY = "UPDATE record SET state = 'gone', owner = NULL, team = NULL, kept_until = NULL, law = '', facts = '{}', open = '{}', sealed = ?2 WHERE id = ?1";
    /// Its earlier versions likewise.
    pub EMPTY_VERSIONS = "UPDATE record_version SET open = '{}', sealed = ?2 WHERE record = ?1";
    /// The sealed bytes a record refers to.
    pub BLOBS = "SELECT b.id, b.name FROM blob_ref r JOIN blob b ON b.id = r.blob WHERE r.record = ?1 ORDER BY b.id";
    /// Whether a blob is still known.
    pub BLOB_KNOWN = "SELECT 1 FROM blob WHERE id = ?1";
    /// Keeps an address from coming back.
    pub SUPPRESS = "INSERT INTO suppression (hash, at, destroy_order) VALUES (?1, ?2, ?3) ON CONFLICT (hash) DO NOTHING";
    /// Whether an address was erased.
    pub SUPPRESSED = "SELECT 1 FROM suppression WHERE hash = ?1";
    /// A fresh certificate.
    pub CERTIFICATE_INSERT = "INSERT INTO certificate (destroy_order, at, body, leaf) VALUES (?1, ?2, ?3, ?4)";
    /// An order's certificate.
    pub CERTIFICATE_FIND = "SELECT at, body, leaf FROM certificate WHERE destroy_order = ?1";
    /// Certificates before one of them, the newest first.
    pub CERTIFICATES_BEFORE = "SELECT o.id, c.at, o.cause, o.request FROM certificate c JOIN destroy_order o ON o.id = c.destroy_order \
        WHERE c.destroy_order < ?1 ORDER BY c.destroy_order DESC LIMIT ?2";
    /// Whose request it is.
    pub REQUEST_PERSON = "SELECT person FROM request WHERE id = ?1";
    /// Whether an import made a record.
    pub BATCH_MADE = "SELECT 1 FROM batch_item WHERE batch = ?1 AND record = ?2";
    /// Every version of a record as it is sealed now.
    pub VERSIONS_NOW = "SELECT version, vault_key, open, sealed FROM record WHERE id = ?1 \
        UNION ALL SELECT version, vault_key, open, sealed FROM record_version WHERE record = ?1";
    /// Nothing in it identifies anybody any more.
    pub ANONYMISED = "UPDATE record SET facts = ?2 WHERE id = ?1";
}
