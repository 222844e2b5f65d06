//! `probity serve`: the web app, the API and the workers in one process.

use std::{
    future::IntoFuture,
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use axum::serve::ListenerExt;
use catalogue::PURPOSES;
use clap::Args;
use crm::{
    automation, bulk, consent, disposal, duplicates, evidence, identity::setup, mail, permits::Audit, records, requests, retention, search,
};
use jiff::civil::Date;
use kernel::{Code, Error, Result};
use serde_json::json;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle, time};
use trail::{Actor, App};
use web::router::{Settings as Reached, Web, router};

use crate::{
    commands::{
        Here, init, set_periods,
        worker::{Stop, handlers, work},
    },
    config::Settings,
    demo::{self, SignIn},
    open,
    output::Outcome,
    remote::Door,
};

/// How long requests that run when it is asked to end have to finish.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often the house looks after itself.
const ROUND: Duration = Duration::from_secs(60);
/// After how many rounds it looks after what needs it hourly.
const HOUR: u32 = 60;

/// The web app, the API and the workers in one process
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity serve --data /srv/probity\n  probity serve --demo --data /tmp/demo\n\nThe first start makes the installation and prints a code; whoever opens the address types it and becomes the administrator.\nIt ends on SIGTERM or SIGINT, after the requests it is answering."
)]
pub struct Serve {
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080, or what the configuration says]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Fill an empty installation with believable data
    #[arg(long)]
    demo: bool,
}

impl Serve {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        // Everything that can be refused is, before anything is made.
        let reached = reached(&here.settings)?;
        let (listener, address) = bind(self.listen.unwrap_or(here.settings.server.listen)).await?;
        let mut stop = Stop::listen()?;
        let staff = if self.demo { demo::prepare(here).await? } else { Vec::new() };
        let (app, made) = here.make()?;
        if let Some(made) = made {
            init::tell(here, &made)?;
        }
        disposal::resume(&app, &here.actor()).await?;
        set_periods(&app, &here.settings).await?;
        let web = Web::new(app.clone(), reached);
        let door =
            open::is_local(&here.settings).then(|| Door::open(open::places(&here.settings).socket, &app, &here.settings)).transpose()?;
        let (end, ended) = oneshot::channel::<()>();
        let service = router(web.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let listener = listener.tap_io(|stream| {
            // Only slower without it.
            drop(stream.set_nodelay(true));
        });
        let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
            // Whether asked or dropped: it ends.
            drop(ended.await);
        });
        let mut serving = tokio::spawn(serving.into_future());
        let background = [tokio::spawn(work_on(app.clone())), tokio::spawn(tend(web.clone()))];
        welcome(here, &app, address, &staff).await?;

        let fell = tokio::select! {
            () = stop.asked() => None,
            done = &mut serving => Some(done),
        };
        here.console.note("Ending, after the requests that are being answered.")?;
        drop(end);
        if fell.is_none() && time::timeout(PATIENCE, &mut serving).await.is_err() {
            tracing::warn!("requests that took too long were cut off");
            serving.abort();
        }
        rest(background).await;
        if let Some(door) = door {
            door.close().await;
        }
        web.door.tell(&app, true).await?;
        match fell {
            None => Ok(Outcome::Done),
            Some(Ok(Ok(()))) => Err(Error::internal("the web server ended by itself")),
            Some(Ok(Err(cause))) => Err(Error::internal(cause)),
            Some(Err(cause)) => Err(Error::internal(cause)),
        }
    }
}

/// How the house is reached. Error: invalid_input for a proxy that is no address.
fn reached(settings: &Settings) -> Result<Reached> {
    let wrong =
        |_| Error::invalid("/server/trusted_proxies", "not_an_address", "Give each trusted proxy's IP address, such as 127.0.0.1 or ::1.");
    let proxies = settings.server.trusted_proxies.iter().map(|text| text.trim().parse::<IpAddr>().map_err(wrong));
    Ok(Reached {
        public_url: settings.server.public_url.clone(),
        trusted_proxies: proxies.collect::<Result<_>>()?,
        language: settings.server.language,
    })
}

