//! Who looked at a person's data, when, for which purpose, in which role; and to whom it went. Never a member of staff's name:
//! the Court (C-579/21) gives it only where it is essential to exercise a right, and that is a human's decision.

use std::collections::{BTreeMap, HashMap, HashSet};

use catalogue::{Purpose, person};
use kernel::{EventId, Instant, RecordId, Result, UserId};
use serde::Serialize;
use trail::{Recorded, Unit};

use crate::requests::sql;

/// Something that was done with the person's data.
#[derive(Clone, Debug, Serialize)]
pub struct Act {
    /// When.
    pub at: Instant,
    /// What: the event's name.
    pub what: String,
    /// Our key of the purpose it was done for.
    pub purpose: String,
    /// The purpose in W3C DPV's terms.
    pub dpv: String,
    /// The role of who did it.
    pub role: String,
    /// How many of the records in this package it concerned.
    pub records: usize,
    /// The fields it showed or changed, when it names them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
}

/// Everything that was done, by what it was.
#[derive(Clone, Debug, Default, Serialize)]
pub struct History {
    /// Reading, listing, finding.
    pub consultations: Vec<Act>,
    /// What left the house: exports, packages.
    pub disclosures: Vec<Act>,
    /// Everything else: made, changed, imported, restricted.
    pub changes: Vec<Act>,
}

impl History {
    /// Adds what came after.
    pub fn append(&mut self, mut after: Self) {
        self.consultations.append(&mut after.consultations);
        self.disclosures.append(&mut after.disclosures);
        self.changes.append(&mut after.changes);
    }

    /// Enters an act where it belongs. The gathering for a package is part of that package.
    fn enter(&mut self, act: Act) {
        match act.what.as_str() {
            "package.collected" => {}
            "record.read" | "record.revealed" | "record.listed" | "record.searched" | "message.read" | "file.read" => {
                self.consultations.push(act)
            }
            "record.exported" | "package.made" | "package.fetched" => self.disclosures.push(act),
            _ => self.changes.push(act),
        }
    }
}

/// The role of everyone on the staff, by the name the trail gives them.
pub fn roles(unit: &mut Unit) -> Result<BTreeMap<String, String>> {
    let rows = unit.all(sql::ROLES, &[], |row| Ok((row.get::<UserId>(0)?.to_string(), row.get::<String>(1)?)))?;
    Ok(rows.into_iter().collect())
}

fn role(actor: &str, roles: &BTreeMap<String, String>) -> String {
    match actor {
        "operator" => "operator of the installation".to_owned(),
        "system" => "automatic".to_owned(),
        "visitor" => "visitor".to_owned(),
        _ if actor.starts_with("key_") => "program with an API key".to_owned(),
        _ => roles.get(actor).cloned().unwrap_or_else(|| "former staff".to_owned()),
    }
}

/// The first event that can be of a time: identifiers begin with their milliseconds (RFC 9562).
pub fn since(at: Instant) -> EventId {
    let mut bytes = [0; 16];
    let millis = u64::try_from(at.millis()).unwrap_or(0).to_be_bytes();
    bytes[..6].copy_from_slice(&millis[2..]);
    EventId::from_bytes(bytes)
}

/// What these events did to some of the wanted records.
pub fn read(unit: &mut Unit, events: &[EventId], wanted: &HashSet<RecordId>, roles: &BTreeMap<String, String>) -> Result<History> {
    let mut found = History::default();
    let recorded = unit.recorded_all(events)?;
    recorded.iter().filter_map(|event| act(event, wanted, roles)).for_each(|act| found.enter(act));
    Ok(found)
}

fn act(event: &Recorded, wanted: &HashSet<RecordId>, roles: &BTreeMap<String, String>) -> Option<Act> {
    let records: HashSet<_> = event.records.iter().map(|(id, _)| *id).filter(|id| wanted.contains(id)).collect();
    if records.is_empty() {
        return None;
    }
    let purpose = event.text("purpose");
    Some(Act {
        at: event.at(),
        what: event.text("name").to_owned(),
        purpose: purpose.to_owned(),
        dpv: Purpose::find(purpose).map_or("", |p| p.dpv).to_owned(),
        role: role(event.text("actor"), roles),
        records: records.len(),
        fields: event.fields().into_iter().map(str::to_owned).collect(),
    })
}

/// How often each kind of record occurs, people first.
pub fn counted<'a>(kinds: impl Iterator<Item = &'a str>) -> Vec<(&'a str, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    kinds.for_each(|kind| *counts.entry(kind).or_default() += 1);
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(kind, _)| (*kind != person::KIND, *kind));
    counts
}
