//! What there is to know about one record: its versions, and how long it is kept and why.

use axum::{
    extract::{Path, State},
    response::Response,
};
use catalogue::line;
use crm::{
    permits::{ReadRecords, WriteRecords},
    records::{self, Detail},
    reports, retention, timeline,
    views::Sums,
};
use http::{HeaderMap, StatusCode};
use kernel::{Code, Error, Instant, RecordId, Result};
use serde_json::{Value as Json, json};

use super::api::{expected, kind_of, need_of_kind, rendered, tags, under_fields};
use crate::{
    api::{
        Caller,
        address::{Asked, cursor_gone},
        id, with_version,
    },
    kit::{error::Refused, json::answer},
    openapi::{
        About, Doc,
        shared::{cursor, items, object, time},
    },
    router::Web,
};

fn about_one(id: &'static str, summary: &'static str) -> Doc {
    Doc::new(id, "records", summary)
        .needs("read")
        .path("kind", "The kind's key.", json!({ "$ref": "#/components/schemas/KindKey" }))
        .id("rec", "record")
        .refuses(&[Code::Conflict])
}

/// Numbers and times of every version, the newest first.
pub async fn versions(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
) -> Result<Response, Refused> {
    asked.end()?;
    let (kind, id): (_, RecordId) = (kind_of(&web, &uri, &word)?, id(&record, "record")?);
    let permit = caller.actor.permit::<ReadRecords>()?;
    let all = web.app.read(&caller.actor, move |unit| {
        let row = need_of_kind!(unit, &permit, id, kind.key)?;
        let earlier = records::versions(unit, id)?;
        let all: Vec<_> = std::iter::once((row.version, row.updated)).chain(earlier).collect();
        unit.plain(all)
    });
    let all: Vec<Json> = all.await?.into_iter().map(|(version, updated)| json!({ "version": version, "updated": updated })).collect();
    answer(StatusCode::OK, &json!({ "items": all }))
}

/// How `versions` is described.
pub fn versions_doc(_: &About) -> Doc {
    let row = object(&[("version", json!({ "type": "integer", "minimum": 1 })), ("updated", time())]);
    about_one("list_versions", "List the versions of a record").answer(200, "The newest first.", items(&row))
}

/// One version.
pub async fn version(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record, version)): Path<(String, String, String)>,
    uri: http::Uri,
    asked: Asked,
) -> Result<Response, Refused> {
    asked.end()?;
    let (kind, id, version): (_, RecordId, i64) = (kind_of(&web, &uri, &word)?, id(&record, "record")?, id(&version, "version")?);
    let permit = caller.actor.permit::<ReadRecords>()?;
    let shown = web.app.read(&caller.actor, move |unit| {
        need_of_kind!(unit, &permit, id, kind.key)?;
        records::show_version(unit, &permit, id, version, Detail::Whole)
    });
    let shown = shown.await?;
    Ok(with_version(answer(StatusCode::OK, &shown.to_json())?, shown.version)?)
}

/// How `version` is described.
pub fn version_doc(about: &About) -> Doc {
    let any: Vec<Json> = about
        .catalogue
        .kinds()
        .map(|kind| json!({ "$ref": format!("#/components/schemas/{}", crate::openapi::fields::type_name(&kind.key)) }))
        .collect();
    about_one("show_version", "Show a version of a record")
        .path("version", "Its number.", json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000_000 }))
        .answer(200, "The record as it was.", json!({ "anyOf": any }))
        .with_header(200, "ETag")
}

/// Makes a record's fields those of an earlier version again, as a new version.
pub async fn restore(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record, version)): Path<(String, String, String)>,
    uri: http::Uri,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    asked.end()?;
    let (kind, id, to): (_, RecordId, i64) = (kind_of(&web, &uri, &word)?, id(&record, "record")?, id(&version, "version")?);
    let permit = caller.actor.permit::<WriteRecords>()?;
    let (given, key) = (expected(&headers)?, kind.key.clone());
    let made = web.app.write(&caller.actor, move |unit| {
        let row = need_of_kind!(unit, &permit, id, key)?;
        records::restore(unit, &permit, id, to, given.unwrap_or(row.version))
    });
    let made = made.await.map_err(under_fields)?;
    rendered(&web, &caller.actor, &kind, id, made, StatusCode::OK).await
}

/// How `restore` is described.
pub fn restore_doc(about: &About) -> Doc {
    let any: Vec<Json> = about
        .catalogue
        .kinds()
        .map(|kind| json!({ "$ref": format!("#/components/schemas/{}", crate::openapi::fields::type_name(&kind.key)) }))
        .collect();
    about_one("restore_version", "Restore a version of a record")
        .needs("write")
        .more("A new version with the fields of that one; the owner stays, and so does a field whose value of that version was destroyed.")
        .path("version", "Its number.", json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000_000 }))
        .header("If-Match", true, "The ETag of the version in use; `*` for whichever it is.", tags())
        .answer(200, "The record as it is now, as far as you may see it.", json!({ "anyOf": any }))
        .with_header(200, "ETag")
        .refuses(&[Code::VersionConflict, Code::PreconditionRequired, Code::Restricted, Code::Conflict, Code::StorageFull])
}

