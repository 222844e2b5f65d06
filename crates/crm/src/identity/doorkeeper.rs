//! What stands between a stranger and a session: slow hashing in bounded numbers, waits after wrong tries, refusals told by the minute.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use kernel::{Code, Error, Instant, Personal, Result, SessionId, UserId};
use store::args;
use tokio::sync::{Semaphore, SemaphorePermit};
use trail::{Actor, App, Unit, Who};

use super::{
    Hashed, Session, events,
    lockout::{Refusals, Tries, too_often, wait},
    password, role, session, setup, sql, staff,
    token::Secret,
};

/// Argon2 runs at most twice at once (64 MiB each).
const AT_ONCE: usize = 2;
/// More than this waiting is turned away: whoever floods the door must not queue up the house's memory.
const WAITING: usize = 64;
const NAMES: usize = 4_096;

/// One for the whole process; cheap to clone.
#[derive(Clone)]
pub struct Doorkeeper(Arc<Inner>);

struct Inner {
    slots: Semaphore,
    queue: Semaphore,
    state: Mutex<State>,
}

struct State {
    origins: Tries<String>,
    /// Addresses nobody signs in with wait like those that somebody does.
    unknown: Tries<[u8; 32]>,
    refusals: Refusals,
    names: HashMap<SessionId, Personal<String>>,
}

impl std::fmt::Debug for Doorkeeper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Doorkeeper")
    }
}

/// A session just opened.
#[derive(Debug)]
pub struct SignedIn {
    /// What the cookie holds: shown once.
    pub token: Personal<String>,
    /// Whose it is.
    pub staff: UserId,
    /// Its id.
    pub session: SessionId,
}

struct Known {
    id: UserId,
    active: bool,
    password: String,
    failed: i64,
    locked_until: Instant,
}

impl Default for Doorkeeper {
    fn default() -> Self {
        let state =
            State { origins: Tries::of_origins(), unknown: Tries::of_accounts(), refusals: Refusals::default(), names: HashMap::new() };
        Self(Arc::new(Inner { slots: Semaphore::new(AT_ONCE), queue: Semaphore::new(WAITING), state: Mutex::new(state) }))
    }
}

impl Doorkeeper {
    /// A doorkeeper with nobody at the door.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks and hashes a password outside any transaction. `about`: the person's name and address, which must not be in it.
    ///
    /// # Errors
    /// Those of [`password::check`]; `unavailable` when too many wait.
    pub async fn hash(&self, app: &App, password: Personal<String>, about: Vec<Personal<String>>) -> Result<Hashed> {
        let check = |password: &Personal<String>| password::check(password, &about.iter().collect::<Vec<_>>());
        check(&password)?;
        let _turn = self.turn().await?;
        let env = app.env().clone();
        let about = about.clone();
        blocking(move || password::hash(&password, &about.iter().collect::<Vec<_>>(), &env)).await?
    }

    /// Makes the first administrator with the one-time code.
    ///
    /// # Errors
    /// `rate_limited` after wrong codes from this origin, and those of [`setup::complete`] and [`password::check`].
    pub async fn set_up(
        &self,
        app: &App,
        origin: Option<IpAddr>,
        code: Personal<String>,
        (name, email): (Personal<String>, Personal<String>),
        password: Personal<String>,
    ) -> Result<UserId> {
        let origin = prefix(origin);
        self.let_in(app, &origin, "too_often").await?;
        let visitor = Actor::visitor();
        let asked = code.clone();
        let (needed, right) = app
            .read(&visitor, move |unit| {
                let facts = (setup::needed(unit)?, setup::is_code(unit, &asked)?);
                unit.plain(facts)
            })
            .await?;
        if !needed {
            return Err(setup::done());
        }
        if !right {
            self.refuse(app, "setup_code", &origin, None).await?;
            return Err(setup::wrong_code());
        }
        let hashed = self.hash(app, password, vec![name.clone(), email.clone()]).await?;
        app.write(&visitor, move |unit| setup::complete(unit, &code, name.clone(), email.clone(), &hashed)).await
    }

