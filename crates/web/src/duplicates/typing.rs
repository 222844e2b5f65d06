//! Whom a record looks like while somebody writes it.

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Response},
};
use catalogue::Kind;
use crm::{
    duplicates::{self, Alike, LIKELY},
    permits::ReadRecords,
    records::Fields as Values,
};
use kernel::{RecordId, Result};
use serde::Deserialize;

use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        render::html,
        text::Text,
        who::Who,
    },
    records::pages::{form, href_of, named},
    router::Web,
    views::duplicates::{AlikeBox, AlikeFound, AlikeLine},
};

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    own: String,
}

/// Who looks like what stands in a form so far, as a part of a page.
pub(super) async fn check(State(web): State<Web>, who: Who, Query(asked): Query<Asked>, Form(fields): Form) -> Result<Response, Refused> {
    let t = who.text;
    let kind = web.catalogue(t).need(&asked.kind)?;
    let values = form::so_far(&web, &who, &kind, &fields).await?;
    let own = asked.own.parse().ok();
    let found = looks_like(&web, &who, &kind, values, own).await?;
    let found = found.iter().map(|alike| line(t, &kind, alike)).collect();
    Ok(Html(html(&AlikeFound { t, found })?).into_response())
}

async fn looks_like(web: &Web, who: &Who, kind: &Kind, values: Values, own: Option<RecordId>) -> Result<Vec<Alike>> {
    let Ok(permit) = who.actor.permit::<ReadRecords>() else { return Ok(Vec::new()) };
    if permit.over(&kind.key).is_none() {
        return Ok(Vec::new());
    }
    let key = kind.key.clone();
    web.app.read(&who.actor, move |unit| duplicates::check(unit, &permit, &key, &values, own)).await
}

/// The place in a form where it is told; nothing for kinds of which no duplicates are looked for.
pub(crate) fn place(kind: &Kind, own: Option<RecordId>) -> Option<AlikeBox> {
    if !duplicates::is_looked_for(kind) {
        return None;
    }
    let own = own.map(|id| format!("&own={id}")).unwrap_or_default();
    let check = format!("/duplicates/check?kind={}{own}", kind.key);
    Some(AlikeBox { check, fields: duplicates::telling_fields(kind).join(" "), found: Vec::new() })
}

/// The records that a new one probably is, and that whoever writes it was not shown yet: then the form comes back once.
pub(crate) async fn unseen(web: &Web, who: &Who, kind: &Kind, values: Values, fields: &Fields) -> Result<Vec<AlikeLine>> {
    let found = looks_like(web, who, kind, values, None).await?;
    let likely = || found.iter().filter(|alike| alike.likeness.score() >= LIKELY);
    let known: Vec<&str> = fields.all("known").collect();
    if likely().all(|alike| known.contains(&alike.shown.id.to_string().as_str())) {
        return Ok(Vec::new());
    }
    Ok(likely().map(|alike| line(who.text, kind, alike)).collect())
}

fn line(t: Text, kind: &Kind, alike: &Alike) -> AlikeLine {
    let id = alike.shown.id;
    let codes: Vec<&str> = alike.likeness.signs.iter().map(|sign| sign.code.as_str()).collect();
    AlikeLine { name: named(t, &alike.shown.title), href: href_of(&kind.key, id), id: id.to_string(), why: why(t, kind, &codes) }
}

/// By what two look alike, in words: `same e-mail, same name and company`.
pub(super) fn why(t: Text, kind: &Kind, codes: &[&str]) -> String {
    let one = |code: &&str| match code.strip_prefix("same:") {
        Some(key) => t.with("dup-sign-same", "field", kind.field(key).map_or_else(|| key.to_owned(), |field| t.within(&field.label))),
        None => t.get(&format!("dup-sign-{}", code.replace('_', "-"))),
    };
    codes.iter().map(one).collect::<Vec<_>>().join(", ")
}
