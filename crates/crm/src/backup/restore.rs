//! Restoring into an empty installation.

use std::path::Path;

use kernel::{Code, Env, Error, RecordId, Result};
use ledger::{ABSENT, LeafKind};
use serde::Serialize;
use store::{Store, args};
use trail::{App, Config, DATA_MIGRATIONS, Draft, Event, Permit, Unit, VAULT_MIGRATIONS, permit::Keys, sql::vault_sql as journal};

use super::{
    Manifest, files, make, manifest, private_file, replay, signed_by, sql,
    sql::vault_sql,
    table::{self, Side},
};
use crate::{evidence, holds, records};

/// What was restored.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Restored {
    /// How many records.
    pub records: u64,
    /// How many blobs.
    pub blobs: u64,
    /// The checkpoint the data ended with.
    pub checkpoint: String,
    /// Records destroyed after the data were copied: they did not come back.
    pub erased: u64,
    /// Records whose key the vault does not have and no tombstone explains; MISSING. Only with `accept_loss`.
    pub lost: u64,
    /// Entries of the vault's journal that this version does not carry out.
    pub not_replayed: u64,
    /// The ledger's new name, when a longer tree is known than was restored.
    pub new_origin: Option<String>,
}

/// Restores a backup into an empty installation and opens it. The vault's journal is replayed before anything can be read: until it is
/// finished nothing else opens the installation, and where it was interrupted it begins anew. Event `restore.finished`.
///
/// Errors: conflict when something is there already, or the vault is older than the data and `accept_loss` is not set; malformed when a
/// part is damaged; forbidden when another root key sealed the keyring.
pub async fn restore(
    permit: &Permit<Keys>,
    from: &Path,
    vault: &Path,
    config: Config,
    accept_loss: bool,
    env: Env,
) -> Result<(App, Restored)> {
    let (manifest, note) = manifest(from)?;
    let opened = make::open(from, Some(vault), from, &env)?;
    let Some((keyring, leaves)) = opened.vault.clone() else { return Err(Error::internal("the vault was not opened")) };
    if leaves < manifest.leaves && !accept_loss {
        let words = format!(
            "The vault's copy is older than the data: it knows {leaves} leaves of the ledger, the data have {}. Use the newest vault, or --accept-loss: what was written between is lost then.",
            manifest.leaves
        );
        return Err(Error::new(Code::Conflict, words));
    }
    lay_keyring(&config, &keyring, &manifest, &note)?;
    let (location, options) = (config.location.clone(), config.options);
    let (source, now) = (opened.store.clone(), env.now());
    let copied = tokio::task::spawn_blocking(move || copy(&source, &location, options, now)).await.map_err(Error::internal)?;
    let target = copied?;
    let new_origin = origin(&target, &config, &manifest)?;
    target.close();
    opened.store.close();
    drop(opened.work);
    let known = new_origin.as_ref().map(|(_, note)| note.clone());
    let app = App::open_restoring(config, env)?;
    let blobs = blobs(&app, from, &manifest).await?;
    let mut restored = Restored {
        records: manifest.records,
        blobs,
        checkpoint: manifest.checkpoint,
        new_origin: new_origin.map(|(name, _)| name),
        ..Restored::default()
    };
    replay::replay(&app, &permit.actor, &mut restored).await?;
    index(&app, permit).await?;
    let event = Event::new("restore.finished")
        .count("records", usize::try_from(restored.records).unwrap_or(usize::MAX))
        .count("erased", usize::try_from(restored.erased).unwrap_or(usize::MAX))
        .count("lost", usize::try_from(restored.lost).unwrap_or(usize::MAX));
    app.write(&permit.actor, move |unit| finished(unit, event.clone(), known.as_deref())).await?;
    app.settle().await?;
    evidence::anchor(&app).await?;
    Ok((app, restored))
}

