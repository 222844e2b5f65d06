//! From the rows back to the ledger: nothing stands in a table that no leaf witnessed.

use std::collections::{HashMap, HashSet};

use catalogue::Catalogue;
use kernel::{EventId, Instant, KeyId, OrderId, RecordId, Result};
use ledger::{Hash, Leaf, LeafKind, Report};
use store::{Tx, args};

use super::Subject;
use crate::{
    evidence::{sql, sql::vault_sql, stones::destroys_keys},
    records::{Facts, State, index, open_fields},
};

const PORTION: i64 = 500;

struct RecordRow {
    id: RecordId,
    doc: i64,
    kind: String,
    version: i64,
    state: String,
    captured: Instant,
    updated: Instant,
    leaf: Hash,
    open: String,
    is_empty: bool,
    anonymised: bool,
}

struct OwnLeaf {
    version: i64,
    idx: Option<u64>,
    hash: Hash,
    kind: Option<LeafKind>,
    at: i64,
}

type Facet = (String, Option<i64>, Option<String>);

struct Span {
    records: Vec<RecordRow>,
    leaves: HashMap<RecordId, Vec<OwnLeaf>>,
    versions: HashMap<RecordId, Vec<(i64, Hash)>>,
    facets: HashMap<RecordId, Vec<Facet>>,
    links: HashMap<RecordId, Vec<(String, RecordId)>>,
    /// Those that an order destroyed fields of.
    lessened: HashSet<RecordId>,
}

pub(super) fn records(subject: &Subject, report: &mut Report) -> Result<()> {
    let mut after = RecordId::from_bytes([0; 16]);
    loop {
        let from = after;
        let span = subject.store.read_now(move |tx| load(tx, from))?;
        let Some(last) = span.records.last() else { return Ok(()) };
        after = last.id;
        for row in &span.records {
            record(&subject.catalogue, row, &span, report);
        }
    }
}

