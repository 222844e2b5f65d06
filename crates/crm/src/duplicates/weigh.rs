//! What a merge would do: which value of each field survives, what moves, what stays, and what forbids it.

use std::{collections::BTreeMap, sync::Arc};

use catalogue::{Field, Kind, Value};
use kernel::{Code, Error, HoldId, RecordId, RequestId, Result};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{
    Event, Permit, Release, Unit,
    permit::{Hold, ReadRecords, WriteRecords},
};

use super::{signs::is_looked_for, sql};
use crate::{
    holds,
    records::{self, Cell, Detail, Record, RecordPatch, Shown, State, StoredRecord, index},
    search,
};

/// Whose value of a field survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// The surviving record's.
    Survivor,
    /// That of the record that is merged away.
    Other,
    /// The values of both, of a field that holds several.
    Both,
}

impl Choice {
    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Survivor => "survivor",
            Self::Other => "other",
            Self::Both => "both",
        }
    }

    /// From the stable word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Survivor, Self::Other, Self::Both].into_iter().find(|choice| choice.as_str() == word)
    }
}

/// One field of a merge.
#[derive(Clone, Debug)]
pub struct FieldChoice {
    /// Its key.
    pub key: String,
    /// Whose value survives.
    pub choice: Choice,
    /// Whether both have the same.
    pub same: bool,
    /// Whether the actor may choose: both values are theirs to see, and the field holds one or both.
    pub may_choose: bool,
    /// Whether the values of both can be kept.
    pub several: bool,
}

/// What forbids a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A legal hold on a record; its matter for those who may place holds.
    Held(RecordId, HoldId, Option<String>),
    /// It is restricted: kept, not used.
    Restricted(RecordId),
    /// An open request of the person, and its right.
    Requested(RecordId, RequestId, String),
}

impl Refusal {
    /// Which record it is about.
    pub const fn record(&self) -> RecordId {
        match self {
            Self::Held(record, ..) | Self::Restricted(record) | Self::Requested(record, ..) => *record,
        }
    }

    /// Its stable word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Held(..) => "held",
            Self::Restricted(_) => "restricted",
            Self::Requested(..) => "requested",
        }
    }

    /// As an error that says what to do next.
    pub(super) fn error(&self) -> Error {
        match self {
            Self::Held(record, hold, _) => Error::new(
                Code::LegalHold,
                format!(
                    "The legal hold {hold} keeps {record} as it is. Ask whoever placed it; merge once it is released. Nothing was changed."
                ),
            ),
            Self::Restricted(record) => Error::new(
                Code::Restricted,
                format!(
                    "{record} is restricted: it is kept for legal reasons and not used. It can be merged once that ends. Nothing was changed."
                ),
            ),
            Self::Requested(record, request, right) => Error::new(
                Code::Conflict,
                format!(
                    "The request {request} ({right}) about {record} is open. Answer and close it first, then merge. Nothing was changed."
                ),
            ),
        }
    }
}

/// What moves with a merge.
#[derive(Clone, Debug, Default)]
pub struct Moves {
    /// How many records of each kind will point to the survivor.
    pub records: BTreeMap<String, usize>,
    /// How many of each kind stay as they are, because they are restricted.
    pub stays: BTreeMap<String, usize>,
    /// Entries of the timeline.
    pub entries: usize,
}

/// What a merge would do.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The record that survives.
    pub survivor: Shown,
    /// The record that is merged away.
    pub other: Shown,
    /// Every field that either has.
    pub fields: Vec<FieldChoice>,
    /// What moves.
    pub moves: Moves,
    /// What forbids it; nothing when it may be done.
    pub refusals: Vec<Refusal>,
}

/// Both records of a merge, opened.
pub(super) struct Two {
    pub kind: Arc<Kind>,
    pub survivor: Record,
    pub other: Record,
}

