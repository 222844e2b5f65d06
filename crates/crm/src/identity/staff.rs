//! The people who work here: added, given a role, disabled when they leave.

use std::collections::HashMap;

use catalogue::Purposes;
use kernel::{Code, Error, Instant, KeyId, Personal, Result, UserId};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{
    App, Permit, Privilege, Release, Unit,
    permit::{Audit, Dispose, HandleRequests, Manage, ReadRecords},
};
use vault::{Context, Zeroizing};

use super::{Hashed, Preferences, events, role, session, sql};

pub(super) const ACTIVE: &str = "active";
const DISABLED: &str = "disabled";
const NAME_MAX: usize = 200;
/// A row of the settings table that units lock to take their turn.
const TURN: &str = "staff_turn";

/// Somebody to add.
#[derive(Clone, Debug)]
pub struct NewStaff {
    /// Their name.
    pub name: Personal<String>,
    /// The address they sign in with.
    pub email: Personal<String>,
    /// Their role's name.
    pub role: String,
    /// Their team, if any.
    pub team: Option<[u8; 16]>,
    /// The purposes they may act for, among those of the role.
    pub purposes: Purposes,
}

/// A member of staff, opened.
#[derive(Clone, Debug)]
pub struct Member {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: Personal<String>,
    /// The address they sign in with.
    pub email: Personal<String>,
    /// Their role's name.
    pub role: String,
    /// Their team.
    pub team: Option<[u8; 16]>,
    /// The purposes they were limited to.
    pub purposes: Purposes,
    /// They may sign in.
    pub active: bool,
    /// Wrong tries make them wait until then.
    pub locked_until: Instant,
    /// When they were added.
    pub created: Instant,
}

/// A colleague, as those see them who may read records.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: Personal<String>,
    /// They may sign in.
    pub active: bool,
}

/// What `staff.settings` holds.
#[derive(Serialize, Deserialize)]
pub(super) struct Settings {
    pub purposes: Purposes,
    #[serde(default)]
    pub preferences: Preferences,
}

impl Settings {
    pub(super) fn read(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(Error::internal)
    }

    pub(super) fn write(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }
}

/// What lies in the sealed box.
#[derive(Serialize, Deserialize)]
struct Card {
    name: String,
    email: String,
}

/// What finds the row of whoever signs in with an address: a keyed hash of its normal form. Error: invalid_input when it is no address.
pub(super) fn login(app: &App, email: &Personal<String>) -> Result<[u8; 32]> {
    let normal = vault::email(email.expose());
    let normal = normal.ok_or_else(|| Error::invalid("/email", "not_an_email", "Write the address as name@example.org."))?;
    // Under a key of the service and not of the search index, whose rotation must not lock everybody out.
    Ok(vault::keyed(app.keyring().derived("staff-login").expose(), &[normal.as_bytes()]))
}

/// Adds somebody. Errors: invalid_input (name, address, role, purposes), duplicate when the address signs somebody in already.
pub fn add(unit: &mut Unit, _permit: &Permit<Manage>, new: &NewStaff, password: &Hashed) -> Result<UserId> {
    let id = insert(unit, new, password)?;
    unit.witness(events::user_added(id, &new.role, new.purposes))?;
    Ok(id)
}

pub(super) fn insert(unit: &mut Unit, new: &NewStaff, password: &Hashed) -> Result<UserId> {
    check_name(&new.name)?;
    let login = login(unit.app(), &new.email)?;
    check_purposes(unit, &new.role, new.purposes)?;
    if unit.maybe(sql::STAFF_BY_LOGIN, &args![login], |row| row.get::<UserId>(0))?.is_some() {
        return Err(Error::new(Code::Duplicate, "Somebody signs in with this address already.").at(
            "/email",
            "duplicate",
            "Use another address.",
        ));
    }
    let (id, key) = (UserId::mint(unit.env()), unit.new_key("staff")?);
    let sealed = seal(unit, id, key, &new.name, &new.email)?;
    let settings = Settings { purposes: new.purposes, preferences: Preferences::default() }.write()?;
    let row = args![id, login, &new.role, new.team, password.as_str(), unit.now(), settings, key, sealed];
    unit.run(sql::STAFF_INSERT, &row)?;
    Ok(id)
}

