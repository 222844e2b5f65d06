//! One portion of the ledger with everything it is compared with, read in one short transaction.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use catalogue::{Catalogue, Class, Kind};
use kernel::{EventId, Instant, KeyId, RecordId, Result, UserId};
use ledger::{Hash, Leaf};
use store::{Store, Tx, args};

use super::{destroyed::Destroyed, tree::LeafRow};
use crate::{
    evidence::sql,
    records::{self, Facts},
};

/// Columns of a current row that its payload attests.
pub(super) struct Columns {
    pub created: Instant,
    pub owner: Option<UserId>,
    pub team: Option<[u8; 16]>,
    pub law: String,
    pub class: Class,
    /// `None` when they do not read.
    pub facts: Option<Facts>,
}

/// The stored body of a version.
pub(super) struct BodyRow {
    pub kind: Option<Arc<Kind>>,
    pub key: KeyId,
    pub updated: Instant,
    pub open: String,
    pub sealed: Vec<u8>,
    /// Of what is sealed.
    pub hash: Hash,
    /// `None` for an earlier version.
    pub columns: Option<Columns>,
}

/// A stored event.
pub(super) struct EventRow {
    pub id: EventId,
    pub at: Instant,
    pub name: String,
    pub actor: String,
    pub key: KeyId,
    pub sealed: Vec<u8>,
}

/// A wrapped key of the vault.
pub(super) type WrappedKey = (i64, Vec<u8>);

pub(super) struct Portion {
    pub leaves: Vec<LeafRow>,
    pub bodies: HashMap<u64, BodyRow>,
    pub events: HashMap<EventId, EventRow>,
    pub heads: Vec<(u64, Instant, String)>,
    pub tiles: Vec<(u8, u64, Vec<u8>)>,
    /// Who is linked to from the versions' open fields: their keys.
    pub people: HashMap<RecordId, KeyId>,
    pub keys: HashMap<KeyId, WrappedKey>,
    /// The leaves of the version before, by the leaf's index.
    pub previous: HashMap<u64, Vec<Hash>>,
    pub destroyed: Destroyed,
}

pub(super) fn load(store: &Store, catalogue: &Arc<Catalogue>, from: u64, to: u64, keys: bool) -> Result<Portion> {
    let catalogue = Arc::clone(catalogue);
    store.read_now(move |tx| read(tx, &catalogue, from, to, keys))
}

