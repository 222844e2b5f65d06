//! One decision over many records: rows are chosen in a list, the set is frozen, an act is weighed and then done.

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use catalogue::{Field, Kind};
use crm::{
    bulk::{self, Act, Bulk, BulkId, Chosen, Reason},
    identity::staff,
    permits::{Dispose, ReadRecords, WriteRecords},
    search,
};
use http::{Method, StatusCode};
use kernel::{Code, Error, RecordId, Result, UserId};

use super::{At, address::Address, base_of, form, rail_of, redirect, seen::seen};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form, read as read_fields},
        layout::Choice,
        names::capital,
        render::html,
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        bulk::{ActForms, BulkBar, BulkPage, CountLine},
        parts::{Chip, Progress, Tone},
    },
};

/// The routes of a set that was chosen.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/bulk/{id}", Access::Staff, || get(page)),
    Route::new(Method::POST, "/bulk/{id}/weigh", Access::Staff, || post(weigh)),
    Route::new(Method::POST, "/bulk/{id}/run", Access::Staff, || post(run)),
    Route::new(Method::POST, "/bulk/{id}/cancel", Access::Staff, || post(cancel)),
];

fn may_write(who: &Who, kind: &Kind) -> bool {
    who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some())
}

fn may_propose(who: &Who, kind: &Kind) -> bool {
    who.actor.permit::<Dispose>().is_ok_and(|permit| permit.over(&kind.key).is_some())
}

/// The bar over a list, for whoever may do something with many of its records.
pub(super) fn bar(t: Text, who: &Who, kind: &Kind, address: &Address, total: Option<usize>) -> Option<BulkBar> {
    (may_write(who, kind) || may_propose(who, kind)).then(|| BulkBar {
        action: format!("{}/bulk", base_of(&kind.key)),
        hidden: address.pairs(),
        all_label: total.map_or_else(|| t.get("bulk-all"), |n| t.count("bulk-all-n", n)),
    })
}

/// Freezes the ticked rows, or all that the list has.
pub(super) async fn choose(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let chosen = if fields.get("all") == "true" {
        Chosen::Matching(Box::new(seen(&web, &who, &kind, &fields).await?.query(&kind, &who.actor)?))
    } else {
        let ids = fields.all("chosen").map(|id| id.parse::<RecordId>().map_err(|_| Error::not_found("record")));
        Chosen::These(ids.collect::<Result<_>>()?)
    };
    let id = bulk::choose(&web.app, &who.actor, &kind.key, &chosen).await?;
    Ok(redirect(&format!("/bulk/{id}")))
}

fn read(id: &str) -> Result<BulkId> {
    id.parse().map_err(|_| Error::not_found("bulk act; choose the records again"))
}

async fn standing(web: &Web, who: &Who, id: BulkId) -> Result<Bulk> {
    web.app
        .read(&who.actor, move |unit| {
            let found = bulk::find(unit, id)?;
            unit.plain(found)
        })
        .await
}

async fn page(State(web): State<Web>, who: Who, Path(id): Path<String>, uri: http::Uri) -> Result<Response, Refused> {
    let asked = read_fields(uri.query().unwrap_or_default().as_bytes())?;
    let view = view(&web, &who, read(&id)?, &asked).await?;
    Ok(Html(html(&view)?).into_response())
}

