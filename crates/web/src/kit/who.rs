//! Who is asking: by a session's cookie or by an API key, and what their frame of a page looks like.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, OnceLock},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use cookie::{Cookie, SameSite};
use crm::{
    identity::{Session, apikey, session},
    notices, permits, retention,
};
use http::{Method, header, request::Parts};
use jiff::tz::TimeZone;
use kernel::{Code, Error, Personal, Result};
use trail::Actor;

use super::{
    csrf,
    error::Refused,
    layout::{self, Choice, Shell, Theme},
    text::{Text, negotiated},
};
use crate::router::{Access, Settings, Web};

/// Who is asking. An extractor: any handler may take it; routes for staff and keys have refused strangers before.
#[derive(Clone, Debug)]
pub struct Who {
    /// Who acts, for which purpose.
    pub actor: Actor,
    /// Their session, when they came with a browser.
    pub session: Option<Session>,
    /// Where they come from, as far as known.
    pub origin: Option<IpAddr>,
    /// What they came with was no longer good.
    pub expired: bool,
    /// The language of their pages.
    pub text: Text,
    zone: Option<TimeZone>,
    cookie: Option<Personal<String>>,
    theme: Theme,
    single_keys: bool,
}

/// Where the outermost layer finds who it was.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<OnceLock<Who>>);

impl Seen {
    pub(super) fn get(&self) -> Option<Who> {
        self.0.get().cloned()
    }
}

impl Who {
    /// Somebody known: staff or a key.
    pub fn known(&self) -> bool {
        self.actor.staff().is_some()
    }

    /// Their session. Error: unauthenticated for a key or a stranger.
    pub fn signed_in(&self) -> Result<&Session> {
        self.session.as_ref().ok_or_else(|| Error::new(Code::Unauthenticated, "Sign in with a browser to do this."))
    }

    /// The clock of their pages: as they chose, otherwise the house's.
    pub fn zone(&self, house: TimeZone) -> TimeZone {
        self.zone.clone().unwrap_or(house)
    }

    /// The clock of their pages, where a page does not read the house's for something else.
    pub async fn clock(&self, web: &Web) -> Result<TimeZone> {
        match &self.zone {
            Some(zone) => Ok(zone.clone()),
            None => web.app.read(&self.actor, |unit| retention::Policy::load(unit).and_then(|policy| unit.plain(policy.zone()))).await,
        }
    }

    /// The token for the forms of their pages; empty before they have a cookie.
    pub fn csrf(&self) -> String {
        self.cookie.as_ref().and_then(|cookie| session::csrf_of(cookie.expose())).unwrap_or_default()
    }

    pub(super) fn csrf_is(&self, given: &str) -> bool {
        let stored = self.session.as_ref().is_none_or(|session| session.csrf_matches(given));
        stored && self.cookie.as_ref().is_some_and(|cookie| session::csrf_is(cookie.expose(), given))
    }

    /// Gives a stranger a cookie to tie forms to, if they have none: the header to send along.
    pub fn greet(&mut self, web: &Web) -> Option<String> {
        if self.cookie.is_some() {
            return None;
        }
        let value = session::visitor_cookie(&web.app);
        let cookie = set_cookie(&web.settings, VISIT, &value, SameSite::Strict);
        self.cookie = Some(Personal::new(value));
        Some(cookie)
    }

    /// The frame of a page: of whoever is signed in, or the plain one. `here` is the rail entry it belongs to, `address` its own path.
    pub async fn shell(&self, web: &Web, title: &str, here: &str, address: &str) -> Result<Shell> {
        let mut shell = match &self.session {
            Some(session) => {
                let name = web.door.name(&web.app, session).await?.into_inner();
                let choice = |key: &str| Choice::new(key, self.text.purpose(key), key == self.actor.purpose.key);
                let who = layout::Who {
                    initials: initials(&name),
                    name,
                    purpose: self.text.purpose(self.actor.purpose.key),
                    purposes: session.purposes.iter().map(|p| choice(p.key)).collect(),
                };
                let mut shell = Shell::new(self.text, title, here, self.csrf(), who);
                self.hide(&mut shell);
                shell.unread = web.app.read(&self.actor, |unit| notices::unread(unit).and_then(|n| unit.plain(n))).await?;
                let reads = self.actor.permit::<permits::ReadRecords>().ok();
                for kind in web.app.catalogue().kinds().filter(|kind| kind.custom) {
                    if reads.as_ref().is_some_and(|permit| permit.over(&kind.key).is_some()) {
                        shell.add_kind(&kind.key, &kind.plural, here);
                    }
                }
                shell
            }
            None => Shell::plain(title, self.csrf()),
        };
        (shell.theme, shell.single_keys) = (self.theme, self.single_keys);
        Ok(shell.at(address))
    }

