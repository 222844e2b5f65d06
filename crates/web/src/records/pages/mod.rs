//! Pages of records of every kind: lists, one record, its form. One set of handlers serves people, companies and every other kind.

mod beside;
mod address;
mod board;
mod calendar;
pub(crate) mod bulk;
mod cells;
mod closing;
pub(crate) mod export;
mod file;
mod filter;
pub(crate) mod form;
mod history;
mod layout;
mod lines;
mod list;
pub(crate) mod log;
mod lookup;
mod message;
mod record;
mod saved;
mod seen;
#[cfg(test)]
mod tests;

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{Kind, company, person};
use http::{Method, request::Parts};
use jiff::tz::TimeZone;
use kernel::{Error, RecordId, Result};

use crate::{
    kit::{
        form::{Fields, read},
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
};

pub(crate) use address::encode;
use cells::initials;
pub(crate) use cells::{Shower, named};

macro_rules! mounted {
    ($base:literal) => {
        &[
            Route::new(Method::GET, $base, Access::Staff, || get(list::list)),
            Route::new(Method::POST, $base, Access::Staff, || post(form::create)).body(file::BODY),
            Route::new(Method::POST, concat!($base, "/search"), Access::Staff, || post(list::search)),
            Route::new(Method::POST, concat!($base, "/bulk"), Access::Staff, || post(bulk::choose)),
            Route::new(Method::POST, concat!($base, "/move"), Access::Staff, || post(board::moved)),
            Route::new(Method::POST, concat!($base, "/columns"), Access::Staff, || post(saved::columns)),
            Route::new(Method::POST, concat!($base, "/views"), Access::Staff, || post(saved::save)),
            Route::new(Method::POST, concat!($base, "/export"), Access::Staff, || post(export::order)),
            Route::new(Method::GET, concat!($base, "/new"), Access::Staff, || get(form::new)),
            Route::new(Method::GET, concat!($base, "/{id}"), Access::Staff, || get(record::page)),
            Route::new(Method::POST, concat!($base, "/{id}"), Access::Staff, || post(form::update)).body(file::BODY),
            Route::new(Method::GET, concat!($base, "/{id}/edit"), Access::Staff, || get(form::edit)),
            Route::new(Method::POST, concat!($base, "/{id}/field"), Access::Staff, || post(form::field)).body(file::BODY),
            Route::new(Method::GET, concat!($base, "/{id}/versions"), Access::Staff, || get(history::page)),
            Route::new(Method::GET, concat!($base, "/{id}/versions/{version}"), Access::Staff, || get(history::preview)),
            Route::new(Method::POST, concat!($base, "/{id}/versions/{version}/restore"), Access::Staff, || post(history::restore)),
            Route::new(Method::POST, concat!($base, "/{id}/reveal"), Access::Staff, || post(record::reveal)),
            Route::new(Method::POST, concat!($base, "/{id}/log"), Access::Staff, || post(log::log)),
            Route::new(Method::POST, concat!($base, "/{id}/files"), Access::Staff, || post(file::attach)).body(file::BODY),
            Route::new(Method::POST, concat!($base, "/{id}/undo"), Access::Staff, || post(log::undo)),
        ]
    };
}

/// The routes of people.
pub const PEOPLE: &[Route] = mounted!("/people");
/// The routes of companies.
pub const COMPANIES: &[Route] = mounted!("/companies");
/// The routes of every other kind.
pub const OTHERS: &[Route] = mounted!("/records/{kind}");
/// What only some kinds have: a task is ticked, a message has its original, a file is downloaded.
pub const SPECIAL: &[Route] = &[
    Route::new(Method::POST, "/records/{kind}/{id}/done", Access::Staff, || post(log::done)),
    Route::new(Method::POST, "/records/{kind}/{id}/lines", Access::Staff, || post(lines::act)),
    Route::new(Method::GET, "/records/{kind}/{id}/body", Access::Staff, || get(message::body)),
    Route::new(Method::POST, "/records/{kind}/{id}/original", Access::Staff, || post(message::original)),
    Route::new(Method::POST, "/records/{kind}/{id}/download", Access::Staff, || post(file::download)),
    Route::new(Method::GET, "/records/{kind}/{id}/shown", Access::Staff, || get(file::shown)),
];

/// Where a request points: a kind and perhaps a record. Nothing is refused before the handler asks, so that forged forms are refused
/// for what they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct At {
    kind: String,
    id: String,
    version: String,
    query: String,
    text: Text,
}

