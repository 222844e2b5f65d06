//! New and edit for any kind.

mod inline;
mod inputs;
pub(super) mod line;

use std::collections::HashMap;

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use catalogue::{Field, FieldType, Kind, Value};
use crm::permits::{ReadRecords, WriteRecords};
use crm::records::{self, Cell, Detail, NewRecord, RecordPatch, Shown, files};
use http::{HeaderMap, StatusCode};
use kernel::{Code, Error, Problem, RecordId, Result};
use serde_json::{Map, Value as Json};

use super::{
    At, Shower, base_of,
    cells::{Links, named},
    href_of,
    lookup::{Meant, lookup},
    rail_of, redirect, zone,
};
use crate::{
    duplicates::typing,
    kit::{
        error::Refused,
        form::{Fields, File, Sent, Upload},
        render::{html, wants_fragment},
        who::Who,
    },
    router::Web,
    views::{
        duplicates::{AlikeBox, AlikeLine},
        edit::{InlineForm, RecordForm},
        parts,
    },
};
pub(super) use inline::{editable, field};
use inputs::{Inputs, Typed};

/// The field of a kind that points to records of another: what a note or a task about one of them fills.
pub(super) fn link_to<'k>(kind: &'k Kind, to: &str) -> Option<&'k str> {
    kind.writable().find(|f| f.links_to.as_deref() == Some(to) && !f.many).map(|f| f.key.as_str())
}

/// The record as it stands, its links named.
struct Standing {
    shown: Option<Shown>,
    shower: Shower,
}

async fn standing(web: &Web, who: &Who, id: Option<RecordId>, links: Vec<RecordId>) -> Result<Standing> {
    let permit = who.actor.permit::<ReadRecords>()?;
    let read = move |unit: &mut crm::permits::Unit| {
        let zone = zone(unit)?;
        let mut ids = links.clone();
        if let Some(id) = id {
            ids.extend(records::links_from(unit, id)?.into_iter().map(|(_, to)| to));
        }
        let aside = unit.plain(zone)?;
        Ok(match id {
            Some(id) => {
                let shown = records::show(unit, &permit, id, Detail::Masked)?;
                let named = records::name(unit, &permit, &ids)?;
                shown.and(named).and(aside).map(|((shown, named), zone)| (Some(shown), named, zone))
            }
            None if ids.is_empty() => aside.map(|zone| (None, Vec::new(), zone)),
            None => records::name(unit, &permit, &ids)?.and(aside).map(|(named, zone)| (None, named, zone)),
        })
    };
    let (shown, named, zone) = web.app.read(&who.actor, read).await?;
    let mut shower = Shower { t: who.text, now: web.app.env().now(), zone: who.zone(zone), links: Links::new() };
    shower.know(&named);
    Ok(Standing { shown, shower })
}

/// The empty form. A link field may be given by the record's id: `?person=rec_…`.
pub(super) async fn new(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let permit = who.actor.permit::<WriteRecords>()?;
    permit.need(&kind)?;
    let asked = at.asked()?;
    let given: Vec<(String, RecordId)> = kind
        .writable()
        .filter(|f| f.kind == FieldType::Link && !f.many)
        .filter_map(|f| asked.get(&f.key).parse().ok().map(|id| (f.key.clone(), id)))
        .collect();
    let standing = standing(&web, &who, None, given.iter().map(|(_, id)| *id).collect()).await?;
    let mut typed = Typed::default();
    for (key, id) in given {
        if let Some((title, _)) = standing.shower.links.get(&id) {
            typed.set(format!("field.{key}_id"), id.to_string());
            typed.set(format!("field.{key}"), title.clone());
        }
    }
    let page =
        Draft { web: &web, who: &who, kind: &kind, standing: &standing, typed, files: &[], only: None, fragment: false, alike: Vec::new() };
    Ok(page.answer(StatusCode::OK, Vec::new(), None).await?)
}

/// The form of a record as it stands.
pub(super) async fn edit(State(web): State<Web>, who: Who, at: At, headers: HeaderMap) -> Result<Response, Refused> {
    let (kind, id, asked) = (at.kind(&web)?, at.id()?, at.asked()?);
    who.actor.permit::<WriteRecords>()?.need(&kind)?;
    let standing = standing(&web, &who, Some(id), Vec::new()).await?;
    let typed = Inputs::of(&kind, &who, &standing.shower, standing.shown.as_ref()).typed();
    let only = Some(asked.get("field").to_owned()).filter(|key| !key.is_empty());
    let fragment = only.is_some() && wants_fragment(&headers);
    let page = Draft { only, fragment, ..Draft::new(&web, &who, &kind, &standing, typed) };
    page.known()?;
    Ok(page.answer(StatusCode::OK, Vec::new(), None).await?)
}

