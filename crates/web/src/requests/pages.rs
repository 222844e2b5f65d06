//! Requests as pages: the list, recording one, one with its steps.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::person;
use crm::{
    identity::staff,
    permits::{HandleRequests, Unit},
    requests::{self, Request, Standing, Whole},
};
use http::{Method, StatusCode};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Code, Error, Instant, RecordId, RequestId, Result};
use serde::Deserialize;

use super::{pages_erasure as erasure, pages_package as package, pages_recipients as recipients};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Choice,
        names::Names,
        render::html,
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        parts::{Cell, Chip, Control, Field, Line, Paging, Refers, Said, Tab, Tone},
        request::{LogLine, RequestList, RequestNew, RequestPage, RequestRow, Stage},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/requests", Access::Staff, || get(list)),
    Route::new(Method::POST, "/requests", Access::Staff, || post(open)),
    Route::new(Method::GET, "/requests/new", Access::Staff, || get(new)),
    Route::new(Method::GET, "/requests/{id}", Access::Staff, || get(one)),
    Route::new(Method::POST, "/requests/{id}/verify", Access::Staff, || post(verify)),
    Route::new(Method::POST, "/requests/{id}/recipients", Access::Staff, || post(recipients::enter)),
    Route::new(Method::POST, "/requests/{id}/recipients/{entry}", Access::Staff, || post(recipients::tell)),
    Route::new(Method::POST, "/requests/{id}/extend", Access::Staff, || post(extend)),
    Route::new(Method::POST, "/requests/{id}/refuse", Access::Staff, || post(refuse)),
    Route::new(Method::POST, "/requests/{id}/close", Access::Staff, || post(close)),
    Route::new(Method::POST, "/people/{id}/package", Access::Staff, || post(package::order)),
    Route::new(Method::GET, "/requests/{id}/package", Access::Staff, || get(package::progress)),
    Route::new(Method::POST, "/requests/{id}/package/download", Access::Staff, || post(package::download)),
    Route::new(Method::POST, "/requests/{id}/propose", Access::Staff, || post(erasure::propose)),
    Route::new(Method::GET, "/people/{id}/erasure", Access::Staff, || get(erasure::plan)),
    Route::new(Method::POST, "/people/{id}/erasure", Access::Staff, || post(erasure::execute)),
];

/// Requests on one page.
const MOST: usize = 200;
/// The rights there are, as they are stored.
const RIGHTS: [&str; 9] = ["access", "erase", "rectify", "restrict", "port", "object", "know", "opt-out", "adm"];

/// An id in an address. What is none is not found, as what is not there.
pub(super) fn read<T: FromStr>(text: &str, what: &str) -> Result<T> {
    text.parse().map_err(|_| Error::not_found(what))
}

/// The end of an id: enough to tell requests apart on a page.
pub(super) fn number(id: impl Display) -> String {
    let text = id.to_string();
    text.chars().skip(text.chars().count().saturating_sub(8)).collect()
}

/// The names of people whose requests are handled.
pub(super) async fn names(web: &Web, who: &Who, people: Vec<RecordId>) -> Result<BTreeMap<RecordId, String>> {
    let permit = who.actor.permit::<HandleRequests>()?;
    web.app.read(&who.actor, move |unit| requests::names(unit, &permit, &people)).await
}

/// A request as it stands.
pub(super) async fn found(web: &Web, who: &Who, id: RequestId) -> Result<Request> {
    who.actor.permit::<HandleRequests>()?;
    let found = web.app.read(&who.actor, move |unit| {
        let found = requests::find(unit, id)?;
        unit.plain(found)
    });
    found.await
}

pub(super) fn right(t: Text, word: &str) -> String {
    t.get(&format!("request-right-{word}"))
}

fn state(t: Text, standing: Standing) -> String {
    t.get(&format!("request-state-{}", standing.as_str()))
}

fn due(t: Text, request: &Request, today: Date) -> Chip {
    let day = request.due.day();
    if request.closed.is_some() {
        return Chip::new(t.weekday(day), Tone::Plain);
    }
    Chip::new(t.deadline(day, today), if day < today { Tone::Held } else { Tone::Time })
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    state: String,
    person: String,
}

