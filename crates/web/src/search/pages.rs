//! Search over all kinds, and what the palette finds while one types. The words come by POST and never stand in an address.

use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{file, message};
use crm::permits::{HandleRequests, Import, Manage, ReadRecords, WriteRecords};
use crm::search;
use http::Method;
use kernel::{Code, Error, QueryId, Result};
use serde::{Deserialize, Serialize};

use crate::{
    kit::{
        error::Refused,
        form::{Form, read},
        render::html,
        text::Text,
        who::Who,
    },
    records::pages::{base_of, href_of, icon_of, named},
    router::{Access, Route, Web},
    views::{
        palette::PaletteHits,
        parts::{Paging, Tab},
        search::{Hit, SearchPage},
    },
};

/// Kinds that come with something else and are not made by hand.
const NOT_MADE_BY_HAND: [&str; 4] = [message::KIND, file::KIND, "web_event", "line"];
/// The most commands that are offered at once.
const COMMANDS: usize = 5;

/// The routes of this file.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/search", Access::Staff, || get(page)),
    Route::new(Method::POST, "/search", Access::Staff, || post(ask)),
    Route::new(Method::POST, "/palette", Access::Staff, || post(palette)),
];

/// Words searched for, kept sealed.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Words {
    words: String,
}

async fn ask(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let kept = Words { words: fields.get("q").trim().to_owned() };
    if kept.words.is_empty() {
        return Ok(Redirect::to("/search").into_response());
    }
    let id = web.app.write(&who.actor, move |unit| search::remember(unit, &kept)).await?;
    Ok(Redirect::to(&format!("/search?query={id}")).into_response())
}

async fn page(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let t = who.text;
    let asked = read(query.unwrap_or_default().as_bytes())?;
    let id: Option<QueryId> = match asked.get("query") {
        "" => None,
        id => Some(id.parse().map_err(|_| Error::not_found("search; search again"))?),
    };
    let permit = who.actor.permit::<ReadRecords>()?;
    let catalogue = web.catalogue(who.text);
    let kinds: Vec<String> = catalogue.kind(asked.get("kind")).map(|kind| kind.key.clone()).into_iter().collect();
    let words = match id {
        Some(id) => web.app.read(&who.actor, move |unit| search::recall::<Words>(unit, id)).await?.words,
        None => String::new(),
    };
    let hits = if words.is_empty() { Vec::new() } else { found(&web, &who, &words, &kinds).await? };
    let tabs = id.map(|id| {
        let reach =
            catalogue.kinds().filter(|kind| permit.over(&kind.key).is_some() && !["web_event", "line"].contains(&kind.key.as_str()));
        let tab = |kind: &std::sync::Arc<catalogue::Kind>| {
            Tab::new(&kind.plural, format!("/search?query={id}&kind={}", kind.key), kinds.first() == Some(&kind.key))
        };
        let all = Tab::new(t.get("list-all"), format!("/search?query={id}"), kinds.is_empty());
        std::iter::once(all).chain(reach.map(tab)).collect::<Vec<Tab>>()
    });
    let view = SearchPage {
        t,
        shell: who.shell(&web, &t.get("search-title"), "", "/search").await?,
        found: if words.is_empty() { String::new() } else { t.count("search-found", hits.len()) },
        recorded: if words.is_empty() { t.get("search-nothing-asked") } else { t.get("search-recorded") },
        words,
        tabs: tabs.unwrap_or_default(),
        hits: hits.iter().map(|hit| shown(t, &catalogue, hit)).collect(),
        paging: Paging::default(),
        withheld_note: None,
    };
    Ok(Html(html(&view)?).into_response())
}

/// What is found; nothing for words that hold none to look for.
async fn found(web: &Web, who: &Who, words: &str, kinds: &[String]) -> Result<Vec<search::Hit>> {
    let (permit, words, kinds) = (who.actor.permit::<ReadRecords>()?, words.to_owned(), kinds.to_vec());
    let hits = web.app.read(&who.actor, move |unit| search::find(unit, &permit, &words, &kinds, search::LIMIT_MAX)).await;
    match hits {
        Err(error) if error.code() == Code::InvalidInput => Ok(Vec::new()),
        other => other,
    }
}

