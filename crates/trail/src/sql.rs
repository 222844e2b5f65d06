//! The trail's statements.

store::statements! {
    /// A fresh event.
    pub EVENT_INSERT = "INSERT INTO event (id, at, name, actor, stream, seq, chain, day_key, sealed) VALUES";
    /// Up to 64 events.
    pub EVENTS_64 = store::in_64!("SELECT id, day_key, sealed FROM event WHERE id IN (", ")");
    /// A leaf that waits for its place.
    pub PENDING_INSERT = "INSERT INTO leaf_pending (unit, n, at, event_box, hash, data, record, version) VALUES";
    /// The next batch of leaves.
    pub PENDING_TAKE = "DELETE FROM leaf_pending WHERE (unit, n) IN (SELECT unit, n FROM leaf_pending ORDER BY at, unit, n LIMIT ?1) \
        RETURNING at, unit, n, event_box, hash, data, record, version";
    /// Leaves in their place.
    pub LEAF_INSERT = "INSERT INTO leaf (idx, hash, data, unit, record, version) VALUES";
    /// The tree's head.
    pub TREE = "SELECT size, frontier, holder, fence, lease_until, at FROM tree WHERE id = 1";
    /// The first head.
    pub TREE_START = "INSERT INTO tree (id, size, root, frontier, at, holder, fence, lease_until) VALUES (1, 0, ?1, ?2, ?3, '', 0, 0) ON CONFLICT (id) DO NOTHING";
    /// Takes or keeps the lease of the sequencer.
    pub TREE_LEASE = "UPDATE tree SET holder = ?1, fence = fence + 1, lease_until = ?2 WHERE id = 1 AND (holder = ?1 OR lease_until < ?3)";
    /// Moves the head.
    pub TREE_MOVE = "UPDATE tree SET size = ?1, root = ?2, frontier = ?3, at = ?4 WHERE id = 1";
    /// Full tiles.
    pub TILE_INSERT = "INSERT INTO tile (level, idx, hashes) VALUES (?1, ?2, ?3)";
    /// One full tile.
    pub TILE_FIND = "SELECT hashes FROM tile WHERE level = ?1 AND idx = ?2";
    /// A signed head.
    pub CHECKPOINT_INSERT = "INSERT INTO checkpoint (size, at, note) VALUES (?1, ?2, ?3)";
    /// The newest signed head.
    pub CHECKPOINT_LAST = "SELECT size, at, note FROM checkpoint ORDER BY size DESC LIMIT 1";
    /// A stream of read events.
    pub STREAM_OPEN = "INSERT INTO stream (id, opened, closed, seq, chain, leafed) VALUES (?1, ?2, NULL, 0, ?3, -1)";
    /// Its last link, and what a read in flight compares.
    pub STREAM_FIND = "SELECT s.seq, s.chain, n.n FROM stream s, standing n WHERE s.id = ?1 AND n.id = 1";
    /// Its next link.
    pub STREAM_MOVE = "UPDATE stream SET seq = ?2, chain = ?3 WHERE id = ?1";
    /// Its end; a further leaf will say so.
    pub STREAM_CLOSE = "UPDATE stream SET closed = ?2, leafed = leafed - 1 WHERE id = ?1 AND closed IS NULL";
    /// Streams with links that no leaf covers yet.
    pub STREAM_MOVED = "SELECT id, seq, chain FROM stream WHERE leafed < seq ORDER BY id";
    /// A leaf covers it now.
    pub STREAM_LEAFED = "UPDATE stream SET leafed = ?2 WHERE id = ?1";
    /// The key of a day's events.
    pub DAY_KEY = "SELECT vault_key FROM day_key WHERE day = ?1 AND class = ?2";
    /// A new day's key.
    pub DAY_KEY_INSERT = "INSERT INTO day_key (day, class, vault_key) VALUES (?1, ?2, ?3) ON CONFLICT (day, class) DO NOTHING";
    /// What a read in flight compares.
    pub STANDING = "SELECT n FROM standing WHERE id = 1";
    /// Sends reads in flight to look again.
    pub STANDING_MOVE = "UPDATE standing SET n = n + 1 WHERE id = 1";
    /// Whether a record may still be shown.
    pub RECORD_STANDING = "SELECT state, usable FROM record WHERE id = ?1";
    /// A job.
    pub JOB_INSERT = "INSERT INTO job (id, kind, unique_key, args, state, run_at, lease_until, attempts, cursor, done, total, actor, purpose, cause, error, created, finished) \
        VALUES (?1, ?2, ?3, ?4, 'ready', ?5, 0, 0, '', 0, ?6, ?7, ?8, ?9, '', ?10, NULL) \
        ON CONFLICT (unique_key) WHERE state IN ('ready', 'running') DO NOTHING";
    /// The next job that is due, or whose worker went silent.
    pub JOB_DUE = "SELECT id FROM job WHERE (state = 'ready' AND run_at <= ?1) OR (state = 'running' AND lease_until < ?1) ORDER BY run_at LIMIT 1";
    /// Takes it.
    pub JOB_CLAIM = "UPDATE job SET state = 'running', lease_until = ?2, attempts = attempts + 1 WHERE id = ?1";
    /// One job.
    pub JOB_FIND = "SELECT id, kind, args, state, attempts, cursor, done, total, actor, purpose, error, created, finished FROM job WHERE id = ?1";
    /// The newest jobs of a kind.
    pub JOBS_OF = "SELECT id, kind, args, state, attempts, cursor, done, total, actor, purpose, error, created, finished FROM job WHERE kind = ?1 ORDER BY created DESC LIMIT 50";
    /// Progress, and a longer lease.
    pub JOB_PROGRESS = "UPDATE job SET cursor = ?2, done = ?3, total = ?4, lease_until = ?5 WHERE id = ?1 AND state = 'running'";
    /// The end of a job.
    pub JOB_END = "UPDATE job SET state = ?2, error = ?3, finished = ?4 WHERE id = ?1";
    /// Another try later.
    pub JOB_AGAIN = "UPDATE job SET state = 'ready', error = ?2, run_at = ?3 WHERE id = ?1";
    /// Somebody no longer wants it.
    pub JOB_CANCEL = "UPDATE job SET state = 'cancelled', finished = ?2 WHERE id = ?1 AND state IN ('ready', 'running')";
    /// Whether a running job is still wanted.
    pub JOB_STATE = "SELECT state FROM job WHERE id = ?1";
    /// A kind or field that users made: the newest version of each.
    pub CATALOGUE = "SELECT k.body FROM catalogue_kind k WHERE k.version = (SELECT MAX(v.version) FROM catalogue_kind v WHERE v.key = k.key) ORDER BY k.version";
    /// The catalogue's version.
    pub CATALOGUE_VERSION = "SELECT MAX(version) FROM catalogue_kind";
    /// A kind at a new version.
    pub CATALOGUE_INSERT = "INSERT INTO catalogue_kind (key, version, at, body) VALUES (?1, ?2, ?3, ?4)";
    /// A setting.
    pub SETTING = "SELECT value FROM setting WHERE name = ?1";
    /// Sets it.
    pub SETTING_SET = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    /// Sets it where it is not set.
    pub SETTING_ONCE = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
    /// Forgets it.
    pub SETTING_CLEAR = "DELETE FROM setting WHERE name = ?1";
}

/// The statements of the vault.
pub mod vault_sql {
    store::statements! {
        /// Wrapped keys.
        pub KEY_INSERT = "INSERT INTO vault_key (id, epoch, bytes, what, made) VALUES";
        /// One wrapped key.
        pub KEY_FIND = "SELECT epoch, bytes FROM vault_key WHERE id = ?1";
        /// Shreds a key.
        pub KEY_DELETE = "DELETE FROM vault_key WHERE id = ?1";
        /// Remembers that it was shredded, and by which order.
        pub TOMBSTONE_INSERT = "INSERT INTO tombstone (id, at, destroy_order) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING";
        /// The tombstone of a key.
        pub TOMBSTONE_FIND = "SELECT at, destroy_order FROM tombstone WHERE id = ?1";
        /// A protective act, for the restore after a disaster.
        pub JOURNAL_INSERT = "INSERT INTO journal (id, at, what, sealed) VALUES (?1, ?2, ?3, ?4)";
        /// The journal in order.
        pub JOURNAL = "SELECT id, at, what, sealed FROM journal ORDER BY id";
    }
}