fn read(tx: &mut Tx, catalogue: &Catalogue, from: u64, to: u64, with_keys: bool) -> Result<Portion> {
    let int = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let span = args![int(from), int(to)];
    let leaves = tx.all(sql::LEAVES, &span, |row| {
        Ok(LeafRow { idx: row.get(0)?, hash: row.get(1)?, data: row.get(2)?, unit: row.get(3)?, record: row.get(4)?, version: row.get(5)? })
    })?;
    let kind = |key: Option<String>| key.and_then(|key| catalogue.kind(&key).cloned());
    let mut bodies = HashMap::with_capacity(leaves.len());
    for (idx, body) in tx.all(sql::CURRENT, &span, |row| {
        let columns = Columns {
            created: row.get(6)?,
            owner: row.get(7)?,
            team: row.get(8)?,
            law: row.get(9)?,
            class: Class::from_level(row.get(10)?),
            facts: serde_json::from_str(&row.get::<String>(11)?).ok(),
        };
        let sealed: Vec<u8> = row.get(5)?;
        let body = BodyRow {
            kind: kind(Some(row.get(1)?)),
            key: row.get(2)?,
            updated: row.get(3)?,
            open: row.get(4)?,
            hash: vault::box_hash(&sealed),
            sealed,
            columns: Some(columns),
        };
        Ok((row.get::<u64>(0)?, body))
    })? {
        bodies.insert(idx, body);
    }
    for (idx, body) in tx.all(sql::EARLIER, &span, |row| {
        let sealed: Vec<u8> = row.get(5)?;
        let body = BodyRow {
            kind: kind(row.get(1)?),
            key: row.get(2)?,
            updated: row.get(3)?,
            open: row.get(4)?,
            hash: vault::box_hash(&sealed),
            sealed,
            columns: None,
        };
        Ok((row.get::<u64>(0)?, body))
    })? {
        bodies.entry(idx).or_insert(body);
    }
    let events = tx.all(sql::EVENTS, &span, |row| {
        Ok(EventRow { id: row.get(0)?, at: row.get(1)?, name: row.get(2)?, actor: row.get(3)?, key: row.get(4)?, sealed: row.get(5)? })
    })?;
    let heads = tx.all(sql::CHECKPOINTS, &span, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut tiles = Vec::new();
    for level in 0..8u8 {
        let through = |size: u64| int(size.checked_shr(8 * (u32::from(level) + 1)).unwrap_or(0));
        if through(to) == through(from) {
            break;
        }
        let found =
            tx.all(sql::TILES, &args![i64::from(level), through(from), through(to)], |row| Ok((level, row.get(0)?, row.get(1)?)))?;
        tiles.extend(found);
    }
    let (mut people, mut keys) = (HashMap::new(), HashMap::new());
    if with_keys {
        let linked: HashSet<RecordId> = bodies.values().flat_map(linked_people).map(|(_, id)| id).collect();
        people = people_keys(tx, &linked.into_iter().collect::<Vec<_>>())?;
        let wanted: HashSet<KeyId> =
            bodies.values().map(|b| b.key).chain(events.iter().map(|e| e.key)).chain(people.values().copied()).collect();
        keys = wrapped_keys(tx, &wanted.into_iter().collect::<Vec<_>>())?;
    }
    let mut previous: HashMap<u64, Vec<Hash>> = HashMap::new();
    if with_keys {
        for (idx, hash) in tx.all(sql::PREVIOUS, &span, |row| Ok((row.get::<u64>(0)?, row.get(1)?)))? {
            previous.entry(idx).or_default().push(hash);
        }
    }
    let mut suspects: Vec<KeyId> = bodies.values().map(|b| b.key).chain(events.iter().map(|e| e.key)).collect();
    suspects.retain(|key| with_keys && !keys.contains_key(key));
    let persons: Vec<RecordId> = people.keys().copied().chain(leaves.iter().filter_map(|l| l.record).map(RecordId::from_bytes)).collect();
    let committed: HashMap<u64, Hash> = leaves.iter().filter_map(|l| Some((l.idx, Leaf::decode(&l.data).ok()?.box_hash))).collect();
    let other = |(idx, body): &(&u64, &BodyRow)| !body.sealed.is_empty() && committed.get(*idx) != Some(&body.hash);
    let astray = bodies.iter().filter(other).map(|(idx, _)| *idx).collect();
    let destroyed = Destroyed::load(tx, &leaves, &span, &persons, suspects, &astray, with_keys)?;
    let events = events.into_iter().map(|event| (event.id, event)).collect();
    Ok(Portion { leaves, bodies, events, heads, tiles, people, keys, previous, destroyed })
}

/// The people that a version links to, once for each link.
pub(super) fn linked_people(body: &BodyRow) -> Vec<(String, RecordId)> {
    let Some(kind) = &body.kind else { return Vec::new() };
    let Ok(open) = records::open_fields(kind, &body.open) else { return Vec::new() };
    let person = |role: &str| kind.field(role).and_then(|f| f.links_to.as_deref()) == Some(catalogue::person::KIND);
    records::index::links(&open).into_iter().filter(|(role, _)| person(role)).collect()
}

fn people_keys(tx: &mut Tx, ids: &[RecordId]) -> Result<HashMap<RecordId, KeyId>> {
    in_chunks(ids, |marks, args| {
        tx.all(&format!("SELECT id, vault_key FROM record WHERE id IN ({marks})"), args, |row| Ok((row.get(0)?, row.get(1)?)))
    })
}

pub(super) fn wrapped_keys(tx: &mut Tx, ids: &[KeyId]) -> Result<HashMap<KeyId, WrappedKey>> {
    in_chunks(ids, |marks, args| {
        tx.vault().all(&format!("SELECT id, epoch, bytes FROM vault_key WHERE id IN ({marks})"), args, |row| {
            Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))
        })
    })
}

/// Asks for many ids, 64 at a time; a short chunk is filled up with its last id, so that one statement stays prepared.
pub(super) fn in_chunks<I: Copy + Into<store::Value>, K: Eq + std::hash::Hash, V>(
    ids: &[I],
    mut ask: impl FnMut(&str, &[store::Value]) -> Result<Vec<(K, V)>>,
) -> Result<HashMap<K, V>> {
    let marks = (1..=64).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
    let mut found = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(64) {
        let padded: Vec<store::Value> = (0..64).filter_map(|i| chunk.get(i).or(chunk.last())).map(|id| (*id).into()).collect();
        found.extend(ask(&marks, &padded)?);
    }
    Ok(found)
}
