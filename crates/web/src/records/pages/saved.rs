//! Saving what a list shows as a view, changing and deleting it; choosing columns.

use axum::{extract::State, response::Response};
use catalogue::Kind;
use crm::{
    permits::{ReadRecords, ShareViews},
    views::{self, NewView, SavedView, ViewPatch},
};
use kernel::{Error, Personal, Result};

use super::{
    At,
    address::{Address, Through},
    base_of, redirect,
    seen::{Seen, seen},
};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        text::Text,
        who::Who,
    },
    router::Web,
    views::list::{ColumnChoice, ColumnMenu, ViewLink, ViewMenu},
};

/// Saves, changes or deletes, as the pressed button says.
pub(super) async fn save(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let seen = seen(&web, &who, &kind, &fields).await?;
    let base = base_of(&kind.key);
    let saved = match (fields.get("act"), &seen.view) {
        ("delete", Some(view)) => {
            let (permit, id) = (who.actor.permit::<ReadRecords>()?, view.id);
            web.app.write(&who.actor, move |unit| views::delete(unit, &permit, id)).await?;
            return Ok(redirect(&format!("{base}?view=all&done=deleted")));
        }
        ("change", Some(view)) => {
            let patch = patch(&seen, view, &kind, &who, &fields)?;
            let (permit, id) = (who.actor.permit::<ReadRecords>()?, view.id);
            web.app.write(&who.actor, move |unit| views::change(unit, &permit, id, None, &patch)).await?;
            id
        }
        ("change" | "delete", None) => return Err(Error::not_found("view").into()),
        _ => {
            let new = NewView {
                kind: kind.key.clone(),
                name: Personal::new(fields.get("name").to_owned()),
                look: seen.look(&kind, &who.actor)?,
                shared: ticked(&fields, "shared"),
                first_for_me: ticked(&fields, "first_for_me"),
                first_for_all: ticked(&fields, "first_for_all"),
            };
            let permit = who.actor.permit::<ReadRecords>()?;
            web.app.write(&who.actor, move |unit| views::save(unit, &permit, &new)).await?
        }
    };
    Ok(redirect(&format!("{base}?view={saved}&done=saved")))
}

fn ticked(fields: &Fields, name: &str) -> bool {
    fields.get(name) == "true"
}

/// What the form says otherwise than the view.
fn patch(seen: &Seen, view: &SavedView, kind: &Kind, who: &Who, fields: &Fields) -> Result<ViewPatch> {
    let differs = |name: &str, now: bool| Some(ticked(fields, name)).filter(|wanted| *wanted != now);
    let may_share = may_share(who, kind);
    let name = fields.get("name").trim();
    Ok(ViewPatch {
        name: (name != view.name.expose()).then(|| Personal::new(name.to_owned())),
        look: if seen.changed() || !view.missing.is_empty() { Some(seen.look(kind, &who.actor)?) } else { None },
        // Without the right to share, the form does not ask.
        shared: differs("shared", view.shared).filter(|_| may_share),
        first_for_all: differs("first_for_all", view.first_for_all).filter(|_| may_share),
        first_for_me: differs("first_for_me", view.first_for_me),
    })
}

fn may_share(who: &Who, kind: &Kind) -> bool {
    who.actor.permit::<ShareViews>().is_ok_and(|permit| permit.over(&kind.key).is_some())
}

