//! Pages of duplicates: the pairs, merging two side by side, and where a merged record went.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{Catalogue, Kind};
use crm::{
    duplicates::{self, Choice, DuplicateId, FieldChoice, LIKELY, Listed, Preview, Refusal, Scanned},
    identity::staff,
    permits::{Audit, ReadRecords, WriteRecords},
    records::{self, Detail, Shown},
};
use http::Method;
use kernel::{Error, RecordId, Result};
use serde::Deserialize;

use super::{api::LIMIT, typing, typing::why};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::{Notice, Shell},
        names::Names,
        render::html,
        text::Text,
        who::Who,
    },
    records::pages::{Shower, encode, href_of, named, rail_of, zone},
    router::{Access, Route, Web},
    views::{
        duplicates::{Duplicates, MergeField, MergePage, MergeSide, MergedPage, PairGroup, PairRow},
        parts::{Cell, Chip, Line, Paging, Progress, Tab, Tone},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/duplicates", Access::Staff, || get(list)),
    Route::new(Method::POST, "/duplicates/check", Access::Staff, || post(typing::check)),
    Route::new(Method::POST, "/duplicates/scan", Access::Staff, || post(scan)),
    Route::new(Method::POST, "/duplicates/cancel", Access::Staff, || post(cancel)),
    Route::new(Method::GET, "/duplicates/merge", Access::Staff, || get(weigh)),
    Route::new(Method::POST, "/duplicates/merge", Access::Staff, || post(merge)),
    Route::new(Method::POST, "/duplicates/{id}/dismiss", Access::Staff, || post(dismiss)),
    Route::new(Method::GET, "/duplicates/merged/{id}", Access::Staff, || get(merged)),
    Route::new(Method::POST, "/duplicates/merged/{id}", Access::Staff, || post(unmerge)),
];

/// From this score on two are almost certainly the same.
const SURE: i64 = 90;
const _: () = assert!(SURE > LIKELY);

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    kind: String,
    after: String,
    dismissed: String,
}

async fn list(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let t = who.text;
    let reads = who.actor.permit::<ReadRecords>()?;
    let catalogue = web.catalogue(t);
    let kinds: Vec<_> = catalogue.kinds().filter(|kind| duplicates::is_looked_for(kind) && reads.over(&kind.key).is_some()).collect();
    let chosen = kinds.iter().find(|kind| kind.key == asked.kind).or_else(|| kinds.iter().find(|kind| kind.is_person)).or(kinds.first());
    let kind = chosen.ok_or_else(|| Error::not_found("kind of which duplicates are looked for"))?;
    let (key, after) = (kind.key.clone(), Some(asked.after.clone()).filter(|cursor| !cursor.is_empty()));
    let page = web.app.read(&who.actor, move |unit| {
        let zone = zone(unit)?;
        let aside = unit.plain(zone)?;
        Ok(duplicates::list(unit, &reads, &key, after.as_deref(), LIMIT)?.and(aside))
    });
    let (page, zone) = page.await?;
    let scanned = duplicates::scanned(&web.app, &who.actor).await?;
    let (now, zone) = (web.app.env().now(), who.zone(zone));
    let seen = scanned.seen.map_or_else(|| t.get("dup-never"), |at| t.with("dup-seen", "when", t.when(at, now, &zone)));
    let here = format!("/duplicates?kind={}", kind.key);
    let mut shell = who.shell(&web, &t.get("dup-title"), rail_of(&kind.key), &here).await?;
    if !asked.dismissed.is_empty() {
        shell.notices.push(Notice::done(t.get("dup-dismissed")));
    }
    let tabs = kinds.iter().map(|one| Tab::new(one.plural.clone(), format!("/duplicates?kind={}", one.key), one.key == kind.key));
    let writes = who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some());
    let view = Duplicates {
        t,
        tabs: tabs.collect(),
        kind: kind.key.clone(),
        seen,
        progress: progress(t, &scanned),
        groups: groups(t, kind, &page.pairs),
        may: writes,
        paging: Paging { next: page.next.map(|next| format!("{here}&after={}", encode(&next))), ..Paging::default() },
        recorded: t.get("record-recorded"),
        shell,
    };
    Ok(Html(html(&view)?).into_response())
}

