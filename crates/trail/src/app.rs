//! The installation: databases, keys, catalogue, ledger and the threads that keep them in step.

use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicI64, Ordering},
    },
};

use catalogue::{Catalogue, Kind};
use kernel::{Code, Env, Error, EventId, Instant, KeyId, Result};
use ledger::{Signer, Verifier};
use store::{Blobs, Location, Migration, Options, Store, Tx, args};
use vault::{EpochId, Keyring, Provider, RecordKey};

use crate::{
    Actor, BARE, Release, Unit,
    committer::Committer,
    sequencer::{self, Sequencer},
    sql,
    sql::vault_sql,
    unit::standing_lost,
};

/// Where everything is, and what opens it.
#[derive(Clone)]
pub struct Config {
    /// The data and vault databases.
    pub location: Location,
    /// Connections.
    pub options: Options,
    /// A directory or `s3://bucket/prefix`.
    pub blobs: String,
    /// The keyring's file.
    pub keyring: PathBuf,
    /// What opens the keyring.
    pub provider: Arc<dyn Provider>,
    /// The ledger's origin, such as `crm.example.com/log`.
    pub origin: String,
    /// Where tiles and checkpoints are published; `None` to publish nowhere but over HTTP.
    pub log: Option<PathBuf>,
    /// The address at which the house is reached from outside, such as `https://crm.example.com`; `None` when it is only reached locally.
    pub public_url: Option<String>,
}

/// The key of one day's events.
pub(crate) struct DayKey {
    pub id: KeyId,
    pub key: RecordKey,
}

/// An open installation. Cheap to clone; the last one closed ends its threads.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    store: Store,
    blobs: Blobs,
    env: Env,
    keyring: RwLock<Arc<Keyring>>,
    keyring_path: PathBuf,
    provider: Arc<dyn Provider>,
    catalogue: RwLock<Arc<Catalogue>>,
    signer: Arc<Signer>,
    log: Option<PathBuf>,
    public_url: Option<String>,
    day_keys: Mutex<HashMap<i64, Arc<DayKey>>>,
    last_tick: AtomicI64,
    committer: Committer,
    sequencer: Sequencer,
}

/// A migration whose two texts are the twin files of this name.
macro_rules! migration {
    ($number:literal, $name:literal, $file:literal) => {
        Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../store/migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../store/migrations/postgres/", $file)),
        }
    };
}

/// The migrations of the data database.
pub const DATA_MIGRATIONS: &[Migration] = &[
    migration!(1, "data", "0001_data.sql"),
    Migration { number: 2, name: "token_index", sqlite: store::tokens::MIGRATION_SQLITE, postgres: store::tokens::MIGRATION_POSTGRES },
    migration!(3, "desk", "0002_desk.sql"),
    migration!(4, "export", "0003_export.sql"),
    migration!(5, "views", "0004_views.sql"),
    migration!(6, "notice", "0005_notice.sql"),
    migration!(7, "bulk", "0006_bulk.sql"),
    migration!(8, "team", "0007_team.sql"),
    migration!(9, "rates", "0008_rates.sql"),
    migration!(10, "mail", "0009_mail.sql"),
    migration!(11, "duplicates", "0010_duplicates.sql"),
    migration!(12, "segments", "0011_segments.sql"),
    migration!(13, "automation", "0012_automation.sql"),
    migration!(14, "consent", "0013_consent.sql"),
    migration!(15, "dashboards", "0014_dashboards.sql"),
    migration!(16, "service", "0015_service.sql"),
];

/// The migrations of the vault.
pub const VAULT_MIGRATIONS: &[Migration] = &[migration!(1, "vault", "0001_vault.sql")];

/// The setting that names the ledger's origin where it is not the configured one.
pub const ORIGIN: &str = "ledger.origin";
/// How often a reading begins whose records lose their standing meanwhile.
const READINGS: usize = 3;
/// The setting that is there while a backup is being restored.
pub const RESTORING: &str = "restoring";

impl App {
    /// Opens an installation whose keyring exists, brings its schema up to date and starts its threads.
    ///
    /// Errors: those of the store (taken, newer than this version, unreachable) and of the keyring (absent, wrong key); conflict where a
    /// restore was interrupted.
    pub fn open(config: Config, env: Env) -> Result<Self> {
        Self::open_as(config, env, false)
    }

