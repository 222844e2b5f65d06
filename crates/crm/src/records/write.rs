//! Bringing records into being and changing them: the one way in for pages, API, import and capture.
//!
//! These functions work inside a unit that has witnessed its event; the operations that witness are in the slice's `mod.rs`.

use std::collections::BTreeMap;

use catalogue::{FieldType, Kind, Purposes, Value, line, person};
use kernel::{Code, Error, Instant, Problem, RecordId, Result, UserId};
use ledger::{Hash, LeafKind};
use store::args;
use trail::{Actor, App, Draft, Unit};

use crate::identity::staff;

use super::{
    Ahead, Facts, Making, Record, State,
    body::{Attested, Body, Fields, open_text},
    calls, clock, index, lines,
    making::{Linked, entry_rows, facet_rows, link_rows, name_place},
    row,
    row::{StoredRecord, box_context},
    sql, staged,
    standing::by_consent,
};

/// Where a problem with a record's owner stands.
pub const OWNER: &str = "/owner";
/// What is wrong with an owner who does not work here.
pub const NOT_STAFF: &str = "not_staff";

/// A record to be made.
#[derive(Clone, Debug)]
pub struct NewRecord {
    /// Its kind's key.
    pub kind: String,
    /// Its fields.
    pub fields: Fields,
    /// Who is to own it.
    pub owner: Option<UserId>,
    /// Whose team.
    pub team: Option<[u8; 16]>,
    /// When it came into being, where that is not now.
    pub created: Option<Instant>,
    /// What retention is to know.
    pub facts: Facts,
    /// What it may be used for; by default every purpose that needs no consent.
    pub usable: Purposes,
    /// What was worked out of it already: of exactly these fields.
    pub ahead: Option<Ahead>,
}

impl NewRecord {
    /// A record of a kind with these fields.
    pub fn new(kind: &str, fields: Fields) -> Self {
        Self {
            kind: kind.to_owned(),
            fields,
            owner: None,
            team: None,
            created: None,
            facts: Facts::default(),
            usable: Purposes::without_consent(),
            ahead: None,
        }
    }

    /// Owned by the actor unless another is named, and worked out here as far as it can be, where the caller's thread has the time that the
    /// one writer has not.
    pub fn made_ready(self, app: &App, actor: &Actor) -> Result<Self> {
        let (owner, team) = (self.owner.or(actor.staff()), self.team.or(actor.team));
        let Some(kind) = app.catalogue().kind(&self.kind).cloned() else { return Ok(self) };
        let law = law_of(&self.fields).unwrap_or_default();
        let ahead = Ahead::record(app, &kind, &self.fields, &law, (owner, team))?;
        Ok(Self { owner, team, ahead: Some(ahead), ..self })
    }
}

/// Changes to a record: each field set, or emptied by `None`.
#[derive(Clone, Debug, Default)]
pub struct RecordPatch {
    /// The fields to set or empty.
    pub fields: BTreeMap<String, Option<Value>>,
    /// The new owner, if that changes.
    pub owner: Option<Option<UserId>>,
}

/// Reads a record's fields from JSON, naming everything that is wrong with them at once. `null` empties a field.
/// Fields that only the product writes are refused.
pub fn parse_fields(kind: &Kind, json: &serde_json::Map<String, serde_json::Value>) -> Result<BTreeMap<String, Option<Value>>> {
    let mut fields = BTreeMap::new();
    let mut problems = Vec::new();
    for (key, value) in json {
        match kind.field(key) {
            Some(field) if field.system || field.retired => problems.push(Problem {
                pointer: format!("/{key}"),
                code: "read_only",
                detail: "This field is written by Probity alone.".to_owned(),
            }),
            Some(field) => match Value::parse(field, value) {
                Ok(value) => drop(fields.insert(key.clone(), value)),
                Err(problem) => problems.push(problem),
            },
            None => problems.push(Problem {
                pointer: format!("/{key}"),
                code: "unknown_field",
                detail: format!("The kind {} has no such field.", kind.label),
            }),
        }
    }
    if problems.is_empty() { Ok(fields) } else { Err(refused(problems)) }
}

