//! The vault's journal after a restore: what was destroyed, held or suppressed since the data were copied stays so.

use std::collections::{BTreeMap, HashSet};

use kernel::{HoldId, KeyId, OrderId, RecordId, Result};
use ledger::{
    Certificate, Cover, FieldCommitments, Hash, Leaf, LeafKind, Order, Outcome,
    canonical::{self, Value as Cbor},
    commit_field, derive_salt, payload_root,
};
use store::args;
use trail::{Actor, App, Draft, Event, Unit};

use super::{
    restore::{Restored, journal_of},
    sql,
};
use crate::{disposal, evidence, holds, records};

pub(super) async fn replay(app: &App, actor: &Actor, restored: &mut Restored) -> Result<()> {
    destroyed(app, actor, restored).await?;
    for (id, what, sealed) in journal_of(app).await? {
        if what == "checkpoint" {
            continue;
        }
        let plain = vault::open(&app.keyring().derived("journal"), &evidence::journal_context(id), &sealed)?;
        let entry = canonical::decode(&plain)?;
        let done = app.write(actor, move |unit| entered(unit, &what, &entry)).await?;
        restored.not_replayed += u64::from(!done);
    }
    Ok(())
}

/// Carries one entry out where the data do not show it. False when this version does not know such entries.
fn entered(unit: &mut Unit, what: &str, entry: &Cbor) -> Result<bool> {
    unit.witness(Event::new("restore.replayed").word("entry", what))?;
    match (what, entry) {
        ("hold.placed", Cbor::Map(map)) => {
            let (Some(Cbor::Bytes(id)), Some(Cbor::Array(held))) = (map.get("hold"), map.get("records")) else { return Ok(false) };
            let Some(id) = HoldId::from_slice(id) else { return Ok(false) };
            let held: Vec<RecordId> =
                held.iter().filter_map(|r| if let Cbor::Bytes(r) = r { RecordId::from_slice(r) } else { None }).collect();
            holds::replay(unit, id, &held)?;
            Ok(true)
        }
        ("suppression", Cbor::Array(tokens)) => {
            let order = OrderId::from_bytes([0; 16]);
            for token in tokens {
                let Cbor::Int(token) = token else { return Ok(false) };
                unit.run(disposal::sql::SUPPRESS, &args![token.to_be_bytes(), unit.now(), order])?;
            }
            Ok(true)
        }
        _ => Ok(false),
    }
}

struct Dead {
    id: RecordId,
    doc: i64,
    key: KeyId,
}

/// Records whose key the vault no longer has: with a tombstone they are destroyed again, order and certificate included; without, lost.
async fn destroyed(app: &App, actor: &Actor, restored: &mut Restored) -> Result<()> {
    let mut after = RecordId::from_bytes([0; 16]);
    loop {
        let from = after;
        let rows = app
            .store()
            .read(move |tx| {
                let rows = tx.all(sql::KEYS, &args![from], |row| Ok(Dead { id: row.get(0)?, doc: row.get(1)?, key: row.get(2)? }))?;
                let mut found = Vec::new();
                for row in rows {
                    let there = tx.vault().maybe(trail::sql::vault_sql::KEY_FIND, &args![row.key], |_| Ok(()))?.is_some();
                    let stone = if there {
                        None
                    } else {
                        tx.vault().maybe(trail::sql::vault_sql::TOMBSTONE_FIND, &args![row.key], |r| r.get::<OrderId>(1))?
                    };
                    let known = match stone {
                        Some(order) => tx.maybe(sql::ORDER_KNOWN, &args![order], |_| Ok(()))?.is_some(),
                        None => false,
                    };
                    found.push((row, there, stone, known));
                }
                Ok(found)
            })
            .await?;
        let Some((last, ..)) = rows.last() else { break };
        after = last.id;
        let mut orders: BTreeMap<OrderId, Vec<Dead>> = BTreeMap::new();
        for (row, there, stone, known) in rows {
            match stone {
                _ if there => {}
                // An order that the data know is completed by disposal itself.
                Some(_) if known => {}
                Some(order) => orders.entry(order).or_default().push(row),
                None => restored.lost += 1,
            }
        }
        let dead = std::sync::Arc::new(orders);
        for order in dead.keys().copied().collect::<Vec<_>>() {
            let (all, count) = (std::sync::Arc::clone(&dead), dead.get(&order).map_or(0, Vec::len));
            app.write(actor, move |unit| again(unit, order, all.get(&order).map(Vec::as_slice).unwrap_or_default())).await?;
            restored.erased += count as u64;
        }
    }
    disposal::resume(app, actor).await.map(drop)
}

