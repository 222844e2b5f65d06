//! Kinds and fields as pages: what there is, a kind made, a field added, retired and used again.

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{Class, FieldType, Index, Kind, Protection, company, person};
use crm::{
    permits::Manage,
    records::{self, kinds},
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Result};
use serde::Deserialize;

use super::{
    fields::{self, field},
    keeping,
    pages::{again, shell},
};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::{Choice, Notice},
        render::html,
        text::Text,
        who::Who,
    },
    records::pages::{base_of, icon_of},
    router::{Access, Route, Web},
    views::{
        parts::{Chip, Control, Field, Progress, Tone},
        settings::{KindRow, SettingsKind, SettingsKinds},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/kinds", Access::Staff, || get(all)),
    Route::new(Method::POST, "/settings/kinds", Access::Staff, || post(add)),
    Route::new(Method::GET, "/settings/kinds/{key}", Access::Staff, || get(one)),
    Route::new(Method::POST, "/settings/kinds/{key}/keeping", Access::Staff, || post(keeping::again)),
    Route::new(Method::POST, "/settings/kinds/{key}/fields", Access::Staff, || post(fields::add)),
    Route::new(Method::POST, "/settings/kinds/{key}/fields/{field}/retire", Access::Staff, || post(fields::retire)),
    Route::new(Method::GET, "/settings/kinds/{key}/fields/{field}/protection/{to}", Access::Staff, || get(fields::turning)),
    Route::new(Method::POST, "/settings/kinds/{key}/fields/{field}/protection/{to}", Access::Staff, || post(fields::turn)),
];

/// A key from a name: lower case letters, digits and underscores.
pub(super) fn key_of(name: &str) -> String {
    let mut key = String::new();
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        match letter {
            'a'..='z' | '0'..='9' => key.push(letter),
            'ä' | 'á' | 'à' | 'â' | 'å' => key.push('a'),
            'é' | 'è' | 'ê' | 'ë' => key.push('e'),
            'ö' | 'ó' | 'ò' | 'ô' => key.push('o'),
            'ü' | 'ú' | 'ù' | 'û' => key.push('u'),
            'ß' => key.push_str("ss"),
            _ if key.is_empty() || key.ends_with('_') => {}
            _ => key.push('_'),
        }
    }
    if key.starts_with(|c: char| c.is_ascii_digit()) {
        key.insert(0, 'n');
    }
    key.truncate(40);
    key.trim_end_matches('_').to_owned()
}

/// A key that no other has of a name in letters that keys do not have; nothing for a name without any letter.
pub(super) fn key_without_letters(name: &str, before: &str, is_taken: impl Fn(&str) -> bool) -> Option<String> {
    let named = name.chars().any(char::is_alphanumeric);
    named.then(|| (1_u32..).map(|n| format!("{before}_{n}")).find(|key| !is_taken(key))).flatten()
}

async fn all(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    Ok(Html(html(&all_view(&web, &who).await?)?).into_response())
}

async fn all_view(web: &Web, who: &Who) -> Result<SettingsKinds> {
    who.actor.permit::<Manage>()?;
    let (t, catalogue) = (who.text, web.catalogue(who.text));
    let rows = catalogue.kinds().map(|kind| KindRow {
        label: kind.label.clone(),
        key: kind.key.clone(),
        href: format!("/settings/kinds/{}", kind.key),
        icon: icon_of(&kind.key).into(),
        note: t.count("kind-count", kind.fields.len()),
        state: Chip::new(t.get(if kind.custom { "kind-own" } else { "kind-built-in" }), Tone::Plain),
    });
    let about = [(person::KIND, "kind-about-person"), (company::KIND, "kind-about-company")];
    Ok(SettingsKinds {
        t,
        shell: shell(web, who, "/settings/kinds").await?,
        version: t.with("kind-version", "version", catalogue.version()),
        kinds: rows.collect(),
        fields: vec![
            Field::new("label", t.get("kind-label"), Control::Text).required().help(t.get("kind-label-help")),
            Field::new("plural", t.get("kind-plural"), Control::Text).required(),
            Field::new("title", t.get("kind-title"), Control::Text).required().value(t.get("user-name")).help(t.get("kind-title-help")),
            Field::new("about", t.get("kind-about"), Control::Choices(about.map(|(key, word)| Choice::new(key, t.get(word), true)).into()))
                .help(t.get("kind-about-help")),
        ]
        .into_iter()
        .chain(keeping::of_kind(t, who))
        .collect(),
    })
}