async fn list(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let (t, permit) = (who.text, who.actor.permit::<HandleRequests>()?);
    let all = web.app.read(&who.actor, move |unit| requests::list(unit, &permit, MOST)).await?;
    let closed = asked.state == "closed";
    let shown: Vec<Request> = all.into_iter().filter(|r| r.closed.is_some() == closed).collect();
    let names = names(&web, &who, shown.iter().map(|r| r.person).collect()).await?;
    let today = web.app.env().now().day();
    let rows = shown.iter().map(|r| RequestRow {
        number: number(r.id),
        href: format!("/requests/{}", r.id),
        right: right(t, &r.right),
        person: names.get(&r.person).map_or_else(
            || Cell::Withheld(t.get("request-person-gone")),
            |name| Cell::Link { text: name.clone(), href: format!("/people/{}", r.person) },
        ),
        received: t.day(r.received.day()),
        state: Chip::new(state(t, r.state), Tone::Plain),
        due: due(t, r, today),
    });
    let rows = rows.collect();
    let mut shell = who.shell(&web, &t.get("requests-title"), "requests", "/requests").await?;
    shell.new_href = Some("/requests/new".into());
    let recorded = if names.is_empty() { String::new() } else { t.count("requests-recorded", names.len()) };
    let tabs = vec![
        Tab::new(t.get("request-tab-open"), "/requests", !closed),
        Tab::new(t.get("request-tab-closed"), "/requests?state=closed", closed),
    ];
    Ok(Html(html(&RequestList { t, shell, tabs, rows, paging: Paging::default(), recorded })?).into_response())
}

async fn new(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    who.actor.permit::<HandleRequests>()?;
    let mut view = new_view(&web, &who).await?;
    if let Ok(person) = asked.person.parse::<RecordId>() {
        let names = names(&web, &who, vec![person]).await?;
        if let (Some(name), Some(field)) = (names.get(&person), view.fields.first_mut()) {
            field.value = person.to_string();
            field.control = Control::Reference(Refers::one(person::KIND, name.clone()));
        }
    }
    Ok(Html(html(&view)?).into_response())
}

async fn new_view(web: &Web, who: &Who) -> Result<RequestNew> {
    let t = who.text;
    let rights = RIGHTS.iter().map(|word| Choice::new(*word, right(t, word), *word == "access")).collect();
    Ok(RequestNew {
        t,
        shell: who.shell(web, &t.get("requests-new-title"), "requests", "/requests/new").await?,
        fields: vec![
            Field::new("person", t.get("requests-person"), Control::Reference(Refers::one(person::KIND, "")))
                .required()
                .help(t.get("request-person-help")),
            Field::new("right", t.get("request-right"), Control::Choice(rights)).required(),
            Field::new("received", t.get("request-received-on"), Control::Date).required().value(web.app.env().now().day().to_string()),
            Field::new("reason", t.get("request-why"), Control::LongText).required(),
        ],
        problem: String::new(),
    })
}

async fn open(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    match opened(&web, &who, &fields).await {
        Ok(id) => Ok(Redirect::to(&format!("/requests/{id}")).into_response()),
        Err(error) if error.code() == Code::InvalidInput => Ok(again(&web, &who, &fields, &error).await?),
        Err(error) => Err(error.into()),
    }
}

async fn opened(web: &Web, who: &Who, fields: &Fields) -> Result<RequestId> {
    let permit = who.actor.permit::<HandleRequests>()?;
    let person = if fields.get("person_id").is_empty() { fields.get("person") } else { fields.get("person_id") };
    let person = person.trim().parse::<RecordId>();
    let person = person.map_err(|_| Error::invalid("/person", "unknown", who.text.get("request-person-help")))?;
    let day = fields.get("received").parse::<Date>();
    let day = day.map_err(|_| Error::invalid("/received", "not_a_day", "Write the day as YYYY-MM-DD."))?;
    let (right, reason) = (fields.get("right").to_owned(), fields.get("reason").to_owned());
    let opened = web.app.write(&who.actor, move |unit| requests::open(unit, &permit, person, &right, &reason, Instant::start_of(day)));
    opened.await
}

