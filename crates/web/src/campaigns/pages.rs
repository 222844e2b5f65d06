//! The pages of campaigns: the list with its form, one with its preview, its count and what came of it, and the page before it begins.

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    campaigns::{self, Campaign, CampaignId, NewCampaign, Outcome, State as Stands},
    mail::{self, template},
    permits::{ReadRecords, Unit, WriteRecords},
    segments,
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Result};

use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form as Given, read},
        layout::{Choice, Notice},
        render::html,
        text::Text,
        who::Who,
    },
    mail::pages::again,
    records::pages::{named, zone},
    router::{Access, Route, Web},
    segments::pages::{counted, not_whole, tabs, why_key},
    views::{
        mail::{Act, Form, MailPage, Row},
        outreach::{Button, Letter, OutreachPage},
        parts::{Chip, Control, Field, Line, Paging, Progress, Tone},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/campaigns", Access::Staff, || get(list)),
    Route::new(Method::POST, "/campaigns", Access::Staff, || post(make)),
    Route::new(Method::GET, "/campaigns/{id}", Access::Staff, || get(show)),
    Route::new(Method::POST, "/campaigns/{id}", Access::Staff, || post(change)),
    Route::new(Method::GET, "/campaigns/{id}/begin", Access::Staff, || get(confirm)),
    Route::new(Method::POST, "/campaigns/{id}/begin", Access::Staff, || post(begin)),
    Route::new(Method::POST, "/campaigns/{id}/cancel", Access::Staff, || post(cancel)),
    Route::new(Method::POST, "/campaigns/{id}/delete", Access::Staff, || post(delete)),
];

fn campaign_id(text: &str) -> Result<CampaignId> {
    text.parse().map_err(|_| Error::not_found("campaign"))
}

fn chip(t: Text, state: Stands) -> Chip {
    let tone = match state {
        Stands::Draft => Tone::Plain,
        Stands::Running => Tone::Time,
        Stands::Done => Tone::Good,
        Stands::Cancelled | Stands::Failed => Tone::Held,
    };
    Chip::new(t.get(&format!("campaign-state-{}", state.as_str())), tone)
}

