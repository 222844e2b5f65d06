//! Sessions: a signed-in browser, its one acting purpose, its end.

use std::time::Duration;

use catalogue::{Purpose, Purposes};
use kernel::{Code, Error, Instant, Result, SessionId, UserId};
use store::args;
use trail::{Actor, App, Grant, Release, Unit, Who};

use super::{
    Preferences, events, role, setup, sql, staff,
    token::{Secret, same, sha256},
};

/// A session that nobody uses ends after this long.
pub const IDLE: Duration = Duration::from_secs(30 * 60);
/// A session ends after this long, used or not.
pub const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);
/// A dangerous act needs the password to have been given within this time.
pub const CONFIRMED_FOR: Duration = Duration::from_secs(5 * 60);
/// Use is noted at most this often, so that reading a page does not write.
const SEEN_EVERY: Duration = Duration::from_secs(60);

/// A live session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Its id; not what opens it.
    pub id: SessionId,
    /// Whose it is.
    pub staff: UserId,
    /// Who acts, for which purpose, with which grants.
    pub actor: Actor,
    /// Their role.
    pub role: String,
    /// The purposes they may switch to.
    pub purposes: Purposes,
    /// How they want to be spoken to.
    pub preferences: Preferences,
    /// When it was opened.
    pub created: Instant,
    /// When it ends at the latest.
    pub expires: Instant,
    /// When the password was last given.
    pub confirmed: Instant,
    csrf: [u8; 32],
}

impl Session {
    /// Whether a form came from a page of this session, in constant time.
    pub fn csrf_matches(&self, given: &str) -> bool {
        same(&sha256(given.as_bytes()), &self.csrf)
    }

    /// The proof that the password was given within five minutes. Error: forbidden, saying what to do.
    pub fn need_confirmed(&self, now: Instant) -> Result<()> {
        if now.since(self.confirmed) <= CONFIRMED_FOR {
            return Ok(());
        }
        Err(Error::new(Code::Forbidden, "This needs your password again. Give it, then repeat the step within five minutes."))
    }
}

/// One's own sessions, as one sees them.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// The purpose it acts for.
    pub purpose: String,
    /// When it was opened.
    pub created: Instant,
    /// When it was last used, to the minute.
    pub seen: Instant,
}

/// The token that forms of the holder of `cookie` carry; `None` when the cookie is not one of ours. Works for a session's cookie and
/// for a visitor's alike: only who holds the cookie can know it.
pub fn csrf_of(cookie: &str) -> Option<String> {
    Secret::read(cookie).map(|secret| secret.derived(b"csrf").text())
}

/// Whether `given` is the token of forms for the holder of `cookie`, in constant time.
pub fn csrf_is(cookie: &str, given: &str) -> bool {
    csrf_of(cookie).is_some_and(|own| same(own.as_bytes(), given.as_bytes()))
}

/// A random cookie for a visitor who is not signed in, to tie forms to.
pub fn visitor_cookie(app: &App) -> String {
    Secret::random(app.env()).text()
}

/// The session that a token opens.
///
/// # Errors
/// `unauthenticated` when there is none: unknown, ended, idle for 30 minutes, open for 12 hours, its holder disabled.
pub async fn actor_of_session(app: &App, token: &str) -> Result<Session> {
    let secret = Secret::read(token).ok_or_else(ended)?;
    let hash = secret.hash();
    let (session, seen) = app.read(&Actor::visitor(), move |unit| find(unit, &hash)).await?.ok_or_else(ended)?;
    let now = app.env().now();
    if now.since(seen) >= SEEN_EVERY {
        let id = session.id;
        // Bookkeeping without evidence of its own: it changes nothing but when this session would end by itself.
        app.store().write(move |tx| tx.run(sql::SESSION_SEEN, &args![id, now]).map(drop)).await?;
    }
    Ok(session)
}

