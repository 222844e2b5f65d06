//! Legal holds: whatever else says so, a held record is not destroyed.
//!
//! The matter and the reasons are sealed under a key of their own; who only sees a record learns that it is held, not why.

mod sql;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::{Code, Error, HoldId, Instant, KeyId, RecordId, Result, UserId};
use ledger::canonical::{self, Value as Cbor};
use store::{Row, args};
use trail::{Actor, Event, Grant, Permit, Privilege, Release, Unit, permit::Hold, sql::vault_sql};
use vault::Context;

use crate::records;

/// The most records that one call places under a hold; further ones are added with [`extend`].
pub const MOST: usize = 500;

/// A hold on a record, without its matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which hold.
    pub hold: HoldId,
    /// When it was placed.
    pub placed: Instant,
    /// When it was released.
    pub released: Option<Instant>,
}

/// A hold with its matter, for those who may place holds.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its id.
    pub id: HoldId,
    /// When it was placed.
    pub placed: Instant,
    /// Who placed it.
    pub placed_by: String,
    /// When it was released.
    pub released: Option<Instant>,
    /// Who released it.
    pub released_by: Option<String>,
    /// The matter it is for.
    pub matter: String,
    /// Why it was placed.
    pub reason: String,
    /// Why it was released.
    pub release_reason: Option<String>,
    /// How many records it holds.
    pub records: i64,
}

struct Stored {
    id: HoldId,
    placed: Instant,
    placed_by: String,
    released: Option<Instant>,
    released_by: Option<String>,
    key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            placed: row.get(1)?,
            placed_by: row.get(2)?,
            released: row.get(3)?,
            released_by: row.get(4)?,
            key: row.get(5)?,
            sealed: row.get(6)?,
        })
    }
}

/// Places a hold on records. Event `hold.placed`; the vault's journal has it before the data do.
///
/// Errors: not_found for a record that is not there or whose destruction was ordered (nothing is held then); invalid_input without a
/// matter, a reason or records; too_large for more than [`MOST`].
pub fn place(unit: &mut Unit, permit: &Permit<Hold>, records: &[RecordId], matter: &str, reason: &str) -> Result<HoldId> {
    let (matter, reason) = (needed("/matter", matter)?, needed("/reason", reason)?);
    let id = HoldId::mint(unit.env());
    let held = lockable(unit, records)?;
    unit.witness(Event::new("hold.placed").word("hold", id.to_string()).records(held.clone()))?;
    let key = unit.new_key("hold")?;
    let words = BTreeMap::from([("matter".to_owned(), Cbor::Text(matter)), ("reason".to_owned(), Cbor::Text(reason))]);
    let sealed = unit.seal(&context(key, id), &canonical::encode(&Cbor::Map(words)))?;
    journal(unit, "hold.placed", id, &held)?;
    unit.run(sql::INSERT, &args![id, unit.now(), person(&permit.actor), key, sealed])?;
    hold_records(unit, id, &held)?;
    Ok(id)
}

/// Places further records under a hold. Event `hold.extended`. Errors: as [`place`]; conflict when it was released.
pub fn extend(unit: &mut Unit, _permit: &Permit<Hold>, id: HoldId, records: &[RecordId]) -> Result<()> {
    let hold = unit.maybe(sql::FIND, &args![id], Stored::read)?.ok_or_else(|| Error::not_found("hold"))?;
    ensure_active(&hold)?;
    let mut held = lockable(unit, records)?;
    let mut fresh = Vec::with_capacity(held.len());
    for (record, version) in held.drain(..) {
        if unit.maybe(sql::HAS, &args![record, id], |_| Ok(()))?.is_none() {
            fresh.push((record, version));
        }
    }
    unit.witness(Event::new("hold.extended").word("hold", id.to_string()).records(fresh.clone()))?;
    journal(unit, "hold.placed", id, &fresh)?;
    hold_records(unit, id, &fresh)
}

