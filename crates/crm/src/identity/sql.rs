//! The slice's statements.

store::statements! {
    /// A setting that exists only until it is used: the hash of the set-up code.
    pub SETTING_FIND = "SELECT value FROM setting WHERE name = ?1";
    /// Takes it away, if it is still the one that was read.
    pub SETTING_TAKE = "DELETE FROM setting WHERE name = ?1 AND value = ?2";
    /// Sets it. Also serialises units: the row stays locked until the unit ends.
    pub SETTING_SET = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    /// How many people there are.
    pub STAFF_COUNT = "SELECT COUNT(*) FROM staff";
    /// A new member of staff.
    pub STAFF_INSERT = "INSERT INTO staff (id, login, role, team, state, password, failed, locked_until, created, settings, vault_key, sealed) \
        VALUES (?1, ?2, ?3, ?4, 'active', ?5, 0, 0, ?6, ?7, ?8, ?9)";
    /// Whoever signs in with this address.
    pub STAFF_BY_LOGIN = "SELECT id, state, password, failed, locked_until FROM staff WHERE login = ?1";
    /// What decides what a member of staff may do.
    pub STAFF_STANDING = "SELECT state, role, team, settings FROM staff WHERE id = ?1";
    /// The password's hash and the state it is good for.
    pub STAFF_PASSWORD = "SELECT password, state, failed, locked_until FROM staff WHERE id = ?1";
    /// Everybody, oldest first.
    pub STAFF_ALL = "SELECT id, role, team, state, locked_until, created, settings, vault_key, sealed FROM staff ORDER BY created, id";
    /// One person.
    pub STAFF_ONE = "SELECT id, role, team, state, locked_until, created, settings, vault_key, sealed FROM staff WHERE id = ?1";
    /// Enables or disables.
    pub STAFF_STATE = "UPDATE staff SET state = ?2 WHERE id = ?1 AND state <> ?2";
    /// Another role and set of purposes.
    pub STAFF_ROLE = "UPDATE staff SET role = ?2, settings = ?3 WHERE id = ?1";
    /// Other settings: purposes, preferences.
    pub STAFF_SETTINGS = "UPDATE staff SET settings = ?2 WHERE id = ?1";
    /// A new password; wrong tries at the old one no longer count.
    pub STAFF_PASSWORD_SET = "UPDATE staff SET password = ?2, failed = 0, locked_until = 0 WHERE id = ?1";
    /// One more wrong try.
    pub STAFF_FAILED = "UPDATE staff SET failed = ?2, locked_until = ?3 WHERE id = ?1";

    /// In which team somebody is.
    pub STAFF_TEAM = "UPDATE staff SET team = ?2 WHERE id = ?1";

    /// A team.
    pub TEAM_INSERT = "INSERT INTO team (id, name, folded, created) VALUES (?1, ?2, ?3, ?4)";
    /// Every team, by name.
    pub TEAM_ALL = "SELECT id, name FROM team ORDER BY folded";
    /// Who is in a team, oldest first.
    pub TEAM_MEMBERS = "SELECT id, team FROM staff WHERE team IS NOT NULL ORDER BY created, id";
    /// One team, if it is there.
    pub TEAM_ONE = "SELECT id FROM team WHERE id = ?1";
    /// The team of a name.
    pub TEAM_NAMED = "SELECT id FROM team WHERE folded = ?1";
    /// Another name.
    pub TEAM_NAME = "UPDATE team SET name = ?2, folded = ?3 WHERE id = ?1";
    /// Nobody is in it any more.
    pub TEAM_EMPTY = "UPDATE staff SET team = NULL WHERE team = ?1";
    /// It is gone.
    pub TEAM_DELETE = "DELETE FROM team WHERE id = ?1";

    /// A role, unless it is there.
    pub ROLE_INSERT = "INSERT INTO role (name, grants) VALUES (?1, ?2) ON CONFLICT (name) DO NOTHING";
    /// What a role grants.
    pub ROLE_FIND = "SELECT grants FROM role WHERE name = ?1";
    /// Every role.
    pub ROLE_ALL = "SELECT name, grants FROM role ORDER BY name";

    /// A session.
    pub SESSION_INSERT = "INSERT INTO session (id, hash, csrf, staff, purpose, created, seen, expires, confirmed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, ?6)";
    /// The session with this token and who holds it.
    pub SESSION_FIND = "SELECT s.id, s.hash, s.csrf, s.staff, s.purpose, s.created, s.seen, s.expires, s.confirmed, m.state, m.role, m.team, m.settings, r.grants \
        FROM session s JOIN staff m ON m.id = s.staff JOIN role r ON r.name = m.role WHERE s.hash = ?1";
    /// Somebody's sessions that have not ended.
    pub SESSION_OF = "SELECT id, purpose, created, seen FROM session WHERE staff = ?1 AND expires > ?2 AND seen > ?3 ORDER BY created";
    /// It was used.
    pub SESSION_SEEN = "UPDATE session SET seen = ?2 WHERE id = ?1 AND seen < ?2";
    /// Acts for another purpose from here on.
    pub SESSION_PURPOSE = "UPDATE session SET purpose = ?2 WHERE id = ?1";
    /// The password was given again.
    pub SESSION_CONFIRMED = "UPDATE session SET confirmed = ?2 WHERE id = ?1";
    /// Ends one of somebody's sessions.
    pub SESSION_END = "DELETE FROM session WHERE id = ?1 AND staff = ?2";
    /// Ends the session with this token.
    pub SESSION_END_HASH = "DELETE FROM session WHERE hash = ?1";
    /// Ends all of somebody's sessions.
    pub SESSION_END_ALL = "DELETE FROM session WHERE staff = ?1";
    /// Ends all but one.
    pub SESSION_END_OTHERS = "DELETE FROM session WHERE staff = ?1 AND id <> ?2";
    /// Sweeps what has ended by itself.
    pub SESSION_SWEEP = "DELETE FROM session WHERE expires <= ?1 OR seen <= ?2";

    /// An API key.
    pub KEY_INSERT = "INSERT INTO api_key (id, hash, staff, label, purpose, scopes, created, expires, revoked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)";
    /// The key and what its holder may do now.
    pub KEY_FIND = "SELECT k.hash, k.staff, k.purpose, k.scopes, k.expires, k.revoked, m.state, m.team, m.settings, r.grants \
        FROM api_key k JOIN staff m ON m.id = k.staff JOIN role r ON r.name = m.role WHERE k.id = ?1";
    /// Every key, newest first.
    pub KEY_ALL = "SELECT id, staff, label, purpose, scopes, created, expires, revoked FROM api_key ORDER BY created DESC, id";
    /// Takes a key back.
    pub KEY_REVOKE = "UPDATE api_key SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL";
    /// Takes back all keys of somebody.
    pub KEY_REVOKE_ALL = "UPDATE api_key SET revoked = ?2 WHERE staff = ?1 AND revoked IS NULL";
}
