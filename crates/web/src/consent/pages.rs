//! What one person said about the use of their data: what holds, what was said when and how, and a form that enters more.

use std::collections::HashMap;

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{PURPOSES, Purpose};
use crm::{
    consent::{self, Act as Spoke, CHANNELS, Entry, Held, Said, notice},
    permits::{ReadRecords, Unit, WriteRecords},
    records::{self, Detail},
};
use http::{Method, StatusCode};
use jiff::{civil::DateTime, tz::TimeZone};
use kernel::{Code, Error, Instant, RecordId, Result};

use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form as Given},
        layout::{Choice, Notice},
        render::html,
        text::Text,
        who::Who,
    },
    mail::pages::{again, asked, id},
    records::pages::{href_of, named, zone},
    router::{Access, Route, Web},
    views::{
        mail::{Form, MailPage, Row},
        parts::{Chip, Control, Field, Tab, Tone},
    },
};

/// The routes of this page.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/consents/{id}", Access::Staff, || get(page)),
    Route::new(Method::POST, "/consents/{id}", Access::Staff, || post(enter)),
];

/// What people can be said to have said.
const ACTS: [Spoke; 6] = [Spoke::Given, Spoke::Withdrawn, Spoke::Objected, Spoke::Lifted, Spoke::Refused, Spoke::Requested];

struct Around {
    name: String,
    kind: String,
    held: Held,
    notices: Vec<notice::Notice>,
    /// Where the evidence of each is, as far as it may be read.
    evidence: HashMap<RecordId, String>,
    zone: TimeZone,
}

async fn around(web: &Web, who: &Who, person: RecordId) -> Result<Around> {
    let permit = who.actor.permit::<ReadRecords>()?;
    let read = move |unit: &mut Unit| {
        let zone = zone(unit)?;
        let aside = unit.plain(zone)?.and(notice::list(unit)?);
        Ok(records::show(unit, &permit, person, Detail::Masked)?.and(consent::held(unit, &permit, person)?).and(aside))
    };
    let ((shown, held), (zone, notices)) = web.app.read(&who.actor, read).await?;
    let (permit, shows) = (who.actor.permit::<ReadRecords>()?, held.entries.iter().filter_map(|one| one.evidence).collect::<Vec<_>>());
    let evidence = web.app.read(&who.actor, move |unit| {
        let rows = records::find_many(unit, &shows)?;
        let rows = rows.iter().filter(|row| records::in_scope(&permit, row)).map(|row| (row.id, href_of(&row.kind.key, row.id)));
        let found = rows.collect::<HashMap<_, _>>();
        unit.plain(found)
    });
    let evidence = evidence.await?;
    Ok(Around { name: named(who.text, &shown.title), kind: shown.kind, held, notices, evidence, zone: who.zone(zone) })
}

