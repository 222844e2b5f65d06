//! Blobs: originals and attachments, sealed outside the database and readable only through the records that refer to them.
//!
//! - [`store_blob`] seals bytes with a random key of their own and uploads them, before any unit, under the SHA-256 of the sealed bytes.
//!   Equal bytes are found by a keyed hash of the plain ones: while a record still refers to such a blob, nothing is uploaded again.
//! - [`attach`] makes a record refer to the blob: the blob's key, sealed under the record's. A blob is thus readable exactly as long as
//!   some record that refers to it is; it dies with the last of them, in every copy of the store.
//! - [`read_blob`] opens one for an actor; its event `record.read` names record and blob. An operation with an event of its own
//!   (a package) takes [`blob_key`] inside its unit and [`fetch_blob`] after it.
//! - [`release_blobs`] lets go of all blobs of a record that is destroyed; [`rewrap_blobs`] moves them under the record's new key.
//! - [`sweep_blobs`] removes what nothing refers to for 24 hours: an upload whose unit never came, a removal that a crash cut off.

use std::collections::{BTreeMap, HashMap, HashSet};

use kernel::{BatchId, BlobId, Code, Error, KeyId, RecordId, Result};
use store::args;
use trail::{Actor, App, Event, Permit, Unit, permit::ReadRecords};
use vault::{Context, RecordKey, Zeroizing};

use super::{in_scope, row, sql};

/// Where blobs lie in the blob store.
const FOLDER: &str = "blobs/";
/// Where uploaded bytes lie while the run that reads them is not over, under the run's id.
pub(crate) const UPLOADS: &str = "uploads/";
/// How long something may lie there without a reference (microseconds): 24 hours.
const UNREFERENCED: i64 = 24 * 3_600 * 1_000_000;
/// The setting that remembers since when files without a reference are known.
const SWEEP: &str = "blobs.unreferenced";

/// A blob in the store that a record may be attached to.
#[derive(Clone)]
pub struct Uploaded {
    id: BlobId,
    name: String,
    size: i64,
    share: [u8; 32],
    /// `None` when another record refers to equal bytes already: the key is taken from there.
    key: Option<RecordKey>,
}

impl Uploaded {
    /// The blob's id.
    pub fn id(&self) -> BlobId {
        self.id
    }
}

/// A blob that a record refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobRef {
    /// The blob.
    pub id: BlobId,
    /// Its name in the blob store.
    pub name: String,
    /// Bytes before sealing.
    pub size: i64,
    /// What it is to the record: `original`, `attachment`, `content`.
    pub role: String,
}

/// Seals bytes and uploads them, unless a record refers to equal ones already. Call it before the unit that attaches them.
///
/// Errors: those of the blob store (unavailable, storage_full).
pub async fn store_blob(app: &App, plain: &[u8]) -> Result<Uploaded> {
    let share = app.keyring().blob_sharing_hash(plain);
    let found =
        app.store().read(move |tx| tx.maybe(sql::BLOB_SHARED, &args![share], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))).await?;
    match found {
        Some((id, name, size)) => Ok(Uploaded { id, name, size, share, key: None }),
        None => upload(app, plain, share).await,
    }
}

/// As [`store_blob`], but always uploaded anew: for when what was to be shared was released meanwhile (`conflict` of [`attach`]).
pub async fn store_blob_anew(app: &App, plain: &[u8]) -> Result<Uploaded> {
    upload(app, plain, app.keyring().blob_sharing_hash(plain)).await
}

async fn upload(app: &App, plain: &[u8], share: [u8; 32]) -> Result<Uploaded> {
    let (id, key) = (BlobId::mint(app.env()), RecordKey::random(app.env()));
    let sealed = vault::seal_blob(&key, &blob_context(id), plain, app.env());
    let hash = hex::encode(ledger::sha256(&sealed));
    let name = format!("{FOLDER}{}/{hash}", &hash[..2]);
    app.blobs().put(&name, sealed).await?;
    let size = i64::try_from(plain.len()).map_err(Error::internal)?;
    Ok(Uploaded { id, name, size, share, key: Some(key) })
}

/// What a blob's bytes are bound to. Its key lies in no vault row of its own, so the blob's id stands for it.
fn blob_context(id: BlobId) -> Context<'static> {
    Context { key: KeyId::from_bytes(*id.bytes()), subject: *id.bytes(), version: 0, purpose: "blob" }
}