/// The page of a set as it stands; `again` in the address chooses another act.
async fn view(web: &Web, who: &Who, id: BulkId, asked: &Fields) -> Result<BulkPage> {
    let t = who.text;
    let set = standing(web, who, id).await?;
    let kind = web.catalogue(who.text).need(&set.kind)?;
    let href = format!("/bulk/{id}");
    let names = names(web, who).await?;
    let of = |n: usize| t.with_all("bulk-title", &[("n", t.number(n as u64)), ("kind", t.within(&kind.plural))]);
    let choosing = set.state == "chosen" || (set.state == "weighed" && !asked.get("again").is_empty());
    let act = set.act.as_ref().filter(|_| !choosing);
    let running = set.state == "running";
    let cancelled = match set.job {
        Some(job) if running => web.app.job(job).await?.is_some_and(|job| matches!(job.state.as_str(), "cancelled" | "failed")),
        _ => false,
    };
    let progress = (running && !cancelled).then(|| Progress {
        label: t.get("bulk-running"),
        done: set.done as u64,
        total: Some(set.total as u64),
        words: t.with2("bulk-progress", "done", t.number(set.done as u64), "total", t.number(set.total as u64)),
        running: true,
        cancel_action: set.job.map(|_| format!("{href}/cancel")),
        cancel_note: t.get("bulk-cancel-note"),
        ..Progress::default()
    });
    let proposes = matches!(act, Some(Act::ProposeDisposal { .. }));
    let over = running || set.state == "done";
    let counts: Vec<CountLine> = if choosing { Vec::new() } else { lines(t, &set, over, proposes) };
    let willing = set.counts.get(&Reason::Change).copied().unwrap_or_default();
    let run_key = if proposes { "bulk-run-propose" } else { "bulk-run" };
    let mut shell = who.shell(web, &of(set.total), rail_of(&kind.key), &href).await?;
    shell.title = of(set.total);
    Ok(BulkPage {
        t,
        shell,
        title: of(set.total),
        back: base_of(&kind.key),
        acts: if choosing { Some(forms(web, who, &kind, &names, asked.get("field")).await?) } else { None },
        act: match act {
            Some(act) => words(web, who, t, &kind, act, &names).await?,
            None => String::new(),
        },
        counts,
        counts_title: t.get(match (over, cancelled) {
            (true, true) => "bulk-was-cancelled",
            (true, false) if set.state == "done" => "bulk-done",
            (true, false) => "bulk-so-far",
            _ => "bulk-would",
        }),
        run_label: (set.state == "weighed" && willing > 0).then(|| t.count(run_key, willing)),
        progress,
        note: match set.state.as_str() {
            "done" => t.get(if proposes { "bulk-note-proposed" } else { "bulk-note-done" }),
            "running" => String::new(),
            _ => t.get("bulk-note-frozen"),
        },
        next: (set.state == "done" && proposes).then(|| (t.get("bulk-to-approvals"), "/approvals".to_owned())),
        problem: String::new(),
        href,
    })
}

fn lines(t: Text, set: &Bulk, over: bool, proposes: bool) -> Vec<CountLine> {
    let line = |(reason, n): (&Reason, &usize)| {
        let tone = match reason {
            Reason::Change => Tone::Good,
            Reason::Same => Tone::Plain,
            Reason::Waits | Reason::Changed => Tone::Time,
            Reason::Restricted => Tone::Limited,
            Reason::Held | Reason::Kept | Reason::OutOfReach | Reason::Refused => Tone::Held,
        };
        let word = reason.as_str().replace('_', "-");
        let key = match (reason, over, proposes) {
            (Reason::Change, false, false) => "bulk-will-change".to_owned(),
            (Reason::Change, false, true) => "bulk-will-propose".to_owned(),
            (Reason::Change, true, false) => "bulk-did-change".to_owned(),
            (Reason::Change, true, true) => "bulk-did-propose".to_owned(),
            _ => format!("bulk-reason-{word}"),
        };
        CountLine { label: Chip::new(t.get(&key), tone), count: t.number(*n as u64) }
    };
    set.counts.iter().map(line).collect()
}

type Names = Vec<(UserId, String)>;

async fn names(web: &Web, who: &Who) -> Result<Names> {
    let permit = who.actor.permit::<ReadRecords>()?;
    let all = web.app.read(&who.actor, move |unit| staff::directory(unit, &permit)).await?;
    Ok(all.into_iter().map(|one| (one.id, one.name.into_inner())).collect())
}

fn settable(who: &Who, kind: &Kind) -> Vec<Field> {
    let Some(scope) = who.actor.permit::<WriteRecords>().ok().and_then(|permit| permit.over(&kind.key)) else { return Vec::new() };
    let sees = |field: &&Field| search::sees(scope, who.actor.purpose, field);
    kind.writable().filter(sees).cloned().collect()
}

async fn forms(web: &Web, who: &Who, kind: &Kind, names: &Names, field: &str) -> Result<ActForms> {
    let t = who.text;
    let all = settable(who, kind);
    let chosen = all.iter().find(|one| one.key == field);
    let me = who.actor.staff();
    let mut owners: Vec<Choice> = names.iter().map(|(id, name)| Choice::new(id.to_string(), name, Some(*id) == me)).collect();
    owners.push(Choice::new("", t.get("bulk-nobody"), false));
    Ok(ActForms {
        fields: all.iter().map(|one| Choice::new(&one.key, &one.label, one.key == field)).collect(),
        inputs: match chosen {
            Some(field) => form::one_field(web, who, kind, field).await?,
            None => Vec::new(),
        },
        field: field.to_owned(),
        several: chosen.is_some_and(|field| field.many),
        owners,
        may_propose: may_propose(who, kind),
    })
}

