//! How the API tells of duplicates.

use crm::duplicates::{LIMIT_MAX, NAMED};
use kernel::Code;
use serde_json::{Value as Json, json};

use super::api::LIMIT;
use crate::{
    api::begun_schema,
    openapi::{
        About, Doc,
        shared::{cursor, id, id_or_null, items, key, object, time},
    },
};

fn of_a_kind(name: &'static str, summary: &'static str) -> Doc {
    Doc::new(name, "duplicates", summary).path("kind", "The kind's key.", json!({ "$ref": "#/components/schemas/KindKey" }))
}

fn count() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

fn score() -> Json {
    json!({ "type": "integer", "minimum": 1, "maximum": 100, "description": "How much they look alike, of a hundred." })
}

fn signs() -> Json {
    json!({
        "type": "array", "minItems": 1, "items": { "type": "string" },
        "description": "By what, the strongest first: `same:email` (and any field found by its whole), `name_company`, `name_birthday`, `name_address`, `name`.",
    })
}

fn named() -> Vec<(&'static str, Json)> {
    vec![
        ("id", id("rec")),
        ("version", json!({ "type": "integer", "minimum": 1 })),
        ("title", json!({ "type": "string", "description": "As far as you may see it." })),
    ]
}

/// Who looks like a record to be made.
pub fn check(_: &About) -> Doc {
    let mut found = named();
    found.extend([("score", score()), ("signs", signs())]);
    let fields = json!({ "type": "object", "description": "Fields of the kind, as they would be written." });
    of_a_kind("check_duplicates", "Who looks like a record to be made")
        .needs("read")
        .more(format!(
            "At most {NAMED} records of your scope, by fields that you may see: the same address, number or name. From a score of 50 on it \
             is worth a look; 40 is a person's name alone. `own` is the record itself where one is being changed. Asking is in the audit trail."
        ))
        .body(object(&[("fields", fields), ("?own", id_or_null("rec"))]))
        .answer(200, "The likeliest first.", items(&object(&found)))
        .refuses(&[Code::Conflict])
}

/// The pairs there are.
pub fn list(_: &About) -> Doc {
    let records = json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": object(&named()) });
    let pair = object(&[("id", id("dup")), ("score", score()), ("signs", signs()), ("found", time()), ("records", records)]);
    let page = object(&[
        ("items", json!({ "type": "array", "items": pair })),
        ("next", json!({ "type": ["string", "null"], "description": "The cursor of the next page." })),
    ]);
    of_a_kind("list_duplicates", "List the pairs that look alike")
        .needs("read")
        .more("As the last scan found them, where both are in your scope and neither was merged or dismissed.")
        .query("limit", "Pairs of the page.", json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT }))
        .query("cursor", "`next` of the page before.", cursor())
        .answer(200, "The likeliest first.", page)
}

/// How the scan stands.
pub fn scanned(_: &About) -> Doc {
    let (mut seen, mut finished) = (time(), time());
    seen["type"] = json!(["string", "null"]);
    seen["description"] = "What was changed before was looked at.".into();
    finished["type"] = json!(["string", "null"]);
    let job = object(&[
        ("id", id("job")),
        ("state", json!({ "enum": ["ready", "running", "done", "failed", "cancelled"] })),
        ("done", count()),
        ("total", count()),
        ("finished", finished),
    ]);
    let body = object(&[("seen", seen), ("job", json!({ "anyOf": [job, { "type": "null" }] }))]);
    Doc::new("show_duplicates_scan", "duplicates", "When duplicates were last looked for").needs("read").answer(200, "As it stands.", body)
}

/// Look for duplicates.
pub fn scan(_: &About) -> Doc {
    Doc::new("scan_duplicates", "duplicates", "Look for duplicates")
        .needs("write")
        .more(
            "In the background, among what is new or changed since the last time, or among everything. While one goes on, it is that one.",
        )
        .once()
        .body(object(&[("?everything", json!({ "type": "boolean", "default": false }))]))
        .answer(202, "Begun: follow the job.", begun_schema(&[]))
        .with_header(202, "Location")
        .refuses(&[Code::StorageFull])
}

/// Two are not the same.
pub fn dismiss(_: &About) -> Doc {
    Doc::new("dismiss_duplicate", "duplicates", "Say that two are not the same")
        .needs("write")
        .more("They are not listed again until what they look alike by changes in one of them.")
        .id("dup", "pair")
        .once()
        .answer(200, "Dismissed.", object(&[("id", id("dup")), ("state", json!({ "const": "dismissed" }))]))
        .refuses(&[Code::StorageFull])
}

