//! How the API's description tells of identity.

use catalogue::PURPOSES;
use crm::permits::PRIVILEGES;
use kernel::Code;
use serde_json::{Value, json};

use crate::openapi::{
    About, Doc,
    shared::{id, items, object, text, time},
};

fn doc(id: &'static str, summary: &'static str) -> Doc {
    Doc::new(id, "identity", summary)
}

fn purpose() -> Value {
    json!({ "$ref": "#/components/schemas/Purpose" })
}

pub fn me(_: &About) -> Doc {
    let mut staff = id("usr");
    staff["type"] = json!(["string", "null"]);
    let body = object(&[
        ("actor", json!({ "type": "string" })),
        ("staff", staff),
        ("purpose", purpose()),
        ("privileges", json!({ "type": "array", "items": { "type": "string" } })),
        ("csrf", json!({ "type": ["string", "null"], "description": "For a page's script: what it sends as X-CSRF-Token." })),
    ]);
    doc("show_me", "Who you are and what you may do").answer(200, "You.", body)
}

pub fn users(_: &About) -> Doc {
    let user = object(&[
        ("id", id("usr")),
        ("name", json!({ "type": "string" })),
        ("email", json!({ "type": "string" })),
        ("role", json!({ "type": "string" })),
        ("purposes", json!({ "type": "array", "items": purpose() })),
        ("active", json!({ "type": "boolean" })),
        ("created", time()),
    ]);
    doc("list_users", "List users").needs("manage").answer(200, "Everyone who may sign in.", items(&user))
}

pub fn add_user(_: &About) -> Doc {
    let body = object(&[
        ("name", text(200)),
        ("email", json!({ "type": "string", "format": "email", "maxLength": 254 })),
        ("role", json!({ "enum": ["admin", "manager", "agent", "auditor"] })),
        ("?purposes", json!({ "type": "array", "minItems": 1, "items": purpose() })),
    ]);
    doc("add_user", "Add a user")
        .needs("manage")
        .body(body)
        .answer(201, "Added; the password is shown once.", object(&[("id", id("usr")), ("password", json!({ "type": "string" }))]))
        .refuses(&[Code::Duplicate, Code::StorageFull])
}

pub fn disable_user(_: &About) -> Doc {
    doc("disable_user", "Disable a user")
        .needs("manage")
        .id("usr", "user")
        .empty(204, "Disabled: their sessions and keys no longer open anything.")
        .refuses(&[Code::Conflict, Code::InvalidInput, Code::StorageFull])
}

pub fn enable_user(_: &About) -> Doc {
    doc("enable_user", "Enable a user").needs("manage").id("usr", "user").empty(204, "Enabled.").refuses(&[
        Code::Conflict,
        Code::InvalidInput,
        Code::StorageFull,
    ])
}

pub fn change_role(_: &About) -> Doc {
    let body = object(&[
        ("role", json!({ "enum": ["admin", "manager", "agent", "auditor"] })),
        ("purposes", json!({ "type": "array", "minItems": 1, "items": purpose() })),
    ]);
    doc("change_role", "Give a user another role")
        .needs("manage")
        .more("It holds from their next request on. Nobody changes their own, and somebody must be left who manages the installation.")
        .id("usr", "user")
        .body(body)
        .empty(204, "Changed.")
        .refuses(&[Code::Conflict, Code::StorageFull])
}

pub fn keys(_: &About) -> Doc {
    let mut revoked = time();
    revoked["type"] = json!(["string", "null"]);
    let scope = object(&[("privilege", json!({ "type": "string" })), ("kind", json!({ "type": "string" }))]);
    let key = object(&[
        ("id", id("key")),
        ("beginning", json!({ "type": "string" })),
        ("staff", id("usr")),
        ("label", json!({ "type": "string" })),
        ("purpose", purpose()),
        ("scopes", json!({ "type": "array", "items": scope })),
        ("created", time()),
        ("expires", time()),
        ("revoked", revoked),
    ]);
    doc("list_api_keys", "List API keys").needs("manage").answer(200, "Without their secrets.", items(&key))
}

pub fn make_key(_: &About) -> Doc {
    let privileges: Vec<&str> = PRIVILEGES.iter().map(|(key, _)| *key).collect();
    let purposes: Vec<&str> = PURPOSES.iter().map(|p| p.key).collect();
    let scope = object(&[
        ("privilege", json!({ "enum": privileges })),
        ("kind", json!({ "type": "string", "pattern": "^(\\*|[a-z][a-z0-9_]{0,39})$" })),
    ]);
    let body = object(&[
        ("label", text(80)),
        ("purpose", json!({ "enum": purposes })),
        ("scopes", json!({ "type": "array", "minItems": 1, "maxItems": 200, "items": scope })),
        ("days", json!({ "type": "integer", "minimum": 1, "maximum": 366 })),
    ]);
    doc("make_api_key", "Make an API key")
        .needs("manage")
        .more("People make keys, signed in and with their password fresh; a key cannot make another.")
        .body(body)
        .answer(201, "Made; it is shown once.", object(&[("id", id("key")), ("key", json!({ "type": "string" }))]))
        .refuses(&[Code::StorageFull])
}

pub fn revoke_key(_: &About) -> Doc {
    doc("revoke_api_key", "Take an API key back").needs("manage").id("key", "key").empty(204, "Revoked.").refuses(&[Code::StorageFull])
}
