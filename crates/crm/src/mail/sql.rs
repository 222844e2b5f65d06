//! The statements of mail.

store::statements! {
    /// A fresh account; it is fetched at once.
    pub ACCOUNT_INSERT = "INSERT INTO mail_account (id, staff, team, share, state, fault, failing_since, failures, due, lease_until, fetched, \
        seen, captured, duplicate, failed, created, version, vault_key, sealed) \
        VALUES (?1, ?2, ?3, ?4, 'ok', '', NULL, 0, ?5, 0, NULL, 0, 0, 0, 0, ?5, 1, ?6, ?7)";
    /// One account.
    pub ACCOUNT_FIND = "SELECT id, staff, team, share, state, fault, failing_since, failures, due, fetched, seen, captured, duplicate, failed, \
        version, vault_key, sealed FROM mail_account WHERE id = ?1";
    /// Somebody's own and the house's, oldest first.
    pub ACCOUNTS_OF = "SELECT id, staff, team, share, state, fault, failing_since, failures, due, fetched, seen, captured, duplicate, failed, \
        version, vault_key, sealed FROM mail_account WHERE staff = ?1 OR staff IS NULL ORDER BY created, id";
    /// How many accounts somebody has.
    pub ACCOUNT_COUNT = "SELECT COUNT(*) FROM mail_account WHERE staff = ?1";
    /// Other settings; it is fetched at once and no longer counts as failing.
    pub ACCOUNT_UPDATE = "UPDATE mail_account SET team = ?2, share = ?3, sealed = ?4, version = version + 1, state = 'ok', fault = '', \
        failing_since = NULL, failures = 0, due = ?5 WHERE id = ?1";
    /// It goes.
    pub ACCOUNT_DELETE = "DELETE FROM mail_account WHERE id = ?1";
    /// How far its folders were read.
    pub FOLDERS_DELETE = "DELETE FROM mail_folder WHERE account = ?1";
    /// It is to be fetched now.
    pub ACCOUNT_DUE = "UPDATE mail_account SET due = ?2 WHERE id = ?1";
    /// What is to be fetched.
    pub ACCOUNTS_DUE = "SELECT id FROM mail_account WHERE due <= ?1 AND lease_until < ?1 ORDER BY due LIMIT ?2";
    /// One process fetches it.
    pub ACCOUNT_TAKE = "UPDATE mail_account SET lease_until = ?3 WHERE id = ?1 AND due <= ?2 AND lease_until < ?2";
    /// It still does.
    pub ACCOUNT_KEEP = "UPDATE mail_account SET lease_until = ?2 WHERE id = ?1";
    /// What came of a message, and that the process still works.
    pub ACCOUNT_CAME = "UPDATE mail_account SET seen = seen + 1, captured = captured + ?3, duplicate = duplicate + ?4, failed = failed + ?5, \
        lease_until = ?2 WHERE id = ?1";
    /// It was fetched.
    pub ACCOUNT_FETCHED = "UPDATE mail_account SET state = 'ok', fault = '', failing_since = NULL, failures = 0, fetched = ?2, due = ?3, \
        lease_until = 0 WHERE id = ?1";
    /// It could not be fetched.
    pub ACCOUNT_FAILED = "UPDATE mail_account SET state = 'failing', fault = ?2, failing_since = COALESCE(failing_since, ?3), \
        failures = failures + 1, due = ?4, lease_until = 0 WHERE id = ?1";
    /// How far a folder was read.
    pub FOLDER_FIND = "SELECT validity, uid FROM mail_folder WHERE account = ?1 AND folder = ?2";
    /// A folder was read so far.
    pub FOLDER_SET = "INSERT INTO mail_folder (account, folder, validity, uid) VALUES (?1, ?2, ?3, ?4) \
        ON CONFLICT (account, folder) DO UPDATE SET validity = excluded.validity, uid = excluded.uid";

    /// A letter is to be sent.
    pub LETTER_INSERT = "INSERT INTO mail_outbox (id, account, staff, purpose, state, reason, created, next_at, tries, sent, record, vault_key, sealed) \
        VALUES (?1, ?2, ?3, ?4, 'queued', '', ?5, ?5, 0, NULL, NULL, ?6, ?7)";
    /// One letter.
    pub LETTER_FIND = "SELECT id, account, staff, purpose, state, reason, created, next_at, tries, sent, record, vault_key, sealed FROM mail_outbox WHERE id = ?1";
    /// Somebody's, newest first.
    pub LETTERS_OF = "SELECT id, account, staff, purpose, state, reason, created, next_at, tries, sent, record, vault_key, sealed FROM mail_outbox \
        WHERE staff = ?1 ORDER BY id DESC LIMIT ?2";
    /// Those of an account that are not sent.
    pub LETTERS_UNSENT = "SELECT id, account, staff, purpose, state, reason, created, next_at, tries, sent, record, vault_key, sealed FROM mail_outbox \
        WHERE account = ?1 AND record IS NULL";
    /// Those that are neither sent nor being sent, by id.
    pub LETTERS_IDLE = "SELECT id, account, staff, purpose, state, reason, created, next_at, tries, sent, record, vault_key, sealed FROM mail_outbox \
        WHERE record IS NULL AND state IN ('queued', 'failed', 'refused', 'unknown') AND id > ?1 ORDER BY id LIMIT ?2";
    /// What is to be gone on with: what waits, what somebody died over, and what was sent and is no record yet.
    pub LETTERS_DUE = "SELECT id FROM mail_outbox WHERE (state IN ('queued', 'sending', 'handing') OR (state = 'sent' AND record IS NULL)) \
        AND next_at <= ?1 ORDER BY next_at LIMIT ?2";
    /// Its state, why, and when it is next looked at.
    pub LETTER_STATE = "UPDATE mail_outbox SET state = ?3, reason = ?4, next_at = ?5 WHERE id = ?1 AND state = ?2";
    /// It is looked at later.
    pub LETTER_LATER = "UPDATE mail_outbox SET next_at = ?2 WHERE id = ?1";
    /// One process sends it, until its lease ends.
    pub LETTER_TAKE = "UPDATE mail_outbox SET state = 'sending', tries = tries + 1, next_at = ?3 WHERE id = ?1 AND state = 'queued' AND next_at <= ?2";
    /// What the server said stands in the box.
    pub LETTER_BOX = "UPDATE mail_outbox SET sealed = ?2 WHERE id = ?1";
    /// It was sent.
    pub LETTER_SENT = "UPDATE mail_outbox SET state = 'sent', reason = '', sent = ?3, next_at = ?4 WHERE id = ?1 AND state = ?2";
    /// It is a record now; its box is empty.
    pub LETTER_RECORD = "UPDATE mail_outbox SET record = ?2, sealed = ?3 WHERE id = ?1 AND state = 'sent'";
    /// It goes.
    pub LETTER_DELETE = "DELETE FROM mail_outbox WHERE id = ?1";

    /// A template.
    pub TEMPLATE_INSERT = "INSERT INTO mail_template (id, staff, shared, created, vault_key, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// One template.
    pub TEMPLATE_FIND = "SELECT id, staff, shared, vault_key, sealed FROM mail_template WHERE id = ?1";
    /// Somebody's own, and those that everybody sees.
    pub TEMPLATES = "SELECT id, staff, shared, vault_key, sealed FROM mail_template WHERE staff = ?1 OR shared = ?2 ORDER BY id";
    /// Other words.
    pub TEMPLATE_UPDATE = "UPDATE mail_template SET shared = ?2, sealed = ?3 WHERE id = ?1";
    /// It goes.
    pub TEMPLATE_DELETE = "DELETE FROM mail_template WHERE id = ?1";
}
