//! The versions of a record and what each changed.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use catalogue::Kind;
use crm::permits::{ReadRecords, Unit, WriteRecords};
use crm::{
    identity::staff,
    records,
    timeline::{self, Changed, Step},
};
use kernel::{Code, Error};

use super::{
    At, Shower, beside,
    cells::{Links, named},
    href_of, rail_of, redirect, zone,
};
use crate::{
    kit::{error::Refused, form::Form, names::Names, render::html, who::Who},
    router::Web,
    views::{
        parts::{Cell, Paging},
        record::{ChangeRow, HistoryPage, RestorePage, VersionRow},
    },
};

/// Versions on one page.
const VERSIONS: usize = 20;

/// The page of a record's versions.
pub(super) async fn page(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let (t, kind, id, asked) = (who.text, at.kind(&web)?, at.id()?, at.asked()?);
    let permit = who.actor.permit::<ReadRecords>()?;
    let below = asked.get("below").parse::<i64>().ok();
    let read = web.app.read(&who.actor, move |unit: &mut Unit| {
        let zone = zone(unit)?;
        let aside = unit.plain(zone)?;
        let steps = timeline::history(unit, &permit, id, below, VERSIONS)?;
        let named = records::name(unit, &permit, &[id])?;
        Ok(steps.and(named).and(staff::directory(unit, &permit)?).and(aside))
    });
    let (((steps, own), staff), zone) = match read.await {
        Err(error) if error.code() == Code::NotFound => return Err(beside::gone(&web, &who, id).await?.unwrap_or(error).into()),
        other => other?,
    };
    let own = own.first().ok_or_else(|| Error::not_found("record"))?;
    let href = href_of(&own.kind, id);
    if own.kind != kind.key {
        return Ok(redirect(&format!("{href}/versions")));
    }
    let links = linked(&web, &who, steps.iter().flat_map(|step| step.changes.iter().flatten())).await?;
    let shower = Shower { t, now: web.app.env().now(), zone: who.zone(zone), links };
    let (names, name) = (Names::of(staff), named(t, &own.title));
    let address = format!("{href}/versions");
    let restores = may_write(&who, &kind) && own.state == records::State::Live;
    let last = steps.last().map_or(1, |step| step.version);
    let view = HistoryPage {
        t,
        shell: who.shell(&web, &t.with("history-title", "name", &name), rail_of(&kind.key), &address).await?,
        versions: steps
            .iter()
            .map(|step| version(&shower, &kind, &names, step, own.version, restores.then_some(address.as_str())))
            .collect(),
        paging: Paging { previous: below.map(|_| address.clone()), next: (last > 1).then(|| format!("{address}?below={last}")) },
        recorded: t.get("record-recorded"),
        name,
        href,
    };
    Ok(Html(html(&view)?).into_response())
}

fn may_write(who: &Who, kind: &Kind) -> bool {
    who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some())
}

/// A field before and after.
fn row(shower: &Shower, kind: &Kind, change: &Changed) -> ChangeRow {
    let seen = |cell: Option<&records::Cell>| cell.map_or(Cell::Empty, |cell| shower.cell(kind, &change.field, Some(cell)));
    ChangeRow {
        label: kind.field(&change.field).map_or_else(|| change.field.clone(), |field| field.label.clone()),
        before: seen(change.before.as_ref()),
        after: seen(change.after.as_ref()),
    }
}

/// What restoring a version would change, before it does.
pub(super) async fn preview(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let (t, kind, id, to) = (who.text, at.kind(&web)?, at.id()?, at.version()?);
    who.actor.permit::<WriteRecords>()?.need(&kind)?;
    let permit = who.actor.permit::<ReadRecords>()?;
    let read = web.app.read(&who.actor, move |unit: &mut Unit| {
        let zone = zone(unit)?;
        let aside = unit.plain(zone)?;
        let named = records::name(unit, &permit, &[id])?;
        Ok(timeline::way_back(unit, &permit, id, to)?.and(named).and(aside))
    });
    let ((way, own), zone) = match read.await {
        Err(error) if error.code() == Code::NotFound => return Err(beside::gone(&web, &who, id).await?.unwrap_or(error).into()),
        other => other?,
    };
    let own = own.first().filter(|own| own.kind == kind.key).ok_or_else(|| Error::not_found("record"))?;
    let links = linked(&web, &who, way.changes.iter()).await?;
    let shower = Shower { t, now: web.app.env().now(), zone: who.zone(zone), links };
    let (name, href) = (named(t, &own.title), href_of(&kind.key, id));
    let label = |key: &String| kind.field(key).map_or_else(|| key.clone(), |field| field.label.clone());
    let title = t.with2("restore-title", "version", to, "name", &name);
    let view = RestorePage {
        t,
        shell: who.shell(&web, &title, rail_of(&kind.key), &format!("{href}/versions/{to}")).await?,
        title,
        action: format!("{href}/versions/{to}/restore"),
        back: format!("{href}/versions"),
        version: way.from,
        changes: way.changes.iter().map(|change| row(&shower, &kind, change)).collect(),
        lost: way.lost.iter().map(label).collect::<Vec<_>>().join(", "),
        note: t.with2("form-note", "next", way.from + 1, "now", way.from),
        recorded: t.get("record-recorded"),
    };
    Ok(Html(html(&view)?).into_response())
}

/// Restores a version: a new one with its fields.
pub(super) async fn restore(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let (kind, id, to) = (at.kind(&web)?, at.id()?, at.version()?);
    let permit = who.actor.permit::<WriteRecords>()?;
    permit.need(&kind)?;
    let expected: i64 = fields.get("version").parse().map_err(|_| Error::invalid("/version", "required", "Load the page again."))?;
    let version = web.app.write(&who.actor, move |unit| records::restore(unit, &permit, id, to, expected)).await?;
    Ok(redirect(&format!("{}?saved={version}", href_of(&kind.key, id))))
}

/// The names of what changes link to, as far as this reader may see them.
async fn linked(web: &Web, who: &Who, changes: impl Iterator<Item = &Changed>) -> kernel::Result<Links> {
    let cells = changes.flat_map(|change| change.before.iter().chain(&change.after));
    let mut ids: Vec<kernel::RecordId> = cells.flat_map(super::record::linked).collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Links::new());
    }
    let permit = who.actor.permit::<ReadRecords>()?;
    let found = web.app.read(&who.actor, move |unit| records::name(unit, &permit, &ids)).await?;
    Ok(found.iter().map(|s| (s.id, (s.title.clone(), href_of(&s.kind, s.id)))).collect())
}

fn version(shower: &Shower, kind: &Kind, names: &Names, step: &Step, current: i64, address: Option<&str>) -> VersionRow {
    let changes = step.changes.as_ref().map(|changes| changes.iter().map(|change| row(shower, kind, change)).collect());
    VersionRow {
        number: step.version,
        current: step.version == current,
        restore: address.filter(|_| step.version != current && step.changes.is_some()).map(|at| format!("{at}/{}", step.version)),
        iso: step.at.to_string(),
        when: shower.t.when(step.at, shower.now, &shower.zone),
        who: names.who(shower.t, step.actor.as_deref().unwrap_or("system")),
        changes,
    }
}
