//! The pages of webhooks: who is told, what they were told, and telling it once more.

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{PURPOSES, Purpose};
use crm::{
    automation::{self, Delivery, DeliveryId, EVENTS, Endpoint, Hears, NewEndpoint, REASONS, WebhookId},
    permits::{Manage, Unit},
};
use http::{Method, StatusCode};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Error, Instant, Result};

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
    records::pages::zone,
    router::{Access, Route, Web},
    views::{
        mail::{Act, Form, MailPage, Row},
        parts::{Chip, Control, Field, Tab, Tone},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/webhooks", Access::Staff, || get(page)),
    Route::new(Method::POST, "/settings/webhooks", Access::Staff, || post(make)),
    Route::new(Method::GET, "/settings/webhooks/{id}", Access::Staff, || get(log)),
    Route::new(Method::POST, "/settings/webhooks/{id}", Access::Staff, || post(change)),
    Route::new(Method::POST, "/settings/webhooks/{id}/{act}", Access::Staff, || post(act)),
    Route::new(Method::POST, "/settings/webhooks/{id}/deliveries/{delivery}", Access::Staff, || post(replay)),
];

/// The page's frame: rules and webhooks are its two tabs.
pub(super) async fn frame(web: &Web, who: &Who, key: &str, address: &str) -> Result<MailPage> {
    let t = who.text;
    let mut tabs = vec![Tab::new(t.get("auto-rules-title"), "/settings/automation", key == "rules")];
    if who.actor.permit::<Manage>().is_ok() {
        tabs.push(Tab::new(t.get("auto-hooks-title"), "/settings/webhooks", key == "hooks"));
    }
    Ok(MailPage {
        t,
        shell: who.shell(web, &t.get(&format!("auto-{key}-title")), "settings", address).await?,
        title: t.get(&format!("auto-{key}-title")),
        lead: t.get(&format!("auto-{key}-lead")),
        tabs,
        once: None,
        rows: Vec::new(),
        empty: String::new(),
        pick: None,
        form: None,
    })
}

/// What a reason's word says in the reader's language; nothing for one that is none of these.
pub(super) fn why(t: Text, reasons: &[(&'static str, &'static str)], code: &str) -> Option<String> {
    reasons.iter().any(|(known, _)| *known == code).then(|| t.get(&format!("auto-why-{}", code.replace('_', "-"))))
}

pub(super) fn done(view: &mut MailPage, given: &Fields) {
    let key = format!("auto-done-{}", given.get("done"));
    if ["saved", "on", "off", "deleted", "sent"].contains(&given.get("done")) {
        view.shell.notices.push(Notice::done(view.t.get(&key)));
    }
}

fn what(t: Text, event: &str) -> String {
    t.get(&format!("auto-event-{}", event.replace(['.', '_'], "-")))
}

/// Names in a row, as a sentence has them.
fn listed(names: impl IntoIterator<Item = String>) -> String {
    names.into_iter().collect::<Vec<_>>().join(", ")
}

async fn page(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut view = view(&web, &who).await?;
    done(&mut view, &asked(query)?);
    Ok(Html(html(&view)?).into_response())
}

async fn view(web: &Web, who: &Who) -> Result<MailPage> {
    let (t, permit) = (who.text, who.actor.permit::<Manage>()?);
    let read = move |unit: &mut Unit| {
        let zone = zone(unit)?;
        let all = automation::list(unit, &permit)?;
        unit.plain((all, zone))
    };
    let (all, zone) = web.app.read(&who.actor, read).await?;
    let mut view = frame(web, who, "hooks", "/settings/webhooks").await?;
    view.empty = t.get("auto-hooks-none");
    let (zone, now) = (who.zone(zone), web.app.env().now());
    view.rows = all.into_iter().map(|one| row(web, t, &zone, now, one)).collect();
    view.form = Some(form(web, t, None));
    Ok(view)
}