    /// Entries they hold no grant for would only lead to a refusal.
    fn hide(&self, shell: &mut Shell) {
        let (audits, disposes) = (self.actor.permit::<permits::Audit>().is_ok(), self.actor.permit::<permits::Dispose>().is_ok());
        let rules = audits || disposes || self.actor.permit::<permits::ManageRules>().is_ok();
        let may = [
            ("requests", self.actor.permit::<permits::HandleRequests>().is_ok()),
            ("retention", rules),
            ("approvals", disposes),
            ("evidence", audits),
            ("settings", self.actor.permit::<permits::Manage>().is_ok()),
        ];
        for (key, _) in may.iter().filter(|(_, may)| !may) {
            shell.hide(key);
        }
    }
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

const SESSION: &str = "probity_session";
const VISIT: &str = "probity_visit";

/// The cookie's name: under https it is tied to this host (`__Host-`, RFC 6265bis §4.1.3.2).
fn cookie_name(settings: &Settings, name: &str) -> String {
    if settings.https() { format!("__Host-{name}") } else { name.to_owned() }
}

fn set_cookie(settings: &Settings, name: &str, value: &str, same_site: SameSite) -> String {
    let cookie = Cookie::build((cookie_name(settings, name), value)).path("/").http_only(true).same_site(same_site);
    cookie.secure(settings.https()).build().to_string()
}

/// The header that gives a browser its session.
pub fn session_cookie(settings: &Settings, token: &Personal<String>) -> String {
    // Lax and not Strict: a link in a mail should find people signed in. Nothing changes by a link.
    set_cookie(settings, SESSION, token.expose(), SameSite::Lax)
}

/// The header that takes it away.
pub fn no_session_cookie(settings: &Settings) -> String {
    format!("{}; Max-Age=0", set_cookie(settings, SESSION, "", SameSite::Lax))
}

/// The session's token as the browser sent it, good or not.
pub fn session_token(settings: &Settings, headers: &http::HeaderMap) -> Option<Personal<String>> {
    cookie_of(headers, &cookie_name(settings, SESSION)).map(Personal::new)
}

fn cookie_of(headers: &http::HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut found = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    found.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

impl FromRequestParts<Web> for Who {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Refused> {
        if let Some(who) = parts.extensions.get::<Self>() {
            return Ok(who.clone());
        }
        let who = find(parts, web).await?;
        parts.extensions.insert(who.clone());
        if let Some(seen) = parts.extensions.get::<Seen>() {
            // Set once a request; a second extraction found the extension above.
            let _ = seen.0.set(who.clone());
        }
        Ok(who)
    }
}

async fn find(parts: &Parts, web: &Web) -> Result<Who> {
    let origin = origin(&web.settings, parts);
    let theme = cookie_of(&parts.headers, "theme").map_or(Theme::Auto, |word| Theme::parse(&word));
    let single_keys = cookie_of(&parts.headers, "keys").as_deref() != Some("off");
    let text = spoken(&web.settings, &parts.headers);
    let stranger =
        Who { actor: Actor::visitor(), session: None, origin, expired: false, text, zone: None, cookie: None, theme, single_keys };
    let visit = cookie_of(&parts.headers, &cookie_name(&web.settings, VISIT)).filter(|c| session::csrf_of(c).is_some()).map(Personal::new);
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let key = value.to_str().ok().and_then(|v| v.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        return match apikey::actor_of_key(&web.app, key.map_or("", |(_, key)| key.trim())).await {
            Ok(actor) => Ok(Who { actor, ..stranger }),
            Err(error) => Err(counted(web, origin, "key", error).await),
        };
    }
    let Some(token) = session_token(&web.settings, &parts.headers) else { return Ok(Who { cookie: visit, ..stranger }) };
    match session::actor_of_session(&web.app, token.expose()).await {
        Ok(session) => {
            let mut actor = session.actor.clone();
            actor.door = if parts.uri.path().starts_with("/api/") { "api" } else { "page" };
            let chosen = &session.preferences;
            let text = chosen.language.map_or(text, Text::of).dated(chosen.dates.unwrap_or_default()).weeks_from(chosen.week);
            Ok(Who { actor, zone: chosen.time_zone(), text, session: Some(session), cookie: Some(token), ..stranger })
        }
        Err(error) if error.code() == Code::Unauthenticated => {
            web.door.refused(&web.app, origin, "session").await?;
            Ok(Who { cookie: visit, expired: true, ..stranger })
        }
        Err(error) => Err(error),
    }
}

/// The language for whoever sends these headers and has chosen none: one their browser asks for, otherwise the house's.
pub(super) fn spoken(settings: &Settings, headers: &http::HeaderMap) -> Text {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).and_then(negotiated);
    Text::of(asked.unwrap_or(settings.language))
}

async fn counted(web: &Web, origin: Option<IpAddr>, reason: &'static str, error: Error) -> Error {
    if error.code() != Code::Unauthenticated {
        return error;
    }
    web.door.refused(&web.app, origin, reason).await.err().unwrap_or(error)
}

/// Where the request came from: the peer, or what the nearest trusted proxies say it was (the last address none of them is).
fn origin(settings: &Settings, parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip())?;
    if !settings.trusted_proxies.contains(&peer) {
        return Some(peer);
    }
    let lines: Vec<&str> = parts.headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).collect();
    let hops = lines.iter().flat_map(|line| line.split(',')).map(|hop| hop.trim().parse::<IpAddr>().ok());
    let hops: Vec<Option<IpAddr>> = hops.collect();
    // From the nearest hop backwards; what does not read as an address ends the chain of trust.
    let outside = hops.into_iter().rev().find(|hop| hop.is_none_or(|ip| !settings.trusted_proxies.contains(&ip)));
    outside.flatten().or(Some(peer))
}