/// Takes the ticked columns in their order, one of them moved.
pub(super) async fn columns(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let mut address = seen(&web, &who, &kind, &fields).await?.address;
    let mut keys: Vec<String> = fields.all("column").map(str::to_owned).collect();
    keys.retain(|key| kind.field(key).is_some_and(|field| !field.retired) && *key != kind.title);
    let place = |key: &str| keys.iter().position(|other| other == key);
    let mut moved = "";
    for (word, way) in [("earlier", -1_isize), ("later", 1)] {
        let key = fields.get(word);
        let Some(from) = place(key) else { continue };
        if let Some(to) = from.checked_add_signed(way).filter(|to| *to < keys.len()) {
            keys.swap(from, to);
            moved = key;
            break;
        }
    }
    address.columns = Some(keys).filter(|keys| !keys.is_empty() && fields.get("usual").is_empty());
    if address.columns.is_none() && matches!(address.through, Through::Saved(_)) {
        // The view's own columns are not the usual ones.
        address.columns = Some(super::filter::columns(&kind).map(|field| field.key.clone()).collect());
    }
    let to = address.href(&base_of(&kind.key));
    let mark = if to.contains('?') { '&' } else { '?' };
    Ok(redirect(&if moved.is_empty() { to } else { format!("{to}{mark}moved={moved}") }))
}

/// The form of columns; `moved` is the one that was moved just now.
pub(super) fn column_menu(kind: &Kind, seen: &Seen, moved: &str) -> ColumnMenu {
    let base = base_of(&kind.key);
    let last = seen.columns.len().saturating_sub(1);
    let mut columns: Vec<ColumnChoice> = (0..)
        .zip(seen.fields(kind))
        .map(|(at, field)| ColumnChoice {
            key: field.key.clone(),
            label: field.label.clone(),
            chosen: true,
            earlier: at > 0,
            later: at < last,
            moved: field.key == moved,
        })
        .collect();
    let rest = kind.fields.iter().filter(|field| !field.retired && field.key != kind.title && !seen.columns.contains(&field.key));
    columns.extend(rest.map(|field| ColumnChoice { key: field.key.clone(), label: field.label.clone(), ..ColumnChoice::default() }));
    let hidden = Address { columns: None, ..seen.address.clone() }.pairs();
    let open = columns.iter().any(|column| column.moved);
    ColumnMenu { action: format!("{base}/columns"), hidden, columns, open }
}

/// The menu of views.
pub(super) fn view_menu(t: Text, who: &Who, kind: &Kind, seen: &Seen) -> Option<ViewMenu> {
    // A view is somebody's.
    who.actor.staff()?;
    let base = base_of(&kind.key);
    let may_share = may_share(who, kind);
    let note = |view: &SavedView| {
        let mut words = Vec::new();
        words.extend(view.shared.then(|| t.get("view-shared")));
        words.extend((view.first_for_me || view.first_for_all).then(|| t.get("view-first")));
        words.extend((!view.usable).then(|| t.with("view-unusable", "purpose", t.purpose(who.actor.purpose.key))));
        words.join(" · ")
    };
    let current = seen.view.as_ref();
    let links = seen.views.iter().map(|view| ViewLink {
        label: view.name.expose().clone(),
        href: view.usable.then(|| Address { through: Through::Saved(view.id), ..Address::default() }.href(&base)),
        note: note(view),
        current: current.is_some_and(|now| now.id == view.id),
    });
    let label = current.map_or_else(|| t.get("view-menu"), |view| view.name.expose().clone());
    Some(ViewMenu {
        label,
        changed: seen.changed(),
        links: links.collect(),
        action: format!("{base}/views"),
        hidden: seen.address.pairs(),
        name: current.map(|view| view.name.expose().clone()).unwrap_or_default(),
        saved: current.is_some(),
        may_change: current.is_some_and(|view| (view.own && !view.shared) || may_share),
        may_delete: current.is_some_and(|view| view.own || may_share),
        may_share,
        shared: current.is_some_and(|view| view.shared),
        first_for_me: current.is_some_and(|view| view.first_for_me),
        first_for_all: current.is_some_and(|view| view.first_for_all),
        title: kind.plural.clone(),
    })
}

/// What a view named that is gone.
pub(super) fn missing_note(t: Text, kind: &Kind, seen: &Seen) -> Option<String> {
    let view = seen.view.as_ref().filter(|view| !view.missing.is_empty())?;
    let label = |key: &String| kind.field(key).map_or_else(|| key.clone(), |field| field.label.clone());
    Some(t.with("view-missing", "fields", view.missing.iter().map(label).collect::<Vec<_>>().join(", ")))
}
