//! The page of one record.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use catalogue::{Kind, Outcome, PURPOSES, Stage, Value, case, deal, file as files, line, message as messages, note, order, person, task};
use crm::permits::{Audit, HandleRequests, Manage, ReadRecords, Unit, WriteRecords};
use crm::{
    evidence::{self, Look},
    holds,
    identity::staff,
    records::{self, Cell, Detail, Shown, State as Standing},
    reports::{self, DealsWith, Purchases},
    requests::{self, Request},
    retention::{self, Explained},
    service::{self as promises, Clock},
    timeline,
};
use http::HeaderMap;
use jiff::tz::TimeZone;
use kernel::{Code, Error, Instant, RecordId, Result, UserId};

use super::{
    At, Shower, base_of, beside,
    cells::{Links, named},
    file, form, href_of, icon_of, initials, lines, log, message, rail_of, redirect, zone,
};
use crate::{
    duplicates::pages as duplicates,
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Notice,
        names::Names,
        render::{html, wants_fragment},
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        parts::{Chip, Said, Tone},
        record::{Fact, FactGroup, RecordPage, Related, RelatedItem, Revealed, Rights, Seen, StageBar, Step, Use},
    },
};

/// The most related records beside one.
const RELATED: usize = 40;
/// People on the card of those who looked.
const LOOKS: usize = 6;
/// Entries of a timeline's page.
const ENTRIES: usize = 50;

/// Everything a record's page shows, read under one event.
pub(super) struct Dossier {
    pub(super) shown: Shown,
    pub(super) explained: Explained,
    pub(super) timeline: timeline::Page,
    pub(super) related: Vec<Shown>,
    pub(super) staff: Names,
    pub(super) colleagues: Vec<(UserId, String)>,
    pub(super) looks: Option<Vec<Look>>,
    pub(super) zone: TimeZone,
    pub(super) held: bool,
    pub(super) requests: Vec<Request>,
    /// What the deals with it come to.
    pub(super) deals: Option<DealsWith>,
    /// What it bought.
    pub(super) purchases: Option<Purchases>,
    /// Its service clock.
    pub(super) clock: Option<(Clock, promises::Set)>,
    /// What was merged into it.
    pub(super) parts: Vec<crm::duplicates::MergedInto>,
    /// Its lines, for a deal or an order.
    pub(super) lines: Option<records::Lines>,
}

/// Which part of a timeline is asked for.
#[derive(Clone, Default)]
pub(super) struct Part {
    pub(super) kinds: Vec<String>,
    pub(super) before: Option<String>,
    /// The moment before which it begins, where no other page is gone on from.
    pub(super) until: Option<Instant>,
    /// Whether everything that points to the record is named, not only what its timeline leaves out.
    pub(super) all: bool,
}