fn progress(t: Text, scanned: &Scanned) -> Option<Progress> {
    let job = scanned.job.as_ref()?;
    let running = matches!(job.state.as_str(), "ready" | "running");
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let words = match job.state.as_str() {
        "failed" => t.get("dup-failed"),
        _ if running => t.with2("dup-running-words", "done", t.number(count(job.done)), "total", t.number(count(job.total))),
        _ => return None,
    };
    Some(Progress {
        label: t.get("dup-running"),
        done: count(job.done),
        total: Some(count(job.total)).filter(|total| *total > 0),
        words,
        running,
        cancel_action: running.then(|| "/duplicates/cancel".to_owned()),
        ..Progress::default()
    })
}

/// The pairs of a page, those that hang together in one group; in the order of each group's likeliest.
fn groups(t: Text, kind: &Kind, pairs: &[Listed]) -> Vec<PairGroup> {
    let mut groups: Vec<(BTreeSet<RecordId>, Vec<&Listed>)> = Vec::new();
    for pair in pairs {
        let ids = BTreeSet::from([pair.records.0.id, pair.records.1.id]);
        let (with, mut rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(of, _)| !of.is_disjoint(&ids));
        let mut joined = (ids, Vec::new());
        for (of, pairs) in with {
            joined.0.extend(of);
            joined.1.extend(pairs);
        }
        joined.1.push(pair);
        rest.push(joined);
        groups = rest;
    }
    let best = |pairs: &[&Listed]| pairs.iter().map(|pair| pair.score).max().unwrap_or(0);
    groups.sort_by_key(|(_, pairs)| std::cmp::Reverse(best(pairs)));
    let all = groups
        .into_iter()
        .map(|(of, pairs)| PairGroup { records: of.len(), pairs: pairs.into_iter().map(|pair| row(t, kind, pair)).collect() });
    all.collect()
}

fn row(t: Text, kind: &Kind, pair: &Listed) -> PairRow {
    let (key, tone) = match pair.score {
        SURE.. => ("dup-likely-sure", Tone::Good),
        70.. => ("dup-likely-likely", Tone::Plain),
        _ => ("dup-likely-perhaps", Tone::Plain),
    };
    let one = |shown: &Shown| (named(t, &shown.title), href_of(&kind.key, shown.id));
    let codes: Vec<&str> = pair.signs.iter().map(String::as_str).collect();
    PairRow {
        id: pair.id.to_string(),
        records: [one(&pair.records.0), one(&pair.records.1)],
        why: why(t, kind, &codes),
        likely: Chip::new(t.get(key), tone),
        merge: format!("/duplicates/merge?survivor={}&other={}", pair.records.0.id, pair.records.1.id),
    }
}

fn back_to(kind: &str, word: &str) -> Response {
    let plain = kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    Redirect::to(&format!("/duplicates?kind={}{word}", if plain { kind } else { "" })).into_response()
}

async fn scan(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let permit = who.actor.permit::<WriteRecords>()?;
    let everything = fields.get("what") == "everything";
    web.app.write(&who.actor, move |unit| duplicates::ask(unit, &permit, everything)).await?;
    Ok(back_to(fields.get("kind"), ""))
}

async fn cancel(State(web): State<Web>, who: Who, Form(_): Form) -> Result<Response, Refused> {
    who.actor.permit::<WriteRecords>()?;
    if let Some(job) = duplicates::scanned(&web.app, &who.actor).await?.job {
        web.app.cancel_job(job.id).await?;
    }
    Ok(back_to("", ""))
}

