//! A certificate of destruction as a document of its own: what went, why, who approved, how, and where the ledger proves it. It holds nobody's
//! values; what is in it stands open in the order and the certificate.

use std::collections::BTreeMap;

use kernel::{Code, Error, Instant, KeyId, OrderId, RecordId, Result};
use ledger::{Hash, canonical::Value as Cbor};
use serde_json::{Value as Json, json};
use store::args;
use trail::{
    Actor, App, Event, Release, StoredTiles, Unit,
    permit::{Audit, Dispose, HandleRequests},
};

use super::{document, sql};
use crate::disposal;

/// The format's name; another version of it has another number.
const FORMAT: &str = "probity/certificate/1";

/// Whether somebody may see certificates: those who destroy, who answer for it, and who look over their shoulders. Error: forbidden.
pub fn may_see_certificates(actor: &Actor) -> Result<()> {
    if actor.permit::<Dispose>().is_ok() || actor.permit::<HandleRequests>().is_ok() {
        return Ok(());
    }
    actor.permit::<Audit>().map(drop)
}

/// A certificate with its proof. Event `certificate.read`. Errors: forbidden; not_found while the order is not carried out.
pub async fn certificate(app: &App, actor: &Actor, order: OrderId) -> Result<Json> {
    may_see_certificates(actor)?;
    app.settle().await?;
    app.read(actor, move |unit| gather(unit, order)).await
}

fn gather(unit: &mut Unit, id: OrderId) -> Result<Release<Json>> {
    let unknown = || Error::not_found("certificate");
    let ordered = unit.maybe(disposal::sql::ORDER_FIND, &args![id], |row| {
        Ok((
            row.get::<Instant>(1)?,
            row.get::<String>(3)?,
            row.get::<Option<kernel::RequestId>>(4)?,
            row.get::<Vec<u8>>(5)?,
            row.get::<Vec<u8>>(6)?,
        ))
    })?;
    let (at, cause, request, order_body, order_leaf) = ordered.ok_or_else(unknown)?;
    let certified = unit.maybe(disposal::sql::CERTIFICATE_FIND, &args![id], |row| {
        Ok((row.get::<Instant>(0)?, row.get::<Vec<u8>>(1)?, row.get::<Hash>(2)?))
    })?;
    let (certified, body, leaf) = certified.ok_or_else(unknown)?;
    let unreadable = || Error::new(Code::Internal, "A certificate of destruction does not read. Run a verification.");
    let said = document::fields_of(&body).ok_or_else(unreadable)?;
    let order = ledger::Order::from_fields(&document::fields_of(&order_body).ok_or_else(unreadable)?)?;
    let (size, note) = unit.one(sql::NEWEST, &[], |row| Ok((row.get::<u64>(0)?, row.get::<String>(1)?)))?;
    let order_leaf: Hash = order_leaf.try_into().map_err(|_| unreadable())?;
    let proofs = [("order", order_leaf), ("certificate", leaf)].map(|(what, hash)| (what, proof(unit, &hash, size)));
    let mut ledger = json!({ "checkpoint": note, "vkey": unit.app().verifier().vkey() });
    for (what, proof) in proofs {
        ledger[what] = proof?;
    }
    let text = |key: &str| if let Some(Cbor::Text(text)) = said.get(key) { json!(text) } else { Json::Null };
    let number = |key: &str| if let Some(Cbor::Int(n)) = said.get(key) { Some(*n) } else { None };
    let key = |bytes: &Vec<u8>| KeyId::from_slice(bytes).map(|key| key.to_string());
    let records: Vec<RecordId> = order.records.iter().filter_map(|id| RecordId::from_slice(id)).collect();
    let (decisions, rules) = decided(&order.facts, &records);
    let whole = json!({
        "format": FORMAT,
        "id": id,
        "cause": cause.split(' ').next(),
        "request": request,
        "outcome": order.outcome.as_str(),
        "ordered": at,
        "ordered_by": order.by,
        "certified": certified,
        "records": records,
        "fields": order.fields,
        "decisions": decisions,
        "rules": rules,
        "approvals": approvals(&order_body),
        "method": text("method"),
        "copies": text("copies"),
        "epoch": number("epoch"),
        "unreadable_from": number("unreadable_from").map(Instant::from_micros),
        "keys": order.keys.iter().filter_map(key).collect::<Vec<_>>(),
        "ledger": ledger,
    });
    unit.release(Event::new("certificate.read").word("order", id.to_string()), whole)
}

/// Where a leaf stands, and the path from it to the checkpoint's root; null while it waits for its place.
fn proof(unit: &mut Unit, hash: &Hash, size: u64) -> Result<Json> {
    let index = unit.maybe(sql::LEAF_BY_HASH, &args![*hash], |row| row.get::<u64>(0))?;
    let Some(index) = index.filter(|index| *index < size) else { return Ok(Json::Null) };
    let tiles = StoredTiles::new(unit.dialect())?;
    let path: Vec<String> = ledger::inclusion_proof(&tiles, index, size)?.iter().map(hex::encode).collect();
    Ok(json!({ "leaf": index, "hash": hex::encode(hash), "path": path }))
}

fn approvals(order: &[u8]) -> Vec<Json> {
    let each = document::approvals(order).into_iter().filter_map(|(leaf, said)| {
        let fields = document::fields_of(&said)?;
        let at = if let Some(Cbor::Int(at)) = fields.get("at") { Some(Instant::from_micros(*at)) } else { None };
        let approval = ledger::Approval::from_fields(&fields).ok()?;
        Some(json!({ "by": approval.by, "at": at, "leaf": hex::encode(leaf) }))
    });
    each.collect()
}

/// What was decided of each record, and by which rules. Of the facts nothing more: a day of birth may follow from them.
fn decided(facts: &Cbor, records: &[RecordId]) -> (Vec<Json>, Vec<Json>) {
    let map = |value: Option<&Cbor>| if let Some(Cbor::Map(map)) = value { map.clone() } else { BTreeMap::new() };
    let list = |value: Option<&Cbor>| if let Some(Cbor::Array(list)) = value { list.clone() } else { Vec::new() };
    let text = |value: Option<&Cbor>| if let Some(Cbor::Text(text)) = value { json!(text) } else { Json::Null };
    let facts = map(Some(facts));
    let cases = list(facts.get("cases")).into_iter().zip(records).map(|(case, record)| {
        let case = map(Some(&case));
        let own = map(case.get("facts"));
        json!({
            "record": record, "kind": text(own.get("kind")), "class": text(own.get("class")), "outcome": text(case.get("outcome")),
            "earliest": text(case.get("earliest")), "latest": text(case.get("latest")),
        })
    });
    let rules = list(map(facts.get("basis")).get("rules")).into_iter().filter_map(|rule| {
        let Cbor::Text(rule) = rule else { return None };
        let rule: Json = serde_json::from_str(&rule).ok()?;
        Some(json!({ "id": rule["id"], "version": rule["version"], "citation": rule["citation"] }))
    });
    (cases.collect(), rules.collect())
}
