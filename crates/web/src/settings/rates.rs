//! The house's currency and its rates of exchange, as a page.

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{permits::Manage, reports};
use http::{Method, StatusCode};
use jiff::civil::Date;
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
        parts::{Control, Field},
        settings::{RateRow, SettingsRates},
    },
};

/// The routes of this page.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/rates", Access::Staff, || get(page)),
    Route::new(Method::POST, "/settings/rates", Access::Staff, || post(enter)),
    Route::new(Method::POST, "/settings/rates/currency", Access::Staff, || post(currency)),
    Route::new(Method::POST, "/settings/rates/remove", Access::Staff, || post(remove)),
];

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    done: String,
}

async fn page(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = view(&web, &who).await?;
    match asked.done.as_str() {
        "saved" => view.shell.notices.push(Notice::done(view.t.get("rates-saved"))),
        "gone" => view.shell.notices.push(Notice::done(view.t.get("rates-gone"))),
        _ => {}
    }
    Ok(Html(html(&view)?).into_response())
}

async fn view(web: &Web, who: &Who) -> Result<SettingsRates> {
    who.actor.permit::<Manage>()?;
    let t = who.text;
    let rates = web.app.read(&who.actor, reports::rates).await?;
    let today = reports::today(&web.app, &who.actor).await?;
    let row = |rate: &reports::Rate| RateRow {
        currency: rate.currency.clone(),
        iso: rate.day.to_string(),
        day: t.day(rate.day),
        rate: rate.text(),
    };
    let rate_fields = vec![
        Field::new("of", t.get("rates-of"), Control::Text).required(),
        Field::new("day", t.get("rates-day"), Control::Date).required().value(today.to_string()),
        Field::new("rate", t.get("rates-rate"), Control::Text).required().help(t.get("rates-rate-help")),
    ];
    Ok(SettingsRates {
        t,
        shell: shell(web, who, "/settings/rates").await?,
        rates: rates.all.iter().map(row).collect(),
        currency_fields: vec![
            Field::new("currency", t.get("rates-currency"), Control::Text)
                .required()
                .value(rates.base.clone().unwrap_or_default())
                .help(t.get("rates-currency-help")),
        ],
        rate_fields: if rates.base.is_some() { rate_fields } else { Vec::new() },
    })
}

fn day(fields: &Fields) -> Result<Date> {
    fields.get("day").trim().parse().map_err(|_| Error::invalid("/day", "not_a_date", "Write the day as 2026-11-21."))
}

/// The page again, with what was typed and what is wrong with it.
async fn refused(web: &Web, who: &Who, fields: &Fields, error: Error, rate: bool) -> Result<Response, Refused> {
    if error.code() != Code::InvalidInput {
        return Err(error.into());
    }
    let mut view = view(web, who).await?;
    // The form of a rate calls its currency `of`: the house's has its own form on this page.
    let mut problems = error.problems().to_vec();
    if rate {
        problems.iter_mut().filter(|problem| problem.pointer == "/currency").for_each(|problem| problem.pointer = "/of".to_owned());
    }
    let error = Error::new(error.code(), error.detail()).with_problems(problems);
    again(if rate { &mut view.rate_fields } else { &mut view.currency_fields }, fields, &error);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
}

async fn currency(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let (permit, named) = (who.actor.permit::<Manage>()?, fields.get("currency").to_owned());
    match web.app.write(&who.actor, move |unit| reports::set_currency(unit, &permit, &named)).await {
        Ok(()) => Ok(Redirect::to("/settings/rates?done=saved").into_response()),
        Err(error) => refused(&web, &who, &fields, error, false).await,
    }
}

async fn enter(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    let entered = match day(&fields) {
        Err(error) => Err(error),
        Ok(day) => {
            let (of, rate) = (fields.get("of").to_owned(), fields.get("rate").to_owned());
            web.app.write(&who.actor, move |unit| reports::set_rate(unit, &permit, &of, day, &rate)).await
        }
    };
    match entered {
        Ok(()) => Ok(Redirect::to("/settings/rates?done=saved").into_response()),
        Err(error) => refused(&web, &who, &fields, error, true).await,
    }
}

async fn remove(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let (permit, of, day) = (who.actor.permit::<Manage>()?, fields.get("currency").to_owned(), day(&fields)?);
    web.app.write(&who.actor, move |unit| reports::remove_rate(unit, &permit, &of, day)).await?;
    Ok(Redirect::to("/settings/rates?done=gone").into_response())
}