/// Writes a new record. What cannot be accepted comes back with what was typed.
pub(super) async fn create(State(web): State<Web>, who: Who, at: At, Sent(Upload { fields, files }): Sent) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let permit = who.actor.permit::<WriteRecords>()?;
    permit.need(&kind)?;
    let standing = standing(&web, &who, None, Vec::new()).await?;
    let mut draft = Draft { files: &files, ..Draft::new(&web, &who, &kind, &standing, Typed::read(&fields)) };
    let made = match draft.values().await? {
        Err(problems) => Err(refusal(problems)),
        Ok(values) => {
            let values: records::Fields = values.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect();
            draft.alike = typing::unseen(&web, &who, &kind, values.clone(), &fields).await?;
            if !draft.alike.is_empty() {
                return Ok(draft.answer(StatusCode::CONFLICT, Vec::new(), None).await?);
            }
            let values = match draft.keep_files().await {
                Ok(kept) => values.into_iter().chain(kept).collect(),
                Err(error) => return Ok(draft.again(error).await?),
            };
            let new = NewRecord::new(&kind.key, values);
            web.app.write(&who.actor, move |unit| records::create(unit, &permit, new.clone())).await
        }
    };
    match made {
        Ok(id) => Ok(redirect(&format!("{}?saved=1", href_of(&kind.key, id)))),
        Err(error) => Ok(draft.again(error).await?),
    }
}

/// Writes the next version. A version made meanwhile is shown beside what was typed.
pub(super) async fn update(State(web): State<Web>, who: Who, at: At, Sent(Upload { fields, files }): Sent) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    let permit = who.actor.permit::<WriteRecords>()?;
    permit.need(&kind)?;
    let standing = standing(&web, &who, Some(id), Vec::new()).await?;
    let draft = Draft { files: &files, ..Draft::new(&web, &who, &kind, &standing, Typed::read(&fields)) };
    let expected: i64 = fields.get("version").parse().map_err(|_| Error::invalid("/version", "required", "Load the form again."))?;
    let shown = standing.shown.as_ref().ok_or_else(|| Error::not_found("record"))?;
    if shown.version != expected {
        return Ok(draft.conflict(shown).await?);
    }
    let patch = match draft.patch(shown).await {
        Ok(patch) => patch,
        Err(error) => return Ok(draft.again(error).await?),
    };
    let href = href_of(&kind.key, id);
    if patch.fields.is_empty() {
        return Ok(redirect(&href));
    }
    match web.app.write(&who.actor, move |unit| records::update(unit, &permit, id, Some(expected), patch.clone())).await {
        Ok(version) => Ok(redirect(&format!("{href}?saved={version}"))),
        Err(error) if error.code() == Code::VersionConflict => Err(error.into()),
        Err(error) => Ok(draft.again(error).await?),
    }
}

/// The empty inputs of one field, for an act over many records; of a field of several values, the input of one.
pub(super) async fn one_field(web: &Web, who: &Who, kind: &Kind, field: &Field) -> Result<Vec<parts::Field>> {
    let standing = standing(web, who, None, Vec::new()).await?;
    let single = Field { many: false, required: field.required || field.many, ..field.clone() };
    Ok(Inputs::of(kind, who, &standing.shower, None).inputs(&single, &Typed::default()))
}

/// The value that a form of one field means; of a field of several values, one of them. Error: invalid_input.
pub(super) async fn one_value(web: &Web, who: &Who, kind: &Kind, field: &Field, fields: &Fields) -> Result<Json> {
    let standing = standing(web, who, None, Vec::new()).await?;
    let alone = Kind { fields: vec![Field { many: false, ..field.clone() }], ..kind.clone() };
    let typed = Typed::read(fields);
    let (mut json, links) = Inputs::of(&alone, who, &standing.shower, None).json(&typed);
    for (key, to) in links {
        let name = format!("field.{key}");
        match lookup(web, who, &to, typed.get(&name), typed.get(&format!("{name}_id"))).await? {
            Meant::Nobody => drop(json.insert(key, Json::Null)),
            Meant::One(id) => drop(json.insert(key, Json::String(id.to_string()))),
            Meant::Unclear(detail) => return Err(Error::invalid(format!("/{key}"), "unclear", detail)),
        }
    }
    // A box that is not ticked sends nothing.
    let absent = if field.kind == FieldType::Bool { Json::Bool(false) } else { Json::Null };
    Ok(json.remove(&field.key).unwrap_or(absent))
}

/// One value of a field in words.
pub(super) async fn in_words(web: &Web, who: &Who, field: &Field, value: &Json) -> Result<String> {
    let single = Field { many: false, ..field.clone() };
    let one = if value.is_array() { field } else { &single };
    let Ok(Some(value)) = Value::parse(one, value) else { return Ok(String::new()) };
    let links = value.each().iter().filter_map(|one| if let Value::Link(id) = one { Some(*id) } else { None }).collect();
    let standing = standing(web, who, None, links).await?;
    Ok(standing.shower.words(field, &value))
}

