//! Saved views of lists, for programs: what a list shows, under a name; one's own, or shared with everybody.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{delete, get, patch, post},
};
use crm::{
    permits::ReadRecords,
    records,
    views::{self, COLUMNS_MAX, Layout, Look, NAME_MAX, NewView, SavedView, Sort, ViewId, ViewPatch},
};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Code, Error, Personal, Result};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value as Json, json};

use super::{
    api::tags,
    api_list::{filter_of, object_of},
};
use crate::{
    api::{Caller, Versions, address::Asked, condition, id, once, with_location, with_version},
    kit::{error::Refused, json, json::answer},
    openapi::{
        About, Doc,
        shared::{PLAIN, id as id_schema, items, key, object, sentence, time},
    },
    router::{Access, Route, Web},
};

/// The routes of saved views.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/views", Access::Key, || get(list)).doc(list_doc),
    Route::new(Method::POST, "/api/v1/views", Access::Key, || post(save)).doc(save_doc),
    Route::new(Method::GET, "/api/v1/views/{id}", Access::Key, || get(show)).doc(show_doc),
    Route::new(Method::PATCH, "/api/v1/views/{id}", Access::Key, || patch(change)).doc(change_doc),
    Route::new(Method::DELETE, "/api/v1/views/{id}", Access::Key, || delete(remove)).doc(remove_doc),
];

/// The fields that the page lays a view out by, one of which at most is there.
fn layout_json(layout: &Layout) -> (Option<&str>, Option<&str>, Option<&str>) {
    match layout {
        Layout::Table => (None, None, None),
        Layout::Groups(by) => (Some(by), None, None),
        Layout::Board(by) => (None, Some(by), None),
        Layout::Calendar(by) => (None, None, Some(by)),
    }
}

fn shown(view: &SavedView) -> Json {
    let (groups, board, calendar) = layout_json(&view.look.layout);
    json!({
        "id": view.id, "kind": view.kind, "name": view.name.expose(), "filter": view.look.filter, "sort": view.look.sort,
        "fields": view.look.columns, "groups": groups, "board": board, "calendar": calendar, "missing": view.missing, "usable": view.usable, "own": view.own, "shared": view.shared,
        "first_for_me": view.first_for_me, "first_for_all": view.first_for_all, "version": view.version, "updated": view.updated,
    })
}

pub(crate) fn filter_schema(taken: bool) -> Json {
    let ops: Vec<&str> = views::Op::ALL.iter().map(|op| op.as_str()).collect();
    let text = json!({ "type": ["string", "null"], "maxLength": 1_000, "pattern": PLAIN });
    let one = json!({ "type": "string", "maxLength": 1_000, "pattern": PLAIN });
    let value = json!({ "anyOf": [
        text, { "type": "boolean" }, { "type": "number" }, { "type": "array", "minItems": 1, "maxItems": 100, "items": one },
        object(&[("minor", json!({ "type": "integer" })), ("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" }))]),
    ] });
    let mut condition = object(&[("field", key()), ("op", json!({ "enum": ops })), ("?value", value)]);
    let group = |of: &Json| json!({ "type": "array", "maxItems": 50, "items": of });
    if !taken {
        // As it was taken, at whatever depth.
        condition = json!({ "type": "object" });
    }
    let inner = json!({ "anyOf": [condition, object(&[("all", group(&condition))]), object(&[("any", group(&condition))])] });
    json!({
        "anyOf": [condition, object(&[("all", group(&inner))]), object(&[("any", group(&inner))]), { "type": "null" }],
        "description": "One condition, or several of which `all` or `any` must hold (nested at most five deep).",
    })
}

fn sort_schema() -> Json {
    object(&[("by", key()), ("?descending", json!({ "type": "boolean" }))])
}

const GROUPS: &str = "By which field of choices the page puts rows under headings; at most one of groups, board and calendar is set.";
const BOARD: &str = "By which field of choices the page shows it as a board; at most one of groups, board and calendar is set. Of a kind with \
    pipelines, `stage` is the board of the first of them, `stage.renewals` that of the pipeline with this key.";