async fn add(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    match added(&web, &who, &fields).await {
        Ok(key) => Ok(Redirect::to(&format!("/settings/kinds/{key}?done=made")).into_response()),
        Err(error) if is_mistake(&error) => {
            let mut view = all_view(&web, &who).await?;
            again(&mut view.fields, &fields, &error);
            say_whole(&mut view.fields, &error);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) fn is_mistake(error: &Error) -> bool {
    matches!(error.code(), Code::InvalidInput | Code::Duplicate)
}

/// What is wrong with no input of its own stands at the first one.
pub(super) fn say_whole(inputs: &mut [Field], error: &Error) {
    if inputs.iter().all(|input| input.problems.is_empty())
        && let Some(first) = inputs.first_mut()
    {
        let words = error.problems().first().map_or(error.detail(), |problem| &problem.detail);
        first.problems.push(words.to_owned());
    }
}

async fn added(web: &Web, who: &Who, fields: &Fields) -> Result<String> {
    who.actor.permit::<Manage>()?;
    let (t, label) = (who.text, fields.get("label"));
    let taken = |key: &str| web.app.catalogue().by_path(key).is_some();
    let key = Some(key_of(label)).filter(|key| !key.is_empty()).or_else(|| key_without_letters(label, "kind", taken));
    let key = key.ok_or_else(|| Error::invalid("/label", "not_a_name", t.get("kind-key-needed")))?;
    if web.app.catalogue().kind(&key).is_some() {
        return Err(Error::invalid("/label", "duplicate", t.get("kind-known")));
    }
    let title = catalogue::Field { index: Index::Prefix, required: true, ..field("name", fields.get("title").trim(), FieldType::Text) };
    let mut own = vec![title];
    for to in fields.all("about").filter(|to| [person::KIND, company::KIND].contains(to)) {
        let label = web.catalogue(t).kind(to).map_or_else(|| to.to_owned(), |kind| kind.label.clone());
        let link = catalogue::Field {
            protection: Protection::Open,
            class: Class::Internal,
            links_to: Some(to.to_owned()),
            listed: true,
            ..field(to, &label, FieldType::Link)
        };
        own.push(link);
    }
    let kind = Kind {
        label: fields.get("label").trim().to_owned(),
        plural: fields.get("plural").trim().to_owned(),
        path: key.clone(),
        title: "name".to_owned(),
        is_person: false,
        custom: true,
        fields: own,
        pipelines: Vec::new(),
        reasons: Vec::new(),
        consent: None,
        key,
    };
    let (key, keeping) = (kind.key.clone(), keeping::chosen(t, who, keeping::KIND_INPUT, &kind.plural, fields)?);
    kinds::define(&web.app, &who.actor, kind).await?;
    keeping::keep(web, who, &key, None, keeping).await?;
    Ok(key)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    done: String,
}

async fn one(State(web): State<Web>, who: Who, Path(key): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = one_view(&web, &who, &key).await?;
    let t = view.t;
    let notice = match asked.done.as_str() {
        "made" => Some(Notice::done(t.get("kind-made")).linked(t.get("kind-look"), base_of(&key))),
        "field" => Some(Notice::done(t.get("field-made")).linked(t.get("kind-look"), base_of(&key))),
        "retired" => Some(Notice::done(t.get("field-retired-done"))),
        "used" => Some(Notice::done(t.get("field-used-done"))),
        "sealing" => Some(Notice::done(t.get("field-sealing"))),
        "opening" => Some(Notice::done(t.get("field-opening"))),
        "kept" => Some(Notice::done(t.get("keeping-kept"))),
        _ => None,
    };
    view.shell.notices.extend(notice);
    Ok(Html(html(&view)?).into_response())
}

pub(super) async fn one_view(web: &Web, who: &Who, key: &str) -> Result<SettingsKind> {
    who.actor.permit::<Manage>()?;
    let t = who.text;
    let kind = web.catalogue(who.text).need(key)?;
    let href = format!("/settings/kinds/{}", kind.key);
    let rows = kind.fields.iter().map(|field| fields::row(t, &kind, field, &href));
    let rules = keeping::rules(web, who, &kind).await?;
    Ok(SettingsKind {
        t,
        shell: shell(web, who, &href).await?,
        label: kind.label.clone(),
        note: format!("{} · {}", kind.plural, t.count("kind-count", kind.fields.len())),
        rows: rows.collect(),
        fields: fields::inputs(web, who),
        progress: sealing(web, t, &kind).await?,
        rules,
        keeping: if kind.custom { keeping::of_kind(t, who) } else { Vec::new() },
        href,
    })
}

/// How far the values of a field that changed sides are sealed again, while that goes on.
async fn sealing(web: &Web, t: Text, kind: &Kind) -> Result<Option<Progress>> {
    let jobs = web.app.jobs(records::RESEAL).await?;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let running = jobs.iter().find(|job| {
        let of = job.args.get("record_kind").and_then(|key| key.as_str());
        of == Some(&kind.key) && matches!(job.state.as_str(), "ready" | "running")
    });
    Ok(running.map(|job| Progress {
        label: t.get("field-resealing"),
        done: count(job.done),
        total: Some(count(job.total)).filter(|total| *total > 0),
        words: t.with2("field-resealed", "done", t.number(count(job.done)), "total", t.number(count(job.total))),
        running: true,
        ..Progress::default()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_from_any_name_that_has_letters() {
        assert_eq!(key_of("Site visit"), "site_visit");
        assert_eq!(key_of("  Größe (cm) "), "grosse_cm");
        assert_eq!(key_of("1st"), "n1st");
        assert_eq!(key_of("訪問"), "");
        let taken = |key: &str| key == "kind_1";
        assert_eq!(key_without_letters("訪問", "kind", taken).as_deref(), Some("kind_2"));
        assert_eq!(key_without_letters("?!", "kind", taken), None);
    }
}