fn load(tx: &mut Tx, after: RecordId) -> Result<Span> {
    let records = tx.all(sql::RECORDS, &args![after, PORTION], |row| {
        Ok(RecordRow {
            id: row.get(0)?,
            doc: row.get(1)?,
            kind: row.get(2)?,
            version: row.get(3)?,
            state: row.get(4)?,
            captured: row.get(5)?,
            updated: row.get(6)?,
            leaf: row.get(7)?,
            open: row.get(8)?,
            is_empty: row.get::<i64>(9)? == 0,
            anonymised: serde_json::from_str::<Facts>(&row.get::<String>(10)?).is_ok_and(|facts| facts.anonymised.is_some()),
        })
    })?;
    let mut span = Span {
        leaves: HashMap::new(),
        versions: HashMap::new(),
        facets: HashMap::new(),
        links: HashMap::new(),
        lessened: HashSet::new(),
        records,
    };
    let Some(to) = span.records.last().map(|row| row.id) else { return Ok(span) };
    let ends = args![after, to];
    for (id, version, idx, hash, data) in tx.all(sql::LEAVES_OF_SPAN, &ends, |row| {
        Ok((row.get::<RecordId>(0)?, row.get::<Option<i64>>(1)?, row.get::<u64>(2)?, row.get::<Hash>(3)?, row.get::<Vec<u8>>(4)?))
    })? {
        let leaf = Leaf::decode(&data).ok();
        let own = OwnLeaf { version: version.unwrap_or(0), idx: Some(idx), hash, kind: leaf.map(|l| l.kind), at: leaf.map_or(0, |l| l.at) };
        span.leaves.entry(id).or_default().push(own);
    }
    // Leaves that still wait for their place: made since the verification began.
    for (id, version, hash, data) in tx.all(sql::PENDING, &[], |row| {
        Ok((row.get::<Option<RecordId>>(1)?, row.get::<Option<i64>>(2)?, row.get::<Hash>(0)?, row.get::<Vec<u8>>(3)?))
    })? {
        if let Some((id, leaf)) = id.zip(Leaf::decode(&data).ok()) {
            let own = OwnLeaf { version: version.unwrap_or(0), idx: None, hash, kind: Some(leaf.kind), at: leaf.at };
            span.leaves.entry(id).or_default().push(own);
        }
    }
    for (id, version, leaf) in tx.all(sql::VERSIONS_OF_SPAN, &ends, |row| Ok((row.get::<RecordId>(0)?, row.get(1)?, row.get(2)?)))? {
        span.versions.entry(id).or_default().push((version, leaf));
    }
    for (id, field, n, t) in
        tx.all(sql::FACETS_OF_SPAN, &ends, |row| Ok((row.get::<RecordId>(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
    {
        span.facets.entry(id).or_default().push((field, n, t));
    }
    span.lessened = tx.all(sql::LESSENED_OF_SPAN, &ends, |row| row.get(0))?.into_iter().collect();
    for (id, role, to) in tx.all(sql::LINKS_OF_SPAN, &ends, |row| Ok((row.get::<RecordId>(0)?, row.get(1)?, row.get(2)?)))? {
        span.links.entry(id).or_default().push((role, to));
    }
    Ok(span)
}

fn record(catalogue: &Catalogue, row: &RecordRow, span: &Span, report: &mut Report) {
    let id = row.id;
    let none = Vec::new();
    let leaves: Vec<&OwnLeaf> = span
        .leaves
        .get(&id)
        .unwrap_or(&none)
        .iter()
        .filter(|leaf| matches!(leaf.kind, Some(LeafKind::Record | LeafKind::Reseal)))
        .collect();
    let mut say = |idx: Option<u64>, what: String| report.fault(idx, format!("record {id}: {what}"));
    if leaves.is_empty() {
        say(None, "no leaf witnesses it: the row was put there by hand, or its leaves were deleted".to_owned());
        return;
    }
    let newest = leaves.iter().map(|leaf| leaf.version).max().unwrap_or(0);
    if newest != row.version {
        say(
            None,
            format!(
                "the row is at version {} and the ledger at {newest}: an old row was put back, or a version was made by hand",
                row.version
            ),
        );
    }
    // A version that was sealed again keeps its own leaf: the next one names it as its predecessor.
    let current = leaves.iter().rev().find(|leaf| leaf.version == row.version && leaf.kind == Some(LeafKind::Record));
    if current.is_some_and(|leaf| leaf.hash != row.leaf) {
        say(current.and_then(|leaf| leaf.idx), format!("the row names another leaf than the newest of version {}", row.version));
    }
    let first = leaves.iter().find(|leaf| leaf.version == 1 && leaf.kind == Some(LeafKind::Record));
    if first.is_some_and(|leaf| leaf.at != row.captured.micros()) {
        say(first.and_then(|leaf| leaf.idx), "the time of its capture is not that of its first leaf".to_owned());
    }
    let last = leaves.iter().find(|leaf| leaf.version == row.version && leaf.kind == Some(LeafKind::Record));
    if last.is_some_and(|leaf| leaf.at != row.updated.micros()) {
        say(last.and_then(|leaf| leaf.idx), format!("the time of version {} is not that of its leaf", row.version));
    }
    if row.doc < 0 {
        say(None, "its number in the token index is not one that is ever given".to_owned());
    }
    if !["live", "restricted", "destroying", "gone"].contains(&row.state.as_str()) {
        say(None, "its state is none that there is".to_owned());
    }
    let readable = State::parse(&row.state).is_readable();
    if readable && row.is_empty {
        say(None, "its state says it is in use, and nothing is in it".to_owned());
    }
    if row.anonymised && !span.lessened.contains(&id) {
        say(None, "its row says it was anonymised, and no order anonymised it".to_owned());
    }
    let versions = span.versions.get(&id).map(Vec::as_slice).unwrap_or_default();
    for (version, leaf) in versions {
        if *version >= row.version || *version < 1 {
            say(None, format!("an earlier version {version} is stored, and the record is at version {}", row.version));
        }
        if !leaves.iter().any(|own| own.version == *version && own.hash == *leaf) {
            say(None, format!("the stored version {version} names no leaf of that version"));
        }
    }
    if readable {
        for version in 1..row.version {
            if !versions.iter().any(|(stored, _)| *stored == version) {
                say(None, format!("its version {version} is not there"));
            }
        }
        found_by(catalogue, row, span, &mut say);
    } else if !span.facets.get(&id).is_none_or(Vec::is_empty) && row.state == "gone" {
        say(None, "it is gone, and facets of it are still there".to_owned());
    }
}

/// Facets and links follow from the open fields.
fn found_by(catalogue: &Catalogue, row: &RecordRow, span: &Span, say: &mut impl FnMut(Option<u64>, String)) {
    let Some(open) = catalogue.kind(&row.kind).and_then(|kind| Some((kind, open_fields(kind, &row.open).ok()?))) else {
        say(None, "its kind or open fields do not read".to_owned());
        return;
    };
    let (kind, open) = open;
    let mut expected = index::facets(kind, &open);
    let mut facets = span.facets.get(&row.id).cloned().unwrap_or_default();
    expected.sort();
    facets.sort();
    if expected != facets {
        say(None, "its facets (what lists sort and filter by) do not follow from its open fields".to_owned());
    }
    let mut expected = index::links(&open);
    let mut links = span.links.get(&row.id).cloned().unwrap_or_default();
    expected.sort();
    expected.dedup();
    links.sort();
    if expected != links {
        say(None, "its links do not follow from its open fields".to_owned());
    }
}

/// Rows that belong to nothing.
pub(super) fn strays(subject: &Subject, report: &mut Report) -> Result<()> {
    let strays = subject.store.read_now(|tx| {
        let mut found: Vec<String> = Vec::new();
        found.extend(tx.all(sql::STRAY_VERSIONS, &[], |row| {
            Ok(format!("record {}: its version {} is stored and the record is not there", row.get::<RecordId>(0)?, row.get::<i64>(1)?))
        })?);
        found.extend(tx.all(sql::STRAY_FACETS, &[], |row| {
            Ok(format!("record {}: a facet of it is stored and the record is not there", row.get::<RecordId>(0)?))
        })?);
        found.extend(tx.all(sql::STRAY_LINKS, &[], |row| {
            Ok(format!("record {}: a link from it is stored and the record is not there", row.get::<RecordId>(0)?))
        })?);
        found.extend(
            tx.vault()
                .all(vault_sql::UNDEAD, &[], |row| Ok(format!("vault: key {} has a tombstone and is there", row.get::<KeyId>(0)?)))?,
        );
        Ok(found)
    })?;
    strays.into_iter().for_each(|what| report.fault(None, what));
    Ok(())
}

/// Every event has a leaf or a place in a stream.
pub(super) fn events(subject: &Subject, report: &mut Report) -> Result<()> {
    let mut after = EventId::from_bytes([0; 16]);
    loop {
        let from = after;
        let (rows, pending) = subject.store.read_now(move |tx| {
            let rows = tx.all(sql::EVENT_ROWS, &args![from, PORTION], |row| {
                Ok((
                    row.get::<EventId>(0)?,
                    row.get::<Option<EventId>>(1)?.is_some(),
                    row.get::<Option<i64>>(2)?.is_some(),
                    row.get::<Option<i64>>(4)?.is_some(),
                ))
            })?;
            let pending: HashSet<EventId> = tx.all(sql::PENDING_UNITS, &[], |row| row.get(0))?.into_iter().collect();
            Ok((rows, pending))
        })?;
        let Some((last, ..)) = rows.last() else { return Ok(()) };
        after = *last;
        for (id, streamed, numbered, leafed) in rows {
            if streamed != numbered {
                report.fault(None, format!("event {id}: it has a stream and no number in it, or the other way round"));
            }
            if streamed && leafed {
                report.fault(None, format!("event {id}: it is a read event and has a leaf of its own"));
            }
            if !streamed && !leafed && !pending.contains(&id) {
                report.fault(None, format!("event {id}: no leaf witnesses it: the row was put there by hand, or moved out of its stream"));
            }
        }
    }
}

/// An order or certificate as its row has it.
struct Document {
    id: OrderId,
    what: &'static str,
    at: Instant,
    leaf: Hash,
    placed: Option<i64>,
}

fn stored_documents(tx: &mut Tx) -> Result<(HashSet<OrderId>, Vec<Document>)> {
    let mut known = HashSet::new();
    let mut all = Vec::new();
    for document in tx.all(sql::ORDERS, &[], |row| {
        let leaf = row.get::<Vec<u8>>(4)?.try_into().unwrap_or(ledger::ABSENT);
        Ok(Document { id: row.get(0)?, what: "order", at: row.get(1)?, leaf, placed: None })
    })? {
        known.insert(document.id);
        all.push(document);
    }
    all.extend(tx.all(sql::CERTIFICATES, &[], |row| {
        let leaf = row.get::<Vec<u8>>(3)?.try_into().unwrap_or(ledger::ABSENT);
        Ok(Document { id: row.get(0)?, what: "certificate of order", at: row.get(1)?, leaf, placed: None })
    })?);
    for document in &mut all {
        document.placed =
            tx.maybe(sql::LEAF_BY_HASH, &args![document.leaf], |row| Ok(Leaf::decode(&row.get::<Vec<u8>>(1)?).map_or(0, |leaf| leaf.at)))?;
    }
    let pending: HashSet<Hash> = tx.all(sql::PENDING, &[], |row| row.get(0))?.into_iter().collect();
    all.retain(|document| document.placed.is_some() || !pending.contains(&document.leaf));
    Ok((known, all))
}

/// Orders, certificates and tombstones against the ledger.
pub(super) fn documents(subject: &Subject, report: &mut Report) -> Result<()> {
    let (known, documents) = subject.store.read_now(stored_documents)?;
    for Document { id, what, at, placed, .. } in documents {
        match placed {
            None => report.fault(None, format!("{what} {id}: no leaf witnesses it")),
            Some(leaf_at) if leaf_at != at.micros() => {
                report.fault(None, format!("{what} {id}: its time is not that of its leaf"));
            }
            Some(_) => {}
        }
        if !known.contains(&id) {
            report.fault(None, format!("{what} {id}: the order is not there"));
        }
    }
    let mut after = KeyId::from_bytes([0; 16]);
    loop {
        let from = after;
        let stones = subject.store.read_now(move |tx| {
            tx.vault().all(vault_sql::TOMBSTONES, &args![from, PORTION], |row| Ok((row.get::<KeyId>(0)?, row.get::<OrderId>(2)?)))
        })?;
        let Some((last, _)) = stones.last() else { break };
        after = *last;
        for (key, order) in &stones {
            let named = *order;
            let by_event = move |tx: &mut Tx| destroys_keys(tx, named);
            // What came after the copy was made, the vault beside it knows and the copy does not.
            if !known.contains(order) && !subject.older_copy && !subject.store.read_now(by_event)? {
                report.fault(None, format!("vault: the tombstone of key {key} names an order that is not there"));
            }
        }
    }
    Ok(())
}
