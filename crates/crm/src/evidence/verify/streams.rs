//! Streams of read events: dense, chained, and covered by their leaves.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{EventId, Instant, KeyId, Result};
use ledger::{ABSENT, Hash, Leaf, Report, canonical::encode, chain, commit, commit::META};
use store::{Tx, args};

use super::{
    Subject,
    bodies::{open_event, unwrap},
    portion::{EventRow, wrapped_keys},
};
use crate::evidence::sql;

const PORTION: i64 = 500;

struct Stream {
    id: EventId,
    opened: Instant,
    closed: Option<Instant>,
    seq: i64,
    chain: Hash,
    leafed: i64,
}

struct Link {
    event: EventRow,
    seq: i64,
    chain: Option<Hash>,
}

/// Checks every stream; answers how many events were opened.
pub(super) fn check(subject: &Subject, streamed: &BTreeSet<EventId>, report: &mut Report) -> Result<usize> {
    let streams = subject.store.read_now(|tx| {
        tx.all(sql::STREAMS, &[], |row| {
            Ok(Stream {
                id: row.get(0)?,
                opened: row.get(1)?,
                closed: row.get(2)?,
                seq: row.get(3)?,
                chain: row.get(4)?,
                leafed: row.get(5)?,
            })
        })
    })?;
    for lost in streamed.iter().filter(|id| !streams.iter().any(|stream| stream.id == **id)) {
        report.fault(None, format!("leaves cover the stream {lost}, and the stream they cover is not there: it was deleted"));
    }
    let mut opened = 0;
    for stream in &streams {
        opened += one(subject, stream, report)?;
    }
    for stream in subject.store.read_now(|tx| tx.all(sql::STRAY_STREAMS, &[], |row| row.get::<EventId>(0)))? {
        report.fault(None, format!("the stream {stream} that read events belong to is not there: it was deleted"));
    }
    Ok(opened)
}

fn one(subject: &Subject, stream: &Stream, report: &mut Report) -> Result<usize> {
    let id = stream.id;
    // What each leaf of this stream says of it, by the number of its last event.
    let leaves = subject.store.read_now(move |tx| {
        tx.all(sql::STREAM_LEAVES, &args![id], |row| Ok((row.get::<u64>(0)?, row.get::<Vec<u8>>(1)?, row.get::<Option<i64>>(2)?)))
    })?;
    let mut covered: BTreeMap<i64, (u64, Hash)> = BTreeMap::new();
    let (mut first, mut last) = (None, None);
    for (idx, data, version) in leaves {
        let (Ok(leaf), seq) = (Leaf::decode(&data), version.unwrap_or(-1)) else { continue };
        if leaf.meta != trail::stream_name(id, seq) {
            report.fault(idx, format!("the leaf's row names link {seq} of stream {id}, and the leaf another"));
        }
        if covered.insert(seq, (idx, leaf.box_hash)).is_some_and(|(_, before)| before != leaf.box_hash) {
            report.fault(idx, format!("two leaves say different things of link {seq} of stream {id}"));
        }
        first.get_or_insert(leaf.at);
        last = Some(leaf.at);
    }
    let newest = covered.last_key_value().map_or(-1, |(seq, _)| *seq);
    if newest > stream.seq {
        report.fault(None, format!("stream {id} ends at event {}, and a leaf covers event {newest}: its end was cut off", stream.seq));
    } else if newest < stream.leafed.min(stream.seq) && stream.closed.is_none() {
        report.fault(None, format!("stream {id} says that a leaf covers its event {}, and there is none", stream.leafed));
    }
    if first.is_some_and(|at| stream.opened.micros() > at) || stream.closed.zip(last).is_some_and(|(closed, at)| closed.micros() > at) {
        report.fault(None, format!("stream {id} was opened or closed after the leaf that says so: its row was changed"));
    }
    let mut walk = Walk { at: 0, link: ABSENT, covered, opened: 0 };
    walk.compare(0, ABSENT, id, report);
    loop {
        let after = walk.at;
        let with_keys = subject.keyring.is_some();
        let (links, keys) = subject.store.read_now(move |tx| portion(tx, id, after, with_keys))?;
        if links.is_empty() {
            break;
        }
        for link in links {
            walk.step(subject, id, link, &keys, report);
        }
    }
    // The row may have moved on since the list was read, never back.
    let now = subject.store.read_now(move |tx| tx.maybe(sql::STREAM, &args![id], |row| Ok((row.get::<i64>(0)?, row.get::<Hash>(1)?))))?;
    match now {
        Some((seq, _)) if walk.at < seq.min(stream.seq) => {
            report.fault(
                None,
                format!("stream {id} ends at event {}, and only {} are there: its last read events were deleted", seq, walk.at),
            );
        }
        Some((seq, link)) if walk.at == seq && walk.link != link => {
            report.fault(None, format!("the last link of stream {id} is not the one stored with the stream"));
        }
        Some((seq, _)) if walk.at > seq => report.fault(None, format!("stream {id} has events after its end ({seq})")),
        _ if walk.at == stream.seq && walk.link != stream.chain => {
            report.fault(None, format!("the last link of stream {id} is not the one stored with the stream"));
        }
        _ => {}
    }
    for (seq, (idx, _)) in walk.covered.range(walk.at + 1..) {
        report.fault(*idx, format!("the leaf covers event {seq} of stream {id}, which is not there"));
    }
    Ok(walk.opened)
}

