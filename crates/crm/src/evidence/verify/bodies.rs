//! What each leaf covers: the stored box, and with keys everything inside it.

use std::collections::HashMap;

use catalogue::Kind;
use kernel::{EventId, KeyId, RecordId};
use ledger::{
    ABSENT, Hash, Leaf, LeafKind, Report, Verdict,
    canonical::encode,
    commit,
    commit::{META, SUBJECT},
};
use trail::Recorded;
use vault::{Keyring, RecordKey};

use super::{
    destroyed::Destroyed,
    portion::{BodyRow, Columns, EventRow, Portion, linked_people},
    tree::LeafRow,
};
use crate::records::{Attested, Body, box_context, open_fields, open_text};

/// Opens keys of a portion, each once.
pub(super) struct Keys<'a> {
    keyring: &'a Keyring,
    portion: &'a Portion,
    opened: HashMap<KeyId, Option<RecordKey>>,
}

impl<'a> Keys<'a> {
    pub fn new(keyring: &'a Keyring, portion: &'a Portion) -> Self {
        Self { keyring, portion, opened: HashMap::new() }
    }

    /// A key; `None` when it is not in the vault or its row does not open.
    pub fn get(&mut self, id: KeyId) -> Option<RecordKey> {
        let (keyring, portion) = (self.keyring, self.portion);
        self.opened.entry(id).or_insert_with(|| unwrap(keyring, id, portion.keys.get(&id)?)).clone()
    }
}

pub(super) fn unwrap(keyring: &Keyring, id: KeyId, (epoch, bytes): &(i64, Vec<u8>)) -> Option<RecordKey> {
    keyring.unwrap(id, vault::EpochId(u32::try_from(*epoch).ok()?), bytes).ok()
}

/// Judges leaves against their bodies.
pub(super) struct Judge<'a> {
    pub portion: &'a Portion,
    pub keys: Option<Keys<'a>>,
    pub destroyed: &'a Destroyed,
    pub events: HashMap<EventId, Option<Recorded>>,
    pub opened: usize,
}