fn row(web: &Web, t: Text, zone: &TimeZone, now: Instant, one: Endpoint) -> Row {
    let state = match (one.on, one.failing_since) {
        (true, None) => Chip::new(t.get("auto-on"), Tone::Good),
        (true, Some(_)) => Chip::new(t.get("auto-fails"), Tone::Held),
        (false, _) => Chip::new(t.get("auto-off"), Tone::Plain),
    };
    let catalogue = web.catalogue(t);
    let kinds = one.hears.kinds.iter().filter_map(|key| catalogue.kind(key)).map(|kind| kind.plural.clone());
    let told = listed(one.hears.events.iter().map(|event| what(t, event)));
    let of = if one.hears.kinds.is_empty() { t.get("auto-every-kind") } else { listed(kinds) };
    let mut lines = vec![one.url.clone(), t.with2("auto-told", "events", told, "kinds", of)];
    lines.push(t.with("auto-for", "purpose", t.purpose(&one.purpose)));
    lines.extend((!one.hears.values.is_empty()).then(|| t.with("auto-values-of", "fields", one.hears.values.join(", "))));
    lines.extend(one.delivered.map(|at| t.with("auto-delivered", "when", t.when(at, now, zone))));
    lines.extend(one.failing_since.map(|at| t.with("auto-failing", "when", t.when(at, now, zone))));
    lines.extend(one.old_secret_until.map(|at| t.with("auto-old-secret", "when", t.when(at, now, zone))));
    lines.extend((!one.reason.is_empty()).then(|| t.get(if one.reason == "gone" { "auto-off-gone" } else { "auto-off-failing" })));
    let act = |label: &str, verb: &str, grave| Act { label: t.get(label), action: format!("/settings/webhooks/{}/{verb}", one.id), grave };
    let mut acts = if one.on {
        vec![act("auto-switch-off", "off", false), act("auto-try", "test", false)]
    } else {
        vec![act("auto-switch-on", "on", false)]
    };
    acts.extend([act("auto-rotate", "secret", false), act("auto-delete", "delete", true)]);
    Row { title: one.name, href: Some(format!("/settings/webhooks/{}", one.id)), chips: vec![state], lines, said: None, acts }
}

fn form(web: &Web, t: Text, of: Option<&Endpoint>) -> Form {
    let hears = of.map(|one| one.hears.clone()).unwrap_or_default();
    let chosen = of.map_or("sales", |one| one.purpose.as_str());
    let purposes = PURPOSES.iter().map(|p| Choice::new(p.key, t.purpose(p.key), p.key == chosen)).collect();
    let is_told = |event: &str| hears.events.iter().any(|one| one == event) || (of.is_none() && event.starts_with("record."));
    let events = EVENTS.iter().map(|event| Choice::new(*event, what(t, event), is_told(event))).collect();
    let catalogue = web.catalogue(t);
    let kinds = catalogue.kinds().map(|kind| Choice::new(&kind.key, &kind.plural, hears.kinds.contains(&kind.key))).collect();
    Form {
        title: t.get(if of.is_some() { "auto-hook-change" } else { "auto-hook-new" }),
        action: of.map_or("/settings/webhooks".to_owned(), |one| format!("/settings/webhooks/{}", one.id)),
        hidden: Vec::new(),
        fields: vec![
            Field::new("name", t.get("auto-name"), Control::Text).required().value(of.map_or("", |one| &one.name)),
            Field::new("url", t.get("auto-url"), Control::Text)
                .required()
                .value(of.map_or("", |one| &one.url))
                .help(t.get("auto-url-help")),
            Field::new("purpose", t.get("auto-purpose"), Control::Choice(purposes)).required().help(t.get("auto-purpose-help")),
            Field::new("events", t.get("auto-events"), Control::Choices(events)).required(),
            Field::new("kinds", t.get("auto-kinds"), Control::Choices(kinds)).help(t.get("auto-kinds-help")),
        ],
        more: vec![
            Field::new("fields", t.get("auto-fields"), Control::Text).value(hears.fields.join(", ")).help(t.get("auto-fields-help")),
            Field::new("values", t.get("auto-values"), Control::Text).value(hears.values.join(", ")).help(t.get("auto-values-help")),
            Field::new("inside", t.get("auto-inside"), Control::Tick)
                .value(if of.is_some_and(|one| one.inside) { "true" } else { "" })
                .help(t.get("auto-inside-help")),
        ],
        button: t.get(if of.is_some() { "form-save" } else { "auto-hook-new" }),
        second: None,
        note: t.get("auto-hook-note"),
    }
}

