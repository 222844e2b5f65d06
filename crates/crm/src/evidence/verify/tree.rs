//! The tree recomputed leaf by leaf: hashes, density, tiles, every signed head, anchors, published files.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use kernel::{EventId, Instant, Result};
use ledger::{Frontier, Hash, Leaf, LeafKind, Report, Tile, Verifier};

/// A batch is at most this large; a longer one has lost its closing leaf.
const LONGEST_BATCH: usize = 100_000;

/// A leaf as stored.
pub(super) struct LeafRow {
    pub idx: u64,
    pub hash: Hash,
    pub data: Vec<u8>,
    pub unit: EventId,
    pub record: Option<[u8; 16]>,
    pub version: Option<i64>,
}

/// A signed head that must be a head of this tree.
pub(super) struct Anchor {
    pub size: u64,
    pub root: Hash,
    /// What it is, in words.
    pub what: &'static str,
}

pub(super) struct Tree {
    frontier: Frontier,
    verifiers: Vec<Verifier>,
    log: Option<PathBuf>,
    /// The size of the published checkpoint.
    published: u64,
    anchors: BTreeMap<u64, Vec<(Hash, &'static str)>>,
    batch: Vec<(EventId, Hash)>,
    /// Of the leaf before: its kind and time.
    before: Option<(LeafKind, i64)>,
    heads: BTreeMap<u64, (Instant, String)>,
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
    tiles_made: u64,
    heads_seen: u64,
    root_faults: u32,
    /// The streams of read events that leaves are about.
    streams: BTreeSet<EventId>,
}

impl Tree {
    pub fn new(verifiers: Vec<Verifier>, log: Option<PathBuf>, published: u64, anchors: Vec<Anchor>) -> Self {
        let mut by_size: BTreeMap<u64, Vec<(Hash, &'static str)>> = BTreeMap::new();
        for anchor in anchors {
            by_size.entry(anchor.size).or_default().push((anchor.root, anchor.what));
        }
        Self {
            frontier: Frontier::new(),
            verifiers,
            log,
            published,
            anchors: by_size,
            batch: Vec::new(),
            before: None,
            heads: BTreeMap::new(),
            tiles: BTreeMap::new(),
            tiles_made: 0,
            heads_seen: 0,
            root_faults: 0,
            streams: BTreeSet::new(),
        }
    }

    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    pub fn frontier_bytes(&self) -> Vec<u8> {
        self.frontier.to_bytes()
    }

    pub fn tiles_made(&self) -> u64 {
        self.tiles_made
    }

    pub fn heads_seen(&self) -> u64 {
        self.heads_seen
    }

    /// The streams of read events that leaves are about.
    pub fn into_streams(self) -> BTreeSet<EventId> {
        self.streams
    }

    /// What the next portion's heads and tiles are, as stored.
    pub fn expect(&mut self, heads: Vec<(u64, Instant, String)>, tiles: Vec<(u8, u64, Vec<u8>)>) {
        self.heads.extend(heads.into_iter().map(|(size, at, note)| (size, (at, note))));
        self.tiles.extend(tiles.into_iter().map(|(level, idx, hashes)| ((level, idx), hashes)));
    }

    /// Takes the next leaf; answers what it says, when it can be read. `event_box` is the hash of its event's stored box.
    pub fn take(&mut self, row: &LeafRow, event_box: Option<Hash>, report: &mut Report) -> Result<Option<Leaf>> {
        self.skip_to(row.idx, report)?;
        let computed = ledger::leaf_hash(&row.data);
        if computed != row.hash {
            report.fault(row.idx, "the leaf's stored hash is not the hash of its data: one of them was changed");
        }
        let leaf = Leaf::decode(&row.data).inspect_err(|error| report.fault(row.idx, error.detail())).ok();
        if let Some(leaf) = &leaf {
            self.boundary(leaf, row.idx, report);
            self.batched(leaf, row, event_box, report);
            self.before = Some((leaf.kind, leaf.at));
        }
        self.push(computed, report)?;
        Ok(leaf)
    }

    /// Goes on at `idx`; what lies between is lost.
    pub fn skip_to(&mut self, idx: u64, report: &mut Report) -> Result<()> {
        while self.size() < idx {
            let at = self.size();
            report.count(at, ledger::Verdict::Missing);
            report.fault(at, "the ledger has no leaf at this index: it was deleted");
            self.push(ledger::ABSENT, report)?;
        }
        Ok(())
    }

    /// Every drain of waiting leaves ends with leaves over its batch and streams, and with a signed head.
    fn boundary(&mut self, leaf: &Leaf, idx: u64, report: &mut Report) {
        let Some((LeafKind::Stream, at)) = self.before else { return };
        if leaf.kind == LeafKind::Stream && leaf.at == at {
            return;
        }
        self.drained(idx, at, report);
    }

    fn drained(&mut self, size: u64, at: i64, report: &mut Report) {
        match self.heads.get(&size) {
            None => report.fault(None, format!("the signed checkpoint at size {size} is not there: it was deleted")),
            Some((head_at, _)) if head_at.micros() != at => {
                report.fault(None, format!("the checkpoint at size {size} bears another time than the leaves it closes"));
            }
            Some(_) => {}
        }
        self.heads.retain(|head, _| *head > size);
    }

    /// What the whole tree ends with.
    pub fn finish(&mut self, report: &mut Report) {
        let size = self.size();
        match self.before {
            Some((LeafKind::Stream, at)) => self.drained(size, at, report),
            Some(_) => report.fault(size.checked_sub(1), "the ledger ends inside a batch: its closing leaf is not there"),
            None => {}
        }
        for (size, anchors) in std::mem::take(&mut self.anchors) {
            for (_, what) in anchors {
                report
                    .fault(None, format!("{what} is of a tree of {size} leaves, and the ledger has {}: its tail was cut off", self.size()));
            }
        }
    }

    /// A batch's leaf covers the boxes of the events before it.
    fn batched(&mut self, leaf: &Leaf, row: &LeafRow, event_box: Option<Hash>, report: &mut Report) {
        if leaf.kind != LeafKind::Stream {
            match event_box {
                Some(hash) => self.batch.push((row.unit, hash)),
                None => report.fault(row.idx, format!("the event {} that the leaf belongs to is not there", row.unit)),
            }
            if self.batch.len() > LONGEST_BATCH {
                report.fault(row.idx, "the leaf that closes this batch is not there");
                self.batch.clear();
            }
        } else if row.record.is_none() {
            let (hash, count) = trail::boxes_hash(self.batch.drain(..));
            if hash != leaf.box_hash {
                report.fault(row.idx, "the stored events of the batch that this leaf closes are not those it covers: one was changed, deleted, added or moved");
            }
            if row.version != Some(count) {
                report.fault(row.idx, "the number of events in the batch is not the one stored beside its leaf");
            }
        } else {
            self.streams.extend(row.record.map(EventId::from_bytes));
        }
    }

    fn push(&mut self, hash: Hash, report: &mut Report) -> Result<()> {
        for tile in self.frontier.push(hash)? {
            self.tiles_made += 1;
            self.tile(&tile, report);
        }
        self.head(report);
        Ok(())
    }

    fn tile(&mut self, tile: &Tile, report: &mut Report) {
        let name = tile.path();
        let bytes = tile.to_bytes();
        match self.tiles.remove(&(tile.level, tile.index)) {
            None => report.fault(None, format!("the stored {name} is not there")),
            Some(stored) if stored != bytes => {
                let at = stored.chunks(32).zip(&tile.hashes).position(|(a, b)| a != b).unwrap_or(0) as u64;
                let leaf = (tile.level == 0).then(|| tile.index * u64::from(ledger::TILE_WIDTH) + at);
                report.fault(leaf, format!("the stored {name} does not follow from the leaves (entry {at})"));
            }
            Some(_) => {}
        }
        let through = (tile.index + 1).checked_shl(8 * (u32::from(tile.level) + 1)).unwrap_or(u64::MAX);
        if through <= self.published {
            self.published_tile(&name, &bytes, report);
        }
    }

    fn published_tile(&self, name: &str, bytes: &[u8], report: &mut Report) {
        let Some(log) = &self.log else { return };
        match std::fs::read(log.join(name)) {
            Ok(found) if found == bytes => {}
            Ok(_) => report.fault(None, format!("the published {name} does not follow from the leaves")),
            Err(_) => report.fault(None, format!("the published {name} is not there")),
        }
    }

    /// Compares with every head that is known of the tree at this size.
    fn head(&mut self, report: &mut Report) {
        let size = self.size();
        if size == self.published && self.log.is_some() {
            for tile in self.frontier.partial_tiles() {
                self.published_tile(&tile.path(), &tile.to_bytes(), report);
            }
        }
        for (root, what) in self.anchors.remove(&size).unwrap_or_default() {
            if root != self.root() {
                report.fault(None, format!("{what} (size {size}) has another root than the leaves: the past was rewritten"));
            }
        }
        let Some((_, note)) = self.heads.get(&size) else { return };
        self.heads_seen += 1;
        match ledger::open(note, &self.verifiers) {
            Err(_) => report.fault(None, format!("the checkpoint at size {size} is not signed by this ledger's key, or was changed")),
            Ok((head, _)) if head.size != size => {
                report.fault(None, format!("the checkpoint stored for size {size} is that of size {}", head.size));
            }
            Ok((head, _)) if head.root != self.root() => {
                self.root_faults += 1;
                // One changed leaf changes every later root: the first says where to look.
                if self.root_faults == 1 {
                    report.fault(
                        None,
                        format!("the leaves before size {size} do not lead to the root signed there: a leaf was changed, deleted or moved"),
                    );
                }
            }
            Ok(_) => {}
        }
    }
}