/// How long it is kept, and why: decided now.
pub async fn retention(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
) -> Result<Response, Refused> {
    asked.end()?;
    let (kind, id): (_, RecordId) = (kind_of(&web, &uri, &word)?, id(&record, "record")?);
    let permit = caller.actor.permit::<ReadRecords>()?;
    let explained = web.app.read(&caller.actor, move |unit| {
        need_of_kind!(unit, &permit, id, kind.key)?;
        retention::explain(unit, &permit, id)
    });
    let explained = explained.await?;
    let decision = &explained.decision;
    let day = |date: Option<jiff::civil::Date>| date.map(|d| d.to_string());
    let flags: Vec<&str> = decision.flags.iter().map(|flag| flag.as_str()).collect();
    let body = json!({
        "line": explained.line,
        "outcome": decision.outcome.as_str(),
        "earliest": day(decision.earliest),
        "latest": day(decision.latest),
        "floor": day(decision.floor),
        "ceiling": day(decision.ceiling),
        "flags": flags,
        "reasons": explained.reasons,
    });
    answer(StatusCode::OK, &body)
}

/// How `retention` is described.
pub fn retention_doc(_: &About) -> Doc {
    let day = json!({ "type": ["string", "null"], "format": "date" });
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let body = object(&[
        ("line", json!({ "type": "string", "description": "As pages show it." })),
        ("outcome", json!({ "type": "string" })),
        ("earliest", day.clone()),
        ("latest", day.clone()),
        ("floor", day.clone()),
        ("ceiling", day),
        ("flags", texts.clone()),
        ("reasons", texts),
    ]);
    about_one("show_retention", "How long a record is kept, and why").answer(200, "Decided now.", body)
}

/// The lines of a deal or an order, in their order, with what they come to.
pub async fn lines(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
) -> Result<Response, Refused> {
    asked.end()?;
    let (kind, id): (_, RecordId) = (kind_of(&web, &uri, &word)?, id(&record, "record")?);
    let permit = caller.actor.permit::<ReadRecords>()?;
    permit.need(web.app.catalogue().need(line::KIND)?.as_ref())?;
    let found = web.app.read(&caller.actor, move |unit| {
        need_of_kind!(unit, &permit, id, kind.key)?;
        records::lines(unit, &permit, id, Detail::Whole)
    });
    let found = found.await?;
    let items: Vec<Json> = found.rows.iter().map(records::Shown::to_json).collect();
    let sum = found
        .currency
        .map(|currency| json!({ "currency": currency, "net": found.sum.net, "tax": found.sum.tax, "gross": found.sum.gross }));
    answer(StatusCode::OK, &json!({ "items": items, "sum": sum, "followed": found.followed }))
}

/// How `lines` is described.
pub fn lines_doc(_: &About) -> Doc {
    let minor = || json!({ "type": "integer", "description": "Minor units." });
    let sum = object(&[
        ("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" })),
        ("net", minor()),
        ("tax", minor()),
        ("gross", minor()),
    ]);
    let body = object(&[
        ("items", json!({ "type": "array", "maxItems": records::LINES_MAX, "items": { "$ref": "#/components/schemas/Line" } })),
        ("sum", json!({ "anyOf": [sum, { "type": "null" }], "description": "`null` without lines, and where you may not see amounts." })),
        (
            "followed",
            json!({ "type": "boolean", "description": "Whether the deal's amount (net) or the order's total (gross) follows them." }),
        ),
    ]);
    about_one("list_lines", "The lines of a deal or an order")
        .more("In their order, without those that were removed. Lines are made and changed as records of the kind `line`. A kind without lines \
            answers 404.")
        .answer(200, "What stands on it, and what that comes to: nothing is rounded twice.", body)
}

/// What happened around it.
pub async fn timeline(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    mut asked: Asked,
) -> Result<Response, Refused> {
    let limit = asked.number("limit", 1, timeline::LIMIT_MAX)?.unwrap_or(50);
    let (cursor, before) = (asked.take("cursor"), asked.take("before"));
    asked.end()?;
    let before = before
        .map(|text| Instant::parse(&text).ok_or_else(|| Error::invalid("/before", "not_a_time", "Write it as 2026-05-31T00:00:00Z.")));
    let before = before.transpose()?;
    let (kind, id): (_, RecordId) = (kind_of(&web, &uri, &word)?, id(&record, "record")?);
    let permit = caller.actor.permit::<ReadRecords>()?;
    let given = cursor.is_some();
    let page = web.app.read(&caller.actor, move |unit| {
        need_of_kind!(unit, &permit, id, kind.key)?;
        let start = match (&cursor, before) {
            (Some(cursor), _) => timeline::Start::After(cursor),
            (None, Some(moment)) => timeline::Start::Before(moment),
            (None, None) => timeline::Start::Newest,
        };
        timeline::of(unit, &permit, id, &[], start, limit)
    });
    let page = page.await.map_err(|error| cursor_gone(given, error))?;
    answer(StatusCode::OK, &json!({ "items": page.entries, "next": page.next, "withheld": page.withheld }))
}

