//! The pages of dashboards: the list with its form, and one with its tiles, composed by forms.

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::deal;
use crm::{
    dashboards::{self, Dashboard, DashboardId, NewDashboard, Shared, Show, Span, TILES_MAX, Tile},
    permits::{ReadRecords, ShareViews},
    views::{self, SavedView},
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Personal, Problem, Result};

use super::tiles;
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form as Given, read},
        layout::{Choice, Notice},
        render::html,
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        dashboards::DashboardPage,
        mail::{Form, MailPage, Row},
        parts::{Chip, Control, Field, Tone},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/dashboards", Access::Staff, || get(list)),
    Route::new(Method::POST, "/dashboards", Access::Staff, || post(make)),
    Route::new(Method::GET, "/dashboards/{id}", Access::Staff, || get(show)),
    Route::new(Method::POST, "/dashboards/{id}", Access::Staff, || post(act)),
];

fn dashboard_id(text: &str) -> Result<DashboardId> {
    text.parse().map_err(|_| Error::not_found("dashboard"))
}

fn sharing(t: Text, shared: Shared) -> String {
    t.get(&format!("dashboard-shared-{}", shared.as_str()))
}

/// Name and sharing, as far as this reader may share.
fn fields(who: &Who, name: &str, shared: Shared, problems: &[Problem]) -> Vec<Field> {
    let t = who.text;
    let may = who.actor.permit::<ShareViews>().is_ok();
    let offered = Shared::ALL.iter().copied().filter(|one| may || *one == shared || *one == Shared::No);
    let offered = offered.filter(|one| *one != Shared::Team || who.actor.team.is_some() || *one == shared);
    let choices = offered.map(|one| Choice::new(one.as_str(), sharing(t, one), one == shared)).collect();
    let mut all = vec![
        Field::new("name", t.get("dashboard-name"), Control::Text).required().value(name),
        Field::new("shared", t.get("dashboard-shared"), Control::Choice(choices)).required(),
    ];
    for field in &mut all {
        field.problems.extend(problems.iter().filter(|p| p.pointer == format!("/{}", field.name)).map(|p| t.problem(p)));
    }
    all
}

fn given(fields: &Fields, tiles: Vec<Tile>) -> NewDashboard {
    let shared = Shared::parse(fields.get("shared")).unwrap_or(Shared::No);
    NewDashboard { name: Personal::new(fields.get("name").to_owned()), shared, tiles }
}

