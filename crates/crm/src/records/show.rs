//! Showing a record: what the actor may see of it, what is masked or withheld and why, and the event that says so.

use catalogue::{Class, EIGHT_DOTS, Field, Mask, Value};
use kernel::{Code, Error, Instant, RecordId, Result, UserId};
use serde_json::{Value as Json, json};
use trail::{Actor, Event, Permit, Reach, Release, Unit, permit::ReadRecords};

use super::{Record, State, StoredRecord, row};

/// A field as an actor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Its value.
    Shown(Value),
    /// There, but masked until revealed.
    Masked(String),
    /// There, but the acting purpose does not serve it.
    WithheldPurpose,
    /// There, but above the class that the actor may open.
    WithheldClass,
}

impl Cell {
    /// As JSON: the value, `{"masked": …}` or `{"withheld": "purpose" | "class"}`.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Shown(value) => value.to_json(),
            Self::Masked(mask) => json!({ "masked": mask }),
            Self::WithheldPurpose => json!({ "withheld": "purpose" }),
            Self::WithheldClass => json!({ "withheld": "class" }),
        }
    }
}

/// A record as an actor sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its id.
    pub id: RecordId,
    /// Its kind's key.
    pub kind: String,
    /// Its version.
    pub version: i64,
    /// Its state.
    pub state: State,
    /// Who owns it.
    pub owner: Option<UserId>,
    /// What names it, as far as it may be seen.
    pub title: String,
    /// Its fields in the kind's order; those without a value are absent.
    pub cells: Vec<(String, Cell)>,
    /// When it came into being.
    pub created: Instant,
    /// When we received it.
    pub captured: Instant,
    /// When this version was made.
    pub updated: Instant,
    /// The last day it is kept through, as last decided.
    pub kept_until: Option<Instant>,
    /// What it may be used for.
    pub usable: catalogue::Purposes,
}

impl Shown {
    /// The keys of the fields whose values are shown: what the event names.
    pub fn disclosed(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().filter(|(_, cell)| matches!(cell, Cell::Shown(_))).map(|(key, _)| key.as_str())
    }

    /// A field's cell.
    pub fn cell(&self, key: &str) -> Option<&Cell> {
        self.cells.iter().find(|(k, _)| k == key).map(|(_, cell)| cell)
    }

    /// As the API gives it.
    pub fn to_json(&self) -> Json {
        let fields: serde_json::Map<_, _> = self.cells.iter().map(|(key, cell)| (key.clone(), cell.to_json())).collect();
        json!({
            "id": self.id, "kind": self.kind, "version": self.version, "state": self.state.as_str(), "owner": self.owner,
            "title": self.title, "created": self.created, "captured": self.captured, "updated": self.updated,
            "kept_until": self.kept_until.map(|at| at.day().to_string()), "usable_for": self.usable, "fields": fields,
        })
    }
}

/// How much of the masked fields is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// Whole values, as far as the permit goes: for programs and exports.
    Whole,
    /// Masked fields as their masks: for pages, where one is revealed at a time.
    Masked,
}

/// Whether a permit reaches a record: its kind, class, owner or team, and the acting purpose.
pub fn in_scope<P: trail::Privilege>(permit: &Permit<P>, row: &StoredRecord) -> bool {
    let actor = &permit.actor;
    within(permit, row) && row.facts.merged.is_none() && row.usable.serve(actor.purpose)
}

/// Whether a permit reaches a record by its kind, class and owner or team, whatever it may be used for.
pub(super) fn within<P: trail::Privilege>(permit: &Permit<P>, row: &StoredRecord) -> bool {
    let Some(scope) = permit.over(&row.kind.key) else { return false };
    row.state.is_readable() && row.class <= scope.class && reaches(scope.reach, &permit.actor, row)
}

fn reaches(reach: Reach, actor: &Actor, row: &StoredRecord) -> bool {
    let own = row.owner.is_some() && row.owner == actor.staff();
    match reach {
        Reach::All => true,
        Reach::Team => own || (row.team.is_some() && row.team == actor.team),
        Reach::Own => own,
    }
}

/// One field as the permit lets it be seen.
pub fn cell<P: trail::Privilege>(permit: &Permit<P>, row: &StoredRecord, field: &Field, value: &Value, detail: Detail) -> Cell {
    let class = permit.over(&row.kind.key).map_or(Class::Public, |scope| scope.class);
    if field.class > class {
        Cell::WithheldClass
    } else if !field.purposes.serve(permit.actor.purpose) {
        Cell::WithheldPurpose
    } else if detail == Detail::Masked && field.mask != Mask::None {
        Cell::Masked(field.mask.apply(value))
    } else {
        Cell::Shown(value.clone())
    }
}

