//! API keys: a program's way in, for one purpose, never wider than the person it belongs to.

use std::time::Duration;

use catalogue::Purpose;
use kernel::{ApiKeyId, Code, Error, Instant, Result, UserId};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{Actor, App, Grant, Permit, Release, Unit, Who, permit::Manage};

use super::{
    events, role, sql, staff,
    token::{Secret, same},
};

/// What every key begins with, so that scanners find leaked ones.
pub const PREFIX: &str = "prb_";
/// The longest a key is good for.
pub const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);
const LABEL_MAX: usize = 80;

/// One thing a key may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyScope {
    /// The privilege's key (`read`, `write`, …).
    pub privilege: String,
    /// The kind it is for; `*` for all.
    pub kind: String,
}

/// A key to make.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it is for, in words without anybody's name; it is not sealed.
    pub label: String,
    /// Whose it is; `None` for the actor's own.
    pub owner: Option<UserId>,
    /// The one purpose it acts for.
    pub purpose: &'static Purpose,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// How long it is good for, at most a year.
    pub valid: Duration,
}

/// A key, without its secret.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// Its id; the key begins with it.
    pub id: ApiKeyId,
    /// Whose it is.
    pub staff: UserId,
    /// What it is for.
    pub label: String,
    /// The purpose it acts for.
    pub purpose: String,
    /// What it was given at most.
    pub scopes: Vec<Grant>,
    /// When it was made.
    pub created: Instant,
    /// When it ends.
    pub expires: Instant,
    /// When it was taken back.
    pub revoked: Option<Instant>,
}

impl ApiKey {
    /// How the key begins, to tell it by: `prb_` and its id.
    pub fn beginning(&self) -> String {
        format!("{PREFIX}{}", digits(self.id))
    }
}

fn digits(id: ApiKeyId) -> String {
    id.to_string().split_off(ApiKeyId::PREFIX.len() + 1)
}

/// Makes a key and answers it: shown now or never, only its hash is kept. It may do what was asked for as far as its owner may.
///
/// # Errors
/// `invalid_input` (label, purpose, scopes, validity, owner); `forbidden` for a program: keys are made by people.
pub fn make(unit: &mut Unit, _permit: &Permit<Manage>, new: &NewKey) -> Result<(ApiKeyId, String)> {
    if matches!(unit.actor().who, Who::Key(..)) {
        return Err(Error::new(Code::Forbidden, "An API key cannot make another. Sign in to make one."));
    }
    check(new)?;
    let owner = new.owner.or(unit.actor().staff());
    let owner = owner.ok_or_else(|| Error::invalid("/owner", "required", "Say whose key it is."))?;
    let held = held(unit, owner)?;
    let asked: Vec<Grant> = new.scopes.iter().map(|s| Grant { kind: s.kind.clone(), ..Grant::everything(&s.privilege) }).collect();
    for (n, grant) in asked.iter().enumerate() {
        let given = role::within(std::slice::from_ref(grant), &held);
        if !given.iter().any(|g| g.purposes.serve(new.purpose)) {
            let words = "The owner of the key may not do this for this purpose. Choose what they may do themselves.";
            return Err(Error::invalid(format!("/scopes/{n}"), "not_held", words));
        }
    }
    let scopes = role::within(&asked, &held);
    let (id, secret, now) = (ApiKeyId::mint(unit.env()), Secret::random(unit.env()), unit.now());
    let text = serde_json::to_string(&scopes).map_err(Error::internal)?;
    unit.run(sql::KEY_INSERT, &args![id, secret.hash(), owner, new.label.trim(), new.purpose.key, text, now, now.plus(new.valid)])?;
    let privileges = new.scopes.iter().map(|s| format!("{}:{}", s.privilege, s.kind)).collect::<Vec<_>>().join(" ");
    unit.witness(events::apikey_made(id, owner, new.purpose, &privileges))?;
    Ok((id, format!("{PREFIX}{}_{}", digits(id), secret.text())))
}