    /// Signs in. `old` is the cookie that came along, whose session ends: a token is never carried over a sign-in.
    ///
    /// # Errors
    /// `unauthenticated` in the same words, after the same work, for an unknown address, a wrong password and a disabled account;
    /// `rate_limited` while waiting for wrong tries.
    pub async fn sign_in(
        &self,
        app: &App,
        origin: Option<IpAddr>,
        email: &Personal<String>,
        password: Personal<String>,
        old: Option<&str>,
    ) -> Result<SignedIn> {
        let origin = prefix(origin);
        // An address that is none gets the same answer after the same work.
        let login = staff::login(app, email).unwrap_or([0; 32]);
        let known = self.password_is(app, &origin, login, password).await?;
        let (secret, old) = (Arc::new(Secret::random(app.env())), old.and_then(Secret::read).map(Arc::new));
        let id = SessionId::mint(app.env());
        let actor = app.read(&Actor::visitor(), move |unit| actor(unit, known.id, id)).await?;
        let token = Personal::new(secret.text());
        let stored = known.password;
        app.write(&actor, move |unit| {
            still_good(unit, known.id, &stored)?;
            unit.run(sql::STAFF_FAILED, &args![known.id, 0_i64, 0_i64])?;
            session::open(unit, &secret, old.as_deref())
        })
        .await?;
        Ok(SignedIn { token, staff: known.id, session: id })
    }

    /// The password again, before a dangerous act: [`Session::need_confirmed`] is satisfied for five minutes. Errors as for signing in.
    pub async fn confirm(&self, app: &App, origin: Option<IpAddr>, session: &Session, password: Personal<String>) -> Result<()> {
        self.own_password_is(app, &prefix(origin), session, password).await?;
        app.write(&session.actor, |unit| {
            let ((staff, id), now) = (session::own(unit)?, unit.now());
            unit.run(sql::STAFF_FAILED, &args![staff, 0_i64, 0_i64])?;
            unit.run(sql::SESSION_CONFIRMED, &args![id, now])?;
            unit.witness(events::session_confirmed())
        })
        .await
    }

    /// Changes one's own password; one's other sessions end. Errors as for signing in, and those of [`password::check`].
    pub async fn change_password(
        &self,
        app: &App,
        origin: Option<IpAddr>,
        session: &Session,
        old: Personal<String>,
        new: Personal<String>,
    ) -> Result<()> {
        let me = app.read(&session.actor, staff::me).await?;
        self.own_password_is(app, &prefix(origin), session, old).await?;
        let hashed = self.hash(app, new, vec![me.name, me.email]).await?;
        app.write(&session.actor, move |unit| staff::change_own_password(unit, &hashed)).await
    }

    /// The name of whoever is signed in, for the frame of their pages: read once a session (with its event), then from memory.
    pub async fn name(&self, app: &App, session: &Session) -> Result<Personal<String>> {
        if let Some(name) = self.state().names.get(&session.id) {
            return Ok(name.clone());
        }
        let name = app.read(&session.actor, staff::me).await?.name;
        let mut state = self.state();
        if state.names.len() >= NAMES {
            state.names.clear();
        }
        state.names.insert(session.id, name.clone());
        Ok(name)
    }

    /// Forgets what is remembered of a session that ended.
    pub fn forget(&self, session: SessionId) {
        self.state().names.remove(&session);
    }

    /// Counts a refusal of somebody unknown (a dead session, a bad key). Told in one event a minute.
    pub async fn refused(&self, app: &App, origin: Option<IpAddr>, reason: &'static str) -> Result<()> {
        let now = app.env().now();
        self.state().refusals.add(reason, &prefix(origin), None, now);
        self.tell(app, false).await
    }

    /// Writes the event of the refusals whose minute is over; of all of them with `at_once`, when the house closes.
    pub async fn tell(&self, app: &App, at_once: bool) -> Result<()> {
        let due = self.state().refusals.take(app.env().now(), at_once);
        let Some(refusals) = due else { return Ok(()) };
        app.write(&Actor::visitor(), move |unit| unit.witness(events::session_refused(&refusals))).await
    }

    async fn own_password_is(&self, app: &App, origin: &str, session: &Session, password: Personal<String>) -> Result<()> {
        let _turn = self.turn().await?;
        let id = session.staff;
        let known = app.read(&session.actor, move |unit| {
            let row = unit.one(sql::STAFF_PASSWORD, &args![id], |row| {
                let active = row.get::<String>(1)? == staff::ACTIVE;
                Ok(Known { id, active, password: row.get(0)?, failed: row.get(2)?, locked_until: row.get(3)? })
            })?;
            unit.plain(row)
        });
        let known = known.await?;
        self.judge(app, origin, Some(known), [0; 32], password).await.map(drop)
    }

