//! How the API's description tells of automation.

use crm::automation::{ACTIONS_MAX, DAYS_MAX, EVENTS, On};
use kernel::Code;
use serde_json::{Value as Json, json};

use super::api::{LIMIT, LIMIT_MAX};
use crate::{
    openapi::{
        About, Doc,
        shared::{id, id_or_null, items, key, object, plain_text, sentence, time},
    },
    records::api_views::filter_schema,
};

fn of(name: &'static str, summary: &'static str) -> Doc {
    Doc::new(name, "automation", summary)
}

fn flag() -> Json {
    json!({ "type": "boolean" })
}

fn count() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

fn time_or_null() -> Json {
    let mut schema = time();
    schema["type"] = json!(["string", "null"]);
    schema
}

fn keys() -> Json {
    json!({ "type": "array", "items": key(), "maxItems": 200 })
}

fn hook_in() -> Json {
    let events = json!({ "type": "array", "minItems": 1, "items": { "enum": EVENTS } });
    object(&[
        ("name", sentence(80)),
        (
            "url",
            json!({ "type": "string", "maxLength": 2000, "pattern": "^https?://[^\\s\\u0000]+$", "description": "Where messages go, by https." }),
        ),
        (
            "?inside",
            json!({ "type": "boolean", "default": false, "description": "A server of one's own network, perhaps without encryption." }),
        ),
        ("purpose", key()),
        ("events", events),
        ("?kinds", keys()),
        ("?fields", keys()),
        ("?values", keys()),
    ])
}

fn hook_out() -> Json {
    object(&[
        ("id", id("whk")),
        ("staff", id("usr")),
        ("purpose", plain_text()),
        ("on", flag()),
        ("reason", plain_text()),
        ("name", plain_text()),
        ("url", plain_text()),
        ("inside", flag()),
        ("events", json!({ "type": "array", "items": plain_text() })),
        ("kinds", keys()),
        ("fields", keys()),
        ("values", keys()),
        ("failing_since", time_or_null()),
        ("delivered", time_or_null()),
        ("old_secret_until", time_or_null()),
        ("created", time()),
        ("version", count()),
    ])
}

fn secret() -> (&'static str, Json) {
    ("secret", json!({ "type": "string", "pattern": "^whsec_[A-Za-z0-9+/]+=*$", "description": "Shown this once." }))
}

pub(super) fn hooks(_: &About) -> Doc {
    of("list_webhooks", "List webhooks").needs("manage").answer(200, "Each, without its secret.", items(&hook_out()))
}

pub(super) fn hook(_: &About) -> Doc {
    of("show_webhook", "Show a webhook").needs("manage").id("whk", "webhook").answer(200, "The webhook, without its secret.", hook_out())
}

pub(super) fn make(_: &About) -> Doc {
    of("make_webhook", "Make a webhook")
        .needs("manage")
        .more("Messages are signed as Standard Webhooks 1.0 says, and hold ids and the keys of changed fields; values only of the fields in `values`, as far as whoever made it may see them for the purpose. `kinds` and `fields` limit what it is told of; empty, they do not.")
        .body(hook_in())
        .answer(201, "Made.", object(&[("id", id("whk")), secret()]))
        .refuses(&[Code::Conflict, Code::StorageFull])
}

pub(super) fn change(_: &About) -> Doc {
    let changed = of("change_webhook", "Change a webhook").needs("manage").id("whk", "webhook").body(hook_in());
    changed.more("Whoever changes it answers for it from now on.").empty(204, "Changed.").refuses(&[Code::StorageFull])
}

pub(super) fn delete(_: &About) -> Doc {
    let deleted = of("delete_webhook", "Delete a webhook").needs("manage").id("whk", "webhook");
    deleted.empty(204, "Deleted, with its secret and its log.").refuses(&[Code::StorageFull])
}

pub(super) fn rotate(_: &About) -> Doc {
    let changed = of("change_webhook_secret", "Give a webhook another secret").needs("manage").id("whk", "webhook");
    changed
        .more("The one before signs beside it for a day.")
        .answer(200, "The new secret.", object(&[secret()]))
        .refuses(&[Code::StorageFull])
}