/// Releases a hold; destroys nothing: its records are decided again, and the cool-off keeps them meanwhile. Event `hold.released`.
///
/// Errors: not_found; conflict when it was released before; second_person_required for the one who placed it, unless nobody else may.
pub fn release(unit: &mut Unit, permit: &Permit<Hold>, id: HoldId, reason: &str) -> Result<()> {
    let reason = needed("/reason", reason)?;
    let hold = unit.maybe(sql::FIND, &args![id], Stored::read)?.ok_or_else(|| Error::not_found("hold"))?;
    ensure_active(&hold)?;
    if hold.placed_by == person(&permit.actor) && others_may_hold(unit, permit.actor.staff())? {
        return Err(Error::new(Code::SecondPersonRequired, "Whoever placed a hold does not release it; ask another person who may."));
    }
    unit.witness(Event::new("hold.released").word("hold", id.to_string()))?;
    let mut words = words(unit, &hold)?;
    words.insert("release_reason".to_owned(), Cbor::Text(reason));
    let sealed = unit.seal(&context(hold.key, id), &canonical::encode(&Cbor::Map(words)))?;
    unit.run(sql::RELEASE, &args![id, unit.now(), person(&permit.actor), hold.key, sealed])?;
    unit.run(sql::DECIDE_HELD, &args![id, unit.now()])?;
    Ok(())
}

/// The holds that records are or were under, by record; those without any are absent.
pub fn of_records(unit: &mut Unit, records: &[RecordId]) -> Result<HashMap<RecordId, Vec<Standing>>> {
    let mut all: HashMap<RecordId, Vec<Standing>> = HashMap::new();
    let read = |row: &Row| Ok((row.get(0)?, Standing { hold: row.get(1)?, placed: row.get(2)?, released: row.get(3)? }));
    for (record, standing) in unit.all_in(sql::OF_RECORDS, records, &[], read)? {
        all.entry(record).or_default().push(standing);
    }
    Ok(all)
}

/// Every hold with its matter, the newest first. Event `hold.listed`.
pub fn list(unit: &mut Unit, _permit: &Permit<Hold>) -> Result<Release<Vec<Listed>>> {
    let stored = unit.all(sql::LIST, &[], Stored::read)?;
    let mut all = Vec::with_capacity(stored.len());
    for hold in stored {
        let words = words(unit, &hold)?;
        let records = unit.one(sql::COUNT, &args![hold.id], |row| row.get(0))?;
        let word = |key: &str| if let Some(Cbor::Text(text)) = words.get(key) { Some(text.clone()) } else { None };
        all.push(Listed {
            id: hold.id,
            placed: hold.placed,
            placed_by: hold.placed_by.clone(),
            released: hold.released,
            released_by: hold.released_by.clone(),
            matter: word("matter").unwrap_or_default(),
            reason: word("reason").unwrap_or_default(),
            release_reason: word("release_reason"),
            records,
        });
    }
    let event = Event::new("hold.listed").count("holds", all.len());
    unit.release(event, all)
}

/// The matter of a hold, inside a unit that releases it; nothing for a hold that is not there.
pub(crate) fn matter(unit: &mut Unit, _permit: &Permit<Hold>, id: HoldId) -> Result<Option<String>> {
    let Some(hold) = unit.maybe(sql::FIND, &args![id], Stored::read)? else { return Ok(None) };
    Ok(words(unit, &hold)?.remove("matter").and_then(|word| if let Cbor::Text(text) = word { Some(text) } else { None }))
}

/// The records under a hold.
pub fn records_of(unit: &mut Unit, _permit: &Permit<Hold>, id: HoldId) -> Result<Vec<RecordId>> {
    unit.all(sql::RECORDS, &args![id], |row| row.get(0))
}

/// Locks the records and answers them with their versions, each once.
fn lockable(unit: &mut Unit, ids: &[RecordId]) -> Result<Vec<(RecordId, i64)>> {
    // In the order of their ids, so that two who lock the same records wait for each other and never forever.
    let ids: BTreeSet<RecordId> = ids.iter().copied().collect();
    if ids.is_empty() {
        return Err(Error::invalid("/records", "required", "Name at least one record."));
    }
    if ids.len() > MOST {
        return Err(Error::new(Code::TooLarge, format!("At most {MOST} records at once; add the others to the hold afterwards.")));
    }
    let mut held = Vec::with_capacity(ids.len());
    for id in ids {
        let row = records::lock(unit, id)?.filter(|row| row.state.is_readable()).ok_or_else(|| Error::not_found("record"))?;
        held.push((id, row.version));
    }
    Ok(held)
}

fn hold_records(unit: &mut Unit, id: HoldId, held: &[(RecordId, i64)]) -> Result<()> {
    let rows: Vec<_> = held.iter().flat_map(|(record, _)| args![*record, id]).collect();
    unit.insert_many(sql::RECORD_INSERT, 2, &rows)?;
    let now = unit.now();
    for (record, _) in held {
        unit.run(sql::DECIDE, &args![*record, now])?;
    }
    Ok(())
}

