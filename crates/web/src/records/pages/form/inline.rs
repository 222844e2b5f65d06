//! One field of a record, edited where it stands.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use catalogue::Kind;
use crm::{
    identity::staff,
    permits::{ReadRecords, WriteRecords},
    records::{self, Shown},
    timeline,
};
use http::HeaderMap;
use kernel::{Error, RecordId, Result};

use super::{
    super::{At, Shower, href_of, rail_of, record, redirect},
    Draft, Inputs, Typed, standing,
};
use crate::{
    kit::{
        error::Refused,
        form::{Sent, Upload},
        layout::Notice,
        names::Names,
        render::{html, wants_fragment},
        who::Who,
    },
    router::Web,
    views::record::SavedFact,
};

/// How many versions back a conflict is looked for; before them, any change is taken for one.
const VERSIONS: usize = 50;

/// The keys of a record's fields that this reader may edit where they stand.
pub(in super::super) fn editable(kind: &Kind, who: &Who, shower: &Shower, shown: &Shown) -> BTreeSet<String> {
    let writes = who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some());
    if !writes || shown.state != records::State::Live {
        return BTreeSet::new();
    }
    Inputs::of(kind, who, shower, Some(shown)).keys().map(str::to_owned).collect()
}

impl Draft<'_> {
    /// Refuses a field that this reader may not write. Error: not_found.
    pub(super) fn known(&self) -> Result<()> {
        match &self.only {
            Some(_) if self.inputs().keys().next().is_none() => Err(Error::not_found("field")),
            _ => Ok(()),
        }
    }
}

/// Writes one field as the next version. What somebody changed meanwhile in other fields is no conflict; in this one both values are shown,
/// with who changed it and when.
pub(in super::super) async fn field(
    State(web): State<Web>,
    who: Who,
    at: At,
    headers: HeaderMap,
    Sent(Upload { fields, files }): Sent,
) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    let permit = who.actor.permit::<WriteRecords>()?;
    permit.need(&kind)?;
    let key = fields.get("field").to_owned();
    let expected: i64 = fields.get("version").parse().map_err(|_| Error::invalid("/version", "required", "Load the page again."))?;
    let standing = standing(&web, &who, Some(id), Vec::new()).await?;
    let (only, fragment) = (Some(key.clone()), wants_fragment(&headers));
    let draft = Draft { files: &files, only, fragment, ..Draft::new(&web, &who, &kind, &standing, Typed::read(&fields)) };
    draft.known()?;
    let shown = standing.shown.as_ref().ok_or_else(|| Error::not_found("record"))?;
    let patch = match draft.patch(shown).await {
        Ok(patch) => patch,
        Err(error) => return Ok(draft.again(error).await?),
    };
    if patch.fields.is_empty() {
        return Ok(saved(&web, &who, &kind, id, &key, None, fragment).await?);
    }
    if shown.version != expected
        && let Some(words) = touched(&web, &who, &kind, id, expected, &key).await?
    {
        return Ok(draft.against(words).await?);
    }
    let against = shown.version;
    match web.app.write(&who.actor, move |unit| records::update(unit, &permit, id, Some(against), patch.clone())).await {
        Ok(version) => Ok(saved(&web, &who, &kind, id, &key, Some(version), fragment).await?),
        Err(error) => Ok(draft.again(error).await?),
    }
}

/// Who changed a field since a version, and when, in words; `None` when nobody did.
async fn touched(web: &Web, who: &Who, kind: &Kind, id: RecordId, since: i64, key: &str) -> Result<Option<String>> {
    let permit = who.actor.permit::<ReadRecords>()?;
    let read = move |unit: &mut crm::permits::Unit| {
        let zone = super::zone(unit)?;
        let aside = unit.plain(zone)?;
        let steps = timeline::history(unit, &permit, id, None, VERSIONS)?;
        Ok(steps.and(staff::directory(unit, &permit)?).and(aside))
    };
    let ((steps, staff), zone) = web.app.read(&who.actor, read).await?;
    let t = who.text;
    let later: Vec<_> = steps.iter().filter(|step| step.version > since).collect();
    let step = later.iter().find(|step| step.changes.as_ref().is_none_or(|changes| changes.iter().any(|change| change.field == key)));
    // Of so old a form it is not known what changed since.
    let step = step.copied().or_else(|| later.first().copied().filter(|_| later.len() == VERSIONS));
    Ok(step.map(|step| {
        let label = kind.field(key).map_or(key, |field| field.label.as_str());
        let args = [
            ("who", Names::of(staff).who(t, step.actor.as_deref().unwrap_or("system"))),
            ("field", label.to_owned()),
            ("when", t.when(step.at, web.app.env().now(), &who.zone(zone))),
        ];
        t.with_all("conflict-field", &args)
    }))
}

/// The record's page again, or, to a script, the field as it stands now.
async fn saved(web: &Web, who: &Who, kind: &Kind, id: RecordId, key: &str, version: Option<i64>, fragment: bool) -> Result<Response> {
    let href = href_of(&kind.key, id);
    if !fragment {
        return Ok(redirect(&version.map_or_else(|| href.clone(), |version| format!("{href}?saved={version}"))));
    }
    let t = who.text;
    let standing = standing(web, who, Some(id), Vec::new()).await?;
    let shown = standing.shown.as_ref().ok_or_else(|| Error::not_found("record"))?;
    let mut shell = who.shell(web, "", rail_of(&kind.key), &href).await?;
    if let Some(version) = version {
        let words = t.with("record-saved", "version", version);
        shell.notices.push(Notice::done(words).undone_by(format!("{href}/undo"), version, &href));
    }
    let field = kind.field(key).ok_or_else(|| Error::not_found("field"))?;
    let edits = editable(kind, who, &standing.shower, shown);
    let view = SavedFact {
        t,
        shell,
        fact: record::fact(field, kind, shown, &standing.shower, &edits),
        version: record::version_line(&standing.shower, shown, &href),
        href,
    };
    Ok(Html(html(&view)?).into_response())
}