fn check_name(name: &Personal<String>) -> Result<()> {
    let text = name.expose().trim();
    let refuse = |code, detail: &str| Err(Error::invalid("/name", code, detail));
    if text.is_empty() {
        return refuse("required", "Write a name.");
    }
    if text.chars().count() > NAME_MAX {
        return refuse("too_long", "Use at most 200 characters.");
    }
    if text.chars().any(char::is_control) {
        return refuse("control_characters", "Leave out line breaks and control characters.");
    }
    Ok(())
}

fn check_purposes(unit: &mut Unit, role: &str, purposes: Purposes) -> Result<()> {
    if role::limited(&role::find(unit, role)?, purposes).is_empty() {
        return Err(Error::invalid("/purposes", "none_left", "Choose at least one purpose that the role works for."));
    }
    Ok(())
}

fn context(id: UserId, key: KeyId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "staff" }
}

fn seal(unit: &mut Unit, id: UserId, key: KeyId, name: &Personal<String>, email: &Personal<String>) -> Result<Vec<u8>> {
    let card = Card { name: name.expose().trim().to_owned(), email: email.expose().trim().to_owned() };
    let plain = Zeroizing::new(serde_json::to_vec(&card).map_err(Error::internal)?);
    unit.seal(&context(id, key), &plain)
}

struct Stored {
    id: UserId,
    role: String,
    team: Option<[u8; 16]>,
    state: String,
    locked_until: Instant,
    created: Instant,
    settings: String,
    key: KeyId,
    sealed: Vec<u8>,
}

fn stored(row: &Row) -> Result<Stored> {
    Ok(Stored {
        id: row.get(0)?,
        role: row.get(1)?,
        team: row.get(2)?,
        state: row.get(3)?,
        locked_until: row.get(4)?,
        created: row.get(5)?,
        settings: row.get(6)?,
        key: row.get(7)?,
        sealed: row.get(8)?,
    })
}

fn opened(unit: &mut Unit, row: Stored) -> Result<Member> {
    let plain = unit.open(&context(row.id, row.key), &row.sealed)?;
    let card = match plain {
        Some(plain) => serde_json::from_slice(&plain).map_err(Error::internal)?,
        // Their key was destroyed; what they did stays under their id.
        None => Card { name: String::new(), email: String::new() },
    };
    Ok(Member {
        id: row.id,
        name: card.name.into(),
        email: card.email.into(),
        role: row.role,
        team: row.team,
        purposes: Settings::read(&row.settings)?.purposes,
        active: row.state == ACTIVE,
        locked_until: row.locked_until,
        created: row.created,
    })
}

/// Everybody, oldest first, with names and addresses.
pub fn list(unit: &mut Unit, _permit: &Permit<Manage>) -> Result<Release<Vec<Member>>> {
    let members = all(unit)?;
    unit.release(events::users_listed(members.len()), members)
}

/// A privilege whose holders learn their colleagues' names: who owns, did, asked for or approved what.
pub trait KnowsColleagues: Privilege {}

impl KnowsColleagues for ReadRecords {}
impl KnowsColleagues for Audit {}
impl KnowsColleagues for HandleRequests {}
impl KnowsColleagues for Dispose {}

/// Colleagues' ids and names. Event `user.listed`.
pub fn directory<P: KnowsColleagues>(unit: &mut Unit, _permit: &Permit<P>) -> Result<Release<Vec<Colleague>>> {
    let names: Vec<_> = all(unit)?.into_iter().map(|m| Colleague { id: m.id, name: m.name, active: m.active }).collect();
    unit.release(events::users_listed(names.len()), names)
}