impl Judge<'_> {
    /// The verdict on one leaf; its faults go to the report.
    pub fn judge(&mut self, row: &LeafRow, leaf: &Leaf, event_box: Option<Hash>, report: &mut Report) -> Verdict {
        match leaf.kind {
            LeafKind::Record => self.version(row, leaf, report),
            LeafKind::Event => self.event_only(row, leaf, event_box, report),
            // What it covers was compared in the tree (batches) and is compared with the streams.
            LeafKind::Stream => self.covered(row, leaf),
            LeafKind::Reseal => self.reseal(row, leaf, report),
            LeafKind::Order
            | LeafKind::Certificate
            | LeafKind::Approval
            | LeafKind::DayOrder
            | LeafKind::CheckpointLink
            | LeafKind::Key => {
                self.about(row, leaf, report);
                self.destroyed.own(row, leaf, self.present(), report)
            }
        }
    }

    const fn present(&self) -> Verdict {
        if self.keys.is_some() { Verdict::Open } else { Verdict::Sealed }
    }

    fn covered(&self, row: &LeafRow, leaf: &Leaf) -> Verdict {
        if row.record.is_none() && leaf.meta != ABSENT { Verdict::Missing } else { self.present() }
    }

    fn version(&mut self, row: &LeafRow, leaf: &Leaf, report: &mut Report) -> Verdict {
        let name = name_of(row);
        let portion = self.portion;
        let Some(body) = portion.bodies.get(&row.idx).filter(|body| !body.sealed.is_empty()) else {
            return self.gone(row, report);
        };
        let Some(record) = row.record.map(RecordId::from_bytes) else { return Verdict::Missing };
        let mut expected = leaf.box_hash;
        let resealed = self.destroyed.resealed(record, row.version.unwrap_or(0));
        if let Some(reseal) = resealed {
            expected = reseal.box_hash;
        }
        if body.hash != expected {
            report.fault(row.idx, format!("{name}: the stored box is not the one the ledger committed to"));
            return Verdict::Missing;
        }
        if resealed.is_none() && body.updated.micros() != leaf.at {
            report.fault(row.idx, format!("{name}: the time of the version (column updated) is not that of its leaf"));
        }
        if self.keys.is_none() {
            return Verdict::Sealed;
        }
        self.about(row, leaf, report);
        let Some(key) = self.keys.as_mut().and_then(|keys| keys.get(body.key)) else {
            if let Some(verdict) = self.destroyed.explains(body.key, row) {
                return verdict;
            }
            report.fault(
                row.idx,
                format!(
                    "{name}: its key is not in the vault, or the vault's row does not open, and no tombstone with its order explains it"
                ),
            );
            return Verdict::Missing;
        };
        self.opened += 1;
        self.open(row, leaf, record, body, &key, report)
    }

    fn open(&mut self, row: &LeafRow, leaf: &Leaf, record: RecordId, body: &BodyRow, key: &RecordKey, report: &mut Report) -> Verdict {
        let (name, version) = (name_of(row), row.version.unwrap_or(0));
        let context = box_context(body.key, record, version);
        let opened = vault::open(key, &context, &body.sealed).and_then(|plain| Body::decode(&plain));
        let Ok(opened) = opened else {
            report.fault(row.idx, format!("{name}: the stored box does not open as this version of this record"));
            return Verdict::Missing;
        };
        let Some(kind) = &body.kind else {
            report.fault(row.idx, format!("{name}: its kind is not in the catalogue"));
            return Verdict::Missing;
        };
        let previous: Vec<Option<Hash>> = match self.portion.previous.get(&row.idx) {
            Some(leaves) if version > 1 => leaves.iter().copied().map(Some).collect(),
            _ => vec![None],
        };
        if version > 1 && previous == [None] {
            report.fault(row.idx, format!("{name}: the leaf of the version before it is not in the ledger"));
        }
        let open = open_fields(kind, &body.open).ok().filter(|open| open_text(open) == body.open);
        let leads = |previous| open.as_ref().and_then(|open| opened.payload(&kind.key, open, previous).ok()) == Some(leaf.payload);
        if !previous.into_iter().any(leads) {
            report.fault(
                row.idx,
                format!("{name}: its kind, open fields, sealed fields or predecessor are not those the ledger committed to"),
            );
            return Verdict::Missing;
        }
        if opened.has_erased() && !self.destroyed.in_part(row.idx) {
            report.fault(row.idx, format!("{name}: fields of it were destroyed, and no order to destroy them is known"));
            return Verdict::Missing;
        }
        if let Some(columns) = &body.columns {
            let Columns { created, owner, team, ref law, class, ref facts } = *columns;
            let Some(facts) = facts else {
                report.fault(row.idx, format!("{name}: the column facts does not read"));
                return Verdict::Missing;
            };
            for column in opened.disagrees(&Attested { created, owner, team, law, class, facts }) {
                report.fault(row.idx, format!("{name}: the column {} is not what the ledger committed to", column.trim_start_matches('@')));
            }
        }
        // Where a link to a person was destroyed, whom the version concerned can no longer be shown.
        let commitments = open.as_ref().and_then(|open| opened.commitments(&kind.key, open).ok()).unwrap_or_default();
        let links = kind.fields.iter().filter(|field| field.links_to.as_deref() == Some(catalogue::person::KIND));
        let unlinked = |field: &catalogue::Field| opened.salt(&field.key).is_none() && commitments.get(&field.key).is_some();
        if !links.into_iter().any(unlinked) {
            self.subjects(row, leaf, record, body, kind, key, report);
        }
        Verdict::Open
    }

    /// The people concerned. Where a person's key was destroyed or replaced since, that cannot be shown any more.
    #[expect(clippy::too_many_arguments, reason = "one leaf with everything it is compared with")]
    fn subjects(
        &mut self,
        row: &LeafRow,
        leaf: &Leaf,
        record: RecordId,
        body: &BodyRow,
        kind: &Kind,
        key: &RecordKey,
        report: &mut Report,
    ) {
        let mut concerned = Vec::new();
        for (_, person) in linked_people(body) {
            let found = self.portion.people.get(&person).copied();
            let Some(found) = found.and_then(|id| self.keys.as_mut().and_then(|keys| keys.get(id))) else { return };
            concerned.push((person, found));
        }
        if kind.is_person {
            concerned.push((record, key.clone()));
        }
        if concerned.iter().any(|(person, _)| self.destroyed.touched(*person)) {
            return;
        }
        let commitments: Vec<Hash> =
            concerned.iter().map(|(person, key)| commit(&trail::subject_salt(key, row.unit), SUBJECT, person.bytes())).collect();
        if ledger::subjects_root(&commitments) != leaf.subjects {
            report.fault(row.idx, format!("{}: the people it concerns are not those the ledger committed to", name_of(row)));
        }
    }

    fn gone(&self, row: &LeafRow, report: &mut Report) -> Verdict {
        match self.destroyed.judge(row) {
            Ok(verdict) => verdict,
            Err(why) => {
                report.fault(row.idx, format!("{}: its body is not there: {why}", name_of(row)));
                Verdict::Missing
            }
        }
    }

    fn reseal(&mut self, row: &LeafRow, leaf: &Leaf, report: &mut Report) -> Verdict {
        self.about(row, leaf, report);
        let portion = self.portion;
        let Some(record) = row.record.map(RecordId::from_bytes) else { return Verdict::Missing };
        let newest = self.destroyed.resealed(record, row.version.unwrap_or(0));
        match portion.bodies.get(&row.idx).filter(|body| !body.sealed.is_empty()) {
            // An earlier re-seal whose box a later one replaced.
            Some(_) if newest.is_some_and(|newest| newest.idx != row.idx) => self.present(),
            Some(body) if body.hash == leaf.box_hash => self.present(),
            Some(_) => {
                report.fault(row.idx, format!("{}: the stored box is not the one of its last re-seal", name_of(row)));
                Verdict::Missing
            }
            None => self.gone(row, report),
        }
    }

    /// The event that a leaf commits to, with this record and version.
    fn about(&mut self, row: &LeafRow, leaf: &Leaf, report: &mut Report) {
        let Some((record, version)) = row.record.map(RecordId::from_bytes).zip(row.version) else { return };
        let portion = self.portion;
        let Some(event) = portion.events.get(&row.unit) else { return };
        let Some(recorded) = self.recorded(event, row, report) else { return };
        let salt = trail::event::about_salt(&recorded.salt, record, version);
        let meta = trail::event::about(&recorded.header, record, version);
        if commit(&salt, META, &encode(&meta)) != leaf.meta || recorded.at().micros() != leaf.at {
            report.fault(row.idx, format!("{}: record, version or event of the leaf are not those it committed to", name_of(row)));
        }
    }

    fn event_only(&mut self, row: &LeafRow, leaf: &Leaf, event_box: Option<Hash>, report: &mut Report) -> Verdict {
        let portion = self.portion;
        let Some((event, found)) = portion.events.get(&row.unit).zip(event_box) else {
            return self.destroyed.event_gone(row.unit, row, report);
        };
        if row.record != Some(*row.unit.bytes()) || row.version != Some(0) {
            report.fault(row.idx, format!("event {}: the leaf's row names something else", row.unit));
        }
        if found != leaf.box_hash {
            report.fault(row.idx, format!("event {}: the stored box is not the one the ledger committed to", row.unit));
            return Verdict::Missing;
        }
        if event.at.micros() != leaf.at {
            report.fault(row.idx, format!("event {}: its time is not that of its leaf", row.unit));
        }
        if self.keys.is_none() {
            return Verdict::Sealed;
        }
        let Some(recorded) = self.recorded(event, row, report) else {
            return if self.destroyed.tombstone(event.key) { Verdict::Sealed } else { Verdict::Missing };
        };
        let whole = trail::event::whole(&recorded.header, &recorded.records);
        if commit(&recorded.salt, META, &encode(&whole)) != leaf.meta {
            report.fault(row.idx, format!("event {}: what happened is not what the ledger committed to", row.unit));
            return Verdict::Missing;
        }
        Verdict::Open
    }

    /// An event opened, once; its open columns compared with what it says.
    fn recorded(&mut self, event: &EventRow, row: &LeafRow, report: &mut Report) -> Option<Recorded> {
        if let Some(known) = self.events.get(&event.id) {
            return known.clone();
        }
        let key = self.keys.as_mut()?.get(event.key);
        let recorded = match key {
            Some(key) => open_event(&key, event, report, row.idx),
            None => {
                if !self.destroyed.tombstone(event.key) {
                    report.fault(
                        row.idx,
                        format!("event {}: the key of its day is not in the vault, and no tombstone explains it", event.id),
                    );
                }
                None
            }
        };
        self.opened += usize::from(recorded.is_some());
        self.events.insert(event.id, recorded.clone());
        recorded
    }
}

/// Opens a stored event and compares its columns with what it says.
pub(super) fn open_event(key: &RecordKey, event: &EventRow, report: &mut Report, idx: impl Into<Option<u64>>) -> Option<Recorded> {
    let idx = idx.into();
    let Some(recorded) = trail::event::open(key, event.key, event.id, &event.sealed) else {
        report.fault(idx, format!("event {}: its stored box does not open as this event", event.id));
        return None;
    };
    let same = recorded.text("name") == event.name && recorded.text("actor") == event.actor && recorded.at() == event.at;
    if !same {
        report.fault(idx, format!("event {}: its columns (time, name, actor) are not what the event itself says", event.id));
    }
    Some(recorded)
}

pub(super) fn name_of(row: &LeafRow) -> String {
    let record = row.record.map_or_else(|| "record unknown".to_owned(), |id| format!("record {}", RecordId::from_bytes(id)));
    format!("{record} version {}", row.version.unwrap_or(0))
}
