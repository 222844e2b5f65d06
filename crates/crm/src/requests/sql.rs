//! The statements of requests.

store::statements! {
    /// A fresh request.
    pub INSERT = "INSERT INTO request (id, person, law, kind, received, due, verified, state, closed, destroy_order, vault_key, sealed) VALUES";
    /// One request.
    pub FIND = "SELECT id, person, law, kind, received, due, verified, state, closed, destroy_order, vault_key, sealed FROM request WHERE id = ?1";
    /// A person's open request of a right.
    pub FIND_OPEN = "SELECT id FROM request WHERE person = ?1 AND kind = ?2 AND closed IS NULL ORDER BY received LIMIT 1";
    /// Every request: the open ones first, the next due first.
    pub LIST = "SELECT id, person, law, kind, received, due, verified, state, closed, destroy_order, vault_key, sealed FROM request \
        ORDER BY (closed IS NOT NULL), due, id LIMIT ?1";
    /// The open requests, the next due first.
    pub WAITING = "SELECT id, person, law, kind, received, due, verified, state, closed, destroy_order, vault_key, sealed FROM request \
        WHERE state IN ('received', 'identity', 'collecting', 'decided', 'partly') AND closed IS NULL ORDER BY due, id LIMIT ?1";
    /// A person's requests, the newest first.
    pub OF_PERSON = "SELECT id, person, law, kind, received, due, verified, state, closed, destroy_order, vault_key, sealed FROM request \
        WHERE person = ?1 OR person IN (SELECT other FROM merged WHERE root = ?1 AND undone IS NULL) ORDER BY received DESC, id";
    /// Its next state.
    pub UPDATE = "UPDATE request SET due = ?2, verified = ?3, state = ?4, closed = ?5, destroy_order = ?6, sealed = ?7 WHERE id = ?1";
    /// Erasures answered in part.
    pub PARTLY = "SELECT id FROM request WHERE state = 'partly' AND closed IS NULL AND kind = 'erase' ORDER BY due, id";
    /// The country of the controller, whose holidays count.
    pub COUNTRY = "SELECT value FROM setting WHERE name = 'country'";
    /// What concerns a person: what links to them and what they link to, without other people and companies; files of those messages, lines of
    /// those deals and orders. What was merged into the person is the person too. Found from the person on: no other record is looked at.
    pub CONCERNING = "WITH same AS (SELECT id FROM record WHERE id = ?1 UNION SELECT other FROM merged WHERE root = ?1 AND undone IS NULL) \
        SELECT r.id, r.kind, r.version, r.state, r.created, r.facts, r.captured FROM (\
            SELECT id FROM same \
            UNION SELECT l.from_id FROM link l JOIN same s ON l.to_id = s.id UNION SELECT l.to_id FROM link l JOIN same s ON l.from_id = s.id \
            UNION SELECT f.from_id FROM link m JOIN same s ON m.to_id = s.id JOIN link f ON f.to_id = m.from_id AND f.role = 'message' \
            UNION SELECT f.from_id FROM link m JOIN same s ON m.to_id = s.id JOIN link f ON f.to_id = m.from_id AND f.role IN ('deal', 'order') \
                JOIN record x ON x.id = f.from_id AND x.kind = 'line') near \
        JOIN record r ON r.id = near.id WHERE r.state IN ('live', 'restricted') AND (r.id IN (SELECT id FROM same) \
            OR (r.kind <> 'person' AND (r.kind <> 'company' OR r.facts LIKE '%\"sole_trader\"%'))) \
        ORDER BY (r.id <> ?1), r.created, r.id";
    /// Retention looks at them now.
    pub DECIDE_NOW = "WITH same AS (SELECT id FROM record WHERE id = ?1 UNION SELECT other FROM merged WHERE root = ?1 AND undone IS NULL) \
        UPDATE record SET decide_after = ?2 WHERE state IN ('live', 'restricted') AND id IN (\
            SELECT id FROM same \
            UNION SELECT l.from_id FROM link l JOIN same s ON l.to_id = s.id UNION SELECT l.to_id FROM link l JOIN same s ON l.from_id = s.id \
            UNION SELECT f.from_id FROM link m JOIN same s ON m.to_id = s.id JOIN link f ON f.to_id = m.from_id AND f.role = 'message' \
            UNION SELECT f.from_id FROM link m JOIN same s ON m.to_id = s.id JOIN link f ON f.to_id = m.from_id AND f.role IN ('deal', 'order') \
                JOIN record x ON x.id = f.from_id AND x.kind = 'line')";
    /// The other people that records of one person link to.
    pub OTHERS = "SELECT DISTINCT l.to_id FROM link l JOIN record r ON r.id = l.to_id WHERE r.kind = 'person' AND l.to_id <> ?1 \
        AND l.to_id NOT IN (SELECT other FROM merged WHERE root = ?1 AND undone IS NULL) \
        AND l.from_id IN (SELECT from_id FROM link WHERE to_id = ?1) ORDER BY l.to_id LIMIT 500";
    /// The events after one, in the order of their making.
    pub EVENTS_AFTER = "SELECT id FROM event WHERE id > ?1 ORDER BY id LIMIT 200";
    /// Who has which role.
    pub ROLES = "SELECT id, role FROM staff";
    /// The leaves of up to 64 records.
    pub LEAVES_64 = store::in_64!("SELECT record, idx, data, version FROM leaf WHERE record IN (", ") ORDER BY idx");
    /// The newest signed head.
    pub CHECKPOINT = "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1";
    /// A package in the making.
    pub ARTIFACT_INSERT = "INSERT INTO artifact (id, kind, job, actor, blob_name, size, expires, request, vault_key) VALUES";
    /// It is whole.
    pub ARTIFACT_READY = "UPDATE artifact SET size = ?2 WHERE id = ?1";
    /// One package.
    pub ARTIFACT_FIND = "SELECT actor, blob_name, size, expires, vault_key FROM artifact WHERE id = ?1 AND kind = 'package'";
    /// The newest package of a request that is whole.
    pub ARTIFACT_READY_OF = "SELECT id, size, expires FROM artifact WHERE request = ?1 AND kind = 'package' AND actor = ?2 AND size > 0 AND expires > ?3 ORDER BY expires DESC LIMIT 1";
    /// Whole packages of an actor before one of them, the newest first.
    pub ARTIFACTS_BEFORE = "SELECT id, size, expires, request FROM artifact WHERE actor = ?1 AND kind = 'package' AND size > 0 AND expires > ?2 \
        AND id < ?3 ORDER BY id DESC LIMIT ?4";
    /// The packages of a person.
    pub ARTIFACTS_OF = "SELECT id, blob_name, vault_key FROM artifact WHERE request IN (SELECT id FROM request WHERE person = ?1 \
        OR person IN (SELECT other FROM merged WHERE root = ?1 AND undone IS NULL))";
    /// The packages that are past their time.
    pub ARTIFACTS_EXPIRED = "SELECT id, blob_name, vault_key FROM artifact WHERE expires <= ?1 ORDER BY expires LIMIT 100";
    /// It is gone.
    pub ARTIFACT_DELETE = "DELETE FROM artifact WHERE id = ?1";
    /// A fresh entry of the register of recipients.
    pub DISCLOSURE_INSERT = "INSERT INTO disclosure (id, person, at, state, request, task, answered, vault_key, sealed) VALUES";
    /// A person's entries, the oldest first.
    pub DISCLOSURES_OF = "SELECT id, person, at, state, request, task, answered, vault_key, sealed FROM disclosure \
        WHERE person = ?1 OR person IN (SELECT other FROM merged WHERE root = ?1 AND undone IS NULL) ORDER BY at, id LIMIT ?2";
    /// One entry.
    pub DISCLOSURE_FIND = "SELECT id, person, at, state, request, task, answered, vault_key, sealed FROM disclosure WHERE id = ?1";
    /// Its next state.
    pub DISCLOSURE_UPDATE = "UPDATE disclosure SET state = ?2, request = ?3, task = ?4, answered = ?5, sealed = ?6 WHERE id = ?1";
    /// The entries of a request whose recipients are still to be told.
    pub DISCLOSURES_WAITING = "SELECT COUNT(*) FROM disclosure WHERE request = ?1 AND state = 'to_tell'";
}
