//! What stands around records: what a decision on them needs beside their own columns, asked for together, with as many statements for a
//! portion of the sweep as for one record.

use std::collections::{BTreeSet, HashMap, HashSet};

use catalogue::{deal, message, order, person};
use kernel::{Instant, RecordId, Result};
use store::args;
use trail::Unit;

use super::sql;
use crate::{
    holds::{self, Standing},
    records::{self, StoredRecord, index},
};

/// No family is larger to us.
const FAMILY: usize = records::LINES_MAX;

/// A person's request, as stored.
#[derive(Clone)]
pub(super) struct Asked {
    pub kind: String,
    pub received: Instant,
    pub verified: bool,
    pub closed: Option<Instant>,
}

/// What stands around some records.
pub struct Around {
    activity: HashMap<RecordId, Instant>,
    holds: HashMap<RecordId, Vec<Standing>>,
    participants: HashMap<RecordId, Vec<RecordId>>,
    attached: HashMap<RecordId, Vec<RecordId>>,
    members: HashMap<RecordId, StoredRecord>,
    known: HashSet<RecordId>,
    requests: HashMap<RecordId, Vec<Asked>>,
    /// Who was merged into whom.
    merged: HashMap<RecordId, RecordId>,
}

impl Around {
    /// Asks for what stands around these records, up to a time.
    pub(super) fn read(unit: &mut Unit, rows: &[StoredRecord], now: Instant) -> Result<Self> {
        let roots: BTreeSet<RecordId> = rows.iter().filter_map(root).collect();
        let mut attached: HashMap<RecordId, Vec<RecordId>> = HashMap::new();
        for (root, file) in records::links_to_each(unit, &list(&roots), message::KIND)? {
            attached.entry(root).or_default().push(file);
        }
        for (root, line) in records::lines_of(unit, &list(&roots))? {
            attached.entry(root).or_default().push(line);
        }
        let family: BTreeSet<RecordId> = attached.values().flatten().chain(&roots).copied().collect();
        let here: HashMap<RecordId, &StoredRecord> = rows.iter().map(|row| (row.id, row)).collect();
        let elsewhere: Vec<RecordId> = family.iter().filter(|id| !here.contains_key(id)).copied().collect();
        let mut members: HashMap<RecordId, StoredRecord> =
            records::find_many(unit, &elsewhere)?.into_iter().map(|row| (row.id, row)).collect();
        members.extend(family.iter().filter_map(|id| here.get(id)).map(|row| (row.id, StoredRecord::clone(row))));

        // A hold on a record holds what was merged into it.
        let into = rows.iter().chain(members.values()).filter_map(|row| row.facts.merged);
        let ids: BTreeSet<RecordId> = rows.iter().map(|row| row.id).chain(family).chain(into).collect();
        let activity =
            unit.all_in(sql::LAST_ACTIVITY, &list(&ids), &args![now], |row| Ok((row.get(0)?, row.get::<Option<Instant>>(1)?)))?;
        let mut holds = holds::of_records(unit, &list(&ids))?;
        for row in rows.iter().chain(members.values()) {
            if let Some(more) = row.facts.merged.and_then(|into| holds.get(&into)).cloned() {
                let own = holds.entry(row.id).or_default();
                own.extend(more);
                own.sort_by_key(|standing| standing.hold);
                own.dedup_by_key(|standing| standing.hold);
            }
        }
        let of_messages: BTreeSet<RecordId> = rows.iter().chain(members.values()).flat_map(|row| links(row, message::KIND)).collect();
        let mut participants: HashMap<RecordId, Vec<RecordId>> = HashMap::new();
        for (message, person) in records::links_from_each(unit, &list(&of_messages), message::PARTICIPANTS)? {
            participants.entry(message).or_default().push(person);
        }
        let mut around = Self {
            activity: activity.into_iter().filter_map(|(id, at)| Some((id, at?))).collect(),
            holds,
            participants,
            attached,
            members,
            known: HashSet::new(),
            requests: HashMap::new(),
            merged: HashMap::new(),
        };
        let people: BTreeSet<RecordId> = rows.iter().chain(around.members.values()).flat_map(|row| around.linked(row)).collect();
        around.merged = records::now_into(unit, &list(&people))?;
        let people: BTreeSet<RecordId> = people.iter().map(|id| around.now(*id)).collect();
        around.known = records::readable(unit, &list(&people))?;
        let asked = unit.all_in(sql::REQUESTS, &list(&people), &[], |row| {
            let asked = Asked { kind: row.get(1)?, received: row.get(2)?, verified: row.get(3)?, closed: row.get(4)? };
            Ok((row.get::<RecordId>(0)?, asked))
        })?;
        for (person, one) in asked {
            around.requests.entry(person).or_default().push(one);
        }
        Ok(around)
    }

