//! The recipients of a person's data, on the page of their request: entered, and told.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use crm::{
    permits::HandleRequests,
    requests::{self, Disclosure, DisclosureId, Given, Request, Told},
};
use kernel::{RequestId, Result};

use super::pages::{found, read};
use crate::{
    kit::{error::Refused, form::Form, who::Who},
    router::Web,
    views::{
        parts::{Chip, Tone},
        request::RecipientRow,
    },
};

/// The recipients as rows, each with where it is told while it has to be.
pub(super) async fn rows(web: &Web, who: &Who, request: &Request) -> Result<Vec<RecipientRow>> {
    let (t, permit, person) = (who.text, who.actor.permit::<HandleRequests>()?, request.person);
    let all = web.app.read(&who.actor, move |unit| requests::recipients(unit, &permit, person)).await?;
    let (now, zone) = (web.app.env().now(), who.clock(web).await?);
    let row = |entry: &Disclosure| RecipientRow {
        recipient: entry.given.recipient.clone(),
        what: format!("{} · {} · {}", entry.given.what, entry.given.purpose, t.when(entry.at, now, &zone)),
        state: Chip::new(
            t.get(&format!("recipient-{}", entry.told.as_str().replace('_', "-"))),
            if entry.told == Told::ToTell { Tone::Time } else { Tone::Plain },
        ),
        how: entry.how.clone(),
        tell_action: (entry.told == Told::ToTell).then(|| format!("/requests/{}/recipients/{}", request.id, entry.id)),
    };
    Ok(all.iter().map(row).collect())
}

fn back(id: RequestId) -> Response {
    Redirect::to(&format!("/requests/{id}#recipients")).into_response()
}

/// Enters a recipient of the data of the person whose request it is.
pub(super) async fn enter(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let id = read::<RequestId>(&id, "request")?;
    let (permit, person) = (who.actor.permit::<HandleRequests>()?, found(&web, &who, id).await?.person);
    let word = |name: &str| fields.get(name).to_owned();
    let given = Given { recipient: word("recipient"), what: word("what"), purpose: word("purpose") };
    web.app.write(&who.actor, move |unit| requests::disclose(unit, &permit, person, &given, unit.now())).await?;
    Ok(back(id))
}

/// States that one was told, or that it is impossible.
pub(super) async fn tell(
    State(web): State<Web>,
    who: Who,
    Path((id, entry)): Path<(String, String)>,
    Form(fields): Form,
) -> Result<Response, Refused> {
    let (id, permit) = (read::<RequestId>(&id, "request")?, who.actor.permit::<HandleRequests>()?);
    let entry = read::<DisclosureId>(&entry, "disclosure")?;
    let (told, how) = (fields.get("outcome") != "impossible", fields.get("how").to_owned());
    web.app.write(&who.actor, move |unit| requests::tell(unit, &permit, entry, told, &how)).await?;
    Ok(back(id))
}