/// The values that stand in a form so far: what does not read yet is left out, and a link is what was chosen for it before.
pub(crate) async fn so_far(web: &Web, who: &Who, kind: &Kind, fields: &Fields) -> Result<records::Fields> {
    let standing = standing(web, who, None, Vec::new()).await?;
    let typed = Typed::read(fields);
    let (mut json, links) = Inputs::of(kind, who, &standing.shower, None).json(&typed);
    for (key, _) in links {
        let chosen = typed.get(&format!("field.{key}_id"));
        json.insert(key, if chosen.parse::<RecordId>().is_ok() { Json::String(chosen.to_owned()) } else { Json::Null });
    }
    let mut values = records::Fields::new();
    for (key, value) in json {
        if let Some(field) = kind.field(&key)
            && let Ok(Some(value)) = Value::parse(field, &value)
        {
            values.insert(key, value);
        }
    }
    Ok(values)
}

/// What is wrong with a file, at the field it came with.
fn at_field(error: &Error, key: &str) -> Error {
    let problems = error.problems().iter().map(|problem| Problem { pointer: format!("/{key}"), ..problem.clone() });
    let problems = problems.collect();
    Error::new(error.code(), error.detail()).with_problems(problems)
}

fn refusal(problems: Vec<Problem>) -> Error {
    Error::new(Code::InvalidInput, "Some fields cannot be accepted; nothing was changed.").with_problems(problems)
}

/// A form on its way: who fills it, what stands in it, what the record says now.
struct Draft<'a> {
    web: &'a Web,
    who: &'a Who,
    kind: &'a Kind,
    standing: &'a Standing,
    typed: Typed,
    /// Files that came with it, by their inputs.
    files: &'a [File],
    /// The one field that is edited, where not all are.
    only: Option<String>,
    /// A script asked and puts the answer in the field's place.
    fragment: bool,
    /// The records that this new one probably is.
    alike: Vec<AlikeLine>,
}

impl<'a> Draft<'a> {
    /// A form of every field, without files.
    fn new(web: &'a Web, who: &'a Who, kind: &'a Kind, standing: &'a Standing, typed: Typed) -> Self {
        Self { web, who, kind, standing, typed, files: &[], only: None, fragment: false, alike: Vec::new() }
    }
}