/// How `timeline` is described.
pub fn timeline_doc(_: &About) -> Doc {
    let text = json!({ "type": "string" });
    let perhaps = json!({ "type": ["string", "null"] });
    let entry = object(&[
        ("at", time()),
        ("what", json!({ "type": "string", "examples": ["note.created"] })),
        ("record", crate::openapi::shared::id("rec")),
        ("kind", text.clone()),
        ("version", json!({ "type": "integer" })),
        ("title", text.clone()),
        ("excerpt", perhaps.clone()),
        ("changed", json!({ "type": "array", "items": text })),
        ("actor", perhaps.clone()),
        ("owner", crate::openapi::shared::id_or_null("usr")),
        ("standing", json!({ "type": "object", "description": "How a task or a note stands now: `due`, `due_at`, `done`; `type`." })),
    ]);
    let body = object(&[
        ("items", json!({ "type": "array", "items": entry })),
        ("next", perhaps),
        ("withheld", json!({ "type": "integer", "minimum": 0, "description": "Entries between these that you may not see." })),
    ]);
    about_one("list_timeline", "What happened around a record")
        .query("limit", "Entries of the page.", json!({ "type": "integer", "minimum": 1, "maximum": timeline::LIMIT_MAX, "default": 50 }))
        .query("cursor", "`next` of the page before.", cursor())
        .query("before", "Only what happened before this moment (RFC 3339); a cursor keeps to it by itself.", time())
        .answer(200, "The newest first.", body)
}

/// What a customer bought.
pub async fn purchases(
    State(web): State<Web>,
    caller: Caller,
    Path((word, record)): Path<(String, String)>,
    uri: http::Uri,
    asked: Asked,
) -> Result<Response, Refused> {
    asked.end()?;
    let (kind, id): (_, RecordId) = (kind_of(&web, &uri, &word)?, id(&record, "record")?);
    if !reports::buys(&kind) {
        return Err(Error::not_found("purchases").into());
    }
    let permit = caller.actor.permit::<ReadRecords>()?;
    let found = web.app.read(&caller.actor, move |unit| {
        need_of_kind!(unit, &permit, id, kind.key)?;
        reports::purchases(unit, &permit, id)
    });
    let found = found.await?.unwrap_or_default();
    let sums = |sums: &Sums| sums.each().map(|(currency, minor)| json!({ "currency": currency, "minor": minor })).collect::<Vec<_>>();
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let latest: Vec<Json> = found
        .latest
        .iter()
        .map(|one| {
            let amount = one.total.as_ref().map(|(currency, minor)| json!({ "currency": currency, "minor": minor }));
            json!({ "id": one.order.id, "title": one.order.title, "placed": day(one.placed), "total": amount })
        })
        .collect();
    let body = json!({
        "orders": found.orders, "undone": found.undone, "undated": found.undated, "total": sums(&found.total), "average": sums(&found.average),
        "first": day(found.first), "last": day(found.last), "amounts_withheld": found.amounts_withheld, "more": found.more, "latest": latest,
    });
    answer(StatusCode::OK, &body)
}

/// How `purchases` is described.
pub fn purchases_doc(_: &About) -> Doc {
    let amount = object(&[("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" })), ("minor", json!({ "type": "integer" }))]);
    let amounts = json!({ "type": "array", "items": amount });
    let day = json!({ "type": ["string", "null"], "format": "date" });
    let n = json!({ "type": "integer", "minimum": 0 });
    let order = object(&[
        ("id", crate::openapi::shared::id("rec")),
        ("title", json!({ "type": "string" })),
        ("placed", day.clone()),
        ("total", json!({ "anyOf": [amount, { "type": "null" }] })),
    ]);
    let body = object(&[
        ("orders", n.clone()),
        ("undone", json!({ "type": "integer", "minimum": 0, "description": "Cancelled or returned: in no sum." })),
        ("undated", n),
        ("total", amounts.clone()),
        ("average", amounts),
        ("first", day.clone()),
        ("last", day),
        ("amounts_withheld", json!({ "type": "boolean" })),
        ("more", json!({ "type": "boolean", "description": "There are more than were looked at." })),
        ("latest", json!({ "type": "array", "items": order, "maxItems": reports::LATEST })),
    ]);
    about_one("show_purchases", "What a person or company bought")
        .more("Made of the orders that you may list: those of a person; of a company, its own and those of the people who work there, each once. Other kinds have none.")
        .answer(200, "Counted now.", body)
}
