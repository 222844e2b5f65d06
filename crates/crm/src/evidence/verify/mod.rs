//! Verification of a whole store: everything recomputed, in portions, without holding a transaction for long.
//!
//! What is compared with what the ledger committed to:
//! - every leaf: its hash, its place (dense), the full tiles, every signed head and its signature and time, the head as stored, published
//!   tiles and checkpoint, the newest anchor in the vault's journal, and a checkpoint given from outside;
//! - `record`, `record_version`: the sealed box always; with keys the payload, that is kind, every open and sealed field, created, owner,
//!   team, law, class, facts, the predecessor's leaf; the people concerned; version, captured and updated by their leaves; leaf; key (bound to the box);
//! - `record_facet`, `link`: recomputed from the open fields;
//! - `event`: the sealed box always (by its leaf, or by the leaf of its batch); with keys time, name, actor and everything in it; read events
//!   by their chain, which their stream's leaves cover;
//! - `consent`: every entry by its event, every event by its entry, and `usable` of people in use by what they said;
//! - `destroy_order`, `certificate`: content, time, place; tombstones of the vault against orders.
//!
//! What is not committed to, and so not noticed when changed by hand: of `record` the columns usable (but of people in use), state (as far as the body stays), decide_after
//! and kept_until, and of its facts what the sweep notes for itself, which retention and requests move without a version; the times of a stream's row within its leaves;
//! index tables (tokens, `name_sort`, `event_record`), timelines, jobs, settings, sessions. Without keys (SEALED) the columns beside the boxes
//! and the inside of read events are not compared. Read events and leaves of the last second, which no leaf covers yet, can be lost unseen.

mod bodies;
mod consents;
mod destroyed;
mod portion;
mod rows;
mod streams;
mod tree;

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::{Arc, mpsc},
};

use catalogue::Catalogue;
use kernel::{Error, EventId, KeyId, Result};
use ledger::{Checkpoint, Hash, KeyKind, Leaf, Order, Report, Verdict, Verifier};
use store::{Store, args};
use trail::{App, Event, Permit, permit::Audit};
use vault::Keyring;

use self::{
    bodies::{Judge, Keys},
    portion::Portion,
    tree::{Anchor, LeafRow, Tree},
};
use super::{
    anchor::former_origins,
    jobs::{REPORT, kept},
    log::{VERIFIED, Verified},
    sql,
    sql::vault_sql,
};

/// Decides again whether an order's facts permitted it.
pub type Permits = Arc<dyn Fn(&Order, usize) -> bool + Send + Sync>;
/// Told how many leaves of how many are done.
pub type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

/// How to verify.
#[derive(Clone, Default)]
pub struct Options {
    /// Leave the boxes closed: verdicts are SEALED where they would be OPEN.
    pub sealed: bool,
    /// A signed checkpoint kept outside; the store must be consistent with it.
    pub checkpoint: Option<String>,
    /// Witnesses whose cosignatures count.
    pub witnesses: Vec<Verifier>,
    /// Decides over orders again.
    pub permits: Option<Permits>,
}

/// What is verified: databases, and what is known beside them.
#[derive(Clone)]
pub struct Subject {
    /// The databases.
    pub store: Store,
    /// Opens the boxes; `None` verifies them sealed.
    pub keyring: Option<Arc<Keyring>>,
    /// The ledger's keys, one for each name it has had.
    pub verifiers: Vec<Verifier>,
    /// Where tiles and checkpoints were published.
    pub log: Option<PathBuf>,
    /// The kinds.
    pub catalogue: Arc<Catalogue>,
    /// Whether the vault is beside the data. Without it order and certificate speak alone: the tombstones that agree with them are in the vault.
    pub vault: bool,
    /// Whether the data are a copy older than the vault beside them: then the vault's journal may know of a longer ledger.
    pub older_copy: bool,
}

impl Subject {
    /// A running installation.
    pub fn live(app: &App) -> Self {
        let mut verifiers = vec![app.verifier()];
        // Without them the checkpoints under a former name are faults, as they should be.
        verifiers.extend(former_origins(app.store(), Some(&app.keyring().signing_seed())).unwrap_or_default());
        Self {
            store: app.store().clone(),
            keyring: Some(app.keyring()),
            verifiers,
            log: app.log().cloned(),
            catalogue: app.catalogue(),
            vault: true,
            older_copy: false,
        }
    }