/// A record as the permit lets it be seen.
pub fn shown<P: trail::Privilege>(permit: &Permit<P>, record: &Record, detail: Detail) -> Shown {
    let row = &record.row;
    let mut cells = Vec::new();
    for field in &row.kind.fields {
        if let Some(value) = record.get(&field.key) {
            cells.push((field.key.clone(), cell(permit, row, field, value, detail)));
        }
    }
    let title = match cells.iter().find(|(key, _)| *key == row.kind.title).map(|(_, cell)| cell) {
        Some(Cell::Shown(value)) => value.display(),
        Some(Cell::Masked(mask)) => mask.clone(),
        Some(Cell::WithheldClass | Cell::WithheldPurpose) => EIGHT_DOTS.to_owned(),
        None => String::new(),
    };
    Shown {
        id: row.id,
        kind: row.kind.key.clone(),
        version: row.version,
        state: row.state,
        owner: row.owner,
        title,
        cells,
        created: row.created,
        captured: row.captured,
        updated: row.updated,
        kept_until: row.kept_until,
        usable: row.usable,
    }
}

/// Opens a record within a permit's scope. Error: not_found when there is none in it.
pub fn need<P: trail::Privilege>(unit: &mut Unit, permit: &Permit<P>, id: RecordId) -> Result<Record> {
    let row = super::in_use(unit, permit, id)?;
    row::open(unit, row)?.ok_or_else(|| Error::not_found("record"))
}

/// The word by which an event says which record was opened for itself, among all that were shown beside it.
pub const SHOWN: &str = "shown";

/// Shows a record. Its event `record.read` names the fields whose values are seen.
pub fn show(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId, detail: Detail) -> Result<Release<Shown>> {
    let record = need(unit, permit, id)?;
    let shown = shown(permit, &record, detail);
    let event = Event::new("record.read").word(SHOWN, id.to_string()).fields(shown.disclosed()).records([(id, shown.version)]);
    unit.release(event, shown)
}

/// A record that this very unit made, as the permit lets it be seen: what was given, under the event of its making. `None` out of the
/// permit's scope. Error: internal for a record that was there before.
pub fn show_made(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId) -> Result<Option<Shown>> {
    let record = match need(unit, permit, id) {
        Ok(record) => record,
        Err(error) if error.code() == Code::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if record.row.version != 1 || record.row.captured != unit.now() {
        return Err(Error::internal("a record was to be shown that its unit did not make"));
    }
    Ok(Some(shown(permit, &record, Detail::Whole)))
}

/// Several records by what names them, with their open fields, as the permit lets them be seen: for links and lists beside something
/// else. Those out of scope are left out. Event `record.read`.
pub fn name(unit: &mut Unit, permit: &Permit<ReadRecords>, ids: &[RecordId]) -> Result<Release<Vec<Shown>>> {
    let mut rows = row::find_many(unit, ids)?;
    rows.retain(|row| in_scope(permit, row));
    let place: std::collections::HashMap<RecordId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    rows.sort_by_key(|row| place.get(&row.id).copied());
    let mut all = Vec::with_capacity(rows.len());
    for record in row::open_all(unit, rows)? {
        let kind = &record.row.kind;
        let mut shown = shown(permit, &record, Detail::Masked);
        shown.cells.retain(|(key, _)| *key == kind.title || kind.field(key).is_some_and(|field| !field.is_sealed()));
        all.push(shown);
    }
    let fields: std::collections::BTreeSet<String> = all.iter().flat_map(|shown| shown.disclosed().map(str::to_owned)).collect();
    let event = Event::new("record.read").fields(fields).records(all.iter().map(|shown| (shown.id, shown.version)));
    unit.release(event, all)
}

/// Reveals one masked field. Its event `record.revealed` names it.
pub fn reveal(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId, field: &str) -> Result<Release<Value>> {
    let record = need(unit, permit, id)?;
    let described = record.row.kind.field(field).ok_or_else(|| Error::not_found("field"))?;
    let value = record.get(field).ok_or_else(|| Error::not_found("field"))?;
    let refuse = |why: &str| {
        Err(Error::new(Code::Forbidden, format!("Acting for {} you may not see {}: {why}.", permit.actor.purpose.key, described.label)))
    };
    match cell(permit, &record.row, described, value, Detail::Whole) {
        Cell::Shown(value) => unit.release(Event::new("record.revealed").fields([field]).records([(id, record.row.version)]), value),
        Cell::WithheldClass => refuse("its class is above yours"),
        Cell::WithheldPurpose | Cell::Masked(_) => refuse("the field does not serve this purpose"),
    }
}