    /// Whom a person's data are held as: those of whoever was merged into another, as the other's.
    fn now(&self, person: RecordId) -> RecordId {
        self.merged.get(&person).copied().unwrap_or(person)
    }

    /// When something last happened to a record.
    pub(super) fn activity(&self, id: RecordId) -> Option<Instant> {
        self.activity.get(&id).copied()
    }

    /// The holds it is or was under.
    pub(super) fn holds(&self, id: RecordId) -> &[Standing] {
        self.holds.get(&id).map_or(&[], Vec::as_slice)
    }

    /// A person's requests.
    pub(super) fn requests(&self, person: RecordId) -> &[Asked] {
        self.requests.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The people a record concerns, whether they are still known or not: itself when it is one, those it links to, those of the message
    /// it hangs on.
    pub(super) fn linked(&self, row: &StoredRecord) -> BTreeSet<RecordId> {
        let mut people: BTreeSet<RecordId> = links(row, person::KIND).collect();
        if row.kind.is_person {
            people.insert(row.id);
        }
        people.extend(links(row, message::KIND).filter_map(|message| self.participants.get(&message)).flatten());
        people.into_iter().map(|id| self.now(id)).collect()
    }

    /// Those of them who are still known.
    pub(super) fn known(&self, row: &StoredRecord) -> BTreeSet<RecordId> {
        self.linked(row).into_iter().filter(|id| self.known.contains(id)).collect()
    }

    /// What a line stands on.
    pub(super) fn base(&self, row: &StoredRecord) -> Option<&StoredRecord> {
        self.members.get(&records::base_of(row)?)
    }

    /// The other readable members of its family: a message and the files attached to it, a deal or an order and its lines.
    pub(super) fn family(&self, row: &StoredRecord) -> Vec<&StoredRecord> {
        let Some(root) = root(row) else { return Vec::new() };
        let attached = self.attached.get(&root).into_iter().flatten();
        let ids: BTreeSet<RecordId> = attached.chain([&root]).copied().filter(|id| *id != row.id).collect();
        let members = ids.iter().take(FAMILY).filter_map(|id| self.members.get(id));
        members.filter(|member| member.state.is_readable()).collect()
    }
}

fn list(ids: &BTreeSet<RecordId>) -> Vec<RecordId> {
    ids.iter().copied().collect()
}

/// What a record links to of one kind.
fn links(row: &StoredRecord, kind: &'static str) -> impl Iterator<Item = RecordId> {
    let of_kind = |role: &str| row.kind.field(role).and_then(|field| field.links_to.as_deref()) == Some(kind);
    index::links(&row.open).into_iter().filter(move |(role, _)| of_kind(role)).map(|(_, to)| to)
}

/// What a record's family hangs on: a message, a deal, an order.
fn root(row: &StoredRecord) -> Option<RecordId> {
    match row.kind.key.as_str() {
        message::KIND | deal::KIND | order::KIND => Some(row.id),
        _ => records::base_of(row).or_else(|| links(row, message::KIND).next()),
    }
}