/// The two, within a permit's scope. Errors: not_found; conflict for one that was merged; invalid_input for one and the same, for two kinds
/// and for a kind that is not merged.
pub(super) fn two(unit: &mut Unit, permit: &Permit<WriteRecords>, survivor: RecordId, other: RecordId) -> Result<Two> {
    let refuse = |code, words: &str| Err(Error::invalid("/other", code, words));
    if survivor == other {
        return refuse("same_record", "Name two different records.");
    }
    let (survivor, other) = (records::in_use(unit, permit, survivor)?, records::in_use(unit, permit, other)?);
    if survivor.kind.key != other.kind.key {
        return refuse("other_kind", "Only records of one kind are merged.");
    }
    let kind = Arc::clone(&survivor.kind);
    if !is_looked_for(&kind) {
        return refuse("not_merged", "Records of this kind are not merged: what came in stays as it came.");
    }
    let gone = || Error::not_found("record");
    let survivor = records::open(unit, survivor)?.ok_or_else(gone)?;
    let other = records::open(unit, other)?.ok_or_else(gone)?;
    Ok(Two { kind, survivor, other })
}

impl Two {
    /// What becomes of each field: as asked, else the safe way. Values that the actor may not see are decided by the same rule for everybody.
    ///
    /// Errors: invalid_input for what is no field that either has, or no choice it allows; forbidden for one that may not be seen.
    pub fn decide(&self, permit: &Permit<WriteRecords>, asked: &BTreeMap<String, Choice>) -> Result<Vec<FieldChoice>> {
        let scope = permit.need(&self.kind)?;
        let mut fields = Vec::new();
        for field in self.kind.fields.iter().filter(|field| !field.system && !field.retired) {
            let (a, b) = (self.survivor.get(&field.key), self.other.get(&field.key));
            if a.is_none() && b.is_none() {
                continue;
            }
            let sees = search::sees(scope, permit.actor.purpose, field);
            let same = a == b;
            let choice = asked.get(&field.key).copied();
            if choice.is_some() && !sees {
                let words = format!("Acting for {} you may not choose for {}.", permit.actor.purpose.key, field.label);
                return Err(Error::new(Code::Forbidden, words));
            }
            if choice == Some(Choice::Both) && !field.many {
                return Err(Error::invalid(format!("/choices/{}", field.key), "not_several", "This field holds one value: choose one."));
            }
            let choice = choice.unwrap_or_else(|| self.safe(field, a, b));
            fields.push(FieldChoice { key: field.key.clone(), choice, same, may_choose: sees && !same, several: field.many });
        }
        for key in asked.keys() {
            if !fields.iter().any(|field| field.key == *key) {
                return Err(Error::invalid(format!("/choices/{key}"), "unknown_field", "Neither record has this field."));
            }
        }
        Ok(fields)
    }

    /// The safe way: all values of a field that holds several, what is there before what is not, the record changed later before the other.
    fn safe(&self, field: &Field, a: Option<&Value>, b: Option<&Value>) -> Choice {
        match (a, b) {
            (Some(_), None) => Choice::Survivor,
            (None, Some(_)) => Choice::Other,
            _ if field.many => Choice::Both,
            _ if self.other.row.updated > self.survivor.row.updated => Choice::Other,
            _ => Choice::Survivor,
        }
    }

    /// What the choices change of the survivor.
    pub fn patch(&self, choices: &[FieldChoice]) -> RecordPatch {
        let mut patch = RecordPatch::default();
        for FieldChoice { key, choice, .. } in choices {
            let (a, b) = (self.survivor.get(key), self.other.get(key));
            let value = match choice {
                Choice::Survivor => continue,
                Choice::Other => b.cloned(),
                Choice::Both => self.joined(key, a, b),
            };
            if value.as_ref() != a {
                patch.fields.insert(key.clone(), value);
            }
        }
        patch
    }