/// What a blob's key is bound to under a record's key.
fn wrap_context(record_key: KeyId, blob: BlobId) -> Context<'static> {
    Context { key: record_key, subject: *blob.bytes(), version: 0, purpose: "blob key" }
}

/// Makes a record refer to a blob in a unit that has witnessed its event. Attaching the same blob twice is fine.
///
/// Errors: not_found when there is no such record; conflict when the blob was to be shared and nothing refers to it any more:
/// store it again with [`store_blob_anew`].
pub fn attach(unit: &mut Unit, record: RecordId, uploaded: &Uploaded, role: &str) -> Result<BlobId> {
    let record_key = unit.maybe(sql::HEAD, &args![record], |row| row.get::<KeyId>(1))?.ok_or_else(|| Error::not_found("record"))?;
    let id = uploaded.id;
    let key = match &uploaded.key {
        Some(key) => {
            unit.run(sql::BLOB_INSERT, &args![id, uploaded.name.as_str(), uploaded.size, uploaded.share, unit.now()])?;
            key.clone()
        }
        None => shared_key(unit, id)?
            .ok_or_else(|| Error::new(Code::Conflict, "The bytes were removed with another record meanwhile; store them again."))?,
    };
    let wrapped = unit.seal(&wrap_context(record_key, id), key.expose())?;
    unit.run(sql::BLOB_REF_INSERT, &args![record, id, role, wrapped])?;
    Ok(id)
}

