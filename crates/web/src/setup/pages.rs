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

/// Countries on offer, by ISO 3166-1 code. Any other is adopted by the API with its code.
const COUNTRIES: [&str; 42] = [
    "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IN", "IS",
    "IT", "JP", "KR", "LI", "LT", "LU", "LV", "MT", "MX", "NL", "NO", "NZ", "PL", "PT", "RO", "SE", "SG", "SI", "SK", "US",
];

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    country: String,
    industry: String,
}

async fn place(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    who.actor.permit::<ManageRules>()?;
    let t = who.text;
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
        countries: countries(t, &country),
        industries: packs::INDUSTRIES.iter().map(|key| Choice::new(*key, t.get(&format!("industry-{key}")), *key == industry)).collect(),
        packs: chosen.into_iter().map(preview).collect(),
    };
    Ok(Html(html(&view)?).into_response())
}

/// The countries on offer by their names, in the order of these.
fn countries(t: Text, chosen: &str) -> Vec<Choice> {
    let mut all: Vec<Choice> = COUNTRIES.iter().map(|code| Choice::new(*code, t.country(code), *code == chosen)).collect();
    all.sort_by_cached_key(|choice| crate::kit::text::sorting(&choice.label));
    all
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
    let t = who.text;
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
