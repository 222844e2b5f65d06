//! What is done to each record of a set, and why it is not.

use std::{collections::BTreeMap, sync::Arc};

use catalogue::{Field, Kind, Value};
use kernel::{Code, Error, Problem, RecordId, Result, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use trail::{
    Event, Permit, Release, Unit,
    permit::{Dispose, WriteRecords},
};

use super::{BulkId, Counts, PORTION, PROPOSED};
use crate::{
    disposal::{self, Cause, Fate, MOST as IN_A_PROPOSAL},
    identity::staff,
    records::{self, RecordPatch, State, StoredRecord},
    search,
};

/// What is to be done to every record of a set.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// A field gets a value; `null` empties it.
    Set {
        /// Its key.
        field: String,
        /// The value, as in a record's fields.
        value: Json,
    },
    /// A field of several values gets one more.
    Add {
        /// Its key.
        field: String,
        /// One value.
        value: Json,
    },
    /// A field of several values loses one.
    Remove {
        /// Its key.
        field: String,
        /// One value.
        value: Json,
    },
    /// Somebody becomes the owner; nobody when it is `null`.
    Assign {
        /// Who.
        owner: Option<UserId>,
    },
    /// They are proposed for disposal. A proposal destroys nothing; others approve it.
    ProposeDisposal {
        /// Why.
        reason: String,
    },
}

/// A value may be personal: only the field prints.
impl std::fmt::Debug for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.word(), self.field().unwrap_or_default())
    }
}

impl Act {
    /// Its stable word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Set { .. } => "set",
            Self::Add { .. } => "add",
            Self::Remove { .. } => "remove",
            Self::Assign { .. } => "assign",
            Self::ProposeDisposal { .. } => "propose_disposal",
        }
    }

    /// The field it is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Set { field, .. } | Self::Add { field, .. } | Self::Remove { field, .. } => Some(field),
            Self::Assign { .. } | Self::ProposeDisposal { .. } => None,
        }
    }
}

/// What becomes of a record, or why nothing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is changed, or proposed.
    Change,
    /// It is so already.
    Same,
    /// A legal hold keeps it.
    Held,
    /// A rule keeps it.
    Kept,
    /// An open request, the clock, or the absence of any rule keeps it.
    Waits,
    /// It is restricted: kept, not used.
    Restricted,
    /// It is not within what the actor may change.
    OutOfReach,
    /// Somebody changed it meanwhile.
    Changed,
    /// It would no longer be whole: a field it needs would be empty.
    Refused,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 9] =
        [Self::Change, Self::Same, Self::Held, Self::Kept, Self::Waits, Self::Restricted, Self::OutOfReach, Self::Changed, Self::Refused];

    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Same => "same",
            Self::Held => "held",
            Self::Kept => "kept",
            Self::Waits => "waits",
            Self::Restricted => "restricted",
            Self::OutOfReach => "out_of_reach",
            Self::Changed => "changed",
            Self::Refused => "refused",
        }
    }
}

enum What {
    Set(Field, Option<Value>),
    Several(Field, Value, bool),
    Assign(Option<UserId>),
}

enum Way {
    Write(Box<(Permit<WriteRecords>, What)>),
    Propose(Cause, String),
}

/// An act that whoever acts may do to records of a kind.
pub(super) struct Checked {
    kind: Arc<Kind>,
    way: Way,
}

fn refused(problem: Problem) -> Error {
    Error::new(Code::InvalidInput, "The value cannot be accepted; nothing was changed.").with_problems(vec![problem])
}