    fn tombstone(&self, key: KeyId) -> bool {
        let found = self.store.read_now(move |tx| tx.vault().maybe(trail::sql::vault_sql::TOMBSTONE_FIND, &args![key], |_| Ok(())));
        matches!(found, Ok(Some(())))
    }
}

/// Verifies a running installation. What waits for its place is placed first. Event `evidence.verified`.
///
/// Every disagreement is a fault of the report; an error means only that the store could not be asked.
pub async fn verify(app: &App, permit: &Permit<Audit>, options: Options, progress: Option<Progress>) -> Result<Report> {
    app.settle().await?;
    let subject = Subject::live(app);
    let (report, opened) = run(subject, options, progress).await?;
    let event = Event::new("evidence.verified")
        .count("leaves", usize::try_from(report.leaves).unwrap_or(usize::MAX))
        .count("faults", report.faults.len())
        .count("opened", opened);
    let (leaves, faults, unanchored) = (report.leaves, report.faults.len(), report.unanchored);
    let whole = report.clone();
    app.write(&permit.actor, move |unit| {
        unit.witness(event.clone())?;
        unit.run(trail::sql::SETTING_SET, &args![REPORT, kept(unit.now(), &whole)?])?;
        let found = Verified { at: unit.now(), leaves, faults, unanchored };
        let found = serde_json::to_string(&found).map_err(Error::internal)?;
        unit.run(trail::sql::SETTING_SET, &args![VERIFIED, found])
    })
    .await?;
    Ok(report)
}

/// Verifies databases that are not in use, such as a backup's. Leaves no event.
pub async fn verify_subject(subject: Subject, options: Options, progress: Option<Progress>) -> Result<Report> {
    run(subject, options, progress).await.map(|(report, _)| report)
}

async fn run(mut subject: Subject, options: Options, progress: Option<Progress>) -> Result<(Report, usize)> {
    if options.sealed {
        subject.keyring = None;
    }
    let done = tokio::task::spawn_blocking(move || everything(&subject, &options, progress.as_ref())).await;
    done.map_err(Error::internal)?
}

/// Leaves in one transaction.
const PORTION: u64 = 1000;

fn everything(subject: &Subject, options: &Options, progress: Option<&Progress>) -> Result<(Report, usize)> {
    // From the rows back to the ledger on a thread of its own, while this one goes through the ledger.
    std::thread::scope(|scope| {
        let rows = scope.spawn(|| {
            let mut report = Report::new();
            attempt(&mut report, "records", |report| rows::records(subject, report));
            attempt(&mut report, "events", |report| rows::events(subject, report));
            attempt(&mut report, "orders and certificates", |report| rows::documents(subject, report));
            attempt(&mut report, "consents", |report| consents::check(subject, report));
            attempt(&mut report, "rows that belong to nothing", |report| rows::strays(subject, report));
            report
        });
        let mut report = Report::new();
        let (opened, streamed) = leaves(subject, options, progress, &mut report)?;
        let mut also = 0;
        attempt(&mut report, "read events and streams", |report| streams::check(subject, &streamed, report).map(|n| also = n));
        report.add(rows.join().map_err(|_| Error::internal("the verification of the rows panicked"))?);
        Ok((report, opened + also))
    })
}

/// A row that cannot even be read is a finding, not the end.
fn attempt(report: &mut Report, what: &str, run: impl FnOnce(&mut Report) -> Result<()>) {
    if let Err(error) = run(report) {
        tracing::warn!(?error, "verification of {what} stopped");
        report.fault(None, format!("{what}: a row cannot be read as what it must be, so this part could not be verified to its end"));
    }
}