type Keys = std::collections::HashMap<KeyId, (i64, Vec<u8>)>;

fn portion(tx: &mut Tx, stream: EventId, after: i64, with_keys: bool) -> Result<(Vec<Link>, Keys)> {
    let links = tx.all(sql::STREAM_EVENTS, &args![stream, after, PORTION], |row| {
        let event =
            EventRow { id: row.get(0)?, at: row.get(1)?, name: row.get(2)?, actor: row.get(3)?, key: row.get(6)?, sealed: row.get(7)? };
        Ok(Link { event, seq: row.get(4)?, chain: row.get(5)? })
    })?;
    let mut wanted: Vec<KeyId> = links.iter().map(|link| link.event.key).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let keys = if with_keys { wrapped_keys(tx, &wanted)? } else { Keys::new() };
    Ok((links, keys))
}

/// Where a walk along a stream stands.
struct Walk {
    at: i64,
    link: Hash,
    covered: BTreeMap<i64, (u64, Hash)>,
    opened: usize,
}

impl Walk {
    fn step(&mut self, subject: &Subject, stream: EventId, link: Link, keys: &Keys, report: &mut Report) {
        let Link { event, seq, chain: stored } = link;
        if seq != self.at + 1 {
            report
                .fault(None, format!("stream {stream} has no event {}: {} of them were deleted or moved", self.at + 1, seq - self.at - 1));
        }
        self.at = seq;
        let Some(stored) = stored else {
            report.fault(None, format!("event {}: it is link {seq} of stream {stream} and has no chain value", event.id));
            return;
        };
        if let Some(keyring) = &subject.keyring {
            let key = keys.get(&event.key).and_then(|row| unwrap(keyring, event.key, row));
            match key {
                None => {
                    let known = subject.tombstone(event.key);
                    if !known {
                        report.fault(
                            None,
                            format!("event {}: the key of its day is not in the vault, and no tombstone explains it", event.id),
                        );
                    }
                }
                Some(key) => {
                    let opened = open_event(&key, &event, report, None);
                    self.opened += usize::from(opened.is_some());
                    let computed = opened.map(|recorded| {
                        let whole = trail::event::whole(&recorded.header, &recorded.records);
                        chain(&self.link, u64::try_from(seq).unwrap_or(0), &commit(&recorded.salt, META, &encode(&whole)))
                    });
                    if computed.is_some_and(|computed| computed != stored) {
                        report.fault(None, format!("event {}: it does not chain to the event before it in stream {stream} (link {seq}): one of them was changed, exchanged or moved", event.id));
                    }
                }
            }
        }
        self.link = stored;
        self.compare(seq, stored, stream, report);
    }

    fn compare(&self, seq: i64, link: Hash, stream: EventId, report: &mut Report) {
        if let Some((idx, covered)) = self.covered.get(&seq)
            && *covered != link
        {
            report.fault(*idx, format!("link {seq} of stream {stream} is not the one that this leaf covers"));
        }
    }
}
