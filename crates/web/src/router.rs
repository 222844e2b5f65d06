//! One table of routes: what answers where, and who may come there. Nothing answers that is not in it.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::MethodRouter,
};
use catalogue::Catalogue;
use crm::identity::{Doorkeeper, Language};
use http::Method;
use kernel::{Code, Error};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use trail::App;

use crate::{
    api::pace::Pace,
    approvals, automation, campaigns, consent, dashboards, duplicates, evidence, export, home, identity, import, jobs,
    kit::{
        error::{Refused, finish, panicked},
        text::{Catalogues, Text},
        who::guard,
    },
    mail, notices,
    openapi::{self, About, Doc},
    records, reports, requests, retention, search, segments, service, settings, setup,
};

/// What every handler works with. Cheap to clone.
#[derive(Clone)]
pub struct Web {
    /// The installation.
    pub app: App,
    /// What stands between a stranger and a session.
    pub door: Doorkeeper,
    /// How the house is reached.
    pub settings: Arc<Settings>,
    /// How often each program may call.
    pub pace: Arc<Pace>,
    /// Files that were sent and wait for their mapping.
    pub shelf: Arc<import::shelf::Shelf>,
    catalogues: Arc<Catalogues>,
}

impl Web {
    /// The catalogue with the names of what is built in as a page says them. For showing alone, never to be stored.
    pub fn catalogue(&self, t: Text) -> Arc<Catalogue> {
        self.catalogues.get(t, &self.app.catalogue())
    }

    /// A web over an installation.
    pub fn new(app: App, settings: Settings) -> Self {
        Self {
            app,
            door: Doorkeeper::new(),
            settings: Arc::new(settings),
            pace: Arc::default(),
            shelf: Arc::default(),
            catalogues: Arc::default(),
        }
    }
}

/// How the house is reached from outside.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The address people type, such as `https://crm.example.com`; `None` when it is only reached locally.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// The language for whoever chose none and whose browser asks for none that pages speak.
    pub language: Language,
}

impl Settings {
    /// Whether browsers reach it encrypted: then cookies are `__Host-` and `Secure`, and HSTS is sent.
    pub fn https(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}

/// Who may come to a route.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Anybody. A test holds the list of these; it only shrinks.
    Public,
    /// Whoever is signed in at a browser.
    Staff,
    /// A program with an API key, or whoever is signed in.
    Key,
}

/// One route.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path, in axum's form (`/people/{id}`).
    pub path: &'static str,
    /// Who may come.
    pub access: Access,
    /// The largest body it takes, in bytes.
    pub body: usize,
    /// What answers.
    pub handler: fn() -> MethodRouter<Web>,
    /// How the API's description tells of it; nothing for pages, and for second addresses of what is described at another.
    pub doc: Option<fn(&About) -> Doc>,
}

impl Route {
    /// A route that takes bodies of up to 1 MiB.
    pub const fn new(method: Method, path: &'static str, access: Access, handler: fn() -> MethodRouter<Web>) -> Self {
        Self { method, path, access, body: 1 << 20, handler, doc: None }
    }

    /// With another limit for its body, in bytes.
    #[must_use]
    pub const fn body(mut self, bytes: usize) -> Self {
        self.body = bytes;
        self
    }

    /// With its description.
    #[must_use]
    pub const fn doc(mut self, doc: fn(&About) -> Doc) -> Self {
        self.doc = Some(doc);
        self
    }
}

/// Every route, slice by slice.
pub const TABLE: &[&[Route]] = &[
    identity::pages::ROUTES,
    identity::api::ROUTES,
    identity::api_teams::ROUTES,
    approvals::api::ROUTES,
    approvals::pages::ROUTES,
    campaigns::api::ROUTES,
    campaigns::pages::ROUTES,
    consent::api::ROUTES,
    consent::api_notices::ROUTES,
    consent::notices::ROUTES,
    consent::pages::ROUTES,
    consent::public::ROUTES,
    automation::api::ROUTES,
    automation::pages::ROUTES,
    automation::rules::ROUTES,
    dashboards::api::ROUTES,
    dashboards::pages::ROUTES,
    duplicates::api::ROUTES,
    duplicates::pages::ROUTES,
    evidence::api::ROUTES,
    evidence::api_audit::ROUTES,
    evidence::pages::ROUTES,
    export::api::ROUTES,
    import::api::ROUTES,
    import::api::CAPTURES,
    import::pages::ROUTES,
    jobs::api::ROUTES,
    mail::api::ROUTES,
    mail::pages::ROUTES,
    notices::api::ROUTES,
    notices::pages::ROUTES,
    openapi::ROUTES,
    reports::api::ROUTES,
    reports::api_rates::ROUTES,
    reports::pages::ROUTES,
    requests::api::ROUTES,
    requests::api_artifacts::ROUTES,
    requests::api_recipients::ROUTES,
    requests::pages::ROUTES,
    retention::api::ROUTES,
    retention::pages::ROUTES,
    segments::api::ROUTES,
    segments::pages::ROUTES,
    settings::general::ROUTES,
    settings::kinds::ROUTES,
    settings::pages::ROUTES,
    settings::profile::ROUTES,
    settings::teams::ROUTES,
    settings::rates::ROUTES,
    settings::sales::ROUTES,
    service::api::ROUTES,
    service::pages::ROUTES,
    settings::users::ROUTES,
    setup::pages::ROUTES,
    search::api::ROUTES,
    records::api_bulk::ROUTES,
    records::api_uploads::ROUTES,
    records::api_kinds::ROUTES,
    records::api_views::ROUTES,
    records::api::ROUTES,
    home::pages::ROUTES,
    records::pages::PEOPLE,
    records::pages::COMPANIES,
    records::pages::OTHERS,
    records::pages::SPECIAL,
    records::pages::bulk::ROUTES,
    records::pages::export::ROUTES,
    search::pages::ROUTES,
];

/// The whole of HTTP. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`, so that tries are counted by origin.
pub fn router(web: Web) -> Router {
    routes(web, TABLE)
}

pub(crate) fn routes(web: Web, table: &[&[Route]]) -> Router {
    let mut router = Router::new().fallback(nothing_here).method_not_allowed_fallback(not_that_way);
    for route in table.iter().copied().flatten() {
        let guarded = (route.handler)()
            .route_layer(DefaultBodyLimit::max(route.body))
            .route_layer(from_fn_with_state((web.clone(), route.access), guard));
        router = router.route(route.path, guarded);
    }
    let finish = from_fn_with_state(web.clone(), finish);
    router
        .layer(CompressionLayer::new().br(false))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(crate::kit::error::in_time))
        .layer(finish)
        .with_state(web)
}

async fn nothing_here() -> Refused {
    Refused(Error::new(Code::NotFound, "There is nothing at this address."))
}

async fn not_that_way() -> Refused {
    Refused(Error::new(Code::MethodNotAllowed, "This address does not answer to that method."))
}