impl Draft<'_> {
    fn inputs(&self) -> Inputs<'_> {
        Inputs::of(self.kind, self.who, &self.standing.shower, self.standing.shown.as_ref()).only(self.only.as_deref())
    }

    /// The values that the form means, or everything that is wrong with them.
    async fn values(&self) -> Result<std::result::Result<HashMap<String, Option<Value>>, Vec<Problem>>> {
        let inputs = self.inputs();
        let (mut json, links): (Map<String, Json>, _) = inputs.json(&self.typed);
        let mut problems = Vec::new();
        for (key, to) in links {
            match self.meant(&key, &to).await? {
                Ok(value) => drop(json.insert(key, value)),
                Err(detail) => problems.push(Problem { pointer: format!("/{key}"), code: "unclear", detail }),
            }
        }
        match records::parse_fields(self.kind, &json) {
            Ok(values) if problems.is_empty() => Ok(Ok(values.into_iter().collect())),
            Ok(_) => Ok(Err(problems)),
            Err(error) if error.code() == Code::InvalidInput => Ok(Err(error.problems().iter().cloned().chain(problems).collect())),
            Err(error) => Err(error),
        }
    }

    /// What the names in a link's input mean, as JSON, or why they mean nothing. Of several names each stands on a line of its own.
    async fn meant(&self, key: &str, to: &str) -> Result<std::result::Result<Json, String>> {
        let name = format!("field.{key}");
        let (text, chosen) = (self.typed.get(&name), self.typed.get(&format!("{name}_id")));
        if !self.kind.field(key).is_some_and(|field| field.many) {
            return Ok(match lookup(self.web, self.who, to, text, chosen).await? {
                Meant::Nobody => Ok(Json::Null),
                Meant::One(id) => Ok(Json::String(id.to_string())),
                Meant::Unclear(detail) => Err(detail),
            });
        }
        let mut ids = Vec::new();
        for line in text.lines() {
            match lookup(self.web, self.who, to, line, chosen).await? {
                Meant::Nobody => {}
                Meant::One(id) => ids.push(Json::String(id.to_string())),
                Meant::Unclear(detail) => return Ok(Err(format!("{}: {detail}", line.trim()))),
            }
        }
        Ok(Ok(Json::Array(ids)))
    }

    /// What the form changes in the record. Errors: invalid_input with everything that is wrong.
    async fn patch(&self, shown: &Shown) -> Result<RecordPatch> {
        let mut values = self.values().await?.map_err(refusal)?;
        values.extend(self.keep_files().await?.into_iter().map(|(key, value)| (key, Some(value))));
        let same = |key: &str, value: &Option<Value>| match (shown.cell(key), value) {
            (None, None) => true,
            (Some(Cell::Shown(now)), Some(value)) => now == value,
            _ => false,
        };
        Ok(RecordPatch { fields: values.into_iter().filter(|(key, value)| !same(key, value)).collect(), owner: None })
    }

    /// Keeps the files that came with the form, and answers what their fields are to hold. Only once everything else was found right.
    async fn keep_files(&self) -> Result<records::Fields> {
        let mut kept = records::Fields::new();
        for sent in self.files {
            let key = sent.field.strip_prefix("field.").and_then(|name| name.strip_suffix("_file"));
            let Some(key) = key.filter(|key| self.inputs().keys().any(|own| own == *key)) else { continue };
            let field = self.kind.field(key).filter(|field| field.links_to.as_deref() == Some(catalogue::file::KIND));
            let Some(field) = field else { continue };
            let id = files::keep_file(&self.web.app, &self.who.actor, sent.name.expose(), sent.bytes.expose(), None, None).await;
            let id = Value::Link(id.map_err(|error| at_field(&error, key))?);
            let value = match kept.remove(key).or_else(|| self.now(key)) {
                Some(Value::List(mut all)) if field.many => {
                    all.push(id);
                    Value::List(all)
                }
                _ if field.many => Value::List(vec![id]),
                _ => id,
            };
            kept.insert(key.to_owned(), value);
        }
        Ok(kept)
    }

    /// What the record has in a field, as far as this reader sees it.
    fn now(&self, key: &str) -> Option<Value> {
        match self.standing.shown.as_ref()?.cell(key)? {
            Cell::Shown(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The form again, with what is wrong at each input.
    async fn again(&self, error: Error) -> Result<Response> {
        if error.code() != Code::InvalidInput || error.problems().is_empty() {
            return Err(error);
        }
        self.answer(StatusCode::UNPROCESSABLE_ENTITY, error.problems().to_vec(), None).await
    }

    /// The form again, with the saved value under each input that differs.
    async fn conflict(&self, now: &Shown) -> Result<Response> {
        let t = self.who.text;
        let saved = self.standing.shower.t.when(now.updated, self.standing.shower.now, &self.standing.shower.zone);
        let words = t.with2("conflict-saved", "when", saved, "version", now.version);
        self.against(words).await
    }

    async fn against(&self, words: String) -> Result<Response> {
        self.answer(StatusCode::CONFLICT, Vec::new(), Some(words)).await
    }

    async fn answer(&self, status: StatusCode, problems: Vec<Problem>, conflict: Option<String>) -> Result<Response> {
        let (t, kind, shown) = (self.who.text, self.kind, self.standing.shown.as_ref());
        let inputs = self.inputs();
        let (groups, unplaced) = inputs.groups(&self.typed, &problems, conflict.is_some());
        let uploads = groups.iter().flat_map(|group| &group.fields).any(parts::Field::uploads);
        let one = self.only.as_deref().and_then(|key| kind.field(key));
        let (title, back) = match (shown, one) {
            (Some(shown), Some(field)) => {
                (t.with2("form-edit-field", "field", &field.label, "name", named(t, &shown.title)), href_of(&kind.key, shown.id))
            }
            (Some(shown), None) => (t.with("form-edit", "name", named(t, &shown.title)), href_of(&kind.key, shown.id)),
            (None, _) => (t.with("list-new", "kind", t.within(&kind.label)), base_of(&kind.key)),
        };
        let note = match shown {
            Some(shown) => t.with2("form-note", "next", shown.version + 1, "now", shown.version),
            None => t.get("form-note-new"),
        };
        let hidden = inputs.withheld();
        let alike = if self.only.is_none() { typing::place(kind, shown.map(|shown| shown.id)) } else { None };
        let view = RecordForm {
            t,
            alike: alike.map(|place| AlikeBox { found: self.alike.clone(), ..place }),
            shell: self.who.shell(self.web, &title, rail_of(&kind.key), &back).await?,
            title,
            action: if one.is_some() { format!("{back}/field") } else { back.clone() },
            field: self.only.clone().unwrap_or_default(),
            back,
            version: shown.map(|s| s.version.to_string()).unwrap_or_default(),
            groups,
            wrong: problems.len(),
            problem: unplaced,
            uploads,
            conflict,
            note,
            withheld_note: (hidden > 0).then(|| t.count("form-withheld", hidden)),
        };
        let body = if self.fragment { html(&InlineForm { t, form: view })? } else { html(&view)? };
        Ok((status, Html(body)).into_response())
    }
}