impl FromRequestParts<Web> for At {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let path = parts.uri.path();
        let fixed = if path.starts_with("/people") {
            person::KIND
        } else if path.starts_with("/companies") {
            company::KIND
        } else {
            ""
        };
        let mut at = Self { kind: fixed.to_owned(), query: parts.uri.query().unwrap_or_default().to_owned(), ..Self::default() };
        // Whoever may come here was found at the door.
        at.text = parts.extensions.get::<Who>().map_or_else(Text::default, |who| who.text);
        if let Ok(params) = RawPathParams::from_request_parts(parts, web).await {
            for (name, value) in &params {
                match name {
                    "kind" => value.clone_into(&mut at.kind),
                    "id" => value.clone_into(&mut at.id),
                    "version" => value.clone_into(&mut at.version),
                    _ => {}
                }
            }
        }
        Ok(at)
    }
}

impl At {
    /// The kind. Error: not_found.
    pub(crate) fn kind(&self, web: &Web) -> Result<Arc<Kind>> {
        web.catalogue(self.text).need(&self.kind)
    }

    /// The record's id. Error: not_found for what is no id.
    pub(crate) fn id(&self) -> Result<RecordId> {
        self.id.parse().map_err(|_| Error::not_found("record"))
    }

    /// The version's number. Error: not_found for what is no number.
    pub(crate) fn version(&self) -> Result<i64> {
        self.version.parse().map_err(|_| Error::not_found("version"))
    }

    /// What stands after the question mark. Error: malformed.
    pub(crate) fn asked(&self) -> Result<Fields> {
        read(self.query.as_bytes())
    }
}

/// Where the records of a kind are listed.
pub(crate) fn base_of(kind: &str) -> String {
    match kind {
        person::KIND => "/people".to_owned(),
        company::KIND => "/companies".to_owned(),
        other => format!("/records/{other}"),
    }
}

/// The page of a record.
pub(crate) fn href_of(kind: &str, id: RecordId) -> String {
    format!("{}/{id}", base_of(kind))
}

/// The sprite's icon of a kind.
pub(crate) fn icon_of(kind: &str) -> &'static str {
    const KNOWN: [&str; 9] = ["person", "company", "deal", "message", "task", "case", "order", "note", "file"];
    if [catalogue::line::KIND, catalogue::product::KIND].contains(&kind) {
        return "order";
    }
    KNOWN.into_iter().find(|known| *known == kind).unwrap_or("note")
}

/// The rail's entry that a kind belongs to.
pub(crate) fn rail_of(kind: &str) -> &str {
    const ENTRIES: [(&str, &str); 10] = [
        ("person", "people"),
        ("company", "companies"),
        ("deal", "deals"),
        ("message", "messages"),
        ("file", "messages"),
        ("task", "tasks"),
        ("case", "cases"),
        ("order", "orders"),
        ("line", "orders"),
        ("product", "products"),
    ];
    ENTRIES.into_iter().find(|(key, _)| *key == kind).map_or(kind, |(_, entry)| entry)
}

/// The zone in which the house's days end.
pub(crate) fn zone(unit: &mut crm::permits::Unit) -> Result<TimeZone> {
    Ok(crm::retention::Policy::load(unit)?.zone())
}

fn redirect(to: &str) -> Response {
    Redirect::to(to).into_response()
}