pub(super) fn refused(problems: Vec<Problem>) -> Error {
    Error::new(Code::InvalidInput, "Some fields cannot be accepted; nothing was changed.").with_problems(problems)
}

pub(super) fn check_required(kind: &Kind, fields: &Fields) -> Result<()> {
    let absent = kind.fields.iter().filter(|f| f.required && !f.retired && !fields.contains_key(&f.key));
    let problems: Vec<Problem> =
        absent.map(|f| Problem { pointer: format!("/{}", f.key), code: "required", detail: format!("{} is needed.", f.label) }).collect();
    if problems.is_empty() { Ok(()) } else { Err(refused(problems)) }
}

/// Splits fields into sealed and open ones.
pub(super) fn split(kind: &Kind, fields: Fields) -> Result<(Fields, Fields)> {
    let mut parts = (Fields::new(), Fields::new());
    for (key, value) in fields {
        let field = kind.field(&key).ok_or_else(|| Error::invalid(format!("/{key}"), "unknown_field", "The kind has no such field."))?;
        if field.is_sealed() {
            parts.0.insert(key, value)
        } else {
            parts.1.insert(key, value)
        };
    }
    Ok(parts)
}

/// The legal order that a record's country field names (`DE`, `US-CA`); `None` when it is not such a code.
pub fn law_of(sealed: &Fields) -> Option<String> {
    let code = sealed.get(person::COUNTRY)?.as_text()?.trim().to_ascii_uppercase();
    let (country, part) = code.split_once('-').unwrap_or((&code, "X"));
    let letters = country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase());
    let known_form = letters && (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    known_form.then_some(code)
}

/// Links that point to nothing of the right kind.
pub(super) fn refused_links(roles: &[&str]) -> Error {
    let problem = |role: &&str| Problem {
        pointer: format!("/{role}"),
        code: "not_a_record",
        detail: "There is no record of the right kind with this id.".to_owned(),
    };
    refused(roles.iter().map(problem).collect())
}

/// Whoever is to own a record works here. The actor does; of others the house is asked. Error: invalid_input at `/owner`.
pub(super) fn check_owner(unit: &mut Unit, owner: UserId) -> Result<()> {
    if unit.actor().staff() == Some(owner) {
        return Ok(());
    }
    let wrong = match staff::is_active(unit, owner)? {
        Some(true) => return Ok(()),
        Some(false) => {
            "This member of staff was disabled and cannot be given records. Name somebody who works here, or leave the owner out."
        }
        None => "There is no member of staff with this id. Take one from the list of users, or leave the owner out.",
    };
    Err(Error::invalid(OWNER, NOT_STAFF, wrong))
}

/// One commitment for each person a version concerns: itself when it is one, else those it links to.
pub(super) fn commitments(
    unit: &mut Unit,
    kind: &Kind,
    id: RecordId,
    key: kernel::KeyId,
    people: &[(RecordId, kernel::KeyId)],
) -> Result<Vec<Hash>> {
    let mut concerned: Vec<(RecordId, kernel::KeyId)> = people.to_vec();
    if kind.is_person {
        concerned.push((id, key));
    }
    let keys = unit.keys(&concerned.iter().map(|(_, key)| *key).collect::<Vec<_>>())?;
    Ok(concerned.iter().filter_map(|(id, key)| keys.get(key).map(|key| unit.subject(*id, key))).collect())
}

/// Makes a record in a unit that has witnessed its event. Errors: invalid_input naming each field.
pub fn insert(unit: &mut Unit, new: NewRecord) -> Result<RecordId> {
    let mut making = Making::default();
    let id = making.add(unit, new)?;
    making.write(unit)?;
    Ok(id)
}

/// Whether names that begin with a prefix stand behind longer ones: what stands behind the prefix itself is then no longer than it.
pub fn is_lengthened(unit: &mut Unit, kind: &str, prefix: &str) -> Result<bool> {
    let end = format!("{prefix}{}", char::MAX);
    Ok(unit.maybe(sql::SORT_LONGER, &args![kind, prefix, end], |row| row.get::<String>(0))?.is_some())
}

/// A legal order as the region of a telephone number without its country.
pub fn region(law: &str) -> Option<&str> {
    law.get(..2).filter(|_| !law.is_empty())
}