fn leaves(subject: &Subject, options: &Options, progress: Option<&Progress>, report: &mut Report) -> Result<(usize, BTreeSet<EventId>)> {
    // Before the head: others go on writing meanwhile, and no anchor may be of a tree that the head does not know yet.
    let kept = KeptHeads::read(subject);
    let head = subject.store.read_now(|tx| {
        tx.maybe(sql::HEAD, &[], |row| {
            Ok((row.get::<u64>(0)?, row.get::<Hash>(1)?, row.get::<Vec<u8>>(2)?, row.get::<kernel::Instant>(3)?))
        })
    });
    let Ok(Some((size, root, frontier, at))) = head else {
        report.fault(None, "the ledger's head is not there or does not read");
        return Ok((0, BTreeSet::new()));
    };
    let (anchors, published) = anchors(subject, options, kept, size, report);
    let mut tree = Tree::new(subject.verifiers.clone(), subject.log.clone(), published, anchors);
    let mut opened = 0;
    let whole = std::thread::scope(|scope| {
        // One portion is read while the one before is judged.
        let (sender, portions) = mpsc::sync_channel(1);
        scope.spawn(move || {
            let mut from = 0;
            while from < size {
                let to = size.min(from + PORTION);
                let loaded = portion::load(&subject.store, &subject.catalogue, from, to, subject.keyring.is_some());
                if sender.send((from, to, loaded)).is_err() {
                    return;
                }
                from = to;
            }
        });
        for (from, to, loaded) in portions {
            let mut portion = match loaded {
                Ok(portion) => portion,
                Err(error) => {
                    tracing::warn!(?error, "verification stopped");
                    report
                        .fault(from, format!("the leaves {from} to {} or what they are about cannot be read as what they must be", to - 1));
                    return Ok(false);
                }
            };
            portion.destroyed.judge_by(options.permits.clone(), subject.vault);
            tree.expect(std::mem::take(&mut portion.heads), std::mem::take(&mut portion.tiles));
            opened += judge(subject, &portion, &mut tree, report)?;
            if let Some(progress) = progress {
                progress(to, size);
            }
        }
        Ok::<_, Error>(true)
    })?;
    if !whole {
        return Ok((opened, tree.into_streams()));
    }
    tree.skip_to(size, report)?;
    tree.finish(report);
    if tree.root() != root || tree.frontier_bytes() != frontier {
        report.fault(None, "the ledger's head as stored (root or frontier) does not follow from its leaves");
    }
    ends(subject, &tree, size, at, report)?;
    Ok((opened, tree.into_streams()))
}

/// A leaf as the tree took it, and the hash of its event's stored box.
type Taken<'p> = (&'p LeafRow, Option<Leaf>, Option<Hash>);

fn judge(subject: &Subject, portion: &Portion, tree: &mut Tree, report: &mut Report) -> Result<usize> {
    let mut boxes = HashMap::new();
    let mut taken: Vec<Taken<'_>> = Vec::with_capacity(portion.leaves.len());
    for row in &portion.leaves {
        let event_box = portion.events.get(&row.unit).map(|event| *boxes.entry(row.unit).or_insert_with(|| vault::box_hash(&event.sealed)));
        taken.push((row, tree.take(row, event_box, report)?, event_box));
    }
    // Opening is most of the work: two threads share it.
    let half = if subject.keyring.is_some() { taken.len() / 2 } else { 0 };
    let (first, second) = taken.split_at(half);
    let (first, second) = std::thread::scope(|scope| {
        let other = (half > 0).then(|| scope.spawn(|| judged(subject, portion, first)));
        let second = judged(subject, portion, second);
        (other.map(std::thread::ScopedJoinHandle::join), second)
    });
    let mut opened = second.1;
    if let Some(first) = first {
        let (part, n) = first.map_err(|_| Error::internal("the verification of a portion panicked"))?;
        report.add(part);
        opened += n;
    }
    report.add(second.0);
    Ok(opened)
}