async fn dismiss(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let id: DuplicateId = id.parse().map_err(|_| Error::not_found("pair of duplicates"))?;
    let permit = who.actor.permit::<WriteRecords>()?;
    web.app.write(&who.actor, move |unit| duplicates::dismiss(unit, &permit, id)).await?;
    Ok(back_to(fields.get("kind"), "&dismissed=1"))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Two {
    survivor: String,
    other: String,
}

fn read(id: &str) -> Result<RecordId> {
    id.parse().map_err(|_| Error::not_found("record"))
}

async fn weigh(State(web): State<Web>, who: Who, Query(asked): Query<Two>) -> Result<Response, Refused> {
    let (survivor, other) = (read(&asked.survivor)?, read(&asked.other)?);
    let (reads, writes) = (who.actor.permit::<ReadRecords>()?, who.actor.permit::<WriteRecords>()?);
    let read = web.app.read(&who.actor, move |unit| {
        let zone = zone(unit)?;
        let aside = unit.plain(zone)?;
        let weighed = duplicates::preview(unit, (&reads, &writes), (survivor, other), &BTreeMap::new(), Detail::Masked)?;
        let mut to: Vec<RecordId> = Vec::new();
        for id in [survivor, other] {
            to.extend(records::links_from(unit, id)?.into_iter().map(|(_, to)| to));
        }
        Ok(weighed.and(records::name(unit, &reads, &to)?).and(aside))
    });
    let ((weighed, links), zone) = read.await?;
    let t = who.text;
    let mut shower = Shower { t, now: web.app.env().now(), zone: who.zone(zone), links: Default::default() };
    shower.know(&links);
    let catalogue = web.catalogue(t);
    let kind = catalogue.need(&weighed.survivor.kind)?;
    let title = t.with2("dup-merge-title", "name", named(t, &weighed.survivor.title), "other", named(t, &weighed.other.title));
    let shell = who.shell(&web, &title, rail_of(&kind.key), &format!("/duplicates/merge?survivor={survivor}&other={other}")).await?;
    let view = side_by_side(&shower, (&catalogue, &kind), &weighed, (title, shell));
    Ok(Html(html(&view)?).into_response())
}

fn side_by_side(shower: &Shower, (catalogue, kind): (&Catalogue, &Kind), weighed: &Preview, (title, shell): (String, Shell)) -> MergePage {
    let t = shower.t;
    let side = |shown: &Shown| MergeSide {
        name: named(t, &shown.title),
        href: href_of(&kind.key, shown.id),
        id: shown.id.to_string(),
        version: shown.version,
        note: t.with2("record-version", "version", shown.version, "when", t.when(shown.updated, shower.now, &shower.zone)),
    };
    let field = |choice: &FieldChoice| {
        let described = kind.field(&choice.key)?;
        let cell = |shown: &Shown| shown.cell(&choice.key).map_or(Cell::Empty, |cell| shower.cell(kind, &choice.key, Some(cell)));
        Some(MergeField {
            key: choice.key.clone(),
            label: described.label.clone(),
            survivor: cell(&weighed.survivor),
            other: cell(&weighed.other),
            choice: choice.choice.as_str(),
            choose: choice.may_choose,
            several: choice.several,
            note: if choice.may_choose { String::new() } else { t.get("dup-rule") },
        })
    };
    let plural = |key: &str| catalogue.kind(key).map_or_else(|| key.to_owned(), |kind| kind.plural.clone());
    let of_kind = |(kind, n): (&String, &usize)| Line::text(plural(kind), t.number(*n as u64));
    let mut moves: Vec<Line> = weighed.moves.records.iter().map(of_kind).collect();
    if weighed.moves.entries > 0 {
        moves.push(Line::text(t.get("dup-moves-entries"), t.number(weighed.moves.entries as u64)));
    }
    let (a, b) = (&weighed.survivor, &weighed.other);
    MergePage {
        t,
        shell,
        title,
        survivor: side(a),
        other: side(b),
        swap: format!("/duplicates/merge?survivor={}&other={}", b.id, a.id),
        back: format!("/duplicates?kind={}", kind.key),
        differ: weighed.fields.iter().filter(|field| !field.same).filter_map(field).collect(),
        same: weighed.fields.iter().filter(|field| field.same).count(),
        moves,
        stays: weighed.moves.stays.iter().map(of_kind).collect(),
        refusals: weighed.refusals.iter().map(|refusal| refused(t, weighed, refusal)).collect(),
        recorded: t.get("record-recorded"),
    }
}

/// What forbids a merge, and what to do.
fn refused(t: Text, weighed: &Preview, refusal: &Refusal) -> (String, String) {
    let of = if refusal.record() == weighed.survivor.id { &weighed.survivor } else { &weighed.other };
    let name = named(t, &of.title);
    let what = match refusal {
        Refusal::Held(_, _, Some(matter)) => t.with2("dup-refused-held-matter", "matter", matter, "name", name),
        Refusal::Held(..) => t.with("dup-refused-held", "name", name),
        Refusal::Restricted(_) => t.with("dup-refused-restricted", "name", name),
        Refusal::Requested(_, _, right) => {
            t.with2("dup-refused-requested", "name", name, "right", t.get(&format!("request-right-{}", right.replace('_', "-"))))
        }
    };
    (what, t.get(&format!("dup-refused-{}-do", refusal.word())))
}

async fn merge(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let (survivor, other) = (read(fields.get("survivor"))?, read(fields.get("other"))?);
    let version = |name: &str| -> Result<i64> {
        fields.get(name).parse().map_err(|_| Error::invalid(format!("/{name}"), "required", "Load the page again."))
    };
    let versions = (Some(version("survivor_version")?), Some(version("other_version")?));
    let choices = chosen(&fields)?;
    let permit = who.actor.permit::<WriteRecords>()?;
    let asked = duplicates::Asked { survivor, other, choices, versions };
    let kind = web.app.write(&who.actor, move |unit| {
        let kind = records::find(unit, survivor)?.map(|row| row.kind.key.clone()).unwrap_or_default();
        duplicates::merge(unit, &permit, &asked)?;
        Ok(kind)
    });
    Ok(Redirect::to(&format!("{}?merged={other}", href_of(&kind.await?, survivor))).into_response())
}

fn chosen(fields: &Fields) -> Result<BTreeMap<String, Choice>> {
    let mut choices = BTreeMap::new();
    for (name, value) in fields.iter() {
        let Some(key) = name.strip_prefix("choice.") else { continue };
        let choice =
            Choice::parse(value).ok_or_else(|| Error::invalid(format!("/choices/{key}"), "not_an_option", "Choose one of the two."))?;
        choices.insert(key.to_owned(), choice);
    }
    Ok(choices)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Nothing {}

async fn merged(State(web): State<Web>, who: Who, Path(id): Path<String>, Query(_): Query<Nothing>) -> Result<Response, Refused> {
    let (t, other) = (who.text, read(&id)?);
    let permit = who.actor.permit::<ReadRecords>()?;
    let found = web.app.read(&who.actor, move |unit| {
        let zone = zone(unit)?;
        let into = duplicates::merged_into(unit, &permit, other)?;
        let survivor = into.root;
        let aside = unit.plain((into, zone))?;
        let named = records::name(unit, &permit, &[survivor])?;
        Ok(named.and(staff::directory(unit, &permit)?).and(aside))
    });
    let ((survivor, staff), (into, zone)) = found.await?;
    let survivor = survivor.into_iter().next().ok_or_else(|| Error::not_found("record"))?;
    let when = t.when(into.at, web.app.env().now(), &who.zone(zone));
    let audits = who.actor.permit::<Audit>().is_ok();
    let may = who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&into.kind).is_some());
    let address = format!("/duplicates/merged/{other}");
    let view = MergedPage {
        t,
        shell: who.shell(&web, &t.get("dup-merged-title"), rail_of(&into.kind), &address).await?,
        survivor: (named(t, &survivor.title), href_of(&survivor.kind, survivor.id)),
        note: t.with2("dup-merged-by", "when", when, "who", Names::of(staff).who(t, &into.actor)),
        action: may.then_some(address),
        moving: into.moving,
        evidence: audits.then(|| format!("/evidence/records/{other}")),
        recorded: t.get("record-recorded"),
    };
    Ok(Html(html(&view)?).into_response())
}

