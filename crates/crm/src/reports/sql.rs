//! The statements of reports. Each goes along an index and reads no more rows than it was told to.

store::statements! {
    /// The next records by a numbered open field: after ?3 of the value ?2, before the value ?4.
    pub BY_NUMBER = "SELECT n, record FROM record_facet WHERE field = ?1 AND n IS NOT NULL AND (n, record) > (?2, ?3) AND n < ?4 \
        ORDER BY n, record LIMIT ?5";
    /// The next records by a choice: after ?3.
    pub BY_CHOICE = "SELECT record FROM record_facet WHERE field = ?1 AND t = ?2 AND record > ?3 ORDER BY record LIMIT ?4";
    /// The next records of a kind by when they came into being: after ?3 at ?2, before ?4.
    pub BY_CREATED = "SELECT created, id FROM record WHERE kind = ?1 AND (created, id) > (?2, ?3) AND created < ?4 ORDER BY created, id LIMIT ?5";
    /// The open fields of the earlier versions of up to 64 records, the oldest first.
    pub EARLIER_64 = store::in_64!("SELECT record, open FROM record_version WHERE record IN (", ") ORDER BY record, version");
    /// The orders that point to the person ?1, with their day (facet ?2), amount (?3) and status (?4), at most ?5.
    pub BOUGHT_BY_PERSON = "SELECT r.id, r.class, r.owner, r.team, r.usable, p.n, m.n, m.t, s.t FROM link l JOIN record r ON r.id = l.from_id \
        LEFT JOIN record_facet p ON p.record = r.id AND p.field = ?2 LEFT JOIN record_facet m ON m.record = r.id AND m.field = ?3 \
        LEFT JOIN record_facet s ON s.record = r.id AND s.field = ?4 \
        WHERE l.to_id = ?1 AND l.role = 'person' AND r.kind = 'order' AND r.state IN ('live', 'restricted') LIMIT ?5";
    /// Likewise those that point to the company ?1 or to somebody who works there, each once.
    pub BOUGHT_BY_COMPANY = "SELECT r.id, r.class, r.owner, r.team, r.usable, p.n, m.n, m.t, s.t FROM \
        (SELECT from_id AS id FROM link WHERE to_id = ?1 AND role = 'company' UNION SELECT o.from_id AS id FROM link w JOIN link o \
        ON o.to_id = w.from_id AND o.role = 'person' WHERE w.to_id = ?1 AND w.role = 'company') d JOIN record r ON r.id = d.id \
        LEFT JOIN record_facet p ON p.record = r.id AND p.field = ?2 LEFT JOIN record_facet m ON m.record = r.id AND m.field = ?3 \
        LEFT JOIN record_facet s ON s.record = r.id AND s.field = ?4 WHERE r.kind = 'order' AND r.state IN ('live', 'restricted') LIMIT ?5";
    /// A setting.
    pub SETTING_FIND = "SELECT value FROM setting WHERE name = ?1";
    /// A setting's new value.
    pub SETTING_PUT = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    /// The rates against a currency, the latest first.
    pub RATES = "SELECT currency, day, nano FROM exchange_rate WHERE base = ?1 ORDER BY currency, day DESC LIMIT ?2";
    /// A rate of a day.
    pub RATE_PUT = "INSERT INTO exchange_rate (base, currency, day, nano, entered, actor) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
        ON CONFLICT (base, currency, day) DO UPDATE SET nano = excluded.nano, entered = excluded.entered, actor = excluded.actor";
    /// No rate of that day.
    pub RATE_DELETE = "DELETE FROM exchange_rate WHERE base = ?1 AND currency = ?2 AND day = ?3";
}