    fn joined(&self, key: &str, a: Option<&Value>, b: Option<&Value>) -> Option<Value> {
        let field = self.kind.field(key)?;
        let form = |value: &Value, record: &Record| index::exact_form(field, &value.display(), records::region(&record.row.law));
        let mut all: Vec<Value> = a.map(|a| a.each().to_vec()).unwrap_or_default();
        for value in b.map(Value::each).unwrap_or_default() {
            if !all.iter().any(|have| have == value || form(have, &self.survivor) == form(value, &self.other)) {
                all.push(value.clone());
            }
        }
        (!all.is_empty()).then_some(Value::List(all))
    }
}

/// What forbids a merge of these two: a hold, a restriction, an open request. The matter of a hold is for those who may place holds.
pub(super) fn refusals(unit: &mut Unit, rows: [&StoredRecord; 2]) -> Result<Vec<Refusal>> {
    let mut all = Vec::new();
    let ids = rows.map(|row| row.id);
    let held = holds::of_records(unit, &ids)?;
    let matters = unit.actor().permit::<Hold>().ok();
    for row in rows {
        for standing in held.get(&row.id).into_iter().flatten().filter(|standing| standing.released.is_none()) {
            let matter = match &matters {
                Some(permit) => holds::matter(unit, permit, standing.hold)?,
                None => None,
            };
            all.push(Refusal::Held(row.id, standing.hold, matter));
        }
        if row.state == State::Restricted {
            all.push(Refusal::Restricted(row.id));
        }
        if row.kind.is_person {
            let open = unit.all(sql::REQUESTS, &args![row.id], |row| Ok((row.get::<RequestId>(0)?, row.get::<String>(1)?)))?;
            all.extend(open.into_iter().map(|(request, right)| Refusal::Requested(row.id, request, right)));
        }
    }
    Ok(all)
}

/// What a merge of `other` into `survivor` would do; nothing is changed. Event `record.read`, which names both and their fields.
///
/// Errors: those of [`super::merge()`], but for what forbids it: that is said in the answer.
pub fn preview(
    unit: &mut Unit,
    (reads, permit): (&Permit<ReadRecords>, &Permit<WriteRecords>),
    (survivor, other): (RecordId, RecordId),
    choices: &BTreeMap<String, Choice>,
    detail: Detail,
) -> Result<Release<Preview>> {
    let two = two(unit, permit, survivor, other)?;
    if ![&two.survivor, &two.other].iter().all(|record| records::in_scope(reads, &record.row)) {
        return Err(Error::not_found("record"));
    }
    let fields = two.decide(permit, choices)?;
    let refusals = refusals(unit, [&two.survivor.row, &two.other.row])?;
    let mut moves = Moves::default();
    let count = |n: i64| usize::try_from(n).unwrap_or_default();
    for (kind, state, n) in
        unit.all(sql::LINKING_COUNT, &args![other], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get(2)?)))?
    {
        let into = if state == State::Live.as_str() { &mut moves.records } else { &mut moves.stays };
        *into.entry(kind).or_default() += count(n);
    }
    moves.entries = count(unit.one(sql::ENTRIES_COUNT, &args![other], |row| row.get(0))?);
    let (a, b) = (records::shown(reads, &two.survivor, detail), records::shown(reads, &two.other, detail));
    let seen: std::collections::BTreeSet<String> = a.disclosed().chain(b.disclosed()).map(str::to_owned).collect();
    let event = Event::new("record.read").word("as", "merge").fields(seen).records([(a.id, a.version), (b.id, b.version)]);
    unit.release(event, Preview { survivor: a, other: b, fields, moves, refusals })
}

/// The value of a field as the choices leave it, as far as it may be seen.
impl Preview {
    /// The cell that survives of a field; of values joined the survivor's, to which the other's are added.
    pub fn survives(&self, field: &FieldChoice) -> Option<&Cell> {
        match field.choice {
            Choice::Other => self.other.cell(&field.key),
            Choice::Survivor | Choice::Both => self.survivor.cell(&field.key),
        }
    }
}