/// The form again, with what was typed and what is wrong beside each input.
async fn again(web: &Web, who: &Who, fields: &Fields, error: &Error) -> Result<Response> {
    let mut view = new_view(web, who).await?;
    error.detail().clone_into(&mut view.problem);
    for field in &mut view.fields {
        let typed = fields.get(&field.name).to_owned();
        match &mut field.control {
            Control::Reference(refers) => {
                refers.shown = typed;
                field.value = fields.get("person_id").to_owned();
            }
            Control::Choice(choices) => choices.iter_mut().for_each(|c| c.selected = c.value == typed),
            _ => field.value = typed,
        }
        let about = error.problems().iter().filter(|p| p.pointer.trim_start_matches('/') == field.name);
        field.problems.extend(about.map(|p| p.detail.clone()));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
}

async fn one(State(web): State<Web>, who: Who, Path(id): Path<String>) -> Result<Response, Refused> {
    let (id, permit) = (read::<RequestId>(&id, "request")?, who.actor.permit::<HandleRequests>()?);
    let read = move |unit: &mut Unit| Ok(requests::show(unit, &permit, id)?.and(staff::directory(unit, &permit)?));
    let (whole, staff) = web.app.read(&who.actor, read).await?;
    let names = names(&web, &who, vec![whole.request.person]).await?;
    let name = names.get(&whole.request.person).cloned();
    let view = request_page(&web, &who, &whole, name, &Names::of(staff)).await?;
    Ok(Html(html(&view)?).into_response())
}

async fn request_page(web: &Web, who: &Who, whole: &Whole, name: Option<String>, staff: &Names) -> Result<RequestPage> {
    let (t, r, now) = (who.text, &whole.request, web.app.env().now());
    let (href, asked) = (format!("/requests/{}", r.id), right(t, &r.right));
    let shell = who.shell(web, &format!("{asked} {}", number(r.id)), "requests", &href).await?;
    let known = name.is_some();
    let shown = name.unwrap_or_else(|| t.get("request-person-gone"));
    let person =
        if known { Cell::Link { text: shown.clone(), href: format!("/people/{}", r.person) } } else { Cell::Withheld(shown.clone()) };
    let open = r.closed.is_none();
    let is_access = matches!(r.right.as_str(), "access" | "know" | "port");
    let next = (open && r.verified).then(|| {
        if r.is_erasure() {
            Some((t.get("request-review-plan"), format!("/people/{}/erasure", r.person)))
        } else {
            is_access.then(|| (t.get("request-to-package"), format!("{href}/package")))
        }
    });
    let mut acts = Vec::new();
    if open && !r.verified {
        acts.push((t.get("request-confirm-identity"), format!("{href}/verify")));
    }
    if open && r.verified && is_access {
        acts.push((t.get("request-make-package"), format!("/people/{}/package", r.person)));
    }
    if open && r.verified && !r.is_erasure() {
        acts.push((t.get("request-answered"), format!("{href}/close")));
    }
    let recipients = recipients::rows(web, who, r).await?;
    let told = recipients.iter().any(|row| row.tell_action.is_some());
    let citation = whole.deadlines.citation;
    let extended = whole.deadlines.extended.filter(|day| open && *day > r.due.day());
    let grounds = ["excessive", "identity", "law"].map(|g| Choice::new(g, t.get(&format!("request-ground-{g}")), g == "excessive"));
    Ok(RequestPage {
        t,
        shell,
        title: format!("{asked} · {shown}"),
        note: format!("{} · {}", number(r.id), t.with("request-received-note", "day", t.day(r.received.day()))),
        due: due(t, r, now.day()),
        counted: vec![
            t.with("request-counted-from", "day", t.weekday(r.received.day())),
            t.with2("request-counted-due", "day", t.weekday(r.due.day()), "citation", citation),
        ],
        stages: stages(t, r),
        standing: told.then(|| t.get("recipients-standing")),
        enter_action: (open && known).then(|| format!("{href}/recipients")),
        recipients,
        lines: vec![
            Line::new(t.get("requests-person"), person),
            Line::text(t.get("request-law"), citation),
            Line::text(t.get("request-why"), whole.reason.clone()),
            Line::text(t.get("request-identity"), t.get(if r.verified { "request-identity-settled" } else { "request-identity-open" })),
        ],
        log: log(t, &who.clock(web).await?, whole, staff, now),
        next: next.flatten(),
        acts,
        extend: extended.map(|day| (format!("{href}/extend"), t.with2("request-extend-to", "day", t.weekday(day), "citation", citation))),
        refuse: open.then(|| (format!("{href}/refuse"), grounds.into())),
        recorded: t.get("request-recorded"),
        href,
    })
}

fn log(t: Text, zone: &TimeZone, whole: &Whole, staff: &Names, now: Instant) -> Vec<LogLine> {
    let notes = whole.notes.iter().map(|note| LogLine { iso: String::new(), when: String::new(), said: Said::new().say(note.clone()) });
    let steps = whole.log.iter().rev().map(|step| LogLine {
        iso: step.at.to_string(),
        when: t.when(step.at, now, zone),
        said: Said::new().strong(staff.who(t, &step.actor)).say(format!(" {}", t.did(&step.what))),
    });
    steps.chain(notes).collect()
}

fn stages(t: Text, r: &Request) -> Vec<Stage> {
    let last = match r.state {
        Standing::Refused | Standing::Partly => r.state,
        _ => Standing::Fulfilled,
    };
    let all = [Standing::Received, Standing::Identity, Standing::Collecting, Standing::Decided, last];
    let at = all.iter().position(|s| *s == r.state).unwrap_or(0);
    let word = |n: usize| match n.cmp(&at) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal if r.closed.is_some() => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "ahead",
    };
    all.iter().enumerate().map(|(n, s)| Stage { label: state(t, *s), state: word(n) }).collect()
}