fn switching() -> Json {
    object(&[("on", flag())])
}

pub(super) fn switch(_: &About) -> Doc {
    let switched = of("switch_webhook", "Switch a webhook on or off").needs("manage").id("whk", "webhook").body(switching());
    switched.more("What waits for one that is off is dropped.").empty(204, "Switched.").refuses(&[Code::StorageFull])
}

pub(super) fn ping(_: &About) -> Doc {
    let tried = of("try_webhook", "Send a message to try a webhook").needs("manage").id("whk", "webhook");
    tried.answer(202, "It is sent in a moment.", object(&[("delivery", id("msg"))])).refuses(&[Code::Conflict, Code::StorageFull])
}

pub(super) fn replay(_: &About) -> Doc {
    let again = of("replay_delivery", "Make a delivery once more").needs("manage").id("whk", "webhook");
    again
        .path("delivery", "The id of the delivery.", id("msg"))
        .more("Under its id; what it says is read anew.")
        .empty(204, "It is sent in a moment.")
        .refuses(&[Code::Conflict, Code::StorageFull])
}

pub(super) fn replay_span(_: &About) -> Doc {
    let again = of("replay_deliveries", "Make the deliveries of a span of time once more").needs("manage").id("whk", "webhook");
    again
        .body(object(&[("from", time()), ("to", time())]))
        .answer(200, "How many are sent in a moment.", object(&[("deliveries", count())]))
        .refuses(&[Code::Conflict, Code::StorageFull])
}

fn page(of: Json, prefix: &str) -> Json {
    object(&[("items", json!({ "type": "array", "items": of })), ("next", id_or_null(prefix))])
}

