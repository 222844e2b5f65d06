//! How the API's description tells of imports and captures.

use kernel::Code;
use serde_json::{Value, json};

use super::api::{FAILED, LIMIT, LIMIT_MAX, MODES, REFUSALS};
use crate::{
    api::begun_schema,
    openapi::{
        About, Doc,
        shared::{PLAIN, id, items, object, plain_text, time},
    },
};

fn doc(id: &'static str, summary: &'static str) -> Doc {
    Doc::new(id, "bring", summary).needs("import")
}

fn words<T>(all: &[(&str, T)]) -> Value {
    json!({ "enum": all.iter().map(|(word, _)| *word).collect::<Vec<_>>() })
}

fn count() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}

fn perhaps(mut schema: Value) -> Value {
    let kind = schema["type"].clone();
    schema["type"] = json!([kind, "null"]);
    schema
}

fn flag() -> Value {
    json!({ "enum": ["true", "false"], "default": "false" })
}

fn file(description: &str) -> Value {
    json!({ "type": "string", "format": "binary", "minLength": 1, "description": description })
}

fn limit(doc: Doc, what: &str) -> Doc {
    doc.query("limit", what, json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT }))
}

/// The properties that every run has.
fn run() -> Vec<(&'static str, Value)> {
    vec![
        ("batch", id("bat")),
        ("state", json!({ "enum": ["running", "done", "undone"] })),
        ("started", time()),
        ("finished", perhaps(time())),
        ("actor", json!({ "type": "string" })),
        ("duplicate", json!({ "type": "integer", "minimum": 0, "description": "What was there already." })),
        ("failures", json!({ "type": "integer", "minimum": 0, "description": "How many were not accepted." })),
    ]
}

fn import_run() -> Vec<(&'static str, Value)> {
    let mut all = run();
    all.extend([("kind", json!({ "type": "string" })), ("rows", count()), ("created", count()), ("updated", count())]);
    all
}

fn capture_run() -> Vec<(&'static str, Value)> {
    let mut all = run();
    all.extend([("channel", json!({ "type": "string" })), ("seen", count()), ("captured", count())]);
    all
}

fn failed(of: &'static str) -> Value {
    let one = object(&[(of, json!({ "type": "integer" })), ("reason", json!({ "type": "string" }))]);
    json!({ "type": "array", "items": one, "description": format!("What was not accepted, and why; at most {FAILED}.") })
}

