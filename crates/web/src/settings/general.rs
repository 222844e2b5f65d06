//! The organisation's own numbers: zone, fiscal year, grace, cool-off, approvals.

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    permits::{Manage, ManageRules},
    retention::{self, Period, Policy},
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Result};
use serde::Deserialize;

use super::pages::{again, shell};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Notice,
        render::html,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        parts::{Cell, Control, Field, Line},
        settings::SettingsGeneral,
    },
};

/// The routes of this page.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings", Access::Staff, || get(page)),
    Route::new(Method::POST, "/settings", Access::Staff, || post(save)),
];

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    saved: String,
}

async fn page(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = view(&web, &who).await?;
    if !asked.saved.is_empty() {
        view.shell.notices.push(Notice::done(view.t.get("settings-saved")));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn policy(web: &Web, who: &Who) -> Result<Policy> {
    let found = web.app.read(&who.actor, |unit| {
        let policy = Policy::load(unit)?;
        unit.plain(policy)
    });
    found.await
}

async fn view(web: &Web, who: &Who) -> Result<SettingsGeneral> {
    who.actor.permit::<Manage>()?;
    let (t, policy) = (who.text, policy(web, who).await?);
    let days = |period: Period| period.to_string().trim_matches(|c: char| !c.is_ascii_digit()).to_owned();
    let number = || Control::Number { step: "1".into() };
    let or = |set: Option<String>| set.unwrap_or_else(|| t.get("retention-not-set"));
    let industry = policy.industry.clone().map(|key| t.get(&format!("industry-{key}")));
    let change = Cell::Link { text: t.get("settings-change-rules"), href: "/setup/place".into() };
    let may = who.actor.permit::<ManageRules>().is_ok();
    let fields = vec![
        Field::new("time_zone", t.get("settings-zone"), Control::Text)
            .value(policy.time_zone.clone().unwrap_or_default())
            .help(t.get("settings-zone-help")),
        Field::new("fiscal_year_end", t.get("settings-fiscal"), Control::Text)
            .value(policy.fiscal_year_end.clone().unwrap_or_default())
            .help(t.get("settings-fiscal-help")),
        Field::new("grace", t.get("settings-grace"), number()).required().value(days(policy.grace)).help(t.get("settings-grace-help")),
        Field::new("cool_off", t.get("settings-cool-off"), number())
            .required()
            .value(days(policy.cool_off))
            .help(t.get("settings-cool-off-help")),
        Field::new("approvers", t.get("retention-approvers"), number())
            .required()
            .value(policy.approvers.to_string())
            .help(t.get("settings-approvers-help")),
    ];
    Ok(SettingsGeneral {
        t,
        shell: shell(web, who, "/settings").await?,
        fields: if may { fields } else { Vec::new() },
        lines: vec![
            Line::text(t.get("retention-country"), or(policy.country.as_deref().map(|code| t.country(code)))),
            Line::text(t.get("retention-industry"), or(industry)),
            Line::new(t.get("settings-rules"), change),
            Line::text(t.get("settings-version"), env!("CARGO_PKG_VERSION")),
            Line::text(t.get("settings-origin"), web.app.signer().name()),
            Line::text(t.get("settings-address"), or(web.settings.public_url.clone())),
        ],
    })
}

async fn save(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    match saved(&web, &who, &fields).await {
        Ok(()) => Ok(Redirect::to("/settings?saved=1").into_response()),
        Err(error) if error.code() == Code::InvalidInput => {
            let mut view = view(&web, &who).await?;
            again(&mut view.fields, &fields, &error);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn saved(web: &Web, who: &Who, fields: &Fields) -> Result<()> {
    who.actor.permit::<Manage>()?;
    let (t, permit, before) = (who.text, who.actor.permit::<ManageRules>()?, policy(web, who).await?);
    let whole = |name: &str, most: u32| {
        let number = fields.get(name).trim().parse::<u32>().ok().filter(|n| *n <= most);
        number.ok_or_else(|| Error::invalid(format!("/{name}"), "range", t.with("settings-range", "most", most)))
    };
    let text = |name: &str| Some(fields.get(name).trim().to_owned()).filter(|text| !text.is_empty());
    let policy = Policy {
        time_zone: text("time_zone"),
        fiscal_year_end: text("fiscal_year_end"),
        grace: Period::days(whole("grace", 365)?),
        cool_off: Period::days(whole("cool_off", 365)?),
        approvers: whole("approvers", 9)? as usize,
        ..before
    };
    web.app.write(&who.actor, move |unit| retention::set_policy(unit, &permit, &policy)).await
}