/// A blob's key through any readable record that refers to it.
fn shared_key(unit: &mut Unit, blob: BlobId) -> Result<Option<RecordKey>> {
    let refs = unit.all(sql::BLOB_REFS, &args![blob], |row| Ok((row.get::<KeyId>(0)?, row.get::<Vec<u8>>(1)?)))?;
    for (record_key, wrapped) in refs {
        if let Some(key) = unwrap(unit, record_key, blob, &wrapped)? {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

fn unwrap(unit: &mut Unit, record_key: KeyId, blob: BlobId, wrapped: &[u8]) -> Result<Option<RecordKey>> {
    let Some(plain) = unit.open(&wrap_context(record_key, blob), wrapped)? else { return Ok(None) };
    RecordKey::from_slice(&plain).map(Some).ok_or_else(|| Error::internal("a blob's key is no key"))
}

/// The blobs that a record refers to. Nothing is opened.
pub fn blobs_of(unit: &mut Unit, record: RecordId) -> Result<Vec<BlobRef>> {
    unit.all(sql::BLOBS_OF, &args![record], |row| Ok(BlobRef { id: row.get(0)?, name: row.get(1)?, size: row.get(2)?, role: row.get(3)? }))
}

/// The blobs that these records refer to, by record. Nothing is opened.
pub fn blobs_of_each(unit: &mut Unit, records: &[RecordId]) -> Result<HashMap<RecordId, Vec<BlobRef>>> {
    let found = unit.all_in(sql::BLOBS_64, records, &[], |row| {
        Ok((row.get::<RecordId>(4)?, BlobRef { id: row.get(0)?, name: row.get(1)?, size: row.get(2)?, role: row.get(3)? }))
    })?;
    let mut by_record: HashMap<RecordId, Vec<BlobRef>> = HashMap::new();
    found.into_iter().for_each(|(record, blob)| by_record.entry(record).or_default().push(blob));
    Ok(by_record)
}

/// The key of a blob through one record; `None` when the record does not refer to it or its key was destroyed. It leaves the unit only
/// by a release whose event names the record.
pub fn blob_key(unit: &mut Unit, record: &row::StoredRecord, blob: BlobId) -> Result<Option<(BlobRef, RecordKey)>> {
    let found = unit.maybe(sql::BLOB_OF, &args![record.id, blob], |row| {
        Ok((BlobRef { id: row.get(0)?, name: row.get(1)?, size: row.get(2)?, role: row.get(3)? }, row.get::<Vec<u8>>(4)?))
    })?;
    let Some((found, wrapped)) = found else { return Ok(None) };
    Ok(unwrap(unit, record.key, blob, &wrapped)?.map(|key| (found, key)))
}

/// A blob's bytes, with the key that [`blob_key`] gave.
///
/// Errors: not_found when the store has lost it; internal when it was changed.
pub async fn fetch_blob(app: &App, blob: &BlobRef, key: &RecordKey) -> Result<Zeroizing<Vec<u8>>> {
    let sealed = app.blobs().get(&blob.name).await?;
    vault::open_blob(key, &blob_context(blob.id), &sealed)
}

/// A blob's bytes for an actor, through a record in the permit's scope. Event `record.read`, durable before the bytes are fetched.
///
/// Error: not_found when the record is not in scope, does not refer to the blob, or the store has lost it.
pub async fn read_blob(app: &App, permit: &Permit<ReadRecords>, record: RecordId, blob: BlobId) -> Result<Zeroizing<Vec<u8>>> {
    let (actor, permit) = (permit.actor.clone(), permit.clone());
    let (found, key) = app
        .read(&actor, move |unit| {
            let row = row::find(unit, record)?.filter(|row| in_scope(&permit, row)).ok_or_else(|| Error::not_found("record"))?;
            let found = blob_key(unit, &row, blob)?.ok_or_else(|| Error::not_found("file"))?;
            let event =
                Event::new("record.read").word("blob", blob.to_string()).word("role", &found.0.role).records([(record, row.version)]);
            unit.release(event, found)
        })
        .await?;
    fetch_blob(app, &found, &key).await
}

/// Lets go of a record's blobs in a unit that destroys it. Answers the names that nothing refers to any more: delete them from
/// `app.blobs()` after the commit (what a crash leaves behind is swept).
pub fn release_blobs(unit: &mut Unit, record: RecordId) -> Result<Vec<String>> {
    let held = blobs_of(unit, record)?;
    unit.run(sql::BLOB_REFS_DELETE, &args![record])?;
    let mut free = Vec::new();
    for blob in held {
        if unit.run(sql::BLOB_DELETE, &args![blob.id])? > 0 {
            free.push(blob.name);
        }
    }
    Ok(free)
}

/// Seals the keys of a record's blobs under its new key, before the old one is destroyed.
pub fn rewrap_blobs(unit: &mut Unit, record: RecordId, from: KeyId, to: KeyId) -> Result<()> {
    let refs = unit.all(sql::BLOB_WRAPS, &args![record], |row| Ok((row.get::<BlobId>(0)?, row.get::<Vec<u8>>(1)?)))?;
    for (blob, wrapped) in refs {
        if let Some(key) = unwrap(unit, from, blob, &wrapped)? {
            let wrapped = unit.seal(&wrap_context(to, blob), key.expose())?;
            unit.run(sql::BLOB_REF_UPDATE, &args![record, blob, wrapped])?;
        }
    }
    Ok(())
}

/// Removes files that nothing has referred to for 24 hours; answers how many. Event `blobs.swept`. Run it about once a day.
pub async fn sweep_blobs(app: &App, actor: &Actor) -> Result<usize> {
    let mut names = app.blobs().list(FOLDER).await?;
    let uploads = app.blobs().list(UPLOADS).await?;
    names.extend(uploads.iter().cloned());
    let (known, remembered) = app
        .store()
        .read(move |tx| {
            let mut known: HashSet<String> = tx.all(sql::BLOB_NAMES, &[], |row| row.get(0))?.into_iter().collect();
            let running: HashSet<String> =
                tx.all(sql::BATCHES_RUNNING, &[], |row| Ok(format!("{UPLOADS}{}", row.get::<BatchId>(0)?)))?.into_iter().collect();
            known.extend(uploads.iter().filter(|name| name.split('.').next().is_some_and(|run| running.contains(run))).cloned());
            Ok((known, tx.maybe(sql::SETTING_FIND, &args![SWEEP], |row| row.get::<String>(0))?))
        })
        .await?;
    let since: BTreeMap<String, i64> = remembered.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let now = app.env().now().micros();
    let unreferenced: BTreeMap<String, i64> = names
        .into_iter()
        .filter(|n| !known.contains(n))
        .map(|n| (since.get(&n).copied().unwrap_or(now), n))
        .map(|(at, n)| (n, at))
        .collect();
    let (old, young): (BTreeMap<_, _>, BTreeMap<_, _>) = unreferenced.into_iter().partition(|(_, at)| now - at >= UNREFERENCED);
    for name in old.keys() {
        app.blobs().delete(name).await?;
    }
    let (swept, waiting) = (old.len(), young.len());
    let memory = serde_json::to_string(&young).map_err(Error::internal)?;
    app.write(actor, move |unit| {
        unit.witness(Event::new("blobs.swept").count("removed", swept).count("waiting", waiting))?;
        unit.run(sql::SETTING_PUT, &args![SWEEP, memory.as_str()])
    })
    .await?;
    Ok(swept)
}