fn back(id: RequestId) -> Response {
    Redirect::to(&format!("/requests/{id}")).into_response()
}

async fn verify(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let (id, permit) = (read::<RequestId>(&id, "request")?, who.actor.permit::<HandleRequests>()?);
    let how = who.text.get("request-confirmed-words");
    web.app.write(&who.actor, move |unit| requests::verify_identity(unit, &permit, id, &how)).await?;
    Ok(back(id))
}

async fn extend(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let (id, permit) = (read::<RequestId>(&id, "request")?, who.actor.permit::<HandleRequests>()?);
    let why = fields.get("reason").to_owned();
    web.app.write(&who.actor, move |unit| requests::extend(unit, &permit, id, &why)).await?;
    Ok(back(id))
}

async fn refuse(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let (id, permit) = (read::<RequestId>(&id, "request")?, who.actor.permit::<HandleRequests>()?);
    let ground = format!("request-ground-{}", fields.get("code"));
    if !who.text.has(&ground) {
        return Err(Error::invalid("/code", "unknown", "Choose the ground of the refusal.").into());
    }
    let reason = fields.get("reason").trim();
    if reason.is_empty() {
        return Err(Error::invalid("/reason", "required", "Say why, in a few words.").into());
    }
    let note = format!("{}: {reason}", who.text.get(&ground));
    web.app.write(&who.actor, move |unit| requests::close(unit, &permit, id, Standing::Refused, &note)).await?;
    Ok(back(id))
}

async fn close(State(web): State<Web>, who: Who, Path(id): Path<String>, _form: Form) -> Result<Response, Refused> {
    let (id, permit) = (read::<RequestId>(&id, "request")?, who.actor.permit::<HandleRequests>()?);
    web.app.write(&who.actor, move |unit| requests::close(unit, &permit, id, Standing::Fulfilled, "")).await?;
    Ok(back(id))
}