async fn list(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let asked = read(query.unwrap_or_default().as_bytes())?;
    let edit = Some(asked.get("edit")).filter(|id| !id.is_empty()).map(campaign_id).transpose()?;
    let mut view = listed(&web, &who, edit).await?;
    if asked.get("done") == "deleted" {
        view.shell.notices.push(Notice::done(view.t.get("campaign-done-deleted")));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn listed(web: &Web, who: &Who, edit: Option<CampaignId>) -> Result<MailPage> {
    let t = who.text;
    let read = |unit: &mut Unit| {
        let zone = zone(unit)?;
        let aside = unit.plain(zone)?;
        let made = campaigns::list(unit)?.and(segments::list(unit)?).and(template::list(unit)?).and(aside);
        Ok(mail::senders(unit)?.and(made))
    };
    let (accounts, (((all, segments), templates), zone)) = web.app.read(&who.actor, read).await?;
    let (zone, now) = (who.zone(zone), web.app.env().now());
    let edited = edit.map(|id| all.iter().find(|one| one.id == id).ok_or_else(|| Error::not_found("campaign"))).transpose()?;
    let segments: Vec<_> = segments.into_iter().filter(|one| one.purpose.key == who.actor.purpose.key).collect();
    let mut shell = who.shell(web, &t.get("campaigns-title"), "campaigns", "/campaigns").await?;
    let missing = [
        (segments.is_empty(), "campaign-no-segment", "segments-title", "/segments"),
        (templates.is_empty(), "campaign-no-template", "mail-templates-title", "/mail/templates"),
        (accounts.is_empty(), "campaign-no-account", "mail-accounts-title", "/settings/mail"),
    ];
    let ready = missing.iter().all(|(missing, ..)| !missing);
    for (_, words, label, href) in missing.iter().filter(|(missing, ..)| *missing) {
        shell.notices.push(Notice::note(t.get(words)).linked(t.get(label), *href));
    }
    let choice = |id: String, name: String, chosen: Option<String>| Choice::new(id.clone(), name, Some(id) == chosen);
    let of = |pick: fn(&Campaign) -> String| edited.map(pick);
    let to = segments.iter().map(|one| choice(one.id.to_string(), named(t, one.name.expose()), of(|c| c.segment.to_string()))).collect();
    let what = templates.iter().map(|one| choice(one.id.to_string(), one.words.name.clone(), of(|c| c.template.to_string()))).collect();
    let from = accounts.iter().map(|one| choice(one.id.to_string(), one.settings.address.clone(), of(|c| c.account.to_string()))).collect();
    let name = edited.map(|one| one.name.expose().clone()).unwrap_or_default();
    let form = Form {
        title: t.get(if edited.is_some() { "campaign-edit" } else { "campaign-new" }),
        action: edited.map_or_else(|| "/campaigns".to_owned(), |one| format!("/campaigns/{}", one.id)),
        hidden: Vec::new(),
        fields: vec![
            Field::new("name", t.get("campaign-name"), Control::Text).required().value(name),
            Field::new("segment", t.get("campaign-segment"), Control::Choice(to)).required().help(t.get("campaign-segment-help")),
            Field::new("template", t.get("mail-template"), Control::Choice(what)).required(),
            Field::new("account", t.get("mail-from"), Control::Choice(from)).required(),
        ],
        more: Vec::new(),
        button: t.get("campaign-save"),
        second: None,
        note: t.get("campaign-note"),
    };
    let row = |one: Campaign| Row {
        title: named(t, one.name.expose()),
        href: Some(format!("/campaigns/{}", one.id)),
        chips: vec![chip(t, one.state), Chip::new(t.purpose(&one.purpose), Tone::Plain)],
        lines: vec![t.with("campaign-made", "when", t.when(one.created, now, &zone))],
        said: None,
        acts: if one.state == Stands::Running {
            Vec::new()
        } else {
            vec![Act { label: t.get("campaign-delete"), action: format!("/campaigns/{}/delete", one.id), grave: true }]
        },
    };
    Ok(MailPage {
        once: None,
        t,
        shell,
        title: t.get("campaigns-title"),
        lead: t.get("campaigns-lead"),
        tabs: tabs(t, "/campaigns"),
        rows: all.iter().cloned().map(row).collect(),
        empty: t.get("campaigns-none"),
        pick: None,
        form: ready.then_some(form),
    })
}

fn new(given: &Fields) -> Result<NewCampaign> {
    let unknown = |pointer: &'static str| Error::invalid(pointer, "unknown", "Choose one of the list.");
    Ok(NewCampaign {
        name: given.personal("name"),
        segment: given.get("segment").parse().map_err(|_| unknown("/segment"))?,
        template: given.get("template").parse().map_err(|_| unknown("/template"))?,
        account: given.get("account").parse().map_err(|_| unknown("/account"))?,
    })
}

async fn make(State(web): State<Web>, who: Who, Given(given): Given) -> Result<Response, Refused> {
    let permit = who.actor.permit::<WriteRecords>()?;
    let made = async {
        let new = new(&given)?;
        web.app.write(&who.actor, move |unit| campaigns::make(unit, &permit, &new)).await
    };
    match made.await {
        Ok(id) => Ok(Redirect::to(&format!("/campaigns/{id}")).into_response()),
        Err(error) => wrong(&web, &who, None, &given, error).await,
    }
}

async fn change(State(web): State<Web>, who: Who, Path(id): Path<String>, Given(given): Given) -> Result<Response, Refused> {
    let (id, permit) = (campaign_id(&id)?, who.actor.permit::<WriteRecords>()?);
    let changed = async {
        let new = new(&given)?;
        web.app.write(&who.actor, move |unit| campaigns::change(unit, &permit, id, &new)).await
    };
    match changed.await {
        Ok(()) => Ok(Redirect::to(&format!("/campaigns/{id}")).into_response()),
        Err(error) => wrong(&web, &who, Some(id), &given, error).await,
    }
}

async fn wrong(web: &Web, who: &Who, edit: Option<CampaignId>, given: &Fields, error: Error) -> Result<Response, Refused> {
    if error.code() != Code::InvalidInput {
        return Err(error.into());
    }
    let mut view = listed(web, who, edit).await?;
    if let Some(form) = &mut view.form {
        again(who.text, &mut form.fields, given, &error, str::to_owned);
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
}

/// What came of a campaign, as lines: letters first, then people who got none, by reason.
fn came(t: Text, outcome: &Outcome) -> Vec<Line> {
    let number = |n: usize| t.number(u64::try_from(n).unwrap_or(u64::MAX));
    let mut lines = vec![Line::text(t.get("campaign-sent"), number(outcome.sent))];
    let more = [("campaign-waiting", outcome.waiting), ("campaign-failed", outcome.failed), ("campaign-dropped", outcome.dropped)];
    lines.extend(more.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| Line::text(t.get(key), number(n))));
    lines.extend(outcome.skipped.iter().map(|(why, n)| Line::text(t.get(&why_key(why)), number(*n))));
    lines
}

async fn show(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (t, id) = (who.text, campaign_id(&id)?);
    let read = move |unit: &mut Unit| {
        let outcome = campaigns::outcome(unit, id)?;
        let aside = unit.plain(outcome)?;
        let all = campaigns::one(unit, id)?.and(segments::list(unit)?).and(template::list(unit)?).and(aside);
        Ok(mail::senders(unit)?.and(all))
    };
    let (accounts, (((one, segments), templates), outcome)) = web.app.read(&who.actor, read).await?;
    let here = format!("/campaigns/{id}");
    let name = named(t, one.name.expose());
    let segment = segments.iter().find(|segment| segment.id == one.segment);
    let job = match one.job {
        Some(job) => web.app.job(job).await?,
        None => None,
    };
    let button = |label: &str, href: String, posts, first, grave| Button { label: t.get(label), href, posts, first, grave };
    let mut buttons = Vec::new();
    match one.state {
        Stands::Draft => {
            buttons.push(button("campaign-begin", format!("{here}/begin"), false, true, false));
            buttons.push(button("campaign-edit", format!("/campaigns?edit={id}"), false, false, false));
        }
        Stands::Cancelled | Stands::Failed => buttons.push(button("campaign-go-on", format!("{here}/begin"), false, true, false)),
        Stands::Running | Stands::Done => {}
    }
    buttons.push(button("mail-outbox-title", "/mail".to_owned(), false, false, false));
    if one.state != Stands::Running {
        buttons.push(button("campaign-delete", format!("{here}/delete"), true, false, true));
    }
    let gone = || t.get("campaign-gone");
    let mut view = OutreachPage {
        t,
        shell: who.shell(&web, &name, "campaigns", &here).await?,
        title: name,
        lead: t.with("campaign-lead", "purpose", t.purpose(&one.purpose)),
        tabs: tabs(t, "/campaigns"),
        progress: None,
        problem: String::new(),
        lines: vec![
            Line::text(t.get("campaign-state"), t.get(&format!("campaign-state-{}", one.state.as_str()))),
            Line::text(t.get("campaign-segment"), segment.map_or_else(gone, |segment| named(t, segment.name.expose()))),
            Line::text(
                t.get("mail-template"),
                templates.iter().find(|known| known.id == one.template).map_or_else(gone, |known| known.words.name.clone()),
            ),
            Line::text(
                t.get("mail-from"),
                accounts.iter().find(|known| known.id == one.account).map_or_else(gone, |known| known.settings.address.clone()),
            ),
        ],
        counts_title: t.get("campaign-outcome"),
        counts: came(t, &outcome),
        counts_note: t.get("segment-unnamed"),
        buttons,
        export: None,
        letter: None,
        people: None,
        paging: Paging::default(),
        recorded: t.get("record-recorded"),
    };
    let wrote = outcome.sent + outcome.waiting + outcome.failed;
    if one.state == Stands::Running {
        view.progress = Some(Progress {
            label: t.get("campaign-running"),
            done: job.as_ref().and_then(|job| u64::try_from(job.done).ok()).unwrap_or_default(),
            total: None,
            words: t.count("campaign-written", wrote),
            running: true,
            cancel_action: Some(format!("{here}/cancel")),
            cancel_note: t.get("campaign-cancel-note"),
            ..Progress::default()
        });
    }
    if one.state == Stands::Failed {
        view.problem = t.get("campaign-stopped");
    }
    if one.purpose != who.actor.purpose.key {
        view.problem = t.with("segment-other-purpose", "purpose", t.purpose(&one.purpose));
    } else if one.state == Stands::Draft && segment.is_some_and(|segment| segment.usable) {
        let permit = who.actor.permit::<ReadRecords>()?;
        match web.app.read(&who.actor, move |unit| campaigns::preview(unit, &permit, id)).await {
            Ok(found) => view.letter = found.map(|one| Letter { to: one.to, subject: one.subject, text: one.text }),
            // The words name the field.
            Err(error) if error.code() == Code::InvalidInput => {
                view.problem = error.problems().iter().map(|problem| problem.detail.clone()).collect::<Vec<_>>().join(" ");
            }
            Err(error) => return Err(error.into()),
        }
        let counts = segments::count(&web.app, &who.actor, one.segment).await?;
        view.counts_title = t.get("segment-counted");
        view.counts = counted(t, &counts);
        view.counts_note = not_whole(t, &counts);
    }
    Ok(Html(html(&view)?).into_response())
}

/// The page before letters are written: to how many, and to how many not.
async fn confirm(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (t, id) = (who.text, campaign_id(&id)?);
    who.actor.permit::<WriteRecords>()?;
    let one = web.app.read(&who.actor, move |unit| campaigns::one(unit, id)).await?;
    let counts = segments::count(&web.app, &who.actor, one.segment).await?;
    let (here, name) = (format!("/campaigns/{id}"), named(t, one.name.expose()));
    let title = t.with("campaign-confirm", "name", name);
    let button = |label: String, href: String, posts| Button { label, href, posts, first: posts, grave: false };
    let mut buttons = vec![button(t.get("campaign-confirm-back"), here.clone(), false)];
    if counts.allowed > 0 {
        buttons.insert(0, button(t.count("campaign-confirm-do", counts.allowed), format!("{here}/begin"), true));
    }
    let view = OutreachPage {
        t,
        shell: who.shell(&web, &title, "campaigns", &format!("{here}/begin")).await?,
        title,
        lead: t.get("campaign-confirm-lead"),
        tabs: tabs(t, "/campaigns"),
        progress: None,
        problem: if counts.allowed == 0 { t.get("segment-nobody") } else { String::new() },
        lines: vec![Line::text(t.get("segment-purpose"), t.purpose(&one.purpose))],
        counts_title: t.get("segment-counted"),
        counts: counted(t, &counts),
        counts_note: not_whole(t, &counts),
        buttons,
        export: None,
        letter: None,
        people: None,
        paging: Paging::default(),
        recorded: t.get("record-recorded"),
    };
    Ok(Html(html(&view)?).into_response())
}

async fn begin(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Given) -> Result<Response, Refused> {
    let (id, permit) = (campaign_id(&id)?, who.actor.permit::<WriteRecords>()?);
    web.app.write(&who.actor, move |unit| campaigns::begin(unit, &permit, id)).await?;
    Ok(Redirect::to(&format!("/campaigns/{id}")).into_response())
}

async fn cancel(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Given) -> Result<Response, Refused> {
    let id = campaign_id(&id)?;
    campaigns::cancel(&web.app, &who.actor, id).await?;
    Ok(Redirect::to(&format!("/campaigns/{id}")).into_response())
}

async fn delete(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Given) -> Result<Response, Refused> {
    let id = campaign_id(&id)?;
    web.app.write(&who.actor, move |unit| campaigns::delete(unit, id)).await?;
    Ok(Redirect::to("/campaigns?done=deleted").into_response())
}
