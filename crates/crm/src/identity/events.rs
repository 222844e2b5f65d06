//! What this slice witnesses: `setup.*`, `user.*`, `session.*`, `apikey.*`. Ids, roles, purposes and counts, never a name or an address.

use catalogue::{Purpose, Purposes};
use kernel::{ApiKeyId, SessionId, UserId};
use trail::Event;

use super::{TeamId, lockout::Refusals};

pub(super) fn setup_begun() -> Event {
    Event::new("setup.begun")
}

pub(super) fn setup_completed(user: UserId) -> Event {
    Event::new("setup.completed").word("user", user.to_string()).word("role", super::role::ADMIN)
}

pub(super) fn user_added(user: UserId, role: &str, purposes: Purposes) -> Event {
    Event::new("user.added").word("user", user.to_string()).word("role", role).word("purposes", keys(purposes))
}

pub(super) fn user_disabled(user: UserId, sessions: u64, apikeys: u64) -> Event {
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    Event::new("user.disabled").word("user", user.to_string()).count("sessions", count(sessions)).count("apikeys", count(apikeys))
}

pub(super) fn user_enabled(user: UserId) -> Event {
    Event::new("user.enabled").word("user", user.to_string())
}

pub(super) fn role_changed(user: UserId, from: &str, to: &str, purposes: Purposes) -> Event {
    Event::new("user.role_changed").word("user", user.to_string()).word("from", from).word("to", to).word("purposes", keys(purposes))
}

pub(super) fn password_changed(user: UserId, own: bool) -> Event {
    Event::new("user.password_changed").word("user", user.to_string()).word("by", if own { "self" } else { "administrator" })
}

pub(super) fn preferred(user: UserId) -> Event {
    Event::new("user.preferred").word("user", user.to_string())
}

pub(super) fn team_made(team: TeamId) -> Event {
    Event::new("team.made").word("team", team.to_string())
}

pub(super) fn team_renamed(team: TeamId) -> Event {
    Event::new("team.renamed").word("team", team.to_string())
}

pub(super) fn team_dissolved(team: TeamId, members: u64) -> Event {
    Event::new("team.dissolved").word("team", team.to_string()).count("members", usize::try_from(members).unwrap_or(usize::MAX))
}

pub(super) fn team_joined(team: TeamId, user: UserId) -> Event {
    Event::new("team.joined").word("team", team.to_string()).word("user", user.to_string())
}

pub(super) fn team_left(team: TeamId, user: UserId) -> Event {
    Event::new("team.left").word("team", team.to_string()).word("user", user.to_string())
}

pub(super) fn users_listed(shown: usize) -> Event {
    Event::new("user.listed").count("users", shown).fields(["name", "email"])
}

pub(super) fn user_read(user: UserId) -> Event {
    Event::new("user.read").word("user", user.to_string()).fields(["name", "email"])
}

pub(super) fn session_opened(session: SessionId, purpose: &Purpose) -> Event {
    Event::new("session.opened").word("opened", session.to_string()).word("acting_for", purpose.key)
}

pub(super) fn session_closed(session: SessionId) -> Event {
    Event::new("session.closed").word("closed", session.to_string())
}

pub(super) fn session_confirmed() -> Event {
    Event::new("session.confirmed")
}

pub(super) fn purpose_switched(from: &str, to: &Purpose) -> Event {
    Event::new("session.purpose_switched").word("from", from).word("to", to.key)
}

/// Refusals are told together, a minute at a time: an attacker must not be able to fill the trail.
pub(super) fn session_refused(refusals: &Refusals) -> Event {
    let mut event = Event::new("session.refused").count("tries", refusals.tries()).count("origins", refusals.origins());
    for (reason, n) in refusals.reasons() {
        event = event.count(reason, n);
    }
    let users = refusals.users().map(|id| id.to_string()).collect::<Vec<_>>().join(" ");
    if users.is_empty() { event } else { event.word("users", users) }
}

pub(super) fn apikey_made(key: ApiKeyId, user: UserId, purpose: &Purpose, privileges: &str) -> Event {
    Event::new("apikey.made")
        .word("apikey", key.to_string())
        .word("user", user.to_string())
        .word("acting_for", purpose.key)
        .word("privileges", privileges)
}

pub(super) fn apikey_revoked(key: ApiKeyId) -> Event {
    Event::new("apikey.revoked").word("apikey", key.to_string())
}

fn keys(purposes: Purposes) -> String {
    purposes.iter().map(|p| p.key).collect::<Vec<_>>().join(" ")
}
