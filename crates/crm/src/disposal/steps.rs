//! Steps 2 and 3, each idempotent: the keys go, then the bodies, then what lies outside the database; at last the certificate.

use std::collections::BTreeMap;

use kernel::{Code, Error, KeyId, OrderId, RecordId, RequestId, Result};
use ledger::{Hash, LeafKind, canonical, canonical::Value as Cbor};
use store::args;
use trail::{Actor, App, Draft, Event, Unit};

use super::{
    Cause, Ground,
    replay::{self, Item},
    sheet::{Committed, Sheet},
    sql,
};
use crate::{holds, records};

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Written; its keys are still there.
    Ordered,
    /// Its keys are destroyed.
    Shredded,
    /// Its bodies are removed.
    Emptied,
    /// It is carried out, and a certificate says so.
    Certified,
}

impl Stage {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Shredded => "shredded",
            Self::Emptied => "emptied",
            Self::Certified => "certified",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Ordered, Self::Shredded, Self::Emptied, Self::Certified].into_iter().find(|stage| stage.as_str() == word)
    }
}

/// Steps 2 and 3: destroys the keys, removes the bodies, certifies. Idempotent; may be called again at any time.
///
/// Errors: not_found; conflict for a proposal that is not ordered; unavailable while a long read keeps the database's log from being
/// emptied, or the blob store is away: nothing is certified then, and [`resume`] completes it.
pub async fn destroy(app: &App, actor: &Actor, order: OrderId) -> Result<()> {
    drive(app, actor, order, Stage::Certified).await
}

/// Completes the orders that a crash interrupted; answers how many. Call it when the installation starts.
pub async fn resume(app: &App, actor: &Actor) -> Result<usize> {
    let open = app.store().read(|tx| tx.all(sql::ORDERS_OPEN, &[], |row| row.get::<OrderId>(0))).await?;
    for order in &open {
        destroy(app, actor, *order).await?;
    }
    Ok(open.len())
}

/// Carries an order on until it stands at `until`: the tests stop at every step, as a kill would.
pub(super) async fn drive(app: &App, actor: &Actor, order: OrderId, until: Stage) -> Result<()> {
    loop {
        let stage = app.store().read(move |tx| tx.maybe(sql::ORDER_FIND, &args![order], |row| row.get::<String>(2))).await?;
        let stage = stage.ok_or_else(|| Error::not_found("order"))?;
        let stage = Stage::parse(&stage).ok_or_else(|| Error::new(Code::Conflict, "It is proposed and not yet ordered."))?;
        if stage >= until {
            return Ok(());
        }
        match stage {
            Stage::Ordered => app.write(actor, move |unit| shred(unit, order)).await?,
            Stage::Shredded => app.write(actor, move |unit| empty(unit, order)).await?,
            Stage::Emptied => {
                clear(app, order).await?;
                app.write(actor, move |unit| certify(unit, order)).await?;
            }
            Stage::Certified => return Ok(()),
        }
    }
}

struct Open {
    sheet: Sheet,
    cause: Cause,
    request: Option<RequestId>,
    leaf: Hash,
}

/// The order, locked, if it stands at this stage.
fn at_stage(unit: &mut Unit, order: OrderId, stage: Stage) -> Result<Option<Open>> {
    let read =
        |row: &store::Row| Ok((row.get::<String>(2)?, row.get::<String>(3)?, row.get(4)?, row.get::<Vec<u8>>(5)?, row.get::<Vec<u8>>(6)?));
    let found = store::dialect::lock(unit.dialect(), sql::ORDER_FIND, &args![order], read)?.into_iter().next();
    let (state, cause, request, body, leaf) = found.ok_or_else(|| Error::not_found("order"))?;
    if state != stage.as_str() {
        // Somebody else carried it on meanwhile.
        unit.witness(Event::new("order.found").word("order", order.to_string()).word("state", state))?;
        return Ok(None);
    }
    let leaf = leaf.try_into().map_err(|_| Error::internal("an order without its leaf"))?;
    Ok(Some(Open { sheet: Sheet::decode(&body)?, cause: Cause::parse(&cause)?, request, leaf }))
}

/// Step 2: the keys, and their tombstones; with them the order itself, for a copy of the data that knows nothing of it.
fn shred(unit: &mut Unit, order: OrderId) -> Result<()> {
    let Some(open) = at_stage(unit, order, Stage::Ordered)? else { return Ok(()) };
    let keys = ledger::Order::from_fields(&open.sheet.order.fields)?.keys;
    unit.witness(Event::new("order.shredded").word("order", order.to_string()).count("keys", keys.len()))?;
    for key in &keys {
        let key = KeyId::from_slice(key).ok_or_else(|| Error::internal("an order names what is no key"))?;
        unit.shred(key, order.bytes())?;
    }
    let items = unit.all(sql::ITEMS, &args![order], Item::read)?;
    let entry = replay::entry(unit, order, &open.cause, open.request, &open.sheet, &items)?;
    holds::enter_journal(unit, "order", &entry)?;
    unit.standing_moved()?;
    unit.run(sql::ORDER_STATE, &args![order, Stage::Shredded.as_str()]).map(drop)
}