fn whole(mut all: Vec<(&'static str, Value)>, of: &'static str) -> Value {
    let mut job = object(&[
        ("id", id("job")),
        ("state", json!({ "enum": ["ready", "running", "done", "failed", "cancelled"] })),
        ("done", count()),
        ("total", count()),
        ("error", json!({ "type": "string" })),
    ]);
    job["type"] = json!(["object", "null"]);
    all.extend([("file", json!({ "type": ["string", "null"] })), ("failed", failed(of)), ("job", job)]);
    if of == "row" {
        let kept = object(&[("record", id("rec")), ("reason", json!({ "type": "string" }))]);
        let mut undo = object(&[("restored", count()), ("removed", count()), ("kept", json!({ "type": "array", "items": kept }))]);
        undo["type"] = json!(["object", "null"]);
        undo["description"] = "What came of taking it back; null while it was not.".into();
        all.push(("undo", undo));
    }
    object(&all)
}

fn rows(doc: Doc, of: &'static str, outcomes: &[&str]) -> Doc {
    let one = object(&[
        (of, json!({ "type": "integer" })),
        ("outcome", json!({ "enum": outcomes })),
        (
            "reason",
            json!({ "type": "string", "description": "A stable word, such as `email:not_an_email`; empty where nothing is wrong." }),
        ),
        ("record", perhaps(id("rec"))),
        ("version", json!({ "type": ["integer", "null"], "description": "The version it made." })),
    ]);
    let page = object(&[
        ("items", json!({ "type": "array", "items": one })),
        ("next", json!({ "type": ["integer", "null"], "description": "Ask for the next page with `after`." })),
    ]);
    let after = json!({ "type": "integer", "minimum": 0, "maximum": 1_000_000_000, "default": 0 });
    limit(doc.id("bat", "batch"), "How many of the page.").query("after", "`next` of the page before.", after).answer(
        200,
        "In their order.",
        page,
    )
}

pub fn imports(_: &About) -> Doc {
    limit(doc("list_imports", "List imports"), "How many at most.").answer(200, "The newest first.", items(&object(&import_run())))
}

pub fn captures(_: &About) -> Doc {
    limit(doc("list_captures", "List captures"), "How many at most.").answer(200, "The newest first.", items(&object(&capture_run())))
}

pub fn start_import(_: &About) -> Doc {
    let target = json!({ "type": "string", "pattern": PLAIN });
    let named = |of: Value| json!({ "type": "object", "propertyNames": plain_text(), "additionalProperties": of });
    let mapping = object(&[("?columns", named(target.clone())), ("?constants", named(target.clone())), ("?dates", named(target))]);
    let body = object(&[
        ("file", file("CSV, XLSX or vCard.")),
        ("kind", json!({ "$ref": "#/components/schemas/KindKey" })),
        (
            "?match",
            json!({ "type": "string", "pattern": PLAIN, "description": "The key of a field that is found by its whole value: `email`, `phone`, `external_id`, an order's `number`, …" }),
        ),
        ("?mode", words(MODES)),
        ("?dry_run", flag()),
        ("?mapping", mapping),
    ]);
    let failure = object(&[("row", count()), ("reason", json!({ "type": "string" }))]);
    let rehearsed = object(&[
        ("batch", json!({ "type": "null" })),
        ("rows", count()),
        ("created", count()),
        ("updated", count()),
        ("duplicate", count()),
        ("failures", count()),
        ("failed", json!({ "type": "array", "items": failure })),
    ]);
    doc("start_import", "Bring a file in")
        .more(
            "`match` says by what a row and a record are recognised as the same (else every row makes a record), `mode` what rows may do \
            (`create`, `update`, `both`). `mapping` is JSON: `{\"columns\": {\"E-Mail\": \"email\"}}`; without it the columns are mapped as \
            suggested. A link goes to a record by what it is found by: `{\"columns\": {\"Customer\": \"person.email\"}}`. With `dry_run` the first \
            10,000 rows are read and matched and nothing written, and the answer is the report. \
            rows = created + updated + duplicate + failures.",
        )
        .once()
        .content("multipart/form-data", body)
        .answer(200, "What would come of it (`dry_run`).", rehearsed)
        .answer(202, "A job does it.", begun_schema(&[("batch", id("bat"))]))
        .with_header(202, "Location")
        .refuses(REFUSALS)
}

pub fn prepare(_: &About) -> Doc {
    let text = || json!({ "type": "string" });
    let texts = || json!({ "type": "object", "additionalProperties": { "type": "string" } });
    let body = object(&[("file", file("CSV, XLSX or vCard.")), ("kind", json!({ "$ref": "#/components/schemas/KindKey" }))]);
    let column = object(&[
        ("name", text()),
        ("values", json!({ "type": "array", "items": { "type": "string" } })),
        ("target", text()),
        ("confidence", json!({ "type": "integer", "minimum": 0, "maximum": 100 })),
        ("dates", perhaps(json!({ "type": "string" }))),
        ("dates_certain", json!({ "type": "boolean" })),
    ]);
    let words = json!({ "type": "object", "additionalProperties": texts() });
    let mapping = object(&[("columns", texts()), ("dates", texts()), ("?values", words), ("constants", texts())]);
    let mut remembered = object(&[("when", time())]);
    remembered["type"] = json!(["object", "null"]);
    remembered["description"] = "When such columns were imported before; null when none of them was.".into();
    let prepared = object(&[
        ("format", json!({ "enum": ["csv", "xlsx", "vcard"] })),
        ("encoding", text()),
        ("delimiter", perhaps(json!({ "type": "string" }))),
        ("rows", count()),
        ("broken", count()),
        ("columns", json!({ "type": "array", "items": column })),
        ("mapping", mapping),
        ("problems", json!({ "type": "array", "items": { "type": "string" } })),
        ("remembered", remembered),
    ]);
    doc("prepare_import", "Look at a file before it is imported")
        .more("Says what the file holds and how its columns would be mapped: as they were before, else as suggested. Nothing is kept.")
        .content("multipart/form-data", body)
        .answer(200, "What it holds.", prepared)
        .refuses(REFUSALS)
}

pub fn start_capture(about: &About) -> Doc {
    let channels: Vec<&str> = about
        .catalogue
        .kind(catalogue::message::KIND)
        .and_then(|kind| kind.field(catalogue::message::CHANNEL))
        .map(|field| field.options.iter().map(|option| option.key.as_str()).collect())
        .unwrap_or_default();
    let body = object(&[
        ("file", file("A message (.eml) or a mailbox (.mbox), as it is.")),
        ("?channel", json!({ "enum": channels, "default": "email" })),
        ("?origin_evidence", flag()),
    ]);
    doc("start_capture", "Capture originals as messages")
        .more(
            "Every message of a mailbox is an item. With `origin_evidence` the caller asserts that the messages' own dates are true (an \
            archive): retention may run from them. seen = captured + duplicate + failed.",
        )
        .once()
        .content("multipart/form-data", body)
        .answer(202, "A job does it.", begun_schema(&[("batch", id("bat"))]))
        .with_header(202, "Location")
        .refuses(REFUSALS)
}

pub fn show_import(_: &About) -> Doc {
    doc("show_import", "How far an import is, and what came of it").id("bat", "batch").answer(
        200,
        "As it stands.",
        whole(import_run(), "row"),
    )
}

pub fn show_capture(_: &About) -> Doc {
    doc("show_capture", "How far a capture is, and what came of it")
        .more("seen = captured + duplicate + failures.")
        .id("bat", "batch")
        .answer(200, "As it stands.", whole(capture_run(), "item"))
}

pub fn import_rows(_: &About) -> Doc {
    let doc = doc("list_import_rows", "What came of each row").more("Rows bear the number that a spreadsheet shows.");
    rows(doc, "row", &["created", "updated", "duplicate", "failed"])
}

pub fn capture_items(_: &About) -> Doc {
    let doc = doc("list_capture_items", "What came of each message").more("A mailbox's messages are counted from 1.");
    rows(doc, "item", &["captured", "duplicate", "failed"])
}

pub fn undo(_: &About) -> Doc {
    doc("undo_import", "Take an import back")
        .more("Updates too. Records that were changed or read since, are older than a day or must be kept stay, each with its reason in `undo` of the import.")
        .id("bat", "batch")
        .once()
        .answer(202, "A job does it.", begun_schema(&[("batch", id("bat"))]))
        .with_header(202, "Location")
        .refuses(&[Code::Conflict, Code::StorageFull, Code::Malformed, Code::InvalidInput])
}