impl Checked {
    pub fn of(unit: &mut Unit, kind: &str, act: &Act) -> Result<Self> {
        let kind = unit.app().catalogue().need(kind)?;
        let actor = unit.actor().clone();
        if let Act::ProposeDisposal { reason } = act {
            let permit = actor.permit::<Dispose>()?;
            permit.need(&kind)?;
            let reason = reason.trim();
            if reason.is_empty() || reason.chars().count() > 1_000 {
                return Err(Error::invalid("/act/reason", "required", "Say why, in at most 1,000 characters."));
            }
            return Ok(Self { kind, way: Way::Propose(Cause::expiry(&permit), reason.to_owned()) });
        }
        let permit = actor.permit::<WriteRecords>()?;
        let scope = permit.need(&kind)?;
        let field = |key: &str| -> Result<Field> {
            let unknown = || Error::invalid("/act/field", "unknown_field", format!("The kind {} has no such field to write.", kind.label));
            let field = kind.writable().find(|field| field.key == key).ok_or_else(unknown)?;
            if !search::sees(scope, actor.purpose, field) {
                let words = format!("Acting for {} you may not change {}.", actor.purpose.key, field.label);
                return Err(Error::new(Code::Forbidden, words));
            }
            Ok(field.clone())
        };
        let one = |field: &Field, value: &Json| -> Result<Value> {
            if !field.many {
                return Err(Error::invalid("/act/field", "not_several", "Only a field of several values gets one more or one less."));
            }
            let single = Field { many: false, ..field.clone() };
            let missing = || Error::invalid("/act/value", "required", "Write a value.");
            Value::parse(&single, value).map_err(refused)?.ok_or_else(missing)
        };
        let what = match act {
            Act::Set { field: key, value } => {
                let field = field(key)?;
                let value = Value::parse(&field, value).map_err(refused)?;
                if field.required && value.is_none() {
                    return Err(Error::invalid("/act/value", "required", format!("{} is needed and cannot be emptied.", field.label)));
                }
                What::Set(field, value)
            }
            Act::Add { field: key, value } => {
                let field = field(key)?;
                let value = one(&field, value)?;
                What::Several(field, value, true)
            }
            Act::Remove { field: key, value } => {
                let field = field(key)?;
                let value = one(&field, value)?;
                What::Several(field, value, false)
            }
            Act::Assign { owner } => {
                if let Some(owner) = owner
                    && staff::is_active(unit, *owner)? != Some(true)
                {
                    return Err(Error::invalid("/act/owner", records::NOT_STAFF, "The owner is somebody who works here."));
                }
                What::Assign(*owner)
            }
            Act::ProposeDisposal { .. } => return Err(Error::internal("an act was checked twice")),
        };
        Ok(Self { kind, way: Way::Write(Box::new((permit, what))) })
    }

    /// How many records go into one unit.
    pub const fn portion(&self) -> usize {
        if matches!(self.way, Way::Propose(..)) { IN_A_PROPOSAL } else { PORTION }
    }

    /// What would become of a set.
    pub fn weigh(&self, unit: &mut Unit, items: &[(RecordId, i64)]) -> Result<Release<Counts>> {
        let mut counts = Counts::new();
        match &self.way {
            Way::Propose(cause, _) => {
                if items.len() > PROPOSED {
                    let words = format!("At most {PROPOSED} records are proposed at once. Filter the list, and propose them in parts.");
                    return Err(Error::new(Code::TooLarge, words));
                }
                for reason in self.fates(unit, cause, items)? {
                    *counts.entry(reason).or_default() += 1;
                }
                unit.release(Event::new("disposal.planned").count("records", items.len()), counts)
            }
            Way::Write(write) => {
                let (permit, what) = write.as_ref();
                for some in items.chunks(500) {
                    let ids: Vec<RecordId> = some.iter().map(|(id, _)| *id).collect();
                    let rows = records::find_many(unit, &ids)?;
                    let known: BTreeMap<RecordId, StoredRecord> = rows.into_iter().map(|row| (row.id, row)).collect();
                    for (id, version) in some {
                        let reason = known.get(id).map_or(Reason::OutOfReach, |row| self.judged(permit, what, row, *version));
                        *counts.entry(reason).or_default() += 1;
                    }
                }
                unit.plain(counts)
            }
        }
    }

    fn judged(&self, permit: &Permit<WriteRecords>, what: &What, row: &StoredRecord, version: i64) -> Reason {
        if row.kind.key != self.kind.key || !records::in_scope(permit, row) {
            return Reason::OutOfReach;
        }
        if row.state == State::Restricted {
            return Reason::Restricted;
        }
        if row.version != version {
            return Reason::Changed;
        }
        let same = match what {
            What::Assign(owner) => row.owner == *owner,
            What::Set(field, value) => !field.is_sealed() && row.open.get(&field.key) == value.as_ref(),
            What::Several(field, value, more) => {
                let has = row.open.get(&field.key).is_some_and(|all| all.each().contains(value));
                !field.is_sealed() && has == *more
            }
        };
        if same { Reason::Same } else { Reason::Change }
    }

