//! The fields of a kind as pages: one added, retired and used again, sealed or opened.

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use catalogue::{Choice as Offer, Class, FieldType, Index, Kind, Mask, PURPOSES, Protection, Purpose, Purposes, file};
use crm::{
    permits::Manage,
    records::{self, kinds},
};
use http::StatusCode;
use kernel::{Error, Result};

use super::{
    keeping,
    kinds::{is_mistake, key_of, key_without_letters, one_view, say_whole},
    pages::{again, shell},
};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Choice,
        render::html,
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        confirm::ConfirmPage,
        erasure::{Outcome, PlanLine},
        parts::{Chip, Control, Field, Tone},
        settings::FieldRow,
    },
};

/// What the form offers beside the types: a link to a file.
const FILE: &str = "file";

/// A field with the protection of what it is: sealed and masked unless it is said otherwise.
pub(super) fn field(key: &str, label: &str, kind: FieldType) -> catalogue::Field {
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

pub(super) fn row(t: Text, kind: &Kind, field: &catalogue::Field, href: &str) -> FieldRow {
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
        kind: match field.links_to.as_deref() {
            Some(file::KIND) => t.get("type-file"),
            _ => t.get(&format!("type-{}", field.kind.as_str().replace('_', "-"))),
        },
        protection: match (field.retired, field.protection) {
            (true, _) => Chip::new(t.get("field-retired"), Tone::Limited),
            (false, Protection::Open) => Chip::new(t.get("field-open"), Tone::Plain),
            (false, Protection::Sealed) => Chip::new(t.get("field-sealed"), Tone::Good),
        },
        class: t.class(field.class.as_str()),
        purposes: if everything { t.get("field-every-purpose") } else { purposes },
        index: t.get(found),
        turn: may_turn(kind, field).then(|| {
            let word = if field.is_sealed() { "field-open-it" } else { "field-seal-it" };
            let to = if field.is_sealed() { Protection::Open } else { Protection::Sealed };
            (format!("{href}/fields/{}/protection/{}", field.key, word_of(to)), t.get(word))
        }),
        toggle: may_retire.then(|| {
            let word = if field.retired { "field-use" } else { "field-retire" };
            (format!("{href}/fields/{}/retire", field.key), t.get(word))
        }),
    }
}

/// Whether a field may change sides: one of the user's own that is neither a link nor what names a record, as the catalogue says.
fn may_turn(kind: &Kind, field: &catalogue::Field) -> bool {
    let shipped = catalogue::builtin().kind(&kind.key).is_some_and(|kind| kind.field(&field.key).is_some());
    let could_open = field.kind.may_be_open() && field.class <= Class::Personal;
    !shipped && !field.system && field.key != kind.title && field.kind != FieldType::Link && (could_open || !field.is_sealed())
}

/// The form for a new field.
pub(super) fn inputs(web: &Web, who: &Who) -> Vec<Field> {
    let t = who.text;
    let types = FieldType::ALL.map(|kind| {
        let word = kind.as_str();
        Choice::new(word, t.get(&format!("type-{}", word.replace('_', "-"))), kind == FieldType::Text)
    });
    let types = types.into_iter().chain([Choice::new(FILE, t.get("type-file"), false)]);
    let classes =
        Class::ALL.map(|class| Choice::new(class.as_str(), t.get(&format!("class-{}", class.as_str())), class == Class::Personal));
    let purposes = PURPOSES.iter().map(|p| Choice::new(p.key, t.purpose(p.key), true)).collect();
    let kinds = web.catalogue(t).kinds().map(|kind| Choice::new(kind.key.clone(), kind.label.clone(), false)).collect();
    let more = ["required", "listed", "search", "many", "open"];
    vec![
        Field::new("label", t.get("user-name"), Control::Text).required(),
        Field::new("type", t.get("kind-type"), Control::Choice(types.collect())).required(),
        Field::new("options", t.get("field-options"), Control::LongText).help(t.get("field-options-help")),
        Field::new("links_to", t.get("field-links-to"), Control::Choice(kinds)).help(t.get("field-links-to-help")),
        Field::new("class", t.get("kind-class"), Control::Choice(classes.into())).required().help(t.get("field-class-help")),
        Field::new("purposes", t.get("user-purposes"), Control::Choices(purposes)).required(),
        Field::new("more", t.get("field-more"), {
            Control::Choices(more.map(|word| Choice::new(word, t.get(&format!("field-is-{word}")), word == "search")).into())
        })
        .help(t.get("field-open-help")),
    ]
    .into_iter()
    .chain(keeping::of_field(t, who))
    .collect()
}