/// Merge.
pub fn merge(about: &About) -> Doc {
    let any: Vec<Json> = about
        .catalogue
        .kinds()
        .map(|kind| json!({ "$ref": format!("#/components/schemas/{}", crate::openapi::fields::type_name(&kind.key)) }))
        .collect();
    let choice = json!({ "enum": ["survivor", "other", "both"] });
    let field = object(&[
        ("field", key()),
        ("choice", choice.clone()),
        ("same", json!({ "type": "boolean" })),
        ("may_choose", json!({ "type": "boolean" })),
        ("several", json!({ "type": "boolean" })),
    ]);
    let word = json!({ "type": ["string", "null"] });
    let refusal = object(&[
        ("record", id("rec")),
        ("code", json!({ "enum": ["held", "restricted", "requested"] })),
        ("hold", id_or_null("hld")),
        ("matter", word.clone()),
        ("request", id_or_null("req")),
        ("right", word),
    ]);
    let of_kinds = json!({ "type": "object", "additionalProperties": count() });
    let moves = object(&[("records", of_kinds.clone()), ("stays", of_kinds), ("entries", count())]);
    let weighed = object(&[
        ("survivor", json!({ "anyOf": any })),
        ("other", json!({ "anyOf": any })),
        ("fields", json!({ "type": "array", "items": field })),
        (
            "refusals",
            json!({ "type": "array", "items": refusal, "description": "What forbids it. A hold's matter is told to those who may place holds." }),
        ),
        ("moves", moves),
    ]);
    let done = object(&[
        ("merge", id("mrg")),
        ("survivor", id("rec")),
        ("other", id("rec")),
        ("version", json!({ "type": "integer", "minimum": 1, "description": "The survivor's version." })),
        ("job", id_or_null("job")),
    ]);
    let version = json!({ "type": ["integer", "null"], "minimum": 1, "maximum": 1_000_000_000, "description": "The other's version that you looked at; needed to merge." });
    let choices = json!({ "type": "object", "propertyNames": key(), "additionalProperties": choice });
    let tags = json!({ "type": "string", "minLength": 1, "pattern": "^(\\*|\"v[1-9][0-9]{0,17}\")$", "examples": ["\"v1\""] });
    of_a_kind("merge_records", "Merge another record into one")
        .needs("write")
        .id("rec", "record")
        .more(
            "The record of the address survives; `other` goes out of use: it is in no list, search, timeline or export, its own address answers \
             409 with the survivor's id, and it is kept, proved and erased like any record. What pointed to it points to the survivor. Of a \
             field that is not chosen, all values are kept where it holds several, what is there before what is not, else the value of the \
             record changed later. With `dry_run` nothing is changed and it is said what would be, and what forbids it. What is held, \
             restricted or asked for by a person's open request is not merged.",
        )
        .header("If-Match", false, "The ETag of the survivor's version you looked at; needed to merge.", tags)
        .once()
        .body(object(&[("other", id("rec")), ("?other_version", version), ("?choices", choices), ("?dry_run", json!({ "type": "boolean", "default": false }))]))
        .answer(200, "Merged, or what it would do.", json!({ "anyOf": [done, weighed] }))
        .refuses(&[
            Code::Conflict,
            Code::VersionConflict,
            Code::PreconditionRequired,
            Code::LegalHold,
            Code::Restricted,
            Code::StorageFull,
        ])
}

/// Take a merge back.
pub fn unmerge(_: &About) -> Doc {
    let keys = |words: &str| json!({ "type": "array", "items": { "type": "string" }, "description": words });
    let body = object(&[
        ("other", id("rec")),
        ("survivor", id("rec")),
        ("restored", keys("Fields of the survivor that are as they were.")),
        ("left", keys("Fields changed since, or whose earlier value was destroyed: they stay as they are.")),
        ("stuck", count()),
        ("job", id_or_null("job")),
    ]);
    of_a_kind("unmerge_record", "Take a merge back")
        .needs("write")
        .id("rec", "record that was merged away")
        .more("It is in use again, what was moved points to it again, and the survivor's fields are as they were where nobody changed them since.")
        .once()
        .answer(200, "Taken back.", body)
        .refuses(&[Code::Conflict, Code::Restricted, Code::StorageFull])
}
