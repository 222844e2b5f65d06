//! One operation's description.

use std::collections::BTreeMap;

use catalogue::{Catalogue, Kind};
use kernel::Code;
use serde_json::{Value, json};

use crate::router::Access;

/// What a description is about: the catalogue, and the kind where the route serves one.
pub struct About<'a> {
    /// Every kind there is.
    pub catalogue: &'a Catalogue,
    /// The kind that the address names.
    pub kind: Option<&'a Kind>,
}

impl About<'_> {
    /// The kind's key; `record` where none is named.
    pub fn key(&self) -> &str {
        self.kind.map_or("record", |kind| &kind.key)
    }

    /// A reference to a schema of the kind: `In`, `Patch`, `Out`.
    pub fn schema(&self, what: &str) -> Value {
        reference(&format!("{}{what}", super::fields::type_name(self.key())))
    }
}

/// A reference to a named schema.
pub fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// One operation.
pub struct Doc {
    id: String,
    tag: &'static str,
    summary: String,
    description: String,
    privilege: Option<&'static str>,
    parameters: Vec<Value>,
    body: Option<Value>,
    answers: BTreeMap<u16, Value>,
    codes: BTreeMap<u16, Vec<Code>>,
}

impl Doc {
    /// An operation with its id, its tag and what it does in a few words.
    pub fn new(id: impl Into<String>, tag: &'static str, summary: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            tag,
            summary: summary.into(),
            description: String::new(),
            privilege: None,
            parameters: Vec::new(),
            body: None,
            answers: BTreeMap::new(),
            codes: BTreeMap::new(),
        }
    }

    /// What more there is to say.
    #[must_use]
    pub fn more(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The privilege it takes.
    #[must_use]
    pub fn needs(mut self, privilege: &'static str) -> Self {
        self.privilege = Some(privilege);
        self
    }

    /// A parameter of the path.
    #[must_use]
    pub fn path(mut self, name: &str, description: &str, schema: Value) -> Self {
        self.parameters.push(json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema }));
        self.refuses(&[Code::NotFound])
    }

    /// The id of a thing in the path.
    #[must_use]
    pub fn id(self, prefix: &str, what: &str) -> Self {
        self.path("id", &format!("The {what}'s id."), super::shared::id(prefix))
    }

    /// A parameter of the query.
    #[must_use]
    pub fn query(mut self, name: &str, description: &str, schema: Value) -> Self {
        self.parameters.push(json!({ "name": name, "in": "query", "description": description, "schema": schema }));
        self
    }

    /// A parameter of the query that must be there.
    #[must_use]
    pub fn needed(mut self, name: &str, description: &str, schema: Value) -> Self {
        self.parameters.push(json!({ "name": name, "in": "query", "required": true, "description": description, "schema": schema }));
        self
    }

    /// A header.
    #[must_use]
    pub fn header(mut self, name: &str, required: bool, description: &str, schema: Value) -> Self {
        self.parameters.push(json!({ "name": name, "in": "header", "required": required, "description": description, "schema": schema }));
        self.refuses(&[Code::Malformed])
    }

    /// It may be sent again with the same `Idempotency-Key`.
    #[must_use]
    pub fn once(self) -> Self {
        let words = "Sent again within 24 hours with the same key and body, the request is answered with what was made the first time.";
        self.header("Idempotency-Key", false, words, json!({ "type": "string", "pattern": "^[!-~]{1,255}$", "examples": ["order-4711-1"] }))
            .refuses(&[Code::Conflict])
    }

    /// The JSON it takes.
    #[must_use]
    pub fn body(self, schema: Value) -> Self {
        self.content("application/json", schema)
    }

    /// What it takes, of one content type.
    #[must_use]
    pub fn content(mut self, media: &str, schema: Value) -> Self {
        let body = self.body.get_or_insert_with(|| json!({ "required": true, "content": {} }));
        body["content"][media] = json!({ "schema": schema });
        self.refuses(&[Code::Malformed, Code::InvalidInput, Code::TooLarge, Code::UnsupportedMedia])
    }

    /// A JSON answer.
    #[must_use]
    pub fn answer(self, status: u16, description: &str, schema: Value) -> Self {
        self.media(status, description, "application/json", schema)
    }

    /// An answer of another content type.
    #[must_use]
    pub fn media(mut self, status: u16, description: &str, media: &str, schema: Value) -> Self {
        let mut answer = json!({ "description": description, "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestId" } } });
        answer["content"][media] = json!({ "schema": schema });
        self.answers.insert(status, answer);
        self
    }

    /// Another content type of an answer given before.
    #[must_use]
    pub fn also(mut self, status: u16, media: &str, schema: Value) -> Self {
        if let Some(answer) = self.answers.get_mut(&status) {
            answer["content"][media] = json!({ "schema": schema });
        }
        self
    }

    /// An answer that is a file to be saved.
    #[must_use]
    pub fn file(self, media: &str, description: &str) -> Self {
        self.files(&[media], description)
    }

    /// An answer that is a file of one of these types.
    #[must_use]
    pub fn files(self, media: &[&str], description: &str) -> Self {
        let bytes = json!({ "type": "string", "format": "binary" });
        let begun = self.media(200, description, media.first().unwrap_or(&"application/octet-stream"), bytes.clone());
        media.iter().skip(1).fold(begun, |doc, media| doc.also(200, media, bytes.clone())).with_header(200, "Content-Disposition")
    }

    /// An answer without a body.
    #[must_use]
    pub fn empty(mut self, status: u16, description: &str) -> Self {
        let headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/RequestId" } });
        self.answers.insert(status, json!({ "description": description, "headers": headers }));
        self
    }

    /// A header of an answer given before.
    #[must_use]
    pub fn with_header(mut self, status: u16, name: &str) -> Self {
        if let Some(answer) = self.answers.get_mut(&status) {
            answer["headers"][name] = json!({ "$ref": format!("#/components/headers/{name}") });
        }
        self
    }

    /// How it may be refused, beyond what its parameters and its door imply.
    #[must_use]
    pub fn refuses(mut self, codes: &[Code]) -> Self {
        for code in codes {
            let known = self.codes.entry(code.status()).or_default();
            if !known.contains(code) {
                known.push(*code);
            }
        }
        self
    }

    /// The operation as OpenAPI writes it.
    pub(super) fn operation(mut self, access: Access) -> Value {
        if self.parameters.iter().any(|p| p["in"] == "query") {
            self = self.refuses(&[Code::Malformed, Code::InvalidInput]);
        }
        if access != Access::Public {
            // A key may act for another purpose than this needs, and a session may send no token.
            self = self.refuses(&[Code::Unauthenticated, Code::Forbidden, Code::RateLimited]);
        }
        self = self.refuses(&[Code::Unavailable]);
        let mut responses: BTreeMap<String, Value> =
            self.answers.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect();
        for status in self.codes.keys() {
            responses
                .entry(status.to_string())
                .or_insert_with(|| json!({ "$ref": format!("#/components/responses/{}", super::shared::response_name(*status)) }));
        }
        let mut words = self.description;
        if let Some(privilege) = self.privilege {
            let sentence = format!("Needs the privilege `{privilege}`.");
            words = if words.is_empty() { sentence } else { format!("{words}\n\n{sentence}") };
        }
        let mut operation = json!({ "operationId": self.id, "tags": [self.tag], "summary": self.summary, "responses": responses });
        if !words.is_empty() {
            operation["description"] = words.into();
        }
        if !self.parameters.is_empty() {
            operation["parameters"] = self.parameters.into();
        }
        if let Some(body) = self.body {
            operation["requestBody"] = body;
        }
        if access == Access::Public {
            operation["security"] = json!([]);
        }
        if let Some(privilege) = self.privilege {
            operation["x-privilege"] = privilege.into();
        }
        operation
    }
}