pub(super) async fn add(State(web): State<Web>, who: Who, Path(key): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
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
    let label = fields.get("label");
    let taken = |key: &str| kind.field(key).is_some();
    let own = Some(key_of(label)).filter(|key| !key.is_empty()).or_else(|| key_without_letters(label, "field", taken));
    let own = own.ok_or_else(|| Error::invalid("/label", "not_a_name", t.get("kind-key-needed")))?;
    if kind.field(&own).is_some() {
        return Err(Error::invalid("/label", "duplicate", t.get("field-known")));
    }
    // A file is a record of its own, which the field points to.
    let is_file = fields.get("type") == FILE;
    let types = FieldType::ALL.into_iter().find(|known| known.as_str() == fields.get("type"));
    let of = types.or(is_file.then_some(FieldType::Link)).ok_or_else(|| Error::invalid("/type", "unknown", t.get("choose-one")))?;
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
        links_to: Some(if is_file { file::KIND } else { fields.get("links_to") }.to_owned())
            .filter(|to| of == FieldType::Link && !to.is_empty()),
        required: says("required"),
        listed: says("listed"),
        ..field(&own, fields.get("label").trim(), of)
    });
    let keeping = keeping::chosen(t, who, keeping::FIELD_INPUT, &format!("{} · {}", kind.plural, fields.get("label").trim()), fields)?;
    kinds::define(&web.app, &who.actor, kind).await?;
    keeping::keep(web, who, key, Some(&own), keeping).await
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
    let keyed = |(n, label): (usize, &str)| {
        let key = Some(key_of(label)).filter(|key| !key.is_empty()).unwrap_or_else(|| format!("option_{}", n + 1));
        Offer { key, label: label.to_owned() }
    };
    lines.enumerate().map(keyed).collect()
}

/// Retires a field, or uses it again. Old records keep what they hold either way.
pub(super) async fn retire(
    State(web): State<Web>,
    who: Who,
    Path((key, field)): Path<(String, String)>,
    _form: Form,
) -> Result<Response, Refused> {
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

/// The page before a field changes sides: what that means, and that nothing has happened yet.
pub(super) async fn turning(
    State(web): State<Web>,
    who: Who,
    Path((key, field, to)): Path<(String, String, String)>,
) -> Result<Response, Refused> {
    who.actor.permit::<Manage>()?;
    let (t, to) = (who.text, side(&to)?);
    let kind = web.catalogue(t).need(&key)?;
    let may = |field: &&catalogue::Field| may_turn(&kind, field) && field.protection != to;
    let field = kind.field(&field).filter(may).ok_or_else(|| Error::not_found("field"))?;
    let (act, what, goes, stays) = match to {
        Protection::Open => ("field-open-it", "field-turn-protection", "field-open-loses", "field-open-gains"),
        Protection::Sealed => ("field-seal-it", "field-turn-found", "field-seal-loses", "field-seal-gains"),
    };
    let line = |outcome: Outcome, what: &str, word: &str| PlanLine {
        what: t.get(what),
        outcome,
        rule: t.get(word),
        citation: String::new(),
        until: String::new(),
    };
    let href = format!("/settings/kinds/{key}");
    let view = ConfirmPage {
        t,
        shell: shell(&web, &who, &href).await?,
        title: t.with2("field-turn-title", "act", t.get(act), "field", &field.label),
        note: kind.plural.clone(),
        lines: vec![
            line(Outcome::Goes, what, goes),
            line(Outcome::Stays, "field-turn-found", stays),
            line(Outcome::Stays, "field-turn-values", "field-turn-versions"),
        ],
        back: href.clone(),
        action: format!("{href}/fields/{}/protection/{}", field.key, word_of(to)),
        count: None,
        password: false,
        fields: Vec::new(),
        label: t.get(act),
        problem: String::new(),
    };
    Ok(Html(html(&view)?).into_response())
}

const fn word_of(side: Protection) -> &'static str {
    match side {
        Protection::Sealed => "sealed",
        Protection::Open => "open",
    }
}

fn side(word: &str) -> Result<Protection> {
    let known = [Protection::Sealed, Protection::Open].into_iter().find(|side| word_of(*side) == word);
    known.ok_or_else(|| Error::not_found("page"))
}

/// Seals a field or opens it; its values follow in the background.
pub(super) async fn turn(
    State(web): State<Web>,
    who: Who,
    Path((key, field, to)): Path<(String, String, String)>,
    _form: Form,
) -> Result<Response, Refused> {
    let to = side(&to)?;
    records::protect(&web.app, &who.actor, &key, &field, to).await?;
    let done = if to == Protection::Sealed { "sealing" } else { "opening" };
    Ok(Redirect::to(&format!("/settings/kinds/{key}?done={done}")).into_response())
}