/// Step 3, first half: the bodies, the references to files, and the addresses that must not come back.
fn empty(unit: &mut Unit, order: OrderId) -> Result<()> {
    let Some(open) = at_stage(unit, order, Stage::Shredded)? else { return Ok(()) };
    let items = unit.all(sql::ITEMS, &args![order], Item::read)?;
    unit.witness(Event::new("order.emptied").word("order", order.to_string()).count("records", items.len()))?;
    // Where only fields went, the versions were sealed again without them when it was ordered.
    for Item { record, .. } in items.into_iter().filter(Item::is_whole) {
        unit.run(sql::EMPTY, &args![record, Vec::<u8>::new()])?;
        unit.run(sql::EMPTY_VERSIONS, &args![record, Vec::<u8>::new()])?;
        records::release_blobs(unit, record)?;
    }
    for token in &open.sheet.suppress {
        unit.run(sql::SUPPRESS, &args![token.to_be_bytes(), unit.now(), order])?;
    }
    unit.run(sql::ORDER_STATE, &args![order, Stage::Emptied.as_str()]).map(drop)
}

/// Step 3, between: files that nothing refers to any more, and what SQLite's logs still hold.
async fn clear(app: &App, order: OrderId) -> Result<()> {
    let free = app
        .store()
        .read(move |tx| {
            let body = tx.one(sql::ORDER_FIND, &args![order], |row| row.get::<Vec<u8>>(5))?;
            let mut free = Vec::new();
            for (blob, name) in Sheet::decode(&body)?.blobs {
                if tx.maybe(sql::BLOB_KNOWN, &args![blob], |_| Ok(()))?.is_none() {
                    free.push(name);
                }
            }
            Ok(free)
        })
        .await?;
    for name in free {
        app.blobs().delete(&name).await?;
    }
    let store = app.store().clone();
    let emptied = tokio::task::spawn_blocking(move || store::dialect::wal_checkpoint_truncate(&store)).await;
    if !emptied.map_err(Error::internal)?? {
        let words = "The keys are destroyed and the bodies removed; the certificate waits until a long read lets go of the database's log.";
        return Err(Error::new(Code::Unavailable, words));
    }
    Ok(())
}

/// Step 3, second half: the certificate and its leaf.
fn certify(unit: &mut Unit, order: OrderId) -> Result<()> {
    let Some(open) = at_stage(unit, order, Stage::Emptied)? else { return Ok(()) };
    let ordered = ledger::Order::from_fields(&open.sheet.order.fields)?;
    for key in &ordered.keys {
        let key = KeyId::from_slice(key).ok_or_else(|| Error::internal("an order names what is no key"))?;
        if unit.tombstone(key)?.is_none() || unit.with_key(key, |_| Ok(()))?.is_some() {
            return Err(Error::internal("a key that an order destroys is still there"));
        }
    }
    let mut touched: BTreeMap<RecordId, i64> = BTreeMap::new();
    for (record, version, _) in &open.sheet.leaves {
        touched.entry(*record).and_modify(|newest| *newest = (*newest).max(*version)).or_insert(*version);
    }
    let name = if matches!(open.cause.0, Ground::Erasure { .. }) { "record.erased" } else { "record.disposed" };
    let event = Event::new(name).word("order", order.to_string()).word("cause", open.cause.word()).fields(&ordered.fields);
    unit.witness(event.records(touched))?;
    let mut fields = ledger::Certificate { order: open.leaf, keys: ordered.keys.clone() }.to_fields();
    fields.extend(particulars(unit, &open.sheet, ordered.by));
    let certificate = Committed { fields, seed: unit.env().bytes() };
    let body = canonical::encode(&Cbor::Map(certificate.to_map()));
    let leaf = unit.leaf(Draft {
        kind: LeafKind::Certificate,
        about: RecordId::from_bytes(*order.bytes()),
        version: 1,
        subjects: Vec::new(),
        payload: certificate.root()?,
        box_hash: ledger::sha256(&body),
    })?;
    unit.run(sql::CERTIFICATE_INSERT, &args![order, unit.now(), body, leaf])?;
    unit.run(sql::ORDER_STATE, &args![order, Stage::Certified.as_str()]).map(drop)
}

/// What a certificate says beside the order: how, who approved, and which copies are unreadable from when.
fn particulars(unit: &Unit, sheet: &Sheet, by: String) -> BTreeMap<String, Cbor> {
    let text = |words: &str| Cbor::Text(words.to_owned());
    let approvers = sheet.approvals.iter().map(|approval| text(&approval.by)).collect();
    BTreeMap::from([
        ("method".to_owned(), text("Keys destroyed; bodies, index entries and files without another reference removed.")),
        ("ordered_by".to_owned(), Cbor::Text(by)),
        ("approvers".to_owned(), Cbor::Array(approvers)),
        ("unreadable_from".to_owned(), Cbor::Int(unit.now().micros())),
        (
            "copies".to_owned(),
            text("Every copy of the data at once; older copies of the vault when the key epoch named here is destroyed."),
        ),
        ("epoch".to_owned(), Cbor::Int(i64::from(unit.app().keyring().current().0))),
    ])
}