/// An act in words.
async fn words(web: &Web, who: &Who, t: Text, kind: &Kind, act: &Act, names: &Names) -> Result<String> {
    let field = act.field().and_then(|key| kind.field(key));
    let label = field.map(|field| field.label.clone()).unwrap_or_default();
    Ok(match act {
        Act::Set { value, .. } if value.is_null() => t.with("bulk-act-empty", "field", label),
        Act::Set { value, .. } | Act::Add { value, .. } | Act::Remove { value, .. } => {
            let shown = match field {
                Some(field) => form::in_words(web, who, field, value).await?,
                None => String::new(),
            };
            t.with2(&format!("bulk-act-{}", act.word()), "field", label, "value", shown)
        }
        Act::Assign { owner: None } => t.get("bulk-act-nobody"),
        Act::Assign { owner: Some(owner) } => {
            let name = names.iter().find(|(id, _)| id == owner).map(|(_, name)| name.clone()).unwrap_or_default();
            t.with("bulk-act-assign", "name", name)
        }
        Act::ProposeDisposal { reason } => t.with("bulk-act-propose", "reason", reason),
    })
}

async fn weigh(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let id = read(&id)?;
    let done = weighed(&web, &who, id, &fields).await;
    after(&web, &who, id, &fields, done).await
}

async fn weighed(web: &Web, who: &Who, id: BulkId, fields: &Fields) -> Result<()> {
    let set = standing(web, who, id).await?;
    let kind = web.catalogue(who.text).need(&set.kind)?;
    let key = fields.get("field").to_owned();
    let value = async || -> Result<serde_json::Value> {
        let unknown = || Error::invalid("/field", "unknown_field", "Choose one of the fields.");
        let field = settable(who, &kind).into_iter().find(|field| field.key == key).ok_or_else(unknown)?;
        form::one_value(web, who, &kind, &field, fields).await
    };
    let act = match fields.get("act") {
        "set" => Act::Set { value: value().await?, field: key.clone() },
        "add" => Act::Add { value: value().await?, field: key.clone() },
        "remove" => Act::Remove { value: value().await?, field: key.clone() },
        "assign" => {
            let owner = Some(fields.get("owner")).filter(|id| !id.is_empty());
            let unknown = |_| Error::invalid("/owner", "unknown", "Choose one of your colleagues.");
            Act::Assign { owner: owner.map(|id| id.parse::<UserId>().map_err(unknown)).transpose()? }
        }
        "propose" => Act::ProposeDisposal { reason: fields.get("reason").to_owned() },
        _ => return Err(Error::invalid("/act", "unknown", "Choose what is to be done.")),
    };
    bulk::weigh(&web.app, &who.actor, id, &act).await.map(drop)
}

async fn run(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let id = read(&id)?;
    let done = bulk::run(&web.app, &who.actor, id).await.map(drop);
    after(&web, &who, id, &fields, done).await
}

/// The page as it is now, or again with what was refused in words.
async fn after(web: &Web, who: &Who, id: BulkId, fields: &Fields, done: Result<()>) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(redirect(&format!("/bulk/{id}"))),
        Err(error) if matches!(error.code(), Code::InvalidInput | Code::Conflict | Code::TooLarge) => {
            let again = if error.code() == Code::Conflict { Fields::default() } else { fields.with("again", "1") };
            let mut page = view(web, who, id, &again).await?;
            page.problem = error.problems().first().map_or_else(|| error.detail().to_owned(), |problem| capital(&problem.detail));
            let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            Ok((status, Html(html(&page)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn cancel(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let id = read(&id)?;
    let job = standing(&web, &who, id).await?.job;
    let over = || Error::new(Code::Conflict, "It is over; there is nothing to cancel.");
    if !web.app.cancel_job(job.ok_or_else(over)?).await? {
        return Err(over().into());
    }
    Ok(redirect(&format!("/bulk/{id}")))
}