const CALENDAR: &str = "By which field of days the page shows it as a calendar; at most one of groups, board and calendar is set.";

fn layout_schema(words: &str) -> Json {
    json!({ "type": ["string", "null"], "pattern": "^[a-z][a-z0-9_]{0,39}([.][a-z][a-z0-9_]{0,39})?$", "description": words })
}

fn fields_schema() -> Json {
    let words = "The columns in their order; the kind's usual ones when empty. What names a record always stands first.";
    json!({ "type": "array", "maxItems": COLUMNS_MAX, "uniqueItems": true, "items": key(), "description": words })
}

fn schema() -> Json {
    let flag = json!({ "type": "boolean" });
    let described = |words: &str| json!({ "type": "boolean", "description": words });
    object(&[
        ("id", id_schema("vie")),
        ("kind", key()),
        ("name", json!({ "type": "string" })),
        ("filter", filter_schema(false)),
        ("sort", sort_schema()),
        ("fields", fields_schema()),
        ("groups", layout_schema(GROUPS)),
        ("board", layout_schema(BOARD)),
        ("calendar", layout_schema(CALENDAR)),
        (
            "missing",
            json!({ "type": "array", "items": { "type": "string" }, "description": "What it named that is gone; it works without." }),
        ),
        ("usable", described("Whether you may ask all of this, acting for this purpose.")),
        ("own", flag.clone()),
        ("shared", described("Whether everybody sees it.")),
        ("first_for_me", described("Whether the kind's list opens with it, for you.")),
        ("first_for_all", described("Whether it does for everybody who chose none of their own.")),
        ("version", json!({ "type": "integer", "minimum": 1 })),
        ("updated", time()),
    ])
}

fn body(making: bool) -> Json {
    let flag = json!({ "type": ["boolean", "null"] });
    let sort = json!({ "anyOf": [sort_schema(), { "type": "null" }] });
    let mut all = vec![
        ("?filter", filter_schema(true)),
        ("?sort", sort),
        ("?groups", layout_schema(GROUPS)),
        ("?board", layout_schema(BOARD)),
        ("?calendar", layout_schema(CALENDAR)),
        ("?shared", flag.clone()),
        ("?first_for_me", flag.clone()),
        ("?first_for_all", flag),
    ];
    if making {
        all.extend([
            ("kind", json!({ "$ref": "#/components/schemas/KindKey" })),
            ("name", sentence(NAME_MAX)),
            ("?fields", fields_schema()),
        ]);
    } else {
        let fields = json!({ "anyOf": [fields_schema(), { "type": "null" }] });
        all.extend([("?name", json!({ "anyOf": [sentence(NAME_MAX), { "type": "null" }] })), ("?fields", fields)]);
    }
    object(&all)
}

fn doc(id: &'static str, summary: &'static str) -> Doc {
    Doc::new(id, "records", summary).needs("read")
}

async fn list(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let kind = asked.take("kind");
    asked.end()?;
    if let Some(kind) = &kind {
        let known = |_| Error::invalid("/kind", "unknown", "Write the key of a kind.");
        web.app.catalogue().need(kind).map_err(known)?;
    }
    let permit = caller.actor.permit::<ReadRecords>()?;
    let all = web.app.read(&caller.actor, move |unit| views::all_saved(unit, &permit, kind.as_deref())).await?;
    answer(StatusCode::OK, &json!({ "items": all.iter().map(shown).collect::<Vec<_>>() }))
}

fn list_doc(_: &About) -> Doc {
    doc("list_views", "List the saved views")
        .more("Your own and those that are shared, by name. A shared view that asks what you may not ask is not there for you.")
        .query("kind", "Only those of one kind.", json!({ "$ref": "#/components/schemas/KindKey" }))
        .answer(200, "The views.", items(&schema()))
}