/// Who works here now, by folded name and address of sign-in; nobody for a word that is of several. Event `user.listed`.
pub(crate) fn by_word(unit: &mut Unit) -> Result<Release<HashMap<String, Option<UserId>>>> {
    let mut found: HashMap<String, Option<UserId>> = HashMap::new();
    let members = all(unit)?;
    for member in members.iter().filter(|member| member.active) {
        for word in [&member.name, &member.email] {
            let of = found.entry(vault::fold(word.expose())).or_insert(Some(member.id));
            *of = of.filter(|id| *id == member.id);
        }
    }
    unit.release(events::users_listed(members.len()), found)
}

fn all(unit: &mut Unit) -> Result<Vec<Member>> {
    let rows = unit.all(sql::STAFF_ALL, &[], stored)?;
    rows.into_iter().map(|row| opened(unit, row)).collect()
}

/// One person. Error: not_found.
pub fn show(unit: &mut Unit, _permit: &Permit<Manage>, id: UserId) -> Result<Release<Member>> {
    let member = one(unit, id)?;
    unit.release(events::user_read(id), member)
}

/// The actor themselves. Error: unauthenticated for who is no member of staff.
pub fn me(unit: &mut Unit) -> Result<Release<Member>> {
    let id = unit.actor().staff().ok_or_else(session::ended)?;
    let member = one(unit, id)?;
    unit.release(events::user_read(id), member)
}

pub(super) fn one(unit: &mut Unit, id: UserId) -> Result<Member> {
    let row = unit.maybe(sql::STAFF_ONE, &args![id], stored)?.ok_or_else(|| Error::not_found("user"))?;
    opened(unit, row)
}

/// The id of whoever signs in with an address. Errors: invalid_input, not_found.
pub fn find(unit: &mut Unit, _permit: &Permit<Manage>, email: &Personal<String>) -> Result<UserId> {
    let login = login(unit.app(), email)?;
    unit.maybe(sql::STAFF_BY_LOGIN, &args![login], |row| row.get(0))?.ok_or_else(|| Error::not_found("user"))
}

/// Somebody leaves: they cannot sign in, their sessions end and their API keys are revoked at once.
///
/// # Errors
/// `not_found`; `conflict` when they are disabled already or nobody else could manage the installation.
pub fn disable(unit: &mut Unit, _permit: &Permit<Manage>, id: UserId) -> Result<()> {
    take_turn(unit)?;
    standing(unit, id)?;
    ensure_manageable_without(unit, id)?;
    if unit.run(sql::STAFF_STATE, &args![id, DISABLED])? == 0 {
        return Err(Error::new(Code::Conflict, "They are disabled already."));
    }
    let sessions = unit.run(sql::SESSION_END_ALL, &args![id])?;
    let now = unit.now();
    let apikeys = unit.run(sql::KEY_REVOKE_ALL, &args![id, now])?;
    unit.witness(events::user_disabled(id, sessions, apikeys))
}

/// Somebody comes back. Their old API keys stay revoked. Errors: not_found, conflict when they are active.
pub fn enable(unit: &mut Unit, _permit: &Permit<Manage>, id: UserId) -> Result<()> {
    standing(unit, id)?;
    if unit.run(sql::STAFF_STATE, &args![id, ACTIVE])? == 0 {
        return Err(Error::new(Code::Conflict, "They are active already."));
    }
    unit.witness(events::user_enabled(id))
}

/// Gives somebody another role and set of purposes; it holds from their next request on. Their team stays.
///
/// # Errors
/// `forbidden` for one's own; `not_found`, `invalid_input`; `conflict` when nobody else could manage the installation.
pub fn change_role(unit: &mut Unit, permit: &Permit<Manage>, id: UserId, role: &str, purposes: Purposes) -> Result<()> {
    if permit.actor.staff() == Some(id) {
        return Err(Error::new(Code::Forbidden, "Nobody changes their own role. Ask another administrator."));
    }
    take_turn(unit)?;
    let (before, settings) = standing(unit, id)?;
    check_purposes(unit, role, purposes)?;
    let after = role::limited(&role::find(unit, role)?, purposes);
    if !role::manages(&after) {
        ensure_manageable_without(unit, id)?;
    }
    let settings = Settings { purposes, ..Settings::read(&settings)? };
    unit.run(sql::STAFF_ROLE, &args![id, role, settings.write()?])?;
    unit.witness(events::role_changed(id, &before, role, purposes))
}