/// The event, the end of the restore, and under a new name the leaf that commits to what is known of the ledger before.
fn finished(unit: &mut Unit, event: Event, known: Option<&str>) -> Result<()> {
    unit.witness(event)?;
    unit.run(trail::sql::SETTING_CLEAR, &args![trail::RESTORING])?;
    evidence::adopt_tombstones(unit)?;
    if let Some(note) = known {
        let about = RecordId::from_bytes(*unit.id().bytes());
        let box_hash = ledger::sha256(note.as_bytes());
        unit.leaf(Draft { kind: LeafKind::CheckpointLink, about, version: 0, subjects: Vec::new(), payload: ABSENT, box_hash })?;
    }
    Ok(())
}

fn lay_keyring(config: &Config, bytes: &[u8], manifest: &Manifest, note: &ledger::note::Note) -> Result<()> {
    match std::fs::read(&config.keyring) {
        Ok(there) if there == bytes => {}
        Ok(_) => {
            return Err(Error::new(
                Code::Conflict,
                "There is another keyring already; a backup is restored into an empty installation. Move the keyring away first.",
            ));
        }
        Err(_) => {
            private_file(&config.keyring, bytes)?;
        }
    }
    let keyring = vault::Keyring::open(&config.keyring, config.provider.as_ref())?;
    signed_by(note, manifest, &keyring)
}

fn copy(source: &Store, location: &store::Location, options: store::Options, now: kernel::Instant) -> Result<Store> {
    let target = Store::open(location, options, DATA_MIGRATIONS, VAULT_MIGRATIONS)?;
    let there = target.read_now(|tx| {
        let data: i64 = tx.one(sql::ANYTHING, &[], |row| row.get(0))?;
        let vault: i64 = tx.vault().one(vault_sql::ANYTHING, &[], |row| row.get(0))?;
        Ok(data + vault)
    })?;
    let interrupted = target.read_now(|tx| tx.maybe(trail::sql::SETTING, &args![trail::RESTORING], |_| Ok(())))?.is_some();
    if interrupted {
        [Side::Vault, Side::Data].into_iter().try_for_each(|side| table::clear(&target, side))?;
    } else if there > 0 {
        target.close();
        return Err(Error::new(Code::Conflict, "Something is here already. A backup is restored into an empty installation."));
    }
    target.write_now(|tx| {
        tx.run(trail::sql::SETTING_SET, &args![trail::RESTORING, "1"])?;
        tx.run(sql::TREE_CLEAR, &[])
    })?;
    table::copy(source, &target, Side::Vault)?;
    table::copy(source, &target, Side::Data)?;
    target.write_now(move |tx| {
        tx.run(sql::JOBS_READY, &[])?;
        // What the lost installation had open or held ends here, before the restored one opens its own.
        tx.run(sql::STREAMS_CLOSE, &args![now])?;
        tx.run(sql::LEASE_END, &[])?;
        // The keyring that comes back is the vault's of then, whatever other nodes were told later.
        tx.run(trail::sql::SETTING_CLEAR, &args![trail::KEYS_NOW])
    })?;
    Ok(target)
}