fn given_hook(given: &Fields) -> Result<NewEndpoint> {
    let purpose = Purpose::find(given.get("purpose"));
    let purpose = purpose.ok_or_else(|| Error::invalid("/purpose", "unknown", "Choose a purpose of this installation."))?;
    let keys =
        |name: &str| given.get(name).split([',', ';', ' ']).map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned).collect();
    let ticked = |name: &str| given.all(name).map(str::to_owned).collect();
    let hears = Hears { events: ticked("events"), kinds: ticked("kinds"), fields: keys("fields"), values: keys("values") };
    let (name, url) = (given.get("name").to_owned(), given.get("url").trim().to_owned());
    Ok(NewEndpoint { name, url, inside: given.get("inside") == "true", purpose, hears })
}

/// The page again, with what was typed and what is wrong with it.
fn refused(who: &Who, mut view: MailPage, given: &Fields, error: Error) -> Result<Response, Refused> {
    if error.problems().is_empty() {
        return Err(error.into());
    }
    if let Some(form) = &mut view.form {
        again(who.text, &mut form.fields, given, &error, str::to_owned);
        again(who.text, &mut form.more, given, &error, str::to_owned);
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
}

async fn make(State(web): State<Web>, who: Who, Given(given): Given) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    let made = match given_hook(&given) {
        Ok(new) => web.app.write(&who.actor, move |unit| automation::make(unit, &permit, &new)).await,
        Err(error) => Err(error),
    };
    match made {
        Ok((_, secret)) => {
            let mut view = view(&web, &who).await?;
            view.once = Some(secret);
            Ok(Html(html(&view)?).into_response())
        }
        Err(error) => refused(&who, view(&web, &who).await?, &given, error),
    }
}