/// What lists sort and filter by and what links it has, written anew from a record's open fields.
pub fn find_by(unit: &mut Unit, kind: &Kind, id: RecordId, open: &Fields) -> Result<()> {
    unit.run(sql::FACET_DELETE, &args![id])?;
    unit.insert_many(sql::FACET_INSERT, 4, &facet_rows(kind, id, open))?;
    unit.run(sql::LINK_DELETE, &args![id])?;
    unit.insert_many(sql::LINK_INSERT, 3, &link_rows(id, &index::links(open)))
}

/// Enters something into the timelines of those it concerns.
pub fn enter(unit: &mut Unit, on: impl IntoIterator<Item = RecordId>, at: Instant, record: RecordId, what: &str) -> Result<()> {
    let rows = entry_rows(unit, on, at, record, what);
    unit.insert_many(sql::TIMELINE_INSERT, 5, &rows)
}

/// Makes a record's next version in a unit that has witnessed its event. Answers the new version; the old one when nothing changes.
///
/// Errors: not_found; version_conflict when `expected` is not the current version; restricted; invalid_input naming each field.
pub fn amend(unit: &mut Unit, id: RecordId, expected: Option<i64>, patch: RecordPatch) -> Result<i64> {
    let row = row::lock(unit, id)?.filter(|r| r.state.is_readable()).ok_or_else(|| Error::not_found("record"))?;
    if expected.is_some_and(|version| version != row.version) {
        let words = format!("Somebody changed this meanwhile: it is at version {} now. Load it again and repeat your change.", row.version);
        return Err(Error::new(Code::VersionConflict, words));
    }
    if row.state == State::Restricted {
        return Err(Error::new(Code::Restricted, "This record is restricted: it is kept for legal reasons and cannot be changed."));
    }
    if let Some(into) = row.facts.merged {
        return Err(super::merged_into(into));
    }
    let record = row::open(unit, row)?.ok_or_else(|| Error::not_found("record"))?;
    let owner = patch.owner.unwrap_or(record.row.owner);
    if let Some(owner) = owner.filter(|owner| record.row.owner != Some(*owner)) {
        check_owner(unit, owner)?;
    }
    let mut fields = record.fields();
    for (key, value) in patch.fields {
        match value {
            Some(value) => fields.insert(key, value),
            None => fields.remove(&key),
        };
    }
    staged::settle(&record.row.kind, &mut fields, Some(&record.row.open), record.row.created, unit.now())?;
    lines::followed(unit, Some(&record), &record.row.kind, &mut fields)?;
    let follow = if record.row.kind.key == line::KIND { lines::changed(unit, &record, &mut fields)? } else { Vec::new() };
    let moments = clock::go_on(unit, &record.row, &mut fields)?;
    if fields == record.fields() && owner == record.row.owner {
        return Ok(record.row.version);
    }
    check_required(&record.row.kind, &fields)?;
    // What is written into an anonymised record is to be looked at again.
    let facts = Facts { anonymised: None, ..record.row.facts.clone() };
    let version = replace(unit, &record, fields, owner, &facts)?;
    lines::follow(unit, follow)?;
    if owner != record.row.owner && lines::followed_by(&record.row.kind).is_some() {
        lines::hand_over(unit, id, owner)?;
    }
    clock::wake(unit, id, &moments)?;
    Ok(version)
}

/// Makes a record's next version with other facts for retention, in a unit that has witnessed its event: what decides how long it is kept
/// is witnessed like its fields. A restricted record may be told too. Answers the new version; the old one when nothing changes.
///
/// Error: not_found.
pub fn reclassify(unit: &mut Unit, id: RecordId, facts: &Facts) -> Result<i64> {
    let row = row::lock(unit, id)?.filter(|r| r.state.is_readable()).ok_or_else(|| Error::not_found("record"))?;
    if row.facts == *facts {
        return Ok(row.version);
    }
    let record = row::open(unit, row)?.ok_or_else(|| Error::not_found("record"))?;
    let (fields, owner) = (record.fields(), record.row.owner);
    replace(unit, &record, fields, owner, facts)
}

