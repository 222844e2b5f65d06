//! Searches kept for an hour under an opaque id, so that what somebody looks for never stands in an address.

use std::time::Duration;

use kernel::{Error, KeyId, QueryId, Result};
use serde::{Serialize, de::DeserializeOwned};
use store::args;
use trail::{Actor, App, Event, Release, Unit};
use vault::Context;

use super::sql;

/// How long a search is kept.
const LIFE: Duration = Duration::from_secs(3600);
/// The most bytes of one.
const LARGEST: usize = 64 * 1024;

fn context(id: QueryId) -> Context<'static> {
    Context { key: KeyId::from_bytes([0; 16]), subject: *id.bytes(), version: 0, purpose: "query" }
}

/// Keeps a search, sealed, for whoever acts in this unit. Event `search.kept`.
///
/// Error: invalid_input when it is larger than 64 KiB.
pub fn remember(unit: &mut Unit, query: &impl Serialize) -> Result<QueryId> {
    let plain = serde_json::to_vec(query).map_err(Error::internal)?;
    if plain.len() > LARGEST {
        return Err(Error::invalid("/filter", "too_long", "The search is too long; look for less at once."));
    }
    let (id, expires, who) = (QueryId::mint(unit.env()), unit.now().plus(LIFE), unit.actor().who.to_string());
    let sealed = vault::seal(&unit.app().keyring().derived("query"), &context(id), &plain, unit.env());
    unit.witness(Event::new("search.kept"))?;
    unit.run(sql::QUERY_INSERT, &args![id, who, expires, sealed])?;
    Ok(id)
}

/// A kept search of whoever acts in this unit. Error: not_found when it has expired or is another's.
pub fn recall<T: DeserializeOwned>(unit: &mut Unit, id: QueryId) -> Result<Release<T>> {
    let (who, now) = (unit.actor().who.to_string(), unit.now());
    let sealed = unit.maybe(sql::QUERY_FIND, &args![id, who, now], |row| row.get::<Vec<u8>>(0))?;
    let sealed = sealed.ok_or_else(|| Error::not_found("search; search again"))?;
    let plain = vault::open(&unit.app().keyring().derived("query"), &context(id), &sealed)?;
    let query = serde_json::from_slice(&plain).map_err(|_| Error::not_found("search; search again"))?;
    unit.plain(query)
}

/// Forgets every search that has expired; answers how many. Event `search.forgotten`, when there were any.
pub async fn purge(app: &App, actor: &Actor) -> Result<u64> {
    let due = app.read(actor, |unit| {
        let now = unit.now();
        let due = unit.one(sql::QUERY_EXPIRED, &args![now], |row| row.get::<i64>(0))?;
        unit.plain(due)
    });
    if due.await? == 0 {
        return Ok(0);
    }
    app.write(actor, |unit| {
        unit.witness(Event::new("search.forgotten"))?;
        let now = unit.now();
        unit.run(sql::QUERY_PURGE, &args![now])
    })
    .await
}