/// Reads a record's page: one read, one event. Error: not_found.
pub(super) async fn dossier(web: &Web, who: &Who, id: RecordId, part: Part) -> Result<Dossier> {
    let permit = who.actor.permit::<ReadRecords>()?;
    // Who looked is for those who may audit; everybody else is told that looking is recorded.
    let audits = who.actor.permit::<Audit>().ok();
    let handles = who.actor.permit::<HandleRequests>().is_ok_and(|permit| permit.over(person::KIND).is_some());
    let read = move |unit: &mut Unit| {
        let (zone, holds) = (zone(unit)?, holds::of_records(unit, &[id])?.remove(&id).unwrap_or_default());
        let mut beside: Vec<RecordId> = records::links_from(unit, id)?.into_iter().map(|(_, to)| to).collect();
        if part.all {
            beside.extend(records::links_to(unit, id)?.into_iter().map(|(_, from)| from).take(RELATED));
        } else {
            beside.extend(records::related(unit, id, RELATED)?);
        }
        let requests = if handles { requests::of_person(unit, id)? } else { Vec::new() };
        let row = records::find(unit, id)?;
        let deals = match &row {
            Some(row) => reports::deals_with(unit, &permit, &row.kind, id)?,
            None => unit.plain(None)?,
        };
        let lined = row.is_some_and(|row| records::followed_by(&row.kind).is_some()) && permit.over(line::KIND).is_some();
        let clock = records::clock(unit, &permit, id)?;
        let parts = crm::duplicates::parts(unit, &permit, id)?;
        let aside = unit.plain((zone, holds.iter().any(|hold| hold.released.is_none()), requests, parts))?.and(deals.and(clock));
        // What opens nothing came before.
        let aside = aside.and(reports::purchases(unit, &permit, id)?);
        let shown = records::show(unit, &permit, id, Detail::Masked)?;
        let shown = match lined {
            true => shown.and(records::lines(unit, &permit, id, Detail::Masked)?.map(Some)),
            false => shown.map(|shown| (shown, None)),
        };
        let explained = retention::explain(unit, &permit, id)?;
        let start = match (&part.before, part.until) {
            (Some(cursor), _) => timeline::Start::After(cursor),
            (None, Some(moment)) => timeline::Start::Before(moment),
            (None, None) => timeline::Start::Newest,
        };
        let timeline = timeline::of(unit, &permit, id, &part.kinds, start, ENTRIES)?;
        let related = records::name(unit, &permit, &beside)?;
        let staff = staff::directory(unit, &permit)?;
        let page = shown.and(explained).and(timeline).and(related).and(staff).and(aside);
        Ok(match &audits {
            Some(permit) => page.and(evidence::looked(unit, permit, id, LOOKS)?.map(Some)),
            None => page.map(|page| (page, None)),
        })
    };
    let (
        ((((((shown, lines), explained), timeline), related), staff), (((zone, held, requests, parts), (deals, clock)), purchases)),
        looks,
    ) = web.app.read(&who.actor, read).await?;
    let (colleagues, zone) = (log::working(&staff), who.zone(zone));
    Ok(Dossier {
        shown,
        explained,
        timeline,
        related,
        staff: Names::of(staff),
        colleagues,
        looks,
        zone,
        held,
        requests,
        deals,
        parts,
        lines,
        purchases,
        clock,
    })
}

/// The page of a record, of a message, of a file.
pub(super) async fn page(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    let asked = at.asked()?;
    Ok(match kind.key.as_str() {
        messages::KIND => message::page(&web, &who, &kind, id, &asked).await?,
        files::KIND => file::page(&web, &who, &kind, id).await?,
        _ => of(&web, &who, &kind, id, &asked, Extra::default()).await?,
    })
}

/// Shows one masked field: to a script the value alone, to everybody else the page with the value in it.
pub(super) async fn reveal(State(web): State<Web>, who: Who, at: At, headers: HeaderMap, Form(fields): Form) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    let key = fields.get("field").to_owned();
    let field = kind.field(&key).ok_or_else(|| Error::not_found("field"))?.clone();
    let permit = who.actor.permit::<ReadRecords>()?;
    let value = web.app.read(&who.actor, move |unit| records::reveal(unit, &permit, id, &key)).await?;
    if wants_fragment(&headers) {
        let t = who.text;
        let shower = Shower { t, now: web.app.env().now(), zone: who.clock(&web).await?, links: Links::new() };
        return Ok(Html(html(&Revealed { t, value: shower.words(&field, &value) })?).into_response());
    }
    Ok(of(&web, &who, &kind, id, &Fields::default(), Extra { revealed: Some((field.key, value)), ..Extra::default() }).await?)
}

/// What a page shows beside the record as it stands.
#[derive(Default)]
struct Extra {
    revealed: Option<(String, Value)>,
    composed: Option<log::Typed>,
    lined: Option<lines::Sent>,
    names: Names,
}

/// The page again, with what was typed into its composer and refused.
pub(super) async fn composed(web: &Web, who: &Who, kind: &Kind, id: RecordId, typed: log::Typed) -> Result<Response> {
    of(web, who, kind, id, &Fields::default(), Extra { composed: Some(typed), ..Extra::default() }).await
}

