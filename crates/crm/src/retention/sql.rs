//! The statements of retention.

store::statements! {
    /// Every version of the rules that are in use.
    pub RULES = "SELECT body FROM rule WHERE state = 'active' ORDER BY id, version";
    /// Every version of every rule.
    pub RULES_ALL = "SELECT id, version, pack, state, adopted, body FROM rule ORDER BY id, version";
    /// The versions of one rule.
    pub RULE_VERSIONS = "SELECT body FROM rule WHERE id = ?1 ORDER BY version";
    /// A rule's version; one that is there stays as it is.
    pub RULE_INSERT = "INSERT INTO rule (id, version, pack, state, adopted, body) VALUES (?1, ?2, ?3, 'active', ?4, ?5) ON CONFLICT (id, version) DO NOTHING";
    /// Uses or ignores a rule.
    pub RULE_STATE = "UPDATE rule SET state = ?2 WHERE id = ?1";
    /// When somebody or something last happened to up to 64 records, until the time ?65.
    pub LAST_ACTIVITY = store::in_64!("SELECT r.id, (SELECT MAX(t.at) FROM timeline t WHERE t.subject = r.id AND t.at <= ?65) FROM record r WHERE r.id IN (", ")");
    /// The requests of up to 64 people.
    pub REQUESTS = store::in_64!("SELECT person, kind, received, verified, closed FROM request WHERE person IN (", ") ORDER BY received, id");
    /// The time of the ledger's head.
    pub LAST_LEAF = "SELECT at FROM tree WHERE id = 1";
    /// Records to decide again.
    pub DUE = "SELECT id, doc, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, kept_until, law, \
        facts, vault_key, leaf, open, sealed FROM record WHERE decide_after <= ?1 AND state IN ('live', 'restricted') \
        ORDER BY decide_after, id LIMIT ?2";
    /// The same after a place in their order, for a plan that changes nothing.
    pub DUE_AFTER = "SELECT id, doc, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, kept_until, law, \
        facts, vault_key, leaf, open, sealed FROM record WHERE decide_after <= ?1 AND state IN ('live', 'restricted') \
        AND (decide_after, id) > (?2, ?3) ORDER BY decide_after, id LIMIT ?4";
    /// Records past the day they were kept through, as last decided.
    pub PAST = "SELECT id, doc, kind, owner, team, class, usable, state, version, created, captured, updated, decide_after, kept_until, law, \
        facts, vault_key, leaf, open, sealed FROM record \
        WHERE (kept_until < ?1 OR facts LIKE '%\"review\":[%') AND state IN ('live', 'restricted') ORDER BY kept_until, id LIMIT ?2";
    /// What was decided.
    pub DECIDED = "UPDATE record SET state = ?2, usable = ?3, facts = ?4, kept_until = ?5, decide_after = ?6 WHERE id = ?1";
    /// A portion of records is decided again; answers the last of them.
    pub AGAIN = "SELECT id FROM record WHERE id > ?1 ORDER BY id LIMIT 500";
    /// See [`AGAIN`].
    pub AGAIN_SET = "UPDATE record SET decide_after = ?3 WHERE id > ?1 AND id <= ?2 AND state IN ('live', 'restricted')";
}