    fn fates(&self, unit: &mut Unit, cause: &Cause, items: &[(RecordId, i64)]) -> Result<Vec<Reason>> {
        let mut reasons = Vec::with_capacity(items.len());
        for some in items.chunks(64) {
            let ids: Vec<RecordId> = some.iter().map(|(id, _)| *id).collect();
            let there: Vec<RecordId> = records::find_many(unit, &ids)?.into_iter().map(|row| row.id).collect();
            let mut fates: BTreeMap<RecordId, Fate> =
                disposal::plan(unit, cause, &there)?.into_iter().map(|planned| (planned.record, planned.fate)).collect();
            reasons.extend(ids.iter().map(|id| match fates.remove(id) {
                Some(Fate::Erase) => Reason::Change,
                Some(Fate::Held) => Reason::Held,
                Some(Fate::Keep(_) | Fate::Restrict(_) | Fate::EraseFields(_)) => Reason::Kept,
                Some(Fate::Waits(_)) => Reason::Waits,
                Some(Fate::Gone) | None => Reason::OutOfReach,
            }));
        }
        Ok(reasons)
    }

    /// Does it to some records, in a unit that has not witnessed yet; answers what became of each.
    pub fn carry_out(&self, unit: &mut Unit, bulk: BulkId, some: &[(RecordId, i64)]) -> Result<Vec<Reason>> {
        match &self.way {
            Way::Propose(cause, reason) => {
                let reasons = self.fates(unit, cause, some)?;
                let all = some.iter().zip(&reasons).filter(|(_, reason)| **reason == Reason::Change);
                let ids: Vec<RecordId> = all.map(|((id, _), _)| *id).collect();
                if ids.is_empty() {
                    unit.witness(Event::new("bulk.passed").word("bulk", bulk.to_string()).count("records", some.len()))?;
                } else {
                    disposal::propose(unit, cause, &ids, reason)?;
                }
                Ok(reasons)
            }
            Way::Write(write) => {
                let (permit, what) = write.as_ref();
                let event = Event::new("record.updated").word("kind", self.kind.key.as_str()).word("bulk", bulk.to_string());
                let fields: Vec<&str> = match what {
                    What::Set(field, _) | What::Several(field, ..) => vec![&field.key],
                    What::Assign(_) => Vec::new(),
                };
                unit.witness(event.fields(fields).count("rows", some.len()))?;
                some.iter().map(|(id, version)| self.change(unit, permit, what, *id, *version)).collect()
            }
        }
    }

    fn change(&self, unit: &mut Unit, permit: &Permit<WriteRecords>, what: &What, id: RecordId, version: i64) -> Result<Reason> {
        let Some(row) = records::find(unit, id)? else { return Ok(Reason::OutOfReach) };
        let judged = self.judged(permit, what, &row, version);
        if judged != Reason::Change {
            return Ok(judged);
        }
        let patch = match what {
            What::Assign(owner) => RecordPatch { owner: Some(*owner), fields: BTreeMap::new() },
            What::Set(field, value) => RecordPatch { fields: BTreeMap::from([(field.key.clone(), value.clone())]), owner: None },
            What::Several(field, value, more) => {
                let Some(record) = records::open(unit, row)? else { return Ok(Reason::OutOfReach) };
                let mut all: Vec<Value> = record.get(&field.key).map(|all| all.each().to_vec()).unwrap_or_default();
                if all.contains(value) == *more {
                    return Ok(Reason::Same);
                }
                if *more {
                    all.push(value.clone())
                } else {
                    all.retain(|other| other != value)
                }
                let list = (!all.is_empty()).then_some(Value::List(all));
                RecordPatch { fields: BTreeMap::from([(field.key.clone(), list)]), owner: None }
            }
        };
        match records::amend(unit, id, Some(version), patch) {
            Ok(now) if now == version => Ok(Reason::Same),
            Ok(_) => Ok(Reason::Change),
            Err(error) => match error.code() {
                Code::VersionConflict => Ok(Reason::Changed),
                Code::Restricted => Ok(Reason::Restricted),
                Code::NotFound => Ok(Reason::OutOfReach),
                Code::InvalidInput | Code::Conflict => Ok(Reason::Refused),
                _ => Err(error),
            },
        }
    }
}
