//! The statements of automation.

store::statements! {
    /// How far the ledger was followed.
    pub CURSOR = "SELECT idx FROM automation_cursor WHERE name = ?1";
    /// From here on.
    pub CURSOR_START = "INSERT INTO automation_cursor (name, idx) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
    /// It was followed further, by whoever stood at the same place.
    pub CURSOR_MOVE = "UPDATE automation_cursor SET idx = ?3 WHERE name = ?1 AND idx = ?2";
    /// It is begun anew.
    pub CURSOR_CLEAR = "DELETE FROM automation_cursor WHERE name = ?1";
    /// How long the ledger is.
    pub HEAD = "SELECT size FROM tree WHERE id = 1";
    /// What stands in the ledger from a place on.
    pub LEAVES = "SELECT idx, data, unit, record, version FROM leaf WHERE idx >= ?1 ORDER BY idx LIMIT ?2";

    /// A fresh endpoint.
    pub HOOK_INSERT = "INSERT INTO webhook (id, staff, purpose, state, reason, hears, since, failing_since, delivered, created, version, vault_key, sealed) \
        VALUES (?1, ?2, ?3, 'on', '', ?4, ?5, NULL, NULL, ?5, 1, ?6, ?7)";
    /// One endpoint.
    pub HOOK_FIND = "SELECT id, staff, purpose, state, reason, hears, since, failing_since, delivered, created, version, vault_key, sealed FROM webhook WHERE id = ?1";
    /// Every endpoint, oldest first.
    pub HOOKS = "SELECT id, staff, purpose, state, reason, hears, since, failing_since, delivered, created, version, vault_key, sealed FROM webhook ORDER BY created, id";
    /// How many there are.
    pub HOOK_COUNT = "SELECT COUNT(*) FROM webhook";
    /// Those that listen.
    pub HOOKS_ON = "SELECT id, hears, since FROM webhook WHERE state = 'on'";
    /// Other settings.
    pub HOOK_UPDATE = "UPDATE webhook SET staff = ?2, purpose = ?3, hears = ?4, sealed = ?5, version = version + 1 WHERE id = ?1";
    /// Its box alone: another secret.
    pub HOOK_BOX = "UPDATE webhook SET sealed = ?2, version = version + 1 WHERE id = ?1";
    /// It listens from now on, or no longer.
    pub HOOK_STATE = "UPDATE webhook SET state = ?2, reason = ?3, since = ?4, failing_since = NULL WHERE id = ?1";
    /// It took something.
    pub HOOK_TOOK = "UPDATE webhook SET delivered = ?2, failing_since = NULL WHERE id = ?1";
    /// It did not.
    pub HOOK_FAILED = "UPDATE webhook SET failing_since = COALESCE(failing_since, ?2) WHERE id = ?1";
    /// It goes.
    pub HOOK_DELETE = "DELETE FROM webhook WHERE id = ?1";

    /// Deliveries that are to be made; what an event means for an endpoint is sent as one.
    pub DELIVERY_INSERT = "INSERT INTO webhook_delivery (id, webhook, what, cause, record, fields, at, state, reason, status, tries, next_at, done) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', '', NULL, 0, ?8, NULL) ON CONFLICT (webhook, cause, record, what) DO NOTHING";
    /// One delivery.
    pub DELIVERY_FIND = "SELECT id, webhook, what, cause, record, fields, at, state, reason, status, tries, next_at, done FROM webhook_delivery WHERE id = ?1";
    /// An endpoint's, newest first.
    pub DELIVERIES_OF = "SELECT id, webhook, what, cause, record, fields, at, state, reason, status, tries, next_at, done FROM webhook_delivery \
        WHERE webhook = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    /// What is due.
    pub DELIVERIES_DUE = "SELECT id FROM webhook_delivery WHERE state = 'queued' AND next_at <= ?1 ORDER BY next_at LIMIT ?2";
    /// One process makes it, until its lease ends.
    pub DELIVERY_TAKE = "UPDATE webhook_delivery SET next_at = ?3, tries = tries + 1 WHERE id = ?1 AND state = 'queued' AND next_at <= ?2";
    /// What came of a try.
    pub DELIVERY_END = "UPDATE webhook_delivery SET state = ?2, reason = ?3, status = ?4, next_at = ?5, done = ?6 WHERE id = ?1 AND state = 'queued'";
    /// It is made once more.
    pub DELIVERY_AGAIN = "UPDATE webhook_delivery SET state = 'queued', reason = '', status = NULL, tries = 0, next_at = ?2, done = NULL WHERE id = ?1 AND state <> 'queued'";
    /// Those of a span of time that ended, by id.
    pub DELIVERIES_SPAN = "SELECT id FROM webhook_delivery WHERE webhook = ?1 AND id > ?2 AND at >= ?3 AND at < ?4 AND state <> 'queued' ORDER BY id LIMIT 500";
    /// They go with their endpoint.
    pub DELIVERIES_DELETE = "DELETE FROM webhook_delivery WHERE webhook = ?1";
    /// Those that wait go nowhere.
    pub DELIVERIES_DROP = "UPDATE webhook_delivery SET state = 'dropped', reason = ?2, done = ?3 WHERE webhook = ?1 AND state = 'queued'";
    /// Old ones are forgotten.
    pub DELIVERIES_FORGET = "DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery WHERE done < ?1 LIMIT 500)";

    /// A fresh rule.
    pub RULE_INSERT = "INSERT INTO automation_rule (id, staff, purpose, state, reason, hears, since, failures, created, version, vault_key, sealed) \
        VALUES (?1, ?2, ?3, 'off', '', ?4, ?5, 0, ?5, 1, ?6, ?7)";
    /// One rule.
    pub RULE_FIND = "SELECT id, staff, purpose, state, reason, hears, since, failures, created, version, vault_key, sealed FROM automation_rule WHERE id = ?1";
    /// Every rule, oldest first.
    pub RULES = "SELECT id, staff, purpose, state, reason, hears, since, failures, created, version, vault_key, sealed FROM automation_rule ORDER BY created, id";
    /// How many there are.
    pub RULE_COUNT = "SELECT COUNT(*) FROM automation_rule";
    /// Those that listen.
    pub RULES_ON = "SELECT id, hears, since FROM automation_rule WHERE state = 'on'";
    /// Another rule in its place; it is off until somebody switches it on.
    pub RULE_UPDATE = "UPDATE automation_rule SET hears = ?2, sealed = ?3, state = 'off', reason = '', failures = 0, version = version + 1 WHERE id = ?1";
    /// It listens from now on, for whoever says so, or no longer.
    pub RULE_STATE = "UPDATE automation_rule SET staff = ?2, purpose = ?3, state = ?4, reason = ?5, since = ?6, failures = 0 WHERE id = ?1";
    /// It worked.
    pub RULE_WORKED = "UPDATE automation_rule SET failures = 0 WHERE id = ?1 AND failures > 0";
    /// It failed once more.
    pub RULE_FAILED = "UPDATE automation_rule SET failures = failures + 1 WHERE id = ?1";
    /// It goes.
    pub RULE_DELETE = "DELETE FROM automation_rule WHERE id = ?1";

    /// A run that is to be made, or was refused at once; one for each event and record.
    pub RUN_INSERT = "INSERT INTO automation_run (id, rule, cause, record, version, at, depth, state, step, reason, detail, tries, next_at, done) \
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, '', 0, ?6, ?10) ON CONFLICT (rule, cause, record) DO NOTHING";
    /// One run.
    pub RUN_FIND = "SELECT id, rule, cause, record, version, at, depth, state, step, reason, detail, tries, next_at, done FROM automation_run WHERE id = ?1";
    /// How deep it is in a chain of rules.
    pub RUN_DEPTH = "SELECT depth FROM automation_run WHERE id = ?1";
    /// A rule's, newest first.
    pub RUNS_OF = "SELECT id, rule, cause, record, version, at, depth, state, step, reason, detail, tries, next_at, done FROM automation_run \
        WHERE rule = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
    /// What is due.
    pub RUNS_DUE = "SELECT id FROM automation_run WHERE state = 'queued' AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2";
    /// One process makes it, until its lease ends.
    pub RUN_TAKE = "UPDATE automation_run SET next_at = ?3, tries = tries + 1 WHERE id = ?1 AND state = 'queued' AND next_at <= ?2";
    /// One of its actions is done, in that action's own transaction.
    pub RUN_STEP = "UPDATE automation_run SET step = ?3 WHERE id = ?1 AND step = ?2 AND state = 'queued'";
    /// What came of it.
    pub RUN_END = "UPDATE automation_run SET state = ?2, reason = ?3, detail = ?4, next_at = ?5, done = ?6 WHERE id = ?1 AND state = 'queued'";
    /// They go with their rule.
    pub RUNS_DELETE = "DELETE FROM automation_run WHERE rule = ?1";
    /// Old ones are forgotten.
    pub RUNS_FORGET = "DELETE FROM automation_run WHERE id IN (SELECT id FROM automation_run WHERE done < ?1 LIMIT 500)";
}