    /// As [`App::open`], for the restore itself: until it is finished nobody else opens what is half there.
    pub fn open_restoring(config: Config, env: Env) -> Result<Self> {
        Self::open_as(config, env, true)
    }

    fn open_as(config: Config, env: Env, restores: bool) -> Result<Self> {
        let keyring = Keyring::open(&config.keyring, config.provider.as_ref())?;
        let store = Store::open(&config.location, config.options, DATA_MIGRATIONS, VAULT_MIGRATIONS)?;
        let half = store.read_now(|tx| tx.maybe(sql::SETTING, &args![RESTORING], |_| Ok(())))?.is_some();
        if half && !restores {
            store.close();
            let words = "A backup was being restored here, and that was interrupted: not everything is back, nor destroyed again. Run the same `probity restore` once more; it begins anew.";
            return Err(Error::new(Code::Conflict, words));
        }
        // A restore that lost leaves goes on under a name of its own.
        let origin = store.read_now(|tx| tx.maybe(sql::SETTING, &args![ORIGIN], |row| row.get::<String>(0)))?;
        let signer = Arc::new(Signer::new(origin.unwrap_or(config.origin), *keyring.signing_seed())?);
        let blobs = Blobs::open(&config.blobs)?;
        let now = env.now();
        let last = store.write_now(move |tx| sequencer::start(tx, now))?;
        let catalogue = store.read_now(load_catalogue)?;
        let committer = Committer::start(store.clone(), env.clone())?;
        let sequencer = Sequencer::start(store.clone(), env.clone(), Arc::clone(&signer), config.log.clone())?;
        Ok(Self(Arc::new(Inner {
            store,
            blobs,
            env,
            keyring: RwLock::new(Arc::new(keyring)),
            keyring_path: config.keyring,
            provider: config.provider,
            catalogue: RwLock::new(Arc::new(catalogue)),
            signer,
            log: config.log,
            public_url: config.public_url,
            day_keys: Mutex::default(),
            last_tick: AtomicI64::new(last.micros()),
            committer,
            sequencer,
        })))
    }

