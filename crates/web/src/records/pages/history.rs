//! The versions of a record and what each changed.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use catalogue::Kind;
use crm::permits::{ReadRecords, Unit};
use crm::{
    identity::staff,
    records,
    timeline::{self, Step},
};
use kernel::{Code, Error};

use super::{
    At, Shower, beside,
    cells::{Links, named},
    href_of, rail_of, redirect, zone,
};
use crate::{
    kit::{error::Refused, names::Names, render::html, text::Text, who::Who},
    router::Web,
    views::{
        parts::{Cell, Paging},
        record::{ChangeRow, HistoryPage, VersionRow},
    },
};

/// Versions on one page.
const VERSIONS: usize = 20;

/// The page of a record's versions.
pub(super) async fn page(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let (t, kind, id, asked) = (Text::english(), at.kind(&web)?, at.id()?, at.asked()?);
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
    let links = linked(&web, &who, &steps).await?;
    let shower = Shower { t, now: web.app.env().now(), zone, links };
    let (names, name) = (Names::of(staff), named(t, &own.title));
    let address = format!("{href}/versions");
    let last = steps.last().map_or(1, |step| step.version);
    let view = HistoryPage {
        t,
        shell: who.shell(&web, &t.with("history-title", "name", &name), rail_of(&kind.key), &address).await?,
        versions: steps.iter().map(|step| version(&shower, &kind, &names, step, own.version)).collect(),
        paging: Paging { previous: below.map(|_| address.clone()), next: (last > 1).then(|| format!("{address}?below={last}")) },
        recorded: t.get("record-recorded"),
        name,
        href,
    };
    Ok(Html(html(&view)?).into_response())
}

/// The names of what the versions link to, as far as this reader may see them.
async fn linked(web: &Web, who: &Who, steps: &[Step]) -> kernel::Result<Links> {
    let cells = steps.iter().flat_map(|step| step.changes.iter().flatten()).flat_map(|change| change.before.iter().chain(&change.after));
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

fn version(shower: &Shower, kind: &Kind, names: &Names, step: &Step, current: i64) -> VersionRow {
    let changes = step.changes.as_ref().map(|changes| {
        let seen = |key: &str, cell: Option<&records::Cell>| cell.map_or(Cell::Empty, |cell| shower.cell(kind, key, Some(cell)));
        let row = |change: &timeline::Changed| ChangeRow {
            label: kind.field(&change.field).map_or_else(|| change.field.clone(), |field| field.label.clone()),
            before: seen(&change.field, change.before.as_ref()),
            after: seen(&change.field, change.after.as_ref()),
        };
        changes.iter().map(row).collect()
    });
    VersionRow {
        number: step.version,
        current: step.version == current,
        iso: step.at.to_string(),
        when: shower.t.when(step.at, shower.now, &shower.zone),
        who: names.who(shower.t, step.actor.as_deref().unwrap_or("system")),
        changes,
    }
}
