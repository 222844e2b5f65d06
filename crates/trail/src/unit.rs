//! One transaction: the change, its event, its leaves and its jobs, or nothing of it.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use kernel::{Code, Env, Error, EventId, Instant, JobId, KeyId, RecordId, Result};
use ledger::{
    ABSENT, Hash, Leaf, LeafKind, Salt,
    canonical::{Value as Cbor, encode},
    commit,
    commit::{META, SUBJECT},
};
use store::{IN_AT_ONCE, Row, Tx, Value, args};
use vault::{Context, Keyring, RecordKey, Zeroizing};

use crate::{
    Actor, App, BARE, Event, Job,
    app::DayKey,
    event::{self, Recorded},
    sql,
    sql::vault_sql,
};

/// What a leaf is to witness.
pub struct Draft {
    /// What it witnesses.
    pub kind: LeafKind,
    /// The record (or order) it is about.
    pub about: RecordId,
    /// Which version of it.
    pub version: i64,
    /// One commitment per person concerned, see [`Unit::subject`].
    pub subjects: Vec<Hash>,
    /// The payload's root.
    pub payload: Hash,
    /// SHA-256 of the stored box.
    pub box_hash: Hash,
}

/// What leaves a read: the value, and the event that must be durable before anyone sees it.
pub struct Release<T> {
    pub(crate) value: T,
    pub(crate) event: Option<Disclosure>,
}

/// A disclosure that waits for its event.
pub(crate) struct Disclosure {
    pub id: EventId,
    pub at: Instant,
    pub name: &'static str,
    pub actor: String,
    pub purpose_bit: i64,
    pub header: Cbor,
    pub salt: Salt,
    pub records: Vec<(RecordId, i64)>,
    pub standing: i64,
}

impl<T> Release<T> {
    /// Two values under one event: the first's name, with the fields, records and words of both. For pages that show several things at
    /// once and are to leave one event.
    #[must_use]
    pub fn and<U>(self, other: Release<U>) -> Release<(T, U)> {
        let event = match (self.event, other.event) {
            (Some(mut one), Some(two)) => {
                event::join(&mut one.header, two.header);
                let known: std::collections::HashSet<(RecordId, i64)> = one.records.iter().copied().collect();
                one.records.extend(two.records.into_iter().filter(|record| !known.contains(record)));
                Some(one)
            }
            (one, two) => one.or(two),
        };
        Release { value: (self.value, other.value), event }
    }

    /// The value in another shape, still on its way out under its event.
    #[must_use]
    pub fn map<U>(self, shape: impl FnOnce(T) -> U) -> Release<U> {
        Release { value: shape(self.value), event: self.event }
    }
}

/// The events by which keys are destroyed that are no record's. A tombstone names an order or one of these; verification asks for no less.
pub const DESTROYS_KEYS: &[&str] = &[
    "bulk.forgotten",
    "campaign.deleted",
    "dashboard.deleted",
    "mail.account_deleted",
    "mail.captured",
    "mail.dropped",
    "mail.template_deleted",
    "package.destroyed",
    "restore.finished",
    "rule.deleted",
    "view.deleted",
    "webhook.deleted",
];

struct Witnessed {
    event: Event,
    header: Cbor,
    salt: Salt,
}

/// One transaction and what must go with it. Slices read and write through it and through nothing else.
pub struct Unit<'u, 't> {
    tx: &'u mut Tx<'t>,
    app: &'u App,
    actor: &'u Actor,
    day_key: &'u DayKey,
    /// As it was when the unit began: what it read under an epoch that another node destroys meanwhile still opens.
    keyring: Arc<Keyring>,
    id: EventId,
    at: Instant,
    writes: bool,
    wrote: bool,
    opened: usize,
    standing: Option<i64>,
    witnessed: Option<Witnessed>,
    new_keys: HashMap<KeyId, RecordKey>,
    key_rows: Vec<Value>,
    leaves: Vec<(Leaf, RecordId, i64)>,
}