async fn one(web: &Web, caller: &Caller, id: ViewId) -> Result<SavedView> {
    let permit = caller.actor.permit::<ReadRecords>()?;
    web.app.read(&caller.actor, move |unit| views::saved(unit, &permit, id)).await
}

async fn show(State(web): State<Web>, caller: Caller, Path(view): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let view = one(&web, &caller, id(&view, "view")?).await?;
    Ok(with_version(answer(StatusCode::OK, &shown(&view))?, view.version)?)
}

fn show_doc(_: &About) -> Doc {
    doc("show_view", "Show a saved view").id("vie", "view").answer(200, "The view.", schema()).with_header(200, "ETag")
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct ViewIn {
    kind: String,
    name: String,
    #[serde(default)]
    filter: Option<Map<String, Json>>,
    #[serde(default)]
    sort: Option<Map<String, Json>>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    groups: Option<String>,
    #[serde(default)]
    board: Option<String>,
    #[serde(default)]
    calendar: Option<String>,
    #[serde(default)]
    shared: Option<bool>,
    #[serde(default)]
    first_for_me: Option<bool>,
    #[serde(default)]
    first_for_all: Option<bool>,
}

/// The layout of the three that is named. Error: invalid_input for several.
fn layout_of(groups: Option<String>, board: Option<String>, calendar: Option<String>) -> Result<Layout> {
    let mut named = [groups.map(Layout::Groups), board.map(Layout::Board), calendar.map(Layout::Calendar)].into_iter().flatten();
    let layout = named.next().unwrap_or_default();
    if named.next().is_some() {
        return Err(Error::invalid("/board", "one_layout", "Name one of groups, board and calendar."));
    }
    Ok(layout)
}

fn sort_of(sort: Map<String, Json>) -> Result<Sort> {
    object_of(sort, "/sort")
}

async fn save(
    State(web): State<Web>,
    caller: Caller,
    asked: Asked,
    headers: HeaderMap,
    json::Json(given): json::Json<ViewIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    let once = once::asked(&web, &caller, &headers, "view", &given)?;
    if web.app.catalogue().kind(&given.kind).is_none() {
        return Err(Error::invalid("/kind", "unknown", "Write the key of a kind.").into());
    }
    let new = NewView {
        kind: given.kind,
        name: Personal::new(given.name),
        look: Look {
            filter: given.filter.map(filter_of).transpose()?,
            sort: given.sort.map(sort_of).transpose()?.unwrap_or_default(),
            columns: given.fields,
            layout: layout_of(given.groups, given.board, given.calendar)?,
        },
        shared: given.shared.unwrap_or_default(),
        first_for_me: given.first_for_me.unwrap_or_default(),
        first_for_all: given.first_for_all.unwrap_or_default(),
    };
    let made = web.app.write(&caller.actor, move |unit| records::first(unit, once.as_ref(), 201, |unit| views::save(unit, &permit, &new)));
    let id = made.await?;
    let view = one(&web, &caller, id).await?;
    Ok(with_location(with_version(answer(StatusCode::CREATED, &shown(&view))?, view.version)?, &format!("/api/v1/views/{id}"))?)
}

fn save_doc(_: &About) -> Doc {
    doc("save_view", "Save a view")
        .more("What a list shows, under a name, for whoever saves it; to share it takes the privilege `share`. Name and filter are sealed and die with the view.")
        .once()
        .body(body(true))
        .answer(201, "Saved.", schema())
        .with_header(201, "ETag")
        .with_header(201, "Location")
        .refuses(&[Code::NotFound, Code::Conflict, Code::StorageFull])
}

/// What stands in a patch: left out, `null` and a value are three things.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ViewPatchIn {
    #[serde(default)]
    name: Option<String>,
    #[serde(default, deserialize_with = "said")]
    filter: Option<Option<Map<String, Json>>>,
    #[serde(default)]
    sort: Option<Map<String, Json>>,
    #[serde(default)]
    fields: Option<Vec<String>>,
    #[serde(default, deserialize_with = "said")]
    groups: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    board: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    calendar: Option<Option<String>>,
    #[serde(default)]
    shared: Option<bool>,
    #[serde(default)]
    first_for_me: Option<bool>,
    #[serde(default)]
    first_for_all: Option<bool>,
}