async fn change(State(web): State<Web>, who: Who, Path(of): Path<String>, Given(given): Given) -> Result<Response, Refused> {
    let (permit, of) = (who.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    let changed = match given_hook(&given) {
        Ok(new) => web.app.write(&who.actor, move |unit| automation::change(unit, &permit, of, &new)).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => Ok(Redirect::to("/settings/webhooks?done=saved").into_response()),
        Err(error) => refused(&who, log_view(&web, &who, of).await?, &given, error),
    }
}

async fn log(State(web): State<Web>, who: Who, Path(of): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut view = log_view(&web, &who, id(&of, "webhook")?).await?;
    done(&mut view, &asked(query)?);
    Ok(Html(html(&view)?).into_response())
}

async fn log_view(web: &Web, who: &Who, of: WebhookId) -> Result<MailPage> {
    let (t, permit) = (who.text, who.actor.permit::<Manage>()?);
    let read = move |unit: &mut Unit| {
        let zone = zone(unit)?;
        let (one, all) = (automation::one(unit, &permit, of)?, automation::deliveries(unit, &permit, of, None, 100)?);
        unit.plain((one, all, zone))
    };
    let (one, all, zone) = web.app.read(&who.actor, read).await?;
    let (zone, now) = (who.zone(zone), web.app.env().now());
    let mut view = frame(web, who, "hooks", &format!("/settings/webhooks/{of}")).await?;
    view.title.clone_from(&one.name);
    view.lead = t.get("auto-log-lead");
    view.empty = t.get("auto-log-none");
    view.rows = all.into_iter().map(|delivery| delivered(t, &zone, now, of, delivery)).collect();
    view.form = Some(form(web, t, Some(&one)));
    let day = now.day_in(&zone);
    if !view.rows.is_empty() {
        // The span stands as a row of its own acts: today, and the last seven days.
        let act = |label: &str, verb: &str| Act { label: t.get(label), action: format!("/settings/webhooks/{of}/{verb}"), grave: false };
        let lines = vec![t.with2("auto-replay-lead", "from", t.day(day.saturating_sub(6.days())), "to", t.day(day))];
        let acts = vec![act("auto-replay-day", "today"), act("auto-replay-week", "week")];
        view.rows.insert(0, Row { title: t.get("auto-replay-title"), href: None, chips: Vec::new(), lines, said: None, acts });
    }
    Ok(view)
}

fn delivered(t: Text, zone: &TimeZone, now: Instant, of: WebhookId, one: Delivery) -> Row {
    let tone = match one.state.as_str() {
        "delivered" => Tone::Good,
        "queued" => Tone::Plain,
        _ => Tone::Held,
    };
    let mut lines = vec![format!("{} · {}", t.when(one.at, now, zone), one.id)];
    lines.extend(one.record.map(|record| record.to_string()));
    lines.extend(why(t, REASONS, &one.reason));
    lines.extend(one.status.map(|status| t.with("auto-status", "status", status)));
    lines.extend((one.tries > 1).then(|| t.with("auto-tries", "tries", t.number(one.tries.unsigned_abs()))));
    lines.extend(one.next.filter(|_| one.tries > 0).map(|next| t.with("auto-next", "when", t.when(next, now, zone))));
    let act = Act { label: t.get("auto-replay"), action: format!("/settings/webhooks/{of}/deliveries/{}", one.id), grave: false };
    Row {
        title: what(t, &one.what),
        href: None,
        chips: vec![Chip::new(t.get(&format!("auto-delivery-{}", one.state)), tone)],
        lines,
        said: None,
        acts: if one.state == "queued" { Vec::new() } else { vec![act] },
    }
}

async fn act(State(web): State<Web>, who: Who, Path((of, act)): Path<(String, String)>, _form: Given) -> Result<Response, Refused> {
    let (permit, of) = (who.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    let to = |path: String| Ok(Redirect::to(&path).into_response());
    match act.as_str() {
        "on" | "off" => {
            let on = act == "on";
            web.app.write(&who.actor, move |unit| automation::switch(unit, &permit, of, on)).await?;
            to(format!("/settings/webhooks?done={act}"))
        }
        "test" => {
            web.app.write(&who.actor, move |unit| automation::ping(unit, &permit, of)).await?;
            to(format!("/settings/webhooks/{of}?done=sent"))
        }
        "secret" => {
            let secret = web.app.write(&who.actor, move |unit| automation::rotate(unit, &permit, of)).await?;
            let mut view = view(&web, &who).await?;
            view.once = Some(secret);
            Ok(Html(html(&view)?).into_response())
        }
        "delete" => {
            web.app.write(&who.actor, move |unit| automation::delete(unit, &permit, of)).await?;
            to("/settings/webhooks?done=deleted".to_owned())
        }
        "today" | "week" => {
            let zone = who.clock(&web).await?;
            let today = web.app.env().now().day_in(&zone);
            let start = |day: Date| day.to_zoned(zone.clone()).map(|at| Instant::from_micros(at.timestamp().as_microsecond()));
            let from = start(if act == "week" { today.saturating_sub(6.days()) } else { today }).map_err(Error::internal)?;
            let end = start(today.saturating_add(1.days())).map_err(Error::internal)?;
            automation::replay_span(&web.app, &who.actor, of, from, end).await?;
            to(format!("/settings/webhooks/{of}?done=sent"))
        }
        _ => Err(Error::not_found("page").into()),
    }
}

async fn replay(State(web): State<Web>, who: Who, Path((of, delivery)): Path<(String, String)>, _form: Given) -> Result<Response, Refused> {
    let (permit, of) = (who.actor.permit::<Manage>()?, id::<WebhookId>(&of, "webhook")?);
    let delivery: DeliveryId = id(&delivery, "delivery")?;
    web.app.write(&who.actor, move |unit| automation::replay(unit, &permit, of, delivery)).await?;
    Ok(Redirect::to(&format!("/settings/webhooks/{of}?done=sent")).into_response())
}