async fn list(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let asked = read(query.unwrap_or_default().as_bytes())?;
    let mut view = listed(&web, &who, &Fields::default(), &[]).await?;
    if asked.get("done") == "deleted" {
        view.shell.notices.push(Notice::done(view.t.get("dashboard-deleted")));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn listed(web: &Web, who: &Who, typed: &Fields, problems: &[Problem]) -> Result<MailPage> {
    let t = who.text;
    let all = web.app.read(&who.actor, dashboards::list).await?;
    let row = |one: Dashboard| Row {
        title: one.name.expose().clone(),
        href: Some(format!("/dashboards/{}", one.id)),
        chips: one.home.then(|| Chip::new(t.get("dashboard-at-home"), Tone::Good)).into_iter().collect(),
        lines: vec![sharing(t, one.shared), t.count("dashboard-tiles", one.tiles.len())],
        said: None,
        acts: Vec::new(),
    };
    Ok(MailPage {
        once: None,
        t,
        shell: who.shell(web, &t.get("dashboards-title"), "reports", "/dashboards").await?,
        title: t.get("dashboards-title"),
        lead: t.get("dashboards-lead"),
        tabs: Vec::new(),
        rows: all.into_iter().map(row).collect(),
        empty: t.get("dashboards-none"),
        pick: None,
        form: Some(Form {
            title: t.get("dashboard-new"),
            action: "/dashboards".to_owned(),
            hidden: Vec::new(),
            fields: fields(who, typed.get("name"), Shared::parse(typed.get("shared")).unwrap_or(Shared::No), problems),
            more: Vec::new(),
            button: t.get("dashboard-make"),
            second: None,
            note: t.get("dashboard-note"),
        }),
    })
}

async fn make(State(web): State<Web>, who: Who, Given(form): Given) -> Result<Response, Refused> {
    let (permit, new) = (who.actor.permit::<ReadRecords>()?, given(&form, Vec::new()));
    match web.app.write(&who.actor, move |unit| dashboards::make(unit, &permit, &new)).await {
        Ok(id) => Ok(Redirect::to(&format!("/dashboards/{id}?compose=yes")).into_response()),
        Err(error) if error.code() == Code::InvalidInput => {
            let view = listed(&web, &who, &form, error.problems()).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn show(State(web): State<Web>, who: Who, Path(of): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let asked = read(query.unwrap_or_default().as_bytes())?;
    let id = dashboard_id(&of)?;
    let view = page(&web, &who, id, !asked.get("compose").is_empty(), &Fields::default(), &[]).await?;
    Ok(Html(html(&view)?).into_response())
}

async fn page(web: &Web, who: &Who, id: DashboardId, compose: bool, typed: &Fields, problems: &[Problem]) -> Result<DashboardPage> {
    let (t, permit) = (who.text, who.actor.permit::<ReadRecords>()?);
    let read = move |unit: &mut crm::permits::Unit| Ok(dashboards::one(unit, id)?.and(views::all_saved(unit, &permit, None)?));
    let (one, saved) = web.app.read(&who.actor, read).await?;
    let composing = compose && one.own;
    let (name, href) = (one.name.expose().clone(), format!("/dashboards/{id}"));
    let room = composing && one.tiles.len() < TILES_MAX;
    let placed = ["/name", "/shared"];
    let unplaced: Vec<String> = problems.iter().filter(|p| !placed.contains(&p.pointer.as_str())).map(|p| t.problem(p)).collect();
    let typed_name = if typed.get("act") == "save" { typed.get("name") } else { &name };
    Ok(DashboardPage {
        t,
        shell: who.shell(web, &name, "reports", &href).await?,
        subtitle: t.with2("dashboard-subtitle", "shared", sharing(t, one.shared), "tiles", t.count("dashboard-tiles", one.tiles.len())),
        version: one.version,
        tiles: tiles::of(web, who, &one).await?,
        composing,
        own: one.own,
        home: one.home,
        add: if room { adding(web, who, &saved, typed) } else { Vec::new() },
        fields: fields(who, typed_name, Shared::parse(typed.get("shared")).unwrap_or(one.shared), problems),
        problem: unplaced.join(" "),
        recorded: t.get("dashboard-recorded"),
        name,
        href,
    })
}

/// The inputs of another tile.
fn adding(web: &Web, who: &Who, saved: &[SavedView], typed: &Fields) -> Vec<Field> {
    let t = who.text;
    let catalogue = web.catalogue(t);
    let shows = Show::ALL.iter().filter(|show| !show.is_view() || !saved.is_empty());
    let shows = shows.map(|show| Choice::new(show.as_str(), tiles::label(t, *show), typed.get("show") == show.as_str())).collect();
    let spans = Span::ALL.iter().map(|span| {
        let chosen = if typed.get("period").is_empty() { *span == Span::Months12 } else { typed.get("period") == span.as_str() };
        Choice::new(span.as_str(), t.get(&format!("span-{}", span.as_str().replace('_', "-"))), chosen)
    });
    let mut all = vec![
        Field::new("show", t.get("tile-show"), Control::Choice(shows)).required(),
        Field::new("period", t.get("tile-period"), Control::Choice(spans.collect())).required(),
    ];
    let pipelines = catalogue.kind(deal::KIND).map(|kind| kind.pipelines.clone()).unwrap_or_default();
    if pipelines.len() > 1 {
        let choices = pipelines.iter().map(|one| Choice::new(&one.key, &one.label, typed.get("pipeline") == one.key)).collect();
        all.push(Field::new("pipeline", t.get("report-pipeline"), Control::Choice(choices)));
    }
    if !saved.is_empty() {
        let label = |view: &SavedView| {
            let kind = catalogue.kind(&view.kind).map_or_else(|| view.kind.clone(), |kind| kind.plural.clone());
            format!("{kind}: {}", view.name.expose())
        };
        let choices =
            saved.iter().map(|view| Choice::new(view.id.to_string(), label(view), typed.get("view") == view.id.to_string())).collect();
        all.push(Field::new("view", t.get("tile-view"), Control::Choice(choices)));
    }
    all
}

/// What is left of a form where it is about nothing of this sort is not taken: all inputs stand there without scripts.
fn tile(form: &Fields) -> Option<Tile> {
    let show = Show::parse(form.get("show"))?;
    let pipeline = Some(form.get("pipeline").to_owned()).filter(|key| !key.is_empty() && show.has_pipeline());
    Some(Tile {
        show,
        period: Span::parse(form.get("period")).filter(|_| show.has_period()),
        pipeline,
        view: form.get("view").parse().ok().filter(|_| show.is_view()),
    })
}

async fn act(State(web): State<Web>, who: Who, Path(of): Path<String>, Given(form): Given) -> Result<Response, Refused> {
    let id = dashboard_id(&of)?;
    let href = format!("/dashboards/{id}");
    let word = form.get("act").to_owned();
    match word.as_str() {
        "home" | "off" => {
            web.app.write(&who.actor, move |unit| dashboards::place(unit, id, word == "home")).await?;
            return Ok(Redirect::to(&href).into_response());
        }
        "delete" => {
            web.app.write(&who.actor, move |unit| dashboards::delete(unit, id)).await?;
            return Ok(Redirect::to("/dashboards?done=deleted").into_response());
        }
        _ => {}
    }
    let now = web.app.read(&who.actor, move |unit| dashboards::one(unit, id)).await?;
    let (mut tiles, at) = (now.tiles, form.get("tile").parse::<usize>().unwrap_or(usize::MAX));
    let mut to = String::new();
    match word.as_str() {
        "add" => {
            tiles.push(tile(&form).ok_or_else(|| Error::invalid("/show", "required", "Choose what the tile shows."))?);
            to = format!("#tile-{}", tiles.len() - 1);
        }
        "up" if at > 0 && at < tiles.len() => {
            tiles.swap(at, at - 1);
            to = format!("#tile-{}", at - 1);
        }
        "down" if at.checked_add(1).is_some_and(|next| next < tiles.len()) => {
            tiles.swap(at, at + 1);
            to = format!("#tile-{}", at + 1);
        }
        "remove" if at < tiles.len() => drop(tiles.remove(at)),
        _ => {}
    }
    let new = if word == "save" { given(&form, tiles) } else { NewDashboard { name: now.name, shared: now.shared, tiles } };
    let expected: i64 = form.get("version").parse().map_err(|_| Error::invalid("/version", "required", "Load the page again."))?;
    let permit = who.actor.permit::<ReadRecords>()?;
    match web.app.write(&who.actor, move |unit| dashboards::change(unit, &permit, id, Some(expected), &new)).await {
        Ok(_) => Ok(Redirect::to(&format!("{href}?compose=yes{to}")).into_response()),
        Err(error) if error.code() == Code::InvalidInput => {
            let view = page(&web, &who, id, true, &form, error.problems()).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
