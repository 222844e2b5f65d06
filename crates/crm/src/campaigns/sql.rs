//! The statements of campaigns.

store::statements! {
    /// A fresh campaign.
    pub INSERT = "INSERT INTO campaign (id, staff, purpose, segment, template, account, state, job, place, barred, created, begun, ended, version, \
        vault_key, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'draft', NULL, '', '{}', ?7, NULL, NULL, 1, ?8, ?9)";
    /// One campaign.
    pub FIND = "SELECT id, staff, purpose, segment, template, account, state, job, place, barred, created, begun, ended, version, vault_key, sealed \
        FROM campaign WHERE id = ?1";
    /// Somebody's, newest first.
    pub OF = "SELECT id, staff, purpose, segment, template, account, state, job, place, barred, created, begun, ended, version, vault_key, sealed \
        FROM campaign WHERE staff = ?1 ORDER BY id DESC LIMIT 200";
    /// Other words, while it is a draft.
    pub UPDATE = "UPDATE campaign SET segment = ?2, template = ?3, account = ?4, sealed = ?5, version = version + 1 WHERE id = ?1";
    /// It begins, or goes on.
    pub BEGIN = "UPDATE campaign SET state = 'running', job = ?2, place = '', barred = '{}', begun = COALESCE(begun, ?3), ended = NULL, \
        version = version + 1 WHERE id = ?1";
    /// How far it is, and how many were left out so far.
    pub PLACE = "UPDATE campaign SET place = ?2, barred = ?3 WHERE id = ?1";
    /// It is over.
    pub END = "UPDATE campaign SET state = ?2, ended = ?3, version = version + 1 WHERE id = ?1 AND state = 'running'";
    /// It goes.
    pub DELETE = "DELETE FROM campaign WHERE id = ?1";
    /// And whom it was for.
    pub PEOPLE_DELETE = "DELETE FROM campaign_person WHERE campaign = ?1";
    /// What became of somebody in it: once.
    pub PERSON_INSERT = "INSERT INTO campaign_person (campaign, person, state, reason, letter, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    /// Whether somebody was gone through.
    pub PERSON_FIND = "SELECT state FROM campaign_person WHERE campaign = ?1 AND person = ?2";
    /// How many it wrote to, by what became of the letters; and left out, by reason.
    pub RESULT = "SELECT p.state, p.reason, o.state, o.reason, COUNT(*) FROM campaign_person p LEFT JOIN mail_outbox o ON o.id = p.letter \
        WHERE p.campaign = ?1 GROUP BY p.state, p.reason, o.state, o.reason";
}
