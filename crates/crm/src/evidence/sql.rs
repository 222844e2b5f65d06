//! The statements of evidence.

store::statements! {
    /// A portion of leaves.
    pub LEAVES = "SELECT idx, hash, data, unit, record, version FROM leaf WHERE idx >= ?1 AND idx < ?2 ORDER BY idx";
    /// The boxes of current versions that a portion of leaves is about.
    pub CURRENT = "SELECT l.idx, r.kind, r.vault_key, r.updated, r.open, r.sealed, r.created, r.owner, r.team, r.law, r.class, r.facts FROM leaf l \
        JOIN record r ON r.id = l.record AND r.version = l.version WHERE l.idx >= ?1 AND l.idx < ?2";
    /// The boxes of earlier versions that a portion of leaves is about.
    pub EARLIER = "SELECT l.idx, r.kind, v.vault_key, v.updated, v.open, v.sealed FROM leaf l \
        JOIN record_version v ON v.record = l.record AND v.version = l.version LEFT JOIN record r ON r.id = l.record WHERE l.idx >= ?1 AND l.idx < ?2";
    /// The leaves of the versions before those of a portion of leaves.
    pub PREVIOUS = "SELECT l.idx, p.hash FROM leaf l JOIN leaf p ON p.record = l.record AND p.version = l.version - 1 \
        WHERE l.idx >= ?1 AND l.idx < ?2 AND l.version > 1 AND p.idx < l.idx ORDER BY l.idx, p.idx";
    /// What was ordered to be destroyed of what a portion of leaves is about.
    pub ITEMS = "SELECT l.idx, i.destroy_order, i.vault_key, i.fields FROM leaf l JOIN destroy_item i ON i.record = l.record \
        WHERE l.idx >= ?1 AND l.idx < ?2 ORDER BY l.idx, i.destroy_order";
    /// What was proposed and approved.
    pub PROPOSAL = "SELECT body FROM proposal WHERE id = ?1";
    /// One order with its certificate.
    pub ORDER = "SELECT o.state, o.body, o.leaf, c.body, c.leaf FROM destroy_order o LEFT JOIN certificate c ON c.destroy_order = o.id WHERE o.id = ?1";
    /// The events of a portion of leaves.
    pub EVENTS = "SELECT id, at, name, actor, day_key, sealed FROM event WHERE id IN (SELECT unit FROM leaf WHERE idx >= ?1 AND idx < ?2)";
    /// The signed heads within a portion.
    pub CHECKPOINTS = "SELECT size, at, note FROM checkpoint WHERE size > ?1 AND size <= ?2 ORDER BY size";
    /// Full tiles of one level within a portion.
    pub TILES = "SELECT idx, hashes FROM tile WHERE level = ?1 AND idx >= ?2 AND idx < ?3 ORDER BY idx";
    /// How many full tiles are stored.
    pub TILE_COUNT = "SELECT COUNT(*) FROM tile";
    /// The head as stored.
    pub HEAD = "SELECT size, root, frontier, at FROM tree WHERE id = 1";
    /// What stands beyond the head.
    pub BEYOND = "SELECT (SELECT COUNT(*) FROM leaf WHERE idx >= ?1 OR idx < 0), (SELECT COUNT(*) FROM checkpoint WHERE size > ?1 OR size <= 0)";
    /// How many signed heads are stored.
    pub CHECKPOINT_COUNT = "SELECT COUNT(*) FROM checkpoint";
    /// The signed head at one size.
    pub CHECKPOINT_AT = "SELECT at, note FROM checkpoint WHERE size = ?1";
    /// The newest signed head.
    pub CHECKPOINT_LAST = "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1";
    /// Every leaf of a version, oldest first.
    pub LEAVES_OF_VERSION = "SELECT idx, hash, data FROM leaf WHERE record = ?1 AND version = ?2 ORDER BY idx";
    /// A leaf by its hash.
    pub LEAF_BY_HASH = "SELECT idx, data, unit, record, version FROM leaf WHERE hash = ?1 ORDER BY idx LIMIT 1";
    /// Whether a leaf waits for its place.
    pub PENDING = "SELECT hash, record, version, data FROM leaf_pending";
    /// How many leaves wait for their place.
    pub PENDING_COUNT = "SELECT COUNT(*) FROM leaf_pending";
    /// The newest events.
    pub EVENTS_LATEST = "SELECT id FROM event ORDER BY id DESC LIMIT ?1";
    /// A portion of records.
    pub RECORDS = "SELECT id, doc, kind, version, state, captured, updated, leaf, open, LENGTH(sealed), facts FROM record WHERE id > ?1 ORDER BY id LIMIT ?2";
    /// The leaves of a span of records.
    pub LEAVES_OF_SPAN = "SELECT l.record, l.version, l.idx, l.hash, l.data FROM leaf l JOIN record r ON r.id = l.record \
        WHERE r.id > ?1 AND r.id <= ?2 ORDER BY l.record, l.idx";
    /// The earlier versions of a span of records.
    pub VERSIONS_OF_SPAN = "SELECT record, version, leaf FROM record_version WHERE record > ?1 AND record <= ?2 ORDER BY record, version";
    /// The facets of a span of records.
    pub FACETS_OF_SPAN = "SELECT record, field, n, t FROM record_facet WHERE record > ?1 AND record <= ?2 ORDER BY record, field";
    /// The links of a span of records.
    pub LINKS_OF_SPAN = "SELECT from_id, role, to_id FROM link WHERE from_id > ?1 AND from_id <= ?2 ORDER BY from_id, role, to_id";
    /// Those of a span of records that an order destroyed fields of.
    pub LESSENED_OF_SPAN = "SELECT record FROM destroy_item WHERE record > ?1 AND record <= ?2 AND fields <> '[]'";
    /// Earlier versions of nothing.
    pub STRAY_VERSIONS = "SELECT v.record, v.version FROM record_version v WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.id = v.record) LIMIT 100";
    /// Facets of nothing.
    pub STRAY_FACETS = "SELECT f.record, f.field FROM record_facet f WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.id = f.record) LIMIT 100";
    /// Links of nothing.
    pub STRAY_LINKS = "SELECT l.from_id, l.role FROM link l WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.id = l.from_id) LIMIT 100";
    /// A portion of events with whether a leaf is about them.
    pub EVENT_ROWS = "SELECT e.id, e.stream, e.seq, e.chain, (SELECT MIN(l.idx) FROM leaf l WHERE l.unit = e.id) FROM event e WHERE e.id > ?1 ORDER BY e.id LIMIT ?2";
    /// What people said, by portions.
    pub CONSENTS = "SELECT person, id, purpose, act, at, ends, channel, notice, notice_version, evidence, unit FROM consent \
        WHERE (person, id) > (?1, ?2) ORDER BY person, id LIMIT ?3";
    /// What was said by a span of people, and by those who were merged into them.
    pub CONSENTS_OF_SPAN = "SELECT person, purpose, act, at, ends, notice FROM consent WHERE person > ?1 AND person <= ?2 \
        UNION ALL SELECT m.root, c.purpose, c.act, c.at, c.ends, c.notice FROM consent c JOIN merged m ON m.other = c.person \
        WHERE m.root > ?3 AND m.root <= ?4 AND m.undone IS NULL";
    /// An event, as its row says.
    pub EVENT_ROW = "SELECT id, at, name, actor, day_key, sealed FROM event WHERE id = ?1";
    /// Events of what was said whose entry is not there.
    pub CONSENTS_LOST = "SELECT e.id FROM event e WHERE e.name IN ('consent.requested', 'consent.given', 'consent.refused', 'consent.withdrawn', \
        'consent.objected', 'consent.lifted') AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.unit = e.id)";
    /// People in use, what they may be used for, after one of them.
    pub USABLE = "SELECT r.id, r.usable FROM record r WHERE r.id > ?1 AND r.kind = ?2 AND r.state = 'live' \
        AND NOT EXISTS (SELECT 1 FROM merged m WHERE m.other = r.id AND m.undone IS NULL) ORDER BY r.id LIMIT ?3";
    /// Units whose leaves wait.
    pub PENDING_UNITS = "SELECT DISTINCT unit FROM leaf_pending";
    /// The streams of read events.
    pub STREAMS = "SELECT id, opened, closed, seq, chain, leafed FROM stream ORDER BY id";
    /// Streams that events or leaves name and that are not there.
    pub STRAY_STREAMS = "SELECT DISTINCT e.stream FROM event e WHERE e.stream IS NOT NULL AND NOT EXISTS (SELECT 1 FROM stream s WHERE s.id = e.stream) LIMIT 100";
    /// The leaves of one stream.
    pub STREAM_LEAVES = "SELECT idx, data, version, unit FROM leaf WHERE record = ?1 ORDER BY idx";
    /// A portion of a stream's events.
    pub STREAM_EVENTS = "SELECT id, at, name, actor, seq, chain, day_key, sealed FROM event WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    /// One stream.
    pub STREAM = "SELECT seq, chain, leafed FROM stream WHERE id = ?1";
    /// Day keys.
    pub DAY_KEYS = "SELECT day, class, vault_key FROM day_key ORDER BY day, class";
    /// Orders.
    pub ORDERS = "SELECT id, at, state, body, leaf FROM destroy_order ORDER BY id";
    /// Certificates.
    pub CERTIFICATES = "SELECT destroy_order, at, body, leaf FROM certificate ORDER BY destroy_order";
    /// The newest signed head with its size.
    pub NEWEST = "SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1";
    /// The leaves about a record or an order, oldest first.
    pub LEAVES_ABOUT = "SELECT idx, hash, data, unit, version FROM leaf WHERE record = ?1 ORDER BY idx";
    /// The orders about a record.
    pub ORDERS_OF_RECORD = "SELECT destroy_order FROM destroy_item WHERE record = ?1 ORDER BY destroy_order";
    /// What an actor did.
    pub EVENTS_OF_ACTOR = "SELECT at, id FROM event WHERE actor = ?1 AND (at, id) > (?2, ?3) AND at < ?4 ORDER BY at, id LIMIT ?5";
    /// The events that the index has of up to 64 records.
    pub EVENTS_OF_RECORDS = store::in_64!("SELECT DISTINCT event FROM event_record WHERE record IN (", ")");
    /// The indexed events about a record.
    pub EVENTS_OF_RECORD = "SELECT at, event FROM event_record WHERE record = ?1 AND (at, event) > (?2, ?3) AND at < ?4 ORDER BY at, event LIMIT ?5";
    /// The newest indexed events about a record.
    pub EVENTS_OF_RECORD_LATEST = "SELECT event FROM event_record WHERE record = ?1 ORDER BY at DESC, event DESC LIMIT ?2";
    /// The newest events that the index does not cover.
    pub EVENTS_AFTER_LATEST = "SELECT id FROM event WHERE id > ?1 ORDER BY id DESC LIMIT ?2";
    /// Whether an order is there.
    pub ORDER_THERE = "SELECT 1 FROM destroy_order WHERE id = ?1";
    /// What an event is called.
    pub EVENT_NAME = "SELECT name FROM event WHERE id = ?1";
    /// Events that the index does not cover.
    pub EVENTS_AFTER = "SELECT id FROM event WHERE id > ?1 ORDER BY id LIMIT ?2";
    /// The next events to index.
    pub EVENTS_BETWEEN = "SELECT id FROM event WHERE id > ?1 AND id < ?2 ORDER BY id LIMIT ?3";
    /// Indexes an event under a record.
    pub EVENT_RECORD_INSERT = "INSERT INTO event_record (record, at, event) VALUES (?1, ?2, ?3) ON CONFLICT (record, at, event) DO NOTHING";
    /// The newest events by which somebody read records, among their newest 400 of any kind.
    pub READ_BY = "SELECT id, at FROM (SELECT id, at, name FROM event WHERE actor = ?1 ORDER BY at DESC LIMIT 400) newest \
        WHERE name = 'record.read' ORDER BY at DESC LIMIT ?2";
    /// A setting.
    pub SETTING = "SELECT value FROM setting WHERE name = ?1";
}

/// The statements of evidence on the vault.
pub mod vault_sql {
    store::statements! {
        /// The newest anchor in the journal.
        pub ANCHOR = "SELECT id, at, sealed FROM journal WHERE what = 'checkpoint' ORDER BY at DESC, id DESC LIMIT 1";
        /// Earlier anchors.
        pub ANCHORS_DELETE = "DELETE FROM journal WHERE what = 'checkpoint' AND id <> ?1";
        /// Every tombstone.
        pub TOMBSTONES = "SELECT id, at, destroy_order FROM tombstone WHERE id > ?1 ORDER BY id LIMIT ?2";
        /// What tombstones name, each once.
        pub TOMBSTONES_NAME = "SELECT DISTINCT destroy_order FROM tombstone WHERE destroy_order > ?1 ORDER BY destroy_order LIMIT ?2";
        /// Gives tombstones another order or event.
        pub TOMBSTONES_ADOPT = "UPDATE tombstone SET destroy_order = ?2 WHERE destroy_order = ?1";
        /// Keys that are there although their tombstone says otherwise.
        pub UNDEAD = "SELECT k.id FROM vault_key k JOIN tombstone t ON t.id = k.id LIMIT 100";
    }
}
