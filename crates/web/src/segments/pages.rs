//! The pages of segments: the list with its form, and one with its count and its people.

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{Purpose, person};
use crm::{
    export::Format,
    permits::{Export, ReadRecords, Unit},
    records::Detail,
    segments::{self, Counts, MOST, Segment, SegmentId},
    views::{self, ViewId},
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
    records::pages::{encode, href_of, named},
    router::{Access, Route, Web},
    views::{
        mail::{Act, Form, MailPage, Row},
        outreach::{Button, OutreachPage},
        parts::{Chip, Control, Field, Line, Paging, Tab, Tone},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/segments", Access::Staff, || get(list)),
    Route::new(Method::POST, "/segments", Access::Staff, || post(make)),
    Route::new(Method::GET, "/segments/{id}", Access::Staff, || get(show)),
    Route::new(Method::POST, "/segments/{id}", Access::Staff, || post(change)),
    Route::new(Method::POST, "/segments/{id}/delete", Access::Staff, || post(delete)),
    Route::new(Method::POST, "/segments/{id}/export", Access::Staff, || post(export)),
];

/// People of one page.
const LIMIT: usize = 50;

/// The two lists, one of which is shown.
pub(crate) fn tabs(t: Text, current: &str) -> Vec<Tab> {
    let tab = |label: &str, href: &str| Tab::new(t.get(label), href, href == current);
    vec![tab("campaigns-title", "/campaigns"), tab("segments-title", "/segments")]
}

fn segment_id(text: &str) -> Result<SegmentId> {
    text.parse().map_err(|_| Error::not_found("segment"))
}

/// What a count says, the first line of those whom it yields.
pub(crate) fn counted(t: Text, counts: &Counts) -> Vec<Line> {
    let number = |n: usize| t.number(u64::try_from(n).unwrap_or(u64::MAX));
    let mut lines = vec![Line::text(t.get("segment-allowed"), number(counts.allowed))];
    lines.extend(counts.barred.iter().map(|(why, n)| Line::text(t.get(&why_key(why.as_str())), number(*n))));
    lines
}

/// The message of a reason.
pub(crate) fn why_key(why: &str) -> String {
    format!("segment-why-{}", why.replace('_', "-"))
}

/// That not everybody was looked at, where that is so.
pub(crate) fn not_whole(t: Text, counts: &Counts) -> String {
    if counts.whole { t.get("segment-unnamed") } else { t.with("segment-not-whole", "most", t.number(MOST as u64)) }
}

async fn list(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let asked = read(query.unwrap_or_default().as_bytes())?;
    let edit = Some(asked.get("edit")).filter(|id| !id.is_empty()).map(segment_id).transpose()?;
    let mut view = listed(&web, &who, edit).await?;
    if ["made", "changed", "deleted"].contains(&asked.get("done")) {
        view.shell.notices.push(Notice::done(view.t.get(&format!("segment-done-{}", asked.get("done")))));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn listed(web: &Web, who: &Who, edit: Option<SegmentId>) -> Result<MailPage> {
    let t = who.text;
    let permit = who.actor.permit::<ReadRecords>()?;
    let read = move |unit: &mut Unit| Ok(segments::list(unit)?.and(views::all_saved(unit, &permit, Some(person::KIND))?));
    let (all, saved) = web.app.read(&who.actor, read).await?;
    let edited = edit.map(|id| all.iter().find(|one| one.id == id).ok_or_else(|| Error::not_found("segment"))).transpose()?;
    let chosen = edited.map(|one| one.view);
    let choices: Vec<Choice> =
        saved.iter().map(|view| Choice::new(view.id.to_string(), view.name.expose().clone(), Some(view.id) == chosen)).collect();
    let mut fields = vec![Field::new("view", t.get("segment-view"), Control::Choice(choices)).required().help(t.get("segment-view-help"))];
    if edited.is_none() {
        let purposes = who.session.iter().flat_map(|session| session.purposes.iter());
        let purposes = purposes.map(|one| Choice::new(one.key, t.purpose(one.key), one.key == who.actor.purpose.key)).collect();
        fields.push(
            Field::new("purpose", t.get("segment-purpose"), Control::Choice(purposes)).required().help(t.get("segment-purpose-help")),
        );
    }
    let mut shell = who.shell(web, &t.get("segments-title"), "campaigns", "/segments").await?;
    if saved.is_empty() {
        shell.notices.push(Notice::note(t.get("segment-no-view")).linked(t.get("nav-people"), "/people"));
    }
    let row = |one: Segment| Row {
        title: named(t, one.name.expose()),
        href: Some(format!("/segments/{}", one.id)),
        chips: vec![Chip::new(t.purpose(one.purpose.key), Tone::Plain)],
        lines: if one.usable { Vec::new() } else { vec![t.get("segment-unusable")] },
        said: None,
        acts: vec![Act { label: t.get("segment-delete"), action: format!("/segments/{}/delete", one.id), grave: true }],
    };
    let form = Form {
        title: t.get(if edited.is_some() { "segment-edit" } else { "segment-new" }),
        action: edited.map_or_else(|| "/segments".to_owned(), |one| format!("/segments/{}", one.id)),
        hidden: Vec::new(),
        fields,
        more: Vec::new(),
        button: t.get("segment-save"),
        second: None,
        note: t.get("segment-note"),
    };
    Ok(MailPage {
        once: None,
        t,
        shell,
        title: t.get("segments-title"),
        lead: t.get("segments-lead"),
        tabs: tabs(t, "/segments"),
        rows: all.into_iter().map(row).collect(),
        empty: t.get("segments-none"),
        pick: None,
        form: (!saved.is_empty()).then_some(form),
    })
}

fn view_of(given: &Fields) -> Result<ViewId> {
    given.get("view").parse().map_err(|_| Error::invalid("/view", "unknown", "Choose one of your views of people."))
}

async fn make(State(web): State<Web>, who: Who, Given(given): Given) -> Result<Response, Refused> {
    let made = async {
        let view = view_of(&given)?;
        let purpose = who.signed_in()?.purposes.iter().find(|one| one.key == given.get("purpose"));
        let purpose: &'static Purpose = purpose.ok_or_else(|| Error::invalid("/purpose", "unknown", "Choose one of your purposes."))?;
        web.app.write(&who.actor, move |unit| segments::make(unit, view, purpose)).await
    };
    match made.await {
        Ok(_) => Ok(Redirect::to("/segments?done=made").into_response()),
        Err(error) => wrong(&web, &who, None, &given, error).await,
    }
}

async fn change(State(web): State<Web>, who: Who, Path(id): Path<String>, Given(given): Given) -> Result<Response, Refused> {
    let id = segment_id(&id)?;
    let changed = async {
        let view = view_of(&given)?;
        web.app.write(&who.actor, move |unit| segments::change(unit, id, view)).await
    };
    match changed.await {
        Ok(()) => Ok(Redirect::to("/segments?done=changed").into_response()),
        Err(error) => wrong(&web, &who, Some(id), &given, error).await,
    }
}

/// The form again, with what is wrong beside each input.
async fn wrong(web: &Web, who: &Who, edit: Option<SegmentId>, given: &Fields, error: Error) -> Result<Response, Refused> {
    if error.code() != Code::InvalidInput {
        return Err(error.into());
    }
    let mut view = listed(web, who, edit).await?;
    if let Some(form) = &mut view.form {
        again(who.text, &mut form.fields, given, &error, str::to_owned);
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
}

async fn delete(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Given) -> Result<Response, Refused> {
    let id = segment_id(&id)?;
    web.app.write(&who.actor, move |unit| segments::delete(unit, id)).await?;
    Ok(Redirect::to("/segments?done=deleted").into_response())
}

async fn show(State(web): State<Web>, who: Who, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let (t, id) = (who.text, segment_id(&id)?);
    let asked = read(query.unwrap_or_default().as_bytes())?;
    let segment = web.app.read(&who.actor, move |unit| segments::one(unit, id)).await?;
    let here = format!("/segments/{id}");
    let name = named(t, segment.name.expose());
    let mut view = OutreachPage {
        t,
        shell: who.shell(&web, &name, "campaigns", &here).await?,
        title: name,
        lead: t.with("segment-lead", "purpose", t.purpose(segment.purpose.key)),
        tabs: tabs(t, "/segments"),
        progress: None,
        problem: String::new(),
        lines: vec![
            Line::text(t.get("segment-purpose"), t.purpose(segment.purpose.key)),
            Line::text(t.get("segment-view"), named(t, segment.name.expose())),
        ],
        counts_title: t.get("segment-counted"),
        counts: Vec::new(),
        counts_note: String::new(),
        buttons: vec![
            Button {
                label: t.get("segment-in-people"),
                href: format!("/people?view={}", segment.view),
                posts: false,
                first: false,
                grave: false,
            },
            Button { label: t.get("segment-edit"), href: format!("/segments?edit={id}"), posts: false, first: false, grave: false },
        ],
        export: None,
        letter: None,
        people: None,
        paging: Paging::default(),
        recorded: t.get("record-recorded"),
    };
    if segment.purpose.key != who.actor.purpose.key {
        view.problem = t.with("segment-other-purpose", "purpose", t.purpose(segment.purpose.key));
        return Ok(Html(html(&view)?).into_response());
    }
    if !segment.usable {
        view.problem = t.get("segment-unusable");
        return Ok(Html(html(&view)?).into_response());
    }
    let permit = who.actor.permit::<ReadRecords>()?;
    let after = Some(asked.get("after").to_owned()).filter(|cursor| !cursor.is_empty());
    let page = web.app.read(&who.actor, move |unit| segments::members(unit, &permit, id, after.as_deref(), LIMIT, Detail::Masked)).await?;
    let counts = segments::count(&web.app, &who.actor, id).await?;
    view.counts = counted(t, &counts);
    view.counts_note = not_whole(t, &counts);
    view.people = Some(page.people.iter().map(|one| (named(t, &one.title), href_of(person::KIND, one.id))).collect());
    view.paging = Paging { next: page.next.map(|next| format!("{here}?after={}", encode(&next))), ..Paging::default() };
    let exports = who.actor.permit::<Export>().is_ok_and(|permit| permit.over(person::KIND).is_some());
    let formats =
        || Format::ALL.into_iter().map(|f| Choice::new(f.as_str(), t.get(&format!("export-as-{}", f.as_str())), f == Format::Csv));
    view.export = (exports && counts.allowed > 0).then(|| (format!("{here}/export"), formats().collect()));
    Ok(Html(html(&view)?).into_response())
}

async fn export(State(web): State<Web>, who: Who, Path(id): Path<String>, Given(given): Given) -> Result<Response, Refused> {
    let id = segment_id(&id)?;
    let format = Format::parse(given.get("format"));
    let format = format.ok_or_else(|| Error::invalid("/format", "unknown", "Choose one of the formats."))?;
    let (file, _) = segments::export(&web.app, &who.actor, id, format).await?;
    Ok(Redirect::to(&format!("/exports/{file}")).into_response())
}
