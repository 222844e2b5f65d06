//! Set-up after the first person: country and industry with the rules they bring, then how to begin.

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    permits::ManageRules,
    retention::{self, packs},
};
use http::Method;
use kernel::Result;
use serde::Deserialize;

use crate::{
    kit::{error::Refused, form::Form, layout::Choice, render::html, text::Text, who::Who},
    router::{Access, Route, Web},
    views::setup::{PackPreview, PackRule, SetupPlace, SetupStart},
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/setup/place", Access::Staff, || get(place)),
    Route::new(Method::POST, "/setup/place", Access::Staff, || post(adopt)),
    Route::new(Method::GET, "/setup/start", Access::Staff, || get(start)),
    Route::new(Method::POST, "/setup/start", Access::Staff, || post(begin)),
];

/// Countries on offer: ISO 3166-1 code and English short name. Any other is adopted by the API with its code.
const COUNTRIES: [(&str, &str); 42] = [
    ("AT", "Austria"),
    ("AU", "Australia"),
    ("BE", "Belgium"),
    ("BG", "Bulgaria"),
    ("BR", "Brazil"),
    ("CA", "Canada"),
    ("CH", "Switzerland"),
    ("CY", "Cyprus"),
    ("CZ", "Czechia"),
    ("DE", "Germany"),
    ("DK", "Denmark"),
    ("EE", "Estonia"),
    ("ES", "Spain"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("GR", "Greece"),
    ("HR", "Croatia"),
    ("HU", "Hungary"),
    ("IE", "Ireland"),
    ("IN", "India"),
    ("IS", "Iceland"),
    ("IT", "Italy"),
    ("JP", "Japan"),
    ("KR", "South Korea"),
    ("LI", "Liechtenstein"),
    ("LT", "Lithuania"),
    ("LU", "Luxembourg"),
    ("LV", "Latvia"),
    ("MT", "Malta"),
    ("MX", "Mexico"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("NZ", "New Zealand"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("RO", "Romania"),
    ("SE", "Sweden"),
    ("SG", "Singapore"),
    ("SI", "Slovenia"),
    ("SK", "Slovakia"),
    ("US", "United States"),
];

/// A country's name; its code where it is none of these.
pub(crate) fn country(code: &str) -> String {
    COUNTRIES.iter().find(|(known, _)| *known == code).map_or_else(|| code.to_owned(), |(_, name)| (*name).to_owned())
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    country: String,
    industry: String,
}

async fn place(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    who.actor.permit::<ManageRules>()?;
    let t = Text::english();
    let policy = web.app.read(&who.actor, |unit| {
        let policy = retention::Policy::load(unit)?;
        unit.plain(policy)
    });
    let policy = policy.await?;
    let or =
        |asked: String, set: Option<String>, first: &str| Some(asked).filter(|a| !a.is_empty()).or(set).unwrap_or_else(|| first.to_owned());
    let (country, industry) = (or(asked.country, policy.country, "DE"), or(asked.industry, policy.industry, "general"));
    let chosen = packs::adopt(&country.to_ascii_uppercase(), &industry);
    let view = SetupPlace {
        t,
        shell: who.shell(&web, &t.get("setup-place-title"), "", "/setup/place").await?,
        countries: COUNTRIES.iter().map(|(code, name)| Choice::new(*code, *name, *code == country)).collect(),
        industries: packs::INDUSTRIES.iter().map(|key| Choice::new(*key, t.get(&format!("industry-{key}")), *key == industry)).collect(),
        packs: chosen.into_iter().map(preview).collect(),
    };
    Ok(Html(html(&view)?).into_response())
}

fn preview(pack: &packs::Pack) -> PackPreview {
    let rules = pack.rules.iter().map(|entry| PackRule {
        what: entry.rule.name.as_deref().unwrap_or(&entry.rule.id).to_owned(),
        period: entry.rule.period.map_or_else(String::new, |period| period.to_string()),
        citation: entry.rule.citation.to_string(),
        statutory: entry.figure == packs::Figure::Statutory,
    });
    PackPreview { name: pack.title.clone(), note: pack.note.clone(), rules: rules.collect() }
}

async fn adopt(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let permit = who.actor.permit::<ManageRules>()?;
    let (country, industry) = (fields.get("country").to_owned(), fields.get("industry").to_owned());
    web.app.write(&who.actor, move |unit| retention::adopt(unit, &permit, &country, &industry)).await?;
    Ok(Redirect::to("/setup/start").into_response())
}

async fn start(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let t = Text::english();
    let rules = web.app.read(&who.actor, |unit| {
        let rules = retention::rules(unit)?;
        unit.plain(rules.len())
    });
    let rules = rules.await?;
    let shell = who.shell(&web, &t.get("setup-start-title"), "", "/setup/start").await?;
    Ok(Html(html(&SetupStart { t, shell, adopted: t.count("setup-adopted", rules), demo: false })?).into_response())
}

async fn begin(Form(fields): Form) -> Redirect {
    Redirect::to(if fields.get("start") == "import" { "/import" } else { "/people" })
}
