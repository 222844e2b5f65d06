//! Drains waiting leaves into the tree, signs its head, publishes tiles. One sequencer at a time, by a lease with a fencing number.

use std::{
    cell::RefCell,
    fs::File,
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use kernel::{Env, Error, EventId, Instant, Result};
use ledger::{ABSENT, Checkpoint, Frontier, Hash, Leaf, LeafKind, Signer, Tile, TileReader};
use store::{Store, Tx, Value, args};

use crate::sql;

/// Leaves a transaction places at most: writers wait meanwhile.
const BATCH: i64 = 1000;
const EVERY: Duration = Duration::from_secs(1);
const LEASE: Duration = Duration::from_secs(10);
/// So far may the clock be behind the ledger, and so long may the ledger have been silent (retention.md, rule 16).
const BEHIND: Duration = Duration::from_secs(5);
const SILENT: Duration = Duration::from_secs(24 * 3600);
/// The setting that is there while the clock leapt and nobody has confirmed the time: JSON of `from` and `to` in microseconds UTC, and
/// `confirmed`, who did so far.
pub const CLOCK_LEAPT: &str = "clock.leapt";

pub(crate) struct Sequencer {
    bell: Arc<Bell>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Bell {
    dirty: AtomicBool,
    ending: Mutex<bool>,
    wake: Condvar,
}

impl Sequencer {
    pub fn start(store: Store, env: Env, signer: Arc<Signer>, log: Option<PathBuf>) -> Result<Self> {
        let bell = Arc::new(Bell { dirty: AtomicBool::new(true), ..Bell::default() });
        let heard = Arc::clone(&bell);
        let thread =
            std::thread::Builder::new().name("sequencer".into()).spawn(move || work(&store, &env, &signer, log.as_deref(), &heard));
        Ok(Self { bell, thread: Mutex::new(Some(thread.map_err(Error::internal)?)) })
    }

    /// Something was written: the next second has work.
    pub fn stir(&self) {
        self.bell.dirty.store(true, Ordering::Relaxed);
    }

    pub fn stop(&self) {
        *self.bell.ending.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.wake.notify_all();
        if let Some(thread) = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // What a panicked sequencer left undone, the next drain does.
            let _ = thread.join();
        }
    }
}

impl Drop for Sequencer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn work(store: &Store, env: &Env, signer: &Arc<Signer>, log: Option<&Path>, bell: &Bell) {
    loop {
        let ending = bell.ending.lock().unwrap_or_else(PoisonError::into_inner);
        let (ending, _) = bell.wake.wait_timeout_while(ending, EVERY, |ending| !*ending).unwrap_or_else(PoisonError::into_inner);
        if *ending {
            return;
        }
        drop(ending);
        if !bell.dirty.swap(false, Ordering::Relaxed) {
            continue;
        }
        loop {
            let (env, signer) = (env.clone(), Arc::clone(signer));
            match store.write_now(move |tx| drain(tx, &env, &signer)) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::error!(?error, "the ledger could not be drained; trying again");
                    bell.dirty.store(true, Ordering::Relaxed);
                    break;
                }
            }
        }
        if let Some(log) = log {
            let to = log.to_owned();
            if let Err(error) = store.read_now(move |tx| publish(tx, &to)) {
                tracing::error!(?error, "tiles could not be published; trying again");
                bell.dirty.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// Makes the empty tree where there is none, and says when the ledger last moved.
pub(crate) fn start(tx: &mut Tx, now: Instant) -> Result<Instant> {
    let empty = Frontier::new();
    tx.run(sql::TREE_START, &args![empty.root(), empty.to_bytes(), now])?;
    tx.one(sql::TREE, &[], |row| row.get::<Instant>(5))
}

struct Pending {
    at: i64,
    unit: EventId,
    n: i64,
    event_box: Hash,
    hash: Hash,
    data: Vec<u8>,
    record: Option<[u8; 16]>,
    version: Option<i64>,
}

/// Places one batch of waiting leaves. Answers whether there may be more.
///
/// After the batch stand leaves for what has none of its own: one over the boxes of the batch's events, and one for each stream of read
/// events that moved.
pub(crate) fn drain(tx: &mut Tx, env: &Env, signer: &Signer) -> Result<bool> {
    let now = env.now();
    let holder = signer.name();
    if tx.run(sql::TREE_LEASE, &args![holder, now.plus(LEASE), now])? == 0 {
        return Ok(false);
    }
    let mut batch = tx.all(sql::PENDING_TAKE, &args![BATCH], |row| {
        Ok(Pending {
            at: row.get(0)?,
            unit: row.get(1)?,
            n: row.get(2)?,
            event_box: row.get(3)?,
            hash: row.get(4)?,
            data: row.get(5)?,
            record: row.get(6)?,
            version: row.get(7)?,
        })
    })?;
    let streams = tx.all(sql::STREAM_MOVED, &[], |row| Ok((row.get::<EventId>(0)?, row.get::<i64>(1)?, row.get::<Hash>(2)?)))?;
    if batch.is_empty() && streams.is_empty() {
        return Ok(false);
    }
    let more = i64::try_from(batch.len()).unwrap_or(0) == BATCH;
    batch.sort_by_key(|p| (p.at, p.unit, p.n));
    let (frontier, before) = tx.one(sql::TREE, &[], |row| Ok((row.get::<Vec<u8>>(1)?, row.get::<Instant>(5)?)))?;
    let mut head = Head { frontier: Frontier::from_bytes(&frontier)?, tiles: Vec::new(), rows: Vec::new() };
    if head.frontier.size() > 0 {
        watch_clock(tx, env, before, now)?;
    }
    if !batch.is_empty() {
        let (boxes, count) = boxes_hash(batch.iter().map(|p| (p.unit, p.event_box)));
        for p in batch {
            head.push(p.hash, p.data, p.unit, p.record, p.version)?;
        }
        let leaf = Leaf { kind: LeafKind::Stream, at: now.micros(), meta: ABSENT, subjects: ABSENT, payload: ABSENT, box_hash: boxes };
        head.push(leaf.hash(), leaf.encode().to_vec(), EventId::from_bytes([0; 16]), None, Some(count))?;
    }
    for (stream, seq, link) in streams {
        let leaf = Leaf {
            kind: LeafKind::Stream,
            at: now.micros(),
            meta: stream_name(stream, seq),
            subjects: ABSENT,
            payload: ABSENT,
            box_hash: link,
        };
        head.push(leaf.hash(), leaf.encode().to_vec(), stream, Some(*stream.bytes()), Some(seq))?;
        tx.run(sql::STREAM_LEAFED, &args![stream, seq])?;
    }
    tx.insert_many(sql::LEAF_INSERT, 6, &head.rows)?;
    for tile in &head.tiles {
        tx.run(sql::TILE_INSERT, &args![i64::from(tile.level), index(tile.index), tile.to_bytes()])?;
    }
    let (size, root) = (head.frontier.size(), head.frontier.root());
    let note = ledger::sign(&Checkpoint { origin: signer.name().to_owned(), size, root, extensions: Vec::new() }, signer)?;
    tx.run(sql::CHECKPOINT_INSERT, &args![index(size), now, note])?;
    tx.run(sql::TREE_MOVE, &args![index(size), root, head.frontier.to_bytes(), now])?;
    Ok(more)
}

/// Remembers that the clock leapt since the ledger last moved: whoever may then say that it is right, a further write may not.
fn watch_clock(tx: &mut Tx, env: &Env, before: Instant, now: Instant) -> Result<()> {
    if env.is_held() || (before.since(now) <= BEHIND && now.since(before) <= SILENT) {
        return Ok(());
    }
    tracing::error!("the clock leapt since the ledger last moved: nothing is destroyed until people confirm the time");
    let leap = serde_json::json!({"from": before.micros(), "to": now.micros(), "confirmed": []}).to_string();
    tx.run(sql::SETTING_ONCE, &args![CLOCK_LEAPT, leap]).map(drop)
}

/// What a batch's leaf says of the boxes of its events: SHA-256 over each event's id and box hash, in order, once each; and their number.
pub fn boxes_hash(units: impl Iterator<Item = (EventId, Hash)>) -> (Hash, i64) {
    let (mut bytes, mut count, mut last) = (b"probity/boxes/1\0".to_vec(), 0, None);
    for (unit, event_box) in units {
        if last != Some(unit) {
            bytes.extend(unit.bytes());
            bytes.extend(event_box);
            count += 1;
            last = Some(unit);
        }
    }
    (ledger::sha256(&bytes), count)
}

/// Which link of which stream a stream's leaf is about.
pub fn stream_name(stream: EventId, seq: i64) -> Hash {
    let mut bytes = b"probity/stream/1\0".to_vec();
    bytes.extend(stream.bytes());
    bytes.extend(seq.to_be_bytes());
    ledger::sha256(&bytes)
}

struct Head {
    frontier: Frontier,
    tiles: Vec<Tile>,
    rows: Vec<Value>,
}

impl Head {
    fn push(&mut self, hash: Hash, data: Vec<u8>, unit: EventId, record: Option<[u8; 16]>, version: Option<i64>) -> Result<()> {
        self.rows.extend(args![index(self.frontier.size()), hash, data, unit, record, version]);
        self.tiles.extend(self.frontier.push(hash)?);
        Ok(())
    }
}

fn index(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The stored tiles of the tree, to prove from.
pub struct StoredTiles<'u, 't> {
    tx: RefCell<&'u mut Tx<'t>>,
    partial: Vec<Tile>,
}

impl<'u, 't> StoredTiles<'u, 't> {
    /// The tree as this transaction sees it.
    pub fn new(tx: &'u mut Tx<'t>) -> Result<Self> {
        let frontier = tx.one(sql::TREE, &[], |row| row.get::<Vec<u8>>(1))?;
        Ok(Self { partial: Frontier::from_bytes(&frontier)?.partial_tiles(), tx: RefCell::new(tx) })
    }
}

impl TileReader for StoredTiles<'_, '_> {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<Hash>> {
        if let Some(tile) = self.partial.iter().find(|t| t.level == level && t.index == index) {
            return Ok(tile.hashes.clone());
        }
        let at = self::index(index);
        let full = self.tx.borrow_mut().maybe(sql::TILE_FIND, &args![i64::from(level), at], |row| row.get::<Vec<u8>>(0))?;
        let hashes = full.and_then(|bytes| Tile::hashes_from_bytes(&bytes));
        hashes.filter(|h| h.len() >= usize::from(width)).ok_or_else(|| Error::not_found("tile"))
    }
}

/// Publishes tiles and the newest checkpoint as files, idempotently, never replacing a larger checkpoint.
///
/// One process at a time: with a server and a command on one PostgreSQL, each would otherwise rename the other's half-written file, or put a
/// smaller checkpoint over a larger.
pub(crate) fn publish(tx: &mut Tx, to: &Path) -> Result<()> {
    let _alone = alone(to).map_err(Error::internal)?;
    let Some((size, note)) = tx.maybe(sql::CHECKPOINT_LAST, &[], |row| Ok((row.get::<i64>(0)?, row.get::<String>(2)?)))? else {
        return Ok(());
    };
    let frontier = Frontier::from_bytes(&tx.one(sql::TREE, &[], |row| row.get::<Vec<u8>>(1))?)?;
    let published = std::fs::read_to_string(to.join("checkpoint")).ok().and_then(|n| size_of(&n)).unwrap_or(0);
    if published >= size {
        return Ok(());
    }
    let mut level = 0u8;
    let mut full = u64::try_from(size).unwrap_or(0) / 256;
    let mut before = u64::try_from(published).unwrap_or(0) / 256;
    while full > 0 {
        for at in before..full {
            let bytes = tx.one(sql::TILE_FIND, &args![i64::from(level), index(at)], |row| row.get::<Vec<u8>>(0))?;
            write_whole(&to.join(ledger::tile_path(level, at, 256)), &bytes)?;
        }
        (level, full, before) = (level + 1, full / 256, before / 256);
    }
    for tile in frontier.partial_tiles() {
        write_whole(&to.join(tile.path()), &tile.to_bytes())?;
    }
    write_whole(&to.join("checkpoint"), note.as_bytes())
}

/// The right to publish here, until it is dropped or its process dies.
fn alone(to: &Path) -> std::io::Result<File> {
    std::fs::create_dir_all(to)?;
    let lock = File::options().create(true).append(true).open(to.join("publishing.lock"))?;
    match lock.lock() {
        // A file system without locks has one process that publishes, or several that are not told.
        Err(cause) if cause.kind() != std::io::ErrorKind::Unsupported => Err(cause),
        _ => Ok(lock),
    }
}

fn size_of(note: &str) -> Option<i64> {
    note.lines().nth(1)?.parse().ok()
}

fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> std::io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let unfinished = path.with_extension("unfinished");
        std::fs::write(&unfinished, bytes)?;
        std::fs::rename(&unfinished, path)
    };
    write().map_err(Error::internal)
}