struct Committed {
    root: Hash,
    map: BTreeMap<String, Cbor>,
}

fn committed(fields: BTreeMap<String, Cbor>, seed: [u8; 32]) -> Result<Committed> {
    let mut commitments = FieldCommitments::new();
    for (key, value) in &fields {
        commitments.insert(key.as_str(), commit_field(&derive_salt(&seed, key.as_bytes()), value))?;
    }
    let map = BTreeMap::from([("f".to_owned(), Cbor::Map(fields)), ("s".to_owned(), Cbor::Bytes(seed.to_vec()))]);
    Ok(Committed { root: payload_root(&commitments, None), map })
}

/// Orders and certifies again what the vault's tombstones show to be destroyed; the bodies go.
fn again(unit: &mut Unit, order: OrderId, dead: &[Dead]) -> Result<()> {
    unit.witness(Event::new("restore.destroyed").word("order", order.to_string()).count("records", dead.len()))?;
    let mut leaves: Vec<(RecordId, i64, Hash)> = Vec::new();
    let mut keys: HashSet<KeyId> = HashSet::new();
    for record in dead {
        for (version, hash, data) in
            unit.all(sql::LEAVES, &args![record.id], |row| Ok((row.get::<i64>(0)?, row.get::<Hash>(1)?, row.get::<Vec<u8>>(2)?)))?
        {
            if matches!(Leaf::decode(&data)?.kind, LeafKind::Record | LeafKind::Reseal) {
                leaves.push((record.id, version, hash));
            }
        }
        keys.insert(record.key);
    }
    let mut keys: Vec<Vec<u8>> = keys.into_iter().map(|key| key.bytes().to_vec()).collect();
    keys.sort_unstable();
    let hashes: Vec<Hash> = leaves.iter().map(|(_, _, hash)| *hash).collect();
    let facts = Cbor::Map(BTreeMap::from([("ground".to_owned(), Cbor::Text("tombstone".to_owned()))]));
    let content =
        Order { outcome: Outcome::Erased, cover: Cover::of(&hashes), fields: Vec::new(), approvals: Vec::new(), keys: keys.clone(), facts };
    let mut document = committed(content.to_fields(), unit.env().bytes())?;
    let bytes = |bytes: &[u8]| Cbor::Bytes(bytes.to_vec());
    let listed = leaves.iter().map(|(id, version, hash)| Cbor::Array(vec![bytes(id.bytes()), Cbor::Int(*version), bytes(hash)])).collect();
    document.map.insert("by".to_owned(), Cbor::Text(unit.actor().who.to_string()));
    document.map.insert("approvals".to_owned(), Cbor::Array(Vec::new()));
    document.map.insert("leaves".to_owned(), Cbor::Array(listed));
    document.map.insert("blobs".to_owned(), Cbor::Array(Vec::new()));
    document.map.insert("suppress".to_owned(), Cbor::Array(Vec::new()));
    let body = canonical::encode(&Cbor::Map(document.map));
    let about = RecordId::from_bytes(*order.bytes());
    let draft =
        |kind, version, payload, body: &[u8]| Draft { kind, about, version, subjects: Vec::new(), payload, box_hash: ledger::sha256(body) };
    let leaf = unit.leaf(draft(LeafKind::Order, 0, document.root, &body))?;
    let now = unit.now();
    unit.run(disposal::sql::ORDER_INSERT, &args![order, now, "certified", "expiry", None::<Vec<u8>>, body, leaf])?;
    let certificate = committed(Certificate { order: leaf, keys }.to_fields(), unit.env().bytes())?;
    let body = canonical::encode(&Cbor::Map(certificate.map));
    let leaf = unit.leaf(draft(LeafKind::Certificate, 1, certificate.root, &body))?;
    unit.run(disposal::sql::CERTIFICATE_INSERT, &args![order, now, body, leaf])?;
    for record in dead {
        unit.insert_many(disposal::sql::ITEM_INSERT, 5, &args![order, record.id, record.doc, record.key, "[]"])?;
        unit.run(records::sql::FACET_DELETE, &args![record.id])?;
        unit.run(records::sql::LINK_DELETE, &args![record.id])?;
        unit.run(disposal::sql::TIMELINE_DELETE, &args![record.id])?;
        unit.run(disposal::sql::EMPTY, &args![record.id, Vec::<u8>::new()])?;
        unit.run(disposal::sql::EMPTY_VERSIONS, &args![record.id, Vec::<u8>::new()])?;
        records::release_blobs(unit, record.id)?;
    }
    unit.standing_moved()
}