impl<'u, 't> Unit<'u, 't> {
    pub(crate) fn begin(tx: &'u mut Tx<'t>, app: &'u App, actor: &'u Actor, day_key: &'u DayKey, writes: bool) -> Result<Self> {
        app.notice_keys(tx, writes)?;
        let (id, at) = app.tick();
        if !writes {
            // Of the same snapshot, whenever it is asked.
            tx.ask_ahead(sql::STANDING, &[])?;
        }
        Ok(Self {
            tx,
            app,
            actor,
            day_key,
            keyring: app.keyring(),
            id,
            at,
            writes,
            wrote: false,
            opened: 0,
            standing: None,
            witnessed: None,
            new_keys: HashMap::new(),
            key_rows: Vec::new(),
            leaves: Vec::new(),
        })
    }

    /// The installation this unit runs in.
    pub fn app(&self) -> &'u App {
        self.app
    }

    /// Time and chance. For the time of this unit see [`Unit::now`].
    pub fn env(&self) -> &'u Env {
        self.app.env()
    }

    /// Who acts.
    pub fn actor(&self) -> &'u Actor {
        self.actor
    }

    /// The time of everything in this unit.
    pub fn now(&self) -> Instant {
        self.at
    }

    /// The id of this unit's event.
    pub fn id(&self) -> EventId {
        self.id
    }

    /// Changes rows. Error: internal, in a unit that only reads.
    pub fn run(&mut self, sql: &str, args: &[Value]) -> Result<u64> {
        self.writing()?;
        self.tx.run(sql, args)
    }

    /// Inserts many rows with one head, see [`Tx::insert_many`].
    pub fn insert_many(&mut self, head: &str, columns: usize, rows: &[Value]) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.writing()?;
        self.tx.insert_many(head, columns, rows)
    }

    fn writing(&mut self) -> Result<()> {
        if !self.writes {
            return Err(Error::internal("a unit that reads tried to write"));
        }
        self.wrote = true;
        Ok(())
    }

    /// Every row.
    pub fn all<T>(&mut self, sql: &str, args: &[Value], f: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>> {
        self.tx.all(sql, args, f)
    }

    /// Every row of a statement made with [`store::in_64`], which is asked for 64 of these at a time; `more` stand behind them.
    /// What comes in groups or in order does so for each 64.
    pub fn all_in<I, T>(&mut self, sql: &str, ids: &[I], more: &[Value], mut f: impl FnMut(&Row) -> Result<T>) -> Result<Vec<T>>
    where
        for<'i> Value: From<&'i I>,
    {
        let mut found = Vec::new();
        for chunk in ids.chunks(IN_AT_ONCE) {
            // A place that is not needed repeats the last one, so that one statement stays prepared.
            let places = (0..IN_AT_ONCE).filter_map(|place| chunk.get(place).or(chunk.last())).map(Value::from);
            let args: Vec<Value> = places.chain(more.iter().cloned()).collect();
            found.extend(self.tx.all(sql, &args, &mut f)?);
        }
        Ok(found)
    }

    /// The first row, if any.
    pub fn maybe<T>(&mut self, sql: &str, args: &[Value], f: impl FnMut(&Row) -> Result<T>) -> Result<Option<T>> {
        self.tx.maybe(sql, args, f)
    }

    /// The first row, which must be there.
    pub fn one<T>(&mut self, sql: &str, args: &[Value], f: impl FnMut(&Row) -> Result<T>) -> Result<T> {
        self.tx.one(sql, args, f)
    }

    /// The transaction itself, for the dialect's named differences (token index). Counts as a write in a unit that writes.
    pub fn dialect(&mut self) -> &mut Tx<'t> {
        self.wrote = self.writes;
        self.tx
    }

    /// Makes a new key in the vault. `what` says what it seals: `record`, `staff`, `request`…
    pub fn new_key(&mut self, what: &str) -> Result<KeyId> {
        let (id, key) = (KeyId::mint(self.env()), RecordKey::random(self.env()));
        self.take_key(id, key, what)?;
        Ok(id)
    }

    /// As [`Unit::new_key`], with a key that was drawn before the unit, for what was sealed under it there: a fresh one, used for nothing else.
    pub fn take_key(&mut self, id: KeyId, key: RecordKey, what: &str) -> Result<()> {
        self.writing()?;
        if BARE {
            return Ok(());
        }
        let wrapped = self.app.keyring().wrap(&key, id, self.env());
        self.key_rows.extend([
            Value::from(id),
            Value::Int(i64::from(wrapped.epoch.0)),
            Value::Blob(wrapped.bytes),
            Value::from(what),
            Value::from(self.at),
        ]);
        self.new_keys.insert(id, key);
        Ok(())
    }

    /// Runs `f` with a key of the vault. `None` when the key was destroyed.
    pub fn with_key<T>(&mut self, id: KeyId, f: impl FnOnce(&RecordKey) -> Result<T>) -> Result<Option<T>> {
        if BARE {
            return f(&self.day_key.key).map(Some);
        }
        if let Some(key) = self.new_keys.get(&id) {
            return f(key).map(Some);
        }
        let row = self.tx.vault().maybe(vault_sql::KEY_FIND, &args![id], |row| Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?)))?;
        let Some((epoch, bytes)) = row else { return Ok(None) };
        let key = self.app.unwrap_key(&self.keyring, id, epoch, &bytes)?;
        f(&key).map(Some)
    }

    /// Several keys of the vault at once; destroyed ones are absent.
    pub fn keys(&mut self, ids: &[KeyId]) -> Result<HashMap<KeyId, RecordKey>> {
        if BARE {
            return Ok(ids.iter().map(|id| (*id, self.day_key.key.clone())).collect());
        }
        let mut keys = HashMap::with_capacity(ids.len());
        let stored: Vec<KeyId> = ids.iter().copied().filter(|id| !self.new_keys.contains_key(id)).collect();
        for chunk in stored.chunks(64) {
            // Padding with the last id keeps the number of prepared statements small.
            let width = if chunk.len() <= 8 { 8 } else { 64 };
            let marks = (1..=width).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
            let sql = format!("SELECT id, epoch, bytes FROM vault_key WHERE id IN ({marks})");
            let padded: Vec<Value> = (0..width).filter_map(|i| chunk.get(i).or(chunk.last())).map(|id| Value::from(*id)).collect();
            if padded.is_empty() {
                break;
            }
            let rows = self.tx.vault().all(&sql, &padded, |row| Ok((row.get::<KeyId>(0)?, row.get::<i64>(1)?, row.get::<Vec<u8>>(2)?)))?;
            for (id, epoch, bytes) in rows {
                keys.insert(id, self.app.unwrap_key(&self.keyring, id, epoch, &bytes)?);
            }
        }
        for id in ids {
            if let Some(key) = self.new_keys.get(id) {
                keys.insert(*id, key.clone());
            }
        }
        Ok(keys)
    }

    /// Seals bytes under a key of the vault. Error: not_found when the key was destroyed.
    pub fn seal(&mut self, context: &Context, plain: &[u8]) -> Result<Vec<u8>> {
        let env = self.env();
        let sealed = self.with_key(context.key, |key| Ok(vault::seal(key, context, plain, env)))?;
        sealed.ok_or_else(|| Error::not_found("key"))
    }

    /// Opens a box. `None` when its key was destroyed. What it shows stays inside until [`Unit::release`] or the unit's event.
    pub fn open(&mut self, context: &Context, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let plain = self.with_key(context.key, |key| vault::open(key, context, sealed))?;
        self.opened += usize::from(plain.is_some());
        Ok(plain)
    }

    /// Notes that `n` boxes were opened with keys from [`Unit::keys`].
    pub fn note_opened(&mut self, n: usize) {
        self.opened += n;
    }

    /// Destroys a key and leaves its tombstone.
    pub fn shred(&mut self, id: KeyId, order: &[u8; 16]) -> Result<()> {
        self.writing()?;
        let at = self.at;
        let mut vault = self.tx.vault();
        vault.run(vault_sql::KEY_DELETE, &args![id])?;
        vault.run(vault_sql::TOMBSTONE_INSERT, &args![id, at, *order])?;
        Ok(())
    }

    /// As [`Unit::shred`], for a key of no record, which no order destroys: this unit's event stands in the order's place.
    pub fn shred_by_event(&mut self, id: KeyId) -> Result<()> {
        let name = self.witnessed.as_ref().map(|witnessed| witnessed.event.name);
        if !name.is_some_and(|name| DESTROYS_KEYS.contains(&name)) {
            return Err(Error::internal("a key goes by an event that is not among those that destroy keys"));
        }
        let event = *self.id.bytes();
        self.shred(id, &event)
    }

    /// Whether a key has its tombstone, and of which order.
    pub fn tombstone(&mut self, id: KeyId) -> Result<Option<[u8; 16]>> {
        self.tx.vault().maybe(vault_sql::TOMBSTONE_FIND, &args![id], |row| row.get(1))
    }

    /// Sends every read in flight to check again: a record's state, key or usability changed.
    pub fn standing_moved(&mut self) -> Result<()> {
        self.run(sql::STANDING_MOVE, &[]).map(drop)
    }

    /// The commitment that this unit concerns a person; only who holds the person's key can ever show that it does.
    pub fn subject(&self, person: RecordId, key: &RecordKey) -> Hash {
        commit(&subject_salt(key, self.id), SUBJECT, person.bytes())
    }

    /// Says what happens in this unit: once, before its leaves.
    pub fn witness(&mut self, event: Event) -> Result<()> {
        if self.witnessed.is_some() {
            return Err(Error::internal("a unit witnessed twice"));
        }
        let header = event.header(self.id, self.at, self.actor);
        self.witnessed = Some(Witnessed { event, header, salt: self.env().bytes() });
        Ok(())
    }

    /// Adds a leaf about a record's version (or an order) and returns its hash.
    pub fn leaf(&mut self, draft: Draft) -> Result<Hash> {
        self.writing()?;
        if BARE {
            return Ok(ABSENT);
        }
        let witnessed = self.witnessed.as_mut().ok_or_else(|| Error::internal("a leaf before its event"))?;
        let salt = event::about_salt(&witnessed.salt, draft.about, draft.version);
        let meta = event::about(&witnessed.header, draft.about, draft.version);
        let leaf = Leaf {
            kind: draft.kind,
            at: self.at.micros(),
            meta: commit(&salt, META, &encode(&meta)),
            subjects: ledger::subjects_root(&draft.subjects),
            payload: draft.payload,
            box_hash: draft.box_hash,
        };
        if draft.kind == LeafKind::Record || draft.kind == LeafKind::Reseal {
            witnessed.event.records.push((draft.about, draft.version));
        }
        self.leaves.push((leaf, draft.about, draft.version));
        Ok(leaf.hash())
    }

    /// Enqueues a job with this unit. A ready or running job with the same unique key stays the only one.
    pub fn enqueue(&mut self, job: Job) -> Result<JobId> {
        let id = JobId::mint(self.env());
        let run_at = job.run_at.unwrap_or(self.at);
        let actor = self.actor.who.to_string();
        self.run(
            sql::JOB_INSERT,
            &args![id, job.kind, job.unique_key, job.args.to_string(), run_at, job.total, actor, self.actor.purpose.key, self.id, self.at],
        )?;
        Ok(id)
    }

    /// Lets a value out of a read: it is seen once its event is durable.
    pub fn release<T>(&mut self, event: Event, value: T) -> Result<Release<T>> {
        let event = event.count("opened", self.opened);
        let standing = match self.standing {
            Some(known) => known,
            None if self.writes => 0,
            None => self.tx.answer_ahead(|row| row.get(0))?,
        };
        self.standing = Some(standing);
        let disclosure = Disclosure {
            id: self.id,
            at: self.at,
            name: event.name,
            actor: self.actor.who.to_string(),
            purpose_bit: 1 << self.actor.purpose.bit,
            header: event.header(self.id, self.at, self.actor),
            salt: self.env().bytes(),
            records: event.records,
            standing,
        };
        Ok(Release { value, event: Some(disclosure) })
    }

    /// Lets a value out of a read that opened nothing. Error: internal when something was opened.
    pub fn plain<T>(&mut self, value: T) -> Result<Release<T>> {
        if self.opened > 0 {
            return Err(Error::internal("a read opened boxes and named no event"));
        }
        Ok(Release { value, event: None })
    }

    /// Reads an event of the trail back. `None` when it or its day's key is gone.
    pub fn recorded(&mut self, id: EventId) -> Result<Option<Recorded>> {
        Ok(self.recorded_all(&[id])?.pop())
    }

    /// Reads events of the trail back, in this order, with one look into the vault. Those that are gone, or whose day's key is, are left out.
    pub fn recorded_all(&mut self, ids: &[EventId]) -> Result<Vec<Recorded>> {
        let rows = self.all_in(sql::EVENTS_64, ids, &[], |row| Ok((row.get::<EventId>(0)?, (row.get(1)?, row.get(2)?))))?;
        let rows: HashMap<EventId, (KeyId, Vec<u8>)> = rows.into_iter().collect();
        let days: BTreeSet<KeyId> = rows.values().map(|(day, _)| *day).collect();
        let keys = self.keys(&days.into_iter().collect::<Vec<_>>())?;
        let mut found = Vec::with_capacity(rows.len());
        for id in ids {
            let Some((day, sealed)) = rows.get(id) else { continue };
            let Some(key) = keys.get(day) else { continue };
            let plain = vault::open(key, &event_context(*day, *id), sealed)?;
            found.push(Recorded::decode(*id, &plain).ok_or_else(|| Error::internal("an event does not read"))?);
        }
        Ok(found)
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        if !self.wrote && self.witnessed.is_none() {
            return Ok(());
        }
        let Some(witnessed) = self.witnessed.take() else {
            return Err(Error::internal("a unit wrote and left no event"));
        };
        if BARE {
            return Ok(());
        }
        let Witnessed { event, header, salt } = witnessed;
        let sealed = seal_event(self.day_key, self.id, &header, &salt, &event.records, self.env());
        let event_box = ledger::sha256(&sealed);
        if self.leaves.is_empty() {
            let whole = event::whole(&header, &event.records);
            let meta = commit(&salt, META, &encode(&whole));
            let leaf = Leaf { kind: LeafKind::Event, at: self.at.micros(), meta, subjects: ABSENT, payload: ABSENT, box_hash: event_box };
            self.leaves.push((leaf, RecordId::from_bytes(*self.id.bytes()), 0));
        }
        let row =
            args![self.id, self.at, event.name, self.actor.who.to_string(), Value::Null, Value::Null, Value::Null, self.day_key.id, sealed];
        self.tx.insert_many(sql::EVENT_INSERT, 9, &row)?;
        let mut rows = Vec::with_capacity(self.leaves.len() * 8);
        for (n, (leaf, about, version)) in self.leaves.iter().enumerate() {
            let n = i64::try_from(n).unwrap_or(i64::MAX);
            rows.extend(args![self.id, n, self.at, event_box, leaf.hash(), leaf.encode().to_vec(), *about, *version]);
        }
        self.tx.insert_many(sql::PENDING_INSERT, 8, &rows)?;
        if !self.key_rows.is_empty() {
            self.tx.vault().insert_many(vault_sql::KEY_INSERT, 5, &self.key_rows)?;
        }
        Ok(())
    }
}

/// The salt that ties an event to a person: derived from the person's key, gone with it.
pub fn subject_salt(key: &RecordKey, event: EventId) -> Salt {
    vault::keyed(key.expose(), &[b"probity/subject/1", event.bytes()])
}

pub(crate) fn event_context(key: KeyId, id: EventId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "event" }
}

pub(crate) fn seal_event(day: &DayKey, id: EventId, header: &Cbor, salt: &Salt, records: &[(RecordId, i64)], env: &Env) -> Vec<u8> {
    vault::seal(&day.key, &event_context(day.id, id), &Recorded::encode(header, salt, records), env)
}

/// The refusal of a read whose record changed its standing meanwhile.
pub(crate) fn standing_lost() -> Error {
    Error::new(Code::Restricted, "The record was restricted or removed while it was being read; nothing was shown. Load it again.")
}
