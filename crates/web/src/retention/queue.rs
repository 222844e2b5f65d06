//! What is due and waits for people: looked over, and proposed to a second person.

use std::collections::HashMap;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    disposal::{self, Cause},
    permits::{Dispose, ReadRecords, Unit},
    records,
    retention::{self, Queue},
};
use kernel::{Error, RecordId, Result};

use crate::{
    approvals::pages::{self as approvals, Chosen},
    kit::{error::Refused, form::Form, text::Text, who::Who},
    records::pages::{href_of, named},
    router::Web,
    views::{
        parts::{Cell, Chip, Tone},
        retention::{Waiting, WaitingQueue},
    },
};

/// Records of the queue that a page shows: what somebody can look over at once.
const SHOWN: usize = 20;

pub(super) async fn view(web: &Web, who: &Who) -> Result<WaitingQueue> {
    let (t, permit) = (who.text, who.actor.permit::<Dispose>()?);
    let reads = who.actor.permit::<ReadRecords>().ok();
    let read = web.app.read(&who.actor, move |unit: &mut Unit| {
        let proposals = disposal::proposals(unit, &permit)?;
        let queue = retention::waiting(unit, &permit, SHOWN)?;
        let (queue, ids) = {
            let mut ids = Vec::new();
            let queue = queue.map(|queue| {
                ids.extend(queue.first.iter().map(|one| one.record));
                queue
            });
            (queue, ids)
        };
        let named = reads.as_ref().map(|permit| records::name(unit, permit, &ids)).transpose()?;
        let proposed: HashMap<RecordId, String> =
            proposals.iter().flat_map(|p| p.records.iter().map(move |id| (*id, format!("/approvals/{}", p.id)))).collect();
        Ok(match named {
            Some(named) => queue.and(named),
            None => queue.map(|queue| (queue, Vec::new())),
        }
        .map(|(queue, named)| (queue, named, proposed)))
    });
    let (queue, shown, proposed) = read.await?;
    let catalogue = web.catalogue(t);
    let label = |key: &str| catalogue.kind(key).map_or_else(|| key.to_owned(), |kind| kind.label.clone());
    let row = |one: &retention::Waiting| {
        let kind = catalogue.kind(&one.kind);
        let name = shown.iter().find(|s| s.id == one.record).map(|s| Cell::Link { text: named(t, &s.title), href: href_of(&s.kind, s.id) });
        let (line, why) = one.line.split_once(": ").unwrap_or((&one.line, ""));
        Waiting {
            id: if one.fields.is_empty() { one.record.to_string() } else { format!("{} {}", one.record, one.fields.join(" ")) },
            fields: approvals::field_labels(kind.map(|kind| &**kind), &one.fields),
            name: name.unwrap_or_else(|| Cell::Withheld(t.get("link-withheld"))),
            kind: label(&one.kind),
            line: line.to_owned(),
            why: why.to_owned(),
            proposed: proposed.get(&one.record).map(|href| (Chip::new(t.get("queue-proposed"), Tone::Time), href.clone())),
        }
    };
    Ok(WaitingQueue { rows: queue.first.iter().map(row).collect(), counts: counts(t, &queue, label) })
}

fn counts(t: Text, queue: &Queue, label: impl Fn(&str) -> String) -> String {
    let each = queue.counts.iter().map(|(kind, n)| format!("{} {}", label(kind), t.number(*n as u64)));
    each.collect::<Vec<_>>().join(" · ")
}

/// Proposes the ticked records for disposal.
pub(super) async fn propose(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Dispose>()?;
    let chosen: Result<Vec<Chosen>> = fields.all("record").map(chosen).collect();
    let chosen = chosen?;
    if chosen.is_empty() {
        return Ok(Redirect::to("/retention#waiting").into_response());
    }
    Ok(approvals::propose_each(&web, &who, Cause::expiry(&permit), chosen, fields.get("reason").to_owned()).await?)
}

/// What a tick names: a record, or a record and the fields of it that are due.
fn chosen(ticked: &str) -> Result<Chosen> {
    let mut words = ticked.split(' ');
    let id = words.next().unwrap_or_default().parse().map_err(|_| Error::not_found("record"))?;
    Ok((id, words.map(str::to_owned).collect()))
}
