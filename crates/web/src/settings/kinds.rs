//! Kinds and fields as pages: what there is, a kind made, a field added, retired and used again.

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{Choice as Offer, Class, FieldType, Index, Kind, Mask, PURPOSES, Protection, Purpose, Purposes, company, person};
use crm::{permits::Manage, records::kinds};
use http::{Method, StatusCode};
use kernel::{Code, Error, Result};
use serde::Deserialize;

use super::pages::{again, shell};
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
        parts::{Chip, Control, Field, Tone},
        settings::{FieldRow, KindRow, SettingsKind, SettingsKinds},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/kinds", Access::Staff, || get(all)),
    Route::new(Method::POST, "/settings/kinds", Access::Staff, || post(add)),
    Route::new(Method::GET, "/settings/kinds/{key}", Access::Staff, || get(one)),
    Route::new(Method::POST, "/settings/kinds/{key}/fields", Access::Staff, || post(add_field)),
    Route::new(Method::POST, "/settings/kinds/{key}/fields/{field}/retire", Access::Staff, || post(retire)),
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
        ],
    })
}

/// A field with the protection of what it is: sealed and masked unless it is said otherwise.
fn field(key: &str, label: &str, kind: FieldType) -> catalogue::Field {
    catalogue::Field {
        key: key.to_owned(),
        label: label.to_owned(),
        kind,
        many: false,
        protection: Protection::Sealed,
        category: String::new(),
        class: Class::Personal,
        purposes: Purposes::all(),
        index: Index::None,
        mask: Mask::None,
        options: Vec::new(),
        links_to: None,
        required: false,
        listed: false,
        retired: false,
        system: false,
    }
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
    let (t, key) = (who.text, key_of(fields.get("label")));
    if key.is_empty() {
        return Err(Error::invalid("/label", "not_a_name", t.get("kind-key-needed")));
    }
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
        key,
    };
    let key = kind.key.clone();
    kinds::define(&web.app, &who.actor, kind).await?;
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
        _ => None,
    };
    view.shell.notices.extend(notice);
    Ok(Html(html(&view)?).into_response())
}

async fn one_view(web: &Web, who: &Who, key: &str) -> Result<SettingsKind> {
    who.actor.permit::<Manage>()?;
    let t = who.text;
    let kind = web.catalogue(who.text).need(key)?;
    let href = format!("/settings/kinds/{}", kind.key);
    let rows = kind.fields.iter().map(|field| field_row(t, &kind, field, &href));
    Ok(SettingsKind {
        t,
        shell: shell(web, who, &href).await?,
        label: kind.label.clone(),
        note: format!("{} · {}", kind.plural, t.count("kind-count", kind.fields.len())),
        rows: rows.collect(),
        fields: inputs(web, t),
        href,
    })
}

fn field_row(t: Text, kind: &Kind, field: &catalogue::Field, href: &str) -> FieldRow {
    let found = match field.index {
        Index::None if field.protection == Protection::Open => "index-sorted",
        Index::None => "index-none",
        Index::Exact => "index-exact",
        Index::Word => "index-word",
        Index::Prefix => "index-prefix",
    };
    let everything = field.purposes == Purposes::all();
    let purposes = field.purposes.iter().map(|p| t.purpose(p.key)).collect::<Vec<_>>().join(", ");
    let may_retire = !field.system && field.key != kind.title;
    FieldRow {
        label: field.label.clone(),
        key: field.key.clone(),
        kind: t.get(&format!("type-{}", field.kind.as_str().replace('_', "-"))),
        protection: match (field.retired, field.protection) {
            (true, _) => Chip::new(t.get("field-retired"), Tone::Limited),
            (false, Protection::Open) => Chip::new(t.get("field-open"), Tone::Plain),
            (false, Protection::Sealed) => Chip::new(t.get("field-sealed"), Tone::Good),
        },
        class: t.class(field.class.as_str()),
        purposes: if everything { t.get("field-every-purpose") } else { purposes },
        index: t.get(found),
        toggle: may_retire.then(|| {
            let word = if field.retired { "field-use" } else { "field-retire" };
            (format!("{href}/fields/{}/retire", field.key), t.get(word))
        }),
    }
}

/// The form for a new field.
fn inputs(web: &Web, t: Text) -> Vec<Field> {
    let types = FieldType::ALL.map(|kind| {
        let word = kind.as_str();
        Choice::new(word, t.get(&format!("type-{}", word.replace('_', "-"))), kind == FieldType::Text)
    });
    let classes =
        Class::ALL.map(|class| Choice::new(class.as_str(), t.get(&format!("class-{}", class.as_str())), class == Class::Personal));
    let purposes = PURPOSES.iter().map(|p| Choice::new(p.key, t.purpose(p.key), true)).collect();
    let kinds = web.catalogue(t).kinds().map(|kind| Choice::new(kind.key.clone(), kind.label.clone(), false)).collect();
    let more = ["required", "listed", "search", "many", "open"];
    vec![
        Field::new("label", t.get("user-name"), Control::Text).required(),
        Field::new("type", t.get("kind-type"), Control::Choice(types.into())).required(),
        Field::new("options", t.get("field-options"), Control::LongText).help(t.get("field-options-help")),
        Field::new("links_to", t.get("field-links-to"), Control::Choice(kinds)).help(t.get("field-links-to-help")),
        Field::new("class", t.get("kind-class"), Control::Choice(classes.into())).required().help(t.get("field-class-help")),
        Field::new("purposes", t.get("user-purposes"), Control::Choices(purposes)).required(),
        Field::new("more", t.get("field-more"), {
            Control::Choices(more.map(|word| Choice::new(word, t.get(&format!("field-is-{word}")), word == "search")).into())
        })
        .help(t.get("field-open-help")),
    ]
}