    /// The databases. Slices go through a [`Unit`]; this is for plumbing (verify, backup, bench).
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Originals and attachments.
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }

    /// Time and chance.
    pub fn env(&self) -> &Env {
        &self.0.env
    }

    /// The keyring as it is now.
    pub fn keyring(&self) -> Arc<Keyring> {
        Arc::clone(&self.0.keyring.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Replaces the keyring, on disk first.
    pub fn replace_keyring(&self, keyring: Keyring) -> Result<()> {
        keyring.save(&self.0.keyring_path, self.0.provider.as_ref(), &self.0.env)?;
        self.take_keyring(keyring);
        Ok(())
    }

    /// Goes on with this keyring.
    pub(crate) fn take_keyring(&self, keyring: Keyring) {
        *self.0.keyring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keyring);
    }

    /// Reads the keyring afresh from its file: the base of every change to it.
    pub fn reload_keyring(&self) -> Result<Keyring> {
        Keyring::open(&self.0.keyring_path, self.0.provider.as_ref())
    }

    /// Where the keyring's file is.
    pub fn keyring_path(&self) -> &std::path::Path {
        &self.0.keyring_path
    }

    /// What opens the keyring, in words.
    pub fn provider(&self) -> &dyn Provider {
        self.0.provider.as_ref()
    }

    /// The catalogue as it is now.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the catalogue again after it changed.
    pub async fn reload_catalogue(&self) -> Result<Arc<Catalogue>> {
        let fresh = Arc::new(self.0.store.read(load_catalogue).await?);
        *self.0.catalogue.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }

    /// What signs checkpoints.
    pub fn signer(&self) -> &Signer {
        &self.0.signer
    }

    /// What others verify checkpoints with.
    pub fn verifier(&self) -> Verifier {
        self.0.signer.verifier()
    }

    /// The address at which the house is reached from outside; `None` when it is only reached locally.
    pub fn public_url(&self) -> Option<&str> {
        self.0.public_url.as_deref()
    }

    /// Where tiles and checkpoints are published.
    pub fn log(&self) -> Option<&PathBuf> {
        self.0.log.as_ref()
    }

    /// Writes in one transaction, with its event, leaves and jobs. The closure may run again after a serialization failure: it has no
    /// effect outside. What it answers may be shown: its event is durable.
    pub async fn write<T: Send + 'static>(&self, actor: &Actor, f: impl Fn(&mut Unit) -> Result<T> + Send + 'static) -> Result<T> {
        let day_key = self.day_key().await?;
        let (app, actor) = (self.clone(), actor.clone());
        let out = self
            .0
            .store
            .write(move |tx| {
                let mut unit = Unit::begin(tx, &app, &actor, &day_key, true)?;
                let out = f(&mut unit)?;
                unit.finish()?;
                Ok(out)
            })
            .await?;
        self.0.sequencer.stir();
        Ok(out)
    }

    /// Reads. What was opened leaves only as a [`Release`], once its event is durable and the records' standing was checked again. Where a
    /// record was restricted or removed meanwhile, what was opened is dropped and the reading begins again: a list goes on without it.
    ///
    /// Errors: those of `f`; restricted where records lose their standing again and again; unavailable when too many reads wait.
    pub async fn read<T: Send + 'static>(&self, actor: &Actor, f: impl Fn(&mut Unit) -> Result<Release<T>> + Send + 'static) -> Result<T> {
        let f = Arc::new(Mutex::new(f));
        for _ in 0..READINGS {
            let day_key = self.day_key().await?;
            let (app, actor, key, f) = (self.clone(), actor.clone(), Arc::clone(&day_key), Arc::clone(&f));
            let read = self.0.store.read(move |tx| {
                let mut unit = Unit::begin(tx, &app, &actor, &key, false)?;
                f.lock().unwrap_or_else(PoisonError::into_inner)(&mut unit)
            });
            let Release { value, event } = read.await?;
            let Some(event) = event.filter(|_| !BARE) else { return Ok(value) };
            if self.0.committer.commit(event, day_key).await? {
                self.0.sequencer.stir();
                return Ok(value);
            }
        }
        Err(standing_lost())
    }

    /// Records that somebody was refused, in a unit of its own, and gives the refusal back.
    pub async fn denied(&self, actor: &Actor, error: Error) -> Error {
        let event = crate::Event::new("permit.denied").word("code", error.code().as_str());
        let (event, written) = (event, actor.clone());
        match self.write(&written, move |unit| unit.witness(event.clone())).await {
            Ok(()) => error,
            Err(failed) => failed,
        }
    }

    /// Drains every waiting leaf into the tree and signs its head. Error: unavailable while another node holds the lease.
    pub async fn settle(&self) -> Result<()> {
        let (env, signer) = (self.0.env.clone(), Arc::clone(&self.0.signer));
        loop {
            let (env, signer) = (env.clone(), Arc::clone(&signer));
            let moved = self.0.store.write(move |tx| sequencer::drain(tx, &env, &signer)).await?;
            if !moved {
                break;
            }
        }
        self.publish().await
    }

    async fn publish(&self) -> Result<()> {
        let Some(log) = self.0.log.clone() else { return Ok(()) };
        self.0.store.read(move |tx| sequencer::publish(tx, &log)).await
    }

    /// Ends the threads, closes this node's stream of read events, settles the ledger and closes the databases.
    pub async fn close(self) -> Result<()> {
        self.0.sequencer.stop();
        let stream = self.0.committer.stop();
        let now = self.0.env.now();
        self.0.store.write(move |tx| tx.run(sql::STREAM_CLOSE, &args![stream, now])).await?;
        self.settle().await?;
        if let Ok(inner) = Arc::try_unwrap(self.0) {
            inner.store.close();
        }
        Ok(())
    }

    /// A new unit's id and a time that never repeats or goes back on this node, so that leaves sort by their making.
    pub(crate) fn tick(&self) -> (EventId, Instant) {
        let now = self.0.env.now().micros();
        let next = |last: i64| if now > last { now } else { last + 1 };
        let last = self.0.last_tick.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(next(last)));
        let at = last.map_or(now, next);
        (EventId::mint(&self.0.env), Instant::from_micros(at))
    }

    /// Unwraps a key of the vault with a keyring of a moment ago. Error: internal when its row was tampered with or its epoch is unknown.
    pub(crate) fn unwrap_key(&self, keyring: &Keyring, id: KeyId, epoch: i64, bytes: &[u8]) -> Result<RecordKey> {
        let epoch = u32::try_from(epoch).map(EpochId).map_err(Error::internal)?;
        if epoch > keyring.current() {
            // Another node began it while this unit ran.
            self.take_keyring(self.reload_keyring()?);
            return self.keyring().unwrap(id, epoch, bytes);
        }
        keyring.unwrap(id, epoch, bytes)
    }

    async fn day_key(&self) -> Result<Arc<DayKey>> {
        let day = self.0.env.now().micros().div_euclid(86_400_000_000);
        let cached = |map: &HashMap<i64, Arc<DayKey>>| map.get(&day).cloned();
        if let Some(key) = cached(&self.0.day_keys.lock().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(key);
        }
        let app = self.clone();
        let made = Arc::new(self.0.store.write(move |tx| app.find_or_make_day_key(tx, day)).await?);
        let mut map = self.0.day_keys.lock().unwrap_or_else(PoisonError::into_inner);
        // Only today's and yesterday's key stay in memory.
        map.retain(|d, _| (d - day).abs() <= 1);
        Ok(Arc::clone(map.entry(day).or_insert(made)))
    }

    fn find_or_make_day_key(&self, tx: &mut Tx, day: i64) -> Result<DayKey> {
        self.notice_keys(tx, true)?;
        let find = |tx: &mut Tx| tx.maybe(sql::DAY_KEY, &args![day, "events"], |row| row.get::<KeyId>(0));
        let id = match find(tx)? {
            Some(id) => id,
            None => {
                let (id, key) = (KeyId::mint(&self.0.env), RecordKey::random(&self.0.env));
                let wrapped = self.keyring().wrap(&key, id, &self.0.env);
                let row = args![id, i64::from(wrapped.epoch.0), wrapped.bytes, "day", self.0.env.now()];
                tx.vault().insert_many(vault_sql::KEY_INSERT, 5, &row)?;
                tx.run(sql::DAY_KEY_INSERT, &args![day, "events", id])?;
                // Another node may have been first: its key is the one that counts.
                find(tx)?.ok_or_else(|| Error::internal("a day key vanished"))?
            }
        };
        let row = tx.vault().maybe(vault_sql::KEY_FIND, &args![id], |row| Ok((row.get::<i64>(0)?, row.get::<Vec<u8>>(1)?)))?;
        let (epoch, bytes) =
            row.ok_or_else(|| Error::new(Code::Unavailable, "The key of today's events is not in the vault; restore the vault."))?;
        Ok(DayKey { id, key: self.unwrap_key(&self.keyring(), id, epoch, &bytes)? })
    }
}

