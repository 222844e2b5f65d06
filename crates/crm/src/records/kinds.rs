//! Kinds and fields that users make. They work everywhere at once: forms, lists, API, search, package and erasure ask the catalogue alone.

use std::sync::Arc;

use catalogue::{Catalogue, Kind};
use kernel::{Code, Error, Result};
use store::args;
use trail::{Actor, App, Event, Unit, permit::Manage, sql};

use super::{Once, first};

/// Adds a kind, or gives an existing one further or retired fields, and answers the catalogue as it is then. Event `catalogue.changed`.
///
/// Errors: forbidden; invalid_input naming what cannot be used; conflict when somebody else changed the catalogue meanwhile.
pub async fn define(app: &App, actor: &Actor, kind: Kind) -> Result<Arc<Catalogue>> {
    let (permit, kind) = (actor.permit::<Manage>()?, marked(kind));
    app.write(&permit.actor, move |unit| put(unit, &kind)).await?;
    app.reload_catalogue().await
}

/// Adds a kind that is not there yet; what was done before under the same key is not done again. Event `catalogue.changed`.
///
/// Errors: those of [`define`]; duplicate when there is a kind with its key.
pub async fn make(app: &App, actor: &Actor, kind: Kind, once: Option<Once>) -> Result<Arc<Catalogue>> {
    let (permit, kind) = (actor.permit::<Manage>()?, marked(kind));
    app.write(&permit.actor, move |unit| {
        first(unit, once.as_ref(), 201, |unit| {
            if unit.app().catalogue().kind(&kind.key).is_some() {
                return Err(Error::new(Code::Duplicate, "There is a kind with this key. Change that one instead of making it."));
            }
            put(unit, &kind).map(|()| kind.key.clone())
        })
    })
    .await?;
    app.reload_catalogue().await
}

/// Whether it is one of the user's own, as the catalogue knows it and not as the request says.
fn marked(kind: Kind) -> Kind {
    Kind { custom: catalogue::builtin().kind(&kind.key).is_none(), ..kind }
}

fn put(unit: &mut Unit, kind: &Kind) -> Result<()> {
    let next = unit.app().catalogue().with(kind.clone())?;
    keep(unit, Event::new("catalogue.changed"), next.version(), kind)
}

/// Keeps a kind as of the catalogue's next version, under an event that says what was changed.
pub(super) fn keep(unit: &mut Unit, event: Event, next: i64, kind: &Kind) -> Result<()> {
    let latest = unit.one(sql::CATALOGUE_VERSION, &[], |row| row.get::<Option<i64>>(0))?.unwrap_or(1);
    if latest >= next {
        return Err(Error::new(Code::Conflict, "Somebody else changed the kinds meanwhile. Load the page again and repeat your change."));
    }
    unit.witness(event.word("kind", &kind.key).count("fields", kind.fields.len()))?;
    let body = serde_json::to_string(kind).map_err(Error::internal)?;
    unit.run(sql::CATALOGUE_INSERT, &args![kind.key.as_str(), next, unit.now(), body]).map(drop)
}