async fn add_field(State(web): State<Web>, who: Who, Path(key): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    match field_added(&web, &who, &key, &fields).await {
        Ok(()) => Ok(Redirect::to(&format!("/settings/kinds/{key}?done=field")).into_response()),
        Err(error) if is_mistake(&error) => {
            let error = at_inputs(error);
            let mut view = one_view(&web, &who, &key).await?;
            again(&mut view.fields, &fields, &error);
            say_whole(&mut view.fields, &error);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The catalogue names a part of a numbered field; the form has one input for each part.
fn at_inputs(error: Error) -> Error {
    let mut problems = error.problems().to_vec();
    for problem in &mut problems {
        let part = problem.pointer.rsplit('/').next().unwrap_or_default();
        let input = match part {
            "key" => "label",
            "protection" | "index" => "more",
            other => other,
        };
        problem.pointer = format!("/{input}");
    }
    Error::new(error.code(), error.detail()).with_problems(problems)
}

async fn field_added(web: &Web, who: &Who, key: &str, fields: &Fields) -> Result<()> {
    who.actor.permit::<Manage>()?;
    let (t, mut kind) = (who.text, Kind::clone(web.app.catalogue().need(key)?.as_ref()));
    let own = key_of(fields.get("label"));
    if own.is_empty() {
        return Err(Error::invalid("/label", "not_a_name", t.get("kind-key-needed")));
    }
    if kind.field(&own).is_some() {
        return Err(Error::invalid("/label", "duplicate", t.get("field-known")));
    }
    let types = FieldType::ALL.into_iter().find(|known| known.as_str() == fields.get("type"));
    let of = types.ok_or_else(|| Error::invalid("/type", "unknown", t.get("choose-one")))?;
    let class = Class::ALL.into_iter().find(|known| known.as_str() == fields.get("class"));
    let class = class.ok_or_else(|| Error::invalid("/class", "unknown", t.get("choose-one")))?;
    let purposes = fields.all("purposes").filter_map(Purpose::find).fold(Purposes::NONE, Purposes::with);
    if purposes == Purposes::NONE {
        return Err(Error::invalid("/purposes", "none", t.get("field-no-purpose")));
    }
    let says = |word: &str| fields.all("more").any(|given| given == word);
    let open = says("open") || of == FieldType::Link;
    let protection = if open { Protection::Open } else { Protection::Sealed };
    kind.fields.push(catalogue::Field {
        many: says("many"),
        protection,
        class: if open && of == FieldType::Link { class.min(Class::Personal) } else { class },
        purposes,
        index: index(of, says("search") && !open),
        mask: mask(of, class, protection),
        options: if of == FieldType::Select { options(fields.get("options")) } else { Vec::new() },
        links_to: Some(fields.get("links_to").to_owned()).filter(|to| of == FieldType::Link && !to.is_empty()),
        required: says("required"),
        listed: says("listed"),
        ..field(&own, fields.get("label").trim(), of)
    });
    kinds::define(&web.app, &who.actor, kind).await.map(drop)
}

/// How a sealed value of a type can be found, where it is to be found.
fn index(of: FieldType, wanted: bool) -> Index {
    match of {
        _ if !wanted => Index::None,
        FieldType::Text => Index::Prefix,
        FieldType::LongText | FieldType::Address | FieldType::Url => Index::Word,
        _ => Index::Exact,
    }
}

/// How a value shows in pages until it is revealed.
fn mask(of: FieldType, class: Class, protection: Protection) -> Mask {
    match (of, protection) {
        (_, Protection::Open) => Mask::None,
        (FieldType::Email, _) => Mask::Email,
        (FieldType::Phone, _) => Mask::LastFour,
        _ if class >= Class::Sensitive => Mask::Full,
        _ => Mask::None,
    }
}

/// Options of a choice, one a line.
fn options(text: &str) -> Vec<Offer> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|label| Offer { key: key_of(label), label: label.to_owned() }).collect()
}

/// Retires a field, or uses it again. Old records keep what they hold either way.
async fn retire(State(web): State<Web>, who: Who, Path((key, field)): Path<(String, String)>, _form: Form) -> Result<Response, Refused> {
    who.actor.permit::<Manage>()?;
    let mut kind = Kind::clone(web.app.catalogue().need(&key)?.as_ref());
    let title = kind.title.clone();
    let found = kind.fields.iter_mut().find(|one| one.key == field && !one.system && one.key != title);
    let found = found.ok_or_else(|| Error::not_found("field"))?;
    found.retired = !found.retired;
    let done = if found.retired { "retired" } else { "used" };
    kinds::define(&web.app, &who.actor, kind).await?;
    Ok(Redirect::to(&format!("/settings/kinds/{key}?done={done}")).into_response())
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
    }
}