/// When a longer tree of this ledger is known (vault's journal, published log) it is never extended from here: a new name begins.
fn origin(target: &Store, config: &Config, manifest: &Manifest) -> Result<Option<(String, String)>> {
    let keyring = vault::Keyring::open(&config.keyring, config.provider.as_ref())?;
    let mut verifiers = vec![ledger::Signer::new(&manifest.origin, *keyring.signing_seed())?.verifier()];
    verifiers.extend(evidence::former_origins(target, Some(&keyring.signing_seed()))?);
    let anchor = target.read_now(|tx| {
        tx.vault().maybe(evidence::sql::vault_sql::ANCHOR, &[], |row| Ok((row.get::<[u8; 16]>(0)?, row.get::<Vec<u8>>(2)?)))
    })?;
    let anchor = match anchor {
        Some((id, sealed)) => {
            let plain = vault::open(&keyring.derived("journal"), &holds::journal_context(id), &sealed)?;
            Some(String::from_utf8(plain.to_vec()).map_err(Error::internal)?)
        }
        None => None,
    };
    let published = config.log.as_ref().and_then(|log| std::fs::read_to_string(log.join("checkpoint")).ok());
    let longest =
        [anchor, published].into_iter().flatten().filter_map(|note| Some((ledger::open(&note, &verifiers).ok()?.0.size, note))).max();
    let Some((size, note)) = longest.filter(|(size, _)| *size > manifest.leaves) else { return Ok(None) };
    if let Some(log) = &config.log
        && log.exists()
    {
        std::fs::rename(log, log.with_extension(format!("former-{size}"))).map_err(|e| files(&e))?;
    }
    let base = manifest.origin.split("/after-").next().unwrap_or(&manifest.origin);
    let name = format!("{base}/after-{size}-{}", manifest.leaves);
    let former = target.read_now(|tx| tx.maybe(evidence::sql::SETTING, &args![evidence::FORMER], |row| row.get::<String>(0)))?;
    let mut former: Vec<String> = former.map_or(Ok(Vec::new()), |text| serde_json::from_str(&text)).map_err(Error::internal)?;
    former.push(manifest.origin.clone());
    let (set, former) = (name.clone(), serde_json::to_string(&former).map_err(Error::internal)?);
    target.write_now(move |tx| {
        tx.run(trail::sql::SETTING_SET, &args![trail::ORIGIN, set.as_str()])?;
        tx.run(trail::sql::SETTING_SET, &args![evidence::FORMER, former.as_str()])?;
        // The anchor of the longer tree is kept in the new ledger's first leaf.
        tx.vault().run(vault_sql::ANCHORS_CLEAR, &[])
    })?;
    Ok(Some((name, note)))
}

async fn blobs(app: &App, from: &Path, manifest: &Manifest) -> Result<u64> {
    let source = store::Blobs::open(&from.display().to_string())?;
    for part in &manifest.blobs {
        app.blobs().put(&part.name, source.get(&part.name).await?).await?;
    }
    Ok(manifest.blobs.len() as u64)
}

/// Builds tokens and places in lists by name again, from what the boxes hold. Event `index.rebuilt` for each portion.
pub(super) async fn index(app: &App, permit: &Permit<Keys>) -> Result<()> {
    app.store()
        .write(|tx| {
            store::tokens::clear(tx)?;
            tx.run(sql::SORT_CLEAR, &[])
        })
        .await?;
    let mut after = RecordId::from_bytes([0; 16]);
    loop {
        let from = after;
        let last = app.write(&permit.actor, move |unit| portion(unit, from)).await?;
        let Some(last) = last else { return Ok(()) };
        after = last;
    }
}

fn portion(unit: &mut Unit, after: RecordId) -> Result<Option<RecordId>> {
    let ids = unit.all(sql::RECORDS, &args![after], |row| row.get::<RecordId>(0))?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in &ids {
        rows.extend(records::find(unit, *id)?);
    }
    let opened = records::open_all(unit, rows)?;
    unit.witness(Event::new("index.rebuilt").count("opened", opened.len()))?;
    let keyring = unit.app().keyring();
    let (mut docs, mut names) = (Vec::new(), Vec::new());
    for record in opened.iter().filter(|record| record.row.facts.merged.is_none()) {
        let row = &record.row;
        docs.push((row.doc, records::index::tokens(&keyring.tokens(), &row.kind, &record.body.sealed, row.law.get(..2))));
        names.extend(args![
            row.id,
            row.kind.key.as_str(),
            records::index::name_sort(&row.kind, &record.body.sealed, records::index::SORT_PREFIX)
        ]);
    }
    store::tokens::put_many(unit.dialect(), &docs)?;
    unit.insert_many(records::sql::SORT_INSERT, 3, &names)?;
    Ok(ids.last().copied())
}

/// The journal, oldest first.
pub(super) async fn journal_of(app: &App) -> Result<Vec<([u8; 16], String, Vec<u8>)>> {
    app.store().read(|tx| tx.vault().all(journal::JOURNAL, &[], |row| Ok((row.get(0)?, row.get(2)?, row.get(3)?)))).await
}