fn paged(doc: Doc, prefix: &str) -> Doc {
    doc.query("limit", "Rows of the page.", json!({ "type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT })).query(
        "cursor",
        "`next` of the page before.",
        id(prefix),
    )
}

pub(super) fn deliveries(_: &About) -> Doc {
    let one = object(&[
        ("id", id("msg")),
        ("type", plain_text()),
        ("event", id("evt")),
        ("record", id_or_null("rec")),
        ("at", time()),
        ("state", json!({ "enum": ["queued", "delivered", "failed", "dropped"] })),
        ("reason", plain_text()),
        ("status", json!({ "type": ["integer", "null"] })),
        ("tries", count()),
        ("next", time_or_null()),
        ("done", time_or_null()),
    ]);
    let listed = of("list_deliveries", "List what a webhook was told").needs("manage").id("whk", "webhook");
    paged(listed, "msg").more("Without what it said. Kept for thirty days.").answer(200, "The newest first.", page(one, "msg"))
}

fn rule_in() -> Json {
    let ons: Vec<&str> = On::ALL.iter().map(|on| on.as_str()).collect();
    let days = json!({ "type": "integer", "minimum": -3650, "maximum": 3650 });
    let text_or_null = json!({ "type": ["string", "null"], "pattern": "^[^\\u0000]*$" });
    let trigger =
        object(&[("kind", key()), ("on", json!({ "enum": ons })), ("?fields", keys()), ("?value", text_or_null), ("?days", days)]);
    let does = |what: &str, more: &[(&str, Json)]| {
        let mut all = vec![("do", json!({ "const": what }))];
        all.extend_from_slice(more);
        object(&all)
    };
    let later = json!({ "type": "integer", "minimum": 0, "maximum": 3650 });
    let action = json!({ "oneOf": [
        does("set", &[("field", key()), ("value", json!({ "description": "As the field takes it; null empties it." }))]),
        does("assign", &[("owner", id("usr"))]),
        does("task", &[("title", sentence(200)), ("days", later), ("?owner", id_or_null("usr"))]),
        does("notify", &[("?staff", id_or_null("usr"))]),
        does("mail", &[("template", id("tpl")), ("account", id("mac"))]),
        does("webhook", &[("webhook", id("whk"))]),
    ] });
    object(&[
        ("name", sentence(200)),
        ("trigger", trigger),
        ("?filter", filter_schema(true)),
        ("actions", json!({ "type": "array", "minItems": 1, "maxItems": ACTIONS_MAX, "items": action })),
    ])
}

fn rule_out() -> Json {
    object(&[
        ("id", id("aru")),
        ("staff", id("usr")),
        ("purpose", plain_text()),
        ("on", flag()),
        ("reason", plain_text()),
        ("failures", count()),
        ("created", time()),
        ("version", count()),
        ("name", plain_text()),
        ("trigger", json!({ "type": "object" })),
        ("filter", json!({ "type": ["object", "null"] })),
        ("actions", json!({ "type": "array", "items": { "type": "object" } })),
    ])
}

const ACTS: &str = "It acts for whoever switched it on, for the purpose they did it for, and never does more than they may at that moment.";

pub(super) fn rules(_: &About) -> Doc {
    of("list_rules", "List rules of automation").needs("write").answer(
        200,
        "Your own; with the right to manage, everybody's.",
        items(&rule_out()),
    )
}

pub(super) fn rule(_: &About) -> Doc {
    of("show_rule", "Show a rule of automation").needs("write").id("aru", "rule").answer(200, "The rule.", rule_out())
}

pub(super) fn make_rule(_: &About) -> Doc {
    of("make_rule", "Make a rule of automation")
        .needs("write")
        .more("It is off until it is switched on. `fields` names the fields of a change, or the one of `stage` and `date`; `value` the choice that is taken; `days` how long after the date, or before it, below zero.")
        .body(rule_in())
        .answer(201, "Made.", object(&[("id", id("aru"))]))
        .refuses(&[Code::Conflict, Code::StorageFull])
}

pub(super) fn change_rule(_: &About) -> Doc {
    let changed = of("change_rule", "Change a rule of automation").needs("write").id("aru", "rule").body(rule_in());
    changed.more("It is off until it is switched on again.").empty(204, "Changed.").refuses(&[Code::StorageFull])
}

pub(super) fn delete_rule(_: &About) -> Doc {
    let deleted = of("delete_rule", "Delete a rule of automation").needs("write").id("aru", "rule");
    deleted.empty(204, "Deleted, with its log.").refuses(&[Code::StorageFull])
}

pub(super) fn switch_rule(_: &About) -> Doc {
    let switched = of("switch_rule", "Switch a rule of automation on or off").needs("write").id("aru", "rule").body(switching());
    switched.more(ACTS).empty(204, "Switched.").refuses(&[Code::StorageFull])
}

pub(super) fn rehearse(_: &About) -> Doc {
    let hit = object(&[("record", id("rec")), ("at", time())]);
    let told = object(&[
        ("events", count()),
        ("acts", count()),
        ("hits", json!({ "type": "array", "items": hit })),
        ("whole", json!({ "type": "boolean", "description": "Whether all of these days was looked at." })),
    ]);
    let days = json!({ "type": "integer", "minimum": 1, "maximum": DAYS_MAX });
    let rehearsed = of("rehearse_rule", "Say what a rule would have done").needs("write").id("aru", "rule");
    rehearsed
        .more("Of what happened in the last days, with the records as they are now. Nothing is done.")
        .body(object(&[("days", days)]))
        .answer(200, "How often it would have acted, and on which records.", told)
}

pub(super) fn runs(_: &About) -> Doc {
    let one = object(&[
        ("id", id("run")),
        ("event", id("evt")),
        ("record", id("rec")),
        ("at", time()),
        ("depth", count()),
        ("state", json!({ "enum": ["queued", "done", "skipped", "failed"] })),
        ("actions", count()),
        ("reason", plain_text()),
        ("detail", plain_text()),
        ("done", time_or_null()),
    ]);
    let listed = of("list_runs", "List the runs of a rule").needs("write").id("aru", "rule");
    paged(listed, "run").more("Kept for thirty days.").answer(200, "The newest first.", page(one, "run"))
}