pub(super) fn replace(unit: &mut Unit, record: &Record, fields: Fields, owner: Option<UserId>, facts: &Facts) -> Result<i64> {
    let StoredRecord { id, doc, ref kind, key, class, .. } = record.row;
    let (version, now) = (record.row.version + 1, unit.now());
    let (sealed, open) = split(kind, fields)?;
    let links = index::links(&open);
    let subjects = Linked::default().subjects(unit, kind, &links, &index::links(&record.row.open))?;
    if links != index::links(&record.row.open) {
        by_consent(unit, kind, record.row.usable, &subjects.people)?;
    }
    let mentioned = calls::mentioned(unit, kind, &sealed, Some(&record.body.sealed))?;
    let law = law_of(&sealed).unwrap_or_else(|| if kind.is_person { record.row.law.clone() } else { subjects.law.clone() });
    let (old_tokens, new_tokens) = {
        let keyring = unit.app().keyring();
        let old = index::tokens(&keyring.tokens(), kind, &record.body.sealed, region(&record.row.law));
        (old, index::tokens(&keyring.tokens(), kind, &sealed, region(&law)))
    };
    let renamed = record.body.sealed.get(&kind.title) != sealed.get(&kind.title);
    let prefix = if renamed { Some(name_place(kind, &sealed, |prefix| is_lengthened(unit, &kind.key, prefix))?) } else { None };
    let attested = Attested { created: record.row.created, owner, team: record.row.team, law: &law, class, facts };
    let body = Body::new(sealed, unit.env()).attesting(&attested);
    let payload = body.payload(&kind.key, &open, Some(record.row.leaf))?;
    let boxed = unit.seal(&box_context(key, id, version), &body.encode())?;
    let commitments = commitments(unit, kind, id, key, &subjects.people)?;
    let box_hash = vault::box_hash(&boxed);
    let leaf = unit.leaf(Draft { kind: LeafKind::Record, about: id, version, subjects: commitments, payload, box_hash })?;
    unit.run(sql::VERSION_KEEP, &args![id])?;
    unit.run(sql::UPDATE, &args![id, owner, version, now, law, facts.text()?, leaf, open_text(&open), boxed])?;
    if old_tokens != new_tokens {
        store::tokens::remove(unit.dialect(), doc, &old_tokens)?;
        store::tokens::put(unit.dialect(), doc, &new_tokens)?;
    }
    if let Some(prefix) = prefix {
        unit.run(sql::SORT_UPDATE, &args![id, prefix])?;
    }
    if open != record.row.open {
        find_by(unit, kind, id, &open)?;
    }
    calls::call(unit, kind, id, &mentioned, &open, Some(&record.row.open))?;
    enter(unit, [id], now, id, &format!("{}.changed", kind.key))?;
    clock::heard(unit, kind, &open, Some(&record.row.open))?;
    Ok(version)
}

/// The readable records of a kind whose field has this value, confirmed after opening: a truncated token may match by chance.
pub fn with_value(unit: &mut Unit, kind: &Kind, field: &str, text: &str, region: Option<&str>) -> Result<Vec<Record>> {
    let Some(field) = kind.field(field) else { return Ok(Vec::new()) };
    let wanted = index::exact_form(field, text, region);
    let token = unit.app().keyring().tokens().exact(&index::token_field(&kind.key, &field.key), &wanted);
    let docs = store::tokens::find(unit.dialect(), &[vec![token]], 50)?;
    let mut rows = Vec::new();
    for doc in docs {
        rows.extend(row::find_by_doc(unit, doc)?.filter(|r| r.kind.key == kind.key && r.state.is_readable() && r.facts.merged.is_none()));
    }
    let mut found = row::open_all(unit, rows)?;
    let same = |value: &Value| index::exact_form(field, &value.display(), region) == wanted;
    found.retain(|record| record.get(&field.key).is_some_and(|value| value.each().iter().any(same)));
    Ok(found)
}

/// Fields of a kind that hold an e-mail address or telephone number: what duplicates are recognised by.
pub fn contact_fields(kind: &Kind) -> impl Iterator<Item = &catalogue::Field> {
    kind.fields.iter().filter(|f| matches!(f.kind, FieldType::Email | FieldType::Phone) && f.index != catalogue::Index::None)
}
