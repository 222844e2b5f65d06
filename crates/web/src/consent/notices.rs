//! The texts people are shown before they answer: the list, a form for a new one or for the next version of one.

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{PURPOSES, Purpose};
use crm::{
    consent::{
        self,
        notice::{self, Notice as Shown, NoticeId, Wording},
    },
    permits::Manage,
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Result};

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
    router::{Access, Route, Web},
    views::{
        mail::{Form, MailPage, Row},
        parts::{Chip, Control, Field, Tone},
        settings::{NOTICES as HERE, notices_tabs},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/privacy-notices", Access::Staff, || get(page)),
    Route::new(Method::POST, "/settings/privacy-notices", Access::Staff, || post(make)),
    Route::new(Method::POST, "/settings/privacy-notices/{id}", Access::Staff, || post(change)),
];

async fn page(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let given = asked(query)?;
    let edit = Some(given.get("edit")).filter(|text| !text.is_empty()).map(|text| id::<NoticeId>(text, "notice")).transpose()?;
    let mut view = view(&web, &who, edit).await?;
    if given.get("done") == "saved" {
        view.shell.notices.push(Notice::done(who.text.get("consent-notice-saved")));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn view(web: &Web, who: &Who, edit: Option<NoticeId>) -> Result<MailPage> {
    let t = who.text;
    let manages = who.actor.permit::<Manage>().is_ok();
    let all = web.app.read(&who.actor, notice::list).await?;
    let edited = edit.map(|id| all.iter().find(|one| one.id == id).ok_or_else(|| Error::not_found("notice"))).transpose()?;
    let form = manages.then(|| form(t, edited));
    let row = |one: &Shown| Row {
        title: one.title.clone(),
        href: manages.then(|| format!("{HERE}?edit={}", one.id)),
        chips: vec![Chip::new(t.purpose(one.purpose.key), Tone::Plain), Chip::new(one.language.clone(), Tone::Plain)],
        lines: vec![t.with2("consent-notice-version", "version", one.version.to_string(), "day", t.day(one.at.day())), one.text.clone()],
        said: None,
        acts: Vec::new(),
    };
    Ok(MailPage {
        once: None,
        t,
        shell: who.shell(web, &t.get("consent-notices"), "settings", HERE).await?,
        title: t.get("consent-notices"),
        lead: t.get("consent-notices-lead"),
        tabs: notices_tabs(t),
        rows: all.iter().map(row).collect(),
        empty: t.get("consent-notices-none"),
        pick: None,
        form,
    })
}

fn form(t: Text, edited: Option<&Shown>) -> Form {
    let text = |one: fn(&Shown) -> &String| edited.map(one).cloned().unwrap_or_default();
    let mut fields = Vec::new();
    if edited.is_none() {
        let purposes = PURPOSES.iter().filter(|one| consent::is_asked(one));
        let purposes = purposes.map(|one| Choice::new(one.key, t.purpose(one.key), one.needs_consent)).collect();
        fields.push(Field::new("purpose", t.get("consent-purpose"), Control::Choice(purposes)).required());
        fields.push(
            Field::new("language", t.get("consent-language"), Control::Text)
                .required()
                .value(t.language().code())
                .help(t.get("consent-language-help")),
        );
    }
    fields.push(Field::new("title", t.get("consent-notice-title"), Control::Text).required().value(text(|one| &one.title)));
    fields.push(
        Field::new("text", t.get("consent-notice-text"), Control::LongText)
            .required()
            .value(text(|one| &one.text))
            .help(t.get("consent-notice-text-help")),
    );
    Form {
        title: edited
            .map_or_else(|| t.get("consent-notice-new"), |one| t.with("consent-notice-next", "version", (one.version + 1).to_string())),
        action: edited.map_or_else(|| HERE.to_owned(), |one| format!("{HERE}/{}", one.id)),
        hidden: Vec::new(),
        fields,
        more: Vec::new(),
        button: t.get("consent-notice-save"),
        second: None,
        note: t.get("consent-notice-note"),
    }
}

fn wording(given: &Fields) -> Wording {
    Wording { title: given.get("title").to_owned(), text: given.get("text").to_owned() }
}

async fn make(State(web): State<Web>, who: Who, Given(given): Given) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    let made = async {
        let purpose = Purpose::find(given.get("purpose"));
        let purpose = purpose.ok_or_else(|| Error::invalid("/purpose", "unknown", "Choose one of the purposes."))?;
        let (wording, language) = (wording(&given), given.get("language").trim().to_owned());
        web.app.write(&who.actor, move |unit| notice::make(unit, &permit, purpose, &language, &wording)).await.map(drop)
    };
    let made = made.await;
    ended(&web, &who, None, &given, made).await
}

async fn change(State(web): State<Web>, who: Who, Path(notice): Path<String>, Given(given): Given) -> Result<Response, Refused> {
    let (notice, permit, wording) = (id::<NoticeId>(&notice, "notice")?, who.actor.permit::<Manage>()?, wording(&given));
    let changed = web.app.write(&who.actor, move |unit| notice::change(unit, &permit, notice, &wording)).await.map(drop);
    ended(&web, &who, Some(notice), &given, changed).await
}

async fn ended(web: &Web, who: &Who, edit: Option<NoticeId>, given: &Fields, done: Result<()>) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(Redirect::to(&format!("{HERE}?done=saved")).into_response()),
        Err(error) if error.code() == Code::InvalidInput => {
            let mut view = view(web, who, edit).await?;
            if let Some(form) = &mut view.form {
                again(who.text, &mut form.fields, given, &error, str::to_owned);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}