/// The built-in kinds, over them the newest version of every kind that users made or extended. A built-in field that came with a newer
/// release joins a kind that was extended before.
pub fn load_catalogue(tx: &mut Tx) -> Result<Catalogue> {
    let builtin = catalogue::builtin();
    let mut kinds: BTreeMap<String, Kind> = builtin.kinds().map(|kind| (kind.key.clone(), Kind::clone(kind))).collect();
    for body in tx.all(sql::CATALOGUE, &[], |row| row.get::<String>(0))? {
        let mut kind: Kind = serde_json::from_str(&body).map_err(Error::internal)?;
        if let Some(shipped) = builtin.kind(&kind.key) {
            let newer: Vec<_> = shipped.fields.iter().filter(|f| kind.field(&f.key).is_none()).cloned().collect();
            kind.fields.extend(newer);
            if kind.pipelines.is_empty() {
                kind.pipelines.clone_from(&shipped.pipelines);
            }
            if kind.reasons.is_empty() {
                kind.reasons.clone_from(&shipped.reasons);
            }
        }
        kinds.insert(kind.key.clone(), kind);
    }
    let version = tx.one(sql::CATALOGUE_VERSION, &[], |row| row.get::<Option<i64>>(0))?.unwrap_or(builtin.version());
    Catalogue::new(version, kinds.into_values().collect())
}