fn judged(subject: &Subject, portion: &Portion, taken: &[Taken<'_>]) -> (Report, usize) {
    let mut report = Report::new();
    let keys = subject.keyring.as_ref().map(|keyring| Keys::new(keyring, portion));
    let mut judge = Judge { portion, keys, destroyed: &portion.destroyed, events: HashMap::new(), opened: 0 };
    for (row, leaf, event_box) in taken {
        let verdict = match leaf {
            Some(leaf) => judge.judge(row, leaf, *event_box, &mut report),
            None => Verdict::Missing,
        };
        report.count(row.idx, verdict);
    }
    (report, judge.opened)
}

/// The heads that the installation itself keeps outside its database.
struct KeptHeads {
    /// The published checkpoint; `None` where nothing was published.
    published: Option<std::io::Result<String>>,
    journal: Result<Option<String>>,
}

impl KeptHeads {
    fn read(subject: &Subject) -> Self {
        let published = subject.log.as_ref().map(|log| (log, std::fs::read_to_string(log.join("checkpoint"))));
        let published = published.filter(|(log, note)| note.is_ok() || log.join("tile").exists()).map(|(_, note)| note);
        Self { published, journal: journal_anchor(subject) }
    }
}

/// Heads of this tree that are known from elsewhere, and the size of the published one.
fn anchors(subject: &Subject, options: &Options, kept: KeptHeads, ledger_size: u64, report: &mut Report) -> (Vec<Anchor>, u64) {
    let mut anchors = Vec::new();
    let mut published = 0;
    let mut take = |note: &str, what: &'static str, report: &mut Report| {
        let known: Vec<Verifier> = subject.verifiers.iter().chain(&options.witnesses).cloned().collect();
        match ledger::open(note, &known) {
            Ok((Checkpoint { size, root, .. }, signed)) => {
                anchors.push(Anchor { size, root, what });
                let own = |name: &str| subject.verifiers.iter().any(|key| key.name() == name);
                let outside = signed.iter().filter(|key| key.kind == KeyKind::Witness && !own(&key.name));
                report.witnesses.extend(outside.map(|key| key.name.clone()));
                size
            }
            Err(_) => {
                report.fault(None, format!("{what} is not signed by this ledger's key, or was changed"));
                0
            }
        }
    };
    match kept.published {
        Some(Ok(note)) => published = take(&note, "the published checkpoint", report),
        Some(Err(_)) => report.fault(None, "the published checkpoint is not there"),
        None => {}
    }
    let beyond = |note: &str| ledger::open(note, &subject.verifiers).is_ok_and(|(head, _)| head.size > ledger_size);
    match kept.journal {
        Ok(Some(note)) if subject.older_copy && beyond(&note) => {}
        Ok(Some(note)) => drop(take(&note, "the checkpoint in the vault's journal", report)),
        Ok(None) => {}
        Err(_) => report.fault(None, "the checkpoint in the vault's journal does not open: it was changed"),
    }
    let given = options.checkpoint.as_deref().map(|note| take(note, "the checkpoint given from outside", report));
    report.unanchored = report.witnesses.is_empty() && given.is_none_or(|size| size == 0);
    (anchors, published)
}

/// The newest checkpoint in the vault's journal; `None` without one, or without keys.
fn journal_anchor(subject: &Subject) -> Result<Option<String>> {
    let Some(keyring) = &subject.keyring else { return Ok(None) };
    let found = subject
        .store
        .read_now(|tx| tx.vault().maybe(vault_sql::ANCHOR, &[], |row| Ok((row.get::<[u8; 16]>(0)?, row.get::<Vec<u8>>(2)?))))?;
    let Some((id, sealed)) = found else { return Ok(None) };
    let plain = vault::open(&keyring.derived("journal"), &crate::holds::journal_context(id), &sealed)?;
    String::from_utf8(plain.to_vec()).map(Some).map_err(Error::internal)
}

/// What stands where nothing must stand, and the head's own row.
fn ends(subject: &Subject, tree: &Tree, size: u64, at: kernel::Instant, report: &mut Report) -> Result<()> {
    let int = i64::try_from(size).unwrap_or(i64::MAX);
    let (now, beyond, tiles, heads, note) = subject.store.read_now(move |tx| {
        let now = tx.one(sql::HEAD, &[], |row| row.get::<u64>(0))?;
        let beyond = tx.one(sql::BEYOND, &args![int], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)))?;
        let tiles = tx.one(sql::TILE_COUNT, &[], |row| row.get::<u64>(0))?;
        let heads = tx.one(sql::CHECKPOINT_COUNT, &[], |row| row.get::<u64>(0))?;
        let note = tx.maybe(sql::CHECKPOINT_AT, &args![int], |row| Ok((row.get::<kernel::Instant>(0)?, row.get::<String>(1)?)))?;
        Ok((now, beyond, tiles, heads, note))
    })?;
    if let Some((head_at, note)) = note {
        if head_at != at && now == size {
            report.fault(None, "the ledger's head bears another time than its checkpoint");
        }
        report.checkpoint = Some(note);
    }
    // What was placed since this verification began is compared by the next one.
    if now == size {
        if beyond != (0, 0) {
            report.fault(
                None,
                format!("{} leaves and {} checkpoints stand outside the ledger's head: they were put there by hand", beyond.0, beyond.1),
            );
        }
        if tiles != tree.tiles_made() {
            report.fault(None, format!("{tiles} full tiles are stored, and the ledger has {}", tree.tiles_made()));
        }
        if heads > tree.heads_seen() + u64::try_from(beyond.1).unwrap_or(0) {
            report.fault(None, "a stored checkpoint is of no size that the ledger has had");
        }
    }
    Ok(())
}