async fn unmerge(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(_): Form) -> Result<Response, Refused> {
    let other = read(&id)?;
    let permit = who.actor.permit::<WriteRecords>()?;
    let back = web.app.write(&who.actor, move |unit| {
        let kind = records::find(unit, other)?.map(|row| row.kind.key.clone()).unwrap_or_default();
        Ok((duplicates::unmerge(unit, &permit, other)?, kind))
    });
    let (back, kind) = back.await?;
    let left = if back.left.is_empty() { String::new() } else { format!("&left={}", back.left.join(".")) };
    Ok(Redirect::to(&format!("{}?unmerged=1{left}", href_of(&kind, other))).into_response())
}

/// What a record's page says after a merge, or after one was taken back.
pub(crate) fn acted(t: Text, kind: &Kind, asked: &Fields, address: &str) -> Option<Notice> {
    if let Ok(other) = asked.get("merged").parse::<RecordId>() {
        return Some(Notice::done(t.get("dup-merged")).undone_by(format!("/duplicates/merged/{other}"), 1, address));
    }
    if asked.get("unmerged").is_empty() {
        return None;
    }
    let left: Vec<String> = asked.get("left").split('.').filter_map(|key| kind.field(key)).map(|field| t.within(&field.label)).collect();
    Some(if left.is_empty() {
        Notice::done(t.get("dup-unmerged"))
    } else {
        Notice::note(t.with("dup-unmerged-left", "fields", left.join(", ")))
    })
}
