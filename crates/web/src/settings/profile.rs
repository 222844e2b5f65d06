//! One's own profile: language, time zone, dates, weeks. For everybody who signs in, whatever their role.

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    identity::{DateFormat, Language, Preferences, WeekStart, preferences},
    permits::Manage,
    retention::Policy,
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Problem, Result};
use serde::Deserialize;

use super::pages::again;
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::{Choice, Notice},
        render::html,
        text::{Text, endonym},
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        parts::{Control, Field, Line},
        settings::SettingsProfile,
    },
};

/// The routes of this page.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/profile", Access::Staff, || get(page)),
    Route::new(Method::POST, "/settings/profile", Access::Staff, || post(save)),
];

/// The word for leaving a choice to the browser or to custom.
const NONE: &str = "none";
/// A number whose marks differ between languages.
const NUMBER: &str = "1204331.50";

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    saved: String,
}

async fn page(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = view(&web, &who).await?;
    if !asked.saved.is_empty() {
        view.shell.notices.push(Notice::done(view.t.get("profile-saved")));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn view(web: &Web, who: &Who) -> Result<SettingsProfile> {
    let (t, own) = (who.text, &who.signed_in()?.preferences);
    let house = web.app.read(&who.actor, |unit| Policy::load(unit).and_then(|policy| unit.plain(policy.zone()))).await?;
    let name = house.iana_name().unwrap_or("UTC").to_owned();
    let (now, zone) = (web.app.env().now(), who.zone(house));
    Ok(SettingsProfile {
        t,
        shell: who.shell(web, &t.get("profile-title"), "settings", "/settings/profile").await?,
        manages: who.actor.permit::<Manage>().is_ok(),
        fields: fields(t, own, &name, now.day_in(&zone)),
        lines: vec![Line::text(t.get("profile-moment"), t.moment(now, &zone)), Line::text(t.get("profile-number"), t.decimal(NUMBER))],
    })
}

fn fields(t: Text, own: &Preferences, house: &str, today: jiff::civil::Date) -> Vec<Field> {
    let languages = Language::ALL.map(|one| Choice::new(one.code(), endonym(one), own.language == Some(one)));
    let dates = DateFormat::ALL.map(|one| {
        let example = t.dated(one).day(today);
        let label = if one == DateFormat::Words { t.with("profile-dates-words", "example", example) } else { example };
        Choice::new(one.as_str(), label, own.dates.unwrap_or_default() == one)
    });
    let weeks =
        WeekStart::ALL.map(|one| Choice::new(one.as_str(), t.get(&format!("profile-week-{}", one.as_str())), own.week == Some(one)));
    let or = |key: &str, none: bool, all: Vec<Choice>| [vec![Choice::new(NONE, t.get(key), none)], all].concat();
    vec![
        Field::new("language", t.get("profile-language"), Control::Choice(or("profile-browser", own.language.is_none(), languages.into())))
            .required()
            .help(t.get("profile-language-help")),
        Field::new("zone", t.get("profile-zone"), Control::Text).value(own.zone.clone().unwrap_or_default()).help(t.with(
            "profile-zone-help",
            "zone",
            house,
        )),
        Field::new("dates", t.get("profile-dates"), Control::Choice(dates.into())).required(),
        Field::new("week", t.get("profile-week"), Control::Choice(or("profile-week-usual", own.week.is_none(), weeks.into()))).required(),
    ]
}

async fn save(State(web): State<Web>, who: Who, Form(given): Form) -> Result<Response, Refused> {
    match saved(&web, &who, &given).await {
        Ok(()) => Ok(Redirect::to("/settings/profile?saved=1").into_response()),
        Err(error) if error.code() == Code::InvalidInput => {
            let mut view = view(&web, &who).await?;
            again(&mut view.fields, &given, &told(who.text, &error));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The refusal in the reader's language.
fn told(t: Text, error: &Error) -> Error {
    let problems = error.problems().iter().map(|problem| Problem { detail: t.problem(problem), ..problem.clone() }).collect();
    Error::new(error.code(), error.detail()).with_problems(problems)
}

async fn saved(web: &Web, who: &Who, given: &Fields) -> Result<()> {
    who.signed_in()?;
    let of = |name: &str| Some(given.get(name)).filter(|word| *word != NONE).unwrap_or_default().to_owned();
    let chosen = Preferences::of(&of("language"), given.get("zone"), &of("dates"), &of("week"))?;
    web.app.write(&who.actor, move |unit| preferences::set(unit, &chosen)).await
}
