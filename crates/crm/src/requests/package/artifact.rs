//! Packages that wait to be fetched: sealed blobs that die with their key after seven days.

use std::time::Duration;

use kernel::{Error, JobId, KeyId, RecordId, RequestId, Result};
use store::args;
use trail::{Actor, App, Event, Unit, permit::HandleRequests};
use vault::{Context, RecordKey, Zeroizing};

use crate::requests::sql;

kernel::id!(
    /// A package that waits to be fetched.
    ArtifactId, "art"
);
store::id_columns!(ArtifactId);

/// How long a package waits.
const WAITS: Duration = Duration::from_secs(7 * 86_400);
const FOLDER: &str = "artifacts/";

/// What a package's bytes are bound to.
pub(super) fn context(key: KeyId, id: ArtifactId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "artifact" }
}

/// A package in the making: its row is there, so that whatever becomes of it, its time ends.
#[derive(Clone)]
pub(super) struct Begun {
    pub id: ArtifactId,
    pub key: KeyId,
    pub name: String,
}

/// Begins a package in a unit that has witnessed its event.
pub(super) fn begin(unit: &mut Unit, request: RequestId, job: Option<JobId>, actor: &str) -> Result<Begun> {
    let (id, key) = (ArtifactId::mint(unit.env()), unit.new_key("artifact")?);
    let name = format!("{FOLDER}{}", hex::encode(id.bytes()));
    let expires = unit.now().plus(WAITS);
    // Without a job the request stands for it; the size says that it is not whole yet.
    let job = job.map_or(*request.bytes(), |job| *job.bytes());
    unit.insert_many(sql::ARTIFACT_INSERT, 9, &args![id, "package", job, actor, name.as_str(), 0_i64, expires, request, key])?;
    Ok(Begun { id, key, name })
}

/// Its key, for sealing it outside the unit.
pub(super) async fn key(app: &App, actor: &Actor, key: KeyId) -> Result<RecordKey> {
    let found = app.read(actor, move |unit| {
        let found = unit.with_key(key, |key| Ok(key.clone()))?;
        unit.plain(found)
    });
    found.await?.ok_or_else(|| Error::not_found("package"))
}

/// A package's bytes, for the one who had it made. Event `package.fetched`, durable before the bytes.
///
/// Errors: forbidden; not_found when it is another's, not whole yet, or past its seven days.
pub async fn fetch(app: &App, actor: &Actor, id: ArtifactId) -> Result<Zeroizing<Vec<u8>>> {
    if let Err(error) = actor.permit::<HandleRequests>() {
        return Err(app.denied(actor, error).await);
    }
    let own = actor.who.to_string();
    let (name, key, record_key) = app
        .read(actor, move |unit| {
            let row = unit.maybe(sql::ARTIFACT_FIND, &args![id], |row| {
                Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<i64>(2)?, row.get::<kernel::Instant>(3)?, row.get::<KeyId>(4)?))
            })?;
            let now = unit.now();
            let row = row.filter(|(actor, _, size, expires, _)| *actor == own && *size > 0 && *expires > now);
            let (_, name, _, _, key) = row.ok_or_else(|| Error::not_found("package"))?;
            let found = unit.with_key(key, |key| Ok(key.clone()))?.ok_or_else(|| Error::not_found("package"))?;
            unit.release(Event::new("package.fetched").word("package", id.to_string()), (name, key, found))
        })
        .await?;
    let sealed = app.blobs().get(&name).await?;
    vault::open_blob(&record_key, &context(key, id), &sealed)
}

/// Which packages are to go.
#[derive(Clone, Copy)]
enum Which {
    Expired,
    Of(RecordId),
}

/// A package that waits for the one who had it made.
#[derive(Clone, Copy, Debug)]
pub struct Ready {
    /// Its id, to fetch it by.
    pub id: ArtifactId,
    /// Its size in bytes.
    pub size: i64,
    /// When it is destroyed.
    pub expires: kernel::Instant,
}

/// The newest package of a request that the actor may fetch. Nothing is opened.
pub fn ready(unit: &mut Unit, request: RequestId) -> Result<Option<Ready>> {
    let (own, now) = (unit.actor().who.to_string(), unit.now());
    unit.maybe(sql::ARTIFACT_READY_OF, &args![request, own, now], |row| {
        Ok(Ready { id: row.get(0)?, size: row.get(1)?, expires: row.get(2)? })
    })
}

/// Destroys the packages that are past their time; answers how many. Run it about once an hour.
pub async fn expire(app: &App, actor: &Actor) -> Result<usize> {
    remove(app, actor, Which::Expired).await
}

/// Destroys every package of a person: after an erasure there must be no copy.
pub async fn forget(app: &App, actor: &Actor, person: RecordId) -> Result<usize> {
    remove(app, actor, Which::Of(person)).await
}

async fn remove(app: &App, actor: &Actor, which: Which) -> Result<usize> {
    let gone = app
        .write(actor, move |unit| {
            let (sql, args) = match which {
                Which::Expired => (sql::ARTIFACTS_EXPIRED, args![unit.now()]),
                Which::Of(person) => (sql::ARTIFACTS_OF, args![person]),
            };
            let rows = unit.all(sql, &args, |row| Ok((row.get::<ArtifactId>(0)?, row.get::<String>(1)?, row.get::<KeyId>(2)?)))?;
            if !rows.is_empty() {
                unit.witness(Event::new("package.destroyed").count("packages", rows.len()))?;
            }
            for (id, _, key) in &rows {
                // A package is a copy; its records have orders of their own.
                unit.shred_by_event(*key)?;
                unit.run(sql::ARTIFACT_DELETE, &args![*id])?;
            }
            Ok(rows.into_iter().map(|(_, name, _)| name).collect::<Vec<_>>())
        })
        .await?;
    for name in &gone {
        app.blobs().delete(name).await?;
    }
    Ok(gone.len())
}