/// Sets somebody's password, for instance because they forgot it. Their sessions end and they no longer wait for wrong tries.
/// Error: not_found.
pub fn set_password(unit: &mut Unit, _permit: &Permit<Manage>, id: UserId, password: &Hashed) -> Result<()> {
    standing(unit, id)?;
    unit.run(sql::STAFF_PASSWORD_SET, &args![id, password.as_str()])?;
    unit.run(sql::SESSION_END_ALL, &args![id])?;
    unit.witness(events::password_changed(id, false))
}

/// Changes the actor's own password; their other sessions end. The [`Doorkeeper`](super::Doorkeeper) has asked for the old one.
pub(super) fn change_own_password(unit: &mut Unit, password: &Hashed) -> Result<()> {
    let (id, session) = session::own(unit)?;
    unit.run(sql::STAFF_PASSWORD_SET, &args![id, password.as_str()])?;
    unit.run(sql::SESSION_END_OTHERS, &args![id, session])?;
    unit.witness(events::password_changed(id, true))
}

/// Somebody's role and settings. Error: not_found.
fn standing(unit: &mut Unit, id: UserId) -> Result<(String, String)> {
    unit.maybe(sql::STAFF_STANDING, &args![id], |row| Ok((row.get(1)?, row.get(3)?)))?.ok_or_else(|| Error::not_found("user"))
}

/// Somebody as they may act now, for a purpose, in a job that they asked for: with what they are granted today. `None` when they may no
/// longer sign in. Nothing is opened.
pub fn acting(unit: &mut Unit, id: UserId, purpose: &'static catalogue::Purpose) -> Result<Option<trail::Actor>> {
    let row = unit.maybe(sql::STAFF_STANDING, &args![id], |row| {
        Ok((row.get::<String>(0)?, row.get::<String>(1)?, row.get::<Option<[u8; 16]>>(2)?, row.get::<String>(3)?))
    })?;
    let Some((state, role, team, settings)) = row else { return Ok(None) };
    if state != ACTIVE {
        return Ok(None);
    }
    let grants = role::limited(&role::find(unit, &role)?, Settings::read(&settings)?.purposes);
    let mut actor = trail::Actor::new(trail::Who::Staff(id), purpose, "job", grants);
    actor.team = team;
    Ok(Some(actor))
}

/// Whether somebody works here; `None` when nobody has this id. Nothing is opened.
pub fn is_active(unit: &mut Unit, id: UserId) -> Result<Option<bool>> {
    unit.maybe(sql::STAFF_STANDING, &args![id], |row| Ok(row.get::<String>(0)? == ACTIVE))
}

/// Two administrators who disable each other at the same moment must not both succeed: the second waits here for the first.
pub(super) fn take_turn(unit: &mut Unit) -> Result<()> {
    unit.run(sql::SETTING_SET, &args![TURN, ""]).map(drop)
}

fn ensure_manageable_without(unit: &mut Unit, id: UserId) -> Result<()> {
    let others = unit.all(sql::STAFF_ALL, &[], stored)?;
    for other in others.into_iter().filter(|m| m.id != id && m.state == ACTIVE) {
        let grants = role::limited(&role::find(unit, &other.role)?, Settings::read(&other.settings)?.purposes);
        if role::manages(&grants) {
            return Ok(());
        }
    }
    Err(Error::new(Code::Conflict, "Nobody else could manage this installation. Make somebody else an administrator first."))
}