/// The layer around every route: lets in whom the table says, and nothing that another site's page sent.
pub(crate) async fn guard(State((web, access)): State<(Web, Access)>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    match admit(&web, access, &mut parts).await {
        Ok(None) => next.run(Request::from_parts(parts, body)).await,
        Ok(Some(elsewhere)) => elsewhere,
        Err(refused) => refused.into_response(),
    }
}

async fn admit(web: &Web, access: Access, parts: &mut Parts) -> Result<Option<Response>, Refused> {
    csrf::same_origin(&web.settings, parts)?;
    if access == Access::Public {
        return Ok(None);
    }
    let who = Who::from_request_parts(parts, web).await?;
    match (access, &who.session) {
        (Access::Key, Some(_)) if csrf::changes(&parts.method) => csrf::check(&who, csrf::text(&parts.headers, csrf::HEADER))?,
        (Access::Staff, None) => return stranger(web, &who, parts).await.map(Some),
        (Access::Key, None) if !who.known() => return stranger(web, &who, parts).await.map(Some),
        _ => {}
    }
    Ok(None)
}

/// A person who asks for a page is shown the way in; everybody else is told.
async fn stranger(web: &Web, who: &Who, parts: &Parts) -> Result<Response, Refused> {
    let path = parts.uri.path();
    let asks_for_page =
        parts.method == Method::GET && csrf::text(&parts.headers, header::ACCEPT.as_str()).is_some_and(|a| a.contains("text/html"));
    if asks_for_page && !path.starts_with("/api/") {
        let next: String = path
            .bytes()
            .map(|b| if b.is_ascii_alphanumeric() || b"/-_.".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect();
        let expired = if who.expired { "&expired=1" } else { "" };
        return Ok(Redirect::to(&format!("/sign-in?next={next}{expired}")).into_response());
    }
    if !who.expired {
        web.door.refused(&web.app, who.origin, "stranger").await?;
    }
    Err(Refused(Error::new(Code::Unauthenticated, "Sign in, or send an API key as: Authorization: Bearer prb_…")))
}
