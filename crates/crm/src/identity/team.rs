//! Teams: colleagues who work on the same records. A role whose reach is `team` sees the records of one's own team.
//!
//! A record belongs to the team that its writer was in when it was written; its ledger entry attests that. Who joins a team reaches its
//! records from their next request on, who leaves it reaches them no more.

use kernel::{Code, Error, Result, UserId};
use store::args;
use trail::{Permit, Release, Unit, permit::Manage};

use super::{events, sql, staff};

kernel::id!(
    /// A team of colleagues.
    TeamId, "tem"
);

const NAME_MAX: usize = 100;

/// A team.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Team {
    /// Its id.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Who is in it, in the order in which they came to the house.
    pub members: Vec<UserId>,
}

/// Every team by name. Nothing personal is in them.
pub fn list(unit: &mut Unit, _permit: &Permit<Manage>) -> Result<Release<Vec<Team>>> {
    let teams = all(unit)?;
    unit.plain(teams)
}

/// One team. Error: not_found.
pub fn show(unit: &mut Unit, _permit: &Permit<Manage>, id: TeamId) -> Result<Release<Team>> {
    let team = all(unit)?.into_iter().find(|team| team.id == id).ok_or_else(|| Error::not_found("team"))?;
    unit.plain(team)
}

fn all(unit: &mut Unit) -> Result<Vec<Team>> {
    let mut teams =
        unit.all(sql::TEAM_ALL, &[], |row| Ok(Team { id: TeamId::from_bytes(row.get(0)?), name: row.get(1)?, members: Vec::new() }))?;
    let members = unit.all(sql::TEAM_MEMBERS, &[], |row| Ok((row.get::<UserId>(0)?, row.get::<[u8; 16]>(1)?)))?;
    for (member, of) in members {
        if let Some(team) = teams.iter_mut().find(|team| *team.id.bytes() == of) {
            team.members.push(member);
        }
    }
    Ok(teams)
}

/// Makes a team. Errors: invalid_input (name), duplicate when there is one of this name.
pub fn make(unit: &mut Unit, _permit: &Permit<Manage>, name: &str) -> Result<TeamId> {
    let name = checked(name)?;
    staff::take_turn(unit)?;
    unused(unit, &name, None)?;
    let (id, now) = (TeamId::mint(unit.env()), unit.now());
    unit.run(sql::TEAM_INSERT, &args![*id.bytes(), &name, folded(&name), now])?;
    unit.witness(events::team_made(id))?;
    Ok(id)
}

/// Gives a team another name. Errors: not_found, invalid_input, duplicate.
pub fn rename(unit: &mut Unit, _permit: &Permit<Manage>, id: TeamId, name: &str) -> Result<()> {
    let name = checked(name)?;
    staff::take_turn(unit)?;
    known(unit, id)?;
    unused(unit, &name, Some(id))?;
    unit.run(sql::TEAM_NAME, &args![*id.bytes(), &name, folded(&name)])?;
    unit.witness(events::team_renamed(id))
}

/// Dissolves a team: its members are in none, and nobody reaches its records by it any more. Error: not_found.
pub fn dissolve(unit: &mut Unit, _permit: &Permit<Manage>, id: TeamId) -> Result<()> {
    staff::take_turn(unit)?;
    known(unit, id)?;
    let members = unit.run(sql::TEAM_EMPTY, &args![*id.bytes()])?;
    unit.run(sql::TEAM_DELETE, &args![*id.bytes()])?;
    unit.witness(events::team_dissolved(id, members))
}

/// Puts somebody into a team, out of the one they were in. Errors: not_found, conflict when they are in it already.
pub fn join(unit: &mut Unit, _permit: &Permit<Manage>, id: TeamId, user: UserId) -> Result<()> {
    staff::take_turn(unit)?;
    known(unit, id)?;
    if of(unit, user)? == Some(*id.bytes()) {
        return Err(Error::new(Code::Conflict, "They are in this team already."));
    }
    unit.run(sql::STAFF_TEAM, &args![user, Some(*id.bytes())])?;
    unit.witness(events::team_joined(id, user))
}

/// Takes somebody out of a team. Errors: not_found, conflict when they are not in it.
pub fn leave(unit: &mut Unit, _permit: &Permit<Manage>, id: TeamId, user: UserId) -> Result<()> {
    staff::take_turn(unit)?;
    known(unit, id)?;
    if of(unit, user)? != Some(*id.bytes()) {
        return Err(Error::new(Code::Conflict, "They are not in this team."));
    }
    unit.run(sql::STAFF_TEAM, &args![user, None::<[u8; 16]>])?;
    unit.witness(events::team_left(id, user))
}

fn known(unit: &mut Unit, id: TeamId) -> Result<()> {
    let found = unit.maybe(sql::TEAM_ONE, &args![*id.bytes()], |row| Ok(TeamId::from_bytes(row.get(0)?)))?;
    found.map(drop).ok_or_else(|| Error::not_found("team"))
}

fn of(unit: &mut Unit, user: UserId) -> Result<Option<[u8; 16]>> {
    unit.maybe(sql::STAFF_STANDING, &args![user], |row| row.get(2))?.ok_or_else(|| Error::not_found("user"))
}

fn unused(unit: &mut Unit, name: &str, but: Option<TeamId>) -> Result<()> {
    let other = unit.maybe(sql::TEAM_NAMED, &args![folded(name)], |row| Ok(TeamId::from_bytes(row.get(0)?)))?;
    if other.is_some_and(|other| Some(other) != but) {
        let words = "There is a team of this name already.";
        return Err(Error::new(Code::Duplicate, words).at("/name", "duplicate", "Choose another name."));
    }
    Ok(())
}

/// By what two names are the same.
fn folded(name: &str) -> String {
    name.to_lowercase()
}

fn checked(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let refuse = |code, detail: &str| Err(Error::invalid("/name", code, detail));
    if name.is_empty() {
        return refuse("required", "Write a name.");
    }
    if name.chars().count() > NAME_MAX {
        return refuse("too_long", "Use at most 100 characters.");
    }
    if name.chars().any(char::is_control) {
        return refuse("control_characters", "Leave out line breaks and control characters.");
    }
    Ok(name)
}