    async fn password_is(&self, app: &App, origin: &str, login: [u8; 32], password: Personal<String>) -> Result<Known> {
        self.let_in(app, origin, "too_often").await?;
        // The row is read while holding the turn, so that tries sent all at once do not slip past the count of the wrong ones.
        let _turn = self.turn().await?;
        let known = app
            .read(&Actor::visitor(), move |unit| {
                let row = unit.maybe(sql::STAFF_BY_LOGIN, &args![login], |row| {
                    let active = row.get::<String>(1)? == staff::ACTIVE;
                    Ok(Known { id: row.get(0)?, active, password: row.get(2)?, failed: row.get(3)?, locked_until: row.get(4)? })
                })?;
                unit.plain(row)
            })
            .await?;
        self.judge(app, origin, known, login, password).await
    }

    async fn judge(&self, app: &App, origin: &str, known: Option<Known>, login: [u8; 32], password: Personal<String>) -> Result<Known> {
        let now = app.env().now();
        let user = known.as_ref().map(|k| k.id);
        let until = match &known {
            Some(known) => Some(known.locked_until).filter(|until| *until > now),
            None => self.state().unknown.until(&login, now),
        };
        if let Some(until) = until {
            self.refuse(app, "locked", origin, user).await?;
            return Err(too_often(until, now));
        }
        let stored = known.as_ref().map_or_else(|| password::NOBODY.clone(), |k| k.password.clone());
        let right = blocking(move || password::matches(&password, &stored)).await?;
        match known {
            Some(known) if right && known.active => Ok(known),
            known => {
                match &known {
                    Some(known) => self.note_failure(app, known, now).await?,
                    None => self.state().unknown.failed(login, now),
                }
                self.refuse(app, "password", origin, user).await?;
                Err(Error::new(Code::Unauthenticated, "E-mail and password do not match."))
            }
        }
    }

    async fn note_failure(&self, app: &App, known: &Known, now: Instant) -> Result<()> {
        let failed = known.failed.saturating_add(1);
        let (id, until) = (known.id, now.plus(wait(failed)));
        // A count, not a change that anybody decided: its evidence is the minute's `session.refused`.
        app.store().write(move |tx| tx.run(sql::STAFF_FAILED, &args![id, failed, until]).map(drop)).await
    }

    async fn let_in(&self, app: &App, origin: &str, reason: &'static str) -> Result<()> {
        let now = app.env().now();
        let until = self.state().origins.until(&origin.to_owned(), now);
        let Some(until) = until else { return Ok(()) };
        self.state().refusals.add(reason, origin, None, now);
        self.tell(app, false).await?;
        Err(too_often(until, now))
    }

    async fn refuse(&self, app: &App, reason: &'static str, origin: &str, user: Option<UserId>) -> Result<()> {
        let now = app.env().now();
        {
            let mut state = self.state();
            state.refusals.add(reason, origin, user, now);
            state.origins.failed(origin.to_owned(), now);
        }
        self.tell(app, false).await
    }

    async fn turn(&self) -> Result<(SemaphorePermit<'_>, SemaphorePermit<'_>)> {
        let busy = || Error::new(Code::Unavailable, "Too many people are signing in just now. Try again in a few seconds.");
        let place = self.0.queue.try_acquire().map_err(|_| busy())?;
        let slot = self.0.slots.acquire().await.map_err(|_| busy())?;
        Ok((place, slot))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The actor that a new session of `staff` will be.
fn actor(unit: &mut Unit, id: UserId, session: SessionId) -> Result<trail::Release<Actor>> {
    let (role, team, settings) =
        unit.one(sql::STAFF_STANDING, &args![id], |row| Ok((row.get::<String>(1)?, row.get(2)?, row.get::<String>(3)?)))?;
    let grants = role::limited(&role::find(unit, &role)?, staff::Settings::read(&settings)?.purposes);
    let purpose = session::first(&grants).unwrap_or_else(setup::administration);
    let mut actor = Actor::new(Who::Staff(id), purpose, "page", grants);
    (actor.session, actor.team) = (Some(session), team);
    unit.plain(actor)
}

/// Between the slow check and the session, nobody disabled the account or changed its password. Error: unauthenticated.
fn still_good(unit: &mut Unit, id: UserId, stored: &str) -> Result<()> {
    let row = unit.maybe(sql::STAFF_PASSWORD, &args![id], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?)))?;
    match row {
        Some((password, state)) if password == stored && state == staff::ACTIVE => Ok(()),
        _ => Err(Error::new(Code::Unauthenticated, "E-mail and password do not match.")),
    }
}

/// What tries are counted by: the network of an address (/24 of IPv4, /56 of IPv6), since whoever has one has them all.
fn prefix(origin: Option<IpAddr>) -> String {
    match origin.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Some(IpAddr::V6(ip)) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{:x}::/56", d & 0xff00)
        }
        None => "local".to_owned(),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}