fn shown(t: Text, catalogue: &catalogue::Catalogue, hit: &search::Hit) -> Hit {
    let kind = catalogue.kind(&hit.kind);
    let label = kind.map_or_else(|| hit.kind.clone(), |kind| kind.label.clone());
    let field = kind.and_then(|kind| kind.field(&hit.field)).map_or_else(|| hit.field.clone(), |field| field.label.clone());
    let note = match &hit.snippet {
        Some(snippet) => format!("{label} · {snippet}"),
        None => label,
    };
    Hit {
        name: named(t, &hit.title),
        href: href_of(&hit.kind, hit.id),
        icon: icon_of(&hit.kind).to_owned(),
        note,
        matched: t.with("search-in", "field", field),
        state: None,
    }
}

/// What one may do from anywhere: its address, its words, and whether this user may.
fn commands(t: Text, who: &Who, catalogue: &catalogue::Catalogue) -> Vec<(String, String)> {
    let writes = who.actor.permit::<WriteRecords>().ok();
    let writable = |kind: &str| writes.as_ref().is_some_and(|permit| permit.over(kind).is_some());
    let made = catalogue.kinds().filter(|kind| !NOT_MADE_BY_HAND.contains(&kind.key.as_str()) && writable(&kind.key));
    let mut all: Vec<(String, String)> =
        made.map(|kind| (format!("{}/new", base_of(&kind.key)), t.with("list-new", "kind", t.within(&kind.label)))).collect();
    let (imports, handles) = (who.actor.permit::<Import>().is_ok(), who.actor.permit::<HandleRequests>().is_ok());
    let manages = who.actor.permit::<Manage>().is_ok();
    let more = [
        (writable(message::KIND), "/mail/new", "mail-write"),
        (imports, "/import", "import-title"),
        (true, "/settings/profile", "profile-title"),
        (writes.is_some(), "/duplicates", "dup-title"),
        (handles, "/requests/new", "requests-new"),
        (manages, "/settings/users", "settings-users"),
        (manages, "/settings/kinds", "settings-kinds"),
        (manages, "/settings/keys", "settings-keys"),
        (manages, "/settings/teams", "settings-teams"),
        (manages, "/settings/sales", "settings-sales"),
        (manages, "/settings/rates", "rates-title"),
        (manages, "/settings/mail", "settings-mail"),
    ];
    all.extend(more.into_iter().filter(|(may, ..)| *may).map(|(_, href, word)| (href.to_owned(), t.get(word))));
    all
}

/// The commands whose words begin as each of those that were typed.
fn meant(t: Text, who: &Who, catalogue: &catalogue::Catalogue, typed: &str) -> Vec<Hit> {
    let typed: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let fits = |words: &str| {
        let words = words.to_lowercase();
        let begins = |one: &String| words.split_whitespace().any(|word| word.starts_with(one.as_str())) || words.starts_with(one.as_str());
        !typed.is_empty() && typed.iter().all(begins)
    };
    let found = commands(t, who, catalogue).into_iter().filter(|(_, words)| fits(words)).take(COMMANDS);
    found
        .map(|(href, name)| Hit { name, href, icon: "new".to_owned(), note: t.get("palette-do"), matched: String::new(), state: None })
        .collect()
}

async fn palette(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let t = who.text;
    let (permit, words) = (who.actor.permit::<ReadRecords>()?, fields.get("q").trim().to_owned());
    let catalogue = web.catalogue(who.text);
    let kinds: Vec<String> = catalogue.kind(fields.get("kind")).map(|kind| kind.key.clone()).into_iter().collect();
    let of_kind = !kinds.is_empty();
    let hits = match web.app.read(&who.actor, move |unit| search::suggest(unit, &permit, &words, &kinds)).await {
        Err(error) if error.code() == Code::InvalidInput => Vec::new(),
        other => other?,
    };
    // Where records of a kind are asked for, nothing is to be done.
    let acts = if of_kind { Vec::new() } else { meant(t, &who, &catalogue, fields.get("q")) };
    let hits = hits.iter().map(|hit| shown(t, &catalogue, hit)).chain(acts).collect();
    Ok(Html(html(&PaletteHits { t, hits })?).into_response())
}