/// The page again, with a line that was sent and refused.
pub(super) async fn lined(web: &Web, who: &Who, kind: &Kind, id: RecordId, sent: lines::Sent) -> Result<Response> {
    let page = of(web, who, kind, id, &Fields::default(), Extra { lined: Some(sent), ..Extra::default() }).await?;
    Ok((http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn of(web: &Web, who: &Who, kind: &Kind, id: RecordId, asked: &Fields, mut extra: Extra) -> Result<Response> {
    let t = who.text;
    let part = Part {
        kinds: beside::kinds_of(kind, asked.get("show")),
        before: Some(asked.get("before").to_owned()).filter(|cursor| !cursor.is_empty()),
        until: beside::until(asked.get("day"), &who.clock(web).await?)?,
        all: false,
    };
    let all = match dossier(web, who, id, part).await {
        Err(error) if error.problems().iter().any(|problem| problem.code == records::MERGED) => {
            return Ok(redirect(&format!("/duplicates/merged/{id}")));
        }
        Err(error) if error.code() == Code::NotFound => return Err(beside::gone(web, who, id).await?.unwrap_or(error)),
        other => other?,
    };
    if all.shown.kind != kind.key {
        return Ok(redirect(&href_of(&all.shown.kind, id)));
    }
    let mut shower = Shower { t, now: web.app.env().now(), zone: all.zone.clone(), links: Links::new() };
    shower.know(&all.related);
    shower.links.insert(id, (all.shown.title.clone(), href_of(&kind.key, id)));
    let href = href_of(&kind.key, id);
    let name = named(t, &all.shown.title);
    let show = asked.get("show");
    let address = if beside::kinds_of(kind, show).is_empty() { href.clone() } else { format!("{href}?show={show}") };
    let mut shell = who.shell(web, &name, rail_of(&kind.key), &address).await?;
    let writes = who.actor.permit::<WriteRecords>().ok();
    let may_write = |key: &str| writes.as_ref().is_some_and(|permit| permit.over(key).is_some());
    if may_write(&kind.key) {
        shell.edit_href = Some(format!("{href}/edit"));
    }
    if let Ok(version) = asked.get("saved").parse::<i64>() {
        let saved = Notice::done(t.with("record-saved", "version", version));
        let undoable = version > 1 && version == all.shown.version && may_write(&kind.key);
        shell.notices.push(if undoable { saved.undone_by(format!("{href}/undo"), version, &address) } else { saved });
    }
    if let Some(word) = ["note", "task", "comment"].into_iter().find(|word| *word == asked.get("logged")) {
        shell.notices.push(Notice::done(t.get(&format!("log-saved-{word}"))));
    }
    if let Ok(attached) = asked.get("attached").parse::<usize>() {
        shell.notices.push(Notice::done(t.count("file-attached", attached)));
    }
    shell.notices.extend(log::acted(t, asked, &address));
    shell.notices.extend(lines::acted(t, asked, &address));
    shell.notices.extend(duplicates::acted(t, kind, asked, &address));
    let catalogue = web.catalogue(t);
    let house = log::House { colleagues: &all.colleagues, me: who.actor.staff() };
    let composer = log::composer(web, who, kind, &href, &house, extra.composed.as_ref());
    extra.names = all.staff.clone();
    let edits = form::editable(kind, who, &shower, &all.shown);
    let (groups, withheld) = facts(kind, &all.shown, &shower, &edits, &extra);
    let title = kind.field(&kind.title).filter(|field| edits.contains(&field.key));
    let title = title.map(|field| fact(field, kind, &all.shown, &shower, &edits));
    let lines = lines::table(web, who, kind, &all, &shower, asked, extra.lined.as_ref()).await?;
    let view = RecordPage {
        t,
        lines,
        initials: if kind.is_person { initials(&all.shown.title) } else { String::new() },
        name,
        icon: icon_of(&kind.key).to_owned(),
        subtitle: subtitle(kind, &all, &shower),
        states: states(t, &all),
        stages: stage_bar(kind, &all, &shower, &href, may_write(&kind.key) && all.shown.state == Standing::Live),
        clock: all.clock.as_ref().and_then(|(clock, set)| {
            crate::service::words::panel(catalogue.kind(case::KIND)?, &shower, clock, set, who.actor.permit::<Manage>().is_ok())
        }),
        actions: if writes_to(kind) && may_write(messages::KIND) && all.shown.state == Standing::Live {
            let of_case = if kind.key == case::KIND { format!("&case={}", all.shown.id) } else { String::new() };
            vec![(t.get("mail-write"), format!("/mail/new?record={}{of_case}", all.shown.id))]
        } else {
            Vec::new()
        },
        recorded: t.get("record-recorded"),
        title,
        groups,
        withheld_note: (withheld > 0).then(|| {
            let note = t.count("record-withheld", withheld);
            format!("{note} {}", t.with("record-acting", "purpose", t.purpose(who.actor.purpose.key)))
        }),
        related: related(&catalogue, kind, &all, &shower).into_iter().chain(merged_into(&all, &shower)).collect(),
        attach: attachable(&catalogue, kind, &all, may_write(files::KIND)).then(|| format!("{href}/files")),
        composer,
        tabs: beside::tabs(t, kind, &href, show),
        show: show.to_owned(),
        day: asked.get("day").to_owned(),
        days: beside::days(&shower, &all, &catalogue, may_write(task::KIND)),
        paging: beside::paging(&href, show, asked.get("before"), all.timeline.next.as_deref()),
        keeping: beside::keeping(t, &all.explained, all.held),
        uses: if kind.is_person { uses(t, &all.shown) } else { Vec::new() },
        uses_href: kind.is_person.then(|| format!("/consents/{}", all.shown.id)),
        seen: seen(&all, &shower),
        seen_all: all.looks.is_some().then(|| (t.get("record-all"), format!("/evidence/records/{id}"))),
        version: version_line(&shower, &all.shown, &href),
        rights: rights(who, kind, &all, &shower, &href),
        evidence_href: all.looks.is_some().then(|| format!("/evidence/records/{id}")),
        href,
        shell,
    };
    Ok(Html(html(&view)?).into_response())
}

/// Whether files may be put beside it.
fn attachable(catalogue: &catalogue::Catalogue, kind: &Kind, all: &Dossier, may: bool) -> bool {
    let beside = catalogue.kind(files::KIND).is_some_and(|files| records::files::beside(files, &kind.key).is_some());
    may && beside && all.shown.state == Standing::Live
}

pub(super) fn states(t: Text, all: &Dossier) -> Vec<Chip> {
    let held = all.held.then(|| Chip::new(t.get("kept-held"), Tone::Held));
    let restricted = (all.shown.state == Standing::Restricted).then(|| Chip::new(t.get("state-restricted"), Tone::Limited));
    held.into_iter().chain(restricted).collect()
}

/// Who looked at it last, by name and purpose; nothing for those who may not audit.
fn seen(all: &Dossier, shower: &Shower) -> Vec<Seen> {
    let one = |look: &Look| {
        let name = all.staff.who(shower.t, &look.actor);
        let key = if look.name == "record.revealed" { "seen-revealed" } else { "seen-looked" };
        let when = shower.t.when(look.at, shower.now, &shower.zone);
        let note = shower.t.with2(key, "when", when, "purpose", shower.t.purpose(&look.purpose));
        Seen { initials: initials(&name), name, note }
    };
    all.looks.iter().flatten().map(one).collect()
}

/// `Version 3, saved today 10:42 · All versions`.
pub(super) fn version_line(shower: &Shower, shown: &Shown, href: &str) -> Said {
    let when = shower.t.when(shown.updated, shower.now, &shower.zone);
    let said = Said::new().say(shower.t.with2("record-version", "version", shown.version, "when", when)).say(" · ");
    said.link(shower.t.get("record-versions"), format!("{href}/versions"))
}

/// `Lead · Studio Lombardi · with Mara Keller`.
fn subtitle(kind: &Kind, all: &Dossier, shower: &Shower) -> Said {
    use crate::views::parts::Cell as Part;
    let mut said = Said::new();
    let mut first = true;
    let mut gap = |said: Said| {
        let said = if first { said } else { said.say(" · ") };
        first = false;
        said
    };
    for field in kind.fields.iter().filter(|f| f.listed && f.key != kind.title) {
        said = match shower.cell(kind, &field.key, all.shown.cell(&field.key)) {
            Part::Link { text, href } => gap(said).link(text, href),
            Part::Chip(chip) => gap(said).say(chip.text),
            _ => said,
        };
    }
    let owner = all.shown.owner.and_then(|owner| all.staff.get(&owner.to_string()));
    match owner {
        Some(owner) => gap(said).say(shower.t.with("record-with", "name", owner)),
        None => said,
    }
}

/// One field as this reader sees it.
pub(super) fn fact(field: &catalogue::Field, kind: &Kind, shown: &Shown, shower: &Shower, edits: &BTreeSet<String>) -> Fact {
    let cell = shown.cell(&field.key);
    let fact = Fact::new(&field.key, &field.label, shower.cell(kind, &field.key, cell)).editable(edits.contains(&field.key));
    if matches!(cell, Some(Cell::Masked(_))) { fact.revealable(false) } else { fact }
}

/// The facts in groups, and how many are withheld.
fn facts(kind: &Kind, shown: &Shown, shower: &Shower, edits: &BTreeSet<String>, extra: &Extra) -> (Vec<FactGroup>, usize) {
    let (mut written, mut kept, mut empty, mut withheld) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for field in kind.fields.iter().filter(|f| f.key != kind.title) {
        let mut fact = fact(field, kind, shown, shower, edits);
        let Some(cell) = shown.cell(&field.key) else {
            if !field.retired && !field.system {
                empty.push(fact);
            }
            continue;
        };
        withheld += usize::from(matches!(cell, Cell::WithheldPurpose | Cell::WithheldClass));
        if let Some((_, value)) = extra.revealed.as_ref().filter(|(key, _)| *key == field.key) {
            fact.value = crate::views::parts::Cell::Text(shower.words(field, value));
            (fact.revealed, fact.reveal) = (true, false);
        }
        if let Some(names) = mentioned(field, kind, shown, &extra.names, shower.t) {
            fact.value = crate::views::parts::Cell::Text(names);
        }
        if field.system { kept.push(fact) } else { written.push(fact) }
    }
    let mut groups = vec![FactGroup { title: shower.t.get("record-facts"), facts: written, empty }];
    if !kept.is_empty() {
        groups.push(FactGroup { title: shower.t.get("record-kept-by"), facts: kept, empty: Vec::new() });
    }
    (groups, withheld)
}

/// The names of those whom a note mentions, in place of their ids.
fn mentioned(field: &catalogue::Field, kind: &Kind, shown: &Shown, names: &Names, t: Text) -> Option<String> {
    let Some(Cell::Shown(value)) = shown.cell(&field.key).filter(|_| kind.key == note::KIND && field.key == note::MENTIONS) else {
        return None;
    };
    Some(value.each().iter().filter_map(Value::as_text).map(|id| names.who(t, id)).collect::<Vec<_>>().join(", "))
}

fn related(catalogue: &catalogue::Catalogue, kind: &Kind, all: &Dossier, shower: &Shower) -> Vec<Related> {
    let own: Vec<RecordId> = all.shown.cells.iter().flat_map(|(_, cell)| linked(cell)).collect();
    let mut groups: Vec<(&str, Vec<&Shown>)> = Vec::new();
    for shown in all.related.iter().filter(|s| !own.contains(&s.id)) {
        match groups.iter_mut().find(|(key, _)| *key == shown.kind) {
            Some((_, items)) => items.push(shown),
            None => groups.push((&shown.kind, vec![shown])),
        }
    }
    let group = |(key, items): (&str, Vec<&Shown>)| {
        let of = catalogue.kind(key)?;
        let field = form::link_to(of, &kind.key);
        let note = if key == deal::KIND { all.deals.as_ref().map(|deals| deals_note(of, deals, shower)) } else { None };
        let all_href = field.map(|field| format!("{}?field={field}&op=eq&value={}", base_of(key), all.shown.id));
        Some(Related {
            title: of.plural.clone(),
            items: items.iter().take(8).map(|shown| item(of, shown, shower)).collect(),
            note: note.unwrap_or_default(),
            figures: Vec::new(),
            all_href,
        })
    };
    let bought = all.purchases.as_ref().and_then(|bought| purchases(catalogue, kind, bought, all.shown.id, shower));
    // The orders beside it stand in what was bought.
    let others = groups.into_iter().filter(|(key, _)| bought.is_none() || *key != order::KIND);
    let others: Vec<Related> = others.filter_map(group).collect();
    bought.into_iter().chain(others).collect()
}

/// What a customer bought, at a glance.
fn purchases(catalogue: &catalogue::Catalogue, kind: &Kind, bought: &Purchases, id: RecordId, shower: &Shower) -> Option<Related> {
    let (t, orders) = (shower.t, catalogue.kind(order::KIND)?);
    let money = orders.field(order::TOTAL)?;
    let words = |sums: &crm::views::Sums| super::board::in_words(shower, money, sums).join(" + ");
    let amount = |sums: &crm::views::Sums| if bought.amounts_withheld { t.get("purchases-withheld") } else { words(sums) };
    let mut figures = vec![(t.get("purchases-orders"), t.number(bought.orders as u64))];
    if bought.amounts_withheld || bought.total.each().next().is_some() {
        figures.push((t.get("purchases-total"), amount(&bought.total)));
    }
    if !bought.amounts_withheld && bought.average.each().next().is_some() {
        figures.push((t.get("purchases-average"), amount(&bought.average)));
    }
    figures.extend(bought.first.map(|day| (t.get("purchases-first"), t.day(day))));
    figures.extend(bought.last.map(|day| (t.get("purchases-last"), t.day(day))));
    let mut notes = Vec::new();
    notes.extend((bought.undone > 0).then(|| t.count("purchases-undone", bought.undone)));
    notes.extend((bought.undated > 0).then(|| t.count("purchases-undated", bought.undated)));
    notes.extend(bought.more.then(|| t.get("purchases-more")));
    let items = bought.latest.iter().map(|one| {
        let (shown, amount) = (&one.order, &one.total);
        let amount =
            amount.as_ref().map(|(currency, minor)| shower.words(money, &Value::Money { minor: *minor, currency: currency.clone() }));
        let note = one.placed.map(|day| t.day(day)).into_iter().chain(amount).collect::<Vec<_>>().join(" · ");
        RelatedItem { name: named(t, &shown.title), href: href_of(&shown.kind, shown.id), note, steps: Vec::new() }
    });
    let all_href = form::link_to(orders, &kind.key).filter(|_| kind.is_person);
    Some(Related {
        title: t.get("purchases-title"),
        note: notes.join(" "),
        figures,
        items: items.collect(),
        all_href: all_href.map(|field| format!("{}?field={field}&op=eq&value={id}", base_of(order::KIND))),
    })
}

/// What was merged into the record, each with the way to where that is taken back.
fn merged_into(all: &Dossier, shower: &Shower) -> Option<Related> {
    let t = shower.t;
    let item = |part: &crm::duplicates::MergedInto| RelatedItem {
        name: t.when(part.at, shower.now, &shower.zone),
        href: format!("/duplicates/merged/{}", part.other),
        note: all.staff.who(t, &part.actor),
        steps: Vec::new(),
    };
    let items: Vec<RelatedItem> = all.parts.iter().map(item).collect();
    (!items.is_empty()).then(|| Related { title: t.get("dup-parts"), items, note: String::new(), figures: Vec::new(), all_href: None })
}

/// `3 open: 12,000.00 EUR · 2 won: 48,500.00 EUR`.
fn deals_note(kind: &Kind, deals: &DealsWith, shower: &Shower) -> String {
    let Some(money) = kind.field(deal::AMOUNT) else { return String::new() };
    let part = |key: &str, n: usize, sums: &crm::views::Sums| {
        let words = super::board::in_words(shower, money, sums).join(" + ");
        (n > 0).then(|| shower.t.with2(key, "n", n, "sum", if words.is_empty() { "–".to_owned() } else { words }))
    };
    let all = [part("deals-open", deals.open, &deals.open_amount), part("deals-won", deals.won, &deals.won_amount)];
    all.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

pub(super) fn linked(cell: &Cell) -> Vec<RecordId> {
    let Cell::Shown(value) = cell else { return Vec::new() };
    value.each().iter().filter_map(|v| if let Value::Link(id) = v { Some(*id) } else { None }).collect()
}

/// A record beside another: its name, a quiet word, and how far it has come.
pub(super) fn item(kind: &Kind, shown: &Shown, shower: &Shower) -> RelatedItem {
    let value = |key: &str| match shown.cell(key) {
        Some(Cell::Shown(value)) => kind.field(key).map(|field| shower.words(field, value)),
        _ => None,
    };
    let note = ["amount", "due", "status", "stage", "total", "relation", "placed_at"].iter().find_map(|key| value(key));
    let stage = match shown.cell(deal::STAGE) {
        Some(Cell::Shown(Value::Text(stage))) if kind.key == deal::KIND => Some(stage.as_str()),
        _ => None,
    };
    let steps = stage.map(|stage| steps(kind, stage)).unwrap_or_default();
    RelatedItem { name: named(shower.t, &shown.title), href: href_of(&shown.kind, shown.id), note: note.unwrap_or_default(), steps }
}

fn steps(kind: &Kind, stage: &str) -> Vec<(String, &'static str)> {
    let Some((pipeline, _)) = kind.stage(stage) else { return Vec::new() };
    // What is lost stands at the end of nothing.
    let way: Vec<&Stage> = pipeline.stages.iter().filter(|s| s.outcome != Outcome::Lost && (!s.retired || s.key == stage)).collect();
    let Some(now) = way.iter().position(|s| s.key == stage) else { return Vec::new() };
    let state = |at: usize| match at.cmp(&now) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "ahead",
    };
    way.iter().enumerate().map(|(at, s)| (s.label.clone(), state(at))).collect()
}

/// The stages of the pipeline that a record is in, each a step that it can be moved to.
fn stage_bar(kind: &Kind, all: &Dossier, shower: &Shower, href: &str, may: bool) -> Option<StageBar> {
    let (t, shown) = (shower.t, &all.shown);
    let value = |key: &str| if let Some(Cell::Shown(value)) = shown.cell(key) { Some(value) } else { None };
    if kind.pipelines.is_empty() || matches!(shown.cell(deal::STAGE), Some(cell) if !matches!(cell, Cell::Shown(_))) {
        return None;
    }
    let stands = value(deal::STAGE).and_then(Value::as_text).and_then(|key| kind.stage(key));
    let (pipeline, now) = match stands {
        Some((pipeline, stage)) => (pipeline, Some(stage)),
        None => (kind.used_pipelines().next()?, None),
    };
    let stage = |stage: &Stage, state: &'static str| Step {
        label: stage.label.clone(),
        value: (may && now.is_none_or(|now| now.key != stage.key)).then(|| format!("{}.{}.{}", shown.id, shown.version, stage.key)),
        state,
    };
    let used = |s: &&Stage| !s.retired || now.is_some_and(|now| now.key == s.key);
    let way: Vec<&Stage> = pipeline.stages.iter().filter(used).filter(|s| !s.is_closed()).collect();
    let at = now.and_then(|now| way.iter().position(|s| s.key == now.key));
    let won = now.is_some_and(|now| now.outcome == Outcome::Won);
    let state = |n: usize| match at {
        Some(at) if n == at => "now",
        Some(at) if n < at => "done",
        None if won => "done",
        _ => "ahead",
    };
    let ends = pipeline.stages.iter().filter(used).filter(|s| s.is_closed());
    let said = |key: &str| value(key).and_then(|value| kind.field(key).map(|field| shower.words(field, value)));
    let note = match now {
        None => t.get("stage-none"),
        Some(now) if now.is_closed() => {
            let day = said(deal::CLOSED).unwrap_or_default();
            match said(deal::CLOSE_REASON) {
                Some(reason) => t.with_all("stage-closed-why", &[("stage", now.label.clone()), ("day", day), ("reason", reason)]),
                None => t.with2("stage-closed", "stage", &now.label, "day", day),
            }
        }
        Some(now) => match value(deal::STAGE_SINCE) {
            Some(Value::Time(since)) => {
                t.with2("stage-since", "stage", &now.label, "when", shower.t.when(*since, shower.now, &shower.zone))
            }
            _ => t.with("stage-at", "stage", &now.label),
        },
    };
    let after = now.filter(|now| !now.is_closed()).and_then(|now| now.rots_after);
    Some(StageBar {
        action: format!("{}/move", base_of(&kind.key)),
        hidden: vec![("as", format!("board.{}.{}", deal::STAGE, pipeline.key)), ("return", href.to_owned())],
        pipeline: pipeline.label.clone(),
        steps: way.iter().enumerate().map(|(n, s)| stage(s, state(n))).collect(),
        ends: ends.map(|s| stage(s, s.outcome.as_str())).collect(),
        note,
        rots: super::board::rots(t, shown.cell(deal::STAGE_SINCE), after, shower.now),
    })
}

/// What the person's data may be used for.
fn uses(t: Text, shown: &Shown) -> Vec<Use> {
    let one = |purpose: &'static catalogue::Purpose| {
        let (tone, note) = match (shown.usable.serve(purpose), purpose.needs_consent) {
            (true, true) => (Tone::Good, "use-consented"),
            (true, false) => (Tone::Good, "use-basis"),
            (false, true) => (Tone::Plain, "use-no-consent"),
            (false, false) => (Tone::Limited, "use-stopped"),
        };
        Use { purpose: Chip::new(t.purpose(purpose.key), tone), note: t.get(note) }
    };
    PURPOSES.iter().map(one).collect()
}

fn rights(who: &Who, kind: &Kind, all: &Dossier, shower: &Shower, href: &str) -> Option<Rights> {
    let open = all.requests.iter().filter(|request| request.closed.is_none()).map(|request| RelatedItem {
        name: shower.t.get(&format!("request-right-{}", request.right.replace('_', "-"))),
        href: format!("/requests/{}", request.id),
        note: shower.t.deadline(request.due.day(), shower.now.day_in(&shower.zone)),
        steps: Vec::new(),
    });
    let may = kind.key == person::KIND && who.actor.permit::<HandleRequests>().is_ok();
    may.then(|| Rights {
        package_action: Some(format!("{href}/package")),
        erasure_href: Some(format!("{href}/erasure")),
        requests: open.collect(),
    })
}

/// Whether one writes letters from the page of such a record.
fn writes_to(kind: &Kind) -> bool {
    kind.is_person || ["company", "deal", case::KIND].contains(&kind.key.as_str())
}