impl ViewPatchIn {
    fn lays_out(&self) -> bool {
        self.groups.is_some() || self.board.is_some() || self.calendar.is_some()
    }

    /// The layout that it names; `null` takes away its own and no other.
    fn layout(&mut self, known: Layout) -> Result<Layout> {
        let taken_away = match &known {
            Layout::Table => true,
            Layout::Groups(_) => self.groups == Some(None),
            Layout::Board(_) => self.board == Some(None),
            Layout::Calendar(_) => self.calendar == Some(None),
        };
        let named = layout_of(self.groups.take().flatten(), self.board.take().flatten(), self.calendar.take().flatten())?;
        Ok(if named == Layout::Table && !taken_away { known } else { named })
    }
}

async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(view): Path<String>,
    asked: Asked,
    headers: HeaderMap,
    json::Json(mut given): json::Json<ViewPatchIn>,
) -> Result<Response, Refused> {
    asked.end()?;
    let id: ViewId = id(&view, "view")?;
    let expected = match condition(&headers, "if-match")? {
        Some(Versions::Any) => None,
        Some(Versions::These(these)) => Some(these),
        None => {
            let words = "Send the ETag of the version that you change, as If-Match: \"v3\", so that nobody's change is lost.";
            return Err(Error::new(Code::PreconditionRequired, words).into());
        }
    };
    let permit = caller.actor.permit::<ReadRecords>()?;
    let look = if given.filter.is_some() || given.sort.is_some() || given.fields.is_some() || given.lays_out() {
        // What is not named stays.
        let known = one(&web, &caller, id).await?.look;
        Some(Look {
            layout: given.layout(known.layout)?,
            filter: match given.filter {
                Some(filter) => filter.map(filter_of).transpose()?,
                None => known.filter,
            },
            sort: given.sort.map(sort_of).transpose()?.unwrap_or(known.sort),
            columns: given.fields.unwrap_or(known.columns),
        })
    } else {
        None
    };
    let ViewPatchIn { name, shared, first_for_me, first_for_all, .. } = given;
    let patch = ViewPatch { name: name.map(Personal::new), look, shared, first_for_me, first_for_all };
    web.app.write(&caller.actor, move |unit| views::change(unit, &permit, id, expected.as_deref(), &patch)).await?;
    let view = one(&web, &caller, id).await?;
    Ok(with_version(answer(StatusCode::OK, &shown(&view))?, view.version)?)
}

fn change_doc(_: &About) -> Doc {
    doc("change_view", "Change a saved view")
        .more("What is not named stays; a filter of `null` takes the filter away. A shared view is changed by whoever may share; whether it opens first for you is yours to say of every view you see.")
        .id("vie", "view")
        .header("If-Match", true, "The ETag of the version you change; `*` for whichever it is.", tags())
        .body(body(false))
        .answer(200, "As it is now.", schema())
        .with_header(200, "ETag")
        .refuses(&[Code::VersionConflict, Code::PreconditionRequired, Code::StorageFull])
}

async fn remove(State(web): State<Web>, caller: Caller, Path(view): Path<String>, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    let id: ViewId = id(&view, "view")?;
    let permit = caller.actor.permit::<ReadRecords>()?;
    web.app.write(&caller.actor, move |unit| views::delete(unit, &permit, id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn remove_doc(_: &About) -> Doc {
    doc("delete_view", "Delete a saved view")
        .more("And no record. A shared one is gone for everybody.")
        .id("vie", "view")
        .empty(204, "It is gone, and its key destroyed.")
        .refuses(&[Code::StorageFull])
}
