//! The statements of duplicates.

store::statements! {
    /// The records of a kind after a place in the order of their last change.
    pub NEXT = "SELECT id, doc, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, kept_until, law, \
        facts, vault_key, leaf, open, sealed FROM record WHERE kind = ?1 AND (updated, id) > (?2, ?3) AND state IN ('live', 'restricted') \
        ORDER BY updated, id LIMIT ?4";
    /// How many there are that were changed since.
    pub COUNT = "SELECT COUNT(*) FROM record WHERE kind = ?1 AND updated >= ?2 AND state IN ('live', 'restricted')";
    /// A fresh pair.
    pub PAIR_INSERT = "INSERT INTO duplicate (id, kind, a, b, a_version, b_version, score, signs, state, found, actor) VALUES";
    /// The pairs of a record.
    pub PAIRS_OF = "SELECT id, kind, a, b, a_version, b_version, score, signs, state, found FROM duplicate WHERE a = ?1 \
        UNION ALL SELECT id, kind, a, b, a_version, b_version, score, signs, state, found FROM duplicate WHERE b = ?1 AND a <> ?1";
    /// One pair.
    pub PAIR_FIND = "SELECT id, kind, a, b, a_version, b_version, score, signs, state, found FROM duplicate WHERE id = ?1";
    /// What stands of a pair.
    pub PAIR_UPDATE = "UPDATE duplicate SET a_version = ?2, b_version = ?3, score = ?4, signs = ?5, state = ?6, actor = ?7 WHERE id = ?1";
    /// It is no pair any more.
    pub PAIR_DELETE = "DELETE FROM duplicate WHERE id = ?1";
    /// The open pairs of a kind after a place, the likeliest first.
    pub PAIRS = "SELECT id, kind, a, b, a_version, b_version, score, signs, state, found FROM duplicate \
        WHERE state = 'open' AND kind = ?1 AND (score, id) < (?2, ?3) ORDER BY score DESC, id DESC LIMIT ?4";
    /// The open pairs of a record that is merged away wait with it.
    pub PAIRS_AWAY = "UPDATE duplicate SET state = 'merged' WHERE (a = ?1 OR b = ?1) AND state = 'open'";
    /// They are back.
    pub PAIRS_BACK = "UPDATE duplicate SET state = 'open' WHERE (a = ?1 OR b = ?1) AND state = 'merged'";
    /// A fresh merge.
    pub MERGED_INSERT = "INSERT INTO merged (id, kind, survivor, other, root, at, actor, state, before, after, usable, undone) VALUES";
    /// One merge.
    pub MERGED_FIND = "SELECT id, kind, survivor, other, root, at, actor, state, before, after, usable, undone FROM merged WHERE id = ?1";
    /// The merge by which a record went.
    pub MERGED_BY_OTHER = "SELECT id, kind, survivor, other, root, at, actor, state, before, after, usable, undone FROM merged \
        WHERE other = ?1 AND undone IS NULL";
    /// What was merged into a record itself, the newest first.
    pub MERGED_BY_SURVIVOR = "SELECT id, kind, survivor, other, root, at, actor, state, before, after, usable, undone FROM merged \
        WHERE survivor = ?1 AND undone IS NULL ORDER BY at DESC, id DESC";
    /// Whether the moving of a merge is over.
    pub MERGED_STATE = "UPDATE merged SET state = ?2 WHERE id = ?1";
    /// It is taken back.
    pub MERGED_UNDONE = "UPDATE merged SET state = ?2, undone = ?3 WHERE id = ?1";
    /// Where what was merged before ends up now.
    pub MERGED_ROOT = "UPDATE merged SET root = ?2 WHERE other = ?1 AND undone IS NULL";
    /// What still points to a record and may be changed, and was not tried by this merge.
    pub LINKING = "SELECT DISTINCT l.from_id FROM link l JOIN record r ON r.id = l.from_id WHERE l.to_id = ?1 AND l.from_id <> ?1 \
        AND r.state = 'live' AND r.usable <> 0 AND NOT EXISTS (SELECT 1 FROM merged_link m WHERE m.merged = ?2 AND m.record = l.from_id) \
        ORDER BY l.from_id LIMIT ?3";
    /// How many of each kind and state point to a record.
    pub LINKING_COUNT = "SELECT r.kind, r.state, COUNT(DISTINCT l.from_id) FROM link l JOIN record r ON r.id = l.from_id \
        WHERE l.to_id = ?1 AND l.from_id <> ?1 AND r.state IN ('live', 'restricted') AND r.usable <> 0 GROUP BY r.kind, r.state ORDER BY r.kind, r.state";
    /// What was pointed elsewhere.
    pub LINK_NOTE = "INSERT INTO merged_link (merged, record, before, after) VALUES";
    /// The next of them.
    pub LINKS_NOTED = "SELECT record, before, after FROM merged_link WHERE merged = ?1 ORDER BY record LIMIT ?2";
    /// It points back.
    pub LINK_FORGET = "DELETE FROM merged_link WHERE merged = ?1 AND record = ?2";
    /// How many entries others have in a timeline.
    pub ENTRIES_COUNT = "SELECT COUNT(*) FROM timeline WHERE subject = ?1 AND record <> ?1";
    /// The next entries that others have in a timeline and that are not in another's too.
    pub ENTRIES = "SELECT t.at, t.entry FROM timeline t WHERE t.subject = ?1 AND t.record <> ?1 AND t.record <> ?2 \
        AND NOT EXISTS (SELECT 1 FROM timeline s WHERE s.subject = ?2 AND s.at = t.at AND s.entry = t.entry) ORDER BY t.at, t.entry LIMIT ?3";
    /// An entry of one timeline becomes another's.
    pub ENTRY_MOVE = "UPDATE timeline SET subject = ?2 WHERE subject = ?1 AND at = ?3 AND entry = ?4";
    /// Which entries moved.
    pub ENTRY_NOTE = "INSERT INTO merged_entry (merged, at, entry) VALUES";
    /// The next of them.
    pub ENTRIES_NOTED = "SELECT at, entry FROM merged_entry WHERE merged = ?1 ORDER BY at, entry LIMIT ?2";
    /// It is back.
    pub ENTRY_FORGET = "DELETE FROM merged_entry WHERE merged = ?1 AND at = ?2 AND entry = ?3";
    /// The scan that is going on.
    pub SCANNING = "SELECT id FROM job WHERE unique_key = 'duplicates.scan' AND state IN ('ready', 'running')";
    /// The open requests of a person.
    pub REQUESTS = "SELECT id, kind FROM request WHERE person = ?1 AND closed IS NULL ORDER BY received, id";
}