async fn page(State(web): State<Web>, who: Who, Path(person): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let (person, given) = (id::<RecordId>(&person, "record")?, asked(query)?);
    let mut view = view(&web, &who, person).await?;
    if given.get("done") == "entered" {
        view.shell.notices.push(Notice::done(who.text.get("consent-done")));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn view(web: &Web, who: &Who, person: RecordId) -> Result<MailPage> {
    let t = who.text;
    let all = around(web, who, person).await?;
    let title = t.with("consent-title", "name", &all.name);
    let mut rows: Vec<Row> = all.held.standing.iter().map(|(purpose, standing)| stands(t, purpose, standing, &all.zone)).collect();
    rows.extend(all.held.entries.iter().map(|entry| said(t, entry, &all)));
    let href = href_of(&all.kind, person);
    let writes = who.actor.permit::<WriteRecords>().is_ok();
    Ok(MailPage {
        once: None,
        t,
        shell: who.shell(web, &title, "people", &format!("/consents/{person}")).await?,
        title,
        lead: t.get("consent-lead"),
        tabs: vec![Tab::new(all.name.clone(), href, false), Tab::new(t.get("consent-tab"), format!("/consents/{person}"), true)],
        rows,
        empty: t.get("consent-lead"),
        pick: None,
        form: writes.then(|| form(t, person, &all)),
    })
}

/// What holds for one purpose.
fn stands(t: Text, purpose: &Purpose, standing: &consent::Standing, zone: &TimeZone) -> Row {
    let (chip, line) = match (standing.allowed, standing.by) {
        (true, None) => (Chip::new(t.get("consent-allowed"), Tone::Good), t.get("consent-by-basis")),
        (false, None) => (Chip::new(t.get("consent-barred"), Tone::Plain), t.get("consent-by-none")),
        (allowed, Some((act, at))) => {
            let word = if allowed { "consent-allowed" } else { "consent-barred" };
            let since = t.with2("consent-by", "what", t.get(act_key(act)), "day", t.day(at.day_in(zone)));
            (Chip::new(t.get(word), if allowed { Tone::Good } else { Tone::Limited }), since)
        }
    };
    Row { title: t.purpose(purpose.key), href: None, chips: vec![chip], lines: vec![line], said: None, acts: Vec::new() }
}

/// What was said once.
fn said(t: Text, entry: &Entry, all: &Around) -> Row {
    let when = |at: Instant| t.moment(at, &all.zone);
    let mut lines = vec![t.with2(
        "consent-said",
        "when",
        when(entry.at),
        "how",
        t.get(&format!("consent-channel-{}", entry.channel.replace('_', "-"))),
    )];
    if let Some((id, version)) = entry.notice {
        let title = all.notices.iter().find(|one| one.id == id).map_or_else(|| id.to_string(), |one| one.title.clone());
        lines.push(t.with2("consent-shown", "title", title, "version", version.to_string()));
    }
    lines.extend(entry.ends.map(|ends| t.with("consent-ends", "day", t.day(ends.day_in(&all.zone)))));
    lines.extend((entry.act == Spoke::Given && !entry.is_proven()).then(|| t.get("consent-unproven")));
    lines.extend(
        (entry.recorded > entry.at.plus(std::time::Duration::from_secs(60)))
            .then(|| t.with("consent-entered", "when", when(entry.recorded))),
    );
    let tone = if entry.act.bars() { Tone::Limited } else { Tone::Plain };
    Row {
        title: t.with2("consent-entry", "purpose", t.purpose(entry.purpose.key), "what", t.get(act_key(entry.act))),
        href: entry.evidence.and_then(|evidence| all.evidence.get(&evidence).cloned()),
        chips: vec![Chip::new(t.get("consent-history"), tone)],
        lines,
        said: None,
        acts: Vec::new(),
    }
}

/// The message of an act.
pub(crate) fn act_key(act: Spoke) -> &'static str {
    match act {
        Spoke::Requested => "consent-act-requested",
        Spoke::Given => "consent-act-given",
        Spoke::Refused => "consent-act-refused",
        Spoke::Withdrawn => "consent-act-withdrawn",
        Spoke::Expired => "consent-act-expired",
        Spoke::Objected => "consent-act-objected",
        Spoke::Lifted => "consent-act-lifted",
    }
}

fn form(t: Text, person: RecordId, all: &Around) -> Form {
    let purposes = PURPOSES.iter().filter(|one| consent::is_asked(one));
    let purposes = purposes.map(|one| Choice::new(one.key, t.purpose(one.key), one.needs_consent)).collect();
    let acts = ACTS.iter().map(|act| Choice::new(act.as_str(), t.get(act_key(*act)), *act == Spoke::Withdrawn)).collect();
    let channels = CHANNELS.iter().filter(|one| !["unsubscribe", "signal"].contains(one));
    let channels =
        channels.map(|one| Choice::new(*one, t.get(&format!("consent-channel-{}", one.replace('_', "-"))), *one == "phone")).collect();
    let notices = all.notices.iter().map(|one| {
        let label = format!("{} · {} · {} · v{}", t.purpose(one.purpose.key), one.title, one.language, one.version);
        Choice::new(one.id.to_string(), label, false)
    });
    let notices = notices.collect();
    Form {
        title: t.get("consent-enter"),
        action: format!("/consents/{person}"),
        hidden: Vec::new(),
        fields: vec![
            Field::new("purpose", t.get("consent-purpose"), Control::Choice(purposes)).required(),
            Field::new("act", t.get("consent-what"), Control::Choice(acts)).required(),
            Field::new("channel", t.get("consent-how"), Control::Choice(channels)).required(),
            Field::new("notice", t.get("consent-notice"), Control::Choice(notices)).help(t.get("consent-notice-help")),
        ],
        more: vec![
            Field::new("at", t.get("consent-at"), Control::Moment).help(t.get("consent-at-help")),
            Field::new("ends", t.get("consent-until"), Control::Date).help(t.get("consent-until-help")),
            Field::new("evidence", t.get("consent-evidence"), Control::Text).help(t.get("consent-evidence-help")),
        ],
        button: t.get("consent-enter-do"),
        second: None,
        note: t.get("consent-note"),
    }
}

fn moment(given: &Fields, name: &'static str, zone: &TimeZone) -> Result<Option<Instant>> {
    let text = given.get(name).trim();
    if text.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::invalid(format!("/{name}"), "not_a_time", "Write the day, and the time where it matters.");
    let at: DateTime = text.parse().map_err(|_| wrong())?;
    let at = at.to_zoned(zone.clone()).map_err(|_| wrong())?;
    Ok(Some(Instant::from_micros(at.timestamp().as_microsecond())))
}

fn read(given: &Fields, zone: &TimeZone) -> Result<Said> {
    let some = |name: &str| Some(given.get(name).trim().to_owned()).filter(|text| !text.is_empty());
    let unknown = |pointer: &str| Error::invalid(pointer, "unknown", "Choose one of the list.");
    let notice = some("notice").map(|text| text.parse().map_err(|_| unknown("/notice"))).transpose()?;
    // What is typed may be an address of ours, as copied from the browser.
    let evidence = some("evidence").map(|text| {
        let last = text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        last.parse().map_err(|_| Error::invalid("/evidence", "not_a_record", "Paste the address of the record that shows it."))
    });
    Ok(Said {
        purpose: Purpose::find(given.get("purpose")).ok_or_else(|| unknown("/purpose"))?,
        act: Spoke::parse(given.get("act")).ok_or_else(|| unknown("/act"))?,
        at: moment(given, "at", zone)?,
        ends: moment(given, "ends", zone)?,
        channel: given.get("channel").to_owned(),
        notice: notice.map(|id| (id, None)),
        evidence: evidence.transpose()?,
    })
}

async fn enter(State(web): State<Web>, who: Who, Path(person): Path<String>, Given(given): Given) -> Result<Response, Refused> {
    let person: RecordId = id(&person, "record")?;
    let permit = who.actor.permit::<WriteRecords>()?;
    let zone = who.clock(&web).await?;
    let entered = async {
        let said = read(&given, &zone)?;
        let closes = said.act.bars() && who.actor.purpose.is_under(said.purpose);
        web.app.write(&who.actor, move |unit| consent::record(unit, &permit, person, &said)).await?;
        Ok::<_, Error>(closes)
    };
    match entered.await {
        // They are out of reach from this moment, for the very purpose acted for.
        Ok(true) => Ok(closed(&web, &who).await?),
        Ok(false) => Ok(Redirect::to(&format!("/consents/{person}?done=entered")).into_response()),
        Err(error) if error.code() == Code::InvalidInput => {
            let mut view = view(&web, &who, person).await?;
            if let Some(form) = &mut view.form {
                again(who.text, &mut form.fields, &given, &error, str::to_owned);
                again(who.text, &mut form.more, &given, &error, str::to_owned);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn closed(web: &Web, who: &Who) -> Result<Response> {
    let t = who.text;
    let mut shell = who.shell(web, &t.get("consent-tab"), "people", "/people").await?;
    let words = t.with("consent-closed", "purpose", t.purpose(who.actor.purpose.key));
    shell.notices.push(Notice::done(words).linked(t.get("nav-people"), "/people"));
    let view = MailPage {
        once: None,
        t,
        shell,
        title: t.get("consent-tab"),
        lead: String::new(),
        tabs: Vec::new(),
        rows: Vec::new(),
        empty: String::new(),
        pick: None,
        form: None,
    };
    Ok(Html(html(&view)?).into_response())
}