fn check(new: &NewKey) -> Result<()> {
    let label = new.label.trim();
    let mut problems = Error::new(Code::InvalidInput, "The key was not made; nothing was changed.");
    if label.is_empty() || label.chars().count() > LABEL_MAX || label.chars().any(char::is_control) {
        problems = problems.at("/label", "length", "Say in 1 to 80 characters what the key is for, without anybody's name.");
    }
    if new.valid.is_zero() || new.valid > LONGEST {
        problems = problems.at("/expires", "range", "A key is good for a year at most.");
    }
    if new.scopes.is_empty() || new.scopes.len() > 200 {
        problems = problems.at("/scopes", "required", "Choose what the key may do.");
    }
    if problems.problems().is_empty() { Ok(()) } else { Err(problems) }
}

/// What a member of staff may do now; nothing when they are disabled.
fn held(unit: &mut Unit, owner: UserId) -> Result<Vec<Grant>> {
    let row =
        unit.maybe(sql::STAFF_STANDING, &args![owner], |row| Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<String>(3)?)))?;
    match row {
        Some((state, role, settings)) if state == staff::ACTIVE => {
            Ok(role::limited(&role::find(unit, &role)?, staff::Settings::read(&settings)?.purposes))
        }
        _ => Err(Error::invalid("/owner", "unknown", "Choose an active member of staff.")),
    }
}

/// Every key, newest first, without secrets.
pub fn list(unit: &mut Unit, _permit: &Permit<Manage>) -> Result<Release<Vec<ApiKey>>> {
    let rows = unit.all(sql::KEY_ALL, &[], |row| {
        Ok(ApiKey {
            id: row.get(0)?,
            staff: row.get(1)?,
            label: row.get(2)?,
            purpose: row.get(3)?,
            scopes: role::read(&row.get::<String>(4)?)?,
            created: row.get(5)?,
            expires: row.get(6)?,
            revoked: row.get(7)?,
        })
    })?;
    unit.plain(rows)
}

/// Takes a key back at once. Error: not_found when there is none or it was taken back before.
pub fn revoke(unit: &mut Unit, _permit: &Permit<Manage>, id: ApiKeyId) -> Result<()> {
    let now = unit.now();
    if unit.run(sql::KEY_REVOKE, &args![id, now])? == 0 {
        return Err(Error::not_found("API key"));
    }
    unit.witness(events::apikey_revoked(id))
}

/// Whoever acts with a key: for its purpose, with what it was given as far as its owner may still do it.
///
/// # Errors
/// `unauthenticated` in the same words for a key that is unknown, wrong, expired, revoked or whose owner is disabled.
pub async fn actor_of_key(app: &App, token: &str) -> Result<Actor> {
    let (id, secret) = read(token).ok_or_else(refused)?;
    let hash = secret.hash();
    app.read(&Actor::visitor(), move |unit| find(unit, id, &hash)).await?.ok_or_else(refused)
}

fn read(token: &str) -> Option<(ApiKeyId, Secret)> {
    let (id, secret) = token.strip_prefix(PREFIX)?.split_once('_')?;
    Some((format!("{}_{id}", ApiKeyId::PREFIX).parse().ok()?, Secret::read(secret)?))
}

fn find(unit: &mut Unit, id: ApiKeyId, hash: &[u8; 32]) -> Result<Release<Option<Actor>>> {
    let now = unit.now();
    let row = unit.maybe(sql::KEY_FIND, &args![id], |row| {
        let texts: [String; 5] = [row.get(2)?, row.get(3)?, row.get(6)?, row.get(8)?, row.get(9)?];
        let ends: (Instant, Option<Instant>) = (row.get(4)?, row.get(5)?);
        Ok((row.get::<[u8; 32]>(0)?, row.get::<UserId>(1)?, texts, ends, row.get::<Option<[u8; 16]>>(7)?))
    })?;
    let Some((stored, owner, [purpose, scopes, state, settings, grants], (expires, revoked), team)) = row else {
        return unit.plain(None);
    };
    let alive = same(&stored, hash) && revoked.is_none() && now < expires && state == staff::ACTIVE;
    let Some(purpose) = Purpose::find(&purpose).filter(|_| alive) else { return unit.plain(None) };
    let held = role::limited(&role::read(&grants)?, staff::Settings::read(&settings)?.purposes);
    let grants = role::within(&role::read(&scopes)?, &held);
    let mut actor = Actor::new(Who::Key(id, owner), purpose, "api", grants);
    actor.team = team;
    unit.plain(Some(actor))
}

fn refused() -> Error {
    Error::new(Code::Unauthenticated, "This API key is unknown, expired or revoked. Send a good one as: Authorization: Bearer prb_…")
}