/// Places a hold again that the vault's journal knows, after a restore, in a unit that has witnessed its event. What it was for is lost with the
/// data where they do not have it; one that they know as released stays released.
pub(crate) fn replay(unit: &mut Unit, id: HoldId, held: &[RecordId]) -> Result<()> {
    match unit.maybe(sql::FIND, &args![id], Stored::read)? {
        Some(hold) if hold.released.is_some() => return Ok(()),
        Some(_) => {}
        None => {
            let key = unit.new_key("hold")?;
            let text = |words: &str| Cbor::Text(words.to_owned());
            let words = BTreeMap::from([
                ("matter".to_owned(), text("Restored")),
                ("reason".to_owned(), text("From the vault's journal; enter the matter again.")),
            ]);
            let sealed = unit.seal(&context(key, id), &canonical::encode(&Cbor::Map(words)))?;
            unit.run(sql::INSERT, &args![id, unit.now(), "system", key, sealed])?;
        }
    }
    let mut fresh = Vec::new();
    for record in held {
        let there = records::find(unit, *record)?.filter(|row| row.state.is_readable());
        if let Some(row) = there
            && unit.maybe(sql::HAS, &args![*record, id], |_| Ok(()))?.is_none()
        {
            fresh.push((*record, row.version));
        }
    }
    hold_records(unit, id, &fresh)
}

/// Enters a protective act into the vault's journal, which commits before the data do and is replayed after a restore.
fn journal(unit: &mut Unit, what: &str, id: HoldId, held: &[(RecordId, i64)]) -> Result<()> {
    let ids = held.iter().map(|(record, _)| Cbor::Bytes(record.bytes().to_vec())).collect();
    let entry =
        Cbor::Map(BTreeMap::from([("hold".to_owned(), Cbor::Bytes(id.bytes().to_vec())), ("records".to_owned(), Cbor::Array(ids))]));
    enter_journal(unit, what, &entry)
}

/// Enters a protective act into the vault's journal: canonical CBOR, sealed under the service's journal key with the entry's id as subject.
pub fn enter_journal(unit: &mut Unit, what: &str, entry: &Cbor) -> Result<()> {
    let at = unit.env().uuid7();
    let sealed = vault::seal(&unit.app().keyring().derived("journal"), &journal_context(at), &canonical::encode(entry), unit.env());
    let now = unit.now();
    unit.dialect().vault().run(vault_sql::JOURNAL_INSERT, &args![at, now, what, sealed]).map(drop)
}

/// What a sealed entry of the vault's journal is bound to.
pub(crate) fn journal_context(entry: [u8; 16]) -> Context<'static> {
    Context { key: KeyId::from_bytes([0; 16]), subject: entry, version: 0, purpose: "journal" }
}

fn words(unit: &mut Unit, hold: &Stored) -> Result<BTreeMap<String, Cbor>> {
    let Some(plain) = unit.open(&context(hold.key, hold.id), &hold.sealed)? else { return Ok(BTreeMap::new()) };
    if let Cbor::Map(words) = canonical::decode(&plain)? { Ok(words) } else { Err(Error::internal("a hold does not read")) }
}

fn context(key: KeyId, id: HoldId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "hold" }
}

fn ensure_active(hold: &Stored) -> Result<()> {
    if hold.released.is_some() {
        return Err(Error::new(Code::Conflict, "This hold was released before. Place a new one where it is needed."));
    }
    Ok(())
}

/// The person behind an actor: a program with somebody's key is that somebody.
fn person(actor: &Actor) -> String {
    actor.staff().map_or_else(|| actor.who.to_string(), |id| id.to_string())
}

/// Whether another active member of staff has the privilege.
fn others_may_hold(unit: &mut Unit, me: Option<UserId>) -> Result<bool> {
    let staff = unit.all(sql::STAFF, &[], |row| Ok((row.get::<UserId>(0)?, row.get::<String>(1)?)))?;
    for (id, grants) in staff {
        let grants: Vec<Grant> = serde_json::from_str(&grants).map_err(Error::internal)?;
        if Some(id) != me && grants.iter().any(|grant| grant.privilege == Hold::KEY) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn needed(pointer: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 2000 {
        return Err(Error::invalid(pointer, "required", "Give it in a few words (at most 2000 characters)."));
    }
    Ok(text.to_owned())
}