/// Takes the port, before anything is made.
async fn bind(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let refused = |cause: io::Error| {
        let (port, ip) = (wanted.port(), wanted.ip());
        let words = match cause.kind() {
            io::ErrorKind::AddrInUse => {
                format!(
                    "Port {port} of {ip} is taken. Stop whatever listens there, or choose another with --listen {ip}:PORT (0 takes a free one)."
                )
            }
            io::ErrorKind::PermissionDenied => {
                format!("Port {port} may not be opened by this user. Choose one above 1023 with --listen {ip}:PORT, behind a proxy.")
            }
            io::ErrorKind::AddrNotAvailable => format!("{ip} is no address of this machine. Choose another with --listen."),
            kind => format!("{wanted} cannot be listened on ({kind})."),
        };
        Error::new(Code::Conflict, words).because(cause)
    };
    let listener = TcpListener::bind(wanted).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

/// Says that it is ready, and what whoever started it must know now.
async fn welcome(here: &mut Here<'_>, app: &App, address: SocketAddr, staff: &[SignIn]) -> Result<()> {
    let url = format!("http://{address}");
    let code = setup::begin(app).await?;
    if here.console.is_json() {
        let staff: Vec<_> = staff.iter().map(|s| json!({"role": s.role, "email": s.email, "password": s.password.expose()})).collect();
        here.console.object(&json!({"ready": url, "setup_code": code.as_ref().map(|c| c.expose()), "staff": staff}))?;
        return here.console.flush();
    }
    if here.settings.ledger.tsa_url.is_some() {
        here.console.note("[ledger] tsa_url is set, but this version does not ask for time-stamps yet.")?;
    }
    if !address.ip().is_loopback() && here.settings.server.public_url.is_none() {
        here.console
            .note("It listens beyond this machine without encryption. Put a proxy that speaks TLS in front and set [server] public_url.")?;
    }
    for person in staff {
        here.console.line(format!("Sign in as {:8} {}  {}", person.role, person.email, person.password.expose()))?;
    }
    if let Some(code) = &code {
        let at = here.settings.server.public_url.as_deref().unwrap_or(&url).trim_end_matches('/');
        here.console.line(format!("Nobody is set up yet. Open {at}/setup and type this code: {}", code.expose()))?;
    }
    here.console.line(format!("Probity is ready at {url}"))?;
    here.console.flush()
}

/// Works off jobs whatever happens: a fault is told, and the next job tried.
async fn work_on(app: App) {
    let handlers = handlers();
    loop {
        if let Err(error) = work(&app, &handlers).await {
            tracing::error!(%error, "the worker met a fault and goes on");
            time::sleep(ROUND).await;
        }
    }
}

/// What is due by the clock: refusals told by the minute; hourly what expired is forgotten, the newest checkpoint enters the vault's journal, the
/// index of who saw what grows and the time is entered; daily the sweeps.
async fn tend(web: Web) {
    let (app, actor) = (web.app.clone(), Actor::system(&PURPOSES[0]));
    let mut rounds = time::interval(ROUND);
    rounds.set_missed_tick_behavior(time::MissedTickBehavior::Delay);
    // The first one is due at once, while whoever started it wants their first page.
    rounds.tick().await;
    let (mut count, mut swept) = (0_u32, None::<Date>);
    loop {
        rounds.tick().await;
        told("telling refusals", web.door.tell(&app, false).await);
        told("looking for duplicates of what was imported", duplicates::after_import(&app, &actor).await);
        if count % HOUR == 0 {
            told("forgetting searches", search::purge(&app, &actor).await);
            told("forgetting sets of records", bulk::purge(&app, &actor).await);
            told("ending consents whose time is over", consent::expire(&app, &actor).await);
            told("dropping letters that nobody sent", mail::forget(&app, &actor).await);
            told("forgetting runs of rules and deliveries", automation::forget(&app).await);
            told("looking for the days that rules wait for", automation::dates(&app).await);
            told("expiring packages", requests::expire(&app, &actor).await);
            told("entering the time", retention::keep_time(&app, &actor).await);
            told("anchoring the ledger", evidence::anchor(&app).await);
        }
        // The index writes an event of its own: it runs by the hour, and sooner when much was seen.
        if (count % HOUR == 0 || evidence::index_lags(&app).await.unwrap_or(false))
            && let Ok(permit) = actor.permit::<Audit>()
        {
            told("indexing who saw what", evidence::index(&app, &permit).await);
        }
        let today = app.env().now().day();
        if swept != Some(today) {
            told("resuming disposals", disposal::resume(&app, &actor).await);
            told("the retention sweep", disposal::sweep(&app, &actor).await);
            told("removing files that nothing refers to", records::sweep_blobs(&app, &actor).await);
            told("looking for new duplicates", duplicates::keep_up(&app, &actor).await);
            swept = Some(today);
        }
        count = count.wrapping_add(1);
    }
}

fn told<T>(what: &'static str, done: Result<T>) {
    if let Err(error) = done {
        tracing::warn!(%error, what, "put off to the next round");
    }
}

/// Ends tasks and waits until they let go of what they held.
async fn rest<const N: usize>(tasks: [JoinHandle<()>; N]) {
    for task in tasks {
        task.abort();
        // Cancelled, as asked.
        drop(task.await);
    }
}