fn find(unit: &mut Unit, hash: &[u8; 32]) -> Result<Release<Option<(Session, Instant)>>> {
    let now = unit.now();
    let row = unit.maybe(sql::SESSION_FIND, &args![*hash], |row| {
        let texts: [String; 5] = [row.get(4)?, row.get(9)?, row.get(10)?, row.get(12)?, row.get(13)?];
        let times: [Instant; 4] = [row.get(5)?, row.get(6)?, row.get(7)?, row.get(8)?];
        let team: Option<[u8; 16]> = row.get(11)?;
        Ok((row.get::<SessionId>(0)?, row.get::<[u8; 32]>(1)?, row.get::<[u8; 32]>(2)?, row.get::<UserId>(3)?, texts, times, team))
    })?;
    let Some((id, stored, csrf, staff, [purpose, state, role, settings, grants], [created, seen, expires, confirmed], team)) = row else {
        return unit.plain(None);
    };
    let alive = same(&stored, hash) && state == staff::ACTIVE && now < expires && now.since(seen) < IDLE;
    let settings = staff::Settings::read(&settings)?;
    let grants = role::limited(&role::read(&grants)?, settings.purposes);
    let purposes = role::purposes(&grants);
    // A purpose that was taken away meanwhile falls back to one that is left.
    let acting = Purpose::find(&purpose).filter(|p| purposes.serve(p)).or_else(|| first(&grants));
    let Some(acting) = acting.filter(|_| alive) else { return unit.plain(None) };
    let mut actor = Actor::new(Who::Staff(staff), acting, "page", grants);
    (actor.session, actor.team) = (Some(id), team);
    unit.plain(Some((
        Session { id, staff, actor, role, purposes, preferences: settings.preferences, created, expires, confirmed, csrf },
        seen,
    )))
}

pub(super) fn ended() -> Error {
    Error::new(Code::Unauthenticated, "You are not signed in, or your session has ended. Sign in to go on.")
}

/// The purpose one starts with: administration for who manages the house, otherwise the first of one's daily ones.
pub(super) fn first(grants: &[Grant]) -> Option<&'static Purpose> {
    let (purposes, administration) = (role::purposes(grants), setup::administration());
    if role::manages(grants) {
        return Some(administration);
    }
    let daily = purposes.without(administration).iter().next();
    daily.or_else(|| purposes.iter().next())
}

/// Opens a session for the actor's member of staff; ends the one that `old` (a token) opened, and sweeps sessions that ended by
/// themselves. The actor carries the new session's id. Answers the token, to be shown once.
pub(super) fn open(unit: &mut Unit, secret: &Secret, old: Option<&Secret>) -> Result<()> {
    let (now, actor) = (unit.now(), unit.actor());
    let (Some(staff), Some(id)) = (actor.staff(), actor.session) else { return Err(Error::internal("a session of nobody")) };
    if let Some(old) = old {
        unit.run(sql::SESSION_END_HASH, &args![old.hash()])?;
    }
    unit.run(sql::SESSION_SWEEP, &args![now, now.minus(IDLE)])?;
    let csrf = sha256(secret.derived(b"csrf").text().as_bytes());
    unit.run(sql::SESSION_INSERT, &args![id, secret.hash(), csrf, staff, actor.purpose.key, now, now.plus(LONGEST)])?;
    unit.witness(events::session_opened(id, actor.purpose))
}

/// Signs out: ends the actor's own session.
pub fn close(unit: &mut Unit) -> Result<()> {
    let (staff, session) = own(unit)?;
    unit.run(sql::SESSION_END, &args![session, staff])?;
    unit.witness(events::session_closed(session))
}

/// Ends another of the actor's own sessions. Error: not_found.
pub fn end(unit: &mut Unit, id: SessionId) -> Result<()> {
    let (staff, _) = own(unit)?;
    if unit.run(sql::SESSION_END, &args![id, staff])? == 0 {
        return Err(Error::not_found("session"));
    }
    unit.witness(events::session_closed(id))
}

/// The actor's own live sessions, oldest first. Nothing personal is in them.
pub fn list(unit: &mut Unit) -> Result<Release<Vec<SessionRow>>> {
    let (staff, _) = own(unit)?;
    let now = unit.now();
    let rows = unit.all(sql::SESSION_OF, &args![staff, now, now.minus(IDLE)], |row| {
        Ok(SessionRow { id: row.get(0)?, purpose: row.get(1)?, created: row.get(2)?, seen: row.get(3)? })
    })?;
    unit.plain(rows)
}

/// Acts for another purpose from here on. Error: forbidden when none of one's grants is for it.
pub fn switch_purpose(unit: &mut Unit, purpose: &'static Purpose) -> Result<()> {
    let (_, session) = own(unit)?;
    let actor = unit.actor();
    if !role::purposes(actor.grants()).serve(purpose) {
        let words = format!("You may not act for {}. Choose one of your own purposes.", purpose.key);
        return Err(Error::new(Code::Forbidden, words));
    }
    unit.run(sql::SESSION_PURPOSE, &args![session, purpose.key])?;
    unit.witness(events::purpose_switched(actor.purpose.key, purpose))
}

/// The actor's member of staff and session. Error: unauthenticated for anyone who is not signed in at a browser.
pub(super) fn own(unit: &Unit) -> Result<(UserId, SessionId)> {
    match (unit.actor().who, unit.actor().session) {
        (Who::Staff(staff), Some(session)) => Ok((staff, session)),
        _ => Err(ended()),
    }
}
